"""The second checker: checks exported proofs again, with the standard library alone.

It was written from ``FORMAT.md`` beside this module and not from the kernel, with which it shares
no code, so that a mistake would have to be made twice to go unnoticed.  Numbers in parentheses are
that page's sections.  From top to bottom: what is well formed (`Reader`), the rules (`infer`),
files (`replay`).  Beneath lie the terms and their normal form, in `proofkit.replay_terms`.

Trusted besides these two modules are Python, its ``json`` and ``fractions``, and ``ledger.json``:
the checker's own copy of the textbook facts, kept in the repository, where a change of it is seen
in review; a test compares it with the kernel's.  What a file says of its facts is compared with
the copy, never believed.  ``meta`` is for readers: what an accepted file proves is its statement.

Whatever a file holds, the outcome is an acceptance or one reason: work is metered, and numbers,
terms and files have limits.  A rule that `infer` does not know is refused.

    python -m proofkit.replay FILE
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from importlib.resources import files
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Any

from proofkit.replay_terms import (
    FALSE,
    INDEX,
    MAKERS,
    NAT,
    NUM,
    ORDER,
    PLAIN,
    REAL,
    Build,
    Meter,
    Refused,
    Term,
    as_term,
    assemble,
    at,
    chain,
    closed,
    constant,
    differentiated,
    equation,
    lifted,
    loose,
    make,
    minus,
    negation,
    null,
    number,
    of_atom,
    of_letter,
    opened,
    plus,
    polynomial,
    refuse,
    require,
    spend,
    times,
    trace,
    transpose,
    turned,
)

__all__ = ["Accepted", "NoProof", "Refused", "Unreadable", "replay"]

FORMAT, LEDGER_FORMAT = "proofkit/proof/2", "proofkit/ledger/2"
MOST_BYTES, HUGE = 1 << 26, 10**200  # of a file, number in it
MOST_PARTS, DEEPEST = 200_000, 200  # of a term, tuples in tuples


class Unreadable(Exception):
    """The file cannot be read as an exported proof at all."""


class NoProof(Exception):
    """The file has no inferences."""


# ── Reading: which terms and claims are well formed (2, 3, 5, 7) ──────────────────────────────
Sorts = tuple[Term, ...]  # of the bound variables, the outermost first
TOP: Sorts = ()
I = of_atom(("var", "?i", INDEX))  # noqa: E741 – an index that no file can name


def fits(found: Term, sort: Term) -> bool:
    """Whether all terms of one sort are terms of the other."""
    if found in ORDER and sort in ORDER:
        return ORDER[found] <= ORDER[sort]
    arrows = found[0] == sort[0] == "to" and found[1] == sort[1]
    return found == sort or (arrows and fits(found[2], sort[2]))


def number_sort(e: Term, ctx: Sorts) -> Term:
    """The least sort that a number has by its form."""
    found = {NAT}
    for (monomial, _), n in e[1]:
        found.add(REAL if n.denominator > 1 else NAT if n > 0 else INDEX)
        for x, _ in monomial:
            sort = {"var": x[-1], "width": NAT, "rank": NAT}.get(x[0], REAL)
            found.add(ctx[-1 - x[1]] if x[0] == "b" else sort)
    return max(found, key=lambda sort: ORDER[sort])


def once(method: Callable[..., Any]) -> Callable[..., Any]:
    """A method of `Reader` that reads each thing once for the same bound variables."""

    def reading(self: Reader, x: Any, ctx: Sorts = TOP) -> Any:
        key = (method, id(x), id(ctx))
        if key not in self.known:
            self.known[key] = (x, method(self, x, ctx))  # with x, so that its id stays its own
        return self.known[key][1]

    return reading


class Reader:
    """Reads terms and claims of a file, and checks that they are well formed."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}
        self.contexts: dict[Any, tuple[Sorts, Sorts]] = {}

    def below(self, ctx: Sorts, *sorts: Term) -> Sorts:
        """The sorts of the bound variables below more binders: the same ones, the same tuple."""
        return self.contexts.setdefault((id(ctx), sorts), (ctx + sorts, ctx))[0]

    def variable(self, v: Any, ctx: Sorts = TOP) -> tuple[Term, Term]:
        """A variable and its sort."""
        match v:
            case ("b", int(n)) if 0 <= n < len(ctx):
                return v, lifted(ctx[-1 - n], n + 1)
            case ("var", str(name), sort) if not name.startswith("?"):
                sort = self.sort(sort)
                return ("var", name, sort), sort
        return refuse("a variable of no known form, or bound nowhere")

    @once
    def sort(self, s: Any, ctx: Sorts = TOP) -> Term:
        """A sort."""
        match s:
            case ("index" | "nat" | "real",):
                return Term(s)
            case ("matrix", rows, cols):
                return ("matrix", self.term(rows, NAT, ctx), self.term(cols, NAT, ctx))
            case ("to", domain, codomain):
                first = self.sort(domain, ctx)
                return ("to", first, self.sort(codomain, self.below(ctx, first)))
        return refuse("a sort of no known form")

    def term(self, t: Any, sort: Term, ctx: Sorts = TOP) -> Term:
        """A term of that sort."""
        x, found = self.read(t, ctx)
        require(fits(found, sort), f"a term of another sort than {sort[0]}")
        return Term(x)

    def function(self, t: Any, domain: str, ctx: Sorts = TOP) -> tuple[Term, Term, Term]:
        """A function on that kind of things, its domain and its codomain."""
        f, sort = self.read(t, ctx)
        require(sort[0] == "to" and sort[1][0] == domain, f"no function of a {domain}")
        return f, sort[1], sort[2]

    @once
    def read(self, t: Any, ctx: Sorts = TOP) -> tuple[Term, Term]:
        """A term and its sort."""
        spend(1)
        part = partial(self.part, ctx=ctx)
        match t:
            case ("num", terms):
                e = assemble(NUM, [((m, ()), n) for m, n in terms], part)
                return e, number_sort(e, ctx)
            case ("mat", *shape, terms) if len(shape) == 2:
                sort = self.sort(("matrix", *shape), ctx)
                return assemble(("mat", *sort[1:]), terms, part), sort
            case ("lam", domain, body):
                first = self.sort(domain, ctx)
                x, sort = self.read(body, self.below(ctx, first))
                return ("lam", first, x), ("to", first, sort)
            case ("member", function, i):
                f, _, sort = self.function(function, "index", ctx)
                require(sort[0] == "to", "a member that is no family")
                x = self.term(i, INDEX, ctx)
                return MAKERS["member"](PLAIN, f, x), opened(sort, x)
            case ("pieces", function, ends, pieces):
                f, _, sort = self.function(function, "index", ctx)
                places = tuple(
                    (self.term(a, INDEX, ctx), self.term(b, INDEX, ctx)) for a, b in ends
                )
                for (_, hi), (lo, _) in pairwise(places):
                    gap = minus(lo, plus(hi, number(1)))
                    require(number_sort(gap, ctx) == NAT, "pieces that may overlap")
                found = tuple(self.function(piece, "index", ctx) for piece in pieces)
                for (lo, hi), (_, _, there) in zip(places, found, strict=True):
                    # A piece of one place has to fit there only.
                    same = fits(opened(there, lo), opened(sort, lo)) if lo == hi else False
                    require(same or fits(there, sort), "a piece of another sort")
                return ("pieces", f, places, tuple(g for g, _, _ in found)), ("to", INDEX, sort)
            case ("var" | "b", *_):
                v, sort = self.variable(t, ctx)
                require(sort[0] == "to", "a variable is no term")
                return v, sort
        return refuse("a term of no known form")

    @once
    def part(self, x: Any, ctx: Sorts) -> Term:
        """An atom as a number, or a letter as a matrix."""
        match x:
            case ("width", function, i):
                f, _, sort = self.function(function, "index", ctx)
                require(sort == NAT, "a width is no natural number")
                return MAKERS["width"](PLAIN, f, self.term(i, INDEX, ctx))
            case ("value" | "grad", function, matrix):
                f, domain, sort = self.function(function, "matrix", ctx)
                at = self.term(matrix, domain, ctx)
                require(fits(sort, REAL), "a value is no number")
                if x[0] == "value":
                    return MAKERS["value"](PLAIN, f, at)
                return of_letter("grad", *domain[1:], f, at)
            case ("rank", matrix):
                a, sort = self.read(matrix, ctx)
                require(sort[0] == "matrix", "the rank of no matrix")
                return of_atom(("rank", a))
            case ("trace", word):
                return trace(reduce(times, (turned(self.part(a, ctx), t) for a, t in word)))
            case ("chain" | "sum", family, top, bottom):
                f, _, sort = self.function(family, "index", ctx)
                hi, lo = self.term(top, INDEX, ctx), self.term(bottom, INDEX, ctx)
                require(sort[0] == "matrix", "a family of several indices")
                (_, rows, _), (_, _, cols), here, before = (
                    opened(sort, i) for i in (hi, lo, I, plus(I, number(-1)))
                )
                if x[0] == "sum":
                    require(here == before, "the members of a sum are of different shapes")
                    return of_letter("sum", rows, cols, f, hi, lo)
                require(hi == lo or here[2] == before[1], "the members of a chain do not fit")
                return chain(rows, cols, f, hi, lo)
        v, sort = self.variable(x, ctx)
        require(sort in ORDER or sort[0] == "matrix", "a variable is neither atom nor letter")
        return of_atom(v) if sort in ORDER else of_letter("mvar", *sort[1:], v)

    @once
    def claim(self, p: Any, ctx: Sorts = TOP) -> Term:
        """A claim."""
        spend(1)
        match p:
            case ("inonneg" | "rnonneg" | "rpos", e):
                return (p[0], self.term(e, INDEX if p[0] == "inonneg" else REAL, ctx))
            case ("null", e):
                x, sort = self.read(e, ctx)
                require(sort in ORDER or sort[0] == "matrix", "neither number nor matrix is 0")
                return null(x)
            case ("and" | "or", claims) if len(claims) >= 2:
                return (p[0], tuple(self.claim(q, ctx) for q in claims))
            case ("not", q):
                return negation(self.claim(q, ctx))
            case ("implies", q, r):
                return ("implies", self.claim(q, ctx), self.claim(r, ctx))
            case ("false",):
                return FALSE
            case ("forall" | "exists", sort, body):
                s = self.sort(sort, ctx)
                return (p[0], s, self.claim(body, self.below(ctx, s)))
            case ("near", sorts, centres, body) if len(sorts) == len(centres) > 0:
                ss = tuple(self.sort(s, ctx) for s in sorts)
                at = tuple(self.term(c, s, ctx) for c, s in zip(centres, ss, strict=True))
                require(all(topological(s) for s in ss), "near something without a distance")
                inner = self.below(ctx, *(lifted(s, n) for n, s in enumerate(ss)))
                return ("near", ss, at, self.claim(body, inner))
            case ("differentiable" | "convex", function):
                f, _, sort = self.function(function, "matrix", ctx)
                require(fits(sort, REAL), "no function to the reals")
                return (p[0], f)
        return refuse("a claim of no known form")


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


