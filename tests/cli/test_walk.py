"""Sessions at a terminal, driven through a pseudo-terminal as a reader would, and in a pipe."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from rich.cells import cell_len

COLOUR = re.compile(r"\x1b\[[0-9;]*\b(?:3[0-7]|9[0-7])[0-9;]*m")
STYLED = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PATIENCE = 120  # seconds until a session that says nothing is given up


class Session:
    """A reader at a terminal of 80 columns."""

    def __init__(self, end: int, process: subprocess.Popen[bytes]) -> None:
        self.end, self.process = end, process

    def read(self) -> str:
        """All that is shown until the next prompt or the end."""
        shown, until = b"", time.monotonic() + PATIENCE
        while not shown.endswith(b"for help: "):
            assert time.monotonic() < until, f"nothing but {shown!r}"
            if not select.select([self.end], [], [], 1)[0]:
                continue
            try:
                piece = os.read(self.end, 65536)
            except OSError:  # Linux says so when the other end has closed
                break
            if not piece:
                break
            shown += piece
        return shown.decode().replace("\r\n", "\n")

    def type(self, line: str) -> str:
        """What is shown after a line was typed."""
        os.write(self.end, line.encode() + b"\n")
        return self.read()


@contextmanager
def session(*arguments: str, command: str = "walk", **environment: str) -> Iterator[Session]:
    """``proofkit`` on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "proofkit", command, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=known | environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Session(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_a_session_at_a_terminal() -> None:
    with session("perturbation", "--example", "E09", TERM="xterm-256color") as reader:
        start = reader.read()
        assert "STATEMENT" in start
        assert "E09" in start
        assert COLOUR.search(reader.type("jump 3")), "colour where there is some"
        inside = STYLED.sub("", reader.type("numbers"))
        assert "M" in inside
        assert "random networks" in inside
        assert "The rule:" in STYLED.sub("", reader.type("why"))
        assert "Written out" in STYLED.sub("", reader.type("expand"))
        assert "remark" in reader.type("remarks")
        back = STYLED.sub("", reader.type("back"))
        assert "3.1.3 · step" in back
        assert "no step '9.9'" in reader.type("jump 9.9")
        assert "3 · step" in STYLED.sub("", reader.type(""))
        assert "WHAT THIS RESTS ON" in reader.type("end")
        assert "You leave" in reader.type("quit")
        assert reader.process.wait(timeout=PATIENCE) == 0


def test_a_dumb_terminal_gets_plain_lines_of_80_columns() -> None:
    with session("chain-rule", TERM="dumb") as reader:
        shown = reader.read() + reader.type("") + reader.type("why") + reader.type("numbers")
        assert "\x1b" not in shown
        assert max(map(cell_len, shown.splitlines())) <= 80
        os.write(reader.end, b"\x04")  # the end of the input is a way to leave
        assert reader.process.wait(timeout=PATIENCE) == 0


def test_no_color_is_heard() -> None:
    with session("chain-rule", TERM="xterm-256color", NO_COLOR="1") as reader:
        shown = reader.read() + reader.type("") + reader.type("numbers")
        assert "✓" in shown
        assert not COLOUR.search(shown)


def test_an_interrupt_leaves_without_a_traceback() -> None:
    with session("chain-rule", TERM="dumb") as reader:
        reader.read()
        # Between the prompt and the wait for a line a signal is not heard: readers press again.
        for _ in range(PATIENCE // 10):
            reader.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                reader.process.wait(timeout=10)
                break
        assert reader.process.poll() == 130
        assert "Traceback" not in reader.read()


def test_reports_show_their_progress_on_a_terminal(tmp_path: Path) -> None:
    arguments = ("chain-rule", "perturbation", "--format", "json", "-o", str(tmp_path))
    with session(*arguments, command="report", TERM="xterm-256color") as reader:
        shown = STYLED.sub("", reader.read())
        assert reader.process.wait(timeout=PATIENCE) == 0
    assert "0/2" in shown and "1/2" in shown
    assert shown.index("1/2") < shown.index("✓ chain-rule: proved")


def test_in_a_pipe_all_is_printed_at_once(run: Callable[..., object]) -> None:
    ran = run("walk", "perturbation", "--example", "E09")
    shown = run("show", "perturbation", "--example", "E09")
    assert ran.code == 0
    assert ran.out == shown.out
    assert "next, or ?" not in ran.out
    assert max(map(cell_len, ran.out.splitlines())) <= 80


def test_a_screen_that_knows_only_ascii_shows_what_it_can() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "proofkit", "walk", "chain-rule"],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert ran.returncode == 0
    assert b"STATEMENT" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("walk",), "Missing argument"),
        (("walk", "no-such-result"), "no result is called"),
        (("walk", "perturbation", "--route", "scenic"), "--route"),
        (("walk", "perturbation", "--example", "E99"), "neither an example"),
    ],
)
def test_wrong_usage_is_exit_2(
    run: Callable[..., object], arguments: tuple[str, ...], words: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.err
