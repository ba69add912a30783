"""Derivatives agree with difference quotients and with the losses of networks; steps solve."""

from typing import Any

import numpy as np
import pytest

from proofkit.networks.matrices import FloatMatrix
from proofkit.sweep.block import drawn
from proofkit.sweep.families import lane
from proofkit.sweep.landscape import Landscape
from proofkit.sweep.lanes import batch_first, shifted_solve, unpacked
from proofkit.sweep.spec import FAMILIES, Spec, SweepError

TEMPLATE = "(w11 - {a})**2 + log(1 + exp(w12 - w21)) + exp(-{b}*w22) + w22**2"


def spec(family: str, dims: tuple[int, ...] = (2, 1, 2), count: int = 4, **more: Any) -> Spec:
    if family == "expression":
        more |= {"template": TEMPLATE, "ranges": {"a": (-1.0, 1.0), "b": (0.5, 2.0)}}
    return Spec(family, dims, count, **more)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dims", [(2, 1, 2), (2, 3, 1, 2), (2, 2)])
def test_derivatives_are_those_of_difference_quotients(family: str, dims: tuple[int, ...]) -> None:
    made = spec(family).make()
    lanes = 12
    data = drawn(spec(family), made, range(lanes))
    landscape = Landscape(made, dims)
    x = np.random.default_rng(1).standard_normal((landscape.size, lanes))
    gradient, hessian, _ = landscape.derivatives(data, x)
    step = 2.0**-17
    for at in range(landscape.size):
        plus, minus = x.copy(), x.copy()
        plus[at] += step
        minus[at] -= step
        slope = (landscape.value(data, plus) - landscape.value(data, minus)) / (2 * step)
        np.testing.assert_allclose(gradient[at], slope, rtol=1e-5, atol=1e-5)
        above, below = (landscape.derivatives(data, y)[0] for y in (plus, minus))
        np.testing.assert_allclose(hessian[at], (above - below) / (2 * step), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(hessian, np.swapaxes(hessian, 0, 1), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_the_loss_that_it_exports(family: str) -> None:
    made = spec(family).make()
    data = drawn(spec(family), made, range(5))
    w = np.random.default_rng(2).standard_normal((2, 2, 5))
    if made.certifies:
        value, slope = made.certain(data, FloatMatrix.of(batch_first(w)))
    for n in range(5):
        loss = made.loss(lane(data, n))
        product = FloatMatrix.of(w[:, :, n])
        exact: Any = loss.value(product)
        gradient: Any = loss.gradient(product)
        np.testing.assert_allclose(made.value(data, w)[n], exact.value[0], rtol=1e-12)
        np.testing.assert_allclose(made.slope(data, w)[:, :, n], gradient.value[0], rtol=1e-11)
        bend = made.bend(data, w)[..., n]
        hessian: Any = loss.hessian(product)
        full = np.diag(bend) if bend.ndim == 1 else bend
        np.testing.assert_allclose(full, hessian.value[0], rtol=1e-11, atol=1e-13)
        if made.certifies:
            # Two enclosures of one number overlap.
            away = np.abs(value.value[n] - exact.value[0])
            assert away <= value.error[n] + exact.error[0]
            apart = np.abs(slope.value[n] - gradient.value[0])
            assert (apart <= slope.error[n] + gradient.error[0]).all()


@pytest.mark.parametrize("family", [f for f, made in FAMILIES.items() if made.certifies])
def test_bounds_bound_the_derivatives(family: str) -> None:
    """Second derivatives directly, third ones through differences of second ones."""
    made = spec(family).make()
    lanes = 50
    data = drawn(spec(family), made, range(lanes))
    second, third = made.bounds(data)
    rng = np.random.default_rng(3)
    w = rng.standard_normal((2, 2, lanes))
    towards = 1e-3 * rng.standard_normal((2, 2, lanes))
    if family == "huber":
        size = np.sqrt((towards**2).sum(axis=(0, 1)))
        towards *= np.minimum(1.0, 0.9 * made.smooth_radius(data, w) / size)

    def full(at: Any) -> Any:
        bend = made.bend(data, at)
        if bend.ndim == 2:
            bend = np.einsum("wn,wv->wvn", bend, np.eye(len(bend)))
        return batch_first(bend)

    before, after = full(w), full(w + towards)
    assert (np.linalg.norm(before, 2, axis=(1, 2)) <= second * (1 + 1e-12)).all()
    change = np.linalg.norm(after - before, 2, axis=(1, 2))
    length = np.sqrt((towards**2).sum(axis=(0, 1)))
    assert (change <= third * length + 1e-10).all()


def test_shifted_systems_are_solved_where_they_are_definite() -> None:
    rng = np.random.default_rng(4)
    matrix = rng.standard_normal((5, 5, 200))
    matrix += np.swapaxes(matrix, 0, 1)
    shift = rng.uniform(0, 6, 200)
    right = rng.standard_normal((5, 200))
    x, fine = shifted_solve(matrix, shift, right)
    full = batch_first(matrix) + shift[:, None, None] * np.eye(5)
    np.testing.assert_array_equal(fine, np.linalg.eigvalsh(full)[:, 0] > 0)
    assert 20 < fine.sum() < 180
    residual = np.einsum("nij,jn->in", full, x) - right
    assert np.abs(residual[:, fine]).max() < 1e-6


def test_layers_come_back() -> None:
    layers = unpacked(np.arange(8.0).reshape(8, 1), (2, 1, 2, 2))
    assert [layer.shape[:2] for layer in layers] == [(1, 2), (2, 1), (2, 2)]
    assert layers[2][:, :, 0].tolist() == [[4, 5], [6, 7]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nope", (2, 1, 2), 1), "no family is called 'nope'"),
        (("E01", (3, 1, 2), 1), "2×2"),
        (("softmax", (2, 1, 1), 1), "two classes"),
        (("logistic", (2, 2), 1), "three widths"),
        (("logistic", (2, 0, 2), 1), "at least 1"),
        (("logistic", (2, 1, 2), 0), "count is at least 1"),
        (("logistic", (50, 50, 50), 1), "too many"),
        (("expression", (2, 1, 2), 1), "template goes with"),
        (("E01", (2, 1, 2), 1, 0, 16, {"x": (0.0, 1.0)}), "no parameter 'x'"),
        (("E01", (2, 1, 2), 1, 0, 16, {"c": (2.0, 1.0)}), "not an interval"),
        (("expression", (2, 1, 2), 1, 0, 16, {}, "w11**2 + {a}"), "has no range"),
        (("expression", (2, 1, 2), 1, 0, 16, {}, "w31**2"), "lies outside"),
        (("expression", (2, 1, 2), 1, 0, 16, {}, "__import__('os')"), "column"),
        (("expression", (2, 1, 2), 1, 0, 16, {"b": (0.0, 1.0)}, "w11**2"), "no {b}"),
    ],
)
def test_sweeps_that_make_no_sense(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(SweepError, match=message):
        Spec(*arguments)


EVERYTHING = (
    "exp(w11/3) * sin(w12) - cos(w21)/(2 + tanh(w22)) + log(3 + w11**2) - sqrt(4 + w12**2)"
    " + log1p(w21**2) * logistic(w22) + abs(w11 - 7) + (5 + w12)**(3/2) - (w22 + 9)**(-2)"
)


def test_jets_agree_with_the_exact_derivatives_of_networks() -> None:
    from proofkit.networks.expression_loss import ExpressionLoss
    from proofkit.networks.expressions import parse_expression
    from proofkit.sweep.template import Template

    loss = ExpressionLoss((2, 2), parse_expression(EVERYTHING, (2, 2)))
    family = Template((2, 2), {}, EVERYTHING, None)
    w = np.random.default_rng(5).standard_normal((2, 2, 6))
    batch = FloatMatrix.of(batch_first(w))
    value, gradient, hessian = loss.value(batch), loss.gradient(batch), loss.hessian(batch)
    np.testing.assert_allclose(family.value({}, w), value.value, rtol=1e-12)  # type: ignore[union-attr]
    np.testing.assert_allclose(batch_first(family.slope({}, w)), gradient.value, rtol=1e-9)  # type: ignore[union-attr]
    np.testing.assert_allclose(  # type: ignore[union-attr]
        batch_first(family.bend({}, w)), hessian.value, rtol=1e-9, atol=1e-12
    )


def test_a_template_has_no_value_outside_its_domain_and_one_inside() -> None:
    from proofkit.sweep.template import Template

    family = Template((1, 1), {}, "log(w11)", None)
    found = family.value({}, np.array([[[-1.0, 1.0]]]))
    assert found.tolist() == [np.inf, 0.0]
