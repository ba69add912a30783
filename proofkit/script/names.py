"""The names in a script's words: ``{W}`` is the formula that the script calls W.

Only plain names are looked up, in the function that states the words and in its module; nothing
is evaluated.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from string import Formatter
from types import FrameType
from typing import Any

from sympy import Integer
from sympy.core.basic import Basic

from proofkit.script.places import OURS
from proofkit.trace import Prose, prose

__all__ = ["spoken"]


def spoken(words: str, formulas: Mapping[str, Any]) -> Prose:
    """Words for a reader, in which ``{name}`` is a formula given here or one of the script's own.

    >>> W = 3
    >>> spoken("Nudge {W} by {H}.", {"H": 1}).parts
    ('Nudge ', Formula(3), ' by ', Formula(1), '.')

    Raises:
        ValueError: a name that stands for no formula, or something else than a name in braces.
    """
    found = dict(formulas)
    scope: FrameType | None = None
    for _, name, form, conversion in Formatter().parse(words):
        if name is None or name in found:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(
                f"the words hold {{{name}}}, and in braces there may be a name: call the formula "
                'so, as in a(…, "{gradient}", gradient=2 * W); plain braces are written {{ and }}'
            )
        scope = scope or _caller()
        found[name] = _formula(name, scope)
    return prose(words, **found)


def _caller() -> FrameType:
    """The frame that called into proofkit."""
    frame = sys._getframe(1)
    while frame.f_back is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _is_ours(file: str) -> bool:
    return file.startswith((OURS, "<frozen ")) or file == contextlib.__file__


def _formula(name: str, frame: FrameType) -> Any:
    for names in (frame.f_locals, frame.f_globals):
        if name in names:
            value = names[name]
            # A fact or a result stands for its claim.
            value = getattr(value, "claim", value) if not isinstance(value, Basic) else value
            if type(value) is int:
                value = Integer(value)
            if isinstance(value, Basic):
                return value
            raise ValueError(
                f"the words name {{{name}}}, which is {value!r:.40} in the script and no formula"
            )
    known = [n for n in (*frame.f_locals, *frame.f_globals) if not n.startswith("_")]
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {{{near[0]}}}?" if near else f"give it with the words: {name}=…"
    raise ValueError(
        f"the words name {{{name}}}, and the script has nothing of that name: {hint} "
        "(plain braces are written {{ and }})"
    )