B0, B1 = of_atom(("b", 0)), of_atom(("b", 1))
SIMPLE = ("inonneg", "rnonneg", "rpos", "null")


def ranges(ps: Sequence[Sequent]) -> list[Term]:
    """The facts that premises give: integers that are ≥ 0."""
    require(all(p.claim[0] == "inonneg" for p in ps), "a premise is no range")
    return [p.claim[1] for p in ps]


def fresh(v: Term, *claims: Term) -> bool:
    """Whether a variable is free in none of the claims."""
    return all(v not in loose(p)[1] for p in claims)


def infer(rule: Any, ps: Sequence[Sequent], data: Term, read: Reader, ledger: Any) -> Any:
    """The claim that follows by the rule from the premises, or the sequent if hypotheses go."""
    claim, term = read.claim, read.term
    match rule, [p.claim for p in ps], data:
        # Connectives
        case "discharge", [q], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, ("implies", claim(p), q))
        case "modus ponens", [("implies", p, q), also], [] if also == p:
            return q
        case "conjoin", [_, _, *_] as claims, []:
            return ("and", tuple(claims))
        case "project", [("and", claims)], [int(n)] if 0 <= n < len(claims):
            return claims[n]
        case "either", [p], [d] if claim(d)[0] == "or" and p in claim(d)[1]:
            return claim(d)
        case "cases", [("or", claims), *rest], [] if len(rest) == len(claims):
            require(len(set(rest)) == 1, "the cases end differently")
            others = (p.hypotheses - {case} for p, case in zip(ps[1:], claims, strict=True))
            return Sequent(ps[0].hypotheses.union(*others), rest[0])
        case "excluded middle", [], [p]:
            return ("or", (claim(p), negation(claim(p))))
        case "contradiction", [p, q], [] if q == negation(p):
            return FALSE
        case "reductio", [("false",)], [p]:
            return Sequent(ps[0].hypotheses - {claim(p)}, negation(claim(p)))

        # Quantifiers
        case "generalise", [p], [x]:
            v, sort = read.variable(x)
            body = closed(p, (v,))
            require(fresh(v, body, *ps[0].hypotheses), "the variable is not fresh")
            return ("forall", sort, body)
        case "instantiate", [("forall", sort, body)], [t]:
            return opened(body, term(t, sort))
        case "witness", [p], [goal, t]:
            tag, sort, body = claim(goal)
            require(tag == "exists" and p == opened(body, term(t, sort)), "it is no witness")
            return claim(goal)
        case "obtain", [("exists", sort, body) as some, q], [x]:
            v, of = read.variable(x)
            left = ps[1].hypotheses - {opened(body, as_term(v, sort))}
            require(of == sort and fresh(v, some, q, *left), "the variable is not fresh")
            return Sequent(ps[0].hypotheses | left, q)

        # Layer indices: below ∀i, p(i) is the very body, and p(i + 1) is it with i + 1 put in
        case "induction" | "descent", [base, climb], [goal, start]:
            step = 1 if rule == "induction" else -1
            (tag, sort, body), a = claim(goal), term(start, INDEX)
            require(tag == "forall" and sort == INDEX, "it is not about all indices")
            require(base == opened(body, a), "the first premise is not p(a)")
            reach = ("inonneg", times(number(step), minus(B0, a)))
            then = opened(body, plus(B0, number(step)))
            wanted = ("forall", INDEX, ("implies", reach, ("implies", body, then)))
            require(climb == wanted, "the second premise is another step")
            return ("forall", INDEX, ("implies", reach, body))
        case "least index", [("exists", ("index",), body), bound], []:
            match bound:
                case ("forall", ("index",), ("implies", p, ("inonneg", e))) if p == body:
                    require(loose(minus(e, B0))[0] == 0, "the bound depends on the index")
                    every = ("forall", INDEX, ("implies", body, ("inonneg", minus(B0, B1))))
                    return ("exists", INDEX, ("and", (body, every)))
        case "choose", [("forall", ("index",), body)], []:
            conditions = []
            while body[0] == "implies":
                conditions.append(body[1])
                body = body[2]
            tag, sort, p = body
            require(tag == "exists" and sort[0] in ("matrix", "to"), "nothing to choose")
            found = opened(p, B0, at(("b", 1), sort, B0))
            for condition in reversed(conditions):
                found = ("implies", condition, found)
            return ("exists", ("to", INDEX, sort), ("forall", INDEX, found))

        # Equality and computing
        case "rewrite", [equal, p], [template, old, new]:
            tag, sort, body = claim(template)
            before, after = term(old, sort), term(new, sort)
            require(tag == "forall" and equal == equation(sort, before, after), "another equation")
            require(p == opened(body, before), "the second premise is not p(old)")
            return opened(body, after)
        case "algebra", claims, [goal, triples] if len(claims) >= len(triples):
            facts, (tag, wanted) = ranges(ps[len(triples) :]), claim(goal)
            total = make(wanted[:-1], ())
            for p, (left, equal, t, right) in zip(claims, triples, strict=False):
                e = term_of(p, equal, read)
                require(p[0] == "null" and t in (0, 1), "no equation, or no transpose of one")
                x = times(read.read(left)[0], transpose(e) if t else e, facts)
                total = plus(total, times(x, read.read(right)[0], facts))
            ways = (Build(facts=facts, unfold=unfold) for unfold in (False, True))
            same = any(null(under(total)) == null(under(wanted)) for under in ways)
            right = tag == "null" and wanted[0] == "mat" and same
            require(right, "the certificate does not give the goal")
            return claim(goal)
        case "restate", [p, *_], [goal]:
            under = Build(facts=ranges(ps[1:]))
            require(under(p) == under(claim(goal)), "the goal is not the premise in other words")
            return claim(goal)
        case "natural", [], [e]:
            return ("inonneg", term(e, NAT))
        case "squeeze", [("inonneg", e), ("inonneg", f)], []:
            require(f == times(number(-1), e), "the premises are not e ≥ 0 and −e ≥ 0")
            return null(e)
        case "arithmetic", claims, [goal, scaled] if len(claims) >= len(scaled):
            under = Build(facts=ranges(ps[len(scaled) :]))
            pairs = [(term(n, REAL), e) for n, e in scaled]
            terms = [under(term_of(p, e, read)) for p, (_, e) in zip(claims, pairs, strict=False)]
            wanted = (
                number(-1) if claim(goal) == FALSE else under(term_of(claim(goal), goal[1], read))
            )
            combination(claim(goal)[0], wanted, claims, [n for n, _ in pairs], terms)
            return claim(goal)

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
            return claim(goal)
        case "near: at the point", [("near", _, centres, body)], []:
            return opened(body, *centres)
        case "near: around near points", [("near", sorts, centres, body)], []:
            inner = tuple(lifted(sort, len(sorts)) for sort in sorts)
            xs = (as_term(("b", n), sort) for n, sort in enumerate(reversed(inner)))
            return ("near", sorts, centres, ("near", inner, tuple(xs)[::-1], body))
        case "near: a small number", [("near", (("real",),), centres, body)], []:
            require(centres == (number(0),), "it is not about a number near 0")
            return ("exists", REAL, ("and", (negation(null(B0)), body)))
        case "near: along a continuous map", [("near", *_) as first, *rest], [names, places, terms]:
            return near_along(first, rest, names, places, terms, read)

        # Differentiation and facts
        case "differentiate", claims, [function]:
            f, _, sort = read.function(function, "matrix")
            smooth = [p[1] for p in claims if p[0] == "differentiable"]
            require(fits(sort, REAL) and len(smooth) == len(claims), "of another kind")
            return differentiated(f, smooth)
        case "textbook", [], [str(name)] if name in ledger:
            return ledger[name]
    return refuse("there is no such rule, or premises or data have not its form")


