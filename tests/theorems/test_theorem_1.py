"""Theorem 1 and what it is made of: statements, proofs, and the variants that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    And,
    Between,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    NonZero,
    Or,
    RankIs,
    encode,
)
from proofkit.script import Result
from proofkit.symbols import MatrixVariable, family
from theorems.correspondence import correspondence, deep_minimum, two_layer_minimum
from theorems.factorisation import factorisation
from theorems.setting import M, d, f, global_minimum, j, k, local_minimum, narrowest
from theorems.theorem_1 import theorem_1

RESULTS = [factorisation, two_layer_minimum, deep_minimum, correspondence, theorem_1]
A, B = MatrixVariable("A", d(k), d(j)), MatrixVariable("B", d(j), d(0))
P, Q = MatrixVariable("P", d(k), d(j)), MatrixVariable("Q", d(j), d(0))


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def test_the_statement_is_the_papers() -> None:
    assert theorem_1.variables == (d, k, j, f)
    assert [h.claim for h in theorem_1.given] == [
        LessEqual(1, k),
        Between(0, j, k),
        narrowest(j),
        Convex(f),
        Differentiable(f),
    ]
    deep = ForAll(M, Implies(local_minimum(M), global_minimum(M)))
    two = ForAll(
        A,
        B,
        Implies(LocalMinimum((P, Q), f(P * Q), (A, B)), GlobalMinimum((P, Q), f(P * Q), (A, B))),
    )
    wanted = And(Implies(deep, two), Implies(two, deep))
    assert encode(theorem_1.claim) == encode(wanted)


def test_a_local_minimum_of_a_network_is_what_the_paper_says() -> None:
    N = family("N", d)
    assert encode(local_minimum(M)) == encode(LocalMinimum(N, f(N[k:1]), M))


def test_the_pointwise_statement() -> None:
    upper, lower = M[k : j + 1], M[j:1]
    pair = LocalMinimum((P, Q), f(P * Q), (upper, lower))
    assert [h.claim for h in correspondence.given] == [
        Less(0, j),
        Less(j, k),
        narrowest(j),
        Differentiable(f),
        Or(NonZero(f.gradient(M[k:1])), Convex(f)),
    ]
    wanted = And(Implies(local_minimum(M), pair), Implies(pair, local_minimum(M)))
    assert encode(correspondence.claim) == encode(wanted)


def test_every_pair_factors() -> None:
    N = family("N", d)
    halves = And(Equal(N[k : j + 1], A), Equal(N[j:1], B))
    assert encode(factorisation.claim) == encode(Exists(N, halves))


def test_nothing_factors_through_a_narrower_layer(refused: Any) -> None:
    refused(factorisation, "main", 2, narrowest(0))


def test_a_rank_deficient_factor_is_refused(refused: Any) -> None:
    refused(two_layer_minimum, "main", 2, LessEqual(d(j), d(k)))
    refused(two_layer_minimum, "main", 3, RankIs(M[j:2], d(j)))


def test_at_depth_one_both_factors_cannot_be_moved_at_once(refused: Any) -> None:
    # With j = k or j = 0 the first and the last layer may be one and the same.
    refused(two_layer_minimum, "main", 0, LessEqual(0, j))
    refused(two_layer_minimum, "main", 1, LessEqual(j, k))


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        (two_layer_minimum, {"reason-for-the-rank", "which-layer", "both-at-once"}),
        (deep_minimum, {"continuity"}),
        (correspondence, {"gradient-not-zero"}),
        (theorem_1, {"infima"}),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_remarks(result: Result, wanted: set[str]) -> None:
    def of(steps: Any) -> set[str]:
        own = {r.id for step in steps for r in step.remarks}
        return own.union(*(of(step.children) for step in steps))

    assert of(result.run().proof.steps) == wanted
