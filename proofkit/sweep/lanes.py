"""Arrays with the batch last: one lane for each run of the search, all lanes at once.

A batch of r×c matrices is an array (r, c, N). With the batch innermost every operation is a long
vector operation whatever the matrices' size, which for the small matrices of an experiment is a
hundred times faster than a loop over LAPACK calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "batch_first", "packed", "product", "shifted_solve", "unpacked"]

Array: TypeAlias = NDArray[np.float64]


def product(left: Array, right: Array) -> Array:
    """left @ right in every lane.

    >>> product(np.ones((2, 3, 5)), np.ones((3, 1, 5))).shape
    (2, 1, 5)
    """
    result: Array = np.einsum("ijn,jkn->ikn", left, right)
    return result


def packed(layers: Sequence[Array]) -> Array:
    """All entries of the layers, row by row, M_1 first: (p, N)."""
    return np.concatenate([layer.reshape(-1, layer.shape[-1]) for layer in layers])


def unpacked(x: Array, dims: Sequence[int]) -> list[Array]:
    """The layers M_1, …, M_k whose entries these are.

    >>> [m.shape for m in unpacked(np.zeros((4, 7)), (2, 1, 2))]
    [(1, 2, 7), (2, 1, 7)]
    """
    layers, at = [], 0
    for cols, rows in pairwise(dims):
        layers.append(x[at : at + rows * cols].reshape(rows, cols, -1))
        at += rows * cols
    return layers


def batch_first(array: Array) -> Array:
    """The array with the batch as the first axis, as NumPy's linear algebra wants it."""
    return np.ascontiguousarray(np.moveaxis(array, -1, 0))


def shifted_solve(matrix: Array, shift: Array, right: Array) -> tuple[Array, NDArray[np.bool_]]:
    """x with (H + μI) x = b in every lane, and where H + μI is positive definite.

    By LDLᵀ without pivoting, which needs none where the matrix is positive definite; elsewhere x
    means nothing.

    >>> H = np.array([[2.0, 1.0], [1.0, 2.0]])[:, :, None]
    >>> x, fine = shifted_solve(H, np.zeros(1), np.ones((2, 1)))
    >>> x.round(12).tolist(), fine.tolist()
    ([[0.333333333333], [0.333333333333]], [True])
    """
    size = len(matrix)
    work, x = matrix.copy(), right.copy()
    fine = np.ones(x.shape[1], dtype=bool)
    # Lanes that are not positive definite may overflow; nobody looks at them.
    with np.errstate(over="ignore", invalid="ignore"):
        for j in range(size):
            pivot = work[j, j]
            pivot += shift
            fine &= pivot > 0
            inverse = 1.0 / np.where(pivot > 0, pivot, 1.0)
            factors = work[j + 1 :, j] * inverse
            work[j + 1 :, j + 1 :] -= factors[:, None] * work[j, None, j + 1 :]
            x[j + 1 :] -= factors * x[j]
            work[j, j] = inverse
        for j in range(size - 1, -1, -1):
            x[j] -= (work[j, j + 1 :] * x[j + 1 :]).sum(axis=0)
            x[j] *= work[j, j]
    return x, fine
