"""The rules of analysis: nearness (a filter of neighbourhoods), continuity and differentials.

`near` reads "for all values near enough to the centres".  Source of the nearness rules: the
neighbourhood filter, N. Bourbaki, General Topology I, §1.2 and §2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.kernel.logic import equality
from proofkit.kernel.theorem import KernelError, Theorem, joint, read, seal
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.language.occurrences import free_variables
from proofkit.language.sorts import bound_term
from proofkit.language.terms import Term
from proofkit.language.wellformed import check_claim, check_conclusion, check_term, check_variable


def _near(rule: str, theorem: Theorem) -> Term:
    claim = read(theorem).conclusion
    if claim[0] != "near":
        raise KernelError(rule, "the premise must be about all values near a point", found=claim)
    return claim


def near_all(goal: Term, implication: Theorem, *near: Theorem) -> Theorem:
    """From Γ ⊢ ∀x. p₁(x) → … → q(x) and Γᵢ ⊢ pᵢ(x) for x near a conclude q(x) for x near a.

    Finitely many neighbourhoods meet in a neighbourhood; with no pᵢ, q holds everywhere.
    """
    rule = "near: consequence"
    check_claim(goal)
    if goal[0] != "near":
        raise KernelError(rule, "the goal must be about all values near a point", found=goal)
    _, sorts, centres, body = goal
    bodies = []
    for theorem in near:
        claim = _near(rule, theorem)
        if claim[1:3] != (sorts, centres):
            raise KernelError(rule, "all premises must be about one point", goal, claim)
        bodies.append(claim[3])
    wanted = c.implication(tuple(bodies), body)
    for sort in reversed(sorts):
        wanted = ("forall", sort, wanted)
    if read(implication).conclusion != wanted:
        raise KernelError(
            rule, "the implication does not lead to the goal", wanted, read(implication).conclusion
        )
    return seal(rule, joint(implication, *near), goal, (implication, *near), (goal,))


def near_here(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(x) for x near a conclude Γ ⊢ p(a).  A point lies in its neighbourhoods."""
    _, _, centres, body = _near("near: at the point", theorem)
    conclusion = open_binder(body, centres)
    check_conclusion(conclusion)
    return seal("near: at the point", joint(theorem), conclusion, (theorem,))


