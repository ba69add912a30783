"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest


def pytest_run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in the working directory, by its bare command."""
    command = [sys.executable, "-P", "-c", "import sys, pytest; sys.exit(pytest.main())"]
    command += ["-p", "no:randomly", "-p", "no:hypothesispytest"]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300)


def test_steps_are_items_and_failures_are_readable(faulty: Path) -> None:
    ran = pytest_run("--proofs", "faulty_pack", "-rfs", "--junitxml=out.xml")
    assert ran.returncode == 1
    assert "2 failed, 2 passed, 1 skipped" in ran.stdout
    for expected in (
        "proofs: faulty_pack\n",
        "proofs: 5 items\n",
        "FAILED faulty_pack::wrong::main::proved - not reached: step 1-have was refused",
        "FAILED faulty_pack::wrong::main::1-have - wrong",
        "wrong, route main: (A·B)ᵀ = Aᵀ·Bᵀ\n",
        "this is left: Aᵀ·Bᵀ − Bᵀ·Aᵀ",
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
    step = cases["faulty_pack.right.main", "1-have"]
    assert step["claim"] == "(A·B)ᵀ = Bᵀ·Aᵀ"
    assert step["rule"] == "algebra"
    assert step["evidence"] == "accepted by the kernel; holds on 1"


def test_of_a_refused_script_every_step_is_an_item(faulty: Path) -> None:
    """What was accepted passes, what was refused fails, what comes after is not reached."""
    text = Path("faulty_pack.py").read_text(encoding="utf-8")
    steps = """def by_hope(p):
    p.have(right.claim, algebra())
    with p.for_all(A):
        p.have(Equal(A.T.T, A), algebra())
        p.have(Equal(A, A.T), algebra())
        p.have(Equal(A + A, 2 * A), algebra())
"""
    Path("faulty_pack.py").write_text(text.replace("def by_hope(p):\n", steps), encoding="utf-8")
    ran = pytest_run("--proofs", "faulty_pack", "faulty_pack::wrong", "-rs", "--junitxml=o.xml")
    assert "2 failed, 2 passed, 3 skipped" in ran.stdout
    assert "SKIPPED [3]" in ran.stdout
    assert "not reached: step 2.2-have was refused" in ran.stdout
    assert "this is left: A − Aᵀ" in ran.stdout
    assert "Traceback" not in ran.stdout
    cases = {c.get("name"): c for c in ET.parse("o.xml").getroot().iter("testcase")}
    outcomes = {
        name: next((x.tag for x in case if x.tag != "properties"), "passed")
        for name, case in cases.items()
    }
    assert outcomes == {
        "proved": "failure",
        "1-have": "passed",
        "2-fix": "skipped",
        "2.1-have": "passed",
        "2.2-have": "failure",
        "2.3-have": "skipped",
        "3-have": "skipped",
    }
    accepted = {p.get("name"): p.get("value") for p in cases["2.1-have"].iter("property")}
    assert accepted["evidence"].startswith("accepted by the kernel; tried on no network")


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
    assert "faulty_pack::right::main::1-have" in ran.stdout


def test_names_of_items_are_arguments(faulty: Path) -> None:
    ran = pytest_run("--proofs", "faulty_pack", "faulty_pack::right::main::1-have", "-q")
    assert (ran.returncode, "1 passed" in ran.stdout) == (0, True)
    ran = pytest_run("--proofs", "faulty_pack", "faulty_pack::right", "faulty_pack::bare", "-q")
    assert "2 passed, 1 skipped" in ran.stdout
    ran = pytest_run("--proofs", "faulty_pack", "faulty_pack::right::main::9-have", "-q")
    assert ran.returncode == 4
    assert "no step of a proof is called faulty_pack::right::main::9-have" in ran.stderr


def test_naming_a_file_runs_it_alone(faulty: Path) -> None:
    Path("test_it.py").write_text("def test_it():\n    pass\n", encoding="utf-8")
    Path("pytest.ini").write_text("[pytest]\nproofs = faulty_pack\n", encoding="utf-8")
    for name in ("test_it.py", "test_it.py::test_it"):
        ran = pytest_run(name)
        assert "proofs: left out, as files are named (faulty_pack)" in ran.stdout
        assert "1 passed in" in ran.stdout
    assert "2 passed" in pytest_run(".", "-q", "-m", "proof").stdout
    assert "3 passed" in pytest_run("test_it.py", "--proofs", "faulty_pack", "-q").stdout
    ran = pytest_run("test_it.py", "faulty_pack::right::main::proved", "-q")
    assert "2 passed in" in ran.stdout


def test_packs_are_found_beside_the_configuration(
    faulty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by the bare command in a folder below, which puts nothing on the path."""
    (faulty / "below").mkdir()
    Path("pytest.ini").write_text("[pytest]\nproofs = faulty_pack\n", encoding="utf-8")
    monkeypatch.chdir(faulty / "below")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    ran = pytest_run("-q", "-k", "right")
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_on_several_workers(faulty: Path) -> None:
    pytest.importorskip("xdist")
    proofs = ("--proofs", "faulty_pack", "-q")
    ran = pytest_run(*proofs, "-n", "auto", "--junitxml=out.xml")
    assert "2 failed, 2 passed, 1 skipped" in ran.stdout
    lines = Path("faulty_pack.py").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "p.have(wrong.claim" in text)
    assert f"faulty_pack.py:{line}" in ran.stdout
    cases = {
        (c.get("classname"), c.get("name")): c
        for c in ET.parse("out.xml").getroot().iter("testcase")
    }
    step = cases["faulty_pack.right.main", "1-have"]
    properties = {p.get("name") for p in step.iter("property")}
    assert properties == {"claim", "rule", "evidence"}
    ran = pytest_run(*proofs, "-n", "2", "--lf", "-x")
    assert ran.returncode in (1, 2)
    assert "failed" in ran.stdout
    assert "passed" not in ran.stdout
    ran = pytest_run(*proofs, "-n", "2", "--dist", "loadgroup", "faulty_pack::right")
    assert "2 passed" in ran.stdout


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
        "    return kernel.theorem.seal('hole', (), (), proof.encode(claim))\n"
        "proof.Proof.prove = hole\n"
    )
    Path("faulty_pack.py").write_text(text, encoding="utf-8")
    ran = pytest_run("--proofs", "faulty_pack", "-k", "wrong", "-q")
    told = " ".join(ran.stdout.split())
    assert "is contradicted by numbers" in told
    assert "on 200 random networks" in told


