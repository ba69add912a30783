"""Every pair (A, B) of factors at the bottleneck comes from a deep network.

The paper: "we can easily construct matrices M_i such that M_k⋯M_{j+1} = A and M_j⋯M_1 = B".
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Claim, Equal, Exists, Implies, LessEqual
from proofkit.script import Fact, Proof, algebra, from_, known, result, witness
from proofkit.symbols import Identity, MatrixVariable, Tabulated, Zero, family
from proofkit.trace import Source, prose
from theorems.lemma_2 import BOTTLENECK
from theorems.renumbering import at
from theorems.setting import SYMBOLS, d, i, j, k

A = MatrixVariable("A", d(k), d(j))
B = MatrixVariable("B", d(j), d(0))
N = family("N", d)

factorisation = result(
    "factorisation",
    "Every pair (A, B) is the two halves of a deep network",
    variables=(d, k, j, A, B),
    given=BOTTLENECK,
    claim=Exists(N, And(Equal(N[k : j + 1], A), Equal(N[j:1], B))),
    source=Source(
        4,
        "proof of Theorem 1",
        "for any A and B, we can easily construct matrices M_i such that M_k⋯M_{j+1} = A, and "
        "M_j⋯M_1 = B.",
    ),
    idea=prose(
        "No layer is narrower than the bottleneck, so the bottleneck can be passed through each "
        "of them without loss: up through the layers above it, and down through those below. The "
        "first layer then has room for {B} and the last one for {A}.",
        A=A,
        B=B,
    ),
    symbols=(
        *SYMBOLS[:2],
        (A, prose("any upper factor")),
        (B, prose("any lower factor")),
        (N, prose("the network to be found")),
    ),
)


def _embedding(p: Proof, layer: Any, narrow: Fact) -> tuple[MatrixVariable, Fact]:
    """A matrix E with orthonormal columns from the bottleneck into a layer."""
    E = MatrixVariable("E", d(layer), d(j))
    wide = p.have(
        LessEqual(d(j), d(layer)),
        from_(narrow, layer),
        "Layer {n} is at least as wide as the bottleneck.",
        n=layer,
    )
    exists = p.have(
        Exists(E, Equal(E.T * E, Identity(d(j)))),
        known("embedding", d(j), d(layer), premises=[wide]),
        "So the bottleneck can be embedded in it.",
    )
    (embeds,) = p.obtain(exists, E, words="Call the embedding {E}.", E=E)
    return E, embeds


def below(layer: Any) -> Claim:
    """The bottleneck is reached from the layer without loss, by some network."""
    Z = MatrixVariable("Z", d(layer), d(j))
    passed = Equal(N[j : layer + 1] * Z, Identity(d(j)))
    return Implies(LessEqual(1, layer), Exists(N, Z, passed))


def above(layer: Any) -> Claim:
    """The bottleneck reaches the layer without loss, by some network with lower half B."""
    Y = MatrixVariable("Y", d(j), d(layer))
    passed = Equal(Y * N[layer : j + 1], Identity(d(j)))
    return Implies(LessEqual(layer + 1, k), Exists(N, Y, And(passed, Equal(N[j:1], B))))


@factorisation.route()
def by_embedding_the_bottleneck(p: Proof, inner: Fact, outer: Fact, narrow: Fact) -> None:
    lower = _lower_half(p, narrow)
    upper = _upper_half(p, narrow, lower)
    Y = MatrixVariable("Y", d(j), d(k - 1))
    exists = p.have(
        above(k - 1).args[-1],
        from_(upper, k - 1, premises=[]),
        "In particular up to the layer before the output.",
    )
    passed, rest = p.obtain(exists, N, Y, words="Take such a network.")
    last = N.with_layer(k, A * Y)
    p.have(
        factorisation.claim,
        witness(
            last,
            facts=[
                p.have(
                    Equal(last[k : j + 1], A),
                    algebra(passed),
                    "With {AY} as its last layer, its upper half is {A}.",
                    AY=A * Y,
                    A=A,
                ),
                p.have(Equal(last[j:1], B), algebra(rest), "Its lower half is still {B}.", B=B),
            ],
        ),
        "This is the network.",
    )


def _lower_half(p: Proof, narrow: Fact) -> Fact:
    """∃N. N_j⋯N_1 = B."""
    with p.induction(
        i,
        j,
        below(i),
        down=True,
        words="Below the bottleneck: from each layer {i} some network reaches the bottleneck "
        "without loss.",
        i=i,
    ) as walk:
        with (
            walk.base(words="From the bottleneck itself nothing has to be passed."),
            p.for_all(given=[LessEqual(1, j)], words="The bottleneck is above the input."),
        ):
            nothing = Tabulated(at, Zero(d(at), d(at - 1)))
            empty = p.have(
                Equal(nothing[j : j + 1] * Identity(d(j)), Identity(d(j))),
                algebra(),
                "The empty product is the identity for every network, say of zeros.",
            )
            p.have(
                below(j).args[-1],
                witness(nothing, Identity(d(j)), facts=[empty]),
                "So this network will do.",
            )
        with (
            walk.step(words="Now for the layer below layer {i}.", i=i) as step,
            p.for_all(given=[LessEqual(1, i - 1)], words="Suppose it is not the input."),
        ):
            Z = MatrixVariable("Z", d(i), d(j))
            exists = p.have(
                below(i).args[-1],
                from_(step.given[1]),
                "From layer {i} some network reaches the bottleneck.",
                i=i,
            )
            (passed,) = p.obtain(exists, N, Z, words="Take such a network as is supposed to exist.")
            E, embeds = _embedding(p, i - 1, narrow)
            longer = N.with_layer(i, Z * E.T)
            reached = p.have(
                Equal(longer[j:i] * E, Identity(d(j))),
                algebra(passed, embeds),
                "With {m} as layer {i} the bottleneck is reached from the layer below.",
                m=Z * E.T,
                i=i,
            )
            p.have(
                below(i - 1).args[-1],
                witness(longer, E, facts=[reached]),
                "So this network will do.",
            )
    Z = MatrixVariable("Z", d(1), d(j))
    exists = p.have(
        below(1).args[-1], from_(walk.fact, 1), "In particular from the first layer on."
    )
    (passed,) = p.obtain(exists, N, Z, words="Take such a network.")
    first = N.with_layer(1, Z * B)
    whole = p.have(
        Equal(first[j:1], B),
        algebra(passed),
        "With {ZB} as its first layer, its lower half is {B}.",
        ZB=Z * B,
        B=B,
    )
    return p.have(
        Exists(N, Equal(N[j:1], B)),
        witness(first, facts=[whole]),
        "So {B} is the lower half of a network.",
        B=B,
    )


def _upper_half(p: Proof, narrow: Fact, lower: Fact) -> Fact:
    """Up to each layer above the bottleneck some network passes it, its lower half being B."""
    with p.induction(
        i,
        j,
        above(i),
        words="Above the bottleneck: up to each layer {i} some network with the lower half {B} "
        "passes the bottleneck without loss.",
        i=i,
        B=B,
    ) as climb:
        with (
            climb.base(words="Up to the bottleneck itself nothing has to be passed."),
            p.for_all(given=[LessEqual(j + 1, k)], words="The bottleneck is below the output."),
        ):
            (rest,) = p.obtain(lower, N, words="Take the network just found.")
            empty = p.have(
                Equal(Identity(d(j)) * N[j : j + 1], Identity(d(j))),
                algebra(),
                "The empty product is the identity.",
            )
            p.have(
                above(j).args[-1],
                witness(N, Identity(d(j)), facts=[empty, rest]),
                "So this network will do.",
            )
        with (
            climb.step(words="Now for the layer above layer {i}.", i=i) as step,
            p.for_all(given=[LessEqual(i + 2, k)], words="Suppose it is not the output."),
        ):
            Y = MatrixVariable("Y", d(j), d(i))
            exists = p.have(
                above(i).args[-1],
                from_(step.given[1]),
                "Up to layer {i} some network passes the bottleneck.",
                i=i,
            )
            passed, rest = p.obtain(
                exists, N, Y, words="Take such a network as is supposed to exist."
            )
            E, embeds = _embedding(p, i + 1, narrow)
            longer = N.with_layer(i + 1, E * Y)
            reached = p.have(
                Equal(E.T * longer[i + 1 : j + 1], Identity(d(j))),
                algebra(passed, embeds),
                "With {m} as layer {n} the bottleneck passes that layer too.",
                m=E * Y,
                n=i + 1,
            )
            same = p.have(Equal(longer[j:1], B), algebra(rest), "The lower half is untouched.")
            p.have(
                above(i + 1).args[-1],
                witness(longer, E.T, facts=[reached, same]),
                "So this network will do.",
            )
    return climb.fact


__all__ = ["factorisation"]
