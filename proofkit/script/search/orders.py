"""Ways to orders of reals: as combinations of those named, by signs, squares, terms and laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proofkit import kernel
from proofkit.algebra.cofactors import Effort, Step, find_cofactors, normal_forms
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import NUM, minus, number, total
from proofkit.script.derived import combined
from proofkit.script.matching import fact
from proofkit.script.products import scaled_number
from proofkit.script.search.squares import squares
from proofkit.script.search.state import Found, Search
from proofkit.script.search.supplied import laws
from proofkit.script.signs import prove_order

__all__ = ["combined_orders", "modulo_laws", "squared", "term_by_term"]

MOST_TERMS = 6

RULE = "real arithmetic"


def combined_orders(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order as a combination of those named, and by the signs of what is multiplied."""
    theorem = prove_order(goal, search.theorems, lambda p: None)
    if theorem is not None:
        yield Found(RULE, theorem)


def squared(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order with squares that stand in the claim and in the facts named."""
    extra = squares(search, depth)
    theorem = prove_order(goal, [*search.theorems, *extra], lambda p: None) if extra else None
    if theorem is not None:
        yield Found(RULE, theorem)


def term_by_term(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A sum is positive as its terms are."""
    terms = goal[1][1]
    if depth or not 1 < len(terms) <= MOST_TERMS:
        return
    found: list[Theorem] = []
    for key, (p, _) in terms:
        if p > 0 and key[0]:
            term = total(NUM, [(key, 1, 1)])
            signs = (search.prove(node(tag, term), depth + 1) for tag in ("rpos", "rnonneg"))
            sign = next((s for s in signs if s is not None), None)
            if sign is not None:
                found.append(sign)
    theorem = prove_order(goal, [*search.theorems, *found], lambda p: None) if found else None
    if theorem is not None:
        yield Found(RULE, theorem)


def modulo_laws(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order, once equations named and laws of the words that occur have made all shorter."""
    named = [th for th in search.theorems if th.conclusion[0] in ("rnonneg", "rpos")]
    relations = [*named, *squares(search, depth)]
    zeros = [th for th in search.theorems if th.conclusion[0] == "null"]
    zeros += laws(search, [goal, *(th.conclusion for th in (*zeros, *relations))], depth)
    if not zeros:
        return
    search.spend(500)
    terms = [goal[1], *(th.conclusion[1] for th in relations)]
    oracle = search.proof.ranges.oracle()
    forms = normal_forms(
        terms, [(th.conclusion[1], None) for th in zeros], oracle, Effort.COMPLETING
    )
    if forms == terms:
        return
    shorter = [
        th if form == e else _put(th, e, form, zeros, oracle)
        for th, e, form in zip(relations, terms[1:], forms[1:], strict=True)
    ]
    aim = node(goal[0], forms[0])
    theorem = prove_order(aim, shorter, search.routine.prove)
    if theorem is not None:
        yield Found(RULE, _put(theorem, forms[0], goal[1], zeros, oracle))


def _put(theorem: Theorem, old: Term, new: Term, zeros: Sequence[Theorem], oracle: Any) -> Theorem:
    """⊢ new ≥ 0 (> 0) from old ≥ 0 (> 0), where the equations make both the same."""
    change = minus(new, old)
    found = find_cofactors(
        change, [(th.conclusion[1], None) for th in zeros], oracle, Effort.COMPLETING
    )
    if found.rest[-1]:
        raise KernelError("arithmetic", "the two sides differ", theorem.conclusion, found.rest)
    equations = [*zeros, *(fact("one by one", word) for word in found.words)]
    inside = [
        scaled_number(t, equations[t.equation]) for t in found.terms if not isinstance(t, Step)
    ]
    equal = combined(
        node("null", change), [th for th, _ in inside], [scale for _, scale in inside],
        oracle.theorems(),
    )  # fmt: skip
    scales = [(theorem, number(1)), (equal, number(1))]
    return kernel.arithmetic(node(theorem.conclusion[0], new), scales)
