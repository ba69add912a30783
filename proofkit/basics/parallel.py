"""Work shared out among forked processes while this one prepares more of it, or does other work.

What is prepared cannot be sent between processes (a theorem is made by the kernel of one process
only), so each piece of work runs in a process forked when its preparation is done.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

__all__ = ["Aside", "can_help", "cores", "deaf_children", "sendable", "streamed"]

T = TypeVar("T")
R = TypeVar("R")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_help(workers: int | None) -> bool:
    """Whether other processes can be forked and have a core to run on."""
    count = cores() if workers is None else workers
    return count > 1 and "fork" in get_all_start_methods()


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


def sendable(fault: Exception) -> Exception:
    """The fault, or one that says the same where it cannot be sent to another process.

    >>> sendable(ValueError("too large"))
    ValueError('too large')
    >>> sendable(ValueError(lambda: 0))  # doctest: +ELLIPSIS
    RuntimeError('ValueError: <function <lambda> at ...>')
    """
    try:
        pickle.dumps(fault)
    except Exception:  # whatever it holds may object in its own way
        return RuntimeError(f"{type(fault).__name__}: {fault}")
    return fault


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


def streamed(
    groups: Sequence[Sequence[T]],
    prepare: Callable[[Sequence[T]], object],
    work: Callable[[T], R],
    workers: int | None = None,
) -> Iterator[R]:
    """``work`` of every item of every group in order, told as soon as its turn has come.

    Each group is first prepared here.  A process then does all items of a group, and one group
    after the other, so that what it found out for one item is there for the next; at the end those
    who have nothing left to do help with a large group.  Work is done here, one after the other,
    where processes cannot be forked or would not help.  What fails in a process fails here.

    >>> list(streamed([[1, 2], [3]], lambda group: None, lambda x: x * x, workers=2))
    [1, 4, 9]
    """
    if sum(map(len, groups)) < 2 or not can_help(workers):
        for group in groups:
            prepare(group)
            yield from map(work, group)
        return
    count = cores() if workers is None else workers
    crew = _Crew(groups, work)
    try:
        for group in groups:
            prepare(group)
            crew.ready += 1
            crew.look(0, count - 1)  # this process is at work as well
            yield from crew.told()
        while crew.working:
            crew.look(None, count)
            yield from crew.told()
    finally:
        crew.stop()


WORTH = 8
"""So many items must be left of a group for another process to begin on it, too."""


class _Crew:
    """Processes at work on groups of items."""

    def __init__(self, groups: Sequence[Sequence[Any]], work: Callable[[Any], Any]) -> None:
        self.ready = 0
        """How many groups are prepared."""
        self._groups, self._work = groups, work
        self._context = get_context("fork")
        self._taken = self._context.Array("l", len(groups))
        self._running: dict[Connection, Any] = {}
        self._order = ((g, n) for g, group in enumerate(groups) for n in range(len(group)))
        self._next = next(self._order, None)
        self._done: dict[tuple[int, int], Any] = {}

    @property
    def working(self) -> bool:
        """Whether there is anything still to be done or told."""
        return self._next is not None

    def told(self) -> Iterator[Any]:
        """The outcomes whose turn has come."""
        while self._next in self._done:
            yield self._done.pop(self._next)
            self._next = next(self._order, None)

    def look(self, patience: float | None, count: int) -> None:
        """Collect what is done, and see that ``count`` processes are at work if there is as much
        to do.  With ``patience`` None, wait for something to be done."""
        self._start(count)
        while there := set(wait(list(self._running), patience)):
            for connection in [c for c in self._running if c in there]:
                self._receive(connection)
            patience = 0  # all that is there: a process may have done much meanwhile
        self._start(count)

    def _receive(self, connection: Connection) -> None:
        fault: Exception | None = None
        try:
            fault, place, outcome = connection.recv()
        except EOFError:
            fault, place = RuntimeError("a process that shared the work died"), None
        if place is not None:
            self._done[place] = outcome
            return
        self._running.pop(connection).join()
        if fault is not None:
            raise fault

    def _start(self, count: int) -> None:
        while len(self._running) < count and self._choose(None) is not None:
            receive, send = self._context.Pipe(duplex=False)
            process = self._context.Process(target=self._run, args=(send,))
            with deaf_children():
                process.start()
                self._running[receive] = process
            send.close()

    def _choose(self, own: int | None) -> int | None:
        """The group to take the next item from: one's own, a new one, or one with many left."""
        left = [len(self._groups[g]) - self._taken[g] for g in range(self.ready)]
        if own is not None and left[own]:
            return own
        new = (g for g in range(self.ready) if left[g] and not self._taken[g])
        most = max(range(self.ready), key=left.__getitem__, default=None)
        return next(new, most if most is not None and left[most] >= WORTH else None)

    def _take(self, own: int | None) -> tuple[int, int] | None:
        """The place of an item that no other process takes."""
        with self._taken.get_lock():
            group = self._choose(own)
            if group is None:
                return None
            self._taken[group] += 1
            return group, self._taken[group] - 1

    def _run(self, send: Connection) -> None:
        # What was there before is not looked through for rubbish: its pages stay shared.
        gc.freeze()
        group = None
        with _Post(send) as post:
            try:
                while not post.refused and (place := self._take(group)) is not None:
                    group, number = place
                    post((None, place, self._work(self._groups[group][number])))
                post((None, None, None))
            except Exception as fault:
                post((sendable(fault), None, None))

    def stop(self) -> None:
        """End what is still running: nobody waits for it."""
        for process in self._running.values():
            process.terminate()
            process.join()


class _Post:
    """Sends on by and by, so that nobody waits until the other side is free to receive.

    ``refused`` is whether there is no other side any more.
    """

    def __init__(self, connection: Connection) -> None:
        self.refused = False
        self._connection = connection
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._deliver)

    def __call__(self, thing: object) -> None:
        # Made fit to be sent here: what cannot be sent is a fault of the one who sends it.
        self._waiting.put(pickle.dumps(thing))

    def __enter__(self) -> _Post:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _deliver(self) -> None:
        while (data := self._waiting.get()) is not None:
            try:
                self._connection.send_bytes(data)
            except OSError:
                self.refused = True
                return
