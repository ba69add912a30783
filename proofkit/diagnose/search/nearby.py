"""Exact critical points beside floats: round the entries, and let the exact diagnosis prove.

Interval Newton cannot prove a degenerate critical point from floats; but where an exact network
with simple rational entries lies beside the floats, or the exact minimiser of a quadratic f can be
threaded through their layers, that network is diagnosed exactly. The certificate holds the exact
one and the distance, and says nothing else of the floats.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.diagnose.check.beside import distance_of
from proofkit.diagnose.check.certificate import FORMAT, Json, digest, moved, network_json
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.exact import diagnose_exact
from proofkit.diagnose.search.frames import framed, halves
from proofkit.networks.array_matrix import array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network

__all__ = ["nearby"]

_PARAMETERS = 300
_DENOMINATORS = (1, 2, 12, 60, 1000)


def nearby(
    network: Network, exact: Network, point: FloatPoint, seed: int, within: float | None = None
) -> Diagnosis | None:
    """The diagnosis of an exact critical point beside the floats, if one is found.

    ``within`` bounds how far an entry may be, in units of its layer's largest; by default half the
    digits of all entries must agree.
    """
    here = Point(exact)
    if here.parameters > _PARAMETERS:
        return None
    for layers in _candidates(here, point):
        there = moved(exact, layers, network.title)
        far = _too_far(here, layers) if within is None else _beyond(here, layers, within)
        if far or not Point(there).critical:
            continue
        found = diagnose_exact(there, seed)
        if found.verdict == "undecided":
            continue
        distance = distance_of(here.layers, layers)
        why = [
            f"An exact critical point lies within {float(distance):.3g} of the network; this is "
            "what is proved of it:",
            *found.why,
        ]
        document: Json = {
            "format": FORMAT,
            "arithmetic": "nearby",
            "network": network_json(network),
            "verdict": found.verdict,
            "theorem": found.theorem,
            "distance": str(distance),
            "near": found.certificate,
            "why": why,
        }
        document["digest"] = digest(document)
        return Diagnosis(
            **{**vars(found), "network": network, "certificate": document, "why": tuple(why)}
        )
    return None


def _candidates(here: Point, point: FloatPoint) -> Any:
    flat = [m for tower in point.towers for m in tower]
    for denominator in _DENOMINATORS:
        yield [
            ExactMatrix.of(
                [[Fraction(float(x)).limit_denominator(denominator) for x in row] for row in m],
                shape=m.shape,
            )
            for m in flat
        ]
    threaded = _minimiser(here, point)
    if threaded is not None:
        yield threaded


def _minimiser(here: Point, point: FloatPoint) -> list[ExactMatrix] | None:
    """The exact minimiser W* of a quadratic f, of the rank of the floats' product, as layers.

    A* = W*B′⁺ and B* = A*⁺W* have the product W* when A* has its rank.
    """
    loss = here.loss
    if len(here.towers) != 1 or here.towers[0].depth < 2:
        return None
    target = loss.minimiser(here.product)
    if target is None:
        return None
    r = int(target.rank())
    if r > here.width or r == 0:
        return None
    A, B, ranks = halves(point, [r])
    frames = framed(point, A, B, ranks)
    if frames is None:
        return None
    exact_A = target @ ExactMatrix.of(np.linalg.pinv(B).tolist())
    exact_B = exact_A.pseudo_inverse() @ target
    if not (exact_A @ exact_B - target).is_zero():
        return None
    frame, old = frames[0], here.layers
    N = [ExactMatrix.identity(p.rows) - p @ q for p, q in zip(frame.P, frame.Q, strict=True)]
    layers = [frame.P[0] @ exact_B]
    for i in range(1, len(old) - 1):
        layers.append(frame.P[i] @ frame.Q[i - 1] + N[i] @ old[i] @ N[i - 1])
    layers.append(exact_A @ frame.Q[-1] + old[-1] @ N[-1])
    return layers


def _beyond(here: Point, layers: list[ExactMatrix], within: float) -> bool:
    """Whether some entry differs by more than this share of the largest of its layer."""
    for old, new in zip(here.layers, layers, strict=True):
        largest = float(np.abs(array(old)).max(initial=0.0))
        if float(np.abs(array(old - new)).max(initial=0.0)) > within * largest:
            return True
    return False


def _too_far(here: Point, layers: list[ExactMatrix]) -> bool:
    size = distance_of(here.layers, [0 * m for m in here.layers])
    return bool(
        float(distance_of(here.layers, layers)) > 8 * np.sqrt(UNIT_ROUNDOFF) * max(1.0, size)
    )
