"""The README's tutorial, run as it is printed, and the five mistakes a newcomer makes first."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

README = Path(__file__).parents[1] / "README.md"
Run = Callable[..., Any]


def block(language: str, containing: str) -> str:
    """The README's block of code in that language that holds the text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = (b for b in blocks if containing in b)
    return found


@pytest.fixture
def tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tutorial's two files, made the working directory."""
    (tmp_path / "small.json").write_text(block("json", "proofkit/network/1"), encoding="utf-8")
    (tmp_path / "ridge.py").write_text(block("python", "normal_equations"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "ridge", raising=False)
    return tmp_path


def test_the_code_is_short() -> None:
    lines = (
        block("python", "normal_equations").splitlines() + block("json", "network/1").splitlines()
    )
    assert len(lines) <= 60


def test_the_commands_prove_trace_and_report(run: Run, tutorial: Path) -> None:
    commands = [line.split()[1:] for line in block("sh", "--pack ridge").splitlines()]
    assert [c[0] for c in commands] == ["check", "show", "report"]
    check, show, report = (run(*command) for command in commands)
    assert (check.code, show.code, report.code) == (0, 0, 0)
    assert "proved" in check.out
    assert "W(XXᵀ + cI) = YXᵀ" in show.out
    assert show.out.count("holds exactly") == 3
    page = (tutorial / "ridge-report" / "normal-equations.html").read_text(encoding="utf-8")
    assert "normal equations" in page
    (row,) = json.loads(run("check", "--pack", "ridge", "--json").out)["results"]
    assert row["instances"]["exact"] > 5


MISTAKES = {
    "a wrong sign in the claim": (
        "+ 2 * c * W),",
        "- 2 * c * W),",
        1,
        ["by differential", "fails for", "where the left side is", "ridge.py, line"],
    ),
    "shapes that do not fit": (
        "Z * X - Y)",
        "X * Z - Y)",
        2,
        ["ShapeError", "columns of X meet", "ridge.py, line"],
    ),
    "a name that was not imported": (
        "derivative(loss),",
        "algebra(),",
        1,
        ["(ridge.py, line 2", "NameError", "'algebra' is not defined"],
    ),
    "the wrong tactic": (
        "derivative(loss),",
        "certificate(),",
        1,
        ["(ridge.py, line 2", "no certificate was found", "this is left", "hint"],
    ),
    "a step that is not used": (
        "    half = ",
        "    proof.have(Equal(W.T.T, W), certificate(), 'Twice.')\n    half = ",
        1,
        ["is stated but not used in the proof"],
    ),
    "words that name no formula": (
        "halve it and move what has no {w} to",
        "halve it and move what has no {v} to",
        1,
        ["{v}", "no such formula"],
    ),
    "a module that is not there": (None, None, 2, ["'rigde' cannot be imported", "No module"]),
    "a missing example": (
        '"small.json"',
        '"smal.json"',
        2,
        ["smal.json", "no such file"],
    ),
    "a variable left out": (
        "variables=(n, p, q, X, Y, W, c),",
        "variables=(n, p, q, X, Y, W),",
        1,
        ["speaks of c, not among its variables"],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_in_words(
    run: Run, tutorial: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    old, new, code, words = MISTAKES[name]
    module = "rigde"
    if old is not None:
        text = (tutorial / "ridge.py").read_text(encoding="utf-8")
        assert old in text
        (tutorial / "ridge.py").write_text(text.replace(old, new, 1), encoding="utf-8")
        module = "ridge"
    ran = run("check", "--pack", module)
    said = " ".join((ran.out + ran.err).split())
    assert ran.code == code, said
    for word in words:
        assert word in said, said
