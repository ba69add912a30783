"""Checking results: run the scripts through the kernel, then try every step on networks.

A step of a proved result that fails on a network where all hypotheses hold is a contradiction
between the kernel and the numbers, and makes the check fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Literal

from proofkit.basics.parallel import Aside, can_help, streamed
from proofkit.basics.tables import digest, dumps
from proofkit.claims import encode
from proofkit.claims.proved import as_proved, look_anew
from proofkit.evaluate import Environment, Unsuitable
from proofkit.evaluate.exercised import Exercise, Stop, obstacles, unexercised
from proofkit.evaluate.explaining import explained
from proofkit.evaluate.steps import tried
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.packs import Example, Pack, Values
from proofkit.script import Result, Route, Run, ScriptError, Step
from proofkit.script.places import raised_at
from proofkit.trace import Footprint, Tier, Verdict

__all__ = [
    "Checked",
    "CheckedStep",
    "Failure",
    "check",
    "check_again",
    "check_all",
    "check_route",
    "example_network",
    "networks_of",
    "numbered",
]

Kind = Literal["refused", "contradicted", "undecided", "unproved", "unexercised"]

BATCH = 1000
"""Random float networks per route."""

EXACT = 50
"""Random exact networks per route."""

SHARES = 4
"""Pieces that the networks of a route are dealt out into, where several processes try the steps."""


@dataclass(frozen=True)
class Failure:
    """What went wrong: where (route, step, network) and what.

    ``kind`` is refused (a script that the kernel refuses), contradicted (a step that fails on a
    network), undecided (a network whose numbers cannot be told from zero), unproved, or
    unexercised (no instance meets all hypotheses); ``place`` is the file and line of the script.
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
    exercised: int = 0
    """Instances on which all hypotheses are decided true and the conclusion is evaluated."""
    stopped: dict[Stop, int] = field(default_factory=dict)
    """What kept the other networks and batches from it, and how many of them."""
    by_step: list[CheckedStep] = field(default_factory=list)

    @property
    def is_unexercised(self) -> bool:
        """Whether it is proved, and no instance says so much as that it speaks of something."""
        return any(failure.kind == "unexercised" for failure in self.failures)

    def statement(self) -> str:
        """The statement: as its author wrote it where that is what was proved."""
        if self.status != "proved" and not self.is_unexercised:
            return str(self.result.statement)
        look_anew()
        return str(as_proved(self.result.statement, self.result.theorem().conclusion))

    def as_json(self) -> dict[str, Any]:
        """The entry of this result in ``check --json``."""
        footprint = self.footprint or Footprint((), (), ())
        return {
            "id": self.result.id,
            "statement": self.statement(),
            "digest": digest(encode(self.result.statement)),
            "status": self.status,
            "tier": self.tier,
            "cited": list(footprint.cited),
            "admitted": list(footprint.admitted),
            "rules": dict(footprint.rules),
            "structural": dict(footprint.structural),
            "results": list(footprint.results),
            "steps": self.steps,
            "instances": {
                "exact": self.exact,
                "float": self.floats,
                "failed": len(self.failures) - self.is_unexercised,
                "exercised": self.exercised,
            },
            "unexercised": self.unexercised,
            "failures": [
                {"kind": f.kind, "where": f.where, "problem": f.problem} for f in self.failures
            ],
        }


def check_again(found: Sequence[Checked]) -> None:
    """Export each proof and put it before the second checker; a refusal is a failure."""
    from proofkit.export import document
    from proofkit.replay import Refused, Unreadable
    from proofkit.replay import replay as checked_again

    for checked in found:
        for name in checked.result.routes:
            where = f"{checked.result.id}, route {name}, exported"
            try:
                theorem = checked.result.theorem(name)
            except ScriptError:
                continue  # which has failed already
            try:
                accepted = checked_again(dumps(document(theorem)).encode())
                same = accepted.digest == digest(theorem.conclusion)
                problem = "" if same else "it proves another statement"
            except (Refused, Unreadable) as fault:
                problem = str(fault)
            if problem:
                checked.status = "failed"
                words = f"the second checker does not accept the proof: {problem}"
                checked.failures.append(Failure(where, words))


