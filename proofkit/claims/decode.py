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
from itertools import chain, count
from typing import Any, Final

from sympy import Integer, Rational

from proofkit.claims import propositions as p
from proofkit.kernel.binding import free, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, is_space, read_by
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, minus, number, plus, split
from proofkit.kernel.words import spine
from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    FunctionWord,
    Gradient,
    Identity,
    Image,
    Listed,
    Map,
    MatrixTrace,
    MatrixVariable,
    MatrixWord,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Transposed,
    Updated,
    Value,
    Width,
    WidthEnds,
    WidthOf,
    WidthTable,
    Word,
    Zero,
    encode_term,
    index,
    natural,
    real,
    widths,
)
from proofkit.symbols.faults import LanguageError

__all__ = ["Decoder", "decode"]

_LETTERS: Final = {
    "index": "kjilhpqrst",
    "nat": "nmpqrs",
    "real": "xyzabc",
    "width": "debcrs",
    "matrix": "XYZUVWABCD",
    "vector": "vwuxyz",
    "function": "fgh",
    "activation": "σφψ",
    "family": "MNPQRST",
    "vectors": "vwuxyz",
}


def decode(claim: Term) -> p.Claim:
    """A claim of the core language as a claim; `LanguageError` for what is none."""
    try:
        return Decoder(set(free(claim))).claim(claim)
    except (AttributeError, TypeError, ValueError) as fault:
        if isinstance(fault, LanguageError):
            raise
        raise LanguageError("this claim has no notation", claim) from fault


