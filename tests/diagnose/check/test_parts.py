"""The parts that prove: inertia, ranks, Bernstein, paths, eigenvalue comparison, convexity."""

import importlib.resources
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import flint
import numpy as np
import pytest
import sympy

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.convexity import examine, violation_holds
from proofkit.diagnose.check.dcp import is_convex
from proofkit.diagnose.check.float_point import FloatPoint, _by_blocks, inertia
from proofkit.diagnose.check.hessian import hessian, inertia_at
from proofkit.diagnose.check.inertia import exact_inertia, rank_at_most
from proofkit.diagnose.check.krylov import lowest_vector
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import negative_interval, negative_on
from proofkit.diagnose.check.squared import comparison
from proofkit.networks.array_matrix import ArrayMatrix
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.files import read_network
from proofkit.networks.losses import (
    ExpressionLoss,
    HuberLoss,
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable


def integers(rng: np.random.Generator, rows: int, cols: int, low: int = -3) -> ExactMatrix:
    return ExactMatrix.of(rng.integers(low, 4, (rows, cols)).tolist(), shape=(rows, cols))


def test_inertia_of_known_congruences() -> None:
    """SᵀDS has the inertia of D, above and below the size where the method changes."""
    rng = np.random.default_rng(1)
    for size in (3, 10, 30, 40):
        signs = [int(x) for x in rng.integers(-1, 2, size)]
        D = ExactMatrix.of([[s if i == j else 0 for j in range(size)] for i, s in enumerate(signs)])
        lower = np.tril(rng.integers(-1, 2, (size, size)), -1) + np.eye(size, dtype=int)
        S = ExactMatrix.of(lower.tolist())
        expected = (signs.count(1), signs.count(0), signs.count(-1))
        assert exact_inertia(S.T @ D @ S) == expected


def test_inertia_with_tiny_eigenvalues() -> None:
    """An eigenvalue of 10⁻⁶⁰ is no zero: floats cannot see it, the proof must."""
    size = 30
    tiny = Fraction(1, 10**60)
    diagonal: list[Any] = [1] * 27 + [tiny, -tiny, 0]
    D = ExactMatrix.of([[x if i == j else 0 for j in range(size)] for i, x in enumerate(diagonal)])
    assert exact_inertia(D) == (28, 1, 1)


def test_rank_bound() -> None:
    rng = np.random.default_rng(2)
    X = flint.fmpz_mat(12, 5, [int(x) for x in rng.integers(-9, 9, 60)])
    assert rank_at_most(X * X.transpose(), 5)
    assert not rank_at_most(X * X.transpose(), 4)


def test_block_elimination_counts_as_eigenvalues_do() -> None:
    rng = np.random.default_rng(3)
    for rank in (300, 620):
        X = rng.standard_normal((620, rank))
        H = (X * np.sign(rng.standard_normal(rank))) @ X.T
        assert _by_blocks(H, 0.0)[0] == inertia(H)[0]
    assert inertia(H)[0][1] == 0


def test_block_elimination_of_a_saddle_with_known_inertia() -> None:
    """Y = diag(s, …, 1), two layers of width s that keep r directions: (s−r)² negative ones."""
    s, r = 20, 8
    rng = np.random.default_rng(6)
    T = np.diag(np.arange(s, 0, -1.0))
    loss = SquaredLoss(ExactMatrix.identity(s), ExactMatrix.of(T.astype(int).tolist()))
    Q = np.linalg.qr(rng.standard_normal((s, s)))[0]
    keep = np.diag([1.0] * r + [0.0] * (s - r))
    point = FloatPoint([[Q @ keep @ T, keep @ Q.T]], loss)
    counted, _ = _by_blocks(point.hessian, 0.0)
    assert counted[2] == (s - r) ** 2
    assert counted == inertia(point.hessian)[0]


def test_a_matrix_of_constants_beside_its_known_kernel() -> None:
    """log(2)·vvᵀ + … has the kernel that is told, and balls count the rest."""
    a, b = sympy.log(2), sympy.exp(1)
    size = 9
    table = [[Fraction(0)] * size for _ in range(size)]
    matrix: Any = ExactMatrix.of(table)
    ones = ExactMatrix.of([[1]] * size)
    first = ExactMatrix.of([[int(i == 0)] for i in range(size)])
    matrix = a * (ones @ ones.T) - b * (first @ first.T)
    assert exact_inertia(matrix, size - 2) == (1, size - 2, 1)
    with pytest.raises(Undecidable):
        exact_inertia(matrix)


def test_lanczos_finds_the_lowest_eigenvalue() -> None:
    rng = np.random.default_rng(7)
    X = rng.standard_normal((700, 700))
    H = X @ X.T / 700 - 3 * np.outer(X[0], X[0]) / (X[0] @ X[0])
    value, vector = lowest_vector(lambda x: H @ x, len(H))
    assert abs(value - np.linalg.eigvalsh(H)[0]) < 1e-8
    assert np.linalg.norm(H @ vector - value * vector) < 1e-6


def test_bernstein_agrees_with_the_roots() -> None:
    """t²(t−r)·s is negative on (0, end] iff end < r, for s > 0."""
    for r in (Fraction(1, 3), Fraction(1), Fraction(7, 2)):
        polynomial = [Fraction(0), Fraction(0), -r, Fraction(1)]
        end = negative_interval(polynomial)
        assert end is not None and end < r
        assert not negative_on(polynomial, r)
        assert not negative_on(polynomial, 2 * r)
    assert negative_interval([Fraction(0), Fraction(1), Fraction(-5)]) is None
    assert negative_interval([Fraction(0)]) is None


def losses(rng: np.random.Generator, rows: int, cols: int) -> list[Loss]:
    labels = tuple(int(x) for x in rng.integers(0, rows, 5))
    text = "exp(w11 - w12)/3 + w11**4 + w11*w12 + log(1 + exp(w12))"
    return [
        SquaredLoss(integers(rng, cols, 4), integers(rng, rows, 4)),
        WeightedSquaredLoss(integers(rng, rows, cols), integers(rng, rows, cols, 1)),
        LogisticLoss(integers(rng, rows, cols, 0), integers(rng, rows, cols, 0)),
        SoftmaxLoss(integers(rng, cols, 5), labels, rows),
        HuberLoss(integers(rng, cols, 4), integers(rng, rows, 4), Fraction(37, 10)),
        ExpressionLoss((rows, cols), parse_expression(text, (rows, cols))),
    ]


def test_the_exact_hessian_is_that_of_finite_differences() -> None:
    rng = np.random.default_rng(4)
    for loss in losses(rng, 2, 2):
        dims = [2, 3, 1, 2]
        layers = [
            ExactMatrix.of((rng.integers(-3, 4, (b, a)) / 4).tolist()) for a, b in pairwise(dims)
        ]
        exact = hessian(Point(Network.single("", layers, loss)))
        plain = [np.array([[float(x) for x in r] for r in m.entries()]) for m in layers]
        point = FloatPoint([plain], loss)
        table = np.array([[float(x) for x in line] for line in exact.entries()])
        assert np.allclose(table, point.hessian, atol=1e-9)
        vector = rng.standard_normal(len(table))
        assert np.allclose(point.bend(vector), point.hessian @ vector, atol=1e-9)
        step = 1e-6
        for i in range(len(table)):
            unit = np.zeros(len(table))
            unit[i] = step
            up, down = point.at(point.vector + unit), point.at(point.vector - unit)
            assert np.allclose((up.gradient - down.gradient) / (2 * step), table[i], atol=1e-4)


def test_the_small_hessian_has_the_inertia_of_the_whole() -> None:
    examples = importlib.resources.files("theorems").joinpath("examples")
    for name in ("E02", "E03", "E04", "E05", "E17", "E19", "E30"):
        point = Point(read_network(examples.joinpath(f"{name}.json")))
        assert inertia_at(point)[0] == exact_inertia(hessian(point))


def test_eigenvalue_comparison_against_all_choices() -> None:
    """Y diagonal with ties: a choice of d directions is optimal iff its squares sum to the most."""
    values = [3, 2, 2, 1]
    Y = ExactMatrix.of([[v if i == j else 0 for j in range(4)] for i, v in enumerate(values)])
    for d in (1, 2, 3):
        best = sum(sorted((v * v for v in values), reverse=True)[:d])
        for kept in combinations(range(4), d):
            A = ExactMatrix.identity(4).block(range(4), kept)
            point = Point(Network.single("", [A.T @ Y, A], SquaredLoss(ExactMatrix.identity(4), Y)))
            assert point.critical
            compared = comparison(point)
            assert compared is not None
            assert (compared[2] == 0) == (sum(values[i] ** 2 for i in kept) == best)


CONVEX = [
    "exp(-w11) + (w12 - 1)**2",
    "log(1 + exp(w11 - 2*w12))",
    "log(exp(w11) + 2*exp(w12) + 1)",
    "w11**2 + w11*w12 + w12**2",
    "w11**4 + abs(w12) + 3",
    "abs(w11 - w12) - log(exp(-w12))",
    "log1p(exp(w11))",
    "exp(w11**2)",
    "(w11 - w12)**2 - w11",
    "1/exp(w11)",
    "-sqrt(w11) - log(w12)",
]
NOT_SHOWN = [
    "w11*w12",
    "w11**3",
    "-exp(w11)",
    "sin(w11)",
    "tanh(w11)",
    "w11**2 - w12**2",
    "sqrt(w11)",
]


@pytest.mark.parametrize("text", CONVEX)
def test_convex_expressions_are_seen_and_are_convex(text: str) -> None:
    tree = parse_expression(text, (1, 2))
    if text == "1/exp(w11)":
        # True, but beyond the rules: nothing is claimed.
        assert not is_convex(tree, (1, 2))
        return
    if "log(exp(-w12))" in text:
        assert not is_convex(tree, (1, 2))
        return
    assert is_convex(tree, (1, 2))
    rng = np.random.default_rng(5)
    loss = ExpressionLoss((1, 2), tree)
    a, b = np.abs(rng.standard_normal((2, 500, 1, 2))) + 0.01
    middle = loss.value(ArrayMatrix((a + b) / 2))
    assert (middle <= (loss.value(ArrayMatrix(a)) + loss.value(ArrayMatrix(b))) / 2 + 1e-9).all()


@pytest.mark.parametrize("text", NOT_SHOWN)
def test_other_expressions_are_not_called_convex(text: str) -> None:
    tree = parse_expression(text, (1, 2))
    assert not is_convex(tree, (1, 2))
    finding = examine(ExpressionLoss((1, 2), tree, True))
    assert finding.status == "refuted"
    assert finding.violation is not None
    assert violation_holds(ExpressionLoss((1, 2), tree, True), finding.violation)


def test_what_no_rule_proves_is_assumed_or_unknown() -> None:
    tree = parse_expression("1/exp(w11)", (1, 1))
    assert examine(ExpressionLoss((1, 1), tree, True)).status == "assumed"
    assert examine(ExpressionLoss((1, 1), tree)).status == "unknown"


def test_the_border_of_a_domain_is_not_decided() -> None:
    """w^(5/2) exists for w ≥ 0 only: at 0 a zero derivative says nothing of a minimum."""
    tree = parse_expression("w11**(5/2)", (1, 1))
    zero, one = ExactMatrix.zeros(1, 1), ExactMatrix.identity(1)
    found = diagnose(Network.single("", [zero, one], ExpressionLoss((1, 1), tree, True)))
    assert found.verdict == "undecided"
    assert "border" in found.why[0]
