"""A value along a path: flat at first, then falling."""

from __future__ import annotations

from collections.abc import Sequence

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["descent"]


@styled
def descent(
    times: Sequence[float],
    values: Sequence[float],
    *,
    names: tuple[str, str] = ("t", "L"),
    start: str = "",
    end: str = "",
) -> Drawing:
    """The values at the times as a curve, the first value drawn on as a level to compare with.

    >>> drawing = descent([0, 1, 2], [4, 4, 1], start="4", end="1")
    >>> [m.text for m in drawing.marks if hasattr(m, "text")][-2:]
    ['4', '1']
    """
    sheet = Sheet(380, 210)
    axes = sheet.axes(48, 36, 30, 18)
    low, high = min(values), max(values)
    room = (high - low or 1) * 0.12
    axes.fill_between(times, values, values[0], color=COLOURS["mark"], linewidth=0, alpha=0.55)
    axes.plot(
        [times[0], times[-1]], [values[0]] * 2, color=COLOURS["soft"], linewidth=0.8,
        linestyle=(0, (4, 3)),
    )  # fmt: skip
    axes.plot(times, values, color=COLOURS["accent"], linewidth=1.8)
    ends = (
        (times[0], values[0], start, (7, 6), "left"),
        (times[-1], values[-1], end, (0, -14), "center"),
    )
    for x, y, words, shift, side in ends:
        axes.plot([x], [y], "o", color=COLOURS["accent"], markersize=6, clip_on=False)
        if words:
            axes.annotate(
                words, (x, y), xytext=shift, textcoords="offset points", ha=side,
                fontweight="bold", annotation_clip=False,
            )  # fmt: skip
    axes.set(xlim=(times[0], times[-1]), ylim=(low - 1.6 * room, high + room))
    axes.set_xlabel(names[0], style="italic", fontsize=11)
    axes.set_ylabel(names[1], style="italic", fontsize=11, rotation=0, ha="right", labelpad=10)
    return sheet.drawing()
