"""The rules of logic: connectives, quantifiers, induction, choice and substitution of equals.

Γ, Δ stand for hypotheses.  Source of the propositional and quantifier rules: D. Prawitz, Natural
Deduction (1965), chapter I.
"""

from __future__ import annotations

from typing import Any

from proofkit.kernel.binding import B0, B1, closed, free, moved, opened
from proofkit.kernel.claims import FALSE, at_most, equation, negation
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim, term, variable
from proofkit.kernel.terms import INDEX, as_term
from proofkit.kernel.theorem import Theorem, inference_rule, joint, require, says, seal, without


def _fresh(rule: str, x: Term, *where: Term) -> None:
    for p in where:
        problem = f"{x[1]} must not occur here, so that it is arbitrary"
        require(x[1] not in free(p), rule, problem, None, p)


# ── Connectives ────────────────────────────────────────────────────────────────────────────────
@inference_rule
def assume(p: Any) -> Theorem:
    """p ⊢ p."""
    p = claim(p)
    return seal("assume", (), (p,), p, [p])


@inference_rule
def discharge(p: Any, theorem: Theorem) -> Theorem:
    """From Γ, p ⊢ q conclude Γ ⊢ p → q."""
    p = claim(p)
    conclusion = node("implies", p, says(theorem, rule="discharge"))
    return seal("discharge", (theorem,), (p,), conclusion, without(p, theorem))


@inference_rule
def modus_ponens(implication: Theorem, premise: Theorem) -> Theorem:
    """From Γ ⊢ p → q and Δ ⊢ p conclude Γ, Δ ⊢ q."""
    rule = "modus ponens"
    _, p, q = says(implication, "implies", rule=rule)
    found = says(premise, rule=rule)
    require(found == p, rule, "the second premise is not what the implication asks", p, found)
    return seal(rule, (implication, premise), (), q)


@inference_rule
def conjoin(*theorems: Theorem) -> Theorem:
    """From Γᵢ ⊢ pᵢ conclude Γ₁, …, Γₙ ⊢ p₁ ∧ … ∧ pₙ, n ≥ 2."""
    require(len(theorems) >= 2, "conjoin", "two or more theorems are needed")
    parts = tuple(says(th, rule="conjoin") for th in theorems)
    return seal("conjoin", theorems, (), node("and", parts))


@inference_rule
def project(theorem: Theorem, n: int) -> Theorem:
    """From Γ ⊢ p₀ ∧ p₁ ∧ … conclude Γ ⊢ pₙ."""
    _, claims = says(theorem, "and", rule="project")
    inside = type(n) is int and 0 <= n < len(claims)
    require(inside, "project", f"there are {len(claims)} parts, counted from 0")
    return seal("project", (theorem,), (n,), claims[n])


@inference_rule
def either(theorem: Theorem, disjunction: Any) -> Theorem:
    """From Γ ⊢ pᵢ conclude Γ ⊢ p₁ ∨ … ∨ pₙ."""
    goal, p = claim(disjunction), says(theorem, rule="either")
    proved = goal[0] == "or" and p in goal[1]
    require(proved, "either", "no part of the disjunction was proved", goal, p)
    return seal("either", (theorem,), (goal,), goal)


@inference_rule
def cases(disjunction: Theorem, *branches: Theorem) -> Theorem:
    """From Γ ⊢ p₁ ∨ … ∨ pₙ and Δᵢ, pᵢ ⊢ q for each i conclude Γ, Δ₁, …, Δₙ ⊢ q."""
    _, claims = says(disjunction, "or", rule="cases")
    ends = [says(branch, rule="cases") for branch in branches]
    count = f"{len(claims)} branches are needed, {len(ends)} came"
    require(len(ends) == len(claims), "cases", count)
    for end in ends:
        require(end == ends[0], "cases", "all branches must reach one conclusion", ends[0], end)
    rest = [h for p, branch in zip(claims, branches, strict=True) for h in without(p, branch)]
    return seal("cases", (disjunction, *branches), (), ends[0], (*joint(disjunction), *rest))


@inference_rule
def contradiction(theorem: Theorem, opposite: Theorem) -> Theorem:
    """From Γ ⊢ p and Δ ⊢ ¬p conclude Γ, Δ ⊢ a contradiction."""
    rule = "contradiction"
    wanted, found = negation(says(theorem, rule=rule)), says(opposite, rule=rule)
    require(wanted == found, rule, "the second is not the negation of the first", wanted, found)
    return seal(rule, (theorem, opposite), (), FALSE)


@inference_rule
def reductio(p: Any, theorem: Theorem) -> Theorem:
    """From Γ, p ⊢ a contradiction conclude Γ ⊢ ¬p (where ¬¬q is q)."""
    p = claim(p)
    says(theorem, "false", rule="reductio")
    return seal("reductio", (theorem,), (p,), negation(p), without(p, theorem))


# ── Quantifiers ────────────────────────────────────────────────────────────────────────────────
@inference_rule
def generalise(x: Any, theorem: Theorem) -> Theorem:
    """From Γ ⊢ p conclude Γ ⊢ ∀x. p, x not free in Γ nor in the sort of another variable of p."""
    x, p = variable(x), says(theorem, rule="generalise")
    body = closed(p, x)
    _fresh("generalise", x, body, *joint(theorem))
    return seal("generalise", (theorem,), (x,), node("forall", x[2], body))


