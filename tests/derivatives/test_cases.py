"""Matrix derivatives people look for: right by an independent check, proved, replayed, usable.

Each case is an expression that is itself NumPy on columns, with the shapes of its variables and
what may be assumed.  The right gradient is what central differences of the expression give.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.basics.tables import digest, dumps
from proofkit.derivatives import Derived, from_formula
from proofkit.derivatives.instances import _conditions
from proofkit.derivatives.source import compiled
from proofkit.export import document
from proofkit.replay import replay

CASES = {
    case["id"]: case
    for case in json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
}
SIZES = {"n": 3, "m": 4, "p": 2, "q": 5, "k": 2}
SQUARE = {"m": 4, "n": 3}


def shape(case: dict[str, Any], name: str) -> tuple[str, ...]:
    sizes = tuple(case["shapes"][name])
    return (*sizes, "1") if len(sizes) == 1 else sizes


def derived(case: dict[str, Any]) -> Derived:
    shapes = {name: shape(case, name) for name in case["shapes"]}
    return from_formula(case["expression"], case["wrt"], shapes)


def namespace(arrays: dict[str, Any]) -> dict[str, Any]:
    """NumPy's functions as the cases mean them: vectors are columns."""
    names: dict[str, Any] = {
        **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "tanh", "abs", "trace")},
        **{name: getattr(np.linalg, name) for name in ("inv", "det", "norm")},
        "sum": np.sum,
        "sigmoid": lambda t: 1 / (1 + np.exp(-t)),
        "logdet": lambda a: np.linalg.slogdet(a)[1],
        "eye": lambda n: np.eye(int(n)),
        "ones": lambda n, m=1: np.ones(n if isinstance(n, tuple) else (int(n), int(m))),
    }
    return {**names, **SIZES, **arrays}


def drawn(case: dict[str, Any], seed: int) -> dict[str, Any]:
    """Arrays that meet what the case assumes."""
    rng = np.random.default_rng((seed, 7))
    arrays: dict[str, Any] = {}
    for name in case["shapes"]:
        sizes = [int(SIZES.get(s, s)) if not s.isdigit() else int(s) for s in shape(case, name)]
        arrays[name] = rng.normal(size=sizes) if sizes else float(rng.uniform(0.5, 2))
    for what, kind in case["assume"].items():
        if what in arrays:
            a = arrays[what]
            if kind == "positive definite":
                arrays[what] = a @ a.T + np.eye(len(a))
            elif kind == "positive":
                arrays[what] = abs(a) + 0.2
        elif what == "b - A @ x":
            arrays["b"] = arrays["A"] @ arrays["x"] + rng.uniform(0.5, 2, arrays["b"].shape)
    return arrays


def differences(case: dict[str, Any], arrays: dict[str, Any]) -> Any:
    """Central differences of the expression, evaluated as it stands."""
    code = compile(case["expression"], case["id"], "eval")
    at = np.asarray(arrays[case["wrt"]], dtype=float)
    out = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        ends = []
        for h in (1e-5, -1e-5):
            moved = at.copy()
            moved[place] += h
            ends.append(float(np.squeeze(eval(code, namespace({**arrays, case["wrt"]: moved})))))
        out[place] = (ends[0] - ends[1]) / 2e-5
    return out


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_is_right_proved_and_replayed(name: str) -> None:
    case = CASES[name]
    found = derived(case)
    code = compile(found.text, name, "eval")
    function = compiled(found.source(), "gradient")
    holds = _conditions(found)
    for seed in range(3):
        arrays = drawn(case, seed)
        expected = differences(case, arrays)
        scale = max(1.0, float(np.abs(expected).max()))
        for value in (eval(code, namespace(arrays)), function(**arrays)):
            off = np.abs(np.broadcast_to(value, expected.shape) - expected).max() / scale
            assert off < 1e-4, (found.text, off)
        # What the case assumes is enough for the conditions.
        assert holds(arrays), found.conditions_as_text()
    accepted = replay(dumps(document(found.theorem_without_hypotheses())).encode())
    assert accepted.digest == digest(found.theorem_without_hypotheses().conclusion)


def test_a_wrong_gradient_would_be_seen() -> None:
    case = CASES["ml-ridge"]
    arrays = drawn(case, 0)
    expected = differences(case, arrays)
    for wrong in ("(W @ X - Y) @ X.T + c * W", "2 * (W @ X - Y) @ X.T", "-2 * (W @ X - Y) @ X.T"):
        value = eval(wrong, namespace(arrays))
        assert np.abs(value - expected).max() > 1e-3


@pytest.mark.parametrize("name", CASES)
def test_vectors_may_have_one_axis(name: str) -> None:
    case = CASES[name]
    found = derived(case)
    arrays = drawn(case, 1)
    flat = {
        k: a.reshape(-1) if np.ndim(a) == 2 and a.shape[1] == 1 else a for k, a in arrays.items()
    }
    as_columns, as_rows = found.numpy()(**arrays), found.numpy()(**flat)
    assert np.shape(as_rows) == np.shape(flat[case["wrt"]])
    assert np.allclose(np.ravel(as_rows), np.ravel(as_columns))
