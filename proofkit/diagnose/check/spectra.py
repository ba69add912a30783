"""What the exact data of a squared loss say of its critical points, ties and gaps included.

Let f(W) = c‖WX − Y‖² and T = YQᵀ, X = RQ, QQᵀ = I, so that f = c‖WR − T‖² + constant.

- At a critical point of any depth and any ranks, with V = WR, GVᵀ = 0 and VᵀG = 0 for
  G = 2c(V − T), so V = PT with P the projector on ran V, and P commutes with TTᵀ. So the singular
  values of G = −2c(I − P)T are some of those of 2cT and zeros: either G = 0 or ‖G‖₂ is at least 2c
  times the least nonzero singular value of T.
- With S = TTᵀ = YX⁺XYᵀ, the second derivative at the best V of rank d has a zero eigenvalue for
  each pair of equal eigenvalues of S of which one is taken and the other is not.
"""

from __future__ import annotations

import flint
import numpy as np

from proofkit.diagnose.check.rationals import to_flint
from proofkit.diagnose.check.surroundings import Surroundings, spread
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.losses import Loss

__all__ = ["forces_zero_slope", "is_best", "tie_nullity"]

_ROWS = 40


def forces_zero_slope(here: Surroundings, rounded: bool = False) -> bool:
    """Whether f′ is so small that every critical point around has f′ = 0.

    With ``rounded``, singular values of T that its own rounding explains count as 0.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> loss = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[1, 0], [0, 0]]))
    >>> layers = [np.diag([1.0, 0.0]), np.diag([1.0, 0.0])]
    >>> forces_zero_slope(Surroundings([layers], loss, 1e-15))
    True
    """
    data = here.loss.plain_squares()
    if data is None or here.lens.quadratic is None:
        return False
    X, Y = data
    target, weights = here.lens.quadratic
    sigma = np.linalg.svd(target.value[0], compute_uv=False)
    noise = 4 * max(target.shape) * UNIT_ROUNDOFF * float(sigma[0])
    rank = int((sigma > noise).sum()) if rounded else int((Y @ X.T).rank())
    if rank == 0:
        return True
    sigma = sigma - spread(target)
    least = 2 * float(weights.ravel()[0]) * float(np.ldexp(sigma[rank - 1], -here.power))
    size = float(np.linalg.norm(here.slope.value[0], 2)) + spread(here.slope)
    return size < least * (1 - 1e-9)


def is_best(here: Surroundings, width: int) -> bool:
    """Whether the best approximation of T of this rank is as near as the surroundings reach.

    Source: C. Eckart and G. Young, Psychometrika 1, 1936.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> loss = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[2, 0], [0, 1]]))
    >>> layers = [np.array([[2.0, 0.0]]), np.array([[1.0], [0.0]])]
    >>> is_best(Surroundings([layers], loss, 1e-15), 1)
    True
    """
    if here.loss.plain_squares() is None or here.lens.quadratic is None:
        return False
    target = here.lens.quadratic[0]
    left, sigma, right = np.linalg.svd(np.ldexp(target.value[0], -here.power))
    gap = sigma[width - 1] - (sigma[width] if width < len(sigma) else 0.0)
    best = (left[:, :width] * sigma[:width]) @ right[:width]
    off = float(np.linalg.norm(best - here.seen.value[0]))
    return bool(gap > 0) and off <= spread(here.seen)


def tie_nullity(loss: Loss, width: int) -> int:
    """How many zero eigenvalues exact ties of eigenvalues of S explain at the best rank-d product.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> tie_nullity(SquaredLoss(ExactMatrix.identity(3), ExactMatrix.identity(3)), 1)
    2
    """
    data = loss.plain_squares()
    if data is None or data[1].rows > _ROWS:
        return 0
    X, Y = data
    S = to_flint(Y @ X.pseudo_inverse() @ X @ Y.T)
    if S is None:
        return 0
    roots = flint.fmpz_poly(list(S.charpoly().numer())).complex_roots()
    seen = 0
    for root, count in sorted(roots, key=lambda own: -float(own[0].real.mid())):
        if seen + count > width:
            taken = width - seen
            return int(taken * (count - taken)) if not root.real.contains(0) else 0
        seen += count
    return 0
