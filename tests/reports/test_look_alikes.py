"""Variables that a page would print alike are no two variables to its reader."""

from __future__ import annotations

import pytest

from proofkit.claims import Less, LessEqual
from proofkit.reports.tracing import plain_trace
from proofkit.script import Result, ScriptError, real_arithmetic, result
from proofkit.symbols import real
from proofkit.views.names import shown_alike


def order(one: str, other: str) -> Result:
    """x < y → x ≤ y, in these names."""
    x, y = real(one), real(other)
    found = result(
        "order",
        "Order",
        variables=(x, y),
        given=((Less(x, y), "one is less"),),
        claim=LessEqual(x, y),
    )

    @found.route()
    def at_once(p, less):  # type: ignore[no-untyped-def]
        p.have(found.claim, real_arithmetic(less), "less is at most")

    return found


@pytest.mark.parametrize(("one", "other"), [("x1", "x_1"), ("x1", "x₁"), ("epsilon", "ε")])
def test_names_that_print_alike_are_refused(one: str, other: str) -> None:
    with pytest.raises(ScriptError, match="printed alike: rename one of them"):
        plain_trace(order(one, other))


def test_names_that_do_not_are_not() -> None:
    assert shown_alike(["x", "x1", "x12", "x_2", "X", "x'", "x̃"]) is None
    assert plain_trace(order("x1", "x2")).status == "proved"
