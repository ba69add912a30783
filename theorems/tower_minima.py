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
    arithmetic,
    both,
    contradiction,
    derivative,
    either,
    excluded_middle,
    from_,
    from_contradiction,
    part,
    result,
    result_,
    rewriting,
    unfolding,
)
from proofkit.symbols import (
    FunctionOf,
    MatrixVariable,
    Tabulated,
    WidthOf,
    family,
)
from proofkit.trace import prose
from theorems.blocks import in_range
from theorems.lemma_1 import lemma_1
from theorems.sums import one_summand
from theorems.theorem_3 import theorem_3_gradient
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
    idea=prose("Put a nearby tower in for tower {r}: the others contribute what they did.", r=r),
    symbols=SYMBOLS,
)


@one_tower.route()
def by_putting_in(p: Proof, first: Fact, last: Fact, minimum: Fact) -> None:
    moved = M.with_layer(r, N)
    same = _nothing_changed(p)
    near_M = p.have(
        Near((N, M[r]), LessEqual(f(network(M)), f(network(moved)))),
        along(minimum, moved, at_centre=[same]),
        "With a tower {N} near {M} in its place the network is near the old one, and its loss is "
        "no smaller.",
        N=N,
        M=M[r],
    )
    with p.near((N, M[r]), using=[near_M], words="Take such a tower {N}.", N=N) as near:
        rest = []
        for order, words in (
            ((LessEqual(1, t), Less(t, r)), "An earlier tower"),
            ((Less(r, t), LessEqual(t, s)), "A later tower"),
        ):
            with p.for_all(t, given=order, words=f"{words} {{t}} is what it was.", t=t) as others:
                old, new = (Tabulated(t, product(X, t)) for X in (M, moved))
                p.have(
                    Equal(new[t], old[t]),
                    algebra(),
                    "The tower was not touched, so its product is what it was.",
                )
            rest.append(others.fact)
        sums = p.have(
            Equal(network(moved), network(M) + new[r] - old[r]),
            result_(one_summand, m, n, 1, s, r, old, new, premises=[first, last, *rest]),
            "So only one summand changes.",
        )
        there = p.have(
            Equal(network(moved), network(M) - product(M, r) + N[K(r) + 1 : 1]),
            algebra(sums),
            "The summand that is new is the product of the new tower.",
        )
        p.have(
            LessEqual(f(network(M)), f(network(M) - product(M, r) + N[K(r) + 1 : 1])),
            rewriting(near.given[0], there),
            "So this is what the loss is compared with.",
        )


def _nothing_changed(p: Proof) -> Fact:
    """Putting in tower r itself changes nothing."""
    back = M.with_layer(r, M[r])
    with p.for_all(t, i, words="If the tower put in is {M}, nothing changes.", M=M[r]) as block:
        goal = Equal(back[t][i], M[t][i])
        split = p.have(
            Or(Less(t, r), LessEqual(r, t)),
            excluded_middle(),
            "Either tower {t} comes before tower {r}, or it does not.",
            t=t,
            r=r,
        )
        with p.cases(split, goal) as cases:
            with cases.case(words="Suppose the tower comes before the replaced one."):
                p.have(
                    goal,
                    unfolding(back[t], i),
                    "This tower was not touched, so its layers are what they were.",
                )
            with cases.case(words="Suppose the tower does not come before the replaced one."):
                later = p.have(
                    Or(Less(r, t), LessEqual(t, r)),
                    excluded_middle(),
                    "Either it comes after the replaced tower, or it does not.",
                )
                with p.cases(later, goal) as more:
                    with more.case(words="Suppose the tower comes after the replaced one."):
                        p.have(
                            goal,
                            unfolding(back[t], i),
                            "This tower was not touched, so its layers are what they were.",
                        )
                    with more.case(
                        words="Suppose the tower does not come after the replaced one either."
                    ):
                        here = p.have(Equal(r, t), arithmetic(), "That is, {r} = {t}.", r=r, t=t)
                        own = p.have(
                            Equal(M[r][i], M[r][i]),
                            algebra(),
                            "The tower was replaced by itself, so its layers are the same.",
                        )
                        p.have(
                            goal,
                            rewriting(own, here),
                            "So in this case, too, the layers are what they were.",
                        )
    return block.fact


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
        (NonZero(G), prose("the gradient {G} at the sum is not zero", G=G)),
    ),
    claim=And(INSIDE, FULL),
    idea=prose(
        "With the other towers fixed, Theorem 3 and Lemma 1 apply to tower {r}: the gradient of "
        "its own loss is {G}.",
        r=r,
        G=G,
    ),
    notation=((G, "G"),),
    symbols=SYMBOLS,
)


