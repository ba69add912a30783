"""Check a numerical certificate again: every residual and tolerance recomputed from its data.

No search is repeated. The certificate brings the network, the critical point M* beside it, and,
where the verdict needs one, a way down or a lower point; from these alone the judgement is made
anew and must give the same verdict. Floats that rounding may change (another machine sums in
another order) must agree to six digits, or both lie below the tolerance that they are compared
with; counts must agree exactly. A lower point is compared exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from proofkit.diagnose.check.certificate import Json, Refused, lower_json, moved
from proofkit.diagnose.check.evidence import lower_layers
from proofkit.diagnose.check.falls import descent_step, path_fault
from proofkit.diagnose.check.float_judge import Judged, judge
from proofkit.diagnose.check.float_point import FloatPoint, start_of
from proofkit.diagnose.check.float_verdict import Found, concluded, seen_bound, stated
from proofkit.diagnose.check.global_holds import in_words
from proofkit.diagnose.check.newton import gradient_rounding
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.networks.decode import network_from_document
from proofkit.networks.network import Network

__all__ = ["KEYS", "verify"]

KEYS = {
    "format",
    "arithmetic",
    "network",
    "verdict",
    "theorem",
    "value",
    "ranks",
    "gradient_norm",
    "hessian_inertia",
    "evidence",
    "bound",
    "escape",
    "lower_point",
    "why",
    "digest",
}
_DIGITS = 1e-6
# What a residual may be 0 for: both values are then noise below this tolerance.
_NOISE = {
    "gradient": "gradient_rounding",
    "gradient_at_critical_point": "gradient_rounding",
    "newton_step": "distance_tolerance",
    "distance": "distance_tolerance",
    "visible_descent": "tolerance",
}


def verify(document: Json) -> list[str]:
    """Check a numerical certificate; raises ``Refused``."""
    if set(document) != KEYS:
        odd = ", ".join(sorted(set(document) ^ KEYS))
        raise Refused(f"keys are missing or unknown: {odd}")
    network = network_from_document(document["network"])
    if network.exact:
        raise Refused("the network is exact; a numerical certificate needs floats")
    evidence = document["evidence"]
    if evidence["kind"] != "numerical":
        raise Refused("evidence of another kind")
    start = start_of(network)
    point = _point(evidence["critical_point"], start, network)
    tolerance = evidence["tolerance"]
    if tolerance is not None and not (isinstance(tolerance, float) and 0 <= tolerance < 1):
        raise Refused("tolerance: it is no number from 0 up to 1")
    direction = _direction(evidence["direction"], start)
    judged = judge(network, start, point, tolerance, direction=direction)
    if (judged.direction is None) != (evidence["direction"] is None):
        raise Refused("direction: one is given that nothing needs, or none where one is needed")
    if evidence["outcome"] != judged.outcome:
        raise Refused(f"outcome: {evidence['outcome']} is claimed, {judged.outcome} is seen")
    rounding = gradient_rounding(point) if judged.residuals else 0.0
    _residuals(evidence["residuals"], judged.residuals, start, rounding)
    for key, true in stated(network, start, judged).items():
        if not _agree(document[key], true, rounding):
            raise Refused(f"{key}: {document[key]} is claimed, {true} is seen")
    done = ["value, ranks, gradient, inertia, residuals and tolerances are as claimed"]
    found = Found(
        _step(evidence["step"], network, start, point),
        _escape(document["escape"], network, start),
        _lower(document["lower_point"], network),
        _bound(document["bound"], network, point, judged),
    )
    if found.escape is not None:
        done.append("the loss is lower at the end of the path by more than rounding")
    if found.lower is not None:
        done.append("the lower point is lower, exactly")
    if found.bound is not None:
        done.append(f"at M*: {in_words(found.bound)}")
    verdict, _ = concluded(judged, found)
    theorem = None if found.bound is not None else judged.theorem
    if (document["verdict"], document["theorem"]) != (verdict, theorem):
        raise Refused(f"verdict: {document['verdict']} is claimed, {verdict} follows")
    return [*done, f"numerically this gives the verdict {verdict}; it is no proof"]


def _point(data: Any, start: FloatPoint, network: Network) -> FloatPoint:
    towers = [[np.array(rows, dtype=np.float64) for rows in tower] for tower in data]
    shapes = [[m.shape for m in tower] for tower in towers]
    if shapes != [[m.shape for m in tower] for tower in start.towers]:
        raise Refused("critical_point: other shapes than the network's")
    if not all(np.isfinite(m).all() for tower in towers for m in tower):
        raise Refused("critical_point: an entry is not finite")
    return FloatPoint(towers, network.loss)


def _direction(data: Any, start: FloatPoint) -> Any:
    if data is None:
        return None
    x = np.array(data, dtype=np.float64)
    if x.shape != start.vector.shape or not abs(float(np.linalg.norm(x)) - 1) < 1e-9:
        raise Refused("direction: it is no unit vector in the parameters")
    return x


def _residuals(claimed: Json, true: dict[str, float], start: FloatPoint, rounding: float) -> None:
    if set(claimed) != set(true):
        raise Refused("residuals: other ones than those of the data")
    size = max(float(np.linalg.norm(start.vector)), 1.0)
    slack = {
        **true,
        "gradient_rounding": rounding,
        "distance_tolerance": size * float(np.finfo(float).eps) ** 0.75,
    }
    for name, value in true.items():
        noise = slack.get(_NOISE.get(name, ""), 0.0)
        if not _agree(claimed[name], value, noise):
            raise Refused(f"residuals: {name} {claimed[name]} is claimed, {value} is seen")


def _agree(claimed: Any, true: Any, noise: float) -> bool:
    """Equal; for floats up to six digits, or both within the noise."""
    if isinstance(true, bool) or not isinstance(true, float):
        return bool(claimed == true) and not isinstance(claimed, bool)
    if isinstance(claimed, bool) or not isinstance(claimed, int | float):
        return False
    gap = abs(claimed - true)
    return gap <= _DIGITS * max(abs(claimed), abs(true)) or max(abs(claimed), abs(true)) <= noise


def _step(
    data: Any, network: Network, start: FloatPoint, point: FloatPoint
) -> tuple[float, float, str] | None:
    if data is None:
        return None
    true = descent_step(network, start, point)
    noise = 1e-9 * abs(true[1]) if true is not None else 0.0
    if true is None or not all(_agree(a, b, noise) for a, b in zip(data, true, strict=True)):
        raise Refused(f"step: {data} is claimed, {true} is seen")
    return true


def _escape(data: Any, network: Network, start: FloatPoint) -> Json | None:
    if data is None:
        return None
    fault = path_fault(network, start, data)
    if fault:
        raise Refused(f"escape: {fault}")
    return dict(data)


def _bound(data: Any, network: Network, point: FloatPoint, judged: Judged) -> Json | None:
    if data is None:
        return None
    if judged.ranks is None or not seen_bound(network.loss, point, judged.ranks, data):
        raise Refused("bound: it shows nothing")
    return dict(data)


def _lower(data: Any, network: Network) -> Json | None:
    if data is None:
        return None
    here = Point(rationalised(network))
    layers = lower_layers(data, here)
    true = lower_json(here, layers)
    product: Any = moved(here.network, layers, "").product()
    if here.loss.compare(product, here.product) != -1:
        raise Refused("lower_point: its loss is not lower")
    if data["value"] != true["value"]:
        raise Refused(f"lower_point: {data['value']} is claimed, {true['value']} is true")
    return dict(data)
