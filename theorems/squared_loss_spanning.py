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
    LessEqual,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    certificate,
    from_,
    known,
    result,
    result_,
)
from proofkit.symbols import Identity, MatrixVariable, rank
from proofkit.trace import prose
from theorems.rotation import SYMBOLS, error
from theorems.squared_loss import SOURCE, A, B, N, W, X, Y, d, f, m, n, squared_loss

A_other, B_other = MatrixVariable("A'", m, d), MatrixVariable("B'", d, n)
L = MatrixVariable("L", m, d)
DATA_SIZES = (m, n, N, X, Y)
GLOBAL = ForAll(A_other, B_other, LessEqual(error(A * B), error(A_other * B_other)))

spanning_columns = result(
    "spanning-columns",
    "Two layers whose upper one reaches everything",
    variables=(m, d, n, N, X, Y, A, B),
    given=(
        (Equal(A.T * (A * B * X - Y) * X.T, 0), prose("the loss is critical in {B}", B=B)),
        (LessEqual(m, rank(A)), prose("the columns of {A} span everything", A=A)),
    ),
    claim=GLOBAL,
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
    most = p.have(
        LessEqual(rank(A.T), m),
        known("rank at most columns", A.T),
        "The rank of {At} is at most {m}.",
        At=A.T,
        m=m,
    )
    same = p.have(
        Equal(rank(A.T), rank(A)),
        known("rank of transpose", A),
        "A matrix and its transpose have the same rank, so this is that of {A}.",
        A=A,
    )
    injective = p.have(
        RankIs(A.T, m),
        arithmetic(most, same, spanning),
        "A rank of at most {m} and at least {m} is {m}.",
        m=m,
    )
    (left,) = p.obtain(
        p.have(
            Exists(L, Equal(L * A.T, Identity(m))),
            known("left inverse", A.T, premises=[injective]),
            "Then {At} has a left inverse.",
            At=A.T,
        ),
        L,
        words="Call it {L}.",
        L=L,
    )
    zero = p.have(
        Equal((A * B * X - Y) * X.T, 0),
        certificate((L, normal, None), using=[left]),
        "Undo {At} in the normal equations: the residual is orthogonal to the data.",
        At=A.T,
    )
    formula = p.have(
        ForAll(W, Equal(f.gradient(W), 2 * (W * X - Y) * X.T)),
        result_(squared_loss, *DATA_SIZES),
        "Twice that is the gradient of the squared loss.",
    )
    here = p.have(
        Equal(f.gradient(A * B), 2 * (A * B * X - Y) * X.T),
        from_(formula, A * B),
        "Take it at {AB}:",
        AB=A * B,
    )
    flat = p.have(Equal(f.gradient(A * B), 0), algebra(here, zero), "So the gradient is zero.")
    bowl = p.have(Convex(f), result_(squared_loss, *DATA_SIZES), "The squared loss is convex.")
    smooth = p.have(
        Differentiable(f), result_(squared_loss, *DATA_SIZES), "The squared loss is differentiable."
    )
    bottom = p.have(
        ForAll(W, LessEqual(f(A * B), f(W))),
        known("convex critical point", f, A * B, premises=[bowl, smooth, flat]),
        "So the squared loss is nowhere less than at {AB}.",
        AB=A * B,
    )
    with p.for_all(A_other, B_other, words="Take any other two layers."):
        p.have(
            LessEqual(error(A * B), error(A_other * B_other)),
            from_(bottom, A_other * B_other),
            "In particular these two layers do no better.",
        )


__all__ = ["GLOBAL", "A_other", "B_other", "spanning_columns"]
