"""Networks read in another order: from output to input (transposed), or from a later layer on.

`reversed_product` and `shifted_product` say what their products are; `transposition` that a local
minimum of L_k, read backwards, is a local minimum for the loss X ↦ f(Xᵀ).
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Differentiable,
    Equal,
    ForAll,
    Implies,
    LessEqual,
    LocalMinimum,
    Near,
)
from proofkit.script import Fact, Proof, result, result_, rewriting
from proofkit.symbols import FunctionOf, MatrixVariable, Tabulated, WidthOf, family, index
from proofkit.trace import Source, prose
from theorems.setting import MINIMUM, SMOOTH, SYMBOLS, G, M, d, f, i, j, k, loss

at, lo = index("l"), index("l0")
X = MatrixVariable("X", d(0), d(k))

backwards = WidthOf(i, d(k - i))
"""The widths read from the output to the input."""
f_transposed = FunctionOf(X, f(X.T))
"""The loss of a network read backwards: X ↦ f(Xᵀ)."""


def reversed_family(N: Any) -> Tabulated:
    """The factors of N, transposed and read from the output to the input."""
    return Tabulated(at, N[k + 1 - at].T)


def shifted_family(N: Any, by: Any = j) -> Tabulated:
    """The factors of N above layer ``by``, numbered from 1."""
    return Tabulated(at, N[at + by])


def reversed_minimum(N: Any, f: Any = f_transposed) -> Claim:
    """The family N of reversed widths is a local minimum for X ↦ f(Xᵀ)."""
    other = family("N", lambda at: (d(k - at), d(k - at + 1)))
    return LocalMinimum(other, f(other[k:1]), N)


R, S = reversed_family(M), shifted_family(M)

reversed_product = result(
    "reversed-product",
    "The product of a network read backwards",
    variables=(d, k, M, lo, i),
    given=((LessEqual(lo, i + 1), prose("the layers from {lo} to {i}", lo=lo, i=i)),),
    claim=Equal(R[i:lo], M[k + 1 - lo : k + 1 - i].T),
    idea=prose("The transpose of a product is the product of the transposes in reverse order."),
    symbols=(*SYMBOLS, (R, prose("the network read backwards"))),
)

shifted_product = result(
    "shifted-product",
    "The product of the layers above a given one",
    variables=(d, j, M, lo, i),
    given=((LessEqual(lo, i + 1), prose("the layers from {lo} to {i}", lo=lo, i=i)),),
    claim=Equal(S[i:lo], M[i + j : lo + j]),
    idea=prose("Only the numbers of the layers change."),
    symbols=(*SYMBOLS, (S, prose("the layers above layer {j}, numbered from 1", j=j))),
)


def _by_induction(p: Proof, claim: Any) -> None:
    with p.beat("By induction over the upper end, one factor more on each side."):
        with p.induction(i, lo - 1, claim(i)) as climb:
            with climb.base():
                p.have(claim(lo - 1))
            with climb.step() as step:
                p.have(claim(i + 1), using=step.given)
        p.have(claim(i), using=[climb.fact])


@reversed_product.route()
def reversed_by_induction(p: Proof, bound: Fact) -> None:
    _by_induction(p, lambda hi: Equal(R[hi:lo], M[k + 1 - lo : k + 1 - hi].T))


@shifted_product.route()
def shifted_by_induction(p: Proof, bound: Fact) -> None:
    _by_induction(p, lambda hi: Equal(S[hi:lo], M[hi + j : lo + j]))


transposition = result(
    "transposition",
    "A local minimum read backwards is a local minimum",
    variables=(d, k, f, M),
    given=(
        (LessEqual(0, k), prose("the depth is a natural number")),
        MINIMUM,
    ),
    claim=reversed_minimum(R),
    source=Source(4, "proof of Lemma 1", "For B, we can apply the same argument to g(X) = f(X^T)."),
    idea=prose(
        "Transposing every factor and reading the network from output to input transposes the "
        "product. Nothing else changes, neither the loss nor which networks are near."
    ),
    symbols=(*SYMBOLS, (R, prose("the network read backwards"))),
)


@transposition.route()
def by_reading_backwards(p: Proof, depth: Fact, minimum: Fact) -> None:
    N = family("N'", lambda at: (d(k - at), d(k - at + 1)))
    back = reversed_family(N)
    with p.beat("A network near the reversed one is, read backwards again, near {M}.", M=M):
        near = p.have(Near((N, R), LessEqual(loss(M), loss(back))), using=[minimum])
    with (
        p.beat("Both products are transposed, so the same losses are compared."),
        p.near((N, R), using=[near]) as nearby,
    ):
        there = p.have(Equal(back[k:1], N[k:1].T), result_(reversed_product, backwards, k, N, 1, k))
        product = p.have(Equal(R[k:1], M[k:1].T), result_(reversed_product, d, k, M, 1, k))
        here = p.have(Equal(M[k:1], R[k:1].T), using=[product])
        compared = p.have(LessEqual(loss(M), f(N[k:1].T)), using=[*nearby.given, there])
        p.have(LessEqual(f(R[k:1].T), f(N[k:1].T)), using=[compared, here])


reversed_gradient = result(
    "reversed-gradient",
    "The gradient of a network read backwards is the old one, transposed",
    variables=(d, k, f, M),
    given=((LessEqual(0, k), prose("the depth is a natural number")), SMOOTH),
    claim=And(Differentiable(f_transposed), Equal(f_transposed.gradient(R[k:1]), G.T)),
    idea=prose(
        "Transposing is linear and keeps inner products, so it takes the gradient along with it."
    ),
    symbols=(*SYMBOLS, (R, prose("the network read backwards"))),
)


@reversed_gradient.route()
def by_transposing(p: Proof, depth: Fact, smooth: Fact) -> None:
    f_T = f_transposed
    with p.beat("The gradient of {g} is that of {f} at the transpose, transposed.", g=f_T, f=f):
        smooth_T = p.have(Differentiable(f_T), using=[smooth])
        formula = p.have(Equal(f_T.gradient(R[k:1]), f.gradient(R[k:1].T).T), using=[smooth])
    with p.beat("Read backwards and transposed, the product is the old one."):
        product = p.have(Equal(R[k:1], M[k:1].T), result_(reversed_product, d, k, M, 1, k))
        back = p.have(Equal(R[k:1].T, M[k:1]), using=[product])
        gradient = p.have(Equal(f_T.gradient(R[k:1]), G.T), rewriting(formula, back))
        p.have(reversed_gradient.claim, using=[smooth_T, gradient])


def read_backwards(
    p: Proof, at: Any, narrow: Fact, smooth: Fact, minimum: Fact
) -> tuple[tuple[Fact, Fact, Fact], Fact]:
    """What is known of M, of M read backwards: narrowest at k − at, smooth, a local minimum.

    And that the gradient there is Gᵀ.
    """
    ends = LessEqual(0, i), LessEqual(i, k)
    narrow_R = p.have(ForAll(i, Implies(*ends, LessEqual(d(at), d(k - i)))), using=[narrow])
    smooth_R = p.have(Differentiable(f_transposed), using=[smooth])
    turned = p.have(reversed_minimum(R), using=[minimum, transposition])
    gradient = p.have(Equal(f_transposed.gradient(R[k:1]), G.T), using=[smooth, reversed_gradient])
    return (narrow_R, smooth_R, turned), gradient
