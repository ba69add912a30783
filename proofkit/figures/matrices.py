"""Matrices before and after a change, changed entries marked, and what the change leaves alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from matplotlib.patches import Rectangle

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["Rows", "before_and_after"]

Rows: TypeAlias = Sequence[Sequence[str]]

_ROW, _GAP = 17.0, 18.0


@dataclass(frozen=True)
class _Placed:
    name: str
    rows: Rows
    compared: Rows
    left: float
    cell: float

    @property
    def width(self) -> float:
        return self.cell * len(self.rows[0])


def _cell(rows: Rows) -> float:
    return 9 + 5.6 * max(len(x) for line in rows for x in line)


def _name_room(name: str) -> float:
    return 26 if len(name) < 5 else 6.4 * len(name) + 8


@styled
def before_and_after(
    before: Sequence[tuple[str, Rows]], after: Sequence[tuple[str, Rows]]
) -> Drawing:
    """Two lines of matrices, each one below the one it is compared with.

    An entry that differs from the one above it is tinted and framed.

    >>> drawing = before_and_after([("M", [["1", "0"]])], [("N", [["1", "2"]])])
    >>> [m.text for m in drawing.marks if hasattr(m, "text")]
    ['before', 'M', '1', '0', 'after', 'N', '1', '2']
    >>> sum(getattr(m, "fill", None) == "mark" for m in drawing.marks)
    1
    """
    pairs = list(zip(before, after, strict=True))
    cells = [max(_cell(a), _cell(b)) for (_, a), (_, b) in pairs]
    widths = [cell * len(rows[0]) for cell, (_, rows) in zip(cells, before, strict=True)]
    rooms = [max(_name_room(x), _name_room(y)) for (x, _), (y, _) in pairs]
    tall = max(len(rows) for _, rows in (*before, *after)) * _ROW
    left = 50.0
    sheet = Sheet(left + sum(widths) + sum(rooms) + len(widths) * _GAP, 2 * tall + 34)
    axes = sheet.plain()
    for words, line, bottom in (
        ("before", before, tall + 24),
        ("after", after, 8),
    ):
        axes.text(2, bottom + tall / 2 - 3, words, color=COLOURS["soft"])
        x = left
        for n, (name, rows) in enumerate(line):
            placed = _Placed(name, rows, before[n][1], x + rooms[n], cells[n])
            _matrix(axes, placed, bottom + tall / 2)
            x += widths[n] + _GAP + rooms[n]
    return sheet.drawing()


def _matrix(axes: Any, placed: _Placed, middle: float) -> None:
    tall = len(placed.rows) * _ROW
    left, bottom, width = placed.left, middle - tall / 2, placed.width
    axes.text(
        left - 7, middle - 4, placed.name, ha="right", style="italic", fontsize=12
    )  # fmt: skip
    for x, inwards in ((left - 1, 3), (left + width + 1, -3)):
        axes.plot(
            [x + inwards, x, x, x + inwards],
            [bottom, bottom, bottom + tall, bottom + tall],
            color=COLOURS["ink"], linewidth=0.9,
        )  # fmt: skip
    for r, line in enumerate(placed.rows):
        for c, entry in enumerate(line):
            x, y = left + c * placed.cell, bottom + tall - (r + 1) * _ROW
            if entry != placed.compared[r][c]:
                axes.add_patch(
                    Rectangle(
                        (x + 1, y + 1),
                        placed.cell - 2,
                        _ROW - 2,
                        facecolor=COLOURS["mark"],
                        edgecolor=COLOURS["wait"],
                        linewidth=0.9,
                    )
                )
            axes.text(x + placed.cell / 2, y + 5.4, entry, ha="center", fontsize=10)
