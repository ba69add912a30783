"""The rules of logic: connectives, quantifiers, induction, choice and substitution of equals.

Each rule is one function with one check.  Γ, Δ stand for hypotheses; claims and terms are given
in the core language.  Source of the propositional and quantifier rules: D. Prawitz, Natural
Deduction (1965), chapter I.
"""

from __future__ import annotations

from proofkit.kernel.theorem import KernelError, Theorem, joint, read, seal, without
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.language.occurrences import free_variables, mentions_bound
from proofkit.language.sorts import bound_term
from proofkit.language.terms import Term
from proofkit.language.wellformed import check_claim, check_conclusion, check_term, check_variable

INDEX: Term = ("index",)
_INDEX_VARIABLE: Term = ("lin", 0, ((("b", 0), 1),))


def _part(rule: str, claim: Term, tag: str, what: str) -> Term:
    if claim[0] != tag:
        raise KernelError(rule, f"the premise must be {what}", found=claim)
    return claim


def _same(rule: str, problem: str, expected: Term, found: Term, hint: str = "") -> None:
    if expected != found:
        raise KernelError(rule, problem, expected, found, hint)


def _not_free(rule: str, variable: Term, *where: Term) -> None:
    for claim in where:
        if free_variables(claim).get(variable[1]) is not None:
            raise KernelError(
                rule, f"{variable[1]} must not occur here, so that it is arbitrary", found=claim
            )


# ── Connectives ────────────────────────────────────────────────────────────────────────────────
def assume(p: Term) -> Theorem:
    """p ⊢ p, for a well-formed p."""
    check_claim(p)
    return seal("assume", (p,), p)


def discharge(p: Term, theorem: Theorem) -> Theorem:
    """From Γ, p ⊢ q conclude Γ ⊢ p → q."""
    check_claim(p)
    conclusion = ("implies", p, read(theorem).conclusion)
    return seal("discharge", without(p, theorem), conclusion, (theorem,), (p,))


def modus_ponens(implication: Theorem, premise: Theorem) -> Theorem:
    """From Γ ⊢ p → q and Δ ⊢ p conclude Γ, Δ ⊢ q."""
    rule = "modus ponens"
    claim = _part(rule, read(implication).conclusion, "implies", "an implication")
    _same(
        rule,
        "the second premise is not what the implication asks",
        claim[1],
        read(premise).conclusion,
    )
    return seal(rule, joint(implication, premise), claim[2], (implication, premise))


def conjoin(*theorems: Theorem) -> Theorem:
    """From Γᵢ ⊢ pᵢ conclude Γ₁, …, Γₙ ⊢ p₁ ∧ … ∧ pₙ, n ≥ 2."""
    if len(theorems) < 2:
        raise KernelError("conjoin", "two or more theorems are needed")
    conclusion = ("and", tuple(read(th).conclusion for th in theorems))
    return seal("conjoin", joint(*theorems), conclusion, theorems)


def project(theorem: Theorem, n: int) -> Theorem:
    """From Γ ⊢ p₀ ∧ p₁ ∧ … conclude Γ ⊢ pₙ."""
    claim = _part("project", read(theorem).conclusion, "and", "a conjunction")
    if type(n) is not int or not 0 <= n < len(claim[1]):
        raise KernelError("project", f"the conjunction has parts 0 to {len(claim[1]) - 1}, not {n}")
    return seal("project", joint(theorem), claim[1][n], (theorem,), (n,))


def either(theorem: Theorem, disjunction: Term) -> Theorem:
    """From Γ ⊢ pᵢ conclude Γ ⊢ p₁ ∨ … ∨ pₙ."""
    check_claim(disjunction)
    _part("either", disjunction, "or", "given a disjunction")
    if read(theorem).conclusion not in disjunction[1]:
        raise KernelError(
            "either", "no part of the disjunction was proved", disjunction, read(theorem).conclusion
        )
    return seal("either", joint(theorem), disjunction, (theorem,), (disjunction,))


