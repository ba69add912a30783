"""Reading: which sorts, terms and claims mean something, and the normal form of those that do.

This is the gate.  Whatever a rule is given and whatever it concludes is read here (FORMAT.md,
sections 2–5 and 7); rules only put claims together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from math import inf
from typing import Any

from proofkit.kernel.binding import free, lifted, moved, opened, reach
from proofkit.kernel.claims import negation, null
from proofkit.kernel.nodes import LanguageError, Term, allow, gated, node, remembered, until_tidy
from proofkit.kernel.terms import (
    EMPTY,
    INDEX,
    NAT,
    NO_FACTS,
    NUM,
    NUMBERS,
    REAL,
    Facts,
    as_term,
    chain,
    each,
    facts_of,
    identity,
    known,
    minus,
    number,
    of_word,
    plus,
    times,
    total,
    trace,
    transpose,
    zero,
)
from proofkit.kernel.words import WORDS, linear_in, spine

SORT, CLAIM = node("sort"), node("claim")  # what sorts and claims are themselves, to a reading
MOST_POWER, LONGEST_NAME = 100, 60
SIGNS = r"[_'′\u2070-\u209f]"  # in names, besides letters, marks and numbers
# Letters and marks that show nothing.
UNSEEN = (
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
Sorts = tuple[Term, ...]  # of the bound variables, the outermost first


def fits(found: Term, sort: Term) -> bool:
    """Whether all terms of one sort are terms of the other."""
    if found[0] in NUMBERS and sort[0] in NUMBERS:
        return NUMBERS.index(found[0]) <= NUMBERS.index(sort[0])
    arrows = found[0] == sort[0] == "to" and found[1] == sort[1]
    return found == sort or (arrows and fits(found[2], sort[2]))


def expect(condition: bool, problem: str, *terms: Any) -> None:
    """`LanguageError` unless the condition holds."""
    if not condition:
        raise LanguageError(problem, *terms)


@remembered
def is_name(name: str) -> bool:
    """Whether a text names a variable: a letter or _, then letters, marks, numbers, ``_ ' ′ ⁺``."""
    kinds = {"L" if re.match(SIGNS, c) else unicodedata.category(c)[0] for c in name}
    starts = name[:1].isalpha() or name[:1] == "_"
    seen = unicodedata.is_normalized("NFC", name) and not re.search(UNSEEN, name)
    return starts and kinds <= {"L", "M", "N"} and seen and len(name) <= LONGEST_NAME


@remembered
def is_inert(x: Term) -> bool:
    """Whether facts do not matter for a term: no chain, sum or changed function is in it."""
    if x and x[0] in ("chain", "sum", "changed"):
        return False
    return all(is_inert(part) for part in x if type(part) is tuple)


def _seen_through(x: Term, ctx: Sorts) -> Sorts:
    """The sorts of the bound variables that a term speaks of, or that their sorts do."""
    depth, n = reach(x) if ctx else 0, 0
    while n < depth and n < len(ctx):
        n += 1
        depth = max(depth, n + reach(ctx[-n]))
    return ctx[len(ctx) - depth :] if depth < len(ctx) else ctx


def _key(x: Term, ctx: Sorts) -> Any:
    """What a term is remembered by: itself, and the sorts of bound variables that it needs."""
    return (id(x), *map(id, ctx)) if ctx else id(x)


