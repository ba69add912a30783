"""Random networks for every step to be tried on: by shape, by rank, and at known minima.

`random_batches` gives float batches, `random_networks` exact ones.  Among them are networks of
depth 1 to 6, with the bottleneck at each inner layer and at either end, with A or B rank
deficient; global minima (the loss is fitted to the product), also rank-deficient ones; and
spurious local minima: lifts of example E01's with random invertible changes of basis between the
layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from proofkit.evaluate import Environment
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import Loss, SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.random import generator, random_matrix, random_network_layers
from proofkit.script import Result
from theorems.instances import environment, free_matrices, inner_bottleneck, named, point
from theorems.setting import M, local_minimum

__all__ = ["DIRECTIONS", "random_batches", "random_environments"]


DIRECTIONS = (6, 1, 1)
"""Random directions tried around each random network, of which there are many."""


@dataclass(frozen=True)
class Kind:
    """A kind of random network: widths, and how far A and B fall short of full rank."""

    name: str
    dims: tuple[int, ...]
    short_above: int = 0
    short_below: int = 0
    fitted: bool = False


KINDS = (
    Kind("A rank deficient, k = 3", (3, 4, 2, 3), short_above=1),
    Kind("B rank deficient, k = 3", (3, 2, 3, 3), short_below=1),
    Kind("full rank, k = 2", (3, 2, 3)),
    Kind("no bottleneck, input narrowest, k = 2", (2, 3, 3)),
    Kind("depth 1", (2, 3)),
    Kind("depth 4, bottleneck in the middle", (3, 3, 2, 3, 3), short_above=1),
    Kind("depth 6", (2, 2, 3, 1, 2, 2, 2)),
    Kind("global minimum, k = 3", (3, 3, 2, 3), fitted=True),
    Kind("rank-deficient global minimum, input narrowest", (2, 3, 3), short_above=1, fitted=True),
    Kind("rank-deficient global minimum, output narrowest", (3, 3, 2), short_below=1, fitted=True),
)

LIFTS = ((2, 1, 2), (2, 2, 1, 2), (2, 1, 2, 2), (2, 3, 1, 2, 2))
"""Widths of the networks that E01's spurious minimum is lifted to."""


def _ranks(kind: Kind) -> dict[tuple[int, int], int]:
    depth, at = len(kind.dims) - 1, inner_bottleneck(kind.dims)
    width = kind.dims[at]
    found = {}
    if kind.short_above:
        found[(depth, at + 1) if at < depth else (depth, 1)] = width - kind.short_above
    if kind.short_below:
        found[(at, 1) if at > 0 else (depth, 1)] = width - kind.short_below
    return found


def _loss(kind: Kind, product: Any, seed: Sequence[int]) -> Loss:
    """A convex loss, with its minimum at the product where the kind asks for it."""
    rows, cols = kind.dims[-1], kind.dims[0]
    rng = generator(seed)
    if kind.fitted:
        weights = ExactMatrix.of(rng.integers(1, 4, (rows, cols)).tolist())
        return WeightedSquaredLoss(product, weights)
    if rng.integers(2):
        return SquaredLoss(random_matrix((*seed, 1), cols, 3), random_matrix((*seed, 2), rows, 3))
    target = ExactMatrix.of(rng.integers(-3, 4, (rows, cols)).tolist())
    return WeightedSquaredLoss(target, ExactMatrix.of(rng.integers(1, 4, (rows, cols)).tolist()))


def _exact(kind: Kind, seed: Sequence[int]) -> Network:
    layers = random_network_layers(
        list(seed), kind.dims, product_ranks=_ranks(kind) or None, height=2
    )
    product = layers[0]
    for layer in layers[1:]:
        product = layer @ product
    return Network.single(kind.name, layers, _loss(kind, product, (*seed, 7)))


