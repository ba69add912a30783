"""Figures: the same data each time, in named colours, readable where they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from proofkit.basics.drawing import Drawing, Label
from proofkit.basics.drawing import Path as Line
from proofkit.figures import (
    Arrow,
    Marked,
    architecture,
    before_and_after,
    blocks,
    commuting,
    contour,
    descent,
    leaving,
    singular_values,
    strip,
)
from proofkit.figures.canvas import COLOURS, Sheet, styled
from proofkit.views import latex_document, svg

MAKERS: dict[str, Callable[[], Drawing]] = {
    "architecture": lambda: architecture((3, 1, 4), bottleneck=1),
    "contour": lambda: contour(
        lambda x, y: x**2 - y**2 + x**4,
        across=(-2, 2),
        up=(-1, 1),
        levels=[-0.5, 0, 0.5, 1],
        points=[Marked(0, 0, "saddle", "0")],
    ),
    "descent": lambda: descent([0, 1, 2, 3], [5, 5, 4, 1], start="5", end="1"),
    "matrices": lambda: before_and_after([("M̃_1", [["1", "-1/2"]])], [("N", [["1", "0"]])]),
    "singular values": lambda: singular_values([("A", [2.0, 0.0])], bottleneck=2),
    "leaving": lambda: leaving([("M̃_1", [(1, 0), (0, 0)], [(1, 0), (0.5, 2)])]),
    "strip": lambda: strip((2, 3, 1, 2), through=1),
    "blocks": lambda: blocks([1, 2], rows=2, columns=3),
    "commuting": lambda: commuting(
        {"A": (20, 20), "(B, C)": (120, 60)}, [Arrow("A", "(B, C)", "f", True)], size=(150, 80)
    ),
}
every = pytest.mark.parametrize("name", MAKERS)


@every
def test_a_figure_is_the_same_each_time(name: str) -> None:
    assert MAKERS[name]() == MAKERS[name]()


@every
def test_a_figure_lies_on_its_sheet(name: str) -> None:
    drawing = MAKERS[name]()
    for mark in drawing.marks:
        points = (
            [(mark.x, mark.y)] if isinstance(mark, Label) else [p for _, p in mark.commands if p]
        )
        for numbers in points:
            xs, ys = numbers[::2], numbers[1::2]
            assert all(-3 <= x <= drawing.width + 3 for x in xs), mark
            assert all(-3 <= y <= drawing.height + 3 for y in ys), mark


@every
def test_svg_is_well_formed_small_and_without_colours_of_its_own(name: str) -> None:
    text = svg.drawing(MAKERS[name](), 'Words with "quotes" & <tags>.')
    root = ElementTree.fromstring(text.replace("&#8203;", ""))
    assert root.get("aria-label") == 'Words with "quotes" & <tags>.'
    assert root.get("role") == "img"
    assert not re.search(r"#[0-9a-f]{6}|rgb\(|<style|href", text)
    assert len(text) < 45_000


def test_the_contour_marks_its_points_by_shape_and_by_colour() -> None:
    kinds = ("global", "spurious", "saddle", "point")
    shapes, fills = set(), set()
    for kind in kinds:
        drawing = contour(
            lambda x, y: x + y, across=(-1, 1), up=(-1, 1), levels=[9],
            points=[Marked(0, 0, kind)],
        )  # fmt: skip
        (mark,) = [m for m in drawing.marks if isinstance(m, Line) and m.stroke == "paper"]
        shapes.add(tuple(name for name, _ in mark.commands))
        fills.add(mark.fill)
    assert len(shapes) == len(fills) == 4


def test_another_colour_is_refused() -> None:
    @styled
    def draw() -> Drawing:
        sheet = Sheet(10, 10)
        sheet.plain().plot([0, 9], [0, 9], color="#123456")
        return sheet.drawing()

    with pytest.raises(ValueError, match="none of the colours"):
        draw()
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_a_users_matplotlib_settings_change_nothing() -> None:
    import matplotlib as mpl

    plain = MAKERS["descent"]()
    with mpl.rc_context({"font.size": 30, "axes.grid": True, "lines.linewidth": 9}):
        assert MAKERS["descent"]() == plain


needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None and not os.environ.get("CI"), reason="needs pdflatex"
)


@needs_latex
def test_drawings_compile_and_their_labels_are_text(tmp_path: Path) -> None:
    from proofkit.views import latex_drawing

    body = "\n".join(
        rf"\pkfigure{{{latex_drawing.drawing(make())}}}{{{name}}}\par"
        for name, make in MAKERS.items()
    )
    (tmp_path / "proofkit.sty").write_text(latex_document.style(), encoding="utf-8")
    (tmp_path / "it.tex").write_text(
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern,proofkit}"
        rf"\begin{{document}}\noindent {body}\end{{document}}",
        encoding="utf-8",
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "it"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-2000:]
    log = (tmp_path / "it.log").read_text(encoding="utf-8", errors="replace")
    assert "Missing character" not in log and "Overfull" not in log
    shown = subprocess.run(["pdftotext", "it.pdf", "-"], cwd=tmp_path, capture_output=True).stdout
    assert "bottleneck" in shown.decode() and "before" in shown.decode()
