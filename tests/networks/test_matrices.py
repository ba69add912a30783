"""Exact matrices answer with certainty, whatever their entries are made of."""

import pickle
import time
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks.fields import MAX_DEGREE
from proofkit.networks.matrices import ExactMatrix, Undecidable
from proofkit.networks.scalars import exact, is_zero, sign

SETTINGS = settings(derandomize=True, deadline=None, max_examples=25)
ROOT5 = sympy.sqrt(5)
SHAPES = [(1, 1), (2, 3), (3, 2), (3, 3), (4, 2)]


def rationals(seed, rows, cols):
    rng = np.random.default_rng(seed)
    return [
        [Fraction(int(rng.integers(-4, 5)), int(rng.integers(1, 4))) for _ in range(cols)]
        for _ in range(rows)
    ]


def rational(seed, rows, cols):
    return ExactMatrix.of(rationals(seed, rows, cols), shape=(rows, cols))


def algebraic(seed, rows, cols):
    """Entries a + b√5."""
    left, right = rationals(seed, rows, cols), rationals(seed + 1000, rows, cols)
    return ExactMatrix.of(
        [
            [a + b * ROOT5 for a, b in zip(x, y, strict=True)]
            for x, y in zip(left, right, strict=True)
        ]
    )


def transcendental(seed, rows, cols):
    """Entries a·log 2 + b·exp(−2)."""
    log, exp = sympy.log(2), sympy.exp(-2)
    left, right = rationals(seed, rows, cols), rationals(seed + 1000, rows, cols)
    return ExactMatrix.of(
        [
            [a * log + b * exp for a, b in zip(x, y, strict=True)]
            for x, y in zip(left, right, strict=True)
        ]
    )


KINDS = [rational, algebraic, transcendental]


def deficient(kind, seed, rows, cols):
    """A matrix of rank at most 1 below the smaller side."""
    inner = min(rows, cols) - 1
    return kind(seed, rows, inner) @ kind(seed + 1, inner, cols)


def as_sympy(matrix):
    return sympy.Matrix(matrix.rows, matrix.cols, lambda i, j: sympy.sympify(matrix.entry(i, j)))


def same(matrix, reference):
    return all(
        is_zero(exact(sympy.sympify(matrix.entry(i, j)) - reference[i, j]))
        for i in range(matrix.rows)
        for j in range(matrix.cols)
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_arithmetic_agrees_with_sympy(kind, seed):
    x, y, z = kind(seed, 2, 3), kind(seed + 50, 2, 3), kind(seed + 90, 3, 2)
    a, b, c = map(as_sympy, (x, y, z))
    assert same(x + y, a + b)
    assert same(x - y, a - b)
    assert same(-x, -a)
    assert same(x @ z, a * c)
    assert same(x.T, a.T)
    assert same(Fraction(2, 3) * x, a * sympy.Rational(2, 3))
    assert same(x * ROOT5, a * ROOT5)
    assert same(sympy.log(3) * x, a * sympy.log(3))
    assert same(x.kron(z), sympy.kronecker_product(a, c))
    assert same(x.block([1], [2, 0]), a.extract([1], [2, 0]))
    assert is_zero(exact((x @ z).trace() - (a * c).trace()))
    assert is_zero(exact(x.inner(y) - (a.T * b).trace()))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", SHAPES)
def test_rank_of_rational_matrices_agrees_with_sympy(seed, shape):
    for x in (rational(seed, *shape), deficient(rational, seed, *shape)):
        assert x.rank() == as_sympy(x).rank()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3)])
def test_rank_of_a_product_through_a_narrow_space(kind, shape):
    for seed in range(3):
        x = deficient(kind, seed, *shape)
        inner = min(shape) - 1
        assert x.rank() == inner
        assert kind(seed, *shape).rank() == min(shape)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (2, 3), (3, 2)])
def test_null_vector_is_in_the_kernel_and_missing_only_without_one(kind, shape):
    for seed in range(3):
        for x in (kind(seed, *shape), deficient(kind, seed, *shape)):
            w = x.null_vector()
            assert (w is None) == (x.rank() == x.cols)
            if w is not None:
                assert w.shape == (x.cols, 1)
                assert not w.is_zero()
                assert (x @ w).is_zero()


def test_null_vectors_of_rational_matrices_are_small_integers():
    x = ExactMatrix.of([[Fraction(1, 3), Fraction(-1, 2), 0], [0, 0, Fraction(1, 7)]])
    assert x.null_vector() == ExactMatrix.of([[3], [2], [0]])
    assert ExactMatrix.of([[1, 1000, 2]]).null_vector() == ExactMatrix.of([[2], [0], [-1]])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 3)])
