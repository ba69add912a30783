"""Points where equations hold: what is a combination of them is never said to be false there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from proofkit.algebra.cofactors import Effort, find_cofactors, is_refuted
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import NO_FACTS, minus, plus, times, transpose
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    encode_term,
    inverse,
    natural,
    real,
    trace,
    vector,
)

n, m = natural("n"), natural("m")
A, B, H, P, Q, R, S, Y = (MatrixVariable(name, n, n) for name in "ABHPQRSY")
X, Z = MatrixVariable("X", n, m), MatrixVariable("Z", m, n)
u, v = vector("u", n), vector("v", n)
a, b, c = real("a"), real("b"), real("c")
one = Identity(n)


def zero(left: Any, right: Any) -> Term:
    """The difference, which is zero where both are equal."""
    return minus(encode_term(left), encode_term(right))


def refuted(goal: tuple[Any, Any], *given: tuple[Any, Any]) -> bool:
    return is_refuted(zero(*goal), [(zero(*sides), None) for sides in given], NO_FACTS)


FALSE = {
    "nothing is given": ((A * B, B * A), []),
    "a sign": ((Q - Y, Y * H * Q), [(Y * A, one), ((A + H) * Q, one)]),
    "a factor": ((2 * B, Q), [(B * A, one), (A * Q, one)]),
    "the other order": ((P * Q, Q * P), [(P, P.T), (Q, Q.T)]),
    "a transpose": ((S * X, S.T * X), [(X * Z, B)]),
    "skew": ((S, S.T), [(S, -S.T)]),
    "numbers": ((a, b), [(a * c, 1)]),
    "the number of rows": ((trace(one), m), []),
    "a word": ((inverse(S) * X, X), [(S * inverse(S), one), (inverse(S) * S, one)]),
    "one by one": ((u * v.T, v * u.T), [(a * trace(u.T * v), 1)]),
}
TRUE = {
    "two-sided": ((B, Q), [(B * A, one), (A * Q, one)]),
    "ridge": ((Q - Y, -Y * H * Q), [(Y * A, one), ((A + H) * Q, one)]),
    "traces": ((trace(A * B), trace(B * A)), []),
    "transposes": ((trace(A.T * S), trace(S.T * A)), []),
    "symmetric": (((P * Q).T, Q * P), [(P, P.T), (Q, Q.T)]),
    "numbers": ((a, a * b * c), [(b * c, 1)]),
    "the number of rows": ((trace(one), n), []),
    "a number of one column": ((u * (v.T * u), trace(v.T * u) * u), []),
    "the rest of a sum": ((A * R, B), [((A + P) * R, B + P * R)]),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_somewhere_is_no_combination(name: str) -> None:
    goal, given = FALSE[name]
    assert refuted(goal, *given)
    pairs = [(zero(*sides), None) for sides in given]
    assert find_cofactors(zero(*goal), pairs, NO_FACTS, Effort.COMPLETING).rest[-1]


@pytest.mark.parametrize("name", TRUE)
def test_what_follows_is_false_nowhere(name: str) -> None:
    goal, given = TRUE[name]
    assert not refuted(goal, *given)


def test_where_no_point_is_found_nothing_is_said() -> None:
    assert not refuted((A, 2 * B), (A * A, A))  # a projection, which is not solved for
    assert not refuted((a, b), (a * a, 2))


@pytest.mark.parametrize("seed", range(40))
def test_combinations_are_false_nowhere(seed: int) -> None:
    draw = random.Random(seed)
    letters = [encode_term(M) for M in (A, B, H, P, Q, one)]
    letters += [transpose(x) for x in letters]

    def word() -> Term:
        return times(times(draw.choice(letters), draw.choice(letters)), draw.choice(letters))

    given = [zero(R, A * B + H), zero(S * (P + Q), one), zero(Y, Y.T)][: draw.randint(1, 3)]
    goal = minus(encode_term(A), encode_term(A))
    for _ in range(draw.randint(1, 3)):
        e = draw.choice(given)
        e = transpose(e) if draw.random() < 0.3 else e
        goal = plus(goal, times(times(word(), e), word()), draw.choice((1, -2, 3)))
    assert not is_refuted(goal, [(e, None) for e in given], NO_FACTS)
    assert is_refuted(plus(goal, word()), [(e, None) for e in given], NO_FACTS)
