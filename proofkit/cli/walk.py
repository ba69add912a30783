"""``walk``: go through a proof step by step in a terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import console, options, traced
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
@options
def walk(
    name: str,
    route: str,
    example: str | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Walk through a proof step by step.

    At the prompt: next, back, over, why, numbers, expand, remarks, jump, help, quit. In a pipe
    everything is printed at once.
    """
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
