"""One-sided inverses of the layers between the bottleneck and an outermost layer.

Where the half of a network has the rank of the bottleneck, what is left of it without its
outermost layer has that rank, too.
"""

from __future__ import annotations

from proofkit.claims import Equal, Exists, LessEqual, RankIs
from proofkit.script import Fact, Proof, known, result
from proofkit.symbols import Identity, MatrixVariable, rank
from proofkit.trace import prose
from theorems.lemma_2 import BOTTLENECK, A, B
from theorems.setting import M, d, j, k

Y = MatrixVariable("Y", d(j), d(k - 1))
Z = MatrixVariable("Z", d(j), d(1))
A1, B1 = M[k - 1 : j + 1], M[j:2]
FULL_A = (RankIs(A, d(j)), prose("the upper half {A} has full rank", A=A))
FULL_B = (RankIs(B, d(j)), prose("the lower half {B} has full rank", B=B))

upper_inverse = result(
    "upper-inverse",
    "The layers between the bottleneck and the last layer have a left inverse",
    variables=(d, k, j, M),
    given=(BOTTLENECK[1], FULL_A),
    claim=Exists(Y, Equal(Y * A1, Identity(d(j)))),
    idea="They have full column rank, because the whole upper half has it.",
)
lower_inverse = result(
    "lower-inverse",
    "The layers between the first layer and the bottleneck have a right inverse",
    variables=(d, k, j, M),
    given=(BOTTLENECK[0], FULL_B),
    claim=Exists(Z, Equal(B1 * Z.T, Identity(d(j)))),
    idea="They have full row rank, because the whole lower half has it.",
)


@upper_inverse.route()
def from_the_left(p: Proof, outer: Fact, full: Fact) -> None:
    with p.beat(
        "Times the last layer, {A1} still has rank {w}, so its rank is the number of its columns.",
        w=d(j),
    ):
        p.have(LessEqual(rank(A), rank(A1)), known("rank of product right", M[k], A1))
    with p.beat("So it has a left inverse."):
        p.have(upper_inverse.claim)


@lower_inverse.route()
def from_the_right(p: Proof, inner: Fact, full: Fact) -> None:
    with p.beat(
        "Times the first layer, {B1} still has rank {w}, so its rank is the number of its rows.",
        w=d(j),
    ):
        p.have(LessEqual(rank(B), rank(B1)), known("rank of product left", B1, M[1]))
    with p.beat("So its transpose has a left inverse {Z}, and {ZT} is a right inverse.", ZT=Z.T):
        exists = p.have(Exists(Z, Equal(Z * B1.T, Identity(d(j)))))
        (inverse,) = p.obtain(exists, Z)
        turned = p.have(Equal(B1 * Z.T, Identity(d(j))), using=[inverse])
        p.have(lower_inverse.claim, using=[turned])


__all__ = ["A1", "B1", "FULL_A", "FULL_B", "Y", "Z", "lower_inverse", "upper_inverse"]
