"""Lemma 1's escape, constructed: the product stays, the gradient does not, then the loss falls.

In a tower with G ≠ 0 and rank A < d at a bottleneck j (the mirror image serves rank B < d):

1. Lemma 1: for i ≤ j, adding w_i v_iᵀ with M_k⋯M_{i+1}w_i = 0 to M_i leaves the product as it is
   (identity (1)); for general v_i the new B has GBᵀ ≠ 0.
2. Theorem 3, for the layers above j and the function X ↦ f(XB): for i > j, adding w_i u_iᵀ with
   u_iᵀM_{i−1}⋯M_{j+1} = 0 to M_i leaves the product as it is. E10 shows that step 1 alone does not
   do: there the point stays critical.
3. The result M + tP has the same product for every t and, for a general choice, a gradient
   t^r g + … with r ≥ 1 and g ≠ 0. Along M(t) = M + tP − c·t^r·g the loss changes by
   −c|g|²t^{2r} + c²·(…)·t^{2r} + …, which is negative for small c and t.

Without a bottleneck (d = d_0 or d = d_k) step 2 alone does, with j = 0 or j = k. Small integer
choices come first, so that the path is one to look at; general ones follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.diagnose.check.paths import Descent, descent
from proofkit.diagnose.check.point import Cut, Point
from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.networks.exact import ExactMatrix

__all__ = ["Escape", "escape"]

_ATTEMPTS = 12
_STEPS = 12


class Escape:
    """A descent together with the perturbation P it begins with and the first gradient t^r·g."""

    def __init__(
        self, path: Descent, tower: int, j: int, moves: list[ExactMatrix], power: int, result: str
    ) -> None:
        self.path = path
        self.tower = tower
        self.j = j
        self.moves = moves
        self.power = power
        self.result = result


def escape(point: Point, seed: int = 0) -> Escape | None:
    """A way down from a critical point with f′ ≠ 0 where some tower has rank A < d or rank B < d.

    ``None`` when there is no such tower, or none of the tries led down.
    """
    rng = np.random.default_rng(seed)
    best: Escape | None = None
    for attempt in range(_ATTEMPTS):
        for cut in point.cuts:
            tower = point.towers[cut.tower]
            inner = 0 < cut.j < tower.depth
            if cut.full and inner:
                continue
            result = "lemma-1" if inner else "theorem-3"
            for below in (True, False):
                if inner and (cut.rank_A if below else cut.rank_B) == cut.d:
                    continue
                moves = _moves(point, cut, below, rng, attempt)
                found = _descend(point, cut, moves, result)
                if found is not None and (best is None or _better(found, best)):
                    best = found
        if best is not None and attempt >= 2:
            return best
    return best


def _better(new: Escape, old: Escape) -> bool:
    return (new.path.order, -new.path.end) < (old.path.order, -old.path.end)


def _moves(
    point: Point, cut: Cut, below: bool, rng: np.random.Generator, attempt: int
) -> list[ExactMatrix]:
    """P: one rank-one term per layer where it leaves the product alone, 0 elsewhere."""
    tower = point.towers[cut.tower]
    k, j = tower.depth, cut.j
    moves = []
    for i in range(1, k + 1):
        layer: Any = tower.layer(i)
        if below:
            # Lemma 1 up to j, Theorem 3 on the network above j.
            right_kernel = i <= j
            chain: Any = tower.chain(k, i + 1) if right_kernel else tower.chain(i - 1, j + 1)
        else:
            right_kernel = i <= j
            chain = tower.chain(j, i + 1) if right_kernel else tower.chain(i - 1, 1)
        kernel = (chain if right_kernel else chain.T).null_vector()
        if kernel is None:
            moves.append(ExactMatrix.zeros(*layer.shape))
            continue
        if attempt > 1:
            kernel = _general(chain if right_kernel else chain.T, rng) or kernel
        if right_kernel:
            moves.append(kernel @ _vector(rng, layer.cols, attempt).T)
        else:
            moves.append(_vector(rng, layer.rows, attempt) @ kernel.T)
    return moves


def _general(chain: ExactMatrix, rng: np.random.Generator) -> ExactMatrix | None:
    """A random vector of the kernel: the projection of a random one on it."""
    start = _vector(rng, chain.cols, 2)
    projected = start - chain.pseudo_inverse() @ chain @ start
    return None if projected.is_zero() else projected


def _vector(rng: np.random.Generator, size: int, attempt: int) -> ExactMatrix:
    """A unit vector at first, then all ones, then small random integers."""
    if attempt == 0:
        values = [0] * size
        values[int(rng.integers(size))] = 1
    elif attempt == 1:
        values = [1] * size
    else:
        values = [int(x) for x in rng.integers(-2, 3, size)]
        if not any(values):
            values[0] = 1
    return ExactMatrix.of([[x] for x in values])


def _descend(point: Point, cut: Cut, moves: list[ExactMatrix], result: str) -> Escape | None:
    tower = point.towers[cut.tower]
    first = sum(t.depth for t in point.towers[: cut.tower])
    moved = [MatrixPolynomial([_exact(m), p]) for m, p in zip(tower.layers, moves, strict=True)]
    gradients = list(_gradients(moved, point.slope))
    power = min((r for r in map(_order, gradients) if r is not None), default=None)
    if power is None or power == 0:
        return None
    slopes = [_coefficient(g, power) for g in gradients]
    largest = max(abs(float(x)) for g in slopes for line in g.entries() for x in line)
    factor = Fraction(1, 2) / _power_of_two(largest)
    for _ in range(_STEPS):
        layers = [MatrixPolynomial([m]) for m in point.layers]
        for i, (m, g) in enumerate(zip(moved, slopes, strict=True)):
            layers[first + i] = m + MatrixPolynomial([-factor * g]).shifted(power)
        path = descent(point, layers)
        if path is not None:
            return Escape(path, cut.tower, cut.j, moves, power, result)
        factor /= 4
    return None


def _gradients(layers: list[MatrixPolynomial], slope: ExactMatrix) -> Iterator[MatrixPolynomial]:
    """(M_k⋯M_{i+1})ᵀ G (M_{i−1}⋯M_1)ᵀ along the path, for each layer."""
    below = [MatrixPolynomial([ExactMatrix.identity(layers[0].shape[1])])]
    for layer in layers[:-1]:
        below.append(layer @ below[-1])
    above = [MatrixPolynomial([ExactMatrix.identity(layers[-1].shape[0])])]
    for layer in reversed(layers[1:]):
        above.append(above[-1] @ layer)
    middle = MatrixPolynomial([slope])
    return iter([u.T @ middle @ v.T for u, v in zip(reversed(above), below, strict=True)])


def _order(matrix: MatrixPolynomial) -> int | None:
    return next((p for p, c in enumerate(matrix.coefficients) if not c.is_zero()), None)


def _coefficient(matrix: MatrixPolynomial, power: int) -> ExactMatrix:
    if power < len(matrix.coefficients):
        return matrix.coefficients[power]
    return ExactMatrix.zeros(*matrix.shape)


def _power_of_two(x: float) -> Fraction:
    """The power of 2 next to a positive number."""
    return Fraction(2) ** int(np.round(np.log2(x)))


def _exact(matrix: Any) -> ExactMatrix:
    if not isinstance(matrix, ExactMatrix):
        raise TypeError("an exact network is needed")
    return matrix
