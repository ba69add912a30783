"""The evaluator that tries facts: what balls settle, what words mean, what functions do."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from flint import arb

from proofkit.networks.exact import ExactMatrix

from .known import (
    Known,
    Smooth,
    added,
    along,
    bent,
    bent_square,
    jump,
    polynomial,
    quadratic,
    sine,
    squares,
    total,
    waves,
    well,
)
from .meanings import Junk, word
from .model import Instance, Model, draw
from .series import (
    NoSlope,
    Series,
    Undecided,
    apart,
    ball,
    change,
    enclosing,
    is_zero,
    minus,
    plus,
    same,
    sign,
    times,
)

STEP = Fraction(1, 10**12)
NEAR = Fraction(1, 10**7)
ANY = Junk(seed=3)


@pytest.fixture(autouse=True)
def _enclosing() -> Iterator[None]:
    with enclosing():
        yield


# ── Balls ──────────────────────────────────────────────────────────────────────────────────────
def test_narrow_balls_that_overlap_are_equal_up_to_enclosure() -> None:
    assert is_zero(ball(2).sqrt() ** 2 - 2)
    assert same(ball(2).log() + ball(3).log(), ball(6).log())


def test_disjoint_balls_are_not_equal() -> None:
    assert not is_zero(ball(2).sqrt() - ball(Fraction(3, 2)))
    assert not is_zero(ball(Fraction(1, 10**25)))


def test_wide_balls_that_overlap_settle_nothing() -> None:
    with pytest.raises(Undecided):
        is_zero(arb(0, 1e-10))


def test_an_order_is_settled_by_separate_balls_only() -> None:
    assert sign(ball(2).sqrt() - 1) == 1
    assert sign(1 - ball(2).sqrt()) == -1
    with pytest.raises(Undecided):
        sign(ball(2).sqrt() ** 2 - 2)
    assert sign(ball(1).log()) == 0, "a ball that is the number 0"


# ── Words ──────────────────────────────────────────────────────────────────────────────────────
MATH: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "logistic": lambda x: 1 / (1 + math.exp(-x)),
    "relu": lambda x: max(x, 0),
    "abs": abs,
    "reciprocal": lambda x: 1 / x,
}
POINTS = (Fraction(1, 3), Fraction(1), Fraction(5, 2))


@pytest.mark.parametrize("name", MATH)
def test_values_are_those_of_floats(name: str) -> None:
    for x in POINTS if name in ("log", "sqrt") else (*POINTS, *(-x for x in POINTS)):
        assert float(ball(word(name, ANY)(x))) == pytest.approx(MATH[name](float(x)), rel=1e-14)


def assert_slope(F: Callable[[Any], Any], x: Any, h: Any) -> None:
    """(F(x + th) − F(x))/t is near what the series of F says, for a small t."""
    there = times(1 / STEP, minus(F(plus(x, times(STEP, h))), F(x)))
    assert not apart(there, change(F(Series(x, h))), NEAR)


@pytest.mark.parametrize("name", MATH)
def test_series_are_near_difference_quotients(name: str) -> None:
    for x in POINTS if name in ("log", "sqrt") else (*POINTS, *(-x for x in POINTS)):
        assert_slope(word(name, ANY), x, Fraction(2))
        assert_slope(word(name, ANY), x, Fraction(-1))


@pytest.mark.parametrize("name", ["inverse", "determinant"])
def test_series_of_matrices_are_near_difference_quotients(name: str) -> None:
    rng = random.Random(5)
    for n in (1, 2, 3):
        S = draw(rng, n, n) + 9 * ExactMatrix.identity(n)
        assert_slope(word(name, ANY)(n), S, draw(rng, n, n))


def test_determinants_and_inverses() -> None:
    rng = random.Random(6)
    for n in (0, 1, 2, 3):
        S = draw(rng, n, n) + 9 * ExactMatrix.identity(n)
        assert word("inverse", ANY)(n)(S) == S.inverse()
        assert (word("determinant", ANY)(n)(S) == 0) == (S.rank() < n)
    assert word("determinant", ANY)(2)(ExactMatrix.of([[1, 2], [3, 4]])) == -2
    assert word("determinant", ANY)(0)(ExactMatrix.zeros(0, 0)) == 1


@pytest.mark.parametrize(
    ("name", "x"), [("abs", 0), ("relu", 0), ("log", 0), ("sqrt", 0), ("reciprocal", 0)]
)
def test_there_is_no_slope_at_a_kink_or_an_end(name: str, x: int) -> None:
    linear = ("lam", ("real",), ("num", (((((("b", 0), 1),), ()), (1, 1)),)))
    for junk in (Junk(), Junk(Fraction(7)), ANY):
        assert not Model(Instance((), junk=junk)).holds(
            ("slope", ("word", name), number(x), linear)
        )


def number(x: int) -> Any:
    return ("num", ((((), ()), (x, 1)),) if x else ())


def test_what_jumps_is_not_continuous_and_what_bends_is() -> None:
    for name, continuous in (("relu", True), ("abs", True), ("reciprocal", False), ("log", False)):
        model = Model(Instance((), junk=Junk(Fraction(7))))
        assert model.holds(("continuous", ("word", name), number(0))) is continuous


@pytest.mark.parametrize("junk", [Junk(), Junk(Fraction(2)), ANY])
def test_junk_of_a_linear_word_is_linear(junk: Junk) -> None:
    rng = random.Random(7)
    X, Y = draw(rng, 2, 3), draw(rng, 2, 3)
    entry = lambda Z: word("entry", junk)(2)(3)(Z)(3)(0)  # noqa: E731
    assert entry(X + 2 * Y) == entry(X) + 2 * entry(Y)
    rough = along(X, bent(Fraction(X.inner(X)), 0, 1), Y)
    second = lambda H: word("hessian", junk)(2)(3)(rough)(X)(H)  # noqa: E731
    assert second(X + 2 * Y) == second(X) + 2 * second(Y)


def test_junk_is_a_function() -> None:
    for name, x in (("log", -1), ("sqrt", -1), ("reciprocal", 0)):
        values = {word(name, ANY)(Fraction(x)) for _ in range(3)}
        assert len(values) == 1
    assert word("log", ANY)(Fraction(-1)) != word("log", Junk())(Fraction(-1))


# ── Known functions ────────────────────────────────────────────────────────────────────────────
ONE, TWO = Fraction(1), Fraction(2)
REAL_FUNCTIONS: dict[str, Known] = {
    "polynomial": polynomial(1, -2, 0, 3),
    "bent": bent(ONE, -1, 2),
    "bent square": bent_square(ONE, -1, 2),
    "jump": jump(ONE, 0, 3, 1),
    "spike": jump(ONE, 0, 1, 0),
    "waves": waves(ONE),
    "sine": sine(),
    "sum": added(bent(ONE, 0, 1), jump(TWO, 0, 0, 1)),
}


def assert_known(F: Any, x: Any, h: Any) -> None:
    """F has the slope at x that it says, or none in the direction h and continuity as it says."""
    if F.smooth(x):
        assert F.continuous(x)
        assert_slope(F, x, h)
        assert_slope(F, x, times(Fraction(-1), h))
        return
    with pytest.raises(NoSlope):
        F(Series(x, h))
    here = F(x)
    ahead, back = (F(plus(x, times(t, h))) for t in (STEP, -STEP))
    jumps = apart(ahead, here, NEAR) or apart(back, here, NEAR)
    assert jumps is not F.continuous(x)
    forth = times(1 / STEP, minus(ahead, here))
    assert jumps or apart(forth, times(1 / STEP, minus(here, back)), NEAR)


@pytest.mark.parametrize("name", REAL_FUNCTIONS)
def test_real_functions_are_what_they_say(name: str) -> None:
    for x in (Fraction(0), ONE, TWO, Fraction(3, 2)):
        F = REAL_FUNCTIONS[name]
        assert_known(F, x, ONE)
        if F.prime is not None:
            slope = F.along(x)
            assert slope is not None
            assert F.prime(x) == slope(ONE)
            assert_known(F.prime, x, ONE)


def smooth_functions(rng: random.Random, X: ExactMatrix) -> dict[str, Smooth]:
    D, Y = draw(rng, *X.shape), draw(rng, *X.shape)
    at, R = Fraction(D.inner(X)), draw(rng, X.rows * X.cols, X.rows * X.cols)
    return {
        "quadratic": quadratic(R + R.T, Y),
        "squares": squares(Y, (ONE, D), (-TWO, X)),
        "well": well(Y),
        "cubic": along(D, polynomial(0, 1, 2, 3), Y),
        "bent": along(D, bent(at, -1, 2), Y),
        "bent elsewhere": along(D, bent(at + 1, -1, 2), Y),
        "bent square": along(D, bent_square(at, -1, 2), Y),
        "jump": along(D, jump(at, 0, 1, 2), Y),
        "sum": total(squares(Y, (ONE, D)), along(D, bent_square(at + 1, 1, 2), Y)),
    }


@pytest.mark.parametrize("seed", range(5))
def test_functions_of_matrices_are_what_they_say(seed: int) -> None:
    rng = random.Random(seed)
    X, H = draw(rng, 2, 2), draw(rng, 2, 2)
    for f in smooth_functions(rng, X).values():
        assert_known(f, X, H)
        if f.second(X) is not None:
            assert_slope(f.gradient, X, H)
