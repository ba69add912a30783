"""The terminal's summary: numbers as a person writes them, and nothing where nothing is needed."""

import io
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from proofkit.diagnose import Diagnosis, diagnose
from proofkit.diagnose.report import page
from proofkit.diagnose.summary import Figures, facts, renderable, told

LONG = "123456789012345678/987654321098765432"


def printed(found: Diagnosis, exact: bool = False) -> str:
    out = io.StringIO()
    Console(file=out, width=80, color_system=None).print(renderable(told(found), exact))
    return out.getvalue()


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (None, "none"),
        (0.5, "0.5"),
        (-0.0, "0"),
        (1e-300, "10⁻³⁰⁰"),
        (1.23456789e20, "1.23457·10²⁰"),
        (3, "3"),
        ("-355/113", "−355/113"),
        (LONG, "0.125"),
        ("-" + LONG, "−0.125"),
        (10**30, "10³⁰"),
        (str(7**900), "3.87468·10⁷⁶⁰"),
        (f"1/{7**900}", "2.58086·10⁻⁷⁶¹"),
        ("sqrt(5)/8", "sqrt(5)/8"),
        ("sqrt(5)/8 + sqrt(7)/9 + log(2)/11", "0.636494"),
        ("9" * 5000, "10⁵⁰⁰⁰"),
        ("not a number, and a long one at that, longer than fifty", None),
    ],
)
def test_figures(number: Any, written: str | None) -> None:
    shown = Figures()(number)
    assert shown == written if written is not None else shown.endswith("…")
    assert Figures(exact=True)(number).replace("−", "-") == (
        shown.replace("−", "-") if number is None or isinstance(number, float) else str(number)
    )


def test_seven_to_the_900_is_so_large() -> None:
    """What the table above says of it, another way."""
    assert str(7**900)[:7] == "3874681"
    assert len(str(7**900)) == 761


def test_sentences() -> None:
    text = Figures().text
    assert text(f"The lower loss is {LONG}, at t = 1/2.") == "The lower loss is 0.125, at t = 1/2."
    assert text("by 2.5e-07 in W1, not -3") == "by 2.5·10⁻⁷ in W1, not −3"
    for kept in ("E10", "f′ = 0, d² = 4", "two-layer", "layer W12345678901 of 4-1-4", "10^308"):
        assert text(kept) == kept


def test_long_fractions_are_rounded_unless_asked_for() -> None:
    found = diagnose([[[LONG]], [[1]]], X=[[1]], Y=[[3]])
    short, full = printed(found), printed(found, exact=True)
    assert str(found.value) in full.replace("\n", "").replace(" ", "")
    assert str(found.value) not in short.replace("\n", "").replace(" ", "")
    assert "Exact numbers are rounded; --exact prints them." in short
    assert "--exact" not in full
    assert max(map(len, short.splitlines())) <= 80
    assert str(found.value) not in page(found)
    assert "--exact" not in printed(diagnose([[[1]], [[1]]], X=[[1]], Y=[[3]]))


def test_nothing_is_said_where_nothing_was_needed() -> None:
    told_of = printed(diagnose([[[3]]], X=[[1]], Y=[[3]]))
    assert "Result used" not in told_of
    assert "RANKS" not in told_of
    assert "none" not in told_of
    two = printed(diagnose([[[3]], [[1]]], X=[[1]], Y=[[3]]))
    assert "rank A = 1" in two
    assert "hi=" not in two
    assert "hi=" in printed(diagnose([[[3]], [[1]], [[1]]], X=[[1]], Y=[[3]]))
    corner = diagnose([[[0]], [[0]]], loss="abs(w11) + w11**2")
    assert "|gradient|" not in dict(facts(told(corner), Figures())) or corner.gradient_norm == 0


@pytest.mark.parametrize(("dtype", "sizes"), [("float32", "10⁻⁸ 10⁻⁷"), ("float64", "10⁻¹⁶")])
def test_floats_say_how_far_and_how_exact(dtype: str, sizes: str) -> None:
    """A global minimum of width 1, rounded: so far away is it, and so exact are the floats."""
    rng = np.random.default_rng(7)
    x, y = rng.standard_normal((3, 9)), rng.standard_normal((2, 9))
    best = y @ np.linalg.pinv(x)
    u = np.linalg.svd(best @ x)[0][:, :1]
    layers = [(u.T @ best).astype(dtype), u.astype(dtype)]
    found = diagnose(layers, X=x, Y=y)
    assert found.verdict == "global-minimum"
    rows = dict(facts(told(found), Figures()))
    assert any(size in rows["critical point"].split(" by ")[0] for size in sizes.split())
    assert f"the unit roundoff of {dtype}" in rows["tolerance"]
    rows = dict(facts(told(diagnose(layers, X=x, Y=y, tolerance=1e-4)), Figures()))
    assert rows["tolerance"] == "0.0001 of each layer's largest entry, as asked for"


def test_a_summary_takes_what_a_certificate_lacks() -> None:
    found = told(diagnose([[[1]], [[1]]], X=[[1]], Y=[[3]]))
    assert [name for name, _ in facts(found, Figures())] == [
        "widths",
        "loss",
        "|gradient|",
        "Hessian",
    ]
