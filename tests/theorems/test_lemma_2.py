"""Lemma 2: its statement, its proof, and the variants that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import And, Between, Convex, Differentiable, Equal, Less, LessEqual
from proofkit.script import Result
from theorems import PACK
from theorems.lemma_2 import lemma_2
from theorems.lemma_2_above import lemma_2_above
from theorems.setting import M, d, f, j, k, local_minimum, narrowest

ROUTES = pytest.mark.parametrize("route", lemma_2.routes)
EVERY = pytest.mark.parametrize(
    ("result", "route"),
    [(lemma_2_above, "main"), *((lemma_2, name) for name in lemma_2.routes)],
    ids=lambda x: getattr(x, "id", x),
)


@EVERY
def test_proved(result: Result, route: str, proved: Any) -> None:
    proved(result, route)


@EVERY
def test_every_hypothesis_is_needed(
    result: Result, route: str, needs_every_hypothesis: Any
) -> None:
    # With j = k the upper half is empty, and criticality is not about it; with j = 0 the lower one.
    needs_every_hypothesis(result, route)


def test_the_statement_is_the_papers_without_convexity() -> None:
    G = f.gradient(M[k:1])
    assert lemma_2.variables == (d, k, j, f, M)
    assert [h.claim for h in lemma_2.given] == [
        Less(0, j),
        Less(j, k),
        narrowest(j),
        Differentiable(f),
        local_minimum(M),
    ]
    assert Convex(f) not in [h.claim for h in lemma_2.given]
    assert lemma_2.claim == And(Equal(G * M[j:1].T, 0), Equal(M[k : j + 1].T * G, 0))


def test_the_statement_about_the_upper_half() -> None:
    assert [h.claim for h in lemma_2_above.given] == [
        Between(0, j, k - 1),
        narrowest(j),
        Differentiable(f),
        local_minimum(M),
    ]
    assert lemma_2_above.claim == Equal(f.gradient(M[k:1]) * M[j:1].T, 0)


@ROUTES
def test_a_bottleneck_at_an_end_is_refused(route: str, refused: Any) -> None:
    refused(lemma_2, route, 0, LessEqual(0, j))
    refused(lemma_2, route, 1, LessEqual(j, k))


@ROUTES
def test_another_layer_being_narrowest_is_refused(route: str, refused: Any) -> None:
    refused(lemma_2, route, 2, narrowest(j - 1))
    refused(lemma_2, route, 2, narrowest(0))


def test_the_papers_route_comes_first_and_rests_on_theorem_3() -> None:
    assert list(lemma_2.routes) == ["paper", "short"]
    assert "theorem-3-gradient" in lemma_2.run("paper").footprint.results


def test_the_short_route_does_without_theorem_3() -> None:
    seen, todo = set(), ["lemma-2-above", *lemma_2.run("short").footprint.results]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += PACK[name].run().footprint.results
    assert "lemma-2-above" in seen
    assert not [name for name in seen if name.startswith(("theorem-3", "lemma-1"))]
    assert len(lemma_2.run("short").proof.record) < len(lemma_2.run("paper").proof.record)


def test_the_remarks_stand_where_theorem_3_is_applied() -> None:
    steps = lemma_2.run("paper").steps
    wanted = ["theorem-3-with-one-layer", "global-minimum-not-needed"]
    remarked = {s.rule: [r.id for r in s.remarks] for s in steps if s.remarks}
    assert remarked == {"result: theorem-3-gradient": wanted}
