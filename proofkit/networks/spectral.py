"""Singular values of a batch of uncertain matrices decide ranks, kernels and inverses.

All functions take ``value``, an array (B, r, c), and how far the true matrix T of an instance may
be from it: ``spread`` (B,) with ‖T − value‖_F ≤ spread, or ``error`` (B, r, c) with
|T − value| ≤ error entrywise. They return arrays with the batch axis first. An instance with a
value that is not finite has rank 0, undecided.

Sources: H. Weyl's and P.-Å. Wedin's theorems as in G. Stewart and J. Sun, *Matrix Perturbation
Theory*, 1990, Cor. IV.4.10, Thm V.4.1 and Thm III.3.9; the accuracy of computed singular values
as in E. Anderson et al., *LAPACK Users' Guide*, 3rd ed., §4.9.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proofkit.networks.error_bounds import UNIT_ROUNDOFF, Array, Quiet, frobenius, gamma

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


def decompose(value: Array, spread: Array) -> Decomposition:
    """The singular value decomposition with tolerance τ = max(r,c)·ε·σ₁ + spread.

    The first term is LAPACK's backward error, the second bounds ‖T − value‖₂; by Weyl every σ is
    within τ of the true one. The rank counts σ > τ, so it never exceeds the rank of T.

    >>> decompose(np.array([[[1.0, 1.0], [1.0, 1.0]]]), np.zeros(1)).rank
    array([1])
    """
    batch, rows, cols = value.shape
    finite = np.asarray(np.isfinite(value).all(axis=(1, 2)) & np.isfinite(spread))
    usable = np.where(finite[:, None, None], value, 0.0)
    if 0 in value.shape:
        left = np.broadcast_to(np.eye(rows), (batch, rows, rows))
        right = np.broadcast_to(np.eye(cols), (batch, cols, cols))
        sigma = np.zeros((batch, min(rows, cols)))
    else:
        left, sigma, right = np.linalg.svd(usable, full_matrices=True)
    largest = sigma[:, 0] if sigma.shape[1] else np.zeros(batch)
    tolerance = max(rows, cols) * EPSILON * largest + np.where(finite, spread, 0.0)
    rank = (sigma > tolerance[:, None]).sum(axis=1)
    return Decomposition(left, sigma, right, tolerance, rank, finite)


MOST_PIVOTS = 6
"""Rows or columns up to which ranks are read off a QR factorisation; each costs a factor of 2."""


SMALLEST, LARGEST = 2.0**-400, 2.0**400
"""Norms of matrices between which no square of an entry that matters leaves the range of floats."""


def ranks(value: Array, spread: Array) -> NDArray[np.int64]:
    """The ranks (B,) that `decompose` counts, for many small matrices ten times as fast.

    QR with column pivoting, XP = QR, gives σ_k ≥ 3|r_kk|/√(4ᵏ + 6k − 1), and σ_{k+1} ≤ ‖R₂₂‖_F for
    what is left of R after k steps (N. Higham, *Accuracy and Stability of Numerical Algorithms*,
    2nd ed., Thm 8.14; G. Golub and C. Van Loan, *Matrix Computations*, 4th ed., 5.4).  An instance
    has rank k where the first is above 2τ, which leaves τ for the rounding of QR, and the second
    not above τ; singular values are computed where neither tells.

    >>> ranks(np.array([[[1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0 + 1e-15]]]), np.zeros(2))
    array([1, 1])
    """
    batch, rows, cols = value.shape
    if min(rows, cols) == 0 or min(rows, cols) > MOST_PIVOTS:
        return decompose(value, spread).rank
    finite = np.asarray(np.isfinite(value).all(axis=(1, 2)) & np.isfinite(spread))
    usable = value if finite.all() else np.where(finite[:, None, None], value, 0.0)
    known = spread if finite.all() else np.where(finite, spread, 0.0)
    with Quiet():
        pivots, left = _pivots(usable)
    rounding = max(rows, cols) * EPSILON
    least, most = rounding * pivots[0] + known, rounding * left[0] + known
    counted = np.zeros(batch, dtype=np.int64)
    sound = (left[0] > SMALLEST) & (left[0] < LARGEST)
    certain = sound & (left[0] <= least)
    for k, pivot in enumerate(pivots, start=1):
        counts = pivot * (3 / np.sqrt(4.0**k + 6 * k - 1)) > 2 * most
        ends = sound & counts if k == len(pivots) else sound & counts & (left[k] <= least)
        counted[ends] = k
        certain |= ends
    if not certain.all():
        counted[~certain] = decompose(usable[~certain], known[~certain]).rank
    return counted


def _pivots(value: Array) -> tuple[list[Array], list[Array]]:
    """The pivots |r_kk| of QR with column pivoting by modified Gram–Schmidt, each (B,).

    And the Frobenius norms of the columns that are left before each step.  Where the matrices
    have more columns than rows, those of the transposes.
    """
    columns = np.array(np.moveaxis(value, 0, -1), order="C")
    if columns.shape[1] <= columns.shape[0]:
        columns = np.array(np.swapaxes(columns, 0, 1), order="C")
    pivots, left = [], []
    while len(columns):
        squares = np.einsum("crb,crb->cb", columns, columns)
        left.append(np.sqrt(squares.sum(axis=0)))
        largest = squares.argmax(axis=0)[None, None]
        pivot = np.take_along_axis(columns, largest, axis=0)[0]
        size = np.sqrt(squares.max(axis=0))
        pivots.append(size)
        np.put_along_axis(columns, largest, columns[:1], axis=0)
        columns = columns[1:]
        if len(columns):
            pivot /= np.where(size > 0, size, 1.0)
            columns -= np.einsum("rb,crb->cb", pivot, columns)[:, None] * pivot
    return pivots, left


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
