"""Write down what floats show: the diagnosis with a certificate that can be checked again."""

from __future__ import annotations

from collections.abc import Sequence

from proofkit.diagnose.check.certificate import FORMAT, Json, digest, network_json
from proofkit.diagnose.check.float_judge import Judged
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.float_verdict import Found, concluded, stated
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.networks.network import Network

__all__ = ["answer", "noted"]


def answer(
    network: Network,
    start: FloatPoint,
    point: FloatPoint,
    judged: Judged,
    found: Found,
    tolerance: float | None = None,
    beside: Sequence[str] = (),
) -> Diagnosis:
    """The diagnosis; its certificate records M* and what the search found.

    ``tolerance`` is the one asked for; ``beside`` are sentences about the critical point there.
    """
    verdict, why = concluded(judged, found)
    why += beside
    claimed = stated(network, start, judged)
    document: Json = {
        "format": FORMAT,
        "arithmetic": "float",
        "network": network_json(network),
        "verdict": verdict,
        "theorem": None if found.bound is not None else judged.theorem,
        **claimed,
        "evidence": {
            "kind": "numerical",
            "outcome": judged.outcome,
            "tolerance": tolerance,
            "critical_point": [[m.tolist() for m in tower] for tower in point.towers],
            "residuals": judged.residuals,
            "direction": None if judged.direction is None else judged.direction.tolist(),
            "step": None if found.step is None else list(found.step),
        },
        "bound": found.bound,
        "escape": found.escape,
        "lower_point": found.lower,
        "why": [*why, "This is numerical evidence; --certify looks for a proof."],
    }
    document["digest"] = digest(document)
    return Diagnosis(
        network=network,
        verdict=verdict,
        value=claimed["value"],
        ranks=claimed["ranks"],
        gradient_norm=claimed["gradient_norm"],
        hessian_inertia=judged.counted,
        theorem=document["theorem"],
        certificate=document,
        lower_point=found.lower,
        escape=found.escape,
        why=tuple(document["why"]),
    )


def noted(said: Diagnosis, note: str) -> Diagnosis:
    """The diagnosis with one more sentence."""
    document = {**said.certificate, "why": [*said.certificate["why"], note]}
    document["digest"] = digest(document)
    return Diagnosis(**{**vars(said), "certificate": document, "why": (*said.why, note)})
