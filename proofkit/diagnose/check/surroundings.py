"""All networks that rounding may have made a float network of, in coordinates that suit them.

The layers M are known up to τ·max|M_i| in every entry, τ the tolerance: the *surroundings* of M.
What is computed here carries a bound on how far it is from its value anywhere in them (running
error analysis, N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §3.3).

Two changes of coordinates come first; neither changes what kind of point a network is.

- *Balance.* Layers are multiplied by powers of 2 with product 1, which no float feels, so that
  their largest entries agree within a factor of 2; under a quadratic loss the product and its
  target are divided by one power of 2 as well. So nothing hangs on the units of neighbouring
  layers, of the data or of the loss.
- *What the loss sees.* f(W) = g(SᵀWR) with columns of S and R that are independent: for losses of
  WX, X = RQ with QQᵀ = I; for softmax Sᵀ has the kernel (1, …, 1)ᵀ. (A, B) ↦ (SᵀA, BR) is linear
  and onto, so local minima, saddles and negative curvature correspond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proofkit.networks.array_matrix import Array, array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import Loss, SquaredLoss, SumLoss
from proofkit.networks.regression_losses import Squares

__all__ = ["Bend", "Lens", "Surroundings", "balanced", "spread"]

_DENSE_BEND = 900
"""Entries of W up to which a second derivative that is no sum over entries is computed."""


def spread(matrix: FloatMatrix) -> float:
    """A bound of the Frobenius norm of the errors of one matrix.

    >>> bool(spread(FloatMatrix.of([[1.0, 1.0]], 3.0)) >= np.sqrt(18))
    True
    """
    return float(matrix.numbers.spread.max(initial=0.0)) * (1 + 1e-12)


@dataclass(frozen=True)
class Bend:
    """f″ over the surroundings: factors (m, n) of D∘D, or an (mn, mn) matrix, and an error bound.

    ``error`` bounds ‖f″(W′) − value‖₂ for all products W′ in the surroundings.
    """

    value: Array
    error: float
    entrywise: bool

    @cached_property
    def size(self) -> float:
        """‖value‖₂."""
        if self.entrywise:
            return float(np.abs(self.value).max(initial=0.0))
        return float(np.linalg.norm(self.value, 2))

    @cached_property
    def uniform(self) -> float | None:
        """c where f″[D] = cD."""
        first = self.value.ravel()[0]
        return float(first) if self.entrywise and (self.value == first).all() else None

    def of(self, D: Array) -> Array:
        """f″[D] for directions D of shape (P, m, n).

        >>> Bend(np.array([[2.0, 0.0]]), 0.0, True).of(np.ones((1, 1, 2))).tolist()
        [[[2.0, 0.0]]]
        """
        if self.entrywise:
            bent: Array = self.value * D
            return bent
        result: Array = (D.reshape(len(D), -1) @ self.value).reshape(D.shape)
        return result


class Lens:
    """What a loss sees of W: S and R as above, g′ and g″ over surroundings.

    >>> loss = SquaredLoss(ExactMatrix.of([[2], [0]]), ExactMatrix.of([[6]]))
    >>> np.abs(Lens(loss).R).tolist()
    [[2.0], [0.0]]
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        rows, cols = loss.shape
        self.S: Array | None = None
        self.R: Array | None = None
        self.quadratic: tuple[FloatMatrix, Array] | None = None
        self.constant: Array | None = None
        X = None if loss.inputs is None else array(loss.inputs)
        if isinstance(loss, Squares) and loss.entrywise:
            target, *weights = (getattr(loss, name) for name in loss.tables)
            ones = np.ones(target.shape)
            table = array(weights[0]) if weights else ones
            self.quadratic = FloatMatrix.of_exact([target]), table
        elif isinstance(loss, SquaredLoss) and X is not None:
            Y = FloatMatrix.of_exact([loss.Y])
            if X.shape[0] == X.shape[1] and (np.eye(len(X)) == X).all():
                self.quadratic = Y, np.ones(Y.shape)
            else:
                self.R, Q = _factors(X)
                # X = RQ up to rounding, which counts as an error of the data: |ΔX| ≤ γ|R||Q|.
                rounding = 8 * max(X.shape) * UNIT_ROUNDOFF * float(np.linalg.norm(Y.value))
                product = Y @ FloatMatrix.of(Q.T)
                seen = FloatMatrix.of(product.value[0], product.error[0] + rounding)
                self.quadratic = seen, np.ones(seen.shape)
        elif X is not None:
            rank = int(loss.inputs.rank())  # type: ignore[union-attr]
            if rank < len(X):
                self.R = np.linalg.svd(X)[0][:, :rank]
        if loss.quadratic and self.quadratic is None and rows * cols <= _DENSE_BEND:
            zero = ExactMatrix.zeros(rows, cols)
            self.constant = array(loss.hessian(zero))
        if loss.shifted:
            self.S = np.linalg.qr(np.eye(rows)[:, 1:] - 1 / rows)[0]

    @cached_property
    def grows(self) -> bool:
        """Whether f is quadratic and f″ certainly positive definite in what it sees of W."""
        if self.quadratic is not None:
            return bool((self.quadratic[1] > 0).all())
        if self.constant is None or len(self.constant) > _DENSE_BEND:
            return False
        right = np.eye(self.loss.shape[1]) if self.R is None else self.R
        both = np.kron(np.eye(self.loss.shape[0]), right)
        values = np.linalg.eigvalsh(both.T @ self.constant @ both)
        return bool(values[0] > 4 * len(values) * UNIT_ROUNDOFF * np.abs(values).max())

    def scale(self) -> int | None:
        """The exponent of the largest number of the target; ``None`` where f has no units."""
        if self.quadratic is None:
            return None
        top = float(np.abs(self.quadratic[0].value).max(initial=0.0))
        return int(np.frexp(top)[1]) if top else None

    def slope(self, W: FloatMatrix, seen: FloatMatrix, power: int) -> FloatMatrix:
        """g′(SᵀWR) over the surroundings, in units of 2^power; ``LossError`` without a derivative.

        Args:
            W: the product; unused for quadratic losses.
            seen: SᵀWR.
            power: the exponent that W was divided by.
        """
        if self.quadratic is not None:
            target, weights = self.quadratic
            gap = seen.numbers - target.numbers * 2.0**-power
            return FloatMatrix(gap * (2 * weights))
        whole: Any = self.loss.gradient(W)
        if self.S is not None:
            whole = FloatMatrix.of(self.S.T) @ whole
        result: FloatMatrix = whole if self.R is None else whole @ FloatMatrix.of(self.R)
        return result

    def bend(self, W: FloatMatrix) -> Bend | None:
        """g″ over the surroundings; ``None`` where it is too large, ``LossError`` without one."""
        loss = self.loss
        if self.quadratic is not None:
            return Bend(2 * self.quadratic[1], 0.0, True)
        if isinstance(loss, SumLoss) and loss.entrywise:
            steep = loss.score_bends(W)
            return Bend(steep.value[0], float(steep.error.max(initial=0.0)), True)
        if W.rows * W.cols > _DENSE_BEND:
            return None
        if self.constant is not None:
            value = self.constant
            error = UNIT_ROUNDOFF * float(np.linalg.norm(value))
        else:
            matrix: Any = loss.hessian(W)
            value, error = matrix.value[0], spread(matrix)
        if self.S is not None or self.R is not None:
            left = np.eye(W.rows) if self.S is None else self.S
            right = np.eye(W.cols) if self.R is None else self.R
            both = np.kron(left, right)
            value = both.T @ value @ both
            error += 16 * len(both) * UNIT_ROUNDOFF * float(np.linalg.norm(value))
        return Bend((value + value.T) / 2, error, False)


