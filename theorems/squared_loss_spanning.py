"""The squared loss of two layers, where the columns of the upper layer span everything.

Then the normal equations say that the gradient of the loss is zero, and the loss is convex.
"""

from __future__ import annotations

from proofkit.claims import (
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    LessEqual,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    certificate,
    from_,
    known,
    result,
    result_,
)
from proofkit.symbols import Identity, MatrixVariable, rank
from proofkit.trace import prose
from theorems.rotation import SYMBOLS, least
from theorems.squared_loss import SOURCE, A, B, N, W, X, Y, d, f, m, n, squared_loss
from theorems.two_layers import critical_pair

L = MatrixVariable("L", m, d)
DATA_SIZES = (m, n, N, X, Y)

spanning_columns = result(
    "spanning-columns",
    "Two layers whose upper one reaches everything",
    variables=(m, d, n, N, X, Y, A, B),
    given=(
        (Equal(A.T * (A * B * X - Y) * X.T, 0), prose("the loss is critical in {B}", B=B)),
        (LessEqual(m, rank(A)), prose("the columns of {A} span everything", A=A)),
    ),
    claim=least(GlobalMinimum),
    source=SOURCE,
    idea=prose(
        "Since {A} reaches every direction, the lower layer alone can move {AB} anywhere. If that "
        "brings no gain, the gradient is zero, and a convex function has its minimum there.",
        A=A,
        AB=A * B,
    ),
    symbols=SYMBOLS[:4],
)


@spanning_columns.route()
def by_convexity(p: Proof, normal: Fact, spanning: Fact) -> None:
    with p.beat("As {A} reaches every direction, {At} has a left inverse {L}.", At=A.T):
        p.have(LessEqual(rank(A.T), m), known("rank at most columns", A.T))
        p.have(Equal(rank(A.T), rank(A)), known("rank of transpose", A))
        exists = p.have(Exists(L, Equal(L * A.T, Identity(m))), known("left inverse", A.T))
        (left,) = p.obtain(exists, L)
    with p.beat(
        "Undo {At} in the normal equations: the residual is orthogonal to the data.", At=A.T
    ):
        zero = p.have(Equal((A * B * X - Y) * X.T, 0), certificate((L, normal, None), using=[left]))
    with p.beat(
        "Twice that is the gradient of the squared loss at {AB}, so this is zero.", AB=A * B
    ):
        formula = p.have(
            ForAll(W, Equal(f.gradient(W), 2 * (W * X - Y) * X.T)),
            result_(squared_loss, *DATA_SIZES),
        )
        here = p.have(Equal(f.gradient(A * B), 2 * (A * B * X - Y) * X.T), from_(formula, A * B))
        p.have(Equal(f.gradient(A * B), 0), algebra(here, zero))
    with p.beat("The squared loss is convex, so no two layers do better."):
        p.have(Convex(f), result_(squared_loss, *DATA_SIZES))
        p.have(Differentiable(f), result_(squared_loss, *DATA_SIZES))
        p.have(least(GlobalMinimum), result_(critical_pair, m, d, n, f, A, B))


__all__ = ["spanning_columns"]
