"""Core claims in Coq: each construct of the language becomes the one of ``Language.v`` for it.

`Writer` goes through a claim in normal form.  A number stands where a natural number, an integer or
a real number is wanted, and is written as one: its atoms are turned into that kind, so that
``1 + rank X`` may be compared as an integer and multiplied as a real number.  What has no way to be
said yet (sums of families, rationals among integers) is refused, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from proofkit.kernel.binding import lifted, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN
from proofkit.kernel.terms import EMPTY, INDEX, NAT, NUMBERS, REAL, as_term

__all__ = ["Untold", "Writer"]

_SCOPES = {"nat": "nat", "index": "Z", "real": "R"}
_INTO = {
    ("nat", "index"): "Z.of_nat ",
    ("nat", "real"): "INR ",
    ("index", "real"): "IZR ",
}
_LETTERS = {"nat": "n", "index": "i", "real": "x", "matrix": "X", "to": "f"}


class Untold(ValueError):
    """A claim or term for which there is no way to say it in Coq."""


class Writer:
    """Writes what stands below binders, of these sorts and with these names, outermost first.

    Free variables have the names ``free``.
    """

    def __init__(
        self,
        sorts: Sequence[Term] = (),
        names: Sequence[str] = (),
        free: Mapping[Term, str] | None = None,
    ) -> None:
        self.sorts, self.names, self.free = tuple(sorts), tuple(names), free or {}

    def sort_of(self, x: Term) -> Term:
        """The sort of a term, as the kernel finds it."""
        return PLAIN.read(x, self.sorts)[1]

    def below(self, sort: Term) -> tuple[Writer, str]:
        """The writer below one more binder, and the name of its variable."""
        name = f"{_LETTERS[sort[0]]}{len(self.names)}"
        return Writer((*self.sorts, sort), (*self.names, name), self.free), name

    # ── Sorts ──────────────────────────────────────────────────────────────────────────────────
    def sort(self, s: Term) -> str:
        """A sort of ``Language.v``."""
        match s:
            case ("nat",):
                return "natural"
            case ("index",):
                return "index"
            case ("real",):
                return "real"
            case ("matrix", rows, cols):
                return f"(matrix {self.number(rows, 'nat')} {self.number(cols, 'nat')})"
            case ("to", domain, codomain):
                inner, name = self.below(domain)
                return f"(to {self.sort(domain)} (fun {name} => {inner.sort(codomain)}))"
        raise Untold(f"no sort of Coq: {s}")

    def space(self, s: Term) -> str:
        """The sort as a space."""
        if s[0] == "matrix":
            return f"(matrices {self.number(s[1], 'nat')} {self.number(s[2], 'nat')})"
        if s in (INDEX, NAT, REAL):
            return "reals"
        raise Untold(f"no space of Coq: {s}")

    def place(self, s: Term) -> str:
        """The sort as a place, where families have neighbours, too."""
        if s[0] == "to" and s[1] == INDEX:
            inner, name = self.below(INDEX)
            return f"(family (fun {name} => {inner.place(s[2])}))"
        return f"(here {self.space(s)})"

    def variable(self, x: Term) -> str:
        """A variable, bound or free."""
        if x[0] == "b":
            return self.names[-1 - int(x[1])]
        if x in self.free:
            return self.free[x]
        raise Untold(f"no name for the variable: {x[1]}")

    # ── Numbers and matrices ───────────────────────────────────────────────────────────────────
    def number(self, e: Term, kind: str) -> str:
        """A number as a natural number, an integer or a real number."""
        _, terms = PLAIN.read(e, self.sorts)[0]
        written = " + ".join(self._multiple(key[0], c, kind) for key, c in terms) or "0"
        return written if written.isidentifier() else f"({written})%{_SCOPES[kind]}"

    def _multiple(self, monomial: Term, c: Term, kind: str) -> str:
        p, q = c
        if (kind != "real" and q != 1) or (kind == "nat" and p < 0):
            raise Untold(f"{p}/{q} is of no sort {kind}")
        factors = [
            self._atom(atom, kind) + (f" ^ {power}" if power > 1 else "")
            for atom, power in monomial
        ]
        if c != (1, 1) or not factors:
            whole = str(p) if p >= 0 else f"(- {-p})"
            factors.insert(0, whole if q == 1 else f"({whole} / {q})")
        return " * ".join(factors)

    def _atom(self, x: Term, kind: str) -> str:
        match x:
            case ("b" | "var", *_):
                found, written = self.sort_of(x)[0], self.variable(x)
            case ("rank", a):
                rows, cols = (self.number(size, "nat") for size in a[1:3])
                found, written = "nat", f"(rank {rows} {cols} {self.matrix(a)})"
            case ("trace", word):
                (letter, t), *_ = word
                size = self.number(self.sort_of(letter)[1 + t], "nat")
                found, written = "real", f"(trace {size} {self.word(word)})"
            case ("at", _, _):
                found, written = self.sort_of(x)[0], self.function(x)
            case _:
                raise Untold(f"no number of Coq: {x}")
        into = "" if found == kind else _INTO[found, kind]
        return f"({into}{written})" if into else written

    def matrix(self, a: Term) -> str:
        """A matrix: a sum of multiples of words."""
        _, rows, _, terms = PLAIN.read(a, self.sorts)[0]
        written: list[str] = []
        for (monomial, word), c in terms:
            product = self.word(word) if word else f"(one {self.number(rows, 'nat')})"
            if monomial or c != (1, 1):
                factor = self.number(node("num", (((monomial, EMPTY), c),)), "real")
                product = f"(times {factor} {product})"
            written.append(product)
        return reduce(lambda a, b: f"(plus {a} {b})", written) if written else "zero"

    def word(self, word: Term) -> str:
        """The product of letters."""
        out = ""
        for letter, t in word:
            rows = self.sort_of(letter)[2 if t else 1]
            written = self.letter(letter)
            written = f"(transpose {written})" if t else written
            out = f"(product {self.number(rows, 'nat')} {out} {written})" if out else written
        return out

    def letter(self, x: Term) -> str:
        """A letter, not transposed."""
        match x:
            case ("b" | "var", *_):
                return self.variable(x)
            case ("mat", *_):
                return self.matrix(x)
            case ("at", _, _):
                return self.function(x)
            case ("chain", f, hi, lo) if hi == lo:
                return f"({self.function(f)} {self.number(hi, 'index')})"
            case ("chain", f, hi, lo):
                inner, name = self.below(INDEX)
                cols = inner.number(self.sort_of(f)[2][2], "nat")
                ends = f"{self.number(hi, 'index')} {self.number(lo, 'index')}"
                return f"(chain (fun {name} => {cols}) {self.function(f)} {ends})"
            case ("grad", f, a):
                rows, cols = (self.number(size, "nat") for size in a[1:3])
                return f"(gradient {rows} {cols} {self.function(f)} {self.matrix(a)})"
        raise Untold(f"no matrix of Coq: {x}")

    # ── Functions ──────────────────────────────────────────────────────────────────────────────
    def function(self, f: Term, codomain: Term | None = None) -> str:
        """A function or the value of one; one that is written out has this codomain."""
        match f:
            case ("b" | "var", *_):
                return self.variable(f)
            case ("word", name):
                return f"word_{name}"
            case ("at", _, _):
                return f"({self._applied(f)})"
            case ("changed", f, lo, hi, new):
                parts = [self.function(f), *(self.number(end, "index") for end in (lo, hi))]
                return f"(changed {' '.join(parts)} {self.function(new)})"
            case ("lam", domain, body):
                inner, name = self.below(domain)
                found = inner.sort_of(body) if codomain is None else lifted(codomain, 1)
                if domain == INDEX and found[0] != "matrix":  # its values are looked up
                    return f"(fun {name} => {inner.term(body, found)})"
                return f"(lam {self.sort(domain)} (fun {name} => {inner.term(body, found)}))"
        raise Untold(f"no function of Coq: {f}")

    def _applied(self, value: Term) -> str:
        """A function before its arguments."""
        if value[0] != "at":
            return self.function(value)
        _, f, x = value
        return f"{self._applied(f)} {self.term(x, self.sort_of(f)[1])}"

    def term(self, x: Term, sort: Term) -> str:
        """A term where one of that sort is wanted."""
        if sort[0] in NUMBERS:
            return self.number(as_term(x, sort) if x[0] != "num" else x, sort[0])
        if sort[0] == "matrix":
            return self.matrix(x)
        return self.function(x)

    # ── Claims ─────────────────────────────────────────────────────────────────────────────────
    def claim(self, p: Term) -> str:
        """A claim: a proposition of Coq."""
        match p:
            case ("inonneg", e):
                return f"(0 <= {self.number(e, 'index')})%Z"
            case ("rnonneg", e):
                return f"0 <= {self.number(e, 'real')}"
            case ("rpos", e):
                return f"0 < {self.number(e, 'real')}"
            case ("null", e):
                if e[0] == "mat":
                    rows, cols = (self.number(size, "nat") for size in e[1:3])
                    return f"same {rows} {cols} {self.matrix(e)} zero"
                kind = "real" if self.sort_of(e) == REAL else "index"
                return f"{self.number(e, kind)} = 0%{_SCOPES[kind]}"
            case ("and" | "or" as tag, parts):
                return self._joined(" /\\ " if tag == "and" else " \\/ ", parts)
            case ("implies", first, second):
                return self._joined(" -> ", (first, second))
            case ("not", q):
                return f"~ ({self.claim(q)})"
            case ("false",):
                return "False"
            case ("forall" | "exists" as tag, s, body):
                inner, name = self.below(s)
                quantifier = "each" if tag == "forall" else "some"
                return f"{quantifier} {self.sort(s)} (fun {name} => {inner.claim(body)})"
            case ("near", (s,), (centre,), body):
                inner, name = self.below(s)
                tag, there = ("nearby", self.place(s)) if s[0] == "to" else ("near", self.space(s))
                return f"{tag} {there} {self.term(centre, s)} (fun {name} => {inner.claim(body)})"
            case ("near", sorts, centres, body):
                below = [lifted(s, n) for n, s in enumerate(sorts)]
                return f"nearby {' '.join(self.group(sorts, centres))} {self.apart(below, body)}"
            case ("differentiable" | "convex" as tag, f):
                rows, cols = (self.number(size, "nat") for size in self.sort_of(f)[1][1:])
                return f"{tag} {rows} {cols} {self.function(f, REAL)}"
            case ("slope" | "continuous" as tag, f, x, *linear):
                _, s, t = self.sort_of(f)
                t = REAL if t[0] in NUMBERS else opened(t, EMPTY)
                parts = [self.space(s), self.space(t), self.function(f, t), self.term(x, s)]
                parts += [self.function(slope, t) for slope in linear]
                return " ".join([tag, *parts])
        raise Untold(f"no claim of Coq: {p}")

    def group(self, sorts: Sequence[Term], centres: Sequence[Term]) -> tuple[str, str]:
        """Several things at once: their place and centre."""
        places = [self.place(s) for s in sorts]
        parts = [self.term(c, s) for c, s in zip(centres, sorts, strict=True)]
        place = reduce(lambda rest, first: f"(both {first} {rest})", reversed(places))
        return place, reduce(lambda rest, first: f"({first}, {rest})", reversed(parts))

    def apart(self, sorts: Sequence[Term], body: Term) -> str:
        """The claim below the binders of a group, of a pair, its second part a pair again, …"""
        inner, name = self.below(sorts[0])
        if len(sorts) == 1:
            return f"(fun {name} => {inner.claim(body)})"
        return f"(apart (fun {name} => {inner.apart(sorts[1:], body)}))"

    def _joined(self, sign: str, parts: Iterable[Term]) -> str:
        return sign.join(f"({self.claim(q)})" for q in parts)
