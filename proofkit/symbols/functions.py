"""Functions of matrices and of real numbers, their values and their gradients.

>>> from proofkit.symbols.scalars import natural
>>> from proofkit.symbols.matrices import MatrixVariable
>>> m, n = natural('m'), natural('n')
>>> f, X = Function('f', m, n), MatrixVariable('X', m, n)
>>> f(X), f.gradient(X).shape
(f(X), (m, n))
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol, Tuple, preorder_traversal, sympify
from sympy.core.basic import Basic
from sympy.core.symbol import Str
from sympy.matrices.expressions import MatrixExpr

from proofkit.basics.displays import Typeset
from proofkit.symbols.faults import ShapeError, SortError
from proofkit.symbols.matrices import MatrixTerm, MatrixVariable, same_size, shape_text
from proofkit.symbols.scalars import real

__all__ = ["Function", "FunctionOf", "FunctionTerm", "Gradient", "Image", "Map", "Value"]


class FunctionTerm(Typeset, Basic):  # type: ignore[misc]
    """A function from m×n matrices or from real numbers to one of these."""

    @property
    def domain(self) -> tuple[Expr, ...]:
        """The shape (m, n) of the matrices it takes; () if it takes real numbers."""
        raise NotImplementedError

    @property
    def gives(self) -> tuple[Expr, ...]:
        """The shape of the matrices it gives; () if it gives real numbers."""
        return ()

    def __call__(self, argument: Any) -> Any:
        """The value; a function from reals to reals takes a matrix entry by entry."""
        if isinstance(argument, MatrixTerm) and self.domain == self.gives == ():
            from proofkit.symbols.words import applied

            return applied("entrywise", self, argument)
        return (Image if self.gives else Value)(self, argument)

    def gradient(self, argument: MatrixTerm) -> Gradient:
        """The gradient at the argument: the m×n matrix of partial derivatives."""
        return Gradient(self, argument)

    @property
    def derivative(self) -> FunctionTerm:
        """The derivative of a function from reals to reals."""
        from proofkit.symbols.words import applied

        return applied("derivative", self)  # type: ignore[no-any-return]

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
    def domain(self) -> tuple[Expr, ...]:
        return self.args[1], self.args[2]

    def _sympystr(self, printer: Any) -> str:
        return self.name


class Map(FunctionTerm):
    """A variable for a function from reals or matrices, as ``takes`` says, to what ``gives`` says.

    Each is the shape of the matrices, or () for real numbers.

    >>> sigma = Map("σ")
    >>> sigma(real("x")), sigma(MatrixVariable("X", 2, 3)).shape
    (σ(x), (2, 3))
    """

    def __new__(cls, name: Any, takes: Any = (), gives: Any = ()) -> Map:
        if {len(takes), len(gives)} - {0, 2}:
            raise SortError(f"{name} takes and gives reals, (), or matrices, (rows, columns)")
        return super().__new__(  # type: ignore[no-any-return]
            cls, Str(str(name)), Tuple(*map(sympify, takes)), Tuple(*map(sympify, gives))
        )

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def domain(self) -> tuple[Expr, ...]:
        return tuple(self.args[1])

    @property
    def gives(self) -> tuple[Expr, ...]:
        return tuple(self.args[2])

    def _sympystr(self, printer: Any) -> str:
        return self.name


class FunctionOf(FunctionTerm):
    """The function X ↦ body, for a matrix or a real variable and such a body.

    >>> from proofkit.symbols.scalars import natural
    >>> n = natural('n')
    >>> f, X = Function('f', n, n), MatrixVariable('X', n, n)
    >>> FunctionOf(X, f(X.T))
    (X ↦ f(Xᵀ))
    """

    def __new__(cls, variable: Any, body: Any) -> FunctionOf:
        if not isinstance(variable, MatrixVariable) and not _is_real(variable):
            raise SortError(f"{variable!r} is neither a matrix nor a real variable")
        return super().__new__(cls, variable, sympify(body))  # type: ignore[no-any-return]

    @property
    def domain(self) -> tuple[Expr, ...]:
        return _shape(self.args[0])

    @property
    def gives(self) -> tuple[Expr, ...]:
        return _shape(self.args[1])

    def _xreplace(self, rule: Any) -> Any:
        """Replacing leaves alone what is bound; it is renamed where it would capture another.

        >>> x, y = real("x"), real("y")
        >>> FunctionOf(x, x + y).xreplace({x: 1, y: x**2})
        (x' ↦ x**2 + x')
        """
        if self in rule:
            return rule[self], True
        bound, body = self.args
        inner = {old: sympify(new) for old, new in rule.items() if old != bound}
        put = [new for old, new in inner.items() if body.has(old)]
        if any(new.has(bound) for new in put):
            parts = (part for x in (body, *put) for part in preorder_traversal(x))
            names = {str(getattr(part, "name", "")) for part in parts}
            name = f"{bound.name}'"
            while name in names:
                name += "'"
            other = MatrixVariable(name, *bound.args[1:]) if self.domain else real(name)
            return FunctionOf(other, body.xreplace({bound: other}))._xreplace(inner)
        return super()._xreplace(inner)

    def _sympystr(self, printer: Any) -> str:
        return f"({printer._print(self.args[0])} ↦ {printer._print(self.args[1])})"


def _is_real(variable: Any) -> bool:
    return type(variable) is Symbol and bool(variable == real(variable.name))


def _shape(x: Any) -> tuple[Expr, ...]:
    """The shape of a matrix term; () for a number."""
    return x.shape if isinstance(x, MatrixTerm) else ()


def _kind(shape: tuple[Expr, ...]) -> str:
    return "×".join(map(str, shape)) + " matrices" if shape else "real numbers"


def check_argument(function: Any, argument: Any) -> None:
    """`SortError` or `ShapeError` unless the function takes the argument."""
    if not isinstance(function, FunctionTerm):
        raise SortError(f"{function!r} is no function, so it cannot be applied to {argument!r}")
    if bool(function.domain) != isinstance(argument, MatrixTerm):
        raise SortError(f"{function} takes {_kind(function.domain)}, and {argument!r} is none")
    shape = _shape(argument)
    if not all(map(same_size, function.domain, shape)):
        raise ShapeError(
            f"{function} takes {_kind(function.domain)}; {argument} is {shape_text(argument)}"
        )


class Value(Typeset, Expr):  # type: ignore[misc]
    """The value f(X): a real number."""

    is_real = True
    is_commutative = True

    def __new__(cls, function: Any, argument: Any) -> Value:
        argument = argument if isinstance(argument, MatrixTerm) else sympify(argument)
        check_argument(function, argument)
        if function.gives:
            raise SortError(f"the values of {function} are matrices")
        return Expr.__new__(cls, function, argument)  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}({printer._print(self.args[1])})"


class Image(MatrixTerm):
    """The value F(X) of a function whose values are matrices."""

    def __new__(cls, function: Any, argument: Any) -> Image:
        argument = argument if isinstance(argument, MatrixTerm) else sympify(argument)
        check_argument(function, argument)
        if not function.gives:
            raise SortError(f"the values of {function} are real numbers")
        return MatrixExpr.__new__(cls, function, argument)  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0].gives  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])}({printer._print(self.args[1])})"


class Gradient(MatrixTerm):
    """The gradient f'(X): the matrix of partial derivatives, of the shape of X."""

    def __new__(cls, function: Any, argument: Any) -> Gradient:
        check_argument(function, argument)
        if function.gives or not function.domain:
            raise SortError(f"only a function of matrices to reals has a gradient, not {function}")
        return MatrixExpr.__new__(cls, function, argument)  # type: ignore[no-any-return]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[1].shape  # type: ignore[no-any-return]

    def _sympystr(self, printer: Any) -> str:
        function, at = self.args
        if isinstance(function, FunctionOf) and function.args[0] == at:
            return f"∇_{printer._print(at)}({printer._print(function.args[1])})"
        return f"{printer._print(function)}'({printer._print(at)})"
