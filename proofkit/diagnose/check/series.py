"""The loss along a polynomial path as a power series, exactly or in balls.

A series is one more kind of number for a loss, and a matrix of series one more kind of matrix.
Every function is composed through its Taylor coefficients, which come from its differential
equation. At t = 0 the arithmetic is exact, so a coefficient that vanishes is seen to vanish; over
a whole interval of t it is that of balls, which encloses the remainder of Taylor's formula

    f(W(t)) = c_0 + c_1 t + … + c_{q−1} t^{q−1} + c_q(ξ) t^q,   0 ≤ ξ ≤ t.

Source: A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, ch. 13; R. Moore,
*Methods and Applications of Interval Analysis*, 1979, ch. 3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from itertools import chain
from math import comb
from typing import Any

import flint

from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.elementwise import Composite, evaluate, power, simplified
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss

__all__ = ["enclosed_series", "exact_series"]


def exact_series(loss: Loss, product: MatrixPolynomial, terms: int) -> list[Any]:
    """c_0, …, c_{terms−1} of f(W(t)) at t = 0.

    >>> from proofkit.networks.expressions import parse_expression
    >>> from proofkit.networks.losses import ExpressionLoss
    >>> loss = ExpressionLoss((1, 1), parse_expression("exp(w11)", (1, 1)))
    >>> path = MatrixPolynomial([ExactMatrix.of([[0]]), ExactMatrix.of([[1]])])
    >>> exact_series(loss, path, 3)
    [Fraction(1, 1), Fraction(1, 1), Fraction(1, 2)]
    """
    rows, cols = product.shape
    zero: Any = Fraction(0)
    tables = [c.entries() for c in product.coefficients[:terms]]
    tables += [[[zero] * cols] * rows] * (terms - len(tables))
    grid = [[[t[r][c] for t in tables] for c in range(cols)] for r in range(rows)]
    return _of(loss, grid, ExactMatrix.zeros(1, 1))


def enclosed_series(
    loss: Loss, product: MatrixPolynomial, end: Fraction, terms: int, bits: int
) -> list[Any]:
    """Balls around c_0(ξ), …, c_{terms−1}(ξ), the coefficients at any 0 ≤ ξ ≤ end."""
    with flint.ctx.workprec(bits):
        half = flint.arb(flint.fmpq(end.numerator, end.denominator)) / 2
        xi = half + flint.arb(0, half.upper())
        rows, cols = product.shape
        tables = [balls(c.entries(), bits) for c in product.coefficients]
        grid = [
            [_shifted([t[r][c] for t in tables], xi, terms) for c in range(cols)]
            for r in range(rows)
        ]
        return _of(loss, grid, BallMatrix.zeros(1, 1))


def _shifted(coefficients: Sequence[Any], xi: Any, terms: int) -> list[Any]:
    """The coefficients of p(ξ + s) in s."""
    result = []
    for j in range(terms):
        total = flint.arb(0)
        for i in reversed(range(j, len(coefficients))):
            total = total * xi + comb(i, j) * coefficients[i]
        result.append(total)
    return result


def _of(loss: Loss, grid: list[list[list[Any]]], prototype: Any) -> list[Any]:
    cells = [[Series(x, prototype) for x in line] for line in grid]
    value: Any = loss.value(SeriesMatrix(cells, prototype))  # type: ignore[arg-type]
    coefficients: list[Any] = (cells[0][0] * 0 + value).coefficients
    return coefficients


class Series(Composite):
    """A truncated power series, its coefficients in the arithmetic of a matrix.

    >>> x = Series([Fraction(0), Fraction(1), Fraction(0)], ExactMatrix.zeros(1, 1))
    >>> (1 + x.evaluated("exp")).coefficients
    [Fraction(2, 1), Fraction(1, 1), Fraction(1, 2)]
    """

    def __init__(self, coefficients: list[Any], prototype: Any) -> None:
        self.coefficients = coefficients
        self.prototype = prototype

    def number(self, value: Any) -> Any:
        """A number as a coefficient."""
        is_exact = isinstance(value, int | Fraction)
        return self.prototype.number(Fraction(value)) if is_exact else value

    def _made(self, coefficients: list[Any]) -> Series:
        return Series(coefficients, self.prototype)

    def __add__(self, other: Any) -> Series:
        first, *rest = self.coefficients
        if not isinstance(other, Series):
            return self._made([simplified(first + self.number(other)), *rest])
        pairs = zip(self.coefficients, other.coefficients, strict=True)
        return self._made([simplified(a + b) for a, b in pairs])

    __radd__ = __add__

    def __neg__(self) -> Series:
        return self._made([-a for a in self.coefficients])

    def __sub__(self, other: Any) -> Series:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Series:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Series:
        x = self.coefficients
        if not isinstance(other, Series):
            factor = self.number(other)
            return self._made([simplified(factor * a) for a in x])
        return self._made([simplified(_convolved(x, other.coefficients, n)) for n in range(len(x))])

    __rmul__ = __mul__

    def __rtruediv__(self, other: Any) -> Series:
        return self.raised(Fraction(-1)).__mul__(other)

    def raised(self, exponent: Fraction) -> Series:
        """The power, by the binomial series."""
        result = self * 0 + 1
        if exponent.denominator == 1 and exponent >= 0:
            for _ in range(int(exponent)):
                result = result * self
            return result
        taylor, factor = [], Fraction(1)
        for n in range(len(self.coefficients)):
            taylor.append(self.number(factor) * power(self.coefficients[0], exponent - n))
            factor = factor * (exponent - n) / (n + 1)
        return self._composed(taylor)

    def evaluated(self, name: str) -> Series:
        """The series of a function."""
        if name == "neg":
            return -self
        first, size = self.coefficients[0], len(self.coefficients)
        return self._composed(_taylor(name, first, size, self.number))

    def _composed(self, taylor: list[Any]) -> Series:
        """Σ taylor_n (x − x_0)^n, by Horner's rule."""
        rest = self._made([self.number(0), *self.coefficients[1:]])
        result = self * 0
        for value in reversed(taylor):
            result = result * rest + value
        return result


