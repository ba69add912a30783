"""Claims about derivatives on an instance: slopes, continuity, differentiability, convexity.

A slope is settled by dual numbers, along a basis, where the function is smooth and the slope is
linear; on floats it is compared with central differences.  What holds near a point is tried.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from proofkit.claims import Continuous, Convex, Differentiable, DifferentiableAt, Slope
from proofkit.evaluate.environment import Environment
from proofkit.evaluate.outcomes import Outcome, Sentence, conjunction
from proofkit.evaluate.polynomials import degree
from proofkit.evaluate.relations import compare, compare_matrices
from proofkit.evaluate.samples import STEPS, draw_matrix
from proofkit.evaluate.terms import (
    function_of,
    has_words,
    index_value,
    matrix_value,
    real_value,
    term_value,
)
from proofkit.networks.duals import along
from proofkit.networks.error_bounds import FloatScalar, as_floats
from proofkit.networks.floating import FloatMatrix
from proofkit.symbols import FunctionOf, FunctionTerm, FunctionWord
from proofkit.words.reals import Undefined

__all__ = [
    "SlopeAt",
    "continuous",
    "differentiable_at",
    "is_convex",
    "is_differentiable",
    "slope",
    "slope_at",
]

DIRECTIONS = 2
"""Directions that are tried where it takes too long to try a basis, or where that is not enough."""

LARGE = 12
"""Matrices with more entries are moved along a few directions, not along a basis."""


# ── Slopes ─────────────────────────────────────────────────────────────────────────────────────
def slope(claim: Slope, env: Environment) -> Outcome:
    """Whether L is the derivative of F at X.

    It is not if F has another slope along some direction.  It is if F is smooth at X, L is linear
    and the slopes agree along a basis.
    """
    function, linear = (function_of(claim.args[n], env) for n in (0, 2))
    at = _point(claim.args[1], env)
    if not env.exact:
        return _by_differences(function, at, linear, env)
    is_settling = _is_linear(claim.args[2], env)
    directions, is_basis = _directions(at, env, few=is_settling)
    is_settling = is_settling and is_basis
    found: list[Outcome] = []
    while directions:
        direction = directions.pop(0)
        _, here, smooth = along(function, at, direction)
        there = linear(direction)
        outcome = _compared(-there if here is None else here - there, env)
        if not outcome.holds and outcome.open is False:
            detail = Sentence("along {} the slope is {} and not {}", direction, here or 0, there)
            return outcome._replace(detail=detail)
        found.append(outcome)
        if not smooth and len(found) <= LARGE:
            # At a kink the slopes along opposite directions need not be opposite.
            is_settling = False
            directions.append(-direction)
    together = conjunction(found, f"along {len(found)} directions the slopes agree")
    return together._replace(sampled=0 if is_settling else len(found))


def _point(x: Any, env: Environment) -> Any:
    value = term_value(x, env)
    return as_floats(value) if not env.exact and isinstance(value, Fraction) else value


def _compared(difference: Any, env: Environment) -> Outcome:
    """Whether a number or a matrix is 0."""
    if hasattr(difference, "rows"):
        return compare_matrices(difference, env)
    return compare(difference, "=", env)


def _directions(at: Any, env: Environment, few: bool) -> tuple[list[Any], bool]:
    """Directions to move a point along, and whether a basis is among them."""
    if not hasattr(at, "rows"):
        return [Fraction(1)] if few else [Fraction(1), Fraction(-2)], True
    is_basis = env.exact and at.rows * at.cols <= LARGE
    count = (0 if few else 1) if is_basis else DIRECTIONS
    drawn = [draw_matrix(at.rows, at.cols, env, 53 * n + 17) for n in range(count)]
    return [*(_units(at, env) if is_basis else []), *drawn], is_basis


def _units(at: Any, env: Environment) -> list[Any]:
    kind: Any = env.kind
    places = [(i, j) for i in range(at.rows) for j in range(at.cols)]
    return [
        kind.of([[int((a, b) == place) for b in range(at.cols)] for a in range(at.rows)])
        for place in places
    ]


def _is_linear(function: Any, env: Environment) -> bool:
    """Whether a function is seen to be linear."""
    if isinstance(function, FunctionOf):
        variable, body = function.args
        highest = degree(body, {variable: 1}, env)
        if highest is None or highest > 1:
            return False
        zero: Any = Fraction(0)
        if variable.is_Matrix:
            zero = env.zeros(*(int(index_value(n, env)) for n in variable.shape))
        at_zero = _compared(term_value(body, env.having({variable: zero})), env)
        return at_zero.everywhere and at_zero.open is False
    if isinstance(function, FunctionWord):
        return len(function.arguments) in function.row.linear
    value = env.values.get(function)
    if isinstance(value, FunctionTerm):
        return _is_linear(value, env)
    return bool(getattr(value, "is_linear", False))


class SlopeAt:
    """The derivative of a function at a point, as a function: the value of such a variable."""

    is_linear = True

    def __init__(self, function: Any, at: Any, name: str) -> None:
        self._function, self._at, self._name = function, at, name

    def __call__(self, direction: Any) -> Any:
        _, here, smooth = along(self._function, self._at, direction)
        if not smooth:
            raise Undefined(f"{self} at a kink")
        return 0 * self._function(self._at) if here is None else here

    def __str__(self) -> str:
        return self._name


def slope_at(function: FunctionTerm, at: Any, env: Environment) -> SlopeAt:
    """The derivative of a function term at a point."""
    name = f"the derivative of {function} at {at}"
    return SlopeAt(function_of(function, env), _point(at, env), name)


STEP = 2.0**-17
"""Step of central differences: where rounding and what the quotient leaves out are both small."""


def _by_differences(function: Any, at: Any, linear: Any, env: Environment) -> Outcome:
    """The slope on floats, by central differences of two steps.

    (F(X + hH) − F(X − hH))/2h differs from the slope by h²/6 times a third derivative, so the
    quotient for 2h differs from that for h by three times as much: their distance is a tolerance.
    """
    directions, _ = _directions(at, env, few=True)
    found = []
    for direction in directions:
        once, twice = (_quotient(function, at, direction, h) for h in (STEP, 2 * STEP))
        apart = twice - once
        gap = once - linear(direction)
        error = gap.error + np.abs(apart.value) + apart.error
        kind = FloatMatrix if isinstance(gap, FloatMatrix) else FloatScalar
        found.append(_compared(kind.of(gap.value, error), env))
    together = conjunction(found, f"central differences along {len(found)} directions agree")
    return together._replace(sampled=len(found))


def _quotient(function: Any, at: Any, direction: Any, h: float) -> Any:
    change: Any = Fraction(h) * direction
    difference = function(at + change) - function(at - change)
    if isinstance(difference, Fraction):
        difference = as_floats(difference)
    return Fraction(1 / (2 * h)) * difference


def differentiable_at(claim: DifferentiableAt, env: Environment) -> Outcome:
    """Whether F has a derivative at X: it has where all its parts are smooth.

    It has none where the slopes along a direction and along the opposite one are not opposite.
    """
    function = function_of(claim.args[0], env)
    at = _point(claim.args[1], env)
    kinked = 0
    for direction in _directions(at, env, few=True)[0]:
        value, here, smooth = along(function, at, direction)
        if not env.exact:
            known = _compared((value if here is None else here) * 0, env)
            if known.open is not False:
                return known
        if smooth:
            continue
        kinked += 1
        _, back, _ = along(function, at, -direction)
        slopes = [x for x in (here, back) if x is not None]
        if slopes:
            opposite = _compared(sum(slopes[1:], slopes[0]), env)
            if not opposite.holds and opposite.open is False:
                return opposite._replace(detail="there is a kink")
    if kinked:
        return Outcome(False, unknown="there may be a kink")
    return Outcome(np.full(env.batch, True) if not env.exact else True, detail="it is smooth")


# ── Near a point ───────────────────────────────────────────────────────────────────────────────
SMALL_GAP = Fraction(1, 2**8)
"""What the square of a gap may always be after the smallest step."""


def continuous(claim: Continuous, env: Environment) -> Outcome:
    """Whether F is continuous at X, tried along random directions.

    From the largest step to the smallest one the distance of F from F(X) must shrink by half.
    """
    function = function_of(claim.args[0], env)
    at = _point(claim.args[1], env)
    here = function(at)
    found = []
    for n in range(DIRECTIONS):
        direction: Any = Fraction((-1) ** n)
        if hasattr(at, "rows"):
            direction = draw_matrix(at.rows, at.cols, env, 59 * n + 19)
        first, last = (_square(function(at + step * direction) - here) for step in STEPS)
        shrinks = compare(SMALL_GAP + first * Fraction(1, 4) - last, "≥", env)
        found.append(shrinks)
    together = conjunction(found, f"{DIRECTIONS} directions tried")
    return together._replace(residual=None, tolerance=None, sampled=DIRECTIONS)


def _square(x: Any) -> Any:
    return (x.T @ x).trace() if hasattr(x, "rows") else x * x


# ── Properties of functions ────────────────────────────────────────────────────────────────────
def is_differentiable(claim: Differentiable, env: Environment) -> Outcome:
    """Whether a function is differentiable everywhere."""
    function = _meant(claim.args[0], env)
    if isinstance(function, FunctionOf):
        return _smooth(function, env)
    if isinstance(function, FunctionTerm):
        return Outcome(False, unknown="this is not known of a word")
    return Outcome(function.differentiable, detail=f"a {function.kind} loss")


def is_convex(claim: Convex, env: Environment) -> Outcome:
    """Whether a function is convex."""
    function = _meant(claim.args[0], env)
    if isinstance(function, FunctionTerm):
        why = "convexity is a property of all matrices, not of this network"
        return Outcome(False, unknown=why)
    if function.convexity in ("unknown", "assumed"):
        assumed = function.convexity == "assumed"
        return Outcome(assumed, unknown=f"convexity is {function.convexity}")
    return Outcome(function.convexity == "convex", detail=f"a {function.kind} loss")


def _meant(function: Any, env: Environment) -> Any:
    """A function term, or the loss that a variable stands for."""
    return function if isinstance(function, (FunctionOf, FunctionWord)) else env[function]


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
    shrinks = []
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
        shrinks.append(compare(first - last * Fraction(2**16), "≥", env, has_words(body)))
    together = conjunction(shrinks)
    return Outcome(
        together.holds,
        sampled=DIRECTIONS,
        detail="difference quotients converge",
        unknown=together.unknown,
        undefined=together.undefined,
        why=together.why,
    )
