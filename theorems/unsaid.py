"""Facts that a proof rests on and a reader sees nothing in: “A = A” where only a name changes."""

from __future__ import annotations

from proofkit.claims import Claim
from proofkit.script import Fact, Proof, Tactic

__all__ = ["unsaid"]


def unsaid(p: Proof, claim: Claim, by: Tactic) -> Fact:
    """A fact that is proved and not stated; its inferences stand beneath the step that uses it."""
    return Fact(claim, p.prove(claim, by))
