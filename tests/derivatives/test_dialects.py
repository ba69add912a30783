"""The code for JAX and PyTorch gives what NumPy's gives, of the kind of number that is given.

Where neither is installed, their code is still Python, and NumPy's but for the library's names.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from typing import Any

import numpy as np
import pytest

from proofkit.derivatives import from_formula

from .test_cases import CASES, derived, drawn

PRESENT = [name for name in ("jax", "torch") if importlib.util.find_spec(name)]
NUMBERS = {
    "sum(sqrt(2) * x)": "a number alone",
    "sum(x) * log(n) / sqrt(3 * n)": "a size",
    "exp(c) * sum(x) * exp(2)": "a variable number",
    "sum(x) * relu(3) * abs(2)": "a kink at a number",
    "sum(sigmoid(x) * ones(n)) + sum(eye(n) @ x)": "arrays that are filled",
}


def run(source: str, library: str, arrays: dict[str, Any], kind: str) -> Any:
    """The gradient by the source, in this precision."""
    scope: dict[str, Any] = {}
    exec(source, scope)
    made = importlib.import_module({"jax": "jax.numpy"}.get(library, library)).asarray
    given = {name: made(np.asarray(a, dtype=kind)) for name, a in arrays.items()}
    return scope["gradient"](**given)


def same(found: Any, expected: Any, kind: str) -> None:
    """Of the same shape and precision, and close."""
    assert str(found.dtype).removeprefix("torch.") == kind
    off = 1e-9 if kind == "float64" else 3e-3
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(np.asarray(found), expected, rtol=off, atol=off)


@pytest.fixture(params=PRESENT or ["none"])
def library(request: pytest.FixtureRequest) -> Any:
    """A library that is installed, JAX with double precision."""
    if request.param == "jax":
        jax = importlib.import_module("jax")
        before = jax.config.jax_enable_x64
        jax.config.update("jax_enable_x64", True)
        yield "jax"
        jax.config.update("jax_enable_x64", before)
    else:
        yield request.param


@pytest.mark.parametrize("name", CASES)
def test_the_code_gives_what_numpy_s_gives(name: str, library: str) -> None:
    found = derived(CASES[name])
    if library == "none":
        alike(found)
        return
    arrays = drawn(CASES[name], 0)
    expected = found.numpy()(**arrays)
    for kind in ("float64", "float32"):
        same(run(found.source(library), library, arrays, kind), expected, kind)


@pytest.mark.parametrize("formula", NUMBERS)
def test_numbers_become_arrays_where_they_have_to(formula: str, library: str) -> None:
    found = from_formula(formula, "x", {"x": ("n", "1"), "c": ()})
    if library == "none":
        alike(found)
        return
    arrays = {"x": np.array([[0.3], [-1.2], [2.0]]), "c": 0.5}
    arrays = {name: a for name, a in arrays.items() if name in map(str, found.variables)}
    expected = found.numpy()(**arrays)
    for kind in ("float64", "float32"):
        same(run(found.source(library), library, arrays, kind), expected, kind)


def alike(found: Any) -> None:
    """The sources are Python, and one but for what the libraries call things."""
    bodies = []
    for name in ("numpy", "jax", "torch"):
        source = found.source(name)
        compile(source, name, "exec")
        bodies.append(plain(source))
    assert bodies[0] == bodies[1] == bodies[2]


def plain(source: str) -> str:
    """What is returned, without the names that the libraries have for it."""
    text = source.rpartition("return ")[2]
    text = re.sub(r"torch\.as_tensor\(([\w *+-]*), \*\*like\)", r"\1", text)
    text = re.sub(r", (dtype=dtype|\*\*like)\)", ")", text)
    text = re.sub(r"\(0\.5 \+ 0\.5 \* (?:np|jnp)\.tanh\(\((.*?)\) / 2\)\)", r"sigmoid(\1)", text)
    text = re.sub(r"(?:np|jnp)\.maximum\((.*?), 0\.0\)", r"relu(\1)", text)
    return re.sub(r"\b(np|jnp|torch)\.", "", text)


@pytest.mark.parametrize("formula", [*(c["expression"] for c in CASES.values()), *NUMBERS])
def test_the_sources_differ_by_names_only(formula: str) -> None:
    case = next((c for c in CASES.values() if c["expression"] == formula), None)
    found = derived(case) if case else from_formula(formula, "x", {"x": ("n", "1"), "c": ()})
    alike(found)


def test_a_source_that_differs_would_be_seen() -> None:
    assert plain("return np.exp(x)") == plain("return torch.exp(x)") != plain("return jnp.log(x)")
    with pytest.raises(AssertionError):
        same(np.zeros((2, 1)), np.ones((2, 1)), "float64")
    with pytest.raises(AssertionError):
        same(np.ones(2, dtype="float32"), np.ones(2), "float64")
