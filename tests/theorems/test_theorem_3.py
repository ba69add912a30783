"""Theorem 3: its statement, its proofs, and the variants that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import Convex, Differentiable, Equal, GlobalMinimum, LessEqual, Or
from proofkit.script import Result
from proofkit.symbols import MatrixVariable
from theorems.setting import M, d, f, j, k, local_minimum, narrowest
from theorems.theorem_3 import theorem_3, theorem_3_gradient, theorem_3_input

RESULTS = [theorem_3_input, theorem_3_gradient, theorem_3]


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def test_the_statement_is_the_papers() -> None:
    X = MatrixVariable("X", d(k), d(0))
    assert theorem_3.variables == (d, k, f, M)
    assert [h.claim for h in theorem_3.given] == [
        LessEqual(1, k),
        Convex(f),
        Differentiable(f),
        Or(narrowest(0), narrowest(k)),
        local_minimum(M),
    ]
    assert theorem_3.claim == GlobalMinimum(X, f(X), M[k:1])


def test_without_convexity_the_gradient_is_zero() -> None:
    assert Convex(f) not in [h.claim for h in theorem_3_gradient.given]
    assert theorem_3_gradient.claim == Equal(f.gradient(M[k:1]), 0)


def test_a_bottleneck_inside_is_refused(refused: Any) -> None:
    refused(theorem_3_input, "main", 2, narrowest(j))
    refused(theorem_3_gradient, "main", 2, Or(narrowest(j), narrowest(k)))


def test_a_network_without_layers_is_refused(refused: Any) -> None:
    refused(theorem_3_input, "main", 0, LessEqual(0, k))


def test_nothing_but_textbook_facts_is_used() -> None:
    facts = {name for name, _ in theorem_3.run().footprint.rules}
    assert facts == {
        "antisymmetry",
        "convex critical point",
        "differentiable at each point",
        "differentiable everywhere",
        "fermat",
        "gradient of slope",
        "kernel vector",
        "left inverse",
        "nonzero vector",
        "rank at most columns",
        "rank of transpose",
        "slope of gradient",
        "vanishing near zero",
    }
