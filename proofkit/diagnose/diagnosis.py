"""Diagnose a network: one entrance for exact and float networks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from proofkit.diagnose.certificate import (
    FORMAT,
    Json,
    digest,
    matrix_json,
    network_json,
    number_json,
)
from proofkit.diagnose.decide import Decision, decide
from proofkit.diagnose.point import Point
from proofkit.diagnose.verdicts import Diagnosis
from proofkit.identity import Same
from proofkit.networks.elementwise import LossError
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network

__all__ = ["diagnose", "diagnose_exact", "diagnosed"]


def diagnose(network: Network, *, seed: int = 0, certify: bool = False) -> Diagnosis:
    """What kind of point a network is, with a certificate that stands on its own.

    Args:
        network: one tower or several, exact or float. A float network whose floats, taken as the
            rationals they store, are exactly critical is treated as exact.
        seed: of everything random; the same seed gives the same answer.
        certify: for floats, prove by interval Newton that an exact critical point of the stated
            kind lies near.

    Returns:
        The diagnosis; ``recheck(diagnosis.certificate)`` verifies an exact one on its own.

    Raises:
        TypeError: the loss is not a function of the product, so the paper's results do not hold.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> diagnose(Network.single("", [one, 3 * one], SquaredLoss(one, 3 * one))).verdict
    'global-minimum'
    """
    if not isinstance(network.loss, Loss):
        raise TypeError(
            "the loss is not a function of the product M_k⋯M_1 alone (weight decay, for example); "
            "the paper's results do not hold for it"
        )
    if network.exact:
        return diagnose_exact(network, seed)
    from proofkit.diagnose.floats import diagnose_floats

    return diagnose_floats(network, seed=seed, certify=certify)


def diagnosed(network: Network, seed: int = 0) -> Diagnosis:
    """The diagnosis of a network, made once for as long as the network is there."""
    return _diagnosed(Same(network), seed)


@lru_cache(maxsize=256)
def _diagnosed(same: Same[Network], seed: int) -> Diagnosis:
    return diagnose(same.thing, seed=seed)


def diagnose_exact(network: Network, seed: int = 0) -> Diagnosis:
    """The diagnosis of an exact network."""
    point = Point(network)
    decision = decide(point, seed)
    return _assembled(point, decision)


def claims(point: Point) -> Json:
    """What a certificate states whatever the verdict: value, ranks, size of the gradient."""
    try:
        value: Any = number_json(point.value)
    except LossError:
        value = None
    try:
        norm: Any = point.gradient_norm()
    except LossError:
        norm = None
    return {"value": value, "ranks": point.ranks(), "gradient_norm": norm}


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
