"""``check``: run proofs through the kernel, and every step on networks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from proofkit.cli.common import console, find_network, load, options, plain_faults
from proofkit.cli.exits import FAILS, HOLDS, INCOMPLETE, NOTHING

if TYPE_CHECKING:
    from proofkit.checking import Checked

__all__ = ["check", "exit_code"]

_SIGNS = {"proved": "✓", "incomplete": "…", "failed": "✗"}
_COLOURS = {"proved": "green", "incomplete": "yellow", "failed": "red"}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--strict", is_flag=True, help="Exit with 3 when a proof has a gap.")
@click.option(
    "--example",
    "examples",
    multiple=True,
    help="Replay on this example or network file only; may be given again.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print failures only.")
@click.option("-v", "--verbose", is_flag=True, help="Also name the steps nothing exercised.")
@options
def check(
    names: tuple[str, ...],
    strict: bool,
    examples: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Check results, all of them when none is named.

    Exit codes: 0 all holds, 1 something fails, 2 wrong usage, 3 a gap under --strict, 4 nothing
    was checked.
    """
    from proofkit.checking import check as check_one
    from proofkit.checking import networks_of

    checked = []
    with plain_faults():
        results = load(modules, names)
        for pack, result in results:
            networks = dict(find_network(pack, e) for e in examples) or networks_of(pack)
            checked.append(check_one(pack, result, networks=networks, seed=seed))
    if as_json:
        body = {"results": [one.as_json() for one in checked]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        _print(checked, quiet, verbose)
    return exit_code(checked, strict)


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
            out.print(f"[red]✗[/] {escape(failure.where)}:\n{escape(failure.problem)}")
        if verbose:
            for claim in one.unexercised:
                out.print(f"[yellow]·[/] {one.result.id}: no network exercises {escape(claim)}")
