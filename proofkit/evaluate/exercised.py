"""Whether an instance exercises a result: every hypothesis is decided true there, and the
conclusion evaluated.

A result whose hypotheses contradict each other is proved, and says nothing: no instance exercises
it.  What is only tried on samples is not decided, so it counts as little as what is open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofkit.claims import And, Claim, Differentiable, ForAll, Implies
from proofkit.evaluate.claims import evaluate, index_values
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.forms import holds_for_all
from proofkit.evaluate.instances import drawn, repaired
from proofkit.evaluate.outcomes import Outcome
from proofkit.evaluate.samples import samples
from proofkit.evaluate.smooth import is_smooth
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.symbols.faults import LanguageError
from proofkit.trace import Prose, Status, prose

__all__ = ["Exercise", "Stop", "exercise", "obstacles", "told", "unexercised"]

_HOLDS: Status = "holds"
_NOWHERE: Status = "not applicable"

Stop = tuple[int, Status]
"""The first hypothesis (from 0) that is not decided true, or their number for the conclusion;
and what is known of it."""


@dataclass(frozen=True)
class Exercise:
    """On how many instances a result is exercised, and where there are none, what stopped it."""

    instances: int
    stopped: Stop | None = None


def exercise(
    given: Sequence[Claim], claim: Claim, cases: Sequence[tuple[Environment, Any]]
) -> Exercise:
    """Whether the hypotheses hold and the conclusion is evaluated, in some of the cases.

    A case is an environment and the instances of its batch that it is about.

    >>> from proofkit.claims import Equal, NonZero
    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.symbols import MatrixVariable
    >>> A = MatrixVariable("A", 1, 1)
    >>> case = (Environment({A: ExactMatrix.of([[0]])}), np.array([True]))
    >>> exercise([Equal(A, 0)], Equal(A * A, 0), [case])
    Exercise(instances=1, stopped=None)
    >>> exercise([Equal(A, 0), NonZero(A)], Equal(A * A, 0), [case])
    Exercise(instances=0, stopped=(1, 'fails'))
    """
    reached: Any = False
    furthest: Stop | None = None
    for env, mask in cases:
        met, n, status = mask, 0, _HOLDS
        while n < len(given) and met.any():
            met, status = _decided(given[n], env, met)
            n += int(met.any())
        if n == len(given):
            met, status = _evaluated(claim, env, met)
        reached = np.logical_or(reached, met)
        if furthest is None or n > furthest[0]:
            furthest = (n, status)
    instances = int(np.sum(reached))
    return Exercise(instances, None if instances else furthest)


def _outcome(claim: Claim, env: Environment) -> Outcome:
    try:
        return evaluate(claim, env)
    except (OutOfRange, Undecidable, TypeError, ValueError) as fault:
        return Outcome(False, unknown=str(fault) or "it has no value here")


def _decided(claim: Claim, env: Environment, mask: Any) -> tuple[Any, Status]:
    """The instances of the mask on which the claim is decided true, and what it is on them all."""
    outcome = _outcome(claim, env)
    seen = outcome.seen(env, mask)
    if seen.status in ("holds", "fails") and not outcome.sampled:
        held = outcome.holds if not outcome.unknown else outcome.agrees
        return np.logical_and(mask, held), seen.status
    if seen.status == "not refuted" and _is_seen_to_hold(claim, env):
        return mask, "holds"
    return np.zeros_like(mask), seen.status


def _is_seen_to_hold(claim: Claim, env: Environment) -> bool:
    """Whether what was tried on samples is settled by the form of the claim."""
    if isinstance(claim, Differentiable):
        return is_smooth(claim.args[0], env)
    return holds_for_all(claim, env, index_values(env))


def _evaluated(claim: Claim, env: Environment, mask: Any) -> tuple[Any, Status]:
    """The instances on which a conclusion is evaluated.

    Where it begins with premises, these are hypotheses, too: for some values they hold.
    """
    if isinstance(claim, ForAll):
        variable, *rest = claim.variables
        body = ForAll(*rest, claim.body)
        reached, status = np.zeros_like(mask), _NOWHERE
        try:
            for value in samples(variable, env, index_values(env)):
                found, seen = _evaluated(body, env.having({variable: value}), mask)
                reached, status = reached | found, seen
        except (OutOfRange, Undecidable, TypeError, ValueError):
            pass
        return reached, status
    if isinstance(claim, Implies):
        *premises, conclusion = claim.args
        for premise in premises:
            mask, status = _decided(premise, env, mask)
            if not mask.any():
                return mask, status
        return _evaluated(conclusion, env, mask)
    outcome = _outcome(claim, env)
    status = outcome.seen(env, mask).status
    if outcome.unknown:
        return np.logical_and(mask, outcome.agrees), status
    return np.logical_and(mask, np.logical_not(outcome.open)), status


# ── In words ───────────────────────────────────────────────────────────────────────────────────
_SAID: dict[Status, str] = {
    "fails": "false",
    "not refuted": "only tried on samples",
    "not applicable": "undefined",
    "not evaluated": "not decided",
}


DRAWN = 60
"""Instances drawn to see what keeps the hypotheses from holding."""


def obstacles(
    variables: Sequence[Any], given: Sequence[Claim], seen: Mapping[Stop, int]
) -> Mapping[Stop, int]:
    """What keeps the hypotheses from holding: what was seen, or random instances that come further.

    >>> from proofkit.claims import Equal, NonZero
    >>> from proofkit.symbols import MatrixVariable
    >>> A = MatrixVariable("A", 1, 1)
    >>> obstacles([A], [Equal(A, 0), NonZero(A)], {(0, "fails"): 1})
    {(1, 'fails'): 60}
    """
    found: dict[Stop, int] = {}
    for attempt in range(DRAWN):
        rng = generator((0, attempt))
        with suppress(OutOfRange, LanguageError, Undecidable):
            env = drawn(list(variables), tuple(given), rng, 1 + 3 * attempt // DRAWN)
            env = repaired(env, tuple(given), rng)
            stopped = exercise(given, And(*given), [(env, np.full(1, True))]).stopped
            if stopped is not None:
                found[stopped] = found.get(stopped, 0) + 1
    return max(seen, found, key=lambda stops: max((n for n, _ in stops), default=-1))


def unexercised(given: Sequence[Claim], claim: Claim, stopped: Mapping[Stop, int]) -> str:
    """That no instance exercises a result, what stopped how many, and what is to be done.

    >>> from proofkit.claims import Equal, NonZero
    >>> from proofkit.symbols import MatrixVariable
    >>> A = MatrixVariable("A", 1, 1)
    >>> print(unexercised([Equal(A, 0), NonZero(A)], Equal(A * A, 0), {(1, "fails"): 3}))
    no instance exercises it: on none are all hypotheses true and the conclusion evaluated
      H2, A ≠ 0, is false where H1 holds (on 3)
      hint: if the hypotheses contradict each other, the result says nothing: correct them
      hint: if they are only hard to meet, give an example on which they hold
    """
    lines = [_NONE, *(f"  {line.plain()}" for line in _stops(given, claim, stopped))]
    if given:
        lines.append(
            "  hint: if the hypotheses contradict each other, the result says nothing: correct them"
        )
    hard = "if they are only hard to meet, give an example on which they hold"
    return "\n".join([*lines, f"  hint: {hard if given else 'give an example to try it on'}"])


def told(given: Sequence[Claim], claim: Claim, stopped: Mapping[Stop, int]) -> Prose:
    """The same for the reader of a page."""
    parts: tuple[Any, ...] = (f"{_NONE[0].upper()}{_NONE[1:]}. ",)
    for n, line in enumerate(_stops(given, claim, stopped)):
        parts += ("; ",) * bool(n) + line.parts
    return Prose((*parts, "."))


_NONE = "no instance exercises it: on none are all hypotheses true and the conclusion evaluated"


def _stops(given: Sequence[Claim], claim: Claim, stopped: Mapping[Stop, int]) -> list[Prose]:
    """What stopped how many networks or batches, a sentence for each kind."""
    lines = []
    for (n, status), count in sorted(stopped.items()):
        what = f"H{n + 1}" if n < len(given) else "the conclusion"
        before = {0: "", 1: " where H1 holds"}.get(n, f" where H1 to H{n} hold")
        words = f"{what}, {{what}}, is {_SAID.get(status, status)}{before} (on {count})"
        lines.append(prose(words, what=given[n] if n < len(given) else claim))
    return lines or [prose("it was tried on none")]
