"""Notebooks: what theorems, results, traces, walks, networks and diagnoses show of themselves."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import proofkit
import proofkit as pk
from proofkit import notebook
from proofkit.basics.displays import Shown
from proofkit.kernel import logic
from proofkit.kernel.claims import at_most
from proofkit.kernel.terms import number
from proofkit.trace import StepTrace, Walk
from proofkit.views.telling import told

from . import samples
from .conftest import CI

CELLS = (
    "import proofkit\nfrom proofkit.notebook import network, result, trace",
    "result('perturbation').theorem()",
    "result('perturbation')",
    "network('E08')",
    "proofkit.diagnose(network('E10'))",
    "proof = trace('perturbation', example='E09')\nproof",
    "proof.walk()",
)


@pytest.fixture(scope="module")
def outputs() -> list[dict[str, str]]:
    """What each cell of a notebook shows, after the notebook was executed by a Jupyter kernel."""
    missing = [x for x in ("nbclient", "nbformat", "ipykernel") if not importlib.util.find_spec(x)]
    if missing and not CI:
        pytest.skip(f"needs {', '.join(missing)}")
    import nbformat
    from nbclient import NotebookClient

    v4: Any = nbformat.v4
    written = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS])
    NotebookClient(written, timeout=300, kernel_name="python3").execute()
    nbformat.validate(written)
    # Each thing once: rich, which detects Jupyter, would print a second copy.
    kinds = [[output.output_type for output in cell.outputs] for cell in written.cells]
    assert kinds == [[], *[["execute_result"]] * (len(CELLS) - 1)]
    return [dict(cell.outputs[0].data) for cell in written.cells[1:]]


def test_every_cell_shows_html_latex_and_text(outputs: list[dict[str, str]]) -> None:
    assert len(outputs) == len(CELLS) - 1
    for shown in outputs:
        assert {"text/html", "text/latex", "text/plain"} <= set(shown)
        assert all(shown.values())


def test_the_plain_text_is_short(outputs: list[dict[str, str]]) -> None:
    assert all(len(shown["text/plain"]) < 12_000 for shown in outputs)


n, i, k = pk.size("n"), pk.index("i"), pk.index("k")
A, v, x, d = pk.matrix("A", n, n), pk.vector("v", n), pk.real("x"), pk.widths("d")
M, f, sigma = pk.family("M", d), pk.function("f", n, n), pk.function("σ")
SHOWN = [
    (A, "A"),
    (A @ v, "Av"),
    (A + 2 * A, "A+2A"),
    (A.T, r"A^{\top}"),
    (A.I, "A^{-1}"),
    (pk.eye(n), "I"),
    (pk.zeros(n, n), "0"),
    (M, "M"),
    (M[k:1], r"M_{k}\cdots M_{1}"),
    (pk.summation(i, 1, k, A), r"\sum _{i=1}^{k}\,A"),
    (M.with_layer(i, M[i]), r"M\text{ with layer }i\text{ replaced by }M_{i}"),
    (pk.tr(A), r"\operatorname{tr}A"),
    (pk.norm2(A), r"\lVert A\rVert ^{2}"),
    (pk.rank(A), r"\operatorname{rank}A"),
    (d, "d"),
    (d(i), "d_{i}"),
    (f, "f"),
    (f(A), "f(A)"),
    (pk.grad(f, A), r"f^{\prime}(A)"),
    (pk.function_of(A, pk.norm2(A)), r"A\mapsto \lVert A\rVert ^{2}"),
    (pk.grad(pk.norm2(A), A), r"\nabla _{A}(\lVert A\rVert ^{2})"),
    (sigma(A), r"\sigma (A)"),
    (pk.hadamard(A, A), r"A\circ A"),
    (pk.det(A), r"\operatorname{det}A"),
    (pk.exp(x), "e^{x}"),
    (x * pk.tr(A) + pk.exp(x), r"x \operatorname{tr}A + e^{x}"),
    (pk.eq(A, 0), "A=0"),
    (~pk.eq(A, 0), r"A\neq 0"),
    (pk.differentiable(f), r"f\text{ is differentiable}"),
    (pk.forall(A, pk.eq(A, A)), r"A=A\text{ for all }A\in \mathbb{R}^{n\times n}"),
]


@pytest.mark.parametrize(("thing", "tex"), SHOWN, ids=[str(thing) for thing, _ in SHOWN])
def test_terms_claims_and_functions_are_shown_as_latex(thing: Any, tex: str) -> None:
    """By IPython's own formatter, which asks SymPy, which goes by the names of classes."""
    if not importlib.util.find_spec("IPython") and not CI:
        pytest.skip("needs IPython")
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(thing)
    assert data == {"text/plain": str(thing), "text/latex": rf"$\displaystyle {tex}$"}


def test_a_theorem_shows_what_was_proved(outputs: list[dict[str, str]]) -> None:
    shown = outputs[0]
    assert "proved by the kernel" in shown["text/html"]
    assert "<math>" in shown["text/html"]
    assert r"M_{k}\cdots M_{j+1}" in shown["text/latex"]
    assert "Mₖ⋯Mⱼ₊₁" in shown["text/plain"]


def test_a_result_shows_its_title_and_routes(outputs: list[dict[str, str]]) -> None:
    found = notebook.result("perturbation")
    assert found.title in outputs[1]["text/plain"]
    assert "routes: main" in outputs[1]["text/html"]


