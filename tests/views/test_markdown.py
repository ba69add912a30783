"""The MyST Markdown of a trace, read by MyST's own parser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.trace import ResultTrace
from proofkit.views import markdown
from proofkit.views.settings import DEPTHS, Settings

from . import samples

CI = bool(os.environ.get("CI"))
Parse = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def myst(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """MyST's parser, from the registry of npm: what it says of each file."""
    if shutil.which("npm") is None and not CI:
        pytest.skip("needs npm")
    folder = tmp_path_factory.mktemp("myst")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund"]
    packages = ["myst-parser@1", "myst-ext-proof@1"]
    run = subprocess.run([*command, *packages], capture_output=True, text=True, timeout=300)
    if run.returncode and not CI:
        pytest.skip("npm cannot install MyST's parser here")
    assert run.returncode == 0, run.stderr

    def parse(*files: Path) -> list[dict[str, Any]]:
        script = Path(__file__).parent / "myst.mjs"
        told = subprocess.run(
            ["node", str(script), str(folder), *map(str, files)],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        found: list[dict[str, Any]] = json.loads(told.stdout)
        return found

    return parse


def written(folder: Path, trace: ResultTrace, depth: Any) -> Path:
    file = folder / f"{trace.id}-{depth}.md"
    file.write_text(markdown.document(trace, settings=Settings(depth=depth)), encoding="utf-8")
    return file


def test_myst_reads_every_sample_at_every_depth(myst: Parse, tmp_path: Path) -> None:
    files = [written(tmp_path, make(), depth) for make in samples.ALL for depth in DEPTHS]
    for found in myst(*files):
        assert found["messages"] == [], found["path"]
        assert found["kinds"]["proof"] >= 1


def test_it_is_a_theorem_and_a_proof_with_formulas(myst: Parse, tmp_path: Path) -> None:
    (found,) = myst(written(tmp_path, samples.in_beats(), "proof"))
    kinds = found["kinds"]
    assert kinds["proof"] == 2 and kinds["math"] == 2 and kinds["inlineMath"] > 30
    assert kinds["admonition"] == 1  # the remark


def test_the_parser_would_complain(myst: Parse, tmp_path: Path) -> None:
    file = tmp_path / "wrong.md"
    file.write_text(":::{prf:nonsense} x\nbody\n:::\n", encoding="utf-8")
    assert "unknown directive" in myst(file)[0]["messages"][0]


def test_words_cannot_become_markup(myst: Parse, tmp_path: Path) -> None:
    (found,) = myst(written(tmp_path, samples.hostile(), "all"))
    assert "html" not in found["kinds"] and "link" not in found["kinds"]
    assert "<script>alert(1)</script>" in found["text"]  # as text


def test_what_is_referred_to_has_a_label() -> None:
    text = markdown.document(samples.in_beats())
    assert "(in-beats)=" in text and ":label: in-beats-s" in text


def test_depths() -> None:
    def at(depth: Any) -> str:
        return markdown.document(samples.in_beats(), settings=Settings(depth=depth))

    assert "has lost rank" in at("idea") and "Its columns are dependent" not in at("idea")
    assert "Its columns are dependent" in at("proof") and "Every inference" not in at("proof")
    assert "rank arithmetic" not in at("proof") and "**2.2.1**" in at("all")
