"""What runs below a server: its workers, and the process that they are forked from."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

__all__ = ["alive", "busy", "children", "gone", "rested"]


def children(pid: int) -> dict[int, str]:
    """All processes below this one, with their command lines."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(path.name)] = int(fields[1])
    below, ahead = set(), {pid}
    while ahead:
        below |= ahead
        ahead = {one for one, parent in parents.items() if parent in ahead} - below
    return {one: command(one) for one in below - {pid}}


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def alive(pid: int, was: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z" and command(pid) == was


def gone(processes: dict[int, str], within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(alive(pid, was) for pid, was in processes.items()):
            return True
        time.sleep(0.1)
    return False


def busy(pid: int) -> float:
    """Seconds of processor time that a process has used; none if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rested(process: subprocess.Popen[str]) -> None:
    """Wait until all proofs were run and the first workers replaced: then nothing computes."""
    before, until = -1.0, time.monotonic() + 240
    while time.monotonic() < until:
        now = sum(busy(pid) for pid in children(process.pid))
        if now == before:
            return
        before = now
        time.sleep(2)
    raise AssertionError("it does not come to rest")
