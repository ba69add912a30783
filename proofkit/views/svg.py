"""Drawings as SVG inside a page: in the page's colours and letters, and with words for an ear.

>>> from proofkit.basics.drawing import Drawing, Path
>>> line = Path((("M", (0, 0)), ("L", (9, 9))), stroke="bad")
>>> line = Path((("M", (0, 0)), ("L", (9, 9))), stroke="bad")
>>> print(drawing(Drawing(9, 9, (line,)), "A line."))
<svg class="drawing" viewBox="0 0 9 9" width="12" height="12" role="img" aria-label="A line.">\
<path class="s-bad" d="M0 0L9 9"/></svg>
"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from proofkit.basics.drawing import Drawing, Label, Path
from proofkit.views.boxes import Accent, Box, Name, Number, Op, Row, Script, Words
from proofkit.views.names import label_box

__all__ = ["drawing", "length"]

_PIXELS: Final = 4 / 3
"""Pixels of a style sheet in a point."""
_ANCHORS: Final = {"start": "", "middle": ' text-anchor="middle"', "end": ' text-anchor="end"'}
_MARKS: Final = {"tilde": "˜", "hat": "ˆ", "bar": "¯"}


def drawing(picture: Drawing, words: str) -> Markup:
    """A drawing as an `svg` element; ``words`` say what it shows to those who do not see it."""
    marks = Markup("").join(_path(m) if isinstance(m, Path) else _label(m) for m in picture.marks)
    return Markup(
        '<svg class="drawing" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}">{}</svg>'
    ).format(
        length(picture.width),
        length(picture.height),
        length(round(picture.width * _PIXELS)),
        length(round(picture.height * _PIXELS)),
        words,
        marks,
    )


def length(x: float) -> str:
    """A length in as few digits as it needs.

    >>> length(3.10), length(-0.5), length(7.0)
    ('3.1', '-.5', '7')
    """
    text = f"{x:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _path(path: Path) -> Markup:
    classes = [f"s-{path.stroke}"] if path.stroke else []
    classes += [f"f-{path.fill}"] if path.fill else []
    out = [f'<path class="{" ".join(classes)}"']
    if path.stroke and path.width != 1:
        out.append(f' stroke-width="{length(path.width)}"')
    if path.dash:
        out.append(f' stroke-dasharray="{" ".join(map(length, path.dash))}"')
    if path.opacity != 1:
        out.append(f' opacity="{path.opacity}"')
    d = "".join(name + " ".join(map(length, numbers)) for name, numbers in path.commands)
    # Every part is a number or one of our own words.
    return Markup("".join(out) + f' d="{d}"/>')


def _label(label: Label) -> Markup:
    place = (
        f' transform="translate({length(label.x)} {length(label.y)})rotate(-90)"'
        if label.turned
        else f' x="{length(label.x)}" y="{length(label.y)}"'
    )
    start = Markup(
        f'<text class="f-{label.role}{" bold" if label.bold else ""}"{place}'
        f' font-size="{length(label.size)}"{_ANCHORS[label.anchor]}>'
    )
    content = _name(label_box(label.text)) if label.name else Markup.escape(label.text)
    return start + content + Markup("</text>")


def _name(box: Box) -> Markup:
    """A name in slanted letters, its subscript smaller and lower."""
    if isinstance(box, Name):
        return Markup("<tspan{}>{}</tspan>").format(
            Markup("") if box.upright else Markup(' class="name"'), box.text
        )
    if isinstance(box, (Number, Words)):
        return Markup.escape(box.text)
    if isinstance(box, Op):
        return Markup.escape(box.symbol)
    if isinstance(box, Accent):
        letter = box.base.text if isinstance(box.base, Name) else ""
        # Two glyphs: few fonts have the letter with its mark.
        return Markup(
            '<tspan class="name">{}</tspan><tspan dx="-.58em" dy="-.2em">{}</tspan>'
            '<tspan dx=".3em" dy=".2em">&#8203;</tspan>'
        ).format(letter, _MARKS[box.mark])
    if isinstance(box, Row):
        return Markup("").join(_name(item) for item in box.items)
    if isinstance(box, Script):
        out = _name(box.base)
        if box.sup is not None:
            out += _name(box.sup)
        if box.sub is not None:
            # Not `baseline-shift`, which Firefox does not know.
            # An empty glyph, of no width, brings the line back up.
            out += Markup(
                '<tspan dy=".3em" font-size=".72em">{}</tspan><tspan dy="-.216em">&#8203;</tspan>'
            ).format(_name(box.sub))
        return out
    raise TypeError(f"{type(box).__name__} does not occur in a name")
