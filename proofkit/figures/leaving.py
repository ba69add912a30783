"""Rows of matrices seen from a subspace: how far along it they go, and how far out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["Places", "leaving"]

Places: TypeAlias = Sequence[tuple[float, float]]
"""Of each row its length along the subspace and its distance from it."""

_WIDE, _TALL, _GAP, _NEAR = 128.0, 84.0, 26.0, 1e-9


@styled
def leaving(panels: Sequence[tuple[str, Places, Places]], *, subspace: str = "V") -> Drawing:
    """Panels with a name and the rows of a matrix before and after a change: rings and dots.

    Each panel has the subspace as a line at its foot; a row that leaves it has an arrow.

    >>> drawing = leaving([("M", [(1, 0), (0, 0)], [(1, 0), (0, 2)])])
    >>> [m.text for m in drawing.marks if hasattr(m, "text")]
    ['V', 'M']
    """
    rows = [place for _, before, after in panels for place in (*before, *after)]
    along = max([abs(x) for x, _ in rows] + [_NEAR])
    out = max([y for _, y in rows] + [_NEAR])
    sheet = Sheet(24 + len(panels) * (_WIDE + _GAP), _TALL + 48)
    axes = sheet.plain()
    for n, (name, before, after) in enumerate(panels):
        left = 18 + n * (_WIDE + _GAP)
        axes.plot([left, left + _WIDE], [30, 30], color=COLOURS["accent"], linewidth=1.4)
        if n == 0:
            axes.text(left - 6, 27, subspace, ha="right", style="italic", color=COLOURS["accent"])
        axes.text(left + _WIDE / 2, 8, name, ha="center", style="italic", fontsize=11)

        def at(place: tuple[float, float], left: float = left) -> tuple[float, float]:
            x, y = place
            return left + 10 + (_WIDE - 20) * x / along, 30 + (_TALL - 10) * y / out

        for old, new in zip(before, after, strict=True):
            _moved(axes, at(old), at(new), new[1] > _NEAR)
    return sheet.drawing()


def _moved(axes: Any, old: tuple[float, float], new: tuple[float, float], out: bool) -> None:
    """A row before, a ring, and after, a dot, with an arrow if it went anywhere."""
    far = abs(new[0] - old[0]) + abs(new[1] - old[1]) > 6
    ring = {"markerfacecolor": COLOURS["paper"], "markeredgecolor": COLOURS["soft"]}
    axes.plot([old[0]], [old[1]], "o", markersize=7, **ring)
    if far:
        axes.plot([old[0], new[0]], [old[1], new[1]], color=COLOURS["soft"], linewidth=0.9)
    colour = COLOURS["bad" if out else "accent"]
    axes.plot([new[0]], [new[1]], "o", markersize=5, color=colour, markeredgewidth=0)
