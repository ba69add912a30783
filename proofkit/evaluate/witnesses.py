"""Witnesses for "there is a matrix with …": the linear equations are solved, the rest is checked.

An existential claim is settled by a witness only if the witness, put in, satisfies it; how it was
found need not be trusted.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any

from proofkit.claims import Abbreviation, And, Claim, Equal, Exists, ForAll, Implies, NonZero, Slope
from proofkit.evaluate.derivatives import slope_at
from proofkit.evaluate.environment import Environment, Layers, OutOfRange
from proofkit.evaluate.samples import STEPS
from proofkit.evaluate.terms import index_value, matrix_value
from proofkit.networks.enclosures import EnclosedMatrix
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.matrices import Matrix
from proofkit.symbols import Chain, Family, Map, MatrixVariable
from proofkit.symbols.encode import is_index
from proofkit.words.reals import Undefined

__all__ = ["candidates", "find_witness"]


def find_witness(variable: Any, body: Claim, env: Environment) -> Any | None:
    """A value of the variable for which the claim may hold, or None if no search is known.

    Matrices are found by solving the equations of the claim, affine in the variable, exactly or
    by the Moore–Penrose inverse; families member by member, or by factors through their widths
    where their products are given; slopes are computed; real numbers are small.
    """
    if isinstance(variable, MatrixVariable):
        rows, cols = (int(index_value(a, env)) for a in variable.shape)
        with suppress(Undefined):
            return _solve(variable, _parts(body), rows, cols, env)
        return None
    if isinstance(variable, Map):
        with suppress(Undefined):
            return _slope(variable, body, env)
        return None
    if isinstance(variable, Family):
        found = _factors(variable, body, env)
        return _members(variable, body, env) if found is None else found
    if not is_index(variable):
        return STEPS[1]
    return None


def _slope(variable: Map, body: Claim, env: Environment) -> Any | None:
    """The derivative of a function, where the variable is said to be it."""
    for part in _parts(body):
        if isinstance(part, Slope) and part.args[2] == variable:
            return slope_at(part.args[0], part.args[1], env)
    return None


def _parts(body: Claim) -> list[Claim]:
    if isinstance(body, And):
        return [p for part in body.args for p in _parts(part)]
    if isinstance(body, Exists):
        return []
    if isinstance(body, Abbreviation) and not isinstance(body, NonZero):
        return _parts(body.meaning())
    return [body]


def _solve(
    variable: Any, parts: list[Claim], rows: int, cols: int, env: Environment
) -> Matrix | None:
    equations = [
        p for p in parts if isinstance(p, Equal) and p.is_about_matrices and p.has(variable)
    ]
    nonzero = any(isinstance(p, NonZero) and p.args[0] == variable for p in parts)
    if not equations:
        return _ones(rows, cols, env) if nonzero else env.zeros(rows, cols)

    def residual(value: Matrix) -> list[Any]:
        inside = env.having({variable: value})
        return [
            matrix_value(e.args[0], inside) - matrix_value(e.args[1], inside)  # type: ignore[operator]
            for e in equations
        ]

    here = residual(env.zeros(rows, cols))
    if any(isinstance(part, EnclosedMatrix) for part in here):
        return None
    if rows * cols > 1 and not _is_affine(residual, here, rows, cols, env):
        return None
    columns = []
    for r in range(rows):
        for c in range(cols):
            there = residual(_unit(rows, cols, r, c, env))
            if any(isinstance(part, EnclosedMatrix) for part in there):
                return None
            columns.append(_stack([t - h for t, h in zip(there, here, strict=True)], env))
    offset = _stack(here, env)
    if not columns:
        return env.zeros(rows, cols)
    system = _beside(columns, env)
    solution: Any = None
    if all(bool(_zero(h)) for h in here):
        solution = system.null_vector() if nonzero else None
        if solution is None:
            return env.zeros(rows, cols)
    else:
        solution = system.pseudo_inverse() @ (-offset)
    folded: Matrix = _folded(solution, rows, cols, env)
    return folded


def _is_affine(residual: Any, here: list[Any], rows: int, cols: int, env: Environment) -> bool:
    """Whether the equations look affine, by the mean of two opposite values."""
    grid = [[2 + 3 * r + 5 * c for c in range(cols)] for r in range(rows)]
    value: Any = env.kind.of(grid)  # type: ignore[attr-defined]
    there, opposite = residual(value), residual(-1 * value)
    return all(_zero(a + b - 2 * h) for a, b, h in zip(there, opposite, here, strict=True))


def _zero(x: Any) -> bool:
    import numpy as np

    return bool(np.all(x.is_zero()))


def _unit(rows: int, cols: int, r: int, c: int, env: Environment) -> Any:
    grid = [[1 if (a, b) == (r, c) else 0 for b in range(cols)] for a in range(rows)]
    return env.kind.of(grid)  # type: ignore[attr-defined]


def _ones(rows: int, cols: int, env: Environment) -> Any:
    return env.kind.of([[1 if a == b == 0 else 0 for b in range(cols)] for a in range(rows)])  # type: ignore[attr-defined]


def _stack(matrices: list[Any], env: Environment) -> Any:
    """The entries of the matrices, row by row, in one column."""
    cells = [m.block([r], [c]) for m in matrices for r in range(m.rows) for c in range(m.cols)]
    return env.kind.of_blocks([[cell] for cell in cells])  # type: ignore[attr-defined]


def _beside(columns: list[Any], env: Environment) -> Any:
    return env.kind.of_blocks([columns])  # type: ignore[attr-defined]


def _folded(column: Any, rows: int, cols: int, env: Environment) -> Any:
    grid = [[column.block([r * cols + c], [0]) for c in range(cols)] for r in range(rows)]
    return env.kind.of_blocks(grid)  # type: ignore[attr-defined]


def candidates(variable: Any, env: Environment) -> list[Any]:
    """Values to try where no search finds one: zeros, the network's own, ones on the diagonal."""
    if isinstance(variable, MatrixVariable):
        rows, cols = (int(index_value(a, env)) for a in variable.shape)
        return [_first(rows, cols, env)]
    if not isinstance(variable, Family):
        return []
    own = env.values.get(variable)
    found: list[Layers] = []
    if isinstance(own, Layers):
        zeros: Any = {at: m - m for at, m in own.members.items()}  # type: ignore[operator]
        found = [Layers(zeros), own]
    if variable.arity == 1:
        found.append(Layers(_diagonals(variable, env)))
    return found


