"""Logistic losses of counts, and softmax cross-entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic, rationals
from proofkit.sweep.lanes import Array, product

if TYPE_CHECKING:
    from proofkit.networks.floating import FloatMatrix
    from proofkit.networks.losses import Loss
    from proofkit.networks.running import FloatScalar

__all__ = ["Logistic", "Softmax"]


class Logistic(Family):
    """f(W) = Σ p_rc log(1 + e^{−w}) + q_rc log(1 + e^w), counts p and q uniform in 1 … 20.

    Each entry has both labels, so the infimum is attained.
    """

    name = "logistic"
    words = "Σ p log(1 + e⁻ʷ) + q log(1 + eʷ), counts p and q uniform in 1 … 20"

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        low, high = (int(x) for x in self.ranges.get("count", (1, 20)))
        counts = rng.integers(low, high, (2, *self.shape), endpoint=True).astype(float)
        return {"positive": counts[0], "negative": counts[1]}

    def value(self, data: Data, w: Array) -> Array:
        soft = np.log1p(np.exp(-np.abs(w)))
        terms = data["positive"] * (soft + np.maximum(-w, 0)) + data["negative"] * (
            soft + np.maximum(w, 0)
        )
        result: Array = terms.sum(axis=(0, 1))
        return result

    def slope(self, data: Data, w: Array) -> Array:
        up, down = _logistic(w), _logistic(-w)
        return data["negative"] * up - data["positive"] * down

    def bend(self, data: Data, w: Array) -> Array:
        result = (data["positive"] + data["negative"]) * _logistic(w) * _logistic(-w)
        return result.reshape(-1, w.shape[-1])

    def bounds(self, data: Data) -> tuple[Array, Array]:
        # σ′ ≤ 1/4 and |σ″| ≤ 1/(6√3) < 0.0963.
        most = (data["positive"] + data["negative"]).max(axis=(0, 1))
        return most / 4, 0.0963 * most

    def certain(self, data: Data, w: FloatMatrix) -> tuple[FloatScalar, FloatMatrix]:
        from proofkit.networks.elementwise import evaluate, softplus
        from proofkit.networks.floating import FloatMatrix
        from proofkit.networks.running import as_floats

        z = w.numbers
        value = (
            as_floats(softplus(-z)) * data["positive"] + as_floats(softplus(z)) * data["negative"]
        )
        up, down = as_floats(evaluate("logistic", z)), as_floats(evaluate("logistic", -z))
        return value.sum((1, 2)), FloatMatrix(up * data["negative"] - down * data["positive"])

    def loss(self, data: Data) -> Loss:
        from proofkit.networks.exact import ExactMatrix
        from proofkit.networks.losses import LogisticLoss

        positive, negative = (ExactMatrix.of(rationals(data[k])) for k in ("positive", "negative"))
        return LogisticLoss(positive, negative)


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

    def _probabilities(self, data: Data, w: Array) -> Array:
        z = product(w, data["X"])
        e = np.exp(z - z.max(axis=0))
        result: Array = e / e.sum(axis=0)
        return result

    def value(self, data: Data, w: Array) -> Array:
        z = product(w, data["X"])
        z -= z.max(axis=0)
        sums = np.log(np.exp(z).sum(axis=0))
        result: Array = (data["Y"] * (sums - z)).sum(axis=(0, 1))
        return result

    def slope(self, data: Data, w: Array) -> Array:
        expected = self._probabilities(data, w) * data["Y"].sum(axis=0)
        return product(expected - data["Y"], np.swapaxes(data["X"], 0, 1))

    def bend(self, data: Data, w: Array) -> Array:
        rows, cols, lanes = w.shape
        p, x = self._probabilities(data, w), data["X"]
        weighted = p * data["Y"].sum(axis=0)
        full = -np.einsum("rin,sin,cin,din->rcsdn", weighted, p, x, x, optimize=True)
        same = np.einsum("rin,cin,din->rcdn", weighted, x, x, optimize=True)
        for r in range(rows):
            full[r, :, r] += same[r]
        result: Array = full.reshape(rows * cols, rows * cols, lanes)
        return result

    def bounds(self, data: Data) -> tuple[Array, Array]:
        # Along z + tu with |u| = 1, log Σ eᶻ has the variance of u under p as its second
        # derivative and the third central moment as its third: at most 1/2, and at most √2·1/2,
        # for u ranges over less than √2.
        squares, times = (data["X"] ** 2).sum(axis=0), data["Y"].sum(axis=0)
        return (times * squares).sum(axis=0) / 2, 0.708 * (times * squares**1.5).sum(axis=0)

    def certain(self, data: Data, w: FloatMatrix) -> tuple[FloatScalar, FloatMatrix]:
        from proofkit.networks.elementwise import evaluate
        from proofkit.networks.floating import FloatMatrix
        from proofkit.networks.running import FloatScalar, as_floats

        x, counts = FloatMatrix.of(data["X"]), data["Y"]
        z = (w @ x).numbers
        top = z.value.max(axis=1)
        e = as_floats(evaluate("exp", z - top[:, None, :]))
        sums, times = e.sum(1), counts.sum(axis=1)
        each = as_floats(evaluate("log", sums)) + FloatScalar.of(top)
        losses = each * times - (z * counts).sum(1)
        slope = FloatMatrix(e / sums[:, np.newaxis, :] * times[:, None, :] - counts) @ x.T
        return losses.sum(1), slope

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


def _logistic(w: Array) -> Array:
    small = np.exp(-np.abs(w))
    result: Array = np.where(w >= 0, 1.0, small) / (1 + small)
    return result
