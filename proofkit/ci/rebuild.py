"""An exported proof run through the kernel again, inference by inference.

Not the independent check (that is `proofkit replay`): this is how a proof that was changed on
the way is put before the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from proofkit import kernel
from proofkit.export import ExportedProof, ExportedStep
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.reading import claim

__all__ = ["infer", "rebuild"]

Apply = Callable[[Any, Any], Theorem]


def _about(rule: str, theorem: Theorem, e: Any) -> Theorem:
    """The premise, which must be about the term that the data names."""
    if claim((theorem.conclusion[0], e)) != theorem.conclusion:
        raise KernelError(rule, "a premise is about another term", theorem.conclusion, e)
    return theorem


def _algebra(p: Any, d: Any) -> Theorem:
    goal, products = d
    pairs = [(_about("algebra", th, e), key) for th, (e, key) in zip(p, products, strict=False)]
    if len(pairs) != len(products):
        raise KernelError("algebra", "fewer equations than products")
    return kernel.algebra(goal, pairs, p[len(pairs) :])


def _arithmetic(p: Any, d: Any) -> Theorem:
    goal, scaled = d
    pairs = [(_about("arithmetic", th, e), n) for th, (n, e) in zip(p, scaled, strict=False)]
    if len(pairs) != len(scaled):
        raise KernelError("arithmetic", "fewer premises than multipliers")
    return kernel.arithmetic(goal, pairs, p[len(pairs) :])


_k: Any = kernel


def _along(p: Any, d: Any) -> Theorem:
    at_centres = [th for th in p[1:] if th.conclusion[0] != "continuous"]
    if list(p[1 : 1 + len(at_centres)]) != at_centres:
        raise KernelError("near: along a continuous map", "the equations come first")
    theorem: Theorem = _k.near_along(p[0], *d, at_centres, p[1 + len(at_centres) :])
    return theorem


RULES: dict[str, Apply] = {
    "assume": lambda p, d: _k.assume(*p, *d),
    "discharge": lambda p, d: _k.discharge(*d, *p),
    "modus ponens": lambda p, d: _k.modus_ponens(*p, *d),
    "conjoin": lambda p, d: _k.conjoin(*p, *d),
    "project": lambda p, d: _k.project(*p, *d),
    "either": lambda p, d: _k.either(*p, *d),
    "cases": lambda p, d: _k.cases(*p, *d),
    "contradiction": lambda p, d: _k.contradiction(*p, *d),
    "reductio": lambda p, d: _k.reductio(*d, *p),
    "generalise": lambda p, d: _k.generalise(*d, *p),
    "instantiate": lambda p, d: _k.instantiate(*p, *d),
    "witness": lambda p, d: _k.witness(*d, *p),
    "obtain": lambda p, d: _k.obtain(p[0], *d, *p[1:]),
    "induction": lambda p, d: _k.induction(*d, *p),
    "choose": lambda p, d: _k.choose(*p, *d),
    "rewrite": lambda p, d: _k.rewrite(*d, *p),
    "algebra": _algebra,
    "restate": lambda p, d: _k.restate(*d, p[0], p[1:]),
    "arithmetic": _arithmetic,
    "near: consequence": lambda p, d: _k.near_all(*d, *p),
    "near: at the point": lambda p, d: _k.near_here(*p, *d),
    "near: around near points": lambda p, d: _k.near_near(*p, *d),
    "near: along a continuous map": _along,
    "continuous": lambda p, d: _k.continuous(*d, p),
    "differentiate": lambda p, d: _k.differentiate(*d, p),
    "textbook": lambda p, d: _k.textbook(*d, *p),
}


def infer(step: ExportedStep, premises: Sequence[Theorem]) -> Theorem:
    """The theorem of one step; `KernelError` where the kernel refuses it.

    Also when it proves something else than the step says.
    """
    try:
        if step.rule in RULES:
            theorem = RULES[step.rule](premises, step.data)
        else:
            raise KernelError(step.rule, "no such rule")
    except ValueError:  # KernelError and LanguageError are among them
        raise
    except (TypeError, IndexError, AttributeError, RecursionError) as fault:
        raise KernelError(step.rule, f"the data has another shape: {fault}") from fault
    says = claim(step.conclusion)
    if theorem.conclusion != says:
        raise KernelError(step.rule, "the step claims something else", theorem.conclusion, says)
    if set(theorem.hypotheses) != set(map(claim, step.hypotheses)):
        raise KernelError(step.rule, "the step has other hypotheses")
    return theorem


def rebuild(proof: ExportedProof, known: Sequence[Theorem | None] = ()) -> list[Theorem]:
    """The theorems of all steps; ``known`` ones are taken as they are.

    Raises a `ValueError` at the first step that the kernel refuses, and when the proof does not
    end in its statement without hypotheses.
    """
    theorems: list[Theorem] = []
    for number, step in enumerate(proof.steps):
        ready = known[number] if number < len(known) else None
        if ready is None:
            if not all(0 <= p < number for p in step.premises):
                raise KernelError(step.rule, "a premise does not come before")
            ready = infer(step, [theorems[p] for p in step.premises])
        theorems.append(ready)
    if not theorems:
        raise KernelError("proof", "has no steps")
    last = theorems[-1]
    if last.hypotheses or last.conclusion != claim(proof.statement):
        raise KernelError(
            "proof", "does not end in its statement", proof.statement, last.conclusion
        )
    return theorems
