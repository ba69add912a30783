"""What a variable ranges over, in the words and symbols of a paper: X ∈ ℝ^{m×n}."""

from __future__ import annotations

from typing import Any

from sympy import Integer, Symbol

from proofkit.symbols import Family, Function, MatrixVariable, WidthFunction, index
from proofkit.views.boxes import Box, Level, Name, Op, Script, bracketed, row
from proofkit.views.layout import Layout
from proofkit.views.layout_terms import subscripted

__all__ = ["membership"]

_IN = Op("∈", "relation")
_PARAMETERS = ("s", "i")


def membership(layout: Layout, variable: Any) -> Box:
    """The variable with what it ranges over.

    >>> from proofkit.symbols import family, widths
    >>> from proofkit.views.text import show_box
    >>> show_box(membership(Layout(), family('M', widths('d'))))
    'M with Mᵢ ∈ ℝ^{dᵢ×dᵢ₋₁}'
    """
    name = layout(variable)
    if isinstance(variable, MatrixVariable):
        return row(Level.RELATION, name, _IN, _space(layout, variable.rows, variable.cols))
    if isinstance(variable, Function):
        space = _space(layout, *variable.domain)
        arrow = Op("→", "relation")
        return row(Level.RELATION, name, Op(":", "relation"), space, arrow, _REALS)
    if isinstance(variable, Family):
        return _family(layout, variable, name)
    if isinstance(variable, WidthFunction):
        return row(Level.RELATION, "widths ", name)
    if isinstance(variable, Symbol) and variable.is_integer:
        return row(Level.RELATION, name, _IN, _NATURALS if variable.is_nonnegative else _INTEGERS)
    return row(Level.RELATION, name, _IN, _REALS)


_REALS, _INTEGERS, _NATURALS = (Name(x, upright=True) for x in "ℝℤℕ")


def _space(layout: Layout, rows: Any, cols: Any) -> Box:
    if cols == Integer(1):
        return _REALS if rows == Integer(1) else Script(_REALS, None, layout(rows))
    sides = [bracketed(layout(side), Level.PRODUCT) for side in (rows, cols)]
    return Script(_REALS, None, row(Level.PRODUCT, sides[0], Op("×", "binary"), sides[1]))


def _family(layout: Layout, variable: Family, name: Box) -> Box:
    parameters = [index(p) for p in _PARAMETERS[-variable.arity :]]
    space = _space(layout, *variable.shape_at(*parameters))
    member = subscripted(name, *(layout(p) for p in parameters))
    return row(Level.RELATION, name, " with ", member, _IN, space)
