"""Concrete values for the symbols of Corollary 2: towers from an example file, or drawn at random.

A network of one tower counts as s = 1.  The blocks U_t are columns of the identity; whether the
towers are a local or a global minimum is decided by `diagnose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.environment import Later
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.random import generator, random_matrix
from proofkit.networks.regression_losses import WeightedSquaredLoss
from proofkit.script import Result
from theorems import draws, instances
from theorems.instances import inner_bottleneck
from theorems.settled import finding
from theorems.sum_instances import sum_environment
from theorems.towers import (
    K,
    M,
    U,
    beta,
    d,
    f,
    j,
    m,
    n,
    r,
    s,
    towers_global,
    towers_local,
)

__all__ = ["environment", "random_batches", "random_environments", "tower_values"]

SHAPES: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((2, 1, 2), (2, 1, 2)),
    ((3, 1, 2, 2), (3, 2)),
    ((3, 3, 1, 2, 3), (3, 1, 3), (3, 3)),
    ((2, 1, 3), (2, 2, 1, 3)),
)
"""Widths of the random towers."""


LOCAL = {"spurious-local-minimum", "global-minimum", "local-minimum"}
NOT_LOCAL = {"strict-saddle", "non-strict-saddle", "not-critical"}


def about_towers(result: Result) -> bool:
    """Whether a result speaks of several towers."""
    return K in result.variables or beta in result.variables


def environment(network: Network, seed: int, result: Result) -> Environment:
    """The symbols of a result on a network; `Unsuitable` for towers where it speaks of one."""
    if (found := sum_environment(result, seed)) is not None:
        return found
    if not about_towers(result):
        return instances.environment(network, seed, result)
    dims = [tower.dims for tower in network.towers]
    values = tower_values(
        dims, [tower.layers for tower in network.towers], network.loss, network.exact
    )
    return Environment(values, network.exact, 1, seed, Later(partial(_known, network)))


def _known(network: Network) -> dict[Any, tuple[bool, str]]:
    """Whether the network is a local and a global minimum, as far as that is certain."""
    found = finding(network)
    verdict, why = found.verdict, found.why
    known = {}
    if verdict in LOCAL | NOT_LOCAL:
        known[towers_local(M)] = (verdict in LOCAL, why)
    if verdict in NOT_LOCAL | {"spurious-local-minimum", "global-minimum"}:
        known[towers_global(M)] = (verdict == "global-minimum", why)
    return known


def random_environments(seed: int, count: int, result: Result) -> dict[str, Environment]:
    """``count`` random exact networks, or towers, the symbols of the result given values."""
    if sum_environment(result, seed) is not None:
        drawn = (sum_environment(result, seed + number) for number in range(count))
        return {f"random sums {n}": env for n, env in enumerate(drawn, start=1) if env is not None}
    if not about_towers(result):
        return draws.random_environments(seed, count, result)
    return {
        f"random exact towers {number + 1} ({network.title})": replace(
            environment(network, seed, result), directions=draws.DIRECTIONS
        )
        for number, network in enumerate(random_towers(seed, count))
    }


def random_batches(seed: int, count: int, result: Result) -> dict[str, Environment]:
    """Float batches of networks, or of towers, ``count`` in all at least."""
    if (found := sum_environment(result, seed, count)) is not None:
        return {f"{count} random sums": found}
    if not about_towers(result):
        return draws.random_batches(seed, count, result)
    return random_towers_batch(seed, count)


def tower_values(
    dims: Sequence[Sequence[int]], layers: Sequence[Sequence[Any]], loss: Any, exact: bool = True
) -> dict[Any, Any]:
    """The symbols of Corollary 2 for towers of the given widths and layers."""
    narrowest = [inner_bottleneck(widths) for widths in dims]
    sums = [0]
    for at, widths in zip(narrowest, dims, strict=True):
        sums.append(sums[-1] + widths[at])
    blocks = {}
    for tower, (first, end) in enumerate(pairwise(sums), start=1):
        grid = [[int(row == col) for col in range(first, end)] for row in range(sums[-1])]
        block = ExactMatrix.of(grid)
        blocks[tower] = block if exact else FloatMatrix.of_exact([block])
    members = {
        (tower, layer): matrix
        for tower, factors in enumerate(layers, start=1)
        for layer, matrix in enumerate(factors, start=1)
    }
    return {
        s: len(dims),
        r: 1,
        K: {tower: len(widths) - 2 for tower, widths in enumerate(dims, start=1)},
        d.args[0]: {
            (tower, layer): width
            for tower, widths in enumerate(dims, start=1)
            for layer, width in enumerate(widths)
        },
        n: dims[0][0],
        m: dims[0][-1],
        j: dict(enumerate(narrowest, start=1)),
        beta: dict(enumerate(sums)),
        f: loss,
        U: Layers(blocks),
        M: Layers(members),
    }


@lru_cache(maxsize=8)
def random_towers(seed: int, count: int) -> tuple[Network, ...]:
    """Random exact towers of various depths and widths, every third with a zero tower."""
    found = []
    for number in range(count):
        dims = SHAPES[number % len(SHAPES)]
        towers = []
        for tower, widths in enumerate(dims):
            layers = [
                ExactMatrix.zeros(widths[at], widths[at - 1])
                if number % 3 == 2 and tower == 0
                else random_matrix((seed, number, tower, at), widths[at], widths[at - 1], height=2)
                for at in range(1, len(widths))
            ]
            towers.append(Tower.of(layers))
        found.append(Network(f"{len(dims)} towers", tuple(towers), _loss(dims, (seed, number))))
    return tuple(found)


def random_towers_batch(seed: int, count: int) -> dict[str, Environment]:
    """Float batches of towers, ``count`` in all at least."""
    each = -(-count // len(SHAPES))
    found = {}
    for number, dims in enumerate(SHAPES):
        layers = [
            [
                random_matrix(
                    (seed, number, tower, at), widths[at], widths[at - 1], exact=False, count=each
                )
                for at in range(1, len(widths))
            ]
            for tower, widths in enumerate(dims)
        ]
        values = tower_values(dims, layers, _loss(dims, (seed, number)), exact=False)
        found[f"{each} random towers of widths {dims}"] = Environment(
            values, False, each, seed, directions=draws.DIRECTIONS
        )
    return found


def _loss(dims: Sequence[Sequence[int]], seed: tuple[int, ...]) -> WeightedSquaredLoss:
    rng = generator((*seed, 99))
    rows, cols = dims[0][-1], dims[0][0]
    target = ExactMatrix.of(rng.integers(-3, 4, (rows, cols)).tolist())
    return WeightedSquaredLoss(target, ExactMatrix.of(rng.integers(1, 4, (rows, cols)).tolist()))
