"""The dispatch from expressions to boxes: one rule per class, found along the class's ancestry.

A `Notation` names terms for the reader, such as A for M_k⋯M_{j+1}; wherever exactly that term
occurs, its name is written.  A pair of two names says that the second is to be written for the
first, whatever the first stands on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sympy.core.basic import Basic

from proofkit.views.boxes import Box, Level, Name, Number, Op, Over, Row, flatten, row
from proofkit.views.names import name_box
from proofkit.views.quoted import quoted

__all__ = ["Layout", "Notation", "Rule", "lay_out", "layout_of", "lays", "number_box", "printable"]

Notation: TypeAlias = Iterable[tuple[Any, str]]
Rule: TypeAlias = Callable[["Layout", Any], Box]

_STEM: Final = re.compile(r"[^\W\d_]+")
_RULES: Final[dict[type, Rule]] = {}
_KEPT: Final = 20_000
"""So many expressions are remembered with their boxes, in one notation."""


def lays(*classes: type) -> Callable[[Rule], Rule]:
    """Registers a function as the rule that lays out the classes and those derived from them."""

    def register(rule: Rule) -> Rule:
        for cls in classes:
            _RULES[cls] = rule
        return rule

    return register


def printable(cls: type) -> bool:
    """Whether there is a rule for a class."""
    return any(base in _RULES for base in cls.__mro__)


class Layout:
    """Lays out expressions under one notation; boxes do not change, so they are remembered."""

    def __init__(self, notation: Notation = ()) -> None:
        # The rules live with the things they lay out; importing the modules registers them.
        from proofkit.views import layout_claims, layout_words  # noqa: F401

        pairs = list(notation)
        self.spellings = {old: new for old, new in pairs if isinstance(old, str)}
        self.names = {t: self.spelled(name) for t, name in pairs if not isinstance(t, str)}
        self.sizes = False
        self._known: dict[Basic, Box] = {}
        self._with_sizes: Layout | None = None

    def __call__(self, x: Any) -> Box:
        """The boxes of an expression; `TypeError` for a class without a rule."""
        if not isinstance(x, Basic):
            return self._laid_out(x)
        box = self._known.get(x)
        if box is None:
            named = self.names.get(x)
            box = self._laid_out(x) if named is None else _name_or_words(named)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[x] = box
        return box

    def _laid_out(self, x: Any) -> Box:
        for cls in type(x).__mro__:
            if cls in _RULES:
                return _RULES[cls](self, x)
        raise TypeError(
            f"no view can print a {type(x).__module__}.{type(x).__qualname__}: "
            "it has no rule in proofkit.views"
        )

    def spelled(self, name: str) -> str:
        """A name as the reader writes it; an index or a mark of the name stays.

        >>> Layout([("M", "W")]).spelled("M_2"), Layout([("M", "W")]).spelled("M̃")
        ('W_2', 'W̃')
        """
        if name in self.spellings:
            return self.spellings[name]
        plain = unicodedata.normalize("NFD", name)
        stem = _STEM.match(plain)
        if stem is None or stem[0] not in self.spellings:
            return name
        return unicodedata.normalize("NFC", self.spellings[stem[0]] + plain[stem.end() :])

    def with_sizes(self) -> Layout:
        """The same notation, with the sizes of I and 0 written."""
        if self._with_sizes is None:
            sizes = Layout(self.spellings.items())
            sizes.names, sizes.sizes = self.names, True
            self._with_sizes = sizes
        return self._with_sizes

    def without(self, term: Any) -> Layout:
        """The same notation but for the name of one term: what its definition is printed with."""
        names = tuple((t, name) for t, name in self.names.items() if t != term)
        return Layout((*self.spellings.items(), *names))


def lay_out(x: Any, notation: Notation = ()) -> Box:
    """The boxes of an expression.

    >>> lay_out(object())
    Traceback (most recent call last):
        ...
    TypeError: no view can print a builtins.object: it has no rule in proofkit.views
    """
    return layout_of(notation)(x)


def layout_of(notation: Notation = ()) -> Layout:
    """The layout of a notation: one and the same each time."""
    return _layout(tuple(notation))


@lru_cache(maxsize=64)
def _layout(notation: tuple[tuple[Any, str], ...]) -> Layout:
    return Layout(notation)


def number_box(value: Fraction | int) -> Box:
    """A rational number: a fraction when it is none of the integers."""
    value = Fraction(value)
    size = abs(value)
    box: Box = Number(str(size.numerator))
    if size.denominator != 1:
        box = Over(box, Number(str(size.denominator)))
    return box if value >= 0 else row(Level.SUM, Op("−", "prefix"), box)


@lays(int, Fraction)
def _number(layout: Layout, x: int | Fraction) -> Box:
    return number_box(x)


@lays(float)
def _float(layout: Layout, x: float) -> Box:
    box = Number(repr(abs(x)))
    return row(Level.SUM, Op("−", "prefix"), box) if x < 0 else box


@lays(str)
def _string(layout: Layout, x: str) -> Box:
    return _name_or_words(layout.spelled(x))


def _name_or_words(x: str) -> Box:
    box = name_box(x)
    if not isinstance(box, Name) or not box.upright or x.isalpha():
        return box
    # Words that stand for a claim need no brackets where the claim is a part of another.
    return Row(tuple(flatten(quoted(x))), Level.RELATION)


@lays(tuple)
def _tuple(layout: Layout, x: tuple[Any, ...]) -> Box:
    return comma_list(layout, x)


def comma_list(layout: Layout, items: Iterable[Any]) -> Row:
    """Expressions with commas between them."""
    boxes: list[Box] = []
    for item in items:
        if boxes:
            boxes.append(Op(",", "comma"))
        boxes.append(layout(item))
    return Row(tuple(boxes), Level.SENTENCE)
