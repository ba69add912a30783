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

from sympy import Expr, Integer, S, sympify
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.basics.displays import Typeset
from proofkit.symbols.faults import ShapeError, SortError

__all__ = [
    "Identity",
    "MatrixTerm",
    "MatrixTrace",
    "MatrixVariable",
    "Product",
    "Scaled",
    "Sum",
    "Transposed",
    "Zero",
    "frobenius",
    "norm_squared",
    "tr",
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


class MatrixTerm(Typeset, MatrixExpr):  # type: ignore[misc]
    """A matrix expression of proofkit: `*`, `+`, `-`, `.T` build new terms and check shapes.

    A 1×1 matrix stands for the number that it is wherever a matrix of its shape does not fit.

    >>> from proofkit.symbols.scalars import natural
    >>> n = natural('n')
    >>> A, v = MatrixVariable('A', n, n), vector('v', n)
    >>> A / (v.T @ v), (v.T @ A @ v) / (v.T @ v)
    (1/tr(vᵀ·v)·A, tr(vᵀ·A·v)/tr(vᵀ·v))
    """

    _op_priority = 20.0

    def __mul__(self, other: Any) -> MatrixTerm:
        if not isinstance(other, MatrixTerm):
            return Scaled(other, self)
        if not same_size(self.cols, other.rows):
            if _is_number(other):
                return Scaled(tr(other), self)
            if _is_number(self):
                return Scaled(tr(self), other)
        return Product(self, other)

    def __rmul__(self, other: Any) -> MatrixTerm:
        return other * self if isinstance(other, MatrixTerm) else Scaled(other, self)

    __matmul__ = __mul__
    __rmatmul__ = __rmul__

    def __add__(self, other: Any) -> Any:
        if not isinstance(other, MatrixTerm):
            if _is_zero(other):  # where Python's sum starts
                return self
            if _is_number(self):
                return tr(self) + other
            if not isinstance(other, (int, float, Expr)) or isinstance(other, MatrixExpr):
                _matrix(other)
            ones = f"{_timed(other)}ones({self.rows}, {self.cols})"
            square = same_size(self.rows, self.cols)
            eye = f", or {_timed(other)}eye({self.rows}) for the identity" if square else ""
            raise SortError(
                f"{other} is a number and {self} a matrix, {shape_text(self)}: for the number in "
                f"every entry write {ones}{eye}"
            )
        return Sum(self, other)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __abs__(self) -> MatrixTerm:
        """The absolute value of each entry."""
        from proofkit.symbols.words import absolute

        return absolute(self)  # type: ignore[no-any-return]

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return other - tr(self) if _is_number(self) else -self + other

    def __neg__(self) -> MatrixTerm:
        return Scaled(-1, self)

    def __truediv__(self, other: Any) -> Any:
        if not isinstance(other, MatrixTerm):
            return Scaled(1 / sympify(other), self)
        if not _is_number(other):
            raise SortError(f"a matrix is not divided by a matrix; multiply by ({other}).I")
        return (tr(self) if _is_number(self) else self) / tr(other)

    def __rtruediv__(self, other: Any) -> Any:
        if not _is_number(self):
            raise SortError(f"{other} is not divided by a matrix; multiply by ({self}).I")
        return other / tr(self)

    def __pow__(self, power: Any) -> MatrixTerm:
        """The matrix times itself, so many times; below 0 its inverse is."""
        if type(power) not in (int, Integer) or not -16 <= power <= 16:
            raise SortError(f"a power of a matrix is a whole number from -16 to 16: {power}")
        if not same_size(self.rows, self.cols):
            raise ShapeError(f"only a square matrix has powers; {self} is {shape_text(self)}")
        factors = [self if power > 0 else self.I] * abs(int(power))
        return Product(*factors) if factors else Identity(self.rows)

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

    def det(self) -> Expr:
        """The determinant."""
        from proofkit.symbols.words import determinant

        return determinant(self)

    def inverse(self) -> MatrixTerm:
        return self.I

    inv = inverse

    def __getitem__(self, key: Any) -> Any:
        raise SortError(f"write entry({self}, i, j) for an entry of {self}, i and j from 1")

    def _eval_transpose(self) -> MatrixTerm:
        return self.T

    def __repr__(self) -> str:
        return str(self)


def _timed(x: Any) -> str:
    """The number with a sign for times after it, if it is one to write."""
    return "" if x == 1 else f"{x} * " if getattr(x, "is_Atom", True) else f"({x}) * "


def _is_number(x: MatrixTerm) -> bool:
    return bool(x.rows == 1 and x.cols == 1)


def _is_zero(x: Any) -> bool:
    return x is S.Zero or (type(x) is int and x == 0)


def _made(cls: Any, *parts: Any) -> MatrixTerm:
    term: MatrixTerm = MatrixExpr.__new__(cls, *parts)
    return term


def _matrix(x: Any) -> MatrixTerm:
    if not isinstance(x, MatrixTerm):
        raise SortError(f"{x!r} is not a matrix term")
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
            what = "a division by zero" if coefficient is S.ComplexInfinity else "not a real number"
            raise SortError(f"a matrix is multiplied by real numbers, and here is {what}")
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


class MatrixTrace(Typeset, Expr):  # type: ignore[misc]
    """The trace of a square matrix term: a real number."""

    is_real = True
    is_commutative = True

    def __new__(cls, term: Any) -> MatrixTrace:
        term = _matrix(term)
        if not same_size(term.rows, term.cols):
            raise ShapeError(f"only a square matrix has a trace; {term} is {shape_text(term)}")
        return Expr.__new__(cls, term)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"tr({printer._print(self.args[0])})"


def tr(term: MatrixTerm) -> MatrixTrace:
    """The trace of a square matrix term."""
    return MatrixTrace(term)


def frobenius(a: MatrixTerm, b: MatrixTerm) -> MatrixTrace:
    """The Frobenius inner product ⟨a, b⟩ = tr(aᵀb)."""
    for x in (a, b):
        if not isinstance(x, MatrixTerm):
            raise SortError(f"inner products and norms are of matrices, and {x} is a number")
    return MatrixTrace(a.T * b)


def norm_squared(a: MatrixTerm) -> MatrixTrace:
    """The squared Frobenius norm ‖a‖² = tr(aᵀa)."""
    return frobenius(a, a)
