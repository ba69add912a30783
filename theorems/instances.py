"""Concrete values for the symbols of the paper: from an example file, or drawn at random.

The vectors w_i of identity (1) are kernel vectors of the factors above (zero where there is no
other), the v_i are drawn at random, and M̃_i = M_i + w_i v_iᵀ up to the bottleneck.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from proofkit.evaluate import Environment, Layers, Unsuitable
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network
from proofkit.networks.random import generator, random_matrix, random_network_layers
from proofkit.networks.regression_losses import WeightedSquaredLoss
from theorems.perturbation import P, v, w
from theorems.setting import M, d, f, i, j, k

__all__ = ["environment", "random_batch"]


def environment(network: Network, seed: int = 0) -> Environment:
    """The symbols of the paper on one network; `Unsuitable` for a network of several towers."""
    if len(network.towers) > 1:
        raise Unsuitable(
            f"this network has {len(network.towers)} towers, and the result is about one"
        )
    return _environment(network.dims, network.layers, network.loss, network.exact, 1, seed)


def _environment(
    dims: tuple[int, ...], layers: Any, loss: Any, exact: bool, batch: int, seed: int
) -> Environment:
    depth = len(layers)
    factors = dict(enumerate(layers, start=1))
    bottleneck = _inner_bottleneck(dims)
    directions, vectors, perturbed = {}, {}, {}
    above: Any = None
    for at in range(depth, 0, -1):
        if at <= bottleneck:
            directions[at] = _killed(above, dims[at], exact, batch)
            vectors[at] = _drawn(dims[at - 1], exact, batch, (seed, at))
            perturbed[at] = factors[at] + directions[at] @ vectors[at].T
        above = factors[at] if above is None else above @ factors[at]
    layer = min(max(bottleneck, 1), depth)
    return Environment(
        {
            k: depth,
            d: dict(enumerate(dims)),
            j: bottleneck,
            i: layer,
            f: loss,
            M: Layers(factors),
            w: Layers(directions),
            v: Layers(vectors),
            P: Layers(perturbed),
        },
        exact,
        batch,
        seed,
    )


def _inner_bottleneck(dims: tuple[int, ...]) -> int:
    """The least inner layer as narrow as any, or else the narrower end."""
    inner = [at for at in range(1, len(dims) - 1) if dims[at] == min(dims)]
    return inner[0] if inner else dims.index(min(dims))


def _killed(above: Any, size: int, exact: bool, batch: int) -> Any:
    """A vector that ``above`` sends to zero: nonzero where there is one."""
    if exact:
        found = above.null_vector() if above is not None else None
        return found if found is not None else _zeros(size, exact)
    if above is None or (found := above.null_vector()) is None:
        return _zeros(size, exact)
    missing = ~np.isfinite(found.value).all(axis=(1, 2), keepdims=True)
    return FloatMatrix.of(np.where(missing, 0.0, found.value), np.where(missing, 0.0, found.error))


def _zeros(size: int, exact: bool) -> Any:
    return (ExactMatrix if exact else FloatMatrix).zeros(size, 1)


def _drawn(size: int, exact: bool, batch: int, seed: tuple[int, ...]) -> Any:
    if exact:
        return random_matrix(seed, size, 1)
    return random_matrix(seed, size, 1, exact=False, count=batch)


def random_batch(seed: int, count: int, dims: tuple[int, ...] = (3, 4, 2, 3)) -> Environment:
    """``count`` random float networks of the given widths whose upper part A is rank deficient."""
    bottleneck = _inner_bottleneck(dims)
    depth = len(dims) - 1
    ranks = {(depth, bottleneck + 1): dims[bottleneck] - 1} if bottleneck < depth else None
    layers = random_network_layers(seed, dims, product_ranks=ranks, exact=False, count=count)
    rng = generator((seed, 1))
    target = rng.integers(-3, 4, (dims[-1], dims[0])).tolist()
    weights = rng.integers(1, 4, (dims[-1], dims[0])).tolist()
    loss = WeightedSquaredLoss(ExactMatrix.of(target), ExactMatrix.of(weights))
    return _environment(dims, layers, loss, False, count, seed)
