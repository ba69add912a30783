"""Is a local minimum global? Try the proofs of ``check.global_holds``, the cheapest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from proofkit.diagnose.check.cases import case_of
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.covering import covering_holds
from proofkit.diagnose.check.global_bound import bound_holds, propose_bound
from proofkit.diagnose.check.global_holds import Table, full_on
from proofkit.diagnose.search.covering_search import Lower, propose_covering
from proofkit.networks.array_matrix import Array
from proofkit.networks.losses import Loss

__all__ = ["answered", "propose_global"]
Found = TypeVar("Found")


def answered(
    loss: Loss, A: Table, B: Table, search: Callable[[Lower | None], Found | None]
) -> tuple[Json | None, Found | None]:
    """A proof that a local minimum is global, or else what a search finds lower, or neither.

    ``search`` looks for a lower point; the second time it is given a place to begin, where the
    covering stumbled over a lower loss.
    """
    proof = _by_curvature(loss, A, B)
    if proof is not None:
        return proof, None
    found = search(None)
    if found is not None:
        return None, found
    covered = _by_covering(loss, A, B)
    if isinstance(covered, Lower):
        return None, search(covered)
    return covered, None


def propose_global(loss: Loss, A: Table, B: Table) -> Json | None:
    """The numbers of a proof, checked, or ``None``."""
    proof = _by_curvature(loss, A, B)
    if proof is not None:
        return proof
    covered = _by_covering(loss, A, B)
    return None if isinstance(covered, Lower) else covered


def _by_curvature(loss: Loss, A: Table, B: Table) -> Json | None:
    data = propose_bound(loss, _middles(A), _middles(B))
    return data if data is not None and bound_holds(loss, A, B, data) else None


def _by_covering(loss: Loss, A: Table, B: Table) -> Json | Lower | None:
    case = case_of(loss, A, B)
    if case is None:
        return None
    if not case.narrow:
        side = next((side for side in ("A", "B") if full_on(case, side)), None)
        return None if side is None else {"full": side}
    found = propose_covering(case)
    if found is None or isinstance(found, Lower):
        return found
    return found if covering_holds(case, found) else None


def _middles(table: Table) -> Array:
    return np.array([[float(x.mid()) for x in line] for line in table])
