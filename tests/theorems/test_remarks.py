"""Where the paper's text needs help: each such place is a remark at the step concerned."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from proofkit.script import Step
from proofkit.trace import Remark
from theorems import PACK

# What needs help, in the order of the paper's pages, with the result at whose step it stands and
# the example that shows the difference, if there is one.
WANTED = {
    "no-spurious-minima": ("corollary-1", "E16"),
    "each-layer": ("theorem-2", "E04"),
    "one-end-is-enough": ("corollary-2", ""),
    "convexity-only-here": ("theorem-3", ""),
    "infima": ("theorem-1", ""),
    "continuity": ("deep-minimum", ""),
    "reason-for-the-rank": ("two-layer-minimum", ""),
    "which-layer": ("two-layer-minimum", ""),
    "both-at-once": ("two-layer-minimum", ""),
    "gradient-not-zero": ("correspondence", "E31"),
    "theorem-3-with-one-layer": ("lemma-2", "E02"),
    "global-minimum-not-needed": ("lemma-2", ""),
    "scaled-small": ("lemma-1", ""),
    "first-index": ("lemma-1", "E09"),
    "first-layer": ("lemma-1", "E08"),
    "two-layer-case-proved": ("corollary-1", ""),
    "theorem-3-not-1": ("towers-from-two-layers", ""),
    "all-towers-at-once": ("stacked-minimum", ""),
    "missing-direction": ("two-layers-from-towers", ""),
}


def remarks(steps: Sequence[Step]) -> list[Remark]:
    return [r for step in steps for r in (*step.remarks, *remarks(step.children))]


def found(id: str) -> dict[str, Remark]:
    result = PACK[id]
    return {r.id: r for route in result.routes for r in remarks(result.run(route).proof.steps)}


@pytest.mark.parametrize("id", WANTED)
def test_the_remark_stands_at_its_step(id: str) -> None:
    result, example = WANTED[id]
    remark = found(result)[id]
    assert len(remark.paper_says) > 15
    assert len("".join(map(str, remark.truth.parts))) > 40
    assert remark.example in ("", *PACK.examples())
    if example:
        assert remark.example == example
    assert remark.source is not None
    assert 1 <= remark.source.page <= 8


def test_there_are_no_others() -> None:
    everywhere = {id for result in PACK.everything for id in found(result.id)}
    assert everywhere == set(WANTED)


def test_they_are_listed_with_the_result_and_the_step(run: Callable[..., Any]) -> None:
    rows = json.loads(run("show", "--remarks", "--json").out)["remarks"]
    assert {row["id"] for row in rows} == set(WANTED)
    assert run("show", "--remarks").code == 0
