"""Corollary 2: several towers have spurious local minima iff one two-layer network has.

For any s ≥ 1 towers of any depths and widths with one input and one output.  Tower t is cut at a
narrowest layer j_t; b_t is its width and b = b_1 + ⋯ + b_s that of the two-layer network AB.  If b
is at least the width of the input or of the output, there are none.  Both directions are proved;
the paper shows one.
"""

from __future__ import annotations

from proofkit.claims import And, Exists, Implies, LessEqual
from proofkit.script import Fact, Proof, both, result, result_
from proofkit.trace import Remark, Source, prose
from theorems import blocks as cut
from theorems.pair_to_towers import two_layers_from_towers, wide_pairs
from theorems.tower_minima import NARROWEST
from theorems.towers import (
    ABOUT,
    CONVEX,
    FACTORS,
    LAYERS,
    SMOOTH,
    SYMBOLS,
    TOTAL,
    TOWERS,
    TWO,
    WIDE,
    K,
    U,
    b,
    beta,
    d,
    f,
    j,
    m,
    n,
    narrow,
    s,
    t,
    widths_of_bottlenecks,
)
from theorems.towers_to_pair import towers_from_two_layers

ONE_END = Remark(
    "one-end-is-enough",
    "Moreover, if b ≥ m, n, there is no spurious local minima in this network.",
    prose(
        "One of {m} ≤ {b} and {n} ≤ {b} is enough, because Theorem 3 asks for one end.",
        m=m,
        n=n,
        b=b,
    ),
    source=Source(2, "Corollary 2"),
)

corollary_2 = result(
    "corollary-2",
    "Corollary 2: several towers are no worse than one two-layer network",
    variables=(s, K, d.args[0], n, m, j, beta, f),
    given=(
        (LessEqual(1, s), "there is at least one tower"),
        LAYERS,
        NARROWEST,
        *TOTAL,
        CONVEX,
        SMOOTH,
    ),
    claim=And(Implies(TOWERS, TWO), Implies(TWO, TOWERS), Implies(WIDE, And(TWO, TOWERS))),
    source=Source(
        2,
        "Corollary 2",
        "For any differentiable convex loss f, a multi-tower linear network has no spurious local "
        "minima iff the linear network AB, where A ∈ R^{m×b}, B ∈ R^{b×n}, has no spurious local "
        "minima. Moreover, if b ≥ m, n, there is no spurious local minima in this network.",
    ),
    comparison=prose(
        "Stronger: the width b has to reach only the smaller of m and n. Of the equivalence, "
        "which the paper states, it proves one direction; here are both."
    ),
    without=(
        (
            0,
            "The sum of no towers is constant and has no spurious minimum. With s = −1 nothing "
            "says what b is; with b = 1 the two-layer network can have one, E01.",
        ),
        (
            1,
            "Outside the tower a width may be anything, even 0. A two-layer network of width 0 is "
            "constant and has no spurious minimum; example E01 is one of a tower.",
        ),
        (
            2,
            "A wider layer counts neurons that the narrowest one does not let through: with b = 2 "
            "the two-layer network has no spurious minimum, while the tower of example E02 is one.",
        ),
        (3, "If b(0) may be 1, then b = 2 for the tower of example E01, and as before."),
        (4, "If b need not be the sum, it may be 2 for the tower of example E01, and as before."),
        (
            5,
            "One tower of one layer with the loss f of example E26 has no spurious minimum; the "
            "two-layer network of width 2 has one, E26.",
        ),
        (
            6,
            "One tower of one layer with the loss f of example E25 has no spurious minimum, as "
            "f is convex; the two-layer network of width 2 has one, E25.",
        ),
    ),
    idea=(
        "Put the upper halves of the towers side by side and the lower halves on top of one "
        "another: the product of the two is the sum of the towers. At a local minimum of the "
        "towers either the gradient is zero, and then it is global; or every half has full rank, "
        "and then every small change of the two factors is a small change of the towers. The "
        "other way, the columns and rows that belong to a tower factor through its layers."
    ),
    parts=("two-layers-from-towers", "towers-from-two-layers"),
    notation=(
        (TOWERS, "the towers have no spurious local minima"),
        (TWO, "the network AB has no spurious local minima"),
    ),
    symbols=(
        *SYMBOLS,
        (j, prose("layer {j} of tower {t} is a narrowest one", j=j(t), t=t)),
        (beta, prose("the first {t} narrowest layers have {b} neurons together", t=t, b=beta(t))),
        *FACTORS,
        (TOWERS, "each of their local minima is global"),
        (TWO, "likewise"),
    ),
)


@corollary_2.route()
def side_by_side(p: Proof, *facts: Fact) -> None:
    about = (*ABOUT[:-1], f)
    with p.beat("Cut the {b} coordinates into blocks {U}, one for each tower.", U=U[t]):
        blocks = And(cut.orthonormal(U, narrow), cut.apart(U), cut.complete(U, b))
        exists = p.have(
            Exists(U, blocks), result_(cut.identity_blocks, s, beta, widths_of_bottlenecks)
        )
        p.obtain(exists, U)
    with (
        p.beat(
            "The two factors, cut into columns and rows, are halves of towers; so if the towers "
            "have no spurious local minima, the two-layer network has none."
        ),
        p.for_all(given=[TOWERS]) as down,
    ):
        p.have(TWO, result_(two_layers_from_towers, *about))
    with (
        p.beat(
            "At a local minimum of the towers the gradient is zero, or the halves side by side are "
            "a local minimum of the two-layer network; so if that has no spurious ones, they have "
            "none."
        ),
        p.for_all(given=[TWO]) as up,
    ):
        p.have(TOWERS, result_(towers_from_two_layers, *about))
    with (
        p.beat(
            "If {b} is at least {n} or {m}, the two-layer network has none by Theorem 3, and so "
            "neither have the towers.",
            remarks=[ONE_END],
        ),
        p.for_all(given=[WIDE]) as wide,
    ):
        two = p.have(TWO, result_(wide_pairs, s, n, m, beta, f))
        towers = p.have(TOWERS, using=[up.fact])
        p.have(And(TWO, TOWERS), using=[two, towers])
    with p.beat("Both directions and the addition together are the corollary."):
        p.have(corollary_2.claim, both(down.fact, up.fact, wide.fact))


__all__ = ["corollary_2"]
