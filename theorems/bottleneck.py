"""Local minima of a network cut at a narrowest layer, wherever that layer is.

`flat_or_full`: the gradient is zero, or the layer is hidden and both halves have full rank.  That
is Theorem 3 where the layer is an end of the network, and Lemma 1 where it is not.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Between, Convex, Equal, ForAll, Less, LessEqual, Or
from proofkit.script import Fact, Proof, arithmetic, either, result, result_
from proofkit.symbols import MatrixVariable, family
from proofkit.trace import prose
from theorems.lemma_1 import FULL_RANK, lemma_1
from theorems.lemma_2 import HALVES, NOTATION
from theorems.setting import (
    DEPTH,
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    global_minimum,
    i,
    j,
    k,
    loss,
    narrowest,
)
from theorems.theorem_3 import theorem_3_gradient

N = family("M'", d)
X = MatrixVariable("X", d(k), d(0))
ENDS = Or(narrowest(0), narrowest(k))
HIDDEN = And(Less(0, j), Less(j, k))
LAYER = (Between(0, j, k), prose("{j} is a layer of the network", j=j))
NARROW = (narrowest(j), prose("no layer is narrower than layer {j}", j=j))
FLAT = (Equal(G, 0), prose("the gradient {G} is zero", G=G))


WIDE = Or(LessEqual(d(0), d(j)), LessEqual(d(k), d(j)))
"""Layer j is at least as wide as the input or as the output."""


hidden_or_wide = result(
    "hidden-or-wide",
    "A layer is as wide as an end, or it is hidden",
    variables=(d, k, j),
    given=(LAYER,),
    claim=Or(WIDE, HIDDEN),
    idea="A layer that is not hidden is an end itself.",
)


@hidden_or_wide.route()
def by_place(p: Proof, layer: Fact) -> None:
    goal = hidden_or_wide.claim
    with p.beat("Layer {j} is the input, the output, or between them."):
        split = p.have(Or(LessEqual(j, 0), Less(0, j)))
        with p.cases(split, goal) as cases:
            with cases.case():
                _an_end(p, 0)
            with cases.case():
                split = p.have(Or(LessEqual(k, j), Less(j, k)))
                with p.cases(split, goal) as more:
                    with more.case():
                        _an_end(p, k)
                    with more.case():
                        p.have(goal, either(p.have(HIDDEN, arithmetic())))


def _an_end(p: Proof, end: Any) -> None:
    here = p.have(Equal(end, j))
    same = p.have(LessEqual(d(end), d(end)))
    wide = p.have(LessEqual(d(end), d(j)), using=[same, here])
    p.have(hidden_or_wide.claim, using=[wide])


narrowest_end = result(
    "narrowest-end",
    "If an end is no wider than the narrowest layer, it is narrowest itself",
    variables=(d, k, j),
    given=(NARROW, (WIDE, "layer {j} is as wide as the input or as the output")),
    claim=ENDS,
    idea="Nothing is narrower than layer {j}, hence nothing is narrower than that end.",
)


@narrowest_end.route()
def by_comparing(p: Proof, narrow: Fact, wide: Fact) -> None:
    with (
        p.beat("Nothing is narrower than layer {j}, so nothing is narrower than that end."),
        p.cases(wide, ENDS) as cases,
    ):
        for end in (0, k):
            with cases.case() as case:
                with p.for_all(i, given=[LessEqual(0, i), LessEqual(i, k)]) as each:
                    least = p.have(LessEqual(d(j), d(i)), using=[narrow])
                    p.have(LessEqual(d(end), d(i)), using=[least, *case.given])
                p.have(ENDS, using=[each.fact])


flat_or_full = result(
    "flat-or-full",
    "At a local minimum the gradient is zero, or both halves have full rank",
    variables=(d, k, j, f, M),
    given=(DEPTH, LAYER, NARROW, SMOOTH, MINIMUM),
    claim=Or(Equal(G, 0), And(HIDDEN, FULL_RANK)),
    idea="Where the layer is hidden this is Lemma 1; where it is an end, Theorem 3.",
    notation=NOTATION,
    symbols=(*SYMBOLS, *HALVES, GRADIENT),
)


@flat_or_full.route()
def by_theorem_3_and_lemma_1(
    p: Proof, depth: Fact, layer: Fact, narrow: Fact, smooth: Fact, minimum: Fact
) -> None:
    goal = flat_or_full.claim
    with p.beat("Layer {j} is as wide as an end of the network, or it is hidden."):
        places = p.have(hidden_or_wide.claim, using=[hidden_or_wide])
    with (
        p.beat("Theorem 3 is for the one case, and Lemma 1 for the other."),
        p.cases(places, goal, "We treat the input, the output and a hidden layer.") as cases,
    ):
        for end in ("input", "output"):
            with cases.case(f"Suppose layer {{j}} is as wide as the {end}.") as case:
                p.have(WIDE, using=case.given)
                p.have(ENDS, result_(narrowest_end, d, k, j))
                flat = p.have(
                    Equal(G, 0),
                    "Then that end is narrowest, and by Theorem 3 the gradient is zero.",
                    using=[theorem_3_gradient],
                )
                p.have(goal, using=[flat])
        with cases.case("Suppose layer {j} is hidden.") as hidden:
            alternatives = p.have(
                lemma_1.claim,
                result_(lemma_1, d, k, j, f, M),
                "By Lemma 1 the gradient is zero, or both halves have full rank.",
            )
            with p.cases(alternatives, goal) as either_:
                with either_.case() as flat_:
                    p.have(goal, using=flat_.given)
                with either_.case() as full:
                    both_ = p.have(goal.args[1], using=[*hidden.given, *full.given])
                    p.have(goal, using=[both_])


critical_global = result(
    "critical-global",
    "Where the gradient is zero and f is convex, the network is a global minimum",
    variables=(d, k, f, M),
    given=((Convex(f), "the loss {f} of the product is convex"), SMOOTH, FLAT),
    claim=global_minimum(M),
    idea="The product is the best of all matrices, those that networks reach included.",
    notation=NOTATION[:1],
    symbols=SYMBOLS,
)


@critical_global.route()
def by_convexity(p: Proof, convex: Fact, smooth: Fact, flat: Fact) -> None:
    with p.beat("As {f} is convex, no matrix is better than the product of {M}, so no network is."):
        least = p.have(ForAll(X, LessEqual(loss(M), f(X))))
        with p.for_all(N, show=global_minimum(M)):
            p.have(LessEqual(loss(M), loss(N)), using=[least])


__all__ = ["ENDS", "HIDDEN", "critical_global", "flat_or_full", "hidden_or_wide", "narrowest_end"]
