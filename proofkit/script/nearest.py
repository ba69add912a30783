"""How near a search came to a claim, where it found no way: what the best of the tactics lacked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sympy import preorder_traversal

from proofkit.claims import Claim, DifferentiableAt, Slope
from proofkit.kernel import KernelError
from proofkit.kernel.nodes import Term
from proofkit.script.derived import is_relation_of_indices
from proofkit.script.proof import Fact, ScriptError
from proofkit.script.refusals import refusal, told_with
from proofkit.script.tactics import Tactic, algebra, arithmetic, derivative
from proofkit.symbols import FunctionOf, Gradient
from proofkit.symbols.faults import LanguageError

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["nearest"]

__tracebackhide__ = True  # pytest shows the script, not what is beneath it


def nearest(proof: Proof, claim: Claim, goal: Term, facts: Sequence[Fact]) -> str:
    """What kept the tactic that fits the claim best from proving it, from these facts."""
    for by in _fitting(claim, goal, facts):
        try:
            by.find(proof, claim, goal)
        except (KernelError, LanguageError, ScriptError) as fault:
            return f"no way was found; the nearest:\n{refusal(by.rule, goal, fault)}"
    used = "; ".join(str(fact.claim) for fact in facts) or "nothing"
    hint = "state a step in between, name the facts in using=[…], or a tactic in by=…"
    return told_with("no way was found", found=f"from {used}", hint=hint)


def _fitting(claim: Claim, goal: Term, facts: Sequence[Fact]) -> Iterator[Tactic]:
    """The tactics that a reader would try."""
    if is_relation_of_indices(goal):
        yield arithmetic(*(f for f in facts if is_relation_of_indices(f.theorem.conclusion)))
        return
    if (function := _differentiated(claim)) is not None:
        yield derivative(function, *facts)
    if goal[0] == "null":
        yield algebra(*(fact for fact in facts if fact.theorem.conclusion[0] == "null"))


def _differentiated(claim: Claim) -> FunctionOf | None:
    """The function that the claim gives a derivative of."""
    for part in preorder_traversal(claim):
        if isinstance(part, (Gradient, Slope, DifferentiableAt)):
            function = part.args[0]
            if isinstance(function, FunctionOf):
                return function
    return None
