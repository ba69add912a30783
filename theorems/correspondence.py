"""Which local minima of L_k are local minima of L_2, and the other way round.

`two_layer_minimum`: at full rank a local minimum M of L_k gives the local minimum (A, B) of L_2.
`deep_minimum`: a local minimum (A, B) of L_2 is one of L_k, whatever network it comes from.
`correspondence`: so for 0 < j < k the two say the same, if G ≠ 0 or f is convex.
"""

from __future__ import annotations

from proofkit.claims import (
    And,
    Between,
    Contradiction,
    Convex,
    Equal,
    Implies,
    LessEqual,
    Near,
    NonZero,
    Or,
)
from proofkit.script import Fact, Proof, along, from_contradiction, result, result_, rewriting
from proofkit.symbols import MatrixVariable, family
from proofkit.trace import Source, prose
from theorems.inverses import FULL_A, FULL_B, Y, Z, lower_inverse, upper_inverse
from theorems.lemma_1 import lemma_1
from theorems.lemma_2 import BOTTLENECK, HALVES, NOTATION, A, B
from theorems.remarks import AT_ONCE, CONTINUITY, NOT_CONVEX, REASON, WHICH_LAYER
from theorems.setting import (
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    j,
    k,
    local_minimum,
    loss,
)
from theorems.two_layers import critical_pair, pair_global, pair_local

P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))
A1, B1 = M[k - 1 : j + 1], M[j:2]

PAIR = (pair_local(A, B, f), prose("({A}, {B}) is a local minimum of the two-layer loss", A=A, B=B))

moved = M.with_layer(k, M[k] + (P - A) * Y).with_layer(1, M[1] + Z.T * (Q - B))

two_layer_minimum = result(
    "two-layer-minimum",
    "At full rank a local minimum of the deep network is one of the two-layer network",
    variables=(d, k, j, f, M),
    given=(*BOTTLENECK[:2], FULL_A, FULL_B, MINIMUM),
    claim=pair_local(A, B, f),
    source=Source(
        4,
        "proof of Theorem 1",
        "We show that any local perturbation to A (resp. B) can be performed by local perturbation "
        "to M_k (resp. M_1).",
    ),
    idea=(
        "Every pair near ({A}, {B}) is reached by a network near {M}: move the last layer to turn "
        "{A} into its neighbour, and the first one to turn {B} into its. The layers in between "
        "have full rank, so each can be divided by what stands between it and the bottleneck."
    ),
    notation=(*NOTATION[1:], (moved, "M̃")),
    symbols=(*SYMBOLS, *HALVES, (moved, "the network with its outer layers moved")),
)


@two_layer_minimum.route()
def by_moving_the_outer_layers(
    p: Proof, inner: Fact, outer: Fact, full_A: Fact, full_B: Fact, minimum: Fact
) -> None:
    with p.beat(
        "As {A} and {B} have full rank, the layers next to the bottleneck have one-sided inverses."
    ):
        exists = p.have(
            upper_inverse.claim,
            result_(upper_inverse, d, k, j, M),
            "The layers {A1} have a left inverse, because {A} has full rank.",
            remarks=[REASON],
        )
        (left,) = p.obtain(exists, Y, words="Call it {Y}.")
        exists = p.have(
            lower_inverse.claim,
            result_(lower_inverse, d, k, j, M),
            "The layers {B1} have a right inverse, because {B} has full rank.",
        )
        (right,) = p.obtain(exists, Z, words="Call it {ZT}.", ZT=Z.T)
    with p.beat(
        "For ({P}, {Q}) near ({A}, {B}) add {last} to the last layer and {first} to the first: "
        "the network stays near {M}, so its loss is no smaller.",
        remarks=[WHICH_LAYER, AT_ONCE],
        last=(P - A) * Y,
        first=Z.T * (Q - B),
    ):
        near_M = p.have(Near((P, A), (Q, B), LessEqual(loss(M), loss(moved))), using=[minimum])
    with (
        p.beat(
            "The inverses cancel: the new product is {PQ}, and the old one was {AB}.",
            PQ=P * Q,
            AB=A * B,
        ),
        p.near((P, A), (Q, B), using=[near_M], show=two_layer_minimum.claim) as near,
    ):
        product = p.have(Equal(moved[k:1], P * Q), using=[left, right])
        p.have(LessEqual(f(A * B), f(P * Q)), rewriting(near.given[0], product))


