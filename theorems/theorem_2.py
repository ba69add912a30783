"""Theorem 2: at a spurious local minimum (A, B) of f(AB) both factors have full rank.

And the hidden layer is narrower than both the input and the output.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Contradiction,
    Convex,
    Equal,
    ForAll,
    Less,
    LessEqual,
    Not,
    Or,
    RankIs,
    SpuriousLocalMinimum,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    both,
    contradiction,
    either,
    from_,
    from_contradiction,
    known,
    part,
    result,
    result_,
    rewriting,
    the,
    unfolding,
)
from proofkit.symbols import MatrixVariable
from proofkit.trace import Remark, Source, prose
from theorems.lemma_1 import lemma_1
from theorems.two_layers import (
    SMOOTH,
    SYMBOLS,
    A,
    B,
    depth_two_minimum,
    e,
    f,
    m,
    n,
    narrow_at,
    pair,
    pair_global,
    pair_local,
    table,
    two_layers,
    wide_middle,
)

P, Q = MatrixVariable("P", m, e), MatrixVariable("Q", e, n)
A2, B2 = MatrixVariable("A'", m, e), MatrixVariable("B'", e, n)
X = MatrixVariable("X", m, n)
RANKS = And(RankIs(A, e), RankIs(B, e))

TWO_LAYERS_ONLY = Remark(
    "each-layer",
    "each layer in a spurious local minimum cannot be rank-deficient.",
    prose(
        "This is so for two layers. In a deeper network the two halves {A} and {B} have full "
        "rank, but a single layer may lose rank where it is wider than the bottleneck.",
        A=A,
        B=B,
    ),
    example="E04",
    source=Source(2, "introduction, before Theorem 2"),
)

theorem_2 = result(
    "theorem-2",
    "Theorem 2: at a spurious local minimum both factors have full rank",
    variables=(m, e, n, f, A, B),
    given=(
        (Convex(f), prose("the loss {f} of the product is convex", f=f)),
        SMOOTH,
        (
            SpuriousLocalMinimum((P, Q), f(P * Q), (A, B)),
            prose(
                "({A}, {B}) is a local minimum of {L}, and not a global one", A=A, B=B, L=f(A * B)
            ),
        ),
    ),
    claim=And(RANKS, Less(e, n), Less(e, m)),
    source=Source(
        2,
        "Theorem 2",
        "if A, B is a spurious local minimum of L_2, then both A, B must have full rank.",
    ),
    comparison=prose(
        "Stronger: that the middle is narrower than both ends is part of the conclusion."
    ),
    without=(
        (0, "E26"),
        (1, "E25"),
        (2, "E12"),
    ),
    idea=prose(
        "The gradient of {f} at {AB} is not zero, or else {AB} would be best of all. So the "
        "hidden layer is a bottleneck, by Theorem 3. Then both factors have its rank, by Lemma 1.",
        f=f,
        AB=A * B,
    ),
    symbols=SYMBOLS,
)


@theorem_2.route()
def by_lemma_1(p: Proof, convex: Fact, smooth: Fact, spurious: Fact) -> None:
    minimum = p.have(
        pair_local(A, B), part(spurious), "A spurious local minimum is a local minimum."
    )
    not_best = p.have(
        Not(pair_global(A, B)), part(spurious), "A spurious local minimum is not a global one."
    )
    steep = _steep(p, convex, smooth, not_best)
    below = _narrower(p, n, "input", smooth, minimum, steep)
    above = _narrower(p, m, "output", smooth, minimum, steep)
    ranks = _ranks(p, smooth, minimum, steep, below, above)
    p.have(
        theorem_2.claim,
        both(
            p.have(RankIs(A, e), part(ranks), "By the last step {A} has full rank.", A=A),
            p.have(RankIs(B, e), part(ranks), "By the same step {B} has full rank.", B=B),
            below,
            above,
        ),
        "Both factors have full rank, and the hidden layer is narrower than both ends.",
        remarks=[TWO_LAYERS_ONLY],
    )


def _steep(p: Proof, convex: Fact, smooth: Fact, not_best: Fact) -> Fact:
    """The gradient at AB is not zero."""
    flat = Equal(f.gradient(A * B), 0)
    with p.contradicting(
        Not(flat), flat, words="Suppose the gradient at {AB} were zero.", AB=A * B
    ) as suppose:
        least = p.have(
            ForAll(X, LessEqual(f(A * B), f(X))),
            known("convex critical point", f, A * B, premises=[convex, smooth, *suppose.given]),
            "As {f} is convex, {AB} would be a global minimum of {f}.",
            f=f,
            AB=A * B,
        )
        with p.for_all(A2, B2, words="Compare with any pair ({P}, {Q}).", P=A2, Q=B2) as any_:
            p.have(
                LessEqual(f(A * B), f(A2 * B2)),
                from_(least, A2 * B2),
                "{AB} would be no worse than the product of this pair.",
                AB=A * B,
            )
        best = p.have(
            pair_global(A, B),
            the(any_.fact),
            "So ({A}, {B}) would be a global minimum of the two-layer loss.",
            A=A,
            B=B,
        )
        p.have(
            Contradiction(),
            contradiction(best, not_best),
            "But ({A}, {B}) is not a global minimum.",
            A=A,
            B=B,
        )
    return suppose.fact


def _narrower(p: Proof, end: Any, name: str, smooth: Fact, minimum: Fact, steep: Fact) -> Fact:
    """The hidden layer is narrower than an end."""
    wide = LessEqual(end, e)
    with p.contradicting(
        Less(e, end), wide, words=f"Suppose the hidden layer were as wide as the {name}."
    ) as suppose:
        ends = p.have(
            Or(LessEqual(n, e), LessEqual(m, e)),
            either(suppose.given[0]),
            "Then the hidden layer would be as wide as one of the ends.",
        )
        flat = p.have(
            Equal(f.gradient(A * B), 0),
            result_(wide_middle, m, e, n, f, A, B, premises=[smooth, ends, minimum]),
            "By Theorem 3 the gradient at {AB} would be zero.",
            AB=A * B,
        )
        p.have(
            Contradiction(),
            contradiction(flat, steep),
            "But the gradient at {AB} is not zero.",
            AB=A * B,
        )
    return suppose.fact


def _ranks(p: Proof, smooth: Fact, minimum: Fact, steep: Fact, below: Fact, above: Fact) -> Fact:
    """Both factors have the rank of the hidden layer, by Lemma 1 at depth two."""
    narrow = narrow_at(
        p,
        1,
        p.have(LessEqual(e, n), arithmetic(below), "The hidden layer is no wider than the input."),
        p.have(LessEqual(e, e), arithmetic(), "The hidden layer is no wider than itself."),
        p.have(LessEqual(e, m), arithmetic(above), "The hidden layer is no wider than the output."),
    )
    deep = p.have(
        depth_two_minimum(pair),
        result_(two_layers, m, e, n, f, A, B, premises=[minimum]),
        "Read ({A}, {B}) as a network of depth two.",
        A=A,
        B=B,
    )
    upper = p.have(
        Equal(pair[2], A), unfolding(pair, 2), "The second layer of this network is {A}.", A=A
    )
    lower = p.have(
        Equal(pair[1], B), unfolding(pair, 1), "The first layer of this network is {B}.", B=B
    )
    product = p.have(
        Equal(pair[2:1], A * B),
        algebra(upper, lower),
        "The product of its two layers is {AB}.",
        AB=A * B,
    )
    ranks = And(RankIs(pair[2], e), RankIs(pair[1], e))
    alternatives = p.have(
        Or(Equal(f.gradient(pair[2:1]), 0), ranks),
        result_(lemma_1, table, 2, 1, f, pair, premises=[narrow, smooth, deep]),
        "Lemma 1: the gradient is zero, or both layers have the rank of the hidden layer.",
    )
    with p.cases(
        alternatives, RANKS, words="We treat the two alternatives of Lemma 1 in turn."
    ) as cases:
        with cases.case(words="Suppose the gradient were zero.") as case:
            flat = p.have(
                Equal(f.gradient(A * B), 0),
                rewriting(case.given[0], product),
                "The product is {AB}, so the gradient at {AB} would be zero.",
                AB=A * B,
            )
            false = p.have(
                Contradiction(),
                contradiction(flat, steep),
                "But the gradient at {AB} is not zero.",
                AB=A * B,
            )
            p.have(RANKS, from_contradiction(false), "So this case does not arise.")
        with cases.case(words="Suppose both layers have the rank of the hidden layer.") as case:
            second = p.have(
                RankIs(pair[2], e),
                part(case.given[0]),
                "The second layer has the rank of the hidden layer.",
            )
            first = p.have(
                RankIs(pair[1], e),
                part(case.given[0]),
                "The first layer has the rank of the hidden layer.",
            )
            p.have(
                RANKS,
                both(
                    p.have(
                        RankIs(A, e),
                        rewriting(second, upper),
                        "The second layer is {A}, so {A} has full rank.",
                        A=A,
                    ),
                    p.have(
                        RankIs(B, e),
                        rewriting(first, lower),
                        "The first layer is {B}, so {B} has full rank.",
                        B=B,
                    ),
                ),
                "Both factors have full rank.",
            )
    return cases.fact


__all__ = ["theorem_2"]
