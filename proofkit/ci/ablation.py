"""Ablation: each hypothesis of a result dropped in turn, to see whether it is needed.

*Not needed* means that the kernel's proof goes through without it; the theorem is there.
*Needed* means that an example or a random instance satisfies all the other hypotheses and not
the conclusion.  Otherwise the answer is *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from proofkit import kernel
from proofkit.checking import networks_of
from proofkit.claims import Claim, Convex, Differentiable, encode
from proofkit.evaluate import Environment, Outcome, Unsuitable, evaluate, refute
from proofkit.evaluate.environment import OutOfRange
from proofkit.kernel import Theorem
from proofkit.language.errors import LanguageError
from proofkit.networks.scalars import Undecidable
from proofkit.script import Pack, Result
from proofkit.symbols import encode_variable

__all__ = ["Ablation", "ablate", "without_hypothesis"]

INSTANCES = 20
"""Random exact instances tried for each hypothesis."""


@dataclass(frozen=True)
class Ablation:
    """What became of a result without one of its hypotheses, and what shows it."""

    number: str
    claim: Claim
    verdict: Literal["needed", "not needed", "unknown"]
    shown: str

    def as_json(self) -> dict[str, str]:
        """One entry of ``check --ablate --json``."""
        return {
            "hypothesis": self.number,
            "claim": str(self.claim),
            "verdict": self.verdict,
            "shown": self.shown,
        }


def ablate(pack: Pack, result: Result, seed: int = 0) -> list[Ablation]:
    """The result without each of its hypotheses in turn; its proofs must pass."""
    for route in result.routes:
        result.theorem(route)
    environments = list(_environments(pack, result, seed))
    found = []
    for n, hypothesis in enumerate(result.given):
        number = f"H{n + 1}"
        passing = [r for r in result.routes if without_hypothesis(result, n, r) is not None]
        if passing:
            shown = f"the route {passing[0]} proves the result without it"
            found.append(Ablation(number, hypothesis.claim, "not needed", shown))
            continue
        shown = _counterexample(result, n, environments, seed)
        verdict: Literal["needed", "unknown"] = "needed" if shown else "unknown"
        found.append(
            Ablation(number, hypothesis.claim, verdict, shown or "no counterexample was found")
        )
    return found


def without_hypothesis(result: Result, dropped: int, route: str = "") -> Theorem | None:
    """⊢ the result without one hypothesis, if the route's proof does not use it.

    The kernel makes this theorem from the inner part of the proof, before its hypotheses were
    discharged; nothing is taken on trust.
    """
    theorem = result.theorem(route)
    for _ in result.variables:
        (theorem,) = theorem.inference.premises
    claims = [encode(h.claim) for h in result.given]
    for _ in claims:
        (theorem,) = theorem.inference.premises
    kept = [claim for n, claim in enumerate(claims) if n != dropped]
    for claim in reversed(kept):
        theorem = kernel.discharge(claim, theorem)
    if theorem.hypotheses:
        return None
    for variable in reversed(result.variables):
        theorem = kernel.generalise(encode_variable(variable), theorem)
    return theorem


def _environments(pack: Pack, result: Result, seed: int) -> Iterator[tuple[str, Environment]]:
    for name, network in networks_of(pack).items():
        try:
            yield name, pack.environment(network, seed, result)
        except Unsuitable:
            continue
    yield from pack.exact(seed, INSTANCES, result).items()


def _counterexample(
    result: Result, dropped: int, environments: list[tuple[str, Environment]], seed: int
) -> str:
    """Where the other hypotheses hold and the conclusion fails; empty if nowhere."""
    others = [h.claim for n, h in enumerate(result.given) if n != dropped]
    for name, env in environments:
        if env.exact and all(_holds(claim, env) for claim in others):
            outcome = _outcome(result.claim, env)
            if outcome is not None and not outcome.everywhere:
                return f"{name} satisfies the others and not the conclusion"
    refutation = refute(result.claim, others, seed=seed)
    return "" if refutation is None else str(refutation)


def _outcome(claim: Any, env: Environment) -> Outcome | None:
    try:
        outcome = evaluate(claim, env)
    except (OutOfRange, LanguageError, Undecidable, TypeError, ValueError):
        return None
    return None if outcome.unknown else outcome


def _holds(claim: Any, env: Environment) -> bool:
    """Whether the claim is true and settled.

    Samples alone do not settle it, save that a loss is convex or differentiable: that the loss
    itself knows, and samples only look for a lie.
    """
    outcome = _outcome(claim, env)
    if outcome is None or not outcome.everywhere:
        return False
    return not outcome.sampled or isinstance(claim, (Convex, Differentiable))
