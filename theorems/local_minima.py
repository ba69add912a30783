"""Facts about local minima of a deep linear network that every later proof leans on.

`critical_layer`: a local minimum is critical in each layer, (M_k⋯M_{i+1})ᵀ G (M_{i−1}⋯M_1)ᵀ = 0.
`kept_minimum`: a small change of one layer that the product does not feel leaves a local minimum.
`no_layers`: at depth 0 there is nothing to prove.
"""

from __future__ import annotations

from proofkit.claims import Between, Differentiable, Equal, Implies, LessEqual, Near
from proofkit.script import Fact, Proof, result, result_
from proofkit.symbols import Function, MatrixVariable, Zero, family
from proofkit.trace import Source, prose
from theorems.chain_rule import chain_rule, partial, slope
from theorems.setting import (
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
    k,
    local_minimum,
    loss,
)

X = MatrixVariable("X", d(i), d(i - 1))
D = MatrixVariable("D", d(i), d(i - 1))

critical_layer = result(
    "critical-layer",
    "A local minimum is critical in every layer",
    variables=(d, k, i, f, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer of the network", i=i)),
        SMOOTH,
        MINIMUM,
    ),
    claim=Equal(slope(), 0),
    source=Source(
        3,
        "section 2, Local minimum",
        "If L is differentiable, then any local minimum of L is a critical point of L.",
    ),
    idea=prose(
        "Move only layer {i}. The others stay put, so {m} is a local minimum of a differentiable "
        "function of that one matrix, and Fermat's theorem says its gradient there is zero. The "
        "chain rule says what that gradient is.",
        i=i,
        m=M[i],
    ),
    notation=((G, "G"),),
    symbols=(
        *SYMBOLS,
        (i, prose("the layer that is moved")),
        GRADIENT,
    ),
)


@critical_layer.route()
def by_fermat(p: Proof, layer: Fact, smooth: Fact, minimum: Fact) -> None:
    Li, here = partial(), (X, M[i])
    with p.beat(
        "Change layer {i} alone: for every matrix near {m} in its place the loss is no smaller.",
        i=i,
        m=M[i],
    ):
        moved = p.have(Near(here, LessEqual(loss(M), loss(M.with_layer(i, X)))), using=[minimum])
        least = p.have(Near(here, LessEqual(loss(M), Li(X))), using=[moved])
    with p.beat("By Fermat's theorem the gradient in that layer is zero."):
        rule = result_(chain_rule, d, k, i, f, M, premises=[layer, smooth])
        smooth_i = p.have(Differentiable(Li), rule)
        still = p.have(Equal(Li.gradient(M[i]), 0), using=[least, smooth_i])
    with p.beat("The chain rule says what that gradient is: {G} between two transposes.", G=G):
        formula = p.have(Equal(slope(), Li.gradient(M[i])), rule)
        p.have(critical_layer.claim, using=[still, formula])


changed = M.with_layer(i, M[i] + D)

kept_minimum = result(
    "kept-minimum",
    "A small change that the product does not feel keeps a local minimum",
    variables=(d, k, i, f, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer of the network", i=i)),
        MINIMUM,
    ),
    claim=Near(
        (D, Zero(d(i), d(i - 1))),
        Implies(Equal(M[k : i + 1] * D * M[i - 1 : 1], 0), local_minimum(changed)),
    ),
    source=Source(
        5,
        "proof of Lemma 1",
        "If we set ‖v_i‖'s small enough so that M̃ is in a smaller "
        "neighborhood, then M̃ is a local minimum too since L_k(M̃) = L_k(M).",
    ),
    idea=prose(
        "A local minimum is the least in a whole ball. Step inside that ball to a point of equal "
        "loss: a smaller ball around it still lies in the old one, so the new point is least there "
        "too. Here the step is a small {D} added to {m}, and it costs nothing because the layers "
        "around it send it to zero.",
        D=D,
        m=M[i],
    ),
    symbols=(
        *SYMBOLS,
        (i, prose("the layer that is changed")),
        (D, prose("a small change of layer {i}", i=i)),
    ),
)


@kept_minimum.route()
def by_a_smaller_ball(p: Proof, layer: Fact, minimum: Fact) -> None:
    N, other = family("N", d), family("N'", d)
    with p.beat(
        "Around every network near {M} the loss is at least that of {M}, so also around {M} with a "
        "small {D} added to layer {i}.",
        M=M,
        D=D,
        i=i,
    ):
        ball = p.have(
            Near((N, M), Near((other, N), LessEqual(loss(M), loss(other)))), using=[minimum]
        )
        small = p.have(
            Near(
                (D, Zero(d(i), d(i - 1))), Near((other, changed), LessEqual(loss(M), loss(other)))
            ),
            using=[ball],
        )
    with p.beat(
        "If the layers around send {D} to zero, the product is what it was: what is least nearby "
        "is the loss of the changed network itself.",
        D=D,
    ):
        p.have(kept_minimum.claim, using=[small])


f_square = Function("f", d(0), d(0))
no_layers = result(
    "no-layers",
    "A network without layers is a global minimum",
    variables=(d, f_square, M),
    given=(),
    claim=global_minimum(M, 0, f_square),
    idea=prose("Its loss is constant: the product of no layers is the identity."),
    symbols=SYMBOLS[1:3],
)


@no_layers.route()
def by_constancy(p: Proof) -> None:
    with p.beat("The product of no layers is the identity, whatever network it is."):
        p.have(no_layers.claim)


__all__ = ["critical_layer", "kept_minimum", "no_layers"]
