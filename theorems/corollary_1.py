"""Corollary 1: for the squared loss a deep linear network has no spurious local minima.

L(M_1, …, M_k) = ‖M_k⋯M_1 X − Y‖² for any data X and Y, any depth and any widths.  The paper takes
the two-layer case from Zhou and Liang (2018); here it is proved, in `squared_loss_minima`.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Convex,
    Differentiable,
    Equal,
    ForAll,
    GlobalMinimum,
    Less,
    LessEqual,
    LocalMinimum,
    Or,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    arithmetic,
    either,
    excluded_middle,
    from_,
    known,
    part,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import MatrixVariable, family, natural, norm_squared
from proofkit.trace import Remark, Source, Without, prose
from theorems.correspondence import two_layer_minimum
from theorems.lemma_1 import lemma_1
from theorems.narrowest_layer import exists_up_to, narrowest_layer
from theorems.setting import SYMBOLS, M, d, i, j, k, narrowest
from theorems.squared_loss import squared, squared_loss
from theorems.squared_loss_minima import full_rank_minimum
from theorems.theorem_3 import theorem_3

n = natural("n")
X, Y = MatrixVariable("X", d(0), n), MatrixVariable("Y", d(k), n)
W = MatrixVariable("W", d(k), d(0))
N = family("N", d)
A, B = M[k : j + 1], M[j:1]
f = squared(X, Y)


def loss(network: Any) -> Any:
    """‖M_k⋯M_1 X − Y‖²."""
    return norm_squared(network[k:1] * X - Y)


GLOBAL = ForAll(N, LessEqual(loss(M), loss(N)))
BEST = ForAll(W, LessEqual(f(M[k:1]), f(W)))

CITED = Remark(
    "two-layer-case-proved",
    "Corollary 1 immediately follows from Theorem 1 and Theorem 2(1) in (Zhou & Liang, 2018).",
    prose(
        "The two-layer case is not taken from elsewhere: it is proved, with Ky Fan's principle, "
        "for any {X} and {Y}.",
        X=X,
        Y=Y,
    ),
    source=Source(5, "proof of Corollary 1"),
)

SPURIOUS = Remark(
    "no-spurious-minima",
    "it leads to the first unconditional proof that there is no local minima in deep linear "
    "networks.",
    prose(
        "There is no spurious one, that is, none that is not global. A global minimum is a local "
        "minimum as well, and as a rule there are some."
    ),
    example="E16",
    source=Source(1, "introduction"),
)

corollary_1 = result(
    "corollary-1",
    "Corollary 1: no spurious local minima with squared loss",
    variables=(d, k, n, X, Y, M),
    given=(
        (LessEqual(1, k), prose("the network has at least one layer")),
        (
            LocalMinimum(N, loss(N), M),
            prose("the factors are a local minimum of the squared loss"),
        ),
    ),
    claim=GlobalMinimum(N, loss(N), M),
    source=Source(
        2,
        "Corollary 1",
        "For any X ∈ R^{d_0×n}, Y ∈ R^{d_k×n}, let L(M_1, …, M_k) = ‖M_k⋯M_1X − Y‖². Then L has no "
        "spurious local minima.",
    ),
    comparison=prose(
        "Faithful, with nothing cited: the paper takes the two-layer case from Zhou and "
        "Liang (2018)."
    ),
    without=(
        Without(
            0,
            words=prose(
                "Not needed for {k0}: there the loss is constant. For a negative depth "
                "nothing means anything.",
                k0=Equal(k, 0),
            ),
            proof="no-layers",
        ),
        (1, "E10"),
    ),
    idea=prose(
        "Cut the network at its narrowest layer {j}. If that is the input or the output, Theorem 3 "
        "is enough. Otherwise either the gradient is zero, or both halves have full rank; then "
        "they are a local minimum of the two-layer loss, and for the squared loss we can see why "
        "such a minimum is global: its upper half spans the best directions there are.",
        j=j,
    ),
    parts=("squared-loss-two-layers",),
    notation=((A, "A"), (B, "B")),
    symbols=(
        *SYMBOLS[:3],
        (X, prose("the inputs, one column for each of {n} data points", n=n)),
        (Y, prose("the targets, one column for each data point")),
    ),
)


@corollary_1.route()
def by_the_bottleneck(p: Proof, depth: Fact, local: Fact) -> None:
    about = (d(k), d(0), n, X, Y)
    smooth = p.have(
        Differentiable(f), result_(squared_loss, *about), "The squared loss is differentiable."
    )
    bowl = p.have(Convex(f), result_(squared_loss, *about), "The squared loss is convex.")
    layer = p.have(
        exists_up_to(k),
        result_(narrowest_layer, d, k, premises=[depth]),
        "One of the layers of the network is narrowest.",
    )
    _, _, narrow = p.obtain(layer, j, words="Call the narrowest layer {j}.", j=j)
    at_input = p.have(
        Or(LessEqual(j, 0), Less(0, j)),
        excluded_middle(),
        "Either layer {j} is the input, or it comes after it.",
        j=j,
    )
    with p.cases(
        at_input,
        GLOBAL,
        words="We go through the places where the network can be narrowest.",
        remarks=[SPURIOUS],
    ) as cases:
        with cases.case(words="Suppose the input is narrowest."):
            _no_bottleneck(p, 0, narrow, depth, bowl, smooth, local)
        with cases.case(words="Suppose the input is wider than layer {j}.", j=j) as inner:
            at_output = p.have(
                Or(LessEqual(k, j), Less(j, k)),
                excluded_middle(),
                "Either layer {j} is the output, or it comes before it.",
                j=j,
            )
            with p.cases(
                at_output, GLOBAL, words="We go through the two places that are left."
            ) as more:
                with more.case(words="Suppose the output is narrowest."):
                    _no_bottleneck(p, k, narrow, depth, bowl, smooth, local)
                with more.case(words="Suppose layer {j} is a hidden layer.", j=j) as outer:
                    bottleneck = [*inner.given, *outer.given, narrow]
                    _hidden_bottleneck(p, bottleneck, bowl, smooth, local)


def _no_bottleneck(
    p: Proof, end: Any, narrow: Fact, depth: Fact, bowl: Fact, smooth: Fact, local: Fact
) -> None:
    same = p.have(Equal(j, end), arithmetic(), "Layer {j} is layer {end}.", j=j, end=end)
    with p.for_all(
        i, given=[LessEqual(0, i), LessEqual(i, k)], words="Let {i} be a layer.", i=i
    ) as block:
        wide = p.have(
            LessEqual(d(j), d(i)),
            from_(narrow, i, premises=[*block.given]),
            "Layer {i} is no narrower than layer {j}, the narrowest.",
            i=i,
            j=j,
        )
        p.have(
            LessEqual(d(end), d(i)),
            rewriting(wide, same),
            "Layer {j} is layer {end}, so layer {i} is no narrower than layer {end}.",
            i=i,
            j=j,
            end=end,
        )
    ends = p.have(
        Or(narrowest(0), narrowest(k)),
        either(block.fact),
        "So the network is narrowest at one of its ends.",
    )
    best = p.have(
        BEST,
        result_(theorem_3, d, k, f, M, premises=[depth, bowl, smooth, ends, local]),
        "By Theorem 3 the product of the network is the best of all matrices.",
    )
    _best_of_all(p, best)


def _best_of_all(p: Proof, best: Fact) -> None:
    with p.for_all(N, words="Take any other network {N}.", N=N):
        p.have(
            LessEqual(loss(M), loss(N)),
            from_(best, N[k:1]),
            "The product of {N} is one of these matrices, so {N} does no better.",
            N=N,
        )


def _hidden_bottleneck(
    p: Proof, bottleneck: list[Fact], bowl: Fact, smooth: Fact, local: Fact
) -> None:
    flat_or_full = p.have(
        Or(Equal(f.gradient(M[k:1]), 0), And(RankIs(A, d(j)), RankIs(B, d(j)))),
        result_(lemma_1, d, k, j, f, M, premises=[*bottleneck, smooth, local]),
        "By Lemma 1 the gradient is zero or both halves have full rank.",
    )
    with p.cases(
        flat_or_full, GLOBAL, words="We treat the two alternatives of Lemma 1 in turn."
    ) as cases:
        with cases.case(words="Suppose the gradient is zero.") as flat:
            best = p.have(
                BEST,
                known("convex critical point", f, M[k:1], premises=[bowl, smooth, *flat.given]),
                "The loss is convex, so the product is the best of all matrices.",
            )
            _best_of_all(p, best)
        with cases.case(words="Suppose both halves have full rank.") as full:
            _full_rank(p, bottleneck, full.given[0], local)


def _full_rank(p: Proof, bottleneck: list[Fact], full: Fact, local: Fact) -> None:
    full_a = p.have(RankIs(A, d(j)), part(full), "The upper half has full rank.")
    full_b = p.have(RankIs(B, d(j)), part(full), "The lower half has full rank.")
    P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))
    pair = p.have(
        LocalMinimum((P, Q), norm_squared(P * Q * X - Y), (A, B)),
        result_(
            two_layer_minimum,
            d,
            k,
            j,
            f,
            M,
            premises=[*bottleneck[:2], full_a, full_b, local],
        ),
        "At full ranks ({A}, {B}) is a local minimum of the two-layer loss.",
        A=A,
        B=B,
    )
    best = p.have(
        GlobalMinimum((P, Q), norm_squared(P * Q * X - Y), (A, B)),
        result_(full_rank_minimum, d(k), d(j), d(0), n, X, Y, A, B, premises=[pair, full_a]),
        "For the squared loss every local minimum of two layers is global.",
        remarks=[CITED],
    )
    with p.for_all(N, words="Take any other network {N}.", N=N):
        p.have(
            LessEqual(loss(M), loss(N)),
            from_(best, N[k : j + 1], N[j:1]),
            "Cut it at layer {j}, too: its halves do no better than those of {M}.",
            j=j,
            M=M,
        )


__all__ = ["corollary_1", "loss"]
