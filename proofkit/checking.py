"""Checking results: run the scripts through the kernel, then replay every step on networks.

A step of a proved result that fails on a network where all hypotheses hold is a contradiction
between the kernel and the numbers, and makes the check fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from proofkit.claims import encode
from proofkit.evaluate import Environment, Unsuitable, refute, replay_batch
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.parallel import prepared
from proofkit.script import Pack, Result, Route, Run, ScriptError, Step
from proofkit.script.places import raised_at
from proofkit.trace import Footprint, Tier, Verdict

__all__ = [
    "Checked",
    "CheckedStep",
    "Failure",
    "check",
    "check_all",
    "check_route",
    "example_network",
    "networks_of",
    "numbered",
]

Kind = Literal["refused", "contradicted", "undecided", "unproved"]

BATCH = 1000
"""Random float networks per route."""

EXACT = 50
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
    return {name: example_network(pack, name) for name in (names or pack.examples())}


def example_network(pack: Pack, name: str) -> Network:
    """An example of the pack: the same network each time, as long as its file stays as it is.

    So what is found out about it is found out once.  ``KeyError`` for an unknown name.
    """
    file = pack.examples()[name]
    return _read(file, file.read_bytes())


@lru_cache(maxsize=256)
def _read(file: Any, content: bytes) -> Network:
    return read_network(file)


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
    (checked,) = check_all([(pack, result, networks)], seed, batch, exact, workers=1)
    return checked


def check_all(
    chosen: Sequence[tuple[Pack, Result, dict[str, Network]]],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
    workers: int | None = None,
) -> list[Checked]:
    """Check several results, each on its networks.

    Proofs run here one after the other, as they rest on each other; meanwhile the replays of
    those that are done run in other processes, one for each core unless ``workers`` says else.
    """
    found = [Checked(result, pack) for pack, result, _ in chosen]
    tasks = []
    for checked, (_, result, networks) in zip(found, chosen, strict=True):
        if not result.routes:
            checked.status = "incomplete"
            checked.tier = "assumed"
            checked.failures.append(Failure(result.id, "no proof is given", "unproved"))
        tasks += [
            _Task(checked, route, networks, seed, batch, exact) for route in result.routes.values()
        ]
    seen = prepared(tasks, _Task.prove, _Task.replay, workers)
    for task, replayed in zip(tasks, seen, strict=True):
        task.enter(replayed)
    for checked in found:
        if checked.failures and checked.status == "proved":
            checked.status = "failed"
    return found


def check_route(
    checked: Checked,
    route: Route,
    networks: dict[str, Network],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
) -> None:
    """Prove the result by the route and replay its steps; what came of it goes to ``checked``."""
    task = _Task(checked, route, networks, seed, batch, exact)
    task.prove()
    task.enter(task.replay())


def _place(fault: ScriptError) -> tuple[str, int]:
    return fault.place if fault.place[0] else raised_at(fault)


def explained(fault: ScriptError) -> str:
    """What the script got wrong, with an instance on which the step fails if one is found."""
    refutation = None
    if fault.given is not None:
        refutation = refute(fault.claim, fault.given)
    return str(fault) if refutation is None else f"{fault}\n{refutation}"


@dataclass
class _Replayed:
    """What the networks said of the steps of a route, in reading order.

    Plain data, which can be sent from one process to another.
    """

    verdicts: list[dict[str, int]]
    problems: list[list[str]]
    failures: list[Failure] = field(default_factory=list)
    exact: int = 0
    floats: int = 0


@dataclass
class _Task:
    """A route to be proved, and its steps to be replayed."""

    checked: Checked
    route: Route
    networks: dict[str, Network]
    seed: int
    batch: int
    exact: int
    run: Run | None = None
    environments: list[tuple[str, Environment]] = field(default_factory=list)

    def prove(self) -> None:
        """Run the script, and give the symbols their values on the networks."""
        checked = self.checked
        try:
            self.run = checked.result.run(self.route.name)
        except ScriptError as fault:
            checked.status, checked.tier = "failed", "assumed"
            where = f"{checked.result.id}, route {self.route.name}"
            failure = Failure(where, explained(fault), "refused", _place(fault))
            checked.failures.append(failure)
            return
        checked.footprint = checked.footprint or self.run.footprint
        pack, result, seed = checked.pack, checked.result, self.seed
        for name, network in self.networks.items():
            with suppress(Unsuitable):
                self.environments.append((name, pack.environment(network, seed, result)))
        if self.exact:
            self.environments += pack.exact(seed, self.exact, result).items()
        if self.batch:
            self.environments += pack.batches(seed, self.batch, result).items()

    def replay(self) -> _Replayed | None:
        """What the networks say of the steps; None when the script was refused."""
        if self.run is None:
            return None
        rows = list(numbered(self.run.proof.steps))
        place = {id(step): n for n, (_, step) in enumerate(rows)}
        found = _Replayed([{} for _ in rows], [[] for _ in rows])
        route = f"{self.checked.result.id}, route {self.route.name}"
        for name, env in self.environments:
            try:
                verdicts = replay_batch(self.checked.result, self.run, env)
            except Undecidable as fault:
                found.failures.append(Failure(f"{route}, on {name}", str(fault), "undecided"))
                continue
            # A hypothesis that was only sampled may be false: it accuses no step.
            applies = all(v.status == "holds" for step, v in verdicts if step.kind == "given")
            for step, verdict in verdicts:
                n = place[id(step)]
                seen = found.verdicts[n]
                seen[verdict.status] = seen.get(verdict.status, 0) + 1
                if applies and _fails(step, verdict):
                    problem = f"{step.claim} fails: {verdict.detail}"
                    found.problems[n].append(f"on {name}: {problem}")
                    where = f"{route}, step {rows[n][0]}, on {name}"
                    found.failures.append(Failure(where, problem, "contradicted", step.place))
            if env.exact:
                found.exact += 1
            else:
                found.floats += env.batch
        return found

    def enter(self, found: _Replayed | None) -> None:
        """Put what was found into the outcome of the result."""
        if self.run is None or found is None:
            return
        checked = self.checked
        rows = [
            CheckedStep(self.route.name, number, step, verdicts, problems)
            for (number, step), verdicts, problems in zip(
                numbered(self.run.proof.steps), found.verdicts, found.problems, strict=True
            )
        ]
        checked.by_step += rows
        checked.failures += found.failures
        checked.exact += found.exact
        checked.floats += found.floats
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