def term_of(p: Term, said: Any, read: Reader) -> Term:
    """The number or matrix that a claim is about, with the sign it is said to have here."""
    e, _ = read.read(said)
    said_so = p == (null(e) if p[0] == "null" else (p[0], e))
    require(p[0] in SIMPLE and said_so, "a claim is not about the term beside its multiplier")
    return Term(e)


def combination(
    kind: str, goal: Term, claims: Sequence[Term], scales: Sequence[Term], terms: Sequence[Term]
) -> None:
    """Check that the goal follows from the claims about terms, scaled and added up."""
    rest, strict = goal, False
    for p, scale, e in zip(claims, scales, terms, strict=False):
        n = constant(scale)
        require(p[0] == "null" or kind != "null", "an equation from an inequality")
        require(p[0] == "null" or (n is not None and n >= 0), "a multiplier is not ≥ 0")
        strict = strict or (p[0] == "rpos" and n > 0)
        rest = minus(rest, times(scale, e))
    left = constant(rest)
    require(left is not None, "the combination is not a constant")
    least = -1 if kind in ("inonneg", "false") else 0  # an integer above −1 is ≥ 0
    reached = kind in ("null", "rnonneg") or strict
    enough = left == 0 if kind == "null" else left > least or (left == least and reached)
    require(enough, "the combination misses the goal")


