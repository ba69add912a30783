"""Claims with a name of their own that stand for a longer claim: transparent to the kernel.

An abbreviation is its meaning: the kernel sees only the core claim, so no abbreviation can be
circular or change anything that was proved.
"""

from __future__ import annotations

from typing import Any

from sympy import Tuple, preorder_traversal, sympify
from sympy.core.symbol import Str

from proofkit.claims.propositions import (
    And,
    Claim,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    Not,
    Slope,
)
from proofkit.symbols.families import Family
from proofkit.symbols.faults import ShapeError, SortError
from proofkit.symbols.functions import Function, FunctionTerm, Map
from proofkit.symbols.matrices import (
    MatrixTerm,
    MatrixVariable,
    Zero,
    same_size,
    shape_text,
    tr,
    vector,
)
from proofkit.symbols.scalars import index, rank
from proofkit.symbols.words import entry

__all__ = [
    "Abbreviation",
    "AllPositive",
    "Between",
    "Critical",
    "DifferentiableAt",
    "GlobalMinimum",
    "LocalMinimum",
    "NonZero",
    "PositiveDefinite",
    "PositiveSemidefinite",
    "RankBelow",
    "RankIs",
    "SpuriousLocalMinimum",
    "Symmetric",
]

NAMED = (Family, Function, MatrixVariable)


class Abbreviation(Claim):
    """A claim that means another claim."""

    def meaning(self) -> Claim:
        """The claim it stands for."""
        raise NotImplementedError

    def _sympystr(self, printer: Any) -> str:
        return str(printer._print(self.meaning()))


class NonZero(Abbreviation):
    """X ≠ 0."""

    def __new__(cls, term: Any) -> NonZero:
        if not isinstance(term, MatrixTerm):
            term = sympify(term)
        return super().__new__(cls, term)  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        term = self.args[0]
        return Not(Equal(term, Zero(*term.shape) if isinstance(term, MatrixTerm) else 0))

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} ≠ 0"


class RankIs(Abbreviation):
    """rank X = r."""

    def __new__(cls, matrix: Any, value: Any) -> RankIs:
        return super().__new__(cls, matrix, sympify(value))  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        return Equal(rank(self.args[0]), self.args[1])


class RankBelow(Abbreviation):
    """rank X < r."""

    def __new__(cls, matrix: Any, bound: Any) -> RankBelow:
        return super().__new__(cls, matrix, sympify(bound))  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        return Less(rank(self.args[0]), self.args[1])


class Between(Abbreviation):
    """lo ≤ i ≤ hi."""

    def __new__(cls, lo: Any, at: Any, hi: Any) -> Between:
        return super().__new__(cls, sympify(lo), sympify(at), sympify(hi))  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        lo, at, hi = self.args
        return And(LessEqual(lo, at), LessEqual(at, hi))

    def _sympystr(self, printer: Any) -> str:
        return " ≤ ".join(printer._print(a) for a in self.args)


class Critical(Abbreviation):
    """f'(X) = 0."""

    def __new__(cls, function: FunctionTerm, at: MatrixTerm) -> Critical:
        if not isinstance(function, FunctionTerm):
            raise SortError(f"{function} is not a function; FunctionOf(X, …) makes one of X ↦ …")
        return super().__new__(cls, function, at)  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        function, at = self.args
        return Equal(function.gradient(at), Zero(*at.shape))


class DifferentiableAt(Abbreviation):
    """F has a derivative at X: a slope there."""

    def __new__(cls, function: FunctionTerm, at: Any) -> DifferentiableAt:
        if not isinstance(function, FunctionTerm):
            raise SortError(f"{function} is not a function; FunctionOf(X, …) makes one of X ↦ …")
        at = at if isinstance(at, MatrixTerm) else sympify(at)
        return super().__new__(cls, function, at)  # type: ignore[no-any-return]

    def meaning(self) -> Claim:
        function, at = self.args
        slope = Map(_unused("L", *self.args), function.domain, function.gives)
        return Exists(slope, Slope(function, at, slope))

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} is differentiable at {printer._print(self.args[1])}"


class _OfMatrix(Abbreviation):
    """A claim about one matrix."""

    says = ""

    def __new__(cls, matrix: MatrixTerm) -> _OfMatrix:
        if not isinstance(matrix, MatrixTerm):
            raise SortError(f"{matrix!r} is not a matrix term")
        if cls is not AllPositive and not same_size(*matrix.shape):
            raise ShapeError(
                f"{matrix} is {shape_text(matrix)}, and only square ones are {cls.says}"
            )
        return super().__new__(cls, matrix)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} is {self.says}"


