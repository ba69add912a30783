"""Numerical verdicts for float networks, each with its residuals and tolerances.

1. If the floats, as the rationals they store, are exactly critical, the exact diagnosis answers.
2. Otherwise :mod:`proofkit.diagnose.check.float_judge` says what they show of the critical points
   within the tolerance; Newton's method (least-norm steps) finds the one beside the network, for
   the distance to it.
3. Where the bounds do not decide, an exact critical point of simple rational entries within the
   tolerance is looked for, and diagnosed exactly.
4. Where the verdict needs one, a search proposes a way down or a lower point.

All of this is numerical evidence, never a proof. The certificate records the critical point, the
way down and the lower point, so that ``recheck`` recomputes every residual and tolerance from the
data (:mod:`proofkit.diagnose.check.float_recheck`); ``certify`` makes proofs
(:mod:`proofkit.diagnose.search.certify`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import Json, lower_json
from proofkit.diagnose.check.falls import descent_step
from proofkit.diagnose.check.float_judge import Judged, judge
from proofkit.diagnose.check.float_point import FloatPoint, start_of
from proofkit.diagnose.check.float_verdict import Found, concluded, halves_of
from proofkit.diagnose.check.newton import newton_step, norm_of
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.diagnose.check.surroundings import Surroundings, balanced
from proofkit.diagnose.check.verdicts import IN_WORDS, Diagnosis
from proofkit.diagnose.search.covering_search import Lower
from proofkit.diagnose.search.exact import diagnose_exact
from proofkit.diagnose.search.float_answer import answer, noted
from proofkit.diagnose.search.float_escape import along, way_down
from proofkit.diagnose.search.global_proofs import answered
from proofkit.diagnose.search.lower import lower_point
from proofkit.diagnose.search.nearby import nearby
from proofkit.networks.elementwise import LossError
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = ["diagnose_floats", "polished"]

_EXACT_PARAMETERS = 200
_NEWTON_STEPS = 12
_ELSEWHERE = 0.125


def diagnose_floats(
    network: Network, *, seed: int = 0, certify: bool = False, tolerance: float | None = None
) -> Diagnosis:
    """The diagnosis of a float network.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.floating import FloatMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> layers = [FloatMatrix.of([[0.1]]), FloatMatrix.of([[30.0]])]
    >>> diagnose_floats(Network.single("", layers, SquaredLoss(one, 3 * one))).verdict
    'global-minimum'
    """
    # What overflows is looked for, and said.
    with np.errstate(over="ignore", invalid="ignore"):
        return _diagnosed(network, seed, certify, tolerance)


def _diagnosed(network: Network, seed: int, certify: bool, tolerance: float | None) -> Diagnosis:
    exact = rationalised(network)
    size = sum(m.rows * m.cols for tower in network.towers for m in tower.layers)
    if size <= _EXACT_PARAMETERS and _exactly_critical(network, exact):
        return diagnose_exact(exact, seed)
    start = start_of(network)
    point = polished(start)
    judged = judge(network, start, point, tolerance, seed)
    if judged.outcome == "not-finite" and size <= _EXACT_PARAMETERS:
        return diagnose_exact(exact, seed)
    note = ""
    if certify:
        from proofkit.diagnose.search.certify import certified

        # A proof names its distance, so it may speak of a critical point that is farther away.
        seen = judged
        share = _share(start, point)
        if judged.outcome == "moving" and 0 < share < UNIT_ROUNDOFF ** (1 / 3):
            seen = judge(_network_at(network, point), point, point, seed=seed)
            if seen.outcome == "moving":
                # A degenerate point is found to half its digits only.
                seen = judge(network, start, point, 8 * share, seed, near_zero=True)
        proved = certified(network, exact, (start, point), seen, seed)
        if not isinstance(proved, Diagnosis) and seen is not judged:
            proved = certified(network, exact, (start, point), judged, seed)
        if isinstance(proved, Diagnosis):
            return proved
        note = f"--certify: {proved}."
    if judged.outcome in {"degenerate", "unclear", "ranks-undecided"}:
        reach = judged.residuals["tolerance"]
        found = nearby(network, exact, point, seed, reach)
        if found is not None:
            return found
    said = answer(
        network,
        start,
        point,
        judged,
        _found(network, exact, start, point, judged, seed),
        tolerance,
        _beside(network, start, point, judged, seed),
    )
    return noted(said, note) if note else said


def _beside(
    network: Network, start: FloatPoint, point: FloatPoint, judged: Judged, seed: int
) -> list[str]:
    """The point itself and the critical point beside it, as sentences."""
    distance = judged.residuals.get("distance", 0.0)
    if not distance:
        return []
    if judged.outcome != "moving":
        return [
            "The verdict is that of the critical points within the tolerance; the stored numbers "
            f"themselves are {distance:.2g} away from the one that Newton's method finds."
        ]
    there = _network_at(network, point)
    seen = judge(there, point, point, seed=seed)
    if seen.outcome == "moving":
        return []
    kind, _ = concluded(seen, Found())
    words = "of a kind that floats do not decide" if kind == "undecided" else IN_WORDS[kind]
    said = f"Beside it, at distance {distance:.3g}, is a critical point: {words}."
    share = 1.5 * Surroundings(start.towers, network.loss, 0.0).share(point.towers)
    if share < _ELSEWHERE:
        said += f" A --tolerance of {share:.1g} of each layer's largest entry judges it."
    return [said]


def _share(start: FloatPoint, point: FloatPoint) -> float:
    """The least tolerance that reaches from one point to the other, layers near 0 included."""
    return Surroundings(start.towers, start.loss, 0.0, near_zero=True).share(point.towers)


def _network_at(network: Network, point: FloatPoint) -> Network:
    towers = tuple(
        Tower(t.dims, tuple(FloatMatrix.of(m) for m in own))
        for t, own in zip(network.towers, point.towers, strict=True)
    )
    return Network(network.title, towers, network.loss)


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


def polished(start: FloatPoint) -> FloatPoint:
    """The critical point that Newton's method finds beside a point, or the point itself.

    The layers are balanced before (:mod:`proofkit.diagnose.check.surroundings`).
    """
    moves, _ = balanced(start.towers, None)
    point = _times(start, moves)
    for _ in range(_NEWTON_STEPS):
        size = norm_of(point.gradient)
        if size == 0 or not np.isfinite(size):
            break
        step = newton_step(point)
        if not np.isfinite(step).all():
            break
        trial = point.at(point.vector + step)
        there = norm_of(trial.gradient)
        if not there < size:
            break
        point = trial
        if there < 2 * UNIT_ROUNDOFF * size:
            break
    found = _times(point, [[-e for e in own] for own in moves])
    # Where it went elsewhere, its point says nothing of this one.
    return found if _share(start, found) < _ELSEWHERE else start


def _times(point: FloatPoint, moves: list[list[int]]) -> FloatPoint:
    towers = [
        [np.ldexp(m, e) for m, e in zip(own, exponents, strict=True)]
        for own, exponents in zip(point.towers, moves, strict=True)
    ]
    return FloatPoint(towers, point.loss)


def _found(
    network: Network,
    exact: Network,
    start: FloatPoint,
    point: FloatPoint,
    judged: Judged,
    seed: int,
) -> Found:
    """What a search adds: a descent step, a way down, a lower point."""
    outcome = judged.outcome
    if outcome == "moving":
        return Found(step=descent_step(network, start, point))
    if outcome == "negative":
        if judged.direction is None:
            return Found()
        return Found(escape=along(network, start, judged.direction))
    if outcome == "deficient" or (
        outcome in {"no-hessian", "unclear"} and judged.theorem is not None
    ):
        return Found(escape=way_down(network, start, point, judged.ranks or (), seed))
    if outcome in {"local", "degenerate"}:
        halves = halves_of(point, judged.ranks or ())
        bound, lower = answered(network.loss, *halves, lambda start: _lower(exact, seed, start))
        return Found(bound=bound, lower=lower)
    if outcome == "not-differentiable":
        return Found(lower=_lower(exact, seed))
    return Found()


def _lower(exact: Network, seed: int, start: Lower | None = None) -> Json | None:
    """A network with a lower loss, as data."""
    here = Point(exact)
    layers = lower_point(here, seed, first=None if start is None else (start.A, start.B))
    return None if layers is None else lower_json(here, layers)