def near_along(
    first: Term, rest: Sequence[Term], names: Any, places: Any, terms: Any, read: Reader
) -> Term:
    """What holds near a point holds for all that a polynomial map takes there."""
    _, sorts, point, body = first
    xs, new = zip(*(read.variable(x) for x in names), strict=True)
    require(len(set(xs)) == len(xs), "a variable is there twice")
    require(all(fresh(v, first) for v in xs), "a variable occurs in the first premise")
    centres = tuple(read.term(c, sort) for c, sort in zip(places, new, strict=True))
    ts = tuple(read.term(t, sort) for t, sort in zip(terms, sorts, strict=True))
    require(all(polynomial(t, frozenset(xs)) for t in ts), "a term is not polynomial")
    there = (opened(closed(t, xs), *centres) for t in ts)
    needed = [equation(s, a, b) for s, a, b in zip(sorts, there, point, strict=True) if a != b]
    require(list(rest) == needed, "an equation for a centre is missing, or there are others")
    return ("near", new, centres, closed(opened(body, *ts), xs))


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


def numbers(x: Any, below: int) -> list[int]:
    """A list of numbers of things before."""
    right = type(x) is list and all(type(n) is int and 0 <= n < below for n in x)
    require(right, "a list of numbers is something else, or one of nothing that is before")
    return list(x)


