"""Whole jobs as a user runs them: time and peak memory, processes they start included."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.harness import Size, Table, Timing, duration, race, ratio

LIMIT = 240
"""Seconds after which a job is stopped."""


def run(size: Size) -> list[Table]:
    """The aims are for a quiet machine; the ratio to a bare interpreter start is for any."""
    table = Table("6. Whole jobs", ("job", "time", "CPU time", "aim", "bare starts", "peak memory"))
    module = [sys.executable, "-m", "proofkit"]
    with tempfile.TemporaryDirectory() as folder:
        every = {
            "python -c pass": ([sys.executable, "-c", "pass"], "–"),
            "proofkit --help": ([*module, "--help"], "5 bare starts"),
            "proofkit check": ([*module, "check"], "5 s"),
            "proofkit check chain-rule perturbation": (
                [*module, "check", "chain-rule", "perturbation"],
                "3 s",
            ),
            "proofkit report --format html,latex": (
                [*module, "report", "-o", f"{folder}/r", "--format", "html,latex"],
                "–",
            ),
            "proofkit report --all --format html": (
                [*module, "report", "--all", "-o", f"{folder}/s", "--format", "html"],
                "10 s",
            ),
        }
        names = list(every)[: 2 if size.tiny else None]
        found = race({name: _call(every[name][0]) for name in names[:2]}, size.rounds)
        bare = found[names[0]]
        for name in names:
            command, aim = every[name]
            seconds, cpu, peak, code = _measured(command)
            # What takes no time is called again and again, the rest once.
            timing = found.get(name) or Timing(seconds, 1)
            if seconds > LIMIT:
                table.add(name, f"over {LIMIT} s", f"over {duration(cpu)}", aim, "–", peak)
                continue
            table.add(name, timing, duration(cpu), aim, ratio(timing, bare), peak)
            if code:
                table.notes.append(f"{name} ended with {code} at this commit.")
    table.notes.append(
        "CPU time and peak memory are each of one run, all its processes together. The load "
        f"average at the end was {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    return [table]


def _call(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, capture_output=True, check=False)


def _measured(command: list[str]) -> tuple[float, float, str, int]:
    """Seconds, CPU seconds and peak memory of a command and what it starts, and its exit code."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    code, _ = _ended(command, look_every=LIMIT)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if seconds > LIMIT:
        return seconds, cpu, "–", code
    # In a run of its own: looking at the memory of large processes keeps a core busy.
    _, most = _ended(command, look_every=0.02)
    return seconds, cpu, f"{most / 1024:.0f} MiB" if most else "–", code


def _ended(command: list[str], look_every: float) -> tuple[int, int]:
    """Run a command to its end; its exit code and the most KiB it was seen to hold.

    Pages that processes share are counted once (the proportional set size).
    """
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all that it starts can be stopped together
    )
    start, most = time.perf_counter(), 0
    while True:
        most = max(most, sum(_held(pid) for pid in _family(process.pid)))
        try:
            return process.wait(look_every), most
        except subprocess.TimeoutExpired:
            if time.perf_counter() - start > LIMIT:
                os.killpg(process.pid, signal.SIGTERM)
                return process.wait(), most


def _family(pid: int) -> list[int]:
    """The process and its descendants."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(p for child in children for p in _family(int(child)))]


def _held(pid: int) -> int:
    """KiB that a process holds; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(x.split()[1]) for x in lines if x.startswith("Pss:")), 0)
