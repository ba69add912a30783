"""Lemma 1: at a local minimum either f'(AB) = 0, or A and B both have the rank of the bottleneck.

Two routes.  `lemma_1_paper` follows the printed proof, its gaps closed; `lemma_1_short` needs no
subspace and no i*.  Both show that A has full rank, and read the network backwards for B.
"""

from __future__ import annotations

from collections.abc import Callable

from proofkit.claims import (
    And,
    Contradiction,
    Differentiable,
    Equal,
    LessEqual,
    NonZero,
    Or,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    both,
    certificate,
    contradiction,
    derivative,
    either,
    excluded_middle,
    from_,
    known,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import Identity, rank
from proofkit.trace import Source, Without, prose
from theorems.lemma_1_paper import full_rank_above as paper_argument
from theorems.lemma_1_rows import e, tilde, turned, v_far, v_near
from theorems.lemma_1_short import N, changed
from theorems.lemma_1_short import full_rank_above as short_argument
from theorems.lemma_2 import BOTTLENECK, HALVES, NOTATION, A, B
from theorems.perturbation import v
from theorems.renumbering import (
    backwards,
    f_transposed,
    reversed_family,
    reversed_minimum,
    reversed_product,
    transposition,
)
from theorems.setting import SYMBOLS, M, d, f, i, j, k
from theorems.theorem_3_input import GRADIENT, MINIMUM, SMOOTH, G

PERTURBED = (
    (tilde(v), "M̃"),
    (tilde(v_near), "M̃'"),
    (tilde(v_far), "M̃''"),
    (turned, "v̂"),
    (tilde(turned), "M̂"),
    (changed, "M̃'"),
)
"""Short names for the changed networks of both routes."""

CHANGED = (
    (tilde(v), prose("the perturbed network; small {v} make it a local minimum", v=v[i])),
    (tilde(v_near), prose("the same with {v}", v=v_near[i])),
    (tilde(v_far), prose("the same with {v}", v=v_far[i])),
    (turned, prose("the vectors {v}, one of them turned a little towards {e}", v=v[i], e=e)),
    (tilde(turned), prose("the network perturbed with {v}", v=turned)),
    (changed, prose("the network {N} with one layer changed", N=N)),
)

FULL_RANK = And(RankIs(A, d(j)), RankIs(B, d(j)))
NONZERO = (NonZero(G), prose("the gradient {G} is not zero", G=G))

lemma_1_above = result(
    "lemma-1-above",
    "The upper half of Lemma 1: where the gradient is not zero, A has full rank",
    variables=(d, k, j, f, M),
    given=(*BOTTLENECK, SMOOTH, MINIMUM, NONZERO),
    claim=RankIs(A, d(j)),
    source=Source(4, "proof of Lemma 1", "We will show that A has rank d."),
    idea=prose(
        "If {A} had lost rank, each layer below the bottleneck could be changed along a direction "
        "that the output does not see. All these networks are local minima, and Lemma 2 holds at "
        "every one of them: together they say that {G} is zero.",
        A=A,
        G=G,
    ),
    notation=(*NOTATION, *PERTURBED),
    symbols=(*SYMBOLS, *HALVES, GRADIENT),
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
    comparison=prose(
        "Stronger: convexity, assumed throughout the paper, is not needed; the case of "
        "one layer between the ends is included."
    ),
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
        "factor to zero; the changes turn these rows into every direction, so {G} is zero. For "
        "{B}, read the network backwards.",
        A=A,
        B=B,
        G=G,
    ),
    notation=(*NOTATION, *PERTURBED),
    symbols=(*SYMBOLS, *HALVES, GRADIENT, *CHANGED),
)


def _prove(p: Proof, facts: tuple[Fact, ...], argument: Callable[..., Fact], route: str) -> None:
    """Lemma 1 from an argument that shows that A has full rank."""
    split = p.have(
        Or(Equal(G, 0), NonZero(G)), excluded_middle(), "Either {G} is zero or it is not.", G=G
    )
    with p.cases(
        split,
        lemma_1.claim,
        words="We just need to show that both factors have full rank if {G} is not zero.",
        G=G,
    ) as cases:
        with cases.case(words="If the gradient is zero, there is nothing to show.") as case:
            p.have(
                lemma_1.claim,
                either(case.given[0]),
                "A zero gradient is the first alternative of the claim.",
            )
        with cases.case(words="Suppose the gradient is not zero.") as case:
            above = argument(p, *facts, *case.given)
            below = _below(p, facts, case.given[0], route)
            ranks = p.have(FULL_RANK, both(above, below), "Both factors have full rank.")
            p.have(
                lemma_1.claim,
                either(ranks),
                "Two full ranks are the second alternative of the claim.",
            )