deep_minimum = result(
    "deep-minimum",
    "A local minimum of the two-layer network is one of the deep network",
    variables=(d, k, j, f, M),
    given=((Between(0, j, k), "{j} is a layer of the network"), PAIR),
    claim=local_minimum(M),
    source=Source(
        4,
        "proof of Theorem 1",
        "If A, B is a spurious local minimum of L_2, then clearly M_1, …, M_k is a spurious local "
        "minimum of L_k.",
    ),
    idea="A network near {M} has halves near ({A}, {B}), because products are continuous.",
    notation=NOTATION[1:],
    symbols=(*SYMBOLS, *HALVES),
)


@deep_minimum.route()
def by_continuity(p: Proof, layer: Fact, minimum: Fact) -> None:
    N = family("N'", d)
    with p.beat(
        "A network {N} near {M} has halves near ({A}, {B}), so its loss is no smaller.",
        remarks=[CONTINUITY],
    ):
        near_M = p.have(
            Near((N, M), LessEqual(f(A * B), f(N[k : j + 1] * N[j:1]))),
            along(minimum, N[k : j + 1], N[j:1]),
        )
        p.have(local_minimum(M), using=[near_M])


correspondence = result(
    "correspondence",
    "M is a local minimum of the deep network iff (A, B) is one of the two-layer network",
    variables=(d, k, j, f, M),
    given=(*BOTTLENECK, SMOOTH, (Or(NonZero(G), Convex(f)), "{G} is not zero, or {f} is convex")),
    claim=And(
        Implies(local_minimum(M), pair_local(A, B, f)),
        Implies(pair_local(A, B, f), local_minimum(M)),
    ),
    source=Source(
        4,
        "after the proof of Theorem 1",
        "every spurious local minima of L_k can be directly mapped to a spurious local minimum of "
        "L_2, hence the title of the paper.",
    ),
    idea=prose(
        "From two layers to many: continuity. From many to two: by Lemma 1 both factors have full "
        "rank, and then every small change of ({A}, {B}) is a small change of {M}; or {G} is "
        "zero, and for convex {f} nothing is better than {AB} at all.",
        A=A,
        B=B,
        M=M,
        G=G,
        f=f,
        AB=A * B,
    ),
    notation=NOTATION,
    symbols=(*SYMBOLS, *HALVES, GRADIENT),
)


@correspondence.route()
def by_lemma_1(
    p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, either_: Fact
) -> None:
    goal = pair_local(A, B, f)
    with p.for_all(given=[local_minimum(M)], words="Let {M} be a local minimum.") as down:
        with p.beat("By Lemma 1 the gradient is zero, or both halves have full rank."):
            alternatives = p.have(lemma_1.claim, using=[lemma_1])
        with p.cases(alternatives, goal, "Either way ({A}, {B}) is a local minimum.") as cases:
            with (
                cases.case("Suppose the gradient is zero.") as flat,
                p.beat(
                    "Then {f} is convex, and no pair is better than ({A}, {B}).",
                    remarks=[NOT_CONVEX],
                ),
                p.cases(either_, goal) as more,
            ):
                with more.case() as case:
                    false = p.have(Contradiction(), using=[flat.given[0], *case.given])
                    p.have(goal, from_contradiction(false))
                with more.case():
                    best = p.have(
                        pair_global(A, B, f),
                        result_(critical_pair, d(k), d(j), d(0), f, A, B, premises=flat.given),
                    )
                    p.have(goal, using=[best])
            with (
                cases.case("Suppose both halves have full rank."),
                p.beat("Then every small change of ({A}, {B}) is one of {M}."),
            ):
                p.have(goal, using=[two_layer_minimum])
    with (
        p.beat("The other way, a network near {M} has halves near ({A}, {B})."),
        p.for_all(given=[goal]) as up,
    ):
        p.have(local_minimum(M), result_(deep_minimum, d, k, j, f, M))
    with p.beat("Both directions together are the claim."):
        p.have(correspondence.claim, using=[down.fact, up.fact])


__all__ = ["correspondence", "deep_minimum", "two_layer_minimum"]
