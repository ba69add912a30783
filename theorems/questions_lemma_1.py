"""Questions at steps of Lemma 1: its first half, the rows and their induction, and the way back.

Each wrong answer claims something; the walkthrough computes an instance on which that fails.
"""

from __future__ import annotations

from typing import Final

from proofkit.claims import (
    And,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Less,
    LessEqual,
    Near,
    NonZero,
    Not,
    RankBelow,
)
from proofkit.symbols import MatrixVariable, natural, rank, replaced, vector
from proofkit.trace import prose
from proofkit.walkthroughs.data import Choice, Facts, Question
from theorems.lemma_1 import lemma_1
from theorems.lemma_1_perturbed import no_change, rows_killed, tilde
from theorems.lemma_1_rows import e, leaves
from theorems.lemma_2 import A, B
from theorems.perturbation import v, w
from theorems.renumbering import at, f_transposed, reversed_family
from theorems.setting import G, M, d, f, i, j, k, local_minimum

__all__ = ["KILLED", "LEMMA_1", "PRODUCT"]

n, p, q = natural("n"), natural("p"), natural("q")
X, Y, Z = MatrixVariable("X", n, p), MatrixVariable("Y", p, q), MatrixVariable("Z", q, p)
_unseen = vector("w", d(i))
_large = replaced(M, 1, j, at, M[at] + 1000 * (w[at] * v[at].T))

RANK: Final = Question(
    "rank",
    (LessEqual(rank(M[k : i + 1]), rank(A)),),
    prose(
        "{A} has lost rank. What is the rank of {X}, which is {A} times {Y}?",
        A=A,
        X=M[k : i + 1],
        Y=M[j : i + 1],
    ),
    (
        Choice(prose("The rank of {A}, neither more nor less", A=A), Equal(rank(X * Y), rank(X))),
        Choice(prose("At most the rank of {A}", A=A)),
        Choice(prose("At least the rank of {A}", A=A), LessEqual(rank(X), rank(X * Y))),
    ),
    (
        prose("Each column of a product is a combination of the columns of the first factor."),
        prose("Can multiplying by something, by zero for instance, lower a rank? Can it raise it?"),
    ),
    prose("A product has at most the rank of each of its factors."),
    stands=((X, A), (Y, M[j : i + 1])),
)

RULE: Final = Question(
    "rule",
    (Exists(_unseen, And(NonZero(_unseen), Equal(M[k : i + 1] * _unseen, 0))),),
    prose("Which rule gives a direction in layer {i} that the output does not see?", i=i),
    (
        Choice(prose("A matrix with fewer independent columns than columns kills some vector")),
        Choice(
            prose("A matrix with fewer independent rows than rows kills some vector"),
            RankBelow(X, p),
            (RankBelow(X, n),),
        ),
        Choice(prose("Every matrix kills some vector that is not zero"), RankBelow(X, p)),
    ),
    (
        prose("Look at the step just before: the rank is compared with a width. Which one?"),
        prose(
            "A vector {x} with {e} is a relation between the columns.",
            x=vector("x", p),
            e=Equal(X * vector("x", p), 0),
        ),
    ),
    prose("Rank and nullity: what the columns lack in rank, the kernel has in dimensions."),
    stands=((X, M[k : i + 1]),),
)

PRODUCT: Final = Question(
    "product",
    (ForAll(v, Equal(M[k:1], tilde(v)[k:1])),),
    prose("The layers are changed by {D}. Does the product change?", D=w[i] * v[i].T),
    (
        Choice(
            prose("Yes, by something of the size of the {v}", v=v[i]),
            NonZero(A * tilde(v)[j:1] - M[k:1]),
        ),
        Choice(
            prose("Not for small {v}, but for large ones", v=v[i]),
            NonZero(A * _large[j:1] - M[k:1]),
        ),
        Choice(prose("No, whatever the {v} are", v=v[i])),
    ),
    (
        prose("Multiply out one layer, the uppermost that is changed."),
        prose("To the left of {w} stands {X}. What does it do to {w}?", w=w[i], X=M[k : i + 1]),
    ),
    prose("Identity (1): to the left of each {w} stand the factors that kill it.", w=w[i]),
)

SECOND: Final = Question(
    "lemma-2",
    (Near((v, no_change), rows_killed(j, v)),),
    prose("The changed network is a local minimum as well. What does Lemma 2 say there?"),
    (
        Choice(
            prose("What it said before: the lower half is still {B}", B=B), Equal(tilde(v)[j:1], B)
        ),
        Choice(prose("The same gradient {G} kills the rows of the changed lower half", G=G)),
        Choice(
            prose("Another gradient kills the rows of the changed lower half"),
            NonZero(f.gradient(A * tilde(v)[j:1]) - G),
        ),
    ),
    (
        prose("{G} depends on the network only through one matrix. Has that one changed?", G=G),
        prose("{B} is the product of layers that were all changed.", B=B),
    ),
    prose("Same product, same gradient; new rows. This is equation (2)."),
)

