"""What a variable ranges over, in the words and symbols of a paper: X ∈ ℝ^{m×n}."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Symbol

from proofkit.symbols import (
    Family,
    Function,
    Map,
    MatrixTerm,
    MatrixVariable,
    WidthFunction,
    index,
)
from proofkit.views.boxes import Box, Level, Name, Op, Row, Script, bracketed, row
from proofkit.views.layout import Layout
from proofkit.views.layout_parts import subscripted

__all__ = ["membership", "space"]

_IN = Op("∈", "range")
_PARAMETERS = ("t", "i")


def membership(layout: Layout, variable: Any) -> Row:
    """The variable with what it ranges over.

    >>> from proofkit.symbols import family, widths
    >>> from proofkit.views.text import show_box
    >>> show_box(membership(Layout(), family('M', widths('d'))))
    'matrices Mᵢ ∈ ℝ^{dᵢ×dᵢ₋₁}'
    """
    name = layout(variable)
    if isinstance(variable, MatrixVariable):
        return row(Level.RELATION, name, _IN, _space(layout, variable.rows, variable.cols))
    if isinstance(variable, (Function, Map)):
        ends = (_space(layout, *s) if s else _REALS for s in (variable.domain, variable.gives))
        takes, gives = ends
        return row(Level.RELATION, name, Op(":", "range"), takes, Op("→", "range"), gives)
    if isinstance(variable, Family):
        return _family(layout, variable)
    if isinstance(variable, WidthFunction):
        indices = [layout(index(p)) for p in _PARAMETERS[-variable.arity :]]
        return row(Level.RELATION, "numbers ", subscripted(name, *indices), _IN, _NATURALS)
    if isinstance(variable, Symbol) and variable.is_integer:
        return row(Level.RELATION, name, _IN, _NATURALS if variable.is_nonnegative else _INTEGERS)
    return row(Level.RELATION, name, _IN, _REALS)


def space(layout: Layout, term: Any) -> Box | None:
    """What a term lies in, ∈ and all, or None where there is nothing to say.

    >>> from proofkit.symbols import family, index, widths
    >>> from proofkit.views.text import show_box
    >>> M, k = family('M', widths('d')), index('k')
    >>> show_box(space(Layout(), M[k:1])).strip()
    '∈ ℝ^{dₖ×d₀}'
    """
    if isinstance(term, MatrixTerm):
        return row(Level.RELATION, _IN, _space(layout, term.rows, term.cols))
    if isinstance(term, (Function, Map, Family, WidthFunction, Symbol)):
        found = membership(layout, term).items
        named = next((n for n, item in enumerate(found) if isinstance(item, Op)), len(found))
        return Row(found[named:], Level.RELATION)
    return None


_REALS, _INTEGERS, _NATURALS = (Name(x, upright=True) for x in "ℝℤℕ")


def _space(layout: Layout, rows: Any, cols: Any) -> Box:
    if cols == Integer(1) and rows != Integer(1):  # a 1×1 matrix is no real number
        return Script(_REALS, None, layout(rows))
    sides = [bracketed(layout(side), Level.PRODUCT) for side in (rows, cols)]
    return Script(_REALS, None, row(Level.PRODUCT, sides[0], Op("×", "binary"), sides[1]))


def _family(layout: Layout, variable: Family) -> Row:
    parameters = [index(p) for p in _PARAMETERS[-variable.arity :]]
    rows, cols = variable.shape_at(*parameters)
    what = "vectors " if cols == Integer(1) else "matrices "
    member = subscripted(layout(variable), *(layout(p) for p in parameters))
    return row(Level.RELATION, what, member, _IN, _space(layout, rows, cols))
