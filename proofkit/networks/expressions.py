"""Read a loss written as an expression in the entries of the product, and write it back.

``w11`` is the entry in row 1, column 1; beyond 9 an entry is written ``w[10,3]`` (or ``w_10_3``).
Text becomes a tree of ``ast`` through the grammar of ``grammar``; nothing is ever evaluated, and
the text that ``format_expression`` writes is read back as the same tree.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from proofkit.networks.ast import Apply, Constant, Entry, Node, nodes
from proofkit.networks.grammar import parse
from proofkit.networks.numbers import format_number
from proofkit.networks.tokens import NotationError

MAX_EXPRESSION: Final = 200_000
"""The most characters of a loss: forty measurements of a 40×40 matrix, written out."""

MAX_TREE_DEPTH: Final = 150
"""The deepest tree; comparing two trees is a recursion of this depth."""

FUNCTIONS: Final = {
    "exp": "exp",
    "log": "log",
    "sqrt": "sqrt",
    "abs": "abs",
    "Abs": "abs",
    "log1p": "log1p",
    "logistic": "logistic",
    "tanh": "tanh",
    "sin": "sin",
    "cos": "cos",
}
"""The functions that an expression may call, and the operation each name stands for."""

# How tightly an operation binds; an argument that binds less tightly takes parentheses.
_SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(5)


def parse_expression(text: str, shape: tuple[int, int]) -> Node:
    """The syntax tree of a loss, given as an expression in the entries of the product.

    Args:
        text: numbers (``3``, ``0.25``, ``3/5``), entries (``w11``, ``w[10,3]``), the operators
            ``+ - * / **``, parentheses, and calls of ``FUNCTIONS``. An exponent is a rational
            number: ``w11**2``, ``w11**(1/2)``.
        shape: the numbers of rows and columns of the product.

    Raises:
        NotationError: the text is not such an expression, exceeds a limit, or names an entry
            outside the shape; the message gives the column and what was expected there.

    >>> format_expression(parse_expression("(w11 - 2)**2 + 3*Abs(w12)", (2, 2)))
    '(w11 - 2)**2 + 3*abs(w12)'
    >>> parse_expression("w31", (2, 2))
    Traceback (most recent call last):
        ...
    proofkit.networks.tokens.NotationError: column 1: the entry w31 lies outside the product; \
expected rows 1 to 2 and columns 1 to 2
    """
    node, _ = parse(text, _Trees(shape), functions=FUNCTIONS, entries=True, most=MAX_EXPRESSION)
    return node


def format_expression(node: Node) -> str:
    """The text that ``parse_expression`` reads back as the same tree.

    Raises:
        NotationError: the tree is deeper than ``MAX_TREE_DEPTH``, so it could not be read back.

    >>> format_expression(Apply("**", (Entry(1, 1), Constant(Fraction(-1, 2)))))
    'w11**(-1/2)'
    """
    depths: dict[int, int] = {}
    for part in nodes(node):
        args = part.args if isinstance(part, Apply) else ()
        depths[id(part)] = 1 + max((depths[id(arg)] for arg in args), default=0)
    if depths[id(node)] > MAX_TREE_DEPTH:
        raise _too_deep(None)
    return _text(node, _SUM)


class _Trees:
    """Builds syntax trees, each with its depth; the builder of the expressions' grammar."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape

    def constant(self, value: Fraction, at: int) -> tuple[Node, int]:
        return Constant(value), 1

    def entry(self, row: int, column: int, at: int) -> tuple[Node, int]:
        node = Entry(row, column)
        rows, columns = self.shape
        if row > rows or column > columns:
            raise NotationError(
                f"the entry {_text(node, _ATOM)} lies outside the product",
                expected=f"rows 1 to {rows} and columns 1 to {columns}",
                column=at,
            )
        return node, 1

    def apply(self, op: str, args: tuple[tuple[Node, int], ...], at: int) -> tuple[Node, int]:
        if len(args) > 2:
            # Halving a run keeps a sum of many terms a shallow tree.
            half = _left_part(len(args))
            args = (self.part(op, args[:half], at), self.part(op, args[half:], at))
        depth = 1 + max(depth for _, depth in args)
        if depth > MAX_TREE_DEPTH:
            raise _too_deep(at)
        return Apply(op, tuple(node for node, _ in args)), depth

    def part(self, op: str, args: tuple[tuple[Node, int], ...], at: int) -> tuple[Node, int]:
        return args[0] if len(args) == 1 else self.apply(op, args, at)

    def power(self, base: tuple[Node, int], exponent: Fraction, at: int) -> tuple[Node, int]:
        return self.apply("**", (base, (Constant(exponent), 1)), at)


