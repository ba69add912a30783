"""The second checker: checks exported proofs again, with the standard library alone.

It was written from ``FORMAT.md`` beside this module and not from the kernel, with which it shares
no code, so that a mistake would have to be made twice to go unnoticed.  Section numbers below are
that page's.  From top to bottom: arithmetic of normal forms (`join`, `product`, `trace`), building
terms up again (`Build`), what is well formed (`Shapes`), the rules (`Rules`), files (`replay`).

Trusted besides this module are Python, its ``json`` and ``fractions``, and ``ledger.json``: the
checker's own copy of the textbook facts.  The copy is written by ``python -m proofkit.export`` and
kept in the repository, where a change of it is seen in review; a test compares it with the
kernel's ledger.  What a file says of its facts is compared with the copy, never believed.  ``meta``
is not checked: what an accepted file proves is its ``statement``.

Whatever a file holds, the outcome is an acceptance or one reason: work is metered (`spend`) and
numbers, terms and files have limits.  A rule that is not in `RULES` is refused.

    python -m proofkit.replay FILE
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["Accepted", "NoProof", "Refused", "Unreadable", "check", "read", "replay"]

FORMAT, LEDGER_FORMAT = "proofkit/proof/1", "proofkit/ledger/1"
MOST_BYTES = 1 << 26  # of a file
MOST_DIGITS = 200  # of a number in a file
MOST_BITS = 1 << 14  # of a number on the way
MOST_POWER = 1000
DEEPEST = 200  # tuples in tuples
MOST_PARTS = 200_000  # of a term
WORK = 100_000_000  # parts visited or multiplied, in all

Term = tuple[Any, ...]
Sums = dict[Any, Any]  # keys with coefficients that are not 0
Look = Callable[[Term, int], Term]


class Refused(Exception):
    """The proof is wrong, or goes beyond a limit."""


class Unreadable(Exception):
    """The file cannot be read as an exported proof at all."""


class NoProof(Exception):
    """The file has no inferences."""


def refuse(why: str) -> NoReturn:
    """Stop, with the reason."""
    raise Refused(why)


def require(condition: bool, why: str) -> None:
    """Stop with the reason unless the condition holds."""
    if not condition:
        raise Refused(why)


class _Meter:
    left = WORK


def spend(parts: int) -> None:
    """Count work, so that no file keeps the checker busy for ever."""
    _Meter.left -= parts
    require(_Meter.left >= 0, "checking it takes more work than the limit")


# ── Arithmetic of normal forms (4) ────────────────────────────────────────────────────────────
INDEX: Term = ("index",)
REAL: Term = ("real",)
FALSE: Term = ("false",)


def is_variable(x: Term) -> bool:
    """Whether it is a variable, free or bound."""
    return x[0] in ("var", "b")


def add(sums: Sums, key: Any, number: Any) -> None:
    """Add a number to the coefficient of a key."""
    total = sums.get(key, 0) + number
    if max(total.numerator.bit_length(), total.denominator.bit_length()) > MOST_BITS:
        refuse("a number becomes too large")
    if total:
        sums[key] = total.numerator if total.denominator == 1 else total
    else:
        sums.pop(key, None)


def total_of(parts: Iterable[tuple[Sums, Any]]) -> Sums:
    """The sum of number·sums."""
    out: Sums = {}
    for sums, number in parts:
        for key, n in sums.items():
            add(out, key, n * number)
    return out


def lin(constant: int, atoms: Sums) -> Term:
    """An index term."""
    return ("lin", constant, tuple(sorted(atoms.items())))


def number(n: int) -> Term:
    """An integer as an index term."""
    return ("lin", n, ())


def plus(a: Term, b: Term, times: int = 1) -> Term:
    """The index term a + times·b."""
    if not b[2]:
        return ("lin", a[1] + times * b[1], a[2])
    return lin(a[1] + times * b[1], total_of([(dict(a[2]), 1), (dict(b[2]), times)]))


def minus(a: Term, b: Term) -> Term:
    """The index term a − b."""
    return number(0) if a == b else plus(a, b, -1)


def constant(e: Term) -> int | None:
    """The integer an index term is, if it is one."""
    return None if e[2] else int(e[1])


def poly(sums: Sums) -> Term:
    """A real term."""
    return ("poly", tuple(sorted(sums.items())))


def mat(rows: Term, cols: Term, sums: Sums) -> Term:
    """A matrix term."""
    return ("mat", rows, cols, tuple(sorted(sums.items())))


def monomial(a: Term, b: Term) -> Term:
    """The product of two monomials."""
    if not (a and b):
        return a or b
    spend(len(a) + len(b))
    return tuple(sorted(total_of([(dict(a), 1), (dict(b), 1)]).items()))


def times(a: Sums, b: Sums) -> Sums:
    """The product of two real terms."""
    spend(len(a) * len(b))
    out: Sums = {}
    for m, x in a.items():
        for n, y in b.items():
            add(out, monomial(m, n), x * y)
    return out


def as_real(e: Term) -> Sums:
    """An index term as a real one."""
    return total_of([({((("int", x), 1),): n for x, n in e[2]}, 1), ({(): e[1]}, 1)])


def known(e: Term, facts: Sequence[Term]) -> bool:
    """Whether an index term is known to be ≥ 0."""
    if not e[2]:
        return bool(e[1] >= 0)
    return any(fact[2] == e[2] and fact[1] <= e[1] for fact in facts)


def chain(family: Term, hi: Term, lo: Term, t: int = 0) -> Term:
    """The word of a chain."""
    gap = constant(minus(hi, lo))
    require(gap is None or gap >= -1, "a chain ends more than one below its start")
    return () if gap == -1 else ((("chain", family, hi, lo), t),)


def merged(left: Term, right: Term, facts: Sequence[Term]) -> Term | None:
    """The word two neighbouring letters merge into, if they do."""
    (a, t), (b, u) = left, right
    if t != u or a[0] != "chain" or b[0] != "chain" or a[1] != b[1]:
        return None
    (_, family, hi, cut), (_, _, mid, lo) = (b, a) if t else (a, b)
    if constant(minus(cut, mid)) != 1 or not known(minus(hi, mid), facts):
        return None
    return chain(family, hi, lo, t) if known(plus(minus(mid, lo), number(1)), facts) else None


def join(v: Term, w: Term, facts: Sequence[Term] = ()) -> Term:
    """The product of two words."""
    spend(len(v) + len(w))
    out = list(v)
    for letter in w:
        out.append(letter)
        while len(out) > 1 and (word := merged(out[-2], out[-1], facts)) is not None:
            out[-2:] = word
    return tuple(out)


def reverse(w: Term) -> Term:
    """The transpose of a word."""
    return tuple((letter, 1 - t) for letter, t in reversed(w))


def flipped(sums: Sums) -> Sums:
    """The transpose of a matrix."""
    return {(m, reverse(w)): n for (m, w), n in sums.items()}


def product(a: Sums, b: Sums, facts: Sequence[Term] = ()) -> Sums:
    """The product of two matrices."""
    if not facts and len(a) == 1 and a.get(((), ())) == 1:
        return b
    spend(len(a) * len(b))
    out: Sums = {}
    for (m, v), x in a.items():
        for (n, w), y in b.items():
            add(out, (monomial(m, n), join(v, w, facts)), x * y)
    return out


def trace(word: Term, size: Term | None, facts: Sequence[Term]) -> Sums:
    """The trace of a word of that size."""
    turns = [
        join(u[cut:], u[:cut], facts)
        for u in (word, reverse(word))
        for cut in range(max(1, len(word)))
    ]
    spend(len(turns) * len(word))
    least = min(turns, key=lambda w: (len(w), w))
    if least:
        return {((("trace", least), 1),): 1}
    return refuse("a trace of an identity of unknown size") if size is None else as_real(size)


def signed(tag: str, e: Term) -> Term:
    """The claim that a term is 0, with the right sign."""
    terms = e[-1]
    lead = terms[0][1] if terms else e[1] if tag == "inull" else 0
    return (tag, negative(e) if lead < 0 else e)


def negative(e: Term) -> Term:
    """A term times −1."""
    head = ("lin", -e[1]) if e[0] == "lin" else e[:-1]
    return (*head, tuple((key, -n) for key, n in e[-1]))


def negation(p: Term) -> Term:
    """The claim ¬p (5)."""
    match p[0]:
        case "inonneg":
            return ("inonneg", minus(number(-1), p[1]))
        case "rnonneg":
            return ("rpos", negative(p[1]))
        case "rpos":
            return ("rnonneg", negative(p[1]))
        case "not":
            return Term(p[1])
    return ("not", p)


# ── Building up again, opening and closing (4, 6) ─────────────────────────────────────────────
class Build:
    """Builds terms and claims up again, with what `look` gives for each variable.

    ``look(v, depth)`` is a variable or a term, to stand below `depth` binders.
    """

    def __init__(self, look: Look | None = None, facts: Sequence[Term] = ()) -> None:
        self.look: Look = look or (lambda v, depth: v)
        self.facts = facts

    def any(self, x: Term, d: int = 0) -> Term:
        """A claim or a term of any kind."""
        spend(1)
        match x:
            case ("lin", c, atoms):
                if not atoms:
                    return x
                parts = [(self.index_atom(atom, d), n) for atom, n in atoms]
                sums = total_of((dict(e[2]), n) for e, n in parts)
                return lin(c + sum(n * e[1] for e, n in parts), sums)
            case ("poly", terms):
                return poly(self.real(terms, d))
            case ("mat", rows, cols, terms):
                sums = {}
                for (mono, word), n in terms:
                    scalars = {(m, ()): y for m, y in self.real(((mono, n),), d).items()}
                    for key, y in product(scalars, self.word(word, d)[0], self.facts).items():
                        add(sums, key, y)
                return mat(self.any(rows, d), self.any(cols, d), sums)
            case ("var" | "b", *_):
                return self.look(x, d)
            case ("member", family, i):
                return self.member(self.any(family, d), self.any(i, d))
            case ("tab", body):
                return ("tab", self.any(body, d + 1))
            case ("replaced", family, lo, hi, body):
                first = (self.any(y, d) for y in (family, lo, hi))
                return ("replaced", *first, self.any(body, d + 1))
            case ("updated" | "differentiable" | "convex" | "implies" | "inonneg", *parts):
                return (x[0], *(self.any(y, d) for y in parts))
            case ("rnonneg" | "rpos", e):
                return (x[0], self.any(e, d))
            case ("listed" | "table" | "and" | "or", parts):
                return (x[0], tuple(self.any(y, d) for y in parts))
            case ("fun", rows, cols, body):
                return ("fun", self.any(rows, d), self.any(cols, d), self.any(body, d + 1))
            case ("wlam", n, body):
                return ("wlam", n, self.any(body, d + n))
            case ("ends", *parts):
                return ("ends", *(self.any(y, d) for y in parts))
            case ("inull" | "rnull" | "mnull", e):
                return signed(x[0], self.any(e, d))
            case ("not", p):
                return negation(self.any(p, d))
            case ("forall" | "exists", sort, body):
                return (x[0], self.any(sort, d), self.any(body, d + 1))
            case ("near", sorts, centres, body):
                out, at = (tuple(self.any(y, d) for y in ys) for ys in (sorts, centres))
                return ("near", out, at, self.any(body, d + len(sorts)))
            case ("matrix" | "function", rows, cols):
                return (x[0], self.any(rows, d), self.any(cols, d))
            case ("family", n, rows, cols):
                return ("family", n, self.any(rows, d + n), self.any(cols, d + n))
            case ("false" | "index" | "nat" | "real",) | ("width", int()):
                return x
        return refuse("it has a part of no known form")

    def index_atom(self, atom: Term, d: int) -> Term:
        """An index atom, as an index term."""
        match atom:
            case ("var" | "b", *_):
                found = self.look(atom, d)
                require(is_variable(found) or found[0] == "lin", "no index is put for an index")
                return lin(0, {found: 1}) if is_variable(found) else found
            case ("width", width, args):
                return self.width(self.any(width, d), tuple(self.any(i, d) for i in args))
            case ("rank", matrix):
                return lin(0, {("rank", self.any(matrix, d)): 1})
        return refuse("it has an index atom of no known form")

    def width(self, width: Term, args: Term) -> Term:
        """The value of a width function."""
        match width:
            case ("wlam", _, body):
                return opened(body, args, self.facts)
            case ("table", entries) if (i := constant(args[0])) is not None:
                return Term(entries[i]) if 0 <= i < len(entries) else number(0)
            case ("ends", _, inner, first, last):
                if constant(args[-1]) == 0:
                    return Term(first)
                if constant(minus(args[-1], self.width(inner, args[:-1]))) == 1:
                    return Term(last)
        return lin(0, {("width", width, args): 1})

    def real(self, terms: Iterable[Any], d: int) -> Sums:
        """A real term from its terms."""
        out: Sums = {}
        for mono, n in terms:
            value: Sums = {(): n}
            for atom, power in mono:
                base = self.real_atom(atom, d)
                for _ in range(power):
                    value = times(value, base)
            for key, x in value.items():
                add(out, key, x)
        return out

    def real_atom(self, atom: Term, d: int) -> Sums:
        """A real atom, as a real term."""
        match atom:
            case ("var" | "b", *_):
                found = self.look(atom, d)
                require(is_variable(found) or found[0] == "poly", "no real is put for a real")
                return {((found, 1),): 1} if is_variable(found) else dict(found[1])
            case ("value", function, matrix):
                function, matrix = self.any(function, d), self.any(matrix, d)
                return self.value(function, matrix)
            case ("trace", word):
                sums, size = self.word(word, d)
                parts = (
                    (times({m: 1}, trace(w, size, self.facts)), n) for (m, w), n in sums.items()
                )
                return total_of(parts)
            case ("int", inner):
                return as_real(self.index_atom(inner, d))
        return refuse("it has a real atom of no known form")

    def word(self, word: Term, d: int) -> tuple[Sums, Term | None]:
        """A word as a matrix, and the rows of a matrix put for one of its letters."""
        out: Sums = {((), ()): 1}
        size = None
        for letter, t in word:
            spend(1)
            sums: Sums
            match letter:
                case ("var" | "b", *_):
                    found = self.look(letter, d)
                    require(is_variable(found) or found[0] == "mat", "no matrix for a matrix")
                    if is_variable(found):
                        sums = {((), ((found, 0),)): 1}
                    else:
                        sums, size = dict(found[3]), found[1]
                case ("chain", family, hi, lo):
                    over = self.any(family, d)
                    sums = {((), chain(over, self.any(hi, d), self.any(lo, d))): 1}
                case ("sum" | "grad", *parts):
                    sums = {((), (((letter[0], *(self.any(y, d) for y in parts)), 0),)): 1}
                case _:
                    refuse("it has a letter of no known form")
            out = product(out, flipped(sums) if t else sums, self.facts)
        return out, size

    def value(self, function: Term, matrix: Term) -> Sums:
        """The value of a function, as a real term."""
        if function[0] == "fun":
            return dict(opened(function[3], (matrix,), self.facts)[1])
        return {((("value", function, matrix), 1),): 1}

    def member(self, family: Term, i: Term) -> Term:
        """The member of a family of several indices."""
        if family[0] == "tab":
            return opened(family[1], (i,), self.facts)
        if family[0] == "updated" and (gap := constant(minus(i, family[2]))) is not None:
            return self.member(family[1], i) if gap else Term(family[3])
        return ("member", family, i)


def lifted(x: Term, by: int) -> Term:
    """A term moved below more binders."""
    if not by:
        return x
    return Build(lambda v, d: ("b", v[1] + by) if v[0] == "b" and v[1] >= d else v).any(x)


def opened(body: Term, terms: Sequence[Term], facts: Sequence[Term] = ()) -> Term:
    """The body of a binder group with terms put in."""
    m = len(terms)

    def look(v: Term, d: int) -> Term:
        if v[0] != "b" or v[1] < d:
            return v
        return lifted(terms[m - 1 - (v[1] - d)], d) if v[1] < d + m else ("b", v[1] - m)

    return Build(look, facts).any(body)


def closed(x: Term, variables: Sequence[Term]) -> Term:
    """The body of a new binder group for these variables."""
    m = len(variables)
    place = {v: m - 1 - r for r, v in enumerate(variables)}

    def look(v: Term, d: int) -> Term:
        if v[0] == "b":
            return ("b", v[1] + m) if v[1] >= d else v
        return ("b", d + place[v]) if v in place else v

    return Build(look).any(x)


def replaced(x: Term, values: Mapping[Term, Term]) -> Term:
    """A term with terms put for free variables."""
    return Build(lambda v, d: lifted(values[v], d) if v in values else v).any(x)


def variables(x: Term) -> set[Term]:
    """The free variables anywhere in it, in sorts too."""
    found: set[Term] = set()
    stack = [x]
    while stack:
        y = stack.pop()
        spend(1)
        if y and y[0] == "var":
            if y in found:
                continue
            found.add(y)
        stack.extend(part for part in y if type(part) is tuple)
    return found


def occurs(names: Iterable[str], x: Term) -> bool:
    """Whether a variable of one of these names occurs free."""
    return not {v[1] for v in variables(x)}.isdisjoint(names)


def as_term(v: Term, sort: Term) -> Term:
    """A variable of the sort, as a term."""
    match sort[0]:
        case "index" | "nat":
            return lin(0, {v: 1})
        case "real":
            return poly({((v, 1),): 1})
        case "matrix":
            return mat(sort[1], sort[2], {((), ((v, 0),)): 1})
    return v


def equation(sort: Term, a: Term, b: Term) -> Term:
    """The claim a = b for terms of the sort (5)."""
    match sort:
        case ("index" | "nat",):
            return signed("inull", minus(a, b))
        case ("real",):
            return signed("rnull", poly(total_of([(dict(a[1]), 1), (dict(b[1]), -1)])))
        case ("matrix", rows, cols):
            require(a[1:3] == b[1:3] == (rows, cols), "an equation of different shapes")
            sums = total_of([(dict(a[3]), 1), (dict(b[3]), -1)])
            return signed("mnull", mat(rows, cols, sums))
        case ("function", rows, cols):
            x = ("var", "?x", ("matrix", rows, cols))
            at = as_term(x, x[2])
            left, right = (Build().value(f, at) for f in (a, b))
            body = ("rnull", poly(total_of([(left, 1), (right, -1)])))
            return ("forall", x[2], closed(body, (x,)))
        case ("family", n, rows, cols):
            indices = [("var", f"?{r}", INDEX) for r in range(n)]
            places = [as_term(i, INDEX) for i in indices]
            for i in places[:-1]:
                a, b = Build().member(a, i), Build().member(b, i)
            shape = [opened(size, places) for size in (rows, cols)]
            claim = equation(("matrix", *shape), *(at_layer(f, places[-1], shape) for f in (a, b)))
            for v in reversed(indices):
                claim = ("forall", INDEX, closed(claim, (v,)))
            return claim
    return refuse(f"there are no equations of sort {sort[0]}")


def at_layer(family: Term, i: Term, shape: Sequence[Term]) -> Term:
    """The matrix of the one word F[i:i]."""
    return mat(shape[0], shape[1], {((), chain(family, i, i)): 1})


# ── Well-formed (7) ───────────────────────────────────────────────────────────────────────────
# The sorts of the bound variables, each with the number of binders above it.
Context = tuple[tuple[Term, int], ...]
FRESH, OTHER = lin(0, {("var", "?i", INDEX): 1}), lin(0, {("var", "?j", INDEX): 1})
KINDS = {"index": "lin", "nat": "lin", "real": "poly", "matrix": "mat"}


def below(ctx: Context, *sorts: Term) -> Context:
    """The context below one more group of binders."""
    return ctx + tuple((sort, len(ctx)) for sort in sorts)


def shaped(x: Any, *kinds: Any) -> Term:
    """A tuple's items if they have these kinds: a tag, a type, or None for a tuple."""
    require(type(x) is tuple and len(x) == len(kinds), "a term has not the parts it should have")
    for part, kind in zip(x, kinds, strict=True):
        right = part == kind if type(kind) is str else type(part) is (kind or tuple)
        require(right and type(part) is not bool, "a term has not the parts it should have")
    return Term(x)


