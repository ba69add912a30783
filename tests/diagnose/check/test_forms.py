"""Forms and their bounds: right at the middle, and right for every network of the surroundings."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.forms import curvature, layered, tangent
from proofkit.diagnose.check.surroundings import Surroundings
from proofkit.diagnose.search.floats import polished
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import WeightedSquaredLoss
from proofkit.networks.network import Network

from ..made_points import descended, problem

KINDS = ["squared", "weighted-squared", "logistic", "softmax"]


def arrays(rng: np.random.Generator, dims: list[int]) -> list[np.ndarray]:
    return [rng.standard_normal((b, a)) for a, b in pairwise(dims)]


def signs(matrix: np.ndarray, cut: float) -> tuple[int, int]:
    values = np.linalg.eigvalsh(matrix)
    return int((values > cut).sum()), int((values < -cut).sum())


@pytest.mark.parametrize("kind", KINDS)
def test_the_hessian_in_turned_bases_has_the_same_signs(kind: str) -> None:
    rng = np.random.default_rng(2)
    for dims in ([3, 2, 3], [3, 4, 2, 3], [3, 2, 2, 3]):
        loss, layers = problem(rng, kind, 3, 3), arrays(rng, dims)
        form = layered(Surroundings([layers], loss, 0.0))
        assert form is not None
        plain = FloatPoint([layers], loss).hessian
        assert signs(form.matrix, 1e-9) == signs(plain, 1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_bound_holds_for_networks_around(kind: str) -> None:
    """No balanced layers move: the forms are compared in the same coordinates."""
    rng = np.random.default_rng(3)
    tau = 1e-4
    for _ in range(10):
        loss, layers = problem(rng, kind, 3, 3), arrays(rng, [3, 2, 3])
        here = Surroundings([layers], loss, tau)
        form = layered(here, turned=False)
        assert form is not None
        near = [m + tau * np.abs(m).max() * rng.uniform(-1, 1, m.shape) for m in layers]
        there = layered(Surroundings([near], loss, 0.0), turned=False)
        assert there is not None
        assert Surroundings([near], loss, 0.0).moves == here.moves
        gap = float(np.linalg.norm(form.matrix - there.matrix, 2))
        assert 0 < gap <= form.error
        slack = np.abs(here.slope.value - Surroundings([near], loss, 0.0).slope.value)
        assert (slack <= here.slope.error).all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_tangent_form_counts_as_the_two_layer_hessian(kind: str) -> None:
    """At a critical point of full ranks: the same signs, without the symmetries' zeros."""
    rng, seen = np.random.default_rng(4), 0

    for _ in range(4):
        loss = problem(rng, kind, 3, 4)
        network: Any = descended(rng, loss, [[4, 2, 3]], 500)
        start = FloatPoint([[m.value[0] for m in network.layers]], loss)
        point = polished(polished(start))
        if np.linalg.norm(point.gradient) > 1e-8:
            continue
        form = tangent(Surroundings(point.towers, loss, 0.0), 2)
        if form is None:
            continue
        assert signs(form.matrix, 1e-7) == signs(point.hessian, 1e-7)
        seen += 1
    assert seen


def test_the_curvature_along_a_direction_is_that_of_the_hessian() -> None:
    rng = np.random.default_rng(5)
    for kind in KINDS:
        loss, layers = problem(rng, kind, 3, 3), arrays(rng, [3, 2, 4, 3])
        point = FloatPoint([layers], loss)
        x = rng.standard_normal(len(point.gradient))
        here = Surroundings([layers], loss, 0.0)
        value, error = curvature(here, point.at(x).towers)
        assert (
            abs(value * 4.0**here.power - x @ point.hessian @ x) <= 1e-9 + error * 4.0**here.power
        )


@pytest.mark.parametrize("size", [1e1, 1e3, 5e3, 1e6, 1e10])
def test_an_infimum_that_is_only_approached_is_no_minimum(size: float) -> None:
    """(√K, 1/√K) twice: w12 = w21 = 1, and w22 = 1/K falls towards 0."""
    rows = [[size**0.5, size**-0.5]]
    target, weights = ExactMatrix.of([[0, 1], [1, 0]]), ExactMatrix.of([[0, 1], [1, 1]])
    layers = [FloatMatrix.of(np.array(rows)), FloatMatrix.of(np.array(rows).T)]
    found = diagnose(Network.single("", layers, WeightedSquaredLoss(target, weights)))
    assert found.verdict == "not-critical"


@pytest.mark.parametrize("size", [1e-300, 1e-150, 1e-9, 1e9, 1e150, 1e300])
def test_no_size_of_a_layer_is_too_small_or_too_large(size: float) -> None:
    target, weights = ExactMatrix.of([[2, 0], [0, 1]]), ExactMatrix.of([[1, 1], [1, 1]])
    layers = [FloatMatrix.of(size * np.array([[0.8, 0.6]])), FloatMatrix.of([[0.6], [0.8]])]
    found = diagnose(Network.single("", layers, WeightedSquaredLoss(target, weights)))
    assert found.verdict == "not-critical"
