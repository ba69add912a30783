"""The way from SymPy expressions into the core language.

The only place where SymPy's index and scalar arithmetic is read; what cannot be read exactly
is refused.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Add, Float, Integer, Mul, Pow, Rational, Symbol
from sympy.core.basic import Basic

from proofkit.language import terms as t
from proofkit.language.binding import close_binder
from proofkit.language.errors import SortError
from proofkit.language.sorts import bound_term
from proofkit.language.wellformed import RESERVED
from proofkit.symbols.families import (
    Chain,
    Family,
    FamilyTerm,
    Listed,
    Member,
    Replaced,
    Summation,
    Tabulated,
    Updated,
)
from proofkit.symbols.functions import Function, FunctionOf, Gradient, Value
from proofkit.symbols.matrices import (
    Identity,
    MatrixVariable,
    Product,
    Scaled,
    Sum,
    Trace,
    Transposed,
    Zero,
)
from proofkit.symbols.scalars import (
    Rank,
    Width,
    WidthEnds,
    WidthFunction,
    WidthOf,
    WidthTable,
    index,
    natural,
    real,
)

__all__ = [
    "encode_family",
    "encode_function",
    "encode_index",
    "encode_matrix",
    "encode_real",
    "encode_sort",
    "encode_term",
    "encode_variable",
    "is_index",
]


# Terms are encoded again wherever they stand.  ``typed``, since True is refused where 1 is not.
_remembered = lru_cache(maxsize=1 << 14, typed=True)


def is_index(x: Any) -> bool:
    """Whether a SymPy expression is an integer term (as against a real one)."""
    return isinstance(x, Basic) and _has_integer_atoms(x)


@_remembered
def _has_integer_atoms(x: Basic) -> bool:
    return all(atom.is_integer or isinstance(atom, Integer) for atom in _scalar_atoms(x))


def _scalar_atoms(x: Any) -> list[Any]:
    if isinstance(x, (Add, Mul, Pow)):
        return [a for arg in x.args for a in _scalar_atoms(arg)]
    return [x]


@_remembered
def encode_sort(x: Any) -> t.Term:
    """The sort of a variable."""
    if isinstance(x, Symbol):
        # A symbol of another make (a Dummy, or one that is positive) would lose its meaning here.
        for make, sort in ((index, "index"), (natural, "nat"), (real, "real")):
            if x == make(x.name):
                return (sort,)
        raise SortError(f"the symbol {x} was not made by index(), natural() or real()")
    if isinstance(x, WidthFunction):
        return ("width", x.arity)
    if isinstance(x, MatrixVariable):
        return ("matrix", encode_index(x.rows), encode_index(x.cols))
    if isinstance(x, Function):
        rows, cols = x.domain
        return ("function", encode_index(rows), encode_index(cols))
    if isinstance(x, Family):
        parameters = [encode_variable(p) for p in x.args[1]]
        rows, cols = (close_binder(encode_index(a), parameters) for a in x.args[2:4])
        return ("family", len(parameters), rows, cols)
    raise SortError(f"{x!r} is not a variable of proofkit")


@_remembered
def encode_variable(x: Any) -> t.Term:
    """A variable: a symbol, a matrix, family, function or width variable."""
    name = getattr(x, "name", None)
    if not isinstance(name, str):
        raise SortError(f"{x!r} is not a variable of proofkit")
    if name.startswith(RESERVED):
        raise SortError(f"names that begin with {RESERVED!r} are the kernel's: {name!r}")
    return ("var", name, encode_sort(x))


def _closed(variable: Any, body: t.Term) -> t.Term:
    return close_binder(body, [encode_variable(variable)])


@_remembered
def encode_index(x: Any) -> t.Index:
    """An integer term: linear in symbols, widths and ranks.

    >>> from proofkit.symbols.scalars import index
    >>> t.show(encode_index(2*index('i') - 1))
    '2·i − 1'
    """
    if type(x) is int or isinstance(x, Integer):
        return t.lin(int(x))
    if isinstance(x, Symbol):
        if not x.is_integer:
            raise SortError(f"{x} is not an integer symbol")
        return bound_term(encode_variable(x))
    if isinstance(x, Width):
        return t.width_at(encode_width(x.args[0]), tuple(encode_index(a) for a in x.args[1:]))
    if isinstance(x, Rank):
        return t.lin(0, {("rank", encode_matrix(x.args[0])): 1})
    if isinstance(x, Add):
        total = t.lin(0)
        for part in x.args:
            total = t.index_sum(total, encode_index(part))
        return total
    if isinstance(x, Mul):
        factor, rest = x.as_coeff_Mul()
        if isinstance(factor, Integer) and not isinstance(rest, Mul):
            return t.index_sum(t.lin(0), encode_index(rest), int(factor))
    raise SortError(f"{x!r} is not a linear integer term")


@_remembered
def encode_width(x: Any) -> t.Term:
    """A width function."""
    if isinstance(x, WidthTable):
        return ("table", tuple(encode_index(a) for a in x.args))
    if isinstance(x, WidthOf):
        return ("wlam", 1, _closed(x.args[0], encode_index(x.args[1])))
    if isinstance(x, WidthEnds):
        inner, last, *ends = x.args
        return ("ends", encode_width(inner), encode_width(last), *map(encode_index, ends))
    return encode_variable(x)


@_remembered
def encode_real(x: Any) -> t.Real:
    """A real term: a polynomial in symbols, values of functions, traces and integer terms."""
    if type(x) is int:
        return t.constant(x)
    if isinstance(x, Rational):
        return t.constant(_rational(x))
    if isinstance(x, Symbol) and not x.is_integer:
        return bound_term(encode_variable(x))
    if isinstance(x, Value):
        return t.value(encode_function(x.args[0]), encode_matrix(x.args[1]))
    if isinstance(x, Trace):
        return t.trace(encode_matrix(x.args[0]))
    if isinstance(x, Add):
        total = t.constant(0)
        for part in x.args:
            total = t.real_sum(total, encode_real(part))
        return total
    if isinstance(x, Mul):
        product = t.constant(1)
        for part in x.args:
            product = t.real_product(product, encode_real(part))
        return product
    if isinstance(x, Pow) and isinstance(x.args[1], Integer) and 0 <= int(x.args[1]) <= 16:
        return t.real_power(encode_real(x.args[0]), int(x.args[1]))
    if isinstance(x, (float, Float)):
        near = Fraction(float(x)).limit_denominator(1000)
        raise SortError(
            f"{float(x)!r} is a float, and proofs are exact: write a quotient, such as SymPy's "
            f"Rational({near.numerator}, {near.denominator})"
        )
    return t.real_from_index(encode_index(x))


def _rational(x: Rational) -> int | Fraction:
    return int(x) if isinstance(x, Integer) else Fraction(int(x.p), int(x.q))


@_remembered
def encode_matrix(x: Any) -> t.Matrix:
    """A matrix term in normal form."""
    if isinstance(x, Chain):
        rows, cols = x.shape
        family = encode_family(x.args[0])
        word = t.chain_word(family, encode_index(x.args[1]), encode_index(x.args[2]))
        return t.letter_matrix(encode_index(rows), encode_index(cols), word)
    if isinstance(x, Summation):
        rows, cols = x.shape
        family, hi, lo = encode_family(x.args[0]), *map(encode_index, x.args[1:])
        word = ((("sum", family, hi, lo), 0),)
        return t.letter_matrix(encode_index(rows), encode_index(cols), word)
    if isinstance(x, Product):
        product = encode_matrix(x.args[0])
        for factor in x.args[1:]:
            product = t.matrix_product(product, encode_matrix(factor))
        return product
    if isinstance(x, Sum):
        total = encode_matrix(x.args[0])
        for part in x.args[1:]:
            total = t.matrix_sum(total, encode_matrix(part))
        return total
    if isinstance(x, Scaled):
        return t.scalar_product(encode_real(x.args[0]), encode_matrix(x.args[1]))
    if isinstance(x, Transposed):
        return t.transpose(encode_matrix(x.args[0]))
    if isinstance(x, Identity):
        return t.identity(encode_index(x.args[0]))
    if isinstance(x, Zero):
        return t.zero(encode_index(x.args[0]), encode_index(x.args[1]))
    if isinstance(x, Gradient):
        return t.gradient(encode_function(x.args[0]), encode_matrix(x.args[1]))
    if isinstance(x, MatrixVariable):
        return bound_term(encode_variable(x))
    raise SortError(f"{x!r} is not a matrix term")


@_remembered
def encode_family(x: Any) -> t.Term:
    """A family of matrices."""
    if isinstance(x, Member):
        return t.member_of(encode_family(x.args[0]), encode_index(x.args[1]))
    if isinstance(x, Tabulated):
        return ("tab", _closed(x.args[0], _encode_member(x.args[1])))
    if isinstance(x, Replaced):
        inner, lo, hi, variable, body = x.args
        return (
            "replaced",
            encode_family(inner),
            encode_index(lo),
            encode_index(hi),
            _closed(variable, encode_matrix(body)),
        )
    if isinstance(x, Updated):
        inner, at, member = x.args
        return ("updated", encode_family(inner), encode_index(at), _encode_member(member))
    if isinstance(x, Listed):
        return ("listed", tuple(encode_matrix(m) for m in x.args))
    return encode_variable(x)


def _encode_member(x: Any) -> t.Term:
    return encode_family(x) if isinstance(x, FamilyTerm) else encode_matrix(x)


@_remembered
def encode_function(x: Any) -> t.Term:
    """A function from matrices to real numbers."""
    if isinstance(x, FunctionOf):
        rows, cols = (encode_index(a) for a in x.domain)
        return ("fun", rows, cols, _closed(x.args[0], encode_real(x.args[1])))
    return encode_variable(x)


def encode_term(x: Any, sort: t.Term) -> t.Term:
    """A term of the given sort."""
    by_sort = {
        "index": encode_index,
        "nat": encode_index,
        "real": encode_real,
        "matrix": encode_matrix,
        "family": encode_family,
        "function": encode_function,
        "width": encode_width,
    }
    return by_sort[sort[0]](x)
