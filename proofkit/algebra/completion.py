"""Completion: from given equations, further rules by which a consequence of them reduces to zero.

Where the leading terms of two equations overlap, both ways to reduce the overlap must agree; their
difference is a new equation, a combination of the two (B. Buchberger, 1965, for numbers; F. Mora,
An introduction to commutative and noncommutative Gröbner bases, Theor. Comput. Sci. 134 (1994), for
words).  Here words have matrices for letters and numbers for coefficients, so an equation may be
between matrices or between numbers.  Three things are special: each equation is also there
transposed; in a number, a rule also applies inside a trace, where words go round; a product of
size 1×1 is a number.

Untrusted: every new equation keeps what it is made of, and in the end a goal is written as a
combination of the equations that were given, for `proofkit.kernel.algebra` to check.  A search
is bounded by counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from heapq import heappop, heappush
from operator import or_
from typing import Any, NamedTuple

from proofkit.algebra.alphabet import Alphabet, Key, Poly, flipped
from proofkit.algebra.cofactors import Step
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import Facts, number

__all__ = ["Around", "Found", "Multiple", "complete", "normal_forms"]

MAX_PAIRS = 400
MAX_WORK = 40_000
MAX_TERMS = 4_000
"""Overlaps looked at, terms made while reducing, and terms of a combination."""

Monomial = tuple[str, ...]


class Around(NamedTuple):
    """One term tr(X·cofactor)·beside of a combination, X the equation's number."""

    equation: int
    cofactor: Term
    beside: Term


class Multiple(NamedTuple):
    """One term scale·x of a combination, x the number of an equation between numbers."""

    equation: int
    scale: Term


class Found(NamedTuple):
    """A combination: its terms, what is left of the goal, and the 1×1 products it reads as numbers.

    The products w are numbered after the equations, each as the equation w − tr(w)·I = 0.
    """

    terms: list[Step | Around | Multiple]
    rest: Term
    words: list[Term]


def complete(goal: Term, equations: Sequence[Term], facts: Facts) -> Found:
    """Write a goal, a number or matrix to be shown zero, as a combination of what is zero.

    Where that fails, no terms are given, and of what was left of the goal on the way the least.
    """
    alphabet = Alphabet([*equations, goal], facts)
    best: Poly | None = None
    for plain in (True, False):
        search = _Search(alphabet, equations, plain)
        rest, parts = search.reduced_to_zero(goal)
        if not rest:
            with suppress(_Spent):
                return search.combination(goal, parts)
        elif best is None or _length(rest) < _length(best):
            best = rest
    return Found([], goal if best is None else alphabet.term(goal[:-1], best), [])


def normal_forms(
    terms: Sequence[Term], equations: Sequence[Term], facts: Facts, plain: bool
) -> list[Term]:
    """What the equations leave of numbers or matrices, if ``plain`` without completion."""
    search = _Search(Alphabet([*equations, *terms], facts), equations, plain)
    with suppress(_Spent):
        search.prepare(terms)
        while search.learn():
            pass
        return [search.alphabet.term(e[:-1], search.reduced(e, [])) for e in terms]
    return list(terms)


# ── What equations are made of ─────────────────────────────────────────────────────────────────
INSIDE, TURNED, AROUND = range(3)


class _Part(NamedTuple):
    """c·monomial times left·E·right, or left·Eᵀ·right, or tr(E·right)·left, E an element."""

    coefficient: Any
    monomial: Monomial
    left: str
    element: int
    right: str
    way: int = INSIDE


@dataclass
class _Element:
    """A sum that is zero, of matrices (then with rows and columns) or of numbers.

    It is an equation that was given or, if ``parts`` are there, the sum of these.
    """

    poly: Poly
    shape: tuple[Term, Term] | None
    parts: list[_Part] | None
    monomial: Monomial = ()
    word: str = ""


def _shape(e: Term) -> tuple[Term, Term] | None:
    return (e[1], e[2]) if e[0] == "mat" else None


