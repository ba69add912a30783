"""Predictions and orderings: each question has its step, each wrong answer a counterexample, and
every order of the beats is accepted in which each stands below what it rests on."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from proofkit.claims import Equal
from proofkit.evaluate import evaluate
from proofkit.networks.files import read_network
from proofkit.reports.tracing import plain_trace
from proofkit.symbols import MatrixVariable
from proofkit.trace import prose
from proofkit.walkthroughs.data import Choice
from proofkit.walkthroughs.exercises import asked
from proofkit.walkthroughs.falling import falling, resting_on
from proofkit.walkthroughs.ordering import Ordering, ordering
from proofkit.walkthroughs.page import on_example
from theorems import PACK
from theorems.lemma_2 import A
from theorems.questions_lemma_1 import X
from theorems.setting import G, j

LEMMA = PACK["lemma-1"]
QUESTIONS = PACK.walkthroughs["lemma-1"].questions
routes = pytest.mark.parametrize("route", ["paper", "short"])


def on(example: str):
    return on_example(PACK, LEMMA, example)


def environment(example: str):
    return PACK.environment(read_network(PACK.examples()[example]), 0, LEMMA)


@routes
def test_each_question_finds_its_step(route: str) -> None:
    trace = plain_trace(LEMMA, route)
    found = asked(trace, QUESTIONS, None, on)
    # Only the printed proof turns rows one layer after the other.
    missing = {"induction"} if route == "short" else set()
    assert {one.id for one in found} == {one.id for one in QUESTIONS} - missing
    assert all(one.step in trace.walk() for one in found)


@routes
@pytest.mark.parametrize("example", ["E01", "E08", "E10"])
def test_one_answer_is_right_and_the_others_are_refuted(route: str, example: str) -> None:
    found = asked(plain_trace(LEMMA, route), QUESTIONS, environment(example), on)
    assert len(found) >= 7
    for question in found:
        assert sum(answer.right for answer in question.answers) == 1
        assert len(question.answers) == 3 and len(question.hints) >= 2
        for answer in question.answers:
            if not answer.right:
                assert answer.where and (answer.quantities or answer.where == "On E02 it fails")


def test_the_letters_of_a_wrong_answer_stand_for_something() -> None:
    """Refuted on the network it has the network's matrices, else it is said what is what."""
    found = {one.id: one for one in asked(plain_trace(LEMMA), QUESTIONS, environment("E08"), on)}
    here, small = found["rows"].answers[0], found["rank"].answers[0]
    assert here.where == "On this network it fails" and here.claim == Equal(G, 0)
    assert G in [q.term for q in here.quantities] and dict(here.stands)[X] == G
    assert small.where.startswith("On a small instance") and dict(small.stands)[X] == A


def test_what_is_claimed_of_an_example_is_refuted_there() -> None:
    found = {one.id: one for one in asked(plain_trace(LEMMA), QUESTIONS, environment("E08"), on)}
    broken = found["which-hypothesis"]
    assert [answer.where for answer in broken.answers] == ["On E02 it fails"] * 2 + [""]
    # The hypothesis that is broken fails there, and those that are not hold.
    narrow, minimum = LEMMA.given[2].claim, LEMMA.given[4].claim
    env = on("E02")
    assert evaluate(minimum, env).everywhere
    assert not evaluate(narrow, env.having({j: 1})).everywhere


def test_a_wrong_answer_is_refuted_on_the_readers_own_network_where_it_fails_there() -> None:
    env = environment("E08")
    found = {one.id: one for one in asked(plain_trace(LEMMA, "paper"), QUESTIONS, env)}
    wrong = found["product"].answers[0]
    assert wrong.where == "On this network it fails"
    (difference,) = wrong.quantities
    assert {entry for row in difference.rows for entry in row} == {"0"}
    assert not evaluate(wrong.claim, env).everywhere


def test_an_answer_called_wrong_that_is_true_is_left_out() -> None:
    """Nothing is said that was not computed: neither the answer, nor a question of nothing else."""
    square = MatrixVariable("Q", 2, 2)
    true = Choice(prose("a matrix is itself"), Equal(square, square.T.T))
    trace, first = plain_trace(LEMMA, "paper"), QUESTIONS[0]
    assert asked(trace, [replace(first, choices=(true,))], None) == ()
    (with_it,) = asked(trace, [replace(first, choices=(*first.choices, true))], None)
    assert with_it == asked(trace, [first], None)[0]


@pytest.mark.parametrize("id", PACK.walkthroughs)
def test_every_seed_is_answered(id: str) -> None:
    """The values that a seed draws refute some answers; the others are refuted whatever it is."""
    result, questions = PACK[id], PACK.walkthroughs[id].questions
    network = read_network(PACK.examples()[PACK.main.get(id, "E08")])
    trace = plain_trace(result)
    whole = [len(one.answers) for one in asked(trace, questions, None)]
    for seed in range(500):
        found = asked(trace, questions, PACK.environment(network, seed, result))
        assert [len(one.answers) for one in found] == whole, seed


QUIZZES = [("theorem-3", "main"), ("lemma-2", "paper"), ("lemma-2", "short"), ("theorem-1", "main")]


