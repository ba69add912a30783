"""Lemma 1: its statement, both routes, and the variants that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    And,
    Convex,
    Differentiable,
    Equal,
    Less,
    LessEqual,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.script import Result
from theorems.lemma_1 import lemma_1, lost_rank
from theorems.setting import M, d, f, j, k, local_minimum, narrowest

BOTH = [
    pytest.param(r, name, id=f"{r.id}-{name}") for r in (lost_rank, lemma_1) for name in r.routes
]


@pytest.mark.parametrize(("result", "route"), BOTH)
def test_proved(result: Result, route: str, proved: Any) -> None:
    proved(result, route)


@pytest.mark.parametrize(("result", "route"), BOTH)
def test_every_hypothesis_is_needed(
    result: Result, route: str, needs_every_hypothesis: Any
) -> None:
    needs_every_hypothesis(result, route)


def test_the_statement_is_the_papers_without_convexity() -> None:
    assert lemma_1.variables == (d, k, j, f, M)
    assert [h.claim for h in lemma_1.given] == [
        Less(0, j),
        Less(j, k),
        narrowest(j),
        Differentiable(f),
        local_minimum(M),
    ]
    assert Convex(f) not in [h.claim for h in lemma_1.given]
    full = And(RankIs(M[k : j + 1], d(j)), RankIs(M[j:1], d(j)))
    assert lemma_1.claim == Or(Equal(f.gradient(M[k:1]), 0), full)


@pytest.mark.parametrize("route", lemma_1.routes)
def test_a_critical_point_is_not_enough(route: str, refused: Any) -> None:
    # E11, E12: at the origin every layer is critical, the gradient is not zero and A = 0.
    i = next(v for v in narrowest(j).variables)
    critical = Equal(M[k : i + 1].T * f.gradient(M[k:1]) * M[i - 1 : 1].T, 0)
    from proofkit.claims import ForAll, Implies

    everywhere = ForAll(i, Implies(LessEqual(1, i), LessEqual(i, k), critical))
    refused(lemma_1, route, 4, everywhere)


@pytest.mark.parametrize("route", lemma_1.routes)
def test_another_layer_being_narrowest_is_refused(route: str, refused: Any) -> None:
    refused(lemma_1, route, 2, narrowest(j + 1))


def test_the_papers_route_comes_first_and_carries_the_remarks() -> None:
    assert list(lemma_1.routes) == ["paper", "short"]

    def of(steps: Any) -> set[str]:
        own = {r.id for step in steps for r in step.remarks}
        return own.union(*(of(step.children) for step in steps))

    assert of(lemma_1.run("paper").proof.steps) == {"first-index", "first-layer", "scaled-small"}
    assert of(lemma_1.run("short").proof.steps) == set()


def test_both_routes_rest_on_identity_1_and_lemma_2_and_one_turns_rows_out_of_a_subspace() -> None:
    used = {route: set(lemma_1.run(route).footprint.results) for route in lemma_1.routes}
    for route in lemma_1.routes:
        assert {"perturbation", "lemma-2", "lost-rank"} <= used[route]
    assert "nonzero-matrix" in used["paper"] - used["short"]
    assert "peeling" in used["short"] - used["paper"]


def test_the_lemma_about_one_half_needs_no_rank_of_the_other() -> None:
    assert lost_rank.given[-1].claim == RankBelow(M[k : j + 1], d(j))
    assert lost_rank.claim == Equal(f.gradient(M[k:1]), 0)
