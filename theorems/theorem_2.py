"""Theorem 2: at a spurious local minimum (A, B) of f(AB) both factors have full rank.

And the hidden layer is narrower than both the input and the output.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
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
    Tactic,
    algebra,
    arithmetic,
    result,
    result_,
    rewriting,
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
from theorems.unsaid import unsaid

P, Q = MatrixVariable("P", m, e), MatrixVariable("Q", e, n)
X = MatrixVariable("X", m, n)
FLAT = Equal(f.gradient(A * B), 0)
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
    with p.beat(
        "The gradient at {AB} is not zero: otherwise {AB} would be best of all, as {f} is convex.",
        AB=A * B,
        f=f,
    ):
        steep = _steep(p, convex, smooth, spurious)
    with p.beat(
        "So the hidden layer is narrower than the input: if it were as wide, the gradient would be "
        "zero by Theorem 3."
    ):
        minimum = p.have(pair_local(A, B), using=[spurious])
        below = _narrower(p, n, smooth, minimum, steep)
    with p.beat("For the same reason the hidden layer is narrower than the output."):
        above = _narrower(p, m, smooth, minimum, steep)
    with p.beat(
        "The hidden layer is a bottleneck, and the gradient is not zero: by Lemma 1 both factors "
        "have its rank."
    ):
        ranks = _ranks(p, smooth, minimum, steep, below, above)
    with p.beat(
        "Both factors have full rank, and the hidden layer is narrower than both ends.",
        remarks=[TWO_LAYERS_ONLY],
    ):
        p.have(theorem_2.claim, using=[ranks, below, above])


def _steep(p: Proof, convex: Fact, smooth: Fact, spurious: Fact) -> Fact:
    """The gradient at AB is not zero."""
    with p.contradicting(
        Not(FLAT), FLAT, words="Suppose the gradient at {AB} were zero.", AB=A * B
    ) as suppose:
        least = p.have(
            ForAll(X, LessEqual(f(A * B), f(X))),
            "As {f} is convex, {AB} would be a global minimum of {f}.",
            using=[convex, smooth, *suppose.given],
            f=f,
            AB=A * B,
        )
        best = p.have(pair_global(A, B), using=[least])
        p.have(
            Contradiction(),
            "Then ({A}, {B}) would be a global minimum of the two-layer loss, too, and it is not.",
            using=[best, spurious],
            A=A,
            B=B,
        )
    return suppose.fact


def _narrower(p: Proof, end: Any, smooth: Fact, minimum: Fact, steep: Fact) -> Fact:
    """The hidden layer is narrower than an end."""
    with p.contradicting(Less(e, end), LessEqual(end, e)) as suppose:
        flat = p.have(FLAT, using=[smooth, minimum, *suppose.given, wide_middle])
        p.have(Contradiction(), using=[flat, steep])
    return suppose.fact


def _ranks(p: Proof, smooth: Fact, minimum: Fact, steep: Fact, below: Fact, above: Fact) -> Fact:
    """Both factors have the rank of the hidden layer, by Lemma 1 at depth two."""
    deep = p.have(
        depth_two_minimum(pair),
        "Read ({A}, {B}) as a network of depth two.",
        using=[minimum, two_layers],
        A=A,
        B=B,
    )
    bounds = (
        p.have(LessEqual(e, n), using=[below]),
        unsaid(p, LessEqual(e, e), arithmetic()),
        p.have(LessEqual(e, m), using=[above]),
    )
    alternatives = p.have(
        Or(FLAT, RANKS),
        _lemma_1_for_two(narrow_at(p, 1, *bounds), smooth, deep),
        "Lemma 1: the gradient is zero, or both layers have the rank of the hidden layer.",
    )
    with p.cases(alternatives, RANKS) as cases:
        with cases.case() as case:
            p.have(RANKS, using=[*case.given, steep])
        with cases.case():
            pass
    return cases.fact


def _lemma_1_for_two(*premises: Fact) -> Tactic:
    """Lemma 1 for the layers of the pair, said of A and B."""

    def find(record: Proof, claim: Claim, goal: Any) -> Any:
        upper = unsaid(record, Equal(pair[2], A), unfolding(pair, 2))
        lower = unsaid(record, Equal(pair[1], B), unfolding(pair, 1))
        product = unsaid(record, Equal(pair[2:1], A * B), algebra(upper, lower))

        def said(X: Any, Y: Any, Z: Any) -> Claim:
            return Or(Equal(f.gradient(X), 0), And(RankIs(Y, e), RankIs(Z, e)))

        lemma = result_(lemma_1, table, 2, 1, f, pair, premises=premises)
        fact = unsaid(record, said(pair[2:1], pair[2], pair[1]), lemma)
        by = rewriting(fact, product, where=lambda X: said(X, pair[2], pair[1]))
        fact = unsaid(record, said(A * B, pair[2], pair[1]), by)
        by = rewriting(fact, upper, where=lambda X: said(A * B, X, pair[1]))
        fact = unsaid(record, said(A * B, A, pair[1]), by)
        return rewriting(fact, lower, where=lambda X: said(A * B, A, X)).find(record, claim, goal)

    return Tactic("result: lemma-1", premises, find)


__all__ = ["theorem_2"]
