"""Hypotheses at work: what each result says of its hypotheses is true, shown on concrete networks.

Without a hypothesis either the conclusion fails on a network on which all the others hold, or it
means nothing, or the hypothesis is not needed and a result of the pack does without it.  The
words a reader is given are pinned to these checks by the table `SHOWN`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofkit.claims import Claim, Equal, encode
from proofkit.diagnose.check.convexity import examine
from proofkit.evaluate import Environment, Layers, evaluate
from proofkit.evaluate.environment import OutOfRange
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import read_network
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network
from proofkit.script import Result
from proofkit.trace import Without
from theorems import PACK, crossing
from theorems.perturbation import P, w
from theorems.setting import G, M, d, f, i, j, k, local_minimum
from theorems.settled import settled

EXAMPLES = {name: read_network(file) for name, file in PACK.examples().items()}
I2 = ExactMatrix.identity(2)


def status(claim: Claim, env: Environment) -> str:
    try:
        return evaluate(claim, env).verdict(env).status
    except OutOfRange:
        return "means nothing"
    except LossError:
        return "there is no gradient"


def on(name: str, result: Result, **values: Any) -> Environment:
    """The symbols of the result on an example, some given other values."""
    env = PACK.environment(EXAMPLES[name], 0, result)
    symbols = {"i": i, "j": j, "w": w, "P": P}
    return env.having({symbols[symbol]: value for symbol, value in values.items()})


def only(result: Result, number: int, env: Environment) -> None:
    """All hypotheses hold but one, which fails."""
    seen = [status(h.claim, env) for h in result.given]
    assert seen == ["fails" if n == number else "holds" for n in range(len(seen))]


# ── On an example as it is, or cut at another layer ────────────────────────────────────────────
ON_EXAMPLES = [
    pytest.param(result, one, id=f"{result.id}-H{one.hypothesis + 1}-{one.example}")
    for result in PACK.results
    for one in result.without
    if one.example
]
NO_GRADIENT = {("chain-rule", 1), ("lemma-2", 3), ("lemma-1", 3)}


@pytest.mark.parametrize(("result", "one"), ON_EXAMPLES)
def test_on_the_example_it_alone_fails_and_the_conclusion_with_it(
    result: Result, one: Without
) -> None:
    env = on(one.example, result).having(dict(one.where))
    only(result, one.hypothesis, env)
    if (result.id, one.hypothesis) in NO_GRADIENT:
        assert status(result.claim, env) == "there is no gradient"
    else:
        assert status(result.claim, env) == "fails"


def test_at_the_kink_the_halves_have_lost_rank_too() -> None:
    # Lemma 1 on E25: there is no gradient to be zero, and the second alternative is false.
    lemma = PACK["lemma-1"]
    assert status(lemma.claim.args[1], on("E25", lemma)) == "fails"


# ── In the words of the result ─────────────────────────────────────────────────────────────────
def below_and_above(result: Result) -> None:
    """The chain rule for a layer that is not there."""
    for layer in (0, EXAMPLES["E08"].depth + 1):
        env = on("E08", result, i=layer)
        only(result, 0, env)
        assert status(result.claim.args[1], env) == "means nothing"


def cut_outside(result: Result) -> None:
    for layer in (-1, EXAMPLES["E08"].depth + 1):
        env = on("E08", result, j=layer)
        assert status(result.given[0].claim, env) == "fails"
        assert status(result.claim, env) == "means nothing"


def first_units(result: Result) -> None:
    network = EXAMPLES["E08"]
    units = {
        at: ExactMatrix.of([[int(row == 0)] for row in range(network.dims[at])]) for at in (1, 2)
    }
    env = on("E08", result)
    v = next(x for x in result.variables if str(x) == "v")
    moved = {at: m + units[at] @ env[v].member(at).T for at, m in env[M].members.items() if at < 3}
    env = on("E08", result, w=Layers(units), P=Layers({**env[M].members, **moved}))
    only(result, 1, env)
    assert status(result.claim, env) == "fails"


def zeros(result: Result) -> None:
    members = on("E08", result)[M].members
    env = on("E08", result, P=Layers({at: m - m for at, m in members.items()}))
    only(result, 2, env)
    assert status(result.claim, env) == "fails"


def the_number_1(result: Result) -> None:
    """No layers, d(0) = 1, f(x) = x²: at the identity, and f is less at 0."""
    square = SquaredLoss(ExactMatrix.identity(1), ExactMatrix.zeros(1, 1))
    known = {local_minimum(M): (True, "no-layers: the loss is constant")}
    env = Environment({k: 0, d: {0: 1}, f: square, M: Layers({})}, known=known)
    assert PACK["no-layers"].run().theorem
    only(result, 0, env)
    assert status(result.claim, env) == "fails"


def a_saddle_of_three_layers(result: Result) -> None:
    layers = [ExactMatrix.of([[1, 0]]), ExactMatrix.zeros(1, 1), ExactMatrix.zeros(2, 1)]
    network = Network.single("critical", layers, SquaredLoss(I2, I2))
    env = PACK.environment(network, 0, result)
    only(result, 4, env)
    slope: Any = network.loss.gradient(network.product())
    for at in (1, 2, 3):
        above, below = network.chain(3, at + 1), network.chain(at - 1, 1)
        assert (above.T @ slope @ below.T).is_zero()
    assert status(result.claim, env) == "fails"


def by_theorem_3(result: Result) -> None:
    """With j = 0 or j = k the hypotheses are those of Theorem 3, and its conclusion is enough."""
    stronger = PACK["theorem-3-gradient"]
    assert stronger.claim == Equal(G, 0)
    end = {0: 0, 1: k}
    claims = [h.claim for h in stronger.given]
    for number, value in end.items():
        narrow = result.given[2].claim.xreplace({j: value})
        assert narrow in claims[2].args
        assert [h.claim for h in result.given[3:]] == [claims[1], claims[3]]
        one = next(x for x in result.without if x.hypothesis == number)
        assert one.proof == stronger.id
    # G = 0 is the first alternative of Lemma 1, and G·Bᵀ and Aᵀ·G are zero with it.
    if result.id == "lemma-1":
        assert result.claim.args[0] == stronger.claim
    else:
        assert all(G in side.atoms(type(G)) for side in result.claim.args)


def no_layers(result: Result) -> None:
    assert PACK["no-layers"].run().theorem.hypotheses == ()
    assert PACK["no-layers"].given == ()
    if result.id == "theorem-1":  # and the pair by Theorem 3, as both its ends are d(0) wide
        assert PACK["wide-pairs"].run().theorem.hypotheses == ()


def _no_spurious_pair(width: int) -> None:
    """That two layers of this width have no spurious minima, for 2×2 matrices and convex f."""
    wide = PACK["wide-pairs"]
    assert wide.run().theorem.hypotheses == ()
    assert width == 0 or width >= 2  # constant, or as wide as an end


def _spurious(name: str) -> Network:
    """An example that is a certified spurious minimum of a convex differentiable loss."""
    network = EXAMPLES[name]
    known = settled(network)
    found = {str(claim): holds for claim, (holds, _) in known.items()}
    assert found["M is a local minimum of N ↦ f(N[k:1])"]
    assert not found["M is a global minimum of N ↦ f(N[k:1])"]
    return network


def a_layer_of_no_neurons(result: Result) -> None:
    network = _spurious("E01")
    assert network.loss.convexity == "convex"
    assert network.depth < 5  # where the width may be 0
    _no_spurious_pair(0)


def a_wider_layer(result: Result) -> None:
    network = _spurious("E02")
    assert network.dims[1] == 2 > min(network.dims)
    assert network.shape == (2, 2)
    _no_spurious_pair(network.dims[1])


def no_convexity(result: Result) -> None:
    """f = w₁₁² + w₁₂² + w₂₂² + (w₂₁² − 1)² has the local minima ±E₂₁ only, where it is 0."""
    network = _spurious("E26")
    loss: Any = network.loss
    assert loss.convexity == "not convex"
    assert loss.differentiable
    # Its gradient is (2w₁₁, 2w₁₂, 2w₂₂, 4w₂₁(w₂₁² − 1)): zero at 0 and ±E₂₁.  Four values decide
    # the last, a cubic; at 0 there is a way down.
    for x in map(Fraction, (-2, -1, 0, 1, 2, 3)):
        for y in map(Fraction, (-1, 0, 2)):
            slope = loss.gradient(ExactMatrix.of([[y, -y], [x, 3 * y]]))
            assert slope == ExactMatrix.of([[2 * y, -2 * y], [4 * x * (x**2 - 1), 6 * y]])
    value = {x: loss.value(ExactMatrix.of([[0, 0], [x, 0]])) for x in (-1, 0, 1)}
    assert value[-1] == value[1] == 0
    assert loss.hessian(ExactMatrix.zeros(2, 2)).inertia()[2] == 1
    assert loss.value(network.product()) == 1


def no_derivative(result: Result) -> None:
    network = _spurious("E25")
    assert examine(network.loss).status == "proved"  # convex: local minima of f are global
    assert not network.loss.differentiable


def no_towers(result: Result) -> None:
    _spurious("E01")  # of the two-layer network with b = 1
    assert EXAMPLES["E01"].dims == (2, 1, 2)


def a_wrong_total(result: Result) -> None:
    network = _spurious("E01")
    assert min(network.dims) == 1
    _no_spurious_pair(2)


SHOWN: dict[tuple[str, int], tuple[str, Callable[[Result], None]]] = {
    ("chain-rule", 0): ("mean nothing", below_and_above),
    ("perturbation", 0): ("mean nothing", cut_outside),
    ("perturbation", 1): ("E08 put the first unit vector", first_units),
    ("perturbation", 2): ("E08 zeros", zeros),
    ("theorem-3", 0): ("the number 1", the_number_1),
    ("lemma-2", 0): ("Not needed", by_theorem_3),
    ("lemma-2", 1): ("Not needed", by_theorem_3),
    ("lemma-2", 4): ("M₁ = (1 0), M₂ = 0, M₃ = 0", a_saddle_of_three_layers),
    ("lemma-1", 0): ("Not needed", by_theorem_3),
    ("lemma-1", 1): ("Not needed", by_theorem_3),
    ("theorem-1", 0): ("Not needed", no_layers),
    ("theorem-1", 1): ("width 0", a_layer_of_no_neurons),
    ("theorem-1", 2): ("E02", a_wider_layer),
    ("theorem-1", 3): ("E26", no_convexity),
    ("theorem-1", 4): ("E25", no_derivative),
    ("corollary-1", 0): ("Not needed", no_layers),
    ("corollary-2", 0): ("b = 1", no_towers),
    ("corollary-2", 1): ("width 0", a_layer_of_no_neurons),
    ("corollary-2", 2): ("E02", a_wider_layer),
    ("corollary-2", 3): ("b = 2", a_wrong_total),
    ("corollary-2", 4): ("be 2", a_wrong_total),
    ("corollary-2", 5): ("E26", no_convexity),
    ("corollary-2", 6): ("E25", no_derivative),
}


@pytest.mark.parametrize(("id", "number"), SHOWN, ids=lambda x: str(x))
def test_what_the_words_say_is_so(id: str, number: int) -> None:
    result = PACK[id]
    words, check = SHOWN[id, number]
    one = next(x for x in result.without if x.hypothesis == number)
    assert words in "".join(map(str, one.words.parts))
    check(result)


def test_every_hypothesis_of_every_result_is_shown() -> None:
    for result in PACK.results:
        numbers = [one.hypothesis for one in result.without]
        assert numbers == list(range(len(result.given)))
        for one in result.without:
            assert bool(one.example) != ((result.id, one.hypothesis) in SHOWN)
            if one.proof:
                assert PACK[one.proof].run().theorem.conclusion == encode(PACK[one.proof].statement)


def test_the_check_can_fail() -> None:
    # E02 is a spurious minimum; in Theorem 3 the hypothesis "no bottleneck" fails there, not the
    # convexity.
    with pytest.raises(AssertionError):
        only(PACK["theorem-3"], 1, on("E02", PACK["theorem-3"]))


# ── Local minima outside the theory ────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_identity_certifies_just_the_three_examples(name: str) -> None:
    assert crossing.is_spurious_minimum(EXAMPLES[name]) == (name in {"E25", "E26", "E31"})


@pytest.mark.parametrize("name", ["E25", "E26", "E31"])
def test_the_loss_is_no_smaller_on_random_networks_in_reach(name: str) -> None:
    import random

    network, rng = EXAMPLES[name], random.Random(7)
    loss: Any = network.loss
    here = loss.value(network.product())
    for _ in range(300):
        small = [
            ExactMatrix.of(
                [[crossing.REACH * Fraction(rng.randint(-8, 8), 8) for _ in "12"] for _ in "12"]
            )
            for _ in network.layers
        ]
        moved = [layer + change for layer, change in zip(network.layers, small, strict=True)]
        product = I2
        for layer in moved:
            product = layer @ product
        assert loss.value(product) >= here


def test_another_point_or_another_loss_is_not_certified() -> None:
    network = EXAMPLES["E26"]
    lower, upper = network.layers
    other = EXAMPLES["E12"].loss
    assert not crossing.is_spurious_minimum(Network.single("", [upper, lower], network.loss))
    assert not crossing.is_spurious_minimum(Network.single("", [lower, upper], other))
    assert not crossing.is_spurious_minimum(Network.single("", [I2, upper], network.loss))
