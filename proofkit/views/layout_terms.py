"""How terms are laid out: matrices, chains M_k⋯M_{j+1}, widths d_i, values, gradients f′(X)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Integer, Symbol, Tuple, preorder_traversal

from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    FunctionWord,
    Gradient,
    Identity,
    Image,
    Listed,
    Map,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    MatrixWord,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
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
    Row,
    Script,
    bracketed,
    row,
)
from proofkit.views.layout import Layout, comma_list, lays
from proofkit.views.layout_numbers import is_negative
from proofkit.views.layout_parts import (
    MINUS,
    applied,
    before,
    is_marks,
    juxtaposed,
    primed,
    signed_sum,
    subscripted,
    superscripted,
)
from proofkit.views.layout_sizes import beside, is_ones, sized, with_size
from proofkit.views.names import name_box

__all__ = ["entry_box", "function_box", "maps_to"]

# A body without these binds nothing, so an index put in for its variable is never captured.
_BINDERS = (Tabulated, Replaced, FunctionOf, WidthOf)
_TOP = Op("⊤", "prefix")
_PAIRS = ("ij", "rs", "kl", "pq", "ab")
"""Indices of a sum over all entries, the first that the matrix does not have."""


def maps_to(layout: Layout, variable: Any, body: Any) -> Row:
    """variable ↦ body."""
    return row(Level.MAPS_TO, layout(variable), Op("↦", "arrow"), layout(body))


# Scalars.


@lays(Symbol, MatrixVariable, WidthFunction, Function, Map, Family)
def _named(layout: Layout, x: Any) -> Box:
    return name_box(layout.spelled(str(x.name)))


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
    return before(Name("rank", upright=True), with_size(layout, x.args[0]))


@lays(MatrixTrace)
def _trace(layout: Layout, x: Any) -> Box:
    term = x.args[0]
    if isinstance(term, Product) and isinstance(term.args[0], Transposed):
        left, right = term.args[0].args[0], Product(*term.args[1:])
        if left == right:
            return Script(Fence("‖", with_size(layout, left), "‖"), None, Number("2"))
        if is_ones(layout, left):
            return _total(layout, right)
        pair = row(Level.SENTENCE, layout(left), Op(",", "comma"), layout(right))
        return Fence("⟨", pair, "⟩")
    return before(Name("tr", upright=True), with_size(layout, term))


def _total(layout: Layout, x: MatrixTerm) -> Box:
    """The sum of all entries."""
    names = {str(part.name) for part in preorder_traversal(x) if hasattr(part, "name")}
    named = next(pair for pair in _PAIRS if not names & set(pair))
    places = [layout(index(name)) for name in named]
    below = places[:1] if x.cols == 1 else places
    at = [*places[:1], Number("1")] if x.cols == 1 else places
    commas = [below[0], *(part for box in below[1:] for part in (Op(",", "comma"), box))]
    sign = Script(Name("∑", upright=True), row(Level.SUM, *commas))
    return row(Level.SUM, sign, Gap(), entry_box(with_size(layout, x), *at))


@lays(Value, Image)
def _value(layout: Layout, x: Any) -> Box:
    """f(X); a function that is given by its values is shown as its value at X."""
    function, at = x.args
    if isinstance(function, FunctionOf) and function not in layout.names:
        variable, body = function.args
        if not body.has(*_BINDERS):
            return layout(body.xreplace({variable: at}))
    return applied(function_box(layout, x.args[0]), layout(x.args[1]))


@lays(Gradient)
def _gradient(layout: Layout, x: Any) -> Box:
    function, at = x.args
    if isinstance(function, FunctionOf) and function.args[0] == at and function not in layout.names:
        nabla = subscripted(Name("∇", upright=True), layout(at))
        return applied(nabla, layout(function.args[1]))
    return applied(primed(layout(x.args[0])), layout(x.args[1]))


def function_box(layout: Layout, x: Any) -> Box:
    """A function where it is applied or spoken of: brackets tell a function named σ′ from the
    derivative of σ.
    """
    box = layout(x)
    of_word = isinstance(box, Script) and isinstance(x, FunctionWord) and x not in layout.names
    return box if of_word else bracketed(box, Level.ATOM)


def entry_box(matrix: Box, *places: Box) -> Box:
    """X_{i,j}; what has a subscript or a superscript of its own is in brackets: (X_1)_{i,j}."""
    plain = not isinstance(matrix, Script) or (matrix.sub is None and is_marks(matrix.sup))
    return subscripted(matrix if plain else Fence("(", matrix, ")"), *places)


# Matrices.


@lays(Identity)
def _identity(layout: Layout, x: Any) -> Box:
    """I; the one of one row is the number 1."""
    if x.rows == 1:
        return Number("1")
    return sized(layout, Name("I"), x)


@lays(Zero)
def _zero(layout: Layout, x: Any) -> Box:
    return sized(layout, Number("0"), x)


@lays(Sum)
def _sum(layout: Layout, x: Any) -> Box:
    return signed_sum([_signed(layout, term, x.args) for term in x.args])


def _signed(layout: Layout, term: MatrixTerm, terms: tuple[Any, ...]) -> tuple[bool, Box]:
    """A term of a sum without its sign, and whether it is subtracted."""
    if isinstance(term, Scaled) and term not in layout.names and is_negative(term.args[0]):
        return True, _scaled_by(layout, -term.args[0], term.args[1])
    return False, beside(layout, term, *terms)


@lays(Scaled)
def _scaled(layout: Layout, x: Any) -> Box:
    coefficient, term = x.args
    if is_negative(coefficient):
        return signed_sum([(True, _scaled_by(layout, -coefficient, term))])
    return _scaled_by(layout, coefficient, term)


def _scaled_by(layout: Layout, coefficient: Expr, term: MatrixTerm) -> Box:
    if coefficient == 1:
        return layout(term)
    if isinstance(term, Identity) and term.rows == 1:
        return layout(coefficient)
    return juxtaposed([layout(coefficient), layout(term)])


@lays(Transposed)
def _transposed(layout: Layout, x: Any) -> Box:
    inner = x.args[0]
    if (
        isinstance(inner, MatrixWord)
        and inner not in layout.names
        and str(inner.args[0]) == "inverse"
    ):
        power = row(Level.SUM, MINUS, _TOP)  # X^{−⊤} is (X⁻¹)ᵀ
        return superscripted(layout(inner.arguments[0]), power)
    return superscripted(layout(inner), _TOP)


@lays(Product)
def _product(layout: Layout, x: Any) -> Box:
    factors = _with_named_runs(layout, x.args)
    return juxtaposed([_factor(layout, factors, n) for n in range(len(factors))])


def _factor(layout: Layout, factors: Sequence[Any], n: int) -> Box:
    """One of the factors: what is between others is a column or a row of ones, 𝟏 or 𝟏ᵀ."""
    factor = factors[n]
    if n and factor.cols == 1 and is_ones(layout, factor):
        return beside(layout, factor, factors[n - 1])
    turned = isinstance(factor, Transposed) and factor not in layout.names
    if turned and n + 1 < len(factors) and factor.rows == 1 and is_ones(layout, factor.args[0]):
        return superscripted(beside(layout, factor.args[0], factors[n + 1]), _TOP)
    return layout(factor)


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
        return juxtaposed([_at(layout, family, hi - n) for n in range(int(length))])
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
