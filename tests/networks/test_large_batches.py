"""Large batches are laid out batch axis last; what comes of them is what small ones give."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from proofkit.networks.error_bounds import LANES
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import LogisticLoss
from proofkit.networks.random import random_matrix


def large(*shape: int, seed: int = 0) -> FloatMatrix:
    rng = np.random.default_rng((seed, *shape))
    value = rng.standard_normal((LANES + 1, *shape))
    return FloatMatrix.of(value, np.abs(rng.standard_normal(value.shape)) * 1e-9)


def is_laid_out(matrix: FloatMatrix) -> bool:
    return all(x.strides[0] == x.itemsize for x in (matrix.value, matrix.error))


@pytest.mark.parametrize(("rows", "inner", "cols"), [(3, 2, 4), (1, 3, 1), (2, 0, 2), (4, 1, 3)])
def test_products_are_those_of_small_batches(rows: int, inner: int, cols: int) -> None:
    left, right = large(rows, inner), large(inner, cols, seed=1)
    whole = left @ right
    for at in (0, 17, LANES):
        alone = left.instance(at) @ right.instance(at)
        within = np.abs(whole.value[at] - alone.value[0])
        assert (within <= whole.error[at] + alone.error[0]).all()


OPERATIONS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "sum": lambda x, y, z: x + y,
    "difference": lambda x, y, z: x - y,
    "opposite": lambda x, y, z: -(x + y),
    "transpose": lambda x, y, z: (x - y).T,
    "product": lambda x, y, z: x @ z,
    "product of three": lambda x, y, z: z @ x @ z,
    "multiple": lambda x, y, z: Fraction(1, 3) * x,
    "entrywise product": lambda x, y, z: x.hadamard(y),
    "inner product": lambda x, y, z: x.inner(y),
    "trace": lambda x, y, z: (x @ z).trace(),
    "part": lambda x, y, z: (x + y).block([0, 2], [1]),
    "number times matrix": lambda x, y, z: x.inner(y) * z,
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_exactly_true_lies_within_the_bounds_by_norm(
    operation: Callable[[Any, Any, Any], Any],
) -> None:
    floats = [large(3, 2), large(3, 2, seed=1), large(2, 3, seed=2)]
    computed = operation(*floats)
    for at in (0, 17, LANES):
        # The matrices that are meant are as far away as they may be.
        meant = [truly(m.value[at], m.error[at], sign) for m in floats for sign in (1, -1)]
        for choice in product(*(meant[n : n + 2] for n in (0, 2, 4))):
            true = operation(*choice)
            if not hasattr(true, "rows"):
                true = ExactMatrix.of([[true]])
            value, bound = np.atleast_2d(computed.value[at]), np.atleast_2d(computed.error[at])
            away = true - truly(value, bound, 0)
            assert away.inner(away) <= Fraction(float(bound.max())) ** 2


def truly(value: Any, error: Any, sign: int) -> ExactMatrix:
    table = zip(value.tolist(), error.tolist(), strict=True)
    return ExactMatrix.of(
        [[Fraction(v) + sign * Fraction(e) for v, e in zip(*row, strict=True)] for row in table]
    )


def test_bounds_by_norm_are_no_more_than_the_norms_say() -> None:
    x, y = large(3, 3), large(3, 3, seed=1)
    norms = [np.sqrt((a**2).sum(axis=(1, 2))) for a in (x.value, x.error, y.value, y.error)]
    (a, da, b, db) = norms
    assert ((x @ y).tolerance() <= 1.01 * (a * db + da * b + da * db)).all()
    assert ((x + y).tolerance() <= 1.01 * (da + db)).all()
    assert (x.T @ y).tolerance().shape == (LANES + 1,)


def test_a_batch_of_one_goes_with_a_large_one() -> None:
    many, one = large(3, 3), random_matrix(5, 3, 3, exact=False)
    for whole in (many @ one, one @ many):
        assert whole.batch == many.batch
    assert np.allclose((one @ many).value, one.value @ many.value)
    assert np.allclose(many.inner(one).value, (many.value * one.value).sum(axis=(1, 2)))
    assert (many.inner(one).error == one.inner(many).error).all()


def test_the_layout_is_kept() -> None:
    x, y = large(3, 2), large(3, 2, seed=1)
    results = [x + y, x - y, -x, x.T, 2 * x, x.hadamard(y), x @ y.T, x.T @ y, x.block([0, 2], [1])]
    results += [
        FloatMatrix.of_blocks([[x, y], [x, FloatMatrix.zeros(3, 2)]]),
        x + x.repeated(x.batch),
    ]
    assert all(map(is_laid_out, results))


def test_blocks_that_do_not_fit_are_refused() -> None:
    wide, tall = FloatMatrix.zeros(1, 2), FloatMatrix.zeros(2, 1)
    with pytest.raises(ValueError, match="do not fit"):
        FloatMatrix.of_blocks([[wide, tall]])
    with pytest.raises(ValueError, match="do not fit"):
        FloatMatrix.of_blocks([[wide], [tall]])


def test_losses_of_large_batches_that_are_meant_exactly() -> None:
    """Negating such a batch keeps one bound, 0, for all its matrices."""
    counts = ExactMatrix.of([[2, 1], [1, 2]])
    products = np.random.default_rng(0).integers(-2, 3, (1681, 2, 2)).astype(float)
    value: Any = LogisticLoss(counts, counts).value(FloatMatrix.of(products))
    single: Any = LogisticLoss(counts, counts).value(FloatMatrix.of(products[7]))
    assert value.value[7] == pytest.approx(single.value[0], rel=1e-14)
    assert (value.error > 0).all()
