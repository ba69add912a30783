"""Points where equations hold, exact modulo a prime: what is not zero there is no combination.

A combination of what is zero is zero wherever that is.  So before cofactors are looked for at
length, the letters get random values, and each equation is solved for one of them that it is
linear in.  Where all equations hold and the goal does not, no cofactors exist.  A point that
cannot be found, or at which the goal holds, says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from random import Random
from typing import Any

import flint

from proofkit.algebra.alphabet import Alphabet, Poly, flipped
from proofkit.kernel.nodes import Term

__all__ = ["is_apart"]

PRIME = (1 << 61) - 1
SIZES = (2, 3)
"""What sizes are, in turn: two, so that shapes are told apart."""

Matrix = list[list[int]]


def is_apart(alphabet: Alphabet, goal: Poly, shape: Any, given: Sequence[tuple[Poly, Any]]) -> bool:
    """Whether the goal is not zero at a point that was found, where all that is given is."""
    try:
        point = _Point(alphabet)
        point.solve(given)
        return point.holds([(goal, shape)]) is False
    except (_Unknown, ValueError):
        return False


class _Unknown(Exception):
    """No point was found."""


class _Point:
    """Values of letters and numbers, by their characters."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet, self.random = alphabet, Random(1)
        self.matrices: dict[str, Matrix] = {}
        self.numbers: dict[str, int] = {}
        self.sizes: dict[Term, int] = {}

    # ── Values ─────────────────────────────────────────────────────────────────────────────────
    def size(self, e: Term) -> int:
        """A size, or another integer made of sizes."""
        total = 0
        for (monomial, _), (p, q) in e[1]:
            value = p
            for atom, power in monomial:
                if atom not in self.sizes:
                    self.sizes[atom] = SIZES[len(self.sizes) % len(SIZES)]
                value *= self.sizes[atom] ** power
            if value % q:
                raise _Unknown
            total += value // q
        if total < 1 or total > 2 * max(SIZES):
            raise _Unknown
        return total

    def shape(self, c: str) -> tuple[int, int]:
        """The rows and columns of a letter."""
        return self.size(self.alphabet.rows(c)), self.size(self.alphabet.rows(flipped(c)))

    def matrix(self, c: str) -> Matrix:
        """The value of a letter, a random one where it has none yet."""
        if c not in self.matrices:
            rows, cols = self.shape(c)
            self.put(c, [[self.any() for _ in range(cols)] for _ in range(rows)])
        return self.matrices[c]

    def number(self, c: str) -> int:
        """The value of a number, a random one where it has none yet."""
        if c not in self.numbers:
            thing = self.alphabet.thing(c)
            self.numbers[c] = self.sizes[thing] if thing in self.sizes else self.any()
        return self.numbers[c]

    def any(self) -> int:
        """A random value."""
        return self.random.randrange(1, PRIME)

    def put(self, c: str, value: Matrix) -> None:
        """Let a letter have a value."""
        self.matrices[c] = value
        self.matrices[flipped(c)] = [list(row) for row in zip(*value, strict=True)]

    def word(self, word: str, rows: Term | None) -> Matrix:
        """The product of a word, or the identity with as many rows."""
        if not word:
            if rows is None:
                raise _Unknown
            return _identity(self.size(rows))
        out = self.matrix(word[0])
        for c in word[1:]:
            out = _times(out, self.matrix(c))
        return out

    def monomial(self, c: Any, monomial: Sequence[str]) -> int:
        """The value of a coefficient and its factors."""
        value = c.numerator * pow(c.denominator, -1, PRIME)
        for factor in monomial:
            if factor[0] in self.alphabet.thin:
                product = self.word(factor, None)
                value *= sum(row[n] for n, row in enumerate(product))
            else:
                value *= self.number(factor)
            value %= PRIME
        return int(value)

    def value(self, poly: Poly, shape: Any) -> Matrix:
        """The value of a sum; a number is a matrix of size 1×1."""
        rows, cols = (self.size(e) for e in shape) if shape else (1, 1)
        out = [[0] * cols for _ in range(rows)]
        for (monomial, word), c in poly.items():
            scale = self.monomial(c, monomial)
            product = self.word(word, shape[0]) if shape else [[1]]
            for row, more in zip(out, product, strict=True):
                row[:] = [(x + scale * y) % PRIME for x, y in zip(row, more, strict=True)]
        return out

    def holds(self, given: Sequence[tuple[Poly, Any]]) -> bool:
        """Whether all these are zero."""
        return not any(x for poly, shape in given for row in self.value(poly, shape) for x in row)

    # ── Solving ────────────────────────────────────────────────────────────────────────────────
    def solve(self, given: Sequence[tuple[Poly, Any]]) -> None:
        """Choose values at which all these are zero."""
        for _, shape in given:  # so that numbers that are sizes are known to be
            for e in shape or ():
                self.size(e)
        for c in dict.fromkeys(c for poly, _ in given for key in poly for c in _characters(key)):
            if c in self.alphabet.thin:
                self.shape(c)
            elif self.alphabet.thing(c) in self.sizes:
                self.number(c)
        left = []
        for poly, shape in given:
            if not self._symmetric(poly, shape):
                left.append((poly, shape))
        while left:
            least = min(left, key=lambda one: len(self._open(one[0])))
            left.remove(least)
            self._solved(*least)
        if not self.holds(given):
            raise _Unknown

    def _open(self, poly: Poly) -> list[str]:
        """The letters and numbers of a sum that have no value yet, those made of others first."""
        found = dict.fromkeys(c for key in poly for c in _characters(key))
        upright = dict.fromkeys(min(c, flipped(c)) if c in self.alphabet.thin else c for c in found)
        free = [c for c in upright if c not in self.matrices and c not in self.numbers]
        return sorted(free, key=lambda c: self.alphabet.thing(c)[0] == "var")

    def _symmetric(self, poly: Poly, shape: Any) -> bool:
        """Choose a value for a letter that is symmetric, or skew, if that is said."""
        if len(poly) != 2 or not shape:
            return False
        ((m, v), a), ((n, w), b) = poly.items()
        if m or n or len(v) != 1 or v != flipped(w) or v in self.matrices or abs(a) != abs(b):
            return False
        half = self.matrix(v)
        sign = 1 if a != b else -1
        pairs = zip(half, zip(*half, strict=True), strict=True)
        self.put(
            v, [[(x + sign * y) % PRIME for x, y in zip(*rows, strict=True)] for rows in pairs]
        )
        return True

    def _solved(self, poly: Poly, shape: Any) -> None:
        """Choose values at which the sum is zero."""
        for c in self._open(poly):
            inside = {
                key: e for key, e in poly.items() if _count(key, c) or _count(key, flipped(c))
            }
            others = {key: e for key, e in poly.items() if key not in inside}
            with suppress(_Unknown, ValueError):
                if c in self.alphabet.thin:
                    if shape and self._letter(c, inside, others, shape):
                        return
                elif shape is None and all(_count(key, c) == 1 for key in inside):
                    over = {(_without(m, c), w): e for (m, w), e in inside.items()}
                    ((rest,),), ((by,),) = self.value(others, None), self.value(over, None)
                    self.numbers[c] = -rest * pow(by, -1, PRIME) % PRIME
                    return

    def _letter(self, c: str, inside: Poly, others: Poly, shape: Any) -> bool:
        """Solve for a letter in whose terms all that stands left of it, or right, is the same."""
        for letter in (c, flipped(c)):
            if not all(
                _count(key, letter) == word.count(letter) == 1 and not _count(key, flipped(letter))
                for key in inside
                for _, word in (key,)
            ):
                continue
            cuts = [(*key[1].split(letter), key[0], e) for key, e in inside.items()]
            rows, cols = self.alphabet.rows(letter), self.alphabet.rows(flipped(letter))
            rest = [[-x for x in row] for row in self.value(others, shape)]
            if len({right for _, right, _, _ in cuts}) == 1:
                left = {(m, before): e for before, _, m, e in cuts}
                before = self.value(left, (shape[0], rows))
                after = self.word(cuts[0][1], cols)
            elif len({left for left, _, _, _ in cuts}) == 1:
                right = {(m, after): e for _, after, m, e in cuts}
                before = self.word(cuts[0][0], rows)
                after = self.value(right, (cols, shape[1]))
            else:
                continue
            if len(before) == len(before[0]) and len(after) == len(after[0]):
                self.put(letter, _times(_times(_inverse(before), rest), _inverse(after)))
                return True
        return False


def _characters(key: Any) -> Iterator[str]:
    monomial, word = key
    yield from word
    for factor in monomial:
        yield from factor


def _count(key: Any, c: str) -> int:
    """How often a letter or number stands in a term."""
    return sum(x == c for x in _characters(key))


def _without(monomial: tuple[str, ...], c: str) -> tuple[str, ...]:
    at = monomial.index(c)
    return monomial[:at] + monomial[at + 1 :]


# ── Matrices modulo the prime ──────────────────────────────────────────────────────────────────
def _identity(n: int) -> Matrix:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def _times(a: Matrix, b: Matrix) -> Matrix:
    return _rows(_modular(a) * _modular(b))


def _inverse(a: Matrix) -> Matrix:
    """The inverse of a square matrix; `_Unknown` if it has none."""
    try:
        return _rows(_modular(a).inv())
    except ZeroDivisionError as fault:
        raise _Unknown from fault


def _modular(a: Matrix) -> Any:
    return flint.nmod_mat(len(a), len(a[0]), [x % PRIME for row in a for x in row], PRIME)


def _rows(a: Any) -> Matrix:
    return [[int(x) for x in row] for row in a.tolist()]
