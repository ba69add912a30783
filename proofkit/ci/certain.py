"""What is certain of a claim on an exact instance, beyond what trying a few values can say.

A claim about all points near another is *false* where a polynomial in t says so: along a ray
t ↦ centre + t·direction the two sides are polynomials, whose coefficients are found exactly from
enough values, and the sign near 0 is that of the first coefficient that is not 0.  A claim
a ≤ b about all points, or all near ones, is *true* where neither side moves, where b is a sum of
squares and a is not positive, and where b − a is a quadratic form of a vector, without a negative
square on the subspace in question.  Everything else stays open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

from sympy.core.traversal import preorder_traversal

from proofkit.claims import (
    Abbreviation,
    And,
    Between,
    Claim,
    Differentiable,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    SpuriousLocalMinimum,
)
from proofkit.evaluate import Environment, Layers, evaluate
from proofkit.evaluate.claims import index_values
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.polynomials import coefficients, degree, is_squared, largest_degree
from proofkit.evaluate.samples import samples
from proofkit.evaluate.terms import index_value, matrix_value, member_value, real_value
from proofkit.networks import scalars
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.symbols import (
    Family,
    Function,
    FunctionOf,
    MatrixTrace,
    MatrixVariable,
    Product,
    Sum,
    Value,
)
from proofkit.symbols.encode import is_index
from proofkit.symbols.faults import LanguageError

__all__ = ["certain"]

RAYS = 24
"""Directions tried from a point."""

HIGHEST = 40
"""Polynomials of higher degree are left alone."""

_STOPS = (OutOfRange, LanguageError, Undecidable, TypeError, ValueError, ArithmeticError)


_SETTLED = (DifferentiableAt, PositiveDefinite, PositiveSemidefinite)
"""Abbreviations that are settled by computing, which their meanings are not."""

_NEARNESS = (Near, LocalMinimum, SpuriousLocalMinimum)


def certain(claim: Any, env: Environment) -> bool | None:
    """Whether the claim holds on an exact instance, None where that is not certain.

    A claim of which a part means nothing there is not certain, whatever the other parts are.
    """
    try:
        return _part(claim, env)
    except OutOfRange:
        return None


def _part(claim: Any, env: Environment) -> bool | None:
    """The same of a part of a claim; raises `OutOfRange` if it means nothing."""
    try:
        return _certain(claim, env)
    except OutOfRange:
        raise
    except _STOPS:
        return None


def _certain(claim: Any, env: Environment) -> bool | None:
    if claim in env.known:
        return bool(env.known[claim][0])
    if isinstance(claim, Not):
        inner = _part(claim.args[0], env)
        return None if inner is None else not inner
    if isinstance(claim, (And, Or)):
        settling = isinstance(claim, Or)  # one part that is so settles it
        found = [_part(part, env) for part in claim.args]
        return settling if settling in found else None if None in found else not settling
    if isinstance(claim, Implies):
        *premises, conclusion = claim.args
        met = [_part(p, env) for p in premises]
        if False in met:
            return True
        then = _part(conclusion, env)
        return True if then else None if None in met else then
    if isinstance(claim, Abbreviation) and not isinstance(claim, _SETTLED):
        return _part(claim.meaning(), env)
    if isinstance(claim, Near):
        return _near(claim, env)
    if isinstance(claim, Differentiable) and isinstance(claim.args[0], FunctionOf):
        variable, body = claim.args[0].args
        return True if degree(body, {variable: 1}, env) is not None else None
    outcome = evaluate(claim, env)
    if isinstance(claim, Exists) and not (outcome.everywhere and not outcome.unknown):
        return _exists(claim, env)
    if outcome.unknown:
        return None
    if not outcome.sampled:
        return outcome.everywhere
    if not isinstance(claim, ForAll):
        return None
    if not outcome.everywhere:  # one of the values tried, if the rest is certain at it
        return False if _fails_at_a_sample(claim, env) else None
    if any(is_index(v) for v in claim.variables):
        return None
    if _bounded(claim.variables, claim.body, env):
        return True
    return False if _refuted(claim, env) else None


def _fails_at_a_sample(claim: ForAll, env: Environment) -> bool:
    variable, *rest = claim.variables
    body = ForAll(*rest, claim.body)
    values = samples(variable, env, index_values(env))
    return any(certain(body, env.having({variable: value})) is False for value in values)


# ── Near a point ────────────────────────────────────────────────────────────────────────────────
def _near(claim: Near, env: Environment) -> bool | None:
    variables = [v for v, _ in claim.pairs]
    centres = [_centre(v, c, env) for v, c in claim.pairs]
    here = env.having(dict(zip(variables, centres, strict=True)))
    if not isinstance(claim.body, (Equal, Less, LessEqual)):
        return None
    if certain(claim.body, here) is False:
        return False
    bound = largest_degree(claim.body.args, dict.fromkeys(variables, 1), here)
    if bound is not None and bound <= HIGHEST:
        for direction in _directions(centres, env.seed):
            points = []
            for t in range(bound + 1):
                there = [_moved(c, u, t) for c, u in zip(centres, direction, strict=True)]
                points.append(here.having(dict(zip(variables, there, strict=True))))
            if _fails(claim.body, points):
                return False
    return True if _bounded(variables, claim.body, here) else None


def _fails(body: Any, points: Sequence[Environment]) -> bool:
    """Whether the body fails at points of the ray as near to its start as one likes."""
    left, right = body.args
    if _is_matrix(left):  # a polynomial that is not 0 has few zeros
        return not all((matrix_value(left, e) - matrix_value(right, e)).is_zero() for e in points)  # type: ignore[operator]
    values = [real_value(right, e) - real_value(left, e) for e in points]
    signs = [scalars.sign(c) for c in coefficients(values)]
    first = next((s for s in signs if s), 0)
    return bool(first) if isinstance(body, Equal) else first < int(isinstance(body, Less))


def _is_matrix(x: Any) -> bool:
    return hasattr(x, "rows") and hasattr(x, "cols")


def _centre(variable: Any, centre: Any, env: Environment) -> Any:
    if isinstance(variable, MatrixVariable):
        return matrix_value(centre, env)
    if isinstance(centre, Family):
        return env[centre]
    if isinstance(variable, Family):
        top = max((v for v in env.values.values() if isinstance(v, int)), default=0)
        members = {}
        for at in range(1, top + 1):
            with suppress(IndexError):
                members[at] = member_value(centre, at, env)
        return Layers(members)
    return real_value(centre, env)


def _directions(centres: Sequence[Any], seed: int) -> Iterator[list[Any]]:
    """Small whole numbers, many of them 0 in every other direction."""
    for n in range(RAYS):
        rng = generator((seed, 977, n))

        def entry(rng: Any = rng, n: int = n) -> int:
            return int(rng.integers(-2, 3)) * int(n % 2 == 0 or rng.integers(0, 3) == 0)

        def like(c: Any, entry: Any = entry) -> Any:
            if isinstance(c, Layers):
                return Layers({at: like(m) for at, m in c.members.items()})
            if not hasattr(c, "shape"):
                return entry()
            rows, cols = c.shape
            return ExactMatrix.of([[entry() for _ in range(cols)] for _ in range(rows)], c.shape)

        yield [like(c) for c in centres]


def _moved(centre: Any, direction: Any, t: int) -> Any:
    if isinstance(centre, Layers):
        moved = {at: _moved(m, direction.members[at], t) for at, m in centre.members.items()}
        return Layers(moved)
    return centre + direction * t


def _inside(claim: Claim) -> Iterator[Any]:
    """The parts of a claim."""
    parts = preorder_traversal(claim)
    next(parts)
    return parts  # type: ignore[no-any-return]


def _refuted(claim: ForAll, env: Environment) -> bool:
    """Whether some more values than are tried elsewhere refute a claim about all.

    Not where each of them takes as many again: a claim in which others about all values stand.
    """
    if any(isinstance(x, (*_NEARNESS, ForAll, Exists, GlobalMinimum)) for x in _inside(claim)):
        return False
    centres: list[Any] = []
    for v in claim.variables:
        if isinstance(v, MatrixVariable):
            centres.append(ExactMatrix.zeros(*_shape(v, env)))
        elif isinstance(v, Family):
            alike = [
                value
                for other, value in env.values.items()
                if isinstance(other, Family) and other.args[1:] == v.args[1:]
            ]
            if not alike:
                return False
            centres.append(max(alike, key=lambda layers: len(layers.members)))
        else:
            centres.append(Fraction(0))
    for direction in _directions(centres, env.seed):
        moved = [_moved(c, u, 1) for c, u in zip(centres, direction, strict=True)]
        if certain(claim.body, env.having(dict(zip(claim.variables, moved, strict=True)))) is False:
            return True
    return False


# ── False for all values ───────────────────────────────────────────────────────────────────────
def _exists(claim: Exists, env: Environment) -> bool | None:
    """False where the linear equations among what is asked have no solution, or only one, at
    which the rest fails."""
    if len(claim.variables) == 1 and is_index(claim.variables[0]):
        return False if _few(claim, env) else None
    moving = dict.fromkeys(claim.variables, 1)
    if not all(isinstance(v, MatrixVariable) for v in moving):
        return None
    asked = claim.body.args if isinstance(claim.body, And) else (claim.body,)
    asked = [p.meaning() if isinstance(p, NonZero) else p for p in asked]
    if any(isinstance(p, Not) and _everywhere(p.args[0], claim.variables, env) for p in asked):
        return False
    gaps = [
        Sum(p.args[0], -p.args[1]) for p in asked if isinstance(p, Equal) and p.is_about_matrices
    ]
    gaps = [gap for gap in gaps if degree(gap, moving, env) == 1]
    shapes = [_shape(v, env) for v in moving]
    places = [(n, r, c) for n, (rows, cols) in enumerate(shapes)
              for r in range(rows) for c in range(cols)]  # fmt: skip
    if not gaps or not places:
        return None

    def at(entries: Mapping[Any, Any]) -> Environment:
        return env.having(
            {
                v: ExactMatrix.of(
                    [[entries.get((n, r, c), 0) for c in range(cols)] for r in range(rows)],
                    (rows, cols),
                )
                for n, (v, (rows, cols)) in enumerate(zip(moving, shapes, strict=True))
            }
        )

    def image(entries: Mapping[Any, Any]) -> list[Any]:
        there = at(entries)
        return [x for gap in gaps for row in matrix_value(gap, there).entries() for x in row]  # type: ignore[union-attr]

    start = image({})
    columns = [[a - b for a, b in zip(image({p: 1}), start, strict=True)] for p in places]
    system = ExactMatrix.of(columns).T
    wanted = ExactMatrix.of([[-x] for x in start])
    solution = system.pseudo_inverse() @ wanted
    if system @ solution != wanted:
        return False
    if system.rank() < len(places):
        return None
    only = {p: solution.entry(n, 0) for n, p in enumerate(places)}
    return certain(claim.body, at(only))


def _few(claim: Exists, env: Environment) -> bool:
    """Whether only few indices are asked for, 0 ≤ i ≤ k, say, and each fails."""
    (i,) = claim.variables
    asked = claim.body.args if isinstance(claim.body, And) else (claim.body,)
    asked = [q for p in asked for q in (p.meaning().args if isinstance(p, Between) else (p,))]
    ends = [p.args for p in asked if isinstance(p, LessEqual)]
    lows = [index_value(low, env) for low, at in ends if at == i and not low.has(i)]
    highs = [index_value(high, env) for at, high in ends if at == i and not high.has(i)]
    return bool(lows and highs) and all(
        _part(claim.body, env.having({i: at})) is False for at in range(max(lows), min(highs) + 1)
    )


def _everywhere(claim: Any, variables: Sequence[Any], env: Environment) -> bool:
    """Whether an equation that is linear in matrix variables holds for all their values."""
    if not isinstance(claim, Equal) or not claim.is_about_matrices:
        return False
    gap = Sum(claim.args[0], -claim.args[1])
    zeros = {v: ExactMatrix.zeros(*_shape(v, env)) for v in variables}
    return (
        largest_degree([gap], dict.fromkeys(variables, 1), env) in (0, 1)
        and _vanishes(gap, env.having(zeros))
        and all(
            _vanishes(gap, env.having({**zeros, v: u})) for v in variables for u in _units(v, env)
        )
    )


def _vanishes(gap: Any, env: Environment) -> bool:
    return bool(matrix_value(gap, env).is_zero())


def _shape(variable: Any, env: Environment) -> tuple[int, int]:
    rows, cols = (int(index_value(side, env)) for side in variable.shape)
    return rows, cols


def _units(variable: Any, env: Environment) -> Iterator[ExactMatrix]:
    """The matrices with one entry 1 and all others 0."""
    rows, cols = _shape(variable, env)
    for place in range(rows * cols):
        flat = [int(n == place) for n in range(rows * cols)]
        yield ExactMatrix.of([flat[r * cols : (r + 1) * cols] for r in range(rows)], (rows, cols))


# ── True for all values ────────────────────────────────────────────────────────────────────────
def _bounded(variables: Sequence[Any], body: Any, env: Environment) -> bool:
    """Whether a ≤ b for all values of the variables, by one of three reasons."""
    premises: list[Claim] = []
    if isinstance(body, Implies):
        *premises, body = body.args
    if not isinstance(body, LessEqual) or body.is_about_integers:
        return False
    left, right = body.args
    moving = dict.fromkeys(variables, 1)
    fixed = degree(left, moving, env) == 0
    if fixed and degree(right, moving, env) == 0:
        return bool(evaluate(body, env).everywhere)
    if fixed and _is_sum_of_squares(right, env):
        return bool(scalars.sign(real_value(left, env)) <= 0)
    return _is_form(variables, premises, right - left, env)


def _is_sum_of_squares(x: Any, env: Environment) -> bool:
    if isinstance(x, MatrixTrace) and isinstance(x.args[0], Product):
        first, *rest = x.args[0].args
        return len(rest) == 1 and first == rest[0].T
    if not isinstance(x, Value) or not isinstance(x.args[0], Function):
        return False
    loss = env[x.args[0]]
    return is_squared(loss) and loss.convexity == "convex"  # no weight is negative


def _is_form(variables: Sequence[Any], premises: list[Claim], x: Any, env: Environment) -> bool:
    """Whether x is a quadratic form of one vector that is ≥ 0 where the linear premises hold."""
    if len(variables) != 1 or not isinstance(variables[0], MatrixVariable):
        return False
    (w,) = variables
    rows, cols = _shape(w, env)
    if cols != 1 or rows == 0 or (degree(x, {w: 1}, env) or 3) > 2:
        return False
    units = list(_units(w, env))

    def at(vector: ExactMatrix) -> Any:
        return real_value(x, env.having({w: vector}))

    zero = ExactMatrix.zeros(rows, 1)
    if scalars.sign(at(zero)) or any(scalars.sign(at(e) - at(e * -1)) for e in units):
        return False  # constant or linear parts
    own = [at(e) for e in units]
    form = ExactMatrix.of([
        [own[a] if a == b else (at(units[a] + units[b]) - own[a] - own[b]) * Fraction(1, 2)
         for b in range(rows)] for a in range(rows)
    ])  # fmt: skip
    free = ExactMatrix.identity(rows)
    for premise in premises:
        if not isinstance(premise, Equal) or not premise.is_about_matrices:
            return False
        left, right = premise.args
        gap = Sum(left, -right)
        if degree(gap, {w: 1}, env) != 1 or not _image(gap, w, zero, env).is_zero():
            return False
        columns = [_image(gap, w, free @ e, env) for e in units]
        map_ = ExactMatrix.of_blocks([columns])
        free = free @ (ExactMatrix.identity(rows) - map_.pseudo_inverse() @ map_)
    return (free.T @ form @ free).inertia()[2] == 0


def _image(gap: Any, w: Any, vector: ExactMatrix, env: Environment) -> ExactMatrix:
    return matrix_value(gap, env.having({w: vector}))  # type: ignore[return-value]