class Decoder:
    """Decodes under a supply of names; those in use are not given again."""

    def __init__(self, used: set[str]) -> None:
        self.used = used

    # ── Variables ──────────────────────────────────────────────────────────────────────────────
    def variable(self, var: Term) -> Any:
        """A free variable of the core language."""
        _, name, sort = var
        match sort:
            case ("index" | "nat" | "real",):
                return {"index": index, "nat": natural, "real": real}[sort[0]](name)
            case ("matrix", rows, cols):
                return MatrixVariable(name, self.number(rows), self.number(cols))
            case ("to", ("matrix", rows, cols), ("real",)):
                return Function(name, self.number(rows), self.number(cols))
            case ("to", ("matrix" | "real", *_) as takes, ("matrix" | "real", *_) as gives):
                return Map(name, *(tuple(map(self.number, sort[1:])) for sort in (takes, gives)))
        indices, value = _indices(sort)
        if indices and value == NAT:
            return widths(name, indices)
        if indices and value[0] == "matrix":
            parameters = [self.new(INDEX) for _ in range(indices)]
            for v in parameters:
                sort = read_by(PLAIN, opened(sort[2], as_term(v, INDEX)))
            shape = map(self.number, sort[1:])
            self.release(parameters)
            return Family(name, tuple(index(v[1]) for v in parameters), *shape)
        raise LanguageError(f"no variable is of the sort {sort[0]!r}", sort)

    def new(self, sort: Term) -> Term:
        """A variable of the sort with a letter for a name that no variable around it has.

        The name stays in use until it is released.
        """
        name = next(name for name in _names(_LETTERS[_kind(sort)]) if name not in self.used)
        self.used.add(name)
        return node("var", name, sort)

    def release(self, variables: Sequence[Term]) -> None:
        """The names of the variables may be given again."""
        self.used.difference_update(v[1] for v in variables)

    def bound(self, sort: Term, body: Term, inside: Any) -> tuple[Any, Any]:
        """The variable of a binder and what ``inside`` makes of its body."""
        v = self.new(sort)
        found = inside(read_by(PLAIN, opened(body, as_term(v, sort))))
        self.release([v])
        return self.variable(v), found

    # ── Numbers ────────────────────────────────────────────────────────────────────────────────
    def number(self, term: Term) -> Any:
        """An integer or a real number."""
        parts = (Rational(*n) * self._monomial(m) for (m, _), n in term[1])
        return sum(parts, Integer(0))

    def _monomial(self, monomial: Term) -> Any:
        product: Any = Integer(1)
        for atom, power in monomial:
            product *= self._atom(atom) ** power
        return product

    def _atom(self, atom: Term) -> Any:
        match atom:
            case ("rank", matrix):
                return Rank(self.matrix(matrix))
            case ("trace", word):
                return MatrixTrace(self._word(word))
            case ("at", f, x) if spine(f)[0][0] == "word":
                return self._applied_word(Word, atom)
            case ("at", f, x) if _is_on_space(f):
                return Value(self.function(f), self.term(x, REAL))
            case ("at", f, x):
                f, at = _applied(f, [x])
                _, before = _applied(_changes_of(f), [])
                ends = self._with_ends(f, before) if before else None
                if ends is not None:  # the ends of widths of more indices, some of them given
                    width = Width(ends, *map(self.number, [*before, *at]))
                    if _says(width, as_term(atom, NAT)):
                        return width
                return Width(self.width(f), *map(self.number, at))
        return self.variable(atom)

    def width(self, term: Term) -> Any:
        """A function of indices whose values are naturals."""
        if term[0] == "var":
            return self.variable(term)
        if (entries := _table(term)) is not None:
            return WidthTable(*map(self.number, entries))
        if (ends := self._ends(term)) is not None:
            return ends
        if term[0] == "lam" and term[2][0] == "num":
            return WidthOf(*self.bound(INDEX, term[2], self.number))
        raise LanguageError("these widths have no notation", term)

    def _ends(self, term: Term) -> Any:
        """Widths with other values where the last index is 0 and where it is K + 1."""
        indices = _indices(PLAIN.read(term)[1])[0]
        others, inner = [], term
        for _ in range(indices - 1):
            if inner[0] != "lam":
                return None
            v = self.new(INDEX)
            others.append(as_term(v, INDEX))
            inner = read_by(PLAIN, opened(inner[2], others[-1]))
        found = self._with_ends(inner, others) if others else None
        self.release([v[1][0][0][0][0][0] for v in others])
        return found if _says(found, term) else None

    def _with_ends(self, term: Term, others: Sequence[Term]) -> Any:
        """Such widths f, where the term is f at the other indices."""
        match term:
            case (
                "changed",
                ("changed", inner, top, top_, ("lam", _, last)),
                lo,
                hi,
                ("lam", _, first),
            ) if top == top_ and lo == hi == number(0):
                inner, above = _without(inner, others), _function(top, others)
                if inner is not None and above is not None:
                    places = (first, lo), (last, top)
                    ends = (read_by(PLAIN, opened(x, at)) for x, at in places)
                    parts = (self.width(inner), self.width(above), *map(self.number, ends))
                    return WidthEnds(*parts)
        return None

    # ── Matrices ───────────────────────────────────────────────────────────────────────────────
    def matrix(self, term: Term) -> Any:
        _, rows, cols, parts = term
        if not parts:
            return Zero(self.number(rows), self.number(cols))
        found = []
        for (monomial, word), coefficient in parts:
            matrix = self._word(word) if word else Identity(self.number(rows))
            scale = Rational(*coefficient) * self._monomial(monomial)
            found.append(matrix if scale == 1 else Scaled(scale, matrix))
        return found[0] if len(found) == 1 else Sum(*found)

    def _word(self, word: Term) -> Any:
        letters = [(self._letter(letter), transposed) for letter, transposed in word]
        factors = [Transposed(x) if transposed else x for x, transposed in letters]
        return factors[0] if len(factors) == 1 else Product(*factors)

    def _letter(self, letter: Term) -> Any:
        tag = letter[0]
        if tag in ("chain", "sum"):
            make = Chain if tag == "chain" else Summation
            return make(self.family(letter[1]), self.number(letter[2]), self.number(letter[3]))
        if tag == "grad":
            return Gradient(self.function(letter[1]), self.matrix(letter[2]))
        if tag == "at":
            if spine(letter)[0][0] == "word":
                return self._applied_word(MatrixWord, letter)
            return Image(self.function(letter[1]), self.term(letter[2], REAL))
        return self.variable(letter)

    def family(self, term: Term) -> Any:
        """A function of indices whose values are matrices."""
        if (listed := _listed(term)) is not None:
            found = Listed(*map(self.matrix, listed))
            if _says(found, term):  # sizes at other indices are those that a list has
                return found
        match term:
            case ("at", f, i):
                return Member(self.family(f), self.number(i))
            case ("lam", _, body):
                return Tabulated(*self.bound(INDEX, body, self._member))
            case ("changed", inner, lo, hi, ("lam", _, body)) if lo == hi:
                value = read_by(PLAIN, opened(body, lo))
                return Updated(self.family(inner), self.number(lo), self._member(value))
            case ("changed", inner, lo, hi, ("lam", _, body)):
                ends = (self.family(inner), self.number(lo), self.number(hi))
                return Replaced(*ends, *self.bound(INDEX, body, self.matrix))
        return self.variable(term)

    def _member(self, term: Term) -> Any:
        return self.matrix(term) if term[0] == "mat" else self.family(term)

    def function(self, term: Term) -> Any:
        """A function from matrices or reals to such."""
        if term[0] == "lam":
            inside = self.number if term[2][0] == "num" else self.matrix
            return FunctionOf(*self.bound(term[1], term[2], inside))
        if spine(term)[0][0] == "word":
            return self._applied_word(FunctionWord, term)
        return self.variable(term)

    def _applied_word(self, kind: Any, term: Term) -> Any:
        """A word with its arguments."""
        (_, name), arguments = spine(term)
        sort = PLAIN.read(node("word", name))[1]
        parts = []
        for argument in arguments:
            parts.append(self.term(argument, sort[1]))
            sort = sort[2]
        return kind(name, *parts)

    def term(self, term: Term, sort: Term) -> Any:
        """A term of the sort."""
        if term[0] in ("num", "mat"):
            return self.number(term) if term[0] == "num" else self.matrix(term)
        if sort[1] != INDEX:
            return self.function(term)
        return self.width(term) if _indices(sort)[1] == NAT else self.family(term)

    # ── Claims ─────────────────────────────────────────────────────────────────────────────────
    def claim(self, claim: Term) -> p.Claim:
        tag = claim[0]
        if tag in ("inonneg", "rnonneg", "rpos", "null"):
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
        if tag in ("slope", "continuous"):
            f, x, *slope = claim[1:]
            parts = (self.function(f), self.term(x, REAL), *map(self.function, slope))
            return p.Slope(*parts) if slope else p.Continuous(*parts)
        if tag == "false":
            return p.Contradiction()
        raise LanguageError(f"no claim is called {tag!r}")

    def _relation(self, tag: str, term: Term) -> p.Claim:
        """An order or an equation, what is subtracted put on the other side."""
        up, down = ((*term[:-1], side) for side in _sides(term[-1]))
        if term[0] == "mat":
            left, right = (self.matrix(side) if side[3] else 0 for side in (up, down))
            return p.Equal(left if left or right else self.matrix(up), right)
        if tag == "null":
            return p.Equal(self.number(up), self.number(down))
        strict = tag == "rpos"
        if tag == "inonneg" and split(term)[1][0] < 0:  # a − b − 1 ≥ 0 says b < a
            strict = True
            up, down = ((*term[:-1], side) for side in _sides(plus(term, number(1))[-1]))
        return (p.Less if strict else p.LessEqual)(self.number(down), self.number(up))

    def _implies(self, claim: Term) -> p.Claim:
        premises = []
        while claim[0] == "implies":
            premises.append(self.claim(claim[1]))
            claim = claim[2]
        return p.Implies(*premises, self.claim(claim))

    def _near(self, claim: Term) -> p.Claim:
        _, sorts, centres, body = claim
        at = [self.term(centre, sort) for centre, sort in zip(centres, sorts, strict=True)]
        variables = [self.new(sort) for sort in sorts]
        terms = map(as_term, variables, sorts)
        inside = self.claim(read_by(PLAIN, opened(body, *terms)))
        pairs = [(self.variable(v), centre) for v, centre in zip(variables, at, strict=True)]
        self.release(variables)
        return p.Near(*pairs, inside)


