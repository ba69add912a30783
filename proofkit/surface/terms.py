"""The terms of the surface: symbols, several at a time, and what is built from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Rational, Symbol, sympify

from proofkit.derivatives.layers import is_layer, opened_at
from proofkit.symbols import (
    Family,
    Function,
    FunctionOf,
    FunctionTerm,
    Identity,
    Map,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    Word,
    Zero,
    frobenius,
    index,
    natural,
    norm_squared,
    real,
    tr,
    vector,
)
from proofkit.symbols import family as _family
from proofkit.symbols.faults import SortError

__all__ = [
    "as_number",
    "entrywise",
    "eye",
    "family",
    "function",
    "function_of",
    "grad",
    "indices",
    "inner",
    "matrices",
    "matrix",
    "norm2",
    "rational",
    "reals",
    "size",
    "sizes",
    "tr",
    "vectors",
    "zeros",
]


def _names(names: str) -> list[str]:
    return names.replace(",", " ").split()


# ── Symbols ────────────────────────────────────────────────────────────────────────────────────
def size(name: str) -> Symbol:
    """A size: a symbol for a natural number, fit to be the rows or columns of a matrix."""
    return natural(name)


def sizes(names: str) -> tuple[Symbol, ...]:
    """Several sizes, their names set apart by spaces.

    >>> n, p = sizes("n p")
    >>> matrix("X", n, p).shape
    (n, p)
    """
    return tuple(map(natural, _names(names)))


def indices(names: str) -> tuple[Symbol, ...]:
    """Several integers, such as layers i and j and a depth k."""
    return tuple(map(index, _names(names)))


def reals(names: str) -> tuple[Symbol, ...]:
    """Several real numbers."""
    return tuple(map(real, _names(names)))


def rational(numerator: int, denominator: int = 1) -> Rational:
    """An exact quotient of whole numbers; Python's own 1/2 is a float.

    >>> n, = sizes("n")
    >>> rational(1, 2) * matrix("X", n, n)
    (1/2)·X
    """
    return Rational(numerator, denominator)


def matrix(name: str, rows: Any, cols: Any) -> MatrixVariable:
    """A matrix rows×cols.  Write ``A @ B`` or ``A * B``, ``A.T``, ``A.I``, ``A**2``, ``A / 3``.

    >>> n, p = sizes("n p")
    >>> A, X = matrix("A", n, n), matrix("X", n, p)
    >>> A**2 @ X + A.I @ X / 2
    A·A·X + (1/2)·inverse(A)·X
    >>> X @ A
    Traceback (most recent call last):
        ...
    proofkit.symbols.faults.ShapeError: cannot multiply n×p by n×n: the p columns of X meet the n \
