"""Networks: low-rank adapters, backpropagation, tied weights, balancedness."""

from __future__ import annotations

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
loss, G = g(M[k:1]), pk.grad(g, M[k:1])


@pk.theorem(
    "balancedness",
    given=[pk.differentiable(g), pk.le(1, i), (pk.lt(i, k), "{i} is a layer below the last")],
    claim=pk.eq(M[i + 1].T @ pk.grad(loss, M[i + 1]), pk.grad(loss, M[i]) @ M[i].T),
)
def balancedness(proof: pk.Proof, smooth: pk.Fact, low: pk.Fact, high: pk.Fact) -> None:
    "Neighbouring layers of a deep linear network move in balance"
    above = proof.have(
        pk.eq(pk.grad(loss, M[i + 1]), M[k : i + 2].T @ G @ M[i:1].T),
        "The chain rule, in the layer above.",
    )
    below = proof.have(
        pk.eq(pk.grad(loss, M[i]), M[k : i + 1].T @ G @ M[i - 1 : 1].T), "And in {i} itself."
    )
    proof.have(balancedness.claim, "Both are the same product.", using=[above, below])


RESULTS = [lora, lora_start, backpropagation, tied_autoencoder, tied_critical, balancedness]
