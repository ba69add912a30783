"""An expression in the entries of a matrix is a tree of three kinds of node.

``Constant`` is a number, ``Entry`` an entry w_rc of the product W, ``Apply`` an operation on
subtrees. Nodes are plain data: :mod:`proofkit.networks.derivatives` evaluates and differentiates
them, and a tree never runs anything by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from proofkit.networks.scalars import ExactNumber, Number, exact

ARITY: dict[str, int] = {
    "+": 2,
    "-": 2,
    "*": 2,
    "/": 2,
    "**": 2,
    "neg": 1,
    "exp": 1,
    "log": 1,
    "log1p": 1,
    "sqrt": 1,
    "abs": 1,
    "logistic": 1,
    "tanh": 1,
    "sin": 1,
    "cos": 1,
}
"""Every operation with its number of arguments; ``logistic(t)`` is 1/(1 + e^{−t})."""


@dataclass(frozen=True)
class Constant:
    """A number; stored exactly, so a float stands for the rational number it is.

    >>> Constant(0.5).value
    Fraction(1, 2)
    """

    value: Number

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", exact(self.value))


@dataclass(frozen=True)
class Entry:
    """The entry w_rc of the product; ``row`` and ``column`` count from 1.

    Raises ``ValueError`` for a row or column below 1.
    """

    row: int
    column: int

    def __post_init__(self) -> None:
        if self.row < 1 or self.column < 1:
            raise ValueError(f"entry w{self.row}{self.column}: rows and columns count from 1")


@dataclass(frozen=True)
class Apply:
    """An operation of :data:`ARITY` on subtrees.

    Raises ``ValueError`` for an unknown operation, a wrong number of arguments, or a power whose
    exponent is not a rational constant.

    >>> Apply("**", (Entry(1, 1), Constant(2)))
    Apply(op='**', args=(Entry(row=1, column=1), Constant(value=Fraction(2, 1))))
    """

    op: str
    args: "tuple[Node, ...]"

    def __post_init__(self) -> None:
        if self.op not in ARITY:
            raise ValueError(f"unknown operation {self.op!r}; known are {', '.join(ARITY)}")
        if len(self.args) != ARITY[self.op]:
            raise ValueError(
                f"{self.op} takes {ARITY[self.op]} argument(s), here are {len(self.args)}"
            )
        if self.op == "**":
            exponent = self.args[1]
            if not isinstance(exponent, Constant) or not isinstance(exponent.value, Fraction):
                raise ValueError("the exponent of ** must be a rational constant")


Node: TypeAlias = Constant | Entry | Apply


def nodes(expression: Node) -> Iterator[Node]:
    """Every node of the tree, arguments before the operation that uses them.

    >>> [type(n).__name__ for n in nodes(Apply("neg", (Entry(1, 1),)))]
    ['Entry', 'Apply']
    """
    # An explicit stack: a long sum is a deep tree, deeper than Python's recursion allows.
    stack: list[tuple[Node, bool]] = [(expression, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded or not isinstance(node, Apply):
            yield node
        else:
            stack.append((node, True))
            stack.extend((part, False) for part in reversed(node.args))


def exponent_of(power: Apply) -> Fraction:
    """The rational exponent of a ``**`` node.

    >>> exponent_of(Apply("**", (Entry(1, 1), Constant(2))))
    Fraction(2, 1)
    """
    exponent = power.args[1]
    if isinstance(exponent, Constant) and isinstance(exponent.value, Fraction):
        return exponent.value
    raise ValueError("the exponent of ** must be a rational constant")


def constant_value(node: Constant) -> ExactNumber:
    """The exact value of a constant node.

    >>> constant_value(Constant(3))
    Fraction(3, 1)
    """
    return exact(node.value)
