"""Critical points made so that the answer is known: all right or undecided, never wrong."""

import json
from collections import Counter
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import Diagnosis, diagnose
from proofkit.diagnose.check.recheck import recheck
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network

from .made_points import FAMILIES, dropped_flat, strict

COUNT = 200


def checked(network: Network) -> Diagnosis:
    found = diagnose(network)
    recheck(json.loads(json.dumps(found.certificate)))
    return found


@pytest.mark.parametrize("verdict", FAMILIES)
def test_200_points_of_each_kind(verdict: str) -> None:
    rng = np.random.default_rng(20)
    found = Counter(checked(FAMILIES[verdict](rng)).verdict for _ in range(COUNT))
    assert set(found) <= {verdict, "undecided"}
    assert found["undecided"] < COUNT * 0.05


def test_dropped_directions_of_two_layers_are_strict_saddles() -> None:
    """(A, B) = ([A', 0], [B'; 0]): the free column and row together have curvature −2σ."""
    rng = np.random.default_rng(21)
    assert {checked(dropped_flat(rng)).verdict for _ in range(40)} == {"strict-saddle"}


def test_points_that_are_not_critical() -> None:
    rng = np.random.default_rng(22)
    for _ in range(40):
        network = strict(rng)
        layers: list[Any] = list(network.layers)
        layers[0] = layers[0] + ExactMatrix.of(
            rng.integers(1, 3, layers[0].shape).tolist(), shape=layers[0].shape
        )
        moved = Network.single("moved", layers, network.loss)
        slope: Any = network.loss.gradient(moved.product())
        top: Any = moved.chain(moved.depth, 2)
        if not (top.T @ slope).is_zero():
            assert checked(moved).verdict == "not-critical"