class Reading:
    """Reads with some facts known, and looks members of families up if ``unfold`` says so."""

    def __init__(self, facts: Facts = NO_FACTS, unfold: bool = False) -> None:
        self.facts, self.unfold = facts, unfold
        self.known: dict[Any, tuple[Term, Term, Term, Sorts]] = {}

    def claim(self, p: Any) -> Term:
        """A claim in normal form."""
        return self.term(p, CLAIM)

    def term(self, x: Any, sort: Term, ctx: Sorts = ()) -> Term:
        """A term of that sort, a sort or a claim, in normal form."""
        term, found = self.read(x, ctx)
        if found != sort and not fits(found, sort):
            problem = f"a term of sort {found[0]} stands where one of sort {sort[0]} belongs"
            raise LanguageError(problem, x, found, sort)
        return term

    def variable(self, x: Term) -> Term:
        """A free variable, its sort in normal form: facts make no two variables one."""
        match x:
            case ("var", str(name), sort) if is_name(name):
                return node("var", name, PLAIN.term(sort, SORT))
        raise LanguageError("it is no variable, or has no name for one", x)

    def function(self, x: Any, domain: str, ctx: Sorts = ()) -> tuple[Term, Term, Term]:
        """A function on that kind of things, its domain and its codomain."""
        f, sort = self.read(x, ctx)
        if sort[0] != "to" or sort[1][0] != domain:
            raise LanguageError(f"it is no function of a {domain}", x)
        return f, sort[1], sort[2]

    def read(self, x: Any, ctx: Sorts = ()) -> tuple[Term, Term]:
        """A sort, term or claim in normal form, and its sort; each is read once."""
        found = self.known.get(id(x))  # without a gate: whatever it keeps is a node
        if found is not None:
            return found[0], found[1]
        x = gated(x)
        ctx = _seen_through(x, ctx)
        if self is not PLAIN and not self.unfold and is_inert(x) and all(map(is_inert, ctx)):
            return PLAIN.read(x, ctx)
        found = self.known.get(key := _key(x, ctx))
        if found is None:
            term, sort = self._read(x, ctx)
            found = self.known[key] = (term, sort, x, ctx)
            if term is not x:  # the normal form of a normal form is itself
                ctx = _seen_through(term, ctx)
                self.known[_key(term, ctx)] = (term, sort, term, ctx)
        return found[0], found[1]

    def _read(self, x: Term, ctx: Sorts) -> tuple[Term, Term]:
        match x:
            # Variables and sorts
            case ("b", int(n)) if 0 <= n < len(ctx):
                sort = lifted(ctx[-1 - n], n + 1)
                return as_term(x, sort), sort
            case ("var", _, _):
                v = self.variable(x)
                sort = self.term(v[2], SORT)
                return as_term(v, sort), sort
            case ("index" | "nat" | "real",):
                return x, SORT
            case ("matrix", rows, cols):
                return node("matrix", self.term(rows, NAT, ctx), self.term(cols, NAT, ctx)), SORT
            # Numbers and matrices
            case ("num", terms):
                e = self._sum(NUM, terms, ctx)
                return e, self._sort_of(e, ctx)
            case ("mat", rows, cols, terms):
                sort = self.term(node("matrix", rows, cols), SORT, ctx)
                return self._sum(("mat", *sort[1:]), terms, ctx), sort
            case ("rank", matrix):
                a, sort = self.read(matrix, ctx)
                expect(sort[0] == "matrix", "only a matrix has a rank", matrix)
                return as_term(node("rank", a), NAT), NAT
            case ("trace", word) if word:
                e = trace(self._word(word, ctx), self.facts)
                atoms = (x for (monomial, _), _ in e[1] for x, _ in monomial)
                self._fit((x[1] for x in atoms if x[0] == "trace"), ctx)  # turned words merge, too
                return e, self._sort_of(e, ctx)
            case ("grad", function, matrix):
                f, sort, to = self.function(function, "matrix", ctx)
                expect(fits(to, REAL), "only a function to the reals has a gradient", function)
                return as_term(node("grad", f, self.term(matrix, sort, ctx)), sort), sort
            case ("chain" | "sum" as tag, family, hi, lo):
                return self._many(tag, family, hi, lo, ctx)
            # Functions
            case ("word", name) if name in WORDS:
                return x, self.term(WORDS[name].sort, SORT)
            case ("at", function, argument):
                f, sort = self.read(function, ctx)
                expect(sort[0] == "to", "it is no function", function)
                return self._value(f, self.term(argument, sort[1], ctx), sort, ctx)
            case ("lam", domain, body):
                s = self.term(domain, SORT, ctx)
                value, sort = self.read(body, (*ctx, s))
                expect(sort not in (SORT, CLAIM), "the values of a function are terms", body)
                return node("lam", s, value), node("to", s, sort)
            case ("changed", function, lo, hi, new):
                return self._changed(function, lo, hi, new, ctx)
            # Claims, and the sorts of functions
            case ("inonneg" | "rnonneg" | "rpos" as tag, e):
                return node(tag, self.term(e, INDEX if tag == "inonneg" else REAL, ctx)), CLAIM
            case ("null", e):
                e, sort = self.read(e, ctx)
                expect(sort[0] in (*NUMBERS, "matrix"), "only numbers and matrices are 0", e)
                return null(e), CLAIM
            case ("false",):
                return x, CLAIM
            case ("not", p):
                return negation(self.term(p, CLAIM, ctx)), CLAIM
            case ("implies", p, q):
                return node("implies", *(self.term(c, CLAIM, ctx) for c in (p, q))), CLAIM
            case ("and" | "or" as tag, claims) if len(claims) >= 2:
                return node(tag, node(*(self.term(p, CLAIM, ctx) for p in claims))), CLAIM
            case ("forall" | "exists" | "to" as tag, domain, body):
                s, kind = self.term(domain, SORT, ctx), SORT if tag == "to" else CLAIM
                return node(tag, s, self.term(body, kind, (*ctx, s))), kind
            case ("near", sorts, centres, body) if len(sorts) == len(centres) > 0:
                ss = [self.term(s, SORT, ctx) for s in sorts]
                cs = [self.term(c, s, ctx) for c, s in zip(centres, ss, strict=True)]
                expect(all(map(has_distances, ss)), "near what has no distance", *ss)
                inner = (*ctx, *(lifted(s, n) for n, s in enumerate(ss)))
                return node("near", node(*ss), node(*cs), self.term(body, CLAIM, inner)), CLAIM
            case ("differentiable" | "convex" as tag, function):
                f, _, to = self.function(function, "matrix", ctx)
                expect(fits(to, REAL), "it is no function to the reals", function)
                return node(tag, f), CLAIM
            case ("slope" | "continuous" as tag, function, point, *linear):
                f, sort = self.read(function, ctx)
                expect(sort[0] == "to", "it is no function", function)
                there = REAL if sort[2][0] in NUMBERS else sort[2]
                same = lifted(opened(there, EMPTY), 1) == there  # wherever its argument is
                reals = is_space(sort[1]) and is_space(there) and same
                expect(reals, "no function from reals or matrices to such", function)
                expect(len(linear) == (tag == "slope"), "a slope is one linear function", x)
                parts = zip((point, *linear), (sort[1], node("to", sort[1], there)), strict=False)
                return node(tag, f, *(self.term(part, s, ctx) for part, s in parts)), CLAIM
        raise LanguageError("this means nothing, or is a variable that nothing binds", x)

    def _sum(self, head: Term, terms: Iterable[Any], ctx: Sorts) -> Term:
        """A sum of products, each of a coefficient, factors to their powers, and a word."""
        out: list[tuple[Term, int, int]] = []
        for (monomial, word), (p, q) in terms:
            expect(type(p) is type(q) is int and q > 0, "a coefficient is (p, q), q > 0", (p, q))
            product = number(1) if head == NUM else identity(head[1])
            if word:
                product = self._word(word, ctx)
            for x, power in monomial:
                expect(type(power) is int and 1 <= power <= MOST_POWER, "a power out of range", x)
                value = self.term(x, REAL, ctx)
                for _ in range(power):
                    product = times(value, product)
            expect(product[:-1] == head, "terms of two shapes", product)
            out += [(key, p * r, q * s) for key, (r, s) in product[-1]]
        return total(head, out)

    def _word(self, word: Iterable[Any], ctx: Sorts) -> Term:
        """The product of matrices, each plain or transposed."""
        product: Term = EMPTY
        for matrix, t in word:
            a, sort = self.read(matrix, ctx)
            expect(sort[0] == "matrix" and t in (0, 1), "no matrix, plain or transposed", matrix)
            a = transpose(a, t)
            product = times(product, a, self.facts) if product else a
        self._fit((key[1] for key, _ in product[-1]), ctx)
        return product

    def _fit(self, words: Iterable[Term], ctx: Sorts) -> None:
        """Refuse chains that pieces merged into if the members of their families do not fit."""
        for letter in (x for word in words for x, _ in word if x[0] == "chain" and x[2] != x[3]):
            self.read(letter, ctx)

    def _sort_of(self, e: Term, ctx: Sorts) -> Term:
        """The least sort that a number in normal form has by its form."""
        found = {0}
        for (monomial, _), (p, q) in e[1]:
            found.add(2 if q > 1 else 0 if p > 0 else 1)
            for x, _ in monomial:
                sort = REAL if x[0] == "trace" else self.read(x, ctx)[1]
                found.add(NUMBERS.index(sort[0]))
        return (NAT, INDEX, REAL)[max(found)]

    def _many(self, tag: str, family: Term, hi: Term, lo: Term, ctx: Sorts) -> tuple[Term, Term]:
        """The product or the sum of the members hi … lo of a family."""
        f, domain, sort = self.function(family, "index", ctx)
        hi, lo = self.term(hi, INDEX, ctx), self.term(lo, INDEX, ctx)
        expect(sort[0] == "matrix", "the members of a family of several indices", family)
        whole = self.term(node("matrix", opened(sort[1], hi), opened(sort[2], lo)), SORT, ctx)
        if tag == "chain" and hi == lo:
            if self.unfold and f[0] in ("lam", "changed"):
                return self._value(f, hi, node("to", domain, sort), ctx)
            return as_term(node("chain", f, hi, lo), whole), whole
        before = self.term(moved(sort, -1), SORT, (*ctx, INDEX))
        if tag == "chain":
            expect(sort[2] == before[1], "the members of a chain do not fit", family)
            word = chain(f, hi, lo)
            return (of_word(whole, word) if word else identity(whole[1])), whole
        expect(sort == before, "the members of a sum are of different shapes", family)
        if self.unfold and known(minus(hi, lo), self.facts):
            rest = as_term(node("sum", f, plus(hi, number(-1)), lo), whole)
            return self.read(plus(rest, as_term(node("chain", f, hi, hi), whole)), ctx)
        if self.unfold and known(plus(minus(lo, hi), number(-1)), self.facts):
            return zero(*whole[1:]), whole
        return as_term(node("sum", f, hi, lo), whole), whole

    def _changed(
        self, function: Term, lo: Term, hi: Term, new: Term, ctx: Sorts
    ) -> tuple[Term, Term]:
        """A function of an index with other values at lo … hi."""
        f, _, sort = self.function(function, "index", ctx)
        g, _, there = self.function(new, "index", ctx)
        a, b, wanted = self.term(lo, INDEX, ctx), self.term(hi, INDEX, ctx), sort
        if a == b:  # what is new in one place has to fit there only
            there, wanted = (self.term(opened(s, a), SORT, ctx) for s in (there, sort))
        expect(fits(there, wanted), "what is put in is of another sort", new)
        return node("changed", f, a, b, g), node("to", INDEX, sort)

    def _value(self, f: Term, x: Term, to: Term, ctx: Sorts) -> tuple[Term, Term]:
        """The value of a function of the sort ``to``, looked up as far as it is known."""
        sort = self.term(opened(to[2], x), SORT, ctx)
        member = sort[0] == "matrix" and to[1] == INDEX
        if member and not self.unfold:
            return self.read(node("chain", f, x, x), ctx)
        if f[0] == "lam":
            return self.read(opened(f[2], x), ctx)
        if f[0] == "changed":
            _, old, lo, hi, new = f
            inside = all(self.natural(e, ctx) for e in (minus(x, lo), minus(hi, x)))
            sides = (minus(lo, x), minus(x, hi))
            if inside or any(self.natural(plus(e, number(-1)), ctx) for e in sides):
                return self.read(node("at", new if inside else old, x), ctx)
        if member:
            return as_term(node("chain", f, x, x), sort), sort
        value = node("at", f, x)
        return (value, sort) if sort[0] == "to" else self._linear(value, sort, ctx)

    def _linear(self, value: Term, sort: Term, ctx: Sorts) -> tuple[Term, Term]:
        """The value of a function: that of a word that is linear is a sum over the terms there."""
        f, arguments = spine(value)
        for n in linear_in(f):
            _, rows, cols, terms = arguments[n]
            if [(m, q) for (m, _), q in terms] != [(EMPTY, (1, 1))]:
                out: list[tuple[Term, int, int]] = []
                for (monomial, word), (p, q) in terms:
                    arguments[n] = of_word(("matrix", rows, cols), word)
                    part, _ = self.read(reduce(partial(node, "at"), arguments, f), ctx)
                    out += each(times(total(NUM, [((monomial, EMPTY), p, q)]), part))
                return self.read(total(as_term(value, sort)[:-1], out), ctx)
        return as_term(value, sort), sort

    def natural(self, e: Term, ctx: Sorts) -> bool:
        """Whether an integer is known to be ≥ 0, from the facts or by its form."""
        return known(e, self.facts) or self._sort_of(e, ctx) == NAT


