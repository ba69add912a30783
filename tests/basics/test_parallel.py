"""Work in several processes: in order, prepared here, and failing where it was asked for."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from proofkit.basics.parallel import WORTH, Aside, deaf_children, streamed


def nothing(group: Sequence[int]) -> None:
    """Nothing to prepare."""


def test_results_come_in_order_from_several_processes() -> None:
    def work(n: int) -> tuple[int, int]:
        time.sleep(0.02 * (n % 2))
        return n, os.getpid()

    found = list(streamed([[0, 1, 2], [], [3, 4], [5, 6]], nothing, work, workers=3))
    assert [n for n, _ in found] == list(range(7))
    assert os.getpid() not in {process for _, process in found}
    assert len({process for n, process in found if n <= 2}) == 1  # a group stays together


def test_what_a_process_found_out_is_there_for_its_next_item() -> None:
    memory: list[int] = []

    def work(n: int) -> list[int]:
        memory.append(n)
        return list(memory)

    found = list(streamed([[1, 2], [3], [4]], nothing, work, workers=2))
    assert found[1] == [*found[0], 2] and not memory


def test_those_who_are_done_help_with_a_large_group() -> None:
    def work(n: int) -> int:
        time.sleep(0.02)
        return os.getpid()

    alone, many = [1], list(range(3 * WORTH))
    found = list(streamed([alone, many], nothing, work, workers=2))
    assert len(set(found[1:])) == 2
    assert len(set(streamed([many], nothing, work, workers=2))) == 2


def test_an_outcome_is_told_before_its_group_is_done() -> None:
    receive, send = multiprocessing.Pipe(duplex=False)

    def work(n: int) -> int:
        if n == 1:
            receive.recv()  # until the first outcome is seen
        return n

    outcomes = streamed([[0, 1], [2]], nothing, work, workers=2)
    assert next(outcomes) == 0
    send.send("go on")
    assert list(outcomes) == [1, 2]


def test_work_sees_what_was_prepared_before_it() -> None:
    ready: list[int] = []
    groups = [[1], [2], [3]]
    found = list(streamed(groups, ready.extend, lambda n: list(ready), workers=1))
    assert found == [[1], [1, 2], [1, 2, 3]]
    ready.clear()
    found = list(streamed(groups, ready.extend, lambda n: n in ready, workers=2))
    assert found == [True, True, True]


def test_large_results_do_not_block() -> None:
    groups = [[1, 2], [3, 4]]
    found = list(streamed(groups, nothing, lambda n: b"x" * 3_000_000, workers=2))
    assert [len(x) for x in found] == [3_000_000] * 4


def test_nobody_waits_for_this_process_to_receive() -> None:
    """While it prepares a group, all of the one before is done, however large its outcomes."""
    done = multiprocessing.get_context("fork").Value("l", 0)
    first = list(range(6))

    def work(n: int) -> bytes:
        with done.get_lock():
            done.value += 1
        return b"x" * 1_000_000

    seen = []

    def prepare(group: Sequence[int]) -> None:
        patience = time.monotonic() + 10
        while group != first and done.value < len(first) and time.monotonic() < patience:
            time.sleep(0.01)
        seen.append(done.value)

    assert len(list(streamed([first, [6]], prepare, work, workers=2))) == 7
    assert seen[1] == len(first), "the process waited until its outcomes were received"


def test_who_is_done_is_given_more_while_others_are_prepared() -> None:
    busy = multiprocessing.get_context("fork").Value("l", 0)
    seen = []

    def work(n: int) -> int:
        busy.value = n
        return n

    def prepare(group: Sequence[int]) -> None:
        time.sleep(0.3)
        patience = time.monotonic() + 10
        while group == [6] and busy.value < 4 and time.monotonic() < patience:
            time.sleep(0.01)
        seen.append(busy.value)

    assert list(streamed([[1, 2, 3], [4], [5], [6]], prepare, work, workers=2)) == [*range(1, 7)]
    assert seen[3] >= 4, "a second process was not begun although the first was done"


def test_what_fails_there_fails_here() -> None:
    def work(n: int) -> int:
        if n == 2:
            raise ValueError("no luck with 2")
        return n

    with pytest.raises(ValueError, match="no luck with 2"):
        list(streamed([[0, 1, 2], [3, 4]], nothing, work, workers=2))


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(RuntimeError, match="died"):
        list(streamed([[1], [2], [3]], nothing, lambda n: os._exit(3), workers=2))


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


def pending() -> None:
    """The main thread has it, and blocks it."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def told() -> None:
    """Another thread had it, which does not block it; Python calls the handler in the main one."""
    handler = signal.getsignal(signal.SIGINT)
    assert callable(handler)
    handler(signal.SIGINT, None)


@pytest.mark.parametrize("comes", [pending, told])
def test_ctrl_c_that_comes_while_children_start_reaches_the_parent(
    comes: Callable[[], None],
) -> None:
    seen = []
    with pytest.raises(KeyboardInterrupt), deaf_children():
        comes()
        seen.append("the rest of the block")
    assert seen


def test_work_aside_is_told_when_it_is_done_and_ended_when_it_is_not_wanted() -> None:
    with Aside(os.getpid) as work:
        assert work.result() != os.getpid()
    start = time.perf_counter()
    with Aside(lambda: time.sleep(60)) as work:
        assert not work.is_done()
    assert time.perf_counter() - start < 30


def test_what_cannot_be_sent_is_told() -> None:
    with Aside(lambda: lambda: None) as work, pytest.raises(Exception, match=r"pickle|local"):
        work.result()
