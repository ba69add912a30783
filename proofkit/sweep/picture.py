"""The figure of a summary: fractions with their intervals, in the colours of our pages."""

from __future__ import annotations

import io
from typing import Any, Final

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled
from proofkit.sweep.summary import Group, Summary

__all__ = ["drawing", "picture"]

# Told apart without colour by their markers.
_STYLES: Final = (
    ("o", "accent"),
    ("s", "bad"),
    ("^", "good"),
    ("D", "wait"),
    ("v", "ink"),
    ("X", "soft"),
)
_WIDTH, _TALL, _LINE, _LEGEND = 480.0, 190.0, 21.0, 13.0


@styled
def drawing(summary: Summary) -> Drawing:
    """The figure for a page: a panel for each parameter, and one line for each sweep.

    >>> group = Group("E01", (2, 1, 2), 16, counts={"spurious": 3, "none-found": 7})
    >>> [m.text for m in drawing(Summary([group])).marks if hasattr(m, "text")][-2:]
    ['fraction with a certified spurious minimum, 95 % interval', 'E01, 2-1-2']
    """
    return _sheet(summary).drawing()


@styled
def picture(summary: Summary) -> str:
    """The same figure as an SVG file of its own, the same every time."""
    import matplotlib

    sheet = _sheet(summary)
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "proofkit", "svg.fonttype": "none"}):
        sheet.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _sheet(summary: Summary) -> Sheet:
    panels: dict[str, dict[tuple[str, str], list[Group]]] = {}
    for group in summary.along:
        if group.problems:
            lines = panels.setdefault(group.parameter, {})
            lines.setdefault((group.family, group.label), []).append(group)
    heights = [_TALL + _LEGEND * len(lines) for lines in panels.values()]
    overview = 62 + _LINE * len(summary.sweeps) if summary.sweeps else 0.0
    sheet = Sheet(_WIDTH, max(sum(heights) + overview, 1.0))
    top = sheet.height
    for (parameter, lines), height in zip(panels.items(), heights, strict=True):
        legend = _LEGEND * len(lines)
        above = sheet.height - top + 12 + legend
        _along(sheet.axes(60, top - height + 46, 12, above), parameter, lines)
        top -= height
    if summary.sweeps:
        _bars(sheet.axes(150, 44, 16, sheet.height - top + 8), summary.sweeps)
    return sheet


_MEANINGS: Final = {"spread": "spread s: weights lie between 1/√s and √s"}


def _along(axes: Any, parameter: str, lines: dict[tuple[str, str], list[Group]]) -> None:
    """Fractions against a parameter; the sweeps a little apart, so that equal ones are seen."""
    log = all(group.logarithmic for groups in lines.values() for group in groups)
    for n, ((family, label), groups) in enumerate(lines.items()):
        marker, colour = _STYLES[n % len(_STYLES)]
        at = 0.5 + 0.84 / len(lines) * (n - (len(lines) - 1) / 2)
        places = [
            g.low * (g.high / g.low) ** at if log else g.low + (g.high - g.low) * at for g in groups
        ]
        _points(axes, places, groups, marker, colour, f"{family}, {label}")
    if log:
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    if any(family == "E01" for family, _ in lines):
        axes.axvline(2.0, color=COLOURS["line"], linewidth=0.8, linestyle="--", zorder=0)
    axes.set_xlabel(_MEANINGS.get(parameter, parameter), style="italic")  # its letters are
    axes.set_ylabel("fraction with a certified\nspurious minimum")
    highest = max(g.interval[1] for groups in lines.values() for g in groups)
    axes.set_ylim(-0.04 * highest, 1.04 * highest)
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), fontsize=8.5)


def _points(
    axes: Any, places: list[float], groups: list[Group], marker: str, colour: str, label: str
) -> None:
    ends = [g.interval for g in groups]
    axes.errorbar(
        places,
        [g.share for g in groups],
        yerr=[
            [g.share - low for g, (low, _) in zip(groups, ends, strict=True)],
            [high - g.share for g, (_, high) in zip(groups, ends, strict=True)],
        ],
        fmt=marker,
        color=COLOURS[colour],  # type: ignore[index]
        capsize=2,
        markersize=4.5,
        markerfacecolor=COLOURS["paper"],
        linewidth=1,
        label=label,
    )


def _bars(axes: Any, sweeps: list[Group]) -> None:
    for at, group in enumerate(sweeps):
        low, high = group.interval
        axes.errorbar(
            [group.share],
            [at],
            xerr=[[group.share - low], [high - group.share]],
            fmt="o",
            color=COLOURS["accent"],
            capsize=3,
            markersize=4.5,
        )
    axes.set_yticks(range(len(sweeps)), [f"{g.family}, {g.label}" for g in sweeps])
    axes.set_ylim(len(sweeps) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel("fraction with a certified spurious minimum, 95 % interval")
    axes.grid(axis="x", color=COLOURS["line"], linewidth=0.5)
    axes.set_axisbelow(True)
