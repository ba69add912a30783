"""Bounds that a loss never falls below, read off the way it is written.

Squares, even powers and absolute values are at least 0, constants are what they are, and sums and
products with nonnegative factors follow. Bounds that are never reached, as those of exponentials,
are left out. Where a loss equals its
bound, nothing is lower: a global minimum, whatever the ranks and derivatives. Expressions with
functions that are not defined everywhere are left out: at the border of their domain a loss has
no neighbours to be compared with.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import AbsoluteLoss, ExpressionLoss, HuberLoss, Loss, SumLoss
from proofkit.networks.matrices import Matrix
from proofkit.networks.regression_losses import Squares
from proofkit.networks.scalars import is_zero

__all__ = ["floor_of", "reaches_floor"]

Range = tuple[Fraction | None, Fraction | None]
"""(lower, upper); ``None`` where no bound is known."""


def floor_of(loss: Loss) -> Fraction | None:
    """A number that the loss never falls below, or ``None``; the loss need not come near it.

    >>> from proofkit.networks.expressions import parse_expression
    >>> text = "(w11-1)**2 + 2*abs(w12) + 3"
    >>> floor_of(ExpressionLoss((1, 2), parse_expression(text, (1, 2))))
    Fraction(3, 1)
    """
    if isinstance(loss, Squares | HuberLoss | AbsoluteLoss):
        return Fraction(0) if loss.convexity == "convex" else None
    if not isinstance(loss, ExpressionLoss):
        return None
    stack: list[tuple[Node, Range]] = []
    for node in nodes(loss.expression):
        if not _everywhere(node):
            return None
        if isinstance(node, Constant):
            value = node.value if isinstance(node.value, Fraction) else None
            stack.append((node, (value, value)))
        elif isinstance(node, Entry):
            stack.append((node, (None, None)))
        else:
            count = len(node.args)
            parts = [own for _, own in stack[len(stack) - count :]]
            del stack[len(stack) - count :]
            stack.append((node, _applied(node, parts)))
    return stack[-1][1][0]


def _everywhere(node: Node) -> bool:
    """Whether the operation has a value for all arguments."""
    if not isinstance(node, Apply):
        return True
    if node.op == "**":
        exponent = exponent_of(node)
        return exponent.denominator == 1 and exponent >= 0
    if node.op == "/":
        return isinstance(node.args[1], Constant)
    return node.op not in {"log", "log1p", "sqrt"}


def _applied(node: Apply, parts: list[Range]) -> Range:
    low, high = parts[0]
    if node.op == "+":
        return _sum(parts[0], parts[1])
    if node.op == "-":
        return _sum(parts[0], (_neg(parts[1][1]), _neg(parts[1][0])))
    if node.op == "neg":
        return _neg(high), _neg(low)
    if node.op == "*":
        same = node.args[0] == node.args[1]
        return (Fraction(0), None) if same else _product(parts[0], parts[1])
    if node.op == "/":
        other = parts[1]
        if other[0] is not None and other[0] == other[1] and other[0] != 0:
            return _product(parts[0], (1 / other[0], 1 / other[0]))
        return None, None
    if node.op == "**":
        if exponent_of(node) % 2 == 0 or (low is not None and low >= 0):
            return Fraction(0), None
        return None, None
    if node.op == "abs":
        return Fraction(0), None
    if node.op in {"sin", "cos"}:
        return Fraction(-1), Fraction(1)
    return None, None


def _neg(x: Fraction | None) -> Fraction | None:
    return None if x is None else -x


def _sum(x: Range, y: Range) -> Range:
    low = None if x[0] is None or y[0] is None else x[0] + y[0]
    high = None if x[1] is None or y[1] is None else x[1] + y[1]
    return low, high


def _product(x: Range, y: Range) -> Range:
    if x[0] is None or x[0] != x[1]:
        x, y = y, x
    if x[0] is not None and x[0] == x[1]:
        factor = x[0]
        ends = tuple(None if e is None else factor * e for e in y)
        if factor == 0:
            return Fraction(0), Fraction(0)
        return (ends[0], ends[1]) if factor > 0 else (ends[1], ends[0])
    if x[0] is not None and y[0] is not None and x[0] >= 0 and y[0] >= 0:
        return x[0] * y[0], None
    return None, None


def reaches_floor(loss: Loss, product: Matrix) -> bool:
    """Whether f(W) is as low as it is written to be; for floats, within the errors of each term.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> reaches_floor(SquaredLoss(one, 3 * one), 3 * one)
    True
    """
    if floor_of(loss) is None:
        return False
    if isinstance(product, FloatMatrix) and isinstance(loss, SumLoss):
        return bool(loss.mapped(loss.term, loss.scores(product)).is_zero().all())
    terms: list[Loss] = [loss]
    if isinstance(loss, ExpressionLoss):
        terms = [ExpressionLoss(loss.size, node) for node in _addends(loss.expression)]
    return all(_is_at(floor_of(term), term.value(product)) for term in terms)


def _is_at(low: Fraction | None, value: Any) -> bool:
    if low is None:
        return False
    gap = value - low
    return bool(gap.is_zero().all()) if isinstance(gap, FloatScalar) else is_zero(gap)


def _addends(expression: Node) -> list[Node]:
    """Terms that sum to the expression; each has a floor if the sum has one."""
    result, stack = [], [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, Apply) and node.op == "+":
            stack.extend(node.args)
        else:
            result.append(node)
    return result
