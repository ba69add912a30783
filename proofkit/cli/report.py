"""``report``: check, write the documents, and say where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import console, find_network, load, options, plain_faults
from proofkit.cli.exits import FAILS, HOLDS, NOTHING

if TYPE_CHECKING:
    from proofkit.reports import Job, Outcome
    from proofkit.views.settings import Settings

__all__ = ["report"]

FORMATS = ("html", "latex", "fragment", "pdf", "markdown", "json")
SHOWN_PROBLEMS = 3


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("proofkit-report"),
    show_default=True,
    help="Folder to write to.",
)
@click.option(
    "--format",
    "formats",
    default="html,latex,pdf,json",
    show_default=True,
    help=f"Which documents to write, separated by commas: {', '.join(FORMATS)}.",
)
@click.option("--example", help="The example or network file to show the results on.")
@click.option("--all", "every", is_flag=True, help="Also on every example that a result speaks of.")
@click.option("--route", default="", help="Show this route of the results that have it.")
@click.option(
    "--depth",
    type=click.Choice(["idea", "proof", "all"]),
    help="How deep the documents go: the beats, a printed proof (the default), every inference.",
)
@click.option("--title", default="", help="Title of the collection.")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file with title, authors, course, titles of results and notation.",
)
@click.option(
    "--templates",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Folder of templates that extend or replace ours, block by block.",
)
@click.option(
    "--check",
    "against",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="Write nothing: exit with 1 unless this folder holds what would be written.",
)
@options
def report(
    names: tuple[str, ...],
    output: Path,
    formats: str,
    example: str | None,
    every: bool,
    route: str,
    depth: str | None,
    title: str,
    config: Path | None,
    templates: Path | None,
    against: Path | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Check results and write reports on them, each tried on an example."""
    from proofkit.reports import plan, write_reports

    wanted = _formats(formats)
    with plain_faults(), _faults_of_documents():
        jobs = plan(
            load(modules, names),
            find_network,
            example=example or "",
            every=every,
            route=route,
            seed=seed,
        )
        if not jobs:
            return NOTHING
        if against is not None:
            return _check(jobs, against, seed, as_json)
        with _progress(len(jobs)) as done:
            settings = _settings(title, depth, config, templates)
            written = write_reports(jobs, output, wanted, settings=settings, seed=seed, done=done)
    failed = [outcome for outcome in written.outcomes if outcome.status == "failed"]
    if as_json:
        _print_json(
            {
                "files": [str(path) for path in written.files],
                "notes": written.notes,
                "incomplete": [o.job.name for o in written.outcomes if o.status == "incomplete"],
                "failed": [o.job.name for o in failed],
            }
        )
        return FAILS if failed else HOLDS
    out = console()
    _tell(written.outcomes)
    for note in written.notes:
        out.print(note, markup=False)
    out.print(f"{len(written.files)} files in {output}", markup=False)
    if written.start is not None:
        out.print(f"Open {written.start}", markup=False, soft_wrap=True)
    return FAILS if failed else HOLDS


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [part for part in wanted if part not in FORMATS]
    if unknown or not wanted:
        raise click.BadParameter(
            f"{unknown[0] if unknown else 'nothing'!r} is not one of {', '.join(FORMATS)}",
            param_hint="--format",
        )
    return wanted


def _settings(
    title: str, depth: str | None, config: Path | None, templates: Path | None
) -> Settings:
    from proofkit.views.settings import Settings, read_settings, settings_from

    settings = read_settings(config) if config is not None else Settings()
    if title:
        settings = replace(settings, title=settings_from({"title": title}).title)
    if depth is not None:
        settings = replace(settings, depth=settings_from({"depth": depth}).depth)
    return replace(settings, templates=templates)


@contextmanager
def _faults_of_documents() -> Iterator[None]:
    from proofkit.views.settings import SettingsError
    from proofkit.views.templating import TemplateFault

    try:
        yield
    except (SettingsError, TemplateFault) as fault:
        raise click.ClickException(str(fault)) from fault


@contextmanager
def _progress(jobs: int) -> Iterator[Callable[[Outcome], None]]:
    """A bar on a terminal, nothing in a pipe."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda outcome: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # Not drawn by a thread: processes are forked while it is there.
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("proving", total=jobs)
        bar.refresh()

        def done(outcome: Outcome) -> None:
            bar.update(task, advance=1, description=outcome.job.name, refresh=True)

        yield done


_SIGNS = {"proved": "[green]✓[/]", "incomplete": "[yellow]…[/]", "failed": "[red]✗[/]"}


def _tell(outcomes: Sequence[Outcome]) -> None:
    out = console()
    for outcome in outcomes:
        out.print(f"{_SIGNS[outcome.status]} {outcome.job.name}: {outcome.status}")
        problems = [outcome.fault] if outcome.fault else [*outcome.problems, outcome.gap]
        problems = [problem for problem in problems if problem]
        for problem in problems[:SHOWN_PROBLEMS]:
            out.print(f"  {problem}", markup=False)
        if len(problems) > SHOWN_PROBLEMS:
            out.print(f"  and {len(problems) - SHOWN_PROBLEMS} more", markup=False)


def _check(jobs: Sequence[Job], folder: Path, seed: int, as_json: bool) -> int:
    """Tell whether a gallery is current."""
    from proofkit.reports.gallery import differences

    with _progress(len(jobs)) as done:
        found, outcomes = differences(jobs, folder, seed=seed, done=done)
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    if as_json:
        rows: list[dict[str, Any]] = [{"file": d.name, "problem": d.problem} for d in found]
        _print_json({"differences": rows, "failed": [o.job.name for o in failed]})
        return FAILS if found or failed else HOLDS
    out = console()
    _tell(failed)
    for difference in found:
        out.print(str(difference), markup=False, soft_wrap=True)
    if found:
        command = f"proofkit report -o {folder} --format html,latex"
        out.print(f"{folder} is not current: run {command}", markup=False, soft_wrap=True)
    else:
        out.print(f"{folder} is current: {len(jobs)} results.", markup=False, soft_wrap=True)
    return FAILS if found or failed else HOLDS


def _print_json(data: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
