"""Singular values of some matrices against a width: how many of them a bottleneck lets through."""

from __future__ import annotations

from collections.abc import Sequence

from proofkit.basics.drawing import Drawing
from proofkit.figures.canvas import COLOURS, Sheet, styled

__all__ = ["singular_values"]

_SLOT, _GAP, _TALL = 26.0, 34.0, 96.0


@styled
def singular_values(
    spectra: Sequence[tuple[str, Sequence[float]]], *, bottleneck: int, zero: float = 0.0
) -> Drawing:
    """One group of ``bottleneck`` slots for each matrix: a bar for a value, a ring for a zero.

    Values up to ``zero`` count as zero.

    >>> drawing = singular_values([("A", [1.0, 0.0]), ("B", [3.0, 0.0])], bottleneck=2)
    >>> [m.text for m in drawing.marks if hasattr(m, "text")]
    ['1', '0', 'A', 'rank 1 of 2', '3', '0', 'B', 'rank 1 of 2']
    """
    groups = [(name, sorted(values, reverse=True)[:bottleneck]) for name, values in spectra]
    group = max(bottleneck * _SLOT, 70)
    sheet = Sheet(_GAP + len(groups) * (group + _GAP), _TALL + 62)
    axes = sheet.plain()
    top = max((max(values, default=0) for _, values in groups), default=0) or 1
    for n, (name, values) in enumerate(groups):
        left = _GAP + n * (group + _GAP)
        first = left + (group - bottleneck * _SLOT) / 2
        axes.plot([left, left + group], [40, 40], color=COLOURS["soft"], linewidth=0.8)
        for m, value in enumerate(values):
            x = first + (m + 0.5) * _SLOT
            full = value > zero
            if full:
                axes.bar(x, value / top * _TALL, 14, 40, color=COLOURS["accent"], linewidth=0)
            else:
                axes.plot(
                    [x], [40], "o", markersize=9, markerfacecolor=COLOURS["paper"],
                    markeredgecolor=COLOURS["bad"], markeredgewidth=1.6,
                )  # fmt: skip
            words = f"{value:.3g}" if full else "0"
            axes.text(
                x, 44 + value / top * _TALL if full else 49, words, ha="center",
                color=COLOURS["ink" if full else "bad"],
            )  # fmt: skip
        full_rank = sum(value > zero for value in values)
        axes.text(left + group / 2, 22, name, ha="center", style="italic", fontsize=12)
        axes.text(
            left + group / 2, 7, f"rank {full_rank} of {bottleneck}", ha="center",
            color=COLOURS["soft" if full_rank == bottleneck else "bad"],
        )  # fmt: skip
    return sheet.drawing()