class Shapes:
    """Checks what terms are well formed, and finds their shapes."""

    def __init__(self) -> None:
        self.known: set[Term] = set()

    def standing(self, x: Term, check: Callable[[Term], object]) -> None:
        """A term or claim that stands alone is well formed, in normal form, each name once."""
        check(x)
        names = [v[1] for v in variables(x)]
        require(len(names) == len(set(names)), "a name stands for two variables")
        require(Build().any(x) == x, "a term is not in normal form")

    def sort_of(self, v: Any, ctx: Context) -> Term:
        """The sort of a variable, free or bound."""
        if type(v) is tuple and v[:1] == ("b",):
            _, n = shaped(v, "b", int)
            require(0 <= n < len(ctx), "a loose bound variable")
            sort, depth = ctx[-1 - n]
            return lifted(sort, len(ctx) - depth)
        if v not in self.known:
            _, name, sort = shaped(v, "var", str, None)
            require(not name.startswith("?"), f"the name {name} is reserved")
            self.sort(sort, ())
            require(Build().any(sort) == sort, "a sort is not in normal form")
            self.known.add(v)
        return Term(v[2])

    def sort(self, s: Any, ctx: Context) -> None:
        """A sort."""
        match s:
            case ("index" | "nat" | "real",):
                return
            case ("matrix" | "function", rows, cols):
                self.natural(rows, ctx)
                self.natural(cols, ctx)
            case ("width" | "family", n, *sizes) if len(sizes) == 2 * (s[0] == "family"):
                require(type(n) is int and 1 <= n <= DEEPEST, "a wrong number of indices")
                for size in sizes:
                    self.natural(size, below(ctx, *[INDEX] * n))
            case _:
                refuse("a sort of no known form")

    def index(self, e: Any, ctx: Context) -> None:
        """An index term."""
        for item in shaped(e, "lin", int, None)[2]:
            atom, _ = shaped(item, None, int)
            self.index_atom(atom, ctx)

    def index_atom(self, atom: Any, ctx: Context) -> bool:
        """An index atom, and whether it is natural by its form."""
        match atom:
            case ("width", width, args):
                require(type(args) is tuple, "a width without arguments")
                require(self.width(width, ctx) == len(args), "a wrong number of arguments")
                for i in args:
                    self.index(i, ctx)
                return True
            case ("rank", matrix):
                self.matrix(matrix, ctx)
                return True
        sort = self.sort_of(atom, ctx)
        require(sort in (INDEX, ("nat",)), "an index atom is of another sort")
        return sort != INDEX

    def natural(self, e: Any, ctx: Context) -> None:
        """A natural."""
        self.index(e, ctx)
        natural = e[1] >= 0 and all(n > 0 and self.index_atom(atom, ctx) for atom, n in e[2])
        require(natural, "a size or number is not natural by its form")

    def width(self, w: Any, ctx: Context) -> int:
        """A width function, and its number of arguments."""
        match w:
            case ("table", *_):
                for e in shaped(w, "table", None)[1]:
                    self.natural(e, ctx)
                return 1
            case ("wlam", n, body):
                require(type(n) is int and 1 <= n <= DEEPEST, "a wrong number of indices")
                self.natural(body, below(ctx, *[INDEX] * n))
                return int(n)
            case ("ends", outer, inner, first, last):
                n = self.width(outer, ctx)
                require(n >= 2 and self.width(inner, ctx) == n - 1, "ends of a wrong width")
                self.natural(first, ctx)
                self.natural(last, ctx)
                return n
        sort = self.sort_of(w, ctx)
        require(sort[0] == "width", "a width is of another sort")
        return int(sort[1])

    def real(self, e: Any, ctx: Context) -> None:
        """A real term."""
        for item in shaped(e, "poly", None)[1]:
            require(type(item) is tuple and len(item) == 2, "a real term has a wrong part")
            self.monomial(item[0], item[1], ctx)

    def monomial(self, mono: Any, n: Any, ctx: Context) -> None:
        """A monomial with its coefficient."""
        require(type(n) in (int, Fraction), "a coefficient is no number")
        require(type(mono) is tuple, "a monomial is no list of powers")
        for item in mono:
            atom, power = shaped(item, None, int)
            require(1 <= power <= MOST_POWER, "a power is out of range")
            match atom:
                case ("value", function, matrix):
                    same = self.function(function, ctx) == self.matrix(matrix, ctx)
                    require(same, "a function is applied to a matrix of another shape")
                case ("trace", word):
                    require(word != () and len(set(self.word(word, ctx))) == 1, "a wrong trace")
                case ("int", inner):
                    self.index_atom(inner, ctx)
                case _:
                    require(self.sort_of(atom, ctx) == REAL, "a real atom is of another sort")

    def function(self, f: Any, ctx: Context) -> Term:
        """A function, and the shape it takes."""
        match f:
            case ("fun", rows, cols, body):
                self.sort(("matrix", rows, cols), ctx)
                self.real(body, below(ctx, ("matrix", rows, cols)))
                return (rows, cols)
        sort = self.sort_of(f, ctx)
        require(sort[0] == "function", "a function is of another sort")
        return sort[1:]

    def matrix(self, x: Any, ctx: Context) -> Term:
        """A matrix, and its shape."""
        _, rows, cols, terms = shaped(x, "mat", None, None, None)
        self.sort(("matrix", rows, cols), ctx)
        for item in terms:
            require(type(item) is tuple and len(item) == 2, "a matrix has a wrong part")
            mono, word = shaped(item[0], None, None)
            self.monomial(mono, item[1], ctx)
            shape = self.word(word, ctx) if word else (rows, rows)
            require(shape == (rows, cols), "a term of a matrix is of another shape")
        return (rows, cols)

    def word(self, word: Any, ctx: Context) -> Term:
        """A word that is not empty, and its shape."""
        require(type(word) is tuple, "a word is no list of letters")
        shapes = []
        for item in word:
            letter, t = shaped(item, None, int)
            require(t in (0, 1), "a letter is neither plain nor transposed")
            shape = self.letter(letter, ctx)
            shapes.append(shape[::-1] if t else shape)
        for (_, cols), (rows, _) in pairwise(shapes):
            require(cols == rows, "neighbours in a word do not fit")
        return (shapes[0][0], shapes[-1][1])

    def letter(self, letter: Term, ctx: Context) -> Term:
        """A letter, and its shape."""
        match letter:
            case ("grad", function, matrix):
                shape = self.matrix(matrix, ctx)
                require(self.function(function, ctx) == shape, "a gradient at another shape")
                return shape
            case ("chain", family, hi, lo):
                for part, check in ((family, self.family), (hi, self.index), (lo, self.index)):
                    check(part, ctx)
                if family[0] == "listed":
                    top, end = constant(hi), constant(lo)
                    right = None not in (top, end) and 1 <= end <= top <= len(family[1])  # type: ignore[operator]
                    require(right, "a chain leaves the list")
                    shapes = [x[1:3] for x in family[1][end - 1 : top]]  # type: ignore[operator]
                    fit = all(a[1] == b[0] for b, a in pairwise(shapes))
                    require(fit, "the layers of a chain do not compose")
                elif hi != lo:
                    upper = self.shape_at(family, (FRESH,), ctx)
                    lower = self.shape_at(family, (minus(FRESH, number(1)),), ctx)
                    require(upper[1] == lower[0], "the layers of a chain do not compose")
                return (self.shape_at(family, (hi,), ctx)[0], self.shape_at(family, (lo,), ctx)[1])
            case ("sum", family, hi, lo):
                for part, check in ((family, self.family), (hi, self.index), (lo, self.index)):
                    check(part, ctx)
                shape = self.shape_at(family, (FRESH,), ctx)
                same = shape == self.shape_at(family, (OTHER,), ctx)
                require(same, "the members of a sum are of different shapes")
                return shape
        sort = self.sort_of(letter, ctx)
        require(sort[0] == "matrix", "a letter is of another sort")
        return sort[1:]

    def family(self, f: Any, ctx: Context) -> None:
        """A family."""
        match f:
            case ("member", family, i):
                self.family(family, ctx)
                self.index(i, ctx)
            case ("tab", body):
                check = self.matrix if body[:1] == ("mat",) else self.family
                check(body, below(ctx, INDEX))
            case ("replaced", family, lo, hi, body):
                self.family(family, ctx)
                self.index(lo, ctx)
                self.index(hi, ctx)
                shape = self.matrix(body, below(ctx, INDEX))
                there = self.shape_at(family, (FRESH,), ctx)
                same = tuple(opened(size, (FRESH,)) for size in shape) == there
                require(same, "a layer is replaced by one of another shape")
            case ("updated", family, at, new):
                self.family(family, ctx)
                self.index(at, ctx)
                if new[:1] == ("mat",):
                    same = self.matrix(new, ctx) == self.shape_at(family, (at,), ctx)
                else:
                    self.family(new, ctx)
                    inner = self.shape_at(family, (at, FRESH), ctx)
                    same = self.shape_at(new, (FRESH,), ctx) == inner
                require(same, "a layer is replaced by one of another shape")
            case ("listed", *_):
                for x in shaped(f, "listed", None)[1]:
                    self.matrix(x, ctx)
            case _:
                require(self.sort_of(f, ctx)[0] == "family", "a family is of another sort")

    def shape_at(self, f: Term, at: Term, ctx: Context) -> Term:
        """The shape of the member of a family at as many indices as it has."""
        match f:
            case ("member", family, i):
                return self.shape_at(family, (i, *at), ctx)
            case ("replaced" | "updated", family, *_):
                return self.shape_at(family, at, ctx)
            case ("tab", ("mat", rows, cols, _)) if len(at) == 1:
                return (opened(rows, at), opened(cols, at))
            case ("tab", body) if len(at) > 1 and body[0] != "mat":
                return self.shape_at(opened(body, at[:1]), at[1:], ctx)
            case ("listed", layers) if len(at) == 1:
                i = constant(at[0])
                require(i is not None and 1 <= i <= len(layers), "a layer outside the list")
                return Term(layers[(i or 1) - 1][1:3])
            case ("var" | "b", *_):
                sort = self.sort_of(f, ctx)
                if sort[0] == "family" and sort[1] == len(at):
                    return (opened(sort[2], at), opened(sort[3], at))
        return refuse("a member of a family that has no shape")

    def of_sort(self, t: Any, sort: Term, ctx: Context) -> None:
        """A term of that sort."""
        kind = KINDS.get(sort[0])
        require(type(t) is tuple and kind in (None, t[0]), f"it is no term of sort {sort[0]}")
        match sort:
            case ("index",):
                self.index(t, ctx)
            case ("nat",):
                self.natural(t, ctx)
            case ("real",):
                self.real(t, ctx)
            case ("matrix", *shape):
                require(self.matrix(t, ctx) == tuple(shape), "a matrix of another shape")
            case ("function", *shape):
                require(self.function(t, ctx) == tuple(shape), "a function of another shape")
            case ("width", n):
                require(self.width(t, ctx) == n, "a width of other arguments")
            case ("family", n, rows, cols):
                self.family(t, ctx)
                places: list[Term] = [tuple(lin(0, {("var", f"?{r}", INDEX): 1}) for r in range(n))]
                if t[0] == "listed":
                    require(n == 1, "a list for a family of several indices")
                    places = [(number(i + 1),) for i in range(len(t[1]))]
                for at in places:
                    wanted = (opened(rows, at), opened(cols, at))
                    require(self.shape_at(t, at, ctx) == wanted, "a family of another shape")

    def claim(self, p: Any, ctx: Context = ()) -> None:
        """A claim."""
        match p:
            case ("inonneg" | "inull", e):
                self.index(e, ctx)
            case ("rnonneg" | "rpos" | "rnull", e):
                self.real(e, ctx)
            case ("mnull", x):
                self.matrix(x, ctx)
            case ("and" | "or", parts):
                require(type(parts) is tuple and len(parts) >= 2, f"{p[0]} needs two parts")
                for part in parts:
                    self.claim(part, ctx)
            case ("not", q):
                self.claim(q, ctx)
            case ("implies", q, r):
                self.claim(q, ctx)
                self.claim(r, ctx)
            case ("false",):
                pass
            case ("forall" | "exists", sort, body):
                self.sort(sort, ctx)
                self.claim(body, below(ctx, sort))
            case ("near", sorts, centres, body):
                shaped(p, "near", None, None, None)
                require(len(sorts) == len(centres) > 0, "near needs one centre for each sort")
                for sort, centre in zip(sorts, centres, strict=True):
                    require(sort[0] in ("matrix", "family", "real"), "near for another sort")
                    self.sort(sort, ctx)
                    self.of_sort(centre, sort, ctx)
                self.claim(body, below(ctx, *sorts))
            case ("differentiable" | "convex", f):
                self.function(f, ctx)
            case _:
                refuse("a claim of no known form")


