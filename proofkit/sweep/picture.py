"""The figure of a summary: fractions with their intervals, as SVG that is the same every time."""

from __future__ import annotations

import io
from typing import Any

from proofkit.sweep.summary import Group, Summary

__all__ = ["picture"]

# Told apart without colour by their markers; the colours are those of Okabe and Ito.
_STYLES = (
    ("o", "#0072B2"),
    ("s", "#D55E00"),
    ("^", "#009E73"),
    ("D", "#CC79A7"),
    ("v", "#000000"),
    ("P", "#E69F00"),
)


def picture(summary: Summary) -> str:
    """The figure: along the parameter where there is one, and one line for each sweep."""
    import matplotlib

    matplotlib.use("Agg", force=False)
    from matplotlib.figure import Figure

    panels = [draw for draw, groups in ((_along, summary.along), (_bars, summary.sweeps)) if groups]
    if not panels:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
    heights = [3.4 if draw is _along else 0.9 + 0.34 * len(summary.sweeps) for draw in panels]
    settings: dict[str, Any] = {
        "svg.hashsalt": "proofkit",
        "svg.fonttype": "none",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(7.2, sum(heights)), layout="constrained")
        rows = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
        for draw, row in zip(panels, rows, strict=True):
            draw(row[0], summary)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _along(axes: Any, summary: Summary) -> None:
    lines: dict[tuple[str, str], list[Group]] = {}
    for group in summary.along:
        if group.problems:
            lines.setdefault((group.family, group.label), []).append(group)
    for ((family, label), groups), (marker, colour) in zip(
        lines.items(), _STYLES * 9, strict=False
    ):
        middles = [(g.low + g.high) / 2 for g in groups]
        shares = [g.share for g in groups]
        below = [g.share - g.interval[0] for g in groups]
        above = [g.interval[1] - g.share for g in groups]
        axes.errorbar(
            middles,
            shares,
            yerr=[below, above],
            fmt=marker,
            color=colour,
            capsize=2.5,
            markersize=4.5,
            linewidth=1,
            label=f"{family}, {label}",
        )
    names = {g.parameter for g in summary.along}
    if any(g.family == "E01" for g in summary.along):
        axes.axvline(2.0, color="0.5", linewidth=0.8, linestyle="--")
        axes.annotate("c = 2", (2.0, 1.0), xytext=(-4, 0), textcoords="offset points", ha="right")
    axes.set_xlabel(", ".join(sorted(names)))
    axes.set_ylabel("fraction with a certified\nspurious minimum")
    axes.set_ylim(-0.03, 1.06)
    axes.legend(frameon=False, loc="center left")


def _bars(axes: Any, summary: Summary) -> None:
    places = range(len(summary.sweeps))
    for at, group in zip(places, summary.sweeps, strict=True):
        low, high = group.interval
        axes.errorbar(
            [group.share],
            [at],
            xerr=[[group.share - low], [high - group.share]],
            fmt="o",
            color="#0072B2",
            capsize=3,
            markersize=4.5,
        )
    axes.set_yticks(list(places), [f"{g.family}, {g.label}" for g in summary.sweeps])
    axes.set_ylim(len(summary.sweeps) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel("fraction of problems with a certified spurious minimum, 95 % interval")
    axes.grid(axis="x", color="0.9", linewidth=0.6)
