"""Boxes: a formula as paper lays it out, before any notation is chosen.

An expression is laid out once, into boxes; a notation (plain text, LaTeX, MathML) only has to
know these few kinds of box.  Words are boxes too, so that a claim such as "M is a local minimum
of f" can be set as a sentence with formulas in it, and break over lines like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

__all__ = [
    "Accent",
    "Box",
    "Fence",
    "Fresh",
    "Gap",
    "Level",
    "Name",
    "Number",
    "Op",
    "OpKind",
    "Over",
    "Root",
    "Row",
    "Script",
    "Words",
    "bracketed",
    "flatten",
    "has_words",
    "row",
]


class Level(IntEnum):
    """How tightly a box holds together; a looser box inside a tighter one needs brackets."""

    SENTENCE = 0
    IMPLIES = 1
    JOINED = 2
    RELATION = 3
    MAPS_TO = 4
    SUM = 5
    INFIX = 6
    """X ∘ Y: in a product and in another such row it stands in brackets."""
    PRODUCT = 7
    APPLIED = 8
    """A word and what it is applied to, maybe without brackets: log x."""
    SCRIPT = 9
    ATOM = 10


OpKind: TypeAlias = Literal[
    "relation", "range", "arrow", "binary", "prefix", "closing", "comma", "dots", "times"
]
"""What spaces an operator has and whether a line may break before it: a ``range`` is a relation
that no line may break at, as in "for all 1 ≤ i ≤ k"."""


@dataclass(frozen=True)
class Name:
    """A letter or an upright word such as rank: ``upright`` tells which."""

    text: str
    upright: bool = False
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Number:
    """A number without a sign."""

    text: str
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Op:
    """An operator, a relation or a separator."""

    symbol: str
    kind: OpKind
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Gap:
    """A thin space between two factors that would run together."""

    level: Level = Level.ATOM


@dataclass(frozen=True)
class Words:
    """Words of English, with the spaces they need around them."""

    text: str
    level: Level = Level.SENTENCE


@dataclass(frozen=True)
class Accent:
    """A letter with a mark above it."""

    base: Box
    mark: Literal["tilde", "hat", "bar"]
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Script:
    """A base with a subscript, a superscript or both."""

    base: Box
    sub: Box | None = None
    sup: Box | None = None

    @property
    def level(self) -> Level:
        """A subscripted letter is still an atom; a power is not."""
        return Level.ATOM if self.sup is None else Level.SCRIPT


@dataclass(frozen=True)
class Over:
    """A fraction."""

    above: Box
    below: Box
    level: Level = Level.PRODUCT


@dataclass(frozen=True)
class Root:
    """A square root, the sign above all of the box."""

    body: Box
    level: Level = Level.SCRIPT


@dataclass(frozen=True)
class Fence:
    """A box between brackets."""

    opening: str
    body: Box
    closing: str
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Fresh:
    """A box that the step before did not have: printers mark it."""

    body: Box
    level: Level = Level.ATOM


@dataclass(frozen=True)
class Row:
    """Boxes side by side."""

    items: tuple[Box, ...]
    level: Level = Level.PRODUCT


Box: TypeAlias = (
    Name | Number | Op | Gap | Words | Accent | Script | Over | Root | Fence | Fresh | Row
)


def row(level: Level, *items: Box | str) -> Row:
    """Boxes side by side; a string stands for words."""
    return Row(tuple(Words(x) if isinstance(x, str) else x for x in items), level)


def bracketed(box: Box, least: Level) -> Box:
    """The box, in round brackets when it holds together less than ``least``.

    >>> bracketed(Name('A'), Level.PRODUCT)
    Name(text='A', upright=False, level=<Level.ATOM: 10>)
    >>> bracketed(row(Level.SUM, Name('A')), Level.PRODUCT).opening
    '('
    """
    return box if box.level >= least else Fence("(", box, ")")


def has_words(box: Box) -> bool:
    """Whether there are words in the box, outside scripts and fractions."""
    if isinstance(box, Row):
        return any(has_words(item) for item in box.items)
    return isinstance(box, Words) or (isinstance(box, Fence) and has_words(box.body))


def flatten(box: Box) -> Iterator[Box]:
    """The box as one flat row in which no item but `Words` contains words.

    Brackets around a clause become part of the sentence, so that a long clause can break over
    lines; an opening bracket stays with the formula after it, if there is one.
    """
    if isinstance(box, Row):
        for item in box.items:
            yield from flatten(item)
    elif isinstance(box, Fence) and has_words(box.body):
        first, *rest = flatten(box.body)
        yield Words(box.opening) if isinstance(first, Words) else Op(box.opening, "prefix")
        yield from (first, *rest, Words(box.closing))
    else:
        yield box
