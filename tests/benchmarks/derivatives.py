"""Matrix derivatives beside SymPy's and tensorgrad's: how many are right, and how long they take.

A derivative is right if its values are those of central differences of the formula, which are taken
apart from all contestants, to a relative 1e-4.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import statistics
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sympy

from proofkit.derivatives import from_formula
from proofkit.derivatives.source import compiled
from proofkit.derivatives.syntax import read
from tests.benchmarks.derivatives_translated import ForSymPy, ForTensorgrad, Untranslated
from tests.benchmarks.harness import CPU, Size, Table, duration, forget, peer, ratio
from tests.derivatives.test_cases import CASES, SIZES, differences, drawn, namespace, shape

CLOSE = 1e-4
BUSY = 1.5
"""Load average above which others were at work: this takes one core."""
LIMIT = 60
"""Seconds after which a derivative counts as refused."""

Value = Callable[[dict[str, Any]], Any]
"""A gradient as a function of arrays by name."""


class Mistranslated(Exception):
    """The peer's expression has not the value of the formula."""


class Contestant(NamedTuple):
    """Derives a case; gives what makes a function of the outcome, and the outcome's text."""

    name: str
    derive: Callable[[dict[str, Any]], Any]
    value: Callable[[dict[str, Any], Any], Value]


def run(size: Size) -> list[Table]:
    """One row for each contestant."""
    table = Table(
        "8. Matrix derivatives",
        ("", "right", "wrong", "refused", "median time", "ratio"),
    )
    contestants = [OWN, SYMPY]
    tensorgrad = peer("tensorgrad", table)
    if tensorgrad is not None:
        contestants.append(_tensorgrad(tensorgrad))
    names = list(CASES)[:2] if size.tiny else list(CASES)
    verdicts = {c.name: {name: verdict(c, CASES[name]) for name in names} for c in contestants}
    shared = [n for n in names if all(v[n] == "right" for v in verdicts.values())]
    times = {c.name: [] for c in contestants}  # type: dict[str, list[float]]
    for name in shared:
        spent = {c.name: [] for c in contestants}  # type: dict[str, list[float]]
        for _ in range(size.rounds):
            for c in contestants:
                spent[c.name].append(_timed(c, CASES[name]))
        for c in contestants:
            times[c.name].append(statistics.median(spent[c.name]))
    own = statistics.median(times[OWN.name]) if shared else 0.0
    for c in contestants:
        kinds = list(verdicts[c.name].values())
        counts = [sum(k == kind for k in kinds) for kind in ("right", "wrong", "refused")]
        median = statistics.median(times[c.name]) if shared else 0.0
        beside = ratio(median, own) if shared and c is not OWN else "–"
        table.add(c.name, *counts, duration(median) if shared else "–", beside)
    for c in contestants:
        wrong = [n for n, kind in verdicts[c.name].items() if kind == "wrong"]
        if wrong:
            table.notes.append(f"{c.name} is wrong on {', '.join(wrong)}.")
    table.notes.append(
        "SymPy is given MatrixSymbol expressions, a 1×1 product beside a number as its trace."
    )
    if tensorgrad is not None:
        table.notes.append(
            "tensorgrad's call needs named tensors, which PyTorch has no more: the code that it "
            "writes is called instead."
        )
    table.notes.append(
        f"{len(names)} formulas from cookbooks, other tools' manuals and machine learning "
        "(tests/derivatives/cases.json); right by central differences, to a relative 1e-4; "
        "refused: an error, no closed form, or nothing that can be worked out. CPU time with empty "
        f"caches, the median over the {len(shared)} that all get right; proofkit's has the "
        f"proof in it. BLAS kernel: {kernel()}; {_load()}."
    )
    return [table]


def kernel() -> str:
    """The kernel that NumPy's BLAS chose here, as far as it says so."""
    for path in Path(np.__file__).parent.with_name("numpy.libs").glob("*openblas*"):
        library = ctypes.CDLL(str(path))
        named = getattr(library, "scipy_openblas_get_corename64_", None)
        if named is not None:
            named.restype = ctypes.c_char_p
            return str(named().decode())
    return "unknown"


def _load() -> str:
    load = os.getloadavg()[0]
    busy = "the machine was at work on other things, too: " if load > BUSY else ""
    return f"{busy}load average {load:.1f}"


