"""Small random instances for claims: values for all variables, moved until hypotheses hold.

Sizes, indices and matrices are drawn at random; what hypotheses ask of one variable is drawn so
(`domains`); relations between indices are met by drawing again, equations between matrices by
solving for one matrix at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Integer, Symbol

from proofkit.claims import (
    Abbreviation,
    And,
    Claim,
    Contradiction,
    DifferentiableAt,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    Slope,
)
from proofkit.claims.variables import free_variables
from proofkit.evaluate.claims import evaluate, index_values
from proofkit.evaluate.derivatives import slope_at
from proofkit.evaluate.domains import asked, draw_number, draw_within
from proofkit.evaluate.environment import Environment, Layers, OutOfRange
from proofkit.evaluate.functions import family_of
from proofkit.evaluate.terms import index_value, matrix_value, real_value
from proofkit.evaluate.witnesses import find_witness
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.random import generator
from proofkit.networks.regression_losses import WeightedSquaredLoss
from proofkit.networks.scalars import Undecidable
from proofkit.symbols import (
    Family,
    Function,
    Map,
    MatrixVariable,
    WidthFunction,
)
from proofkit.symbols.encode import is_index
from proofkit.symbols.faults import LanguageError
from proofkit.words.reals import Undefined

__all__ = ["drawn", "is_decidable", "meeting", "repaired", "variables_of"]

TRIES = 12
"""Instances drawn for each one wanted; the hypotheses may be hard to meet."""

ROUNDS = 8
"""Equations solved one after the other to make the hypotheses hold on an instance."""

ENOUGH = 40
"""Draws for which equations were solved in vain, after which half of those wanted are enough."""

LONGEST = 256
"""Bits of a number that an equation is solved with: one solved after the other squares them."""

_DECIDABLE = (
    *(Equal, LessEqual, Less, Contradiction),
    *(Slope, DifferentiableAt, PositiveDefinite, PositiveSemidefinite),
)


def is_decidable(claim: Claim) -> bool:
    """Whether the truth of the claim on an exact instance is settled by computing."""
    if isinstance(claim, _DECIDABLE):
        return True
    if isinstance(claim, (And, Or, Not, Implies)):
        return all(is_decidable(part) for part in claim.args)
    return isinstance(claim, Abbreviation) and is_decidable(claim.meaning())


def variables_of(claims: tuple[Claim, ...]) -> list[Any]:
    """The free variables of the claims, each once."""
    return sorted(free_variables(claims), key=lambda v: str(v.name))


def meeting(
    variables: Sequence[Any], given: Sequence[Claim], seed: int, count: int
) -> list[Environment]:
    """Up to ``count`` instances on which the claims hold, small ones first."""
    claims, found, vain = tuple(given), list[Environment](), 0
    for attempt in range(count * TRIES):
        if len(found) == count or (vain > ENOUGH and 2 * len(found) >= count):
            break
        rng = generator((seed, attempt))
        try:
            # What no small instance meets, a larger one may.
            size = 1 + min(2, 3 * max(len(found), attempt // TRIES) // count)
            env = drawn(list(variables), claims, rng, size)
            moved = repaired(env, claims, rng)
            if all(evaluate(claim, moved).everywhere for claim in claims):
                found.append(moved)
            else:
                vain += moved is not env
        except (OutOfRange, LanguageError, Undecidable, Undefined):
            continue  # a size, a member or a value is missing on this instance
    return found


def drawn(
    variables: list[Any], given: tuple[Claim, ...], rng: np.random.Generator, size: int
) -> Environment:
    """Random values, sizes at most ``size``; relations between indices alone are made to hold."""
    indices = [v for v in variables if isinstance(v, Symbol) and is_index(v)]
    env = Environment({})
    about_indices = [h for h in given if is_decidable(h) and set(variables_of((h,))) <= {*indices}]
    for _ in range(ROUNDS * ROUNDS):
        # Naturals are mostly sizes, other integers layers.
        ends = [(1, size + 1) if v.is_nonnegative else (0, 4) for v in indices]
        env = env.having({v: int(rng.integers(*e)) for v, e in zip(indices, ends, strict=True)})
        if all(evaluate(h, env).everywhere for h in about_indices):
            break
    top = max((env[v] for v in indices), default=0) + 2
    for v in variables:
        if isinstance(v, WidthFunction):
            env = env.having({v: {at: int(rng.integers(1, size + 1)) for at in range(top)}})
    wishes = asked(given)
    for v in variables:
        if v not in env.values:
            env = env.having({v: _value(v, env, rng, top, wishes.get(v, set()))})
    for claim in given:
        if isinstance(claim, Slope) and isinstance(claim.args[2], Map):
            with suppress(Undefined):
                env = env.having({claim.args[2]: slope_at(claim.args[0], claim.args[1], env)})
    return env


def _value(
    variable: Any, env: Environment, rng: np.random.Generator, top: int, wishes: set[str]
) -> Any:
    def entries(shape: Any, low: int) -> ExactMatrix:
        rows, cols = (int(index_value(a, env)) for a in shape)
        return draw_within(rows, cols, wishes, rng, low)

    if isinstance(variable, MatrixVariable):
        return entries(variable.shape, -2)
    if isinstance(variable, Map):
        family = family_of(variable)
        return family[int(rng.integers(len(family)))]
    if isinstance(variable, Function):
        return WeightedSquaredLoss(entries(variable.domain, -2), entries(variable.domain, 1))
    if isinstance(variable, Family):
        if variable.arity > 1:
            raise OutOfRange(f"no random values are drawn for {variable}, of several indices")
        members = {}
        for at in range(top):
            with suppress(OutOfRange):
                members[at] = entries(variable.shape_at(Integer(at)), -2)
        return Layers(members)
    return draw_number(wishes, rng)


def repaired(env: Environment, given: tuple[Claim, ...], rng: np.random.Generator) -> Environment:
    """The instance moved until equations between matrices hold, one unknown at a time.

    Where one solved after the other breaks the first again, they are solved together.
    """
    for together in (False, True):
        for _ in range(ROUNDS):
            equations = [e for h in given for e in _equations(h, env)]
            holding = [evaluate(e, env).everywhere for e in equations]
            if all(holding):
                return env
            failing = equations[holding.index(False)]
            kept = [e for e, holds in zip(equations, holding, strict=True) if holds]
            moved = _solved(failing, env, rng, kept if together else [])
            if moved is None:
                break
            env = moved
    return env


def _is_long(value: Any) -> bool:
    """Whether a matrix has a number too long to go on with."""
    return any(
        max(x.numerator.bit_length(), x.denominator.bit_length()) > LONGEST
        for row in value.entries()
        for x in row
        if isinstance(x, Fraction)
    )


def _equations(claim: Claim, env: Environment) -> Iterator[Equal]:
    """The equations that the claim asks for on this instance: of matrices, or of a number alone."""
    if isinstance(claim, Equal):
        if claim.is_about_matrices or _alone(claim) is not None:
            yield claim
    elif isinstance(claim, And):
        for part in claim.args:
            yield from _equations(part, env)
    elif isinstance(claim, Abbreviation):
        yield from _equations(claim.meaning(), env)
    elif isinstance(claim, Implies):
        *premises, conclusion = claim.args
        if all(is_decidable(p) and evaluate(p, env).everywhere for p in premises):
            yield from _equations(conclusion, env)
    elif isinstance(claim, ForAll) and all(is_index(v) for v in claim.variables):
        variable, *rest = claim.variables
        for value in index_values(env):
            instance = ForAll(*rest, claim.body).xreplace({variable: Integer(value)})
            with suppress(OutOfRange):
                yield from _equations(instance, env)


def _alone(equation: Equal) -> tuple[Symbol, Any] | None:
    """A real number that the equation says to be something else, and that."""
    for one, other in (equation.args, equation.args[::-1]):
        if isinstance(one, Symbol) and not is_index(one) and not other.has(one):
            return one, other
    return None


def _solved(
    equation: Equal, env: Environment, rng: np.random.Generator, kept: Sequence[Equal] = ()
) -> Environment | None:
    """The instance with one matrix of the equation changed so that it holds, or None.

    So do those to be kept that speak of that matrix.
    """
    if not equation.is_about_matrices and (found := _alone(equation)) is not None:
        number, value = found
        return env.having({number: real_value(value, env)})
    unknowns: list[tuple[Any, int | None]] = []
    for v in variables_of((equation,)):
        if isinstance(v, MatrixVariable):
            unknowns.append((v, None))
        elif isinstance(v, Family):
            unknowns.extend((v, at) for at in env[v].members if at > 0)
    rng.shuffle(unknowns)
    for variable, at in unknowns:
        here: Any = variable if at is None else variable[Integer(at)]
        change = MatrixVariable("Δ", *here.shape)
        moved = here + change
        put = moved if at is None else variable.with_layer(Integer(at), moved)
        mine = [e.xreplace({variable: put}) for e in (equation, *kept)]
        wanted = And(*(e for e in mine if e.has(change)))
        found = find_witness(change, wanted, env)
        inside = env if found is None else env.having({change: found})
        if found is not None and evaluate(wanted, inside).everywhere:
            value = matrix_value(moved, inside)
            if _is_long(value):
                continue
            if at is not None:
                value = Layers({**env[variable].members, at: value})
            return env.having({variable: value})
    return None
