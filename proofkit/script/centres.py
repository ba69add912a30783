"""That a continuous map takes its centre to the point: equations for `near_along`, on demand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import equation, negation
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, Reading, claim, read_by
from proofkit.kernel.terms import INDEX, as_term
from proofkit.script.derived import excluded_middle, less, squeeze
from proofkit.script.equations import is_matrix_equation, prove_equation

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["at_centres"]


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
        here = read_by(PLAIN, opened(closed(image, *variables), *centres))
        if here == point:
            continue
        wanted = claim(equation(sort, here, point))
        given = [fact.theorem for fact in facts if fact.theorem.conclusion == wanted]
        found.append(given[0] if given else _equal(proof, sort, here, point, wanted, facts))
    return found


def _equal(
    proof: Proof, sort: Term, here: Term, point: Term, wanted: Term, facts: Sequence[Fact]
) -> Theorem:
    if sort[0] == "matrix":
        equations = [f for f in facts if is_matrix_equation(f.theorem.conclusion)]
        return prove_equation(proof, wanted, equations, ())
    if sort[0] == "to":
        indices: list[Term] = []
        while sort[0] == "to" and sort[1] == INDEX:
            indices.append(node("var", f"_i{len(indices)}", INDEX))
            sort = sort[2]
        for variable in indices[:-1]:
            wanted = claim(opened(wanted[2], as_term(variable, INDEX)))
        theorem = _member(proof, wanted, as_term(indices[-1], INDEX))
        for variable in reversed(indices):
            theorem = kernel.generalise(variable, theorem)
        return theorem
    raise KernelError(
        "near: along a continuous map",
        "the centre is not seen to go to the point",
        point,
        here,
    )


def _member(proof: Proof, wanted: Term, at: Term) -> Theorem:
    """One case ``at`` of ∀i. N_i = M_i, by cases on which layers of N were changed."""
    goal = claim(opened(wanted[2], at))
    open_question = _undecided(proof, goal, at)
    if open_question is None:
        return _looked_up(proof, goal) or prove_equation(proof, goal, (), ())
    lo, hi = open_question
    below, above = (kernel.assume(x) for x in (less(at, lo), less(hi, at)))
    not_below, not_above = (kernel.assume(negation(x.conclusion)) for x in (below, above))
    with proof.ranges.also(below):
        lower = _member(proof, wanted, at)
    with proof.ranges.also(above):
        upper = _member(proof, wanted, at)
    if lo == hi:
        pinned = squeeze(not_below, not_above)
        with proof.ranges.also(not_below, not_above):
            there = _member(proof, wanted, lo)
        inside = kernel.rewrite(wanted, lo, at, pinned, there)
    else:
        with proof.ranges.also(not_below, not_above):
            inside = _member(proof, wanted, at)
    rest = kernel.cases(excluded_middle(above.conclusion), upper, inside)
    return kernel.cases(excluded_middle(below.conclusion), lower, rest)


def _looked_up(proof: Proof, goal: Term) -> Theorem | None:
    """⊢ the equation, if both sides are the same once members are looked up."""
    oracle = proof.ranges.oracle()
    _, difference = Reading(oracle, unfold=True).claim(goal)
    return None if difference[-1] else kernel.algebra(goal, (), oracle.theorems())


def _undecided(proof: Proof, goal: Term, at: Term) -> tuple[Term, Term] | None:
    """The ends of changed layers of which the ranges do not tell whether ``at`` is among them."""
    for _, _, lo, hi, _ in _changed_families(goal, at):
        outside = (less(at, lo), less(hi, at))
        if any(proof.ranges.prove(claim) is not None for claim in outside):
            continue
        if any(proof.ranges.prove(negation(claim)) is None for claim in outside):
            return lo, hi
    return None


def _changed_families(x: Term, at: Term) -> list[Term]:
    """The families with layers replaced or put in that stand in the term, outermost first.

    Those under one whose layer ``at`` was put in do not matter for it.
    """
    changed = x[:1] == ("changed",)
    if changed and x[4][0] == "lam" and x[4][2][0] == "num":
        return []  # widths
    parts = x[4:] if changed and x[2] == x[3] == at else x
    inside = [f for part in parts if isinstance(part, tuple) for f in _changed_families(part, at)]
    return [x, *inside] if changed else inside
