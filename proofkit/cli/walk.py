"""``walk``: go through a proof step by step in a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import (
    chosen,
    console,
    known_route,
    load,
    options,
    plain_faults,
    traced,
    write_whole,
)
from proofkit.cli.exits import FAILS, HOLDS

if TYPE_CHECKING:
    from proofkit.trace import ResultTrace

__all__ = ["walk"]

WIDEST = 100
"""Lines longer than this are hard to read."""


@click.command()
@click.argument("name")
@click.option("--route", default="", help="The route to walk, where there are several.")
@click.option("--example", help="Replay the steps on this example or network file.")
@click.option(
    "--html",
    "page",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Write the walkthrough as one HTML file with its sliders (NAME.walk.html if no FILE).",
)
@options
def walk(
    name: str,
    route: str,
    example: str | None,
    page: str | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Walk through a proof step by step.

    At the prompt: next, back, over, why, numbers, expand, remarks, jump, help, quit. In a pipe
    everything is printed at once.  With --html: one file for a browser, which needs no server.
    """
    if page is not None:
        return _export(Path(page or f"{name}.walk.html"), modules, name, route, example, seed)
    trace = traced(modules, name, route, example, seed)
    if trace is None:
        return FAILS
    if as_json:
        from proofkit.views.as_json import document

        click.echo(json.dumps(document(trace), ensure_ascii=False, indent=2))
        return HOLDS
    out = console()
    if sys.stdin.isatty() and sys.stdout.isatty():
        _converse(trace, out)
    else:
        from proofkit.views import terminal

        out.print(terminal.renderable(trace, out.width))
    return HOLDS


def _export(
    path: Path, modules: tuple[str, ...], name: str, route: str, example: str | None, seed: int
) -> int:
    """Write the page of a walkthrough."""
    from proofkit.script import ScriptError
    from proofkit.walkthroughs import static_page

    with plain_faults():
        ((pack, result),) = load(modules, (name,))
        known_route(result, route)
        label, network = chosen(pack, result, example, seed)
        try:
            text = static_page(pack, result, route, network, seed, label)
        except ScriptError as fault:
            click.echo(f"{name} is not proved: {fault}", err=True)
            return FAILS
    write_whole(path, text)
    click.echo(f"Open {path}")
    return HOLDS


def _converse(trace: ResultTrace, out: Any) -> None:
    """Show a stop, read a line, and so on until the reader leaves or the input ends."""
    import contextlib

    from proofkit.views.stepping import Walk

    with contextlib.suppress(ImportError):  # lines can be edited where the system can
        import readline  # noqa: F401
    out.width = min(out.width, WIDEST)
    place = Walk(trace, out.width)
    out.print(place.screen())
    while not place.ended:
        try:
            line = input(f"\n{place.prompt}")
        except EOFError:
            out.print()
            return
        out.print(place.do(line))
