"""The inertia of an exact symmetric matrix: how many eigenvalues are positive, zero, negative.

For a rational H of size n:

1. NumPy proposes eigenvectors; Q_r are the r columns whose eigenvalue is not numerically zero.
   T = Q_rᵀHQ_r is enclosed, in floats with error bounds, and in balls where these are too wide.
   When every Gershgorin disc of T lies on one side of 0, T has as many positive and negative
   eigenvalues as discs say, p + q = r, and by the Courant–Fischer theorem H has at least p
   positive and at least q negative ones.
2. The rank of H is shown to be at most r: modulo primes whose product exceeds Hadamard's bound for
   minors of size r+1, the rank is at most r, so each such minor is a multiple of the product and
   smaller than it, hence 0.

Together the inertia is (p, n−p−q, q), proved; the eigenvectors propose and prove nothing. When
the discs do not settle it (tiny eigenvalues), and for small matrices, where it is quicker, the
characteristic polynomial and Descartes' rule decide (:meth:`ExactMatrix.inertia`).

Sources: R. Horn and C. Johnson, *Matrix Analysis*, 2nd ed., Theorems 4.2.6, 6.1.1 and 7.8.1.

Cost with n rows and b-bit entries: O(n³) for floats, and, where the rank is not full, (n·b/62)
ranks modulo a word, O(n⁴b) bit operations in all. Table 4b of the benchmarks has times.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.rationals import balls, to_flint
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.scalars import Undecidable

__all__ = ["Inertia", "exact_inertia", "rank_at_most"]

Inertia = tuple[int, int, int]
"""(positive, zero, negative)."""
Signs = tuple[int, int]
"""Lower bounds for the numbers of positive and negative eigenvalues."""

_WORD = 2**62
_SMALL = 24
"""Up to this size the characteristic polynomial is quicker whatever the entries."""
_QUICK = 56
"""And up to this size plus twice the entries' bits (measured: the two take equally long there)."""
# Elimination in constants that are not rational takes minutes beyond this size.
_FEW = 8
_TINY = 2.0**-200
"""Smaller floats count as 0, so that no product underflows."""


def exact_inertia(matrix: ExactMatrix, kernel: int = 0) -> Inertia:
    """The inertia of a symmetric exact matrix.

    Args:
        matrix: rational, or with other constants.
        kernel: a dimension that its kernel is known to have at least. It matters for constants
            such as log(2) only: balls find the other eigenvalues, and never a zero.

    Raises ``ValueError`` when it is not symmetric, ``Undecidable`` when a constant cannot be told
    from 0.

    >>> exact_inertia(ExactMatrix.of([[0, 1, 0], [1, 0, 0], [0, 0, 0]]))
    (1, 1, 1)
    """
    if matrix.rows == 0:
        return 0, 0, 0
    rational = to_flint(matrix)
    if rational is None:
        enclosed = _in_balls(matrix, kernel)
        if enclosed is not None:
            return enclosed
        if matrix.rows > _FEW:
            raise Undecidable(
                f"the eigenvalues of a {matrix.rows}×{matrix.rows} matrix of constants that are "
                "not rational: balls cannot tell one from 0"
            )
    if rational is None or matrix.rows <= _SMALL:
        return matrix.inertia()
    if rational != rational.transpose():
        raise ValueError("inertia is defined for symmetric matrices only")
    integers, _ = rational.numer_denom()
    entries = [int(x) for x in integers.entries()]
    bits = max(abs(x).bit_length() for x in entries)
    if matrix.rows + 2 * bits <= _QUICK:
        return matrix.inertia()
    proposal = _proposed(integers, entries, bits)
    if proposal is not None:
        for signs in (_float_signs, _ball_signs):
            proposed = signs(integers, proposal)
            if proposed is not None:
                positive, negative = proposed
                if rank_at_most(integers, positive + negative):
                    return positive, matrix.rows - positive - negative, negative
    return matrix.inertia()


def _in_balls(matrix: ExactMatrix, kernel: int) -> Inertia | None:
    """The signs when, beside a known kernel, every Gershgorin disc lies on one side of 0."""
    size, rank = matrix.rows, matrix.rows - kernel
    for bits in (128, 512):
        with flint.ctx.workprec(bits):
            table = balls(matrix.entries(), bits)
            mirrored = zip(*table, strict=True)
            if not all(
                x.overlaps(y)
                for line, column in zip(table, mirrored, strict=True)
                for x, y in zip(line, column, strict=True)
            ):
                raise ValueError("inertia is defined for symmetric matrices only")
            floats = np.array([[float(x.mid()) for x in line] for line in table])
            scale = float(np.abs(floats).max())
            if not np.isfinite(floats).all() or scale == 0:
                return None
            values, vectors = np.linalg.eigh((floats + floats.T) / 2 / scale)
            chosen = np.sort(np.argsort(-np.abs(values), kind="stable")[:rank])
            basis = flint.arb_mat(size, rank, [float(x) for x in vectors[:, chosen].ravel()])
            counted = _discs((basis.transpose() * (flint.arb_mat(table) * basis)).tolist())
        if counted is not None:
            return counted[0], size - sum(counted), counted[1]
    return None


