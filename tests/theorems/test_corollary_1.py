"""Corollary 1 and what it is made of: statements, proofs, and the variants that are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proofkit.claims import (
    Between,
    Equal,
    ForAll,
    GlobalMinimum,
    Implies,
    LessEqual,
    LocalMinimum,
    RankBelow,
    SpuriousLocalMinimum,
    encode,
)
from proofkit.kernel import LEDGER
from proofkit.script import Hypothesis, Result, Route, ScriptError
from proofkit.symbols import (
    MatrixVariable,
    encode_sort,
    family,
    natural,
    norm_squared,
    rank,
    trace,
)
from theorems.corollary_1 import corollary_1
from theorems.ky_fan import P, Q, S, ky_fan
from theorems.narrowest_layer import narrowest_layer
from theorems.rotation import critical_fit, error, least, rotation
from theorems.setting import M, d, j, k
from theorems.squared_loss import A, B, X, Y, best_in_subspace, squared_loss
from theorems.squared_loss_minima import full_rank_minimum, spanning_columns

RESULTS = (
    narrowest_layer,
    squared_loss,
    best_in_subspace,
    ky_fan,
    critical_fit,
    rotation,
    spanning_columns,
    full_rank_minimum,
    corollary_1,
)

n = natural("n")
N = family("N", d)
inputs, targets = MatrixVariable("X", d(0), n), MatrixVariable("Y", d(k), n)


def with_loss(loss: Callable[[Any], Any]) -> Result:
    """Corollary 1 for another loss of the product, with the same proof."""
    minimum = Hypothesis(LocalMinimum(N, loss(N[k:1]), M), corollary_1.given[1].words)
    return Result(
        "corollary-1-variant",
        corollary_1.title,
        corollary_1.variables,
        (corollary_1.given[0], minimum),
        GlobalMinimum(N, loss(N[k:1]), M),
        routes={name: Route(name, r.script) for name, r in corollary_1.routes.items()},
    )


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    for route in result.routes:
        proved(result, route)


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    for route in result.routes:
        needs_every_hypothesis(result, route)


def test_the_statement_is_the_papers_for_any_data_depth_and_widths() -> None:
    def loss(network: Any) -> Any:
        return norm_squared(network[k:1] * inputs - targets)

    assert corollary_1.id == "corollary-1"
    assert corollary_1.variables == (d, k, n, inputs, targets, M)
    assert [h.claim for h in corollary_1.given] == [LessEqual(1, k), LocalMinimum(N, loss(N), M)]
    assert corollary_1.claim == GlobalMinimum(N, loss(N), M)


def test_it_says_that_there_is_no_spurious_local_minimum() -> None:
    objective = norm_squared(N[k:1] * inputs - targets)
    spurious = encode(SpuriousLocalMinimum(N, objective, M))
    local, not_global = spurious[1]
    assert local == encode(corollary_1.given[1].claim)
    assert not_global == ("not", encode(corollary_1.claim))


def test_it_rests_on_the_ledger_and_nothing_else() -> None:
    footprint = corollary_1.run().footprint
    assert not footprint.cited
    assert not footprint.admitted
    assert {name for name, _ in footprint.rules} <= set(LEDGER)
    assert {"flat-or-full", "two-layer-minimum"} <= set(footprint.results)


def test_one_layer_is_allowed() -> None:
    assert corollary_1.given[0].claim == LessEqual(1, k)


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(
            lambda W: trace((W * inputs - targets).T * weight * (W * inputs - targets)),
            id="weighted",
        ),
        pytest.param(lambda W: norm_squared(W * inputs - targets) + norm_squared(W), id="ridge"),
        pytest.param(lambda W: -1 * norm_squared(W * inputs - targets), id="concave"),
        pytest.param(lambda W: norm_squared(W * inputs - targets) ** 2, id="fourth power"),
    ],
)
def test_another_loss_is_refused(loss: Callable[[Any], Any]) -> None:
    with pytest.raises(ScriptError):
        with_loss(loss).run()


weight = MatrixVariable("D", d(k), d(k))


def test_another_target_at_the_minimum_is_refused(refused: Any) -> None:
    other = MatrixVariable("Y'", d(k), n)
    refused(corollary_1, "main", 1, LocalMinimum(N, norm_squared(N[k:1] * inputs - other), M))


def test_a_rank_deficient_layer_is_refused(refused: Any) -> None:
    # The zero layers are critical and, with nothing to learn, the like of a saddle.
    refused(full_rank_minimum, "main", 1, RankBelow(A, natural("d")))
    refused(full_rank_minimum, "main", 1, LessEqual(rank(B), natural("d")))


def test_a_critical_pair_is_refused_as_a_local_minimum(refused: Any) -> None:
    refused(full_rank_minimum, "main", 0, Equal(A.T * (A * B * X - Y) * X.T, 0))
    refused(full_rank_minimum, "main", 0, least(LocalMinimum, A, B + B))


def test_ky_fan_the_other_way_round_is_refused(refused: Any) -> None:
    refused(ky_fan, "main", 4, LessEqual(rank(Q), rank(P)))
    turned = Result(
        "ky-fan-variant",
        ky_fan.title,
        ky_fan.variables,
        ky_fan.given,
        LessEqual(trace(Q * S), trace(P * S)),
        routes={name: Route(name, r.script) for name, r in ky_fan.routes.items()},
    )
    with pytest.raises(ScriptError):
        turned.run()


def test_the_narrowest_layer_is_one_of_the_network() -> None:
    claim = encode(narrowest_layer.claim)
    assert claim[0] == "exists"
    inside = Between(0, j, k).meaning()
    assert encode(ForAll(j, Implies(inside, inside)))[0] == "forall"
    assert len(claim[2][1]) == 3


def test_the_minimum_is_over_all_networks_of_these_widths() -> None:
    claim = encode(corollary_1.claim)
    assert claim[0] == "forall"
    assert claim[1] == encode_sort(M)


def test_the_two_layer_error_is_the_squared_loss() -> None:
    assert error(A * B) == norm_squared(A * B * X - Y)
