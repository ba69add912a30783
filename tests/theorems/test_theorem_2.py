"""Theorem 2 and Theorem 3 for two layers: statements, proofs, and refused variants."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    And,
    Convex,
    Differentiable,
    Equal,
    Less,
    LessEqual,
    LocalMinimum,
    Or,
    RankIs,
    SpuriousLocalMinimum,
    encode,
)
from proofkit.script import Result
from proofkit.symbols import Function, MatrixVariable, natural
from theorems.theorem_2 import theorem_2
from theorems.two_layers import two_layers, wide_middle

RESULTS = [two_layers, wide_middle, theorem_2]
n, e, m = natural("n"), natural("e"), natural("m")
A, B = MatrixVariable("A", m, e), MatrixVariable("B", e, n)
P, Q = MatrixVariable("P", m, e), MatrixVariable("Q", e, n)
f = Function("f", m, n)


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def test_the_statement_of_theorem_2() -> None:
    assert theorem_2.variables == (m, e, n, f, A, B)
    wanted = [Convex(f), Differentiable(f), SpuriousLocalMinimum((P, Q), f(P * Q), (A, B))]
    assert [encode(h.claim) for h in theorem_2.given] == [encode(c) for c in wanted]
    ranks = And(RankIs(A, e), RankIs(B, e), Less(e, n), Less(e, m))
    assert theorem_2.claim == ranks


def test_the_statement_for_a_wide_hidden_layer() -> None:
    wanted = [
        Differentiable(f),
        Or(LessEqual(n, e), LessEqual(m, e)),
        LocalMinimum((P, Q), f(P * Q), (A, B)),
    ]
    assert [encode(h.claim) for h in wide_middle.given] == [encode(c) for c in wanted]
    assert wide_middle.claim == Equal(f.gradient(A * B), 0)


def test_a_local_minimum_that_may_be_global_is_refused(refused: Any) -> None:
    refused(theorem_2, "main", 2, LocalMinimum((P, Q), f(P * Q), (A, B)))


def test_a_narrow_hidden_layer_is_refused(refused: Any) -> None:
    refused(wide_middle, "main", 1, Or(LessEqual(e, n), LessEqual(e, m)))
