"""The Hessian of L_k by blocks, from f′, f″ and products of layers, exactly.

In the entries (a, b) of M_i and (c, d) of M_j, with U_i = M_k⋯M_{i+1} and V_i = M_{i−1}⋯M_1 and
for i < j in one tower,

    H = (U_i e_a e_bᵀ V_i) · f″ · (U_j e_c e_dᵀ V_j) + (U_jᵀ G V_iᵀ)_{cb} · (M_{j−1}⋯M_{i+1})_{da},

the last term only for different layers of one tower. Parameters follow towers, layers, rows,
columns. Source: the product rule, twice; compare K. Kawaguchi, NIPS 2016, Lemma 4.3.

At a critical point the inertia often comes from a smaller matrix:

- rank A = rank B = d (every tower full, and the stack): the map φ from the layers to (A, B) has a
  surjective derivative, (A, B) is critical for L_2, and H_k = dφᵀ H_2 dφ, so by Sylvester's law
  H_k has the positive and negative eigenvalues of H_2, and zeros for the rest.
- f′ = 0: H = J f″ Jᵀ, which has the signs of f″ on the range of Jᵀ.

Cost with P parameters: O(P²·mn) multiplications in python-flint for the assembly, plus the
inertia's O(P³) and more (:mod:`proofkit.diagnose.check.inertia`).
"""

from __future__ import annotations

from typing import Any

from proofkit.diagnose.check.inertia import Inertia, exact_inertia
from proofkit.diagnose.check.invariance import tangent
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationals import to_exact, to_flint
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network

__all__ = ["hessian", "inertia_at", "two_layer", "two_layer_hessian"]


def hessian(point: Point) -> ExactMatrix:
    """The Hessian of L in all entries of all layers.

    Raises ``LossError`` where f″ does not exist.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> hessian(Point(Network.single("", [one, one], SquaredLoss(one, 3 * one))))
    ExactMatrix([[2, -2], [-2, 2]])
    """
    bend = _exact(point.loss.hessian(point.product))
    jacobian = _jacobian(point)
    rational = to_flint(jacobian), to_flint(bend)
    if rational[0] is not None and rational[1] is not None:
        first = to_exact(rational[0] * rational[1] * rational[0].transpose())
    else:
        first = jacobian @ bend @ jacobian.T
    if point.stationary:
        return first
    return first + _mixed(point)


def _jacobian(point: Point) -> ExactMatrix:
    """The P × mn matrix whose rows are dW/dM_i[a, b], flattened by rows."""
    rows = []
    for above, below in point.sides:
        columns, lines = above.T.entries(), below.entries()
        for column in columns:
            for line in lines:
                rows.append([x * y for x in column for y in line])
    return ExactMatrix.of(rows)


def _mixed(point: Point) -> ExactMatrix:
    """The part of the Hessian that comes from G and the second derivative of the product."""
    size = point.parameters
    table: list[list[Any]] = [[0] * size for _ in range(size)]
    offset, layer = 0, 0
    for tower in point.towers:
        starts = []
        for matrix in tower.layers:
            starts.append(offset)
            offset += matrix.rows * matrix.cols
        for i in range(1, tower.depth):
            below = point.sides[layer + i - 1][1]
            right = point.slope @ below.T
            between = ExactMatrix.identity(tower.dims[i])
            for j in range(i + 1, tower.depth + 1):
                left = (point.sides[layer + j - 1][0].T @ right).entries()
                middle = between.entries()
                width_i, width_j = tower.dims[i - 1], tower.dims[j - 1]
                for c, line in enumerate(left):
                    for b, x in enumerate(line):
                        if x == 0:
                            continue
                        for d, inner in enumerate(middle):
                            q = starts[j - 1] + c * width_j + d
                            for a, y in enumerate(inner):
                                p = starts[i - 1] + a * width_i + b
                                table[p][q] = table[q][p] = x * y
                between = _exact(tower.layer(j)) @ between
        layer += tower.depth
    return ExactMatrix.of(table)


def two_layer(loss: Loss, A: ExactMatrix, B: ExactMatrix) -> Point:
    """The point (A, B) of L_2."""
    return Point(Network.single("two layers", [B, A], loss))


def two_layer_hessian(point: Point) -> ExactMatrix:
    """The Hessian of L_2 at the stacked (A, B); first the entries of B, then those of A."""
    return hessian(two_layer(point.loss, *point.stacked))


def inertia_at(point: Point) -> tuple[Inertia, Inertia | None]:
    """The inertia of the Hessian at a critical point, and that of the two-layer Hessian if used.

    Raises ``LossError`` where f″ does not exist.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> inertia_at(Point(Network.single("", [one, one], SquaredLoss(one, one))))
    ((1, 1, 0), (1, 1, 0))
    """
    if point.critical and point.stacked_full:
        kernel = int(tangent(point.loss, *point.stacked).rank())
        small = exact_inertia(two_layer_hessian(point), kernel)
        positive, _, negative = small
        return (positive, point.parameters - positive - negative, negative), small
    if point.critical and point.stationary:
        bend = _exact(point.loss.hessian(point.product))
        jacobian = _jacobian(point)
        independent = _independent_rows(jacobian)
        basis = jacobian.block(independent, range(jacobian.cols))
        positive, _, negative = exact_inertia(basis @ bend @ basis.T)
        return (positive, point.parameters - positive - negative, negative), None
    return exact_inertia(hessian(point)), None


def _independent_rows(matrix: ExactMatrix) -> list[int]:
    """Indices of rows that span the row space."""
    transposed = to_flint(matrix.T)
    if transposed is None:
        kept: list[int] = []
        for i in range(matrix.rows):
            if matrix.block([*kept, i], range(matrix.cols)).rank() == len(kept) + 1:
                kept.append(i)
        return kept
    reduced, rank = transposed.rref()
    pivots, column = [], 0
    for row in range(rank):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
    return pivots


def _exact(matrix: Any) -> ExactMatrix:
    if not isinstance(matrix, ExactMatrix):
        raise TypeError("an exact network is needed")
    return matrix
