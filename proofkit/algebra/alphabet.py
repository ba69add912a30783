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

from proofkit.algebra.raw import Raw, joined, raw, summed
from proofkit.kernel.binding import free
from proofkit.kernel.nodes import Term, node, remembered
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

__all__ = ["Alphabet", "Key", "Monomial", "Poly", "flipped"]

Monomial = tuple[str, ...]
Key = tuple[Monomial, str]
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
    so inside; so words multiply without merging.  A character is ``thin`` if it has one row.
    """

    def __init__(self, terms: Sequence[Term], facts: Facts) -> None:
        self.facts = facts
        self.thin: dict[str, bool] = {}
        self.some_thin = False
        self._things: list[Term] = []
        self._character: dict[Term, int] = {}
        self._pieces: dict[Term, Term] = {}
        self._ends: dict[Term, list[Term]] = {}
        sums = [raw(joined(term, facts)) for term in terms]
        for letter in dict.fromkeys(x for terms in sums for x in _letters(terms)):
            if letter[0] == "chain":
                _, family, hi, lo = letter
                self._ends.setdefault(family, []).extend((hi, minus(lo, _ONE)))
        for thing in numbered([self._cut(terms) for terms in sums]):
            self._enter(thing)

    # ── Into strings ───────────────────────────────────────────────────────────────────────────
    def poly(self, term: Term) -> Poly:
        """A number or matrix as a sum of strings."""
        terms = self._cut(raw(joined(term, self.facts)))
        return {(self._monomial(m), self._string(w)): c for (m, w), c in terms.items()}

    def word(self, word: Term) -> str:
        """A word as a string."""
        return self._string(self._in_pieces(word))

    def round(self, word: str) -> str:
        """The string that stands for the trace of a word that is not empty."""
        ways = (word, flipped(word))
        return min(w[cut:] + w[:cut] for w in ways for cut in range(len(w)))

    def _cut(self, terms: Raw) -> Raw:
        """The terms with each chain in pieces."""
        return {
            (
                tuple(
                    (("trace", self._in_pieces(x[1])) if x[0] == "trace" else x, power)
                    for x, power in monomial
                ),
                self._in_pieces(word),
            ): c
            for (monomial, word), c in terms.items()
        }

    def _in_pieces(self, word: Term) -> Term:
        return tuple(piece for x, t in word for piece in self._split(x, t))

    def _split(self, letter: Term, t: int) -> Term:
        if letter[0] != "chain":
            return ((letter, t),)
        if letter not in self._pieces:
            _, family, hi, lo = letter
            low, cuts = minus(lo, _ONE), [hi]
            for end in dict.fromkeys(self._ends.get(family, ())):
                at = next((n for n, c in enumerate(cuts) if self._ordered(c, end)), len(cuts))
                if at and end not in (*cuts, low) and self._ordered(low, end, cuts[at - 1]):
                    cuts.insert(at, end)
            pieces = [chain(family, a, plus(b, _ONE)) for a, b in pairwise([*cuts, low])]
            self._pieces[letter] = tuple(x for piece in pieces for x in piece)
        return reverse(self._pieces[letter]) if t else self._pieces[letter]

    def _ordered(self, *ends: Term) -> bool:
        return all(known(minus(b, a), self.facts) for a, b in pairwise(ends))

    def _enter(self, thing: Term) -> int:
        if thing not in self._character:
            self._character[thing] = _FIRST + 2 * len(self._things)
            self._things.append(thing)
            sort = PLAIN.read(thing)[1]
            for t, size in enumerate(sort[1:] if sort[0] == "matrix" else ()):
                self.thin[chr(self._character[thing] + t)] = size == _ONE
                self.some_thin |= size == _ONE
        return self._character[thing]

    def _string(self, word: Term) -> str:
        return "".join([chr(self._enter(x) + t) for x, t in word])

    def _monomial(self, monomial: Term) -> Monomial:
        factors = [
            self.round(self._string(x[1])) if x[0] == "trace" else chr(self._enter(x))
            for x, power in monomial
            for _ in range(power)
        ]
        return tuple(sorted(factors))

    # ── Back into terms ────────────────────────────────────────────────────────────────────────
    def rows(self, word: str) -> Term:
        """The number of rows of a word that is not empty."""
        thing, t = self._letter(word[0])
        size: Term = PLAIN.read(thing)[1][1 + t]
        return size

    def term(self, head: Term, poly: Poly) -> Term:
        """The number, or the matrix of that head, that a sum of strings is."""
        out: Raw = {}
        for (factors, word), c in poly.items():
            monomial: Term = EMPTY
            for factor in factors:
                monomial = powers(monomial, self._factor(factor))
            key = (monomial, self._word(word))
            out[key] = out.get(key, 0) + c
        return joined(summed(head, out), self.facts)

    def thing(self, character: str) -> Term:
        """What a character stands for, plain or transposed."""
        return self._letter(character)[0]

    def _letter(self, character: str) -> tuple[Term, int]:
        place = ord(character) - _FIRST
        return self._things[place >> 1], place & 1

    def _word(self, word: str) -> Term:
        return node(*(node(*self._letter(c)) for c in word))

    def _factor(self, factor: str) -> Term:
        if factor[0] not in self.thin:
            return node(node(self._letter(factor)[0], 1))
        size = self.rows(factor)
        ((key, _),) = trace(("mat", size, size, (((EMPTY, self._word(factor)), (1, 1)),)))[1]
        return node(*key[0])


# ── The order of the letters ───────────────────────────────────────────────────────────────────
def numbered(sums: Sequence[Raw]) -> list[Term]:
    """The letters and numbers of sums of words, those that the last sum has first.

    Each starts with the form of what it is.  Then what stands around it tells it from others,
    round by round.  Where that leaves several alike, one of them is taken.
    """
    things = dict.fromkeys(x for terms in sums for x in _things(terms))
    last = set(_things(sums[-1])) if sums else set()
    names = {x: tuple(free(x)) for x in things}
    colour = _coloured({x: (x not in last, _form(x)) for x in things})
    while True:
        marks: dict[Term, list[Any]] = {x: [] for x in things}
        for n, terms in enumerate(sums):
            for x, note in _notes(terms, colour):
                marks[x].append((n, note))
        near: dict[str, list[int]] = {}
        for x in sorted(things, key=colour.__getitem__):
            for name in names[x]:
                near.setdefault(name, []).append(colour[x])
        signs = {
            x: (colour[x], sorted(marks[x]), sorted(near[v] for v in names[x])) for x in things
        }
        finer = _coloured(signs)
        if max(finer.values(), default=0) == max(colour.values(), default=0):
            kinds = sorted(finer.values())
            alike = next((a for a, b in pairwise(kinds) if a == b), None)
            if alike is None:
                return sorted(things, key=finer.__getitem__)
            first = min(x for x in things if finer[x] == alike)
            finer = _coloured({x: (c, x != first) for x, c in finer.items()})
        colour = finer


def _letters(terms: Raw) -> Iterator[Term]:
    for monomial, word in terms:
        for w in (word, *(x[1] for x, _ in monomial if x[0] == "trace")):
            yield from (x for x, _ in w)


def _things(terms: Raw) -> Iterator[Term]:
    yield from _letters(terms)
    yield from (x for monomial, _ in terms for x, _ in monomial if x[0] != "trace")


def _coloured(signs: dict[Term, Any]) -> dict[Term, int]:
    """The signs as numbers, in their order."""
    out: dict[Term, int] = {}
    before: Any = None
    for x in sorted(signs, key=signs.__getitem__):
        fresh = before is not None and signs[x] != signs[before]
        out[x] = out.get(before, 0) + fresh
        before = x
    return out


def _notes(terms: Raw, colour: dict[Term, int]) -> Iterator[tuple[Term, Any]]:
    """What a sum says of each of its letters and numbers, for each place where it stands.

    A sum and its negative say the same.
    """
    signs = {key: (abs(c), _shown(key, colour)) for key, c in terms.items()}
    sides = [sorted(signs[key] for key, c in terms.items() if (c > 0) == up) for up in (1, 0)]
    for key, c in terms.items():
        monomial, word = key
        whole = (signs[key], *(sides if c > 0 else sides[::-1]))
        for at, (x, t) in enumerate(word):
            yield x, (whole, 0, ((at, t),))
        for x, power in monomial:
            if x[0] != "trace":
                yield x, (whole, 1, ((power, 0),))
                continue
            back = reverse(x[1])
            for at, (letter, _) in enumerate(x[1]):
                ways = ((x[1], at), (back, len(back) - 1 - at))
                yield (
                    letter,
                    (whole, 2, min(_coloured_word(w[i:] + w[:i], colour) for w, i in ways)),
                )


def _shown(key: Any, colour: dict[Term, int]) -> Any:
    monomial, word = key
    factors: list[Any] = []
    for x, power in monomial:
        if x[0] == "trace":
            ways = [_coloured_word(w, colour) for w in (x[1], reverse(x[1]))]
            factors.append((power, min(w[i:] + w[:i] for w in ways for i in range(len(w)))))
        else:
            factors.append((power, ((colour[x], 2),)))
    return sorted(factors), _coloured_word(word, colour)


def _coloured_word(word: Term, colour: dict[Term, int]) -> tuple[tuple[int, int], ...]:
    return tuple((colour[x], t) for x, t in word)


@remembered
def _form(x: Any) -> str:
    """A term without its names, sums and products in an order of their own."""
    if type(x) is not tuple:
        return str(x)
    if x[:1] == ("var",):
        return f"v{_form(x[2])}"
    parts = [_form(part) for part in (x[1] if x[:1] == ("trace",) else x)]
    if x[:1] in (("num",), ("mat",)):
        parts[-1] = "+".join(
            sorted(f"{c}{''.join(sorted(map(_form, m)))}·{_form(w)}" for (m, w), c in x[-1])
        )
    return f"({','.join(sorted(parts) if x[:1] == ('trace',) else parts)})"
