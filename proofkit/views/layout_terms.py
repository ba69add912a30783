"""How terms are laid out: sums, products, chains M_k⋯M_{j+1}, widths d_i, gradients f′(X)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, Tuple

from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    Gradient,
    Identity,
    Listed,
    MatrixTerm,
    MatrixVariable,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Trace,
    Transposed,
    Updated,
    Value,
    Width,
    WidthEnds,
    WidthFunction,
    WidthOf,
    WidthTable,
    Zero,
    index,
)
from proofkit.views.boxes import (
    Accent,
    Box,
    Fence,
    Gap,
    Level,
    Name,
    Number,
    Op,
    Over,
    Row,
    Script,
    bracketed,
    row,
)
from proofkit.views.layout import Layout, comma_list, lays, number_box
from proofkit.views.names import name_box

__all__ = ["maps_to", "subscripted"]

_MINUS, _PLUS = Op("−", "prefix"), Op("+", "binary")
# A body without these binds nothing, so an index put in for its variable is never captured.
_BINDERS = (Tabulated, Replaced, FunctionOf, WidthOf)


def subscripted(base: Box, *indices: Box) -> Script:
    """The base with a subscript, joined to the subscript and marks that it may already have."""
    parts: list[Box] = [] if not isinstance(base, Script) or base.sub is None else [base.sub]
    parts.extend(indices)
    joined: list[Box] = []
    for part in parts:
        joined.extend((Op(",", "comma"), part) if joined else (part,))
    sub = joined[0] if len(joined) == 1 else Row(tuple(joined), Level.SUM)
    if isinstance(base, Script):
        return Script(base.base, sub, base.sup)
    return Script(bracketed(base, Level.ATOM), sub)


def _superscripted(base: Box, sup: Box) -> Script:
    if isinstance(base, Script):
        if base.sup is None:
            return Script(base.base, base.sub, sup)
        if isinstance(base.sup, Op):
            return Script(base.base, base.sub, row(Level.ATOM, base.sup, sup))
    return Script(bracketed(base, Level.ATOM), None, sup)


def maps_to(layout: Layout, variable: Any, body: Any) -> Row:
    """variable ↦ body."""
    return row(Level.MAPS_TO, layout(variable), Op("↦", "arrow"), layout(body))


def _signed_sum(terms: Sequence[tuple[bool, Box]]) -> Box:
    """A sum of boxes, each with whether it is subtracted."""
    items: list[Box] = []
    for n, (negative, box) in enumerate(terms):
        if n:
            items.append(Op("−", "binary") if negative else _PLUS)
        elif negative:
            items.append(_MINUS)
        items.append(bracketed(box, Level.PRODUCT if items else Level.SUM))
    return Row(tuple(items), Level.SUM)


# Scalars.


@lays(Symbol, MatrixVariable, WidthFunction, Function, Family)
def _named(layout: Layout, x: Any) -> Box:
    return name_box(layout.spelled(str(x.name)))


@lays(Rational)
def _rational(layout: Layout, x: Any) -> Box:
    return number_box(Fraction(int(x.p), int(x.q)))


@lays(Add)
def _add(layout: Layout, x: Any) -> Box:
    """A sum of scalars, what is added before what is subtracted and numbers last: k − i + 1."""
    terms = x.as_ordered_terms()
    terms.sort(key=lambda term: (bool(term.is_number), bool(_is_negative(term))))
    if _is_negative(terms[0]):
        terms.sort(key=lambda term: bool(_is_negative(term)))
    return _signed_sum(
        [(neg, layout(-term if neg else term)) for term in terms for neg in [_is_negative(term)]]
    )


def _is_negative(term: Any) -> bool:
    coefficient, _ = term.as_coeff_Mul()
    return bool(coefficient.is_number and coefficient < 0)


@lays(Mul)
def _mul(layout: Layout, x: Any) -> Box:
    coefficient, rest = x.as_coeff_Mul()
    if coefficient < 0:
        return _signed_sum([(True, layout(-x))])
    factors = rest.as_ordered_factors()
    boxes = [] if coefficient == 1 else [layout(coefficient)]
    return _juxtaposed([*boxes, *(layout(f) for f in factors)])


@lays(Pow)
def _pow(layout: Layout, x: Any) -> Box:
    return _superscripted(layout(x.args[0]), layout(x.args[1]))


@lays(Width)
def _width(layout: Layout, x: Any) -> Box:
    return subscripted(layout(x.args[0]), *(layout(a) for a in x.args[1:]))


@lays(WidthTable)
def _width_table(layout: Layout, x: Any) -> Box:
    return Fence("(", comma_list(layout, x.args), ")")


@lays(WidthEnds)
def _width_ends(layout: Layout, x: Any) -> Box:
    """As its widths in between: d_{t,0} is printed as what it is given as."""
    return layout(x.args[0])


@lays(WidthOf, Tabulated, FunctionOf)
def _lambda(layout: Layout, x: Any) -> Box:
    return maps_to(layout, *x.args)


@lays(Tuple)
def _point(layout: Layout, x: Any) -> Box:
    return layout(x[0]) if len(x) == 1 else Fence("(", comma_list(layout, x), ")")


@lays(Rank)
def _rank(layout: Layout, x: Any) -> Box:
    return row(Level.PRODUCT, Name("rank", upright=True), _argument(layout(x.args[0])))


def _argument(box: Box) -> Box:
    """What follows an operator written as a word: rank A, but rank(AB)."""
    if box.level >= Level.SCRIPT:
        return box if isinstance(box, Fence) else row(Level.PRODUCT, Gap(), box)
    return Fence("(", box, ")")


@lays(Trace)
def _trace(layout: Layout, x: Any) -> Box:
    term = x.args[0]
    if isinstance(term, Product) and isinstance(term.args[0], Transposed):
        left, right = term.args[0].args[0], Product(*term.args[1:])
        if left == right:
            return Script(Fence("‖", layout(left), "‖"), None, Number("2"))
        pair = row(Level.SENTENCE, layout(left), Op(",", "comma"), layout(right))
        return Fence("⟨", pair, "⟩")
    return row(Level.PRODUCT, Name("tr", upright=True), _argument(layout(term)))


@lays(Value)
def _value(layout: Layout, x: Any) -> Box:
    return _applied(bracketed(layout(x.args[0]), Level.ATOM), layout(x.args[1]))


@lays(Gradient)
def _gradient(layout: Layout, x: Any) -> Box:
    return _applied(_superscripted(layout(x.args[0]), Op("′", "prefix")), layout(x.args[1]))


def _applied(function: Box, argument: Box) -> Box:
    return row(Level.ATOM, function, Op("\u2061", "times"), Fence("(", argument, ")"))


# Matrices.


@lays(Identity)
def _identity(layout: Layout, x: Any) -> Box:
    return Name("I")


@lays(Zero)
def _zero(layout: Layout, x: Any) -> Box:
    return Number("0")


@lays(Sum)
def _sum(layout: Layout, x: Any) -> Box:
    return _signed_sum([_sign_and_size(layout, term) for term in x.args])


def _sign_and_size(layout: Layout, term: MatrixTerm) -> tuple[bool, Box]:
    if isinstance(term, Scaled) and term not in layout.names and _is_negative(term.args[0]):
        return True, _scaled_by(layout, -term.args[0], term.args[1])
    return False, layout(term)


@lays(Scaled)
def _scaled(layout: Layout, x: Any) -> Box:
    coefficient, term = x.args
    if _is_negative(coefficient):
        return _signed_sum([(True, _scaled_by(layout, -coefficient, term))])
    return _scaled_by(layout, coefficient, term)


def _scaled_by(layout: Layout, coefficient: Expr, term: MatrixTerm) -> Box:
    if coefficient == 1:
        return layout(term)
    return _juxtaposed([layout(coefficient), layout(term)])


@lays(Transposed)
def _transposed(layout: Layout, x: Any) -> Box:
    return _superscripted(layout(x.args[0]), Op("⊤", "prefix"))


@lays(Product)
def _product(layout: Layout, x: Any) -> Box:
    return _juxtaposed([layout(f) for f in _with_named_runs(layout, x.args)])


def _with_named_runs(layout: Layout, factors: tuple[Any, ...]) -> list[Any]:
    """The factors, each run of them that is a named product put in its place as one factor."""
    named = [t for t in layout.names if isinstance(t, Product)]
    out: list[Any] = []
    at = 0
    while at < len(factors):
        here = [t for t in named if factors[at : at + len(t.args)] == t.args]
        best = max(here, key=lambda t: len(t.args), default=None)
        out.append(factors[at] if best is None else best)
        at += 1 if best is None else len(best.args)
    return out


def _juxtaposed(boxes: Sequence[Box]) -> Box:
    """Factors side by side, with a thin space where two of them would run together."""
    items: list[Box] = []
    for n, box in enumerate(boxes):
        if n and (_is_wide(boxes[n - 1]) or _is_wide(box)) and not isinstance(items[-1], Fence):
            items.append(Gap())
        elif n:
            items.append(Op("\u2062", "times"))
        items.append(bracketed(box, Level.PRODUCT))
    return items[0] if len(items) == 1 else Row(tuple(items), Level.PRODUCT)


def _is_wide(box: Box) -> bool:
    """Whether a factor needs room beside others: a chain, a word, a fraction, a value f(X)."""
    if isinstance(box, Over):
        return True
    if isinstance(box, Script):
        return _is_wide(box.base)
    if isinstance(box, Row):
        return box.level > Level.SUM
    return isinstance(box, Name) and box.upright


# Families and chains.


@lays(Member)
def _member(layout: Layout, x: Any) -> Box:
    return subscripted(layout(x.args[0]), layout(x.args[1]))


@lays(Replaced)
def _replaced(layout: Layout, x: Any) -> Box:
    inner, lo, hi, variable, body = x.args
    if lo == hi and not body.has(*_BINDERS):
        return _with_layer(layout, inner, lo, body.xreplace({variable: lo}))
    new = maps_to(layout, variable, body)
    ends = (layout(lo), " to ", layout(hi))
    return row(Level.SENTENCE, layout(inner), " with layers ", *ends, " replaced by ", new)


@lays(Updated)
def _updated(layout: Layout, x: Any) -> Box:
    inner, at, new = x.args
    if inner.arity == 1:
        return _with_layer(layout, inner, at, new)
    old = subscripted(layout(inner), layout(at))
    return row(Level.SENTENCE, layout(inner), " with ", old, " replaced by ", layout(new))


def _with_layer(layout: Layout, inner: Any, at: Any, new: Any) -> Box:
    where = (layout(inner), " with layer ", layout(at), " replaced by ")
    return row(Level.SENTENCE, *where, layout(new))


@lays(Listed)
def _listed(layout: Layout, x: Any) -> Box:
    return Fence("(", comma_list(layout, x.args), ")")


@lays(Summation)
def _summation(layout: Layout, x: Any) -> Box:
    family, hi, lo = x.args
    if isinstance(family, Tabulated) and family not in layout.names:
        variable, body = family.args
        term = layout(body)
    else:
        variable = index("i")
        term = _at(layout, family, variable)
    start = row(Level.RELATION, layout(variable), Op("=", "relation"), layout(lo))
    sign = Script(Name("∑", upright=True), start, layout(hi))
    return row(Level.SUM, sign, Gap(), bracketed(term, Level.PRODUCT))


@lays(Chain)
def _chain(layout: Layout, x: Any) -> Box:
    family, hi, lo = x.args
    length = (hi - lo + 1).expand()
    if length == 0:
        return Name("I")
    if length == 1:
        return _at(layout, family, hi)
    if length.is_Integer and (length == 2 or isinstance(family, Listed)):
        return _juxtaposed([_at(layout, family, hi - n) for n in range(int(length))])
    ends = [bracketed(_at(layout, family, end), Level.PRODUCT) for end in (hi, lo)]
    return row(Level.PRODUCT, ends[0], Op("⋯", "dots"), ends[1])


def _at(layout: Layout, family: Any, at: Any) -> Box:
    """One member of a family: a letter with a subscript, or the matrix itself when it is given."""
    single = Chain(family, at, at)
    if single in layout.names:
        return name_box(layout.names[single])
    if family not in layout.names:
        if isinstance(family, Listed) and isinstance(at, Integer):
            return layout(family.args[int(at) - 1])
        if isinstance(family, Updated) and family.args[1] == at:
            return layout(family.args[2])
        if isinstance(family, Tabulated) and not family.args[1].has(*_BINDERS):
            return layout(family.args[1].xreplace({family.args[0]: at}))
    base = layout(family)
    simple = isinstance(base, (Name, Accent, Script))
    return subscripted(base if simple else bracketed(base, Level.ATOM), layout(at))
