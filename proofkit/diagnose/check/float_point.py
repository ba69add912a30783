"""A point of the loss surface in plain floats: products, gradient, Hessian, inertia, Newton.

The Hessian is assembled by blocks as in ``hessian``; for the squared loss a
block is a Kronecker product, else f″ is applied to the derivatives of the product. Cost with P
parameters: O(P²) for the squared loss, O(P²·n) for losses that are sums over the entries of W,
O(P²·mn) otherwise; eigenvalues O(P³) up to 800
parameters, beyond that block elimination with a tenth of the work, all in matrix products. A
product of the Hessian with a vector needs no Hessian.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from proofkit.diagnose.check.rationalised import values
from proofkit.networks.array_matrix import Array, ArrayMatrix, array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network

__all__ = ["FloatPoint", "inertia", "start_of", "two_layer_point"]

_DENSE = 800
_BLOCK = 256
_PIVOT = 0.05


class FloatPoint:
    """Towers of plain arrays with a loss.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> point = FloatPoint([[np.ones((1, 1)), np.ones((1, 1))]], SquaredLoss(one, one))
    >>> point.hessian.tolist()
    [[2.0, 2.0], [2.0, 2.0]]
    """

    def __init__(self, towers: Sequence[Sequence[Array]], loss: Loss) -> None:
        self.towers = [list(tower) for tower in towers]
        self.loss = loss

    @cached_property
    def sides(self) -> list[list[tuple[Array, Array]]]:
        """Per tower and layer (M_k⋯M_{i+1}, M_{i−1}⋯M_1)."""
        result = []
        for tower in self.towers:
            below = [np.eye(tower[0].shape[1])]
            for layer in tower[:-1]:
                below.append(layer @ below[-1])
            above = [np.eye(tower[-1].shape[0])]
            for layer in reversed(tower[1:]):
                above.append(above[-1] @ layer)
            result.append(list(zip(reversed(above), below, strict=True)))
        return result

    @cached_property
    def product(self) -> Array:
        """W."""
        total: Array = sum(
            (sides[0][0] @ tower[0] for tower, sides in zip(self.towers, self.sides, strict=True)),
            start=np.zeros(self.loss.shape),
        )
        return total

    @cached_property
    def slope(self) -> Array:
        """f′(W)."""
        result: Array = self.loss.gradient(ArrayMatrix(self.product)).value
        return result

    @property
    def value(self) -> float:
        """f(W)."""
        return float(self.loss.value(ArrayMatrix(self.product)))

    @cached_property
    def gradient(self) -> Array:
        """The derivative in all entries: towers, layers, rows, columns."""
        parts = [
            (above.T @ self.slope @ below.T).ravel()
            for tower in self.sides
            for above, below in tower
        ]
        return np.concatenate(parts)

    @property
    def vector(self) -> Array:
        """All entries in that order."""
        return np.concatenate([layer.ravel() for tower in self.towers for layer in tower])

    def at(self, vector: Array) -> FloatPoint:
        """The point with these entries."""
        towers, start = [], 0
        for tower in self.towers:
            layers = []
            for layer in tower:
                layers.append(vector[start : start + layer.size].reshape(layer.shape))
                start += layer.size
            towers.append(layers)
        return FloatPoint(towers, self.loss)

    def bend(self, direction: Array) -> Array:
        """The Hessian times a vector, from products of layers alone: O(Σ d³) a tower.

        >>> from proofkit.networks.exact import ExactMatrix
        >>> from proofkit.networks.losses import SquaredLoss
        >>> one, ones = ExactMatrix.identity(1), np.ones((1, 1))
        >>> FloatPoint([[ones, ones]], SquaredLoss(one, one)).bend(np.ones(2)).tolist()
        [4.0, 4.0]
        """
        moves = self.at(direction).towers
        turned, first = [], np.zeros(self.loss.shape)
        for tower, own, sides in zip(self.towers, moves, self.sides, strict=True):
            below, above = [np.zeros_like(sides[0][1])], [np.zeros_like(sides[-1][0])]
            for layer, move, (_, v) in zip(tower[:-1], own[:-1], sides[:-1], strict=True):
                below.append(move @ v + layer @ below[-1])
            for layer, move, (u, _) in zip(tower[:0:-1], own[:0:-1], sides[:0:-1], strict=True):
                above.append(u @ move + above[-1] @ layer)
            turned.append(list(zip(reversed(above), below, strict=True)))
            first = first + sides[-1][0] @ (own[-1] @ sides[-1][1] + tower[-1] @ below[-1])
        bent = self.loss.second(ArrayMatrix(self.product), ArrayMatrix(first)).value
        parts = []
        for sides, moved in zip(self.sides, turned, strict=True):
            for (u, v), (du, dv) in zip(sides, moved, strict=True):
                parts.append(
                    (du.T @ self.slope @ v.T + u.T @ (bent @ v.T + self.slope @ dv.T)).ravel()
                )
        return np.concatenate(parts)

    @cached_property
    def hessian(self) -> Array:
        """The Hessian of L."""
        sides = [side for tower in self.sides for side in tower]
        result = self._first(sides)
        starts = np.cumsum([0] + [m.size for tower in self.towers for m in tower])
        place = 0
        for tower, own in zip(self.towers, self.sides, strict=True):
            for i in range(len(tower)):
                right = self.slope @ own[i][1].T
                between = np.eye(tower[i].shape[0])
                for j in range(i + 1, len(tower)):
                    left = own[j][0].T @ right
                    # Entry (a, b) of M_i and (c, d) of M_j: left[c, b]·between[d, a].
                    block = np.einsum("cb,da->abcd", left, between)
                    block = block.reshape(tower[i].size, tower[j].size)
                    rows = slice(starts[place + i], starts[place + i + 1])
                    cols = slice(starts[place + j], starts[place + j + 1])
                    result[rows, cols] += block
                    result[cols, rows] += block.T
                    between = tower[j] @ between
            place += len(tower)
        return result

    def _first(self, sides: list[tuple[Array, Array]]) -> Array:
        """J f″ Jᵀ."""
        if self.loss.gram is not None:
            gram = array(self.loss.gram)
            return np.block(
                [[np.kron(u.T @ x, v @ gram @ y.T) for x, y in sides] for u, v in sides]
            )
        if self.loss.entrywise:
            ones = ArrayMatrix(np.ones(self.loss.shape))
            bend = self.loss.second(ArrayMatrix(self.product), ones).value
            return np.block([[_entrywise(u, v, x, y, bend) for x, y in sides] for u, v in sides])
        jacobian = np.concatenate(
            [np.einsum("ra,bc->abrc", u, v).reshape(-1, u.shape[0], v.shape[1]) for u, v in sides]
        )
        bent = self.loss.second(ArrayMatrix(self.product), ArrayMatrix(jacobian)).value
        size = len(jacobian)
        result: Array = jacobian.reshape(size, -1) @ bent.reshape(size, -1).T
        return (result + result.T) / 2


def _entrywise(u: Array, v: Array, x: Array, y: Array, bend: Array) -> Array:
    """Σ_rs u_ra v_bs · bend_rs · x_rc y_ds, rows (a, b) and columns (c, d): O(P_iP_j·n)."""
    a, b, c, d = u.shape[1], v.shape[0], x.shape[1], y.shape[0]
    left = (u[:, :, None] * x[:, None, :]).reshape(len(u), a * c).T @ bend
    right = (v[:, None, :] * y[None, :, :]).reshape(b * d, -1)
    result: Array = (left @ right.T).reshape(a, c, b, d).transpose(0, 2, 1, 3)
    return result.reshape(a * b, c * d)


def start_of(network: Network) -> FloatPoint:
    """A float network as a point of plain arrays."""
    arrays = [[values(layer) for layer in tower.layers] for tower in network.towers]
    return FloatPoint(arrays, network.loss)


def two_layer_point(point: FloatPoint, cuts: Sequence[int]) -> FloatPoint:
    """The stacked two-layer network of the towers, each cut behind layer ``cuts[t]``."""
    A, B = [], []
    for tower, j in zip(point.towers, cuts, strict=True):
        below = np.eye(tower[0].shape[1])
        for layer in tower[:j]:
            below = layer @ below
        above = np.eye(tower[j - 1].shape[0] if j else tower[0].shape[1])
        for layer in tower[j:]:
            above = layer @ above
        A.append(above)
        B.append(below)
    return FloatPoint([[np.concatenate(B), np.concatenate(A, axis=1)]], point.loss)


def inertia(matrix: Array, uncertainty: float = 0.0) -> tuple[tuple[int, int, int], float]:
    """How many eigenvalues are above τ, within τ of 0, below −τ; and τ.

    τ = n·2u·max|λ| plus ``uncertainty``, a bound on the error of the matrix (Weyl).

    >>> inertia(np.diag([2.0, 0.0, -1.0]))[0]
    (1, 1, 1)
    """
    size = len(matrix)
    if size == 0:
        return (0, 0, 0), 0.0
    if size <= _DENSE:
        values = np.linalg.eigvalsh(matrix)
        tolerance = 2 * size * UNIT_ROUNDOFF * float(np.abs(values).max()) + uncertainty
        positive = int((values > tolerance).sum())
        negative = int((values < -tolerance).sum())
        return (positive, size - positive - negative, negative), tolerance
    return _by_blocks(matrix, uncertainty)


def _by_blocks(matrix: Array, uncertainty: float) -> tuple[tuple[int, int, int], float]:
    """Inertia by block elimination: Haynsworth's additivity, In(H) = In(A) + In(H/A).

    A pivot block takes the heaviest rows, each with the column of its largest entry, as Bunch and
    Parlett's 2×2 pivots do. It is diagonalised; directions whose eigenvalue is small beside the
    entries of its rows stay in the rest, turned, so that no small pivot is divided by. A rest
    whose norm is below the tolerance is zero as a whole (Weyl), which spares its eigenvalues.
    Sources: E. Haynsworth, Linear Algebra Appl. 1, 1968; J. Bunch and B. Parlett, SIAM J. Numer.
    Anal. 8, 1971.
    """
    rest = matrix
    size = len(matrix)
    # Dividing by a pivot of the least size allowed enlarges errors by so much.
    tolerance = (2 * size * UNIT_ROUNDOFF * float(np.linalg.norm(matrix)) + uncertainty) / _PIVOT
    positive = negative = 0
    while len(rest) > _BLOCK:
        if float(np.linalg.norm(rest)) <= tolerance:
            return (positive, size - positive - negative, negative), tolerance
        lead, others = _pivot_rows(rest)
        values, vectors = np.linalg.eigh(rest[np.ix_(lead, lead)])
        largest = float(np.abs(rest[lead]).max())
        good = np.abs(values) > max(_PIVOT * largest, tolerance)
        if not good.any():
            break
        positive += int((values[good] > 0).sum())
        negative += int((values[good] < 0).sum())
        turned = vectors.T @ rest[np.ix_(lead, others)]
        scaled = turned[good] / np.sqrt(np.abs(values[good]))[:, None]
        up, down = scaled[values[good] > 0], scaled[values[good] < 0]
        lower = rest[np.ix_(others, others)]
        # Products of a matrix with its own transpose cost half.
        if len(up):
            lower -= up.T @ up
        if len(down):
            lower += down.T @ down
        if good.all():
            rest = lower
            continue
        kept = turned[~good]
        rest = np.block([[lower, kept.T], [kept, np.diag(values[~good])]])
    if len(rest):
        values = np.linalg.eigvalsh(rest)
        positive += int((values > tolerance).sum())
        negative += int((values < -tolerance).sum())
    return (positive, size - positive - negative, negative), tolerance


def _pivot_rows(rest: Array) -> tuple[Any, Any]:
    """Indices of up to ``_BLOCK`` rows with large entries and large mutual ones, and the others."""
    size = np.abs(rest)
    partner = size.argmax(axis=1)
    heavy = np.argsort(-size[np.arange(len(rest)), partner], kind="stable")
    chosen = np.zeros(len(rest), dtype=bool)
    # Each row brings its partner; half the block at once is certain to fit.
    first = heavy[: _BLOCK // 2]
    chosen[first] = True
    chosen[partner[first]] = True
    for i in heavy[_BLOCK // 2 :]:
        if chosen.sum() >= _BLOCK:
            break
        chosen[i] = True
    return np.flatnonzero(chosen), np.flatnonzero(~chosen)
