"""The small facts of linear algebra."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import Equal, Exists, NonZero, encode
from proofkit.script import Result
from proofkit.symbols import MatrixVariable, natural, vector
from theorems.linear_algebra import equal_factors, nonzero_matrix, nonzero_multiple

RESULTS = [nonzero_matrix, nonzero_multiple, equal_factors]


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def test_the_statement_about_a_nonzero_matrix() -> None:
    X = MatrixVariable("X", natural("p"), natural("q"))
    v = vector("v", natural("q"))
    assert encode(nonzero_matrix.claim) == encode(Exists(v, NonZero(X * v)))


def test_zero_does_not_cancel(refused: Any) -> None:
    refused(nonzero_multiple, "main", 0, Equal(*nonzero_multiple.given[0].claim.args, 0))
