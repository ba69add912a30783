"""Whole jobs as a user runs them: time and peak memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.harness import Size, Table, race, ratio


def run(size: Size) -> list[Table]:
    """The aims are for a quiet machine; the ratio to a bare interpreter start is for any."""
    table = Table("6. Whole jobs", ("job", "time", "aim", "bare starts", "peak memory"))
    module = [sys.executable, "-m", "proofkit"]
    with tempfile.TemporaryDirectory() as folder:
        every = {
            "python -c pass": ([sys.executable, "-c", "pass"], "–"),
            "proofkit --help": ([*module, "--help"], "5 bare starts"),
            "proofkit check": ([*module, "check"], "5 s"),
            "proofkit report (with PDF)": ([*module, "report", "-o", f"{folder}/r"], "10 s"),
            "proofkit report --format html,latex,json": (
                [*module, "report", "-o", f"{folder}/s", "--format", "html,latex,json"],
                "10 s",
            ),
        }
        names = list(every)[: 2 if size.tiny else None]
        peaks = {name: _peak(every[name][0]) for name in names}
        codes: dict[str, int] = {}
        found = race({name: _job(name, every[name][0], codes) for name in names}, size.rounds)
    bare = found[names[0]]
    for name in names:
        table.add(name, found[name], every[name][1], ratio(found[name], bare), peaks[name])
        if codes[name]:
            table.notes.append(f"{name} ended with {codes[name]} at this commit.")
    return [table]


def _job(name: str, command: list[str], codes: dict[str, int]) -> Callable[[], None]:
    def call() -> None:
        codes[name] = subprocess.run(command, capture_output=True, check=False).returncode

    return call


def _peak(command: list[str]) -> str:
    """The most memory the process held, as Linux counts it; its children are not included."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status, most = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        try:
            lines = status.read_text().splitlines()
        except OSError:
            break
        most = max([most, *(int(x.split()[1]) for x in lines if x.startswith("VmHWM"))])
        time.sleep(0.001)
    process.wait()
    return f"{most / 1024:.0f} MiB" if most else "–"
