"""The faults the core language can find in a term or a claim."""

from __future__ import annotations

__all__ = ["LanguageError", "ShapeError", "SortError"]


class LanguageError(ValueError):
    """A term or claim that means nothing: the base class of the faults below."""


class ShapeError(LanguageError):
    """Two matrix shapes that had to agree and do not."""


class SortError(LanguageError):
    """A term of one sort (index, real, matrix, family, function, width) where another belongs."""
