"""Is a critical point a local minimum?  With a certificate that stands on error bounds.

The network is contracted to two layers A, B at its bottleneck (Theorem 1: at full rank it is a
local minimum exactly when (A, B) is one). The loss is constant along the orbit (AS, S⁻¹B), whose
tangent space T at the point has dimension d². The point is a local minimum if the Hessian is
positive definite on a complement of T, that is positive semidefinite with nullity d². Where the
loss does not change when one row is added to all rows of the product (softmax), the orbit is that
of (AS + 1aᵀ, S⁻¹B), of dimension d² + d.

**The certificate.** Let S be the span of the computed orthonormal complement of T, g an upper
bound of the gradient's norm, λ a lower bound of the Hessian on S, and K a bound of the third
derivative on the ball of radius r = 8g/λ. If Kr/6 ≤ λ/4 then on the sphere of radius r in S the
loss exceeds the centre's value by at least −gr + λr²/2 − Kr³/6 ≥ gr, so some point x* of S
inside the ball is a local minimum of the loss on S. If T stays transversal to S throughout the
ball, then near x* every network is, up to the orbit, a point of S near x*: x* is a local minimum
of the loss. Its value is at least the centre's minus gr. All bounds include rounding; the
eigenvalues of a computed matrix come with LAPACK's backward error, as in
:mod:`proofkit.networks.spectral`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proofkit.sweep.families import Data, Family
from proofkit.sweep.landscape import Landscape, hessian_from
from proofkit.sweep.lanes import Array, batch_first, packed, product, unpacked

__all__ = ["Judged", "contracted", "judge", "value_bounds"]

ROUNDOFF = 2.0**-53
EPSILON = 2 * ROUNDOFF

SECOND_DERIVATIVE_ROUNDINGS = 64
"""A family's f″ is computed to so many units of rounding of its bound."""

SLACK = 1 + 2.0**-30
"""Widens bounds computed in floats by far more than their own few roundings."""


@dataclass(frozen=True)
class Judged:
    """What was found of each point: arrays (N,).

    ``minimum``: the Hessian is positive definite across the orbit, within the errors;
    ``saddle``: it has a negative eigenvalue; ``certified``: a local minimum exists within
    ``radius``, of value at least ``least``; ``curvature``: λ.
    """

    minimum: NDArray[np.bool_]
    saddle: NDArray[np.bool_]
    certified: NDArray[np.bool_]
    curvature: Array
    radius: Array
    least: Array


def contracted(x: Array, dims: Sequence[int]) -> tuple[Array, Array]:
    """A and B, the products above and below the narrowest inner layer."""
    layers = unpacked(x, dims)
    at = 1 + int(np.argmin(dims[1:-1]))
    halves = []
    for part in (layers[at:], layers[:at]):
        whole = part[0]
        for layer in part[1:]:
            whole = product(layer, whole)
        halves.append(whole)
    return halves[0], halves[1]


def judge(family: Family, data: Data, a: Array, b: Array) -> Judged:
    """Judge the points (A, B), arrays (m, d, N) and (d, n, N)."""
    rows, inner, lanes = a.shape
    cols = b.shape[1]
    size = inner * (rows + cols)
    none = np.zeros(lanes, dtype=bool)
    nothing = np.full(lanes, np.nan)
    symmetries = inner**2 + (inner if family.shift_invariant else 0)
    if size <= symmetries:
        return Judged(none, none, none, nothing, nothing, nothing)
    landscape = Landscape(family, (cols, inner, rows))
    _, hessian, _ = landscape.derivatives(data, packed([b, a]))
    orbit = _orbit(a, b, family.shift_invariant)
    basis = np.linalg.qr(orbit, mode="complete")[0]
    slice_ = basis[:, :, symmetries:]
    least_stretch = np.linalg.svd(orbit, compute_uv=False)[:, -1]
    orbit_size = np.sqrt((orbit**2).sum(axis=(1, 2)))
    full = batch_first(hessian)
    bent = np.swapaxes(slice_, 1, 2) @ full @ slice_
    lowest = np.linalg.eigvalsh((bent + np.swapaxes(bent, 1, 2)) / 2)[:, 0]
    hessian_size = np.sqrt((full**2).sum(axis=(1, 2)))
    bounds = _bounds(family, data, a, b)
    # Two products with the basis, LAPACK's backward error, and the errors of the entries.
    error = (8 * size * EPSILON * hessian_size + bounds.hessian_error) * SLACK
    full_rank = least_stretch > 8 * size * EPSILON * orbit_size
    minimum = (lowest > error) & full_rank
    saddle = lowest < -error
    if not family.certifies:
        return Judged(minimum, saddle, none, lowest, nothing, nothing)
    curvature = (lowest - error) / SLACK
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        radius = SLACK * 8 * bounds.gradient / curvature
        largest = np.maximum(bounds.a, bounds.b) + radius
        reach = np.sqrt(2) * largest * SLACK
        second, third = family.bounds(data)
        bend = SLACK * (third * reach**3 + 6 * second * reach)
        certified = (
            minimum
            & (bend * radius / 6 <= curvature / 4)
            & (reach * radius * SLACK < bounds.smooth_radius)
            & (least_stretch > 2 * (np.sqrt(2) * radius + 8 * size * EPSILON * orbit_size))
        )
        least = bounds.value - SLACK * bounds.gradient * radius
    return Judged(minimum, saddle, certified, curvature, radius, least)


