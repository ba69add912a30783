"""Check a certificate in balls: an exact critical point of the stated kind lies near the floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import flint
import numpy as np

from proofkit.diagnose.check import convexity
from proofkit.diagnose.check.beside import distance_of
from proofkit.diagnose.check.certificate import (
    Json,
    Refused,
    lower_json,
    moved,
    read_fraction,
    read_matrix,
)
from proofkit.diagnose.check.evidence import lower_layers
from proofkit.diagnose.check.falls import path_end, path_fault
from proofkit.diagnose.check.float_point import start_of
from proofkit.diagnose.check.global_holds import global_holds
from proofkit.diagnose.check.krawczyk import BITS, Proved, prove
from proofkit.diagnose.check.lifts import Frame, full_distance, low_rank
from proofkit.diagnose.check.point import Point, lifting_result
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.diagnose.check.stationary import prove_stationary
from proofkit.diagnose.check.verdicts import Verdict
from proofkit.networks.array_matrix import Array
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.decode import network_from_document
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = [
    "KEYS",
    "Kind",
    "Proof",
    "end_of",
    "exact_point",
    "full_proof",
    "is_lower",
    "low_proof",
    "read_frame",
    "stationary_proof",
    "verdict_of",
    "verified",
    "verify",
]


KEYS = {
    "format",
    "arithmetic",
    "network",
    "verdict",
    "theorem",
    "hessian_inertia",
    "distance",
    "evidence",
    "bound",
    "escape",
    "lower_point",
    "why",
    "digest",
}


Kind: TypeAlias = Literal["stationary", "full", "low-strict", "low-flat"]


@dataclass(frozen=True)
class Proof:
    """What is proved of an exact critical point M* near the floats.

    ``kind``: "stationary" (f′ = 0, f convex) · "full" (two-layer ranks d; ``proved`` counts signs)
    · "low-strict" and "low-flat" (a product of lower rank, f′ ≠ 0; the Hessian has a negative
    eigenvalue, or none). ``value`` is a ball around the loss at M*.
    """

    kind: Kind
    distance: Fraction
    inertia: tuple[int, int, int] | None
    value: Any
    evidence: Json
    words: str
    proved: Proved | None


def stationary_proof(here: Point, centre: Point, found: Any, evidence: Json) -> Proof:
    distance = found.distance + distance_of(here.layers, centre.layers)
    inertia = (found.equations, here.parameters - found.equations, 0)
    words = "f′ = 0, and f is convex"
    if convexity.examine(here.loss).status == "assumed":
        words = "f′ = 0; IF f is convex, as the file says and nothing here proves, it is a minimum"
    return Proof("stationary", distance, inertia, found.value, evidence, words, None)


def exact_point(here: Point, centre: Sequence[Sequence[Array]]) -> Point:
    towers = tuple(
        Tower(t.dims, tuple(FloatMatrix.of(m) for m in own))
        for t, own in zip(here.towers, centre, strict=True)
    )
    return Point(rationalised(Network(here.network.title, towers, here.loss)))


def full_proof(here: Point, proved: Proved, evidence: Json) -> Proof | str:
    distance = full_distance(here, proved)
    if distance is None:
        return "the critical point of two layers does not lift to the network"
    zero = here.parameters - proved.positive - proved.negative
    inertia = (proved.positive, zero, proved.negative)
    words = f"rank A = rank B = {here.width}"
    return Proof("full", distance, inertia, proved.value, evidence, words, proved)


def low_proof(here: Point, proved: Proved, frames: list[Any], evidence: Json) -> Proof | str:
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


def verdict_of(here: Point, proof: Proof, lower: bool, bound: bool) -> tuple[Verdict, str | None]:
    if proof.kind == "stationary":
        return "global-minimum", None
    if proof.kind == "full":
        squared = here.loss.plain_squares() is not None
        if proof.proved is not None and proof.proved.negative:
            return "strict-saddle", "corollary-1" if squared else None
        if squared:
            return "global-minimum", "corollary-1"
        if bound:
            return "global-minimum", None
        return ("spurious-local-minimum" if lower else "local-minimum"), lifting_result(here)
    several = len(here.towers) > 1
    result = "corollary-2" if several else "lemma-1" if here.has_bottleneck else "theorem-3"
    return ("strict-saddle" if proof.kind == "low-strict" else "non-strict-saddle"), result


def is_lower(here: Point, layers: list[ExactMatrix], proof: Proof) -> bool:
    product: Any = moved(here.network, layers, "").product()
    with flint.ctx.workprec(BITS):
        there = here.loss.value(BallMatrix.converted(product))
        return bool(there < proof.value)


def end_of(path: Json) -> list[ExactMatrix]:
    return [ExactMatrix.of([[float(x) for x in row] for row in m]) for m in path_end(path)]


def verified(document: Json, here: Point, proof: Proof) -> list[str]:
    """Check what a certificate states beside its evidence; raises ``Refused``."""
    if set(document) != KEYS:
        raise Refused(f"keys are missing or unknown: {', '.join(sorted(set(document) ^ KEYS))}")
    if str(proof.distance) != document["distance"]:
        raise Refused(f"distance: {document['distance']} is claimed, {proof.distance} is true")
    done = [
        f"interval Newton closes: {proof.words}",
        f"an exact critical point lies within a distance of {float(proof.distance):.3g}",
    ]
    bound = document["bound"]
    if bound is not None:
        if proof.proved is None or proof.proved.negative:
            raise Refused("bound: there is no local minimum that it could prove global")
        if not global_holds(here.loss, proof.proved.A, proof.proved.B, bound):
            raise Refused("bound: it proves nothing")
        done.append("no product of this rank has a lower loss")
    lower = document["lower_point"]
    if lower is not None:
        layers = lower_layers(lower, here)
        if not is_lower(here, layers, proof):
            raise Refused("lower_point: its loss is not lower")
        if lower_json(here, layers)["value"] != lower["value"]:
            raise Refused("lower_point: its value is another")
        done.append("the lower point is lower")
    escape = document["escape"]
    if escape is not None:
        network = network_from_document(document["network"])
        fault = path_fault(network, start_of(network), escape)
        if fault or not is_lower(here, end_of(escape), proof):
            raise Refused(f"escape: {fault or 'the loss at its end is not lower'}")
        done.append("the loss at the end of the path is lower")
    if proof.kind == "low-flat" and escape is None:
        raise Refused("escape: a saddle that is not strict needs one")
    verdict, theorem = verdict_of(here, proof, lower is not None, bound is not None)
    if (document["verdict"], document["theorem"]) != (verdict, theorem):
        raise Refused(f"verdict: {document['verdict']} is claimed, {verdict} is proved")
    true = None if proof.inertia is None else list(proof.inertia)
    if document["hessian_inertia"] != true:
        raise Refused(f"hessian_inertia: {document['hessian_inertia']} is claimed, {true} is true")
    return [*done, f"this gives the verdict {verdict}"]


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
    centre = exact_point(here, towers)
    found = prove_stationary(centre, read_fraction(evidence["radius"]))
    if isinstance(found, str):
        return found
    return stationary_proof(here, centre, found, evidence)


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
        return full_proof(here, proved, evidence)
    return low_proof(here, proved, frames, evidence)


def read_frame(data: Any, tower: Tower) -> Frame:
    """The frame these data describe; ``ValueError`` when they have another form."""
    r = data["rank"]
    if isinstance(r, bool) or not isinstance(r, int) or not 0 <= r <= min(tower.dims):
        raise ValueError("a frame has another rank")
    widths = tower.dims[1:-1]
    P = [read_matrix(rows, (d, r)) for rows, d in zip(data["P"], widths, strict=True)]
    Q = [read_matrix(rows, (r, d)) for rows, d in zip(data["Q"], widths, strict=True)]
    dropped = data["dropped"]
    if len(dropped) != tower.depth or not all(isinstance(x, bool) for x in dropped):
        raise ValueError("a frame says of each layer whether its rest is dropped")
    return Frame(r, P, Q, dropped)
