"""The kernel's file of words and facts, from the pages that say them (FORMAT.md, section 9)."""

from __future__ import annotations

from typing import Any

from proofkit.basics.tables import Table
from proofkit.claims import encode
from proofkit.textbook import FACTS
from proofkit.words import TABLE

__all__ = ["LEDGER_FORMAT", "document"]

LEDGER_FORMAT = "proofkit/ledger/5"


def document(facts: bool = True) -> dict[str, Any]:
    """All words and textbook facts, as the file ``ledger.json`` holds them.

    Without the facts it is what the kernel has to read before facts about a new word can be said.
    """
    table = Table()
    words = [
        {"name": name, "sort": table.add(row.sort), "linear": list(row.places)}
        for name, row in sorted(TABLE.items())
    ]
    said = [
        {"name": name, "source": fact.source, "claim": table.add(encode(fact.claim()))}
        for name, fact in (sorted(FACTS.items()) if facts else ())
    ]
    return {"format": LEDGER_FORMAT, "words": words, "facts": said, "table": table.entries}
