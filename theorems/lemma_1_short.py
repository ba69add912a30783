"""The short proof of Lemma 1: peel the layers below the bottleneck off Lemma 2, one at a time."""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
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
    certificate,
    contradiction,
    from_,
    known,
    result_,
    rewriting,
)
from proofkit.symbols import Identity, Zero, family, rank, vector
from theorems.lemma_2 import A, lemma_2
from theorems.local_minima import kept_minimum
from theorems.setting import M, d, f, i, j, k, local_minimum
from theorems.theorem_3_input import G

N = family("M'", d)
w, a, x = vector("w", d(i)), vector("a", d(i)), vector("x", d(i - 1))
changed = N.with_layer(i, N[i] + w * x.T)
"""The network N with a small change of layer i that its upper half does not see."""


def killed_below(at: Any, N: Any = N) -> Equal:
    """G (N_at⋯N_1)ᵀ = 0: the gradient is killed by the layers up to ``at``."""
    return Equal(f.gradient(N[k:1]) * N[at:1].T, 0)


def for_all_minima(at: Any) -> Claim:
    """Every local minimum whose upper half has lost rank has its gradient killed below ``at``."""
    lost = RankBelow(N[k : j + 1], d(j))
    return ForAll(N, Implies(local_minimum(N), lost, LessEqual(0, at), killed_below(at)))


def full_rank_above(
    p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact, nonzero: Fact
) -> Fact:
    """rank A = d(j), since otherwise the gradient G is zero."""
    most = p.have(
        LessEqual(rank(A), d(j)),
        known("rank at most columns", A),
        "The rank of {A} is at most the number of its columns.",
        A=A,
    )
    with p.contradicting(
        LessEqual(d(j), rank(A)),
        RankBelow(A, d(j)),
        words="Suppose {A} had lost rank.",
        A=A,
    ) as suppose:
        walk = _walk_down(p, inner, outer, narrow, smooth)
        zero = p.have(
            Equal(G, 0),
            from_(walk, 0, M, premises=[inner, minimum, *suppose.given]),
            "At the bottom no layer is left, and the gradient itself is zero.",
        )
        p.have(
            Contradiction(),
            contradiction(zero, nonzero),
            "But the gradient was supposed not to be zero.",
        )
    return p.have(RankIs(A, d(j)), arithmetic(most), "So {A} has the rank of the bottleneck.", A=A)


def _walk_down(p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact) -> Fact:
    with p.induction(
        i,
        j,
        for_all_minima(i),
        down=True,
        words="We walk down from the bottleneck, and prove for all local minima whose upper half "
        "has lost rank that the layers up to layer {i} send the gradient to zero.",
        i=i,
    ) as walk:
        given = [local_minimum(N), RankBelow(N[k : j + 1], d(j))]
        with (
            walk.base(words="At the bottleneck this is Lemma 2."),
            p.for_all(
                N, given=[*given, LessEqual(0, j)], words="Let {N} be such a local minimum.", N=N
            ) as block,
        ):
            p.have(
                killed_below(j),
                result_(
                    lemma_2,
                    *(d, k, j, f, N),
                    premises=[inner, outer, narrow, smooth, block.given[0]],
                    route="short",
                ),
                "By Lemma 2 the two-layer loss is critical in its upper factor.",
            )
        with walk.step(words="Now layer {i} is to be removed.", i=i) as step:
            _, hypothesis = step.given
            with p.for_all(
                N,
                given=[*given, LessEqual(0, i - 1)],
                words="Let {N} be such a local minimum.",
                N=N,
            ) as block:
                _peel(p, narrow, hypothesis, *block.given[:2])
    return walk.fact


