"""Width 1 and a quadratic f: a proof that a point is optimal among all matrices of rank ≤ 1.

A matrix has rank ≤ 1 iff all its 2×2 minors vanish. If multipliers λ make
Λ = f + Σ λ_i·minor_i stationary at W with a positive semidefinite (constant) Hessian, then Λ is
convex with its minimum at W, and for every V of rank ≤ 1: f(V) = Λ(V) ≥ Λ(W) = f(W).
Source: Lagrangian sufficiency, S. Boyd and L. Vandenberghe, *Convex Optimization*, 5.2.2.

Stationarity is a linear system for λ. What freedom it leaves is used to raise the least
eigenvalue, by subgradient steps in floats; the rounded λ is then tested exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np

from proofkit.diagnose.check.inertia import exact_inertia
from proofkit.diagnose.check.point import Point
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber

__all__ = ["holds", "minors", "multipliers"]

_MAX_MINORS = 60


def minors(rows: int, cols: int) -> list[tuple[int, int, int, int]]:
    """The 2×2 minors w_ac·w_bd − w_ad·w_bc, as (a, b, c, d).

    >>> minors(2, 2)
    [(0, 1, 0, 1)]
    """
    return [
        (a, b, c, d)
        for a, b in combinations(range(rows), 2)
        for c, d in combinations(range(cols), 2)
    ]


def multipliers(point: Point) -> list[Fraction] | None:
    """λ with which the proof goes through, or ``None``."""
    rows, cols = point.network.shape
    places = minors(rows, cols)
    if point.width != 1 or not point.loss.quadratic or not 0 < len(places) <= _MAX_MINORS:
        return None
    slopes = ExactMatrix.of(
        [[x for line in _slope(p, point.product).entries() for x in line] for p in places]
    ).T
    target = ExactMatrix.of([[-x] for line in point.slope.entries() for x in line])
    inverse = slopes.pseudo_inverse()
    particular = inverse @ target
    if not (slopes @ particular - target).is_zero():
        return None
    free = ExactMatrix.identity(len(places)) - inverse @ slopes
    for tried in _candidates(point, places, particular, free):
        values = [x for (x,) in tried.entries()]
        if not all(isinstance(x, Fraction) for x in values):
            return None
        found = [Fraction(x) for x in values]
        if holds(point, found):
            return found
    return None


def holds(point: Point, values: Sequence[ExactNumber]) -> bool:
    """Whether Λ is stationary at W and its Hessian positive semidefinite, exactly."""
    rows, cols = point.network.shape
    places = minors(rows, cols)
    if point.width != 1 or len(values) != len(places) or not point.loss.quadratic:
        return False
    slope = point.slope
    bend: Any = point.loss.hessian(point.product)
    for value, place in zip(values, places, strict=True):
        slope = slope + value * _slope(place, point.product)
        bend = bend + value * _bend(place, rows, cols)
    return slope.is_zero() and exact_inertia(bend)[2] == 0


def _slope(place: tuple[int, int, int, int], W: ExactMatrix) -> ExactMatrix:
    a, b, c, d = place
    table: list[list[Any]] = [[Fraction(0)] * W.cols for _ in range(W.rows)]
    table[a][c], table[b][d] = W.entry(b, d), W.entry(a, c)
    table[a][d], table[b][c] = -W.entry(b, c), -W.entry(a, d)
    return ExactMatrix.of(table)


def _bend(place: tuple[int, int, int, int], rows: int, cols: int) -> ExactMatrix:
    a, b, c, d = place
    table = [[0] * (rows * cols) for _ in range(rows * cols)]
    for (p, q), value in (((a * cols + c, b * cols + d), 1), ((a * cols + d, b * cols + c), -1)):
        table[p][q] = table[q][p] = value
    return ExactMatrix.of(table)


def _candidates(
    point: Point,
    places: list[tuple[int, int, int, int]],
    particular: ExactMatrix,
    free: ExactMatrix,
) -> Any:
    yield particular
    if free.is_zero():
        return
    rows, cols = point.network.shape
    bend: Any = point.loss.hessian(point.product)
    base = np.array(bend.entries(), dtype=float)
    parts = np.array([_bend(p, rows, cols).entries() for p in places], dtype=float)
    start = np.array(particular.entries(), dtype=float)[:, 0]
    projector = np.array(free.entries(), dtype=float)
    z = np.zeros(len(places))
    size = max(1.0, float(np.abs(base).max()))
    best, best_value = z, -np.inf
    for step in range(400):
        values, vectors = np.linalg.eigh(base + np.einsum("i,ijk->jk", start + z, parts))
        if values[0] > best_value:
            best, best_value = z, values[0]
        v = vectors[:, 0]
        raised = projector @ np.einsum("j,ijk,k->i", v, parts, v)
        if np.abs(raised).max() < 1e-14:
            break
        z = z + size / (step + 2) * raised / np.linalg.norm(raised)
    for scale in (1, 2, 4, 16, 2**8, 2**16):
        rounded = ExactMatrix.of([[Fraction(int(np.rint(x * scale)), scale)] for x in best])
        yield particular + free @ rounded
