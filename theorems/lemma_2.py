"""Lemma 2: at a local minimum the two-layer loss L_2(A, B) = f(AB) is critical in A and in B.

Two routes.  The paper's freezes one half of the network; the other half has its narrowest layer at
an end, so Theorem 3 applies to it.  The short one peels the layers off criticality
(`lemma_2_above`): nothing is frozen, and Theorem 3 is not needed.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Differentiable,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    Or,
)
from proofkit.script import Fact, Proof, result, result_, rewriting
from proofkit.symbols import FunctionOf, MatrixVariable, Tabulated, WidthOf, family, replaced
from proofkit.trace import Remark, Source, Without, prose
from theorems.lemma_2_above import lemma_2_above
from theorems.renumbering import (
    at,
    backwards,
    f_transposed,
    read_backwards,
    reversed_family,
    reversed_product,
    shifted_family,
    shifted_product,
)
from theorems.setting import (
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    i,
    j,
    k,
    loss,
    narrowest,
)
from theorems.theorem_3 import theorem_3_gradient
from theorems.unsaid import unsaid

A, B = M[k : j + 1], M[j:1]
BOTTLENECK = (
    (Less(0, j), prose("layer {j} is not the input", j=j)),
    (Less(j, k), prose("layer {j} is not the output", j=j)),
    (narrowest(j), prose("no layer is narrower than layer {j}: it is the bottleneck", j=j)),
)
HALVES = (
    (j, prose("the bottleneck: no layer is narrower")),
    (A, prose("the product of the layers above the bottleneck")),
    (B, prose("the product of the layers up to the bottleneck")),
)
NOTATION = ((G, "G"), (A, "A"), (B, "B"))
moved_above = family("N'", lambda at: (d(at + j), d(at + j - 1)))
moved_below = family("N'", d)
glued_above = replaced(M, j + 1, k, at, moved_above[at - j])
glued_below = replaced(M, 1, j, at, moved_below[at])
CHANGED = (
    (glued_above, prose("the network with the layers {N} above the bottleneck", N=moved_above)),
    (glued_below, prose("the network with the layers {N} up to the bottleneck", N=moved_below)),
)

upwards = WidthOf(i, d(i + j))
"""The widths of the layers from the bottleneck on."""
f_above = FunctionOf(MatrixVariable("X", d(k), d(j)), f(MatrixVariable("X", d(k), d(j)) * B))
"""The loss with the lower half frozen: X ↦ f(XB)."""
f_below = FunctionOf(MatrixVariable("X", d(j), d(0)), f(A * MatrixVariable("X", d(j), d(0))))
"""The loss with the upper half frozen: X ↦ f(AX)."""

GBT = G * B.T

lemma_2 = result(
    "lemma-2",
    "Lemma 2: a local minimum of the deep network is critical for the two-layer one",
    variables=(d, k, j, f, M),
    given=(*BOTTLENECK, SMOOTH, MINIMUM),
    claim=And(Equal(G * B.T, 0), Equal(A.T * G, 0)),
    source=Source(
        4,
        "Lemma 2",
        "If M_1, …, M_k is a local minimum of L_k, then ∂L_2/∂A(A, B) = 0, ∂L_2/∂B(A, B) = 0.",
    ),
    comparison=prose("Stronger: convexity, assumed throughout the paper, is not needed."),
    without=(
        Without(
            0,
            words=prose(
                "Not needed for a bottleneck at the input: there Theorem 3 says that {G} itself is "
                "zero. Outside the network the two halves mean nothing.",
                G=G,
            ),
            proof="theorem-3-gradient",
        ),
        Without(
            1,
            words=prose(
                "Not needed for a bottleneck at the output: there Theorem 3 says that {G} itself "
                "is zero. Outside the network the two halves mean nothing.",
                G=G,
            ),
            proof="theorem-3-gradient",
        ),
        Without(
            2,
            "E02",
            prose(
                "Layer 1 is not the narrowest; cut there, {GBT} is {G}, which is not zero.",
                GBT=GBT,
                G=G,
            ),
            where=((j, 1),),
        ),
        Without(3, "E25", prose("At a kink of {f} there is no gradient {G}.", f=f, G=G)),
        (
            4,
            "For f(W) = ‖W − I‖² the network M₁ = (1 0), M₂ = 0, M₃ = 0 of widths 2, 1, 1, 2 is "
            "critical in every layer, but not a local minimum, and G·Bᵀ is not zero.",
        ),
    ),
    idea=prose(
        "Freeze the lower half of the network at its product {B}. What is left is a network from "
        "the bottleneck to the output with the loss {f}, and its narrowest layer is its input: "
        "Theorem 3 says that this loss has gradient zero at {A}. The other half is the same.",
        A=A,
        B=B,
        f=f_above,
    ),
    notation=(*NOTATION, (glued_above, "M̂"), (glued_below, "M̄")),
    symbols=(*SYMBOLS, *HALVES, GRADIENT, *CHANGED),
)

ONE_LAYER = Remark(
    "theorem-3-with-one-layer",
    "We apply Theorem 3 to M_{j+1}, …, M_k, although L_k was defined for k ≥ 2.",
    prose(
        "For {e} the upper half is a single layer. Theorem 3 is needed, and holds, for one layer.",
        e=Equal(j, k - 1),
    ),
    example="E02",
    source=Source(4, "proof of Lemma 2"),
)
BY_THE_GRADIENT = Remark(
    "global-minimum-not-needed",
    "We apply Theorem 3 to get that A is a global minimum of g_B, hence ∂L_2/∂A(A, B) = 0.",
    prose(
        "That A is a global minimum needs {f} convex. The gradient is zero without it: that is "
        "what the proof of Theorem 3 shows first.",
        f=f,
    ),
    source=Source(4, "proof of Lemma 2"),
)


@lemma_2.route("paper")
def as_printed(
    p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact
) -> None:
    above = _upper_half(p, narrow, smooth, minimum)
    below = _lower_half(p, narrow, smooth, minimum)
    with p.beat("So the two-layer loss is critical in both factors."):
        p.have(lemma_2.claim, using=[above, below])


@lemma_2.route("short")
def short(p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact) -> None:
    with p.beat("Peel the layers above the bottleneck off criticality: {GBT} is left.", GBT=GBT):
        above = p.have(Equal(GBT, 0), using=[narrow, smooth, minimum, lemma_2_above])
    below = _peeled_below(p, narrow, smooth, minimum)
    with p.beat("So the two-layer loss is critical in both factors."):
        p.have(lemma_2.claim, using=[above, below])


def _peeled_below(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """Aᵀ G = 0: what was shown for the layers above, for the network read backwards."""
    R, f_T = reversed_family(M), f_transposed
    with p.beat(
        "Read the network backwards, all layers transposed: {GT} is the gradient, and the layers "
        "up to the bottleneck multiply to {AT}.",
        GT=G.T,
        AT=A.T,
    ):
        known_of_R, gradient = read_backwards(p, j, narrow, smooth, minimum)
        lower = p.have(Equal(R[k - j : 1], A.T), result_(reversed_product, d, k, M, 1, k - j))
        mirrored = p.have(
            Equal(f_T.gradient(R[k:1]) * R[k - j : 1].T, 0),
            result_(lemma_2_above, backwards, k, k - j, f_T, R, premises=known_of_R),
            "What was peeled off there are the layers below the bottleneck.",
        )
        half = p.have(Equal(G.T * R[k - j : 1].T, 0), rewriting(mirrored, gradient))
        return p.have(Equal(A.T * G, 0), using=[half, lower])


def _upper_half(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """G Bᵀ = 0, from Theorem 3 for X ↦ f(XB) and the layers above the bottleneck."""
    S, depth = shifted_family(M), k - j
    with p.beat(
        "Freeze the lower half at {B}: the upper half is then a local minimum of {f}.",
        B=B,
        f=f_above,
    ):
        here, still = _upper_minimum(p, minimum)
    with p.beat(
        "No layer of this half is narrower than the bottleneck, its input: by Theorem 3 that loss "
        "has gradient zero at {A}.",
        A=A,
    ):
        smooth_half = p.have(Differentiable(f_above), using=[smooth])
        ends = p.have(Or(_within(d(j), j), _within(d(k), j)), using=[narrow])
        flat = p.have(
            Equal(f_above.gradient(S[depth:1]), 0),
            result_(
                *(theorem_3_gradient, upwards, depth, f_above, S),
                premises=[smooth_half, ends, still],
            ),
            "Number the layers of this half from 1, and apply Theorem 3.",
            remarks=[ONE_LAYER, BY_THE_GRADIENT],
        )
    with p.beat("By the chain rule that gradient is {GBT}.", GBT=GBT):
        formula = p.have(
            Equal(f_above.gradient(S[depth:1]), f.gradient(S[depth:1] * B) * B.T), using=[smooth]
        )
        at_product = p.have(
            Equal(f_above.gradient(S[depth:1]), GBT), rewriting(formula, here, back=True)
        )
        return p.have(Equal(GBT, 0), rewriting(flat, at_product))


def _within(least: Any, start: Any) -> ForAll:
    """No layer from ``start`` to the output is narrower than this, numbered from there."""
    ends = LessEqual(0, i), LessEqual(i, k - start)
    return ForAll(i, Implies(*ends, LessEqual(least, d(i + start))))


def _upper_minimum(p: Proof, minimum: Fact) -> tuple[Fact, Fact]:
    """That M_k⋯M_1 is the upper half times B, and that the upper half is a local minimum."""
    S, N, glued, depth = shifted_family(M), moved_above, glued_above, k - j
    other = family("N", lambda at: (d(at + j), d(at + j - 1)))
    unmoved = unsaid(p, Equal(S[depth:1], A), result_(shifted_product, d, j, M, 1, depth))
    here = p.have(Equal(M[k:1], S[depth:1] * B), using=[unmoved])
    half = p.have(
        Near((N, S), LessEqual(loss(M), loss(glued))),
        "Move the layers above the bottleneck alone: the loss is no smaller nearby.",
        using=[minimum],
    )
    with p.near((N, S), using=[half], show=LocalMinimum(other, f_above(other[depth:1]), S)) as near:
        moved = unsaid(
            p,
            Equal(Tabulated(at, N[at - j])[k : j + 1], N[depth:1]),
            result_(shifted_product, upwards, -j, N, j + 1, k),
        )
        there = p.have(Equal(glued[k:1], N[depth:1] * B), using=[moved])
        compared = p.have(LessEqual(loss(M), f(N[depth:1] * B)), rewriting(near.given[0], there))
        p.have(LessEqual(f(S[depth:1] * B), f(N[depth:1] * B)), rewriting(compared, here))
    return here, near.fact


def _lower_half(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """Aᵀ G = 0, from Theorem 3 for X ↦ f(AX) and the layers up to the bottleneck."""
    N, other = moved_below, family("N", d)
    with p.beat(
        "Now freeze the upper half at {A}: the lower half is a local minimum of {f}.",
        A=A,
        f=f_below,
    ):
        half = p.have(
            Near((N, M), LessEqual(loss(M), loss(glued_below))),
            "Move the layers up to the bottleneck alone: the loss is no smaller nearby.",
            using=[minimum],
        )
        still = p.have(LocalMinimum(other, f_below(other[j:1]), M), using=[half])
    with p.beat(
        "The bottleneck is its output, and again by Theorem 3 that loss has gradient zero at {B}.",
        B=B,
    ):
        smooth_half = p.have(Differentiable(f_below), using=[smooth])
        ends = LessEqual(0, i), LessEqual(i, j)
        first, last = (ForAll(i, Implies(*ends, LessEqual(least, d(i)))) for least in (d(0), d(j)))
        narrow_half = p.have(Or(first, last), using=[narrow])
        flat = p.have(
            Equal(f_below.gradient(B), 0),
            result_(
                theorem_3_gradient, d, j, f_below, M, premises=[smooth_half, narrow_half, still]
            ),
        )
    with p.beat("By the chain rule that gradient is {ATG}.", ATG=A.T * G):
        formula = p.have(Equal(f_below.gradient(B), A.T * G), using=[smooth])
        return p.have(Equal(A.T * G, 0), rewriting(flat, formula))


__all__ = ["BOTTLENECK", "HALVES", "NOTATION", "A", "B", "lemma_2"]
