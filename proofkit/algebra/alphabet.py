"""Numbers and matrices as sums of strings, their letters in an order that no name decides.

A letter and its transpose are neighbouring characters, so that a word is a string.  A key is a
pair (monomial, word); a monomial is the sorted tuple of its factors, each a number's character or
the least string that goes round a trace.  The order of the letters comes from where they stand in
the equations (colour refinement: B. Weisfeiler and A. Leman, 1968).  A name decides only between
letters that can be exchanged without changing the equations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from proofkit.algebra.cofactors import joined
from proofkit.algebra.raw import raw, summed
from proofkit.kernel.binding import free
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN
from proofkit.kernel.terms import (
    EMPTY,
    Facts,
    chain,
    known,
    minus,
    number,
    plus,
    powers,
    reverse,
    trace,
)

__all__ = ["Alphabet", "Key", "Poly", "flipped"]

Key = tuple[tuple[str, ...], str]
Poly = dict[Key, Any]
"""A sum: (monomial, word) ↦ integer or fraction."""

_FIRST = 0x100  # the characters used are this one and those after it, two for a letter
_ONE = number(1)


def flipped(word: str) -> str:
    """The transpose of a word."""
    return "".join([chr(ord(c) ^ 1) for c in reversed(word)])


class Alphabet:
    """The letters of some numbers and matrices, and these as sums of strings.

    Chains are cut where another one of their family ends, as far as the facts tell that it does
    so inside; so words multiply without merging.
    """

    def __init__(self, terms: Sequence[Term], facts: Facts) -> None:
        self.facts = facts
        self._ends: dict[Term, list[Term]] = {}
        whole = [joined(term, facts) for term in terms]
        for letter in dict.fromkeys(x for term in whole for x in _letters(term)):
            if letter[0] == "chain":
                _, family, hi, lo = letter
                self._ends.setdefault(family, []).extend((hi, minus(lo, _ONE)))
        self._pieces: dict[Term, Term] = {}
        self.things: list[Term] = []
        self._character: dict[Term, int] = {}
        self.thin: dict[str, bool] = {}
        self.some_thin = False
        for thing in numbered([self._cut(term) for term in whole]):
            self._enter(thing)

    # ── Into strings ───────────────────────────────────────────────────────────────────────────
    def poly(self, term: Term) -> Poly:
        """A number or matrix as a sum of strings."""
        out: Poly = {}
        for (monomial, word), c in self._cut(joined(term, self.facts)).items():
            key = (self._monomial(monomial), self._string(word))
            out[key] = out.get(key, 0) + c
        return {key: c for key, c in out.items() if c}

    def round(self, word: str) -> str:
        """The string that stands for the trace of a word that is not empty."""
        ways = (word, flipped(word))
        return min(w[cut:] + w[:cut] for w in ways for cut in range(len(w)))

    def _cut(self, term: Term) -> Poly:
        """The terms with each chain in pieces; keys are made of nodes still."""
        out: Poly = {}
        for (monomial, word), c in raw(term).items():
            factors = tuple(
                (node("trace", self._in_pieces(x[1])) if x[0] == "trace" else x, power)
                for x, power in monomial
            )
            out[factors, self._in_pieces(word)] = c
        return out

    def _in_pieces(self, word: Term) -> Term:
        return tuple(
            piece for x, t in word for piece in (reverse(self._split(x)) if t else self._split(x))
        )

    def _split(self, letter: Term) -> Term:
        if letter[0] != "chain":
            return node(node(letter, 0))
        if letter not in self._pieces:
            _, family, hi, lo = letter
            low, cuts = minus(lo, _ONE), [hi]
            for end in dict.fromkeys(self._ends.get(family, ())):
                if end in (hi, low) or not self._ordered(low, end, hi):
                    continue
                at = next((n for n, c in enumerate(cuts) if self._ordered(c, end)), len(cuts))
                if end not in cuts and self._ordered(end, cuts[at - 1]):
                    cuts.insert(at, end)
            ends = zip(cuts, [*cuts[1:], low], strict=True)
            pieces = [chain(family, a, plus(b, _ONE)) for a, b in ends]
            self._pieces[letter] = node(*(x for piece in pieces for x in piece))
        return self._pieces[letter]

    def _ordered(self, *ends: Term) -> bool:
        return all(known(minus(b, a), self.facts) for a, b in pairwise(ends))

    def _enter(self, thing: Term) -> int:
        if thing not in self._character:
            self._character[thing] = _FIRST + 2 * len(self.things)
            self.things.append(thing)
            _, *sizes = PLAIN.read(thing)[1]
            for t, size in enumerate(sizes if len(sizes) == 2 else ()):
                self.thin[chr(self._character[thing] + t)] = size == _ONE
                self.some_thin |= size == _ONE
        return self._character[thing]

    def _string(self, word: Term) -> str:
        return "".join([chr(self._enter(x) + t) for x, t in word])

    def _monomial(self, monomial: Term) -> tuple[str, ...]:
        factors = [
            self.round(self._string(x[1])) if x[0] == "trace" else chr(self._enter(x))
            for x, power in monomial
            for _ in range(power)
        ]
        return tuple(sorted(factors))

    # ── Back into terms ────────────────────────────────────────────────────────────────────────
    def rows(self, word: str) -> Term:
        """The number of rows of a word that is not empty."""
        x = ord(word[0]) - _FIRST
        size: Term = PLAIN.read(self.things[x >> 1])[1][1 + (x & 1)]
        return size

    def term(self, head: Term, poly: Poly) -> Term:
        """The number, or the matrix of that head, that a sum of strings is."""
        out: Poly = {}
        for (factors, word), c in poly.items():
            monomial: Term = EMPTY
            for factor in factors:
                monomial = powers(monomial, self._atom(factor))
            key = (monomial, self._word(word))
            out[key] = out.get(key, 0) + c
        return summed(head, out)

    def _word(self, word: str) -> Term:
        places = [ord(c) - _FIRST for c in word]
        return node(*(node(self.things[x >> 1], x & 1) for x in places))

    def _atom(self, factor: str) -> Term:
        thing = self.things[(ord(factor[0]) - _FIRST) >> 1]
        if PLAIN.read(thing)[1][0] != "matrix":
            return node(node(thing, 1))
        size = self.rows(factor)
        ((key, _),) = trace(("mat", size, size, (((EMPTY, self._word(factor)), (1, 1)),)))[1]
        return node(*key[0])


def _letters(term: Term) -> Iterator[Term]:
    for (monomial, word), _ in term[-1]:
        for w in (word, *(x[1] for x, _ in monomial if x[0] == "trace")):
            yield from (x for x, _ in w)


# ── The order of the letters ───────────────────────────────────────────────────────────────────
def numbered(polys: Sequence[Poly]) -> list[Term]:
    """The letters and numbers of sums of words, those that the last one has first.

    Each starts with the form of what it is.  Then what stands around it tells it from others,
    round by round.  Where that leaves several alike, one of them is taken.
    """
    things: dict[Term, None] = {}
    for poly in reversed(polys):
        for monomial, word in poly:
            for w in (word, *(x[1] for x, _ in monomial if x[0] == "trace")):
                things.update(dict.fromkeys(x for x, _ in w))
            things.update(dict.fromkeys(x for x, _ in monomial if x[0] != "trace"))
    last = {x for key in polys[-1] for x in _things_of(key)} if polys else set()
    names = {x: tuple(free(x)) for x in things}
    colour = _coloured({x: (x not in last, _form(x)) for x in things})
    while True:
        marks: dict[Term, list[Any]] = {x: [] for x in things}
        for n, poly in enumerate(polys):
            for x, note in _notes(poly, colour):
                marks[x].append((n, note))
        around: dict[str, list[int]] = {}
        for x in things:
            for name in names[x]:
                around.setdefault(name, []).append(colour[x])
        near = {name: sorted(found) for name, found in around.items()}
        finer = _coloured(
            {x: (colour[x], sorted(marks[x]), sorted(near[v] for v in names[x])) for x in things}
        )
        if len(set(finer.values())) == len(set(colour.values())):
            kinds = sorted(finer.values())
            alike = next((a for a, b in pairwise(kinds) if a == b), None)
            if alike is None:
                return sorted(things, key=lambda x: finer[x])
            first = min(x for x in things if finer[x] == alike)
            finer = {x: 2 * c + (c == alike and x != first) for x, c in finer.items()}
        colour = finer


def _things_of(key: Any) -> Iterator[Term]:
    monomial, word = key
    yield from (x for x, _ in word)
    for x, _ in monomial:
        yield from (y for y, _ in x[1]) if x[0] == "trace" else (x,)


def _coloured(signs: dict[Term, Any]) -> dict[Term, int]:
    """The signs as numbers, in their order."""
    kinds: list[Any] = []
    for sign in sorted(signs.values()):
        if not kinds or kinds[-1] != sign:
            kinds.append(sign)
    return {x: kinds.index(sign) for x, sign in signs.items()}


def _notes(poly: Poly, colour: dict[Term, int]) -> Iterator[tuple[Term, Any]]:
    """What a sum says of each of its letters and numbers, and of each place where it stands."""
    seen = {
        key: (abs(c), _monomial_sign(key[0], colour), _sign(key[1], colour))
        for key, c in poly.items()
    }
    sides = [sorted(seen[key] for key, c in poly.items() if (c > 0) == up) for up in (True, False)]
    for (monomial, word), c in poly.items():
        whole = (seen[monomial, word], *(sides if c > 0 else sides[::-1]))
        for at, (x, t) in enumerate(word):
            yield x, (whole, 0, (at, t))
        for x, power in monomial:
            if x[0] != "trace":
                yield x, (whole, 1, (power, 0))
                continue
            ways = ((x[1], 0), (reverse(x[1]), 1))
            for at in range(len(x[1])):
                turns = [
                    _sign(w[i:] + w[:i], colour)
                    for w, back in ways
                    for i in [len(w) - 1 - at if back else at]
                ]
                yield x[1][at][0], (whole, 2, min(turns))


def _sign(word: Term, colour: dict[Term, int]) -> tuple[Any, ...]:
    return tuple((colour[x], t) for x, t in word)


def _monomial_sign(monomial: Term, colour: dict[Term, int]) -> list[Any]:
    signs: list[Any] = []
    for x, power in monomial:
        if x[0] == "trace":
            ways = (_sign(x[1], colour), _sign(reverse(x[1]), colour))
            signs.append((1, power, min(w[i:] + w[:i] for w in ways for i in range(len(w)))))
        else:
            signs.append((0, power, ((colour[x], 0),)))
    return sorted(signs)


def _form(x: Any) -> str:
    """A term without its names, sums and products in an order of their own."""
    if type(x) is not tuple:
        return str(x)
    if x[:1] == ("var",):
        return f"v({_form(x[2])})"
    if x[:1] in (("num",), ("mat",)):
        parts = [_term_form(term) for term in x[-1]]
        return f"{x[0]}({','.join(map(_form, x[1:-1]))};{'+'.join(sorted(parts))})"
    return f"({','.join(sorted(map(_form, x[1])) if x[:1] == ('trace',) else map(_form, x))})"


def _term_form(term: Any) -> str:
    (monomial, word), c = term
    factors = sorted(_form(factor) for factor in monomial)
    return f"{c}{'·'.join(factors)}·{_form(word)}"
