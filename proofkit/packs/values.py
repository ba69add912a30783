"""Plain values for variables: examples that need no network, and instances that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Rational, Symbol

from proofkit.evaluate import Environment, Unsuitable
from proofkit.evaluate.environment import Layers, OutOfRange
from proofkit.evaluate.instances import meeting
from proofkit.evaluate.terms import index_value
from proofkit.networks.document import matrices, read_count, read_number, read_rows
from proofkit.networks.faults import Fault, NetworkFileError
from proofkit.networks.matrices import ExactMatrix
from proofkit.packs.faults import PackError
from proofkit.script import Result
from proofkit.symbols import (
    Family,
    Function,
    FunctionTerm,
    Map,
    MatrixVariable,
    Width,
    WidthFunction,
)
from proofkit.symbols.encode import is_index

__all__ = ["Values", "check_shapes"]

DRAWN = 9
"""Instances among which the one that is shown is chosen."""


@dataclass(frozen=True, eq=False)
class Values:
    """Values for variables, on which a result is shown as it is on a network.

    >>> from proofkit.symbols import MatrixVariable, natural
    >>> n, p = natural("n"), natural("p")
    >>> example = Values.of("small", {MatrixVariable("X", p, n): [[1, "1/2"]]})
    >>> example.values[n], example.values[p]
    (2, 1)
    """

    title: str
    values: Mapping[Any, Any]
    exact: bool = True

    @classmethod
    def of(cls, name: str, given: Mapping[Any, Any]) -> Values:
        """The values of an example as they are written down, with the sizes read off them.

        A matrix is a list of rows, a column may be a list of numbers, a family a list of its
        members, the first first.  A number is what it is in a network file: an integer, a float,
        or a text that writes an exact one, such as "3/5".  A function is one without variables,
        such as X ↦ ‖X‖².

        Raises:
            PackError: a value is none for its variable, or shapes do not fit.
        """
        try:
            values, exact = _read(given)
        except Fault as fault:
            raise PackError(str(NetworkFileError(f"the example {name!r}", fault))) from fault
        check_shapes(Environment(values, exact), values, f"the example {name!r}")
        return cls("Values that the pack gives", values, exact)

    @classmethod
    def drawn(cls, result: Result, seed: int = 0) -> Values | None:
        """Random values on which the hypotheses of the result hold; None if none were found.

        Of several the one with fewest zero matrices is taken, then that with most sizes above 1:
        it shows more.
        """
        found = meeting(result.variables, [h.claim for h in result.given], seed, DRAWN)
        if not found:
            return None
        title = "An instance drawn at random, on which the hypotheses hold"
        return cls(title, max(found, key=_worth).values)

    def environment(self, result: Result, seed: int = 0) -> Environment:
        """The values for a result; `Unsuitable` if one of its variables has none."""
        if missing := [str(v) for v in result.variables if v not in self.values]:
            names = ", ".join(missing)
            raise Unsuitable(f"{self.title} gives {names} no value, and {result.id} speaks of it")
        return Environment(self.values, self.exact, 1, seed)


def _worth(env: Environment) -> tuple[int, int]:
    """How much there is to see: fewer matrices without an entry, and more large sizes."""
    values = env.values.values()
    zero = sum(isinstance(x, ExactMatrix) and x.is_zero() for x in values)
    return -zero, sum(type(x) is int and x > 1 for x in values)


def check_shapes(env: Environment, variables: Any, whose: str) -> None:
    """`PackError` unless the matrices among the variables have values of their shapes."""
    for v in variables:
        if not isinstance(v, MatrixVariable):
            continue
        try:
            rows, cols = (int(index_value(side, env)) for side in v.shape)
        except OutOfRange:
            continue  # a size that is not said, and cannot be read off
        found = getattr(env[v], "shape", None)
        if found != (rows, cols):
            shape = "×".join(map(str, v.shape))
            has = "no matrix" if found is None else "×".join(map(str, found))
            raise PackError(f"{whose} gives {v} as {has}, and {shape} is {rows}×{cols} there")


# ── Reading ────────────────────────────────────────────────────────────────────────────────────
def _read(given: Mapping[Any, Any]) -> tuple[dict[Any, Any], bool]:
    """The values by variable, and whether all are exact."""
    tables: dict[tuple[Any, int], Any] = {}
    found: dict[Any, Any] = {}
    for variable, value in given.items():
        path = (str(variable),)
        if isinstance(variable, MatrixVariable):
            tables[variable, 0] = read_rows(_rows(value, variable.cols == 1), path), path
        elif isinstance(variable, Family):
            for at, member in enumerate(value, start=1):
                tables[variable, at] = read_rows(_rows(member), (*path, at - 1)), path
        elif isinstance(variable, Symbol) and is_index(variable):
            found[variable] = read_count(value, path, "a whole number", 0)
        elif isinstance(variable, Symbol):
            tables[variable, 0] = [[read_number(_plain(value), path)]], path
        elif isinstance(variable, (Function, Map)) and isinstance(value, FunctionTerm):
            found[variable] = value
        else:
            raise Fault(path, "this is no variable, or no value for one", found=f"{value!r:.60}")
    members: dict[Any, dict[int, Any]] = {}
    exact = True
    for (variable, at), matrix in zip(tables, matrices(list(tables.values())), strict=True):
        exact = isinstance(matrix, ExactMatrix)
        if isinstance(variable, Family):
            members.setdefault(variable, {})[at] = matrix
            _sizes(variable.shape_at(Integer(at)), matrix.shape, found)
        elif isinstance(variable, MatrixVariable):
            found[variable] = matrix
            _sizes(variable.shape, matrix.shape, found)
        else:
            found[variable] = matrix.entry(0, 0)
    return {**found, **{family: Layers(those) for family, those in members.items()}}, exact


def _sizes(shape: tuple[Expr, Expr], sides: tuple[int, int], found: dict[Any, Any]) -> None:
    """Enter the sizes and widths that can be read off a matrix."""
    for size, side in zip(shape, sides, strict=True):
        if isinstance(size, Symbol):
            found.setdefault(size, side)
        elif isinstance(size, Width) and isinstance(size.args[0], WidthFunction):
            function, *at = size.args
            if all(place.is_Integer for place in at):
                found.setdefault(function, {}).setdefault(*map(int, at), side)


def _rows(value: Any, column: bool = False) -> Any:
    """Rows of numbers as a file has them: of an array, of SymPy's numbers, of a plain column."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, (list, tuple)):
        return value
    lines = [list(row) if isinstance(row, (list, tuple)) else row for row in value]
    if column and not any(isinstance(row, list) for row in lines):
        lines = [[row] for row in lines]
    return [[_plain(x) for x in row] if isinstance(row, list) else row for row in lines]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (Fraction, Rational)) else value
