"""A diagnosis for a terminal: readable at 80 columns, without colour and in a pipe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofkit.diagnose.check.certificate import read_number
from proofkit.diagnose.check.verdicts import Diagnosis, named, power
from proofkit.networks.network import UNIT_ROUNDOFFS

__all__ = ["Figures", "facts", "lower_lines", "renderable", "told"]

_SIGNS: Final = {
    "global-minimum": ("✓", "green"),
    "local-minimum": ("✓", "green"),
    "spurious-local-minimum": ("✗", "bold red"),
    "strict-saddle": ("↘", "yellow"),
    "non-strict-saddle": ("↘", "yellow"),
    "not-critical": ("↘", "yellow"),
    "undecided": ("?", "yellow"),
}
# A fraction or an integer within a text, and how long one may be to be printed as it is.
_NUMBER: Final = re.compile(r"(?<![\w.])[-−]?[0-9]+(?:/[0-9]+)?(?![\w.])")
_EXPONENT: Final = re.compile(r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)e([+-]?[0-9]+)\b")
_MINUS: Final = re.compile(r"(?<![\w-])-(?=[0-9])")
_RAISED: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_RATIONAL: Final = 10
_CONSTANT: Final = 24
_MAX_CHAINS: Final = 6
_MAX_LINES: Final = 8


class Figures:
    """Numbers as a person writes them, and whether one was rounded on the way.

    Six digits of a float; an exact number as it is while it is short, else rounded likewise.

    >>> figures = Figures()
    >>> figures(-0.0), figures("-1/3"), figures(1.23456789e-10), figures.rounded
    ('0', '−1/3', '1.23457·10⁻¹⁰', False)
    >>> figures("123456789/987654321"), figures("sqrt(5)/8"), figures.rounded
    ('0.125', 'sqrt(5)/8', True)
    >>> Figures(exact=True)("123456789/987654321")
    '123456789/987654321'
    """

    def __init__(self, exact: bool = False) -> None:
        self.exact = exact
        self.rounded = False

    def __call__(self, x: Any) -> str:
        if x is None:
            return "none"
        if isinstance(x, float):
            return _written(f"{x + 0.0:.6g}")
        text = str(x)
        limit = _RATIONAL if _NUMBER.fullmatch(text) else _CONSTANT
        if self.exact or len(text) <= limit:
            return text.replace("-", "−")
        self.rounded = True
        return _written(_decimal(text))

    def text(self, line: str) -> str:
        """A sentence with its long fractions and integers rounded.

        >>> Figures().text("The value is 123456789/987654321, not 1/8; lower by 2.5e-07.")
        'The value is 0.125, not 1/8; lower by 2.5·10⁻⁷.'
        """
        return _written(_NUMBER.sub(lambda found: self(found.group()), line))


def _rough(x: float) -> str:
    """A size, which needs no more than two digits."""
    return _written(f"{x:.2g}")


def _written(text: str) -> str:
    """Numbers of a text in print: 2.5e-07 is 2.5·10⁻⁷."""
    text = _EXPONENT.sub(_power, text)
    return _MINUS.sub("−", text)


def _power(found: re.Match[str]) -> str:
    factor = "" if found[1] == "1" else f"{found[1]}·"
    return f"{factor}10{str(int(found[2])).translate(_RAISED)}"


def _decimal(text: str) -> str:
    """The exact number with six digits, also one beyond the range of doubles.

    >>> _decimal("1" + "0" * 400), _decimal("x" * 60)[-3:]
    ('1e+400', 'xx…')
    """
    if _NUMBER.fullmatch(text):
        above, _, below = text.replace("−", "-").partition("/")
        with localcontext() as context:
            context.prec = 30
            number = Decimal(above) / Decimal(below or 1)
        return (
            f"{float(number):.6g}" if abs(number.adjusted()) < 300 else f"{number.normalize():.6g}"
        )
    try:
        return f"{float(read_number(text)):.6g}"
    except (ValueError, OverflowError):
        return text if len(text) <= 50 else text[:49] + "…"


def told(found: Diagnosis) -> dict[str, Any]:
    """What the summary is made of, as JSON; what ``diagnose --json`` prints is under one key."""
    network = found.network
    return {
        "diagnosis": found.as_json(),
        "why": list(found.why),
        "title": network.title,
        "loss": network.loss.kind,
        "precision": network.precision,
        "dims": [list(tower.dims) for tower in network.towers],
    }


def renderable(answer: dict[str, Any], exact: bool = False) -> RenderableType:
    """What a rich console prints for the worker's answer, if asked with all exact digits."""
    figures = Figures(exact)
    found = answer["diagnosis"]
    sign, colour = _SIGNS[found["verdict"]]
    parts: list[RenderableType] = [
        Text(answer["title"], style="bold"),
        Text(f"{sign} {found['verdict']}", style=colour),
        Text(""),
        _pairs(facts(answer, figures)),
        _heading("Why"),
    ]
    parts += [Padding(Text(figures.text(line)), (0, 0, 0, 2)) for line in answer["why"]]
    if found["theorem"]:
        said = f"Result used: {named(found['theorem'])}"
        parts.append(Padding(Text(said, style="dim"), (0, 0, 0, 2)))
    parts.extend(_ranks(found["ranks"]))
    parts.extend(_escape(found["escape"], figures))
    parts.extend(_lower(found["lower_point"], figures))
    if figures.rounded:
        parts.append(Text("\nExact numbers are rounded; --exact prints them.", style="dim"))
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


