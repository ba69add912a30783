"""What a claim's verdict on concrete matrices says, and what it must never say.

holds · fails · not refuted (n samples): only what was settled holds or fails for certain.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofkit.claims import (
    And,
    Between,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.evaluate import Environment, Layers, evaluate
from proofkit.evaluate.environment import OutOfRange
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expression_loss import ExpressionLoss
from proofkit.networks.expressions import parse_expression
from proofkit.networks.floating import FloatMatrix
from proofkit.symbols import Function, MatrixVariable, family, index, natural, norm_squared, widths

i, k, n, d = index("i"), index("k"), natural("n"), widths("d")
A, B, X = (MatrixVariable(name, n, n) for name in "ABX")
M = family("M", d)
f = Function("f", n, n)

ROTATION = [[0, -1], [1, 0]]
PROJECTION = [[1, 0], [0, 0]]


def exactly(**values: Any) -> Environment:
    """An environment of 2×2 matrices, in exact rationals."""
    named = {"A": A, "B": B}
    given = {named[name]: ExactMatrix.of(rows) for name, rows in values.items()}
    return Environment({n: 2, **given})


def loss(text: str) -> ExpressionLoss:
    """A loss of 2×2 matrices."""
    return ExpressionLoss((2, 2), parse_expression(text, (2, 2)))


def status(claim: Any, env: Environment) -> str:
    return evaluate(claim, env).verdict(env).status


ENV = exactly(A=ROTATION, B=PROJECTION)
HOLDS: dict[str, Any] = {
    "A² = −I": Equal(A * A, -A.T * A),
    "B² = B": Equal(B * B, B),
    "rank A = 2": RankIs(A, 2),
    "rank B < 2": RankBelow(B, 2),
    "A ≠ 0": NonZero(A),
    "one of two": Or(Equal(A, B), Equal(B, B.T)),
    "a premise that is false": Implies(Equal(A, B), Equal(A, 0)),
    "‖B‖² > 0": Less(0, norm_squared(B)),
    "there is a nonzero vector killed by B": Exists(X, And(Equal(B * X, 0), NonZero(X))),
}
FAILS: dict[str, Any] = {
    "AB = BA": Equal(A * B, B * A),
    "rank B = 2": RankIs(B, 2),
    "B ≠ B": Not(Equal(B, B)),
    "both of which one holds": And(Equal(B, B.T), Equal(A, A.T)),
    "a true premise and a false conclusion": Implies(Equal(B * B, B), Equal(A * A, A)),
    "‖A‖² ≤ 1": LessEqual(norm_squared(A), 1),
}


@pytest.mark.parametrize("name", HOLDS)
def test_what_holds_exactly(name: str) -> None:
    assert status(HOLDS[name], ENV) == "holds"


@pytest.mark.parametrize("name", FAILS)
def test_what_fails_exactly(name: str) -> None:
    assert status(FAILS[name], ENV) == "fails"


def test_a_claim_about_all_matrices_is_at_most_not_refuted() -> None:
    verdict = evaluate(ForAll(X, Equal(A * X, A * X)), ENV).verdict(ENV)
    assert verdict.status == "not refuted"
    assert verdict.samples > 0
    assert status(ForAll(X, Equal(A * X, X * A)), ENV) == "fails"


def test_a_claim_about_all_layers_is_settled_by_trying_them() -> None:
    layers = Layers({1: ExactMatrix.of([[1, 2]]), 2: ExactMatrix.of([[0], [3]])})
    env = Environment({k: 2, d: lambda at: (2, 1, 2)[at], M: layers})
    rank_one = ForAll(i, Implies(Between(1, i, k), RankIs(M[i], 1)))
    assert status(rank_one, env) == "holds"
    assert status(ForAll(i, Implies(Between(1, i, k), RankIs(M[i], 2))), env) == "fails"
    with pytest.raises(OutOfRange):
        evaluate(RankIs(M[3], 1), env)


def test_a_local_minimum_is_tried_in_directions_and_never_certain() -> None:
    # f(W) = w₁₁² − w₂₂²: the origin is a saddle; f(W) = w₁₁²: not refuted, though not strict.
    zero = exactly(A=[[0, 0], [0, 0]])
    at_zero = Near((X, A), LessEqual(f(A), f(X)))
    assert status(at_zero, zero.having({f: loss("w11**2 - w22**2")})) == "fails"
    verdict = evaluate(at_zero, zero.having({f: loss("w11**2")})).verdict(zero)
    assert verdict.status == "not refuted"
    assert verdict.samples > 0


def test_a_claim_that_cannot_be_evaluated_says_so() -> None:
    env = ENV.having({f: loss("w11**4 - w11**2")})
    assert status(Differentiable(f), env) == "holds"
    verdict = evaluate(Convex(f), env).verdict(env)
    assert (verdict.status, verdict.detail) == ("not evaluated", "convexity is unknown")


# ── Batches of floats ──────────────────────────────────────────────────────────────────────────
def batch_of(count: int, seed: int = 0) -> tuple[Environment, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(count, 2, 2))
    return Environment({n: 2, A: FloatMatrix.of(values)}, exact=False, batch=count), values


def test_floats_hold_within_a_tolerance_that_comes_from_the_data() -> None:
    env, _ = batch_of(50)
    verdict = evaluate(Equal((A * A) * A, A * (A * A)), env).verdict(env)
    assert verdict.status == "holds"
    assert not verdict.exact
    assert verdict.residual is not None
    assert verdict.tolerance is not None
    assert verdict.residual <= verdict.tolerance
    # A thousand times the numbers, about 10⁹ times the tolerance of a product of three.
    large = env.having({A: FloatMatrix.of(1000 * env[A].value)})
    wider = evaluate(Equal((A * A) * A, A * (A * A)), large).verdict(large)
    assert wider.tolerance == pytest.approx(1e9 * verdict.tolerance, rel=1e-6)


def test_one_instance_in_a_batch_that_fails_is_counted() -> None:
    env, values = batch_of(20)
    symmetric = values + values.transpose(0, 2, 1)
    symmetric[7, 0, 1] += 1e-6
    env = env.having({A: FloatMatrix.of(symmetric)})
    verdict = evaluate(Equal(A, A.T), env).verdict(env)
    assert (verdict.status, verdict.failed, verdict.instances) == ("fails", 1, 20)


def test_what_is_known_goes_before_trying() -> None:
    claim = LocalMinimum(X, f(X), A)
    certified = Environment({n: 2}, known={claim: (True, "certified")})
    assert evaluate(claim, certified).verdict(certified).status == "holds"
