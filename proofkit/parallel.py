"""Work shared out among forked processes while this one prepares more of it.

What is prepared cannot be sent between processes (a theorem is made by the kernel of one process
only), so each piece of work runs in a process forked when its preparation is done.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

__all__ = ["cores", "deaf_children", "streamed"]

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def deaf_children() -> Iterator[None]:
    """Processes started inside never see Ctrl-C, from their first instruction on.

    A terminal sends it to every process of the group, and one that is still importing has no
    handler yet. If it comes meanwhile, this process sees it when the block ends, with no child
    left half started.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Starting the tracker unblocks the signal: it must be there before.
    resource_tracker.ensure_running()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    came = threading.Event()
    # Other threads (of a library) may not block it; Python then tells the main one.
    handled = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, lambda *_: came.set()) if handled else None
    try:
        yield
    finally:
        if handled:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if came.is_set():
            signal.raise_signal(signal.SIGINT)


def streamed(
    items: Sequence[T],
    prepare: Callable[[T], object],
    work: Callable[[T], Iterable[R]],
    workers: int | None = None,
) -> Iterator[R]:
    """The outcomes of ``work`` on every item in order, each told as soon as its turn has come.

    Each item is worked on by one process after its ``prepare``, several at a time.  Work is done
    here, one after the other, where processes cannot be forked or would not help.  What fails in a
    process fails here.

    >>> list(streamed([1, 2, 3], lambda x: None, lambda x: x * [x], workers=2))
    [1, 2, 2, 3, 3, 3]
    """
    count = cores() if workers is None else workers
    if count < 2 or len(items) < 2 or "fork" not in get_all_start_methods():
        for item in items:
            prepare(item)
            yield from work(item)
        return
    crew = _Crew(work, count)
    try:
        for item in items:
            prepare(item)
            crew.add(item)
            yield from crew.told()
        while crew.working:
            crew.look(None)
            yield from crew.told()
    finally:
        crew.stop()


class _Crew:
    """Processes at work, at most ``count`` at a time."""

    def __init__(self, work: Callable[[Any], Iterable[Any]], count: int) -> None:
        self._work, self._count = work, count
        self._waiting: deque[tuple[int, Any]] = deque()
        self._running: dict[Connection, tuple[int, Any]] = {}
        self._outcomes: list[list[Any]] = []
        self._ended: set[int] = set()
        self._next = 0
        self._context = get_context("fork")

    @property
    def working(self) -> bool:
        """Whether there is anything still to be done."""
        return bool(self._waiting or self._running)

    def add(self, item: Any) -> None:
        """Take on a piece of work, and see to the others."""
        self._waiting.append((len(self._outcomes), item))
        self._outcomes.append([])
        self.look(0)

    def told(self) -> Iterator[Any]:
        """The outcomes whose turn has come."""
        while self._next < len(self._outcomes):
            yield from self._outcomes[self._next]
            self._outcomes[self._next] = []
            if self._next not in self._ended:
                return
            self._next += 1

    def look(self, patience: float | None) -> None:
        """Collect what is done, waiting at most so long for something, and start what waits."""
        self._start()
        ready = set(wait(list(self._running), patience))
        for connection in [c for c in self._running if c in ready]:
            number, process = self._running[connection]
            fault: Exception | None = None
            try:
                fault, outcomes = connection.recv()
            except EOFError:
                fault, outcomes = RuntimeError("a process that wrote a report died"), None
            if fault is None and outcomes:
                self._outcomes[number] += outcomes
                continue
            process.join()
            del self._running[connection]
            if fault is not None:
                raise fault
            self._ended.add(number)
        self._start()

    def _start(self) -> None:
        while self._waiting and len(self._running) < self._count:
            number, item = self._waiting.popleft()
            receive, send = self._context.Pipe(duplex=False)
            process = self._context.Process(target=_run, args=(self._work, item, send))
            with deaf_children():
                process.start()
                self._running[receive] = (number, process)
            send.close()

    def stop(self) -> None:
        """End what is still running: nobody waits for it."""
        for _, process in self._running.values():
            process.terminate()
            process.join()


def _run(work: Callable[[Any], Iterable[Any]], item: Any, send: Connection) -> None:
    """Send each outcome in a list, and at the end an empty one."""
    # What was there before is not looked through for rubbish: its pages stay shared.
    gc.freeze()
    try:
        for outcome in work(item):
            send.send((None, [outcome]))
        send.send((None, []))
    except Exception as fault:
        try:
            send.send((fault, None))
        except Exception:
            send.send((RuntimeError(f"{type(fault).__name__}: {fault}"), None))
