"""Ways by earlier results: the goal is an instance, or what they say here leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from proofkit.claims import encode
from proofkit.kernel import Theorem
from proofkit.kernel.binding import reach
from proofkit.kernel.nodes import Term
from proofkit.script.search.instances import (
    MOST_MET,
    MOST_VALUES,
    Level,
    applied,
    met,
    used,
    values_of,
    whole,
)
from proofkit.script.search.patterns import Matcher, filled
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = ["from_results", "results_here"]


def from_results(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of an earlier result."""
    for result, route in search.results:
        statement = encode(result.statement)
        for values in values_of(search, statement, goal, depth):
            theorem = result.theorem(route)
            for found in used(search, theorem, [values], goal, depth):
                if result.id not in search.proof.used_results:
                    search.proof.used_results.append(result.id)
                yield Found(f"result: {result.id}", found)


def results_here(search: Search) -> dict[str, list[Theorem]]:
    """What earlier results say of that of which the claim and the facts named speak.

    Terms in a result's conclusion are matched to terms there: gradients, values of functions and
    words.
    """
    spoken = _applications(search.goal, *(th.conclusion for th in search.theorems))
    out: dict[str, list[Theorem]] = {}
    for result, route in search.results:
        theorem = result.theorem(route)
        level = whole(theorem.conclusion)
        found = {} if level.steps else {theorem.conclusion: theorem}
        for values in _by_parts(search, level, spoken):
            named = dict(zip((v[1] for v in level.variables), values, strict=True))
            with suppress(*FAULTS):
                premises = [filled(p, level.variables, named) for p in level.premises]
                here = applied(search, theorem, level, values, premises, 0)
                if here is not None:
                    found.setdefault(here.conclusion, here)
        out[result.id] = list(found.values())
    return out


def _by_parts(search: Search, level: Level, spoken: list[Term]) -> Iterator[list[Term]]:
    """Values under which a term in the conclusion is one of those spoken of."""
    names = [v[1] for v in level.variables]
    matcher = Matcher(level.variables, search.proof.ranges.oracle(), search.spend)
    tried: list[list[Term]] = []
    for pattern in _applications(level.conclusion):
        if not matcher.open_in(pattern, {}):
            continue
        for x in spoken:
            for start in islice(matcher.ways(pattern, x, {}), 2):
                for found in islice(met(search, matcher, list(level.premises), start), MOST_MET):
                    values = [found[name] for name in names if name in found]
                    if len(values) == len(names) and values not in tried:
                        tried.append(values)
                        yield values
                        if len(tried) == MOST_VALUES:
                            return


def _applications(*claims: Term) -> list[Term]:
    """The gradients and values of functions and words that claims speak of."""
    found: dict[Term, None] = {}

    def walk(part: Any) -> None:
        if type(part) is tuple:
            if part[:1] in (("grad",), ("at",)) and len(part) == 3 and not reach(part):
                found.setdefault(part)
            for inner in part:
                walk(inner)

    walk(claims)
    return list(found)
