"""Networks: low-rank adapters, backpropagation, tied weights, linear and residual networks."""

from __future__ import annotations

from typing import Any

import proofkit as pk

m, n, p, q, r = pk.sizes("m n p q r")
f, sigma = pk.function("f", q, n), pk.function("σ")
W, A, B, X = pk.matrix("W", q, p), pk.matrix("A", r, p), pk.matrix("B", q, r), pk.matrix("X", p, n)

# ── Low-rank adapters ──────────────────────────────────────────────────────────────────────────
adapted = f((W + B @ A) @ X)
outer = pk.grad(f, (W + B @ A) @ X)


@pk.theorem(
    "lora",
    given=[(pk.differentiable(f), "the loss has a gradient")],
    claim=pk.all_of(
        pk.eq(pk.grad(adapted, A), B.T @ outer @ X.T),
        pk.eq(pk.grad(adapted, B), outer @ X.T @ A.T),
    ),
)
def lora(proof: pk.Proof, smooth: pk.Fact) -> None:
    "The gradients of a low-rank adapter"
    proof.have(lora.claim, "The chain rule, through {B}·{A}.")


@pk.theorem(
    "lora-start",
    given=[pk.differentiable(f), (pk.eq(B, 0), "{B} starts at zero")],
    claim=pk.eq(pk.grad(adapted, A), 0),
)
def lora_start(proof: pk.Proof, smooth: pk.Fact, zero: pk.Fact) -> None:
    "At B = 0 the adapter's A does not move"
    proof.have(lora_start.claim, "{B} stands in front of it.", using=[lora, smooth, zero])


# ── Backpropagation ────────────────────────────────────────────────────────────────────────────
V, Z = pk.matrix("V", p, m), pk.matrix("Z", m, n)
hidden = sigma(V @ Z)
delta = pk.grad(f, W @ hidden)


@pk.theorem(
    "backpropagation",
    given=[
        (pk.differentiable(f), "the loss has a gradient"),
        (pk.differentiable(sigma), "the activation has a derivative"),
    ],
    claim=pk.all_of(
        pk.eq(pk.grad(f(W @ hidden), W), delta @ hidden.T),
        pk.eq(pk.grad(f(W @ hidden), V), pk.hadamard(sigma.derivative(V @ Z), W.T @ delta) @ Z.T),
    ),
)
def backpropagation(proof: pk.Proof, smooth: pk.Fact, activation: pk.Fact) -> None:
    "The gradients of two layers, for every activation"
    proof.have(backpropagation.claim, "The chain rule, from the loss back to {V}.")


# ── Tied autoencoders ──────────────────────────────────────────────────────────────────────────
D = pk.matrix("D", p, r)
residual = D @ D.T @ X - X
tied = pk.norm2(residual)


@pk.theorem(
    "tied-autoencoder",
    claim=pk.eq(pk.grad(tied, D), 2 * (residual @ X.T + X @ residual.T) @ D),
)
def tied_autoencoder(proof: pk.Proof) -> None:
    "The gradient of an autoencoder with tied weights"
    proof.have(tied_autoencoder.claim, "Once for the encoder, once for the decoder.")


@pk.theorem(
    "tied-critical",
    given=[
        (pk.eq(D.T @ D, pk.eye(r)), "the columns of {D} are orthonormal"),
        (pk.eq(pk.grad(tied, D), 0), "{D} is critical"),
    ],
    claim=pk.eq(X @ X.T @ D, D @ (D.T @ X @ X.T @ D)),
)
def tied_critical(proof: pk.Proof, orthonormal: pk.Fact, critical: pk.Fact) -> None:
    "A critical autoencoder spans a space that the data's covariance keeps"
    proof.have(
        tied_critical.claim,
        "The gradient is zero.",
        using=[tied_autoencoder, orthonormal, critical],
    )


# ── Balancedness ───────────────────────────────────────────────────────────────────────────────
d, (i, k) = pk.widths("d"), pk.indices("i k")
M = pk.family("M", d)
g = pk.function("g", d(k), d(0))
loss = g(M[k:1])


@pk.theorem(
    "balancedness",
    given=[pk.differentiable(g), pk.le(1, i), (pk.lt(i, k), "{i} is a layer below the last")],
    claim=pk.eq(M[i + 1].T @ pk.grad(loss, M[i + 1]), pk.grad(loss, M[i]) @ M[i].T),
)
def balancedness(proof: pk.Proof, smooth: pk.Fact, low: pk.Fact, high: pk.Fact) -> None:
    "Neighbouring layers of a deep linear network move in balance"
    proof.have(balancedness.claim, "By the chain rule, both are the same product.")


# ── The Hessian of a deep linear network ───────────────────────────────────────────────────────
j = pk.index("j")
P, L, U = pk.matrix("P", d(k), d(0)), *pk.matrices("L U", d(j), d(j - 1))
above, between, below = M[k : j + 1], M[j - 1 : i + 1], M[i - 1 : 1]


def block(upper: Any) -> Any:
    "The gradient in layer i, as a function of a layer above it"
    return (above @ upper @ between).T @ pk.grad(g, above @ upper @ M[j - 1 : 1]) @ below.T


