"""Singular values of a batch of uncertain matrices decide ranks, kernels and inverses.

All functions take ``value`` and ``error``, arrays (B, r, c): the true matrix T of an instance
satisfies |T − value| ≤ error entrywise. They return arrays with the batch axis first. An instance
with a value that is not finite has rank 0, undecided.

Sources: H. Weyl's and P.-Å. Wedin's theorems as in G. Stewart and J. Sun, *Matrix Perturbation
Theory*, 1990, Cor. IV.4.10, Thm V.4.1 and Thm III.3.9; the accuracy of computed singular values
as in E. Anderson et al., *LAPACK Users' Guide*, 3rd ed., §4.9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proofkit.networks.running import UNIT_ROUNDOFF, Array, gamma

# Machine epsilon as LAPACK counts it, 2u.
EPSILON = 2 * UNIT_ROUNDOFF
GOLDEN_RATIO = (1 + np.sqrt(5.0)) / 2


@dataclass(frozen=True, eq=False)
class Decomposition:
    """value = U·diag(σ)·Vᵀ per instance, with how far each σ may be from the true one.

    ``left`` (B, r, r), ``sigma`` (B, min(r, c)) descending, ``right`` (B, c, c) with the right
    singular vectors as rows, ``tolerance`` (B,), ``rank`` (B,), ``finite`` (B,).
    """

    left: Array
    sigma: Array
    right: Array
    tolerance: Array
    rank: NDArray[np.int64]
    finite: NDArray[np.bool_]

    def last_counted(self) -> Array:
        """σ_rank per instance, ∞ where the rank is 0."""
        padded = np.concatenate([np.full((len(self.rank), 1), np.inf), self.sigma], axis=1)
        return np.take_along_axis(padded, self.rank[:, None], axis=1)[:, 0]

    def first_uncounted(self) -> Array:
        """σ_{rank+1} per instance, 0 where there is none."""
        padded = np.concatenate([self.sigma, np.zeros((len(self.rank), 1))], axis=1)
        return np.take_along_axis(padded, self.rank[:, None], axis=1)[:, 0]


def decompose(value: Array, error: Array) -> Decomposition:
    """The singular value decomposition with tolerance τ = max(r,c)·ε·σ₁ + ‖error‖_F.

    The first term is LAPACK's backward error, the second bounds ‖T − value‖₂; by Weyl every σ is
    within τ of the true one. The rank counts σ > τ, so it never exceeds the rank of T.

    >>> decompose(np.array([[[1.0, 1.0], [1.0, 1.0]]]), np.zeros((1, 2, 2))).rank
    array([1])
    """
    batch, rows, cols = value.shape
    finite = np.asarray(np.isfinite(value + error).all(axis=(1, 2)))
    usable = np.where(finite[:, None, None], value, 0.0)
    if 0 in value.shape:
        left = np.broadcast_to(np.eye(rows), (batch, rows, rows))
        right = np.broadcast_to(np.eye(cols), (batch, cols, cols))
        sigma = np.zeros((batch, min(rows, cols)))
    else:
        left, sigma, right = np.linalg.svd(usable, full_matrices=True)
    largest = sigma[:, 0] if sigma.shape[1] else np.zeros(batch)
    own = frobenius(np.where(finite[:, None, None], error, 0.0))
    tolerance = max(rows, cols) * EPSILON * largest + own
    rank = (sigma > tolerance[:, None]).sum(axis=1)
    return Decomposition(left, sigma, right, tolerance, rank, finite)


def frobenius(matrices: Array) -> Array:
    """Upper bounds of the Frobenius norms (B,): the rounding of the sum is added."""
    terms = matrices.shape[1] * matrices.shape[2]
    norm: Array = np.sqrt((matrices**2).sum(axis=(1, 2))) * (1 + gamma(terms + 4))
    return norm


def decided(svd: Decomposition) -> NDArray[np.bool_]:
    """Whether counted and uncounted singular values are told apart: σ_rank − σ_{rank+1} > 2τ.

    Each σ is known up to τ, so the two are certainly different numbers only then; an exact zero
    singular value stands in for σ_{rank+1} when all are counted.
    """
    gap = svd.last_counted() - svd.first_uncounted() > 2 * svd.tolerance
    answer: NDArray[np.bool_] = gap & svd.finite
    return answer


def kernel_vector(svd: Decomposition) -> tuple[Array, Array]:
    """A unit vector close to the kernel of T, (B, c), and how far the kernel is from it, (B,).

    On the complement of its kernel T stretches by at least σ_rank(T) ≥ σ_rank − τ, and
    ‖Tw‖ ≤ σ_{rank+1} + τ; hence dist(w, ker T) ≤ (σ_{rank+1} + τ)/(σ_rank − τ), which is
    Wedin's sin Θ theorem for a kernel. It supposes that T has the rank that was counted.
    Instances without a kernel get NaN and distance ∞.
    """
    cols = svd.right.shape[2]
    vectors = svd.right[:, -1, :]
    top = np.argmax(np.abs(vectors), axis=1)
    leading = np.take_along_axis(vectors, top[:, None], axis=1)
    vectors = vectors * np.where(leading < 0, -1.0, 1.0)
    smallest = svd.sigma[:, -1] if svd.sigma.shape[1] == cols else np.zeros(len(svd.rank))
    with np.errstate(invalid="ignore"):
        distance = (smallest + svd.tolerance) / (svd.last_counted() - svd.tolerance)
    exists = (svd.rank < cols) & svd.finite
    return (
        np.where(exists[:, None], vectors, np.nan),
        np.where(exists, distance * (1 + gamma(4)), np.inf),
    )


def pseudo_inverse(svd: Decomposition) -> tuple[Array, Array]:
    """The Moore–Penrose inverse (B, c, r) and a bound (B,) on the error of each of its entries.

    Let A be ``value`` cut to its rank. Wedin: when A and T have the same rank,
    ‖T⁺ − A⁺‖₂ ≤ φ‖T⁺‖‖A⁺‖‖T − A‖ with φ the golden ratio; here ‖T − A‖ ≤ τ + σ_{rank+1},
    ‖A⁺‖ = 1/σ_rank, ‖T⁺‖ ≤ 1/(σ_rank − τ). To it come the deviation of the computed singular
    vectors from orthonormal ones, max(r,c)·ε for each side, and the rounding of the product.
    Instances that are not finite get NaN and ∞.
    """
    rows, cols = svd.left.shape[1], svd.right.shape[2]
    size = svd.sigma.shape[1]
    counted = np.arange(size)[None, :] < svd.rank[:, None]
    inverted = np.where(counted, 1 / np.where(counted, svd.sigma, 1.0), 0.0)
    right = np.swapaxes(svd.right[:, :size, :], 1, 2) * inverted[:, None, :]
    value = right @ np.swapaxes(svd.left[:, :, :size], 1, 2)
    least = svd.last_counted()
    uncertain = svd.tolerance + svd.first_uncounted()
    computed = 2 * max(rows, cols) * EPSILON + gamma(size + 2)
    with np.errstate(invalid="ignore"):
        error = (GOLDEN_RATIO * uncertain / (least - svd.tolerance) + computed) / least
    error = error * (1 + gamma(8))
    return (
        np.where(svd.finite[:, None, None], value, np.nan),
        np.where(svd.finite, error, np.inf),
    )


def inertia(value: Array, error: Array) -> NDArray[np.int64]:
    """Counts (B, 3) of eigenvalues that are positive, within τ of 0, negative.

    τ = n·ε·max|λ| + ‖error‖_F, by Weyl's theorem for symmetric matrices. The matrices are
    symmetrised first, which moves them nearer to a symmetric T.

    >>> inertia(np.array([[[1.0, 2.0], [2.0, 1.0]]]), np.zeros((1, 2, 2)))
    array([[1, 0, 1]])
    """
    size = value.shape[1]
    if size == 0:
        return np.zeros((value.shape[0], 3), dtype=np.int64)
    eigenvalues = np.linalg.eigvalsh((value + np.swapaxes(value, 1, 2)) / 2)
    largest = np.abs(eigenvalues).max(axis=1)
    tolerance = (size * EPSILON * largest + frobenius(error))[:, None]
    positive = (eigenvalues > tolerance).sum(axis=1)
    negative = (eigenvalues < -tolerance).sum(axis=1)
    return np.stack([positive, size - positive - negative, negative], axis=1)