def _peel(p: Proof, narrow: Fact, hypothesis: Fact, minimum: Fact, lost: Fact) -> None:
    """From the layers up to i to the layers up to i − 1, at one local minimum N."""
    g, above = f.gradient(N[k:1]), N[k : i + 1]
    small, moved = (x, Zero(d(i - 1), 1)), changed
    shrink = p.have(
        LessEqual(rank(above), rank(N[k : j + 1])),
        known("rank of product left", N[k : j + 1], N[j : i + 1]),
        "Multiplying {A} by the layers down to {n} cannot raise its rank.",
        A=N[k : j + 1],
        n=i + 1,
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
        "So the rank of {X} is less than the number of its columns.",
        X=above,
    )
    exists = p.have(
        Exists(w, And(NonZero(w), Equal(above * w, 0))),
        known("kernel vector", above, premises=[short]),
        "So this matrix sends some nonzero vector to zero.",
    )
    turns, unseen = p.obtain(
        exists,
        w,
        words="Call such a vector {w}: the output does not see layer {i} along it.",
        w=w,
        i=i,
    )
    one = p.have(
        Exists(a, Equal(a.T * w, Identity(1))),
        known("nonzero vector", w, premises=[turns]),
        "As {w} is not zero, some vector has inner product 1 with it.",
        w=w,
    )
    (dual,) = p.obtain(one, a, words="Call such a vector {a}.", a=a)
    turned = p.have(
        Equal(w.T * a, Identity(1)),
        algebra(dual),
        "The inner product in the other order is 1 as well.",
    )
    keeps = p.have(
        kept_minimum.claim.xreplace({M: N}),
        result_(kept_minimum, d, k, i, f, N, premises=[minimum]),
        "A small change of layer {i} that the product does not feel keeps a local minimum.",
        i=i,
    )
    kept = p.have(
        Near(small, Implies(Equal(above * (w * x.T) * N[i - 1 : 1], 0), local_minimum(moved))),
        along(keeps, w * x.T),
        "Take the change {D} for a small {x}.",
        D=w * x.T,
        x=x,
    )
    here = p.have(
        killed_below(i),
        from_(hypothesis, N, premises=[minimum, lost]),
        "The induction hypothesis holds for the network we start from.",
    )
    with p.near(small, using=[kept], words="Take {x} so small that this holds.", x=x) as near:
        unfelt = p.have(
            Equal(above * (w * x.T) * N[i - 1 : 1], 0),
            algebra(unseen),
            "The layers above kill this change, because they do not see {w}.",
            w=w,
        )
        again = p.have(
            local_minimum(moved),
            from_(near.given[0], premises=[unfelt]),
            "Hence the changed network is a local minimum too.",
        )
        upper = p.have(
            Equal(N[k : j + 1], moved[k : j + 1]),
            algebra(),
            "The upper half of the changed network is the old one.",
        )
        still = p.have(
            RankBelow(moved[k : j + 1], d(j)),
            rewriting(lost, upper),
            "So the upper half of the changed network has lost rank too.",
        )
        below = p.have(
            killed_below(i, moved),
            from_(hypothesis, moved, premises=[again, still]),
            "So the induction hypothesis holds for the changed network.",
        )
        same = p.have(
            Equal(moved[k:1], N[k:1]),
            algebra(unfelt),
            "The product of the changed network is the old one.",
        )
        there = p.have(
            Equal(g * moved[i:1].T, 0),
            rewriting(below, same),
            "Therefore this is about the same gradient.",
        )
        difference = p.have(
            Equal(g * N[i - 1 : 1].T * x * w.T, 0),
            certificate((None, there, None), (None, here, -Identity(d(i)))),
            "Subtract the two: only the change is left.",
        )
        p.have(
            Equal(g * N[i - 1 : 1].T * x, 0),
            certificate((None, difference, a), (-g * N[i - 1 : 1].T * x, turned, None)),
            "Multiply by {a} from the right: {w} cancels.",
            a=a,
            w=w,
        )
    p.have(
        killed_below(i - 1),
        known("vanishing near zero", g * N[i - 1 : 1].T, premises=[near.fact]),
        "A matrix that sends every small vector to zero is zero: layer {i} is removed.",
        i=i,
    )


__all__ = ["N", "changed", "full_rank_above"]
