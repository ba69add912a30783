"""That a continuous map takes its centre to the point: equations for `near_along`, on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.logic import equality
from proofkit.language import claims as c
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
    if sort[0] == "family":
        outer: list[Term] = [("var", f"_t{n}", _INDEX) for n in range(sort[1] - 1)]
        for first in outer:
            wanted = open_binder(wanted[2], (bound_term(first),))
        variable: Term = ("var", "_i", _INDEX)
        theorem = kernel.generalise(variable, _member(proof, wanted, bound_term(variable)))
        for first in reversed(outer):
            theorem = kernel.generalise(first, theorem)
        return theorem
    raise KernelError(
        "near: along a continuous map",
        "the centre is not seen to go to the point",
        point,
        show(here),
    )


def _member(proof: Proof, wanted: Term, at: Term) -> Theorem:
    """One case ``at`` of ∀i. N_i = M_i, by cases on which layers of N were changed."""
    goal = open_binder(wanted[2], (at,))
    open_question = _undecided(proof, goal, at)
    if open_question is None:
        return prove_equation(proof, goal, (), ())
    lo, hi = open_question
    below, above = (kernel.assume(x) for x in (c.index_lt(at, lo), c.index_lt(hi, at)))
    not_below, not_above = (kernel.assume(c.negation(x.conclusion)) for x in (below, above))
    with proof.ranges.also(below):
        lower = _member(proof, wanted, at)
    with proof.ranges.also(above):
        upper = _member(proof, wanted, at)
    if lo == hi:
        pinned = kernel.squeeze(c.index_eq(lo, at), not_below, not_above)
        with proof.ranges.also(not_below, not_above):
            there = _member(proof, wanted, lo)
        inside = kernel.rewrite(wanted, lo, at, pinned, there)
    else:
        with proof.ranges.also(not_below, not_above):
            inside = _member(proof, wanted, at)
    rest = kernel.cases(kernel.excluded_middle(above.conclusion), upper, inside)
    return kernel.cases(kernel.excluded_middle(below.conclusion), lower, rest)


def _undecided(proof: Proof, goal: Term, at: Term) -> tuple[Term, Term] | None:
    """The ends of changed layers of which the ranges do not tell whether ``at`` is among them."""
    for family in _changed_families(goal, at):
        lo, hi = changed_layers(family)
        outside = (c.index_lt(at, lo), c.index_lt(hi, at))
        if any(proof.ranges.prove(claim) is not None for claim in outside):
            continue
        if any(proof.ranges.prove(c.negation(claim)) is None for claim in outside):
            return lo, hi
    return None


def _changed_families(x: Term, at: Term) -> list[Term]:
    """The families with layers replaced or put in that stand in the term, outermost first.

    Those under one whose layer ``at`` was put in do not matter for it.
    """
    changed = bool(x) and x[0] in ("updated", "replaced")
    parts = x[3:] if changed and changed_layers(x) == (at, at) else x
    inside = [f for part in parts if isinstance(part, tuple) for f in _changed_families(part, at)]
    return [x, *inside] if changed else inside
