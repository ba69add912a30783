"""Questions as one types them into fields: what is read, and at which field a fault is told."""

from __future__ import annotations

import pytest

from proofkit.derivatives.asking import FieldFault, Question, answered, pairs

PAIRS = {
    "X=n,p y=n w=p": ["X=n,p", "y=n", "w=p"],
    "X=n, p; y = n, w=p": ["X=n,p", "y=n", "w=p"],
    "A=positive definite, B=symmetric": ["A=positive definite", "B=symmetric"],
    "  ": [],
    "X": ["X"],
    ",;,": [],
}


@pytest.mark.parametrize("text", PAIRS)
def test_pairs_are_divided_as_people_write_them(text: str) -> None:
    assert pairs(text) == PAIRS[text]


def test_each_variable_gets_its_derivative_once() -> None:
    found = answered(Question("norm(A @ x - b)**2", "x, A x", "A=m,n x=n b=m"))
    assert [d.text for d in found] == ["2 * A.T @ (A @ x - b)", "2 * (A @ x - b) @ x.T"]


FAULTS = {
    ("", "x"): ("formula", "a formula is needed"),
    ("sum(X", "X", "X=n,p"): ("formula", "never closed"),
    ("sum(x) # y", "x", "x=n"): ("formula", "no comments"),
    ("X @ w", "w", "X=n,p w=q"): ("formula", "columns meet"),
    ("X", "X", "X=n,p"): ("formula", "a gradient is one of a number"),
    ("sum(exp(" * 30 + "x" + "))" * 30, "x", "x=n"): ("formula", ""),
    ("sum(x)", "", "x=n"): ("wrt", "name the variable"),
    ("sum(x)", "y", "x=n"): ("wrt", "there are: x"),
    ("sum(x)", "a b c d e", "x=n"): ("wrt", "at most 4"),
    ("sum(x * y)", "x", "x=n"): ("shapes", "what is y? Write y=n,p"),
    ("sum(x)", "x", "x=n x=p"): ("shapes", "two shapes are given for x"),
    ("sum(x)", "x", "x=" + "n" * 600): ("shapes", "at most 500 characters"),
    ("sum(x)", "x", "x=0"): ("shapes", "a size is"),
    ("sum(x)", "x", "x=n n=p"): ("shapes", "rename one"),
    ("sum(x)", "x", "x=n", "x=blue"): ("assume", "positive definite"),
    ("sum(x)", "x", "x=n", "x=symmetric"): ("assume", "only square ones"),
    ("sum(x)", "x", "x=n", "y=positive"): ("assume", "no variable"),
}


@pytest.mark.parametrize("typed", FAULTS)
def test_a_fault_is_told_at_its_field(typed: tuple[str, ...]) -> None:
    with pytest.raises(FieldFault) as fault:
        answered(Question(*typed))
    field, words = FAULTS[typed]
    assert fault.value.field == field
    assert words in str(fault.value)
