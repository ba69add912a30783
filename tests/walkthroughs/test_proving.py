"""What a reader tries is what the kernel says: each choice, and what stands against it."""

from __future__ import annotations

import pytest

from proofkit.claims import RankBelow
from proofkit.evaluate import evaluate
from proofkit.reports.tracing import plain_trace
from proofkit.trace import StepTrace
from proofkit.walkthroughs.data import Facts
from proofkit.walkthroughs.page import on_example
from proofkit.walkthroughs.proving import Exercise, accepted, choices, exercises, tried
from theorems import PACK
from theorems.lemma_2 import A
from theorems.questions_lemma_1 import KILLED
from theorems.questions_lemma_1 import LEMMA_1 as QUESTIONS
from theorems.setting import d, j

LEMMA = PACK["lemma-1"]
NAMED = {result.id: result for result in PACK.everything}.get


def made(id: str) -> list[Exercise]:
    """What is made of the inferences of a result's first proof."""
    return list(exercises(plain_trace(PACK[id]), (), (), NAMED))


def right(one: Exercise) -> list[str]:
    """The choices that the kernel accepts."""
    return [bits for bits in choices(one) if accepted(*one.chosen(bits), one.always)]


def test_the_kernel_accepts_what_suffices_and_nothing_else() -> None:
    (killed, *_) = exercises(plain_trace(LEMMA, "paper"), [KILLED])
    assert right(killed) == ["1110", "1111"]
    assert tried(killed, "1110", None).rule == "textbook: kernel vector"


@pytest.mark.parametrize("example", ["E01", "E08"])
def test_what_does_not_suffice_is_refuted(example: str) -> None:
    env = on_example(PACK, LEMMA, example)
    (killed, *_) = exercises(plain_trace(LEMMA, "paper"), [KILLED])
    here = 0
    for bits in choices(killed):
        one = tried(killed, bits, env)
        assert bool(one.rule) != bool(one.where and one.quantities)
        if one.where == "On this network it fails":
            here += 1
            _, chosen = killed.chosen(bits)
            assert all(evaluate(fact, env).everywhere for fact in chosen)
            assert not evaluate(KILLED.read, env).everywhere
    # E01 has full rank: there no vector is killed.
    assert bool(here) == (example == "E01")


def test_what_is_not_in_the_proof_or_cannot_be_proved_is_not_asked() -> None:
    trace = plain_trace(LEMMA, "paper")
    stated = [Facts("none", RankBelow(A, d(j)), ())]
    assert all(one.id != "none" for one in exercises(trace, stated))
    assert all(one.id != "killed" for one in exercises(plain_trace(PACK["theorem-2"]), [KILLED]))


RESULTS = ["lemma-1", "lemma-2", "theorem-1", "theorem-2", "theorem-3"]


@pytest.mark.parametrize("id", RESULTS)
def test_exercises_are_made_from_what_was_recorded(id: str) -> None:
    steps = {step.number: step for step in plain_trace(PACK[id]).walk()}
    found = made(id)
    assert found
    for one in found:
        step: StepTrace = steps[one.step.number]
        used = {steps[number].claim for number in step.uses}
        assert one.claim == step.claim
        if one.asks == "facts":
            bits = "".join("1" if fact in used else "0" for fact in one.offered)
            assert used < set(one.offered)
        else:
            bits = "".join("1" if claim == step.claim else "0" for claim in one.offered)
            assert set(one.facts) == used
        # What was recorded is accepted, and not everything is.
        assert bits in right(one)
        assert len(right(one)) < len(list(choices(one)))


def test_a_claim_is_chosen_too_and_wrong_ones_are_refuted() -> None:
    (one,) = (
        x for x in exercises(plain_trace(LEMMA), [KILLED], QUESTIONS, NAMED) if x.asks == "claim"
    )
    assert list(choices(one)) == ["100", "010", "001"]
    (bits,) = right(one)
    for other in choices(one):
        assert (tried(one, other, None).where == "") == (other == bits)


def test_at_most_one_exercise_is_made_at_a_beat() -> None:
    found = exercises(plain_trace(LEMMA), [KILLED], QUESTIONS, NAMED)
    assert [one.step.number[:3] for one in found] == ["1.2", "1.4", "1.3"]
