"""Ways down seen in floats: a fall of the loss by more than the running error of both values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proofkit.diagnose.certificate import Json
from proofkit.diagnose.float_point import FloatPoint
from proofkit.diagnose.float_values import float_value
from proofkit.diagnose.numeric import Array
from proofkit.networks.elementwise import LossError
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = ["falling", "way_down"]

_TIMES = 2.0 ** -np.arange(0, 40)
_TRIES = 12


def falling(network: Network, point: FloatPoint, direction: Array) -> Json | None:
    """The step along a direction with the lowest loss, if it certainly lowers the loss.

    The running error bounds of both loss values are below their difference.
    """
    length = float(np.linalg.norm(direction))
    if length == 0:
        return None
    unit = direction / length * max(1.0, float(np.linalg.norm(point.vector)))
    points = point.vector[None] + _TIMES[:, None] * unit[None]
    found = _lowest(network, point, points)
    if found is None:
        return None
    i, fall = found
    return {"size": float(_TIMES[i] * np.linalg.norm(unit)), "fall": fall}


def _lowest(network: Network, point: FloatPoint, vectors: Array) -> tuple[int, float] | None:
    """The row with the lowest loss, and the fall, if that is beyond doubt."""
    try:
        here = _values(network, point, point.vector[None])
        there = _values(network, point, vectors)
    except LossError:
        return None
    certain = here.value[0] - here.error[0] - there.value - there.error
    certain = np.where(np.isfinite(certain), certain, -np.inf)
    best = int(np.argmax(certain))
    return (best, float(certain[best])) if certain[best] > 0 else None


def _values(network: Network, point: FloatPoint, vectors: Array) -> Any:
    """The losses of many networks at once, with error bounds."""
    towers, start = [], 0
    for tower in network.towers:
        layers = []
        for layer in tower.layers:
            size = layer.rows * layer.cols
            block = vectors[:, start : start + size].reshape(len(vectors), layer.rows, layer.cols)
            layers.append(FloatMatrix.of(block))
            start += size
        towers.append(Tower(tower.dims, tuple(layers)))
    return float_value(network.loss, Network("", tuple(towers), network.loss).product())


def way_down(
    network: Network, point: FloatPoint, ranks: Sequence[Json], seed: int = 0
) -> Json | None:
    """Lemma 1's escape in floats: perturb within the kernels, then follow the gradient.

    The kernels are those of the singular values that count as 0; the fall is of the loss itself.
    """
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0] + [m.size for tower in point.towers for m in tower])
    for _ in range(_TRIES):
        for below in (True, False):
            move = _moves(point, ranks, below, rng)
            for size in (0.3, 0.1, 0.03, 0.01, 1e-3):
                moved = point.at(point.vector + size * move)
                for factor in (1.0, 0.3, 0.1, 0.01):
                    trial = moved.vector - factor * moved.gradient
                    found = _lowest(network, point, trial[None])
                    if found is not None:
                        return {
                            "perturbation": _rows(size * move, point, starts),
                            "step": _rows(-factor * moved.gradient, point, starts),
                            "fall": found[1],
                        }
    return None


def _rows(vector: Array, point: FloatPoint, starts: Any) -> list[Any]:
    layers = [m for tower in point.towers for m in tower]
    return [
        vector[a:b].reshape(m.shape).tolist()
        for m, a, b in zip(layers, starts, starts[1:], strict=False)
    ]


def _moves(
    point: FloatPoint, ranks: Sequence[Json], below: bool, rng: np.random.Generator
) -> Array:
    parts = []
    for tower, rank in zip(point.towers, ranks, strict=True):
        j, k = rank["bottleneck"], len(tower)
        for i in range(1, k + 1):
            right = i <= j
            if below:
                chain = _chain(tower, k, i + 1) if right else _chain(tower, i - 1, j + 1)
            else:
                chain = _chain(tower, j, i + 1) if right else _chain(tower, i - 1, 1)
            kernel = _kernel(chain if right else chain.T, rng)
            shape = tower[i - 1].shape
            if kernel is None:
                parts.append(np.zeros(shape).ravel())
            elif right:
                parts.append(np.outer(kernel, rng.standard_normal(shape[1])).ravel())
            else:
                parts.append(np.outer(rng.standard_normal(shape[0]), kernel).ravel())
    return np.concatenate(parts)


def _chain(tower: Sequence[Array], hi: int, lo: int) -> Array:
    size = tower[lo - 1].shape[1] if lo <= len(tower) else tower[-1].shape[0]
    result = np.eye(size)
    for layer in tower[lo - 1 : hi]:
        result = layer @ result
    return result


def _kernel(matrix: Array, rng: np.random.Generator) -> Array | None:
    _, sigma, right = np.linalg.svd(matrix)
    largest = sigma[0] if len(sigma) else 0.0
    rank = int((sigma > max(matrix.shape) * np.sqrt(np.finfo(float).eps) * largest).sum())
    if rank == matrix.shape[1]:
        return None
    basis = right[rank:]
    result: Array = rng.standard_normal(len(basis)) @ basis
    return result
