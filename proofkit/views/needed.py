"""The auxiliary results that a proof applies, to be printed where it first needs them.

A result that has no page of its own is a part of the arguments that apply it: a reader gets its
statement and its proof before the beat in which it is first applied, so that a proof points
upwards only, and those that it applies before it.  Of one whose proof the reader has just read, as
a part of the proof that applies it, the statement is enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from proofkit.trace import Prose, ResultTrace, StepTrace
from proofkit.views.reading import used_result
from proofkit.views.stating import Stated, stated
from proofkit.views.telling import Part, Telling, told

__all__ = ["NOTHING", "Needed", "counted", "needed"]


NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


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


def counted(found: Mapping[str, Sequence[Any]], elsewhere: Mapping[str, str]) -> str:
    """How many auxiliary results are printed with a proof, and where those are that are not.

    ``elsewhere`` names for each of these the result with which it is printed.

    >>> counted({"2": ["a", "b"]}, {"c": "Theorem 3", "d": "Lemma 1", "e": "Theorem 3"})
    '2 auxiliary results are proved here, each before it is first applied; 3 more are proved with \
Theorem 3 and Lemma 1.'
    >>> counted({}, {"c": "Lemma 1"})
    '1 auxiliary result that this proof rests on is proved with Lemma 1.'
    """
    here, there = sum(map(len, found.values())), len(elsewhere)
    *names, last = dict.fromkeys(elsewhere.values()) or ("",)
    where = f"{', '.join(names)} and {last}" if names else last
    is_, has = ("is" if there == 1 else "are"), ("is" if here == 1 else "are")
    if here:
        more = f"; {there} more {is_} proved with {where}" if there else ""
        each = "each before it is first applied" if here > 1 else "before it is first applied"
        return f"{_results(here)} {has} proved here, {each}{more}."
    rests = f"{_results(there)} that this proof rests on {is_} proved with {where}."
    return rests if there else ""


def _results(number: int) -> str:
    return f"{number} auxiliary result" + ("" if number == 1 else "s")


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
