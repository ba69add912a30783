"""``replay``: exported proofs, checked again by the second checker, which says what they prove."""

from __future__ import annotations

import json
from pathlib import Path

import click

from proofkit.cli.exits import BAD_INPUT, FAILS, HOLDS, NOTHING

__all__ = ["replay"]


def printable(text: str) -> str:
    """Text from a file without anything a terminal would act on."""
    return "".join(c if c.isprintable() else "?" for c in text)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--statements",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Published statements to look the proof's up in; without it, those of installed packs.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def replay(file: Path, statements: tuple[Path, ...], as_json: bool) -> int:
    """Check an exported proof again with a checker that shares no code with the kernel.

    FILE is what `proofkit export` writes. What it proves is printed in plain notation, with its
    digest and, where a pack publishes that very statement, the pack's name for it; what the file
    says of itself is not. Exit codes: 0 accepted, 1 refused, 2 a file cannot be read, 4 it holds
    no proof.
    """
    from proofkit.packs import published
    from proofkit.replay import NoProof, Refused, Unreadable, told
    from proofkit.replay import replay as checked

    code, status, reason, found = HOLDS, "accepted", "", None
    try:
        lists = {str(path): path.read_bytes() for path in statements or published()}
        found = checked(file.read_bytes(), lists)
    except Refused as fault:
        code, status, reason = FAILS, "refused", str(fault)
    except NoProof as fault:
        code, status, reason = NOTHING, "nothing", str(fault)
    except Unreadable as fault:
        code, status, reason = BAD_INPUT, "unreadable", str(fault)
    except OSError as fault:
        which = f"{fault.filename}: " if fault.filename and fault.filename != str(file) else ""
        code, status, reason = BAD_INPUT, "unreadable", f"{which}{fault.strerror or fault}"
    if as_json:
        answer = {
            "file": str(file),
            "status": status,
            "inferences": found.inferences if found else 0,
            "facts": list(found.facts) if found else [],
            "statement": found.statement if found else "",
            "digest": found.digest if found else "",
            "published": found.published if found else None,
            "reason": printable(reason),
        }
        click.echo(json.dumps(answer, indent=2))
    elif found:
        click.echo(told(found))
    else:
        click.echo(f"{status}: {printable(file.name)}: {printable(reason)}", err=True)
    return code
