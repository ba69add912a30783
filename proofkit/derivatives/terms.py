"""From a formula to a term: what each function and operator of NumPy means here.

`*` and `**` go entry by entry, numbers, rows and columns spread, a 1×1 product is a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sympy import Integer, Rational

from proofkit.derivatives.shapes import Shape
from proofkit.derivatives.syntax import ENTRYWISE, FormulaError, Tree
from proofkit.symbols import (
    FunctionOf,
    Identity,
    MatrixTerm,
    MatrixVariable,
    Zero,
    absolute,
    cos,
    determinant,
    diag,
    diagonal,
    exp,
    frobenius,
    hadamard,
    inverse,
    log,
    logdet,
    logistic,
    natural,
    norm,
    norm_squared,
    ones,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
    total,
    tr,
)

__all__ = ["Names", "term"]

_x = real("x")
_sign = FunctionOf(_x, absolute(_x) * reciprocal(_x))
_FUNCTIONS: dict[str, Any] = {
    "exp": exp, "log": log, "sqrt": sqrt, "tanh": tanh, "sigmoid": logistic, "relu": relu,
    "abs": absolute, "sin": sin, "cos": cos, "sign": _sign,
}  # fmt: skip
MOST_POWER = 16


class Names:
    """The variables of a formula: numbers and matrices of the shapes that were found."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes
        self.values = {name: self._variable(name, shape) for name, shape in shapes.items()}
        self.sizes = {s: natural(s) for shape in shapes.values() for s in shape if not s.isdigit()}

    def __getitem__(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        return self.sizes.setdefault(name, natural(name))

    def _variable(self, name: str, shape: Shape) -> Any:
        return MatrixVariable(name, *map(self.size, shape)) if shape else real(name)

    @staticmethod
    def size(text: str) -> Any:
        """A size as a term."""
        return Integer(int(text)) if text.isdigit() else natural(text)


def term(tree: Tree, names: Names) -> Any:
    """The term that a formula means, a number or a matrix."""
    return _Reader(names).value(tree)


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names

    def value(self, t: Tree) -> Any:
        match t.kind:
            case "number":
                number = Fraction(t.value)
                return Rational(number.numerator, number.denominator)
            case "name":
                return self.names[str(t.value)]
            case "eye":
                return Identity(self.value(t.parts[0]))
            case "ones" | "zeros":
                sizes = [*map(self.value, t.parts), Integer(1)][:2]
                return (ones if t.kind == "ones" else Zero)(*sizes)
            case "**":
                return self._power(t)
        values = [self.value(part) for part in t.parts]
        match t.kind, values:
            case "neg", [a]:
                return -a
            case "@", [a, b]:
                return _number(a * b)
            case "dot", [a, b]:
                return frobenius(a, b) if a.shape == b.shape and a.cols == 1 else _number(a * b)
            case "outer", [a, b]:
                return a * b.T
            case "+" | "-", [a, b]:
                a, b = _spread(a, b)
                return a + b if t.kind == "+" else a - b
            case "*", [a, b]:
                return _times(a, b)
            case "/", [a, b]:
                return _over(a, b)
            case "transpose", [a]:
                return a.T if isinstance(a, MatrixTerm) else a
            case "inv", [a]:
                return inverse(a)
            case "det", [a]:
                return determinant(a)
            case "logdet", [a]:
                return logdet(a)
            case "trace", [a]:
                return tr(a)
            case "diag", [a]:
                return diag(a) if a.cols == 1 else diagonal(a)
            case "sum", [a]:
                return total(a) if isinstance(a, MatrixTerm) else a
            case "mean", [a]:
                return total(a) / (a.rows * a.cols) if isinstance(a, MatrixTerm) else a
            case "norm", [a]:
                return norm(a) if isinstance(a, MatrixTerm) else absolute(a)
            case "logsumexp", [a]:
                return log(total(exp(a))) if isinstance(a, MatrixTerm) else a
            case "softmax", [a]:
                return reciprocal(total(exp(a))) * exp(a)
        if t.kind in ENTRYWISE:
            return _FUNCTIONS[t.kind](values[0])
        raise FormulaError(f"{t.text} means nothing here")

    def _power(self, t: Tree) -> Any:
        inner, exponent = t.parts[0], self.value(t.parts[1])
        if inner.kind == "norm" and exponent == 2:
            argument = self.value(inner.parts[0])
            return norm_squared(argument) if isinstance(argument, MatrixTerm) else argument**2
        base = self.value(inner)
        if not isinstance(base, MatrixTerm):
            return _of_number(base, exponent)
        if isinstance(exponent, Integer) and 1 <= exponent <= MOST_POWER:
            product = base
            for _ in range(int(exponent) - 1):
                product = hadamard(product, base)
            return product
        return FunctionOf(_x, _of_number(_x, exponent))(base)


def _of_number(base: Any, exponent: Any) -> Any:
    """A power of a number: whole, a half of one, else by exp and log."""
    if isinstance(exponent, Rational) and abs(exponent) <= MOST_POWER:
        if isinstance(exponent, Integer):
            return base**exponent if exponent >= 0 else reciprocal(base) ** -exponent
        if exponent.q == 2:
            root = sqrt(base) ** abs(exponent.p)
            return root if exponent > 0 else reciprocal(root)
    return exp(exponent * log(base))


def _number(a: Any) -> Any:
    """A 1×1 product as a number."""
    return tr(a) if a.shape == (1, 1) else a


def _over(a: Any, b: Any) -> Any:
    if isinstance(b, MatrixTerm):
        return _times(a, reciprocal(b))
    if isinstance(b, Rational):
        return a / b
    return reciprocal(b) * a


def _times(a: Any, b: Any) -> Any:
    """The product entry by entry."""
    if isinstance(a, MatrixTerm) and isinstance(b, MatrixTerm):
        a, b = _spread(a, b)
        return hadamard(a, b)
    return a * b if not isinstance(b, MatrixTerm) else b * a


def _spread(a: Any, b: Any) -> tuple[Any, Any]:
    """Numbers, rows and columns spread to the shape of the other side."""
    for here, there in ((a, b), (b, a)):
        if isinstance(there, MatrixTerm) and not isinstance(here, MatrixTerm):
            here = here * ones(*there.shape)
            return (here, b) if there is b else (a, here)
    if not isinstance(a, MatrixTerm) or a.shape == b.shape:
        return a, b
    rows = b.rows if a.rows == 1 else a.rows
    cols = b.cols if a.cols == 1 else a.cols
    return _to(a, rows, cols), _to(b, rows, cols)


def _to(a: MatrixTerm, rows: Any, cols: Any) -> MatrixTerm:
    if a.rows != rows:
        a = ones(rows, 1) * a
    return a * ones(1, cols) if a.cols != cols else a
