"""Weighted squared and Huber losses, and the family F_c of example E01."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic
from proofkit.sweep.lanes import Array, product

if TYPE_CHECKING:
    pass

__all__ = ["Huber", "PerturbedIdentity", "WeightedSquared"]


class WeightedSquared(Family):
    """f(W) = Σ a_rc (w_rc − t_rc)²; targets are normal, weights log-uniform in [1/√s, √s].

    The spread s is the farthest that two weights can lie apart; at s = 1 this is the squared loss.
    """

    name = "weighted-squared"
    words = "Σ a(w − t)², t normal, a log-uniform in [1/√s, √s], s log-uniform in [1, 64]"
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


class Huber(Family):
    """f(W) = Σ h((WX − Y)_ij) with h(r) = r²/2 up to δ and linear beyond; X and Y normal.

    For a large δ this is the squared loss.
    """

    name = "huber"
    words = "Σ h(WX − Y), δ log-uniform in [1/4, 8], X and Y normal, three samples for each input"
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
