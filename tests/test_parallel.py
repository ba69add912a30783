"""Work in several processes: in order, prepared here, and failing where it was asked for."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time

import pytest

from proofkit.parallel import deaf_children, prepared


def test_results_come_in_order_from_several_processes() -> None:
    def work(n: int) -> tuple[int, int]:
        time.sleep(0.05 * (n % 2))
        return n, os.getpid()

    found = list(prepared(range(7), lambda n: None, work, workers=3))
    assert [n for n, _ in found] == list(range(7))
    assert os.getpid() not in {process for _, process in found}
    assert len({process for _, process in found}) == 7


def test_work_sees_what_was_prepared_before_it() -> None:
    ready: list[int] = []
    found = list(prepared([1, 2, 3], ready.append, lambda n: list(ready), workers=1))
    assert found == [[1], [1, 2], [1, 2, 3]]
    ready.clear()
    found = list(prepared([1, 2, 3], ready.append, lambda n: n in ready, workers=2))
    assert found == [True, True, True]


def test_large_results_do_not_block() -> None:
    found = list(prepared(range(4), lambda n: None, lambda n: b"x" * 3_000_000, workers=2))
    assert [len(x) for x in found] == [3_000_000] * 4


def test_what_fails_there_fails_here() -> None:
    def work(n: int) -> int:
        if n == 2:
            raise ValueError("no luck with 2")
        return n

    with pytest.raises(ValueError, match="no luck with 2"):
        list(prepared(range(5), lambda n: None, work, workers=2))


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(RuntimeError, match="died"):
        list(prepared(range(3), lambda n: None, lambda n: os._exit(3), workers=2))


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_a_process_started_deaf_misses_ctrl_c_even_while_it_starts(method: str) -> None:
    context = multiprocessing.get_context(method)
    with deaf_children():
        process = context.Process(target=time.sleep, args=(0.5,))
        process.start()
    assert process.pid is not None
    while process.is_alive():  # at every moment of its life
        with contextlib.suppress(ProcessLookupError):  # it has ended since
            os.kill(process.pid, signal.SIGINT)
        time.sleep(0.002)
    assert process.exitcode == 0


def test_ctrl_c_that_comes_while_children_start_reaches_the_parent() -> None:
    with pytest.raises(KeyboardInterrupt), deaf_children():
        os.kill(os.getpid(), signal.SIGINT)
