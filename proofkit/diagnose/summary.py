"""A diagnosis for a terminal: readable at 80 columns, without colour and in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

__all__ = ["renderable"]

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
    said = theorem or "none of the paper's results was needed"
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
    rows.append(("loss", f"{answer['loss']}, value {_figure(found['value'])}"))
    norm = found["gradient_norm"]
    rows.append(("|gradient|", "none" if norm is None else _figure(norm)))
    inertia = found["hessian_inertia"]
    if inertia is not None:
        counted = f"{inertia[0]} positive, {inertia[1]} zero, {inertia[2]} negative"
        rows.append(("Hessian", counted))
    return rows


def _figure(x: Any) -> str:
    if x is None:
        return "none"
    if isinstance(x, float):
        return f"{x:.6g}".replace("-", "−")
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
    if "table" not in escape:
        yield Padding(Text(f"seen in floats: the loss falls by {escape['fall']:.3g}"), (0, 0, 0, 2))
        return
    words = "change of the loss" if escape["kind"] == "exact" else "change of the loss, at most"
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("t", justify="right")
    table.add_column(words, justify="right")
    for t, value in escape["table"]:
        table.add_row(_figure(t), _figure(value))
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
    for power, c in enumerate(coefficients):
        if c == 0:
            continue
        t = "" if power == 0 else "t" if power == 1 else f"t^{power}"
        one = t and c in (1, -1)
        figure = ("−" if c == -1 else "") if one else _figure(c)
        terms.append(f"{figure}{'·' if t and not one else ''}{t}")
    text = " + ".join(terms) or "0"
    return text.replace("+ −", "− ")


def _lower(lower: Any) -> Iterator[RenderableType]:
    if not lower:
        return
    yield _heading("A network with a lower loss")
    yield Padding(Text(f"value {_figure(lower['value'])}"), (0, 0, 0, 2))
    n = 0
    for tower in lower.get("towers", [lower]):
        for rows in tower["layers"]:
            n += 1
            if n > _MAX_LINES:
                return
            text = "; ".join(", ".join(_figure(x) for x in row) for row in rows)
            short = text if len(text) <= 200 else text[:199] + "…"
            yield Padding(Text(f"M_{n}  [{short}]"), (0, 0, 0, 4))