class SeriesMatrix:
    """A matrix of series, and of numbers where it holds data, with what a loss's value needs."""

    def __init__(self, cells: list[list[Any]], prototype: Any) -> None:
        self.cells = cells
        self.prototype = prototype
        self.rows, self.cols = self.shape = len(cells), len(cells[0])
        self.arithmetic = SeriesMatrix, prototype.arithmetic
        self.number = prototype.number

    def _made(self, cells: Iterable[Iterable[Any]]) -> SeriesMatrix:
        return SeriesMatrix([list(line) for line in cells], self.prototype)

    @staticmethod
    def working() -> AbstractContextManager[None]:
        """The block in which this arithmetic computes."""
        return nullcontext()

    def converted(self, matrix: ExactMatrix) -> SeriesMatrix:
        """An exact matrix in this arithmetic."""
        return self._made([self.number(x) for x in line] for line in matrix.entries())

    def assembled(self, grid: Iterable[Iterable[Any]]) -> SeriesMatrix:
        """The matrix with these scalars as entries."""
        return self._made(grid)

    @staticmethod
    def of_blocks(grid: Sequence[Sequence[SeriesMatrix]]) -> SeriesMatrix:
        """The block matrix of a grid of matrices whose sizes fit."""
        rows = [chain(*p) for line in grid for p in zip(*(b.cells for b in line), strict=True)]
        return grid[0][0]._made(rows)

    def entries(self) -> list[list[Any]]:
        """The entries, row by row."""
        return self.cells

    def entry(self, row: int, col: int) -> Any:
        """One entry, counted from 0."""
        return self.cells[row][col]

    def map(self, function: Callable[..., Any], *others: SeriesMatrix) -> SeriesMatrix:
        """The matrix of f(x_ij, y_ij, …)."""
        lines = zip(self.cells, *(m.cells for m in others), strict=True)
        return self._made((function(*x) for x in zip(*parts, strict=True)) for parts in lines)

    def total(self) -> Any:
        """The sum of all entries."""
        return sum(chain(*self.cells))

    def __sub__(self, other: SeriesMatrix) -> SeriesMatrix:
        return self.map(lambda x, y: x - y, other)

    def hadamard(self, other: SeriesMatrix) -> SeriesMatrix:
        """The product entry by entry."""
        return self.map(lambda x, y: x * y, other)

    def inner(self, other: SeriesMatrix) -> Any:
        """The Frobenius inner product."""
        return self.hadamard(other).total()

    def __matmul__(self, other: SeriesMatrix) -> SeriesMatrix:
        columns = list(zip(*other.cells, strict=True))
        return self._made(
            (sum(x * y for x, y in zip(line, column, strict=True)) for column in columns)
            for line in self.cells
        )


def _convolved(x: list[Any], y: list[Any], n: int) -> Any:
    total = x[0] * y[n]
    for i in range(1, n + 1):
        total = total + x[i] * y[n - i]
    return total


def _taylor(name: str, x: Any, size: int, constant: Callable[[Fraction], Any]) -> list[Any]:
    """The Taylor coefficients of a function at x."""
    if name in {"log", "log1p"}:
        base = x if name == "log" else 1 + x
        result = [evaluate("log", base)]
        for n in range(1, size):
            factor = constant(Fraction((-1) ** (n - 1), n))
            result.append(factor * power(base, Fraction(-n)))
        return result
    if name == "sqrt":
        half, factor, result = Fraction(1, 2), Fraction(1), []
        for n in range(size):
            result.append(constant(factor) * power(x, half - n))
            factor = factor * (half - n) / (n + 1)
        return result
    if name == "abs":
        size_of = evaluate("abs", x)
        side = size_of * power(x, Fraction(-1))
        return [size_of, side, *[constant(Fraction(0))] * size][:size]
    if name in {"sin", "cos"}:
        s, c = evaluate("sin", x), evaluate("cos", x)
        cycle = [s, c, -s, -c] if name == "sin" else [c, -s, -c, s]
        result, factorial = [], 1
        for n in range(size):
            factorial *= max(n, 1)
            result.append(constant(Fraction(1, factorial)) * cycle[n % 4])
        return result
    # y′ = y, y(1 − y) or 1 − y²: (n+1)·y_{n+1} is the n-th coefficient of the right side.
    y = [evaluate(name, x)]
    for n in range(size - 1):
        square = y[0] * y[n]
        for i in range(1, n + 1):
            square = square + y[i] * y[n - i]
        if name == "exp":
            right = y[n]
        elif name == "logistic":
            right = y[n] - square
        else:
            right = (1 if n == 0 else 0) - square
        y.append(simplified(constant(Fraction(1, n + 1)) * right))
    return y
