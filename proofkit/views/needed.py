"""The auxiliary results that a proof applies, to be printed where it first needs them.

A result that has no page of its own is a part of the arguments that apply it: a reader gets its
statement and its proof before the beat in which it is first applied, so that a proof points
upwards only, and those that it applies before it.  Of one whose proof the reader has just read, as
a part of the proof that applies it, the statement is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from proofkit.trace import Prose, ResultTrace, StepTrace
from proofkit.views.reading import used_result
from proofkit.views.stating import Stated, stated
from proofkit.views.telling import Part, Telling, told

__all__ = ["Needed", "needed"]


@dataclass(frozen=True)
class Needed:
    """An auxiliary result, ready to be printed: its statement in sentences, its proof as told.

    ``like`` is the number of the beat, if there is one, that tells its proof word for word.
    """

    trace: ResultTrace
    stated: Stated
    telling: Telling
    like: str = ""


def needed(
    trace: ResultTrace, others: Sequence[ResultTrace], auxiliary: Collection[str]
) -> dict[str, tuple[Needed, ...]]:
    """For the number of each beat, the auxiliary results to be printed before it, each once.

    For a proof without beats the number is empty.  Of the ``others`` those are printed whose ids
    are ``auxiliary``.
    """
    known = {other.id: other for other in others if other.id in auxiliary}
    telling = told(trace)
    seen: set[str] = set()
    found: dict[str, tuple[Needed, ...]] = {}
    read: list[Part] = []
    for part in (p for one in telling.parts for p in one.walk()):
        number = part.step.number if part.step is not None else ""
        before = [one for one in read if part not in one.walk()]
        new = [_likened(one, before) for one in _applied(_steps(part), known, seen)]
        read.append(part)
        if new:
            found[number] = (*found.get(number, ()), *new)
    return found


def _likened(one: Needed, read: Sequence[Part]) -> Needed:
    """The auxiliary result, with the innermost beat read before that tells all its proof tells."""
    words = _words(one.telling.parts)
    beats = [p for p in read if p.step is not None and words <= _words([p])]
    if len(words) < 2 or not beats or beats[-1].step is None:
        return one
    return replace(one, like=beats[-1].step.number)


def _words(parts: Sequence[Part]) -> set[Prose]:
    """What is said in parts of a proof."""
    inside = [p for part in parts for p in part.walk()]
    steps = [p.step for p in inside if p.step is not None]
    steps += [s.step for p in inside for one in p.sentences for s in one.walk()]
    return {step.words for step in steps if step.words}


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
