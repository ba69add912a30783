"""Exact numbers, balls that enclose numbers, and what x + th is to first order for small t > 0.

A ball is an interval that python-flint computes with 128 bits so that the number lies in it.  An
equation of balls holds *up to enclosure* when they overlap and are narrower than 10⁻²⁰; it is
refuted when they are disjoint, and an order is settled when they are separate.  What is neither is
`Undecided`, which no test takes for an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
from flint import arb, fmpq

from proofkit.networks.exact import ExactMatrix

BITS = 128
NARROW = 1e-20


class Meaningless(Exception):
    """A term without a value here, such as a chain that runs backwards."""


class Undecided(Meaningless):
    """Balls too wide to tell."""


class NoSlope(Exception):
    """A function that is not t ↦ a + tb + o(t) here."""


def enclosing() -> Any:
    """The block in which balls are computed."""
    return flint.ctx.workprec(BITS)


def ball(x: Any) -> arb:
    """A number as a ball."""
    return x if isinstance(x, arb) else arb(fmpq(Fraction(x).numerator, Fraction(x).denominator))


def is_zero(x: Any) -> bool:
    """Whether a number is 0, up to enclosure if it is a ball."""
    if not isinstance(x, arb):
        return bool(x == 0)
    if x > 0 or x < 0:
        return False
    if x.rad() < NARROW:
        return True
    raise Undecided(f"{x} = 0")


def sign(x: Any) -> int:
    """-1, 0 or 1; it is 0 only of what is 0 exactly."""
    if x > 0 or x < 0:
        return 1 if x > 0 else -1
    if isinstance(x, arb) and not (x.is_exact() and x.is_zero()):
        raise Undecided(f"the sign of {x}")
    return 0


@dataclass(frozen=True)
class Series:
    """start + t·change + o(t), of numbers or of matrices."""

    start: Any
    change: Any

    @property
    def T(self) -> Series:
        return Series(self.start.T, self.change.T)

    @property
    def shape(self) -> tuple[int, int]:
        return self.start.shape  # type: ignore[no-any-return]

    def trace(self) -> Series:
        return Series(Fraction(self.start.trace()), Fraction(self.change.trace()))


def constant(x: Any) -> Series:
    """What does not change, as a series."""
    if isinstance(x, Series):
        return x
    return Series(x, ExactMatrix.zeros(*x.shape) if isinstance(x, ExactMatrix) else Fraction(0))


def change(x: Any) -> Any:
    """What stands at t; an empty matrix is its own."""
    return constant(x).change


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Two numbers as ones that one can add and multiply."""
    if isinstance(a, arb) != isinstance(b, arb):
        return ball(a), ball(b)
    return a, b


def plus(a: Any, b: Any) -> Any:
    """a + b, of numbers or of matrices."""
    if type(a) is type(b) is Fraction:
        return a + b
    if isinstance(a, Series) or isinstance(b, Series):
        a, b = constant(a), constant(b)
        return Series(plus(a.start, b.start), plus(a.change, b.change))
    return a + b if isinstance(a, ExactMatrix) else _sum(*_alike(a, b))


def _sum(a: Any, b: Any) -> Any:
    return a + b


def times(a: Any, b: Any) -> Any:
    """a·b, of numbers, or of a number and a matrix."""
    if type(a) is type(b) is Fraction:
        return a * b
    return _bilinear(times, a, b) if _either(a, b) else _times(a, b)


def _times(a: Any, b: Any) -> Any:
    if isinstance(b, ExactMatrix):
        if isinstance(a, arb):
            raise Meaningless("a matrix of balls")
        return a * b
    a, b = _alike(a, b)
    return a * b


def after(a: Any, b: Any) -> Any:
    """The product of two matrices."""
    return _bilinear(after, a, b) if _either(a, b) else a @ b


def _either(a: Any, b: Any) -> bool:
    return isinstance(a, Series) or isinstance(b, Series)


def _bilinear(product: Callable[[Any, Any], Any], a: Any, b: Any) -> Series:
    """(a₀ + ta₁)(b₀ + tb₁) to first order."""
    a, b = constant(a), constant(b)
    cross = plus(product(a.start, b.change), product(a.change, b.start))
    return Series(product(a.start, b.start), cross)


def minus(a: Any, b: Any) -> Any:
    """a − b."""
    return plus(a, times(Fraction(-1), b))


def power(a: Any, n: int) -> Any:
    """aⁿ for n ≥ 1."""
    out = a
    for _ in range(n - 1):
        out = times(out, a)
    return out


def same(a: Any, b: Any) -> bool:
    """Whether two numbers or matrices are equal, up to enclosure if they are balls."""
    if isinstance(a, ExactMatrix):
        return a == b
    return is_zero(minus(a, b))


def apart(a: Any, b: Any, distance: Fraction) -> bool:
    """Whether two numbers, or two entries of matrices, are certainly farther apart."""
    if isinstance(a, ExactMatrix):
        return any(abs(x) > distance for row in (a - b).entries() for x in row)
    return bool(abs(ball(minus(a, b))) > ball(distance))


def entries(X: Any) -> list[list[Any]]:
    """The entries of a matrix, row by row."""
    if isinstance(X, Series):
        pairs = zip(X.start.entries(), X.change.entries(), strict=True)
        return [[Series(*pair) for pair in zip(*rows, strict=True)] for rows in pairs]
    return X.entries()  # type: ignore[no-any-return]


def arranged(grid: list[list[Any]], rows: int, cols: int) -> Any:
    """The matrix of these entries."""
    flat = [x for row in grid for x in row]
    if any(
        isinstance(x, arb) or (isinstance(x, Series) and isinstance(x.start, arb)) for x in flat
    ):
        raise Meaningless("a matrix of balls")
    if not any(isinstance(x, Series) for x in flat):
        return ExactMatrix.of(grid, shape=(rows, cols))
    pairs = [[constant(x) for x in row] for row in grid]
    start, change = ([[getattr(x, part) for x in row] for row in pairs] for part in PARTS)
    return Series(ExactMatrix.of(start), ExactMatrix.of(change))


PARTS = ("start", "change")
