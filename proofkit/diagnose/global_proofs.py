"""Is a local minimum global? Three proofs, tried from the cheapest to the dearest.

- *curvature* (:mod:`proofkit.diagnose.global_bound`): f curves so much in every entry of W that a
  best approximation by Eckart, Young and Mirsky settles it.
- *no bottleneck*: only some rows and columns of W matter to f (``conjugates``): all but one of the
  classes of softmax, and as many columns as the data have rank. When A has full rank on these
  rows, AᵀG = 0 gives f′ = 0; likewise with B on these columns and GBᵀ = 0. f is convex.
- *covering* (:mod:`proofkit.diagnose.covering`): every matrix of the rank lies in one of finitely
  many boxes, on each of which f is at least f(W).

Each takes balls around a critical point (A, B): that it is one is not checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flint
import numpy as np

from proofkit.diagnose.cases import BITS, Case, case_of
from proofkit.diagnose.certificate import Json
from proofkit.diagnose.covering import covering_holds
from proofkit.diagnose.covering_search import Lower, propose_covering
from proofkit.diagnose.global_bound import bound_holds, propose_bound
from proofkit.diagnose.numeric import Array
from proofkit.networks.losses import Loss

__all__ = ["answered", "global_holds", "in_words", "kind_of", "propose_global"]

Table = list[list[Any]]
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


def global_holds(loss: Loss, A: Table, B: Table, data: Json) -> bool:
    """Whether the numbers prove that no V of rank ≤ d has f(V) < f(AB)."""
    kind = kind_of(data)
    if kind == "curvature-bound":
        return not set(data) - {"p", "q", "s", "lo", "hi"} and bound_holds(loss, A, B, data)
    case = case_of(loss, A, B)
    if case is None:
        return False
    if kind == "covering":
        return set(data) == {"charts"} and covering_holds(case, data)
    return set(data) == {"full"} and _full(case, data["full"])


def kind_of(data: Json) -> str:
    """Which of the proofs the numbers belong to: the kind of evidence in exact certificates."""
    if "charts" in data:
        return "covering"
    return "no-bottleneck" if "full" in data else "curvature-bound"


def in_words(data: Json) -> str:
    """What the numbers prove, as a sentence."""
    kind = kind_of(data)
    if kind == "covering":
        count = sum(len(own["duals"]) + own["tree"].count("n") for own in data["charts"])
        return (
            f"All matrices of this rank lie in {count:,} boxes, and on none of them does the loss "
            "fall below that of the product."
        )
    if kind == "no-bottleneck":
        return (
            "What f sees of the product has no bottleneck: full ranks give f′ = 0, and f is convex."
        )
    return "f curves so much that no product of this rank has a lower loss."


def _by_curvature(loss: Loss, A: Table, B: Table) -> Json | None:
    data = propose_bound(loss, _middles(A), _middles(B))
    return data if data is not None and bound_holds(loss, A, B, data) else None


def _by_covering(loss: Loss, A: Table, B: Table) -> Json | Lower | None:
    case = case_of(loss, A, B)
    if case is None:
        return None
    if not case.narrow:
        side = next((side for side in ("A", "B") if _full(case, side)), None)
        return None if side is None else {"full": side}
    found = propose_covering(case)
    if found is None or isinstance(found, Lower):
        return found
    return found if covering_holds(case, found) else None


def _full(case: Case, side: Any) -> bool:
    """Whether A has full rank on its rows, or B on its columns."""
    with flint.ctx.workprec(BITS):
        matrix = flint.arb_mat(case.A if side == "A" else case.B)
        if side == "A":
            gram = matrix * matrix.transpose()
        elif side == "B":
            gram = matrix.transpose() * matrix
        else:
            return False
        return not gram.det().contains(0)


def _middles(table: Table) -> Array:
    return np.array([[float(x.mid()) for x in line] for line in table])
