"""Polynomial expressions of degree at most 2, recognised exactly, with their constant Hessian."""

from __future__ import annotations

from fractions import Fraction

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.derivatives import jet
from proofkit.networks.exact import ExactMatrix

__all__ = ["degree", "quadratic_hessian"]


def degree(expression: Node) -> int | None:
    """An upper bound of the degree as a polynomial, ``None`` when it is not seen to be one.

    >>> from proofkit.networks.expressions import parse_expression
    >>> degree(parse_expression("(w11 - 2)**2 + w11*w12/3", (1, 2)))
    2
    """
    stack: list[int | None] = []
    for node in nodes(expression):
        if isinstance(node, Constant):
            stack.append(0)
        elif isinstance(node, Entry):
            stack.append(1)
        else:
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_degree(node, args))
    return stack.pop()


def _degree(node: Apply, args: list[int | None]) -> int | None:
    first = args[0]
    if first is None or args[-1] is None:
        return None
    if node.op in {"+", "-"}:
        return max(first, args[1] or 0)
    if node.op == "neg":
        return first
    if node.op == "*":
        return first + (args[1] or 0)
    if node.op == "/":
        return first if args[1] == 0 else None
    if node.op == "**":
        q = exponent_of(node)
        if q.denominator == 1 and q >= 0:
            return first * int(q)
    return 0 if first == 0 else None


def quadratic_hessian(expression: Node, shape: tuple[int, int]) -> ExactMatrix:
    """The Hessian of a polynomial of degree at most 2, the same everywhere; mn×mn by rows.

    >>> from proofkit.networks.expressions import parse_expression
    >>> quadratic_hessian(parse_expression("w11*w12", (1, 2)), (1, 2))
    ExactMatrix([[0, 1], [1, 0]])
    """
    rows, cols = shape
    second = jet(expression, ExactMatrix.zeros(rows, cols), 2).second
    places = [(r, c) for r in range(rows) for c in range(cols)]
    table = [[second.get((min(a, b), max(a, b)), Fraction(0)) for b in places] for a in places]
    return ExactMatrix.of(table)
