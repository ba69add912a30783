"""Every kind of loss gets the verdict of the same function written as an expression."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.recheck import Refused, recheck
from proofkit.networks.decode import network_from_document
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.losses import (
    AbsoluteLoss,
    ExpressionLoss,
    Loss,
    MaskedSquaredLoss,
    MeasurementLoss,
    PoissonLoss,
)
from proofkit.networks.network import Network
from proofkit.sweep.execution import run_sweep
from proofkit.sweep.export import problem_network
from proofkit.sweep.spec import Spec

from ..sweep.conftest import InThisProcess, contents

of = ExactMatrix.of
X = of([[1, 2, 0], [0, 1, -1]])
KINDS: dict[str, tuple[Loss, str]] = {
    "masked-squared": (
        MaskedSquaredLoss(of([[4, 2], [2, 9]]), of([[1, 1], [1, 0]])),
        "(w11 - 4)**2 + (w12 - 2)**2 + (w21 - 2)**2",
    ),
    "masked-squared samples": (
        MaskedSquaredLoss(of([[4, 2, 0], [2, 1, 7]]), of([[1, 1, 0], [1, 0, 1]]), X),
        "(w11 - 4)**2 + (2*w11 + w12 - 2)**2 + (w21 - 2)**2 + (-w22 - 7)**2",
    ),
    "measurements": (
        MeasurementLoss.of([of([[1, 2], [0, 1]]), of([[0, 1], [1, 1]])], [9, 5]),
        "(w11 + 2*w12 + w22 - 9)**2 + (w12 + w21 + w22 - 5)**2",
    ),
    "absolute": (
        AbsoluteLoss(of([[7, 1], [1, 5]])),
        "abs(w11 - 7) + abs(w12 - 1) + abs(w21 - 1) + abs(w22 - 5)",
    ),
    "poisson": (
        PoissonLoss(of([[1, 2], [2, 1]])),
        "exp(w11) - w11 + exp(w12) - 2*w12 + exp(w21) - 2*w21 + exp(w22) - w22",
    ),
    "poisson samples": (
        PoissonLoss(of([[1, 2, 0], [2, 1, 1]]), X),
        "exp(w11) - w11 + exp(2*w11 + w12) - 4*w11 - 2*w12 + exp(-w12)"
        "+ exp(w21) - 2*w21 + exp(2*w21 + w22) - 2*w21 - w22 + exp(-w22) + w22",
    ),
}
ONES, NONE = of([[1], [1]]), of([[0], [0]])
POINTS = {
    "the origin": [NONE.T, NONE],
    "one layer 0": [NONE.T, ONES],
    "ones": [ONES.T, 2 * ONES],
    "all ranks": [of([[2, 1], [1, 1]]), of([[1, 0], [0, 2]])],
    "three layers": [ONES.T, of([[0]]), ONES],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("point", POINTS)
def test_the_verdict_is_that_of_the_expression(kind: str, point: str) -> None:
    loss, text = KINDS[kind]
    expression = ExpressionLoss((2, 2), parse_expression(text, (2, 2)), True)
    layers = POINTS[point]
    own, other = (diagnose(Network.single("", layers, f)) for f in (loss, expression))
    assert own.verdict == other.verdict
    assert (own.value, own.gradient_norm) == (other.value, other.gradient_norm)
    assert own.hessian_inertia == other.hessian_inertia
    document = json.loads(json.dumps(own.certificate))
    assert recheck(document)
    changed = copy.deepcopy(document)
    changed["value"] = 12345
    with pytest.raises(Refused, match="value"):
        recheck(changed, integrity=False)


def test_kinds_without_rows_or_columns_are_stationary_only_where_all_measurements_are() -> None:
    A, y = [of([[1, 0], [0, 1]]), of([[1, 1], [1, 1]])], [2, 4]
    at = Network.single("", [ONES.T, ONES], MeasurementLoss.of(A, y))
    assert diagnose(at).verdict == "global-minimum"
    other = Network.single("", [ONES.T, ONES], MeasurementLoss.of(A, [2, 5]))
    assert diagnose(other).verdict != "global-minimum"


def test_a_spurious_minimum_of_matrix_sensing_is_certified(tmp_path: Path) -> None:
    spec = Spec("measurements", (3, 1, 3), 4, starts=8)
    run_sweep(spec, tmp_path, InThisProcess())
    rows = [json.loads(line) for line in contents(tmp_path).splitlines()]
    row = next(row for row in rows if row["verdict"] == "spurious")
    network = problem_network(spec, row)
    found = diagnose(network, certify=True)
    assert found.verdict == "spurious-local-minimum"
    assert found.certificate["arithmetic"] == "balls"
    document: Any = json.loads(json.dumps(found.certificate))
    assert recheck(document)
    there = network_from_document(document["network"])
    assert there.loss == network.loss
    document["network"]["loss"]["y"][0] = 0
    with pytest.raises(Refused):
        recheck(document, integrity=False)


def test_spurious_minima_of_poisson_losses_are_proved_no_better_than_they_are(
    tmp_path: Path,
) -> None:
    spec = Spec("poisson", (2, 1, 2), 60, starts=8)
    run_sweep(spec, tmp_path, InThisProcess())
    rows = [json.loads(line) for line in contents(tmp_path).splitlines()]
    spurious = [row for row in rows if row["verdict"] == "numerical"][:3]
    assert len(spurious) == 3
    for row in spurious:
        found = diagnose(problem_network(spec, row), certify=True)
        assert found.verdict == "spurious-local-minimum" and recheck(found.certificate)


def test_minima_of_poisson_losses_are_proved_global() -> None:
    spec = Spec("poisson", (3, 1, 3), 8, starts=8)
    made = spec.make()
    from proofkit.sweep.block import searched
    from proofkit.sweep.families import lane
    from proofkit.sweep.lanes import unpacked

    data, found = searched(spec, made, range(8))
    verdicts = []
    for n in range(4):
        start = n * spec.starts + int(np.argmin(found.values[n * 8 : n * 8 + 8]))
        layers = unpacked(found.points[:, start, None], spec.dims)
        plain = [layer[:, :, 0].tolist() for layer in layers]
        answer = diagnose(plain, loss=made.loss(lane(data, n)), certify=True)
        verdicts.append(answer.verdict)
        assert recheck(json.loads(json.dumps(answer.certificate)))
    assert verdicts.count("global-minimum") >= 3
