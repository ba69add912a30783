"""Gradients and Hessians agree with SymPy, with exact difference quotients and with floats."""

from fractions import Fraction
from itertools import chain

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.expressions import parse_expression
from proofkit.networks.losses import (
    AbsoluteLoss,
    ExpressionLoss,
    HuberLoss,
    LogisticLoss,
    LossError,
    MaskedSquaredLoss,
    MeasurementLoss,
    PoissonLoss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.random import random_matrix
from proofkit.networks.scalars import enclose, is_zero

SETTINGS = settings(derandomize=True, deadline=None, max_examples=25)
SHAPE = (2, 3)


def data(seed, rows, cols):
    return random_matrix([11, seed], rows, cols)


def counts(seed):
    table = np.random.default_rng(seed).integers(0, 4, SHAPE)
    return ExactMatrix.of(table.tolist())


def expression(text, convex=None):
    return ExpressionLoss(SHAPE, parse_expression(text, SHAPE), convex)


def mask(seed):
    table = np.random.default_rng(seed).integers(0, 2, SHAPE)
    return ExactMatrix.of(table.tolist())


ODD = ExactMatrix.of([[Fraction(1, 89)] * 4] * 2)

POLYNOMIAL = {
    "squared": SquaredLoss(data(1, 3, 4), data(2, 2, 4)),
    "weighted-squared": WeightedSquaredLoss(data(3, *SHAPE), counts(4)),
    "masked-squared": MaskedSquaredLoss(data(12, *SHAPE), mask(13)),
    "masked samples": MaskedSquaredLoss(data(14, *SHAPE), mask(15), data(16, 3, 3)),
    "measurements": MeasurementLoss.of([data(s, *SHAPE) for s in (17, 18, 19)], [1, -2, 3]),
    "polynomial": expression("(w11 - 2)**2*w23 + 3*w12*w21*w13 - w22**3/5 + -w11*(w11 - w12)"),
}
SMOOTH = {
    **POLYNOMIAL,
    "logistic": LogisticLoss(counts(5), counts(6)),
    "softmax": SoftmaxLoss(data(7, 3, 4), (0, 1, 1, 0), 2),
    "huber": HuberLoss(data(8, 3, 4), data(9, 2, 4), Fraction(7, 3)),
    # No residual is 0 at the points tried.
    "absolute": AbsoluteLoss(Fraction(1, 97) * data(9, 2, 4) + ODD, data(8, 3, 4)),
    "absolute entries": AbsoluteLoss(Fraction(1, 97) * data(9, *SHAPE)),
    "poisson": PoissonLoss(counts(5)),
    "poisson samples": PoissonLoss(ExactMatrix.of([[0, 1, 2, 3], [4, 0, 1, 2]]), data(8, 3, 4)),
    "exponentials": expression("3*exp(-w11*w12) + log(1 + exp(w21 - w13)) + logistic(w22/2)*w23"),
    "quotients": expression("(w11 + w12)/(4 + w13**2) + sqrt(1 + w21**2)*(5 + w22**2)**(-1/3)"),
    "waves": expression("sin(w11*w12)*cos(w13) + tanh(w21 - w22)*w23 + log1p(w23**4)"),
    "corner": expression("abs(w11 - 7)*w12 + abs(w13 + 9)**3"),
}
BY_NAME = pytest.mark.parametrize("name", SMOOTH)


def places(loss):
    return [(r, c) for r in range(loss.shape[0]) for c in range(loss.shape[1])]


def symbolic(loss):
    """The loss in entries that are SymPy symbols, written down independently of the library."""
    rows, cols = loss.shape
    w = sympy.Matrix(rows, cols, lambda r, c: sympy.Symbol(f"w{r + 1}{c + 1}", real=True))

    def matrix(x):
        return sympy.Matrix(x.rows, x.cols, lambda i, j: sympy.sympify(x.entry(i, j)))

    if isinstance(loss, MeasurementLoss):
        A = matrix(loss.A)
        flat = sympy.Matrix(list(w))
        return w, sum((x - y) ** 2 for x, y in zip(A * flat, matrix(loss.y), strict=True))
    if isinstance(loss, MaskedSquaredLoss | AbsoluteLoss | PoissonLoss):
        z = w if loss.X is None else w * matrix(loss.X)
        pairs = zip(z, matrix(loss.Y), strict=True)
        if isinstance(loss, AbsoluteLoss):
            return w, sum(sympy.Abs(x - y) for x, y in pairs)
        if isinstance(loss, PoissonLoss):
            return w, sum(sympy.exp(x) - y * x for x, y in pairs)
        kept = zip(pairs, matrix(loss.mask), strict=True)
        return w, sum(k * (x - y) ** 2 for (x, y), k in kept)
    if isinstance(loss, SquaredLoss | HuberLoss):
        residual = w * matrix(loss.X) - matrix(loss.Y)
        if isinstance(loss, SquaredLoss):
            return w, sum(r**2 for r in residual)
        delta = sympy.Rational(loss.delta)
        return w, sum(
            sympy.Piecewise(
                (r**2 / 2, sympy.Abs(r) <= delta), (delta * (sympy.Abs(r) - delta / 2), True)
            )
            for r in residual
        )
    if isinstance(loss, WeightedSquaredLoss):
        target, weights = matrix(loss.target), matrix(loss.weights)
        return w, sum(a * (x - t) ** 2 for x, t, a in zip(w, target, weights, strict=True))
    if isinstance(loss, LogisticLoss):
        terms = zip(w, matrix(loss.positive), matrix(loss.negative), strict=True)
        return w, sum(
            p * sympy.log(1 + sympy.exp(-x)) + q * sympy.log(1 + sympy.exp(x)) for x, p, q in terms
        )
    if isinstance(loss, SoftmaxLoss):
        z = w * matrix(loss.X)
        return w, sum(
            sympy.log(sum(sympy.exp(z[r, i]) for r in range(z.rows))) - z[label, i]
            for i, label in enumerate(loss.labels)
        )
    names = {str(x): x for x in w}
    names["logistic"] = lambda t: 1 / (1 + sympy.exp(-t))
    names["log1p"] = lambda t: sympy.log(1 + t)
    return w, sympy.sympify(loss.to_json()["expression"], locals=names, rational=True)


def near(computed, reference):
    """Equal in balls of 256 bits, far finer than any slip in a formula."""
    difference = enclose(computed, 256) - enclose(reference, 256)
    return bool(difference.contains(0)) and difference.rad() < 2.0**-150


@BY_NAME
def test_value_gradient_and_hessian_agree_with_sympy(name):
    loss = SMOOTH[name]
    w, f = symbolic(loss)
    point = data(20, *loss.shape)
    at = {x: sympy.sympify(v) for x, v in zip(w, list(chain(*point.entries())), strict=True)}

    def there(formula):
        return sympy.sympify(formula).subs(at, simultaneous=True)

    assert near(loss.value(point), there(f))
    gradient, hessian = loss.gradient(point), loss.hessian(point)
    assert hessian == hessian.T
    for a, (r, c) in enumerate(places(loss)):
        slope = sympy.diff(f, w[r, c])
        assert near(gradient.entry(r, c), there(slope))
        for b, (s, d) in enumerate(places(loss)):
            assert near(hessian.entry(a, b), there(sympy.diff(slope, w[s, d])))


@pytest.mark.parametrize("name", POLYNOMIAL)
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_exact_differences_of_polynomials_of_degree_at_most_three(name, seed):
    """f(W+D) − f(W−D) and f(W+D) − 2f(W) + f(W−D) are polynomial in D: solved for exactly."""
    loss = POLYNOMIAL[name]
    point, direction = data(seed, *SHAPE), data(seed + 1, *SHAPE)

    def odd(t):
        return loss.value(point + t * direction) - loss.value(point - t * direction)

    # The odd part is 2at + 2bt³: two steps eliminate b.
    slope = (8 * odd(Fraction(1)) - odd(Fraction(2))) / 12
    assert loss.gradient(point).inner(direction) == slope
    bend = loss.value(point + direction) - 2 * loss.value(point) + loss.value(point - direction)
    flat = ExactMatrix.of([[x] for line in direction.entries() for x in line])
    assert (flat.T @ loss.hessian(point) @ flat).entry(0, 0) == bend


@BY_NAME
def test_central_differences_on_a_batch_of_floats(name):
    """The error is at most h²/6 of a third derivative plus rounding; both are measured."""
    loss = SMOOTH[name]
    rng = np.random.default_rng(3)
    point = rng.uniform(-1, 1, (6, *SHAPE))
    direction = rng.uniform(-1, 1, (6, *SHAPE))
    step = UNIT_ROUNDOFF ** (1 / 4)

    def value(h):
        return loss.value(FloatMatrix.of(point + h * direction))

    def slope(h):
        return (value(h).value - value(-h).value) / (2 * h)

    computed = loss.gradient(FloatMatrix.of(point)).inner(FloatMatrix.of(direction))
    rounding = (value(step).error + value(-step).error) / step
    # Richardson: the change from step 2h to h is three times what is left at h, to leading order.
    truncation = np.abs(slope(2 * step) - slope(step))
    tolerance = computed.error + rounding + truncation + step**2
    assert (np.abs(computed.value - slope(step)) <= tolerance).all()
    assert (tolerance < 1e-3 * (1 + np.abs(computed.value))).all()


@BY_NAME
@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_float_results_lie_within_their_errors_of_exact_ones(name, seed):
    loss = SMOOTH[name]
    rng = np.random.default_rng(seed)
    # Few bits, so that the exact results stay short; the floats still round everywhere.
    values = rng.integers(-40, 41, (2, *loss.shape)) / 16.0
    batch = FloatMatrix.of(values)
    floats = [loss.value(batch), loss.gradient(batch), loss.hessian(batch)]
    for b in range(2):
        exact = ExactMatrix.of(values[b].tolist())
        assert abs(enclose(loss.value(exact), 128) - floats[0].value[b]) <= floats[0].error[b]
        for computed, truth in zip(
            floats[1:], (loss.gradient(exact), loss.hessian(exact)), strict=True
        ):
            assert computed.batch == 2
            for value, error, x in zip(
                computed.value[b].ravel(),
                computed.error[b].ravel(),
                list(chain(*truth.entries())),
                strict=True,
            ):
                assert abs(enclose(x, 128) - value) <= error
                assert error <= 1e-10 * (1 + abs(value)), "a bound this wide says nothing"


@BY_NAME
def test_uncertain_points_give_bounds_that_hold(name):
    loss = SMOOTH[name]
    rng = np.random.default_rng(8)
    centre = rng.integers(-20, 21, loss.shape) / 16.0
    radius = 2.0**-20
    gradient = loss.gradient(FloatMatrix.of(centre, error=radius))
    for _ in range(4):
        corner = centre + radius * rng.choice([-1, 1], loss.shape)
        truth = loss.gradient(ExactMatrix.of(corner.tolist()))
        for value, error, x in zip(
            gradient.value.ravel(),
            gradient.error.ravel(),
            list(chain(*truth.entries())),
            strict=True,
        ):
            assert abs(enclose(x, 128) - value) <= error


def test_values_that_must_be_recognised():
    """E22: 2·log 2 and −1/2 at W = 0. E05: a rational value at an algebraic point."""
    text = "log(1+exp(w21-w11))+log(1+exp(w12-w22))"
    loss = ExpressionLoss((2, 2), parse_expression(text, (2, 2)), True)
    zero = ExactMatrix.zeros(2, 2)
    half = Fraction(1, 2)
    assert loss.value(zero) == 2 * sympy.log(2)
    assert loss.gradient(zero) == ExactMatrix.of([[-half, half], [half, -half]])
    assert all(isinstance(x, Fraction) for line in loss.hessian(zero).entries() for x in line)

    text = "(w11-2)**2+(w22-1)**2+3*w12**2+3*w21**2"
    loss = ExpressionLoss((2, 2), parse_expression(text, (2, 2)), True)
    root = sympy.sqrt(5)
    product = ExactMatrix.of([[1], [root]]) @ ExactMatrix.of([[Fraction(1, 8), root / 8]])
    assert loss.value(product) == Fraction(33, 8)
    expected = [[Fraction(-15, 4), 3 * root / 4], [3 * root / 4, Fraction(-3, 4)]]
    assert loss.gradient(product) == ExactMatrix.of(expected)

    softmax = SoftmaxLoss(ExactMatrix.of([[1, 2]]), (0, 2), 3)
    assert is_zero(softmax.value(ExactMatrix.zeros(3, 1)) - 2 * sympy.log(3))
    logistic = LogisticLoss(ExactMatrix.of([[3]]), ExactMatrix.of([[1]]))
    assert is_zero(
        logistic.value(ExactMatrix.of([[2]]))
        - 3 * sympy.log(1 + sympy.exp(-2))
        - sympy.log(1 + sympy.exp(2))
    )


def test_large_scores_do_not_overflow():
    far = FloatMatrix.of([[[800.0], [-800.0]], [[-800.0], [800.0]]])
    softmax = SoftmaxLoss(ExactMatrix.identity(1), (0,), 2)
    logistic = LogisticLoss(ExactMatrix.of([[1], [0]]), ExactMatrix.of([[0], [1]]))
    for loss, values in ((softmax, [0.0, 1600.0]), (logistic, [0.0, 1600.0])):
        computed = loss.value(far)
        assert (np.abs(computed.value - values) <= computed.error).all()
        assert (computed.error < 1e-9).all()
        for matrix in (loss.gradient(far), loss.hessian(far)):
            assert np.isfinite(matrix.value).all()
            assert (matrix.error < 1e-9).all()


def test_points_without_a_value_or_a_derivative():
    def loss(text):
        return ExpressionLoss((1, 1), parse_expression(text, (1, 1)))

    cases = [
        ("1/w11", "value", "division by zero"),
        ("log(w11)", "value", "log"),
        ("log(w11 - 1)", "value", "log .* -1"),
        ("sqrt(w11 - 1)", "value", "-1"),
        ("w11**(-2)", "value", "power -2"),
        ("abs(w11)", "gradient", "abs is not differentiable at 0"),
        ("sqrt(w11)", "gradient", "sqrt is not differentiable at 0"),
        ("w11**(1/3)", "gradient", "power -2/3"),
    ]
    for text, method, message in cases:
        for zero in (ExactMatrix.zeros(1, 1), FloatMatrix.of(np.zeros((3, 1, 1)))):
            if text.endswith("(1/3)") and isinstance(zero, FloatMatrix):
                assert np.isinf(loss(text).value(zero).error).all()
                continue
            with pytest.raises(LossError, match=message):
                getattr(loss(text), method)(zero)
    assert loss("abs(w11)").value(ExactMatrix.zeros(1, 1)) == 0
    huber = HuberLoss(ExactMatrix.identity(1), ExactMatrix.zeros(1, 1), 2)
    for corner in (ExactMatrix.of([[-2]]), FloatMatrix.of([[2.0]])):
        huber.gradient(corner)
        with pytest.raises(LossError, match="second derivative"):
            huber.hessian(corner)


def test_what_is_known_of_each_kind():
    convexity = {name: loss.convexity for name, loss in SMOOTH.items()}
    assert {
        convexity[k] for k in ("squared", "weighted-squared", "logistic", "softmax", "huber")
    } == {"convex"}
    one = ExactMatrix.of([[1]])
    assert WeightedSquaredLoss(one, -one).convexity == "not convex"
    claims = {claim: expression("w11", claim).convexity for claim in (True, False, None)}
    assert claims == {True: "assumed", False: "not convex", None: "unknown"}
    corners = {
        "abs(w11)": False,
        "abs(exp(w11))": True,
        "sqrt(w11**2)": False,
        "sqrt(1 + w11**2)": True,
        "sqrt(w11**3 + 1)": False,
        "(w11**2)**(3/2)": True,
        "(w11**2)**(1/3)": False,
        "-sqrt(exp(w11) - 1)": False,
        "log1p(exp(w11))": True,
    }
    assert {text: expression(text).differentiable for text in corners} == corners
    corners = {name for name, loss in SMOOTH.items() if not loss.differentiable}
    assert corners == {"corner", "absolute", "absolute entries"}


def test_json_gives_the_format_back():
    one, half = ExactMatrix.of([[1]]), ExactMatrix.of([[Fraction(1, 2)]])
    assert SquaredLoss(one, half).to_json() == {"kind": "squared", "X": [[1]], "Y": [["1/2"]]}
    assert WeightedSquaredLoss(half, one).to_json() == {
        "kind": "weighted-squared",
        "target": [["1/2"]],
        "weights": [[1]],
    }
    assert LogisticLoss(one, one).to_json() == {
        "kind": "logistic",
        "positive": [[1]],
        "negative": [[1]],
    }
    assert SoftmaxLoss(one, [1], 2).to_json() == {"kind": "softmax", "X": [[1]], "labels": [1]}
    assert HuberLoss(one, one, sympy.sqrt(5)).to_json()["delta"] == "sqrt(5)"
    for claim in (True, False):
        json = expression("(w11 - 2)**2", claim).to_json()
        assert json == {"kind": "expression", "expression": "(w11 - 2)**2", "convex": claim}
    assert "convex" not in expression("w11").to_json()


def test_data_that_does_not_fit_is_refused():
    one, two = ExactMatrix.identity(1), ExactMatrix.identity(2)
    cases = [
        (lambda: SquaredLoss(one, two), "columns"),
        (lambda: HuberLoss(one, two, 1), "columns"),
        (lambda: HuberLoss(one, one, 0), "delta"),
        (lambda: WeightedSquaredLoss(one, two), "differ in shape"),
        (lambda: LogisticLoss(one, two), "differ in shape"),
        (lambda: LogisticLoss(one, -one), "negative"),
        (lambda: SoftmaxLoss(two, (0,), 2), "2 columns but there are 1 labels"),
        (lambda: SoftmaxLoss(two, (0, 2), 2), "label 2"),
        (lambda: ExpressionLoss((1, 1), parse_expression("w22", (2, 2))), "w22 lies outside"),
        (lambda: SquaredLoss(one, one).value(two), "takes a 1×1 matrix, not 2×2"),
    ]
    for call, message in cases:
        with pytest.raises(ValueError, match=message):
            call()


def test_losses_are_values():
    """Two losses with the same data are the same loss."""
    assert POLYNOMIAL["squared"] == SquaredLoss(data(1, 3, 4), data(2, 2, 4))
    assert hash(SMOOTH["huber"]) == hash(HuberLoss(data(8, 3, 4), data(9, 2, 4), Fraction(7, 3)))
    assert SMOOTH["logistic"] != LogisticLoss(counts(6), counts(5))
