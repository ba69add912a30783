"""A proof that a local minimum is global: all matrices of the rank are covered by boxes.

Let f(W) = g(WD) be convex with a conjugate g* (``conjugates``), and let V = AB run over a chart of
the matrices of rank ≤ d (``charts``): d rows of A are the identity, the others X, and B is free.

*Far from the minimum.* For any Z and κ put S(X) = −XᵀZ + κN on the rows of the identity and Z on
the others, the rows of N spanning {k : Dkᵀ = 0}. Then AᵀS(X)Dᵀ = 0, so for every B

    f(AB) ≥ ⟨S(X), ABD⟩ − g*(S(X)) = −g*(S(X)).

S is affine in X and g* convex: over a box of X the right side is least at one of the corners. If it
exceeds f(W) at all corners, no matrix of the box has a loss as low as f(W). Z and κ come from an
approximate minimum over B at the middle of the box; then the bound is right up to the square of the
box's size. Only their validity is checked, whatever their origin; unattained infima do no harm.

*Near the minimum* F(X, B) = f(A(X)B) is convex around the critical point, whatever B
(:mod:`proofkit.diagnose.check.vicinity`).

The certificate holds, for every chart, a bisection of the box [−1, 1] into leaves of the two sorts,
and the numbers Z and κ. The checker walks through the bisection, so that no box can be missing, and
evaluates in balls. Cost per leaf: 2^s corners with s = d(m − d), each O(d(m − d)N) ball operations.

Source: R. T. Rockafellar, *Convex Analysis*, 1970, sections 12 and 32.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flint

from proofkit.diagnose.check.cases import BITS, Case, Table, padded
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.charts import Box, Chart, charts
from proofkit.diagnose.check.rationals import balls
from proofkit.diagnose.check.vicinity import near_holds
from proofkit.networks.ball_matrix import BallMatrix, product_of_balls

__all__ = [
    "FAR",
    "MAX_CORNERS",
    "MAX_LEAVES",
    "NEAR",
    "covering_holds",
]

MAX_LEAVES = 40_000
MAX_CORNERS = 64
FAR, NEAR = ".", "n"
_LEAST = 2.0**-40


def covering_holds(case: Case, data: Json) -> bool:
    """Whether the boxes and numbers prove that no V of rank ≤ d has f(V) < f(AB).

    (A, B) are balls around a critical point: that it is one is not checked here. Raises
    ``ValueError``, ``TypeError`` or ``KeyError`` where the data are malformed.
    """
    places = charts(case.conjugate.rows, case.width)
    if not case.narrow or len(data["charts"]) != len(places) or 2 ** places[0].size > MAX_CORNERS:
        return False
    if sum(len(own["tree"]) for own in data["charts"]) > 2 * MAX_LEAVES:
        return False
    with flint.ctx.workprec(BITS):
        value = _value(case)
        return all(
            _chart_holds(case, value, chart, own)
            for chart, own in zip(places, data["charts"], strict=True)
        )


def _value(case: Case) -> Any:
    return case.loss.value(BallMatrix(product_of_balls(*padded(case, case.A, case.B))))


def _chart_holds(case: Case, value: Any, chart: Chart, own: Json) -> bool:
    if set(own) != {"tree", "duals", "near"}:
        return False
    near = own["near"]
    if (near is not None) != (NEAR in own["tree"]):
        return False
    if near is not None and not near_holds(case, chart, near):
        return False
    kernel = balls(case.conjugate.kernel.entries(), BITS)
    duals = iter(own["duals"])
    for token, box in _leaves(own["tree"], chart):
        if token == NEAR:
            if not box.inside(near["middle"], near["radius"]):
                return False
        elif not _far_holds(case, value, chart, box, next(duals, ()), kernel):
            return False
    return next(duals, None) is None


def _leaves(tree: str, chart: Chart) -> Iterator[tuple[str, Box]]:
    """The leaves of a bisection in preorder: a digit halves a box along that axis."""
    waiting = [chart.whole]
    for token in tree:
        if not waiting:
            raise ValueError("the bisection goes on after its end")
        box = waiting.pop()
        if token in {FAR, NEAR}:
            yield token, box
            continue
        axis = int(token)
        if box.half[axis] < _LEAST:
            raise ValueError("a box is too small")
        waiting += reversed(box.halves(axis))
    if waiting:
        raise ValueError("the bisection ends early")


def _far_holds(case: Case, value: Any, chart: Chart, box: Box, dual: Any, kernel: Table) -> bool:
    """−g*(S(X)) > f(W) at every corner X."""
    width, free, samples = case.width, chart.free, case.conjugate.samples
    if len(dual) != len(free) * samples + width * len(kernel):
        return False
    numbers = [flint.arb(float(x)) for x in dual]
    Z = [numbers[i * samples : (i + 1) * samples] for i in range(len(free))]
    base = flint.arb_mat(width, samples)
    if kernel:
        kappa = flint.arb_mat(width, len(kernel), numbers[len(free) * samples :])
        base = kappa * flint.arb_mat(kernel)
    below = flint.arb_mat(Z)
    for corner in box.corners():
        # Xᵀ, X being given row by row.
        turn = [[corner[i * width + q] for i in range(len(free))] for q in range(width)]
        above = (base - flint.arb_mat(turn) * below).tolist()
        s: Table = [[]] * case.conjugate.rows
        for line, r in zip((*above, *Z), (*chart.fixed, *free), strict=True):
            s[r] = line
        if not -case.conjugate.value(BallMatrix(s)) > value:
            return False
    return True
