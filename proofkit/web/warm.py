"""Imported in the process that workers are forked from: it runs the proofs that they all need.

Workers are forked twice.  The first can be asked as soon as the proof of the start page was run.
Then all else is run here, in a thread; a fork waits for its end, for a process is not to be forked
in the middle of something, and so the workers after them have everything.
"""

from __future__ import annotations

import gc
import os
import threading
from contextlib import suppress

from proofkit.web.base import started_with

__all__: list[str] = []


def _begin(modules: tuple[str, ...], workers: int) -> None:
    # What is made here stays: looking through it for rubbish takes time and comes to nothing.
    gc.disable()
    from proofkit.web import jobs

    # A pack that cannot be loaded is reported by who started the server.
    with suppress(Exception):
        jobs.begin(modules)
    busy, forked = threading.Lock(), threading.Semaphore(0)

    def one_more() -> None:
        busy.release()
        forked.release()

    server = os.getppid()

    def go_on() -> None:
        for _ in range(workers):
            forked.acquire()
        with busy, suppress(Exception):
            for _ in jobs.warm(modules):
                if os.getppid() != server:
                    os._exit(0)  # it was killed, and nobody will ask any more

    os.register_at_fork(before=busy.acquire, after_in_parent=one_more, after_in_child=busy.release)
    threading.Thread(target=go_on, daemon=True).start()


# Only where a server asked for it: importing this elsewhere does nothing.
if (_told := started_with()) is not None:
    _begin(*_told)
