"""Write the certificate of a proof in balls, with a lower point, a bound or a way down."""

from __future__ import annotations

import numpy as np

from proofkit.diagnose.check.balls import Proof, end_of, is_lower, verdict_of
from proofkit.diagnose.check.certificate import (
    FORMAT,
    Json,
    digest,
    lower_json,
    network_json,
)
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.float_ranks import ranks_of
from proofkit.diagnose.check.global_holds import in_words
from proofkit.diagnose.check.newton import lowest_direction
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.covering_search import Lower
from proofkit.diagnose.search.float_escape import along, way_down
from proofkit.diagnose.search.global_proofs import answered
from proofkit.diagnose.search.lower import lower_point
from proofkit.networks.network import Network

__all__ = ["diagnosis"]


def diagnosis(
    network: Network, here: Point, start: FloatPoint, proof: Proof, seed: int
) -> Diagnosis | str:
    """The diagnosis, with a lower point, a global bound or a way down where one is found."""
    lower: Json | None = None
    bound: Json | None = None
    escape: Json | None = None
    minimal = proof.kind == "full" and proof.proved is not None and not proof.proved.negative
    if minimal and here.loss.plain_squares() is None and proof.proved is not None:
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
    verdict, theorem = verdict_of(here, proof, lower is not None, bound is not None)
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
    floats = network.loss.value(network.product())
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
    if layers is None or not is_lower(here, layers, proof):
        return None
    return lower_json(here, layers)


def _escape(
    network: Network, here: Point, start: FloatPoint, proof: Proof, seed: int
) -> Json | None:
    """A path whose end has a loss certainly below that of the critical point."""
    if proof.kind == "full" or (proof.inertia is not None and proof.inertia[2]):
        path = along(network, start, lowest_direction(start))
    else:
        ranks, _ = ranks_of(network, start, max(float(proof.distance), 1e-12))
        path = way_down(network, start, start, ranks, seed)
    if path is None or not is_lower(here, end_of(path), proof):
        return None
    return path
