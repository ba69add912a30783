"""What the rows of sweeps add up to: fractions with intervals, and the most striking examples."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from proofkit.sweep.block import VERDICTS
from proofkit.sweep.intervals import wilson
from proofkit.sweep.second import OPINIONS, opinion_on
from proofkit.sweep.spec import FAMILIES, Spec, SweepError
from proofkit.sweep.store import read_rows, read_spec

__all__ = ["Group", "Striking", "Summary", "summarise"]

BINS = 20
"""Groups along a family's parameter."""

FORMAT = "proofkit/sweep-summary/1"


@dataclass
class Group:
    """Problems counted together: one sweep, or those of it whose parameter lies in a range."""

    family: str
    dims: tuple[int, ...]
    starts: int
    parameter: str = ""
    low: float = 0.0
    high: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    opinions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OPINIONS, 0))

    @property
    def problems(self) -> int:
        """How many problems the group has."""
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        """The fraction with a certified spurious minimum."""
        return self.counts["spurious"] / self.problems if self.problems else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of that fraction."""
        return wilson(self.counts["spurious"], self.problems)

    @property
    def label(self) -> str:
        """The widths, as 2-1-2."""
        return "-".join(map(str, self.dims))


@dataclass(frozen=True, order=True)
class Striking:
    """A spurious minimum and how far above the best value it lies, relative to that value."""

    gap: float
    later: int
    """Minus the problem's index: of equals the first stays."""
    folder: str = field(compare=False)
    row: dict[str, Any] = field(compare=False)


@dataclass
class Summary:
    """All groups: the sweeps as wholes, and along their parameters."""

    sweeps: list[Group] = field(default_factory=list)
    along: list[Group] = field(default_factory=list)
    striking: list[Striking] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The summary as JSON data, without the examples."""

        def shown(group: Group) -> dict[str, Any]:
            low, high = group.interval
            facts = {"problems": group.problems, "share": round(group.share, 6)}
            ends = [round(low, 6), round(high, 6)]
            return asdict(group) | {"dims": list(group.dims)} | facts | {"interval": ends}

        return {
            "format": FORMAT,
            "sweeps": [shown(g) for g in self.sweeps],
            "along": [shown(g) for g in self.along],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Summary:
        """The inverse of `to_json`; `SweepError` for anything else."""
        if data.get("format") != FORMAT:
            raise SweepError(f"this is not the summary of sweeps ({FORMAT})")

        def read(part: Mapping[str, Any]) -> Group:
            names = ("family", "starts", "parameter", "low", "high", "counts", "opinions")
            return Group(dims=tuple(part["dims"]), **{name: part[name] for name in names})

        return cls([read(p) for p in data["sweeps"]], [read(p) for p in data["along"]])


def summarise(directories: Iterable[Path], examples: int = 5) -> Summary:
    """Read the sweeps in the folders, row by row.

    Raises `SweepError` for a folder without a sweep or with damaged rows.
    """
    summary = Summary()
    for directory in directories:
        spec = read_spec(directory)
        whole = Group(spec.family, spec.dims, spec.starts)
        bins = _bins(spec)
        for row in read_rows(directory):
            verdict = row["verdict"]
            if verdict not in whole.counts:
                raise SweepError(f"{directory}: row {row['index']} has the verdict {verdict!r}")
            whole.counts[verdict] += 1
            if (opinion := opinion_on(row)) is not None:
                whole.opinions[opinion] += 1
            if bins:
                at = bisect_right(bins, row[bins[0].parameter], key=lambda g: g.low) - 1
                bins[max(at, 0)].counts[verdict] += 1
            if verdict == "spurious" and examples:
                _keep(summary.striking, row, directory, examples)
        summary.sweeps.append(whole)
        summary.along += bins
    summary.striking.sort(key=lambda s: (-s.gap, s.folder, -s.later))
    return summary


def _bins(spec: Spec) -> list[Group]:
    family = spec.make()
    if not family.parameter:
        return []
    low, high = spec.ranges.get(family.parameter, family.default_range)
    edges = [low + (high - low) * n / BINS for n in range(BINS + 1)]
    return [
        Group(spec.family, spec.dims, spec.starts, family.parameter, a, b)
        for a, b in pairwise(edges)
    ]


def _keep(striking: list[Striking], row: dict[str, Any], folder: Path, count: int) -> None:
    gap = (row["value"] - row["best"]) / (1e-3 + abs(row["best"]))
    item = Striking(gap, -row["index"], str(folder), row)
    if len(striking) < count:
        heapq.heappush(striking, item)
    elif striking[0] < item:
        heapq.heapreplace(striking, item)


def family_words(name: str) -> str:
    """What a family is, in one line."""
    return FAMILIES[name].words if name in FAMILIES else name
