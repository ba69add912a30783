"""What is new in a step: the parts of its claim that the step before it did not have."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from proofkit.trace import ResultTrace, StepTrace
from proofkit.views.boxes import Box, Fresh, Level, Op, Row, Words, flatten
from proofkit.views.layout import Notation, lay_out

__all__ = ["claims", "marked"]

_ALIKE: Final = 0.5
"""Claims that share less than this are two claims, not one that changed."""


def claims(trace: ResultTrace) -> dict[str, Box]:
    """The claim of every step by its number, what changed since the step before marked."""
    found: dict[str, Box] = {}
    _block(trace.steps, trace.notation, found)
    return found


def _block(steps: Sequence[StepTrace], notation: Notation, found: dict[str, Box]) -> None:
    before: Any = None
    for step in steps:
        box = lay_out(step.claim, notation)
        calculation = step.kind == "have" and before is not None
        found[step.number] = marked(before, box) if calculation else box
        before = box if step.kind == "have" else None
        _block(step.children, notation, found)


def marked(before: Box, after: Box) -> Box:
    """The box ``after`` with what ``before`` did not have marked, if they are much alike.

    >>> from proofkit.views.boxes import Name
    >>> old = Row((Name('A'), Op('=', 'relation'), Name('B')))
    >>> [type(x).__name__ for x in marked(old, Row((*old.items[:2], Name('C')))).items]
    ['Name', 'Op', 'Fresh']
    """
    old, new = tuple(flatten(before)), tuple(flatten(after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    same = [
        n for block in matcher.get_matching_blocks() for n in range(block.b, block.b + block.size)
    ]
    if old == new or len(same) < 2 or len(same) < _ALIKE * max(len(old), len(new)):
        return after
    kept = set(same)
    items = (
        item if n in kept or isinstance(item, (Op, Words)) else Fresh(item)
        for n, item in enumerate(new)
    )
    return Row(tuple(items), Level.SENTENCE)
