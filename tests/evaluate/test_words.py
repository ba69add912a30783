"""Claims with words on instances: what holds, fails, is not applicable, and is never exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from sympy import Rational

from proofkit.claims import (
    And,
    Continuous,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    Slope,
)
from proofkit.evaluate import Environment, evaluate
from proofkit.evaluate.outcomes import Outcome, conjunction, disjunction, implication, negation
from proofkit.evaluate.steps import worst
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.regression_losses import SquaredLoss
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Identity,
    Map,
    MatrixVariable,
    absolute,
    cos,
    determinant,
    diag,
    diagonal,
    entry,
    exp,
    frobenius,
    hadamard,
    hessian,
    inverse,
    log,
    logistic,
    natural,
    norm,
    norm_squared,
    ones,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
    trace,
    vector,
)
from proofkit.trace import Verdict

n = natural("n")
A, B, H, K, X, Y = (MatrixVariable(name, n, n) for name in "ABHKXY")
v = vector("v", n)
x, y, h = real("x"), real("y"), real("h")
f = Function("f", n, n)
sigma = Map("σ")

REGULAR = ExactMatrix.of([[2, 1], [1, Fraction(1, 3)]])
SINGULAR = ExactMatrix.of([[1, 2], [2, 4]])
ENV = Environment({n: 2, A: REGULAR, B: SINGULAR, x: Fraction(-2), y: Fraction(1, 3)})


def seen(claim: Any, env: Environment = ENV) -> tuple[str, bool]:
    """The status, and whether it is exact."""
    verdict = evaluate(claim, env).verdict(env)
    return verdict.status, verdict.exact


# ── Kleene's connectives ───────────────────────────────────────────────────────────────────────
TRUE, FALSE = Outcome(True), Outcome(False)
OPEN = Outcome(False, unknown="log of -1", undefined=True)


def truth(outcome: Outcome) -> bool | None:
    assert outcome.open is False or not outcome.holds
    return None if outcome.open is not False else outcome.holds


@pytest.mark.parametrize(("a", "b"), list(product([True, False, None], repeat=2)))
def test_the_connectives_are_those_of_kleene(a: Any, b: Any) -> None:
    one, two = ({True: TRUE, False: FALSE, None: OPEN}[t] for t in (a, b))
    both = False if False in (a, b) else None if None in (a, b) else True
    either = True if True in (a, b) else None if None in (a, b) else False
    follows = True if a is False or b is True else None if None in (a, b) else False
    assert truth(conjunction([one, two])) is both
    assert truth(disjunction([one, two])) is either
    assert truth(implication([one], two)) is follows
    assert truth(negation(one)) is (None if a is None else not a)


def test_they_are_so_on_each_instance_of_a_batch() -> None:
    values = [True, False, None]
    a, b = (list(t) for t in zip(*product(values, repeat=2), strict=True))

    def batch(truths: list[Any]) -> Outcome:
        undefined = np.array([t is None for t in truths])
        return Outcome(np.array([t is True for t in truths]), undefined=undefined, why="log of -1")

    def truths(outcome: Outcome) -> list[Any]:
        assert not (outcome.holds & outcome.undefined).any()
        pairs = zip(outcome.holds, outcome.undefined, strict=True)
        return [None if u else bool(holds) for holds, u in pairs]

    def one(x: Any) -> Outcome:
        return {True: TRUE, False: FALSE, None: OPEN}[x]

    for joined in (
        lambda p, q: conjunction([p, q]),
        lambda p, q: disjunction([p, q]),
        lambda p, q: implication([p], q),
    ):
        expected = [truth(joined(one(p), one(q))) for p, q in zip(a, b, strict=True)]
        assert truths(joined(batch(a), batch(b))) == expected


def test_the_opposite_of_a_batch_is_open_where_it_is() -> None:
    undefined = np.array([True, False, False])
    outcome = Outcome(np.array([False, True, False]), undefined=undefined, why="log of -1")
    assert negation(outcome).holds.tolist() == [False, False, True]


def test_what_is_not_known_does_not_hold_in_a_conjunction() -> None:
    assumed = Outcome(True, unknown="convexity is assumed")
    assert conjunction([assumed, TRUE]).unknown == "convexity is assumed"
    assert not conjunction([assumed, TRUE]).holds
    assert not disjunction([assumed, FALSE]).holds
    assert seen_as(disjunction([assumed, FALSE])) == "not evaluated"
    assert seen_as(conjunction([OPEN, TRUE])) == "not applicable"


def seen_as(outcome: Outcome) -> str:
    return outcome.verdict(ENV).status


UNDEFINED: dict[str, tuple[Any, str]] = {
    "log of a negative number": (Equal(log(x), 0), "log of -2"),
    "its opposite": (Not(Equal(log(x), 0)), "log of -2"),
    "a root": (Less(0, sqrt(x)), "sqrt of -2"),
    "division by 0": (Equal(reciprocal(y - y + x + 2), 1), "reciprocal of 0"),
    "a singular matrix": (
        Equal(B * inverse(B), Identity(n)),
        "inverse of a matrix whose determinant is 0",
    ),
    "an entry outside": (Equal(entry(A, 1, 3), 0), "entry (1, 3) of a 2×2 matrix"),
    "a derivative at a kink": (Equal(relu.derivative(0), 0), "the derivative at a kink, 0"),
    "a true part beside": (And(Less(0, y), Less(0, log(x))), "log of -2"),
    "a false part beside": (Or(Less(y, 0), Less(0, log(x))), "log of -2"),
    "where it is met": (Implies(Less(0, y), Less(0, log(x))), "log of -2"),
    "some value": (ForAll(h, Equal(h * reciprocal(h), 1)), "reciprocal of 0"),
    "around a point": (Near((h, x), Less(0, log(h))), "log of -"),
    "a slope": (Slope(log, x, FunctionOf(h, reciprocal(x) * h)), "log of -2"),
    "a slope at the border": (Slope(sqrt, 0, FunctionOf(h, h)), "sqrt has no derivative at 0"),
    "continuity": (Continuous(log, x), "log of -2"),
}


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_is_undefined_is_not_applicable_and_says_why(name: str) -> None:
    claim, why = UNDEFINED[name]
    verdict = evaluate(claim, ENV).verdict(ENV)
    assert verdict.status == "not applicable"
    assert verdict.detail.startswith(why)


def test_what_is_settled_without_the_undefined_part_is_settled() -> None:
    undefined = Less(0, log(x))
    assert seen(And(undefined, Less(y, 0)))[0] == "fails"
    assert seen(Or(undefined, Less(0, y)))[0] == "holds"
    assert seen(Implies(undefined, Less(0, y)))[0] == "holds"
    assert seen(Implies(Less(0, x), undefined))[0] == "holds"
    assert (
        seen(Implies(Less(0, h), Equal(h * reciprocal(h), 1)), ENV.having({h: Fraction(0)}))[0]
        == "holds"
    )


# ── Exact values, and enclosures ───────────────────────────────────────────────────────────────
EXACT: dict[str, Any] = {
    "1/x": Equal(reciprocal(y), 3),
    "x to a negative power": Equal(y**-2, 9),
    "the root of a square": Equal(sqrt(y**2), y),
    "a half power": Equal((y + Rational(1, 9)) ** Rational(3, 2), Rational(8, 27)),
    "e⁰": Equal(exp(0), 1),
    "relu and |x|": And(Equal(relu(x), 0), Equal(absolute(x), 2)),
    "det and inverse": And(Equal(determinant(A), -y), Equal(A * inverse(A), Identity(n))),
    "det of a singular matrix": Equal(determinant(B), 0),
    "X ∘ Y": Equal(trace(hadamard(A, B).T * ones(n, n)), trace(A.T * B)),
    "the diagonal": Equal(diagonal(diag(diagonal(A))), diagonal(A)),
    "entries": Equal(entry(A, 1, 2), 1),
    "entry by entry": Equal(relu(-B), B - B),
    "σ′ of a polynomial": Equal(FunctionOf(h, h**3).derivative(y), y),
    "f″ of a cubic": Equal(hessian(FunctionOf(X, trace(X * X * X)), A, B), 3 * (A * B + B * A).T),
    "e is less than 3": Less(exp(1), 3),
    "e is not 3": Not(Equal(exp(1), 3)),
}


@pytest.mark.parametrize("name", EXACT)
def test_what_has_rational_values_or_enclosures_apart_holds_exactly(name: str) -> None:
    assert seen(EXACT[name]) == ("holds", True)


ENCLOSED: dict[str, Any] = {
    "eˣ⁺ʸ": Equal(exp(x + y), exp(x) * exp(y)),
    "eˣ⁺ʸ, at most": LessEqual(exp(x + y), exp(x) * exp(y)),
    "sin² + cos²": Equal(sin(x) ** 2 + cos(x) ** 2, 1),
    "matrices": Equal(tanh(A).T, tanh(A.T) + exp(A) - exp(A)),
    "the inverse": Equal(inverse(exp(A)) * exp(A), Identity(n)),
    "a slope": Slope(exp, x, FunctionOf(h, exp(x) * h)),
}


@pytest.mark.parametrize("name", ENCLOSED)
def test_enclosures_that_overlap_never_hold_exactly(name: str) -> None:
    claim = ENCLOSED[name]
    verdict = evaluate(claim, ENV).verdict(ENV)
    assert (verdict.status, verdict.exact) == ("holds", False)
    assert verdict.tolerance is not None
    assert verdict.residual is not None
    assert 0 <= verdict.residual <= verdict.tolerance < 1e-60
    assert seen(Not(claim)) == ("not evaluated", True)
    assert evaluate(claim, ENV).unknown  # so nobody takes it for established


def test_what_overlaps_is_not_less() -> None:
    status, _ = seen(Less(exp(x + y), exp(x) * exp(y)))
    assert status == "not evaluated"
    assert seen(Less(exp(x), exp(x) + Rational(1, 10**60)))[0] == "holds"


# ── Slopes ─────────────────────────────────────────────────────────────────────────────────────
def linear(body: Any) -> FunctionOf:
    return FunctionOf(H, body)


inverse_word, det_word = FunctionWord("inverse", n), FunctionWord("determinant", n)
SLOPES: dict[str, tuple[Any, Any]] = {
    # the slope, and how it may be said wrongly
    "X⁻¹": (
        (inverse_word, A, linear(-(inverse(A) * H * inverse(A)))),
        linear(inverse(A) * H * inverse(A)),
    ),
    "X⁻¹ with a transpose lost": (
        (FunctionOf(X, inverse(X.T)), A, linear(-(inverse(A) * H * inverse(A)).T)),
        linear(-(inverse(A) * H * inverse(A))),
    ),
    "det": (
        (det_word, A, linear(determinant(A) * trace(inverse(A) * H))),
        linear(determinant(A) * trace(inverse(A.T) * H.T * A) / 2),
    ),
    "σ(X)": (
        (FunctionOf(X, tanh(X)), A, linear(hadamard(ones(n, n) - hadamard(tanh(A), tanh(A)), H))),
        linear(hadamard(ones(n, n) - tanh(A), H)),
    ),
    "a quotient": (
        (
            FunctionOf(X, norm_squared(X) * reciprocal(trace(X))),
            A,
            linear(
                2 * reciprocal(trace(A)) * trace(A.T * H)
                - norm_squared(A) * reciprocal(trace(A)) ** 2 * trace(H)
            ),
        ),
        linear(2 * reciprocal(trace(A)) * trace(A.T * H)),
    ),
    "the Frobenius norm": (
        (FunctionOf(X, norm(X)), A, linear(reciprocal(norm(A)) * trace(A.T * H))),
        linear(2 * reciprocal(norm(A)) * trace(A.T * H)),
    ),
    "a gradient": (
        (FunctionOf(X, f.gradient(X)), A, linear(hessian(f, A, H))),
        linear(2 * hessian(f, A, H)),
    ),
    "a loss of tanh": (
        (
            FunctionOf(X, f(tanh(X))),
            A,
            linear(
                trace(f.gradient(tanh(A)).T * hadamard(ones(n, n) - hadamard(tanh(A), tanh(A)), H))
            ),
        ),
        linear(trace(f.gradient(tanh(A)).T * H)),
    ),
}


def slope_environment(exact: bool) -> Environment:
    loss = SquaredLoss(ExactMatrix.of([[1, 0], [2, -1]]), ExactMatrix.identity(2))
    if exact:
        return ENV.having({f: loss})
    rng = np.random.default_rng(3)
    values = {A: rng.normal(size=(20, 2, 2)) + 3 * np.eye(2)}
    floats = {name: FloatMatrix.of(value) for name, value in values.items()}
    return Environment({n: 2, f: loss, **floats}, exact=False, batch=20)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_told_from_a_wrong_one(name: str, exact: bool) -> None:
    (function, at, slope), wrong = SLOPES[name]
    env = slope_environment(exact)
    found = evaluate(Slope(function, at, slope), env).verdict(env)
    assert found.status == ("holds" if exact else "not refuted")
    assert evaluate(Slope(function, at, wrong), env).verdict(env).status == "fails"


def test_a_slope_that_is_not_linear_is_none() -> None:
    # x² has the slope h ↦ 0 at 0; h ↦ h² − h agrees with it at h = 0 and 1
    square = FunctionOf(y, y**2)
    env = ENV.having({x: Fraction(0)})
    assert seen(Slope(square, x, FunctionOf(h, 0 * h)), env) == ("holds", True)
    assert seen(Slope(square, x, FunctionOf(h, h**2 - h)), env) == ("fails", True)


KINKS: dict[str, tuple[Any, str]] = {
    "relu, from the right": (Slope(relu, 0, FunctionOf(h, h)), "fails"),
    "relu, from the left": (Slope(relu, 0, FunctionOf(h, 0 * h)), "fails"),
    "|x|": (Slope(absolute, 0, FunctionOf(h, 0 * h)), "fails"),
    "|x| has no derivative": (DifferentiableAt(absolute, 0), "fails"),
    "relu has one beside": (DifferentiableAt(relu, y), "holds"),
    "x·|x| has one, which is only tried": (
        Slope(FunctionOf(y, y * absolute(y)), 0, FunctionOf(h, 0 * h)),
        "not refuted",
    ),
    "relu(x) − relu(−x) is x": (
        Slope(FunctionOf(y, relu(y) - relu(-y)), 0, FunctionOf(h, h)),
        "not refuted",
    ),
    "relu is continuous": (Continuous(relu, 0), "not refuted"),
    "roots of squares are continuous": (
        Continuous(FunctionOf(X, norm(X)), B - B),
        "not refuted",
    ),
}


@pytest.mark.parametrize("name", KINKS)
def test_kinks(name: str) -> None:
    claim, status = KINKS[name]
    assert seen(claim)[0] == status


def test_what_jumps_is_not_continuous() -> None:
    # |x|/x is 1 right of 0 and −1 left of it; at 2⁻²¹ it jumps between the largest steps
    step = FunctionOf(y, absolute(y) * reciprocal(y))
    assert seen(Continuous(step, Rational(1, 2**21)))[0] == "fails"
    assert seen(Continuous(step, 1))[0] == "not refuted"


# ── Functions as variables ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("value", [tanh, sin, FunctionOf(x, x**3 - x), logistic], ids=str)
def test_a_variable_stands_for_a_function_with_derivatives(value: Any) -> None:
    env = ENV.having({sigma: value})
    slope = FunctionOf(h, sigma.derivative(y) * h)
    second = FunctionOf(h, sigma.derivative.derivative(y) * h)
    assert seen(Slope(sigma, y, slope), env)[0] == "holds"
    assert seen(Slope(sigma.derivative, y, second), env)[0] == "holds"
    assert seen(Slope(sigma, y, second), env)[0] == "fails"
    assert seen(Equal(sigma(A).T, sigma(A.T)), env)[0] == "holds"
    assert seen(Equal(sigma(A), sigma(A.T) + hadamard(A, A)), env)[0] == "fails"


def test_claims_about_every_function_are_tried_on_a_family() -> None:
    odd = ForAll(sigma, Equal(sigma(-y), -sigma(y)))
    assert seen(odd)[0] == "fails"
    assert seen(ForAll(sigma, Equal(sigma(A).T, sigma(A.T))))[0] == "not refuted"


def test_that_there_is_a_slope_is_settled() -> None:
    L = Map("L", (n, n), (n, n))
    assert seen(Exists(L, Slope(inverse_word, A, L))) == ("holds", True)
    assert seen(Exists(L, Slope(inverse_word, B, L)))[0] != "holds"
    assert seen(DifferentiableAt(inverse_word, A)) == ("holds", True)
    assert seen(DifferentiableAt(inverse_word, B))[0] == "not applicable"


def test_definite_matrices_are_told_exactly() -> None:
    definite = ENV.having({A: ExactMatrix.of([[1, 1], [-1, 1]]), B: SINGULAR})
    assert seen(PositiveDefinite(A), definite) == ("holds", True)
    assert seen(PositiveDefinite(B), definite) == ("fails", True)
    assert seen(PositiveSemidefinite(B), definite) == ("holds", True)
    assert seen(PositiveSemidefinite(-B), definite) == ("fails", True)
    assert seen(PositiveDefinite(exp(Identity(n))), definite) == ("holds", True)


def test_definite_matrices_of_floats() -> None:
    values = np.array([np.eye(2), -np.eye(2), [[1, 2], [2, 4]], [[1, 3], [-3, 1]]])
    env = Environment({n: 2, A: FloatMatrix.of(values)}, exact=False, batch=4)
    verdict = evaluate(PositiveDefinite(A), env).verdict(env)
    # The third has the eigenvalue 0, which floats do not tell from a small one.
    assert (verdict.status, verdict.instances, verdict.failed) == ("fails", 3, 1)
    third = Environment({n: 2, A: FloatMatrix.of(values[2:3])}, exact=False)
    assert seen(PositiveDefinite(A), third)[0] == "not evaluated"
    assert seen(PositiveSemidefinite(A), third)[0] == "holds"
    verdict = evaluate(PositiveDefinite(inverse(A)), third).verdict(third)
    assert (verdict.status, verdict.detail) == ("not applicable", "inverse of a matrix")


def test_variables_of_nested_derivatives_are_told_apart() -> None:
    # x·(d/dy)(x + y) at y = x is x: its derivative is 1, and 2 if the two were confused
    inner = FunctionOf(y, x + y).derivative(x)
    assert seen(Equal(FunctionOf(x, x * inner).derivative(x), 1)) == ("holds", True)


def test_cases_in_which_a_word_is_undefined_leave_the_word_to_the_others() -> None:
    holds, other = Verdict("holds", True), Verdict("not applicable", True, "log of -2")
    assert worst([other, holds]).status == "holds"
    assert worst([other, Verdict("fails", True)]).status == "fails"
    assert worst([other, other]).detail == "log of -2"


def test_gradients_of_words() -> None:
    here = FunctionOf(X, trace(X.T * X) ** 2 + trace(exp(X) * B)).gradient(A)
    right = 4 * norm_squared(A) * A + hadamard(exp(A), B.T)
    assert seen(Equal(here, right))[0] == "holds"
    assert seen(Equal(here, right + Identity(n)))[0] == "fails"


# ── Batches of floats ──────────────────────────────────────────────────────────────────────────
def test_instances_on_which_a_word_is_undefined_are_not_counted() -> None:
    env = Environment({x: FloatScalar.of([1.0, -2.0, 3.0, 0.0])}, exact=False, batch=4)
    verdict = evaluate(Equal(exp(log(x)), x), env).verdict(env)
    assert (verdict.status, verdict.instances, verdict.failed) == ("holds", 2, 0)
    assert verdict.tolerance is not None
    assert verdict.tolerance < 1e-13
    wrong = evaluate(Equal(exp(log(x)), 2 * x), env).verdict(env)
    assert (wrong.status, wrong.instances, wrong.failed) == ("fails", 2, 2)
    guarded = evaluate(Implies(Less(0, x), Equal(exp(log(x)), x)), env).verdict(env)
    assert (guarded.status, guarded.instances) == ("holds", 4)
    opposite = evaluate(Not(Equal(exp(log(x)), x)), env).verdict(env)
    assert (opposite.status, opposite.instances, opposite.failed) == ("fails", 2, 2)


def test_where_all_are_undefined_the_first_is_told() -> None:
    env = Environment({x: FloatScalar.of([-2.0, -3.0])}, exact=False, batch=2)
    verdict = evaluate(LessEqual(log(x), x), env).verdict(env)
    assert (verdict.status, verdict.detail) == ("not applicable", "log of -2")
    assert evaluate(Or(LessEqual(log(x), x), Less(x, 0)), env).verdict(env).status == "holds"


def test_matrices_of_a_batch() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(600, 2, 2))
    values[5] = [[1, 2], [2, 4]]
    env = Environment({n: 2, A: FloatMatrix.of(values)}, exact=False, batch=600)
    verdict = evaluate(Equal(A * inverse(A), Identity(n)), env).verdict(env)
    assert (verdict.status, verdict.instances) == ("holds", 599)
    assert seen(Equal(determinant(A * A), determinant(A) ** 2), env) == ("holds", False)
    assert seen(Equal(determinant(2 * A), 2 * determinant(A)), env)[0] == "fails"
    guarded = Implies(NonZero(determinant(A)), Equal(inverse(A) * A, Identity(n)))
    verdict = evaluate(guarded, env).verdict(env)
    assert (verdict.status, verdict.instances) == ("holds", 600)
    here = FunctionOf(X, trace(tanh(X))).gradient(A)
    right = hadamard(Identity(n), ones(n, n) - hadamard(tanh(A), tanh(A)))
    few = Environment({n: 2, A: FloatMatrix.of(values[:7])}, exact=False, batch=7)
    assert seen(Equal(here, right), few) == ("holds", False)
    assert seen(Equal(here, 2 * right), few)[0] == "fails"
    assert seen(Equal(frobenius(A, A), norm(A) ** 2), few) == ("holds", False)
