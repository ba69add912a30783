"""pytest plugin: ``pytest --proofs MODULE`` makes every step of every result a test item.

Also as ``proofs = ["MODULE"]`` in pytest's configuration.  Loading this module imports nothing
but pytest: SymPy and the kernel are imported when proofs are asked for.  Scripts run through the
kernel when tests are collected; a step's item then asks the networks what they say of it, and
its claim, rule and evidence become properties in JUnit files.  Items are marked ``proof`` (so
``-m proof`` runs nothing else) and named ``MODULE::result::route::step``, which can be given
back to pytest as an argument.  Where a script is refused, the steps before are items that pass,
the refused step is one that fails, and those after it are skipped as not reached.  Naming test
files runs those alone, without the configured proofs.
With ``-n auto --dist loadgroup`` the steps of one route stay on one worker, which evaluates them
once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from proofkit.checking import Checked, CheckedStep, Failure
    from proofkit.packs import Pack
    from proofkit.script import Result, Route
    from proofkit.script.attempts import Attempt

__all__ = ["ProofFailure", "StepItem"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proofkit")
    group.addoption(
        "--proofs",
        action="append",
        default=[],
        metavar="MODULE",
        help="make every step of every result of this module's pack a test item",
    )
    group.addoption(
        "--proofs-batch",
        type=int,
        default=200,
        metavar="N",
        help="random networks on which steps are tried besides the examples (default: 200)",
    )
    parser.addini("proofs", "modules with packs of proofs to test", type="args", default=[])


@dataclass(frozen=True)
class _Asked:
    """Which modules' proofs to test: whole, or only the items whose names begin as one does."""

    modules: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def wants(self, item: pytest.Item) -> bool:
        """Whether the item of a proof was asked for."""
        return not self.names or any(
            item.nodeid == name or item.nodeid.startswith(f"{name}::") for name in self.names
        )


ASKED = pytest.StashKey[_Asked]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proof: a step of a proof (proofkit)")
    config.stash[ASKED] = _asked(config)


def _asked(config: pytest.Config) -> _Asked:
    """What is asked for; names of proofs are taken out of the arguments that pytest looks up."""
    asked: list[str] = config.getoption("--proofs")
    configured: list[str] = config.getini("proofs")
    modules = tuple(dict.fromkeys([*asked, *configured]))
    if not modules or config.args_source is not pytest.Config.ArgsSource.ARGS:
        return _Asked(modules)
    names = tuple(a for a in config.args if "::" in a and a.split("::")[0] in modules)
    paths = [a for a in config.args if a not in names]
    if names:
        config.args[:] = paths
        return _Asked(tuple(dict.fromkeys(n.split("::")[0] for n in names)), names)
    files = [a for a in paths if "::" in a or Path(a).is_file()]
    if not asked and len(files) == len(paths):
        return _Asked(left_out=modules)
    return _Asked(modules)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """A line when proofs are configured."""
    asked = config.stash[ASKED]
    if asked.left_out:
        return [f"proofs: left out, as files are named ({' '.join(asked.left_out)})"]
    return [f"proofs: {' '.join(asked.names or asked.modules)}"] if asked.modules else []


def pytest_report_collectionfinish(config: pytest.Config, items: Sequence[pytest.Item]) -> str:
    """How many items are proofs: pytest itself counts them as found in no file."""
    if not config.stash[ASKED].modules:
        return ""
    return f"proofs: {sum(item.get_closest_marker('proof') is not None for item in items)} items"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the steps, before others deselect by keyword, by mark or by what failed last."""
    asked = config.stash[ASKED]
    if not asked.modules:
        return
    for folder in (config.invocation_params.dir, config.rootpath):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    for module in asked.modules:
        found = [item for item in _collect(session, module) if asked.wants(item)]
        for name in asked.names:
            mine = _Asked((module,), (name,))
            if name.split("::")[0] == module and not any(map(mine.wants, found)):
                raise pytest.UsageError(f"no step of a proof is called {name}")
        items.extend(found)


UNEXERCISED = "unexercised"
"""The property of an item whose result no instance exercises: neither a pass nor a fault."""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which results no instance exercises: skips alone are easily overlooked."""
    reports = [r for many in terminalreporter.stats.values() for r in many]
    told = [
        value
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == UNEXERCISED and getattr(report, "when", "") == "call"
    ]
    if told:
        terminalreporter.section("proved, and exercised by no instance", yellow=True)
        for words in dict.fromkeys(told):
            terminalreporter.line(words)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Of a script that is refused in anybody's test, show the test, the script and the message."""
    loaded = sys.modules.get("proofkit.script")  # else no script was run
    if call.excinfo is not None and loaded is not None:
        fault = call.excinfo.value
        if isinstance(fault, loaded.ScriptError):
            told = fault.with_traceback(_of_the_author(fault.__traceback__))
            call.excinfo = pytest.ExceptionInfo.from_exception(told)
    return (yield)


