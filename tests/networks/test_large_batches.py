"""Large batches are laid out batch axis last; what comes of them is what small ones give."""

from __future__ import annotations

import numpy as np
import pytest

from proofkit.networks.floating import FloatMatrix
from proofkit.networks.random import random_matrix
from proofkit.networks.running import LANES


def large(*shape: int, seed: int = 0) -> FloatMatrix:
    rng = np.random.default_rng((seed, *shape))
    value = rng.standard_normal((LANES + 1, *shape))
    return FloatMatrix.of(value, np.abs(rng.standard_normal(value.shape)) * 1e-9)


def is_laid_out(matrix: FloatMatrix) -> bool:
    return all(x.strides[0] == x.itemsize for x in (matrix.value, matrix.error))


@pytest.mark.parametrize(("rows", "inner", "cols"), [(3, 2, 4), (1, 3, 1), (2, 0, 2), (4, 1, 3)])
def test_products_are_those_of_small_batches(rows: int, inner: int, cols: int) -> None:
    left, right = large(rows, inner), large(inner, cols, seed=1)
    product = left @ right
    for at in (0, 17, LANES):
        alone = left.instance(at) @ right.instance(at)
        within = np.abs(product.value[at] - alone.value[0])
        assert (within <= product.error[at] + alone.error[0]).all()
        assert np.allclose(product.error[at], alone.error[0], rtol=1e-9, atol=0)


def test_a_batch_of_one_goes_with_a_large_one() -> None:
    many, one = large(3, 3), random_matrix(5, 3, 3, exact=False)
    for product in (many @ one, one @ many):
        assert product.batch == many.batch
    assert np.allclose((one @ many).value, one.value @ many.value)


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
