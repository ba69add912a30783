"""Identity (1) of the paper: perturbing by kernel vectors leaves the product unchanged.

(M_k⋯M_{j+1}) (M_j + w_j v_jᵀ) ⋯ (M_1 + w_1 v_1ᵀ) = M_k⋯M_1 whenever M_k⋯M_{i+1} w_i = 0 for each
i from 1 to j, for every depth, bottleneck and width.
"""

from __future__ import annotations

from typing import Any

from proofkit import kernel
from proofkit.claims import Between, Equal, ForAll, Implies, LessEqual, encode
from proofkit.kernel import Theorem
from proofkit.kernel.claims import null
from proofkit.kernel.terms import number
from proofkit.script import Fact, Proof, result
from proofkit.symbols import Identity, encode_term, family, vectors
from proofkit.trace import Source, prose
from theorems.setting import SYMBOLS, M, d, i, j, k

w = vectors("w", lambda layer: d(layer))
v = vectors("v", lambda layer: d(layer - 1))
P = family("M̃", d)

perturbed = ForAll(i, Implies(LessEqual(1, i), LessEqual(i, j), Equal(P[i], M[i] + w[i] * v[i].T)))
killed = ForAll(i, Implies(LessEqual(1, i), LessEqual(i, j), Equal(M[k : i + 1] * w[i], 0)))

perturbation = result(
    "perturbation",
    "Identity (1): kernel vectors leave the product unchanged",
    variables=(d, k, j, M, w, v, P),
    given=(
        (Between(0, j, k), prose("layer {j} is a layer of the network", j=j)),
        (killed, prose("each {w} is killed by the factors above layer {i}", w=w[i], i=i)),
        (perturbed, prose("each factor up to layer {j} is perturbed by {e}", j=j, e=w[i] * v[i].T)),
    ),
    claim=Equal(M[k : j + 1] * P[j:1], M[k:1]),
    source=Source(
        5,
        "proof of Lemma 1, equation (1)",
        "for any v_1, …, v_j where v_i ∈ R^{d_{i−1}}, we claim that "
        "M_k⋯M_{j+1}(M_j + w_j v_jᵀ)⋯(M_1 + w_1 v_1ᵀ) = M_k⋯M_1.",
    ),
    comparison=prose(
        "Faithful: equation (1) as printed, for every depth, bottleneck and width; the "
        "vectors w may be zero, which the paper does not need."
    ),
    without=(
        (0, "Outside the network the two products mean nothing."),
        (
            1,
            "A vector that is not killed reaches the output. In example E08 put the first unit "
            "vector for every w: the product changes.",
        ),
        (2, "Any other factors have another product: in example E08 zeros, for instance."),
    ),
    idea=prose(
        "A vector {w} that the factors above layer {i} send to zero can be added to any column of "
        "{m} and nobody downstream notices. Do this in every layer from {j} down to 1: each "
        "perturbation vanishes against the factors to its left. Walking down one layer at a time, "
        "the perturbed product turns back into the original one.",
        w=w[i],
        i=i,
        m=M[i],
        j=j,
    ),
    notation=((M[k : j + 1], "A"),),
    symbols=(
        *SYMBOLS,
        (w, prose("directions that the factors above kill: {e}", e=Equal(M[k : i + 1] * w[i], 0))),
        (v, prose("arbitrary vectors, one for each perturbed layer")),
        (P, prose("the perturbed factors: {e}", e=Equal(P[i], M[i] + w[i] * v[i].T))),
    ),
)


def layer(at: Any) -> Equal:
    """The claim of the induction: below layer ``at`` nothing is perturbed yet."""
    return Equal(M[k : j + 1] * P[j:at], M[k:at])


@perturbation.route()
def by_descent(p: Proof, bottleneck: Fact, kills: Fact, perturbs: Fact) -> None:
    with p.induction(
        i,
        j,
        layer(i + 1),
        down=True,
        until=0,
        words="We walk down from layer {j}. Say the product is unchanged while every layer above "
        "{i} is perturbed; we show that perturbing layer {i} as well changes nothing.",
        i=i,
        j=j,
    ) as walk:
        with walk.base(words="Above layer {j} nothing is perturbed yet.", j=j):
            p.have(layer(j + 1))
        with (
            walk.step(words="Now layer {i} is perturbed as well.", i=i) as step,
            p.beat(
                "Multiply out: {new} is {old} plus a term that begins with {dead}, and {w} was "
                "chosen so that this is zero.",
                new=M[k : i + 1] * P[i],
                old=M[k:i],
                dead=M[k : i + 1] * w[i],
                w=w[i],
            ),
        ):
            factor = p.have(
                Equal(P[i], M[i] + w[i] * v[i].T),
                "By hypothesis layer {i} is perturbed by {D}.",
                using=[perturbs],
                D=w[i] * v[i].T,
                i=i,
            )
            dies = p.have(
                Equal(M[k : i + 1] * w[i], 0),
                "The factors above layer {i} send {w} to zero.",
                using=[kills],
                i=i,
                w=w[i],
            )
            p.have(layer(i), using=[step.given[-1], factor, dies])
    with p.beat(
        "At the bottom every layer up to {j} is perturbed, and the product is what it was.", j=j
    ):
        p.have(perturbation.claim, using=[walk.fact])


def certificate_at_depth(depth: int, bottleneck: int) -> Theorem:
    """Identity (1) for explicit depth and bottleneck, by one certificate of 2·bottleneck terms.

    Telescoping, with all products of factors kept as chains and never multiplied out::

        A M̃_j⋯M̃_1 − M_k⋯M_1 = Σ_i M[k:i+1]·(M̃_i − M_i − w_i v_iᵀ)·M̃[i−1:1]
                              + Σ_i (M[k:i+1] w_i)·v_iᵀ M̃[i−1:1]

    The theorem rests on the 2·bottleneck hypotheses of the identity; widths stay symbolic.
    Raises ``ValueError`` unless 0 ≤ bottleneck ≤ depth.

    >>> theorem = certificate_at_depth(4, 2)
    >>> len(theorem.hypotheses)
    4
    """
    if not 0 <= bottleneck <= depth:
        raise ValueError(f"the bottleneck {bottleneck} is not a layer of a network of {depth}")
    products = []
    for at in range(1, bottleneck + 1):
        above, below, column = M[depth : at + 1], P[at - 1 : 1], w[at]
        for left, zero, right in (
            (above, P[at] - M[at] - column * v[at].T, below),
            (Identity(d(depth)), above * column, v[at].T * below),
        ):
            zero, factors = encode_term(zero), [encode_term(x) for x in (left, right)]
            hypothesis = kernel.assume(null(zero))
            equation = hypothesis.conclusion[1]
            sign = number(1 if equation == zero else -1)
            word = ((factors[0], 0), (equation, 0), (factors[1], 0))
            products.append((hypothesis, (((sign, 1),), word)))
    goal = Equal(M[depth : bottleneck + 1] * P[bottleneck:1], M[depth:1])
    return kernel.algebra(encode(goal), products)