def _says(shown: Any, term: Term) -> bool:
    """Whether what is shown, if anything, is encoded as the term."""
    return shown is not None and encode_term(shown) == term


def _sides(parts: Term) -> tuple[Term, Term]:
    """The parts that are added, and those that are subtracted with their signs turned."""
    return (
        tuple((part, n) for part, n in parts if n[0] > 0),
        tuple((part, (-n[0], n[1])) for part, n in parts if n[0] < 0),
    )


def _is_on_space(f: Term) -> bool:
    """Whether a function takes reals or matrices."""
    return is_space(PLAIN.read(f)[1][1])


def _indices(sort: Term) -> tuple[int, Term]:
    """How many indices a function takes, one after the other, and the sort of what it gives."""
    count = 0
    while sort[0] == "to" and sort[1] == INDEX:
        count, sort = count + 1, sort[2]
    return count, sort


def _kind(sort: Term) -> str:
    """The kind of letters that variables of the sort have."""
    indices, value = _indices(sort)
    if value[0] == "matrix":
        column = value[2] == number(1)
        return ("vectors" if column else "family") if indices else "vector" if column else "matrix"
    if indices:
        return "width"
    if sort[0] == "to":
        return "activation" if sort[1] == REAL else "function"
    return str(sort[0])


def _changes(term: Term) -> tuple[Term, list[Term]]:
    """A function of an index, and the values put in at 1, 2, … on top of it, the last outermost."""
    values = []
    while term[0] == "changed" and term[2] == term[3] and term[4][0] == "lam":
        values.append((term[2], read_by(PLAIN, opened(term[4][2], term[2]))))
        term = term[1]
    values.reverse()
    return term, values


