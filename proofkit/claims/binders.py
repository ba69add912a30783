"""Which variables a claim or term binds, for whoever walks through claims as SymPy trees."""

from __future__ import annotations

from typing import Any

from sympy import Symbol

from proofkit.claims.abbreviations import GlobalMinimum, LocalMinimum, SpuriousLocalMinimum
from proofkit.claims.propositions import Exists, ForAll, Near
from proofkit.symbols import (
    Family,
    Function,
    FunctionOf,
    Map,
    MatrixVariable,
    Replaced,
    Tabulated,
    WidthFunction,
    WidthOf,
)

__all__ = ["VARIABLES", "bound_by"]

VARIABLES = (Symbol, MatrixVariable, Family, Function, Map, WidthFunction)
"""The kinds of variables."""


def bound_by(x: Any) -> tuple[Any, ...]:
    """The variables that the outermost node of a claim or term binds in its parts.

    >>> from proofkit.claims import Equal
    >>> from proofkit.symbols import MatrixVariable, natural
    >>> A = MatrixVariable("A", natural("n"), natural("n"))
    >>> bound_by(ForAll(A, Equal(A, 0)))
    (A,)
    """
    if isinstance(x, (ForAll, Exists, LocalMinimum, GlobalMinimum, SpuriousLocalMinimum)):
        return tuple(x.variables)
    if isinstance(x, Near):
        return tuple(v for v, _ in x.pairs)
    if isinstance(x, (Tabulated, FunctionOf, WidthOf)):
        return (x.args[0],)
    if isinstance(x, Replaced):
        return (x.args[3],)
    return tuple(x.args[1]) if isinstance(x, Family) else ()
