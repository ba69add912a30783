"""Logistic losses of counts, and softmax cross-entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic, rationals
from proofkit.sweep.lanes import Array

if TYPE_CHECKING:
    from proofkit.networks.losses import Loss

__all__ = ["Logistic", "Softmax"]


class Logistic(Family):
    """f(W) = Σ p_rc log(1 + e^{−w}) + q_rc log(1 + e^w), counts p and q uniform in 1 … 20.

    Each entry has both labels, so the infimum is attained.
    """

    name = "logistic"
    words = "Σ p log(1 + e^{−w}) + q log(1 + e^{w}), counts p and q uniform in 1 … 20"

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        low, high = (int(x) for x in self.ranges.get("count", (1, 20)))
        counts = rng.integers(low, high, (2, *self.shape), endpoint=True).astype(float)
        return {"positive": counts[0], "negative": counts[1]}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        # σ′ ≤ 1/4 and |σ″| ≤ 1/(6√3) < 0.0963.
        most = (data["positive"] + data["negative"]).max(axis=(0, 1))
        return most / 4, 0.0963 * most


class Softmax(Family):
    """Cross-entropy of m classes on normal inputs, each seen a few times with every label.

    The counts are uniform in 1 … 3, so the infimum is attained. Adding one row to all rows of W
    changes nothing: the classes' scores matter by their differences only.
    """

    name = "softmax"
    words = "cross-entropy, n + 2 normal inputs, each seen with every label 1 to 3 times"
    shift_invariant = True

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        rows, cols = self.shape
        x = dyadic(rng.standard_normal((cols, cols + 2)))
        return {"X": x, "Y": rng.integers(1, 3, (rows, cols + 2), endpoint=True).astype(float)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        # Along z + tu with |u| = 1, log Σ eᶻ has the variance of u under p as its second
        # derivative and the third central moment as its third: at most 1/2, and at most √2·1/2,
        # for u ranges over less than √2.
        squares, times = (data["X"] ** 2).sum(axis=0), data["Y"].sum(axis=0)
        return (times * squares).sum(axis=0) / 2, 0.708 * (times * squares**1.5).sum(axis=0)

    def loss(self, data: Data) -> Loss:
        from proofkit.networks.exact import ExactMatrix
        from proofkit.networks.losses import SoftmaxLoss

        inputs = rationals(data["X"].T)
        seen = [
            (r, x)
            for x, counts in zip(inputs, data["Y"].T, strict=True)
            for r, count in enumerate(counts)
            for _ in range(int(count))
        ]
        columns = [list(line) for line in zip(*(x for _, x in seen), strict=True)]
        return SoftmaxLoss(ExactMatrix.of(columns), tuple(r for r, _ in seen), self.shape[0])