def tuples(table: Any) -> tuple[list[Term], list[int]]:
    """The tuples of a table, and how many parts each has."""
    require(type(table) is list, "the table is no list")
    out: list[Term] = []
    size: list[int] = []
    depth: list[int] = []
    for entry in table:
        require(type(entry) is list, "a table entry is no list")
        found: list[Any] = []
        below = []
        for item in entry:
            if type(item) is list and len(item) == 1:
                below += numbers(item, len(out))
                item = out[item[0]]
            elif type(item) is list:
                right = len(item) == 2 and type(item[0]) is type(item[1]) is int and item[1] > 1
                require(right and gcd(*item) == 1, "a number is not in lowest terms")
                item = Fraction(*item)
            require(type(item) in (str, int, tuple, Fraction), "a table entry has a wrong item")
            if type(item) in (int, Fraction):
                require(max(abs(item.numerator), item.denominator) < HUGE, "a number is too large")
            found.append(item)
        size.append(len(entry) + sum(size[n] for n in below) + 1)
        depth.append(max((depth[n] for n in below), default=0) + 1)
        require(size[-1] <= MOST_PARTS and depth[-1] <= DEEPEST, "a term is too large or deep")
        out.append(tuple(found))
    require(len({json.dumps(entry) for entry in table}) == len(table), "an entry is there twice")
    return out, size


