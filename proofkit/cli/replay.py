"""``replay``: exported proofs, checked again by the second checker."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import click

from proofkit.cli.exits import BAD_INPUT, FAILS, HOLDS, NOTHING

__all__ = ["replay"]


def printable(text: str) -> str:
    """Text from a file without anything a terminal would act on."""
    return "".join(c if c.isprintable() else "?" for c in text)


def fingerprint(statement: tuple[Any, ...]) -> str:
    """A digest of a statement."""
    return hashlib.sha256(repr(statement).encode()).hexdigest()


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(file: Path, as_json: bool) -> int:
    """Check an exported proof again with a checker that shares no code with the kernel.

    FILE is what `proofkit export` writes. Exit codes: 0 accepted, 1 refused, 2 the file cannot be
    read, 4 it holds no proof.
    """
    from proofkit.replay import NoProof, Refused, Unreadable
    from proofkit.replay import replay as checked

    code, status, reason, found = HOLDS, "accepted", "", None
    try:
        found = checked(file.read_bytes())
    except Refused as fault:
        code, status, reason = FAILS, "refused", str(fault)
    except NoProof as fault:
        code, status, reason = NOTHING, "nothing", str(fault)
    except Unreadable as fault:
        code, status, reason = BAD_INPUT, "unreadable", str(fault)
    except OSError as fault:
        code, status, reason = BAD_INPUT, "unreadable", fault.strerror or str(fault)
    name = printable(found.id if found and found.id else file.name)
    if as_json:
        answer = {
            "file": str(file),
            "status": status,
            "id": name,
            "inferences": found.inferences if found else 0,
            "facts": list(found.facts) if found else [],
            "statement": fingerprint(found.statement) if found else "",
            "reason": printable(reason),
        }
        click.echo(json.dumps(answer, indent=2))
    elif found:
        # The name is the file's own word: what was proved is the statement.
        called = f"; the file calls its result {printable(found.id)}" if found.id else ""
        count = f"{found.inferences} inferences, {len(found.facts)} textbook facts"
        click.echo(f"accepted: {count}{called}")
    else:
        click.echo(f"{status}: {name}: {printable(reason)}", err=True)
    return code
