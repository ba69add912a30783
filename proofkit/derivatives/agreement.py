"""Checking a gradient that somebody wrote against the proved one, on random instances.

How far two right answers may lie apart follows from the data: forward error ≲ condition number ×
backward error (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, §1.6).  The
condition is measured by moving the inputs; a backward error of `SHARE` units of roundoff for each
entry that goes in is allowed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from proofkit.derivatives.instances import drawn
from proofkit.derivatives.shapes import Shape
from proofkit.symbols import MatrixVariable

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["Agreement", "agreement", "assert_gradient"]

SHARE = 16
MOVES, SIZE = 4, 1e-7
FORMATS = ("float64", "float32")


class Agreement(NamedTuple):
    """Whether a function gives the gradient, and if not, where it is off most and why, perhaps."""

    agrees: bool
    instances: int
    detail: str = ""

    def __bool__(self) -> bool:
        return self.agrees


def agreement(
    derived: Derived, function: Callable[..., Any], seed: int = 0, instances: int = 20
) -> Agreement:
    """Compare a function of arrays with the proved gradient, in double and single precision.

    It is called with the variables by name where it names them so, else in the order of the
    alphabet; vectors are given as arrays of one axis, or as columns if it fails on those.
    """
    gradient, count = derived.numpy(), 0
    columns = [v.name for v in derived.variables if isinstance(v, MatrixVariable) and v.cols == 1]
    call: Callable[..., Any] | None = None
    for number, arrays in enumerate(drawn(derived, seed, instances)):
        for kind in FORMATS:
            given = {k: np.asarray(a, dtype=kind) for k, a in arrays.items()}
            exact = {k: np.asarray(a, dtype="float64") for k, a in given.items()}
            expected = np.asarray(gradient(**exact), dtype="float64")
            if call is None:
                call = _caller(function, given, columns)
            try:
                found = np.asarray(call(given), dtype="float64")
            except Exception as fault:
                problem = f"it raised {type(fault).__name__}: {fault}"
                return Agreement(False, number, _where(number, kind, exact, problem))
            bound = _bound(gradient, exact, expected, float(np.finfo(kind).eps))
            problem = _compared(found, expected, bound, exact, derived)
            if problem:
                return Agreement(False, number, _where(number, kind, exact, problem))
        count += 1
    return Agreement(True, count)


def assert_gradient(
    function: Callable[..., Any],
    expression: Any,
    wrt: Any,
    shapes: Mapping[str, Shape | str] | None = None,
    assume: Mapping[str, str] | None = None,
    seed: int = 0,
    instances: int = 20,
) -> None:
    """Fail unless the function gives the gradient of the expression, a formula or a term.

    >>> def wrong(A, x, b):
    ...     return A.T @ (A @ x - b)
    >>> shapes = {"A": "m,n", "x": "n", "b": "m"}
    >>> assert_gradient(wrong, "norm(A @ x - b)**2", "x", shapes)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    AssertionError: not the gradient of norm(A @ x - b)**2: a factor 2 is missing: ...
    """
    from proofkit.derivatives.result import derive, from_formula
    from proofkit.derivatives.shapes import parsed

    if isinstance(expression, str):
        given = {
            name: parsed(f"{name}={shape}")[1] if isinstance(shape, str) else tuple(shape)
            for name, shape in (shapes or {}).items()
        }
        derived = from_formula(expression, str(wrt), given, assume)
    else:
        derived = derive(expression, wrt)
    found = agreement(derived, function, seed, instances)
    if not found:
        raise AssertionError(
            f"not the gradient of {derived.formula or derived.expression}: {found.detail}"
        )


def _caller(
    function: Callable[..., Any], arrays: Mapping[str, Any], columns: list[str]
) -> Callable[[Mapping[str, Any]], Any]:
    """How to call the function: by name or by place, vectors with one axis or as columns."""
    try:
        parameters = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        parameters = []
    by_name = set(parameters) == set(arrays)

    def shaped(given: Mapping[str, Any], flat: bool) -> dict[str, Any]:
        return {k: a.reshape(-1) if flat and k in columns else a for k, a in given.items()}

    def call(given: Mapping[str, Any], flat: bool) -> Any:
        values = shaped(given, flat)
        return function(**values) if by_name else function(*values.values())

    try:
        call(arrays, True)
        return lambda given: call(given, True)
    except Exception:
        return lambda given: call(given, False)


def _bound(gradient: Any, arrays: Mapping[str, Any], at: Any, roundoff: float) -> Any:
    """How far an entry may be off: the condition of the gradient times the backward error."""
    rng = np.random.default_rng(20240613)
    moved = np.abs(at)
    for _ in range(MOVES):
        near = {k: a * (1 + SIZE * rng.uniform(-1, 1, np.shape(a))) for k, a in arrays.items()}
        with np.errstate(all="ignore"):
            change = np.abs(np.asarray(gradient(**near), dtype="float64") - at) / SIZE
        moved = np.maximum(moved, change)
    entries = sum(int(np.size(a)) for a in arrays.values())
    # Entries that cancel are as uncertain as the largest are.
    scale = np.maximum(moved, float(moved.max(initial=0.0)))
    return SHARE * (entries + 8) * roundoff * (scale + 1e-30)


def _compared(found: Any, expected: Any, bound: Any, arrays: Any, derived: Derived) -> str:
    """What is wrong with what was found, or nothing."""
    if found.size != expected.size:
        shape = "×".join(map(str, found.shape)) or "a number"
        wanted = "×".join(map(str, expected.shape)) or "a number"
        return f"its shape is {shape}, and that of {derived.wrt} is {wanted}"
    turned = found.shape != expected.shape and np.squeeze(found).shape != np.squeeze(expected).shape
    if turned:
        other = found.T.reshape(expected.shape) if found.T.shape == expected.shape else found
        if _close(other, expected, bound):
            return "it is the transpose of the gradient"
        return f"its shape is {found.shape}, and that of {derived.wrt} is {expected.shape}"
    found = found.reshape(expected.shape)
    if _close(found, expected, bound):
        return ""
    off = np.where(np.isfinite(found), np.abs(found - expected) - bound, np.inf)
    place = np.unravel_index(int(np.argmax(off)), expected.shape) if expected.shape else ()
    where = f" in entry {tuple(int(n) + 1 for n in place)}" if place else ""
    text = f"{float(found[place]):.6g} where the gradient is {float(expected[place]):.6g}{where}"
    slip = next(_slips(found, expected, bound, arrays), "")
    return f"{slip}: {text}" if slip else text


def _close(found: Any, expected: Any, bound: Any) -> bool:
    return bool(np.all(np.abs(found - expected) <= bound))


def _slips(found: Any, expected: Any, bound: Any, arrays: Mapping[str, Any]) -> Iterator[str]:
    """What would make it right."""
    for factor, words in (
        (2.0, "a factor 2 is missing"),
        (0.5, "there is a factor 2 too many"),
        (-1.0, "the sign is wrong"),
        (-2.0, "the sign is wrong and a factor 2 is missing"),
    ):
        if _close(factor * found, expected, np.abs(factor) * bound):
            yield words
    sizes = {n for a in arrays.values() for n in (*np.shape(a), np.size(a)) if n > 1}
    for n in sorted(sizes):
        if _close(n * found, expected, n * bound):
            yield f"it is {n} times too small, as a mean in place of a sum would be"
        if _close(found / n, expected, bound):
            yield f"it is {n} times too large, as a sum in place of a mean would be"
    if found.ndim == 2 and found.shape[0] == found.shape[1] and _close(found.T, expected, bound):
        yield "it is the transpose of the gradient"
    if found.ndim == 2 and found.shape[0] == found.shape[1]:
        both = expected + expected.T
        if _close(found, both, 2 * bound) or _close(found, both / 2, bound):
            yield "it is symmetric, as if the entries were not free"


def _where(number: int, kind: str, arrays: Mapping[str, Any], problem: str) -> str:
    sizes = ", ".join(
        f"{k} {'×'.join(map(str, np.shape(a))) or 'a number'}" for k, a in arrays.items()
    )
    return f"{problem} (instance {number + 1}, {kind}; {sizes})"
