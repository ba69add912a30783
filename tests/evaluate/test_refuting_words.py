"""Wrong laws of words are refuted on instances; true ones never are, whatever values there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofkit.claims import (
    AllPositive,
    Continuous,
    DifferentiableAt,
    Equal,
    Implies,
    Less,
    LessEqual,
    NonZero,
    PositiveDefinite,
    PositiveSemidefinite,
    RankIs,
    Slope,
    Symmetric,
)
from proofkit.evaluate import evaluate, refute
from proofkit.evaluate.domains import asked, draw_number, draw_within
from proofkit.evaluate.instances import drawn, variables_of
from proofkit.networks.random import generator
from proofkit.symbols import (
    FunctionOf,
    FunctionWord,
    Identity,
    Map,
    MatrixVariable,
    absolute,
    cos,
    determinant,
    diag,
    diagonal,
    entry,
    exp,
    hadamard,
    index,
    inverse,
    log,
    logistic,
    natural,
    ones,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
    trace,
    vector,
)

n, p, q = natural("n"), natural("p"), natural("q")
i, j = index("i"), index("j")
x, y, h = real("x"), real("y"), real("h")
S, T, H = (MatrixVariable(name, n, n) for name in "STH")
X, Y = MatrixVariable("X", p, q), MatrixVariable("Y", p, q)
v, w = vector("v", n), vector("w", n)
sigma = Map("σ")


def slope(function: Any, at: Any, factor: Any) -> Slope:
    return Slope(function, at, FunctionOf(h, factor * h))


def along_h(body: Any) -> FunctionOf:
    return FunctionOf(H, body)


WRONG: dict[str, tuple[Any, list[Any]]] = {
    # a sign or a factor
    "(1/x)′ = 1/x²": (slope(reciprocal, x, reciprocal(x) ** 2), [NonZero(x)]),
    "cos′ = sin": (slope(cos, x, sin(x)), []),
    "(√x)′ = 1/√x": (slope(sqrt, x, reciprocal(sqrt(x))), [Less(0, x)]),
    "tanh′ = 1 − tanh": (slope(tanh, x, 1 - tanh(x)), []),
    "logistic′ = logistic²": (slope(logistic, x, logistic(x) ** 2), []),
    "log x·log y": (Equal(log(x * y), log(x) * log(y)), [Less(0, x), Less(0, y)]),
    "(X⁻¹)′ without its sign": (
        Slope(FunctionWord("inverse", n), S, along_h(inverse(S) * H * inverse(S))),
        [NonZero(determinant(S))],
    ),
    "Jacobi's formula without the determinant": (
        Slope(FunctionWord("determinant", n), S, along_h(trace(inverse(S) * H))),
        [NonZero(determinant(S))],
    ),
    "det(S + T)": (Equal(determinant(S + T), determinant(S) + determinant(T)), []),
    "det(2S) = 2 det S": (Equal(determinant(2 * S), 2 * determinant(S)), []),
    # a transpose or the order of factors
    "(ST)⁻¹ = S⁻¹T⁻¹": (
        Equal(inverse(S * T), inverse(S) * inverse(T)),
        [NonZero(determinant(S)), NonZero(determinant(T))],
    ),
    "S⁻¹ = Sᵀ": (Equal(inverse(S), S.T), [NonZero(determinant(S))]),
    "X_{i,j} = Xᵀ_{i,j}": (
        Equal(entry(S.T, i, j), entry(S, i, j)),
        [LessEqual(1, i), LessEqual(i, n), LessEqual(1, j), LessEqual(j, n)],
    ),
    "S·diag v = (v·𝟏ᵀ) ∘ S": (Equal(S * diag(v), hadamard(v * ones(1, n), S)), []),
    "the diagonal of a product": (
        Equal(diagonal(S * T), hadamard(diagonal(S), diagonal(T))),
        [],
    ),
    # a derivative entry by entry
    "the derivative of σ(X) without σ′": (
        Slope(FunctionOf(T, tanh(T)), S, along_h(hadamard(tanh(S), H))),
        [],
    ),
    "σ is additive": (Equal(sigma(x + y), sigma(x) + sigma(y)), []),
    "σ(ST) = σ(S)σ(T)": (Equal(sigma(S * T), sigma(S) * sigma(T)), []),
    "|x| has a derivative everywhere": (DifferentiableAt(absolute, x), []),
    "relu′ = 1": (slope(relu, x, 1), []),
    # a condition dropped, where values can be had without it
    "|x| = x": (Equal(absolute(x), x), []),
    "a semidefinite matrix is definite": (PositiveDefinite(S), [PositiveSemidefinite(S)]),
    "a symmetric matrix is semidefinite": (PositiveSemidefinite(S), [Symmetric(S)]),
    "a positive matrix is definite": (PositiveDefinite(S), [AllPositive(S), Symmetric(S)]),
    "a determinant that is not 0 is positive": (
        Less(0, determinant(S)),
        [NonZero(determinant(S))],
    ),
    "exp(X) = 𝟏 + X": (Equal(exp(X), ones(p, q) + X), []),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_laws_are_refuted(name: str) -> None:
    claim, given = WRONG[name]
    refutation = refute(claim, given)
    assert refutation is not None
    assert " fails for" in str(refutation)


RIGHT: dict[str, tuple[Any, list[Any]]] = {
    "exp(x + y)": (Equal(exp(x + y), exp(x) * exp(y)), []),
    "eˣ ≤ e^y, by rounding": (LessEqual(exp(x + y), exp(x) * exp(y)), []),
    "exp(log x)": (Equal(exp(log(x)), x), [Less(0, x)]),
    "log′": (slope(log, x, reciprocal(x)), [Less(0, x)]),
    "σ′": (slope(sigma, x, sigma.derivative(x)), [DifferentiableAt(sigma, x)]),
    "S·S⁻¹": (Equal(S * inverse(S), Identity(n)), [NonZero(determinant(S))]),
    "det > 0": (Less(0, determinant(S)), [PositiveDefinite(S)]),
    "full rank": (NonZero(determinant(S)), [RankIs(S, n)]),
}


@pytest.mark.parametrize("junk", [False, True])
@pytest.mark.parametrize("name", RIGHT)
def test_true_laws_are_not_whatever_values_there_are(name: str, junk: bool) -> None:
    claim, given = RIGHT[name]
    assert refute(claim, given, junk=junk) is None


CONDITIONS: dict[str, Any] = {
    "exp(log x) = x": Equal(exp(log(x)), x),
    "√x·√x = x": Equal(sqrt(x) ** 2, x),
    "x·(1/x) = 1": Equal(x * reciprocal(x), 1),
    "S·S⁻¹ = I": Equal(S * inverse(S), Identity(n)),
    "entries of 𝟏": Equal(entry(ones(p, q), i, j), 1),
    "log′": slope(log, x, reciprocal(x)),
    "relu′ is 0 or 1": Equal(relu.derivative(x) ** 2, relu.derivative(x)),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_only_junk_values_refute_what_lacks_its_condition(name: str) -> None:
    assert refute(CONDITIONS[name]) is None
    assert refute(CONDITIONS[name], junk=True) is not None


def test_continuity_is_only_tried_so_it_is_never_refuted() -> None:
    step = FunctionOf(y, absolute(y) * reciprocal(y))
    assert refute(Continuous(step, x)) is None
    assert refute(Continuous(step, x), junk=True) is None


# ── Instances inside the domains ───────────────────────────────────────────────────────────────
WISHES: dict[str, Any] = {
    "positive entries": AllPositive(S),
    "symmetric": Symmetric(S),
    "symmetric, as an equation": Equal(S, S.T),
    "definite": PositiveDefinite(S),
    "semidefinite": PositiveSemidefinite(S),
    "invertible": NonZero(determinant(S)),
    "a positive determinant": Less(0, determinant(S)),
    "of full rank": RankIs(S, n),
    "not 0": NonZero(S),
    "a positive number": Less(0, x),
    "a negative number": Less(x, 0),
    "a number that is not negative": LessEqual(0, x),
    "a number that is not 0": NonZero(x),
}


@pytest.mark.parametrize("name", WISHES)
def test_what_one_hypothesis_asks_of_a_variable_is_drawn_so(name: str) -> None:
    given = (WISHES[name],)
    for seed in range(30):
        env = drawn(variables_of(given), given, generator(seed), 1 + seed % 3)
        outcome = evaluate(given[0], env)
        assert outcome.everywhere
        assert not outcome.unknown
        assert not outcome.sampled


@pytest.mark.parametrize(
    "given",
    [
        (Symmetric(S), PositiveDefinite(S)),
        (Symmetric(S), NonZero(determinant(S))),
        (AllPositive(S), Symmetric(S)),
        (AllPositive(S), PositiveDefinite(S), Symmetric(S)),
    ],
    ids=str,
)
def test_several_together(given: Any) -> None:
    found = set()
    for seed in range(20):
        env = drawn(variables_of(given), given, generator(seed), 3)
        assert all(evaluate(h, env).everywhere for h in given)
        found.add(env[S])
    assert len(found) > 10


def test_definite_matrices_need_not_be_symmetric() -> None:
    rng = np.random.default_rng(0)
    drawn_so = [draw_within(3, 3, {"definite"}, rng) for _ in range(10)]
    assert any(m != m.T for m in drawn_so)


def test_numbers_without_a_wish_have_every_sign() -> None:
    rng = np.random.default_rng(0)
    assert {(x > 0) - (x < 0) for x in (draw_number(set(), rng) for _ in range(40))} == {-1, 0, 1}


def test_slopes_are_given_to_the_variables_that_are_said_to_be_them() -> None:
    L = Map("L")
    claim = Implies(Slope(sigma, x, L), Equal(L(y), sigma.derivative(x) * y))
    assert refute(claim) is None
    assert refute(Implies(Slope(sigma, x, L), Equal(L(y), sigma.derivative(y) * x))) is not None


def test_what_is_asked_is_read_off_conjunctions_too() -> None:
    assert asked([Less(0, x), NonZero(determinant(S))]) == {x: {"positive"}, S: {"invertible"}}
