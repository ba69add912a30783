"""Turning the columns of A: what a local minimum of ‖ABX − Y‖² says about directions.

Q = AA⁺ projects onto the columns of A, T = Y X⁺X is the part of the target the data can see, and
S = T Tᵀ weighs directions by how much of the target lies along them.  At a critical point
ABX = QT and Q commutes with S; at a local minimum no direction outside the columns of A weighs
more than one inside, for turning the inside one towards the outside one would help.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Differentiable, Equal, LessEqual, LocalMinimum, Near
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    both,
    certificate,
    derivative,
    known,
    result,
    rewriting,
    the,
)
from proofkit.script.traces import traces
from proofkit.symbols import FunctionOf, Identity, MatrixVariable, norm_squared, real, trace, vector
from proofkit.trace import prose
from theorems.squared_loss import DATA, SOURCE, A, B, N, T, X, Y, d, m, n

Q, S = MatrixVariable("Q", m, m), MatrixVariable("S", m, m)
A_plus, X_plus = MatrixVariable("A⁺", d, m), MatrixVariable("X⁺", N, n)
u, v = vector("u", m), vector("v", m)
mu, t = real("μ"), real("t")


def error(product: Any) -> Any:
    """‖WX − Y‖² for a product W of two layers."""
    return norm_squared(product * X - Y)


def least(kind: Any, A: Any = A, B: Any = B) -> Any:
    """(A, B) is a minimum, local or global, of the squared loss of two layers."""
    A_, B_ = MatrixVariable("A", m, d), MatrixVariable("B", d, n)
    return kind((A_, B_), error(A_ * B_), (A, B))


minimum = (least(LocalMinimum), prose("the layers are a local minimum of the squared loss"))
span = (
    (Equal(A * A_plus * A, A), prose("{C} is a pseudo-inverse of {A}", C=A_plus, A=A)),
    (Equal(Q, A * A_plus), prose("{Q} projects onto the columns of {A}", Q=Q, A=A)),
    (Equal((A * A_plus).T, A * A_plus), prose("the projection is orthogonal")),
)
data = (
    (Equal(X * X_plus * X, X), prose("{D} is a pseudo-inverse of {X}", D=X_plus, X=X)),
    (Equal((X_plus * X).T, X_plus * X), prose("{R} projects orthogonally", R=X_plus * X)),
)
target = (
    (Equal(T, Y * X_plus * X), prose("{T} is the part of the target the data can see", T=T)),
    (Equal(S, T * T.T), prose("{S} weighs the directions of that part", S=S)),
)
SYMBOLS = (
    *DATA,
    (A, prose("the upper layer")),
    (B, prose("the lower layer")),
    (Q, prose("the projection onto the columns of {A}", A=A)),
    (T, prose("the part of the target that the data can see")),
    (S, prose("how much of that part lies along each direction")),
)

# ── Critical points ────────────────────────────────────────────────────────────────────────────
critical_fit = result(
    "critical-fit",
    "A critical pair of layers fits its own columns as well as they can be fitted",
    variables=(m, d, n, N, X, Y, A, B, A_plus, X_plus, Q, T, S),
    given=(
        minimum,
        *span,
        *data,
        *target,
    ),
    claim=And(
        Equal(A.T * (A * B * X - Y) * X.T, 0),
        Equal(A * B * X, Q * T),
        Equal(Q * S, S * Q),
    ),
    source=SOURCE,
    idea=prose(
        "Freeze {A}: the best {B} is found by least squares, and it makes {fit} the projection of "
        "{T} onto the columns of {A}. Freeze {B} instead: the residual is orthogonal to the rows "
        "of {fit}. The two together say that {S} mixes no direction inside the columns of {A} with "
        "one outside.",
        A=A,
        B=B,
        T=T,
        S=S,
        fit=A * B * X,
    ),
    symbols=SYMBOLS,
)


@critical_fit.route()
def by_two_fits(
    p: Proof,
    local: Fact,
    inverse: Fact,
    project: Fact,
    upright: Fact,
    inverse_x: Fact,
    upright_x: Fact,
    seen: Fact,
    weight: Fact,
) -> None:
    other_a, other_b = MatrixVariable("A'", m, d), MatrixVariable("B'", d, n)
    in_b = FunctionOf(other_b, error(A * other_b))
    in_a = FunctionOf(other_a, error(other_a * B))
    flat_b = p.have(
        Equal(in_b.gradient(B), 0),
        known(
            "fermat",
            in_b,
            B,
            premises=[
                p.have(
                    Differentiable(in_b),
                    derivative(in_b),
                    "With {A} frozen the loss is a polynomial in the lower layer.",
                    A=A,
                ),
                p.have(
                    Near((other_b, B), LessEqual(error(A * B), error(A * other_b))),
                    along(local, A, other_b),
                    "With {A} frozen {B} is still a local minimum.",
                    A=A,
                    B=B,
                ),
            ],
        ),
        "So the loss is critical in {B}, by Fermat's theorem.",
        B=B,
    )
    formula_b = p.have(
        Equal(2 * A.T * (A * B * X - Y) * X.T, in_b.gradient(B)),
        derivative(in_b),
        "Nudge {B} and read off the gradient.",
        B=B,
    )
    normal = p.have(
        Equal(A.T * (A * B * X - Y) * X.T, 0),
        algebra(formula_b, flat_b),
        "These are the normal equations of the fit by {A}.",
        A=A,
    )
    flat_a = p.have(
        Equal(in_a.gradient(A), 0),
        known(
            "fermat",
            in_a,
            A,
            premises=[
                p.have(
                    Differentiable(in_a),
                    derivative(in_a),
                    "With {B} frozen the loss is a polynomial in the upper layer.",
                    B=B,
                ),
                p.have(
                    Near((other_a, A), LessEqual(error(A * B), error(other_a * B))),
                    along(local, other_a, B),
                    "With {B} frozen {A} is still a local minimum.",
                    A=A,
                    B=B,
                ),
            ],
        ),
        "Likewise the loss is critical in {A}.",
        A=A,
    )
    formula_a = p.have(
        Equal(2 * (A * B * X - Y) * X.T * B.T, in_a.gradient(A)),
        derivative(in_a),
        "Nudge {A} and read off the gradient.",
        A=A,
    )
    residual = p.have(
        Equal((A * B * X - Y) * X.T * B.T, 0),
        algebra(formula_a, flat_a),
        "The residual is orthogonal to the rows of what the network answers.",
    )
    fit = p.have(
        Equal(A * B * X, Q * T),
        certificate(
            (A_plus.T, normal, X_plus.T),
            using=[upright, upright_x, project, inverse, inverse_x, seen],
        ),
        "Undo {A} and {X} in the normal equations with the two pseudo-inverses: the answers are "
        "the projection of {T}.",
        A=A,
        X=X,
        T=T,
    )
    turned = p.have(
        Equal(Q.T, Q), algebra(project, upright), "The projection {Q} is symmetric.", Q=Q
    )
    overlap = p.have(
        Equal(Y * T.T, S),
        algebra(weight, seen, upright_x, inverse_x),
        "What the data cannot see of {Y} does not matter here.",
        Y=Y,
    )
    answers = p.have(
        Equal((A * B * X - Y) * (A * B * X).T, 0),
        algebra(residual),
        "In particular it is orthogonal to the answers themselves.",
    )
    orthogonal = p.have(
        Equal((Q * T - Y) * (Q * T).T, 0),
        rewriting(answers, fit),
        "Put in what the layers answer.",
    )
    kept = p.have(
        Equal(Q * S * Q, S * Q),
        certificate((None, orthogonal, None), using=[turned, weight, overlap]),
        "Written out, {S} sends the columns of {A} into themselves.",
        S=S,
        A=A,
    )
    symmetric = p.have(Equal(S.T, S), algebra(weight), "As a square {S} is symmetric.", S=S)
    flipped = p.have(Equal((Q * S * Q).T, Q.T * S.T), algebra(kept), "Transpose the last equation.")
    commutes = p.have(
        Equal(Q * S, S * Q),
        certificate((-Identity(m), flipped, None), (None, kept, None), using=[turned, symmetric]),
        "A symmetric matrix that keeps a subspace commutes with the projection onto it.",
    )
    p.have(
        critical_fit.claim,
        both(normal, fit, commutes),
        "These are the three facts about a critical pair.",
    )


# ── Turning a direction ────────────────────────────────────────────────────────────────────────
A_t = A + t * v * u.T * A
B_t = B + t * A_plus * u * v.T * Y * X_plus
gain = trace(u.T * S * u) - mu * trace(u.T * u)
beyond = mu * trace(u.T * u * u.T * u)

rotation = result(
    "rotation",
    "At a local minimum no direction outside weighs more than one inside",
    variables=(m, d, n, N, X, Y, A, B, A_plus, X_plus, Q, T, S, v, mu, u),
    given=(
        minimum,
        *span[1:],
        *data,
        *target,
        (Equal(A * B * X, Q * T), prose("the layers fit the columns of {A}", A=A)),
        (Equal(Q * S, S * Q), prose("{Q} commutes with {S}", Q=Q, S=S)),
        (Equal(Q * v, 0), prose("{v} is orthogonal to the columns of {A}", v=v, A=A)),
        (Equal(v.T * v, Identity(1)), prose("{v} is a unit vector", v=v)),
        (Equal(v.T * S * v, mu * Identity(1)), prose("{v} weighs {mu}", v=v, mu=mu)),
        (Equal(Q * u, u), prose("{u} lies in the range of {Q}", u=u, Q=Q)),
    ),
    claim=LessEqual(mu * trace(u.T * u), trace(u.T * S * u)),
    source=SOURCE,
    idea=prose(
        "Turn {u}, inside, a little towards {v}, outside, by the small number {t}: replace {A} by "
        "{At}, and let {B} follow so that the answers turn with it. To first order nothing "
        "changes. To second order the loss changes by {gain} times {tt}, and at a local minimum "
        "this cannot be negative.",
        u=u,
        v=v,
        t=t,
        tt=t**2,
        A=A,
        B=B,
        At=A_t,
        gain=gain,
    ),
    symbols=(
        *SYMBOLS,
        (u, prose("a direction inside the columns of {A}", A=A)),
        (v, prose("a unit direction outside")),
        (mu, prose("how much of the target lies along {v}", v=v)),
    ),
)


@rotation.route()
def by_turning(
    p: Proof,
    local: Fact,
    project: Fact,
    upright: Fact,
    inverse_x: Fact,
    upright_x: Fact,
    seen: Fact,
    weight: Fact,
    fit: Fact,
    commutes: Fact,
    outside: Fact,
    unit: Fact,
    weighs: Fact,
    inside: Fact,
) -> None:
    turned = p.have(
        Equal(Q.T, Q), algebra(project, upright), "The projection {Q} is symmetric.", Q=Q
    )
    symmetric = p.have(Equal(S.T, S), algebra(weight), "As a square {S} is symmetric.", S=S)
    folded = p.have(Equal(T * T.T, S), the(weight), "It is the square of {T}.", T=T)
    overlap = p.have(
        Equal(Y * T.T, S),
        algebra(weight, seen, upright_x, inverse_x),
        "What the data cannot see of {Y} does not matter here.",
        Y=Y,
    )
    fold = p.have(
        Equal(A * A_plus, Q), the(project), "From here on {Q} is written for this product.", Q=Q
    )
    from_left = p.have(
        Equal(u.T * Q, u.T),
        algebra(turned, inside),
        "Multiplied from the left, too, {Q} keeps {u}.",
        Q=Q,
        u=u,
    )
    apart = p.have(
        Equal(u.T * v, 0),
        certificate((-Identity(1), from_left, v), using=[outside]),
        "So {u} and {v}, which {Q} sends to zero, are at a right angle.",
        u=u,
        v=v,
        Q=Q,
    )
    unmixed = p.have(
        Equal(u.T * S * v, 0),
        certificate((-Identity(1), from_left, S * v), using=[commutes, outside]),
        "The matrix {S} does not mix the two, because it commutes with {Q}.",
        S=S,
        Q=Q,
    )
    answers = p.have(
        Equal(
            A_t * B_t * X,
            Q * T + t * (v * u.T + u * v.T) * T + t**2 * (v * (u.T * u) * v.T * T),
        ),
        algebra(fit, fold, from_left, inside, seen),
        "Turned by {t}, the answers are these: to first order {u} and {v} change places.",
        t=t,
        u=u,
        v=v,
    )
    path = p.have(
        Near((t, 0), LessEqual(error(A * B), error(A_t * B_t))),
        along(local, A_t, B_t),
        "For small {t} the turned layers are near the old ones, so they do no better.",
        t=t,
    )
    directions = (inside, outside, unit, weighs, apart, unmixed)
    sums = (turned, commutes, symmetric, overlap, folded)
    change = p.have(
        Equal(error(A_t * B_t), error(A * B) + gain * t**2 + beyond * t**4),
        traces(answers, fit, *directions, *sums),
        "Multiply out. The terms with {t} and with its cube vanish, as {S} does not mix {u} and "
        "{v}.",
        t=t,
        u=u,
        v=v,
        S=S,
    )
    with p.near((t, 0), using=[path], words="Take {t} as small as that.", t=t) as small:
        p.have(
            LessEqual(0, gain * t**2 + beyond * t**4),
            traces(small.given[0], change),
            "The change of the loss is not negative.",
        )
    p.have(
        rotation.claim,
        known("second order condition", gain, 0, beyond, premises=[small.fact]),
        "Then neither is its leading coefficient: {u} weighs at least {mu} times its squared "
        "length.",
        u=u,
        mu=mu,
    )


__all__ = ["A_plus", "Q", "S", "X_plus", "critical_fit", "error", "least", "rotation"]
