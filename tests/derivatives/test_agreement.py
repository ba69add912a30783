"""A gradient that somebody wrote, compared with the proved one; the likely slip is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from proofkit.derivatives import assert_gradient

FORMULA = "norm(W @ X - Y)**2 / n + c * norm(W)**2"
SHAPES = {"W": "q,p", "X": "p,n", "Y": "q,n", "c": "1"}


def right(W: Any, X: Any, Y: Any, c: float) -> Any:
    return 2 * (W @ X - Y) @ X.T / X.shape[1] + 2 * c * W


def test_a_right_gradient_agrees_in_both_precisions() -> None:
    assert_gradient(right, FORMULA, "W", SHAPES)
    assert_gradient(lambda *a: right(*a), FORMULA, "W", SHAPES)


def test_vectors_are_given_as_arrays_of_one_axis() -> None:
    def gradient(A: Any, b: Any, x: Any) -> Any:
        assert x.ndim == 1
        return 2 * A.T @ (A @ x - b)

    assert_gradient(gradient, "norm(A @ x - b)**2", "x", {"A": "m,n", "x": "n", "b": "m"})


WRONG: dict[str, Callable[..., Any]] = {
    "a factor 2 is missing": lambda W, X, Y, c: right(W, X, Y, c) / 2,
    "a factor 2 too many": lambda W, X, Y, c: 2 * right(W, X, Y, c),
    "the sign is wrong": lambda W, X, Y, c: -right(W, X, Y, c),
    "its shape is|transpose": lambda W, X, Y, c: right(W, X, Y, c).T,
    "where the gradient is": lambda W, X, Y, c: right(W, X, Y, 0 * c),
    "it raised ValueError": lambda W, X, Y, c: (_ for _ in ()).throw(ValueError("no")),
    "nan where|where the gradient": lambda W, X, Y, c: np.nan * W,
}


@pytest.mark.parametrize("slip", WRONG)
def test_the_slip_is_named(slip: str) -> None:
    with pytest.raises(AssertionError, match=slip):
        assert_gradient(WRONG[slip], FORMULA, "W", SHAPES)


def test_a_sum_in_place_of_a_mean_is_named() -> None:
    with pytest.raises(AssertionError, match="sum in place of a mean"):
        assert_gradient(lambda X: 2 * X, "norm(X)**2 / n", "X", {"X": "n,n"}, instances=6)
