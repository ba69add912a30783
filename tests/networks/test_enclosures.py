"""Enclosed numbers and matrices: they mix with exact ones, and are told apart only for certain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import pytest
import sympy

from proofkit.networks.duals import Dual, along, fresh, parts
from proofkit.networks.enclosures import EnclosedMatrix, Enclosure, enclosing, sign_of
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.scalars import Undecidable

with enclosing():
    E: Any = Enclosure.of(flint.arb(1).exp())
    ROOT: Any = Enclosure.of(flint.arb(2).sqrt())
THIRD = Fraction(1, 3)
X = EnclosedMatrix.of([[E, THIRD], [0, ROOT]])
M = ExactMatrix.of([[1, THIRD], [2, sympy.sqrt(2)]])


def is_near(x: Any, value: float) -> bool:
    return bool(abs(float(x.ball.mid()) - value) < 1e-12)


def test_numbers_mix_with_exact_ones_on_either_side() -> None:
    e = 2.718281828459045
    assert is_near(E + THIRD, e + 1 / 3)
    assert is_near(THIRD - E, 1 / 3 - e)
    assert is_near(E - 1, e - 1)
    assert is_near(sympy.sqrt(2) * E, 2**0.5 * e)
    assert is_near(-E * THIRD, -e / 3)
    assert 0 * E == 0
    assert isinstance(0 * E, Fraction)


def test_signs_are_certain_or_none() -> None:
    assert (E - 2).sign() == 1
    assert (2 - E).sign() == -1
    assert (E - E).sign() is None
    assert sign_of(ROOT * ROOT - 2) is None
    assert sign_of(sympy.log(8) - 3 * sympy.log(2)) == 0
    assert [sign_of(Fraction(n)) for n in (-1, 0, 1)] == [-1, 0, 1]


def test_matrices_mix_with_exact_ones_on_either_side() -> None:
    for product, value in ((X @ M, 2.718281828459045 + 2 / 3), (M @ X, 2.718281828459045)):
        assert is_near(product.entry(0, 0), value)
    assert (X + M - M - X).is_zero() is None
    assert (M + X - X - M).is_zero() is None
    assert (X - M).is_zero() is False
    assert is_near((E * M).entry(1, 0), 2 * 2.718281828459045)
    assert is_near((M @ X).T.entry(0, 1), 2 * 2.718281828459045)
    assert is_near(X.hadamard(M).entry(1, 1), 2.0)
    assert is_near(X.inner(X), 2.718281828459045**2 + 1 / 9 + 2)


def test_what_is_exact_again_is_an_exact_matrix() -> None:
    assert X @ ExactMatrix.zeros(2, 2) == ExactMatrix.zeros(2, 2)
    assert isinstance(0 * X, ExactMatrix)
    assert X.block([1], [0]) == ExactMatrix.zeros(1, 1)


def test_ranks_and_minors_are_certain_or_refused() -> None:
    assert X.rank() == 2
    assert X.signs() == (1, 1)
    with pytest.raises(Undecidable):
        EnclosedMatrix.of([[E, E], [E, E]]).rank()


# ── Dual numbers ───────────────────────────────────────────────────────────────────────────────
def test_dual_numbers_stand_on_either_side_of_every_kind() -> None:
    t = fresh()
    x = Dual(Fraction(3), Fraction(1), t)
    for number in (THIRD, 2, sympy.sqrt(2), E, FloatScalar.of([1.0, 2.0])):
        for total in (x + number, number + x, x - number, -(number - x)):
            assert parts(total, t)[1] == 1
        for product in (x * number, number * x):
            difference = parts(product, t)[1] - number
            if isinstance(difference, FloatScalar):
                assert difference.is_zero().all()
            else:
                assert sign_of(difference) in (0, None)


def test_dual_matrices_follow_leibniz() -> None:
    a, h = ExactMatrix.of([[1, 2], [3, 5]]), ExactMatrix.of([[0, 1], [-1, 2]])
    assert along(lambda x: x @ M @ x, a, h)[1] == h @ M @ a + a @ M @ h
    assert along(lambda x: M @ x.T - x + a, a, h)[1] == M @ h.T - h
    assert along(lambda x: x.inner(x), a, h)[1] == 2 * a.inner(h)
    assert along(lambda x: x.entry(1, 0) * x, a, h)[1] == 3 * h - a
    floats = FloatMatrix.of_exact([a])
    assert along(lambda x: x @ x, floats, FloatMatrix.of_exact([h]))[1].equals(
        FloatMatrix.of_exact([h @ a + a @ h])
    )
    assert along(lambda x: M, a, h)[1] is None


def test_second_derivatives_are_dual_numbers_of_dual_numbers() -> None:
    def slope(x: Any) -> Any:
        return along(lambda y: y * y * y, x, Fraction(1))[1]

    assert along(slope, Fraction(2), Fraction(1))[:2] == (12, 12)
