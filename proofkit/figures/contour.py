"""The contour of a function of two numbers, with the points that matter marked and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["Kind", "Marked", "contour"]

Kind: TypeAlias = Literal["global", "spurious", "saddle", "point"]

_LOOKS: Final[dict[Kind, tuple[str, str]]] = {
    "global": ("*", COLOURS["good"]),
    "spurious": ("s", COLOURS["bad"]),
    "saddle": ("X", COLOURS["wait"]),
    "point": ("o", COLOURS["ink"]),
}
"""A shape and a colour for each kind of point, so that none is told apart by colour alone."""

_FINE: Final = 101


@dataclass(frozen=True)
class Marked:
    """A point of the plane: of which kind, with what beside it."""

    x: float
    y: float
    kind: Kind
    words: str = ""


@styled
def contour(
    value: Callable[[Any, Any], Any],
    *,
    across: tuple[float, float],
    up: tuple[float, float],
    levels: Sequence[float],
    points: Sequence[Marked] = (),
    names: tuple[str, str] = ("x", "y"),
    width: float = 380,
) -> Drawing:
    """Lines of equal value at the levels, on a rectangle; low ground is tinted darker.

    ``value`` is given two arrays and answers with one.

    >>> bowl = contour(lambda x, y: x**2 + y**2, across=(-1, 1), up=(-1, 1), levels=[0.5],
    ...                points=[Marked(0, 0, "global", "0")])
    >>> [m.text for m in bowl.marks if hasattr(m, "text")][-1]
    '0'
    """
    sheet = Sheet(width, (width - 44) * (up[1] - up[0]) / (across[1] - across[0]) + 44)
    axes = sheet.axes(36, 36)
    x, y = np.linspace(*across, _FINE), np.linspace(*up, _FINE)
    grid = np.asarray(value(*np.meshgrid(x, y)), dtype=float)
    levels = sorted(levels)
    floors = [min(float(grid.min()), levels[0]) - 1, *levels]
    for n, level in enumerate(levels):
        # Side by side rather than over each other, so that paper needs no transparency.
        tint = round(0.5 * (len(levels) - n) / max(len(levels), 4), 3)
        axes.contourf(
            x, y, grid, [floors[n], level], colors=[COLOURS["accent"]], alpha=tint, antialiased=True
        )
    axes.contour(x, y, grid, levels, colors=[COLOURS["accent"]], linewidths=0.7, linestyles="solid")
    for point in points:
        shape, colour = _LOOKS[point.kind]
        size = 12 if shape == "*" else 7
        axes.plot(
            [point.x], [point.y], shape, color=colour, markersize=size,
            markeredgecolor=COLOURS["paper"], markeredgewidth=0.8, zorder=5,
        )  # fmt: skip
        if point.words:
            axes.annotate(
                point.words, (point.x, point.y), xytext=(0, 8), textcoords="offset points",
                ha="center", zorder=6, fontweight="bold",
            )  # fmt: skip
    axes.set(xlim=across, ylim=up)
    axes.set_xlabel(names[0], style="italic", fontsize=11)
    axes.set_ylabel(names[1], style="italic", fontsize=11, rotation=0)
    return sheet.drawing()
