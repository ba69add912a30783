"""``proofkit init``: what it writes works as it stands."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.starter import FILES, StarterError, name_of

Run = Callable[..., Any]


@pytest.fixture
def written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new pack, made the working directory."""
    folder = tmp_path / "My-Paper 2"
    ran = run("init", folder)
    assert ran.code == 0
    assert "proofkit check --pack my_paper_2" in ran.out
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    return folder


def test_it_checks_and_reports(run: Run, written: Path) -> None:
    assert run("check", "--pack", "my_paper_2", "--strict").code == 0
    assert run("show", "--pack", "my_paper_2", "ridge-gradient").code == 0
    assert run("report", "--pack", "my_paper_2", "--format", "html,latex").code == 0
    assert (written / "proofkit-report" / "index.html").exists()
    assert run("export", "--pack", "my_paper_2", "ridge-gradient", "-o", "p.json").code == 0


def test_its_tests_pass_and_steps_are_tests(written: Path) -> None:
    from importlib.metadata import entry_points

    registered = any(e.value == "proofkit.pytest_plugin" for e in entry_points(group="pytest11"))
    plugin = () if registered else ("-p", "proofkit.pytest_plugin")
    command = [sys.executable, "-m", "pytest", *plugin, "-q"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr


def test_its_code_is_clean_and_its_workflow_names_the_pack(written: Path) -> None:
    lint = [sys.executable, "-m", "ruff", "check", "--select", "E,F,W,I,UP,B", "--line-length=100"]
    ran = subprocess.run([*lint, "."], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    assert "--pack my_paper_2" in (written / ".github/workflows/proofs.yml").read_text()
    for path in FILES:
        text = (written / path.replace("@NAME@", "my_paper_2")).read_text(encoding="utf-8")
        assert "@NAME@" not in text


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    ran = run("init", tmp_path)
    assert ran.code == 2
    assert "not an empty folder" in ran.err
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    assert run("init", tmp_path / "notes.txt").code == 2


@pytest.mark.parametrize("name", ["numpy", "class", "2024", "…", "proofkit"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(StarterError):
        name_of(Path("/somewhere") / name)
