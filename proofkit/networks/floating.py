"""A batch of float matrices, each entry with a running bound on its error.

``value`` and ``error`` have shape (B, r, c): the matrix meant by an instance lies entrywise within
``error`` of ``value``. All operations act on the whole batch at once; a batch of size 1 combines
with any other.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofkit.networks import spectral
from proofkit.networks.error_bounds import (
    LANES,
    Array,
    FloatScalar,
    as_floats,
    gamma,
    laid_out,
    quietly,
    widened,
)
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber, Number

MANY = 48
"""Matrices in a batch from which on ranks are found without their singular values."""


class FloatMatrix:
    """An immutable batch of rows × cols float matrices with error bounds.

    Has the methods of :class:`~proofkit.networks.exact.ExactMatrix`, answering with one entry per
    instance: integers and booleans as arrays (B,), numbers as ``FloatScalar``. There is no ``==``;
    ``equals`` compares per instance. Operations on shapes that do not fit raise ``ValueError``.

    >>> X = FloatMatrix.of([[1.0, 2.0], [2.0, 4.0]])
    >>> X.rank(), (X @ X.null_vector()).is_zero()
    (array([1]), array([ True]))
    """

    # NumPy must leave ``array * FloatMatrix`` to this class.
    __array_priority__ = 1000

    def __init__(self, numbers: FloatScalar) -> None:
        if len(numbers.shape) != 3:
            raise ValueError(f"a batch of matrices has 3 axes, not {len(numbers.shape)}")
        self._numbers = numbers
        self._residual: Array | None = None
        self._rank: NDArray[np.int64] | None = None

    @classmethod
    def of(cls, value: Any, error: Any = 0.0) -> "FloatMatrix":
        """Matrices with these values, an array (r, c) or (B, r, c), and error bounds.

        ``error`` is 0 (the floats are meant exactly), a number, or an array of the same shape.
        Raises ``ValueError`` for other shapes and negative bounds.

        >>> FloatMatrix.of([[1, 2, 3]]).value.shape
        (1, 1, 3)
        """
        numbers = FloatScalar.of(value, error)
        return cls(numbers[None] if len(numbers.shape) == 2 else numbers)

    @classmethod
    def of_exact(cls, matrices: Sequence[ExactMatrix]) -> "FloatMatrix":
        """The floats next to exact matrices of one shape, with the distances as errors.

        >>> FloatMatrix.of_exact([ExactMatrix.identity(2)]).error.max()
        np.float64(0.0)
        """
        if len({m.shape for m in matrices}) != 1:
            raise ValueError("a batch needs one shape and at least one matrix")
        values, errors = zip(*(m.nearest_floats for m in matrices), strict=True)
        return cls.of(np.stack(values), np.stack(errors))

    @classmethod
    def of_scalars(cls, grid: Sequence[Sequence[FloatScalar | Number]]) -> "FloatMatrix":
        """The batch whose (i, j) entries are the numbers (B,) at that place of the grid.

        >>> FloatMatrix.of_scalars([[FloatScalar.of([1.0, 2.0]), 3]]).value.tolist()
        [[[1.0, 3.0]], [[2.0, 3.0]]]
        """
        cells = [[as_floats(x) for x in line] for line in grid]
        batch = np.broadcast_shapes((1,), *(x.shape for line in cells for x in line))
        shape = (len(cells), len(cells[0]) if cells else 0, *batch)
        value, error = np.empty(shape), np.empty(shape)
        for i, line in enumerate(cells):
            for j, x in enumerate(line):
                value[i, j], error[i, j] = x.value, x.error
        return cls.of(np.moveaxis(value, -1, 0), np.moveaxis(error, -1, 0))

    @classmethod
    def of_blocks(cls, grid: "Sequence[Sequence[FloatMatrix]]") -> "FloatMatrix":
        """The block matrices of a grid of batches whose sizes fit.

        >>> FloatMatrix.of_blocks([[FloatMatrix.identity(1), FloatMatrix.zeros(1, 2)]]).shape
        (1, 3)
        """
        batch = max(block.batch for line in grid for block in line)
        rows = [line[0].rows for line in grid]
        cols = [block.cols for block in grid[0]]
        if any(
            b.shape != (r, c)
            for r, line in zip(rows, grid, strict=True)
            for c, b in zip(cols, line, strict=True)
        ):
            raise ValueError("the sizes of the blocks do not fit")

        def joined(part: Callable[["FloatMatrix"], Array]) -> Array:
            whole = laid_out(np.empty((batch, sum(rows), sum(cols))))
            top = 0
            for height, line in zip(rows, grid, strict=True):
                left = 0
                for width, block in zip(cols, line, strict=True):
                    whole[:, top : top + height, left : left + width] = part(block)
                    left += width
                top += height
            return whole

        return cls(FloatScalar(joined(lambda b: b.value), joined(lambda b: b.error)))

    @classmethod
    def zeros(cls, rows: int, cols: int) -> "FloatMatrix":
        """The zero matrix, a batch of size 1."""
        return _zeros(rows, cols)

    @classmethod
    def identity(cls, size: int) -> "FloatMatrix":
        """The identity matrix, a batch of size 1."""
        return _identity(size)

    @property
    def numbers(self) -> FloatScalar:
        """The entries as numbers of shape (B, r, c), for elementwise arithmetic."""
        return self._numbers

    @property
    def value(self) -> Array:
        """The computed matrices, (B, r, c)."""
        return self._numbers.value

    @property
    def error(self) -> Array:
        """The error bounds, (B, r, c)."""
        return self._numbers.error

    @property
    def batch(self) -> int:
        """The number B of instances."""
        size: int = self._numbers.value.shape[0]
        return size

    @property
    def rows(self) -> int:
        """The number of rows of each instance."""
        size: int = self._numbers.value.shape[1]
        return size

    @property
    def cols(self) -> int:
        """The number of columns of each instance."""
        size: int = self._numbers.value.shape[2]
        return size

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    def __repr__(self) -> str:
        return f"<FloatMatrix {self.rows}×{self.cols}, batch of {self.batch}>"

    def entry(self, row: int, col: int) -> FloatScalar:
        """One entry of every instance, counted from 0, of shape (B,)."""
        return self._numbers[:, row, col]

    def instance(self, index: int) -> "FloatMatrix":
        """One instance, as a batch of size 1."""
        return FloatMatrix(self._numbers[index][None])

    def repeated(self, batch: int) -> "FloatMatrix":
        """The same matrices as a batch of this size; ``ValueError`` unless the size is 1 or it."""
        return FloatMatrix(self._numbers.broadcast((batch, *self.shape)))

    @property
    def arithmetic(self) -> Any:
        """What tells this arithmetic from others."""
        return FloatMatrix

    @staticmethod
    def number(number: ExactNumber) -> ExactNumber:
        """An exact number as this arithmetic writes it: it is rounded where it is used."""
        return number

    @staticmethod
    def converted(matrix: ExactMatrix) -> "FloatMatrix":
        """An exact matrix in this arithmetic: the nearest floats, their distances as errors."""
        return FloatMatrix.of_exact([matrix])

    @staticmethod
    def working() -> AbstractContextManager[None]:
        """The block in which this arithmetic computes."""
        return nullcontext()

    def assembled(self, grid: Sequence[Sequence[Any]]) -> "FloatMatrix":
        """The matrices with these scalars as entries, as many as there are of this one."""
        zero = FloatScalar.of([0.0] * self.batch)
        rows = [[zero if isinstance(x, Fraction) and x == 0 else x for x in p] for p in grid]
        return FloatMatrix.of_scalars(rows)

    def map(self, function: Callable[..., Any], *others: "FloatMatrix") -> "FloatMatrix":
        """The matrices of f(x_ij, y_ij, …); f gets ``FloatScalar`` arrays (B, r, c)."""
        result = function(self.numbers, *(m.numbers for m in others))
        if not isinstance(result, FloatScalar):
            result = FloatScalar.of(self.value * 0) + result
        return FloatMatrix(result)

    def total(self) -> FloatScalar:
        """The sums of all entries, (B,)."""
        return self.numbers.sum((1, 2))

    def reshaped(self, rows: int, cols: int) -> "FloatMatrix":
        """The entries, row by row, as the rows of matrices of another shape."""
        shape = (self.batch, rows, cols)
        return FloatMatrix.of(self.value.reshape(shape), self.error.reshape(shape))

    def diagonal(self) -> "FloatMatrix":
        """The diagonal matrices of the entries, row by row."""
        places = np.arange(self.rows * self.cols)
        value = np.zeros((self.batch, len(places), len(places)))
        error = np.zeros_like(value)
        value[:, places, places] = self.value.reshape(self.batch, -1)
        error[:, places, places] = self.error.reshape(self.batch, -1)
        return FloatMatrix.of(value, error)

    def __add__(self, other: "FloatMatrix") -> "FloatMatrix":
        if not isinstance(other, FloatMatrix):
            return NotImplemented
        self._same_shape(other, "add")
        return FloatMatrix(self._numbers + other._numbers)

    def __neg__(self) -> "FloatMatrix":
        return FloatMatrix(-self._numbers)

    def __sub__(self, other: "FloatMatrix") -> "FloatMatrix":
        if not isinstance(other, FloatMatrix):
            return NotImplemented
        self._same_shape(other, "subtract")
        return FloatMatrix(self._numbers - other._numbers)

    def __matmul__(self, other: "FloatMatrix") -> "FloatMatrix":
        """|fl(ÂB̂) − AB| ≤ |Â|e_B + e_A|B̂| + e_A e_B + γ_n|Â||B̂| (Higham, (3.13))."""
        if not isinstance(other, FloatMatrix):
            return NotImplemented
        if self.cols != other.rows:
            raise ValueError(f"cannot multiply {self!r} by {other!r}")
        parts = (self._numbers, other._numbers)
        value = quietly(_product, self.value, other.value)
        if value.shape[0] >= LANES:
            # ‖XY‖ ≤ ‖X‖‖Y‖ in the Frobenius norm; each of the products may also underflow.
            roundings = value[0].size * self.cols + 8

            def spread() -> Array:
                return _product_spread(*parts, self.cols, roundings)

            return FloatMatrix(FloatScalar(value, spread, parts, by_norm=True))

        def bound() -> Array:
            size = np.abs(other.value)
            inner = gamma(self.cols) * size
            if not other._numbers.is_exact:
                inner += other.error
            error = _product(np.abs(self.value), inner)
            # Floats that are meant exactly need no second product.
            if not self._numbers.is_exact:
                error += _product(self.error, size + other.error)
            return widened(error, 2 * self.cols + 3)

        return FloatMatrix(FloatScalar(value, bound, parts))

    def __rmul__(self, factor: FloatScalar | Number) -> "FloatMatrix":
        scalar = as_floats(factor)
        if scalar.shape:
            scalar = scalar[:, None, None]
        return FloatMatrix(self._numbers * scalar)

    def __mul__(self, factor: FloatScalar | Number) -> "FloatMatrix":
        return self.__rmul__(factor)

    @property
    def T(self) -> "FloatMatrix":
        """The transposes."""
        return FloatMatrix(self._numbers.swapped(1, 2))

    def equals(self, other: "FloatMatrix") -> NDArray[np.bool_]:
        """Whether the instances agree within their errors, (B,)."""
        return (self - other).is_zero()

    def is_zero(self) -> NDArray[np.bool_]:
        """Whether every |value| ≤ error, (B,). The errors are bounds: no safety factor."""
        if self._numbers.by_norm:
            return np.asarray(self.residual() <= self._spread())
        within = self._numbers.is_zero()
        return np.asarray(within.all(axis=(1, 2)))

    def _spread(self) -> Array:
        """Bounds on the Frobenius norms of the errors, (B,)."""
        return np.broadcast_to(self._numbers.spread[:, 0, 0], (self.batch,))

    def residual(self) -> Array:
        """max |value| per instance, (B,); 0 for an empty matrix."""
        if self._residual is None:
            self._residual = np.abs(self.value).max(axis=(1, 2), initial=0.0)
        return self._residual

    def tolerance(self) -> Array:
        """max error per instance, (B,); 0 for an empty matrix."""
        if self._numbers.by_norm:
            return self._spread()
        largest: Array = self.error.max(axis=(1, 2), initial=0.0)
        return largest

    @cached_property
    def _decomposition(self) -> spectral.Decomposition:
        # Kept: rank, kernel and inverses of one matrix are asked for together.
        return spectral.decompose(self.value, self._spread())

    def rank(self) -> NDArray[np.int64]:
        """The number of singular values above τ = max(r,c)·2u·σ₁ + ‖error‖_F, (B,).

        >>> FloatMatrix.of([[[1.0, 0.0]], [[0.0, 0.0]]]).rank()
        array([1, 0])
        """
        if self._rank is None:
            if self.batch < MANY or "_decomposition" in self.__dict__:
                self._rank = self._decomposition.rank
            else:
                self._rank = spectral.ranks(self.value, self._spread())
        return self._rank

    def rank_is_decided(self) -> NDArray[np.bool_]:
        """Whether counted and uncounted singular values differ by more than 2τ, (B,).

        >>> FloatMatrix.of([[1.0, 0.0], [0.0, 1e-16]]).rank_is_decided()
        array([ True])
        """
        return spectral.decided(self._decomposition)

    def null_vector(self) -> "FloatMatrix | None":
        """Unit columns w with Xw = 0, (B, c, 1), or ``None`` when no instance has one.

        The error bounds the distance to the kernel of the true matrix if that has the rank
        counted. Instances without a kernel have NaN values: mask them by ``rank() < cols``.
        """
        if (self.rank() == self.cols).all():
            return None
        svd = self._decomposition
        vectors, distance = spectral.kernel_vector(svd)
        return FloatMatrix.of(
            vectors[:, :, None], np.broadcast_to(distance[:, None, None], (*vectors.shape, 1))
        )

    def left_inverse(self) -> "FloatMatrix | None":
        """Y with YX = I, (B, c, r), or ``None`` when no instance has rank c.

        With R = I − ŶX and ρ = ‖R‖_∞ < 1, Y = (I − R)⁻¹Ŷ is an exact left inverse, and
        |Y − Ŷ|_ij ≤ (Σ_k|R_ik|) · max_k|Ŷ_kj| / (1 − ρ). Where ρ ≥ 1 the error is infinite.
        Instances of smaller rank have NaN values: mask them by ``rank() == cols``.
        """
        svd = self._decomposition
        full = svd.rank == self.cols
        if not full.any():
            return None
        value, _ = spectral.pseudo_inverse(svd)
        left = FloatMatrix.of(np.where(full[:, None, None], value, np.nan))
        residue = FloatMatrix.identity(self.cols) - left @ self
        size = (np.abs(residue.value) + residue.error).sum(axis=2, keepdims=True)
        with np.errstate(invalid="ignore"):
            worst = widened(size.max(axis=1, keepdims=True, initial=0.0), self.cols + 2)
            column = np.abs(left.value).max(axis=1, keepdims=True, initial=0.0)
            error = np.where(worst < 1, size * column / (1 - worst), np.inf)
        return FloatMatrix.of(left.value, widened(error, self.cols + 6))

    def pseudo_inverse(self) -> "FloatMatrix":
        """The Moore–Penrose inverses, (B, c, r), if the true matrices have the ranks counted."""
        value, error = spectral.pseudo_inverse(self._decomposition)
        return FloatMatrix.of(value, np.broadcast_to(error[:, None, None], value.shape))

    def inertia(self) -> NDArray[np.int64]:
        """How many eigenvalues are positive, zero within tolerance, negative, (B, 3).

        Raises ``ValueError`` when some instance is not symmetric within its errors.
        """
        if self.rows != self.cols or not self.equals(self.T).all():
            raise ValueError("inertia is defined for symmetric matrices only")
        return spectral.inertia(self.value, self.error)

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> "FloatMatrix":
        """The submatrices on these rows and columns, counted from 0."""
        return FloatMatrix(self._numbers[:, list(rows)][:, :, list(cols)])

    def kron(self, other: "FloatMatrix") -> "FloatMatrix":
        """The Kronecker products: blocks x_ij · other."""
        product = self._numbers[:, :, None, :, None] * other._numbers[:, None, :, None, :]
        flat = (product.shape[0], self.rows * other.rows, self.cols * other.cols)
        return FloatMatrix.of(product.value.reshape(flat), product.error.reshape(flat))

    def trace(self) -> FloatScalar:
        """The sums of the diagonals, (B,); ``ValueError`` when not square."""
        if self.rows != self.cols:
            raise ValueError(f"{self!r} has no trace: it is not square")
        places = np.arange(self.rows)
        return self._numbers[:, places, places].sum(1)

    def inner(self, other: "FloatMatrix") -> FloatScalar:
        """The Frobenius inner products tr(XᵀY), (B,).

        >>> FloatMatrix.of([[1.0, 2.0]]).inner(FloatMatrix.of([[3.0, 4.0]])).value
        array([11.])
        """
        self._same_shape(other, "multiply entrywise")
        x, y, terms = self._numbers, other._numbers, self.rows * self.cols
        if max(self.batch, other.batch) < LANES:
            return (x * y).sum((1, 2))
        value = quietly(np.einsum, "bij,bij->b", x.value, y.value)

        def bound() -> Array:
            # |⟨X, Y⟩| ≤ ‖X‖‖Y‖, of the absolute values as well.
            return _product_spread(x, y, terms, terms + 8)[:, 0, 0]

        return FloatScalar(value, bound, (x, y))

    def hadamard(self, other: "FloatMatrix") -> "FloatMatrix":
        """The products entry by entry.

        >>> FloatMatrix.of([[1.0, 2.0]]).hadamard(FloatMatrix.of([[3.0, 4.0]])).value
        array([[[3., 8.]]])
        """
        self._same_shape(other, "multiply entrywise")
        return FloatMatrix(self._numbers * other._numbers)

    def _same_shape(self, other: "FloatMatrix", verb: str) -> None:
        if self.shape != other.shape:
            raise ValueError(f"cannot {verb} {self!r} and {other!r}")


@lru_cache(maxsize=256)
def _zeros(rows: int, cols: int) -> FloatMatrix:
    return FloatMatrix.of(np.zeros((1, rows, cols)))


@lru_cache(maxsize=256)
def _identity(size: int) -> FloatMatrix:
    return FloatMatrix.of(np.eye(size)[None])


def _product_spread(x: FloatScalar, y: FloatScalar, terms: int, roundings: int) -> Array:
    """A bound on the norm of the errors of a product, whose entries have so many terms."""
    error = gamma(terms) * x.size * y.size + x.size * y.spread
    return widened(error + x.spread * (y.size + y.spread), roundings)


def _product(left: Array, right: Array) -> Array:
    """The matrix products of two batches; of large ones all at once, entry by entry.

    Either way an entry is a sum of products in some order, to which one bound applies.
    """
    if max(left.shape[0], right.shape[0]) < LANES or left.shape[2] > MOST_TERMS:
        product: Array = left @ right
        return product
    lanes: Array = np.einsum("bik,bkj->ijb", left, right)
    return np.moveaxis(lanes, -1, 0)


MOST_TERMS = 16
"""Columns up to which matrices are multiplied entry by entry; larger ones fill a core each."""
