"""Questions at steps of Lemma 2, Theorem 1 and Theorem 3: what comes next, and why.

Each wrong answer claims something; the walkthrough computes an instance on which that fails.
"""

from __future__ import annotations

from typing import Final

from proofkit.claims import And, Equal, Exists, Less, LessEqual, NonZero
from proofkit.symbols import MatrixVariable, natural, rank, trace
from proofkit.trace import prose
from proofkit.walkthroughs.data import Choice, Question
from theorems.lemma_2 import A, B, f_above, f_below
from theorems.setting import G, M, f, j, k, local_minimum
from theorems.theorem_1 import A as FACTOR_A
from theorems.theorem_1 import B as FACTOR_B
from theorems.theorem_3 import ENDS, theorem_3
from theorems.two_layers import pair_local

__all__ = ["LEMMA_2", "THEOREM_1", "THEOREM_3"]

n, p, q = natural("n"), natural("p"), natural("q")
X, Y, Z = MatrixVariable("X", n, p), MatrixVariable("Y", p, q), MatrixVariable("Z", n, q)
X2, Y2, S = MatrixVariable("X'", n, p), MatrixVariable("Y'", p, q), MatrixVariable("S", n, n)
_deep = Exists(M, And(Equal(M[k : j + 1], FACTOR_A), Equal(M[j:1], FACTOR_B)))

# ── Lemma 2 ────────────────────────────────────────────────────────────────────────────────────
FROZEN: Final = Question(
    "frozen",
    (Equal(G * B.T, 0),),
    prose(
        "With the lower half frozen at {B}, the gradient in the upper half is zero. What does that "
        "say of {G}?",
        B=B,
        G=G,
    ),
    (
        Choice(
            prose("That {G} is zero", G=G),
            Equal(Z, 0),
            (Equal(Z * Y.T, 0),),
        ),
        Choice(prose("That {G} kills the rows of {B}, and what they span", G=G, B=B)),
        Choice(
            prose("That {G} or {B} is zero", G=G, B=B),
            Equal(Z, 0),
            (Equal(Z * Y.T, 0), NonZero(Y)),
        ),
    ),
    (
        prose("The gradient of {g} is not {G}. What does the chain rule put behind it?",
              g=f_above, G=G),
        prose("Can a product of two matrices be zero although neither of them is?"),
    ),
    prose(
        "The chain rule gives {GBT}: only what {B} lets through is seen.", GBT=G * B.T, B=B
    ),
    stands=((Y, B), (Z, G)),
)  # fmt: skip

OTHER_HALF: Final = Question(
    "other-half",
    (Equal(A.T * G, 0),),
    prose("Now {A} is frozen and the lower layers move. Is there anything new in that?", A=A),
    (
        Choice(
            prose("No: it is the equation {e} once more", e=Equal(G * B.T, 0)),
            Equal(X.T * Z, 0),
            (Equal(Z * Y.T, 0),),
        ),
        Choice(
            prose("Yes: it says that {A} is zero unless {G} is", A=A, G=G),
            Equal(X, 0),
            (Equal(X.T * Z, 0), NonZero(Z)),
        ),
        Choice(prose("Yes: the columns of {A} are at right angles to those of {G}", A=A, G=G)),
    ),
    (
        prose("Which factor stands before the variable in {g}?", g=f_below),
        prose("One equation is about the rows of {G}, the other about its columns.", G=G),
    ),
    prose("Two equations: {G} sees neither the rows of {B} nor the columns of {A}.",
          G=G, A=A, B=B),
    stands=((X, A), (Y, B), (Z, G)),
)  # fmt: skip

BOTH_HALVES: Final = Question(
    "both-halves",
    (And(Equal(G * B.T, 0), Equal(A.T * G, 0)),),
    prose("Both equations hold. When do they force {G} to be zero?", G=G),
    (
        Choice(
            prose("Always"),
            Equal(Z, 0),
            (Equal(X.T * Z, 0), Equal(Z * Y.T, 0)),
        ),
        Choice(
            prose("When neither {A} nor {B} is zero", A=A, B=B),
            Equal(Z, 0),
            (Equal(X.T * Z, 0), Equal(Z * Y.T, 0), NonZero(X), NonZero(Y)),
        ),
        Choice(
            prose(
                "When the rows of {B} or the columns of {A} span everything",
                A=A,
                B=B,
            )
        ),
    ),
    (
        prose("{G} may still act on what is at right angles to the rows of {B}.", G=G, B=B),
        prose("How many rows has {B}, and how wide is the input?", B=B),
    ),
    prose("A bottleneck leaves directions out. What happens in them is for Lemma 1 to say."),
    stands=((X, A), (Y, B), (Z, G)),
)

