"""``walk``: go through a proof step by step in a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

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
from proofkit.cli.exits import FAILS, HOLDS, NOTHING

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
@click.option("--quiz", metavar="FILE", help="Write its questions as a quiz for Moodle (XML).")
@options
def walk(
    name: str,
    route: str,
    example: str | None,
    page: str | None,
    quiz: str | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Walk through a proof step by step.

    At the prompt: next, back, over, why, numbers, expand, remarks, jump, help, quit. In a pipe
    everything is printed at once.  With --html: one file for a browser, which needs no server.
    """
    if page is not None and quiz is not None:
        raise click.UsageError("--html and --quiz write different files: ask for one of them")
    if page is not None:
        path = Path(page or f"{name}.walk.html")
        return _export(path, "static_page", modules, name, route, example, seed)
    if quiz is not None:
        return _export(Path(quiz), "quiz_of", modules, name, route, example, seed)
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
    path: Path,
    what: Literal["static_page", "quiz_of"],
    modules: tuple[str, ...],
    name: str,
    route: str,
    example: str | None,
    seed: int,
) -> int:
    """Write the page of a walkthrough, or its quiz."""
    from proofkit import walkthroughs
    from proofkit.script import ScriptError

    with plain_faults():
        ((pack, result),) = load(modules, (name,))
        known_route(result, route)
        label, network = chosen(pack, result, example, seed)
        try:
            text = getattr(walkthroughs, what)(pack, result, route, network, seed, label)
        except ScriptError as fault:
            click.echo(f"{name} is not proved: {fault}", err=True)
            return FAILS
    if not text:
        click.echo(f"{name} has no questions to make a quiz of", err=True)
        return NOTHING
    write_whole(path, text)
    click.echo(f"Import {path}" if what == "quiz_of" else f"Open {path}")
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
