"""A second opinion: ``proofkit diagnose`` asked about the point that a row tells of."""

from __future__ import annotations

from typing import Any

from proofkit.networks.matrices import FloatMatrix
from proofkit.networks.network import Network
from proofkit.sweep.families import Data, Family
from proofkit.sweep.lanes import Array, unpacked
from proofkit.sweep.spec import Spec

__all__ = ["OPINIONS", "opinion_on", "second_opinion"]

OPINIONS = ("agrees", "differs", "undecided", "failed")


def second_opinion(spec: Spec, family: Family, problem: Data, x: Array) -> tuple[str, bool]:
    """The verdict of `proofkit.diagnose` on the point x, (p, 1), and whether it is proved.

    It is where interval Newton finds a critical point beside x and settles what it is.

    A fault of the diagnosis is told in the row instead of ending a long sweep.
    """
    from proofkit.diagnose.search.diagnosis import diagnose

    layers = [FloatMatrix.of(layer[:, :, 0]) for layer in unpacked(x, spec.dims)]
    try:
        found = diagnose(Network.single("", layers, family.loss(problem)), certify=True)
    except Exception as fault:
        return f"failed: {type(fault).__name__}", False
    return found.verdict, bool(found.certificate["arithmetic"] == "balls")


def opinion_on(row: dict[str, Any]) -> str | None:
    """Whether the second opinion bears the row out; None where none was asked for.

    >>> opinion_on({"verdict": "spurious", "diagnosed": "spurious-local-minimum"})
    'agrees'
    """
    said = row.get("diagnosed")
    if said is None:
        return None
    if said.startswith("failed"):
        return "failed"
    spurious = row["verdict"] in ("spurious", "numerical")
    if said == "spurious-local-minimum":
        return "agrees" if spurious else "differs"
    if spurious:
        return "undecided" if said in ("local-minimum", "undecided") else "differs"
    return "agrees" if said in ("global-minimum", "local-minimum") else "undecided"