# ── Theorem 1 ──────────────────────────────────────────────────────────────────────────────────
FACTORED: Final = Question(
    "factored",
    (_deep,),
    prose(
        "{A} and {B} are any two factors of the two-layer network. Are they the halves of a deep "
        "network?",
        A=FACTOR_A,
        B=FACTOR_B,
    ),
    (
        Choice(
            prose("Only if they have full rank: a product of layers has it"),
            LessEqual(p, rank(X * Y)),
        ),
        Choice(
            prose("No: a product has a smaller rank than its factors"),
            Less(rank(X * Y), rank(X)),
        ),
        Choice(prose("Yes: no layer between is narrower than the bottleneck")),
    ),
    (
        prose("Which rank can {A} have, and which one do the layers let through?", A=FACTOR_A),
        prose("Let a layer hand on what it gets, and fill the rest of it with zeros."),
    ),
    prose("Every layer has room for the bottleneck, so it can hand everything on."),
    stands=((X, FACTOR_A), (Y, FACTOR_B)),
)

LIFTED: Final = Question(
    "lifted",
    (local_minimum(M),),
    prose("The halves of {M} are a local minimum of two layers. Why is {M} one of all?", M=M),
    (
        Choice(
            prose("Because the halves determine the layers"),
            Equal(Y, Y2),
            (Equal(X * Y, X * Y2), NonZero(X)),
        ),
        Choice(prose("Because a small change of the layers is a small change of the halves")),
        Choice(
            prose("Because the product of all layers determines the halves"),
            Equal(X, X2),
            (Equal(X * Y, X2 * Y), NonZero(Y)),
        ),
    ),
    (
        prose("Take layers near those of {M}. Where are their two halves?", M=M),
        prose("Products are continuous. In which direction is that used here?"),
    ),
    prose("Near layers have near halves, and near halves do no better."),
    by="result: deep-minimum",
)

FULL: Final = Question(
    "full-rank",
    (pair_local(M[k : j + 1], M[j:1], f),),
    prose("Now both halves have full rank. What is that good for?"),
    (
        Choice(prose("Every small change of the halves comes from one of the outermost layers")),
        Choice(
            prose("Nothing: the layers between have an inverse on one side anyway"),
            LessEqual(p, rank(X)),
        ),
        Choice(
            prose("Every layer between has independent columns then"),
            LessEqual(p, rank(X)),
            (LessEqual(n, rank(X * Y)),),
        ),
    ),
    (
        prose("The halves are to move freely. Which layers do you move for that?"),
        prose("What has to be cancelled between the outermost layer and the bottleneck?"),
    ),
    prose("Full rank gives a one-sided inverse, and with it the outermost layer follows."),
    by="result: two-layer-minimum",
)

# ── Theorem 3 ──────────────────────────────────────────────────────────────────────────────────
NARROW: Final = Question(
    "narrowest",
    (ENDS,),
    prose("Why does it matter where the network is narrowest?"),
    (
        Choice(
            prose("It does not: products reach every rank, whatever the layers between"),
            LessEqual(p, rank(X.T * X)),
        ),
        Choice(
            prose("Because every product has a smaller rank than its first factor"),
            Less(rank(X * Y), rank(X)),
        ),
        Choice(prose("A narrow layer inside keeps the product from reaching every matrix")),
    ),
    (
        prose("Which matrices are products through a layer of width one?"),
        prose("Compare the rank of a product with the width of a layer in it."),
    ),
    prose("Without such a layer every matrix is a product, and nothing is out of reach."),
)

GRADIENT: Final = Question(
    "gradient",
    (Equal(G, 0),),
    prose(
        "A local minimum is critical, so the upper layers, transposed, send {G} to zero. Is {G} "
        "zero?",
        G=G,
    ),
    (
        Choice(
            prose("Yes, at once"),
            Equal(Z, 0),
            (Equal(X.T * Z, 0),),
        ),
        Choice(
            prose("Yes, as soon as these layers are not zero"),
            Equal(Z, 0),
            (Equal(X.T * Z, 0), NonZero(X)),
        ),
        Choice(
            prose("Yes, but only after the layers were changed unseen and peeled off one by one")
        ),
    ),
    (
        prose("Can {e} hold for a matrix {Z} that is not zero?", e=Equal(X.T * Z, 0), Z=Z),
        prose("Change a layer along a direction that nothing reaches: the product stays."),
    ),
    prose("At each of the changed networks criticality holds, and together they leave only zero."),
    stands=((X, M[k:2]), (Z, G)),
)

CONVEX: Final = Question(
    "convex",
    (theorem_3.claim,),
    prose("The gradient is zero. What makes the product a global minimum?"),
    (
        Choice(
            prose("Nothing more is needed: {e} is least at zero, too, say", e=-trace(X.T * X)),
            LessEqual(0, -trace(X.T * X)),
        ),
        Choice(
            prose("That {f} is smooth there, as {e} is at zero", f=f, e=trace(S * S)),
            LessEqual(0, trace(S * S)),
        ),
        Choice(prose("That {f} is convex: it lies above its tangent", f=f)),
    ),
    (
        prose("A saddle and a maximum have gradient zero as well."),
        prose("Of which hypothesis has nothing been made so far?"),
    ),
    prose("A convex function lies above its tangent, and this one is level."),
)

LEMMA_2: Final = (FROZEN, OTHER_HALF, BOTH_HALVES)
THEOREM_1: Final = (FACTORED, LIFTED, FULL)
THEOREM_3: Final = (NARROW, GRADIENT, CONVEX)
