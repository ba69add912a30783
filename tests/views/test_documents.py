"""The LaTeX, terminal and JSON views of a trace."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from rich.cells import cell_len

from proofkit.symbols import MatrixVariable, natural
from proofkit.trace import Quantity, ResultTrace, Verdict
from proofkit.views import as_json, latex, latex_document, reading, templating, terminal
from proofkit.views.latex_text import MATH, escape
from proofkit.views.settings import DEPTHS, Settings
from proofkit.views.telling import told

from . import samples

every_sample = pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)
PACKAGES = {
    "amsmath", "amssymb", "amsthm", "mathtools", "booktabs", "hyperref", "xcolor", "geometry",
    "graphicx", "fontenc", "lmodern",
}  # fmt: skip


def compile_latex(source: str, folder: Path) -> str:
    """The log of the second run of pdflatex."""
    (folder / "it.tex").write_text(source, encoding="utf-8")
    for _ in range(2):
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "it"],
            cwd=folder, capture_output=True, timeout=120,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    return (folder / "it.log").read_text(encoding="utf-8", errors="replace")


def check_log(log: str) -> None:
    wide = [float(x) for x in re.findall(r"Overfull \\[hv]box \((\d+(?:\.\d+)?)pt", log)]
    assert max(wide, default=0) <= 5
    assert "Missing character" not in log
    assert "Warning" not in re.sub(r".*(?:infwarerr|font substitution).*", "", log)


needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None and not os.environ.get("CI"), reason="needs pdflatex"
)


@needs_latex
@every_sample
@pytest.mark.parametrize("depth", DEPTHS)
def test_latex_compiles_cleanly(
    make: Callable[[], ResultTrace], depth: Any, tmp_path: Path
) -> None:
    settings = Settings(depth=depth)
    check_log(compile_latex(latex_document.document(make(), settings=settings), tmp_path))


HOST = r"""\documentclass[twocolumn]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
%packages
\usepackage{proofkit}
%theorems
\setlength{\parindent}{17pt}\setlength{\parskip}{3pt}
\begin{document}
\section{Of mine}
\input{fragment}
\end{document}
"""


def hosted(trace: ResultTrace, folder: Path, packages: str = "", theorems: str = "") -> str:
    """The pages of a host that takes the fragment in, without its log of complaints."""
    layout = r"\typeout{inside: \the\parindent, \the\parskip}"
    fragment = latex_document.fragment(trace)
    assert fragment.count(r"\endgroup") == 1
    (folder / "proofkit.sty").write_text(latex_document.style(), encoding="utf-8")
    (folder / "fragment.tex").write_text(
        fragment.replace(r"\endgroup", layout + r"\endgroup"), encoding="utf-8"
    )
    log = compile_latex(HOST.replace("%packages", packages).replace("%theorems", theorems), folder)
    check_log(log)
    assert "Overfull" not in log
    assert "inside: 17.0pt, 3.0pt" in log
    return subprocess.run(
        ["pdftotext", "-layout", "it.pdf", "-"], cwd=folder, capture_output=True, timeout=60
    ).stdout.decode()


GUEST = "Lemma 7: told in beats"


@needs_latex
def test_a_fragment_is_a_good_guest_in_two_columns(tmp_path: Path) -> None:
    shown = hosted(
        replace(samples.in_beats(), title=GUEST),
        tmp_path,
        r"\usepackage{amsthm}\usepackage[hidelinks]{hyperref}",
        r"\newtheorem{lemma}{Lemma}[section]\renewcommand{\proofname}{My proof}",
    )
    # The host's own environments, its own numbers.
    assert "Lemma 1.1 (told in beats)" in shown and "Lemma 7" not in shown
    assert shown.count("My proof.") == 1 and "Proof" not in shown


@needs_latex
def test_a_fragment_needs_nothing_of_its_host(tmp_path: Path) -> None:
    shown = hosted(replace(samples.in_beats(), title=GUEST), tmp_path)
    assert "Lemma 7 (told in beats)" in shown and shown.count("Proof.") == 1


@needs_latex
def test_primes_stand_beside_an_index(tmp_path: Path) -> None:
    body = " ".join(f"${latex.show(name)}$" for name in ("A_1'", "A_1''", "A''", "Ñ_2'"))
    texts = " ".join(map(escape, ("A′", "A′′", "A″")))
    body = rf"\begin{{document}}{body} {texts}\end{{document}}"
    preamble = latex_document.document(samples.chain_rule()).split(r"\begin{document}")[0]
    check_log(compile_latex(preamble + body, tmp_path))
    assert latex.show("A_1'") == r"A_{1}{}^{\prime}" and latex.show("A'") == r"A^{\prime}"
    assert latex.show("A″") == latex.show("A''") == r"A^{\prime \prime}"
    assert escape("A′") == "A$'$"


@needs_latex
def test_latex_has_a_title_contents_and_numbers_where_they_are_referred_to(tmp_path: Path) -> None:
    trace = samples.in_beats()
    third, fourth = trace.steps[4:]
    first = replace(fourth.children[0], cites=("2.1.2",))
    trace = replace(trace, steps=(*trace.steps[:4], third, replace(fourth, children=(first,))))
    source = latex_document.document(trace)
    check_log(compile_latex(source, tmp_path))
    assert r"\pknumbered{in.beats.step.2.1.2}" in source
    assert r"\eqref{in.beats.step.2.1.2}" in source
    assert source.count(r"\pknumbered{in") == 1 and "pdftitle={Lemma 1, told in beats}" in source
    contents = (tmp_path / "it.pkc").read_text(encoding="utf-8")
    assert "{The idea}" in contents and "{Proof}" in contents


def test_the_inferences_are_an_appendix_on_demand() -> None:
    def at(depth: Any) -> str:
        settings = Settings(depth=depth)
        return latex_document.document(samples.in_beats(), settings=settings)

    assert "has lost rank" in at("idea") and "Its columns are dependent" not in at("idea")
    assert "Its columns are dependent" in at("proof") and "Every inference" not in at("proof")
    assert r"\pkheading{Every inference}" in at("all") and "rank arithmetic" in at("all")


@needs_latex
def test_every_symbol_compiles(tmp_path: Path) -> None:
    symbols = " ".join(escape(c) for c in sorted(MATH)) + escape("ÀéñßőŁ x₁ᵀ M̃ „quoted“ ﬁ --- ?`")
    body = rf"\begin{{document}}\raggedright {symbols} \end{{document}}"
    preamble = latex_document.document(samples.chain_rule()).split(r"\begin{document}")[0]
    check_log(compile_latex(preamble + body, tmp_path))


@every_sample
def test_latex_uses_only_the_agreed_packages(make: Callable[[], ResultTrace]) -> None:
    source = latex_document.document(make())
    used = re.findall(r"\\usepackage(?:\[[^]]*\])?\{([^}]*)\}", source)
    assert {name for group in used for name in group.split(",")} <= PACKAGES
    assert latex_document.document(make()) == source


def test_words_cannot_become_commands() -> None:
    source = latex_document.document(samples.hostile())
    assert r"\input" not in source
    assert r"\textbackslash{}input\{/etc/passwd\}" in source
    assert "中" not in source and "[U+4E2D]" in source


def test_latex_templates_refuse_what_they_do_not_know() -> None:
    with pytest.raises(UndefinedError):
        environment = templating.latex_environment(latex_document._finish)
        environment.get_template("document.tex.j2").render()


@every_sample
@pytest.mark.parametrize("width", [60, 80, 120])
def test_terminal_keeps_to_its_width(make: Callable[[], ResultTrace], width: int) -> None:
    shown = terminal.render(make(), width=width)
    assert "\x1b" not in shown
    wide = [line for line in shown.splitlines() if cell_len(line) > width]
    # A row of a matrix is never broken; only the hostile one is wider than a terminal.
    assert wide == [] or make is samples.hostile
    assert shown == terminal.render(make(), width=width)


def test_a_value_too_wide_to_stand_beside_its_term_stands_below() -> None:
    n = natural("n")
    product = MatrixVariable("A", n, n) * MatrixVariable("B", n, n)
    few, many = (Quantity(product, (("123456",) * count,) * 2) for count in (4, 40))
    (beside,) = terminal.numbers((few,), (), 80)
    assert "AB = ⎡123456" in str(beside)
    (below,) = terminal.numbers((few,), (), 35)
    first, *rows = str(below).splitlines()
    assert first == "AB =" and len(rows) == 2 and all(row.endswith(("⎤", "⎦")) for row in rows)
    (cut,) = terminal.numbers((many,), (), 35)
    assert all(len(line) <= 35 and line.endswith(("=", "…")) for line in str(cut).splitlines())


def test_terminal_shows_every_step_with_its_numbers() -> None:
    trace = samples.perturbation()
    shown = terminal.render(trace)
    for step in trace.walk():
        number = told(trace).label(step.number)
        assert re.search(rf"^ *{re.escape(number)}  ", shown, re.MULTILINE)
    assert "M̃₁ = ⎢0  1/2*  0⎥" in shown
    assert "Remark. The paper says: “for any v_1, …, v_j”" in shown
    assert "\x1b[" in terminal.render(trace, colour=True)


KEYS = {
    "trace": "format id title status tier unexercised route statement source idea symbols notation "
    "instance steps footprint comparison broken glossary illustrations way_down",
    "step": "number level kind claim rule reason uses cites words tier verdict batch quantities "
    "remarks steps",
    "verdict": "status exact detail residual tolerance samples instances failed",
    "quantity": "term rows changed compared_to",
    "remark": "id paper_says truth example source",
    "instance": "id title facts quantities",
    "footprint": "rules structural results cited admitted inferences",
}


def keys(name: str) -> list[str]:
    return KEYS[name].split()


@every_sample
def test_json_keys_are_stable(make: Callable[[], ResultTrace]) -> None:
    data = json.loads(as_json.dumps(make()))
    assert data["format"] == "proofkit/trace/1"
    assert list(data) == keys("trace")
    assert list(data["footprint"]) == keys("footprint")
    assert list(data["instance"]) == keys("instance")
    for step in walk(data["steps"]):
        assert list(step) == keys("step")
        assert set(step["claim"]) == {"text", "latex"}
        for verdict in filter(None, (step["verdict"], step["batch"])):
            assert list(verdict) == keys("verdict")
        assert all(list(q) == keys("quantity") for q in step["quantities"])
        assert all(list(r) == keys("remark") for r in step["remarks"])


def walk(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [x for step in steps for x in (step, *walk(step["steps"]))]


def test_used_by_is_the_reverse_of_uses() -> None:
    trace = samples.perturbation()
    assert reading.used_by(trace)["H2"] == ("3.2.1",)
    assert [depth for depth, _ in reading.nested(trace)] == [0, 0, 0, 1, 1, 2, 2, 0]


def test_verdicts_in_words() -> None:
    def words(verdict: Verdict) -> str:
        return "".join(map(str, reading.verdict_words(verdict).parts))

    assert words(Verdict("not refuted", False, samples=1)) == "not refuted: 1 sample tried"
    beyond = Verdict("fails", False, residual=1.0, tolerance=1e-9, detail="row 2")
    assert words(beyond) == "fails: residual 1.0e+00 beyond 1.0e-09; row 2"
    failed = Verdict("fails", True, instances=10, failed=2)
    assert reading.batch_words(failed) == "Fails on 2 of 10 random networks"
