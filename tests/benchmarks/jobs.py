"""Whole jobs as a user runs them: time and peak memory, processes they start included."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.harness import Size, Table, duration, race, ratio


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
        peaks = {name: _peak(every[name][0]) for name in names}
        spent = {name: _cpu(every[name][0]) for name in names}
        codes: dict[str, int] = {}
        found = race({name: _job(name, every[name][0], codes) for name in names}, size.rounds)
    bare = found[names[0]]
    for name in names:
        times = ratio(found[name], bare)
        table.add(name, found[name], spent[name], every[name][1], times, peaks[name])
        if codes[name]:
            table.notes.append(f"{name} ended with {codes[name]} at this commit.")
    table.notes.append(
        f"CPU time is that of one run, all processes together; the machine was shared: "
        f"{os.getloadavg()[1]:.0f} processes were running for its {os.cpu_count()} cores."
    )
    return [table]


def _job(name: str, command: list[str], codes: dict[str, int]) -> Callable[[], None]:
    def call() -> None:
        codes[name] = subprocess.run(command, capture_output=True, check=False).returncode

    return call


def _cpu(command: list[str]) -> str:
    """The CPU time of the process and of those it started, as Linux counts it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return duration(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _peak(command: list[str]) -> str:
    """The most memory that the process and those it started held together, looked at often.

    Pages that processes share are counted once (the proportional set size).
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        most = max(most, sum(_held(pid) for pid in _family(process.pid)))
        time.sleep(0.005)
    return f"{most / 1024:.0f} MiB" if most else "–"


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
