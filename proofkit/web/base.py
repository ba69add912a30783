"""The process that workers are forked from: started before all else, as it takes longest."""

from __future__ import annotations

import json
import multiprocessing
import os
from multiprocessing import forkserver
from typing import Any, Final

from proofkit.basics.parallel import deaf_children

__all__ = ["context", "start", "started_with", "stop"]

_KEY: Final = "PROOFKIT_SERVED"
"""The environment variable by which that process knows its packs and its first workers."""


def context(modules: tuple[str, ...], workers: int) -> Any:
    """How workers are started: so many at first, which serve these packs."""
    os.environ[_KEY] = json.dumps([modules, workers])
    found: Any = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["proofkit.web.warm"])
    return found


def started_with() -> tuple[tuple[str, ...], int] | None:
    """What `context` was given, in the process that it speaks of; None in any other."""
    if (told := os.environ.get(_KEY)) is None:
        return None
    modules, workers = json.loads(told)
    return tuple(modules), workers


def start(modules: tuple[str, ...], workers: int) -> None:
    """Start the process now, so that it is ready when the first worker is asked for."""
    context(modules, workers)
    with deaf_children():
        forkserver.ensure_running()


def stop() -> None:
    """End the process, which would end with this one, but not before the last of its workers."""
    if (found := getattr(forkserver._forkserver, "_stop", None)) is not None:
        found()
