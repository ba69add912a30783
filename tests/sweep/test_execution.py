"""The same rows on any executor and after any interruption, nothing lost and nothing doubled."""

import errno
import json
import os
import pty
import random
import re
import resource
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from proofkit.sweep import store
from proofkit.sweep.execution import SweepStopped, local_pool, run_sweep
from proofkit.sweep.spec import Spec, SweepError
from proofkit.sweep.store import Store, read_rows, read_spec
from tests.sweep.conftest import InThisProcess, contents

COMMAND = (sys.executable, "-m", "proofkit", "sweep")
ARGUMENTS = ("--family", "weighted-squared", "--count", "60", "--seed", "1", "--starts", "1024")


def test_rows_are_complete_and_in_order(whole: bytes) -> None:
    rows = [json.loads(line) for line in whole.splitlines()]
    assert [row["index"] for row in rows] == list(range(60))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_pool_gives_the_same_bytes(
    spec: Spec, whole: bytes, tmp_path: Path, workers: int
) -> None:
    seen: list[int] = []
    assert run_sweep(spec, tmp_path, workers=workers, progress=seen.append) == 60
    assert contents(tmp_path) == whole
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] == 60
    assert run_sweep(spec, tmp_path, workers=workers) == 0


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same_bytes(
    spec: Spec, whole: bytes, tmp_path: Path, kind: type[Executor]
) -> None:
    """Those of the standard library as they come: threads, and processes as Python starts them."""
    with kind(2) as executor:  # type: ignore[call-arg]
        assert run_sweep(spec, tmp_path, executor, workers=2) == 60
        # It is the caller's: still there for more.
        assert executor.submit(int, "7").result() == 7
    assert contents(tmp_path) == whole


