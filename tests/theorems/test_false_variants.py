"""False variants of the paper's results: each is refused, and each is refuted by a network.

A variant is tried with every script that proves the true result, and with the short cut that
would make it true; the network satisfies what the variant supposes and not what it claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from proofkit.claims import (
    And,
    Claim,
    Differentiable,
    Equal,
    ForAll,
    Implies,
    LessEqual,
    Or,
    RankIs,
)
from proofkit.diagnose.check.convexity import examine
from proofkit.evaluate import Environment, evaluate
from proofkit.networks.files import read_network
from proofkit.networks.losses import SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network
from proofkit.script import (
    Hypothesis,
    Proof,
    Result,
    Route,
    ScriptError,
    algebra,
    arithmetic,
    either,
    from_,
    known,
    part,
    result_,
    the,
)
from proofkit.symbols import rank
from theorems import PACK
from theorems.corollary_2 import corollary_2
from theorems.lemma_1 import lemma_1
from theorems.pair_to_towers import wide_pairs
from theorems.setting import G, M, d, f, i, j, k, narrowest
from theorems.theorem_1 import DEEP, TWO, theorem_1
from theorems.theorem_3 import theorem_3
from theorems.towers import b

Attempt = Callable[..., None]


@dataclass(frozen=True)
class Variant:
    """A false statement, the scripts that might prove it, and the network that refutes it."""

    statement: Result
    attempts: tuple[Attempt, ...]
    example: str


def variant(
    result: Result,
    hypotheses: dict[int, Claim | None],
    *attempts: Attempt,
    example: str,
    claim: Claim | None = None,
) -> Variant:
    """The result with hypotheses replaced, or dropped when None is given, or another claim.

    A dropped hypothesis is replaced by one that says nothing, so that scripts still fit.
    """
    nothing = LessEqual(0, 0)
    given = tuple(
        Hypothesis(hypotheses.get(n, h.claim) or nothing, h.words)
        for n, h in enumerate(result.given)
    )
    statement = replace(result, given=given, claim=claim or result.claim, routes={})
    own = tuple(route.script for route in result.routes.values())
    return Variant(statement, (*own, *attempts), example)


# ── Lemma 1 without the local minimum ──────────────────────────────────────────────────────────
slope = M[k : i + 1].T * G * M[i - 1 : 1].T
CRITICAL = ForAll(i, Implies(LessEqual(1, i), LessEqual(i, k), Equal(slope, 0)))


def ranks_from_critical(p: Proof, *facts: Any) -> None:
    """Criticality next to the bottleneck has G between products; hope that they cancel."""
    at_j = p.have(
        Equal(M[k : j + 1].T * G * M[j - 1 : 1].T, 0), from_(facts[4], j, premises=facts[:2])
    )
    flat = p.have(Equal(G, 0), algebra(at_j))
    p.have(lemma_1.claim, either(flat))


# ── Every layer has full rank ──────────────────────────────────────────────────────────────────
FULL = Or(RankIs(M[i], d(i)), RankIs(M[i], d(i - 1)))
LAYERS = Or(Equal(G, 0), ForAll(i, Implies(LessEqual(1, i), LessEqual(i, k), FULL)))


def layers_from_halves(p: Proof, *facts: Any) -> None:
    """rank B ≤ rank M_i, and hope that this is enough."""
    ranks = p.have(lemma_1.claim, result_(lemma_1, d, k, j, f, M, premises=facts))
    with p.cases(ranks, LAYERS) as cases:
        with cases.case() as case:
            p.have(LAYERS, either(case.given[0]))
        with cases.case() as case:
            with p.for_all(i, given=[LessEqual(1, i), LessEqual(i, k)]) as block:
                most = p.have(LessEqual(rank(M[i]), d(i - 1)), known("rank at most columns", M[i]))
                half = p.have(RankIs(M[j:1], d(j)), part(case.given[0]))
                whole = p.have(RankIs(M[i], d(i - 1)), arithmetic(most, half))
                p.have(FULL, either(whole))
            p.have(LAYERS, either(block.fact))


# ── Corollary 2 with b ≥ 1 ─────────────────────────────────────────────────────────────────────
def wide_enough(p: Proof, narrow: Any, *facts: Any) -> None:
    """b ≥ 1, and hope that Theorem 3 for two layers applies."""
    p.have(wide_pairs.claim, result_(wide_pairs, *wide_pairs.variables, premises=[narrow, *facts]))


# ── Theorem 1 for a loss without a derivative ──────────────────────────────────────────────────
def only_convex(p: Proof, *facts: Any) -> None:
    """Suppose the loss differentiable after all."""
    with p.for_all(given=[Differentiable(f)]) as block:
        used = (*facts[:4], block.given[0])
        p.have(theorem_1.claim, result_(theorem_1, *theorem_1.variables, premises=used))
    p.have(theorem_1.claim, the(block.fact))


# ── Theorem 3 with a bottleneck inside ─────────────────────────────────────────────────────────
def inner_end(p: Proof, *facts: Any) -> None:
    """A narrowest layer is somewhere: call it an end."""
    p.have(theorem_3.claim, result_(theorem_3, d, k, f, M, premises=facts))


VARIANTS = {
    "Lemma 1 for critical points": variant(
        lemma_1, {4: CRITICAL}, ranks_from_critical, example="E08"
    ),
    "Lemma 1 without the local minimum": variant(lemma_1, {4: None}, example="E12"),
    "Theorem 1 without a derivative": variant(theorem_1, {4: None}, only_convex, example="E25"),
    "Corollary 2 with b ≥ 1": variant(wide_pairs, {0: LessEqual(1, b)}, wide_enough, example="E01"),
    "every layer has full rank": variant(
        lemma_1, {}, layers_from_halves, example="E04", claim=LAYERS
    ),
    "Theorem 3 with a bottleneck inside": variant(
        theorem_3, {3: Or(narrowest(1), narrowest(k))}, inner_end, example="E01"
    ),
    "Theorem 3 without its bottleneck": variant(theorem_3, {3: None}, inner_end, example="E03"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_refused(name: str) -> None:
    case = VARIANTS[name]
    assert case.attempts
    for attempt in case.attempts:
        tried = replace(case.statement, routes={"tried": Route("tried", attempt)})
        with pytest.raises(ScriptError) as refused:
            tried.run("tried")
        assert "the script stopped with" not in str(refused.value)


def holds(claim: Claim, env: Environment) -> bool | None:
    """Whether the claim holds for certain; None where it was only tried."""
    outcome = evaluate(claim, env)
    if not outcome.everywhere:
        return False
    return None if outcome.sampled or outcome.unknown else True


def network_of(case: Variant) -> tuple[Network, Environment]:
    network = read_network(PACK.examples()[case.example])
    return network, PACK.environment(network, 0, case.statement)


@pytest.mark.parametrize(
    "name",
    [name for name in VARIANTS if VARIANTS[name].statement.id in ("lemma-1", "theorem-3")],
)
def test_refuted_by_the_network_as_it_stands(name: str) -> None:
    case = VARIANTS[name]
    _, env = network_of(case)
    assert all(holds(h.claim, env) for h in case.statement.given)
    assert holds(case.statement.claim, env) is False


def test_lemma_1_needs_a_minimum_also_where_the_hessian_is_zero() -> None:
    for example in ("E11", "E12"):
        case = replace(VARIANTS["Lemma 1 for critical points"], example=example)
        _, env = network_of(case)
        assert all(holds(h.claim, env) for h in case.statement.given)
        assert holds(case.statement.claim, env) is False


def test_every_layer_of_two_has_full_rank() -> None:
    """The variant is true for two layers, so that k = 3 is what refutes it."""
    case = VARIANTS["every layer has full rank"]
    network, env = network_of(case)
    assert network.depth == 3
    _, env = network_of(replace(case, example="E01"))
    assert holds(case.statement.claim, env)


def test_corollary_2_with_b_at_least_1_is_refuted_by_e01() -> None:
    """Its one tower has b = 1, its loss is convex and differentiable, and it is spurious."""
    case = VARIANTS["Corollary 2 with b ≥ 1"]
    network = read_network(PACK.examples()[case.example])
    assert isinstance(network.loss, WeightedSquaredLoss | SquaredLoss)
    env = PACK.environment(network, 0, PACK["theorem-2"])
    assert network.dims == (2, 1, 2)
    spurious = PACK["theorem-2"].given[2].claim
    assert holds(spurious, env)
    # Of the towers as well: Corollary 2's own symbols, with s = 1.
    towers = PACK.environment(network, 0, corollary_2)
    assert towers[corollary_2.variables[0]] == 1
    assert holds(LessEqual(1, b), towers)
    assert holds(Or(*wide_pairs.given[0].claim.args), towers) is False


def test_theorem_1_without_a_derivative_is_refuted_by_e25() -> None:
    """At depth 1 the loss is f itself, convex: no spurious minima.  Two layers have E25."""
    case = VARIANTS["Theorem 1 without a derivative"]
    network = read_network(PACK.examples()[case.example])
    assert network.dims == (2, 2, 2)  # that is L₂ for depth 1 and widths 2, 2: d = 2
    assert examine(network.loss).status == "proved"
    assert not network.loss.differentiable
    env = PACK.environment(network, 0, PACK["theorem-2"])
    assert holds(PACK["theorem-2"].given[2].claim, env)
    assert case.statement.claim == And(Implies(DEEP, TWO), Implies(TWO, DEEP))
