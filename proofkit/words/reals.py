"""Real functions that are words: their domains, values and derivatives, in every arithmetic.

At exact numbers a value is exact where it is rational, else a ball around it; at floats it is a
float with a bound on its error.  Derivatives come out of power series of balls (python-flint), not
out of the laws that the textbook says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import factorial, isqrt
from types import MappingProxyType
from typing import Any, NamedTuple

import flint
import numpy as np

from proofkit.networks.duals import Dual, value_of
from proofkit.networks.elementwise import FUNCTIONS
from proofkit.networks.enclosures import Enclosure, ball_of, enclosing, sign_of
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.scalars import exact as exactly

__all__ = ["REALS", "Undefined", "real"]


class Undefined(ArithmeticError):
    """A word at arguments outside its domain: it has some value, of which nothing is known."""


EVERY = frozenset({-1, 0, 1})


class _Real(NamedTuple):
    """A real function: the signs of numbers in its domain, and of those where it is smooth.

    ``exact`` gives its value at an exact number where that is exact, else None; ``rational``
    functions are so at all rational numbers, with all derivatives.
    """

    series: Callable[[Any], Any]
    floats: Callable[[FloatScalar], FloatScalar]
    signs: frozenset[int] = EVERY
    smooth: frozenset[int] = EVERY
    exact: Callable[[Any], Any] = lambda x: None
    rational: bool = False
    across: Callable[[Any], Any] | None = None  # at balls that may contain 0


def _root(x: Any) -> Fraction | None:
    if not isinstance(x, Fraction):
        return None
    root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
    return root if root * root == x else None


def _on_sides(below: int) -> Callable[[Any], Any]:
    """x where x > 0, a multiple of it where x < 0."""
    return lambda x: x if x[0] > 0 else below * x


_POSITIVE, _NOT_NEGATIVE, _NOT_ZERO = map(frozenset, ({1}, {0, 1}, {-1, 1}))

REALS: Mapping[str, _Real] = MappingProxyType(
    {
        "exp": _Real(lambda x: x.exp(), FUNCTIONS["exp"].floats),
        "log": _Real(lambda x: x.log(), FUNCTIONS["log"].floats, _POSITIVE, _POSITIVE),
        "sqrt": _Real(lambda x: x.sqrt(), FUNCTIONS["sqrt"].floats, _NOT_NEGATIVE, _POSITIVE, _root
        ),
        "sin": _Real(lambda x: x.sin(), FUNCTIONS["sin"].floats),
        "cos": _Real(lambda x: x.cos(), FUNCTIONS["cos"].floats),
        "tanh": _Real(lambda x: 1 - 2 * (1 + (2 * x).exp()).inv(),
                      FUNCTIONS["tanh"].floats),
        "logistic": _Real(lambda x: (1 + (-x).exp()).inv(),
                          FUNCTIONS["logistic"].floats),
        # |max(x, 0) − max(y, 0)| ≤ |x − y|
        "relu": _Real(_on_sides(0), lambda x: x.map(lambda v: np.maximum(v, 0), lambda r, e: e),
            smooth=_NOT_ZERO, exact=lambda x: x if sign_of(x) != -1 else Fraction(0),
            rational=True, across=lambda b: b.max(0),
        ),
        "abs": _Real(_on_sides(-1), FUNCTIONS["abs"].floats,
            smooth=_NOT_ZERO, exact=lambda x: x if sign_of(x) != -1 else -x, rational=True,
            across=abs,
        ),
        "reciprocal": _Real(lambda x: x.inv(), lambda x: 1 / x, _NOT_ZERO, _NOT_ZERO,
            lambda x: exactly(1 / x), rational=True,
        ),
    }
)  # fmt: skip
"""The real functions by name."""


def real(name: str, x: Any, order: int = 0) -> Any:
    """The value of a real function, or of its derivative of some order, at a number.

    >>> real("reciprocal", Fraction(3), 1), real("abs", Fraction(0))
    (Fraction(-1, 9), Fraction(0, 1))
    >>> real("log", Fraction(-2))
    Traceback (most recent call last):
        ...
    proofkit.words.reals.Undefined: log of -2
    """
    function = REALS[name]
    if isinstance(x, Dual):
        value = real(name, x.value, order)
        if x.slope is None:
            return Dual(value, None, x.tag, x.smooth)
        if not order and function.across is not None and _is_zero(value_of(x)):
            return Dual(value, real(name, x.slope), x.tag, smooth=False)
        return Dual(value, real(name, x.value, order + 1) * x.slope, x.tag, x.smooth)
    if isinstance(x, FloatScalar):
        return _of_floats(function, x, order)
    if isinstance(x, int):
        x = Fraction(x)
    allowed = function.smooth if order else function.signs
    if allowed != EVERY and (sign := sign_of(x)) not in allowed:
        if order and sign in function.signs:
            raise Undefined(f"{name} has no derivative at {x}")
        raise Undefined(f"{name} of {x}" + (", not told from 0" if sign is None else ""))
    if not isinstance(x, Enclosure):
        found = _exactly(function, x, order)
        if found is not None:
            return found
    with enclosing():
        ball = _coefficient(function, ball_of(x), order)
    if not ball.is_finite():
        raise Undefined(f"{name} of {x}, which is too large to be enclosed")
    return Enclosure.of(ball)


def _is_zero(x: Any) -> bool:
    return not isinstance(x, (FloatScalar, Enclosure)) and sign_of(x) == 0


def _exactly(function: _Real, x: Any, order: int) -> Any:
    if not order:
        return function.exact(x)
    if function.rational and isinstance(x, Fraction):
        point = flint.fmpq(x.numerator, x.denominator)
        found = function.series(flint.fmpq_series([point, 1], prec=order + 1))[order]
        return Fraction(int(found.p), int(found.q)) * factorial(order)
    return None


def _coefficient(function: _Real, ball: Any, order: int) -> Any:
    """The derivative of some order in a ball: so many times k! the k-th coefficient."""
    if not order and function.across is not None:
        return function.across(ball)
    return function.series(flint.arb_series([ball, 1], prec=order + 1))[order] * factorial(order)


# ── Floats ─────────────────────────────────────────────────────────────────────────────────────
def _of_floats(function: _Real, x: FloatScalar, order: int) -> FloatScalar:
    """The values where the arguments are certainly in the domain; elsewhere 0 ± ∞."""
    allowed = function.smooth if order else function.signs
    value, error = x.value, x.error
    inside = np.isfinite(error)
    for sign, outside in ((-1, value >= error), (1, -value >= error)):
        if sign not in allowed:
            inside = inside & outside
    if 0 not in allowed:
        inside = inside & (np.abs(value) > error)
    safe = FloatScalar.of(np.where(inside, value, 1.0), np.where(inside, error, 0.0))
    found = _floats_of_balls(function, safe, order) if order else function.floats(safe)
    inside = inside & np.isfinite(found.value) & np.isfinite(found.error)
    return FloatScalar.of(np.where(inside, found.value, 0.0), np.where(inside, found.error, np.inf))


FLOAT_BITS = 80
"""Bits for balls around floats: 27 more than those have."""


def _floats_of_balls(function: _Real, x: FloatScalar, order: int) -> FloatScalar:
    """A derivative one number after the other: it is seldom asked for."""
    values, errors = np.zeros(x.shape), np.zeros(x.shape)
    with flint.ctx.workprec(FLOAT_BITS):
        for at in np.ndindex(*x.shape):
            around = flint.arb(float(x.value[at]), float(x.error[at]))
            ball = _coefficient(function, around, order)
            values[at] = float(ball.mid())
            errors[at] = float((ball - values[at]).abs_upper())
    return FloatScalar.of(values, np.nextafter(errors, np.inf))
