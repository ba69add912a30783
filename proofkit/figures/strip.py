"""A narrow product that is passed through the layers of a wide network, as a strip in its band."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.patches import Rectangle

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["strip"]

_STEP, _UNIT, _SIDE = 66.0, 15.0, 26.0


@styled
def strip(dims: Sequence[int], *, through: int, ends: tuple[str, str] = ("A", "B")) -> Drawing:
    """Layers of the widths ``dims`` = d_0, …, d_k, input on the right, and ``through`` units that
    pass all hidden ones.

    The factors at the two ends of the strip bear the names ``ends``, output first; between them
    what enters is passed on as it is.

    >>> [m.text for m in strip((2, 3, 1, 2), through=1).marks if hasattr(m, "text")]
    ['B', 'I', 'A']
    """
    depth = len(dims) - 1
    unit = min(_UNIT, 110 / max(dims))
    tall = max(dims) * unit
    sheet = Sheet(2 * _SIDE + depth * _STEP, tall + 52)
    axes = sheet.plain()
    top = tall + 34
    at = [_SIDE + (depth - n) * _STEP for n in range(depth + 1)]
    axes.add_patch(
        Rectangle(
            (at[-2], top - through * unit),
            at[1] - at[-2],
            through * unit,
            facecolor=COLOURS["mark"],
            edgecolor=COLOURS["wait"],
            linewidth=0.9,
        )
    )
    for n, size in enumerate(dims):
        for one in range(size):
            y = top - (one + 0.5) * unit
            used = n in (0, depth) or one < through
            colour = COLOURS["accent" if used else "line"]
            axes.plot([at[n]], [y], "o", markersize=4.6, color=colour, markeredgewidth=0)
    for n in range(1, depth + 1):
        x = (at[n] + at[n - 1]) / 2
        first, last = n == 1, n == depth
        name = ends[1] if first else ends[0] if last else "I"
        axes.text(x, 10, name, ha="center", style="italic", fontsize=12)
        if first or last:
            inner, outer = (at[1], at[0]) if first else (at[depth - 1], at[depth])
            for near, far in ((0, 0), (through, dims[0 if first else depth])):
                axes.plot(
                    [inner, outer],
                    [top - near * unit, top - far * unit],
                    color=COLOURS["accent"],
                    linewidth=1.1,
                )
    return sheet.drawing()
