"""Ablation: each hypothesis of a result dropped in turn, to see whether it is needed.

*Not needed* means that the kernel's proof goes through without it; the theorem is there.  Tactics
take what they find in scope, so a script is also run again with the hypothesis out of their sight.
*Needed* means that an example or a random instance satisfies all the other hypotheses and not
the conclusion.  Otherwise the answer is *unknown*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from proofkit import kernel
from proofkit.checking import networks_of
from proofkit.ci.counterexamples import search
from proofkit.claims import Claim, encode
from proofkit.evaluate import Environment, Unsuitable, refute
from proofkit.kernel import Theorem
from proofkit.packs import Pack
from proofkit.script import Result
from proofkit.script.proof import Fact, Proof
from proofkit.symbols import encode_variable
from proofkit.trace import Prose

__all__ = ["Ablation", "ablate", "without_hypothesis"]

Verdict = Literal["needed", "not needed", "unknown"]

INSTANCES = 20
"""Random exact instances tried for each hypothesis."""


@dataclass(frozen=True)
class Ablation:
    """What became of a result without one of its hypotheses, and what shows it."""

    number: str
    claim: Claim
    verdict: Verdict
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
    finds = search(result, list(_environments(pack, result, seed)), seed)
    answers = []
    for n, hypothesis in enumerate(result.given):
        passing = [r for r in result.routes if without_hypothesis(result, n, r) is not None]
        verdict: Verdict = "needed"
        if passing:
            verdict = "not needed"
            shown = f"the route {passing[0]} proves the result without it"
        elif n in finds and finds[n].settled:
            shown = finds[n].words
        elif refutation := _refuted(result, n, seed):
            shown = refutation
        else:
            verdict = "unknown"
            shown = "no counterexample was found"
            if n in finds and not finds[n].fails:
                shown += f"; {finds[n].words}"
            elif n in finds:
                shown = f"{finds[n].words}; only tried on samples: {', '.join(finds[n].sampled)}"
            shown += _said(result, n)
        answers.append(Ablation(f"H{n + 1}", hypothesis.claim, verdict, shown))
    return answers


def _refuted(result: Result, dropped: int, seed: int) -> str:
    others = [h.claim for n, h in enumerate(result.given) if n != dropped]
    refutation = refute(result.claim, others, seed=seed)
    return "" if refutation is None else str(refutation)


def without_hypothesis(result: Result, dropped: int, route: str = "") -> Theorem | None:
    """⊢ the result without one hypothesis, if the route's script proves it without.

    The kernel makes this theorem from the inner part of the proof, before its hypotheses were
    discharged; nothing is taken on trust.
    """
    for theorem in (result.theorem(route), _out_of_sight(result, dropped, route)):
        if theorem is not None and (found := _discharged(result, dropped, theorem)) is not None:
            return found
    return None


class _OutOfSight(Proof):
    """A proof in which no tactic finds one of the hypotheses by itself."""

    def __init__(self, dropped: int) -> None:
        super().__init__()
        self.dropped = dropped

    def given(self, claim: Claim, words: Prose = Prose()) -> Fact:
        """State a hypothesis; the one that is dropped is in the scope of nothing."""
        fact = super().given(claim, words)
        if len(self.hypotheses) == self.dropped + 1:
            self._scopes[0].forget(fact.step)
        return fact


def _out_of_sight(result: Result, dropped: int, route: str) -> Theorem | None:
    """⊢ the result, by the script run again; None if it does not go through."""
    proof = _OutOfSight(dropped)
    script = result.routes[route or next(iter(result.routes))].script
    try:
        script(proof, *[proof.given(h.claim, h.words) for h in result.given])
        theorem = proof.conclude(result.variables)
    except Exception:  # a script may stumble in any way over what is not there
        return None
    return theorem if theorem.conclusion == encode(result.statement) else None


def _discharged(result: Result, dropped: int, theorem: Theorem) -> Theorem | None:
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
            env = pack.on(network, seed, result)
        except Unsuitable:
            continue
        yield name, env
        for one in result.without:  # where the pack itself says to look
            if one.example == name and one.where:
                where = ", ".join(f"{symbol} = {value}" for symbol, value in one.where)
                yield f"{name} with {where}", env.having(dict(one.where))
    yield from pack.exact(seed, INSTANCES, result).items()


def _said(result: Result, dropped: int) -> str:
    """What the pack itself says of the result without the hypothesis."""
    for one in result.without:
        if one.hypothesis == dropped:
            words = "".join(p if isinstance(p, str) else str(p.expression) for p in one.words.parts)
            return f"; the pack says: {words}" if words else f"; the pack names {one.example}"
    return ""