@pytest.mark.parametrize("example", [None, "E01", "E08"])
@pytest.mark.parametrize(("id", "route"), QUIZZES)
def test_other_results_have_questions_of_their_own(
    id: str, route: str, example: str | None
) -> None:
    """On no network, on one, or on another: one answer is right, the others are refuted there."""
    questions = PACK.walkthroughs[id].questions
    trace = plain_trace(PACK[id], route)
    env = None
    if example is not None:
        env = PACK.environment(read_network(PACK.examples()[example]), 0, PACK[id])
    found = asked(trace, questions, env)
    assert [one.id for one in found] == [one.id for one in questions] and len(found) == 3
    assert len({one.step.number for one in found}) == 3
    # What is merely supposed is not to be predicted.
    assert not [one for one in found if one.step.kind in ("suppose", "case")]
    for question in found:
        assert sum(answer.right for answer in question.answers) == 1
        assert len(question.hints) >= 2 and question.after
        for answer in question.answers:
            assert answer.right or (answer.where and answer.quantities)


def test_of_steps_that_claim_the_same_the_one_by_the_rule_is_asked_about() -> None:
    trace = plain_trace(PACK["theorem-1"])
    rules = {step.number: step.rule for step in trace.walk()}
    lifted = next(q for q in PACK.walkthroughs["theorem-1"].questions if q.id == "lifted")
    (found,) = asked(trace, [lifted], None)
    assert rules[found.step.number] == "result: deep-minimum"
    assert asked(trace, [replace(lifted, by="no such rule")], None) == ()


@pytest.mark.parametrize("id", [r.id for r in PACK.results])
def test_every_result_has_questions(id: str) -> None:
    result = PACK[id]
    for route in result.routes:
        env = on_example(PACK, result, PACK.example_for(result))
        found = asked(plain_trace(result, route), PACK.walkthroughs[id].questions, env)
        assert found
        for question in found:
            assert [answer.right for answer in question.answers].count(True) == 1
            assert len(question.answers) == 3


# ── Beats in order ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("id", [r.id for r in PACK.results])
def test_the_order_of_the_proof_is_accepted(id: str) -> None:
    result = PACK[id]
    for route in result.routes:
        trace = plain_trace(result, route)
        found = ordering(trace, result.run(route).proof.steps)
        if found is None:
            continue
        reading = [step.number for step in trace.walk()]
        numbers = sorted((s.number for s in found.steps), key=reading.index)
        assert found.accepts(numbers)
        assert not found.accepts([s.number for s in found.steps])
        assert not found.accepts(numbers[:-1])


def test_an_order_is_accepted_exactly_when_nothing_stands_above_what_it_rests_on() -> None:
    trace = plain_trace(LEMMA, "short")
    found = ordering(trace, LEMMA.run("short").proof.steps)
    assert found is not None
    reading = [step.number for step in trace.walk()]
    last = sorted(found.steps, key=lambda s: reading.index(s.number))[-5:]
    numbers = [s.number for s in last]
    small = Ordering(tuple(last), tuple(p for p in found.before if set(p) <= set(numbers)))
    accepted = 0
    for order in itertools.permutations(numbers):
        good = all(order.index(a) < order.index(b) for a, b in small.before)
        assert small.accepts(order) == good
        accepted += good
    assert 1 <= accepted < 120


def test_the_shuffle_follows_the_seed() -> None:
    trace, steps = plain_trace(LEMMA, "paper"), LEMMA.run("paper").proof.steps
    first, again, other = (ordering(trace, steps, seed) for seed in (1, 1, 2))
    assert first == again != other


# ── What falls ─────────────────────────────────────────────────────────────────────────────────
def test_what_falls_with_a_step_is_what_rests_on_it() -> None:
    trace = plain_trace(LEMMA, "paper")
    falls = falling(trace)
    steps = {step.number: step for step in trace.walk()}
    for number, step in steps.items():
        for used in step.uses:
            assert number in falls[used]
    # The conclusion falls with every step; nothing rests on the conclusion.
    last = trace.steps[-1].number
    assert falls[last] == ()
    assert all(last in falls[n] for n, s in steps.items() if n != last and s.kind == "have")


def test_a_result_with_another_route_keeps_what_rests_on_it() -> None:
    (alone,) = resting_on(PACK, LEMMA, "paper")
    assert (alone.id, alone.lost, alone.left) == ("lemma-1", ("paper",), ("short",))


def test_the_results_that_rest_on_a_result_fall_with_its_last_proof() -> None:
    fallen = {one.id: one for one in resting_on(PACK, PACK["theorem-3-gradient"], "main")}
    assert {"theorem-3", "theorem-1", "corollary-1"} <= set(fallen)
    assert fallen["lemma-2"].left == ("short",) and "lemma-1" not in fallen
    everything = {one.id for one in resting_on(PACK, PACK["chain-rule"], "main")}
    assert {"lemma-1", "lemma-2", "theorem-2", "corollary-2"} <= everything
    partly = {one.id: one for one in resting_on(PACK, PACK["nonzero-matrix"], "main")}
    assert (partly["lemma-1"].lost, partly["lemma-1"].left) == (("paper",), ("short",))
    assert "theorem-1" not in partly
