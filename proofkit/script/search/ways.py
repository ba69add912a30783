"""Which ways are tried for a goal, and in what order: cheap ones and those that fit first."""

from __future__ import annotations

from proofkit.kernel.nodes import Term
from proofkit.script.derived import is_relation_of_indices
from proofkit.script.search import equations, instances, logic, nearness, numbers
from proofkit.script.search.state import Search, Way

__all__ = ["ways_to"]


def ways_to(search: Search, goal: Term, depth: int) -> list[Way]:
    """The ways to a goal of that form, in order."""
    ways: list[Way] = [logic.restating]
    if depth <= 1:
        ways.append(logic.closure)
    forms = _by_form(search, goal, depth)
    general = any(f.theorem.conclusion[0] in ("forall", "implies") for f in search.named)
    if search.results and depth == 0:
        ways.append(instances.from_results)
    if general:
        ways.append(instances.from_facts)
    ways += forms
    if depth <= 2:
        ways += [equations.rewriting, equations.congruence]
    ways.append(instances.from_textbook)
    if depth <= 1:
        ways.append(logic.by_cases)
    if depth == 0:
        ways += [logic.contradictory, logic.by_contradiction] if goal != ("false",) else []
    return ways


def _by_form(search: Search, goal: Term, depth: int) -> list[Way]:
    match goal:
        case ("false",):
            return [logic.contradictory]
        case ("and", _):
            return [logic.conjunction]
        case ("or", _):
            return [logic.disjunction]
        case ("implies" | "forall", *_):
            return [equations.gradients, logic.introduction] if depth == 0 else [logic.introduction]
        case ("exists", *_):
            return [instances.from_textbook, numbers.routine, logic.by_witness]
        case ("inonneg", _):
            return [numbers.integers, numbers.ranks]
        case ("null", e) if is_relation_of_indices(goal):
            return [numbers.integers, numbers.ranks, numbers.real_equations]
        case ("null", ("num", _)):
            return [
                numbers.real_equations,
                numbers.traced,
                equations.gradients,
            ]
        case ("null", _):
            has = any(x[0] == "grad" for (_, w), _ in goal[1][3] for x, _ in w)
            gradients: list[Way] = [equations.gradients] if has else []
            known = any(
                x[0] == "grad"
                for fact in search.equations
                for (_, w), _ in fact.theorem.conclusion[1][3]
                for x, _ in w
            )
            if known:
                return [equations.algebra, *gradients, equations.sums]
            return [*gradients, equations.algebra, equations.sums]
        case ("rnonneg" | "rpos", _):
            return [numbers.orders, numbers.traced, numbers.routine]
        case ("near", *_):
            return [nearness.everywhere, nearness.along, nearness.consequence]
        case ("slope" | "continuous" | "differentiable" | "not", *_):
            return [numbers.routine]
    return []
