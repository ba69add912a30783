"""Opening and closing of binders, and the rebuilding of terms that both rest on.

Bound variables are de Bruijn indices, free ones carry names and sorts (locally nameless), so a
term put in for a bound variable can never be captured.  Source: A. Charguéraud, The locally
nameless representation, J. Automated Reasoning 49 (2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from proofkit.language import claims as c
from proofkit.language.errors import LanguageError
from proofkit.language.occurrences import mentions_bound, names_in, reach
from proofkit.language.terms import (
    NO_FACTS,
    ONE,
    Facts,
    Raw,
    Term,
    chain_word,
    constant,
    gradient,
    lin,
    matrix,
    member_of,
    poly,
    raw_product,
    real_atom,
    real_power,
    real_product,
    real_sum,
    trace_of,
    transpose_word,
    value,
    width_at,
)

Leaf = Callable[[Term, int], "Term | None"]
"""What a variable under so many binders becomes: a term of its sort, a variable, or None (stay)."""

REMEMBERED_BINDERS = 256
"""How many ways to open or close a binder are remembered with what they made of their parts."""

REMEMBERED = 1 << 14
"""How many indices and letters each of them remembers."""

Stays = Callable[[Term, int], bool]
"""Whether nothing is replaced in an index or letter that stands under so many binders."""

_LIN, _POLY, _MAT = "lin", "poly", "mat"


class Rebuild:
    """A term or claim built again from its parts, variables replaced and words rejoined.

    The same indices and letters stand in many places of a claim, and in many claims; each is
    built once, and not at all where ``stays`` says that it has no variable to replace, because it
    is then what would be built.  What was built is remembered: it follows from the index or
    letter, the depth, the leaf and the facts, and these never change.
    """

    def __init__(self, leaf: Leaf, facts: Facts = NO_FACTS, stays: Stays | None = None) -> None:
        self.leaf = leaf
        self.facts = facts
        self.stays = stays
        self._indices: dict[tuple[Term, int], Term] = {}
        self._letters: dict[tuple[Term, int], Raw] = {}

    def index(self, term: Term, depth: int) -> Term:
        if term[2] == ():
            return term
        built = self._indices.get((term, depth))
        if built is None:
            stays = self.stays is not None and self.stays(term, depth)
            built = self._indices[term, depth] = term if stays else self._index(term, depth)
        return built

    def _index(self, term: Term, depth: int) -> Term:
        constant = term[1]
        parts: list[tuple[Term, int]] = []
        for atom, coefficient in term[2]:
            _, more, inside = self._index_atom(atom, depth)
            constant += coefficient * more
            parts.extend((a, coefficient * c) for a, c in inside)
        return lin(constant, parts)

    def _index_atom(self, atom: Term, depth: int) -> Term:
        tag = atom[0]
        if tag == "width":
            arguments = tuple(self.index(a, depth) for a in atom[2])
            return width_at(self.width(atom[1], depth), arguments)
        if tag == "rank":
            return (_LIN, 0, ((("rank", self.matrix(atom[1], depth)), 1),))
        put = self.leaf(atom, depth)
        if put is None:
            return (_LIN, 0, ((atom, 1),))
        return put if put[0] == _LIN else (_LIN, 0, ((put, 1),))

    def width(self, term: Term, depth: int) -> Term:
        if term[0] == "table":
            return ("table", tuple(self.index(entry, depth) for entry in term[1]))
        if term[0] == "wlam":
            return ("wlam", term[1], self.index(term[2], depth + term[1]))
        if term[0] == "ends":
            _, inner, last, *values = term
            parts = (self.width(inner, depth), self.width(last, depth))
            return ("ends", *parts, *(self.index(v, depth) for v in values))
        put = self.leaf(term, depth)
        return term if put is None else put

    def real(self, term: Term, depth: int) -> Term:
        result = poly({})
        for monomial, coefficient in term[1]:
            product = constant(coefficient)
            for atom, power in monomial:
                product = real_product(product, real_power(self._real_atom(atom, depth), power))
            result = real_sum(result, product)
        return result

    def _real_atom(self, atom: Term, depth: int) -> Term:
        tag = atom[0]
        if tag == "value":
            return value(self.function(atom[1], depth), self.matrix(atom[2], depth))
        if tag == "int":
            index = self._index_atom(atom[1], depth)
            parts: dict[Any, Any] = {((("int", a), 1),): c for a, c in index[2]}
            return poly({**parts, ONE: index[1]})
        if tag == "trace":
            size = self._size(atom[1], depth)
            result = poly({})
            for (m, w), c in self._word(atom[1], depth).items():
                result = real_sum(result, real_product(poly({m: c}), trace_of(w, size, self.facts)))
            return result
        put = self.leaf(atom, depth)
        if put is None:
            return real_atom(atom)
        return put if put[0] == _POLY else real_atom(put)

    def _size(self, word: Term, depth: int) -> Term | None:
        """The size of the word should it vanish, as far as a matrix put in for a letter tells.

        All its letters are then square and of one size, up to what is known about indices.
        """
        for letter, _ in word:
            put = self.leaf(letter, depth) if letter[0] in ("var", "b") else None
            if put is not None and put[0] == _MAT:
                return put[1]  # type: ignore[no-any-return]
        return None

    def matrix(self, term: Term, depth: int) -> Term:
        rows, cols = self.index(term[1], depth), self.index(term[2], depth)
        total: Raw = {}
        for (monomial, word), coefficient in term[3]:
            built = self._word(word, depth)
            if monomial:
                scale = self.real(("poly", ((monomial, coefficient),)), depth)
                built = raw_product({(m, ()): c for m, c in scale[1]}, built, self.facts)
                coefficient = 1
            for key, more in built.items():
                total[key] = total.get(key, 0) + coefficient * more
        return matrix(rows, cols, total)

    def _word(self, word: Term, depth: int) -> Raw:
        product: Raw | None = None
        for letter, transposed in word:
            raw = self._letter(letter, depth)
            if transposed:
                raw = {(m, transpose_word(w)): c for (m, w), c in raw.items()}
            product = raw if product is None else raw_product(product, raw, self.facts)
        return {(ONE, ()): 1} if product is None else product

    def _letter(self, letter: Term, depth: int) -> Raw:
        built = self._letters.get((letter, depth))
        if built is None:
            stays = self.stays is not None and self.stays(letter, depth)
            built = {(ONE, ((letter, 0),)): 1} if stays else self._new_letter(letter, depth)
            self._letters[letter, depth] = built
        return built

    def _new_letter(self, letter: Term, depth: int) -> Raw:
        tag = letter[0]
        if tag == "chain":
            family = self.family(letter[1], depth)
            hi, lo = self.index(letter[2], depth), self.index(letter[3], depth)
            return {(ONE, chain_word(family, hi, lo)): 1}
        if tag == "sum":
            family = self.family(letter[1], depth)
            ends = (self.index(letter[2], depth), self.index(letter[3], depth))
            return {(ONE, ((("sum", family, *ends), 0),)): 1}
        if tag == "grad":
            term = gradient(self.function(letter[1], depth), self.matrix(letter[2], depth))
            return dict(term[3])
        put = self.leaf(letter, depth)
        if put is None:
            return {(ONE, ((letter, 0),)): 1}
        return dict(put[3]) if put[0] == _MAT else {(ONE, ((put, 0),)): 1}

    def family(self, term: Term, depth: int) -> Term:
        tag = term[0]
        if tag == "member":
            return member_of(self.family(term[1], depth), self.index(term[2], depth))
        if tag == "tab":
            return ("tab", self._member(term[1], depth + 1))
        if tag == "replaced":
            _, family, lo, hi, body = term
            return (
                "replaced",
                self.family(family, depth),
                self.index(lo, depth),
                self.index(hi, depth),
                self.matrix(body, depth + 1),
            )
        if tag == "updated":
            _, family, at, member = term
            return (
                "updated",
                self.family(family, depth),
                self.index(at, depth),
                self._member(member, depth),
            )
        if tag == "listed":
            return ("listed", tuple(self.matrix(m, depth) for m in term[1]))
        put = self.leaf(term, depth)
        return term if put is None else put

    def _member(self, term: Term, depth: int) -> Term:
        """A member of a family: a matrix, or a family of one index less."""
        return self.matrix(term, depth) if term[0] == _MAT else self.family(term, depth)

    def function(self, term: Term, depth: int) -> Term:
        if term[0] == "fun":
            _, rows, cols, body = term
            return (
                "fun",
                self.index(rows, depth),
                self.index(cols, depth),
                self.real(body, depth + 1),
            )
        put = self.leaf(term, depth)
        return term if put is None else put

    def sort(self, sort: Term, depth: int) -> Term:
        if sort[0] in ("matrix", "function"):
            return (sort[0], self.index(sort[1], depth), self.index(sort[2], depth))
        if sort[0] == "family":
            inside = depth + sort[1]
            return ("family", sort[1], self.index(sort[2], inside), self.index(sort[3], inside))
        return sort

    def term(self, term: Term, sort: Term, depth: int) -> Term:
        """A term of the given sort."""
        tag = sort[0]
        if tag in ("index", "nat"):
            return self.index(term, depth)
        if tag == "real":
            return self.real(term, depth)
        return getattr(self, tag)(term, depth)  # type: ignore[no-any-return]

    def claim(self, claim: Term, depth: int) -> Term:
        tag = claim[0]
        if tag == "inonneg":
            return (tag, self.index(claim[1], depth))
        if tag == "inull":
            return c.index_null(self.index(claim[1], depth))
        if tag in ("rnonneg", "rpos"):
            return (tag, self.real(claim[1], depth))
        if tag == "rnull":
            return c.real_null(self.real(claim[1], depth))
        if tag == "mnull":
            return c.matrix_null(self.matrix(claim[1], depth))
        if tag in ("and", "or"):
            return (tag, tuple(self.claim(part, depth) for part in claim[1]))
        if tag == "not":
            return c.negation(self.claim(claim[1], depth))
        if tag == "implies":
            return (tag, self.claim(claim[1], depth), self.claim(claim[2], depth))
        if tag in ("forall", "exists"):
            return (tag, self.sort(claim[1], depth), self.claim(claim[2], depth + 1))
        if tag == "near":
            _, sorts, centres, body = claim
            return (
                tag,
                tuple(self.sort(s, depth) for s in sorts),
                tuple(self.term(t, s, depth) for t, s in zip(centres, sorts, strict=True)),
                self.claim(body, depth + len(sorts)),
            )
        if tag in ("differentiable", "convex"):
            return (tag, self.function(claim[1], depth))
        if tag == "false":
            return claim
        raise LanguageError(f"no claim is called {tag!r}")

    def any(self, x: Term, depth: int) -> Term:
        """A claim or a term, told apart by its tag."""
        if len(self._indices) + len(self._letters) > REMEMBERED:
            self._indices.clear()
            self._letters.clear()
        tag = x[0]
        if tag in _BY_TAG:
            return getattr(self, _BY_TAG[tag])(x, depth)  # type: ignore[no-any-return]
        if tag in ("var", "b"):
            return x if (put := self.leaf(x, depth)) is None else put
        return self.claim(x, depth)


_BY_TAG = {
    "lin": "index",
    "poly": "real",
    "mat": "matrix",
    "member": "family",
    "tab": "family",
    "replaced": "family",
    "updated": "family",
    "listed": "family",
    "fun": "function",
    "table": "width",
    "wlam": "width",
    "ends": "width",
}


def open_binder(body: Term, arguments: Sequence[Term]) -> Term:
    """The body of a binder group with its variables replaced by the arguments, first one first.

    The arguments may stand below binders further out, as when f(X) is unfolded inside ∀X: their
    bound variables are counted on from where they are put, so that no binder captures them.
    """
    return _opening(tuple(arguments)).any(body, 0)


def open_sort(sort: Term, arguments: Sequence[Term]) -> Term:
    """The sort with the variables of the binder group around it replaced, as in `open_binder`."""
    return _opening(tuple(arguments)).sort(sort, 0)


@lru_cache(maxsize=REMEMBERED_BINDERS)
def _opening(arguments: tuple[Term, ...]) -> Rebuild:
    return Rebuild(_putting(arguments), stays=lambda x, depth: reach(x) <= depth)


def _putting(arguments: Sequence[Term]) -> Leaf:
    count = len(arguments)
    is_open = any(mentions_bound(argument) for argument in arguments)

    def leaf(atom: Term, depth: int) -> Term | None:
        if atom[0] != "b" or atom[1] < depth:
            return None
        place = atom[1] - depth
        if place >= count:
            return ("b", atom[1] - count)
        argument = arguments[count - 1 - place]
        return _lifted(argument, depth) if is_open and depth else argument

    return leaf


def _lifted(x: Term, by: int) -> Term:
    """The term with its dangling bound variables counted ``by`` binders further out."""

    def leaf(atom: Term, depth: int) -> Term | None:
        return ("b", atom[1] + by) if atom[0] == "b" and atom[1] >= depth else None

    return Rebuild(leaf, stays=lambda x, depth: reach(x) <= depth).any(x, 0)


def close_binder(body: Term, variables: Sequence[Term]) -> Term:
    """The body with the free variables bound by a new binder group, first one first."""
    return _closing(tuple(variables)).any(body, 0)


@lru_cache(maxsize=REMEMBERED_BINDERS)
def _closing(variables: tuple[Term, ...]) -> Rebuild:
    count = len(variables)
    position = {variable: count - 1 - r for r, variable in enumerate(variables)}
    names = {variable[1] for variable in variables}

    def leaf(atom: Term, depth: int) -> Term | None:
        at = position.get(atom)
        return None if at is None else ("b", depth + at)

    return Rebuild(leaf, stays=lambda x, depth: names.isdisjoint(names_in(x)))


def rejoin(x: Term, facts: Facts) -> Term:
    """The claim or term with every chain merged as far as ``facts`` allow, binders included."""
    if type(facts) is dict and not facts:
        return _REJOINING.any(x, 0)
    return Rebuild(_nothing, facts).any(x, 0)


def _nothing(atom: Term, depth: int) -> None:
    """No variable is replaced."""


_REJOINING = Rebuild(_nothing)
