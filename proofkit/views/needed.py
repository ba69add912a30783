"""The auxiliary results that a proof applies, to be printed where it first needs them.

A result that has no page of its own is a part of the arguments that apply it: a reader gets its
statement and its proof before the beat in which it is first applied, and those that it applies
before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from proofkit.trace import ResultTrace, StepTrace
from proofkit.views.reading import used_result
from proofkit.views.stating import Stated, stated
from proofkit.views.telling import Part, Telling, told

__all__ = ["Needed", "needed"]


@dataclass(frozen=True)
class Needed:
    """An auxiliary result, ready to be printed: its statement in sentences, its proof as told."""

    trace: ResultTrace
    stated: Stated
    telling: Telling


def needed(
    trace: ResultTrace, others: Sequence[ResultTrace], auxiliary: Collection[str]
) -> dict[str, tuple[Needed, ...]]:
    """For the number of each beat, the auxiliary results to be printed before it, each once.

    For a proof without beats the number is empty.  Of the ``others`` those are printed whose ids
    are ``auxiliary``.
    """
    known = {other.id: other for other in others if other.id in auxiliary}
    seen: set[str] = set()
    found: dict[str, tuple[Needed, ...]] = {}
    for part in (p for one in told(trace).parts for p in one.walk()):
        number = part.step.number if part.step is not None else ""
        new = tuple(_applied(_steps(part), known, seen))
        if new:
            found[number] = (*found.get(number, ()), *new)
    return found


def _steps(part: Part) -> Iterator[StepTrace]:
    """The steps of a part but for those of the parts inside it."""
    for step in part.before:
        yield from step.walk()
    for sentence in (s for one in part.sentences for s in one.walk()):
        yield sentence.step
        for step in sentence.inferences:
            yield from step.walk()


def _applied(
    steps: Iterator[StepTrace], known: dict[str, ResultTrace], seen: set[str]
) -> Iterator[Needed]:
    for step in steps:
        id = used_result(step.rule)
        if id not in known or id in seen:
            continue
        seen.add(id)
        other = known[id]
        yield from _applied(iter([s for step in other.steps for s in step.walk()]), known, seen)
        yield Needed(other, stated(other), told(other))
