"""Every pair (A, B) of factors at the bottleneck comes from a deep network.

The paper: "we can easily construct matrices M_i such that M_k⋯M_{j+1} = A and M_j⋯M_1 = B".
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Claim, Equal, Exists
from proofkit.script import Fact, Proof, result, witness
from proofkit.symbols import Identity, MatrixVariable, Tabulated, Zero, family
from proofkit.trace import Source
from theorems.lemma_2 import BOTTLENECK
from theorems.renumbering import at
from theorems.setting import SYMBOLS, d, i, j, k

A = MatrixVariable("A", d(k), d(j))
B = MatrixVariable("B", d(j), d(0))
N = family("N", d)
I = Identity(d(j))  # noqa: E741
Z, Y = MatrixVariable("Z", d(i), d(j)), MatrixVariable("Y", d(j), d(i))
E_below, E_above = (MatrixVariable("E", d(layer), d(j)) for layer in (i - 1, i + 1))
longer_below = N.with_layer(i, Z * E_below.T)
longer_above = N.with_layer(i + 1, E_above * Y)
"""The network N, made to pass the bottleneck through one layer more."""

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
    idea=(
        "No layer is narrower than the bottleneck, so the bottleneck can be passed through each "
        "of them without loss: up through the layers above it, and down through those below. The "
        "first layer then has room for {B} and the last one for {A}."
    ),
    notation=((longer_below, "N̂"), (longer_above, "Ñ")),
    symbols=(
        *SYMBOLS[:2],
        (A, "any upper factor"),
        (B, "any lower factor"),
        (N, "the network to be found"),
    ),
)


def below(layer: Any) -> Claim:
    """The bottleneck is reached from the layer without loss, by some network."""
    Z = MatrixVariable("Z", d(layer), d(j))
    return Exists(N, Z, Equal(N[j : layer + 1] * Z, I))


def above(layer: Any) -> Claim:
    """The bottleneck reaches the layer without loss, by some network with lower half B."""
    Y = MatrixVariable("Y", d(j), d(layer))
    return Exists(N, Y, And(Equal(Y * N[layer : j + 1], I), Equal(N[j:1], B)))


@factorisation.route()
def by_embedding_the_bottleneck(p: Proof, inner: Fact, outer: Fact, narrow: Fact) -> None:
    Y, Z = MatrixVariable("Y", d(j), d(k - 1)), MatrixVariable("Z", d(1), d(j))
    with p.beat("From the first layer on, some network reaches the bottleneck without loss."):
        down = _down_to_the_first_layer(p)
        (passed,) = p.obtain(p.have(below(1), using=[down]), N, Z)
    ZB = Z * B
    first = N.with_layer(1, ZB)
    with p.beat("Put {B} in front: with {ZB} as its first layer, its lower half is {B}."):
        whole = p.have(Equal(first[j:1], B), using=[passed])
        lower = p.have(Exists(N, Equal(N[j:1], B)), using=[whole])
    with p.beat("Above the bottleneck the same can be done up to the layer before the output."):
        up = _up_to_the_last_layer(p, lower)
        passed, rest = p.obtain(p.have(above(k - 1), using=[up]), N, Y)
    AY = A * Y
    last = N.with_layer(k, AY)
    with p.beat(
        "With {AY} as its last layer, its upper half is {A}, and its lower half still {B}."
    ):
        upper = p.have(Equal(last[k : j + 1], A), using=[passed])
        same = p.have(Equal(last[j:1], B), using=[rest])
        p.have(factorisation.claim, using=[upper, same])


def _embedding(p: Proof, layer: Any, E: MatrixVariable) -> Fact:
    """A matrix E with orthonormal columns from the bottleneck into a layer."""
    exists = p.have(Exists(E, Equal(E.T * E, I)))
    words = "Layer {layer} has room for the bottleneck: embed it by {E}, with orthonormal columns."
    (embeds,) = p.obtain(exists, E, words=words, layer=layer, E=E)
    return embeds


def _down_to_the_first_layer(p: Proof) -> Fact:
    """From each layer i ≤ j some network reaches the bottleneck without loss."""
    words = "From layer {i} downwards, we go by induction."
    with p.induction(i, j, below(i), down=True, until=1, words=words) as walk:
        with walk.base("At the bottleneck itself there is nothing to pass."):
            nothing = Tabulated(at, Zero(d(at), d(at - 1)))
            empty = p.have(Equal(nothing[j : j + 1] * I, I))
            p.have(below(j), witness(nothing, I, facts=[empty]))
        with walk.step("Suppose some network does so from layer {i}, and go one down.") as step:
            (passed,) = p.obtain(step.given[2], N, Z)
            embeds = _embedding(p, i - 1, E_below)
            reached = p.have(
                Equal(longer_below[j:i] * E_below, I),
                "Let {longer} be {N} with {ZE} as layer {i}: the bottleneck is reached from the "
                "layer below.",
                using=[passed, embeds],
                longer=longer_below,
                N=N,
                ZE=Z * E_below.T,
                i=i,
            )
            p.have(below(i - 1), using=[reached])
    return walk.fact


def _up_to_the_last_layer(p: Proof, lower: Fact) -> Fact:
    """Up to each layer i ≥ j some network passes the bottleneck, its lower half being B."""
    words = "From layer {i} upwards, we go by induction again."
    with p.induction(i, j, above(i), until=k - 1, words=words) as climb:
        with climb.base("At the bottleneck itself there is nothing to pass."):
            (rest,) = p.obtain(lower, N)
            empty = p.have(Equal(I * N[j : j + 1], I))
            p.have(above(j), witness(N, I, facts=[empty, rest]))
        with climb.step("Suppose some network does so up to layer {i}, and go one up.") as step:
            passed, rest = p.obtain(step.given[2], N, Y)
            embeds = _embedding(p, i + 1, E_above)
            reached = p.have(
                Equal(E_above.T * longer_above[i + 1 : j + 1], I),
                "Let {longer} be {N} with {EY} as layer {n}: the bottleneck passes it, too.",
                using=[passed, embeds],
                longer=longer_above,
                N=N,
                EY=E_above * Y,
                n=i + 1,
            )
            same = p.have(Equal(longer_above[j:1], B), using=[rest])
            p.have(above(i + 1), using=[reached, same])
    return climb.fact


__all__ = ["factorisation"]