def near_near(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(x) for x near a conclude: for x near a, p(y) for y near x.

    A neighbourhood is a neighbourhood of each point of a smaller one.
    """
    _, sorts, centres, body = _near("near: around near points", theorem)
    count = len(sorts)
    inner = tuple(_as_term(("b", count - 1 - r), s) for r, s in enumerate(sorts))
    conclusion = ("near", sorts, centres, ("near", sorts, inner, body))
    return seal("near: around near points", joint(theorem), conclusion, (theorem,))


def _as_term(bound: Term, sort: Term) -> Term:
    if sort[0] == "matrix":
        return t.letter_matrix(sort[1], sort[2], ((bound, 0),))
    return t.real_atom(bound) if sort[0] == "real" else bound


def near_along(
    theorem: Theorem,
    variables: Sequence[Term],
    centres: Sequence[Term],
    terms: Sequence[Term],
    at_centres: Sequence[Theorem] = (),
) -> Theorem:
    """From Γ ⊢ p(y) for y near b, g continuous and g(a) = b conclude p(g(x)) for x near a.

    g is given by ``terms`` in ``variables``; polynomials are continuous.  ``at_centres`` are
    theorems g(a) = b, coordinate by coordinate; they may be left out when the two sides are the
    same term for every coordinate.
    """
    rule = "near: along a continuous map"
    variables, centres, terms = tuple(variables), tuple(centres), tuple(terms)
    at_centres = tuple(at_centres)
    claim = _near(rule, theorem)
    _, sorts, point, body = claim
    for variable in variables:
        check_variable(variable)
    free = free_variables(claim)
    if any(v[1] in free for v in variables):
        raise KernelError(rule, "the variables must be new to the claim", found=claim)
    for variable, centre in zip(variables, centres, strict=True):
        check_term(centre, variable[2])
    names = {variable[1] for variable in variables}
    wanted = []
    for term, sort, b in zip(terms, sorts, point, strict=True):
        check_term(term, sort)
        if not is_polynomial(term, names):
            raise KernelError(
                rule, "the map is not plainly a polynomial in its variables", found=term
            )
        at_centre = open_binder(close_binder(term, variables), centres)
        if at_centre != b:
            wanted.append(equality(sort, at_centre, b))
    given = [read(th).conclusion for th in at_centres]
    if given != wanted:
        raise KernelError(
            rule,
            "the map was not shown to take the centre to the point",
            "; ".join(map(t.show, wanted)) or "nothing",
            "; ".join(map(t.show, given)) or "nothing",
        )
    opened = close_binder(open_binder(body, terms), variables)
    conclusion = ("near", tuple(v[2] for v in variables), centres, opened)
    check_conclusion(conclusion)
    data = (variables, centres, terms)
    return seal(rule, joint(theorem, *at_centres), conclusion, (theorem, *at_centres), data)


def is_polynomial(term: Term, names: set[str]) -> bool:
    """Whether the term is, by its form, a polynomial in the named variables, so continuous.

    A family is meant coordinate by coordinate (the product topology).
    """
    if names.isdisjoint(free_variables(term)):
        return True
    tag = term[0]
    if tag == "var":
        return True
    if tag == "poly":
        return all(_monomial_is(m, names) for m, _ in term[1])
    if tag == "mat":
        sizes = names.isdisjoint(free_variables(term[1:3]))
        return sizes and all(
            _monomial_is(m, names) and all(is_polynomial(letter, names) for letter, _ in w)
            for (m, w), _ in term[3]
        )
    if tag in ("chain", "sum"):
        return names.isdisjoint(free_variables(term[2:4])) and is_polynomial(term[1], names)
    if tag == "member":
        return names.isdisjoint(free_variables(term[2])) and is_polynomial(term[1], names)
    if tag == "tab":
        return is_polynomial(term[1], names)
    if tag == "replaced":
        ends = names.isdisjoint(free_variables(term[2:4]))
        return ends and is_polynomial(term[1], names) and is_polynomial(term[4], names)
    if tag == "updated":
        fixed = names.isdisjoint(free_variables(term[2]))
        return fixed and is_polynomial(term[1], names) and is_polynomial(term[3], names)
    if tag == "listed":
        return all(is_polynomial(m, names) for m in term[1])
    return False


def _monomial_is(monomial: Term, names: set[str]) -> bool:
    for atom, _ in monomial:
        if atom[0] == "trace":
            if not all(is_polynomial(letter, names) for letter, _ in atom[1]):
                return False
        elif not is_polynomial(atom, names):
            return False
    return True


def near_nonzero(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(ε) for real ε near 0 conclude Γ ⊢ ∃ε. ε ≠ 0 ∧ p(ε).

    Zero is not an isolated point of the real line.
    """
    rule = "near: a small number"
    _, sorts, centres, body = _near(rule, theorem)
    if sorts != (("real",),) or centres != (t.constant(0),):
        raise KernelError(
            rule, "the premise must be about a real number near 0", found=read(theorem).conclusion
        )
    nonzero = c.negation(c.real_null(t.real_atom(("b", 0))))
    conclusion = ("exists", ("real",), ("and", (nonzero, body)))
    return seal(rule, joint(theorem), conclusion, (theorem,))


# ── Differentials ──────────────────────────────────────────────────────────────────────────────
def differentiate(function: Term, differentiable: Sequence[Theorem] = ()) -> Theorem:
    """⊢ F is differentiable and ∀X. F'(X) = Σ of the adjoints, for F = (X ↦ Σ c·f(E(X)) + c·tr(w)).

    E(X) is a polynomial in X and ``differentiable`` shows each f differentiable.  Replacing one
    X by dX in a word U·X·W of E contributes Uᵀ f'(E) Wᵀ (and W f'(E)ᵀ U where the word holds Xᵀ),
    because ⟨G, U dX W⟩ = ⟨Uᵀ G Wᵀ, dX⟩; in tr(U·X·W) it contributes (W U)ᵀ (W U for Xᵀ).
    Source: the chain rule and the first identification table of J. Magnus, H. Neudecker, Matrix
    Differential Calculus, 3rd ed. 2019, §5.12 p. 103 and §9.7 p. 196.
    """
    rule = "differentiate"
    differentiable = tuple(differentiable)
    if function[0] != "fun":
        raise KernelError(rule, "a function X ↦ body is needed", found=function)
    _, rows, cols, body = function
    x: Term = ("var", "?X", ("matrix", rows, cols))
    at = bound_term(x)
    check_term(function, ("function", rows, cols))
    known = {read(th).conclusion for th in differentiable}
    total = t.zero(rows, cols)
    for monomial, coefficient in open_binder(body, (at,))[1]:
        moving = [(atom, power) for atom, power in monomial if _mentions(atom, x)]
        if not moving:
            continue
        if len(moving) > 1 or moving[0][1] != 1:
            raise KernelError(
                rule,
                "products of values are not differentiated by this rule",
                found=("poly", ((monomial, coefficient),)),
            )
        still = tuple(part for part in monomial if part != moving[0])
        part = _adjoint(moving[0][0], x, known, (rows, cols))
        total = t.matrix_sum(total, t.scalar_product(t.poly({still: coefficient}), part))
    slope = c.matrix_eq(t.gradient(function, at), total)
    formula = ("forall", x[2], close_binder(slope, [x]))
    conclusion = ("and", (("differentiable", function), formula))
    check_conclusion(conclusion)
    return seal(rule, joint(*differentiable), conclusion, differentiable, (function,))


def _mentions(x: Any, variable: Term) -> bool:
    return variable[1] in free_variables(x)


def _adjoint(atom: Term, x: Term, known: set[Term], shape: tuple[Term, Term]) -> Term:
    """The gradient with respect to x of one real atom."""
    if atom[0] == "value" and not _mentions(atom[1], x):
        _, outer, inside = atom
        if ("differentiable", outer) not in known:
            raise KernelError(
                "differentiate",
                "the outer function was not shown differentiable",
                ("differentiable", outer),
                "; ".join(map(t.show, known)) or "nothing",
            )
        words, slope = inside[3], dict(t.gradient(outer, inside)[3])
    elif atom[0] == "trace":
        words, slope = ((((), atom[1]), 1),), None
    else:
        raise KernelError("differentiate", "not a value or a trace", found=atom)
    total: t.Raw = {}
    for (monomial, word), coefficient in words:
        if _mentions(monomial, x):
            raise KernelError(
                "differentiate", "a scalar factor depends on the variable", found=atom
            )
        for position, (letter, transposed) in enumerate(word):
            if letter != x:
                if _mentions(letter, x):
                    raise KernelError(
                        "differentiate", "the variable stands inside another letter", found=letter
                    )
                continue
            left, right = word[:position], word[position + 1 :]
            term = _identified(left, right, transposed, slope)
            for key, value in t.raw_product({(monomial, ()): coefficient}, term).items():
                total[key] = total.get(key, 0) + value
    return t.matrix(*shape, total)


def _identified(left: t.Word, right: t.Word, transposed: int, slope: t.Raw | None) -> t.Raw:
    """What ⟨slope, left·dX·right⟩, or tr(left·dX·right) without a slope, puts in the gradient."""
    if slope is None:
        around = t.join(right, left)
        return {(t.ONE, around if transposed else t.transpose_word(around)): 1}
    if transposed:
        turned = {(m, t.transpose_word(w)): k for (m, w), k in slope.items()}
        return t.raw_product(t.raw_product({(t.ONE, right): 1}, turned), {(t.ONE, left): 1})
    before = {(t.ONE, t.transpose_word(left)): 1}
    return t.raw_product(t.raw_product(before, slope), {(t.ONE, t.transpose_word(right)): 1})
