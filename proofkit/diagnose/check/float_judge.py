"""What floats show of a point, recomputed from the data alone; no search takes part.

The diagnosis and ``recheck`` both come here. Given the network M and a critical point M* that
Newton's method proposed beside it:

- M counts as critical when f(M) − f(M*) is within the running error bounds of the two values, or M
  and M* agree to half their digits; and when another Newton step from M* would be short;
- ranks, stationarity and inertia are those at M*, with tolerances from the running errors of the
  products and the length of that Newton step.

Which verdict this gives may still need a way down or a lower point; these are proposed by a
search, recorded, and judged by :mod:`proofkit.diagnose.search.float_escape`.

Cost with P parameters: the Hessian's inertia, O(P³), up to 6,000 parameters; beyond that only
products with it, O(s·Σd³) for s Lanczos steps, and no inertia is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from proofkit.diagnose.check import convexity
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.float_point import FloatPoint, inertia, two_layer_point
from proofkit.diagnose.check.invariance import tangent
from proofkit.diagnose.check.krylov import least_step, lowest_vector
from proofkit.diagnose.check.verdicts import named
from proofkit.networks.array_matrix import Array, ArrayMatrix, array
from proofkit.networks.degrees import degree
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import (
    ExpressionLoss,
    LogisticLoss,
    SoftmaxLoss,
)
from proofkit.networks.network import Network, Tower
from proofkit.networks.running import UNIT_ROUNDOFF

__all__ = [
    "Judged",
    "Outcome",
    "gradient_rounding",
    "judge",
    "lowest_direction",
    "newton_step",
    "ranks_of",
]

DENSE_PARAMETERS = 6000
_NEWTON_PARAMETERS = 600
_STATIONARY_ENTRIES = 900

Outcome = Literal[
    "not-differentiable",
    "not-finite",
    "saturated",
    "moving",
    "stationary",
    "ranks-undecided",
    "negative",
    "flat",
    "deficient",
    "no-hessian",
    "squared",
    "degenerate",
    "local",
]
"""What the numbers show; the verdict follows with what a search adds."""


@dataclass
class Judged:
    """What floats show, before a verdict is made of it."""

    outcome: Outcome
    why: list[str]
    residuals: dict[str, float] = field(default_factory=dict)
    ranks: list[Json] | None = None
    counted: tuple[int, int, int] | None = None
    theorem: str | None = None
    direction: Array | None = None


def judge(
    network: Network,
    start: FloatPoint,
    point: FloatPoint,
    seed: int = 0,
    direction: Array | None = None,
) -> Judged:
    """Judge a float network M (``start``) by the point M* (``point``) beside it.

    ``direction`` is the unit vector of least curvature, if it is known; else it is computed.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> loss, layers = SquaredLoss(one, 3 * one), [np.array([[0.1]]), np.array([[30.0]])]
    >>> here = FloatPoint([layers], loss)
    >>> network = Network.single("", [FloatMatrix.of(m) for m in layers], loss)
    >>> judge(network, here, here).outcome
    'stationary'
    """
    loss = network.loss
    try:
        here, error = _value_at(network, start)
        if not loss.quadratic:
            loss.gradient(network.product())
        there, other = _value_at(network, point)
    except LossError as fault:
        words = f"The loss has no derivative here ({fault}); the paper's results need one."
        return Judged("not-differentiable", [words])
    if not np.isfinite([here, error, there, other, *start.gradient, *point.gradient]).all():
        return Judged("not-finite", ["A product or the loss overflows: floats say nothing of it."])
    step = float(np.linalg.norm(newton_step(point)))
    size = max(float(np.linalg.norm(start.vector)), 1.0)
    residuals = {
        "gradient": float(np.linalg.norm(start.gradient)),
        "gradient_at_critical_point": float(np.linalg.norm(point.gradient)),
        "gradient_tolerance": _gradient_tolerance(point, step),
        "distance": float(np.linalg.norm(point.vector - start.vector)),
        "newton_step": step,
        "visible_descent": abs(here - there),
        "tolerance": error + other,
    }
    near = step <= size * np.sqrt(UNIT_ROUNDOFF) and residuals[
        "distance"
    ] <= size * UNIT_ROUNDOFF ** (1 / 3)
    still = residuals["gradient_at_critical_point"] <= residuals["gradient_tolerance"]
    # Half the digits in common will do, too: at a loss of nearly 0 every descent is visible.
    close = residuals["distance"] <= size * np.sqrt(UNIT_ROUNDOFF)
    seen = residuals["visible_descent"] > residuals["tolerance"]
    if (seen and not close) or not near or not still:
        return _moving(start, residuals, still)
    finding = convexity.examine(loss, seed)
    if _stationary(point, residuals["tolerance"]) and finding.usable:
        why = ["f′ is 0 within the rounding errors of the loss, and f is convex."]
        if finding.status == "assumed":
            why = ["f′ is 0 within rounding. IF f is convex, as only the file says:"]
        counted = _inertia(point, step, None)[0] if _small(point) else None
        far = _saturated(point)
        if far:
            return Judged("saturated", [why[0], far], residuals, None, counted)
        return Judged("stationary", why, residuals, None, counted)
    ranks, decided = ranks_of(network, point, step)
    if not decided:
        why = ["The ranks of A or B cannot be decided in floats: a singular value is too small."]
        return Judged("ranks-undecided", why, residuals)
    return _by_ranks(network, point, residuals, ranks, direction)


def _by_ranks(
    network: Network,
    point: FloatPoint,
    residuals: dict[str, float],
    ranks: list[Json],
    direction: Array | None,
) -> Judged:
    cuts = [r["bottleneck"] for r in ranks]
    full = all(r["A"] == r["d"] == r["B"] for r in ranks)
    if len(ranks) > 1 and full:
        stacked = two_layer_point(point, cuts).towers[0]
        full = all(np.linalg.matrix_rank(m) == min(m.shape) for m in stacked)
    if full and not _critical_in_two_layers(point, cuts):
        why = [
            "The ranks cannot be decided in floats: they look full, but the two-layer network "
            "inside is not critical, so a singular value that is nearly 0 hides a gradient."
        ]
        return Judged("ranks-undecided", why, residuals)
    theorem = None if full else _forbidding(network, ranks)
    squared = network.loss.plain_squares() is not None
    chosen = two_layer_point(point, cuts) if full else point
    if len(chosen.gradient) > DENSE_PARAMETERS:
        x = lowest_direction(point) if direction is None else direction
        return _without_inertia(point, residuals, ranks, theorem, x)
    counted, tolerance = _inertia(point, residuals["newton_step"], cuts if full else None)
    residuals["hessian_tolerance"] = tolerance
    if counted[2] > 0:
        x = lowest_direction(point) if direction is None else direction
        curvature, wobble = _curvature(point, x)
        residuals["curvature"], residuals["curvature_tolerance"] = curvature, wobble
        if -curvature <= wobble:
            return _flat(residuals, ranks, theorem, x)
        why = [f"The Hessian has {counted[2]} eigenvalue(s) below −{tolerance:.2g}."]
        result = theorem or ("corollary-1" if squared else None)
        return Judged("negative", why, residuals, ranks, counted, result, x)
    if not full:
        why = [
            "f′ ≠ 0 and a half of the network has a rank below d: "
            f"by {named(theorem or '')} no local minimum."
        ]
        return Judged("deficient", why, residuals, ranks, counted, theorem)
    if squared:
        why = ["Full ranks, a semidefinite Hessian and squared loss: a local minimum is global."]
        return Judged("squared", why, residuals, ranks, counted, "corollary-1")
    (_, zero, _), _ = inertia(chosen.hessian, tolerance)
    B, A = chosen.towers[0]
    orbit = int(tangent(network.loss, _exact(A), _exact(B)).rank())
    if zero != orbit:
        why = [f"The two-layer Hessian has nullity {zero}, not {orbit}: it does not decide."]
        return Judged("degenerate", why, residuals, ranks, counted)
    why = [f"The two-layer Hessian is semidefinite with nullity {zero}, that of the symmetries."]
    lifting = None
    if len(network.towers) > 1:
        lifting = "corollary-2"
    elif network.towers[0].depth > 2:
        lifting = "theorem-1"
    return Judged("local", why, residuals, ranks, counted, lifting)


def _critical_in_two_layers(point: FloatPoint, cuts: Sequence[int]) -> bool:
    """Whether (A, B) is critical for L_2, as it must be at a critical point of full ranks."""
    small = two_layer_point(point, cuts)
    step = float(np.linalg.norm(newton_step(small)))
    size = max(float(np.linalg.norm(small.vector)), 1.0)
    still = float(np.linalg.norm(small.gradient)) <= _gradient_tolerance(small, step)
    return still and step <= size * np.sqrt(UNIT_ROUNDOFF)


def _curvature(point: FloatPoint, x: Array) -> tuple[float, float]:
    """xᵀHx for a unit vector x, and by how much it may differ at the critical points nearby.

    It changes by about D³L[x, x, ·] per unit of distance. What
    counts as critical may be u^⅓·|M| away from where the Hessian is degenerate: near such a point
    the gradient is of second order, and Newton's method does not see the distance.
    """
    size = max(float(np.linalg.norm(point.vector)), 1.0)
    h = float(UNIT_ROUNDOFF**0.25) * size
    around = point.at(point.vector + h * x).gradient + point.at(point.vector - h * x).gradient
    third = float(np.linalg.norm(around - 2 * point.gradient)) / h**2
    return float(x @ point.bend(x)), float(UNIT_ROUNDOFF ** (1 / 3)) * size * third


def _flat(residuals: dict[str, float], ranks: list[Json], theorem: str | None, x: Array) -> Judged:
    why = [
        f"The lowest eigenvalue of the Hessian, {residuals['curvature']:.2g}, is too small to tell "
        "whether it is negative or 0 at the critical points nearby."
    ]
    return Judged("flat", why, residuals, ranks, None, theorem, x)


def _without_inertia(
    point: FloatPoint,
    residuals: dict[str, float],
    ranks: list[Json],
    theorem: str | None,
    x: Array,
) -> Judged:
    """Too many parameters for all eigenvalues: the lowest one alone, by Lanczos' method."""
    curvature, wobble = _curvature(point, x)
    tolerance = max(wobble, _rough_tolerance(point, residuals["newton_step"]))
    residuals["curvature"], residuals["curvature_tolerance"] = curvature, tolerance
    if curvature < -tolerance:
        why = [f"Along one direction the second derivative is {curvature:.3g}."]
        return Judged("negative", why, residuals, ranks, None, theorem, x)
    why = [
        f"The Hessian of {len(point.gradient):,} parameters was not decomposed (at most "
        f"{DENSE_PARAMETERS:,}), and Lanczos' method saw no negative curvature."
    ]
    return Judged("no-hessian", why, residuals, ranks, None, theorem)


