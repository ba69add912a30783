"""The paper's proof of Lemma 1, its gaps closed.

Suppose rank A < d.  Kernel vectors w_i let each layer up to the bottleneck be perturbed with the
product unchanged (identity (1)); small perturbations are local minima, and Lemma 2 says at each
that G·B̃ᵀ = 0 (2).  Small v_i are then chosen layer by layer, so that the rows of M̃_i⋯M̃_1 leave
V = {v : Gv = 0}, until (2) is contradicted.
"""

from __future__ import annotations

from proofkit.claims import (
    And,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    RankBelow,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    arithmetic,
    around,
    at_the_point,
    chosen,
    contradiction,
    from_,
    known,
    result_,
    rewriting,
)
from proofkit.symbols import (
    family,
    rank,
    vector,
)
from theorems.lemma_1_rows import equation_2, no_change, reached, rows_leave, tilde
from theorems.lemma_2 import A, lemma_2
from theorems.perturbation import perturbation, v, w
from theorems.setting import M, d, f, i, j, k, local_minimum, loss


def full_rank_above(
    p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact, nonzero: Fact
) -> Fact:
    """rank A = d(j), since otherwise (2) fails for some perturbation."""
    most = p.have(
        LessEqual(rank(A), d(j)),
        known("rank at most columns", A),
        "The rank of {A} is at most the number of its columns.",
        A=A,
    )
    with p.contradicting(
        LessEqual(d(j), rank(A)),
        RankBelow(A, d(j)),
        words="We will derive a contradiction by assuming that {A} has lower rank.",
        A=A,
    ) as suppose:
        kills = _kernel_vectors(p, narrow, suppose.given[0])
        two = _perturbations(p, inner, outer, narrow, smooth, minimum, kills)
        escape = rows_leave(p, nonzero, kills, two)
        exists = p.have(
            reached(j).args[-1],
            from_(escape, j, premises=[inner]),
            "At the bottleneck: some {B} has a row outside V.",
            B=tilde(v)[j:1],
        )
        good, out = p.obtain(exists, v, words="Take such a perturbation, with a row outside V.")
        inside = p.have(
            equation_2(v), at_the_point(good), "But this perturbation satisfies equation (2)."
        )
        p.have(
            Contradiction(),
            contradiction(inside, out),
            "A row outside V and equation (2) contradict each other.",
        )
    return p.have(RankIs(A, d(j)), arithmetic(most), "So {A} has the rank of the bottleneck.", A=A)


def _kernel_vectors(p: Proof, narrow: Fact, lost: Fact) -> Fact:
    """Nonzero vectors w_i with M_k⋯M_{i+1} w_i = 0."""
    above, kernel = M[k : i + 1], vector("x", d(i))
    with p.for_all(
        i,
        given=[LessEqual(1, i), LessEqual(i, j)],
        words="Take a layer {i} up to the bottleneck.",
        i=i,
    ) as block:
        shrink = p.have(
            LessEqual(rank(above), rank(A)),
            known("rank of product left", A, M[j : i + 1]),
            "The product of the factors above layer {i} has at most the rank of {A}.",
            i=i,
            A=A,
        )
        wide = p.have(
            LessEqual(d(j), d(i)),
            from_(narrow, i),
            "Layer {i} is at least as wide as the bottleneck.",
            i=i,
        )
        short = p.have(
            RankBelow(above, d(i)),
            arithmetic(shrink, lost, wide),
            "So {X} has fewer independent columns than columns.",
            X=above,
        )
        p.have(
            Exists(kernel, And(NonZero(kernel), Equal(above * kernel, 0))),
            known("kernel vector", above, premises=[short]),
            "So this matrix sends some nonzero vector to zero.",
        )
    both_hold = And(NonZero(w[i]), Equal(M[k : i + 1] * w[i], 0))
    exists = p.have(
        Exists(w, ForAll(i, Implies(LessEqual(1, i), LessEqual(i, j), both_hold))),
        chosen(block.fact),
        "Choose such a vector for each layer up to the bottleneck.",
    )
    (kills,) = p.obtain(exists, w, words="Call the chosen vectors {w}.", w=w[i])
    return kills


def _perturbations(
    p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact, kills: Fact
) -> Fact:
    """Near v = 0 the perturbed network is a local minimum, and (2) holds for it."""
    N, other = family("M'", d), family("N'", d)
    with p.for_all(
        i,
        given=[LessEqual(1, i), LessEqual(i, j)],
        words="Take a layer {i} up to the bottleneck.",
        i=i,
    ) as block:
        p.have(
            Equal(M[k : i + 1] * w[i], 0),
            from_(kills, i),
            "The factors above layer {i} send {w} to zero, as it was chosen.",
            i=i,
            w=w[i],
        )
    ball = p.have(
        Near((N, M), Near((other, N), LessEqual(loss(M), loss(other)))),
        around(minimum),
        "Around every network near {M} the loss is at least that of {M}.",
        M=M,
    )
    small = p.have(
        Near((v, no_change), Near((other, tilde(v)), LessEqual(loss(M), loss(other)))),
        along(ball, tilde(v)),
        "In particular it is so around the networks perturbed by {D} with small {v}.",
        D=w[i] * v[i].T,
        v=v[i],
    )
    with p.near(
        (v, no_change), using=[small], words="Take {v} so small that this holds.", v=v[i]
    ) as near:
        with p.for_all(
            i,
            given=[LessEqual(1, i), LessEqual(i, j)],
            words="Look at the layers {i} of this perturbed network.",
            i=i,
        ) as layers:
            p.have(
                Equal(tilde(v)[i], M[i] + w[i] * v[i].T),
                algebra(),
                "Layer {i} of the perturbed network is the old one plus this.",
                i=i,
            )
        one = p.have(
            Equal(M[k : j + 1] * tilde(v)[j:1], M[k:1]),
            result_(perturbation, d, k, j, M, w, v, tilde(v), premises=[block.fact, layers.fact]),
            "By identity (1) the perturbation does not change the product.",
        )
        same = p.have(
            Equal(M[k:1], tilde(v)[k:1]),
            algebra(one),
            "The layers above the bottleneck are not touched: the whole product is the old one.",
        )
        again = p.have(
            local_minimum(tilde(v)),
            rewriting(near.given[0], same),
            "So the perturbed network is a local minimum too.",
        )
        critical = p.have(
            Equal(f.gradient(tilde(v)[k:1]) * tilde(v)[j:1].T, 0),
            result_(lemma_2, d, k, j, f, tilde(v), premises=[inner, outer, narrow, smooth, again]),
            "Lemma 2 applies to the perturbed network.",
        )
        p.have(
            equation_2(v),
            rewriting(critical, same, back=True),
            "As the product is the same, this is about the same gradient: equation (2).",
        )
    return near.fact


__all__ = ["full_rank_above"]
