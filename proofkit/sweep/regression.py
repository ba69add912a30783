"""Squares of entries and of measurements, Huber and Poisson losses, and F_c of example E01."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic
from proofkit.sweep.lanes import Array, product

if TYPE_CHECKING:
    pass

__all__ = [
    "Huber",
    "MaskedSquared",
    "Measurements",
    "PerturbedIdentity",
    "Poisson",
    "WeightedSquared",
]


class WeightedSquared(Family):
    """f(W) = Σ a_rc (w_rc − t_rc)²; targets are normal, weights log-uniform in [1/√s, √s].

    The spread s is the farthest that two weights can lie apart; at s = 1 this is the squared loss.
    """

    name = "weighted-squared"
    words = "Σ c(w − t)², t normal, c log-uniform in [1/√s, √s], s log-uniform in [1, 64]"
    parameter = "spread"
    default_range = (1.0, 64.0)
    logarithmic = True

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        spread = self.draw_parameter(rng)
        target = dyadic(1.5 * rng.standard_normal(self.shape))
        half = np.log(spread) / 2
        weights = np.exp(rng.uniform(-half, half, self.shape))
        weights = np.maximum(dyadic(weights), 2.0**-10)
        return {"target": target, "weights": weights, "spread": np.asarray(spread)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        stiffest = 2 * data["weights"].max(axis=(0, 1))
        return stiffest, np.zeros_like(stiffest)


class PerturbedIdentity(WeightedSquared):
    """F_c(W) = (w11 − 2)² + (w22 − 1)² + c·(w12² + w21²), of which E01 is the case c = 3.

    The point A = (0, 1)ᵀ, B = (0, 1) is a spurious local minimum exactly for c > 2.
    """

    name = "E01"
    loss_kind = "weighted-squared"
    words = "(w11 − 2)² + (w22 − 1)² + c(w12² + w21²), c uniform in [1, 3]"
    parameter = "c"
    default_range = (1.0, 3.0)
    logarithmic = False

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        if self.shape != (2, 2):
            raise ValueError("the family E01 is about 2×2 products; dims begin and end with 2")
        c = self.draw_parameter(rng)
        weights = np.array([[1.0, c], [c, 1.0]])
        return {"target": np.diag([2.0, 1.0]), "weights": weights, "c": np.asarray(c)}


class MaskedSquared(Family):
    """f(W) = Σ (w_rc − y_rc)² over the entries that a mask keeps: matrix completion.

    The target has rank 1 and is attained, so the infimum is 0.
    """

    name = "masked-squared"
    words = (
        "Σ (w − y)² over the entries kept, y = u\u2009v^{⊤} of normal u and v, "
        "kept uniform in [1/2, 1]"
    )
    parameter = "kept"
    default_range = (0.5, 1.0)

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        kept = self.draw_parameter(rng)
        mask = (rng.uniform(size=self.shape) < kept).astype(float)
        return {"Y": _rank_one(rng, self.shape), "mask": mask, "kept": np.asarray(kept)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        stiffest = 2 * data["mask"].max(axis=(0, 1))
        return stiffest, np.zeros_like(stiffest)


class Measurements(Family):
    """f(W) = Σ_i (⟨A_i, W⟩ − y_i)² with m + n normal A_i: matrix sensing.

    The target has rank 1 and is attained, so the infimum is 0.
    """

    name = "measurements"
    words = "Σ (⟨A, W⟩ − ⟨A, u\u2009v^{⊤}⟩)², m + n measurements, A, u and v normal"

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        rows, cols = self.shape
        a = dyadic(rng.standard_normal((rows + cols, rows * cols)))
        # Exact: multiples of 2⁻³⁰ below 2²³.
        return {"A": a, "y": a @ _rank_one(rng, self.shape).reshape(-1, 1)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        stiffest = 2 * (data["A"] ** 2).sum(axis=(0, 1))
        return stiffest, np.zeros_like(stiffest)


class Poisson(Family):
    """f(W) = Σ e^w − yw, counts y uniform in 1 … 20.

    No bound of the third derivative is known everywhere, so minima are numerical.
    """

    name = "poisson"
    words = "Σ e^{w} − y\u2009w, counts y uniform in 1 … 20"
    certifies = False

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        low, high = (int(x) for x in self.ranges.get("count", (1, 20)))
        return {"Y": rng.integers(low, high, self.shape, endpoint=True).astype(float)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        raise NotImplementedError("e^w has no bounded derivatives")


def _rank_one(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    """uvᵀ of normal u and v."""
    u, v = (dyadic(rng.standard_normal(size)) for size in shape)
    return np.outer(u, v)


class Huber(Family):
    """f(W) = Σ h((WX − Y)_ij) with h(r) = r²/2 up to δ and linear beyond; X and Y normal.

    For a large δ this is the squared loss.
    """

    name = "huber"
    words = (
        "Σ h(W\u2009X − Y), δ log-uniform in [1/4, 8], X and Y normal, three samples for each input"
    )
    parameter = "delta"
    default_range = (0.25, 8.0)
    logarithmic = True

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        rows, cols = self.shape
        delta = self.draw_parameter(rng)
        x = dyadic(rng.standard_normal((cols, 3 * cols)))
        y = dyadic(2 * rng.standard_normal((rows, 3 * cols)))
        return {"X": x, "Y": y, "delta": np.asarray(delta)}

    def bounds(self, data: Data) -> tuple[Array, Array]:
        stiffest = (data["X"] ** 2).sum(axis=(0, 1))
        return stiffest, np.zeros_like(stiffest)

    def smooth_radius(self, data: Data, w: Array) -> Array:
        # A residual moves by at most the length of its sample times the change of W; half of the
        # way to the kink leaves ample room for rounding.
        room = np.abs(np.abs(product(w, data["X"]) - data["Y"]) - data["delta"]).min(axis=0)
        length = np.sqrt((data["X"] ** 2).sum(axis=0))
        result: Array = (0.5 * room / np.maximum(length, 1e-300)).min(axis=0)
        return result
