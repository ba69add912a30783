"""Figures of a diagnosis as SVG: the loss along the way down, and around it in a plane.

The plane is spanned by two points of the path, or by the lower point (or, for a minimum, a random
direction) and a random direction. The figures are drawn in floats and prove nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import read_number
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.rationalised import values
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.networks.array_matrix import Array
from proofkit.networks.exact import ExactMatrix

__all__ = ["contour_svg", "path_svg"]

# Replaced by the page's own colour, so that the figure follows dark and light.
_INK = "#010203"
_LINE = "#c2571a"
_GRID = 41


def path_svg(found: Diagnosis) -> str | None:
    """The change of the loss along the path from 0 to 1.5·t₀; ``None`` without a path."""
    path = _path(found)
    if path is None:
        return None
    at, end = path
    start = _start(found)
    times = np.linspace(0, 1.5 * end, 181)
    change = np.array([start.at(at(t)).value for t in times]) - start.value

    def draw(axes: Any) -> None:
        axes.axhline(0, color=_INK, linewidth=0.6, alpha=0.5)
        axes.axvspan(0, end, color=_LINE, alpha=0.1, linewidth=0)
        axes.plot(times, change, color=_LINE, linewidth=2)
        axes.set_xlabel("t, shaded up to t₀")
        axes.set_ylabel("L(M(t)) − L(M)")
        axes.set_xlim(0, 1.5 * end)

    return _svg(draw, (6.2, 3.2))


def contour_svg(found: Diagnosis) -> str | None:
    """Contours of the loss on a plane through the network."""
    start = _start(found)
    origin = start.vector
    path = _path(found)
    rng = np.random.default_rng(0)
    points: list[Array] = []
    if path is not None:
        at, end = path
        points = [at(s * end) - origin for s in np.linspace(0, 1, 25)]
        first, second = points[-1], points[12]
    elif found.lower_point is not None:
        layers = [
            np.array([[_number(x) for x in row] for row in rows])
            for tower in found.lower_point.get("towers", [found.lower_point])
            for rows in tower["layers"]
        ]
        first = np.concatenate([layer.ravel() for layer in layers]) - origin
        second = rng.standard_normal(len(origin))
        points = [np.zeros_like(origin), first]
    else:
        first, second = rng.standard_normal((2, len(origin)))
    u = first / max(float(np.linalg.norm(first)), 1e-300)
    v = second - (second @ u) * u
    if np.linalg.norm(v) < 1e-9 * max(float(np.linalg.norm(second)), 1e-300):
        v = rng.standard_normal(len(origin))
        v = v - (v @ u) * u
    v = v / np.linalg.norm(v)
    reach = 1.4 * max([float(np.linalg.norm(p)) for p in points] or [1.0])
    ticks = np.linspace(-reach, reach, _GRID)
    with np.errstate(all="ignore"):
        heights = np.array([[start.at(origin + x * u + y * v).value for x in ticks] for y in ticks])
    if not np.isfinite(heights).all():
        return None
    gaps = heights - start.value

    def draw(axes: Any) -> None:
        # Levels at equal shares of the heights: flat places get as many lines as steep ones.
        levels = np.unique(np.quantile(gaps, np.linspace(0.02, 0.98, 18)))
        if len(levels) > 1:
            axes.contourf(
                ticks, ticks, gaps, levels=levels, cmap="viridis", alpha=0.55, extend="both"
            )
        axes.contour(ticks, ticks, gaps, levels=[0.0], colors=[_INK], linewidths=1.2)
        if points:
            axes.plot([p @ u for p in points], [p @ v for p in points], color=_LINE, linewidth=2)
        axes.plot([0], [0], marker="o", color=_INK, markersize=5)
        axes.set_xlabel("along the way" if points else "a random direction")
        axes.set_ylabel("across it")
        axes.set_aspect("equal")

    return _svg(draw, (4.6, 4.4))


def _start(found: Diagnosis) -> FloatPoint:
    towers = [[_array(layer) for layer in tower.layers] for tower in found.network.towers]
    return FloatPoint(towers, found.network.loss)


def _array(layer: Any) -> Array:
    if isinstance(layer, ExactMatrix):
        table = [[float(x) for x in line] for line in layer.entries()]
        return np.array(table).reshape(layer.shape)
    return values(layer)


def _path(found: Diagnosis) -> tuple[Callable[[float], Array], float] | None:
    """t ↦ all entries along the path, and t₀."""
    escape = found.escape
    if not escape or "layers" not in escape or "t0" not in escape:
        return None
    entries = [[_number(c) for c in x] for layer in escape["layers"] for row in layer for x in row]
    length = max(map(len, entries))
    table = np.array([x + [0.0] * (length - len(x)) for x in entries])
    end = _number(escape["t0"])
    return (lambda t: table @ t ** np.arange(length)), end


def _number(x: Any) -> float:
    """A number of a certificate, exact or a float."""
    return x if isinstance(x, float) else float(read_number(x))


def _svg(draw: Callable[[Any], None], size: tuple[float, float]) -> str:
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings = {
        "svg.hashsalt": "proofkit",
        "svg.fonttype": "none",
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "axes.facecolor": "none",
        "font.size": 10,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=size, layout="tight")
        figure.patch.set_alpha(0)
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :].replace(_INK, "currentColor")
    text = text.replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)
    # Ids are shared by all figures of a page.
    return re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