# ── Rules (8, 9) ──────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Sequent:
    """What a step says; hypotheses are numbers of table entries."""

    hypotheses: frozenset[int]
    claim: Term


Premises = Sequence[Sequent]
I = ("var", "?i", INDEX)  # noqa: E741
X = "?X"


def parts_of(claim: Term, tag: str) -> Term:
    """The parts of a claim with that tag."""
    require(claim[0] == tag, f"a premise or datum is {claim[0]!r} where {tag!r} is needed")
    return claim[1:]


def one_index(claim: Term, tag: str = "forall") -> Term:
    """The body of a quantifier over an index."""
    sort, body = parts_of(claim, tag)
    require(sort == INDEX, "a quantifier is not over an index")
    return Term(body)


def facts_of(ranges: Premises) -> list[Term]:
    """The facts that ranges give."""
    return [parts_of(p.claim, "inonneg")[0] for p in ranges]


def in_order(a: Term, b: Term) -> Term:
    """The claim a ≤ b for index terms."""
    return ("inonneg", minus(b, a))


def combination(goal: Sums, parts: Iterable[tuple[Sums, Sums]], at: Any) -> Any:
    """goal − Σ λ·e as a number."""
    left = total_of([(dict(goal), 1), *((times(n, e), -1) for n, e in parts)])
    require(not left.keys() - {at}, "the combination is not a constant")
    return left.get(at, 0)


