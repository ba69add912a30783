"""Look for a network with a lower loss: many starts at once in floats, then exact rounding.

The search runs over two-layer networks AB of the width b that the network's towers can reach
together; whatever it finds is rounded to rationals, threaded through the towers, and compared
exactly. Starts: random ones of several sizes, and the truncated singular value decompositions of
the unconstrained minimiser of f, with every choice of singular directions while these are few.
Descent: Levenberg–Marquardt on the whole batch for few parameters, else gradient steps with a
step size per start. Cost of a step: O(B·(p³ + p²·mn)) for p = b(m + n) ≤ 80 parameters and B
starts, beyond that O(B·b·mn).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice
from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import moved as with_layers
from proofkit.diagnose.check.paths import rounded
from proofkit.diagnose.check.point import Point
from proofkit.networks.array_matrix import Array, ArrayMatrix, array
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network
from proofkit.networks.regression_losses import Squares
from proofkit.networks.scalars import Undecidable

__all__ = ["lower_point", "threaded"]

_SMALL = 80
_USUAL = 6
"""Exponents of 2 of the target's size between which steps and starts fit as they are."""
_SCALES = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64, 256, 2**12, 2**20)


def lower_point(
    point: Point, seed: int = 0, starts: int = 48, first: tuple[Array, Array] | None = None
) -> list[ExactMatrix] | None:
    """Layers of a network of the same dims with a certainly lower loss, or ``None``.

    ``first`` is one more start (A, B). A target of a size far from 1 has its units changed.
    """
    unit = _unit(point.loss)
    if unit != 1:
        ends = None if first is None else (first[0] / float(unit), first[1])
        found = lower_point(_in_units(point, 1 / unit), seed, starts, ends)
        return None if found is None else _last_times(point, found, unit)
    rows, cols = point.network.shape
    loss = point.loss
    width = min(point.width, rows, cols)
    rng = np.random.default_rng(seed)
    here = float(loss.value(ArrayMatrix(array(point.product))))
    A, B = _starts(loss, rng, rows, cols, width, starts)
    if first is not None:
        A, B = np.concatenate([first[0][None], A]), np.concatenate([first[1][None], B])
    A, B = _descend(loss, A, B)
    with np.errstate(all="ignore"):
        values = loss.value(ArrayMatrix(A @ B))
    values = np.where(np.isfinite(values), values, np.inf)
    gap = 1e-12 * max(1.0, abs(here))
    for i in np.argsort(values, kind="stable")[:4]:
        if not values[i] < here - gap:
            return None
        found = _rounded(point, A[i], B[i])
        if found is not None:
            return found
    return None


def _unit(loss: Loss) -> Fraction:
    """A power of 2 near the largest number of a quadratic loss's target, if that is far from 1."""
    if not isinstance(loss, Squares):
        return Fraction(1)
    target = getattr(loss, loss.tables[0])
    exponent = int(np.frexp(np.abs(array(target)).max(initial=0.0))[1])
    return Fraction(2) ** exponent if abs(exponent) > _USUAL else Fraction(1)


def _in_units(point: Point, factor: Fraction) -> Point:
    """The same point with product and target multiplied by a number."""
    loss: Any = point.loss
    name = loss.tables[0]
    loss = replace(loss, **{name: factor * getattr(loss, name)})
    network = with_layers(point.network, _last_times(point, point.layers, factor), "")
    return Point(Network(network.title, network.towers, loss))


def _last_times(point: Point, layers: list[ExactMatrix], factor: Fraction) -> list[ExactMatrix]:
    """The layers with the last one of each tower multiplied."""
    result, place = list(layers), 0
    for tower in point.towers:
        place += tower.depth
        result[place - 1] = factor * result[place - 1]
    return result


