"""What falls when a step breaks: the steps that rest on it, and the results that rest on these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from proofkit.packs import Pack
from proofkit.script import Result, ScriptError
from proofkit.trace import ResultTrace

__all__ = ["Fallen", "falling", "resting_on"]


@dataclass(frozen=True)
class Fallen:
    """A result that loses its proof with another: by which routes, and which others it has left."""

    id: str
    title: str
    lost: tuple[str, ...]
    left: tuple[str, ...]


def falling(trace: ResultTrace) -> dict[str, tuple[str, ...]]:
    """For each step, the steps that no longer hold if it does not, in reading order.

    A step rests on those that it uses, and on the beats that these are in; a block rests on the
    steps inside it.
    """
    steps = trace.walk()
    beats = [step.number for step in steps if step.kind == "beat"]
    rests: dict[str, set[str]] = {
        step.number: {
            *step.uses,
            *(
                beat
                for beat in beats
                if any(used.startswith(f"{beat}.") for used in step.uses)
                and not step.number.startswith(f"{beat}.")
            ),
        }
        for step in steps
    }
    for block in (trace.steps, *(step.children for step in steps)):
        for earlier, step in pairwise(block):
            if step.kind == "obtain":
                # What is called by a name here was shown to exist by the step before.
                rests[step.number].add(earlier.number)
    for step in steps:
        # A block has no steps but those that it needs.
        rests[step.number] |= {c.number for c in step.children if c.kind != "suppose"}
    above: dict[str, list[str]] = {number: [] for number in rests}
    for number, below in rests.items():
        for one in below:
            above.setdefault(one, []).append(number)
    found = {}
    for number in rests:
        seen: set[str] = set()
        stack = [number]
        while stack:
            for up in above.get(stack.pop(), ()):
                if up not in seen:
                    seen.add(up)
                    stack.append(up)
        found[number] = tuple(step.number for step in steps if step.number in seen)
    return found


def resting_on(pack: Pack, result: Result, route: str) -> tuple[Fallen, ...]:
    """The pack's own results that lose a proof when this route breaks, the result itself first.

    A result falls when no route is left to it; only then do those fall that rest on it.
    """
    name = route or next(iter(result.routes))
    broken = {(result.id, name)}
    alive = {r.id: set(r.routes) for r in pack.everything}
    alive[result.id].discard(name)
    uses = {(r.id, one): frozenset(_used(r, one)) for r in pack.everything for one in r.routes}
    changed = True
    while changed:
        fallen = {id for id, left in alive.items() if not left}
        lost = {key for key, used in uses.items() if used & fallen} - broken
        for id, one in lost:
            alive[id].discard(one)
        broken |= lost
        changed = bool(lost)
    losing = {id for id, _ in broken}
    own = [r for r in pack.everything if r.id in losing and (r in pack.results or r is result)]
    own.sort(key=lambda r: r is not result)
    return tuple(
        Fallen(
            r.id,
            r.title,
            tuple(sorted(one for id, one in broken if id == r.id)),
            tuple(one for one in r.routes if one in alive[r.id]),
        )
        for r in own
    )


def _used(result: Result, route: str) -> Sequence[str]:
    try:
        return result.run(route).footprint.results
    except ScriptError:
        return ()
