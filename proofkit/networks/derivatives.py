"""Evaluating an expression together with its slopes gives exact derivatives: forward mode.

Every node is computed as a jet: its value and its first and second partial derivatives in the
entries it depends on, by the chain rule, in the arithmetic of the matrix W. A partial that is
missing from a jet is 0, so sums of functions of single entries stay cheap. Source: A. Griewank and
A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, ch. 3 and 13.1.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.elementwise import FUNCTIONS, divide, evaluate, power, simplified
from proofkit.networks.matrices import Matrix

Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Jet:
    """A value with its partial derivatives; places count from 0.

    ``second`` holds each unordered pair of places once, the smaller place first.
    """

    value: Any
    first: dict[Place, Any] = field(default_factory=dict)
    second: dict[tuple[Place, Place], Any] = field(default_factory=dict)


def jet(expression: Node, product: Matrix, order: int) -> Jet:
    """The expression at the matrix W with its derivatives up to ``order`` (0, 1 or 2).

    Raises :class:`~proofkit.networks.elementwise.LossError` where the expression has no value
    or no derivative of that order; arrays and balls hold NaN there.

    >>> from proofkit.networks.matrices import ExactMatrix
    >>> square = Apply("**", (Entry(1, 1), Constant(2)))
    >>> jet(square, ExactMatrix.of([[5]]), order=2).first
    {(0, 0): Fraction(10, 1)}
    """
    stack: list[Jet] = []
    known: dict[Any, Any] = {}

    def constant(number: Any) -> Any:
        if number not in known:
            known[number] = product.number(number)
        return known[number]

    seed = constant(Fraction(1))
    for node in nodes(expression):
        if isinstance(node, Constant):
            stack.append(Jet(constant(node.value)))
        elif isinstance(node, Entry):
            place = node.row - 1, node.column - 1
            stack.append(Jet(product.entry(*place), {place: seed} if order else {}))
        else:
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_applied(node, args, order, constant))
    return stack.pop()


def _applied(node: Apply, args: list[Jet], order: int, constant: Callable[[Fraction], Any]) -> Jet:
    x = args[0]
    if node.op == "+":
        return _linear(x, args[1], 1)
    if node.op == "-":
        return _linear(x, args[1], -1)
    if node.op == "*":
        return _product(x, args[1], order)
    if node.op == "/":
        y = args[1]
        if not y.first:
            return _linear(Jet(0), x, divide(1, y.value))
        inverse = _chain(
            y,
            divide(1, y.value),
            lambda: divide(-1, power(y.value, Fraction(2))),
            lambda: divide(2, power(y.value, Fraction(3))),
            order,
        )
        return _product(x, inverse, order)
    if node.op == "**":
        q = exponent_of(node)
        return _chain(
            x,
            power(x.value, q),
            lambda: constant(q) * power(x.value, q - 1) if q else 0,
            lambda: constant(q * (q - 1)) * power(x.value, q - 2) if q * (q - 1) else 0,
            order,
        )
    function = FUNCTIONS[node.op]
    value = evaluate(node.op, x.value)
    return _chain(
        x,
        value,
        lambda: function.first(x.value, value),
        lambda: function.second(x.value, value),
        order,
    )


def _linear(x: Jet, y: Jet, factor: Any) -> Jet:
    """x + factor·y."""
    return Jet(
        simplified(x.value + factor * y.value),
        _merged(x.first, y.first, factor),
        _merged(x.second, y.second, factor),
    )


def _merged(left: dict[Any, Any], right: dict[Any, Any], factor: Any) -> dict[Any, Any]:
    result = dict(left)
    for key, value in right.items():
        term = value if _is(factor, 1) else factor * value
        result[key] = simplified(result[key] + term if key in result else term)
    return result


def _is(factor: Any, number: int) -> bool:
    return isinstance(factor, int | Fraction) and factor == number


def _product(x: Jet, y: Jet, order: int) -> Jet:
    """Leibniz' rule."""
    if order == 0:
        return Jet(simplified(x.value * y.value))
    first = _merged(_merged({}, x.first, y.value), y.first, x.value)
    second: dict[Any, Any] = {}
    if order == 2:
        second = _merged(_merged({}, x.second, y.value), y.second, x.value)
        for a, dx in x.first.items():
            for b, dy in y.first.items():
                # ∂_a∂_b(xy) has x_a y_b + x_b y_a; on the diagonal both are this one term.
                _add(second, a, b, dx * dy * (2 if a == b else 1))
    return Jet(simplified(x.value * y.value), first, second)


def _chain(
    x: Jet, value: Any, first: Callable[[], Any], second: Callable[[], Any], order: int
) -> Jet:
    """The chain rule for f(x), the derivatives of f computed only when they are asked for."""
    if order == 0 or not x.first:
        return Jet(value)
    slope = first()
    slopes = _merged({}, x.first, slope)
    bends: dict[Any, Any] = {}
    if order == 2:
        bends = _merged({}, x.second, slope)
        bend = second()
        if not _is(bend, 0):
            places = sorted(x.first)
            for i, a in enumerate(places):
                for b in places[i:]:
                    _add(bends, a, b, bend * x.first[a] * x.first[b])
    return Jet(value, slopes, bends)


def _add(second: dict[Any, Any], a: Place, b: Place, term: Any) -> None:
    key = (a, b) if a <= b else (b, a)
    second[key] = simplified(second[key] + term if key in second else term)
