"""Inferences made of the kernel's: what follows from it by a few of its rules, each time alike.

Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import at_most, equation, negation, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, fits, read_by, under
from proofkit.kernel.terms import INDEX, as_term, minus, number, plus

__all__ = [
    "at_most",
    "combined",
    "descent",
    "explode",
    "is_index",
    "is_relation_of_indices",
    "less",
    "looked_up",
    "member",
    "scalar",
    "sort_of",
    "summation",
]


def scalar(n: Any) -> Term:
    """A Python number, or what is a number already, as a number."""
    return n if isinstance(n, tuple) else number(n.numerator, n.denominator)


def less(a: Term, b: Term) -> Term:
    """The claim a < b for integers."""
    return at_most(plus(a, number(1)), b)


def sort_of(x: Term) -> Term:
    """The sort of a term in normal form."""
    return PLAIN.read(x)[1]


def is_index(e: Term) -> bool:
    """Whether a term is an integer by its form."""
    return bool(e[0] == "num") and fits(sort_of(e), INDEX)


def is_relation_of_indices(p: Term) -> bool:
    """Whether a claim orders or equates integers."""
    return bool(p[0] == "inonneg") or (bool(p[0] == "null") and is_index(p[1]))


def explode(theorem: Theorem, q: Term) -> Theorem:
    """From Γ ⊢ a contradiction, Γ ⊢ q: the opposite of q was not even needed."""
    opposite = negation(claim(q))
    return kernel.reductio(opposite, theorem)


def combined(
    goal: Term,
    premises: Sequence[Theorem],
    scales: Sequence[Any],
    ranges: Sequence[Theorem] = (),
) -> Theorem:
    """A relation of numbers, as the sum of the premises times the scales."""
    pairs = list(zip(premises, map(scalar, scales), strict=True))
    if goal[0] != "null":
        return kernel.arithmetic(goal, pairs, ranges)
    for theorem in premises:
        if theorem.conclusion[0] != "null":
            problem = "an equation does not follow from inequalities"
            raise KernelError("arithmetic", problem, goal, theorem.conclusion)
    keys = [(th, (((scale, 1), (th.conclusion[1], 1)), ())) for th, scale in pairs]
    return kernel.algebra(goal, keys, ranges)


def descent(predicate: Term, start: Term, base: Theorem, step: Theorem) -> Theorem:
    """From Γ ⊢ p(a) and Δ ⊢ ∀i. i ≤ a → p(i) → p(i−1) conclude Γ, Δ ⊢ ∀i. i ≤ a → p(i).

    By induction over n for p(a − n).
    """
    predicate = claim(predicate)
    n, i = node("var", "_n", INDEX), node("var", "_j", INDEX)
    here, there = minus(start, as_term(n, INDEX)), as_term(i, INDEX)

    def at(place: Term) -> Term:
        return claim(opened(predicate[2], place))

    turned = claim(node("forall", INDEX, closed(at(here), n)))
    inner = kernel.instantiate(step, here)
    natural = kernel.assume(at_most(number(0), as_term(n, INDEX)))
    below = kernel.arithmetic(at_most(here, start), [(natural, number(1))])
    inner = kernel.modus_ponens(inner, below)
    up = kernel.generalise(n, kernel.discharge(natural.conclusion, inner))
    all_ = kernel.induction(turned, number(0), base, up)
    found = kernel.instantiate(all_, minus(start, there))
    low = kernel.assume(at_most(there, start))
    far = kernel.arithmetic(at_most(number(0), minus(start, there)), [(low, number(1))])
    found = kernel.modus_ponens(found, far)
    return kernel.generalise(i, kernel.discharge(low.conclusion, found))


def member(family: Term, at: Term, ranges: Sequence[Theorem] = ()) -> Theorem:
    """⊢ F_at = what it is, for a family whose members are given, looked up as far as that tells.

    Of a family with members changed, the ranges must tell whether this is one of them.
    """
    letter = read_by(PLAIN, node("chain", family, at, at))
    facts = [theorem.conclusion[1] for theorem in ranges]
    body = looked_up(family, at, facts)
    if body is None:
        problem = "a family variable has no definition, or the ranges do not say which member it is"
        raise KernelError("member", problem, found=letter)
    return kernel.algebra(equation(sort_of(letter), letter, body), (), ranges)


def looked_up(family: Term, at: Term, facts: Sequence[Term]) -> Term | None:
    """The member of a family as a matrix, what is in it not looked up again; or None."""
    match family:
        case ("lam", _, body):
            return read_by(PLAIN, opened(body, at))
        case ("changed", old, lo, hi, new):
            known = under(facts).natural
            if all(known(e, ()) for e in (minus(at, lo), minus(hi, at))):
                inside = opened(new[2], at) if new[0] == "lam" else node("chain", new, at, at)
                return read_by(PLAIN, inside)
            outside = (minus(lo, at), minus(at, hi))
            if any(known(minus(e, number(1)), ()) for e in outside):
                below = looked_up(old, at, facts)
                return below or read_by(PLAIN, node("chain", old, at, at))
        case ("at", ("changed", old, lo, hi, _), first):
            known = under(facts).natural
            outside = (minus(lo, first), minus(first, hi))
            if any(known(minus(e, number(1)), ()) for e in outside):
                return read_by(PLAIN, node("chain", node("at", old, first), at, at))
    return None


def summation(total: Term, order: Theorem) -> Theorem:
    """From lo ≤ hi, Σ(F, hi, lo) = Σ(F, hi − 1, lo) + F_hi; from hi < lo, Σ(F, hi, lo) = 0."""
    (((_, ((letter, _),)), _),) = total[3]
    _, family, hi, lo = letter
    if order.conclusion == less(hi, lo):
        return kernel.algebra(null(total), (), [order])
    rest = read_by(PLAIN, node("sum", family, minus(hi, number(1)), lo))
    last = read_by(PLAIN, node("chain", family, hi, hi))
    return kernel.algebra(equation(sort_of(total), total, plus(rest, last)), (), [order])
