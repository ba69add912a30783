"""Work in several processes: in order, prepared here, and failing where it was asked for."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator

import pytest

from proofkit.parallel import deaf_children, streamed


def test_results_come_in_order_from_several_processes() -> None:
    def work(n: int) -> Iterator[tuple[int, int]]:
        for _ in range(n % 3):
            time.sleep(0.02 * (n % 2))
            yield n, os.getpid()

    found = list(streamed(range(7), lambda n: None, work, workers=3))
    assert [n for n, _ in found] == [1, 2, 2, 4, 5, 5]
    assert os.getpid() not in {process for _, process in found}
    assert len({process for _, process in found}) == 4  # one for each item
    assert found == sorted(found)


def test_an_outcome_is_told_before_its_item_is_done() -> None:
    receive, send = multiprocessing.Pipe(duplex=False)

    def work(n: int) -> Iterator[int]:
        yield n
        if n == 0:
            receive.recv()  # until the first outcome is seen
        yield n

    outcomes = streamed(range(2), lambda n: None, work, workers=2)
    assert next(outcomes) == 0
    send.send("go on")
    assert list(outcomes) == [0, 1, 1]


def test_work_sees_what_was_prepared_before_it() -> None:
    ready: list[int] = []
    found = list(streamed([1, 2, 3], ready.append, lambda n: [list(ready)], workers=1))
    assert found == [[1], [1, 2], [1, 2, 3]]
    ready.clear()
    found = list(streamed([1, 2, 3], ready.append, lambda n: [n in ready], workers=2))
    assert found == [True, True, True]


def test_large_results_do_not_block() -> None:
    found = list(streamed(range(4), lambda n: None, lambda n: [b"x" * 3_000_000], workers=2))
    assert [len(x) for x in found] == [3_000_000] * 4


def test_what_fails_there_fails_here() -> None:
    def work(n: int) -> Iterator[int]:
        if n == 2:
            raise ValueError("no luck with 2")
        yield n

    with pytest.raises(ValueError, match="no luck with 2"):
        list(streamed(range(5), lambda n: None, work, workers=2))


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(RuntimeError, match="died"):
        list(streamed(range(3), lambda n: None, lambda n: os._exit(3), workers=2))


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
