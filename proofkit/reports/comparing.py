"""What a step changes: entries of a matrix that differ from those of the matrix it comes from.

M̃_2 is compared with M_2, the product of the M̃_i with that of the M_i: a matrix whose name, its
marks taken off, is that of a matrix seen before.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from proofkit.claims import Equal
from proofkit.trace import Quantity, ResultTrace, StepTrace
from proofkit.views import text
from proofkit.views.layout import Notation

__all__ = ["compared"]

_Seen = dict[str, tuple[str, tuple[tuple[str, ...], ...]]]


def compared(trace: ResultTrace) -> ResultTrace:
    """The trace with entries marked that differ from the matrix before the change."""
    seen: _Seen = {}
    if trace.instance is not None:
        for quantity in trace.instance.quantities:
            _remember(quantity, trace, seen)
    return replace(trace, steps=_steps(trace.steps, trace, seen))


def _steps(steps: Sequence[StepTrace], trace: ResultTrace, seen: _Seen) -> tuple[StepTrace, ...]:
    out = []
    for step in steps:
        quantities = tuple(_compared(quantity, trace, seen) for quantity in step.quantities)
        for quantity in quantities:
            _remember(quantity, trace, seen)
        children = _steps(step.children, trace, seen)
        out.append(replace(step, quantities=quantities, children=children))
    return tuple(out)


def _names(term: Any, trace: ResultTrace) -> list[str]:
    sides = term.args if isinstance(term, Equal) else (term,)
    return [_shown(type(side).__name__, side, trace.notation) for side in sides]


@lru_cache(maxsize=4096)
def _shown(kind: str, term: Any, notation: Notation) -> str:
    """A term in plain text; the kind tells 1 from 1.0."""
    return text.show(term, notation)


def _remember(quantity: Quantity, trace: ResultTrace, seen: _Seen) -> None:
    for name in _names(quantity.term, trace):
        label = quantity.term if isinstance(quantity.term, str) else name
        seen.setdefault(name, (label, quantity.rows))


def _compared(quantity: Quantity, trace: ResultTrace, seen: _Seen) -> Quantity:
    if quantity.changed or quantity.compared_to:
        return quantity
    for name in _names(quantity.term, trace):
        label, rows = seen.get(unmarked(name), ("", ()))
        if unmarked(name) == name or not label or _shape(rows) != _shape(quantity.rows):
            continue
        changed = tuple(
            (r, c)
            for r, line in enumerate(quantity.rows)
            for c, entry in enumerate(line)
            if entry != rows[r][c]
        )
        return replace(quantity, changed=changed, compared_to=label)
    return quantity


def unmarked(name: str) -> str:
    """A name without the marks that tell a changed thing from the first one.

    >>> unmarked('M̃₂'), unmarked('Mₖ⋯Mⱼ₊₁')
    ('M₂', 'Mₖ⋯Mⱼ₊₁')
    """
    plain = unicodedata.normalize("NFD", name)
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c not in "′'")
    return unicodedata.normalize("NFC", kept)


def _shape(rows: tuple[tuple[str, ...], ...]) -> tuple[int, int]:
    return len(rows), len(rows[0]) if rows else 0
