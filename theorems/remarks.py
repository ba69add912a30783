"""Remarks on the proof of Theorem 1: where the printed text needs help."""

from __future__ import annotations

from proofkit.trace import Remark, Source, prose
from theorems.lemma_2 import A, B
from theorems.setting import G, M, f, j, k

REASON = Remark(
    "reason-for-the-rank",
    "A_1 has rank d too because d ≤ d_{k−1}.",
    prose(
        "That is not the reason. {A} is {M} times {A1}, and multiplying cannot raise the rank, so "
        "{A1} has at least the rank of {A}.",
        A=A,
        M=M[k],
        A1=M[k - 1 : j + 1],
    ),
    source=Source(4, "proof of Theorem 1"),
)
WHICH_LAYER = Remark(
    "which-layer",
    "any local perturbation to A can be done through local perturbation to M_1.",
    prose("It is {M} that is perturbed, as in the line before.", M=M[k]),
    source=Source(4, "proof of Theorem 1"),
)
AT_ONCE = Remark(
    "both-at-once",
    "any local perturbation to A (resp. B) can be performed by local perturbation to M_k "
    "(resp. M_1).",
    prose(
        "A point near ({A}, {B}) differs from it in both factors, so both must be perturbed at "
        "once. That works because {M1} and {Mk} are different layers.",
        A=A,
        B=B,
        M1=M[1],
        Mk=M[k],
    ),
    source=Source(4, "proof of Theorem 1"),
)
CONTINUITY = Remark(
    "continuity",
    "If A, B is a spurious local minimum of L_2, then clearly M_1, …, M_k is one of L_k.",
    prose(
        "What is clear is that networks near {M} have halves near ({A}, {B}): products of "
        "matrices are continuous in their factors.",
        M=M,
        A=A,
        B=B,
    ),
    source=Source(4, "proof of Theorem 1"),
)
NOT_CONVEX = Remark(
    "gradient-not-zero",
    "Every spurious local minimum of L_k can be directly mapped to one of L_2.",
    prose(
        "This needs {f} convex or {G} not zero. Without either it fails: the image of a local "
        "minimum of the deep network need not be one of the two-layer network.",
        f=f,
        G=G,
    ),
    example="E31",
    source=Source(4, "after the proof of Theorem 1"),
)
