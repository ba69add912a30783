"""Trying a gradient out: random arrays on which the conditions hold, and central differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sympy import Symbol, preorder_traversal

from proofkit.claims import (
    Abbreviation,
    And,
    Claim,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    NonZero,
    Not,
)
from proofkit.derivatives.source import compiled, loose_sizes, value_source
from proofkit.derivatives.syntax import FormulaError
from proofkit.derivatives.text import NUMPY, code
from proofkit.symbols import FunctionOf, MatrixVariable, Word
from proofkit.symbols.encode import is_index

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["Checked", "checked", "drawn", "variables_of"]

TRIES = 400
STEP = 1e-5
TRUSTED = 1e-7
"""Differences of two widths that lie further apart than this, relatively, are not trusted."""
LARGEST = 4  # size drawn


class Checked(NamedTuple):
    """How many instances were tried, and the largest relative error against differences."""

    instances: int
    largest_error: float


def variables_of(expression: Any, wrt: Any) -> tuple[Any, ...]:
    """The matrices and numbers in an expression, in the order met, sizes left out."""
    found: dict[Any, None] = {}
    bound = {f.args[0] for f in expression.atoms(FunctionOf)}
    for part in preorder_traversal(expression):
        real = isinstance(part, Symbol) and part.is_integer is None
        if (isinstance(part, MatrixVariable) or real) and part not in bound:
            found[part] = None
    found.setdefault(wrt, None)
    return tuple(sorted(found, key=lambda v: str(v.name)))


def checked(derived: Derived, seed: int = 0, instances: int = 20) -> Checked:
    """The largest relative error of the gradient's code against central differences.

    Instances on which differences of two widths disagree say nothing and are not counted.
    """
    value = compiled(value_source(derived), "value")
    gradient = derived.numpy()
    worst, count = 0.0, 0
    with np.errstate(all="ignore"):
        for arrays in drawn(derived, seed, 2 * instances):
            expected = _differences(value, arrays, derived, 10 * STEP)
            other = _differences(value, arrays, derived, 5 * STEP)
            scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
            if not float(np.abs(expected - other).max(initial=0.0)) <= TRUSTED * scale:
                continue
            try:
                found = np.asarray(gradient(**arrays), dtype=float)
            except np.linalg.LinAlgError:
                continue  # as singular as floats can tell
            if not np.all(np.isfinite(found)):
                continue  # it overflows
            worst = max(worst, float(np.abs(found - expected).max(initial=0.0)) / scale)
            count += 1
            if count == instances:
                break
    return Checked(count, worst)


def _differences(value: Any, arrays: dict[str, Any], derived: Derived, step: float) -> Any:
    """Central differences of fourth order in each entry of one argument."""
    name, column = derived.wrt_name, derived.is_jacobian
    at = np.asarray(arrays[name], dtype=float)
    rows = np.size(value(**arrays))
    out = np.zeros((rows, at.size) if column else at.shape)
    for n, place in enumerate(np.ndindex(at.shape)):
        h = step * max(1.0, abs(float(at[place])))
        total: Any = 0.0
        for factor, weight in ((1, 8), (-1, -8), (2, -1), (-2, 1)):
            moved = at.copy()
            moved[place] += factor * h
            there = np.asarray(value(**{**arrays, name: moved}), dtype=float)
            total = total + weight * (there.reshape(-1) if column else float(np.squeeze(there)))
        out[(slice(None), n) if column else place] = total / (12 * h)
    return out


def drawn(derived: Derived, seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Random arrays by name on which all conditions hold; `FormulaError` if none are found."""
    rng = np.random.default_rng((seed, 20240613))
    holds, value = _conditions(derived), compiled(value_source(derived), "value")
    found = 0
    with np.errstate(all="ignore"):
        for attempt in range(TRIES + 4 * count):
            arrays = _arrays(derived, rng, attempt)
            if holds(arrays) and _has_value(value, arrays):
                found += 1
                yield arrays
                if found == count:
                    return
    if not found:
        raise FormulaError("no instance was found on which it can be worked out")