def _rough_tolerance(point: FloatPoint, step: float) -> float:
    """Rounding of a product with the Hessian, and what one more Newton step may change of it."""
    rng = np.random.default_rng(1)
    probe = rng.standard_normal(len(point.gradient))
    probe /= np.linalg.norm(probe)
    scale = float(np.linalg.norm(point.bend(probe))) * np.sqrt(len(probe))
    return float(len(probe) * UNIT_ROUNDOFF * scale + step * scale)


def newton_step(point: FloatPoint) -> Array:
    """The Newton step of least norm: −H⁺g.

    Eigenvalues below √u times the largest count as 0, so that steps do not run along symmetries.
    Beyond 600 parameters within the Krylov space of g, without the Hessian.
    """
    gradient = point.gradient
    if not np.isfinite(gradient).all():
        return np.full(len(gradient), np.inf)
    if not gradient.any():
        return np.zeros(len(gradient))
    cut = float(np.sqrt(UNIT_ROUNDOFF))
    if len(gradient) > _NEWTON_PARAMETERS:
        return least_step(point.bend, gradient, cut)
    if not np.isfinite(point.hessian).all():
        return np.full(len(gradient), np.inf)
    eigenvalues, vectors = np.linalg.eigh(point.hessian)
    keep = np.abs(eigenvalues) > cut * np.abs(eigenvalues).max()
    inner = vectors[:, keep].T @ gradient
    result: Array = -vectors[:, keep] @ (inner / eigenvalues[keep])
    return result


