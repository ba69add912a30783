"""The kernel's file of facts, from the pages that say them (FORMAT.md, section 9)."""

from __future__ import annotations

from typing import Any

from proofkit.claims import encode
from proofkit.tables import Table
from proofkit.textbook import FACTS

__all__ = ["LEDGER_FORMAT", "document"]

LEDGER_FORMAT = "proofkit/ledger/4"


def document() -> dict[str, Any]:
    """All textbook facts, as the file ``ledger.json`` holds them."""
    table = Table()
    facts = [
        {"name": name, "source": fact.source, "claim": table.add(encode(fact.claim()))}
        for name, fact in sorted(FACTS.items())
    ]
    return {"format": LEDGER_FORMAT, "facts": facts, "table": table.entries}
