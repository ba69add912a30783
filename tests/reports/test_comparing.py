"""What a step changes is marked against the matrix it came from, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

from proofkit.claims import Equal
from proofkit.reports.comparing import compared
from proofkit.symbols import family, widths
from proofkit.trace import Footprint, Instance, Quantity, ResultTrace, StepTrace

d = widths("d")
M, P = family("M", d), family("M̃", d)


def trace(*quantities: Quantity) -> ResultTrace:
    claim = Equal(M[1], M[1])
    step = StepTrace("1", "have", claim, "r", "r", quantities=quantities)
    before = Instance("E", "E", (), (Quantity("M_1", (("1", "0"), ("0", "1"))),))
    footprint = Footprint((), (), ())
    return ResultTrace("x", "x", claim, "proved", "proved", (step,), footprint, instance=before)


def changes(quantity: Quantity) -> tuple[tuple[tuple[int, int], ...], str]:
    (found,) = compared(trace(quantity)).steps[0].quantities
    return found.changed, found.compared_to


def test_changed_entries_are_marked() -> None:
    rows = (("1", "5"), ("0", "2"))
    assert changes(Quantity(P[1], rows)) == (((0, 1), (1, 1)), "M_1")
    assert changes(Quantity(Equal(P[1], M[1] + M[1]), rows)) == (((0, 1), (1, 1)), "M_1")


def test_other_matrices_are_compared_with_nothing() -> None:
    assert changes(Quantity(M[1], (("7", "7"), ("7", "7")))) == ((), "")
    assert changes(Quantity(P[2], (("1", "0"), ("0", "1")))) == ((), "")
    assert changes(Quantity(P[1], (("1",),))) == ((), "")


def test_what_is_marked_already_is_kept() -> None:
    quantity = Quantity(P[1], (("1", "0"), ("0", "1")), ((0, 0),), "N")
    assert changes(quantity) == (((0, 0),), "N")


def test_a_matrix_shown_in_an_earlier_step_counts() -> None:
    first = Quantity(M[2], (("1", "2"),))
    one = trace(first)
    step = replace(one.steps[0], number="2", quantities=(Quantity(P[2], (("1", "3"),)),))
    found = compared(replace(one, steps=(*one.steps, step))).steps[1].quantities[0]
    assert found.changed == ((0, 1),)
