"""A matrix over a real number field, held as one rational matrix of blocks.

Entry a is stored as its D×D block ρ(a) (:mod:`proofkit.networks.fields`), so products, rank
and reduced echelon forms are those of python-flint's ``fmpq_mat``: ρ is an injective ring
homomorphism, K^c is Q^{Dc}, and rank over Q is D times the rank over K.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint

from proofkit.networks.fields import RATIONALS, Field, read_algebraic
from proofkit.networks.scalars import ExactNumber, enclose


# Not frozen, which makes one take three times as long to make; nobody changes one.
@dataclass(eq=False, slots=True)
class FieldMatrix:
    """A rows × cols matrix over ``field``; ``blocks`` is the (D·rows)×(D·cols) ``fmpq_mat``."""

    field: Field
    rows: int
    cols: int
    blocks: Any

    def _same(self, rows: int, cols: int, blocks: Any) -> "FieldMatrix":
        made = FieldMatrix(self.field, rows, cols, blocks)
        return made if self.field is RATIONALS else lowered(made)

    def coordinates(self, row: int, col: int) -> list[Any]:
        """The coordinates of one entry: the first column of its block, since ρ(a)·1 = a."""
        d = self.field.degree
        return [self.blocks[d * row + k, d * col] for k in range(d)]

    def entries(self) -> list[list[ExactNumber]]:
        """The entries as exact numbers, row by row."""
        number = self.field.number
        if self.field.degree == 1:
            flat = [Fraction(int(c.p), int(c.q)) for c in self.blocks.entries()]
            return [flat[i * self.cols : (i + 1) * self.cols] for i in range(self.rows)]
        return [
            [number(self.coordinates(i, j)) for j in range(self.cols)] for i in range(self.rows)
        ]

    def add(self, other: "FieldMatrix") -> "FieldMatrix":
        """The sum; both over the same field."""
        return self._same(self.rows, self.cols, self.blocks + other.blocks)

    def subtract(self, other: "FieldMatrix") -> "FieldMatrix":
        """The difference; both over the same field."""
        return self._same(self.rows, self.cols, self.blocks - other.blocks)

    def negate(self) -> "FieldMatrix":
        """The opposite matrix."""
        return self._same(self.rows, self.cols, self.blocks * -1)

    def multiply(self, other: "FieldMatrix") -> "FieldMatrix":
        """The matrix product; both over the same field."""
        return self._same(self.rows, other.cols, self.blocks * other.blocks)

    def hadamard(self, other: "FieldMatrix") -> "FieldMatrix":
        """The product entry by entry; both over the same field."""
        if self.field.degree == 1:
            pairs = zip(self.blocks.entries(), other.blocks.entries(), strict=True)
            return rational_matrix(self.rows, self.cols, [a * b for a, b in pairs])
        grid = [
            [self._block(i, j) * other._block(i, j) for j in range(self.cols)]
            for i in range(self.rows)
        ]
        return self._same(
            self.rows, self.cols, assemble(self.rows, self.cols, grid, self.field.degree)
        )

    def inner(self, other: "FieldMatrix") -> ExactNumber:
        """The sum of the products entry by entry; both over the same field."""
        if self.field.degree == 1:
            pairs = zip(self.blocks.entries(), other.blocks.entries(), strict=True)
            return self.field.number([sum((a * b for a, b in pairs), flint.fmpq(0))])
        product = self.hadamard(other)
        return product._sum((i, j) for i in range(self.rows) for j in range(self.cols))

    def scale(self, factor: "FieldMatrix") -> "FieldMatrix":
        """The product with the one entry of the 1×1 matrix ``factor``."""
        if self.field.degree == 1:
            return self._same(self.rows, self.cols, self.blocks * factor.blocks[0, 0])
        diagonal = assemble(
            self.rows,
            self.rows,
            [
                [factor.blocks if i == j else None for j in range(self.rows)]
                for i in range(self.rows)
            ],
            self.field.degree,
        )
        return self._same(self.rows, self.cols, diagonal * self.blocks)

    def scale_by_rational(self, factor: Fraction) -> "FieldMatrix":
        """The product with a rational number."""
        rational = flint.fmpq(factor.numerator, factor.denominator)
        return self._same(self.rows, self.cols, self.blocks * rational)

    def transpose(self) -> "FieldMatrix":
        """The transpose: blocks change places, but each stays as it is."""
        if self.field.degree == 1:
            return FieldMatrix(self.field, self.cols, self.rows, self.blocks.transpose())
        return self.pick(
            self.cols, self.rows, [[(i, j) for i in range(self.rows)] for j in range(self.cols)]
        )

    def pick(
        self, rows: int, cols: int, places: Sequence[Sequence[tuple[int, int]]]
    ) -> "FieldMatrix":
        """The rows × cols matrix whose entries stand at these places of this matrix."""
        grid = [[self._block(i, j) for i, j in line] for line in places]
        return self._same(rows, cols, assemble(rows, cols, grid, self.field.degree))

    def _block(self, row: int, col: int) -> Any:
        d = self.field.degree
        return flint.fmpq_mat(
            d, d, [self.blocks[d * row + k, d * col + m] for k in range(d) for m in range(d)]
        )

    def rank(self) -> int:
        """The rank over the field."""
        return int(self.blocks.rank()) // self.field.degree

    def reduce(self) -> tuple["FieldMatrix", tuple[int, ...]]:
        """The reduced row echelon form and its pivot columns.

        ρ of the form over K is the form over Q: its leading 1s are identity blocks.
        """
        reduced, rank = self.blocks.rref()
        d = self.field.degree
        pivots: list[int] = []
        for i in range(rank // d):
            col = pivots[-1] + 1 if pivots else 0
            while reduced[d * i, d * col] == 0:
                col += 1
            pivots.append(col)
        return self._same(self.rows, self.cols, reduced), tuple(pivots)

    def inverse(self) -> "FieldMatrix":
        """The inverse of a square matrix; ``ZeroDivisionError`` when it is singular."""
        return self._same(self.rows, self.cols, self.blocks.inv())

    def trace(self) -> ExactNumber:
        """The sum of the diagonal."""
        return self._sum((i, i) for i in range(min(self.rows, self.cols)))

    def _sum(self, places: Any) -> ExactNumber:
        total = [flint.fmpq(0)] * self.field.degree
        for i, j in places:
            total = [a + b for a, b in zip(total, self.coordinates(i, j), strict=True)]
        return self.field.number(total)

    def is_zero(self) -> bool:
        """Whether every entry is 0."""
        return bool(self.blocks == flint.fmpq_mat(self.blocks.nrows(), self.blocks.ncols()))

    def characteristic(self) -> list[Any] | None:
        """Coefficients of the characteristic polynomial, constant first, if all are rational."""
        if self.field.degree > 1:
            return None
        return list(self.blocks.charpoly().coeffs())

    def enclosure(self, bits: int) -> Any:
        """An ``arb_mat`` that certainly contains the matrix."""
        if self.field.degree == 1:
            with flint.ctx.workprec(bits):
                return flint.arb_mat(self.blocks)
        values = [enclose(x, bits) for line in self.entries() for x in line]
        return flint.arb_mat(self.rows, self.cols, values)

    def primitive(self) -> "FieldMatrix":
        """The rational multiple whose coordinates are integers without a common factor.

        The first coordinate that is not 0 becomes positive. The zero matrix stays.
        """
        all_coordinates = [
            c
            for i in range(self.rows)
            for j in range(self.cols)
            for c in self.coordinates(i, j)
            if c != 0
        ]
        if not all_coordinates:
            return self
        divisor, multiple = flint.fmpz(0), flint.fmpz(1)
        for c in all_coordinates:
            divisor, multiple = divisor.gcd(c.p), multiple.lcm(c.q)
        factor = flint.fmpq(multiple, divisor) * (1 if all_coordinates[0] > 0 else -1)
        return self._same(self.rows, self.cols, self.blocks * factor)

    def key(self) -> Any:
        """Something hashable that equal rational matrices share."""
        if self.field.degree > 1:
            return None
        return tuple((int(x.p), int(x.q)) for x in self.blocks.entries())


def assemble(rows: int, cols: int, grid: Sequence[Sequence[Any]], degree: int) -> Any:
    """The ``fmpq_mat`` of a grid of degree × degree blocks; ``None`` stands for a zero block."""
    blocks = flint.fmpq_mat(degree * rows, degree * cols)
    for i, line in enumerate(grid):
        for j, block in enumerate(line):
            if block is not None:
                for k in range(degree):
                    for m in range(degree):
                        blocks[degree * i + k, degree * j + m] = block[k, m]
    return blocks


def lowered(matrix: FieldMatrix) -> FieldMatrix:
    """The same matrix, over Q when all its entries are rational."""
    d = matrix.field.degree
    if d == 1 or any(
        matrix.blocks[d * i + k, d * j] != 0
        for i in range(matrix.rows)
        for j in range(matrix.cols)
        for k in range(1, d)
    ):
        return matrix
    values = [matrix.blocks[d * i, d * j] for i in range(matrix.rows) for j in range(matrix.cols)]
    return rational_matrix(matrix.rows, matrix.cols, values)


def rational_matrix(rows: int, cols: int, values: Sequence[Any]) -> FieldMatrix:
    """A matrix over Q from its entries, row by row, as ``fmpq``.

    >>> rational_matrix(1, 2, [flint.fmpq(1, 2), flint.fmpq(3)]).entries()
    [[Fraction(1, 2), Fraction(3, 1)]]
    """
    return FieldMatrix(RATIONALS, rows, cols, flint.fmpq_mat(rows, cols, list(values)))


def read_field_matrix(rows: int, cols: int, values: Sequence[Any]) -> FieldMatrix | None:
    """The matrix of these SymPy constants over the field they generate, if there is one.

    >>> import sympy
    >>> read_field_matrix(1, 1, [sympy.sqrt(5)]).field.degree
    2
    >>> read_field_matrix(1, 1, [sympy.log(2)]) is None
    True
    """
    algebraic = read_algebraic(tuple(values))
    if algebraic is None:
        return None
    field, coordinates = algebraic
    return _from_coordinates(field, rows, cols, coordinates)


def _from_coordinates(
    field: Field, rows: int, cols: int, coordinates: Sequence[list[Any]]
) -> FieldMatrix:
    blocks = [field.block(c) for c in coordinates]
    grid = [blocks[i * cols : (i + 1) * cols] for i in range(rows)]
    return lowered(FieldMatrix(field, rows, cols, assemble(rows, cols, grid, field.degree)))


def over_one_field(left: FieldMatrix, right: FieldMatrix) -> tuple[FieldMatrix, FieldMatrix] | None:
    """Both matrices over a field that contains both of theirs; ``None`` if it is too large.

    >>> import sympy
    >>> a, b = (read_field_matrix(1, 1, [sympy.sqrt(n)]) for n in (2, 3))
    >>> over_one_field(a, b)[0].field.degree
    4
    """
    if left.field is right.field or left.field == right.field:
        return left, right
    algebraic = _common_field(left.field.generator, right.field.generator)
    if algebraic is None:
        return None
    field, (in_left, in_right) = algebraic
    return _embedded(left, field, in_left), _embedded(right, field, in_right)


@lru_cache(maxsize=1024)
def _common_field(left: Any, right: Any) -> Any:
    return read_algebraic((left, right))


def _embedded(matrix: FieldMatrix, field: Field, generator: list[Any]) -> FieldMatrix:
    """The matrix over the larger field, in which its generator has these coordinates."""
    image, power = [], field.block([flint.fmpq(1)] + [flint.fmpq(0)] * (field.degree - 1))
    step = field.block(generator)
    for _ in range(matrix.field.degree):
        image.append(power)
        power = power * step
    grid = []
    for i in range(matrix.rows):
        line = []
        for j in range(matrix.cols):
            block = flint.fmpq_mat(field.degree, field.degree)
            for c, p in zip(matrix.coordinates(i, j), image, strict=True):
                block += p * c
            line.append(block)
        grid.append(line)
    blocks = assemble(matrix.rows, matrix.cols, grid, field.degree)
    # Not lowered: the caller needs both matrices over this field.
    return FieldMatrix(field, matrix.rows, matrix.cols, blocks)
