"""Lemma 2: at a local minimum the two-layer loss L_2(A, B) = f(AB) is critical in A and in B.

Two routes.  `as_printed` is the paper's: freeze one half of the network; the other half has its
narrowest layer at an end, so Theorem 3 applies to it.  `short` peels the layers off criticality
(`lemma_2_short`), freezes nothing and does without Theorem 3.
"""

from __future__ import annotations

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
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    both,
    certificate,
    derivative,
    either,
    from_,
    result,
    result_,
    rewriting,
)
from proofkit.symbols import (
    FunctionOf,
    Identity,
    MatrixVariable,
    Tabulated,
    WidthOf,
    family,
    replaced,
)
from proofkit.trace import Remark, Source, Without, prose
from theorems.lemma_2_short import above as peeled_above
from theorems.lemma_2_short import below as peeled_below
from theorems.renumbering import at, shifted_family, shifted_product
from theorems.setting import SYMBOLS, M, d, f, i, j, k, loss, narrowest
from theorems.theorem_3 import theorem_3_gradient
from theorems.theorem_3_input import GRADIENT, MINIMUM, SMOOTH, G

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
    p.have(lemma_2.claim, both(above, below), "The two equations together are the claim.")


@lemma_2.route("short")
def short(p: Proof, inner: Fact, outer: Fact, narrow: Fact, smooth: Fact, minimum: Fact) -> None:
    above = peeled_above(p, narrow, smooth, minimum)
    below = peeled_below(p, narrow, smooth, minimum)
    p.have(lemma_2.claim, both(above, below), "The two equations together are the claim.")


def _upper_half(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """G Bᵀ = 0, from Theorem 3 for X ↦ f(XB) and the layers above the bottleneck."""
    S = shifted_family(M)
    N, glued, depth = moved_above, glued_above, k - j
    other = family("N", lambda at: (d(at + j), d(at + j - 1)))
    unmoved = p.have(
        Equal(S[depth:1], A),
        result_(shifted_product, d, j, M, 1, depth),
        "Number the layers above the bottleneck from 1: their product is {A}.",
        A=A,
    )
    here = p.have(
        Equal(M[k:1], S[depth:1] * B),
        algebra(unmoved),
        "The upper half times {B} is the product of all layers.",
        B=B,
    )
    half = p.have(
        Near((N, S), LessEqual(loss(M), loss(glued))),
        along(minimum, glued),
        "Move the layers of the upper half alone: the loss is no smaller nearby.",
    )
    with p.near(
        (N, S),
        using=[half],
        show=LocalMinimum(other, f_above(other[depth:1]), S),
        words="Take such layers {N}: the upper half is a local minimum of the loss {f}.",
        N=N,
        f=f_above,
    ) as near:
        moved = p.have(
            Equal(Tabulated(at, N[at - j])[k : j + 1], N[depth:1]),
            result_(shifted_product, upwards, -j, N, j + 1, k),
            "The product of the moved layers is {P}.",
            P=N[depth:1],
        )
        there = p.have(
            Equal(glued[k:1], N[depth:1] * B),
            algebra(moved),
            "The product of all layers is that of the moved ones times {B}, which stays.",
            B=B,
        )
        compared = p.have(
            LessEqual(loss(M), f(N[depth:1] * B)),
            rewriting(near.given[0], there),
            "So the loss of {M} is compared with that of this product.",
            M=M,
        )
        p.have(
            LessEqual(f(S[depth:1] * B), f(N[depth:1] * B)),
            rewriting(compared, here),
            "The loss of {M} is that of the layers before they were moved.",
            M=M,
        )
    smooth_half = p.have(
        Differentiable(f_above),
        derivative(f_above, smooth),
        "This loss is differentiable, as {f} is and multiplying by {B} is linear.",
        f=f,
        B=B,
    )
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, depth)],
        words="Compare the layers of this half with the bottleneck.",
    ) as block:
        p.have(
            LessEqual(d(j), d(i + j)),
            from_(narrow, i + j),
            "No layer of the upper half is narrower than its first, the bottleneck.",
        )
    last = ForAll(i, Implies(LessEqual(0, i), LessEqual(i, depth), LessEqual(d(k), d(i + j))))
    ends = p.have(
        Or(block.fact.claim, last), either(block.fact), "So the upper half has no bottleneck."
    )
    flat = p.have(
        Equal(f_above.gradient(S[depth:1]), 0),
        result_(
            theorem_3_gradient,
            upwards,
            depth,
            f_above,
            S,
            premises=[smooth_half, ends, near.fact],
        ),
        "By Theorem 3 the gradient of that loss is zero.",
        remarks=[ONE_LAYER, BY_THE_GRADIENT],
    )
    formula = p.have(
        Equal(f_above.gradient(S[depth:1]), f.gradient(S[depth:1] * B) * B.T),
        derivative(f_above, smooth),
        "The chain rule says what the gradient of that loss is.",
    )
    at_product = p.have(
        Equal(f_above.gradient(S[depth:1]), G * B.T),
        rewriting(formula, here, back=True),
        "At the product of all layers this gradient is {GBT}.",
        GBT=G * B.T,
    )
    return p.have(
        Equal(G * B.T, 0),
        certificate((None, flat, None), (-Identity(d(k)), at_product, None)),
        "So {GBT} is zero: {L} is critical in {A}.",
        GBT=G * B.T,
        A=A,
        L=loss(M),
    )


