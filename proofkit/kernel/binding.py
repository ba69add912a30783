"""Binders: which variables stand in a term, and what becomes of them (FORMAT.md, section 6).

Bound variables are numbers that count binders outwards, free ones have names and sorts, so that
what is put in is never captured.  Source: A. Charguéraud, The locally nameless representation, J.
Automated Reasoning 49 (2012).  What is built here is not in normal form: `proofkit.kernel.reading`
brings it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from proofkit.kernel.nodes import LanguageError, Term, node, remembered, spend
from proofkit.kernel.terms import INDEX, as_term, number, plus

SCOPE = {"forall": 2, "exists": 2, "lam": 2, "to": 2, "near": 3}  # first part below the binders
B0, B1 = node("b", 0), node("b", 1)
NOTHING: Mapping[str, Term] = MappingProxyType({})


def scope(x: Term) -> tuple[int, int]:
    """From which part of a node on variables are bound in it, and how many."""
    first = SCOPE.get(x[0]) if x and type(x[0]) is str else None
    if first is None:
        return len(x), 0
    return first, len(x[1]) if x[0] == "near" else 1


@remembered
def reach(x: Term) -> int:
    """How many binders around it a term looks through: 0 if no bound variable of it is loose.

    >>> reach(node("lam", INDEX, ("b", 2)))
    2
    """
    if x[:1] == ("b",) and len(x) == 2 and type(x[1]) is int:
        return int(x[1]) + 1
    first, binders = scope(x)
    around = [reach(part) for part in x[:first] if type(part) is tuple]
    below = [reach(part) - binders for part in x[first:] if type(part) is tuple]
    return max([0, *around, *below])


@remembered
def free(x: Term) -> Mapping[str, Term]:
    """The free variables of a term by name, those in their sorts too."""
    found: Mapping[str, Term] = NOTHING
    if x[:1] == ("var",) and len(x) == 3 and type(x[1]) is str:
        found = MappingProxyType({x[1]: x})
    for part in x:
        more = free(part) if type(part) is tuple else NOTHING
        if not found:
            found = more
        elif more and more is not found:
            twice = [v for name, v in more.items() if found.get(name, v) != v]
            if twice:
                raise LanguageError("one name stands for two variables", *twice)
            found = MappingProxyType({**found, **more})
    return found


def put(x: Term, look: Callable[[Term, int], Term], touched: frozenset[str] = frozenset()) -> Term:
    """The term with look(v, d) for each variable v that stands below d binders.

    The variables are the loose bound ones and the free ones of the names ``touched``.
    """
    built: dict[tuple[int, int], Term] = {}

    def walk(x: Term, depth: int) -> Term:
        if reach(x) <= depth and (not touched or touched.isdisjoint(free(x))):
            return x
        if x[0] == "b" or x[0] == "var":
            return look(x, depth)
        key = (id(x), depth)
        if key not in built:
            first, binders = scope(x)
            spend(1 + len(x))
            around = [walk(p, depth) if type(p) is tuple else p for p in x[:first]]
            below = [walk(p, depth + binders) if type(p) is tuple else p for p in x[first:]]
            built[key] = node(*around, *below)
        return built[key]

    return walk(x, 0)


@remembered
def lifted(x: Term, by: int) -> Term:
    """The term moved below more binders."""
    return put(x, lambda v, depth: node("b", v[1] + by)) if by else x


@remembered
def opened(body: Term, *terms: Term) -> Term:
    """The body of a group of binders with terms put in for its variables, in order."""

    def look(v: Term, depth: int) -> Term:
        place = len(terms) - 1 - (v[1] - depth)
        return lifted(terms[place], depth) if place >= 0 else node("b", v[1] - len(terms))

    return put(body, look)


@remembered
def closed(x: Term, *variables: Term) -> Term:
    """The body of a new group of binders for free variables, the first for the first.

    The sorts of the variables that stay are not looked into.
    """
    places = {v[1]: (v, n) for n, v in enumerate(reversed(variables))}

    def look(v: Term, depth: int) -> Term:
        if v[0] == "b":
            return node("b", v[1] + len(places))
        variable, place = places.get(v[1], (None, 0))
        return node("b", depth + place) if v == variable else v

    return put(x, look, frozenset(places))


@remembered
def moved(body: Term, by: int) -> Term:
    """The body of a binder for an index i, with i + by in place of i."""
    there = plus(as_term(B0, INDEX), number(by))
    return put(body, lambda v, depth: lifted(there, depth) if v[1] == depth else v)
