"""The statement lock: what each result says, against the paper's sentence, cannot drift unseen.

A digest is that of the statement in the core language, so it changes exactly when the meaning
does; names of bound variables and the way a claim is written do not matter.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from proofkit.checking import numbered
from proofkit.claims import encode
from proofkit.script import Result
from proofkit.views import latex, text
from proofkit.views.reading import prose_boxes
from theorems import PACK

DIGESTS = {
    "chain-rule": "48de18fad265755b",
    "perturbation": "9e88341da11f9e71",
    "theorem-3": "090e0b84a93f57ed",
    "lemma-2": "7f5b65cbbf8e9596",
    "lemma-1": "b6650f1b13489954",
    "theorem-1": "819521d184f7c5b0",
    "theorem-2": "92de679adc9dcba2",
    "corollary-1": "1c53cae8cbfcd352",
    "corollary-2": "28da81a704908715",
}


def digest(name: str) -> str:
    return sha256(repr(encode(PACK[name].statement)).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_the_statement_is_the_one_that_was_compared_with_the_paper(name: str) -> None:
    assert digest(name) == DIGESTS[name]


def test_every_result_of_the_paper_is_locked() -> None:
    assert set(DIGESTS) == {result.id for result in PACK.results}


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_every_result_names_the_papers_sentence_and_compares_itself_with_it(result) -> None:
    assert result.source is not None
    assert 1 <= result.source.page <= 8
    assert len(result.source.sentence) > 30
    assert result.comparison.relation in ("faithful", "stronger", "weaker")
    assert result.comparison.words


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_every_statement_prints_in_plain_and_latex_form(result) -> None:
    assert text.show(result.statement)
    assert latex.sentence(result.statement).count("$") % 2 == 0


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_every_hypothesis_says_what_happens_without_it(result) -> None:
    assert {one.hypothesis for one in result.without} == set(range(len(result.given)))
    examples = PACK.examples()
    for one in result.without:
        assert one.example in examples or one.words


# A changed statement changes the digest: 1 ≤ i instead of 0 ≤ i, say.
def test_the_lock_notices_a_changed_statement() -> None:
    from dataclasses import replace

    first = PACK.results[0]
    weaker = replace(first, given=first.given[1:])
    assert sha256(repr(encode(weaker.statement)).encode()).hexdigest()[:16] != digest(first.id)


# No rule of the kernel and no textbook fact speaks of networks.
def test_the_kernel_does_not_mention_the_papers_notions() -> None:
    from proofkit import kernel, language

    words = re.compile(r"bottleneck|tower|L_k|network|neuron|spurious", re.IGNORECASE)
    for package in (kernel, language):
        for path in Path(package.__file__).parent.glob("*.py"):
            assert words.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize("result", PACK.results, ids=lambda result: result.id)
def test_the_idea_of_a_result_takes_three_sentences(result: Result) -> None:
    said = text.show_box(prose_boxes(result.idea, result.notation))
    assert len(re.findall(r"[.!?](?=\s|$)", said)) == 3, said


@pytest.mark.parametrize("result", PACK.results, ids=lambda result: result.id)
def test_every_step_but_a_plain_supposition_says_something(result: Result) -> None:
    for route in result.routes:
        for number, step in numbered(result.run(route).proof.steps):
            assert step.words or (step.kind == "suppose" and not step.children), (route, number)