class Rules:
    """Finds what each step may say: from its premises and data, hypotheses and conclusion."""

    def __init__(
        self, table: Sequence[Term], facts: Mapping[str, Term], sizes: Sequence[int] = ()
    ) -> None:
        self.table, self.facts, self.sizes = table, facts, sizes or [1] * len(table)
        self.numbers = {x: n for n, x in enumerate(table)}
        self.shapes = Shapes()
        self.claims: set[int] = set()

    def claim(self, p: Any) -> Term:
        """A claim in a file, checked once."""
        require(type(p) is tuple, "a claim is no tuple")
        n = self.numbers[p]
        if n not in self.claims:
            self.shapes.standing(p, self.shapes.claim)
            self.claims.add(n)
        return Term(p)

    def term(self, t: Any, sort: Term) -> Term:
        """A term of that sort in data."""
        self.shapes.standing(t, lambda x: self.shapes.of_sort(x, sort, ()))
        variables_of_both = variables(("", t, sort))
        names = {v[1] for v in variables_of_both}
        require(len(names) == len(variables_of_both), "a name stands for two variables")
        return Term(t)

    def variable(self, x: Any) -> Term:
        """A free variable in data."""
        require(type(x) is tuple and x[:1] == ("var",), "a datum is no variable")
        self.shapes.standing(x, lambda v: self.shapes.sort_of(v, ()))
        return Term(x)

    def without(self, p: Sequent, claim: Term) -> frozenset[int]:
        """The hypotheses of a step without a claim."""
        return p.hypotheses - {self.numbers.get(claim, -1)}

    def fresh(self, x: Term, hypotheses: Iterable[int], *claims: Term) -> None:
        """The variable is free neither in hypotheses nor in claims."""
        for claim in (*(self.table[n] for n in hypotheses), *claims):
            require(not occurs((x[1],), claim), f"the variable {x[1]} is not fresh")

    # Connectives

    def discharge(self, ps: Premises, data: Term) -> Any:
        (q,), (p,) = ps, data
        return Sequent(self.without(q, p), ("implies", self.claim(p), q.claim))

    def modus_ponens(self, ps: Premises, data: Term) -> Any:
        (implication, p), () = ps, data
        left, right = parts_of(implication.claim, "implies")
        require(left == p.claim, "the second premise is not what the first one asks for")
        return right

    def conjoin(self, ps: Premises, data: Term) -> Any:
        require(len(ps) >= 2 and not data, "it needs at least two premises and no data")
        return ("and", tuple(p.claim for p in ps))

    def project(self, ps: Premises, data: Term) -> Any:
        (p,), (n,) = ps, data
        (parts,) = parts_of(p.claim, "and")
        require(type(n) is int and 0 <= n < len(parts), "there is no such part")
        return parts[n]

    def either(self, ps: Premises, data: Term) -> Any:
        (p,), (d,) = ps, data
        require(p.claim in parts_of(self.claim(d), "or")[0], "it is none of the parts")
        return d

    def cases(self, ps: Premises, data: Term) -> Any:
        (split, *rest), () = ps, data
        (parts,) = parts_of(split.claim, "or")
        require(len(rest) == len(parts), "not one premise for each case")
        require(len({p.claim for p in rest}) == 1, "the cases end differently")
        left = (self.without(p, part) for p, part in zip(rest, parts, strict=True))
        return Sequent(split.hypotheses.union(*left), rest[0].claim)

    def excluded_middle(self, ps: Premises, data: Term) -> Any:
        (), (p,) = ps, data
        return ("or", (self.claim(p), negation(p)))

    def contradiction(self, ps: Premises, data: Term) -> Any:
        (p, q), () = ps, data
        require(q.claim == Build().any(negation(p.claim)), "the second premise is not ¬ the first")
        return FALSE

    def reductio(self, ps: Premises, data: Term) -> Any:
        (p,), (q,) = ps, data
        require(p.claim == FALSE, "the premise is not false")
        return Sequent(self.without(p, q), negation(self.claim(q)))

    def explode(self, ps: Premises, data: Term) -> Any:
        (p,), (q,) = ps, data
        require(p.claim == FALSE, "the premise is not false")
        return self.claim(q)

    # Quantifiers

    def generalise(self, ps: Premises, data: Term) -> Any:
        (p,), (x,) = ps, data
        body = closed(p.claim, (self.variable(x),))
        self.fresh(x, p.hypotheses, body)
        return ("forall", x[2], body)

    def instantiate(self, ps: Premises, data: Term) -> Any:
        (p,), (t,) = ps, data
        sort, body = parts_of(p.claim, "forall")
        return opened(body, (self.term(t, sort),))

    def witness(self, ps: Premises, data: Term) -> Any:
        (p,), (goal, t) = ps, data
        sort, body = parts_of(self.claim(goal), "exists")
        require(p.claim == opened(body, (self.term(t, sort),)), "the premise is another claim")
        return goal

    def obtain(self, ps: Premises, data: Term) -> Any:
        (some, q), (x,) = ps, data
        sort, body = parts_of(some.claim, "exists")
        require(self.variable(x)[2] == sort, "the variable is of another sort")
        left = self.without(q, opened(body, (as_term(x, sort),)))
        self.fresh(x, left, q.claim, some.claim)
        return Sequent(some.hypotheses | left, q.claim)

    # Layer indices

    def induction(self, ps: Premises, data: Term, step: int = 1) -> Any:
        (base, climb), (goal, a) = ps, data
        body, i = one_index(self.claim(goal)), as_term(I, INDEX)
        require(base.claim == opened(body, (self.term(a, INDEX),)), "the first premise is not p(a)")
        reach = in_order(a, i) if step == 1 else in_order(i, a)
        here, then = (opened(body, (plus(i, number(by)),)) for by in (0, step))
        wanted = ("implies", reach, ("implies", here, then))
        require(climb.claim == ("forall", INDEX, closed(wanted, (I,))), "the step is another claim")
        return ("forall", INDEX, closed(("implies", reach, here), (I,)))

    def descent(self, ps: Premises, data: Term) -> Any:
        return self.induction(ps, data, -1)

    def least_index(self, ps: Premises, data: Term) -> Any:
        (some, bound), () = ps, data
        body = one_index(some.claim, "exists")
        left, right = parts_of(one_index(bound.claim), "implies")
        (e,) = parts_of(right, "inonneg")
        low = minus(opened(e, (FRESH,)), FRESH)
        require(left == body and not occurs((I[1],), low), "the second premise gives no bound")
        smallest = ("implies", opened(body, (OTHER,)), in_order(FRESH, OTHER))
        every = ("forall", INDEX, closed(smallest, (("var", "?j", INDEX),)))
        return ("exists", INDEX, closed(("and", (opened(body, (FRESH,)), every)), (I,)))

    def choose(self, ps: Premises, data: Term) -> Any:
        (p,), () = ps, data
        inner, ranges = one_index(p.claim), []
        while inner[0] == "implies":
            inner = inner[2]
        several = parts_of(inner, "exists")[0][0] == "family"
        require(several or inner[1][0] == "matrix", "it chooses neither matrices nor families")
        n, rows, cols = inner[1][1:] if several else (0, *inner[1][1:])
        f = ("var", "?F", ("family", n + 1, rows, cols))
        inner = opened(one_index(p.claim), (FRESH,))
        while inner[0] == "implies":
            ranges.append(inner[1])
            inner = inner[2]
        at = ("member", f, FRESH) if several else at_layer(f, FRESH, inner[1][1:])
        claim = opened(inner[2], (at,))
        for r in reversed(ranges):
            claim = ("implies", r, claim)
        every = ("forall", INDEX, closed(claim, (I,)))
        return ("exists", f[2], closed(every, (f,)))

    # Equality and computing

    def rewrite(self, ps: Premises, data: Term) -> Any:
        (equal, p), (template, old, new) = ps, data
        sort, body = parts_of(self.claim(template), "forall")
        wanted = equation(sort, self.term(old, sort), self.term(new, sort))
        require(equal.claim == wanted, "the first premise is not the equation")
        require(p.claim == opened(body, (old,)), "the second premise is not p(old)")
        return opened(body, (new,))

    def algebra(self, ps: Premises, data: Term) -> Any:
        goal, triples = data
        (a,) = parts_of(self.claim(goal), "mnull")
        equations, facts = ps[: len(triples)], facts_of(ps[len(triples) :])
        require(len(equations) == len(triples), "an equation is missing")
        out: Sums = {}
        for p, (left, t, right) in zip(equations, triples, strict=True):
            (y,) = parts_of(p.claim, "mnull")
            require(type(t) is int and t in (0, 1), "neither plain nor transposed")
            rows, cols = (y[2], y[1]) if t else y[1:3]
            self.term(left, ("matrix", a[1], rows))
            self.term(right, ("matrix", cols, a[2]))
            middle = flipped(dict(y[3])) if t else dict(y[3])
            first = product(dict(left[3]), middle, facts)
            out = total_of([(out, 1), (product(first, dict(right[3]), facts), 1)])
        under = Build(facts=facts)
        found, wanted = under.any(mat(a[1], a[2], out)), under.any(a)
        require(found in (wanted, negative(wanted)), "the certificate does not give the goal")
        return goal

    def restate(self, ps: Premises, data: Term) -> Any:
        (p, *ranges), (goal,) = ps, data
        under = Build(facts=facts_of(ranges))
        same = under.any(p.claim) == under.any(self.claim(goal))
        require(same, "the goal is not the premise in other words")
        return goal

    def natural(self, ps: Premises, data: Term) -> Any:
        (), (e,) = ps, data
        return ("inonneg", self.term(e, ("nat",)))

    def linear_arithmetic(self, ps: Premises, data: Term) -> Any:
        goal, multipliers = data
        require(len(ps) >= len(multipliers), "a hypothesis is missing")
        under = Build(facts=facts_of(ps[len(multipliers) :]))
        require(self.claim(goal)[0] in ("inonneg", "inull", "false"), "a goal of another kind")
        parts = []
        for n, p in zip(multipliers, ps, strict=False):
            require(type(n) in (int, Fraction), "a multiplier is no number")
            require(p.claim[0] in ("inull", "inonneg"), "a hypothesis of another kind")
            require(n >= 0 or p.claim[0] == "inull", "a multiplier is negative")
            require(goal[0] != "inull" or p.claim[0] == "inull", "an equation from an inequality")
            parts.append(({(): n} if n else {}, as_real(under.any(p.claim[1]))))
        g = number(-1) if goal == FALSE else under.any(goal[1])
        r = combination(as_real(g), parts, ())
        require(r == 0 if goal[0] == "inull" else r > -1, "the combination misses the goal")
        return goal

    def squeeze(self, ps: Premises, data: Term) -> Any:
        (up, down), (goal,) = ps, data
        (e,), (f,) = parts_of(up.claim, "inonneg"), parts_of(down.claim, "inonneg")
        require(negative(e) == f, "the premises are not e ≥ 0 and −e ≥ 0")
        require(self.claim(goal) == signed("inull", e), "the goal is not that e is 0")
        return goal

    def real_arithmetic(self, ps: Premises, data: Term) -> Any:
        goal, multipliers = data
        kind = self.claim(goal)[0]
        require(kind in ("rnonneg", "rpos", "rnull", "false"), "a goal of another kind")
        parts, strict = [], False
        for n, p in zip(multipliers, ps, strict=True):
            value = dict(self.term(n, REAL)[1])
            tag = p.claim[0]
            require(tag in ("rnonneg", "rpos", "rnull"), "a hypothesis of another kind")
            require(kind != "rnull" or tag == "rnull", "an equation from an inequality")
            fixed = not value.keys() - {()} and value.get((), 0) >= 0
            require(tag == "rnull" or fixed, "a multiplier is no constant that is at least 0")
            strict = strict or (tag == "rpos" and bool(value))
            parts.append((value, dict(p.claim[1][1])))
        r = combination({(): -1} if goal == FALSE else dict(goal[1][1]), parts, ())
        match kind:
            case "rnull":
                right = r == 0
            case "rpos":
                right = r > 0 or (r == 0 and strict)
            case _:
                right = r >= 0 or (kind == "false" and strict and r >= -1)
        require(right, "the combination misses the goal")
        return goal

    def one_family(self, f: Any, i: Term) -> list[Term]:
        """The shape of a member of a family of one index in data."""
        self.shapes.standing(f, lambda x: self.shapes.family(x, ()))
        return list(self.shapes.shape_at(f, (i,), ()))

    def layer(self, ps: Premises, data: Term) -> Any:
        f, i = data
        facts = facts_of(ps)
        shape = self.one_family(f, self.term(i, INDEX))

        def sure(*terms: Term) -> bool:
            return any(known(plus(e, number(-1)), facts) for e in terms)

        match f:
            case ("tab", body):
                value = opened(body, (i,))
            case ("listed", layers):
                value = layers[(constant(i) or 0) - 1]
            case ("replaced", e, lo, hi, body):
                if known(minus(i, lo), facts) and known(minus(hi, i), facts):
                    value = opened(body, (i,))
                else:
                    require(sure(minus(lo, i), minus(i, hi)), "which layer it is is not known")
                    value = at_layer(e, i, shape)
            case ("updated", e, at, new):
                apart = sure(minus(i, at), minus(at, i))
                require(i == at or apart, "which layer it is is not known")
                value = new if i == at else at_layer(e, i, shape)
            case ("member", ("updated", e, at, _), a):
                require(sure(minus(a, at), minus(at, a)), "which member it is is not known")
                value = at_layer(Build().member(e, a), i, shape)
            case _:
                refuse("nothing is known of the layers of this family")
        return equation(("matrix", *shape), at_layer(f, i, shape), value)

    def summation(self, ps: Premises, data: Term) -> Any:
        (p,), (f, hi, lo) = ps, data
        shape = self.one_family(f, self.term(hi, INDEX))
        self.term(lo, INDEX)

        def upto(h: Term) -> Sums:
            return {((), ((("sum", f, h, lo), 0),)): 1}

        self.shapes.matrix(mat(shape[0], shape[1], upto(hi)), ())
        value: Sums = {}
        if p.claim == in_order(lo, hi):
            rest = upto(minus(hi, number(1)))
            value = total_of([(rest, 1), (dict(at_layer(f, hi, shape)[3]), 1)])
        else:
            require(p.claim == in_order(plus(hi, number(1)), lo), "the premise is another range")
        right = mat(shape[0], shape[1], value)
        return equation(("matrix", *shape), mat(shape[0], shape[1], upto(hi)), right)

    # Nearness

    def near_consequence(self, ps: Premises, data: Term) -> Any:
        (rule, *rest), (goal,) = ps, data
        sorts, centres, q = parts_of(self.claim(goal), "near")
        body = rule.claim
        for sort in sorts:
            bound, body = parts_of(body, "forall")
            require(bound == sort, "the first premise is about other sorts")
        for p in rest:
            left, body = parts_of(body, "implies")
            require(p.claim == ("near", sorts, centres, left), "a premise is another claim")
        require(body == q, "the goal is not what the first premise ends with")
        return goal

    def near_at_the_point(self, ps: Premises, data: Term) -> Any:
        (p,), () = ps, data
        _, centres, body = parts_of(p.claim, "near")
        return opened(body, centres)

    def near_around(self, ps: Premises, data: Term) -> Any:
        (p,), () = ps, data
        sorts, centres, body = parts_of(p.claim, "near")
        m = len(sorts)
        xs = tuple(as_term(("b", m - 1 - r), sort) for r, sort in enumerate(sorts))
        return ("near", sorts, centres, ("near", sorts, xs, body))

    def near_small(self, ps: Premises, data: Term) -> Any:
        (p,), () = ps, data
        sorts, centres, body = parts_of(p.claim, "near")
        require((sorts, centres) == ((REAL,), (poly({}),)), "it is not about a number near 0")
        other = ("not", ("rnull", as_term(("b", 0), REAL)))
        return ("exists", REAL, ("and", (other, body)))

    def near_along(self, ps: Premises, data: Term) -> Any:
        (first, *rest), (xs, centres, terms) = ps, data
        sorts, point, body = parts_of(first.claim, "near")
        names = [self.variable(x)[1] for x in xs]
        require(len(set(names)) == len(names) == len(centres), "not one centre for each variable")
        require(not occurs(names, first.claim), "a variable occurs in the first premise")
        require(len(terms) == len(sorts), "not one term for each variable of the premise")
        values = {x: self.term(c, x[2]) for x, c in zip(xs, centres, strict=True)}
        left = list(rest)
        for t, sort, at in zip(terms, sorts, point, strict=True):
            require(continuous(self.term(t, sort), names), "a term is not polynomial")
            if (there := replaced(t, values)) != at:
                wanted = bool(left) and left.pop(0).claim == equation(sort, there, at)
                require(wanted, "an equation for a centre is missing or another one")
        require(not left, "there are more equations than centres that need one")
        new = tuple(x[2] for x in xs)
        return ("near", new, tuple(centres), closed(opened(body, terms), xs))

    # Differentiation and facts

    def differentiate(self, ps: Premises, data: Term) -> Any:
        (f,) = data
        self.shapes.standing(f, lambda x: self.shapes.function(x, ()))
        _, rows, cols, body = shaped(f, "fun", None, None, None)
        smooth = [parts_of(p.claim, "differentiable")[0] for p in ps]
        x = ("var", X, ("matrix", rows, cols))
        at = as_term(x, x[2])
        out: Sums = {}
        for mono, n in opened(body, (at,))[1]:
            inside = [(atom, power) for atom, power in mono if occurs((X,), atom)]
            if inside:
                require(len(inside) == 1 and inside[0][1] == 1, "a product with two places for X")
                rest = tuple(item for item in mono if item not in inside)
                for (m, w), c in gradient(inside[0][0], x, smooth).items():
                    add(out, (monomial(rest, m), w), n * c)
        slope = mat(rows, cols, {((), ((("grad", f, at), 0),)): 1})
        rule = closed(equation(x[2], slope, mat(rows, cols, out)), (x,))
        return ("and", (("differentiable", f), ("forall", x[2], rule)))

    def textbook(self, ps: Premises, data: Term) -> Any:
        (), (name,) = ps, data
        require(type(name) is str and name in self.facts, "the ledger has no such fact")
        return self.facts[name]


