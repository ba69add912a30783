"""The towers have no spurious local minima if the two-layer network has none."""

from __future__ import annotations

from proofkit.claims import (
    And,
    Equal,
    ForAll,
    LessEqual,
    NonZero,
    Or,
)
from proofkit.script import (
    Fact,
    Proof,
    both,
    excluded_middle,
    from_,
    known,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import MatrixVariable
from proofkit.trace import Remark, Source, prose
from theorems.blocks import EACH
from theorems.tower_minima import NARROWEST, G, tower_ranks
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
    U,
    beta,
    d,
    f,
    j,
    left,
    m,
    n,
    network,
    right,
    s,
    stacked_product,
    t,
    towers_global,
    towers_local,
)
from theorems.towers_to_pair import INSIDE, RANKS, stacked_minimum
from theorems.two_layers import pair_global, pair_local

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
        (TWO, prose("every local minimum of the two-layer network is a global one")),
    ),
    claim=TOWERS,
    source=Source(6, "proof of Corollary 2"),
    idea=prose(
        "At a local minimum of the towers either the gradient {G} is zero, and then it is global; "
        "or every half has full rank, and then the halves side by side are a local minimum of the "
        "two-layer network.",
        G=G,
    ),
    notation=((G, "G"),),
    symbols=(*SYMBOLS, *BLOCKS, *FACTORS),
)


@towers_from_two_layers.route()
def by_full_ranks(
    p: Proof,
    count: Fact,
    layers: Fact,
    narrow_: Fact,
    unit: Fact,
    angles: Fact,
    whole: Fact,
    convex: Fact,
    smooth: Fact,
    two: Fact,
) -> None:
    goal = towers_global(M)
    with p.for_all(
        M, given=[towers_local(M)], show=TOWERS, words="Let {M} be a local minimum of the towers."
    ):
        split = p.have(Or(Equal(G, 0), NonZero(G)), excluded_middle())
        with p.cases(split, goal, "Either way {M} is a global minimum.") as cases:
            with (
                cases.case("Suppose {G} is zero."),
                p.beat("As {f} is convex, no towers are better."),
            ):
                least = p.have(
                    ForAll(OTHER, LessEqual(f(network(M)), f(OTHER))),
                    known("convex critical point", f, network(M)),
                )
                with p.for_all(N, show=goal):
                    p.have(LessEqual(f(network(M)), f(network(N))), from_(least, network(N)))
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
                    best = p.have(pair_global(A, B, f), from_(two, A, B))
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
    compared = p.have(
        LessEqual(f(left(M) * right(M)), f(left(N) * right(N))), from_(best, left(N), right(N))
    )
    here, there = (
        p.have(Equal(left(X) * right(X), network(X)), result_(stacked_product, *ABOUT[:-1], X))
        for X in (M, N)
    )
    one = p.have(LessEqual(f(network(M)), f(left(N) * right(N))), rewriting(compared, here))
    p.have(LessEqual(f(network(M)), f(network(N))), rewriting(one, there))


__all__ = ["towers_from_two_layers"]
