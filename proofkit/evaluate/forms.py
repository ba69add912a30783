"""Claims about all values of matrices that say a quadratic polynomial is never negative.

q(x) ≥ 0 for all x, where q(x) = c + bᵀx + xᵀQx, just if the matrix with the blocks c, b/2 and Q is
positive semidefinite (S. Boyd, L. Vandenberghe, Convex Optimization, 2004, §B.1).  So is decided
what samples leave open, also for x ≠ 0 and on a sphere.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

from proofkit.claims import Abbreviation, Claim, Equal, ForAll, Implies, Less, LessEqual, NonZero
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.polynomials import degree
from proofkit.evaluate.terms import index_value, real_value
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import MatrixVariable
from proofkit.symbols.encode import is_index

__all__ = ["holds_for_all"]

MOST_ENTRIES = 12
"""Entries of all variables together: the polynomial is evaluated for each pair of them."""

Quadratic = tuple[Fraction, list[Fraction], list[list[Fraction]]]
"""c, b and Q."""


def holds_for_all(claim: Claim, env: Environment, indices: range) -> bool:
    """Whether the claim is seen to hold for all values; False also where that is not seen.

    >>> from proofkit.claims import ForAll
    >>> from proofkit.symbols import MatrixVariable, natural, norm_squared
    >>> n = natural("n")
    >>> A, X = MatrixVariable("A", n, n), MatrixVariable("X", n, n)
    >>> shrinks = ForAll(X, LessEqual(norm_squared(A * X), norm_squared(X)))
    >>> env = Environment({n: 2, A: ExactMatrix.of([[1, 0], [0, -1]])})
    >>> holds_for_all(shrinks, env, range(3))
    True
    >>> holds_for_all(shrinks, env.having({A: ExactMatrix.of([[2, 0], [0, 0]])}), range(3))
    False
    """
    variables: list[MatrixVariable] = []
    inner: Any = claim
    while isinstance(inner, (ForAll, Abbreviation)):
        if isinstance(inner, Abbreviation):
            inner = inner.meaning()
            continue
        first, *rest = inner.variables
        inner = ForAll(*rest, inner.body)
        if is_index(first):
            return not variables and _at_each(first, inner, env, indices)
        if not isinstance(first, MatrixVariable):
            return False
        variables.append(first)
    *premises, bound = inner.args if isinstance(inner, Implies) else (inner,)
    if not variables or not isinstance(bound, (Less, LessEqual)) or len(premises) > 1:
        return False
    q = _quadratic(bound.args[1] - bound.args[0], variables, env)
    if q is None:
        return False
    strict = isinstance(bound, Less)
    if not premises:
        return _is_definite(q, strict)
    (premise,) = premises
    c, b, form = q
    if isinstance(premise, NonZero) and list(premise.args) == variables:
        return c == 0 and not any(b) and _is_definite((c, [], form), strict)
    if isinstance(premise, Equal) and not premise.is_about_matrices:
        square = _radius(_quadratic(premise.args[1] - premise.args[0], variables, env))
        if square is not None and not any(b):
            rows = [[x + (c / square if i == j else 0) for j, x in enumerate(row)]
                    for i, row in enumerate(form)]  # fmt: skip
            return _is_definite((Fraction(0), [], rows), strict)
    return False


def _at_each(index: Any, claim: Claim, env: Environment, indices: range) -> bool:
    found = []
    for value in indices:
        try:
            found.append(holds_for_all(claim, env.having({index: value}), indices))
        except OutOfRange:
            continue
    return bool(found) and all(found)


def _quadratic(e: Any, variables: list[MatrixVariable], env: Environment) -> Quadratic | None:
    """The coefficients of a number as a polynomial in the entries, if it is one of degree ≤ 2."""
    bound = degree(e, dict.fromkeys(variables, 1), env)
    shapes = [tuple(int(index_value(a, env)) for a in v.shape) for v in variables]
    count = sum(rows * cols for rows, cols in shapes)
    if bound is None or bound > 2 or not env.exact or not 0 < count <= MOST_ENTRIES:
        return None

    def value(*ones: int) -> Fraction:
        entries = [Fraction(ones.count(n)) for n in range(count)]
        values = {}
        for v, (rows, cols) in zip(variables, shapes, strict=True):
            mine, entries = entries[: rows * cols], entries[rows * cols :]
            values[v] = ExactMatrix.of([mine[r * cols : (r + 1) * cols] for r in range(rows)])
        found = real_value(e, env.having(values))
        return Fraction(str(found.entries()[0][0]) if hasattr(found, "entries") else found)

    try:
        c = value()
        once = [value(i) - c for i in range(count)]
        twice = [value(i, i) - c for i in range(count)]
        squares = [(two - 2 * one) / 2 for one, two in zip(once, twice, strict=True)]
        linear = [one - square for one, square in zip(once, squares, strict=True)]
        form = [[Fraction(0)] * count for _ in range(count)]
        for i, j in product(range(count), repeat=2):
            form[i][j] = squares[i] if i == j else form[j][i]
            if i < j:
                form[i][j] = (value(i, j) - c - once[i] - once[j]) / 2
    except (TypeError, ValueError):
        return None  # a value that is no rational number
    return c, linear, form


def _radius(q: Quadratic | None) -> Fraction | None:
    """r > 0, if q is zero just on the sphere ‖x‖² = r."""
    if q is None or any(q[1]):
        return None
    c, _, form = q
    size = form[0][0]
    round_ = all(
        x == (size if i == j else 0) for i, row in enumerate(form) for j, x in enumerate(row)
    )
    return -c / size if round_ and size and -c / size > 0 else None


def _is_definite(q: Quadratic, strict: bool) -> bool:
    c, b, form = q
    rows = form
    if b:
        rows = [[c, *(x / 2 for x in b)]]
        rows += [[x / 2, *row] for x, row in zip(b, form, strict=True)]
    _, zero, negative = ExactMatrix.of(rows).inertia()
    return not negative and not (strict and zero)
