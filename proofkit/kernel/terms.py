"""Numbers and matrices: sums of products, always in normal form (FORMAT.md, sections 3 and 4).

A number is ``('num', terms)``, a matrix ``('mat', rows, cols, terms)``; a term is a pair of a key
and a coefficient, a key a pair of a monomial and a word, a coefficient a pair (p, q) that means
p/q.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd
from types import MappingProxyType

from proofkit.kernel.nodes import LanguageError, Term, node, remembered, spend, until_tidy

MOST_TERMS, LONGEST = 1 << 14, 1 << 10  # that a product expands to, and factors of each

# Integers known to be ≥ 0: the terms of each without its constant, and the least constant.
Facts = Mapping[Term, int]
Rational = tuple[int, int]

EMPTY = node()
NUM, ONE = node("num"), node(EMPTY, EMPTY)  # the head of numbers, and the key of constants
INDEX, NAT, REAL = node("index"), node("nat"), node("real")
NUMBERS = ("nat", "index", "real")  # each a part of the next
NO_FACTS: Facts = MappingProxyType({})


def coefficient(p: int, q: int = 1) -> Term:
    """p/q in lowest terms, q > 0."""
    found = _coefficients.get((p, q))
    if found is None:
        divisor = gcd(p, q)
        found = _coefficients[p, q] = node(p // divisor, q // divisor)
    return found


_coefficients: dict[tuple[int, int], Term] = until_tidy({})


def total(head: Term, terms: Iterable[tuple[Term, int, int]]) -> Term:
    """The sum of p/q times each key, in order: the number, or the matrix of that head."""
    sums: dict[int, tuple[Term, int, int]] = {}
    for key, p, q in terms:
        key = node(*key)
        if (before := sums.get(id(key))) is not None:
            p, q = coefficient(p * before[2] + q * before[1], q * before[2])
        sums[id(key)] = (key, p, q)
    ordered = sorted([found for found in sums.values() if found[1]])
    return node(*head, node(*[node(key, coefficient(p, q)) for key, p, q in ordered]))


def each(a: Term) -> list[tuple[Term, int, int]]:
    """The terms of a number or matrix, as `total` takes them."""
    return [(key, p, q) for key, (p, q) in a[-1]]


def number(p: int, q: int = 1) -> Term:
    """The constant p/q.

    >>> number(2, 4)
    ('num', ((((), ()), (1, 2)),))
    """
    return total(NUM, [(ONE, p, q)])


def split(e: Term) -> tuple[Term, Rational]:
    """The terms of a number that are no constant, and its constant."""
    if e[1] and e[1][0][0] == ONE:  # the least of all keys
        return node(*e[1][1:]), e[1][0][1]
    return e[1], (0, 1)


def constant(e: Term) -> Rational | None:
    """The constant that a number is, or None."""
    rest, n = split(e)
    return n if not rest else None


@remembered
def plus(a: Term, b: Term, p: int = 1, q: int = 1) -> Term:
    """a + p/q·b for two numbers, or two matrices of one shape."""
    if a[:-1] != b[:-1]:
        raise LanguageError("things of different shapes are added", a, b)
    if not b[-1]:
        return a
    return total(a[:-1], each(a) + [(key, p * m, q * n) for key, (m, n) in b[-1]])


def minus(a: Term, b: Term) -> Term:
    """a − b."""
    return plus(a, b, -1)


def scaled(a: Term, p: int, q: int = 1) -> Term:
    """p/q·a."""
    return total(a[:-1], ((key, p * m, q * n) for key, m, n in each(a)))


def _bounded(small: bool) -> None:
    if not small:
        raise LanguageError("a product becomes too large")


@remembered
def times(a: Term, b: Term, facts: Facts = NO_FACTS) -> Term:
    """The product of numbers, of matrices that fit, or of a number and a matrix."""
    _bounded(len(a[-1]) * len(b[-1]) <= MOST_TERMS)
    spend(16 * len(a[-1]) * len(b[-1]))
    head = max(a[:-1], b[:-1], key=len)
    if a[0] == b[0] == "mat":
        if a[2] != b[1]:
            raise LanguageError("matrices that do not fit are multiplied", a, b)
        head = ("mat", a[1], b[2])
    products = [
        ((powers(k[0], m[0]), join(k[1], m[1], facts)), p * r, q * s)
        for k, (p, q) in a[-1]
        for m, (r, s) in b[-1]
    ]
    return total(head, products)


def powers(a: Term, b: Term) -> Term:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    _bounded(len(a) + len(b) <= LONGEST)
    spend(4 * (len(a) + len(b)))
    found: dict[int, tuple[Term, int]] = {}
    for atom, power in (*a, *b):
        atom = node(*atom)
        found[id(atom)] = (atom, found.get(id(atom), (atom, 0))[1] + power)
    return node(*(node(*factor) for factor in sorted(found.values())))


def join(v: Term, w: Term, facts: Facts = NO_FACTS) -> Term:
    """The product of two words: letters are pushed one by one, and merge with those before."""
    if not v or not w:
        return v or w
    _bounded(len(v) + len(w) <= LONGEST)
    spend(len(v) + len(w))
    out = list(v)
    for letter in w:
        out.append(letter)
        while len(out) > 1 and (one := _merged(out[-2], out[-1], facts)) is not None:
            out[-2:] = one
    return node(*out)


def _merged(left: Term, right: Term, facts: Facts) -> Term | None:
    """The word that two neighbours are if they are pieces of one chain that meet.

    F[hi:cut]·F[mid:lo] is F[hi:lo] if cut = mid + 1 and lo − 1 ≤ mid ≤ hi.
    """
    (a, t), (b, u) = left, right
    if t != u or a[0] != "chain" or b[0] != "chain" or a[1] != b[1]:
        return None
    (_, family, hi, cut), (_, _, mid, lo) = (b, a) if t else (a, b)
    after = plus(mid, number(1))
    if cut != after or not known(minus(hi, mid), facts) or not known(minus(after, lo), facts):
        return None
    return chain(family, hi, lo, t)


def chain(family: Term, hi: Term, lo: Term, t: int = 0) -> Term:
    """The word of the product F_hi⋯F_lo, empty if hi = lo − 1."""
    length = constant(minus(hi, lo))
    if length is not None and length[0] < -1:
        raise LanguageError(
            "a chain runs backwards; its upper end is at least the lower − 1", hi, lo
        )
    return EMPTY if length == (-1, 1) else node(node(node("chain", family, hi, lo), t))


def known(e: Term, facts: Facts = NO_FACTS) -> bool:
    """Whether an integer is known to be ≥ 0: a constant ≥ 0, or one added to a fact."""
    rest, (p, q) = split(e)
    if not rest:
        return p >= 0
    least = None if facts is NO_FACTS else facts.get(rest)
    return least is not None and p >= least * q


def facts_of(numbers: Iterable[Term]) -> Facts:
    """The facts that these integers are ≥ 0."""
    facts: dict[Term, int] = {}
    for e in numbers:
        rest, (p, _) = split(node(*e))
        facts[rest] = min(p, facts.get(rest, p))
    return facts


def reverse(w: Term) -> Term:
    """The transpose of a word."""
    return node(*(node(letter, 1 - t) for letter, t in reversed(w)))


def transpose(a: Term, t: int = 1) -> Term:
    """The transpose of a matrix, if t is 1."""
    if not t:
        return a
    _, rows, cols, _ = a
    return total(("mat", cols, rows), (((m, reverse(w)), p, q) for (m, w), p, q in each(a)))


def trace(a: Term, facts: Facts = NO_FACTS) -> Term:
    """The trace of a square matrix; a word stands for its rotations and their transposes."""
    _, rows, cols, _ = a
    if rows != cols:
        raise LanguageError("only a square matrix has a trace", a)
    terms: list[tuple[Term, int, int]] = []
    for (monomial, word), p, q in each(a):
        ways = (word, reverse(word))
        turns = [join(node(*w[c:]), node(*w[:c]), facts) for w in ways for c in range(len(w))]
        least = min(turns, key=lambda w: (len(w), w)) if turns else EMPTY
        value = as_term(node("trace", least), REAL) if least else rows
        terms += each(times(total(NUM, [((monomial, EMPTY), p, q)]), value))
    return total(NUM, terms)


@remembered
def as_term(x: Term, sort: Term) -> Term:
    """A factor of a sort as a number or matrix; what is of another sort stays."""
    if sort[0] == "matrix":
        return of_word(sort, node(node(x, 0)))
    if sort[0] in NUMBERS:
        return total(NUM, [((node(node(x, 1)), EMPTY), 1, 1)])
    return x


def of_word(sort: Term, word: Term) -> Term:
    """The matrix of a sort that is one word."""
    spend(64)  # what it takes to write a linear word out there
    return total(("mat", *sort[1:]), [((EMPTY, word), 1, 1)])


def identity(n: Term) -> Term:
    """The n×n identity matrix."""
    return of_word(("matrix", n, n), EMPTY)


def zero(rows: Term, cols: Term) -> Term:
    """The rows×cols zero matrix."""
    return node("mat", rows, cols, EMPTY)
