"""Inverses of sums: Woodbury, Sherman–Morrison, push-through."""

from __future__ import annotations

import proofkit as pk

n, k = pk.sizes("n k")
A, U, C, V = pk.matrix("A", n, n), pk.matrix("U", n, k), pk.matrix("C", k, k), pk.matrix("V", k, n)
whole, small = A + U @ C @ V, C.I + V @ A.I @ U
after = A.I - A.I @ U @ small.I @ V @ A.I


@pk.theorem(
    "woodbury",
    given=[
        (pk.invertible(A), "{A} is invertible"),
        (pk.invertible(C), "so is {C}"),
        (pk.invertible(small), "and the small matrix"),
    ],
    claim=pk.all_of(pk.invertible(whole), pk.eq(whole.I, after)),
)
def woodbury(proof: pk.Proof, large: pk.Fact, middle: pk.Fact, inner: pk.Fact) -> None:
    "Woodbury's identity"
    product = proof.have(pk.eq(whole @ after, pk.eye(n)), "Multiply out.")
    one = proof.have(pk.invertible(whole), "So there is an inverse.", using=[product])
    proof.have(woodbury.claim, "It is this one.", using=[product, one])


u, v = pk.vectors("u v", n)
s = 1 + pk.tr(v.T @ A.I @ u)


@pk.theorem(
    "sherman-morrison",
    given=[pk.invertible(A), (pk.ne(s, 0), "the number that is divided by is not 0")],
    claim=pk.eq((A + u @ v.T).I, A.I - (1 / s) * A.I @ u @ v.T @ A.I),
)
def sherman_morrison(proof: pk.Proof, invertible: pk.Fact, nonzero: pk.Fact) -> None:
    "The Sherman–Morrison formula"
    changed, formula = A + u @ v.T, A.I - (1 / s) * A.I @ u @ v.T @ A.I
    one = proof.have(pk.eq(changed @ formula, pk.eye(n)), "Multiply out; {u} meets {v}.")
    there = proof.have(pk.invertible(changed), "So there is an inverse.", using=[one])
    proof.have(sherman_morrison.claim, "It is this one.", using=[one, there])


P, Q = pk.matrix("P", n, k), pk.matrix("Q", k, n)


@pk.theorem(
    "push-through",
    given=[(pk.invertible(pk.eye(n) + P @ Q), "the left one is invertible")],
    claim=pk.eq((pk.eye(n) + P @ Q).I @ P, P @ (pk.eye(k) + Q @ P).I),
)
def push_through(proof: pk.Proof, invertible: pk.Fact) -> None:
    "The push-through identity"
    proof.have(pk.invertible(pk.eye(k) + Q @ P), "The two determinants are the same.")
    proof.have(push_through.claim, "Multiplied out, both sides are {P}.")


RESULTS = [woodbury, sherman_morrison, push_through]