def cases(disjunction: Theorem, *branches: Theorem) -> Theorem:
    """From Γ ⊢ p₁ ∨ … ∨ pₙ and Δᵢ, pᵢ ⊢ q for each i conclude Γ, Δ₁, …, Δₙ ⊢ q."""
    claim = _part("cases", read(disjunction).conclusion, "or", "a disjunction")
    if len(branches) != len(claim[1]):
        raise KernelError("cases", f"{len(claim[1])} branches are needed, {len(branches)} came")
    hypotheses = joint(disjunction)
    for part, branch in zip(claim[1], branches, strict=True):
        _same(
            "cases",
            "all branches must reach one conclusion",
            read(branches[0]).conclusion,
            read(branch).conclusion,
        )
        hypotheses += without(part, branch)
    return seal("cases", hypotheses, read(branches[0]).conclusion, (disjunction, *branches))


def excluded_middle(p: Term) -> Theorem:
    """⊢ p ∨ ¬p.  The logic is classical."""
    check_claim(p)
    return seal("excluded middle", (), ("or", (p, c.negation(p))), (), (p,))


def contradiction(theorem: Theorem, negation: Theorem) -> Theorem:
    """From Γ ⊢ p and Δ ⊢ ¬p conclude Γ, Δ ⊢ a contradiction."""
    _same(
        "contradiction",
        "the second theorem is not the negation of the first",
        c.negation(read(theorem).conclusion),
        read(negation).conclusion,
    )
    return seal("contradiction", joint(theorem, negation), c.FALSE, (theorem, negation))


def reductio(p: Term, theorem: Theorem) -> Theorem:
    """From Γ, p ⊢ a contradiction conclude Γ ⊢ ¬p (where ¬¬q is q)."""
    check_claim(p)
    _same("reductio", "a contradiction was not reached", c.FALSE, read(theorem).conclusion)
    return seal("reductio", without(p, theorem), c.negation(p), (theorem,), (p,))


def explode(theorem: Theorem, q: Term) -> Theorem:
    """From Γ ⊢ a contradiction conclude Γ ⊢ q."""
    check_claim(q)
    _same("explode", "a contradiction was not reached", c.FALSE, read(theorem).conclusion)
    return seal("explode", joint(theorem), q, (theorem,), (q,))


# ── Quantifiers ────────────────────────────────────────────────────────────────────────────────
def generalise(variable: Term, theorem: Theorem) -> Theorem:
    """From Γ ⊢ p conclude Γ ⊢ ∀x. p, x not free in Γ nor in the sort of another variable of p.

    p is well formed, being proved, and so is ∀x. p: it differs by what x is called.
    """
    sequent = read(theorem)
    check_variable(variable)
    _not_free("generalise", variable, *sequent.hypotheses)
    body = close_binder(sequent.conclusion, [variable])
    _not_free("generalise", variable, body)
    claim = ("forall", variable[2], body)
    return seal("generalise", sequent.hypotheses, claim, (theorem,), (variable,))


def instantiate(theorem: Theorem, term: Term) -> Theorem:
    """From Γ ⊢ ∀x. p conclude Γ ⊢ p[x := term], for a term of the sort of x."""
    claim = _part("instantiate", read(theorem).conclusion, "forall", "a claim about all values")
    check_term(term, claim[1])
    conclusion = open_binder(claim[2], (term,))
    check_conclusion(conclusion)
    return seal("instantiate", joint(theorem), conclusion, (theorem,), (term,))


def witness(goal: Term, term: Term, theorem: Theorem) -> Theorem:
    """From Γ ⊢ p[x := term] conclude Γ ⊢ ∃x. p."""
    check_claim(goal)
    _part("witness", goal, "exists", "given an existential claim")
    check_term(term, goal[1])
    _same(
        "witness",
        "the witness was not shown to satisfy the claim",
        open_binder(goal[2], (term,)),
        read(theorem).conclusion,
    )
    return seal("witness", joint(theorem), goal, (theorem,), (goal, term))


def obtain(existence: Theorem, variable: Term, theorem: Theorem) -> Theorem:
    """From Γ ⊢ ∃x. p and Δ, p[x := c] ⊢ q conclude Γ, Δ ⊢ q, c not free in Δ, ∃x. p or q."""
    claim = _part("obtain", read(existence).conclusion, "exists", "an existential claim")
    check_variable(variable)
    _same("obtain", "the variable is of another sort", claim[1], variable[2])
    opened = open_binder(claim[2], (bound_term(variable),))
    rest = without(opened, theorem)
    _not_free("obtain", variable, *rest, read(theorem).conclusion, claim)
    hypotheses = joint(existence) + rest
    return seal("obtain", hypotheses, read(theorem).conclusion, (existence, theorem), (variable,))


