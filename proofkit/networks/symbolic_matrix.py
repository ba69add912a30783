"""A matrix of transcendental constants is reduced with pivots that are certified nonzero.

Entries are ``Fraction`` or SymPy constants. Elimination asks of each candidate pivot whether it
is 0 (:func:`proofkit.networks.scalars.sign`); it divides only by constants proved nonzero and
drops only entries proved zero, and otherwise raises ``Undecidable``. So no wrong answer comes
out of a wrong zero test.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint
import sympy

from proofkit.networks.scalars import (
    ExactNumber,
    Undecidable,
    enclose,
    exact,
    is_zero,
)

# Cancelling in several unrelated constants is a multivariate gcd: quick only when small. It makes
# results readable and never decides anything.
MAX_OPERATIONS_TO_CANCEL = 60

Entries = tuple[tuple[ExactNumber, ...], ...]


@dataclass(frozen=True, eq=False)
class SymbolicMatrix:
    """A rows × cols matrix held entry by entry."""

    rows: int
    cols: int
    table: Entries

    def entries(self) -> list[list[ExactNumber]]:
        """The entries, row by row."""
        return [list(line) for line in self.table]

    def add(self, other: "SymbolicMatrix") -> "SymbolicMatrix":
        """The sum."""
        return SymbolicMatrix(
            self.rows,
            self.cols,
            tuple(
                tuple(exact(a + b) for a, b in zip(left, right, strict=True))
                for left, right in zip(self.table, other.table, strict=True)
            ),
        )

    def subtract(self, other: "SymbolicMatrix") -> "SymbolicMatrix":
        """The difference."""
        return self.add(other.negate())

    def hadamard(self, other: "SymbolicMatrix") -> "SymbolicMatrix":
        """The product entry by entry."""
        return SymbolicMatrix(
            self.rows,
            self.cols,
            tuple(
                tuple(exact(a * b) for a, b in zip(left, right, strict=True))
                for left, right in zip(self.table, other.table, strict=True)
            ),
        )

    def negate(self) -> "SymbolicMatrix":
        """The opposite matrix."""
        return self.scale(Fraction(-1))

    def multiply(self, other: "SymbolicMatrix") -> "SymbolicMatrix":
        """The matrix product."""
        columns = other.transpose().table
        return SymbolicMatrix(
            self.rows,
            other.cols,
            tuple(tuple(_dot(line, column) for column in columns) for line in self.table),
        )

    def scale(self, factor: ExactNumber) -> "SymbolicMatrix":
        """The product with a number."""
        return SymbolicMatrix(
            self.rows, self.cols, tuple(tuple(exact(factor * x) for x in r) for r in self.table)
        )

    def transpose(self) -> "SymbolicMatrix":
        """The transpose."""
        table = tuple(tuple(line[j] for line in self.table) for j in range(self.cols))
        return SymbolicMatrix(self.cols, self.rows, table)

    def rank(self) -> int:
        """The rank. Balls settle full rank; anything less needs proofs that entries vanish."""
        full = min(self.rows, self.cols)
        if any(_certified_rank(self, bits) == full for bits in (64, 256)):
            return full
        return len(self.reduce()[1])

    def reduce(self) -> tuple["SymbolicMatrix", tuple[int, ...]]:
        """The reduced row echelon form and its pivot columns, by Gauss–Jordan elimination."""
        return self._echelon

    @cached_property
    def _echelon(self) -> tuple["SymbolicMatrix", tuple[int, ...]]:
        table = [list(line) for line in self.table]
        pivots: list[int] = []
        for col in range(self.cols):
            top = len(pivots)
            row = next((i for i in range(top, self.rows) if not is_zero(table[i][col])), None)
            if row is None:
                continue
            table[top], table[row] = table[row], table[top]
            pivot = table[top][col]
            for i in range(self.rows):
                factor = table[i][col]
                if i != top and factor != 0:
                    # Cross-multiplied: entries stay free of quotients, which rewrite badly.
                    table[i] = [
                        exact(pivot * x - factor * y)
                        for x, y in zip(table[i], table[top], strict=True)
                    ]
                    # Proved, whatever form the expression has.
                    table[i][col] = Fraction(0)
            pivots.append(col)
        for i, col in enumerate(pivots):
            pivot = table[i][col]
            table[i] = [_quotient(x, pivot) for x in table[i]]
            table[i][col] = Fraction(1)
        for i in range(len(pivots), self.rows):
            table[i] = [Fraction(0)] * self.cols
        return SymbolicMatrix(self.rows, self.cols, tuple(map(tuple, table))), tuple(pivots)

    def inverse(self) -> "SymbolicMatrix":
        """The inverse of a square matrix; ``ZeroDivisionError`` when it is singular."""
        n = self.rows
        augmented = tuple(
            (*line, *(Fraction(int(i == j)) for j in range(n))) for i, line in enumerate(self.table)
        )
        reduced, pivots = SymbolicMatrix(n, 2 * n, augmented).reduce()
        if pivots[:n] != tuple(range(n)):
            raise ZeroDivisionError("matrix is singular")
        return SymbolicMatrix(n, n, tuple(line[n:] for line in reduced.table))

    def trace(self) -> ExactNumber:
        """The sum of the diagonal."""
        return exact(sum((self.table[i][i] for i in range(self.rows)), Fraction(0)))

    def is_zero(self) -> bool:
        """Whether every entry is 0; one entry proved nonzero is enough for False."""
        undecided: Undecidable | None = None
        for line in self.table:
            for x in line:
                try:
                    if not is_zero(x):
                        return False
                except Undecidable as error:
                    undecided = error
        if undecided is not None:
            raise undecided
        return True

    def enclosure(self, bits: int) -> Any:
        """An ``arb_mat`` that certainly contains the matrix."""
        return flint.arb_mat(
            self.rows, self.cols, [enclose(x, bits) for line in self.table for x in line]
        )


def _dot(left: tuple[ExactNumber, ...], right: tuple[ExactNumber, ...]) -> ExactNumber:
    return exact(sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0)))


def _quotient(x: ExactNumber, divisor: ExactNumber) -> ExactNumber:
    """The quotient, without common factors where they are cheap to find."""
    quotient = exact(x / divisor)
    if isinstance(quotient, Fraction) or quotient.count_ops() > MAX_OPERATIONS_TO_CANCEL:
        return quotient
    return exact(sympy.cancel(quotient))


def _certified_rank(matrix: SymbolicMatrix, bits: int) -> int:
    """A lower bound of the rank: pivots whose balls do not contain 0."""
    with flint.ctx.workprec(bits):
        balls = [list(line) for line in matrix.enclosure(bits).tolist()]
        rank, columns = 0, list(range(matrix.cols))
        while rank < matrix.rows and columns:
            # abs_lower is 0 exactly when the ball contains 0.
            best, row, col = max(
                (balls[i][j].abs_lower(), -i, -j) for i in range(rank, matrix.rows) for j in columns
            )
            if not best > 0:
                break
            row, col = -row, -col
            balls[rank], balls[row] = balls[row], balls[rank]
            pivot = balls[rank]
            for i in range(rank + 1, matrix.rows):
                factor = balls[i][col] / pivot[col]
                balls[i] = [x - factor * y for x, y in zip(balls[i], pivot, strict=True)]
            columns.remove(col)
            rank += 1
    return rank
