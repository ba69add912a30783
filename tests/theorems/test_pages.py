"""The pages of the paper: every formula, at every depth, is that of an expression of the record.

What a step's claim encodes to was proved; here it is checked that the proof on a page shows nothing
beside the claims, the terms in sentences, and what the paper is quoted with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from proofkit.reports.tracing import plain_trace
from proofkit.trace import Formula, Prose, ResultTrace
from proofkit.views import html, mathml
from proofkit.views.layout import layout_of
from proofkit.views.quoted import quoted
from proofkit.views.reading import prose_boxes, used_result
from proofkit.views.stating import stated
from theorems import PACK
from theorems.setting import M, k

OWN = {result.id for result in PACK.auxiliary}


def sources(markup: Any) -> set[str]:
    """The LaTeX of all formulas of more than a letter, without braces that only group."""
    found = re.findall(r"<annotation[^>]*>(.*?)</annotation>", str(markup), re.DOTALL)
    plain = {re.sub(r"[{}\s]", "", unescape(one)) for one in found}
    return {one for one in plain if not one.isalpha()}


def others(trace: ResultTrace) -> list[ResultTrace]:
    """The results that a proof applies, and those that the auxiliary ones among them apply."""
    found: dict[str, ResultTrace] = {}
    waiting = [trace]
    while waiting:
        for step in waiting.pop().walk():
            id = used_result(step.rule)
            if id and id not in found:
                found[id] = plain_trace(PACK[id])
                waiting += [found[id]] if id in OWN else []
    return list(found.values())


def expressions(trace: ResultTrace) -> Iterator[Any]:
    """What stands in the record: claims and terms."""
    for step in trace.walk():
        yield step.claim
        yield from step.words.parts
        for remark in step.remarks:
            yield from remark.truth.parts
    for words in (trace.idea, *(meaning for _, meaning in trace.symbols)):
        yield from words.parts


def allowed(trace: ResultTrace) -> set[str]:
    """The formulas of all expressions in the record, in its notation."""
    layout, found = layout_of(trace.notation), set[str]()
    for one in expressions(trace):
        if isinstance(one, Formula):
            found |= sources(mathml.sentence_of(prose_boxes(Prose((one,)), trace.notation)))
        elif not isinstance(one, str):
            found |= sources(mathml.sentence_of(layout(one)))
    found |= sources(mathml.sentence_of(stated(trace).sentences))
    for step in trace.walk():
        for remark in step.remarks:
            found |= sources(mathml.sentence_of(quoted(remark.paper_says)))
    return found


def test_a_formula_of_none_would_be_noticed() -> None:
    trace = plain_trace(PACK["perturbation"])
    foreign = sources(mathml.show(M[k].T * M[k:1]))
    assert foreign and not foreign <= allowed(trace)


@pytest.mark.parametrize("result", PACK.results, ids=lambda result: result.id)
def test_every_formula_of_a_proof_is_one_of_the_record(result: Any) -> None:
    trace = plain_trace(result)
    used = others(trace)
    page = html.page(trace, others=used, auxiliary=OWN)
    proof = page[page.index('<h2 id="proof">') : page.index('<p class="end">')]
    known = set.union(*(allowed(one) for one in (trace, *used)))
    shown = sources(proof)
    assert shown and shown <= known, sorted(shown - known)
