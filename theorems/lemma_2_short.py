"""The short proof of Lemma 2: peel the layers above the bottleneck off criticality, one at a time.

`lemma_2_above` is the half about A, G·Bᵀ = 0.  It works on the deep network itself: nothing is
frozen, no layer is renumbered, and Theorem 3 is not needed.  `below` reads the network backwards.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Between,
    Claim,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    Or,
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
    derivative,
    excluded_middle,
    from_,
    known,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import Identity, MatrixVariable, Zero, family, rank, vector
from proofkit.trace import Source, prose
from theorems.local_minima import critical_layer, kept_minimum
from theorems.renumbering import (
    backwards,
    f_transposed,
    reversed_family,
    reversed_minimum,
    reversed_product,
    transposition,
)
from theorems.setting import SYMBOLS, M, d, f, i, j, k, local_minimum, narrowest
from theorems.theorem_3_input import GRADIENT, MINIMUM, SMOOTH, G

N = family("M'", d)
B = M[j:1]


def killed_between(at: Any, N: Any = N) -> Equal:
    """(N_k⋯N_{at+1})ᵀ G (N_j⋯N_1)ᵀ = 0: criticality with the layers j + 1, …, at removed."""
    return Equal(N[k : at + 1].T * f.gradient(N[k:1]) * N[j:1].T, 0)


def for_all_minima(at: Any) -> Claim:
    """At every local minimum, not only at M, the layers up to ``at`` are removed."""
    return ForAll(N, Implies(local_minimum(N), LessEqual(at, k), killed_between(at)))


lemma_2_above = result(
    "lemma-2-above",
    "The upper half of Lemma 2: a local minimum is critical in A",
    variables=(d, k, j, f, M),
    given=(
        (Between(0, j, k - 1), prose("layer {j} is not the output", j=j)),
        (narrowest(j), prose("no layer is narrower than layer {j}", j=j)),
        SMOOTH,
        MINIMUM,
    ),
    claim=Equal(G * B.T, 0),
    source=Source(4, "Lemma 2 and the argument of Laurent and von Brecht (2018)"),
    idea=prose(
        "Criticality in layer {n} has {GBT} in it, behind the layers above. Those are removed one "
        "at a time: either the product of the removed ones has full column rank, and criticality "
        "in the next layer can be divided by it; or the next layer may be changed along a "
        "direction that is never reached, and what holds for all these local minima holds without "
        "that layer.",
        n=j + 1,
        GBT=G * B.T,
    ),
    notation=((G, "G"), (B, "B")),
    symbols=(*SYMBOLS, (j, prose("the bottleneck: no layer is narrower")), GRADIENT),
)


@lemma_2_above.route()
def by_peeling(p: Proof, inner: Fact, narrow: Fact, smooth: Fact, minimum: Fact) -> None:
    with p.induction(
        i,
        j + 1,
        for_all_minima(i),
        words="We climb from the bottleneck to layer {k}, and prove for all local minima at once "
        "that the layers in between can be removed from criticality.",
        k=k,
    ) as climb:
        with (
            climb.base(words="Next to the bottleneck nothing is to be removed."),
            p.for_all(
                N,
                given=[local_minimum(N), LessEqual(j + 1, k)],
                words="Let {N} be a local minimum.",
                N=N,
            ) as block,
        ):
            p.have(
                killed_between(j + 1),
                result_(critical_layer, d, k, j + 1, f, N, premises=[smooth, block.given[0]]),
                "A local minimum is critical in layer {n}.",
                n=j + 1,
            )
        with climb.step(words="Now layer {n} is to be removed.", n=i + 1) as step:
            _, hypothesis = step.given
            with p.for_all(
                N,
                given=[local_minimum(N), LessEqual(i + 1, k)],
                words="Let {N} be a local minimum.",
                N=N,
            ) as block:
                _peel(p, inner, smooth, narrow, hypothesis, block.given[0])
    p.have(
        Equal(G * B.T, 0),
        from_(climb.fact, k, M, premises=[inner, minimum]),
        "At the top no layer is left.",
    )


def _peel(
    p: Proof, inner: Fact, smooth: Fact, narrow: Fact, hypothesis: Fact, minimum: Fact
) -> None:
    """From the layers up to i to the layers up to i + 1, at one local minimum N."""
    between = N[i : j + 1]
    most = p.have(
        LessEqual(rank(between), d(j)),
        known("rank at most columns", between),
        "The rank of {C} is at most the number of its columns.",
        C=between,
    )
    split = p.have(
        Or(RankBelow(between, d(j)), LessEqual(d(j), rank(between))),
        excluded_middle(),
        "Either {C} has lost rank or it has not.",
        C=between,
    )
    with p.cases(
        split, killed_between(i + 1), words="The two cases are treated differently."
    ) as cases:
        with cases.case(words="Suppose this product has lost rank.") as case:
            _perturb(p, narrow, hypothesis, minimum, case.given[0])
        with cases.case(words="Suppose this product has full column rank."):
            _divide(p, smooth, minimum, most)


def _divide(p: Proof, smooth: Fact, minimum: Fact, most: Fact) -> None:
    """The case rank N[i:j+1] = d(j): criticality in layer i + 1 is divided by it."""
    between = N[i : j + 1]
    g = N[k : i + 2].T * f.gradient(N[k:1]) * N[j:1].T
    Y = MatrixVariable("Y", d(j), d(i))
    full = p.have(
        RankIs(between, d(j)),
        arithmetic(most),
        "The rank of this product is the width of the bottleneck.",
    )
    exists = p.have(
        Exists(Y, Equal(Y * between, Identity(d(j)))),
        known("left inverse", between, premises=[full]),
        "A matrix of full column rank has a left inverse.",
    )
    (inverse,) = p.obtain(exists, Y, words="Call such an inverse {Y}.", Y=Y)
    turned = p.have(
        Equal(between.T * Y.T, Identity(d(j))),
        algebra(inverse),
        "Transposed, the left inverse is a right inverse.",
    )
    critical = p.have(
        Equal(N[k : i + 2].T * f.gradient(N[k:1]) * N[i:1].T, 0),
        result_(critical_layer, d, k, i + 1, f, N, premises=[smooth, minimum]),
        "{N} is critical in layer {n}.",
        N=N,
        n=i + 1,
    )
    p.have(
        killed_between(i + 1),
        certificate((None, critical, Y.T), (-g, turned, None)),
        "Multiply by {YT} from the right: {C} cancels.",
        YT=Y.T,
        C=between,
    )


def _perturb(p: Proof, narrow: Fact, hypothesis: Fact, minimum: Fact, lost: Fact) -> None:
    """The case rank N[i:j+1] < d(j): layer i + 1 is changed along a direction not reached."""
    between, gB = N[i : j + 1], f.gradient(N[k:1]) * N[j:1].T
    u, a, x = vector("u", d(i)), vector("a", d(i)), vector("x", d(i + 1))
    small = (x, Zero(d(i + 1), 1))
    moved = N.with_layer(i + 1, N[i + 1] + x * u.T)
    wide = p.have(
        LessEqual(d(j), d(i)),
        from_(narrow, i),
        "Layer {i} is at least as wide as the bottleneck.",
        i=i,
    )
    flip = p.have(
        Equal(rank(between.T), rank(between)),
        known("rank of transpose", between),
        "Transposing keeps the rank.",
    )
    short = p.have(
        RankBelow(between.T, d(i)),
        arithmetic(flip, lost, wide),
        "So the rank of {CT} is less than the number of its columns.",
        CT=between.T,
    )
    exists = p.have(
        Exists(u, And(NonZero(u), Equal(between.T * u, 0))),
        known("kernel vector", between.T, premises=[short]),
        "So this matrix sends some nonzero vector to zero.",
    )
    nonzero, unreached = p.obtain(
        exists, u, words="Call such a vector {u}: nothing reaches layer {i} along it.", u=u, i=i
    )
    one = p.have(
        Exists(a, Equal(a.T * u, Identity(1))),
        known("nonzero vector", u, premises=[nonzero]),
        "As {u} is not zero, some vector has inner product 1 with it.",
        u=u,
    )
    (dual,) = p.obtain(one, a, words="Call such a vector {a}.", a=a)
    keeps = p.have(
        kept_minimum.claim.xreplace({i: i + 1, M: N}),
        result_(kept_minimum, d, k, i + 1, f, N, premises=[minimum]),
        "A small change of layer {n} that the product does not feel keeps a local minimum.",
        n=i + 1,
    )
    kept = p.have(
        Near(small, Implies(Equal(N[k : i + 2] * (x * u.T) * N[i:1], 0), local_minimum(moved))),
        along(keeps, x * u.T),
        "Take the change {D} for a small {x}.",
        D=x * u.T,
        x=x,
    )
    here = p.have(
        killed_between(i),
        from_(hypothesis, N, premises=[minimum]),
        "The induction hypothesis holds for the network we start from.",
    )
    with p.near(small, using=[kept], words="Take {x} so small that this holds.", x=x) as near:
        unfelt = p.have(
            Equal(N[k : i + 2] * (x * u.T) * N[i:1], 0),
            algebra(unreached),
            "The layers below kill this change, because they never reach {u}.",
            u=u,
        )
        again = p.have(
            local_minimum(moved),
            from_(near.given[0], premises=[unfelt]),
            "Hence the changed network is a local minimum too.",
        )
        above = p.have(
            killed_between(i, moved),
            from_(hypothesis, moved, premises=[again]),
            "So the induction hypothesis holds for the changed network as well.",
        )
        same = p.have(
            Equal(moved[k:1], N[k:1]),
            algebra(unfelt),
            "The product of the changed network is the old one.",
        )
        lower = p.have(
            Equal(moved[j:1], N[j:1]),
            algebra(),
            "The layers of the changed network up to the bottleneck are the old ones.",
        )
        kept_B = p.have(
            Equal(moved[k : i + 1].T * f.gradient(moved[k:1]) * N[j:1].T, 0),
            rewriting(above, lower),
            "So the last equation is about the same {B}.",
            B=N[j:1],
        )
        there = p.have(
            Equal(moved[k : i + 1].T * gB, 0),
            rewriting(kept_B, same),
            "The product is the same, so it is about the same gradient.",
        )
        difference = p.have(
            Equal(u * x.T * N[k : i + 2].T * gB, 0),
            certificate((None, there, None), (-Identity(d(i)), here, None)),
            "Subtract the two: only the change is left.",
        )
        row = p.have(
            Equal(x.T * N[k : i + 2].T * gB, 0),
            certificate((a.T, difference, None), (-Identity(1), dual, x.T * N[k : i + 2].T * gB)),
            "Multiply by {aT} from the left: {u} cancels.",
            aT=a.T,
            u=u,
        )
        p.have(Equal(gB.T * N[k : i + 2] * x, 0), algebra(row), "Transpose both sides.")
    vanishes = p.have(
        Equal(gB.T * N[k : i + 2], 0),
        known("vanishing near zero", gB.T * N[k : i + 2], premises=[near.fact]),
        "A matrix that sends every small vector to zero is zero.",
    )
    p.have(killed_between(i + 1), algebra(vanishes), "Transposed, layer {n} is removed.", n=i + 1)


def above(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """G Bᵀ = 0."""
    return p.have(
        Equal(G * B.T, 0),
        result_(lemma_2_above, d, k, j, f, M, premises=[narrow, smooth, minimum]),
        "Peel the layers above the bottleneck off criticality.",
    )


def below(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """Aᵀ G = 0: the same for the network read backwards."""
    A, R, f_T = M[k : j + 1], reversed_family(M), f_transposed
    turned = p.have(
        reversed_minimum(R),
        result_(transposition, d, k, f, M, premises=[minimum]),
        "Read backwards, the network is a local minimum of the loss {g}.",
        g=f_T,
    )
    smooth_too = p.have(
        Differentiable(f_T),
        derivative(f_T, smooth),
        "This loss is differentiable, because transposing is linear.",
    )
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, k)],
        words="Where is the network narrowest when it is read backwards?",
    ) as block:
        p.have(
            LessEqual(d(j), d(k - i)),
            from_(narrow, k - i),
            "Read backwards, layer {n} is the bottleneck.",
            n=k - j,
        )
    mirrored = p.have(
        Equal(f_T.gradient(R[k:1]) * R[k - j : 1].T, 0),
        result_(
            lemma_2_above, backwards, k, k - j, f_T, R, premises=[block.fact, smooth_too, turned]
        ),
        "The half just proved, for the network read backwards, says this.",
    )
    formula = p.have(
        Equal(f_T.gradient(R[k:1]), f.gradient(R[k:1].T).T),
        derivative(f_T, smooth),
        "The gradient of {g} is that of {f}, transposed.",
        g=f_T,
        f=f,
    )
    whole = p.have(
        Equal(R[k:1], M[k:1].T),
        result_(reversed_product, d, k, M, 1, k),
        "Read backwards, the product of the layers is the old one, transposed.",
    )
    lower = p.have(
        Equal(R[k - j : 1], A.T),
        result_(reversed_product, d, k, M, 1, k - j),
        "Read backwards, the product of the layers up to the bottleneck is {AT}.",
        AT=A.T,
    )
    upper = p.have(
        Equal(R[k - j : 1].T, A), algebra(lower), "The transpose of that product is {A}.", A=A
    )
    back = p.have(
        Equal(R[k:1].T, M[k:1]), algebra(whole), "Transposed again, the product is the old one."
    )
    gradient = p.have(
        Equal(f_T.gradient(R[k:1]), G.T),
        rewriting(formula, back),
        "So the gradient of the new loss at the new product is {GT}.",
        GT=G.T,
    )
    half = p.have(
        Equal(G.T * R[k - j : 1].T, 0),
        rewriting(mirrored, gradient),
        "So what was shown is a statement about {GT}.",
        GT=G.T,
    )
    transposed = p.have(
        Equal(G.T * A, 0), rewriting(half, upper), "The second factor in it is {A}.", A=A
    )
    return p.have(Equal(A.T * G, 0), algebra(transposed), "Transpose both sides.")


__all__ = ["above", "below", "lemma_2_above"]
