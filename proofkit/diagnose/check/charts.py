"""The matrices of rank ≤ d by charts: V = AB with d chosen rows of A the identity, the others X.

Every subspace of dimension d of R^m is spanned by the columns of such an A with entries of X
between −1 and 1: of all d×d minors of any basis, choose the rows I of the one largest in absolute
value; after multiplying with its inverse the other entries are quotients of minors (Cramer), at
most 1. So the charts, one for each choice of I, with boxes [−1, 1] for X, cover all V of rank ≤ d.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

import numpy as np

from proofkit.networks.array_matrix import Array

__all__ = ["Box", "Chart", "charts"]


@dataclass(frozen=True)
class Chart:
    """One choice of d of ``rows`` rows: ``fixed`` are I; X, row by row, fills the others."""

    rows: int
    fixed: tuple[int, ...]

    @property
    def free(self) -> list[int]:
        """The rows of A that X fills."""
        return [r for r in range(self.rows) if r not in self.fixed]

    @property
    def size(self) -> int:
        """The number of entries of X."""
        return len(self.fixed) * (self.rows - len(self.fixed))

    @property
    def whole(self) -> Box:
        """[−1, 1] for every entry of X."""
        return Box((0.0,) * self.size, (1.0,) * self.size)

    def left(self, x: Array, height: int) -> Array:
        """A for X of shape (…, size): (…, height, d), the rows beyond ``rows`` 0."""
        width = len(self.fixed)
        result = np.zeros((*x.shape[:-1], height, width))
        result[..., list(self.fixed), range(width)] = 1.0
        result[..., self.free, :] = x.reshape(*x.shape[:-1], len(self.free), width)
        return result


def charts(rows: int, width: int) -> list[Chart]:
    """All charts, in order.

    >>> [chart.fixed for chart in charts(3, 2)]
    [(0, 1), (0, 2), (1, 2)]
    """
    return [Chart(rows, fixed) for fixed in combinations(range(rows), width)]


@dataclass(frozen=True)
class Box:
    """A product of intervals: their midpoints and half-lengths, dyadic numbers and so exact.

    >>> Box((0.0,), (1.0,)).halves(0)[1].corners()
    [(0.0,), (1.0,)]
    """

    middle: tuple[float, ...]
    half: tuple[float, ...]

    def halves(self, axis: int) -> tuple[Box, Box]:
        """The two halves along an axis."""
        half = self.half[axis] / 2
        halves = (*self.half[:axis], half, *self.half[axis + 1 :])
        below, above = (
            Box((*self.middle[:axis], self.middle[axis] + s, *self.middle[axis + 1 :]), halves)
            for s in (-half, half)
        )
        return below, above

    def corners(self) -> list[tuple[float, ...]]:
        """All corners, in order."""
        ends = ((m - h, m + h) for m, h in zip(self.middle, self.half, strict=True))
        return list(product(*ends))

    def inside(self, middle: Sequence[float], radius: float) -> bool:
        """Whether the box lies in the cube of this midpoint and radius, exactly."""
        return all(
            abs(Fraction(m) - Fraction(c)) + Fraction(h) <= Fraction(radius)
            for m, c, h in zip(self.middle, middle, self.half, strict=True)
        )
