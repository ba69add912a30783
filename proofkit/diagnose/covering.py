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

*Near the minimum.* Let (X*, B*) be the critical point in a chart, N a cube around X*, 𝓑 one around
B*. If the second derivative of F(X, B) = f(A(X)B) is positive definite over N × 𝓑, then F is convex
there, and at least F(X*, B*) = f(W). If moreover Krawczyk's operator for the derivative in B maps 𝓑
into its interior, uniformly for X in N, then F(X, ·) has a critical point in 𝓑 for every X in N;
F(X, ·) being convex, that is its minimum over all B. So F ≥ f(W) on N × {all B}.

The certificate holds, for every chart, a bisection of the box [−1, 1] into leaves of the two sorts,
and the numbers Z and κ. The checker walks through the bisection, so that no box can be missing, and
evaluates in balls. Cost per leaf: 2^s corners with s = d(m − d), each O(d(m − d)N) ball operations.

Sources: R. T. Rockafellar, *Convex Analysis*, 1970, sections 12 and 32; A. Neumaier, *Interval
Methods for Systems of Equations*, 1990, 5.1 and 5.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.certificate import Json
from proofkit.diagnose.charts import Box, Chart, charts, turned
from proofkit.diagnose.conjugates import Conjugate, conjugate_of
from proofkit.diagnose.enclosures import BallLoss, product_of_balls
from proofkit.diagnose.krawczyk import second_derivative
from proofkit.diagnose.numeric import Array
from proofkit.diagnose.rationals import balls
from proofkit.networks.losses import Loss

__all__ = [
    "BITS",
    "FAR",
    "MAX_CORNERS",
    "MAX_LEAVES",
    "NEAR",
    "Case",
    "case_of",
    "covering_holds",
    "critical_in",
    "near_holds",
    "second_in",
]

BITS = 96
MAX_LEAVES = 40_000
MAX_CORNERS = 64
FAR, NEAR = ".", "n"
_LEAST = 2.0**-40
Table = list[list[Any]]


@dataclass(frozen=True)
class Case:
    """A loss on the side of W that has the smaller charts, and (A, B) as it is seen from there.

    Only the entries of W that matter are kept (``conjugates``): A has ``conjugate.rows`` rows, B
    the columns ``conjugate.columns``. ``turned``: the loss is that of Wᵀ.
    """

    loss: Loss
    conjugate: Conjugate
    A: Table
    B: Table
    turned: bool

    @property
    def width(self) -> int:
        """d."""
        return len(self.B)

    @property
    def narrow(self) -> bool:
        """Whether d is a bottleneck: less than the rows and columns that matter."""
        return self.width < min(self.conjugate.rows, len(self.conjugate.columns))


def case_of(loss: Loss, A: Table, B: Table) -> Case | None:
    """The case of (A, B), tables of balls; ``None`` where no conjugate is known or d = 0."""
    if not B or not B[0] or conjugate_of(loss) is None:
        return None
    other = turned(loss) if loss.shape[1] < loss.shape[0] else None
    if other is not None:
        loss, A, B = other, _transposed(B), _transposed(A)
    conjugate = conjugate_of(loss)
    if conjugate is None:
        return None
    with flint.ctx.workprec(BITS):
        if conjugate.rows < len(A):
            A = [[x - y for x, y in zip(line, A[-1], strict=True)] for line in A[:-1]]
        if len(conjugate.columns) < len(B[0]):
            B = product_of_balls(B, balls(conjugate.spread().entries(), BITS))
    return Case(loss, conjugate, A, B, other is not None)


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
        ball = BallLoss(case.loss, BITS)
        value = _value(case, ball)
        return all(
            _chart_holds(case, ball, value, chart, own)
            for chart, own in zip(places, data["charts"], strict=True)
        )


def _value(case: Case, ball: BallLoss) -> Any:
    return ball.value(product_of_balls(*_padded(case, case.A, case.B)))


def _padded(case: Case, A: Table, B: Table) -> tuple[Table, Table]:
    """(A, B) with zeros in the entries that do not matter."""
    rows, cols = case.loss.shape
    zero = flint.arb(0)
    above = [*A, *([zero] * case.width for _ in range(rows - len(A)))]
    places = {c: i for i, c in enumerate(case.conjugate.columns)}
    return above, [[line[places[c]] if c in places else zero for c in range(cols)] for line in B]


def _chart_holds(case: Case, ball: BallLoss, value: Any, chart: Chart, own: Json) -> bool:
    if set(own) != {"tree", "duals", "near"}:
        return False
    near = own["near"]
    if (near is not None) != (NEAR in own["tree"]):
        return False
    if near is not None and not near_holds(case, ball, chart, near):
        return False
    kernel = balls(case.conjugate.kernel.entries(), BITS)
    duals = iter(own["duals"])
    for token, box in _leaves(own["tree"], chart):
        if token == NEAR:
            if not box.inside(near["middle"], near["radius"]):
                return False
        elif not _far_holds(case, ball, value, chart, box, next(duals, ()), kernel):
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


def _far_holds(
    case: Case, ball: BallLoss, value: Any, chart: Chart, box: Box, dual: Any, kernel: Table
) -> bool:
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
        bound = case.conjugate.ball(ball, s)
        if bound is None or not -bound > value:
            return False
    return True


