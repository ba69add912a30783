"""A pack about words, from outside: its results are proved and replayed, wrong ones refused.

A wrong variant is the pack's own source with one formula changed, in the statement and in the
script alike, so that the script goes all the way to the step that cannot be taken.
"""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from proofkit import export, replay
from proofkit.basics import tables
from proofkit.checking import check
from proofkit.claims import LessEqual, encode
from proofkit.derivations import derivations
from proofkit.script import Hypothesis, Result, Route, ScriptError
from tests import words_pack

PATH = Path(words_pack.__file__)
SOURCE = PATH.read_text(encoding="utf-8")
PUBLIC = {"proofkit.claims", "proofkit.script", "proofkit.symbols", "proofkit.trace"}
IDS = [
    "backpropagation", "log-determinant", "inverse-form", "softmax", "rayleigh",
    "push-through", "hessian-block", "gelu-slope", "gelu-layer",
]  # fmt: skip
BY_ID = {result.id: result for result in words_pack.RESULTS}


def test_the_results() -> None:
    assert list(BY_ID) == IDS


def test_only_public_names_are_used() -> None:
    for node in ast.walk(ast.parse(SOURCE)):
        assert not isinstance(node, ast.Import)
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            assert node.module in PUBLIC
            module = __import__(node.module, fromlist=["__all__"])
            assert {name.name for name in node.names} <= set(module.__all__)
        assert not isinstance(node, ast.Attribute) or not node.attr.startswith("_")


# ── Proved ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("id", IDS)
def test_a_result_is_proved_with_nothing_cited_or_admitted(id: str) -> None:
    run = BY_ID[id].run()
    assert run.theorem.conclusion == encode(BY_ID[id].statement)
    assert not run.theorem.hypotheses
    assert run.footprint.cited == run.footprint.admitted == ()


@pytest.mark.parametrize("id", IDS)
def test_random_instances_exercise_a_result(id: str) -> None:
    pack = derivations("words", "Words", words_pack.RESULTS)
    found = check(pack, BY_ID[id], networks={}, batch=0, exact=20)
    assert (found.status, found.exercised) == ("proved", 20)


@pytest.mark.parametrize("id", IDS)
def test_the_second_checker_accepts_it_as_the_same_statement(id: str) -> None:
    theorem = BY_ID[id].theorem()
    found = replay.replay(tables.dumps(export.document(theorem, {"result": id})).encode())
    assert found.digest == tables.digest(theorem.conclusion)


# ── Wrong ──────────────────────────────────────────────────────────────────────────────────────
def changed(id: str, old: str, new: str) -> Result:
    """The result in the pack whose source says ``new`` for ``old`` wherever it did."""
    assert old in SOURCE
    module = ModuleType("wrong_words")
    exec(compile(SOURCE.replace(old, new), str(PATH), "exec"), module.__dict__)
    (result,) = (r for r in module.RESULTS if r.id == id)
    assert result.statement != BY_ID[id].statement
    return result


def refusal(result: Result) -> str:
    """Why it is not proved; that the script itself broke down is no reason."""
    with pytest.raises(ScriptError) as fault:
        result.run()
    said = str(fault.value)
    assert not re.search("the script stopped|was to be proved|is stated but not used", said), said
    return said


