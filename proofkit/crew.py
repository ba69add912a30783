"""Many pieces of work done by a few forked processes and by this one.

Each piece is prepared here first, and what is prepared cannot be sent between processes (a theorem
is made by the kernel of one process only).  So a process is forked when pieces are ready, takes
one after the other of those that it knows, and ends when none is left; then the next is forked.
This process prepares, and takes pieces as well when all are prepared.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from proofkit.parallel import cores, deaf_children, sendable

__all__ = ["Aside", "can_help", "done_together"]

T = TypeVar("T")
R = TypeVar("R")


def can_help(workers: int | None) -> bool:
    """Whether other processes can be forked and have a core to run on."""
    count = cores() if workers is None else workers
    return count > 1 and "fork" in get_all_start_methods()


class Aside(Generic[R]):
    """Work that a process forked now does aside; what fails there fails here.

    >>> with Aside(lambda: 6 * 7) as work:
    ...     work.result()
    42
    """

    def __init__(self, work: Callable[[], R]) -> None:
        context = get_context("fork")
        self._receive, send = context.Pipe(duplex=False)
        self._process = context.Process(target=_told, args=(work, send))
        with deaf_children():
            self._process.start()
        send.close()

    def is_done(self) -> bool:
        """Whether the result is there."""
        return self._receive.poll()

    @property
    def connection(self) -> Connection:
        """What can be read when the result is there."""
        return self._receive

    def result(self) -> R:
        """The result, waited for; to be asked for once."""
        try:
            fault, value = self._receive.recv()
        except EOFError:
            fault, value = RuntimeError("a process that shared the work died"), None
        self._process.join()
        if fault is not None:
            raise fault
        return value  # type: ignore[no-any-return]

    def __enter__(self) -> Aside[R]:
        return self

    def __exit__(self, *_: object) -> None:
        """End it if it still runs: nobody waits for it."""
        if self._process.is_alive():
            self._process.terminate()
        self._process.join()
        self._receive.close()


def _told(work: Callable[[], Any], send: Connection) -> None:
    # What was there before the fork is not looked through for rubbish: its pages stay shared.
    gc.freeze()
    try:
        send.send((None, work()))
    except Exception as fault:
        send.send((sendable(fault), None))


def done_together(
    items: Sequence[T],
    prepare: Callable[[T], object],
    work: Callable[[T], R],
    workers: int | None = None,
    strand: Callable[[T], int] = lambda item: 0,
    ready: int = 0,
) -> list[R]:
    """``work`` of every item, each after its ``prepare``; both in any process know all items.

    Items of one strand are best done by one process, which remembers what they have in common:
    the forked ones begin at the lowest strand and this one at the highest.  The first ``ready``
    items take no time to prepare: the first process is forked when all of these are.

    Everything is done here, one after the other, where processes cannot be forked or would not
    help.  What fails in a process fails here.

    >>> done_together([1, 2, 3], lambda x: None, lambda x: x * x, workers=2)
    [1, 4, 9]
    """
    if len(items) < 2 or not can_help(workers):
        found = []
        for item in items:
            prepare(item)
            found.append(work(item))
        return found
    strands = [strand(item) for item in items]
    crew = _Crew(items, work, strands, (cores() if workers is None else workers) - 1)
    try:
        for item in items:
            prepare(item)
            crew.ready += 1
            if crew.ready >= ready:
                crew.look(0)
        while (taken := crew.take(from_above=True)) is not None:
            crew.done[taken] = work(items[taken])
            crew.look(0)
        while len(crew.done) < len(items):
            crew.look(None)
    finally:
        crew.stop()
    return [crew.done[n] for n in range(len(items))]


class _Crew:
    """At most ``count`` processes beside this one; pieces are numbered."""

    def __init__(
        self, items: Sequence[Any], work: Callable[[Any], Any], strands: list[int], count: int
    ) -> None:
        self.ready = 0
        """How many pieces are prepared."""
        self.done: dict[int, Any] = {}
        self._items, self._work, self._count = items, work, count
        self._upwards = sorted(range(len(items)), key=lambda n: (strands[n], n))
        self._downwards = sorted(range(len(items)), key=lambda n: (-strands[n], n))
        self._taken = get_context("fork").Array("b", len(items))
        self._running: list[Aside[list[tuple[int, Any]]]] = []

    def take(self, from_above: bool = False) -> int | None:
        """The number of the next piece, which no other process takes, if one is ready."""
        order = self._downwards if from_above else self._upwards
        with self._taken.get_lock():
            taken = self._taken.get_obj()
            number = next((n for n in order if n < self.ready and not taken[n]), None)
            if number is not None:
                taken[number] = 1
        return number

    def look(self, patience: float | None) -> None:
        """Collect what is done, waiting at most so long for something, and start who may help."""
        there = wait([aside.connection for aside in self._running], patience)
        for aside in [a for a in self._running if a.connection in there]:
            self._running.remove(aside)
            with aside:
                self.done.update(aside.result())
        while len(self._running) < self._count and not all(self._taken[: self.ready]):
            self._running.append(Aside(self._all_that_is_ready))

    def _all_that_is_ready(self) -> list[tuple[int, Any]]:
        found = []
        while (taken := self.take()) is not None:
            found.append((taken, self._work(self._items[taken])))
        return found

    def stop(self) -> None:
        """End what is still running."""
        for aside in self._running:
            aside.__exit__()
