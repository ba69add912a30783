"""Packs without networks: examples are plain values, or instances that are drawn."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import proofkit as pk
from proofkit.checking import check
from proofkit.evaluate import Unsuitable
from proofkit.networks.exact import ExactMatrix
from proofkit.notebook import trace
from proofkit.packs import PackError, Values
from proofkit.reports.tracing import trace_of

n, p, q = pk.sizes("n p q")
c = pk.real("c")
X, Y, W = pk.matrix("X", p, n), pk.matrix("Y", q, n), pk.matrix("W", q, p)
A, B, v = pk.matrix("A", n, n), pk.matrix("B", n, n), pk.vector("v", n)
d, (i, k) = pk.widths("d"), pk.indices("i k")
M = pk.family("M", d)
f = pk.function("f", n, n)


@pk.theorem("fit", given=[(pk.eq(W @ X, Y), "{W} fits")], claim=pk.eq(2 * c * W @ X, 2 * c * Y))
def fit(proof: pk.Proof, fits: pk.Fact) -> None:
    proof.have(fit.claim, pk.by.algebra(fits), "Twice the same.")


@pk.theorem("never", given=[pk.eq(A, 0), pk.ne(A, 0)], claim=pk.eq(A, B))
def never(proof: pk.Proof, zero: pk.Fact, other: pk.Fact) -> None:
    absurd = proof.have(pk.contradiction(), pk.by.contradiction(zero, other), "Both cannot be.")
    proof.have(never.claim, pk.by.from_contradiction(absurd), "So anything.")


SMALL = {X: [[1, 2]], Y: [["1/2", 1]], W: [["1/2"]], c: "3/5"}


# ── Plain values ───────────────────────────────────────────────────────────────────────────────
def test_a_pack_needs_a_name_a_title_and_results() -> None:
    pack = pk.Pack("mine", "Mine", [fit])
    assert pack.results == (fit,)
    assert pack.examples() == {}
    assert pack.example_for(fit) == ""
    outcome = check(pack, fit, networks={}, exact=10)
    assert (outcome.status, outcome.exact, outcome.failures) == ("proved", 10, [])


def test_values_are_read_as_in_a_file_and_sizes_off_them() -> None:
    values = Values.of("small", SMALL).values
    assert {size: values[size] for size in (n, p, q)} == {n: 2, p: 1, q: 1}
    assert values[Y].entries() == [[Fraction(1, 2), 1]]
    assert values[c] == Fraction(3, 5)


@pytest.mark.parametrize(
    "value", [[1, 2], [[1], [2]], np.array([1, 2]), sympy.Matrix([1, 2]), ((1,), (2,))]
)
def test_a_column_may_be_a_list_and_arrays_are_taken(value: Any) -> None:
    found = Values.of("column", {v: value}).values
    assert found[v].entries() == [[1], [2]]
    assert found[n] == 2


def test_families_give_widths_and_functions_stand_for_themselves() -> None:
    square = pk.function_of(B, pk.norm2(B))
    values = Values.of("deep", {M: [[[1, 2]], [[3], [4]]], i: 1, k: 2, n: 2, f: square}).values
    assert values[d] == {0: 2, 1: 1, 2: 2}
    assert values[M].member(2).shape == (2, 1)
    assert values[f] is square


def test_floats_make_all_of_it_floats() -> None:
    example = Values.of("floats", {**SMALL, c: 0.5})
    assert not example.exact
    assert trace_of(pk.Pack("mine", "Mine", [fit]), fit, "f", example).steps[0].verdict is not None
    assert Values.of("exact", SMALL).exact


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({X: [[1, "x"]]}, r"the example 'bad': \$\.X\[0\]\[1\]: the text \"x\" is not a number"),
        ({X: [[1, 2], [3]]}, r"\$\.X\[1\]: the rows of a matrix are equally long"),
        ({X: 3}, r"\$\.X: a list is needed here"),
        ({n: "2"}, r"\$\.n: a whole number is needed here"),
        ({f: 3}, r"\$\.f: this is no variable, or no value for one; found 3"),
        ({"X": 3, X: [[1]]}, r"\$\.X: this is no variable"),
        ({X: [[1, 2]], Y: [[1]]}, r"the example 'bad' gives Y as 1×1, and q×n is 1×2 there"),
        ({A: [[1, 2]]}, r"gives A as 1×2, and n×n is 1×1 there"),
    ],
)
def test_values_that_do_not_fit_are_refused(given: Any, told: str) -> None:
    with pytest.raises(PackError, match=told):
        Values.of("bad", given)


def test_examples_are_values_or_several_by_name_each_for_the_results_it_speaks_of() -> None:
    one = pk.Pack("mine", "Mine", [fit], examples=SMALL)
    assert list(one.examples()) == ["example"]
    two = pk.Pack("mine", "Mine", [fit, never], examples={"a": {A: [[0]], B: [[1]]}, "b": SMALL})
    assert (two.example_for(fit), two.example_for(never)) == ("b", "a")
    with pytest.raises(Unsuitable, match="gives A, B no value, and never speaks of it"):
        two.on(two.examples()["b"], 0, never)


# ── Drawn instances ────────────────────────────────────────────────────────────────────────────
def test_an_instance_on_which_the_hypotheses_hold_is_drawn_where_there_is_none() -> None:
    drawn = Values.drawn(fit, seed=3)
    assert drawn is not None
    values = drawn.values
    assert isinstance(values[W], ExactMatrix)
    assert (values[W] @ values[X]).entries() == values[Y].entries()
    again = Values.drawn(fit, seed=3)
    assert again is not None
    assert repr(again.values) == repr(values)


def test_where_none_is_found_that_is_said() -> None:
    assert Values.drawn(never) is None
    shown = trace_of(pk.Pack("mine", "Mine", [never]), never, "drawn", None)
    assert shown.instance is not None
    assert shown.instance.title.startswith("No instance was found on which the hypotheses hold")
    assert [step.verdict for step in shown.walk()] == [None] * len(shown.walk())


def test_a_result_of_a_cell_is_shown_on_values_or_a_drawn_instance() -> None:
    drawn, given = trace(fit), trace(fit, example=SMALL)
    assert drawn.instance is not None
    assert given.instance is not None
    assert (drawn.instance.id, given.instance.id) == ("drawn", "given")
    assert given.instance.facts == (("n", "2"), ("p", "1"), ("q", "1"))
    for shown in (drawn, given):
        assert {s.verdict.status for s in shown.walk() if s.verdict} == {"holds"}


PACK = """
import proofkit as pk
from tests.packs.test_values import SMALL, fit, never
PACK = pk.Pack("plain", "Plain", [fit, never]{})
"""


@pytest.mark.parametrize("examples", ["", ", examples=SMALL"], ids=["drawn", "given"])
def test_every_command_shows_a_pack_without_networks(
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    examples: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "plain", raising=False)
    (tmp_path / "plain.py").write_text(PACK.format(examples))
    for command in ("show", "walk"):
        said = run(command, "--pack", "plain", "fit")
        assert said.code == 0
        assert said.out.count("holds exactly") == 2
        assert ("Values that the pack gives" in said.out) == bool(examples)
        said = run(command, "--pack", "plain", "never")
        assert said.code == 0
        assert "No instance was found" in said.out
    assert json.loads(run("show", "--pack", "plain", "fit", "--json").out)["instance"]["id"]
    assert run("walk", "--pack", "plain", "fit", "--html").code == 0
    assert run("walk", "--pack", "plain", "never", "--html").code == 0
    assert run("report", "--pack", "plain", "-o", "out", "--format", "html,latex").code == 0
    page = (tmp_path / "out" / "never.html").read_text(encoding="utf-8")
    assert "No instance was found" in page
    missing = run("show", "--pack", "plain", "fit", "--example", "other")
    assert missing.code == 2
    assert "neither an example of the pack" in missing.err