def continuous(t: Term, names: Sequence[str]) -> bool:
    """Whether a term is polynomial in the variables of these names."""
    if not occurs(names, t) or t[0] == "var":
        return True
    match t:
        case ("poly", terms):
            return all(continuous(atom, names) for mono, _ in terms for atom, _ in mono)
        case ("trace", word):
            return all(continuous(letter, names) for letter, _ in word)
        case ("mat", rows, cols, terms):
            parts = [atom for (mono, _), _ in terms for atom, _ in mono]
            parts += [letter for (_, word), _ in terms for letter, _ in word]
            fixed = [rows, cols]
        case ("chain" | "sum", family, hi, lo):
            parts, fixed = [family], [hi, lo]
        case ("member", family, i):
            parts, fixed = [family], [i]
        case ("tab", body):
            parts, fixed = [body], []
        case ("replaced", family, lo, hi, body):
            parts, fixed = [family, body], [lo, hi]
        case ("updated", family, at, new):
            parts, fixed = [family, new], [at]
        case ("listed", layers):
            parts, fixed = list(layers), []
        case _:
            return False
    return all(continuous(x, names) for x in parts) and not any(occurs(names, x) for x in fixed)


def gradient(atom: Term, x: Term, smooth: Sequence[Term]) -> Sums:
    """The gradient in the matrix variable x of a real atom in which x occurs."""
    outer: Term = ()
    match atom:
        case ("value", g, e):
            require(not occurs((X,), g) and g in smooth, "a function not known differentiable")
            require(not occurs((X,), e[1:3]), "a size depends on X")
            terms, outer = e[3], ((("grad", g, e), 0),)
        case ("trace", word):
            terms = ((((), word), 1),)
        case _:
            refuse("X occurs where there is no rule for it")
    out: Sums = {}
    for (mono, word), n in terms:
        require(not occurs((X,), mono), "X occurs in a factor")
        for place, (letter, t) in enumerate(word):
            if letter == x:
                before, after = word[:place], word[place + 1 :]
                if atom[0] == "trace":
                    turned = join(after, before)
                    found = turned if t else reverse(turned)
                elif t:
                    found = join(join(after, reverse(outer)), before)
                else:
                    found = join(join(reverse(before), outer), reverse(after))
                add(out, (mono, found), n)
            else:
                require(not occurs((X,), letter), "X occurs inside a letter")
    return out


