"""``derive``: a matrix derivative in one line, proved, with code to run."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from proofkit.cli.common import write_whole
from proofkit.cli.exits import FAILS, HOLDS

if TYPE_CHECKING:
    from proofkit.derivatives import Derived

__all__ = ["derive"]

ENOUGH = 1e-6
"""Largest relative error against central differences that counts as agreement."""


@click.command(context_settings={"ignore_unknown_options": True})  # a formula may begin with −
@click.argument("formula")
@click.option("--wrt", multiple=True, required=True, metavar="NAME", help="The variable; several.")
@click.option(
    "--shape",
    "shapes",
    multiple=True,
    metavar="X=n,p",
    help="X=n,p a matrix, x=n a column, c=1 a number; what is not given is inferred.",
)
@click.option(
    "--assume",
    multiple=True,
    metavar="X=WHAT",
    help="positive, nonzero, symmetric, invertible or positive definite.",
)
@click.option("--hessian", is_flag=True, help="Give the second differential, too.")
@click.option(
    "--code",
    "dialect",
    default="numpy",
    show_default=True,
    type=click.Choice(["numpy", "jax", "torch"]),
    help="What the code is for.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write an HTML page here."
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Seed of everything random.",
)
def derive(
    formula: str,
    wrt: tuple[str, ...],
    shapes: tuple[str, ...],
    assume: tuple[str, ...],
    hessian: bool,
    dialect: str,
    as_json: bool,
    report: Path | None,
    seed: int,
) -> int:
    """The gradient of a FORMULA as NumPy writes it, proved, with its conditions and code.

    \b
    proofkit derive "sum(log(1 + exp(-y * (X @ w))))" --wrt w \\
        --shape X=n,p --shape y=n --shape w=p

    Vectors are columns, * and ** go entry by entry, a 1×1 product is a number.
    """
    from proofkit.derivatives import FormulaError, from_formula
    from proofkit.derivatives.asking import refused
    from proofkit.derivatives.shapes import parsed
    from proofkit.kernel import KernelError

    try:
        given = dict(parsed(text) for text in shapes)
        assumed = dict(_pair(text) for text in assume)
        found = [from_formula(formula, name, given, assumed) for name in wrt]
        answers = [_answer(d, hessian, dialect, seed, as_json) for d in found]
    except FormulaError as fault:
        raise click.UsageError(str(fault)) from fault
    except KernelError as fault:
        raise click.ClickException(refused(fault)) from fault
    if report is not None:
        from proofkit.derivatives.page import page

        write_whole(report, page(found, seed))
    if as_json:
        shown = [{k: v for k, v in a.items() if k != "told"} for a in answers]
        click.echo(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_shown(d, a) for d, a in zip(found, answers, strict=True)), nl=False)
    good = all(a["check"]["largest_error"] <= ENOUGH for a in answers)
    return HOLDS if good else FAILS


def _pair(text: str) -> tuple[str, str]:
    name, equals, what = text.partition("=")
    if not equals:
        raise click.UsageError(f"an assumption is given as X=symmetric, not {text!r}")
    return name.strip(), what.strip().strip("'\"")


def _answer(
    derived: Derived, hessian: bool, dialect: str, seed: int, as_json: bool
) -> dict[str, Any]:
    """What the command says, as data; LaTeX is for JSON alone."""
    from proofkit.derivatives.text import code

    def latex(x: Any) -> str:
        if not as_json:
            return ""
        from proofkit.views.latex import show

        return show(x)

    tried = derived.check(seed)
    answer: dict[str, Any] = {
        "expression": derived.formula,
        "wrt": str(derived.wrt),
        "gradient": derived.text,
        "latex": latex(derived.gradient),
        "conditions": derived.conditions_as_text(),
        "numpy": derived.source("numpy"),
        "status": "proved",
        "check": {"instances": tried.instances, "largest_error": tried.largest_error},
    }
    if dialect != "numpy":
        answer[dialect] = derived.source(dialect)
    answer["told"] = dialect
    if hessian:
        h, value, _ = derived.hessian
        answer["hessian"] = {"change": h.name, "value": code(value), "latex": latex(value)}
    return answer


def _shown(derived: Derived, answer: dict[str, Any]) -> str:
    """The answer for a terminal of 80 columns."""
    from proofkit.derivatives.explained import sentences

    def block(text: str, first: str, rest: str) -> str:
        return textwrap.fill(
            text, 78, initial_indent=first, subsequent_indent=rest, break_long_words=False
        )

    wrt = answer["wrt"]
    lines = ["", block(f"∇{wrt} {derived.formula}", "  ", "     ")]
    lines += [block(f"= {answer['gradient']}", "     ", "       "), ""]
    for n, (part, change, reason) in enumerate(sentences(derived), start=1):
        lines.append(block(f"{part}  changes by  {change}", f"  {n}  ", "     "))
        lines.append(block(reason, "       ", "       "))
    lines.append("")
    conditions = answer["conditions"]
    where = " and ".join(conditions) if conditions else "all values of its variables"
    lines.append(
        block(f"holds for {where}" if not conditions else f"holds where {where}", "  ", "    ")
    )
    tried = answer["check"]
    lines.append(
        block(
            f"proved · {derived.inferences} inferences · central differences on "
            f"{tried['instances']} instances: {tried['largest_error']:.0e}",
            "  ",
            "    ",
        )
    )
    if "hessian" in answer:
        second = answer["hessian"]
        lines += ["", block(f"second differential, {wrt} moved by {second['change']}:", "  ", "  ")]
        lines.append(block(second["value"], "     ", "       "))
    lines += ["", textwrap.indent(answer[answer["told"]].rstrip(), "  "), ""]
    return "\n".join(lines) + "\n"
