"""A server that is stopped leaves nothing running, and a worker that is killed nobody waiting."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from .processes import alive, busy, children, gone, rested
from .test_server import hostile

SECONDS = 4


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server of its own, with two workers, of which nothing is left behind."""
    made = [sys.executable, "-m", "proofkit", "serve", "--no-open", "--port", "0"]
    made += ["--workers", "2", *options]
    process = subprocess.Popen(
        made, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert process.stdout is not None
    found = re.match(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
    assert found is not None
    below = children(process.pid)
    try:
        yield process, int(found[1])
    finally:
        process.kill()
        process.wait(30)
        for pid, was in below.items():
            if alive(pid, was):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def served() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server for each test, in which a request may take little."""
    with started("--timeout", str(SECONDS)) as found:
        yield found


def ask(port: int, query: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", f"/?{urlencode(query)}")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def computing(process: subprocess.Popen[str], port: int) -> dict[int, str]:
    """The processes of the server while one of its workers computes what takes too long."""
    before = {pid: busy(pid) for pid in children(process.pid)}
    threading.Thread(target=ask, args=(port, hostile()), daemon=True).start()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        below = children(process.pid)
        if any(busy(pid) > before.get(pid, 0) + 0.5 for pid in below):
            return below
        time.sleep(0.05)
    raise AssertionError("no worker computes")


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_killed_workers_are_replaced_and_a_stopped_server_leaves_nothing(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    rested(process)
    assert ask(port, {"result": "perturbation", "example": "E09"}) == 200
    below = [pid for pid, was in children(process.pid).items() if "resource_tracker" not in was]
    workers = set(below) - {parent(pid) for pid in below}
    assert len(workers) == 2
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert ask(port, {"result": "perturbation", "example": "E10"}) == 200
    working = computing(process, port)
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    assert gone(working, 5)


def test_workers_of_a_killed_server_end_by_themselves(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    rested(process)
    below = computing(process, port)
    process.kill()
    process.wait(30)
    assert gone(below, 4 * SECONDS + 20)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_is_stopped_while_it_runs_its_proofs_leaves_nothing(
    served: tuple[subprocess.Popen[str], int], how: signal.Signals
) -> None:
    process, _ = served
    below = children(process.pid)
    assert len(below) >= 3, "the process that runs the proofs, and two workers"
    process.send_signal(how)
    process.wait(30)
    assert gone(below, 5 if how == signal.SIGTERM else 60)
