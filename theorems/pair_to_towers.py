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
from theorems.blocks import EACH, in_range
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
    b,
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
    A, B = left(M), right(M)
    with p.beat("Towers {N} near {M} have halves near {A} and {B}, so their loss is no smaller."):
        near_M = p.have(
            Near((N, M), LessEqual(f(A * B), f(left(N) * right(N)))),
            along(minimum, left(N), right(N)),
        )
    with (
        p.beat("The product of the halves is the sum of the towers."),
        p.near((N, M), using=[near_M], show=towers_minimum.claim) as near,
    ):
        compared = near.given[0]
        for X in (M, N):
            sums = p.have(
                Equal(left(X) * right(X), network(X)), result_(stacked_product, *ABOUT[:-1], X)
            )
            other = left(N) * right(N) if X == M else network(X)
            compared = p.have(LessEqual(f(network(M)), f(other)), rewriting(compared, sums))


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
    about = (WidthOf(i, d(t, i)), K(t) + 1, j(t), A * U[t], U[t].T * B)
    with p.beat("The columns of {A} and the rows of {B} that belong to a tower factor through it."):
        with p.for_all(t, given=EACH) as block:
            p.have(And(Less(0, j(t)), Less(j(t), K(t) + 1)), from_(inside, t))
            p.have(narrowest_in(t), from_(narrow, t))
            halves = And(
                Equal(one[K(t) + 1 : j(t) + 1], A * U[t]), Equal(one[j(t) : 1], U[t].T * B)
            )
            p.have(Exists(one, halves), result_(factorisation, *about))
        halves = And(Equal(upper(M, t), A * U[t]), Equal(lower(M, t), U[t].T * B))
        exists = p.have(Exists(M, ForAll(t, in_range(t, halves))), chosen(block.fact))
        (layers,) = p.obtain(exists, M, words="Choose such layers {M} for each tower.")
    everything, F = Identity(b), Tabulated(t, U[t] * U[t].T)
    with p.beat("Put side by side they are {A} and {B}, for the blocks make up the identity."):
        facts = []
        for claim, summand, X, Z in (
            (halves.args[0], upper(M, t) * U[t].T, A, everything),
            (halves.args[1], U[t] * lower(M, t), everything, B),
        ):
            H = Tabulated(t, summand)
            with p.for_all(t, given=EACH) as all_:
                half = p.have(claim, from_(layers, t))
                p.have(Equal(H[t], X * F[t] * Z), algebra(half))
            total = p.have(
                Equal(Summation(H, s, 1), X * Summation(F, s, 1) * Z),
                result_(factors_out, X.rows, b, b, Z.cols, 1, s, X, F, Z, H, premises=[all_.fact]),
            )
            facts.append(p.have(Equal(Summation(H, s, 1), X * Z), algebra(total, whole)))
        p.have(towers_factorisation.claim, witness(M, facts=facts))


__all__ = ["towers_factorisation", "towers_minimum"]
