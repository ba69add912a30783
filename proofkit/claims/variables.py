"""The free variables of claims and terms, in the order in which they are met."""

from __future__ import annotations

from collections.abc import Iterable
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

__all__ = ["VARIABLES", "free_variables", "scopes"]

VARIABLES = (Symbol, MatrixVariable, Family, Function, Map, WidthFunction)
"""The kinds of variables."""


def free_variables(parts: Iterable[Any]) -> list[Any]:
    """The free variables of claims or terms, each once, as they are met from left to right.

    >>> from proofkit.symbols import real
    >>> from proofkit.claims import Less
    >>> x, y, z = map(real, "xyz")
    >>> free_variables([ForAll(x, Less(x, z)), Less(y, x)])
    [z, y, x]
    """
    return list(dict.fromkeys(v for part in parts for v in _free(part)))


def _free(x: Any) -> list[Any]:
    found = [x] if isinstance(x, VARIABLES) else []
    bound, inside, outside = scopes(x)
    found += [v for part in inside for v in _free(part) if v not in bound]
    found += [v for part in outside for v in _free(part)]
    return list(dict.fromkeys(found))


def scopes(x: Any) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """What it binds, the parts in which it is bound, and those in which it is not."""
    if isinstance(x, (ForAll, Exists)):
        return tuple(x.variables), x.args, ()
    if isinstance(x, Near):
        return (
            tuple(v for v, _ in x.pairs),
            (*(v for v, _ in x.pairs), x.body),
            tuple(centre for _, centre in x.pairs),
        )
    if isinstance(x, (LocalMinimum, GlobalMinimum, SpuriousLocalMinimum)):
        return tuple(x.variables), x.args[:2], x.args[2:]
    if isinstance(x, (Tabulated, FunctionOf, WidthOf)):
        return x.args[:1], x.args, ()
    if isinstance(x, Replaced):
        return x.args[3:4], x.args[3:], x.args[:3]
    if isinstance(x, Family):
        return tuple(x.args[1]), x.args, ()
    return (), (), x.args
