"""Small wrong changes to Python code that states and proves results, as changes of its syntax."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

__all__ = ["CLAIMS", "OPERATORS", "TACTICS", "WORDS", "Changer"]

TACTICS = {
    "algebra": "arithmetic",
    "arithmetic": "algebra",
    "both": "either",
    "either": "both",
    "part": "the",
    "the": "at_the_point",
    "around": "at_the_point",
    "at_the_point": "around",
    "rewriting": "both",
    "contradiction": "from_contradiction",
}
CLAIMS = {
    "LessEqual": "Less",
    "Less": "LessEqual",
    "And": "Or",
    "Or": "And",
    "ForAll": "Exists",
    "RankIs": "RankBelow",
    "RankBelow": "RankIs",
    "PositiveDefinite": "PositiveSemidefinite",
    "PositiveSemidefinite": "PositiveDefinite",
}
WORDS = {
    "exp": "log",
    "log": "exp",
    "sin": "cos",
    "cos": "sin",
    "tanh": "logistic",
    "logistic": "tanh",
    "relu": "absolute",
    "absolute": "relu",
    "sqrt": "reciprocal",
    "reciprocal": "sqrt",
    "determinant": "trace",
    "trace": "determinant",
}

PROSE = ("idea", "symbols", "notation", "comparison", "without", "source", "remarks")
"""What `result` and steps are told only for readers."""

OPERATORS = (
    "index ± 1",
    "sign",
    "order of factors",
    "transpose",
    "off-by-one chain",
    "< for ≤",
    "wrong rule",
    "swapped premises",
    "dropped premise or hypothesis",
    "weakened witness",
    "another word",
)


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _operators(node: ast.AST) -> Iterator[str]:
    """What can be changed at a node."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield "index ± 1" if _is_number(node.right) else "sign"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        yield "order of factors"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose"
    if isinstance(node, ast.Slice) and node.lower is not None:
        yield "off-by-one chain"
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and isinstance(node.ctx, ast.Load):
        yield "dropped premise or hypothesis"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in CLAIMS:
            yield "< for ≤"
        if name in TACTICS:
            yield "wrong rule"
            if len(node.args) > 1:
                yield "swapped premises"
        if name == "witness" and node.args:
            yield "weakened witness"
        if name in WORDS and len(node.args) == 1:
            yield "another word"


def _apply(node: ast.AST, operator: str) -> ast.AST:
    """The node changed, in place where it can be."""
    if isinstance(node, ast.BinOp):
        if operator == "order of factors":
            node.left, node.right = node.right, node.left
        else:
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    elif isinstance(node, ast.Attribute):
        return node.value
    elif isinstance(node, ast.Slice) and node.lower is not None:
        node.lower = ast.BinOp(node.lower, ast.Sub(), ast.Constant(1))
    elif isinstance(node, ast.Tuple):
        node.elts.pop()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if operator == "swapped premises":
            node.args[0], node.args[1] = node.args[1], node.args[0]
        elif operator == "weakened witness":
            first = node.args[0]
            node.args[0] = ast.BinOp(first, ast.Sub(), copy.deepcopy(first))
        else:
            table = {"< for ≤": CLAIMS, "another word": WORDS}.get(operator, TACTICS)
            node.func.id = table[node.func.id]
    return node


class Changer(ast.NodeTransformer):
    """Counts the places for changes, and changes the one with the given number.

    Formulas that are only for the words beside them prove nothing and are left alone.
    """

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.places: list[tuple[str, int]] = []

    def visit(self, node: ast.AST) -> ast.AST:
        found: ast.AST = super().visit(node)
        for operator in _operators(node):
            self.places.append((operator, getattr(node, "lineno", 0)))
            if len(self.places) - 1 == self.wanted:
                found = _apply(found, operator)
        return found

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return node if node.arg in PROSE else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        words = "".join(
            part.value
            for part in node.args
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )
        told = [k for k in node.keywords if k.arg and f"{{{k.arg}}}" in words]
        rest = [k for k in node.keywords if k not in told]
        node.keywords = rest
        found: ast.AST = self.generic_visit(node)
        node.keywords = [*rest, *told]
        return found