def _factors(X: Array) -> tuple[Array, Array]:
    """X = RQ with QQᵀ = I and independent columns of R, as many as X has numerical rank."""
    left, sigma, right = np.linalg.svd(X, full_matrices=False)
    top = sigma[0] if len(sigma) else 0.0
    rank = int((sigma > max(X.shape) * UNIT_ROUNDOFF * 4 * top).sum())
    return left[:, :rank] * sigma[:rank], right[:rank]


def balanced(towers: Sequence[Sequence[Array]], scale: int | None) -> tuple[list[list[int]], int]:
    """Exponents e of the layers, 2^e·M_i being balanced, and by how much the product shrinks.

    >>> balanced([[np.array([[8.0]]), np.array([[0.5]])]], None)
    ([[-2, 2]], 0)
    """
    sizes = [[_exponent(m) for m in tower] for tower in towers]
    totals = [sum(e for e in own if e is not None) for own in sizes]
    power = 0
    if scale is not None:
        power = scale
        for tower, own, total in zip(towers, sizes, totals, strict=True):
            units = [np.ldexp(m, -(e or 0)) for m, e in zip(tower, own, strict=True)]
            size = _exponent(np.linalg.multi_dot(units[::-1]) if len(units) > 1 else units[0])
            if size is not None:
                power = max(power, total + size)
    result = []
    for own, total in zip(sizes, totals, strict=True):
        places = [i for i, e in enumerate(own) if e is not None] or [0]
        goal, odd = divmod(total - power, len(places))
        moves = [0] * len(own)
        for n, i in enumerate(places):
            moves[i] = goal + (n < odd) - (own[i] or 0)
        result.append(moves)
    return result, power


def _exponent(matrix: Array) -> int | None:
    top = float(np.abs(matrix).max(initial=0.0))
    return int(np.frexp(top)[1]) if top else None


