"""Matrices of certified balls: what comes out contains the result for every matrix inside.

Everything is computed at python-flint's current precision. A result that is not finite says that
a function may have no value, or not be smooth, somewhere inside.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from itertools import chain
from typing import Any, TypeAlias

import flint

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber, enclose

__all__ = ["BallMatrix", "Table", "product_of_balls"]

Table: TypeAlias = list[list[Any]]


class BallMatrix:
    """A rows × cols matrix of ``flint.arb``, with the methods that losses use.

    >>> (2 * BallMatrix([[flint.arb(3)]])).entries()
    [[6.00000000000000]]
    """

    def __init__(self, table: Any) -> None:
        self.body = table if isinstance(table, flint.arb_mat) else flint.arb_mat(table)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self.body.nrows())

    @property
    def cols(self) -> int:
        """The number of columns."""
        return int(self.body.ncols())

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def arithmetic(self) -> Any:
        """What tells this arithmetic from others."""
        return BallMatrix, flint.ctx.prec

    @staticmethod
    def number(number: ExactNumber) -> Any:
        """The ball around an exact number."""
        if isinstance(number, Fraction):
            return flint.arb(flint.fmpq(number.numerator, number.denominator))
        return enclose(number, flint.ctx.prec)

    @staticmethod
    def converted(matrix: ExactMatrix) -> "BallMatrix":
        """The balls around an exact matrix.

        >>> bool(BallMatrix.converted(ExactMatrix.of([[Fraction(1, 3)]])).entry(0, 0) < 0.34)
        True
        """
        values = [BallMatrix.number(x) for line in matrix.entries() for x in line]
        return BallMatrix(flint.arb_mat(*matrix.shape, values))

    @staticmethod
    def working() -> AbstractContextManager[None]:
        """The block in which this arithmetic computes: the caller chooses the precision."""
        return nullcontext()

    @staticmethod
    def assembled(grid: Sequence[Sequence[Any]]) -> "BallMatrix":
        """The matrix with these scalars as entries."""
        return BallMatrix(
            [[BallMatrix.number(x) if isinstance(x, Fraction) else x for x in p] for p in grid]
        )

    @staticmethod
    def zeros(rows: int, cols: int) -> "BallMatrix":
        """The zero matrix."""
        return BallMatrix(flint.arb_mat(rows, cols))

    @staticmethod
    def of_blocks(grid: "Sequence[Sequence[BallMatrix]]") -> "BallMatrix":
        """The block matrix of a grid of matrices whose sizes fit."""
        tables = [[block.entries() for block in line] for line in grid]
        return BallMatrix(
            [list(chain(*parts)) for line in tables for parts in zip(*line, strict=True)]
        )

    def entries(self) -> Table:
        """The entries, row by row."""
        table: Table = self.body.tolist()
        return table

    def entry(self, row: int, col: int) -> Any:
        """One entry, counted from 0."""
        return self.body[row, col]

    def map(self, function: Callable[..., Any], *others: "BallMatrix") -> "BallMatrix":
        """The matrix of f(x_ij, y_ij, …) for this matrix and others of its shape."""
        cells = zip(*(m.body.entries() for m in (self, *others)), strict=True)
        return BallMatrix(flint.arb_mat(*self.shape, [function(*cell) for cell in cells]))

    def diagonal(self) -> "BallMatrix":
        """The diagonal matrix of the entries, row by row."""
        values = self.body.entries()
        whole = flint.arb_mat(len(values), len(values))
        for i, x in enumerate(values):
            whole[i, i] = x
        return BallMatrix(whole)

    def total(self) -> Any:
        """The sum of all entries."""
        return sum(self.body.entries(), flint.arb(0))

    def reshaped(self, rows: int, cols: int) -> "BallMatrix":
        """The entries, row by row, as the rows of a matrix of another shape."""
        return BallMatrix(flint.arb_mat(rows, cols, self.body.entries()))

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> "BallMatrix":
        """The submatrix on these rows and columns, counted from 0."""
        values = [self.body[r, c] for r in rows for c in cols]
        return BallMatrix(flint.arb_mat(len(rows), len(cols), values))

    def __add__(self, other: "BallMatrix") -> "BallMatrix":
        return BallMatrix(self.body + other.body)

    def __sub__(self, other: "BallMatrix") -> "BallMatrix":
        return BallMatrix(self.body - other.body)

    def __matmul__(self, other: "BallMatrix") -> "BallMatrix":
        return BallMatrix(self.body * other.body)

    def __rmul__(self, factor: Any) -> "BallMatrix":
        return BallMatrix(self.body * factor)

    @property
    def T(self) -> "BallMatrix":
        """The transpose."""
        return BallMatrix(self.body.transpose())

    def inner(self, other: "BallMatrix") -> Any:
        """The Frobenius inner product."""
        pairs = zip(self.body.entries(), other.body.entries(), strict=True)
        return sum((x * y for x, y in pairs), flint.arb(0))

    def hadamard(self, other: "BallMatrix") -> "BallMatrix":
        """The product entry by entry."""
        return self.map(lambda x, y: x * y, other)


def product_of_balls(left: Table, right: Table) -> Table:
    """The matrix product of two tables of balls, at the current precision.

    >>> product_of_balls([[flint.arb(2)]], [[flint.arb(3)]])
    [[6.00000000000000]]
    """
    result: Table = (flint.arb_mat(left) * flint.arb_mat(right)).tolist()
    return result
