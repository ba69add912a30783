"""Identity (1) of the paper: perturbing by kernel vectors leaves the product unchanged.

(M_k⋯M_{j+1}) (M_j + w_j v_jᵀ) ⋯ (M_1 + w_1 v_1ᵀ) = M_k⋯M_1 whenever M_k⋯M_{i+1} w_i = 0 for each
i from 1 to j, for every depth, bottleneck and width.
"""

from __future__ import annotations

from typing import Any

from proofkit import kernel
from proofkit.claims import Between, Equal, ForAll, Implies, LessEqual
from proofkit.kernel import Theorem
from proofkit.language import terms as t
from proofkit.language.claims import matrix_eq, matrix_null
from proofkit.script import Fact, Proof, algebra, from_, result
from proofkit.symbols import encode_family, encode_variable, family, vectors
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
            p.have(
                layer(j + 1),
                algebra(),
                "The perturbed part is an empty product, the identity.",
            )
        with walk.step(words="Now layer {i} is perturbed as well.", i=i) as step:
            above = step.given[-1]
            factor = p.have(
                Equal(P[i], M[i] + w[i] * v[i].T),
                from_(perturbs, i),
                "By hypothesis layer {i} is perturbed by {D}.",
                D=w[i] * v[i].T,
                i=i,
            )
            dies = p.have(
                Equal(M[k : i + 1] * w[i], 0),
                from_(kills, i),
                "But {w} was chosen so that the factors above layer {i} send it to zero.",
                i=i,
                w=w[i],
            )
            p.have(
                layer(i),
                algebra(above, factor, dies),
                "Multiply out: {new} is {old} plus a term that begins with {dead}, and that "
                "term vanishes.",
                new=M[k : i + 1] * P[i],
                old=M[k:i],
                dead=M[k : i + 1] * w[i],
            )
    p.have(
        perturbation.claim,
        from_(walk.fact, 0),
        "At the bottom every layer up to {j} is perturbed, and the product is what it was.",
        j=j,
    )


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
    families = {name: encode_family(x) for name, x in (("M", M), ("P", P), ("w", w), ("v", v))}
    width = encode_variable(d)

    def size(layer: int) -> t.Index:
        return t.width_at(width, (t.lin(layer),))

    def chain(name: str, hi: int, lo: int) -> t.Matrix:
        word = t.chain_word(families[name], t.lin(hi), t.lin(lo))
        return t.letter_matrix(size(hi), size(lo - 1), word)

    def column(name: str, at: int, rows: int) -> t.Matrix:
        word = t.chain_word(families[name], t.lin(at), t.lin(at))
        return t.letter_matrix(size(rows), t.lin(1), word)

    terms: list[tuple[t.Matrix, Theorem, bool, t.Matrix]] = []
    for at in range(1, bottleneck + 1):
        above, below = chain("M", depth, at + 1), chain("P", at - 1, 1)
        w_at, v_at = column("w", at, at), t.transpose(column("v", at, at - 1))
        outer = t.matrix_product(w_at, v_at)
        change = t.matrix_sum(chain("P", at, at), t.matrix_sum(chain("M", at, at), outer), -1)
        dead = t.matrix_product(above, w_at)
        for left, null, right in (
            (above, change, below),
            (t.identity(size(depth)), dead, t.matrix_product(v_at, below)),
        ):
            hypothesis = kernel.assume(matrix_null(null))
            if hypothesis.conclusion[1] != null:
                left = t.scalar_product(t.constant(-1), left)
            terms.append((left, hypothesis, False, right))
    product = t.matrix_product(chain("M", depth, bottleneck + 1), chain("P", bottleneck, 1))
    return kernel.algebra(matrix_eq(product, chain("M", depth, 1)), terms)
