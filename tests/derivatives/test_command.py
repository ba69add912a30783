"""``proofkit derive``: what it prints, its JSON, its codes and its errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from proofkit.cli.derive import derive
from proofkit.derivatives import from_formula
from proofkit.derivatives.source import compiled, value_source

LOGISTIC = ["sum(log(1 + exp(-y * (X @ w))))", "--wrt", "w"]
SHAPES = ["--shape", "X=n,p", "--shape", "y=n", "--shape", "w=p"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(derive, list(arguments))


def test_it_says_what_and_why_and_gives_code() -> None:
    out = run(*LOGISTIC, *SHAPES).output
    assert "= -X.T @ (sigmoid(-X @ w * y) * y)" in out
    assert "The derivative of log at x > 0 is 1/x." in out
    assert "holds for all values of its variables" in out
    assert "proved · " in out
    assert "def gradient(X, w, y):" in out
    assert all(len(line) <= 80 for line in out.splitlines() if "return" not in line)


def test_json_has_the_keys_that_are_promised() -> None:
    found = json.loads(run(*LOGISTIC, *SHAPES, "--json").output)
    assert list(found) == [
        *("expression", "wrt", "gradient", "latex", "conditions", "numpy", "status", "check"),
    ]
    assert found["status"] == "proved" and found["conditions"] == []
    assert found["check"]["instances"] == 20 and found["check"]["largest_error"] < 1e-8
    function = compiled(found["numpy"], "gradient")
    X, y, w = np.eye(2), np.array([1.0, -1.0]), np.zeros(2)
    assert np.allclose(function(X=X, y=y, w=w), [-0.5, 0.5])


def test_several_variables_give_a_list() -> None:
    found = json.loads(
        run(
            "norm(A @ x - b)**2", "--wrt", "x", "--wrt", "A", *_of("A=m,n x=n b=m"), "--json"
        ).output
    )
    assert [f["wrt"] for f in found] == ["x", "A"]
    assert found[1]["gradient"] == "2 * (A @ x - b) @ x.T"


def _of(shapes: str) -> list[str]:
    return [part for shape in shapes.split() for part in ("--shape", shape)]


def test_a_symmetric_matrix_is_recognised() -> None:
    out = run("x.T @ A @ x", "--wrt", "x", *_of("A=n,n x=n"), "--assume", "A=symmetric").output
    assert "= 2 * A @ x" in out


def test_the_second_differential_is_right() -> None:
    for formula, shapes in (
        ("norm(A @ x - b)**2", {"A": ("m", "n"), "x": ("n", "1"), "b": ("m", "1")}),
        ("sum(log(1 + exp(A @ x)))", {"A": ("m", "n"), "x": ("n", "1")}),
        ("sum(tanh(X) * Y)", {"X": ("n", "p"), "Y": ("n", "p")}),
    ):
        wrt = "x" if "x" in shapes else "X"
        derived = from_formula(formula, wrt, shapes)
        h, value, theorem = derived.hessian
        assert theorem.conclusion[0] == "slope"
        gradient = derived.numpy()
        from proofkit.derivatives.text import NUMPY, code

        rng = np.random.default_rng(3)
        sizes = {"n": 3, "m": 2, "p": 2, "1": 1}
        arrays = {k: rng.normal(size=[sizes[s] for s in shape]) for k, shape in shapes.items()}
        change = rng.normal(size=arrays[wrt].shape)
        second = eval(code(value, NUMPY), {"np": np, **sizes, **arrays, h.name: change})
        ends = [gradient(**{**arrays, wrt: arrays[wrt] + t * change}) for t in (1e-6, -1e-6)]
        assert np.allclose(second, (ends[0] - ends[1]) / 2e-6, atol=1e-6)


def test_a_report_is_a_page_that_asks_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    assert run(*LOGISTIC, *SHAPES, "--report", str(file)).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert "<math" in text and "def gradient" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    hostile = run("sum(X)", "--wrt", "X", "--shape", "X=n,p", "--report", str(file))
    assert hostile.exit_code == 0


ERRORS = {
    ("sum(X'", "--wrt", "X"): "no transpose here",
    ("X @ w", "--wrt", "w", *_of("X=n,p w=q")): "columns meet",
    ("sum(x * y)", "--wrt", "x"): "--shape x=",
    ("sum(X)", "--wrt", "Y", *_of("X=n,p")): "no variable of the formula",
    ("sum(X)", "--wrt", "X", *_of("X=n,p,q")): "a shape is given as",
    ("sum(X)", "--wrt", "X", *_of("X=0,p")): "a size is",
    ("X", "--wrt", "X", *_of("X=n,p")): "a gradient is one of a number",
    ("sum(X)", "--wrt", "X", *_of("X=n,p"), "--assume", "X=blue"): "what can be assumed",
    ("sum(X)", "--wrt", "X", *_of("X=n,p"), "--assume", "X"): "X=symmetric",
    ("sum(np * np)", "--wrt", "np", *_of("np=n")): "cannot be the name",
}


@pytest.mark.parametrize("arguments", ERRORS)
def test_bad_input_is_told_in_words(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert ERRORS[arguments] in result.output
    assert "Traceback" not in result.output


def test_the_value_s_code_is_the_formula() -> None:
    derived = from_formula("norm(A @ x)**2 + c", "x", {"A": ("m", "n"), "x": ("n", "1"), "c": ()})
    value = compiled(value_source(derived), "value")
    A, x = np.arange(6.0).reshape(2, 3), np.ones(3)
    assert np.isclose(value(A=A, x=x, c=2.0), np.linalg.norm(A @ x) ** 2 + 2)