def critical_in(case: Case, chart: Chart) -> tuple[Table, Table] | None:
    """(X*, B*) in a chart: X* as rows; ``None`` where the chart may not contain W."""
    corner = flint.arb_mat([case.A[r] for r in chart.fixed])
    try:
        X = flint.arb_mat([case.A[r] for r in chart.free]) * corner.inv()
    except ZeroDivisionError:
        return None
    return X.tolist(), (corner * flint.arb_mat(case.B)).tolist()


def near_holds(case: Case, ball: BallLoss, chart: Chart, near: Json) -> bool:
    """Whether F ≥ f(W) on the cube around X*, for all B; 𝓑 has the half-lengths ``reach``."""
    if set(near) != {"middle", "radius", "reach"} or len(near["middle"]) != chart.size:
        return False
    point = critical_in(case, chart)
    if point is None or not near["radius"] > 0 or not all(x > 0 for x in near["reach"]):
        return False
    radius, reach = flint.arb(float(near["radius"])), [flint.arb(float(x)) for x in near["reach"]]
    middle = [flint.arb(float(x)) for x in near["middle"]]
    centre = _middles(point[1])
    away = [x - c for x, c in zip(_flat(point[0]), middle, strict=True)]
    moved = [x - c for x, c in zip(_flat(point[1]), _flat(centre), strict=True)]
    if not all(abs(x) < radius for x in away):
        return False
    if not all(abs(x) < most for x, most in zip(moved, reach, strict=True)):
        return False
    spread = [_ball(radius)] * chart.size
    lengths = iter(reach)
    wide = [[x + _ball(next(lengths)) for x in line] for line in centre]
    box = [x + r for x, r in zip(middle, spread, strict=True)]
    hessian, split = second_in(case, ball, chart, box, wide)
    floats = np.array([[float(x.mid()) for x in line] for line in hessian])
    if not np.isfinite(floats).all() or not _definite(hessian, floats):
        return False
    # Krawczyk's operator in B: F_B(X, B_c) with X in the cube, by the mean value form.
    slope = flint.arb_mat(split, 1, _slope_in_B(case, ball, chart, middle, centre))
    mixed = flint.arb_mat([line[split:] for line in hessian[:split]])
    bend = flint.arb_mat([line[:split] for line in hessian[:split]])
    Y = _floats(np.linalg.inv(floats[:split, :split]))
    step = Y * slope + (Y * mixed) * flint.arb_mat(chart.size, 1, spread)
    shift = (_floats(np.eye(split)) - Y * bend) * flint.arb_mat(split, 1, [_ball(x) for x in reach])
    return all(
        abs(b - a) < most for a, b, most in zip(step.entries(), shift.entries(), reach, strict=True)
    )


def _ball(radius: Any) -> Any:
    return flint.arb(0, radius)


def _flat(table: Table) -> list[Any]:
    return [x for line in table for x in line]


def _floats(matrix: Array) -> Any:
    return flint.arb_mat(*matrix.shape, [float(x) for x in matrix.ravel()])


def _definite(hessian: Table, middle: Array) -> bool:
    """Whether every symmetric matrix in the balls is positive definite: QᵀHQ, with Q such that it
    is nearly the identity, has Gershgorin discs on the right of 0."""
    eigenvalues, vectors = np.linalg.eigh((middle + middle.T) / 2)
    if not eigenvalues[0] > 0:
        return False
    Q = _floats(vectors / np.sqrt(eigenvalues))
    for i, line in enumerate((Q.transpose() * flint.arb_mat(hessian) * Q).tolist()):
        rest = flint.arb(0)
        for j, x in enumerate(line):
            if i != j:
                rest += abs(x)
        if not line[i] > rest:
            return False
    return True


def second_in(
    case: Case, ball: BallLoss, chart: Chart, x: list[Any], B: Table
) -> tuple[Table, int]:
    """The second derivative of F in the entries of B that matter, then X; and how many of B."""
    width, (rows, cols) = case.width, case.loss.shape
    A, B = _padded(case, _left(chart, x), B)
    values = [y for line in (*B, *A) for y in line]
    whole = second_derivative(ball, values, rows, width, cols)
    kept = [i * cols + c for i in range(width) for c in case.conjugate.columns]
    split = len(kept)
    kept += [width * cols + r * width + q for r in chart.free for q in range(width)]
    return [[whole[i][j] for j in kept] for i in kept], split


def _slope_in_B(case: Case, ball: BallLoss, chart: Chart, x: list[Any], B: Table) -> list[Any]:
    A, B = _padded(case, _left(chart, x), B)
    slope = product_of_balls(_transposed(A), ball.gradient(product_of_balls(A, B)))
    return [line[c] for line in slope for c in case.conjugate.columns]


def _left(chart: Chart, x: Sequence[Any]) -> Table:
    width = len(chart.fixed)
    table: Table = [[]] * chart.rows
    for i, r in enumerate(chart.fixed):
        table[r] = [flint.arb(int(i == q)) for q in range(width)]
    for i, r in enumerate(chart.free):
        table[r] = list(x[i * width : (i + 1) * width])
    return table


def _middles(table: Table) -> Table:
    return [[flint.arb(float(x.mid())) for x in line] for line in table]


def _transposed(table: Table) -> Table:
    return [list(column) for column in zip(*table, strict=True)]
