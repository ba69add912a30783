"""Coq: the ledger's facts as statements in Coq, and which of them are proved there.

``python -m proofkit.coq > tests/coq/Statements.v`` writes the statements, from the kernel's ledger;
the proofs are in ``tests/coq``, and `standing` says of a fact whether it has one.
"""

from proofkit.coq.standing import STATUS, axioms, is_proved
from proofkit.coq.statements import identifier, propositions, statements

__all__ = ["STATUS", "axioms", "identifier", "is_proved", "propositions", "statements"]