def networks_of(pack: Pack, names: Sequence[str] = ()) -> dict[str, Example]:
    """The pack's examples by name, or those named; ``KeyError`` for an unknown name."""
    return {name: example_network(pack, name) for name in (names or pack.examples())}


def example_network(pack: Pack, name: str) -> Example:
    """An example of the pack: plain values, or a network.

    It is the same network each time, as long as its file stays as it is: what is found out about
    it is found out once.  ``KeyError`` for an unknown name.
    """
    file = pack.examples()[name]
    if isinstance(file, Values):
        return file
    return _read(file, file.read_bytes())


@lru_cache(maxsize=256)
def _read(file: Any, content: bytes) -> Network:
    return read_network(file)


def check(
    pack: Pack,
    result: Result,
    *,
    networks: dict[str, Example],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
) -> Checked:
    """Prove the result by each of its routes and try the steps on the networks and a batch."""
    (checked,) = check_all([(pack, result, networks)], seed, batch, exact, workers=1)
    return checked


def check_all(
    chosen: Sequence[tuple[Pack, Result, dict[str, Example]]],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
    workers: int | None = None,
) -> list[Checked]:
    """Check several results, each on its networks.

    Proofs run here one after the other, as they rest on each other.  Meanwhile other processes,
    one for each core unless ``workers`` says else, find out about the networks and then try
    the steps of the results that are proved.
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
    seen = _together(tasks, workers) if can_help(workers) else list(map(_Task.alone, tasks))
    for task, told in zip(tasks, seen, strict=True):
        task.enter(told)
    for checked in found:
        if checked.failures and checked.status == "proved":
            checked.status = "failed"
        ask_whether_exercised(checked)
    return found


def ask_whether_exercised(checked: Checked) -> None:
    """A result that is proved and that no instance exercises has a gap."""
    if checked.status != "proved" or checked.exercised:
        return
    checked.status = "incomplete"
    given = [hypothesis.claim for hypothesis in checked.result.given]
    stopped = obstacles(checked.result.variables, given, checked.stopped)
    words = unexercised(given, checked.result.claim, stopped)
    place = next((step.step.place for step in checked.by_step), ("", 0))
    checked.failures.append(Failure(checked.result.id, words, "unexercised", place))


def _together(tasks: Sequence[_Task], workers: int | None) -> list[list[_Seen]]:
    """What the networks say of the steps of each task, found by several processes."""
    packs = list({id(task.checked.pack): task.checked.pack for task in tasks}.values())

    def found_out() -> list[dict[str, Any]]:
        for task in tasks:
            task.meet()
        return [pack.memory for pack in packs]

    with Aside(found_out) as aside:
        ahead = iter(tasks)
        while not aside.is_done() and (task := next(ahead, None)) is not None:
            task.prove()
        for pack, memory in zip(packs, aside.result(), strict=True):
            pack.memory.update(memory)
    for task in tasks:
        task.prove()
    # What terms are worth on a network is remembered from one result to the next: a share of the
    # networks is a group, so one process does it for all results.
    shares = [[(task, share) for task in tasks] for share in range(SHARES)]
    found = list(streamed(shares, _prepare, _evaluate, workers))
    return [_dealt_back(found[n :: len(tasks)]) for n in range(len(tasks))]


def _dealt_back(shares: Sequence[list[_Seen]]) -> list[_Seen]:
    """All that was dealt out in turn to the shares, in its order."""
    return [one for turn in zip_longest(*shares) for one in turn if one is not None]


def _prepare(pieces: Sequence[tuple[_Task, int]]) -> None:
    for task, _ in pieces:
        task.meet()


def _evaluate(piece: tuple[_Task, int]) -> list[_Seen]:
    task, share = piece
    return task.evaluate(slice(share, None, SHARES))


def check_route(
    checked: Checked,
    route: Route,
    networks: dict[str, Example],
    seed: int = 0,
    batch: int = BATCH,
    exact: int = EXACT,
) -> None:
    """Prove the result by the route and try its steps; what came of it goes to ``checked``."""
    task = _Task(checked, route, networks, seed, batch, exact)
    task.enter(task.alone())


def _place(fault: ScriptError) -> tuple[str, int]:
    return fault.place if fault.place[0] else raised_at(fault)


@dataclass
class _Seen:
    """What one network, or one batch of them, said of the steps of a route, by their place.

    Plain data, which can be sent from one process to another.
    """

    statuses: list[tuple[int, str]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    exact: int = 0
    floats: int = 0
    exercise: Exercise | None = None


@dataclass
class _Task:
    """A route to be proved, and its steps to be tried."""

    checked: Checked
    route: Route
    networks: dict[str, Example]
    seed: int
    batch: int
    exact: int
    run: Run | None = None
    is_tried: bool = False
    environments: list[tuple[str, Environment]] | None = None

    def alone(self) -> list[_Seen]:
        """Prove and evaluate in this process; what each network says."""
        self.prove()
        self.meet()
        return self.evaluate()

    def prove(self) -> None:
        """Run the script, once."""
        if self.is_tried:
            return
        self.is_tried = True
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

    def meet(self) -> None:
        """Give the symbols their values on the networks, once."""
        if self.environments is not None:
            return
        pack, result, seed = self.checked.pack, self.checked.result, self.seed
        self.environments = []
        for name, network in self.networks.items():
            with suppress(Unsuitable):
                self.environments.append((name, pack.on(network, seed, result)))
        if self.exact:
            self.environments += pack.exact(seed, self.exact, result).items()
        if self.batch:
            self.environments += pack.batches(seed, self.batch, result).items()

    def evaluate(self, share: slice = slice(None)) -> list[_Seen]:
        """What each network, or each of a share, says; nothing when the script was refused."""
        if self.run is None:
            return []
        rows = list(numbered(self.run.proof.steps))
        place = {id(step): n for n, (_, step) in enumerate(rows)}
        route = f"{self.checked.result.id}, route {self.route.name}"
        found = []
        for name, env in (self.environments or [])[share]:
            seen = _Seen()
            found.append(seen)
            try:
                verdicts, seen.exercise = tried(self.checked.result, self.run, env)
            except Undecidable as fault:
                seen.failures.append(Failure(f"{route}, on {name}", str(fault), "undecided"))
                continue
            # A hypothesis that was only sampled may be false: it accuses no step.
            applies = all(v.status == "holds" for step, v in verdicts if step.kind == "given")
            # A beat says what the last step in it says: it is told of once.
            inside = {s.claim for s, v in verdicts if s.kind != "beat" and _fails(s, v)}
            for step, verdict in verdicts:
                n = place[id(step)]
                seen.statuses.append((n, verdict.status))
                told = step.kind == "beat" and step.claim in inside
                if applies and _fails(step, verdict) and not told:
                    problem = f"{step.claim} fails: {verdict.detail}"
                    seen.problems.append((n, f"on {name}: {problem}"))
                    where = f"{route}, step {rows[n][0]}, on {name}"
                    seen.failures.append(Failure(where, problem, "contradicted", step.place))
            if env.exact:
                seen.exact += 1
            else:
                seen.floats += env.batch
        return found

    def enter(self, found: Sequence[_Seen]) -> None:
        """Put what was found into the outcome of the result."""
        if self.run is None:
            return
        checked = self.checked
        rows = [
            CheckedStep(self.route.name, number, step)
            for number, step in numbered(self.run.proof.steps)
        ]
        # All routes are tried on the same instances, so the last one's count is everyone's.
        exercised, stopped = 0, dict[Stop, int]()
        for seen in found:
            for n, status in seen.statuses:
                rows[n].verdicts[status] = rows[n].verdicts.get(status, 0) + 1
            for n, problem in seen.problems:
                rows[n].problems.append(problem)
            checked.failures += seen.failures
            checked.exact += seen.exact
            checked.floats += seen.floats
            if seen.exercise is not None:
                exercised += seen.exercise.instances
                if (stop := seen.exercise.stopped) is not None:
                    stopped[stop] = stopped.get(stop, 0) + 1
        checked.exercised, checked.stopped = exercised, stopped
        checked.by_step += rows
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
