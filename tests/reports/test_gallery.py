"""Reports from the command line: what is written, whether a gallery is current, safe words."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.reports.gallery import comparable

REPORTS = Path(__file__).parents[2] / "reports"
SMALL = ("chain-rule", "perturbation")


@pytest.fixture
def gallery(run: Callable[..., Any], tmp_path: Path) -> Path:
    """A gallery of two results, written by the command."""
    folder = tmp_path / "gallery"
    assert run("report", *SMALL, "-o", folder, "--format", "html,latex").code == 0
    return folder


def test_a_gallery_just_written_is_current(run: Callable[..., Any], gallery: Path) -> None:
    ran = run("report", *SMALL, "--check", gallery)
    assert ran.code == 0 and "is current: 2 results" in ran.out
    names = sorted(path.name for path in gallery.iterdir())
    assert names == [
        "chain-rule.html", "chain-rule.tex", "handbook.html", "index.html", "perturbation.html",
        "perturbation.tex",
    ]  # fmt: skip


def test_the_first_difference_is_told(run: Callable[..., Any], gallery: Path) -> None:
    page = gallery / "perturbation.html"
    text = page.read_text(encoding="utf-8")
    line = next(
        n for n, x in enumerate(text.splitlines()) if "every column" in x or "The idea" in x
    )
    page.write_text(text.replace("The idea", "My idea", 1), encoding="utf-8")
    ran = run("report", *SMALL, "--check", gallery)
    assert ran.code == 1
    assert f"perturbation.html: line {line + 1} is not current" in ran.out
    assert "My idea" in ran.out and "The idea" in ran.out and "chain-rule" not in ran.out


def test_missing_and_foreign_files_are_told(run: Callable[..., Any], gallery: Path) -> None:
    (gallery / "chain-rule.tex").unlink()
    (gallery / "old.html").write_text("x", encoding="utf-8")
    (gallery / "notes.txt").write_text("x", encoding="utf-8")
    ran = run("report", *SMALL, "--check", gallery, "--json")
    data = json.loads(ran.out)
    assert ran.code == 1
    assert {d["file"]: d["problem"].split(",")[0] for d in data["differences"]} == {
        "chain-rule.tex": "is missing",
        "old.html": "is there",
    }


def test_fonts_and_lines_of_drawings_are_not_compared(gallery: Path) -> None:
    page = (gallery / "perturbation.html").read_text(encoding="utf-8")
    other = re.sub(r"(data:font/woff;base64,)[^\"]*", r"\1AAAA", page)
    other = re.sub(r' d="M[^"]*"/></svg>', ' d="M0 0L1 1"/></svg>', other)
    assert other != page and comparable(other) == comparable(page)
    assert comparable(page.replace("bottleneck</text>", "neck</text>")) != comparable(page)
    source = (gallery / "perturbation.tex").read_text(encoding="utf-8")
    moved = source.replace(r"\put(0,0){\pkstrokes{q", r"\put(0,0){\pkstrokes{q 1 w", 1)
    assert moved != source and comparable(moved) == comparable(source)


def test_two_runs_give_the_same_bytes(
    run: Callable[..., Any], gallery: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    run("report", *SMALL, "-o", again, "--format", "html,latex")
    for path in gallery.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_no_machine_digits(gallery: Path) -> None:
    for path in gallery.iterdir():
        text = comparable(path.read_text(encoding="utf-8"))
        assert not re.search(r"\d\.\d{6,}|\de-\d\d", text), path.name


def test_the_gallery_of_the_repository_is_current(run: Callable[..., Any]) -> None:
    ran = run("report", "--check", REPORTS)
    assert ran.code == 0, ran.out


# The handbook shows what one types.
READ = [path for path in sorted(REPORTS.glob("*.*")) if path.name != "handbook.html"]


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_readers_meet_no_notation_of_ours(path: Path) -> None:
    words = re.sub(r"<[^>]*>|base64,[^\"]*", " ", path.read_text(encoding="utf-8"))
    for ours in (r"\w\[\w+:", "⟹ ∀", r"∀\w+\.", "Cannot convert"):
        assert not re.search(ours, words), (path.name, re.search(f".{{60}}{ours}.{{40}}", words))


def test_what_belongs_to_a_proof_is_known_and_used() -> None:
    from theorems import PACK

    for result in PACK.results:
        used = set(result.run().footprint.results)
        for id in result.parts:
            assert id in used, (result.id, id)
            used |= set(PACK[id].run().footprint.results)


def test_random_networks_accuse_no_step_when_a_hypothesis_was_only_sampled(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    assert run("report", "theorem-2", "--format", "json", "-o", tmp_path).code == 0
    trace = json.loads((tmp_path / "theorem-2.json").read_text(encoding="utf-8"))
    steps = list(trace["steps"])
    assert "not refuted" in {step["batch"]["status"] for step in steps if step["kind"] == "given"}
    while steps:
        step = steps.pop()
        steps.extend(step["steps"])
        assert step["batch"] is None or step["batch"]["status"] != "fails", step["number"]


def test_a_case_that_does_not_arise_is_no_failure(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("report", "lemma-1", "--format", "json", "-o", tmp_path).code == 0
    trace = json.loads((tmp_path / "lemma-1.json").read_text(encoding="utf-8"))
    last = trace["steps"][-1]["steps"]
    (cases,) = [step["steps"] for step in last if step["kind"] == "cases"]
    assert [case["kind"] for case in cases] == ["case", "case"]
    assert [case["verdict"]["status"] for case in cases] == ["not applicable", "holds"]


def test_pages_of_the_gallery_are_small_enough() -> None:
    pages = sorted(REPORTS.glob("*.html"))
    assert len(pages) >= 9
    assert {p.name: p.stat().st_size for p in pages if p.stat().st_size > 640_000} == {}


def test_experiments_are_shown_with_all_results_of_their_pack() -> None:
    from proofkit.reports.planning import Job, experiments
    from theorems import PACK

    jobs: list[Any] = [Job(PACK, result, "", None, result.id) for result in PACK.results]  # type: ignore[arg-type]
    assert list(experiments(jobs)) == ["experiment-weighted-squared"]
    assert experiments(jobs[1:]) == experiments([]) == {}
    index = (REPORTS / "index.html").read_text(encoding="utf-8")
    assert 'href="experiment-weighted-squared.html"' in index


def test_every_example(run: Callable[..., Any], tmp_path: Path) -> None:
    ran = run("report", "chain-rule", "--all", "--format", "html", "-o", tmp_path)
    assert ran.code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"chain-rule.html", "chain-rule.E01.html", "chain-rule.E25.html"} <= names
    # Networks of several towers are none that the chain rule speaks of.
    assert "chain-rule.E28.html" not in names
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="chain-rule.E25.html">E25</a>' in index
    page = (tmp_path / "chain-rule.E25.html").read_text(encoding="utf-8")
    assert re.search(r'class="fails"><span aria-hidden="true">✗</span>.*?H2', page)


def test_settings_and_templates_from_the_command_line(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    config = tmp_path / "course.toml"
    config.write_text('course = "Week 7"\n[notation]\nM = "W"\n', encoding="utf-8")
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html.j2").write_text(
        '{% extends "proofkit/page.html.j2" %}{% block idea %}MINE{% endblock %}', encoding="utf-8"
    )
    ran = run(
        "report", "chain-rule", "--format", "html,latex", "-o", tmp_path / "out",
        "--title", "T & U", "--config", config, "--templates", templates,
    )  # fmt: skip
    assert ran.code == 0
    page = (tmp_path / "out" / "chain-rule.html").read_text(encoding="utf-8")
    assert "Week 7" in page and "MINE" in page and "T &amp; U" in page and ">W</mi>" in page
    assert "W_{" in (tmp_path / "out" / "chain-rule.tex").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--config", "none.toml"), "none.toml"),
        (("--templates", "none"), "none"),
        (("--check", "none"), "none"),
        (("--format", "docx"), "'docx' is not one of html, latex, fragment, pdf, markdown, json"),
        (("--title", "x" * 301), "at most 300 characters"),
    ],
)
def test_wrong_usage_is_told(
    run: Callable[..., Any], tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = run("report", "chain-rule", "-o", tmp_path / "out", *arguments)
    assert ran.code == 2 and words in ran.err


def test_a_faulty_template_is_told_with_its_place(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text("\n\n{{ nothing }}", encoding="utf-8")
    ran = run("report", *SMALL, "--format", "html", "-o", tmp_path / "o", "--templates", tmp_path)
    assert ran.code == 2 and "page.html.j2:3: 'nothing' is undefined" in ran.err


HOSTILE = r"<script>alert(1)</script> \input{/etc/passwd}"


def test_a_title_from_a_users_file_stays_text(run: Callable[..., Any], tmp_path: Path) -> None:
    network = {
        "format": "proofkit/network/1", "title": HOSTILE, "dims": [1, 1], "layers": [[[2]]],
        "loss": {"kind": "squared", "X": [[1]], "Y": [[3]]},
    }  # fmt: skip
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(network), encoding="utf-8")
    formats = "html,latex,fragment,json"
    ran = run("report", "chain-rule", "--example", file, "--format", formats, "-o", tmp_path / "o")
    assert ran.code == 0
    page = (tmp_path / "o" / "chain-rule.html").read_text(encoding="utf-8")
    assert page.count("<script>") == 1 and "&lt;script&gt;alert(1)" in page
    for name in ("chain-rule.tex", "chain-rule.fragment.tex"):
        source = (tmp_path / "o" / name).read_text(encoding="utf-8")
        assert r"\input{" not in source.replace(r"% \input this into", "")
        assert r"\textbackslash{}input\{/etc/passwd\}" in source


def told_of(page: Path) -> tuple[int, int]:
    """How many auxiliary results a page says are printed on it, and elsewhere."""
    text = page.read_text(encoding="utf-8")
    here = re.search(r"(\d+) auxiliary results? (?:is|are) proved here", text)
    more = re.search(r"(\d+) more (?:is|are) proved with", text)
    there = more or re.search(r"(\d+) auxiliary results? that this proof rests on", text)
    assert (int(here[1]) if here else 0) == text.count('id="needed-'), page.name
    return int(here[1]) if here else 0, int(there[1]) if there else 0


def test_auxiliary_results_are_counted(run: Callable[..., Any], tmp_path: Path) -> None:
    pages = [p for p in sorted(REPORTS.glob("*.html")) if p.with_suffix(".tex").exists()]
    told = {page.stem: told_of(page) for page in pages}
    # Each is printed once in a gallery; a page on its own prints what no other one does.
    from theorems import PACK

    assert sum(here for here, _ in told.values()) <= len(PACK.auxiliary)
    assert run("report", "theorem-2", "-o", tmp_path, "--format", "html").code == 0
    alone = told_of(tmp_path / "theorem-2.html")
    assert sum(alone) == sum(told["theorem-2"]) and alone[0] > told["theorem-2"][0]


# ── PDF ────────────────────────────────────────────────────────────────────────────────────────
needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None and not os.environ.get("CI"), reason="needs pdflatex"
)


def compiled(folder: Path, name: str) -> str:
    """The text of a PDF, after checking that the log has nothing to complain of."""
    for _ in range(2):
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name],
            cwd=folder, capture_output=True, timeout=180,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    log = (folder / name).with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    wide = [float(x) for x in re.findall(r"Overfull \\[hv]box \((\d+(?:\.\d+)?)pt", log)]
    assert max(wide, default=0) <= 5
    assert "Missing character" not in log and "undefined" not in log
    pdf = (folder / name).with_suffix(".pdf")
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, timeout=60).stdout.decode()


@needs_latex
def test_the_pdfs_have_every_beat_and_few_pages(tmp_path: Path) -> None:
    pages = {}
    for path in sorted(REPORTS.glob("*.tex")):
        shutil.copy(path, tmp_path)
        text = compiled(tmp_path, path.name)
        beats = re.findall(r"\\pkbeat\{[^}]*\}\{([^}]*)\}", path.read_text(encoding="utf-8"))
        missing = [n for n in beats if not re.search(rf"^\s*{re.escape(n)}\s", text, re.MULTILINE)]
        assert missing == [], path.name
        pages[path.stem] = text.count("\f")
    assert len(pages) == 9 and pages["lemma-1"] <= 6, pages
    assert sum(pages.values()) <= 40, pages


@needs_latex
def test_fragments_go_into_a_document_of_ones_own(run: Callable[..., Any], tmp_path: Path) -> None:
    assert run("report", *SMALL, "--format", "fragment", "-o", tmp_path).code == 0
    (tmp_path / "thesis.tex").write_text(
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{proofkit}"
        r"\newcommand{\step}{x}\begin{document}\section{One}\input{chain-rule.fragment}"
        r"\section{Two}\input{perturbation.fragment}THE END\the\parindent\end{document}",
        encoding="utf-8",
    )
    text = compiled(tmp_path, "thesis.tex")
    assert "The chain rule" in text and "kernel vectors" in text
    # The document's own layout is back after the fragments.
    assert re.search(r"THE END\s*15\.0pt", text)


def test_without_an_engine_there_is_a_note(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = run("report", "chain-rule", "--format", "pdf,html", "-o", tmp_path / "o")
    assert ran.code == 0 and "No PDF was written: no TeX engine" in ran.out
    assert not list((tmp_path / "o").glob("*.pdf"))
