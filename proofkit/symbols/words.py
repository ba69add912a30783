"""Words in terms: exp, inverse, determinant, the Hadamard product and others (`proofkit.words`).

>>> from proofkit.symbols import MatrixVariable, natural, real
>>> n = natural("n")
>>> X, Y = MatrixVariable("X", n, n), MatrixVariable("Y", n, n)
>>> determinant(inverse(X)) * exp(real("x"))
exp(x)*determinant(inverse(X))
>>> hadamard(X, relu(Y)).shape
(n, n)
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, sympify
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.basics.displays import Typeset
from proofkit.symbols.faults import ShapeError, SortError
from proofkit.symbols.functions import FunctionTerm
from proofkit.symbols.matrices import (
    MatrixTerm,
    MatrixTrace,
    frobenius,
    norm_squared,
    same_size,
    shape_text,
)
from proofkit.words import TABLE, Row

__all__ = [
    "FunctionWord",
    "MatrixWord",
    "Word",
    "absolute",
    "applied",
    "cos",
    "determinant",
    "diag",
    "diagonal",
    "entry",
    "exp",
    "hadamard",
    "hessian",
    "inverse",
    "log",
    "logdet",
    "logistic",
    "norm",
    "ones",
    "reciprocal",
    "relu",
    "sin",
    "sqrt",
    "tanh",
    "total",
]


class _Applied(Typeset):
    """A word with arguments, its sizes first: ``args`` is its name and these."""

    args: tuple[Any, ...]

    @property
    def row(self) -> Row:
        """The word's row in the table."""
        return TABLE[str(self.args[0])]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments without the sizes."""
        return tuple(self.args[1 + len(self.row.sizes) :])

    def shaped(self, text: str) -> tuple[Any, ...]:
        """What a part of the signature is here: the shape of a matrix, or () for a real."""
        sizes = dict(zip(self.row.sizes, self.args[1:], strict=False))
        return tuple(sizes.get(a, a) for a in text.split("×")) if "×" in text else ()

    def _sympystr(self, printer: Any) -> str:
        """As it is typed: det as ``determinant(X)``, but σ(X) and σ'(x)."""
        name, shown = str(self.args[0]), [printer._print(a) for a in self.arguments]
        if name == "entrywise" and len(shown) == 2:
            return f"{shown[0]}({shown[1]})"
        if name == "derivative" and shown:
            return f"{shown[0]}'" + "".join(f"({x})" for x in shown[1:])
        if not self.row.takes:  # nothing but its size tells one from another
            shown = [printer._print(a) for a in self.args[1:]]
        return f"{name}({', '.join(shown)})" if shown else name


class Word(_Applied, Expr):  # type: ignore[misc]
    """A number: exp(x), det X, X_{i,j}."""

    is_real = True
    is_commutative = True

    def __new__(cls, name: Any, *arguments: Any) -> Word:
        return Expr.__new__(cls, Str(str(name)), *map(sympify, arguments))  # type: ignore[no-any-return]


class MatrixWord(_Applied, MatrixTerm):
    """A matrix: σ(X), X ∘ Y, X⁻¹."""

    def __new__(cls, name: Any, *arguments: Any) -> MatrixWord:
        return MatrixExpr.__new__(cls, Str(str(name)), *map(sympify, arguments))  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, cols = self.shaped(self.row.gives)
        return sympify(rows), sympify(cols)


class FunctionWord(_Applied, FunctionTerm):
    """A function: exp, σ′, or any other word that lacks its last argument."""

    def __new__(cls, name: Any, *arguments: Any) -> FunctionWord:
        return Basic.__new__(cls, Str(str(name)), *map(sympify, arguments))  # type: ignore[no-any-return]

    def _ends(self) -> tuple[str, str]:
        """What it takes and gives, in the words of the signature."""
        missing = self.row.takes[len(self.arguments) :]
        if len(missing) == 1:
            return missing[0], self.row.gives
        takes, gives = self.row.gives.strip("()").split("→")
        return takes, gives

    @property
    def domain(self) -> tuple[Any, ...]:
        return self.shaped(self._ends()[0])

    @property
    def gives(self) -> tuple[Any, ...]:
        return self.shaped(self._ends()[1])

    def __call__(self, argument: Any) -> Any:
        if isinstance(argument, MatrixTerm) and not self.domain:
            return FunctionTerm.__call__(self, argument)
        return (MatrixWord if self.gives else Word)(*self.args, argument)


