"""Terms and claims in normal form, which the second checker (`proofkit.replay`) compares.

Written, like the checker, from ``FORMAT.md``, whose sections are named in parentheses, and with
the standard library alone.  Terms are made by the operations here and by nothing else.

- Numbers are ``('num', terms)``, matrices ``('mat', rows, cols, terms)``.  The terms are sorted
  pairs (key, coefficient), keys are pairs (monomial, word), and the words of numbers are empty.
- A letter is ``(tag, rows, cols, …)``, so that every matrix says what its shape is, and sums and
  products are refused where shapes do not fit.  A matrix variable is the letter ``mvar``.
- All other terms, sorts and claims are as in the file.

From top to bottom: numbers and matrices, binders, equations, and what the rules of calculus need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, NoReturn

LARGEST, MOST_POWER = 1 << 16_384, 100  # number on the way, power of an atom
WORK = 6_000_000  # parts visited or multiplied, in all

Term = tuple[Any, ...]
Names = frozenset[Term]


class Refused(Exception):
    """The proof is wrong, or goes beyond a limit."""


class Meter:
    """The work that is left, and what `loose` knows of terms met before."""

    left = WORK
    loose: dict[int, tuple[Term, int, Names]] = {}  # noqa: RUF012

    @classmethod
    def start(cls) -> None:
        """Begin with another file."""
        cls.left, cls.loose = WORK, {}


def refuse(why: str) -> NoReturn:
    """Stop, with the reason."""
    raise Refused(why)


def require(condition: bool, why: str) -> None:
    """Stop with the reason unless the condition holds."""
    if not condition:
        raise Refused(why)


def spend(parts: int) -> None:
    """Count work, so that no file keeps the checker busy for ever."""
    Meter.left -= parts
    require(Meter.left >= 0, "checking it takes more work than the limit")


# ── Numbers and matrices (4) ──────────────────────────────────────────────────────────────────
INDEX, NAT, REAL, FALSE = ("index",), ("nat",), ("real",), ("false",)
ORDER = {NAT: 0, INDEX: 1, REAL: 2}
NUM, ONE = ("num",), ((), ())  # the head of numbers, and the key of their constant term
LETTERS = ("mvar", "chain", "sum", "grad")


def make(head: Term, terms: Iterable[Any]) -> Term:
    """A number or matrix: the sum of the terms."""
    sums: dict[Term, Any] = {}
    for key, n in terms:
        sums[key] = sums[key] + n if key in sums else n
    spend(len(sums))
    return (*head, tuple(sorted((key, bounded(n)) for key, n in sums.items() if n)))


def bounded(n: Any) -> Any:
    """A coefficient, if it is not too large."""
    require(-LARGEST < n.numerator < LARGEST > n.denominator, "a number becomes too large")
    return n


def number(n: Any) -> Term:
    """A constant."""
    return make(NUM, [(ONE, n)])


def of_atom(x: Term) -> Term:
    """An atom as a number; what is one already stays."""
    require(x[0] != "mat", "a matrix stands where a number should")
    return x if x[0] == "num" else (*NUM, (((((x, 1),), ()), 1),))


def of_letter(tag: str, rows: Term, cols: Term, *rest: Any) -> Term:
    """A letter as a matrix."""
    return ("mat", rows, cols, ((((), (((tag, rows, cols, *rest), 0),)), 1),))


def of_word(word: Term, size: Term) -> Term:
    """A word as a matrix; the identity of that size if it is empty."""
    if not word:
        return ("mat", size, size, ((ONE, 1),))
    (first, t), (last, u) = word[0], word[-1]
    return ("mat", first[1 + t], last[2 - u], ((((), word), 1),))


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
    if len(a[-1]) == len(b[-1]) == 1:
        ((p, m),), ((q, n),) = a[-1], b[-1]
        return (*head, ((key(p, q, facts), bounded(m * n)),))
    spend(len(a[-1]) * len(b[-1]))
    return make(head, ((key(p, q, facts), m * n) for p, m in a[-1] for q, n in b[-1]))


def key(a: Term, b: Term, facts: Sequence[Term]) -> Term:
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
        while len(out) > 1 and (word := merged(out[-2], out[-1], facts)) is not None:
            out[-2:] = word
    return tuple(out)


def merged(left: Term, right: Term, facts: Sequence[Term]) -> Term | None:
    """The word that two neighbours merge into if they are chains of one family that meet."""
    (a, t), (b, u) = left, right
    if t != u or a[0] != "chain" or b[0] != "chain" or a[3] != b[3]:
        return None
    (_, rows, _, family, hi, cut), (_, _, cols, _, mid, lo) = (b, a) if t else (a, b)
    after = plus(mid, number(1))
    if cut != after or not (known(minus(hi, mid), facts) and known(minus(after, lo), facts)):
        return None
    (((_, word), _),) = chain(rows, cols, family, hi, lo)[-1]
    return tuple((letter, t) for letter, _ in word)


def known(e: Term, facts: Sequence[Term]) -> bool:
    """Whether an integer is known to be ≥ 0."""
    above = (constant(minus(e, fact)) for fact in (number(0), *facts))
    return any(n is not None and n >= 0 for n in above)


def chain(rows: Term, cols: Term, family: Term, hi: Term, lo: Term) -> Term:
    """The product of the members hi … lo of a family, as a matrix."""
    gap = constant(minus(hi, lo))
    require(gap is None or gap >= -1, "a chain ends more than one below its start")
    return of_word((), rows) if gap == -1 else of_letter("chain", rows, cols, family, hi, lo)


def transpose(a: Term) -> Term:
    """The transpose of a matrix."""
    _, rows, cols, terms = a
    return make(("mat", cols, rows), (((m, reverse(w)), n) for (m, w), n in terms))


def reverse(w: Term) -> Term:
    """The transpose of a word."""
    return tuple((letter, 1 - t) for letter, t in reversed(w))


def trace(a: Term, facts: Sequence[Term] = ()) -> Term:
    """The trace of a square matrix; of each word's turns and transposes, the least is taken."""
    _, rows, cols, terms = a
    require(rows == cols, "the trace of a matrix that is not square")
    out = number(0)
    for (m, w), n in terms:
        spend(2 * len(w) ** 2)
        turns = [join(u[c:], u[:c], facts) for u in (w, reverse(w)) for c in range(len(w) or 1)]
        least = min(turns, key=lambda u: (len(u), u))
        value = of_atom(("trace", of_word(least, rows))) if least else rows
        out = plus(out, times((*NUM, (((m, ()), n),)), value))
    return out


