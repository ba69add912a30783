"""Functions of which one knows by construction where they are continuous, and what slope they have.

`Known` are functions from reals or matrices to such, `Smooth` are those from matrices to reals,
with a gradient.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb_series

from proofkit.networks.exact import ExactMatrix

try:
    from tests.kernel.series import NoSlope, Series, ball, plus, times
except ImportError:  # run with the folder itself on the path
    from series import (  # type: ignore[import-not-found,no-redef]
        NoSlope,
        Series,
        ball,
        plus,
        times,
    )

Rng = random.Random
Matrix = ExactMatrix
Linear = Callable[[Any], Any]


@dataclass(frozen=True)
class Known:
    """A function with its derivative at each point, None where there is none.

    ``steady`` says where it is continuous, if not just where it has a derivative.  ``prime`` is
    the derivative of a real function.
    """

    value: Callable[[Any], Any]
    along: Callable[[Any], Linear | None]
    steady: Callable[[Any], bool] | None = None
    prime: Known | None = None

    def __call__(self, x: Any) -> Any:
        x = Fraction(x) if isinstance(x, int) else x
        if not isinstance(x, Series):
            return self.value(x)
        slope = self.along(x.start)
        if slope is None:
            raise NoSlope
        return Series(self.value(x.start), slope(x.change))

    def smooth(self, x: Any) -> bool:
        """Whether it has a derivative at x."""
        return self.along(x) is not None

    def continuous(self, x: Any) -> bool:
        return self.smooth(x) or (self.steady is not None and self.steady(x))


@dataclass(frozen=True)
class Smooth:
    """A function of matrices with its gradient and whether it is convex and differentiable.

    Where it has no derivative the gradient is anyone's choice.  ``rough`` are the points where it
    has none, ``second`` is the derivative of the gradient, ``torn`` are the points where it is not
    continuous.
    """

    value: Callable[[Matrix], Any]
    slope: Callable[[Matrix], Matrix]
    convex: bool
    differentiable: bool = True
    rough: Callable[[Matrix], bool] | None = None
    second: Callable[[Matrix], Linear | None] = lambda X: None
    torn: Callable[[Matrix], bool] = lambda X: False

    def __call__(self, X: Any) -> Any:
        if not isinstance(X, Series):
            return self.value(X)
        if not self.smooth(X.start):
            raise NoSlope
        return Series(self.value(X.start), Fraction(self.slope(X.start).inner(X.change)))

    def smooth(self, X: Matrix) -> bool:
        """Whether it has a derivative at X."""
        return self.differentiable or (self.rough is not None and not self.rough(X))

    def gradient(self, X: Any) -> Any:
        if not isinstance(X, Series):
            return self.slope(X)
        second = self.second(X.start)
        if second is None:
            raise NoSlope
        return Series(self.slope(X.start), second(X.change))

    def twice(self, X: Matrix) -> bool:
        """Whether it has a second derivative at X; all rough points are taken to be near X."""
        return self.differentiable and self.second(X) is not None

    def continuous(self, X: Matrix) -> bool:
        return not self.torn(X)


# ── Real functions ─────────────────────────────────────────────────────────────────────────────
def polynomial(*coefficients: Any) -> Known:
    """c₀ + c₁x + c₂x² + …"""

    def value(x: Any) -> Any:
        total: Any = Fraction(0)
        for c in reversed(coefficients):
            total = plus(times(total, x), Fraction(c))
        return total

    if not coefficients:
        return Known(value, lambda x: lambda h: Fraction(0))
    prime = polynomial(*(n * c for n, c in enumerate(coefficients) if n))
    return Known(value, lambda x: lambda h: times(prime.value(x), h), prime=prime)


def bent(at: Any, left: Any, right: Any) -> Known:
    """left·(x − at) before a point, right·(x − at) after it: |x| and the like."""

    def along(x: Any) -> Linear | None:
        if x == at and left != right:
            return None
        return lambda h: (left if x < at else right) * h

    return Known(lambda x: (left if x < at else right) * (x - at), along, lambda x: True)


def bent_square(at: Any, left: Any, right: Any) -> Known:
    """left·(x − at)² before a point, right·(x − at)² after it: x·|x|, with one derivative."""
    prime = bent(at, 2 * left, 2 * right)
    value = lambda x: (left if x < at else right) * (x - at) ** 2  # noqa: E731
    return Known(value, lambda x: lambda h: prime(x) * h, prime=prime)


def jump(at: Any, below: Any, there: Any, above: Any) -> Known:
    """Three values: before a point, there, and after it."""

    def value(x: Any) -> Any:
        return Fraction(there if x == at else below if x < at else above)

    return Known(value, lambda x: None if x == at else lambda h: Fraction(0))


def waves(at: Any) -> Known:
    """(x − at)²·sin(1/(x − at)), with a derivative everywhere that is not continuous there."""

    def value(x: Any) -> Any:
        y = x - at
        return ball(y * y) * ball(1 / y).sin() if y else Fraction(0)

    def along(x: Any) -> Linear:
        y = x - at
        if not y:
            return lambda h: Fraction(0)
        rate = ball(2 * y) * ball(1 / y).sin() - ball(1 / y).cos()
        return lambda h: times(rate, h)

    return Known(value, along)


def sine() -> Known:
    """sin, its derivative from the power series."""

    def along(x: Any) -> Linear:
        rate = arb_series([ball(x), ball(1)], prec=2).sin()[1]
        return lambda h: times(rate, h)

    return Known(lambda x: ball(x).sin(), along)


def added(f: Known, g: Known) -> Known:
    """f + g, of reals; rough where either is."""

    def along(x: Any) -> Linear | None:
        one, other = f.along(x), g.along(x)
        return None if one is None or other is None else lambda h: plus(one(h), other(h))

    return Known(
        lambda x: plus(f(x), g(x)),
        along,
        lambda x: f.continuous(x) and g.continuous(x),
        added(f.prime, g.prime) if f.prime and g.prime else None,
    )


# ── Functions of matrices ──────────────────────────────────────────────────────────────────────
def flat(X: Matrix) -> Matrix:
    """The entries as one column."""
    return Matrix.of([[x] for row in X.entries() for x in row], shape=(X.rows * X.cols, 1))


def folded(column: Matrix, rows: int, cols: int) -> Matrix:
    """The matrix with these entries, row by row."""
    entries = [x for (x,) in column.entries()]
    grid = [entries[r * cols : (r + 1) * cols] for r in range(rows)]
    return Matrix.of(grid, shape=(rows, cols))


def quadratic(H: Matrix, centre: Matrix) -> Smooth:
    """X ↦ ½·xᵀHx for x = X − centre, H symmetric."""
    rows, cols = centre.shape

    def value(X: Matrix) -> Fraction:
        x = flat(X - centre)
        return Fraction((x.T @ H @ x).trace()) / 2

    def slope(X: Matrix) -> Matrix:
        return folded(H @ flat(X - centre), rows, cols)

    def second(X: Matrix) -> Linear:
        return lambda change: folded(H @ flat(change), rows, cols)

    return Smooth(value, slope, convex=H.inertia()[2] == 0, second=second)


def squares(centre: Matrix, *parts: tuple[Any, Matrix]) -> Smooth:
    """X ↦ ½·Σ s·⟨D, X − centre⟩², over pairs of a number s and a matrix D."""

    def combined(X: Matrix) -> Matrix:
        terms = ((s * Fraction(D.inner(X))) * D for s, D in parts)
        return sum(terms, Matrix.zeros(*X.shape))

    return Smooth(
        lambda X: sum((s * Fraction(D.inner(X - centre)) ** 2 for s, D in parts), Fraction(0)) / 2,
        lambda X: combined(X - centre),
        convex=all(s >= 0 for s, _ in parts),
        second=lambda X: combined,
    )


def well(centre: Matrix) -> Smooth:
    """X ↦ (‖X − centre‖² − 1)², not convex, least on the unit sphere around the centre."""

    def level(X: Matrix) -> Fraction:
        return Fraction((X - centre).inner(X - centre)) - 1

    return Smooth(lambda X: level(X) ** 2, lambda X: (4 * level(X)) * (X - centre), convex=False)


def kink(slope_at_zero: int) -> Smooth:
    """x ↦ |x − 1| + 2|x|; what its derivative is called at a kink is anyone's choice."""
    return Smooth(
        lambda X: abs(X.entry(0, 0) - 1) + 2 * abs(X.entry(0, 0)),
        lambda X: Matrix.of([[slope_at_zero]]),
        convex=True,
        differentiable=False,
    )