def _below(p: Proof, facts: tuple[Fact, ...], nonzero: Fact, route: str) -> Fact:
    """rank B = d(j): what was shown for A, for the network read backwards."""
    *_, narrow, smooth, minimum = facts
    R, f_T = reversed_family(M), f_transposed
    turned = p.have(
        reversed_minimum(R),
        result_(transposition, d, k, f, M, premises=[minimum]),
        "For {B} read the network backwards: it is a local minimum of the loss {g}.",
        B=B,
        g=f_T,
    )
    smooth_too = p.have(
        Differentiable(f_T),
        derivative(f_T, smooth),
        "This loss is differentiable, because transposing is linear.",
    )
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, k)],
        words="Where is the network narrowest when it is read backwards?",
    ) as block:
        p.have(
            LessEqual(d(j), d(k - i)),
            from_(narrow, k - i),
            "Read backwards, layer {n} is the bottleneck.",
            n=k - j,
        )
    whole = p.have(
        Equal(R[k:1], M[k:1].T),
        result_(reversed_product, d, k, M, 1, k),
        "Read backwards, the product of the layers is the old one, transposed.",
    )
    back = p.have(Equal(R[k:1].T, M[k:1]), algebra(whole), "Transposed again, it is the old one.")
    formula = p.have(
        Equal(f_T.gradient(R[k:1]), f.gradient(R[k:1].T).T),
        derivative(f_T, smooth),
        "The gradient of {g} is that of {f}, transposed.",
        g=f_T,
        f=f,
    )
    gradient = p.have(
        Equal(f_T.gradient(R[k:1]), G.T),
        rewriting(formula, back),
        "So the gradient of the new loss at the new product is {GT}.",
        GT=G.T,
    )
    with p.contradicting(
        NonZero(f_T.gradient(R[k:1])),
        Equal(f_T.gradient(R[k:1]), 0),
        words="The new gradient is not zero, because {G} is not.",
        G=G,
    ) as suppose:
        zero_T = p.have(
            Equal(G.T, 0),
            certificate((None, suppose.given[0], None), (-Identity(d(0)), gradient, None)),
            "If the new gradient were zero, {GT} would be zero.",
            GT=G.T,
        )
        zero = p.have(Equal(G, 0), algebra(zero_T), "Then {G} would be zero as well.", G=G)
        p.have(Contradiction(), contradiction(zero, nonzero), "But {G} is not zero.", G=G)
    full = p.have(
        RankIs(R[k : k - j + 1], d(j)),
        result_(
            lemma_1_above,
            backwards,
            k,
            k - j,
            f_T,
            R,
            premises=[block.fact, smooth_too, turned, suppose.fact],
            route=route,
        ),
        "By the same argument the upper factor of this network has full rank.",
    )
    lower = p.have(
        Equal(R[k : k - j + 1], B.T),
        result_(reversed_product, d, k, M, k - j + 1, k),
        "That factor is the transpose of {B}.",
        B=B,
    )
    rank_T = p.have(RankIs(B.T, d(j)), rewriting(full, lower), "So {BT} has full rank.", BT=B.T)
    same = p.have(
        Equal(rank(B.T), rank(B)),
        known("rank of transpose", B),
        "A matrix and its transpose have the same rank.",
    )
    return p.have(RankIs(B, d(j)), arithmetic(rank_T, same), "So {B} has full rank.", B=B)


@lemma_1_above.route("paper")
def above_as_printed(p: Proof, *facts: Fact) -> None:
    paper_argument(p, *facts)


@lemma_1.route("paper")
def as_printed(p: Proof, *facts: Fact) -> None:
    _prove(p, facts, paper_argument, "paper")


@lemma_1_above.route("short")
def above_short(p: Proof, *facts: Fact) -> None:
    short_argument(p, *facts)


@lemma_1.route("short")
def short(p: Proof, *facts: Fact) -> None:
    _prove(p, facts, short_argument, "short")


__all__ = ["lemma_1", "lemma_1_above"]
