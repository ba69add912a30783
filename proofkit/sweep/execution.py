"""Running a sweep on any executor, block by block, rows written in order.

At most ``window`` blocks are under way, so memory stays constant however many problems there are.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from proofkit.basics.parallel import deaf_children
from proofkit.sweep.block import block_lines
from proofkit.sweep.spec import Spec
from proofkit.sweep.store import Store

__all__ = ["SweepStopped", "local_pool", "run_sweep"]

MAX_BREAKDOWNS = 3
"""A pool whose workers die is replaced so often before the sweep gives up."""


class SweepStopped(Exception):
    """The sweep was interrupted; what is written stays, and the same call goes on from there."""

    def __init__(self, rows: int, count: int, why: str) -> None:
        super().__init__(f"{why}: {rows} of {count} rows are written")
        self.rows, self.count = rows, count


def run_sweep(
    spec: Spec,
    directory: Path,
    executor: Executor | None = None,
    *,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> int:
    """Compute the rows that the folder does not hold yet; returns how many were added.

    Args:
        executor: what computes the blocks, such as Dask's ``client.get_executor()``; by default
            a pool of processes that is replaced when a worker dies.
        workers: how many blocks the executor computes at a time; by default one for each core.
        progress: called with the number of rows written whenever it grows, and at the start.

    Raises:
        SweepError: the folder holds another sweep, is damaged or in use.
        SweepStopped: interrupted from the keyboard, or the executor broke down.
        OSError: the disk is full, for instance; complete rows stay.
    """
    workers = workers or os.cpu_count() or 1
    with Store(directory, spec) as store:
        before = store.rows
        try:
            progress(store.rows)
            _fill(spec, store, executor, workers, progress)
        except KeyboardInterrupt:
            raise SweepStopped(store.rows, spec.count, "stopped") from None
        return store.rows - before


def _fill(
    spec: Spec,
    store: Store,
    executor: Executor | None,
    workers: int,
    progress: Callable[[int], None],
) -> None:
    breakdowns = 0
    while store.rows < spec.count:
        with _given(executor) if executor else local_pool(workers) as pool:
            try:
                _drain(spec, store, pool, 2 * workers + 2, progress)
            except (BrokenExecutor, CancelledError) as fault:
                breakdowns += 1
                if executor is not None or breakdowns > MAX_BREAKDOWNS:
                    why = f"the workers broke down ({fault or type(fault).__name__})"
                    raise SweepStopped(store.rows, spec.count, why) from fault


def _drain(
    spec: Spec, store: Store, pool: Executor, window: int, progress: Callable[[int], None]
) -> None:
    data = spec.to_json()
    blocks = iter(range(store.rows // spec.block, -(-spec.count // spec.block)))
    pending: deque[Future[str]] = deque()
    skip = store.rows % spec.block
    try:
        while True:
            with deaf_children():  # a pool starts its processes when it is given work
                while len(pending) < window and (block := next(blocks, None)) is not None:
                    pending.append(pool.submit(block_lines, data, block))
            if not pending:
                return
            lines = pending.popleft().result().splitlines()
            store.append(lines[skip:])
            skip = 0
            progress(store.rows)
    finally:
        for future in pending:
            future.cancel()


@contextmanager
def local_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes, one thread each, that leave Ctrl-C to the process that started them."""
    # Threads of BLAS inside each process would fight over the cores.
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    missing = [name for name in names if name not in os.environ]
    os.environ.update(dict.fromkeys(missing, "1"))
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_prepare_worker
    )
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    else:
        pool.shutdown()
    finally:
        for name in missing:
            os.environ.pop(name, None)


@contextmanager
def _given(executor: Executor) -> Iterator[Executor]:
    """An executor of the caller's, who shuts it down."""
    yield executor


def _prepare_worker() -> None:
    """End this process when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    # A worker whose parent was killed would wait for work for ever.
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
