"""What the words mean: exact values or balls, series of them, and junk outside their domains.

Each is written from its definition: the exponential and its kin are what python-flint encloses,
determinants are Leibniz's sum and inverses Cramer's quotients over polynomials in t, entries are
looked up.  No law and no derivative of a word is used.  Where a word has no meaning its value is
*junk*, which the instance chooses; of a word that is linear in an argument it is linear there.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

from flint import arb, arb_series, fmpq, fmpq_poly, fmpq_series

from proofkit.networks.exact import ExactMatrix

try:
    from tests.kernel.series import (
        Meaningless,
        NoSlope,
        Series,
        arranged,
        ball,
        entries,
        same,
        sign,
        times,
    )
except ImportError:  # run with the folder itself on the path
    from series import (  # type: ignore[import-not-found,no-redef]
        Meaningless,
        NoSlope,
        Series,
        arranged,
        ball,
        entries,
        same,
        sign,
        times,
    )


@dataclass(frozen=True)
class Junk:
    """Values outside the domains: one constant, or any numbers, chosen by a seed."""

    constant: Fraction = Fraction(0)
    seed: int | None = None

    def number(self, *key: Any) -> Fraction:
        """The value for a word and its arguments."""
        if self.seed is None:
            return self.constant
        rng = random.Random(f"{self.seed} {key}")
        return Fraction(rng.choice((-3, -2, -1, 1, 2, 5)), rng.randint(1, 3))

    def matrix(self, rows: int, cols: int, *key: Any) -> ExactMatrix:
        """The same for a matrix."""
        grid = [[self.number(r, c, *key) for c in range(cols)] for r in range(rows)]
        return ExactMatrix.of(grid, shape=(rows, cols))

    def series(self, x: Series) -> Series:
        """The junk near x, which only a constant says; nothing else has a slope."""
        if self.seed is not None:
            raise NoSlope
        return Series(self.constant, Fraction(0))


# ── Real functions ─────────────────────────────────────────────────────────────────────────────
def _tanh(x: Any) -> Any:
    up, down = x.exp(), (-x).exp()
    return (up - down) / (up + down)


ENCLOSED: dict[str, Callable[[Any], Any]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "tanh": _tanh,
    "logistic": lambda x: 1 / (1 + (-x).exp()),
}
"""Functions of balls and of power series of balls."""

DOMAINS: dict[str, int] = {"log": 1, "sqrt": 0}
"""The least sign of what has a logarithm, and a root."""


def enclosed(name: str, junk: Junk) -> Callable[[Any], Any]:
    """A function that python-flint encloses."""
    function, least = ENCLOSED[name], DOMAINS.get(name, -1)

    def value(x: Any) -> Any:
        start = x.start if isinstance(x, Series) else x
        inside = least == -1 or sign(start) >= least
        if not isinstance(x, Series):
            return function(ball(x)) if inside else junk.number(name, x)
        if least != -1 and sign(start) == 0:
            raise NoSlope  # the boundary: log x → −∞, and √x is steeper than any line
        if not inside:
            return junk.series(x)
        found = function(arb_series([ball(x.start), ball(x.change)], prec=2))
        return Series(found[0], found[1])

    return value


def pieces(name: str, below: int) -> Callable[[Any], Any]:
    """x for x ≥ 0 and below·x for x ≤ 0, t being positive where x = 0 + th."""

    def value(x: Any) -> Any:
        start, change = (x.start, x.change) if isinstance(x, Series) else (x, Fraction(0))
        side = sign(start) or sign(change)
        return x if side > 0 else times(Fraction(below), x)

    return value


def reciprocal(junk: Junk) -> Callable[[Any], Any]:
    def value(x: Any) -> Any:
        start = x.start if isinstance(x, Series) else x
        if sign(start) == 0:
            if isinstance(x, Series):
                raise NoSlope
            return junk.number("reciprocal", x)
        if not isinstance(x, Series):
            return 1 / x
        if isinstance(start, arb) or isinstance(x.change, arb):
            found = 1 / arb_series([ball(start), ball(x.change)], prec=2)
            return Series(found[0], found[1])
        found = 1 / fmpq_series([_fmpq(start), _fmpq(x.change)], prec=2)
        return Series(_fraction(found[0]), _fraction(found[1]))

    return value


def derivative(junk: Junk) -> Callable[[Any], Any]:
    def of(function: Any) -> Callable[[Any], Any]:
        def value(x: Any) -> Any:
            if isinstance(x, Series):
                raise Meaningless("a second derivative")
            try:
                right = function(Series(Fraction(x), Fraction(1))).change
                left = function(Series(Fraction(x), Fraction(-1))).change
            except NoSlope:
                return junk.number("derivative", x)
            return right if same(right, -left) else junk.number("derivative", x)

        return value

    return of


# ── Matrices ───────────────────────────────────────────────────────────────────────────────────
def each(function: Callable[..., Any], *matrices: Any) -> Any:
    """The matrix of the function's values at the entries."""
    grids = [entries(X) for X in matrices]
    grid = [[function(*xs) for xs in zip(*rows, strict=True)] for rows in zip(*grids, strict=True)]
    return arranged(grid, *matrices[0].shape)


