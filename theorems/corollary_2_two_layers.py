"""The two-layer network has no spurious local minima if the towers have none."""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Less,
    LessEqual,
    Or,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    both,
    contradiction,
    either,
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
from theorems.blocks import part_of_total
from theorems.pair_to_towers import towers_factorisation, towers_minimum
from theorems.tower_minima import NARROWEST
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
    j,
    left,
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
    widths_of_bottlenecks,
)
from theorems.towers_to_pair import INSIDE
from theorems.two_layers import pair_global, pair_local, wide_middle

X = MatrixVariable("X", m, n)

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
    given=(
        (WIDE, prose("{b} is at least the width of the input or of the output", b=b)),
        CONVEX,
        SMOOTH,
    ),
    claim=TWO,
    source=Source(6, "proof of Corollary 2"),
    idea=prose("Theorem 3 says that the gradient is zero, and {f} is convex.", f=f),
    symbols=FACTORS,
)


@wide_pairs.route()
def by_theorem_3(p: Proof, wide: Fact, convex: Fact, smooth: Fact) -> None:
    with p.for_all(
        A,
        B,
        given=[pair_local(A, B, f)],
        show=TWO,
        words="Let ({A}, {B}) be a local minimum.",
        A=A,
        B=B,
    ) as block:
        flat = p.have(
            Equal(f.gradient(A * B), 0),
            result_(wide_middle, m, b, n, f, A, B, premises=[smooth, wide, *block.given]),
            "By Theorem 3 for two layers the gradient at {AB} is zero.",
            AB=A * B,
        )
        least = p.have(
            ForAll(X, LessEqual(f(A * B), f(X))),
            known("convex critical point", f, A * B, premises=[convex, smooth, flat]),
            "So {AB} is a global minimum of {f}.",
            AB=A * B,
            f=f,
        )
        with p.for_all(
            *(P, Q),
            show=pair_global(A, B, f),
            words="Compare with any pair ({P}, {Q}).",
            P=P,
            Q=Q,
        ):
            p.have(
                LessEqual(f(A * B), f(P * Q)),
                from_(least, P * Q),
                "{AB} is no worse than any matrix, so not than the product of this pair.",
                AB=A * B,
            )


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
        (TOWERS, prose("every local minimum of the towers is a global one")),
    ),
    claim=TWO,
    source=Source(2, "Corollary 2"),
    idea=prose(
        "If the two-layer network is wide, Theorem 3 is enough. Otherwise each tower is narrowest "
        "at a hidden layer, and the columns of {A} and rows of {B} that belong to it factor "
        "through its layers.",
        A=A,
        B=B,
    ),
    symbols=(*SYMBOLS, *BLOCKS, *FACTORS),
)


@two_layers_from_towers.route()
def by_factoring(
    p: Proof,
    count: Fact,
    layers: Fact,
    narrow_: Fact,
    sums: Fact,
    unit: Fact,
    angles: Fact,
    whole: Fact,
    convex: Fact,
    smooth: Fact,
    towers: Fact,
) -> None:
    network_, blocks = [count, layers], [unit, angles, whole]
    at_input = p.have(
        Or(LessEqual(n, b), Less(b, n)),
        excluded_middle(),
        "Either {b} is at least the width of the input, or it is less.",
        b=b,
    )
    with p.cases(at_input, TWO) as cases:
        with cases.case(words="Suppose it is at least that width.") as case:
            _wide(p, case.given[0], convex, smooth)
        with cases.case(words="Suppose it is less than that width."):
            at_output = p.have(
                Or(LessEqual(m, b), Less(b, m)),
                excluded_middle(),
                "Either {b} is at least the width of the output, or it is less.",
                b=b,
            )
            with p.cases(at_output, TWO) as more:
                with more.case(words="Suppose it is at least that of the output.") as case:
                    _wide(p, case.given[0], convex, smooth)
                with more.case(words="Suppose it is less than that width."):
                    inside = _all_hidden(p, network_[1], sums)
                    _factored_minimum(p, network_, narrow_, blocks, inside, towers)


def _wide(p: Proof, end: Fact, convex: Fact, smooth: Fact) -> None:
    wide = p.have(WIDE, either(end), "So the hidden layer is as wide as one of the ends.")
    p.have(
        TWO,
        result_(wide_pairs, s, n, m, beta, f, premises=[wide, convex, smooth]),
        "By Theorem 3 the two-layer network has no spurious local minima anyway.",
    )


