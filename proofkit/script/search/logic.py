"""Ways by logic: what is known already, parts and wholes, suppositions, witnesses, cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, product

from proofkit import kernel
from proofkit.kernel import Theorem
from proofkit.kernel.binding import opened
from proofkit.kernel.claims import negation
from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import as_term
from proofkit.script.derived import (
    excluded_middle,
    explode,
    is_relation_of_indices,
    least_index,
    near_nonzero,
)
from proofkit.script.search.patterns import Found as Values
from proofkit.script.search.patterns import Matcher
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = [
    "by_cases",
    "by_contradiction",
    "by_witness",
    "closure",
    "conjunction",
    "contradictory",
    "disjunction",
    "introduction",
    "refuting",
    "restating",
]


def restating(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """The goal is a fact that is named, or a part of one, perhaps in other words."""
    if (theorem := search.known(goal)) is not None:
        yield Found("restate", theorem)
    wholes = {id(fact.theorem) for fact in search.given}
    for fact in search.named:
        if fact.theorem.conclusion[0] == goal[0]:
            rule = "restate" if id(fact.theorem) in wholes else "part of a conjunction"
            yield Found(rule, fact.theorem)


_UNARY: tuple[tuple[str, str, Callable[[Theorem], Theorem]], ...] = (
    ("near", "near: at the point", kernel.near_here),
    ("near", "near: around near points", kernel.near_near),
    ("near", "near: a small number", near_nonzero),
    ("forall", "choose", kernel.choose),
)


def closure(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What follows from one fact, or two, by a rule that leaves no choice."""
    for fact in search.named:
        for tag, rule, infer in _UNARY:
            if fact.theorem.conclusion[0] == tag:
                with suppress(*FAULTS):
                    yield Found(rule, infer(fact.theorem))
    if goal[0] != "exists":
        return
    exist = [th for th in search.theorems if th.conclusion[0] == "exists"]
    bounds = [th for th in search.theorems if th.conclusion[0] == "forall"]
    for some, bound in product(exist, bounds):
        with suppress(*FAULTS):
            yield Found("least index", least_index(some, bound))


