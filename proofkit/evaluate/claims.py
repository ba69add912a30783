"""The truth of a claim in an environment: which instances satisfy it, and how well.

A claim about all values of a matrix variable, or about all values near a point, is tried on
samples and is then at most "not refuted"; one about indices is tried on all of them.  A claim
that something exists is settled by finding it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from proofkit.claims import (
    Abbreviation,
    And,
    Claim,
    Contradiction,
    Convex,
    Differentiable,
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
)
from proofkit.evaluate.environment import BySight, Environment, OutOfRange
from proofkit.evaluate.samples import STEPS, draw_matrix, nearby, samples
from proofkit.evaluate.terms import index_value, looked_up, matrix_value, real_value
from proofkit.evaluate.witnesses import candidates, find_witness
from proofkit.networks import scalars
from proofkit.networks.running import FloatScalar
from proofkit.symbols import FunctionOf, MatrixVariable, Rank
from proofkit.symbols.encode import is_index
from proofkit.trace import Status, Verdict

DIRECTIONS = 2
"""Places, with a direction each, where the difference quotients of a function are looked at."""

__all__ = ["Outcome", "evaluate", "index_values"]


class Words:
    """A sentence that is put together when somebody reads it: most are never read."""

    def __init__(self, form: str, *parts: Any, write: Callable[[Any], str] = str) -> None:
        self._form, self._parts, self._write = form, parts, write

    def __str__(self) -> str:
        return self._form.format(*map(self._write, self._parts))


class Outcome(NamedTuple):
    """Where a claim holds: a boolean for each instance, and how it was decided.

    ``sampled`` counts values tried for claims that cannot be settled by trying; ``unknown`` says
    that the claim could not be evaluated, and why; ``about`` is the part of the claim that
    ``detail`` speaks of, where it is not the whole.
    """

    holds: Any
    residual: float | None = None
    tolerance: float | None = None
    sampled: int = 0
    detail: str | Words = ""
    unknown: str = ""
    about: Any = None

    @property
    def everywhere(self) -> bool:
        """Whether it holds on every instance."""
        return _throughout(self.holds)

    def verdict(self, env: Environment) -> Verdict:
        """The outcome as a verdict of a trace."""
        if self.unknown:
            return Verdict("not evaluated", env.exact, self.unknown)
        holds = np.broadcast_to(np.asarray(self.holds), (env.batch,))
        failed = int(env.batch - holds.sum())
        status: Status = "fails" if failed else "not refuted" if self.sampled else "holds"
        return Verdict(
            status,
            env.exact,
            str(self.detail),
            self.residual,
            self.tolerance,
            self.sampled,
            env.batch,
            failed,
            self.about,
        )


def _largest(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return max(known) if known else None


def _joined(outcomes: list[Outcome], holds: Any, detail: str | Words = "") -> Outcome:
    unknown = next((o.unknown for o in outcomes if o.unknown), "")
    return Outcome(
        holds,
        _largest([o.residual for o in outcomes]),
        _largest([o.tolerance for o in outcomes]),
        sum(o.sampled for o in outcomes),
        detail or (outcomes[0].detail if len(outcomes) == 1 else ""),
        unknown,
        outcomes[0].about if len(outcomes) == 1 and not detail else None,
    )


_ONE = (bool, np.bool_)
"""The types of a truth value that is the same for all instances: NumPy takes its time over them."""


def _throughout(holds: Any) -> bool:
    return bool(holds if isinstance(holds, _ONE) else holds.all())


def _both(a: Any, b: Any) -> Any:
    if isinstance(a, _ONE) and isinstance(b, _ONE):
        return bool(a and b)
    return np.logical_and(a, b)


def _every(outcomes: list[Outcome]) -> Any:
    holds: Any = True
    for outcome in outcomes:
        holds = _both(holds, outcome.holds)
    return holds


def _some(outcomes: list[Outcome]) -> Any:
    holds: Any = False
    for outcome in outcomes:
        holds = np.logical_or(holds, outcome.holds)
    return holds


def evaluate(claim: Claim, env: Environment) -> Outcome:
    """Whether the claim holds in the environment; what is known of it goes before trying.

    Raises `OutOfRange` when the claim speaks of layers that the network does not have.
    """
    if env.known and claim in env.known:
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


_QUANTIFIED = (ForAll, Exists, Near, LocalMinimum, Differentiable)


def _worth_remembering(claim: Claim) -> bool:
    """Whether a claim takes long, as it tries many values or speaks of matrices.

    Proofs repeat them.
    """
    if isinstance(claim, Abbreviation) and not isinstance(claim, _QUANTIFIED):
        meaning = _meaning(claim)
        return not isinstance(meaning, (Equal, LessEqual, Less)) or _is_repeated(meaning)
    return isinstance(claim, _QUANTIFIED) or (
        isinstance(claim, (Equal, LessEqual, Less))
        and (claim.has(Rank) or not _is_of_indices(claim))
    )


_is_repeated: BySight[bool] = BySight(_worth_remembering)
_is_of_indices: BySight[bool] = BySight(
    lambda relation: is_index(relation.args[0]) and is_index(relation.args[1])
)


def _evaluate(claim: Claim, env: Environment) -> Outcome:
    kind: type = type(claim)
    return _evaluator(kind)(claim, env)


@lru_cache(maxsize=256)
def _evaluator(kind: type) -> Callable[[Any, Environment], Outcome]:
    """What evaluates claims of this kind."""
    kinds: tuple[tuple[Any, Callable[[Any, Environment], Outcome]], ...] = (
        (Equal, _equal),
        ((LessEqual, Less), _ordered),
        (And, _all),
        (Or, _any),
        (Not, _not),
        (Implies, _implies),
        (Contradiction, lambda claim, env: Outcome(False)),
        (ForAll, _for_all),
        (Exists, _exists),
        (Near, _near),
        ((Differentiable, Convex), _property),
        (Abbreviation, lambda claim, env: evaluate(_meaning(claim), env)),
    )
    for those, evaluator in kinds:
        if issubclass(kind, those):
            return evaluator
    raise TypeError(f"{kind.__name__} cannot be evaluated")


@lru_cache(maxsize=1024)
def _meaning(claim: Abbreviation) -> Claim:
    return claim.meaning()


def _equal(claim: Equal, env: Environment) -> Outcome:
    left, right = claim.args
    if claim.is_about_matrices:
        difference: Any = matrix_value(left, env) - matrix_value(right, env)  # type: ignore[operator]
        if env.exact:
            same = difference.is_zero()
            return Outcome(same, detail=SAME if same else _difference(difference))
        return Outcome(
            difference.is_zero(),
            float(difference.residual().max(initial=0.0)),
            float(difference.tolerance().max(initial=0.0)),
        )
    if _is_of_indices(claim):
        return _compared(index_value(left, env), "=", index_value(right, env))
    return _real(real_value(left, env) - real_value(right, env), "=", env)


SAME = "both sides are the same matrix"


def _difference(difference: Any) -> str:
    """Where two matrices differ, as far as one entry shows it."""
    rows = difference.entries()
    for at, row in enumerate(rows, start=1):
        for column, entry in enumerate(row, start=1):
            if entry != 0:
                where = f" in entry ({at}, {column})" if len(rows) > 1 or len(row) > 1 else ""
                return f"the two sides differ by {_number(entry)}{where}"
    return SAME


def _number(x: Any) -> str:
    """A number in print: a long fraction is rounded."""
    written = str(x)
    if len(written) > LONG and isinstance(x, Fraction):
        written = f"about {float(x):.3g}"
    return written.replace("-", "−")


LONG = 12
"""Fractions with more characters are rounded."""


def _ordered(claim: LessEqual | Less, env: Environment) -> Outcome:
    left, right = claim.args
    strict = isinstance(claim, Less)
    if _is_of_indices(claim):
        return _compared(index_value(left, env), "<" if strict else "≤", index_value(right, env))
    return _real(real_value(right, env) - real_value(left, env), ">" if strict else "≥", env)


_COMPARISONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "=": (operator.eq, "≠"),
    "≤": (operator.le, ">"),
    "<": (operator.lt, "≥"),
}


def _compared(a: Any, sign: str, b: Any) -> Outcome:
    """How two integers compare: what is true of them, not what was claimed, is told."""
    compare, opposite = _COMPARISONS[sign]
    holds = compare(a, b)
    if not isinstance(holds, _ONE):
        return Outcome(holds)
    return Outcome(holds, detail=Words("{} {} {}", a, sign if holds else opposite, b))


def _real(difference: Any, sign: str, env: Environment) -> Outcome:
    """Whether a real number is = 0, ≥ 0 or > 0."""
    if not isinstance(difference, FloatScalar):
        value = scalars.sign(difference)
        settled = {"=": value == 0, "≥": value >= 0, ">": value > 0}[sign]
        return Outcome(settled, detail=Words("the difference is {}", difference, write=_number))
    if sign == "=":
        holds = difference.is_zero()
        residual = float(np.abs(difference.value).max(initial=0.0))
    else:
        if sign == "≥" and (difference.value >= 0).all():
            # So it is without any tolerance, which is then not worked out.
            return Outcome(np.full(difference.shape, True), 0.0, 0.0)
        holds = difference.is_nonnegative() if sign == "≥" else difference.is_positive()
        residual = float(np.maximum(-difference.value, 0.0).max(initial=0.0))
    return Outcome(holds, residual, float(difference.error.max(initial=0.0)))


VACUOUS = "does not hold here, so there is nothing to show"


def _all(claim: And, env: Environment) -> Outcome:
    parts = [evaluate(part, env) for part in claim.args]
    return _joined(parts, _every(parts))


def _not(claim: Not, env: Environment) -> Outcome:
    inner = evaluate(claim.args[0], env)
    return inner._replace(holds=np.logical_not(inner.holds))


def _any(claim: Or, env: Environment) -> Outcome:
    parts = []
    for part in claim.args:
        outcome = evaluate(part, env)
        parts.append(outcome)
        if outcome.everywhere and not outcome.unknown:
            return outcome if outcome.about is not None else outcome._replace(about=part)
    return _joined(parts, _some(parts))


def _implies(claim: Implies, env: Environment) -> Outcome:
    *premises, conclusion = claim.args
    relevant: Any = True
    tried = 0
    # What is quickly refuted goes first: most values tried meet no premise.
    for premise in sorted(premises, key=_effort):
        try:
            met = evaluate(premise, env)
        except OutOfRange:
            return Outcome(True, detail="it speaks of layers that this network does not have")
        if met.unknown:
            return met
        tried += met.sampled
        relevant = _both(relevant, met.holds)
        if not (relevant if isinstance(relevant, _ONE) else relevant.any()):
            return Outcome(True, detail=VACUOUS, about=premise)
    outcome = evaluate(conclusion, env)
    if relevant is True:
        holds = outcome.holds
    else:
        holds = np.logical_or(np.logical_not(relevant), outcome.holds)
    if tried and not _throughout(holds):
        # A premise that was only tried may be false, and then this is how it shows.
        why = "the conclusion fails, so a premise that was only tried on samples is false"
        return Outcome(True, sampled=tried, detail=why)
    return outcome._replace(holds=holds, sampled=outcome.sampled + tried)


def _effort(claim: Claim) -> int:
    """How long a claim takes to evaluate: 0 for relations, 1 for quantifiers over values."""
    return int(isinstance(claim, (Near, ForAll, LocalMinimum)))


def index_values(env: Environment) -> range:
    """All indices worth trying: the layers of the networks in the environment and one beyond."""
    known = [v for v in env.values.values() if isinstance(v, int)]
    return range(-1, max(known, default=0) + 2)


def _for_all(claim: ForAll, env: Environment) -> Outcome:
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
    holds = _every(outcomes)
    detail = "checked for every index" if is_index(variable) else f"{tried} values tried"
    joined = _joined(outcomes, holds, detail)
    return joined._replace(sampled=max(joined.sampled, tried))


def _exists(claim: Exists, env: Environment) -> Outcome:
    variable, *rest = claim.variables
    body = Exists(*rest, claim.body)
    if is_index(variable):
        holds: Any = False
        for value in index_values(env):
            try:
                outcome = evaluate(body, env.having({variable: value}))
            except OutOfRange:
                continue
            holds = np.logical_or(holds, outcome.holds)
            if np.all(holds):
                return outcome._replace(holds=holds, detail=f"{variable} = {value}", about=None)
        return Outcome(holds, detail="no index will do")
    found = find_witness(variable, body, env)
    tried = [] if found is None else [found]
    if isinstance(variable, MatrixVariable):
        tried.extend(samples(variable, env, ()))
    tried.extend(candidates(variable, env))
    holds = False
    for value in tried:
        outcome = evaluate(body, env.having({variable: value}))
        holds = np.logical_or(holds, outcome.holds)
        if np.all(holds) and not outcome.unknown:
            return outcome._replace(holds=holds, detail=f"{variable} was found", about=None)
    return Outcome(False, unknown=f"no {variable} was found that does")


def _near(claim: Near, env: Environment) -> Outcome:
    variables = [v for v, _ in claim.pairs]
    holds: Any = np.full(env.batch, True)
    tried = 0
    inside = env.nested()
    for points in nearby(claim.pairs, env):
        # A direction refutes the claim only if it does so however small the step is.
        along: Any = np.full(env.batch, False)
        for point in points:
            try:
                here = inside.having(dict(zip(variables, point, strict=True)))
                outcome = evaluate(claim.body, here)
            except OutOfRange:
                return Outcome(False, unknown="a layer is missing")
            if outcome.unknown:
                return outcome
            along = np.logical_or(along, outcome.holds)
            if along.all():
                break
        tried += 1
        holds = np.logical_and(holds, along)
        if not holds.any():
            return Outcome(
                holds, sampled=tried, detail="a direction that was tried fails, however near"
            )
    detail = f"{tried} directions tried, each at up to {len(STEPS)} small steps"
    return Outcome(holds, sampled=tried, detail=detail)


def _property(claim: Differentiable | Convex, env: Environment) -> Outcome:
    function = claim.args[0]
    if isinstance(function, FunctionOf):
        return (
            _smooth(function, env)
            if isinstance(claim, Differentiable)
            else Outcome(
                False, unknown="convexity is a property of all matrices, not of this network"
            )
        )
    loss = env[function]
    if isinstance(claim, Differentiable):
        return Outcome(loss.differentiable, detail=f"a {loss.kind} loss")
    if loss.convexity in ("unknown", "assumed"):
        return Outcome(loss.convexity == "assumed", unknown=f"convexity is {loss.convexity}")
    return Outcome(loss.convexity == "convex", detail=f"a {loss.kind} loss")


@lru_cache(maxsize=1024)
def _derivative(function: FunctionOf) -> Any:
    """The gradient of X ↦ body at X."""
    return function.gradient(function.args[0])


def _smooth(function: FunctionOf, env: Environment) -> Outcome:
    """Differentiability of X ↦ body, tried at random points and directions.

    The difference quotient must approach ⟨gradient, direction⟩: over the step sizes, whose ratio
    is 2¹⁶, the gap must shrink at least 2⁸-fold (it shrinks like the step where the second
    derivative is bounded).
    """
    variable, body = function.args
    rows, cols = (int(index_value(a, env)) for a in variable.shape)
    holds: Any = True
    for n in range(DIRECTIONS):
        at, direction = (draw_matrix(rows, cols, env, 31 * n + m) for m in (1, 2))
        slope = matrix_value(_derivative(function), env.having({variable: at}))
        linear: Any = slope.inner(direction)  # type: ignore[arg-type]
        here = real_value(body, env.having({variable: at}))
        gaps = []
        for step in (STEPS[0], STEPS[-1]):
            moved: Any = at + step * direction  # type: ignore[operator]
            there = real_value(body, env.having({variable: moved}))
            gaps.append((there - here) * (1 / step) - linear)
        first, last = gaps[0] * gaps[0], gaps[1] * gaps[1]
        shrinks = _real(first - last * Fraction(2**16), "≥", env)
        holds = np.logical_and(holds, shrinks.holds)
    return Outcome(holds, sampled=DIRECTIONS, detail="difference quotients converge")
