"""Writing proofs: scripts that read like a page and leave a record for every view.

A script calls `Proof.have`, `suppose`, `obtain`, … with claims, a tactic that finds the
inference, and words; the kernel accepts or refuses each step.  Nothing here is trusted.
"""

from typing import Any

from proofkit.script.proof import Block, Fact, Proof, ScriptError, Step
from proofkit.script.results import Hypothesis, Result, Route, Run, result
from proofkit.script.tactics import (
    Tactic,
    algebra,
    along,
    arithmetic,
    around,
    at_the_point,
    both,
    chosen,
    cofactors,
    contradiction,
    derivative,
    either,
    everywhere,
    excluded_middle,
    from_,
    from_contradiction,
    known,
    least,
    part,
    real_arithmetic,
    result_,
    rewriting,
    routinely,
    small_number,
    summing,
    the,
    unfolding,
    witness,
)

__all__ = [
    "Block",
    "Fact",
    "Hypothesis",
    "Proof",
    "Result",
    "Route",
    "Run",
    "ScriptError",
    "Step",
    "Tactic",
    "algebra",
    "along",
    "arithmetic",
    "around",
    "at_the_point",
    "both",
    "chosen",
    "cofactors",
    "contradiction",
    "derivative",
    "either",
    "everywhere",
    "excluded_middle",
    "from_",
    "from_contradiction",
    "known",
    "least",
    "part",
    "real_arithmetic",
    "result",
    "result_",
    "rewriting",
    "routinely",
    "small_number",
    "summing",
    "the",
    "unfolding",
    "witness",
]


def __getattr__(name: str) -> Any:
    if name == "certificate":  # as it was called in 0.1
        return cofactors
    if name == "Pack":
        raise ImportError("Pack is no part of proofkit.script: from proofkit.packs import Pack")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
