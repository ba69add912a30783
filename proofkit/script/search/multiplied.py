"""Orders shown by multiplying: products of those named, and of the opposite with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement

from proofkit import kernel
from proofkit.kernel import Theorem
from proofkit.kernel.claims import negation
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import number, scaled
from proofkit.script.derived import combined
from proofkit.script.search.completing import completed_squares
from proofkit.script.search.state import Found, Search
from proofkit.script.signs import product_sign, prove_order

__all__ = ["by_opposite", "products"]

MOST = 5
"""Orders that are multiplied with one another."""

RULE = "real arithmetic"


def products(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order, with the products of those named, two by two, and squares."""
    named = _orders(search)
    if depth or not named:
        return
    search.spend(200)
    pairs = [product_sign(a, b) for a, b in combinations_with_replacement(named, 2)]
    known = [*search.theorems, *pairs, *completed_squares(goal[1])]
    theorem = prove_order(goal, known, lambda p: None)
    if theorem is not None:
        yield Found(RULE, theorem)


def by_opposite(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order, as its opposite, multiplied by what is named, contradicts it."""
    named = _orders(search)
    if depth or not named:
        return
    search.spend(200)
    positive = [th for th in named if th.conclusion[0] == "rpos"][:2]
    pairs = [product_sign(a, b) for a, b in combinations_with_replacement(positive, 2)]
    opposite = kernel.assume(negation(goal))
    factors = [opposite, *named, *pairs]
    multiples = [product_sign(opposite, factor) for factor in factors]
    for factor, wrong in zip(factors, multiples, strict=True):
        tag = "rnonneg" if wrong.conclusion[0] == "rpos" else "rpos"
        aim = node(tag, scaled(wrong.conclusion[1], -1))
        known = [*search.theorems, *(th for th in multiples if th is not wrong)]
        right = prove_order(aim, known, lambda p: None)
        if right is None and factor.conclusion[0] == "rpos":
            right = search.prove(aim, depth + 2)
        if right is not None:
            absurd = combined(("false",), [wrong, right], [number(1), number(1)])
            yield Found(RULE, kernel.reductio(opposite.conclusion, absurd))


def _orders(search: Search) -> list[Theorem]:
    """The orders of real numbers that are named."""
    return [th for th in search.theorems if th.conclusion[0] in ("rnonneg", "rpos")][:MOST]
