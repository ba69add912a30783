"""Put a numerical verdict into the form of a diagnosis; the ranks that floats see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from proofkit.diagnose.certificate import FORMAT, Json, digest, network_json
from proofkit.diagnose.float_point import FloatPoint
from proofkit.diagnose.verdicts import Diagnosis, Verdict
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = ["answer", "ranks_of"]


def ranks_of(network: Network, point: FloatPoint, last: float) -> tuple[list[Json], bool]:
    """Ranks at the critical point, its entries known up to the last Newton step."""
    error = last if np.isfinite(last) else 0.0
    result: list[Json] = []
    decided = True
    for tower, own in zip(network.towers, point.towers, strict=True):
        layers = tuple(FloatMatrix.of(m, error) for m in own)
        moved = Tower(tower.dims, layers)
        d = min(tower.dims)
        places = [j for j, width in enumerate(tower.dims) if width == d]
        j = next((j for j in places if 0 < j < tower.depth), places[0])
        entry: Json = {"dims": list(tower.dims), "bottleneck": j, "d": d}
        for name, hi, lo in (("A", tower.depth, j + 1), ("B", j, 1)):
            half: Any = moved.chain(hi, lo)
            entry[name] = int(half.rank()[0])
            decided = decided and bool(half.rank_is_decided()[0])
        entry["chains"] = {}
        for lo in range(1, tower.depth + 1):
            for hi in range(lo, tower.depth + 1):
                chain: Any = moved.chain(hi, lo)
                entry["chains"][f"{hi}:{lo}"] = int(chain.rank()[0])
        result.append(entry)
    return result, decided


def answer(
    network: Network,
    start: FloatPoint,
    verdict: Verdict,
    why: Sequence[str],
    residuals: Json,
    theorem: str | None,
    counted: tuple[int, int, int] | None,
    *,
    lower: Json | None = None,
    escape: Json | None = None,
) -> Diagnosis:
    said = [*why, "This is numerical evidence; --certify looks for a proof."]
    document: Json = {
        "format": FORMAT,
        "arithmetic": "float",
        "network": network_json(network),
        "verdict": verdict,
        "theorem": theorem,
        "residuals": residuals,
        "why": said,
    }
    document["digest"] = digest(document)
    ranks = residuals.get("ranks")
    if ranks is None:
        found, decided = ranks_of(network, start, 0.0)
        ranks = found if decided else None
    gradient = start.gradient
    return Diagnosis(
        network=network,
        verdict=verdict,
        value=start.value,
        ranks=ranks,
        gradient_norm=float(np.linalg.norm(gradient)) if np.isfinite(gradient).all() else None,
        hessian_inertia=counted,
        theorem=theorem,
        certificate=document,
        lower_point=lower,
        escape=escape,
        why=tuple(said),
    )