AROUND = "(above * M[j] * between).T"
WRONG = {
    "backpropagation": [
        ("sign above", "outer * sigma(W1 * Z).T", "-outer * sigma(W1 * Z).T"),
        ("factor above", "outer * sigma(W1 * Z).T", "2 * outer * sigma(W1 * Z).T"),
        ("no activation above", "outer * sigma(W1 * Z).T", "outer * (W1 * Z).T"),
        ("sign below", "hadamard(sigma.", "-hadamard(sigma."),
        ("no slope", "sigma.derivative(W1 * Z)", "sigma(W1 * Z)"),
        ("slope elsewhere", "sigma.derivative(W1 * Z)", "sigma.derivative(W2.T * outer)"),
    ],
    "log-determinant": [
        ("sign", "inverse(S).T)", "-inverse(S).T)"),
        ("no transpose", "inverse(S).T)", "inverse(S))"),
        ("factor", "inverse(S).T)", "2 * inverse(S).T)"),
        ("no inverse", "inverse(S).T)", "S.T)"),
    ],
    "inverse-form": [
        ("sign", "-inverse(S).T * u", "inverse(S).T * u"),
        ("no transpose", "-inverse(S).T * u * v.T * inverse(S).T",
         "-inverse(S) * u * v.T * inverse(S)"),
        ("vectors swapped", "u * v.T * inverse", "v * u.T * inverse"),
        ("factor", "-inverse(S).T * u", "-2 * inverse(S).T * u"),
    ],
    "softmax": [
        ("sign of y", "(softmax - y) * z.T", "(softmax + y) * z.T"),
        ("sign", "(softmax - y) * z.T", "(y - softmax) * z.T"),
        ("factor", "(softmax - y) * z.T", "(2 * softmax - y) * z.T"),
        ("not normalised", "reciprocal(total(exp(W * z))) * exp(W * z)", "exp(W * z)"),
        ("no exponential", "exp(W * z)\n", "W * z\n"),
    ],
    "rayleigh": [
        ("factor", "2 * here * (S", "here * (S"),
        ("sign", "(S * u - tr", "(S * u + tr"),
        ("not divided", "tr(u.T * S * u) * here * u)", "tr(u.T * S * u) * u)"),
        ("power", "here = 1 / tr(u.T * u)", "here = 1 / tr(u.T * u) ** 2"),
    ],
    "push-through": [
        ("sign", "Identity(q) + B * A", "Identity(q) - B * A"),
        ("sign of a side", "inverse(left) * A, A *", "inverse(left) * A, -A *"),
        ("factor", "inverse(left) * A, A *", "inverse(left) * A, 2 * A *"),
        ("no inverse", "inverse(left) * A, A * inverse(right)", "left * A, A * inverse(right)"),
    ],
    "hessian-block": [
        ("sign", f"+ {AROUND} * hessian", f"- {AROUND} * hessian"),
        ("factor", f"+ {AROUND} * hessian", f"+ 2 * {AROUND} * hessian"),
        ("in the product only",
         f"+ {AROUND} * hessian(g, point, above * U * M[j - 1 : 1]) * below.T", ""),
        ("in the gradient only",
         "(above * U * between).T * g.gradient(point) * below.T\n            +", ""),
        ("Hessian at the change", "hessian(g, point, above * U * M[j - 1 : 1])",
         "hessian(g, above * U * M[j - 1 : 1], point)"),
    ],
    "gelu-slope": [
        ("sign", "(1 - tanh(inside) ** 2)", "(1 + tanh(inside) ** 2)"),
        ("power", "3 * a * x**2", "a * x**2"),
        ("factor", "(1 + tanh(inside)) / 2", "(1 + tanh(inside))"),
        ("no chain rule", "** 2) * c * (1 + 3 * a * x**2)", "** 2)"),
        ("no product rule", "(1 + tanh(inside)) / 2 + x / 2", "x / 2"),
    ],
    "gelu-layer": [
        ("factor", "2 * hadamard(gelu", "hadamard(gelu"),
        ("sign", "2 * hadamard(gelu", "-2 * hadamard(gelu"),
        ("no slope", "slope_of_gelu(W1 * Z)", "gelu(W1 * Z)"),
        ("wrong slope", "(1 - tanh(inside) ** 2)", "(1 + tanh(inside) ** 2)"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("id", "old", "new"),
    [
        pytest.param(id, old, new, id=f"{id}: {what}")
        for id, variants in WRONG.items()
        for what, old, new in variants
    ],
)
def test_a_wrong_formula_is_refused(id: str, old: str, new: str) -> None:
    refusal(changed(id, old, new))


def test_every_result_has_wrong_variants() -> None:
    assert list(WRONG) == IDS
    assert min(map(len, WRONG.values())) >= 2


# Which layers a block of the Hessian is of matters to what it is called, not to the formula.
CONDITIONS = [
    (id, at)
    for id, result in BY_ID.items()
    for at in range(2 if id == "hessian-block" else 0, len(result.given))
]


@pytest.mark.parametrize(("id", "at"), CONDITIONS)
def test_no_condition_can_be_dropped(id: str, at: int) -> None:
    result = BY_ID[id]
    given = list(result.given)
    given[at] = Hypothesis(LessEqual(0, 0), given[at].words)
    routes = {"main": Route("main", result.routes["main"].script)}
    refusal(replace(result, given=tuple(given), routes=routes))


def test_a_pack_that_is_changed_in_nothing_is_proved() -> None:
    """What refuses a wrong variant is its formula, not that it was read anew."""
    module = ModuleType("same_words")
    exec(compile(SOURCE, str(PATH), "exec"), module.__dict__)
    for result in module.RESULTS:
        assert result.theorem().conclusion == BY_ID[result.id].theorem().conclusion
