"""Interval Newton: from floats to a proved critical point nearby, and to its kind.

The two-layer network (A, B) inside the float network is critical only up to rounding. Let F be
the derivative of L_2 in the coordinates that are left when some entries of (A, B) are frozen, as
many as the orbit of the loss's symmetries has dimensions (d² for GL(d), more with shifts, see
``invariance``). For a box X around c and any matrix Y, Krawczyk's operator is

    K(X) = c − Y·F(c) + (I − Y·F′(X))·(X − c).

K(X) inside the interior of X proves that F has exactly one zero x* in X.
Sources: R. Krawczyk, Computing 4, 1969; A. Neumaier, *Interval Methods for Systems of Equations*,
1990, Theorem 5.1.8.

- x* is a critical point of L_2 in all coordinates: the derivative g annihilates the tangent T of
  the orbit, T_frozen·g_frozen + T_free·g_free = 0 with g_free = 0, and T_frozen is invertible over
  the whole box; so g_frozen = 0.
- rank A = rank B = d: the determinants of AᵀA and BBᵀ exclude 0 over the box.
- Kind: with Q approximate eigenvectors of the reduced Hessian, the Gershgorin discs of QᵀF′(X)Q
  count its positive and negative eigenvalues at x*. All positive: the Hessian of L_2 is positive
  semidefinite with kernel exactly T, a local minimum. Some negative: a strict saddle.
- Lift: M_k* = M_k + (A* − A)A_1⁺ and M_1* = M_1 + B_1⁺(B* − B), as in Theorem 1, make an exact
  critical point of the same kind of the whole network; the distance is bounded in balls.

Everything is in python-flint balls; ``certify.verify`` recomputes all of it from the centre, the
frozen coordinates and the radius alone.
Cost with p = d(m+n) coordinates: O(p³ + p²·mn) ball operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.enclosures import BallLoss, product_of_balls
from proofkit.diagnose.invariance import shifts, tangent
from proofkit.diagnose.numeric import Array
from proofkit.diagnose.paths import rounded_up
from proofkit.diagnose.point import Point
from proofkit.diagnose.rationals import balls
from proofkit.networks.exact import ExactMatrix

__all__ = ["BITS", "Proved", "frozen_coordinates", "prove"]

BITS = 128
"""The working precision."""


@dataclass(frozen=True)
class Proved:
    """What interval Newton proves: the signs at x*, a distance, and the loss there as a ball."""

    positive: int
    negative: int
    distance: Fraction
    value: Any


def frozen_coordinates(here: Point, A: Array, B: Array) -> list[int] | None:
    """Coordinates (of B, then A) in which the tangent of the orbit is best conditioned."""
    rows = tangent(here.loss, _matrix(A), _matrix(B))
    table = np.array([[float(x) for x in line] for line in rows.entries()])
    rank = int(np.linalg.matrix_rank(table))
    if rank < len(table):
        # Some symmetries coincide: a basis of the rows serves.
        table = np.linalg.svd(table)[2][:rank]
    if rank < here.width**2:
        return None
    chosen: list[int] = []
    rest = table.copy()
    for _ in range(rank):
        column = int(np.argmax((rest**2).sum(axis=0)))
        chosen.append(column)
        unit = rest[:, column] / np.linalg.norm(rest[:, column])
        rest = rest - np.outer(unit, unit @ rest)
    return sorted(chosen)


def _matrix(values: Array) -> ExactMatrix:
    return ExactMatrix.of([[float(x) for x in line] for line in values])


def prove(here: Point, A: Array, B: Array, frozen: list[int], radius: Fraction) -> Proved | str:
    """Krawczyk's test and all that follows from it; a reason when something is not proved."""
    with flint.ctx.workprec(BITS):
        return _prove(here, A, B, frozen, radius)