def _times(a: Monomial, b: Monomial) -> Monomial:
    return tuple(sorted(a + b)) if a and b else a or b


def _over(a: Monomial, b: Monomial) -> Monomial | None:
    """a/b, if b divides a."""
    if not b:
        return a
    left = Counter(a)
    left.subtract(b)
    return None if min(left.values()) < 0 else tuple(sorted(left.elements()))


def _add(poly: Poly, key: Key, c: Any) -> None:
    total = poly.get(key, 0) + c
    if total:
        poly[key] = total
    else:
        poly.pop(key, None)


class _Spent(Exception):
    """The search has done what work it may."""


_Place = tuple[int, int, Monomial, str, str]
"""Where X, the element of that number, stands in a product: as in a part, X in place of E."""

_UNIT = (number(1), number(1))


def _length(poly: Poly) -> tuple[int, int]:
    return len(poly), sum(len(word) + sum(map(len, monomial)) for monomial, word in poly)


def _whole(c: Any) -> Any:
    return c.numerator if c.denominator == 1 else c


# ── The search ─────────────────────────────────────────────────────────────────────────────────
class _Search:
    def __init__(self, alphabet: Alphabet, equations: Sequence[Term], plain: bool) -> None:
        self.alphabet = alphabet
        self.elements: list[_Element] = []
        self.rules: list[int] = []
        self.pairs: list[Any] = []
        self.queued: set[tuple[_Part, ...]] = set()
        self.units: dict[str, int] = {}
        self.known: dict[int, dict[_Place, Any]] = {}
        self.work, self.left = MAX_WORK, 0 if plain else MAX_PAIRS
        self.reads_numbers = alphabet.some_thin and not plain
        self.given = len(equations)
        for e in equations:
            self._append(alphabet.poly(e), _shape(e), None)

    def reduced_to_zero(self, goal: Term) -> tuple[Poly, list[_Part]]:
        """The least rest of the goal that comes up, and the parts that were taken off it."""
        rest, parts = self.alphabet.poly(goal), list[_Part]()
        best = rest, parts
        with suppress(_Spent):
            self.prepare([goal])
            while True:
                more = list[_Part]()
                rest = self._reduced(rest, _shape(goal), more)
                parts = parts + more
                best = min(best, (rest, parts), key=lambda found: _length(found[0]))
                if not rest or not self.learn():
                    break
        return best

    def prepare(self, goals: Sequence[Term]) -> None:
        """Make the equations rules, with their transposes and the 1×1 products that occur."""
        polys = [*(e.poly for e in self.elements), *map(self.alphabet.poly, goals)]
        factors = sorted({factor for poly in polys for monomial, _ in poly for factor in monomial})
        self.round = bool(factors)
        for n in range(self.given):
            shape = self.elements[n].shape
            self._enter([_Part(1, (), "", n, "")], shape)
            if shape is not None:
                self._enter([_Part(1, (), "", n, "", TURNED)], shape[::-1])
        for factor in factors:
            starts = [n for n, c in enumerate(factor) if self.alphabet.thin.get(c)]
            if len(starts) == 1 and self.reads_numbers:
                self._unit(factor[starts[0] :] + factor[: starts[0]])

    def learn(self) -> bool:
        """Look at overlaps until there is a new rule; whether there is one."""
        rules = self.rules.copy()
        while rules == self.rules and self.pairs and self.left > 0:
            self.left -= 1
            alive = {*self.rules, *self.units.values()}
            _, _, parts, shape = heappop(self.pairs)
            if all(part.element in alive for part in parts):
                self._enter(parts, shape)
        return rules != self.rules

    def reduced(self, goal: Term, parts: list[_Part]) -> Poly:
        """What the rules leave of a goal."""
        return self._reduced(self.alphabet.poly(goal), _shape(goal), parts)

    # ── Reducing ───────────────────────────────────────────────────────────────────────────────
    def _reduced(self, poly: Poly, shape: Any, parts: list[_Part]) -> Poly:
        """What the rules leave; the parts that they take off are noted."""
        todo, done = dict(poly), Poly()
        while todo:
            key = max(todo, key=self._order)
            c = todo[key]
            part = self._part(key, shape)
            if part is None:
                _add(done, key, todo.pop(key))
                continue
            part = part._replace(coefficient=c * part.coefficient)
            parts.append(part)
            for k, e in self._made(part):
                _add(todo, k, -e)
        return done

    def _order(self, key: Key) -> Any:
        monomial, word = key
        around = [len(x) for x in monomial if x[0] in self.alphabet.thin]
        return len(word), word, sum(around), len(monomial), monomial

    def _part(self, key: Key, shape: Any) -> _Part | None:
        """What to take off so that a term with coefficient 1 is replaced by less."""
        if self.reads_numbers and (part := self._number_in(key)) is not None:
            return part
        self.work -= len(self.rules)
        return next(filter(None, (self._use(n, key, shape) for n in self.rules)), None)

    def _use(self, n: int, key: Key, shape: Any) -> _Part | None:
        """The rule, used somewhere in the term or in a trace in it."""
        monomial, word = key
        rule = self.elements[n]
        if rule.shape is None or rule.word in word:
            extra = _over(monomial, rule.monomial)
            if extra is not None:
                if rule.shape is None:
                    return _Part(1, extra, word, n, "")
                if rule.word or (not word and rule.shape == shape):
                    left, _, right = word.partition(rule.word) if rule.word else ("", "", "")
                    return _Part(1, extra, left, n, right)
        for factor in dict.fromkeys(monomial) if rule.word else ():
            if len(rule.word) > len(factor) or factor[0] not in self.alphabet.thin:
                continue
            extra = _over(monomial, _times((factor,), rule.monomial))
            for w in (factor, flipped(factor)) if extra is not None else ():
                at = (w + w).find(rule.word)
                if 0 <= at < len(w):
                    right = (w + w)[at + len(rule.word) : at + len(w)]
                    part = _Part(1, extra or (), word, n, right, AROUND)
                    whole = self._summed_up([part])
                    if whole and max(whole, key=self._order) == key:
                        return part._replace(coefficient=_whole(Fraction(1) / whole[key]))
                    if whole:
                        self._queue([_Part(1, (), "", n, right, AROUND)], None, len(w))
        return None

    def _made(self, part: _Part) -> Iterator[tuple[Key, Any]]:
        """The terms of a part."""
        c, monomial, left, n, right, way = part
        element = self.elements[n]
        self.work -= len(element.poly)
        if self.work < 0:
            raise _Spent
        for (m, w), e in element.poly.items():
            both = _times(monomial, m)
            if way == AROUND:
                for factors, size in self._trace(w + right, element.shape):
                    yield (_times(both, factors), left), c * e * size
            else:
                yield (both, left + (flipped(w) if way == TURNED else w) + right), c * e

    def _summed_up(self, parts: list[_Part]) -> Poly:
        poly: Poly = {}
        for part in parts:
            for key, c in self._made(part):
                _add(poly, key, c)
        return poly

    def _trace(self, word: str, shape: Any) -> list[tuple[Monomial, Any]]:
        """The trace of a word; of none it is the number of rows."""
        if word:
            return [((self.alphabet.round(word),), 1)]
        return [(m, c) for (m, _), c in self.alphabet.poly(shape[0]).items()]

    # ── 1×1 products ───────────────────────────────────────────────────────────────────────────
    def _number_in(self, key: Key) -> _Part | None:
        """A shortest 1×1 product in a term, or in a trace of more than it, read as a number."""
        thin = self.alphabet.thin
        monomial, word = key
        start = None
        for n, c in enumerate(word):
            if thin[c]:
                start = n
            if start is not None and thin[chr(ord(c) ^ 1)]:
                unit = self._unit(word[start : n + 1])
                return _Part(1, monomial, word[:start], unit, word[n + 1 :])
        for factor in dict.fromkeys(monomial):
            starts = [n for n, c in enumerate(factor) if thin.get(c)]
            if len(starts) > 1:
                start, end = starts[:2]
                unit = self._unit(factor[start:end])
                others = _over(monomial, (factor,)) or ()
                return _Part(1, others, word, unit, factor[end:] + factor[:start], AROUND)
        return None

    def _unit(self, word: str) -> int:
        """The element w − tr(w)·I of a 1×1 product w."""
        if word not in self.units:
            for w in {word: 0, flipped(word): 0}:
                poly: Poly = {((), w): 1, ((self.alphabet.round(w),), ""): -1}
                n = self.units[w] = self._append(poly, _UNIT, None)
                self.elements[n].word = w
                for m in self.rules:
                    self._meet(m, n)
        return self.units[word]

    # ── New rules ──────────────────────────────────────────────────────────────────────────────
    def _enter(self, parts: list[_Part], shape: Any) -> None:
        """Make the sum of the parts a rule, unless it reduces to zero."""
        whole = self._summed_up(parts)
        off: list[_Part] = []
        poly = self._reduced(whole, shape, off)
        if not poly:
            return
        parts = parts + [part._replace(coefficient=-part.coefficient) for part in off]
        if shape == _UNIT and self.reads_numbers:
            n = self._append(poly, shape, parts)
            self._enter([_Part(1, (), "", n, "", AROUND)], None)
            return
        lead = max(poly, key=self._order)
        scale = Fraction(1) / poly[lead]
        poly = {key: _whole(c * scale) for key, c in poly.items()}
        parts = [p._replace(coefficient=_whole(p.coefficient * scale)) for p in parts]
        n = self._append(poly, shape, parts)
        new = self.elements[n]
        new.monomial, new.word = lead
        older = [self.elements[m] for m in self.rules]
        again = [
            m
            for m, old in zip(self.rules, older, strict=True)
            if self._use(n, (old.monomial, old.word), old.shape)
        ]
        self.rules = [m for m in self.rules if m not in again]
        for m in (*self.rules, *self.units.values()):
            self._meet(m, n)
        self._overlaps(n, n)
        self.rules.append(n)
        for m in again:
            self._enter([_Part(1, (), "", m, "")], self.elements[m].shape)

    def _append(self, poly: Poly, shape: Any, parts: list[_Part] | None) -> int:
        self.elements.append(_Element(poly, shape, parts))
        return len(self.elements) - 1

    def _meet(self, i: int, j: int) -> None:
        self._overlaps(i, j)
        self._overlaps(j, i)

    def _overlaps(self, i: int, j: int) -> None:
        """Queue the differences of the two ways to reduce what both rules apply to, i's first."""
        f, g = self.elements[i], self.elements[j]
        v, w = f.word, g.word
        shared = bool(set(f.monomial) & set(g.monomial))
        if f.shape is None or g.shape is None:
            if shared and f.shape is None and (g.shape is not None or i < j):
                self._queue([_Part(1, (), w, i, ""), _Part(-1, (), "", j, "")], g.shape, len(w))
            return
        if shared and i != j:
            at = v.find(w)
            if at >= 0:
                inner = _Part(-1, (), v[:at], j, v[at + len(w) :])
                self._queue([_Part(1, (), "", i, ""), inner], f.shape, len(v))
        for k in range(int(not shared), min(len(v), len(w))):
            if v[len(v) - k :] == w[:k] and (k or f.shape[1] == g.shape[0]):
                ends = (f.shape[0], g.shape[1])
                second = _Part(-1, (), v[: len(v) - k], j, "")
                first = _Part(1, (), "", i, w[k:])
                self._queue([first, second], ends, len(v) + len(w) - k)
            if not self.round or not k or j < i:
                continue
            for m in range(1, min(len(v), len(w)) - k + 1):
                if v[len(v) - k :] == w[:k] and w[len(w) - m :] == v[:m]:
                    first = _Part(1, (), "", i, w[k : len(w) - m], AROUND)
                    second = _Part(-1, (), "", j, v[m : len(v) - k], AROUND)
                    self._queue([first, second], None, len(v) + len(w) - k - m)

    def _queue(self, parts: list[_Part], shape: Any, size: int) -> None:
        """Note a difference, its parts multiplied so that their leading monomials agree."""
        monomials = [Counter(self.elements[part.element].monomial) for part in parts]
        both = tuple(sorted(reduce(or_, monomials).elements()))
        parts = [
            part._replace(monomial=_over(both, self.elements[part.element].monomial) or ())
            for part in parts
        ]
        key = (*parts,)
        if key not in self.queued:
            self.queued.add(key)
            heappush(self.pairs, (size + sum(map(len, both)), len(self.queued), parts, shape))

    # ── The combination ────────────────────────────────────────────────────────────────────────
    def combination(self, goal: Term, parts: list[_Part]) -> Found:
        """The parts in terms of what was given; `_Spent` if they are too many."""
        head, term = goal[:-1], self.alphabet.term
        cofactors: dict[Any, Poly] = {}
        for (way, n, monomial, left, right), c in self._summed(parts).items():
            if self.elements[n].shape is None:
                place, key = (way, n), (monomial, left)
            elif way == AROUND:
                place, key = (way, n, left), (monomial, right)
            else:
                place, key = (way, n, right), (monomial, left)
            cofactors.setdefault(place, {})[key] = c
        terms: list[Step | Around | Multiple] = []
        words: list[Term] = []
        numbers: dict[int, int] = {}
        for (way, n, *other), poly in cofactors.items():
            if n >= self.given and n not in numbers:
                numbers[n] = self.given + len(words)
                lead = next(key for key in self.elements[n].poly if key[1])
                words.append(term(("mat", *_UNIT), {lead: 1}))
            at, shape = numbers.get(n, n), self.elements[n].shape
            if shape is None:
                terms.append(Multiple(at, term(head, poly)))
            elif way == AROUND:
                beside = term(head, {((), other[0]): 1})
                terms.append(Around(at, term(("mat", *shape[::-1]), poly), beside))
            else:
                rows, cols = shape[::-1] if way == TURNED else shape
                right = term(("mat", cols, head[2]), {((), other[0]): 1})
                terms.append(Step(term(("mat", head[1], rows), poly), at, way == TURNED, right))
        return Found(terms, term(head, {}), words)

    def _summed(self, parts: list[_Part]) -> dict[_Place, Any]:
        """The parts in terms of what was given."""
        out: dict[_Place, Any] = {}
        for part in parts:
            for place, c in self._made_of(part.element).items():
                for there, e in self._placed(part, place):
                    _add(out, there, c * e)
            if len(out) > MAX_TERMS:
                raise _Spent
        return out

    def _made_of(self, n: int) -> dict[_Place, Any]:
        parts = self.elements[n].parts
        if parts is None:
            return {(INSIDE, n, (), "", ""): 1}
        if n not in self.known:
            self.known[n] = self._summed(parts)
        return self.known[n]

    def _placed(self, part: _Part, place: _Place) -> Iterator[tuple[_Place, Any]]:
        """What stands at a place of an element, as it stands in a part that has the element."""
        c, monomial, left, element, right, outer = part
        way, n, m, v, w = place
        both = _times(monomial, m)
        if way == AROUND or self.elements[n].shape is None:  # a number times the word v
            if outer == AROUND:
                for factors, size in self._trace(v + right, self.elements[element].shape):
                    yield (way, n, _times(both, factors), left, w), c * size
            else:
                beside = left + (flipped(v) if outer == TURNED else v) + right
                yield (way, n, both, beside, w), c
            return
        if outer == TURNED:
            way, v, w = INSIDE + TURNED - way, flipped(w), flipped(v)
        if outer == AROUND:
            around = w + right + v
            yield (AROUND, n, both, left, flipped(around) if way == TURNED else around), c
        else:
            yield (way, n, both, left + v, w + right), c
