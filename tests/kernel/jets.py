"""Terms of the core language at X + εH, exactly, up to ε²: what a derivative is compared with.

Written from the meaning of the terms and sharing no code with the kernel: there are no rules of
differentiation here, only arithmetic with a + bε where ε² = 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any


@dataclass(frozen=True)
class Jet:
    """a + bε."""

    a: Fraction
    b: Fraction = Fraction(0)

    def __add__(self, other: Jet) -> Jet:
        return Jet(self.a + other.a, self.b + other.b)

    def __mul__(self, other: Jet) -> Jet:
        return Jet(self.a * other.a, self.a * other.b + self.b * other.a)

    def inverse(self) -> Jet:
        """1/(a + bε) = 1/a − b/a²·ε."""
        return Jet(1 / self.a, -self.b / self.a**2)


ZERO, ONE = Jet(Fraction(0)), Jet(Fraction(1))
Matrix = tuple[tuple[Jet, ...], ...]


def total(jets: Any) -> Jet:
    return sum(jets, ZERO)


def times(A: Matrix, B: Matrix) -> Matrix:
    return tuple(
        tuple(total(a * b for a, b in zip(row, col, strict=True)) for col in zip(*B, strict=True))
        for row in A
    )


def plus(A: Matrix, B: Matrix) -> Matrix:
    return tuple(
        tuple(a + b for a, b in zip(*rows, strict=True)) for rows in zip(A, B, strict=True)
    )


def by(a: Jet, A: Matrix) -> Matrix:
    return tuple(tuple(a * b for b in row) for row in A)


def transposed(A: Matrix) -> Matrix:
    return tuple(zip(*A, strict=True))


def trace(A: Matrix) -> Jet:
    return total(A[n][n] for n in range(len(A)))


def identity(n: int) -> Matrix:
    return tuple(tuple(ONE if r == c else ZERO for c in range(n)) for r in range(n))


def determinant(A: Matrix) -> Jet:
    """Leibniz' formula."""
    found = ZERO
    for p in permutations(range(len(A))):
        swaps = sum(p[r] > p[s] for r in range(len(p)) for s in range(r + 1, len(p)))
        found += prod((A[r][p[r]] for r in range(len(A))), start=Jet(Fraction((-1) ** swaps)))
    return found


def inverse(A: Matrix) -> Matrix:
    """Cramer's rule."""
    n = range(len(A))

    def minor(r: int, c: int) -> Jet:
        rest = tuple(tuple(A[s][d] for d in n if d != c) for s in n if s != r)
        return Jet(Fraction((-1) ** (r + c))) * determinant(rest)

    d = determinant(A).inverse()
    return tuple(tuple(d * minor(c, r) for c in n) for r in n)


def diagonal_matrix(v: Matrix) -> Matrix:
    n = range(len(v))
    return tuple(tuple(v[r][0] if r == c else ZERO for c in n) for r in n)


WORDS: Mapping[str, Callable[..., Any]] = {
    "hadamard": lambda p, q, A, B: tuple(
        tuple(a * b for a, b in zip(*rows, strict=True)) for rows in zip(A, B, strict=True)
    ),
    "diag": lambda p, v: diagonal_matrix(v),
    "diagonal": lambda p, A: tuple((A[n][n],) for n in range(len(A))),
    "entry": lambda p, q, A, i, j: A[int(i.a) - 1][int(j.a) - 1],
    "inverse": lambda n, A: inverse(A),
    "determinant": lambda n, A: determinant(A),
    "reciprocal": Jet.inverse,
    "ones": lambda p, q: ((ONE,) * int(q.a),) * int(p.a),
}
LENGTHS = {"hadamard": 4, "entry": 5, "reciprocal": 1}  # arguments; others have 2


@dataclass(frozen=True)
class Smooth:
    """A function of matrices to numbers, with its gradient."""

    value: Callable[[Matrix], Jet]
    gradient: Callable[[Matrix], Matrix]

    def __call__(self, A: Matrix) -> Jet:
        return self.value(A)


@dataclass
class Jets:
    """What terms are, for values of the free variables by name and of the bound ones."""

    values: Mapping[str, Any]
    bound: list[Any] = field(default_factory=list)

    def term(self, t: Any) -> Any:
        return {"num": self.number, "mat": self.matrix}.get(t[0], self.function)(t)

    def number(self, t: Any) -> Jet:
        return total(Jet(Fraction(p, q)) * self.monomial(m) for (m, _), (p, q) in t[1])

    def monomial(self, m: Any) -> Jet:
        return prod((self.atom(a) for a, power in m for _ in range(power)), start=ONE)

    def atom(self, a: Any) -> Any:
        return trace(self.word(a[1])) if a[0] == "trace" else self.function(a)

    def matrix(self, t: Any) -> Matrix:
        rows, cols = (int(self.number(size).a) for size in t[1:3])
        found: Matrix = ((ZERO,) * cols,) * rows
        for (m, word), (p, q) in t[3]:
            part = self.word(word) if word else identity(rows)
            found = plus(found, by(Jet(Fraction(p, q)) * self.monomial(m), part))
        return found

    def word(self, word: Any) -> Matrix:
        factors = [transposed(self.function(x)) if t else self.function(x) for x, t in word]
        found: Matrix = factors[0]
        for factor in factors[1:]:
            found = times(found, factor)
        return found

    def function(self, t: Any) -> Any:
        """The value of a variable, of a function, of an atom or of a letter."""
        match t:
            case ("b", n):
                return self.bound[-1 - n]
            case ("var", name, _):
                return self.values[name]
            case ("word", name):
                return _curried(WORDS[name], LENGTHS.get(name, 2))
            case ("at", f, x):
                return self.function(f)(self.term(x))
            case ("grad", f, x):
                return self.function(f).gradient(self.matrix(x))
            case ("lam", _, body):
                around = list(self.bound)
                return lambda x: Jets(self.values, [*around, x]).term(body)
        raise AssertionError(t)


def _curried(f: Callable[..., Any], count: int, *known: Any) -> Any:
    if len(known) == count:
        return f(*known)
    return lambda x: _curried(f, count, *known, x)


def change(x: Any) -> Any:
    """The coefficient of ε, of a number or a matrix."""
    return x.b if isinstance(x, Jet) else tuple(tuple(a.b for a in row) for row in x)


def constant(x: Any) -> Any:
    """Without ε: a number or a matrix of rationals."""
    if isinstance(x, Jet):
        return x.a
    return tuple(tuple(a.a for a in row) for row in x)


def towards(x: Any, h: Any) -> Any:
    """x + εh, for numbers or matrices without ε."""
    if isinstance(x, Jet):
        return Jet(x.a, h.a)
    return tuple(
        tuple(Jet(a.a, b.a) for a, b in zip(*rows, strict=True)) for rows in zip(x, h, strict=True)
    )


def slope_at(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """The derivative of a function at x, as a function without ε."""

    def linear(h: Any) -> Any:
        found = change(f(towards(x, h)))
        if isinstance(found, Fraction):
            return Jet(found)
        return tuple(tuple(map(Jet, row)) for row in found)

    return linear
