"""Float networks: found minima are certified; what floats cannot decide is said."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.certificate import digest
from proofkit.diagnose.float_point import FloatPoint
from proofkit.diagnose.numeric import NumericLoss
from proofkit.diagnose.recheck import Refused, recheck
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import LogisticLoss, Loss, SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network


def descended(rng: np.random.Generator, loss: Loss, dims: list[int], steps: int) -> Network:
    """Trained by plain gradient descent with a step that adapts."""
    point = FloatPoint(
        [[rng.standard_normal((b, a)) for a, b in pairwise(dims)]],
        NumericLoss(loss),
    )
    rate, value = 1e-2, point.value
    for _ in range(steps):
        if np.linalg.norm(point.gradient) < 1e-9:
            break
        moved = point.at(point.vector - rate * point.gradient)
        if moved.value <= value:
            point, value, rate = moved, moved.value, rate * 1.1
        else:
            rate /= 2
    return Network.single("trained", [FloatMatrix.of(m) for m in point.towers[0]], loss)


def problem(rng: np.random.Generator, kind: str, rows: int, cols: int) -> Loss:
    def table(low: int, high: int) -> ExactMatrix:
        return ExactMatrix.of(rng.integers(low, high, (rows, cols)).tolist())

    if kind == "logistic":
        return LogisticLoss(table(1, 6), table(1, 6))
    return WeightedSquaredLoss(table(-3, 4), table(1, 5))


@pytest.mark.parametrize("kind", ["weighted-squared", "logistic"])
@pytest.mark.parametrize("dims", [[2, 1, 2], [3, 2, 1, 3], [3, 2, 3]])
def test_trained_minima_are_certified(kind: str, dims: list[int]) -> None:
    rng = np.random.default_rng(7)
    certified = 0
    for _ in range(3):
        network = descended(rng, problem(rng, kind, dims[-1], dims[0]), dims, 3000)
        found = diagnose(network, certify=True)
        if found.certificate["arithmetic"] != "balls":
            assert found.verdict in {"not-critical", "undecided", "global-minimum"}
            continue
        certified += 1
        assert found.verdict in {"local-minimum", "spurious-local-minimum"}
        assert found.hessian_inertia is not None and found.hessian_inertia[2] == 0
        assert diagnose(network).verdict == found.verdict
        document = json.loads(json.dumps(found.certificate))
        assert recheck(document)
        for path, value in (("radius", "1/3"), ("distance", "1/3"), ("frozen", [])):
            changed = json.loads(json.dumps(document))
            changed["evidence"][path] = value
            with pytest.raises(Refused):
                recheck(changed)
        changed = json.loads(json.dumps(document))
        changed["evidence"]["A"][0][0] += 0.125
        changed["digest"] = digest(changed)
        with pytest.raises(Refused):
            recheck(changed)
    assert certified >= 2


def test_a_known_spurious_minimum_is_certified_from_floats() -> None:
    """E01's loss, at floats near its minimum in another gauge."""
    loss = WeightedSquaredLoss(ExactMatrix.of([[2, 0], [0, 1]]), ExactMatrix.of([[1, 3], [3, 1]]))
    layers = [np.array([[1e-9, 1 / 3]]), np.array([[0.0], [3.0 - 1e-9]])]
    network = Network.single("near E01", [FloatMatrix.of(m) for m in layers], loss)
    found = diagnose(network, certify=True)
    assert found.certificate["arithmetic"] == "balls"
    assert found.verdict == "spurious-local-minimum"
    assert found.lower_point is not None
    assert recheck(json.loads(json.dumps(found.certificate)))


def test_a_certified_saddle() -> None:
    one = ExactMatrix.identity(2)
    loss = SquaredLoss(one, ExactMatrix.of([[2, 0], [0, 1]]))
    layers = [np.array([[1e-10, 1 / 3]]), np.array([[0.0], [3.0]])]
    network = Network.single("near E17", [FloatMatrix.of(m) for m in layers], loss)
    found = diagnose(network, certify=True)
    assert (found.verdict, found.theorem) == ("strict-saddle", "corollary-1")
    assert found.hessian_inertia == (2, 1, 1)
    assert recheck(json.loads(json.dumps(found.certificate)))


def test_exactly_critical_floats_get_an_exact_answer() -> None:
    one = ExactMatrix.identity(2)
    loss = SquaredLoss(one, ExactMatrix.of([[2, 0], [0, 1]]))
    layers = [FloatMatrix.of(np.zeros((2, 2))) for _ in range(3)]
    found = diagnose(Network.single("origin", layers, loss))
    assert found.verdict == "non-strict-saddle"
    assert recheck(json.loads(json.dumps(found.certificate)))


def test_far_from_critical() -> None:
    one = ExactMatrix.identity(1)
    layers = [FloatMatrix.of([[0.3]]), FloatMatrix.of([[0.7]])]
    found = diagnose(Network.single("", layers, SquaredLoss(one, one)))
    assert found.verdict == "not-critical"
    with pytest.raises(Refused, match="numerical"):
        recheck(found.certificate)


def test_a_float_saddle_of_low_rank() -> None:
    """Near E11, rank 1 of 2 in every layer: never called a minimum."""
    rng = np.random.default_rng(8)
    rotation = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    loss: Any = SquaredLoss(
        ExactMatrix.identity(3), ExactMatrix.of([[3, 0, 0], [0, 2, 0], [0, 0, 1]])
    )
    keep = np.diag([1.0, 0.0])
    layers = [
        keep @ np.array([[3.0, 0, 0], [0, 0, 0]]),
        keep,
        np.array([[1.0, 0], [0, 0], [0, 0]]),
    ]
    gauge = rotation[:2, :2]
    layers[0], layers[1] = gauge @ layers[0], layers[1] @ np.linalg.inv(gauge)
    found = diagnose(Network.single("", [FloatMatrix.of(m) for m in layers], loss))
    assert found.verdict in {"non-strict-saddle", "undecided", "strict-saddle"}
