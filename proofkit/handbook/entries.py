"""What can be used, as data: facts, tactics, words, claims and the other names of the surface."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sympy import preorder_traversal

import proofkit as pk
from proofkit import kernel, surface
from proofkit.claims import Claim
from proofkit.claims.proved import as_proved
from proofkit.handbook.uses import USES, Use, of_fact
from proofkit.surface import claims as _claims
from proofkit.symbols import FunctionWord, MatrixWord, Word
from proofkit.textbook import FACTS
from proofkit.words import TABLE

__all__ = ["Entry", "claims", "facts", "like", "matching", "tactics", "terms", "words"]


@dataclass(frozen=True)
class Entry:
    """One thing that can be used.

    ``call`` is how it is written, ``says`` what it is in a sentence, and ``more`` holds further
    paragraphs; ``example`` is a dialogue with Python and ``use`` a step of a proof;
    ``statement`` and ``source`` are those of a fact, ``words`` what it speaks of in the table.
    """

    name: str
    call: str
    says: str
    more: tuple[str, ...] = ()
    example: str = ""
    use: Use | None = None
    statement: Claim | None = None
    source: str = ""
    words: tuple[str, ...] = ()


def facts() -> list[Entry]:
    """The textbook facts, in the order of their pages; statements are those of the ledger."""
    return [_fact(name) for name in FACTS]


def _fact(name: str) -> Entry:
    fact = FACTS[name]
    stated = as_proved(fact.claim(), kernel.textbook(name).conclusion)
    parts = (
        x for x in preorder_traversal(stated) if isinstance(x, (Word, MatrixWord, FunctionWord))
    )
    spoken = tuple(dict.fromkeys(str(x.args[0]) for x in parts))
    use = of_fact(name)
    return Entry(name, use.call, fact.summary, (), "", use, stated, fact.source, spoken)


def tactics() -> list[Entry]:
    """The tactics, for steps whose inference is not looked for."""
    found = ((name, getattr(pk.by, name)) for name in pk.by.__all__ if name != "Tactic")
    return [_documented(name, f"by.{name}", thing, USES[name]) for name, thing in found]


def words() -> list[Entry]:
    """The words of the table: exp, inverse, determinant, …"""
    return [
        Entry(row.name, row.signature, row.says, (f"Domain: {row.domain}.",), source=row.source)
        for row in TABLE.values()
    ]


def claims() -> list[Entry]:
    """The claims of the surface."""
    return [_of_surface(name) for name in _claims.__all__]


def terms() -> list[Entry]:
    """Everything else that ``import proofkit as pk`` gives."""
    return [_of_surface(n) for n in surface.__all__ if n not in _claims.__all__ and n != "by"]


def _of_surface(name: str) -> Entry:
    thing = getattr(pk, name)
    if isinstance(thing, FunctionWord):
        row = TABLE[str(thing.args[0])]
        return Entry(
            name, f"pk.{name}(x)", row.says, (f"Domain: {row.domain}.",), source=row.source
        )
    return _documented(name, f"pk.{name}", thing)


def _documented(name: str, path: str, thing: Any, use: Use | None = None) -> Entry:
    paragraphs, example = _parts(inspect.getdoc(thing) or "")
    return Entry(name, path + _arguments(thing), paragraphs[0], tuple(paragraphs[1:]), example, use)


def _arguments(thing: Any) -> str:
    """The arguments as one writes them: names and defaults."""
    if inspect.isclass(thing):
        return ""
    signature = inspect.signature(thing)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def _parts(doc: str) -> tuple[list[str], str]:
    """The paragraphs of a docstring, and its dialogue with Python."""
    paragraphs, example = [], []
    for block in re.split(r"\n\s*\n", doc.strip()):
        if block.lstrip().startswith(">>>"):
            example.append(inspect.cleandoc(block))
        else:
            paragraphs.append(" ".join(block.split()))
    return paragraphs, "\n\n".join(example)


def matching(entries: Sequence[Entry], word: str) -> list[Entry]:
    """The entries that have the word in their name or text, or speak of it; all without one."""
    wanted = word.casefold().replace("_", " ")
    return [
        entry
        for entry in entries
        if wanted in f"{entry.name} {entry.says}".casefold().replace("_", " ")
        or wanted in entry.words
    ]


def like(entries: Sequence[Entry], word: str) -> list[str]:
    """Names and words that may have been meant."""
    known = dict.fromkeys(w for e in entries for w in (e.name, *e.name.split(), *e.words))
    return get_close_matches(word.casefold(), known, n=3)
