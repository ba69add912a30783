"""What all tests share: property tests draw the same examples every time, on any machine; ``run``
runs the command line as a user would, in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import settings

from proofkit import cli

settings.register_profile("proofkit", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("proofkit")


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run ``proofkit`` with arguments; gives the exit code and what was printed."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["proofkit", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(int(stop.value.code or 0), captured.out, captured.err)

    return call
