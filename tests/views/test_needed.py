"""Auxiliary results are printed once, after the beat that needs them; a proof just read is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from proofkit.trace import ResultTrace, StepTrace, prose
from proofkit.views import html, latex_document, markdown
from proofkit.views.needed import needed
from proofkit.views.telling import told

from . import samples


def applying(id: str) -> ResultTrace:
    """The sample in beats, whose last beat applies an auxiliary result."""
    trace = samples.in_beats()
    last = trace.steps[-1]
    step = replace(last.children[0], rule=f"result: {id}")
    return replace(trace, steps=(*trace.steps[:-1], replace(last, children=(step,))))


def auxiliary(*words: str) -> ResultTrace:
    claim = samples.in_beats().steps[-1].claim
    steps = tuple(
        StepTrace(str(n), "have", claim, "algebra", "because", words=prose(said), level=2)
        for n, said in enumerate(words, start=1)
    )
    return replace(samples.in_beats(), id="aux", title="An aside", steps=steps, notation=())


def test_it_stands_before_the_beat_that_applies_it() -> None:
    trace, aside = applying("aux"), auxiliary("Some words.", "Others.")
    found = needed(trace, [aside], ["aux"])
    assert {number: [one.trace.id for one in several] for number, several in found.items()} == {
        "4": ["aux"]
    }
    assert needed(trace, [aside], []) == {}
    page = html.page(trace, others=[aside], auxiliary=["aux"])
    assert page.index('id="step-3"') < page.index('id="needed-aux"') < page.index('id="step-4"')
    for text in (markdown.document, latex_document.document):
        document = text(trace, others=[aside], auxiliary=["aux"])
        assert document.index("An aside") < document.index("so Lemma 2 holds there")
    assert "Some words." in page[page.index('id="needed-aux"') :]


@pytest.mark.parametrize("known", [True, False])
def test_of_a_proof_that_was_just_read_only_the_statement_is_printed(known: bool) -> None:
    trace = applying("aux")
    first, second = trace.steps[2].children[0], trace.steps[2]
    said = [first.words, second.words] if known else [first.words, prose("Something else.")]
    aside = auxiliary("x", "y")
    steps = tuple(replace(s, words=w) for s, w in zip(aside.steps, said, strict=True))
    ((one,),) = needed(trace, [replace(aside, steps=steps)], ["aux"]).values()
    assert one.like == ("1" if known else "")
    options = {"others": [replace(aside, steps=steps)], "auxiliary": ["aux"]}
    assert ("As in" in html.page(trace, **options)) == known
    assert ("As in" in latex_document.document(trace, **options)) == known
    assert ("As in" in markdown.document(trace, **options)) == known


def test_readers_see_the_beat_the_sentence_and_the_inference() -> None:
    telling = told(samples.in_beats())
    numbers = ("1", "2", "2.1", "2.1.2", "2.1.1", "3.2", "3.1", "3.3", "H1")
    seen = ["1", "2", "2.1", "2.2", "2.2.1", "3.1", "3.1.1", "3.1.2", "H1"]
    assert [telling.label(number) for number in numbers] == seen
    assert telling.beat("2.1.1") == "2"
    deep = replace(samples.in_beats().steps[2], number="1.6.2.1.2")
    block = replace(deep, number="1.6", children=(deep,), words=prose("So."))
    outer = told(replace(samples.in_beats(), steps=(block,)))
    assert outer.label("1.6") == "1" and outer.label("1.6.2.1.2") == "2"


@pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)
def test_no_two_steps_are_seen_under_one_number(make: Callable[[], ResultTrace]) -> None:
    trace = make()
    seen = [told(trace).label(step.number) for step in trace.walk()]
    assert len(set(seen)) == len(seen)
