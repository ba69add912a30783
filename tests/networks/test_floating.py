"""Float results stay within the error bounds they carry, checked against exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks.elementwise import FUNCTIONS, LossError, divide, evaluate, power, softplus
from proofkit.networks.error_bounds import UNIT_ROUNDOFF, gamma, nearest_float
from proofkit.networks.matrices import ExactMatrix, FloatMatrix, FloatScalar
from proofkit.networks.scalars import enclose, sign

SETTINGS = settings(derandomize=True, deadline=None, max_examples=40)
BATCH = 4


def exact_instances(matrix):
    """The floats of each instance as exact matrices."""
    return [ExactMatrix.of(v.tolist(), shape=matrix.shape) for v in matrix.value]


def assert_bounded(matrix, truths):
    """Every entry of every instance lies within its error of the truth."""
    for value, error, truth in zip(matrix.value, matrix.error, truths, strict=True):
        for i, line in enumerate(truth.entries()):
            for j, x in enumerate(line):
                assert_near(value[i, j], error[i, j], x)


def assert_near(value, error, truth):
    distance = abs(sympy.sympify(truth) - sympy.Rational(Fraction(float(value))))
    assert sign(sympy.Rational(Fraction(float(error))) - distance) >= 0, (value, error, truth)


def batch(seed, rows, cols, spread=8):
    """Floats of very different sizes, so that sums cancel and round."""
    rng = np.random.default_rng(seed)
    scale = 2.0 ** rng.integers(-spread, spread, (BATCH, rows, cols))
    return FloatMatrix.of(rng.standard_normal((BATCH, rows, cols)) * scale)


@SETTINGS
@given(st.integers(0, 10**6), st.sampled_from([(1, 1, 1), (2, 3, 2), (3, 5, 4), (1, 9, 1)]))
def test_arithmetic_stays_within_its_bounds(seed, dims):
    rows, inner, cols = dims
    x, y, z = batch(seed, rows, inner), batch(seed + 1, rows, inner), batch(seed + 2, inner, cols)
    a, b, c = map(exact_instances, (x, y, z))
    everywhere = list(zip(a, b, c, strict=True))
    assert_bounded(x + y, [p + q for p, q, _ in everywhere])
    assert_bounded(x - y, [p - q for p, q, _ in everywhere])
    assert_bounded(x @ z, [p @ r for p, _, r in everywhere])
    assert_bounded((x + y) @ z - x @ z, [(p + q) @ r - p @ r for p, q, r in everywhere])
    assert_bounded((x @ z) @ (x @ z).T, [(p @ r) @ (p @ r).T for p, _, r in everywhere])
    assert_bounded(Fraction(1, 3) * x, [Fraction(1, 3) * p for p in a])
    assert_bounded(x.kron(z), [p.kron(r) for p, _, r in everywhere])
    assert_bounded(x.T.block([0], [0]), [p.T.block([0], [0]) for p in a])
    scalars = [(x.inner(y), [p.inner(q) for p, q, _ in everywhere])]
    scalars.append(((x @ y.T).trace(), [(p @ q.T).trace() for p, q, _ in everywhere]))
    scalars.append(
        (x.inner(y) * 3 - x.inner(x), [3 * p.inner(q) - p.inner(p) for p, q, _ in everywhere])
    )
    for computed, truths in scalars:
        for value, error, truth in zip(computed.value, computed.error, truths, strict=True):
            assert_near(value, error, truth)


@SETTINGS
@given(st.integers(0, 10**6))
def test_bounds_are_tight_enough_to_be_useful(seed):
    """A product's bound is the textbook one, γ_n|A||B|, and little more."""
    x, y = batch(seed, 3, 5), batch(seed + 1, 5, 2)
    textbook = gamma(5) * np.abs(x.value) @ np.abs(y.value)
    assert ((x @ y).error <= 1.001 * textbook + 1e-300).all()


def test_the_bounds_are_needed():
    """Rounding errors do occur in these tests: without bounds they would fail."""
    x, y = batch(1, 3, 5), batch(2, 5, 2)
    product = x @ y
    unbounded = FloatMatrix.of(product.value)
    truths = [p @ q for p, q in zip(exact_instances(x), exact_instances(y), strict=True)]
    with pytest.raises(AssertionError):
        assert_bounded(unbounded, truths)


