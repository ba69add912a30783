"""Formulas as a peer would be given them: each part of a formula in the peer's own functions.

A translation is tried out: the peer's expression has the value of the formula, else nothing is
concluded about its derivative.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import count
from types import ModuleType
from typing import Any

import numpy as np
import sympy
from sympy import MatAdd, MatMul, MatrixSymbol, OneMatrix, Trace
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct

from proofkit.derivatives.syntax import Tree

Shapes = Mapping[str, tuple[str, ...]]


class Untranslated(Exception):
    """A function that the peer does not have."""


class ForSymPy:
    """A formula as an expression with `MatrixSymbol`; vectors are columns.

    A 1×1 product stays one, as it is common, and becomes a number, by its trace, beside numbers.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.sizes = {
            s: sympy.Symbol(s, integer=True, positive=True)
            for shape in shapes.values()
            for s in shape
            if not s.isdigit()
        }
        self.variables = {
            name: MatrixSymbol(name, *map(self._size, shape)) if shape else sympy.Symbol(name)
            for name, shape in shapes.items()
        }

    def _size(self, text: str) -> Any:
        return sympy.Integer(text) if text.isdigit() else self.sizes[text]

    def read(self, t: Tree) -> Any:
        """The expression."""
        if t.kind == "number":
            return sympy.Rational(t.value)
        if t.kind == "name":
            name = str(t.value)
            return self.variables[name] if name in self.variables else self.sizes[name]
        return self._made(t.kind, [self.read(part) for part in t.parts])

    def _made(self, kind: str, parts: list[Any]) -> Any:
        a, b = (*parts, None)[:2]
        match kind:
            case "neg":
                return -a
            case "@":
                return a * b
            case "+" | "-":
                return self._sum(a, b if kind == "+" else -b)
            case "*" if _is_matrix(a) and _is_matrix(b):
                return HadamardProduct(a, b)
            case "*":
                return a * b
            case "/":
                return a / _number(b) if not _is_one(a) else _number(a) / _number(b)
            case "**":
                return HadamardPower(a, b) if _is_matrix(a) else a**b
            case "transpose":
                return a.T
            case "trace":
                return Trace(a)
            case "inv":
                return a.I
            case "det":
                return sympy.Determinant(a)
            case "logdet":
                return sympy.log(sympy.Determinant(a))
            case "norm":
                return sympy.sqrt(Trace(a.T * a))
            case "sum" if _is_matrix(a):
                rows, cols = (OneMatrix(1, a.rows), OneMatrix(a.cols, 1))
                return rows * a * cols if a.cols != 1 else rows * a
            case "eye":
                return sympy.Identity(a)
            case "ones":
                return OneMatrix(a, b or 1)
            case "sigmoid":
                x = sympy.Dummy("x")
                return _each(sympy.Lambda(x, 1 / (1 + sympy.exp(-x))), a)
            case "exp" | "log" | "tanh":
                return _each(getattr(sympy, kind), a)
        raise Untranslated(kind)

    def value(self, x: Any, arrays: Mapping[str, Any], sizes: Mapping[Any, int]) -> Any:
        """The value of an expression, its parts in NumPy; what is left is made explicit."""
        if x in self.variables.values():
            return np.asarray(arrays[str(x.name)], dtype=complex)
        if isinstance(x, sympy.Symbol):
            return complex(sizes[x] if x in sizes else arrays[x.name])
        if isinstance(x, (OneMatrix, sympy.ZeroMatrix, sympy.Identity)):
            rows, cols = (int(s.subs(sizes)) for s in x.shape)
            known = {OneMatrix: np.ones, sympy.Identity: lambda s: np.eye(s[0])}
            return known.get(type(x), np.zeros)((rows, cols))
        if isinstance(x, sympy.matrices.expressions.applyfunc.ElementwiseApplyFunction):
            (inner,) = (self.value(a, arrays, sizes) for a in x.args[1:])
            return sympy.lambdify(_x, x.function(_x), "numpy")(inner)
        work = next((f for kind, f in _WORKED.items() if isinstance(x, kind)), None)
        if work is not None:
            return work(*(self.value(a, arrays, sizes) for a in x.args))
        if x.is_number:
            return complex(x)
        if isinstance(x, sympy.Function):
            return sympy.lambdify(_x, x.func(_x), "numpy")(self.value(x.args[0], arrays, sizes))
        explicit = x.subs(sizes).subs(
            {
                v.subs(sizes): sympy.ImmutableMatrix(arrays[n]) if _is_matrix(v) else arrays[n]
                for n, v in self.variables.items()
            }
        )
        explicit = explicit.doit()
        explicit = explicit.as_explicit() if hasattr(explicit, "as_explicit") else explicit
        return np.array(explicit.tolist(), dtype=complex)

    @staticmethod
    def _sum(a: Any, b: Any) -> Any:
        if _is_matrix(a) == _is_matrix(b):
            return a + b
        if _is_one(a) or _is_one(b):
            return _number(a) + _number(b)
        matrix, number = (a, b) if _is_matrix(a) else (b, a)
        return MatAdd(matrix, MatMul(number, OneMatrix(*matrix.shape)))


