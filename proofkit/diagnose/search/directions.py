"""First- and second-order ways down, proposed in floats and proved exactly.

A direction is rounded to short rationals before anything is claimed of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.diagnose.check.hessian import hessian, two_layer_hessian
from proofkit.diagnose.check.paths import (
    Descent,
    curvature,
    descent,
    product_along,
    rounded,
    straight,
)
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import ExactNumber, sign

__all__ = ["Curve", "Step", "descent_step", "negative_curvature"]


@dataclass(frozen=True)
class Step:
    """M − s·D has a lower loss than M; D is the gradient, rounded."""

    size: Fraction
    layers: tuple[ExactMatrix, ...]


@dataclass(frozen=True)
class Curve:
    """A direction D with D²L(M)[D, D] < 0, and the straight path along it."""

    direction: tuple[ExactMatrix, ...]
    curvature: ExactNumber
    path: Descent | None


def floats(matrix: ExactMatrix) -> np.ndarray[Any, Any]:
    """The nearest floats."""
    return np.array([[float(x) for x in line] for line in matrix.entries()]).reshape(matrix.shape)


def descent_step(point: Point) -> Step | None:
    """A step along the negative gradient that certainly lowers the loss."""
    slopes = [floats(g) for g in point.gradients]
    largest = max(float(np.abs(g).max()) for g in slopes)
    if largest == 0 or not np.isfinite(largest):
        return None
    # In units of a power of two the largest entry is about 1.
    unit = Fraction(2) ** int(np.rint(np.log2(largest)))
    directions = [rounded(g / float(unit), 64) for g in slopes]
    size = Fraction(1)
    for _ in range(60):
        moved = [m - (size * unit) * d for m, d in zip(point.layers, directions, strict=True)]
        product = product_along(point, [MatrixPolynomial([m]) for m in moved]).coefficients[0]
        try:
            lower = point.loss.compare(product, point.product) == -1
        except ArithmeticError:
            lower = False
        except ValueError:
            # Outside the domain of the loss.
            lower = False
        if lower:
            return Step(size, tuple(moved))
        size /= 4
    return None


def negative_curvature(point: Point) -> Curve | None:
    """A direction of negative curvature at a critical point whose Hessian has one."""
    for direction in _proposals(point):
        value = curvature(point, direction)
        if sign(value) < 0:
            return Curve(tuple(direction), value, descent(point, straight(point, direction)))
    return None


def _proposals(point: Point) -> Iterator[list[ExactMatrix]]:
    lift = point.critical and point.stacked_full and not point.stationary
    matrix = floats(two_layer_hessian(point) if lift else hessian(point))
    matrix = matrix / max(float(np.abs(matrix).max()), 1e-300)
    vector = np.linalg.eigh(matrix)[1][:, 0]
    vector = vector / vector[np.argmax(np.abs(vector))]
    for scale in (1, 2, 4, 8, 16, 64, 256, 2**12, 2**16, 2**24, 2**40):
        parts = _lifted(point, vector, scale) if lift else _split(point, vector, scale)
        if not all(p.is_zero() for p in parts):
            yield parts


def _split(point: Point, vector: np.ndarray[Any, Any], scale: int) -> list[ExactMatrix]:
    parts, start = [], 0
    for layer in point.layers:
        size = layer.rows * layer.cols
        parts.append(rounded(vector[start : start + size].reshape(layer.shape), scale))
        start += size
    return parts


def _lifted(point: Point, vector: np.ndarray[Any, Any], scale: int) -> list[ExactMatrix]:
    """A direction (D_B, D_A) of the stacked two-layer network, realised in M_1 and M_k.

    A + tD_A = (M_k + tD_A A_1⁺)A_1 with A_1 = M_{k−1}⋯M_{j+1}, and B + tD_B = B_1(M_1 + tB_1⁺D_B)
    with B_1 = M_j⋯M_2.
    """
    A, B = point.stacked
    below = vector[: B.rows * B.cols].reshape(B.shape)
    above = vector[B.rows * B.cols :].reshape(A.shape)
    parts: list[ExactMatrix] = []
    start = 0
    for cut in point.first_cuts:
        tower = point.towers[cut.tower]
        rows = range(start, start + cut.d)
        start += cut.d
        own: list[Any] = [ExactMatrix.zeros(m.rows, m.cols) for m in tower.layers]
        inner_A: Any = tower.chain(tower.depth - 1, cut.j + 1)
        inner_B: Any = tower.chain(cut.j, 2)
        left, right = inner_A.left_inverse(), inner_B.T.left_inverse()
        if left is None or right is None:
            raise ValueError("the halves have full rank, so have their parts")
        own[-1] = rounded(above[:, list(rows)], scale) @ left
        own[0] = own[0] + right.T @ rounded(below[list(rows), :], scale)
        parts += own
    return parts
