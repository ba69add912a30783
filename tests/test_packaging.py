"""The wheel holds what the program needs at run time: packages, templates, examples."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_holds_templates_and_examples(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    data = [
        path.relative_to(ROOT).as_posix()
        for folder in ("proofkit", "theorems")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert any(name.endswith(".j2") for name in data)
    assert "theorems/examples/E01.json" in data
    assert set(data) <= names
    assert not any(name.startswith("tests/") for name in names)


def test_the_readme_is_a_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 200
    for target in re.findall(r"\]\(([^)]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_there_is_a_section_of_the_changelog_for_each_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    sections = re.findall(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert sections[0] == version
    assert sections[-1] == "0.1.0"


def test_ci_runs_the_commands_that_the_readme_prints() -> None:
    readme = (ROOT / "README.md").read_text()
    blocks = [part.split("\n```")[0] for part in readme.split("```sh\n")[1:]]
    assert "proofkit report" in blocks[0]
    assert "pytest" in blocks[1]
    script = (ROOT / ".ci" / "run").read_text()
    assert "command_of_readme 1" in script
    assert "command_of_readme 2" in script


def test_the_readme_says_truthfully_how_many_lines_are_trusted() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    def lines(*files: Path) -> int:
        return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)

    kernel = lines(*(ROOT / "proofkit" / "kernel").glob("*.py"))
    assert f"some {round(kernel, -2):,} lines of `proofkit/kernel`" in readme
    checker = lines(ROOT / "proofkit" / "replay.py")
    assert f"the {checker:,} lines of\n`proofkit/replay.py`" in readme
