"""Scalar symbols: layer indices, natural sizes, real numbers, widths and ranks.

>>> d = widths('d')
>>> i = index('i')
>>> d(i - 1)
d(i - 1)
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Symbol, sympify
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from proofkit.basics.displays import Typeset
from proofkit.symbols.faults import SortError

__all__ = [
    "Rank",
    "Width",
    "WidthEnds",
    "WidthFunction",
    "WidthOf",
    "WidthTable",
    "index",
    "natural",
    "rank",
    "real",
    "width_table",
    "widths",
]


def index(name: str) -> Symbol:
    """A symbol for an integer: a depth k, a bottleneck j, a layer i.

    >>> index('i').is_integer
    True
    """
    return Symbol(name, integer=True)


def natural(name: str) -> Symbol:
    """A symbol for a natural number (0 included), fit to be a size of a matrix."""
    return Symbol(name, integer=True, nonnegative=True)


def real(name: str) -> Symbol:
    """A symbol for a real number."""
    return Symbol(name, real=True)


class WidthFunction(Typeset, Basic):  # type: ignore[misc]
    """A function d from indices to natural numbers: the widths of the layers of a network."""

    def __new__(cls, name: Any, arity: Any = 1) -> WidthFunction:
        return super().__new__(cls, Str(str(name)), Integer(arity))  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def arity(self) -> int:
        return int(self.args[1])

    def __call__(self, *arguments: Any) -> Expr:
        return Width(self, *arguments)

    def _sympystr(self, printer: Any) -> str:
        return self.name


class WidthOf(Typeset, Basic):  # type: ignore[misc]
    """The width function i ↦ body, such as i ↦ d(k − i): what widths are specialised to."""

    def __new__(cls, variable: Any, body: Any) -> WidthOf:
        return super().__new__(cls, variable, sympify(body))  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"({self.args[0]} ↦ {printer._print(self.args[1])})"


class WidthTable(Typeset, Basic):  # type: ignore[misc]
    """The width function that takes the listed values at 0, 1, …, and 0 elsewhere."""

    def __new__(cls, *entries: Any) -> WidthTable:
        return super().__new__(cls, *(sympify(e) for e in entries))  # type: ignore[no-any-return]

    def __call__(self, at: Any) -> Expr:
        at = sympify(at)
        if at.is_Integer:
            return self.args[int(at)] if 0 <= int(at) < len(self.args) else Integer(0)
        return Width(self, at)

    def _sympystr(self, printer: Any) -> str:
        return "(" + ", ".join(printer._print(a) for a in self.args) + ")"


class WidthEnds(Typeset, Basic):  # type: ignore[misc]
    """Widths of two or more indices with given ends: ``first`` where the last index is 0 and
    ``last`` where it is K + 1, K a width function of the other indices.

    >>> d, K, t = widths('d', 2), widths('K'), index('t')
    >>> w = WidthEnds(d, K, natural('n'), natural('m'))
    >>> w(t, 0), w(t, 1), w(t, K(t) + 1)
    (n, d(t, 1), m)
    """

    def __new__(cls, inner: Any, last_layer: Any, first: Any, last: Any) -> WidthEnds:
        return super().__new__(cls, inner, last_layer, sympify(first), sympify(last))  # type: ignore[no-any-return]

    @property
    def arity(self) -> int:
        return int(self.args[0].arity)

    def __call__(self, *arguments: Any) -> Expr:
        return Width(self, *arguments)

    def at_an_end(self, *arguments: Expr) -> Expr | None:
        """The value at the first or the last layer; None for the others."""
        *others, at = arguments
        if at == 0:
            return self.args[2]
        return self.args[3] if (at - self.args[1](*others)).expand() == 1 else None

    def _sympystr(self, printer: Any) -> str:
        return str(printer._print(self.args[0]))


def widths(name: str, arity: int = 1) -> WidthFunction:
    """A symbolic width function; ``arity`` 2 for the widths of several towers."""
    return WidthFunction(name, arity)


def width_table(*entries: Any) -> WidthTable:
    """Explicit widths d_0, …, d_k, each a number or a symbolic natural.

    >>> width_table(2, 1, 2)(1)
    1
    """
    return WidthTable(*entries)


class Width(Typeset, Expr):  # type: ignore[misc]
    """The width d(i) at a layer index: a natural number."""

    is_integer = True
    is_nonnegative = True
    is_commutative = True

    def __new__(cls, function: Any, *arguments: Any) -> Expr:
        expected = function.arity if isinstance(function, (WidthFunction, WidthEnds)) else 1
        if len(arguments) != expected:
            raise SortError(f"{function} takes {expected} indices, not {len(arguments)}")
        converted = tuple(sympify(a) for a in arguments)
        for a in converted:
            if not a.is_integer:
                raise SortError(f"{function}({a}): a layer index must be an integer expression")
        if isinstance(function, WidthTable) and converted[0].is_Integer:
            return function(converted[0])
        if isinstance(function, WidthEnds) and (end := function.at_an_end(*converted)) is not None:
            return end
        return super().__new__(cls, function, *converted)

    def _sympystr(self, printer: Any) -> str:
        inside = ", ".join(printer._print(a) for a in self.args[1:])
        return f"{printer._print(self.args[0])}({inside})"


class Rank(Typeset, Expr):  # type: ignore[misc]
    """The rank of a matrix term: a natural number."""

    is_integer = True
    is_nonnegative = True
    is_commutative = True

    def __new__(cls, matrix: Any) -> Rank:
        return super().__new__(cls, matrix)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"rank({printer._print(self.args[0])})"


def rank(matrix: Any) -> Rank:
    """The rank of a matrix term, as an integer term."""
    return Rank(matrix)
