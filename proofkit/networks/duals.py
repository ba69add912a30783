"""Dual numbers: a value at a point together with its slope along a curve through the point.

A number or matrix x + t·x′ to first order in t.  Arithmetic on them is forward differentiation
(A. Griewank, A. Walther, Evaluating Derivatives, 2nd ed. 2008, ch. 3); their parts may be exact,
enclosed, floats or dual numbers again, of other variables t, which ``tag`` tells apart.

>>> from fractions import Fraction
>>> t = Dual(Fraction(3), Fraction(1), 1)
>>> print((t * t * t).slope)
27
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from proofkit.networks.error_bounds import Reflected

__all__ = ["Dual", "along", "fresh", "parts", "value_of"]

_tags = count(1)


def fresh() -> int:
    """A tag that nobody has."""
    return next(_tags)


class Dual(Reflected):
    """x + t·x′, of numbers or matrices; a slope None is 0.

    Not ``smooth`` is what went through a kink, of |x| say: then ``slope`` is the one for t > 0.
    """

    __slots__ = ("slope", "smooth", "tag", "value")

    def __init__(self, value: Any, slope: Any, tag: int, smooth: bool = True) -> None:
        self.value, self.slope, self.tag, self.smooth = value, slope, tag, smooth

    def moved(self, function: Callable[[Any], Any]) -> Dual:
        """What a linear function makes of it."""
        slope = None if self.slope is None else function(self.slope)
        return Dual(function(self.value), slope, self.tag, self.smooth)

    def __add__(self, other: Any) -> Dual:
        tag = _outer(self, other)
        (x, dx, one), (y, dy, two) = parts(self, tag), parts(other, tag)
        return Dual(x + y, _plus(dx, dy), tag, one and two)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return self.moved(lambda x: -x)

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Dual:
        return product(self, other, lambda x, y: x * y)

    def __rmul__(self, other: Any) -> Dual:
        return product(other, self, lambda x, y: x * y)

    def __matmul__(self, other: Any) -> Dual:
        return product(self, other, lambda x, y: x @ y)

    def __rmatmul__(self, other: Any) -> Dual:
        return product(other, self, lambda x, y: x @ y)

    def inner(self, other: Any) -> Any:
        """The Frobenius inner product."""
        return (self.T @ other).trace()

    # ── Of matrices ────────────────────────────────────────────────────────────────────────────
    @property
    def T(self) -> Dual:
        """The transpose."""
        return self.moved(lambda x: x.T)

    def trace(self) -> Dual:
        """The sum of the diagonal."""
        return self.moved(lambda x: x.trace())

    def entry(self, row: int, col: int) -> Dual:
        """One entry, counted from 0."""
        return self.moved(lambda x: x.entry(row, col))

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self.value.rows)

    @property
    def cols(self) -> int:
        """The number of columns."""
        return int(self.value.cols)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols


def product(x: Any, y: Any, times: Callable[[Any, Any], Any]) -> Dual:
    """A product by Leibniz' rule, for any function of two arguments that is linear in each."""
    tag = _outer(x, y)
    (a, da, one), (b, db, two) = parts(x, tag), parts(y, tag)
    left = None if da is None else times(da, b)
    right = None if db is None else times(a, db)
    return Dual(times(a, b), _plus(left, right), tag, one and two)


def _outer(x: Any, y: Any) -> int:
    """The tag of the variable that came last: its dual numbers are made of the others'."""
    return max(n.tag for n in (x, y) if isinstance(n, Dual))


def _plus(x: Any, y: Any) -> Any:
    return y if x is None else x if y is None else x + y


def parts(x: Any, tag: int) -> tuple[Any, Any, bool]:
    """The value and the slope in the variable of that tag, and whether it is smooth."""
    if isinstance(x, Dual) and x.tag == tag:
        return x.value, x.slope, x.smooth
    return x, None, True


def value_of(x: Any) -> Any:
    """The value, with all slopes left out."""
    while isinstance(x, Dual):
        x = x.value
    return x


def along(function: Callable[[Any], Any], at: Any, direction: Any) -> tuple[Any, Any, bool]:
    """The function's value, its slope along a direction (None for 0), and whether it is smooth.

    >>> along(lambda x: 2 * x * x, 3, 1)
    (18, 12, True)
    """
    tag = fresh()
    return parts(function(Dual(at, direction, tag)), tag)
