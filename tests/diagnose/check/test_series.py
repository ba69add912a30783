"""Power series of losses along paths, and the ways down of order 4 that they prove."""

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.certificate import digest
from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.diagnose.check.recheck import Refused, recheck
from proofkit.diagnose.check.series import enclosed_series, exact_series
from proofkit.networks.array_matrix import ArrayMatrix, array
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.losses import ExpressionLoss, LogisticLoss, Loss, PoissonLoss, SoftmaxLoss
from proofkit.networks.network import Network

TEXTS = [
    "exp(w11 - w12)/3",
    "log(1 + exp(w12))*w21",
    "sqrt(w11) + w12**(-2)",
    "tanh(w11)*sin(w12)",
    "cos(w11)/(1 + w12)",
    "logistic(w11*w22)",
    "log1p(w11**2)",
    "abs(w12) + w11**(3/2)",
]


def expression(text: str, convex: bool | None = None) -> ExpressionLoss:
    return ExpressionLoss((2, 2), parse_expression(text, (2, 2)), convex)


LOSSES: dict[str, Loss] = {text: expression(text) for text in TEXTS} | {
    "logistic": LogisticLoss(ExactMatrix.of([[1, 2], [0, 3]]), ExactMatrix.of([[2, 1], [1, 0]])),
    "poisson": PoissonLoss(ExactMatrix.of([[1, 0], [2, 3]]), ExactMatrix.of([[1, 2], [1, -1]])),
    "softmax": SoftmaxLoss(ExactMatrix.of([[1, 0, 2], [1, -1, 0]]), (0, 1, 1), 2),
}
PATH = MatrixPolynomial(
    [
        ExactMatrix.of([[Fraction(1, 3), Fraction(1, 2)], [1, Fraction(1, 4)]]),
        ExactMatrix.of([[1, -1], [0, 2]]),
        ExactMatrix.of([[2, Fraction(1, 5)], [-1, 0]]),
    ]
)


@pytest.mark.parametrize("name", LOSSES)
def test_the_series_is_that_of_the_loss(name: str) -> None:
    loss = LOSSES[name]
    *terms, after = exact_series(loss, PATH, 6)
    for t in (Fraction(1, 100), Fraction(-1, 100)):
        value = float(loss.value(ArrayMatrix(array(PATH(t)))))
        summed = sum(float(c) * float(t) ** j for j, c in enumerate(terms))
        assert abs(value - summed) < 4 * abs(float(after) * float(t) ** 5) + 1e-12
    around = enclosed_series(loss, PATH, Fraction(1, 1000), 5, 96)
    for ball, c in zip(around, terms, strict=True):
        assert float(abs(ball.mid() - float(c))) <= float(ball.rad()) + 1e-12


def test_a_corner_has_no_series() -> None:
    at_zero = MatrixPolynomial([ExactMatrix.zeros(2, 2), ExactMatrix.identity(2)])
    with pytest.raises(LossError):
        exact_series(expression("abs(w11)"), at_zero, 3)


# At A = (0, 1)ᵀ, B = (0, 1) the second-order part is 2(x − y)², in the entries x of A and y of B;
# along x = y = t the loss falls with t⁴ when w22 is lowered by a multiple of t² at once.
FALLS = "-4*w11 + exp(w22 - 1) - w22 + 2*w12**2 + 2*w21**2"
# The same with a large curvature in w11: the point is a local minimum, of the fourth order.
RISES = "exp(20*w11) - 24*w11 + exp(w22 - 1) - w22 + 2*w12**2 + 2*w21**2"


def point(text: str) -> Network:
    layers = [ExactMatrix.of([[0, 1]]), ExactMatrix.of([[0], [1]])]
    return Network.single("a degenerate point", layers, expression(text, True))


def test_a_curve_down_for_a_loss_that_is_no_polynomial() -> None:
    found = diagnose(point(FALLS))
    assert found.verdict == "non-strict-saddle"
    assert found.hessian_inertia == (2, 2, 0)
    assert found.escape is not None
    assert (found.escape["kind"], found.escape["order"]) == ("series", 4)
    made = json.loads(json.dumps(found.certificate))
    assert recheck(made)
    path: dict[str, Any] = made["evidence"]["path"]
    for key, value in (("t0", 8), ("change", [0, 0, 0, 0, -9]), ("order", 3), ("kind", "exact")):
        changed = {**made, "evidence": {"kind": "descent", "path": {**path, key: value}}}
        changed["digest"] = digest(changed)
        with pytest.raises(Refused):
            recheck(changed)


def test_no_curve_is_invented() -> None:
    found = diagnose(point(RISES))
    assert found.verdict == "undecided"
    assert "nullity 2" in found.why[0]
    rng = np.random.default_rng(0)
    loss = found.network.loss
    A = np.array([[0.0], [1.0]]) + 0.02 * rng.standard_normal((4000, 2, 1))
    B = np.array([[0.0, 1.0]]) + 0.02 * rng.standard_normal((4000, 1, 2))
    assert loss.value(ArrayMatrix(A @ B)).min() >= found.value - 1e-12
