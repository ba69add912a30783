"""The chain rule of section 2: ∂L_k/∂M_i = (M_k⋯M_{i+1})ᵀ f'(M_k⋯M_1) (M_{i−1}⋯M_1)ᵀ.

Derived, for abstract differentiable f and symbolic depth, layer and widths.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Between, Differentiable, Equal
from proofkit.script import Fact, Proof, result
from proofkit.symbols import FunctionOf, MatrixVariable
from proofkit.trace import Source, Without, prose
from theorems.setting import SYMBOLS, M, d, f, i, k

X = MatrixVariable("X", d(i), d(i - 1))


def partial(at: Any = i, N: Any = M) -> FunctionOf:
    """L_k as a function of layer ``at`` alone: X ↦ f(N_k⋯N_{at+1} X N_{at−1}⋯N_1)."""
    Y = MatrixVariable("X", d(at), d(at - 1))
    return FunctionOf(Y, f(N[k : at + 1] * Y * N[at - 1 : 1]))


def slope(at: Any = i, N: Any = M) -> Any:
    """(N_k⋯N_{at+1})ᵀ f'(N_k⋯N_1) (N_{at−1}⋯N_1)ᵀ."""
    return N[k : at + 1].T * f.gradient(N[k:1]) * N[at - 1 : 1].T


Li = partial()
with_X = M.with_layer(i, X)

chain_rule = result(
    "chain-rule",
    "The chain rule: the gradient of the loss in one layer",
    variables=(d, k, i, f, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer of the network", i=i)),
        (Differentiable(f), prose("the loss {f} of the product is differentiable", f=f)),
    ),
    claim=And(Differentiable(Li), Equal(Li.gradient(M[i]), slope())),
    source=Source(
        3,
        "section 2, Derivative and Local minimum",
        "∂L_k/∂M_i = (M_k⋯M_{i+1})ᵀ f'(M_k⋯M_1) (M_{i−1}⋯M_1)ᵀ",
    ),
    comparison=prose(
        "Faithful, and derived where the paper quotes it: for every depth, layer and "
        "width; that the loss is differentiable in the layer is part of the statement."
    ),
    without=(
        (0, "Below layer 1 and above the last one the products around the layer mean nothing."),
        Without(1, "E25", prose("At a kink there is no gradient of {f} to speak of.", f=f)),
    ),
    idea=prose(
        "Freeze every layer but {m}: the loss becomes {f} of a linear function of that one "
        "matrix. Nudge it, and the product moves by {above} times the nudge times {below}. "
        "Reading the resulting change of {f} as an inner product with the nudge moves the two "
        "outer factors, transposed, to the other side, and that is the gradient.",
        m=M[i],
        f=f,
        above=M[k : i + 1],
        below=M[i - 1 : 1],
    ),
    notation=((f.gradient(M[k:1]), "G"),),
    symbols=(
        *SYMBOLS,
        (f.gradient(M[k:1]), prose("the gradient of {f} at the product of all layers", f=f)),
    ),
)


@chain_rule.route()
def by_differentials(p: Proof, layer: Fact, smooth: Fact) -> None:
    above, below = M[k : i + 1], M[i - 1 : 1]
    with p.beat("With the other layers frozen, {L} is {f} after a linear map.", L=Li, f=f):
        outer = p.have(Differentiable(Li), using=[smooth])
    with p.beat(
        "Add a small change to {m}: the product changes by it, between {above} and {below}. The "
        "adjoint of this map puts a matrix between the two transposes.",
        m=M[i],
        above=above,
        below=below,
    ):
        raw = p.have(
            Equal(Li.gradient(M[i]), above.T * f.gradient(above * M[i] * below) * below.T),
            using=[smooth],
        )
    with p.beat("The three pieces together are the product of all layers: that is the chain rule."):
        p.have(chain_rule.claim, using=[outer, raw])
