"""Checking results: run the scripts through the kernel, then replay every step on networks.

A step of a proved result that fails on a network where all hypotheses hold is a contradiction
between the kernel and the numbers, and makes the check fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from proofkit.claims import encode
from proofkit.evaluate import Unsuitable, refute, replay_batch
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.script import Pack, Result, Route, Run, ScriptError, Step
from proofkit.script.places import raised_at
from proofkit.trace import Footprint, Tier, Verdict

__all__ = ["Checked", "CheckedStep", "Failure", "check", "check_route", "networks_of", "numbered"]

Kind = Literal["refused", "contradicted", "undecided", "unproved"]

BATCH = 1000
"""Random float networks per route."""

EXACT = 10
"""Random exact networks per route."""


@dataclass(frozen=True)
class Failure:
    """What went wrong: where (route, step, network) and what.

    ``kind`` is refused (a script that the kernel refuses), contradicted (a step that fails on a
    network), undecided (a network whose numbers cannot be told from zero) or unproved; ``place``
    is the file and line of the script.
    """

    where: str
    problem: str
    kind: Kind = "refused"
    place: tuple[str, int] = ("", 0)


@dataclass
class CheckedStep:
    """A step with what the networks said of it: how many of each verdict, and the failures."""

    route: str
    number: str
    step: Step
    verdicts: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def evidence(self) -> str:
        """What the step rests on, in a few words."""
        seen = ", ".join(f"{status} on {count}" for status, count in sorted(self.verdicts.items()))
        kind = self.step.kind
        proved = kind if kind in ("given", "suppose", "case") else "accepted by the kernel"
        return f"{proved}; {seen or 'on no network'}"


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
    by_step: list[CheckedStep] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The entry of this result in ``check --json``."""
        footprint = self.footprint or Footprint((), (), ())
        return {
            "id": self.result.id,
            "statement": str(self.result.statement),
            "digest": sha256(repr(encode(self.result.statement)).encode()).hexdigest(),
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
    pack: Pack,
    result: Result,
    *,
    networks: dict[str, Network],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
) -> Checked:
    """Prove the result by each of its routes and replay the steps on the networks and a batch."""
    checked = Checked(result, pack)
    if not result.routes:
        checked.status = "incomplete"
        checked.tier = "assumed"
        checked.failures.append(Failure(result.id, "no proof is given", "unproved"))
        return checked
    for route in result.routes.values():
        check_route(checked, route, networks, seed, batch, exact)
    if checked.failures and checked.status == "proved":
        checked.status = "failed"
    return checked


def check_route(
    checked: Checked,
    route: Route,
    networks: dict[str, Network],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
) -> None:
    """Prove the result by the route and replay its steps; what came of it goes to ``checked``."""
    try:
        run = checked.result.run(route.name)
    except ScriptError as fault:
        checked.status, checked.tier = "failed", "assumed"
        where = f"{checked.result.id}, route {route.name}"
        checked.failures.append(Failure(where, explained(fault), "refused", raised_at(fault)))
        return
    checked.footprint = checked.footprint or run.footprint
    _replay(checked, route, run, networks, seed, batch, exact)


def explained(fault: ScriptError) -> str:
    """What the script got wrong, with an instance on which the step fails if one is found."""
    refutation = None
    if fault.given is not None:
        refutation = refute(fault.claim, fault.given)
    return str(fault) if refutation is None else f"{fault}\n{refutation}"


def _replay(
    checked: Checked,
    route: Route,
    run: Run,
    networks: dict[str, Network],
    seed: int,
    batch: int,
    exact: int,
) -> None:
    pack = checked.pack
    rows = [CheckedStep(route.name, n, step) for n, step in numbered(run.proof.steps)]
    by_step = {id(row.step): row for row in rows}
    checked.by_step += rows
    environments = []
    for name, network in networks.items():
        with suppress(Unsuitable):
            environments.append((name, pack.environment(network, seed, checked.result)))
    environments += pack.exact(seed, exact, checked.result).items() if exact else ()
    environments += pack.batches(seed, batch, checked.result).items() if batch else ()
    for name, env in environments:
        try:
            verdicts = replay_batch(checked.result, run, env)
        except Undecidable as fault:
            where = f"{checked.result.id}, route {route.name}, on {name}"
            checked.failures.append(Failure(where, str(fault), "undecided"))
            continue
        # A hypothesis that was only sampled may be false: it accuses no step.
        applies = all(v.status == "holds" for step, v in verdicts if step.kind == "given")
        for step, verdict in verdicts:
            row = by_step[id(step)]
            row.verdicts[verdict.status] = row.verdicts.get(verdict.status, 0) + 1
            if applies and _fails(step, verdict):
                problem = f"{step.claim} fails: {verdict.detail}"
                row.problems.append(f"on {name}: {problem}")
                where = f"{checked.result.id}, route {route.name}, step {row.number}, on {name}"
                checked.failures.append(Failure(where, problem, "contradicted", step.place))
        if env.exact:
            checked.exact += 1
        else:
            checked.floats += env.batch
    checked.steps += len(rows)
    checked.unexercised += [
        str(row.step.claim)
        for row in rows
        if "holds" not in row.verdicts and "not refuted" not in row.verdicts
    ]


def _fails(step: Step, verdict: Verdict) -> bool:
    """Whether the verdict contradicts a proved step: a failure that does not rest on samples."""
    settled = verdict.status == "fails" and verdict.samples == 0
    return settled and step.kind not in ("given", "suppose", "case")


def numbered(steps: Sequence[Step], prefix: str = "") -> Iterator[tuple[str, Step]]:
    """The steps in reading order with their numbers: H1, H2, … for hypotheses, 1, 1.1, … ."""
    given = count = 0
    for step in steps:
        if step.kind == "given":
            given += 1
            number = f"H{given}"
        else:
            count += 1
            number = f"{prefix}{count}"
        yield number, step
        yield from numbered(step.children, f"{number}.")
