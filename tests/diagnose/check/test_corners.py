"""Bounds that a loss reaches, and corners whose subdifferential holds 0."""

import json
from typing import Any

import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.certificate import digest
from proofkit.diagnose.check.floors import floor_of
from proofkit.diagnose.check.recheck import Refused, recheck
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.network import Network


def loss(text: str, size: tuple[int, int] = (1, 1)) -> ExpressionLoss:
    return ExpressionLoss(size, parse_expression(text, size), True)


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("(w11-1)**2 + 3*abs(w11)", 0),
        ("2 - (3 - w11**4)", -1),
        ("w11*w11/2", 0),
        ("w11**3", None),
        ("exp(w11)", None),
        ("1/w11**2", None),
        ("w11**(5/2)", None),
        ("-w11**2", None),
        ("cos(w11) + 1", 0),
    ],
)
def test_bounds_are_read_off_an_expression(text: str, floor: int | None) -> None:
    assert floor_of(loss(text)) == floor


MEDIAN = "abs(w11-1) + abs(w11-3) + abs(w11-7)"


@pytest.mark.parametrize(
    ("text", "w", "verdict"),
    [
        (MEDIAN, 3, "global-minimum"),
        (MEDIAN, 1, "undecided"),
        ("2*abs(w11) + w11", 0, "global-minimum"),
        ("abs(w11) + 2*w11", 0, "undecided"),
        ("abs(w11) + abs(2*w11) - w11", 0, "global-minimum"),
    ],
)
def test_the_subdifferential_decides(text: str, w: int, verdict: str) -> None:
    one = ExactMatrix.identity(1)
    found = diagnose(Network.single("", [w * one, one], loss(text)))
    assert found.verdict == verdict
    document: Any = json.loads(json.dumps(found.certificate))
    assert recheck(document)
    # The same in floats, away from numbers that they hold exactly.
    layers = [FloatMatrix.of([[w / 3**0.5]]), FloatMatrix.of([[3**0.5]])]
    if w:
        assert diagnose(Network.single("", layers, loss(text))).verdict == verdict
    if verdict == "global-minimum":
        document["evidence"]["multipliers"][0] = "9/10"
        document["digest"] = digest(document)
        with pytest.raises(Refused, match="multipliers"):
            recheck(document)


def test_a_reached_bound_needs_no_second_derivative() -> None:
    size = (2, 2)
    text = "abs(w11-1)+abs(w12-2)+abs(w21-3)+abs(w22-6)"
    B, A = ExactMatrix.of([[1, 2]]), ExactMatrix.of([[1], [3]])
    found = diagnose(Network.single("", [B, A], loss(text, size)))
    assert found.verdict == "global-minimum"
    assert recheck(found.certificate)
    changed = {**found.certificate, "evidence": {"kind": "lower-bound", "bound": "-1"}}
    changed["digest"] = digest(changed)
    with pytest.raises(Refused, match="bound"):
        recheck(changed)
