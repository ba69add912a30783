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
    LessEqual,
    LocalMinimum,
    Or,
)
from proofkit.script import Fact, Proof, from_, result, result_
from proofkit.symbols import MatrixVariable, family, natural, norm_squared
from proofkit.trace import Remark, Source, Without, prose
from theorems.bottleneck import HIDDEN, critical_global, flat_or_full
from theorems.correspondence import two_layer_minimum
from theorems.lemma_1 import FULL_RANK
from theorems.narrowest_layer import exists_up_to, narrowest_layer
from theorems.setting import SYMBOLS, M, d, j, k
from theorems.squared_loss import squared, squared_loss
from theorems.squared_loss_minima import full_rank_minimum

n = natural("n")
X, Y = MatrixVariable("X", d(0), n), MatrixVariable("Y", d(k), n)
N = family("N", d)
A, B = M[k : j + 1], M[j:1]
f = squared(X, Y)


def loss(network: Any) -> Any:
    """‖M_k⋯M_1 X − Y‖²."""
    return norm_squared(network[k:1] * X - Y)


GLOBAL = ForAll(N, LessEqual(loss(M), loss(N)))

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
        (LessEqual(1, k), "the network has at least one layer"),
        (LocalMinimum(N, loss(N), M), "the factors are a local minimum of the squared loss"),
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
                "Not needed for {k0}: there the loss is constant.",
                k0=Equal(k, 0),
            ),
            proof="no-layers",
        ),
        (1, "E10"),
    ),
    idea=(
        "Cut the network at its narrowest layer {j}. If that is the input or the output, Theorem 3 "
        "is enough. Otherwise either the gradient is zero, or both halves have full rank; then "
        "they are a local minimum of the two-layer loss, and for the squared loss we can see why "
        "such a minimum is global: its upper half spans the best directions there are."
    ),
    parts=("squared-loss-two-layers",),
    notation=((A, "A"), (B, "B")),
    symbols=(
        *SYMBOLS[:3],
        (X, "the inputs, one column for each of {n} data points"),
        (Y, "the targets, one column for each data point"),
    ),
)


@corollary_1.route()
def by_the_bottleneck(p: Proof, depth: Fact, local: Fact) -> None:
    about = (d(k), d(0), n, X, Y)
    with p.beat("The squared loss is differentiable, and it is convex."):
        p.have(Differentiable(f), result_(squared_loss, *about))
        p.have(Convex(f), result_(squared_loss, *about))
    with p.beat(
        "Cut the network at its narrowest layer {j}: the gradient is zero, or layer {j} is "
        "hidden and both halves have full rank."
    ):
        layer = p.have(exists_up_to(k), using=[narrowest_layer])
        p.obtain(layer, j, words="Some layer {j} is no wider than any other.")
        alternatives = p.have(
            Or(Equal(f.gradient(M[k:1]), 0), And(HIDDEN, FULL_RANK)),
            "This is Theorem 3 where layer {j} is an end, and Lemma 1 where it is hidden.",
            using=[flat_or_full],
        )
    with p.cases(alternatives, GLOBAL, "Either way it is global.", remarks=[SPURIOUS]) as cases:
        with (
            cases.case("Suppose the gradient is zero."),
            p.beat("As the loss is convex, no network is better."),
        ):
            p.have(GLOBAL, result_(critical_global, d, k, f, M))
        with cases.case("Suppose both halves have full rank."):
            P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))
            two_layers = (P, Q), norm_squared(P * Q * X - Y), (A, B)
            with p.beat("Then ({A}, {B}) is a local minimum of the two-layer loss."):
                p.have(LocalMinimum(*two_layers), result_(two_layer_minimum, d, k, j, f, M))
            with p.beat(
                "For the squared loss every local minimum of two layers with full rank is global.",
                remarks=[CITED],
            ):
                best = p.have(
                    GlobalMinimum(*two_layers),
                    result_(full_rank_minimum, d(k), d(j), d(0), n, X, Y, A, B),
                )
            with (
                p.beat("Cut any other network {N} at layer {j}, too: its halves do no better."),
                p.for_all(N, show=GLOBAL),
            ):
                p.have(LessEqual(loss(M), loss(N)), from_(best, N[k : j + 1], N[j:1]))


__all__ = ["corollary_1", "loss"]
