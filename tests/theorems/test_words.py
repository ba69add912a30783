"""The words of a step are sentences of their own: a step can be read without the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from proofkit.reports.tracing import plain_trace
from proofkit.script import Result
from proofkit.trace import Prose
from proofkit.views import text
from proofkit.views.reading import prose_boxes
from theorems import PACK

RESULTS = [*PACK.results, *PACK.auxiliary]


def fault(words: Prose, said: str) -> str:
    """What is wrong with the words of a step, as it is ``said``, if they are not sentences."""
    first = words.parts[0]
    if said[-1] not in ".?:":
        return "it has no end"
    if isinstance(first, str) and first[0].islower():
        return "it begins in the middle"
    if len(said.split()) < 3 and not re.match(r"Transpose|Multiply", said):
        return "it is too short to say anything"
    return ""


def said(result: Result) -> Iterator[tuple[str, Prose, str]]:
    """The words of all steps but hypotheses, by all routes, with the steps' numbers."""
    for route in result.routes:
        trace = plain_trace(result, route)
        for step in trace.walk():
            if step.words and step.kind != "given":
                words = text.show_box(prose_boxes(step.words, trace.notation))
                yield f"{route} {step.number}", step.words, words


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.id)
def test_the_words_of_each_step_are_sentences(result: Result) -> None:
    found = [(at, why, words) for at, it, words in said(result) if (why := fault(it, words))]
    assert not found


@pytest.mark.parametrize("words", ["and convex.", "So {A} has full rank,", "It has.", "is zero"])
def test_a_fragment_is_noticed(words: str) -> None:
    assert fault(Prose((words,)), words)


def test_no_step_of_the_nine_begins_with_a_pronoun() -> None:
    """“It” or “they” at the start of a step's words names nothing that stands in them."""
    leaning = [
        (result.id, at, words)
        for result in PACK.results
        for at, _, words in said(result)
        if re.match(r"(It|They|Its|Their|And)\b", words)
    ]
    assert not leaning