def _lower_half(p: Proof, narrow: Fact, smooth: Fact, minimum: Fact) -> Fact:
    """Aᵀ G = 0, from Theorem 3 for X ↦ f(AX) and the layers up to the bottleneck."""
    N, glued, other = moved_below, glued_below, family("N", d)
    here = p.have(
        Equal(M[k:1], A * B),
        algebra(),
        "Now freeze the upper half at {A}: the product of all layers is {A} times the lower half.",
        A=A,
    )
    half = p.have(
        Near((N, M), LessEqual(loss(M), loss(glued))),
        along(minimum, glued),
        "Move the layers up to the bottleneck alone: the loss is no smaller nearby.",
    )
    with p.near(
        (N, M),
        using=[half],
        show=LocalMinimum(other, f_below(other[j:1]), M),
        words="Take such layers {N}: the lower half is a local minimum of the loss {f}.",
        N=N,
        f=f_below,
    ) as near:
        there = p.have(
            Equal(glued[k:1], A * N[j:1]),
            algebra(),
            "The product of all layers is {A} times that of the moved ones.",
            A=A,
        )
        compared = p.have(
            LessEqual(loss(M), f(A * N[j:1])),
            rewriting(near.given[0], there),
            "So the loss of {M} is compared with that of this product.",
            M=M,
        )
        p.have(
            LessEqual(f(A * B), f(A * N[j:1])),
            rewriting(compared, here),
            "The loss of {M} is that of the layers before they were moved.",
            M=M,
        )
    smooth_half = p.have(
        Differentiable(f_below),
        derivative(f_below, smooth),
        "The loss with the upper half frozen is differentiable, too.",
    )
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, j)],
        words="Compare the layers of this half with the bottleneck.",
    ) as block:
        p.have(
            LessEqual(d(j), d(i)),
            from_(narrow, i),
            "No layer of the lower half is narrower than its last, the bottleneck.",
        )
    first = ForAll(i, Implies(LessEqual(0, i), LessEqual(i, j), LessEqual(d(0), d(i))))
    ends = p.have(
        Or(first, block.fact.claim), either(block.fact), "So the lower half has no bottleneck."
    )
    flat = p.have(
        Equal(f_below.gradient(B), 0),
        result_(theorem_3_gradient, d, j, f_below, M, premises=[smooth_half, ends, near.fact]),
        "By Theorem 3 the gradient of that loss at {B} is zero.",
        B=B,
    )
    formula = p.have(
        Equal(f_below.gradient(B), A.T * f.gradient(A * B)),
        derivative(f_below, smooth),
        "The chain rule says what the gradient of that loss is.",
    )
    at_product = p.have(
        Equal(f_below.gradient(B), A.T * G),
        rewriting(formula, here, back=True),
        "At the product of all layers this gradient is {ATG}.",
        ATG=A.T * G,
    )
    return p.have(
        Equal(A.T * G, 0),
        certificate((None, flat, None), (-Identity(d(j)), at_product, None)),
        "So {ATG} is zero: {L} is critical in {B}.",
        ATG=A.T * G,
        B=B,
        L=loss(M),
    )


__all__ = ["BOTTLENECK", "HALVES", "NOTATION", "A", "B", "lemma_2"]
