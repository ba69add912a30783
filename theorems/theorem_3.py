"""Theorem 3, narrowest layer at an end: every local minimum is a global minimum of f.

The paper takes it from Laurent and von Brecht (2018); here it is proved.  `theorem_3_input` is for
a network that is narrowest at its input, from which the layers above are peeled off
(`lemma_2_above`); `theorem_3_gradient` adds the mirrored case; neither needs convexity.
`theorem_3` is the statement as printed.
"""

from __future__ import annotations

from proofkit.claims import Convex, Equal, GlobalMinimum, Or
from proofkit.script import Fact, Proof, result, result_, rewriting
from proofkit.symbols import MatrixVariable
from proofkit.trace import Remark, Source, prose
from theorems.lemma_2_above import lemma_2_above
from theorems.renumbering import backwards, f_transposed, read_backwards, reversed_family
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

X = MatrixVariable("X", d(k), d(0))
ENDS = Or(narrowest(0), narrowest(k))
NO_BOTTLENECK = (ENDS, prose("the narrowest layer is the input or the output"))
CONVEXITY = Remark(
    "convexity-only-here",
    "f is assumed convex throughout.",
    prose(
        "Convexity is used in this one inference, from {e} to a global minimum; everything "
        "before it holds for every differentiable {f}.",
        e=Equal(G, 0),
        f=f,
    ),
    source=Source(3, "Theorem 3"),
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


theorem_3_gradient = result(
    "theorem-3-gradient",
    "Theorem 3 without convexity: at a local minimum the gradient of f is zero",
    variables=(d, k, f, M),
    given=(DEPTH, SMOOTH, NO_BOTTLENECK, MINIMUM),
    claim=Equal(G, 0),
    source=Source(3, "section 2, Theorem 3 (after Laurent and von Brecht, 2018)"),
    idea=prose(
        "If the input is the narrowest layer, this is theorem-3-input. If the output is, read the "
        "network backwards: all factors transposed, and the loss {g} of the transposed product.",
        g=f_transposed,
    ),
    notation=((G, "G"),),
    symbols=(*SYMBOLS, GRADIENT),
)


@theorem_3_gradient.route()
def by_symmetry(p: Proof, depth: Fact, smooth: Fact, ends: Fact, minimum: Fact) -> None:
    with p.cases(ends, Equal(G, 0), words="One end of the network is narrowest.") as cases:
        with (
            cases.case(words="Suppose that is the input.") as case,
            p.beat("Then the layers above it can be peeled off, and {G} is zero.", G=G),
        ):
            p.have(
                Equal(G, 0),
                using=[smooth, *case.given, minimum, theorem_3_input],
            )
        with (
            cases.case(words="Suppose that is the output.") as case,
            p.beat(
                "Read the network backwards, all layers transposed: then it is narrowest at its "
                "input, and its gradient {GT} is zero.",
                GT=G.T,
            ),
        ):
            known_of_R, gradient = read_backwards(p, k, case.given[0], smooth, minimum)
            flat = p.have(
                Equal(f_transposed.gradient(reversed_family(M)[k:1]), 0),
                result_(
                    *(theorem_3_input, backwards, k, f_transposed, reversed_family(M)),
                    premises=[depth, *known_of_R],
                ),
            )
            transposed = p.have(Equal(G.T, 0), rewriting(flat, gradient))
            p.have(Equal(G, 0), using=[transposed])


theorem_3 = result(
    "theorem-3",
    "Theorem 3: without a bottleneck every local minimum is global",
    variables=(d, k, f, M),
    given=(
        DEPTH,
        (Convex(f), prose("the loss {f} of the product is convex", f=f)),
        SMOOTH,
        NO_BOTTLENECK,
        MINIMUM,
    ),
    claim=GlobalMinimum(X, f(X), M[k:1]),
    source=Source(
        3,
        "section 2, Theorem 3",
        "If there is no bottleneck, i.e. d_0 or d_k = min_{0≤i≤k} d_i, then any local minimum of "
        "L_k is a global minimum of f.",
    ),
    comparison=prose(
        "Stronger: proved here where the paper cites it, and for one layer too. Without "
        "convexity the proof still shows that the gradient is zero."
    ),
    without=(
        (
            0,
            "Without layers the loss is constant, so that the identity is a local minimum whatever "
            "f is; for f(x) = x² it is the number 1, and not a global minimum of f.",
        ),
        (1, "E26"),
        (2, "E25"),
        (3, "E01"),
        (4, "E20"),
    ),
    idea=prose(
        "Criticality in the first layer says that the layers above it send the gradient {G} of {f} "
        "to zero; and since no layer is narrower than the input, they can be changed along "
        "directions that nothing reaches, and so be removed one at a time. What is left says that "
        "{G} itself is zero, whether or not {f} is convex. Convexity then says that the product "
        "is a global minimum.",
        G=G,
        f=f,
    ),
    parts=("theorem-3-gradient", "theorem-3-input", "lemma-2-above"),
    notation=((G, "G"),),
    symbols=(*SYMBOLS, GRADIENT),
)


@theorem_3.route()
def by_convexity(
    p: Proof, depth: Fact, convex: Fact, smooth: Fact, ends: Fact, minimum: Fact
) -> None:
    with p.beat(
        "Without a bottleneck all layers can be peeled off criticality: the gradient {G} is zero.",
        G=G,
    ):
        flat = p.have(
            Equal(G, 0),
            using=[smooth, ends, minimum, theorem_3_gradient],
        )
    with p.beat("A convex function is least where its gradient is zero.", remarks=[CONVEXITY]):
        p.have(
            theorem_3.claim,
            using=[convex, smooth, flat],
        )


__all__ = ["theorem_3", "theorem_3_gradient", "theorem_3_input"]