def diag(v: Any) -> Any:
    column, zero = [x for (x,) in entries(v)], Fraction(0)
    size = len(column)
    grid = [[column[r] if r == c else zero for c in range(size)] for r in range(size)]
    return arranged(grid, size, size)


def diagonal(X: Any) -> Any:
    grid = entries(X)
    return arranged([[grid[n][n]] for n in range(len(grid))], len(grid), 1)


def entry(junk: Junk) -> Callable[[Any, int, int], Any]:
    """The entry, counted from 1; outside the matrix some linear function of it."""

    def value(X: Any, i: int, j: int) -> Any:
        if isinstance(X, Series):
            return Series(value(X.start, i, j), value(X.change, i, j))
        if 1 <= i <= X.rows and 1 <= j <= X.cols:
            return X.entry(i - 1, j - 1)
        return Fraction(junk.matrix(*X.shape, "entry", i, j).inner(X))

    return value


def leibniz(grid: list[list[Any]], one: Any) -> Any:
    """The sum over the permutations of the rows."""
    total, size = 0 * one, len(grid)
    for order in permutations(range(size)):
        turns = sum(order[a] > order[b] for b in range(size) for a in range(b))
        total += (-1) ** turns * prod((grid[r][c] for r, c in enumerate(order)), start=one)
    return total


def determinant(X: Any) -> Any:
    if not isinstance(X, Series):
        return Fraction(leibniz(X.entries(), Fraction(1)))
    found = leibniz(_polynomials(X), fmpq_poly([1]))
    return Series(_fraction(found[0]), _fraction(found[1]))


def inverse(junk: Junk) -> Callable[[Any], Any]:
    """Cramer's quotients; of a singular matrix some matrix."""

    def value(X: Any) -> Any:
        size, series = X.shape[0], isinstance(X, Series)
        grid, one = (_polynomials(X), fmpq_poly([1])) if series else (X.entries(), Fraction(1))
        whole = leibniz(grid, one)
        if (whole[0] if series else whole) == 0:
            if series:
                raise NoSlope
            return junk.matrix(size, size, "inverse", str(X))

        def quotient(r: int, c: int) -> Any:
            rest = [row[:r] + row[r + 1 :] for n, row in enumerate(grid) if n != c]
            part = (-1) ** (r + c) * leibniz(rest, one)
            if not series:
                return part / whole
            found = fmpq_series(list(part), prec=2) / fmpq_series(list(whole), prec=2)
            return Series(_fraction(found[0]), _fraction(found[1]))

        return arranged([[quotient(r, c) for c in range(size)] for r in range(size)], size, size)

    return value


def hessian(junk: Junk) -> Callable[[Any, Any, Any], Any]:
    """The derivative of the gradient where it has one; elsewhere some linear function of H."""

    def value(function: Any, X: Any, H: Any) -> Any:
        if function.twice(X):
            return function.second(X)(H)
        return junk.matrix(H.rows, H.rows, "hessian", str(X)) @ H

    return value


def _polynomials(X: Series) -> list[list[Any]]:
    return [[fmpq_poly([_fmpq(x.start), _fmpq(x.change)]) for x in row] for row in entries(X)]


def _fmpq(x: Any) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


# ── All of them ────────────────────────────────────────────────────────────────────────────────
def _number(x: Any) -> Any:
    return Fraction(x) if isinstance(x, int) else x


def word(name: str, junk: Junk) -> Callable[[Any], Any]:
    """The word as a function of its first argument, and its value as one of the next."""
    if name in ENCLOSED:
        return lambda x: enclosed(name, junk)(_number(x))
    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "relu": (1, lambda x: pieces(name, 0)(_number(x))),
        "abs": (1, lambda x: pieces(name, -1)(_number(x))),
        "reciprocal": (1, lambda x: reciprocal(junk)(_number(x))),
        "derivative": (1, derivative(junk)),
        "entrywise": (4, lambda p, q, f, X: each(f, X)),
        "hadamard": (4, lambda p, q, X, Y: each(times, X, Y)),
        "diag": (2, lambda n, v: diag(v)),
        "diagonal": (2, lambda n, X: diagonal(X)),
        "ones": (2, lambda p, q: ExactMatrix.of([[1] * q for _ in range(p)], shape=(p, q))),
        "entry": (5, lambda p, q, X, i, j: entry(junk)(X, int(i), int(j))),
        "inverse": (2, lambda n, X: inverse(junk)(X)),
        "determinant": (2, lambda n, X: determinant(X)),
        "hessian": (5, lambda p, q, f, X, H: hessian(junk)(f, X, H)),
    }
    count, function = functions[name]
    return _curried(function, count)


def _curried(function: Callable[..., Any], count: int, *given: Any) -> Callable[[Any], Any]:
    def taking(x: Any) -> Any:
        known = (*given, x)
        return function(*known) if len(known) == count else _curried(function, count, *known)

    return taking
