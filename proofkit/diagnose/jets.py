"""Derivatives of an expression in any arithmetic: NumPy arrays, or balls.

The same forward mode as :mod:`proofkit.networks.derivatives`, which serves exact numbers and
floats with error bounds. Here an arithmetic is a table of functions: plain arrays for searching,
``flint.arb`` for enclosing a loss over a whole box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.scalars import enclose, exact

__all__ = ["ARRAYS", "Arithmetic", "Jet", "balls_of", "integer_power", "jet"]

Place = tuple[int, int]


@dataclass(frozen=True)
class Arithmetic:
    """How numbers of one kind are made and which functions they have."""

    constant: Callable[[Any], Any]
    functions: Mapping[str, Callable[[Any], Any]]
    power: Callable[[Any, Fraction], Any]


@dataclass(frozen=True)
class Jet:
    """A value with its first and second partial derivatives; places count from 0."""

    value: Any
    first: dict[Place, Any] = field(default_factory=dict)
    second: dict[tuple[Place, Place], Any] = field(default_factory=dict)


def _array_power(x: Any, q: Fraction) -> Any:
    return np.power(x, float(q))


def _array_logistic(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1 + small)


ARRAYS = Arithmetic(
    constant=lambda x: float(exact(x)),
    functions={
        "exp": np.exp,
        "log": np.log,
        "log1p": np.log1p,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "sign": np.sign,
        "logistic": _array_logistic,
        "tanh": np.tanh,
        "sin": np.sin,
        "cos": np.cos,
    },
    power=_array_power,
)
"""Plain NumPy arrays; NaN outside a function's domain."""


def _ball_sign(x: Any) -> Any:
    if x > 0:
        return flint.arb(1)
    return flint.arb(-1) if x < 0 else flint.arb.nan()


def _ball_abs(x: Any) -> Any:
    return abs(x)


def integer_power(x: Any, n: int) -> Any:
    """x to an integer power by squaring: ``arb`` itself gives up where a ball contains 0.

    >>> bool(integer_power(flint.arb(0, 1e-10), 2) < 1e-19)
    True
    """
    if n < 0:
        return 1 / integer_power(x, -n)
    result = flint.arb(1)
    while n:
        if n & 1:
            result = result * x
        x = x * x
        n >>= 1
    return result


def _ball_power(x: Any, q: Fraction) -> Any:
    if q.denominator == 1:
        return integer_power(x, int(q))
    if not x > 0:
        # On the border of the domain nothing is smooth.
        return flint.arb.nan()
    return (x.log() * flint.arb(flint.fmpq(q.numerator, q.denominator))).exp()


def balls_of(bits: int) -> Arithmetic:
    """Balls at this precision; not finite where a function or its derivative may not exist.

    >>> bool(balls_of(64).functions["exp"](flint.arb(0)) == 1)
    True
    """
    return Arithmetic(
        constant=lambda x: enclose(x, bits),
        functions={
            "exp": lambda x: x.exp(),
            "log": lambda x: x.log(),
            "log1p": lambda x: (1 + x).log(),
            "sqrt": lambda x: x.sqrt(),
            "abs": _ball_abs,
            "sign": _ball_sign,
            "logistic": lambda x: 1 / (1 + (-x).exp()),
            "tanh": lambda x: x.tanh(),
            "sin": lambda x: x.sin(),
            "cos": lambda x: x.cos(),
        },
        power=_ball_power,
    )


def jet(
    expression: Node, entry: Callable[[int, int], Any], arithmetic: Arithmetic, highest: int
) -> Jet:
    """The expression with its derivatives up to the order ``highest`` (0, 1 or 2).

    ``entry(r, c)`` gives the entry of W, counted from 0.

    >>> from proofkit.networks.expressions import parse_expression
    >>> tree = parse_expression("w11**2", (1, 1))
    >>> jet(tree, lambda r, c: np.array(3.0), ARRAYS, 1).first
    {(0, 0): np.float64(6.0)}
    """
    stack: list[Jet] = []
    known: dict[Any, Any] = {}
    for node in nodes(expression):
        if isinstance(node, Constant):
            if node.value not in known:
                known[node.value] = arithmetic.constant(node.value)
            stack.append(Jet(known[node.value]))
        elif isinstance(node, Entry):
            place = node.row - 1, node.column - 1
            stack.append(Jet(entry(*place), {place: 1} if highest else {}))
        else:
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_applied(node, args, arithmetic, highest))
    return stack.pop()


