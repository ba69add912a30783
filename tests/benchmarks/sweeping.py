"""Sweeps: how many problems a minute, and what a second worker brings."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from proofkit.sweep.running import run_sweep
from proofkit.sweep.spec import Spec
from tests.benchmarks.harness import Size, Table, Timing, duration, race, ratio


def run(size: Size) -> list[Table]:
    """Weighted-squared 2-1-2 problems from 16 starts each, minima certified."""
    table = Table(
        "7. Sweeps of weighted-squared 2-1-2 problems, 16 starts each",
        ("problems", "one worker", "two workers", "gain"),
    )
    count = 200 if size.tiny else 30_000
    found: dict[str, Timing] = race(
        {"one": lambda: sweep(count, 1), "two": lambda: sweep(count, 2)}, size.rounds, 600.0
    )
    one, two = found["one"], found["two"]
    table.add(f"{count:,}", one, two, ratio(one, two))
    if not size.tiny:
        start = time.perf_counter()
        sweep(100_000, 2)
        table.add("100,000", "–", f"{duration(time.perf_counter() - start)} (1×)", "–")
    table.notes.append("Starting the processes is included. Aim: 100,000 in 2 min, gain 1.8×.")
    return [table]


def sweep(count: int, workers: int) -> None:
    """One sweep into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        run_sweep(Spec("weighted-squared", (2, 1, 2), count), Path(folder), workers=workers)