ROWS: Final = Question(
    "rows",
    (
        leaves(0, no_change),
        rows_killed(i - 1, v),
    ),
    prose(
        "Lemma 2 said {e} before anything was changed. Why was that not enough?",
        e=Equal(G * B.T, 0),
    ),
    (
        Choice(
            prose("It was: a matrix with {e} is zero", e=Equal(X * Z.T, 0)),
            Equal(X, 0),
            (Equal(X * Z.T, 0),),
        ),
        Choice(
            prose("It was, as {B} is not zero", B=B), Equal(X, 0), (Equal(X * Z.T, 0), NonZero(Z))
        ),
        Choice(prose("The rows of {B} need not reach every direction; the changed rows do", B=B)),
    ),
    (
        prose("{G} kills the rows of {B}, and what they span. Is that everything?", G=G, B=B),
        prose("Try it on the example: {G} and {B} stand beside the proof.", G=G, B=B),
    ),
    prose(
        "The rows that the {v} bring in go in every direction, and {G} has to kill them all.",
        v=v[i],
        G=G,
    ),
    stands=((X, G), (Z, B)),
)

S, T = MatrixVariable("S", n, n), MatrixVariable("T", n, n)
X2 = MatrixVariable("X'", n, p)

TURNED: Final = Question(
    "induction",
    (Exists(e, NonZero(G * tilde(v)[i:1].T * e)),),
    prose(
        "The rows of {B} are turned layer by layer. Layer {n} may take back what was won below. "
        "What then?",
        B=tilde(v)[j:1],
        n=i + 1,
    ),
    (
        Choice(
            prose("Nothing: where a sum is zero, its parts are"),
            Equal(X, 0),
            (Equal(X + X2, 0),),
        ),
        Choice(
            prose("Nothing has to be done: what is not zero stays so when it is multiplied"),
            NonZero(X * Y),
            (NonZero(X), NonZero(Y)),
        ),
        Choice(
            prose(
                "Change {v} a little more, towards a row that was won: {w} is not zero, so it "
                "comes through",
                v=v[i + 1],
                w=w[i + 1],
            )
        ),
    ),
    (
        prose("The vector {v} has not been chosen yet. What does it add to the rows?", v=v[i + 1]),
        prose("Layer {n} is changed by {D}.", n=i + 1, D=w[i + 1] * v[i + 1].T),
    ),
    prose("One layer after the other: that is the induction, from the first layer up."),
)

BACKWARDS: Final = Question(
    "backwards",
    (Equal(f_transposed.gradient(reversed_family(M)[k:1]), 0),),
    prose("So far {A} had lost rank. Now {B} has. Is all to be done again?", A=A, B=B),
    (
        Choice(
            prose("Yes: transposing changes the rank"),
            Less(rank(X.T), rank(X)),
        ),
        Choice(
            prose("No: transpose every layer, and leave them where they are"),
            Equal((S * T).T, S.T * T.T),
        ),
        Choice(
            prose("No: transpose every layer and turn their order; then {BT} comes first", BT=B.T)
        ),
    ),
    (
        prose("What is the transpose of a product?"),
        prose("Of which network is {BT} the upper half?", BT=B.T),
    ),
    prose("Read backwards, the lower half is the upper one, and the first case is all there is."),
)

BROKEN: Final = Question(
    "which-hypothesis",
    (lemma_1.claim,),
    prose(
        "In E02 layer 1 has width 2. Cut there, {A} has rank 1 and {G} is not zero. Which "
        "hypothesis is broken?",
        A=A,
        G=G,
    ),
    (
        Choice(prose("That it is a local minimum"), Not(local_minimum(M)), example="E02"),
        Choice(prose("That the loss is differentiable"), Not(Differentiable(f)), example="E02"),
        Choice(prose("That no layer is narrower than the one where it is cut")),
    ),
    (
        prose("Which widths has E02? It is the network of E01 with one layer more."),
        prose("Where was it used that the width at the cut is the least?"),
    ),
    prose("Layer 2 has width 1. A wider cut can lose rank without hiding anything."),
)

LEMMA_1: Final = (RANK, RULE, PRODUCT, SECOND, ROWS, TURNED, BACKWARDS, BROKEN)

KILLED: Final = Facts(
    "killed",
    Exists(_unseen, And(NonZero(_unseen), Equal(M[k : i + 1] * _unseen, 0))),
    (
        LessEqual(rank(M[k : i + 1]), rank(A)),
        RankBelow(A, d(j)),
        LessEqual(d(j), d(i)),
        NonZero(A),
    ),
    read=RankBelow(M[k : i + 1], d(i)),
)
