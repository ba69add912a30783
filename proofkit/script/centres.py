"""That a continuous map takes its centre to the point: equations for `near_along`, on demand."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.logic import equality
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.language.sorts import bound_term
from proofkit.language.terms import Term, show
from proofkit.script.certificates import changed_layers, prove_equation

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["at_centres"]

_INDEX: Term = ("index",)


def at_centres(
    proof: Proof,
    variables: Sequence[Term],
    centres: Sequence[Term],
    images: Sequence[Term],
    target: Term,
    facts: Sequence[Fact],
) -> list[Theorem]:
    """The theorems g(a) = b that `kernel.near_along` asks for."""
    found = []
    for image, sort, point in zip(images, target[1], target[2], strict=True):
        here = open_binder(close_binder(image, variables), centres)
        if here == point:
            continue
        wanted = equality(sort, here, point)
        given = [fact.theorem for fact in facts if fact.theorem.conclusion == wanted]
        found.append(given[0] if given else _equal(proof, sort, here, point, wanted, facts))
    return found


def _equal(
    proof: Proof, sort: Term, here: Term, point: Term, wanted: Term, facts: Sequence[Fact]
) -> Theorem:
    if sort[0] == "matrix":
        return prove_equation(
            proof, wanted, [f for f in facts if f.theorem.conclusion[0] == "mnull"], ()
        )
    if sort[0] == "family" and here[0] in ("replaced", "updated"):
        return _unchanged(here, point, wanted)
    raise KernelError(
        "near: along a continuous map",
        "the centre is not seen to go to the point",
        point,
        show(here),
    )


def _unchanged(family: Term, point: Term, wanted: Term) -> Theorem:
    """∀i. N_i = M_i where N is M with layers replaced by what they were: by cases on i."""
    lo, hi = changed_layers(family)
    variable: Term = ("var", "?i", _INDEX)
    at = bound_term(variable)
    goal = open_binder(wanted[2], (at,))
    below, above = c.index_lt(at, lo), c.index_lt(hi, at)

    def outside(claim: Term) -> Theorem:
        return _finish(goal, kernel.layer(family, at, [kernel.assume(claim)]))

    not_below, not_above = (kernel.assume(c.negation(x)) for x in (below, above))
    if family[0] == "replaced":
        inside = _finish(goal, kernel.layer(family, at, [not_below, not_above]))
    else:
        here = _finish(open_binder(wanted[2], (lo,)), kernel.layer(family, lo))
        up = (
            kernel.linear(c.index_eq(lo, at), [], [])
            if lo == at
            else _pinned(lo, at, not_below, not_above)
        )
        inside = kernel.rewrite(wanted, lo, at, up, here)
    upper = kernel.cases(kernel.excluded_middle(above), outside(above), inside)
    theorem = kernel.cases(kernel.excluded_middle(below), outside(below), upper)
    return kernel.generalise(variable, theorem)


def _pinned(lo: Term, at: Term, not_below: Theorem, not_above: Theorem) -> Theorem:
    """lo = at from lo ≤ at and at ≤ lo."""
    return kernel.squeeze(c.index_eq(lo, at), not_below, not_above)


def _finish(goal: Term, equation: Theorem) -> Theorem:
    """The goal from the equation for one layer, and those for tabulated layers it leads to."""
    steps: list[tuple[Term, Theorem, bool, Term]] = []
    rest = goal[1]
    pending = [equation]
    while pending:
        theorem = pending.pop()
        null = theorem.conclusion[1]
        lead, coefficient = _first_letter(null)
        found = dict(rest[3]).get(((), lead), 0)
        if not found:
            lead, coefficient = null[3][-1][0][1], null[3][-1][1]
            found = dict(rest[3]).get(((), lead), 0)
        scale = t.constant(Fraction(found) / Fraction(coefficient))
        left = t.scalar_product(scale, t.identity(null[1]))
        steps.append((left, theorem, False, t.identity(null[2])))
        rest = t.matrix_sum(rest, t.matrix_product(left, null), -1)
        for (_, word), _ in rest[3]:
            for letter, _ in word:
                if letter[0] == "chain" and letter[1][0] == "tab" and letter[2] == letter[3]:
                    pending = [kernel.layer(letter[1], letter[2])]
    return kernel.algebra(goal, steps)


def _first_letter(null: Term) -> tuple[Term, Fraction]:
    """The word of the built family's own layer in its layer equation, with its coefficient."""
    for (_, word), coefficient in null[3]:
        if len(word) == 1 and word[0][0][0] == "chain" and word[0][0][1][0] != "var":
            return word, coefficient
    return null[3][0][0][1], null[3][0][1]