def _starts(
    loss: Loss, rng: np.random.Generator, rows: int, cols: int, width: int, count: int
) -> tuple[Array, Array]:
    scales = np.resize([0.1, 0.5, 1.0, 3.0], count)[:, None, None]
    A = rng.standard_normal((count, rows, width)) * scales
    B = rng.standard_normal((count, width, cols)) * scales
    best = _minimiser(loss)
    if best is None:
        return A, B
    left, sigma, right = np.linalg.svd(best)
    chosen = list(islice(combinations(range(len(sigma)), width), 24))
    roots = np.sqrt(np.maximum(sigma, 1e-3))
    spectral_A = np.stack([left[:, c] * roots[list(c)] for c in map(list, chosen)])
    spectral_B = np.stack([roots[c][:, None] * right[c, :] for c in map(list, chosen)])
    return np.concatenate([A, spectral_A]), np.concatenate([B, spectral_B])


def _minimiser(loss: Loss) -> Array | None:
    """A matrix where f alone is small, by damped Newton or gradient steps without rank bound."""
    rows, cols = loss.shape
    size = rows * cols
    if size > 400:
        start: Array = -loss.gradient(ArrayMatrix(np.zeros((1, rows, cols)))).value[0]
        return start
    w = np.zeros((1, rows, cols))
    damping = 1e-3
    value = loss.value(ArrayMatrix(w))[0]
    if not np.isfinite(value):
        return None
    for _ in range(60):
        slope = loss.gradient(ArrayMatrix(w)).value.reshape(size)
        bend = loss.hessian(ArrayMatrix(w)).value[0]
        if not (np.isfinite(slope).all() and np.isfinite(bend).all()):
            return None
        step = np.linalg.lstsq(bend + damping * np.eye(size), -slope, rcond=None)[0]
        trial = w + step.reshape(1, rows, cols)
        with np.errstate(all="ignore"):
            there = loss.value(ArrayMatrix(trial))[0]
        if np.isfinite(there) and there <= value:
            w, value, damping = trial, there, damping / 4
        else:
            damping = damping * 8 + 1e-6
        if damping > 1e12:
            break
    result: Array = w[0]
    return result if np.isfinite(result).all() and np.abs(result).max() < 1e6 else None


def _descend(loss: Loss, A: Array, B: Array) -> tuple[Array, Array]:
    if (A.shape[1] + B.shape[2]) * A.shape[2] <= _SMALL:
        return _levenberg(loss, A, B)
    return _gradient_steps(loss, A, B)


def _levenberg(loss: Loss, A: Array, B: Array, steps: int = 80) -> tuple[Array, Array]:
    """Damped Newton: the two-layer Hessian, made definite by a damping per start."""
    batch, rows, width = A.shape
    cols = B.shape[2]
    split = rows * width
    size = split + width * cols
    damping = np.full(batch, 1.0)
    values = np.nan_to_num(loss.value(ArrayMatrix(A @ B)), nan=np.inf)
    for _ in range(steps):
        w = A @ B
        with np.errstate(all="ignore"):
            slope = loss.gradient(ArrayMatrix(w)).value
            J = np.concatenate(
                [
                    np.einsum("ra,bkc->brkac", np.eye(rows), B).reshape(batch, split, rows, cols),
                    np.einsum("bak,dc->bkdac", A, np.eye(cols)).reshape(
                        batch, width * cols, rows, cols
                    ),
                ],
                axis=1,
            )
            F = loss.second(ArrayMatrix(w[:, None]), ArrayMatrix(J)).value
            F = F.reshape(batch, size, rows * cols)
        H = J.reshape(batch, size, rows * cols) @ np.swapaxes(F, 1, 2)
        mixed = np.einsum("brc,kl->brklc", slope, np.eye(width)).reshape(batch, split, width * cols)
        H[:, :split, split:] += mixed
        H[:, split:, :split] += np.swapaxes(mixed, 1, 2)
        g = np.concatenate(
            [
                (slope @ np.swapaxes(B, 1, 2)).reshape(batch, split),
                (np.swapaxes(A, 1, 2) @ slope).reshape(batch, -1),
            ],
            axis=1,
        )
        usable = np.isfinite(H).all(axis=(1, 2)) & np.isfinite(g).all(axis=1)
        H[~usable], g[~usable] = np.eye(size), 0.0
        eigenvalues, vectors = np.linalg.eigh((H + np.swapaxes(H, 1, 2)) / 2)
        # Newton with |λ| leaves saddles; the damping keeps the step short.
        inner = np.einsum("bpq,bp->bq", vectors, g) / (np.abs(eigenvalues) + damping[:, None])
        step = -np.einsum("bpq,bq->bp", vectors, inner)
        new_A = A + step[:, :split].reshape(A.shape)
        new_B = B + step[:, split:].reshape(B.shape)
        with np.errstate(all="ignore"):
            there = np.nan_to_num(loss.value(ArrayMatrix(new_A @ new_B)), nan=np.inf)
        better = there <= values
        A, B = np.where(better[:, None, None], new_A, A), np.where(better[:, None, None], new_B, B)
        values = np.where(better, there, values)
        damping = np.clip(np.where(better, damping / 4, damping * 4 + 1e-9), 1e-12, 1e12)
        if (np.abs(g).max(axis=1) < 1e-12).all():
            break
    return A, B


