"""The primitive claims: equations, orders, connectives, quantifiers and nearness.

Plain data: the encoder, the printers and the evaluator look at them from outside.
"""

from __future__ import annotations

from typing import Any, Final

from sympy import Expr, Tuple, sympify
from sympy.core.basic import Basic
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanAtom

from proofkit.basics.displays import Typeset
from proofkit.symbols.encode import encode_sort, is_index
from proofkit.symbols.faults import ShapeError, SortError
from proofkit.symbols.functions import FunctionTerm, check_argument
from proofkit.symbols.matrices import (
    Identity,
    MatrixTerm,
    Scaled,
    Zero,
    same_size,
    shape_text,
    tr,
    transposed_hint,
)

__all__ = [
    "And",
    "Claim",
    "Continuous",
    "Contradiction",
    "Convex",
    "Differentiable",
    "Equal",
    "Exists",
    "ForAll",
    "Implies",
    "Less",
    "LessEqual",
    "Near",
    "Not",
    "Or",
    "Slope",
]


class Claim(Typeset, Boolean):  # type: ignore[misc]
    """A proposition about matrices, indices, reals, families and functions."""

    def __and__(self, other: Any) -> Claim:
        return And(self, other)

    def __or__(self, other: Any) -> Claim:
        return Or(self, other)

    def __invert__(self) -> Claim:
        return Not(self)

    def __rshift__(self, other: Any) -> Claim:
        return Implies(self, other)

    def __repr__(self) -> str:
        return str(self)


_WRITTEN: Final = {
    "==": "eq",
    "!=": "ne",
    "<=": "le",
    "<": "lt",
    ">=": "ge",
    ">": "gt",
}


def no_claim(x: Any) -> SortError:
    """What is said of something that is not a claim, with what may have been meant."""
    if isinstance(x, Relational):
        a, b = x.args
        hint = f"is a comparison of SymPy: write {_WRITTEN[x.rel_op]}({a}, {b})"
    elif isinstance(x, (bool, BooleanAtom)):
        hint = f"is a comparison that was made at once, and is {x}: write eq(a, b), le(a, b), …"
        return SortError(f"this is not a claim of proofkit: it {hint}")
    elif isinstance(x, Expr):
        hint = "is a term: a claim is made of terms by eq(a, b), le(a, b), …"
    else:
        return SortError(f"an object of type {type(x).__name__} is not a claim of proofkit")
    return SortError(f"{x!r} is not a claim of proofkit: it {hint}")


def _claim(x: Any) -> Claim:
    if not isinstance(x, Claim):
        raise no_claim(x)
    return x


class _Relation(Claim):
    """A relation between two integer or two real terms."""

    symbol = ""

    def __new__(cls, left: Any, right: Any) -> _Relation:
        left, right = (_number(sympify(side)) for side in (left, right))
        for side in (left, right):
            if not isinstance(side, Expr) or isinstance(side, MatrixTerm):
                kind = "a matrix" if isinstance(side, MatrixTerm) else "no number"
                raise SortError(f"only numbers are compared by size, and {side} is {kind}")
        return super().__new__(cls, left, right)  # type: ignore[no-any-return]

    @property
    def is_about_integers(self) -> bool:
        """Whether both sides are integer terms."""
        return is_index(self.args[0]) and is_index(self.args[1])

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} {self.symbol} {printer._print(self.args[1])}"


class LessEqual(_Relation):
    """a ≤ b."""

    symbol = "≤"


class Less(_Relation):
    """a < b."""

    symbol = "<"


class Equal(Claim):
    """a = b, for matrices of one shape, integers or reals.

    0 may stand for a zero matrix, and beside a 1×1 matrix a number c for c·I.
    """

    def __new__(cls, left: Any, right: Any) -> Equal:
        if isinstance(left, MatrixTerm) or isinstance(right, MatrixTerm):
            left, right = (
                side if isinstance(side, MatrixTerm) else _zero_like(other, side)
                for side, other in ((left, right), (right, left))
            )
            if not (same_size(left.rows, right.rows) and same_size(left.cols, right.cols)):
                raise ShapeError(
                    f"{left} is {shape_text(left)} and {right} is {shape_text(right)}: "
                    "only matrices of one shape can be equal" + transposed_hint(left, right)
                )
        else:
            left, right = sympify(left), sympify(right)
        return super().__new__(cls, left, right)  # type: ignore[no-any-return]

    @property
    def is_about_matrices(self) -> bool:
        return isinstance(self.args[0], MatrixTerm)

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} = {printer._print(self.args[1])}"


def _number(x: Any) -> Any:
    """A 1×1 matrix as the number that it is."""
    return tr(x) if isinstance(x, MatrixTerm) and x.shape == (1, 1) else x


def _zero_like(matrix: MatrixTerm, side: Any) -> MatrixTerm:
    if side == 0:
        return Zero(*matrix.shape)
    if matrix.shape == (1, 1) and isinstance(sympify(side), Expr):
        return Scaled(side, Identity(1))
    raise SortError(f"{side!r} is not a matrix term; only 0 may stand for a zero matrix")


