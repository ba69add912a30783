"""Float networks: found minima are certified; what floats cannot decide is said."""

import json
from typing import Any

import numpy as np

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.recheck import recheck
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network


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
    assert "numerically" in recheck(found.certificate)[-1]


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
