"""The gradients of a network's loss in all its layers at once, by at most 3k products.

With W = M_k⋯M_1 and G = f′(W), the gradient in M_i is (M_k⋯M_{i+1})ᵀ G (M_{i−1}⋯M_1)ᵀ. One pass
upwards keeps the products M_{i−1}⋯M_1, one pass downwards carries (M_k⋯M_{i+1})ᵀ G along: k − 1
products for each pass, and one for each layer but the first where the two meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from proofkit.networks.matrices import Matrix
from proofkit.networks.network import Network

__all__ = ["chain_gradients", "layer_gradients", "plain_gradients"]

Array: TypeAlias = NDArray[np.float64]


def layer_gradients(network: Network) -> tuple[tuple[Matrix, ...], ...]:
    """The gradient in every layer of every tower: ``[t][i - 1]`` is that in M_i of tower t.

    Exact layers give exact gradients; float ones give gradients with error bounds, for a whole
    batch at once.  A tower of depth k takes 3k − 3 matrix products.

    Raises:
        LossError: the loss has no derivative at this network.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> from proofkit.networks.matrices import ExactMatrix
    >>> loss = SquaredLoss(ExactMatrix.identity(1), ExactMatrix.of([[3]]))
    >>> layers = [ExactMatrix.of([[2]]), ExactMatrix.of([[1]])]
    >>> layer_gradients(Network.single("1·2", layers, loss))
    ((ExactMatrix([[-2]]), ExactMatrix([[-4]])),)
    """
    below = [_partial_products(tower.layers) for tower in network.towers]
    total: Any = below[0][-1]
    for products in below[1:]:
        total = total + products[-1]
    slope = network.loss.gradient(total)
    return tuple(
        chain_gradients(tower.layers, slope, products)
        for tower, products in zip(network.towers, below, strict=True)
    )


def chain_gradients(
    layers: Sequence[Any], slope: Any, below: Sequence[Any] | None = None
) -> tuple[Any, ...]:
    """The gradients in M_1, …, M_k where ``slope`` is f′(M_k⋯M_1).

    Works on anything with ``@`` and ``.T``. ``below`` are the products M_1, M_2M_1, …, where the
    caller has them already.

    >>> import numpy as np
    >>> M1, M2, G = np.array([[2.0]]), np.array([[5.0]]), np.array([[1.0]])
    >>> [g.item() for g in chain_gradients([M1, M2], G)]
    [5.0, 2.0]
    """
    products = _partial_products(layers) if below is None else below
    found = []
    carried = slope
    for at in range(len(layers) - 1, 0, -1):
        found.append(carried @ products[at - 1].T)
        carried = layers[at].T @ carried
    found.append(carried)
    return tuple(reversed(found))


def plain_gradients(
    layers: Sequence[Array],
    slope: Callable[[Array], Array],
    out: Sequence[Array] | None = None,
) -> list[Array]:
    """The same in plain NumPy arrays, without error bounds: the fast path for large networks.

    Args:
        layers: M_1, …, M_k, two-dimensional arrays.
        slope: f′ as a function of the product.
        out: arrays of the layers' shapes to write the gradients into, to save allocating them.

    The result of each product is rounded as BLAS rounds it and nothing bounds what is lost; use
    :func:`layer_gradients` where the error matters.

    >>> import numpy as np
    >>> [g.item() for g in plain_gradients([np.eye(1), 2 * np.eye(1)], lambda W: 3 * W)]
    [12.0, 6.0]
    """
    dot = np.dot
    products = [layers[0]]
    for layer in layers[1:]:
        products.append(dot(layer, products[-1]))
    results = [np.empty(layer.shape) for layer in layers] if out is None else list(out)
    carried = slope(products[-1])
    for at in range(len(layers) - 1, 0, -1):
        dot(carried, products[at - 1].T, results[at])
        carried = dot(layers[at].T, carried, results[0] if at == 1 else None)
    if len(layers) == 1:
        results[0][...] = carried
    return results


def _partial_products(layers: Sequence[Any]) -> list[Any]:
    """M_1, M_2M_1, …, M_k⋯M_1."""
    products = [layers[0]]
    for layer in layers[1:]:
        products.append(layer @ products[-1])
    return products
