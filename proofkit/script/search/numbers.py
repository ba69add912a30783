"""Ways to relations of numbers: indices and ranks, equations of reals, what is routine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import of_word, times, transpose
from proofkit.script.derived import combined, is_relation_of_indices
from proofkit.script.equations import is_matrix_equation
from proofkit.script.matching import fact
from proofkit.script.search.patterns import cut_at, ends
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = ["integers", "ranks", "real_equations", "routine", "traced"]


MOST_RANKS = 12
"""Ranks that are compared with one another."""


def integers(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A relation of indices and sizes, from those named and those in scope."""
    found = search.proof.ranges.prove(goal, search.indices)
    if found is not None:
        yield Found("arithmetic", found)


def ranks(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A relation of ranks, with what textbooks say of the ranks that are spoken of."""
    relations = search.indices
    claims = (goal, *(theorem.conclusion for theorem in relations))
    spoken = list(dict.fromkeys(a for claim in claims for a in _ranks_in(claim)))[:MOST_RANKS]
    if not spoken:
        return
    extra = _rank_facts(search, spoken)
    found = search.proof.ranges.prove(goal, (*relations, *extra))
    if found is not None:
        yield Found(_told(found), found)


def _told(theorem: Theorem) -> str:
    """The one textbook fact that an inference rests on, or arithmetic."""
    found: dict[str, None] = {}
    stack = list(theorem.inference.premises)
    others = 0
    for premise in stack:
        name = _instance_of(premise)
        if name is None or name == "natural numbers":
            others += name is None
        else:
            found.setdefault(name)
    return f"textbook: {next(iter(found))}" if len(found) == 1 and not others else "arithmetic"


def _instance_of(theorem: Theorem) -> str | None:
    while theorem.inference.rule == "instantiate":
        theorem = theorem.inference.premises[0]
    return theorem.inference.data[0] if theorem.inference.rule == "textbook" else None


def _ranks_in(x: Any) -> Iterator[Term]:
    """The matrices whose ranks a claim speaks of."""
    seen: dict[Term, None] = {}

    def walk(part: Any) -> None:
        if type(part) is tuple:
            if part[:1] == ("rank",):
                seen.setdefault(part[1])
            for inner in part:
                walk(inner)

    walk(x)
    yield from seen


def _rank_facts(search: Search, matrices: list[Term]) -> Iterator[Theorem]:
    """At most rows and columns, the same as the transpose's, at most that of a factor."""
    for a in matrices:
        _, rows, cols, _ = a
        yield fact("rank at most columns", rows, cols, a)
        turned = transpose(a)
        yield fact("rank of transpose", rows, cols, a)
        yield fact("rank at most columns", cols, rows, turned)
        for b in matrices:
            if a is not b:
                yield from _factor(search, a, b)
                yield from _factor(search, a, transpose(b))


def _word(a: Term) -> Term | None:
    if len(a[3]) == 1 and not a[3][0][0][0] and a[3][0][1] == (1, 1):
        word: Term = a[3][0][0][1]
        return word
    return None


def _factor(search: Search, a: Term, b: Term) -> Iterator[Theorem]:
    """rank A ≤ rank B where A is a product with the factor B."""
    whole, part = _word(a), _word(b)
    if whole is None or part is None or not part:
        return
    oracle = search.proof.ranges.oracle()
    for start in range(len(whole) - len(part) + 1):
        around = cut_at(whole[start : start + len(part)], part, oracle)
        if around is None:
            continue
        before = node(*whole[:start], *around[0])
        after = node(*around[1], *whole[start + len(part) :])
        with suppress(*FAULTS):
            yield from _cut(b, before, after)
        break


def _cut(b: Term, before: Term, after: Term) -> Iterator[Theorem]:
    def matrix(word: Term) -> Term:
        return of_word(("matrix", ends(word[0])[0], ends(word[-1])[1]), word)

    whole = b
    if after:
        right = matrix(after)
        yield fact("rank of product left", b[1], b[2], right[2], b, right)
        whole = times(b, right)
    if before:
        left = matrix(before)
        yield fact("rank of product right", left[1], left[2], whole[2], left, whole)


# ── Reals ──────────────────────────────────────────────────────────────────────────────────────
def routine(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What a reader supplies unasked."""
    theorem = search.routine.prove(goal)
    if theorem is not None:
        yield Found("routine", theorem)


def real_equations(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An equation of numbers, as the sum of those named, each once."""
    if not search.named:
        yield Found("real arithmetic", combined(goal, [], []))
        return
    premises = [
        th for th in search.theorems if th.conclusion[0] == "null" and th.conclusion[1][0] == "num"
    ]
    for sign in (1, -1):
        with suppress(*FAULTS):
            yield Found("real arithmetic", combined(goal, premises, [sign] * len(premises)))


def traced(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A relation of reals, from matrix equations inside traces and relations of reals."""
    from proofkit.script.matrix_traces import traces

    useful = [f for f in search.named if _is_for_traces(f.theorem.conclusion)]
    theorem = traces(*useful).find(search.proof, search.claim, goal)
    yield Found("traces", theorem)


def _is_for_traces(p: Term) -> bool:
    return is_matrix_equation(p) or (
        p[0] in ("rnonneg", "rpos", "null") and not is_relation_of_indices(p)
    )