# ── Layer indices ──────────────────────────────────────────────────────────────────────────────
def _shifted(body: Term, by: int) -> Term:
    """The body of an index binder with its variable moved by a constant."""
    return open_binder(body, (("lin", by, ((("var", "?at", INDEX), 1),)),))


def _step(body: Term, bound: Term, by: int) -> Term:
    """∀i. bound(i) → p(i) → p(i + by)."""
    variable: Term = ("var", "?at", INDEX)
    claim = ("implies", bound, ("implies", _shifted(body, 0), _shifted(body, by)))
    return ("forall", INDEX, close_binder(claim, [variable]))


def _inductive(
    rule: str, predicate: Term, end: Term, base: Theorem, step: Theorem, by: int
) -> Theorem:
    check_claim(predicate)
    check_term(end, INDEX)
    if predicate[:2] != ("forall", INDEX):
        raise KernelError(rule, "the predicate must be given as ∀i. p(i)", found=predicate)
    at = t.lin(0, {("var", "?at", INDEX): 1})
    in_range = c.index_le(end, at) if by > 0 else c.index_le(at, end)
    body = predicate[2]
    _same(
        rule,
        "the base is not the claim at the end",
        open_binder(body, (end,)),
        read(base).conclusion,
    )
    _same(
        rule,
        "the step does not lead from i to its neighbour",
        _step(body, in_range, by),
        read(step).conclusion,
    )
    claim = close_binder(("implies", in_range, _shifted(body, 0)), [("var", "?at", INDEX)])
    return seal(rule, joint(base, step), ("forall", INDEX, claim), (base, step), (predicate, end))


def induction(predicate: Term, start: Term, base: Theorem, step: Theorem) -> Theorem:
    """From Γ ⊢ p(start) and Δ ⊢ ∀i ≥ start. p(i) → p(i+1) conclude Γ, Δ ⊢ ∀i ≥ start. p(i)."""
    return _inductive("induction", predicate, start, base, step, 1)


def descent(predicate: Term, start: Term, base: Theorem, step: Theorem) -> Theorem:
    """From Γ ⊢ p(start) and Δ ⊢ ∀i ≤ start. p(i) → p(i−1) conclude Γ, Δ ⊢ ∀i ≤ start. p(i)."""
    return _inductive("descent", predicate, start, base, step, -1)


def least_index(existence: Theorem, bounded: Theorem) -> Theorem:
    """From Γ ⊢ ∃i. p(i) and Δ ⊢ ∀i. p(i) → lo ≤ i conclude Γ, Δ ⊢ ∃i. p(i) ∧ ∀l. p(l) → i ≤ l.

    The integers bounded below are well ordered.
    """
    rule = "least index"
    claim = _part(rule, read(existence).conclusion, "exists", "an existential claim")
    _same(rule, "the premise must be about an index", INDEX, claim[1])
    bound = read(bounded).conclusion
    shape = bound[0] == "forall" and bound[1] == INDEX and bound[2][0] == "implies"
    if not shape or bound[2][1] != claim[2] or bound[2][2][0] != "inonneg":
        raise KernelError(
            rule,
            "the second premise must bound the same indices below",
            ("forall", INDEX, ("implies", claim[2], ("inonneg", _INDEX_VARIABLE))),
            bound,
        )
    slack = t.index_difference(bound[2][2][1], _INDEX_VARIABLE)
    if any(mentions_bound(atom) for atom, _ in slack[2]):
        raise KernelError(
            rule, "the bound must be of the form lo ≤ i with lo free of i", found=bound
        )
    i, other = ("var", "?i", INDEX), ("var", "?l", INDEX)
    at = open_binder(claim[2], (bound_term(i),))
    elsewhere = open_binder(claim[2], (bound_term(other),))
    minimal = ("implies", elsewhere, c.index_le(bound_term(i), bound_term(other)))
    least = ("and", (at, ("forall", INDEX, close_binder(minimal, [other]))))
    conclusion = ("exists", INDEX, close_binder(least, [i]))
    return seal(rule, joint(existence, bounded), conclusion, (existence, bounded))


