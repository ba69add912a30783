"""The way back from the core language: what the kernel proved, as claims that views can print.

Nothing that is proved depends on this: it is how a bare theorem is shown.  Bound variables have
no names in the core language; they are given the customary letters for their sorts.  Encoding
what was decoded gives the core claim back, which is tested on every result; but a claim that
compares two numbers, such as 0 ≤ 0, reads the same of reals and of integers.

>>> from proofkit.claims import Equal, ForAll, encode
>>> from proofkit.symbols import MatrixVariable, natural
>>> n = natural('n')
>>> Q = MatrixVariable('Q', n, n)
>>> decode(encode(ForAll(n, Q, Equal(Q, Q * Q.T))))
∀n, X. X = X·Xᵀ
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from typing import Any, Final

from sympy import Integer, Rational

from proofkit.claims import propositions as p
from proofkit.language import terms as t
from proofkit.language.binding import open_binder
from proofkit.language.errors import LanguageError
from proofkit.language.occurrences import free_variables
from proofkit.language.sorts import bound_term
from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    Gradient,
    Identity,
    Listed,
    MatrixVariable,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Trace,
    Transposed,
    Updated,
    Value,
    Width,
    WidthEnds,
    WidthOf,
    WidthTable,
    Zero,
    index,
    natural,
    real,
    widths,
)

__all__ = ["decode"]

_LETTERS: Final = {
    "index": "kjilhpqrst",
    "nat": "nmpqrs",
    "real": "xyzabc",
    "width": "debcrs",
    "matrix": "XYZUVWABCD",
    "vector": "vwuxyz",
    "function": "fgh",
    "family": "MNPQRST",
    "vectors": "vwuxyz",
}


def decode(claim: t.Term) -> p.Claim:
    """A claim of the core language as a claim; `LanguageError` for what is none."""
    return _Decoder(set(free_variables(claim))).claim(claim)


class _Decoder:
    """Decodes under a supply of names; those in use are not given again."""

    def __init__(self, used: set[str]) -> None:
        self.used = used

    # ── Variables ──────────────────────────────────────────────────────────────────────────────
    def variable(self, var: t.Term) -> Any:
        """A free variable of the core language."""
        _, name, sort = var
        tag = sort[0]
        if tag in ("index", "nat", "real"):
            return {"index": index, "nat": natural, "real": real}[tag](name)
        if tag == "width":
            return widths(name, sort[1])
        if tag == "matrix":
            return MatrixVariable(name, self.index(sort[1]), self.index(sort[2]))
        if tag == "function":
            return Function(name, self.index(sort[1]), self.index(sort[2]))
        if tag == "family":
            with_index, parameters = self.opened([("index",)] * sort[1], sort[2])
            rows = self.index(with_index)
            cols = self.index(open_binder(sort[3], [bound_term(v) for v in parameters]))
            self.release(parameters)
            return Family(name, tuple(index(v[1]) for v in parameters), rows, cols)
        raise LanguageError(f"no sort is called {tag!r}")

    def opened(self, sorts: Sequence[t.Term], body: t.Term) -> tuple[t.Term, list[t.Term]]:
        """A body below binders with named variables in it, and the variables.

        The names stay in use until they are released.
        """
        variables = [("var", self.named(sort), sort) for sort in sorts]
        return open_binder(body, [bound_term(v) for v in variables]), variables

    def named(self, sort: t.Term) -> str:
        """A letter for a variable of the sort that no variable around it has."""
        tag = sort[0]
        if tag in ("matrix", "family") and sort[-1] == t.lin(1):
            tag = "vector" if tag == "matrix" else "vectors"
        name = next(name for name in _names(_LETTERS[tag]) if name not in self.used)
        self.used.add(name)
        return name

    def release(self, variables: Sequence[t.Term]) -> None:
        """The names of the variables may be given again."""
        self.used.difference_update(v[1] for v in variables)

    def bound(self, sort: t.Term, body: t.Term, inside: Any) -> tuple[Any, Any]:
        """The variable of a binder and what ``inside`` makes of its body."""
        body, variables = self.opened([sort], body)
        found = inside(body)
        variable = self.variable(variables[0])
        self.release(variables)
        return variable, found

    # ── Integers and reals ─────────────────────────────────────────────────────────────────────
    def index(self, term: t.Term) -> Any:
        parts = (coefficient * self._index_atom(atom) for atom, coefficient in term[2])
        return sum(parts, Integer(term[1]))

    def _index_atom(self, atom: t.Term) -> Any:
        if atom[0] == "width":
            return Width(self.width(atom[1]), *map(self.index, atom[2]))
        if atom[0] == "rank":
            return Rank(self.matrix(atom[1]))
        return self.variable(atom)

    def width(self, term: t.Term) -> Any:
        tag = term[0]
        if tag == "table":
            return WidthTable(*map(self.index, term[1]))
        if tag == "wlam" and term[1] == 1:
            return WidthOf(*self.bound(("index",), term[2], self.index))
        if tag == "ends":
            _, inner, last, *ends = term
            return WidthEnds(self.width(inner), self.width(last), *map(self.index, ends))
        return self.variable(term)

    def real(self, term: t.Term) -> Any:
        return sum(
            (_number(coefficient) * self._monomial(m) for m, coefficient in term[1]), Integer(0)
        )

    def _monomial(self, monomial: t.Term) -> Any:
        product: Any = Integer(1)
        for atom, power in monomial:
            product *= self._real_atom(atom) ** power
        return product

    def _real_atom(self, atom: t.Term) -> Any:
        if atom[0] == "value":
            return Value(self.function(atom[1]), self.matrix(atom[2]))
        if atom[0] == "int":
            return self._index_atom(atom[1])
        if atom[0] == "trace":
            return Trace(self._word(atom[1]))
        return self.variable(atom)

    # ── Matrices ───────────────────────────────────────────────────────────────────────────────
    def matrix(self, term: t.Term) -> Any:
        _, rows, cols, parts = term
        if not parts:
            return Zero(self.index(rows), self.index(cols))
        found = []
        for (monomial, word), coefficient in parts:
            matrix = self._word(word) if word else Identity(self.index(rows))
            scale = _number(coefficient) * self._monomial(monomial)
            found.append(matrix if scale == 1 else Scaled(scale, matrix))
        return found[0] if len(found) == 1 else Sum(*found)

    def _word(self, word: t.Term) -> Any:
        letters = [(self._letter(letter), transposed) for letter, transposed in word]
        factors = [Transposed(x) if transposed else x for x, transposed in letters]
        return factors[0] if len(factors) == 1 else Product(*factors)

    def _letter(self, letter: t.Term) -> Any:
        tag = letter[0]
        if tag in ("chain", "sum"):
            make = Chain if tag == "chain" else Summation
            return make(self.family(letter[1]), self.index(letter[2]), self.index(letter[3]))
        if tag == "grad":
            return Gradient(self.function(letter[1]), self.matrix(letter[2]))
        return self.variable(letter)

    def family(self, term: t.Term) -> Any:
        tag = term[0]
        if tag == "member":
            return Member(self.family(term[1]), self.index(term[2]))
        if tag == "tab":
            return Tabulated(*self.bound(("index",), term[1], self._member))
        if tag == "replaced":
            _, inner, lo, hi, body = term
            ends = (self.family(inner), self.index(lo), self.index(hi))
            return Replaced(*ends, *self.bound(("index",), body, self.matrix))
        if tag == "updated":
            return Updated(self.family(term[1]), self.index(term[2]), self._member(term[3]))
        if tag == "listed":
            return Listed(*map(self.matrix, term[1]))
        return self.variable(term)

    def _member(self, term: t.Term) -> Any:
        return self.matrix(term) if term[0] == "mat" else self.family(term)

    def function(self, term: t.Term) -> Any:
        if term[0] == "fun":
            return FunctionOf(*self.bound(("matrix", term[1], term[2]), term[3], self.real))
        return self.variable(term)

    def term(self, term: t.Term, sort: t.Term) -> Any:
        """A term of the sort."""
        tag = "index" if sort[0] == "nat" else sort[0]
        return getattr(self, tag)(term)

    # ── Claims ─────────────────────────────────────────────────────────────────────────────────
    def claim(self, claim: t.Term) -> p.Claim:
        tag = claim[0]
        if tag in ("inonneg", "inull", "rnonneg", "rpos", "rnull", "mnull"):
            return self._relation(tag, claim[1])
        if tag in ("and", "or"):
            return {"and": p.And, "or": p.Or}[tag](*map(self.claim, claim[1]))
        if tag == "not":
            return p.Not(self.claim(claim[1]))
        if tag == "implies":
            return self._implies(claim)
        if tag in ("forall", "exists"):
            variable, body = self.bound(claim[1], claim[2], self.claim)
            kind = p.ForAll if tag == "forall" else p.Exists
            if isinstance(body, kind):  # one quantifier over several variables
                return kind(variable, *body.variables, body.body)
            return kind(variable, body)
        if tag == "near":
            return self._near(claim)
        if tag == "differentiable":
            return p.Differentiable(self.function(claim[1]))
        if tag == "convex":
            return p.Convex(self.function(claim[1]))
        if tag == "false":
            return p.Contradiction()
        raise LanguageError(f"no claim is called {tag!r}")

    def _relation(self, tag: str, term: t.Term) -> p.Claim:
        """An order or an equation, what is subtracted put on the other side."""
        if tag == "mnull":
            plus, minus = _sides(term[3])
            left, right = (
                self.matrix((*term[:3], side)) if side else None for side in (plus, minus)
            )
            return p.Equal(left if left is not None else 0, right if right is not None else 0)
        read = self.index if tag[0] == "i" else self.real
        up: t.Term
        down: t.Term
        if tag[0] == "i":
            constant, parts = term[1], term[2]
            strict = tag == "inonneg" and constant < 0
            constant += strict
            plus, minus = _sides(parts)
            up, down = ("lin", max(constant, 0), plus), ("lin", max(-constant, 0), minus)
        else:
            strict = tag == "rpos"
            plus, minus = _sides(term[1])
            up, down = ("poly", plus), ("poly", minus)
        if tag in ("inull", "rnull"):
            return p.Equal(read(up), read(down))
        return (p.Less if strict else p.LessEqual)(read(down), read(up))

    def _implies(self, claim: t.Term) -> p.Claim:
        premises = []
        while claim[0] == "implies":
            premises.append(self.claim(claim[1]))
            claim = claim[2]
        return p.Implies(*premises, self.claim(claim))

    def _near(self, claim: t.Term) -> p.Claim:
        _, sorts, centres, body = claim
        at = [self.term(centre, sort) for centre, sort in zip(centres, sorts, strict=True)]
        body, variables = self.opened(sorts, body)
        inside = self.claim(body)
        pairs = [(self.variable(v), centre) for v, centre in zip(variables, at, strict=True)]
        self.release(variables)
        return p.Near(*pairs, inside)


def _sides(parts: t.Term) -> tuple[t.Term, t.Term]:
    """The parts that are added, and those that are subtracted with their signs turned."""
    return (
        tuple((part, c) for part, c in parts if c > 0),
        tuple((part, -c) for part, c in parts if c < 0),
    )


def _names(letters: str) -> Iterator[str]:
    """The letters, then the letters with numbers."""
    return chain(letters, (f"{letters[0]}_{n}" for n in count(1)))


def _number(x: Any) -> Any:
    value = Fraction(x)
    return Rational(value.numerator, value.denominator)
