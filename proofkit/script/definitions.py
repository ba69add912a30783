"""Naming a term in the middle of a proof: let Q = AA⁺."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.claims import Claim, Equal, Exists
from proofkit.kernel import Theorem
from proofkit.kernel.binding import opened
from proofkit.kernel.nodes import Term
from proofkit.script.proof import Fact
from proofkit.script.tactics import Tactic
from proofkit.symbols import encode_term

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["let"]


def let(proof: Proof, variable: Any, term: Any, words: str = "", **formulas: Any) -> Fact:
    """Let the variable be the matrix ``term``; gives the fact variable = term."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        value = encode_term(term, goal[1])
        return kernel.witness(goal, value, kernel.algebra(opened(goal[2], value)))

    claim = Exists(variable, Equal(variable, term))
    existence = Fact(claim, proof.prove(claim, Tactic("definition", (), find)))
    (fact,) = proof.obtain(existence, variable, words=words, **formulas)
    return fact