def test_left_inverse(kind, shape):
    for seed in range(3):
        x = kind(seed, *shape)
        y = x.left_inverse()
        assert (y is None) == (x.rank() < x.cols)
        if y is not None:
            assert y @ x == ExactMatrix.identity(x.cols)
        assert deficient(kind, seed, *shape).left_inverse() is None


@pytest.mark.parametrize("kind", [rational, algebraic])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 2), (2, 3), (3, 3)])
def test_pseudo_inverse_satisfies_the_four_penrose_equations(kind, shape):
    for seed in range(3):
        for x in (kind(seed, *shape), deficient(kind, seed, *shape)):
            p = x.pseudo_inverse()
            assert x @ p @ x == x
            assert p @ x @ p == p
            assert x @ p == (x @ p).T
            assert p @ x == (p @ x).T


def test_pseudo_inverse_of_transcendental_constants():
    x = deficient(transcendental, 1, 2, 2)
    p = x.pseudo_inverse()
    assert x @ p @ x == x
    assert x @ p == (x @ p).T


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signs", [(1,), (1, -1), (0, 0), (1, 0, -1), (1, 1, 0), (-1, -1, 1)])
def test_inertia_is_kept_by_congruence(kind, signs):
    """Sylvester's law: S·D·Sᵀ has the inertia of D for invertible S."""
    size = len(signs)
    scale = kind(3, 1, 1).entry(0, 0)
    sizes = [sign(scale) * scale * (i + 1) for i in range(size)]
    d = ExactMatrix.of(
        [[signs[i] * sizes[i] if i == j else 0 for j in range(size)] for i in range(size)]
    )
    s = rational(17, size, size)
    assert s.rank() == size
    expected = (signs.count(1), signs.count(0), signs.count(-1))
    assert (s @ d @ s.T).inertia() == expected


def test_inertia_with_vanishing_coefficients():
    """x⁴ − … of [[0, A], [Aᵀ, 0]] has zero coefficients, which no ball can prove zero."""
    log, zero = sympy.log(2), 0
    x = ExactMatrix.of([[zero, zero, log, 1], [zero, zero, 0, log], [log, 0, 0, 0], [1, log, 0, 0]])
    assert x.inertia() == (2, 0, 2)
    root = ExactMatrix.of([[0, ROOT5], [ROOT5, 0]])
    assert root.inertia() == (1, 0, 1)
    with pytest.raises(ValueError, match="symmetric"):
        ExactMatrix.of([[0, 1], [2, 0]]).inertia()


def test_fields_combine_and_fall_back_to_q():
    x = ExactMatrix.of([[sympy.sqrt(2)]])
    y = ExactMatrix.of([[sympy.sqrt(3)]])
    assert (x + y) @ (x - y) == ExactMatrix.of([[-1]])
    assert (x @ x).entries() == [[Fraction(2)]]
    nested = ExactMatrix.of([[sympy.sqrt(3 + 2 * sympy.sqrt(2)) - sympy.sqrt(2)]])
    assert nested.entries() == [[Fraction(1)]]
    cube = sympy.cbrt(2)
    assert ExactMatrix.of([[cube, 2], [1, cube**2]]).rank() == 1


def test_fields_above_the_degree_bound_still_get_answers():
    roots = [sympy.sqrt(p) for p in (2, 3, 5, 7, 11)]
    assert 2 ** len(roots) > MAX_DEGREE
    column = ExactMatrix.of([[r] for r in roots])
    assert (column @ column.T).rank() == 1
    assert (column.T @ column).entries() == [[Fraction(28)]]


def test_hidden_zeros_are_found_and_hidden_nonzeros_too():
    log = sympy.log
    assert ExactMatrix.of([[log(4) - 2 * log(2), log(6) - log(2) - log(3)]]).rank() == 0
    # exp(π√163) is an integer to 12 decimals.
    near = sympy.exp(sympy.pi * sympy.sqrt(163)) - 262537412640768744
    assert ExactMatrix.of([[near]]).rank() == 1
    assert sign(near) == -1


