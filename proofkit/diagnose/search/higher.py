"""Third- and fourth-order ways down where the Hessian is semidefinite and inconclusive.

For v in the kernel of the Hessian H, along M + tv the loss changes by c₃t³ + …; with c₃ ≠ 0 one of
±v leads down. Otherwise let t²·g be the first term of the gradient along M + tv. With Hu = −g,
M + tv + t²u is the curve on which the fourth-order term is least. For quadratic losses u is found
exactly; for others g and u are proposed in floats and rounded, and u need not be exact.
Source: the Lyapunov–Schmidt reduction, M. Golubitsky and D. Schaeffer, *Singularities and Groups
in Bifurcation Theory* I, 1985, ch. VII. Paths are proved by ``paths``, or by
:mod:`proofkit.diagnose.check.series_paths` when the loss is no polynomial.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.hessian import hessian
from proofkit.diagnose.check.invariance import kernel_basis
from proofkit.diagnose.check.paths import Descent, descent, product_along, rounded, straight
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.diagnose.check.series_paths import series_descent
from proofkit.networks.array_matrix import array
from proofkit.networks.exact import ExactMatrix

__all__ = ["higher_order"]

MAX_PARAMETERS = 80
_SCALES = (4, 64, 4096)
_STEP = 1e-3
_TRIES = 40


def higher_order(point: Point, seed: int = 0) -> Descent | None:
    """A descending path of order 3 or 4, or ``None``; tried up to 80 parameters."""
    if point.parameters > MAX_PARAMETERS:
        return None
    H = hessian(point)
    basis = kernel_basis(H)
    if basis.cols == 0:
        return None
    inverse = H.pseudo_inverse() if point.loss.quadratic else None
    rng = np.random.default_rng(seed)
    for attempt in range(basis.cols + _TRIES):
        if attempt < basis.cols:
            chosen = ExactMatrix.of([[int(i == attempt)] for i in range(basis.cols)])
        else:
            chosen = ExactMatrix.of([[int(x)] for x in rng.integers(-2, 3, basis.cols)])
        v = basis @ chosen
        if v.is_zero():
            continue
        for factor in (1, -1):
            path = _proved(point, straight(point, _split(point, factor * v)))
            if path is not None:
                return path
        path = _bent(point, H, inverse, v) if inverse is not None else _bent_in_floats(point, v)
        if path is not None:
            return path
    return None


def _proved(point: Point, layers: list[MatrixPolynomial]) -> Descent | None:
    return descent(point, layers) or series_descent(point, layers)


def _bent_in_floats(point: Point, v: ExactMatrix) -> Descent | None:
    """M + tv + t²u with u = −H⁺g rounded; g by differences of the gradient along ±v."""
    arrays = [[array(_exact(m)) for m in tower.layers] for tower in point.towers]
    start = FloatPoint(arrays, point.loss)
    direction = array(v)[:, 0]
    h = _STEP / float(np.linalg.norm(direction))
    around = [start.at(start.vector + s * h * direction).gradient for s in (1, -1)]
    g = (around[0] + around[1]) / (2 * h * h)
    if not np.isfinite(g).all() or not np.isfinite(start.hessian).all():
        return None
    u = -np.linalg.pinv(start.hessian, rcond=1e-6, hermitian=True) @ g
    directions = _split(point, v)
    for scale in _SCALES:
        bends = _split(point, rounded(u[:, None], scale))
        curved = [
            MatrixPolynomial([m, d, b])
            for m, d, b in zip(point.layers, directions, bends, strict=True)
        ]
        path = _proved(point, curved)
        if path is not None:
            return path
    return None


def _exact(matrix: Any) -> ExactMatrix:
    if not isinstance(matrix, ExactMatrix):
        raise TypeError("an exact network is needed")
    return matrix


def _split(point: Point, vector: ExactMatrix) -> list[ExactMatrix]:
    parts, start = [], 0
    values = [x for (x,) in vector.entries()]
    for layer in point.layers:
        rows = [
            values[start + r * layer.cols : start + (r + 1) * layer.cols] for r in range(layer.rows)
        ]
        parts.append(ExactMatrix.of(rows, shape=layer.shape))
        start += layer.rows * layer.cols
    return parts


def _bent(point: Point, H: ExactMatrix, inverse: ExactMatrix, v: ExactMatrix) -> Descent | None:
    directions = _split(point, v)
    layers = straight(point, directions)
    g = _second_gradient(point, layers)
    u = -1 * (inverse @ g)
    if not (H @ u + g).is_zero():
        return None
    bends = _split(point, u)
    curved = [
        MatrixPolynomial([m, d, b]) for m, d, b in zip(point.layers, directions, bends, strict=True)
    ]
    return descent(point, curved)


def _second_gradient(point: Point, layers: list[MatrixPolynomial]) -> ExactMatrix:
    """The coefficient of t² of the gradient along a path, for a quadratic loss, as a column."""
    product = product_along(point, layers)
    loss: Any = point.loss
    # f′ is affine: f′(W + D) = f′(W) + f′(D) − f′(0).
    zero = ExactMatrix.zeros(*product.shape)
    slopes = [point.slope] + [
        loss.gradient(c) - loss.gradient(zero) for c in product.coefficients[1:]
    ]
    slope = MatrixPolynomial(slopes)
    values: list[Any] = []
    place = 0
    for tower in point.towers:
        own = layers[place : place + tower.depth]
        place += tower.depth
        below = [MatrixPolynomial([ExactMatrix.identity(tower.dims[0])])]
        for layer in own[:-1]:
            below.append(layer @ below[-1])
        above = [MatrixPolynomial([ExactMatrix.identity(tower.dims[-1])])]
        for layer in reversed(own[1:]):
            above.append(above[-1] @ layer)
        for i in range(tower.depth):
            gradient = above[tower.depth - 1 - i].T @ slope @ below[i].T
            rows, cols = gradient.shape
            if gradient.degree >= 2:
                values += [x for line in gradient.coefficients[2].entries() for x in line]
            else:
                values += [Fraction(0)] * (rows * cols)
    return ExactMatrix.of([[x] for x in values])
