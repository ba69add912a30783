"""The truth of a claim in an environment: which instances satisfy it, and how well.

A claim about all values of a matrix variable, or about all values near a point, is tried on
samples and is then at most "not refuted"; one about indices is tried on all of them.  A claim
that something exists is settled by finding it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from proofkit.claims import (
    Abbreviation,
    And,
    Claim,
    Continuous,
    Contradiction,
    Convex,
    Differentiable,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    Slope,
)
from proofkit.evaluate.derivatives import (
    continuous,
    differentiable_at,
    is_convex,
    is_differentiable,
    slope,
)
from proofkit.evaluate.environment import BySight, Environment, OutOfRange
from proofkit.evaluate.outcomes import (
    Outcome,
    conjunction,
    disjunction,
    either,
    implication,
    is_anywhere,
    is_throughout,
    negation,
    neither,
)
from proofkit.evaluate.relations import definite, equal, is_of_indices, ordered
from proofkit.evaluate.samples import STEPS, nearby, samples
from proofkit.evaluate.smooth import is_smooth
from proofkit.evaluate.terms import looked_up
from proofkit.evaluate.witnesses import candidates, find_witness
from proofkit.symbols import MatrixVariable, Rank
from proofkit.symbols.encode import is_index
from proofkit.words.reals import Undefined

__all__ = ["Outcome", "evaluate", "index_values"]


def evaluate(claim: Claim, env: Environment) -> Outcome:
    """Whether the claim holds in the environment; what is known of it goes before trying.

    Raises `OutOfRange` when the claim speaks of layers that the network does not have.
    """
    if claim in env.known:
        holds, detail = env.known[claim]
        return Outcome(np.full(env.batch, holds), detail=detail)
    if not _is_repeated(claim):
        return _evaluate(claim, env)
    # What is tried of a function is the same in every environment; elsewhere it depends on what
    # else is there.
    memo = env.memo if isinstance(claim, Differentiable) else env.tried
    key, values = looked_up(claim, env)
    key = (*key, env.nesting)
    found = memo.at(key)
    if found is None:
        found = _evaluate(claim, env)
        memo.set(key, values, found)
    return found


_QUANTIFIED = (
    *(ForAll, Exists, Near, LocalMinimum, Differentiable),
    *(Slope, Continuous, DifferentiableAt),
)


def _worth_remembering(claim: Claim) -> bool:
    """Whether a claim takes long, as it tries many values or speaks of matrices.

    Proofs repeat them.
    """
    if isinstance(claim, Abbreviation) and not isinstance(claim, _QUANTIFIED):
        meaning = _meaning(claim)
        return not isinstance(meaning, (Equal, LessEqual, Less)) or _is_repeated(meaning)
    return isinstance(claim, _QUANTIFIED) or (
        isinstance(claim, (Equal, LessEqual, Less))
        and (claim.has(Rank) or not is_of_indices(claim))
    )


_is_repeated: BySight[bool] = BySight(_worth_remembering)


def _evaluate(claim: Claim, env: Environment) -> Outcome:
    kind: type = type(claim)
    try:
        return _evaluator(kind)(claim, env)
    except Undefined as fault:
        return Outcome(False, unknown=str(fault), undefined=True)


@lru_cache(maxsize=256)
def _evaluator(kind: type) -> Callable[[Any, Environment], Outcome]:
    """What evaluates claims of this kind."""
    kinds: tuple[tuple[Any, Callable[[Any, Environment], Outcome]], ...] = (
        (Equal, equal),
        ((LessEqual, Less), ordered),
        (And, _all),
        (Or, _any),
        (Not, _not),
        (Implies, _implies),
        (Contradiction, lambda claim, env: Outcome(False)),
        (ForAll, _for_all),
        (Exists, _exists),
        (Near, _near),
        (Differentiable, is_differentiable),
        (Convex, is_convex),
        (Slope, slope),
        (Continuous, continuous),
        (DifferentiableAt, differentiable_at),
        ((PositiveDefinite, PositiveSemidefinite), definite),
        (Abbreviation, lambda claim, env: evaluate(_meaning(claim), env)),
    )
    for those, evaluator in kinds:
        if issubclass(kind, those):
            return evaluator
    raise TypeError(f"{kind.__name__} cannot be evaluated")


@lru_cache(maxsize=1024)
def _meaning(claim: Abbreviation) -> Claim:
    return claim.meaning()


VACUOUS = "does not hold here, so there is nothing to show"


def _all(claim: And, env: Environment) -> Outcome:
    return conjunction([evaluate(part, env) for part in claim.args])


def _not(claim: Not, env: Environment) -> Outcome:
    return negation(evaluate(claim.args[0], env))


def _any(claim: Or, env: Environment) -> Outcome:
    parts = []
    for part in claim.args:
        outcome = evaluate(part, env)
        parts.append(outcome)
        if outcome.everywhere and not outcome.unknown:
            return outcome if outcome.about is not None else outcome._replace(about=part)
    return disjunction(parts)


def _implies(claim: Implies, env: Environment) -> Outcome:
    *premises, conclusion = claim.args
    met: list[Outcome] = []
    # What is quickly refuted goes first: most values tried meet no premise.
    for premise in sorted(premises, key=_effort):
        try:
            met.append(evaluate(premise, env))
        except OutOfRange:
            return Outcome(True, detail="it speaks of layers that this network does not have")
        together = conjunction(met)
        if not is_anywhere(either(together.holds, together.open)):
            return Outcome(True, detail=VACUOUS, about=premise)
    tried = sum(premise.sampled for premise in met)
    outcome = implication(met, evaluate(conclusion, env))
    if tried and is_anywhere(neither(outcome.holds, outcome.open)):
        # A premise that was only tried may be false, and then this is how it shows.
        why = "the conclusion fails, so a premise that was only tried on samples is false"
        return Outcome(True, sampled=tried, detail=why)
    return outcome._replace(sampled=outcome.sampled + tried)


def _effort(claim: Claim) -> int:
    """How long a claim takes to evaluate: 0 for relations, 1 for quantifiers over values."""
    return int(isinstance(claim, (Near, ForAll, LocalMinimum)))


def index_values(env: Environment) -> range:
    """All indices worth trying: the layers of the networks in the environment and one beyond."""
    known = [v for v in env.values.values() if isinstance(v, int)]
    return range(-1, max(known, default=0) + 2)


def _is_smooth_throughout(body: Claim, env: Environment) -> bool:
    """Whether the claim is that a function has a derivative somewhere, which it has everywhere."""
    return isinstance(body, DifferentiableAt) and is_smooth(body.args[0], env)


def _for_all(claim: ForAll, env: Environment) -> Outcome:
    if _is_smooth_throughout(claim.body, env):
        return Outcome(True, detail="it is smooth everywhere")
    variable, *rest = claim.variables
    body = ForAll(*rest, claim.body)
    outcomes = []
    tried = 0
    for value in samples(variable, env, index_values(env)):
        try:
            outcomes.append(evaluate(body, env.having({variable: value})))
        except OutOfRange:
            continue
        tried += 0 if is_index(variable) else 1
    if not outcomes:
        return Outcome(True, detail="there is nothing to check")
    detail = "checked for every index" if is_index(variable) else f"{tried} values tried"
    joined = conjunction(outcomes, detail)
    return joined._replace(sampled=max(joined.sampled, tried))


def _exists(claim: Exists, env: Environment) -> Outcome:
    variable, *rest = claim.variables
    body = Exists(*rest, claim.body)
    if is_index(variable):
        found_holds: Any = False
        opened: list[Outcome] = []
        for value in index_values(env):
            try:
                outcome = evaluate(body, env.having({variable: value}))
            except OutOfRange:
                continue
            found_holds = either(found_holds, False if outcome.unknown else outcome.holds)
            if is_throughout(found_holds):
                detail = f"{variable} = {value}"
                return outcome._replace(holds=found_holds, detail=detail, unknown="", about=None)
            if outcome.open is not False:
                opened.append(outcome)
        none = Outcome(found_holds, detail="no index will do")
        return disjunction([none, *opened]) if opened else none
    found = find_witness(variable, body, env)
    tried = [] if found is None else [found]
    if isinstance(variable, MatrixVariable):
        tried.extend(samples(variable, env, ()))
    tried.extend(candidates(variable, env))
    holds = False
    for value in tried:
        outcome = evaluate(body, env.having({variable: value}))
        holds = np.logical_or(holds, outcome.holds)
        if np.all(holds) and outcome.open is False:
            return outcome._replace(holds=holds, detail=f"{variable} was found", about=None)
    return Outcome(False, unknown=f"no {variable} was found that does")


def _near(claim: Near, env: Environment) -> Outcome:
    if _is_smooth_throughout(claim.body, env):
        return Outcome(True, detail="it is smooth everywhere")
    variables = [v for v, _ in claim.pairs]
    directions: list[Outcome] = []
    inside = env.nested()
    for points in nearby(claim.pairs, env):
        # A direction refutes the claim only if it does so however small the step is.
        steps: list[Outcome] = []
        for point in points:
            try:
                here = inside.having(dict(zip(variables, point, strict=True)))
                steps.append(evaluate(claim.body, here))
            except OutOfRange:
                return Outcome(False, unknown="a layer is missing")
            if steps[-1].everywhere and not steps[-1].unknown:
                break
        directions.append(steps[-1] if len(steps) == 1 else disjunction(steps))
        together = conjunction(directions)
        if not is_anywhere(either(together.holds, together.open)):
            detail = "a direction that was tried fails, however near"
            return Outcome(together.holds, sampled=len(directions), detail=detail)
    tried = len(directions)
    detail = f"{tried} directions tried, each at up to {len(STEPS)} small steps"
    together = conjunction(directions)
    return together._replace(
        residual=None, tolerance=None, sampled=tried, detail=detail, about=None
    )
