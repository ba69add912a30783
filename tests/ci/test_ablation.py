"""Hypotheses dropped in turn: needed, not needed, or unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from proofkit.ci.ablation import ablate, without_hypothesis
from proofkit.ci.counterexamples import search
from proofkit.claims import Equal, ForAll, Implies, LessEqual, encode
from proofkit.derivations import derivations
from proofkit.evaluate import Environment
from proofkit.networks.exact import ExactMatrix
from proofkit.script import algebra, arithmetic, result
from proofkit.symbols import Identity, MatrixVariable, index, natural
from tests.words_pack import log_determinant
from theorems import PACK

n, m = natural("n"), natural("m")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)

one_sided = result(
    "one-sided",
    "An inverse cancels, and n ≤ m has nothing to do with it",
    variables=(n, m, A, B),
    given=((Equal(A * B, Identity(n)), "B inverts A"), (LessEqual(n, m), "")),
    claim=Equal(A * B * A, A),
)


@one_sided.route()
def by_algebra(proof: Any, inverse: Any, order: Any) -> None:
    proof.have(one_sided.claim, algebra(inverse), "Cancel.")


SMALL = derivations("small", "Small", [one_sided])


def test_what_is_needed_and_what_is_not() -> None:
    needed, spare = ablate(SMALL, one_sided)
    assert (needed.verdict, spare.verdict) == ("needed", "not needed")
    assert "fails for" in needed.shown or "satisfies the others" in needed.shown
    assert "main" in spare.shown


def test_the_theorem_without_it_is_there() -> None:
    theorem = without_hypothesis(one_sided, 1)
    assert theorem is not None
    assert not theorem.hypotheses
    weaker = ForAll(n, m, A, B, Implies(one_sided.given[0].claim, one_sided.claim))
    assert theorem.conclusion == encode(weaker)
    assert without_hypothesis(one_sided, 0) is None


def test_a_proof_that_took_the_wrong_hypothesis_is_run_again_without_it() -> None:
    """Either of two hypotheses would do: each is not needed as long as the other is there."""
    i = index("i")
    twice = result(
        "twice", "Twice", variables=(i,),
        given=((LessEqual(2, i), ""), (LessEqual(1, i), "")), claim=LessEqual(0, i),
    )  # fmt: skip

    @twice.route()
    def by_order(proof: Any, two: Any, one: Any) -> None:
        proof.have(twice.claim, arithmetic())

    assert [a.verdict for a in ablate(derivations("t", "T", [twice]), twice)] == ["not needed"] * 2
    named = without_hypothesis(twice, 0)
    assert named is not None
    assert named.conclusion == encode(ForAll(i, Implies(twice.given[1].claim, twice.claim)))


P, Q, v = MatrixVariable("P", n, n), MatrixVariable("Q", n, n), MatrixVariable("v", n, 1)

kept = result(
    "kept",
    "What a symmetric projection keeps, another one that agrees with it keeps too",
    variables=(n, P, Q, v),
    given=(
        (Equal(P * P, P), "P is a projection"),
        (Equal(Q, P * P.T), "Q comes from it"),
        (Equal(P.T, P), "and it is symmetric"),
        (Equal(P * v, v), "it keeps v"),
    ),
    claim=Equal(Q * Q * v, v),
)


@kept.route()
def by_rewriting(proof: Any, projection: Any, named: Any, symmetric: Any, keeps: Any) -> None:
    proof.have(kept.claim, algebra(projection, named, symmetric, keeps), "Put one into another.")


def test_instances_are_moved_until_one_hypothesis_fails() -> None:
    """Random instances hardly ever are projections; moving one variable at a time finds them."""

    def instances(*values: Any) -> list[Any]:
        return [("an instance", Environment(dict(zip((n, P, Q, v), values, strict=True))))]

    first = ExactMatrix.of([[1, 0], [0, 0]])
    unit = ExactMatrix.of([[1], [0]])
    finds = search(kept, instances(2, first, first, unit))
    assert {1, 2, 3} <= set(finds)
    assert "an instance with Q = 0" in finds[1].words
    assert "in other coordinates" in finds[2].words or "P = [[" in finds[2].words
    for words in finds.values():
        assert not words.sampled
    assert search(kept, []) == {}


def test_values_of_another_shape_are_no_instance() -> None:
    bad = Environment({n: 2, P: ExactMatrix.zeros(1, 1), Q: ExactMatrix.zeros(2, 2), v: 0})
    assert search(kept, [("bad", bad)]) == {}


def test_on_a_result_of_the_paper() -> None:
    verdicts = {a.number: a for a in ablate(PACK, PACK["perturbation"])}
    assert verdicts["H2"].verdict == verdicts["H3"].verdict == "needed"
    assert verdicts["H1"].verdict == "unknown"
    assert "the pack says: Outside the network" in verdicts["H1"].shown


def test_examples_of_the_paper_show_what_is_needed() -> None:
    shown = {a.number: a.shown for a in ablate(PACK, PACK["theorem-3"]) if a.verdict == "needed"}
    assert set(shown) == {"H2", "H3", "H4", "H5"}
    assert shown["H2"].startswith("E26")
    assert shown["H3"].startswith("E25")


def shown(id: str) -> dict[str, tuple[str, str]]:
    return {a.number: (a.verdict, a.shown) for a in ablate(PACK, PACK[id])}


def test_a_lower_network_is_enough_when_the_conclusion_is_a_global_minimum() -> None:
    """That the dropped hypothesis fails need not be shown: the result is proved."""
    told = shown("corollary-1")
    assert told["H2"][0] == "needed"
    assert told["H2"][1].startswith("E")
    assert told["H2"][1].endswith(" satisfies the others and not the conclusion")


def test_that_nothing_exists_is_shown_by_linear_equations() -> None:
    assert shown("upper-inverse")["H2"][0] == "needed"
    assert shown("nonzero-matrix")["H1"][0] == "needed"


def test_a_conclusion_that_means_nothing_is_no_counterexample() -> None:
    """With j = 0 the conclusion holds, by Theorem 3; with j = −1 it speaks of no layer."""
    told = shown("lemma-1")
    assert {number for number, (verdict, _) in told.items() if verdict == "needed"} == {"H3", "H5"}
    for number in ("H1", "H2"):
        assert "; the conclusion means nothing on E" in told[number][1]


def test_nor_is_one_in_which_a_word_is_undefined() -> None:
    (told,) = ablate(derivations("words", "Words", [log_determinant]), log_determinant)
    assert told.verdict == "unknown"
    assert "; the conclusion means nothing on " in told.shown


def test_on_the_command_line(run: Callable[..., Any], faulty: Any) -> None:
    pack = ("--pack", "faulty_pack")
    ran = run("check", *pack, "right", "--ablate", "--json")
    assert (ran.code, json.loads(ran.out)) == (0, {"ablation": {"right": []}})
    assert run("check", *pack, "wrong", "--ablate").code == 1
    assert run("check", *pack, "bare", "--ablate").code == 4
