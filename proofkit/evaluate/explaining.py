"""What a refused step lacks: a fact in scope, or, where it is false, an instance that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from proofkit.claims import Claim
from proofkit.evaluate.claims import evaluate
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.refute import Refutation, refute
from proofkit.networks.scalars import Undecidable
from proofkit.script import Fact, ScriptError

__all__ = ["explained"]


def explained(fault: ScriptError) -> str:
    """What the script got wrong, with what is missing or an instance on which the step fails.

    The instance satisfies all facts in scope if one is found that does.  If none is, it satisfies
    those that the step was given, and what is not true there is told: perhaps it was forgotten.
    """
    told = str(fault)
    if fault.given is None:
        return told
    others: Sequence[Fact] = ()
    if fault.tried is not None:
        if missing := fault.tried.missing():
            return f"{told}\n{_forgotten(missing)}"
        others = fault.tried.others
    claims = [fact.claim for fact in others]
    if (found := refute(fault.claim, [*fault.given, *claims])) is not None:
        return f"{told}\n{found}"
    if not claims or (found := refute(fault.claim, fault.given)) is None:
        return told
    lines = [f"  {_at(fact)}" for fact in others if not _holds(fact.claim, found)]
    if lines:
        lines.insert(0, "where these facts, which the step was not given, need not hold:")
    return "\n".join([told, str(found), *lines])


def _forgotten(missing: Sequence[Fact]) -> str:
    what = "a fact" if len(missing) == 1 else "facts"
    lines = [f"  hint: it follows from {what} in scope that the step was not given; give it, too:"]
    return "\n".join([*lines, *(f"    {_at(fact)}" for fact in missing)])


def _at(fact: Fact) -> str:
    """The claim of a fact, and where it comes from."""
    if fact.step is None:
        return str(fact.claim)
    line = f"line {fact.step.place[1]}"
    where = {"given": "a hypothesis", "suppose": f"supposed, {line}"}.get(fact.step.kind, line)
    return f"{fact.claim} ({where})"


def _holds(claim: Claim, at: Refutation) -> bool:
    """Whether the claim is true on the instance."""
    if at.env is None:
        return False
    try:
        outcome = evaluate(claim, at.env)
    except (OutOfRange, Undecidable, TypeError, ValueError):
        return False
    return outcome.everywhere and not outcome.unknown and not outcome.sampled