@inference_rule
def instantiate(theorem: Theorem, value: Any) -> Theorem:
    """From Γ ⊢ ∀x. p conclude Γ ⊢ p[x := value], for a term of the sort of x."""
    _, sort, body = says(theorem, "forall", rule="instantiate")
    value = term(value, sort)
    return seal("instantiate", (theorem,), (value,), opened(body, value))


@inference_rule
def witness(goal: Any, value: Any, theorem: Theorem) -> Theorem:
    """From Γ ⊢ p[x := value] conclude Γ ⊢ ∃x. p."""
    goal, found = claim(goal), says(theorem, rule="witness")
    require(goal[0] == "exists", "witness", "the goal says of nothing that it exists", None, goal)
    value = term(value, goal[1])
    wanted = claim(opened(goal[2], value))
    require(wanted == found, "witness", "the witness was not shown to be one", wanted, found)
    return seal("witness", (theorem,), (goal, value), goal)


@inference_rule
def obtain(existence: Theorem, x: Any, theorem: Theorem) -> Theorem:
    """From Γ ⊢ ∃x. p and Δ, p[x := c] ⊢ q conclude Γ, Δ ⊢ q, c not free in Δ, ∃x. p or q."""
    some, x, q = says(existence, "exists", rule="obtain"), variable(x), says(theorem, rule="obtain")
    require(x[2] == some[1], "obtain", "the variable is of another sort", some[1], x[2])
    rest = without(claim(opened(some[2], as_term(x, x[2]))), theorem)
    _fresh("obtain", x, some, q, *rest)
    return seal("obtain", (existence, theorem), (x,), q, (*joint(existence), *rest))


# ── Layer indices (below ∀i, p(i) is the very body), and equality ────────────────────────────────
@inference_rule
def induction(predicate: Any, start: Any, base: Theorem, step: Theorem) -> Theorem:
    """From Γ ⊢ p(a) and Δ ⊢ ∀i. a ≤ i → (p(i) → p(i+1)) conclude Γ, Δ ⊢ ∀i. a ≤ i → p(i)."""
    rule = "induction"
    goal, a = claim(predicate), term(start, INDEX)
    for_all = goal[:2] == ("forall", INDEX)
    require(for_all, rule, "the predicate must be given as ∀i. p(i)", None, goal)
    body, found = goal[2], says(base, rule=rule)
    wanted = claim(opened(body, a))
    require(wanted == found, rule, "the base is not the claim at the start", wanted, found)
    above = at_most(a, as_term(B0, INDEX))
    wanted = claim(node("forall", INDEX, ("implies", above, ("implies", body, moved(body, 1)))))
    found = says(step, rule=rule)
    require(wanted == found, rule, "the step does not lead from i to i + 1", wanted, found)
    conclusion = node("forall", INDEX, ("implies", above, body))
    return seal(rule, (base, step), (goal, a), conclusion)


@inference_rule
def choose(theorem: Theorem) -> Theorem:
    """From Γ ⊢ ∀i. r(i) → ∃X. p(i, X) conclude Γ ⊢ ∃F. ∀i. r(i) → p(i, F_i).

    There may be several r(i) or none; X is a matrix or a function, of a sort that may depend on i.
    Source: the axiom of choice for a countable family (K. Hrbacek, T. Jech, Introduction to Set
    Theory, 3rd ed. 1999, chapter 8); for finitely many indices it follows by induction.
    """
    rule = "choose"
    _, sort, body = says(theorem, "forall", rule=rule)
    conditions = []
    while body[0] == "implies":
        conditions.append(body[1])
        body = body[2]
    chosen = body[0] == "exists" and sort == INDEX and body[1][0] in ("matrix", "to")
    require(chosen, rule, "a matrix or a function must exist for each index", None, body)
    _, sort, p = body
    inner = opened(p, as_term(B0, INDEX), as_term(node("at", B1, B0), sort))
    for condition in reversed(conditions):
        inner = node("implies", condition, inner)
    conclusion = node("exists", ("to", INDEX, sort), ("forall", INDEX, inner))
    return seal(rule, (theorem,), (), conclusion)


@inference_rule
def rewrite(template: Any, old: Any, new: Any, equal: Theorem, theorem: Theorem) -> Theorem:
    """From Γ ⊢ old = new and Δ ⊢ p(old) conclude Γ, Δ ⊢ p(new), p given as ∀z. p(z) (Leibniz).

    Functions are equal when all their values are.
    """
    rule = "rewrite"
    template = claim(template)
    require(template[0] == "forall", rule, "the template must be given as ∀z. p(z)", None, template)
    _, sort, body = template
    old, new = term(old, sort), term(new, sort)
    for wanted, premise in ((equation(sort, old, new), equal), (opened(body, old), theorem)):
        wanted, found = claim(wanted), says(premise, rule=rule)
        require(wanted == found, rule, "a premise is not old = new, or not p(old)", wanted, found)
    return seal(rule, (equal, theorem), (template, old, new), opened(body, new))
