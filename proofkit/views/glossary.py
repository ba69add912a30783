"""The glossary of a page: what each symbol means, lies in and is on the example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy.core.basic import Basic

from proofkit.symbols import Family
from proofkit.symbols.families import FamilyTerm
from proofkit.trace import Entry, Prose, Quantity, ResultTrace
from proofkit.views.boxes import Box, has_words
from proofkit.views.layout import Notation, layout_of
from proofkit.views.sorts import space

__all__ = ["Listed", "glossary", "on_example"]


@dataclass(frozen=True)
class Listed:
    """A symbol of the glossary, ready to be printed; ``key`` tells it from the others."""

    term: Any
    key: str
    name: Box
    meaning: Prose
    definition: Box | None
    space: Box | None
    values: tuple[Quantity, ...]

    @property
    def wide(self) -> bool:
        """Whether the name is words, which need a line of their own."""
        return has_words(self.name)


def glossary(trace: ResultTrace) -> tuple[Listed, ...]:
    """The symbols of a trace, those that the notation names among them."""
    return tuple(
        _listed(f"y{n}", entry, trace.notation) for n, entry in enumerate(_entries(trace), start=1)
    )


def on_example(symbols: Sequence[Listed], trace: ResultTrace) -> tuple[Listed, ...]:
    """The symbols of a result, listed for one of its traces, with their values in another."""
    values = {entry.term: entry.values for entry in trace.glossary}
    return tuple(replace(one, values=values.get(one.term, ())) for one in symbols)


def _entries(trace: ResultTrace) -> list[Entry]:
    """The entries of the trace; of an older trace, its symbols and names without values."""
    entries = list(trace.glossary) or [Entry(t, words) for t, words in trace.symbols]
    known = [entry.term for entry in entries]
    named = (term for term, _ in trace.notation if not isinstance(term, str))
    entries += [Entry(term, Prose()) for term in named if term not in known]
    return [entry for entry in entries if _is_told(entry.term, trace)]


def _is_told(term: Any, trace: ResultTrace) -> bool:
    """Whether a symbol belongs in the glossary: a changed network only where the proof has it."""
    if isinstance(term, Family) or not isinstance(term, FamilyTerm):
        return True
    return any(step.claim.has(term) for step in trace.walk() if isinstance(step.claim, Basic))


def _listed(key: str, entry: Entry, notation: Notation) -> Listed:
    layout = layout_of(notation)
    term: Any = entry.term
    named = term in layout.names
    return Listed(
        term,
        key,
        layout(term),
        entry.meaning,
        layout.without(term)(term) if named else None,
        space(layout, term),
        entry.values,
    )