def _prove(here: Point, A: Array, B: Array, frozen: list[int], radius: Fraction) -> Proved | str:
    rows, width, cols = A.shape[0], A.shape[1], B.shape[1]
    size = rows * width + width * cols
    if len(set(frozen)) != len(frozen) or not all(0 <= i < size for i in frozen):
        return "the frozen coordinates are not distinct coordinates"
    free = [i for i in range(size) if i not in set(frozen)]
    centre = [flint.arb(float(x)) for x in np.concatenate([B.ravel(), A.ravel()])]
    spread = flint.arb(0, float(radius))
    box = [x if i in set(frozen) else x + spread for i, x in enumerate(centre)]
    ball = BallLoss(here.loss, BITS)
    gradient = [_derivative(ball, centre, rows, width, cols)[i] for i in free]
    hessian = _second_derivative(ball, box, rows, width, cols)
    reduced = flint.arb_mat([[hessian[i][j] for j in free] for i in free])
    middle = np.array([[float(x.mid()) for x in line] for line in reduced.tolist()])
    if not np.isfinite(middle).all():
        return "the second derivative is not finite over the box"
    try:
        inverse = np.linalg.inv(middle)
    except np.linalg.LinAlgError:
        return "the reduced Hessian is singular"
    count = len(free)
    Y = flint.arb_mat(count, count, [float(x) for x in inverse.ravel()])
    one = flint.arb_mat(count, count, [int(i == j) for i in range(count) for j in range(count)])
    step = Y * flint.arb_mat(count, 1, gradient)
    shift = (one - Y * reduced) * flint.arb_mat(count, 1, [spread] * count)
    limit = flint.arb(flint.fmpq(radius.numerator, radius.denominator))
    for a, b in zip(step.entries(), shift.entries(), strict=True):
        if not abs(b - a) < limit:
            return "interval Newton did not close on a box"
    counted = _signs(reduced, middle)
    if counted is None:
        return "an eigenvalue of the reduced Hessian cannot be told from 0"
    problem = _gauge_is_fixed(here, box, frozen, rows, width, cols)
    if problem:
        return problem
    distance = _distance(here, box, rows, width, cols)
    if distance is None:
        return "the critical point of two layers does not lift to the network"
    product = product_of_balls(*_unpacked(box, rows, width, cols))
    return Proved(counted[0], counted[1], distance, ball.value(product))


def _unpacked(values: list[Any], rows: int, width: int, cols: int) -> tuple[Any, Any]:
    """(A, B) as tables."""
    split = width * cols
    B = [values[r * cols : (r + 1) * cols] for r in range(width)]
    A = [values[split + r * width : split + (r + 1) * width] for r in range(rows)]
    return A, B


def _turned(table: Any) -> Any:
    return [list(line) for line in zip(*table, strict=True)]


def _derivative(ball: BallLoss, values: list[Any], rows: int, width: int, cols: int) -> list[Any]:
    A, B = _unpacked(values, rows, width, cols)
    slope = ball.gradient(product_of_balls(A, B))
    below, above = product_of_balls(_turned(A), slope), product_of_balls(slope, _turned(B))
    return [x for line in (*below, *above) for x in line]


def _second_derivative(
    ball: BallLoss, values: list[Any], rows: int, width: int, cols: int
) -> list[list[Any]]:
    """The two-layer Hessian J f″ Jᵀ + the part of G, over a box."""
    A, B = _unpacked(values, rows, width, cols)
    W = product_of_balls(A, B)
    slope, zero = ball.gradient(W), flint.arb(0)
    jacobian = []
    for a in range(width):
        for b in range(cols):
            jacobian.append([A[r][a] if c == b else zero for r in range(rows) for c in range(cols)])
    for p in range(rows):
        for q in range(width):
            jacobian.append([B[q][c] if r == p else zero for r in range(rows) for c in range(cols)])
    J = flint.arb_mat(jacobian)
    result: list[list[Any]] = (J * flint.arb_mat(ball.hessian(W)) * J.transpose()).tolist()
    split = width * cols
    for a in range(width):
        for b in range(cols):
            for r in range(rows):
                i, j = a * cols + b, split + r * width + a
                result[i][j] += slope[r][b]
                result[j][i] += slope[r][b]
    return result


