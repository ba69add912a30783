"""Boxes put together as formulas are: scripts, sums, products, fractions, words before terms.

All brackets of terms are set here, each because of how tightly what it is around holds together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from proofkit.views.boxes import (
    Box,
    Fence,
    Gap,
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

__all__ = [
    "MINUS",
    "applied",
    "before",
    "fraction",
    "is_marks",
    "juxtaposed",
    "primed",
    "signed_sum",
    "subscripted",
    "superscripted",
]

MINUS, _PLUS = Op("−", "prefix"), Op("+", "binary")
_PRIME: Final = Op("′", "prefix")


# ── Scripts ────────────────────────────────────────────────────────────────────────────────────
def subscripted(base: Box, *indices: Box) -> Script:
    """The base with a subscript, joined to the subscript and marks that it may already have."""
    parts: list[Box] = [] if not isinstance(base, Script) or base.sub is None else [base.sub]
    parts.extend(indices)
    joined: list[Box] = []
    for part in parts:
        joined.extend((Op(",", "comma"), part) if joined else (part,))
    sub = joined[0] if len(joined) == 1 else Row(tuple(joined), Level.SUM)
    if isinstance(base, Script):
        return Script(base.base, sub, base.sup)
    return Script(bracketed(base, Level.ATOM), sub)


def superscripted(base: Box, sup: Box) -> Script:
    """The base with a superscript; the marks of a name stay beside it: M′ᵀ, but (Xᵀ)⁻¹."""
    if isinstance(base, Script):
        if base.sup is None:
            return Script(base.base, base.sub, sup)
        if is_marks(base.sup):
            marks = base.sup.items if isinstance(base.sup, Row) else (base.sup,)
            return Script(base.base, base.sub, row(Level.ATOM, *marks, sup))
    return Script(bracketed(base, Level.ATOM), None, sup)


def is_marks(sup: Box | None) -> bool:
    """Whether a superscript is primes and stars."""
    if isinstance(sup, Row):
        return all(map(is_marks, sup.items))
    return isinstance(sup, Op) and sup.symbol in "′∗"


def primed(function: Box, times: int = 1) -> Box:
    """The derivative of a function, so many times: σ′, f″, but (g′)′ for a function named g′."""
    if function.level < Level.ATOM:
        function = Fence("(", function, ")")
    for _ in range(times):
        function = superscripted(function, _PRIME)
    return function


# ── Sums and products ──────────────────────────────────────────────────────────────────────────
def signed_sum(terms: Sequence[tuple[bool, Box]]) -> Box:
    """A sum of boxes, each with whether it is subtracted."""
    items: list[Box] = []
    for n, (negative, box) in enumerate(terms):
        if n:
            items.append(Op("−", "binary") if negative else _PLUS)
        elif negative:
            items.append(MINUS)
        items.append(bracketed(box, Level.INFIX if items else Level.SUM))
    return Row(tuple(items), Level.SUM)


def juxtaposed(boxes: Sequence[Box], *, followed: bool = False) -> Box:
    """Factors side by side, with a thin space where two of them would run together.

    ``followed`` tells that something comes after the last one as well.
    """
    items: list[Box] = []
    for left, box, right in zip((None, *boxes), boxes, (*boxes[1:], None), strict=False):
        if left is not None:
            items.append(_between(left, items[-1], box))
        bare = _is_open(right) if right is not None else not followed
        items.append(bracketed(box if bare else _closed(box), Level.PRODUCT))
    return items[0] if len(items) == 1 else Row(tuple(items), Level.PRODUCT)


def _between(left: Box, shown: Box, right: Box) -> Box:
    """What stands between two factors, the left one shown with its brackets."""
    if (isinstance(left, Over) and isinstance(right, Over)) or (_is_open(left) and _is_open(right)):
        return Op("·", "binary")
    if _begins_with_word(right) or (
        (_is_wide(left) or _is_wide(right)) and (not isinstance(shown, Fence) or _has_bar(shown))
    ):
        return Gap()
    return Op("\u2062", "times")


def _has_bar(fence: Fence) -> bool:
    """Whether a bracket looks the same on both sides."""
    return fence.closing == "|"


def _begins_with_word(box: Box) -> bool:
    first = box.items[0] if isinstance(box, Row) and box.level > Level.PRODUCT else box
    return isinstance(first, Name) and first.upright and first.text.isalpha()


def _is_wide(box: Box) -> bool:
    """Whether a factor needs room beside others: a chain, a word, a fraction, a value f(X)."""
    if isinstance(box, (Over, Root)):
        return True
    if isinstance(box, Script):
        return _is_wide(box.base)
    if isinstance(box, Row):
        return box.level > Level.INFIX
    if isinstance(box, Fence):
        return _has_bar(box)
    return isinstance(box, Name) and box.upright


def fraction(above: Sequence[Box], below: Box) -> Over:
    """Factors over a box; a lone sum needs no brackets where a line is drawn below it."""
    top = Number("1") if not above else juxtaposed(above, followed=True)
    if len(above) == 1:
        top = _closed(above[0])
    return Over(top, below)


# ── Functions and words ────────────────────────────────────────────────────────────────────────
def applied(function: Box, argument: Box, opening: str = "(", closing: str = ")") -> Box:
    """f(X)."""
    arguments = Fence(opening, argument, closing)
    return row(Level.ATOM, function, Op("\u2061", "times"), arguments)


def before(word: Box, argument: Box, least: Level = Level.SCRIPT) -> Box:
    """A word before its argument: rank A, but rank(AB); ``least`` is what needs no brackets."""
    if isinstance(argument, Fence):
        return row(Level.APPLIED, word, argument)
    if argument.level >= least:
        return row(Level.APPLIED, word, Gap(), argument)
    return row(Level.APPLIED, word, Fence("(", argument, ")"))


def _is_open(box: Box) -> bool:
    """Whether a box ends in the bare argument of a word: log x."""
    return isinstance(box, Row) and box.level == Level.APPLIED and isinstance(box.items[1], Gap)


def _closed(box: Box) -> Box:
    """The box with brackets around a bare argument, so that what follows is not taken for it."""
    if isinstance(box, Row) and _is_open(box):
        word, _, argument = box.items
        return row(Level.APPLIED, word, Fence("(", argument, ")"))
    return box
