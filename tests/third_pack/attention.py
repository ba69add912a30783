"""Attention, without and with softmax."""

from __future__ import annotations

import proofkit as pk

n, p, r = pk.sizes("n p r")
Q, K, V = pk.matrix("Q", n, r), pk.matrix("K", n, r), pk.matrix("V", n, p)
h = pk.function("h", n, p)
mixed = Q @ K.T @ V
G = pk.grad(h, mixed)


@pk.theorem(
    "linear-attention",
    given=[(pk.differentiable(h), "the loss has a gradient")],
    claim=pk.all_of(
        pk.eq(pk.grad(h(mixed), Q), G @ V.T @ K),
        pk.eq(pk.grad(h(mixed), K), V @ G.T @ Q),
        pk.eq(pk.grad(h(mixed), V), K @ Q.T @ G),
    ),
)
def linear_attention(proof: pk.Proof, smooth: pk.Fact) -> None:
    "The gradients of attention without softmax"
    proof.have(linear_attention.claim, "The chain rule, for each factor of {mixed}.")


# ── With softmax: what a query q gets ──────────────────────────────────────────────────────────
q = pk.vector("q", r)
f = pk.function("f", p, 1)
weights = pk.exp(K @ q) / pk.total(pk.exp(K @ q))
out = V.T @ weights
g = pk.grad(f, out)
back = pk.hadamard(weights, V @ g) - pk.inner(weights, V @ g) * weights


@pk.theorem(
    "softmax-attention",
    given=[(pk.le(1, n), "there is a key"), (pk.differentiable(f), "the loss has a gradient")],
    claim=pk.all_of(
        pk.eq(pk.grad(f(out), V), weights @ g.T),
        pk.eq(pk.grad(f(out), q), K.T @ back),
        pk.eq(pk.grad(f(out), K), back @ q.T),
    ),
)
def softmax_attention(proof: pk.Proof, some: pk.Fact, smooth: pk.Fact) -> None:
    "The gradients of attention with softmax"
    proof.have(softmax_attention.claim, "{back} comes back through softmax.")


RESULTS = [linear_attention, softmax_attention]
