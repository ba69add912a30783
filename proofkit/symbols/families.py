"""Families of matrices indexed by a layer, and chains: products over a range of layers.

`M[i]` is one member, `M[hi:lo]` the chain M_hi⋯M_lo with the *higher* layer first, as on paper.

>>> from proofkit.symbols.scalars import index, widths
>>> d, k, j, i = widths('d'), index('k'), index('j'), index('i')
>>> M = family('M', d)
>>> M[k:j+1].shape
(d(k), d(j))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integer, Symbol, Tuple, sympify
from sympy.core.basic import Basic
from sympy.core.cache import cacheit
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.basics.displays import Typeset
from proofkit.symbols.faults import LanguageError, ShapeError, SortError
from proofkit.symbols.matrices import MatrixTerm, same_size
from proofkit.symbols.scalars import WidthEnds, WidthFunction, WidthTable, index

__all__ = [
    "Chain",
    "Family",
    "FamilyTerm",
    "Listed",
    "Member",
    "Replaced",
    "Summation",
    "Tabulated",
    "Updated",
    "family",
    "listed",
    "replaced",
    "summation",
    "tabulated",
    "vectors",
]


class FamilyTerm(Typeset, Basic):  # type: ignore[misc]
    """A family of matrices: a matrix for each layer index."""

    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        """Rows and columns of the matrix at an index, or at several if it takes several."""
        raise NotImplementedError

    @property
    def arity(self) -> int:
        """How many indices the family still takes."""
        return 1

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            if key.step is not None:
                raise LanguageError("a chain M[hi:lo] has no step")
            return Chain(self, key.start, key.stop)
        if self.arity > 1:
            return Member(self, key)
        return Chain(self, key, key)

    def with_layer(self, at: Any, member: MatrixTerm | FamilyTerm) -> Updated:
        """The family with ``member`` as its layer ``at``; of two indices, as its tower ``at``."""
        return Updated(self, at, member)

    def __iter__(self) -> Any:
        raise TypeError("a family has a member for every integer; it cannot be listed")

    def __repr__(self) -> str:
        return str(self)


class Family(FamilyTerm):
    """A family variable; its shape may depend on the index."""

    def __new__(cls, name: Any, parameters: Any, rows: Any, cols: Any) -> Family:
        return super().__new__(  # type: ignore[no-any-return]
            cls, Str(str(name)), Tuple(*parameters), sympify(rows), sympify(cols)
        )

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def arity(self) -> int:
        return len(self.args[1])

    @cacheit  # type: ignore[untyped-decorator]
    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        put = dict(zip(self.args[1], at, strict=True))
        return self.args[2].xreplace(put), self.args[3].xreplace(put)

    def _sympystr(self, printer: Any) -> str:
        return self.name


class Member(FamilyTerm):
    """A family of two indices with the first one given: one tower of several."""

    def __new__(cls, inner: Any, at: Any) -> Member:
        if not isinstance(inner, FamilyTerm) or inner.arity < 2:
            raise SortError(f"{inner} is not a family of two or more indices")
        if isinstance(inner, Tabulated):
            return inner.args[1].xreplace({inner.args[0]: sympify(at)})  # type: ignore[no-any-return]
        if isinstance(inner, Updated):
            apart = (sympify(at) - inner.args[1]).expand()
            if apart.is_Integer:
                found: Member = inner.args[2] if apart == 0 else Member(inner.args[0], at)
                return found
        return super().__new__(cls, inner, sympify(at))  # type: ignore[no-any-return]

    @property
    def arity(self) -> int:
        return int(self.args[0].arity) - 1

    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        return self.args[0].shape_at(self.args[1], *at)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}⟨{printer._print(self.args[1])}⟩"


class Tabulated(FamilyTerm):
    """The family i ↦ body."""

    def __new__(cls, variable: Any, body: Any) -> Tabulated:
        return super().__new__(cls, variable, body)  # type: ignore[no-any-return]

    def _xreplace(self, rule: Any) -> Any:
        """Replacing a variable leaves alone what is bound by the same name."""
        return super()._xreplace({old: new for old, new in rule.items() if old != self.args[0]})

    @property
    def arity(self) -> int:
        body = self.args[1]
        return 1 + int(body.arity) if isinstance(body, FamilyTerm) else 1

    @cacheit  # type: ignore[untyped-decorator]
    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        variable, body = self.args
        sizes = body.shape_at(*at[1:]) if isinstance(body, FamilyTerm) else body.shape
        rows, cols = (size.xreplace({variable: at[0]}) for size in sizes)
        return rows, cols

    def _sympystr(self, printer: Any) -> str:
        return f"({self.args[0]} ↦ {printer._print(self.args[1])})"


class Replaced(FamilyTerm):
    """A family with its layers lo…hi replaced by i ↦ body, all others kept."""

    def __new__(cls, inner: Any, lo: Any, hi: Any, variable: Any, body: Any) -> Replaced:
        self = super().__new__(cls, inner, sympify(lo), sympify(hi), variable, body)
        old, new = inner.shape_at(variable), body.shape
        if not (same_size(old[0], new[0]) and same_size(old[1], new[1])):
            raise ShapeError(
                f"{body} is {new[0]}×{new[1]} and cannot replace layer {variable} of {inner}, "
                f"which is {old[0]}×{old[1]}"
            )
        return self  # type: ignore[no-any-return]

    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        return self.args[0].shape_at(*at)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        inner, lo, hi, _, body = (printer._print(a) for a in self.args)
        where = lo if lo == hi else f"{lo}…{hi}"
        return f"({inner} with layer {where} := {body})"


class Updated(FamilyTerm):
    """A family with one layer put in, all others kept; of two indices, with one tower put in."""

    def __new__(cls, inner: Any, at: Any, member: Any) -> Updated:
        at = sympify(at)
        if isinstance(member, FamilyTerm):
            layer = index("i")
            old, new = inner.shape_at(at, layer), member.shape_at(layer)
        else:
            old, new = inner.shape_at(at), member.shape
        if not (same_size(old[0], new[0]) and same_size(old[1], new[1])):
            raise ShapeError(
                f"{member} is {new[0]}×{new[1]} and cannot be layer {at} of {inner}, "
                f"which is {old[0]}×{old[1]}"
            )
        return super().__new__(cls, inner, at, member)  # type: ignore[no-any-return]

    @property
    def arity(self) -> int:
        return int(self.args[0].arity)

    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        return self.args[0].shape_at(*at)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        inner, at, member = (printer._print(a) for a in self.args)
        return f"({inner} with layer {at} := {member})"


class Listed(FamilyTerm):
    """The family with the listed matrices at 1, 2, …, and zeros elsewhere."""

    def __new__(cls, *matrices: Any) -> Listed:
        return super().__new__(cls, *matrices)  # type: ignore[no-any-return]

    def shape_at(self, *at: Expr) -> tuple[Expr, Expr]:
        (place,) = at
        if not place.is_Integer or not 1 <= int(place) <= len(self.args):
            raise SortError(f"a list of {len(self.args)} matrices has no entry {place}")
        return self.args[int(place) - 1].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return "(" + ", ".join(printer._print(a) for a in self.args) + ")"


class Chain(MatrixTerm):
    """The product F_hi⋯F_lo of members of a family, the identity when hi = lo − 1."""

    def __new__(cls, inner: Any, hi: Any, lo: Any) -> Chain:
        if not isinstance(inner, FamilyTerm) or inner.arity != 1:
            raise SortError(f"{inner} is not a family of one index; no chain can be formed")
        hi, lo = sympify(hi), sympify(lo)
        for end in (hi, lo):
            if not isinstance(end, Expr) or not end.is_integer:
                raise SortError(f"{end!r} is not a layer index")
        length = (hi - lo + 1).expand()
        if length.is_Integer and length < 0:
            raise LanguageError(f"the chain {inner}[{hi}:{lo}] runs backwards; needs hi ≥ lo − 1")
        if hi != lo and not isinstance(inner, Listed):
            at = index("i")
            cols, rows = inner.shape_at(at)[1], inner.shape_at(at - 1)[0]
            if not same_size(cols, rows):
                raise ShapeError(
                    f"{inner} has no chains: its member i has {cols} columns and "
                    f"its member i − 1 has {rows} rows"
                )
        return MatrixExpr.__new__(cls, inner, hi, lo)  # type: ignore[no-any-return]

    @property
    @cacheit  # type: ignore[untyped-decorator]
    def shape(self) -> tuple[Expr, Expr]:
        inner, hi, lo = self.args
        return inner.shape_at(hi)[0], inner.shape_at(lo)[1]

    @property
    def layer(self) -> Expr | None:
        """The index, when the chain is a single member."""
        return self.args[1] if self.args[1] == self.args[2] else None

    def _sympystr(self, printer: Any) -> str:
        inner, hi, lo = (printer._print(a) for a in self.args)
        return f"{inner}[{hi}]" if self.layer is not None else f"{inner}[{hi}:{lo}]"


class Summation(MatrixTerm):
    """The sum F_lo + ⋯ + F_hi of members of a family, all of one shape; zero when hi < lo."""

    def __new__(cls, inner: Any, hi: Any, lo: Any) -> Summation:
        if not isinstance(inner, FamilyTerm) or inner.arity != 1:
            raise SortError(f"{inner} is not a family of one index; no sum can be formed")
        self = MatrixExpr.__new__(cls, inner, sympify(hi), sympify(lo))
        here, there = (inner.shape_at(index(name)) for name in ("_0", "_1"))
        if not (same_size(here[0], there[0]) and same_size(here[1], there[1])):
            raise ShapeError(f"the members of {inner} differ in shape and cannot be added")
        return self  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].shape_at(self.args[1])  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        inner, hi, lo = self.args
        if isinstance(inner, Tabulated):
            at, body = inner.args
        else:
            at, body = index("i"), inner[index("i")]
        ends = f"{printer._print(at)}={printer._print(lo)}…{printer._print(hi)}"
        return f"Σ({ends}: {printer._print(body)})"


def summation(variable: Symbol, lo: Any, hi: Any, body: MatrixTerm) -> Summation:
    """The sum of ``body`` over lo ≤ variable ≤ hi.

    >>> from proofkit.symbols.scalars import natural
    >>> n, t = natural('n'), index('t')
    >>> F = family('F', lambda at: (n, n))
    >>> summation(t, 1, n, F[t] * F[t].T)
    Σ(t=1…n: F[t]·F[t]ᵀ)
    """
    return Summation(Tabulated(variable, body), hi, lo)


def family(
    name: str,
    width: WidthFunction | WidthTable | WidthEnds | Callable[..., tuple[Any, Any]],
    arity: int = 1,
) -> Family:
    """The factors M of a network with the given widths: M[i] is d(i)×d(i−1).

    ``width`` may also be a function from the index to (rows, cols); with ``arity`` 2 it takes
    two indices, the tower first.
    """
    parameters = tuple(index(f"_{n}") for n in range(arity))
    if isinstance(width, (WidthFunction, WidthTable, WidthEnds)):
        *outer, at = parameters
        sizes: Any = width
        return Family(name, parameters, sizes(*outer, at), sizes(*outer, at - 1))
    return Family(name, parameters, *width(*parameters))


def vectors(name: str, size: Callable[[Any], Any]) -> Family:
    """A family of column vectors, the i-th of the given size.

    >>> from proofkit.symbols.scalars import index, widths
    >>> d, i = widths('d'), index('i')
    >>> vectors('v', lambda i: d(i - 1))[i].shape
    (d(i - 1), 1)
    """
    return family(name, lambda at: (size(at), Integer(1)))


def tabulated(variable: Symbol, body: MatrixTerm) -> Tabulated:
    """The family ``variable ↦ body``."""
    return Tabulated(variable, body)


def replaced(inner: FamilyTerm, lo: Any, hi: Any, variable: Symbol, body: MatrixTerm) -> Replaced:
    """``inner`` with layers lo…hi replaced by ``variable ↦ body``."""
    return Replaced(inner, lo, hi, variable, body)


def listed(*matrices: MatrixTerm) -> Listed:
    """The family with the given members at 1, 2, …

    >>> from proofkit.symbols.matrices import MatrixVariable
    >>> A, B = MatrixVariable('A', 2, 1), MatrixVariable('B', 1, 2)
    >>> listed(B, A)[2:1].shape
    (2, 2)
    """
    return Listed(*matrices)