class _Joined(Claim):
    """Several claims joined by one connective, in the order given."""

    tag = ""
    symbol = ""

    def __new__(cls, *parts: Any) -> Claim:
        flat: list[Claim] = []
        for part in parts:
            flat.extend(part.args if isinstance(part, cls) else (_claim(part),))
        if not flat:
            raise SortError(f"{cls.__name__} joins at least one claim")
        return flat[0] if len(flat) == 1 else super().__new__(cls, *flat)

    def _sympystr(self, printer: Any) -> str:
        return f" {self.symbol} ".join(_bracketed(part, printer) for part in self.args)


class And(_Joined):
    """All of the claims."""

    tag, symbol = "and", "∧"


class Or(_Joined):
    """At least one of the claims."""

    tag, symbol = "or", "∨"


class Not(Claim):
    """The claim does not hold."""

    def __new__(cls, part: Any) -> Not:
        return super().__new__(cls, _claim(part))  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"¬({printer._print(self.args[0])})"


class Implies(Claim):
    """If all but the last of the claims hold, so does the last."""

    def __new__(cls, *parts: Any) -> Claim:
        *premises, conclusion = (_claim(p) for p in parts)
        return super().__new__(cls, *premises, conclusion) if premises else conclusion

    def _sympystr(self, printer: Any) -> str:
        *premises, conclusion = (_bracketed(part, printer) for part in self.args)
        return f"{' ∧ '.join(premises)} ⟹ {conclusion}"


class Contradiction(Claim):
    """The claim that never holds."""

    def _sympystr(self, printer: Any) -> str:
        return "a contradiction"


class _Quantified(Claim):
    """A claim about variables: ``ForAll(x, y, body)`` binds x, then y."""

    tag = ""
    symbol = ""

    def __new__(cls, *parts: Any) -> Claim:
        *variables, body = parts
        for variable in variables:
            encode_sort(variable)
        _claim(body)
        claim: Claim = super().__new__(cls, Tuple(*variables), body) if variables else body
        return claim

    @property
    def variables(self) -> tuple[Any, ...]:
        return tuple(self.args[0])

    @property
    def body(self) -> Claim:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def func(self) -> Any:
        """Rebuilds from ``args``, whose first part is the tuple of variables."""
        cls = type(self)
        return lambda variables, body: cls(*variables, body)

    def _sympystr(self, printer: Any) -> str:
        names = ", ".join(printer._print(v) for v in self.variables)
        return f"{self.symbol}{names}. {printer._print(self.body)}"


class ForAll(_Quantified):
    """The claim holds for every value of the variables."""

    tag, symbol = "forall", "∀"


class Exists(_Quantified):
    """The claim holds for some value of the variables."""

    tag, symbol = "exists", "∃"


class Near(Claim):
    """The claim holds for all values of the variables near enough to their centres, jointly.

    ``Near((X, A), (Y, B), body)``: there is a neighbourhood of (A, B) in which body holds for
    every (X, Y).  A family is near another when finitely many of its members are (the product
    topology), which for a network of k layers is nearness of its k factors.
    """

    def __new__(cls, *parts: Any) -> Near:
        *pairs, body = parts
        pairs = [Tuple(variable, sympify(centre)) for variable, centre in pairs]
        for variable, _ in pairs:
            encode_sort(variable)
        return super().__new__(cls, Tuple(*pairs), _claim(body))  # type: ignore[no-any-return]

    @property
    def pairs(self) -> tuple[tuple[Any, Any], ...]:
        """The variables with their centres."""
        return tuple((p[0], p[1]) for p in self.args[0])

    @property
    def body(self) -> Claim:
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def func(self) -> Any:
        """Rebuilds from ``args``, whose first part is the tuple of pairs."""
        return lambda pairs, body: type(self)(*(tuple(p) for p in pairs), body)

    def _sympystr(self, printer: Any) -> str:
        where = ", ".join(f"{printer._print(v)} near {printer._print(a)}" for v, a in self.pairs)
        return f"for all {where}: {printer._print(self.body)}"


class _Property(Claim):
    """A property of a function from matrices to reals."""

    tag = ""

    def __new__(cls, function: Any) -> _Property:
        if not isinstance(function, FunctionTerm) or function.gives or not function.domain:
            raise SortError(f"{function!r} is not a function from matrices to reals")
        return super().__new__(cls, function)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} is {self.tag}"


class Differentiable(_Property):
    """The function is differentiable everywhere."""

    tag = "differentiable"


class Convex(_Property):
    """The function is convex."""

    tag = "convex"


class Slope(Claim):
    """L is linear and F(X + H) = F(X) + L(H) + o(‖H‖): the derivative of F at X is L."""

    def __new__(cls, function: Any, at: Any, slope: Any) -> Slope:
        check_argument(function, at := _point(at))
        check_argument(slope, at)
        if len(function.gives) != len(slope.gives):
            raise SortError(f"the slope {slope} does not give what {function} gives")
        return super().__new__(cls, function, at, slope)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        function, at, slope = map(printer._print, self.args)
        return f"{function} has the slope {slope} at {at}"


class Continuous(Claim):
    """F is continuous at X."""

    def __new__(cls, function: Any, at: Any) -> Continuous:
        check_argument(function, at := _point(at))
        return super().__new__(cls, function, at)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} is continuous at {printer._print(self.args[1])}"


def _point(x: Any) -> Any:
    return x if isinstance(x, MatrixTerm) else sympify(x)


def _bracketed(part: Basic, printer: Any) -> str:
    text = printer._print(part)
    compound = isinstance(part, (_Joined, Implies, _Quantified, Near))
    return f"({text})" if compound else str(text)
