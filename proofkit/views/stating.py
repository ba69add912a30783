"""A statement as a paper prints it: one or two sentences, and where its names are defined.

The same claim that is taken apart into clauses elsewhere; nothing is left out but what a reader is
told beside it, the meaning of the symbols and the sizes of all but matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from sympy.core.basic import Basic

from proofkit.claims import (
    And,
    Between,
    Claim,
    Continuous,
    Convex,
    Differentiable,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Or,
    RankIs,
)
from proofkit.symbols import Family, Function, MatrixVariable, WidthFunction, rank
from proofkit.symbols.scalars import Rank
from proofkit.trace import Prose, ResultTrace
from proofkit.views.boxes import Box, Level, Op, Row, Words, flatten
from proofkit.views.layout import Layout, layout_of
from proofkit.views.layout_claims import chained, is_ranged
from proofkit.views.sorts import membership

__all__ = ["Stated", "Symbol", "stated"]


@dataclass(frozen=True)
class Symbol:
    """A symbol of the statement: its name, what it means, what it lies in."""

    name: Box
    meaning: Prose


@dataclass(frozen=True)
class Stated:
    """A statement in sentences, and the symbols in it that have a meaning told beside it."""

    sentences: Box
    symbols: tuple[Symbol, ...]


def stated(trace: ResultTrace) -> Stated:
    """The statement of a trace in sentences.

    >>> from proofkit.claims import Convex, Equal
    >>> from proofkit.symbols import Function, MatrixVariable
    >>> from proofkit.trace import Footprint
    >>> from proofkit.views.text import show_box
    >>> f, X = Function('f', 2, 2), MatrixVariable('X', 2, 2)
    >>> claim = ForAll(f, X, Implies(Convex(f), Equal(X, X)))
    >>> bare = ResultTrace('id', '', claim, 'proved', 'proved', (), Footprint((), (), ()))
    >>> show_box(stated(bare).sentences)
    'Let f : ℝ^{2×2} → ℝ and X ∈ ℝ^{2×2}. Suppose f is convex. Then X = X.'
    """
    layout = layout_of(trace.notation)
    known = {term for term, _ in trace.symbols if not isinstance(term, MatrixVariable)}
    lets: list[Any] = []
    premises: list[Any] = []
    claim = trace.statement
    while True:
        if isinstance(claim, ForAll) and not is_ranged(claim) and not premises:
            lets += [v for v in claim.variables if v not in known]
            claim = claim.body
        elif isinstance(claim, Implies):
            *more, claim = claim.args
            premises += more
        else:
            break
    items: list[Box | str] = []
    lets = [v for v in lets if not _is_size(v, lets)]
    if lets:
        items += ["Let ", *_listed([membership(layout, v) for v in lets]), ". "]
    main = premises.pop() if premises and not isinstance(premises[-1], _SETTING) else None
    if premises:
        items += ["Suppose ", *_listed(_premises(layout, premises)), ". "]
    if main is not None:
        items += ["If ", layout(main), ", then "]
    elif premises:
        items.append("Then ")
    items += _concluded(layout, claim)
    terms = [t for t in layout.names if isinstance(claim, Basic) and trace.statement.has(t)]
    where = [_defined(layout, term, "=") for term in terms if not isinstance(term, Claim)]
    items += [", where ", *_listed(where), "."] if where else ["."]
    for term in terms:
        if isinstance(term, Claim):
            items += [" That ", layout(term), " means: ", layout.without(term)(term), "."]
    return Stated(
        Row(tuple(Words(x) if isinstance(x, str) else x for x in items), Level.SENTENCE),
        tuple(_symbols(trace, layout)),
    )


def _is_size(variable: Any, others: Sequence[Any]) -> bool:
    """Whether a number is a side of a matrix beside it: X ∈ ℝ^{p×q} says what p and q are."""
    shapes = [x.shape for x in others if isinstance(x, MatrixVariable)]
    shapes += [x.domain for x in others if isinstance(x, Function)]
    return variable.is_Symbol and any(variable in shape for shape in shapes)


_SETTING: Final = (Between, Continuous, Convex, Differentiable, Less, LessEqual)
"""Premises that set the scene: the one that a result is about comes after them, with an If."""


def _defined(layout: Layout, term: Any, sign: str) -> Box:
    return Row((layout(term), Op(sign, "relation"), layout.without(term)(term)), Level.RELATION)


def _concluded(layout: Layout, claim: Any) -> list[Box | str]:
    """A conclusion: both directions as one, two ranks that are alike as one line."""
    if isinstance(claim, Or):
        return _listed_of([_concluded(layout, p) for p in claim.args], " or ")
    parts = list(claim.args) if isinstance(claim, And) else [claim]
    out: list[list[Box | str]] = []
    while parts:
        part = parts.pop(0)
        if isinstance(part, (Less, LessEqual)):
            chain = [part, *takewhile(lambda p: isinstance(p, (Less, LessEqual)), parts)]
            del parts[: len(chain) - 1]
            out += [[box] for box in chained(layout, chain)]
            continue
        converse = Implies(*part.args[::-1]) if _is_plain(part) else None
        if converse is not None and converse in parts:
            parts.remove(converse)
            out.append([layout(part.args[0]), " if and only if ", layout(part.args[1])])
        elif (ranks := _ranks(part, parts)) is not None:
            equal = Op("=", "relation")
            row = [x for term, _ in ranks for x in (layout(term), equal)]
            out.append([Row((*row, layout(ranks[0][1])), Level.RELATION)])
            del parts[: len(ranks) - 1]
        else:
            out.append([layout(part)])
    return _listed_of(out, " and ")


def _is_plain(claim: Any) -> bool:
    """Whether a claim is an implication with one premise."""
    return isinstance(claim, Implies) and len(claim.args) == 2


def _ranks(first: Any, rest: Sequence[Any]) -> list[tuple[Any, Any]] | None:
    """The ranks that are said to be one number, if the first claim and the next begin so."""
    if (one := _rank(first)) is None:
        return None
    found = [one]
    for other in map(_rank, rest):
        if other is None or other[1] != one[1]:
            break
        found.append(other)
    return found if len(found) > 1 else None


def _rank(claim: Any) -> tuple[Any, Any] | None:
    """The rank that a claim gives the value of, and the value."""
    if isinstance(claim, RankIs):
        return rank(claim.args[0]), claim.args[1]
    if isinstance(claim, Equal) and isinstance(claim.args[0], Rank):
        return claim.args[0], claim.args[1]
    return None


def _listed(boxes: Sequence[Box]) -> list[Box | str]:
    """a, b and c."""
    return _listed_of([[box] for box in boxes], " and ")


def _listed_of(parts: Sequence[list[Box | str]], word: str) -> list[Box | str]:
    """The parts in a row: semicolons between them where one is a sentence with commas or *and*."""
    long = len(parts) > 1 and any(_is_long(part) for part in parts)
    between, last = ("; ", f";{word}") if long else (", ", word)
    out: list[Box | str] = []
    for n, part in enumerate(parts):
        out += [*([between if n < len(parts) - 1 else last] if n else []), *part]
    return out


def _is_long(part: Sequence[Box | str]) -> bool:
    words = [box.text for x in part for box in _words(x)]
    return any(word in text for text in words for word in (" and ", " or ", "if ", ": "))


def _words(x: Box | str) -> list[Words]:
    return [Words(x)] if isinstance(x, str) else [b for b in flatten(x) if isinstance(b, Words)]


def _premises(layout: Layout, premises: Sequence[Any]) -> list[Box]:
    """The premises: 0 < j and j < k as 0 < j < k, what is said of one function as one clause."""
    out: list[Box] = []
    plain: list[Any] = []
    for premise in premises:
        if isinstance(premise, Convex) and Differentiable(premise.args[0]) in premises:
            out += chained(layout, plain)
            plain = []
            out.append(Row((layout(premise), Words(" and differentiable")), Level.SENTENCE))
        elif not (isinstance(premise, Differentiable) and Convex(premise.args[0]) in premises):
            plain.append(premise)
    return out + chained(layout, plain)


def _named(trace: ResultTrace, layout: Layout) -> Iterator[Any]:
    """The terms that the statement has under a name: names in names come after."""
    for term in layout.names:
        if isinstance(trace.statement, Basic) and trace.statement.has(term):
            yield term


def _symbols(trace: ResultTrace, layout: Layout) -> Iterator[Symbol]:
    for term, meaning in trace.symbols:
        kinds = (Family, Function, MatrixVariable, WidthFunction)
        plain = isinstance(term, kinds) or term.is_Symbol
        if plain and isinstance(trace.statement, Basic) and trace.statement.has(term) and meaning:
            yield Symbol(layout(term), meaning)
