"""Turning the columns of A: what a local minimum of ‖ABX − Y‖² says about directions.

Q = AA⁺ projects onto the columns of A, T = Y X⁺X is the part of the target the data can see, and
S = T Tᵀ weighs directions by how much of the target lies along them.  At a critical point
ABX = QT and Q commutes with S; at a local minimum no direction outside the columns of A weighs
more than one inside, for turning the inside one towards the outside one would help.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Differentiable, Equal, LessEqual, LocalMinimum, Near
from proofkit.script import Fact, Proof, Tactic, along, certificate, known, result
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
    given=(minimum, *span, *data, *target),
    claim=And(Equal(A.T * (A * B * X - Y) * X.T, 0), Equal(A * B * X, Q * T), Equal(Q * S, S * Q)),
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
    with p.beat("Freeze {A}: as {B} is the best lower layer, the normal equations hold."):
        in_b = FunctionOf(other_b, error(A * other_b))
        near_b = Near((other_b, B), LessEqual(error(A * B), error(A * other_b)))
        flat = _critical(p, in_b, B, near_b, along(local, A, other_b))
        normal = p.have(Equal(A.T * (A * B * X - Y) * X.T, 0), using=[flat])
    with p.beat("Freeze {B}: the residual is orthogonal to the rows of what the layers answer."):
        in_a = FunctionOf(other_a, error(other_a * B))
        near_a = Near((other_a, A), LessEqual(error(A * B), error(other_a * B)))
        flat = _critical(p, in_a, A, near_a, along(local, other_a, B))
        residual = p.have(Equal((A * B * X - Y) * X.T * B.T, 0), using=[flat])
    with p.beat(
        "Undo {A} and {X} in the normal equations with the two pseudo-inverses: the answers are "
        "the projection of {T}."
    ):
        fit = p.have(
            Equal(A * B * X, Q * T),
            certificate(
                (A_plus.T, normal, X_plus.T),
                using=[upright, upright_x, project, inverse, inverse_x, seen],
            ),
        )
    with p.beat("So {S} keeps the columns of {A}: it sends them into themselves."):
        turned = p.have(Equal(Q.T, Q), using=[project, upright])
        overlap = p.have(
            Equal(Y * T.T, S),
            "What the data cannot see of {Y} does not matter here.",
            using=[weight, seen, upright_x, inverse_x],
        )
        answers = p.have(
            Equal((A * B * X - Y) * (A * B * X).T, 0),
            "The residual is orthogonal to the answers themselves.",
            using=[residual],
        )
        orthogonal = p.have(Equal((Q * T - Y) * (Q * T).T, 0), using=[answers, fit])
        kept = p.have(Equal(Q * S * Q, S * Q), using=[orthogonal, turned, weight, overlap])
    with p.beat("A symmetric matrix that keeps a subspace commutes with the projection onto it."):
        symmetric = p.have(Equal(S.T, S), using=[weight])
        flipped = p.have(Equal((Q * S * Q).T, Q.T * S.T), using=[kept])
        commutes = p.have(
            Equal(Q * S, S * Q),
            certificate(
                (-Identity(m), flipped, None), (None, kept, None), using=[turned, symmetric]
            ),
        )
        p.have(critical_fit.claim, using=[normal, fit, commutes])


def _critical(p: Proof, loss: FunctionOf, at: Any, near: Near, by: Tactic) -> Fact:
    """The gradient of a loss of one layer is zero where that layer is locally best."""
    p.have(Differentiable(loss))
    p.have(near, by)
    return p.have(Equal(loss.gradient(at), 0), known("fermat", loss, at))


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
        (Equal(A * B * X, Q * T), "the layers fit the columns of {A}"),
        (Equal(Q * S, S * Q), "{Q} commutes with {S}"),
        (Equal(Q * v, 0), "{v} is orthogonal to the columns of {A}"),
        (Equal(v.T * v, Identity(1)), "{v} is a unit vector"),
        (Equal(v.T * S * v, mu * Identity(1)), "{v} weighs {mu}"),
        (Equal(Q * u, u), "{u} lies in the range of {Q}"),
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
        (u, "a direction inside the columns of {A}"),
        (v, "a unit direction outside"),
        (mu, "how much of the target lies along {v}"),
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
    with p.beat("{u} and {v} are at a right angle, and {S} does not mix them."):
        turned = p.have(Equal(Q.T, Q), using=[project, upright])
        from_left = p.have(Equal(u.T * Q, u.T), using=[turned, inside])
        apart = p.have(
            Equal(u.T * v, 0),
            certificate((-Identity(1), from_left, v), using=[outside]),
            "{Q} keeps {u} and sends {v} to zero.",
        )
        unmixed = p.have(
            Equal(u.T * S * v, 0),
            certificate((-Identity(1), from_left, S * v), using=[commutes, outside]),
            "{S} commutes with {Q}.",
        )
    with p.beat("Turned by {t}, the answers are these: to first order {u} and {v} change places."):
        fold = p.have(Equal(A * A_plus, Q), using=[project])
        answers = p.have(
            Equal(
                A_t * B_t * X,
                Q * T + t * (v * u.T + u * v.T) * T + t**2 * (v * (u.T * u) * v.T * T),
            ),
            using=[fit, fold, from_left, inside, seen],
        )
    with p.beat(
        "The loss changes by {gain} times {tt} and by terms of higher order, for the terms with "
        "{t} and with its cube vanish.",
        tt=t**2,
    ):
        symmetric = p.have(Equal(S.T, S), using=[weight])
        folded = p.have(Equal(T * T.T, S), using=[weight])
        overlap = p.have(Equal(Y * T.T, S), using=[weight, seen, upright_x, inverse_x])
        directions = (inside, outside, unit, weighs, apart, unmixed)
        change = p.have(
            Equal(error(A_t * B_t), error(A * B) + gain * t**2 + beyond * t**4),
            using=[answers, fit, *directions, turned, commutes, symmetric, overlap, folded],
        )
    with p.beat("For small {t} the turned layers do no better, so the change is not negative."):
        path = p.have(
            Near((t, 0), LessEqual(error(A * B), error(A_t * B_t))), along(local, A_t, B_t)
        )
        with p.near((t, 0), using=[path]) as small:
            p.have(LessEqual(0, gain * t**2 + beyond * t**4), using=[small.given[0], change])
    with p.beat("Then neither is {gain}: {u} weighs at least {mu} times its squared length."):
        p.have(
            rotation.claim, known("second order condition", gain, 0, beyond, premises=[small.fact])
        )


__all__ = ["A_plus", "Q", "S", "X_plus", "critical_fit", "error", "least", "rotation"]
