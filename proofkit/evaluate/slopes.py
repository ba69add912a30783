"""The gradient of X ↦ body at a matrix, entry by entry, without the formula that is to be checked.

Along a direction U a polynomial of degree D at X + tU is one in t; its slope at t = 0 is a fixed
combination of its values at t = ±1, …, ±m with 2m ≥ D (differentiate Lagrange's interpolation), so
it is exact where the numbers are.  Values of f come in by f'(E(X)): the slope of t ↦ f(E(X + tU))
is ⟨f'(E(X)), slope of E⟩.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import factorial
from typing import Any

from sympy import Add, Mul

from proofkit.evaluate.environment import Environment
from proofkit.evaluate.polynomials import degree
from proofkit.evaluate.terms import gradient_value, matrix_value, real_value
from proofkit.networks.matrices import Matrix
from proofkit.symbols import (
    Function,
    FunctionOf,
    Value,
)

__all__ = ["gradient_of_body"]


def gradient_of_body(function: FunctionOf, at: Matrix, env: Environment) -> Matrix:
    """The gradient of X ↦ body at a matrix; `TypeError` for bodies it cannot differentiate."""
    variable, body = function.args
    rows, cols = at.shape
    grid = [
        [_slope(variable, body, at, _unit(rows, cols, r, c, env), env) for c in range(cols)]
        for r in range(rows)
    ]
    if env.exact:
        return env.kind.of(grid, shape=(rows, cols))  # type: ignore[attr-defined,no-any-return]
    return env.kind.of_scalars(grid)  # type: ignore[attr-defined,no-any-return]


def _unit(rows: int, cols: int, r: int, c: int, env: Environment) -> Matrix:
    found: Matrix | None = env.memo.get("unit", (rows, cols, r, c))
    if found is None:
        entries = [[int((a, b) == (r, c)) for b in range(cols)] for a in range(rows)]
        found = env.kind.of(entries)  # type: ignore[attr-defined]
        env.memo.put("unit", (rows, cols, r, c), found)
    return found


# Looking through a term takes longer than a small product, and each entry asks again.
@lru_cache(maxsize=1 << 12)
def _has(term: Any, variable: Any) -> bool:
    return bool(term.has(variable))


@lru_cache(maxsize=1024)
def _has_values(body: Any) -> bool:
    return bool(body.atoms(Value))


def _slope(variable: Any, body: Any, at: Any, unit: Any, env: Environment) -> Any:
    """The slope of the body at ``at`` along ``unit``."""
    if not _has(body, variable):
        return Fraction(0)
    if not _has_values(body):
        return _along(lambda inside: real_value(body, inside), variable, body, at, unit, env)
    if isinstance(body, Value) and isinstance(body.args[0], Function):
        outer, inside = body.args
        slope = _matrix_slope(variable, inside, at, unit, env)
        point = matrix_value(inside, env.having({variable: at}))
        return gradient_value(outer, point, env).inner(slope)
    if isinstance(body, Add):
        slopes = [_slope(variable, part, at, unit, env) for part in body.args]
        return sum(slopes[1:], slopes[0])
    if isinstance(body, Mul):
        first, rest = body.args[0], Mul(*body.args[1:])
        here = env.having({variable: at})
        left = _slope(variable, first, at, unit, env) * real_value(rest, here)
        return left + real_value(first, here) * _slope(variable, rest, at, unit, env)
    raise TypeError("only polynomials in X and in values of functions are differentiated")


def _matrix_slope(variable: Any, term: Any, at: Any, unit: Any, env: Environment) -> Any:
    """The slope of a matrix term; where it is affine, the same at every point."""
    if _degree(term, variable, env) <= 1:
        zero = env.zeros(*at.shape)
        there: Any = matrix_value(term, env.having({variable: unit}))
        return there - matrix_value(term, env.having({variable: zero}))
    return _along(lambda inside: matrix_value(term, inside), variable, term, at, unit, env)


def _along(
    value: Callable[[Environment], Any], variable: Any, term: Any, at: Any, unit: Any, env: Any
) -> Any:
    slope = None
    for t, weight in _weights(max(1, (_degree(term, variable, env) + 1) // 2)):
        there = value(env.having({variable: at + t * unit}))
        here = value(env.having({variable: at - t * unit}))
        part = weight * (there - here)
        slope = part if slope is None else slope + part
    return slope


@lru_cache(maxsize=64)
def _weights(m: int) -> tuple[tuple[int, Fraction], ...]:
    """p'(0) = Σ w_t (p(t) − p(−t)) over t = 1…m, for polynomials of degree at most 2m.

    >>> _weights(1)
    ((1, Fraction(1, 2)),)
    """

    def weight(t: int) -> Fraction:
        sign = 1 if t % 2 else -1
        return Fraction(sign * factorial(m) ** 2, t * factorial(m - t) * factorial(m + t))

    return tuple((t, weight(t)) for t in range(1, m + 1))


def _degree(term: Any, variable: Any, env: Environment) -> int:
    found = degree(term, {variable: 1}, env)
    if found is None:
        raise TypeError(f"{term} need not be a polynomial in {variable}")
    return found
