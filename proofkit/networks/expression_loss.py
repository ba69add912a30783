"""A loss written as an expression in the entries of W, differentiated automatically."""

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.degrees import degree
from proofkit.networks.derivatives import jet
from proofkit.networks.expressions import format_expression
from proofkit.networks.loss import Convexity, Loss
from proofkit.networks.scalars import sign


@dataclass(frozen=True)
class ExpressionLoss(Loss):
    """f(W) is the value of ``expression``, a tree of :mod:`proofkit.networks.ast`.

    ``size`` is (m, n); ``convex`` is what the user claims: True, False, or None for no claim.
    Raises ``ValueError`` when the expression names an entry outside W.

    >>> from proofkit.networks.expressions import parse_expression
    >>> loss = ExpressionLoss((1, 1), parse_expression("log(1 + exp(-w11))", (1, 1)), True)
    >>> from proofkit.networks.exact import ExactMatrix
    >>> loss.value(ExactMatrix.zeros(1, 1)), loss.gradient(ExactMatrix.zeros(1, 1))
    (log(2), ExactMatrix([[-1/2]]))
    """

    size: tuple[int, int]
    expression: Node
    convex: bool | None = None
    kind: ClassVar[str] = "expression"

    def __post_init__(self) -> None:
        rows, cols = self.size
        for node in nodes(self.expression):
            if isinstance(node, Entry) and (node.row > rows or node.column > cols):
                raise ValueError(
                    f"entry w{node.row}{node.column} lies outside the {rows}×{cols} matrix"
                )

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.size

    @cached_property
    def differentiable(self) -> bool:
        """False for an abs, or a root of something that is not seen to be positive."""
        return _smooth(self.expression)

    @property
    def convexity(self) -> Convexity:
        """What the user claims; nothing is verified."""
        if self.convex is None:
            return "unknown"
        return "assumed" if self.convex else "not convex"

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "expression", "expression": …, "convex": …}``; no claim, no key."""
        json: dict[str, Any] = {
            "kind": self.kind,
            "expression": format_expression(self.expression),
        }
        if self.convex is not None:
            json["convex"] = self.convex
        return json

    @property
    def analytic(self) -> bool:
        """Corners are refused where they are met."""
        return True

    @cached_property
    def quadratic(self) -> bool:
        """Whether the expression is seen to be a polynomial of degree at most 2."""
        top = degree(self.expression)
        return top is not None and top <= 2

    def _value(self, product: Any) -> Any:
        return product.assembled([[jet(self.expression, product, 0).value]]).entry(0, 0)

    def _gradient(self, product: Any) -> Any:
        first = jet(self.expression, product, 1).first
        rows, cols = self.size
        return product.assembled(
            [[first.get((r, c), Fraction(0)) for c in range(cols)] for r in range(rows)]
        )

    def _second(self, product: Any, direction: Any) -> Any:
        rows, cols = self.size
        grid: list[list[Any]] = [[None] * cols for _ in range(rows)]

        def add(place: tuple[int, int], other: tuple[int, int], bend: Any) -> None:
            term = bend * direction.entry(*other)
            r, c = place
            grid[r][c] = term if grid[r][c] is None else grid[r][c] + term

        for (a, b), bend in jet(self.expression, product, 2).second.items():
            add(a, b, bend)
            if a != b:
                add(b, a, bend)
        zero = Fraction(0)
        return direction.assembled([[zero if x is None else x for x in line] for line in grid])

    def _hessian(self, product: Any) -> Any:
        second = jet(self.expression, product, 2).second
        rows, cols = self.size
        places = [(r, c) for r in range(rows) for c in range(cols)]
        return product.assembled(
            [[second.get((min(a, b), max(a, b)), Fraction(0)) for b in places] for a in places]
        )


class _Sign(IntEnum):
    """What is seen of a node's value, wherever it exists."""

    UNKNOWN = 0
    NONNEGATIVE = 1
    POSITIVE = 2


def _smooth(expression: Node) -> bool:
    """Whether no operation is seen that may have a value but no derivative.

    One pass over the tree keeps the sign of every argument.
    """
    stack: list[_Sign] = []
    for node in nodes(expression):
        if isinstance(node, Apply):
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            if _may_have_corner(node) and args[0] < _Sign.POSITIVE:
                return False
            stack.append(_sign_of(node, args))
        elif isinstance(node, Constant):
            stack.append(_Sign(sign(node.value) + 1))
        else:
            stack.append(_Sign.UNKNOWN)
    return True


def _may_have_corner(node: Apply) -> bool:
    """Whether the operation has a value but no derivative at 0."""
    if node.op == "**":
        exponent = exponent_of(node)
        return exponent.denominator != 1 and exponent < 1
    return node.op in {"abs", "sqrt"}


def _sign_of(node: Apply, args: list[_Sign]) -> _Sign:
    if node.op in {"exp", "logistic"}:
        return _Sign.POSITIVE
    if node.op in {"*", "/"}:
        return min(args)
    if node.op == "+":
        # A sum of nonnegative terms is as positive as its most positive term.
        return max(args) if min(args) > _Sign.UNKNOWN else _Sign.UNKNOWN
    if node.op in {"log1p", "tanh"}:
        return args[0]
    if node.op in {"abs", "sqrt"}:
        return max(args[0], _Sign.NONNEGATIVE)
    if node.op == "**":
        exponent = exponent_of(node)
        # A root is of a number ≥ 0, and a square is one.
        even = exponent.denominator != 1 or exponent.numerator % 2 == 0
        return max(args[0], _Sign.NONNEGATIVE) if even else args[0]
    return _Sign.UNKNOWN
