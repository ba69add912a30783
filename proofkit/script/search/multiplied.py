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
    multiples = [product_sign(opposite, factor) for factor in (*pairs, *positive)]
    squares = [product_sign(opposite, factor) for factor in (opposite, *named)]
    for wrong in (*multiples, *squares):
        known = [*search.theorems, *(th for th in (*multiples, *squares) if th is not wrong)]
        yield from _absurd(opposite, wrong, prove_order(_denied(wrong), known, lambda p: None))
    for wrong in multiples:
        yield from _absurd(opposite, wrong, search.prove(_denied(wrong), depth + 2))


def _denied(wrong: Theorem) -> Term:
    """−e ≥ 0 or −e > 0, which contradicts e > 0 or e ≥ 0."""
    tag = "rnonneg" if wrong.conclusion[0] == "rpos" else "rpos"
    return node(tag, scaled(wrong.conclusion[1], -1))


def _absurd(opposite: Theorem, wrong: Theorem, right: Theorem | None) -> Iterator[Found]:
    if right is not None:
        absurd = combined(("false",), [wrong, right], [number(1), number(1)])
        yield Found(RULE, kernel.reductio(opposite.conclusion, absurd))


def _orders(search: Search) -> list[Theorem]:
    """The orders of real numbers that are named."""
    return [th for th in search.theorems if th.conclusion[0] in ("rnonneg", "rpos")][:MOST]
