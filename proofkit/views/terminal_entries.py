"""What can be used, printed for the terminal: a fact or a tactic with a use of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofkit.views import reading, text

if TYPE_CHECKING:
    from proofkit.handbook.entries import Entry

__all__ = ["renderable"]


def renderable(entry: Entry) -> RenderableType:
    """Its name and what it says, the statement, the source, and a step that uses it."""
    rows: list[tuple[str, str]] = []
    if entry.statement is not None:
        for clause in reading.clauses(entry.statement):
            for n, box in enumerate(clause.items):
                rows.append((clause.word if n == 0 else "", text.show_box(box)))
        rows.append(("Source", entry.source))
        rows.append(("Use", entry.call))
    elif entry.use is not None:
        for name, claim in entry.use.given.items():
            rows.append(("From", f"{name}: {text.show(claim)}"))
        rows.append(("have", text.show(entry.use.claim)))
        rows.append(("by", entry.use.call))
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, value in rows:
        grid.add_row(Text(name), Text(value))
    head = Text(entry.name if entry.statement is not None else entry.call, style="bold")
    words = [Text(paragraph.replace("``", "`")) for paragraph in (entry.says, *entry.more)]
    parts: list[RenderableType] = [*words, grid]
    return Group(head, *(Padding(part, (0, 0, 0, 2)) for part in parts))
