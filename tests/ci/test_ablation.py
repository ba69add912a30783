"""Hypotheses dropped in turn: needed, not needed, or unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from proofkit.ci.ablation import ablate, without_hypothesis
from proofkit.claims import Equal, ForAll, Implies, LessEqual, encode
from proofkit.derivations import derivations
from proofkit.script import algebra, result
from proofkit.symbols import Identity, MatrixVariable, natural
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


def test_on_a_result_of_the_paper() -> None:
    verdicts = {a.number: a.verdict for a in ablate(PACK, PACK["perturbation"])}
    assert verdicts["H2"] == verdicts["H3"] == "needed"


def test_on_the_command_line(run: Callable[..., Any], faulty: Any) -> None:
    pack = ("--pack", "faulty_pack")
    ran = run("check", *pack, "right", "--ablate", "--json")
    assert (ran.code, json.loads(ran.out)) == (0, {"ablation": {"right": []}})
    assert run("check", *pack, "wrong", "--ablate").code == 1
    assert run("check", *pack, "bare", "--ablate").code == 4
