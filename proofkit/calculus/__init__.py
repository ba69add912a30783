"""Differentials and gradients, found in the free algebra: one factor replaced by its change.

SymPy's own matrix derivatives are not used: in 1.14 several of them silently give 0.

>>> from proofkit.symbols import Function, MatrixVariable, family, index, widths
>>> d, k, i = widths('d'), index('k'), index('i')
>>> M, f = family('M', d), Function('f', d(k), d(0))
>>> H = MatrixVariable('H', d(i), d(i - 1))
>>> inside = [k - i, i - 1]
>>> differential(M[k:1], M[i], H, inside)
M[k:i + 1]·H·M[i - 1:1]
>>> gradient(f(M[k:1]), M[i], inside)
M[k:i + 1]ᵀ·f'(M[k:1])·M[i - 1:1]ᵀ
"""

from proofkit.calculus.differentials import (
    SecondDifferential,
    differential,
    gradient,
    second_differential,
    second_differential_of,
)

__all__ = [
    "SecondDifferential",
    "differential",
    "gradient",
    "second_differential",
    "second_differential_of",
]
