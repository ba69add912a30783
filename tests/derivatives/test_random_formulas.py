"""Random formulas: each is proved right or refused in words, whatever stands in it."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.derivatives import FormulaError, from_formula
from proofkit.kernel import KernelError

SHAPES = {"A": ("n", "p"), "B": ("p", "n"), "S": ("n", "n"), "x": ("p", "1"), "y": ("n", "1")}
SHAPES |= {"c": ()}
ENTRYWISE = ("exp", "tanh", "sin", "cos", "sigmoid", "relu", "abs", "sqrt", "log")


@st.composite
def matrices(draw: st.DrawFn, depth: int = 2) -> str:
    """Formulas whose parts need not fit together."""
    if depth == 0:
        return draw(st.sampled_from(["A", "B", "S", "x", "y", "A @ x", "S @ y", "A @ B"]))
    inner = matrices(depth - 1)
    form = draw(st.sampled_from(["{}", "({}).T", "({} + {})", "{} * {}", "f({})", "2 * ({})"]))
    parts = [draw(inner) for _ in range(form.count("{}"))]
    return form.format(*parts).replace("f(", draw(st.sampled_from(ENTRYWISE)) + "(")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    form = draw(
        st.sampled_from(
            ["sum({})", "norm({})**2", "trace({})", "c * sum({})", "log(sum(exp({})))", "det({})"]
        )
    )
    return form.format(draw(matrices()))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(numbers(), st.sampled_from(["A", "S", "x", "c"]))
def test_a_formula_is_proved_right_or_refused(formula: str, wrt: str) -> None:
    try:
        derived = from_formula(formula, wrt, SHAPES)
        tried = derived.check(instances=3)
    except (FormulaError, KernelError):
        return
    assert tried.largest_error < 1e-5, (formula, wrt, derived.text, derived.conditions_as_text())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="xAB()[]{}+-*/@.,'\"^=:;<>! \\ntrsumloginvexp0123456789_", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FormulaError, KernelError):
        from_formula(text, "x", SHAPES)
