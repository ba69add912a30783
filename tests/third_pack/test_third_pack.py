"""Derivations as people write them: found without a tactic, tried on instances, replayed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import proofkit as pk
from proofkit import export, replay
from proofkit.basics import tables
from proofkit.claims import encode
from tests.third_pack import PACK

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MODULES = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))
IDS = [result.id for result in PACK.results]
MOST_LINES = 16
"""Of a script, its docstring among them."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_is_used_but_the_surface(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert [(name.name, name.asname) for name in node.names] == [("proofkit", "pk")]
        if isinstance(node, ast.ImportFrom) and node.module == "typing":
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level or node.module == "__future__"
        assert not isinstance(node, ast.Attribute) or not node.attr.startswith("_")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_tactic_and_no_cofactor_is_named(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Attribute) and node.attr == "by")
        assert not (isinstance(node, ast.keyword) and node.arg == "by")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_scripts_are_short(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for script in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        statements = [node for node in ast.walk(script) if isinstance(node, ast.stmt)]
        assert len(statements) - 1 <= MOST_LINES, script.name


@pytest.mark.parametrize("id", IDS)
def test_the_second_checker_accepts_the_export_as_the_same_statement(id: str) -> None:
    run = PACK[id].run()
    assert run.footprint.cited == run.footprint.admitted == ()
    theorem = run.theorem
    assert theorem.conclusion == encode(PACK[id].statement)
    found = replay.replay(tables.dumps(export.document(theorem, {"result": id})).encode())
    assert found.digest == tables.digest(theorem.conclusion)


def test_every_step_is_an_item_of_pytest_and_instances_exercise_every_result() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "proof"]
    command += ["--proofs", "tests.third_pack", "--proofs-batch", "0", str(HERE)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1500
    )
    assert ran.returncode == 0, ran.stdout
    summary = ran.stdout.strip().splitlines()[-1]
    steps = sum(len(result.run().proof.steps) for result in PACK.results)
    assert int(summary.split(" passed")[0].split()[-1]) >= steps + len(IDS), summary
    assert "failed" not in summary
    assert "skipped" not in summary  # as a result is that no instance exercises


def test_a_wrong_factor_is_refused_with_what_is_right() -> None:
    n, p = pk.sizes("n p")
    X = pk.matrix("X", n, p)

    @pk.theorem("wrong", claim=pk.eq(pk.grad(pk.norm2(X), X), 3 * X))
    def wrong(proof: pk.Proof) -> None:
        proof.have(wrong.claim, "Thrice.")

    with pytest.raises(pk.ScriptError, match="2"):
        wrong.run()
