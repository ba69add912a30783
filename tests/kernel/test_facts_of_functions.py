"""Facts of the page of real functions: each holds, and each of its premises is needed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from .harness import (
    I1,
    ZERO1,
    Generator,
    Rng,
    assert_needed,
    assert_true,
    cases,
    positive,
    rational,
    size,
)
from .known import Known, Smooth, along, bent, bent_square, jump, polynomial, quadratic, total
from .meanings import Junk
from .model import Instance, draw

HALF = Fraction(1, 2)
SEVEN, ANY = Junk(Fraction(7)), Junk(seed=1)


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def anywhere(rng: Rng) -> Instance:
    return Instance((rational(rng),))


def nothing(rng: Rng) -> Instance:
    return Instance(())


def two(rng: Rng) -> Instance:
    return Instance((rational(rng), rational(rng)))


def in_order(rng: Rng) -> Instance:
    x = rational(rng)
    return Instance((x, x + (positive(rng) if x else rng.choice((0, 1, HALF)))))


def above(rng: Rng) -> Instance:
    return Instance((positive(rng),))


def two_above(rng: Rng) -> Instance:
    return Instance((positive(rng), positive(rng)))


def in_order_above(rng: Rng) -> Instance:
    x = positive(rng)
    return Instance((x, x + (positive(rng) if x != 1 else rng.choice((0, 1, HALF)))))


def not_below(rng: Rng) -> Instance:
    return Instance((abs(rational(rng)),))


def not_above(rng: Rng) -> Instance:
    return Instance((-abs(rational(rng)),))


def below(rng: Rng) -> Instance:
    return Instance((-positive(rng),))


def off_zero(rng: Rng) -> Instance:
    return Instance((positive(rng) * rng.choice((1, -1)),))


def two_off_zero(rng: Rng) -> Instance:
    return Instance((*off_zero(rng).values, *off_zero(rng).values))


def one_is_zero(rng: Rng) -> Instance:
    pair = [Fraction(0), rational(rng)]
    rng.shuffle(pair)
    return Instance(tuple(pair))


def nonnegative_near(rng: Rng, at: Fraction) -> Known:
    """A function that is continuous at a point and not negative near it; farther away it may be."""
    return rng.choice(
        (
            bent(at, -positive(rng), positive(rng)),
            bent(at, 0, positive(rng)),
            bent_square(at, abs(rational(rng)), abs(rational(rng))),
            polynomial(abs(rational(rng))),
            polynomial(1 - at**2, 2 * at, -1),
            bent_square(at - HALF, -1, 1),
            jump(at + HALF, abs(rational(rng)), rational(rng), rational(rng)),
        )
    )


def root_of_map(rng: Rng) -> Instance:
    x = rational(rng)
    return Instance((nonnegative_near(rng, x), x))


def root_of_function(rng: Rng) -> Instance:
    p, q = size(rng, 0, 3), size(rng, 0, 3)
    X, D = draw(rng, p, q), draw(rng, p, q)
    R = draw(rng, rng.randint(0, 2), p * q)
    f = along(D, nonnegative_near(rng, Fraction(D.inner(X))), 0 * D)
    return Instance((p, q, total(f, quadratic(R.T @ R, X)), X))


GENERATORS: dict[str, Generator] = {
    "slope of exp": anywhere,
    "exp is positive": anywhere,
    "exp of sum": two,
    "exp of zero": nothing,
    "exp is monotone": in_order,
    "slope of log": above,
    "exp of log": above,
    "log of exp": anywhere,
    "log of product": two_above,
    "log is monotone": in_order_above,
    "log below tangent": above,
    "square of root": not_below,
    "root is nonnegative": not_below,
    "root is positive": above,
    "slope of root": above,
    "continuity of roots": root_of_function,
    "continuity of roots of numbers": root_of_map,
    "slope of sin": anywhere,
    "slope of cos": anywhere,
    "sum of squares of sin and cos": anywhere,
    "tanh from exp": anywhere,
    "slope of tanh": anywhere,
    "bounds of tanh": anywhere,
    "logistic from exp": anywhere,
    "slope of logistic": anywhere,
    "bounds of logistic": anywhere,
    "logistic of opposite": anywhere,
    "relu of nonnegative": not_below,
    "relu of nonpositive": not_above,
    "slope of relu": off_zero,
    "slope of relu above": above,
    "slope of relu below": below,
    "continuity of relu": anywhere,
    "abs of nonnegative": not_below,
    "abs of nonpositive": not_above,
    "slope of abs": off_zero,
    "continuity of abs": anywhere,
    "slope of log abs": off_zero,
    "quotient": off_zero,
    "slope of reciprocal": off_zero,
    "reciprocal is positive": above,
    "logistic as quotient": anywhere,
    "logistic as reciprocal": anywhere,
    "abs is nonnegative": anywhere,
    "abs is positive": off_zero,
    "reciprocal of product": two_off_zero,
    "product of positives": two_above,
    "square is nonnegative": anywhere,
    "product that is zero": one_is_zero,
}

ABOVE_ZERO = Smooth(
    lambda X: Fraction(X.entry(0, 0) > 0), lambda X: ZERO1, False, False, lambda X: X.is_zero(),
    torn=lambda X: X.is_zero(),
)  # fmt: skip

# For each premise an instance where it alone fails and the conclusion does.
BROKEN: dict[str, tuple[Instance, ...]] = {
    "exp is monotone": (Instance((1, 0)),),
    "slope of log": (Instance((0,)),),  # log x falls without end
    "exp of log": (Instance((0,), junk=SEVEN),),  # no exponential is 0
    "log of product": (Instance((-1, 2), junk=ANY), Instance((2, -1), junk=ANY)),
    "log is monotone": (Instance((0, 1), junk=SEVEN), Instance((2, 1))),
    "log below tangent": (Instance((0,), junk=SEVEN),),
    "square of root": (Instance((-1,), junk=SEVEN),),  # no square is negative
    "root is nonnegative": (Instance((-1,), junk=Junk(Fraction(-7))),),
    "root is positive": (Instance((0,)),),
    "slope of root": (Instance((0,)),),  # √x is steeper there than any line
    "continuity of roots": (
        # √y is 7 just below 0
        Instance((1, 1, along(I1, polynomial(0, 1), ZERO1), ZERO1), junk=SEVEN),
        Instance((1, 1, ABOVE_ZERO, ZERO1)),
    ),
    "continuity of roots of numbers": (
        Instance((polynomial(0, 1), Fraction(0)), junk=SEVEN),
        Instance((jump(0, 0, 0, 1), Fraction(0))),
    ),
    "relu of nonnegative": (Instance((-1,)),),
    "relu of nonpositive": (Instance((1,)),),
    "slope of relu": (Instance((0,)),),
    "slope of relu above": (Instance((0,)),),
    "slope of relu below": (Instance((0,)),),
    "abs of nonnegative": (Instance((-1,)),),
    "abs of nonpositive": (Instance((1,)),),
    "slope of abs": (Instance((0,)),),
    "slope of log abs": (Instance((0,)),),
    "quotient": (Instance((0,), junk=SEVEN),),
    "slope of reciprocal": (Instance((0,)),),
    "reciprocal is positive": (Instance((0,)),),
    "abs is positive": (Instance((0,)),),
    "reciprocal of product": (Instance((0, 2), junk=SEVEN), Instance((2, 0), junk=SEVEN)),
    "product of positives": (Instance((0, 1)), Instance((1, 0))),
    "product that is zero": (Instance((1, 1)),),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_fact_holds(name: str) -> None:
    assert_true(name, GENERATORS[name])


@pytest.mark.parametrize(("name", "at"), cases(BROKEN))
def test_premise_is_needed(name: str, at: int) -> None:
    assert_needed(name, at, BROKEN[name][at])