def choose(theorem: Theorem) -> Theorem:
    """From Γ ⊢ ∀i. r(i) → ∃X. p(i, X) conclude Γ ⊢ ∃F. ∀i. r(i) → p(i, F_i).

    The premises r(i) may be several or none; X is a matrix whose shape may depend on i, or a
    family of matrices, and then F takes one index more.  Source:
    the axiom of choice for a countable family (K. Hrbacek, T. Jech, Introduction to Set Theory,
    3rd ed. 1999, chapter 8); for finitely many indices it follows by induction.
    """
    rule = "choose"
    claim = _part(rule, read(theorem).conclusion, "forall", "a claim about all indices")
    _same(rule, "the premise must be about all indices", INDEX, claim[1])
    i = ("var", "?i", INDEX)
    body = open_binder(claim[2], (bound_term(i),))
    premises = []
    while body[0] == "implies":
        premises.append(body[1])
        body = body[2]
    _part(rule, body, "exists", "a claim that something exists for each index")
    if body[1][0] not in ("matrix", "family"):
        raise KernelError(rule, "only matrices and families can be chosen", found=body)
    rows, cols = body[1][-2:]
    more = [("var", f"?{n}", INDEX) for n in range(body[1][1] if body[1][0] == "family" else 0)]
    sizes = (open_binder(size, [bound_term(v) for v in more]) for size in (rows, cols))
    sort = ("family", 1 + len(more), *(close_binder(size, [i, *more]) for size in sizes))
    chosen = ("var", "?F", sort)
    if more:
        member = t.member_of(chosen, bound_term(i))
    else:
        member = t.letter_matrix(rows, cols, t.chain_word(chosen, bound_term(i), bound_term(i)))
    inner = c.implication(tuple(premises), open_binder(body[2], (member,)))
    every = ("forall", INDEX, close_binder(inner, [i]))
    conclusion = ("exists", sort, close_binder(every, [chosen]))
    return seal(rule, joint(theorem), conclusion, (theorem,))


# ── Equality ───────────────────────────────────────────────────────────────────────────────────
def rewrite(template: Term, old: Term, new: Term, equation: Theorem, theorem: Theorem) -> Theorem:
    """From Γ ⊢ old = new and Δ ⊢ p(old) conclude Γ, Δ ⊢ p(new), p given as ∀z. p(z) (Leibniz).

    Families are equal when ∀i. old_i = new_i (with two indices, for all of both), functions when
    ∀X. old(X) = new(X).
    """
    rule = "rewrite"
    check_claim(template)
    _part(rule, template, "forall", "given a template ∀z. p(z)")
    sort = template[1]
    check_term(old, sort)
    check_term(new, sort)
    _same(
        rule,
        "the first theorem is not the equation old = new",
        equality(sort, old, new),
        read(equation).conclusion,
    )
    _same(
        rule,
        "the second theorem is not p(old)",
        open_binder(template[2], (old,)),
        read(theorem).conclusion,
    )
    conclusion = open_binder(template[2], (new,))
    check_conclusion(conclusion)
    return seal(
        rule, joint(equation, theorem), conclusion, (equation, theorem), (template, old, new)
    )


def equality(sort: Term, a: Term, b: Term) -> Term:
    """The claim that two terms of a sort are equal."""
    tag = sort[0]
    if tag in ("index", "nat"):
        return c.index_eq(a, b)
    if tag == "real":
        return c.real_eq(a, b)
    if tag == "matrix":
        return c.matrix_eq(a, b)
    if tag == "family":
        indices = [("var", f"?i{n}", INDEX) for n in range(sort[1])]
        *outer, at = (bound_term(i) for i in indices)
        rows, cols = (open_binder(s, (*outer, at)) for s in sort[2:4])
        for first in outer:
            a, b = t.member_of(a, first), t.member_of(b, first)
        sides = (t.letter_matrix(rows, cols, t.chain_word(f, at, at)) for f in (a, b))
        claim = c.matrix_eq(*sides)
        for i in reversed(indices):
            claim = ("forall", INDEX, close_binder(claim, [i]))
        return claim
    if tag == "function":
        x = ("var", "?X", ("matrix", sort[1], sort[2]))
        values = (t.value(f, bound_term(x)) for f in (a, b))
        return ("forall", x[2], close_binder(c.real_eq(*values), [x]))
    raise KernelError("rewrite", f"no equality between terms of sort {tag}")
