"""Functions from matrices to real numbers, their values and their gradients.

>>> from proofkit.symbols.scalars import natural
>>> from proofkit.symbols.matrices import MatrixVariable
>>> m, n = natural('m'), natural('n')
>>> f, X = Function('f', m, n), MatrixVariable('X', m, n)
>>> f(X), f.gradient(X).shape
(f(X), (m, n))
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, sympify
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.symbols.faults import ShapeError, SortError
from proofkit.symbols.matrices import MatrixTerm, MatrixVariable, same_size, shape_text

__all__ = ["Function", "FunctionOf", "FunctionTerm", "Gradient", "Value"]


class FunctionTerm(Basic):  # type: ignore[misc]
    """A function from m×n matrices to real numbers."""

    @property
    def domain(self) -> tuple[Expr, Expr]:
        """The shape (m, n) of the matrices it takes."""
        raise NotImplementedError

    def __call__(self, argument: MatrixTerm) -> Value:
        return Value(self, argument)

    def gradient(self, argument: MatrixTerm) -> Gradient:
        """The gradient at the argument: the m×n matrix of partial derivatives."""
        return Gradient(self, argument)

    def __repr__(self) -> str:
        return str(self)


class Function(FunctionTerm):
    """A function variable such as the loss f : R^{m×n} → R."""

    def __new__(cls, name: Any, rows: Any, cols: Any) -> Function:
        return super().__new__(cls, Str(str(name)), sympify(rows), sympify(cols))  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def domain(self) -> tuple[Expr, Expr]:
        return self.args[1], self.args[2]

    def _sympystr(self, printer: Any) -> str:
        return self.name


class FunctionOf(FunctionTerm):
    """The function X ↦ body, for a real term body.

    >>> from proofkit.symbols.scalars import natural
    >>> n = natural('n')
    >>> f, X = Function('f', n, n), MatrixVariable('X', n, n)
    >>> FunctionOf(X, f(X.T))
    (X ↦ f(Xᵀ))
    """

    def __new__(cls, variable: Any, body: Any) -> FunctionOf:
        if not isinstance(variable, MatrixVariable):
            raise SortError(f"{variable!r} is not a matrix variable")
        return super().__new__(cls, variable, sympify(body))  # type: ignore[no-any-return]

    @property
    def domain(self) -> tuple[Expr, Expr]:
        return self.args[0].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"({printer._print(self.args[0])} ↦ {printer._print(self.args[1])})"


def _check(function: Any, argument: Any) -> None:
    if not isinstance(function, FunctionTerm) or not isinstance(argument, MatrixTerm):
        raise SortError(f"{function!r} cannot be applied to {argument!r}")
    rows, cols = function.domain
    if not (same_size(rows, argument.rows) and same_size(cols, argument.cols)):
        raise ShapeError(
            f"{function} takes {rows}×{cols} matrices; {argument} is {shape_text(argument)}"
        )


class Value(Expr):  # type: ignore[misc]
    """The value f(X): a real number."""

    is_real = True
    is_commutative = True

    def __new__(cls, function: Any, argument: Any) -> Value:
        _check(function, argument)
        return Expr.__new__(cls, function, argument)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}({printer._print(self.args[1])})"


class Gradient(MatrixTerm):
    """The gradient f'(X): the matrix of partial derivatives, of the shape of X."""

    def __new__(cls, function: Any, argument: Any) -> Gradient:
        _check(function, argument)
        return MatrixExpr.__new__(cls, function, argument)  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[1].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}'({printer._print(self.args[1])})"