def _gradient_steps(loss: Loss, A: Array, B: Array, steps: int = 400) -> tuple[Array, Array]:
    rate = np.full(len(A), 1e-2)
    values = np.nan_to_num(loss.value(ArrayMatrix(A @ B)), nan=np.inf)
    for _ in range(steps):
        with np.errstate(all="ignore"):
            slope = np.nan_to_num(loss.gradient(ArrayMatrix(A @ B)).value)
            new_A = A - rate[:, None, None] * (slope @ np.swapaxes(B, 1, 2))
            new_B = B - rate[:, None, None] * (np.swapaxes(A, 1, 2) @ slope)
            there = np.nan_to_num(loss.value(ArrayMatrix(new_A @ new_B)), nan=np.inf)
        better = there < values
        A, B = np.where(better[:, None, None], new_A, A), np.where(better[:, None, None], new_B, B)
        values = np.where(better, there, values)
        rate = np.where(better, rate * 1.3, rate / 3)
    return A, B


def _rounded(point: Point, A: Array, B: Array) -> list[ExactMatrix] | None:
    """The coarsest rational rounding with a certainly lower loss, as layers."""
    left, sigma, right = np.linalg.svd(A @ B, full_matrices=False)
    width = A.shape[1]
    tall, wide = left[:, :width] * sigma[:width], right[:width, :]
    # Scaled so that the largest entry of each row of the right factor is 1: short rationals.
    peaks = wide[np.arange(width), np.abs(wide).argmax(axis=1)]
    tall, wide = tall * peaks, wide / peaks[:, None]
    for scale in _SCALES:
        try:
            product = rounded(tall, scale) @ rounded(wide, scale)
            if point.loss.compare(product, point.product) == -1:
                return threaded(point, rounded(tall, scale), rounded(wide, scale))
        except (LossError, Undecidable, ValueError):
            continue
    return None


def threaded(point: Point, A: ExactMatrix, B: ExactMatrix) -> list[ExactMatrix]:
    """Layers of all towers whose products add up to AB, of rank at most the reachable one.

    Each tower carries as many of the terms a_i b_i as it is wide, by identities in between; a
    tower of one layer carries the sum of its terms.
    """
    layers: list[ExactMatrix] = []
    start = 0
    for tower in point.towers:
        d = min(tower.dims)
        mine = range(start, min(start + d, A.cols))
        start += d
        tall = A.block(range(A.rows), list(mine))
        wide = B.block(list(mine), range(B.cols))
        if tower.depth == 1:
            whole = tall @ wide if mine else ExactMatrix.zeros(A.rows, B.cols)
            layers.append(whole)
            continue
        count = len(mine)
        for i in range(1, tower.depth + 1):
            rows, cols = tower.dims[i], tower.dims[i - 1]
            if i == 1:
                layers.append(_padded(wide, rows, cols))
            elif i == tower.depth:
                layers.append(_padded(tall, rows, cols))
            else:
                layers.append(_padded(ExactMatrix.identity(count), rows, cols))
    return layers


def _padded(matrix: ExactMatrix, rows: int, cols: int) -> ExactMatrix:
    table: list[list[Any]] = [[Fraction(0)] * cols for _ in range(rows)]
    for r, line in enumerate(matrix.entries()):
        for c, x in enumerate(line):
            table[r][c] = x
    return ExactMatrix.of(table, shape=(rows, cols))
