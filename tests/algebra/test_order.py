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
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import INDEX, as_term, number, plus, scaled, split

NAMES = "abcd"
ATOMS = [as_term(node("var", name, INDEX), INDEX) for name in NAMES]


def term(constant: int, coefficients: list[int]) -> Term:
    total = number(constant)
    for atom, c in zip(ATOMS, coefficients, strict=False):
        total = plus(total, atom, c)
    return total


def parts(e: Term) -> tuple[int, dict[Term, int]]:
    """The constant of an index term, and its coefficients by atom."""
    rest, (constant, one) = split(e)
    assert one == 1
    keys = {atom[1][0][0]: atom for atom in ATOMS}
    return constant, {keys[key]: c for key, (c, _) in rest}


def combination(multipliers: Any, premises: list[tuple[Term, bool]]) -> tuple[Any, Any]:
    constant, total = Fraction(0), dict.fromkeys(ATOMS, Fraction(0))
    for multiplier, (premise, _) in zip(multipliers, premises, strict=True):
        more, coefficients = parts(premise)
        constant += multiplier * more
        for atom, c in coefficients.items():
            total[atom] += multiplier * c
    return constant, {a: c for a, c in total.items() if c}


def has_solution(premises: list[tuple[Term, bool]], names: int) -> bool:
    """Whether rational numbers satisfy the premises: linear programming."""
    rows = [[-parts(p)[1].get(a, 0) for a in ATOMS[:names]] for p, _ in premises]
    by_kind = [
        [r for r, (_, eq) in zip(rows, premises, strict=True) if eq is e] for e in (False, True)
    ]
    ends = [[parts(p)[0] for p, eq in premises if eq is e] for e in (False, True)]
    found = linprog(
        [0] * names,
        A_ub=by_kind[0] or None,
        b_ub=ends[0] or None,
        A_eq=by_kind[1] or None,
        b_eq=ends[1] or None,
        bounds=[(None, None)] * names,
    )
    return bool(found.status == 0)


systems = st.integers(0, 400)


@given(systems)
def test_multipliers_are_found_exactly_where_there_are_some(seed: int) -> None:
    rng = random.Random(seed)
    names = rng.randint(1, 4)

    def line() -> Term:
        return term(rng.randint(-2, 2), [rng.randint(-2, 2) for _ in range(names)])

    premises = [(line(), rng.random() < 0.25) for _ in range(rng.randint(1, 5))]
    goal = line()
    multipliers = farkas(goal, premises)
    # The goal follows over the rationals, up to less than 1, iff premises and goal ≤ −1 clash.
    opposite = plus(number(-1), goal, -1)
    clash = not has_solution([*premises, (opposite, False)], names)
    if has_solution(premises, names) or not parts(goal)[1]:
        assert (multipliers is not None) == clash
    if multipliers is None:
        return
    # goal = Σ λ·premise + c with c > −1, λ ≥ 0 on inequalities
    constant, total = combination(multipliers, premises)
    wanted, coefficients = parts(goal)
    assert total == coefficients
    assert wanted - constant > -1
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
    goal = number(rng.randint(0, 2))
    for scale, (premise, _) in zip(scales, premises, strict=True):
        goal = plus(goal, premise, scale)
    if not has_solution(premises, 3):
        goal = number(-1)
    multipliers = farkas(goal, premises)
    assert multipliers is not None
    pairs = []
    for (premise, equation), multiplier in zip(premises, multipliers, strict=True):
        claim = null(premise) if equation else ("inonneg", premise)
        sign = 1 if claim[1] == premise else -1
        scale = scaled(number(*multiplier.as_integer_ratio()), sign)
        pairs.append((kernel.assume(claim), scale))
    assert kernel.arithmetic(("inonneg", goal), pairs).conclusion == ("inonneg", goal)


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
