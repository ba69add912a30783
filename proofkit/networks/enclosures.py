"""Numbers and matrices that are enclosed: balls that mix with exact numbers, at one precision.

Where balls do not overlap, the numbers differ for certain; where they do, nothing is known.  A
ball of radius 0 is the exact number again.

>>> e = Enclosure.of(flint.arb(1).exp())
>>> print(2 * e, (e - Fraction(5, 2)).sign(), (e - e).sign())
≈5.4365637 1 None
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint

from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.error_bounds import Reflected
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import Undecidable

__all__ = ["BITS", "EnclosedMatrix", "Enclosure", "ball_of", "enclosing", "sign_of"]

BITS = 256
"""Bits of the midpoints: balls around equal numbers are some 10⁻⁷⁰ of them wide."""


def enclosing() -> Any:
    """The block in which balls are computed."""
    return flint.ctx.workprec(BITS)


class Enclosure(Reflected):
    """A real number of which a ball is known that contains it."""

    __slots__ = ("ball",)

    def __init__(self, ball: Any) -> None:
        self.ball = ball

    @staticmethod
    def of(ball: Any) -> Any:
        """The number in a ball, a ``Fraction`` if the ball has radius 0."""
        if not ball.is_exact():
            return Enclosure(ball)
        numerator, exponent = ball.man_exp()
        return Fraction(int(numerator)) * Fraction(2) ** int(exponent)

    def sign(self) -> int | None:
        """−1 or 1 if that is certain, None if the ball contains 0."""
        return 1 if self.ball > 0 else -1 if self.ball < 0 else None

    @property
    def size(self) -> float:
        """What the number is at most, in absolute value."""
        return float(self.ball.abs_upper())

    @property
    def radius(self) -> float:
        """How far the number is at most from the ball's midpoint."""
        return float(self.ball.rad())

    def __str__(self) -> str:
        return f"≈{self.ball.str(8, radius=False)}"

    def __repr__(self) -> str:
        return f"Enclosure({self.ball})"

    def _with(self, other: Any, compute: Callable[[Any, Any], Any]) -> Any:
        known = not isinstance(other, Reflected) or isinstance(other, Enclosure)
        if not known or isinstance(other, (ExactMatrix, BallMatrix)):
            return NotImplemented
        with enclosing():
            return Enclosure.of(compute(self.ball, ball_of(other)))

    def __add__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: x + y)

    __radd__ = __add__

    def __neg__(self) -> Any:
        return Enclosure.of(-self.ball)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: x - y)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: y - x)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (ExactMatrix, BallMatrix)):
            with enclosing():
                return _settled(_body(other) * self.ball)
        return self._with(other, lambda x, y: x * y)

    __rmul__ = __mul__


def ball_of(x: Any) -> Any:
    """The ball around a number, at the current precision."""
    if isinstance(x, Enclosure):
        return x.ball
    if isinstance(x, flint.arb):
        return x
    return BallMatrix.number(Fraction(x) if isinstance(x, int) else x)


def sign_of(x: Any) -> int | None:
    """The sign of an exact or an enclosed number, None where it is not certain.

    >>> sign_of(Fraction(-2)), sign_of(Enclosure(flint.arb(0, 1)))
    (-1, None)
    """
    from proofkit.networks.scalars import sign

    if isinstance(x, Enclosure):
        return x.sign()
    try:
        return sign(x)
    except Undecidable:
        return None


def _body(x: Any) -> Any:
    return (BallMatrix.converted(x) if isinstance(x, ExactMatrix) else x).body


def _settled(body: Any) -> Any:
    """The matrix in these balls, exact if all of them have radius 0."""
    values = [Enclosure.of(x) for x in body.entries()]
    if any(isinstance(x, Enclosure) for x in values):
        return EnclosedMatrix(body)
    cols = int(body.ncols())
    rows = [values[n * cols : (n + 1) * cols] for n in range(int(body.nrows()))]
    return ExactMatrix.of(rows, shape=(int(body.nrows()), cols))


class EnclosedMatrix(BallMatrix):
    """A matrix of enclosed numbers: what comes out is exact again where it has radius 0.

    >>> X = EnclosedMatrix.of([[Enclosure.of(flint.arb(2).sqrt()), Fraction(1)]])
    >>> X @ ExactMatrix.of([[0], [1]])
    ExactMatrix([[1]])
    """

    @staticmethod
    def of(grid: Sequence[Sequence[Any]]) -> Any:
        """The matrix with these numbers, exact if they are."""
        with enclosing():
            return _settled(flint.arb_mat([[ball_of(x) for x in line] for line in grid]))

    def entries(self) -> list[list[Any]]:
        """The entries, row by row."""
        return [[Enclosure.of(x) for x in line] for line in self.body.tolist()]

    def entry(self, row: int, col: int) -> Any:
        """One entry, counted from 0."""
        return Enclosure.of(self.body[row, col])

    def _with(self, other: Any, compute: Callable[[Any, Any], Any]) -> Any:
        if not isinstance(other, (ExactMatrix, BallMatrix)):
            return NotImplemented
        with enclosing():
            return _settled(compute(self.body, _body(other)))

    def __add__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: x + y)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: x - y)

    def __rsub__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: y - x)

    def __matmul__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: x * y)

    def __rmatmul__(self, other: Any) -> Any:
        return self._with(other, lambda x, y: y * x)

    def __neg__(self) -> Any:
        return self * -1

    def __mul__(self, factor: Any) -> Any:
        with enclosing():
            return _settled(self.body * ball_of(factor))

    __rmul__ = __mul__

    @property
    def T(self) -> EnclosedMatrix:
        """The transpose."""
        return EnclosedMatrix(self.body.transpose())

    def trace(self) -> Any:
        """The sum of the diagonal."""
        total: Any = Fraction(0)
        for n in range(min(self.shape)):
            total = total + self.entry(n, n)
        return total

    def inner(self, other: Any) -> Any:
        """The Frobenius inner product."""
        product = self.T @ other
        return product.trace()

    def hadamard(self, other: Any) -> Any:
        """The product entry by entry."""
        rows = zip(self.entries(), other.entries(), strict=True)
        return EnclosedMatrix.of([[x * y for x, y in zip(*p, strict=True)] for p in rows])

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> Any:
        """The submatrix on these rows and columns, counted from 0."""
        return _settled(super().block(rows, cols).body)

    @staticmethod
    def of_blocks(grid: Sequence[Sequence[Any]]) -> Any:
        """The block matrix of a grid of matrices whose sizes fit."""
        return EnclosedMatrix.of(BallMatrix.of_blocks(grid).body.tolist())

    def is_zero(self) -> bool | None:
        """False if an entry is certainly not 0, else None."""
        return None if all(x.contains(0) for x in self.body.entries()) else False

    def rank(self) -> int:
        """The rank, if it is as large as can be; else `Undecidable`."""
        wide = self if self.rows <= self.cols else self.T
        with enclosing():
            gram = wide.body * wide.body.transpose()
            if gram.det() > 0:
                return wide.rows
        raise Undecidable("the rank of a matrix of enclosed numbers is not certain")

    def signs(self) -> tuple[int | None, ...]:
        """Of a square matrix, the signs of the leading principal minors, None where not certain."""
        found = []
        with enclosing():
            for n in range(1, self.rows + 1):
                minor = BallMatrix(self.body).block(range(n), range(n)).body
                found.append(Enclosure(minor.det()).sign())
        return tuple(found)
