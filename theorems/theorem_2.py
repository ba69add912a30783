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
    encode,
)
from proofkit.script import (
    Fact,
    Proof,
    Tactic,
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
        minimum = p.have(pair_local(A, B), part(spurious))
        not_best = p.have(Not(pair_global(A, B)), part(spurious))
        steep = _steep(p, convex, smooth, not_best)
    with p.beat(
        "So the hidden layer is narrower than the input: if it were as wide, the gradient would be "
        "zero by Theorem 3."
    ):
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
        full = [p.have(rank, part(ranks)) for rank in RANKS.args]
        p.have(theorem_2.claim, both(*full, below, above))


def _steep(p: Proof, convex: Fact, smooth: Fact, not_best: Fact) -> Fact:
    """The gradient at AB is not zero."""
    with p.contradicting(
        Not(FLAT), FLAT, words="Suppose the gradient at {AB} were zero.", AB=A * B
    ) as suppose:
        least = p.have(
            ForAll(X, LessEqual(f(A * B), f(X))),
            known("convex critical point", f, A * B, premises=[convex, smooth, *suppose.given]),
            "As {f} is convex, {AB} would be a global minimum of {f}.",
            f=f,
            AB=A * B,
        )
        with p.for_all(A2, B2, show=pair_global(A, B)) as best:
            p.have(LessEqual(f(A * B), f(A2 * B2)), from_(least, A2 * B2))
        p.have(
            Contradiction(),
            contradiction(best.fact, not_best),
            "Then ({A}, {B}) would be a global minimum of the two-layer loss, too, and it is not.",
            A=A,
            B=B,
        )
    return suppose.fact


def _narrower(p: Proof, end: Any, smooth: Fact, minimum: Fact, steep: Fact) -> Fact:
    """The hidden layer is narrower than an end."""
    with p.contradicting(Less(e, end), LessEqual(end, e)) as suppose:
        ends = p.have(Or(LessEqual(n, e), LessEqual(m, e)), either(suppose.given[0]))
        flat = p.have(
            FLAT,
            result_(wide_middle, m, e, n, f, A, B, premises=[smooth, ends, minimum]),
        )
        p.have(Contradiction(), contradiction(flat, steep))
    return suppose.fact


def _ranks(p: Proof, smooth: Fact, minimum: Fact, steep: Fact, below: Fact, above: Fact) -> Fact:
    """Both factors have the rank of the hidden layer, by Lemma 1 at depth two."""
    deep = p.have(
        depth_two_minimum(pair),
        result_(two_layers, m, e, n, f, A, B, premises=[minimum]),
        "Read ({A}, {B}) as a network of depth two.",
        A=A,
        B=B,
    )
    bounds = (
        p.have(LessEqual(e, n), arithmetic(below)),
        _unsaid(p, LessEqual(e, e), arithmetic()),
        p.have(LessEqual(e, m), arithmetic(above)),
    )
    alternatives = p.have(
        Or(FLAT, RANKS),
        _lemma_1_for_two(narrow_at(p, 1, *bounds), smooth, deep),
        "Lemma 1: the gradient is zero, or both layers have the rank of the hidden layer.",
    )
    with p.cases(alternatives, RANKS) as cases:
        with cases.case() as case:
            false = p.have(Contradiction(), contradiction(case.given[0], steep))
            p.have(RANKS, from_contradiction(false))
        with cases.case():
            pass
    return cases.fact


def _lemma_1_for_two(*premises: Fact) -> Tactic:
    """Lemma 1 for the layers of the pair, said of A and B."""

    def find(p: Proof, claim: Claim, goal: Any) -> Any:
        upper = _unsaid(p, Equal(pair[2], A), unfolding(pair, 2))
        lower = _unsaid(p, Equal(pair[1], B), unfolding(pair, 1))
        product = _unsaid(p, Equal(pair[2:1], A * B), algebra(upper, lower))

        def said(X: Any, Y: Any, Z: Any) -> Claim:
            return Or(Equal(f.gradient(X), 0), And(RankIs(Y, e), RankIs(Z, e)))

        lemma = result_(lemma_1, table, 2, 1, f, pair, premises=premises)
        fact = _unsaid(p, said(pair[2:1], pair[2], pair[1]), lemma)
        by = rewriting(fact, product, where=lambda X: said(X, pair[2], pair[1]))
        fact = _unsaid(p, said(A * B, pair[2], pair[1]), by)
        by = rewriting(fact, upper, where=lambda X: said(A * B, X, pair[1]))
        fact = _unsaid(p, said(A * B, A, pair[1]), by)
        return rewriting(fact, lower, where=lambda X: said(A * B, A, X)).find(p, claim, goal)

    return Tactic("result: lemma-1", premises, find)


def _unsaid(p: Proof, claim: Claim, by: Tactic) -> Fact:
    """A fact that is proved and not stated: on the page it would read “A = A”, or “e ≤ e”."""
    goal = encode(claim)
    return Fact(claim, p.ranges.restate(goal, by.find(p, claim, goal)))


__all__ = ["theorem_2"]
