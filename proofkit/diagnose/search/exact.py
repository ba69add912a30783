"""Diagnose an exact network: decide, and write the certificate."""

from __future__ import annotations

from proofkit.diagnose.check.certificate import (
    FORMAT,
    Json,
    claims,
    digest,
    matrix_json,
    network_json,
)
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.decide import Decision, decide
from proofkit.networks.network import Network

__all__ = ["diagnose_exact"]


def diagnose_exact(network: Network, seed: int = 0) -> Diagnosis:
    """The diagnosis of an exact network."""
    point = Point(network)
    decision = decide(point, seed)
    return _assembled(point, decision)


def _assembled(point: Point, decision: Decision) -> Diagnosis:
    finding = decision.convexity
    stated = claims(point)
    document: Json = {
        "format": FORMAT,
        "arithmetic": "exact",
        "network": network_json(point.network),
        "verdict": decision.verdict,
        "theorem": decision.theorem,
        **stated,
        "hessian_inertia": None if decision.inertia is None else list(decision.inertia),
        "convexity": None
        if finding is None
        else {
            "status": finding.status,
            "why": finding.why,
            "violation": None
            if finding.violation is None
            else {"W": matrix_json(finding.violation.W), "D": matrix_json(finding.violation.D)},
        },
        "evidence": decision.evidence,
        "lower_point": decision.lower,
        "why": list(decision.why),
    }
    document["digest"] = digest(document)
    return Diagnosis(
        network=point.network,
        verdict=decision.verdict,
        value=stated["value"],
        ranks=stated["ranks"],
        gradient_norm=stated["gradient_norm"],
        hessian_inertia=decision.inertia,
        theorem=decision.theorem,
        certificate=document,
        lower_point=decision.lower,
        escape=decision.escape,
        why=tuple(decision.why),
    )