RULES: dict[str, Callable[[Rules, Premises, Term], Any]] = {
    "discharge": Rules.discharge,
    "modus ponens": Rules.modus_ponens,
    "conjoin": Rules.conjoin,
    "project": Rules.project,
    "either": Rules.either,
    "cases": Rules.cases,
    "excluded middle": Rules.excluded_middle,
    "contradiction": Rules.contradiction,
    "reductio": Rules.reductio,
    "explode": Rules.explode,
    "generalise": Rules.generalise,
    "instantiate": Rules.instantiate,
    "witness": Rules.witness,
    "obtain": Rules.obtain,
    "induction": Rules.induction,
    "descent": Rules.descent,
    "least index": Rules.least_index,
    "choose": Rules.choose,
    "rewrite": Rules.rewrite,
    "algebra": Rules.algebra,
    "restate": Rules.restate,
    "natural": Rules.natural,
    "linear arithmetic": Rules.linear_arithmetic,
    "squeeze": Rules.squeeze,
    "real arithmetic": Rules.real_arithmetic,
    "layer": Rules.layer,
    "summation": Rules.summation,
    "differentiate": Rules.differentiate,
    "textbook": Rules.textbook,
    "near: consequence": Rules.near_consequence,
    "near: at the point": Rules.near_at_the_point,
    "near: around near points": Rules.near_around,
    "near: a small number": Rules.near_small,
    "near: along a continuous map": Rules.near_along,
}


