"""Worker processes: each does one job at a time; one that takes too long is stopped and replaced.

Workers are forked from a process that runs all proofs once.  The first are forked before it has
done so, and replaced, when they are idle, by others that have everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import math
import os
import resource
import signal
import time
from collections import OrderedDict
from dataclasses import dataclass, fields
from typing import Any, Final

from proofkit.basics.parallel import deaf_children
from proofkit.derivatives.asking import Question
from proofkit.web import base
from proofkit.web.jobs import Answer, Asked, answer, refused
from proofkit.web.state import Choice, State

__all__ = ["Limits", "Pool"]

_MEGABYTE: Final = 2**20
LOOK_EVERY: Final = 0.2
PATIENCE: Final = 4
"""How often a job is looked at, in seconds; how many times its processor time it may last."""

BUSY: Final = 0.05
"""Seconds after which a worker that is to be replaced may be idle."""

GRACE: Final = 2
"""Seconds of processor time after which a worker that nobody stopped ends by itself."""

KEPT: Final = 48 * _MEGABYTE
"""Characters of pages that are remembered, the most recent ones."""


@dataclass(frozen=True)
class Limits:
    """How many workers there are, what each job may use, and how many may wait.

    ``seconds`` are of processor time; by the clock a job may last `PATIENCE` times as long.
    """

    workers: int = 3
    seconds: float = 20.0
    megabytes: int = 1024
    waiting: int = 64


class Late(Exception):
    """A job took longer than it may."""


class Died(Exception):
    """A worker's process ended during a job: it was killed, or broke down for want of memory."""


class Worker:
    """A process at the other end of a pipe."""

    def __init__(self, context: Any, modules: tuple[str, ...], limits: Limits) -> None:
        self._limits = limits
        self._pipe, far = context.Pipe()
        self.process = context.Process(target=work, args=(far, modules, limits), daemon=True)
        with deaf_children():  # their parent decides when they stop
            self.process.start()
        far.close()
        # It is ready: starting is not part of a job's time.
        self.parent: int = self._pipe.recv()

    @property
    def lives(self) -> bool:
        """Whether its process is there to be asked: an idle one says nothing, a dead one "end"."""
        return bool(self.process.is_alive()) and not self._pipe.poll(0)

    def ask(self, asked: Asked) -> Answer:
        """The answer.  Raises `Late` or `Died`; the worker is to be stopped then."""
        try:
            self._pipe.send(asked)
            if not self._in_time():
                raise Late
            found: Answer = self._pipe.recv()
            return found
        except (EOFError, OSError) as fault:
            raise Died from fault

    def _in_time(self) -> bool:
        """Wait for the answer; whether it came within the limits."""
        began, used = time.monotonic(), _processor_time(self.process.pid)
        while not self._pipe.poll(LOOK_EVERY):
            if not self.process.is_alive() and not self._pipe.poll(0):
                raise Died
            spent = _processor_time(self.process.pid) - used
            if spent > self._limits.seconds:
                return False
            # On a busy machine a job that is innocent waits for the processor.
            if time.monotonic() - began > PATIENCE * self._limits.seconds:
                return False
        return True

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join(10)
        self._pipe.close()


def work(pipe: Any, modules: tuple[str, ...], limits: Limits) -> None:
    """The life of a worker.

    The pool watches its time; the limit set here is for a pool that was killed and watches no more.
    """
    gc.freeze()  # what all workers have in common stays shared
    gc.enable()
    space = _address_space() + limits.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    with contextlib.suppress(EOFError, OSError):
        pipe.send(os.getppid())
        while True:
            asked = pipe.recv()
            most = math.ceil(time.process_time() + limits.seconds) + GRACE
            resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
            pipe.send(answer(asked, modules))