class AllPositive(_OfMatrix):
    """Every entry of X is > 0."""

    says = "positive in every entry"

    def meaning(self) -> Claim:
        (matrix,) = self.args
        i, j = (index(_unused(name, matrix)) for name in "ij")
        inside = Between(1, i, matrix.rows), Between(1, j, matrix.cols)
        return ForAll(i, j, Implies(*inside, Less(0, entry(matrix, i, j))))


class Symmetric(_OfMatrix):
    """Xᵀ = X."""

    says = "symmetric"

    def meaning(self) -> Claim:
        return Equal(self.args[0].T, self.args[0])


class PositiveDefinite(_OfMatrix):
    """vᵀXv > 0 for all v ≠ 0; X need not be symmetric."""

    says = "positive definite"

    def meaning(self) -> Claim:
        (matrix,) = self.args
        v = vector(_unused("v", matrix), matrix.rows)
        return ForAll(v, Implies(NonZero(v), Less(0, tr(v.T * matrix * v))))


class PositiveSemidefinite(_OfMatrix):
    """vᵀXv ≥ 0 for all v; X need not be symmetric."""

    says = "positive semidefinite"

    def meaning(self) -> Claim:
        (matrix,) = self.args
        v = vector(_unused("v", matrix), matrix.rows)
        return ForAll(v, LessEqual(0, tr(v.T * matrix * v)))


def _unused(name: str, *terms: Any) -> str:
    """The name, with primes until no variable in the terms has it."""
    parts = (part for term in terms for part in preorder_traversal(term))
    taken = {str(part.name) for part in parts if hasattr(part, "name")}
    while name in taken:
        name += "'"
    return name


class _Extremum(Abbreviation):
    """A claim about an objective, given as variables and a real term in them, at a point."""

    def __new__(cls, variables: Any, objective: Any, point: Any) -> _Extremum:
        variables, point = (
            x if isinstance(x, Tuple) else Tuple(*(x if isinstance(x, (list, tuple)) else (x,)))
            for x in (variables, point)
        )
        if len(variables) != len(point):
            raise SortError(f"{len(variables)} variables but {len(point)} coordinates of the point")
        return super().__new__(cls, variables, sympify(objective), point)  # type: ignore[no-any-return]

    @property
    def variables(self) -> tuple[Any, ...]:
        return tuple(self.args[0])

    @property
    def objective(self) -> Any:
        return self.args[1]

    @property
    def point(self) -> tuple[Any, ...]:
        return tuple(self.args[2])

    @property
    def value(self) -> Any:
        """The objective at the point."""
        return self.objective.xreplace(dict(zip(self.variables, self.point, strict=True)))

    def _elsewhere(self) -> tuple[tuple[Any, ...], Claim]:
        """Bound variables, renamed away from the point, and "value at the point ≤ value there"."""
        taken = {str(v) for p in self.point for v in free_names(p)}
        variables = tuple(_renamed(v, taken) for v in self.variables)
        there = self.objective.xreplace(dict(zip(self.variables, variables, strict=True)))
        return variables, LessEqual(self.value, there)


def free_names(term: Any) -> set[str]:
    """The names of all variables in a SymPy term."""
    return {str(v.name) for v in preorder_traversal(term) if isinstance(v, NAMED)}


def _renamed(variable: Any, taken: set[str]) -> Any:
    name = variable.name
    while name in taken:
        name += "'"
    return variable.func(Str(name), *variable.args[1:])


class LocalMinimum(_Extremum):
    """The point is a local minimum of the objective: no value near it is smaller."""

    def meaning(self) -> Claim:
        variables, body = self._elsewhere()
        return Near(*zip(variables, self.point, strict=True), body)

    def _sympystr(self, printer: Any) -> str:
        return f"{_point(self, printer)} is a local minimum of {_objective(self, printer)}"


class GlobalMinimum(_Extremum):
    """The point is a global minimum of the objective: no value is smaller."""

    def meaning(self) -> Claim:
        variables, body = self._elsewhere()
        return ForAll(*variables, body)

    def _sympystr(self, printer: Any) -> str:
        return f"{_point(self, printer)} is a global minimum of {_objective(self, printer)}"


class SpuriousLocalMinimum(_Extremum):
    """The point is a local minimum of the objective and not a global one."""

    def meaning(self) -> Claim:
        return And(LocalMinimum(*self.args), Not(GlobalMinimum(*self.args)))

    def _sympystr(self, printer: Any) -> str:
        return f"{_point(self, printer)} is a spurious local minimum of {_objective(self, printer)}"


def _point(x: _Extremum, printer: Any) -> str:
    text = ", ".join(printer._print(p) for p in x.point)
    return text if len(x.point) == 1 else f"({text})"


def _objective(x: _Extremum, printer: Any) -> str:
    names = ", ".join(printer._print(v) for v in x.variables)
    names = names if len(x.variables) == 1 else f"({names})"
    return f"{names} ↦ {printer._print(x.objective)}"
