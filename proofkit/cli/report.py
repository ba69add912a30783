"""``report``: check, write the documents, and say where they are."""

from __future__ import annotations

from pathlib import Path

import click

from proofkit.cli.check import exit_code
from proofkit.cli.common import console, find_network, load, options, plain_faults
from proofkit.cli.exits import FAILS, NOTHING

__all__ = ["report"]

FORMATS = ("html", "latex", "pdf", "json")


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
    help="Which documents to write, separated by commas.",
)
@click.option("--example", help="The example or network file to show the results on.")
@options
def report(
    names: tuple[str, ...],
    output: Path,
    formats: str,
    example: str | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Check results and write reports on them, each replayed on an example."""
    import json

    from proofkit import checking
    from proofkit.reports import trace_of, write_reports

    wanted = tuple(dict.fromkeys(part.strip() for part in formats.split(",") if part.strip()))
    unknown = [part for part in wanted if part not in FORMATS]
    if unknown or not wanted:
        raise click.BadParameter(
            f"{unknown[0] if unknown else 'nothing'!r} is not one of {', '.join(FORMATS)}",
            param_hint="--format",
        )
    checked, traces = [], []
    with plain_faults():
        for pack, result in load(modules, names):
            label, network = find_network(
                pack, example or pack.main.get(result.id) or next(iter(pack.examples()))
            )
            one = checking.check(pack, result, networks={label: network}, seed=seed)
            checked.append(one)
            if one.status == "proved":
                traces.append(trace_of(pack, result, label, network, seed=seed))
        if not checked:
            return NOTHING
        written = write_reports(traces, output, wanted)
    if as_json:
        files = [str(path) for path in written.files]
        click.echo(json.dumps({"files": files, "notes": written.notes}, indent=2))
    else:
        out = console()
        for one in checked:
            sign = "[green]✓[/]" if one.status == "proved" else "[red]✗[/]"
            out.print(f"{sign} {one.result.id}: {one.status}")
            for failure in one.failures:
                out.print(f"  {failure.where}: {failure.problem}", markup=False)
        for note in written.notes:
            out.print(note, markup=False)
        out.print(f"{len(written.files)} files in {output}", markup=False)
        if written.start is not None:
            out.print(f"Open {written.start}", markup=False, soft_wrap=True)
    return exit_code(checked, strict=False) if checked else FAILS
