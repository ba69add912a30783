"""Certified verdicts for floats: make them, and verify them from the beginning.

What is proved, and how, stands in :mod:`proofkit.diagnose.krawczyk`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.certificate import FORMAT, Json, digest, moved, network_json, read_matrix
from proofkit.diagnose.decide import lifting_result, lower_json
from proofkit.diagnose.enclosures import BallLoss
from proofkit.diagnose.evidence import Refused
from proofkit.diagnose.float_point import FloatPoint, two_layer_point
from proofkit.diagnose.float_values import float_value
from proofkit.diagnose.krawczyk import BITS, Proved, frozen_coordinates, prove
from proofkit.diagnose.lower import lower_point
from proofkit.diagnose.numeric import Array
from proofkit.diagnose.point import Point
from proofkit.diagnose.rationalised import rationalised
from proofkit.diagnose.rationals import balls
from proofkit.diagnose.squared import as_squared
from proofkit.diagnose.verdicts import Diagnosis, Verdict
from proofkit.networks.decode import network_from_document
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network

__all__ = ["certified", "verify"]

_MAX_COORDINATES = 150


def certified(
    network: Network, exact: Network, near: tuple[FloatPoint, float], seed: int
) -> Diagnosis | str:
    """The certified diagnosis, or the reason why there is none."""
    point, last = near
    here = Point(exact)
    cuts = [cut.j for cut in here.first_cuts]
    if any(not 0 < cut.j < here.towers[cut.tower].depth for cut in here.first_cuts):
        return "a tower has no bottleneck inside; the gauge-fixed coordinates need one"
    small = two_layer_point(point, cuts)
    B, A = small.towers[0]
    size = A.size + B.size
    if size > _MAX_COORDINATES:
        return f"{size} coordinates of two layers are more than {_MAX_COORDINATES}"
    frozen = frozen_coordinates(here, A, B)
    if frozen is None:
        return "the symmetries act degenerately here: rank A or rank B is below d"
    reason = "interval Newton did not close on a box"
    start = max(8 * last, 1e-15 * max(1.0, float(np.abs(small.vector).max())))
    for power in range(12):
        radius = Fraction(2) ** int(np.ceil(np.log2(start)) + 2 * power)
        proved = prove(here, A, B, frozen, radius)
        if isinstance(proved, Proved):
            return _diagnosis(network, here, (A, B, frozen, radius), proved, seed)
        reason = proved
    return reason


def _diagnosis(
    network: Network,
    here: Point,
    found: tuple[Array, Array, list[int], Fraction],
    proved: Proved,
    seed: int,
) -> Diagnosis:
    A, B, frozen, radius = found
    lower: Json | None = None
    if proved.negative == 0 and as_squared(here.loss) is None:
        layers = lower_point(here, seed)
        if layers is not None and _is_lower(here, layers, proved):
            lower = lower_json(here, layers)
    verdict, theorem = _verdict(here, proved, lower)
    inertia = (
        proved.positive,
        here.parameters - proved.positive - proved.negative,
        proved.negative,
    )
    why = [
        "Interval Newton proves that an exact critical point of this kind lies within "
        f"{float(proved.distance):.3g} of the network, and rank A = rank B = {here.width} there."
    ]
    document: Json = {
        "format": FORMAT,
        "arithmetic": "balls",
        "network": network_json(network),
        "verdict": verdict,
        "theorem": theorem,
        "hessian_inertia": list(inertia),
        "evidence": {
            "kind": "krawczyk",
            "A": A.tolist(),
            "B": B.tolist(),
            "frozen": frozen,
            "radius": str(radius),
            "distance": str(proved.distance),
        },
        "lower_point": lower,
        "why": why,
    }
    document["digest"] = digest(document)
    floats = float_value(network.loss, network.product())
    return Diagnosis(
        network=network,
        verdict=verdict,
        value=float(floats.value[0]),
        ranks=here.ranks(),
        gradient_norm=here.gradient_norm(),
        hessian_inertia=inertia,
        theorem=theorem,
        certificate=document,
        lower_point=lower,
        escape=None,
        why=tuple(why),
    )


def _is_lower(here: Point, layers: list[ExactMatrix], proved: Proved) -> bool:
    product: Any = moved(here.network, layers, "").product()
    with flint.ctx.workprec(BITS):
        there = BallLoss(here.loss, BITS).value(balls(product.entries(), BITS))
        return bool(there < proved.value)


def _verdict(here: Point, proved: Proved, lower: Json | None) -> tuple[Verdict, str | None]:
    if proved.negative:
        return "strict-saddle", "corollary-1" if as_squared(here.loss) is not None else None
    if as_squared(here.loss) is not None:
        return "global-minimum", "corollary-1"
    return ("local-minimum" if lower is None else "spurious-local-minimum"), lifting_result(here)


def verify(document: Json) -> list[str]:
    """Check a certificate of this kind from the beginning; raises ``Refused``."""
    network = network_from_document(document["network"])
    here = Point(network if network.exact else rationalised(network))
    evidence = document["evidence"]
    if evidence["kind"] != "krawczyk":
        raise Refused("evidence of another kind")
    A, B = (np.array(evidence[name], dtype=np.float64) for name in ("A", "B"))
    rows, cols = here.network.shape
    if A.shape != (rows, here.width) or B.shape != (here.width, cols):
        raise Refused("the centre has another shape")
    proved = prove(here, A, B, list(evidence["frozen"]), Fraction(evidence["radius"]))
    if isinstance(proved, str):
        raise Refused(proved)
    if str(proved.distance) != evidence["distance"]:
        raise Refused(f"distance: {evidence['distance']} is claimed, {proved.distance} is true")
    lower = document["lower_point"]
    if lower is not None:
        layers = [
            read_matrix(rows, layer.shape)
            for tower, own in zip(lower.get("towers", [lower]), here.towers, strict=True)
            for rows, layer in zip(tower["layers"], own.layers, strict=True)
        ]
        if proved.negative or not _is_lower(here, layers, proved):
            raise Refused("lower_point: its loss is not lower")
        if lower_json(here, layers)["value"] != lower["value"]:
            raise Refused("lower_point: its value is another")
    verdict, theorem = _verdict(here, proved, lower)
    zero = here.parameters - proved.positive - proved.negative
    inertia = [proved.positive, zero, proved.negative]
    if (document["verdict"], document["theorem"]) != (verdict, theorem):
        raise Refused(f"verdict: {document['verdict']} is claimed, {verdict} is proved")
    if document["hessian_inertia"] != inertia:
        raise Refused(f"hessian_inertia: {document['hessian_inertia']} is claimed, {inertia} true")
    return [
        "interval Newton closes: one exact critical point in the box",
        f"it lifts to the network within a distance of {float(proved.distance):.3g}",
        f"the Gershgorin discs count {proved.positive} positive and {proved.negative} negative",
        f"this gives the verdict {verdict}",
    ]
