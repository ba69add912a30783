"""The reductions of biases are exact: the whole loss, with all biases as parameters, agrees."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from proofkit.networks.biases import Reduced, without_biases
from proofkit.networks.faults import Fault
from proofkit.networks.losses import (
    ExpressionLoss,
    HuberLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.network import Tower
from proofkit.networks.weights import read_weights

Array = NDArray[np.float64]


def exact(array: Array) -> ExactMatrix:
    return ExactMatrix.of(array.tolist())


def whole_loss(
    layers: Sequence[Array], biases: Sequence[Array | None], x: Array, y: Array
) -> float:
    """The squared loss of the network with biases, as a program computes it."""
    there = x
    for layer, bias in zip(layers, biases, strict=True):
        there = layer @ there + (0 if bias is None else bias[:, None])
    return float(((there - y) ** 2).sum())


def reduced_of(
    layers: Sequence[Array], biases: Sequence[Array | None], x: Array, y: Array
) -> Reduced:
    tower = Tower.of([exact(m) for m in layers])
    columns = [None if b is None else exact(b[:, None]) for b in biases]
    return without_biases(tower, columns, SquaredLoss(exact(x), exact(y)), 0)


def value(tower: Tower, loss: Loss) -> float:
    found: Any = loss.value(tower.product())
    return float(found)


def drawn(seed: int, dims: Sequence[int], biased: Sequence[int]) -> tuple[Any, Any, Array, Array]:
    rng = np.random.default_rng(seed)
    layers = [rng.integers(-3, 4, (r, c)) / 2 for c, r in pairwise(dims)]
    biases = [
        rng.integers(-3, 4, r) / 2 if i in biased else None for i, r in enumerate(dims[1:], start=1)
    ]
    samples = 4  # means of four halves are exact in floats
    return (
        layers,
        biases,
        rng.integers(-3, 4, (dims[0], samples)) / 2,
        rng.integers(-3, 4, (dims[-1], samples)) / 2,
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_first_bias_is_a_column(seed: int) -> None:
    layers, biases, x, y = drawn(seed, (3, 2, 2), [1])
    found = reduced_of(layers, biases, x, y)
    assert found.tower.dims == (4, 2, 2)
    assert value(found.tower, found.loss) == whole_loss(layers, biases, x, y)


@pytest.mark.parametrize("biased", [[2], [1, 2], [1, 2, 3], [3], [2, 3]])
@pytest.mark.parametrize("seed", range(4))
def test_centring_leaves_the_mean_residual(seed: int, biased: list[int]) -> None:
    """Whole loss = centred loss + N‖c‖², and the loss of the last bias alone is the whole loss."""
    dims = (3, 2, 2, 3)[: max(biased) + 1]
    layers, biases, x, y = drawn(seed, dims, biased)
    found = reduced_of(layers, biases, x, y)
    there = x.mean(axis=1)
    for layer, bias in zip(layers, biases, strict=True):
        there = layer @ there + (0 if bias is None else bias)
    missed = there - y.mean(axis=1)
    whole = whole_loss(layers, biases, x, y)
    assert value(found.tower, found.loss) + x.shape[1] * (missed @ missed) == pytest.approx(whole)
    assert found.tower.dims == dims
    assert (found.last_bias is None) == (not missed.any())
    if found.last_bias is not None:
        bias, loss = found.last_bias
        assert value(Tower.of([bias]), loss) == whole


def inertia(function: Callable[[Array], float], at: Array) -> tuple[int, int, int]:
    """Signs of the Hessian's eigenvalues, by second differences of a polynomial."""
    step, size = 1e-3, len(at)
    unit = step * np.eye(size)
    hessian = np.array(
        [
            [
                function(at + unit[i] + unit[j])
                - function(at + unit[i] - unit[j])
                - function(at - unit[i] + unit[j])
                + function(at - unit[i] - unit[j])
                for j in range(size)
            ]
            for i in range(size)
        ]
    ) / (4 * step**2)
    values = np.linalg.eigvalsh(hessian)
    return int((values > 1e-3).sum()), int((abs(values) <= 1e-3).sum()), int((values < -1e-3).sum())


