"""Search for cofactors: they write a goal as a combination of given equations.

Untrusted: what it finds is checked by `proofkit.kernel.algebra`.  Method: each equation L = R is
a rewriting rule from its leading word to the rest; the goal is reduced, and every reduction step
is one term left·(L − R)·right of the combination.  Where that does not end in zero, the rules are
completed (`proofkit.algebra.completion`).  Renaming letters renames the cofactors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from operator import is_
from typing import Any, NamedTuple

from proofkit.algebra.alphabet import Alphabet, Monomial, Poly, flipped
from proofkit.algebra.completion import (
    AROUND,
    INSIDE,
    TURNED,
    UNIT,
    Effort,
    Part,
    Search,
    Spent,
    add,
    times,
)
from proofkit.algebra.points import is_apart
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import NO_FACTS, Facts

__all__ = [
    "Around",
    "Effort",
    "Found",
    "Multiple",
    "Step",
    "find_cofactors",
    "is_refuted",
    "normal_forms",
]

MAX_TERMS = 4_000
"""What a combination may have of terms, written out in the equations that were given."""

Equations = Sequence[tuple[Term, Term | None]]
"""Numbers or matrices that are zero, each with the word to read it from, if there is one."""


class Step(NamedTuple):
    """One term left·X·right (or left·Xᵀ·right) of a combination, X the equation's number."""

    left: Term
    equation: int
    transposed: bool
    right: Term


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
    """A combination: its terms, what is left of the goal, and products that it reads as numbers.

    The 1×1 products w are numbered after the equations, each as the equation w − tr(w)·I = 0.
    """

    terms: list[Step | Around | Multiple]
    rest: Term
    words: list[Term]


def find_cofactors(
    goal: Term,
    equations: Equations,
    facts: Facts,
    effort: Effort = Effort.READING,
    ranks: Sequence[int] | None = None,
) -> Found:
    """Write a goal, a number or matrix to be shown zero, as a combination of what is zero.

    Nothing is left where that succeeds; otherwise what is left is the least that was met.  Of
    equations that are read from a word, one of a lesser rank is used first; by default each has
    its own, the first the least.
    """
    search = _search([goal], equations, facts, effort, ranks)
    rest, parts = search.nearest(goal)
    try:
        return _Writing(search, goal).found(rest, parts)
    except Spent:
        return Found([], goal, [])


def normal_forms(
    terms: Sequence[Term], equations: Equations, facts: Facts, effort: Effort
) -> list[Term]:
    """What the equations leave of numbers or matrices."""
    search = _search(terms, equations, facts, effort)
    alphabet = search.alphabet
    with suppress(Spent):
        while search.learn():
            pass
        shapes = [e[1:3] if e[0] == "mat" else None for e in terms]
        pairs = zip(terms, shapes, strict=True)
        return [
            alphabet.term(e[:-1], search.reduced(alphabet.poly(e), shape, [])) for e, shape in pairs
        ]
    return list(terms)


def is_refuted(goal: Term, equations: Equations, facts: Facts) -> bool:
    """Whether a point was found at which the equations hold and the goal does not."""
    alphabet = _alphabet([*(zero for zero, _ in equations), goal], facts)
    (aim, *given) = [
        (alphabet.poly(e), e[1:3] if e[0] == "mat" else None)
        for e in (goal, *(zero for zero, _ in equations))
    ]
    return is_apart(alphabet, *aim, given)


def _alphabet(terms: Sequence[Term], facts: Facts) -> Alphabet:
    """The letters of these terms, which one search after the other asks for."""
    before, known, found = _last[0]
    if known is facts and len(before) == len(terms) and all(map(is_, before, terms)):
        return found
    found = Alphabet(terms, facts)
    _last[0] = (terms, facts, found)
    return found


_last: list[tuple[Sequence[Term], Facts, Alphabet]] = [((), NO_FACTS, Alphabet((), NO_FACTS))]


def _search(
    goals: Sequence[Term],
    equations: Equations,
    facts: Facts,
    effort: Effort,
    ranks: Sequence[int] | None = None,
) -> Search:
    alphabet = _alphabet([*(zero for zero, _ in equations), *goals], facts)
    search = Search(alphabet, [zero for zero, _ in equations], effort)
    if effort == Effort.READING:
        leads = [None if word is None else alphabet.word(word) for _, word in equations]
        search.read(leads, ranks or range(len(equations)))
    else:
        with suppress(Spent):
            search.prepare(goals)
    return search


_Place = tuple[int, int, Monomial, str, str]
"""Where X, the element of that number, stands in a product: the way, X, and what is around it."""


class _Writing:
    """Writes parts of a goal in the equations that were given."""

    def __init__(self, search: Search, goal: Term) -> None:
        self.search, self.goal = search, goal
        self._known: dict[int, dict[_Place, Any]] = {}

    def found(self, rest: Poly, parts: list[Part]) -> Found:
        """The combination that these parts are; `Spent` if it is too long."""
        head, term = self.goal[:-1], self.search.alphabet.term
        cofactors: dict[Any, Poly] = {}
        for (way, n, monomial, v, w), c in self._sum(parts).items():
            if self.search.elements[n].shape is None:
                place, key = (n, way, ""), (monomial, v)
            elif way == AROUND:
                place, key = (n, way, v), (monomial, w)
            else:
                place, key = (n, way, w), (monomial, v)
            cofactors.setdefault(place, {})[key] = c
        terms: list[Step | Around | Multiple] = []
        words: list[Term] = []
        numbers: dict[int, int] = {}
        for (n, way, other), poly in cofactors.items():
            element = self.search.elements[n]
            beside: Poly = {((), other): 1}
            if n >= self.search.given and n not in numbers:
                numbers[n] = self.search.given + len(words)
                words.append(term(("mat", *UNIT), {((), element.word): 1}))
            at = numbers.get(n, n)
            if element.shape is None:
                terms.append(Multiple(at, term(head, poly)))
            elif way == AROUND:
                cofactor = term(("mat", *element.shape[::-1]), poly)
                terms.append(Around(at, cofactor, term(head, beside)))
            else:
                rows, cols = element.shape[::-1] if way == TURNED else element.shape
                left_term = term(("mat", head[1], rows), poly)
                terms.append(
                    Step(left_term, at, way == TURNED, term(("mat", cols, head[2]), beside))
                )
        return Found(terms, term(head, rest), words)

    def _sum(self, parts: list[Part]) -> dict[_Place, Any]:
        out: dict[_Place, Any] = {}
        for part in parts:
            for place, c in self._whole(part.element).items():
                for there, e in self._placed(part, place):
                    add(out, there, c * e)
            if len(out) > MAX_TERMS:
                raise Spent
        return out

    def _whole(self, n: int) -> dict[_Place, Any]:
        """An element in the equations that were given."""
        parts = self.search.elements[n].parts
        if parts is None:
            return {(INSIDE, n, (), "", ""): 1}
        if n not in self._known:
            self._known[n] = self._sum(parts)
        return self._known[n]

    def _placed(self, part: Part, place: _Place) -> Iterator[tuple[_Place, Any]]:
        """What stands at a place of an element, as it stands in a part that has the element."""
        c, monomial, left, element, right, outer = part
        way, n, m, v, w = place
        both = times(monomial, m)
        if way == AROUND or self.search.elements[n].shape is None:  # a number times the word v
            if outer == AROUND:
                shape = self.search.elements[element].shape
                for factors, rows in self.search.trace(v + right, shape):
                    yield (way, n, times(both, factors), left, w), c * rows
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
