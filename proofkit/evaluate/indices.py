"""The value of an integer term: worked out once how to read it off, then read off many times."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from sympy import Add, Integer, Mul

from proofkit.evaluate.environment import BySight, Environment, OutOfRange, number_of
from proofkit.symbols import Rank, Width, WidthEnds, WidthOf, WidthTable

__all__ = ["index_reader", "index_value"]

Reader = Callable[[Environment], Any]


def index_value(x: Any, env: Environment) -> Any:
    """The value of an integer term: an int, or an array (B,) where ranks of a batch are in it.

    Raises `OutOfRange` for widths the network does not have.
    """
    return index_reader(x)(env)


def _reader(x: Any) -> Reader:
    if isinstance(x, (int, Integer)):
        number = int(x)
        return lambda env: number
    if isinstance(x, Width):
        return _width_reader(x.args[0], [index_reader(a) for a in x.args[1:]])
    if isinstance(x, Rank):
        from proofkit.evaluate.terms import matrix_value

        matrix = x.args[0]
        return lambda env: matrix_value(matrix, env).rank()
    if isinstance(x, (Add, Mul)):
        combine: Any = sum if isinstance(x, Add) else prod
        parts = [index_reader(a) for a in x.args]
        return lambda env: combine([part(env) for part in parts])
    symbol = number_of(x)

    def value(env: Environment) -> Any:
        try:
            return env.slots[symbol]
        except KeyError:
            raise OutOfRange(f"{x} has no value here") from None

    return value


index_reader: BySight[Reader] = BySight(_reader)
"""What reads the value of an integer term off an environment."""


def _width_reader(function: Any, at: list[Reader]) -> Reader:
    if isinstance(function, (WidthTable, WidthEnds, WidthOf)) or len(at) > 1:
        return lambda env: _width(function, [index(env) for index in at], env)
    (only,) = at
    symbol = number_of(function)

    def width(env: Environment) -> int:
        index = only(env)
        dims = env.slots.get(symbol)
        if dims is None or index not in dims:
            return _width(function, [index], env)  # which says what is missing
        return int(dims[index])

    return width


def _width(function: Any, at: list[Any], env: Environment) -> int:
    if isinstance(function, WidthTable):
        return int(function(at[0]))
    if isinstance(function, WidthEnds):
        *others, last = at
        if last == 0:
            return int(index_value(function.args[2], env))
        if last == _width(function.args[1], others, env) + 1:
            return int(index_value(function.args[3], env))
        return _width(function.args[0], at, env)
    if isinstance(function, WidthOf):
        return int(index_value(function.args[1], env.having({function.args[0]: at[0]})))
    dims = env[function]
    key = at[0] if len(at) == 1 else tuple(at)
    if key not in dims:
        raise OutOfRange(f"there is no width {function}({', '.join(map(str, at))})")
    return int(dims[key])
