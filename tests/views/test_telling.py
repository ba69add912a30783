"""How a proof is told: beats, the sentences in them, and the inferences beneath each sentence."""

from __future__ import annotations

from dataclasses import replace

from proofkit.claims import Equal
from proofkit.symbols import MatrixVariable, natural
from proofkit.trace import ResultTrace, StepTrace, Verdict, prose
from proofkit.views.telling import Sentence, mark, told

from . import samples

n = natural("n")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)


def sentence(trace: ResultTrace, number: str) -> Sentence:
    return next(s for s in told(trace).sentences if s.step.number == number)


def numbers(steps: tuple[StepTrace, ...]) -> list[str]:
    return [step.number for step in steps]


def test_the_idea_is_the_beats_and_the_proof_adds_the_sentences() -> None:
    telling = told(samples.in_beats())
    assert numbers(telling.shown("idea")) == ["1", "2", "3", "4"]
    assert numbers(telling.shown("proof")) == [
        "1", "1.1", "2", "2.1", "2.1.2", "3", "3.2", "4", "4.1"
    ]  # fmt: skip


def test_every_step_but_the_hypotheses_is_told_once() -> None:
    for make in samples.ALL:
        trace = make()
        shown = numbers(told(trace).shown("all"))
        assert sorted(shown) == sorted(s.number for s in trace.walk() if s.kind != "given")


def test_inferences_stand_beneath_the_sentence_that_they_prepare_or_follow() -> None:
    trace = samples.in_beats()
    assert numbers(sentence(trace, "2.1.2").before) == ["2.1.1"]
    third = sentence(trace, "3.2")
    assert numbers(third.before) == ["3.1"] and numbers(third.beneath) == ["3.3"]
    assert numbers(third.inferences) == ["3.1", "3.3"]


def test_a_claim_that_the_words_have_is_not_shown_again() -> None:
    trace = samples.in_beats()
    assert sentence(trace, "1.1").says and not sentence(trace, "3.2").says
    # The sentence inside says of each layer what the block says of all.
    assert sentence(trace, "2.1").says


def test_a_beat_whose_last_sentence_states_its_claim_is_closed_by_it() -> None:
    first, second, third, fourth = told(samples.in_beats()).beats
    assert [part.closes for part in (first, second, third, fourth)] == [True] * 4
    other = samples.in_beats()
    beat = other.steps[4]
    changed = replace(beat, children=beat.children[:1])
    open_ = told(replace(other, steps=(*other.steps[:4], changed))).beats[-1]
    assert open_.step == changed and not open_.closes and numbers(open_.before) == ["3.1"]


def test_a_proof_without_beats_is_one_piece() -> None:
    telling = told(samples.perturbation())
    assert telling.beats == () and len(telling.parts) == 1
    assert numbers(telling.shown("idea")) == []
    # No step has a level of its own here: the outermost stand for sentences.
    assert numbers(telling.shown("proof")) == ["3", "4"]


def test_what_stands_between_beats_belongs_to_the_next() -> None:
    claim = Equal(A, B)
    bare = StepTrace("1", "have", claim, "algebra", "multiplied out")
    spoken = StepTrace("2", "have", claim, "algebra", "", words=prose("So."), level=2)
    beat = StepTrace("3", "beat", claim, "beat", "", words=prose("There."), level=1)
    base = samples.perturbation()
    assert numbers(told(replace(base, steps=(bare, beat))).beats[0].before) == ["1"]
    telling = told(replace(base, steps=(bare, spoken, beat)))
    assert [s.step.number for s in telling.sentences] == ["2"]
    assert numbers(telling.sentences[0].before) == ["1"]
    assert numbers(told(replace(base, steps=(beat, bare))).shown("all")) == ["3", "1"]


def test_one_mark_says_proved_and_checked() -> None:
    step = StepTrace("1", "have", Equal(A, B), "algebra", "multiplied out")
    holds = replace(step, verdict=Verdict("holds", exact=True))
    sampled = replace(step, verdict=Verdict("not refuted", exact=True))
    fails = replace(step, verdict=Verdict("fails", exact=True))
    assert [mark(s).shape for s in (holds, sampled, step, fails)] == ["✓", "○", "○", "✗"]
    assert mark(replace(holds, tier="cited")).shape == "◐"
