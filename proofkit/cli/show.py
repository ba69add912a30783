"""``list``, ``show`` and ``axioms``: what there is, how it is proved, what it rests on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from proofkit.cli.common import console, load, options, plain_faults, traced
from proofkit.cli.exits import FAILS, HOLDS

if TYPE_CHECKING:
    from proofkit.script import Result
    from proofkit.trace import Footprint

__all__ = ["axioms", "list_", "show"]


@click.command("list")
@options
def list_(modules: tuple[str, ...], as_json: bool, seed: int) -> int:
    """List the results that can be checked, shown and reported."""
    with plain_faults():
        results = load(modules, ())
    if as_json:
        rows = [
            {"id": r.id, "title": r.title, "pack": p.name, "routes": list(r.routes)}
            for p, r in results
        ]
        click.echo(json.dumps({"results": rows}, ensure_ascii=False, indent=2))
        return HOLDS
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("result", "title", "routes"):
        table.add_column(heading, overflow="fold")
    for _, result in results:
        table.add_row(result.id, result.title, ", ".join(result.routes))
    console().print(table)
    return HOLDS


@click.command()
@click.argument("name", default="")
@click.option("--route", default="", help="The route to show, where there are several.")
@click.option("--example", help="Replay the steps on this example or network file.")
@click.option("--remarks", is_flag=True, help="List the places where the paper needs help.")
@options
def show(
    name: str,
    route: str,
    example: str | None,
    remarks: bool,
    modules: tuple[str, ...],
    as_json: bool,
    seed: int,
) -> int:
    """Show a result with its proof, step by step, tried on an example.

    With --remarks: the remarks on the paper's text, of this result or of all.
    """
    if remarks:
        return _show_remarks(name, modules, as_json)
    if not name:
        raise click.UsageError("Missing argument 'NAME'.")
    trace = traced(modules, name, route, example, seed)
    if trace is None:
        return FAILS
    if as_json:
        from proofkit.views.as_json import document

        click.echo(json.dumps(document(trace), ensure_ascii=False, indent=2))
        return HOLDS
    from proofkit.views import terminal

    out = console()
    out.print(terminal.renderable(trace, out.width))
    return HOLDS


@click.command()
@click.argument("name")
@options
def axioms(name: str, modules: tuple[str, ...], as_json: bool, seed: int) -> int:
    """Show what a result rests on: textbook facts, other results, and gaps if there are any."""
    from proofkit.script import ScriptError

    with plain_faults():
        ((_, result),) = load(modules, (name,))
    try:
        footprint = result.run().footprint
    except ScriptError as fault:
        click.echo(f"{name} is not proved: {fault}", err=True)
        return FAILS
    if as_json:
        data: dict[str, Any] = {
            "id": name,
            "rules": dict(footprint.rules),
            "structural": dict(footprint.structural),
            "results": list(footprint.results),
            "cited": list(footprint.cited),
            "admitted": list(footprint.admitted),
            "inferences": footprint.inferences,
            **_coq(footprint),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return HOLDS
    _print_footprint(result, footprint)
    return HOLDS


def _coq(footprint: Footprint) -> dict[str, Any]:
    """What is proved in Coq of the facts and rules, and on which axioms."""
    from proofkit.coq import RULES, axioms, axioms_of_rule, is_proved

    rules = {rule: RULES[rule] for rule, _ in footprint.structural if rule in RULES}
    facts = [fact for fact, _ in footprint.rules if is_proved(fact)]
    return {
        "proved_in_coq": {fact: axioms(fact) for fact in facts},
        "rules_in_coq": {
            name: {"theorems": rule.theorems, "axioms": axioms_of_rule(name), "left": rule.left}
            for name, rule in rules.items()
        },
    }


def _print_footprint(result: Result, footprint: Footprint) -> None:
    from rich.table import Table

    from proofkit.coq import RULES, Rule, is_proved, rests_on
    from proofkit.textbook import FACTS

    out = console()
    out.print(f"[bold]{escape(result.title)}[/]")
    gaps = [
        f"cited: {', '.join(footprint.cited) or 'nothing'}",
        f"admitted: {', '.join(footprint.admitted) or 'nothing'}",
        f"other results: {', '.join(footprint.results) or 'none'}",
        f"{footprint.inferences} inferences of the kernel",
    ]
    out.print("\n".join(gaps), markup=False)

    def standing(name: str) -> tuple[str, str]:
        if fact := FACTS.get(name):
            proved = "proved in Coq" if is_proved(name) else "cited"
            return proved, f"{fact.summary} {fact.source}"
        rule = RULES.get(name, Rule(left="trusted"))
        if not rule.theorems:
            return rule.left, ""
        return "proved in Coq", f"left to believe: {rule.left}" if rule.left else ""

    for heading, rows in (("textbook facts", footprint.rules), ("rules", footprint.structural)):
        table = Table(box=None, pad_edge=False, title=heading, title_justify="left")
        table.add_column("times", justify="right")
        table.add_column("name", no_wrap=True)
        table.add_column("standing", no_wrap=True)
        table.add_column("what it says" if heading == "textbook facts" else "", overflow="fold")
        for name, count in rows:
            table.add_row(str(count), name, *standing(name))
        if rows:
            out.print()
            out.print(table)
    found = rests_on(
        *({name for name, _ in rows} for rows in (footprint.rules, footprint.structural))
    )
    if found:
        out.print(f"\nWhat is proved in Coq of these rests on {', '.join(found)}.", markup=False)
        out.print(
            "That a claim and its normal form say the same is left to believe, but in what "
            "`proofkit export --format coq` writes: Coq checks each inference there.",
            markup=False,
        )


def _show_remarks(name: str, modules: tuple[str, ...], as_json: bool) -> int:
    """List the remarks of the results, each at the first step that bears it."""
    from proofkit.checking import numbered
    from proofkit.script import ScriptError
    from proofkit.views import text

    with plain_faults():
        results = load(modules, (name,) if name else ("all",))
    found: dict[str, dict[str, str]] = {}
    for _, result in results:
        for route in result.routes:
            try:
                steps = numbered(result.run(route).proof.steps)
            except ScriptError as fault:
                click.echo(f"{result.id} is not proved: {fault}", err=True)
                return FAILS
            for number, step in steps:
                for remark in step.remarks:
                    truth = "".join(
                        part if isinstance(part, str) else text.show(part.expression)
                        for part in remark.truth.parts
                    )
                    row = {
                        "id": remark.id,
                        "at": f"{result.id}, route {route}, step {number}",
                        "paper": remark.paper_says,
                        "truth": truth,
                        "example": remark.example,
                    }
                    found.setdefault(remark.id, row)
    if as_json:
        body = {"remarks": list(found.values())}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return HOLDS
    out = console()
    for row in found.values():
        out.print(f"[bold]{escape(row['id'])}[/]  {escape(row['at'])}")
        out.print(f"  The paper: {row['paper']}", markup=False)
        out.print(f"  In truth:  {row['truth']}", markup=False)
        if row["example"]:
            out.print(f"  Example:   {row['example']}", markup=False)
    return HOLDS