def _lift(dims: Sequence[int], seed: Sequence[int]) -> Network:
    """E01's spurious local minimum in a deeper network, in random coordinates."""
    at = inner_bottleneck(dims)
    layers: list[Any] = []
    for n in range(1, len(dims)):
        rows, cols = dims[n], dims[n - 1]
        if n == at:
            layer = [[int(c == 1) for c in range(cols)]]
        elif n == at + 1:
            layer = [[int(r == 1)] for r in range(rows)]
        else:
            layer = [[int(r == c) for c in range(cols)] for r in range(rows)]
        layers.append(ExactMatrix.of(layer))
    for n in range(1, len(layers)):
        change = random_matrix((*seed, n), dims[n], dims[n], dims[n], height=2)
        layers[n - 1], layers[n] = change @ layers[n - 1], layers[n] @ change.inverse()
    target = ExactMatrix.of([[2, 0], [0, 1]])
    loss = WeightedSquaredLoss(target, ExactMatrix.of([[1, 3], [3, 1]]))
    return Network.single("lift of E01's spurious minimum", layers, loss)


def random_environments(seed: int, count: int, result: Result) -> dict[str, Environment]:
    """``count`` random exact networks of all kinds, the symbols of the result given values."""
    return {
        f"random exact network {n + 1} ({network.title})": replace(
            environment(network, seed, result), directions=DIRECTIONS
        )
        for n, network in enumerate(_networks(seed, count))
    }


@lru_cache(maxsize=4)
def _networks(seed: int, count: int) -> tuple[Network, ...]:
    return tuple(
        _lift(LIFTS[n // 3 % len(LIFTS)], (seed, n))
        if n % 3 == 2
        else _exact(KINDS[n % len(KINDS)], (seed, n))
        for n in range(count)
    )


def random_batches(seed: int, count: int, result: Result) -> dict[str, Environment]:
    """Float batches of every kind, ``count`` networks in all at least."""
    return {batch.name: _named(batch, result) for batch in _batches(seed, count)}


@dataclass(frozen=True)
class _Batch:
    """A batch with what all results have in common on it."""

    name: str
    env: Environment
    free: dict[str, Any]


@lru_cache(maxsize=1)
def _batches(seed: int, count: int) -> tuple[_Batch, ...]:
    each = -(-count // (len(KINDS) + len(LIFTS)))
    found = []
    for n, kind in enumerate(KINDS):
        exact = _exact(kind, (seed, n))
        if kind.fitted:
            layers = _regauged(exact, each, (seed, n))
        else:
            layers = random_network_layers(
                [seed, n], kind.dims, product_ranks=_ranks(kind) or None, exact=False, count=each
            )
        found.append(_batch(f"{each} random networks ({kind.name})", exact, layers, each, seed))
    for n, dims in enumerate(LIFTS):
        exact = _lift(dims, (seed, n))
        layers = _regauged(exact, each, (seed, n, 1))
        name = f"{each} lifts of E01's spurious minimum to widths {dims}"
        found.append(_batch(name, exact, layers, each, seed, minimum=True))
    return tuple(found)


def _regauged(network: Network, count: int, seed: Sequence[int]) -> list[FloatMatrix]:
    """The network in ``count`` random systems of coordinates between its layers."""
    layers: list[Any] = [FloatMatrix.of_exact([layer]) for layer in network.layers]
    for n in range(1, len(layers)):
        size = network.dims[n]
        change = (
            FloatMatrix.identity(size)
            + random_matrix((*seed, n), size, size, exact=False, count=count) * 0.25
        )
        back = change.left_inverse()
        if back is None:
            continue
        layers[n - 1], layers[n] = change @ layers[n - 1], layers[n] @ back
    return [layer.repeated(count) for layer in layers]


def _batch(
    name: str, exact: Network, layers: Any, count: int, seed: int, minimum: bool = False
) -> _Batch:
    env = point(exact.dims, layers, exact.loss, False, count, seed)
    known = {local_minimum(M): (True, "a lift of a certified minimum")} if minimum else {}
    return _Batch(
        name, replace(env, known=known, directions=DIRECTIONS), free_matrices(env, exact.loss)
    )


def _named(batch: _Batch, result: Result) -> Environment:
    values = {**batch.env.values, **named(result, batch.env, batch.free)}
    return replace(batch.env, values=values, tried=None)
