"""Laws of numbers that make a product shorter: x·(1/x) = 1, √x·√x = x, eᵘ/(1 + eᵘ) = logistic u.

Each comes with the theorem that the two sides are equal, its condition proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.reading import claim as read_claim
from proofkit.kernel.terms import (
    EMPTY,
    NUM,
    REAL,
    as_term,
    constant,
    each,
    minus,
    number,
    plus,
    scaled,
    times,
    total,
)
from proofkit.kernel.words import spine
from proofkit.script.derived import combined
from proofkit.script.matching import fact, used

__all__ = [
    "Law",
    "Meet",
    "cancelled",
    "exp_laws",
    "exp_of_opposite",
    "exp_of_sum",
    "laws",
    "log_laws",
    "log_of_absolute",
    "log_of_reciprocal",
    "word",
]

Meet = Callable[[Term], "Theorem | None"]


def word(name: str, *arguments: Term) -> Term:
    """The value of a word, in normal form."""
    value = node("word", name)
    for argument in arguments:
        value = node("at", value, argument)
    return read_by(PLAIN, value)


Law = tuple[Term, Term, Theorem]
"""Factors with their powers, the number that is their product, and the equation."""


def laws(prove: Meet, monomial: Term) -> Iterator[Law]:
    powers = dict(monomial)
    for atom, power in monomial:
        head, arguments = spine(atom)
        if head == ("word", "reciprocal"):
            yield from _of_reciprocal(prove, atom, arguments[0], powers)
            yield from _logistic(atom, arguments[0], powers)
        if head == ("word", "sqrt") and power > 1:
            root = used(kernel.textbook("square of root"), arguments, prove)
            if root is not None:
                yield node((atom, 2)), arguments[0], root


def exp_of_sum(e: Term, atom: Term) -> Law | None:
    """exp(x + y) = exp x · exp y, x the first term, where a number has no reciprocals.

    In one with reciprocals, sums are left for eᵘ/(1 + eᵘ).
    """
    head, arguments = spine(atom)
    if head != ("word", "exp") or len(arguments[0][1]) < 2 or _speaks_of(e, ("word", "reciprocal")):
        return None
    key, (p, q) = arguments[0][1][0]
    first = total(NUM, [(key, p, q)])
    rest = minus(arguments[0], first)
    value = times(word("exp", first), word("exp", rest))
    return node((atom, 1)), value, fact("exp of sum", first, rest)


def _speaks_of(x: Term, what: Term) -> bool:
    return x == what or any(type(part) is tuple and _speaks_of(part, what) for part in x)


def exp_laws(u: Term, prove: Meet) -> Iterator[Theorem]:
    """What is known of exp u: it has a reciprocal, and of a sum u it is a product."""
    one = used(kernel.textbook("quotient"), [word("exp", u)], prove)
    if one is not None:
        yield one
    while len(u[1]) > 1:
        key, (p, q) = u[1][0]
        first = total(NUM, [(key, p, q)])
        u = minus(u, first)
        yield fact("exp of sum", first, u)


def log_laws(u: Term, prove: Meet) -> Iterator[Theorem]:
    """What is known of log u where u is a product of positive numbers: it is a sum."""
    while len(u[1]) == 1:
        (monomial, _), (p, q) = u[1][0]
        factors = [as_term(a, REAL) for a, n in monomial for _ in range(n)]
        factors = [number(p, q), *factors] if (p, q) != (1, 1) else factors
        if len(factors) < 2:
            return
        first, u = factors[0], _product(factors[1:])
        split = used(kernel.textbook("log of product"), [first, u], prove)
        if split is None:
            return
        yield split


def exp_of_opposite(u: Term) -> Theorem:
    """⊢ exp u · exp(−u) = 1, by exp of sum and exp 0 = 1."""
    opposite = scaled(u, -1)
    both = fact("exp of sum", u, opposite)
    goal = read_by(PLAIN, null(minus(times(word("exp", u), word("exp", opposite)), number(1))))
    for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        with suppress(KernelError):
            return combined(goal, [both, fact("exp of zero")], signs)
    raise KernelError("algebra", "exp of a number and of its opposite make 1", goal)


def _of_reciprocal(prove: Meet, atom: Term, of: Term, powers: dict[Term, int]) -> Iterator[Law]:
    """Laws for 1/of: of a number, of a product, and where it meets what it is the reciprocal of."""
    size = constant(of)
    if size is not None and size[0]:
        one = used(kernel.textbook("quotient"), [of], prove)
        inverse = number(*((size[1], size[0]) if size[0] > 0 else (-size[1], -size[0])))
        if one is not None:
            yield node((atom, 1)), inverse, _scaled(one, atom, inverse)
    if size is not None or len(of[1]) != 1:
        return
    (monomial, _), (p, q) = of[1][0]
    factors = [as_term(a, REAL) for a, n in monomial for _ in range(n)]
    factors = [number(p, q), *factors] if (p, q) != (1, 1) else factors
    if len(factors) > 1:
        rest = _product(factors[1:])
        theorem = used(kernel.textbook("reciprocal of product"), [factors[0], rest], prove)
        if theorem is not None:
            value = times(word("reciprocal", factors[0]), word("reciprocal", rest))
            yield node((atom, 1)), value, theorem
    elif monomial[0][0] in powers:
        theorem = used(kernel.textbook("quotient"), [of], prove)
        if theorem is not None:
            yield node(*sorted([(atom, 1), (monomial[0][0], 1)])), number(1), theorem


def _logistic(atom: Term, of: Term, powers: dict[Term, int]) -> Iterator[Law]:
    """eᵘ/(1 + eᵘ) and 1/(1 + eᵘ)."""
    match minus(of, number(1)):
        case ("num", (((((e, 1),), _), (1, 1)),)) if spine(e)[0] == ("word", "exp"):
            inner = spine(e)[1][0]
            if e in powers:
                both = node(*sorted([(atom, 1), (e, 1)]))
                yield both, word("logistic", inner), fact("logistic as quotient", inner)
            value = word("logistic", scaled(inner, -1))
            yield node((atom, 1)), value, fact("logistic as reciprocal", inner)


def cancelled(prove: Meet, e: Term) -> tuple[Term, Theorem] | None:
    """A number in which a reciprocal 1/u met a multiple of u, and ⊢ that it is equal, or None."""
    for atom in dict.fromkeys(a for (m, _), _ in e[1] for a, _ in m):
        head, arguments = spine(atom)
        if head != ("word", "reciprocal") or len(arguments[0][1]) < 2:
            continue
        top = max(dict(m).get(atom, 0) for (m, _), _ in e[1])
        over = [(k, p, q) for k, p, q in each(e) if dict(k[0]).get(atom, 0) == top]
        numerator = total(NUM, [((_less(m, atom, top), w), p, q) for (m, w), p, q in over])
        quotient = _divided(numerator, arguments[0])
        if quotient is None:
            continue
        one = used(kernel.textbook("quotient"), arguments, prove)
        if one is None:
            continue
        power = total(NUM, [((node((atom, top - 1)) if top > 1 else EMPTY, EMPTY), 1, 1)])
        share = times(quotient, power)
        value = plus(minus(e, total(NUM, over)), share)
        goal = read_by(PLAIN, null(minus(e, value)))
        for sign in (1, -1):
            key = (((scaled(share, sign), 1), (one.conclusion[1], 1)), ())
            try:
                return value, kernel.algebra(goal, [(one, key)])
            except KernelError:
                continue
    return None


def _less(monomial: Term, atom: Term, power: int) -> Term:
    return node(*(node(a, n) for a, n in monomial if a != atom or n > power))


def _divided(e: Term, by: Term) -> Term | None:
    """The quotient of two numbers as polynomials, if there is no remainder."""
    lead, (p, q) = max(by[1], key=_order)
    quotient = number(0)
    for _ in range(64):
        if not e[1]:
            return quotient
        (monomial, _), (r, s) = max(e[1], key=_order)
        powers = dict(lead[0])
        if any(dict(monomial).get(a, 0) < n for a, n in powers.items()):
            return None
        rest = node(*(node(a, n - powers.get(a, 0)) for a, n in monomial if n > powers.get(a, 0)))
        term = total(NUM, [((rest, EMPTY), r * q * (1 if p > 0 else -1), s * abs(p))])
        quotient, e = plus(quotient, term), minus(e, times(term, by))
    return None


def _order(term: Term) -> tuple[int, Term]:
    (monomial, _), _ = term
    return sum(n for _, n in monomial), monomial


def log_of_reciprocal(prove: Meet, x: Term) -> Theorem | None:
    """⊢ log x + log (1/x) = 0 for x > 0, by log of product and log 1 = log e⁰ = 0."""
    other = word("reciprocal", x)
    product = used(kernel.textbook("log of product"), [x, other], prove)
    quotient = used(kernel.textbook("quotient"), [x], prove)
    if product is None or quotient is None:
        return None
    z = node("var", "_z", REAL)
    sides = minus(word("log", as_term(z, REAL)), plus(word("log", x), word("log", other)))
    split = _with(sides, z, times(x, other), number(1), quotient, product)
    of_one, zero = word("log", as_term(z, REAL)), fact("log of exp", number(0))
    inside = _with(of_one, z, word("exp", number(0)), number(1), fact("exp of zero"), zero)
    goal = read_by(PLAIN, null(plus(word("log", x), word("log", other))))
    for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        with suppress(KernelError):
            return combined(goal, [split, inside], signs)
    return None


def log_of_absolute(prove: Meet, x: Term) -> Theorem | None:
    """⊢ log |x| = log x for x ≥ 0."""
    equal = used(kernel.textbook("abs of nonnegative"), [x], prove)
    if equal is None:
        return None
    z, size = node("var", "_z", REAL), word("abs", x)
    sides = minus(word("log", size), word("log", as_term(z, REAL)))
    return _with(sides, z, size, x, equal, kernel.algebra(null(number(0)), []))


def _with(e: Term, z: Term, old: Term, new: Term, equal: Theorem, theorem: Theorem) -> Theorem:
    """⊢ e(new) = 0 from e(old) = 0."""
    template = read_claim(node("forall", REAL, closed(null(e), z)))
    return kernel.rewrite(template, old, new, equal, theorem)


def _product(factors: Iterable[Term]) -> Term:
    out = number(1)
    for factor in factors:
        out = times(out, factor)
    return out


def _scaled(one: Theorem, atom: Term, inverse: Term) -> Theorem:
    """⊢ 1/n = the number, from n·(1/n) = 1."""
    goal = read_by(PLAIN, null(minus(as_term(atom, REAL), inverse)))
    for sign in (1, -1):
        key = (((scaled(inverse, sign), 1), (one.conclusion[1], 1)), ())
        try:
            return kernel.algebra(goal, [(one, key)])
        except KernelError:
            continue
    raise KernelError("algebra", "a number times its reciprocal is 1", goal)
