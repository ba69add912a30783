"""Second derivatives over the surroundings of a network, each with a bound on its error.

By Weyl's theorem every eigenvalue of the form at any network of the surroundings is within the
bound of one of the form computed here (G. Stewart and J. Sun, *Matrix Perturbation Theory*, 1990,
Cor. IV.4.10); so an eigenvalue beyond the bound has its sign at all of them.

- :func:`tangent`: full ranks. The product W is a point of the manifold of matrices of rank d, and
  what kind of point (A, B) is hangs on W alone. With W ≈ UΣV, the slice of all
  (UΣ^½ + U_⊥αΣ^{−½}, Σ^½V + Σ^{−½}β) crosses every orbit of the symmetries A → AC, B → C⁻¹B
  once, and there

      L″[α, β] = f″[U_⊥αV + Uβ] + 2⟨f′, U_⊥ α Σ⁻¹ β⟩.

  No gauge takes part, so neither its scale nor its condition matters, and the form has no kernel
  but what the loss itself explains.
- :func:`whole`: all W are products nearby; the form is f″.
- :func:`layered`: low ranks. The Hessian in all layers, in bases of the spaces between them in
  which the layers below the last are [orthonormal rows; 0] (changes of basis are congruences, so
  by Sylvester's law of inertia the signs stay).
- :func:`curvature`: the form along one direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proofkit.diagnose.check.float_point import inertia
from proofkit.diagnose.check.surroundings import Bend, Surroundings, spread
from proofkit.networks.array_matrix import Array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.floating import FloatMatrix

__all__ = ["Form", "curvature", "layered", "tangent", "whole"]


@dataclass(frozen=True)
class Form:
    """A symmetric matrix, and how far (in the spectral norm) it is from the form anywhere around.

    ``gradient`` bounds the norm of the first derivative in the same coordinates, at the middle.
    """

    matrix: Array
    error: float
    gradient: float
    diagonal: bool = False

    def signs(self) -> tuple[tuple[int, int, int], float]:
        """How many eigenvalues are certainly positive, neither, certainly negative; the bound.

        >>> Form(np.diag([2.0, 0.1, -1.0]), 0.5, 0.0, True).signs()
        ((1, 1, 1), 0.5)
        """
        return self._signs

    @cached_property
    def _signs(self) -> tuple[tuple[int, int, int], float]:
        if not self.diagonal:
            return inertia(self.matrix, self.error)
        values = np.diag(self.matrix)
        positive, negative = int((values > self.error).sum()), int((values < -self.error).sum())
        return (positive, len(values) - positive - negative, negative), self.error

    def least(self) -> float:
        """A lower bound of the least eigenvalue anywhere around."""
        if self.diagonal:
            return float(np.diag(self.matrix).min()) - self.error
        values = np.linalg.eigvalsh(self.matrix)
        size = float(np.abs(values).max(initial=0.0))
        return float(values[0]) - self.error - 2 * len(values) * UNIT_ROUNDOFF * size


def whole(here: Surroundings, by: float = 0.0) -> Form | None:
    """f″, where every W close to the product is the product of layers close to the network's.

    ``None`` where f″ is too large to look at.
    """
    _, _, bend = here.widened(by)
    if bend is None:
        return None
    matrix = np.diag(bend.value.ravel()) if bend.entrywise else bend.value
    gradient = _norm(here.slope.value[0]) + spread(here.slope)
    return Form(matrix, bend.error, gradient, bend.entrywise)


def tangent(here: Surroundings, width: int, by: float = 0.0) -> Form | None:
    """The second derivative along the matrices of rank ``width`` around SᵀWR.

    ``None`` where the singular values are too uncertain, or f″ is too large to look at.

    Error: the true product is UΣV + E with ‖E‖ ≤ w; with η = w/σ_d < ¼ the true factors in the
    slice differ from U and V by at most η/(1−η), so the map (α, β) ↦ U_⊥αV + Uβ, which is an
    isometry, by at most δ = √2·η/(1−η).
    """
    seen, slope, bend = here.widened(by)
    if bend is None:
        return None
    W, G = seen.value[0], slope.value[0]
    rows, cols = W.shape
    left, sigma, right = np.linalg.svd(W)
    least = sigma[width - 1]
    tail = sigma[width] if width < len(sigma) else 0.0
    w = spread(seen) + tail + 8 * max(W.shape) * UNIT_ROUNDOFF * sigma[0]
    eta = w / least if least > 0 else np.inf
    if not eta < 0.25:
        return None
    U, rest, V, kept = left[:, :width], left[:, width:], right[:width], sigma[:width]
    # Directions: α by rows, then β by rows.
    split = (rows - width) * width
    matrix = _restricted(U, rest, V, bend)
    inner = (rest.T @ G)[:, None, :, None] / kept[None, :, None, None]
    cross = inner * np.eye(width)[None, :, None, :]
    # cross[a, i, b, j] is the coefficient of α_ai β_jb.
    cross = cross.transpose(0, 1, 3, 2).reshape(split, width * cols)
    matrix[:split, split:] += cross
    matrix[split:, :split] += cross.T
    delta = np.sqrt(2) * eta / (1 - eta)
    strength, size = bend.size + bend.error, _norm(G)
    error = strength * ((1 + delta) ** 2 - 1) + bend.error + spread(slope) / least
    error += 8 * (rows + cols) * UNIT_ROUNDOFF * (strength + size / least)
    first = np.concatenate([(rest.T @ here.slope.value[0] @ V.T).ravel(), (U.T @ G).ravel()])
    off = spread(here.slope)
    gradient = _norm(first) + (1 + delta) * off + delta * _norm(here.slope.value[0])
    return Form((matrix + matrix.T) / 2, float(error), float(gradient))


def _restricted(U: Array, rest: Array, V: Array, bend: Bend) -> Array:
    """f″ on the U_⊥αV + Uβ, which are orthonormal images of the entries of α and β."""
    (rows, width), cols = U.shape, V.shape[1]
    factor = bend.uniform
    if factor is not None:
        return factor * np.eye((rows - width) * width + width * cols)
    alpha = np.einsum("xa,iy->aixy", rest, V).reshape(-1, rows, cols)
    beta = np.einsum("xi,by->ibxy", U, np.eye(cols)).reshape(-1, rows, cols)
    moves = np.concatenate([alpha, beta])
    matrix: Array = moves.reshape(len(moves), -1) @ bend.of(moves).reshape(len(moves), -1).T
    return matrix


def layered(here: Surroundings, turned: bool = True) -> Form | None:
    """The Hessian in all layers, as the loss sees them; with ``turned`` in bases as said above.

    Error: with a_i = ‖M_i‖, e_i their errors and p_i = Π_{j≠i} a_j, the block of M_i and M_j is
    f″ between chains of size p_i and p_j, plus f′ times a chain of size Π_{l≠i,j} a_l; each bound
    is monotone in a, e, ‖f′‖ and ‖f″‖, so it is the one at a + e minus the one at a.
    """
    bend = here.lens.bend(here.product)
    if bend is None:
        return None
    towers = [_turned(own) if turned else own for own in here.towers]
    arrays = [[m.value[0] for m in own] for own in towers]
    G = here.slope.value[0]
    matrix = _hessian(arrays, G, bend)
    error = _layer_error(towers, _norm(G, 2), spread(here.slope), bend)
    return Form(matrix, error, 0.0)


def _norm(x: Array, order: int | None = None) -> float:
    return float(np.linalg.norm(x, order)) if x.size else 0.0


def _turned(layers: Sequence[FloatMatrix]) -> list[FloatMatrix]:
    """Layers in other bases of the spaces between them: M_i → C_iM_iC_{i−1}⁻¹.

    X = C⁻¹ has the columns u_jσ_j of M_i's singular values that rise above its error, and a
    complement, sheared along these so that the next layer maps it as little as it can into what
    it makes of them.
    """
    result: list[FloatMatrix] = []
    layers = list(layers)
    for i in range(len(layers) - 1):
        M = layers[i]
        u, s, _ = np.linalg.svd(M.value[0])
        rank = int((s > 8 * spread(M)).sum())
        carried, rest = u[:, :rank] * s[:rank], u[:, rank:]
        image = layers[i + 1].value[0] @ np.concatenate([carried, rest], axis=1)
        shear = np.linalg.pinv(image[:, :rank], rcond=1e-9) @ image[:, rank:]
        rest = rest - carried @ shear
        t = _scales(u[:, rank:].T, M, layers[i + 1], rest)
        X = np.concatenate([carried, rest * t], axis=1)
        C = (u / np.concatenate([s[:rank], t])).T
        C[:rank] += shear @ u[:, rank:].T
        # CX = I up to rounding: X⁻¹ = (CX)⁻¹C.
        slip = spread(FloatMatrix.of(C) @ FloatMatrix.of(X) - FloatMatrix.identity(len(X)))
        moved = FloatMatrix.of(C) @ M
        result.append(_looser(moved, 2 * slip))
        layers[i + 1] = layers[i + 1] @ FloatMatrix.of(X)
    return [*result, layers[-1]]


def _scales(rows: Array, M: FloatMatrix, above: FloatMatrix, columns: Array) -> Array:
    """Scales of a complement that make the errors of its rows of M and columns above it alike."""
    low = np.linalg.norm(np.abs(rows) @ M.error[0], axis=1)
    high = np.linalg.norm(above.error[0] @ np.abs(columns), axis=0)
    known = (low > 0) & (high > 0)
    scales: Array = np.sqrt(np.where(known, low, 1.0) / np.where(known, high, 1.0))
    return scales


def _looser(matrix: FloatMatrix, share: float) -> FloatMatrix:
    size = _norm(matrix.value[0])
    return FloatMatrix.of(matrix.value[0], matrix.error[0] + share * size)


def _layer_error(
    towers: Sequence[Sequence[FloatMatrix]], slope: float, slack: float, bend: Bend
) -> float:
    """The bound of the error of the Hessian in the layers."""
    chains, moved, mixed, most = [], [], [], 0.0
    for own in towers:
        a = [_norm(m.value[0], 2) for m in own]
        b = [x + spread(m) for x, m in zip(a, own, strict=True)]
        for i in range(len(a)):
            chains.append(_others(a, i))
            moved.append(_others(b, i) - chains[-1])
            for j in range(i):
                high = (slope + slack) * _others(b, i, j)
                mixed.append(high - slope * _others(a, i, j))
                most += 2 * high**2
    size, by = _norm(np.array(chains)), _norm(np.array(moved))
    first = bend.size * (2 * size * by + by**2) + bend.error * (size + by) ** 2
    terms = sum(len(own) for own in towers) * max(max(m.shape) for own in towers for m in own)
    rounding = 8 * terms * UNIT_ROUNDOFF * (bend.size * (size + by) ** 2 + np.sqrt(most))
    return float(first + np.sqrt(2) * _norm(np.array(mixed)) + rounding)


def _others(sizes: Sequence[float], *without: int) -> float:
    return float(np.prod([x for n, x in enumerate(sizes) if n not in without]))


def _hessian(towers: Sequence[Sequence[Array]], G: Array, bend: Bend) -> Array:
    """J f″ Jᵀ and the mixed blocks, as in :mod:`proofkit.diagnose.check.hessian`."""
    sides: list[list[tuple[Array, Array]]] = []
    for own in towers:
        below = [np.eye(own[0].shape[1])]
        for layer in own[:-1]:
            below.append(layer @ below[-1])
        above = [np.eye(own[-1].shape[0])]
        for layer in reversed(own[1:]):
            above.append(above[-1] @ layer)
        sides.append(list(zip(reversed(above), below, strict=True)))
    flat: list[tuple[Array, Array]] = [side for own in sides for side in own]
    result = _first(flat, bend)
    starts = np.cumsum([0, *(m.size for own in towers for m in own)])
    place = 0
    for tower, own_sides in zip(towers, sides, strict=True):
        for i in range(len(tower)):
            right = G @ own_sides[i][1].T
            between = np.eye(tower[i].shape[0])
            for j in range(i + 1, len(tower)):
                left = own_sides[j][0].T @ right
                block = np.einsum("cb,da->abcd", left, between)
                block = block.reshape(tower[i].size, tower[j].size)
                rows = slice(starts[place + i], starts[place + i + 1])
                cols = slice(starts[place + j], starts[place + j + 1])
                result[rows, cols] += block
                result[cols, rows] += block.T
                between = tower[j] @ between
        place += len(tower)
    return result


def _first(sides: Sequence[tuple[Array, Array]], bend: Bend) -> Array:
    if bend.entrywise:
        factor = bend.uniform
        if factor is not None:
            return np.block(
                [[factor * np.kron(u.T @ x, v @ y.T) for x, y in sides] for u, v in sides]
            )
        return np.block(
            [[_entry_block(u, v, x, y, bend.value) for x, y in sides] for u, v in sides]
        )
    moves = np.concatenate(
        [np.einsum("ra,bc->abrc", u, v).reshape(-1, u.shape[0], v.shape[1]) for u, v in sides]
    )
    result: Array = moves.reshape(len(moves), -1) @ bend.of(moves).reshape(len(moves), -1).T
    return (result + result.T) / 2


def _entry_block(u: Array, v: Array, x: Array, y: Array, bend: Array) -> Array:
    """Σ_rs u_ra v_bs · bend_rs · x_rc y_ds, rows (a, b) and columns (c, d): O(P_iP_j·n)."""
    a, b, c, d = u.shape[1], v.shape[0], x.shape[1], y.shape[0]
    left = (u[:, :, None] * x[:, None, :]).reshape(len(u), a * c).T @ bend
    right = (v[:, None, :] * y[None, :, :]).reshape(b * d, -1)
    result: Array = (left @ right.T).reshape(a, c, b, d).transpose(0, 2, 1, 3)
    return result.reshape(a * b, c * d)


def curvature(here: Surroundings, moves: Sequence[Sequence[Array]]) -> tuple[float, float]:
    """The second derivative along M + tD over the surroundings, and its error.

    With W + tW₁ + t²W₂ + … the product, f″[W₁, W₁] + 2⟨f′, W₂⟩.
    """
    lens = here.lens
    first: Any = None
    second: Any = None
    for own, exponents, directions in zip(here.towers, here.moves, moves, strict=True):
        chain: list[Any] = [FloatMatrix.identity(own[0].cols), None, None]
        for i, (layer, e, move) in enumerate(zip(own, exponents, directions, strict=True)):
            D = FloatMatrix.of(np.ldexp(move, e))
            if i == 0 and lens.R is not None:
                D = D @ FloatMatrix.of(lens.R)
            if i == len(own) - 1 and lens.S is not None:
                D = FloatMatrix.of(lens.S.T) @ D
            c0, c1, c2 = chain
            chain = [
                layer @ c0,
                _plus(_times(layer, c1), D @ c0),
                _plus(_times(layer, c2), _times(D, c1)),
            ]
        first, second = _plus(first, chain[1]), _plus(second, chain[2])
    bend = lens.bend(here.product)
    if bend is None:
        return 0.0, np.inf
    total = float(2 * here.slope.inner(second).value[0]) if second is not None else 0.0
    error = float(2 * here.slope.inner(second).error[0]) if second is not None else 0.0
    W1 = first.value
    off = spread(first)
    size = _norm(W1)
    total += float((bend.of(W1) * W1).sum())
    error += (bend.size + bend.error) * (2 * size * off + off**2) + bend.error * size**2
    error += 8 * W1.size * UNIT_ROUNDOFF * bend.size * size**2
    return total, float(error)


def _times(left: Any, right: Any) -> Any:
    return None if left is None or right is None else left @ right


def _plus(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return right if left is None else left
    return left + right
