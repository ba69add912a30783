"""The heart of Theorem 3: narrowest at the input, a local minimum has gradient zero.

The layers above the narrowest one are peeled off criticality (`lemma_2_above`); here that is all.
"""

from __future__ import annotations

from proofkit.claims import Equal
from proofkit.script import Fact, Proof, result
from proofkit.trace import Source, prose
from theorems.lemma_2_above import lemma_2_above
from theorems.setting import (
    DEPTH,
    GRADIENT,
    MINIMUM,
    SMOOTH,
    SYMBOLS,
    G,
    M,
    d,
    f,
    k,
    narrowest,
)

theorem_3_input = result(
    "theorem-3-input",
    "Theorem 3 without convexity, narrowest at the input",
    variables=(d, k, f, M),
    given=(
        DEPTH,
        SMOOTH,
        (narrowest(0), prose("no layer is narrower than the input")),
        MINIMUM,
    ),
    claim=Equal(G, 0),
    source=Source(3, "section 2, Theorem 3 (after Laurent and von Brecht, 2018)"),
    idea=prose(
        "Criticality in layer 1 says that the layers above it send the gradient {G} to zero. As "
        "no layer is narrower than the input, these layers can be peeled off one at a time.",
        G=G,
    ),
    notation=((G, "G"),),
    symbols=(*SYMBOLS, GRADIENT),
)


@theorem_3_input.route()
def by_peeling(p: Proof, depth: Fact, smooth: Fact, narrow: Fact, minimum: Fact) -> None:
    with p.beat(
        "Peel the layers above the input off criticality: {G} is left, and nothing beside it.", G=G
    ):
        p.have(
            Equal(G, 0),
            using=[narrow, smooth, minimum, lemma_2_above],
        )


__all__ = ["DEPTH", "GRADIENT", "MINIMUM", "SMOOTH", "G", "theorem_3_input"]
