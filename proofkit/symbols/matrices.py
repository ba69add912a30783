"""Matrix terms with symbolic sizes: variables, sums, products, transposes.

>>> from proofkit.symbols.scalars import natural
>>> m, n = natural('m'), natural('n')
>>> X = MatrixVariable('X', m, n)
>>> X * X.T + 2*Identity(m)
X·Xᵀ + 2·I
>>> X + X.T  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
proofkit.symbols.faults.ShapeError: cannot add m×n and n×m: X and Xᵀ differ in shape; transpose ...
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sympy import Expr, Integer, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.symbols.faults import ShapeError, SortError

__all__ = [
    "Identity",
    "MatrixTerm",
    "MatrixVariable",
    "Product",
    "Scaled",
    "Sum",
    "Trace",
    "Transposed",
    "Zero",
    "frobenius",
    "norm_squared",
    "trace",
    "vector",
]


def same_size(a: Expr, b: Expr) -> bool:
    """Whether two sizes are one and the same integer expression."""
    return bool(a == b) or bool((a - b).expand() == 0)


def shape_text(x: MatrixTerm) -> str:
    """The shape of a matrix term, for messages."""
    return f"{x.rows}×{x.cols}"


def transposed_hint(a: MatrixTerm, b: MatrixTerm) -> str:
    """What may have been meant where two shapes had to agree."""
    turned = same_size(a.rows, b.cols) and same_size(a.cols, b.rows)
    return f"; transpose one of them, as in {b.T}?" if turned else ""


def factors_hint(a: MatrixTerm, b: MatrixTerm) -> str:
    """What may have been meant where one matrix cannot be multiplied by another."""
    if same_size(a.cols, b.cols):
        return f"; {a}·{b.T}, perhaps?"
    if same_size(a.rows, b.rows):
        return f"; {a.T}·{b}, perhaps?"
    return f"; {b}·{a}, perhaps?" if same_size(b.cols, a.rows) else ""


class MatrixTerm(MatrixExpr):  # type: ignore[misc]
    """A matrix expression of proofkit: `*`, `+`, `-`, `.T` build new terms and check shapes."""

    _op_priority = 20.0

    def __mul__(self, other: Any) -> MatrixTerm:
        if isinstance(other, MatrixTerm):
            return Product(self, other)
        return Scaled(other, self)

    def __rmul__(self, other: Any) -> MatrixTerm:
        return other * self if isinstance(other, MatrixTerm) else Scaled(other, self)

    __matmul__ = __mul__

    def __add__(self, other: Any) -> MatrixTerm:
        return Sum(self, _matrix(other))

    def __radd__(self, other: Any) -> MatrixTerm:
        return Sum(_matrix(other), self)

    def __sub__(self, other: Any) -> MatrixTerm:
        return Sum(self, -_matrix(other))

    def __rsub__(self, other: Any) -> MatrixTerm:
        return Sum(_matrix(other), -self)

    def __neg__(self) -> MatrixTerm:
        return Scaled(-1, self)

    def __truediv__(self, other: Any) -> MatrixTerm:
        if isinstance(other, MatrixTerm):
            raise SortError(f"a matrix is not divided by a matrix; multiply by {other}.I")
        return Scaled(1 / sympify(other), self)

    def __pow__(self, power: Any) -> MatrixTerm:
        """The matrix times itself, so many times; −1 stands for the inverse."""
        if power == -1:
            return self.I
        if type(power) not in (int, Integer) or not 1 <= power <= 16:
            raise SortError(f"a power of a matrix is a whole number from 1 to 16, or -1: {power}")
        return Product(*[self] * int(power))

    @property
    def I(self) -> MatrixTerm:  # noqa: E743
        """The inverse."""
        from proofkit.symbols.words import inverse

        return inverse(self)

    @property
    def T(self) -> MatrixTerm:
        return self.args[0] if isinstance(self, Transposed) else Transposed(self)

    def transpose(self) -> MatrixTerm:
        return self.T

    def _eval_transpose(self) -> MatrixTerm:
        return self.T

    def __repr__(self) -> str:
        return str(self)


def _made(cls: Any, *parts: Any) -> MatrixTerm:
    term: MatrixTerm = MatrixExpr.__new__(cls, *parts)
    return term


def _matrix(x: Any) -> MatrixTerm:
    if not isinstance(x, MatrixTerm):
        raise SortError(f"{x!r} is not a matrix term; use Identity(n) or Zero(m, n) for constants")
    return x


class MatrixVariable(MatrixTerm):
    """A matrix variable of symbolic shape rows×cols."""

    def __new__(cls, name: Any, rows: Any, cols: Any) -> MatrixVariable:
        return MatrixExpr.__new__(cls, Str(str(name)), sympify(rows), sympify(cols))  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[1], self.args[2]

    def _sympystr(self, printer: Any) -> str:
        return self.name


def vector(name: str, size: Any) -> MatrixVariable:
    """A column vector variable: a size×1 matrix."""
    return MatrixVariable(name, size, 1)


class Identity(MatrixTerm):
    """The n×n identity matrix."""

    def __new__(cls, n: Any) -> Identity:
        return MatrixExpr.__new__(cls, sympify(n))  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0], self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return "I"


class Zero(MatrixTerm):
    """The rows×cols zero matrix."""

    def __new__(cls, rows: Any, cols: Any) -> Zero:
        return MatrixExpr.__new__(cls, sympify(rows), sympify(cols))  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0], self.args[1]

    def _sympystr(self, printer: Any) -> str:
        return "0"


class Product(MatrixTerm):
    """The product of two or more matrix terms, kept as written."""

    def __new__(cls, *factors: Any) -> MatrixTerm:
        flat: list[MatrixTerm] = []
        for factor in factors:
            flat.extend(factor.args if isinstance(factor, Product) else (_matrix(factor),))
        for left, right in pairwise(flat):
            if not same_size(left.cols, right.rows):
                raise ShapeError(
                    f"cannot multiply {shape_text(left)} by {shape_text(right)}: the {left.cols} "
                    f"columns of {left} meet the {right.rows} rows of {right}"
                    + factors_hint(left, right)
                )
        return flat[0] if len(flat) == 1 else _made(cls, *flat)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].rows, self.args[-1].cols

    def _sympystr(self, printer: Any) -> str:
        return "·".join(_factor(a, printer) for a in self.args)


class Sum(MatrixTerm):
    """The sum of two or more matrix terms of one shape, kept as written."""

    def __new__(cls, *terms: Any) -> MatrixTerm:
        flat: list[MatrixTerm] = []
        for term in terms:
            flat.extend(term.args if isinstance(term, Sum) else (_matrix(term),))
        for term in flat[1:]:
            if not (same_size(flat[0].rows, term.rows) and same_size(flat[0].cols, term.cols)):
                raise ShapeError(
                    f"cannot add {shape_text(flat[0])} and {shape_text(term)}: "
                    f"{flat[0]} and {term} differ in shape" + transposed_hint(flat[0], term)
                )
        return flat[0] if len(flat) == 1 else _made(cls, *flat)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        out = printer._print(self.args[0])
        for term in self.args[1:]:
            if isinstance(term, Scaled) and term.args[0].is_negative:
                out += " - " + printer._print(Scaled(-term.args[0], term.args[1]))
            else:
                out += " + " + printer._print(term)
        return out  # type: ignore[no-any-return]


class Scaled(MatrixTerm):
    """A real number times a matrix term."""

    def __new__(cls, coefficient: Any, term: Any) -> MatrixTerm:
        coefficient = sympify(coefficient)
        if not isinstance(coefficient, Expr) or isinstance(coefficient, MatrixExpr):
            raise SortError(f"{coefficient!r} is not a scalar")
        if coefficient.is_real is False:
            raise SortError(f"{coefficient!r} is not a real scalar")
        term = _matrix(term)
        if isinstance(term, Scaled):
            coefficient, term = coefficient * term.args[0], term.args[1]
        return term if coefficient == Integer(1) else _made(cls, coefficient, term)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[1].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        body = _factor(self.args[1], printer)
        if self.args[0] == -1:
            return f"-{body}"
        return f"{printer.parenthesize(self.args[0], 50)}·{body}"


class Transposed(MatrixTerm):
    """The transpose of a matrix term."""

    def __new__(cls, term: Any) -> MatrixTerm:
        term = _matrix(term)
        return term.T if isinstance(term, Transposed) else _made(cls, term)

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].cols, self.args[0].rows

    def _sympystr(self, printer: Any) -> str:
        inner = printer._print(self.args[0])
        return f"({inner})ᵀ" if isinstance(self.args[0], (Product, Sum, Scaled)) else f"{inner}ᵀ"


def _factor(x: MatrixTerm, printer: Any) -> str:
    text = printer._print(x)
    return f"({text})" if isinstance(x, (Sum, Scaled)) else text


class Trace(Expr):  # type: ignore[misc]
    """The trace of a square matrix term: a real number."""

    is_real = True
    is_commutative = True

    def __new__(cls, term: Any) -> Trace:
        term = _matrix(term)
        if not same_size(term.rows, term.cols):
            raise ShapeError(f"only a square matrix has a trace; {term} is {shape_text(term)}")
        return Expr.__new__(cls, term)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"tr({printer._print(self.args[0])})"


def trace(term: MatrixTerm) -> Trace:
    """The trace of a square matrix term."""
    return Trace(term)


def frobenius(a: MatrixTerm, b: MatrixTerm) -> Trace:
    """The Frobenius inner product ⟨a, b⟩ = tr(aᵀb)."""
    return Trace(a.T * b)


def norm_squared(a: MatrixTerm) -> Trace:
    """The squared Frobenius norm ‖a‖² = tr(aᵀa)."""
    return frobenius(a, a)
