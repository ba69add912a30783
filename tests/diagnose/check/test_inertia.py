"""Exact inertia by floats and balls: right, and nothing rests on the vectors they propose."""

from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy

from proofkit.diagnose.check import inertia
from proofkit.diagnose.check.inertia import exact_inertia
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import exact


def symmetric(seed: int, size: int, rank: int, largest: int = 9) -> ExactMatrix:
    rng = np.random.default_rng(seed)
    half = ExactMatrix.of(rng.integers(-largest, largest + 1, (size, rank)).tolist())
    signs = rng.choice([-1, 1], rank)
    middle = [[int(s) if i == j else 0 for j in range(rank)] for i, s in enumerate(signs)]
    return half @ ExactMatrix.of(middle) @ half.T


@pytest.mark.parametrize("largest", [9, 2**40])
@pytest.mark.parametrize(("size", "rank"), [(30, 30), (45, 45), (45, 20), (48, 1)])
def test_it_is_that_of_the_characteristic_polynomial(size: int, rank: int, largest: int) -> None:
    matrix = symmetric(size + rank, size, rank, largest)
    assert exact_inertia(matrix) == matrix.inertia()


def test_zero_and_entries_of_all_sizes() -> None:
    size = 46
    assert exact_inertia(ExactMatrix.zeros(size, size)) == (0, size, 0)
    scales = [Fraction(10) ** (7 * (i - size // 2)) for i in range(size)]
    rows = [[(-1) ** i * x if i == j else 0 for j in range(size)] for i, x in enumerate(scales)]
    assert exact_inertia(ExactMatrix.of(rows)) == (size // 2, 0, size // 2)


def test_floats_alone_settle_ordinary_matrices(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = symmetric(1, 60, 60)
    expected = matrix.inertia()
    monkeypatch.setattr(inertia, "_ball_signs", None)
    monkeypatch.setattr(ExactMatrix, "inertia", None)
    assert exact_inertia(matrix) == expected


def test_whatever_vectors_are_proposed_what_they_prove_is_true() -> None:
    """The signs counted are never more than there are; coordinate vectors of a matrix with a
    dominant diagonal count right, and others mostly nothing."""
    rng = np.random.default_rng(3)
    size, settled = 12, 0
    for n in range(300):
        diagonal = rng.integers(-40, 41, size)
        noise = rng.integers(-2, 3, (size, size))
        integers = flint.fmpz_mat((np.diag(diagonal) + noise + noise.T).tolist())
        entries = [int(x) for x in integers.entries()]
        bits = max(abs(x).bit_length() for x in entries)
        proposal = inertia._proposed(integers, entries, bits)
        assert proposal is not None
        chosen = rng.permutation(size)[: rng.integers(1, size + 1)]
        vectors = np.eye(size)[:, chosen] + (n % 3) * 1e-3 * rng.standard_normal(
            (size, len(chosen))
        )
        true = ExactMatrix.of([[int(x) for x in line] for line in integers.tolist()]).inertia()
        for signs in (inertia._float_signs, inertia._ball_signs):
            found = signs(integers, (proposal[0], vectors))
            if found is not None:
                settled += 1
                assert found[0] <= true[0] and found[1] <= true[2]
                assert sum(found) == len(chosen)
    assert settled > 50


def test_what_floats_cannot_see_is_left_to_balls() -> None:
    """An eigenvalue of 2⁻⁸⁰ beside one of 1: the discs of floats touch 0, those of balls do not."""
    size = 30
    lines = [[(2**80 if i < size - 1 else 1) if i == j else 0 for j in range(size)]
             for i in range(size)]  # fmt: skip
    # A congruence that mixes the coordinates.
    lower = ExactMatrix.of((np.tril(np.ones((size, size), dtype=int))).tolist())
    matrix = lower @ ExactMatrix.of(lines) @ lower.T
    table = matrix.rational_table()
    integers, _ = table.numer_denom()  # type: ignore[union-attr]
    entries = [int(x) for x in integers.entries()]
    proposal = inertia._proposed(integers, entries, max(x.bit_length() for x in entries))
    assert proposal is not None and inertia._float_signs(integers, proposal) is None
    assert exact_inertia(matrix) == (size, 0, 0)


@pytest.mark.parametrize("low", [sympy.log(2), sympy.log(3) + Fraction(1, 10**30)])
def test_constants_that_are_not_symmetric_are_refused(low: sympy.Expr) -> None:
    corner = sympy.log(3)
    matrix = ExactMatrix.of([[exact(5), exact(corner)], [exact(low), exact(-5)]])
    with pytest.raises(ValueError, match="symmetric"):
        exact_inertia(matrix)