def _applied(node: Apply, args: Sequence[Jet], arithmetic: Arithmetic, highest: int) -> Jet:
    x = args[0]
    functions, power = arithmetic.functions, arithmetic.power
    if node.op in {"+", "-"}:
        return _sum(x, args[1], 1 if node.op == "+" else -1)
    if node.op == "neg":
        return _sum(Jet(0), x, -1)
    if node.op == "*":
        return _product(x, args[1], highest)
    if node.op == "/":
        y = args[1].value
        inverse = power(y, Fraction(-1))
        quotient = _chain(
            args[1],
            inverse,
            lambda: -power(y, Fraction(-2)),
            lambda: 2 * power(y, Fraction(-3)),
            highest,
        )
        return _product(x, quotient, highest)
    v = x.value
    if node.op == "**":
        q = exponent_of(node)
        return _chain(
            x,
            power(v, q),
            lambda: _scaled(q, q - 1, v, arithmetic),
            lambda: _scaled(q * (q - 1), q - 2, v, arithmetic),
            highest,
        )
    value = functions[node.op](v)
    return _chain(
        x,
        value,
        lambda: _first(node.op, v, value, functions),
        lambda: _second(node.op, v, value, functions),
        highest,
    )


def _scaled(factor: Fraction, exponent: Fraction, v: Any, arithmetic: Arithmetic) -> Any:
    if factor == 0:
        return 0
    return arithmetic.constant(factor) * (1 if exponent == 0 else arithmetic.power(v, exponent))


def _first(op: str, x: Any, v: Any, functions: Mapping[str, Callable[[Any], Any]]) -> Any:
    if op == "exp":
        return v
    if op == "log":
        return 1 / x
    if op == "log1p":
        return 1 / (1 + x)
    if op == "sqrt":
        return 1 / (2 * v)
    if op == "abs":
        return functions["sign"](x)
    if op == "logistic":
        return v * functions["logistic"](-x)
    if op == "tanh":
        return 1 - v * v
    return functions["cos"](x) if op == "sin" else -functions["sin"](x)


def _second(op: str, x: Any, v: Any, functions: Mapping[str, Callable[[Any], Any]]) -> Any:
    if op == "exp":
        return v
    if op == "log":
        return -1 / (x * x)
    if op == "log1p":
        return -1 / ((1 + x) * (1 + x))
    if op == "sqrt":
        return -1 / (4 * x * v)
    if op == "abs":
        return 0 * functions["sign"](x)
    if op == "logistic":
        return v * functions["logistic"](-x) * (1 - 2 * v)
    if op == "tanh":
        return -2 * v * (1 - v * v)
    return -v


def _sum(x: Jet, y: Jet, factor: int) -> Jet:
    return Jet(
        x.value + factor * y.value,
        _merged(x.first, y.first, factor),
        _merged(x.second, y.second, factor),
    )


def _merged(left: dict[Any, Any], right: dict[Any, Any], factor: Any) -> dict[Any, Any]:
    result = dict(left)
    for key, value in right.items():
        term = factor * value
        result[key] = result[key] + term if key in result else term
    return result


def _product(x: Jet, y: Jet, highest: int) -> Jet:
    if highest == 0:
        return Jet(x.value * y.value)
    first = _merged(_merged({}, x.first, y.value), y.first, x.value)
    second: dict[Any, Any] = {}
    if highest == 2:
        second = _merged(_merged({}, x.second, y.value), y.second, x.value)
        for a, dx in x.first.items():
            for b, dy in y.first.items():
                _add(second, a, b, dx * dy * (2 if a == b else 1))
    return Jet(x.value * y.value, first, second)


def _chain(
    x: Jet, value: Any, first: Callable[[], Any], second: Callable[[], Any], highest: int
) -> Jet:
    if highest == 0 or not x.first:
        return Jet(value)
    slope = first()
    bends: dict[Any, Any] = {}
    if highest == 2:
        bends = _merged({}, x.second, slope)
        bend = second()
        places = sorted(x.first)
        for i, a in enumerate(places):
            for b in places[i:]:
                _add(bends, a, b, bend * x.first[a] * x.first[b])
    return Jet(value, _merged({}, x.first, slope), bends)


def _add(second: dict[Any, Any], a: Place, b: Place, term: Any) -> None:
    key = (a, b) if a <= b else (b, a)
    second[key] = second[key] + term if key in second else term