def lowest_direction(point: FloatPoint) -> Array:
    """A unit eigenvector of the lowest eigenvalue of the Hessian, by Lanczos beyond 600 entries."""
    if _small(point):
        vector: Array = np.linalg.eigh(point.hessian)[1][:, 0]
        return vector
    return lowest_vector(point.bend, len(point.gradient))[1]


def _moving(start: FloatPoint, residuals: dict[str, float], still: bool) -> Judged:
    place = int(np.argmax(np.abs(start.gradient)))
    why = [f"The largest derivative is {start.gradient[place]:.3g}, in parameter {place + 1}."]
    if still and residuals["distance"] < 0.1 * float(np.linalg.norm(start.vector)):
        why.append(
            f"Newton's method finds a critical point at distance {residuals['distance']:.3g}."
        )
    counted = _inertia(start, 0.0, None)[0] if _small(start) else None
    return Judged("moving", why, residuals, None, counted)


def _small(point: FloatPoint) -> bool:
    return len(point.gradient) <= _NEWTON_PARAMETERS


def _value_at(network: Network, point: FloatPoint) -> tuple[float, float]:
    towers = tuple(
        Tower(t.dims, tuple(FloatMatrix.of(m) for m in own))
        for t, own in zip(network.towers, point.towers, strict=True)
    )
    value = network.loss.value(Network("", towers, network.loss).product())
    return float(value.value[0]), float(value.error[0])


