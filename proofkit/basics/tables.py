"""Tuples as tables in JSON, and the digest of a claim (FORMAT.md, sections 1 and 10)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

__all__ = ["Table", "digest", "dumps", "rebuilt"]


class Table:
    """Equal tuples once each, in the order in which they are first met, parts before wholes."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self._known: dict[tuple[Any, ...], int] = {}
        # By identity as well, so that a shared part is walked once; the objects are kept alive.
        self._seen: dict[int, tuple[object, int]] = {}

    def add(self, term: tuple[Any, ...]) -> int:
        """The number of the tuple's entry."""
        seen = self._seen.get(id(term))
        if seen is not None:
            return seen[1]
        entry = [[self.add(part)] if isinstance(part, tuple) else _leaf(part) for part in term]
        key = tuple((type(item), tuple(item) if type(item) is list else item) for item in entry)
        number = self._known.setdefault(key, len(self.entries))
        if number == len(self.entries):
            self.entries.append(entry)
        self._seen[id(term)] = (term, number)
        return number


def _leaf(part: Any) -> Any:
    if type(part) not in (str, int):
        raise ValueError(f"a term is made of tuples, strings and integers, not of {part!r:.60}")
    return part


def rebuilt(table: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The tuples of a table; `ValueError` where an entry is none.

    >>> rebuilt([["b", 0], ["null", [0]]])[1]
    ('null', ('b', 0))
    """
    terms: list[tuple[Any, ...]] = []
    for entry in table:
        terms.append(tuple(_part(item, terms) for item in entry))
    return terms


def _part(item: Any, terms: list[tuple[Any, ...]]) -> Any:
    if type(item) in (str, int):
        return item
    reference = type(item) is list and len(item) == 1 and type(item[0]) is int
    if reference and 0 <= item[0] < len(terms):
        return terms[item[0]]
    raise ValueError(f"{item!r:.60} is no part of a term")


def digest(claim: tuple[Any, ...]) -> str:
    """The digest of a claim in normal form, 64 hexadecimal digits.

    >>> digest(("false",))[:8]
    '80ce3eef'
    """
    table = Table()
    table.add(claim)
    return sha256(_compact(table.entries).encode()).hexdigest()


def dumps(document: Mapping[str, Any]) -> str:
    """A document as text: one table entry and one step a line."""
    members = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(_compact(item) for item in value)
            members.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            members.append(f"{json.dumps(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
