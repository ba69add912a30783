"""Which terms are polynomials in some variables on an instance, and their coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sympy import Add, Mul, Pow
from sympy.core.traversal import preorder_traversal

from proofkit.evaluate.environment import Environment, Layers, OutOfRange
from proofkit.evaluate.terms import index_value
from proofkit.networks.ast import Apply, Entry, Node, exponent_of
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.regression_losses import Squares
from proofkit.symbols import (
    Chain,
    FamilyTerm,
    Function,
    FunctionOf,
    FunctionTerm,
    Gradient,
    Image,
    Listed,
    Map,
    MatrixTrace,
    MatrixWord,
    Member,
    Product,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Transposed,
    Updated,
    Value,
    Word,
)
from proofkit.symbols.faults import LanguageError

__all__ = ["coefficients", "degree", "is_squared", "largest_degree"]


def degree(x: Any, moving: Mapping[Any, int], env: Environment) -> int | None:
    """An upper bound for the degree of a term, where the variables have the degrees; None if it
    need not be a polynomial.

    >>> from proofkit.symbols import (
    ...     MatrixVariable, determinant, hadamard, natural, norm_squared
    ... )
    >>> n = natural("n")
    >>> X = MatrixVariable("X", n, n)
    >>> degree(norm_squared(X * X - X), {X: 1}, Environment({}))
    4
    >>> degree(determinant(hadamard(X, X)), {X: 1}, Environment({n: 3}))
    6
    """
    if x in moving:
        return moving[x]
    if not _moves(x, moving):
        return 0
    if isinstance(x, (Product, Mul, Scaled)):
        return _all(x.args, moving, env, sum)
    if isinstance(x, (Sum, Add)):
        return _all(x.args, moving, env, max)
    if isinstance(x, (Transposed, MatrixTrace)):
        return degree(x.args[0], moving, env)
    if isinstance(x, Pow) and x.exp.is_Integer and x.exp >= 0:
        below = degree(x.base, moving, env)
        return None if below is None else int(x.exp) * below
    if isinstance(x, (Chain, Summation)) and any(_moves(end, moving) for end in x.args[1:]):
        return None
    if isinstance(x, Chain):
        factor, count = _member(x.args[0], moving, env), _length(x, env)
        return None if factor is None or count is None else factor * count
    if isinstance(x, Summation):
        return _member(x.args[0], moving, env)
    if isinstance(x, (Word, MatrixWord)):
        return _of_word(x, moving, env)
    if isinstance(x, Gradient):
        function, at = x.args
        inside = degree(at, moving, env)
        loss = env.values.get(function) if isinstance(function, Function) else None
        return inside if loss is not None and is_squared(loss) else None
    if isinstance(x, (Value, Image)):
        function, at = x.args
        inside = degree(at, moving, env)
        if inside is None:
            return None
        if isinstance(function, FunctionOf):
            variable, body = function.args
            return degree(body, {**moving, variable: inside}, env)
        if isinstance(function, (Function, Map)):
            value = env[function]
            if isinstance(value, FunctionTerm):
                return degree(type(x)(value, at), moving, env)
            of_loss = _of_loss(value)
            return None if of_loss is None else of_loss * inside
    return None


def _of_word(x: Any, moving: Mapping[Any, int], env: Environment) -> int | None:
    """Of a word: it is linear in some of its arguments, the determinant in each column."""
    row, parts = x.row, x.arguments
    if row.name == "determinant":
        inside = degree(parts[0], moving, env)
        return None if inside is None else inside * int(index_value(parts[0].rows, env))
    if any(_moves(part, moving) for n, part in enumerate(parts) if n not in row.linear):
        return None
    return _all([parts[n] for n in row.linear], moving, env, sum)


def _moves(x: Any, moving: Mapping[Any, int]) -> bool:
    return any(part in moving for part in preorder_traversal(x))


def _member(family: Any, moving: Mapping[Any, int], env: Environment) -> int | None:
    """A bound for the degree of each member."""
    if family in moving or isinstance(family, Member):
        return moving.get(family.args[0] if isinstance(family, Member) else family)
    if not isinstance(family, FamilyTerm):
        return degree(family, moving, env)
    if not _moves(family, moving):
        return 0
    if isinstance(family, Tabulated):
        return _member(family.args[1], moving, env)
    if isinstance(family, (Listed, Replaced, Updated)):
        parts = family.args if isinstance(family, Listed) else (family.args[0], family.args[-1])
        found = [_member(part, moving, env) for part in parts]
        return None if None in found else max(d for d in found if d is not None)
    return None


def _length(x: Chain, env: Environment) -> int | None:
    """At most so many members stand in a chain: where its ends are not known, all there are."""
    family, hi, lo = x.args
    if hi == lo:
        return 1
    try:
        return max(int(index_value(hi, env)) - int(index_value(lo, env)) + 1, 0)
    except (OutOfRange, LanguageError, TypeError, ValueError):
        inner = env.values.get(family.args[0] if isinstance(family, Member) else family)
        return len(inner.members) if isinstance(inner, Layers) else None


def _of_loss(loss: Any) -> int | None:
    """The degree of a loss in the entries of the product, if it is a polynomial."""
    if is_squared(loss):
        return 2
    return _of_expression(loss.expression) if isinstance(loss, ExpressionLoss) else None


def _of_expression(node: Node) -> int | None:
    if not isinstance(node, Apply):
        return int(isinstance(node, Entry))
    below = [_of_expression(part) for part in node.args]
    if None in below:
        return None
    first, *rest = (int(d) for d in below if d is not None)
    if node.op in ("+", "-", "neg"):
        return max([first, *rest])
    if node.op == "*":
        return first + sum(rest)
    if node.op == "**":
        power = exponent_of(node)
        return first * int(power) if power.denominator == 1 and power >= 0 else None
    return None


def _all(parts: Sequence[Any], moving: Mapping[Any, int], env: Environment, how: Any) -> int | None:
    found = [degree(part, moving, env) for part in parts]
    return None if None in found else how(found)


def is_squared(loss: Any) -> bool:
    """Whether it is a sum of weighted squares of linear functions of the product."""
    return isinstance(loss, Squares)


def coefficients(values: Sequence[Any]) -> list[Any]:
    """The coefficients of the polynomial that has these values at 0, 1, 2, …

    >>> [str(c) for c in coefficients([Fraction(1), Fraction(2), Fraction(5)])]
    ['1', '0', '1']
    """
    table, out, basis = list(values), [Fraction(0)] * len(values), [1]
    for k in range(len(values)):
        out = [c + table[0] * b for c, b in zip(out, [*basis, *[0] * len(out)], strict=False)]
        table = [(b - a) * Fraction(1, k + 1) for a, b in pairwise(table)]
        basis = [up - k * same for up, same in zip([0, *basis], [*basis, 0], strict=True)]
    return out


def largest_degree(terms: Sequence[Any], moving: Mapping[Any, int], env: Environment) -> int | None:
    """A bound for the degrees of several terms."""
    return _all(terms, moving, env, max)
