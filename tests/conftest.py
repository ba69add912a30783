"""What all tests share: property tests draw the same examples every time, on any machine; ``run``
runs the command line as a user would, in this process; ``browser`` is the system's Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings

from proofkit import cli

settings.register_profile("proofkit", derandomize=True, deadline=None, print_blob=False)
settings.load_profile("proofkit")

CI = bool(os.environ.get("CI"))

# A shell that runs the tests in its background has them ignore Ctrl-C, and so would the programs
# that they start: those that are sent one would go on for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, installed by npm for these tests."""
    if shutil.which("npm") is None and not CI:
        pytest.skip("needs npm")
    folder = tmp_path_factory.mktemp("axe")
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "axe-core@4"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if run.returncode and not CI:
        pytest.skip("npm cannot install axe-core here")
    assert run.returncode == 0, run.stderr
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, the one of the system."""
    program = shutil.which("chromium")
    if program is None and not CI:
        pytest.skip("needs chromium")
    assert program is not None, "CI must have chromium"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        if not CI:
            pytest.skip("needs playwright")
        raise
    arguments = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()
