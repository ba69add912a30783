"""Layers above the narrowest one are peeled off criticality, one at a time: G·Bᵀ = 0.

For a bottleneck inside this is the half of Lemma 2 about A; for the input it is the heart of
Theorem 3.  No convexity is needed.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Between,
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
)
from proofkit.script import Fact, Proof, along, certificate, from_, result, result_, rewriting
from proofkit.symbols import Identity, MatrixVariable, Zero, family, rank, vector
from proofkit.trace import Source, prose
from theorems.linear_algebra import peeling
from theorems.local_minima import critical_layer, kept_minimum
from theorems.setting import (
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    i,
    j,
    k,
    local_minimum,
    narrowest,
)

N = family("M'", d)
B = M[j:1]
u, x = vector("u", d(i)), vector("x", d(i + 1))
changed = N.with_layer(i + 1, N[i + 1] + x * u.T)
"""The network N with layer i + 1 changed along a direction u that nothing reaches from below."""


def killed_between(at: Any, N: Any = N) -> Equal:
    """(N_k⋯N_{at+1})ᵀ G (N_j⋯N_1)ᵀ = 0: criticality with the layers j + 1, …, at removed."""
    return Equal(N[k : at + 1].T * f.gradient(N[k:1]) * N[j:1].T, 0)


def for_all_minima(at: Any) -> Claim:
    """At every local minimum, not only at M, the layers up to ``at`` are removed."""
    return ForAll(N, Implies(local_minimum(N), LessEqual(at, k), killed_between(at)))


lemma_2_above = result(
    "lemma-2-above",
    "The layers above the narrowest one can be peeled off criticality",
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
    notation=((G, "G"), (B, "B"), (changed, "M̃'")),
    symbols=(
        *SYMBOLS,
        (j, prose("the narrowest layer")),
        GRADIENT,
        (changed, prose("the network {N} with one layer changed", N=N)),
    ),
)


@lemma_2_above.route()
def by_peeling(p: Proof, inner: Fact, narrow: Fact, smooth: Fact, minimum: Fact) -> None:
    with p.induction(
        i,
        j + 1,
        for_all_minima(i),
        words="We climb from layer {n} to layer {k}, and say of all local minima at once that the "
        "layers in between can be removed from criticality.",
        n=j + 1,
        k=k,
    ) as climb:
        with climb.base(
            words="Nothing is in between at first: a local minimum is critical in layer {n}.",
            n=j + 1,
        ):
            p.have(for_all_minima(j + 1), using=[smooth, critical_layer])
        with (
            climb.step(
                words="Say layer {i} is removed; now comes layer {n}.", i=i, n=i + 1
            ) as step,
            p.for_all(
                N,
                given=[local_minimum(N), LessEqual(i + 1, k)],
                words="Take a local minimum {N}, and let {C} be the product of what is removed.",
                N=N,
                C=N[i : j + 1],
            ) as block,
        ):
            _remove(p, smooth, narrow, step.given[-1], block.given[0])
    with p.beat("At the top no layer is left above {BT}.", BT=B.T):
        p.have(Equal(G * B.T, 0), from_(climb.fact, k, M, premises=[inner, minimum]))


def _remove(p: Proof, smooth: Fact, narrow: Fact, hypothesis: Fact, minimum: Fact) -> None:
    """From the layers up to i to the layers up to i + 1, at one local minimum N."""
    between = N[i : j + 1]
    split = p.have(Or(RankBelow(between, d(j)), LessEqual(d(j), rank(between))))
    with p.cases(
        split,
        killed_between(i + 1),
        words="Either {C} has lost rank or it has not.",
        C=between,
    ) as cases:
        with cases.case(words="Suppose {C} has lost rank.", C=between) as case:
            _perturb(p, narrow, hypothesis, minimum, case.given[0])
        with (
            cases.case(words="Suppose {C} has full column rank.", C=between) as case,
            p.beat("Then criticality in layer {n} can be divided by it.", n=i + 1),
        ):
            _divide(p, smooth, minimum, case.given[0])


def _divide(p: Proof, smooth: Fact, minimum: Fact, full: Fact) -> None:
    """The case rank N[i:j+1] = d(j): criticality in layer i + 1 is divided by it."""
    between = N[i : j + 1]
    g = N[k : i + 2].T * f.gradient(N[k:1]) * N[j:1].T
    Y = MatrixVariable("Y", d(j), d(i))
    exists = p.have(Exists(Y, Equal(Y * between, Identity(d(j)))), using=[full])
    (inverse,) = p.obtain(
        exists, Y, words="A matrix of full column rank has a left inverse {Y}.", Y=Y
    )
    turned = p.have(Equal(between.T * Y.T, Identity(d(j))), using=[inverse])
    critical = p.have(
        Equal(N[k : i + 2].T * f.gradient(N[k:1]) * N[i:1].T, 0),
        "{N} is critical in layer {n}; {C} stands at the end of this, transposed.",
        using=[smooth, minimum, critical_layer],
        N=N,
        n=i + 1,
        C=between,
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
    with p.beat(
        "As layer {i} is no narrower than the bottleneck, some direction {u} in it, not zero, is "
        "never reached from there.",
        i=i,
        u=u,
    ):
        wide = p.have(LessEqual(d(j), d(i)), using=[narrow])
        exists = p.have(
            Exists(u, And(NonZero(u), Equal(between.T * u, 0))),
            "The columns of {CT} are dependent, so it sends a vector to zero.",
            using=[lost, wide],
            CT=between.T,
        )
        nonzero, unreached = p.obtain(exists, u)
    with p.beat(
        "Change layer {n} by {D} with a small {x}: the product stays, the network is still a local "
        "minimum, and what was said of all of them holds there.",
        n=i + 1,
        D=x * u.T,
        x=x,
    ):
        near = _nearby(p, hypothesis, minimum, unreached)
    with p.beat("As {u} is not zero, layer {n} is peeled off.", u=u, n=i + 1):
        Z = gB.T * N[k : i + 2]
        vanishes = p.have(
            Equal(Z, 0),
            result_(peeling, d(i + 1), d(i), d(j), Z, N[i + 1], u, premises=[nonzero, near]),
        )
        p.have(killed_between(i + 1), using=[vanishes])


def _nearby(p: Proof, hypothesis: Fact, minimum: Fact, unreached: Fact) -> Fact:
    """What the hypothesis says, transposed, of N with x uᵀ added to layer i + 1, for small x."""
    gB = f.gradient(N[k:1]) * N[j:1].T
    small, unfelt = (x, Zero(d(i + 1), 1)), Equal(N[k : i + 2] * (x * u.T) * N[i:1], 0)
    keeps = p.have(kept_minimum.claim.xreplace({i: i + 1, M: N}), using=[minimum, kept_minimum])
    kept = p.have(Near(small, Implies(unfelt, local_minimum(changed))), along(keeps, x * u.T))
    with p.near(small, using=[kept], words="Let {x} be small enough.", x=x) as near:
        unseen = p.have(unfelt, using=[unreached])
        again = p.have(
            local_minimum(changed),
            "As nothing arrives along {u}, the product stays, and the changed network is a local "
            "minimum.",
            using=[*near.given, unseen],
            u=u,
        )
        above = p.have(killed_between(i, changed), using=[hypothesis, again])
        same = p.have(Equal(changed[k:1], N[k:1]), using=[unseen])
        lower = p.have(Equal(changed[j:1], N[j:1]))
        kept_B = p.have(
            Equal(changed[k : i + 1].T * f.gradient(changed[k:1]) * N[j:1].T, 0),
            using=[above, lower],
        )
        there = p.have(
            Equal(changed[k : i + 1].T * gB, 0),
            rewriting(kept_B, same),
            "So what was said of all local minima is said of it, with the same gradient.",
        )
        row = p.have(
            Equal((N[i + 1] + x * u.T).T * N[k : i + 2].T * gB, 0),
            certificate((None, there, None)),
        )
        p.have(Equal(gB.T * N[k : i + 2] * (N[i + 1] + x * u.T), 0), using=[row])
    return near.fact


__all__ = ["lemma_2_above"]
