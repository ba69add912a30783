"""The squared loss of two layers: a local minimum whose upper layer has full rank is global.

With W = AB the loss is ‖ABX − Y‖².  Where the columns of A span everything (`spanning_columns`),
the normal equations say that the gradient is zero, and the loss is convex.  Otherwise the proof
puts together what a critical pair fits (`critical_fit`), what turning says (`rotation`),
what a subspace can reach (`best_in_subspace`) and Ky Fan's principle (`ky_fan`).
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    LessEqual,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.script import Fact, Proof, from_, known, result, result_, rewriting
from proofkit.script.definitions import let
from proofkit.script.matrix_traces import traces
from proofkit.symbols import Identity, MatrixVariable, norm_squared, rank, trace, vector
from proofkit.trace import prose
from theorems.ky_fan import P, ky_fan, mu
from theorems.rotation import (
    SYMBOLS,
    A_plus,
    Q,
    S,
    X_plus,
    critical_fit,
    error,
    least,
    minimum,
    rotation,
    u,
    v,
)
from theorems.squared_loss import (
    SOURCE,
    A,
    B,
    N,
    T,
    W,
    X,
    Y,
    best_in_subspace,
    d,
    f,
    m,
    n,
    squared_loss,
)
from theorems.two_layers import critical_pair

L = MatrixVariable("L", m, d)
DATA_SIZES = (m, n, N, X, Y)

spanning_columns = result(
    "spanning-columns",
    "Two layers whose upper one reaches everything",
    variables=(m, d, n, N, X, Y, A, B),
    given=(
        (Equal(A.T * (A * B * X - Y) * X.T, 0), "the loss is critical in {B}"),
        (LessEqual(m, rank(A)), "the columns of {A} span everything"),
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
        exists = p.have(Exists(L, Equal(L * A.T, Identity(m))))
        (left,) = p.obtain(exists, L)
    with p.beat(
        "Undo {At} in the normal equations: the residual is orthogonal to the data.", At=A.T
    ):
        zero = p.have(Equal((A * B * X - Y) * X.T, 0), using=[normal, left])
    with p.beat(
        "Twice that is the gradient of the squared loss at {AB}, so this is zero.", AB=A * B
    ):
        formula = p.have(
            ForAll(W, Equal(f.gradient(W), 2 * (W * X - Y) * X.T)), using=[squared_loss]
        )
        here = p.have(Equal(f.gradient(A * B), 2 * (A * B * X - Y) * X.T), using=[formula])
        p.have(Equal(f.gradient(A * B), 0), using=[here, zero])
    with p.beat("The squared loss is convex, so no two layers do better."):
        p.have(Convex(f), result_(squared_loss, *DATA_SIZES))
        p.have(Differentiable(f), using=[squared_loss])
        p.have(least(GlobalMinimum), result_(critical_pair, m, d, n, f, A, B))


C = MatrixVariable("C", d, m)
w = vector("w", m)
R = X_plus * X
A_, B_ = MatrixVariable("A'", m, d), MatrixVariable("B'", d, n)
ABOUT = (m, d, n, N, X, Y, A, B, A_plus, X_plus, Q, T, S)

full_rank_minimum = result(
    "squared-loss-two-layers",
    "Two layers with squared loss: full rank makes a local minimum global",
    variables=(m, d, n, N, X, Y, A, B),
    given=(minimum, (RankIs(A, d), prose("the upper layer {A} has full rank", A=A))),
    claim=least(GlobalMinimum),
    source=SOURCE,
    idea=prose(
        "The layers answer with the projection of the target onto the columns of {A}. If those "
        "are not the directions along which most of the target lies, turning one of them helps, "
        "so at a local minimum they are. And no other choice of {d} directions can do better.",
        A=A,
        d=d,
    ),
    symbols=SYMBOLS,
)


def _pseudo_inverse(p: Proof, of: Any, name: Any) -> tuple[Fact, ...]:
    """Obtain a Moore–Penrose inverse ``name`` of a matrix; gives its four equations."""
    Z = MatrixVariable("Z", of.cols, of.rows)
    claim = Exists(
        Z,
        Equal(of * Z * of, of)
        & Equal(Z * of * Z, Z)
        & Equal((of * Z).T, of * Z)
        & Equal((Z * of).T, Z * of),
    )
    return p.obtain(p.have(claim, known("pseudo inverse", of)), name)


@full_rank_minimum.route()
def by_directions(p: Proof, local: Fact, full: Fact) -> None:
    goal = full_rank_minimum.claim
    with p.beat(
        "With pseudo-inverses of {A} and {X}, let {Q} project onto the columns of {A}, let {T} be "
        "the part of the target that the data can see, and let {S} weigh its directions."
    ):
        inverse, _, upright, _ = _pseudo_inverse(p, A, A_plus)
        inverse_x, _, _, _ = _pseudo_inverse(p, X, X_plus)
        project = let(p, Q, A * A_plus, "Let {Q} be {A} times its pseudo-inverse.")
        seen = let(p, T, Y * R, "Let {T} be {Y}, projected onto what the data can see.")
        weight = let(p, S, T * T.T, "Let {S} be the square of {T}.")
    with p.beat(
        "A local minimum is critical: the layers answer with the projection of {T}, and {Q} "
        "commutes with {S}."
    ):
        critical = result_(critical_fit, *ABOUT)
        p.have(Equal(A.T * (A * B * X - Y) * X.T, 0), critical)
        fit = p.have(Equal(A * B * X, Q * T), critical)
        p.have(Equal(Q * S, S * Q), critical)
    split = p.have(Or(RankBelow(A, m), LessEqual(m, rank(A))))
    with p.cases(split, goal, "The columns of {A} leave a direction out, or they do not.") as cases:
        with cases.case("Suppose they leave directions out."):
            with p.beat(
                "Let {mu} be the most that a direction outside weighs. No direction inside weighs "
                "less, for turning it does not help."
            ):
                turned = p.have(Equal(Q.T, Q), using=[project, upright])
                keeps = p.have(Equal(Q * A, A), using=[project, inverse])
                flipped = p.have(Equal(Q, A_plus.T * A.T), using=[project, upright])
                square = p.have(Equal(T * T.T, S), using=[weight])
                _weigh_directions(p, turned, keeps, flipped, square)
            with p.beat(
                "At the local minimum the loss is the square of {Y} less {best}.", best=trace(Q * S)
            ):
                twice = p.have(Equal(Q * Q, Q), using=[project, inverse])
                sees = p.have(Equal(R * R, R), using=[inverse_x])
                p.have(Equal(Q * (Q * T), Q * T), using=[twice])
                p.have(Equal(Q * T * R, Q * T), using=[seen, sees])
                distance = p.have(
                    Equal(norm_squared(Q * T - Y), norm_squared(Y) - trace(Q * (T * T.T))),
                    result_(best_in_subspace, m, N, Y, Q * T, T, Q, R),
                )
                value = p.have(
                    Equal(error(A * B), norm_squared(Y) - trace(Q * S)),
                    traces(distance, fit, square),
                )
            with (
                p.beat(
                    "Other layers answer in the range of a projection {P} of rank at most {d}; by "
                    "Ky Fan's principle it catches no more of the target than {Q}."
                ),
                p.for_all(A_, B_, show=goal, words="Take other layers {A_} and {B_}."),
            ):
                enough = p.have(
                    LessEqual(rank(Q * A), rank(Q)), known("rank of product left", Q, A)
                )
                p.have(LessEqual(rank(A), rank(Q)), rewriting(enough, keeps))
                _other_layers(p, inverse_x, square, value)
        with (
            cases.case("Suppose they span everything."),
            p.beat("Then nothing of the target is out of reach."),
        ):
            p.have(goal, result_(spanning_columns, m, d, n, N, X, Y, A, B))


def _weigh_directions(p: Proof, turned: Fact, keeps: Fact, flipped: Fact, square: Fact) -> None:
    """No direction outside the columns of A weighs more than μ, none inside less."""
    bound = LessEqual(trace(w.T * S * w), mu * trace(w.T * w))
    heaviest = p.have(
        Exists(
            v,
            mu,
            Equal(A.T * v, 0)
            & Equal(v.T * v, Identity(1))
            & Equal(v.T * S * v, mu * Identity(1))
            & ForAll(w, Implies(Equal(A.T * w, 0), bound)),
        ),
        "Among the unit vectors orthogonal to the columns of {A} one weighs most.",
    )
    killed, _, weighs, most = p.obtain(heaviest, v, mu, words="Call it {v}, and its weight {mu}.")
    length = p.have(LessEqual(0, norm_squared(T.T * v)))
    p.have(LessEqual(0, mu), using=[length, square, weighs])
    from_left = p.have(Equal(A.T * Q, A.T), using=[turned, keeps])
    with p.for_all(w, given=[Equal(Q * w, 0)], words="Let {Q} send {w} to zero.") as below:
        p.have(
            Equal(A.T * w, 0),
            "Then {w} is orthogonal to the columns of {A}.",
            using=[from_left, *below.given],
        )
        p.have(bound, from_(most, w), "So {w} weighs no more than {v} does.")
    p.have(Equal(Q * v, 0), using=[flipped, killed])
    with p.for_all(u, given=[Equal(Q * u, u)], words="Let {u} lie in the range of {Q}."):
        p.have(
            LessEqual(mu * trace(u.T * u), trace(u.T * S * u)),
            result_(rotation, *ABOUT, v, mu, u),
            "Turning {u} towards {v} does not help at a local minimum, so {u} weighs no less.",
        )


def _other_layers(p: Proof, inverse_x: Fact, square: Fact, value: Fact) -> None:
    """Two other layers do no better."""
    inverse, _, upright, _ = _pseudo_inverse(p, A_, C)
    onto = let(p, P, A_ * C, "Let {P} be the projection onto the columns of {A_}.")
    p.have(Equal(P * P, P), using=[onto, inverse])
    p.have(Equal(P.T, P), using=[onto, upright])
    p.have(Equal(P * (A_ * B_ * X), A_ * B_ * X), using=[onto, inverse])
    p.have(Equal(A_ * B_ * X * R, A_ * B_ * X), using=[inverse_x])
    p.have(LessEqual(rank(A_), d), known("rank at most columns", A_))
    product = p.have(LessEqual(rank(A_ * C), rank(A_)))
    p.have(
        LessEqual(rank(P), rank(A_)),
        "Its rank is at most that of {A_}, which has only {d} columns.",
        using=[product, onto],
    )
    fan = p.have(
        LessEqual(trace(P * S), trace(Q * S)),
        result_(ky_fan, m, mu, S, P, Q),
        "By Ky Fan's principle {P} catches no more of the target than {Q}.",
    )
    theirs = p.have(
        LessEqual(norm_squared(Y) - trace(P * (T * T.T)), error(A_ * B_)),
        result_(best_in_subspace, m, N, Y, A_ * B_ * X, T, P, R),
        "With what {P} catches, these layers come no closer than this.",
    )
    p.have(LessEqual(error(A * B), error(A_ * B_)), using=[theirs, fan, value, square])


__all__ = ["full_rank_minimum", "spanning_columns"]
