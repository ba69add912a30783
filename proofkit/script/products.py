"""Combinations of equations as the kernel takes them: products with an equation for a factor."""

from __future__ import annotations

from collections.abc import Sequence

from proofkit.algebra.cofactors import Around, Found, Multiple, Step
from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import scaled
from proofkit.script.derived import trace_of_null
from proofkit.script.matching import fact as textbook_fact

__all__ = ["product_key", "products", "scaled_number"]


def product_key(left: Term, theorem: Theorem, transposed: bool, right: Term) -> Term:
    """left·X·right for the theorem X = 0, as `kernel.algebra` takes it."""
    return ((), ((left, 0), (theorem.conclusion[1], int(transposed)), (right, 0)))


def products(found: Found, theorems: Sequence[Theorem]) -> list[tuple[Theorem, Term]]:
    """The terms of a combination as `kernel.algebra` takes them, from the equations."""
    theorems = [*theorems, *(textbook_fact("one by one", word) for word in found.words)]
    out: list[tuple[Theorem, Term]] = []
    for term in found.terms:
        theorem = theorems[term.equation]
        if isinstance(term, Step):
            out.append((theorem, product_key(term.left, theorem, term.transposed, term.right)))
            continue
        theorem, scale = scaled_number(term, theorem)
        zero = (theorem.conclusion[1], 1)
        key = ((zero, (scale, 1)), ()) if scale[0] == "num" else ((zero,), ((scale, 0),))
        out.append((theorem, key))
    return out


def scaled_number(term: Around | Multiple, theorem: Theorem) -> tuple[Theorem, Term]:
    """The equation between numbers that a term of a combination is a multiple of, and its scale."""
    if isinstance(term, Multiple):
        return theorem, term.scale
    theorem, sign = trace_of_null(theorem, term.cofactor)
    return theorem, scaled(term.beside, sign)
