"""A commuting picture: things, the maps between them, and that all ways round agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["Arrow", "commuting"]

_ROOM = 15.0


@dataclass(frozen=True)
class Arrow:
    """A map from one place to another: its words, on which side of it, how it is drawn.

    ``shift`` moves it sideways, for two arrows between the same places.
    """

    start: str
    end: str
    words: str = ""
    name: bool = False
    side: int = 1
    dashed: bool = False
    shift: float = 0


@styled
def commuting(
    places: Mapping[str, tuple[float, float]],
    arrows: Sequence[Arrow],
    *,
    size: tuple[float, float],
) -> Drawing:
    """Names at their places (points from the lower left corner) and arrows between them.

    >>> square = commuting({"A": (20, 20), "B": (120, 20)}, [Arrow("A", "B", "f", name=True)],
    ...                    size=(140, 40))
    >>> [m.text for m in square.marks if hasattr(m, "text")]
    ['A', 'B', 'f']
    """
    sheet = Sheet(*size)
    axes = sheet.plain()
    for name, (x, y) in places.items():
        axes.text(x, y - 4, name, ha="center", fontsize=13, style="italic")
    for arrow in arrows:
        _draw(axes, arrow, places)
    return sheet.drawing()


def _draw(axes: Any, arrow: Arrow, places: Mapping[str, tuple[float, float]]) -> None:
    (x0, y0), (x1, y1) = places[arrow.start], places[arrow.end]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    x0, y0 = x0 - uy * arrow.shift, y0 + ux * arrow.shift
    first = _room(arrow.start, ux, uy)
    last = length - _room(arrow.end, ux, uy)
    a = (x0 + ux * first, y0 + uy * first)
    b = (x0 + ux * last, y0 + uy * last)
    axes.plot(
        [a[0], b[0]], [a[1], b[1]], color=COLOURS["accent"], linewidth=1.1,
        linestyle=(0, (4, 3)) if arrow.dashed else "solid",
    )  # fmt: skip
    for turn in (1, -1):
        axes.plot(
            [b[0], b[0] - 6 * ux + turn * 3.2 * uy],
            [b[1], b[1] - 6 * uy - turn * 3.2 * ux],
            color=COLOURS["accent"], linewidth=1.1,
        )  # fmt: skip
    if arrow.words:
        nx, ny = -uy * arrow.side, ux * arrow.side
        x, y = (a[0] + b[0]) / 2 + nx * 9, (a[1] + b[1]) / 2 + ny * 9
        axes.text(
            x, y - 3, arrow.words, ha="left" if nx > 0.5 else "right" if nx < -0.5 else "center",
            style="italic" if arrow.name else "normal", color=COLOURS["soft"], fontsize=10,
        )  # fmt: skip


def _room(words: str, ux: float, uy: float) -> float:
    """How much of an arrow the words at its end take up."""
    wide = 3.6 * len(words) + 6
    return float(min(wide / max(abs(ux), 1e-9), _ROOM / max(abs(uy), 1e-9)))