def facts(answer: dict[str, Any], figures: Figures) -> list[tuple[str, str]]:
    """What is known of the point, by name; only what there is."""
    found = answer["diagnosis"]
    rows = [("widths", " + ".join("→".join(map(str, dims)) for dims in answer["dims"]))]
    rows.append(("loss", f"{answer['loss']}, value {figures(found['value'])}"))
    norm = found["gradient_norm"]
    seen = found["certificate"]["evidence"] or {}
    residuals = seen.get("residuals") or {}
    if norm is not None:
        rows.append(("|gradient|", figures(norm)))
    inertia = found["hessian_inertia"]
    if inertia is not None:
        counted = f"{inertia[0]} positive, {inertia[1]} zero, {inertia[2]} negative"
        rows.append(("Hessian", counted))
    rows += _nearness(residuals, answer["precision"], seen.get("tolerance") is not None)
    return rows


def _nearness(
    residuals: dict[str, float], precision: str, asked: bool
) -> Iterator[tuple[str, str]]:
    """How far the critical point beside floats is, and up to what the floats are known."""
    distance = residuals.get("distance", 0.0)
    if residuals and distance > 0:
        there = residuals["gradient_at_critical_point"]
        if there < residuals["gradient"]:
            yield (
                "critical point",
                f"at distance {_rough(distance)} by Newton's method; "
                f"|gradient| there {_rough(there)}",
            )
    tolerance = residuals.get("tolerance")
    if tolerance is not None:
        units = tolerance / UNIT_ROUNDOFFS[precision]
        source = "as asked for" if asked else f"{units:g} × the unit roundoff of {precision}"
        yield "tolerance", f"{_rough(tolerance)} of each layer's largest entry, {source}"


def _ranks(ranks: Any) -> Iterator[RenderableType]:
    # Of a single layer there are no halves.
    if not ranks or all(len(tower["dims"]) == 2 for tower in ranks):
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
        if depth < 3:
            # Its chains are the halves and the product.
            continue
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


def _escape(escape: Any, figures: Figures) -> Iterator[RenderableType]:
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
        table.add_row(figures(t), figures(value))
    yield Padding(table, (0, 0, 0, 2))
    yield Padding(Text("M(t), layer by layer, first layer first:"), (1, 0, 0, 2))
    lines = [
        f"M_{n}  ["
        + "; ".join(", ".join(_polynomial(x, figures) for x in row) for row in layer)
        + "]"
        for n, layer in enumerate(escape["layers"], start=1)
    ]
    for line in lines[:_MAX_LINES]:
        short = line if len(line) <= 200 else line[:199] + "…"
        yield Padding(Text(short), (0, 0, 0, 4))


def _polynomial(coefficients: list[Any], figures: Figures) -> str:
    """The coefficients as a polynomial in t."""
    terms = []
    for n, c in enumerate(coefficients):
        if c == 0:
            continue
        t = "" if n == 0 else power(n)
        one = t and c in (1, -1)
        factor = ("−" if c == -1 else "") if one else figures(c)
        terms.append(f"{factor}{'·' if t and not one else ''}{t}")
    text = " + ".join(terms) or "0"
    return text.replace("+ −", "− ")


def _lower(lower: Any, figures: Figures) -> Iterator[RenderableType]:
    if not lower:
        return
    yield _heading("A network with a lower loss")
    yield Padding(Text(f"value {figures(lower['value'])}"), (0, 0, 0, 2))
    for line in lower_lines(lower, figures):
        yield Padding(Text(line), (0, 0, 0, 4))


def lower_lines(lower: dict[str, Any], figures: Figures) -> list[str]:
    """The first layers of a lower point, one line each, shortened.

    >>> lower_lines({"layers": [[[1, "1/2"]], [[0], [1]]], "value": 0}, Figures())
    ['M_1  [1, 1/2]', 'M_2  [0; 1]']
    """
    layers = [rows for tower in lower.get("towers", [lower]) for rows in tower["layers"]]
    lines = []
    for n, rows in enumerate(layers[:_MAX_LINES], start=1):
        text = "; ".join(", ".join(figures(x) for x in row) for row in rows)
        short = text if len(text) <= 200 else text[:199] + "…"
        lines.append(f"M_{n}  [{short}]")
    return lines
