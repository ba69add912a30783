"""An exact real matrix: every answer it gives is proved, or ``Undecidable`` is raised.

Rational and algebraic entries live in one number field on python-flint; matrices with other
constants (log(2), exp(-2)) are handled in certified balls. Which of the two is chosen by the
entries.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from math import isfinite
from typing import Any

import flint
import numpy as np
import sympy

from proofkit.networks.error_bounds import nearest_float
from proofkit.networks.field_matrix import (
    FieldMatrix,
    over_one_field,
    rational_matrix,
    read_field_matrix,
)
from proofkit.networks.fields import RATIONALS
from proofkit.networks.scalars import MAX_BITS, ExactNumber, Number, Undecidable, exact
from proofkit.networks.symbolic_matrix import SymbolicMatrix

Body = FieldMatrix | SymbolicMatrix


class ExactMatrix:
    """An immutable rows × cols matrix of exact real numbers; either size may be 0.

    Supports ``+ - @``, unary ``-``, ``number * X``, ``X * number``, ``==`` and ``hash``.
    Operations on shapes that do not fit raise ``ValueError``. Operations that hang on a constant
    nobody can tell from 0 raise :class:`~proofkit.networks.scalars.Undecidable`; with rational
    or algebraic entries that never happens.

    >>> X = ExactMatrix.of([[1, 2], [2, 4]])
    >>> X.rank(), X @ X.null_vector() == ExactMatrix.zeros(2, 1)
    (1, True)
    >>> (X - 5 * ExactMatrix.identity(2)).rank()
    1
    """

    def __init__(self, body: Body) -> None:
        self._body = body

    @classmethod
    def of(
        cls, rows: Sequence[Sequence[Number]], shape: tuple[int, int] | None = None
    ) -> "ExactMatrix":
        """The matrix with these rows; ``shape`` is needed only when a side is 0.

        A float is taken as the rational number it stores. Raises ``ValueError`` for ragged rows,
        a shape that does not fit, or an entry that is no finite real number.

        >>> ExactMatrix.of([[sympy.sqrt(5) / 8, Fraction(1, 8)]]).entries()
        [[sqrt(5)/8, Fraction(1, 8)]]
        >>> ExactMatrix.of([], shape=(0, 3)).cols
        3
        """
        height, width = shape or (len(rows), len(rows[0]) if rows else 0)
        if len(rows) != height or any(len(line) != width for line in rows):
            raise ValueError(
                f"rows of lengths {[len(line) for line in rows]} do not make "
                f"a {height}×{width} matrix"
            )
        flat = list(chain.from_iterable(rows))
        if flat and all(type(x) is float and isfinite(x) for x in flat):
            # Data of many samples: no fraction is made on the way.
            rationals = [flint.fmpq(*x.as_integer_ratio()) for x in flat]
            return cls(rational_matrix(height, width, rationals))
        return cls._from_values(height, width, [exact(x) for x in flat])

    @classmethod
    def _from_values(cls, rows: int, cols: int, values: list[ExactNumber]) -> "ExactMatrix":
        if all(isinstance(x, Fraction) for x in values):
            rationals = [flint.fmpq(x.numerator, x.denominator) for x in values]
            return cls(rational_matrix(rows, cols, rationals))
        algebraic = read_field_matrix(rows, cols, [sympy.sympify(x) for x in values])
        if algebraic is not None:
            return cls(algebraic)
        table = tuple(tuple(values[i * cols : (i + 1) * cols]) for i in range(rows))
        return cls(SymbolicMatrix(rows, cols, table))

    @classmethod
    def zeros(cls, rows: int, cols: int) -> "ExactMatrix":
        """The zero matrix; ``ValueError`` for a negative size."""
        if rows < 0 or cols < 0:
            # FLINT would end the process.
            raise ValueError(f"no matrix is {rows}×{cols}")
        return _zeros(rows, cols)

    @classmethod
    def identity(cls, size: int) -> "ExactMatrix":
        """The identity matrix; ``ValueError`` for a negative size."""
        if size < 0:
            raise ValueError(f"no matrix is {size}×{size}")
        return _identity(size)

    @classmethod
    def of_blocks(cls, grid: "Sequence[Sequence[ExactMatrix]]") -> "ExactMatrix":
        """The block matrix of a grid of matrices whose sizes fit.

        >>> one = ExactMatrix.identity(1)
        >>> ExactMatrix.of_blocks([[one, 2 * one]])
        ExactMatrix([[1, 2]])
        """
        tables = [[block.entries() for block in line] for line in grid]
        rows = [list(chain(*parts)) for line in tables for parts in zip(*line, strict=True)]
        return cls.of(rows)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self._body.rows

    @property
    def cols(self) -> int:
        """The number of columns."""
        return self._body.cols

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.rows, self.cols

    def entries(self) -> list[list[ExactNumber]]:
        """The entries, row by row: ``Fraction`` where rational, else SymPy constants."""
        return self._body.entries()

    @cached_property
    def nearest_floats(self) -> tuple[Any, Any]:
        """The floats next to the entries and bounds of the distances, arrays (rows, cols).

        Raises ``ValueError`` when an entry is too large for a float.

        >>> ExactMatrix.of([[0.5, 1]]).nearest_floats[0].tolist()
        [[0.5, 1.0]]
        """
        pairs = [nearest_float(x) for line in self.entries() for x in line]
        table = np.array(pairs, dtype=np.float64).reshape(self.rows, self.cols, 2)
        table.flags.writeable = False
        return table[..., 0], table[..., 1]

    def entry(self, row: int, col: int) -> ExactNumber:
        """One entry, counted from 0."""
        if isinstance(self._body, FieldMatrix):
            return self._body.field.number(self._body.coordinates(row, col))
        return self._body.table[row][col]

    def __repr__(self) -> str:
        lines = ", ".join("[" + ", ".join(map(str, line)) + "]" for line in self.entries())
        shape = f", shape={self.shape}" if 0 in self.shape else ""
        return f"ExactMatrix([{lines}]{shape})"

    def __reduce__(self) -> tuple[Any, ...]:
        # python-flint's matrices do not pickle; worker processes need this.
        return ExactMatrix.of, (self.entries(), self.shape)

    def __add__(self, other: "ExactMatrix") -> "ExactMatrix":
        if not isinstance(other, ExactMatrix):
            return NotImplemented
        if self.shape != other.shape:
            raise ValueError(f"cannot add {_shown(self)} and {_shown(other)}")
        left, right = _alike(self._body, other._body)
        return _settled(left.add(right))

    def __neg__(self) -> "ExactMatrix":
        return ExactMatrix(self._body.negate())

    def __sub__(self, other: "ExactMatrix") -> "ExactMatrix":
        if not isinstance(other, ExactMatrix):
            return NotImplemented
        if self.shape != other.shape:
            raise ValueError(f"cannot subtract {_shown(other)} from {_shown(self)}")
        left, right = _alike(self._body, other._body)
        return _settled(left.subtract(right))

    def __matmul__(self, other: "ExactMatrix") -> "ExactMatrix":
        if not isinstance(other, ExactMatrix):
            return NotImplemented
        if self.cols != other.rows:
            raise ValueError(f"cannot multiply {_shown(self)} by {_shown(other)}")
        left, right = _alike(self._body, other._body)
        return _settled(left.multiply(right))

    def __rmul__(self, factor: Number) -> "ExactMatrix":
        if type(factor) is Fraction and isinstance(self._body, FieldMatrix):
            return ExactMatrix(self._body.scale_by_rational(factor))
        one_by_one = ExactMatrix._from_values(1, 1, [exact(factor)])
        body, scalar = _alike(self._body, one_by_one._body)
        if isinstance(body, SymbolicMatrix):
            return _settled(body.scale(exact(factor)))
        return _settled(body.scale(scalar))

    def __mul__(self, factor: Number) -> "ExactMatrix":
        return self.__rmul__(factor)

    @property
    def T(self) -> "ExactMatrix":
        """The transpose."""
        return ExactMatrix(self._body.transpose())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExactMatrix):
            return NotImplemented
        return self.shape == other.shape and (self - other).is_zero()

    def __hash__(self) -> int:
        # Irrational entries have no canonical form across fields, so only the shape counts.
        key = self._body.key() if isinstance(self._body, FieldMatrix) else None
        return hash((self.shape, key))

    @property
    def arithmetic(self) -> Any:
        """What tells this arithmetic from others."""
        return ExactMatrix

    @staticmethod
    def number(number: ExactNumber) -> ExactNumber:
        """An exact number as this arithmetic writes it; see :mod:`proofkit.networks.matrices`."""
        return number

    @staticmethod
    def converted(matrix: "ExactMatrix") -> "ExactMatrix":
        """An exact matrix in this arithmetic."""
        return matrix

    @staticmethod
    def working() -> AbstractContextManager[None]:
        """The block in which this arithmetic computes."""
        return nullcontext()

    @staticmethod
    def assembled(grid: Sequence[Sequence[Any]]) -> "ExactMatrix":
        """The matrix with these scalars as entries."""
        return ExactMatrix.of(grid)

    def map(self, function: Callable[..., Any], *others: "ExactMatrix") -> "ExactMatrix":
        """The matrix of f(x_ij, y_ij, …) for this matrix and others of its shape.

        >>> ExactMatrix.of([[2, 3]]).map(lambda x: x * x)
        ExactMatrix([[4, 9]])
        """
        tables = [m.entries() for m in (self, *others)]
        lines = [zip(*parts, strict=True) for parts in zip(*tables, strict=True)]
        return ExactMatrix.of([[function(*x) for x in cells] for cells in lines], shape=self.shape)

    def total(self) -> ExactNumber:
        """The sum of all entries.

        >>> ExactMatrix.of([[1, 2], [3, 4]]).total()
        Fraction(10, 1)
        """
        return exact(sum((x for line in self.entries() for x in line), Fraction(0)))

    def reshaped(self, rows: int, cols: int) -> "ExactMatrix":
        """The entries, row by row, as the rows of a matrix of another shape."""
        values = [x for line in self.entries() for x in line]
        return ExactMatrix._from_values(rows, cols, values)

    def diagonal(self) -> "ExactMatrix":
        """The diagonal matrix of the entries, row by row.

        >>> ExactMatrix.of([[1], [2]]).diagonal()
        ExactMatrix([[1, 0], [0, 2]])
        """
        values = [x for line in self.entries() for x in line]
        size = len(values)
        table = self.rational_table()
        if table is None:
            zero: ExactNumber = Fraction(0)
            rows = [[x if i == j else zero for j in range(size)] for i, x in enumerate(values)]
            return ExactMatrix.of(rows)
        whole = flint.fmpq_mat(size, size)
        for i, x in enumerate(table.entries()):
            whole[i, i] = x
        return _rational(whole)

    def equals(self, other: "ExactMatrix") -> bool:
        """The same as ``==``; float matrices answer per instance under this name."""
        return self == other

    def is_zero(self) -> bool:
        """Whether every entry is 0.

        >>> ExactMatrix.of([[sympy.log(4) - 2 * sympy.log(2)]]).is_zero()
        True
        """
        return self._body.is_zero()

    def rank(self) -> int:
        """The rank.

        >>> root = sympy.sqrt(5)
        >>> ExactMatrix.of([[1, root], [root, 5]]).rank()
        1
        """
        return self._body.rank()

    @cached_property
    def _echelon(self) -> tuple[Any, tuple[int, ...]]:
        return self._body.reduce()

    def null_vector(self) -> "ExactMatrix | None":
        """A nonzero column w with Xw = 0, or ``None`` when the columns are independent.

        Of the vectors that the free columns of the echelon form give, scaled to integers without
        a common factor where X is rational, the one with the smallest entries.

        >>> ExactMatrix.of([[2, -1, 0]]).null_vector()
        ExactMatrix([[0], [0], [1]])
        """
        reduced, pivots = self._echelon
        best: tuple[Fraction, ExactMatrix] | None = None
        entry = ExactMatrix(reduced).entry
        for free in range(self.cols):
            if free in pivots:
                continue
            values: list[ExactNumber] = [Fraction(int(j == free)) for j in range(self.cols)]
            for i, pivot in enumerate(pivots):
                values[pivot] = exact(-1 * entry(i, free))
            vector = ExactMatrix._from_values(self.cols, 1, values)
            if not isinstance(vector._body, FieldMatrix) or vector._body.field.degree > 1:
                return vector
            vector = ExactMatrix(vector._body.primitive())
            size = max(abs(Fraction(x)) for (x,) in vector.entries())
            if best is None or size < best[0]:
                best = size, vector
        return None if best is None else best[1]

    def inverse(self) -> "ExactMatrix":
        """The inverse; ``ValueError`` when not square, ``ZeroDivisionError`` when singular."""
        if self.rows != self.cols:
            raise ValueError(f"{_shown(self)} has no inverse: it is not square")
        return ExactMatrix(self._body.inverse())

    def left_inverse(self) -> "ExactMatrix | None":
        """Y with YX = I, or ``None`` when rank X < cols.

        The first rows of X that are independent make an invertible matrix; Y is its inverse on
        these rows and 0 elsewhere, which keeps the numbers small.

        >>> ExactMatrix.of([[0, 0], [2, 0], [5, 1]]).left_inverse()
        ExactMatrix([[0, 1/2, 0], [0, -5/2, 1]])
        """
        independent = self.T._echelon[1]
        if len(independent) < self.cols:
            return None
        inverse = self.block(independent, range(self.cols)).inverse()
        spread = ExactMatrix.identity(self.rows).block(independent, range(self.rows))
        return inverse @ spread

    def pseudo_inverse(self) -> "ExactMatrix":
        """The Moore–Penrose inverse, from a full-rank factorisation X = CF.

        X⁺ = Fᵀ(FFᵀ)⁻¹(CᵀC)⁻¹Cᵀ with C the pivot columns and F the nonzero rows of the echelon
        form. Source: G. Golub and C. Van Loan, *Matrix Computations*, 4th ed., 5.5.2;
        A. Ben-Israel and T. Greville, *Generalized Inverses*, 2nd ed., 1.6.

        >>> ExactMatrix.of([[2, 0], [0, 0]]).pseudo_inverse()
        ExactMatrix([[1/2, 0], [0, 0]])
        """
        reduced, pivots = self._echelon
        if not pivots:
            return ExactMatrix.zeros(self.cols, self.rows)
        nonzero = ExactMatrix(reduced).block(range(len(pivots)), range(self.cols))
        columns = self.block(range(self.rows), pivots)
        right = nonzero.T @ (nonzero @ nonzero.T).inverse()
        return right @ (columns.T @ columns).inverse() @ columns.T

    def block(self, rows: Sequence[int], cols: Sequence[int]) -> "ExactMatrix":
        """The submatrix on these rows and columns, counted from 0.

        >>> ExactMatrix.identity(3).block([1], range(3))
        ExactMatrix([[0, 1, 0]])
        """
        if isinstance(self._body, FieldMatrix):
            places = [[(i, j) for j in cols] for i in rows]
            return ExactMatrix(self._body.pick(len(rows), len(cols), places))
        return ExactMatrix._from_values(
            len(rows), len(cols), [self._body.table[i][j] for i in rows for j in cols]
        )

    def kron(self, other: "ExactMatrix") -> "ExactMatrix":
        """The Kronecker product: blocks x_ij · other.

        >>> ExactMatrix.of([[1, 2]]).kron(ExactMatrix.identity(2)).shape
        (2, 4)
        """
        tables = self.rational_table(), other.rational_table()
        if tables[0] is not None and tables[1] is not None:
            rows, cols = other.shape
            right = [(*divmod(n, cols), y) for n, y in enumerate(tables[1].entries()) if y != 0]
            whole = flint.fmpq_mat(self.rows * rows, self.cols * cols)
            for n, x in enumerate(tables[0].entries()):
                if x != 0:
                    i, j = divmod(n, self.cols)
                    for k, m, y in right:
                        whole[i * rows + k, j * cols + m] = x * y
            return _rational(whole)
        left, right_rows = self.entries(), other.entries()
        values = [exact(x * y) for line in left for row in right_rows for x in line for y in row]
        return ExactMatrix._from_values(self.rows * other.rows, self.cols * other.cols, values)

    def trace(self) -> ExactNumber:
        """The sum of the diagonal; ``ValueError`` when not square."""
        if self.rows != self.cols:
            raise ValueError(f"{_shown(self)} has no trace: it is not square")
        return self._body.trace()

    def inner(self, other: "ExactMatrix") -> ExactNumber:
        """The Frobenius inner product tr(XᵀY) of two matrices of the same shape.

        >>> ExactMatrix.of([[1, 2]]).inner(ExactMatrix.of([[3, 4]]))
        Fraction(11, 1)
        """
        if self.shape != other.shape:
            raise ValueError(f"no inner product of {_shown(self)} and {_shown(other)}")
        left, right = _alike(self._body, other._body)
        if isinstance(left, FieldMatrix):
            return left.inner(right)
        return (self.T @ other).trace()

    def hadamard(self, other: "ExactMatrix") -> "ExactMatrix":
        """The product entry by entry.

        >>> ExactMatrix.of([[1, 2]]).hadamard(ExactMatrix.of([[3, 4]]))
        ExactMatrix([[3, 8]])
        """
        if self.shape != other.shape:
            raise ValueError(f"cannot multiply {_shown(self)} and {_shown(other)} entrywise")
        left, right = _alike(self._body, other._body)
        return _settled(left.hadamard(right))

    def rational_table(self) -> Any | None:
        """The entries as an ``fmpq_mat`` of the caller's own; ``None`` if one is irrational.

        >>> ExactMatrix.of([[1, Fraction(1, 2)]]).rational_table()
        [1, 1/2]
        """
        if isinstance(self._body, FieldMatrix):
            return flint.fmpq_mat(self._body.blocks) if self._body.field.degree == 1 else None
        values = [x for line in self.entries() for x in line]
        if not all(isinstance(x, Fraction) for x in values):
            return None
        return flint.fmpq_mat(
            self.rows, self.cols, [flint.fmpq(x.numerator, x.denominator) for x in values]
        )

    def inertia(self) -> tuple[int, int, int]:
        """How many eigenvalues are positive, zero, negative; X must be symmetric.

        A real symmetric matrix has real eigenvalues only, and for a polynomial with real roots
        Descartes' rule is exact: its positive roots are as many as the sign changes of its
        coefficients. Source: R. Horn and C. Johnson, *Matrix Analysis*, 2nd ed., 4.5;
        S. Basu, R. Pollack and M.-F. Roy, *Algorithms in Real Algebraic Geometry*, 2nd ed.,
        Theorem 2.33 and Proposition 8.14.

        >>> ExactMatrix.of([[1, 2], [2, 1]]).inertia()
        (1, 0, 1)
        """
        if self != self.T:
            raise ValueError("inertia is defined for symmetric matrices only")
        zero = self.rows - self.rank()
        signs = self._characteristic_signs(zero)
        nonzero = [s for s in signs if s]
        positive = sum(a != b for a, b in pairwise(nonzero))
        return positive, zero, self.rows - zero - positive

    def _characteristic_signs(self, zero: int) -> list[int]:
        """Signs of the characteristic coefficients of degrees ``zero`` … n, constant first."""
        if isinstance(self._body, FieldMatrix):
            rational = self._body.characteristic()
            if rational is not None:
                return [(c > 0) - (c < 0) for c in rational[zero:]]
        bits = 64
        while bits <= MAX_BITS:
            with flint.ctx.workprec(bits):
                balls = self._body.enclosure(bits).charpoly().coeffs()[zero:]
            signs = [1 if c > 0 else -1 if c < 0 else 0 for c in balls]
            if _changes_are_settled(signs):
                return signs
            bits *= 2
        raise Undecidable(f"the signs of the eigenvalues of {self} need more than {MAX_BITS} bits")


@lru_cache(maxsize=256)
def _zeros(rows: int, cols: int) -> ExactMatrix:
    return ExactMatrix(rational_matrix(rows, cols, [flint.fmpq(0)] * (rows * cols)))


@lru_cache(maxsize=64)
def _identity(size: int) -> ExactMatrix:
    ones = [flint.fmpq(int(i == j)) for i in range(size) for j in range(size)]
    return ExactMatrix(rational_matrix(size, size, ones))


def _shown(matrix: ExactMatrix) -> str:
    return f"a {matrix.rows}×{matrix.cols} matrix"


def _changes_are_settled(signs: Sequence[int]) -> bool:
    """Whether unknown signs (0) leave no doubt how often the coefficients change sign.

    Between two coefficients of opposite sign there is one change whatever stands there. Between
    two of equal sign a coefficient of a real-rooted polynomial cannot vanish (Newton's
    inequalities), so more precision will tell its sign.

    >>> [_changes_are_settled(s) for s in ([-1, 0, 1], [1, 0, 1], [0, -1, 1], [1])]
    [True, False, False, True]
    """
    around = zip(signs, signs[1:], signs[2:], strict=False)
    return signs[0] != 0 and all(s or before * after == -1 for before, s, after in around)


def _alike(left: Body, right: Body) -> tuple[Any, Any]:
    """Both matrices in one representation."""
    if isinstance(left, FieldMatrix) and isinstance(right, FieldMatrix):
        shared = over_one_field(left, right)
        if shared is not None:
            return shared
    return _symbolic(left), _symbolic(right)


def _symbolic(body: Body) -> SymbolicMatrix:
    if isinstance(body, SymbolicMatrix):
        return body
    return SymbolicMatrix(body.rows, body.cols, tuple(map(tuple, body.entries())))


def _rational(table: Any) -> ExactMatrix:
    return ExactMatrix(FieldMatrix(RATIONALS, table.nrows(), table.ncols(), table))


def _settled(body: Body) -> ExactMatrix:
    """The matrix, back in a number field where its constants cancelled."""
    if isinstance(body, SymbolicMatrix) and all(
        isinstance(x, Fraction) for line in body.table for x in line
    ):
        values = [x for line in body.table for x in line]
        return ExactMatrix._from_values(body.rows, body.cols, values)
    return ExactMatrix(body)
