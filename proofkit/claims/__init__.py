"""Propositions as plain data: SymPy Booleans that the kernel, the printers and the evaluator read.

>>> from proofkit.symbols import MatrixVariable, Zero, natural, vector
>>> m, n = natural('m'), natural('n')
>>> X, v = MatrixVariable('X', m, n), vector('v', n)
>>> Exists(v, And(NonZero(v), Equal(X * v, Zero(m, 1))))
∃v. v ≠ 0 ∧ X·v = 0
"""

from proofkit.claims.abbreviations import (
    Abbreviation,
    AllPositive,
    Between,
    Critical,
    DifferentiableAt,
    GlobalMinimum,
    LocalMinimum,
    NonZero,
    PositiveDefinite,
    PositiveSemidefinite,
    RankBelow,
    RankIs,
    SpuriousLocalMinimum,
    Symmetric,
)
from proofkit.claims.encode import encode
from proofkit.claims.propositions import (
    And,
    Claim,
    Continuous,
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
    Slope,
)

__all__ = [
    "Abbreviation",
    "AllPositive",
    "And",
    "Between",
    "Claim",
    "Continuous",
    "Contradiction",
    "Convex",
    "Critical",
    "Differentiable",
    "DifferentiableAt",
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
    "PositiveDefinite",
    "PositiveSemidefinite",
    "RankBelow",
    "RankIs",
    "Slope",
    "SpuriousLocalMinimum",
    "Symmetric",
    "encode",
]