here = above @ M[j] @ M[j - 1 : 1]
curved = pk.hessian(g, here, above @ U @ M[j - 1 : 1])


@pk.theorem(
    "hessian-block",
    given=[
        (pk.between(1, i, k), "{i} is a layer"),
        (pk.between(i + 1, j, k), "{j} is one above it"),
        (pk.near((P, here), pk.differentiable(g, P)), "near the product there is a gradient"),
        (pk.differentiable(pk.function_of(P, pk.grad(g, P)), here), "and at it a second one"),
    ],
    claim=pk.slope(
        pk.function_of(L, block(L)),
        M[j],
        pk.function_of(
            U,
            (above @ U @ between).T @ pk.grad(g, here) @ below.T
            + (above @ M[j] @ between).T @ curved @ below.T,
        ),
    ),
)
def hessian_block(
    proof: pk.Proof, lower: pk.Fact, upper: pk.Fact, once: pk.Fact, twice: pk.Fact
) -> None:
    "A block of the Hessian of a deep linear network, for every loss"
    proof.have(hessian_block.claim, "Layer {j} stands around the gradient, and inside it.")


# ── Residual networks: the layers are Lᵢ = I + Aᵢ ──────────────────────────────────────────────
A1, Y, x = pk.matrix("A", n, n), pk.matrix("Y", n, n), pk.vector("x", n)
R, depth = pk.family("L", lambda i: (n, n)), pk.index("l")
F = pk.function("F", n, n)


def contracts(residual: Any) -> Any:
    "‖Ax‖ < ‖x‖ for x ≠ 0"
    return pk.forall(x, pk.implies(pk.ne(x, 0), pk.lt(pk.norm2(residual @ x), pk.norm2(x))))


@pk.theorem("residual-layer", given=[contracts(A1 - pk.eye(n))], claim=pk.invertible(A1))
def residual_layer(proof: pk.Proof, shorter: pk.Fact) -> None:
    "A layer I + A is invertible where A makes vectors shorter"
    with proof.contradicting(pk.le(n, pk.rank(A1)), words="Otherwise it loses a vector."):
        lost = proof.have(pk.exists(x, pk.ne(x, 0) & pk.eq(A1 @ x, 0)), "There is {x} ≠ 0.")
        nonzero, gone = proof.obtain(lost, x)
        short = pk.lt(pk.norm2((A1 - pk.eye(n)) @ x), pk.norm2(x))
        less = proof.have(short, "It gets shorter,", using=[shorter, nonzero])
        proof.have(pk.contradiction(), "and becomes −{x}.", using=[less, gone])
    proof.have(residual_layer.claim, "Full rank.")


@pk.theorem(
    "residual-network",
    given=[
        pk.forall(i, contracts(R[i] - pk.eye(n))),
        pk.le(1, k),
        pk.differentiable(F),
        (pk.eq(pk.grad(F(R[k:1]), R[k]), 0), "critical in the last layer"),
    ],
    claim=pk.eq(pk.grad(F, R[k:1]), 0),
)
def residual_network(
    proof: pk.Proof, shorter: pk.Fact, some: pk.Fact, smooth: pk.Fact, critical: pk.Fact
) -> None:
    "Critical residual networks have gradient zero, at any depth"
    each = proof.have(pk.forall(i, pk.invertible(R[i])), using=[residual_layer, shorter])
    keeps = pk.forall(Y, pk.implies(pk.eq(R[depth:1] @ Y, 0), pk.eq(Y, 0)))
    with proof.induction(depth, 0, keeps, words="So is no product of layers singular.") as parts:
        with parts.base(), proof.for_all(Y, given=[pk.eq(R[0:1] @ Y, 0)]) as block:
            proof.have(pk.eq(Y, 0), using=block.given)
        with (
            parts.step() as step,
            proof.for_all(Y, given=[pk.eq(R[depth + 1 : 1] @ Y, 0)]) as block,
        ):
            there = proof.have(pk.invertible(R[depth + 1]), using=[each])
            proof.have(pk.eq(R[depth:1] @ Y, 0), "Cancel the last.", using=[there, *block.given])
            proof.have(pk.eq(Y, 0), "As for fewer layers.", using=step.given)
    chain = pk.grad(F, R[k:1]) @ R[k - 1 : 1].T
    proof.have(pk.eq(pk.grad(F(R[k:1]), R[k]), chain), "The chain rule.")
    proof.have(pk.eq(R[k - 1 : 1] @ pk.grad(F, R[k:1]).T, 0), "It is zero.")
    proof.have(pk.eq(pk.grad(F, R[k:1]).T, 0), "Cancel the layers.", using=[parts.fact])
    proof.have(residual_network.claim, "Transpose.")


EXAMPLES = {
    "residual": {
        n: 2,
        k: 2,
        R: [[[1, "1/2"], [0, 1]], [[1, "-1/2"], [0, 1]]],
        F: pk.function_of(Y, pk.norm2(Y - pk.eye(n))),
    },
}

RESULTS = [
    *(lora, lora_start, backpropagation, tied_autoencoder, tied_critical, balancedness),
    *(hessian_block, residual_layer, residual_network),
]