def _product(*factors: Any) -> Any:
    """Of matrices and numbers, a 1×1 matrix being none."""
    out = factors[0]
    for x in factors[1:]:
        out = out @ x if np.ndim(out) == np.ndim(x) == 2 else out * x
    return out


_x = sympy.Symbol("x")
_WORKED: dict[Any, Any] = {
    MatAdd: lambda *terms: sum(terms[1:], terms[0]),
    sympy.Add: lambda *terms: sum(terms[1:], terms[0]),
    MatMul: _product,
    sympy.Mul: _product,
    sympy.Inverse: lambda a, n: np.linalg.inv(a),
    sympy.MatPow: lambda a, n: np.linalg.matrix_power(a, int(n.real)),
    sympy.Pow: lambda a, n: a**n,
    sympy.Transpose: np.transpose,
    Trace: np.trace,
    sympy.Determinant: np.linalg.det,
    HadamardProduct: lambda *factors: reduce(np.multiply, factors),
    HadamardPower: lambda a, n: a**n,
    sympy.DiagMatrix: lambda a: np.diag(np.ravel(a)),
}


def _is_matrix(x: Any) -> bool:
    return bool(getattr(x, "is_Matrix", False))


def _is_one(x: Any) -> bool:
    return _is_matrix(x) and x.shape == (1, 1)


def _number(x: Any) -> Any:
    return Trace(x) if _is_one(x) else x


def _each(function: Any, x: Any) -> Any:
    if _is_one(x):
        return function(_number(x))
    return x.applyfunc(function) if _is_matrix(x) else function(x)


class ForTensorgrad:
    """A formula as a tensor with an edge for its rows and one for its columns.

    A part is a tensor with the names of these edges; a column has one, a number none.
    """

    def __init__(self, tensorgrad: ModuleType, shapes: Shapes) -> None:
        from tensorgrad import functions

        self.tg, self.f = tensorgrad, functions
        self._fresh = (f"e{n}" for n in count())
        self.sizes = {
            s: sympy.Symbol(s) for shape in shapes.values() for s in shape if not s.isdigit()
        }
        self.variables: dict[str, Any] = {}
        for name, shape in shapes.items():
            edges = {e: self.sizes[s] for e, s in zip("rc", shape, strict=False) if s != "1"}
            self.variables[name] = tensorgrad.Variable(name, **edges)

    def read(self, t: Tree) -> tuple[Any, str | None, str | None]:
        """The tensor and its edges."""
        if t.kind == "number":
            return self._constant(t.value), None, None
        if t.kind == "name":
            return self._named(str(t.value))
        return self._made(t.kind, [self.read(part) for part in t.parts], t)

    def _constant(self, value: Any) -> Any:
        return self.tg.Product([]) * value

    def _named(self, name: str) -> tuple[Any, str | None, str | None]:
        if name not in self.variables:
            return self.tg.Delta(self.sizes[name]), None, None
        edges = {e: next(self._fresh) for e in self.variables[name].edges}
        return self.variables[name].rename(**edges), edges.get("r"), edges.get("c")

    def _made(self, kind: str, parts: list[Any], t: Tree) -> tuple[Any, str | None, str | None]:
        f = self.f
        (a, r, c), second = parts[0], parts[1] if len(parts) > 1 else None
        match kind:
            case "neg":
                return -a, r, c
            case "transpose":
                return a, c, r
            case "@" if second is not None:
                b, r2, c2 = second
                if c is not None and r2 is not None:
                    b = b.rename(**{r2: c})
                return a @ b, r, c2
            case "+" | "-" | "*" | "/" if second is not None:
                return self._entrywise(kind, parts[0], second)
            case "**":
                return a ** int(t.parts[1].value), r, c  # type: ignore[arg-type]
            case "trace":
                return f.trace(a), None, None
            case "sum":
                return f.sum(a), None, None
            case "norm":
                return f.sqrt(f.sum(a * a)), None, None
            case "det":
                return f.det(a), None, None
            case "logdet":
                return f.log(f.det(a)), None, None
            case "inv":
                return f.inverse(a), c, r  # so that contracting equal edges gives the identity
            case "eye" | "ones":
                size = self.sizes[str(t.parts[0].value)]
                r, c = next(self._fresh), next(self._fresh) if kind == "eye" else None
                return self.tg.Delta(size, *(e for e in (r, c) if e)), r, c
            case "exp" | "log" | "tanh" | "sigmoid":
                return getattr(f, kind)(a), r, c
        raise Untranslated(kind)

    def _entrywise(self, kind: str, first: Any, second: Any) -> tuple[Any, str | None, str | None]:
        (a, r, c), (b, r2, c2) = first, second
        if a.edges and b.edges:
            b = b.rename(**{e2: e for e, e2 in ((r, r2), (c, c2)) if e and e2})
        elif b.edges:
            r, c = r2, c2
        match kind:
            case "+" | "-":
                ones = {e: s for x in (a, b) for e, s in x.shape.items()}
                a, b = (
                    x if len(x.edges) == len(ones) else x @ self.tg.Ones(**ones) for x in (a, b)
                )
                return a + b if kind == "+" else a - b, r, c
            case "*":
                return a * b, r, c
        return a / b, r, c