@SETTINGS
@given(st.integers(0, 10**6))
def test_input_errors_are_carried_along(seed):
    rng = np.random.default_rng(seed)
    centre = rng.standard_normal((BATCH, 2, 2))
    radius = rng.uniform(0, 1e-3, (BATCH, 2, 2))
    x = FloatMatrix.of(centre, radius)
    # Corners of the box are rationals near it; they must stay inside after any operation.
    corner = rng.choice([-1.0, 1.0], centre.shape)
    truths = [
        ExactMatrix.of(
            [
                [Fraction(c) + Fraction(r) * int(s) for c, r, s in zip(*line, strict=True)]
                for line in zip(p, q, t, strict=True)
            ]
        )
        for p, q, t in zip(centre.tolist(), radius.tolist(), corner.tolist(), strict=True)
    ]
    assert_bounded(x @ x.T - x, [t @ t.T - t for t in truths])
    quotient = x.numbers / (2 * x.numbers + 7)
    assert_bounded(
        FloatMatrix(quotient),
        [ExactMatrix.of([[v / (2 * v + 7) for v in line] for line in t.entries()]) for t in truths],
    )


def test_nearest_floats_of_exact_numbers():
    numbers = [Fraction(1, 3), sympy.sqrt(2), sympy.exp(-3), sympy.log(2), Fraction(10**30, 7)]
    for number in numbers:
        value, error = nearest_float(number)
        assert_near(value, error, number)
        assert 0 < error <= 2 * UNIT_ROUNDOFF * abs(value)
    with pytest.raises(ValueError, match="does not fit"):
        nearest_float(Fraction(10**400))
    x = ExactMatrix.of([[Fraction(1, 3), sympy.sqrt(2)]])
    assert_bounded(FloatMatrix.of_exact([x, x]), [x, x])


POINTS = st.floats(-30, 30).filter(lambda x: x == 0 or abs(x) > 1e-12)
DOMAINS = {"log": 0.0, "log1p": -1.0, "sqrt": 0.0}


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.sampled_from([*FUNCTIONS, "softplus"]),
    POINTS,
    st.sampled_from([0, 1e-15, 1e-6, 0.01]),
    st.sampled_from([-1, 0, 1]),
)
def test_functions_stay_within_their_bounds(name, point, radius, side):
    """At the centre of an uncertain argument and at both ends."""
    function = softplus if name == "softplus" else lambda x: evaluate(name, x)
    low = DOMAINS.get(name)
    truth_at = Fraction(point) + side * Fraction(radius)
    if low is not None and (point <= low or truth_at <= low):
        return
    result = function(FloatScalar.of([point], radius))
    truth = function(truth_at)
    # A ball that is finer than the bound itself.
    enclosure = enclose(truth, 200)
    distance = abs(enclosure - result.value[0])
    assert distance <= result.error[0], (result, enclosure)
    assert np.isfinite(result.error[0]) or point - radius <= (low if low is not None else point)


@SETTINGS
@given(
    POINTS,
    st.sampled_from(["1/2", "-1/2", "3", "-2", "1/3", "-5/3", "0", "1"]),
    st.sampled_from([0, 1e-9]),
)
def test_powers_stay_within_their_bounds(point, exponent, radius):
    q = Fraction(exponent)
    if point == 0 or (q.denominator > 1 and point < 0):
        return
    result = power(FloatScalar.of([point], radius), q)
    for side in (-1, 0, 1):
        truth = power(Fraction(point) + side * Fraction(radius), q)
        assert abs(enclose(truth, 200) - result.value[0]) <= result.error[0]


def test_domains_are_enforced_with_the_operation_named():
    zero, minus = FloatScalar.of([1.0, 0.0]), FloatScalar.of([-2.0])
    cases = [
        (lambda: divide(1, zero), "division by zero"),
        (lambda: divide(1, Fraction(0)), "division by zero"),
        (lambda: evaluate("log", minus), "log .* -2"),
        (lambda: evaluate("log", Fraction(-2)), "log .* -2"),
        (lambda: evaluate("log1p", Fraction(-1)), "log1p .* -1"),
        (lambda: evaluate("log1p", FloatScalar.of(-1.0)), "log1p .* -1"),
        (lambda: evaluate("sqrt", minus), "sqrt .* -2"),
        (lambda: evaluate("sqrt", Fraction(-2)), "sqrt .* -2"),
        (lambda: power(minus, Fraction(1, 3)), "power 1/3"),
        (lambda: power(Fraction(0), Fraction(-1, 3)), "power -1/3"),
        (lambda: power(Fraction(0), Fraction(-2)), "power -2"),
    ]
    for call, message in cases:
        with pytest.raises(LossError, match=message):
            call()


