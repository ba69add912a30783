"""The statement lock: what each result says, against the paper's sentence, cannot drift unseen.

A digest is that of the statement in the core language, so it changes exactly when the meaning
does; names of bound variables and the way a claim is written do not matter.
"""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import theorems
from proofkit.basics import tables
from proofkit.claims import encode
from proofkit.export import publication
from proofkit.kernel.reading import claim
from proofkit.script import Result
from proofkit.views import latex, text
from proofkit.views.reading import prose_boxes
from theorems import PACK

DIGESTS = {
    "chain-rule": "e8f8f412d9a33acf",
    "perturbation": "d877bba76fbdd979",
    "theorem-3": "fd4543efb56cc78c",
    "lemma-2": "8f8ce247bf44e51d",
    "lemma-1": "7939ffa9957e6757",
    "theorem-1": "2a1b6086d91e062b",
    "theorem-2": "8f62415b477424a2",
    "corollary-1": "3f6ac71975fb0c22",
    "corollary-2": "e29c31f75b1b2110",
}


def digest(name: str) -> str:
    return tables.digest(encode(PACK[name].statement))[:16]


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


# ── Statements as published, and as they were in proofkit/proof/3 ────────────────────────────────
def test_the_published_statements_are_current() -> None:
    # Written by: proofkit export --statements -o theorems/statements.json
    published = (Path(theorems.__file__).parent / "statements.json").read_text(encoding="utf-8")
    assert published == tables.dumps(publication(PACK))


def before(table: list[list[Any]]) -> list[Any]:
    """The terms of a table of proofkit/proof/3, where [p, q] is a fraction."""
    terms: list[Any] = []

    def item(x: Any) -> Any:
        if type(x) is not list:
            return x
        return terms[x[0]] if len(x) == 1 else Fraction(*x)

    for entry in table:
        terms.append(tuple(map(item, entry)))
    return terms


def said_anew(x: Any) -> Any:
    """A term of proofkit/proof/3 in the words of /4: a coefficient n is the pair (p, q)."""
    if type(x) is not tuple:
        return x
    if x[:1] in (("num",), ("mat",)):
        keys = (said_anew(key) for key, _ in x[-1])
        pairs = (Fraction(n).as_integer_ratio() for _, n in x[-1])
        return (*map(said_anew, x[:-1]), tuple(zip(keys, pairs, strict=True)))
    return tuple(map(said_anew, x))


FROZEN = json.loads((Path(__file__).parent / "statements-0.1.json").read_text(encoding="utf-8"))


GONE = {"lemma-1-above"}
"""Auxiliary results that others have replaced: lost-rank says lemma-1-above the other way round."""


def test_every_statement_is_what_it_was_in_the_language_before() -> None:
    terms = before(FROZEN["table"])
    old = {(s["result"], s["route"]): terms[s["statement"]] for s in FROZEN["statements"]}
    assert len(old) == 58
    now = {(r.id, route): r for r in PACK.everything for route in r.routes}
    assert {(r.id, route) for r in PACK.results for route in r.routes} <= old.keys()
    assert {id for id, _ in old.keys() - now.keys()} == GONE
    for name in old.keys() & now.keys():
        assert claim(said_anew(old[name])) == now[name].theorem(name[1]).conclusion


# A changed statement changes the digest: 1 ≤ i instead of 0 ≤ i, say.
def test_the_lock_notices_a_changed_statement() -> None:
    from dataclasses import replace

    first = PACK.results[0]
    weaker = replace(first, given=first.given[1:])
    assert tables.digest(encode(weaker.statement))[:16] != digest(first.id)


# No rule of the kernel and no textbook fact speaks of networks.
def test_the_kernel_does_not_mention_the_papers_notions() -> None:
    from proofkit import kernel, textbook

    words = re.compile(r"bottleneck|tower|L_k|network|neuron|spurious", re.IGNORECASE)
    for package in (kernel, textbook):
        for path in Path(package.__file__).parent.glob("*.py"):
            assert words.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize("result", PACK.results, ids=lambda result: result.id)
def test_the_idea_of_a_result_takes_three_sentences(result: Result) -> None:
    said = text.show_box(prose_boxes(result.idea, result.notation))
    assert len(re.findall(r"[.!?](?=\s|$)", said)) == 3, said
