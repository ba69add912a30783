"""Lanczos' method: eigenvectors and Newton steps from products with the Hessian alone.

With s steps on P parameters the cost is s products with the Hessian and O(s²·P) for keeping the
basis orthogonal. Nothing here proves anything: what it proposes is tested by the loss itself.
Sources: C. Lanczos, J. Res. Nat. Bur. Stand. 45, 1950; C. Paige and M. Saunders, SIAM J. Numer.
Anal. 12, 1975 (the least-squares step).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from proofkit.networks.array_matrix import Array

__all__ = ["krylov_basis", "least_step", "lowest_vector"]

_STEPS = 120


def krylov_basis(
    apply: Callable[[Array], Array], start: Array, steps: int = _STEPS
) -> tuple[Array, Array]:
    """Orthonormal columns V spanning start, H·start, …, and VᵀHV.

    >>> V, T = krylov_basis(lambda x: np.array([1.0, 3.0]) * x, np.ones(2))
    >>> V.shape, np.round(np.linalg.eigvalsh(T), 9).tolist()
    ((2, 2), [1.0, 3.0])
    """
    steps = min(steps, len(start))
    basis = [start / np.linalg.norm(start)]
    images: list[Array] = []
    scale = 0.0
    for _ in range(steps):
        image = apply(basis[-1])
        images.append(image)
        scale = max(scale, float(np.linalg.norm(image)))
        table = np.array(basis)
        rest = image
        # Twice is enough (W. Kahan).
        for _ in range(2):
            rest = rest - table.T @ (table @ rest)
        length = float(np.linalg.norm(rest))
        if len(basis) == steps or length <= 1e3 * np.finfo(float).eps * scale:
            break
        basis.append(rest / length)
    V = np.array(basis[: len(images)]).T
    T = V.T @ np.array(images).T
    return V, (T + T.T) / 2


def lowest_vector(apply: Callable[[Array], Array], size: int, seed: int = 0) -> tuple[float, Array]:
    """An approximate lowest eigenvalue and its unit vector.

    >>> value, vector = lowest_vector(lambda x: np.array([2.0, -1.0, 0.0]) * x, 3)
    >>> round(value, 9), np.round(np.abs(vector), 9).tolist()
    (-1.0, [0.0, 1.0, 0.0])
    """
    start = np.random.default_rng(seed).standard_normal(size)
    V, T = krylov_basis(apply, start)
    values, vectors = np.linalg.eigh(T)
    vector = V @ vectors[:, 0]
    return float(values[0]), vector / np.linalg.norm(vector)


def least_step(apply: Callable[[Array], Array], gradient: Array, cut: float) -> Array:
    """A Newton step −H⁺g within the Krylov space of g; Ritz values below ``cut``·max count as 0.

    >>> least_step(lambda x: np.array([2.0, 0.0]) * x, np.array([4.0, 0.0]), 1e-8).tolist()
    [-2.0, 0.0]
    """
    V, T = krylov_basis(apply, gradient)
    values, vectors = np.linalg.eigh(T)
    keep = np.abs(values) > cut * np.abs(values).max()
    inner = vectors[:, keep].T @ (V.T @ gradient)
    result: Array = -V @ (vectors[:, keep] @ (inner / values[keep]))
    return result