def test_scalars_compare_within_their_errors():
    x = FloatScalar.of([1.0, 0.5, -0.5, -1.0], 0.75)
    assert x.is_zero().tolist() == [False, True, True, False]
    assert x.is_nonnegative().tolist() == [True, True, True, False]
    assert x.is_positive().tolist() == [True, False, False, False]


def test_division_by_something_that_may_be_zero_has_no_bound():
    quotient = FloatScalar.of([1.0]) / FloatScalar.of([1e-9], 1e-9)
    assert np.isinf(quotient.error).all()


def test_residual_and_tolerance():
    x = FloatMatrix.of([[[1.0, -3.0]], [[0.0, 1e-9]]], error=1e-8)
    assert x.residual().tolist() == [3.0, 1e-9]
    assert x.tolerance().tolist() == [1e-8, 1e-8]
    assert x.is_zero().tolist() == [False, True]


def test_batches_of_one_combine_with_any_and_shapes_are_checked():
    x = batch(3, 2, 2)
    assert (x + FloatMatrix.identity(2)).batch == BATCH
    assert (FloatMatrix.identity(2) @ x).equals(x).all()
    assert (FloatScalar.of(np.arange(4.0)) * x).value[0].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert np.array_equal((x @ x).instance(2).value[0], (x.instance(2) @ x.instance(2)).value[0])
    for operation in (lambda: x + batch(1, 2, 3), lambda: x @ batch(1, 3, 2), batch(1, 2, 3).trace):
        with pytest.raises(ValueError, match="FloatMatrix"):
            operation()
    with pytest.raises(ValueError, match="nonnegative"):
        FloatMatrix.of([[1.0]], error=-1.0)
    with pytest.raises(ValueError, match="read-only"):
        x.value[0, 0, 0] = 1.0


def test_a_bound_is_worked_out_when_asked_for_and_is_the_same():
    """However the bounds are asked for: at once, or at the end."""
    x, y = batch(1, 3, 3), batch(2, 3, 3)
    waiting = (x @ y - Fraction(1, 3) * x) @ (x + y).T
    for part in (first := x @ y, second := Fraction(1, 3) * x, third := (x + y).T):
        assert part.error.shape == part.value.shape
    asked = (first - second) @ third
    np.testing.assert_array_equal(waiting.value, asked.value)
    np.testing.assert_array_equal(waiting.error, asked.error)
    assert not waiting.error.flags.writeable


def test_bounds_that_wait_do_not_pile_up():
    total = FloatScalar.of([0.0])
    for _ in range(5000):
        total = total + Fraction(1, 3)
    assert abs(total.value[0] - 5000 / 3) <= total.error[0] < 1e-6


def test_signs_that_are_plain_need_no_bound():
    def never():
        raise AssertionError("nobody should ask")

    plain = FloatScalar(np.array([1.0, 2.0]), never)
    assert plain.is_nonnegative().all()
    assert not FloatScalar(np.array([-1.0, 0.0]), never).is_positive().any()
    with pytest.raises(AssertionError, match="nobody"):
        FloatScalar(np.array([1.0, -2.0]), never).is_nonnegative()


def test_exact_floats_are_known_as_such():
    x = FloatMatrix.of([[1.0, 2.0]])
    assert x.numbers.is_exact and x.T.numbers.is_exact and (-x).numbers.is_exact
    assert not FloatMatrix.of_exact([ExactMatrix.of([[Fraction(1, 3)]])]).numbers.is_exact
    assert not (x + x).numbers.is_exact
    assert not FloatMatrix.of([[1.0]], 1e-9).T.numbers.is_exact


@SETTINGS
@given(st.integers(0, 10**6))
def test_products_entry_by_entry_stay_within_their_bounds(seed):
    x, y = batch(seed, 2, 3), batch(seed + 1, 2, 3)
    pairs = zip(exact_instances(x), exact_instances(y), strict=True)
    assert_bounded(x.hadamard(y), [a.hadamard(b) for a, b in pairs])
