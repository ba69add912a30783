"""Near a local minimum: no matrix of the rank has a lower loss, by convexity over boxes.

In a chart (``charts``) let F(X, B) = f(A(X)B), f convex, with the critical
point (X*, B*). Let X_c, B_c be floats beside it, and Q the inverse transpose of a Cholesky factor
of F″ there, the entries of B first: Q = [[R, S], [0, T]], and QᵀF″Q is nearly the identity. In the
coordinates (e, y) with X = X_c + Ty, B = B_c + Sy + Re let E be a matrix of balls that contains
QᵀF″Q for all |y| ≤ υ, |e| ≤ ε, and g the derivative in e at the centre. If

- E is positive definite, F is convex on this region, and
- |g_i| + Σ |E_ik| υ_k + Σ |δ_ij − E_ij| ε < ε for every i (k over y, j over e),

then for each of these y Krawczyk's operator for the derivative in e maps the cube |e| ≤ ε into its
interior: the derivative has a zero there. F(X, ·) being convex, that is a minimum over all B, the
only one since E is positive definite; so the region contains (X*, B*) as soon as X* is among these
X, and F is there at least F(X*, B*). Hence, for each of these X and every B, F(X, B) ≥ F(X*, B*).
For all X in a cube of radius ρ around X_c to be among them, let υ = |T⁻¹|ρ.

The entries of E are computed along the columns of Q, f″[D, E] + ⟨f′, the mixed part⟩, so that what
cancels in these directions cancels before balls are multiplied out.

Source: A. Neumaier, *Interval Methods for Systems of Equations*, 1990, 5.1 and 5.3. Cost with p
entries of X and B: p²/2 second derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.cases import Case, Table, padded, transposed
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.charts import Chart
from proofkit.networks.array_matrix import Array
from proofkit.networks.ball_matrix import BallMatrix, product_of_balls

__all__ = ["critical_in", "near_holds", "units_of"]


def critical_in(case: Case, chart: Chart) -> tuple[list[Any], Table] | None:
    """(X*, B*) in a chart, X* row by row; ``None`` where the chart may not contain W."""
    corner = flint.arb_mat([case.A[r] for r in chart.fixed])
    try:
        X = flint.arb_mat([case.A[r] for r in chart.free]) * corner.inv()
    except ZeroDivisionError:
        return None
    return list(X.entries()), (corner * flint.arb_mat(case.B)).tolist()


def units_of(case: Case, chart: Chart, x: list[Any], B: Table) -> Array | None:
    """Q at a point, ``None`` where F″ is not positive definite there, as far as floats see."""
    size = case.width * len(case.conjugate.columns) + chart.size
    whole = _along(case, chart, (x, B), np.eye(size))
    middle = np.array([[float(y.mid()) for y in line] for line in whole])
    if not np.isfinite(middle).all():
        return None
    try:
        factor = np.linalg.cholesky(middle)
    except np.linalg.LinAlgError:
        return None
    result: Array = np.linalg.inv(factor).T
    return result if np.isfinite(result).all() else None


def near_holds(case: Case, chart: Chart, near: Json) -> bool:
    """Whether F ≥ f(W) for all X in the cube (``middle``, ``radius``) and every B.

    ``reach`` is ε. To be called at the working precision.
    """
    if set(near) != {"middle", "radius", "reach"} or len(near["middle"]) != chart.size:
        return False
    point = critical_in(case, chart)
    if point is None or not near["radius"] > 0 or not near["reach"] > 0:
        return False
    radius, reach = flint.arb(float(near["radius"])), flint.arb(float(near["reach"]))
    x = [flint.arb(float(y)) for y in near["middle"]]
    B = [[flint.arb(float(y.mid())) for y in line] for line in point[1]]
    if not all(abs(a - b) < radius for a, b in zip(point[0], x, strict=True)):
        return False
    Q = units_of(case, chart, x, B)
    if Q is None:
        return False
    split = len(Q) - chart.size
    try:
        back = _mat(Q[split:, split:]).inv()
    except ZeroDivisionError:
        return False
    lengths = _times(back, [radius] * chart.size)
    spread_x = _times(_mat(Q[split:, split:]), lengths)
    spread_B = _times(_mat(Q[:split]), [reach] * split + lengths)
    wide_x = [a + flint.arb(0, r.upper()) for a, r in zip(x, spread_x, strict=True)]
    radii = iter(spread_B)
    wide_B = [[a + flint.arb(0, next(radii).upper()) for a in line] for line in B]
    E = _along(case, chart, (wide_x, wide_B), Q)
    slope = flint.arb_mat(1, split, _slope_in_B(case, chart, x, B)) * _mat(Q[:split, :split])
    for i, line in enumerate(E):
        rest = flint.arb(0)
        for j, y in enumerate(line):
            if j != i:
                rest += abs(y)
        if not line[i] > rest:
            return False
        if i >= split:
            continue
        moved = abs(slope[0, i])
        for j, y in enumerate(line):
            moved += abs(y - int(i == j)) * (reach if j < split else lengths[j - split])
        if not moved < reach:
            return False
    return True


def _mat(matrix: Array) -> Any:
    return flint.arb_mat(*matrix.shape, [float(x) for x in matrix.ravel()])


def _times(matrix: Any, lengths: list[Any]) -> list[Any]:
    """|M|·v, for the lengths of what M makes of a box."""
    result = []
    for line in matrix.tolist():
        total = flint.arb(0)
        for a, b in zip(line, lengths, strict=True):
            total += abs(a) * b
        result.append(total)
    return result


def _along(case: Case, chart: Chart, box: tuple[list[Any], Table], Q: Array) -> Table:
    """QᵀF″Q over a box of (X, B)."""
    A, B = padded(case, _left(chart, box[0]), box[1])
    W = BallMatrix(product_of_balls(A, B))
    slope = case.loss.gradient(W)
    moves = [_direction(case, chart, column) for column in Q.T]
    moved = [_sum(product_of_balls(above, B), product_of_balls(A, below)) for above, below in moves]
    bent = [case.loss.second(W, BallMatrix(m)) for m in moved]
    result: Table = [[None] * len(moves) for _ in moves]
    for i, (above, below) in enumerate(moves):
        for j in range(i + 1):
            mixed = _sum(product_of_balls(above, moves[j][1]), product_of_balls(moves[j][0], below))
            entry = bent[i].inner(BallMatrix(moved[j])) + slope.inner(BallMatrix(mixed))
            result[i][j] = result[j][i] = entry
    return result


def _direction(case: Case, chart: Chart, column: Array) -> tuple[Table, Table]:
    """A move of (A, B) given by the entries of B that matter, then X."""
    width, count = case.width, len(case.conjugate.columns)
    numbers = [flint.arb(float(x)) for x in column]
    zero = flint.arb(0)
    below = [numbers[i * count : (i + 1) * count] for i in range(width)]
    above: Table = [[zero] * width for _ in range(chart.rows)]
    for i, r in enumerate(chart.free):
        start = width * count + i * width
        above[r] = numbers[start : start + width]
    return padded(case, above, below)


def _slope_in_B(case: Case, chart: Chart, x: list[Any], B: Table) -> list[Any]:
    A, B = padded(case, _left(chart, x), B)
    slope = case.loss.gradient(BallMatrix(product_of_balls(A, B)))
    slope = product_of_balls(transposed(A), slope.entries())
    return [line[c] for line in slope for c in case.conjugate.columns]


def _left(chart: Chart, x: Sequence[Any]) -> Table:
    width = len(chart.fixed)
    table: Table = [[]] * chart.rows
    for i, r in enumerate(chart.fixed):
        table[r] = [flint.arb(int(i == q)) for q in range(width)]
    for i, r in enumerate(chart.free):
        table[r] = list(x[i * width : (i + 1) * width])
    return table


def _sum(left: Table, right: Table) -> Table:
    return [[x + y for x, y in zip(a, b, strict=True)] for a, b in zip(left, right, strict=True)]
