"""A diagnosis for a terminal: readable at 80 columns, without colour and in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofkit.diagnose.check.verdicts import named, power

__all__ = ["figure", "lower_lines", "renderable"]

_SIGNS: Final = {
    "global-minimum": ("✓", "green"),
    "local-minimum": ("✓", "green"),
    "spurious-local-minimum": ("✗", "bold red"),
    "strict-saddle": ("↘", "yellow"),
    "non-strict-saddle": ("↘", "yellow"),
    "not-critical": ("↘", "yellow"),
    "undecided": ("?", "yellow"),
}
_MAX_CHAINS: Final = 6
_MAX_LINES: Final = 8


def renderable(answer: dict[str, Any]) -> RenderableType:
    """What a rich console prints for the worker's answer."""
    found = answer["diagnosis"]
    sign, colour = _SIGNS[found["verdict"]]
    parts: list[RenderableType] = [
        Text(answer["title"], style="bold"),
        Text(f"{sign} {found['verdict']}", style=colour),
        Text(""),
        _pairs(_facts(answer)),
        _heading("Why"),
    ]
    parts += [Padding(Text(line), (0, 0, 0, 2)) for line in answer["why"]]
    theorem = found["theorem"]
    said = named(theorem) if theorem else "none of the paper's results was needed"
    parts.append(Padding(Text(f"Result used: {said}", style="dim"), (0, 0, 0, 2)))
    parts.extend(_ranks(found["ranks"]))
    parts.extend(_escape(found["escape"]))
    parts.extend(_lower(found["lower_point"]))
    return Group(*parts)


def _heading(words: str) -> Text:
    return Text(f"\n{words.upper()}", style="bold dim")


def _pairs(rows: list[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        grid.add_row(Text(name), Text(value))
    return grid


def _facts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    found = answer["diagnosis"]
    rows = [("widths", " + ".join("→".join(map(str, dims)) for dims in answer["dims"]))]
    rows.append(("loss", f"{answer['loss']}, value {figure(found['value'])}"))
    norm = found["gradient_norm"]
    rows.append(("|gradient|", "none" if norm is None else figure(norm)))
    inertia = found["hessian_inertia"]
    if inertia is not None:
        counted = f"{inertia[0]} positive, {inertia[1]} zero, {inertia[2]} negative"
        rows.append(("Hessian", counted))
    return rows


def figure(x: Any) -> str:
    """A number of a diagnosis for a reader: six digits of a float, an exact one up to 50 signs.

    >>> figure(-0.0), figure("-1/3"), figure(1.23456789e-10)
    ('0', '−1/3', '1.23457e−10')
    """
    if x is None:
        return "none"
    if isinstance(x, float):
        return f"{x + 0.0:.6g}".replace("-", "−")
    text = str(x).replace("-", "−")
    return text if len(text) <= 50 else text[:49] + "…"


def _ranks(ranks: Any) -> Iterator[RenderableType]:
    if not ranks:
        return
    yield _heading("Ranks")
    for n, tower in enumerate(ranks, start=1):
        name = f"tower {n}: " if len(ranks) > 1 else ""
        yield Padding(
            Text(
                f"{name}d = {tower['d']} behind layer {tower['bottleneck']}; "
                f"rank A = {tower['A']}, rank B = {tower['B']}"
            ),
            (0, 0, 0, 2),
        )
        depth = len(tower["dims"]) - 1
        if depth > _MAX_CHAINS:
            yield Padding(Text(f"{depth} layers: see --json for all chains"), (0, 0, 0, 2))
            continue
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("rank of M_hi⋯M_lo")
        for lo in range(1, depth + 1):
            table.add_column(f"lo={lo}", justify="right")
        for hi in range(1, depth + 1):
            cells = [
                str(tower["chains"][f"{hi}:{lo}"]) if lo <= hi else "" for lo in range(1, depth + 1)
            ]
            table.add_row(f"hi={hi}", *cells)
        yield Padding(table, (0, 0, 0, 2))


def _escape(escape: Any) -> Iterator[RenderableType]:
    if not escape:
        return
    yield _heading("A way down")
    if escape["kind"] == "numerical":
        words = f"At t = 1 the loss is lower by {escape['fall']:.3g}, more than rounding explains."
        yield Padding(Text(words), (0, 0, 1, 2))
    words = "change of the loss" + (", at most" if escape["kind"] in {"bounded", "series"} else "")
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("t", justify="right")
    table.add_column(words, justify="right")
    for t, value in escape["table"]:
        table.add_row(figure(t), figure(value))
    yield Padding(table, (0, 0, 0, 2))
    yield Padding(Text("M(t), layer by layer, first layer first:"), (1, 0, 0, 2))
    lines = [
        f"M_{n}  [" + "; ".join(", ".join(_polynomial(x) for x in row) for row in layer) + "]"
        for n, layer in enumerate(escape["layers"], start=1)
    ]
    for line in lines[:_MAX_LINES]:
        short = line if len(line) <= 200 else line[:199] + "…"
        yield Padding(Text(short), (0, 0, 0, 4))


def _polynomial(coefficients: list[Any]) -> str:
    """The coefficients as a polynomial in t."""
    terms = []
    for n, c in enumerate(coefficients):
        if c == 0:
            continue
        t = "" if n == 0 else power(n)
        one = t and c in (1, -1)
        factor = ("−" if c == -1 else "") if one else figure(c)
        terms.append(f"{factor}{'·' if t and not one else ''}{t}")
    text = " + ".join(terms) or "0"
    return text.replace("+ −", "− ")


def _lower(lower: Any) -> Iterator[RenderableType]:
    if not lower:
        return
    yield _heading("A network with a lower loss")
    yield Padding(Text(f"value {figure(lower['value'])}"), (0, 0, 0, 2))
    for line in lower_lines(lower):
        yield Padding(Text(line), (0, 0, 0, 4))


def lower_lines(lower: dict[str, Any]) -> list[str]:
    """The first layers of a lower point, one line each, shortened.

    >>> lower_lines({"layers": [[[1, "1/2"]], [[0], [1]]], "value": 0})
    ['M_1  [1, 1/2]', 'M_2  [0; 1]']
    """
    layers = [rows for tower in lower.get("towers", [lower]) for rows in tower["layers"]]
    lines = []
    for n, rows in enumerate(layers[:_MAX_LINES], start=1):
        text = "; ".join(", ".join(figure(x) for x in row) for row in rows)
        short = text if len(text) <= 200 else text[:199] + "…"
        lines.append(f"M_{n}  [{short}]")
    return lines
