"""Deleting any one line of a script that states a step makes the proof fail.

A line is a statement of the syntax tree: one that calls ``p.have`` or ``p.obtain`` or hands the
proof on to a helper is left out; a block (``with p.for_all(…):`` and the like) is left out
whole, and also opened, its line left out and its body kept.  Steps stated before the line that
is missing are as they were, so their theorems are taken over; all others go through the kernel.
"""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

import theorems
from proofkit.kernel import Theorem
from proofkit.script import Proof, Result, Route, ScriptError
from theorems import PACK

FOLDER = Path(theorems.__file__).parent
STATES = {"have", "obtain", "for_all", "near", "cases", "case", "induction", "base", "step"}
STATES |= {"contradicting"}


@dataclass(frozen=True)
class Deletion:
    """One line less: the function it stands in, the line, and whether only a block is opened."""

    module: ModuleType
    function: str
    line: int
    opened: bool

    def __str__(self) -> str:
        what = " (block opened)" if self.opened else ""
        return f"{self.module.__name__}.{self.function}, line {self.line}{what}"


# ── Finding the lines ──────────────────────────────────────────────────────────────────────────
def modules() -> list[ModuleType]:
    """The modules with scripts in them."""
    names = sorted(f"theorems.{path.stem}" for path in FOLDER.glob("*.py"))
    return [m for m in map(sys.modules.get, names) if m is not None and scripts(m)]


@cache
def scripts(module: ModuleType) -> dict[str, ast.FunctionDef]:
    """The functions of a module that take a proof as their first argument."""
    tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    found = [f for f in functions if f.args.args and f.args.args[0].arg in ("p", "proof")]
    assert all(f in tree.body for f in found), "scripts stand at the top level of their module"
    return {f.name: f for f in found}


def states(node: ast.AST) -> bool:
    """Whether evaluating the node states a step, here or in a function the proof is handed to."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in STATES:
                return True
            if call.args and isinstance(call.args[0], ast.Name) and call.args[0].id == "p":
                return True
    return False


def deletions(module: ModuleType) -> Iterator[Deletion]:
    """Every line of the module's scripts that states a step, once or, for a block, twice."""
    for name, function in scripts(module).items():
        for node in ast.walk(function):
            if isinstance(node, ast.With) and any(states(item) for item in node.items):
                yield Deletion(module, name, node.lineno, False)
                yield Deletion(module, name, node.lineno, True)
            elif isinstance(node, ast.Expr | ast.Assign | ast.Return) and states(node):
                yield Deletion(module, name, node.lineno, False)


class Without(ast.NodeTransformer):
    """Leaves out the statement at a line, or keeps the body of the block that begins there."""

    def __init__(self, deletion: Deletion) -> None:
        self.deletion = deletion

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.stmt) and node.lineno == self.deletion.line:
            if self.deletion.opened and isinstance(node, ast.With):
                return node.body
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)


def without(deletion: Deletion) -> CodeType:
    """The code of the function without the line."""
    function = copy.deepcopy(scripts(deletion.module)[deletion.function])
    function.decorator_list, function.returns = [], None
    function = Without(deletion).visit(function)
    tree = ast.fix_missing_locations(ast.Module([function], []))
    scope: dict[str, Any] = {}
    flags = sys.modules["__future__"].annotations.compiler_flag
    exec(compile(tree, deletion.module.__file__ or "?", "exec", flags), scope)
    code: CodeType = scope[deletion.function].__code__
    return code


# ── Running the proofs ─────────────────────────────────────────────────────────────────────────
Place = tuple[str, str, int]
"""Where a script is: the file, the function and the line."""
Recorded = list[tuple[list[Place], Any, Theorem]]
"""What a script proved, in order: from where, innermost first, which claim, and the theorem."""


def places() -> list[Place]:
    """Where the scripts are that are stating a step, the innermost first."""
    frame, found = sys._getframe(2), []
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(str(FOLDER)):
            found.append((code.co_filename, code.co_name, frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]
    return found


@cache
def runs() -> list[tuple[Result, Route, Recorded]]:
    """Every route of every result, with what its script proved, where, in order."""
    original, found = Proof.prove, []
    for result in PACK.everything:
        for route in result.routes.values():
            result.run(route.name)
    for result in PACK.everything:
        for route in result.routes.values():
            recorded: Recorded = []

            def prove(self: Proof, claim: Any, by: Any, into: Recorded = recorded) -> Theorem:
                theorem = original(self, claim, by)
                into.append((places(), claim, theorem))
                return theorem

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(Proof, "prove", prove)
                result._executed(route.script)
            found.append((result, route, recorded))
    return found


def untouched(deletion: Deletion, recorded: Recorded) -> int:
    """How many of the recorded steps were stated before the line, or a later one, was reached."""
    entered = False
    for n, (at, _, _) in enumerate(recorded):
        inside = [p for p in at if p[:2] == (deletion.module.__file__, deletion.function)]
        if any(line >= deletion.line for *_, line in inside) or (entered and not inside):
            return n
        entered = entered or bool(inside)
    return len(recorded) if entered else 0


def concerned(deletion: Deletion) -> list[tuple[Result, Route, Recorded]]:
    """The routes that run through the function, the shortest first."""
    here = (deletion.module.__file__, deletion.function)
    script = vars(deletion.module)[deletion.function]
    found = [
        (result, route, recorded)
        for result, route, recorded in runs()
        if route.script is script or any(place[:2] == here for at, _, _ in recorded for place in at)
    ]
    return sorted(found, key=lambda run: len(run[2]))


def fails(deletion: Deletion, result: Result, route: Route, recorded: Recorded) -> bool:
    """Whether the route no longer proves the result."""
    original, ahead = Proof.prove, iter(recorded[: untouched(deletion, recorded)])

    def prove(self: Proof, claim: Any, by: Any) -> Theorem:
        _, known, theorem = next(ahead, (None, None, None))
        if theorem is None:
            return original(self, claim, by)
        assert known == claim
        return theorem

    function: FunctionType = vars(deletion.module)[deletion.function]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Proof, "prove", prove)
        patch.setattr(function, "__code__", without(deletion))
        try:
            result._executed(route.script)
        except ScriptError:
            return True
    return False


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.__name__.removeprefix("theorems."))
def test_without_any_one_line_the_proof_fails(module: ModuleType) -> None:
    survivors = []
    for deletion in deletions(module):
        routes = concerned(deletion)
        assert routes, f"{deletion} is run by no route"
        if not any(fails(deletion, *run) for run in routes):
            survivors.append(str(deletion))
    assert survivors == []


def test_check_says_so(run: Callable[..., Any]) -> None:
    module = sys.modules["theorems.lemma_2_above"]
    line = next(d for d in deletions(module) if d.function == "_divide" and not d.opened)
    function, lemma = vars(module)["_divide"], PACK["lemma-2-above"]
    assert run("check", "lemma-2-above", "--strict", "--example", "E02", "-q").code == 0
    kept = [route._run for route in lemma.routes.values()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(function, "__code__", without(line))
        for route in lemma.routes.values():
            patch.setattr(route, "_run", None)
        ran = run("check", "lemma-2-above", "--strict", "--example", "E02", "-q")
    assert ran.code == 1
    assert "the script stopped with NameError" in ran.out + ran.err
    assert [route._run for route in lemma.routes.values()] == kept
