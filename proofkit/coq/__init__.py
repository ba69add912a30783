"""Coq: the ledger's facts as statements in Coq, and which of them are proved there.

``python -m proofkit.coq > tests/coq/Statements.v`` writes the statements, from the kernel's ledger.
"""

from proofkit.coq.statements import identifier, statements

__all__ = ["identifier", "statements"]
