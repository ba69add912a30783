"""Falls of the loss seen in floats, by more than the running error of both values.

A path is M(t) = M + t·C₁ + t²·C₂ for 0 ≤ t ≤ 1, written as the exact ones are. What is claimed is
the fall at its end; the table beside it shows the loss on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.networks.array_matrix import Array
from proofkit.networks.elementwise import LossError
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = [
    "certain_fall",
    "descent_step",
    "ends_lower",
    "falling",
    "path_end",
    "path_fault",
    "path_table",
]

_TIMES = 2.0 ** -np.arange(0, 40)


_PARTS = (0.125, 0.25, 0.5, 0.75, 1.0)


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
    return network.loss.value(Network("", tuple(towers), network.loss).product())


def _vectors(path: Json, times: Sequence[float]) -> Array:
    """All entries of the layers at these t."""
    entries = [x for layer in path["layers"] for row in layer for x in row]
    table = np.array(entries, dtype=np.float64)
    result: Array = np.power.outer(np.array(times), np.arange(table.shape[1])) @ table.T
    return result


def ends_lower(network: Network, start: FloatPoint, path: Json) -> float | None:
    """The certain fall of the loss at the end of a path; ``None`` when there is none."""
    found = certain_fall(network, start, _vectors(path, [1.0]))
    return None if found is None else found[1]


def path_table(start: FloatPoint, path: Json) -> list[list[float]]:
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
    fall = ends_lower(network, start, path)
    noise = 1e-12 * max(abs(start.value), 1.0)
    if fall is None or abs(path["fall"] - fall) > 1e-6 * abs(fall) + noise:
        return f"a fall of {path['fall']} is claimed, {fall} is seen"
    table = path_table(start, path)
    for a, b in zip(path["table"], table, strict=True):
        if a[0] != b[0] or abs(a[1] - b[1]) > 1e-5 * abs(b[1]) + noise:
            return "its table is another"
    return ""
