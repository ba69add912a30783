"""``check``: run proofs through the kernel, and every step on networks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import console, find_network, load, options, plain_faults
from proofkit.cli.exits import FAILS, HOLDS, INCOMPLETE, NOTHING

if TYPE_CHECKING:
    from proofkit.checking import Checked
    from proofkit.ci.baseline import Change

__all__ = ["check", "exit_code"]

FILE = click.Path(dir_okay=False, path_type=Path)

GAPS = ("unproved", "unexercised")
"""Failures that only ``--strict`` makes fail: something is missing, and nothing is wrong."""

_SIGNS = {"proved": "✓", "incomplete": "…", "failed": "✗"}
_COLOURS = {"proved": "green", "incomplete": "yellow", "failed": "red"}


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 3 when a proof has a gap; export each proof and replay it.",
)
@click.option(
    "--example",
    "examples",
    multiple=True,
    help="Replay on this example or network file only; may be given again.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print failures only.")
@click.option("-v", "--verbose", is_flag=True, help="Also name the steps nothing exercised.")
@click.option("--junit", type=FILE, help="Also write a JUnit XML file, a test case for each step.")
@click.option("--sarif", "sarif_file", type=FILE, help="Also write a SARIF 2.1.0 file.")
@click.option("--github", is_flag=True, help="Print failures as annotations of a workflow.")
@click.option("--baseline", type=FILE, help="Fail when worse than this output of --json.")
@click.option(
    "--diff",
    "pair",
    nargs=2,
    type=FILE,
    metavar="A B",
    help="Check nothing; print what changed between two outputs of --json.",
)
@click.option(
    "--mutants",
    type=click.IntRange(1),
    metavar="N",
    help="Change each result's script and proof in N ways, and count who notices.",
)
@click.option("--ablate", is_flag=True, help="Drop each hypothesis in turn: is it needed?")
@options
def check(
    names: tuple[str, ...],
    strict: bool,
    examples: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    junit: Path | None,
    sarif_file: Path | None,
    github: bool,
    baseline: Path | None,
    pair: tuple[Path, Path] | None,
    mutants: int | None,
    ablate: bool,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Check results, all of them when none is named.

    Exit codes: 0 all holds, 1 something fails, 2 wrong usage, 3 a gap under --strict, 4 nothing
    was checked.  Worse than the --baseline is a failure too.
    """
    if pair is not None:
        if names:
            raise click.UsageError("--diff checks nothing, so it takes no names of results.")
        return _difference(pair, as_json)
    if mutants or ablate:
        others = {
            "--mutants": mutants and ablate,
            "--strict": strict,
            "--example": examples,
            "--junit": junit,
            "--sarif": sarif_file,
            "--github": github,
            "--baseline": baseline,
        }
        if useless := [option for option, given in others.items() if given]:
            one = "--ablate" if ablate else "--mutants"
            raise click.UsageError(f"{one} does not go together with {', '.join(useless)}.")
        with plain_faults():
            results = load(modules, names)
        from proofkit.cli.attack import ablation, mutation

        if mutants:
            return mutation(results, mutants, seed, as_json)
        return ablation(results, seed, as_json)
    from proofkit.checking import check_again, check_all, networks_of
    from proofkit.ci.baseline import FORMAT

    before = None if baseline is None else _baseline(baseline)
    with plain_faults():
        results = load(modules, names)
        networks = {
            id(pack): dict(find_network(pack, e) for e in examples) or networks_of(pack)
            for pack in {id(pack): pack for pack, _ in results}.values()
        }
        checked = check_all([(p, result, networks[id(p)]) for p, result in results], seed)
        if strict:
            check_again(checked)
    _write(checked, junit, sarif_file)
    if as_json:
        body = {"format": FORMAT, "results": [one.as_json() for one in checked]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        _print(checked, quiet, verbose)
    if github:
        from proofkit.ci.github import workflow_commands

        for line in workflow_commands(checked):
            click.echo(line, err=as_json)
    code = exit_code(checked, strict)
    if before is not None:
        every = not names or names == ("all",)
        chosen = [row for row in before if every or row["id"] in names]
        changes = compared(chosen, [one.as_json() for one in checked])
        for change in changes:
            click.echo(str(change), err=as_json)
        if any(change.worse for change in changes):
            return FAILS
    return code


def compared(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """The changes, without loading what compares them before it is needed."""
    from proofkit.ci.baseline import compare

    return compare(before, after)


def _baseline(path: Path) -> list[dict[str, Any]]:
    from proofkit.ci.baseline import BaselineError, read

    try:
        return read(path)
    except BaselineError as fault:
        raise click.ClickException(str(fault)) from fault


def _difference(pair: tuple[Path, Path], as_json: bool) -> int:
    changes = compared(*(_baseline(path) for path in pair))
    if as_json:
        rows = [{"id": c.id, "what": c.what, "worse": c.worse} for c in changes]
        click.echo(json.dumps({"changes": rows}, ensure_ascii=False, indent=2))
    else:
        for change in changes:
            click.echo(str(change))
        if not changes:
            click.echo("Nothing changed.")
    return FAILS if any(change.worse for change in changes) else HOLDS


def _write(checked: list[Checked], junit: Path | None, sarif_file: Path | None) -> None:
    from proofkit.ci.junit import junit as as_junit
    from proofkit.ci.sarif import sarif as as_sarif

    with plain_faults():
        if junit is not None:
            junit.write_text(as_junit(checked), encoding="utf-8")
        if sarif_file is not None:
            text = json.dumps(as_sarif(checked), ensure_ascii=False, indent=2) + "\n"
            sarif_file.write_text(text, encoding="utf-8")


def exit_code(checked: list[Checked], strict: bool) -> int:
    """The exit code for the outcome of a check."""
    if not checked:
        return NOTHING
    if any(one.status == "failed" for one in checked):
        return FAILS
    gap = any(
        one.status == "incomplete" or one.footprint is None or one.footprint.admitted
        for one in checked
    )
    return INCOMPLETE if strict and gap else HOLDS


def _print(checked: list[Checked], quiet: bool, verbose: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    from proofkit.ci.places import relative
    from proofkit.script.wording import folded

    out = console()
    if not checked:
        out.print("Nothing was checked.")
    if not quiet and checked:
        table = Table(box=None, pad_edge=False)
        for heading in ("", "result", "tier", "steps", "networks (exact + float)"):
            table.add_column(heading)
        for one in checked:
            colour = _COLOURS[one.status]
            table.add_row(
                f"[{colour}]{_SIGNS[one.status]} {one.status}[/]",
                one.result.id,
                one.tier,
                str(one.steps),
                f"{one.exact} + {one.floats}",
            )
        out.print(table)
    for one in checked:
        for failure in one.failures:
            file, line = failure.place
            at = f" ({relative(file)}, line {line})" if file else ""
            sign = "[yellow]…[/]" if failure.kind in GAPS else "[red]✗[/]"
            out.print(f"{sign} {escape(failure.where + at)}:", soft_wrap=True)
            out.print(escape(folded(failure.problem, out.width)), soft_wrap=True)
        if verbose:
            for claim in one.unexercised:
                out.print(f"[yellow]·[/] {one.result.id}: no network exercises {escape(claim)}")
