"""What an example says of a proof whose hypotheses it breaks, and what random networks say.

A step that rests on what does not hold on the example is no failure: the example has left the
proof there.  Only the broken hypothesis itself is said to fail.  Likewise what random networks say
is told only where all that a step rests on was decided to hold on them; networks that only pass for
local minima because none of a few directions leads down accuse nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from proofkit.trace import ResultTrace, Status, StepTrace, Verdict

__all__ = ["decided", "parted", "within"]

LEFT: Final = "does not hold here"
_PREMISES: Final = ("given", "suppose", "case", "obtain")
_RANGE: Final = re.compile(r"for [^=]+ = ([\d, ]+)")


def parted(trace: ResultTrace) -> ResultTrace:
    """The trace, with steps that rest on what fails on the example said to have no say there."""
    rests = _foundations(trace)
    failed = {s.number: s.claim for s in trace.walk() if s.kind == "given" and _is(s, "fails")}

    def look(step: StepTrace) -> StepTrace:
        if step.kind == "given" or not _is(step, "fails") or step.verdict is None:
            return step
        broken = next((failed[n] for n in sorted(rests[step.number]) if n in failed), None)
        if broken is not None:
            return replace(step, verdict=_left(step.verdict, broken))
        if step.verdict.samples:
            return replace(step, verdict=_left(step.verdict, None))
        if step.kind in _PREMISES and not step.children:
            return replace(step, verdict=_left(step.verdict, step.claim))
        return step

    return replace(trace, steps=_each(trace.steps, look))


def _left(verdict: Verdict, about: Any) -> Verdict:
    detail = LEFT if about is not None else "what it rests on is not known to hold here"
    return Verdict("not applicable", verdict.exact, detail, about=about)


def decided(trace: ResultTrace) -> ResultTrace:
    """The trace, without what random networks say of steps that rest on what they do not decide."""
    rests = _foundations(trace)
    sure = {
        s.number
        for s in trace.walk()
        if s.kind in _PREMISES and (s.batch is None or s.batch.status == "holds")
    }
    premises = {s.number for s in trace.walk() if s.kind in _PREMISES}

    def look(step: StepTrace) -> StepTrace:
        known = rests[step.number] & premises <= sure
        return step if known and step.kind not in _PREMISES[1:] else replace(step, batch=None)

    return replace(trace, steps=_each(trace.steps, look))


def within(trace: ResultTrace, depth: int) -> ResultTrace:
    """The trace, without the layers that a claim was tried for where the network has not so many.

    Beyond its last layer a claim about all layers says nothing, so that it was not tried there.
    """

    def look(step: StepTrace) -> StepTrace:
        verdict = step.verdict
        if verdict is None or verdict.about is not None:
            return step
        tried = [int(n) for found in _RANGE.findall(verdict.detail) for n in found.split(",")]
        beyond = any(n > depth for n in tried)
        return replace(step, verdict=replace(verdict, detail="")) if beyond else step

    return replace(trace, steps=_each(trace.steps, look))


def _is(step: StepTrace, status: Status) -> bool:
    return step.verdict is not None and step.verdict.status == status


def _each(
    steps: Sequence[StepTrace], look: Callable[[StepTrace], StepTrace]
) -> tuple[StepTrace, ...]:
    return tuple(replace(look(s), children=_each(s.children, look)) for s in steps)


def _foundations(trace: ResultTrace) -> dict[str, set[str]]:
    """For each step the numbers of all steps that it rests on, if only through others.

    A block rests on what the steps inside it rest on.
    """
    steps = {step.number: step for step in trace.walk()}
    found: dict[str, set[str]] = {}

    def below(number: str) -> set[str]:
        if number not in found:
            found[number] = set()
            step = steps[number]
            for used in (*step.uses, *(child.number for child in step.children)):
                if used in steps:
                    found[number] |= {used} | below(used)
        return found[number]

    for number in _inner_first(trace.steps):
        below(number)
    return found


def _inner_first(steps: Sequence[StepTrace]) -> Iterator[str]:
    for step in steps:
        yield from _inner_first(step.children)
        yield step.number