def _signs(reduced: Any, middle: Array) -> tuple[int, int] | None:
    """How many eigenvalues are positive and negative, for every symmetric matrix in the balls."""
    _, vectors = np.linalg.eigh((middle + middle.T) / 2)
    size = len(middle)
    Q = flint.arb_mat(size, size, [float(x) for x in vectors.ravel()])
    positive = negative = 0
    for i, line in enumerate((Q.transpose() * reduced * Q).tolist()):
        radius = flint.arb(0)
        for j, x in enumerate(line):
            if i != j:
                radius += abs(x)
        if line[i] > radius:
            positive += 1
        elif line[i] < -radius:
            negative += 1
        else:
            return None
    return positive, negative


def _gauge_is_fixed(
    here: Point, box: list[Any], frozen: list[int], rows: int, width: int, cols: int
) -> str:
    """Empty when T_frozen is invertible over the box and A, B have rank d; else the problem."""
    A, B = _unpacked(box, rows, width, cols)
    for gram in (
        flint.arb_mat(_turned(A)) * flint.arb_mat(A),
        flint.arb_mat(B) * flint.arb_mat(_turned(B)),
    ):
        if gram.det().contains(0):
            return "rank A = rank B = d is not certain over the box"
    chosen = _tangent_rows(here, A, B, frozen)
    if len(chosen) != len(frozen) or flint.arb_mat(chosen).det().contains(0):
        return "the frozen coordinates do not fix the symmetries"
    return ""


def _tangent_rows(here: Point, A: Any, B: Any, frozen: list[int]) -> list[list[Any]]:
    """T over the box on the frozen coordinates: the rows of GL(d), then those of the shifts."""
    P, Q = shifts(here.loss)
    width, rows, cols = len(B), len(A), len(B[0])
    split, zero = width * cols, flint.arb(0)
    table = []
    for p in range(width):
        for q in range(width):
            line = [zero] * (split + rows * width)
            for c in range(cols):
                line[p * cols + c] = -B[q][c]
            for r in range(rows):
                line[split + r * width + q] = A[r][p]
            table.append(line)
    for i in range(P.cols):
        column = balls(P.entries(), BITS)
        for q in range(width):
            line = [zero] * (split + rows * width)
            for r in range(rows):
                line[split + r * width + q] = column[r][i]
            table.append(line)
    for i in range(Q.cols):
        column = balls(Q.entries(), BITS)
        for q in range(width):
            line = [zero] * (split + rows * width)
            for c in range(cols):
                line[q * cols + c] = column[c][i]
            table.append(line)
    return [[line[i] for i in frozen] for line in table]


def _distance(here: Point, box: list[Any], rows: int, width: int, cols: int) -> Fraction | None:
    """A bound of |M* − M| over all layers, for the lift of every (A*, B*) in the box."""
    A, B = _unpacked(box, rows, width, cols)
    total = flint.arb(0)
    start = 0
    for cut in here.first_cuts:
        tower = here.towers[cut.tower]
        own = range(start, start + cut.d)
        start += cut.d
        above, below = flint.arb_mat([[line[i] for i in own] for line in A]), [B[i] for i in own]
        inner_A: Any = tower.chain(tower.depth - 1, cut.j + 1)
        inner_B: Any = tower.chain(cut.j, 2)
        left, right = inner_A.left_inverse(), inner_B.T.left_inverse()
        if left is None or right is None:
            return None
        change_A = (above - _ball_matrix(cut.A)) * _ball_matrix(left)
        change_B = _ball_matrix(right.T) * (flint.arb_mat(below) - _ball_matrix(cut.B))
        for x in (*change_A.entries(), *change_B.entries()):
            total += x * x
    # A ball around a square may reach below 0, where there is no root; its upper end does not.
    return rounded_up(flint.arb(abs(total).upper()).sqrt())


def _ball_matrix(matrix: ExactMatrix) -> Any:
    return flint.arb_mat(balls(matrix.entries(), BITS))
