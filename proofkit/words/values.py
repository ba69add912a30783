"""What each word is worth: its domain and its values in exact, enclosed and float arithmetic.

A value at exact arguments is exact where it is rational, else a ball around it; at floats it is a
float with a bound on its error, which is infinite where the argument may lie outside the domain.
Everything takes dual numbers, too; derivatives come out of power series of balls (python-flint),
not out of the laws that the textbook says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np

from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.duals import Dual, along, product, value_of
from proofkit.networks.enclosures import EnclosedMatrix, Enclosure, enclosing, sign_of
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.words.reals import REALS, Undefined, real

__all__ = ["VALUES", "Undefined", "gradient", "grid_of", "matrix_of", "real", "worth"]


Value: TypeAlias = Callable[[Sequence[int], Sequence[Any], bool], Any]
"""A word's value: of its sizes, its arguments, functions being callables, and whether exact."""


def worth(name: str, sizes: Sequence[int], arguments: Sequence[Any], exact: bool = True) -> Any:
    """The value of a word; raises `Undefined` outside its domain, of floats only if none is inside.

    >>> worth("relu", (), [Fraction(-2)]), print(worth("exp", (), [Fraction(1)]))
    ≈2.7182818
    (Fraction(0, 1), None)
    """
    return VALUES[name](sizes, arguments, exact)


# ── Matrices ───────────────────────────────────────────────────────────────────────────────────
def grid_of(x: Any) -> list[list[Any]]:
    """The entries, row by row, of a matrix in any arithmetic."""
    return [[x.entry(i, j) for j in range(x.cols)] for i in range(x.rows)]


def matrix_of(grid: Sequence[Sequence[Any]], shape: tuple[int, int], exact: bool) -> Any:
    """The matrix with these numbers as entries, in the arithmetic that holds them all."""
    cells = [x for line in grid for x in line]
    tags = [x.tag for x in cells if isinstance(x, Dual)]
    if tags:
        tag = max(tags)
        duals = [
            [x if isinstance(x, Dual) and x.tag == tag else Dual(x, None, tag) for x in line]
            for line in grid
        ]
        zero = Fraction(0)
        slopes = [[zero if x.slope is None else x.slope for x in line] for line in duals]
        value = matrix_of([[x.value for x in line] for line in duals], shape, exact)
        smooth = all(x.smooth for line in duals for x in line)
        return Dual(value, matrix_of(slopes, shape, exact), tag, smooth)
    if not exact:
        return FloatMatrix.of_scalars(grid) if cells else FloatMatrix.zeros(*shape)
    if any(isinstance(x, Enclosure) for x in cells):
        return EnclosedMatrix.of(grid)
    return ExactMatrix.of(grid, shape=shape)


def _hadamard(x: Any, y: Any, exact: bool) -> Any:
    if isinstance(x, Dual) or isinstance(y, Dual):
        return product(x, y, lambda a, b: _hadamard(a, b, exact))
    return y.hadamard(x) if isinstance(y, EnclosedMatrix) else x.hadamard(y)


def _diag(column: Any, exact: bool) -> Any:
    entries = [line[0] for line in grid_of(column)]
    n, zero = len(entries), Fraction(0)
    grid = [[x if i == j else zero for j in range(n)] for i, x in enumerate(entries)]
    return matrix_of(grid, (n, n), exact)


def _diagonal(x: Any, exact: bool) -> Any:
    return matrix_of([[x.entry(i, i)] for i in range(x.rows)], (x.rows, 1), exact)


def _ones(sizes: Sequence[int], exact: bool) -> Any:
    rows, cols = sizes
    return matrix_of([[Fraction(1)] * cols] * rows, (rows, cols), exact)


def _entry(x: Any, row: Any, col: Any, exact: bool) -> Any:
    if not (1 <= row <= x.rows and 1 <= col <= x.cols):
        raise Undefined(f"entry ({row}, {col}) of a {x.rows}×{x.cols} matrix")
    return x.entry(int(row) - 1, int(col) - 1)


def _entrywise(function: Callable[[Any], Any], x: Any, exact: bool) -> Any:
    if isinstance(function, partial) and function.func is real and isinstance(x, FloatMatrix):
        return FloatMatrix(function(x.numbers))
    grid = [[function(entry) for entry in line] for line in grid_of(x)]
    return matrix_of(grid, x.shape, exact)


def _leverrier(x: Any, exact: bool) -> tuple[Any, Any]:
    """The determinant and the adjugate, by sums and products alone.

    The method of Leverrier and Faddeev: F. Gantmacher, The Theory of Matrices I (1959), IV §5.
    """
    n = x.rows
    identity: Any = (ExactMatrix if exact else FloatMatrix).identity(n)
    last, coefficient = identity, Fraction(-1) * x.trace()
    for k in range(2, n + 1):
        last = x @ last + coefficient * identity
        coefficient = Fraction(-1, k) * (x @ last).trace()
    sign = (-1) ** n
    return Fraction(sign) * coefficient, Fraction(-sign) * last


