"""The ledger: the textbook facts that the kernel takes as known, read from ``ledger.json``.

Each is a theorem of the textbook named as its source; `proofkit.textbook` says them for readers,
and writes the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import claim
from proofkit.kernel.words import DOCUMENT, TABLE


class Entry(NamedTuple):
    """A textbook fact: its name, its source, and the claim."""

    name: str
    source: str
    claim: Term


_FACTS: Mapping[str, tuple[str, Term]] = MappingProxyType(
    {fact["name"]: (fact["source"], TABLE[fact["claim"]]) for fact in DOCUMENT["facts"]}
)


class _Ledger(Mapping[str, Entry]):
    """The facts by name, each read when asked for; it holds none, so nothing can be put in."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Entry:
        source, said = _FACTS[name]
        return Entry(name, source, claim(said))

    def __iter__(self) -> Iterator[str]:
        return iter(_FACTS)

    def __len__(self) -> int:
        return len(_FACTS)


LEDGER: Mapping[str, Entry] = _Ledger()