def _table(term: Term) -> list[Term] | None:
    """The entries of a width that is given at 0, 1, … and zero elsewhere."""
    base, values = _changes(term)
    inner = [value for _, value in values]
    places = [at for at, _ in values]
    zero = base[0] == "lam" and base[2] == number(0)
    return inner if zero and places == [number(n) for n in range(len(places))] else None


def _listed(term: Term) -> list[Term] | None:
    """The matrices of a family that is given at 1, 2, … and zero elsewhere."""
    base, values = _changes(term)
    places = [at for at, _ in values]
    zero = base[0] == "lam" and base[2][0] == "mat" and not base[2][3]
    inner = [value for _, value in values]
    return (
        inner if zero and places == [number(n + 1) for n in range(len(places))] and inner else None
    )


def _changes_of(term: Term) -> Term:
    """What a function is with nothing changed."""
    while term[0] == "changed":
        term = term[1]
    return term


def _applied(term: Term, arguments: list[Term]) -> tuple[Term, list[Term]]:
    """f and x, y, … of f(x)(y)…, before the other arguments."""
    while term[0] == "at":
        term, arguments = term[1], [term[2], *arguments]
    return term, arguments


def _without(term: Term, arguments: Sequence[Term]) -> Term | None:
    """f of f(x)(y)…, if the term is that."""
    for x in reversed(arguments):
        if term[0] != "at" or term[2] != x:
            return None
        term = term[1]
    return term


def _function(value: Term, arguments: Sequence[Term]) -> Term | None:
    """f of 1 + f(x)(y)…, if the number is that."""
    rest = minus(value, number(1))
    match rest:
        case ("num", ((((((f, 1),), ()), (1, 1)),))):
            return _without(f, arguments)
    return None


def _names(letters: str) -> Iterator[str]:
    """The letters, then the letters with numbers."""
    return chain(letters, (f"{letters[0]}_{n}" for n in count(1)))
