"""Who imports whom: the checker stands without the search, and nobody imports in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import proofkit

ROOT = Path(proofkit.__file__).parent


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, modules: set[str]) -> set[str]:
    """The modules of proofkit that a file imports, at once or later, but not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            deeper = {f"{node.module}.{a.name}" for a in node.names} & modules
            found |= deeper or {node.module}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
    return found & modules


def graph(*folders: str) -> dict[str, set[str]]:
    files = {name_of(p): p for folder in folders for p in (ROOT / folder).rglob("*.py")}
    return {name: imported(path, set(files)) - {name} for name, path in files.items()}


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def test_the_checker_imports_nothing_of_the_search() -> None:
    loaded = in_a_fresh_process(
        "import sys, proofkit.diagnose.check.recheck;"
        "print(*[m for m in sys.modules if m.startswith('proofkit.diagnose')])"
    ).split()
    assert "proofkit.diagnose.check.evidence" in loaded
    assert not [m for m in loaded if m.startswith("proofkit.diagnose.search")]


def test_nor_does_any_of_its_files_later() -> None:
    edges = graph("diagnose", "networks")
    closure, ahead = set[str](), {m for m in edges if m.startswith("proofkit.diagnose.check")}
    assert len(ahead) > 30
    while ahead:
        closure |= ahead
        ahead = {m for name in ahead for m in edges[name]} - closure
    assert not [m for m in closure if m.startswith("proofkit.diagnose.search")]


def test_no_imports_run_in_a_circle() -> None:
    TopologicalSorter(graph("networks", "diagnose", "sweep")).prepare()


def test_a_circle_would_be_seen() -> None:
    edges = graph("networks", "diagnose", "sweep")
    edges["proofkit.networks.loss"].add("proofkit.diagnose.search.diagnosis")
    with pytest.raises(CycleError):
        TopologicalSorter(edges).prepare()


def test_the_package_is_callable_also_after_its_parts_were_imported() -> None:
    code = (
        "import importlib.resources, proofkit, proofkit.diagnose.check;"
        "from proofkit.networks.files import read_network;"
        "examples = importlib.resources.files('theorems').joinpath('examples');"
        "print(proofkit.diagnose(read_network(examples.joinpath('E10.json'))).verdict)"
    )
    assert in_a_fresh_process(code).strip() == "non-strict-saddle"
