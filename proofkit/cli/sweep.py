"""``sweep``: draw problems, look for spurious minima, and say how often there are any."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import console, plain_faults
from proofkit.cli.exits import HOLDS

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from proofkit.sweep.spec import Spec

__all__ = ["sweep"]


def _dims(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Widths d_0,…,d_k, as in 2,1,2."""
    try:
        return tuple(int(part) for part in value.replace("-", ",").split(","))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a list of widths such as 2,1,2") from None


def _ranges(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
    """Parameters and their intervals, as in c=1:3."""
    found = {}
    for value in values:
        key, _, ends = value.partition("=")
        low, _, high = ends.partition(":")
        try:
            found[key] = float(low), float(high or low)
        except ValueError:
            raise click.BadParameter(f"{value!r} is not a range such as c=1:3") from None
    return found


@click.group(invoke_without_command=True)
@click.option("--family", help="What to draw from; without it the sweep in the folder goes on.")
@click.option("--dims", callback=_dims, default="2,1,2", show_default=True, help="The widths.")
@click.option("--count", type=click.IntRange(1), default=1000, show_default=True, help="Problems.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.option(
    "--starts",
    type=click.IntRange(2, 4096),
    default=16,
    show_default=True,
    help="Random starts for each problem.",
)
@click.option(
    "--range",
    "ranges",
    callback=_ranges,
    multiple=True,
    metavar="NAME=LOW:HIGH",
    help="Where a parameter is drawn from.",
)
@click.option("--template", default="", help="For the family expression: w11**2 + {c}*w12**2.")
@click.option("--convex/--not-convex", default=None, help="What is claimed of the template.")
@click.option(
    "--diagnose",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Ask `proofkit diagnose` about every N-th problem as well; 0 for none.",
)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder.")
@click.option("--workers", type=click.IntRange(1), help="Processes; by default one for each core.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster at tcp://…")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
@click.pass_context
def sweep(ctx: click.Context, /, **chosen: Any) -> int:
    """Draw problems of a family, search each from many starts, and write one row for each.

    Families: weighted-squared, E01, logistic, softmax, huber, masked-squared, measurements,
    poisson, expression. Rows go to parts of
    JSON lines in the folder; a run that was stopped goes on where it was when started again.

    Exit codes: 0 all rows are written, 2 wrong usage, or the disk refuses, 130 stopped.
    """
    if ctx.invoked_subcommand:
        return HOLDS
    return _run(**chosen)


def _run(
    output: Path | None,
    workers: int | None,
    scheduler: str | None,
    as_json: bool,
    quiet: bool,
    **chosen: Any,
) -> int:
    from proofkit.sweep.execution import SweepStopped, run_sweep
    from proofkit.sweep.spec import SweepError

    if output is None:
        raise click.UsageError("say where the rows go: -o DIR")
    began = time.monotonic()
    try:
        with plain_faults():
            spec = _spec(output, **chosen)
            with _executor(scheduler) as (executor, offered), _bar(spec, quiet) as progress:
                added = run_sweep(
                    spec, output, executor, workers=workers or offered, progress=progress
                )
    except SweepError as fault:
        raise click.ClickException(str(fault)) from fault
    except SweepStopped as stop:
        click.echo(f"{stop}\nTo go on:  proofkit sweep -o {output}", err=True)
        return 130
    except click.ClickException as fault:
        if not isinstance(fault.__cause__, OSError):
            raise
        words = f"{fault.message}\nComplete rows are kept. To go on:  proofkit sweep -o {output}"
        raise click.ClickException(words) from fault
    seconds = time.monotonic() - began
    if as_json:
        numbers = {"rows": spec.count, "added": added, "seconds": round(seconds, 3)}
        click.echo(json.dumps({"directory": str(output)} | numbers))
    else:
        out = console()
        facts = f"{spec.count} rows in {output}, {added} of them new, {seconds:.1f} s"
        out.print(facts, markup=False, soft_wrap=True)
        out.print(f"To sum up:  proofkit sweep summarise {output}", markup=False, soft_wrap=True)
    return HOLDS


def _spec(output: Path, family: str | None, ranges: Any, **chosen: Any) -> Spec:
    """The sweep asked for, or the one that the folder holds."""
    from proofkit.sweep.spec import Spec, SweepError
    from proofkit.sweep.store import read_spec

    if family:
        return Spec(family, ranges=ranges, **chosen)
    if (output / "sweep.json").exists():
        return read_spec(output)
    raise SweepError(f"{output} holds no sweep to go on with; say what to draw: --family")


@contextmanager
def _executor(scheduler: str | None) -> Iterator[tuple[Executor | None, int | None]]:
    """The executor of a Dask cluster, and how many tasks it runs at a time."""
    if scheduler is None:
        yield None, None
        return
    try:
        from distributed import Client
    except ImportError as fault:
        raise click.ClickException(
            "--scheduler needs Dask: pip install 'proofkit[distributed]'"
        ) from fault
    try:
        client = Client(scheduler, timeout="10s")
    except (ValueError, OSError) as fault:
        raise click.ClickException(f"no scheduler at {scheduler!r}: {fault}") from fault
    with client:
        yield client.get_executor(), sum(client.nthreads().values()) or 1


@contextmanager
def _bar(spec: Spec, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar with rate and time left, on a terminal's error stream."""
    if quiet or not sys.stderr.isatty():
        yield lambda rows: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(f"{spec.family} {'-'.join(map(str, spec.dims))}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True)) as progress:
        task = progress.add_task("", total=spec.count, rate="")
        start: list[tuple[float, int]] = []

        def update(rows: int) -> None:
            now = time.monotonic()
            start.append((now, rows)) if not start else None
            elapsed, done = now - start[0][0], rows - start[0][1]
            rate = f"{done / elapsed:,.0f}/s" if done and elapsed > 0 else ""
            progress.update(task, completed=rows, rate=rate)

        yield update


@sweep.command()
@click.argument(
    "directories", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for figure, page, data and examples; by default DIR/summary.",
)
@click.option(
    "--examples",
    type=click.IntRange(0, 100),
    default=5,
    show_default=True,
    help="How many of the most striking examples to export.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def summarise(
    directories: tuple[Path, ...], output: Path | None, examples: int, as_json: bool
) -> int:
    """Sum up sweeps: how often there is a spurious minimum, with 95 % intervals."""
    from proofkit.sweep.export import export_examples
    from proofkit.sweep.page import experiment_page
    from proofkit.sweep.picture import picture
    from proofkit.sweep.spec import SweepError
    from proofkit.sweep.summary import summarise as sum_up

    output = output or directories[0] / "summary"
    try:
        with plain_faults():
            summary = sum_up(directories, examples)
            output.mkdir(parents=True, exist_ok=True)
            files = [output / name for name in ("summary.svg", "summary.json", "summary.html")]
            texts = (
                picture(summary),
                json.dumps(summary.to_json(), indent=1) + "\n",
                experiment_page(summary),
            )
            for path, text in zip(files, texts, strict=True):
                path.write_text(text, encoding="utf-8")
            files += export_examples(summary.striking, output / "examples")
    except SweepError as fault:
        raise click.ClickException(str(fault)) from fault
    if as_json:
        click.echo(json.dumps(summary.to_json() | {"files": [str(p) for p in files]}))
        return HOLDS
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("family", "widths", "problems", "spurious", "95 % interval", "floats", "open"):
        words = heading in ("family", "widths")
        table.add_column(heading, justify="left" if words else "right", no_wrap=True)
    for group in summary.along + summary.sweeps:
        low, high = group.interval
        name = group.family
        if group.parameter:
            name = f"{group.parameter} {group.low:.3g}–{group.high:.3g}"
        table.add_row(
            name,
            group.label,
            str(group.problems),
            f"{100 * group.share:.2f} %",
            f"{100 * low:.2f}–{100 * high:.2f} %",
            str(group.counts["numerical"]),
            str(group.counts["undecided"]),
        )
    out = console()
    out.print(table)
    for group in summary.sweeps:
        if asked := sum(group.opinions.values()):
            said = ", ".join(f"{name} {n}" for name, n in group.opinions.items())
            out.print(f"Diagnosed {asked} of {group.family} {group.label}: {said}", markup=False)
    for directory, group in zip(directories, summary.sweeps, strict=True):
        if group.problems < group.spec["count"]:
            rows = f"{directory} has {group.problems} of {group.spec['count']} rows so far"
            advice = f"{rows}; to go on:  proofkit sweep -o {directory}"
            out.print(advice, markup=False, soft_wrap=True)
    for path in files:
        out.print(str(path), markup=False, soft_wrap=True)
    return HOLDS
