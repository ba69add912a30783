"""The two-layer network L_2(A, B) = f(AB), as a network of depth two and on its own.

`two_layers` reads a local minimum of (A, B) ↦ f(AB) as one of a network with the widths n, e, m;
`wide_middle` is Theorem 3 for it: without a bottleneck f has gradient zero there.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Claim,
    Differentiable,
    Equal,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    Or,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    arithmetic,
    either,
    excluded_middle,
    result,
    result_,
    rewriting,
    unfolding,
)
from proofkit.symbols import Function, MatrixVariable, family, listed, natural, width_table
from proofkit.trace import prose
from theorems.setting import i
from theorems.theorem_3 import theorem_3_gradient

n, e, m = natural("n"), natural("e"), natural("m")
A, B = MatrixVariable("A", m, e), MatrixVariable("B", e, n)
f = Function("f", m, n)
table = width_table(n, e, m)
"""The widths of the two-layer network: n, e, m."""
pair = listed(B, A)
"""The two-layer network with the layers B and A."""


def pair_local(A: Any, B: Any, f: Any = f) -> Claim:
    """(A, B) is a local minimum of L_2."""
    P, Q = MatrixVariable("P", *A.shape), MatrixVariable("Q", *B.shape)
    return LocalMinimum((P, Q), f(P * Q), (A, B))


def pair_global(A: Any, B: Any, f: Any = f) -> Claim:
    """(A, B) is a global minimum of L_2."""
    P, Q = MatrixVariable("P", *A.shape), MatrixVariable("Q", *B.shape)
    return GlobalMinimum((P, Q), f(P * Q), (A, B))


def depth_two_minimum(N: Any) -> Claim:
    """N is a local minimum of the network of depth two with the widths n, e, m."""
    other = family("N", table)
    return LocalMinimum(other, f(other[2:1]), N)


def narrowest_of_three(at: int) -> Claim:
    """No layer of the two-layer network is narrower than layer ``at``."""
    ends = (LessEqual(0, i), LessEqual(i, 2))
    return ForAll(i, Implies(*ends, LessEqual(table(at), table(i))))


PAIR_MINIMUM = (
    pair_local(A, B),
    prose("({A}, {B}) is a local minimum of {L}", A=A, B=B, L=f(A * B)),
)
SMOOTH = (Differentiable(f), prose("the loss {f} of the product is differentiable", f=f))
SYMBOLS = (
    (m, prose("the width of the output")),
    (e, prose("the width of the hidden layer")),
    (n, prose("the width of the input")),
    (A, prose("the upper factor")),
    (B, prose("the lower factor")),
    (f, prose("the loss of the product, a function of {m} by {n} matrices", m=m, n=n)),
)

two_layers = result(
    "two-layers",
    "A local minimum (A, B) of f(AB) is a local minimum of a network of depth two",
    variables=(m, e, n, f, A, B),
    given=(PAIR_MINIMUM,),
    claim=depth_two_minimum(pair),
    idea=prose("Nothing is to be shown but that {B} and {A} are its two layers.", A=A, B=B),
    symbols=SYMBOLS,
)


@two_layers.route()
def by_listing(p: Proof, minimum: Fact) -> None:
    N = family("N'", table)
    compared = p.have(
        Near((N, pair), LessEqual(f(A * B), f(N[2] * N[1]))),
        along(minimum, N[2], N[1]),
        "Near the network with the layers {B} and {A} the loss is no smaller.",
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
        Equal(A * B, pair[2:1]),
        algebra(upper, lower),
        "The product of its two layers is {AB}.",
        AB=A * B,
    )
    p.have(
        depth_two_minimum(pair),
        rewriting(compared, product),
        "So its loss is what the losses of other networks are compared with.",
    )


wide_middle = result(
    "wide-middle",
    "Theorem 3 for two layers: with a wide hidden layer the gradient is zero",
    variables=(m, e, n, f, A, B),
    given=(
        SMOOTH,
        (
            Or(LessEqual(n, e), LessEqual(m, e)),
            prose("the hidden layer is as wide as the input or as the output"),
        ),
        PAIR_MINIMUM,
    ),
    claim=Equal(f.gradient(A * B), 0),
    idea=prose("Then the narrowest layer is the input or the output, and Theorem 3 applies."),
    symbols=SYMBOLS,
)


def narrow_at(p: Proof, at: int, *bounds: Fact) -> Fact:
    """That layer ``at`` is narrowest, from its width being at most each of the three."""
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, 2)],
        words="Compare layer {at} with each of the three.",
        at=at,
    ) as block:
        goal = LessEqual(table(at), table(i))
        first = p.have(
            Or(LessEqual(i, 0), Less(0, i)),
            excluded_middle(),
            "Either layer {i} is the input, or it comes after it.",
            i=i,
        )
        with p.cases(first, goal, words="Take the three layers in turn.") as cases:
            with cases.case(words="Suppose layer {i} is the input.", i=i):
                _at_layer(p, goal, bounds[0], 0)
            with cases.case(words="Suppose layer {i} is not the input.", i=i):
                second = p.have(
                    Or(LessEqual(i, 1), Less(1, i)),
                    excluded_middle(),
                    "Either layer {i} is the hidden layer, or it comes after it.",
                    i=i,
                )
                with p.cases(second, goal, words="Two layers are left.") as more:
                    with more.case(words="Suppose layer {i} is the hidden layer.", i=i):
                        _at_layer(p, goal, bounds[1], 1)
                    with more.case(words="Suppose layer {i} is the output.", i=i):
                        _at_layer(p, goal, bounds[2], 2)
    return block.fact


def _at_layer(p: Proof, goal: Claim, bound: Fact, layer: int) -> None:
    here = p.have(Equal(layer, i), arithmetic(), "This is layer {n}: {i} is {n}.", i=i, n=layer)
    p.have(
        goal,
        rewriting(bound, here),
        "The width of this layer is at least that, as was shown above.",
    )


@wide_middle.route()
def by_theorem_3(p: Proof, smooth: Fact, wide: Fact, minimum: Fact) -> None:
    deep = p.have(
        depth_two_minimum(pair),
        result_(two_layers, m, e, n, f, A, B, premises=[minimum]),
        "Read ({A}, {B}) as a network of depth two.",
        A=A,
        B=B,
    )
    ends = Or(narrowest_of_three(0), narrowest_of_three(2))
    split = p.have(Or(LessEqual(n, m), Less(m, n)), excluded_middle(), "Which end is narrower?")
    with p.cases(split, ends, words="The narrower end is narrowest of all.") as cases:
        with cases.case(words="The input is no wider than the output."):
            middle = _bounded(p, wide, n)
            itself, other = _trivial(p, n, n), _trivial(p, n, m)
            p.have(
                ends,
                either(narrow_at(p, 0, itself, middle, other)),
                "So this end is the narrowest layer of the network.",
            )
        with cases.case(words="The output is narrower than the input."):
            middle = _bounded(p, wide, m)
            itself, other = _trivial(p, m, m), _trivial(p, m, n)
            p.have(
                ends,
                either(narrow_at(p, 2, other, middle, itself)),
                "So this end is the narrowest layer of the network.",
            )
    flat = p.have(
        Equal(f.gradient(pair[2:1]), 0),
        result_(theorem_3_gradient, table, 2, f, pair, premises=[smooth, cases.fact, deep]),
        "By Theorem 3 the gradient at its product is zero.",
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
    p.have(
        wide_middle.claim,
        rewriting(flat, product),
        "The product is {AB}, so the gradient at {AB} is zero.",
        AB=A * B,
    )


def _trivial(p: Proof, a: Any, b: Any) -> Fact:
    return p.have(
        LessEqual(a, b), arithmetic(), "The comparison of these two widths is arithmetic alone."
    )


def _bounded(p: Proof, wide: Fact, end: Any) -> Fact:
    """The hidden layer is at least as wide as the narrower end."""
    with p.cases(
        wide, LessEqual(end, e), words="The hidden layer is no narrower than this end."
    ) as cases:
        with cases.case(words="The hidden layer is as wide as the input."):
            p.have(LessEqual(end, e), arithmetic(), "So it is as wide as this end.")
        with cases.case(words="The hidden layer is as wide as the output."):
            p.have(LessEqual(end, e), arithmetic(), "So it is as wide as this end.")
    return cases.fact


__all__ = ["narrow_at", "pair_global", "pair_local", "two_layers", "wide_middle"]
