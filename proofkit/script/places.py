"""Where in a script something is stated, for messages that point at the line."""

from __future__ import annotations

import contextlib
import sys
import sysconfig
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType

__all__ = ["caller", "raised_at", "told"]

OURS = str(Path(__file__).parents[1])
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})


def _outside(file: str) -> bool:
    return not file.startswith((OURS, "<string>", "<frozen ")) and file != contextlib.__file__


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
    """The last file and line outside proofkit that a fault passed through.

    A line of a library, where SymPy gave up, say, is only named if there is no other.
    """
    places = [(trace.tb_frame.f_code.co_filename, trace.tb_lineno) for trace in _frames(fault)]
    places = [place for place in places if _outside(place[0])]
    own = [place for place in places if not place[0].startswith(_LIBRARIES)]
    if not own and fault.__cause__ is not None and (found := raised_at(fault.__cause__))[0]:
        return found
    return (own or places or [("", 0)])[-1]


def _frames(fault: BaseException) -> Iterator[TracebackType]:
    trace = fault.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def told(fault: BaseException) -> str:
    """What went wrong in somebody's program, in words, and the name that may have been meant.

    >>> try:
    ...     gradient = 1
    ...     gradiant + 1
    ... except NameError as fault:
    ...     told(fault)
    "NameError: name 'gradiant' is not defined; did you mean gradient?"
    """
    words = f"{type(fault).__name__}: {fault}"
    if isinstance(fault, SystemExit):
        return f"{words} (a call of sys.exit or exit, which would end proofkit too)"
    if isinstance(fault, ValueError) and "to unpack" in words:
        return f"{words}\n  hint: a claim gives one fact for each of its parts, joined by ∧"
    if not isinstance(fault, (NameError, AttributeError)) or not fault.name:
        return words
    if isinstance(getattr(fault, "obj", None), contextlib.AbstractContextManager):
        return f"{words}\n  hint: a block is entered: with proof.for_all(…) as block:"
    *_, last = _frames(fault)
    here = {**last.tb_frame.f_globals, **last.tb_frame.f_locals}
    names = dir(fault.obj) if isinstance(fault, AttributeError) else list(here)
    near = get_close_matches(fault.name, [n for n in names if not n.startswith("_")], n=1)
    return f"{words}; did you mean {near[0]}?" if near else words
