"""A server for the tests: the real command in a process of its own, on a free port of loopback."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from .processes import rested

SECONDS = 8
"""Processor time that a request may take here: little, for tests of what takes more."""


@dataclass
class Reply:
    """An answer: its status, headers in small letters, and text."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Server:
    """Where the server listens, and its log."""

    port: int
    log: Path
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(
        self,
        query: dict[str, str] | str = "",
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 180,
    ) -> Reply:
        """Send one request on a connection of its own."""
        path = query if isinstance(query, str) and query.startswith("/") else "/"
        if isinstance(query, dict):
            path = f"/?{urlencode(query)}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read().decode())
        finally:
            connection.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server, started once."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "proofkit", "serve", "--no-open", "--port", "0"]
        command += ["--timeout", str(SECONDS), "--workers", "3", "--memory", "700"]
        # A folder of its own shows whether anything is written.
        home = Path(folder) / "home"
        home.mkdir()
        with log.open("w") as err:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
                cwd=home,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.match(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found is not None, log.read_text()
        # Its first workers have still to run the proofs that they need, within the same limits.
        rested(process)
        yield Server(int(found[1]), log, process)
        process.send_signal(signal.SIGINT)
        process.wait(30)
        assert list(home.iterdir()) == []
