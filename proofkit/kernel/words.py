"""Words: named constants such as exp, inverse and determinant (FORMAT.md, section 3).

Of a word the kernel knows its name, its sort, and in which arguments it is linear wherever applied;
what it means is said by the facts of the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from proofkit.kernel.nodes import Term, node


class Word(NamedTuple):
    """A word: its sort, not yet read, and its linear arguments, counted from 0."""

    sort: Term
    linear: tuple[int, ...]


def _read(text: str) -> tuple[dict[str, Any], list[Term]]:
    """What the ledger's file holds, and the tuples of its table."""
    document = json.loads(text)
    if document["format"] != "proofkit/ledger/5":
        raise ValueError(f"ledger.json has the format {document['format']}")
    table: list[Term] = []
    for row in document["table"]:
        table.append(node(*(table[item[0]] if type(item) is list else item for item in row)))
    return document, table


DOCUMENT, TABLE = _read(Path(__file__).with_name("ledger.json").read_text(encoding="utf-8"))
WORDS: Mapping[str, Word] = MappingProxyType(
    {row["name"]: Word(TABLE[row["sort"]], tuple(row["linear"])) for row in DOCUMENT["words"]}
)  # every word; nothing can be entered here


def spine(x: Term) -> tuple[Term, list[Term]]:
    """f and a, b, … of f(a)(b)…"""
    arguments: list[Term] = []
    while x[0] == "at":
        arguments.insert(0, x[2])
        x = x[1]
    return x, arguments


def linear_in(function: Term) -> tuple[int, ...]:
    """The arguments in which a function is linear because it is a word."""
    return WORDS[function[1]].linear if function[0] == "word" else ()
