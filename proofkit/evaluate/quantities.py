"""The numbers to show beside a claim: the values of the terms it is about."""

from __future__ import annotations

from typing import Any

from sympy import Integer

from proofkit.claims import (
    Abbreviation,
    And,
    Between,
    Claim,
    Equal,
    ForAll,
    GlobalMinimum,
    Implies,
    LocalMinimum,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.evaluate.claims import evaluate, index_values
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.terms import matrix_value, real_value
from proofkit.symbols import Identity, MatrixTerm, Zero
from proofkit.symbols.encode import is_index
from proofkit.trace import Quantity

__all__ = ["quantities"]

SHOWN_ENTRIES = 64
"""Matrices with more entries than this are not printed in a report."""


def quantities(claim: Claim, env: Environment) -> tuple[Quantity, ...]:
    """The values of the terms that a claim is about, in the order a reader meets them."""
    shown: list[Quantity] = []
    for term, inside in _terms(claim, env):
        try:
            found = _sides(term, inside) if isinstance(term, Equal) else [_quantity(term, inside)]
        except (OutOfRange, TypeError, ValueError, ArithmeticError):
            continue
        for quantity in found:
            if quantity is not None and all(q.term != quantity.term for q in shown):
                shown.append(quantity)
    return tuple(shown)


def _sides(equation: Equal, env: Environment) -> list[Quantity | None]:
    """The two sides of an equation: as one quantity where they agree."""
    sides = [s for s in equation.args if not isinstance(s, (Zero, Identity))]
    values = [_quantity(side, env) for side in sides]
    if len(values) == 2 and values[0] and values[1] and values[0].rows == values[1].rows:
        return [Quantity(equation, values[0].rows)]
    return values


def _terms(claim: Claim, env: Environment) -> list[tuple[Any, Environment]]:
    if isinstance(claim, Equal) and claim.is_about_matrices:
        return [(claim, env)]
    if isinstance(claim, (RankIs, RankBelow)):
        return [(claim.args[0], env)]
    if isinstance(claim, (LocalMinimum, GlobalMinimum)):
        return [(claim.value, env)]
    if isinstance(claim, And):
        return [pair for part in claim.args for pair in _terms(part, env)]
    if isinstance(claim, Or):
        return [pair for part in claim.args for pair in _terms(part, env)]
    if isinstance(claim, ForAll) and len(claim.variables) == 1 and is_index(claim.variables[0]):
        return _terms_at_indices(claim, env)
    if isinstance(claim, Abbreviation) and not isinstance(claim, Between):
        meaning = claim.args[0]
        return [(meaning, env)] if isinstance(meaning, MatrixTerm) else []
    return []


def _terms_at_indices(claim: ForAll, env: Environment) -> list[tuple[Any, Environment]]:
    """The terms of a claim about all layers, at each layer it concerns."""
    (variable,) = claim.variables
    found = []
    for value in index_values(env):
        try:
            body: Any = claim.body.xreplace({variable: Integer(value)})
            parts = body.args if isinstance(body, Implies) else (body,)
            if all(evaluate(p, env).everywhere for p in parts[:-1]):
                found.extend(_terms(parts[-1], env))
        except (OutOfRange, ValueError):
            continue
    return found


def _quantity(term: Any, env: Environment) -> Quantity | None:
    if not isinstance(term, MatrixTerm):
        return Quantity(term, ((str(real_value(term, env)),),))
    value: Any = matrix_value(term, env)
    if value.rows * value.cols > SHOWN_ENTRIES:
        return None
    rows = tuple(tuple(str(x) for x in line) for line in value.entries())
    return Quantity(term, rows)
