"""Finding the inference behind a claim when the script names none: `searching`.

The search is deterministic and bounded by counts; what it finds, the kernel checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofkit.claims import Claim
from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term
from proofkit.script.proof import Fact, ScriptError
from proofkit.script.search.earlier import results_here
from proofkit.script.search.state import Exhausted, Found, Search

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["Searching", "find", "searching"]

MOST_RECENT = 12
"""Facts in scope that are taken up when a step names none."""


@dataclass
class Searching:
    """A tactic that looks for the others: its rule is that of what it found."""

    uses: tuple[Fact, ...]
    results: tuple[tuple[Any, str], ...]
    rule: str = "search"

    def find(self, proof: Proof, claim: Claim, goal: Term) -> Theorem:
        """⊢ the goal; `ScriptError` if no way to it was found."""
        found = find(proof, claim, goal, self.uses, self.results)
        self.rule = found.rule
        return found.theorem


def searching(*using: Any) -> Searching:
    """The tactic behind `Proof.have` without one: from facts, results, or (result, route)."""
    facts: list[Fact] = []
    results: list[tuple[Any, str]] = []
    for one in using:
        if isinstance(one, Fact):
            facts.append(one)
        elif hasattr(one, "statement"):
            results.append((one, ""))
        elif isinstance(one, tuple) and len(one) == 2 and hasattr(one[0], "statement"):
            results.append(one)
        else:
            raise ScriptError(
                None,
                f"using: {getattr(one, 'claim', one)} is neither a fact nor a result; facts are "
                "what the script is handed and what have(…) returns",
            )
    return Searching(tuple(facts), tuple(results))


def find(
    proof: Proof,
    claim: Claim,
    goal: Term,
    facts: Sequence[Fact],
    results: Sequence[tuple[Any, str]] = (),
) -> Found:
    """A theorem for the claim, from what it is said to follow from.

    First what is cheap is tried, from the facts named and then with the recent ones; in the end
    what is dear, from the facts named, or from the recent ones where none are.
    """
    rounds = [tuple(facts)]
    recent = tuple(_recent(proof, goal, facts))
    if recent:
        rounds.append((*facts, *recent))
    searches = [Search(proof, claim, goal, named, results) for named in rounds]
    for search in searches:
        if (found := _found(search, goal)) is not None:
            return found
    dear = searches[0 if facts else -1]
    with dear.thorough():
        if (found := _found(dear, goal)) is not None:
            return found
    from proofkit.script.nearest import nearest

    raise ScriptError(claim, nearest(proof, claim, goal, (*facts, *recent)))


def _found(search: Search, goal: Term) -> Found | None:
    """A way from the facts or, in a search with a bound of its own, from what results say, too."""
    found = None
    with suppress(Exhausted):
        found = search.first(goal, 0)
    if found is None:
        search.effort = 0
        with suppress(Exhausted):
            found = _from_what_results_say(search, goal)
    return found


def _from_what_results_say(search: Search, goal: Term) -> Found | None:
    """A way from what the results named say here, together with the facts."""
    here = results_here(search) if search.results else {}
    theorems = [theorem for said in here.values() for theorem in said]
    if not theorems:
        return None
    search.results = []
    with search.supposing(*theorems):
        found = search.first(goal, 0)
    if found is not None:
        for id, said in here.items():
            if id not in search.proof.used_results and _rests_on(found.theorem, said):
                search.proof.used_results.append(id)
    return found


def _rests_on(theorem: Theorem, wanted: Sequence[Theorem]) -> bool:
    """Whether one of the theorems wanted is behind a theorem."""
    aims = {id(one) for one in wanted}
    seen: set[int] = set()
    stack = [theorem]
    while stack:
        one = stack.pop()
        if id(one) in aims:
            return True
        if id(one) not in seen:
            seen.add(id(one))
            stack += one.inference.premises
    return False


def _recent(proof: Proof, goal: Term, facts: Sequence[Fact]) -> list[Fact]:
    """Facts in scope that speak of something the goal speaks of, the most recent first."""
    from proofkit.kernel.binding import free

    letters = set(free(goal))
    found = []
    for fact in reversed(list(proof.facts)):
        if fact not in facts and letters & set(free(fact.theorem.conclusion)):
            found.append(fact)
            if len(found) == MOST_RECENT:
                break
    return found