def _discs(table: list[list[Any]]) -> Signs | None:
    """How many Gershgorin discs lie on either side of 0; ``None`` when one does not."""
    positive = negative = 0
    for i, line in enumerate(table):
        radius = flint.arb(0)
        for j, x in enumerate(line):
            if i != j:
                radius += abs(x)
        if line[i] > radius:
            positive += 1
        elif line[i] < -radius:
            negative += 1
        else:
            return None
    return positive, negative


def _proposed(integers: Any, entries: list[int], bits: int) -> tuple[FloatMatrix, Any] | None:
    """The matrix in floats, scaled by a power of 2, and eigenvectors for its nonzero eigenvalues:
    as many as its rank modulo a prime, a lower bound of its rank.

    ``None`` where floats cannot hold it.
    """
    size = integers.nrows()
    if bits > 900:
        return None
    values = np.array([float(x) for x in entries]).reshape(size, size) * 2.0**-bits
    values[np.abs(values) < _TINY] = 0.0
    # Conversion rounds by half a unit in the last place, which is at most 2⁻⁵² of the result.
    floats = FloatMatrix.of(values, 2.0**-52 * np.abs(values) + 2 * _TINY)
    rank = flint.nmod_mat(integers, _primes(1)[0]).rank()
    eigenvalues, vectors = np.linalg.eigh(values)
    chosen = np.sort(np.argsort(-np.abs(eigenvalues), kind="stable")[:rank])
    vectors = vectors[:, chosen]
    vectors[np.abs(vectors) < _TINY] = 0.0
    return floats, vectors


def _float_signs(integers: Any, proposal: tuple[FloatMatrix, Any]) -> Signs | None:
    """How many discs lie to the right of 0 and how many to its left; ``None`` if one touches 0."""
    floats, vectors = proposal
    basis = FloatMatrix.of(vectors)
    table = basis.T @ (floats @ basis)
    value, error = table.value[0], table.error[0]
    middle = np.diag(value)
    # Widened by more than the roundings of the sums.
    radius = (np.abs(value).sum(axis=1) - np.abs(middle) + error.sum(axis=1)) * (1 + 2.0**-20)
    radius = radius + np.abs(middle) * 2.0**-40
    if not (np.abs(middle) > radius).all():
        return None
    return int((middle > 0).sum()), int((middle < 0).sum())


def _ball_signs(integers: Any, proposal: tuple[FloatMatrix, Any]) -> Signs | None:
    """The same with balls of more and more bits."""
    vectors = proposal[1]
    size, rank = vectors.shape
    for bits in (128, 512):
        with flint.ctx.workprec(bits):
            basis = flint.arb_mat(size, rank, [float(x) for x in vectors.ravel()])
            counted = _discs((basis.transpose() * (flint.arb_mat(integers) * basis)).tolist())
        if counted is not None:
            return counted
    return None


def rank_at_most(integers: Any, rank: int) -> bool:
    """Whether an ``fmpz_mat`` has at most this rank, proved by primes and Hadamard's bound.

    >>> rank_at_most(flint.fmpz_mat([[1, 2], [2, 4]]), 1)
    True
    """
    if rank >= min(integers.nrows(), integers.ncols()):
        return True
    norms = sorted(
        (sum(int(x) ** 2 for x in line).bit_length() for line in integers.tolist()), reverse=True
    )
    # log2 of a product of r+1 row norms, each at most 2^(bits/2).
    bound = sum(norms[: rank + 1]) / 2 + 1
    for prime in _primes(int(bound / 61) + 1):
        if flint.nmod_mat(integers, prime).rank() > rank:
            return False
    return True


_FOUND: list[int] = []


def _primes(count: int) -> list[int]:
    """The largest primes below 2^62; each is above 2^61."""
    candidate = _FOUND[-1] if _FOUND else _WORD
    while len(_FOUND) < count:
        candidate -= 1
        if flint.fmpz(candidate).is_prime():
            _FOUND.append(candidate)
    return _FOUND[:count]
