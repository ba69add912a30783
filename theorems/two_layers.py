"""The two-layer network L_2(A, B) = f(AB), as a network of depth two and on its own.

`two_layers` reads a local minimum of (A, B) ↦ f(AB) as one of a network with the widths n, e, m;
`wide_middle` is Theorem 3 for it: without a bottleneck f has gradient zero there.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
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
    excluded_middle,
    from_,
    result,
    result_,
    rewriting,
    unfolding,
)
from proofkit.symbols import Function, MatrixVariable, family, listed, natural, width_table
from proofkit.trace import prose
from theorems.bottleneck import hidden_or_wide, narrowest_end
from theorems.narrowest_layer import narrowest_layer
from theorems.setting import i, j, narrowest
from theorems.theorem_3 import theorem_3_gradient

n, e, m = natural("n"), natural("e"), natural("m")
A, B = MatrixVariable("A", m, e), MatrixVariable("B", e, n)
P, Q = MatrixVariable("A'", m, e), MatrixVariable("B'", e, n)
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


PAIR_MINIMUM = (
    pair_local(A, B),
    prose("({A}, {B}) is a local minimum of {L}", A=A, B=B, L=f(A * B)),
)
SMOOTH = (Differentiable(f), prose("the loss {f} of the product is differentiable", f=f))
CONVEX = (Convex(f), prose("the loss {f} of the product is convex", f=f))
WIDE = (
    Or(LessEqual(n, e), LessEqual(m, e)),
    prose("the hidden layer is as wide as the input or as the output"),
)
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
    idea="Nothing is to be shown but that {B} is its first layer and {A} its second.",
    symbols=SYMBOLS,
)


@two_layers.route()
def by_listing(p: Proof, minimum: Fact) -> None:
    N = family("N'", table)
    with p.beat(
        "Read {B} as the first layer and {A} as the second: near that network the loss {L} is no "
        "smaller.",
        L=f(A * B),
    ):
        upper = p.have(Equal(pair[2], A))
        lower = p.have(Equal(pair[1], B))
        product = p.have(Equal(A * B, pair[2:1]), using=[upper, lower])
        compared = p.have(
            Near((N, pair), LessEqual(f(A * B), f(N[2] * N[1]))), along(minimum, N[2], N[1])
        )
        p.have(depth_two_minimum(pair), rewriting(compared, product))


wide_middle = result(
    "wide-middle",
    "Theorem 3 for two layers: with a wide hidden layer the gradient is zero",
    variables=(m, e, n, f, A, B),
    given=(SMOOTH, WIDE, PAIR_MINIMUM),
    claim=Equal(f.gradient(A * B), 0),
    idea="Then the narrowest layer is the input or the output, and Theorem 3 applies.",
    symbols=SYMBOLS,
)


def narrow_at(p: Proof, at: int, *bounds: Fact) -> Fact:
    """That layer ``at`` is narrowest, from its width being at most each of the three."""
    with p.for_all(i, given=[LessEqual(0, i), LessEqual(i, 2)]) as block:
        _narrow_from(p, 0, LessEqual(table(at), table(i)), bounds)
    return block.fact


def _narrow_from(p: Proof, layer: int, goal: Claim, bounds: tuple[Fact, ...]) -> None:
    """The goal, about a layer i that is ``layer`` or comes after it."""
    split = p.have(Or(LessEqual(i, layer), Less(layer, i)), excluded_middle())
    with p.cases(split, goal) as cases:
        with cases.case():
            here = p.have(Equal(layer, i), arithmetic())
            p.have(goal, rewriting(bounds[layer], here))
        with cases.case():
            if layer == 1:
                here = p.have(Equal(2, i), arithmetic())
                p.have(goal, rewriting(bounds[2], here))
            else:
                _narrow_from(p, layer + 1, goal, bounds)


@wide_middle.route()
def by_theorem_3(p: Proof, smooth: Fact, wide: Fact, minimum: Fact) -> None:
    with p.beat("Read ({A}, {B}) as a network of depth two: it is a local minimum of that, too."):
        p.have(depth_two_minimum(pair), result_(two_layers, m, e, n, f, A, B))
        upper = p.have(Equal(pair[2], A))
        lower = p.have(Equal(pair[1], B), unfolding(pair, 1))
        product = p.have(Equal(pair[2:1], A * B), algebra(upper, lower))
    with p.beat(
        "Its narrowest layer is one of its ends, or as wide as an end: so an end is narrowest."
    ):
        layer = Exists(j, And(LessEqual(0, j), LessEqual(j, 2), narrowest(j, 2, table)))
        p.obtain(p.have(layer, using=[narrowest_layer]), j)
        places = p.have(
            Or(*_wide(j).args, And(Less(0, j), Less(j, 2))), result_(hidden_or_wide, table, 2, j)
        )
        with p.cases(places, _wide(j)) as cases:
            for _ in "input", "output":
                with cases.case() as case:
                    p.have(_wide(j), using=case.given)
            with cases.case():
                p.have(_wide(j), using=[wide])
        p.have(
            Or(narrowest(0, 2, table), narrowest(2, 2, table)), result_(narrowest_end, table, 2, j)
        )
    with p.beat("By Theorem 3 the gradient at {AB} is zero.", AB=A * B):
        flat = p.have(
            Equal(f.gradient(pair[2:1]), 0), result_(theorem_3_gradient, table, 2, f, pair)
        )
        p.have(wide_middle.claim, rewriting(flat, product))


def _wide(at: Any) -> Or:
    return Or(LessEqual(n, table(at)), LessEqual(m, table(at)))


critical_pair = result(
    "critical-pair",
    "Where the gradient is zero and f is convex, two layers are a global minimum",
    variables=(m, e, n, f, A, B),
    given=(
        CONVEX,
        SMOOTH,
        (Equal(f.gradient(A * B), 0), prose("the gradient is zero at {AB}", AB=A * B)),
    ),
    claim=pair_global(A, B),
    idea=prose("No matrix is better than {AB}, products of two layers included.", AB=A * B),
    symbols=SYMBOLS,
)


@critical_pair.route()
def by_convexity(p: Proof, convex: Fact, smooth: Fact, flat: Fact) -> None:
    X = MatrixVariable("X", m, n)
    with p.beat(
        "As {f} is convex, no matrix is better than {AB}, so no other product is.", AB=A * B
    ):
        least = p.have(ForAll(X, LessEqual(f(A * B), f(X))))
        with p.for_all(P, Q, show=pair_global(A, B)):
            p.have(LessEqual(f(A * B), f(P * Q)), from_(least, P * Q))


wide_pair = result(
    "wide-pair",
    "With a wide hidden layer every local minimum of two layers is global",
    variables=(m, e, n, f, A, B),
    given=(CONVEX, SMOOTH, WIDE, PAIR_MINIMUM),
    claim=pair_global(A, B),
    idea="Theorem 3 says that the gradient is zero, and {f} is convex.",
    symbols=SYMBOLS,
)


@wide_pair.route()
def by_theorem_3_and_convexity(
    p: Proof, convex: Fact, smooth: Fact, wide: Fact, minimum: Fact
) -> None:
    with p.beat("By Theorem 3 the gradient at {AB} is zero.", AB=A * B):
        p.have(Equal(f.gradient(A * B), 0), result_(wide_middle, m, e, n, f, A, B))
    with p.beat("As {f} is convex, ({A}, {B}) is a global minimum."):
        p.have(wide_pair.claim, result_(critical_pair, m, e, n, f, A, B))


__all__ = [
    "critical_pair",
    "narrow_at",
    "pair_global",
    "pair_local",
    "two_layers",
    "wide_middle",
    "wide_pair",
]
