"""The squared loss W ↦ ‖WX − Y‖²: its gradient, its convexity, and the best a subspace can do.

With T = Y X⁺X, the part of the target that the data can see, and P the projection onto the
columns of A, no matrix AB comes closer to the target than PT, and ‖PT − Y‖² = ‖Y‖² − tr(P T Tᵀ).
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Convex, Differentiable, Equal, ForAll, LessEqual
from proofkit.script import Fact, Proof, known, result
from proofkit.symbols import FunctionOf, MatrixVariable, frobenius, natural, norm_squared, trace
from proofkit.trace import Source, prose

m, d, n, N = natural("m"), natural("d"), natural("n"), natural("N")
X, Y = MatrixVariable("X", n, N), MatrixVariable("Y", m, N)
W, V = MatrixVariable("W", m, n), MatrixVariable("V", m, n)
A, B = MatrixVariable("A", m, d), MatrixVariable("B", d, n)

SOURCE = Source(
    5,
    "Corollary 1",
    "Corollary 1 immediately follows from Theorem 1 and Theorem 2(1) in (Zhou & Liang, 2018).",
)


def squared(X: Any = X, Y: Any = Y) -> FunctionOf:
    """The squared loss W ↦ ‖WX − Y‖² of the product W of a network's layers."""
    at = MatrixVariable("W", Y.rows, X.rows)
    return FunctionOf(at, norm_squared(at * X - Y))


f = squared()
DATA = (
    (X, prose("the inputs, one column for each of {N} data points", N=N)),
    (Y, prose("the targets, one column for each data point")),
)

squared_loss = result(
    "squared-loss",
    "The squared loss is convex and differentiable",
    variables=(m, n, N, X, Y),
    given=(),
    claim=And(Differentiable(f), Convex(f), ForAll(W, Equal(f.gradient(W), 2 * (W * X - Y) * X.T))),
    source=SOURCE,
    idea=prose(
        "A squared distance is a polynomial, so it has a gradient everywhere. It lies above its "
        "tangents because what is left over is the square {e}.",
        e=norm_squared((V - W) * X),
    ),
    symbols=(*DATA, (W, "the matrix that the network computes")),
)


@squared_loss.route()
def by_tangents(p: Proof) -> None:
    with p.beat(
        "Nudge {W}: the residual moves by the nudge times {X}, and its square by twice the inner "
        "product of the two."
    ):
        smooth = p.have(Differentiable(f))
        slope = p.have(ForAll(W, Equal(f.gradient(W), 2 * (W * X - Y) * X.T)))
    with p.beat(
        "At {V} the loss exceeds its tangent at {W} by {e}, which is a square, so the loss is "
        "convex.",
        e=norm_squared((V - W) * X),
    ):
        with p.for_all(W, V) as tangent:
            here = p.have(Equal(f.gradient(W), 2 * (W * X - Y) * X.T), using=[slope])
            rest = p.have(
                LessEqual(0, norm_squared((V - W) * X)), known("square norm", (V - W) * X)
            )
            p.have(LessEqual(f(W) + frobenius(f.gradient(W), V - W), f(V)), using=[rest, here])
        bowl = p.have(Convex(f), using=[tangent.fact])
        p.have(squared_loss.claim, using=[smooth, bowl, slope])


# ── The best a subspace can do ─────────────────────────────────────────────────────────────────
P, R = MatrixVariable("P", m, m), MatrixVariable("R", N, N)
Z, T = MatrixVariable("Z", m, N), MatrixVariable("T", m, N)

best_in_subspace = result(
    "best-in-subspace",
    "How close a product can come to the target",
    variables=(m, N, Y, Z, T, P, R),
    given=(
        (Equal(P * P, P), "{P} is a projection"),
        (Equal(P.T, P), "{P} is an orthogonal projection"),
        (Equal(R * R, R), "{R} is a projection"),
        (Equal(R.T, R), "{R} is an orthogonal projection"),
        (Equal(P * Z, Z), "the columns of {Z} lie in the range of {P}"),
        (Equal(Z * R, Z), "the rows of {Z} lie in the range of {R}"),
        (Equal(T, Y * R), "{T} is what {R} sees of the target"),
    ),
    claim=And(
        LessEqual(norm_squared(Y) - trace(P * (T * T.T)), norm_squared(Z - Y)),
        Equal(norm_squared(P * T - Y), norm_squared(Y) - trace(P * (T * T.T))),
    ),
    source=SOURCE,
    idea=prose(
        "Of all matrices with columns in the range of {P} and rows in the range of {R} the "
        "projection {best} is nearest to {Y}: the way from it to any other, {Z}, is at a right "
        "angle to the way from it to {Y}, and Pythagoras does the rest.",
        P=P,
        R=R,
        best=P * T,
        Y=Y,
        Z=Z,
    ),
    symbols=(
        (Y, "the targets"),
        (Z, "what a network answers"),
        (P, "the projection onto the columns the network can reach"),
        (R, "the projection onto the rows the data can reach"),
        (T, "the part of the target that the data can see"),
    ),
)


@best_in_subspace.route()
def by_pythagoras(
    p: Proof,
    twice: Fact,
    upright: Fact,
    twice_r: Fact,
    upright_r: Fact,
    columns: Fact,
    rows: Fact,
    seen: Fact,
) -> None:
    projections, best = (twice, upright, twice_r, upright_r), P * T
    with p.beat("Projecting {Y} costs what it leaves out: the square of {Y} less that of {best}."):
        distance = p.have(
            Equal(norm_squared(best - Y), norm_squared(Y) - trace(P * (T * T.T))),
            using=[seen, *projections],
        )
    with p.beat(
        "The way from {best} to {Z} stays inside both ranges, and what {best} misses of {Y} is "
        "orthogonal to them."
    ):
        right_angle = p.have(
            Equal(frobenius(Z - best, best - Y), 0), using=[columns, rows, seen, *projections]
        )
    with p.beat("By Pythagoras {Z} is at least as far from {Y} as {best} is."):
        gap = p.have(LessEqual(0, norm_squared(Z - best)), known("square norm", Z - best))
        bound = p.have(
            LessEqual(norm_squared(Y) - trace(P * (T * T.T)), norm_squared(Z - Y)),
            using=[gap, right_angle, distance],
        )
        p.have(best_in_subspace.claim, using=[bound, distance])


__all__ = ["best_in_subspace", "squared", "squared_loss"]
