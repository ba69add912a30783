"""Theorem 1: the deep network has no spurious local minima iff the two-layer network has none."""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Between, Convex, Equal, Exists, ForAll, Implies, LessEqual, Or
from proofkit.script import Fact, Proof, from_, result, result_, rewriting
from proofkit.symbols import MatrixVariable, family
from proofkit.trace import Remark, Source, Without, prose
from theorems.bottleneck import HIDDEN, WIDE, critical_global, flat_or_full, hidden_or_wide
from theorems.correspondence import deep_minimum, two_layer_minimum
from theorems.factorisation import factorisation
from theorems.setting import (
    DEPTH,
    SMOOTH,
    SYMBOLS,
    M,
    d,
    f,
    global_minimum,
    j,
    k,
    local_minimum,
    loss,
    narrowest,
)
from theorems.two_layers import pair_global, pair_local, wide_pair

A, B = MatrixVariable("A", d(k), d(j)), MatrixVariable("B", d(j), d(0))
P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))
N = family("M'", d)

DEEP = ForAll(M, Implies(local_minimum(M), global_minimum(M)))
"""L_k has no spurious local minima."""
TWO = ForAll(A, B, Implies(pair_local(A, B, f), pair_global(A, B, f)))
"""L_2 has no spurious local minima."""
CONVEX = (Convex(f), prose("the loss {f} of the product is convex", f=f))

INFIMA = Remark(
    "infima",
    "If A, B is a spurious local minimum of L_2, then clearly M_1, …, M_k is a spurious local "
    "minimum of L_k.",
    prose(
        "That it is not a global minimum needs an argument: a better pair must come from a better "
        "deep network. It does, because every pair ({A}, {B}) factors through the layers.",
        A=P,
        B=Q,
    ),
    source=Source(4, "proof of Theorem 1"),
)

theorem_1 = result(
    "theorem-1",
    "Theorem 1: depth creates no more spurious local minima",
    variables=(d, k, j, f),
    given=(
        DEPTH,
        (Between(0, j, k), "{j} is a layer of the network"),
        (narrowest(j), "no layer is narrower than layer {j}"),
        CONVEX,
        SMOOTH,
    ),
    claim=And(Implies(DEEP, TWO), Implies(TWO, DEEP)),
    source=Source(
        1, "Theorem 1", "L_k has no spurious local minima iff L_2 has no spurious local minima."
    ),
    comparison=prose(
        "Stronger: depth one is included. That each local minimum of one network gives one of the "
        "other is shown, too, for {f} convex or its gradient not zero.",
        f=f,
    ),
    without=(
        Without(
            0,
            words=prose(
                "Not needed for {k0}: there the deep network has none because its loss is "
                "constant, and the other by Theorem 3.",
                k0=Equal(k, 0),
            ),
            proof="no-layers",
        ),
        (
            1,
            "Outside the network a width may be anything, even 0. A two-layer network of width 0 "
            "is constant and has no spurious minimum; example E01 is one of a deeper network.",
        ),
        (
            2,
            "At a wider layer the two-layer network can do more: with width 2 in the middle "
            "it has no spurious minimum, by Theorem 3, while example E02 is one.",
        ),
        (
            3,
            "The one-layer network with the loss f of example E26 has no spurious minimum, because "
            "every local minimum of f is a global one. The two-layer network of width 2 has one, "
            "E26. The map from deep minima to pairs fails as well: E31.",
        ),
        (
            4,
            "The one-layer network with the loss f of example E25 has no spurious minimum, because "
            "f is convex. The two-layer network of width 2 has one, E25.",
        ),
    ),
    idea=(
        "Between the two networks stands the bottleneck. A local minimum of the two-layer network "
        "factors through the layers into one of the deep network. A local minimum of the deep "
        "network has, by Lemma 1, either gradient zero, and then it is global, or two halves of "
        "full rank, and then they are a local minimum of the two-layer network."
    ),
    parts=("factorisation", "deep-minimum", "two-layer-minimum"),
    notation=(
        (DEEP, "L_k has no spurious local minima"),
        (TWO, "L_2 has no spurious local minima"),
    ),
    symbols=(
        *SYMBOLS,
        (j, "the bottleneck: no layer is narrower"),
        (A, "the upper factor of the two-layer network"),
        (B, "the lower factor of the two-layer network"),
        (DEEP, "each of its local minima is global"),
        (TWO, "likewise"),
    ),
)


@theorem_1.route()
def through_the_bottleneck(
    p: Proof, depth: Fact, layer: Fact, narrow: Fact, convex: Fact, smooth: Fact
) -> None:
    with (
        p.for_all(given=[DEEP], words="Suppose the deep network has no spurious minima.") as down,
        p.for_all(
            A,
            B,
            given=[pair_local(A, B, f)],
            words="Let ({A}, {B}) be a local minimum of the two-layer network.",
        ) as pair,
    ):
        _pair(p, *down.given, *pair.given)
    with (
        p.for_all(given=[TWO], words="Suppose the two-layer network has no spurious minima.") as up,
        p.for_all(
            M, given=[local_minimum(M)], words="Let {M} be a local minimum of the deep network."
        ),
    ):
        _deep(p, *up.given)
    p.have(theorem_1.claim, using=[down.fact, up.fact])


