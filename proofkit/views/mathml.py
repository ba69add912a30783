"""MathML notation: core presentation MathML, built as escaped strings.

A formula of more than a letter bears its LaTeX as an annotation, which browsers do not show, so
that it can be copied.

>>> from proofkit.symbols import Function
>>> from proofkit.claims import Convex
>>> print(sentence(Convex(Function('f', 1, 1))))
<math><mi>f</mi></math> is convex
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Any, Final

from markupsafe import Markup, escape

from proofkit.views import latex
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
    has_words,
)
from proofkit.views.layout import Notation, lay_out
from proofkit.views.numerals import figure

__all__ = ["math", "matrix", "number", "sentence", "sentence_of", "show", "show_box"]

_MARKS: Final = {"tilde": "˜", "hat": "ˆ", "bar": "¯"}
# A formula of more boxes than these may be cut before a relation, or before a plus or minus and
# between factors; brackets around more than the last may be cut inside.
_SHORT: Final = 2
_LONG: Final = 8
_MIDDLING: Final = 5
_PRIME: Final = Op("′", "prefix")
_TIMES: Final = Op("\u2062", "times")
_NO_BREAK_SPACE: Final = "\u00a0"
_CLOSING: Final = (".", ",", ";", ":", "?", "!", ")", "’", "”")
_OPENING: Final = ("(", "[", "‘", "“", "∂")


def show(x: Any, notation: Notation = ()) -> Markup:
    """An expression as one `<math>` element, which never breaks over lines."""
    box = lay_out(x, notation)
    return math(show_box(box), latex.show_box(box))


def math(content: Markup, source: str) -> Markup:
    """MathML content in a `<math>` element, with its LaTeX."""
    return Markup(_math(content, source))


def _math(content: str, source: str) -> str:
    source = latex.portable(source)
    if source.isalnum() or not source:
        return f"<math>{content}</math>"
    noted = f'<annotation encoding="application/x-tex">{escape(source)}</annotation>'
    return f"<math><semantics><mrow>{content}</mrow>{noted}</semantics></math>"


def sentence(x: Any, notation: Notation = ()) -> Markup:
    """An expression as HTML text with formulas in it, so that it breaks over lines.

    Browsers do not break a formula, so one of some length is cut before its relations, where a
    typesetter would break it.
    """
    return sentence_of(lay_out(x, notation))


def sentence_of(box: Box) -> Markup:
    """A box as HTML text with formulas in it."""
    out: list[str] = []
    formula: list[Box] = []

    def close() -> None:
        if formula:
            piece = _math(_formula(formula), latex.show_box(Row(tuple(formula))))
            if out and out[-1].endswith(_OPENING):
                # No line may end between an opening bracket and the formula after it.
                piece = f'<span class="nb">{out[-1][-1]}{piece}</span>'
                out[-1] = out[-1][:-1]
            out.append(piece)
            formula.clear()

    for item in _loose(flatten(box)):
        if isinstance(item, Words):
            words, joined = item.text, bool(formula) and item.text[:1] in _CLOSING
            close()
            if joined:
                # No line may break between a formula and the full stop after it.
                out.append(f'<span class="nb">{out.pop()}{_text(words[0])}</span>')
                words = words[1:]
            out.append(_text(words))
            continue
        if formula and isinstance(item, Op) and _may_break(item, formula):
            close()
            out.append("<wbr>")
        formula.append(item)
        if _sizes(formula) > _LONG and (isinstance(item, Gap) or item == _TIMES):
            close()
            out.append("<wbr>")
    close()
    return Markup("".join(out))


def _loose(items: Iterable[Box]) -> Iterator[Box]:
    """The boxes with long brackets opened, so that a formula can break inside of them.

    They look the same: brackets around one line do not grow.
    """
    for item in items:
        if isinstance(item, Fence) and _opens(item):
            yield Op(item.opening, "prefix")
            yield from _loose(flatten(item.body))
            yield Op(item.closing, "closing")
        elif isinstance(item, Script) and isinstance(item.base, Fence) and _opens(item.base):
            *inside, closing = _loose([item.base])
            yield from inside
            yield Script(closing, item.sub, item.sup)
        elif isinstance(item, Fresh) and _size(item.body) > _MIDDLING:
            yield from (x if isinstance(x, (Op, Gap)) else Fresh(x) for x in _loose([item.body]))
        else:
            yield item


def _opens(fence: Fence) -> bool:
    return _size(fence) > _MIDDLING or has_words(fence)


def _sizes(boxes: Iterable[Box]) -> int:
    return sum(map(_size, boxes))


def _size(box: Box) -> int:
    """How many boxes stand beside each other in a box."""
    if isinstance(box, Row):
        return sum(map(_size, box.items))
    if isinstance(box, (Fence, Fresh)):
        return _size(box.body)
    return _size(box.base) if isinstance(box, Script) else 1


def _may_break(operator: Op, before: Sequence[Box]) -> bool:
    """Whether a formula may be cut before an operator after some boxes of it."""
    if operator.kind in ("relation", "arrow"):
        return len(before) > _SHORT
    return operator.kind == "binary" and _sizes(before) > _LONG


# Typed: markup equals the words it is made of, and is not what they are escaped to.
@lru_cache(maxsize=4096, typed=True)
def _text(words: str) -> str:
    """Words that stay words, whatever they hold."""
    return str(escape(words))


def _formula(items: Sequence[Box]) -> str:
    """A piece of a formula; an operator at its start keeps its spaces only as an infix one."""
    first, *rest = items
    if isinstance(first, Op) and first.kind in ("relation", "range", "arrow", "binary"):
        start = f'<mo form="infix"{_steady(first)}>{_text(first.symbol)}</mo>'
        return start + "".join(map(_show, rest))
    return "".join(map(_show, items))


def show_box(box: Box) -> Markup:
    """A box as MathML."""
    return Markup(_show(box))


# Strings, and not `Markup` that is formatted, which takes far longer: what is not written here goes
# through `_text`.
def _show(box: Box) -> str:
    if isinstance(box, Name):
        return _element("mi", box.text)
    if isinstance(box, Number):
        return _element("mn", box.text)
    if isinstance(box, Words):
        # Plain spaces at the ends of an mtext collapse.
        return _element("mtext", box.text.replace(" ", _NO_BREAK_SPACE))
    if isinstance(box, Gap):
        return '<mspace width="0.17em"/>'
    if isinstance(box, Op):
        return _operator(box)
    if isinstance(box, Accent):
        mark = f'<mo stretchy="false">{_MARKS[box.mark]}</mo>'
        return f'<mover accent="true">{_show(box.base)}{mark}</mover>'
    if isinstance(box, Over):
        return f"<mfrac>{_row(box.above)}{_row(box.below)}</mfrac>"
    if isinstance(box, Root):
        return f"<msqrt>{_show(box.body)}</msqrt>"
    if isinstance(box, Fence):
        return _fence(box)
    if isinstance(box, Fresh):
        return f'<mrow class="fresh">{_show(box.body)}</mrow>'
    if isinstance(box, Row):
        return "".join(map(_show, box.items))
    return _script(box)


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_text(text)}</{tag}>"


def _operator(box: Op) -> str:
    if box.symbol in "⊤∗/":
        return _element("mi", box.symbol)
    if box.kind == "closing":
        return f'<mo form="postfix" stretchy="false">{_text(box.symbol)}</mo>'
    if box.kind == "prefix" and box.symbol != "′":
        return f'<mo form="prefix" stretchy="false">{_text(box.symbol)}</mo>'
    return f"<mo{_steady(box)}>{_text(box.symbol)}</mo>"


def _steady(box: Op) -> str:
    """The attribute that keeps an arrow from stretching."""
    return ' stretchy="false"' if box.symbol in "↦→⟹" else ""


def _row(box: Box) -> str:
    """A box as exactly one element."""
    content = _show(box)
    return f"<mrow>{content}</mrow>" if isinstance(box, Row) else content


def _fence(box: Fence) -> str:
    # First and last in their row, so that a browser knows their forms.
    opening, closing = (
        f'<mo stretchy="false">{_text(side)}</mo>' for side in (box.opening, box.closing)
    )
    return f"<mrow>{opening}{_show(box.body)}{closing}</mrow>"


def _script(box: Script) -> str:
    if isinstance(box.sup, Op) and box.sup.symbol == "′":
        return _primed(Script(box.base, box.sub) if box.sub else box.base)
    if isinstance(box.sup, Row) and box.sup.items[0] == _PRIME:
        primes = len(list(takewhile(lambda item: item == _PRIME, box.sup.items)))
        inner = _primed(Script(box.base, box.sub) if box.sub else box.base, primes)
        rest = Row(box.sup.items[primes:])
        return f"<msup>{inner}{_row(rest)}</msup>" if rest.items else inner
    base = _row(box.base)
    if box.sup is not None and _is_tall(box.base):
        # The superscript goes where it would go without the accent, not above it.
        base = f'<mpadded height="0.68em">{base}</mpadded>'
    parts = [base]
    parts.extend(_row(part) for part in (box.sub, box.sup) if part is not None)
    tag = "msubsup" if len(parts) == 3 else "msub" if box.sup is None else "msup"
    return f"<{tag}>{''.join(parts)}</{tag}>"


def _is_tall(box: Box) -> bool:
    """Whether an accent stands in a box on the line."""
    if isinstance(box, Row):
        return any(map(_is_tall, box.items))
    if isinstance(box, (Fence, Fresh)):
        return _is_tall(box.body)
    return isinstance(box, Accent) or (isinstance(box, Script) and _is_tall(box.base))


def _primed(base: Box, count: int = 1) -> str:
    """A base with primes beside it.

    Fonts draw the prime at its height already; as a superscript browsers raise it once more.
    """
    # Not an operator, which would have spaces around it.
    return f"<mrow>{_row(base)}{'<mi>′</mi>' * count}</mrow>"


def matrix(rows: Sequence[Sequence[str]], changed: Sequence[tuple[int, int]] = ()) -> Markup:
    """A bracketed table of numbers as MathML content; changed entries have the class `changed`."""
    lines = []
    for r, line in enumerate(rows):
        cells = []
        for c, text in enumerate(line):
            mark = ' class="changed"' if (r, c) in changed else ""
            cells.append(f"<mtd{mark}>{_figure(text)}</mtd>")
        lines.append(f"<mtr>{''.join(cells)}</mtr>")
    table = f"<mtable>{''.join(lines)}</mtable>"
    return Markup(f'<mrow><mo form="prefix">[</mo>{table}<mo form="postfix">]</mo></mrow>')


def number(text: str) -> Markup:
    """A number of an example as MathML content, its sign a true minus."""
    return Markup(_figure(text))


@lru_cache(maxsize=4096)
def _figure(text: str) -> str:
    tidy = figure(text)
    if tidy.startswith("−"):
        return f'<mrow><mo form="prefix">−</mo><mn>{_text(tidy[1:])}</mn></mrow>'
    return _element("mn", tidy)
