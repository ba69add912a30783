"""Mutation of scripts: a theorem's source with one small wrong change, run through the kernel.

The statement and the script that proves it are changed, in the syntax trees of the module and of
those beside it whose functions the script calls.  A mutant whose script still proves the very
same statement is *equivalent*: the kernel shows it, and the second checker accepts the proof.
One that proves another statement is no fault of the checkers (the other statement is a theorem,
which no instance may refute); a drifted statement is what `--baseline` notices.  A mutant that
stops with an error of Python's own (a tuple one short, say) never gets as far as a proof: it is
*no program*, and counts for nothing.
"""

from __future__ import annotations

import ast
import copy
import inspect
import random
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass

from proofkit import claims, script, symbols
from proofkit.ci.mutants import Mutant, Outcome, second_checker
from proofkit.ci.script_changes import CLAIMS, OPERATORS, TACTICS, WORDS, Changer
from proofkit.claims import encode
from proofkit.evaluate import refute
from proofkit.export import document
from proofkit.kernel import KernelError
from proofkit.script import Result, ScriptError
from proofkit.symbols.faults import LanguageError

__all__ = ["OPERATORS", "script_mutants"]


@dataclass
class _Source:
    """A module, its syntax tree, and the statements (by number) that concern a result."""

    module: types.ModuleType
    tree: ast.Module
    concerned: set[int]

    def changed(self, changer: Changer) -> ast.Module:
        """The module with the change made, somewhere in the statements concerned."""
        tree: ast.Module = copy.deepcopy(self.tree)
        for number in sorted(self.concerned):
            tree.body[number] = changer.visit(tree.body[number])  # type: ignore[call-overload]
        return ast.fix_missing_locations(tree)


def script_mutants(result: Result, count: int, seed: int = 0) -> list[Mutant]:
    """``count`` mutants of the code that states and proves the result, operators in turn."""
    written = next(iter(result.routes.values())).script
    sources = list(_sources(result, sys.modules[written.__module__]))
    by_operator: dict[str, list[tuple[_Source, int, int]]] = {o: [] for o in OPERATORS}
    for source in sources:
        counter = Changer()
        source.changed(counter)
        for number, (operator, line) in enumerate(counter.places):
            by_operator[operator].append((source, number, line))
    rng = random.Random(f"{seed} {result.id}")
    for places in by_operator.values():
        rng.shuffle(places)
    found: list[Mutant] = []
    while len(found) < count and any(by_operator.values()):
        for operator in OPERATORS:
            if by_operator[operator] and len(found) < count:
                source, number, line = by_operator[operator].pop()
                where = f"{source.module.__name__}, line {line}"
                changed = source.changed(Changer(number))
                outcome, reason = _outcome(result, sources, source, changed)
                found.append(Mutant(result.id, operator, where, outcome, reason))
    return found


# ── What the result is made of ─────────────────────────────────────────────────────────────────
def _sources(result: Result, module: types.ModuleType) -> Iterator[_Source]:
    """The modules that state and prove the result, those that others import first."""
    seen: dict[str, set[str]] = {}

    def visit(module: types.ModuleType, wanted: set[str] | None) -> Iterator[_Source]:
        tree = ast.parse(inspect.getsource(module))
        concerned = _concerned(result, tree, wanted)
        used = {name for number in concerned for name in _names(tree.body[number])[1]}
        for other, names in _helpers(module, used).items():
            if not names <= seen.get(other, set()):
                seen[other] = seen.get(other, set()) | names
                yield from visit(sys.modules[other], seen[other])
        yield _Source(module, tree, concerned)

    seen[module.__name__] = set(vars(module))
    latest = {source.module.__name__: source for source in visit(module, None)}
    yield from latest.values()


def _helpers(module: types.ModuleType, used: set[str]) -> dict[str, set[str]]:
    """The functions among the names used that other modules of the same package define."""
    package = module.__name__.partition(".")[0]
    found: dict[str, set[str]] = {}
    for name in sorted(used):
        value = getattr(module, name, None)
        if isinstance(value, types.FunctionType) and value.__module__ != module.__name__:
            home = value.__module__
            if home.partition(".")[0] == package and home in sys.modules:
                found.setdefault(home, set()).add(value.__name__)
    return found