def changed(old: str, new: str) -> None:
    text = Path("faulty_pack.py").read_text(encoding="utf-8")
    assert old in text
    Path("faulty_pack.py").write_text(text.replace(old, new), encoding="utf-8")


def test_examples_that_cannot_be_used_are_told_in_words(faulty: Path) -> None:
    Path("bad.json").write_text('{"format": "proofkit/network/1", "dims": [1,}', encoding="utf-8")
    changed("examples=dict", 'examples=lambda: {"bad": __import__("pathlib").Path("bad.json")}')
    ran = pytest_run("--proofs", "faulty_pack", "-k", "right", "-q")
    assert ran.returncode == 1
    assert "the examples of the pack cannot be used:\nbad.json: (line 1, " in ran.stdout
    assert "_pytest" not in ran.stdout
    assert "def " not in ran.stdout


def test_a_script_that_ends_the_program_is_a_failure(faulty: Path) -> None:
    changed("p.have(wrong.claim, ", "raise SystemExit(0)\n    p.have(wrong.claim, ")
    ran = pytest_run("--proofs", "faulty_pack", "-q")
    assert ran.returncode == 1
    assert "the script stopped with SystemExit: 0" in ran.stdout
    assert "1 failed, 2 passed, 1 skipped" in ran.stdout
    assert "INTERNALERROR" not in ran.stdout + ran.stderr


def test_in_an_ordinary_test_a_refusal_shows_the_script_and_not_what_is_beneath(
    faulty: Path,
) -> None:
    """Also where a block is left, which goes through the standard library."""
    body = """
from faulty_pack import A, B, Equal, algebra, n, result, wrong


def test_step():
    wrong.run()


def test_block():
    stated = result("s", "S", variables=(n, A, B), given=[(Equal(A, 0), "zero")], claim=Equal(A, 0))

    @stated.route()
    def script(p, zero):
        with p.for_all(A):
            p.have(Equal(A * B, 0), algebra(zero))

    stated.run()
"""
    Path("test_it.py").write_text(body, encoding="utf-8")
    ran = pytest_run("test_it.py")
    assert "2 failed" in ran.stdout
    for expected in (
        "p.have(wrong.claim, algebra()",
        "proofkit.script.ScriptError: (A·B)ᵀ = Aᵀ·Bᵀ",
        "this is left: Aᵀ·Bᵀ − Bᵀ·Aᵀ",
        "the block fixes A, and what it shows rests on a fact about this very A",
        "with p.for_all(A):",
    ):
        assert expected in ran.stdout
    for hidden in ("proofkit/script", "contextlib", "KernelError", "direct cause", "def prove"):
        assert hidden not in ran.stdout
    assert len(ran.stdout.splitlines()) < 70


def test_loading_it_loads_nothing_else() -> None:
    code = (
        "import sys, pytest\nbefore = set(sys.modules)\nimport proofkit.pytest_plugin\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = ["proofkit", "proofkit.pytest_plugin"]
    assert ran.stdout.split() == loaded, ran.stdout + ran.stderr


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that knows nothing of proofs."""
    monkeypatch.chdir(tmp_path)
    code = (
        "import sys\ndef test_it():\n    assert not {'sympy', 'numpy', 'flint'} & {*sys.modules}\n"
    )
    Path("test_it.py").write_text(code, encoding="utf-8")
    return tmp_path


def test_inactive_unless_asked(plain: Path) -> None:
    ran = pytest_run("-p", "no:cacheprovider", "-p", "proofkit")
    assert "1 passed" in ran.stdout
    assert "proofs:" not in ran.stdout


def test_inactive_it_costs_little(plain: Path) -> None:
    """Less than a quarter of what pytest's own start takes: that is 0.2 s, so below 50 ms."""
    resource = pytest.importorskip("resource")

    def cost(plugin: str) -> float:
        def used() -> float:
            times = resource.getrusage(resource.RUSAGE_CHILDREN)
            return float(times.ru_utime + times.ru_stime)

        before = used()
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", plugin]
        assert subprocess.run(command, capture_output=True).returncode == 0
        return used() - before

    rounds = [(cost("proofkit"), cost("no:proofkit")) for _ in range(3)]
    active, absent = (min(times) for times in zip(*rounds, strict=True))
    assert active - absent < absent / 4
