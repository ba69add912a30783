"""The folder of proofs, compiled once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .compiling import compiled


def without_coq() -> bool:
    """Whether Coq is missing and may be: where tests run for all to see, it may not."""
    return shutil.which("coqc") is None and not os.environ.get("CI")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """This folder, compiled."""
    if without_coq():
        pytest.skip("coqc is not installed (apt-get install coq libcoq-mathcomp-analysis)")
    place = tmp_path_factory.mktemp("coq")
    started = time.perf_counter()
    compiled(place)
    print(f"coqc: {time.perf_counter() - started:.0f} s")
    yield place
