"""Values to try for a variable: all indices, or seeded samples of matrices, families and reals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from proofkit.evaluate.environment import Environment, Layers
from proofkit.evaluate.functions import family_of
from proofkit.evaluate.terms import (
    index_value,
    looked_up,
    matrix_value,
    member_value,
    real_value,
)
from proofkit.networks.matrices import Matrix
from proofkit.networks.random import random_matrix
from proofkit.symbols import Family, FamilyTerm, Function, Map, MatrixVariable, WidthFunction
from proofkit.symbols.encode import is_index

__all__ = ["draw_matrix", "nearby", "samples"]

SAMPLES = 2
"""Values tried for each matrix or real variable that a claim speaks of in general."""

SIZES = (1, 2, 3)
"""Values tried for a natural number, the size of a matrix."""

SMALL = 1 << 11
"""Numbers in a batch of drawn matrices that is kept for other networks, too."""

STEPS = (Fraction(1, 64), Fraction(1, 2**20))
"""Sizes of the steps along each direction: what fails at all of them fails near the point."""


def draw_matrix(rows: int, cols: int, env: Environment, salt: int) -> Matrix:
    """A random matrix, the same for the same seed and salt."""
    seed = (env.seed, salt, rows, cols)
    found: Matrix | None = env.memo.get("drawn", seed)
    if found is None:
        if env.exact or env.batch * rows * cols <= SMALL:
            found = _drawn(seed, rows, cols, env.exact, env.batch)
        else:
            found = random_matrix(seed, rows, cols, exact=False, count=env.batch)
        env.memo.put("drawn", seed, found)
    return found


# All networks and all small batches of one size are tried on the same matrices.
@lru_cache(maxsize=1 << 12)
def _drawn(seed: tuple[int, ...], rows: int, cols: int, exact: bool, batch: int) -> Matrix:
    if exact:
        return random_matrix(seed, rows, cols)
    return random_matrix(seed, rows, cols, exact=False, count=batch)


def samples(variable: Any, env: Environment, indices: Iterable[int]) -> Iterator[Any]:
    """Values for a variable: every index, or a few samples of any other kind."""
    if isinstance(variable, (WidthFunction, Function)) or (
        isinstance(variable, Family) and variable in env.values
    ):
        if variable in env.values:
            yield env[variable]
        return
    if isinstance(variable, Map):
        if variable in env.values:
            yield env[variable]
        yield from family_of(variable)
        return
    if isinstance(variable, MatrixVariable):
        rows, cols = (int(index_value(a, env)) for a in variable.shape)
        yield env.zeros(rows, cols)
        for n in range(1, SAMPLES):
            yield draw_matrix(rows, cols, env, n)
        if variable in env.values:
            yield env[variable]  # last, as pages show the last
        return
    if isinstance(variable, Family):
        # The network itself first: it satisfies what a random one would not.
        alike = [
            value
            for known, value in env.values.items()
            if isinstance(known, Family) and known.args[1:] == variable.args[1:]
        ]
        if alike:
            yield max(alike, key=lambda layers: len(layers.members))
        yield _draw_family(variable, env, 0)
        return
    if is_index(variable):
        yield from (SIZES if variable.is_nonnegative else indices)
        return
    yield from (Fraction(0), Fraction(1), Fraction(-1, 2))


def _draw_family(variable: Family, env: Environment, salt: int) -> Layers:
    members = {}
    top = max((v for v in env.values.values() if isinstance(v, int)), default=0) + 1
    for at in _places(variable.arity, env, range(top + 1)):
        try:
            shape = variable.shape_at(*at) if isinstance(at, tuple) else variable.shape_at(at)
            rows, cols = (int(index_value(a, env)) for a in shape)
        except IndexError:
            continue
        members[at] = draw_matrix(rows, cols, env, 100 * salt + _number(at))
    return Layers(members)


def _places(arity: int, env: Environment, indices: Iterable[int]) -> Iterable[Any]:
    """Where a family may have members: the indices, or where families of several indices do."""
    if arity == 1:
        return indices
    families = [value.members for value in env.values.values() if isinstance(value, Layers)]
    keys = {key for members in families for key in members if isinstance(key, tuple)}
    return sorted(key for key in keys if len(key) == arity)


def _number(at: Any) -> int:
    """A number for the place of a member, to draw it by."""
    return at if isinstance(at, int) else sum(n * 31**e for e, n in enumerate(reversed(at)))


def nearby(pairs: Sequence[tuple[Any, Any]], env: Environment) -> Iterator[list[tuple[Any, ...]]]:
    """Points near the centres: for each direction, one point for each of the step sizes.

    Directions are random; known ways down from a network are tried before them.
    """
    centres = [_centre(variable, centre, env) for variable, centre in pairs]
    if len(centres) == 1 and isinstance(centres[0], Layers):
        for curve in env.descents():
            points = env.memo.get("descent", (curve, *centres))
            if points is None:
                here = _same(curve(Fraction(0)), centres[0])
                points = [(curve(step),) for step in STEPS] if here else []
                env.memo.put("descent", (curve, *centres), points)
            if points:
                yield points
    for n in range(env.directions[min(env.nesting, len(env.directions) - 1)]):
        # Proofs come back to the same point: values at the same points near it are then known.
        points = env.memo.get(("near", env.seed, n), tuple(centres))
        if points is None:
            points = _along(n, centres, env)
            env.memo.put(("near", env.seed, n), tuple(centres), points)
        yield points


def _along(n: int, centres: list[Any], env: Environment) -> list[tuple[Any, ...]]:
    """The points along the n-th direction, one for each step."""
    directions = [_direction(c, env, n * len(centres) + m) for m, c in enumerate(centres)]
    return [
        tuple(_moved(c, u, step) for c, u in zip(centres, directions, strict=True))
        for step in STEPS
    ]


def _same(a: Layers, b: Layers) -> bool:
    return a.members.keys() == b.members.keys() and all(
        bool(np.all(m.equals(b.members[at])))  # type: ignore[arg-type]
        for at, m in a.members.items()
    )


def _centre(variable: Any, centre: Any, env: Environment) -> Any:
    if isinstance(centre, FamilyTerm):
        known = [v for v in env.values.values() if isinstance(v, int)]
        places = tuple(_places(centre.arity, env, range(1, max(known, default=0) + 1)))
        key, values = looked_up(centre, env)
        key = ("members", places, *key)
        found = env.memo.at(key)
        if found is None:
            found = _members(centre, places, env)
            env.memo.set(key, values, found)
        return found
    if isinstance(variable, MatrixVariable):
        return matrix_value(centre, env)
    return real_value(centre, env)


def _members(family: Any, places: Iterable[Any], env: Environment) -> Layers:
    """The members of a family term at those of the places where it has one."""
    members = {}
    for at in places:
        try:
            key = at if isinstance(at, tuple) else (at,)
            members[at] = member_value(family, key[0], env, *key[1:])
        except IndexError:
            continue
    return Layers(members)


def _direction(centre: Any, env: Environment, salt: int) -> Any:
    if isinstance(centre, Layers):
        return Layers(
            {
                at: draw_matrix(m.rows, m.cols, env, 7919 * salt + _number(at))
                for at, m in centre.members.items()
            }
        )
    if hasattr(centre, "rows"):
        return draw_matrix(centre.rows, centre.cols, env, 7919 * salt)
    rng = np.random.default_rng((env.seed, salt))
    return Fraction(int(rng.integers(1, 9)) * (1 if rng.integers(2) else -1), 4)


def _moved(centre: Any, direction: Any, step: Fraction) -> Any:
    if isinstance(centre, Layers):
        return Layers(
            {at: _moved(m, direction.members[at], step) for at, m in centre.members.items()}
        )
    return centre + step * direction
