"""The curvature bound proves minima global, never one that is not; lower points are found."""

from typing import Any

import flint
import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.global_bound import bound_holds, propose_bound
from proofkit.diagnose.search.lower import _levenberg
from proofkit.networks.array_matrix import ArrayMatrix
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import ExpressionLoss, WeightedSquaredLoss
from proofkit.networks.network import Network

from ..made_points import problem


def minima(rng: np.random.Generator, loss: Any, width: int) -> tuple[Any, Any, Any]:
    """Critical points (A, B) of 64 descents and their losses."""
    rows, cols = loss.shape
    A = 2 * rng.standard_normal((64, rows, width))
    B = 2 * rng.standard_normal((64, width, cols))
    A, B = _levenberg(loss, A, B, 120)
    slope = loss.gradient(ArrayMatrix(A @ B)).value
    rest = np.abs(slope @ np.swapaxes(B, 1, 2)).max((1, 2))
    rest += np.abs(np.swapaxes(A, 1, 2) @ slope).max((1, 2))
    values = loss.value(ArrayMatrix(A @ B))
    still = (rest < 1e-9) & np.isfinite(values)
    return A[still], B[still], values[still]


@pytest.mark.parametrize("kind", ["weighted-squared", "logistic"])
@pytest.mark.parametrize("dims", [(2, 1, 2), (3, 1, 3), (3, 2, 3)])
def test_the_worst_and_the_best_minimum(kind: str, dims: tuple[int, int, int]) -> None:
    """The worst one is spurious if a lower one is known; the best one is mostly proved global."""
    rng = np.random.default_rng(31)
    cols, width, rows = dims
    proved = 0
    for _ in range(8):
        loss = problem(rng, kind, rows, cols)
        A, B, values = minima(rng, loss, width)
        best = int(np.argmin(values))
        for i in {best, int(np.argmax(values))}:
            layers = [FloatMatrix.of(B[i]), FloatMatrix.of(A[i])]
            found = diagnose(Network.single("a minimum", layers, loss), tolerance=1e-8)
            if values[i] > values[best] + 1e-7:
                assert found.verdict in {"spurious-local-minimum", "strict-saddle"}
            else:
                assert found.verdict in {"global-minimum", "local-minimum"}
                proved += i == best and found.verdict == "global-minimum"
    assert proved >= 4


def balls(matrix: Any) -> list[list[Any]]:
    return [[flint.arb(float(x)) for x in line] for line in matrix]


def test_no_numbers_prove_a_spurious_minimum() -> None:
    """E01: σ(W) = 1 and σ(f′)/2 = 2, whatever the weights; random p, q and s never do."""
    loss = WeightedSquaredLoss(ExactMatrix.of([[2, 0], [0, 1]]), ExactMatrix.of([[1, 3], [3, 1]]))
    A, B = np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]])
    assert propose_bound(loss, A, B) is None
    rng = np.random.default_rng(32)
    for _ in range(200):
        p, q, s = rng.integers(1, 60, 2), rng.integers(1, 60, 2), int(rng.integers(1, 100))
        data = {"p": [f"{x}/40" for x in p], "q": [f"{x}/40" for x in q], "s": f"{s}/40"}
        assert not bound_holds(loss, balls(A), balls(B), data)
    # The other minimum, at 2·e₁e₁ᵀ, is the global one.
    A, B = np.array([[1.0], [0.0]]), np.array([[2.0, 0.0]])
    data = propose_bound(loss, A, B)
    assert data is not None
    assert bound_holds(loss, balls(A), balls(B), data)
    # No larger curvature than the loss has may be claimed.
    assert not bound_holds(loss, balls(A), balls(B), {**data, "p": [3, 3], "q": [1, 1]})


def test_the_confines_of_a_logistic_loss_must_be_true() -> None:
    rng = np.random.default_rng(33)
    loss = problem(rng, "logistic", 2, 2)
    A, B, values = minima(rng, loss, 1)
    i = int(np.argmin(values))
    data = propose_bound(loss, A[i], B[i])
    assert data is not None
    assert bound_holds(loss, balls(A[i]), balls(B[i]), data)
    W = A[i] @ B[i]
    for change in ({"hi": W.tolist()}, {"lo": W.tolist()}):
        assert not bound_holds(loss, balls(A[i]), balls(B[i]), {**data, **change})


def test_an_exact_quadratic_expression() -> None:
    """σ(W) = 3 exceeds half of |f′| = 2·1 by a coupled, but strongly convex, quadratic."""
    text = "(w11-3)**2 + (w22-1)**2 + w12**2 + w21**2 + w12*w21/2"
    loss = ExpressionLoss((2, 2), parse_expression(text, (2, 2)), True)
    layers = [ExactMatrix.of([[3, 0]]), ExactMatrix.of([[1], [0]])]
    found = diagnose(Network.single("a quadratic", layers, loss))
    assert found.verdict == "global-minimum"
    assert found.certificate["evidence"]["kind"] in {"curvature-bound", "lagrangian"}
