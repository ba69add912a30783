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
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    Or,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    arithmetic,
    both,
    contradiction,
    everywhere,
    from_,
    from_contradiction,
    known,
    part,
    result,
    result_,
    rewriting,
    the,
)
from proofkit.symbols import Identity, MatrixVariable, family, rank
from proofkit.trace import Source, prose
from theorems.lemma_1 import lemma_1
from theorems.lemma_2 import BOTTLENECK, HALVES, NOTATION, A, B
from theorems.remarks import AT_ONCE, CONTINUITY, NOT_CONVEX, REASON, WHICH_LAYER
from theorems.setting import SYMBOLS, M, d, f, j, k, local_minimum, loss
from theorems.theorem_3_input import GRADIENT, MINIMUM, SMOOTH, G
from theorems.two_layers import pair_local

P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))

PAIR = (
    pair_local(A, B, f),
    prose("({A}, {B}) is a local minimum of the two-layer loss", A=A, B=B),
)

Y, Z = MatrixVariable("Y", d(j), d(k - 1)), MatrixVariable("Z", d(j), d(1))
moved = M.with_layer(k, M[k] + (P - A) * Y).with_layer(1, M[1] + Z.T * (Q - B))

two_layer_minimum = result(
    "two-layer-minimum",
    "At full rank a local minimum of the deep network is one of the two-layer network",
    variables=(d, k, j, f, M),
    given=(
        *BOTTLENECK[:2],
        (RankIs(A, d(j)), prose("the upper factor {A} has the rank of the bottleneck", A=A)),
        (RankIs(B, d(j)), prose("the lower factor {B} has the rank of the bottleneck", B=B)),
        MINIMUM,
    ),
    claim=pair_local(A, B, f),
    source=Source(
        4,
        "proof of Theorem 1",
        "We show that any local perturbation to A (resp. B) can be performed by local perturbation "
        "to M_k (resp. M_1).",
    ),
    idea=prose(
        "Every pair near ({A}, {B}) is reached by a network near {M}: move the last layer to turn "
        "{A} into its neighbour, and the first one to turn {B} into its. The layers in between "
        "have full rank, so each can be divided by what stands between it and the bottleneck.",
        A=A,
        B=B,
        M=M,
    ),
    notation=(*NOTATION[1:], (moved, "M̃")),
    symbols=(*SYMBOLS, *HALVES, (moved, prose("the network with its outer layers moved"))),
)


@two_layer_minimum.route()
def by_moving_the_outer_layers(
    p: Proof, inner: Fact, outer: Fact, full_A: Fact, full_B: Fact, minimum: Fact
) -> None:
    left = left_inverse(p, full_A, Y)
    right = right_inverse(p, full_B, Z)
    near_M = p.have(
        Near((P, A), (Q, B), LessEqual(loss(M), loss(moved))),
        along(minimum, moved),
        "For ({P}, {Q}) near ({A}, {B}) add {last} to the last layer and {first} to the first: "
        "the network stays near {M}, so its loss is no smaller.",
        P=P,
        Q=Q,
        A=A,
        B=B,
        last=(P - A) * Y,
        first=Z.T * (Q - B),
        M=M,
        remarks=[WHICH_LAYER, AT_ONCE],
    )
    whole = p.have(Equal(M[k:1], A * B), algebra(), "The old product is {AB}.", AB=A * B)
    with p.near(
        *((P, A), (Q, B)),
        using=[near_M],
        show=two_layer_minimum.claim,
        words="Take such a pair ({P}, {Q}).",
        P=P,
        Q=Q,
    ) as near:
        product = p.have(
            Equal(moved[k:1], P * Q),
            algebra(left, right),
            "The inverses cancel, and the new product is {PQ}.",
            PQ=P * Q,
        )
        compared = p.have(
            LessEqual(loss(M), f(P * Q)),
            rewriting(near.given[0], product),
            "So the loss of {M} is at most that of ({P}, {Q}).",
            M=M,
            P=P,
            Q=Q,
        )
        p.have(
            LessEqual(f(A * B), f(P * Q)),
            rewriting(compared, whole),
            "The loss of {M} is that of ({A}, {B}).",
            M=M,
            A=A,
            B=B,
        )


