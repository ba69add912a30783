"""A network with other widths or another depth: what fits is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.faults import Fault, NetworkFileError
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network, Tower
from proofkit.networks.random import generator

__all__ = ["resized"]

HEIGHT: Final = 3
"""Targets of a new loss are integers from −3 to 3."""


def resized(
    network: Network, dims: Sequence[int], seed: int = 0, *, most: int = 10_000
) -> tuple[Network, str]:
    """The network with the widths ``dims``, input first, and a sentence on what was done to it.

    Layers are cut, or filled up with zeros; layers that are added come last and are identities,
    as far as they go.  Where an end changes, the loss is about other matrices: a squared loss
    with a target drawn from the seed takes its place.

    Raises `NetworkFileError` for a network of several towers, for fewer than two widths, for a
    width below 1 and for more than ``most`` entries.

    >>> from proofkit.networks.losses import WeightedSquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> network = Network.single("a number", [one, one], WeightedSquaredLoss(one, one))
    >>> larger, _ = resized(network, (1, 2, 1))
    >>> larger.layers[0], larger.product()
    (ExactMatrix([[1], [0]]), ExactMatrix([[1]]))
    """
    if len(network.towers) > 1:
        raise _fault("only a network of one tower is given other widths")
    if len(dims) < 2 or min(dims) < 1:
        raise _fault("a network has at least two widths, each at least 1", tuple(dims))
    size = sum(a * b for a, b in pairwise(dims))
    if size > most:
        raise _fault(f"these widths make {size:,} numbers; at most {most:,} can be shown")
    old = network.layers
    layers = [
        _fitted(old[n], rows, cols) if n < len(old) else _eye(rows, cols, network.exact)
        for n, (cols, rows) in enumerate(pairwise(dims))
    ]
    told = "Layers were cut or filled up with zeros; layers that were added are identities."
    loss = network.loss
    if (dims[-1], dims[0]) != loss.shape:
        rng = generator((seed, 61))
        drawn = rng.integers(-HEIGHT, HEIGHT + 1, (dims[-1], dims[0])).tolist()
        loss = SquaredLoss(ExactMatrix.identity(dims[0]), ExactMatrix.of(drawn))
        told += " As an end has changed, a squared loss with a drawn target replaces the old one."
    return replace(network, towers=(Tower.of(layers),), loss=loss, expect={}), told


def _fitted(layer: Any, rows: int, cols: int) -> Any:
    if layer.shape == (rows, cols):
        return layer
    if isinstance(layer, ExactMatrix):
        entries = layer.entries()
        return ExactMatrix.of(
            [
                [entries[r][c] if r < layer.rows and c < layer.cols else 0 for c in range(cols)]
                for r in range(rows)
            ]
        )
    value = layer.value[0]
    return FloatMatrix.of(
        [
            [float(value[r, c]) if r < layer.rows and c < layer.cols else 0.0 for c in range(cols)]
            for r in range(rows)
        ]
    )


def _eye(rows: int, cols: int, exact: bool) -> Any:
    grid = [[int(r == c) for c in range(cols)] for r in range(rows)]
    return ExactMatrix.of(grid) if exact else FloatMatrix.of([[float(x) for x in g] for g in grid])


def _fault(problem: str, found: object = None) -> NetworkFileError:
    shown = None if found is None else str(found)
    return NetworkFileError("your network", Fault(("dims",), problem, found=shown))