def _of_the_author(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without what is beneath a script: proofkit itself, and how blocks are left."""
    if trace is None:
        return None
    below = _of_the_author(trace.tb_next)
    file = trace.tb_frame.f_code.co_filename
    if file.startswith(OURS) or file == contextlib.__file__:
        return below
    return TracebackType(below, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


OURS = str(Path(__file__).parent)


class ProofFailure(Exception):
    """What failed, told to a reader: no traceback belongs to it."""


def _collect(session: pytest.Session, module: str) -> Iterator[pytest.Item]:
    from proofkit.packs import PackError, load_packs

    try:
        (pack,) = load_packs((module,))
    except PackError as fault:
        raise pytest.UsageError(str(fault)) from None
    root = _Node.from_parent(session, name=module, nodeid=module)
    for result in pack.everything:
        below = _Node.from_parent(root, name=result.id)
        for route in result.routes.values():
            routed = _Node.from_parent(below, name=route.name)
            yield from _Trial(pack, result, route, session.config).items(routed)
        if not result.routes:
            yield _NoProof.from_parent(below, name="proved", result=result)


class _Node(pytest.Collector):
    """A pack, a result or a route: gives its items their names."""

    def collect(self) -> list[pytest.Item]:
        return []


class _Trial:
    """One route: run through the kernel at once, on networks when its first item runs."""

    def __init__(self, pack: Pack, result: Result, route: Route, config: pytest.Config) -> None:
        self.pack, self.result, self.route, self.config = pack, result, route, config
        self.attempt: Attempt | None = None  # of a script that is refused
        self.refused = ""  # the name of the step that is
        self.unusable = ""  # what is wrong with the pack's examples
        self._checked: Checked | None = None

    def items(self, parent: _Node) -> Iterator[pytest.Item]:
        from proofkit.checking import numbered
        from proofkit.script import ScriptError
        from proofkit.script.attempts import attempt

        kind: type[StepItem] = StepItem
        try:
            steps = self.result.run(self.route.name).proof.steps
        except ScriptError:
            self.attempt = attempt(self.result, self.route.name)
            kind, steps = _TriedItem, self.attempt.steps
        rows = [(number, step, f"{number}-{step.kind}") for number, step in numbered(steps)]
        if self.attempt is not None:
            self.refused = next((n for _, s, n in rows if s is self.attempt.refused), "")
        yield _Accepted.from_parent(parent, name="proved", trial=self)
        for number, step, name in rows:
            yield kind.from_parent(parent, name=name, trial=self, number=number, step=step)

    @property
    def checked(self) -> Checked:
        """What came of it, on the pack's examples and on random networks."""
        from proofkit.checking import Checked, ask_whether_exercised, check_route, networks_of
        from proofkit.networks.faults import NetworkFileError
        from proofkit.packs import PackError

        if self._checked is None:
            self._checked = Checked(self.result, self.pack)
            batch = self.config.getoption("--proofs-batch")
            try:
                check_route(self._checked, self.route, networks_of(self.pack), batch=batch)
                ask_whether_exercised(self._checked)
            except (PackError, NetworkFileError, OSError) as fault:
                self.unusable = str(fault)
        if self.unusable:
            raise ProofFailure(f"the examples of the pack cannot be used:\n{self.unusable}")
        return self._checked


class _ProofItem(pytest.Item):
    def __init__(self, *, trial: _Trial, **about: Any) -> None:
        super().__init__(**about)
        self.trial = trial
        self.add_marker("proof")
        if self.config.pluginmanager.hasplugin("xdist"):
            group = f"{trial.result.id} {trial.route.name}"
            self.add_marker(pytest.mark.xdist_group(name=group))
        self.keywords[trial.result.id] = True

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, ProofFailure):
            from proofkit.script.wording import folded

            return folded(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        file, line = self.place
        name = self.nodeid
        return (file, line - 1, name) if file else (self.path, None, name)

    @property
    def place(self) -> tuple[str, int]:
        """The file and line of the script."""
        code = getattr(self.trial.route.script, "__code__", None)
        return ("", 0) if code is None else (code.co_filename, code.co_firstlineno)


class _Accepted(_ProofItem):
    """That the kernel accepts the route, and that no network is undecided."""

    def runtest(self) -> None:
        result = self.trial.result
        self.user_properties.append(("claim", str(result.statement)))
        if self.trial.refused:
            raise ProofFailure(f"not reached: step {self.trial.refused} was refused")
        found = self.trial.checked.failures
        failures = [f for f in found if f.kind not in ("contradicted", "unexercised")]
        if failures:
            raise ProofFailure("\n\n".join(map(_told, failures)))
        footprint = self.trial.checked.footprint
        if footprint is not None:
            facts = ", ".join(name for name, _ in footprint.rules) or "no textbook fact"
            evidence = f"{footprint.inferences} inferences of the kernel; {facts}"
            self.user_properties.append(("evidence", evidence))
            if footprint.admitted:
                raise ProofFailure(f"admitted without proof: {', '.join(footprint.admitted)}")
        for failure in found:
            if failure.kind == "unexercised":
                self.user_properties.append((UNEXERCISED, f"{result.id}: {failure.problem}"))
                pytest.skip(f"accepted by the kernel, but {failure.problem}")


def _told(failure: Failure) -> str:
    file, line = failure.place
    place = f"\n{file}:{line}" if file else ""
    return f"{failure.where}: {failure.problem}{place}"


class StepItem(_ProofItem):
    """One step: accepted by the kernel, so it must hold on every network it applies to."""

    def __init__(self, *, number: str, step: Any, **about: Any) -> None:
        super().__init__(**about)
        self.number, self.step = number, step

    def runtest(self) -> None:
        row: CheckedStep = next(r for r in self.trial.checked.by_step if r.number == self.number)
        self.user_properties += [
            ("claim", str(self.step.claim)),
            ("rule", self.step.rule),
            ("evidence", row.evidence),
        ]
        if row.problems:
            raise ProofFailure(
                f"step {self.number} of {self.trial.result.id} was accepted by the kernel "
                f"(by {self.step.rule}) and is contradicted by numbers:\n" + "\n".join(row.problems)
            )

    @property
    def place(self) -> tuple[str, int]:
        """The file and line of the script that states the step."""
        file, line = self.step.place
        return (file, line) if file else super().place


class _TriedItem(StepItem):
    """One step of a script that is refused: accepted before that, the refused one, or after it."""

    def runtest(self) -> None:
        tried, trial = self.trial.attempt, self.trial
        self.user_properties += [("claim", str(self.step.claim)), ("rule", self.step.rule)]
        if tried is not None and tried.accepted(self.step):
            evidence = "accepted by the kernel; tried on no network, as the script was refused"
            self.user_properties.append(("evidence", evidence))
        elif self.name == trial.refused:
            raise ProofFailure("\n\n".join(map(_told, trial.checked.failures)))
        else:
            what = f"step {trial.refused} was refused" if trial.refused else "the script stopped"
            pytest.skip(f"not reached: {what}")


class _NoProof(pytest.Item):
    """A result without a proof, shown as a skip: a gap is neither a pass nor a fault."""

    def __init__(self, *, result: Result, **about: Any) -> None:
        super().__init__(**about)
        self.result = result
        self.add_marker("proof")

    def runtest(self) -> None:
        pytest.skip(f"{self.result.id} is stated without a proof")

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        return self.path, None, self.nodeid
