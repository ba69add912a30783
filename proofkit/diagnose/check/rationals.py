"""Exact matrices as python-flint's rational matrices and back; balls around exact matrices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.field_matrix import rational_matrix
from proofkit.networks.scalars import ExactNumber, enclose

__all__ = ["balls", "fraction", "is_rational", "rational", "to_exact", "to_flint"]


def rational(x: Fraction) -> Any:
    """The ``fmpq`` of a fraction.

    >>> rational(Fraction(1, 2))
    1/2
    """
    return flint.fmpq(x.numerator, x.denominator)


def fraction(x: Any) -> Fraction:
    """The fraction of an ``fmpq`` or ``fmpz``.

    >>> fraction(flint.fmpq(1, 2))
    Fraction(1, 2)
    """
    y = flint.fmpq(x)
    return Fraction(int(y.p), int(y.q))


def is_rational(*matrices: ExactMatrix) -> bool:
    """Whether all entries of all matrices are rational.

    >>> is_rational(ExactMatrix.identity(2))
    True
    """
    return all(
        isinstance(x, Fraction) for matrix in matrices for line in matrix.entries() for x in line
    )


def to_flint(matrix: ExactMatrix) -> Any | None:
    """The ``fmpq_mat``, or ``None`` when an entry is irrational.

    >>> to_flint(ExactMatrix.identity(1))
    [1]
    """
    return matrix.rational_table()


def to_exact(matrix: Any) -> ExactMatrix:
    """The exact matrix of an ``fmpq_mat``.

    >>> to_exact(flint.fmpq_mat(1, 1, [flint.fmpq(1, 2)]))
    ExactMatrix([[1/2]])
    """
    return ExactMatrix(rational_matrix(matrix.nrows(), matrix.ncols(), matrix.entries()))


def balls(rows: Sequence[Sequence[ExactNumber]], bits: int) -> list[list[Any]]:
    """The balls around the numbers of a table, at this working precision.

    >>> bool(balls([[Fraction(1, 3)]], 64)[0][0] < 0.34)
    True
    """
    result = []
    with flint.ctx.workprec(bits):
        for line in rows:
            result.append(
                [
                    flint.arb(flint.fmpq(x.numerator, x.denominator))
                    if isinstance(x, Fraction)
                    else enclose(x, bits)
                    for x in line
                ]
            )
    return result
