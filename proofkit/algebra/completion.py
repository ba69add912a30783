"""Completion: from given equations, further rules by which a consequence of them reduces to zero.

Where the leading terms of two equations overlap, both ways to reduce the overlap must agree; their
difference is a new equation, a combination of the two (B. Buchberger, 1965, for numbers; F. Mora,
An introduction to commutative and noncommutative Gröbner bases, Theor. Comput. Sci. 134 (1994), for
words).  Here words have matrices for letters and numbers for coefficients, so an equation may be
between matrices or between numbers.  Three things are special: each equation is also there
transposed; in a number, a rule also applies inside a trace, where words go round; a product of
size 1×1 is a number.  Every new equation keeps what it is made of.  A search is bounded by counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import reduce
from heapq import heappop, heappush
from operator import or_
from typing import Any, NamedTuple, TypeVar

from proofkit.algebra.alphabet import Alphabet, Key, Monomial, Poly, flipped
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import number

__all__ = ["AROUND", "INSIDE", "TURNED", "Effort", "Part", "Search", "Spent", "add", "times"]

MAX_PAIRS = 300
MAX_WORK = 20_000
"""Overlaps looked at, and rules tried and terms made on the way."""

UNIT = (number(1), number(1))
INSIDE, TURNED, AROUND = range(3)


class Effort(IntEnum):
    """How far a search goes.

    It may read each equation from a leading word to the rest, as its author wrote it; or reduce
    the equations by one another; or complete them, and read 1×1 products as numbers.
    """

    READING, REDUCING, COMPLETING = range(3)


class Part(NamedTuple):
    """c·monomial times left·E·right, or left·Eᵀ·right, or tr(E·right)·left, E an element."""

    coefficient: Any
    monomial: Monomial
    left: str
    element: int
    right: str
    way: int = INSIDE


@dataclass
class Element:
    """A sum that is zero, of matrices (then with rows and columns) or of numbers.

    It is an equation that was given or, if ``parts`` are there, the sum of these.  Of a rule, the
    leading term is that with the monomial and word, its coefficient 1.
    """

    poly: Poly
    shape: tuple[Term, Term] | None
    parts: list[Part] | None = None
    monomial: Monomial = ()
    word: str = ""


class Spent(Exception):
    """The search has done what work it may."""


K = TypeVar("K")


def add(sums: dict[K, Any], key: K, c: Any) -> None:
    """Add a term to a sum."""
    total = sums.get(key, 0) + c
    if total:
        sums[key] = total
    else:
        sums.pop(key, None)


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    return tuple(sorted(a + b)) if a and b else a or b


def _over(a: Monomial, b: Monomial) -> Monomial | None:
    """a/b, if b divides a."""
    if not b:
        return a
    left = Counter(a)
    left.subtract(b)
    return None if min(left.values()) < 0 else tuple(sorted(left.elements()))


def _whole(c: Any) -> Any:
    return c.numerator if c.denominator == 1 else c


def size(poly: Poly) -> tuple[int, int]:
    """How far a sum is from zero: its terms, and their letters."""
    return len(poly), sum(len(word) + sum(map(len, monomial)) for monomial, word in poly)


class Search:
    """A search for rules; ``elements`` holds the given equations first."""

    def __init__(self, alphabet: Alphabet, equations: Sequence[Term], effort: Effort) -> None:
        self.alphabet = alphabet
        self.rules: list[int] = []
        self.work = MAX_WORK
        self.given = len(equations)
        shapes = [e[1:3] if e[0] == "mat" else None for e in equations]
        pairs = zip(equations, shapes, strict=True)
        self.elements = [Element(alphabet.poly(e), shape) for e, shape in pairs]
        self._left = MAX_PAIRS if effort == Effort.COMPLETING else 0
        self._reads_numbers = alphabet.some_thin and effort == Effort.COMPLETING
        self._pairs: list[tuple[int, int, list[Part], Any]] = []
        self._queued: set[tuple[Part, ...]] = set()
        self._units: dict[str, int] = {}
        self._round = True

    def read(self, leads: Sequence[str | None], ranks: Sequence[int]) -> None:
        """Make the equations between matrices rules, from the words given or the longest.

        Where several words are as long there is no rule.  Rules apply in the order of their ranks.
        """
        found: list[tuple[Any, int]] = []
        for n, wanted in enumerate(leads):
            poly, shape = self.elements[n].poly, self.elements[n].shape
            tops = [key for key in poly if key[1] == wanted]
            longest = max((len(word) for _, word in poly), default=0)
            tops = tops or [key for key in poly if len(key[1]) == longest]
            if shape is None or len(tops) != 1 or not tops[0][1]:
                continue
            monomial, word = tops[0]
            turned = {(m, flipped(w)): c for (m, w), c in poly.items()}
            rule = self._rule(poly, shape, [Part(1, (), "", n, "")], (monomial, word))
            found.append(((ranks[n], 0, word), rule))
            if (word := flipped(word)) not in [w for _, w in poly]:
                parts = [Part(1, (), "", n, "", TURNED)]
                rule = self._rule(turned, shape[::-1], parts, (monomial, word))
                found.append(((ranks[n], 1, word), rule))
        self.rules = [rule for _, rule in sorted(found)]

    def prepare(self, goals: Sequence[Term]) -> None:
        """Make the equations rules, with their transposes and the 1×1 products that occur."""
        polys = [*(e.poly for e in self.elements), *map(self.alphabet.poly, goals)]
        factors = sorted({factor for poly in polys for monomial, _ in poly for factor in monomial})
        self._round = bool(factors)
        for n in range(self.given):
            shape = self.elements[n].shape
            self._enter([Part(1, (), "", n, "")], shape)
            if shape is not None:
                self._enter([Part(1, (), "", n, "", TURNED)], shape[::-1])
        for factor in factors:
            starts = [n for n, c in enumerate(factor) if self.alphabet.thin.get(c)]
            if len(starts) == 1 and self._reads_numbers:
                self._unit(factor[starts[0] :] + factor[: starts[0]])

    def learn(self) -> bool:
        """Look at overlaps until there is a new rule; whether there is one."""
        rules = self.rules.copy()
        while rules == self.rules and self._pairs and self._left > 0:
            self._left -= 1
            alive = {*self.rules, *self._units.values()}
            _, _, parts, shape = heappop(self._pairs)
            if len(parts) == 1 or all(part.element in alive for part in parts):
                self._enter(parts, shape)
        return rules != self.rules

    def nearest(self, goal: Term) -> tuple[Poly, list[Part]]:
        """The least rest of a goal that comes up, and the parts that were taken off it."""
        shape = goal[1:3] if goal[0] == "mat" else None
        best = rest, parts = self.alphabet.poly(goal), list[Part]()
        with suppress(Spent):
            best = rest, parts = self._less(rest, parts, shape)
            while rest and self.learn():
                rest, parts = self._less(rest, parts, shape)
                best = min(best, (rest, parts), key=lambda found: size(found[0]))
        return best

    def _less(self, rest: Poly, parts: list[Part], shape: Any) -> tuple[Poly, list[Part]]:
        more = list[Part]()
        return self.reduced(rest, shape, more), parts + more

    # ── Reducing ───────────────────────────────────────────────────────────────────────────────
    def reduced(self, poly: Poly, shape: Any, parts: list[Part]) -> Poly:
        """What the rules leave; the parts that they take off are noted."""
        todo, done = dict(poly), Poly()
        while todo:
            key = max(todo, key=self._order)
            part = self._part(key, shape)
            if part is None:
                add(done, key, todo.pop(key))
                continue
            part = part._replace(coefficient=todo[key] * part.coefficient)
            parts.append(part)
            for k, c in self._made(part):
                add(todo, k, -c)
        return done

    def _order(self, key: Key) -> Any:
        monomial, word = key
        around = [len(x) for x in monomial if x[0] in self.alphabet.thin]
        return len(word), word, sum(around), len(monomial), monomial

    def _part(self, key: Key, shape: Any) -> Part | None:
        """What to take off so that a term with coefficient 1 is replaced by less."""
        if self._reads_numbers and (part := self._number_in(key)) is not None:
            return part
        self.work -= len(self.rules)
        return next(filter(None, (self._use(n, key, shape) for n in self.rules)), None)

    def _use(self, n: int, key: Key, shape: Any) -> Part | None:
        """The rule, used somewhere in the term or in a trace in it."""
        monomial, word = key
        rule = self.elements[n]
        if rule.shape is None or rule.word in word:
            extra = _over(monomial, rule.monomial)
            at = -1 if extra is None else self._place(rule, word, shape)
            if at >= 0:
                return Part(1, extra or (), word[:at], n, word[at + len(rule.word) :])
        for factor in dict.fromkeys(monomial) if rule.shape is not None else ():
            if len(rule.word) > len(factor) or factor[0] not in self.alphabet.thin:
                continue
            extra = _over(monomial, times((factor,), rule.monomial))
            for w in (factor, flipped(factor)) if extra is not None else ():
                at = self._place(rule, w + w, None)
                if 0 <= at < len(w):
                    right = (w + w)[at + len(rule.word) : at + len(w)]
                    part = Part(1, extra or (), word, n, right, AROUND)
                    whole = self._sum([part])
                    if whole and max(whole, key=self._order) == key:
                        return part._replace(coefficient=_whole(Fraction(1) / whole[key]))
                    if whole:
                        self._queue([Part(1, (), "", n, right, AROUND)], None, len(w))
        return None

    def _place(self, rule: Element, word: str, shape: Any) -> int:
        """Where the rule's word stands first in the word, an empty one where the sizes fit."""
        if rule.shape is None:
            return len(word)
        if rule.word:
            return word.find(rule.word)
        sizes = [*map(self.alphabet.rows, word), *(shape or ())[1:]]
        return sizes.index(rule.shape[0]) if rule.shape[0] in sizes else -1

    def _made(self, part: Part) -> Iterator[tuple[Key, Any]]:
        """The terms of a part."""
        c, monomial, left, n, right, way = part
        element = self.elements[n]
        self.work -= len(element.poly)
        if self.work < 0:
            raise Spent
        for (m, w), e in element.poly.items():
            both = times(monomial, m)
            if way == AROUND:
                for factors, rows in self.trace(w + right, element.shape):
                    yield (times(both, factors), left), c * e * rows
            else:
                yield (both, left + (flipped(w) if way == TURNED else w) + right), c * e

    def _sum(self, parts: Sequence[Part]) -> Poly:
        poly: Poly = {}
        for part in parts:
            for key, c in self._made(part):
                add(poly, key, c)
        return poly

    def trace(self, word: str, shape: Any) -> list[tuple[Monomial, Any]]:
        """The trace of a word; of none it is the number of rows."""
        if word:
            return [((self.alphabet.round(word),), 1)]
        return [(m, c) for (m, _), c in self.alphabet.poly(shape[0]).items()]

    # ── 1×1 products ───────────────────────────────────────────────────────────────────────────
    def _number_in(self, key: Key) -> Part | None:
        """A shortest 1×1 product in a term, or in a trace of more than it, read as a number."""
        thin = self.alphabet.thin
        monomial, word = key
        start = None
        for n, c in enumerate(word):
            if thin[c]:
                start = n
            if start is not None and thin[chr(ord(c) ^ 1)]:
                unit = self._unit(word[start : n + 1])
                return Part(1, monomial, word[:start], unit, word[n + 1 :])
        for factor in dict.fromkeys(monomial):
            starts = [n for n, c in enumerate(factor) if thin.get(c)]
            if len(starts) > 1:
                start, end = starts[:2]
                unit = self._unit(factor[start:end])
                others = _over(monomial, (factor,)) or ()
                return Part(1, others, word, unit, factor[end:] + factor[:start], AROUND)
        return None

    def _unit(self, word: str) -> int:
        """The element w − tr(w)·I of a 1×1 product w."""
        if word not in self._units:
            for w in {word: 0, flipped(word): 0}:
                poly: Poly = {((), w): 1, ((self.alphabet.round(w),), ""): -1}
                self.elements.append(Element(poly, UNIT, word=w))
                n = self._units[w] = len(self.elements) - 1
                for m in self.rules:
                    self._overlaps(m, n)
                    self._overlaps(n, m)
        return self._units[word]

    # ── New rules ──────────────────────────────────────────────────────────────────────────────
    def _enter(self, parts: list[Part], shape: Any) -> None:
        """Make the sum of the parts a rule, unless it reduces to zero."""
        off: list[Part] = []
        poly = self.reduced(self._sum(parts), shape, off)
        if not poly:
            return
        parts = parts + [part._replace(coefficient=-part.coefficient) for part in off]
        n = self._rule(poly, shape, parts, max(poly, key=self._order))
        if shape == UNIT and self._reads_numbers:
            self._enter([Part(1, (), "", n, "", AROUND)], None)
            return
        older = [(m, self.elements[m]) for m in self.rules]
        again = [m for m, e in older if self._use(n, (e.monomial, e.word), e.shape)]
        self.rules = [m for m in self.rules if m not in again]
        for m in (*self.rules, *self._units.values()):
            self._overlaps(m, n)
            self._overlaps(n, m)
        self._overlaps(n, n)
        if self._round and shape is not None and shape[0] == shape[1]:
            self._queue([Part(1, (), "", n, "", AROUND)], None, len(self.elements[n].word))
        self.rules.append(n)
        for m in again:
            self._enter([Part(1, (), "", m, "")], self.elements[m].shape)

    def _rule(self, poly: Poly, shape: Any, parts: list[Part], lead: Key) -> int:
        """The number of a new element, the sum of the parts so scaled that the lead has 1."""
        scale = Fraction(1) / poly[lead]
        poly = {key: _whole(c * scale) for key, c in poly.items()}
        parts = [p._replace(coefficient=_whole(p.coefficient * scale)) for p in parts]
        self.elements.append(Element(poly, shape, parts, *lead))
        return len(self.elements) - 1

    def _overlaps(self, i: int, j: int) -> None:
        """Queue the differences of the two ways to reduce what both rules apply to, i's first."""
        f, g = self.elements[i], self.elements[j]
        v, w = f.word, g.word
        shared = bool(set(f.monomial) & set(g.monomial))
        if f.shape is None or g.shape is None:
            if shared and f.shape is None and (g.shape is not None or i < j):
                self._queue([Part(1, (), w, i, ""), Part(-1, (), "", j, "")], g.shape, len(w))
            return
        if shared and i != j and (at := v.find(w)) >= 0:
            inner = Part(-1, (), v[:at], j, v[at + len(w) :])
            self._queue([Part(1, (), "", i, ""), inner], f.shape, len(v))
        self.work -= min(len(v), len(w))
        for k in range(int(not shared), min(len(v), len(w))):
            if v[len(v) - k :] != w[:k]:
                continue
            if k or f.shape[1] == g.shape[0]:
                pair = [Part(1, (), "", i, w[k:]), Part(-1, (), v[: len(v) - k], j, "")]
                self._queue(pair, (f.shape[0], g.shape[1]), len(v) + len(w) - k)
            for m in range(1, min(len(v), len(w)) - k + 1) if self._round and k and i <= j else ():
                if w[len(w) - m :] == v[:m]:  # they also overlap at their other ends
                    first = Part(1, (), "", i, w[k : len(w) - m], AROUND)
                    second = Part(-1, (), "", j, v[m : len(v) - k], AROUND)
                    self._queue([first, second], None, len(v) + len(w) - k - m)

    def _queue(self, parts: list[Part], shape: Any, length: int) -> None:
        """Note a difference, its parts multiplied so that their leading monomials agree."""
        monomials = [self.elements[part.element].monomial for part in parts]
        both = tuple(sorted(reduce(or_, map(Counter, monomials)).elements()))
        pairs = zip(parts, monomials, strict=True)
        parts = [part._replace(monomial=_over(both, m) or ()) for part, m in pairs]
        if (key := tuple(parts)) not in self._queued:
            self._queued.add(key)
            order = (length + sum(map(len, both)), len(self._queued))
            heappush(self._pairs, (*order, parts, shape))
