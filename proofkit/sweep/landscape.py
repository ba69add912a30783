"""Value, gradient and Hessian of L(M) = f(M_k⋯M_1) in the layers, for many networks at once.

With J_i the derivative of the product in M_i, the Hessian is Jᵀ f″ J plus, for every two layers
i > l, the term ⟨f′, M_k⋯M_{i+1} dM_i M_{i−1}⋯M_{l+1} dM_l M_{l−1}⋯M_1⟩: its block formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from proofkit.sweep.families import Data, Family
from proofkit.sweep.lanes import Array, packed, product, unpacked

__all__ = ["Landscape", "hessian_from"]


@dataclass(frozen=True)
class Landscape:
    """L for networks of these widths and problems of this family; points are arrays (p, N)."""

    family: Family
    dims: tuple[int, ...]

    @property
    def size(self) -> int:
        """p, the number of entries of all layers."""
        return sum(a * b for a, b in pairwise(self.dims))

    def product(self, x: Array) -> Array:
        """M_k⋯M_1, (m, n, N)."""
        return _upwards(unpacked(x, self.dims))[-1]

    def value(self, data: Data, x: Array) -> Array:
        """L(M), (N,)."""
        return self.family.value(data, self.product(x))

    def derivatives(self, data: Data, x: Array) -> tuple[Array, Array, Array]:
        """The gradient (p, N), the Hessian (p, p, N), and the scale of rounding errors (N,).

        The gradient's rounding error is some units of rounding times the scale.
        """
        layers = unpacked(x, self.dims)
        below, above = _upwards(layers), _downwards(layers)
        full = below[-1]
        slope = self.family.slope(data, full)
        bend = self.family.bend(data, full)
        gradient, hessian = hessian_from(layers, below, above, slope, bend)
        largest = np.maximum.reduce([np.abs(m).max(axis=(0, 1)) for m in layers])
        stiffness = np.abs(bend).max(axis=tuple(range(bend.ndim - 1)))
        size = np.abs(slope).max(axis=(0, 1)) + stiffness * np.abs(full).max(axis=(0, 1))
        return gradient, hessian, size * np.maximum(largest, 1.0) ** (len(layers) - 1)


def hessian_from(
    layers: Sequence[Array],
    below: Sequence[Array],
    above: Sequence[Array],
    slope: Array,
    bend: Array,
) -> tuple[Array, Array]:
    """Gradient and Hessian from f′, f″ and the partial products below and above each layer.

    ``below[i]`` is M_i⋯M_1 with ``below[0]`` the identity, ``above[i]`` is M_k⋯M_{i+1}; ``bend``
    is f″ as (mn, mn, N), or its diagonal (mn, N).
    """
    lanes = slope.shape[-1]
    columns, gradients = [], []
    for i, layer in enumerate(layers, start=1):
        upper, lower = above[i], below[i - 1]
        moved = np.einsum("ran,bcn->rcabn", upper, lower)
        columns.append(moved.reshape(slope.shape[0] * slope.shape[1], layer.size // lanes, lanes))
        gradients.append(
            product(np.swapaxes(upper, 0, 1), product(slope, np.swapaxes(lower, 0, 1)))
        )
    jacobian = np.concatenate(columns, axis=1)
    if bend.ndim == 2:
        bent = jacobian * bend[:, None, :]
    else:
        bent = np.einsum("vwn,wpn->vpn", bend, jacobian)
    hessian: Array = np.einsum("wpn,wqn->pqn", jacobian, bent)
    starts = np.cumsum([0, *(layer.size // lanes for layer in layers)])
    for low in range(1, len(layers)):
        middle = None
        for high in range(low + 1, len(layers) + 1):
            # G seen from outside the two layers, and what stands between them.
            outside = product(
                np.swapaxes(above[high], 0, 1), product(slope, np.swapaxes(below[low - 1], 0, 1))
            )
            if middle is None:
                block = np.einsum("adn,bc->abcdn", outside, np.eye(layers[low - 1].shape[0]))
                middle = layers[high - 1]
            else:
                block = np.einsum("adn,bcn->abcdn", outside, middle)
                middle = product(layers[high - 1], middle)
            rows = slice(starts[high - 1], starts[high])
            cols = slice(starts[low - 1], starts[low])
            flat = block.reshape(starts[high] - starts[high - 1], -1, lanes)
            hessian[rows, cols] += flat
            hessian[cols, rows] += np.swapaxes(flat, 0, 1)
    return packed(gradients), hessian


def _upwards(layers: Sequence[Array]) -> list[Array]:
    """The identity, M_1, M_2M_1, …, M_k⋯M_1."""
    lanes = layers[0].shape[-1]
    products = [_identity(layers[0].shape[1], lanes), layers[0]]
    for layer in layers[1:]:
        products.append(product(layer, products[-1]))
    return products


def _downwards(layers: Sequence[Array]) -> list[Array]:
    """M_k⋯M_1, M_k⋯M_2, …, M_k, the identity; the first is not needed and left out as M_k⋯M_2."""
    lanes = layers[0].shape[-1]
    products = [_identity(layers[-1].shape[0], lanes), layers[-1]]
    for layer in reversed(layers[1:-1]):
        products.append(product(products[-1], layer))
    while len(products) < len(layers) + 1:
        products.append(products[-1])
    return products[::-1]


def _identity(size: int, lanes: int) -> Array:
    return np.broadcast_to(np.eye(size)[:, :, None], (size, size, lanes))