def _pair(p: Proof, deep: Fact, local: Fact) -> None:
    """A local minimum (A, B) is global, if those of the deep network are."""
    goal = pair_global(A, B, f)
    with p.beat(
        "By Theorem 3, ({A}, {B}) is global if layer {j} is as wide as an end; else the layer is "
        "hidden."
    ):
        places = p.have(Or(WIDE, HIDDEN), result_(hidden_or_wide, d, k, j))
        with p.cases(places, Or(goal, HIDDEN)) as ends:
            for _ in WIDE.args:
                with ends.case() as case:
                    p.have(WIDE, using=case.given)
                    wide = p.have(goal, result_(wide_pair, d(k), d(j), d(0), f, A, B))
                    p.have(Or(goal, HIDDEN), using=[wide])
            with ends.case() as case:
                p.have(Or(goal, HIDDEN), using=case.given)
    with p.cases(ends.fact, goal, "A hidden layer remains to be treated.") as cases:
        with cases.case():
            pass  # that is the claim itself
        with cases.case("Suppose layer {j} is hidden."):
            with p.beat("Then ({A}, {B}) factors through the layers of some network {M}."):
                upper, lower = _factored(p, M, A, B)
            with p.beat(
                "Products are continuous, so {M} is a local minimum of the deep network, and hence "
                "a global one."
            ):
                half = p.have(pair_local(M[k : j + 1], B, f), rewriting(local, upper, back=True))
                p.have(pair_local(M[k : j + 1], M[j:1], f), rewriting(half, lower, back=True))
                p.have(
                    local_minimum(M),
                    result_(deep_minimum, d, k, j, f, M),
                    "A small change of {M} is a small change of its halves {A} and {B}.",
                )
                best = p.have(global_minimum(M), using=[deep])
            with (
                p.beat(
                    "Every other pair is made of layers, too, so it is no better.", remarks=[INFIMA]
                ),
                p.for_all(P, Q, show=goal, words="Compare with any pair ({P}, {Q})."),
            ):
                product = p.have(Equal(M[k:1], A * B), using=[upper, lower])
                upper, lower = _factored(p, N, P, Q)
                other = p.have(Equal(N[k:1], P * Q), using=[upper, lower])
                deeper = p.have(
                    LessEqual(loss(M), loss(N)),
                    "{M} is no worse than {N}, and their products are those of the pairs.",
                    using=[best],
                )
                left = p.have(LessEqual(f(A * B), loss(N)), rewriting(deeper, product))
                p.have(LessEqual(f(A * B), f(P * Q)), using=[left, other])


def _factored(p: Proof, N: Any, A: Any, B: Any) -> tuple[Fact, Fact]:
    """A deep network with the halves A and B."""
    claim = Exists(N, And(Equal(N[k : j + 1], A), Equal(N[j:1], B)))
    exists = p.have(
        claim,
        result_(factorisation, d, k, j, A, B),
        "No layer is narrower than the bottleneck, so ({A}, {B}) factors through the layers.",
    )
    upper, lower = p.obtain(exists, N, words="Take such a network {N}.")
    return upper, lower


def _deep(p: Proof, two: Fact) -> None:
    """A local minimum M of the deep network is global, if those of two layers are."""
    upper, lower = M[k : j + 1], M[j:1]
    with p.beat(
        "By Theorem 3 and Lemma 1 the gradient is zero, or layer {j} is hidden and both halves of "
        "{M} have full rank."
    ):
        alternatives = p.have(flat_or_full.claim, result_(flat_or_full, d, k, j, f, M))
    with p.cases(alternatives, global_minimum(M), "Either way {M} is a global minimum.") as cases:
        with (
            cases.case("Suppose the gradient is zero."),
            p.beat("As {f} is convex, no network is better than {M}."),
        ):
            p.have(global_minimum(M), result_(critical_global, d, k, f, M))
        with cases.case("Suppose both halves have full rank."):
            with p.beat(
                "The two halves are a local minimum of two layers, and hence a global one."
            ):
                p.have(
                    pair_local(upper, lower, f),
                    result_(two_layer_minimum, d, k, j, f, M),
                    "Every small change of the halves is one of the outermost layers.",
                )
                best = p.have(pair_global(upper, lower, f), using=[two])
            with (
                p.beat("So no halves are better, and no network {N} is better than {M}."),
                p.for_all(N, show=global_minimum(M)),
            ):
                p.have(LessEqual(loss(M), loss(N)), from_(best, N[k : j + 1], N[j:1]))


__all__ = ["DEEP", "TWO", "theorem_1"]
