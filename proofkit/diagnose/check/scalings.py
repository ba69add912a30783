"""No critical point around: a derivative along W → W + t(PW + WQ) that is certainly not 0.

Moving the last layer by PM_k and the first by M_1Q moves the product W by PW + WQ. So at a critical
point ⟨f′, PW + WQ⟩ = 0 for all P and Q, which two entries of the gradient may leave open when each
of them alone is a small difference of large terms: an infimum that is only approached as some
entries of the layers grow and others shrink shows itself along such a scaling.
"""

from __future__ import annotations

import numpy as np

from proofkit.diagnose.check.surroundings import Surroundings
from proofkit.networks.floating import FloatMatrix

__all__ = ["is_excluded"]

_ENTRIES = 400
_TINY = 1e-300


def is_excluded(here: Surroundings) -> bool:
    """Whether some derivative along a scaling is not 0 anywhere in the surroundings.

    Of the diagonal P and Q the ones are taken for which ⟨f′, PW + WQ⟩ is largest beside its error.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import WeightedSquaredLoss
    >>> target, weights = ExactMatrix.of([[0, 1], [1, 0]]), ExactMatrix.of([[0, 1], [1, 1]])
    >>> layers = [np.array([[1e3, 1e-3]]), np.array([[1e3], [1e-3]])]
    >>> is_excluded(Surroundings([layers], WeightedSquaredLoss(target, weights), 1e-15))
    True
    """
    W, G = here.seen.value[0], here.slope.value[0]
    rows, cols = W.shape
    if len(here.towers) > 1 or W.size > _ENTRIES:
        return False
    if not (np.isfinite(W).all() and np.isfinite(G).all()):
        return False
    # ⟨G, PW + WQ⟩ = Σ (p_r + q_c) g_rc w_rc.
    size = np.abs(G) * here.seen.error[0] + here.slope.error[0] * np.abs(W)
    moves = np.concatenate(
        [np.kron(np.eye(rows), np.ones((1, cols))), np.kron(np.ones((1, rows)), np.eye(cols))]
    )
    gain = moves @ (G * W).ravel()
    if not gain.any():
        return False
    # The least Σ (error·change)² with gain·x = 1: x = x₀ + Zy with Z a basis of the kernel of gain.
    scale = size.ravel() + _TINY
    weighted = (moves * (scale / scale.max())).T
    first = gain / float(gain @ gain)
    kernel = np.linalg.svd(gain[None])[2][1:].T
    rest = np.linalg.lstsq(weighted @ kernel, -weighted @ first, rcond=1e-16)[0]
    x = first + kernel @ rest
    change = np.round(moves.T @ x / max(float(np.abs(moves.T @ x).max()), _TINY) * 2**20) / 2**20
    direction = FloatMatrix.of(change.reshape(rows, cols)).hadamard(here.seen)
    return not bool(here.slope.inner(direction).is_zero().all())
