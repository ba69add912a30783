"""Corollary 2 and what it is made of: statements, proofs, and the variants that are refused."""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest

from proofkit.claims import (
    And,
    Convex,
    Differentiable,
    Equal,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Or,
    RankIs,
    encode,
)
from proofkit.diagnose import diagnose
from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.claims import evaluate
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.networks.random import random_matrix
from proofkit.networks.regression_losses import WeightedSquaredLoss
from proofkit.script import Hypothesis, Result, Route, ScriptError
from proofkit.symbols import (
    MatrixVariable,
    WidthEnds,
    family,
    index,
    natural,
    summation,
    widths,
)
from theorems import towers
from theorems.blocks import identity_blocks, no_columns, part_of_total
from theorems.corollary_2 import corollary_2
from theorems.pair_to_towers import (
    towers_factorisation,
    towers_minimum,
    two_layers_from_towers,
    wide_pairs,
)
from theorems.sums import factors_out, one_summand, only_summand
from theorems.tower_minima import one_tower, tower_ranks
from theorems.towers import lower_block, stacked_product, upper_block
from theorems.towers_to_pair import (
    lower_inverse,
    stacked_minimum,
    towers_from_two_layers,
    upper_inverse,
)
from theorems.two_layers import pair_local

RESULTS = [
    factors_out,
    one_summand,
    only_summand,
    no_columns,
    part_of_total,
    identity_blocks,
    upper_block,
    lower_block,
    stacked_product,
    one_tower,
    tower_ranks,
    upper_inverse,
    lower_inverse,
    stacked_minimum,
    towers_minimum,
    towers_factorisation,
    wide_pairs,
    towers_from_two_layers,
    two_layers_from_towers,
    corollary_2,
]

