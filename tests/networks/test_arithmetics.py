"""Each loss is the same function in all arithmetics, and its derivatives fit each other."""

from typing import Any

import flint
import numpy as np
import pytest

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import KINDS, Loss
from proofkit.networks.matrices import ArrayMatrix, BallMatrix

from .test_losses import SHAPE, SMOOTH, data

BY_NAME = pytest.mark.parametrize("name", SMOOTH)
POINT, MOVE = data(41, *SHAPE), data(32, *SHAPE)
BITS = 200


def made(matrix: ExactMatrix) -> list[Any]:
    return [kind.converted(matrix) for kind in (FloatMatrix, ArrayMatrix, BallMatrix)]


def test_every_kind_is_tried() -> None:
    assert {loss.kind for loss in SMOOTH.values()} == set(KINDS)


def numbers(matrix: ExactMatrix) -> np.ndarray[Any, Any]:
    return np.array([[float(x) for x in line] for line in matrix.entries()])


def agree(exact: ExactMatrix, others: list[Any]) -> None:
    floats, arrays, balls = others
    true = numbers(exact)
    # The nearest float of the exact number is half an ulp off.
    assert (np.abs(floats.value[0] - true) <= floats.error[0] + 2**-52 * np.abs(true)).all()
    assert np.allclose(arrays.value, true, rtol=1e-11, atol=1e-11)
    around = BallMatrix.converted(exact)
    for line, own in zip(around.entries(), balls.entries(), strict=True):
        for x, y in zip(line, own, strict=True):
            assert y.overlaps(x) and y.rad() < 2.0**-100


@BY_NAME
def test_all_arithmetics_agree(name: str) -> None:
    loss: Loss = SMOOTH[name]
    with flint.ctx.workprec(BITS):
        points, moves = made(POINT), made(MOVE)
        values = [loss.value(p) for p in points]
        true = ExactMatrix.of([[loss.value(POINT)]])
        floats, arrays, balls = values
        agree(
            true,
            [FloatMatrix(floats[:, None, None]), ArrayMatrix([[arrays]]), BallMatrix([[balls]])],
        )
        agree(loss.gradient(POINT), [loss.gradient(p) for p in points])
        agree(loss.hessian(POINT), [loss.hessian(p) for p in points])
        bent = [loss.second(p, d) for p, d in zip(points, moves, strict=True)]
        agree(loss.second(POINT, MOVE), bent)


@BY_NAME
def test_second_is_the_hessian_times_a_direction(name: str) -> None:
    loss: Loss = SMOOTH[name]
    size = SHAPE[0] * SHAPE[1]
    whole = loss.hessian(POINT) @ MOVE.reshaped(size, 1)
    assert loss.second(POINT, MOVE).reshaped(size, 1) == whole


@BY_NAME
def test_arrays_take_any_batch(name: str) -> None:
    loss: Loss = SMOOTH[name]
    rng = np.random.default_rng(3)
    w, d = rng.standard_normal((5, *SHAPE)), rng.standard_normal((5, 7, *SHAPE))
    bent = loss.second(ArrayMatrix(w[:, None]), ArrayMatrix(d)).value
    hessian = loss.hessian(ArrayMatrix(w)).value
    assert bent.shape == d.shape and hessian.shape == (5, 6, 6)
    flat = np.einsum("bpq,bkq->bkp", hessian, d.reshape(5, 7, 6))
    assert np.allclose(bent.reshape(5, 7, 6), flat)
    one = loss.gradient(ArrayMatrix(w[2])).value
    assert np.allclose(loss.gradient(ArrayMatrix(w)).value[2], one)


@BY_NAME
def test_a_box_of_balls_holds_what_its_points_have(name: str) -> None:
    loss: Loss = SMOOTH[name]
    rng = np.random.default_rng(4)
    with flint.ctx.workprec(BITS):
        centre = BallMatrix.converted(POINT)
        box = centre.map(lambda x: x + flint.arb(0, 0.01))
        value, slope = loss.value(box), loss.gradient(box).entries()
        for _ in range(5):
            offset = ExactMatrix.of((rng.uniform(-0.009, 0.009, SHAPE)).tolist())
            inside = BallMatrix.converted(POINT + offset)
            assert value.overlaps(loss.value(inside))
            for line, own in zip(slope, loss.gradient(inside).entries(), strict=True):
                assert all(x.overlaps(y) for x, y in zip(line, own, strict=True))


def test_outside_the_domain_nothing_is_finite() -> None:
    from .test_losses import expression

    loss = expression("log(w11)")
    zero = ExactMatrix.zeros(*SHAPE)
    assert not np.isfinite(loss.value(ArrayMatrix.converted(zero)))
    assert not loss.value(BallMatrix.converted(zero)).is_finite()
    corner = SMOOTH["absolute entries"]
    at: ExactMatrix = corner.Y
    wide = BallMatrix.converted(at).map(lambda x: x + flint.arb(0, 0.1))
    assert not all(x.is_finite() for x in corner.gradient(wide).body.entries())
    assert corner.value(wide).is_finite()
