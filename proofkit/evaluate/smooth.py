"""Functions that are differentiable at every point, as is seen from what they are made of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sympy import Add, Mul, Pow
from sympy.core.traversal import preorder_traversal

from proofkit.evaluate.environment import Environment
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionTerm,
    FunctionWord,
    Image,
    Map,
    MatrixTrace,
    MatrixWord,
    Product,
    Scaled,
    Sum,
    Transposed,
    Value,
    Word,
)

__all__ = ["is_smooth"]

_ADDED_AND_MULTIPLIED = (Add, Mul, Product, Scaled, Sum, MatrixTrace, Transposed)

_SMOOTH_WORDS = frozenset(
    (
        *("exp", "sin", "cos", "tanh", "logistic", "entrywise"),
        *("hadamard", "diag", "diagonal", "ones", "entry", "determinant"),
    )
)


def is_smooth(function: Any, env: Environment) -> bool:
    """Whether a function is seen to be differentiable at every point; if not, it may be so still.

    >>> from proofkit.symbols import real, relu, tanh
    >>> x = real("x")
    >>> is_smooth(FunctionOf(x, x**2 * tanh(x)), Environment({}))
    True
    >>> is_smooth(FunctionOf(x, x * relu(x)), Environment({}))
    False
    >>> is_smooth(relu, Environment({}))
    False
    """
    if isinstance(function, FunctionOf):
        variable, body = function.args
        return _is_smooth(body, (variable,), env)
    if isinstance(function, FunctionWord):
        return _is_smooth_word(function, (), env)
    if isinstance(function, (Function, Map)):
        value = env.values.get(function)
        if isinstance(value, FunctionTerm):
            return is_smooth(value, env)
        return bool(getattr(value, "differentiable", False))
    return False


def _is_smooth(x: Any, moving: Collection[Any], env: Environment) -> bool:
    if x in moving or not any(part in moving for part in preorder_traversal(x)):
        return True
    if isinstance(x, _ADDED_AND_MULTIPLIED):
        return all(_is_smooth(part, moving, env) for part in x.args)
    if isinstance(x, Pow):
        whole = x.exp.is_Integer and x.exp >= 0
        return bool(whole) and _is_smooth(x.base, moving, env)
    if isinstance(x, (Word, MatrixWord)):
        return _is_smooth_word(x, moving, env)
    if isinstance(x, (Value, Image)):
        function, at = x.args
        return is_smooth(function, env) and _is_smooth(at, moving, env)
    return False


def _is_smooth_word(x: Any, moving: Collection[Any], env: Environment) -> bool:
    return x.row.name in _SMOOTH_WORDS and all(
        is_smooth(part, env) if isinstance(part, FunctionTerm) else _is_smooth(part, moving, env)
        for part in x.arguments
    )
