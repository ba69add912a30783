"""Mutation of scripts: a theorem's source with one small wrong change, run through the kernel.

Both the statement and the script that proves it are changed, in the syntax tree of the module.
A mutant whose script still proves the very same statement is *equivalent*: the kernel shows it.
One that proves another statement is no fault of the checkers (the other statement is a theorem,
and no instance may refute it); a drifted statement is what `--baseline` notices.
"""

from __future__ import annotations

import ast
import copy
import inspect
import random
import sys
import types
from collections.abc import Iterator
from typing import Literal

from proofkit.ci.mutants import Mutant
from proofkit.claims import encode
from proofkit.evaluate import refute
from proofkit.script import Result

__all__ = ["OPERATORS", "script_mutants"]

_TACTICS = {
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
_CLAIMS = {
    "LessEqual": "Less",
    "Less": "LessEqual",
    "And": "Or",
    "Or": "And",
    "ForAll": "Exists",
    "RankIs": "RankBelow",
    "RankBelow": "RankIs",
}

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
        if name in _CLAIMS:
            yield "< for ≤"
        if name in _TACTICS:
            yield "wrong rule"
            if len(node.args) > 1:
                yield "swapped premises"
        if name == "witness" and node.args:
            yield "weakened witness"


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
            table = _CLAIMS if operator == "< for ≤" else _TACTICS
            node.func.id = table[node.func.id]
    return node


class _One(ast.NodeTransformer):
    """Counts the places for changes, and changes the one with the given number."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.places: list[tuple[str, int]] = []

    def visit(self, node: ast.AST) -> ast.AST:
        found: ast.AST = self.generic_visit(node)
        for operator in _operators(node):
            self.places.append((operator, getattr(node, "lineno", 0)))
            if len(self.places) - 1 == self.wanted:
                found = _apply(found, operator)
        return found

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        return node


def script_mutants(result: Result, count: int, seed: int = 0) -> list[Mutant]:
    """``count`` mutants of the module that states and proves the result, operators in turn."""
    script = next(iter(result.routes.values())).script
    module = sys.modules[script.__module__]
    tree = ast.parse(inspect.getsource(module))
    counter = _One()
    counter.visit(copy.deepcopy(tree))
    rng = random.Random(f"{seed} {result.id}")
    by_operator = {o: [n for n, p in enumerate(counter.places) if p[0] == o] for o in OPERATORS}
    for places in by_operator.values():
        rng.shuffle(places)
    found: list[Mutant] = []
    while len(found) < count and any(by_operator.values()):
        for operator in OPERATORS:
            if by_operator[operator] and len(found) < count:
                found.append(_mutant(result, module, tree, by_operator[operator].pop(), operator))
    return found


def _mutant(
    result: Result, module: types.ModuleType, tree: ast.Module, place: int, operator: str
) -> Mutant:
    changer = _One(place)
    changed: ast.Module = copy.deepcopy(tree)
    changer.visit(changed)
    ast.fix_missing_locations(changed)
    where = f"{module.__name__}, line {changer.places[place][1]}"
    outcome, reason = _outcome(result, module, changed)
    return Mutant(result.id, operator, where, outcome, reason)


def _outcome(
    result: Result, module: types.ModuleType, changed: ast.Module
) -> tuple[Literal["kernel", "baseline", "equivalent", "survivor"], str]:
    clone = types.ModuleType(module.__name__)
    clone.__dict__.update(__file__=module.__file__, __package__=module.__package__)
    try:
        code: types.CodeType = compile(changed, module.__file__ or "?", "exec")
        exec(code, clone.__dict__)
        found = [r for r in vars(clone).values() if isinstance(r, Result) and r.id == result.id]
        (mutated,) = {id(r): r for r in found}.values()
        for route in mutated.routes:
            mutated.theorem(route)
        statement = encode(mutated.statement)
    except Exception as fault:  # however it comes to light
        return "kernel", f"{type(fault).__name__}: {fault}"
    if statement == encode(result.statement):
        return "equivalent", "the kernel proves the same statement from it"
    refutation = refute(mutated.claim, [h.claim for h in mutated.given])
    if refutation is not None:
        return "survivor", f"the kernel proves what an instance refutes:\n{refutation}"
    return "baseline", f"another theorem, a drifted statement: {mutated.statement}"
