"""What the rows of sweeps add up to: fractions with intervals, and the most striking examples."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from proofkit.sweep.block import VERDICTS, drawing_label
from proofkit.sweep.intervals import wilson
from proofkit.sweep.second import OPINIONS, opinion_on
from proofkit.sweep.spec import FAMILIES, Spec, SweepError
from proofkit.sweep.store import read_rows, read_spec

__all__ = ["Group", "Striking", "Summary", "summarise"]

BINS = 12
"""Groups along a family's parameter."""

FIRST = 100
"""So many problems are also counted apart, for those who repeat a part of the experiment."""

FORMAT = "proofkit/sweep-summary/1"

TITLE = "When are there spurious local minima?"


@dataclass
class Group:
    """Problems counted together: one sweep, or those of it whose parameter lies in a range.

    A whole sweep says how it was drawn (``spec``) and what its first `FIRST` problems gave.
    """

    family: str
    dims: tuple[int, ...]
    starts: int
    parameter: str = ""
    low: float = 0.0
    high: float = 0.0
    logarithmic: bool = False
    spec: dict[str, Any] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
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


_STORED = tuple(entry.name for entry in fields(Group))


@dataclass(frozen=True, order=True)
class Striking:
    """A spurious minimum and how far above the best value it lies, relative to that value."""

    gap: float
    later: int
    """Minus the problem's index: of equals the first stays."""
    folder: str = field(compare=False)
    family: str = field(compare=False)
    label: str = field(compare=False)
    row: dict[str, Any] = field(compare=False)
    problem: str = field(compare=False, default="")
    """Which problem it is, whatever the depth of the network: one stands for all."""


@dataclass
class Summary:
    """All groups: the sweeps as wholes, and along their parameters."""

    sweeps: list[Group] = field(default_factory=list)
    along: list[Group] = field(default_factory=list)
    striking: list[Striking] = field(default_factory=list)
    title: str = TITLE

    def to_json(self) -> dict[str, Any]:
        """The summary as JSON data; of the examples their rows, not the folders they are in."""

        def shown(group: Group) -> dict[str, Any]:
            low, high = group.interval
            facts = {"problems": group.problems, "share": round(group.share, 6)}
            ends = [round(low, 6), round(high, 6)]
            return asdict(group) | {"dims": list(group.dims)} | facts | {"interval": ends}

        return {
            "format": FORMAT,
            "title": self.title,
            "sweeps": [shown(g) for g in self.sweeps],
            "along": [shown(g) for g in self.along],
            "striking": [
                {"family": s.family, "widths": s.label, "gap": round(s.gap, 6), "row": s.row}
                for s in self.striking
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Summary:
        """The inverse of `to_json`; `SweepError` for anything else."""
        if data.get("format") != FORMAT:
            raise SweepError(f"this is not the summary of sweeps ({FORMAT})")

        def read(part: Mapping[str, Any]) -> Group:
            known = {name: part[name] for name in _STORED}
            return Group(**(known | {"dims": tuple(part["dims"])}))

        def example(part: Mapping[str, Any]) -> Striking:
            row = part["row"]
            return Striking(part["gap"], -row["index"], "", part["family"], part["widths"], row)

        try:
            sweeps, along = ([read(p) for p in data[key]] for key in ("sweeps", "along"))
            return cls(sweeps, along, [example(p) for p in data["striking"]], data["title"])
        except (KeyError, TypeError, AttributeError) as fault:
            raise SweepError(f"the summary of sweeps is damaged: {fault}") from fault


def summarise(directories: Iterable[Path], examples: int = 5) -> Summary:
    """Read the sweeps in the folders, row by row.

    Raises `SweepError` for a folder without a sweep or with damaged rows.
    """
    summary = Summary()
    for directory in directories:
        spec = read_spec(directory)
        whole = Group(spec.family, spec.dims, spec.starts, spec=spec.to_json())
        bins = _bins(spec)
        for row in read_rows(directory):
            verdict = row["verdict"]
            if verdict not in whole.counts:
                raise SweepError(f"{directory}: row {row['index']} has the verdict {verdict!r}")
            whole.counts[verdict] += 1
            if row["index"] < FIRST:
                whole.first[verdict] = whole.first.get(verdict, 0) + 1
            if (opinion := opinion_on(row)) is not None:
                whole.opinions[opinion] += 1
            if bins:
                at = bisect_right(bins, row[bins[0].parameter], key=lambda g: g.low) - 1
                bins[max(at, 0)].counts[verdict] += 1
            if verdict == "spurious" and examples:
                _keep(summary.striking, _striking(spec, row, directory), examples)
        summary.sweeps.append(whole)
        summary.along += bins
    summary.striking.sort(key=lambda s: (-s.gap, s.folder, -s.later))
    return summary


def _bins(spec: Spec) -> list[Group]:
    family = spec.make()
    if not family.parameter:
        return []
    low, high = spec.ranges.get(family.parameter, family.default_range)
    log = family.logarithmic and low > 0
    edges = np.geomspace(low, high, BINS + 1) if log else np.linspace(low, high, BINS + 1)
    return [
        Group(
            spec.family, spec.dims, spec.starts, family.parameter, _digits(a), _digits(b), log
        )
        for a, b in pairwise(edges)
    ]  # fmt: skip


def _digits(x: float) -> float:
    """An edge to as many digits as all machines agree on."""
    return float(f"{x:.10g}")


def _striking(spec: Spec, row: dict[str, Any], folder: Path) -> Striking:
    gap = (row["value"] - row["best"]) / (1e-3 + abs(row["best"]))
    widths = "-".join(map(str, spec.dims))
    problem = f"{drawing_label(spec)}|{row['index']}"
    return Striking(gap, -row["index"], str(folder), spec.family, widths, row, problem)


def _keep(striking: list[Striking], item: Striking, count: int) -> None:
    same = next((n for n, s in enumerate(striking) if s.problem == item.problem), None)
    if same is not None:
        if striking[same] < item:
            striking[same] = item
            heapq.heapify(striking)
        return
    if len(striking) < count:
        heapq.heappush(striking, item)
    elif striking[0] < item:
        heapq.heapreplace(striking, item)


def family_words(name: str) -> str:
    """What a family is, in one line."""
    return FAMILIES[name].words if name in FAMILIES else name