rows of A; Xᵀ·A, perhaps?
    """
    return MatrixVariable(name, rows, cols)


def matrices(names: str, rows: Any, cols: Any) -> tuple[MatrixVariable, ...]:
    """Several matrices rows×cols.

    >>> n, = sizes("n")
    >>> A, B = matrices("A B", n, n)
    >>> (A @ B).T
    (A·B)ᵀ
    """
    return tuple(MatrixVariable(name, rows, cols) for name in _names(names))


def vectors(names: str, rows: Any) -> tuple[MatrixVariable, ...]:
    """Several columns of a size."""
    return tuple(vector(name, rows) for name in _names(names))


def family(name: str, shape: Any) -> Family:
    """Matrices M[i], one for each index: the layers of a network of any depth.

    ``shape`` are widths d, by which M[i] is d(i)×d(i−1), or a function from i to (rows, cols).
    ``M[k:1]`` is the product M_k⋯M_1.

    >>> from proofkit.symbols import widths
    >>> d, (i, k) = widths("d"), indices("i k")
    >>> M = family("M", d)
    >>> M[i].shape, M[k:1].shape
    ((d(i), d(i - 1)), (d(k), d(0)))
    """
    return _family(name, shape)


def function(name: str, *takes: Any, gives: Sequence[Any] = ()) -> Function | Map:
    """A function variable: of numbers, or of matrices of the shape ``takes``.

    It gives numbers, or matrices of the shape ``gives``.  A function from numbers to numbers
    takes a matrix entry by entry.

    >>> n, p = sizes("n p")
    >>> X, sigma, f = matrix("X", n, p), function("σ"), function("f", n, p)
    >>> f(sigma(X))
    f(σ(X))
    >>> function("F", n, p, gives=(p, p))(X).shape
    (p, p)
    """
    if takes and not gives:
        return Function(name, *takes)
    return Map(name, takes, tuple(gives))


def function_of(variable: Any, body: Any) -> FunctionOf:
    """The function ``variable ↦ body``, of a matrix or a real number.

    >>> x = real("x")
    >>> function_of(x, x**2)(x + 1)
    (x ↦ x**2)(x + 1)
    """
    return FunctionOf(variable, as_number(body))


# ── Matrices and numbers ───────────────────────────────────────────────────────────────────────
def eye(n: Any) -> Identity:
    """The n×n identity."""
    return Identity(n)


def zeros(rows: Any, cols: Any = 1) -> Zero:
    """The rows×cols zero matrix; in an equation 0 will do."""
    return Zero(rows, cols)


def inner(a: MatrixTerm, b: MatrixTerm) -> MatrixTrace:
    """The inner product ⟨a, b⟩ = tr(aᵀb), the sum of the products of entries."""
    return frobenius(a, b)


def norm2(a: MatrixTerm) -> MatrixTrace:
    """The squared norm ‖a‖² = tr(aᵀa), the sum of the squares of the entries."""
    return norm_squared(a)


def entrywise(f: FunctionTerm | Callable[[Any], Any], a: MatrixTerm) -> MatrixTerm:
    """A function of numbers at every entry of a matrix: f(a), or of an expression in an entry.

    >>> n, = sizes("n")
    >>> X = matrix("X", n, n)
    >>> entrywise(lambda x: x**2 + 1, X)
    (x ↦ x**2 + 1)(X)
    """
    if not isinstance(f, FunctionTerm):
        x = real("x")
        f = FunctionOf(x, f(x))
    found: MatrixTerm = f(a)
    return found


def as_number(x: Any) -> Any:
    """A 1×1 matrix as the number that it is; anything else as it is."""
    return tr(x) if isinstance(x, MatrixTerm) and x.shape == (1, 1) else x


def grad(of: Any, wrt: Any, at: Any = None) -> MatrixTerm | Word:
    """The gradient of a number in a matrix, or the derivative in a real number.

    ``wrt`` is the variable, or a layer M[i]; the gradient is taken at ``wrt`` unless ``at`` says
    where.  Of a function variable f, ``grad(f, X)`` is the gradient f′(X).

    >>> n, p = sizes("n p")
    >>> X, Z, f = matrix("X", n, p), matrix("Z", n, p), function("f", n, p)
    >>> grad(norm2(X) + f(2 * X), X)
    ∇_X(tr(Xᵀ·X) + f(2·X))
    >>> grad(norm2(X), X, at=Z)
    (X ↦ tr(Xᵀ·X))'(Z)
    >>> grad(f, X)
    f'(X)

    Raises:
        SortError: of what is no number, or in what is no variable.
    """
    where = wrt if at is None else at
    if isinstance(of, FunctionTerm):
        found: MatrixTerm = of.gradient(where) if of.domain else of.derivative(where)
        return found
    body = as_number(of)
    if isinstance(body, MatrixTerm):
        raise SortError(
            f"a gradient is one of a number, and {of} is {of.rows}×{of.cols}: take its trace, its "
            "norm, or the total of its entries"
        )
    body = sympify(body)
    if is_layer(wrt):
        variable, body, _ = opened_at(body, wrt)
        return FunctionOf(variable, body).gradient(where)
    if isinstance(wrt, MatrixTerm) and not isinstance(wrt, MatrixVariable):
        raise SortError(
            f"a gradient is taken in a variable or in a layer M[i], and {wrt} is neither: write "
            "grad(…Z…, Z, at=…) with a variable Z in its place"
        )
    function = FunctionOf(wrt, body)
    if isinstance(wrt, MatrixVariable):
        return function.gradient(where)
    derivative: Word = function.derivative(where)
    return derivative
