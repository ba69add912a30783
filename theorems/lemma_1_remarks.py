"""Remarks on the proof of Lemma 1: where the printed text needs help."""

from __future__ import annotations

from proofkit.symbols import real, vector
from proofkit.trace import Remark, Source, prose
from theorems.perturbation import w
from theorems.setting import M, d, i

SMALL = Remark(
    "scaled-small",
    "Set v_{i+1} as the ℓ-th basis vector in R^{d_i}.",
    prose(
        "A basis vector is not small, and only small perturbations are known to be local minima. "
        "It must be scaled: {v} with a small number {e} that is not zero.",
        v=real("ε") * vector("e", d(i)),
        e=real("ε"),
    ),
    source=Source(5, "proof of Lemma 1"),
)
BASE = Remark(
    "first-layer",
    "If i* = 1, we choose a sufficiently small nonzero vector v_1 ∉ V. … Now assuming i* > 1. "
    "Suppose that we have constructed M̃_1, …, M̃_i, for some i ≥ i* − 1 ≥ 1.",
    prose(
        "As printed the induction leaves out the case i* = 1: after the first layer nothing is "
        "said about the layers above it. Begun below the first layer it covers both cases, "
        "because the rows of the identity are not all in the kernel of a gradient that is not "
        "zero."
    ),
    example="E08",
    source=Source(5, "proof of Lemma 1"),
)
NOT_NEEDED = Remark(
    "first-index",
    "Let i* = min{i | R(M_i⋯M_1) ⊆ V}.",
    prose(
        "The index i* is not needed: wherever {X} still has a row outside, nothing is perturbed, "
        "and elsewhere {w} brings one back.",
        X=M[i:1],
        w=w[i],
    ),
    example="E09",
    source=Source(5, "proof of Lemma 1"),
)

__all__ = ["BASE", "NOT_NEEDED", "SMALL"]
