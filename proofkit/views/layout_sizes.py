"""Where the size of I, 0 and 𝟏 is written: where nothing else tells it.

In X + I and in f(I) the rest says how large I is; rank I and det I do not.  𝟏 bears its size unless
it stands beside a matrix of the same shape or is a column or row in a product.
"""

from __future__ import annotations

from typing import Any

from sympy import Integer

from proofkit.symbols import (
    Chain,
    Identity,
    MatrixTerm,
    MatrixWord,
    Product,
    Scaled,
    Sum,
    Transposed,
    Zero,
)
from proofkit.views.boxes import Box, Level, Name, Op, bracketed, row
from proofkit.views.layout import Layout
from proofkit.views.layout_parts import subscripted

__all__ = [
    "beside",
    "both_bare",
    "is_ones",
    "shape_box",
    "sized",
    "with_size",
    "without_identities",
]

ONES = Name("𝟏", upright=True)


def with_size(layout: Layout, x: Any) -> Box:
    """A term where nothing else says how large it is: I_n if it is an identity."""
    return (layout.with_sizes() if _is_bare(layout, x) else layout)(x)


def sized(layout: Layout, sign: Box, x: MatrixTerm) -> Box:
    """A sign for a matrix, with its size if sizes are written."""
    return subscripted(sign, shape_box(layout, x)) if layout.sizes else sign


def beside(layout: Layout, x: Any, *others: Any) -> Box:
    """A matrix beside others which tell its size: 𝟏 alone if it is one of ones."""
    told = any(not _is_bare(layout, y) and not is_ones(layout, y) for y in others)
    return ONES if told and is_ones(layout, x) else layout(x)


def both_bare(layout: Layout, x: Any, y: Any) -> bool:
    """Whether two terms, one a matrix, leave it open how large they are."""
    return _is_bare(layout, x) and _is_bare(layout, y)


def is_ones(layout: Layout, x: Any) -> bool:
    """Whether a term is a matrix of ones, written as such."""
    return isinstance(x, MatrixWord) and str(x.args[0]) == "ones" and x not in layout.names


def shape_box(layout: Layout, x: MatrixTerm) -> Box:
    """n for a square identity or a column, p×q for other matrices."""
    if isinstance(x, Identity) or (x.cols == Integer(1) and not isinstance(x, Zero)):
        return layout(x.rows)
    sides = [bracketed(layout(side), Level.PRODUCT) for side in x.shape]
    return row(Level.PRODUCT, sides[0], Op("×", "binary"), sides[1])


def without_identities(layout: Layout, x: Any) -> Any:
    """A product without the identities in it, as a reader multiplies them out at once."""
    if not isinstance(x, Product) or x in layout.names:
        return x
    kept = [f for f in x.args if not _is_identity(f) or f in layout.names]
    return Product(*kept) if len(kept) > 1 else kept[0] if kept else x


def _is_identity(x: Any) -> bool:
    if isinstance(x, Chain):
        return bool((x.args[1] - x.args[2] + 1).expand() == 0)
    return isinstance(x, Identity) or (isinstance(x, Transposed) and _is_identity(x.args[0]))


def _is_bare(layout: Layout, x: Any) -> bool:
    """Whether nothing in a term says how large it is."""
    if x in layout.names:
        return False
    if isinstance(x, (Identity, Zero)):
        return True
    if isinstance(x, Scaled):
        return _is_bare(layout, x.args[1])
    if isinstance(x, (Sum, Product, Transposed)):
        return all(_is_bare(layout, part) for part in x.args)
    return False
