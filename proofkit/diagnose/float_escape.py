"""Ways down seen in floats: a fall of the loss by more than the running error of both values.

A path is M(t) = M + t·C₁ + t²·C₂ for 0 ≤ t ≤ 1, written as the exact ones are. What is claimed is
the fall at its end; the table beside it shows the loss on the way.
"""

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
from proofkit.networks.running import UNIT_ROUNDOFF

__all__ = ["along", "certain_fall", "descent_step", "falling", "path_end", "path_fault", "way_down"]

_TIMES = 2.0 ** -np.arange(0, 40)
_PARTS = (0.125, 0.25, 0.5, 0.75, 1.0)
_SIZES = (0.3, 0.03, 1.0)
_STEPS = 60
_TRIES = 6


def falling(network: Network, start: FloatPoint, direction: Array) -> tuple[float, float] | None:
    """The step along a unit direction that certainly lowers the loss most: (size, fall)."""
    length = float(np.linalg.norm(direction))
    if length == 0 or not np.isfinite(length):
        return None
    reach = max(1.0, float(np.linalg.norm(start.vector)))
    unit = direction / length * reach
    found = certain_fall(network, start, start.vector[None] + _TIMES[:, None] * unit[None])
    if found is None:
        return None
    i, fall = found
    return float(_TIMES[i] * reach), fall


def descent_step(
    network: Network, start: FloatPoint, point: FloatPoint
) -> tuple[float, float, str] | None:
    """(size, certain fall, direction): against the gradient, else towards Newton's point."""
    for direction, name in (
        (-start.gradient, "against the gradient"),
        (point.vector - start.vector, "towards Newton's critical point"),
    ):
        found = falling(network, start, direction)
        if found is not None:
            return (*found, name)
    return None


def certain_fall(network: Network, start: FloatPoint, vectors: Array) -> tuple[int, float] | None:
    """The row with the lowest loss and its fall, if both values' errors do not explain it."""
    try:
        here = _values(network, start, start.vector[None])
        there = _values(network, start, vectors)
    except LossError:
        return None
    with np.errstate(invalid="ignore"):
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
    fall = _ends_lower(network, start, path)
    if fall is None:
        return None
    return {**path, "fall": fall, "table": _path_table(start, path)}


def _vectors(path: Json, times: Sequence[float]) -> Array:
    """All entries of the layers at these t."""
    entries = [x for layer in path["layers"] for row in layer for x in row]
    table = np.array(entries, dtype=np.float64)
    result: Array = np.power.outer(np.array(times), np.arange(table.shape[1])) @ table.T
    return result


def _ends_lower(network: Network, start: FloatPoint, path: Json) -> float | None:
    """The certain fall of the loss at the end of a path; ``None`` when there is none."""
    found = certain_fall(network, start, _vectors(path, [1.0]))
    return None if found is None else found[1]


def _path_table(start: FloatPoint, path: Json) -> list[list[float]]:
    """[t, change of the loss] for some t, as plain floats show it."""
    here = start.value
    return [
        [t, float(f"{start.at(vector).value - here:.6g}")]
        for t, vector in zip(_PARTS, _vectors(path, _PARTS), strict=True)
    ]


def path_end(path: Json) -> list[list[list[float]]]:
    """The layers at t = 1, entries summed as floats."""
    return [[[float(sum(x)) for x in row] for row in layer] for layer in path["layers"]]


def path_fault(network: Network, start: FloatPoint, path: Json) -> str:
    """Why data are no path from the network to a certainly lower loss; empty when they are one.

    Its numbers must be those seen here, up to what rounding may change.
    """
    if set(path) != {"layers", "t0", "kind", "fall", "table"}:
        return "the keys are not those of a numerical path"
    if path["t0"] != 1 or path["kind"] != "numerical":
        return "it is no numerical path up to t = 1"
    first = [np.array([[x[0] for x in row] for row in layer]) for layer in path["layers"]]
    own = [m for tower in start.towers for m in tower]
    if len(first) != len(own) or not all(map(np.array_equal, first, own)):
        return "it does not start at the network"
    fall = _ends_lower(network, start, path)
    noise = 1e-12 * max(abs(start.value), 1.0)
    if fall is None or abs(path["fall"] - fall) > 1e-6 * abs(fall) + noise:
        return f"a fall of {path['fall']} is claimed, {fall} is seen"
    table = _path_table(start, path)
    for a, b in zip(path["table"], table, strict=True):
        if a[0] != b[0] or abs(a[1] - b[1]) > 1e-5 * abs(b[1]) + noise:
            return "its table is another"
    return ""


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
