"""The beats of a proof to be put in order: any in which each comes after those that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proofkit.networks.random import generator
from proofkit.script import Step
from proofkit.trace import ResultTrace, StepTrace
from proofkit.views.telling import told

__all__ = ["Ordering", "ordering"]

FEWEST, MOST = 3, 10
"""How many beats there are to put in order."""


@dataclass(frozen=True)
class Ordering:
    """Steps to be put in order: as shuffled, and for each the steps that must come before it."""

    steps: tuple[StepTrace, ...]
    before: tuple[tuple[str, str], ...]

    def accepts(self, order: Sequence[str]) -> bool:
        """Whether the numbers are these steps, each after all that it rests on."""
        place = {number: n for n, number in enumerate(order)}
        return sorted(order) == sorted(s.number for s in self.steps) and all(
            place[first] < place[then] for first, then in self.before
        )


def ordering(trace: ResultTrace, steps: Sequence[Step], seed: int = 0) -> Ordering | None:
    """The beats shuffled; None where there are too few, or where they may stand in any order.

    ``steps`` are the steps of the script, in the same order as in the trace.
    """
    beats = [p.step for p in told(trace).beats if p.step is not None and not p.parts]
    before = _before(trace, steps, beats)
    if not FEWEST <= len(beats) <= MOST or not before:
        return None
    return _shuffled(Ordering(tuple(beats), before), seed)


def _before(
    trace: ResultTrace, scripted: Sequence[Step], beats: Sequence[StepTrace]
) -> tuple[tuple[str, str], ...]:
    """Which beats rest on which: by what they use, or as they name what was obtained before."""
    numbers = [beat.number for beat in beats]
    reading = trace.walk()
    owners = {step.number: _owners(step, numbers) for step in reading}
    script = dict(zip([step.number for step in reading], _all(scripted), strict=True))
    found: set[tuple[str, str]] = set()
    last = ""
    for step in reading:
        mine = owners[step.number]
        for used in step.uses:
            if f"{step.number}.".startswith(f"{used}.") or used.startswith(f"{step.number}."):
                continue  # a block around it, or a step inside
            found |= {(first, then) for first in owners[used] for then in mine if first != then}
        if step.number in numbers:
            last = step.number
        if step.kind == "obtain" and last:
            # What is called by a name here was shown to exist in the beat that came last.
            names = set(script[step.number].variables)
            block = step.number.rpartition(".")[0]
            later = [n for n in numbers[numbers.index(last) + 1 :] if n.startswith(block)]
            found |= {(last, then) for then in later if names & _symbols(script[then])}
    place = numbers.index
    return tuple(sorted((a, b) for a, b in found if place(a) < place(b)))


def _owners(step: StepTrace, numbers: Sequence[str]) -> tuple[str, ...]:
    """The beat that a step is in, or the beats that are in it."""
    at = step.number
    return tuple(n for n in numbers if f"{at}.".startswith(f"{n}.") or n.startswith(f"{at}."))


def _all(steps: Sequence[Step]) -> list[Step]:
    return [one for step in steps for one in (step, *_all(step.children))]


def _symbols(step: Step) -> set[Any]:
    from sympy import preorder_traversal

    found = set(preorder_traversal(step.claim))
    for child in step.children:
        found |= _symbols(child)
    return found


def _shuffled(one: Ordering, seed: int) -> Ordering:
    rng = generator((seed, 41))
    for _ in range(20):
        order = [one.steps[n] for n in rng.permutation(len(one.steps))]
        if not one.accepts([s.number for s in order]):
            return Ordering(tuple(order), one.before)
    return Ordering(tuple(reversed(one.steps)), one.before)
