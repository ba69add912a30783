"""Shorter by laws: 1 ∘ X is X, x·(1/x) is 1, √x·√x is x, wherever their conditions are known.

Each change is an inference; what comes out is a theorem again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import (
    EMPTY,
    NUM,
    REAL,
    as_term,
    constant,
    minus,
    number,
    scaled,
    times,
    total,
)
from proofkit.kernel.words import spine
from proofkit.script.entries import canonical, is_entrywise, word
from proofkit.script.matching import used
from proofkit.script.routine import Routine

__all__ = ["tidied"]

MOST = 200
"""Changes, one after the other; past this many the rest is left as it is."""


def tidied(routine: Routine, theorem: Theorem, keep: Term) -> Theorem:
    """The equation with shorter terms; ``keep`` is the atom or letter that it is about."""
    looked_at: set[Term] = {keep}
    for _ in range(MOST):
        changed = _once(routine, theorem, looked_at)
        if changed is None:
            break
        theorem = changed
    return theorem


def _once(routine: Routine, theorem: Theorem, looked_at: set[Term]) -> Theorem | None:
    """The equation with one part replaced, or None if nothing becomes shorter."""
    for (monomial, letters), _ in theorem.conclusion[1][-1]:
        for letter, _ in letters:
            if letter not in looked_at and is_entrywise(letter):
                looked_at.add(letter)
                found = canonical(letter)
                if found is not None:
                    return _letter_replaced(theorem, letter, *found)
        if monomial not in looked_at and looked_at.isdisjoint(a for a, _ in monomial):
            law = next(_laws(routine, monomial), None)
            if law is not None:
                return _factors_replaced(theorem, *law)
            looked_at.add(monomial)
    return None


def _letter_replaced(theorem: Theorem, letter: Term, equal: Theorem, matrix: Term) -> Theorem:
    """The equation with a matrix for a letter that is equal to it."""
    e, sort = theorem.conclusion[1], PLAIN.read(letter)[1]
    hole = node("var", "_hole", sort)
    terms = tuple(
        ((m, tuple((hole if x == letter else x, t) for x, t in letters)), n)
        for (m, letters), n in e[-1]
    )
    template = node("forall", sort, closed(claim(node("null", (*e[:-1], terms))), hole))
    return kernel.rewrite(template, as_term(letter, sort), matrix, equal, theorem)


def _factors_replaced(theorem: Theorem, factors: Term, value: Term, equal: Theorem) -> Theorem:
    """The equation with a number for factors of monomials whose product it is."""
    e, hole, wanted = theorem.conclusion[1], node("var", "_hole", REAL), dict(factors)
    terms = []
    for (monomial, letters), n in e[-1]:
        powers = dict(monomial)
        if all(powers.get(a, 0) >= k for a, k in factors):
            left = ((a, k - wanted.get(a, 0)) for a, k in monomial)
            monomial = ((hole, 1), *((a, k) for a, k in left if k))
        terms.append(((monomial, letters), n))
    body = claim(node("null", (*e[:-1], tuple(terms))))
    template = node("forall", REAL, closed(body, hole))
    product = total(NUM, [((factors, EMPTY), 1, 1)])
    return kernel.rewrite(template, product, value, equal, theorem)


Law = tuple[Term, Term, Theorem]
"""Factors with their powers, the number that is their product, and the equation."""


def _laws(routine: Routine, monomial: Term) -> Iterator[Law]:
    powers = dict(monomial)
    for atom, power in monomial:
        head, arguments = spine(atom)
        if head == ("word", "reciprocal"):
            yield from _of_reciprocal(routine, atom, arguments[0], powers)
        if head == ("word", "sqrt") and power > 1:
            root = used(kernel.textbook("square of root"), arguments, routine.prove)
            if root is not None:
                yield node((atom, 2)), arguments[0], root


def _of_reciprocal(
    routine: Routine, atom: Term, of: Term, powers: dict[Term, int]
) -> Iterator[Law]:
    """Laws for 1/of: of a number, of a product, and where it meets what it is the reciprocal of."""
    size = constant(of)
    if size is not None and size[0]:
        one = used(kernel.textbook("quotient"), [of], routine.prove)
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
        theorem = used(kernel.textbook("reciprocal of product"), [factors[0], rest], routine.prove)
        if theorem is not None:
            value = times(word("reciprocal", factors[0]), word("reciprocal", rest))
            yield node((atom, 1)), value, theorem
    elif monomial[0][0] in powers:
        theorem = used(kernel.textbook("quotient"), [of], routine.prove)
        if theorem is not None:
            yield node(*sorted([(atom, 1), (monomial[0][0], 1)])), number(1), theorem


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