def _diagonals(variable: Family, env: Environment) -> dict[int, Any]:
    from proofkit.evaluate.claims import index_values

    members = {}
    for at in index_values(env):
        try:
            rows, cols = (int(index_value(a, env)) for a in variable.shape_at(at))
        except (OutOfRange, ValueError):
            continue
        members[at] = _first(rows, cols, env)
    return members


def _factors(variable: Family, body: Claim, env: Environment) -> Layers | None:
    """A family from the values of its products N[hi:lo]: the value in one layer, else identities.

    The value goes into layer hi if it has no more columns than rows, into layer lo otherwise; the
    other layers hand it on in the first of their neurons, of which there must be enough.
    """
    members: dict[Any, Any] = {}
    for part in _parts(body):
        sides: Any = part.args if isinstance(part, Equal) and part.is_about_matrices else ()
        if len(sides) != 2 or not isinstance(sides[0], Chain) or sides[0].args[0] != variable:
            return None
        hi, lo = (int(index_value(end, env)) for end in sides[0].args[1:3])
        value: Any = matrix_value(sides[1], env)
        least = min(value.rows, value.cols)
        place = hi if value.cols == least else lo
        for at in range(lo, hi + 1):
            rows, cols = (int(index_value(a, env)) for a in variable.shape_at(at))
            inner = value if at == place else env.identity(least)
            if at in members or rows < inner.rows or cols < inner.cols:
                return None
            members[at] = _first(rows, inner.rows, env) @ inner @ _first(cols, inner.cols, env).T
    return Layers(members) if members else None


def _first(rows: int, cols: int, env: Environment) -> Any:
    return _first_columns(rows, cols, env.exact)


@lru_cache(maxsize=256)
def _first_columns(rows: int, cols: int, exact: bool) -> Any:
    """The first columns of the identity."""
    grid = [[int(r == c) for c in range(cols)] for r in range(rows)]
    found = ExactMatrix.of(grid, shape=(rows, cols))
    return found if exact else FloatMatrix.of_exact([found])


def _members(variable: Family, body: Claim, env: Environment) -> Layers | None:
    """A family from "for all i in range, its member i satisfies …", member by member."""
    from proofkit.evaluate.claims import evaluate, index_values

    if not isinstance(body, ForAll) or len(body.variables) != 1:
        return None
    (at,) = body.variables
    inner = body.body
    premises = inner.args[:-1] if isinstance(inner, Implies) else ()
    claim = inner.args[-1] if isinstance(inner, Implies) else inner
    members: dict[Any, Matrix] = {}
    for value in index_values(env):
        here = env.having({at: value})
        try:
            if not all(evaluate(p, here).everywhere for p in premises):
                continue
            rows, cols = (int(index_value(a, here)) for a in variable.shape_at(at))
        except OutOfRange:
            continue
        stand_in = MatrixVariable(f"{variable.name}_", *variable.shape_at(at))
        about = claim.xreplace({Chain(variable, at, at): stand_in})
        found = _solve(stand_in, _parts(about), rows, cols, here)
        if found is None:
            return None
        members[value] = found
    return Layers(members)
