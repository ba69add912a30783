"""Which ways are tried for a goal, and in what order: cheap ones and those that fit first."""

from __future__ import annotations

from proofkit.kernel.nodes import Term
from proofkit.script.derived import is_relation_of_indices
from proofkit.script.search import (
    earlier,
    equations,
    instances,
    logic,
    multiplied,
    nearness,
    numbers,
    orders,
    specialising,
    vanishing,
)
from proofkit.script.search.state import Search, Way

__all__ = ["ways_to"]


def ways_to(search: Search, goal: Term, depth: int) -> list[Way]:
    """The ways to a goal of that form, in order; conditions are met in fewer ways than the step."""
    ways: list[Way] = [logic.restating]
    if depth == 0:
        ways.append(logic.closure)
        if search.results:
            ways.append(earlier.from_results)
    if any(f.theorem.conclusion[0] in ("forall", "implies") for f in search.named):
        ways.append(instances.from_facts)
    ways += _by_form(search, goal, depth)
    if depth == 0:
        ways += [equations.rewriting, equations.congruence]
        ways += [logic.contradictory] if goal != ("false",) else []
    return ways if search.plain else ways + _dear(goal, depth)


def _dear(goal: Term, depth: int) -> list[Way]:
    """What takes much, and is tried when nothing cheap led to the goal."""
    ways: list[Way] = []
    equation = goal[0] == "null" and not is_relation_of_indices(goal)
    if depth == 0 and goal[0] in ("rnonneg", "rpos"):
        ways += [multiplied.products, multiplied.by_opposite]
    if depth <= 1:
        ways.append(instances.from_textbook)
        ways += [vanishing.by_its_square] if equation else []
    if depth == 0:
        ways += [specialising.specialised] if equation else []
        ways.append(logic.by_cases)
        ways += [logic.by_contradiction] if goal != ("false",) else []
    return ways


def _by_form(search: Search, goal: Term, depth: int) -> list[Way]:
    match goal:
        case ("false",):
            return [logic.contradictory, numbers.traced]
        case ("and", _):
            return [logic.conjunction]
        case ("or", _):
            return [logic.disjunction]
        case ("implies" | "forall", *_):
            return [*([equations.gradients] if depth == 0 else []), logic.introduction]
        case ("exists", *_):
            return [instances.from_textbook, numbers.routine, logic.by_witness]
        case ("inonneg", _):
            return [numbers.integers, numbers.ranks]
        case ("null", _) if is_relation_of_indices(goal):
            return [numbers.integers, numbers.ranks, numbers.real_equations]
        case ("null", ("num", _)):
            return [numbers.real_equations, equations.algebra, numbers.traced, equations.gradients]
        case ("null", e):
            gradients: list[Way] = [equations.gradients] if _has_gradient(e) else []
            known = any(_has_gradient(f.theorem.conclusion[1]) for f in search.equations)
            first, last = ([], gradients) if known else (gradients, [])
            return [*first, equations.algebra, *last, equations.sums]
        case ("rnonneg" | "rpos", _):
            first = [orders.combined_orders, numbers.traced, numbers.routine]
            first += [orders.squared, specialising.specialised]
            first += [orders.term_by_term, orders.modulo_laws]
            return [*first, *([instances.from_textbook_at_once] if depth == 0 else [])]
        case ("near", *_):
            near: list[Way] = [nearness.everywhere, nearness.along, nearness.consequence]
            return [*near, numbers.routine]
        case ("not", _):
            first = [numbers.routine]
            first += [instances.from_textbook_at_once] if depth == 0 else []
            return [*first, logic.refuting]
        case ("slope" | "continuous" | "differentiable", *_):
            return [numbers.routine]
    return []


def _has_gradient(e: Term) -> bool:
    return any(letter[0] == "grad" for (_, word), _ in e[3] for letter, _ in word)
