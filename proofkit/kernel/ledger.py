"""The ledger: the textbook facts that the kernel takes as known, read from ``ledger.json``.

Each is a theorem of the textbook named as its source.  `proofkit.textbook` says them so that one
can read them, and writes the file.  Nothing can be entered here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import claim
from proofkit.kernel.words import DOCUMENT, TABLE


class Entry(NamedTuple):
    """A textbook fact: its name, its source, and the claim."""

    name: str
    source: str
    claim: Term


_ENTRIES = tuple(
    Entry(fact["name"], fact["source"], claim(TABLE[fact["claim"]])) for fact in DOCUMENT["facts"]
)


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
