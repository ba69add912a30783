"""From the two-layer network to several towers.

`towers_minimum`: a local minimum (A, B) of f(AB) is one of the towers, whatever towers it comes
from.  `towers_factorisation`: and it does come from some.
"""

from __future__ import annotations

from proofkit.claims import And, Equal, Exists, ForAll, Less, LessEqual, Near
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
    witness,
)
from proofkit.symbols import (
    Identity,
    Summation,
    Tabulated,
    WidthOf,
    family,
)
from proofkit.trace import prose
from theorems.blocks import in_range
from theorems.factorisation import factorisation
from theorems.sums import factors_out
from theorems.tower_minima import NARROWEST, narrowest_in
from theorems.towers import (
    ABOUT,
    APART,
    BLOCKS,
    COMPLETE,
    COUNT,
    LAYERS,
    ORTHONORMAL,
    SYMBOLS,
    A,
    B,
    K,
    M,
    N,
    U,
    beta,
    d,
    f,
    i,
    j,
    left,
    lower,
    m,
    n,
    network,
    right,
    s,
    stacked_product,
    t,
    towers_local,
    upper,
)
from theorems.towers_to_pair import HIDDEN
from theorems.two_layers import pair_local

towers_minimum = result(
    "towers-minimum",
    "A local minimum of the two-layer network is one of the towers",
    variables=(s, K, d.args[0], n, m, f, *ABOUT[5:]),
    given=(
        COUNT,
        LAYERS,
        ORTHONORMAL,
        APART,
        (
            pair_local(left(M), right(M), f),
            prose("({A}, {B}) is a local minimum of the two-layer loss", A=left(M), B=right(M)),
        ),
    ),
    claim=towers_local(M),
    idea=prose("Towers near the old ones have halves near theirs, because sums are continuous."),
    notation=((left(M), "A"), (right(M), "B")),
    symbols=(*SYMBOLS, *BLOCKS),
)


@towers_minimum.route()
def by_continuity(
    p: Proof, count: Fact, layers: Fact, unit: Fact, angles: Fact, minimum: Fact
) -> None:
    blocks = [count, layers, unit, angles]
    near_M = p.have(
        Near((N, M), LessEqual(f(left(M) * right(M)), f(left(N) * right(N)))),
        along(minimum, left(N), right(N)),
        "Towers {N} near {M} have halves near the old ones, so their loss is no smaller.",
        N=N,
        M=M,
    )
    with p.near(
        (N, M), using=[near_M], show=towers_minimum.claim, words="Take such towers."
    ) as near:
        here, there = (
            p.have(
                Equal(left(X) * right(X), network(X)),
                result_(stacked_product, *ABOUT[:-1], X, premises=blocks),
                "The product of the halves is the sum of the towers {X}.",
                X=X,
            )
            for X in (M, N)
        )
        compared = p.have(
            LessEqual(f(network(M)), f(left(N) * right(N))),
            rewriting(near.given[0], here),
            "So the loss of the old towers is compared with that of the new product.",
        )
        p.have(
            LessEqual(f(network(M)), f(network(N))),
            rewriting(compared, there),
            "So it is compared with the loss of the new towers.",
        )


towers_factorisation = result(
    "towers-factorisation",
    "Every pair (A, B) is the halves of some towers side by side",
    variables=(s, K, d.args[0], n, m, j, beta, U, A, B),
    given=(COUNT, NARROWEST, COMPLETE, HIDDEN),
    claim=Exists(M, And(Equal(left(M), A), Equal(right(M), B))),
    idea=prose(
        "The columns of {A} and the rows of {B} that belong to a tower factor through its layers.",
        A=A,
        B=B,
    ),
    symbols=(*SYMBOLS, *BLOCKS),
)


@towers_factorisation.route()
def tower_by_tower(p: Proof, count: Fact, narrow: Fact, whole: Fact, inside: Fact) -> None:
    one = family("N", lambda at: (d(t, at), d(t, at - 1)))
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
    ) as block:
        above = p.have(
            Less(0, j(t)), from_(inside, t), "The narrowest layer of this tower is not the input."
        )
        below = p.have(
            Less(j(t), K(t) + 1),
            from_(inside, t),
            "The narrowest layer of this tower is not the output.",
        )
        least = p.have(
            narrowest_in(t), from_(narrow, t), "No layer of this tower is narrower than that one."
        )
        p.have(
            Exists(
                one,
                And(
                    Equal(one[K(t) + 1 : j(t) + 1], A * U[t]),
                    Equal(one[j(t) : 1], U[t].T * B),
                ),
            ),
            result_(
                factorisation,
                WidthOf(i, d(t, i)),
                K(t) + 1,
                j(t),
                A * U[t],
                U[t].T * B,
                premises=[above, below, least],
            ),
            "So its columns {A} and rows {B} factor through its layers.",
            A=A * U[t],
            B=U[t].T * B,
        )
    halves = And(Equal(upper(M, t), A * U[t]), Equal(lower(M, t), U[t].T * B))
    exists = p.have(
        Exists(M, ForAll(t, in_range(t, halves))),
        chosen(block.fact),
        "Choose such factors for each tower.",
    )
    (chosen_,) = p.obtain(exists, M, words="Call them {M}.", M=M)
    all_of_it = Identity(beta(s))
    F = Tabulated(t, U[t] * U[t].T)
    H = Tabulated(t, upper(M, t) * U[t].T), Tabulated(t, U[t] * lower(M, t))
    ends = ((A, all_of_it), (all_of_it, B))
    facts = []
    for claim, summand, (X, Z) in zip(halves.args, H, ends, strict=True):
        with p.for_all(
            t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
        ) as all_:
            half = p.have(claim, from_(chosen_, t), "By choice this is a half of the tower.")
            p.have(
                Equal(summand[t], X * F[t] * Z),
                algebra(half),
                "Put the half in its place among the others.",
            )
        total = p.have(
            Equal(Summation(summand, s, 1), X * Summation(F, s, 1) * Z),
            result_(
                factors_out,
                X.rows,
                beta(s),
                beta(s),
                Z.cols,
                1,
                s,
                X,
                F,
                Z,
                summand,
                premises=[all_.fact],
            ),
            "Add up the halves of all towers.",
        )
        given = X if all_of_it == Z else Z
        facts.append(
            p.have(
                Equal(Summation(summand, s, 1), given),
                algebra(total, whole),
                "The blocks make up the identity, and {X} is left.",
                X=given,
            )
        )
    p.have(towers_factorisation.claim, witness(M, facts=facts), "These are the towers.")


__all__ = ["towers_factorisation", "towers_minimum"]
