"""A sweep small enough to be run many times, and its rows computed in this process."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from proofkit.sweep.execution import run_sweep
from proofkit.sweep.spec import Spec


class InThisProcess(Executor):
    """The simplest executor."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def contents(directory: Path) -> bytes:
    """All rows, as bytes."""
    return b"".join(path.read_bytes() for path in sorted(directory.glob("part-*.jsonl")))


@pytest.fixture(scope="session")
def spec() -> Spec:
    """Many starts make small blocks: 8 problems each."""
    return Spec("weighted-squared", (2, 1, 2), 60, seed=1, starts=1024)


@pytest.fixture(scope="session")
def whole(spec: Spec, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rows of an uninterrupted run on the simplest executor."""
    directory = tmp_path_factory.mktemp("whole")
    assert run_sweep(spec, directory, InThisProcess()) == 60
    return contents(directory)
