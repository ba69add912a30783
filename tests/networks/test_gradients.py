"""Gradients in all layers at once agree with the chain rule and with difference quotients."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks.gradients import chain_gradients, layer_gradients, plain_gradients
from proofkit.networks.losses import (
    HuberLoss,
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.random import random_matrix, random_network_layers

sizes = st.lists(st.integers(1, 3), min_size=2, max_size=5)


def weighted(seed: int, rows: int, cols: int) -> Loss:
    weights = ExactMatrix.of([[1 + (r + 2 * c) % 3 for c in range(cols)] for r in range(rows)])
    return WeightedSquaredLoss(random_matrix((seed, 1), rows, cols), weights)


@settings(max_examples=50, deadline=None)
@given(sizes, st.integers(0, 10**6))
def test_exact_gradients_are_those_of_the_chain_rule(dims: list[int], seed: int) -> None:
    network = Network.single(
        "", random_network_layers(seed, dims), weighted(seed, dims[-1], dims[0])
    )
    slope: Any = network.loss.gradient(network.product())
    (found,) = layer_gradients(network)
    for i in range(1, network.depth + 1):
        upper: Any = network.chain(network.depth, i + 1)
        lower: Any = network.chain(i - 1, 1)
        assert found[i - 1] == upper.T @ slope @ lower.T


@settings(max_examples=50, deadline=None)
@given(sizes, st.integers(0, 10**6))
def test_exact_gradients_are_those_of_central_differences(dims: list[int], seed: int) -> None:
    """Along one entry the loss is a quadratic, for which central differences are exact."""
    network = Network.single(
        "", random_network_layers(seed, dims), weighted(seed, dims[-1], dims[0])
    )
    (found,) = layer_gradients(network)
    rng = np.random.default_rng(seed)
    i = int(rng.integers(network.depth))
    r, c = (int(rng.integers(n)) for n in found[i].shape)

    def value(step: Fraction) -> Any:
        rows = network.layers[i].entries()  # type: ignore[union-attr]
        rows[r][c] += step
        layers = [*network.layers[:i], ExactMatrix.of(rows), *network.layers[i + 1 :]]
        return network.loss.value(replace(network, towers=(Tower.of(layers),)).product())

    step = Fraction(1, 7)
    assert (value(step) - value(-step)) / (2 * step) == found[i].entry(r, c)  # type: ignore[union-attr]


LOSSES = {
    "squared": lambda m, n: SquaredLoss(random_matrix(1, n, 4), random_matrix(2, m, 4)),
    "logistic": lambda m, n: LogisticLoss(
        ExactMatrix.of([[1 + r for _ in range(n)] for r in range(m)]),
        ExactMatrix.of([[1 + c for c in range(n)] for _ in range(m)]),
    ),
    "softmax": lambda m, n: SoftmaxLoss(random_matrix(3, n, 4), tuple(i % m for i in range(4)), m),
    "huber": lambda m, n: HuberLoss(random_matrix(1, n, 4), random_matrix(2, m, 4), 1),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_float_gradients_are_those_of_central_differences(kind: str) -> None:
    dims = (2, 3, 2, 3)
    layers = random_network_layers(5, dims, exact=False, count=4)
    loss = LOSSES[kind](3, 2)
    (found,) = layer_gradients(Network.single("", layers, loss))
    step = 2.0**-17
    for i, layer in enumerate(layers):
        for r in range(layer.rows):
            for c in range(layer.cols):
                values = []
                for sign in (1, -1):
                    moved = layer.value.copy()
                    moved[:, r, c] += sign * step
                    tower = Tower.of([*layers[:i], FloatMatrix.of(moved), *layers[i + 1 :]])
                    value: Any = loss.value(tower.product())
                    values.append(value.value)
                quotient = (values[0] - values[1]) / (2 * step)
                np.testing.assert_allclose(found[i].value[:, r, c], quotient, rtol=1e-5, atol=1e-6)  # type: ignore[union-attr]


def test_float_gradients_enclose_the_exact_ones() -> None:
    network = Network.single("", random_network_layers(3, (3, 2, 4, 2)), weighted(3, 2, 3))
    exact, floats = layer_gradients(network)[0], layer_gradients(network.as_float())[0]
    for e, x in zip(exact, floats, strict=True):
        for (r, c), true in np.ndenumerate(np.array(e.entries(), object)):  # type: ignore[union-attr]
            away = abs(Fraction(float(x.value[0, r, c])) - true)  # type: ignore[union-attr]
            assert away <= Fraction(float(x.error[0, r, c]))  # type: ignore[union-attr]


def test_towers_share_the_slope_of_their_sum() -> None:
    first = Tower.of(random_network_layers(1, (2, 1, 2)))
    second = Tower.of(random_network_layers(2, (2, 3, 2)))
    network = Network("", (first, second), weighted(1, 2, 2))
    slope: Any = network.loss.gradient(network.product())
    found = layer_gradients(network)
    for tower, gradients in zip((first, second), found, strict=True):
        upper: Any = tower.layers[1]
        lower: Any = tower.layers[0]
        assert gradients == (upper.T @ slope, slope @ lower.T)


class Counting:
    """A matrix that counts how often it is multiplied."""

    products = 0

    def __matmul__(self, other: "Counting") -> "Counting":
        Counting.products += 1
        return self

    @property
    def T(self) -> "Counting":
        return self


@pytest.mark.parametrize("depth", [1, 2, 8, 32])
def test_there_are_three_products_for_each_layer_but_one(depth: int) -> None:
    Counting.products = 0
    chain_gradients([Counting()] * depth, Counting())
    assert Counting.products == 3 * depth - 3


@pytest.mark.parametrize("depth", [1, 2, 8, 32])
def test_the_fast_path_takes_no_more_products(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    products, real = [], np.dot
    monkeypatch.setattr(np, "dot", lambda *args: (products.append(1), real(*args))[1])
    plain_gradients([np.eye(2)] * depth, lambda w: 2 * w)
    assert len(products) == 3 * depth - 3


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("given_room", [False, True])
def test_the_fast_path_computes_the_same(depth: int, given_room: bool) -> None:
    rng = np.random.default_rng(depth)
    dims = rng.integers(1, 6, depth + 1)
    layers = [rng.standard_normal((b, a)) for a, b in pairwise(dims)]
    target = rng.standard_normal((dims[-1], dims[0]))
    kept = [layer.copy() for layer in layers]

    def slope(product: Any) -> Any:
        return 2 * (product - target)

    product = layers[0]
    for layer in layers[1:]:
        product = layer @ product
    room = [np.full(layer.shape, np.nan) for layer in layers] if given_room else None
    found = plain_gradients(layers, slope, room)
    for one, other in zip(found, chain_gradients(layers, slope(product)), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    for layer, before in zip(layers, kept, strict=True):
        np.testing.assert_array_equal(layer, before)
    if room is not None:
        assert all(a is b for a, b in zip(found, room, strict=True))
