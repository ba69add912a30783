"""Plain text notation: Unicode that reads like the paper in any terminal.

>>> from proofkit.symbols import family, index, widths
>>> M, k, j = family('M', widths('d')), index('k'), index('j')
>>> show(M[k:j+1] * M[j:1])
'Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁'
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
    Level,
    Name,
    Number,
    Op,
    Over,
    Root,
    Row,
    Script,
    Words,
    bracketed,
)
from proofkit.views.layout import Notation, lay_out
from proofkit.views.numerals import figure

__all__ = ["matrix", "show", "show_box"]

_SUBSCRIPTS: Final = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_SUPERSCRIPTS: Final = dict(
    zip("0123456789+−=()abcdefghijklmnoprstuvwxyz⊤ᵀ′∗",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵀ′*", strict=True)
)  # fmt: skip
_MARKS: Final = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304"}
_SPACED: Final = ("relation", "range", "arrow", "binary")


def show(x: Any, notation: Notation = ()) -> str:
    """An expression in plain text."""
    return show_box(lay_out(x, notation))


def show_box(box: Box, tight: bool = False) -> str:
    """A box in plain text; ``tight`` drops the spaces around operators, for scripts."""
    if isinstance(box, (Name, Number, Words)):
        return box.text
    if isinstance(box, Gap):
        return "" if tight else " "
    if isinstance(box, Op):
        return _operator(box, tight)
    if isinstance(box, Accent):
        return show_box(box.base) + _MARKS[box.mark]
    if isinstance(box, Over):
        # On one line nothing but brackets says how far a fraction goes.
        above, below = bracketed(box.above, Level.PRODUCT), bracketed(box.below, Level.SCRIPT)
        return f"{show_box(above, tight)}/{show_box(below, tight)}"
    if isinstance(box, Root):
        body = box.body if _is_letter(box.body) else Fence("(", box.body, ")")
        return f"√{show_box(body, tight)}"
    if isinstance(box, Fence):
        return f"{box.opening}{show_box(box.body, tight)}{box.closing}"
    if isinstance(box, Fresh):
        return show_box(box.body, tight)
    if isinstance(box, Row):
        return "".join(show_box(item, tight) for item in box.items)
    return _script(box)


def _operator(box: Op, tight: bool) -> str:
    if box.kind == "times":
        return ""
    if box.kind == "comma":
        return "," if tight else ", "
    symbol = _SUPERSCRIPTS.get(box.symbol, box.symbol) if box.symbol in "⊤∗" else box.symbol
    return f" {symbol} " if box.kind in _SPACED and not tight else symbol


def _script(box: Script) -> str:
    out = show_box(box.base)
    if box.sub is not None:
        sub = show_box(box.sub, True)
        small = _small(sub, _SUBSCRIPTS)
        out += small if small is not None else f"_{sub}" if out == "∇" else f"[{sub}]"
    if box.sup is not None:
        sup = show_box(box.sup, True).replace("′′", "″")
        small = _small(sup, _SUPERSCRIPTS)
        out += small if small is not None else sup if _is_mark(sup) else f"^{{{sup}}}"
    return out


def _is_letter(box: Box) -> bool:
    """Whether a box needs no brackets under a root: a letter, a number, what is in brackets."""
    if isinstance(box, Script):
        return box.sup is None and _is_letter(box.base)
    return isinstance(box, (Name, Number, Accent, Fence))


def _is_mark(text: str) -> bool:
    return all(c in "ᵀ′″*" for c in text)


def _small(text: str, letters: dict[str, str]) -> str | None:
    """The text in small letters, if Unicode has them all."""
    return "".join(letters[c] for c in text) if all(c in letters for c in text) else None


def matrix(
    rows: Sequence[Sequence[str]], changed: Sequence[tuple[int, int]] = ()
) -> tuple[str, ...]:
    """The lines of a bracketed table of numbers, columns aligned; changed entries get a star.

    >>> print(*matrix([['1', '-1/2'], ['0', '10']], changed=[(1, 1)]), sep='\\n')
    ⎡1  −1/2 ⎤
    ⎣0    10*⎦
    """
    cells = [[figure(x) for x in line] for line in rows]
    if not cells or not cells[0]:
        return ("[ ]",)
    widths = [max(len(line[c]) for line in cells) for c in range(len(cells[0]))]
    starred = [any((r, c) in changed for r in range(len(cells))) for c in range(len(cells[0]))]
    bodies = []
    for r, line in enumerate(cells):
        parts = []
        for c, cell in enumerate(line):
            star = ("*" if (r, c) in changed else " ") if starred[c] else ""
            parts.append(cell.rjust(widths[c]) + star)
        bodies.append("  ".join(parts))
    if len(bodies) == 1:
        return (f"[{bodies[0]}]",)
    sides = ["⎡⎤", *["⎢⎥"] * (len(bodies) - 2), "⎣⎦"]
    return tuple(f"{side[0]}{body}{side[1]}" for side, body in zip(sides, bodies, strict=True))
