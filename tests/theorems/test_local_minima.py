"""The facts about local minima that the theorems lean on."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import Between, Equal
from proofkit.claims import Differentiable as Smooth
from proofkit.script import Result
from proofkit.symbols import FunctionOf, MatrixVariable
from theorems.local_minima import critical_layer, kept_minimum
from theorems.renumbering import reversed_product, shifted_product, transposition
from theorems.setting import M, d, f, i, k, local_minimum

RESULTS = [critical_layer, kept_minimum, reversed_product, shifted_product, transposition]


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def test_the_statement_of_criticality() -> None:
    assert [h.claim for h in critical_layer.given] == [
        Between(1, i, k),
        Smooth(f),
        local_minimum(M),
    ]
    product = M[k : i + 1].T * f.gradient(M[k:1]) * M[i - 1 : 1].T
    assert critical_layer.claim == Equal(product, 0)


def test_there_is_no_layer_0_to_be_critical_in(refused: Any) -> None:
    refused(critical_layer, "main", 0, Between(0, i, k))


def test_the_reversed_loss_is_of_the_transpose() -> None:
    from theorems.renumbering import f_transposed

    X = MatrixVariable("X", d(0), d(k))
    assert f_transposed == FunctionOf(X, f(X.T))