def _determinant(x: Any, exact: bool) -> Any:
    if x.rows == 0:
        return Fraction(1)
    table = x.rational_table() if isinstance(x, ExactMatrix) else None
    if table is not None:
        found = table.det()
        return Fraction(int(found.p), int(found.q))
    if isinstance(x, BallMatrix):
        with enclosing():
            return Enclosure.of(x.body.det())
    return _leverrier(x, exact)[0]


def _inverse(x: Any, exact: bool) -> Any:
    if x.rows == 0:
        return x
    if isinstance(x, FloatMatrix):
        return _float_inverse(x)
    if isinstance(x, Dual):
        determinant, adjugate = _leverrier(x, exact)
        _refuse_zero(value_of(determinant))
        return real("reciprocal", determinant) * adjugate
    _refuse_zero(_determinant(x, exact))
    if isinstance(x, ExactMatrix):
        return x.inverse()
    with enclosing():
        return EnclosedMatrix.of(x.body.inv().tolist())


def _refuse_zero(determinant: Any) -> None:
    if not isinstance(determinant, FloatScalar) and not sign_of(determinant):
        told = "not told from 0" if isinstance(determinant, Enclosure) else "0"
        raise Undefined(f"inverse of a matrix whose determinant is {told}")


def _float_inverse(x: FloatMatrix) -> FloatMatrix:
    """The inverses with their error bounds; 0 ± ∞ where a matrix may be singular."""
    found = x.left_inverse()
    value = np.full((x.batch, x.rows, x.rows), np.nan) if found is None else found.value
    error = np.full(value.shape, np.inf) if found is None else found.error
    inside = (np.isfinite(value) & np.isfinite(error)).all(axis=(1, 2), keepdims=True)
    return FloatMatrix.of(np.where(inside, value, 0.0), np.where(inside, error, np.inf))


# ── Derivatives ────────────────────────────────────────────────────────────────────────────────
def _derivative(function: Callable[[Any], Any], x: Any, exact: bool) -> Any:
    _, slope, smooth = along(function, x, Fraction(1))
    if not smooth:
        raise Undefined(f"the derivative at a kink, {value_of(x)}")
    return Fraction(0) if slope is None else slope


def _units(x: Any, exact: bool) -> list[list[Any]]:
    kind: Any = ExactMatrix if exact else FloatMatrix
    return [
        [
            kind.of([[int((a, b) == (i, j)) for b in range(x.cols)] for a in range(x.rows)])
            for j in range(x.cols)
        ]
        for i in range(x.rows)
    ]


def gradient(function: Callable[[Any], Any], x: Any, exact: bool) -> Any:
    """The gradient at a matrix, entry by entry, of a function that takes dual matrices.

    >>> gradient(lambda x: (x.T @ x).trace(), ExactMatrix.of([[1, 2]]), exact=True)
    ExactMatrix([[2, 4]])
    """
    grid = []
    for line in _units(x, exact):
        found = [along(function, x, unit) for unit in line]
        if not all(smooth for _, _, smooth in found):
            raise Undefined("the gradient at a kink")
        grid.append([Fraction(0) if slope is None else slope for _, slope, _ in found])
    return matrix_of(grid, x.shape, exact)


def _hessian(function: Callable[[Any], Any], x: Any, change: Any, exact: bool) -> Any:
    _, slope, smooth = along(lambda at: gradient(function, at, exact), x, change)
    if not smooth:
        raise Undefined("the second derivative at a kink")
    return (x - x) if slope is None else slope


# ── All words ──────────────────────────────────────────────────────────────────────────────────
def _of(function: Callable[..., Any]) -> Callable[[Sequence[int], Sequence[Any], bool], Any]:
    """What is computed from the arguments, in an arithmetic that is exact or not."""
    return lambda sizes, given, exact: function(*given, exact)


def _of_number(name: str) -> Value:
    return lambda sizes, given, exact: real(name, *given)


VALUES: Mapping[str, Value] = MappingProxyType(
    {
        **{name: _of_number(name) for name in REALS},
        "derivative": _of(_derivative),
        "entrywise": _of(_entrywise),
        "hadamard": _of(_hadamard),
        "diag": _of(_diag),
        "diagonal": _of(_diagonal),
        "ones": lambda sizes, given, exact: _ones(sizes, exact),
        "entry": _of(_entry),
        "inverse": _of(_inverse),
        "determinant": _of(_determinant),
        "hessian": _of(_hessian),
    }
)
"""The values of every word, by its name; the rows of the table find them here."""
