"""Relations between numbers, or between matrices: equal, at most, less than, definite.

Exact numbers settle them; enclosures do where they do not overlap; floats do within their error
bounds, which are infinite where a word is undefined.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.claims import Claim, Equal, Less, LessEqual, PositiveDefinite, PositiveSemidefinite
from proofkit.evaluate.environment import BySight, Environment
from proofkit.evaluate.outcomes import Outcome, Sentence, opened
from proofkit.evaluate.terms import (
    has_words,
    index_value,
    matrix_value,
    real_value,
)
from proofkit.evaluate.undefined import why_undefined
from proofkit.networks import scalars
from proofkit.networks.enclosures import EnclosedMatrix, Enclosure
from proofkit.networks.error_bounds import FloatScalar
from proofkit.symbols.encode import is_index

__all__ = ["compare", "compare_matrices", "definite", "equal", "is_of_indices", "ordered"]

is_of_indices: BySight[bool] = BySight(
    lambda relation: is_index(relation.args[0]) and is_index(relation.args[1])
)


def equal(claim: Equal, env: Environment) -> Outcome:
    """Whether the two sides are equal."""
    left, right = claim.args
    if claim.is_about_matrices:
        difference: Any = matrix_value(left, env) - matrix_value(right, env)  # type: ignore[operator]
        return _explained(compare_matrices(difference, env, has_words(claim)), claim, env)
    if is_of_indices(claim):
        return _compared(index_value(left, env), "=", index_value(right, env))
    difference = real_value(left, env) - real_value(right, env)
    return _explained(compare(difference, "=", env, has_words(claim)), claim, env)


def compare_matrices(difference: Any, env: Environment, wordy: bool = True) -> Outcome:
    """Whether a matrix is 0; without words, infinite errors only come from too large numbers."""
    if isinstance(difference, EnclosedMatrix):
        if difference.is_zero() is False:
            return Outcome(False, detail=_difference(difference))
        return _overlapping([x for line in difference.entries() for x in line], agrees=True)
    if env.exact:
        same = difference.is_zero()
        return Outcome(same, detail=SAME if same else _difference(difference))
    tolerance = difference.tolerance()
    largest = float(tolerance.max(initial=0.0))
    residual = difference.residual()
    if largest < np.inf or not wordy:
        return Outcome(difference.is_zero(), float(residual.max(initial=0.0)), largest)
    return _defined(difference.is_zero(), residual, tolerance)


def _defined(holds: Any, residual: Any, tolerance: Any) -> Outcome:
    """An outcome on floats, open where their error bounds are infinite."""
    undefined = np.logical_not(np.isfinite(tolerance))
    known = np.logical_not(undefined)
    outcome = Outcome(
        holds,
        float(residual[known].max(initial=0.0)),
        float(tolerance[known].max(initial=0.0)),
    )
    return opened(outcome, undefined, BOUNDLESS)


BOUNDLESS = "nothing is known of a number: the bound on its error is infinite"


def _explained(outcome: Outcome, claim: Claim, env: Environment) -> Outcome:
    """The outcome with the word that is undefined, where it is open for one."""
    if outcome.why != BOUNDLESS:
        return outcome
    why = why_undefined(claim, env) or BOUNDLESS
    return outcome._replace(why=why, unknown=why if outcome.unknown else "")


OVERLAPPING = "enclosures of the two sides overlap, so nothing is certain"


def _overlapping(differences: list[Any], agrees: bool) -> Outcome:
    """What enclosures say of differences that may be 0."""
    balls = [x for x in differences if isinstance(x, Enclosure)]
    return Outcome(
        False,
        max(abs(float(x.ball.mid())) for x in balls),
        max(x.radius for x in balls),
        unknown=OVERLAPPING,
        agrees=agrees,
    )


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
    if isinstance(x, Fraction) and max(abs(x.numerator), x.denominator) > LONG:
        # A float is not large enough for every fraction, nor will Python print each in full.
        written = f"about {Decimal(x.numerator) / Decimal(x.denominator):.3g}"
    else:
        written = str(x)
    return written.replace("-", "−")


LONG = 10**6
"""Fractions with larger numbers above or below are rounded."""


def ordered(claim: LessEqual | Less, env: Environment) -> Outcome:
    """Whether the left side is at most the right one, or less."""
    left, right = claim.args
    strict = isinstance(claim, Less)
    if is_of_indices(claim):
        return _compared(index_value(left, env), "<" if strict else "≤", index_value(right, env))
    difference = real_value(right, env) - real_value(left, env)
    outcome = compare(difference, ">" if strict else "≥", env, has_words(claim))
    return _explained(outcome, claim, env)


_COMPARISONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "=": (operator.eq, "≠"),
    "≤": (operator.le, ">"),
    "<": (operator.lt, "≥"),
}


def _compared(a: Any, sign: str, b: Any) -> Outcome:
    """How two integers compare: what is true of them, not what was claimed, is told."""
    compare, opposite = _COMPARISONS[sign]
    holds = compare(a, b)
    if not isinstance(holds, (bool, np.bool_)):
        return Outcome(holds)
    return Outcome(holds, detail=Sentence("{} {} {}", a, sign if holds else opposite, b))


def compare(difference: Any, sign: str, env: Environment, wordy: bool = True) -> Outcome:
    """Whether a real number is = 0, ≥ 0 or > 0."""
    if isinstance(difference, Enclosure):
        found = difference.sign()
        if found is None:
            return _overlapping([difference], agrees=sign != ">")
        settled = {"=": False, "≥": found > 0, ">": found > 0}[sign]
        return Outcome(settled, detail=Sentence("the difference is {}", difference, write=_number))
    if not isinstance(difference, FloatScalar):
        value = scalars.sign(difference)
        settled = {"=": value == 0, "≥": value >= 0, ">": value > 0}[sign]
        return Outcome(settled, detail=Sentence("the difference is {}", difference, write=_number))
    if sign == "=":
        holds = difference.is_zero()
        residual = np.abs(difference.value)
    else:
        if sign == "≥" and not wordy and (difference.value >= 0).all():
            # So it is without any tolerance, which is then not worked out.
            return Outcome(np.full(difference.shape, True), 0.0, 0.0)
        holds = difference.is_nonnegative() if sign == "≥" else difference.is_positive()
        residual = np.maximum(-difference.value, 0.0)
    tolerance = float(difference.error.max(initial=0.0))
    if wordy and tolerance == np.inf:
        return _defined(holds, residual, difference.error)
    return Outcome(holds, float(residual.max(initial=0.0)), tolerance)


def definite(claim: PositiveDefinite | PositiveSemidefinite, env: Environment) -> Outcome:
    """Whether vᵀXv > 0 for all v ≠ 0, or ≥ 0: by the signs of the eigenvalues of X + Xᵀ."""
    value: Any = matrix_value(claim.args[0], env)
    symmetric = value + value.T
    strict = isinstance(claim, PositiveDefinite)
    if isinstance(symmetric, EnclosedMatrix):
        # Sylvester's criterion: R. Horn, C. Johnson, Matrix Analysis, 2nd ed. 2013, 7.2.5.
        signs = symmetric.signs()
        if all(sign == 1 for sign in signs):
            return Outcome(True)
        return Outcome(False) if -1 in signs else Outcome(False, unknown=OVERLAPPING)
    if env.exact:
        _, zero, negative = symmetric.inertia()
        return Outcome(not negative and not (strict and zero))
    undefined = np.logical_not(np.isfinite(symmetric.tolerance()))
    if undefined.all():
        return _explained(opened(Outcome(False), undefined, BOUNDLESS), claim, env)
    found = symmetric.inertia()
    holds = found[:, 2] == 0
    if strict:
        within = np.logical_and(holds, found[:, 1] > 0)
        why = "an eigenvalue is 0 within rounding"
        if within.all():
            return Outcome(False, unknown=why)
        holds = np.logical_and(holds, np.logical_not(within))
        return opened(Outcome(holds), np.logical_or(within, undefined), why)
    return _explained(opened(Outcome(holds), undefined, BOUNDLESS), claim, env)
