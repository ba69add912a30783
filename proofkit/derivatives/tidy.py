"""Shorter by laws: 1 ∘ X is X, x·(1/x) is 1, √x·√x is x, wherever their conditions are known.

Each change is an inference; what comes out is a theorem again.
"""

from __future__ import annotations

from typing import Any

from proofkit import kernel
from proofkit.kernel import Theorem
from proofkit.kernel.binding import closed
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim
from proofkit.kernel.terms import (
    EMPTY,
    NUM,
    REAL,
    as_term,
    total,
)
from proofkit.script.entries import canonical, is_entrywise
from proofkit.script.laws import laws
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
                found = canonical(letter, routine)
                if found is not None and _size(found[1]) < _size(letter):
                    return _letter_replaced(theorem, letter, *found)
        if monomial not in looked_at and looked_at.isdisjoint(a for a, _ in monomial):
            law = next(laws(routine.prove, monomial), None)
            if law is not None:
                return _factors_replaced(theorem, *law)
            looked_at.add(monomial)
    return None


def _size(x: Any) -> int:
    """How many parts a term is written with."""
    return 1 + sum(map(_size, x)) if type(x) is tuple else 0


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