def value_bounds(family: Family, data: Data, layers: Sequence[Array]) -> tuple[Array, Array]:
    """Lower and upper bounds of the loss at networks, (N,) each."""
    from proofkit.networks.floating import FloatMatrix

    whole = FloatMatrix.of(batch_first(layers[0]))
    for layer in layers[1:]:
        whole = FloatMatrix.of(batch_first(layer)) @ whole
    value, _ = family.certain(data, whole)
    return (
        np.nextafter(value.value - value.error, -np.inf),
        np.nextafter(value.value + value.error, np.inf),
    )


@dataclass(frozen=True)
class _Bounds:
    """Upper bounds (N,) of the gradient's norm, of ‖A‖ and ‖B‖ and of the Hessian's error; a
    lower bound of the value; how far from the product f is smooth."""

    gradient: Array
    a: Array
    b: Array
    hessian_error: Array
    value: Array
    smooth_radius: Array


def _bounds(family: Family, data: Data, a: Array, b: Array) -> _Bounds:
    whole = product(a, b)
    slope, bend = family.slope(data, whole), family.bend(data, whole)
    lanes = whole.shape[-1]
    eye_above = np.broadcast_to(np.eye(a.shape[0])[:, :, None], (a.shape[0],) * 2 + (lanes,))
    eye_below = np.broadcast_to(np.eye(b.shape[1])[:, :, None], (b.shape[1],) * 2 + (lanes,))
    sizes = [np.abs(b), np.abs(a)]
    _, large = hessian_from(
        sizes, [eye_below, sizes[0]], [sizes[1], sizes[1], eye_above], np.abs(slope), np.abs(bend)
    )
    a_size, b_size = (np.sqrt((m**2).sum(axis=(0, 1))) * SLACK for m in (a, b))
    # The Jacobian's squared norm, as in ‖JᵀEJ‖ ≤ ‖J‖²‖E‖.
    jacobian = (a_size**2 + b_size**2) * SLACK
    terms = 2 * bend.shape[0] + 8
    error = terms * EPSILON * np.sqrt((large**2).sum(axis=(0, 1)))
    if not family.certifies:
        stiffest = np.abs(bend).max(axis=tuple(range(bend.ndim - 1)))
        error = error + SECOND_DERIVATIVE_ROUNDINGS * EPSILON * jacobian * stiffest
        nothing = np.full(lanes, np.nan)
        return _Bounds(nothing, a_size, b_size, error, nothing, nothing)
    from proofkit.networks.floating import FloatMatrix

    first, second = FloatMatrix.of(batch_first(a)), FloatMatrix.of(batch_first(b))
    certain_product = first @ second
    value, certain_slope = family.certain(data, certain_product)
    stiffest, third = family.bounds(data)
    error = error + jacobian * (
        SECOND_DERIVATIVE_ROUNDINGS * EPSILON * stiffest + third * _norm(certain_product.error)
    )
    # Twice the slope's distance from the computed one, in each of the two off-diagonal blocks.
    away = _norm(certain_slope.error) + _norm(np.abs(certain_slope.value - batch_first(slope)))
    error = error + 2 * a.shape[1] * away
    gradient_a, gradient_b = certain_slope @ second.T, first.T @ certain_slope
    squares = sum(_norm(np.abs(x.value) + x.error) ** 2 for x in (gradient_a, gradient_b))
    return _Bounds(
        np.sqrt(squares) * SLACK,
        a_size,
        b_size,
        error * SLACK,
        np.nextafter(value.value - value.error, -np.inf),
        family.smooth_radius(data, whole),
    )


def _orbit(a: Array, b: Array, shifted: bool) -> Array:
    """The orbit's tangent space: columns (AS, −SB) for the d² matrices S = E_rs, (N, p, d²).

    And d more for the changes (1aᵀ, 0) where the loss is invariant under shifts.
    """
    rows, inner, lanes = a.shape
    cols = b.shape[1]
    below = np.zeros((inner, cols, inner, inner, lanes))
    above = np.zeros((rows, inner, inner, inner, lanes))
    for r in range(inner):
        for s in range(inner):
            below[r, :, r, s] = -b[s]
            above[:, s, r, s] = a[:, r]
    columns = np.concatenate(
        [part.reshape(-1, inner * inner, lanes) for part in (below, above)], axis=0
    )
    if shifted:
        shifts = np.zeros((len(columns), inner, lanes))
        for s in range(inner):
            shifts[inner * cols + s :: inner, s] = 1.0
        columns = np.concatenate([columns, shifts], axis=1)
    return batch_first(columns)


def _norm(x: Array) -> Array:
    """An upper bound of the Frobenius norm per instance of an array (N, r, c)."""
    norm: Array = np.sqrt((x**2).sum(axis=(1, 2))) * SLACK
    return norm