class Surroundings:
    """The balanced layers as the loss sees them, with errors; product, f′, and f″ over them.

    Args:
        towers: the float layers, first layer first.
        loss: the loss.
        tolerance: τ.
        near_zero: layers that are tiny beside those of a product as large as the target are known
            up to τ times the size of such only.

    >>> one = ExactMatrix.identity(1)
    >>> here = Surroundings([[np.array([[4.0]]), np.array([[0.25]])]], SquaredLoss(one, one), 0.0)
    >>> here.slope.value.tolist()
    [[[0.0]]]
    """

    def __init__(
        self,
        towers: Sequence[Sequence[Array]],
        loss: Loss,
        tolerance: float,
        near_zero: bool = False,
    ) -> None:
        self.lens = Lens(loss)
        self.loss = loss
        scale = self.lens.scale()
        self.moves, self.power = balanced(towers, scale)
        self.arrays = [
            [np.ldexp(m, e) for m, e in zip(own, moves, strict=True)]
            for own, moves in zip(towers, self.moves, strict=True)
        ]
        # Layers of a product of the target's size are as large as this.
        usual = [
            0.0 if scale is None or not near_zero else 2.0 ** ((scale - self.power) / len(own))
            for own in towers
        ]
        self.sizes = [
            [max(float(np.abs(m).max(initial=0.0)), least) for m in own]
            for own, least in zip(self.arrays, usual, strict=True)
        ]
        whole = [
            [FloatMatrix.of(m, tolerance * size) for m, size in zip(own, sizes, strict=True)]
            for own, sizes in zip(self.arrays, self.sizes, strict=True)
        ]
        products = [_product(own) for own in whole]
        self.product: FloatMatrix = products[0]
        for more in products[1:]:
            self.product = self.product + more
        self.towers: list[list[Any]] = whole
        for own in self.towers:
            if self.lens.R is not None:
                own[0] = own[0] @ FloatMatrix.of(self.lens.R)
            if self.lens.S is not None:
                own[-1] = FloatMatrix.of(self.lens.S.T) @ own[-1]

    def share(self, towers: Sequence[Sequence[Array]]) -> float:
        """The least tolerance with which these layers are in the surroundings."""
        parts = [0.0]
        for own, arrays, moves, sizes in zip(
            towers, self.arrays, self.moves, self.sizes, strict=True
        ):
            for m, here, e, size in zip(own, arrays, moves, sizes, strict=True):
                apart = float(np.abs(np.ldexp(m, e) - here).max(initial=0.0))
                parts.append(apart / size if size else (np.inf if apart else 0.0))
        return max(parts)

    def radii(self) -> list[list[float]]:
        """How far an entry of each layer may be off per unit of τ, in the units of the network."""
        return [
            [float(np.ldexp(size, -e)) for size, e in zip(sizes, moves, strict=True)]
            for sizes, moves in zip(self.sizes, self.moves, strict=True)
        ]

    @cached_property
    def sides(self) -> list[list[tuple[Any, Any]]]:
        """Per tower and layer (M_k⋯M_{i+1}, M_{i−1}⋯M_1), of the layers as the loss sees them."""
        result = []
        for own in self.towers:
            below: list[Any] = [FloatMatrix.identity(own[0].cols)]
            for layer in own[:-1]:
                below.append(layer @ below[-1])
            above: list[Any] = [FloatMatrix.identity(own[-1].rows)]
            for layer in reversed(own[1:]):
                above.append(above[-1] @ layer)
            result.append(list(zip(reversed(above), below, strict=True)))
        return result

    @cached_property
    def seen(self) -> FloatMatrix:
        """SᵀWR."""
        parts = [own[0][0] @ layers[0] for own, layers in zip(self.sides, self.towers, strict=True)]
        total: FloatMatrix = parts[0]
        for more in parts[1:]:
            total = total + more
        return total

    @cached_property
    def slope(self) -> FloatMatrix:
        """g′ over the surroundings."""
        return self.lens.slope(self.product, self.seen, self.power)

    @cached_property
    def gradients(self) -> list[list[Any]]:
        """The derivative of the loss in every layer, as the loss sees them, over the surroundings.

        Where an entry is certainly not 0, no network of the surroundings is critical.
        """
        return [[above.T @ self.slope @ below.T for above, below in own] for own in self.sides]

    def widened(self, by: float) -> tuple[FloatMatrix, FloatMatrix, Bend | None]:
        """SᵀWR, g′ and g″ over all W within ``by`` (in norm) of the products around."""
        if by == 0:
            return self.seen, self.slope, self.lens.bend(self.product)
        seen = FloatMatrix.of(self.seen.value[0], self.seen.error[0] + by)
        # What the loss does not see of W need not move.
        whole = FloatMatrix.of(self.product.value[0], self.product.error[0] + by)
        return seen, self.lens.slope(whole, seen, self.power), self.lens.bend(whole)


def _product(layers: Sequence[FloatMatrix]) -> FloatMatrix:
    total = layers[0]
    for layer in layers[1:]:
        total = layer @ total
    return total
