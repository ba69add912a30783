"""Matrices whose entries are polynomials in t, and proofs that a polynomial is negative near 0."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber, exact, is_zero, sign

__all__ = [
    "MatrixPolynomial",
    "at",
    "negative_interval",
    "negative_on",
    "order",
    "trimmed",
]

Polynomial = Sequence[ExactNumber]
"""Coefficients, constant first."""


class MatrixPolynomial:
    """Σ C_p t^p with exact matrices C_p of one shape, constant first.

    >>> X = MatrixPolynomial([ExactMatrix.of([[1]]), ExactMatrix.of([[1]])])
    >>> (X @ X).coefficients
    (ExactMatrix([[1]]), ExactMatrix([[2]]), ExactMatrix([[1]]))
    """

    def __init__(self, coefficients: Sequence[ExactMatrix]) -> None:
        kept = list(coefficients)
        while len(kept) > 1 and kept[-1].is_zero():
            kept.pop()
        self.coefficients = tuple(kept)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.coefficients[0].shape

    @property
    def degree(self) -> int:
        """The highest power that occurs, 0 for a constant."""
        return len(self.coefficients) - 1

    def __add__(self, other: MatrixPolynomial) -> MatrixPolynomial:
        size = max(len(self.coefficients), len(other.coefficients))
        zero = ExactMatrix.zeros(*self.shape)
        mine = list(self.coefficients) + [zero] * (size - len(self.coefficients))
        theirs = list(other.coefficients) + [zero] * (size - len(other.coefficients))
        return MatrixPolynomial([a + b for a, b in zip(mine, theirs, strict=True)])

    def __matmul__(self, other: MatrixPolynomial) -> MatrixPolynomial:
        zero = ExactMatrix.zeros(self.shape[0], other.shape[1])
        result = [zero] * (self.degree + other.degree + 1)
        for i, a in enumerate(self.coefficients):
            if i and a.is_zero():
                continue
            for j, b in enumerate(other.coefficients):
                result[i + j] = result[i + j] + a @ b
        return MatrixPolynomial(result)

    @property
    def T(self) -> MatrixPolynomial:
        """The transpose."""
        return MatrixPolynomial([c.T for c in self.coefficients])

    def shifted(self, power: int) -> MatrixPolynomial:
        """The product with t^power."""
        zero = ExactMatrix.zeros(*self.shape)
        return MatrixPolynomial([zero] * power + list(self.coefficients))

    def __call__(self, t: Fraction) -> ExactMatrix:
        """The matrix at t, by Horner's rule."""
        result = self.coefficients[-1]
        for c in reversed(self.coefficients[:-1]):
            result = t * result + c
        return result

    def entry(self, row: int, col: int) -> list[ExactNumber]:
        """One entry's coefficients, constant first."""
        return [c.entry(row, col) for c in self.coefficients]


def trimmed(polynomial: Polynomial) -> list[ExactNumber]:
    """Without leading zeros.

    >>> trimmed([Fraction(1), Fraction(0)])
    [Fraction(1, 1)]
    """
    kept = [exact(c) for c in polynomial]
    while kept and is_zero(kept[-1]):
        kept.pop()
    return kept


def order(polynomial: Polynomial) -> int | None:
    """The least power with a nonzero coefficient, ``None`` for the zero polynomial.

    >>> order([Fraction(0), Fraction(0), Fraction(5)])
    2
    """
    return next((i for i, c in enumerate(polynomial) if not is_zero(c)), None)


def at(polynomial: Polynomial, t: Fraction) -> ExactNumber:
    """The value at t.

    >>> at([Fraction(1), Fraction(2)], Fraction(3))
    Fraction(7, 1)
    """
    total: Any = Fraction(0)
    for c in reversed(polynomial):
        total = total * t + c
    return exact(total)


def negative_on(polynomial: Polynomial, end: Fraction) -> bool:
    """Whether p(t) < 0 for all 0 < t ≤ end is proved by Bernstein coefficients.

    With p = t^r·q and q of degree n: q(end·x) = Σ b_i·C(n,i)·x^i(1−x)^{n−i} with
    b_i = Σ_{j≤i} C(i,j)/C(n,j)·q_j·end^j, and the basis is nonnegative with sum 1 on [0, 1]; so q
    is negative there when all b_i are. Source: R. Farouki, "The Bernstein polynomial basis: a
    centennial retrospective", CAGD 29(6), 2012, §3. A ``False`` says nothing about p; but for an
    end small enough the answer is ``True`` whenever the first coefficient of q is negative.

    >>> p = [Fraction(0), Fraction(0), Fraction(-1), Fraction(1)]
    >>> negative_on(p, Fraction(1, 2)), negative_on(p, Fraction(2))
    (True, False)
    """
    coefficients = trimmed(polynomial)
    start = order(coefficients)
    if start is None:
        return False
    q = coefficients[start:]
    n = len(q) - 1
    scaled = [c * end**j for j, c in enumerate(q)]
    for i in range(n + 1):
        b: Any = sum(
            (Fraction(comb(i, j), comb(n, j)) * scaled[j] for j in range(i + 1)), Fraction(0)
        )
        if sign(b) >= 0:
            return False
    return True


def negative_interval(polynomial: Polynomial, halvings: int = 40) -> Fraction | None:
    """The first of 1, 1/2, 1/4, … up to which p is proved negative; ``None`` if there is none.

    >>> negative_interval([Fraction(0), Fraction(0), Fraction(-1), Fraction(0), Fraction(1)])
    Fraction(1, 2)
    """
    coefficients = trimmed(polynomial)
    start = order(coefficients)
    if start is None or sign(coefficients[start]) >= 0:
        return None
    end = Fraction(1)
    for _ in range(halvings):
        if negative_on(coefficients, end):
            return end
        end /= 2
    return None