def turned(x: Term, t: Any) -> Term:
    """A letter as a matrix, transposed if t is 1."""
    value = of_letter(*x) if x[0] in LETTERS else x
    require(value[0] == "mat" and t in (0, 1), "it is no letter, plain or transposed")
    return transpose(value) if t else value


def assemble(
    head: Term, terms: Any, part: Callable[[Any], Term], facts: Sequence[Term] = ()
) -> Term:
    """The sum of terms whose atoms and letters become numbers and matrices by `part`."""
    total: list[Any] = []
    for (monomial, word), n in terms:
        require(type(n) in (int, Fraction), "a coefficient is no number")
        one = head[:2] + head[1:2]  # of what the factors, one after the other, are put on
        term = (*one, ((ONE, n),) if n else ())
        for x, power in monomial:
            require(type(power) is int and 1 <= power <= MOST_POWER, "a power is out of range")
            value = of_atom(part(x))
            for _ in range(power):
                term = times(value, term)
        for x, t in word:
            term = times(term, turned(part(x), t), facts)
        require(term[:-1] == head, "a term is of another shape than the whole")
        total += term[-1]
    return make(head, total)


# ── Binders: building up again, opening and closing (6) ───────────────────────────────────────
SCOPE = {"forall": 2, "exists": 2, "lam": 2, "to": 2, "near": 3}  # first part below the binders


def parts(x: Term) -> Iterator[tuple[Any, int]]:
    """The parts of a tuple, each with the number of variables that are bound above it."""
    tag = x[0] if x and type(x[0]) is str else ""
    for place, part in enumerate(x):
        below = place >= SCOPE.get(tag, len(x))
        yield part, (len(x[1]) if tag == "near" else 1) if below else 0


def loose(x: Term) -> tuple[int, Names]:
    """How many binders it looks through, and its free variables, those in sorts too."""
    if id(x) in Meter.loose:
        return Meter.loose[id(x)][1:]
    reach, names = (x[1] + 1 if x[:1] == ("b",) else 0), Names({x} if x[:1] == ("var",) else ())
    for part, binders in parts(x):
        if type(part) is tuple:
            deep, more = loose(part)
            reach, names = max(reach, deep - binders), names | more
    Meter.loose[id(x)] = (x, reach, names)  # with x itself, so that its id is not used again
    return reach, names


