"""The README's tutorial, run as it is printed, that of 0.1, and the mistakes made in it first."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
OLD = Path(__file__).parent / "tutorial_0_1"
RIDGE = (OLD / "ridge.py").read_text(encoding="utf-8")
Run = Callable[..., Any]


def block(language: str, containing: str) -> str:
    """The README's block of code in that language that holds the text."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    (found,) = (b for b in blocks if containing in b)
    return found


def folder(path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str]) -> Path:
    """A folder with the files, made the working directory."""
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(path)
    monkeypatch.syspath_prepend(path)
    monkeypatch.delitem(sys.modules, "ridge", raising=False)
    return path


@pytest.fixture
def tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the tutorial of 0.1: packs written for it still run."""
    files = {
        path.name: path.read_text(encoding="utf-8") for path in OLD.iterdir() if path.is_file()
    }
    return folder(tmp_path, monkeypatch, files)


@pytest.mark.parametrize("of", ["the README", "0.1"])
def test_the_commands_prove_trace_and_report(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    of: str,
) -> None:
    if of == "0.1":
        request.getfixturevalue("tutorial")
    else:
        folder(tmp_path, monkeypatch, {"ridge.py": block("python", "normal_equations")})
    commands = [line.split()[1:] for line in block("sh", "--pack ridge").splitlines()]
    assert [c[0] for c in commands] == ["check", "show", "report"]
    check, show, report = (run(*command) for command in commands)
    assert (check.code, show.code, report.code) == (0, 0, 0)
    assert "proved" in check.out
    assert "W(XXᵀ + cI) = YXᵀ" in show.out
    assert show.out.count("holds exactly") == 3
    page = (tmp_path / "ridge-report" / "normal-equations.html").read_text(encoding="utf-8")
    assert "normal equations" in page
    (row,) = json.loads(run("check", "--pack", "ridge", "--json").out)["results"]
    assert row["instances"]["exact"] > 5


def test_the_code_is_short() -> None:
    assert len(block("python", "normal_equations").splitlines()) <= 22


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
        ["(ridge.py, line 2", "no cofactors were found", "this is left", "hint"],
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
        ["{v}", "nothing of that name"],
    ),
    "a module that is not there": (
        None,
        None,
        2,
        ["'rigde' cannot be imported", "No module", "did you mean --pack ridge?"],
    ),
    "== for Equal": (
        "claim=Equal(W * (X * X.T + c * Identity(p)), Y * X.T)",
        "claim=W * (X * X.T + c * Identity(p)) == Y * X.T",
        2,
        ["is not a claim", "eq(a, b)", "a comparison that was made at once", "ridge.py, line"],
    ),
    "a hypothesis without words": (
        '[(Critical(loss, W), "the gradient is zero at W")]',
        "[Critical(loss, W)]",
        2,
        ["hypothesis 1 is a pair (claim, words for the reader)", "ridge.py, line"],
    ),
    "a script that takes no hypothesis": (
        "def by_the_gradient(proof, critical)",
        "def by_the_gradient(proof)",
        1,
        ["expected: by_the_gradient(proof, h1)", "found: by_the_gradient(proof)",
         "ridge.py, line 20"],
    ),
    "a route without brackets": (
        "@normal_equations.route()",
        "@normal_equations.route",
        2,
        ["entered with brackets: .route()"],
    ),
    "a claim where a fact belongs": (
        "(half, critical, None)",
        "(half, normal_equations.claim, None)",
        1,
        ["a claim is not a fact", "or what have(…) returns", "ridge.py, line"],
    ),
    "LaTeX in the words": (
        '"It is zero; halve',
        '"It is $\\\\frac{1}{2}$; halve',
        1,
        ["the words hold {1}", "{{ and }}", "ridge.py, line"],
    ),
    "a wrong multiplier": (
        "(-half, gradient, None)",
        "(half, gradient, None)",
        1,
        ["no cofactors were found", "this is left: −(Z ↦", "ridge.py, line 29"],
    ),
    "a proof that stops short": (
        RIDGE.split("    half = ")[1].split("def values")[0],
        "None\n\n\n",
        1,
        ["was to be proved, but the script ends with"],
    ),
    "a loss that is no function": (
        "loss = FunctionOf(Z, norm_squared(Z * X - Y) + c * norm_squared(Z))",
        "loss = norm_squared(Z * X - Y) + c * norm_squared(Z)",
        2,
        ["is not a function", "FunctionOf(X, …)", "ridge.py, line"],
    ),
    "a decimal fraction": (
        "c * Identity(p)), Y",
        "0.5 * Identity(p)), Y",
        2,
        ["0.5 is a float", "Rational(1, 2)", "ridge.py, line"],
    ),
    "values that return nothing": (
        "    return {**sizes",
        "    {**sizes",
        2,
        ["values(network)", "returns None"],
    ),
    "a value left out": (
        ", W: weights, c: 2}",
        ", W: weights}",
        2,
        ["gives c no value, and normal-equations speaks of it"],
    ),
    "a value of another shape": (
        "X: data.X,",
        "X: data.X.T,",
        2,
        ["gives X as 2×1, and p×n is 1×2 there"],
    ),
    "one result for a list": (
        "[normal_equations], examples",
        "normal_equations, examples",
        2,
        ["are a list: [normal-equations, …]"],
    ),
    "no PACK": ("PACK = ", "PAC = ", 2, ["has no pack named PACK", "PACK = proofkit.Pack("]),
    "a missing example": (
        '"small.json"',
        '"smal.json"',
        2,
        ["smal.json", "o such file"],
    ),
    "a variable left out": (
        "variables=(n, p, q, X, Y, W, c),",
        "variables=(n, p, q, X, Y, W),",
        1,
        ["speaks of c, not among its variables"],
    ),
    "a name misspelled in the script": (
        "(-half, gradient, None)",
        "(-half, gradiant, None)",
        1,
        ["ridge.py, line 31", "'gradiant' is not defined; did you mean gradient?"],
    ),
    "a division by zero, deep in SymPy": (
        "Identity(q) / 2",
        "Identity(q) / 0",
        1,
        ["ridge.py, line 28", "a division by zero"],
    ),
    "a script that ends the program": (
        "    half = ",
        "    raise SystemExit(0)\n    half = ",
        1,
        ["ridge.py, line 28", "SystemExit: 0", "which would end proofkit too"],
    ),
    "a module that ends the program": (
        "n, p, q, c = ",
        "raise SystemExit(0)\nn, p, q, c = ",
        2,
        ["cannot be imported", "SystemExit: 0", "ridge.py, line 6"],
    ),
    "a function that does not fit its example": (
        "(weights,), data = ",
        "(weights, more), data = ",
        2,
        ["values(network) of the pack ridge, on 'One input", "(widths 1, 1)", "ValueError",
         "expected 2, got 1", "ridge.py, line 38"],
    ),
    "values that are no function": (
        "values=values",
        "values={W: 1}",
        2,
        ["is a function of a network, not {W: 1}", "def values(network)", "ridge.py, line 43"],
    ),
    "one name for two results": (
        "[normal_equations]",
        "[normal_equations, normal_equations]",
        2,
        ["two results called normal-equations", "another name"],
    ),
    "a result that rests on itself": (
        "    half = ",
        "    from proofkit.script import result_\n"
        "    proof.have(normal_equations.claim, result_(normal_equations))\n    half = ",
        1,
        ["ridge.py, line 29", "needs normal-equations itself",
         "(normal-equations → normal-equations); use results that are proved without it"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ridge.py", ["takes the name of a module: --pack ridge"]),
        ("./ridge.py", ["'./ridge.py' is not the name of a module", "--pack ridge"]),
        ("rigde", ["did you mean --pack ridge?"]),
        ("not-here", ["is not the name of a module", "holds not_here.py or not_here/"]),
        ("", ["'' is not the name of a module", "holds ridge.py"]),
        ("..", ["'..' is not the name of a module"]),
        ("ridge:PACKS", ["has no pack named PACKS"]),
    ],
)
def test_names_of_packs(run: Run, tutorial: Path, name: str, words: list[str]) -> None:
    ran = run("check", "--pack", name)
    assert ran.code == 2
    for word in words:
        assert word in ran.err
    assert "frozen" not in ran.err


def test_an_entry_point_that_leads_nowhere_says_who_installed_it(run: Run, tutorial: Path) -> None:
    folder = tutorial / "mypaper-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: mypaper\nVersion: 1\n")
    (folder / "entry_points.txt").write_text("[proofkit.packs]\nmine = mypaper.proofs\n")
    ran = run("list")
    assert ran.code == 2
    for word in ("No module named 'mypaper'", "mine = 'mypaper.proofs'", "installed by mypaper"):
        assert word in ran.err
    assert run("check", "--pack", "ridge", "-q").code == 0


def test_no_counterexample_breaks_a_hypothesis(run: Run, tutorial: Path) -> None:
    """Another result takes all that is in scope: the instance that was shown was not critical."""
    text = (tutorial / "ridge.py").read_text(encoding="utf-8")
    circle = (
        "    from proofkit.script import result_\n"
        "    proof.have(normal_equations.claim, result_(normal_equations))\n    half = "
    )
    (tutorial / "ridge.py").write_text(text.replace("    half = ", circle, 1), encoding="utf-8")
    ran = run("check", "--pack", "ridge")
    assert "needs normal-equations itself" in " ".join(ran.out.split())
    assert "fails for" not in ran.out


def test_two_packs_with_one_name(run: Run, tutorial: Path) -> None:
    (tutorial / "other.py").write_text("from ridge import PACK\n", encoding="utf-8")
    ran = run("check", "--pack", "ridge", "--pack", "other")
    assert ran.code == 2
    assert "two packs have a result called normal-equations: ridge and other" in ran.err
    assert run("check", "--pack", "ridge", "--pack", "ridge", "-q").code == 0


def test_a_script_without_end_can_be_stopped_and_says_where(tutorial: Path) -> None:
    text = (tutorial / "ridge.py").read_text(encoding="utf-8")
    endless = "    open('started', 'w').close()\n    while True:\n        pass\n    half = "
    (tutorial / "ridge.py").write_text(text.replace("    half = ", endless, 1), encoding="utf-8")
    command = [sys.executable, "-m", "proofkit", "check", "--pack", "ridge"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        while not (tutorial / "started").exists():
            time.sleep(0.05)
            assert running.poll() is None
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert re.fullmatch(r"\n?stopped at ridge\.py, line (29|30)\n", said), said


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