@pytest.mark.parametrize("component", [0, 1])
def test_the_hessian_in_all_parameters(component: int) -> None:
    """At the global minimum of width 1 and at the saddle beside it: 2 more positive, 1 more 0."""
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((2, 8)), rng.standard_normal((2, 8))
    means = x.mean(axis=1), y.mean(axis=1)
    centred = x - means[0][:, None], y - means[1][:, None]
    best = centred[1] @ np.linalg.pinv(centred[0])
    u = np.linalg.svd(best @ centred[0])[0][:, component : component + 1]
    first, second = u.T @ best, u
    b1 = np.array([0.7])
    b2 = means[1] - second @ (first @ means[0] + b1)

    def whole(p: Array) -> float:
        return whole_loss([p[:2].reshape(1, 2), p[2:4].reshape(2, 1)], [p[4:5], p[5:]], x, y)

    def layers_alone(p: Array) -> float:
        return whole_loss([p[:2].reshape(1, 2), p[2:].reshape(2, 1)], [None, None], *centred)

    layers = np.concatenate([first.ravel(), second.ravel()])
    plus, zero, minus = inertia(layers_alone, layers)
    assert (minus > 0) == (component == 1)
    assert inertia(whole, np.concatenate([layers, b1, b2])) == (plus + 2, zero + 1, minus)
    reading = read_weights([first, second], biases=[b1, b2], data={"X": x, "Y": y})
    assert reading.last_bias is None
    assert "2 more positive and 1 more zero" in reading.notes[-1]


def test_a_residual_within_the_rounding_of_float32_counts_as_none() -> None:
    rng = np.random.default_rng(4)
    x, y, layer = (rng.standard_normal(s) for s in ((3, 9), (2, 9), (2, 3)))
    bias = y.mean(axis=1) - layer @ x.mean(axis=1)
    data = {"X": x, "Y": y}
    for dtype, off, best in (
        (np.float64, 0, True),
        (np.float32, 0, True),
        (np.float32, 1e-8, True),
        (np.float64, 1e-8, False),
        (np.float32, 1e-4, False),
    ):
        arrays = [np.eye(3, dtype=dtype), layer.astype(dtype)]
        biases = [None, (bias + off).astype(dtype)]
        reading = read_weights(arrays, biases=biases, data=data)
        assert (reading.last_bias is None) == best, (dtype, off)


ONE, TWO = ExactMatrix.identity(1), ExactMatrix.of([[1], [1]])
SQUARED = SquaredLoss(ONE, ONE)


@pytest.mark.parametrize("loss", [HuberLoss(ONE, ONE, 1), SoftmaxLoss(ONE, (0,), 1)])
def test_a_row_of_ones_serves_every_loss_with_data(loss: Any) -> None:
    found = without_biases(Tower.of([ONE, ONE]), [2 * ONE, None], loss, 0)
    widened: Any = found.loss
    assert (found.tower.layer(1), widened.X) == (ExactMatrix.of([[1, 2]]), TWO)
    assert widened.shape == (1, 2)


def test_floats_stay_floats() -> None:
    layer = FloatMatrix.of([[0.5]])
    found = without_biases(Tower.of([layer]), [layer], SQUARED, 2.0**-53)
    assert not found.tower.exact
    assert found.tower.dims == (2, 1)


@pytest.mark.parametrize(
    ("biased", "loss", "words"),
    [
        ([2], SQUARED, "layer 2 of 3 has a bias"),
        ([1, 2], SQUARED, "layer 2 of 3 has a bias"),
        ([3], HuberLoss(ONE, ONE, 1), "last of 3 layers has a bias"),
        ([1, 3], HuberLoss(ONE, ONE, 1), "under the huber loss"),
        ([1], WeightedSquaredLoss(ONE, ONE), "no data X"),
        ([1], ExpressionLoss((1, 1), None, True), "no data X"),  # type: ignore[arg-type]
    ],
)
def test_what_has_no_exact_reduction_is_refused(biased: Any, loss: Loss, words: str) -> None:
    biases = [ONE if i in biased else None for i in (1, 2, 3)]
    with pytest.raises(Fault) as caught:
        without_biases(Tower.of([ONE] * 3), biases, loss, 0)
    assert words in caught.value.problem
