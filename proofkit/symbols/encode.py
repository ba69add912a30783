"""The way from SymPy expressions into the core language, closed: what is no term here is refused.

Terms are looked at by their exact classes and remembered by identity, so that no class of one's
own, whatever it says of itself, is taken for one of these.  What is put together here is brought
to normal form by the kernel's gate.  This is the only place where SymPy's arithmetic is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from sympy import Abs, Add, Float, Mul, Pow, S, Symbol
from sympy.core.basic import Basic
from sympy.core.symbol import Str

from proofkit.kernel.binding import closed, lifted
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, is_name, read_by, term, variable
from proofkit.kernel.terms import INDEX, NAT, ONE, REAL, number
from proofkit.symbols.families import (
    Chain,
    Family,
    Listed,
    Member,
    Replaced,
    Summation,
    Tabulated,
    Updated,
)
from proofkit.symbols.faults import SortError
from proofkit.symbols.functions import Function, FunctionOf, Gradient, Image, Map, Value
from proofkit.symbols.matrices import (
    Identity,
    MatrixTrace,
    MatrixVariable,
    Product,
    Scaled,
    Sum,
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
from proofkit.symbols.words import FunctionWord, MatrixWord, Word

__all__ = ["encode_sort", "encode_term", "encode_variable", "forget", "is_index"]

MOST_POWER = 16
_RATIONALS = {type(x) for x in (S.Zero, S.One, S.NegativeOne, S.Half, S(2), S(2) / 3)}
_MAKERS = ((index, INDEX), (natural, NAT), (real, REAL))


def is_index(x: Any) -> bool:
    """Whether a SymPy expression is an integer term (as against a real one)."""
    if isinstance(x, (Add, Mul)):
        return all(map(is_index, x.args))
    if isinstance(x, Pow):
        return is_index(x.base) and is_index(x.exp) and bool(x.exp.is_nonnegative)
    return isinstance(x, Basic) and bool(x.is_integer)


# ── Variables and their sorts ──────────────────────────────────────────────────────────────────
def encode_sort(x: Any) -> Term:
    """The sort of a variable."""
    return term(_sort(x), node("sort"))


def _sort(x: Any) -> Term:
    kind = type(x)
    if kind is Symbol:
        # A symbol of another make (a Dummy, or one that is positive) would lose its meaning here.
        for make, sort in _MAKERS:
            if x == make(x.name):
                return sort
        raise SortError(f"the symbol {x} was not made by index(), natural() or real()")
    if kind is WidthFunction:
        return _within("to", [INDEX] * x.arity, NAT)
    if kind is MatrixVariable:
        return node("matrix", *map(_raw, x.args[1:]))
    if kind is Function:
        return node("to", ("matrix", *map(_raw, x.args[1:])), REAL)
    if kind is Map:
        return node("to", *(_space(map(_raw, shape)) for shape in x.args[1:]))
    if kind is Family:
        sort = node("matrix", *map(_raw, x.args[2:4]))
        for parameter in reversed(x.args[1]):
            sort = node("to", INDEX, closed(sort, encode_variable(parameter)))
        return sort
    raise SortError(f"{_shown(x)} is not a variable of proofkit")


def _space(shape: Iterable[Term]) -> Term:
    """The sort of matrices of a shape; of reals if there is none."""
    sizes = tuple(shape)
    return node("matrix", *sizes) if sizes else REAL


def encode_variable(x: Any) -> Term:
    """A variable: a symbol, a matrix, family, function or width variable."""
    sort = _sort(x)
    name = x.name if type(x) is Symbol else x.args[0].name if type(x.args[0]) is Str else None
    if type(name) is not str or not is_name(name):
        raise SortError(
            f"{_shown(name)} is no name for a variable: names begin with a letter or _ and go on "
            "with letters, digits, marks, _ and ', at most 60 in all"
        )
    return variable(node("var", name, sort))


# ── Terms ──────────────────────────────────────────────────────────────────────────────────────
def encode_term(x: Any, sort: Term | None = None) -> Term:
    """A term in normal form, of that sort if one is given.

    >>> from proofkit.symbols.scalars import index
    >>> encode_term(index('i') - index('i') + 1)
    ('num', ((((), ()), (1, 1)),))
    """
    raw = _raw(x)
    return read_by(PLAIN, raw) if sort is None else term(raw, sort)


_seen: dict[int, tuple[Any, Term]] = {}
MOST_SEEN = 1 << 16


def _raw(x: Any) -> Term:
    """A term as it is written, not in normal form; each expression is looked at once."""
    found = _seen.get(id(x))
    if found is None:
        if len(_seen) > MOST_SEEN:
            _seen.clear()
        found = _seen[id(x)] = (x, _looked_at(x))
    return found[1]


def forget() -> None:
    """Look at every expression anew from now on."""
    _seen.clear()


def _looked_at(x: Any) -> Term:
    kind = type(x)
    if kind is int:
        return number(x)
    if kind in _RATIONALS:
        return number(int(x.p), int(x.q))
    if kind in _TERMS:
        return _TERMS[kind](*x.args)
    if kind in (Symbol, MatrixVariable, Family, Function, Map, WidthFunction):
        return encode_variable(x)
    if kind in (float, Float):
        near = Fraction(float(x)).limit_denominator(1000)
        raise SortError(
            f"{float(x)!r} is a float, and proofs are exact: write a quotient, such as SymPy's "
            f"Rational({near.numerator}, {near.denominator})"
        )
    if kind is Abs:  # what SymPy makes of the root of a square
        raise SortError(f"{x} is SymPy's: write absolute(…), or sqrt(…) of proofkit.symbols")
    raise SortError(f"{_shown(x)} is not a term of proofkit")


def _shown(x: Any) -> str:
    """An object for a message: of classes that are not known only the name of the class."""
    known = type(x) in (str, int, Symbol, *_TERMS) or isinstance(x, Basic)
    return f"{x!r:.200}" if known else f"an object of type {type(x).__name__:.60}"


def _item(word: Iterable[Any], monomial: Iterable[Any] = (), n: Any = 1) -> Term:
    """A term of a sum."""
    return node((tuple(monomial), tuple(word)), (int(n.p), int(n.q)) if n != 1 else (1, 1))


def _mat(shape: Any, *items: Term) -> Term:
    return node("mat", *map(_raw, shape), items)


def _within(tag: str, domains: Iterable[Term], inner: Term) -> Term:
    """Functions of several arguments, or their sorts: one in the other."""
    for domain in domains:
        inner = node(tag, domain, inner)
    return inner


def _add(*parts: Any) -> Term:
    return node("num", tuple(_item((), [(_raw(part), 1)]) for part in parts))


def _mul(*factors: Any) -> Term:
    return node("num", (_item((), [(_raw(factor), 1) for factor in factors]),))


def _pow(base: Any, power: Any) -> Term:
    """A power: whole, of 1/x if it is negative, or of √x if it is a half."""
    size = abs(power) * power.q if type(power) in _RATIONALS else -1
    if not 0 <= size <= MOST_POWER or power.q > 2:
        raise SortError(
            f"a power is a whole number from -{MOST_POWER} to {MOST_POWER}, or a half of one: "
            f"not {power}"
        )
    factor = _raw(base)
    for word, needed in (("sqrt", power.q == 2), ("reciprocal", power < 0)):
        factor = node("at", ("word", word), factor) if needed else factor
    return node("num", (_item((), [(factor, int(size))]),)) if size else number(1)


def _word(name: Any, *arguments: Any) -> Term:
    return _applied(node("word", str(name)), *arguments)


def _applied(function: Term, *arguments: Any) -> Term:
    for argument in arguments:
        function = node("at", function, _raw(argument))
    return function


def _lam(bound: Any, body: Any) -> Term:
    x = encode_variable(bound)
    return node("lam", x[2], closed(_raw(body), x))


def _changed(function: Term, at: Term, value: Term) -> Term:
    return node("changed", function, at, at, ("lam", INDEX, lifted(value, 1)))


def _table(entries: Iterable[Term], at_zero: Term = number(0)) -> Term:  # noqa: B008
    table = node("lam", INDEX, at_zero)
    for n, entry in enumerate(entries):
        table = _changed(table, number(n), entry)
    return table


def _ends(inner: Any, top: Any, first: Any, last: Any) -> Term:
    """The widths inner, with other values where the last index is 0 and where it is 1 + top."""
    others = [node("b", n) for n in reversed(range(int(inner.arity) - 1))]
    by = len(others)
    width, above = (lifted(_raw(f), by) for f in (inner, top))
    for i in others:
        width, above = node("at", width, i), node("at", above, i)
    above = node("num", (node(ONE, (1, 1)), _item((), [(above, 1)])))
    width = _changed(width, above, lifted(_raw(last), by))
    return _within("lam", [INDEX] * by, _changed(width, number(0), lifted(_raw(first), by)))


def _listed(*matrices: Any) -> Term:
    """A list as changes of the family that is zero everywhere.

    Its sizes are read off the list: W_i × W_{i−1} where the matrices compose.
    """
    found = [encode_term(x) for x in matrices]
    rows, cols = [x[1] for x in found], [x[2] for x in found]
    i = node("b", 0)
    before = node("num", (node(ONE, (-1, 1)), _item((), [(i, 1)])))
    if len(set(rows)) == len(set(cols)) == 1:
        shape = (lifted(rows[0], 1), lifted(cols[0], 1))
    elif rows[:-1] == cols[1:]:
        sizes = lifted(_table([cols[0], *rows]), 1)
        shape = (node("at", sizes, i), node("at", sizes, before))
    else:
        tables = (lifted(_table([number(0), *sizes]), 1) for sizes in (rows, cols))
        tall, wide = (node("at", table, i) for table in tables)
        shape = (tall, wide)
    family = node("lam", INDEX, ("mat", *shape, ()))
    for n, matrix in enumerate(found):
        family = _changed(family, number(n + 1), matrix)
    return family


def _replaced(inner: Any, lo: Any, hi: Any, bound: Any, body: Any) -> Term:
    return node("changed", *map(_raw, (inner, lo, hi)), _lam(bound, body))


def _product(*factors: Any) -> Term:
    shape = (factors[0].shape[0], factors[-1].shape[1])
    return _mat(shape, _item([(_raw(factor), 0) for factor in factors]))


def _sum(*parts: Any) -> Term:
    return _mat(parts[0].shape, *(_item([(_raw(part), 0)]) for part in parts))


_TERMS: dict[type, Callable[..., Term]] = {
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Rank: lambda a: node("rank", _raw(a)),
    MatrixTrace: lambda a: node("trace", ((_raw(a), 0),)),
    Value: lambda f, a: node("at", _raw(f), _raw(a)),
    Image: lambda f, a: node("at", _raw(f), _raw(a)),
    Word: _word,
    MatrixWord: _word,
    FunctionWord: _word,
    Width: lambda f, *at: _applied(_raw(f), *at),
    WidthOf: _lam,
    WidthTable: lambda *entries: _table(map(_raw, entries)),
    WidthEnds: _ends,
    Product: _product,
    Sum: _sum,
    Scaled: lambda n, a: _mat(a.shape, _item([(_raw(a), 0)], [(_raw(n), 1)])),
    Transposed: lambda a: _mat(reversed(a.shape), _item([(_raw(a), 1)])),
    Identity: lambda n: _mat((n, n), _item(())),
    Zero: lambda rows, cols: _mat((rows, cols)),
    Gradient: lambda f, a: node("grad", _raw(f), _raw(a)),
    Chain: lambda f, hi, lo: node("chain", *map(_raw, (f, hi, lo))),
    Summation: lambda f, hi, lo: node("sum", *map(_raw, (f, hi, lo))),
    Member: lambda f, at: node("at", _raw(f), _raw(at)),
    Tabulated: _lam,
    Replaced: _replaced,
    Updated: lambda f, at, member: _changed(*map(_raw, (f, at, member))),
    Listed: _listed,
    FunctionOf: _lam,
}
