"""How words are laid out: each in the style of its row in the table of words.

A word that lacks its last argument is written with a dot in its place: |·|, (·)⁻¹, X ∘ (·).  That
is another term than x ↦ |x|.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from proofkit.symbols import FunctionWord, MatrixWord, Word
from proofkit.views.boxes import (
    Accent,
    Box,
    Fence,
    Fresh,
    Level,
    Name,
    Number,
    Op,
    Over,
    Root,
    Row,
    Script,
    bracketed,
    row,
)
from proofkit.views.layout import Layout, lays
from proofkit.views.layout_numbers import reciprocal_of, root_of
from proofkit.views.layout_parts import MINUS, applied, before, primed, subscripted, superscripted
from proofkit.views.layout_sizes import ONES, beside, shape_box, with_size
from proofkit.views.layout_terms import entry_box, function_box

__all__ = ["MISSING"]

MISSING: Final = Name("·", upright=True)
_SHORT: Final = 6
"""An exponent of more boxes than this is not raised: exp(a + b + c + d)."""


@lays(Word, MatrixWord, FunctionWord)
def _word(layout: Layout, x: Any) -> Box:
    takes = len(x.row.takes)
    given = x.arguments[:takes]
    style, sign = x.row.notation
    box = _STYLES[style](layout, sign, x, (*given, *[None] * (takes - len(given))))
    for argument in x.arguments[takes:]:  # what a word gives may be a function: σ′(x)
        box = applied(box, layout(argument))
    return box


def _shown(layout: Layout, argument: Any) -> Box:
    """An argument, or a dot in its place."""
    return MISSING if argument is None else with_size(layout, argument)


def _held(box: Box, least: Level) -> Box:
    """A box with brackets if it needs any; a dot always has them."""
    return Fence("(", box, ")") if box is MISSING else bracketed(box, least)


# ── Functions ──────────────────────────────────────────────────────────────────────────────────
def _function(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """relu(x), diag(v)."""
    name = Name(sign, upright=True)
    return name if given[0] is None else applied(name, _shown(layout, given[0]))


def _operator(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """log x, det X, but log(xy)."""
    name = Name(sign, upright=True)
    return name if given[0] is None else before(name, _shown(layout, given[0]), Level.ATOM)


def _power(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """eˣ, but exp(√x), and exp(2): e² is the square of a number e."""
    name = Name("exp", upright=True)
    if given[0] is None:
        return name
    argument = layout(given[0])
    if not given[0].is_number and _is_small(argument):
        return Script(Name(sign), None, argument)
    return applied(name, argument)


def _is_small(box: Box) -> bool:
    """Whether a box is easily read as an exponent."""
    if isinstance(box, Row):
        return len(box.items) <= _SHORT and all(map(_is_small, box.items))
    if isinstance(box, Script):
        index = box.sup is None and isinstance(box.sub, (Name, Number))
        return index and _is_small(box.base)
    letter = isinstance(box, Name) and len(box.text) == 1
    return letter or isinstance(box, Number) or (isinstance(box, Op) and box.symbol != "\u2061")


def _applied(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """σ(X) for σ of each entry."""
    function, matrix = given
    if function is None:
        return applied(_held(MISSING, Level.ATOM), MISSING)
    return applied(function_box(layout, function), _shown(layout, matrix))


def _primed(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """σ′, and σ″ for the derivative of σ′."""
    (function,) = given
    times = 1
    while isinstance(function, FunctionWord) and function not in layout.names:
        style = function.row.notation.style
        if style != "primed" or len(function.arguments) != 1:
            break
        function, times = function.arguments[0], times + 1
    return primed(_held(_shown(layout, function), Level.ATOM), times)


def _second(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """f″(X)[H]."""
    function, at, change = given
    box = primed(_held(_shown(layout, function), Level.ATOM), 2)
    if at is not None:
        box = applied(box, layout(at))
    return box if change is None else applied(box, layout(change), "[", "]")


# ── Signs ──────────────────────────────────────────────────────────────────────────────────────
def _infix(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """X ∘ Y; as nothing says which of two is done first, one in the other has brackets."""
    left, right = given
    sides = []
    for side, other in ((left, right), (right, left)):
        told = [] if other is None else [other]
        box = MISSING if side is None else beside(layout, side, *told)
        sides.append(_held(box, Level.SCRIPT))
    return row(Level.INFIX, sides[0], Op(sign, "binary"), sides[1])


def _raised(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """X⁻¹."""
    base = _held(_shown(layout, given[0]), Level.PRODUCT)
    return superscripted(base, row(Level.SUM, MINUS, Number(sign.lstrip("−"))))


def _fenced(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """|x|, with brackets where bars inside could be taken for the ends."""
    inside = _shown(layout, given[0])
    return Fence(sign, Fence("(", inside, ")") if _has_bar(inside, sign) else inside, sign)


def _has_bar(box: Box | None, bar: str) -> bool:
    if isinstance(box, Row):
        return any(_has_bar(item, bar) for item in box.items)
    if isinstance(box, Fence):
        return box.opening == bar or _has_bar(box.body, bar)
    if isinstance(box, Over):
        return _has_bar(box.above, bar) or _has_bar(box.below, bar)
    if isinstance(box, Script):
        return any(_has_bar(part, bar) for part in (box.base, box.sub, box.sup))
    if isinstance(box, (Root, Fresh)):
        return _has_bar(box.body, bar)
    return isinstance(box, Accent) and _has_bar(box.base, bar)


def _root(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """√x."""
    return Root(_held(MISSING, Level.ATOM)) if given[0] is None else root_of(layout, given[0])


def _under(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """1/x."""
    if given[0] is None:
        return Over(Number("1"), _held(MISSING, Level.ATOM))
    return reciprocal_of(layout, given[0])


def _entry(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """X_{i,j}."""
    matrix, *places = (_shown(layout, part) for part in given)
    return entry_box(matrix, *places)


def _sign(layout: Layout, sign: str, x: Any, given: Sequence[Any]) -> Box:
    """𝟏 with its size."""
    return subscripted(ONES, shape_box(layout, x))


_STYLES: Final[dict[str, Callable[[Layout, str, Any, Sequence[Any]], Box]]] = {
    "function": _function,
    "operator": _operator,
    "power": _power,
    "applied": _applied,
    "primed": _primed,
    "second": _second,
    "infix": _infix,
    "raised": _raised,
    "fenced": _fenced,
    "root": _root,
    "under": _under,
    "entry": _entry,
    "sign": _sign,
}
