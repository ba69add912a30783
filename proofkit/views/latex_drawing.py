r"""Drawings for LaTeX: lines in the engine's own drawing operators, labels in the text's letters.

Nothing is needed beside the document: no picture file and no drawing package.

>>> from proofkit.basics.drawing import Drawing, Path
>>> print(drawing(Drawing(9, 8, (Path((("M", (0, 0)), ("L", (9, 8))), stroke="bad"),))))
\begin{picture}(9,8)
\put(0,0){\pkstrokes{q .65 .12 .17 RG 1 w 0 8 m 9 0 l S Q}}
\end{picture}
"""

from __future__ import annotations

from typing import Final

from proofkit.basics.drawing import Drawing, Label, Path, Role
from proofkit.views import latex
from proofkit.views.latex_text import escape
from proofkit.views.names import label_box
from proofkit.views.svg import length

__all__ = ["drawing"]

_INK: Final[dict[Role, str]] = {
    "ink": "1F1D1A", "soft": "5D574E", "line": "C9C2B4", "accent": "17596F", "good": "1D6640",
    "bad": "A61F2B", "wait": "6B4C00", "band": "E3EDEA", "mark": "FFE9A8", "paper": "FFFFFF",
}  # fmt: skip
_POSITIONS: Final = {"start": "lb", "middle": "b", "end": "rb"}
_OPERATORS: Final = {"M": "m", "L": "l", "C": "c"}


def drawing(picture: Drawing) -> str:
    """A drawing as a `picture`, with the commands of the template ``commands.tex.j2``."""
    height = picture.height
    lines = [
        _strokes(mark, height) if isinstance(mark, Path) else _label(mark, height)
        for mark in picture.marks
    ]
    return "\n".join(
        [
            rf"\begin{{picture}}({length(picture.width)},{length(height)})",
            *lines,
            r"\end{picture}",
        ]
    )


def _strokes(path: Path, height: float) -> str:
    out = ["q"]
    if path.stroke:
        out += [f"{_colour(path.stroke, path.opacity)} RG", f"{length(path.width)} w"]
    if path.fill:
        out.append(f"{_colour(path.fill, path.opacity)} rg")
    if path.dash:
        out.append(f"[{' '.join(map(length, path.dash))}] 0 d")
    for name, numbers in path.commands:
        if name == "Z":
            out.append("h")
            continue
        turned = [height - x if n % 2 else x for n, x in enumerate(numbers)]
        out.append(" ".join(map(length, turned)) + f" {_OPERATORS[name]}")
    out.append("B*" if path.stroke and path.fill else "S" if path.stroke else "f*")
    # TeX breaks no line inside, and reads none longer than its buffer.
    return "\\put(0,0){\\pkstrokes{" + _wrapped([*out, "Q"]) + "}}"


def _wrapped(words: list[str], columns: int = 96) -> str:
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) >= columns:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    return "\n".join([*lines, line])


def _colour(role: Role, opacity: float) -> str:
    """The colour as it looks on white through the opacity, which PDF would need a resource for."""
    digits = _INK[role]
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    return " ".join(length(1 - opacity * (1 - part)) for part in parts)


def _label(label: Label, height: float) -> str:
    words = latex.sentence_of(label_box(label.text)) if label.name else escape(label.text)
    if label.bold:
        words = rf"\textbf{{{words}}}"
    words = rf"\pklabel{{{length(label.size)}}}{{{label.role}}}{{{words}}}"
    box = rf"\makebox(0,0)[{_POSITIONS[label.anchor]}]{{\smash{{{words}}}}}"
    if label.turned:
        box = rf"\rotatebox{{90}}{{{box}}}"
    return rf"\put({length(label.x)},{length(height - label.y)}){{{box}}}"
