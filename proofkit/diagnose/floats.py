"""Numerical verdicts for float networks, each with its residuals and tolerances.

The floats of a file are the numbers they are; trained weights are hardly ever exactly critical.
So the question is asked of the critical point beside them, and "beside" is told by the data:

1. If the floats, as rationals, are exactly critical, the exact diagnosis answers.
2. Otherwise Newton's method (least-norm steps) is run from M to a point M* where it stops moving.
   M counts as critical when f(M) − f(M*) is below the running error bound of the two loss
   values: no further descent is visible in double precision. The distance |M − M*| is reported.
3. Ranks, stationarity and inertia are those at M*, with tolerances from the running error of the
   products and from the length of the last Newton step.

All of this is numerical evidence, never a proof: ``certify`` makes proofs
(:mod:`proofkit.diagnose.certify`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofkit.diagnose import convexity
from proofkit.diagnose.certificate import Json, digest
from proofkit.diagnose.decide import lifting_result, lower_json
from proofkit.diagnose.float_answer import answer, ranks_of
from proofkit.diagnose.float_escape import falling, way_down
from proofkit.diagnose.float_point import FloatPoint, inertia, two_layer_point
from proofkit.diagnose.float_values import float_value
from proofkit.diagnose.invariance import tangent
from proofkit.diagnose.lower import lower_point
from proofkit.diagnose.numeric import Array, NumericLoss
from proofkit.diagnose.point import Point
from proofkit.diagnose.rationalised import rationalised, values
from proofkit.diagnose.squared import as_squared
from proofkit.diagnose.verdicts import Diagnosis, Verdict
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network, Tower
from proofkit.networks.running import UNIT_ROUNDOFF

__all__ = ["Numerical", "diagnose_floats", "polished"]

_EXACT_PARAMETERS = 200
_NEWTON_PARAMETERS = 600
_SHOWN_PARAMETERS = 600


@dataclass
class Numerical:
    """What floats say, before it is put into words."""

    point: FloatPoint
    distance: float
    last_step: float
    value: float
    value_error: float


def diagnose_floats(network: Network, *, seed: int = 0, certify: bool = False) -> Diagnosis:
    """The diagnosis of a float network.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> layers = [FloatMatrix.of([[0.1]]), FloatMatrix.of([[30.0]])]
    >>> diagnose_floats(Network.single("", layers, SquaredLoss(one, 3 * one))).verdict
    'global-minimum'
    """
    exact = rationalised(network)
    size = sum(m.rows * m.cols for tower in network.towers for m in tower.layers)
    if size <= _EXACT_PARAMETERS and _exactly_critical(network, exact):
        from proofkit.diagnose.diagnosis import diagnose_exact

        return diagnose_exact(exact, seed)
    arrays = [[values(layer) for layer in tower.layers] for tower in network.towers]
    start = FloatPoint(arrays, NumericLoss(network.loss))
    try:
        value = float_value(network.loss, network.product())
        if not isinstance(network.loss, SquaredLoss | WeightedSquaredLoss):
            network.loss.gradient(network.product())
    except LossError as fault:
        words = f"The loss has no derivative here ({fault}); the paper's results need one."
        return answer(network, start, "undecided", [words], {}, None, None)
    if certify:
        from proofkit.diagnose.certify import certified

        proved = certified(network, exact, polished(start), seed)
        if isinstance(proved, Diagnosis):
            return proved
    found = Numerical(start, 0.0, 0.0, float(value.value[0]), float(value.error[0]))
    said = _decide(network, exact, found, seed)
    if certify:
        note = f"--certify: {proved}"
        document = {**said.certificate, "why": [*said.certificate["why"], note]}
        document["digest"] = digest(document)
        return Diagnosis(**{**vars(said), "certificate": document, "why": (*said.why, note)})
    return said


def _exactly_critical(network: Network, exact: Network) -> bool:
    """Whether the rationals are exactly critical; floats sort out most that are not."""
    try:
        slope: Any = network.loss.gradient(network.product())
        for tower in network.towers:
            for i in range(1, tower.depth + 1):
                above: Any = tower.chain(tower.depth, i + 1)
                below: Any = tower.chain(i - 1, 1)
                if not (above.T @ slope @ below.T).is_zero().all():
                    return False
        return Point(exact).critical
    except (LossError, ArithmeticError):
        return False


def polished(start: FloatPoint) -> tuple[FloatPoint, float]:
    """The point where Newton's method stops improving the gradient, and its last step's length.

    Steps have least norm: eigenvalues below √u times the largest count as 0, so that the steps do
    not run along the symmetries.
    """
    point, last = start, np.inf
    if len(start.gradient) > _NEWTON_PARAMETERS:
        return start, 0.0
    for _ in range(12):
        size = float(np.linalg.norm(point.gradient))
        if size == 0 or not np.isfinite(size):
            return point, 0.0
        eigenvalues, vectors = np.linalg.eigh(point.hessian)
        largest = float(np.abs(eigenvalues).max())
        keep = np.abs(eigenvalues) > np.sqrt(UNIT_ROUNDOFF) * largest
        inner = vectors[:, keep].T @ point.gradient
        step = -vectors[:, keep] @ (inner / eigenvalues[keep])
        trial = point.at(point.vector + step)
        there = float(np.linalg.norm(trial.gradient))
        length = float(np.linalg.norm(step))
        if not there < size:
            return point, min(last, length)
        point, last = trial, length
        if there < 2 * UNIT_ROUNDOFF * size or length == 0:
            break
    return point, last


def _decide(network: Network, exact: Network, found: Numerical, seed: int) -> Diagnosis:
    start = found.point
    point, last = polished(start)
    distance = float(np.linalg.norm(point.vector - start.vector))
    there, error = _value_at(network, point)
    visible = abs(found.value - there)
    tolerance = found.value_error + error
    residuals: Json = {
        "gradient": float(np.linalg.norm(start.gradient)),
        "gradient_at_critical_point": float(np.linalg.norm(point.gradient)),
        "distance": distance,
        "visible_descent": visible,
        "tolerance": tolerance,
    }
    size = float(np.linalg.norm(start.vector))
    # Newton's method must have come to rest, and not far away.
    rest = last <= max(size, 1.0) * np.sqrt(UNIT_ROUNDOFF)
    near = rest and distance <= max(size, 1.0) * UNIT_ROUNDOFF ** (1 / 3)
    still = np.linalg.norm(point.gradient) <= _gradient_tolerance(point, last)
    if not (visible <= tolerance and near and still):
        return _not_critical(network, start, point, residuals, still)
    finding = convexity.examine(network.loss, seed)
    if _stationary(network, point, tolerance) and finding.usable:
        why = ["f′ is 0 within the rounding errors of the loss, and f is convex."]
        if finding.status == "assumed":
            why = ["f′ is 0 within rounding. IF f is convex, as only the file says:"]
        counted = _inertia(point, last, False)[0] if _small(point) else None
        return answer(network, start, "global-minimum", why, residuals, None, counted)
    ranks, decided = ranks_of(network, point, last)
    residuals["ranks"] = ranks
    if not decided:
        why = ["The ranks of A or B cannot be decided in floats: a singular value is too small."]
        return answer(network, start, "undecided", why, residuals, None, None)
    full = all(r["A"] == r["d"] == r["B"] for r in ranks)
    if len(ranks) > 1 and full:
        stacked = two_layer_point(point, [r["bottleneck"] for r in ranks]).towers[0]
        full = all(np.linalg.matrix_rank(m) == min(m.shape) for m in stacked)
    counted, uncertainty = _inertia(point, last, full, [r["bottleneck"] for r in ranks])
    residuals["hessian_tolerance"] = uncertainty
    if counted[2] > 0:
        return _strict(network, point, start, residuals, counted)
    if not full:
        return _deficient(network, start, point, residuals, counted, ranks, seed)
    return _minimum(network, exact, start, point, residuals, counted, ranks, seed)


def _small(point: FloatPoint) -> bool:
    return len(point.gradient) <= _SHOWN_PARAMETERS


def _value_at(network: Network, point: FloatPoint) -> tuple[float, float]:
    towers = tuple(
        Tower(t.dims, tuple(FloatMatrix.of(m) for m in own))
        for t, own in zip(network.towers, point.towers, strict=True)
    )
    value = float_value(network.loss, Network("", towers, network.loss).product())
    return float(value.value[0]), float(value.error[0])


def _gradient_tolerance(point: FloatPoint, last: float) -> float:
    """Rounding of the gradient's products and sums, and one last Newton step's worth of it."""
    size = len(point.gradient)
    scale = max(
        float(np.linalg.norm(above) * np.linalg.norm(below))
        for tower in point.sides
        for above, below in tower
    )
    slope = float(np.linalg.norm(point.slope))
    data = float(np.linalg.norm(point.product)) + 1.0
    rounding = 8 * size * UNIT_ROUNDOFF * scale * (slope + data)
    if not np.isfinite(last) or not _small(point):
        return rounding
    return rounding + 2 * float(np.linalg.norm(point.hessian, 2)) * last


def _stationary(network: Network, point: FloatPoint, tolerance: float) -> bool:
    """Whether a free step of the product could not lower the loss visibly: ½ gᵀ(f″+ε)⁻¹g ≤ tol."""
    g = point.slope.ravel()
    if len(g) > 900:
        return bool(np.linalg.norm(g) <= np.sqrt(UNIT_ROUNDOFF) * np.sqrt(tolerance))
    bend = point.loss.hessian(point.product[None])[0]
    if not np.isfinite(bend).all():
        return False
    scale = float(np.linalg.norm(bend, 2))
    eigenvalues, vectors = np.linalg.eigh(bend)
    damped = np.abs(eigenvalues) + np.sqrt(UNIT_ROUNDOFF) * max(scale, 1e-300)
    decrement = float(((vectors.T @ g) ** 2 / damped).sum()) / 2
    return decrement <= tolerance


def _inertia(
    point: FloatPoint, last: float, full: bool, cuts: Sequence[int] = ()
) -> tuple[tuple[int, int, int], float]:
    """The inertia of H_k, from H_2 when the ranks are full (:mod:`proofkit.diagnose.hessian`)."""
    chosen = two_layer_point(point, cuts) if full else point
    uncertainty = 0.0
    if np.isfinite(last) and last > 0:
        direction = chosen.gradient
        length = max(float(np.linalg.norm(direction)), 1e-300)
        moved = chosen.at(chosen.vector + last * direction / length)
        uncertainty = 4 * float(np.linalg.norm(moved.hessian - chosen.hessian))
    # Entries are sums of products: their rounding beside the largest one.
    matrix = chosen.hessian
    uncertainty += 8 * UNIT_ROUNDOFF * float(np.linalg.norm(matrix))
    (positive, _, negative), tolerance = inertia(matrix, uncertainty)
    return (positive, len(point.gradient) - positive - negative, negative), tolerance


def _not_critical(
    network: Network, start: FloatPoint, point: FloatPoint, residuals: Json, still: Any
) -> Diagnosis:
    place = int(np.argmax(np.abs(start.gradient)))
    step = falling(network, start, -start.gradient)
    why = [f"The largest derivative is {start.gradient[place]:.3g}, in parameter {place + 1}."]
    if step is None:
        why.append("No step against the gradient lowers the loss by more than its rounding error.")
        return answer(network, start, "undecided", why, residuals, None, None)
    residuals["descent_step"] = step
    why.append(f"A step of {step['size']:.3g} against the gradient lowers the loss.")
    if still and residuals["distance"] < 0.1 * float(np.linalg.norm(start.vector)):
        why.append(
            f"Newton's method finds a critical point at distance {residuals['distance']:.3g}."
        )
    counted = _inertia(start, 0.0, False)[0] if _small(start) else None
    return answer(network, start, "not-critical", why, residuals, None, counted)


def _strict(
    network: Network, point: FloatPoint, start: FloatPoint, residuals: Json, counted: Any
) -> Diagnosis:
    why = [
        f"The Hessian has {counted[2]} eigenvalue(s) below −{residuals['hessian_tolerance']:.2g}."
    ]
    escape = None
    if _small(point):
        vector = np.linalg.eigh(point.hessian)[1][:, 0]
        escape = falling(network, point, vector) or falling(network, point, -vector)
        if escape is not None:
            why.append("Along an eigenvector of it the loss falls by more than rounding.")
    return answer(network, start, "strict-saddle", why, residuals, None, counted, escape=escape)


def _deficient(
    network: Network,
    start: FloatPoint,
    point: FloatPoint,
    residuals: Json,
    counted: Any,
    ranks: list[Json],
    seed: int,
) -> Diagnosis:
    no_bottleneck = sum(r["d"] for r in ranks) >= min(network.shape)
    result = "theorem-3" if no_bottleneck else "lemma-1"
    if len(ranks) > 1:
        result = "corollary-2"
    escape = way_down(network, point, ranks, seed)
    if escape is None:
        why = [
            f"A half has a rank below d: by {result} no local minimum, but no way down was seen."
        ]
        return answer(network, start, "undecided", why, residuals, result, counted)
    why = [
        f"f′ ≠ 0 and a half of the network has a rank below d: by {result} no local minimum.",
        "Along the path given (Lemma 1's escape) the loss falls by more than rounding.",
    ]
    return answer(
        network, start, "non-strict-saddle", why, residuals, result, counted, escape=escape
    )


def _minimum(
    network: Network,
    exact: Network,
    start: FloatPoint,
    point: FloatPoint,
    residuals: Json,
    counted: Any,
    ranks: list[Json],
    seed: int,
) -> Diagnosis:
    here = Point(exact)
    if as_squared(network.loss) is not None:
        why = ["Full ranks, a semidefinite Hessian and squared loss: a local minimum is global."]
        return answer(network, start, "global-minimum", why, residuals, "corollary-1", counted)
    small = two_layer_point(point, [r["bottleneck"] for r in ranks])
    (_, zero, _), _ = inertia(small.hessian, residuals["hessian_tolerance"])
    B, A = small.towers[0]
    orbit = int(tangent(network.loss, _exact(A), _exact(B)).rank())
    if zero != orbit:
        why = [f"The two-layer Hessian has nullity {zero}, not {orbit}: it does not decide."]
        return answer(network, start, "undecided", why, residuals, None, counted)
    why = [f"The two-layer Hessian is semidefinite with nullity {zero}, that of the symmetries."]
    layers = lower_point(here, seed)
    theorem = lifting_result(here)
    if layers is None:
        why.append("No network with a lower loss was found; that proves nothing.")
        return answer(network, start, "local-minimum", why, residuals, theorem, counted)
    lower = lower_json(here, layers)
    why.append(f"Another network of these widths has the lower loss {lower['value']}.")
    verdict: Verdict = "spurious-local-minimum"
    return answer(network, start, verdict, why, residuals, theorem, counted, lower=lower)


def _exact(values: Array) -> ExactMatrix:
    return ExactMatrix.of([[float(x) for x in line] for line in values])
