"""A pack that knows proofkit from outside: proved, replayed, reported, on public names only."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
HERE = Path(__file__).parent
PUBLIC = {
    "proofkit.claims",
    "proofkit.derivations",
    "proofkit.networks.losses",
    "proofkit.networks.network",
    "proofkit.networks.numbers",
    "proofkit.script",
    "proofkit.symbols",
    "proofkit.trace",
}


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE.parent)
    monkeypatch.delitem(sys.modules, "second_pack", raising=False)


def test_only_public_names_are_used() -> None:
    tree = ast.parse((HERE / "__init__.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(a.name.startswith("proofkit") for a in node.names)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("proofkit"):
            assert node.module in PUBLIC
            module = __import__(node.module, fromlist=["__all__"])
            public = getattr(module, "__all__", [n for n in dir(module) if n[0] != "_"])
            assert {a.name for a in node.names} <= set(public)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_") or node.attr == "__file__"


def test_every_result_is_proved_and_tried(run: Run) -> None:
    import json

    rows = json.loads(run("check", "--pack", "second_pack", "--strict", "--json").out)["results"]
    assert len(rows) == 6
    for row in rows:
        assert row["status"] == row["tier"] == "proved"
        assert row["cited"] == row["admitted"] == []
        assert row["instances"]["exact"] > 5
        assert row["instances"]["exercised"] > 5
        assert row["unexercised"] == []
    by_id = {row["id"]: row for row in rows}
    assert by_id["normal-equations"]["results"] == ["ridge-gradient"]
    assert set(by_id["middle-factor"]["rules"]) == {
        "rank of product left",
        "rank of product right",
    }
    assert by_id["woodbury"]["rules"] == {}


def test_it_is_shown_with_numbers_and_reported(run: Run, tmp_path: Path) -> None:
    ran = run("show", "--pack", "second_pack", "ridge-gradient", "--example", "small")
    assert ran.code == 0
    assert "holds exactly" in ran.out
    assert run("report", "--pack", "second_pack", "-o", tmp_path, "--format", "html").code == 0
    assert (tmp_path / "woodbury.html").exists()


def test_a_wrong_gradient_is_refused_with_an_instance(run: Run, tmp_path: Path) -> None:
    source = (HERE / "__init__.py").read_text(encoding="utf-8")
    wrong = source.replace("slope = 2 * (W * X - Y)", "slope = (W * X - Y)")
    assert wrong != source
    (tmp_path / "examples").mkdir()
    (tmp_path / "wrong_ridge.py").write_text(wrong, encoding="utf-8")
    sys.path.insert(0, str(tmp_path))
    try:
        ran = run("check", "--pack", "wrong_ridge", "ridge-gradient")
    finally:
        sys.path.remove(str(tmp_path))
    assert ran.code == 1
    assert "where the left side is" in ran.out
