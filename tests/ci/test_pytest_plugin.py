"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest


def pytest_run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in the working directory."""
    command = [sys.executable, "-m", "pytest", "-p", "no:randomly", *arguments]
    if not _registered():
        command[3:3] = ["-p", "proofkit.pytest_plugin"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def _registered() -> bool:
    from importlib.metadata import entry_points

    return any(e.value == "proofkit.pytest_plugin" for e in entry_points(group="pytest11"))


def test_steps_are_items_and_failures_are_readable(faulty: Path) -> None:
    ran = pytest_run("--proofs", "faulty_pack", "-rs", "--junitxml=out.xml")
    assert ran.returncode == 1
    assert "2 passed" in ran.stdout
    assert "1 failed" in ran.stdout
    assert "1 skipped" in ran.stdout
    for expected in (
        "faulty_pack::wrong::main::proved",
        "expected: Aᵀ·Bᵀ − Bᵀ·Aᵀ = 0",
        "hint:",
        "(A·B)ᵀ = Aᵀ·Bᵀ fails for n",
        "faulty_pack.py:",
        "bare is stated without a proof",
    ):
        assert expected in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "proofkit/kernel" not in ran.stdout
    cases = {
        (c.get("classname"), c.get("name")): {
            p.get("name"): p.get("value") for p in c.iter("property")
        }
        for c in ET.parse("out.xml").getroot().iter("testcase")
    }
    step = cases["faulty_pack.right.main", "1 have"]
    assert step["claim"] == "(A·B)ᵀ = Bᵀ·Aᵀ"
    assert step["rule"] == "algebra"
    assert step["evidence"] == "accepted by the kernel; holds on 1"


def test_selection_and_what_failed_last(faulty: Path) -> None:
    ran = pytest_run("--proofs", "faulty_pack", "-k", "right", "-q")
    assert ran.returncode == 0
    assert "2 passed" in ran.stdout
    ran = pytest_run("--proofs", "faulty_pack", "-x", "-q")
    assert "stopping after 1 failures" in ran.stdout
    ran = pytest_run("--proofs", "faulty_pack", "--lf", "-q")
    assert ran.returncode == 1
    assert "1 failed" in ran.stdout
    assert "passed" not in ran.stdout


def test_beside_ordinary_tests_and_from_the_configuration(faulty: Path) -> None:
    Path("test_it.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    Path("pytest.ini").write_text("[pytest]\nproofs = faulty_pack\n", encoding="utf-8")
    assert "3 passed" in pytest_run("-q").stdout
    assert "2 passed" in pytest_run("-q", "-m", "proof").stdout
    ran = pytest_run("--collect-only", "-q")
    assert "faulty_pack::right::main::1 have" in ran.stdout


def test_on_two_workers(faulty: Path) -> None:
    pytest.importorskip("xdist")
    ran = pytest_run("--proofs", "faulty_pack", "-n", "2", "--dist", "loadgroup", "-q")
    assert "1 failed, 2 passed, 1 skipped" in ran.stdout


def test_an_unknown_module_is_wrong_usage(faulty: Path) -> None:
    ran = pytest_run("--proofs", "no_such_pack")
    assert ran.returncode == 4
    assert "cannot be imported" in ran.stderr + ran.stdout
    assert "Traceback" not in ran.stderr + ran.stdout


def test_a_step_that_numbers_contradict_fails(faulty: Path) -> None:
    """As a kernel with a hole would let it through: the networks still catch it."""
    text = Path("faulty_pack.py").read_text(encoding="utf-8")
    text += (
        "\nimport proofkit.script.proof as proof\nfrom proofkit import kernel\n"
        "def hole(self, claim, by):\n"
        "    return kernel.theorem.seal('hole', (), proof.encode(claim))\n"
        "proof.Proof.prove = hole\n"
    )
    Path("faulty_pack.py").write_text(text, encoding="utf-8")
    ran = pytest_run("--proofs", "faulty_pack", "-k", "wrong", "-q")
    assert "is contradicted by numbers" in ran.stdout
    assert "on 200 random networks" in ran.stdout


def test_loading_it_loads_neither_sympy_nor_the_kernel(tmp_path: Path) -> None:
    code = (
        "import sys, time, pytest\nstart = time.perf_counter()\nimport proofkit.pytest_plugin\n"
        "took = time.perf_counter() - start\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('sympy', 'numpy', 'flint')\n"
        "       or m.startswith('proofkit.kernel')]\n"
        "assert not bad, bad\nprint(took)\n"
    )
    took = []
    for _ in range(3):
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        took.append(float(ran.stdout))
    assert min(took) < 0.05


def test_inactive_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import sys\ndef test_it():\n    assert 'sympy' not in sys.modules\n"
    Path("test_it.py").write_text(code, encoding="utf-8")
    ran = pytest_run("-p", "no:cacheprovider", "-q")
    assert "1 passed" in ran.stdout
