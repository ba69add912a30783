"""The search for certificates: what it finds, the kernel accepts, and false goals are left over."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.algebra.cofactors import Effort, Found, Step, find_cofactors
from proofkit.claims import Equal, LessEqual, encode
from proofkit.kernel.terms import Facts, facts_of, number
from proofkit.script.products import products
from proofkit.symbols import (
    Function,
    Identity,
    MatrixVariable,
    encode_term,
    family,
    index,
    natural,
    real,
    vector,
    widths,
)

i, j, k, n, d, x = index("i"), index("j"), index("k"), natural("n"), widths("d"), real("x")
A, B, C, E, P, Q = (MatrixVariable(name, n, n) for name in "ABCEPQ")
one = Identity(n)
u, v, w = (vector(name, n) for name in "uvw")
M, N = family("M", d), family("N", d)
wi, vi = vector("wi", d(i)), vector("vi", d(i - 1))
f = Function("f", n, n)

# goal, equations (each read from its left side to its right), ranges
IDENTITIES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "an inverse cancels": (Equal(C * B * A * E, C * E), [Equal(B * A, one)], []),
    "a product of inverses": (
        Equal(A * B * (Q * P), one),
        [Equal(B * Q, one), Equal(A * P, one)],
        [],
    ),
    "a complementary projection": (
        Equal((one - P) * (one - P), one - P),
        [Equal(P * P, P)],
        [],
    ),
    "commuting passes to powers": (Equal(A * B * B, B * B * A), [Equal(A * B, B * A)], []),
    "the transpose of an equation": (Equal(B.T * A.T, C.T), [Equal(A * B, C)], []),
    "a rank-one change that is killed": (Equal(A * (B + u * v.T), A * B), [Equal(A * u, 0)], []),
    "a scalar comes out": (Equal(A * (x * u), x**2 * u), [Equal(A * u, x * u)], []),
    "a nilpotent inverse": (
        Equal((one - E) * (one + E + E * E), one),
        [Equal(E * E * E, 0)],
        [],
    ),
    "a gradient between equal products": (
        Equal(A * f.gradient(B) * C, 0),
        [Equal(A * f.gradient(B), 0)],
        [],
    ),
    "a chain is split where it is killed": (
        Equal(M[k:1], 0),
        [Equal(M[k : i + 1], 0)],
        [LessEqual(0, i), LessEqual(i, k)],
    ),
    "a layer is replaced inside a chain": (
        Equal(M[k : i + 1] * N[i] * M[i - 1 : 1], M[k:1]),
        [Equal(N[i], M[i])],
        [LessEqual(1, i), LessEqual(i, k)],
    ),
    "the induction step of identity (1)": (
        Equal(M[k : j + 1] * N[j:i], M[k:i]),
        [
            Equal(M[k : j + 1] * N[j : i + 1], M[k : i + 1]),
            Equal(N[i], M[i] + wi * vi.T),
            Equal(M[k : i + 1] * wi, 0),
        ],
        [LessEqual(1, i), LessEqual(i, j), LessEqual(j, k)],
    ),
    "nothing to show": (Equal(A * B - A * B, 0), [], []),
}


def known_from(ranges: list[Any]) -> Facts:
    """What the ranges and their sums say, as a search by linear arithmetic would find it."""
    more = [LessEqual(i, k)] if len(ranges) == 3 else []
    return facts_of([encode(r)[1] for r in (*ranges, *more)])


def searched(
    goal: Any, equations: list[Any], ranges: list[Any], effort: Effort = Effort.READING
) -> Found:
    facts = known_from(ranges)
    pairs = []
    for equation in equations:
        left = encode_term(equation.args[0])
        pairs.append((encode(equation)[1], left[3][0][0][1]))
    return find_cofactors(encode(goal)[1], pairs, facts, effort)


@pytest.mark.parametrize(("goal", "equations", "ranges"), IDENTITIES.values(), ids=IDENTITIES)
def test_certificates_are_found_and_accepted(
    goal: Any, equations: list[Any], ranges: list[Any]
) -> None:
    found = searched(goal, equations, ranges)
    assert not found.rest[3]
    premises = [kernel.assume(encode(equation)) for equation in equations]
    known = [kernel.assume(encode(r)) for r in ranges]
    if len(known) == 3:
        both = [(th, number(1)) for th in known[1:]]
        known.append(kernel.arithmetic(encode(LessEqual(i, k)), both))
    theorem = kernel.algebra(encode(goal), products(found, premises), known)
    assert theorem.conclusion == encode(goal)


@pytest.mark.parametrize("name", [name for name, (_, eqs, _) in IDENTITIES.items() if eqs])
def test_no_certificate_is_found_without_the_last_equation(name: str) -> None:
    goal, equations, ranges = IDENTITIES[name]
    for effort in Effort:
        assert searched(goal, equations[:-1], ranges, effort).rest[3]


def test_what_is_left_over_is_what_was_not_reduced() -> None:
    # A·B − B·A with A·B = C leaves C − B·A
    found = searched(Equal(A * B, B * A), [Equal(A * B, C)], [])
    assert len(found.terms) == 1
    assert found.rest in (encode_term(C - B * A), encode_term(B * A - C))


def test_rules_that_go_round_in_circles_end() -> None:
    # A·B = B·A read both ways round
    for effort in Effort:
        found = searched(Equal(A * B, C), [Equal(A * B, B * A), Equal(B * A, A * B)], [], effort)
        assert found.rest[3]


def test_the_sizes_of_cofactors_fit() -> None:
    goal, equations, ranges = IDENTITIES["the induction step of identity (1)"]
    steps = [x for x in searched(goal, equations, ranges).terms if isinstance(x, Step)]
    assert steps
    assert all(step.left[1] == encode_term(d(k)) for step in steps)
    assert all(step.right[2] == encode_term(d(i - 1)) for step in steps)
