"""The way from claims into the core language, closed like that of terms
(`proofkit.symbols.encode`).

A claim is looked at by its exact class.  So a class of one's own is no claim, and what a claim says
of itself counts for nothing: it is its class and its parts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofkit.claims import abbreviations as a
from proofkit.claims import propositions as p
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import FALSE, at_most
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim
from proofkit.kernel.terms import minus, number
from proofkit.symbols.encode import encode_sort, encode_term, encode_variable, is_index

__all__ = ["encode", "forget"]


def encode(x: Any) -> Term:
    """A claim in the core language; `SortError` when it is no claim of proofkit.

    >>> encode(p.Not(p.Not(p.Contradiction())))
    ('false',)
    """
    return claim(_raw(x))


_seen: dict[int, tuple[Any, Term]] = {}
MOST_SEEN = 1 << 14


def _raw(x: Any) -> Term:
    """A claim in the core language, not in normal form; each object is looked at once."""
    found = _seen.get(id(x))
    if found is None:
        kind = type(x)
        if kind not in _CLAIMS:
            raise p.no_claim(x)
        if len(_seen) > MOST_SEEN:
            _seen.clear()
        found = _seen[id(x)] = (x, _CLAIMS[kind](x))
    return found[1]


def forget() -> None:
    """Look at every claim anew from now on."""
    _seen.clear()


def _order(strict: bool) -> Callable[[Any], Term]:
    def encoded(x: Any) -> Term:
        lower, upper = map(encode_term, x.args)
        if all(map(is_index, x.args)):
            return at_most(lower, minus(upper, number(int(strict))))
        return node("rpos" if strict else "rnonneg", minus(upper, lower))

    return encoded


def _equal(x: Any) -> Term:
    return node("null", minus(*map(encode_term, x.args)))


def _implies(x: Any) -> Term:
    *premises, conclusion = map(_raw, x.args)
    for premise in reversed(premises):
        conclusion = node("implies", premise, conclusion)
    return conclusion


def _quantified(tag: str) -> Callable[[Any], Term]:
    def encoded(x: Any) -> Term:
        body = encode(x.args[1])
        for bound in reversed(x.args[0]):
            v = encode_variable(bound)
            body = node(tag, v[2], closed(body, v))
        return body

    return encoded


def _near(x: Any) -> Term:
    variables = [encode_variable(v) for v, _ in x.args[0]]
    centres = [encode_term(c, v[2]) for (_, c), v in zip(x.args[0], variables, strict=True)]
    sorts = tuple(v[2] for v in variables)
    return node("near", sorts, tuple(centres), closed(encode(x.args[1]), *variables))


def _extremum(x: Any) -> tuple[Term, Term, Term]:
    """The sorts, the point, and "value at the point ≤ value at the bound variables"."""
    sorts = tuple(encode_sort(v) for v in x.args[0])
    point = tuple(encode_term(c, s) for c, s in zip(x.args[2], sorts, strict=True))
    elsewhere = closed(encode_term(x.args[1]), *map(encode_variable, x.args[0]))
    above = opened(elsewhere, *point)
    items = ((((above, 1),), ()), (-1, 1)), ((((elsewhere, 1),), ()), (1, 1))
    return node(*sorts), node(*point), node("rnonneg", ("num", items))


def _local(x: Any) -> Term:
    return node("near", *_extremum(x))


def _global(x: Any) -> Term:
    sorts, _, body = _extremum(x)
    for sort in reversed(sorts):
        body = node("forall", sort, body)
    return body


_CLAIMS: dict[type, Callable[[Any], Term]] = {
    p.LessEqual: _order(False),
    p.Less: _order(True),
    p.Equal: _equal,
    p.And: lambda x: node("and", tuple(map(_raw, x.args))),
    p.Or: lambda x: node("or", tuple(map(_raw, x.args))),
    p.Not: lambda x: node("not", _raw(x.args[0])),
    p.Implies: _implies,
    p.Contradiction: lambda x: FALSE,
    p.ForAll: _quantified("forall"),
    p.Exists: _quantified("exists"),
    p.Near: _near,
    p.Differentiable: lambda x: node("differentiable", encode_term(x.args[0])),
    p.Slope: lambda x: node("slope", *map(encode_term, x.args)),
    p.Continuous: lambda x: node("continuous", *map(encode_term, x.args)),
    p.Convex: lambda x: node("convex", encode_term(x.args[0])),
    a.NonZero: lambda x: node("not", ("null", encode_term(x.args[0]))),
    a.RankIs: lambda x: _raw(x.meaning()),
    a.RankBelow: lambda x: _raw(x.meaning()),
    a.Between: lambda x: _raw(x.meaning()),
    a.DifferentiableAt: lambda x: _raw(x.meaning()),
    a.AllPositive: lambda x: _raw(x.meaning()),
    a.Symmetric: lambda x: _raw(x.meaning()),
    a.PositiveDefinite: lambda x: _raw(x.meaning()),
    a.PositiveSemidefinite: lambda x: _raw(x.meaning()),
    a.Critical: lambda x: node("null", ("grad", *map(encode_term, x.args))),
    a.LocalMinimum: _local,
    a.GlobalMinimum: _global,
    a.SpuriousLocalMinimum: lambda x: node("and", (_local(x), ("not", _global(x)))),
}
