"""The faults that are found when a term or a claim is built."""

from __future__ import annotations

from proofkit.kernel.nodes import LanguageError

__all__ = ["LanguageError", "ShapeError", "SortError"]


class ShapeError(LanguageError):
    """Two matrix shapes that had to agree and do not."""


class SortError(LanguageError):
    """A term of one sort (number, matrix, family, function, width) where another belongs."""
