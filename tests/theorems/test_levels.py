"""Every proof is told in beats; what a reader of a level must have read stands at that level."""

from __future__ import annotations

import re

import pytest

from proofkit.reports.tracing import plain_trace
from proofkit.script import Result
from proofkit.trace import ResultTrace, StepTrace
from theorems import PACK

MOST_BEATS, MOST_SENTENCES = 9, 30
ROUTES = pytest.mark.parametrize(
    ("result", "route"),
    [pytest.param(r, name, id=f"{r.id}-{name}") for r in PACK.everything for name in r.routes],
)


def told(trace: ResultTrace, level: int = 2) -> list[StepTrace]:
    """The steps that a reader of a level sees, apart from the hypotheses."""
    return [step for step in trace.walk() if step.level <= level]


@ROUTES
def test_a_route_has_beats_and_at_most_nine(result: Result, route: str) -> None:
    beats = [step for step in plain_trace(result, route).walk() if step.kind == "beat"]
    assert 1 <= len(beats) <= MOST_BEATS
    assert all(step.level == 1 for step in beats)


@ROUTES
def test_what_is_told_says_something(result: Result, route: str) -> None:
    assert [s.number for s in told(plain_trace(result, route)) if not s.words] == []


@ROUTES
def test_a_printed_proof_is_short(result: Result, route: str) -> None:
    assert len(told(plain_trace(result, route))) <= MOST_SENTENCES


def test_the_short_route_to_lemma_1_has_fewer_than_twenty_sentences() -> None:
    assert len(told(plain_trace(PACK["lemma-1"], "short"))) < 20


@ROUTES
def test_what_is_cited_is_stated_where_it_can_be_read(result: Result, route: str) -> None:
    """A sentence cites hypotheses, beats and sentences only, each before it and in scope there."""
    trace = plain_trace(result, route)
    steps = {step.number: step for step in trace.walk()}
    order = list(steps)
    for step in told(trace):
        for number in step.cites:
            cited = steps[number]
            assert cited.kind == "given" or cited.level <= 2
            assert order.index(number) < order.index(step.number)
            blocks = [n for n in above(number) if steps[n].kind != "beat"]
            assert all(f"{step.number}.".startswith(f"{n}.") for n in blocks)


def above(number: str) -> list[str]:
    """The numbers of the steps that a step stands in."""
    parts = number.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_nothing_is_said_to_be_itself(result: Result) -> None:
    """No page reads “A = A”, or “e ≤ e”, on the way to a result of the paper."""
    from proofkit.views import text

    for route in result.routes:
        for step in plain_trace(result, route).walk():
            one, sign, other = re.fullmatch(r"(.*?)( [=≤] |$)(.*)", text.show(step.claim)).groups()  # type: ignore[union-attr]
            assert not sign or one != other, (route, step.number)