def _has_value(value: Any, arrays: dict[str, Any]) -> bool:
    """Whether the expression can be worked out here."""
    try:
        return bool(np.all(np.isfinite(value(**arrays))))
    except (np.linalg.LinAlgError, FloatingPointError, ZeroDivisionError):
        return False


def _arrays(derived: Derived, rng: np.random.Generator, attempt: int) -> dict[str, Any]:
    sizes: dict[str, int] = {}

    def size(x: Any) -> int:
        return (
            int(x) if x.is_Integer else sizes.setdefault(str(x), int(rng.integers(1, LARGEST + 1)))
        )

    def one(v: Any) -> Any:
        way = (attempt + int(rng.integers(3))) % 3
        if not isinstance(v, MatrixVariable):
            number = float(rng.normal())
            return abs(number) + 0.3 if way else number
        rows, cols = size(v.rows), size(v.cols)
        found = rng.normal(size=(rows, cols))
        if rows == cols > 1 and way == 1:  # positive definite, symmetric or not
            skew = rng.normal(size=(rows, rows)) if attempt % 2 else np.zeros((rows, rows))
            return found @ found.T + np.eye(rows) + (skew - skew.T) / 2
        if way == 2:
            return np.abs(found) + 0.2
        return found

    arrays = {v.name: one(v) for v in derived.variables}
    return arrays | {name: sizes.setdefault(name, 2) for name in loose_sizes(derived)}


# ── Conditions ─────────────────────────────────────────────────────────────────────────────────
def _conditions(derived: Derived) -> Any:
    """A function of arrays: whether all conditions hold, away from their borders."""
    from proofkit.derivatives.source import _sizes

    tests = [_test(c) for c in derived.conditions]
    if not tests:
        return lambda arrays: True
    names = [v.name for v in derived.variables] + loose_sizes(derived)
    body = " and ".join(f"bool({test})" for test in tests)
    lines = ["", f"def holds({', '.join(names)}):"]
    lines += [f"    {line}" for line in _sizes(derived, body)] + [f"    return {body}", ""]
    function = compiled("\n" + "\n".join(lines).replace("bool(", "np.all("), "holds")

    def holds(arrays: dict[str, Any]) -> bool:
        try:
            return bool(function(**arrays))
        except (np.linalg.LinAlgError, ValueError, FloatingPointError):
            return False

    return holds


MARGIN = 1e-3
"""How far from the border of a condition instances stay, so that differences do not cross it."""


def _test(claim: Claim) -> str:
    """A condition as code."""
    match claim:
        case Less() | LessEqual():
            a, b = (_inner(x) for x in claim.args)
            return f"({b}) - ({a}) > {MARGIN}"
        case Equal():
            return f"np.abs({_inner(claim.args[0] - claim.args[1])}) < 1e-9"
        case NonZero():
            return f"np.linalg.norm({_inner(claim.args[0])}) > {MARGIN}"
        case Not(args=(Equal() as inner,)):
            left, right = inner.args
            return f"np.linalg.norm(({_inner(left)}) - ({_inner(right)})) > {MARGIN}"
        case Not(args=(inner,)):
            return f"np.logical_not({_test(inner)})"
        case And():
            return " & ".join(f"({_test(part)})" for part in claim.args)
        case ForAll() if all(is_index(v) for v in claim.variables):
            body = claim.body
            conclusion = body.args[-1] if isinstance(body, Implies) else body
            return f"np.all({_test(conclusion)})"
        case Abbreviation():
            return _test(claim.meaning())
    raise FormulaError(f"the condition {claim} cannot be tried on arrays")


def _inner(x: Any) -> str:
    """A term as code; an entry in any place is the whole matrix."""
    if x == 0:
        return "0.0"
    entries = {e: MatrixVariable(f"_{n}", 1, 1) for n, e in enumerate(_entries(x))}
    text = code(x.xreplace({e: Symbol(v.name) for e, v in entries.items()}), NUMPY)
    for e, v in entries.items():
        text = text.replace(v.name, f"({code(e.arguments[0], NUMPY)})")
    return text


def _entries(x: Any) -> list[Any]:
    return [e for e in x.atoms(Word) if str(e.args[0]) == "entry"]
