"""Instances on which hypotheses hold: drawn, and moved until they do."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import proofkit as pk
from proofkit.evaluate import Environment
from proofkit.evaluate.claims import evaluate
from proofkit.evaluate.instances import LONGEST, meeting
from proofkit.networks.matrices import ExactMatrix
from proofkit.packs.values import Values

n, p, q = pk.sizes("n p q")
A, B = pk.matrix("A", n, p), pk.matrix("B", n, q)
a, b, y = pk.vector("a", p), pk.vector("b", q), pk.vector("y", n)
s, t = pk.reals("s t")


def met(*claims: Any, variables: list[Any], count: int = 10) -> list[Environment]:
    found = meeting(variables, claims, seed=1, count=count)
    assert all(evaluate(claim, env).everywhere for claim in claims for env in found)
    return found


def test_equations_that_break_one_another_are_solved_together() -> None:
    error = A @ a + B @ b - y
    rest = pk.eye(n) - A @ (A.T @ A).I @ A.T
    free = pk.invertible(A.T @ A), pk.invertible(B.T @ rest @ B)
    variables = [n, p, q, A, B, a, b, y]
    found = met(*free, pk.eq(A.T @ error, 0), pk.eq(B.T @ error, 0), variables=variables)
    assert len(found) >= 5


def test_a_number_that_an_equation_tells_is_set() -> None:
    claim = pk.eq(s, pk.norm2(A) + t)
    assert len(met(claim, variables=[n, p, A, s, t])) == 10
    assert len(met(pk.eq(pk.norm2(A), s), pk.gt(s, 0), variables=[n, p, A, s])) >= 5


# Where neither layer can be solved for alone, one solved after the other would square the digits.
X, Y = pk.matrix("X", q, n), pk.matrix("Y", p, n)
U, V = pk.matrix("U", p, p), pk.matrix("V", p, q)
decayed = pk.norm2(U @ V @ X - Y) + s * pk.norm2(U) + s * pk.norm2(V)
critical = pk.eq(pk.grad(decayed, U), 0), pk.eq(pk.grad(decayed, V), 0), pk.ne(s, 0)


def test_numbers_do_not_grow_without_bound() -> None:
    found = met(*critical, variables=[n, p, q, s, U, V, X, Y], count=4)
    assert len(found) >= 2
    numbers = [x for env in found for v in (U, V, X, Y) for row in env[v].entries() for x in row]
    assert max(max(abs(x.numerator), x.denominator).bit_length() for x in numbers) <= LONGEST


def test_the_instance_that_is_shown_has_entries() -> None:
    @pk.theorem("balanced", given=critical, claim=pk.eq(U.T @ U, V @ V.T))
    def balanced(proof: pk.Proof, *given: pk.Fact) -> None:
        "Weight decay balances the layers"

    drawn = Values.drawn(balanced)
    assert drawn is not None
    assert not any(drawn.values[v].is_zero() for v in (U, V))


def test_how_far_sides_are_apart_is_told_of_numbers_of_any_length() -> None:
    long = Fraction(10**6000 + 1, 7)
    env = Environment({p: 1, a: ExactMatrix.of([[long]])})
    outcome = evaluate(pk.eq(a, 0), env)
    assert outcome.detail == "the two sides differ by about 1.43e+5999"
    small = Environment({p: 1, a: ExactMatrix.of([[Fraction(-1, 3)]])})
    assert evaluate(pk.eq(a, 0), small).detail == "the two sides differ by −1/3"


def test_an_index_is_not_set_by_an_equation_but_drawn_again() -> None:
    found = met(pk.eq(n, p + 1), variables=[n, p, A])
    assert len(found) == 10


def test_what_no_small_instance_meets_is_looked_for_among_larger_ones() -> None:
    apart = pk.invertible(A.T @ A), pk.invertible(B.T @ B), pk.eq(A.T @ B, 0)
    found = met(*apart, variables=[n, p, q, A, B])
    assert found
    assert all(env[n] >= env[p] + env[q] for env in found)


def test_what_cannot_be_met_is_not() -> None:
    assert met(pk.eq(A, 0), pk.ne(A, 0), variables=[n, p, A]) == []
    assert met(pk.eq(s, t), pk.lt(s, t), variables=[s, t]) == []
