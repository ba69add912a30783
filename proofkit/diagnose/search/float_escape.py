"""Propose ways down in floats; :mod:`proofkit.diagnose.check.falls` says whether one falls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.falls import ends_lower, falling, path_table
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.networks.array_matrix import Array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.network import Network

__all__ = ["along", "way_down"]
_SIZES = (0.3, 0.03, 1.0)
_STEPS = 60
_TRIES = 6


def along(network: Network, start: FloatPoint, direction: Array) -> Json | None:
    """The straight path along ±direction, if the loss certainly falls on one of them."""
    for signed in (direction, -direction):
        found = falling(network, start, signed)
        if found is not None:
            step = found[0] / float(np.linalg.norm(signed)) * signed
            return _path(network, start, [step])
    return None


def way_down(
    network: Network, start: FloatPoint, point: FloatPoint, ranks: Sequence[Json], seed: int = 0
) -> Json | None:
    """Lemma 1's escape in floats: perturb within the kernels, then descend from there.

    The kernels are those of the singular values that count as 0 at ``point``. The path is
    M + t·P + t²·D, with the perturbation P and the sum D of the gradient steps after it.
    """
    rng = np.random.default_rng(seed)
    for _ in range(_TRIES):
        for below in (True, False):
            move = _moves(point, ranks, below, rng)
            for size in _SIZES:
                moved = start.at(start.vector + size * move)
                end = _descended(moved)
                if end.value < start.value:
                    path = _path(network, start, [size * move, end.vector - moved.vector])
                    if path is not None:
                        return path
    return None


def _descended(point: FloatPoint) -> FloatPoint:
    """Some gradient steps of adapted sizes."""
    rate = 0.1
    for _ in range(_STEPS):
        gradient = point.gradient
        if not np.isfinite(gradient).all():
            break
        trial = point.at(point.vector - rate * gradient)
        if trial.value < point.value:
            point, rate = trial, 1.5 * rate
        else:
            rate /= 4
    return point


def _path(network: Network, start: FloatPoint, coefficients: Sequence[Array]) -> Json | None:
    """M + t·C₁ + t²·C₂ as data, checked once more at its end."""
    whole = np.array([start.vector, *coefficients])
    layers, place = [], 0
    for shape in [m.shape for tower in start.towers for m in tower]:
        size = shape[0] * shape[1]
        block = whole[:, place : place + size].T.reshape(*shape, len(whole))
        layers.append(block.tolist())
        place += size
    path: Json = {"layers": layers, "t0": 1, "kind": "numerical"}
    fall = ends_lower(network, start, path)
    if fall is None:
        return None
    return {**path, "fall": fall, "table": path_table(start, path)}


def _moves(
    point: FloatPoint, ranks: Sequence[Json], below: bool, rng: np.random.Generator
) -> Array:
    parts = []
    scale = max(float(np.linalg.norm(point.vector)), 1.0)
    for tower, rank in zip(point.towers, ranks, strict=True):
        j, k = rank["bottleneck"], len(tower)
        for i in range(1, k + 1):
            right = i <= j
            if below:
                chain = _chain(tower, k, i + 1) if right else _chain(tower, i - 1, j + 1)
            else:
                chain = _chain(tower, j, i + 1) if right else _chain(tower, i - 1, 1)
            kernel = _kernel(chain if right else chain.T, scale, rng)
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


def _kernel(matrix: Array, scale: float, rng: np.random.Generator) -> Array | None:
    _, sigma, right = np.linalg.svd(matrix)
    rank = int((sigma > UNIT_ROUNDOFF ** (1 / 3) * scale).sum())
    if rank == matrix.shape[1]:
        return None
    basis = right[rank:]
    result: Array = rng.standard_normal(len(basis)) @ basis
    return result
