"""Questions at steps of the chain rule, Theorem 2 and the corollaries.

Each wrong answer claims something; the walkthrough computes an instance on which that fails.
"""

from __future__ import annotations

from typing import Final

from proofkit.claims import And, Equal, Less, LessEqual, NonZero, Not, Or
from proofkit.symbols import MatrixVariable, natural, rank, trace
from proofkit.trace import prose
from proofkit.walkthroughs.data import Choice, Question
from theorems.bottleneck import HIDDEN
from theorems.chain_rule import Li
from theorems.corollary_1 import GLOBAL
from theorems.corollary_1 import X as DATA
from theorems.corollary_1 import f as squared
from theorems.lemma_1 import FULL_RANK
from theorems.setting import M, f, i, k
from theorems.theorem_2 import FLAT
from theorems.towers import TWO
from theorems.two_layers import A, B, e
from theorems.two_layers import f as two_layer_loss
from theorems.two_layers import n as inputs

__all__ = ["CHAIN_RULE", "COROLLARY_1", "COROLLARY_2", "THEOREM_2"]

n, p, q = natural("n"), natural("p"), natural("q")
X, Y, Z = MatrixVariable("X", n, p), MatrixVariable("Y", p, q), MatrixVariable("Z", n, q)
X2, Y2 = MatrixVariable("X'", n, p), MatrixVariable("Y'", p, q)
S, T, U = (MatrixVariable(name, n, n) for name in "STU")
_above, _below = M[k : i + 1], M[i - 1 : 1]

# ── The chain rule ─────────────────────────────────────────────────────────────────────────────
SLOPE: Final = Question(
    "slope",
    (Equal(Li.gradient(M[i]), _above.T * f.gradient(_above * M[i] * _below) * _below.T),),
    prose(
        "Nudge {m} by a little: the product moves by the nudge between {X} and {Y}. What is the "
        "gradient in {m}?",
        m=M[i],
        X=_above,
        Y=_below,
    ),
    (
        Choice(
            prose("The gradient of {f} between the same two factors", f=f),
            Equal(S * U * T, S.T * U * T.T),
        ),
        Choice(prose("The gradient of {f} between their transposes", f=f)),
        Choice(
            prose("The gradient of {f} between their transposes, the lower one first", f=f),
            Equal(T.T * U * S.T, S.T * U * T.T),
        ),
    ),
    (
        prose("Which sizes have {X}, {Y} and the gradient?", X=_above, Y=_below),
        prose("Write the change of {f} as an inner product with the nudge.", f=f),
    ),
    prose("The inner product moves both factors to the other side, and so transposes them."),
)

# ── Theorem 2 ──────────────────────────────────────────────────────────────────────────────────
STEEP: Final = Question(
    "steep",
    (Not(FLAT),),
    prose(
        "({A}, {B}) is a local minimum, not a global one, and {f} is convex. Can the gradient of "
        "{f} at {AB} be zero?",
        A=A,
        B=B,
        AB=A * B,
        f=two_layer_loss,
    ),
    (
        Choice(
            prose("It has to be: the gradient in {A} is, and {B} is not zero", A=A, B=B),
            Equal(Z, 0),
            (Equal(Z * Y.T, 0), NonZero(Y)),
        ),
        Choice(prose("No: then no matrix would be better than {AB}", AB=A * B)),
        Choice(prose("No: then {B} would be zero", B=B), Equal(Y, 0), (Equal(Z * Y.T, 0),)),
    ),
    (
        prose("What does a zero gradient say of a convex function?"),
        prose("The gradient in {A} is the one of {f} times {BT}.", A=A, f=two_layer_loss, BT=B.T),
    ),
    prose("A spurious minimum is a slope that the two factors cannot use."),
    stands=((Y, B), (Z, two_layer_loss.gradient(A * B))),
)

BOTTLENECK: Final = Question(
    "bottleneck",
    (Less(e, inputs),),
    prose("Say the hidden layer is as wide as the input. What is wrong with that?"),
    (
        Choice(prose("Then no matrix is out of reach: by Theorem 3 the gradient is zero")),
        Choice(
            prose("Then {B} has full rank, as a square matrix has", B=B),
            LessEqual(n, rank(S)),
        ),
        Choice(
            prose("Then {AB} has the rank of {A}", AB=A * B, A=A),
            Equal(rank(X * Y), rank(X)),
        ),
    ),
    (
        prose("Which matrices are products through a layer as wide as the input?"),
        prose("Which result speaks of networks that are narrowest at an end?"),
    ),
    prose("So the hidden layer is narrower than both ends, and Lemma 1 speaks of it."),
    stands=((X, A), (Y, B)),
)

# ── Corollary 1 ────────────────────────────────────────────────────────────────────────────────
CUT: Final = Question(
    "cut",
    (Or(Equal(squared.gradient(M[k:1]), 0), And(HIDDEN, FULL_RANK)),),
    prose("Cut the network at its narrowest layer. What is known of a local minimum there?"),
    (
        Choice(
            prose("That the gradient is zero, as it is critical"),
            Equal(Z, 0),
            (Equal(X.T * Z, 0),),
        ),
        Choice(
            prose("That both halves have full rank, as no layer is narrower"),
            LessEqual(p, rank(X * Y)),
        ),
        Choice(prose("One of the two: a zero gradient, or two halves of full rank")),
    ),
    (
        prose("Theorem 3 is for a cut at an end. Which result is for a hidden layer?"),
        prose("Look at examples: E17 has a minimum with gradient zero."),
    ),
    prose("Theorem 3 at an end, Lemma 1 inside; either way there is something to go on with."),
)

BEST: Final = Question(
    "best",
    (GLOBAL,),
    prose("The gradient is zero. Why is the network a global minimum then?"),
    (
        Choice(prose("Because the squared loss of the product is convex")),
        Choice(
            prose("Because the data are fitted: a zero gradient means no residual"),
            Equal(Z, 0),
            (Equal(X.T * Z, 0),),
        ),
        Choice(
            prose("Because a quadratic such as {e} is never negative", e=trace(S * S)),
            LessEqual(0, trace(S * S)),
        ),
    ),
    (
        prose("The gradient is the residual times {XT}. Can that be zero otherwise?", XT=DATA.T),
        prose("Which property of the loss has been shown first?"),
    ),
    prose("Level and convex: nothing lies below."),
)

# ── Corollary 2 ────────────────────────────────────────────────────────────────────────────────
SUM: Final = Question(
    "sum",
    (TWO,),
    prose(
        "The towers have no spurious local minima. How does that help the two-layer network, whose "
        "product is the sum of the towers?"
    ),
    (
        Choice(
            prose("A sum of products is the product of the sums"),
            Equal(X * Y + X2 * Y2, (X + X2) * (Y + Y2)),
        ),
        Choice(
            prose("The rank of a sum is the sum of the ranks, so nothing is lost"),
            Equal(rank(X + X2), rank(X) + rank(X2)),
        ),
        Choice(prose("Its factors, cut into columns and rows, are halves of towers")),
    ),
    (
        prose("Put two matrices side by side and two on top of one another, and multiply."),
        prose("How many columns of the upper factor belong to a tower?"),
    ),
    prose("Block by block: side by side times on top of one another is the sum."),
)

CHAIN_RULE: Final = (SLOPE,)
COROLLARY_1: Final = (CUT, BEST)
COROLLARY_2: Final = (SUM,)
THEOREM_2: Final = (STEEP, BOTTLENECK)
