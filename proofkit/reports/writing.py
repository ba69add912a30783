"""Documents from jobs: built side by side on the machine's cores, written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from proofkit.basics.parallel import streamed
from proofkit.reports.planning import Job, experiments, rests_on
from proofkit.reports.tex import NoEngine, compile_pdf, engine
from proofkit.reports.tracing import asked_of_instances, plain_trace, trace_of
from proofkit.script import ScriptError
from proofkit.trace import ResultTrace, StepTrace, Verdict
from proofkit.views.common import Common
from proofkit.views.settings import Settings

__all__ = ["Outcome", "Written", "documents", "write_reports"]

FORMATS = ("html", "latex", "fragment", "pdf", "markdown", "json")
"""Which kinds of document there are."""


@dataclass
class Outcome:
    """What became of one job: its files by name, and what went wrong.

    ``problems`` are steps that fail where all hypotheses hold; ``gap`` says what is missing, and
    ``fault`` why there is no proof at all.
    """

    job: Job
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    fault: str = ""
    gap: str = ""

    @property
    def status(self) -> str:
        """What became of it in one word."""
        if self.fault or self.problems:
            return "failed"
        return "incomplete" if self.gap else "proved"


@dataclass
class Written:
    """The files that were written, where to start reading, and what a reader should know."""

    files: list[Path] = field(default_factory=list)
    start: Path | None = None
    notes: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class _Task:
    """All that building a job needs.

    ``common`` is what it has in common with the others of the same result by the same route, which
    each process works out for itself.  ``homes`` says which of the results prints an auxiliary one:
    the first that needs it.
    """

    job: Job
    formats: tuple[str, ...]
    settings: Settings
    links: dict[str, str]
    seed: int
    common: Common
    homes: dict[str, str]


def _built(task: _Task) -> Outcome:
    """The documents of one job."""
    from proofkit.views import as_json, html, latex_document, markdown

    job, formats, settings, common = task.job, task.formats, task.settings, task.common
    parts, own = job.result.parts, job.result.id
    auxiliary = [id for id, home in task.homes.items() if home == own]
    links = {
        id: f"{home}.html#needed-{id}"
        for id, home in task.homes.items()
        if home != own and home in task.links
    } | task.links
    outcome = Outcome(job)
    try:
        trace = trace_of(
            job.pack, job.result, job.label, job.network, route=job.route, seed=task.seed
        )
        routes, others = common.once("other proofs", lambda: _other_proofs(job, trace))
    except ScriptError as fault:
        outcome.fault = str(fault)
        return outcome
    elsewhere = {
        other.id: job.pack[task.homes[other.id]].title.partition(":")[0]
        for other in others
        if task.homes.get(other.id, own) != own
    }
    outcome.problems = list(_problems(trace))
    outcome.gap = trace.unexercised.plain()
    if "html" in formats:
        page = html.page(
            trace, links=links, settings=settings, routes=routes, others=others, parts=parts,
            auxiliary=auxiliary, elsewhere=elsewhere, about=job.pack.about, common=common,
        )  # fmt: skip
        outcome.files[f"{job.name}.html"] = page.encode()
    if "latex" in formats or "pdf" in formats:
        source = latex_document.document(
            trace, settings=settings, routes=routes, others=others, parts=parts,
            auxiliary=auxiliary, elsewhere=elsewhere, common=common,
        )  # fmt: skip
        if "latex" in formats:
            outcome.files[f"{job.name}.tex"] = source.encode()
        if "pdf" in formats and engine():
            try:
                outcome.files[f"{job.name}.pdf"] = compile_pdf(source)
            except NoEngine as fault:
                outcome.notes.append(f"{job.name}.pdf was not written: {fault}")
    if "fragment" in formats:
        source = latex_document.fragment(
            trace, settings=settings, routes=routes, others=others, parts=parts,
            auxiliary=auxiliary, elsewhere=elsewhere, common=common,
        )  # fmt: skip
        outcome.files[f"{job.name}.fragment.tex"] = source.encode()
    if "markdown" in formats:
        source = markdown.document(
            trace, settings=settings, others=others, auxiliary=auxiliary, elsewhere=elsewhere
        )
        outcome.files[f"{job.name}.md"] = source.encode()
    if "json" in formats:
        data = json.dumps(as_json.document(trace, common), ensure_ascii=False, indent=1) + "\n"
        outcome.files[f"{job.name}.json"] = data.encode()
    return outcome


def _other_proofs(job: Job, trace: ResultTrace) -> tuple[list[ResultTrace], list[ResultTrace]]:
    """The other routes to the result, and the results that this one applies.

    With those that auxiliary results apply, which are printed along with them.
    """
    result, own = job.result, {auxiliary.id for auxiliary in job.pack.auxiliary}
    waiting = [*trace.footprint.results, *result.parts]
    used: dict[str, ResultTrace] = {}
    while waiting:
        id = waiting.pop(0)
        if id not in used:
            used[id] = plain_trace(job.pack[id])
            waiting += used[id].footprint.results if id in own else ()
    return (
        [plain_trace(result, name) for name in result.routes if name != trace.route],
        list(used.values()),
    )


def _problems(trace: ResultTrace) -> Iterator[str]:
    """Steps that fail although every hypothesis holds, on the example and on random networks."""
    looks: tuple[tuple[str, Callable[[StepTrace], Verdict | None]], ...] = (
        (f"on {trace.instance.id}" if trace.instance else "", lambda step: step.verdict),
        ("on random networks", lambda step: step.batch),
    )
    for where, verdict in looks:
        seen = [(step, verdict(step)) for step in trace.walk()]
        # As in `proofkit check`: a hypothesis that was only sampled accuses no step.
        if any(step.kind == "given" and found and found.status != "holds" for step, found in seen):
            continue
        yield from (
            f"{trace.id}, route {trace.route}, step {step.number}, {where}: {step.claim} fails"
            for step, found in seen
            if found
            and found.status == "fails"
            and found.samples == 0
            and step.kind not in ("given", "suppose", "case")
        )


# ── All jobs ───────────────────────────────────────────────────────────────────────────────────
def documents(
    jobs: Sequence[Job],
    formats: Sequence[str],
    *,
    settings: Settings | None = None,
    seed: int = 0,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[list[Outcome], dict[str, bytes]]:
    """The outcomes of all jobs in their order, and the files that belong to all of them.

    ``done`` is given each outcome, in the order of the jobs.  Its files are dropped afterwards, so
    that there are never many of them in memory.
    """
    settings = settings or Settings()
    links = {job.result.id: f"{job.result.id}.html" for job in jobs} | {"index": "index.html"}
    pages: dict[str, dict[str, str]] = {}
    for job in jobs:
        pages.setdefault(job.result.id, {})[job.label] = f"{job.name}.html"
    groups = []
    homes: dict[str, str] = {}
    for _, group in groupby(jobs, lambda job: (id(job.pack), id(job.result), job.route)):
        common = Common()
        groups.append(
            [
                _Task(
                    job, tuple(formats), settings, links | pages[job.result.id], seed, common, homes
                )
                for job in group
            ]
        )
    if jobs:
        _import_what_all_need(jobs[0], formats)
    outcomes = []
    built = streamed(groups, _prove, _parts)
    for job, parts in zip(jobs, built, strict=True):
        outcome = Outcome(job, *parts)
        done(outcome)
        outcome.files.clear()
        outcomes.append(outcome)
    shared: dict[str, bytes] = {}
    if "html" in formats and jobs:
        (told, listed), handbook = _experiments(jobs, settings), ""
        if any(job.pack.handbook for job in jobs):
            from proofkit.handbook.page import handbook_page

            handbook = "handbook.html"
            told[handbook] = handbook_page(settings=settings, index="index.html").encode()
        shared.update(told)
        shared["index.html"] = _index(jobs, links, pages, listed, handbook, settings, seed).encode()
    if "fragment" in formats and jobs:
        from proofkit.views import latex_document

        shared["proofkit.sty"] = latex_document.style(settings).encode()
    return outcomes, shared


def _prove(group: Sequence[_Task]) -> None:
    """Run the proofs that jobs are about, in the process that all others are forked from."""
    job, homes = group[0].job, group[0].homes
    try:
        runs = {route: job.result.run(route) for route in job.result.routes}
    except ScriptError:
        return  # told where the result is reported
    route = job.route or next(iter(runs))
    for home, used in _rests_on(job, list(runs[route].footprint.results)).items():
        for id in used:
            homes.setdefault(id, home)


def _rests_on(job: Job, used: list[str]) -> dict[str, list[str]]:
    """The auxiliary results that the result of a job rests on, by what is to print them.

    That is the first of the pack's own results, among those that the result rests on, which needs
    them, whether it is reported along with it or not.
    """
    own = {auxiliary.id for auxiliary in job.pack.auxiliary}
    needs: dict[str, list[str]] = {}

    def look(home: str, waiting: list[str]) -> None:
        found = needs.setdefault(home, [])
        while waiting:
            id = waiting.pop(0)
            if id in own and id not in found:
                found.append(id)
                waiting += job.pack[id].run().footprint.results
            elif id not in own and id not in needs:
                look(id, list(job.pack[id].run().footprint.results))

    look(job.result.id, used)
    order = [result.id for result in job.pack.results]
    return {id: needs[id] for id in sorted(needs, key=order.index)}


def _parts(task: _Task) -> tuple[dict[str, bytes], list[str], list[str], str, str]:
    """The outcome of a task in parts that can be sent between processes."""
    found = _built(task)
    return found.files, found.notes, found.problems, found.fault, found.gap


def _import_what_all_need(job: Job, formats: Sequence[str]) -> None:
    from proofkit.views import html, latex_document  # noqa: F401

    if "html" in formats:
        html.prepare()
    if job.pack.figures is not None:
        import proofkit.figures  # noqa: F401


def _experiments(
    jobs: Sequence[Job], settings: Settings
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """The pages of experiments, and what an index lists of them: titles and addresses."""
    found = experiments(jobs)
    if not found:
        return {}, []
    from proofkit.sweep.page import experiment_page
    from proofkit.sweep.summary import Summary

    pages, listed = {}, []
    for name, file in found.items():
        summary = Summary.from_json(json.loads(file.read_text(encoding="utf-8")))
        page = experiment_page(summary, settings=settings, index="index.html")
        pages[f"{name}.html"] = page.encode()
        listed.append((summary.title, f"{name}.html"))
    return pages, listed


def _index(
    jobs: Sequence[Job],
    links: dict[str, str],
    pages: dict[str, dict[str, str]],
    listed: Sequence[tuple[str, str]],
    handbook: str,
    settings: Settings,
    seed: int,
) -> str:
    from proofkit.views import html

    results = list({id(job.result): (job.pack, job.result) for job in jobs}.values())
    traces = []
    for pack, result in results:
        try:
            traces.append(asked_of_instances(plain_trace(result), pack, result, seed))
        except ScriptError:
            continue
    return html.index(
        traces,
        links=links,
        title=jobs[0].pack.title,
        settings=settings,
        rests_on=rests_on(results),
        examples={id: tuple(on.items()) for id, on in pages.items()},
        experiments=listed,
        handbook=handbook,
        about=jobs[0].pack.about,
    )


def write_reports(
    jobs: Sequence[Job],
    folder: Path,
    formats: Sequence[str],
    *,
    settings: Settings | None = None,
    seed: int = 0,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> Written:
    """Write each job in each format, and an index; raises ``OSError`` when that fails."""
    written = Written()
    folder.mkdir(parents=True, exist_ok=True)

    def keep(outcome: Outcome) -> None:
        for name, content in outcome.files.items():
            _write(written, folder / name, content)
        written.notes += outcome.notes
        done(outcome)

    written.outcomes, shared = documents(jobs, formats, settings=settings, seed=seed, done=keep)
    for name, content in shared.items():
        _write(written, folder / name, content)
    if "pdf" in formats and not engine():
        written.notes.append(
            "No PDF was written: no TeX engine (latexmk, pdflatex or tectonic) was found."
        )
    if "index.html" in shared:
        written.start = (folder / "index.html").resolve()
    return written


def _write(written: Written, path: Path, data: bytes) -> None:
    """Write a file whole: beside it first, then in its place."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    written.files.append(path)
