"""``serve`` and ``walk --html`` from the command line: what they say when something is wrong."""

from __future__ import annotations

import builtins
import importlib
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_a_port_that_is_taken_is_said(run: Callable[..., Any]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--no-open", "--port", taken.getsockname()[1])
    assert done.code == 2
    assert "cannot listen at 127.0.0.1" in done.err and "--port 0" in done.err


def test_an_address_that_is_not_this_machine_is_said(run: Callable[..., Any]) -> None:
    done = run("serve", "--no-open", "--host", "198.51.100.1", "--port", "0")
    assert done.code == 2 and "cannot listen at 198.51.100.1:0" in done.err


def test_without_the_extra_it_says_what_to_install(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] in ("uvicorn", "starlette"):
            raise ImportError(f"No module named {name!r}", name=name)
        return real(name, *rest, **more)

    for name in [n for n in sys.modules if n.startswith(("proofkit.web", "uvicorn", "starlette"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    done = run("serve", "--no-open")
    assert done.code == 2 and "pip install 'proofkit[web]'" in done.err


def test_packs_do_not_need_the_server(run: Callable[..., Any]) -> None:
    code = (
        "import sys, theorems; print([m for m in sys.modules if 'starlette' in m or 'views' in m])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [("--port", "-1"), ("--timeout", "0"), ("--workers", "1")])
def test_wrong_options_are_refused(run: Callable[..., Any], arguments: tuple[str, str]) -> None:
    assert run("serve", "--no-open", *arguments).code == 2


def test_a_walkthrough_is_written_as_one_file(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("walk", "perturbation", "--html", "--example", "E08")
    assert (done.code, done.out) == (0, "Open perturbation.walk.html\n")
    text = (tmp_path / "perturbation.walk.html").read_text(encoding="utf-8")
    assert '<form class="setup"' not in text and "//127.0.0.1" not in text
    done = run("walk", "perturbation", "--html", tmp_path / "again.html", "--example", "E08")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_a_walkthrough_that_cannot_be_written_leaves_nothing(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"format": "proofkit/network/1"}), encoding="utf-8")
    page = tmp_path / "page.html"
    assert run("walk", "lemma-1", "--html", page, "--example", bad).code == 2
    assert run("walk", "lemma-1", "--html", page, "--route", "scenic").code == 2
    assert run("walk", "lemma-1", "--html", tmp_path / "no" / "page.html").code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["bad.json"]


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False)])
def test_a_server_that_others_can_reach_warns(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, host: str, warned: bool
) -> None:
    """Nothing is served here: the socket is closed at once."""
    running = importlib.import_module("proofkit.web.serving")
    monkeypatch.setattr(running, "run", lambda listening, *_, **__: listening.close())
    done = run("serve", "--no-open", "--host", host, "--port", "0")
    assert done.code == 0
    assert ("Warning: whoever reaches this machine" in done.err) == warned
