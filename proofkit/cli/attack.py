"""``check --mutants`` and ``check --ablate``: what the checkers notice, what a result needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import click

from proofkit.ci.ablation import ablate
from proofkit.ci.mutants import Mutant, mutants
from proofkit.ci.script_mutants import script_mutants
from proofkit.cli.exits import FAILS, HOLDS, NOTHING
from proofkit.packs import Pack
from proofkit.script import Result, ScriptError

__all__ = ["ablation", "mutation"]

Results = Sequence[tuple[Pack, Result]]


def mutation(results: Results, count: int, seed: int, as_json: bool) -> int:
    """Mutants of each result, half of its script and half of its exported proof."""
    found: list[Mutant] = []
    for _, result in results:
        if not result.routes:
            continue
        try:
            found += script_mutants(result, count - count // 2, seed)
            found += mutants(result, count // 2, seed)
        except ScriptError as fault:
            click.echo(f"✗ {result.id} is not proved: {fault}", err=True)
            return FAILS
    survivors = [m for m in found if m.outcome == "survivor"]
    outcomes = Counter(m.outcome for m in found)
    if as_json:
        rows = [
            {
                "result": m.result,
                "operator": m.operator,
                "where": m.where,
                "outcome": m.outcome,
                "reason": m.reason,
            }
            for m in found
        ]
        body = {"mutants": len(found), "outcomes": dict(sorted(outcomes.items())), "all": rows}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        caught = sum(m.caught for m in found)
        click.echo(
            f"{len(found) - outcomes['no program']} mutants: {caught} caught, "
            f"{outcomes['equivalent']} equivalent (they prove the same statement), "
            f"{len(survivors)} survivors"
        )
        if outcomes["no program"]:
            click.echo(f"{outcomes['no program']} more are no programs any longer, and not counted")
        for operator in dict.fromkeys(m.operator for m in found):
            counts = Counter(m.outcome for m in found if m.operator == operator)
            click.echo(f"  {operator}: {', '.join(f'{n} {o}' for o, n in sorted(counts.items()))}")
        for m in survivors:
            click.echo(f"✗ {m.result}, {m.operator}, {m.where}: {m.reason}")
    return NOTHING if not found else FAILS if survivors else HOLDS


def ablation(results: Results, seed: int, as_json: bool) -> int:
    """Each result without each of its hypotheses in turn."""
    table = {}
    for pack, result in results:
        if not result.routes:
            continue
        try:
            table[result.id] = ablate(pack, result, seed)
        except ScriptError as fault:
            click.echo(f"✗ {result.id} is not proved: {fault}", err=True)
            return FAILS
    if as_json:
        body = {id: [one.as_json() for one in rows] for id, rows in table.items()}
        click.echo(json.dumps({"ablation": body}, ensure_ascii=False, indent=2))
    else:
        for id, rows in table.items():
            click.echo(id)
            for one in rows:
                click.echo(f"  {one.number} {one.claim}: {one.verdict}")
                click.echo("\n".join(f"    {line}" for line in one.shown.splitlines()))
            if not rows:
                click.echo("  has no hypotheses")
    return HOLDS if table else NOTHING