def _processor_time(pid: int) -> float:
    """Seconds of processor time a process has used; of the clock where that cannot be told."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.monotonic()


def _address_space() -> int:
    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as pages:
        return int(pages.read().split()[0]) * resource.getpagesize()
    return 2**30


class Pool:
    """Answers what is asked: from memory where the page was made before, else by a worker."""

    def __init__(self, modules: tuple[str, ...], limits: Limits) -> None:
        self._modules, self._limits = modules, limits
        self._context = base.context(modules, limits.workers)
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        # One worker is always left for networks that are known to be harmless.
        self._strange = asyncio.Semaphore(max(1, limits.workers - 1))
        self._asked: dict[Asked, asyncio.Task[Answer]] = {}
        self._pages: OrderedDict[Asked, Answer] = OrderedDict()
        self._size = 0
        self._workers: set[Worker] = set()
        self._closed = False
        self._parent = 0
        self._renewing: asyncio.Task[None] | None = None
        self.replaced = 0
        """How many workers were stopped and replaced."""

    async def start(self) -> None:
        """Start the workers; returns when they are ready."""
        for _ in range(self._limits.workers):
            await self._idle.put(await asyncio.to_thread(self._worker))
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Put workers that have everything in the place of the first ones, when these are idle."""
        first = set(self._workers)
        # It is there when all proofs were run.
        spare = await asyncio.to_thread(self._worker)
        while first & self._workers:
            worker = await self._idle.get()
            if worker not in first:
                await self._idle.put(worker)
                await asyncio.sleep(BUSY)
                continue
            await self._idle.put(spare)
            await asyncio.to_thread(self._stop, worker)
            spare = await asyncio.to_thread(self._worker)
        await asyncio.to_thread(self._stop, spare)

    async def close(self) -> None:
        """Stop the workers, also those that are at work, and the process they are forked from."""
        self._closed = True
        if self._renewing is not None:
            self._renewing.cancel()
        if self._parent:
            # It may be in the middle of a proof, and would see only then that it is to end.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._parent, signal.SIGKILL)
        for worker in list(self._workers):
            await asyncio.to_thread(self._stop, worker)
        await asyncio.to_thread(base.stop)

    def _worker(self) -> Worker:
        worker = Worker(self._context, self._modules, self._limits)
        self._parent = worker.parent
        self._workers.add(worker)
        return worker

    def _stop(self, worker: Worker) -> None:
        self._workers.discard(worker)
        worker.stop()

    async def answer(self, asked: Asked) -> Answer:
        """The page that is asked for."""
        if (kept := self._pages.get(asked)) is not None:
            self._pages.move_to_end(asked)
            return kept
        if asked not in self._asked:
            if len(self._asked) >= self._limits.waiting:
                return refused(asked, 503, "Too many requests are waiting. Try again in a moment.")
            task = asyncio.create_task(self._work(asked))
            self._asked[asked] = task
            task.add_done_callback(lambda done: self._asked.pop(asked, None))
        # Readers who ask for the same page wait for one worker; none of them can cancel it.
        return await asyncio.shield(self._asked[asked])

    async def _work(self, asked: Asked) -> Answer:
        if not _is_own(asked):
            return await self._by_worker(asked)
        async with self._strange:
            return await self._by_worker(asked)

    async def _by_worker(self, asked: Asked) -> Answer:
        worker = await self._idle.get()
        if not worker.lives:
            # Killed while it was idle: none of this reader's doing.
            worker = await self._another(worker)
        lost, found = True, None
        try:
            found = await asyncio.to_thread(worker.ask, asked)
            lost = found.spent
        except Late:
            return refused(
                asked,
                503,
                f"This took more than the {self._limits.seconds:g} s that a request may compute, "
                f"and was stopped. {_lighter(asked)}",
            )
        except Died:
            return refused(
                asked,
                503,
                "The computation broke down, most likely because it needs more memory than the "
                f"{self._limits.megabytes:,} MB that a request may use. {_lighter(asked)}",
            )
        finally:
            if lost and not self._closed:
                worker = await self._another(worker)
            await self._idle.put(worker)
        if found.status == 200:
            self._keep(asked, found)
        return found

    async def _another(self, worker: Worker) -> Worker:
        """A new worker in place of one that is stopped."""
        self.replaced += 1
        await asyncio.to_thread(self._stop, worker)
        return await asyncio.to_thread(self._worker)

    def _keep(self, asked: Asked, found: Answer) -> None:
        self._pages[asked] = found
        self._size += _size(asked, found)
        while self._size > KEPT and self._pages:
            old, page = self._pages.popitem(last=False)
            self._size -= _size(old, page)


def _is_own(asked: Asked) -> bool:
    """Whether a reader made up what is computed, so that it may take any time."""
    asked = asked.state if isinstance(asked, Choice) else asked
    return isinstance(asked, Question) or (isinstance(asked, State) and bool(asked.network))


def _lighter(asked: Asked) -> str:
    """What a reader can do whose page takes too much."""
    if isinstance(asked, Question):
        return "Try a shorter formula."
    return "Try a smaller network, a simpler loss, or decimals in place of fractions."


def _size(asked: Asked, found: Answer) -> int:
    """Characters that are kept with a page."""
    return len(found.page) + sum(len(str(getattr(asked, one.name))) for one in fields(asked))
