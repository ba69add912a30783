"""Squares as their author wrote them: 0 ≤ tr(EᵀE), and 0 ≤ tr(EᵀSE) where S is semidefinite.

In normal form a square of a sum is a sum of traces, in which nobody sees it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import reduce
from itertools import combinations_with_replacement
from typing import Any

from sympy import Expr, Mul, preorder_traversal

from proofkit import kernel
from proofkit.claims import Claim
from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import constant, transpose
from proofkit.script.matching import fact, used
from proofkit.script.search.state import FAULTS, Search
from proofkit.symbols import MatrixTerm, MatrixTrace, encode_term

__all__ = ["squares"]

MOST_SQUARES = 12


def squares(search: Search, depth: int) -> list[Theorem]:
    """That the squares in the claim and in the facts named are not negative, nor multiples."""
    found: dict[Term, Theorem] = {}
    for claim in (search.claim, *(one.claim for one in search.given)):
        for theorem in _in(search, claim, depth):
            found.setdefault(theorem.conclusion, theorem)
            if len(found) == MOST_SQUARES:
                return list(found.values())
    return list(found.values())


def _in(search: Search, claim: Claim, depth: int) -> Iterator[Theorem]:
    for part in preorder_traversal(claim):
        if isinstance(part, Mul):
            traces = [x for x in part.args if isinstance(x, MatrixTrace)]
            if len(traces) == 1 and (square := _square(search, traces[0])) is not None:
                yield from _multiple(search, part / traces[0], square, depth)
        elif isinstance(part, MatrixTrace):
            square = _square(search, part)
            if square is not None:
                yield square


def _square(search: Search, trace: MatrixTrace) -> Theorem | None:
    """⊢ 0 ≤ the trace, if it is written as that of EᵀE or EᵀSE."""
    (whole,) = trace.args
    factors = whole.args if type(whole).__name__ == "Product" else (whole,)
    for start, end in combinations_with_replacement(range(1, len(factors)), 2):
        with suppress(*FAULTS):
            before, after = (_encoded(search, part) for part in (factors[:start], factors[end:]))
            if before != transpose(after):
                continue
            if start == end:
                return fact("square norm", *after[1:3], after)
            middle = _encoded(search, factors[start:end])
            general = kernel.textbook("trace of semidefinite")
            values = (after[2], after[1], middle, after)
            found = used(general, values, search.known)
            if found is not None:
                return found
    return None


def _multiple(search: Search, scale: Expr, square: Theorem, depth: int) -> Iterator[Theorem]:
    """⊢ 0 ≤ c·square for a number c ≥ 0."""
    with suppress(*FAULTS):
        c = search.as_here(encode_term(scale))
        if constant(c) is not None:
            return
        with search.at_once():
            known = search.prove(node("rnonneg", c), depth + 1)
        if known is not None:
            product = fact("product of nonnegatives", c, square.conclusion[1])
            yield kernel.modus_ponens(kernel.modus_ponens(product, known), square)


def _encoded(search: Search, factors: Sequence[MatrixTerm]) -> Any:
    return search.as_here(encode_term(reduce(lambda a, b: a * b, factors)))
