"""Measuring contestants side by side, and tables with their ratios.

Contestants take turns, so that a busy machine slows all of them; what is compared are medians.
Those that run on one thread of this process are measured by its CPU time, which does not count
the waiting for a core that others use.
"""

from __future__ import annotations

import gc
import importlib
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from sympy.core.cache import clear_cache

from proofkit.claims.proved import look_anew
from proofkit.kernel import nodes

ROUNDS = 7

BUDGET = 12.0
"""Seconds after which a slow contestant is not called again."""

CPU = time.process_time
"""The clock for contestants that stay on one thread of this process."""

SHORTEST = 0.01
"""Calls are repeated until they fill so many seconds, for the clock's sake."""


@dataclass(frozen=True)
class Timing:
    """The median of a contestant's times, and of how many rounds."""

    seconds: float
    rounds: int

    def __str__(self) -> str:
        note = "" if self.rounds >= ROUNDS else f" ({self.rounds}×)"
        return duration(self.seconds) + note


@dataclass
class Table:
    """Results of one benchmark, as printed and as written into RESULTS.md."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """Add a row."""
        if len(cells) != len(self.headings):
            raise ValueError(f"{len(cells)} cells under {len(self.headings)} headings")
        self.rows.append(tuple(map(str, cells)))

    def markdown(self) -> str:
        """The table as Markdown."""
        lines = [f"**{self.title}**", "", _line(self.headings), _line(["---"] * len(self.headings))]
        lines += [_line(row) for row in self.rows]
        if self.notes:
            lines += ["", " ".join(self.notes)]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Size:
    """How much to measure: everything, or just enough to see that it runs."""

    tiny: bool = False

    @property
    def rounds(self) -> int:
        """Rounds for each contestant."""
        return 1 if self.tiny else ROUNDS

    def of(self, full: Iterable[Any], tiny: Iterable[Any]) -> list[Any]:
        """The sizes to measure at."""
        return list(tiny if self.tiny else full)


Benchmark = Callable[[Size], list[Table]]


def race(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    budget: float = BUDGET,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Timing]:
    """The median time of a call of each contestant, all taking turns, by this clock.

    The first call of each is a warm-up that compiles and fills caches, and is not counted unless
    it is too slow to be made again.
    """
    repeats: dict[str, int] = {}
    times: dict[str, list[float]] = {name: [] for name in contestants}
    spent = dict.fromkeys(contestants, 0.0)
    for name, call in contestants.items():
        warm = _timed(call, 1, clock)
        spent[name] += warm
        if warm > budget / 2:
            times[name].append(warm)
            spent[name] = budget
            continue
        once = _timed(call, 1, clock)
        repeats[name] = max(1, min(1000, int(SHORTEST / max(once, 1e-9))))
    for _ in range(rounds):
        for name, call in contestants.items():
            if spent[name] < budget:
                seconds = _timed(call, repeats[name], clock)
                spent[name] += seconds * repeats[name]
                times[name].append(seconds)
    return {n: Timing(statistics.median(found), len(found)) for n, found in times.items()}


def _timed(call: Callable[[], object], repeats: int, clock: Callable[[], float]) -> float:
    gc.collect()
    gc.disable()
    try:
        start = clock()
        for _ in range(repeats):
            call()
        return (clock() - start) / repeats
    finally:
        gc.enable()


def forget() -> None:
    """Empty the caches of SymPy and of what proves: every call is then as the first."""
    clear_cache()
    nodes.forget()
    look_anew()
    places = ("symbols", "claims", "calculus")
    for name, module in list(sys.modules.items()):
        if name.startswith(tuple(f"proofkit.{place}" for place in places)):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def peer(name: str, table: Table) -> ModuleType | None:
    """A package to compare with; where it is absent the table says so."""
    try:
        return importlib.import_module(name)
    except ImportError:
        table.notes.append(f"{name} is not installed: skipped.")
        return None


def duration(seconds: float) -> str:
    """A time with three digits and a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def ratio(other: Timing | float, own: Timing | float) -> str:
    """How many times as long the other takes."""
    a, b = (x.seconds if isinstance(x, Timing) else x for x in (other, own))
    return f"{a / b:.2g}×" if a / b < 100 else f"{a / b:,.0f}×"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
