"""Signs of numbers, factor by factor: what is found, and what is not as it is false."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    Claim,
    Equal,
    Less,
    LessEqual,
    NonZero,
    PositiveDefinite,
    PositiveSemidefinite,
    encode,
)
from proofkit.kernel import Theorem, assume
from proofkit.script.routine import Routine
from proofkit.script.signs import prove_order
from proofkit.symbols import (
    Function,
    MatrixVariable,
    absolute,
    determinant,
    exp,
    frobenius,
    log,
    logistic,
    natural,
    norm,
    norm_squared,
    rank,
    real,
    reciprocal,
    sin,
    sqrt,
    tanh,
    trace,
)

n, x, y, z = natural("n"), real("x"), real("y"), real("z")
A, X = MatrixVariable("A", n, n), MatrixVariable("X", n, n)
v, f = MatrixVariable("v", n, 1), Function("f", n, n)


def proved(goal: Claim, *known: Claim) -> Theorem | None:
    return Routine([assume(encode(claim)) for claim in known]).prove(encode(goal))


SIGNS: dict[str, tuple[Claim, tuple[Claim, ...]]] = {
    # it holds                        where
    "a square": (LessEqual(0, x**2), ()),
    "a square and a constant": (Less(0, 3 * x**2 + 1), ()),
    "a product of squares": (LessEqual(0, x**2 * y**4), ()),
    "an exponential": (Less(0, exp(x)), ()),
    "products of exponentials": (Less(0, exp(x) * exp(y) + x**2), ()),
    "an odd power": (Less(0, x**3 * exp(y)), (Less(0, x),)),
    "a square times what is at least 0": (LessEqual(0, x**2 * y), (LessEqual(0, y),)),
    "a product": (Less(0, x * y), (Less(0, x), Less(0, y))),
    "a product of at least 0 and more": (LessEqual(0, x * y), (Less(0, x), LessEqual(0, y))),
    "a reciprocal": (Less(0, reciprocal(x)), (Less(0, x),)),
    "a reciprocal of a sum": (Less(0, reciprocal(1 + exp(x))), ()),
    "a root": (LessEqual(0, sqrt(x**2)), ()),
    "a root of more than 0": (Less(0, sqrt(x**2 + 1)), ()),
    "an absolute value": (LessEqual(0, absolute(x)), ()),
    "an absolute value of more": (Less(0, absolute(x)), (NonZero(x),)),
    "the logistic function": (Less(0, logistic(x)), ()),
    "logistic x < 1": (Less(logistic(x), 1), ()),
    "tanh x < 1": (Less(tanh(x), 1), ()),
    "tanh x > −1": (Less(0, 1 + tanh(x)), ()),
    "a natural number times an absolute value": (LessEqual(0, n * absolute(x)), ()),
    "a rank times a square": (LessEqual(0, rank(A) * x**2), ()),
    "a norm squared": (LessEqual(0, norm_squared(A * X)), ()),
    "a norm squared of more": (Less(0, norm_squared(A)), (NonZero(A.T),)),
    "a norm": (LessEqual(0, norm(A)), ()),
    "a number that is said to be positive": (Less(0, determinant(X)), (Less(0, determinant(X)),)),
    "from relations": (Less(x, z), (Less(x, y), LessEqual(y, z))),
    "from relations and squares": (Less(0, y - x + x**2), (Less(x, y),)),
    "twice what is known": (LessEqual(0, 3 * x + 6), (LessEqual(-2, x),)),
    "by an equation": (LessEqual(0, x), (Equal(x, 2 * y), LessEqual(0, y))),
}


@pytest.mark.parametrize(("goal", "where"), SIGNS.values(), ids=SIGNS)
def test_signs(goal: Claim, where: tuple[Claim, ...]) -> None:
    theorem = proved(goal, *where)
    assert theorem is not None
    assert theorem.conclusion == encode(goal)
    assert set(theorem.hypotheses) <= {encode(claim) for claim in where}
    if theorem.hypotheses:
        assert proved(goal) is None


FALSE: dict[str, tuple[Claim, tuple[Claim, ...]]] = {
    # a number at which it fails: x = 0, unless another is given
    "a square is not more than 0": (Less(0, x**2), ()),
    "a number": (LessEqual(0, x), ()),  # −1
    "an odd power": (LessEqual(0, x**3), ()),  # −1
    "a difference of squares": (LessEqual(0, x**2 - y**2), ()),
    "minus a square": (LessEqual(0, -(x**2)), ()),
    "a product of negatives and positives": (LessEqual(0, x * y), (LessEqual(0, x),)),
    "strict from weak": (Less(0, x), (LessEqual(0, x),)),
    "a product of weak": (Less(0, x * y), (LessEqual(0, x), LessEqual(0, y))),
    "a root is not more than 0": (Less(0, sqrt(x)), (LessEqual(0, x),)),
    "a root of what is not at least 0": (LessEqual(0, sqrt(x)), ()),
    "an absolute value is not more than 0": (Less(0, absolute(x)), ()),
    "a reciprocal": (Less(0, reciprocal(x)), ()),
    "logistic x < ½": (Less(2 * logistic(x), 1), ()),
    "tanh x > 0": (LessEqual(0, tanh(x)), ()),
    "a sine": (LessEqual(0, sin(x)), ()),
    "a logarithm": (LessEqual(0, log(x)), (Less(0, x),)),
    "a determinant": (Less(0, determinant(X)), (NonZero(determinant(X)),)),
    "a trace": (LessEqual(0, trace(X)), ()),
    "⟨A, X⟩": (LessEqual(0, frobenius(A, X)), ()),
    "tr(XX)": (LessEqual(0, trace(X * X)), ()),
    "a norm squared of what may be 0": (Less(0, norm_squared(A)), (NonZero(X),)),
    "a value": (LessEqual(0, f(X)), ()),
    "less than a bound": (LessEqual(1 + x**2, y), (Less(0, y),)),
    "a natural number times a positive one is not more than 0": (Less(0, n * exp(x)), ()),
}


@pytest.mark.parametrize(("goal", "where"), FALSE.values(), ids=FALSE)
def test_what_is_false_is_not_proved(goal: Claim, where: tuple[Claim, ...]) -> None:
    assert proved(goal, *where) is None


def test_only_what_is_asked_for_is_met() -> None:
    """`prove_order` asks for the conditions of facts one by one, and does without if they fail."""
    asked: list[Any] = []

    def meet(claim: Any) -> None:
        asked.append(claim)

    goal = encode(Less(0, reciprocal(x) * exp(y)))
    assert prove_order(goal, [], meet) is None
    assert asked == [encode(Less(0, x))] * len(asked)
    assert asked
    met = prove_order(goal, [], lambda claim: assume(claim))
    assert met is not None
    assert (met.conclusion, met.hypotheses) == (goal, (encode(Less(0, x)),))


def test_positive_definite_matrices() -> None:
    # A positive definite gives det A > 0; semidefinite does not
    assert proved(Less(0, determinant(A)), PositiveSemidefinite(A)) is None
    definite = PositiveDefinite(A)
    theorem = proved(Less(0, determinant(A)), definite)
    if theorem is not None:  # by the fact about it, if it is looked for
        assert theorem.hypotheses == (encode(definite),)
