"""Quadratic claims about all values: decided by eigenvalues, where samples only try."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from proofkit.claims import Claim, Equal, ForAll, Implies, Less, LessEqual, NonZero
from proofkit.evaluate import Environment
from proofkit.evaluate.forms import holds_for_all
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.regression_losses import WeightedSquaredLoss
from proofkit.symbols import (
    Function,
    MatrixVariable,
    entry,
    exp,
    family,
    index,
    natural,
    norm_squared,
    real,
    trace,
    vector,
)

n, c, i = natural("n"), real("c"), index("i")
A, X, Y = (MatrixVariable(name, n, n) for name in "AXY")
u, v = vector("u", n), vector("v", n)
M = family("M", lambda i: (n, n))
f = Function("f", n, n)
SIZE = Environment({n: 2, c: Fraction(2), u: ExactMatrix.of([[1], [0]])})


def holds(claim: Claim, **values: Any) -> bool:
    named = {"A": A, "f": f}
    given = {named[k]: ExactMatrix.of(x) if k == "A" else x for k, x in values.items()}
    return holds_for_all(claim, SIZE.having(given), range(4))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([[1, 0], [0, 1]], True), ([[1, 0], [0, 0]], True), ([[1, 2], [2, 1]], False)],
)
def test_a_form_is_never_negative(rows: Any, expected: bool) -> None:
    assert holds(ForAll(v, LessEqual(0, trace(v.T * A * v))), A=rows) is expected


@pytest.mark.parametrize(
    ("rows", "expected"), [([[1, 0], [0, 2]], True), ([[1, 0], [0, 0]], False)]
)
def test_a_form_is_positive_but_at_zero(rows: Any, expected: bool) -> None:
    assert holds(ForAll(v, Implies(NonZero(v), Less(0, trace(v.T * A * v)))), A=rows) is expected
    assert not holds(ForAll(v, Less(0, trace(v.T * A * v))), A=rows)


def test_linear_and_constant_terms_count() -> None:
    square = norm_squared(v - u)
    assert holds(ForAll(v, LessEqual(0, square)))
    assert not holds(ForAll(v, Less(0, square)))
    assert holds(ForAll(v, Less(0, square + 1)))
    assert not holds(ForAll(v, LessEqual(1, square)))
    assert not holds(ForAll(v, LessEqual(0, trace(u.T * v))))


def test_on_a_sphere_the_greatest_eigenvalue_bounds() -> None:
    unit = Equal(norm_squared(v), 1)
    bound = ForAll(v, Implies(unit, LessEqual(trace(v.T * A * v), c)))
    assert holds(bound, A=[[2, 0], [0, -5]])
    assert not holds(bound, A=[[3, 0], [0, -5]])
    assert not holds(
        ForAll(v, Implies(unit, LessEqual(trace(u.T * v), c)))
    )  # not seen, though true


def test_several_variables_and_a_gradient_inside() -> None:
    loss = WeightedSquaredLoss(ExactMatrix.of([[1, 2], [3, 4]]), ExactMatrix.of([[1, 1], [1, 1]]))
    change = norm_squared(f.gradient(X) - f.gradient(Y))
    assert holds(ForAll(X, Y, LessEqual(change, c**2 * norm_squared(X - Y))), f=loss)
    assert not holds(ForAll(X, Y, LessEqual(change, c * norm_squared(X - Y))), f=loss)


def test_for_every_index() -> None:
    from proofkit.evaluate.environment import Layers

    shrinks = ForAll(i, v, Implies(NonZero(v), Less(norm_squared(M[i] * v), norm_squared(v))))
    half = ExactMatrix.of([[Fraction(1, 2), 0], [0, 0]])
    whole = ExactMatrix.of([[1, 0], [0, 0]])
    assert holds_for_all(shrinks, SIZE.having({M: Layers({1: half, 2: half})}), range(4))
    assert not holds_for_all(shrinks, SIZE.having({M: Layers({1: half, 2: whole})}), range(4))


def test_what_is_not_quadratic_is_not_seen() -> None:
    assert not holds(ForAll(X, LessEqual(0, norm_squared(X * X))))
    assert not holds(ForAll(v, LessEqual(0, exp(entry(v, 1, 1)))))
    assert not holds(ForAll(v, Equal(v, v)))
