"""Shorter by laws: 1 ∘ X is X, x·(1/x) is 1, √x·√x is x, wherever their conditions are known.

Each change is an inference; what comes out is a theorem again.
"""

from __future__ import annotations

from typing import Any

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim
from proofkit.kernel.terms import (
    EMPTY,
    NUM,
    REAL,
    as_term,
    identity,
    minus,
    number,
    of_word,
    reverse,
    total,
    transpose,
)
from proofkit.kernel.words import spine
from proofkit.script.entries import canonical, is_entrywise
from proofkit.script.laws import laws, word
from proofkit.script.matching import fact, used
from proofkit.script.routine import Routine

__all__ = ["tidied"]

MOST = 200
"""Changes, one after the other; past this many the rest is left as it is."""


def tidied(routine: Routine, theorem: Theorem, keep: Term) -> Theorem:
    """The equation with shorter terms; ``keep`` is the atom or letter that it is about."""
    looked_at: set[Term] = {keep}
    for symmetric in filter(None, map(_symmetric, routine.known)):
        theorem = _turned(theorem, *symmetric)
    for _ in range(MOST):
        changed = _once(routine, theorem, looked_at)
        if changed is None:
            break
        theorem = changed
    return theorem


def _symmetric(theorem: Theorem) -> tuple[Term, Theorem] | None:
    """A letter that is known to be symmetric, and the theorem that says so."""
    match theorem.conclusion:
        case ("null", ("mat", _, _, ((((), ((x, 0),)), _), (((), ((y, 1),)), _)))) if x == y:
            p, q = (n for _, n in theorem.conclusion[1][3])
            return (node(*x), theorem) if (p, q) == ((1, 1), (-1, 1)) else None
    return None


def _turned(theorem: Theorem, letter: Term, equal: Theorem) -> Theorem:
    """The equation with a symmetric letter upright."""
    e, sort = theorem.conclusion[1], PLAIN.read(letter)[1]
    hole, matrix = node("var", "_hole", sort), as_term(letter, sort)
    terms = tuple(
        ((m, tuple((hole, 0) if x == (letter, 1) else x for x in letters)), n)
        for (m, letters), n in e[-1]
    )
    template = node("forall", sort, closed(claim(node("null", (*e[:-1], terms))), hole))
    return kernel.rewrite(template, transpose(matrix), matrix, equal, theorem)


def _once(routine: Routine, theorem: Theorem, looked_at: set[Term]) -> Theorem | None:
    """The equation with one part replaced, or None if nothing becomes shorter."""
    for (monomial, letters), _ in theorem.conclusion[1][-1]:
        for letter, _ in letters:
            if letter not in looked_at and is_entrywise(letter):
                looked_at.add(letter)
                plain = _without_ones(letter)
                if plain is not None:
                    return _letter_replaced(theorem, letter, *plain)
                found = canonical(letter, routine)
                if found is not None and _size(found[1]) < _size(letter):
                    return _letter_replaced(theorem, letter, *found)
        if letters not in looked_at:
            looked_at.add(letters)
            shorter = _inverse_met(routine, theorem, monomial, letters)
            if shorter is not None:
                return shorter
        if monomial not in looked_at and looked_at.isdisjoint(a for a, _ in monomial):
            law = next(laws(routine.prove, monomial), None)
            if law is not None:
                return _factors_replaced(theorem, *law)
            looked_at.add(monomial)
    return None


def _inverse_met(
    routine: Routine, theorem: Theorem, monomial: Term, letters: Term
) -> Theorem | None:
    """The equation with I for an inverse that meets what it is the inverse of, in one word."""
    for n, (letter, t) in enumerate(letters):
        head, arguments = spine(letter)
        if head != ("word", "inverse") or len(arguments[1][3]) != 1:
            continue
        ((_, of), (p, q)), size = arguments[1][3][0], arguments[0]
        if (p, q) != (1, 1) or arguments[1][3][0][0][0] or not of:
            continue
        beside = reverse(of) if t else of
        for first, name in ((n + 1, "left"), (n - len(of), "right")):
            if letters[max(first, 0) : first + len(of)] != beside:
                continue
            side = ("right" if name == "left" else "left") if t else name
            one = used(kernel.textbook(f"inverse on the {side}"), arguments, routine.prove)
            if one is not None:
                start, end = min(n, first), max(n + 1, first + len(of))
                return _cut(theorem, monomial, letters, (start, end), one, t, size)
    return None


def _cut(
    theorem: Theorem,
    monomial: Term,
    letters: Term,
    where: tuple[int, int],
    one: Theorem,
    t: int,
    size: Term,
) -> Theorem | None:
    """The equation without letters whose product is I, as the theorem says."""
    e = theorem.conclusion[1]
    before, after = node(*letters[: where[0]]), node(*letters[where[1] :])
    shorter = (*before, *after)
    terms = tuple(((m, shorter if (m, w) == (monomial, letters) else w), n) for (m, w), n in e[3])
    goal = claim(node("null", (*e[:3], terms)))
    (p, q) = next(n for key, n in e[3] if key == (monomial, letters))
    left = of_word(("matrix", e[1], size), before) if before else identity(size)
    right = of_word(("matrix", size, e[2]), after) if after else identity(size)
    for old, sign in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        key = (
            ((number(sign * p, q), 1), *monomial),
            ((left, 0), (one.conclusion[1], t), (right, 0)),
        )
        try:
            whole = ((number(old), 1),), ((e, 0),)
            return kernel.algebra(goal, [(theorem, whole), (one, key)])
        except KernelError:
            continue
    return None


def _size(x: Any) -> int:
    """How many parts a term is written with."""
    return 1 + sum(map(_size, x)) if type(x) is tuple else 0


def _without_ones(letter: Term) -> tuple[Theorem, Term] | None:
    """⊢ 𝟏 ∘ X = X or X ∘ 𝟏 = X for a letter of that form, and X."""
    head, arguments = spine(letter)
    if head != ("word", "hadamard"):
        return None
    rows, cols, a, b = arguments
    ones = word("ones", rows, cols)
    if a == ones:
        return fact("hadamard with ones", rows, cols, b), b
    if b != ones:
        return None
    turned = fact("hadamard commutes", rows, cols, a, b)
    plain = fact("hadamard with ones", rows, cols, a)
    goal = claim(null(minus(as_term(letter, PLAIN.read(letter)[1]), a)))
    for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        both = [
            (th, (((number(n), 1),), ((th.conclusion[1], 0),)))
            for th, n in ((turned, s), (plain, t))
            if th.conclusion[1][3]
        ]
        try:
            return kernel.algebra(goal, both), a
        except KernelError:
            continue
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
