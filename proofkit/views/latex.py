r"""LaTeX notation: formulas for amsmath and amssymb, and text safe to put between them.

LaTeX is only ever an output here: nothing reads it back.

>>> from proofkit.symbols import family, index, widths
>>> M, k, j = family('M', widths('d')), index('k'), index('j')
>>> print(show(M[k:j+1].T))
(M_{k}\cdots M_{j+1})^{\top}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from proofkit.views.boxes import (
    Accent,
    Box,
    Fence,
    Fresh,
    Gap,
    Name,
    Number,
    Op,
    Over,
    Root,
    Row,
    Script,
    Words,
    flatten,
)
from proofkit.views.latex_text import MATH, escape
from proofkit.views.layout import Notation, lay_out
from proofkit.views.numerals import figure

__all__ = ["matrix", "number", "portable", "sentence", "sentence_of", "show", "show_box"]

_LOWERED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MARKS: Final = {"tilde": r"\widetilde", "hat": r"\widehat", "bar": r"\overline"}
_OPEN: Final = {"(": "(", "[": "[", "‖": r"\lVert ", "⟨": r"\langle ", "|": r"\lvert "}
_CLOSE: Final = {")": ")", "]": "]", "‖": r"\rVert ", "⟩": r"\rangle ", "|": r"\rvert "}


def show(x: Any, notation: Notation = ()) -> str:
    """An expression as one LaTeX formula, without the dollars."""
    return show_box(lay_out(x, notation))


def sentence(x: Any, notation: Notation = ()) -> str:
    """An expression as LaTeX text with formulas in it, so that it breaks over lines.

    >>> from proofkit.claims import Convex
    >>> from proofkit.symbols import Function
    >>> sentence(Convex(Function('f', 1, 1)))
    '$f$ is convex'
    """
    return sentence_of(lay_out(x, notation))


def sentence_of(box: Box) -> str:
    """A box as text with formulas in it."""
    out: list[str] = []
    formula: list[Box] = []
    for item in (*flatten(box), Words("")):
        if isinstance(item, Words):
            if formula:
                out.append(f"${show_box(Row(tuple(formula)))}$")
            out.append(escape(item.text))
            formula = []
        else:
            formula.append(item)
    return "".join(out)


def show_box(box: Box) -> str:
    """A box as LaTeX, for mathematics mode."""
    if isinstance(box, Name):
        return _name(box)
    if isinstance(box, Number):
        return _symbols(box.text)
    if isinstance(box, Words):
        return rf"\text{{{escape(box.text)}}}"
    if isinstance(box, Gap):
        return r"\,"
    if isinstance(box, Op):
        return _operator(box)
    if isinstance(box, Accent):
        return f"{_MARKS[box.mark]}{{{show_box(box.base)}}}"
    if isinstance(box, Over):
        return rf"\tfrac{{{show_box(box.above)}}}{{{show_box(box.below)}}}"
    if isinstance(box, Root):
        return rf"\sqrt{{{show_box(box.body)}}}"
    if isinstance(box, Fence):
        return f"{_OPEN[box.opening]}{show_box(box.body)}{_CLOSE[box.closing]}"
    if isinstance(box, Fresh):
        return rf"\pkfresh{{{show_box(box.body)}}}"
    if isinstance(box, Row):
        return _row(box.items)
    return _script(box)


def _script(box: Script) -> str:
    r"""A base with its scripts; primes stand after a subscript, not above it.

    >>> print(show("A_1'"), show("A''"))
    A_{1}{}^{\prime} A^{\prime \prime}
    """
    base = show_box(box.base)
    if isinstance(box.base, Script):
        base = f"{{{base}}}"  # LaTeX takes no second superscript
    sub = "" if box.sub is None else f"_{{{show_box(box.sub).rstrip()}}}"
    sup = "" if box.sup is None else f"^{{{show_box(box.sup).rstrip()}}}"
    between = "{}" if sub and _begins_with_prime(box.sup) else ""
    return f"{base}{sub}{between}{sup}"


def _begins_with_prime(box: Box | None) -> bool:
    first = box.items[0] if isinstance(box, Row) and box.items else box
    return isinstance(first, Op) and first.symbol == "′"


def _row(items: Sequence[Box]) -> str:
    """Boxes side by side; beside an operator such as log LaTeX has a thin space already."""
    out = []
    for n, item in enumerate(items):
        ends, begins = items[max(n - 1, 0) : n], items[n + 1 : n + 2]
        beside = (*(_is_operator(x, -1) for x in ends), *(_is_operator(x, 0) for x in begins))
        if not (isinstance(item, Gap) and any(beside)):
            out.append(show_box(item))
    return "".join(out)


def _is_operator(box: Box, at: int) -> bool:
    """Whether a box has a name that LaTeX sets as an operator at its start, 0, or its end, -1."""
    if isinstance(box, Row) and box.items:
        return _is_operator(box.items[at], at)
    if isinstance(box, Script):
        return _is_operator(box.base, at)
    return isinstance(box, Name) and _is_word(box.text)


def _is_word(name: str) -> bool:
    return len(name) > 1 and name.isascii() and name.isalpha()


def _name(box: Name) -> str:
    if len(box.text) == 1:
        return _symbols(box.text)
    return rf"\{'operatorname' if _is_word(box.text) else 'text'}{{{escape(box.text)}}}"


def _operator(box: Op) -> str:
    if box.kind == "times":
        return ""
    if box.kind == "comma":
        return ","
    if box.symbol == ":":
        return r"\colon "
    return _symbols(box.symbol)


def _symbols(text: str) -> str:
    """Characters in mathematics mode; the words of the text fallback where there is no symbol."""
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "+-=<>/.,():;!|[]") else _symbol(c) for c in text
    )


def _symbol(c: str) -> str:
    command = MATH.get(c)
    if command is None:
        return rf"\text{{{escape(c)}}}"
    # A command would run into a letter after it.
    return f"{command} " if command[-1].isalpha() else command


def portable(source: str) -> str:
    r"""A formula as KaTeX and MathJax know it too, on one line: for copying, and for Markdown.

    >>> print(portable(matrix([['1', '2']], changed=[(0, 1)])))
    \begin{bmatrix}1 & \boxed{2}\end{bmatrix}
    """
    source = source.replace(r"\pkchanged", r"\boxed").replace(r"\pkfresh", "")
    source = source.replace("{bmatrix*}[r]", "{bmatrix}").replace("{bmatrix*}", "{bmatrix}")
    return " ".join(source.split())


def matrix(rows: Sequence[Sequence[str]], changed: Sequence[tuple[int, int]] = ()) -> str:
    r"""A bracketed table of numbers for mathematics mode, right-aligned; changed entries are boxed.

    >>> print(matrix([['1', '-1/2']], changed=[(0, 1)]))
    \begin{bmatrix*}[r]1 & \pkchanged{-1/2}\end{bmatrix*}
    """
    lines = []
    for r, line in enumerate(rows):
        cells = [number(x) for x in line]
        lines.append(
            " & ".join(
                rf"\pkchanged{{{x}}}" if (r, c) in changed else x for c, x in enumerate(cells)
            )
        )
    return r"\begin{bmatrix*}[r]" + r" \\ ".join(lines) + r"\end{bmatrix*}"


def number(text: str) -> str:
    r"""A number of an example for mathematics mode.

    >>> print(number('-3/5'), number('1.5e-7'), number('1/1099511627776'))
    -3/5 1.5\mathrm{e}{-7} 2^{-40}
    """
    tidy, raised, power = figure(text).partition("⁻")
    if raised:
        return f"{_symbols(tidy)}^{{-{power.translate(_LOWERED)}}}"
    mantissa, e, exponent = _symbols(tidy).partition("e")
    if not exponent.strip("-+").isdigit():
        return mantissa + e + exponent
    return rf"{mantissa}\mathrm{{e}}{{{exponent}}}"
