"""``export``: the whole proof of a result as plain JSON or for Coq, for another checker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from proofkit.cli.common import load, options, plain_faults
from proofkit.cli.exits import FAILS, HOLDS, INCOMPLETE

if TYPE_CHECKING:
    from proofkit.export import ExportedProof

__all__ = ["export"]


@click.command()
@click.argument("name", required=False)
@click.option("--route", default="", help="The route to export, where there are several.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to; standard output if none is given.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "coq"]),
    default="json",
    help="JSON for other checkers, or a file for Coq.",
)
@click.option(
    "--statements",
    is_flag=True,
    help="Write what a pack has proved, for it to publish as its statements.json.",
)
@options
def export(
    name: str | None,
    route: str,
    output: Path | None,
    kind: str,
    statements: bool,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Export the proof of a result: every inference the kernel made, as plain JSON.

    The format is described in proofkit/FORMAT.md; `proofkit replay FILE` checks such a file.
    With --format coq, each inference becomes a lemma that Coq checks against the facts and rules
    that are proved in tests/coq. With --statements, what all results of a pack say is written
    instead: the file that tells `proofkit replay` which statements the pack stands for.
    """
    from proofkit.basics.tables import dumps
    from proofkit.export import document, parse
    from proofkit.script import ScriptError

    if statements:
        return _publish(name, route, output, modules)
    if name is None:
        raise click.UsageError("Name a result to export, or say --statements.")
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
    if kind == "coq":
        return _write_in_coq(name, parse(document(theorem, meta)), output)
    _write(dumps(document(theorem, meta)), output)
    return HOLDS


def _write_in_coq(name: str, proof: ExportedProof, output: Path | None) -> int:
    """Write a proof for Coq; 3 where it has something that cannot be said there yet."""
    from proofkit.coq.language import Untold
    from proofkit.coq.proof import written

    try:
        text = written(proof)
    except Untold as fault:
        click.echo(f"{name} cannot be said in Coq: {fault}", err=True)
        return INCOMPLETE
    _write(text, output)
    return HOLDS


def _publish(name: str | None, route: str, output: Path | None, modules: tuple[str, ...]) -> int:
    """Write the statements of the one pack there is."""
    from proofkit.basics.tables import dumps
    from proofkit.export import publication
    from proofkit.script import ScriptError

    if name or route:
        raise click.UsageError("--statements writes all results of a pack; name none.")
    with plain_faults():
        packs = {pack.name: pack for pack, _ in load(modules, ("all",))}
    if len(packs) != 1:
        raise click.UsageError(f"Name one pack with --pack: {', '.join(packs)}.")
    (pack,) = packs.values()
    try:
        _write(dumps(publication(pack)), output)
    except ScriptError as fault:
        click.echo(f"{pack.name} is not proved: {fault}", err=True)
        return FAILS
    return HOLDS


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    with plain_faults():
        output.write_text(text, encoding="utf-8")