def gradient_rounding(point: FloatPoint) -> float:
    """Rounding of the gradient's products and sums."""
    size = len(point.gradient)
    scale = max(
        float(np.linalg.norm(above) * np.linalg.norm(below))
        for tower in point.sides
        for above, below in tower
    )
    slope = float(np.linalg.norm(point.slope))
    data = float(np.linalg.norm(point.product)) + 1.0
    return 8 * size * UNIT_ROUNDOFF * scale * (slope + data)


def _gradient_tolerance(point: FloatPoint, step: float) -> float:
    """Rounding of the gradient, and one more Newton step's worth of it."""
    rounding = gradient_rounding(point)
    if not np.isfinite(step) or not _small(point):
        return rounding
    return rounding + 2 * float(np.linalg.norm(point.hessian, 2)) * step


def _stationary(point: FloatPoint, tolerance: float) -> bool:
    """Whether a free step of the product could not lower the loss visibly: ½ gᵀ(f″+ε)⁻¹g ≤ tol."""
    g = point.slope
    loss = point.loss
    product = ArrayMatrix(point.product)
    if loss.entrywise:
        bend = loss.second(product, ArrayMatrix(np.ones(g.shape))).value
        return _within(point, g.ravel() ** 2, bend.ravel(), tolerance)
    if loss.gram is not None:
        eigenvalues, vectors = np.linalg.eigh(array(loss.gram))
        return _within(point, ((g @ vectors) ** 2).sum(axis=0), eigenvalues, tolerance)
    if g.size > _STATIONARY_ENTRIES:
        return bool(np.linalg.norm(g) <= np.sqrt(UNIT_ROUNDOFF) * np.sqrt(tolerance))
    whole = loss.hessian(product).value
    if not np.isfinite(whole).all():
        return False
    eigenvalues, vectors = np.linalg.eigh(whole)
    return _within(point, (vectors.T @ g.ravel()) ** 2, eigenvalues, tolerance)


def _saturated(point: FloatPoint) -> str:
    """Why f′ may be 0 only because floats end: an infimum that is not attained; else empty."""
    loss = point.loss
    if isinstance(loss, LogisticLoss):
        positive, negative = array(loss.positive), array(loss.negative)
        if ((positive == 0) != (negative == 0)).any():
            return (
                "Where only one of the two counts is positive f′ is never 0: the loss sinks "
                "towards an infimum that no network attains."
            )
    if isinstance(loss, SoftmaxLoss):
        slopes = loss.score_slopes(ArrayMatrix(point.product)).value
        if np.abs(slopes).max() <= np.sqrt(UNIT_ROUNDOFF):
            return (
                "All labels are predicted with certainty, as far as floats go: the loss may sink "
                "towards an infimum that no network attains."
            )
    if isinstance(loss, ExpressionLoss) and degree(loss.expression) is None:
        ends = np.stack([point.product, np.zeros_like(point.product)])
        here, origin = np.abs(loss.hessian(ArrayMatrix(ends)).value).max(axis=(1, 2))
        if not here > np.sqrt(UNIT_ROUNDOFF) * (origin if np.isfinite(origin) else 1.0):
            return "f″ is 0 as well, within rounding: f may be flat here without a minimum."
    return ""


