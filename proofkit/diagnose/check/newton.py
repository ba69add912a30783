"""Newton's method and least curvature at a float point; nothing here decides anything.

Up to 600 parameters by the eigenvalues of the Hessian, beyond that within a Krylov space.
"""

from __future__ import annotations

import numpy as np

from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.krylov import least_step, lowest_vector
from proofkit.networks.array_matrix import Array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF

__all__ = ["gradient_rounding", "is_small", "lowest_direction", "newton_step", "norm_of"]

_NEWTON_PARAMETERS = 600


def norm_of(x: Array) -> float:
    """The Frobenius norm, scaled so that squares do not overflow."""
    top = float(np.abs(x).max(initial=0.0))
    if top == 0 or not np.isfinite(top):
        return top
    return float(np.linalg.norm(x / top)) * top


def is_small(point: FloatPoint) -> bool:
    """Whether a whole Hessian may be decomposed as often as it is needed."""
    return len(point.gradient) <= _NEWTON_PARAMETERS


def newton_step(point: FloatPoint) -> Array:
    """The Newton step of least norm: −H⁺g.

    Eigenvalues below √u times the largest count as 0, so that steps do not run along symmetries.
    Beyond 600 parameters within the Krylov space of g, without the Hessian.
    """
    gradient = point.gradient
    if not np.isfinite(gradient).all():
        return np.full(len(gradient), np.inf)
    if not gradient.any():
        return np.zeros(len(gradient))
    cut = float(np.sqrt(UNIT_ROUNDOFF))
    if len(gradient) > _NEWTON_PARAMETERS:
        return least_step(point.bend, gradient, cut)
    if not np.isfinite(point.hessian).all():
        return np.full(len(gradient), np.inf)
    eigenvalues, vectors = np.linalg.eigh(point.hessian)
    keep = np.abs(eigenvalues) > cut * np.abs(eigenvalues).max()
    inner = vectors[:, keep].T @ gradient
    result: Array = -vectors[:, keep] @ (inner / eigenvalues[keep])
    return result


def lowest_direction(point: FloatPoint) -> Array:
    """A unit eigenvector of the lowest eigenvalue of the Hessian, by Lanczos beyond 600 entries."""
    if is_small(point):
        vector: Array = np.linalg.eigh(point.hessian)[1][:, 0]
        return vector
    return lowest_vector(point.bend, len(point.gradient))[1]


def gradient_rounding(point: FloatPoint) -> float:
    """Rounding of the gradient's products and sums."""
    size = len(point.gradient)
    scale = max(
        float(np.linalg.norm(above) * np.linalg.norm(below))
        for tower in point.sides
        for above, below in tower
    )
    slope = float(np.linalg.norm(point.slope))
    data = float(np.linalg.norm(point.product)) + 1.0
    return 8 * size * UNIT_ROUNDOFF * scale * (slope + data)