def _concerned(result: Result, tree: ast.Module, wanted: set[str] | None) -> set[int]:
    """The statements of a module, by number, that the result and its routes are made of.

    Those that state and prove it, or that define what is wanted of the module, and whatever
    else of the module they name; not what states and proves other results.
    """
    names = [_names(statement) for statement in tree.body]
    own: set[int] = set()
    others: set[int] = set()
    for number, statement in enumerate(tree.body):
        id = _stated(statement)
        if id is not None:
            (own if id == result.id else others).add(number)
    for group in (own, others):
        results = {name for number in group for name in names[number][0]}
        for number, statement in enumerate(tree.body):
            if isinstance(statement, ast.FunctionDef) and any(
                isinstance(part, ast.Name) and part.id in results
                for decorator in statement.decorator_list
                for part in ast.walk(decorator)
            ):
                group.add(number)
    own |= {n for n, (made, _) in enumerate(names) if n not in others and made & (wanted or set())}
    while True:
        used = {name for number in own for name in names[number][1]}
        more = {
            number
            for number, (made, _) in enumerate(names)
            if number not in own | others and made & used
        }
        if not more:
            return own
        own |= more


def _stated(statement: ast.stmt) -> str | None:
    """The id of the result that a statement states, if it states one."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        first = value.args[0] if value.args else None
        if value.func.id == "result" and isinstance(first, ast.Constant):
            return str(first.value)
    return None


def _names(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a statement of the module defines, and those that it uses."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return set(), set()
    named = [part for part in ast.walk(statement) if isinstance(part, ast.Name)]
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        made = {statement.name}
    else:
        made = {part.id for part in named if isinstance(part.ctx, ast.Store)}
    return made, {part.id for part in named if isinstance(part.ctx, ast.Load)}


# ── What becomes of a mutant ───────────────────────────────────────────────────────────────────
def _outcome(
    result: Result, sources: list[_Source], source: _Source, changed: ast.Module
) -> tuple[Outcome, str]:
    try:
        mutated = _run(result, sources, source, changed)
        theorems = [mutated.theorem(route) for route in mutated.routes]
        statement = encode(mutated.statement)
    except Exception as fault:  # however it comes to light
        return _refused(fault), f"{type(fault).__name__}: {fault}"
    judge = second_checker()
    for theorem in theorems if judge is not None else ():
        reason = judge(document(theorem))
        if reason is not None:
            return "survivor", f"only the kernel accepts it: {reason}"
    if statement == encode(result.statement):
        return "equivalent", "another proof of the same statement"
    refutation = refute(mutated.claim, [h.claim for h in mutated.given])
    if refutation is not None:
        return "survivor", f"the kernel proves what an instance refutes:\n{refutation}"
    return "baseline", f"another theorem, a drifted statement: {mutated.statement}"


def _run(result: Result, sources: list[_Source], source: _Source, changed: ast.Module) -> Result:
    """The result as the changed code states it; the modules themselves are left as they are."""
    names = [one.module.__name__ for one in sources]
    before = {name: sys.modules[name] for name in names}
    first = sources.index(source)
    try:
        for one in sources[first:]:
            module = one.module
            clone = types.ModuleType(module.__name__)
            clone.__dict__.update(__file__=module.__file__, __package__=module.__package__)
            for home, table in ((script, TACTICS), (claims, CLAIMS), (symbols, WORDS)):
                # A module need not have imported the name that takes another's place.
                clone.__dict__.update((name, getattr(home, name)) for name in table.values())
            tree = changed if one is source else one.tree
            code: types.CodeType = compile(tree, module.__file__ or "?", "exec")
            sys.modules[module.__name__] = clone
            exec(code, clone.__dict__)
    finally:
        sys.modules.update(before)
    found = [r for r in vars(clone).values() if isinstance(r, Result) and r.id == result.id]
    (mutated,) = {id(r): r for r in found}.values()
    return mutated


def _refused(fault: Exception) -> Outcome:
    """Whether proofkit refused the mutant, or Python did before it came to that."""
    cause = fault.cause or fault.__cause__ if isinstance(fault, ScriptError) else fault
    ours = (ScriptError, KernelError, LanguageError)
    return "kernel" if cause is None or isinstance(cause, ours) else "no program"
