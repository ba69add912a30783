"""A row of blocks times a column of blocks: a sum of products as one product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.patches import Rectangle

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["blocks"]


@styled
def blocks(widths: Sequence[int], *, rows: int, columns: int) -> Drawing:
    """The blocks A_1, A_2, … side by side, times B_1, B_2, … one above the other.

    Block t is ``widths[t-1]`` wide in the first and tall in the second; there are ``rows`` rows in
    the first and ``columns`` columns in the second.

    >>> [m.text for m in blocks([1, 2], rows=2, columns=3).marks if hasattr(m, "text")]
    ['A_1', 'A_2', 'B_1', 'B_2', '·', '=', 'A_1 B_1 + A_2 B_2']
    """
    total = sum(widths)
    unit = min(34.0, 150 / max(total, rows, columns))
    tall = max(total, rows) * unit
    words = " + ".join(f"A_{t} B_{t}" for t in range(1, len(widths) + 1))
    sheet = Sheet(20 + (total + columns) * unit + 54 + 7.4 * len(words), tall + 24)
    axes = sheet.plain()
    middle = tall / 2 + 12
    x, top = 8.0, middle + total * unit / 2
    right = x + total * unit + 22
    above = []
    for t, width in enumerate(widths, start=1):
        _block(axes, x, middle - rows * unit / 2, width * unit, rows * unit, f"A_{t}", t)
        x += width * unit
        top -= width * unit
        above.append((right, top, columns * unit, width * unit, f"B_{t}", t))
    for block in above:
        _block(axes, *block)
    axes.text(x + 11, middle - 5, "·", ha="center", fontsize=16)
    end = right + columns * unit
    axes.text(end + 14, middle - 4, "=", ha="center", fontsize=12)
    axes.text(end + 28, middle - 4, words, style="italic", fontsize=12)
    return sheet.drawing()


def _block(
    axes: Any, x: float, y: float, width: float, height: float, name: str, number: int
) -> None:
    """One block: every other one is tinted."""
    fill = COLOURS["band" if number % 2 else "mark"]
    edge = COLOURS["accent"]
    axes.add_patch(Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=1.0))
    axes.text(x + width / 2, y + height / 2 - 4, name, ha="center", style="italic", fontsize=11)
