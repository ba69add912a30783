"""Functions for variables such as σ: a small family that tells most wrong laws from true ones.

The value of such a variable is a closed function term: a polynomial, tanh, sin, relu, or what is
put together of sizes, sums and products of the argument.
"""

from __future__ import annotations

from sympy import Rational

from proofkit.symbols import (
    FunctionOf,
    FunctionTerm,
    Map,
    MatrixVariable,
    ones,
    real,
    relu,
    sin,
    tanh,
    tr,
)

__all__ = ["family_of"]

x = real("x")

_OF_NUMBERS: tuple[FunctionTerm, ...] = (
    FunctionOf(x, x**3 - x + Rational(1, 2)),
    tanh,
    sin,
    relu,
)


def family_of(variable: Map) -> tuple[FunctionTerm, ...]:
    """Functions that the variable may stand for, smooth ones first.

    >>> family_of(Map("σ"))
    ((x ↦ x**3 - x + 1/2), tanh, sin, relu)
    >>> family_of(Map("F", (2, 3), (3, 3)))[0]
    (X ↦ ones(3, 2)·X·ones(3, 3) + tr(Xᵀ·X)·ones(3, 3))
    """
    if not variable.domain and not variable.gives:
        return _OF_NUMBERS
    if not variable.domain:
        curve = (x**2 - x + 1) * ones(*variable.gives)
        return (FunctionOf(x, curve), FunctionOf(x, tanh(x) * ones(*variable.gives)))
    X = MatrixVariable("X", *variable.domain)
    square = tr(X.T * X)
    if not variable.gives:
        total = tr(ones(*variable.domain).T * X)
        return (FunctionOf(X, total**2 - square + total), FunctionOf(X, tanh(total) + square))
    rows, cols = variable.gives
    inside = ones(rows, X.rows) * X * ones(X.cols, cols)
    bent = inside + square * ones(rows, cols)
    return (FunctionOf(X, bent), FunctionOf(X, tanh(bent)))