@dataclass(frozen=True)
class Build:
    """Builds terms and claims up again, with what `look` gives for each variable.

    ``look(v, depth)`` is a variable or a term to stand below so many binders; it changes none
    but loose bound variables and those that are `touched`.  `facts` are integers that are ≥ 0.
    Where `unfold` says so, the members of families and the ends of sums are looked up.
    """

    look: Callable[[Term, int], Term] = lambda v, depth: v
    touched: Names = frozenset()
    facts: Sequence[Term] = ()
    unfold: bool = False
    built: dict[tuple[int, int], Any] = field(default_factory=dict)

    def __call__(self, x: Any, d: int = 0) -> Any:
        """A term, claim or part of one, below d binders; each is built once."""
        if type(x) is not tuple:
            return x
        reach, names = loose(x)
        if reach <= d and self.touched.isdisjoint(names) and not (self.facts or self.unfold):
            return x
        if (id(x), d) not in self.built:
            self.built[id(x), d] = (x, self.fresh(x, d))  # with x, so that its id stays its own
        return self.built[id(x), d][1]

    def fresh(self, x: Term, d: int) -> Any:
        """A term that was not built before."""
        spend(1)
        tag = x[0] if x and type(x[0]) is str else ""
        if tag in ("var", "b"):
            return self.look(x, d)
        if tag in ("num", "mat"):
            head = (tag, *(self(size, d) for size in x[1:-1]))
            return assemble(head, x[-1], partial(self, d=d), self.facts)
        found = [self(part, d + binders) for part, binders in parts(x)]
        return MAKERS[tag](self, *found[1:]) if tag in MAKERS else tuple(found)

    def opened(self, body: Any, *terms: Term) -> Any:
        """The body of a group of binders with terms put in for the variables."""
        m = len(terms)

        def look(v: Term, d: int) -> Term:
            n = v[1] - d if v[0] == "b" else -1
            if n < 0:
                return v
            return lifted(terms[m - 1 - n], d) if n < m else ("b", v[1] - m)

        return Build(look, facts=self.facts, unfold=self.unfold)(body)

    def applied(self, f: Term, x: Term, other: Callable[[Term], Term]) -> Term:
        """The value of a function, as far as it is known; other(g) if it is that of g."""
        if f[0] == "lam":
            return Term(self.opened(f[2], x))
        if f[0] == "pieces":
            outside = True
            for (lo, hi), piece in zip(f[2], f[3], strict=True):
                if known(minus(x, lo), self.facts) and known(minus(hi, x), self.facts):
                    return self.applied(piece, x, other)
                gaps = (plus(minus(a, b), number(-1)) for a, b in ((lo, x), (x, hi)))
                outside = outside and any(known(gap, self.facts) for gap in gaps)
            if outside:
                return self.applied(f[1], x, other)
        return other(f)

    def chain(self, rows: Term, cols: Term, f: Term, hi: Term, lo: Term) -> Term:
        """A chain; one of a single member is looked up where chains are unfolded."""
        if self.unfold and hi == lo:
            return self.applied(f, hi, lambda g: chain(rows, cols, g, hi, lo))
        return chain(rows, cols, f, hi, lo)

    def sum(self, rows: Term, cols: Term, f: Term, hi: Term, lo: Term) -> Term:
        """A sum; its last member is split off where sums are unfolded."""
        if self.unfold and known(minus(hi, lo), self.facts):
            below = self.sum(rows, cols, f, plus(hi, number(-1)), lo)
            return plus(below, self.chain(rows, cols, f, hi, hi))
        if self.unfold and known(plus(minus(lo, hi), number(-1)), self.facts):
            return make(("mat", rows, cols), ())
        return of_letter("sum", rows, cols, f, hi, lo)


PLAIN = Build()
opened = PLAIN.opened


def lifted(x: Any, by: int) -> Any:
    """A term moved below more binders."""
    return Build(lambda v, d: ("b", v[1] + by) if v[0] == "b" and v[1] >= d else v)(x)


def closed(x: Any, variables: Sequence[Term]) -> Any:
    """The body of a new group of binders for these variables."""
    place = {v: n for n, v in enumerate(reversed(variables))}

    def look(v: Term, d: int) -> Term:
        if v[0] == "b" and v[1] >= d:
            return ("b", v[1] + len(place))
        return ("b", d + place[v]) if v in place else v

    return Build(look, frozenset(place))(x)


def matrix_variable(rows: Term, cols: Term, v: Term) -> Term:
    """A matrix variable, or what was put in for it, as a matrix."""
    require(v[0] in ("var", "b") or v[:3] == ("mat", rows, cols), "a matrix of another shape")
    return v if v[0] == "mat" else of_letter("mvar", rows, cols, v)


def null(e: Term) -> Term:
    """The claim that something is 0, with its sign made right."""
    return ("null", times(number(-1), e) if e[-1] and e[-1][0][1] < 0 else e)


def negation(p: Term) -> Term:
    """The claim ¬p (5)."""
    match p[0]:
        case "inonneg":
            return ("inonneg", minus(number(-1), p[1]))
        case "rnonneg" | "rpos":
            return ({"rnonneg": "rpos", "rpos": "rnonneg"}[p[0]], times(number(-1), p[1]))
    return Term(p[1]) if p[0] == "not" else ("not", p)


def applying(tag: str) -> Callable[..., Term]:
    """What makes applications with that tag, where they cannot be looked up."""
    made = of_atom if tag in ("width", "value") else Term
    return lambda b, f, x: b.applied(f, x, lambda g: made((tag, g, x)))


