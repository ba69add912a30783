"""General facts that are named, at the terms the claim is written with, together with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term
from proofkit.script.search.instances import MOST_VALUES, applied, guessed, whole
from proofkit.script.search.patterns import Matcher, filled
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = ["specialised"]


def specialised(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A relation that follows from what general facts say of terms that were written."""
    theorems = [] if depth else list(_instances(search))
    if theorems:
        with search.supposing(*theorems):
            found = search.first(goal, depth + 2)
        if found is not None:
            yield Found("instance" if found.rule == "restate" else found.rule, found.theorem)


def _instances(search: Search) -> Iterator[Theorem]:
    """What the general facts named say of written terms, relations and their conjunctions."""
    for fact in list(search.named):
        general = fact.theorem.conclusion
        if general[0] != "forall":
            continue
        level = whole(general)
        if level.conclusion[0] not in ("null", "rnonneg", "rpos", "and"):
            continue
        matcher = Matcher(level.variables, search.proof.ranges.oracle(), search.spend)
        for values in islice(guessed(search, matcher, level, {}, 0), MOST_VALUES):
            search.spend(20)
            with suppress(*FAULTS):
                premises = [filled(p, level.variables, values) for p in level.premises]
                here = [values[v[1]] for v in level.variables]
                theorem = applied(search, fact.theorem, level, here, premises, 1)
                if theorem is not None:
                    yield theorem
