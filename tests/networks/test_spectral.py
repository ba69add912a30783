"""Ranks, kernels and inverses of float batches agree with exact ones within their bounds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks import spectral
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.scalars import sign

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
SHAPES = st.sampled_from([(1, 1), (2, 2), (3, 2), (2, 3), (4, 4), (5, 3), (1, 4)])


def integers(seed, rows, cols, rank):
    """Integer matrices, exact as floats, of rank at most ``rank``: a batch of 5."""
    rng = np.random.default_rng(seed)
    left, right = rng.integers(-3, 4, (5, rows, rank)), rng.integers(-3, 4, (5, rank, cols))
    return (left @ right).astype(float)


def truths(values, shape):
    return [ExactMatrix.of(v.tolist(), shape=shape) for v in values]


def norm_at_most(matrix, bound):
    """Whether the Frobenius norm of an exact matrix is at most a float."""
    return sign(Fraction(float(bound)) ** 2 - matrix.inner(matrix)) >= 0


@SETTINGS
@given(st.integers(0, 10**6), SHAPES, st.data())
def test_ranks_of_integer_matrices_are_exact_and_decided(seed, shape, data):
    rank = data.draw(st.integers(0, min(shape)))
    values = integers(seed, *shape, rank)
    x = FloatMatrix.of(values)
    assert x.rank().tolist() == [t.rank() for t in truths(values, shape)]
    assert x.rank_is_decided().all()


def test_a_rank_within_the_error_is_not_decided():
    x = FloatMatrix.of([[1.0, 0.0], [0.0, 1e-6]], error=6e-7)
    assert x.rank().tolist() == [1]
    assert x.rank_is_decided().tolist() == [True]
    near = FloatMatrix.of([[1.0, 0.0], [0.0, 1.5e-6]], error=6e-7)
    assert near.rank().tolist() == [2]
    assert near.rank_is_decided().tolist() == [False]
    far = FloatMatrix.of([[1.0, 0.0], [0.0, 1e-3]], error=6e-7)
    assert (far.rank().tolist(), far.rank_is_decided().tolist()) == ([2], [True])


@SETTINGS
@given(st.integers(0, 10**6), SHAPES, st.data())
def test_null_vectors_lie_within_their_error_of_the_kernel(seed, shape, data):
    rank = data.draw(st.integers(0, min(shape)))
    values = integers(seed, *shape, rank)
    x = FloatMatrix.of(values)
    w = x.null_vector()
    ranks = x.rank()
    if w is None:
        assert (ranks == shape[1]).all()
        return
    assert ((x @ w).is_zero() == (ranks < shape[1])).all()
    for b, truth in enumerate(truths(values, shape)):
        if ranks[b] == shape[1]:
            assert np.isnan(w.value[b]).all()
            continue
        vector = ExactMatrix.of(w.value[b].tolist())
        # X⁺X projects on the complement of the kernel.
        away = truth.pseudo_inverse() @ truth @ vector
        assert norm_at_most(away, w.error[b].max())
        assert abs(float(vector.inner(vector)) - 1) < w.cols * shape[1] * 1e-14


@SETTINGS
@given(st.integers(0, 10**6), SHAPES)
def test_an_exact_left_inverse_lies_within_the_error(seed, shape):
    values = integers(seed, *shape, min(shape))
    x = FloatMatrix.of(values)
    y = x.left_inverse()
    full = x.rank() == shape[1]
    assert (y is None) == (not full.any())
    if y is None:
        return
    for b, truth in enumerate(truths(values, shape)):
        if not full[b]:
            assert np.isnan(y.value[b]).all()
            continue
        near = ExactMatrix.of(y.value[b].tolist())
        inverse = (near @ truth).inverse() @ near
        assert inverse @ truth == ExactMatrix.identity(shape[1])
        for line, values_b, errors_b in zip(inverse.entries(), y.value[b], y.error[b], strict=True):
            for v, value, error in zip(line, values_b, errors_b, strict=True):
                assert abs(v - Fraction(float(value))) <= Fraction(float(error))
    assert (y @ x).equals(FloatMatrix.identity(shape[1]))[full].all()


@SETTINGS
@given(st.integers(0, 10**6), SHAPES, st.data())
def test_pseudo_inverses_lie_within_their_error(seed, shape, data):
    rank = data.draw(st.integers(0, min(shape)))
    values = integers(seed, *shape, rank)
    p = FloatMatrix.of(values).pseudo_inverse()
    for b, truth in enumerate(truths(values, shape)):
        exact = truth.pseudo_inverse()
        for i, line in enumerate(exact.entries()):
            for j, v in enumerate(line):
                error = Fraction(float(p.error[b, i, j]))
                assert abs(v - Fraction(float(p.value[b, i, j]))) <= error
        # The bound is worth having: condition number times rounding, and not much more.
        assert p.error[b].max() < 1e-9


def test_bounds_hold_for_uncertain_matrices():
    """The centre is perturbed; the truth has the kernel and inverses of another matrix."""
    rng = np.random.default_rng(5)
    truth = ExactMatrix.of([[1, 2, 3], [2, 4, 6], [1, 0, 1]])
    exact = np.array([[float(v) for v in line] for line in truth.entries()])
    noise = rng.uniform(-1e-7, 1e-7, (20, 3, 3))
    x = FloatMatrix.of(exact + noise, error=2e-7)
    assert (x.rank() == 2).all()
    w = x.null_vector()
    for b in range(20):
        vector = ExactMatrix.of(w.value[b].tolist())
        assert norm_at_most(truth.pseudo_inverse() @ truth @ vector, w.error[b].max())
        # Rounding alone does not explain the distance, so the error must have come from x.
        assert w.error[b].max() > 1e-8
    inverse = np.array([[float(v) for v in line] for line in truth.pseudo_inverse().entries()])
    p = x.pseudo_inverse()
    assert (np.abs(p.value - inverse) <= p.error).all()
    assert p.error.max() < 1e-4


def test_inertia():
    values = [np.diag([2.0, 0.0, -1.0]), np.diag([1.0, 1.0, 1.0]), np.zeros((3, 3))]
    rng = np.random.default_rng(3)
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    x = FloatMatrix.of(np.stack(values))
    q = FloatMatrix.of(turn)
    assert (q @ x @ q.T).inertia().tolist() == [[1, 1, 1], [3, 0, 0], [0, 3, 0]]
    with pytest.raises(ValueError, match="symmetric"):
        FloatMatrix.of([[0.0, 1.0], [2.0, 0.0]]).inertia()


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_empty_matrices(shape):
    x = FloatMatrix.zeros(*shape)
    assert x.rank().tolist() == [0]
    assert x.is_zero().all()
    assert x.residual().tolist() == [0.0]
    assert (x.null_vector() is None) == (shape[1] == 0)
    assert (x.left_inverse() is None) == (shape[1] > 0)
    assert x.pseudo_inverse().shape == (shape[1], shape[0])


def test_instances_that_are_not_finite_are_never_decided():
    x = FloatMatrix.of([[[np.nan]], [[1.0]]])
    assert x.rank().tolist() == [0, 1]
    assert x.rank_is_decided().tolist() == [False, True]
    assert x.is_zero().tolist() == [False, False]
    assert np.isnan(x.pseudo_inverse().value[0]).all()


def nearly_short(rng, shape, batch=200):
    """Matrices whose singular values, but for the largest, are of sizes from 1e-18 to 1."""
    rows, cols = shape
    left, right = (np.linalg.qr(rng.standard_normal((batch, n, n)))[0] for n in shape)
    sigma = 10.0 ** rng.uniform(-18, 0, (batch, min(shape)))
    sigma[:, 0] = 1
    middle = np.zeros((batch, rows, cols))
    places = np.arange(min(shape))
    middle[:, places, places] = sigma
    return left @ middle @ right


@pytest.mark.parametrize("shape", [(1, 1), (4, 1), (2, 2), (2, 5), (3, 3), (5, 3), (6, 6), (8, 7)])
def test_ranks_by_pivots_are_those_by_singular_values(shape):
    rng = np.random.default_rng(shape)
    for size in (1.0, 1e-200, 1e-320, 1e200):
        value = nearly_short(rng, shape) * size
        for spread in (np.zeros(200), 10.0 ** rng.uniform(-17, 1, 200) * size):
            by_values = spectral.decompose(value, spread).rank
            assert spectral.ranks(value, spread).tolist() == by_values.tolist()


def test_most_ranks_need_no_singular_values(monkeypatch):
    asked = []
    decompose = spectral.decompose
    monkeypatch.setattr(spectral, "decompose", lambda v, s: asked.append(len(v)) or decompose(v, s))
    spectral.ranks(nearly_short(np.random.default_rng(0), (3, 3), 10_000), np.full(10_000, 1e-12))
    assert 0 < sum(asked) < 1_500


def test_ranks_of_what_is_not_finite_are_zero():
    value = np.ones((3, 2, 2))
    value[0, 0, 0], value[1, 1, 0] = np.nan, np.inf
    assert spectral.ranks(value, np.zeros(3)).tolist() == [0, 0, 1]
    assert spectral.ranks(np.ones((2, 2, 2)), np.array([0, np.inf])).tolist() == [1, 0]


def test_a_matrix_that_is_zero_or_empty_has_rank_zero():
    assert spectral.ranks(np.zeros((2, 3, 2)), np.zeros(2)).tolist() == [0, 0]
    assert spectral.ranks(np.zeros((2, 3, 0)), np.zeros(2)).tolist() == [0, 0]
