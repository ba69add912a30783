"""Expressions with their first and second derivatives on plain arrays, many points at once.

Forward mode as in :mod:`proofkit.networks.derivatives`, but without error bounds, and with NaN
where an operation is not defined: one bad point must not stop thousands of searches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.sweep.lanes import Array

__all__ = ["Jet", "jet"]


@dataclass(frozen=True)
class Jet:
    """A value (N,), its gradient (q, N) and Hessian (q, q, N); None stands for zero."""

    value: Array
    first: Array | None = None
    second: Array | None = None


def jet(tree: Node, values: Mapping[tuple[int, int], Array], places: list[tuple[int, int]]) -> Jet:
    """The expression's jet in the entries at ``places``, other entries held fixed.

    >>> from proofkit.networks.expressions import parse_expression
    >>> at = {(1, 1): np.array([3.0]), (1, 2): np.array([5.0])}
    >>> found = jet(parse_expression("w11**2 * w12", (1, 2)), at, [(1, 1)])
    >>> found.value, found.first.tolist(), found.second.tolist()
    (array([45.]), [[30.0]], [[[10.0]]])
    """
    stack: list[Jet] = []
    with np.errstate(all="ignore"):
        for node in nodes(tree):
            if isinstance(node, Constant):
                stack.append(Jet(np.asarray(float(node.value))))
            elif isinstance(node, Entry):
                stack.append(_entry(values, places, (node.row, node.column)))
            else:
                count = len(node.args)
                args = stack[-count:]
                del stack[-count:]
                stack.append(_applied(node, args))
    return stack.pop()


def _entry(
    values: Mapping[tuple[int, int], Array],
    places: list[tuple[int, int]],
    place: tuple[int, int],
) -> Jet:
    value = values[place]
    if place not in places:
        return Jet(value)
    first = np.zeros((len(places), *value.shape))
    first[places.index(place)] = 1.0
    return Jet(value, first)


def _applied(node: Apply, args: list[Jet]) -> Jet:
    x = args[0]
    if node.op in ("+", "-"):
        y, sign = args[1], 1.0 if node.op == "+" else -1.0
        return Jet(
            x.value + sign * y.value, _sum(x.first, y.first, sign), _sum(x.second, y.second, sign)
        )
    if node.op == "*":
        return _product(x, args[1])
    if node.op == "/":
        v = 1 / args[1].value
        return _product(x, _chain(args[1], v, -(v**2), 2 * v**3))
    if node.op == "**":
        q = float(exponent_of(node))
        value = x.value**q
        return _chain(
            x,
            value,
            q * x.value ** (q - 1) if q else 0 * value,
            q * (q - 1) * x.value ** (q - 2) if q * (q - 1) else 0 * value,
        )
    function, first, second = _FUNCTIONS[node.op]
    value = function(x.value)
    return _chain(x, value, first(x.value, value), second(x.value, value))


def _sum(a: Array | None, b: Array | None, factor: float) -> Array | None:
    if b is None:
        return a
    return factor * b if a is None else a + factor * b


def _product(x: Jet, y: Jet) -> Jet:
    first = second = None
    for one, other in ((x, y), (y, x)):
        if one.first is not None:
            first = _sum(first, one.first * other.value, 1.0)
        if one.second is not None:
            second = _sum(second, one.second * other.value, 1.0)
    if x.first is not None and y.first is not None:
        crossed = x.first[:, None] * y.first
        second = _sum(second, crossed + np.swapaxes(crossed, 0, 1), 1.0)
    return Jet(x.value * y.value, first, second)


def _chain(x: Jet, value: Array, slope: Array, bend: Array) -> Jet:
    if x.first is None:
        return Jet(value)
    second = bend * x.first[:, None] * x.first
    if x.second is not None:
        second = second + slope * x.second
    return Jet(value, slope * x.first, second)


def _logistic(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, small) / (1 + small))


_Rule = Callable[[Array, Array], Array]

_FUNCTIONS: dict[str, tuple[Callable[[Array], Array], _Rule, _Rule]] = {
    "neg": (np.negative, lambda x, v: np.full_like(v, -1.0), lambda x, v: 0 * v),
    "exp": (np.exp, lambda x, v: v, lambda x, v: v),
    "log": (np.log, lambda x, v: 1 / x, lambda x, v: -1 / x**2),
    "log1p": (np.log1p, lambda x, v: 1 / (1 + x), lambda x, v: -1 / (1 + x) ** 2),
    "sqrt": (np.sqrt, lambda x, v: 0.5 / v, lambda x, v: -0.25 / (x * v)),
    "abs": (np.abs, lambda x, v: np.sign(x), lambda x, v: 0 * v),
    "logistic": (_logistic, lambda x, v: v * (1 - v), lambda x, v: v * (1 - v) * (1 - 2 * v)),
    "tanh": (np.tanh, lambda x, v: 1 - v**2, lambda x, v: -2 * v * (1 - v**2)),
    "sin": (np.sin, lambda x, v: np.cos(x), lambda x, v: -v),
    "cos": (np.cos, lambda x, v: -np.sin(x), lambda x, v: -v),
}
"""Each function with its first and second derivative, given the argument and the value."""
