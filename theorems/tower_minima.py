"""One tower of several: with the others fixed it is a local minimum of a loss of its own product.

So Theorem 3 and Lemma 1 hold for each tower: where the gradient is not zero, it has a bottleneck
inside, and both its halves have full rank.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Contradiction,
    Differentiable,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
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
    from_,
    from_contradiction,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import FunctionOf, MatrixVariable, Tabulated, WidthOf, family
from proofkit.trace import prose
from theorems.blocks import in_range
from theorems.bottleneck import flat_or_full
from theorems.sums import one_summand
from theorems.towers import (
    LAYERS,
    SMOOTH,
    SYMBOLS,
    TOWER,
    K,
    M,
    d,
    f,
    i,
    j,
    lower,
    m,
    n,
    network,
    product,
    r,
    s,
    t,
    towers_local,
    upper,
)

W = MatrixVariable("W", m, n)
N = family("N", lambda at: (d(r, at), d(r, at - 1)))
own_widths = WidthOf(i, d(r, i))
"""The widths of tower r."""
own_loss = FunctionOf(W, f(network(M) - product(M, r) + W))
"""The loss of tower r alone, the others fixed."""
G = f.gradient(network(M))

MINIMUM = (towers_local(M), prose("the layers are a local minimum of the loss"))


def narrowest_in(at: Any) -> Claim:
    """Layer j_t is a narrowest layer of tower t."""
    inside = (LessEqual(0, i), LessEqual(i, K(at) + 1))
    return ForAll(i, Implies(*inside, LessEqual(d(at, j(at)), d(at, i))))


NARROWEST = (
    ForAll(t, in_range(t, narrowest_in(t))),
    prose("no layer of tower {t} is narrower than layer {j}", t=t, j=j(t)),
)

one_tower = result(
    "one-tower",
    "With the other towers fixed each tower is a local minimum",
    variables=(s, K, d.args[0], n, m, f, M, r),
    given=(*TOWER, MINIMUM),
    claim=LocalMinimum(N, own_loss(N[K(r) + 1 : 1]), M[r]),
    idea="Put a nearby tower in for tower {r}: the others contribute what they did.",
    symbols=SYMBOLS,
)


@one_tower.route()
def by_putting_in(p: Proof, first: Fact, last: Fact, minimum: Fact) -> None:
    moved, back = M.with_layer(r, N), M.with_layer(r, M[r])
    alone = network(M) - product(M, r) + N[K(r) + 1 : 1]
    with (
        p.beat("If the tower put in is {tower} itself, nothing changes.", tower=M[r]),
        p.for_all(t, i) as same,
    ):
        _put_back(p, back)
    with p.beat(
        "With a tower {N} near {tower} in its place the network is near the old one, so its loss "
        "is no smaller.",
        tower=M[r],
    ):
        near_M = p.have(
            Near((N, M[r]), LessEqual(f(network(M)), f(network(moved)))),
            along(minimum, moved, at_centre=[same.fact]),
        )
    with (
        p.beat("Of the sum of the towers only one summand changes."),
        p.near((N, M[r]), using=[near_M]) as near,
    ):
        old, new = (Tabulated(t, product(X, t)) for X in (M, moved))
        sums = p.have(Equal(network(moved), network(M) + new[r] - old[r]), using=[one_summand])
        there = p.have(Equal(network(moved), alone), using=[sums])
        p.have(LessEqual(f(network(M)), f(alone)), rewriting(near.given[0], there))


def _put_back(p: Proof, back: Tabulated) -> None:
    """Layer i of tower t is what it was, whether tower t is tower r or another one."""
    goal = Equal(back[t][i], M[t][i])
    split = p.have(Or(Less(t, r), LessEqual(r, t)))
    with p.cases(split, goal) as cases:
        with cases.case():
            p.have(goal)
        with cases.case():
            split = p.have(Or(Less(r, t), LessEqual(t, r)))
            with p.cases(split, goal) as more:
                with more.case():
                    p.have(goal)
                with more.case():
                    here = p.have(Equal(r, t))
                    own = p.have(Equal(M[r][i], M[r][i]))
                    p.have(goal, rewriting(own, here))


FULL = And(RankIs(upper(M, r), d(r, j(r))), RankIs(lower(M, r), d(r, j(r))))
INSIDE = And(Less(0, j(r)), Less(j(r), K(r) + 1))

tower_ranks = result(
    "tower-ranks",
    "Where the gradient is not zero each tower has a bottleneck and halves of full rank",
    variables=(s, K, d.args[0], n, m, f, j, M, r),
    given=(
        SMOOTH,
        LAYERS,
        NARROWEST,
        *TOWER,
        MINIMUM,
        (NonZero(G), "the gradient {G} at the sum is not zero"),
    ),
    claim=And(INSIDE, FULL),
    idea=(
        "With the other towers fixed, Theorem 3 and Lemma 1 apply to tower {r}: the gradient of "
        "its own loss is {G}."
    ),
    notation=((G, "G"),),
    symbols=SYMBOLS,
)


@tower_ranks.route()
def by_theorem_3_and_lemma_1(
    p: Proof,
    smooth: Fact,
    layers: Fact,
    narrow: Fact,
    first: Fact,
    last: Fact,
    minimum: Fact,
    steep: Fact,
) -> None:
    with p.beat(
        "With the others fixed, tower {r} is a local minimum of a loss of its own, whose gradient "
        "is {G}."
    ):
        p.have(one_tower.claim, result_(one_tower, s, K, d.args[0], n, m, f, M, r))
        p.have(Differentiable(own_loss))
        slope = p.have(Equal(G, own_loss.gradient(product(M, r))))
    with p.beat(
        "As {G} is not zero, its narrowest layer is hidden by Theorem 3, and its halves have full "
        "rank by Lemma 1."
    ):
        p.have(LessEqual(j(r), K(r) + 1), using=[layers])
        p.have(narrowest_in(r), from_(narrow, r))
        alternatives = p.have(
            Or(Equal(own_loss.gradient(product(M, r)), 0), tower_ranks.claim),
            result_(flat_or_full, own_widths, K(r) + 1, j(r), own_loss, M[r]),
        )
        with p.cases(alternatives, tower_ranks.claim) as cases:
            with cases.case() as flat:
                zero = p.have(Equal(G, 0), algebra(slope, *flat.given))
                false = p.have(Contradiction(), using=[zero, steep])
                p.have(tower_ranks.claim, from_contradiction(false))
            with cases.case():
                pass  # that is the claim itself


__all__ = ["MINIMUM", "NARROWEST", "narrowest_in", "one_tower", "tower_ranks"]
