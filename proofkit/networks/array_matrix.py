"""Plain float matrices, for searching: nothing bounds their errors, and NaN says "outside".

``value`` has any number of batch axes before rows and columns, which broadcast.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber

__all__ = ["Array", "ArrayMatrix", "LaneMatrix", "array"]

Array: TypeAlias = NDArray[np.float64]


def array(matrix: ExactMatrix) -> Array:
    """The nearest floats.  Raises ``OverflowError`` where an entry is beyond them.

    >>> array(ExactMatrix.identity(1))
    array([[1.]])
    """
    try:
        return np.array(matrix.nearest_floats[0])
    except ValueError as fault:
        raise OverflowError(str(fault)) from fault


class ArrayMatrix:
    """A rows × cols matrix, or a batch of them, with the methods that losses use.

    Scalars are arrays of the batch's shape.

    >>> (ArrayMatrix([[1.0, 2.0]]) @ ArrayMatrix([[3.0], [4.0]])).value
    array([[11.]])
    """

    def __init__(self, value: Any) -> None:
        self.value: Array = np.asarray(value, dtype=np.float64)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self.value.shape[-2])

    @property
    def cols(self) -> int:
        """The number of columns."""
        return int(self.value.shape[-1])

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    @property
    def arithmetic(self) -> Any:
        """What tells this arithmetic from others."""
        return type(self)

    @staticmethod
    def number(number: ExactNumber) -> Any:
        """An exact number as this arithmetic writes it."""
        return np.float64(float(number))

    @classmethod
    def converted(cls, matrix: ExactMatrix) -> Self:
        """An exact matrix in this arithmetic."""
        return cls(array(matrix))

    @staticmethod
    def working() -> AbstractContextManager[None]:
        """The block in which this arithmetic computes: NaN and infinity are answers."""
        return np.errstate(all="ignore")

    def assembled(self, grid: Sequence[Sequence[Any]]) -> Self:
        """The matrices with these scalars as entries, as many as there are of this one."""
        result = np.empty((*self.value.shape[:-2], len(grid), len(grid[0])))
        for r, line in enumerate(grid):
            for c, x in enumerate(line):
                result[..., r, c] = x
        return type(self)(result)

    @classmethod
    def of(cls, value: Any) -> Self:
        """The matrices with these values."""
        return cls(value)

    @classmethod
    def zeros(cls, rows: int, cols: int) -> Self:
        """The zero matrix."""
        return cls(np.zeros((rows, cols)))

    @classmethod
    def of_blocks(cls, grid: "Sequence[Sequence[ArrayMatrix]]") -> Self:
        """The block matrices of a grid of matrices whose sizes fit."""
        blocks = [b.value for line in grid for b in line]
        batch = np.broadcast_shapes(*(x.shape[:-2] for x in blocks))
        rows, cols = [line[0].rows for line in grid], [b.cols for b in grid[0]]
        whole = cls._empty(batch, sum(rows), sum(cols))
        top = 0
        for height, line in zip(rows, grid, strict=True):
            left = 0
            for width, block in zip(cols, line, strict=True):
                whole[..., top : top + height, left : left + width] = block.value
                left += width
            top += height
        return cls(whole)

    @staticmethod
    def _empty(batch: tuple[int, ...], rows: int, cols: int) -> Array:
        return np.empty((*batch, rows, cols))

    def entry(self, row: int, col: int) -> Any:
        """One entry of every instance, counted from 0."""
        return self.value[..., row, col]

    def map(self, function: Callable[..., Any], *others: "ArrayMatrix") -> Self:
        """The matrices of f(x_ij, y_ij, …); f gets whole arrays."""
        result = function(self.value, *(m.value for m in others))
        return type(self)(
            np.broadcast_to(result, np.broadcast_shapes(self.value.shape, np.shape(result)))
        )

    def diagonal(self) -> Self:
        """The diagonal matrices of the entries, row by row."""
        places = np.arange(self.rows * self.cols)
        whole = self._empty(self.value.shape[:-2], len(places), len(places))
        whole[...] = 0
        whole[..., places, places] = self.value.reshape(*self.value.shape[:-2], -1)
        return type(self)(whole)

    def total(self) -> Any:
        """The sums of all entries."""
        return self.value.sum(axis=(-2, -1))

    def reshaped(self, rows: int, cols: int) -> Self:
        """The entries, row by row, as the rows of matrices of another shape."""
        return type(self)(self.value.reshape(*self.value.shape[:-2], rows, cols))

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> Self:
        """The submatrices on these rows and columns, counted from 0."""
        return type(self)(self.value[..., list(rows), :][..., list(cols)])

    def __add__(self, other: "ArrayMatrix") -> Self:
        return type(self)(self.value + other.value)

    def __sub__(self, other: "ArrayMatrix") -> Self:
        return type(self)(self.value - other.value)

    def __matmul__(self, other: "ArrayMatrix") -> Self:
        return type(self)(self.value @ other.value)

    def __rmul__(self, factor: float) -> Self:
        return type(self)(factor * self.value)

    @property
    def T(self) -> Self:
        """The transposes."""
        return type(self)(np.swapaxes(self.value, -1, -2))

    def inner(self, other: "ArrayMatrix") -> Any:
        """The Frobenius inner products."""
        return (self.value * other.value).sum(axis=(-2, -1))

    def hadamard(self, other: "ArrayMatrix") -> Self:
        """The products entry by entry."""
        return type(self)(self.value * other.value)


class LaneMatrix(ArrayMatrix):
    """A batch (B, r, c) of many small matrices, multiplied entry by entry along the batch.

    It is best laid out with the batch last in memory, and what is made of it is so.
    """

    @staticmethod
    def _empty(batch: tuple[int, ...], rows: int, cols: int) -> Array:
        return np.moveaxis(np.empty((rows, cols, *batch)), -1, 0)

    def __matmul__(self, other: ArrayMatrix) -> Self:
        parts = [x if x.ndim == 3 else x[None] for x in (self.value, other.value)]
        product = np.einsum("ijn,jkn->ikn", *(np.moveaxis(x, 0, -1) for x in parts))
        return type(self)(np.moveaxis(product, -1, 0))
