"""From several towers to the two-layer network: local minima at which all halves have full rank.

Every pair near (A, B) is reached by towers near the old ones, so it is a local minimum of f(AB).
"""

from __future__ import annotations

from proofkit.claims import And, Claim, Equal, Exists, ForAll, Less, LessEqual, Near, RankIs
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    chosen,
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
from theorems.blocks import in_range
from theorems.inverses import lower_inverse, upper_inverse
from theorems.sums import factors_out
from theorems.tower_minima import MINIMUM
from theorems.towers import (
    ABOUT,
    APART,
    BLOCKS,
    COMPLETE,
    COUNT,
    LAYERS,
    ORTHONORMAL,
    SYMBOLS,
    K,
    M,
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
    network,
    product,
    right,
    s,
    stacked_product,
    t,
    upper,
    upper_block,
)
from theorems.two_layers import pair_local

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


def _inverses(p: Proof, inside: Fact, full: Fact, upper_half: bool) -> Fact:
    """The one-sided inverses, one for each tower."""
    source = upper_inverse if upper_half else lower_inverse
    V = LEFT if upper_half else RIGHT
    one = MatrixVariable("Y" if upper_half else "Z", *V.shape_at(t))

    def inverts(V: MatrixTerm) -> Claim:
        word = V * M[t][K(t) : j(t) + 1] if upper_half else M[t][j(t) : 2] * V.T
        return Equal(word, Identity(d(t, j(t))))

    half = upper(M, t) if upper_half else lower(M, t)
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
    ) as block:
        bound = Less(j(t), K(t) + 1) if upper_half else Less(0, j(t))
        end = p.have(
            bound, from_(inside, t), "The narrowest layer of this tower is not at this end."
        )
        rank = p.have(
            RankIs(half, d(t, j(t))), from_(full, t), "The half {h} has full rank.", h=half
        )
        p.have(
            Exists(one, inverts(one)),
            result_(
                source,
                WidthOf(i, d(t, i)),
                K(t) + 1,
                j(t),
                M[t],
                premises=[end, rank],
            ),
            "So the layers between have an inverse on one side.",
        )
    exists = p.have(
        Exists(V, ForAll(t, in_range(t, inverts(V[t])))),
        chosen(block.fact),
        "Choose such an inverse for each tower.",
    )
    (found,) = p.obtain(exists, V, words="Call them {V}.", V=V[t])
    return found


@stacked_minimum.route()
def by_moving_outer_layers(
    p: Proof,
    count: Fact,
    layers: Fact,
    unit: Fact,
    angles: Fact,
    whole: Fact,
    inside: Fact,
    full_upper: Fact,
    full_lower: Fact,
    minimum: Fact,
) -> None:
    a, b = left(M), right(M)
    lefts = _inverses(p, inside, full_upper, True)
    rights = _inverses(p, inside, full_lower, False)
    last = (P - a) * U[t] * LEFT[t]
    first = RIGHT[t].T * U[t].T * (Q - b)
    moved = Tabulated(
        t, M[t].with_layer(K(t) + 1, M[t][K(t) + 1] + last).with_layer(1, M[t][1] + first)
    )
    near_M = p.have(
        Near((P, a), (Q, b), LessEqual(f(network(M)), f(network(moved)))),
        along(minimum, moved),
        "For ({P}, {Q}) near ({a}, {b}) add {last} to the last layer of each tower and {first} to "
        "its first: the towers stay near the old ones, so the loss is no smaller.",
        P=P,
        Q=Q,
        a=a,
        b=b,
        last=last,
        first=first,
        remarks=[ALL_AT_ONCE],
    )
    old = p.have(
        Equal(network(M), a * b),
        result_(stacked_product, *ABOUT, premises=[count, layers, unit, angles]),
        "The old sum is {ab}.",
        ab=a * b,
    )
    with p.near(
        *((P, a), (Q, b)),
        using=[near_M],
        show=stacked_minimum.claim,
        words="Take such a pair near the old one.",
    ) as near:
        new = _moved_sum(p, moved, unit, angles, inside, lefts, rights, whole)
        compared = p.have(
            LessEqual(f(network(M)), f(P * Q)),
            rewriting(near.given[0], new),
            "So the loss of the towers is at most that of ({P}, {Q}).",
            P=P,
            Q=Q,
        )
        p.have(
            LessEqual(f(a * b), f(P * Q)),
            rewriting(compared, old),
            "And it is the loss of ({a}, {b}).",
            a=a,
            b=b,
        )


def _moved_sum(
    p: Proof,
    moved: Tabulated,
    unit: Fact,
    angles: Fact,
    inside: Fact,
    lefts: Fact,
    rights: Fact,
    whole: Fact,
) -> Fact:
    """The sum of the moved towers is A'B'."""
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
    ) as block:
        given = block.given
        p.have(
            Less(0, j(t)), from_(inside, t), "The narrowest layer of this tower is not the input."
        )
        p.have(
            Less(j(t), K(t) + 1),
            from_(inside, t),
            "The narrowest layer of this tower is not the output.",
        )
        bottleneck = Identity(d(t, j(t)))
        facts = [
            p.have(
                Equal(LEFT[t] * M[t][K(t) : j(t) + 1], bottleneck),
                from_(lefts, t),
                "The first inverse cancels the layers above the narrowest one.",
            ),
            p.have(
                Equal(M[t][j(t) : 2] * RIGHT[t].T, bottleneck),
                from_(rights, t),
                "The second inverse cancels the layers below the narrowest one.",
            ),
            p.have(
                Equal(left(M) * U[t], upper(M, t)),
                result_(upper_block, *ABOUT, t, premises=[unit, angles, *given]),
                "The columns of the old factor that belong to this tower are its upper half.",
            ),
            p.have(
                Equal(U[t].T * right(M), lower(M, t)),
                result_(lower_block, *ABOUT, t, premises=[unit, angles, *given]),
                "The rows of the old factor that belong to this tower are its lower half.",
            ),
        ]
        tower = p.have(
            Equal(product(moved, t), P * U[t] * U[t].T * Q),
            algebra(*facts),
            "So its new product is {new}.",
            new=P * U[t] * U[t].T * Q,
        )
        H, F = Tabulated(t, product(moved, t)), Tabulated(t, U[t] * U[t].T)
        p.have(Equal(H[t], P * F[t] * Q), algebra(tower), "That is the square of its block.")
    total = p.have(
        Equal(network(moved), P * Summation(F, s, 1) * Q),
        result_(factors_out, m, beta(s), beta(s), n, 1, s, P, F, Q, H, premises=[block.fact]),
        "Add up the products of all towers.",
    )
    return p.have(
        Equal(network(moved), P * Q),
        algebra(total, whole),
        "The blocks make up the identity, so the new sum is {PQ}.",
        PQ=P * Q,
    )


__all__ = ["HIDDEN", "INSIDE", "RANKS", "lower_inverse", "stacked_minimum", "upper_inverse"]