def test_a_network_shows_its_matrices(outputs: list[dict[str, str]]) -> None:
    shown = outputs[2]
    assert "<mtable>" in shown["text/html"]
    assert r"\begin{bmatrix}3 & 0 & 0" in shown["text/latex"]
    assert "widths: 3, 3, 2, 3" in shown["text/plain"]


def test_a_diagnosis_shows_its_verdict_and_why(outputs: list[dict[str, str]]) -> None:
    shown = outputs[3]
    why = proofkit.diagnose(notebook.network("E10")).why[0]
    for text in shown["text/html"], shown["text/plain"]:
        assert "A non-strict saddle" in text
        assert why in text


def test_a_trace_unfolds_and_a_walk_steps_through_every_step(
    outputs: list[dict[str, str]],
) -> None:
    folded, stepped = outputs[4], outputs[5]
    trace = notebook.trace("perturbation", example="E09")
    steps, label = trace.walk(), told(trace).label
    assert folded["text/html"].count('class="pk-number"') == len(steps)
    assert stepped["text/html"].count('type="radio"') == len(steps) + 2
    for step in steps:
        number = label(step.number)
        assert f"> {number}</a>" not in folded["text/html"]
        assert f'aria-label="{number}"' in stepped["text/html"]
        assert f"\n{number}  " in stepped["text/plain"]
        assert rf"\text{{{number}}}" in stepped["text/latex"]


def test_nothing_needs_a_script_or_the_network(outputs: list[dict[str, str]]) -> None:
    for shown in outputs:
        html = shown["text/html"]
        assert "<script" not in html
        assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?!data:)\w", html)
        assert set(re.findall(r'url\("(.{5})', html)) == {"data:"}


def test_pieces_do_not_style_each_other(outputs: list[dict[str, str]]) -> None:
    scopes = [re.match(r'<div class="(pk-\w+)">', shown["text/html"]) for shown in outputs]
    names = [found[1] for found in scopes if found]
    assert len(set(names)) == len(outputs)
    for name, shown in zip(names, outputs, strict=True):
        style = shown["text/html"].split("<style>")[1].split("</style>")[0]
        rules = [r for r in re.sub(r"@font-face \{.*?\}", "", style).splitlines() if "{" in r]
        assert all(f".{name}" in rule for rule in rules)


def test_text_of_a_user_stays_text() -> None:
    trace = samples.hostile()
    for shown in trace, trace.walk():
        html = shown._repr_mimebundle_()["text/html"]
        assert "<script" not in html and "<img" not in html


def test_two_walks_of_one_proof_do_not_share_their_buttons() -> None:
    trace = samples.perturbation()
    names = {
        re.search(r'name="([^"]+)"', trace.walk()._repr_mimebundle_()["text/html"])[1]  # type: ignore[index]
        for _ in range(2)
    }
    assert len(names) == 2


def test_a_walk_is_the_steps_in_reading_order() -> None:
    walk = samples.perturbation().walk()
    assert isinstance(walk, Walk)
    assert all(isinstance(step, StepTrace) for step in walk)
    assert [step.number for step in walk][:2] == [step.number for step in walk[:2]]


def test_open_suppositions_are_shown_as_such() -> None:
    supposed = logic.assume(at_most(number(1), number(2)))
    shown = supposed._repr_mimebundle_()
    assert "open suppositions" in shown["text/html"]
    assert "Suppose" in shown["text/plain"]


def test_only_what_is_asked_for_is_given() -> None:
    theorem = notebook.result("perturbation").theorem()
    assert set(theorem._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert "text/html" not in theorem._repr_mimebundle_(exclude={"text/html"})


def test_unknown_names_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="'E99' is neither an example"):
        notebook.network("E99")
    with pytest.raises(TypeError, match="no notebook can show a Shown"):
        Shown()._repr_mimebundle_()


def test_a_network_of_your_own_can_be_walked() -> None:
    mine = notebook.network("E09")
    assert notebook.trace("perturbation", example=mine).walk()[0].verdict is not None


@pytest.mark.parametrize("module", ["proofkit", "proofkit.kernel", "proofkit.networks.network"])
def test_what_is_shown_knows_no_view(module: str) -> None:
    code = (
        f"import sys, {module}; print([m for m in sys.modules if '.views' in m or 'notebook' in m])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_walk_is_stepped_in_a_browser_with_scripts_off(browser: Any, tmp_path: Path) -> None:
    walk = samples.perturbation().walk()
    page_file = tmp_path / "walk.html"
    html = walk._repr_mimebundle_()["text/html"]
    page_file.write_text(f"<!doctype html><meta charset=utf-8>{html}", encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())

    def here() -> str:
        return str(page.locator(".pk-stop >> visible=true").inner_text())

    assert "Suppose" in here()
    page.locator("label:visible", has_text="next").click()
    assert here().startswith(walk[0].number)
    page.keyboard.press("ArrowRight")
    assert walk[1].number in here()
    page.locator("label:visible", has_text="back").click()
    assert here().startswith(walk[0].number)
    page.get_by_text("jump").click()
    page.locator("details:not(.pk-stop details) label:visible", has_text="end").click()
    assert "What this rests on" in here()
    context.close()
