"""The second checker: checks exported proofs again, with the standard library alone.

It was written from ``FORMAT.md`` beside this module and not from the kernel, with which it shares
no code, so that a mistake would have to be made twice to go unnoticed.  Numbers in parentheses are
that page's sections.  This module is the whole checker.  From top to bottom: sums of products and
their normal form, binders, what is well formed (`Reader`), the rules (`infer`), files (`replay`).

The one idea: rules put claims together without looking into their terms, and `Reader`, which alone
knows what sorts and normal forms are, reads every claim, whether it comes from the file or from a
rule, before it is compared with another.

Trusted besides this module are Python, its ``json`` and ``fractions``, and ``ledger.json``: the
checker's own copy of the textbook facts, kept in the repository, where a change of it is seen in
review; a test compares it with the kernel's.  What a file says of its facts is compared with the
copy, never believed.  ``meta`` is for readers: what an accepted file proves is its statement.

Whatever a file holds, the outcome is an acceptance or one reason: work is metered, and numbers,
terms and files have limits.  A rule that `infer` does not know is refused.

    python -m proofkit.replay FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from importlib.resources import files
from math import gcd
from pathlib import Path
from typing import Any

__all__ = ["Accepted", "NoProof", "Refused", "Unreadable", "replay"]

FORMAT, LEDGER_FORMAT = "proofkit/proof/3", "proofkit/ledger/3"
MOST_BYTES, HUGE = 1 << 26, 10**200  # of a file, number in it
MOST_PARTS, DEEPEST = 400_000, 200  # of a term, tuples in tuples
LARGEST, MOST_POWER = 1 << 16_384, 100  # number on the way, power of a factor
WORK, EASY = 12_000_000, 32  # steps in all; to look a part up is one of so many easy ones
LEFT = [WORK]  # of that, for the file at hand

Term = tuple[Any, ...]
Names = frozenset[Term]


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


def spend(parts: int) -> None:
    """Count work, so that no file keeps the checker busy for ever."""
    LEFT[0] -= parts
    require(LEFT[0] >= 0, "checking it takes more work than the limit")


# ── Sums of products (3, 4): numbers ('num', terms), matrices ('mat', rows, cols, terms) ───────
# Terms are pairs (key, coefficient), sorted in normal form, and keys are pairs (monomial, word).
NUM, ONE = ("num",), ((), ())  # the head of numbers, and the key of their constant term


def make(head: Term, terms: Iterable[Any]) -> Term:
    """The sum of the terms."""
    sums: dict[Term, Any] = {}
    for key, n in terms:
        sums[key] = sums[key] + n if key in sums else n
    spend(len(sums))
    for n in sums.values():
        require(-LARGEST < n.numerator < LARGEST > n.denominator, "a number becomes too large")
    return (*head, tuple(sorted((key, n) for key, n in sums.items() if n)))


def number(n: Any) -> Term:
    """A constant."""
    return make(NUM, [(ONE, n)])


def constant(e: Term) -> Any:
    """The number it is, or None."""
    return sum(n for _, n in e[-1]) if all(key == ONE for key, _ in e[-1]) else None


def plus(a: Term, b: Term, n: Any = 1) -> Term:
    """a + n·b for two numbers, or two matrices of one shape."""
    require(a[:-1] == b[:-1], "things of different shapes are added")
    return make(a[:-1], (*a[-1], *((key, n * c) for key, c in b[-1])))


def minus(a: Term, b: Term) -> Term:
    """a − b."""
    return plus(a, b, -1)


def times(a: Term, b: Term, facts: Sequence[Term] = ()) -> Term:
    """The product of numbers, of matrices that fit, or of a number and a matrix."""
    head = max(a[:-1], b[:-1], key=len)
    if a[0] == b[0] == "mat":
        require(a[2] == b[1], "matrices that do not fit are multiplied")
        head = ("mat", a[1], b[2])
    spend(1 + (len(a[-1]) * loose(b)[2] + len(b[-1]) * loose(a)[2]) // EASY)
    return make(head, ((product(p, q, facts), m * n) for p, m in a[-1] for q, n in b[-1]))


def product(a: Term, b: Term, facts: Sequence[Term]) -> Term:
    """The product of two keys: monomials multiply, words are joined."""
    monomial = a[0] or b[0]
    if a[0] and b[0]:
        spend(len(a[0]) + len(b[0]))
        powers = dict(a[0])
        for atom, power in b[0]:
            powers[atom] = powers.get(atom, 0) + power
        monomial = tuple(sorted(powers.items()))
    return (monomial, join(a[1], b[1], facts) if a[1] and b[1] else a[1] or b[1])


def join(v: Term, w: Term, facts: Sequence[Term]) -> Term:
    """The product of two words: letters are pushed one by one, and merge with those before."""
    spend(len(v) + len(w))
    out = list(v)
    for letter in w:
        out.append(letter)
        while len(out) > 1 and (one := merged(out[-2], out[-1], facts)):
            out[-2:] = [one]
    return tuple(out)


def merged(left: Term, right: Term, facts: Sequence[Term]) -> Term | None:
    """The letter that two neighbours merge into if they are chains of one family that meet."""
    (a, t), (b, u) = left, right
    if t != u or a[0] != "chain" or b[0] != "chain" or a[1] != b[1]:
        return None
    (_, family, hi, cut), (_, _, mid, lo) = (b, a) if t else (a, b)
    after = plus(mid, number(1))
    if cut != after or not (known(minus(hi, mid), facts) and known(minus(after, lo), facts)):
        return None
    return (("chain", family, hi, lo), t)


def known(e: Term, facts: Sequence[Term]) -> bool:
    """Whether an integer is known to be ≥ 0."""
    above = (constant(minus(e, fact)) for fact in (number(0), *facts))
    return any(n is not None and n >= 0 for n in above)


def reverse(w: Term) -> Term:
    """The transpose of a word."""
    return tuple((letter, 1 - t) for letter, t in reversed(w))


def turned(a: Term, t: Any) -> Term:
    """A matrix, transposed if t is 1."""
    require(a[0] == "mat" and t in (0, 1), "it is no matrix, plain or transposed")
    _, rows, cols, terms = a
    return make(("mat", cols, rows), (((m, reverse(w)), n) for (m, w), n in terms)) if t else a


def trace(a: Term, facts: Sequence[Term]) -> Term:
    """The trace of a square matrix; of each word's turns and transposes, the least is taken."""
    _, rows, cols, terms = a
    require(rows == cols, "the trace of a matrix that is not square")
    out = number(0)
    for (m, w), n in terms:
        spend(2 * len(w) * loose(w)[2] // EASY)
        turns = [join(u[c:], u[:c], facts) for u in (w, reverse(w)) for c in range(len(w))]
        least = min(turns, key=lambda u: (len(u), u)) if w else ()
        value = as_term(("trace", least), REAL) if w else rows
        out = plus(out, times((*NUM, (((m, ()), n),)), value))
    return out


# ── Sorts and binders (2, 6) ──────────────────────────────────────────────────────────────────
INDEX, NAT, REAL = ("index",), ("nat",), ("real",)
SORT, CLAIM = ("sort",), ("claim",)  # what sorts and claims are, to `Reader`
ORDER = {NAT: 0, INDEX: 1, REAL: 2}
B0, B1 = ("b", 0), ("b", 1)
SCOPE = {"forall": 2, "exists": 2, "lam": 2, "to": 2, "near": 3}  # first part below the binders


def as_term(x: Term, sort: Term) -> Term:
    """A factor of a sort as a number or matrix; what is of another sort stays."""
    if sort[0] == "matrix":
        return ("mat", *sort[1:], ((((), ((x, 0),)), 1),))
    return (*NUM, (((((x, 1),), ()), 1),)) if sort in ORDER else x


def parts(x: Term) -> Iterator[tuple[Any, int]]:
    """The parts of a tuple, each with the number of variables that are bound above it."""
    first = SCOPE.get(x[0], len(x)) if x and type(x[0]) is str else len(x)
    for place, part in enumerate(x):
        yield part, (len(x[1]) if x[0] == "near" else 1) if place >= first else 0


@cache
def loose(x: Term) -> tuple[int, Names, int]:
    """How many binders it looks through, its free variables, those in sorts too, and its size."""
    reach, names = (x[1] + 1 if x[:1] == ("b",) else 0), {x} if x[:1] == ("var",) else set[Term]()
    size = len(x) + 1
    for part, binders in parts(x):
        if type(part) is tuple:
            deep, more, inside = loose(part)
            reach, size = max(reach, deep - binders), size + inside
            names |= more
    require(size <= MOST_PARTS, "a term becomes too large")
    return reach, Names(names), size


def put(x: Any, look: Callable[[Term, int], Term], touched: Names = Names()) -> Any:  # noqa: B008
    """A term or claim with look(v, d) for each variable v that stands below d binders.

    The variables are the loose bound ones and those that are `touched`.
    """
    built: dict[tuple[int, int], Any] = {}

    def walk(x: Any, d: int) -> Any:
        if type(x) is not tuple:
            return x
        reach, names, _ = loose(x)
        if reach <= d and (not touched or touched.isdisjoint(names)):
            return x
        if x[0] == "b" or x[0] == "var":
            return look(x, d)
        if (id(x), d) not in built:
            new = built[id(x), d] = tuple([walk(part, d + n) for part, n in parts(x)])
            spend(1 + loose(new)[2] // EASY)
        return built[id(x), d]

    return walk(x, 0)


@cache
def lifted(x: Any, by: int) -> Any:
    """A term moved below more binders."""
    return put(x, lambda v, d: ("b", v[1] + by) if by else v)


@cache
def opened(body: Any, *terms: Term) -> Any:
    """The body of a group of binders with terms put in for the variables."""

    def look(v: Term, d: int) -> Term:
        n = len(terms) - 1 - (v[1] - d)
        return lifted(terms[n], d) if n >= 0 else ("b", v[1] - len(terms))

    return put(body, look)


def closed(x: Any, variables: Sequence[Term]) -> Any:
    """The body of a new group of binders for these variables."""
    place = {v: n for n, v in enumerate(reversed(variables))}
    return put(
        x, lambda v, d: ("b", v[1] + len(place) if v[0] == "b" else d + place[v]), Names(place)
    )


@cache
def moved(body: Any, by: int) -> Any:
    """The body of a binder for an index i, with i + by in place of i."""
    there = plus(as_term(B0, INDEX), number(by))
    return put(body, lambda v, d: lifted(there, d) if v[1] == d else v)


def negation(p: Term) -> Term:
    """The claim ¬p of one in normal form (5)."""
    match p[0]:
        case "inonneg":
            return ("inonneg", minus(number(-1), p[1]))
        case "rnonneg" | "rpos":
            return ({"rnonneg": "rpos", "rpos": "rnonneg"}[p[0]], times(number(-1), p[1]))
    return Term(p[1]) if p[0] == "not" else ("not", p)


def equation(sort: Term, a: Term, b: Term) -> Term:
    """The claim a = b for terms of the sort (5)."""
    if sort[0] != "to":
        return ("null", minus(a, b))
    there = (as_term(("at", lifted(f, 1), B0), sort[2]) for f in (a, b))
    return ("forall", sort[1], equation(sort[2], *there))


# ── Reading: what is well formed, and its normal form (2–5, 7) ────────────────────────────────
Sorts = tuple[Term, ...]  # of the bound variables, the outermost first
TOP: Sorts = ()


def fits(found: Term, sort: Term) -> bool:
    """Whether all terms of one sort are terms of the other."""
    if found in ORDER and sort in ORDER:
        return ORDER[found] <= ORDER[sort]
    arrows = found[0] == sort[0] == "to" and found[1] == sort[1]
    return found == sort or (arrows and fits(found[2], sort[2]))


@dataclass
class Reader:
    """Checks that sorts, terms and claims are well formed, and brings them to normal form.

    `facts` are integers known to be ≥ 0.  Where `unfold` says so, the members of families and the
    ends of sums are looked up.
    """

    facts: Sequence[Term] = ()
    unfold: bool = False

    def __post_init__(self) -> None:
        self.known: dict[Any, tuple[Term, Term]] = {}

    def claim(self, p: Any) -> Term:
        """A claim in normal form."""
        return self.term(p, CLAIM)

    def term(self, x: Any, sort: Term, ctx: Sorts = TOP) -> Term:
        """A term of that sort, a sort or a claim, in normal form."""
        term, found = self.read(x, ctx)
        require(fits(found, sort), f"it should be of the sort {sort[0]} and is of {found[0]}")
        return term

    def variable(self, x: Any) -> Term:
        """A free variable, its sort in normal form: facts make no two variables one."""
        match x:
            case ("var", str(name), sort) if not name.startswith("?"):
                return ("var", name, Reader().term(sort, SORT))
        raise Refused("it is no variable")

    def function(self, x: Any, domain: str, ctx: Sorts = TOP) -> tuple[Term, Term, Term]:
        """A function on that kind of things, its domain and its codomain."""
        f, sort = self.read(x, ctx)
        require(sort[0] == "to" and sort[1][0] == domain, f"no function of a {domain}")
        return f, sort[1], sort[2]

    def read(self, x: Any, ctx: Sorts = TOP) -> tuple[Term, Term]:
        """A sort, term or claim in normal form, and its sort; each is read once."""
        if not loose(x)[0]:
            ctx = TOP
        found = self.known.get((x, ctx))
        if found is None:
            found = self.known[x, ctx] = self.fresh(x, ctx)
        return found

    def fresh(self, x: Term, ctx: Sorts) -> tuple[Term, Term]:
        """What was not read before."""
        spend(1 + loose(x)[2] // EASY)
        match x:
            # Variables and sorts
            case ("b", int(n)) if 0 <= n < len(ctx):
                sort = lifted(ctx[-1 - n], n + 1)
                return as_term(x, sort), sort
            case ("var", *_):
                v, sort = self.variable(x), self.term(x[2], SORT)
                return as_term(v, sort), sort
            case ("index" | "nat" | "real",):
                return x, SORT
            case ("matrix", rows, cols):
                return ("matrix", self.term(rows, NAT, ctx), self.term(cols, NAT, ctx)), SORT
            # Numbers and matrices
            case ("num", terms):
                e = self.total(NUM, terms, ctx)
                return e, self.number_sort(e, ctx)
            case ("mat", rows, cols, terms):
                sort = self.term(("matrix", rows, cols), SORT, ctx)
                return self.total(("mat", *sort[1:]), terms, ctx), sort
            case ("rank", a):
                a, sort = self.read(a, ctx)
                require(sort[0] == "matrix", "the rank of no matrix")
                return as_term(("rank", a), NAT), NAT
            case ("trace", word) if word:
                e = trace(self.word(word, ctx), self.facts)
                return e, self.number_sort(e, ctx)
            case ("grad", function, matrix):
                f, sort, to = self.function(function, "matrix", ctx)
                require(fits(to, REAL), "a gradient of what is no number")
                return as_term(("grad", f, self.term(matrix, sort, ctx)), sort), sort
            case ("chain" | "sum", family, hi, lo):
                return self.many(x[0], family, hi, lo, ctx)
            # Functions
            case ("at", function, argument):
                f, sort = self.read(function, ctx)
                require(sort[0] == "to", "it is no function")
                return self.value(f, self.term(argument, sort[1], ctx), sort[2], ctx)
            case ("lam", domain, body):
                s = self.term(domain, SORT, ctx)
                value, sort = self.read(body, (*ctx, s))
                require(sort not in (SORT, CLAIM), "a function has terms for values")
                return ("lam", s, value), ("to", s, sort)
            case ("changed", function, lo, hi, new):
                (f, _, sort), (g, _, there) = (
                    self.function(h, "index", ctx) for h in (function, new)
                )
                a, b = self.term(lo, INDEX, ctx), self.term(hi, INDEX, ctx)
                if a == b:  # what is new in one place has to fit there only
                    there, wanted = (self.term(opened(s, a), SORT, ctx) for s in (there, sort))
                require(fits(there, wanted if a == b else sort), "members of another sort")
                return ("changed", f, a, b, g), ("to", INDEX, sort)
            # Claims, and the sorts of functions
            case ("inonneg" | "rnonneg" | "rpos", e):
                return (x[0], self.term(e, INDEX if x[0] == "inonneg" else REAL, ctx)), CLAIM
            case ("null", e):
                e, sort = self.read(e, ctx)
                require(sort in ORDER or sort[0] == "matrix", "neither number nor matrix is 0")
                negative = e[-1] and e[-1][0][1] < 0
                return ("null", times(number(-1), e) if negative else e), CLAIM
            case ("false",):
                return x, CLAIM
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
                require(all(topological(s) for s in ss), "near something without a distance")
                inner = (*ctx, *(lifted(s, n) for n, s in enumerate(ss)))
                return ("near", ss, cs, self.term(body, CLAIM, inner)), CLAIM
            case ("differentiable" | "convex", function):
                f, _, to = self.function(function, "matrix", ctx)
                require(fits(to, REAL), "no function to the reals")
                return (x[0], f), CLAIM
        raise Refused("it is nothing that the format knows, or a variable bound nowhere")

    def total(self, head: Term, terms: Any, ctx: Sorts) -> Term:
        """A sum of products, each of a coefficient, factors to their powers, and a word."""
        out: list[Any] = []
        for (monomial, word), n in terms:
            require(type(n) in (int, Fraction), "a coefficient is no number")
            term = number(n)
            for x, power in monomial:
                require(type(power) is int and 1 <= power <= MOST_POWER, "a power out of range")
                value = self.term(x, REAL, ctx)
                for _ in range(power):
                    term = times(value, term)
            if head != NUM:
                identity = (*head[:2], head[1], ((ONE, 1),))
                term = times(term, self.word(word, ctx) if word else identity)
            require(term[:-1] == head and (word == () or head != NUM), "a term of another shape")
            out += term[-1]
        return make(head, out)

    def word(self, word: Any, ctx: Sorts) -> Term:
        """The product of matrices, each plain or transposed."""
        letters = (turned(self.read(a, ctx)[0], t) for a, t in word)
        return reduce(lambda a, b: times(a, b, self.facts), letters)

    def number_sort(self, e: Term, ctx: Sorts) -> Term:
        """The least sort that a number in normal form has by its form."""
        found = {NAT}
        for (monomial, _), n in e[1]:
            found.add(REAL if n.denominator > 1 else NAT if n > 0 else INDEX)
            for x, _ in monomial:
                found.add(REAL if x[0] == "trace" else self.read(x, ctx)[1])
        return max(found, key=lambda sort: ORDER[sort])

    def many(self, tag: str, family: Any, hi: Any, lo: Any, ctx: Sorts) -> tuple[Term, Term]:
        """The product or the sum of the members hi … lo of a family."""
        f, _, sort = self.function(family, "index", ctx)
        hi, lo = self.term(hi, INDEX, ctx), self.term(lo, INDEX, ctx)
        require(sort[0] == "matrix", "a family of several indices")
        ends = (opened(sort[1], hi), opened(sort[2], lo))
        whole = self.term(("matrix", *ends), SORT, ctx)
        inner, gap = (*ctx, INDEX), minus(hi, lo)
        before = self.term(moved(sort, -1), SORT, inner)
        if tag == "chain":
            require(hi == lo or sort[2] == before[1], "the members of a chain do not fit")
            empty, one = constant(gap) == -1, hi == lo
            require(empty or constant(gap) is None or constant(gap) >= 0, "a chain ends too low")
            if empty:
                return ("mat", whole[1], whole[1], ((ONE, 1),)), whole
            if self.unfold and one and f[0] in ("lam", "changed"):
                return self.value(f, hi, sort, ctx)
        else:
            require(sort == before, "the members of a sum are of different shapes")
            if self.unfold and known(gap, self.facts):
                rest = as_term(("sum", f, plus(hi, number(-1)), lo), whole)
                last = as_term(("chain", f, hi, hi), whole)
                return self.read(plus(rest, last), ctx)
            if self.unfold and known(minus(number(-1), gap), self.facts):
                return ("mat", *whole[1:], ()), whole
        return as_term((tag, f, hi, lo), whole), whole

    def value(self, f: Term, x: Term, to: Term, ctx: Sorts) -> tuple[Term, Term]:
        """The value of a function, looked up as far as it is known."""
        sort = self.term(opened(to, x), SORT, ctx)
        if sort[0] == "matrix" and not self.unfold:
            return self.read(("chain", f, x, x), ctx)
        if f[0] == "lam":
            return self.read(opened(f[2], x), ctx)
        if f[0] == "changed":
            _, old, lo, hi, new = f
            inside = (minus(x, lo), minus(hi, x))
            outside = (minus(minus(lo, x), number(1)), minus(minus(x, hi), number(1)))
            sure = [
                known(e, self.facts) or self.number_sort(e, ctx) == NAT for e in inside + outside
            ]
            if all(sure[:2]) or any(sure[2:]):
                return self.read(("at", new if all(sure[:2]) else old, x), ctx)
        found = ("chain", f, x, x) if sort[0] == "matrix" else ("at", f, x)
        return as_term(found, sort), sort


def topological(sort: Term) -> bool:
    """Whether it is a sort of reals, matrices or families."""
    while sort[:2] == ("to", INDEX):
        sort = sort[2]
    return sort == REAL or sort[0] == "matrix"


# ── Rules (8, 9) ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Sequent:
    """What a step says."""

    hypotheses: frozenset[Term]
    claim: Term


SIMPLE = ("inonneg", "rnonneg", "rpos", "null")


def ranges(ps: Sequence[Sequent]) -> list[Term]:
    """The facts that premises give: integers that are ≥ 0."""
    require(all(p.claim[0] == "inonneg" for p in ps), "a premise is no range")
    return [p.claim[1] for p in ps]


def free(v: Term, *claims: Term) -> bool:
    """Whether a variable is free in one of the claims."""
    return any(v in loose(p)[1] for p in claims)


def infer(rule: Any, ps: Sequence[Sequent], data: Term, read: Reader, ledger: Any) -> Any:
    """The claim that follows by the rule from the premises, or the sequent if hypotheses go."""
    claim, term = read.claim, read.term
    match rule, [p.claim for p in ps], data:
        # Connectives
        case "assume", [], [p]:
            return Sequent(frozenset({claim(p)}), claim(p))
        case "discharge", [q], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, ("implies", claim(p), q))
        case "modus ponens", [("implies", p, q), also], [] if also == p:
            return q
        case "conjoin", [_, _, *_] as claims, []:
            return ("and", tuple(claims))
        case "project", [("and", claims)], [int(n)] if 0 <= n < len(claims):
            return claims[n]
        case "either", [p], [d] if claim(d)[0] == "or" and p in claim(d)[1]:
            return d
        case "cases", [("or", claims), *rest], [] if len(rest) == len(claims):
            require(len(set(rest)) == 1, "the cases end differently")
            others = (p.hypotheses - {case} for p, case in zip(ps[1:], claims, strict=True))
            return Sequent(ps[0].hypotheses.union(*others), rest[0])
        case "excluded middle", [], [p]:
            return ("or", (p, ("not", p)))
        case "contradiction", [p, q], [] if q == negation(p):
            return ("false",)
        case "reductio", [("false",)], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, ("not", p))

        # Quantifiers
        case "generalise", [p], [x]:
            v = read.variable(x)
            body = closed(p, (v,))
            require(not free(v, body, *ps[0].hypotheses), "the variable is not fresh")
            return ("forall", v[2], body)
        case "instantiate", [("forall", sort, body)], [t]:
            return opened(body, term(t, sort))
        case "witness", [p], [goal, t]:
            tag, sort, body = claim(goal)
            fits_in = tag == "exists" and p == claim(opened(body, term(t, sort)))
            require(fits_in, "it is no witness")
            return goal
        case "obtain", [("exists", sort, body) as some, q], [x]:
            v = read.variable(x)
            left = ps[1].hypotheses - {claim(opened(body, v))}
            require(v[2] == sort and not free(v, some, q, *left), "the variable is not fresh")
            return Sequent(ps[0].hypotheses | left, q)

        # Layer indices: below ∀i, p(i) is the very body
        case "induction" | "descent", [base, climb], [goal, start]:
            step = 1 if rule == "induction" else -1
            (tag, sort, body), a = claim(goal), term(start, INDEX)
            require(tag == "forall" and sort == INDEX, "it is not about all indices")
            require(base == claim(opened(body, a)), "the first premise is not p(a)")
            reach = ("inonneg", times(number(step), minus(as_term(B0, INDEX), a)))
            then = ("implies", body, moved(body, step))
            wanted = claim(("forall", INDEX, ("implies", reach, then)))
            require(climb == wanted, "the second premise is another step")
            return ("forall", INDEX, ("implies", reach, body))
        case "least index", [
            ("exists", ("index",), body),
            ("forall", ("index",), ("implies", p, ("inonneg", e))),
        ], [] if p == body:
            i, above = as_term(B0, INDEX), as_term(B1, INDEX)
            require(loose(minus(e, i))[0] == 0, "the bound depends on the index")
            least = ("forall", INDEX, ("implies", body, ("inonneg", minus(i, above))))
            return ("exists", INDEX, ("and", (body, least)))
        case "choose", [("forall", ("index",), body)], []:
            conditions = []
            while body[0] == "implies":
                conditions.append(body[1])
                body = body[2]
            tag, sort, p = body
            require(tag == "exists" and sort[0] in ("matrix", "to"), "nothing to choose")
            found = opened(p, as_term(B0, INDEX), as_term(("at", B1, B0), sort))
            for condition in reversed(conditions):
                found = ("implies", condition, found)
            return ("exists", ("to", INDEX, sort), ("forall", INDEX, found))

        # Equality and computing
        case "rewrite", [equal, p], [template, old, new]:
            tag, sort, body = claim(template)
            before, after = term(old, sort), term(new, sort)
            right = tag == "forall" and equal == claim(equation(sort, before, after))
            require(right, "another equation")
            require(p == claim(opened(body, before)), "the second premise is not p(old)")
            return opened(body, after)
        case "algebra", claims, [goal, products] if len(claims) >= len(products):
            for p, (e, (monomial, word)) in zip(claims, products, strict=False):
                factor = e in [x for x, _ in (*monomial, *word)]
                require(factor and p == claim(("null", e)), "a product without a factor that is 0")
            total = ("null", (*claim(goal)[1][:-1], tuple((key, 1) for _, key in products)))
            facts = ranges(ps[len(products) :])
            ways = (Reader(facts, unfold).claim for unfold in (False, True))
            require(
                any(way(total) == way(goal) for way in ways), "the products do not give the goal"
            )
            return goal
        case "restate", [p, *_], [goal]:
            under = Reader(ranges(ps[1:]))
            require(
                under.claim(p) == under.claim(goal), "the goal is not the premise in other words"
            )
            return goal
        case "natural", [], [e]:
            return ("inonneg", term(e, NAT))
        case "squeeze", [("inonneg", e), ("inonneg", f)], []:
            require(f == times(number(-1), e), "the premises are not e ≥ 0 and −e ≥ 0")
            return ("null", e)
        case "arithmetic", claims, [goal, scaled] if len(claims) >= len(scaled):
            under, kind = Reader(ranges(ps[len(scaled) :])), claim(goal)[0]
            require(kind in ("inonneg", "rnonneg", "rpos", "false"), "the goal is no inequality")
            gap = number(-1) if kind == "false" else under.term(goal[1], REAL)
            strict = kind == "rnonneg"
            for p, (scale, e) in zip(claims, scaled, strict=False):
                right = p[0] in SIMPLE and p == claim((p[0], e))
                require(right, "a premise is about another term")
                n = constant(term(scale, REAL))
                positive = n is not None and n >= 0
                require(p[0] == "null" or positive, "a multiplier is not ≥ 0")
                strict = strict or (p[0] == "rpos" and n > 0)
                gap = minus(gap, times(term(scale, REAL), under.term(e, REAL)))
            n, floor = constant(gap), -1 if kind in ("inonneg", "false") else 0
            enough = n is not None and (n > floor or (n == floor and strict))
            require(enough, "the combination misses the goal")  # an integer above −1 is ≥ 0
            return goal

        # Nearness
        case "near: consequence", [body, *rest], [goal]:
            tag, sorts, centres, q = claim(goal)
            for sort in sorts:
                require(body[:2] == ("forall", sort), "the first premise is about other sorts")
                body = body[2]
            for p in rest:
                require(body[0] == "implies", "there are too many premises")
                require(p == ("near", sorts, centres, body[1]), "a premise is another claim")
                body = body[2]
            require(tag == "near" and body == q, "the first premise ends with another claim")
            return goal
        case "near: at the point", [("near", _, centres, body)], []:
            return opened(body, *centres)
        case "near: around near points", [("near", sorts, centres, body)], []:
            points = tuple(("b", n) for n in reversed(range(len(sorts))))
            return ("near", sorts, centres, ("near", sorts, points, body))
        case "near: a small number", [("near", (("real",),), centres, body)], []:
            require(centres == (number(0),), "it is not about a number near 0")
            return ("exists", REAL, ("and", (("not", ("null", as_term(B0, REAL))), body)))
        case "near: along a continuous map", [("near", *_) as first, *rest], [names, places, terms]:
            return near_along(first, rest, names, places, terms, read)

        # Differentiation and facts
        case "differentiate", claims, [function]:
            f, sort, to = read.function(function, "matrix")
            smooth = [p[1] for p in claims if p[0] == "differentiable"]
            require(fits(to, REAL) and len(smooth) == len(claims), "of another kind")
            return differentiated(f, smooth)
        case "textbook", [], [str(name)] if name in ledger:
            return ledger[name]
    raise Refused("there is no such rule, or premises or data have not its form")


def near_along(
    first: Term, rest: Sequence[Term], names: Any, places: Any, terms: Any, read: Reader
) -> Term:
    """What holds near a point holds for all that a polynomial map takes there."""
    _, sorts, point, body = first
    xs = tuple(read.variable(x) for x in names)
    centres = tuple(read.term(c, x[2]) for c, x in zip(places, xs, strict=True))
    ts = tuple(read.term(t, sort) for t, sort in zip(terms, sorts, strict=True))
    require(len(set(xs)) == len(xs), "a variable is there twice")
    require(not any(free(v, first) for v in xs), "a variable occurs in the first premise")
    require(all(polynomial(t, frozenset(xs)) for t in ts), "a term is not polynomial")
    there = (read.term(opened(closed(t, xs), *centres), s) for t, s in zip(ts, sorts, strict=True))
    needed = [equation(s, a, b) for s, a, b in zip(sorts, there, point, strict=True) if a != b]
    right = list(rest) == [read.claim(p) for p in needed]
    require(right, "an equation for a centre is missing, or there are others")
    return ("near", tuple(x[2] for x in xs), centres, closed(opened(body, *ts), xs))


# Where variables may stand in what is polynomial in them.
POLYNOMIAL = {"num": [1], "mat": [3], "trace": [1], "chain": [1], "sum": [1], "at": [1]}
POLYNOMIAL |= {"lam": [2], "changed": [1, 4]}


def polynomial(t: Any, xs: Names) -> bool:
    """Whether a term, or a part of one, is polynomial in the variables."""
    if type(t) is not tuple or t[:1] == ("var",) or xs.isdisjoint(loose(t)[1]):
        return True
    places = POLYNOMIAL.get(t[0], []) if type(t[0]) is str else range(len(t))
    return all(
        polynomial(part, xs) if n in places else xs.isdisjoint(loose(part)[1])
        for n, part in enumerate(t)
        if type(part) is tuple
    )


def differentiated(f: Term, smooth: Sequence[Term]) -> Term:
    """That a function of a matrix is differentiable, and its gradient."""
    tag, sort, body = f
    require(tag == "lam", "a function without a body")
    slope: list[Any] = []
    for (monomial, _), n in body[1]:
        inside = [(atom, power) for atom, power in monomial if loose(atom)[0]]
        rest = tuple(item for item in monomial if item not in inside)
        require(len(inside) <= 1 >= sum(p for _, p in inside), "a product of things with X in them")
        for atom, _ in inside:
            slope += [((rest + m, w), n * c) for (m, w), c in gradient(atom, smooth)]
    equal = minus(as_term(("grad", f, B0), sort), ("mat", *sort[1:], tuple(slope)))
    return ("and", (("differentiable", f), ("forall", sort, ("null", equal))))


def gradient(atom: Term, smooth: Sequence[Term]) -> Iterator[Term]:
    """The terms of the gradient of an atom in X, the variable of the binder above it."""
    outer: Term = ()
    match atom:
        case ("at", g, e) if g in smooth:
            require(not loose(e[1:3])[0], "a size depends on X")
            terms, outer = e[3], ((("grad", g, e), 0),)
        case ("trace", word):
            terms = ((((), word), 1),)
        case _:
            raise Refused("X occurs where there is no rule for it")
    for (monomial, word), n in terms:
        require(not loose(monomial)[0], "X occurs in a factor")
        for place, (letter, t) in enumerate(word):
            before, after = word[:place], word[place + 1 :]
            if letter == B0:
                w = reverse(before) + outer + reverse(after)
                yield (monomial, after + reverse(outer) + before if t else w), n
            else:
                require(not loose(letter)[0], "X occurs inside a letter")


# ── Files (1) ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Accepted:
    """A proof that was accepted: what it proves, and what it rests on."""

    id: str  # what the file calls itself; nothing depends on it
    statement: Term
    inferences: int
    facts: tuple[str, ...]


def load(data: bytes, format: str) -> dict[str, Any]:
    """The object in a file; `Unreadable` if there is none."""

    def unique(items: list[tuple[str, Any]]) -> dict[str, Any]:
        require(len(dict(items)) == len(items), "a key is there twice")
        return dict(items)

    try:
        require(len(data) <= MOST_BYTES, "it is too large")
        found = json.loads(data.decode(), object_pairs_hook=unique)
        json.dumps(found, ensure_ascii=False).encode()  # refuses halves of characters
        require(type(found) is dict and found.get("format") == format, f"it is no {format}")
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except (ValueError, Refused) as fault:
        raise Unreadable(str(fault).splitlines()[0]) from None
    return dict(found)


def keys(x: Any, *names: str) -> list[Any]:
    """The values of an object with exactly these keys."""
    require(type(x) is dict and x.keys() == set(names), f"the keys must be {', '.join(names)}")
    return [x[name] for name in names]


def each(numbers: Any, things: Sequence[Any]) -> list[Any]:
    """The things with these numbers."""
    right = type(numbers) is list and all(type(n) is int and n >= 0 for n in numbers)
    require(right and max(numbers, default=-1) < len(things), "there is no thing of that number")
    return [things[n] for n in numbers]


def tuples(table: Any) -> tuple[list[Term], list[int]]:
    """The tuples of a table, and how many parts each has."""
    out: list[Term] = []
    size: list[int] = []
    depth: list[int] = []
    for entry in table:
        require(type(entry) is list, "a table entry is no list")
        below = [item for item in entry if type(item) is list and len(item) == 1]
        size.append(len(entry) + sum(n for item in below for n in each(item, size)) + 1)
        depth.append(max((n for item in below for n in each(item, depth)), default=0) + 1)
        require(size[-1] <= MOST_PARTS and depth[-1] <= DEEPEST, "a term is too large or deep")
        out.append(tuple([item_of(item, out) for item in entry]))
    require(len({json.dumps(entry) for entry in table}) == len(table), "an entry is there twice")
    return out, size


def item_of(item: Any, before: Sequence[Term]) -> Any:
    """A string, a number, or the tuple with a number."""
    if type(item) is list and len(item) == 1:
        return each(item, before)[0]
    if type(item) is list:
        right = len(item) == 2 and type(item[0]) is type(item[1]) is int and item[1] > 1
        require(right and gcd(*item) == 1, "a number is not in lowest terms")
        item = Fraction(*item)
    require(type(item) in (str, int, Fraction), "a table entry has a wrong item")
    small = type(item) is str or max(abs(item.numerator), item.denominator) < HUGE
    require(small, "a number is too large")
    return item


def trusted_facts() -> dict[str, Term]:
    """The textbook facts the checker trusts."""
    own = load((files("proofkit") / "ledger.json").read_bytes(), LEDGER_FORMAT)
    table, _ = tuples(own["table"])
    return {fact["name"]: table[fact["claim"]] for fact in own["facts"]}


@contextmanager
def refusing(where: str) -> Iterator[None]:
    """Make a refusal of whatever goes wrong, with the place."""
    try:
        yield
    except RecursionError:
        raise Refused(f"{where} is nested too deeply") from None
    except (Refused, TypeError, ValueError, LookupError, AttributeError) as fault:
        kind = "" if isinstance(fault, Refused) else "it has not the form that is wanted, "
        raise Refused(f"{where}: {kind}{fault}"[:300]) from None


def replay(data: bytes) -> Accepted:
    """Check an exported proof; raises `Unreadable`, `NoProof` or `Refused` with the reason."""
    found = load(data, FORMAT)
    LEFT[0] = WORK
    for remembered in (loose, lifted, opened, moved):
        remembered.cache_clear()
    with refusing("file"):
        return check(found)


def check(found: dict[str, Any]) -> Accepted:
    """Check the object of a file."""
    _, meta, statement, ledger, steps, table = keys(
        found, "format", "meta", "statement", "ledger", "steps", "table"
    )
    about = type(meta) is dict and meta.keys() <= {"pack", "result", "route", "title"}
    require(about and all(type(x) is str for x in meta.values()), "meta is something else")
    if steps == []:
        raise NoProof("it has no inferences")
    require(type(steps) is type(table) is type(ledger) is list, "a list is something else")
    (terms, sizes), trusted, read = tuples(table), trusted_facts(), Reader()
    facts: dict[str, Term] = {}
    for fact in ledger:
        name, source, n = keys(fact, "name", "source", "claim")
        require(type(source) is str and name not in facts, f"the fact {name!r} is listed twice")
        right = [trusted.get(name)] == each([n], terms)
        require(right, f"the fact {name!r} is not in the trusted ledger")
        facts[name] = read.claim(terms[n])
    done: list[Sequent] = []
    used: set[Any] = set()
    for n, step in enumerate(steps):
        with refusing(f"step {n} ({step.get('rule')!r})"):
            done.append(checked(step, done, terms, sizes, read, facts))
        used.update(step["premises"], terms[step["data"]][:1] if step["rule"] == "textbook" else ())
    require(used >= {*range(len(steps) - 1), *facts}, "a step or a fact is used nowhere")
    last = Sequent(frozenset(), read.claim(*each([statement], terms)))
    require(done[-1] == last, "the last step is not the statement without hypotheses")
    return Accepted(meta.get("result", ""), last.claim, len(steps), tuple(sorted(facts)))


def checked(
    step: Any,
    done: Sequence[Sequent],
    terms: Sequence[Term],
    sizes: Sequence[int],
    read: Reader,
    facts: dict[str, Term],
) -> Sequent:
    """One step, after the ones before."""
    names = ("rule", "premises", "data", "hypotheses", "conclusion")
    rule, premises, n, hypotheses, conclusion = keys(step, *names)
    spend(sum(each([n, conclusion, *hypotheses], sizes)) // 10)
    ps, (data, claim, *left) = each(premises, done), each([n, conclusion, *hypotheses], terms)
    require(len(set(hypotheses)) == len(hypotheses), "a hypothesis is there twice")
    says = Sequent(frozenset(read.claim(p) for p in left), read.claim(claim))
    found = infer(rule, ps, data, read, facts)
    if not isinstance(found, Sequent):
        found = Sequent(frozenset[Term]().union(*(p.hypotheses for p in ps)), found)
    require(says.claim == read.claim(found.claim), "the rule does not give this conclusion")
    require(says.hypotheses == found.hypotheses, "the rule does not give these hypotheses")
    return says


def main() -> int:
    """Check the file named on the command line."""
    try:
        found = replay(Path(sys.argv[1]).read_bytes())
    except (Refused, Unreadable, NoProof, OSError) as fault:
        print(f"{type(fault).__name__.lower()}: {str(fault)!a}")
        return {Refused: 1, NoProof: 4}.get(type(fault), 2)
    print(f"accepted: {found.inferences} inferences, {len(found.facts)} textbook facts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
