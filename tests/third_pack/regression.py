"""Least squares: the normal equations, the hat matrix, centring, Frisch–Waugh–Lovell."""

from __future__ import annotations

import proofkit as pk

n, p, q = pk.sizes("n p q")
c = pk.real("c")
X, Y, W = pk.matrix("X", p, n), pk.matrix("Y", q, n), pk.matrix("W", q, p)
loss = pk.norm2(W @ X - Y) + c * pk.norm2(W)


@pk.theorem(
    "normal-equations",
    given=[(pk.eq(pk.grad(loss, W), 0), "{W} is critical")],
    claim=pk.eq(W @ (X @ X.T + c * pk.eye(p)), Y @ X.T),
)
def normal_equations(proof: pk.Proof, critical: pk.Fact) -> None:
    "The normal equations of ridge regression"
    gradient = 2 * (W @ X - Y) @ X.T + 2 * c * W
    proof.have(pk.eq(pk.grad(loss, W), gradient), "The gradient, from both squares.")
    proof.have(normal_equations.claim, "It is zero.", using=[critical])


V = pk.matrix("V", q, p)
residual = pk.norm2(W @ X - Y)


@pk.theorem(
    "least-squares",
    given=[(pk.eq(W @ X @ X.T, Y @ X.T), "the normal equations")],
    claim=pk.global_minimum(residual, W),
)
def least_squares(proof: pk.Proof, normal: pk.Fact) -> None:
    "Where the normal equations hold, least squares has its global minimum"
    with proof.for_all(V, show=least_squares.claim):
        apart = residual + pk.norm2((V - W) @ X)
        proof.have(pk.eq(pk.norm2(V @ X - Y), apart), "Pythagoras: the cross term vanishes.")
        proof.have(pk.le(residual, pk.norm2(V @ X - Y)), "What is added is a square.")


# ── The hat matrix: n observations, p features ─────────────────────────────────────────────────
A = pk.matrix("A", n, p)
hat = A @ (A.T @ A).I @ A.T


@pk.theorem(
    "hat-matrix",
    given=[(pk.invertible(A.T @ A), "the features are independent")],
    claim=pk.all_of(pk.eq(hat.T, hat), pk.eq(hat @ hat, hat), pk.eq(hat @ A, A)),
)
def hat_matrix(proof: pk.Proof, independent: pk.Fact) -> None:
    "The hat matrix is the projector onto the features"
    proof.have(hat_matrix.claim, "The inverse cancels what stands beside it.")


one = pk.ones(n, 1)
centre = pk.eye(n) - one @ one.T / n


@pk.theorem(
    "centring",
    given=[(pk.le(1, n), "there is an observation")],
    claim=pk.all_of(
        pk.eq(centre.T, centre), pk.eq(centre @ centre, centre), pk.eq(centre @ one, 0)
    ),
)
def centring(proof: pk.Proof, some: pk.Fact) -> None:
    "Centring is a projector that takes constants to zero"
    proof.have(centring.claim, "{n} ones add up to {n}.")


# ── Frisch, Waugh and Lovell: the features A, and B beside them ────────────────────────────────
B = pk.matrix("B", n, q)
y, a, b = pk.vector("y", n), pk.vector("a", p), pk.vector("b", q)
rest = pk.eye(n) - hat
error = A @ a + B @ b - y


@pk.theorem(
    "frisch-waugh-lovell",
    given=[
        (pk.invertible(A.T @ A), "the features {A} are independent"),
        (pk.invertible(B.T @ rest @ B), "so are those of {B} once {A} is taken out of them"),
        (pk.eq(A.T @ error, 0), "the normal equations of {A}"),
        (pk.eq(B.T @ error, 0), "and those of {B}"),
    ],
    claim=pk.eq(b, (B.T @ rest @ B).I @ B.T @ rest @ y),
)
def frisch_waugh_lovell(
    proof: pk.Proof, first: pk.Fact, second: pk.Fact, mine: pk.Fact, others: pk.Fact
) -> None:
    "The Frisch–Waugh–Lovell theorem"
    out = proof.have(
        pk.eq(B.T @ rest @ B @ b, B.T @ rest @ y),
        "{A} is taken out of both sides.",
        using=[first, mine, others],
    )
    proof.have(frisch_waugh_lovell.claim, "Solve for {b}.", using=[second, out])


RESULTS = [normal_equations, least_squares, hat_matrix, centring, frisch_waugh_lovell]
