"""``facts`` and ``tactics``: what can be used in a proof, with statements and examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import console
from proofkit.cli.exits import HOLDS

if TYPE_CHECKING:
    from proofkit.handbook.entries import Entry

__all__ = ["facts", "tactics"]


@click.command()
@click.argument("word", default="")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def facts(word: str, as_json: bool) -> int:
    """List the textbook facts, or those about WORD with their statements and a use of each."""
    from proofkit.handbook import entries

    return _list(entries.facts, "facts", word, as_json)


@click.command()
@click.argument("word", default="")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def tactics(word: str, as_json: bool) -> int:
    """List the tactics that a step may name, or those about WORD with a use of each."""
    from proofkit.handbook import entries

    return _list(entries.tactics, "tactics", word, as_json)


def _list(known: Callable[[], list[Entry]], kind: str, word: str, as_json: bool) -> int:
    from proofkit.handbook.entries import like, matching

    every = known()
    found = matching(every, word)
    if not found:
        near = like(every, word)
        hint = f"; did you mean {' or '.join(near)}?" if near else f": proofkit {kind} lists them"
        raise click.BadParameter(f"there are no {kind} about {word!r}{hint}", param_hint="WORD")
    if as_json:
        rows = [_as_json(entry) for entry in found]
        click.echo(json.dumps({kind: rows}, ensure_ascii=False, indent=2))
        return HOLDS
    out = console()
    if word:
        from proofkit.views.terminal_entries import renderable

        for n, one in enumerate(found):
            out.print(*([""] if n else []), renderable(one), sep="\n")
        return HOLDS
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in found:
        table.add_row(one.name, one.says)
    out.print(table)
    out.print(f"\nproofkit {kind} WORD prints statements and uses.", markup=False)
    return HOLDS


def _as_json(entry: Entry) -> dict[str, Any]:
    from proofkit.views import text

    use = entry.use
    return {
        "name": entry.name,
        "says": entry.says,
        "more": list(entry.more),
        "statement": text.show(entry.statement) if entry.statement is not None else None,
        "source": entry.source,
        "words": list(entry.words),
        "use": use
        and {
            "given": {name: text.show(claim) for name, claim in use.given.items()},
            "claim": text.show(use.claim),
            "by": use.call,
        },
    }
