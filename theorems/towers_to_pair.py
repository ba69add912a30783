"""From several towers to the two-layer network.

`stacked_minimum`: where all halves have full rank, every pair near (A, B) is reached by towers near
the old ones, so (A, B) is a local minimum of f(AB).  `towers_from_two_layers`: so the towers have
no spurious local minima if the two-layer network has none.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Equal,
    Exists,
    ForAll,
    Less,
    LessEqual,
    Near,
    NonZero,
    Or,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    Result,
    algebra,
    along,
    both,
    from_,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import (
    Identity,
    MatrixTerm,
    MatrixVariable,
    Summation,
    Tabulated,
    WidthOf,
    family,
)
from proofkit.trace import Remark, Source, prose
from theorems.blocks import EACH, in_range
from theorems.inverses import lower_inverse, upper_inverse
from theorems.sums import factors_out
from theorems.tower_minima import MINIMUM, NARROWEST, G, tower_ranks
from theorems.towers import (
    ABOUT,
    APART,
    BLOCKS,
    COMPLETE,
    CONVEX,
    COUNT,
    FACTORS,
    LAYERS,
    ORTHONORMAL,
    SMOOTH,
    SYMBOLS,
    TOWERS,
    TWO,
    K,
    M,
    N,
    P,
    Q,
    U,
    beta,
    d,
    f,
    i,
    j,
    left,
    lower,
    lower_block,
    m,
    n,
    narrow,
    network,
    product,
    right,
    s,
    stacked_product,
    t,
    towers_global,
    towers_local,
    upper,
    upper_block,
)
from theorems.two_layers import pair_global, pair_local

INSIDE = ForAll(t, in_range(t, And(Less(0, j(t)), Less(j(t), K(t) + 1))))
HIDDEN = (INSIDE, prose("the narrowest layer of each tower is a hidden one"))

LEFT = family("Y", lambda at: (d(at, j(at)), d(at, K(at))))
RIGHT = family("Z", lambda at: (d(at, j(at)), d(at, 1)))
RANKS = tuple(
    (
        ForAll(t, in_range(t, RankIs(half(M, t), d(t, j(t))))),
        prose("the {h} of each tower has full rank", h=half(M, t)),
    )
    for half in (upper, lower)
)
ALL_AT_ONCE = Remark(
    "all-towers-at-once",
    "By the same argument in the proof of Theorem 1, any perturbation of A, B can be done through "
    "perturbation of M.",
    prose(
        "Each tower takes its own columns of the change of {A} in its last layer, and its own rows "
        "of the change of {B} in its first. All towers have to be perturbed at once.",
        A=left(M),
        B=right(M),
    ),
    source=Source(6, "proof of Corollary 2"),
)

stacked_minimum = result(
    "stacked-minimum",
    "At full rank a local minimum of the towers is one of the two-layer network",
    variables=(s, K, d.args[0], n, m, f, *ABOUT[5:]),
    given=(COUNT, LAYERS, ORTHONORMAL, APART, COMPLETE, HIDDEN, *RANKS, MINIMUM),
    claim=pair_local(left(M), right(M), f),
    idea=prose(
        "Every pair near ({A}, {B}) is reached by towers near the old ones: move the last and the "
        "first layer of each, as for one tower.",
        A=left(M),
        B=right(M),
    ),
    notation=((left(M), "A"), (right(M), "B")),
    symbols=(*SYMBOLS, *BLOCKS),
)


@stacked_minimum.route()
def by_moving_outer_layers(p: Proof, *facts: Fact) -> None:
    *_, whole, inside, full_upper, full_lower, minimum = facts
    A, B = left(M), right(M)
    with p.beat("In each tower the layers next to its bottleneck have one-sided inverses."):
        lefts = _inverses(p, inside, full_upper, upper_inverse, LEFT)
        rights = _inverses(p, inside, full_lower, lower_inverse, RIGHT)
    last = (P - A) * U[t] * LEFT[t]
    first = RIGHT[t].T * U[t].T * (Q - B)
    moved = Tabulated(
        t, M[t].with_layer(K(t) + 1, M[t][K(t) + 1] + last).with_layer(1, M[t][1] + first)
    )
    with p.beat(
        "For ({P}, {Q}) near ({A}, {B}) add {last} to the last layer of each tower and {first} to "
        "its first: the towers stay near the old ones, so the loss is no smaller.",
        remarks=[ALL_AT_ONCE],
    ):
        near_M = p.have(
            Near((P, A), (Q, B), LessEqual(f(network(M)), f(network(moved)))), along(minimum, moved)
        )
    with p.beat(
        "In each tower the inverses cancel, so its new product is {new}.", new=P * U[t] * U[t].T * Q
    ):
        every = _moved_products(p, moved, inside, lefts, rights)
    with p.beat(
        "As the blocks make up the identity, the new sum is {PQ}; the old one was {AB}.",
        PQ=P * Q,
        AB=A * B,
    ):
        F = Tabulated(t, U[t] * U[t].T)
        total = p.have(
            Equal(network(moved), P * Summation(F, s, 1) * Q), using=[factors_out, every]
        )
        new = p.have(Equal(network(moved), P * Q), algebra(total, whole))
        old = p.have(Equal(network(M), A * B), result_(stacked_product, *ABOUT))
        with p.near((P, A), (Q, B), using=[near_M], show=stacked_minimum.claim) as near:
            compared = p.have(LessEqual(f(network(M)), f(P * Q)), rewriting(near.given[0], new))
            p.have(LessEqual(f(A * B), f(P * Q)), rewriting(compared, old))


def _inverses(p: Proof, inside: Fact, full: Fact, source: Result, V: Any) -> Fact:
    """The one-sided inverses, one for each tower."""
    one = MatrixVariable(V.name, *V.shape_at(t))
    about = (WidthOf(i, d(t, i)), K(t) + 1, j(t), M[t])
    with p.for_all(t, given=EACH) as block:
        p.have(And(Less(0, j(t)), Less(j(t), K(t) + 1)), using=[inside])
        p.have(full.claim.body.args[-1], from_(full, t))
        p.have(Exists(one, _inverts(one, V)), result_(source, *about))
    exists = p.have(Exists(V, ForAll(t, in_range(t, _inverts(V[t], V)))), using=[block.fact])
    (found,) = p.obtain(exists, V)
    return found


def _inverts(one: MatrixTerm, V: Any) -> Claim:
    """What a member of the family is the inverse of, on its side."""
    word = one * M[t][K(t) : j(t) + 1] if V == LEFT else M[t][j(t) : 2] * one.T
    return Equal(word, Identity(narrow(t)))


def _moved_products(p: Proof, moved: Tabulated, inside: Fact, lefts: Fact, rights: Fact) -> Fact:
    """The new product of each tower is A' U_t U_tᵀ B'."""
    with p.for_all(t, given=EACH, words="Let {t} be a tower.") as block:
        p.have(And(Less(0, j(t)), Less(j(t), K(t) + 1)), using=[inside])
        facts = [
            p.have(_inverts(LEFT[t], LEFT), using=[lefts]),
            p.have(_inverts(RIGHT[t], RIGHT), using=[rights]),
            p.have(
                Equal(left(M) * U[t], upper(M, t)),
                result_(upper_block, *ABOUT, t),
                "The columns of {A} that belong to it are its upper half.",
                A=left(M),
            ),
            p.have(
                Equal(U[t].T * right(M), lower(M, t)),
                result_(lower_block, *ABOUT, t),
                "The rows of {B} that belong to it are its lower half.",
                B=right(M),
            ),
        ]
        H, F = Tabulated(t, product(moved, t)), Tabulated(t, U[t] * U[t].T)
        p.have(Equal(H[t], P * F[t] * Q), algebra(*facts))
    return block.fact


OTHER = MatrixVariable("X", m, n)

THEOREM_3 = Remark(
    "theorem-3-not-1",
    "If some tower has no bottleneck, we can fix all the parameters but this tower, we can then "
    "apply Theorem 1 to show that any local minimum is a global minimum.",
    prose(
        "It is Theorem 3 that is needed: it says that {G} is zero, and as {f} is convex the sum is "
        "then a global minimum of {f}. Theorem 1 only compares two networks.",
        G=G,
        f=f,
    ),
    source=Source(6, "proof of Corollary 2"),
)
towers_from_two_layers = result(
    "towers-from-two-layers",
    "If the two-layer network has no spurious local minima, neither have the towers",
    variables=(s, K, d.args[0], n, m, j, beta, U, f),
    given=(
        COUNT,
        LAYERS,
        NARROWEST,
        ORTHONORMAL,
        APART,
        COMPLETE,
        CONVEX,
        SMOOTH,
        (TWO, "every local minimum of the two-layer network is a global one"),
    ),
    claim=TOWERS,
    source=Source(6, "proof of Corollary 2"),
    idea=(
        "At a local minimum of the towers either the gradient {G} is zero, and then it is global; "
        "or every half has full rank, and then the halves side by side are a local minimum of the "
        "two-layer network."
    ),
    notation=((G, "G"), (left(M), "A"), (right(M), "B")),
    symbols=(*SYMBOLS, *BLOCKS, *FACTORS),
)


@towers_from_two_layers.route()
def by_full_ranks(p: Proof, *facts: Fact) -> None:
    goal = towers_global(M)
    with p.for_all(
        M, given=[towers_local(M)], show=TOWERS, words="Let {M} be a local minimum of the towers."
    ):
        split = p.have(Or(Equal(G, 0), NonZero(G)))
        with p.cases(split, goal, "Either way {M} is a global minimum.") as cases:
            with (
                cases.case("Suppose {G} is zero."),
                p.beat("As {f} is convex, no towers are better."),
            ):
                least = p.have(ForAll(OTHER, LessEqual(f(network(M)), f(OTHER))))
                with p.for_all(N, show=goal):
                    p.have(LessEqual(f(network(M)), f(network(N))), using=[least])
            with cases.case("Suppose {G} is not zero.", remarks=[THEOREM_3]):
                with p.beat(
                    "By Theorem 3 and Lemma 1 every tower has a hidden bottleneck and halves of "
                    "full rank."
                ):
                    _full_ranks(p)
                with p.beat(
                    "Then the halves side by side are a local minimum of the two-layer network, "
                    "and hence a global one."
                ):
                    A, B = left(M), right(M)
                    p.have(
                        pair_local(A, B, f),
                        result_(stacked_minimum, *ABOUT[:5], f, *ABOUT[5:]),
                        "Every small change of {A} and {B} is one of the towers.",
                    )
                    best = p.have(pair_global(A, B, f), from_(facts[-1], A, B))
                with (
                    p.beat("The halves of other towers {N} are no better, so neither are these."),
                    p.for_all(N, show=goal),
                ):
                    _no_better(p, best)


def _full_ranks(p: Proof) -> None:
    """Every tower has a bottleneck inside and two halves of full rank."""
    claims = INSIDE, *(given for given, _ in RANKS)
    parts = [claim.body.args[-1] for claim in claims]
    with p.for_all(t, given=EACH) as block:
        p.have(And(*parts), result_(tower_ranks, *ABOUT[:5], f, j, M, t))
    for part in parts:
        with p.for_all(t, given=EACH):
            p.have(part, both(p.have(And(*parts), from_(block.fact, t))))


def _no_better(p: Proof, best: Fact) -> None:
    """The towers N are no better than the towers M, as their halves are not."""
    compared = p.have(LessEqual(f(left(M) * right(M)), f(left(N) * right(N))), using=[best])
    here, there = (
        p.have(Equal(left(X) * right(X), network(X)), result_(stacked_product, *ABOUT[:-1], X))
        for X in (M, N)
    )
    one = p.have(LessEqual(f(network(M)), f(left(N) * right(N))), rewriting(compared, here))
    p.have(LessEqual(f(network(M)), f(network(N))), rewriting(one, there))


__all__ = ["HIDDEN", "INSIDE", "RANKS", "stacked_minimum", "towers_from_two_layers"]