def _within(point: FloatPoint, squares: Array, eigenvalues: Array, tolerance: float) -> bool:
    """Whether ½ Σ g²/λ is within the tolerance, or what half the digits of M explain of f.

    Points that agree with M to half their digits count as the same; their products differ by up to
    √u·|M|·|U_i||V_i|, and their losses by that squared times λ/2 beside a minimum of f.
    """
    size = np.abs(eigenvalues)
    top = max(float(size.max()), 1e-300)
    damped = size + np.sqrt(UNIT_ROUNDOFF) * top
    lever = max(
        float(np.linalg.norm(u, 2) * np.linalg.norm(v, 2)) for own in point.sides for u, v in own
    )
    reach = max(float(np.linalg.norm(point.vector)), 1.0) * max(lever, 1.0)
    explained = UNIT_ROUNDOFF * reach**2 * top / 2
    return float((squares / damped).sum()) / 2 <= tolerance + explained


def _inertia(
    point: FloatPoint, step: float, cuts: Sequence[int] | None
) -> tuple[tuple[int, int, int], float]:
    """The inertia of H_k, from H_2 when the ranks are full (``hessian``)."""
    chosen = point if cuts is None else two_layer_point(point, cuts)
    matrix = chosen.hessian
    # Entries are sums of products: their rounding beside the largest one.
    uncertainty = 8 * UNIT_ROUNDOFF * float(np.linalg.norm(matrix))
    if np.isfinite(step) and step > 0:
        length = max(float(np.linalg.norm(chosen.gradient)), 1e-300)
        moved = chosen.at(chosen.vector + step * chosen.gradient / length)
        uncertainty += 4 * float(np.linalg.norm(moved.hessian - matrix))
    (positive, _, negative), tolerance = inertia(matrix, uncertainty)
    return (positive, len(point.gradient) - positive - negative, negative), tolerance


def _forbidding(network: Network, ranks: list[Json]) -> str:
    """The result by which a rank-deficient critical point with f′ ≠ 0 is no local minimum."""
    if len(ranks) > 1:
        return "corollary-2"
    return "theorem-3" if sum(r["d"] for r in ranks) >= min(network.shape) else "lemma-1"


def ranks_of(network: Network, point: FloatPoint, step: float) -> tuple[list[Json], bool]:
    """Ranks at the critical point, its entries known up to one more Newton step."""
    error = step if np.isfinite(step) else 0.0
    result: list[Json] = []
    decided = True
    for tower, own in zip(network.towers, point.towers, strict=True):
        layers = tuple(FloatMatrix.of(m, error) for m in own)
        moved = Tower(tower.dims, layers)
        d = min(tower.dims)
        places = [j for j, width in enumerate(tower.dims) if width == d]
        j = next((j for j in places if 0 < j < tower.depth), places[0])
        entry: Json = {"dims": list(tower.dims), "bottleneck": j, "d": d}
        for name, hi, lo in (("A", tower.depth, j + 1), ("B", j, 1)):
            half: Any = moved.chain(hi, lo)
            entry[name] = int(half.rank()[0])
            decided = decided and bool(half.rank_is_decided()[0])
        entry["chains"] = {}
        for lo in range(1, tower.depth + 1):
            for hi in range(lo, tower.depth + 1):
                chain: Any = moved.chain(hi, lo)
                entry["chains"][f"{hi}:{lo}"] = int(chain.rank()[0])
        result.append(entry)
    return result, decided


def _exact(values: Array) -> ExactMatrix:
    return ExactMatrix.of([[float(x) for x in line] for line in values])
