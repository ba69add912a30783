"""The ranks of all chains of a float network, entries known up to given errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower

__all__ = ["ranks_of"]


def ranks_of(
    network: Network, point: FloatPoint, radii: float | Sequence[Sequence[float]]
) -> tuple[list[Json], bool]:
    """The ranks of all chains, entries known up to the radii; whether those of A and B are sure.

    ``radii`` is one number, or one for each layer of each tower.

    A rank counts the singular values above the bound of the product's error.
    """
    if isinstance(radii, float):
        radii = [[radii] * len(own) for own in point.towers]
    result: list[Json] = []
    decided = True
    for tower, own, errors in zip(network.towers, point.towers, radii, strict=True):
        layers = tuple(FloatMatrix.of(m, e) for m, e in zip(own, errors, strict=True))
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
