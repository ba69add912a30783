"""A reader proves a step: of the facts on offer some are chosen, and the kernel is asked.

What the kernel says of each choice is computed when the page is made: there are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from proofkit.evaluate import Environment
from proofkit.script import Proof, ScriptError
from proofkit.trace import Quantity, ResultTrace, StepTrace
from proofkit.walkthroughs.data import Facts
from proofkit.walkthroughs.exercises import counterexample

__all__ = ["Tried", "Trying", "accepted", "proving"]


@dataclass(frozen=True)
class Tried:
    """What the kernel says of a choice, one bit for each fact on offer.

    ``rule`` is that of the last inference where it accepts; else there may be an instance on which
    the chosen facts hold and the claim does not.
    """

    bits: str
    rule: str
    where: str = ""
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Trying:
    """A claim to be proved before its step is shown, with all that may be tried."""

    id: str
    step: StepTrace
    offered: tuple[object, ...]
    tried: tuple[Tried, ...]


def proving(
    trace: ResultTrace, exercises: Sequence[Facts], env: Environment | None
) -> tuple[Trying, ...]:
    """The exercises whose claims are in the proof; none where the kernel accepts nothing."""
    found = []
    for one in exercises:
        step = next((s for s in trace.walk() if s.claim == one.claim), None)
        rules = accepted(one)
        if step is None or not any(rules):
            continue
        tried = []
        for bits, rule in zip(product("01", repeat=len(one.offered)), rules, strict=True):
            chosen = tuple(fact for fact, bit in zip(one.offered, bits, strict=True) if bit == "1")
            against = None if rule else counterexample(one.read or one.claim, chosen, env)
            where, quantities = against[:2] if against else ("", ())
            tried.append(Tried("".join(bits), rule, where, quantities))
        found.append(Trying(one.id, step, one.offered, tuple(tried)))
    return tuple(found)


@lru_cache(maxsize=64)
def accepted(one: Facts) -> tuple[str, ...]:
    """By which rule the kernel accepts the claim from each choice; empty where it does not."""
    found = []
    for bits in product("01", repeat=len(one.offered)):
        proof = Proof()
        always = [proof.given(fact) for fact in one.always]
        chosen = [
            proof.given(fact) for fact, bit in zip(one.offered, bits, strict=True) if bit == "1"
        ]
        try:
            step = proof.have(one.claim, using=[*chosen, *always]).step
            found.append("" if step is None else step.rule)
        except ScriptError:
            found.append("")
    return tuple(found)
