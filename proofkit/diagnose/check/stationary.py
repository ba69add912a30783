"""A proof that a point with f′(W*) = 0 lies near a float network, by interval Newton.

Let M⁰ be floats with f′ nearly 0 at their product. In the family

    M_i(z) = M_i⁰ + U_iᵀ Z V_iᵀ,   Z = Σ_a z_a S_a,

U_i = M_k⁰⋯M_{i+1}⁰ and V_i = M_{i−1}⁰⋯M_1⁰, there are as many unknowns z as equations
⟨S_a, f′(W(z))⟩ = 0. The S_a span every value of f′: all entries that occur; for losses of WX the
rows of f′ lie in the row space of Xᵀ, and for softmax its columns add up to 0. Krawczyk's test
(``krawczyk``) proves that there is exactly one zero z* in a box. M(z*) is then
an exact network with f′ = 0; f being convex, a global minimum.

The Hessian there is J f″ Jᵀ, positive semidefinite, and its rank is the number of equations.

The test needs the products to move in every direction that f′ sees. With a bottleneck they do not:
then f′ = 0 is more equations than unknowns, and an arbitrarily small change of the data destroys
it; no interval can prove it.
Cost with q equations and mn entries: O(q·(mn)² + q³) ball operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.krawczyk import BITS
from proofkit.diagnose.check.paths import norm_bound
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import (
    Loss,
)

__all__ = ["Stationary", "prove_stationary"]

MAX_ENTRIES = 100


@dataclass(frozen=True)
class Stationary:
    """The number of equations, a bound of |M* − M⁰|, and the loss at M* as a ball."""

    equations: int
    distance: Fraction
    value: Any


def directions(loss: Loss) -> list[ExactMatrix]:
    """Matrices S_a that span the values of f′, and such that ⟨S_a, f′⟩ = 0 for all means f′ = 0.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> len(directions(SquaredLoss(ExactMatrix.of([[1], [1]]), ExactMatrix.of([[2], [3]]))))
    2
    """
    places = loss.seen()
    kept = ExactMatrix.zeros(0, loss.shape[0] * loss.shape[1])
    found: list[ExactMatrix] = []
    scores = loss.scores(ExactMatrix.zeros(*loss.shape)).shape
    for place in places:
        slope = loss.back(_unit(scores, place))
        trial = ExactMatrix.of_blocks([*([row] for row in (kept,) if found), [_row(slope)]])
        if int(trial.rank()) == trial.rows:
            kept = trial
            found.append(slope)
    return found


def _unit(shape: tuple[int, int], place: tuple[int, int]) -> ExactMatrix:
    rows, cols = shape
    return ExactMatrix.of([[int((r, c) == place) for c in range(cols)] for r in range(rows)])


def _row(matrix: ExactMatrix) -> ExactMatrix:
    return matrix.reshaped(1, matrix.rows * matrix.cols)


def prove_stationary(centre: Point, radius: Fraction) -> Stationary | str:
    """Krawczyk's test in a box of this radius around M⁰; a reason when it does not close."""
    rows, cols = centre.network.shape
    if rows * cols > MAX_ENTRIES:
        return f"the product has {rows * cols} entries, more than {MAX_ENTRIES}"
    with flint.ctx.workprec(BITS):
        return _prove(centre, radius)


def _prove(centre: Point, radius: Fraction) -> Stationary | str:
    rows, cols = centre.network.shape
    loss = centre.loss
    chosen = directions(loss)
    count = len(chosen)
    if count == 0:
        return "the loss is constant"
    S = flint.arb_mat([[x for line in _table(s) for x in line] for s in chosen])
    spread = flint.arb(0, float(radius))
    Z = _shaped(S.transpose() * flint.arb_mat(count, 1, [spread] * count), rows, cols)
    sides = [(_mat(u), _mat(v)) for u, v in centre.sides]
    moves = [u.transpose() * Z * v.transpose() for u, v in sides]
    layers = [_mat(m) + move for m, move in zip(centre.layers, moves, strict=True)]
    moved_sides, W = _products(centre, layers)
    turn = flint.arb_mat(rows * cols, rows * cols)
    for (u0, v0), (u, v) in zip(sides, moved_sides, strict=True):
        turn += _kron(u * u0.transpose(), v.transpose() * v0)
    derivative = S * loss.hessian(BallMatrix(W)).body * turn * S.transpose()
    middle = np.array([[float(x.mid()) for x in line] for line in derivative.tolist()])
    if not np.isfinite(middle).all():
        return "the second derivative is not finite over the box"
    try:
        inverse = np.linalg.inv(middle)
    except np.linalg.LinAlgError:
        return "the products do not move in every direction that f′ sees"
    Y = flint.arb_mat(count, count, [float(x) for x in inverse.ravel()])
    slope = loss.gradient(BallMatrix.converted(centre.product)).body
    step = Y * (S * flint.arb_mat(rows * cols, 1, slope.entries()))
    one = flint.arb_mat(count, count, [int(i == j) for i in range(count) for j in range(count)])
    shift = (one - Y * derivative) * flint.arb_mat(count, 1, [spread] * count)
    limit = flint.arb(flint.fmpq(radius.numerator, radius.denominator))
    for a, b in zip(step.entries(), shift.entries(), strict=True):
        if not abs(b - a) < limit:
            return "interval Newton for f′ = 0 did not close on a box"
    distance = norm_bound(x for move in moves for x in move.entries())
    return Stationary(count, distance, loss.value(BallMatrix(W)))


def _products(centre: Point, layers: list[Any]) -> tuple[list[tuple[Any, Any]], Any]:
    """(above, below) of every layer and the product, in balls."""
    result: list[tuple[Any, Any]] = []
    total: Any = None
    place = 0
    for tower in centre.towers:
        own = layers[place : place + tower.depth]
        place += tower.depth
        below = [_mat(ExactMatrix.identity(tower.dims[0]))]
        for layer in own[:-1]:
            below.append(layer * below[-1])
        above = [_mat(ExactMatrix.identity(tower.dims[-1]))]
        for layer in reversed(own[1:]):
            above.append(above[-1] * layer)
        result += list(zip(reversed(above), below, strict=True))
        product = own[-1] * below[-1]
        total = product if total is None else total + product
    return result, total


def _kron(left: Any, right: Any) -> Any:
    a, b = left.tolist(), right.tolist()
    return flint.arb_mat([[x * y for x in p for y in q] for p in a for q in b])


def _shaped(column: Any, rows: int, cols: int) -> Any:
    return flint.arb_mat(rows, cols, column.entries())


def _table(matrix: ExactMatrix) -> list[list[Any]]:
    return balls(matrix.entries(), BITS)


def _mat(matrix: ExactMatrix) -> Any:
    return flint.arb_mat(matrix.rows, matrix.cols, [x for line in _table(matrix) for x in line])
