"""Figures: makers of drawings, where looking beats reading.

They know nothing of any paper: a pack says which figure goes with which result, and hands over
the numbers.
"""

from __future__ import annotations

from proofkit.figures.architecture import architecture
from proofkit.figures.blocks import blocks
from proofkit.figures.commuting import Arrow, commuting
from proofkit.figures.contour import Marked, contour
from proofkit.figures.descent import descent
from proofkit.figures.leaving import leaving
from proofkit.figures.matrices import before_and_after
from proofkit.figures.singular_values import singular_values
from proofkit.figures.strip import strip

__all__ = [
    "Arrow",
    "Marked",
    "architecture",
    "before_and_after",
    "blocks",
    "commuting",
    "contour",
    "descent",
    "leaving",
    "singular_values",
    "strip",
]
