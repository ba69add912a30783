"""An exact point of the loss surface: products, gradients, ranks and the two-layer network in it.

Every tower is cut at a bottleneck j into A = M_k⋯M_{j+1} and B = M_j⋯M_1; several towers are
stacked as in Corollary 2: A = [A_1 … A_T], B = [B_1; …; B_T], so that the product is AB with
width b = Σ d_{j_t}. Lists of layers run over towers and layers in order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import flint

from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.network import Network, Tower
from proofkit.networks.scalars import ExactNumber, exact, sign

__all__ = ["Cut", "Point", "lifting_result", "rank_of"]


_BITS = 256


@dataclass(frozen=True)
class Cut:
    """One tower cut at width ``d`` behind layer ``j``: A above, B below."""

    tower: int
    j: int
    d: int
    A: ExactMatrix
    B: ExactMatrix
    rank_A: int
    rank_B: int

    @property
    def full(self) -> bool:
        """Whether both halves have rank d."""
        return self.rank_A == self.d == self.rank_B


def rank_of(matrix: Any) -> int:
    """The rank of an exact matrix."""
    return int(matrix.rank())


class Point:
    """An exact network with what its diagnosis needs, each computed once.

    Raises ``LossError`` from ``slope`` and ``gradients`` where the loss has no derivative.
    """

    def __init__(self, network: Network) -> None:
        if not network.exact:
            raise TypeError("an exact network is needed")
        self.network = network
        self.loss = network.loss
        self.towers: tuple[Tower, ...] = network.towers

    @cached_property
    def product(self) -> ExactMatrix:
        """W, the sum of the towers' products."""
        return _exact(self.network.product())

    @cached_property
    def slope(self) -> ExactMatrix:
        """G = f′(W); ``LossError`` at the border of f's domain, where f′ is one-sided only."""
        slope = _exact(self.loss.gradient(self.product))
        if isinstance(self.loss, ExpressionLoss):
            with flint.ctx.workprec(_BITS):
                ball = self.loss.gradient(BallMatrix.converted(self.product))
            if not all(x.is_finite() for x in ball.body.entries()):
                raise LossError(
                    "the product lies on the border of the loss's domain, or a value overflows"
                )
        return slope

    @cached_property
    def value(self) -> ExactNumber:
        """f(W)."""
        value: Any = self.loss.value(self.product)
        return value if isinstance(value, Fraction) else exact(value)

    @cached_property
    def layers(self) -> list[ExactMatrix]:
        """All layers of all towers."""
        return [_exact(layer) for tower in self.towers for layer in tower.layers]

    @property
    def parameters(self) -> int:
        """The number of entries of all layers."""
        return sum(layer.rows * layer.cols for layer in self.layers)

    @cached_property
    def sides(self) -> list[tuple[ExactMatrix, ExactMatrix]]:
        """(M_k⋯M_{i+1}, M_{i−1}⋯M_1) for every layer, by running products."""
        result = []
        for tower in self.towers:
            below = [ExactMatrix.identity(tower.dims[0])]
            for layer in tower.layers[:-1]:
                below.append(_exact(layer) @ below[-1])
            above = [ExactMatrix.identity(tower.dims[-1])]
            for layer in reversed(tower.layers[1:]):
                above.append(above[-1] @ _exact(layer))
            result += list(zip(reversed(above), below, strict=True))
        return result

    @cached_property
    def gradients(self) -> list[ExactMatrix]:
        """The derivative of L in every layer: (M_k⋯M_{i+1})ᵀ G (M_{i−1}⋯M_1)ᵀ."""
        return [above.T @ self.slope @ below.T for above, below in self.sides]

    @cached_property
    def critical(self) -> bool:
        """Whether every derivative is 0."""
        return all(gradient.is_zero() for gradient in self.gradients)

    @cached_property
    def stationary(self) -> bool:
        """Whether f′(W) = 0."""
        return self.slope.is_zero()

    @cached_property
    def cuts(self) -> list[Cut]:
        """Every tower cut at every width d_j equal to its smallest."""
        result = []
        for t, tower in enumerate(self.towers):
            d = min(tower.dims)
            for j, width in enumerate(tower.dims):
                if width == d:
                    A, B = _exact(tower.chain(tower.depth, j + 1)), _exact(tower.chain(j, 1))
                    result.append(Cut(t, j, d, A, B, rank_of(A), rank_of(B)))
        return result

    @cached_property
    def first_cuts(self) -> list[Cut]:
        """One cut per tower, inside it where possible."""
        result = []
        for t, tower in enumerate(self.towers):
            mine = [cut for cut in self.cuts if cut.tower == t]
            inner = [cut for cut in mine if 0 < cut.j < tower.depth]
            result.append((inner or mine)[0])
        return result

    @cached_property
    def stacked(self) -> tuple[ExactMatrix, ExactMatrix]:
        """(A, B) of the stacked two-layer network."""
        cuts = self.first_cuts
        if len(cuts) == 1:
            return cuts[0].A, cuts[0].B
        return (
            ExactMatrix.of_blocks([[cut.A for cut in cuts]]),
            ExactMatrix.of_blocks([[cut.B] for cut in cuts]),
        )

    @property
    def width(self) -> int:
        """b, the sum of the towers' smallest widths."""
        return sum(cut.d for cut in self.first_cuts)

    @property
    def has_bottleneck(self) -> bool:
        """Whether the products cannot reach every matrix: b < min(d_0, d_k)."""
        return self.width < min(self.network.shape)

    @cached_property
    def stacked_full(self) -> bool:
        """Whether every tower's halves and the stacked ones have full rank."""
        if not all(cut.full for cut in self.first_cuts):
            return False
        if len(self.first_cuts) == 1:
            return True
        A, B = self.stacked
        return rank_of(A) == self.width == rank_of(B)

    def ranks(self) -> list[dict[str, Any]]:
        """Per tower: dims, the bottleneck, the ranks of both halves and of every chain."""
        result = []
        for t, tower in enumerate(self.towers):
            chains = {}
            for lo in range(1, tower.depth + 1):
                chain = _exact(tower.layer(lo))
                chains[f"{lo}:{lo}"] = rank_of(chain)
                for hi in range(lo + 1, tower.depth + 1):
                    chain = _exact(tower.layer(hi)) @ chain
                    chains[f"{hi}:{lo}"] = rank_of(chain)
            cut = self.first_cuts[t]
            result.append(
                {
                    "dims": list(tower.dims),
                    "bottleneck": cut.j,
                    "d": cut.d,
                    "A": cut.rank_A,
                    "B": cut.rank_B,
                    "chains": chains,
                }
            )
        return result

    def gradient_norm(self) -> float:
        """The Frobenius norm of the derivative of L, rounded; 0 only for a critical point."""
        if self.critical:
            return 0.0
        squares: Any = sum((g.inner(g) for g in self.gradients), Fraction(0))
        return math.sqrt(float(squares))

    def largest_gradient(self) -> tuple[int, int, int, ExactNumber]:
        """(layer, row, column, entry) of the largest derivative; the layer counts from 0."""
        best: tuple[int, int, int, ExactNumber] | None = None
        for i, gradient in enumerate(self.gradients):
            for r, line in enumerate(gradient.entries()):
                for c, x in enumerate(line):
                    if best is None or sign(_size(x) - _size(best[3])) > 0:
                        best = i, r, c, x
        if best is None:
            raise ValueError("a network has at least one entry")
        return best


def _size(x: ExactNumber) -> ExactNumber:
    return -x if sign(x) < 0 else x


def _exact(matrix: Any) -> ExactMatrix:
    if not isinstance(matrix, ExactMatrix):
        raise TypeError("an exact network is needed")
    return matrix


def lifting_result(point: Point) -> str | None:
    """The result that carries a two-layer local minimum to this network; ``None`` for itself."""
    if len(point.towers) > 1:
        return "corollary-2"
    return "theorem-1" if point.towers[0].depth > 2 else None
