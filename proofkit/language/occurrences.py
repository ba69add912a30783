"""Which variables occur in a term, claim or sort: free ones by name, bound ones by their numbers.

What was found is remembered by the term, here as everywhere in this package: terms are made of
tuples, strings and numbers, nobody can change them, and these are functions of nothing else.
What comes in from outside reaches them after the gate (`wellformed`) saw that it is made of
exactly these, so that equal terms are the same term.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from proofkit.language.errors import LanguageError
from proofkit.language.terms import Term

__all__ = ["free_variables", "mentions_bound", "names_in", "reach"]


_PARTS = frozenset(("lin", "chain", "sum", "grad", "trace", "value"))
"""Tags of parts that many claims have in common."""


@lru_cache(maxsize=1 << 14)
def free_variables(x: Term) -> Mapping[str, Term]:
    """The free variables of a claim, term or sort by name, those in their sorts included.

    Raises `LanguageError` when one name stands for variables of two sorts.
    """
    found: dict[str, Term] = {}
    stack: list[Term] = [x]
    seen: set[int] = {id(x)}
    while stack:
        item = stack.pop()
        if len(item) == 3 and item[0] == "var":
            _enter(found, item)
            item = item[2:]
        for part in item:
            if isinstance(part, tuple) and id(part) not in seen:
                seen.add(id(part))
                if part and isinstance(part[0], str) and part[0] in _PARTS:
                    for variable in free_variables(part).values():
                        _enter(found, variable)
                else:
                    stack.append(part)
    return MappingProxyType(found)


def _enter(found: dict[str, Term], variable: Term) -> None:
    if found.setdefault(variable[1], variable) != variable:
        raise LanguageError(f"the name {variable[1]!r} stands for two variables of different sorts")


@lru_cache(maxsize=1 << 14)
def names_in(x: Term) -> frozenset[str]:
    """The names of the free variables in it, sorts left aside."""
    return frozenset(item[1] for item in _variables(x) if item[0] == "var")


@lru_cache(maxsize=1 << 14)
def reach(x: Term) -> int:
    """One more than the highest number of a bound variable in it, 0 if there is none.

    Those of binders inside are counted, too, so this is an upper bound for the dangling ones.

    >>> reach(("lin", 0, ((("b", 2), 1),)))
    3
    """
    return max((item[1] + 1 for item in _variables(x) if item[0] == "b"), default=0)


def mentions_bound(x: Term) -> bool:
    """Whether bound variables occur, be it only those of binders inside; sorts left aside."""
    return reach(x) > 0


def _variables(x: Term) -> list[Term]:
    """The variables in it, free and bound, sorts left aside."""
    found: list[Term] = []
    stack: list[Term] = [x]
    seen: set[int] = {id(x)}
    while stack:
        item = stack.pop()
        if item and item[0] in ("var", "b"):
            found.append(item)
            continue
        for part in item:
            if isinstance(part, tuple) and id(part) not in seen:
                seen.add(id(part))
                stack.append(part)
    return found