# ── Files (1) ─────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Accepted:
    """A proof that was accepted: what it proves, and what it rests on."""

    id: str  # what the file calls itself; nothing depends on it
    statement: Term
    inferences: int
    facts: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The statement's fingerprint."""
        return hashlib.sha256(repr(self.statement).encode()).hexdigest()


def read(data: bytes) -> dict[str, Any]:
    """The object in a file; `Unreadable` if there is none."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) < len(items):
            raise ValueError("a key is there twice")
        return dict(items)

    def integer(text: str) -> int:
        if len(text) > MOST_DIGITS:
            raise ValueError("a number has too many digits")
        return int(text)

    def other(text: str) -> NoReturn:
        raise ValueError(f"{text[:20]} is no integer")

    if len(data) > MOST_BYTES:
        raise Unreadable("it is too large")
    try:
        text = data.decode("utf-8")
        found = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=integer,
            parse_float=other,
            parse_constant=other,
        )
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    except ValueError as fault:
        raise Unreadable(f"it is not the JSON of a proof: {fault}") from None
    if type(found) is not dict or found.get("format") not in (FORMAT, LEDGER_FORMAT):
        raise Unreadable(f"it is not of the format {FORMAT}")
    return found


def keys(x: Any, *names: str) -> list[Any]:
    """The values of an object with exactly these keys."""
    require(type(x) is dict and x.keys() == set(names), f"the keys must be {', '.join(names)}")
    return [x[name] for name in names]


def numbers(x: Any, below: int) -> list[int]:
    """A list of numbers of things before."""
    require(type(x) is list, "a list of numbers is something else")
    require(all(type(n) is int and 0 <= n < below for n in x), "a number of nothing that is before")
    return list(x)


def tuples(table: Any) -> tuple[list[Term], list[int]]:
    """The tuples of a table, and how many parts they have."""
    require(type(table) is list, "the table is no list")
    out: list[Term] = []
    known: set[Any] = set()
    sizes: list[tuple[int, int]] = []
    for place, entry in enumerate(table):
        require(type(entry) is list, f"table entry {place} is no list")
        parts, size, depth = [], 1, 0
        for item in entry:
            if type(item) is list and len(item) == 1:
                (n,) = numbers(item, place)
                size, depth = size + sizes[n][0], max(depth, sizes[n][1])
                item = out[n]
            elif type(item) is list:
                right = len(item) == 2 and all(type(n) is int for n in item) and item[1] > 1
                require(right and gcd(*item) == 1, f"table entry {place} has a wrong number")
                item = Fraction(*item)
            require(type(item) in (str, int, tuple, Fraction), f"table entry {place} is wrong")
            parts.append(item)
        require(depth < DEEPEST, f"table entry {place} is nested too deeply")
        require(size <= MOST_PARTS, f"table entry {place} is too large")
        spend(size)
        key = json.dumps(entry)
        require(key not in known, f"table entry {place} is there already")
        known.add(key)
        out.append(tuple(parts))
        sizes.append((size + len(parts), depth + 1))
    return out, [size for size, _ in sizes]


def own_ledger() -> dict[str, Term]:
    """The textbook facts the checker trusts."""
    own = read((files("proofkit") / "ledger.json").read_bytes())
    table, _ = tuples(own["table"])
    return {fact["name"]: table[fact["claim"]] for fact in own["facts"]}


def replay(data: bytes) -> Accepted:
    """Check an exported proof; raises `Unreadable`, `NoProof` or `Refused` with the reason."""
    found = read(data)
    _Meter.left = WORK
    try:
        return check(found)
    except RecursionError:
        raise Refused("it is nested too deeply") from None
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as fault:
        raise Refused(f"it is malformed ({type(fault).__name__}: {fault})"[:200]) from None


def check(found: dict[str, Any]) -> Accepted:
    """Check the object of a file."""
    _, meta, statement, ledger, steps, table = keys(
        found, "format", "meta", "statement", "ledger", "steps", "table"
    )
    require(found["format"] == FORMAT, "it is a ledger and no proof")
    require(type(meta) is dict, "meta is no object of strings")
    require(all(type(value) is str for value in meta.values()), "meta is no object of strings")
    require(meta.keys() <= {"pack", "result", "route", "title"}, "meta has unknown keys")
    require(type(steps) is list, "the steps are no list")
    if not steps:
        raise NoProof("it has no inferences")
    (terms, sizes), own = tuples(table), own_ledger()
    facts: dict[str, Term] = {}
    for fact in ledger if type(ledger) is list else refuse("the ledger is no list"):
        name, source, n = keys(fact, "name", "source", "claim")
        (n,) = numbers([n], len(terms))
        require(type(name) is str and type(source) is str, "a fact without name or source")
        require(name not in facts, f"the fact {name!r} is listed twice")
        require(own.get(name) == terms[n], f"the fact {name!r} is not one of the trusted ledger")
        facts[name] = terms[n]
    rules = Rules(terms, facts, sizes)
    done: list[Sequent] = []
    used: set[int] = set()
    for place, step in enumerate(steps):
        rule = step.get("rule") if type(step) is dict else None
        try:
            done.append(checked(step, done, rules))
        except Refused as fault:
            raise Refused(f"step {place} ({rule!r}): {fault}"[:300]) from None
        except (TypeError, ValueError, LookupError, AttributeError) as fault:
            why = f"premises or data have not the form of the rule ({fault})"
            raise Refused(f"step {place} ({rule!r}): {why}"[:300]) from None
        used.update(step["premises"])
    unused = set(range(len(steps) - 1)) - used
    require(not unused, f"step {min(unused, default=0)} is used nowhere")
    names = {terms[step["data"]][0] for step in steps if step["rule"] == "textbook"}
    require(names == facts.keys(), "the ledger lists a fact that no step uses")
    require(not done[-1].hypotheses, "the last step has hypotheses left")
    (n,) = numbers([statement], len(terms))
    require(done[-1].claim == terms[n], "the last step does not conclude the statement")
    return Accepted(meta.get("result", ""), terms[n], len(steps), tuple(sorted(facts)))


def checked(step: Any, done: Sequence[Sequent], rules: Rules) -> Sequent:
    """One step, after the ones before."""
    rule, premises, data, hypotheses, claim = keys(
        step, "rule", "premises", "data", "hypotheses", "conclusion"
    )
    ps = tuple(done[n] for n in numbers(premises, len(done)))
    require(type(hypotheses) is list, "the hypotheses are no list")
    parts = numbers([data, claim, *hypotheses], len(rules.table))
    spend(sum(rules.sizes[n] for n in parts))
    data, claim, *left = (rules.table[n] for n in parts)
    require(len(set(hypotheses)) == len(hypotheses), "a hypothesis is there twice")
    for p in (claim, *left):
        rules.claim(p)
    if rule == "assume":
        require(not ps and not data, "it takes no premises and no data")
        found = Sequent(frozenset({rules.numbers[claim]}), claim)
    else:
        require(type(rule) is str and rule in RULES, "there is no such rule")
        found = RULES[rule](rules, ps, data)
        if not isinstance(found, Sequent):
            found = Sequent(frozenset[int]().union(*(p.hypotheses for p in ps)), found)
    require(claim == found.claim, "the rule does not give this conclusion")
    require(set(hypotheses) == found.hypotheses, "the rule does not give these hypotheses")
    return found


def printable(text: str) -> str:
    """Text from a file without anything a terminal would act on."""
    return "".join(c if c.isprintable() else "?" for c in text)


def main() -> int:
    """Check the file named on the command line."""
    try:
        found = replay(Path(sys.argv[1]).read_bytes())
    except (Refused, Unreadable, NoProof, OSError) as fault:
        print(f"{type(fault).__name__.lower()}: {printable(str(fault))}")
        return {Refused: 1, NoProof: 4}.get(type(fault), 2)
    print(f"accepted: {found.inferences} inferences, {len(found.facts)} textbook facts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
