"""From the two-layer network to several towers.

`towers_minimum`: a local minimum (A, B) of f(AB) is one of the towers, whatever towers it comes
from.  `towers_factorisation`: and it does come from some.  `two_layers_from_towers`: so it has no
spurious local minima if the towers have none.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Less,
    LessEqual,
    Near,
    Or,
)
from proofkit.script import (
    Block,
    Fact,
    Proof,
    algebra,
    along,
    arithmetic,
    either,
    from_,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import Identity, Summation, Tabulated, WidthOf, family
from proofkit.trace import Remark, Source, prose
from theorems.blocks import EACH, in_range, part_of_total
from theorems.bottleneck import hidden_or_wide
from theorems.factorisation import factorisation
from theorems.sums import factors_out
from theorems.tower_minima import NARROWEST, narrowest_in
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
    TOTAL,
    TOWERS,
    TWO,
    WIDE,
    A,
    B,
    K,
    M,
    N,
    P,
    Q,
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
    narrow,
    network,
    right,
    s,
    stacked_product,
    t,
    towers_global,
    towers_local,
    upper,
    widths_of_bottlenecks,
)
from theorems.towers_to_pair import HIDDEN
from theorems.two_layers import pair_global, pair_local, wide_pair

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
    idea="Towers near the old ones have halves near theirs, because sums are continuous.",
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
    idea="The columns of {A} and the rows of {B} that belong to a tower factor through its layers.",
    symbols=(*SYMBOLS, *BLOCKS),
)


@towers_factorisation.route()
def tower_by_tower(p: Proof, count: Fact, narrow: Fact, whole: Fact, inside: Fact) -> None:
    one = family("N", lambda at: (d(t, at), d(t, at - 1)))
    about = (WidthOf(i, d(t, i)), K(t) + 1, j(t), A * U[t], U[t].T * B)
    with p.beat("The columns of {A} and the rows of {B} that belong to a tower factor through it."):
        with p.for_all(t, given=EACH) as block:
            p.have(And(Less(0, j(t)), Less(j(t), K(t) + 1)), using=[inside])
            p.have(narrowest_in(t), from_(narrow, t))
            halves = And(
                Equal(one[K(t) + 1 : j(t) + 1], A * U[t]), Equal(one[j(t) : 1], U[t].T * B)
            )
            p.have(Exists(one, halves), result_(factorisation, *about))
        halves = And(Equal(upper(M, t), A * U[t]), Equal(lower(M, t), U[t].T * B))
        exists = p.have(Exists(M, ForAll(t, in_range(t, halves))), using=[block.fact])
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
                p.have(Equal(H[t], X * F[t] * Z), using=[half])
            total = p.have(
                Equal(Summation(H, s, 1), X * Summation(F, s, 1) * Z),
                result_(factors_out, X.rows, b, b, Z.cols, 1, s, X, F, Z, H, premises=[all_.fact]),
            )
            facts.append(p.have(Equal(Summation(H, s, 1), X * Z), using=[total, whole]))
        p.have(towers_factorisation.claim, using=[*facts])


MISSING_DIRECTION = Remark(
    "missing-direction",
    "Suppose that we have a spurious local minimum M.",
    prose(
        "The printed proof goes from the towers to the two-layer network only. For the other way a "
        "local minimum ({A}, {B}) is cut into columns and rows, which factor through the towers.",
        A=A,
        B=B,
    ),
    source=Source(6, "proof of Corollary 2"),
)
wide_pairs = result(
    "wide-pairs",
    "With a wide hidden layer the two-layer network has no spurious local minima",
    variables=(s, n, m, beta, f),
    given=((WIDE, "{b} is at least the width of the input or of the output"), CONVEX, SMOOTH),
    claim=TWO,
    source=Source(6, "proof of Corollary 2"),
    idea="Theorem 3 says that the gradient is zero, and {f} is convex.",
    symbols=FACTORS,
)


@wide_pairs.route()
def by_theorem_3(p: Proof, wide: Fact, convex: Fact, smooth: Fact) -> None:
    with (
        p.beat("At a local minimum ({A}, {B}) Theorem 3 says that the gradient is zero."),
        p.for_all(A, B, given=[pair_local(A, B, f)], show=TWO),
    ):
        p.have(pair_global(A, B, f), using=[wide_pair])


two_layers_from_towers = result(
    "two-layers-from-towers",
    "If the towers have no spurious local minima, neither has the two-layer network",
    variables=(s, K, d.args[0], n, m, j, beta, U, f),
    given=(
        COUNT,
        LAYERS,
        NARROWEST,
        TOTAL[1],
        ORTHONORMAL,
        APART,
        COMPLETE,
        CONVEX,
        SMOOTH,
        (TOWERS, "every local minimum of the towers is a global one"),
    ),
    claim=TWO,
    source=Source(2, "Corollary 2"),
    idea=(
        "If the two-layer network is wide, Theorem 3 is enough. Otherwise each tower is narrowest "
        "at a hidden layer, and the columns of {A} and rows of {B} that belong to it factor "
        "through its layers."
    ),
    symbols=(*SYMBOLS, *BLOCKS, *FACTORS),
)


@two_layers_from_towers.route()
def by_factoring(p: Proof, *facts: Fact) -> None:
    _, layers, _, sums, *_, towers = facts
    goal, spare = pair_global(A, B, f), And(Less(b, n), Less(b, m))
    with p.for_all(
        A,
        B,
        given=[pair_local(A, B, f)],
        show=TWO,
        words="Let ({A}, {B}) be a local minimum.",
        remarks=[MISSING_DIRECTION],
    ) as block:
        with p.beat("By Theorem 3 it is global, if {b} is as large as {n} or {m}."):
            narrow_or_global = _by_width(p, Or(goal, spare))
        with p.cases(narrow_or_global, goal, "A small {b} remains to be treated.") as cases:
            with cases.case():
                pass  # that is the claim itself
            with cases.case("Suppose {b} is less than {n} and {m}."):
                with p.beat("Then the narrowest layer of each tower is a hidden one."):
                    _all_hidden(p, layers, sums)
                _compared(p, goal, towers, *block.given)


def _by_width(p: Proof, goal: Claim) -> Fact:
    """(A, B) is global, or b is less than n and m."""

    def wide(case: Block) -> None:
        p.have(WIDE, using=case.given)
        p.have(goal, either(p.have(pair_global(A, B, f), result_(wide_pair, m, b, n, f, A, B))))

    split = p.have(Or(LessEqual(n, b), Less(b, n)))
    with p.cases(split, goal) as cases:
        with cases.case() as case:
            wide(case)
        with cases.case():
            split = p.have(Or(LessEqual(m, b), Less(b, m)))
            with p.cases(split, goal) as more:
                with more.case() as case:
                    wide(case)
                with more.case():
                    p.have(goal, either(p.have(goal.args[-1], arithmetic())))
    return cases.fact


def _all_hidden(p: Proof, layers: Fact, sums: Fact) -> None:
    """Where b is less than both ends, each tower is narrowest at a hidden layer."""
    hidden = And(Less(0, j(t)), Less(j(t), K(t) + 1))
    ends = LessEqual(n, narrow(t)), LessEqual(m, narrow(t))
    with p.for_all(t, given=EACH):
        share = p.have(
            LessEqual(narrow(t), b), result_(part_of_total, s, beta, widths_of_bottlenecks, t)
        )
        p.have(LessEqual(j(t), K(t) + 1), using=[layers])
        places = p.have(
            Or(*ends, hidden), result_(hidden_or_wide, WidthOf(i, d(t, i)), K(t) + 1, j(t))
        )
        with p.cases(places, hidden) as cases:
            for _ in ends:
                with cases.case():
                    false = p.have(Contradiction(), using=[share])
                    p.have(hidden, using=[false])
            with cases.case():
                pass  # that is the claim itself


def _compared(p: Proof, goal: Claim, towers: Fact, local: Fact) -> None:
    """(A, B) comes from towers, which are global, and so does every other pair."""
    with p.beat("So {A} and {B} are the halves of some towers {M}."):
        upper_M, lower_M = _factored(p, M, A, B)
    with p.beat(
        "Sums and products are continuous, so {M} is a local minimum of the towers, and hence a "
        "global one."
    ):
        half = p.have(pair_local(left(M), B, f), rewriting(local, upper_M, back=True))
        p.have(pair_local(left(M), right(M), f), rewriting(half, lower_M, back=True))
        p.have(towers_local(M), result_(towers_minimum, *ABOUT[:5], f, *ABOUT[5:]))
        best = p.have(towers_global(M), from_(towers, M))
    with (
        p.beat("Every other pair comes from towers, too, so it is no better."),
        p.for_all(P, Q, show=goal, words="Compare with any pair ({P}, {Q})."),
    ):
        here = _sum_of(p, M, A, B, upper_M, lower_M)
        there = _sum_of(p, N, P, Q, *_factored(p, N, P, Q))
        deeper = p.have(LessEqual(f(network(M)), f(network(N))), using=[best])
        one = p.have(LessEqual(f(A * B), f(network(N))), rewriting(deeper, here))
        p.have(LessEqual(f(A * B), f(P * Q)), rewriting(one, there))


def _factored(p: Proof, N: Any, A: Any, B: Any) -> tuple[Fact, Fact]:
    """Towers with the halves A and B."""
    claim = Exists(N, And(Equal(left(N), A), Equal(right(N), B)))
    exists = p.have(
        claim,
        result_(towers_factorisation, *ABOUT[:-1], A, B),
        "The columns of {A} and the rows of {B} factor through the layers of the towers.",
    )
    upper, lower = p.obtain(exists, N, words="Take such towers {N}.")
    return upper, lower


def _sum_of(p: Proof, N: Any, A: Any, B: Any, upper: Fact, lower: Fact) -> Fact:
    halves = p.have(Equal(network(N), left(N) * right(N)), result_(stacked_product, *ABOUT[:-1], N))
    return p.have(Equal(network(N), A * B), algebra(halves, upper, lower))


__all__ = ["towers_factorisation", "towers_minimum", "two_layers_from_towers", "wide_pairs"]
