"""Propositions as plain data: SymPy Booleans that the kernel, the printers and the evaluator read.

>>> from proofkit.symbols import MatrixVariable, Zero, natural, vector
>>> m, n = natural('m'), natural('n')
>>> X, v = MatrixVariable('X', m, n), vector('v', n)
>>> Exists(v, And(NonZero(v), Equal(X * v, Zero(m, 1))))
∃v. v ≠ 0 ∧ X·v = 0
"""

from proofkit.claims.abbreviations import (
    Abbreviation,
    Between,
    Critical,
    GlobalMinimum,
    LocalMinimum,
    NonZero,
    RankBelow,
    RankIs,
    SpuriousLocalMinimum,
)
from proofkit.claims.encode import encode
from proofkit.claims.propositions import (
    And,
    Claim,
    Contradiction,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    Not,
    Or,
)

__all__ = [
    "Abbreviation",
    "And",
    "Between",
    "Claim",
    "Contradiction",
    "Convex",
    "Critical",
    "Differentiable",
    "Equal",
    "Exists",
    "ForAll",
    "GlobalMinimum",
    "Implies",
    "Less",
    "LessEqual",
    "LocalMinimum",
    "Near",
    "NonZero",
    "Not",
    "Or",
    "RankBelow",
    "RankIs",
    "SpuriousLocalMinimum",
    "encode",
]