@tower_ranks.route()
def by_lemma_1(
    p: Proof,
    smooth: Fact,
    layers: Fact,
    narrow: Fact,
    first: Fact,
    last: Fact,
    minimum: Fact,
    steep: Fact,
) -> None:
    alone = p.have(
        one_tower.claim,
        result_(one_tower, s, K, d.args[0], n, m, f, M, r, premises=[first, last, minimum]),
        "With the others fixed, tower {r} is a local minimum of a loss of its own.",
        r=r,
    )
    smooth_too = p.have(
        Differentiable(own_loss),
        derivative(own_loss, smooth),
        "The loss in this one tower is differentiable.",
    )
    slope = p.have(
        Equal(G, own_loss.gradient(product(M, r))),
        derivative(own_loss, smooth),
        "The gradient of the loss in this tower is {G}.",
        G=G,
    )
    layer = p.have(LessEqual(j(r), K(r) + 1), from_(layers, r), "{j} is a layer of it.", j=j(r))
    own = p.have(
        narrowest_in(r), from_(narrow, r), "No layer of this tower is narrower than that one."
    )
    about = (own_widths, K(r) + 1)
    known_ = [smooth_too, alone]
    with p.contradicting(
        Less(0, j(r)), words="Suppose the narrowest layer were the input."
    ) as input_:
        end = p.have(Equal(j(r), 0), arithmetic(*input_.given), "That is, layer 0.")
        _no_bottleneck(p, 0, end, own, known_, slope, steep)
    with p.contradicting(
        Less(j(r), K(r) + 1), words="Suppose the narrowest layer were the output."
    ) as output:
        end = p.have(
            Equal(j(r), K(r) + 1), arithmetic(layer, *output.given), "That is, the last layer."
        )
        _no_bottleneck(p, K(r) + 1, end, own, known_, slope, steep)
    alternatives = p.have(
        Or(Equal(own_loss.gradient(product(M, r)), 0), FULL),
        result_(
            lemma_1,
            *about,
            j(r),
            own_loss,
            M[r],
            premises=[input_.fact, output.fact, own, *known_],
        ),
        "By Lemma 1 the gradient of its loss is zero or both halves have full rank.",
    )
    with p.cases(alternatives, FULL) as cases:
        with cases.case(words="Suppose the gradient of that loss were zero.") as flat:
            zero = p.have(Equal(G, 0), algebra(slope, *flat.given), "It is {G}.", G=G)
            false = p.have(
                Contradiction(),
                contradiction(zero, steep),
                "But the gradient was supposed not to be zero.",
            )
            p.have(FULL, from_contradiction(false), "So this case does not arise.")
        with cases.case(words="Suppose both halves have full rank.") as full:
            halves = [p.have(x, part(full.given[0]), "This half has full rank.") for x in FULL.args]
            p.have(FULL, both(*halves), "Both halves have full rank.")
    ranks = [
        p.have(x, part(cases.fact), "By the last step this half has full rank.") for x in FULL.args
    ]
    p.have(
        tower_ranks.claim,
        both(input_.fact, output.fact, *ranks),
        "So both halves have full rank, and the narrowest layer is a hidden one.",
    )


def _no_bottleneck(
    p: Proof, at: Any, end: Fact, narrow: Fact, known_: list[Fact], slope: Fact, steep: Fact
) -> None:
    """A tower that is narrowest at an end has gradient zero: a contradiction."""
    with p.for_all(
        i, given=[LessEqual(0, i), LessEqual(i, K(r) + 1)], words="Let {i} be a layer.", i=i
    ) as block:
        least = p.have(
            LessEqual(d(r, j(r)), d(r, i)),
            from_(narrow, i),
            "By hypothesis this layer is no narrower than the narrowest one.",
        )
        p.have(
            LessEqual(d(r, at), d(r, i)),
            rewriting(least, end, where=lambda z: LessEqual(d(r, z), d(r, i))),
            "The narrowest one is the end, so this layer is no narrower than the end.",
        )
    ends = p.have(
        Or(*(_narrowest_at(x) for x in (0, K(r) + 1))),
        either(block.fact),
        "So the tower is narrowest at one of its ends.",
    )
    flat = p.have(
        Equal(own_loss.gradient(product(M, r)), 0),
        result_(
            theorem_3_gradient,
            own_widths,
            K(r) + 1,
            own_loss,
            M[r],
            premises=[known_[0], ends, known_[1]],
        ),
        "By Theorem 3 the gradient of its loss is zero.",
    )
    zero = p.have(Equal(G, 0), algebra(slope, flat), "That is {G}.", G=G)
    p.have(Contradiction(), contradiction(zero, steep), "But {G} is not zero.", G=G)


def _narrowest_at(at: Any) -> Claim:
    inside = (LessEqual(0, i), LessEqual(i, K(r) + 1))
    return ForAll(i, Implies(*inside, LessEqual(d(r, at), d(r, i))))


__all__ = ["MINIMUM", "NARROWEST", "narrowest_in", "one_tower", "tower_ranks"]