def applied(name: str, *arguments: Any, sizes: tuple[Any, ...] = ()) -> Any:
    """The word applied to these arguments, its sizes read off them unless they are given.

    Raises `SortError` or `ShapeError` for arguments that it does not take.
    """
    row = TABLE[name]
    found: dict[str, Any] = dict(zip(row.sizes, sizes, strict=False))
    if len(arguments) != len(row.takes):
        raise SortError(f"{name} takes {len(row.takes)} arguments, not {len(arguments)}")
    for text, x in zip(row.takes, arguments, strict=True):
        _meets(name, text, x, found)
    if missing := [size for size in row.sizes if size not in found]:
        raise SortError(f"the size {missing[0]} of {name} is not said")
    kind = MatrixWord if "×" in row.gives else FunctionWord if "→" in row.gives else Word
    return kind(name, *(found[size] for size in row.sizes), *arguments)


def _meets(name: str, text: str, x: Any, found: dict[str, Any]) -> None:
    """Read the sizes in a part of the signature off the argument that stands there."""
    if "→" in text:
        if not isinstance(x, FunctionTerm):
            raise SortError(f"{name} takes a function {text.strip('()')}, not {x!r}")
        takes, gives = text.strip("()").split("→")
        for side, shape in ((takes, x.domain), (gives, x.gives)):
            _fits(name, side, shape, f"{x} is one of {'matrices' if x.domain else 'reals'}", found)
    elif "×" in text:
        if not isinstance(x, MatrixTerm):
            raise SortError(f"{name} takes a matrix, not {x!r}")
        _fits(name, text, x.shape, f"{x} is {shape_text(x)}", found)
    elif isinstance(x, (MatrixTerm, FunctionTerm)):
        raise SortError(f"{name} takes a number, not {x!r}")


def _fits(name: str, text: str, shape: Any, shown: str, found: dict[str, Any]) -> None:
    wanted = text.split("×") if "×" in text else []
    if len(wanted) != len(shape):
        raise SortError(f"{name} takes what is {text}, and {shown}")
    for size, value in zip(wanted, shape, strict=True):
        known = found.setdefault(size, value) if size.isalpha() else sympify(int(size))
        if not same_size(known, value):
            raise ShapeError(f"{name} takes what is {text}, with {size} = {known}, and {shown}")


# ── Real functions: of numbers, or entry by entry ──────────────────────────────────────────────
exp, log, sqrt, sin, cos, tanh, logistic, relu, reciprocal = map(
    FunctionWord, ("exp", "log", "sqrt", "sin", "cos", "tanh", "logistic", "relu", "reciprocal")
)
absolute = FunctionWord("abs")


# ── Matrices and their numbers ─────────────────────────────────────────────────────────────────
def hadamard(a: MatrixTerm, b: MatrixTerm) -> MatrixTerm:
    """The Hadamard product a ∘ b, entry times entry."""
    return applied("hadamard", a, b)  # type: ignore[no-any-return]


def diag(v: MatrixTerm) -> MatrixTerm:
    """The diagonal matrix with the entries of a column."""
    return applied("diag", v)  # type: ignore[no-any-return]


def diagonal(a: MatrixTerm) -> MatrixTerm:
    """The diagonal of a square matrix, as a column."""
    return applied("diagonal", a)  # type: ignore[no-any-return]


def ones(rows: Any, cols: Any = 1) -> MatrixTerm:
    """The rows×cols matrix of ones."""
    return applied("ones", sizes=(sympify(rows), sympify(cols)))  # type: ignore[no-any-return]


def entry(a: MatrixTerm, row: Any, col: Any) -> Word:
    """The entry of a matrix in a row and a column, counted from 1."""
    return applied("entry", a, sympify(row), sympify(col))  # type: ignore[no-any-return]


def inverse(a: MatrixTerm) -> MatrixTerm:
    """The inverse of a square matrix; nothing is known of it where det a = 0."""
    return applied("inverse", a)  # type: ignore[no-any-return]


def determinant(a: MatrixTerm) -> Word:
    """The determinant of a square matrix."""
    return applied("determinant", a)  # type: ignore[no-any-return]


def hessian(function: FunctionTerm, at: MatrixTerm, change: MatrixTerm) -> MatrixTerm:
    """The derivative of the gradient of f at a matrix, applied to a change."""
    return applied("hessian", function, at, change)  # type: ignore[no-any-return]


def logdet(a: MatrixTerm) -> Word:
    """log |det a|."""
    return log(absolute(determinant(a)))  # type: ignore[no-any-return]


def norm(a: MatrixTerm) -> Word:
    """The Frobenius norm √tr(aᵀa)."""
    return sqrt(norm_squared(a))  # type: ignore[no-any-return]


def total(a: MatrixTerm) -> MatrixTrace:
    """The sum of all entries, ⟨𝟏, a⟩."""
    return frobenius(ones(*a.shape), a)
