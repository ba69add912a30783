"""Which results are shown on which examples, under which names, and what rests on what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from proofkit.evaluate import Unsuitable
from proofkit.packs import Example, Pack, PackError, Values
from proofkit.script import Result, ScriptError

__all__ = ["Job", "experiments", "plan", "rests_on"]


@dataclass(frozen=True)
class Job:
    """One document to write: a result on an example, and the name of its files."""

    pack: Pack
    result: Result
    label: str
    network: Example | None
    name: str
    route: str = ""


def plan(
    results: Sequence[tuple[Pack, Result]],
    find: Callable[[Pack, str], tuple[str, Example]],
    *,
    example: str = "",
    every: bool = False,
    route: str = "",
    seed: int = 0,
) -> list[Job]:
    """The documents to write: each result on one example, or on ``every`` one it applies to.

    Where there is none an instance is drawn, by the ``seed``.

    A result applies to an example when the example gives all its symbols a value; which of its
    hypotheses hold there is for the report to say.  `PackError` when none of the results has the
    route.
    """
    if route and not any(route in result.routes for _, result in results):
        known = "; ".join(f"{r.id} has {', '.join(r.routes) or 'none'}" for _, r in results)
        raise PackError(f"no result here has a route {route!r}: {known}")
    jobs = []
    for pack, result in results:
        main = example or pack.example_for(result)
        label, network = find(pack, main) if main else ("drawn", Values.drawn(result, seed))
        chosen = route if route in result.routes else ""
        jobs.append(Job(pack, result, label, network, result.id, chosen))
        for other in pack.examples() if every else ():
            if other == label:
                continue
            _, another = find(pack, other)
            try:
                pack.on(another, 0, result)
            except Unsuitable:
                continue
            jobs.append(Job(pack, result, other, another, f"{result.id}.{other}", chosen))
    return jobs


def experiments(jobs: Sequence[Job]) -> dict[str, Any]:
    """The experiments of the packs all of whose results are reported: pages' names to files."""
    reported = {id(job.result) for job in jobs}
    packs = {id(job.pack): job.pack for job in jobs}.values()
    return {
        f"experiment-{name}": file
        for pack in packs
        if all(id(result) in reported for result in pack.results)
        for name, file in pack.experiments().items()
    }


def rests_on(results: Sequence[tuple[Pack, Result]]) -> dict[str, tuple[str, ...]]:
    """For each result, those of the others that its proof uses, if only through auxiliary ones."""
    ids = {result.id for _, result in results}
    found = {}
    for pack, result in results:
        seen: list[str] = []
        stack = list(_used(pack, result.id))
        visited = set()
        while stack:
            id = stack.pop(0)
            if id in visited:
                continue
            visited.add(id)
            if id in ids:
                seen.append(id)
            else:
                stack.extend(_used(pack, id))
        found[result.id] = tuple(seen)
    return found


def _used(pack: Pack, id: str) -> tuple[str, ...]:
    try:
        return pack[id].run().footprint.results
    except (KeyError, ScriptError):
        return ()
