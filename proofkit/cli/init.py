"""``init``: a working pack of one's own, with one theorem, one network, tests and a workflow."""

from __future__ import annotations

from pathlib import Path

import click

from proofkit.cli.common import plain_faults
from proofkit.cli.exits import HOLDS

__all__ = ["init"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Write a pack of your own to a new FOLDER: a theorem, an example, tests, a CI workflow."""
    from proofkit.starter import StarterError, name_of, write

    with plain_faults():
        try:
            written = write(folder)
        except StarterError as fault:
            raise click.ClickException(str(fault)) from fault
    for path in written:
        click.echo(f"wrote {path}")
    name = name_of(folder)
    click.echo(
        f"\nTry it:\n  cd {folder}\n  proofkit check --pack {name}\n"
        f"  proofkit report --pack {name}\n  python -m pytest\n"
        f"Then change {name}/ridge.py into your own result.  The workflow for GitHub installs "
        "proofkit\nfrom where its PROOFKIT says: look whether that is right for you."
    )
    return HOLDS
