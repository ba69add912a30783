"""Least squares: the normal equations, the hat matrix, centring."""

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
    proof.have(pk.eq((A.T @ A).I @ (A.T @ A), pk.eye(p)), "An inverse, on the left.")
    proof.have(pk.eq((A.T @ A) @ (A.T @ A).I, pk.eye(p)), "And on the right.")
    proof.have(hat_matrix.claim, "So all three are algebra.")


RESULTS = [normal_equations, hat_matrix]
