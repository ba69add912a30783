"""Where in a script something is stated, for messages that point at the line."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

__all__ = ["caller", "raised_at"]

_OURS = str(Path(__file__).parents[1])
_BETWEEN = (contextlib.__file__, "<string>")


def _outside(file: str) -> bool:
    return not file.startswith(_OURS) and file not in _BETWEEN


def caller() -> tuple[str, int]:
    """The file and line that called into proofkit.

    >>> caller()[1] > 0
    True
    """
    frame = sys._getframe(1)
    while frame is not None:
        if _outside(frame.f_code.co_filename):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return "", 0


def raised_at(fault: BaseException) -> tuple[str, int]:
    """The last file and line outside proofkit that a fault passed through."""
    place = ("", 0)
    trace = fault.__traceback__
    while trace is not None:
        if _outside(trace.tb_frame.f_code.co_filename):
            place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    if not place[0] and fault.__cause__ is not None:
        return raised_at(fault.__cause__)
    return place
