"""Is a local minimum global? Three proofs, and the check of each.

- *curvature* (:mod:`proofkit.diagnose.check.global_bound`): f curves so much in every entry of W
  that a best approximation by Eckart, Young and Mirsky settles it.
- *no bottleneck*: only some rows and columns of W matter to f (``conjugates``): all but one of the
  classes of softmax, and as many columns as the data have rank. When A has full rank on these
  rows, AᵀG = 0 gives f′ = 0; likewise with B on these columns and GBᵀ = 0. f is convex.
- *covering* (:mod:`proofkit.diagnose.check.covering`): every matrix of the rank lies in one of
  finitely many boxes, on each of which f is at least f(W).

Each takes balls around a critical point (A, B): that it is one is not checked here.
"""

from __future__ import annotations

from typing import Any

import flint

from proofkit.diagnose.check.cases import BITS, Case, case_of
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.covering import covering_holds
from proofkit.diagnose.check.global_bound import bound_holds
from proofkit.networks.losses import Loss

__all__ = ["Table", "full_on", "global_holds", "in_words", "kind_of"]

Table = list[list[Any]]


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
    return set(data) == {"full"} and full_on(case, data["full"])


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


def full_on(case: Case, side: Any) -> bool:
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
