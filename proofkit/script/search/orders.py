"""Ways to orders of reals: as combinations of those named, by signs, squares, terms and laws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proofkit.algebra.cofactors import Effort, Step, find_cofactors, normal_forms
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import NUM, minus, number, total
from proofkit.script.derived import combined
from proofkit.script.matching import fact
from proofkit.script.products import scaled_number
from proofkit.script.search.completing import completed_squares
from proofkit.script.search.instances import from_facts
from proofkit.script.search.squares import squares
from proofkit.script.search.state import Found, Search
from proofkit.script.search.supplied import laws
from proofkit.script.signs import monomial_sign, product_sign, prove_order

__all__ = ["combined_orders", "modulo_laws", "squared", "term_by_term"]

MOST_TERMS = 6
MOST_MULTIPLES = 16

RULE = "real arithmetic"


def combined_orders(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order as a combination of those named, and by the signs of what is multiplied."""
    theorem = prove_order(goal, search.theorems, lambda p: None)
    if theorem is not None:
        yield Found(RULE, theorem)


def squared(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order with squares: of the claim and the facts named, or such as complete the goal."""
    for extra in (squares(search, depth), completed_squares(goal[1])):
        theorem = prove_order(goal, [*search.theorems, *extra], lambda p: None) if extra else None
        if theorem is not None:
            yield Found(RULE, theorem)


def term_by_term(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A sum is positive as its terms are."""
    terms = goal[1][1]
    general = any(th.conclusion[0] in ("forall", "implies") for th in search.theorems)
    if depth or not general or not 1 < len(terms) <= MOST_TERMS:
        return
    found: list[Theorem] = []
    for key, (p, _) in terms:
        if p > 0 and key[0]:
            term = total(NUM, [(key, 1, 1)])
            signs = (_instance(search, node(tag, term), depth) for tag in ("rpos", "rnonneg"))
            sign = next((s for s in signs if s is not None), None)
            if sign is not None:
                found.append(sign)
    theorem = prove_order(goal, [*search.theorems, *found], lambda p: None) if found else None
    if theorem is not None:
        yield Found(RULE, theorem)


def _instance(search: Search, goal: Term, depth: int) -> Theorem | None:
    """⊢ an order that is known, or an instance of what is."""
    found = (search.said(goal, one.theorem) for one in from_facts(search, goal, depth + 1))
    return search.known(goal) or next((th for th in found if th is not None), None)


def modulo_laws(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An order, once equations named and laws of the words that occur have made all shorter.

    Those named are also multiplied by what makes their terms those of the goal.
    """
    named = [th for th in search.theorems if th.conclusion[0] in ("rnonneg", "rpos")]
    relations = [*named, *squares(search, depth)]
    zeros = [th for th in search.theorems if th.conclusion[0] == "null"]
    zeros += laws(search, [goal, *(th.conclusion for th in (*zeros, *relations))], depth)
    oracle = search.proof.ranges.oracle()

    def shorter(terms: list[Term]) -> list[Term]:
        pairs = [(th.conclusion[1], None) for th in zeros]
        return normal_forms(terms, pairs, oracle, Effort.COMPLETING) if zeros else terms

    search.spend(500)
    first, *forms = shorter([goal[1], *(th.conclusion[1] for th in relations)])
    relations = [_put(th, e, zeros, oracle) for th, e in zip(relations, forms, strict=True)]
    aim, meet = node(goal[0], first), search.routine.prove
    theorem = prove_order(aim, [*relations, *completed_squares(first)], meet)
    if theorem is None:
        more = _multiples(aim, relations, meet)
        forms = shorter([th.conclusion[1] for th in more])
        more = [_put(th, e, zeros, oracle) for th, e in zip(more, forms, strict=True)]
        theorem = prove_order(aim, [*relations, *more], meet) if more else None
    if theorem is not None:
        yield Found(RULE, _put(theorem, goal[1], zeros, oracle))


def _multiples(goal: Term, relations: Sequence[Theorem], meet: Any) -> list[Theorem]:
    """The relations times what makes a term of theirs one of the goal and is not negative."""
    found: dict[Term, Theorem] = {}
    for theorem in relations:
        for (wanted, _), _ in goal[1][1]:
            for (monomial, _), _ in theorem.conclusion[1][1]:
                powers = dict(monomial)
                if not powers or any(dict(wanted).get(a, 0) < n for a, n in powers.items()):
                    continue
                over = [node(a, n - powers.get(a, 0)) for a, n in wanted if n > powers.get(a, 0)]
                sign = monomial_sign(node(*over), relations, meet) if over else None
                if sign is not None:
                    product = product_sign(sign, theorem)
                    found.setdefault(product.conclusion, product)
                    if len(found) == MOST_MULTIPLES:
                        return list(found.values())
    return list(found.values())


def _put(theorem: Theorem, new: Term, zeros: Sequence[Theorem], oracle: Any) -> Theorem:
    """⊢ new ≥ 0 (> 0) from old ≥ 0 (> 0), where the equations make both the same."""
    change = minus(new, theorem.conclusion[1])
    if not change[1]:
        return theorem
    found = find_cofactors(
        change, [(th.conclusion[1], None) for th in zeros], oracle, Effort.COMPLETING
    )
    if found.rest[-1]:
        raise KernelError("arithmetic", "the two sides differ", theorem.conclusion, found.rest)
    equations = [*zeros, *(fact("one by one", word) for word in found.words)]
    inside = [
        scaled_number(t, equations[t.equation]) for t in found.terms if not isinstance(t, Step)
    ]
    premises = [theorem, *(th for th, _ in inside)]
    scales = [number(1), *(scale for _, scale in inside)]
    return combined(node(theorem.conclusion[0], new), premises, scales, oracle.theorems())
