"""``export``: the whole proof of a result as plain JSON, for another checker."""

from __future__ import annotations

from pathlib import Path

import click

from proofkit.cli.common import load, options, plain_faults
from proofkit.cli.exits import FAILS, HOLDS

__all__ = ["export"]


@click.command()
@click.argument("name")
@click.option("--route", default="", help="The route to export, where there are several.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to; standard output if none is given.",
)
@options
def export(
    name: str,
    route: str,
    output: Path | None,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Export the proof of a result: every inference the kernel made, as plain JSON.

    The format is described in proofkit/FORMAT.md; `proofkit replay FILE` checks such a file.
    """
    from proofkit.export import document, dumps
    from proofkit.script import ScriptError

    with plain_faults():
        ((pack, result),) = load(modules, (name,))
        if route and route not in result.routes:
            raise click.BadParameter(
                f"{name} has the routes {', '.join(result.routes)}", param_hint="--route"
            )
    try:
        theorem = result.theorem(route)
    except ScriptError as fault:
        click.echo(f"{name} is not proved: {fault}", err=True)
        return FAILS
    meta = {
        "pack": pack.name,
        "result": result.id,
        "route": route or next(iter(result.routes)),
        "title": result.title,
    }
    text = dumps(document(theorem, meta))
    if output is None:
        click.echo(text, nl=False)
    else:
        with plain_faults():
            output.write_text(text, encoding="utf-8")
    return HOLDS