def replay(data: bytes) -> Accepted:
    """Check an exported proof; raises `Unreadable`, `NoProof` or `Refused` with the reason."""
    found = load(data, FORMAT)
    Meter.start()
    try:
        return check(found)
    except RecursionError:
        raise Refused("it is nested too deeply") from None
    except (TypeError, ValueError, LookupError, AttributeError) as fault:
        raise Refused(f"it is malformed ({type(fault).__name__}: {fault})"[:200]) from None
    finally:
        Meter.start()


def trusted_facts() -> dict[str, Term]:
    """The textbook facts the checker trusts."""
    own = load((files("proofkit") / "ledger.json").read_bytes(), LEDGER_FORMAT)
    table, _ = tuples(own["table"])
    return {fact["name"]: table[fact["claim"]] for fact in own["facts"]}


def check(found: dict[str, Any]) -> Accepted:
    """Check the object of a file."""
    _, meta, statement, ledger, steps, table = keys(
        found, "format", "meta", "statement", "ledger", "steps", "table"
    )
    about = type(meta) is dict and meta.keys() <= {"pack", "result", "route", "title"}
    require(about and all(type(x) is str for x in meta.values()), "meta is something else")
    if steps == []:
        raise NoProof("it has no inferences")
    (terms, sizes), trusted = tuples(table), trusted_facts()
    reader = Reader()
    facts: dict[str, Term] = {}
    for fact in ledger:
        name, source, n = keys(fact, "name", "source", "claim")
        (n,) = numbers([n], len(terms))
        require(type(source) is str and name not in facts, f"the fact {name!r} is listed twice")
        require(trusted.get(name) == terms[n], f"the fact {name!r} is not in the trusted ledger")
        facts[name] = reader.claim(terms[n])
    done: list[Sequent] = []
    used: set[Any] = set()
    for place, step in enumerate(steps):
        rule = step.get("rule") if type(step) is dict else None
        try:
            done.append(checked(step, done, terms, sizes, reader, facts))
        except Refused as fault:
            raise Refused(f"step {place} ({rule!r}): {fault}"[:300]) from None
        except (TypeError, ValueError, LookupError, AttributeError) as fault:
            why = f"premises or data have not the form of the rule ({fault})"
            raise Refused(f"step {place} ({rule!r}): {why}"[:300]) from None
        used.update(step["premises"], terms[step["data"]][:1] if rule == "textbook" else ())
    require(used >= {*range(len(steps) - 1), *facts}, "a step or a fact is used nowhere")
    (n,) = numbers([statement], len(terms))
    last = Sequent(frozenset(), reader.claim(terms[n]))
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
    rule, premises, data, hypotheses, conclusion = keys(
        step, "rule", "premises", "data", "hypotheses", "conclusion"
    )
    ps = [done[n] for n in numbers(premises, len(done))]
    require(len(set(hypotheses)) == len(hypotheses), "a hypothesis is there twice")
    items = numbers([data, conclusion, *hypotheses], len(terms))
    spend(sum(sizes[n] for n in items) // 10)
    data, claim, *left = (terms[n] for n in items)
    says = Sequent(frozenset(read.claim(p) for p in left), read.claim(claim))
    if rule == "assume":
        require(not ps and not data, "it takes no premises and no data")
        found = Sequent(frozenset({says.claim}), says.claim)
    else:
        found = infer(rule, ps, data, read, facts)
        if not isinstance(found, Sequent):
            found = Sequent(frozenset[Term]().union(*(p.hypotheses for p in ps)), found)
    require(says.claim == found.claim, "the rule does not give this conclusion")
    require(says.hypotheses == found.hypotheses, "the rule does not give these hypotheses")
    return found


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
