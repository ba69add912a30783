"""Farkas multipliers: found exactly where linear programming says there are some."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from proofkit import kernel
from proofkit.algebra.order import farkas
from proofkit.language import terms as t

NAMES = "abcd"
ATOMS = [("var", name, ("index",)) for name in NAMES]


def term(constant: int, coefficients: list[int]) -> t.Term:
    return t.lin(constant, dict(zip(ATOMS, coefficients, strict=False)))


def combination(multipliers: Any, premises: list[tuple[t.Term, bool]]) -> tuple[Any, Any]:
    constant, parts = Fraction(0), dict.fromkeys(ATOMS, Fraction(0))
    for multiplier, (premise, _) in zip(multipliers, premises, strict=True):
        constant += multiplier * premise[1]
        for atom, c in premise[2]:
            parts[atom] += multiplier * c
    return constant, {a: c for a, c in parts.items() if c}


def has_solution(premises: list[tuple[t.Term, bool]], names: int) -> bool:
    """Whether rational numbers satisfy the premises: linear programming."""
    rows = [[-dict(p[2]).get(a, 0) for a in ATOMS[:names]] for p, _ in premises]
    split = [
        [r for r, (_, eq) in zip(rows, premises, strict=True) if eq is e] for e in (False, True)
    ]
    ends = [[p[1] for p, eq in premises if eq is e] for e in (False, True)]
    found = linprog(
        [0] * names,
        A_ub=split[0] or None,
        b_ub=ends[0] or None,
        A_eq=split[1] or None,
        b_eq=ends[1] or None,
        bounds=[(None, None)] * names,
    )
    return bool(found.status == 0)


systems = st.integers(0, 400)


@given(systems)
def test_multipliers_are_found_exactly_where_there_are_some(seed: int) -> None:
    rng = random.Random(seed)
    names = rng.randint(1, 4)

    def line() -> t.Term:
        return term(rng.randint(-2, 2), [rng.randint(-2, 2) for _ in range(names)])

    premises = [(line(), rng.random() < 0.25) for _ in range(rng.randint(1, 5))]
    goal = line()
    multipliers = farkas(goal, premises)
    # The goal follows over the rationals, up to less than 1, iff premises and goal ≤ −1 clash.
    opposite = t.lin(-goal[1] - 1, [(atom, -c) for atom, c in goal[2]])
    clash = not has_solution([*premises, (opposite, False)], names)
    if has_solution(premises, names) or not goal[2]:
        assert (multipliers is not None) == clash
    if multipliers is None:
        return
    # goal = Σ λ·premise + c with c > −1, λ ≥ 0 on inequalities
    constant, parts = combination(multipliers, premises)
    assert parts == dict(goal[2])
    assert goal[1] - constant > -1
    for multiplier, (_, equation) in zip(multipliers, premises, strict=True):
        assert equation or multiplier >= 0


@given(systems)
def test_the_kernel_accepts_what_is_found(seed: int) -> None:
    rng = random.Random(seed)
    premises = [
        (term(rng.randint(-2, 2), [rng.randint(-2, 2) for _ in range(3)]), rng.random() < 0.3)
        for _ in range(4)
    ]
    scales = [rng.randint(-2, 2) if equation else rng.randint(0, 2) for _, equation in premises]
    goal = t.lin(rng.randint(0, 2))
    for scale, (premise, _) in zip(scales, premises, strict=True):
        goal = t.index_sum(goal, premise, scale)
    if not has_solution(premises, 3):
        goal = t.lin(-1)
    multipliers = farkas(goal, premises)
    assert multipliers is not None
    theorems = [
        kernel.assume(("inull", p) if p == _null(p) else ("inull", _null(p)))
        if equation
        else kernel.assume(("inonneg", p))
        for p, equation in premises
    ]
    signs = [-1 if equation and p != _null(p) else 1 for p, equation in premises]
    signed = [m * s for m, s in zip(multipliers, signs, strict=True)]
    assert kernel.linear(("inonneg", goal), theorems, signed).conclusion == ("inonneg", goal)


def _null(p: t.Term) -> t.Term:
    from proofkit.language.claims import index_null

    return index_null(p)[1]  # type: ignore[no-any-return]


def test_rounding_is_by_less_than_one() -> None:
    # 2a − 1 ≥ 0 gives a − 1 ≥ 0 (a ≥ ½ and whole), but 3a − 1 ≥ 0 not a − 2 ≥ 0
    assert farkas(term(-1, [1]), [(term(-1, [2]), False)]) == (Fraction(1, 2),)
    assert farkas(term(-2, [1]), [(term(-1, [3]), False)]) is None


@pytest.mark.parametrize("equation", [False, True])
def test_inequalities_are_not_turned_round(equation: bool) -> None:
    # a ≤ 0 from a = 0, not from a ≥ 0
    found = farkas(term(0, [-1]), [(term(0, [1]), equation)])
    assert found == ((Fraction(-1),) if equation else None)


def test_contradictions_need_no_goal() -> None:
    # a ≥ 1 and a ≤ 0:  −1 = (a − 1) + (−a)
    assert farkas(term(-1, []), [(term(-1, [1]), False), (term(0, [-1]), False)]) == (1, 1)
    # 2a + 1 = 0 has rational solutions, so linear arithmetic alone finds none
    assert farkas(term(-1, []), [(term(1, [2]), True)]) is None
