"""Numbers as the reader wants them: a true minus sign, √5 rather than sqrt(5)."""

from __future__ import annotations

import re
from typing import Any, Final

from proofkit.symbols import MatrixTerm

__all__ = ["figure", "is_matrix"]

_ROOT: Final = re.compile(r"sqrt\((\d+)\)")


def figure(number: str) -> str:
    """A number as printed.

    >>> figure('-3/5'), figure('2*sqrt(5)'), figure('1.5e-7')
    ('−3/5', '2√5', '1.5e−7')
    """
    tidy = _ROOT.sub(r"√\1", number).replace("-", "−")
    return tidy.replace("*√", "√").replace("*", "·")


def is_matrix(term: Any, rows: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a value is shown between brackets: a lone number is not, unless it is a matrix."""
    return isinstance(term, MatrixTerm) or len(rows) != 1 or len(rows[0]) != 1