def test_undecidable_is_raised_not_guessed():
    hidden = sympy.sin(1) ** 2 + sympy.cos(1) ** 2 - 1
    x = ExactMatrix.of([[hidden]])
    for question in (x.is_zero, x.rank, x.null_vector, x.left_inverse):
        with pytest.raises(Undecidable, match="cannot tell whether"):
            question()
    assert not ExactMatrix.of([[hidden, 1]]).is_zero()
    assert ExactMatrix.of([[1, hidden]]).rank() == 1


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_empty_matrices(shape):
    x = ExactMatrix.zeros(*shape)
    assert x == ExactMatrix.of([[]] * shape[0], shape=shape)
    assert (x.rank(), x.is_zero(), x.shape) == (0, True, shape)
    assert x.T @ x == ExactMatrix.zeros(shape[1], shape[1])
    assert (x.null_vector() is None) == (shape[1] == 0)
    assert (x.left_inverse() is None) == (shape[1] > 0)
    assert x.pseudo_inverse().shape == (shape[1], shape[0])


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="do not make"):
        ExactMatrix.of([[1, 2], [3]])
    with pytest.raises(ValueError, match="do not make"):
        ExactMatrix.of([[1, 2]], shape=(2, 1))
    for bad in (float("nan"), float("inf"), sympy.sqrt(-2), sympy.log(-2), sympy.Symbol("x")):
        with pytest.raises(ValueError, match=r"not a|symbols"):
            ExactMatrix.of([[bad]])
    with pytest.raises(TypeError):
        ExactMatrix.of([["1"]])
    x = ExactMatrix.of([[1, 2]])
    for operation in (lambda: x + x.T, lambda: x @ x, x.trace, x.inverse, lambda: x.inner(x.T)):
        with pytest.raises(ValueError, match="1×2"):
            operation()
    with pytest.raises(ZeroDivisionError):
        ExactMatrix.zeros(1, 1).inverse()


@pytest.mark.parametrize("kind", KINDS)
def test_matrices_survive_pickling(kind):
    x = kind(1, 2, 3)
    assert pickle.loads(pickle.dumps(x)) == x


def test_floats_are_the_rationals_they_store():
    assert ExactMatrix.of([[0.1]]).entries() == [[Fraction(0.1)]]
    assert ExactMatrix.of([[0.1]]) != ExactMatrix.of([[Fraction(1, 10)]])


@SETTINGS
@given(st.integers(0, 10**6), st.sampled_from(SHAPES))
def test_equal_matrices_have_equal_hashes(seed, shape):
    x = rational(seed, *shape)
    y = Fraction(1, 2) * (x + x)
    assert x == y
    assert hash(x) == hash(y)
    assert x != x + ExactMatrix.of([[1] * shape[1]] * shape[0])
    assert x != x.T or shape[0] == shape[1]


@SETTINGS
@given(st.integers(0, 10**6))
def test_conjugation_respects_products_over_the_number_field(seed):
    """√5 ↦ −√5 is an automorphism, so it commutes with everything that is computed."""

    def conjugate(matrix):
        return ExactMatrix.of(
            [[exact(sympy.sympify(v).subs(ROOT5, -ROOT5)) for v in row] for row in matrix.entries()]
        )

    x, y = algebraic(seed, 2, 2), algebraic(seed + 7, 2, 2)
    assert conjugate(x @ y) == conjugate(x) @ conjugate(y)
    assert conjugate(x).rank() == x.rank()


def test_rank_of_a_large_rational_matrix_costs_no_more_than_a_few_products():
    x = rational(5, 200, 200)

    def spent(work):
        start = time.process_time()
        found = work()
        return time.process_time() - start, found

    products, ranks = (
        [spent(work) for _ in range(5)] for work in (lambda: x @ x, lambda: x.rank())
    )
    assert {rank for _, rank in ranks} == {200}
    assert min(seconds for seconds, _ in ranks) < 10 * min(seconds for seconds, _ in products)


@pytest.mark.parametrize("kind", KINDS)
def test_entrywise_products_and_differences_agree_with_the_entries(kind):
    a, b = kind(1, 2, 3), kind(2, 2, 3)
    pairs = [(x, y) for p, q in zip(a.entries(), b.entries(), strict=True)
             for x, y in zip(p, q, strict=True)]  # fmt: skip
    flat = [x for line in a.hadamard(b).entries() for x in line]
    assert all(is_zero(z - x * y) for z, (x, y) in zip(flat, pairs, strict=True))
    assert is_zero(a.inner(b) - sum(x * y for x, y in pairs))
    assert (a - b) + b == a
    assert (a - a).is_zero()
    for wrong in (a.hadamard, a.inner, a.__sub__):
        with pytest.raises(ValueError):
            wrong(a.T)


def test_entrywise_products_across_fields():
    a, b = algebraic(1, 2, 2), rational(2, 2, 2)
    assert a.hadamard(b) == b.hadamard(a)
    assert is_zero(a.inner(b) - (a.T @ b).trace())
