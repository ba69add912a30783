"""Dual points deep inside the domain of softmax's conjugate, by a barrier.

Where the best probabilities P of an inner problem are nearly 0, the dual S(X) leaves the simplex as
soon as X moves, and the bound over a box is lost. Among the duals that are allowed at the box's
midpoint, the analytic centre maximises Σ log P; a mixture with it keeps its distance from the
border at a small loss of the bound. Newton's method with steps damped by 1/(1 + λ) never leaves
the domain (Y. Nesterov and A. Nemirovskii, *Interior-Point Polynomial Algorithms*, 1994, 2.2).
"""

from __future__ import annotations

import numpy as np

from proofkit.diagnose.check.charts import Chart
from proofkit.networks.array_matrix import Array

__all__ = ["centres"]

_STEPS = 25


def centres(chart: Chart, x: Array, duals: Array, kernel: Array, indicator: Array) -> Array:
    """From duals (B, U) inside the domain towards the analytic centres at X = x.

    ``kernel`` is N with D·Nᵀ = 0, ``indicator`` that of the labels, on the rows that matter.
    """
    free, fixed, samples = chart.free, list(chart.fixed), indicator.shape[1]
    X = x.reshape(len(x), len(free), len(fixed))
    count = duals.shape[1]
    split = len(free) * samples
    # How S moves with each number: (B, U, rows, N).
    J = np.zeros((len(x), count, chart.rows, samples))
    for i, r in enumerate(free):
        for c in range(samples):
            J[:, i * samples + c, r, c] = 1
            J[:, i * samples + c, fixed, c] = -X[:, i]
    for q, r in enumerate(fixed):
        for k, line in enumerate(kernel):
            J[:, split + q * len(kernel) + k, r] = line
    flat = J.reshape(len(x), count, -1)
    total = J.sum(axis=2)
    point = duals.copy()
    for _ in range(_STEPS):
        S = np.einsum("bu,burn->brn", point, J)
        P = S + indicator
        last = 1 - P.sum(axis=1)
        slope = np.einsum("burn,brn->bu", J, 1 / P) - np.einsum("bun,bn->bu", total, 1 / last)
        scaled = flat / P.reshape(len(x), 1, -1)
        ends = total / last[:, None]
        bend = scaled @ np.swapaxes(scaled, 1, 2) + ends @ np.swapaxes(ends, 1, 2)
        ridge = 1e-14 * np.trace(bend, axis1=1, axis2=2)
        bend = bend + ridge[:, None, None] * np.eye(count)
        step = np.linalg.solve(bend, slope[..., None])[..., 0]
        size = np.sqrt(np.maximum(np.einsum("bu,bu->b", step, slope), 0))
        if not np.isfinite(size).all() or (size < 0.1).all():
            break
        point = point + step / (1 + size)[:, None]
    return point
