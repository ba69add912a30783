"""The second checker: checks exported proofs again, with the standard library alone.

It was written from ``FORMAT.md`` beside this module and not from the kernel, with which it shares
no code, so that a mistake would have to be made twice to go unnoticed.  Numbers in parentheses are
that page's sections.  The one idea: rules put claims together without looking into their terms, and
`Reader`, which alone knows what sorts and normal forms are, reads every claim, whether it comes
from the file or from a rule, before it is compared with another.

Trusted besides are Python, its ``json``, and ``kernel/ledger.json``: the words with their sorts and
the textbook facts as data, with which a file's facts are compared.  Its ``meta`` is not believed:
what it proves is its statement, which is printed, and somebody's theorem only if they published
this very statement.  Whatever a file holds, the outcome is an acceptance or one reason: work is
metered, and numbers, terms and files have limits.

    python -m proofkit.replay FILE [--statements FILE]
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial, reduce
from hashlib import sha256
from importlib.resources import files
from itertools import count
from math import gcd
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, category, normalize

__all__ = ["Accepted", "NoProof", "Refused", "Unreadable", "replay", "told"]

FORMAT, LEDGER, PUBLISHED = "proofkit/proof/5", "proofkit/ledger/5", "proofkit/statements/1"
MOST_BYTES, HUGE = 1 << 26, 10**200  # of a file, number in it
MOST_PARTS, DEEPEST = 400_000, 200  # of a term, tuples in tuples
LARGEST, MOST_POWER = 10**1000, 100  # number on the way, power of a factor
WORK, EASY = 8_000_000, 32  # steps in all; to compare a part is one of so many easy ones
LEFT = [WORK]  # of that, for the file at hand


class Unreadable(Exception):
    """The file cannot be read as an exported proof at all."""


class NoProof(Exception):
    """The file has no inferences."""


class Refused(Exception):
    """The proof is wrong, or goes beyond a limit."""


def require(condition: bool, why: str) -> None:
    """Stop with the reason unless the condition holds."""
    if not condition:
        raise Refused(why)


def spend(steps: int) -> None:
    """Count work, so that no file keeps the checker busy for ever."""
    LEFT[0] -= steps
    require(LEFT[0] >= 0, "checking it takes more work than the limit")


# ── Terms: tuples of strings, integers and terms ──────────────────────────────────────────────
BINDERS = {"forall": 3, "exists": 3, "lam": 3, "to": 3, "near": 4}  # the last part is below them


class Term(tuple[Any, ...]):
    """The one tuple with its items, made by `the`: as a key it goes by identity, not by value."""

    __hash__ = object.__hash__

    def __init__(self, _: Any) -> None:
        self.reach = 0  # how many binders around it its bound variables look through
        self.names = Names()  # its free variables, those in sorts too
        self.size, self.depth = len(self) + 1, 1  # as a tree
        self.binds = 0  # how many variables are bound in its last part
        match self:
            case ("b", int(n)):
                self.reach = n + 1
            case ("var", _, _):
                self.names = Names({self})
            case (str(tag), *_, _) if BINDERS.get(tag) == len(self):
                self.binds = len(self[1]) if tag == "near" else 1
        for place, part in enumerate(self, 1):
            if type(part) is Term:
                self.reach = max(self.reach, part.reach - (place == len(self)) * self.binds)
                self.size, self.depth = self.size + part.size, max(self.depth, part.depth + 1)
                if part.names and part.names is not self.names:
                    self.names = self.names | part.names if self.names else part.names
        spend(4 + len(self.names) // 8)
        require(self.size <= MOST_PARTS, "a term becomes too large")


Names = frozenset[Term]
Terms = tuple[Term, ...]
TERMS: dict[tuple[Any, ...], Term] = {}


def the(x: tuple[Any, ...]) -> Term:
    """The one term with these items; plain tuples among them are made terms too."""
    if type(x) is Term:
        return x
    spend(1 + len(x))
    items = [the(part) if type(part) is tuple else part for part in x]
    # Hashes of strings and bytes are salted; those of large integers can be made alike.
    key = tuple([b"%x" % n if type(n) is int and not -999 < n < 999 else n for n in items])
    if key not in TERMS:
        TERMS[key] = Term(items)
    return TERMS[key]


# ── Sums of products (3, 4): numbers ('num', terms), matrices ('mat', rows, cols, terms) ───────
# Terms of sums are pairs ((monomial, word), (p, q)): a key, by which they are sorted, and p/q.
NUM, ONE = ("num",), the(((), ()))  # the head of numbers, and the key of their constant term


def make(head: tuple[Any, ...], terms: Iterable[tuple[Any, tuple[int, int]]]) -> Term:
    """The sum of the terms."""
    sums: dict[Term, tuple[int, int]] = {}
    for key, (p, q) in terms:
        if key in sums:
            a, b = sums[key]
            p, q = a * q + p * b, b * q
        spend((p.bit_length() + q.bit_length()) // 64)
        divisor = gcd(p, q) if q > 1 else 1
        sums[key] = p // divisor, q // divisor
        require(-LARGEST < p < LARGEST > q, "a number becomes too large")
    spend(sum(key.size for key in sums) // EASY)
    return the((*head, tuple([(key, sums[key]) for key in sorted(sums) if sums[key][0]])))


ZERO, UNIT, LESS = (make(NUM, [(ONE, (n, 1))]) for n in (0, 1, -1))


def constant(e: Term) -> tuple[int, int] | None:
    """The number p/q it is, as a pair, or None."""
    if not e[-1]:
        return 0, 1
    (key, (p, q)), *more = e[-1]
    return (p, q) if key is ONE and not more else None


@cache
def plus(a: Term, b: Term, n: int = 1) -> Term:
    """a + n·b for two numbers, or two matrices of one shape."""
    require(a[:-1] == b[:-1], "things of different shapes are added")
    return make(a[:-1], (*a[-1], *((key, (n * p, q)) for key, (p, q) in b[-1])))


minus = partial(plus, n=-1)


@cache
def times(a: Term, b: Term, facts: Terms = ()) -> Term:
    """The product of numbers, of matrices that fit, or of a number and a matrix."""
    head = max(a[:-1], b[:-1], key=len)
    if a[0] == b[0] == "mat":
        require(a[2] is b[1], "matrices that do not fit are multiplied")
        head = ("mat", a[1], b[2])
    terms: list[Any] = []
    for ((m, v), (p, q)), ((n, w), (r, s)) in ((x, y) for x in a[-1] for y in b[-1]):
        powers = dict(m)
        for atom, power in n:
            powers[atom] = powers.get(atom, 0) + power
        spend((m.size + n.size) // EASY)
        key = the((tuple(sorted(powers.items())), join(v, w, facts) if v and w else v or w))
        terms.append((key, (p * r, q * s)))
    return make(head, terms)


def join(v: Sequence[Term], w: Sequence[Term], facts: Terms) -> Term:
    """The product of two words: letters are pushed one by one, and merge with those before."""
    spend(len(w) * (1 + len(facts)))
    out = list(v)
    for letter in w:
        out.append(letter)
        while len(out) > 1 and (met := merged(out[-2], out[-1], facts)) is not None:
            out[-2:] = met
    return the(tuple(out))


@cache
def merged(left: Term, right: Term, facts: Terms) -> tuple[Term, ...] | None:
    """The one letter or none that neighbours merge into if they are chains that meet."""
    (a, t), (b, u) = left, right
    if t != u or a[0] != "chain" or b[0] != "chain" or a[1] is not b[1]:
        return None
    (_, family, hi, cut), (_, _, mid, lo) = (b, a) if t else (a, b)
    after = plus(mid, UNIT)
    if cut is not after or not (known(minus(hi, mid), facts) and known(minus(after, lo), facts)):
        return None
    return () if constant(minus(hi, lo)) == (-1, 1) else (the((("chain", family, hi, lo), t)),)


def known(e: Term, facts: Terms) -> bool:
    """Whether an integer is known to be ≥ 0."""
    spend(len(facts))
    above = (constant(minus(e, fact)) for fact in (ZERO, *facts))
    return any(n is not None and n[0] >= 0 for n in above)


def reverse(w: Sequence[Any]) -> tuple[Any, ...]:
    """The transpose of a word."""
    return tuple([(letter, 1 - t) for letter, t in reversed(w)])


def trace(a: Term, facts: Terms) -> Term:
    """The trace of a square matrix; of each word's turns and transposes, the least is taken."""
    _, rows, cols, terms = a
    require(rows is cols, "the trace of a matrix that is not square")
    out: list[Any] = []
    for (m, w), n in terms:
        turns = [join(u[c:], u[:c], facts) for u in (w, reverse(w)) for c in range(len(w))]
        spend(len(turns) * w.size // EASY)
        least = min(turns, key=lambda u: (len(u), u), default=())
        value = as_term(("trace", least), REAL) if least else rows
        out += times(the((*NUM, (((m, ()), n),))), value)[-1]
    return make(NUM, out)


# ── Sorts and binders (2, 6) ──────────────────────────────────────────────────────────────────
INDEX, NAT, REAL = the(("index",)), the(("nat",)), the(("real",))
SORT, CLAIM = the(("sort",)), the(("claim",))  # what sorts and claims are, to `Reader`
ORDER = {NAT: 0, INDEX: 1, REAL: 2}
B0, B1 = the(("b", 0)), the(("b", 1))


@cache
def as_term(x: tuple[Any, ...], sort: Term) -> Term:
    """A factor of a sort as a number or matrix; what is of another sort stays."""
    if sort[0] == "matrix":
        return the(("mat", *sort[1:], ((((), ((x, 0),)), (1, 1)),)))
    return the((*NUM, (((((x, 1),), ()), (1, 1)),))) if sort in ORDER else the(x)


def put(x: Term, look: Callable[[Term, int], Term], touched: Names = Names()) -> Term:  # noqa: B008
    """A claim or term with look(v, d) for v below d binders, loose or one of those touched."""
    built: dict[tuple[Term, int], Term] = {}

    def walk(x: Any, d: int) -> Any:
        if type(x) is not Term or (x.reach <= d and touched.isdisjoint(x.names)):
            return x
        if x[0] == "b" or x[0] == "var":
            return look(x, d) if x[0] == "b" or x in touched else x
        if (x, d) not in built:
            built[x, d] = the((*[walk(part, d) for part in x[:-1]], walk(x[-1], d + x.binds)))
        return built[x, d]

    return walk(x, 0)  # type: ignore[no-any-return]


@cache
def lifted(x: Term, by: int) -> Term:
    """A term moved below more binders."""
    return put(x, lambda v, d: the(("b", v[1] + by)))


@cache
def opened(body: Term, *terms: Term) -> Term:
    """The body of a group of binders with terms put in for the variables."""

    def look(v: Term, d: int) -> Term:
        n = len(terms) - 1 - (v[1] - d)
        return lifted(terms[n], d) if n >= 0 else the(("b", v[1] - len(terms)))

    return put(body, look)


def closed(x: Term, vs: Sequence[Term]) -> Term:
    """The body of a new group of binders for these variables; sorts of others are left alone."""
    at = {v: n for n, v in enumerate(reversed(vs))}
    return put(x, lambda v, d: the(("b", v[1] + len(vs) if v[0] == "b" else d + at[v])), Names(vs))


@cache
def moved(body: Term, by: int) -> Term:
    """The body of a binder for an index i, with i + by in place of i."""
    there = plus(as_term(B0, INDEX), UNIT, by)
    return put(body, lambda v, d: lifted(there, d) if v[1] == d else v)


def negation(p: Term) -> Term:
    """The claim ¬p of one in normal form (5)."""
    if p[0] == "inonneg":
        return the(("inonneg", minus(LESS, p[1])))
    if p[0] in ("rnonneg", "rpos"):
        return the(("rpos" if p[0] == "rnonneg" else "rnonneg", minus(ZERO, p[1])))
    return the(p[1]) if p[0] == "not" else the(("not", p))


WORDS: dict[str, tuple[Term, frozenset[int]]] = {}  # each one's sort, and where it is linear


def arguments(x: Term) -> tuple[list[Term], frozenset[int]] | None:
    """The arguments of a word, and those in which it is linear, if it is applied to all."""
    args: list[Term] = []
    while x[0] == "at":
        args.insert(0, x[2])
        x = x[1]
    spend(1 + len(args))
    if x[0] != "word":
        return None
    sort, linear = WORDS[x[1]]
    for _ in args:
        sort = sort[2]
    return None if sort[0] == "to" else (args, linear)


def with_argument(x: Term, n: int, new: Term) -> Term:
    """The value x with another argument number n, counted from the last."""
    return the(("at", x[1], new) if n == 0 else ("at", with_argument(x[1], n - 1, new), x[2]))


def equation(sort: Term, a: Term, b: Term) -> Term:
    """The claim a = b for terms of the sort (5)."""
    if sort[0] != "to":
        return the(("null", minus(a, b)))
    there = (as_term(("at", lifted(f, 1), B0), sort[2]) for f in (a, b))
    return the(("forall", sort[1], equation(sort[2], *there)))


# ── Reading: what is well formed, and its normal form (2–5, 7) ────────────────────────────────
VOID = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"


def fits(found: Term, sort: Term) -> bool:
    """Whether all terms of one sort are terms of the other."""
    if found in ORDER and sort in ORDER:
        return ORDER[found] <= ORDER[sort]
    return found is sort or (found[:2] == sort[:2] and found[0] == "to" and fits(found[2], sort[2]))


@cache
def variable(x: Any) -> Term:
    """A free variable, its sort in normal form: facts make no two variables one."""
    match x:
        case ("var", str(name), Term() as sort) if name[:1].isalpha() or name[:1] == "_":
            right = all(category(c)[0] in "LMN" or c in "_'′" or "⁰" <= c <= "\u209f" for c in name)
            seen = len(name) <= 60 and normalize("NFC", name) == name and not re.search(VOID, name)
            require(right and seen, f"{name!a} is no name")
            return the(("var", name, Reader().term(sort, SORT)))
    raise Refused("it is no variable")


@cache
class Reader:
    """Checks sorts, terms and claims and brings them to normal form; `ctx` are the sorts of the
    bound variables, the outermost first, and `facts` are integers known to be ≥ 0."""

    def __init__(self, facts: Terms = (), unfold: bool = False) -> None:
        self.facts, self.unfold = facts, unfold
        self.known: dict[tuple[Term, Terms], tuple[Term, Term]] = {}

    def claim(self, p: Any) -> Term:
        """A claim in normal form."""
        return self.term(p, CLAIM)

    def term(self, x: Any, sort: Term, ctx: Terms = ()) -> Term:
        """A term of that sort, a sort or a claim, in normal form."""
        found, kind = self.read(x, ctx)
        require(fits(kind, sort), f"it should be of the sort {sort[0]} and is of {kind[0]}")
        return found

    def function(self, x: Any, domain: str, ctx: Terms = ()) -> tuple[Term, Term, Term]:
        """A function of an index, or of a matrix to the reals; its domain and its codomain."""
        f, sort = self.read(x, ctx)
        require(sort[0] == "to" and sort[1][0] == domain, f"no function of a {domain}")
        require(domain == "index" or fits(sort[2], REAL), "no function to the reals")
        return f, sort[1], sort[2]

    def smooth(self, x: Any, ctx: Terms) -> tuple[Term, Term]:
        """A function from numbers or matrices to such that may have slopes, and its sort."""
        f, sort = self.read(x, ctx)
        require(sort[0] == "to" and sort[1] not in (INDEX, NAT), "no function of a real or matrix")
        right = all(s in ORDER or s[0] == "matrix" for s in sort[1:])
        require(right and lifted(opened(sort[2], B0), 1) is sort[2], "no slopes between such sorts")
        return f, sort

    def read(self, x: Any, ctx: Terms) -> tuple[Term, Term]:
        """A sort, term or claim in normal form, and its sort; each is read once."""
        x = the(x)
        ctx = ctx if x.reach else ()
        spend(1 + len(ctx) // 8)
        if (x, ctx) not in self.known:
            found, sort = map(the, self.fresh(x, ctx))
            require(len({v[1] for v in found.names}) == len(found.names), "one name, two variables")
            self.known[x, ctx] = found, sort
        return self.known[x, ctx]

    def fresh(self, x: Term, ctx: Terms) -> tuple[Any, Any]:
        """What was not read before."""
        match x:
            # Variables and sorts
            case ("b", int(n)) if 0 <= n < len(ctx):
                sort = lifted(ctx[-1 - n], n + 1)
                return as_term(x, sort), sort
            case ("var", *_):
                v, sort = variable(x), self.term(x[2], SORT)
                return as_term(v, sort), sort
            case ("index" | "nat" | "real" | "false",):
                return x, CLAIM if x[0] == "false" else SORT
            case ("matrix", rows, cols):
                return ("matrix", self.term(rows, NAT, ctx), self.term(cols, NAT, ctx)), SORT
            # Numbers and matrices
            case ("num", terms):
                e = self.total(NUM, terms, ctx)
                return e, self.number_sort(e, ctx)
            case ("mat", rows, cols, terms):
                sort = self.term(("matrix", rows, cols), SORT, ctx)
                return self.total(("mat", *sort[1:]), terms, ctx), sort
            case ("rank", matrix):
                a, sort = self.read(matrix, ctx)
                require(sort[0] == "matrix", "the rank of no matrix")
                return as_term(("rank", a), NAT), NAT
            case ("trace", word) if word:
                e = trace(self.word(word, ctx), self.facts)
                atoms = [x for (m, _), _ in e[1] for x, _ in m]
                self.fit([x[1] for x in atoms if x[0] == "trace"], ctx)  # turned words merge, too
                return e, self.number_sort(e, ctx)
            case ("grad", function, matrix):
                f, sort, _ = self.function(function, "matrix", ctx)
                return as_term(("grad", f, self.term(matrix, sort, ctx)), sort), sort
            case ("chain" | "sum", family, hi, lo):
                return self.many(x[0], family, hi, lo, ctx)
            # Functions
            case ("at", function, argument):
                f, sort = self.read(function, ctx)
                require(sort[0] == "to", "it is no function")
                return self.value(f, self.term(argument, sort[1], ctx), sort, ctx)
            case ("word", str(name)):
                require(name in WORDS, f"{name!a} is no word of the ledger")
                return x, WORDS[name][0]
            case ("lam", domain, body):
                s = self.term(domain, SORT, ctx)
                value, sort = self.read(body, (*ctx, s))
                require(sort not in (SORT, CLAIM), "a function has terms for values")
                return ("lam", s, value), ("to", s, sort)
            case ("changed", function, lo, hi, new):
                f, _, sort = self.function(function, "index", ctx)
                g, _, there = self.function(new, "index", ctx)
                a, b = self.term(lo, INDEX, ctx), self.term(hi, INDEX, ctx)
                if a is b:  # what is new in one place has to fit there only
                    there, wanted = (self.term(opened(s, a), SORT, ctx) for s in (there, sort))
                require(fits(there, wanted if a is b else sort), "members of another sort")
                return ("changed", f, a, b, g), ("to", INDEX, sort)
            # Claims, and the sorts of functions
            case ("inonneg" | "rnonneg" | "rpos", e):
                return (x[0], self.term(e, INDEX if x[0] == "inonneg" else REAL, ctx)), CLAIM
            case ("null", thing):
                e, sort = self.read(thing, ctx)
                require(sort in ORDER or sort[0] == "matrix", "neither number nor matrix is 0")
                return ("null", times(LESS, e) if e[-1] and e[-1][0][1][0] < 0 else e), CLAIM
            case ("not", p):
                return negation(self.term(p, CLAIM, ctx)), CLAIM
            case ("implies", p, q):
                return ("implies", self.term(p, CLAIM, ctx), self.term(q, CLAIM, ctx)), CLAIM
            case ("and" | "or", claims) if len(claims) >= 2:
                return (x[0], tuple([self.term(p, CLAIM, ctx) for p in claims])), CLAIM
            case ("forall" | "exists" | "to", domain, body):
                s, kind = self.term(domain, SORT, ctx), SORT if x[0] == "to" else CLAIM
                return (x[0], s, self.term(body, kind, (*ctx, s))), kind
            case ("near", sorts, centres, body) if len(sorts) == len(centres) > 0:
                ss = tuple([self.term(s, SORT, ctx) for s in sorts])
                cs = tuple([self.term(c, s, ctx) for c, s in zip(centres, ss, strict=True)])
                for s in ss:
                    while s[:2] == ("to", INDEX):
                        s = s[2]
                    require(s is REAL or s[0] == "matrix", "near something without a distance")
                inner = (*ctx, *(lifted(s, n) for n, s in enumerate(ss)))
                return ("near", ss, cs, self.term(body, CLAIM, inner)), CLAIM
            case ("differentiable" | "convex", function):
                return (x[0], self.function(function, "matrix", ctx)[0]), CLAIM
            case ("continuous", function, point):
                f, (_, s, _) = self.smooth(function, ctx)
                return ("continuous", f, self.term(point, s, ctx)), CLAIM
            case ("slope", function, point, slope):
                f, (_, s, to) = self.smooth(function, ctx)
                there = self.term(slope, the(("to", s, REAL if to in ORDER else to)), ctx)
                return ("slope", f, self.term(point, s, ctx), there), CLAIM
        raise Refused("it is nothing that the format knows, or a variable bound nowhere")

    def total(self, head: tuple[Any, ...], terms: Any, ctx: Terms) -> Term:
        """A sum of products, each of a coefficient, factors to their powers, and a word."""
        out: list[Any] = []
        for (monomial, word), (p, q) in terms:
            require(type(p) is type(q) is int and q >= 1 == gcd(p, q), "no pair in lowest terms")
            term = make(NUM, [(ONE, (p, q))])
            for x, power in monomial:
                require(type(power) is int and 1 <= power <= MOST_POWER, "a power out of range")
                spend(power // 4)
                term = reduce(times, [self.term(x, REAL, ctx)] * power, term)
            if head != NUM:
                identity = the((*head[:2], head[1], ((ONE, (1, 1)),)))
                term = times(term, self.word(word, ctx) if word else identity)
            require(term[:-1] == head and (word == () or head != NUM), "a term of another shape")
            out += term[-1]
        return make(head, out)

    def word(self, word: Any, ctx: Terms) -> Term:
        """The product of matrices, each plain or transposed."""
        spend(len(word) * (1 + len(self.facts)))
        letters: list[Term] = []
        for x, t in word:
            a, _ = self.read(x, ctx)
            require(a[0] == "mat" and t in (0, 1), "it is no matrix, plain or transposed")
            back = ((the((m, reverse(w))), n) for (m, w), n in a[-1])
            letters.append(make(("mat", a[2], a[1]), back) if t else a)
        product = reduce(lambda a, b: times(a, b, self.facts), letters)
        self.fit([w for (_, w), _ in product[-1]], ctx)
        return product

    def fit(self, words: Sequence[Term], ctx: Terms) -> None:
        """Refuse chains that pieces merged into if the members of their families do not fit."""
        for x in (x for word in words for x, _ in word if x[0] == "chain" and x[2] is not x[3]):
            self.read(x, ctx)

    def number_sort(self, e: Term, ctx: Terms) -> Term:
        """The least sort that a number in normal form has by its form."""
        found = {NAT}
        for (monomial, _), (p, q) in e[1]:
            found.add(REAL if q > 1 else NAT if p > 0 else INDEX)
            found |= {REAL if x[0] == "trace" else self.read(x, ctx)[1] for x, _ in monomial}
        return max(found, key=lambda sort: ORDER[sort])

    def many(self, tag: str, family: Any, top: Any, bottom: Any, ctx: Terms) -> tuple[Any, Term]:
        """The product or the sum of the members hi … lo of a family."""
        f, _, sort = self.function(family, "index", ctx)
        hi, lo = self.term(top, INDEX, ctx), self.term(bottom, INDEX, ctx)
        require(sort[0] == "matrix", "a family of several indices")
        whole = self.term(("matrix", opened(sort[1], hi), opened(sort[2], lo)), SORT, ctx)
        before = self.term(moved(sort, -1), SORT, (*ctx, INDEX))
        fit = sort is before if tag == "sum" else hi is lo or sort[2] is before[1]
        require(fit, "members of a family do not fit")
        gap, far = minus(hi, lo), constant(minus(hi, lo))
        require(tag == "sum" or far is None or far[0] >= -1, "a chain ends too low")
        if tag == "chain" and far == (-1, 1):
            return ("mat", whole[1], whole[1], ((ONE, (1, 1)),)), whole
        if self.unfold and tag == "chain" and hi is lo and f[0] in ("lam", "changed"):
            return self.value(f, hi, the(("to", INDEX, sort)), ctx)
        if self.unfold and tag == "sum" and known(gap, self.facts):
            rest = as_term(("sum", f, plus(hi, LESS), lo), whole)
            return self.read(plus(rest, as_term(("chain", f, hi, hi), whole)), ctx)
        if self.unfold and tag == "sum" and known(minus(LESS, gap), self.facts):
            return ("mat", *whole[1:], ()), whole
        return as_term((tag, f, hi, lo), whole), whole

    def value(self, f: Term, x: Term, kind: Term, ctx: Terms) -> tuple[Any, Term]:
        """The value of a function of that sort, looked up as far as it is known."""
        sort = self.term(opened(kind[2], x), SORT, ctx)
        member = kind[1] is INDEX and sort[0] == "matrix"
        if member and not self.unfold:
            return self.read(("chain", f, x, x), ctx)
        if f[0] == "lam":
            return self.read(opened(f[2], x), ctx)
        if f[0] == "changed":
            _, old, lo, hi, new = f
            gaps = [minus(x, lo), minus(hi, x)]
            gaps += [minus(LESS, e) for e in gaps]  # these say that x is outside
            sure = [known(e, self.facts) or self.number_sort(e, ctx) is NAT for e in gaps]
            if all(sure[:2]) or any(sure[2:]):
                return self.read(("at", new if all(sure[:2]) else old, x), ctx)
        if member:
            return as_term(("chain", f, x, x), sort), sort
        return self.expanded(the(("at", f, x)), sort, ctx)

    def expanded(self, x: Term, sort: Term, ctx: Terms) -> tuple[Term, Term]:
        """A value; that of a word is the sum over the terms where it is linear."""
        args, linear = arguments(x) or ([], ())
        for n in sorted(linear):
            *head, terms = args[n]
            if [(m, c) for (m, _), c in terms] != [((), (1, 1))]:
                out: list[Any] = []
                for (m, w), c in terms:
                    one = the((*head, ((((), w), (1, 1)),)))
                    there, _ = self.read(with_argument(x, len(args) - 1 - n, one), ctx)
                    out += times(the((*NUM, (((m, ()), c),))), there)[-1]
                e = make(NUM if sort in ORDER else ("mat", *sort[1:]), out)
                return e, self.number_sort(e, ctx) if sort in ORDER else sort
        return as_term(x, sort), sort


# ── Rules (8, 9) ──────────────────────────────────────────────────────────────────────────────
CONTINUOUS = {"num": [1], "mat": [3], "trace": [1], "chain": [1], "sum": [1], "at": [1]}
CONTINUOUS |= {"lam": [2], "changed": [1, 4]}  # the parts in which variables may stand


@dataclass(frozen=True)
class Sequent:
    """What a step says."""

    hypotheses: Names
    claim: Any


def ranges(ps: Sequence[Sequent]) -> Terms:
    """The facts that premises give: integers that are ≥ 0."""
    require(all(p.claim[0] == "inonneg" for p in ps), "a premise is no range")
    return tuple([p.claim[1] for p in ps])


def infer(rule: Any, ps: Sequence[Sequent], data: Term, ledger: dict[str, Term]) -> Any:
    """The claim that follows by the rule from the premises, or the sequent if hypotheses go."""
    read, claim, term = Reader(), Reader().claim, Reader().term
    match rule, [p.claim for p in ps], data:
        # Connectives
        case "assume", [], [p]:
            return Sequent(Names({claim(p)}), claim(p))
        case "discharge", [q], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, ("implies", claim(p), q))
        case "modus ponens", [("implies", p, q), also], [] if also is p:
            return q
        case "conjoin", [_, _, *_] as claims, []:
            return ("and", tuple(claims))
        case "project", [("and", claims)], [int(n)] if 0 <= n < len(claims):
            return claims[n]
        case "either", [p], [d] if claim(d)[0] == "or" and p in claim(d)[1]:
            return d
        case "cases", [("or", claims), *rest], [] if len(rest) == len(claims) and len({*rest}) == 1:
            others = [p.hypotheses - {case} for p, case in zip(ps[1:], claims, strict=True)]
            return Sequent(ps[0].hypotheses.union(*others), rest[0])
        case "contradiction", [p, q], [] if q is negation(p):
            return ("false",)
        case "reductio", [("false",)], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, ("not", p))
        # Quantifiers
        case "generalise", [p], [x]:
            v = variable(x)
            body = closed(p, (v,))
            require(fresh([v], body, *ps[0].hypotheses), "it is not fresh")
            return ("forall", v[2], body)
        case "instantiate", [("forall", sort, body)], [t]:
            return opened(body, term(t, sort))
        case "witness", [p], [goal, t]:
            tag, sort, body = claim(goal)
            require(tag == "exists" and p is claim(opened(body, term(t, sort))), "no witness")
            return goal
        case "obtain", [("exists", sort, body) as some, q], [x]:
            v = variable(x)
            left = ps[1].hypotheses - {claim(opened(body, v))}
            require(v[2] is sort and fresh([v], some, q, *left), "the variable is not fresh")
            return Sequent(ps[0].hypotheses | left, q)
        # Layer indices: below ∀i, p(i) is the very body
        case "induction", [base, climb], [goal, start]:
            (tag, sort, body), a = claim(goal), term(start, INDEX)
            require(tag == "forall" and sort is INDEX, "it is not about all indices")
            require(base is claim(opened(body, a)), "the first premise is not p(a)")
            above = ("inonneg", minus(as_term(B0, INDEX), a))
            wanted = ("forall", INDEX, ("implies", above, ("implies", body, moved(body, 1))))
            require(climb is claim(wanted), "the second premise is another step")
            return ("forall", INDEX, ("implies", above, body))
        case "choose", [("forall", ("index",), body)], []:
            conditions = []
            while body[0] == "implies":
                conditions.append(body[1])
                body = body[2]
            tag, sort, p = body
            require(tag == "exists" and sort[0] in ("matrix", "to"), "nothing to choose")
            found: Any = opened(p, as_term(B0, INDEX), as_term(("at", B1, B0), sort))
            for condition in reversed(conditions):
                found = ("implies", condition, found)
            return ("exists", ("to", INDEX, sort), ("forall", INDEX, found))
        # Equality and computing
        case "rewrite", [equal, p], [template, old, new]:
            tag, sort, body = claim(template)
            before, after = term(old, sort), term(new, sort)
            right = tag == "forall" and equal is claim(equation(sort, before, after))
            require(right, "another equation, or a template that binds no variable")
            require(p is claim(opened(body, before)), "the second premise is not p(old)")
            return opened(body, after)
        case "algebra", claims, [goal, products] if len(claims) >= len(products):
            for p, (e, (monomial, word)) in zip(claims, products, strict=False):
                factor = e in [x for x, _ in (*monomial, *word)]
                require(factor and p is claim(("null", e)), "a product without a factor that is 0")
            total = ("null", (*claim(goal)[1][:-1], tuple([(key, (1, 1)) for _, key in products])))
            facts = ranges(ps[len(products) :])
            ways = (Reader(facts, unfold).claim for unfold in (False, True))
            require(any(way(total) is way(goal) for way in ways), "the products give another goal")
            return goal
        case "restate", [p, *_], [goal]:
            under = Reader(ranges(ps[1:]))
            require(under.claim(p) is under.claim(goal), "the premise says something else")
            return goal
        case "arithmetic", claims, [goal, scaled] if len(claims) >= len(scaled):
            under, kind = Reader(ranges(ps[len(scaled) :])), claim(goal)[0]
            require(kind in ("inonneg", "rnonneg", "rpos", "false"), "the goal is no inequality")
            gap = LESS if kind == "false" else under.term(goal[1], REAL)
            strict = kind == "rnonneg"
            for p, (scale, e) in zip(claims, scaled, strict=False):
                require(p is claim((p[0], e)), "a premise is about another term")  # a number
                sign, _ = constant(term(scale, REAL)) or (-1, 1)
                require(p[0] == "null" or sign >= 0, "a multiplier is not ≥ 0")
                strict = strict or (p[0] == "rpos" and sign > 0)
                gap = minus(gap, times(term(scale, REAL), under.term(e, REAL)))
            floor = -1 if kind in ("inonneg", "false") else 0  # an integer above −1 is ≥ 0
            n, m = constant(gap) or (floor - 1, 1)
            require(n > floor * m or (n == floor * m and strict), "the combination misses the goal")
            return goal
        # Nearness
        case "near: consequence", [first, *rest], [goal]:
            tag, sorts, centres, then = claim(goal)
            require(tag == "near" and all(p[:3] == claim(goal)[:3] for p in rest), "another point")
            for p in reversed(rest):
                then = ("implies", p[3], then)
            for sort in reversed(sorts):
                then = ("forall", sort, then)
            require(first is the(then), "the first premise is another claim")
            return goal
        case "near: at the point", [("near", _, centres, body)], []:
            return opened(body, *centres)
        case "near: around near points", [("near", sorts, centres, body)], []:
            points = tuple([("b", n) for n in reversed(range(len(sorts)))])
            return ("near", sorts, centres, ("near", sorts, points, body))
        case "near: along a continuous map", [("near", *_) as p, *rest], [names, places, terms]:
            _, sorts, point, body = p
            xs = tuple([variable(x) for x in names])
            centres = tuple([term(c, x[2]) for c, x in zip(places, xs, strict=True)])
            ts = tuple([term(t, sort) for t, sort in zip(terms, sorts, strict=True)])
            require(len({x[1] for x in xs}) == len(xs), "a variable is there twice")
            require(fresh(xs, p), "a variable occurs in the first premise")
            there = [opened(closed(t, xs), *centres) for t in ts]
            ends = [(s, term(t, s), b) for s, t, b in zip(sorts, there, point, strict=True)]
            needed = [claim(equation(s, a, b)) for s, a, b in ends if a is not b]
            given = rest[len(needed) :]
            right = rest[: len(needed)] == needed and all(p[0] == "continuous" for p in given)
            require(right, "an equation for a centre is missing, or there are others")
            require(all(continuous(t, xs, centres, given) for t in ts), "a term is not continuous")
            return ("near", tuple([x[2] for x in xs]), centres, closed(opened(body, *ts), xs))
        case "continuous", claims, [x, t, a] if all(p[0] == "continuous" for p in claims):
            v, e = variable(x), read.read(t, ())[0]
            centre = term(a, v[2])
            require(continuous(e, (v,), (centre,), claims), "the term is not continuous")
            return ("continuous", ("lam", v[2], closed(e, (v,))), centre)
        # Differentiation and facts
        case "differentiate", claims, [function, at] if all(p[0] == "slope" for p in claims):
            f, sort = read.smooth(function, ())
            require(f[0] == "lam", "a function without a body")
            point = term(at, sort[1])
            slopes = {(g, e): slope for _, g, e, slope in claims}
            terms = [t for e in changed(f[2], point, slopes) for t in e[-1]]
            return ("slope", f, point, ("lam", sort[1], (*f[2][:-1], tuple(terms))))
        case "textbook", [], [str(name)] if name in ledger:
            return ledger[name]
    raise Refused("there is no such rule, or premises or data have not its form")


def fresh(xs: Sequence[Term], *claims: Term) -> bool:
    """Whether nothing of these variables' names occurs free."""
    spend(sum(len(p.names) for p in claims) // 8)
    return {x[1] for x in xs}.isdisjoint([v[1] for p in claims for v in p.names])


def continuous(t: Any, xs: Sequence[Term], centres: Terms, given: Sequence[Term]) -> bool:
    """Whether a term, or part of one, is continuous in variables, given continuities elsewhere."""
    if type(t) is not Term or fresh(xs, t) or t[0] == "var":
        return True
    spend(1)
    inside = partial(continuous, xs=xs, centres=centres, given=given)
    if t[0] == "at":
        args, linear = arguments(t) or ([], ())
        if args and all(n in linear or fresh(xs, a) for n, a in enumerate(args)):
            return all(map(inside, args))
        if fresh(xs, t[1]):
            there = ("continuous", t[1], opened(closed(t[2], xs), *centres))
            return Reader().claim(there) in given and inside(t[2])
    places = CONTINUOUS.get(t[0], []) if type(t[0]) is str else range(len(t))
    parts = [(n, part) for n, part in enumerate(t) if type(part) is Term]
    return all(inside(p) if n in places else fresh(xs, p) for n, p in parts)


def changed(x: Term, at: Term, slopes: dict[tuple[Term, Term], Term]) -> Iterator[Term]:
    """What stands below the binder of Y, once for each place of Y, with H there in place of Y.

    A sum becomes its term with the place, and values of functions become those of their slopes;
    elsewhere the point stands for Y.
    """
    spend(1)
    args, linear = arguments(x) or ([], ())
    match x:
        case ("b", 0):
            yield x
        case ("num" | "mat", *sizes, terms) if not any(e.reach for e in sizes):
            for ((monomial, word), c), (rest, _) in zip(terms, opened(terms, at), strict=True):
                for n, (atom, power) in enumerate(monomial):
                    left = the(((atom, power - 1),) * (power > 1))
                    others = *rest[0][:n], *opened(left, at), *rest[0][n + 1 :]
                    for new in changed(atom, at, slopes) if atom.reach else ():
                        key = (*others, (new, 1)), rest[1]
                        yield from [the((*x[:-1], ((key, c),)))] * power
                for new in in_word(word, at, slopes):
                    yield the((*x[:-1], (((rest[0], new), c),)))
        case ("trace", word):
            for new in in_word(word, at, slopes):
                yield the(("trace", new))
        case ("at", _, _) if args and all(n in linear for n, a in enumerate(args) if a.reach):
            for n, part in enumerate(args):
                for new in changed(part, at, slopes) if part.reach else ():
                    yield with_argument(opened(x, at), len(args) - 1 - n, new)
        case ("at" | "grad", g, e) if not g.reach:
            there = Reader().read(opened(e, at), ())[0]
            if x[0] == "grad":
                domain = Reader().read(g, ())[1][1]
                g = Reader().read(("lam", domain, ("grad", g, B0)), ())[0]
            require((g, there) in slopes, "the slope of a function in it is not given")
            for new in changed(e, at, slopes):
                yield the(("at", slopes[g, there], new))
        case _:
            raise Refused("the variable occurs where there is no rule for it")


def in_word(word: Term, at: Term, slopes: dict[tuple[Term, Term], Term]) -> Iterator[Term]:
    """A word once for each place in one of its letters."""
    rest = opened(word, at)
    for n, (letter, t) in enumerate(word):
        for new in changed(letter, at, slopes) if letter.reach else ():
            yield the((*rest[:n], (new, t), *rest[n + 1 :]))


# ── Plain notation: what was proved ───────────────────────────────────────────────────────────
SAID = {"nat": "natural", "index": "integer", "real": "real", "false": "false", "at": "{}({})"}
SAID |= {"rank": "rank({})", "grad": "∇{}({})", "changed": "({0} but {3} from {1} to {2})"}
SAID |= {"chain": "{}[{} ⋯ {}]", "sum": "{}[{} +⋯+ {}]", "not": "not ({})"}
SAID |= {"differentiable": "{} is differentiable", "convex": "{} is convex"}
SAID |= {"continuous": "{} is continuous at {}", "slope": "{0} has the slope {2} at {1}"}
LETTERS = {"nat": "nmpqrs", "index": "ijkl", "real": "tuxyz", "matrix": "XYZABCUVW"}
LETTERS |= {"to": "fgh", "widths": "dew", "family": "FGHMN"}
REACH = {"and": 1, "or": 1, "implies": 2, "forall": 3, "exists": 3, "near": 3}
Scope = tuple[str, ...]  # the names of the bound variables, the outermost first


def plain(claim: Term) -> str:
    """A claim in normal form, in words, no two claims alike.

    `F[a ⋯ b]` is the product F_a⋯F_b, `F[a +⋯+ b]` a sum and `F[a]` a member of a family; integers
    are compared by ≤, reals by ≥ and >; → and the body of a quantifier reach as far as they can.
    """
    given = sorted(claim.names, key=lambda v: (v.size, v))
    said = f"for given {grouped([(say(v), say(v[2])) for v in given])}:\n" if given else ""
    return said + say(claim, gap="\n")


def say(x: Term, scope: Scope = (), most: int = 3, gap: str = " ") -> str:
    """A sort, term or claim; a claim in brackets where it would reach too far."""
    if REACH.get(x[0], 0) > most:
        return f"({say(x, scope)})"

    def s(y: Term, *names: str, **how: Any) -> str:
        return say(y, (*scope, *names), **how)

    match x:
        # Sorts and terms
        case ("matrix", *shape):
            sizes = [(e, s(e)) for e in shape]
            loose = [f"({n})" if len(e[1]) > 1 or "·" in n else n for e, n in sizes]
            return f"real {'×'.join(loose)}"
        case ("to", domain, codomain):
            v = name(domain, scope)
            return f"function of {f'{v} ' * (codomain.reach > 0)}{s(domain)} to {s(codomain, v)}"
        case ("b", n):
            return f"{scope[-1 - n]}"
        case ("var", called, _):  # in marks, and nothing that reads from the right
            odd = any(bidirectional(c) in ("R", "AL", "AN") for c in called)
            return f"‹{ascii(called)[1:-1] if odd else called}›"
        case ("word", called):
            return f"{called}"
        case ("num", _) | ("mat", _, _, _):
            return total(x, scope)
        case ("trace", word):
            return f"tr({'·'.join([s(a) + 'ᵀ' * t for a, t in word])})"
        case ("chain", family, hi, lo) if hi is lo:
            return f"{s(family)}[{s(hi)}]"
        case ("lam", domain, body):
            v = name(domain, scope)
            return f"({v} {s(domain)} ↦ {s(body, v)})"
        # Claims
        case ("inonneg", e):
            return " ≤ ".join(reversed(sides(e, scope)))
        case ("rnonneg" | "rpos" | "null" as tag, e):
            return {"null": " = ", "rpos": " > "}.get(tag, " ≥ ").join(sides(e, scope))
        case ("not", ("null", e)):
            return " ≠ ".join(sides(e, scope))
        case ("and" | "or", claims):
            return f"{gap}{x[0]} ".join([s(p, most=0) for p in claims])
        case ("implies", p, q):
            return f"{s(p, most=1)} →{gap}{s(q, gap=gap)}"
        case ("near", sorts, centres, body):
            names: list[tuple[str, str]] = []
            for sort, centre in zip(sorts, centres, strict=True):
                v = name(sort, (*scope, *(v for v, _ in names)))
                names.append((v, f"{s(sort)} near enough to {s(centre)}"))
            return f"for all {grouped(names)}:{gap}{s(body, *(v for v, _ in names), gap=gap)}"
        case ("forall" | "exists", _, _):
            names, body, inner = [], x, scope
            while body[0] == x[0]:
                v = name(body[1], inner)
                names.append((v, say(body[1], inner)))
                body, inner = body[2], (*inner, v)
            every = "all" if x[0] == "forall" else "some"
            return f"for {every} {grouped(names)}:{gap}{say(body, inner, gap=gap)}"
    return SAID[x[0]].format(*map(s, x[1:]))


def name(sort: Term, scope: Scope) -> str:
    """A name for a bound variable, which nothing around it has."""
    family = "widths" if sort[-1] is NAT else "family"
    several = LETTERS[family if sort[:2] == ("to", INDEX) else sort[0]]
    spend(len(scope) ** 2 // 8)
    return next(v for n in count() for c in several if (v := f"{c}{n or ''}") not in scope)


def grouped(names: Sequence[tuple[str, str]]) -> str:
    """Variables with their sorts, a sort once for neighbours that share it."""
    pairs = zip(names, [*(sort for _, sort in names[1:]), ""], strict=True)
    return ", ".join([v if sort == then else f"{v} {sort}" for (v, sort), then in pairs])


def total(e: Term, scope: Scope) -> str:
    """A number or a matrix; its constant, if it has one, is said last."""
    out = ""
    for (monomial, word), (p, q) in sorted(e[-1], key=lambda term: term[0] is ONE):
        factors = [say(x, scope) + (f"^{n}" if n > 1 else "") for x, n in monomial]
        if e[0] == "mat":
            factors += [say(a, scope) + "ᵀ" * t for a, t in word] or [f"I[{say(e[1], scope)}]"]
        if (abs(p), q) != (1, 1) or not factors:
            factors.insert(0, f"{abs(p)}/{q}" if q > 1 else f"{abs(p)}")
        out += ((" − " if p < 0 else " + ") if out else "−" * (p < 0)) + "·".join(factors)
    return out or ("0" if e[0] == "num" else f"0[{say(the(('matrix', *e[1:3])), scope)}]")


def sides(e: Term, scope: Scope) -> list[str]:
    """What is positive in e, and what is negative."""
    both = [[(key, (abs(p), q)) for key, (p, q) in e[-1] if n * p > 0] for n in (1, -1)]
    out = [total(the((*e[:-1], tuple(ts))), scope) if ts else "0" for ts in both]
    return out if e[-1] else [total(e, scope), "0"]


def digest(claim: Term) -> str:
    """The name of a claim in normal form (10)."""
    numbers: dict[Term, int] = {}
    rows: list[str] = []

    def place(x: Term) -> list[int]:
        if x not in numbers:
            row = [place(part) if type(part) is Term else part for part in x]
            rows.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
            numbers[x] = len(numbers)
        return [numbers[x]]

    place(claim)
    return sha256(f"[{','.join(rows)}]".encode()).hexdigest()


# ── Files (1, 10) ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Accepted:
    """A proof that was accepted: what it proves, and what it rests on."""

    statement: str  # in plain notation
    digest: str
    published: dict[str, str] | None  # as which pack's result, by which route, with which title
    inferences: int
    facts: tuple[str, ...]


def load(data: bytes, format: str) -> dict[str, Any]:
    """The object in a file; `Unreadable` if there is none of that format."""

    def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(items)) == len(items), "a key is there twice")
        return dict(items)

    try:
        require(len(data) <= MOST_BYTES, "it is too large")
        found = json.loads(data.decode(), object_pairs_hook=unique)
        json.dumps(found, ensure_ascii=False).encode()  # refuses halves of characters
        has = found.get("format") if type(found) is dict else None
        kind, _, version = format.rpartition("/")
        if other := re.fullmatch(rf"{kind}/([1-9][0-9]{{0,8}})", str(has)):
            old = int(other[1]) < int(version)
            require(not old, f"it was written by an older proofkit, as {has}: export it again")
            require(has == format, f"it was written by a newer proofkit, as {has}: update this one")
        require(has == format, f"it is no {format}")
    except (ValueError, RecursionError, Refused) as fault:
        raise Unreadable(str(fault).splitlines()[0]) from None
    return dict(found)


def keys(x: Any, names: str) -> list[Any]:
    """The values of an object with exactly these keys."""
    require(type(x) is dict and x.keys() == set(names.split()), f"the keys must be {names}")
    return [x[name] for name in names.split()]


def each(numbers: Any, things: Sequence[Any]) -> list[Any]:
    """The things with these numbers."""
    right = type(numbers) is list and all(type(n) is int and n >= 0 for n in numbers)
    require(right and max(numbers, default=-1) < len(things), "there is no thing of that number")
    return [things[n] for n in numbers]


def tuples(table: Any) -> list[Term]:
    """The tuples of a table."""
    out: list[Term] = []
    for entry in table:
        require(type(entry) is list, "a table entry is no list")
        items = [each(x, out)[0] if type(x) is list and len(x) == 1 else x for x in entry]
        right = all(type(x) in (Term, str) or (type(x) is int and abs(x) < HUGE) for x in items)
        require(right, "a table entry has a wrong item, or a number that is too large")
        out.append(the(tuple(items)))
        require(out[-1].depth <= DEEPEST, "a term is too deep")
    require(len({*out}) == len(out), "an entry is there twice")
    return out


@contextmanager
def refusing(where: str, kind: type[Exception] = Refused) -> Iterator[None]:
    """Make a refusal of whatever goes wrong, with the place."""
    try:
        yield
    except (Refused, Unreadable) as fault:
        raise kind(f"{where}: {fault}"[:300]) from None
    except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as fault:
        raise kind(f"{where}: it has not the form that is wanted, {fault}"[:300]) from None


def replay(data: bytes, publications: dict[str, bytes] | None = None) -> Accepted:
    """Check a proof, and who published it; raises `Unreadable`, `NoProof` or `Refused`: why."""
    found = load(data, FORMAT)
    LEFT[0] = WORK
    TERMS.clear()  # nothing of one file is used for another
    TERMS.update(OWN)
    for memo in MEMOS:
        memo.cache_clear()
    with refusing("file"):
        claim, inferences, facts = check(found)
        text, called = plain(claim), digest(claim)
    known = [entry for file in (publications or {}).items() for entry in published(*file)]
    where = next((where for statement, where in known if statement is claim), None)
    return Accepted(text, called, where, inferences, facts)


def published(name: str, data: bytes) -> list[tuple[Term, dict[str, str]]]:
    """The statements of a publication, each with where it stands; `Unreadable` if it is none."""
    LEFT[0], out = WORK, []
    with refusing(f"published statements, {name}", Unreadable):
        pack, listed, table, _ = keys(load(data, PUBLISHED), "pack statements table format")
        terms = tuples(table)
        for entry in listed:
            result, route, title, n = keys(entry, "result route title statement")
            where = {"pack": pack, "result": result, "route": route, "title": title}
            require(all(x.isprintable() for x in where.values()), "a name cannot be printed")
            out.append((Reader().claim(*each([n], terms)), where))
    return out


def trusted() -> dict[str, Term]:
    """The claims of the ledger, and its words, which have to be there before anything is read."""
    own = load((files("proofkit") / "kernel" / "ledger.json").read_bytes(), LEDGER)
    terms = tuples(own["table"])
    WORDS.clear()
    for name, n, linear in (keys(word, "name sort linear") for word in own["words"]):
        WORDS[name] = Reader().term(terms[n], SORT), frozenset(linear)
    return {fact["name"]: terms[fact["claim"]] for fact in own["facts"]}


def check(found: dict[str, Any]) -> tuple[Term, int, tuple[str, ...]]:
    """Check the object of a file: its statement, how many steps it has, and its facts."""
    meta, end, ledger, steps, table, _ = keys(found, "meta statement ledger steps table format")
    about = type(meta) is dict and meta.keys() <= {"pack", "result", "route", "title"}
    require(about and all(type(x) is str for x in meta.values()), "meta is something else")
    if steps == []:
        raise NoProof("it has no inferences")
    require(type(steps) is type(table) is type(ledger) is list, "a list is something else")
    listed, terms, read = trusted(), tuples(table), Reader()
    facts: dict[str, Term] = {}
    for fact in ledger:
        name, source, n = keys(fact, "name source claim")
        require(type(source) is str and name not in facts, f"the fact {name!r} is listed twice")
        facts[name] = read.claim(*each([n], terms))
        require(facts[name] is read.claim(listed[name]), f"{name!r} is another fact of the ledger")
    done: list[Sequent] = []
    used: set[Any] = set()
    for n, step in enumerate(steps):
        with refusing(f"step {n} ({step.get('rule')!r})"):
            done.append(checked(step, done, terms, facts))
        used.update(step["premises"], terms[step["data"]][:1] if step["rule"] == "textbook" else ())
    require(used >= {*range(len(steps) - 1), *facts}, "a step or a fact is used nowhere")
    last = Sequent(Names(), read.claim(*each([end], terms)))
    require(done[-1] == last, "the last step is not the statement without hypotheses")
    return last.claim, len(steps), tuple(sorted(facts))


def checked(step: Any, done: list[Sequent], terms: list[Term], facts: dict[str, Term]) -> Sequent:
    """One step, after the ones before."""
    rule, premises, n, hypotheses, end = keys(step, "rule premises data hypotheses conclusion")
    ps, (data, claim, *left) = each(premises, done), each([n, end, *hypotheses], terms)
    about = (data, claim, *left, *(p.claim for p in ps))
    spend(sum(x.size for x in about) // EASY + sum(len(p.hypotheses) for p in ps))
    require(len({*hypotheses}) == len(hypotheses), "a hypothesis is there twice")
    read = Reader().claim
    says = Sequent(Names([read(p) for p in left]), read(claim))
    found = infer(rule, ps, data, facts)
    if not isinstance(found, Sequent):
        found = Sequent(Names().union(*(p.hypotheses for p in ps)), found)
    require(says.claim is read(found.claim), "the rule does not give this conclusion")
    require(says.hypotheses == found.hypotheses, "the rule does not give these hypotheses")
    return says


def told(found: Accepted) -> str:
    """What was accepted, for readers: what was proved, and who published it."""
    lines = [f"accepted: {found.inferences} inferences; facts: {', '.join(found.facts) or 'none'}"]
    lines += [f"  {line}" for line in found.statement.splitlines()]
    said = "this is {title} as published by {pack} (result {result}, route {route})"
    lines.append(said.format(**found.published) if found.published else "not a published statement")
    return "\n".join([*lines, f"digest: {found.digest}"])


def main() -> int:
    """Check the file named on the command line."""
    parser = ArgumentParser(prog="python -m proofkit.replay", description="Check a proof again.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--statements", type=Path, action="append", default=[], metavar="FILE")
    named = parser.parse_args()
    try:
        found = replay(named.file.read_bytes(), {str(f): f.read_bytes() for f in named.statements})
    except (Refused, Unreadable, NoProof, OSError) as fault:
        print(f"{type(fault).__name__.lower()}: {str(fault)!a}")
        return {Refused: 1, NoProof: 4}.get(type(fault), 2)
    print(told(found))
    return 0


OWN = dict(TERMS)  # the terms of this module itself
MEMOS: Any = (plus, times, merged, as_term, lifted, opened, moved, variable, Reader)

if __name__ == "__main__":
    sys.exit(main())
