"""The certificate of a proof in balls: what it states, and the check of these statements."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import flint
import numpy as np

from proofkit.diagnose.certificate import FORMAT, Json, digest, moved, network_json
from proofkit.diagnose.covering_search import Lower
from proofkit.diagnose.decide import lifting_result, lower_json
from proofkit.diagnose.enclosures import BallLoss
from proofkit.diagnose.evidence import Refused, lower_layers
from proofkit.diagnose.float_escape import along, path_end, path_fault, way_down
from proofkit.diagnose.float_judge import lowest_direction, ranks_of
from proofkit.diagnose.float_point import FloatPoint, start_of
from proofkit.diagnose.float_values import float_value
from proofkit.diagnose.global_proofs import answered, global_holds, in_words
from proofkit.diagnose.krawczyk import BITS, Proved
from proofkit.diagnose.lower import lower_point
from proofkit.diagnose.point import Point
from proofkit.diagnose.rationals import balls
from proofkit.diagnose.squared import as_squared
from proofkit.diagnose.verdicts import Diagnosis, Verdict
from proofkit.networks.decode import network_from_document
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network

__all__ = ["KEYS", "Kind", "Proof", "diagnosis", "verified"]

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


def _verdict(here: Point, proof: Proof, lower: bool, bound: bool) -> tuple[Verdict, str | None]:
    if proof.kind == "stationary":
        return "global-minimum", None
    if proof.kind == "full":
        squared = as_squared(here.loss) is not None
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


def diagnosis(
    network: Network, here: Point, start: FloatPoint, proof: Proof, seed: int
) -> Diagnosis | str:
    """The diagnosis, with a lower point, a global bound or a way down where one is found."""
    lower: Json | None = None
    bound: Json | None = None
    escape: Json | None = None
    minimal = proof.kind == "full" and proof.proved is not None and not proof.proved.negative
    if minimal and as_squared(here.loss) is None and proof.proved is not None:
        bound, lower = answered(
            here.loss,
            proof.proved.A,
            proof.proved.B,
            lambda start: _lower(here, proof, seed, start),
        )
    elif proof.kind != "stationary":
        escape = _escape(network, here, start, proof, seed)
        if proof.kind == "low-flat" and escape is None:
            return "no network beside it with a certainly lower loss was found"
    verdict, theorem = _verdict(here, proof, lower is not None, bound is not None)
    why = [
        f"Interval Newton proves that an exact critical point of this kind lies within "
        f"{float(proof.distance):.3g} of the network; there {proof.words}."
    ]
    if bound is not None:
        why.append(in_words(bound))
    if escape is not None:
        why.append("At the end of the path given the loss is certainly lower than at that point.")
    if verdict == "local-minimum":
        why.append("No network with a lower loss was found; that proves nothing.")
    if lower is not None:
        why.append(f"Another network of these widths has the lower loss {lower['value']}.")
    document: Json = {
        "format": FORMAT,
        "arithmetic": "balls",
        "network": network_json(network),
        "verdict": verdict,
        "theorem": theorem,
        "hessian_inertia": None if proof.inertia is None else list(proof.inertia),
        "distance": str(proof.distance),
        "evidence": proof.evidence,
        "bound": bound,
        "escape": escape,
        "lower_point": lower,
        "why": why,
    }
    document["digest"] = digest(document)
    floats = float_value(network.loss, network.product())
    ranks, decided = ranks_of(network, start, float(proof.distance))
    return Diagnosis(
        network=network,
        verdict=verdict,
        value=float(floats.value[0]),
        ranks=ranks if decided else None,
        gradient_norm=float(np.linalg.norm(start.gradient)),
        hessian_inertia=proof.inertia,
        theorem=theorem,
        certificate=document,
        lower_point=lower,
        escape=escape,
        why=tuple(why),
    )


def _lower(here: Point, proof: Proof, seed: int, start: Lower | None) -> Json | None:
    layers = lower_point(here, seed, first=None if start is None else (start.A, start.B))
    if layers is None or not _is_lower(here, layers, proof):
        return None
    return lower_json(here, layers)


def _is_lower(here: Point, layers: list[ExactMatrix], proof: Proof) -> bool:
    product: Any = moved(here.network, layers, "").product()
    with flint.ctx.workprec(BITS):
        there = BallLoss(here.loss, BITS).value(balls(product.entries(), BITS))
        return bool(there < proof.value)


def _escape(
    network: Network, here: Point, start: FloatPoint, proof: Proof, seed: int
) -> Json | None:
    """A path whose end has a loss certainly below that of the critical point."""
    if proof.kind == "full" or (proof.inertia is not None and proof.inertia[2]):
        path = along(network, start, lowest_direction(start))
    else:
        ranks, _ = ranks_of(network, start, max(float(proof.distance), 1e-12))
        path = way_down(network, start, start, ranks, seed)
    if path is None or not _is_lower(here, _end(path), proof):
        return None
    return path


def _end(path: Json) -> list[ExactMatrix]:
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
        if not _is_lower(here, layers, proof):
            raise Refused("lower_point: its loss is not lower")
        if lower_json(here, layers)["value"] != lower["value"]:
            raise Refused("lower_point: its value is another")
        done.append("the lower point is lower")
    escape = document["escape"]
    if escape is not None:
        network = network_from_document(document["network"])
        fault = path_fault(network, start_of(network), escape)
        if fault or not _is_lower(here, _end(escape), proof):
            raise Refused(f"escape: {fault or 'the loss at its end is not lower'}")
        done.append("the loss at the end of the path is lower")
    if proof.kind == "low-flat" and escape is None:
        raise Refused("escape: a saddle that is not strict needs one")
    verdict, theorem = _verdict(here, proof, lower is not None, bound is not None)
    if (document["verdict"], document["theorem"]) != (verdict, theorem):
        raise Refused(f"verdict: {document['verdict']} is claimed, {verdict} is proved")
    true = None if proof.inertia is None else list(proof.inertia)
    if document["hessian_inertia"] != true:
        raise Refused(f"hessian_inertia: {document['hessian_inertia']} is claimed, {true} is true")
    return [*done, f"this gives the verdict {verdict}"]