def _all_hidden(p: Proof, layers: Fact, sums: Fact) -> Fact:
    """Where b is less than both ends, each tower is narrowest at a hidden layer."""
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be a tower.", t=t
    ) as block:
        share = p.have(
            LessEqual(narrow(t), b),
            result_(
                part_of_total, s, beta, widths_of_bottlenecks, t, premises=[sums, *block.given]
            ),
            "Its narrowest layer is at most as wide as all together.",
        )
        layer = p.have(
            LessEqual(j(t), K(t) + 1),
            from_(layers, t),
            "The narrowest layer is one of the layers of this tower.",
        )
        hidden = []
        for claim, end, name in (
            (Less(0, j(t)), 0, "input"),
            (Less(j(t), K(t) + 1), K(t) + 1, "output"),
        ):
            with p.contradicting(claim, words=f"Suppose it were the {name}.") as suppose:
                here = p.have(
                    Equal(j(t), end),
                    arithmetic(layer, *suppose.given),
                    "No layer lies outside the network, so the narrowest is this end.",
                )
                wide = p.have(
                    LessEqual(d(t, end), b),
                    rewriting(share, here, where=lambda z: LessEqual(d(t, z), b)),
                    f"Then the {name} would be at most as wide.",
                )
                p.have(
                    Contradiction(), contradiction(wide), "But that end was supposed to be wider."
                )
            hidden.append(suppose.fact)
        p.have(
            And(Less(0, j(t)), Less(j(t), K(t) + 1)),
            both(*hidden),
            "So the narrowest layer of this tower is a hidden one.",
        )
    return p.have(INSIDE, the(block.fact), "Every tower has a bottleneck inside.")


def _factored_minimum(
    p: Proof,
    network_: list[Fact],
    narrow_: Fact,
    blocks: list[Fact],
    inside: Fact,
    towers: Fact,
) -> None:
    facts = [*network_, *blocks]
    with p.for_all(
        A,
        B,
        given=[pair_local(A, B, f)],
        show=TWO,
        words="Let ({A}, {B}) be a local minimum.",
        A=A,
        B=B,
        remarks=[MISSING_DIRECTION],
    ) as block:
        halves = [network_[0], narrow_, blocks[2], inside]
        upper_M, lower_M = _factored(p, M, A, B, halves)
        half = p.have(
            pair_local(left(M), B, f),
            rewriting(block.given[0], upper_M, back=True),
            "Write {A} as the upper halves of the towers side by side.",
            A=A,
        )
        pair = p.have(
            pair_local(left(M), right(M), f),
            rewriting(half, lower_M, back=True),
            "Write {B} as the lower halves of the towers on top of one another.",
            B=B,
        )
        minimum = p.have(
            towers_local(M),
            result_(towers_minimum, *ABOUT[:5], f, *ABOUT[5:], premises=[*facts[:4], pair]),
            "Since sums and products are continuous, the towers are a local minimum.",
        )
        best = p.have(
            towers_global(M),
            from_(towers, M, premises=[minimum]),
            "The two-layer network has no spurious local minima, so this is a global one.",
        )
        here = _sum_of(p, M, A, B, facts, upper_M, lower_M)
        with p.for_all(
            *(P, Q),
            show=pair_global(A, B, f),
            words="Compare with any pair ({P}, {Q}).",
            P=P,
            Q=Q,
        ):
            upper_N, lower_N = _factored(p, N, P, Q, halves)
            there = _sum_of(p, N, P, Q, facts, upper_N, lower_N)
            deeper = p.have(
                LessEqual(f(network(M)), f(network(N))),
                from_(best, N),
                "The towers {M} are no worse than {N}.",
                M=M,
                N=N,
            )
            one = p.have(
                LessEqual(f(A * B), f(network(N))),
                rewriting(deeper, here),
                "So {AB} is no worse than the other towers.",
                AB=A * B,
            )
            p.have(
                LessEqual(f(A * B), f(P * Q)),
                rewriting(one, there),
                "So {AB} is no worse than {PQ}.",
                AB=A * B,
                PQ=P * Q,
            )


def _factored(p: Proof, N: Any, A: Any, B: Any, facts: list[Fact]) -> tuple[Fact, Fact]:
    """Towers with the halves A and B."""
    exists = p.have(
        Exists(N, And(Equal(left(N), A), Equal(right(N), B))),
        result_(towers_factorisation, *ABOUT[:-1], A, B, premises=facts),
        "The columns of {A} and the rows of {B} factor through the layers of the towers.",
        A=A,
        B=B,
    )
    upper_N, lower_N = p.obtain(exists, N, words="Take such towers {N}.", N=N)
    return upper_N, lower_N


def _sum_of(p: Proof, N: Any, A: Any, B: Any, facts: list[Fact], upper: Fact, lower: Fact) -> Fact:
    halves = p.have(
        Equal(network(N), left(N) * right(N)),
        result_(stacked_product, *ABOUT[:-1], N, premises=facts),
        "The sum of the towers is the product of the halves.",
    )
    return p.have(
        Equal(network(N), A * B),
        algebra(halves, upper, lower),
        "The product of the halves is {AB}.",
        AB=A * B,
    )


__all__ = ["two_layers_from_towers", "wide_pairs"]
