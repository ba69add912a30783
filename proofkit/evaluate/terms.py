"""The value of a term in an environment."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, Symbol, preorder_traversal

from proofkit.evaluate.environment import (
    REMEMBERED,
    BySight,
    Environment,
    Layers,
    OutOfRange,
    number_of,
)
from proofkit.evaluate.indices import index_value
from proofkit.networks.matrices import Matrix
from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    Gradient,
    Identity,
    Listed,
    MatrixVariable,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Trace,
    Transposed,
    Updated,
    Value,
    Width,
    WidthFunction,
    Zero,
)

__all__ = ["gradient_value", "index_value", "looked_up", "matrix_value", "real_value"]


def matrix_value(x: Any, env: Environment) -> Matrix:
    """The value of a matrix term; `OutOfRange` for layers the network does not have."""
    if isinstance(x, MatrixVariable):
        return env[x]  # type: ignore[no-any-return]
    key, values = looked_up(x, env)
    found = env.memo.at(key)
    if found is None:
        found = _compute(x, env)
        env.memo.set(key, values, found)
    return found


class Met:
    """A term or claim that was met, with the symbols its value may depend on.

    Equal terms share one, which is known by its identity: comparing terms takes long.
    """

    __slots__ = ("symbols",)  # their numbers

    def __init__(self, x: Any) -> None:
        kinds = (Symbol, MatrixVariable, Family, Function, WidthFunction)
        found = dict.fromkeys(s for s in preorder_traversal(x) if isinstance(s, kinds))
        self.symbols = tuple(map(number_of, found))


def looked_up(x: Any, env: Environment) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """A key for the value of a term or claim here, and the values that it depends on.

    They stand in the order in which their symbols are met, None for those without one.
    """
    met = _met(x)
    values = tuple(map(env.slots.get, met.symbols))
    return (met, *[v if type(v) is int else id(v) for v in values]), values


_met = BySight(lru_cache(maxsize=REMEMBERED)(Met))


def _compute(x: Any, env: Environment) -> Matrix:
    if isinstance(x, Chain):
        return _chain(x, env)
    if isinstance(x, Summation):
        return _summation(x, env)
    if isinstance(x, Product):
        factors = [matrix_value(a, env) for a in x.args]
        product: Any = factors[-1]
        for factor in reversed(factors[:-1]):
            product = factor @ product
        return product  # type: ignore[no-any-return]
    if isinstance(x, Sum):
        total: Any = matrix_value(x.args[0], env)
        for a in x.args[1:]:
            total = total + matrix_value(a, env)
        return total  # type: ignore[no-any-return]
    if isinstance(x, Scaled):
        return real_value(x.args[0], env) * matrix_value(x.args[1], env)  # type: ignore[no-any-return]
    if isinstance(x, Transposed):
        return matrix_value(x.args[0], env).T
    if isinstance(x, Identity):
        return env.identity(int(index_value(x.args[0], env)))
    if isinstance(x, Zero):
        return env.zeros(*(int(index_value(a, env)) for a in x.args))
    if isinstance(x, Gradient):
        return gradient_value(x.args[0], matrix_value(x.args[1], env), env)
    raise TypeError(f"{type(x).__name__} has no value on a network")


def _chain(x: Chain, env: Environment) -> Matrix:
    family, hi, lo = x.args[0], index_value(x.args[1], env), index_value(x.args[2], env)
    if hi < lo - 1:
        raise OutOfRange(f"the chain from {hi} down to {lo} runs backwards")
    if hi == lo - 1:
        return env.identity(int(index_value(x.rows, env)))
    if isinstance(family, Family):
        return _product(_layers(env[family]), hi, lo, env)
    product: Any = member_value(family, lo, env)
    for at in range(lo + 1, hi + 1):
        product = member_value(family, at, env) @ product
    return product  # type: ignore[no-any-return]


def _product(layers: Layers, hi: int, lo: int, env: Environment) -> Matrix:
    """The product of the layers hi…lo; shorter ones are met again on the way to longer ones."""
    product: Any = layers.member(lo)
    for at in range(lo + 1, hi + 1):
        found = env.memo.get("product", (layers, at, lo))
        if found is None:
            found = layers.member(at) @ product
            env.memo.put("product", (layers, at, lo), found)
        product = found
    return product  # type: ignore[no-any-return]


def _summation(x: Summation, env: Environment) -> Matrix:
    family, hi, lo = x.args[0], index_value(x.args[1], env), index_value(x.args[2], env)
    total: Any = env.zeros(*(int(index_value(a, env)) for a in x.shape))
    for at in range(lo, hi + 1):
        total = total + member_value(family, at, env)
    return total  # type: ignore[no-any-return]


def member_value(family: Any, at: Any, env: Environment, *more: Any) -> Matrix:
    """The matrix of a family term at an index, or at several if it takes several."""
    if isinstance(family, Member):
        return member_value(family.args[0], index_value(family.args[1], env), env, at, *more)
    if isinstance(family, Tabulated):
        variable, body = family.args
        inside = env.having({variable: at})
        return (
            member_value(body, more[0], inside, *more[1:]) if more else matrix_value(body, inside)
        )
    if isinstance(family, Replaced):
        inner, lo, hi, variable, body = family.args
        if index_value(lo, env) <= at <= index_value(hi, env):
            return matrix_value(body, env.having({variable: at}))
        return member_value(inner, at, env)
    if isinstance(family, Updated):
        inner, place, member = family.args
        if index_value(place, env) == at:
            return (
                member_value(member, more[0], env, *more[1:]) if more else matrix_value(member, env)
            )
        return member_value(inner, at, env, *more)
    if isinstance(family, Listed):
        if not 1 <= at <= len(family.args):
            raise OutOfRange(f"no member {at} in a list of {len(family.args)}")
        return matrix_value(family.args[at - 1], env)
    if isinstance(family, Family):
        return _layers(env[family]).member((at, *more) if more else at)
    raise TypeError(f"{type(family).__name__} has no members")


def _layers(value: Any) -> Layers:
    if not isinstance(value, Layers):
        raise TypeError(f"a family's value is its layers, not {type(value).__name__}")
    return value


def real_value(x: Any, env: Environment) -> Any:
    """The value of a real term: an exact number, or a `FloatScalar`."""
    if isinstance(x, (int, Integer)):
        return Fraction(int(x))
    if isinstance(x, Rational):
        return Fraction(int(x.p), int(x.q))
    if isinstance(x, Value):
        key, values = looked_up(x, env)
        found = env.memo.at(key)
        if found is None:
            found = function_value(x.args[0], matrix_value(x.args[1], env), env)
            env.memo.set(key, values, found)
        return found
    if isinstance(x, Trace):
        return matrix_value(x.args[0], env).trace()
    if isinstance(x, Add):
        total = real_value(x.args[0], env)
        for a in x.args[1:]:
            total = total + real_value(a, env)
        return total
    if isinstance(x, Mul):
        product = real_value(x.args[0], env)
        for a in x.args[1:]:
            product = product * real_value(a, env)
        return product
    if isinstance(x, Pow):
        base = real_value(x.args[0], env)
        power = base
        for _ in range(int(x.args[1]) - 1):
            power = power * base
        return power
    if isinstance(x, (Rank, Width)):
        return Fraction(int(index_value(x, env)))
    return env[x]


def function_value(function: Any, at: Matrix, env: Environment) -> Any:
    """The value of a function term at a matrix."""
    if isinstance(function, FunctionOf):
        variable, body = function.args
        return real_value(body, env.having({variable: at}))
    return _loss(function, env).value(at)


def _loss(function: Any, env: Environment) -> Any:
    if not isinstance(function, Function):
        raise TypeError(f"{type(function).__name__} is not a function of matrices")
    return env[function]


def gradient_value(function: Any, at: Matrix, env: Environment) -> Matrix:
    """The gradient of a function term at a matrix."""
    if isinstance(function, FunctionOf):
        from proofkit.evaluate.slopes import gradient_of_body

        return gradient_of_body(function, at, env)
    loss = _loss(function, env)
    found: Matrix | None = env.memo.get("gradient", (loss, at))
    if found is None:
        found = loss.gradient(at)
        env.memo.put("gradient", (loss, at), found)
    return found
