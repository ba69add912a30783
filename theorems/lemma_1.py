"""Lemma 1: at a local minimum either f'(AB) = 0, or A and B both have the rank of the bottleneck.

`lost_rank` is the argument: where the upper half has lost rank, the gradient is zero.  Lemma 1
applies it to A and, read backwards, to B.  Two routes: both perturb the network unseen
(`lemma_1_perturbed`); the printed proof then turns rows out of a subspace (`lemma_1_rows`), the
short one peels layers off (`lemma_1_short`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.claims import And, Contradiction, Equal, LessEqual, NonZero, Or, RankBelow, RankIs
from proofkit.script import Fact, Proof, result, result_, rewriting
from proofkit.symbols import rank
from proofkit.trace import Source, Without, prose
from theorems import lemma_1_rows, lemma_1_short
from theorems.lemma_1_perturbed import equation_2, tilde, v_near
from theorems.lemma_1_rows import e, turned, v_far
from theorems.lemma_1_short import moved, x
from theorems.lemma_2 import BOTTLENECK, HALVES, NOTATION, A, B
from theorems.perturbation import v, w
from theorems.renumbering import (
    backwards,
    f_transposed,
    read_backwards,
    reversed_family,
    reversed_product,
)
from theorems.setting import GRADIENT, MINIMUM, SMOOTH, SYMBOLS, G, M, d, f, i, j, k

PERTURBED = (
    (tilde(v), "M̃"),
    (tilde(v_near), "M̃'"),
    (tilde(v_far), "M̃''"),
    (turned, "v̂"),
    (tilde(turned), "M̂"),
    (moved, "v̂"),
    (tilde(moved), "M̂"),
)
"""Short names for the changed networks of both routes."""

CHANGED = (
    (
        w,
        prose("directions that the factors above do not see: {e}", e=Equal(M[k : i + 1] * w[i], 0)),
    ),
    (tilde(v), prose("the perturbed network; small {v} make it a local minimum", v=v[i])),
    (tilde(v_near), prose("the same with {v}", v=v_near[i])),
    (tilde(v_far), prose("the same with {v}", v=v_far[i])),
    (turned, prose("the vectors {v}, one of them turned a little towards {e}", v=v[i], e=e)),
    (tilde(turned), prose("the network perturbed with {v}", v=turned)),
    (moved, prose("the vectors {v}, with {x} added to one of them", v=v[i], x=x)),
    (tilde(moved), prose("the network perturbed with {v}", v=moved)),
)

FULL_RANK = And(RankIs(A, d(j)), RankIs(B, d(j)))
ABOUT: Any = {
    "notation": (*NOTATION, *PERTURBED),
    "symbols": (*SYMBOLS, *HALVES, GRADIENT, *CHANGED),
}

lost_rank = result(
    "lost-rank",
    "Where the upper half has lost rank, a local minimum has gradient zero",
    variables=(d, k, j, f, M),
    given=(
        *BOTTLENECK,
        SMOOTH,
        MINIMUM,
        (RankBelow(A, d(j)), prose("{A} has lost rank", A=A)),
    ),
    claim=Equal(G, 0),
    source=Source(4, "proof of Lemma 1", "We will show that A has rank d."),
    idea=prose(
        "Each layer up to the bottleneck can be changed along a direction that the output does "
        "not see. All these networks are local minima, and Lemma 2 holds at every one of them: "
        "together they say that {G} is zero.",
        G=G,
    ),
    **ABOUT,
)

lemma_1 = result(
    "lemma-1",
    "Lemma 1: at a local minimum the gradient is zero or both factors have full rank",
    variables=(d, k, j, f, M),
    given=(*BOTTLENECK, SMOOTH, MINIMUM),
    claim=Or(Equal(G, 0), FULL_RANK),
    source=Source(
        4,
        "Lemma 1",
        "If M_1, …, M_k is a local minimum, then either f'(AB) = 0 or A, B both have rank d.",
    ),
    comparison=prose("Stronger: convexity, assumed throughout the paper, is not needed."),
    without=(
        Without(
            0,
            words=prose(
                "Not needed for a bottleneck at the input: there Theorem 3 says that {G} itself is "
                "zero. Outside the network the two halves mean nothing.",
                G=G,
            ),
            proof="theorem-3-gradient",
        ),
        Without(
            1,
            words=prose(
                "Not needed for a bottleneck at the output: there Theorem 3 says that {G} itself "
                "is zero. Outside the network the two halves mean nothing.",
                G=G,
            ),
            proof="theorem-3-gradient",
        ),
        Without(
            2,
            "E02",
            prose("Layer 1 has width 2; cut there, {A} has rank 1, and {G} is not zero.", A=A, G=G),
            where=((j, 1),),
        ),
        Without(
            3,
            "E25",
            prose(
                "At this kink of {f} there is no gradient {G}, and the halves have rank 1 only.",
                f=f,
                G=G,
            ),
        ),
        (4, "E08"),
    ),
    idea=prose(
        "If the upper factor {A} has lost rank, every layer below the bottleneck can be changed a "
        "little without changing the product, and the changed networks are local minima as well. "
        "Lemma 2 says at each of them that the gradient {G} sends the rows of the changed lower "
        "factor to zero; were {G} not zero, the changes could be chosen so that one of these rows "
        "is not sent to zero. For {B}, read the network backwards.",
        A=A,
        B=B,
        G=G,
    ),
    notation=(*NOTATION, *PERTURBED),
    symbols=(*SYMBOLS, *HALVES, GRADIENT, *CHANGED),
)


ENDS = {"paper": lemma_1_rows.gradient_is_zero, "short": lemma_1_short.gradient_is_zero}
"""How each route ends: from equation (2) to G = 0."""


def _lost(p: Proof, setting: Sequence[Fact], minimum: Fact, lost: Fact, route: str) -> None:
    """G = 0, where A has lost rank."""
    kills, two = equation_2(p, setting, minimum, lost, route)
    ENDS[route](p, kills, two)


def _prove(p: Proof, *facts: Fact, route: str) -> None:
    """Lemma 1: A has lost rank, or B has, or neither."""
    *setting, minimum = facts
    with p.for_all(
        given=[RankBelow(A, d(j))],
        words="Suppose first that {A} has lost rank, {lost}. We show {flat}.",
        A=A,
        lost=RankBelow(A, d(j)),
        flat=Equal(G, 0),
    ) as upper:
        _lost(p, setting, minimum, upper.given[0], route)
    with (
        p.beat(
            "If {B} has lost rank, read the network backwards, all layers transposed: {BT} is "
            "its upper half, and {GT} its gradient.",
            B=B,
            BT=B.T,
            GT=G.T,
        ),
        p.for_all(
            given=[RankBelow(B, d(j))],
            words="Read backwards, the network is a local minimum for {g}, narrowest at layer {n}.",
            g=f_transposed,
            n=k - j,
        ) as lower,
    ):
        _backwards(p, setting, minimum, lower.given[0], route)
    with p.beat(
        "So unless {G} is zero neither half has lost rank: both have that of the bottleneck.", G=G
    ):
        split = p.have(Or(Equal(G, 0), NonZero(G)))
        with p.cases(split, lemma_1.claim) as cases:
            with cases.case() as case:
                p.have(lemma_1.claim, using=case.given)
            with cases.case() as case:
                full_A = _full(p, A, upper.fact, case.given[0])
                full_B = _full(p, B, lower.fact, case.given[0])
                p.have(lemma_1.claim, using=[full_A, full_B])


def _full(p: Proof, X: Any, lost: Fact, nonzero: Fact) -> Fact:
    """The half X has the rank of the bottleneck, as G is not zero."""
    with p.contradicting(LessEqual(d(j), rank(X)), RankBelow(X, d(j))) as suppose:
        zero = p.have(Equal(G, 0), using=[lost, *suppose.given])
        p.have(Contradiction(), using=[zero, nonzero])
    return p.have(RankIs(X, d(j)), using=[suppose.fact])


def _backwards(p: Proof, setting: Sequence[Fact], minimum: Fact, lost: Fact, route: str) -> None:
    """G = 0, where B has lost rank: the upper half of the network read backwards."""
    *_, narrow, smooth = setting
    R = reversed_family(M)
    known_of_R, gradient = read_backwards(p, j, narrow, smooth, minimum)
    half = p.have(Equal(R[k : k - j + 1], B.T), result_(reversed_product, d, k, M, k - j + 1, k))
    lost_T = p.have(RankBelow(B.T, d(j)), using=[lost])
    upper = p.have(RankBelow(R[k : k - j + 1], d(j)), rewriting(lost_T, half, back=True))
    flat = p.have(
        Equal(f_transposed.gradient(R[k:1]), 0),
        result_(
            *(lost_rank, backwards, k, k - j, f_transposed, R),
            premises=[*known_of_R, upper],
            route=route,
        ),
        "So by the lemma above that gradient is zero.",
    )
    zero = p.have(Equal(G.T, 0), rewriting(flat, gradient))
    p.have(Equal(G, 0), using=[zero])


@lost_rank.route("paper")
def lost_rank_as_printed(p: Proof, *facts: Fact) -> None:
    *setting, minimum, lost = facts
    _lost(p, setting, minimum, lost, "paper")


@lost_rank.route("short")
def lost_rank_short(p: Proof, *facts: Fact) -> None:
    *setting, minimum, lost = facts
    _lost(p, setting, minimum, lost, "short")


@lemma_1.route("paper")
def as_printed(p: Proof, *facts: Fact) -> None:
    _prove(p, *facts, route="paper")


@lemma_1.route("short")
def short(p: Proof, *facts: Fact) -> None:
    _prove(p, *facts, route="short")


__all__ = ["lemma_1", "lost_rank"]
