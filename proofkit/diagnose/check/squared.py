"""Squared loss: is a critical point optimal? Decided exactly, ties included.

Let f(W) = ‖WX − Y‖², S = Y X⁺X Yᵀ, and let (A, B) be critical for f(AB) with rank A = d. Then

1. AᵀG = 0 gives ABX⁺X… = ABX = QYX⁺X with Q = AA⁺ the projector on ran A, and GBᵀ = 0 then gives
   QS = SQ; the value is f(AB) = ‖Y‖² − tr QS.
2. Over all matrices of rank ≤ d the infimum of f is ‖Y‖² minus the sum of the d largest
   eigenvalues of S (Eckart–Young–Mirsky for YX⁺X), and by Ky Fan tr QS is at most that sum, with
   equality iff every eigenvalue λ of S on ran Q is at least every eigenvalue μ of S on ker Q.
3. Let N be a basis of ker Q = ker Aᵀ. The pencils (AᵀSA, AᵀA) and (NᵀSN, NᵀN) have the eigenvalues
   λ_i and μ_j. Congruences that diagonalise both pencils turn the symmetric matrix

       K = (AᵀSA) ⊗ (NᵀN) − (AᵀA) ⊗ (NᵀSN)

   into the diagonal matrix of all λ_i − μ_j. By Sylvester's law of inertia, the point is optimal
   iff K has no negative eigenvalue. K is rational when the data are: the test is exact, and a tie
   λ_i = μ_j is a zero eigenvalue of K, which does no harm.

Sources: C. Eckart and G. Young, Psychometrika 1, 1936; K. Fan, PNAS 35, 1949; G. Stewart and
J. Sun, *Matrix Perturbation Theory*, 1990, VI.1. Cost: an inertia of size d(m − d).
"""

from __future__ import annotations

from proofkit.diagnose.check.inertia import Inertia, exact_inertia
from proofkit.diagnose.check.point import Point, rank_of
from proofkit.networks.exact import ExactMatrix

__all__ = ["comparison"]


def comparison(point: Point) -> Inertia | None:
    """The inertia of K at a critical point whose A has full column rank; no negatives: optimal.

    ``None`` when the loss is not squared or rank A < d.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> from proofkit.networks.network import Network
    >>> X, Y = ExactMatrix.identity(2), ExactMatrix.of([[1, 0], [0, 1]])
    >>> A = ExactMatrix.of([[1], [0]])
    >>> comparison(Point(Network.single("a tie", [A.T, A], SquaredLoss(X, Y))))
    (0, 1, 0)
    """
    data = point.loss.plain_squares()
    if data is None:
        return None
    X, Y = data
    A, _ = point.stacked
    if rank_of(A) < A.cols:
        return None
    S = Y @ X.pseudo_inverse() @ X @ Y.T
    rest = ExactMatrix.identity(A.rows) - A @ A.pseudo_inverse()
    kept: list[int] = []
    for column in range(rest.cols):
        if len(kept) == A.rows - A.cols:
            break
        if rank_of(rest.block(range(rest.rows), [*kept, column])) == len(kept) + 1:
            kept.append(column)
    if not kept:
        return 0, 0, 0
    N = rest.block(range(rest.rows), kept)
    K = (A.T @ S @ A).kron(N.T @ N) - (A.T @ A).kron(N.T @ S @ N)
    return exact_inertia(K)