# ── Verdicts ───────────────────────────────────────────────────────────────────────────────────
def verdict(contestant: Contestant, case: dict[str, Any]) -> str:
    """Whether a derivative is right, wrong or refused."""
    try:
        with limited(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = contestant.value(case, contestant.derive(case))
            outcomes = [_agrees(case, value, seed) for seed in range(3)]
    except Mistranslated:
        raise  # ours, and nothing to hold against anybody
    except Exception:
        return "refused"
    return "right" if all(outcomes) else "wrong"


def _agrees(case: dict[str, Any], value: Value, seed: int) -> bool:
    arrays = drawn(case, seed)
    expected = differences(case, arrays)
    found = np.asarray(value(arrays), dtype=float)
    if found.size != expected.size or np.squeeze(found).shape != np.squeeze(expected).shape:
        return False
    scale = max(1.0, float(np.abs(expected).max()))
    return bool(np.abs(found.reshape(expected.shape) - expected).max() <= CLOSE * scale)


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise `TimeoutError` after the limit."""

    def late(number: int, frame: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _timed(contestant: Contestant, case: dict[str, Any]) -> float:
    forget()
    for module in [m for n, m in sys.modules.items() if n.startswith("tensorgrad")]:
        for cached in vars(module).values():
            if hasattr(cached, "cache_clear"):
                cached.cache_clear()
    start = CPU()
    contestant.derive(case)
    return CPU() - start


# ── Contestants ────────────────────────────────────────────────────────────────────────────────
def _shapes(case: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: shape(case, name) for name in case["shapes"]}


def _own(case: dict[str, Any]) -> str:
    return from_formula(case["expression"], case["wrt"], _shapes(case)).source()


def _own_value(case: dict[str, Any], source: str) -> Value:
    function = compiled(source, "gradient")
    return lambda arrays: function(**arrays)


OWN = Contestant("proofkit, proved", _own, _own_value)


def _sympy(case: dict[str, Any]) -> Any:
    translated = ForSymPy(_shapes(case))
    expression = translated.read(read(case["expression"]))
    return translated, expression, expression.diff(translated.variables[case["wrt"]])


def _sympy_value(case: dict[str, Any], outcome: Any) -> Value:
    translated, expression, gradient = outcome
    if gradient.has(sympy.Derivative):
        raise ValueError("it is not worked out")
    arrays = drawn(case, 0)
    formula = float(np.squeeze(eval(case["expression"], namespace(arrays))))
    if not np.isclose(float(np.squeeze(_number(translated, expression, arrays))), formula):
        raise Mistranslated(case["id"])
    return lambda arrays: _number(translated, gradient, arrays)


def _number(translated: ForSymPy, x: Any, arrays: dict[str, Any]) -> Any:
    sizes = {s: SIZES[name] for name, s in translated.sizes.items()}
    found = translated.value(sympy.sympify(x), arrays, sizes)
    return np.real(found)  # the logarithm of a negative number has the part that is asked for


SYMPY = Contestant("SymPy", _sympy, _sympy_value)


def _tensorgrad(tensorgrad: Any) -> Contestant:
    def derive(case: dict[str, Any]) -> Any:
        translated = ForTensorgrad(tensorgrad, _shapes(case))
        loss, rows, cols = translated.read(read(case["expression"]))
        if rows or cols:
            raise Untranslated("it is no number")
        wrt = translated.variables[case["wrt"]]
        edges = {e: f"d{e}" for e in wrt.edges}
        return translated, loss, loss.grad(wrt, edges).full_simplify()

    def value(case: dict[str, Any], outcome: Any) -> Value:
        translated, loss, gradient = outcome
        arrays = drawn(case, 0)
        formula = float(np.squeeze(eval(case["expression"], namespace(arrays))))
        if not np.isclose(float(evaluated(translated, loss, arrays, ())), formula):
            raise Mistranslated(case["id"])
        edges = [f"d{e}" for e in translated.variables[case["wrt"]].edges]
        return lambda arrays: evaluated(translated, gradient, arrays, edges)

    def evaluated(translated: ForTensorgrad, x: Any, arrays: dict[str, Any], edges: Any) -> Any:
        import torch
        from tensorgrad.compiler import compile_to_callable

        # Its own call gives tensors names, which PyTorch has no more: its code is called alone.
        program = compile_to_callable(x)
        dims = {s: SIZES[name] for name, s in translated.sizes.items()}
        code = program.codegen.specialize(dims, verbose=False, dtype=torch.float64)
        given = []
        for v in program.vars:
            sizes = [SIZES.get(str(s), 1) for s in v.shape.values()]
            given.append(torch.tensor(np.asarray(arrays[v.name], dtype=float).reshape(sizes)))
        ((order, names),) = program._wrap_plans
        (found,) = code(*given)
        found = found if order is None else found.permute(order)
        return found.permute([list(names).index(e) for e in edges]).numpy()

    return Contestant("tensorgrad", derive, value)