def left_inverse(p: Proof, full: Fact, Y: MatrixVariable) -> Fact:
    """Y with Y·M_{k−1}⋯M_{j+1} = I."""
    A1 = M[k - 1 : j + 1]
    grows = p.have(
        LessEqual(rank(A), rank(A1)),
        known("rank of product right", M[k], A1),
        "{A} is {M} times {A1}, and multiplying cannot raise the rank.",
        A=A,
        M=M[k],
        A1=A1,
        remarks=[REASON],
    )
    most = p.have(
        LessEqual(rank(A1), d(j)),
        known("rank at most columns", A1),
        "Nor is the rank of {A1} more than the number of its columns.",
        A1=A1,
    )
    full_1 = p.have(
        RankIs(A1, d(j)), arithmetic(grows, most, full), "So {A1} has full column rank.", A1=A1
    )
    exists = p.have(
        Exists(Y, Equal(Y * A1, Identity(d(j)))),
        known("left inverse", A1, premises=[full_1]),
        "A matrix of full column rank has a left inverse.",
    )
    (inverse,) = p.obtain(exists, Y, words="Call it {Y}.", Y=Y)
    return inverse


def right_inverse(p: Proof, full: Fact, Z: MatrixVariable) -> Fact:
    """Z with M_j⋯M_2·Zᵀ = I."""
    B1 = M[j:2]
    grows = p.have(
        LessEqual(rank(B), rank(B1)),
        known("rank of product left", B1, M[1]),
        "In the same way {B} is {B1} times {M}.",
        B=B,
        B1=B1,
        M=M[1],
    )
    same = p.have(
        Equal(rank(B1.T), rank(B1)), known("rank of transpose", B1), "Transposing keeps the rank."
    )
    most = p.have(
        LessEqual(rank(B1.T), d(j)),
        known("rank at most columns", B1.T),
        "The rank of {B1} is at most the number of its rows.",
        B1=B1,
    )
    full_1 = p.have(
        RankIs(B1.T, d(j)),
        arithmetic(grows, same, most, full),
        "So {B1} has full row rank.",
        B1=B1,
    )
    exists = p.have(
        Exists(Z, Equal(Z * B1.T, Identity(d(j)))),
        known("left inverse", B1.T, premises=[full_1]),
        "The transpose has full column rank, so it has a left inverse.",
    )
    (inverse,) = p.obtain(exists, Z, words="Call it {Z}.", Z=Z)
    return p.have(
        Equal(B1 * Z.T, Identity(d(j))), algebra(inverse), "So {ZT} is a right inverse.", ZT=Z.T
    )


deep_minimum = result(
    "deep-minimum",
    "A local minimum of the two-layer network is one of the deep network",
    variables=(d, k, j, f, M),
    given=(
        (Between(0, j, k), prose("{j} is a layer of the network", j=j)),
        PAIR,
    ),
    claim=local_minimum(M),
    source=Source(
        4,
        "proof of Theorem 1",
        "If A, B is a spurious local minimum of L_2, then clearly M_1, …, M_k is a spurious local "
        "minimum of L_k.",
    ),
    idea=prose(
        "A network near {M} has halves near ({A}, {B}), because products are continuous.",
        M=M,
        A=A,
        B=B,
    ),
    notation=NOTATION[1:],
    symbols=(*SYMBOLS, *HALVES),
)


@deep_minimum.route()
def by_continuity(p: Proof, layer: Fact, minimum: Fact) -> None:
    N = family("N'", d)
    near_M = p.have(
        Near((N, M), LessEqual(f(A * B), f(N[k : j + 1] * N[j:1]))),
        along(minimum, N[k : j + 1], N[j:1]),
        "A network near {M} has halves near ({A}, {B}), so their loss is no smaller.",
        M=M,
        A=A,
        B=B,
        remarks=[CONTINUITY],
    )
    p.have(local_minimum(M), the(near_M), "The product of the halves is that of all layers.")


