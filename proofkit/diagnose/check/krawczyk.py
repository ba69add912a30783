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
How a critical point of two layers becomes one of the network is told in
``lifts``. Everything is in python-flint balls; the checker recomputes all of
it from the centre, the frozen coordinates and the radius alone.

A degenerate critical point, one whose Hessian has a kernel beyond the symmetries, cannot be proved
in this way, nor in any other that starts from rounded numbers: an arbitrarily small change of the
loss turns it into several critical points or into none. Then interval Newton does not close.
Cost with p = d(m+n) coordinates: O(p³ + p²·mn) ball operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.invariance import shifts, tangent
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.array_matrix import Array
from proofkit.networks.ball_matrix import BallMatrix, product_of_balls
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss

__all__ = ["BITS", "Proved", "frozen_coordinates", "prove"]

Table = list[list[Any]]

BITS = 128
"""The working precision."""


@dataclass(frozen=True)
class Proved:
    """What interval Newton proves: the signs at x*, boxes around (A*, B*), the loss as a ball."""

    positive: int
    negative: int
    A: Table
    B: Table
    value: Any
    slope: Table


def frozen_coordinates(loss: Loss, A: Array, B: Array) -> list[int] | None:
    """Coordinates (of B, then A) in which the tangent of the orbit is best conditioned."""
    if A.size + B.size == 0:
        return []
    rows = tangent(loss, _matrix(A), _matrix(B))
    table = np.array([[float(x) for x in line] for line in rows.entries()])
    rank = int(np.linalg.matrix_rank(table))
    if rank < len(table):
        # Some symmetries coincide: a basis of the rows serves.
        table = np.linalg.svd(table)[2][:rank]
    if rank < A.shape[1] ** 2:
        return None
    chosen: list[int] = []
    rest = table.copy()
    for _ in range(rank):
        column = int(np.argmax((rest**2).sum(axis=0)))
        chosen.append(column)
        length = float(np.linalg.norm(rest[:, column]))
        if length == 0:
            return None
        unit = rest[:, column] / length
        rest = rest - np.outer(unit, unit @ rest)
    return sorted(chosen)


def _matrix(values: Array) -> ExactMatrix:
    return ExactMatrix.of([[float(x) for x in line] for line in values])


def prove(loss: Loss, A: Array, B: Array, frozen: list[int], radius: Fraction) -> Proved | str:
    """Krawczyk's test and all that follows from it; a reason when something is not proved.

    Width 0 is allowed: the product is 0, and nothing needs a proof.
    """
    with flint.ctx.workprec(BITS):
        if A.shape[1] == 0:
            W = BallMatrix(flint.arb_mat(len(A), B.shape[1]))
            value, slope = loss.value(W), loss.gradient(W).entries()
            return Proved(0, 0, [[] for _ in range(len(A))], [], value, slope)
        return _prove(loss, A, B, frozen, radius)


def _prove(loss: Loss, A: Array, B: Array, frozen: list[int], radius: Fraction) -> Proved | str:
    rows, width, cols = A.shape[0], A.shape[1], B.shape[1]
    size = rows * width + width * cols
    if len(set(frozen)) != len(frozen) or not all(0 <= i < size for i in frozen):
        return "the frozen coordinates are not distinct coordinates"
    free = [i for i in range(size) if i not in set(frozen)]
    centre = [flint.arb(float(x)) for x in np.concatenate([B.ravel(), A.ravel()])]
    spread = flint.arb(0, float(radius))
    box = [x if i in set(frozen) else x + spread for i, x in enumerate(centre)]
    gradient = [_derivative(loss, centre, rows, width, cols)[i] for i in free]
    hessian = _second_derivative(loss, box, rows, width, cols)
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
    problem = _gauge_is_fixed(loss, box, frozen, rows, width, cols)
    if problem:
        return problem
    whole = _unpacked(box, rows, width, cols)
    product = BallMatrix(product_of_balls(*whole))
    return Proved(*counted, *whole, loss.value(product), loss.gradient(product).entries())


def _unpacked(values: list[Any], rows: int, width: int, cols: int) -> tuple[Any, Any]:
    """(A, B) as tables."""
    split = width * cols
    B = [values[r * cols : (r + 1) * cols] for r in range(width)]
    A = [values[split + r * width : split + (r + 1) * width] for r in range(rows)]
    return A, B


def _turned(table: Any) -> Any:
    return [list(line) for line in zip(*table, strict=True)]


def _derivative(loss: Loss, values: list[Any], rows: int, width: int, cols: int) -> list[Any]:
    A, B = _unpacked(values, rows, width, cols)
    slope = loss.gradient(BallMatrix(product_of_balls(A, B))).entries()
    below, above = product_of_balls(_turned(A), slope), product_of_balls(slope, _turned(B))
    return [x for line in (*below, *above) for x in line]


def _second_derivative(
    loss: Loss, values: list[Any], rows: int, width: int, cols: int
) -> list[list[Any]]:
    """The two-layer Hessian J f″ Jᵀ + the part of G, over a box."""
    A, B = _unpacked(values, rows, width, cols)
    W = BallMatrix(product_of_balls(A, B))
    slope, zero = loss.gradient(W).entries(), flint.arb(0)
    jacobian = []
    for a in range(width):
        for b in range(cols):
            jacobian.append([A[r][a] if c == b else zero for r in range(rows) for c in range(cols)])
    for p in range(rows):
        for q in range(width):
            jacobian.append([B[q][c] if r == p else zero for r in range(rows) for c in range(cols)])
    J = flint.arb_mat(jacobian)
    result: list[list[Any]] = (J * loss.hessian(W).body * J.transpose()).tolist()
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
    loss: Loss, box: list[Any], frozen: list[int], rows: int, width: int, cols: int
) -> str:
    """Empty when T_frozen is invertible over the box and A, B have rank d; else the problem."""
    A, B = _unpacked(box, rows, width, cols)
    for gram in (
        flint.arb_mat(_turned(A)) * flint.arb_mat(A),
        flint.arb_mat(B) * flint.arb_mat(_turned(B)),
    ):
        if gram.det().contains(0):
            return "rank A = rank B = d is not certain over the box"
    chosen = _tangent_rows(loss, A, B, frozen)
    if len(chosen) != len(frozen) or flint.arb_mat(chosen).det().contains(0):
        return "the frozen coordinates do not fix the symmetries"
    return ""


def _tangent_rows(loss: Loss, A: Any, B: Any, frozen: list[int]) -> list[list[Any]]:
    """T over the box on the frozen coordinates: the rows of GL(d), then those of the shifts."""
    P, Q = shifts(loss)
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