def test_parts_are_bounded(
    spec: Spec, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART_ROWS", 7)
    run_sweep(spec, tmp_path, InThisProcess())
    parts = sorted(tmp_path.glob("part-*.jsonl"))
    assert [len(p.read_bytes().splitlines()) for p in parts] == [7] * 8 + [4]
    assert contents(tmp_path) == whole
    assert [row["index"] for row in read_rows(tmp_path)] == list(range(60))


class Stopping(InThisProcess):
    """Raises after some blocks."""

    def __init__(self, blocks: int, fault: BaseException) -> None:
        self.blocks, self.fault = blocks, fault

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.blocks == 0:
            future: Future[Any] = Future()
            future.set_exception(self.fault)
            return future
        self.blocks -= 1
        return super().submit(fn, *args, **kwargs)


def test_interruptions_from_the_keyboard_say_where_they_left_off(
    spec: Spec, whole: bytes, tmp_path: Path
) -> None:
    with pytest.raises(SweepStopped, match=r"stopped: 24 of 60 rows"):
        run_sweep(spec, tmp_path, Stopping(3, KeyboardInterrupt()))
    assert whole.startswith(contents(tmp_path))
    assert run_sweep(spec, tmp_path, InThisProcess()) == 36
    assert contents(tmp_path) == whole


@pytest.mark.parametrize("cut", [0, 1, 50, 150, 400])
def test_a_torn_tail_is_cut_off(spec: Spec, whole: bytes, tmp_path: Path, cut: int) -> None:
    """Whatever prefix of the bytes a crash leaves, the run goes on to the same file."""
    Store(tmp_path, spec).close()
    (tmp_path / "part-00000.jsonl").write_bytes(whole[: len(whole) - cut])
    run_sweep(spec, tmp_path, InThisProcess())
    assert contents(tmp_path) == whole


def test_killed_runs_resume(whole: bytes, tmp_path: Path) -> None:
    """SIGKILL at random moments, until a run gets through."""
    rng = random.Random(0)
    survivors: list[int] = []
    for _ in range(3):
        process = subprocess.Popen(
            [*COMMAND, *ARGUMENTS, "-o", str(tmp_path), "--workers", "2"], start_new_session=True
        )
        before = len(contents(tmp_path))
        deadline = time.monotonic() + 60
        while process.poll() is None and len(contents(tmp_path)) == before:
            assert time.monotonic() < deadline, "no row within a minute"
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        survivors += _children(process.pid)
        process.kill()
        process.wait()
    assert _gone(survivors), "workers outlive the run that started them"
    assert whole.startswith(contents(tmp_path)[: contents(tmp_path).rfind(b"\n") + 1])
    subprocess.run([*COMMAND, "-o", str(tmp_path)], check=True, capture_output=True)
    assert contents(tmp_path) == whole


def _children(pid: int) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def _alive(pid: int) -> bool:
    try:
        return b"proofkit" in Path(f"/proc/{pid}/cmdline").read_bytes() or (
            b"multiprocessing" in Path(f"/proc/{pid}/cmdline").read_bytes()
        )
    except OSError:
        return False


def test_a_terminal_sees_how_fast_it_goes_and_how_long_it_will_take(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "--family", "E01", "--count", "3000", "--workers", "1", "-o", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(slave)
    seen = bytearray()
    try:
        while data := os.read(master, 1 << 16):
            seen += data
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(master)
    assert process.wait() == 0
    shown = seen.decode()
    assert "E01 2-1-2" in shown and "3000/3000" in shown
    assert re.search(r"\d/s", shown), "no rate"
    assert re.search(r"\d:\d\d:\d\d", shown), "no time left"


@pytest.mark.parametrize("when", ["its workers start", "rows are written"])
def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(when: str, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, *ARGUMENTS, "--count", "100000", "-o", str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (contents(tmp_path) if when == "rows are written" else _children(process.pid)):
        assert time.monotonic() < deadline, "nothing happened within a minute"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "of 100000 rows are written" in words
    assert f"To go on:  proofkit sweep -o {tmp_path}" in words
    assert "Traceback" not in words
    assert contents(tmp_path).endswith(b"\n") or when == "its workers start"


@pytest.mark.parametrize("limit", [1000, 5000])
def test_a_full_disk_keeps_complete_rows(whole: bytes, tmp_path: Path, limit: int) -> None:
    """The kernel lets a file grow to the limit and no further: writes end in the middle."""
    ran = subprocess.run(
        [*COMMAND, *ARGUMENTS, "-o", str(tmp_path), "--workers", "1"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "Complete rows are kept" in ran.stderr and "Traceback" not in ran.stderr
    kept = contents(tmp_path)
    assert len(kept) <= limit and whole.startswith(kept)
    subprocess.run([*COMMAND, "-o", str(tmp_path)], check=True, capture_output=True)
    assert contents(tmp_path) == whole


def test_a_write_that_fails_half_way_is_taken_back(
    spec: Spec, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, room = os.write, [3000]

    def write(file: int, data: Any) -> int:
        taken = real(file, bytes(data)[: room[0]])
        room[0] -= taken
        if taken < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return taken

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space left"):
        run_sweep(spec, tmp_path, InThisProcess())
    monkeypatch.undo()
    assert contents(tmp_path).endswith(b"\n") and whole.startswith(contents(tmp_path))
    run_sweep(spec, tmp_path, InThisProcess())
    assert contents(tmp_path) == whole


def test_workers_that_die_are_replaced(spec: Spec, whole: bytes, tmp_path: Path) -> None:
    """A worker of the default pool is killed while the sweep runs."""
    killed: list[int] = []

    def kill_one(rows: int) -> None:
        if rows and not killed:
            killed.append(_children(os.getpid())[-1])
            os.kill(killed[0], signal.SIGKILL)

    run_sweep(spec, tmp_path, workers=2, progress=kill_one)
    assert killed
    assert contents(tmp_path) == whole


def test_a_broken_executor_of_the_callers_is_reported(spec: Spec, tmp_path: Path) -> None:
    with local_pool(1) as pool:
        assert isinstance(pool, ProcessPoolExecutor)

        def kill_all(rows: int) -> None:
            for process in (pool._processes or {}).values():
                process.kill()

        with pytest.raises(SweepStopped, match="broke down"):
            run_sweep(spec, tmp_path, pool, workers=1, progress=lambda n: n and kill_all(n))


def test_one_run_at_a_time(spec: Spec, tmp_path: Path) -> None:
    with Store(tmp_path, spec), pytest.raises(SweepError, match="another run"):
        Store(tmp_path, spec)
    with Store(tmp_path, spec):
        pass


def test_folders_that_hold_something_else(spec: Spec, tmp_path: Path) -> None:
    run_sweep(spec, tmp_path, InThisProcess())
    other = Spec("weighted-squared", (2, 1, 2), 60, seed=2, starts=1024)
    with pytest.raises(SweepError, match="seed is 1 there and 2 here"):
        run_sweep(other, tmp_path, InThisProcess())
    fewer = Spec("weighted-squared", (2, 1, 2), 30, seed=1, starts=1024)
    with pytest.raises(SweepError, match="60 problems"):
        run_sweep(fewer, tmp_path, InThisProcess())
    (part,) = tmp_path.glob("part-*.jsonl")
    lines = part.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join(lines[:10] + lines[11:]))
    with pytest.raises(SweepError, match="damaged"):
        run_sweep(spec, tmp_path, InThisProcess())
    with pytest.raises(SweepError, match="row 10 is missing"):
        list(read_rows(tmp_path))
    (tmp_path / "sweep.json").write_text("[]")
    with pytest.raises(SweepError, match="not an object"):
        read_spec(tmp_path)
    (tmp_path / "sweep.json").unlink()
    with pytest.raises(SweepError, match=r"rows but no sweep\.json"):
        Store(tmp_path, spec)


def test_more_problems_are_added_to_those_there_are(
    spec: Spec, whole: bytes, tmp_path: Path
) -> None:
    fewer = Spec("weighted-squared", (2, 1, 2), 13, seed=1, starts=1024)
    assert run_sweep(fewer, tmp_path, InThisProcess()) == 13
    assert run_sweep(spec, tmp_path, InThisProcess()) == 47
    assert contents(tmp_path) == whole


def test_memory_does_not_grow_with_the_number_of_problems(spec: Spec, tmp_path: Path) -> None:
    """At no moment are more blocks under way than the window says, and rows do not pile up,
    neither in a run nor in its summary: of 18 MB not one tenth is ever held."""

    class Counting(InThisProcess):
        submitted = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            Counting.submitted += 1
            future: Future[Any] = Future()
            words = "x" * 200
            lines = (f'{{"index": {8 * args[1] + n}, "words": "{words}"}}\n' for n in range(8))
            future.set_result("".join(lines))
            return future

    most = 0

    def look(rows: int) -> None:
        nonlocal most
        most = max(most, Counting.submitted - rows // 8)

    many = Spec("weighted-squared", (2, 1, 2), 80_000, seed=1, starts=1024)
    tracemalloc.start()
    run_sweep(many, tmp_path, Counting(), workers=2, progress=look)
    assert sum(1 for _ in read_rows(tmp_path)) == 80_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Counting.submitted == 10_000
    assert most <= 6
    assert peak < len(contents(tmp_path)) / 10
