"""Local minima by a damped Newton method, all starts of all problems at once.

A step solves (H + μI)s = −g with μ = ν‖g‖; ν grows where the matrix is not positive definite or
the loss does not fall, and shrinks otherwise. A shift in proportion to the gradient keeps the
convergence quadratic although minima are never isolated: they come in orbits.
Source: J. Fan and Y. Yuan, "On the quadratic convergence of the Levenberg–Marquardt method
without nonsingularity assumption", Computing 74, 2005.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proofkit.sweep.families import Data, lane
from proofkit.sweep.landscape import Landscape
from proofkit.sweep.lanes import Array, shifted_solve

__all__ = ["Found", "minimise"]

MAX_STEPS = 120

ROUNDOFF = 2.0**-53

GRADIENT_ROUNDINGS = 2**9
"""A gradient below so many units of rounding of its scale counts as zero."""


@dataclass(frozen=True)
class Found:
    """Where the searches ended: points (p, N), values (N,), and which are critical."""

    points: Array
    values: Array
    converged: NDArray[np.bool_]


def minimise(landscape: Landscape, data: Data, starts: Array) -> Found:
    """Search from the starts, (p, N); the data have a lane for each start."""
    points, values = starts.copy(), landscape.value(data, starts)
    converged = np.zeros(len(values), dtype=bool)
    active = np.flatnonzero(np.isfinite(values))
    x, f, own = points[:, active], values[active], lane(data, active)
    g, h, scale = landscape.derivatives(own, x)
    damping = np.ones(len(active))
    for _ in range(MAX_STEPS):
        norm = np.abs(g).max(axis=0)
        settled = norm <= GRADIENT_ROUNDINGS * ROUNDOFF * scale
        stuck = ~np.isfinite(norm) | (damping > 1e16)
        if (over := settled | stuck).any():
            ended = active[over]
            points[:, ended], values[ended], converged[ended] = x[:, over], f[over], settled[over]
            kept = np.flatnonzero(~over)
            active, x, f, norm = active[kept], x[:, kept], f[kept], norm[kept]
            g, h, damping, scale = g[:, kept], h[:, :, kept], damping[kept], scale[kept]
            own = lane(own, kept)
        if not len(active):
            break
        step, definite = shifted_solve(h, damping * norm, -g)
        tried = np.flatnonzero(definite)
        better = np.zeros(len(active), dtype=bool)
        if len(tried):
            trial = x[:, tried] + step[:, tried]
            reached = landscape.value(lane(own, tried), trial)
            # Near a minimum the loss no longer shows the progress that the gradient makes.
            fell = reached <= f[tried] + 8 * ROUNDOFF * (np.abs(f[tried]) + scale[tried])
            taken = tried[fell]
            better[taken] = True
            if len(taken):
                x[:, taken], f[taken] = trial[:, fell], reached[fell]
                moved = landscape.derivatives(lane(own, taken), x[:, taken])
                g[:, taken], h[:, :, taken], scale[taken] = moved
        damping *= np.where(better, 0.25, 6.0)
        np.maximum(damping, 1e-3, out=damping)
    points[:, active], values[active] = x, f
    return Found(points, values, converged)
