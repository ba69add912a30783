"""Coq: the ledger's facts as statements in Coq, and what is proved there of facts and rules.

``python -m proofkit.coq > tests/coq/Statements.v`` writes the statements, from the kernel's ledger;
the proofs are in ``tests/coq``, and `standing` says of a fact or a rule whether it has one.
"""

from proofkit.coq.rules import RULES, Rule
from proofkit.coq.standing import STATUS, axioms, axioms_of_rule, is_proved, rests_on
from proofkit.coq.statements import identifier, propositions, statements

__all__ = [
    "RULES",
    "STATUS",
    "Rule",
    "axioms",
    "axioms_of_rule",
    "identifier",
    "is_proved",
    "propositions",
    "rests_on",
    "statements",
]
