"""Sweeps: how many problems a minute, and what a second worker brings."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from proofkit.sweep.execution import local_pool, run_sweep
from proofkit.sweep.spec import Spec
from tests.benchmarks.harness import Size, Table, duration, race, ratio

BUDGET = 150.0
SWEEPS = (((2, 1, 2), 30_000), ((3, 2, 3), 5_000), ((4, 3, 2, 3, 4), 400))
"""Widths and how many problems: from light to heavy ones."""


def run(size: Size) -> list[Table]:
    """Weighted-squared problems from 16 starts each, minima certified."""
    table = Table(
        "7. Sweeps of weighted-squared problems, 16 starts each",
        ("widths", "problems", "one worker", "two workers", "gain", "each problem", "by CPU time"),
    )
    for dims, count in [((2, 1, 2), 200)] if size.tiny else SWEEPS:
        spent: dict[int, list[tuple[float, ...]]] = {1: [], 2: []}
        contestants = {str(n): _sweeping(spec(dims, count), n, spent[n]) for n in spent}
        found = race(contestants, size.rounds, BUDGET)
        one, two = (statistics.median(map(_busy, times)) for times in spent.values())
        table.add(
            "-".join(map(str, dims)),
            f"{count:,}",
            found["1"],
            found["2"],
            ratio(found["1"], found["2"]),
            duration(one / count),
            ratio(one, two),
        )
    if not size.tiny:
        times: list[tuple[float, ...]] = []
        start = time.perf_counter()
        _sweeping(spec((2, 1, 2), 100_000), 2, times)()
        wall = f"{duration(time.perf_counter() - start)} (1×)"
        table.add("2-1-2", "100,000", "–", wall, "–", duration(sum(times[0]) / 100_000), "–")
    table.notes.append(
        "Starting the processes is included. The first gain is that of the clock, on a machine "
        "that may have other work; the last is what CPU times allow two idle cores: the one "
        "worker’s over the busier of two’s, or over half of all three processes’ where that is "
        "more. Aims: 100,000 in 2 min, gain 1.8×."
    )
    return [table]


def spec(dims: tuple[int, ...], count: int) -> Spec:
    """The sweep."""
    return Spec("weighted-squared", dims, count)


def _busy(times: tuple[float, ...]) -> float:
    """How long the cores are busy: times of this process and of its workers, two cores."""
    return max(*times[1:], sum(times) / 2)


def _sweeping(spec: Spec, workers: int, times: list[tuple[float, ...]]) -> Callable[[], None]:
    """One sweep into a folder that is thrown away; notes the CPU times it took."""

    def call() -> None:
        own = time.process_time()
        with tempfile.TemporaryDirectory() as folder, local_pool(workers) as pool:
            metered = Metered(pool)
            run_sweep(spec, Path(folder), metered, workers=workers)
        times.append((time.process_time() - own, *metered.seconds.values()))

    return call


class Metered(Executor):
    """A pool that notes how much CPU time each of its processes has had since it began."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool
        self.seconds: dict[int, float] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call's result, its meter read."""
        outer: Future[Any] = Future()

        def read(inner: Future[tuple[int, float, Any]]) -> None:
            if (fault := inner.exception()) is not None:
                outer.set_exception(fault)
                return
            worker, seconds, value = inner.result()
            self.seconds[worker] = max(seconds, self.seconds.get(worker, 0.0))
            outer.set_result(value)

        self.pool.submit(_metered, fn, *args, **kwargs).add_done_callback(read)
        return outer


def _metered(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[int, float, Any]:
    value = fn(*args, **kwargs)
    return os.getpid(), time.process_time(), value
