"""Certified verdicts for floats: propose what :mod:`proofkit.diagnose.check.balls` proves.

Five proofs, tried in this order, as the numerical verdict suggests:

- *not critical*: the floats are exact rationals, and their exact diagnosis says so;
- *f′ = 0*, f convex: a global minimum (:mod:`proofkit.diagnose.check.stationary`);
- *full ranks*: interval Newton in two layers, the full lift (``krawczyk``, ``lifts``);
- *low rank*: interval Newton in the width of the product's rank, the low-rank lift;
- *an exact point beside* (``nearby``).

What they cannot prove is degenerate: a critical point with a larger kernel than the symmetries
explain, or one whose rests f′ annihilates by chance, is destroyed by arbitrarily small changes of
the data; no computation from rounded numbers can prove that it exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from proofkit.diagnose.check import convexity
from proofkit.diagnose.check.balls import (
    Proof,
    exact_point,
    full_proof,
    low_proof,
    stationary_proof,
)
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.float_judge import Judged
from proofkit.diagnose.check.float_point import FloatPoint, two_layer_point
from proofkit.diagnose.check.krawczyk import Proved, frozen_coordinates, prove
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.stationary import prove_stationary
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.balls_document import diagnosis
from proofkit.diagnose.search.exact import diagnose_exact
from proofkit.diagnose.search.frames import faint_rest, frame_json, framed, halves
from proofkit.diagnose.search.nearby import nearby
from proofkit.networks.array_matrix import Array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.network import Network

__all__ = ["certified"]

_MAX_COORDINATES = 200
_EXACT_PARAMETERS = 400
_NEWTON = "interval Newton did not close on a box"
_DEGENERATE = (
    "; if the point is degenerate (a kernel larger than the symmetries explain), it is not stable "
    "under rounding, and nothing computed from floats can prove it"
)


def certified(
    network: Network,
    exact: Network,
    near: tuple[FloatPoint, FloatPoint],
    judged: Judged,
    seed: int,
) -> Diagnosis | str:
    """The certified diagnosis, or the reason why there is none."""
    start, point = near
    here = Point(exact)
    match judged.outcome:
        case "moving":
            return _not_critical(network, here, seed)
        case "not-differentiable":
            return "without a derivative there is nothing to prove"
        case "not-finite":
            return "a product or the loss overflows"
        case "saturated":
            return "f′ = 0 is not known to be possible"
    reasons: list[str] = []
    tried = [_stationary] if judged.outcome == "stationary" else []
    for attempt in (*tried, _full, _low):
        proof = attempt(here, start, point, judged)
        if isinstance(proof, Proof):
            return diagnosis(network, here, start, proof, seed)
        reasons.append(proof)
    beside = nearby(network, exact, point, seed)
    if beside is not None:
        return beside
    return "; ".join(dict.fromkeys(reasons)) + _DEGENERATE


def _not_critical(network: Network, here: Point, seed: int) -> Diagnosis | str:
    if here.parameters > _EXACT_PARAMETERS:
        return f"the exact gradient of more than {_EXACT_PARAMETERS} parameters is not computed"
    found = diagnose_exact(here.network, seed)
    if found.verdict != "not-critical":
        return f"the exact diagnosis says {found.verdict}"
    return Diagnosis(**{**vars(found), "network": network})


def _radii(least: float, size: float) -> Iterator[Fraction]:
    start = max(8 * least, 1e-15 * max(1.0, size))
    for power in range(12):
        yield Fraction(2) ** int(np.ceil(np.log2(start)) + 2 * power)


def _stationary(here: Point, start: FloatPoint, point: FloatPoint, judged: Judged) -> Proof | str:
    if not convexity.examine(here.loss).usable:
        return "f is not known to be convex"
    centre = exact_point(here, point.towers)
    reason = ""
    for radius in _radii(judged.residuals["newton_step"], _largest(point)):
        found = prove_stationary(centre, radius)
        if isinstance(found, str):
            reason = found
            continue
        evidence = {
            "kind": "stationary",
            "centre": [[m.tolist() for m in tower] for tower in point.towers],
            "radius": str(radius),
        }
        return stationary_proof(here, centre, found, evidence)
    return reason


def _largest(point: FloatPoint) -> float:
    return float(np.abs(point.vector).max())


def _newton(here: Point, A: Array, B: Array, least: float) -> tuple[Proved, Json] | str:
    """Interval Newton on boxes of rising size."""
    if A.size + B.size > _MAX_COORDINATES:
        return f"{A.size + B.size} coordinates of two layers are more than {_MAX_COORDINATES}"
    frozen = frozen_coordinates(here.loss, A, B)
    if frozen is None:
        return "the symmetries act degenerately here: rank A or rank B is below d"
    reason = _NEWTON
    largest = float(max(np.abs(A).max(initial=0.0), np.abs(B).max(initial=0.0)))
    for radius in _radii(least, largest):
        proved = prove(here.loss, A, B, frozen, radius)
        if isinstance(proved, Proved):
            evidence = {
                "A": A.tolist(),
                "B": B.tolist(),
                "frozen": frozen,
                "radius": str(radius),
            }
            return proved, evidence
        reason = proved
    return reason


def _full(here: Point, start: FloatPoint, point: FloatPoint, judged: Judged) -> Proof | str:
    if any(not 0 < cut.j < here.towers[cut.tower].depth for cut in here.first_cuts):
        return "a tower has no bottleneck inside; the gauge-fixed coordinates need one"
    small = two_layer_point(point, [cut.j for cut in here.first_cuts])
    B, A = small.towers[0]
    found = _newton(here, A, B, judged.residuals["newton_step"])
    if isinstance(found, str):
        return found
    return full_proof(here, found[0], {"kind": "krawczyk", **found[1]})


def _low(here: Point, start: FloatPoint, point: FloatPoint, judged: Judged) -> Proof | str:
    wanted = []
    scale = float(np.linalg.norm(point.product)) + float(np.linalg.norm(point.vector))
    for tower, sides in zip(point.towers, point.sides, strict=True):
        sigma = np.linalg.svd(sides[0][0] @ tower[0])[1]
        wanted.append(int((sigma > UNIT_ROUNDOFF ** (1 / 3) * scale).sum()))
    if all(r >= min(t.dims) for r, t in zip(wanted, here.towers, strict=True)):
        return "the product has full rank"
    A, B, ranks = halves(point, wanted)
    found = _newton(here, A, B, judged.residuals["newton_step"])
    if isinstance(found, str):
        return found
    frames = framed(point, A, B, ranks)
    if frames is None:
        return "the layers do not carry the product's rank"
    if faint_rest(point, frames):
        return "whether the rests of the layers between cancel exactly no float decides"
    evidence = {"kind": "low-rank", **found[1], "frames": [frame_json(f) for f in frames]}
    return low_proof(here, found[0], frames, evidence)
