"""Drawings as plain data: paths and labels in named colours, for every view to print its own way.

Coordinates are points from the top left corner, rounded to hundredths, so that the same picture
is the same data on every machine.  Colours are roles, not values: a page in a dark theme and a
sheet of paper show each in their own ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Command", "Drawing", "Label", "Path", "Role"]

Role: TypeAlias = Literal[
    "ink", "soft", "line", "accent", "good", "bad", "wait", "band", "mark", "paper"
]

Command: TypeAlias = tuple[str, tuple[float, ...]]
"""``M x y``, ``L x y``, ``C`` with two control points and an end, or ``Z``."""


@dataclass(frozen=True)
class Path:
    """Lines and curves, stroked, filled or both."""

    commands: tuple[Command, ...]
    stroke: Role | None = None
    fill: Role | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True)
class Label:
    """Words, or the name of something as `proofkit.views.names` spells it (``name``).

    ``x`` is where the label starts, has its middle or ends, as ``anchor`` says; ``y`` is its
    baseline; ``turned`` labels read upwards.
    """

    x: float
    y: float
    text: str
    role: Role = "ink"
    size: float = 10.0
    anchor: Literal["start", "middle", "end"] = "start"
    turned: bool = False
    name: bool = False
    bold: bool = False


@dataclass(frozen=True)
class Drawing:
    """Paths and labels, later ones over earlier ones, on a sheet of a width and a height."""

    width: float
    height: float
    marks: tuple[Path | Label, ...]
