"""A float network as the exact network of the rationals that its floats store."""

from __future__ import annotations

from typing import Any

import numpy as np

from proofkit.networks.array_matrix import Array
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = ["rationalised", "values"]


def rationalised(network: Network) -> Network:
    """The exact network with the rational numbers that the floats store."""
    towers = []
    for tower in network.towers:
        layers: list[Any] = [
            ExactMatrix.of([[float(x) for x in line] for line in values(layer)])
            for layer in tower.layers
        ]
        towers.append(Tower(tower.dims, tuple(layers)))
    return Network(network.title, tuple(towers), network.loss, network.source)


def values(layer: Any) -> Array:
    """The array of a float layer; a batch of several is refused."""
    if not isinstance(layer, FloatMatrix) or layer.batch != 1:
        raise ValueError("one float network is needed, not a batch")
    result: Array = layer.value[0]
    if not np.isfinite(result).all():
        raise ValueError("an entry is not finite")
    return result
