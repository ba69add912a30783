"""``diagnose``: what kind of point a network is, with a certificate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from proofkit.cli.common import console, write_whole
from proofkit.cli.exits import FAILS, HOLDS

__all__ = ["diagnose"]


@click.command()
@click.argument("file", required=False)
@click.option("--loss", help="For arrays: a loss file, a kind of loss or an expression in w11, ….")
@click.option("--layers", help="For arrays: the layers' names, first layer first, with commas.")
@click.option(
    "--convention",
    default="W@x",
    show_default=True,
    type=click.Choice(["W@x", "x@W", "x@W.T"]),
    help="For arrays: how a layer acts; x@W.T is PyTorch's, samples in rows.",
)
@click.option("--certify", is_flag=True, help="For floats: prove it by interval Newton.")
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1, max_open=True),
    help="For floats: how far entries may be off, as a share of their layer's largest; by "
    "default a few units of roundoff of their format.",
)
@click.option("--exact", is_flag=True, help="Print exact numbers with all their digits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write an HTML page here."
)
@click.option(
    "--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the certificate here."
)
@click.option("--recheck", "certificate", help="Verify this saved certificate instead.")
@click.option(
    "--timeout",
    default=120.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds allowed.",
)
@click.option(
    "--memory",
    default=4096,
    show_default=True,
    type=click.IntRange(min=256),
    help="Megabytes allowed.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Seed of everything random.",
)
def diagnose(
    file: str | None,
    loss: str | None,
    layers: str | None,
    convention: str,
    certify: bool,
    tolerance: float | None,
    exact: bool,
    as_json: bool,
    report: Path | None,
    save: Path | None,
    certificate: str | None,
    timeout: float,
    memory: int,
    seed: int,
) -> int:
    """Tell what kind of point a network is: critical, global minimum, spurious local minimum,
    saddle. FILE is a network file, arrays (.npz, .npy, .safetensors) or the name of an example.

    Exit codes: 0 there is an answer (also `undecided`), 1 --recheck refuses, 2 wrong usage or bad
    input, or the limits of time or memory.
    """
    from proofkit.diagnose.worker import Failed, run

    if (file is None) == (certificate is None):
        raise click.UsageError("name a network file, or a certificate after --recheck")
    try:
        if certificate is not None:
            answer = run({"task": "recheck", "path": certificate}, timeout=timeout, memory=memory)
            return _rechecked(answer, as_json)
        job = {
            "task": "diagnose",
            "path": _located(str(file)),
            "loss": loss,
            "layers": None if layers is None else [x.strip() for x in layers.split(",")],
            "convention": convention,
            "seed": seed,
            "certify": certify,
            "tolerance": tolerance,
            "report": report is not None,
        }
        answer = run(job, timeout=timeout, memory=memory)
        if save is not None:
            text = json.dumps(answer["diagnosis"]["certificate"], ensure_ascii=False, indent=1)
            write_whole(save, text + "\n")
        if report is not None:
            write_whole(report, answer["report"])
    except Failed as fault:
        raise click.ClickException(str(fault)) from fault
    if as_json:
        click.echo(json.dumps(answer["diagnosis"], ensure_ascii=False, indent=2))
        return HOLDS
    from proofkit.diagnose.summary import renderable

    out = console()
    out.print(renderable(answer, exact))
    for path, what in ((save, "certificate"), (report, "report")):
        if path is not None:
            out.print(f"{what} in {path}", markup=False, soft_wrap=True)
    return HOLDS


def _rechecked(answer: dict[str, Any], as_json: bool) -> int:
    refused = answer.get("refused")
    if as_json:
        click.echo(json.dumps({"accepted": refused is None, **answer}, ensure_ascii=False))
    elif refused is not None:
        console().print(f"✗ refused: {refused}", markup=False)
    else:
        out = console()
        for line in answer["checks"]:
            out.print(f"✓ {line}", markup=False)
    return HOLDS if refused is None else FAILS


def _located(name: str) -> str:
    """The file itself, or an example of an installed pack by its name."""
    if Path(name).suffix or Path(name).exists():
        return name
    from proofkit.packs import Values, load_packs

    known: list[str] = []
    for pack in load_packs(()):
        files = {n: file for n, file in pack.examples().items() if not isinstance(file, Values)}
        if name in files:
            return str(files[name])
        known += files
    raise click.BadParameter(
        f"{name!r} is neither a file nor an example ({', '.join(known) or 'none'})",
        param_hint="FILE",
    )
