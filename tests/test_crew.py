"""Work that several processes and this one take in turns: in order, once each, faults told."""

from __future__ import annotations

import os
import time
from multiprocessing import get_context

import pytest

from proofkit.crew import Aside, done_together


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_piece_is_done_once_and_told_in_order(workers: int) -> None:
    def work(n: int) -> tuple[int, int]:
        time.sleep(0.01 * (n % 3))
        return n, os.getpid()

    found = done_together(range(12), lambda n: None, work, workers=workers)
    assert [n for n, _ in found] == list(range(12))
    assert (len({process for _, process in found}) > 1) == (workers > 1)


@pytest.mark.parametrize("workers", [1, 3])
def test_a_piece_is_taken_only_when_it_is_prepared(workers: int) -> None:
    ready: list[int] = []

    def prepare(n: int) -> None:
        time.sleep(0.01)
        ready.append(n)

    assert done_together(range(8), prepare, lambda n: n in ready, workers=workers) == [True] * 8


def test_large_results_do_not_block() -> None:
    found = done_together(range(4), lambda n: None, lambda n: b"x" * 3_000_000, workers=2)
    assert [len(x) for x in found] == [3_000_000] * 4


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_anywhere_fails_here(workers: int) -> None:
    def work(n: int) -> int:
        time.sleep(0.01)
        if n == 5:
            raise ValueError("no luck with 5")
        return n

    with pytest.raises(ValueError, match="no luck with 5"):
        done_together(range(8), lambda n: None, work, workers=workers)


def test_a_process_that_dies_is_told() -> None:
    here = os.getpid()

    def work(n: int) -> None:
        time.sleep(0.05)
        if os.getpid() != here:
            os._exit(3)

    with pytest.raises(RuntimeError, match="died"):
        done_together(range(6), lambda n: time.sleep(0.02), work, workers=2)


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


def test_what_is_ready_is_known_to_the_first_process() -> None:
    """Otherwise it would know one item only, end, and not be missed while the next is prepared."""
    done = get_context("fork").Value("l", 0)

    def prepare(n: int) -> None:
        patience = time.monotonic() + 10
        while n == 3 and done.value < 3 and time.monotonic() < patience:
            time.sleep(0.01)

    def work(n: int) -> int:
        with done.get_lock():
            done.value += 1
        return os.getpid()

    *first, _ = done_together([0, 1, 2, 3], prepare, work, workers=2, ready=3)
    assert len(set(first)) == 1
    assert first[0] != os.getpid()
