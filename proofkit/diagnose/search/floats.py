"""Numerical verdicts for float networks, each with its residuals and tolerances.

The floats of a file are the numbers they are; trained weights are hardly ever exactly critical.
So the question is asked of the critical point beside them:

1. If the floats, as rationals, are exactly critical, the exact diagnosis answers.
2. Otherwise Newton's method (least-norm steps) is run from M to a point M* where it stops moving,
   and :mod:`proofkit.diagnose.check.float_judge` says what the data show of M and M*.
3. Where the verdict needs one, a search proposes a way down or a lower point.

All of this is numerical evidence, never a proof. The certificate records M*, the way down and the
lower point, so that ``recheck`` recomputes every residual and tolerance from the data
(:mod:`proofkit.diagnose.check.float_recheck`); ``certify`` makes proofs
(:mod:`proofkit.diagnose.search.certify`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import Json, lower_json
from proofkit.diagnose.check.falls import descent_step
from proofkit.diagnose.check.float_judge import Judged, judge, lowest_direction, newton_step
from proofkit.diagnose.check.float_point import FloatPoint, start_of
from proofkit.diagnose.check.float_verdict import Found, halves_of
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.covering_search import Lower
from proofkit.diagnose.search.exact import diagnose_exact
from proofkit.diagnose.search.float_answer import answer, noted
from proofkit.diagnose.search.float_escape import along, way_down
from proofkit.diagnose.search.global_proofs import answered
from proofkit.diagnose.search.lower import lower_point
from proofkit.networks.elementwise import LossError
from proofkit.networks.network import Network
from proofkit.networks.running import UNIT_ROUNDOFF

__all__ = ["diagnose_floats", "polished"]

_EXACT_PARAMETERS = 200
_NEWTON_STEPS = 12


def diagnose_floats(network: Network, *, seed: int = 0, certify: bool = False) -> Diagnosis:
    """The diagnosis of a float network.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.floating import FloatMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> layers = [FloatMatrix.of([[0.1]]), FloatMatrix.of([[30.0]])]
    >>> diagnose_floats(Network.single("", layers, SquaredLoss(one, 3 * one))).verdict
    'global-minimum'
    """
    exact = rationalised(network)
    size = sum(m.rows * m.cols for tower in network.towers for m in tower.layers)
    if size <= _EXACT_PARAMETERS and _exactly_critical(network, exact):
        return diagnose_exact(exact, seed)
    start = start_of(network)
    point = polished(start)
    judged = judge(network, start, point, seed=seed)
    if judged.outcome == "moving" and not judged.residuals["distance"] < _size(start) / 8:
        # Newton's method went elsewhere: its point says nothing of this one.
        point = start
        judged = judge(network, start, point, seed=seed)
    note = ""
    if certify:
        from proofkit.diagnose.search.certify import certified

        proved = certified(network, exact, (start, point), judged, seed)
        if isinstance(proved, Diagnosis):
            return proved
        note = f"--certify: {proved}."
    found = _found(network, exact, start, point, judged, seed)
    said = answer(network, start, point, judged, found)
    return noted(said, note) if note else said


def _size(point: FloatPoint) -> float:
    return float(np.linalg.norm(point.vector))


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
    """The point where Newton's method stops improving the gradient."""
    point = start
    for _ in range(_NEWTON_STEPS):
        size = float(np.linalg.norm(point.gradient))
        if size == 0 or not np.isfinite(size):
            return point
        step = newton_step(point)
        if not np.isfinite(step).all():
            return point
        trial = point.at(point.vector + step)
        there = float(np.linalg.norm(trial.gradient))
        if not there < size:
            return point
        point = trial
        if there < 2 * UNIT_ROUNDOFF * size:
            break
    return point


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
        lowest = lowest_direction(point) if judged.direction is None else judged.direction
        return Found(escape=along(network, start, lowest))
    if outcome == "deficient" or (outcome in {"no-hessian", "unclear"} and judged.theorem is not None):
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