# What has a normal form of its own is made by these.
MAKERS: dict[str, Callable[..., Term]] = {
    **{tag: applying(tag) for tag in ("width", "value", "member")},
    "rank": lambda b, x: of_atom(("rank", x)),
    "trace": lambda b, x: trace(x, b.facts),
    "mvar": lambda b, *x: matrix_variable(*x),
    "chain": Build.chain,
    "sum": Build.sum,
    "grad": lambda b, *x: of_letter("grad", *x),
    "null": lambda b, e: null(e),
    "not": lambda b, p: negation(p),
}


def as_term(v: Term, sort: Term) -> Term:
    """A variable as a term of its sort."""
    if sort[0] == "matrix":
        return of_letter("mvar", *sort[1:], v)
    return of_atom(v) if sort in ORDER else v


def at(family: Term, sort: Term, i: Term) -> Term:
    """The member at i, of the sort, of a family."""
    if sort[0] == "to":
        return ("member", family, i)
    rows, cols = sort[1:]
    return chain(rows, cols, family, i, i)


def equation(sort: Term, a: Term, b: Term) -> Term:
    """The claim a = b for terms of the sort (5)."""
    if sort[0] != "to":
        return null(minus(a, b))
    _, domain, codomain = sort
    x = as_term(("b", 0), lifted(domain, 1))
    a, b = lifted(a, 1), lifted(b, 1)
    if domain == INDEX and codomain[0] == "matrix":
        a, b = at(a, codomain, x), at(b, codomain, x)
    else:
        tag = "member" if codomain[0] == "to" else "value"
        require(tag == "member" or codomain == REAL, "there is no such equation")
        a, b = MAKERS[tag](PLAIN, a, x), MAKERS[tag](PLAIN, b, x)
    return ("forall", domain, equation(codomain, a, b))


# ── Calculus (8) ──────────────────────────────────────────────────────────────────────────────
# Where variables may stand in what is polynomial in them.
POLYNOMIAL = {"num": [1], "mat": [3], "mvar": [3], "trace": [1], "chain": [3], "sum": [3]}
POLYNOMIAL |= {"member": [1], "lam": [2], "pieces": [1, 3]}


def polynomial(t: Any, xs: Names) -> bool:
    """Whether a term, or a part of one, is polynomial in the variables."""
    if type(t) is not tuple or t[:1] == ("var",) or xs.isdisjoint(loose(t)[1]):
        return True
    places = POLYNOMIAL.get(t[0], []) if type(t[0]) is str else range(len(t))
    inside = (polynomial(part, xs) for n, part in enumerate(t) if n in places)
    others = (part for n, part in enumerate(t) if n not in places and type(part) is tuple)
    return all(inside) and all(xs.isdisjoint(loose(part)[1]) for part in others)


def differentiated(f: Term, smooth: Sequence[Term]) -> Term:
    """That a function of a matrix is differentiable, and its gradient."""
    tag, sort, body = f
    require(tag == "lam", "a function without a body")
    x = as_term(("b", 0), sort)
    slope = make(x[:-1], ())
    for (monomial, _), n in body[1]:
        inside = [(atom, power) for atom, power in monomial if loose(atom)[0]]
        if inside:
            rest = tuple(item for item in monomial if item not in inside)
            ((atom, power),) = inside
            require(power == 1, "a power of something with X in it")
            slope = plus(slope, times((*NUM, (((rest, ()), n),)), gradient(atom, x, smooth)))
    found = of_letter("grad", *sort[1:], f, x)
    return ("and", (("differentiable", f), ("forall", sort, null(minus(found, slope)))))


def gradient(atom: Term, x: Term, smooth: Sequence[Term]) -> Term:
    """The gradient of an atom in x, the matrix variable of the binder above it."""
    match atom:
        case ("value", g, e) if g in smooth:
            outer = of_letter("grad", *e[1:3], g, e)
        case ("trace", e):
            outer = of_word((), e[1])
        case _:
            refuse("X occurs where there is no rule for it")
    require(not loose(e[1:3])[0], "a size depends on X")
    slope = make(x[:-1], ())
    for (monomial, word), n in e[3]:
        require(not loose(monomial)[0], "X occurs in a factor")
        for place, (letter, t) in enumerate(word):
            if of_letter(*letter) == x:
                before, after = of_word(word[:place], e[1]), of_word(word[place + 1 :], e[2])
                one, two = (transpose(before), transpose(after)) if not t else (after, before)
                found = times(times(one, transpose(outer) if t else outer), two)
                slope = plus(slope, times((*NUM, (((monomial, ()), n),)), found))
            else:
                require(not loose(letter)[0], "X occurs inside a letter")
    return slope