def has_distances(sort: Term) -> bool:
    """Whether it is a sort of reals, of matrices or of functions of an index to such."""
    while sort[0] == "to" and sort[1] == INDEX:
        sort = sort[2]
    return is_space(sort)


def is_space(sort: Term) -> bool:
    """Whether it is the sort of reals, or of matrices."""
    return sort == REAL or sort[0] == "matrix"


PLAIN = Reading()  # without facts: normal form as such
until_tidy(PLAIN.known)


def _sensible(read: Callable[[Any], Term], x: Any) -> Term:
    """What is read; `LanguageError` for whatever else only a malformed tuple can cause."""
    try:
        allow()
        read_x = read(gated(x))
        free(read_x)  # refuses two variables of one name
        return read_x
    except LanguageError:
        raise
    except (AttributeError, IndexError, RecursionError, TypeError, ValueError) as fault:
        raise LanguageError("this means nothing in the core language") from fault
    finally:
        allow(inf)


def claim(x: Any) -> Term:
    """A claim in normal form.

    >>> claim(("not", ("not", ("false",))))
    ('false',)
    """
    return _sensible(PLAIN.claim, x)


def term(x: Any, sort: Term) -> Term:
    """A term of a sort, or a sort, in normal form."""
    return _sensible(lambda x: PLAIN.term(x, sort), x)


def variable(x: Any) -> Term:
    """A free variable."""
    return _sensible(PLAIN.variable, x)


def under(ranges: Sequence[Term], unfold: bool = False) -> Reading:
    """The reading with these integers known to be ≥ 0."""
    return Reading(facts_of(ranges), unfold) if ranges or unfold else PLAIN


def read_by(reading: Reading, x: Any) -> Term:
    """A term or claim as the reading has it."""
    return _sensible(lambda x: reading.read(x)[0], x)
