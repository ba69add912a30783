"""Certified verdicts for floats: make them, and verify them from the beginning.

Five proofs, tried in this order, as the numerical verdict suggests:

- *not critical*: the floats are exact rationals, and their exact diagnosis says so;
- *f′ = 0*, f convex: a global minimum (:mod:`proofkit.diagnose.stationary`);
- *full ranks*: interval Newton in two layers, the full lift (``krawczyk``, ``lifts``);
- *low rank*: interval Newton in the width of the product's rank, the low-rank lift;
- *an exact point beside* (``nearby``).

What they cannot prove is degenerate: a critical point with a larger kernel than the symmetries
explain, or one whose rests f′ annihilates by chance, is destroyed by arbitrarily small changes of
the data; no computation from rounded numbers can prove that it exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose import convexity
from proofkit.diagnose.balls_document import Kind, Proof, diagnosis, verified
from proofkit.diagnose.certificate import Json, read_fraction
from proofkit.diagnose.evidence import Refused
from proofkit.diagnose.float_judge import Judged
from proofkit.diagnose.float_point import FloatPoint, two_layer_point
from proofkit.diagnose.frames import faint_rest, frame_json, framed, halves, read_frame
from proofkit.diagnose.krawczyk import BITS, Proved, frozen_coordinates, prove
from proofkit.diagnose.lifts import full_distance, low_rank
from proofkit.diagnose.nearby import distance_of, nearby
from proofkit.diagnose.numeric import Array
from proofkit.diagnose.point import Point
from proofkit.diagnose.rationalised import rationalised
from proofkit.diagnose.stationary import prove_stationary
from proofkit.diagnose.verdicts import Diagnosis
from proofkit.networks.decode import network_from_document
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.running import UNIT_ROUNDOFF

__all__ = ["certified", "verify"]

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
    from proofkit.diagnose.diagnosis import diagnose_exact

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
    centre = _exact_point(here, point.towers)
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
        return _stationary_proof(here, centre, found, evidence)
    return reason


def _stationary_proof(here: Point, centre: Point, found: Any, evidence: Json) -> Proof:
    distance = found.distance + distance_of(here.layers, centre.layers)
    inertia = (found.equations, here.parameters - found.equations, 0)
    words = "f′ = 0, and f is convex"
    if convexity.examine(here.loss).status == "assumed":
        words = "f′ = 0; IF f is convex, as the file says and nothing here proves, it is a minimum"
    return Proof("stationary", distance, inertia, found.value, evidence, words, None)


def _exact_point(here: Point, centre: Sequence[Sequence[Array]]) -> Point:
    towers = tuple(
        Tower(t.dims, tuple(FloatMatrix.of(m) for m in own))
        for t, own in zip(here.towers, centre, strict=True)
    )
    return Point(rationalised(Network(here.network.title, towers, here.loss)))


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
    return _full_proof(here, found[0], {"kind": "krawczyk", **found[1]})


def _full_proof(here: Point, proved: Proved, evidence: Json) -> Proof | str:
    distance = full_distance(here, proved)
    if distance is None:
        return "the critical point of two layers does not lift to the network"
    zero = here.parameters - proved.positive - proved.negative
    inertia = (proved.positive, zero, proved.negative)
    words = f"rank A = rank B = {here.width}"
    return Proof("full", distance, inertia, proved.value, evidence, words, proved)


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
    return _low_proof(here, found[0], frames, evidence)


def _low_proof(here: Point, proved: Proved, frames: list[Any], evidence: Json) -> Proof | str:
    """The kind of the lifted point, by the split of the second derivative (``lifts``)."""
    if all(f.rank == min(t.dims) for f, t in zip(frames, here.towers, strict=True)):
        return "no tower has a product of low rank"
    nonzero = any(x != 0 for line in proved.slope for x in line)
    if not nonzero:
        return "f′ ≠ 0 is not certain over the box"
    lifted = low_rank(here, proved, frames)
    if isinstance(lifted, str):
        return lifted
    g = _slope_rank(here, proved, sum(f.rank for f in frames))
    inertia = None
    if g is not None or lifted.mixing == 0:
        extra = (g or 0) * lifted.mixing
        positive, negative = proved.positive + extra, proved.negative + extra
        inertia = (positive, here.parameters - positive - negative, negative)
    kind: Kind = "low-strict" if lifted.mixing or proved.negative else "low-flat"
    words = "f′ ≠ 0, and the product has the rank " + " + ".join(str(f.rank) for f in frames)
    return Proof(kind, lifted.distance, inertia, proved.value, evidence, words, None)


def _slope_rank(here: Point, proved: Proved, width: int) -> int | None:
    """rank G, when the balls show that it is as large as A*ᵀG = 0 = GB*ᵀ allow."""
    rows, cols = here.network.shape
    most = min(rows, cols) - width
    middle = np.array([[float(x.mid()) for x in line] for line in proved.slope])
    left, _, right = np.linalg.svd(middle)
    with flint.ctx.workprec(BITS):
        U = flint.arb_mat(most, rows, [float(x) for x in left[:, :most].T.ravel()])
        V = flint.arb_mat(cols, most, [float(x) for x in right[:most].T.ravel()])
        core = U * flint.arb_mat(proved.slope) * V
        return most if most and not core.det().contains(0) else None


def verify(document: Json) -> list[str]:
    """Check a certificate in balls from the beginning; raises ``Refused``."""
    network = network_from_document(document["network"])
    here = Point(network if network.exact else rationalised(network))
    evidence = document["evidence"]
    kind = evidence["kind"]
    allowed = {"kind", "A", "B", "frozen", "radius"} | ({"frames"} if kind == "low-rank" else set())
    if kind == "stationary":
        allowed = {"kind", "centre", "radius"}
    if set(evidence) != allowed:
        raise Refused("evidence: the keys are not those of its kind")
    proof: Proof | str
    if kind == "stationary":
        proof = _verify_stationary(here, evidence)
    elif kind in {"krawczyk", "low-rank"}:
        proof = _verify_newton(here, evidence)
    else:
        raise Refused("evidence of another kind")
    if isinstance(proof, str):
        raise Refused(proof)
    return verified(document, here, proof)


def _verify_stationary(here: Point, evidence: Json) -> Proof | str:
    if not convexity.examine(here.loss).usable:
        return "f is not known to be convex"
    towers = [[np.array(rows, dtype=np.float64) for rows in own] for own in evidence["centre"]]
    shapes = [[m.shape for m in own] for own in towers]
    if shapes != [[layer.shape for layer in t.layers] for t in here.towers]:
        raise Refused("centre: other shapes than the network's")
    centre = _exact_point(here, towers)
    found = prove_stationary(centre, read_fraction(evidence["radius"]))
    if isinstance(found, str):
        return found
    return _stationary_proof(here, centre, found, evidence)


def _verify_newton(here: Point, evidence: Json) -> Proof | str:
    rows, cols = here.network.shape
    frames = None
    width = here.width
    if evidence["kind"] == "low-rank":
        data = evidence["frames"]
        frames = [read_frame(f, t) for f, t in zip(data, here.towers, strict=True)]
        width = sum(f.rank for f in frames)
    A = np.array(evidence["A"], dtype=np.float64).reshape(rows, width)
    B = np.array(evidence["B"], dtype=np.float64).reshape(width, cols)
    proved = prove(here.loss, A, B, list(evidence["frozen"]), read_fraction(evidence["radius"]))
    if isinstance(proved, str):
        return proved
    if frames is None:
        return _full_proof(here, proved, evidence)
    return _low_proof(here, proved, frames, evidence)
