"""The ledger: the textbook facts that the kernel takes as known, read from ``ledger.json``.

Each is a theorem of the textbook named as its source.  `proofkit.textbook` says them so that one
can read them, and writes the file.  Nothing can be entered here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim


class Entry(NamedTuple):
    """A textbook fact: its name, its source, and the claim."""

    name: str
    source: str
    claim: Term


def _read(text: str) -> tuple[Entry, ...]:
    """The facts in a ledger (FORMAT.md, section 9)."""
    document = json.loads(text)
    if document["format"] != "proofkit/ledger/4":
        raise ValueError(f"ledger.json has the format {document['format']}")
    table: list[Term] = []
    for row in document["table"]:
        table.append(node(*(table[item[0]] if type(item) is list else item for item in row)))
    return tuple(
        Entry(fact["name"], fact["source"], claim(table[fact["claim"]]))
        for fact in document["facts"]
    )


_ENTRIES = _read(Path(__file__).with_name("ledger.json").read_text(encoding="utf-8"))


class _Ledger(Mapping[str, Entry]):
    """The facts by name; it holds none itself, so nobody can put others into it."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Entry:
        for entry in _ENTRIES:
            if entry.name == name:
                return entry
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (entry.name for entry in _ENTRIES)

    def __len__(self) -> int:
        return len(_ENTRIES)


LEDGER: Mapping[str, Entry] = _Ledger()