s, t, i = index("s"), index("t"), index("i")
m, n = natural("m"), natural("n")
K, j, b = widths("K"), widths("j"), widths("b")
d = WidthEnds(widths("d", 2), K, n, m)
f, M, N = towers.f, family("M", d, arity=2), family("N", d, arity=2)


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_proved(result: Result, proved: Any) -> None:
    proved(result, "main")


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_every_hypothesis_is_needed(result: Result, needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(result, "main")


def network(N: Any) -> Any:
    return summation(t, 1, s, N[t][K(t) + 1 : 1])


def test_the_statement_is_the_papers() -> None:
    assert corollary_2.variables == (s, K, widths("d", 2), n, m, j, b, f)

    def each(claim: Any) -> Any:
        return ForAll(t, Implies(LessEqual(1, t), LessEqual(t, s), claim))

    in_tower = (LessEqual(0, i), LessEqual(i, K(t) + 1))
    narrowest = ForAll(i, Implies(*in_tower, LessEqual(d(t, j(t)), d(t, i))))
    assert [encode(h.claim) for h in corollary_2.given] == [
        encode(claim)
        for claim in (
            LessEqual(1, s),
            each(LessEqual(j(t), K(t) + 1)),
            each(narrowest),
            Equal(b(0), 0),
            each(Equal(b(t), b(t - 1) + d(t, j(t)))),
            Convex(f),
            Differentiable(f),
        )
    ]
    local = LocalMinimum(N, f(network(N)), M)
    deep = ForAll(M, Implies(local, GlobalMinimum(N, f(network(N)), M)))
    A, B = MatrixVariable("A", m, b(s)), MatrixVariable("B", b(s), n)
    P, Q = MatrixVariable("P", m, b(s)), MatrixVariable("Q", b(s), n)
    pair = LocalMinimum((P, Q), f(P * Q), (A, B))
    two = ForAll(A, B, Implies(pair, GlobalMinimum((P, Q), f(P * Q), (A, B))))
    wide = Or(LessEqual(n, b(s)), LessEqual(m, b(s)))
    wanted = And(Implies(deep, two), Implies(two, deep), Implies(wide, And(two, deep)))
    assert encode(corollary_2.claim) == encode(wanted)


def test_all_towers_have_one_input_and_one_output() -> None:
    assert network(M).shape == (m, n)
    assert (d(t, 0), d(t, K(t) + 1)) == (n, m)
    assert d(t, 1) not in (n, m)


def test_nothing_but_textbook_facts_is_used() -> None:
    run = corollary_2.run()
    assert not run.theorem.hypotheses
    assert {name for name, _ in run.footprint.rules} == {
        "antisymmetry",
        "convex critical point",
        "differentiable at each point",
        "differentiable everywhere",
        "embedding",
        "fermat",
        "gradient of slope",
        "kernel vector",
        "left inverse",
        "natural numbers",
        "nonzero vector",
        "rank at most columns",
        "rank of product left",
        "rank of product right",
        "rank of transpose",
        "slope of gradient",
        "two blocks",
        "vanishing near zero",
        "zero is not isolated",
    }


@pytest.mark.parametrize(
    ("result", "wanted"),
    [
        (corollary_2, {"one-end-is-enough"}),
        (towers_from_two_layers, {"theorem-3-not-1"}),
        (two_layers_from_towers, {"missing-direction"}),
        (stacked_minimum, {"all-towers-at-once"}),
    ],
    ids=lambda x: getattr(x, "id", ""),
)
def test_remarks(result: Result, wanted: set[str]) -> None:
    def of(steps: Any) -> set[str]:
        own = {r.id for step in steps for r in step.remarks}
        return own.union(*(of(step.children) for step in steps))

    assert of(result.run().proof.steps) == wanted


# ── Variants that are false ────────────────────────────────────────────────────────────────────
def with_claim(result: Result, claim: Any) -> Result:
    routes = {name: Route(name, route.script) for name, route in result.routes.items()}
    return Result(
        f"{result.id}-variant", result.title, result.variables, result.given, claim, routes=routes
    )


def test_one_neuron_is_not_enough() -> None:
    # E01 below is a counterexample.
    too_little = Implies(LessEqual(1, b(s)), And(towers.TWO, towers.TOWERS))
    claim = And(*corollary_2.claim.args[:2], too_little)
    with pytest.raises(ScriptError):
        with_claim(corollary_2, claim).run()
    given = list(wide_pairs.given)
    given[0] = Hypothesis(LessEqual(1, b(s)), given[0].words)
    routes = {"main": Route("main", wide_pairs.routes["main"].script)}
    with pytest.raises(ScriptError):
        Result("v", "", wide_pairs.variables, tuple(given), towers.TWO, routes=routes).run()


def example(name: str) -> Network:
    return read_network(files("theorems") / "examples" / f"{name}.json")


def test_one_neuron_is_not_enough_for_e01() -> None:
    """E01 as one tower with b = 1 < 2 = m = n: a local minimum that is not global."""
    network_ = example("E01")
    env = environment([network_.dims], [network_.layers], network_.loss)
    A, B = MatrixVariable("A", m, b(s)), MatrixVariable("B", b(s), n)
    lower, upper = network_.layers
    env = env.having({A: upper, B: lower})
    for h in corollary_2.given:
        assert evaluate(h.claim, env).everywhere, h.claim
    assert evaluate(LessEqual(1, b(s)), env).everywhere
    assert not evaluate(towers.WIDE, env).everywhere
    assert evaluate(pair_local(A, B, f), env).everywhere
    assert evaluate(towers.towers_local(M), env).everywhere
    better = MatrixVariable("C", m, b(s)), MatrixVariable("D", b(s), n)
    env = env.having({better[0]: ExactMatrix.of([[2], [0]]), better[1]: ExactMatrix.of([[1, 0]])})
    assert evaluate(Less(f(better[0] * better[1]), f(A * B)), env).everywhere
    assert diagnose(network_).verdict == "spurious-local-minimum"


def test_a_second_tower_helps_e01() -> None:
    """E28: with a zero tower beside it b = 2, and E01's minimum is none any more."""
    network_ = example("E28")
    env = environment(
        [x.dims for x in network_.towers], [x.layers for x in network_.towers], network_.loss
    )
    assert evaluate(towers.WIDE, env).everywhere
    assert not evaluate(Equal(f.gradient(towers.network(M)), 0), env).everywhere
    assert evaluate(Equal(b(s), 2), env).everywhere
    assert "saddle" in diagnose(network_).verdict


# ── The statements on concrete towers ──────────────────────────────────────────────────────────
def environment(dims: Any, layers: Any, loss: Any) -> Environment:
    """Towers of the given widths and layers as values of the symbols of `towers`."""
    count = len(dims)
    narrowest = [widths_.index(min(widths_)) for widths_ in dims]
    sums = [0]
    for at, widths_ in zip(narrowest, dims, strict=True):
        sums.append(sums[-1] + widths_[at])
    cut = {}
    for at in range(count):
        columns = range(sums[at], sums[at + 1])
        entries = [[Fraction(int(row == col)) for col in columns] for row in range(sums[-1])]
        cut[at + 1] = ExactMatrix.of(entries)
    return Environment(
        {
            s: count,
            K: {at: len(x) - 2 for at, x in enumerate(dims, 1)},
            widths("d", 2): {
                (at, layer): x for at, line in enumerate(dims, 1) for layer, x in enumerate(line)
            },
            n: dims[0][0],
            m: dims[0][-1],
            j: dict(enumerate(narrowest, 1)),
            b: dict(enumerate(sums)),
            f: loss,
            towers.U: Layers(cut),
            M: Layers(
                {
                    (at, layer): x
                    for at, tower in enumerate(layers, 1)
                    for layer, x in enumerate(tower, 1)
                }
            ),
        }
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "dims", [[(2, 1, 3)], [(2, 3), (2, 1, 3)], [(2, 2, 1, 3), (2, 3, 3), (2, 1, 3)]]
)
def test_on_random_towers(dims: Any, seed: int) -> None:
    layers = [
        [random_matrix((seed, at, layer), x[layer], x[layer - 1]) for layer in range(1, len(x))]
        for at, x in enumerate(dims)
    ]
    loss = WeightedSquaredLoss(ExactMatrix.of([[1, 2]] * 3), ExactMatrix.of([[1, 1]] * 3))
    env = environment(dims, layers, loss)
    for h in (*corollary_2.given, towers.ORTHONORMAL, towers.APART, towers.COMPLETE):
        claim = getattr(h, "claim", None) or h[0]
        assert evaluate(claim, env).everywhere, claim
    assert evaluate(stacked_product.claim, env).everywhere
    for tower in range(1, len(dims) + 1):
        here = env.having({towers.r: tower})
        assert evaluate(upper_block.claim, here).everywhere
        assert evaluate(lower_block.claim, here).everywhere
    total = layers_product(layers[0])
    for tower in layers[1:]:
        total = total + layers_product(tower)
    X = MatrixVariable("X", m, n)
    assert evaluate(Equal(network(M), X), env.having({X: total})).everywhere


def layers_product(layers: Any) -> Any:
    product = layers[0]
    for layer in layers[1:]:
        product = layer @ product
    return product


def test_a_deficient_half_is_refused(refused: Any) -> None:
    half = towers.upper(M, t)
    every = ForAll(t, Implies(LessEqual(1, t), LessEqual(t, s), LessEqual(0, 0)))
    refused(stacked_minimum, "main", 6, every)
    assert stacked_minimum.given[6].claim.body.args[-1] == RankIs(half, d(t, j(t)))
