"""Exact critical points moved as practice moves them: gauges, rescalings, units, rounding."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network

from .made_points import dropped, dropped_flat, first, spurious, squared_case, strict


def optimal(rng: np.random.Generator) -> Network:
    """Without ties, which rounding breaks."""
    return squared_case(rng, first, int(rng.integers(2, 5)))[0]


KINDS: dict[str, tuple[str, Callable[[np.random.Generator], Network]]] = {
    "strict": ("strict-saddle", strict),
    "low rank, two layers": ("strict-saddle", dropped_flat),
    "low rank, deep": ("non-strict-saddle", dropped),
    "optimal": ("global-minimum", optimal),
    "spurious": ("spurious-local-minimum", spurious),
}


def table(matrix: Any) -> np.ndarray:
    """An exact matrix as floats."""
    return np.array([[float(x) for x in row] for row in matrix.entries()]).reshape(matrix.shape)


def gauge(rng: np.random.Generator, size: int, condition: float) -> np.ndarray:
    """A random matrix of this condition number."""
    left, right = (np.linalg.qr(rng.standard_normal((size, size)))[0] for _ in range(2))
    steps = np.linspace(0.5, -0.5, size) if size > 1 else rng.uniform(-0.5, 0.5, 1)
    return left * condition**steps @ right


def moved(rng: np.random.Generator, network: Network, condition: float, precision: str) -> Network:
    """The network in other gauges, scales and units, its entries rounded.

    The product of the condition numbers of all gauges is ``condition``. Half of the gauges are
    applied exactly before rounding, half in floats.
    """
    layers: list[Any] = list(network.layers)
    share = condition ** (1 / (len(layers) - 1))
    gauges = [gauge(rng, m.rows, share) for m in layers[:-1]]
    if rng.integers(2):
        for i, g in enumerate(gauges):
            exact = ExactMatrix.of([[Fraction(float(x)) for x in row] for row in g])
            layers[i], layers[i + 1] = exact @ layers[i], layers[i + 1] @ exact.inverse()
        arrays = [table(m) for m in layers]
    else:
        arrays = [table(m) for m in layers]
        for i, g in enumerate(gauges):
            arrays[i], arrays[i + 1] = g @ arrays[i], arrays[i + 1] @ np.linalg.inv(g)
    exponents = rng.uniform(-6, 6, len(arrays))
    arrays = [m * 10**e for m, e in zip(arrays, exponents - exponents.mean(), strict=True)]
    unit = 10.0 ** rng.integers(-9, 10)
    arrays[-1] = arrays[-1] * unit
    loss: Any = network.loss
    if isinstance(loss, SquaredLoss):
        loss = SquaredLoss(loss.X, ExactMatrix.of((unit * table(loss.Y)).tolist()))
    elif isinstance(loss, WeightedSquaredLoss):
        loss = WeightedSquaredLoss(
            ExactMatrix.of((unit * table(loss.target)).tolist()), loss.weights
        )
    rounded = [FloatMatrix.of(m.astype(precision).astype(float)) for m in arrays]
    towers = Network.single("", rounded, loss).towers
    return Network("moved", towers, loss, precision=precision)