def _left_part(count: int) -> int:
    """How many of the terms of a run make the left argument: the largest power of two below."""
    return 1 << ((count - 1).bit_length() - 1)


def _run(node: Node, op: str) -> list[Node]:
    """The terms whose run makes this node, or the node alone if no run does."""
    if not isinstance(node, Apply) or node.op != op:
        return [node]
    left, right = _run(node.args[0], op), _run(node.args[1], op)
    terms = left + right
    return terms if len(left) == _left_part(len(terms)) else [node]


def _text(node: Node, least: int) -> str:
    """The node as text, in parentheses unless it binds at least as tightly as ``least``."""
    text, binding = _bound(node)
    return text if binding >= least else f"({text})"


def _bound(node: Node) -> tuple[str, int]:
    """The node as text, and how tightly that text binds."""
    if isinstance(node, Constant):
        text = str(format_number(node.value))
        return text, _ATOM if text.isdigit() else _SUM
    if isinstance(node, Entry):
        if node.row <= 9 and node.column <= 9:
            return f"w{node.row}{node.column}", _ATOM
        return f"w[{node.row},{node.column}]", _ATOM
    if node.op in {"+", "*"}:
        return _run_text(node)
    if node.op in {"-", "/"}:
        return _difference_or_quotient(node)
    if node.op == "neg":
        # A literal after the sign would be read as a negative constant.
        inner = _text(node.args[0], _SIGNED)
        return f"-({inner})" if inner.isdigit() else f"-{inner}", _SIGNED
    if node.op == "**":
        return f"{_text(node.args[0], _ATOM)}**{_text(node.args[1], _ATOM)}", _POWER
    return f"{node.op}({_text(node.args[0], _SUM)})", _ATOM


def _run_text(node: Apply) -> tuple[str, int]:
    terms = _run(node, node.op)
    if len(terms) == 1:
        terms = list(node.args)
    binding, sign = (_SUM, " + ") if node.op == "+" else (_PRODUCT, "*")
    # The inverse operation may open a run ("a - b + c"); the same one would lengthen it.
    first = terms[0]
    opens = isinstance(first, Apply) and first.op == ("-" if node.op == "+" else "/")
    texts = [_text(first, binding if opens else binding + 1)]
    texts += [_text(term, _PRODUCT if node.op == "+" else _POWER) for term in terms[1:]]
    return sign.join(texts), binding


def _difference_or_quotient(node: Apply) -> tuple[str, int]:
    left, right = node.args
    if node.op == "-":
        return f"{_text(left, _SUM)} - {_text(right, _PRODUCT)}", _SUM
    dividend, divisor = _text(left, _PRODUCT), _text(right, _POWER)
    if dividend.isdigit() and divisor.isdigit():
        # Two literals would be read as one constant.
        dividend = f"({dividend})"
    return f"{dividend}/{divisor}", _PRODUCT


def _too_deep(column: int | None) -> NotationError:
    return NotationError(
        "the expression nests too deeply",
        expected=f"at most {MAX_TREE_DEPTH} operations inside one another "
        "(parentheses around parts of a long sum help)",
        column=column,
    )
