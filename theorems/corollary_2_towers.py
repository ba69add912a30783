"""The towers have no spurious local minima if the two-layer network has none."""

from __future__ import annotations

from proofkit.claims import (
    And,
    Claim,
    Equal,
    ForAll,
    Less,
    LessEqual,
    NonZero,
    Or,
    RankIs,
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
    the,
)
from proofkit.symbols import MatrixVariable
from proofkit.trace import Remark, Source, prose
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
    lower,
    m,
    n,
    narrow,
    network,
    right,
    s,
    stacked_product,
    t,
    towers_global,
    towers_local,
    upper,
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
    network_, blocks = [count, layers], [unit, angles, whole]
    with p.for_all(
        M,
        given=[towers_local(M)],
        show=TOWERS,
        words="Let {M} be a local minimum of the towers.",
        M=M,
    ) as block:
        (minimum,) = block.given
        split = p.have(
            Or(Equal(G, 0), NonZero(G)), excluded_middle(), "The gradient {G} is zero or not.", G=G
        )
        with p.cases(split, towers_global(M)) as cases:
            with cases.case(words="Suppose the gradient is zero.") as flat:
                least = p.have(
                    ForAll(OTHER, LessEqual(f(network(M)), f(OTHER))),
                    known(
                        "convex critical point",
                        f,
                        network(M),
                        premises=[convex, smooth, *flat.given],
                    ),
                    "As {f} is convex, the sum is a global minimum of {f}.",
                    f=f,
                )
                with p.for_all(N, show=towers_global(M), words="Compare with any towers {N}.", N=N):
                    p.have(
                        LessEqual(f(network(M)), f(network(N))),
                        from_(least, network(N)),
                        "The old sum is no worse than any matrix, so not than the sum of these.",
                    )
            with cases.case(
                words="Suppose the gradient is not zero.", remarks=[THEOREM_3]
            ) as steep:
                facts = [smooth, network_[1], narrow_]
                ranks = _full_ranks(p, facts, minimum, steep.given[0])
                _full(p, network_, blocks, ranks, minimum, two)


def _full_ranks(p: Proof, facts: list[Fact], minimum: Fact, steep: Fact) -> list[Fact]:
    """Every tower has a bottleneck inside and two halves of full rank."""
    hidden = And(Less(0, j(t)), Less(j(t), K(t) + 1))
    ranks = [RankIs(half(M, t), narrow(t)) for half in (upper, lower)]
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
    ) as block:
        p.have(
            And(hidden, *ranks),
            result_(
                tower_ranks,
                *ABOUT[:5],
                f,
                j,
                M,
                t,
                premises=[*facts, *block.given, minimum, steep],
            ),
            "By Theorem 3 and Lemma 1 it has a bottleneck inside, and its halves have full rank.",
        )
    found = []
    for claim, words in zip(
        (INSIDE, *(given for given, _ in RANKS)),
        (
            "So the narrowest layer of each tower is a hidden one.",
            "The upper halves have full rank.",
            "The lower halves have full rank.",
        ),
        strict=True,
    ):
        found.append(_each(p, block.fact, claim, words))
    return found


def _each(p: Proof, every: Fact, claim: Claim, words: str) -> Fact:
    """∀t. q_t from ∀t. p_t, where q_t is made of parts of p_t."""
    conclusion = claim.body.args[-1]
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Look at each tower by itself."
    ) as block:
        parts = conclusion.args if isinstance(conclusion, And) else (conclusion,)
        facts = [
            p.have(x, from_(every, t), "This is one part of what was shown for each tower.")
            for x in parts
        ]
        if len(facts) > 1:
            p.have(
                conclusion, both(*facts), "Both parts together are what is claimed for this tower."
            )
    return p.have(claim, the(block.fact), words)


def _full(
    p: Proof,
    network_: list[Fact],
    blocks: list[Fact],
    ranks: list[Fact],
    minimum: Fact,
    two: Fact,
) -> None:
    pair = p.have(
        pair_local(left(M), right(M), f),
        result_(
            stacked_minimum,
            *ABOUT[:5],
            f,
            *ABOUT[5:],
            premises=[*network_, *blocks, *ranks, minimum],
        ),
        "Then the halves side by side are a local minimum of the two-layer network.",
    )
    best = p.have(
        pair_global(left(M), right(M), f),
        from_(two, left(M), right(M), premises=[pair]),
        "The two-layer network has no spurious local minima, so this is a global one.",
    )
    facts = [*network_, *blocks[:2]]
    with p.for_all(N, show=towers_global(M), words="Compare with any towers {N}.", N=N):
        compared = p.have(
            LessEqual(f(left(M) * right(M)), f(left(N) * right(N))),
            from_(best, left(N), right(N)),
            "Their halves side by side are no better.",
        )
        here, there = (
            p.have(
                Equal(left(X) * right(X), network(X)),
                result_(stacked_product, *ABOUT[:-1], X, premises=facts),
                "The product of the halves is the sum of the towers {X}.",
                X=X,
            )
            for X in (M, N)
        )
        one = p.have(
            LessEqual(f(network(M)), f(left(N) * right(N))),
            rewriting(compared, here),
            "The sum of the towers {M} is no worse than the product of the new halves.",
            M=M,
        )
        p.have(
            LessEqual(f(network(M)), f(network(N))),
            rewriting(one, there),
            "So the sum of the towers {M} is no worse than that of the towers {N}.",
            M=M,
            N=N,
        )


__all__ = ["towers_from_two_layers"]