def conjunction(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """All parts of a conjunction."""
    found = []
    for part in goal[1]:
        theorem = search.prove(part, depth + (depth > 0))
        if theorem is None:
            return
        found.append(theorem)
    yield Found("conjunction", kernel.conjoin(*found))


def disjunction(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """One part of a disjunction; or p ∨ ¬p."""
    for part in goal[1]:
        theorem = search.known(part)
        if theorem is not None:
            yield Found("disjunction", kernel.either(theorem, goal))
    if len(goal[1]) == 2 and goal[1][1] == negation(goal[1][0]):
        yield Found("excluded middle", excluded_middle(goal[1][0]))
    for part in goal[1]:
        theorem = search.prove(part, depth + 1)
        if theorem is not None:
            yield Found("disjunction", kernel.either(theorem, goal))


def introduction(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """p → q by supposing p, and ∀x. p(x) by taking any x."""
    variables = []
    supposed = []
    inner = goal
    steps: list[tuple[str, Term]] = []
    while inner[0] in ("forall", "implies"):
        if inner[0] == "forall":
            x = search.fresh(inner[1])
            variables.append(x)
            steps.append(("forall", x))
            inner = read_by(PLAIN, opened(inner[2], as_term(x, inner[1])))
        else:
            supposed.append(kernel.assume(inner[1]))
            steps.append(("implies", inner[1]))
            inner = inner[2]
    with search.supposing(*supposed), search.calling(variables if goal == search.goal else ()):
        found = search.first(inner, depth)
    if found is None:
        return
    theorem = found.theorem
    for kind, x in reversed(steps):
        theorem = (
            kernel.generalise(x, theorem) if kind == "forall" else kernel.discharge(x, theorem)
        )
    yield Found(found.rule, theorem)


def by_witness(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """Something exists: what the facts named are about."""
    variables: list[Term] = []
    body = goal
    while body[0] == "exists":
        x = search.fresh(body[1])
        variables.append(x)
        body = read_by(PLAIN, opened(body[2], as_term(x, body[1])))
    wanted = body[1] if body[0] == "and" else (body,)
    matcher = Matcher(variables, spend=search.spend)
    tried = []
    for found in islice(_fits(search, matcher, wanted, {}, 0), 8):
        if found in tried:
            continue
        tried.append(found)
        if any(v[1] not in found for v in variables):
            continue
        theorem = _shown(search, goal, [found[v[1]] for v in variables], depth)
        if theorem is not None:
            yield Found("witness", theorem)


def _fits(
    search: Search, matcher: Matcher, wanted: Sequence[Term], found: Values, done: int
) -> Iterator[Values]:
    """Values of the variables under which parts of the claim are facts that are named."""
    if not wanted:
        if done:
            yield found
        return
    part, rest = wanted[0], wanted[1:]
    if matcher.open_in(part, found):
        for fact in search.named:
            if fact.theorem.conclusion[0] == part[0]:
                for way in islice(matcher.ways(part, fact.theorem.conclusion, found), 3):
                    yield from _fits(search, matcher, rest, way, done + 1)
    yield from _fits(search, matcher, rest, found, done)


def _shown(search: Search, goal: Term, values: list[Term], depth: int) -> Theorem | None:
    if not values:
        return search.prove(goal, depth + 1)
    inner = claim(opened(goal[2], values[0]))
    theorem = _shown(search, inner, values[1:], depth)
    return None if theorem is None else kernel.witness(goal, values[0], theorem)


# ── Contradictions and cases ───────────────────────────────────────────────────────────────────
def contradictory(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A contradiction: a fact and its negation, or relations that cannot all hold."""
    rule = "contradiction" if goal == ("false",) else "ex falso"
    known = {th.conclusion: th for th in search.theorems}
    for th in search.theorems:
        if th.conclusion == ("false",):
            yield Found(rule, explode(th, goal) if goal != ("false",) else th)
    for th in search.theorems:
        opposite = negation(th.conclusion)
        other = known.get(opposite) or search.scope.get(opposite)
        if other is not None:
            yield Found(rule, _wrong(kernel.contradiction(th, other), goal))
    if goal != ("false",):
        return
    orders = search.indices
    if orders or not search.named:
        wrong = search.proof.ranges.prove(goal, orders)
        if wrong is not None:
            yield Found(rule, wrong)
    for th in search.theorems:
        if th.conclusion[0] == "not" or is_relation_of_indices(th.conclusion):
            other = search.prove(negation(th.conclusion), depth + 1)
            if other is not None:
                yield Found(rule, kernel.contradiction(th, other))


def _wrong(theorem: Theorem, goal: Term) -> Theorem:
    return theorem if goal == ("false",) else explode(theorem, goal)


def refuting(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What is denied, supposed, contradicts what is named."""
    if depth > 1:
        return
    supposed = kernel.assume(goal[1])
    with search.supposing(supposed):
        wrong = search.prove(("false",), depth + 1)
    if wrong is not None:
        yield Found("contradiction", kernel.reductio(goal[1], wrong))


def by_contradiction(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """The goal, as its opposite contradicts a fact."""
    opposite = kernel.assume(negation(goal))
    for th in search.theorems:
        if th.conclusion[0] != "not":
            continue
        with search.supposing(opposite):
            found = search.prove(negation(th.conclusion), depth + 1)
        if found is not None:
            wrong = kernel.contradiction(found, th)
            yield Found("contradiction", kernel.reductio(opposite.conclusion, wrong))


def by_cases(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """Each case of a disjunction that is named gives the goal."""
    if search.inside:
        return
    for th in search.theorems:
        if th.conclusion[0] != "or":
            continue
        branches = []
        for case in th.conclusion[1]:
            supposed = kernel.assume(case)
            with search.supposing(supposed):
                without = [f for f in search.named if f.theorem is not th]
                search.named, kept = without, search.named
                search.inside += 1
                try:
                    found = search.first(goal, depth)
                finally:
                    search.named = kept
                    search.inside -= 1
            if found is None:
                break
            branches.append(found.theorem)
        else:
            yield Found("cases", kernel.cases(th, *branches))