def along(D: Matrix, sigma: Known, flat_part: Matrix, junk: Any = 0) -> Smooth:
    """X ↦ σ(⟨D, X⟩) + ⟨flat_part, X⟩, for rational σ; D is not 0."""

    def at(X: Matrix) -> Fraction:
        return Fraction(D.inner(X))

    def rate(X: Matrix) -> Any:
        slope = sigma.along(at(X))
        return Fraction(junk) if slope is None else slope(Fraction(1))

    def second(X: Matrix) -> Linear | None:
        slope = None if sigma.prime is None else sigma.prime.along(at(X))
        return None if slope is None else lambda H: slope(Fraction(D.inner(H))) * D

    return Smooth(
        lambda X: sigma(at(X)) + Fraction(flat_part.inner(X)),
        lambda X: rate(X) * D + flat_part,
        convex=False,
        differentiable=sigma.prime is not None,
        rough=lambda X: sigma.along(at(X)) is None,
        second=second,
        torn=lambda X: not sigma.continuous(at(X)),
    )


def total(f: Smooth, g: Smooth) -> Smooth:
    """f + g; rough where either is."""

    def second(X: Matrix) -> Linear | None:
        one, other = f.second(X), g.second(X)
        return None if one is None or other is None else lambda H: one(H) + other(H)

    return Smooth(
        lambda X: plus(f(X), g(X)),
        lambda X: f.slope(X) + g.slope(X),
        convex=f.convex and g.convex,
        differentiable=f.differentiable and g.differentiable,
        rough=lambda X: not (f.smooth(X) and g.smooth(X)),
        second=second,
        torn=lambda X: f.torn(X) or g.torn(X),
    )
