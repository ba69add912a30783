"""Checking results: run the scripts through the kernel, then replay every step on networks.

A step of a proved result that fails on a network where all hypotheses hold is a contradiction
between the kernel and the numbers, and makes the check fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from proofkit.evaluate import Unsuitable, refute, replay_batch
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.script import Pack, Result, Route, Run, ScriptError, Step
from proofkit.trace import Footprint, Tier, Verdict

__all__ = ["Checked", "Failure", "check", "networks_of"]

BATCH = 1000
"""Random float networks per route."""


@dataclass(frozen=True)
class Failure:
    """What went wrong: where (route, step, network) and what."""

    where: str
    problem: str


@dataclass
class Checked:
    """The outcome of checking one result over all its routes."""

    result: Result
    pack: Pack
    status: Literal["proved", "incomplete", "failed"] = "proved"
    tier: Tier = "proved"
    footprint: Footprint | None = None
    steps: int = 0
    exact: int = 0
    floats: int = 0
    failures: list[Failure] = field(default_factory=list)
    unexercised: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The entry of this result in ``check --json``."""
        footprint = self.footprint or Footprint((), (), ())
        return {
            "id": self.result.id,
            "status": self.status,
            "tier": self.tier,
            "cited": list(footprint.cited),
            "admitted": list(footprint.admitted),
            "rules": dict(footprint.rules),
            "structural": dict(footprint.structural),
            "results": list(footprint.results),
            "steps": self.steps,
            "instances": {"exact": self.exact, "float": self.floats, "failed": len(self.failures)},
            "unexercised": self.unexercised,
            "failures": [{"where": f.where, "problem": f.problem} for f in self.failures],
        }


def networks_of(pack: Pack, names: Sequence[str] = ()) -> dict[str, Network]:
    """The pack's example networks by name, or those named; ``KeyError`` for an unknown name."""
    files = pack.examples()
    return {name: read_network(files[name]) for name in (names or files)}


def check(
    pack: Pack, result: Result, *, networks: dict[str, Network], seed: int = 0, batch: int = BATCH
) -> Checked:
    """Prove the result by each of its routes and replay the steps on the networks and a batch."""
    checked = Checked(result, pack)
    if not result.routes:
        checked.status = "incomplete"
        checked.tier = "assumed"
        checked.failures.append(Failure(result.id, "no proof is given"))
        return checked
    for route in result.routes.values():
        try:
            run = result.run(route.name)
        except ScriptError as fault:
            checked.status, checked.tier = "failed", "assumed"
            checked.failures.append(Failure(f"{result.id}, route {route.name}", _explained(fault)))
            continue
        checked.footprint = checked.footprint or run.footprint
        _replay(checked, route, run, networks, seed, batch)
    if checked.failures and checked.status == "proved":
        checked.status = "failed"
    return checked


def _explained(fault: ScriptError) -> str:
    """What the script got wrong, with an instance on which the step fails if one is found."""
    refutation = None
    if fault.given is not None:
        refutation = refute(fault.claim, fault.given)
    return str(fault) if refutation is None else f"{fault}\n{refutation}"


def _replay(
    checked: Checked, route: Route, run: Run, networks: dict[str, Network], seed: int, batch: int
) -> None:
    pack = checked.pack
    reached: dict[int, bool] = {}
    environments = []
    for name, network in networks.items():
        with suppress(Unsuitable):
            environments.append((name, pack.environment(network, seed)))
    if batch:
        environments.append((f"{batch} random networks", pack.batch(seed, batch)))
    for name, env in environments:
        try:
            verdicts = replay_batch(checked.result, run, env)
        except Undecidable as fault:
            checked.failures.append(Failure(f"{route.name} on {name}", str(fault)))
            continue
        applies = all(v.status != "fails" for step, v in verdicts if step.kind == "given")
        for step, verdict in verdicts:
            settled = verdict.status in ("holds", "not refuted")
            reached[id(step)] = reached.get(id(step), False) or settled
            if applies and _fails(step, verdict):
                checked.failures.append(
                    Failure(
                        f"{checked.result.id}, route {route.name}, on {name}",
                        f"{step.claim} fails: {verdict.detail}",
                    )
                )
        if env.exact:
            checked.exact += 1
        else:
            checked.floats += env.batch
    stated = list(_stated(run.proof.steps))
    checked.steps += len(stated)
    checked.unexercised += [str(s.claim) for s in stated if not reached.get(id(s), False)]


def _fails(step: Step, verdict: Verdict) -> bool:
    return verdict.status == "fails" and step.kind not in ("given", "suppose", "case")


def _stated(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps that state something, in reading order."""
    for step in steps:
        yield step
        yield from _stated(step.children)
