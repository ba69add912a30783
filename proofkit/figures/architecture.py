"""A network as a band whose width at each layer is the layer's width, narrow at the bottleneck."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["architecture"]

_STEP, _UNIT, _SIDE = 62.0, 15.0, 26.0


@styled
def architecture(
    dims: Sequence[int], *, bottleneck: int | None = None, layer: str = "M", width: str = "d"
) -> Drawing:
    """The band of a network with the widths ``dims`` = d_0, …, d_k, input on the right.

    Products read from right to left, and so does the picture: M_k stands on the left.  The layer
    ``bottleneck`` is marked; ``layer`` and ``width`` are the letters of the factors and widths.

    >>> [m.text for m in architecture((2, 1, 2), bottleneck=1).marks if hasattr(m, "text")]
    ['d_0 = 2', 'd_1 = 1', 'd_2 = 2', 'M_1', 'M_2', 'bottleneck']
    """
    depth = len(dims) - 1
    unit = min(_UNIT, 110 / max(dims))
    tall = max(dims) * unit
    sheet = Sheet(2 * _SIDE + depth * _STEP, tall + 66)
    axes = sheet.plain()
    middle = tall / 2 + 42
    at = [_SIDE + (depth - n) * _STEP for n in range(depth + 1)]
    axes.add_patch(
        PathPatch(_band(at, dims, unit, middle), facecolor=COLOURS["band"], edgecolor="none")
    )
    for side in (1, -1):
        axes.add_patch(
            PathPatch(
                _edge(at, [middle + side * d * unit / 2 for d in dims]),
                facecolor="none",
                edgecolor=COLOURS["accent"],
                linewidth=1.1,
            )
        )
    for n, size in enumerate(dims):
        narrow = n == bottleneck
        colour = COLOURS["bad"] if narrow else COLOURS["accent"]
        half = size * unit / 2
        axes.plot([at[n]] * 2, [middle - half, middle + half], color=colour, linewidth=1.2)
        for unit_at in range(size):
            y = middle - half + (unit_at + 0.5) * unit
            axes.plot([at[n]], [y], "o", markersize=4.2, color=colour, markeredgewidth=0)
        words = f"{width}_{n} = {size}"
        axes.text(at[n], 24, words, ha="center", style="italic", color=COLOURS["soft"])
    for n in range(1, depth + 1):
        x = (at[n] + at[n - 1]) / 2
        axes.text(x, middle - 3, f"{layer}_{n}", ha="center", style="italic", fontsize=12)
    if bottleneck is not None:
        axes.text(at[bottleneck], 8, "bottleneck", ha="center", color=COLOURS["bad"])
    return sheet.drawing()


def _curve(at: Sequence[float], heights: Sequence[float]) -> list[tuple[float, float]]:
    """Control points of a smooth curve through the heights, level at each of them."""
    points = [(at[0], heights[0])]
    for n in range(1, len(at)):
        half = (at[n] + at[n - 1]) / 2
        points += [(half, heights[n - 1]), (half, heights[n]), (at[n], heights[n])]
    return points


def _edge(at: Sequence[float], heights: Sequence[float]) -> Outline:
    points = _curve(at, heights)
    return Outline(points, [Outline.MOVETO] + [Outline.CURVE4] * (len(points) - 1))


def _band(at: Sequence[float], dims: Sequence[int], unit: float, middle: float) -> Outline:
    upper = _curve(at, [middle + d * unit / 2 for d in dims])
    lower = _curve(at[::-1], [middle - d * unit / 2 for d in reversed(dims)])
    codes = [Outline.MOVETO] + [Outline.CURVE4] * (len(upper) - 1)
    codes += [Outline.LINETO] + [Outline.CURVE4] * (len(lower) - 1) + [Outline.CLOSEPOLY]
    return Outline([*upper, *lower, (0, 0)], codes)