correspondence = result(
    "correspondence",
    "M is a local minimum of the deep network iff (A, B) is one of the two-layer network",
    variables=(d, k, j, f, M),
    given=(
        *BOTTLENECK,
        SMOOTH,
        (Or(NonZero(G), Convex(f)), prose("{G} is not zero, or {f} is convex", G=G, f=f)),
    ),
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
    with p.for_all(
        given=[local_minimum(M)], words="Let {M} be a local minimum of the deep network.", M=M
    ) as down:
        alternatives = p.have(
            lemma_1.claim,
            result_(lemma_1, d, k, j, f, M, premises=[inner, outer, narrow, smooth, *down.given]),
            "By Lemma 1 the gradient is zero or both factors have full rank.",
        )
        with p.cases(alternatives, goal, words="We treat the two alternatives in turn.") as cases:
            with cases.case(words="Suppose the gradient is zero.") as flat:
                _flat(p, smooth, either_, flat.given[0])
            with cases.case(words="Suppose both factors have full rank.") as full:
                ranks = full.given[0]
                upper = p.have(RankIs(A, d(j)), part(ranks), "{A} has full rank.", A=A)
                lower = p.have(RankIs(B, d(j)), part(ranks), "{B} has full rank.", B=B)
                p.have(
                    goal,
                    result_(
                        two_layer_minimum,
                        d,
                        k,
                        j,
                        f,
                        M,
                        premises=[inner, outer, upper, lower, *down.given],
                    ),
                    "Then ({A}, {B}) is a local minimum of the two-layer network.",
                    A=A,
                    B=B,
                )
    with p.for_all(
        given=[goal], words="Let ({A}, {B}) be one of the two-layer network.", A=A, B=B
    ) as up:
        p.have(
            local_minimum(M),
            result_(deep_minimum, d, k, j, f, M, premises=up.given),
            "Then {M} is a local minimum of the deep network.",
            M=M,
        )
    p.have(
        correspondence.claim, both(down.fact, up.fact), "Both directions together are the claim."
    )


def _flat(p: Proof, smooth: Fact, either_: Fact, flat: Fact) -> None:
    """The case G = 0: f is convex, and AB a global minimum."""
    goal = pair_local(A, B, f)
    with p.cases(
        either_,
        goal,
        words="Now it matters that {G} is not zero or {f} convex.",
        remarks=[NOT_CONVEX],
        G=G,
        f=f,
    ) as cases:
        with cases.case(words="If it is not zero, this cannot be.") as case:
            false = p.have(
                Contradiction(),
                contradiction(flat, case.given[0]),
                "The gradient is zero here, and it was supposed not to be.",
            )
            p.have(goal, from_contradiction(false), "So there is nothing to show.")
        with cases.case(words="Suppose {f} is convex.", f=f) as case:
            X = MatrixVariable("X", d(k), d(0))
            least = p.have(
                ForAll(X, LessEqual(loss(M), f(X))),
                known("convex critical point", f, M[k:1], premises=[case.given[0], smooth, flat]),
                "Then the product is a global minimum of {f}.",
                f=f,
            )
            with p.for_all(P, Q, words="Compare with any pair ({P}, {Q}).", P=P, Q=Q) as any_:
                p.have(
                    LessEqual(f(A * B), f(P * Q)),
                    from_(least, P * Q),
                    "Nothing is better than {AB}, {PQ} included.",
                    AB=A * B,
                    PQ=P * Q,
                )
            p.have(goal, everywhere(any_.fact), "So no pair nearby is better either.")


__all__ = [
    "correspondence",
    "deep_minimum",
    "left_inverse",
    "right_inverse",
    "two_layer_minimum",
]
