"""What is certain on an exact instance: never more than what is true of it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from proofkit.ci.certain import certain
from proofkit.claims import (
    And,
    Between,
    Continuous,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    PositiveDefinite,
    Slope,
    SpuriousLocalMinimum,
)
from proofkit.evaluate import Environment, Layers, evaluate
from proofkit.evaluate.polynomials import coefficients, degree
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import SquaredLoss, WeightedSquaredLoss
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Identity,
    MatrixVariable,
    determinant,
    exp,
    family,
    index,
    log,
    natural,
    norm_squared,
    rank,
    real,
    trace,
    vector,
    widths,
)

n = natural("n")
S, X, Y, A = (MatrixVariable(name, n, n) for name in "SXYA")
x, w = vector("x", n), vector("w", n)
t = real("t")


def instance(**values: Any) -> Environment:
    symbols = {"n": n, "S": S, "X": X, "Y": Y, "A": A, "x": x}
    return Environment(
        {symbols[k]: v if k == "n" else ExactMatrix.of(v) for k, v in values.items()}
    )


def form(s: Any) -> Any:
    return trace(s.T * S * s)


LOCAL = LocalMinimum(w, form(w), x)
DEFINITE, SADDLE, FLAT = [[2, 1], [1, 2]], [[1, 2], [2, 1]], [[0, 0], [0, 0]]


@pytest.mark.parametrize(("matrix", "answer"), [(DEFINITE, True), (SADDLE, False), (FLAT, True)])
def test_whether_0_is_a_local_minimum_of_a_quadratic_form(matrix: Any, answer: bool) -> None:
    env = instance(n=2, S=matrix, x=[[0], [0]])
    assert certain(LOCAL, env) is answer
    assert certain(GlobalMinimum(w, form(w), x), env) is answer
    assert certain(SpuriousLocalMinimum(w, form(w), x), env) is False


def test_what_falls_only_in_the_fourth_order_falls() -> None:
    def near(body: Any) -> Any:
        return Near((t, 0), LessEqual(0, body))

    env = Environment({})
    assert certain(near(-(t**4) + t**5), env) is False
    assert certain(near(t**3), env) is False  # to the left
    assert certain(near(t**4 - 10**6 * t**5), env) is None  # true, and nothing here proves it
    assert certain(Near((t, 0), Equal(t**2, 0)), env) is False


def test_far_from_the_point_it_may_fall() -> None:
    """t² − t⁴ is negative for t = 2, where rays are looked up, and not near 0."""
    claim = Near((t, 0), LessEqual(0, t**2 - t**4))
    assert certain(claim, Environment({})) is None
    assert certain(ForAll(t, LessEqual(0, t**2 - 4 * t**4)), Environment({})) is False


def test_on_a_subspace() -> None:
    """wᵀSw ≥ 0 where Aw = 0, and not everywhere."""
    env = instance(n=2, S=[[1, 0], [0, -1]], A=[[0, 0], [0, 1]])
    there = ForAll(w, Implies(Equal(A * w, 0), LessEqual(0, form(w))))
    assert certain(there, env) is True
    assert certain(ForAll(w, LessEqual(0, form(w))), env) is not True
    other = instance(n=2, S=[[1, 0], [0, -1]], A=[[1, 0], [0, 0]])
    assert certain(there, other) is not True
    shifted = ForAll(w, Implies(Equal(A * w, w), LessEqual(0, form(w))))
    assert certain(shifted, other) is True
    linear = ForAll(w, LessEqual(0, form(w) + trace(x.T * w)))
    assert certain(linear, instance(n=2, S=DEFINITE, x=[[1], [0]])) is not True


def test_squares() -> None:
    fit = GlobalMinimum(Y, norm_squared(Y * X - A), S)
    assert certain(fit, instance(n=1, S=[[2]], X=[[3]], A=[[6]])) is True
    assert certain(fit, instance(n=1, S=[[1]], X=[[3]], A=[[6]])) is False  # less at another
    assert certain(fit, instance(n=1, S=[[0]], X=[[0]], A=[[6]])) is not False  # constant


def test_what_exists_by_linear_equations() -> None:
    inverse = Exists(Y, Equal(Y * A, Identity(n)))
    assert certain(inverse, instance(n=2, A=[[1, 0], [0, 0]])) is False
    assert certain(inverse, instance(n=2, A=[[1, 1], [0, 1]])) is True
    kernel = Exists(w, And(NonZero(w), Equal(A * w, 0)))
    assert certain(kernel, instance(n=2, A=[[1, 1], [0, 1]])) is False
    assert certain(kernel, instance(n=2, A=[[1, 1], [1, 1]])) is True
    assert certain(Exists(Y, Equal(Y * Y, A)), instance(n=1, A=[[-1]])) is None
    other = Exists(w, NonZero(A * w))
    assert certain(other, instance(n=2, A=[[0, 0], [0, 0]])) is False
    assert certain(other, instance(n=2, A=[[0, 0], [0, 3]])) is not False


def test_networks() -> None:
    d, k = widths("d"), natural("k")
    M, N = family("M", d), family("N", d)
    f = Function("f", d(k), d(0))
    claim = LocalMinimum(N, f(N[k:1]), M)
    one, zero = ExactMatrix.identity(1), ExactMatrix.zeros(1, 1)

    def env(loss: Any, *layers: ExactMatrix) -> Environment:
        members = Layers(dict(enumerate(layers, start=1)))
        sizes = dict.fromkeys(range(len(layers) + 1), 1)
        return Environment({k: len(layers), d: sizes, f: loss, M: members})

    squared = SquaredLoss(one, one)
    assert certain(claim, env(squared, zero, zero)) is False  # a saddle of the second order
    assert certain(claim, env(squared, zero, zero, zero)) is False  # and of the third
    assert certain(claim, env(squared, one, one)) is True
    assert certain(claim, env(squared)) is True  # no layers: constant
    negative = WeightedSquaredLoss(one, one * -1)
    assert certain(claim, env(negative, one, one)) is not True


def test_what_was_only_tried_inside_a_denial_refutes_nothing() -> None:
    """tr(YᵀSY) ≥ 0 holds at the few Y that are tried and not at all: its denial is true."""
    env = instance(n=2, S=[[1, 0], [0, Fraction(-1, 10**6)]])
    everywhere = ForAll(Y, LessEqual(0, trace(Y.T * S * Y)))
    assert evaluate(everywhere, env).everywhere
    denied = ForAll(t, Not(everywhere))
    assert not evaluate(denied, env).everywhere
    assert certain(denied, env) is not False
    plain = ForAll(t, LessEqual(t, 0))
    assert certain(plain, env) is False


def test_which_indices_exist() -> None:
    i, j = index("i"), index("j")
    env = Environment({i: 3})
    assert certain(Exists(j, And(Between(0, j, i), LessEqual(5, j))), env) is False
    assert certain(Exists(j, And(Between(0, j, i), LessEqual(2, j))), env) is True
    assert certain(Exists(j, And(Between(1, j, i - 3), Equal(j, j))), env) is False
    assert certain(Exists(j, LessEqual(10**6, j)), env) is None  # there is one, not looked for


def test_what_means_nothing_is_not_certain() -> None:
    """A conjunction with a false part is false; but not where another part speaks of no layer."""
    d = widths("d")
    M, i = family("M", d), index("i")
    env = Environment({i: -1, d: {0: 1, 1: 1}, M: Layers({1: ExactMatrix.identity(1)})})
    missing = Equal(rank(M[i:1]), 1)
    assert certain(LessEqual(0, i), env) is False
    assert certain(missing, env) is None
    assert certain(And(LessEqual(0, i), missing), env) is None
    assert certain(Or(LessEqual(i, 0), missing), env) is None
    assert certain(Implies(LessEqual(0, i), missing), env) is True


H = MatrixVariable("H", n, n)


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        (PositiveDefinite(S), True),
        (Not(PositiveDefinite(-S)), True),
        (Equal(determinant(S), 3), True),
        (Equal(exp(trace(S)), 50), False),
        # Enclosures overlap, or a word is undefined: nothing is certain
        (Equal(exp(trace(S)), exp(2) ** 2), None),
        (Not(Equal(exp(trace(S)), exp(2) ** 2)), None),
        (Equal(log(-trace(S)), 0), None),
        (And(Equal(log(-trace(S)), 0), Equal(S, 0)), False),
        (DifferentiableAt(FunctionWord("inverse", n), S), True),
        (Slope(FunctionOf(X, X * X), S, FunctionOf(H, S * H + H * S)), True),
        (Slope(FunctionOf(X, X * X), S, FunctionOf(H, 2 * S * H)), False),
        # What is only tried
        (Continuous(FunctionOf(X, X * X), S), None),
    ],
    ids=str,
)
def test_words(claim: Any, answer: bool | None) -> None:
    assert certain(claim, instance(n=2, S=DEFINITE)) is answer


def test_degrees() -> None:
    env = Environment({})
    moving = {X: 1}
    assert degree(trace(X * X * A) + trace(A), moving, env) == 2
    assert degree(norm_squared(A), moving, env) == 0
    assert degree(trace(X) ** 3 * trace(X * X), moving, env) == 5
    assert degree(rank(X) * 1, moving, env) is None


def test_interpolation() -> None:
    wanted = [Fraction(c) for c in (0, 3, -1, 0, 5)]
    values = [sum(c * v**e for e, c in enumerate(wanted)) for v in range(5)]
    assert coefficients(values) == wanted
