"""Derivatives of formulas: read as NumPy writes them, proved, written short, with code to run."""

from proofkit.derivatives.agreement import Agreement, assert_gradient
from proofkit.derivatives.result import Derived, derive, from_formula
from proofkit.derivatives.syntax import FormulaError

__all__ = [
    "Agreement",
    "Derived",
    "FormulaError",
    "assert_gradient",
    "derive",
    "from_formula",
]
