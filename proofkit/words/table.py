"""The table of words: this page says all that there is to know of a word but its laws.

Its laws, derivatives among them, are textbook facts (`proofkit.textbook`).  A new word is a new
row here and the facts about it.  What a row must have is tested in ``tests/words``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from proofkit.words.row import Notation, Row

__all__ = ["TABLE"]

RUDIN = "W. Rudin, Principles of Mathematical Analysis, 3rd ed. 1976"
HORN_JOHNSON = "R. Horn, C. Johnson, Matrix Analysis, 2nd ed. 2013"
GOODFELLOW = "I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016)"

_ROWS = (
    # ── Real functions ─────────────────────────────────────────────────────────────────────────
    Row(
        "exp", "real → real", "The exponential eˣ.", "every x", f"{RUDIN}, 8.6 p. 178",
        Notation("power", "e"),
    ),
    Row(
        "log", "real → real", "The natural logarithm.", "x > 0",
        f"{RUDIN}, 8.6 p. 180",
        Notation("operator", "log"),
    ),
    Row(
        "sqrt", "real → real", "The square root.", "x ≥ 0",
        f"{RUDIN}, Theorem 1.21 p. 10",
        Notation("root"),
    ),
    Row(
        "sin", "real → real", "The sine.", "every x",
        f"{RUDIN}, 8.7 p. 182", Notation("operator", "sin"),
    ),
    Row(
        "cos", "real → real", "The cosine.", "every x",
        f"{RUDIN}, 8.7 p. 182", Notation("operator", "cos"),
    ),
    Row(
        "tanh", "real → real", "The hyperbolic tangent (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ).", "every x",
        f"{GOODFELLOW}, §6.3.2", Notation("operator", "tanh"),
    ),
    Row(
        "logistic", "real → real", "The logistic sigmoid 1/(1 + e⁻ˣ).", "every x",
        f"{GOODFELLOW}, §3.10", Notation("function", "logistic"),
    ),
    Row(
        "relu", "real → real", "The rectified linear unit max(x, 0).", "every x",
        f"{GOODFELLOW}, §6.3", Notation("function", "relu"),
    ),
    Row(
        "abs", "real → real", "The absolute value |x|.", "every x",
        f"{RUDIN}, Definition 1.32 p. 14",
        Notation("fenced", "|"),
    ),
    Row(
        "reciprocal", "real → real", "The reciprocal 1/x.", "x ≠ 0",
        f"{RUDIN}, Definition 1.12 (M5) p. 5", Notation("under"),
    ),
    Row(
        "derivative", "(real→real) → (real→real)", "The derivative σ′.",
        "σ has a derivative at x",
        f"{RUDIN}, Definition 5.1 p. 103", Notation("primed"),
    ),
    # ── Matrices ───────────────────────────────────────────────────────────────────────────────
    Row(
        "entrywise", "(real→real), p×q → p×q", "σ of each entry.",
        "the entries are in the domain of σ",
        "R. Horn, C. Johnson, Topics in Matrix Analysis (1991), §6.3",
        Notation("applied"),
    ),
    Row(
        "hadamard", "p×q, p×q → p×q", "The Hadamard product: entry times entry.",
        "all matrices",
        f"{HORN_JOHNSON}, Definition 7.5.1", Notation("infix", "∘"), linear=(0, 1),
    ),
    Row(
        "diag", "p×1 → p×p", "The diagonal matrix with these entries.", "all columns",
        f"{HORN_JOHNSON}, §0.9.1", Notation("function", "diag"), linear=(0,),
    ),
    Row(
        "diagonal", "p×p → p×1", "The diagonal of a matrix, as a column.",
        "all square matrices",
        f"{HORN_JOHNSON}, §0.9.1", Notation("function", "dg"), linear=(0,),
    ),
    Row(
        "ones", "→ p×q", "The matrix whose entries are all 1.", "all sizes",
        f"{HORN_JOHNSON}, §0.2.8",
        Notation("sign", "𝟏"),
    ),
    Row(
        "entry", "p×q, index, index → real", "The entry in row i and column j, counted from 1.",
        "1 ≤ i ≤ p and 1 ≤ j ≤ q",
        f"{HORN_JOHNSON}, §0.2.1", Notation("entry"), linear=(0,),
    ),
    Row(
        "inverse", "n×n → n×n", "The inverse.", "det X ≠ 0",
        f"{HORN_JOHNSON}, §0.5", Notation("raised", "−1"),
    ),
    Row(
        "determinant", "n×n → real", "The determinant.", "all square matrices",
        f"{HORN_JOHNSON}, §0.3",
        Notation("operator", "det"),
    ),
    Row(
        "hessian", "(p×q→real), p×q, p×q → p×q",
        "The derivative of f′ at X, applied to H.",
        "f is twice differentiable at X",
        "J. Magnus, H. Neudecker, Matrix Differential Calculus, 3rd ed. 2019, chapter 6",
        Notation("second"), linear=(2,),
    ),
)  # fmt: skip

TABLE: Mapping[str, Row] = MappingProxyType({row.name: row for row in _ROWS})
"""Every word by name."""
