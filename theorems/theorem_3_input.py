"""The heart of Theorem 3: narrowest at the input, a local minimum has gradient zero.

An induction over the layers, for all local minima at once.  No convexity is needed.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
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
from theorems.setting import (
    DEPTH,
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    i,
    k,
    local_minimum,
    narrowest,
)

N = family("M'", d)
u, a, x = vector("u", d(i)), vector("a", d(i)), vector("x", d(i + 1))
changed = N.with_layer(i + 1, N[i + 1] + x * u.T)
"""The network N with layer i + 1 changed along a direction u that nothing reaches from below."""


def killed_above(at: Any, N: Any = N) -> Equal:
    """(N_k⋯N_{at+1})ᵀ G = 0: the layers above ``at`` send the gradient to zero."""
    return Equal(N[k : at + 1].T * f.gradient(N[k:1]), 0)


def for_all_minima(at: Any) -> Claim:
    """Every local minimum, not only M, has its gradient killed by the layers above ``at``."""
    return ForAll(N, Implies(local_minimum(N), LessEqual(at, k), killed_above(at)))


theorem_3_input = result(
    "theorem-3-input",
    "Theorem 3 without convexity, narrowest at the input",
    variables=(d, k, f, M),
    given=(
        DEPTH,
        SMOOTH,
        (narrowest(0), prose("no layer is narrower than the input")),
        MINIMUM,
    ),
    claim=Equal(G, 0),
    source=Source(3, "section 2, Theorem 3 (after Laurent and von Brecht, 2018)"),
    idea=prose(
        "Criticality in layer 1 says that the layers above it send the gradient {G} to zero. We "
        "remove those layers one at a time. Either the product below the next layer has full "
        "column rank, and criticality there can be divided by it; or some direction {u} is never "
        "reached from below, so that layer may be changed freely along {u} without changing the "
        "product: each of these networks is again a local minimum, and what holds for all of "
        "them holds without that layer.",
        G=G,
        u=vector("u", d(i)),
    ),
    notation=((G, "G"), (changed, "M̃'")),
    symbols=(*SYMBOLS, GRADIENT, (changed, prose("{N} with one layer changed", N=N))),
)


@theorem_3_input.route()
def by_peeling(p: Proof, depth: Fact, smooth: Fact, narrow: Fact, minimum: Fact) -> None:
    with p.induction(
        i,
        1,
        for_all_minima(i),
        words="We climb from layer 1 to layer {k}, and prove for all local minima at once that "
        "the layers above layer {i} send the gradient to zero.",
        k=k,
        i=i,
    ) as climb:
        with (
            climb.base(words="At the bottom this is criticality in layer 1."),
            p.for_all(
                N,
                given=[local_minimum(N), LessEqual(1, k)],
                words="Let {N} be a local minimum.",
                N=N,
            ) as block,
        ):
            p.have(
                killed_above(1),
                result_(critical_layer, d, k, 1, f, N, premises=[smooth, block.given[0]]),
                "A local minimum is critical in layer 1, and below that layer is nothing.",
            )
        with climb.step(words="Now layer {n} is to be removed.", n=i + 1) as step:
            _, hypothesis = step.given
            with p.for_all(
                N,
                given=[local_minimum(N), LessEqual(i + 1, k)],
                words="Let {N} be a local minimum.",
                N=N,
            ) as block:
                _peel(p, smooth, narrow, hypothesis, block.given[0])
    p.have(
        Equal(G, 0),
        from_(climb.fact, k, M, premises=[depth, minimum]),
        "At the top no layer is left, and the gradient itself is zero.",
    )


def _peel(p: Proof, smooth: Fact, narrow: Fact, hypothesis: Fact, minimum: Fact) -> None:
    """From the layers above i to the layers above i + 1, at one local minimum N."""
    below = N[i:1]
    most = p.have(
        LessEqual(rank(below), d(0)),
        known("rank at most columns", below),
        "The rank of {B} is at most the number of its columns.",
        B=below,
    )
    split = p.have(
        Or(RankBelow(below, d(0)), LessEqual(d(0), rank(below))),
        excluded_middle(),
        "Either {B} has lost rank or it has not.",
        B=below,
    )
    with p.cases(
        split, killed_above(i + 1), words="The two cases are treated differently."
    ) as cases:
        with cases.case(words="Suppose this product has lost rank.") as case:
            _perturb(p, narrow, hypothesis, minimum, case.given[0])
        with cases.case(words="Suppose this product has full column rank."):
            _divide(p, smooth, minimum, most)


def _divide(p: Proof, smooth: Fact, minimum: Fact, most: Fact) -> None:
    """The case rank N[i:1] = d(0): criticality in layer i + 1 is divided by it."""
    g, below = f.gradient(N[k:1]), N[i:1]
    Y = MatrixVariable("Y", d(0), d(i))
    full = p.have(
        RankIs(below, d(0)), arithmetic(most), "The rank of this product is the width of the input."
    )
    exists = p.have(
        Exists(Y, Equal(Y * below, Identity(d(0)))),
        known("left inverse", below, premises=[full]),
        "A matrix of full column rank has a left inverse.",
    )
    (inverse,) = p.obtain(exists, Y, words="Call such an inverse {Y}.", Y=Y)
    turned = p.have(
        Equal(below.T * Y.T, Identity(d(0))),
        algebra(inverse),
        "Transposed, the left inverse is a right inverse.",
    )
    critical = p.have(
        Equal(N[k : i + 2].T * g * below.T, 0),
        result_(critical_layer, d, k, i + 1, f, N, premises=[smooth, minimum]),
        "Criticality in layer {n} puts the gradient between the layers above and below.",
        n=i + 1,
    )
    p.have(
        killed_above(i + 1),
        certificate((None, critical, Y.T), (-N[k : i + 2].T * g, turned, None)),
        "Multiply by {YT} from the right: the layers below cancel.",
        YT=Y.T,
    )


def _perturb(p: Proof, narrow: Fact, hypothesis: Fact, minimum: Fact, lost: Fact) -> None:
    """The case rank N[i:1] < d(0): layer i + 1 is changed along a direction not reached."""
    g, below = f.gradient(N[k:1]), N[i:1]
    small, moved = (x, Zero(d(i + 1), 1)), changed
    wide = p.have(
        LessEqual(d(0), d(i)),
        from_(narrow, i),
        "Layer {i} is at least as wide as the input.",
        i=i,
    )
    flip = p.have(
        Equal(rank(below.T), rank(below)),
        known("rank of transpose", below),
        "Transposing keeps the rank.",
    )
    short = p.have(
        RankBelow(below.T, d(i)),
        arithmetic(flip, lost, wide),
        "So the rank of {BT} is less than the number of its columns.",
        BT=below.T,
    )
    exists = p.have(
        Exists(u, And(NonZero(u), Equal(below.T * u, 0))),
        known("kernel vector", below.T, premises=[short]),
        "So this matrix sends some nonzero vector to zero.",
    )
    nonzero, unreached = p.obtain(
        exists, u, words="Call such a vector {u}: no input reaches layer {i} along it.", u=u, i=i
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
        Near(small, Implies(Equal(N[k : i + 2] * (x * u.T) * below, 0), local_minimum(moved))),
        along(keeps, x * u.T),
        "Take the change {D} for a small {x}.",
        D=x * u.T,
        x=x,
    )
    here = p.have(
        killed_above(i),
        from_(hypothesis, N, premises=[minimum]),
        "The induction hypothesis holds for the network we start from.",
    )
    with p.near(small, using=[kept], words="Take {x} so small that this holds.", x=x) as near:
        unfelt = p.have(
            Equal(N[k : i + 2] * (x * u.T) * below, 0),
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
            killed_above(i, moved),
            from_(hypothesis, moved, premises=[again]),
            "So the induction hypothesis holds for the changed network as well.",
        )
        same = p.have(
            Equal(moved[k:1], N[k:1]),
            algebra(unfelt),
            "The product of the changed network is the old one.",
        )
        there = p.have(
            Equal(moved[k : i + 1].T * g, 0),
            rewriting(above, same),
            "Therefore this is about the same gradient.",
        )
        difference = p.have(
            Equal(u * x.T * N[k : i + 2].T * g, 0),
            certificate((None, there, None), (-Identity(d(i)), here, None)),
            "Subtract the two: only the change is left.",
        )
        row = p.have(
            Equal(x.T * N[k : i + 2].T * g, 0),
            certificate((a.T, difference, None), (-Identity(1), dual, x.T * N[k : i + 2].T * g)),
            "Multiply by {aT} from the left: {u} cancels.",
            aT=a.T,
            u=u,
        )
        p.have(Equal(g.T * N[k : i + 2] * x, 0), algebra(row), "Transpose both sides.")
    vanishes = p.have(
        Equal(g.T * N[k : i + 2], 0),
        known("vanishing near zero", g.T * N[k : i + 2], premises=[near.fact]),
        "A matrix that sends every small vector to zero is zero.",
    )
    p.have(killed_above(i + 1), algebra(vanishes), "Transposed, layer {n} is removed.", n=i + 1)


__all__ = ["DEPTH", "GRADIENT", "MINIMUM", "SMOOTH", "G", "N", "theorem_3_input"]
