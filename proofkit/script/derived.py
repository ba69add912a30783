"""Inferences made of the kernel's: what follows from it by a few of its rules, each time alike.

Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened, reach
from proofkit.kernel.claims import at_most, equation, negation, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, fits, read_by, under
from proofkit.kernel.terms import INDEX, REAL, as_term, minus, number, plus, times, trace, zero

ONE = number(1)

__all__ = [
    "at_most",
    "combined",
    "descent",
    "excluded_middle",
    "explode",
    "is_index",
    "is_relation_of_indices",
    "least_index",
    "less",
    "looked_up",
    "member",
    "natural",
    "near_nonzero",
    "scalar",
    "sort_of",
    "squeeze",
    "summation",
    "trace_of_null",
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


def excluded_middle(p: Term) -> Theorem:
    """⊢ p ∨ ¬p: its negation refutes both parts."""
    p = claim(p)
    goal = claim(node("or", (p, negation(p))))
    neither = kernel.assume(negation(goal))
    wrong = kernel.contradiction(kernel.either(kernel.assume(p), goal), neither)
    other = kernel.either(kernel.reductio(p, wrong), goal)
    return kernel.reductio(neither.conclusion, kernel.contradiction(other, neither))


def natural(e: Term) -> Theorem:
    """⊢ 0 ≤ e for a number e of sort nat."""
    return kernel.instantiate(kernel.textbook("natural numbers"), e)


def squeeze(at_least: Theorem, at_most: Theorem) -> Theorem:
    """From Γ ⊢ e ≥ 0 and Δ ⊢ −e ≥ 0 conclude Γ, Δ ⊢ e = 0, for an integer e."""
    e = at_least.conclusion[1]
    fact = kernel.instantiate(kernel.textbook("antisymmetry"), e)
    fact = kernel.instantiate(fact, number(0))
    return kernel.modus_ponens(kernel.modus_ponens(fact, at_most), at_least)


def trace_of_null(equation: Theorem, cofactor: Term) -> tuple[Theorem, int]:
    """⊢ tr(X·C) = 0 from ⊢ X = 0, and the sign under which the claim holds tr(X·C)."""
    matrix = equation.conclusion[1]
    sort = node("matrix", matrix[1], matrix[2])
    variable = node("var", "_z", sort)
    body = null(trace(times(as_term(variable, sort), cofactor)))
    template = node("forall", sort, closed(body, variable))
    empty = zero(matrix[1], matrix[2])
    trivial = kernel.algebra(opened(template[2], empty))
    theorem = kernel.rewrite(template, empty, matrix, equation, trivial)
    value = trace(times(matrix, cofactor))
    return theorem, 1 if theorem.conclusion[1] == value else -1


def near_nonzero(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(ε) for real ε near 0 conclude Γ ⊢ ∃ε. ε ≠ 0 ∧ p(ε).

    Otherwise ε = 0 for all ε near 0.
    """
    p = theorem.conclusion
    if p[0] != "near" or p[1:3] != ((REAL,), (number(0),)):
        problem = "the premise must be about a real number near 0"
        raise KernelError("near: a small number", problem, None, p)
    x = node("var", "_x", REAL)
    zero = null(as_term(x, REAL))
    goal = claim(node("exists", REAL, ("and", (negation(closed(zero, x)), p[3]))))
    none = kernel.assume(negation(goal))
    here = kernel.assume(claim(opened(p[3], as_term(x, REAL))))
    both = kernel.conjoin(kernel.assume(negation(zero)), here)
    wrong = kernel.contradiction(kernel.witness(goal, as_term(x, REAL), both), none)
    only = kernel.discharge(here.conclusion, kernel.reductio(negation(zero), wrong))
    around = node("near", p[1], p[2], closed(zero, x))
    isolated = kernel.near_all(around, kernel.generalise(x, only), theorem)
    wrong = kernel.contradiction(isolated, kernel.textbook("zero is not isolated"))
    return kernel.reductio(none.conclusion, wrong)


def least_index(existence: Theorem, bounded: Theorem) -> Theorem:
    """From Γ ⊢ ∃i. p(i) and Δ ⊢ ∀i. p(i) → lo ≤ i conclude Γ, Δ ⊢ ∃i. p(i) ∧ ∀l. p(l) → i ≤ l.

    Were there no least one, then by induction none up to lo − 1, lo, …
    """
    some, bound, b0 = existence.conclusion, bounded.conclusion, as_term(node("b", 0), INDEX)
    match some, bound:
        case (("exists", sort, body), ("forall", other, ("implies", p, ("inonneg", e)))) if (
            sort == other == INDEX and p == body and not reach(minus(e, b0))
        ):
            start = minus(minus(b0, e), number(1))
        case _:
            problem = "a bound lo ≤ i for all i that satisfy the claim is needed"
            raise KernelError("least index", problem, some, bound)
    i, one, two = (node("var", name, INDEX) for name in ("_i", "_l", "_m"))
    at, l_, m = (as_term(v, INDEX) for v in (i, one, two))

    def p_at(place: Term) -> Term:
        return claim(opened(body, place))

    def nowhere(end: Term) -> Term:
        return node("forall", INDEX, closed(_implies(at_most(l_, end), negation(p_at(l_))), one))

    def none_up_to(end: Term, wrong: Theorem) -> Theorem:
        """∀l. l ≤ end → ¬p(l), from a contradiction for l."""
        not_here = kernel.reductio(p_at(l_), wrong)
        return kernel.generalise(one, kernel.discharge(at_most(l_, end), not_here))

    least = node("forall", INDEX, closed(_implies(p_at(m), at_most(l_, m)), two))
    goal = node("exists", INDEX, closed(node("and", (p_at(l_), least)), one))
    none = kernel.assume(negation(claim(goal)))
    here, low = kernel.assume(p_at(l_)), kernel.assume(at_most(l_, start))
    above = kernel.modus_ponens(kernel.instantiate(bounded, l_), here)
    base = none_up_to(start, kernel.arithmetic(("false",), [(above, ONE), (low, ONE)]))
    before, up_to = kernel.assume(nowhere(at)), at_most(l_, plus(at, ONE))
    other, smaller = kernel.assume(p_at(m)), kernel.assume(less(m, l_))
    below = kernel.arithmetic(at_most(m, at), [(smaller, ONE), (kernel.assume(up_to), ONE)])
    refuted = kernel.modus_ponens(kernel.instantiate(before, m), below)
    order = kernel.reductio(smaller.conclusion, kernel.contradiction(other, refuted))
    order = kernel.generalise(two, kernel.discharge(other.conclusion, order))
    found = kernel.witness(goal, l_, kernel.conjoin(here, order))
    step = none_up_to(plus(at, ONE), kernel.contradiction(found, none))
    step = kernel.discharge(at_most(start, at), kernel.discharge(before.conclusion, step))
    predicate = node("forall", INDEX, closed(nowhere(at), i))
    all_ = kernel.induction(predicate, start, base, kernel.generalise(i, step))
    there = kernel.modus_ponens(kernel.instantiate(bounded, l_), here)
    after = kernel.arithmetic(at_most(start, l_), [(there, ONE)])
    none_here = kernel.modus_ponens(kernel.instantiate(all_, l_), after)
    itself = kernel.arithmetic(at_most(l_, l_), [])
    none_here = kernel.modus_ponens(kernel.instantiate(none_here, l_), itself)
    wrong = kernel.obtain(existence, one, kernel.contradiction(here, none_here))
    return kernel.reductio(none.conclusion, wrong)


def _implies(p: Term, q: Term) -> Term:
    return node("implies", p, q)


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
