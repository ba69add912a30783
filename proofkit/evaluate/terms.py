"""The value of a term in an environment."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, partial
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
from proofkit.evaluate.losses import loss_gradient, loss_value
from proofkit.networks.duals import Dual
from proofkit.networks.error_bounds import as_floats
from proofkit.networks.matrices import Matrix
from proofkit.symbols import (
    Chain,
    Family,
    Function,
    FunctionOf,
    FunctionTerm,
    FunctionWord,
    Gradient,
    Identity,
    Image,
    Listed,
    Map,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    MatrixWord,
    Member,
    Product,
    Rank,
    Replaced,
    Scaled,
    Sum,
    Summation,
    Tabulated,
    Transposed,
    Updated,
    Value,
    Width,
    WidthFunction,
    Word,
    Zero,
)
from proofkit.words import TABLE
from proofkit.words.reals import REALS, Undefined, real
from proofkit.words.values import gradient, worth

__all__ = [
    "gradient_value",
    "has_words",
    "index_value",
    "looked_up",
    "matrix_value",
    "real_value",
    "spoken",
    "term_value",
]


def term_value(x: Any, env: Environment) -> Any:
    """The value of a matrix or a real term."""
    return matrix_value(x, env) if isinstance(x, MatrixTerm) else real_value(x, env)


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
        kinds = (Symbol, MatrixVariable, Family, Function, Map, WidthFunction)
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
        return gradient_value(x.args[0], matrix_value(x.args[1], env), env)  # type: ignore[no-any-return]
    if isinstance(x, MatrixWord):
        return word_value(x, env)  # type: ignore[no-any-return]
    if isinstance(x, Image):
        return function_value(x.args[0], term_value(x.args[1], env), env)  # type: ignore[no-any-return]
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
    if isinstance(x, (Value, Word)):
        key, values = looked_up(x, env)
        found = env.memo.at(key)
        if found is None:
            if isinstance(x, Word):
                found = word_value(x, env)
            else:
                found = function_value(x.args[0], term_value(x.args[1], env), env)
            env.memo.set(key, values, found)
        return found
    if isinstance(x, MatrixTrace):
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
        return _power(real_value(x.args[0], env), x.args[1], env)
    if isinstance(x, (Rank, Width)):
        return Fraction(int(index_value(x, env)))
    return env[x]


def _power(base: Any, exponent: Any, env: Environment) -> Any:
    """A power: whole, of 1/x if it is negative, or of √x if it is a half, as proofs read it."""
    for word, needed in (("sqrt", exponent.q == 2), ("reciprocal", exponent < 0)):
        if needed:
            base = applied(word, (), (base,), env)
    power = base
    for _ in range(int(abs(exponent) * exponent.q) - 1):
        power = power * base
    return power


# ── Words and functions ────────────────────────────────────────────────────────────────────────
def _has_words(x: Any) -> bool:
    return any(
        isinstance(part, (Word, MatrixWord, FunctionWord, Map))
        or (isinstance(part, Pow) and not (part.exp.is_Integer and part.exp > 0))
        for part in preorder_traversal(x)
    )


has_words: BySight[bool] = BySight(_has_words)
"""Whether a term or claim speaks of words, or of what may stand for them."""


def word_value(x: Any, env: Environment) -> Any:
    """The value of a word with its arguments; `Undefined` outside its domain."""
    return applied(*spoken(x, env), env)


def spoken(x: Any, env: Environment) -> tuple[str, tuple[int, ...], tuple[Any, ...]]:
    """A word's name and the values of its sizes and arguments."""
    row = x.row
    sizes = tuple(int(index_value(n, env)) for n in x.args[1 : 1 + len(row.sizes)])
    takes = (*row.takes, "real")  # the last where a function is given and applied: σ′(x)
    pairs = zip(takes, x.arguments, strict=False)
    return row.name, sizes, tuple(_argument(text, a, env) for text, a in pairs)


def _argument(text: str, x: Any, env: Environment) -> Any:
    if isinstance(x, FunctionTerm):
        return function_of(x, env)
    return index_value(x, env) if text == "index" else term_value(x, env)


def applied(name: str, sizes: Any, arguments: Any, env: Environment) -> Any:
    """The value of a word for these values of its arguments."""
    if not env.exact:
        numbers = TABLE[name].takes
        arguments = tuple(
            _in_floats(a) if n >= len(numbers) or numbers[n] == "real" else a
            for n, a in enumerate(arguments)
        )
    try:
        return worth(name, sizes, arguments, env.exact)
    except Undefined:
        if env.junk is None:
            raise
        return env.junk(name, sizes, arguments)


def _in_floats(x: Any) -> Any:
    if isinstance(x, Dual):
        return x.moved(_in_floats)
    return x if callable(x) else as_floats(x)


def function_of(function: Any, env: Environment) -> Callable[[Any], Any]:
    """The function that a term stands for, as one of values."""
    if isinstance(function, FunctionOf):
        variable, body = function.args
        return lambda at: term_value(body, env.having({variable: at}))
    if isinstance(function, FunctionWord):
        name, sizes, given = spoken(function, env)
        if name in REALS and env.junk is None:
            return partial(real, name)
        return lambda at: applied(name, sizes, (*given, at), env)
    value = env[function]
    if isinstance(value, FunctionTerm):
        return function_of(value, env)
    return value if callable(value) else partial(loss_value, value, env)


def function_value(function: Any, at: Any, env: Environment) -> Any:
    """The value of a function term at a matrix or a number."""
    if not env.exact and isinstance(at, Fraction):
        at = as_floats(at)
    return function_of(function, env)(at)


def gradient_value(function: Any, at: Any, env: Environment) -> Any:
    """The gradient of a function term at a matrix."""
    if isinstance(function, (Function, Map)):
        value = env[function]
        if not isinstance(value, FunctionTerm):
            return loss_gradient(value, env, at)
        function = value
    return gradient(function_of(function, env), at, env.exact)
