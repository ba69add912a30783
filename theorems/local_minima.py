"""Facts about local minima of a deep linear network that every later proof leans on.

`critical_layer`: a local minimum is critical in each layer, (M_k⋯M_{i+1})ᵀ G (M_{i−1}⋯M_1)ᵀ = 0.
`kept_minimum`: a small change of one layer that the product does not feel leaves a local minimum.
`no_layers`: at depth 0 there is nothing to prove.
"""

from __future__ import annotations

from proofkit.claims import Between, Differentiable, Equal, Implies, LessEqual, Near
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    around,
    known,
    real_arithmetic,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import Function, MatrixVariable, Zero, family
from proofkit.trace import Source, prose
from theorems.chain_rule import chain_rule, partial, slope
from theorems.setting import SYMBOLS, M, d, f, global_minimum, i, k, local_minimum, loss

X = MatrixVariable("X", d(i), d(i - 1))
D = MatrixVariable("D", d(i), d(i - 1))
G = f.gradient(M[k:1])

critical_layer = result(
    "critical-layer",
    "A local minimum is critical in every layer",
    variables=(d, k, i, f, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer of the network", i=i)),
        (Differentiable(f), prose("the loss {f} of the product is differentiable", f=f)),
        (local_minimum(M), prose("the factors are a local minimum of the loss")),
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
        (G, prose("the gradient of {f} at the product of all layers", f=f)),
    ),
)


@critical_layer.route()
def by_fermat(p: Proof, layer: Fact, smooth: Fact, minimum: Fact) -> None:
    Li = partial()
    moved = M.with_layer(i, X)
    one_layer = p.have(
        Near((X, M[i]), LessEqual(loss(M), loss(moved))),
        along(minimum, moved),
        "Change layer {i} alone: with a matrix {X} near {m} in its place the network is near the "
        "old one, and its loss is no smaller.",
        i=i,
        X=X,
        m=M[i],
    )
    with p.near((X, M[i]), using=[one_layer], words="Take such an {X}.", X=X) as near:
        there = p.have(
            Equal(moved[k:1], M[k : i + 1] * X * M[i - 1 : 1]),
            algebra(),
            "The product is {X} between the layers above and the layers below, which stay.",
            X=X,
        )
        p.have(
            LessEqual(loss(M), f(M[k : i + 1] * X * M[i - 1 : 1])),
            rewriting(near.given[0], there),
            "So this is what the loss is compared with.",
        )
    still = p.have(
        Equal(Li.gradient(M[i]), 0),
        known(
            "fermat",
            Li,
            M[i],
            premises=[
                p.have(
                    Differentiable(Li),
                    result_(chain_rule, d, k, i, f, M, premises=[layer, smooth]),
                    "As a function of layer {i} alone the loss is differentiable.",
                    i=i,
                ),
                near.fact,
            ],
        ),
        "By Fermat's theorem its gradient at {m} is zero.",
        m=M[i],
    )
    formula = p.have(
        Equal(slope(), Li.gradient(M[i])),
        result_(chain_rule, d, k, i, f, M, premises=[layer, smooth]),
        "By the chain rule that gradient is the gradient {G} of {f} between two transposes.",
        G=G,
        f=f,
    )
    p.have(critical_layer.claim, algebra(formula, still), "Both together: the product is zero.")


changed = M.with_layer(i, M[i] + D)

kept_minimum = result(
    "kept-minimum",
    "A small change that the product does not feel keeps a local minimum",
    variables=(d, k, i, f, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer of the network", i=i)),
        (local_minimum(M), prose("the factors are a local minimum of the loss")),
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
    ball = p.have(
        Near((N, M), Near((other, N), LessEqual(loss(M), loss(other)))),
        around(minimum),
        "Around every network {N} near {M} the loss is at least that of {M}.",
        N=N,
        M=M,
    )
    step = p.have(
        Near((D, Zero(d(i), d(i - 1))), Near((other, changed), LessEqual(loss(M), loss(other)))),
        along(ball, changed),
        "In particular around {M} with a small {D} added to layer {i}.",
        M=M,
        D=D,
        i=i,
    )
    with (
        p.near(
            (D, Zero(d(i), d(i - 1))), using=[step], words="Take such a small {D}.", D=D
        ) as near,
        p.for_all(
            given=[Equal(M[k : i + 1] * D * M[i - 1 : 1], 0)],
            words="Suppose the layers around it send it to zero.",
        ) as block,
    ):
        same = p.have(
            Equal(M[k:1], changed[k:1]),
            algebra(block.given[0]),
            "Then the product is what it was.",
        )
        p.have(
            local_minimum(changed),
            rewriting(near.given[0], same),
            "So the value that is least nearby is the value at the changed network itself.",
        )


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
    N = family("N", d)
    with p.for_all(N, show=no_layers.claim, words="Compare with any network {N}.", N=N):
        p.have(
            LessEqual(loss(M, 0, f_square), loss(N, 0, f_square)),
            real_arithmetic(),
            "Both losses are that of the identity.",
        )


__all__ = ["critical_layer", "kept_minimum", "no_layers"]
