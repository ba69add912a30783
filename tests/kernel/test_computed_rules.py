"""The rules that compute or take limits, on concrete numbers.

The ledger's facts are statements, tried in `test_ledger`.  These rules are functions: each is
tried here on 1,000 random exact instances, and for each premise there is an instance on which the
inference without it leads from true claims to a false one, and the kernel's refusal of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import (
    And,
    Continuous,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    Slope,
    encode,
)
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.terms import number, plus, times, transpose, zero
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import (
    Function,
    FunctionOf,
    Map,
    MatrixVariable,
    Summation,
    Zero,
    encode_term,
    encode_variable,
    family,
    index,
    rank,
    real,
    replaced,
    trace,
)
from proofkit.symbols.faults import LanguageError

from .given import given
from .model import Model, draw

COUNT = 1000
Rng = random.Random
i, j = index("i"), index("j")
x, y, e = real("x"), real("y"), real("e")
A, B, C, D, X = (MatrixVariable(name, 2, 2) for name in "ABCDX")
f, sigma, tau = Function("f", 2, 2), Map("σ"), Map("τ")
F = family("F", lambda at: (1, 1))


def small(rng: Rng) -> Fraction:
    return Fraction(rng.randint(-4, 4), rng.choice((1, 2, 3)))


# ── On 1,000 random exact instances ────────────────────────────────────────────────────────────
def test_certificates() -> None:
    """Σ leftᵢ·Xᵢ·rightᵢ, as the kernel adds it up, has the value of the sum for any matrices."""
    rng = random.Random(1)
    matrices = [encode_term(m) for m in (A, B, A * B, A.T * C - B, 2 * D + A, B.T)]
    for _ in range(COUNT):
        products = []
        total = zero(number(2), number(2))
        expected = ExactMatrix.zeros(2, 2)
        values: dict[str, Any] = {str(m): draw(rng, 2, 2) for m in (A, B, C, D)}
        values["x"] = small(rng)
        model = Model(values=values)
        for _ in range(rng.randint(1, 3)):
            left, middle, right = (rng.choice(matrices) for _ in range(3))
            turned, scale = (
                rng.randint(0, 1),
                rng.choice((number(1), number(-1, 2), encode_term(x))),
            )
            equation = kernel.assume(("null", middle))
            products.append((equation, (((scale, 1),), ((left, 0), (middle, turned), (right, 0)))))
            product = times(times(left, transpose(middle, turned)), right)
            total = plus(total, times(scale, product))
            value = model.matrix(middle)
            value = value.T if turned else value
            expected = expected + model.number(scale) * (
                model.matrix(left) @ value @ model.matrix(right)
            )
        theorem = kernel.algebra(("null", total), products)
        assert model.matrix(total) == expected
        # Where the hypotheses hold, the conclusion does.
        if all(model.holds(h) for h in theorem.hypotheses):
            assert model.holds(theorem.conclusion)


@pytest.mark.parametrize("integer", [True, False], ids=["integers", "reals"])
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "weak"])
def test_arithmetic(integer: bool, strict: bool) -> None:
    """What is concluded from random inequalities with random multipliers holds where they do."""
    rng = random.Random(2)
    variables = [encode_term(v) for v in ((i, j) if integer else (x, y))]
    kinds = (["inonneg"] if integer else ["rnonneg"]) + (["rpos"] if strict else [])
    met = 0

    def term(coefficients: list[Any], constant: Any) -> Any:
        out = number(*Fraction(constant).as_integer_ratio())
        for v, k in zip(variables, coefficients, strict=True):
            out = plus(out, v, *Fraction(k).as_integer_ratio())
        return out

    while met < COUNT:
        premises = [
            (rng.choice(kinds), [rng.randint(-3, 3), rng.randint(-3, 3)], rng.randint(-3, 6))
            for _ in range(2)
        ]
        scales = [Fraction(rng.randint(0, 4), rng.choice((1, 2))) for _ in premises]
        coefficients = [
            sum(s * p[1][n] for s, p in zip(scales, premises, strict=True)) for n in (0, 1)
        ]
        if integer and any(k.denominator != 1 for k in coefficients):
            continue
        constant = sum(s * p[2] for s, p in zip(scales, premises, strict=True))
        slack, kind = Fraction(rng.randint(-4, 4), 2), rng.choice(kinds)
        if integer and (constant + slack).denominator != 1:
            continue
        goal = (kind, term(coefficients, constant + slack))
        pairs = [
            (kernel.assume((tag, term(k, c))), number(*s.as_integer_ratio()))
            for (tag, k, c), s in zip(premises, scales, strict=True)
        ]
        point = {v: Fraction(rng.randint(-5, 5)) if integer else small(rng) for v in "ijxy"}
        model = Model(values=point)
        more = any(s and tag == "rpos" for s, (tag, _, _) in zip(scales, premises, strict=True))
        floor = -1 if kind == "inonneg" else 0
        try:
            theorem = kernel.arithmetic(goal, pairs)
        except KernelError:
            assert slack < floor or (slack == floor and not more and kind != "rnonneg")
            continue
        assert slack > floor or (slack == floor and (more or kind == "rnonneg"))
        if all(model.holds(h) for h in theorem.hypotheses):
            met += 1
            assert model.holds(theorem.conclusion)


def test_continuity() -> None:
    """What is accepted as a polynomial tends to its value at the centre, at a known rate."""
    rng = random.Random(4)
    maps = [A * X * B, X.T * X - A, trace(A * X) * X, x * X + A, X * X.T * X]
    for _ in range(COUNT):
        image = rng.choice(maps)
        target = encode_term(image.xreplace({X: C}))
        near = kernel.assume(encode(Near((D, image.xreplace({X: C})), Equal(D, B))))
        theorem = kernel.near_along(
            near, [encode_variable(X)], [encode_term(C)], [encode_term(image)]
        )
        assert theorem.conclusion[0] == "near"
        values: dict[str, Any] = {str(m): draw(rng, 2, 2) for m in (A, B, C)} | {"x": small(rng)}
        centre, way = Model(values=values).matrix(target), draw(rng, 2, 2)
        distances = []
        for step in (Fraction(1, 10**3), Fraction(1, 10**6)):
            there = Model(values={**values, "X": values["C"] + step * way}).matrix(
                encode_term(image)
            )
            distances.append((there - centre).inner(there - centre))
        assert distances[1] <= distances[0] / 10**5 or distances[0] == 0


# ── Without a premise ──────────────────────────────────────────────────────────────────────────
def near_along(claim: Near, centre: Any, image: Any, *at_centre: Any, variable: Any = X) -> Theorem:
    return kernel.near_along(
        given(claim),
        [encode_variable(variable)],
        [encode_term(centre)],
        [encode_term(image)],
        [given(claim) for claim in at_centre],
    )


NEAR_0 = [Fraction(sign, 10**power) for power in (1, 3, 6) for sign in (1, -1)] + [Fraction(0)]
INTEGERS = range(-9, 10)


def below_half(values: list[Fraction]) -> bool:
    return all(2 * v < 1 for v in values)


half, far = LessEqual(2 * x, 1), LessEqual(i, -20)

# Each: what is left out, an inference the kernel must refuse for it, and (premises, conclusion)
# of that inference on concrete numbers.
BROKEN: dict[str, tuple[Callable[[], Any], Callable[[], tuple[bool, bool]]]] = {
    "algebra: the hypothesis": (
        # AB = 0 from nothing; A = B = I
        lambda: kernel.algebra(encode(Equal(A * B, 0)), []),
        lambda: (True, (ExactMatrix.identity(2) @ ExactMatrix.identity(2)).is_zero()),
    ),
    "algebra: the order of factors": (
        # from AB = 0 not BA = 0: A = E₁₁, B = E₁₂ the other way round
        lambda: kernel.algebra(
            encode(Equal(B * A, 0)),
            [(given(Equal(A * B, 0)), ((), ((encode_term(A * B), 0),)))],
        ),
        lambda: (
            (ExactMatrix.of([[0, 1], [0, 0]]) @ ExactMatrix.of([[1, 0], [0, 0]])).is_zero(),
            (ExactMatrix.of([[1, 0], [0, 0]]) @ ExactMatrix.of([[0, 1], [0, 0]])).is_zero(),
        ),
    ),
    "algebra: the factor that is zero": (
        # from A = 0 not B = 0; B = I
        lambda: kernel.algebra(
            encode(Equal(B, 0)), [(given(Equal(A, 0)), ((), ((encode_term(B), 0),)))]
        ),
        lambda: (True, ExactMatrix.identity(2).is_zero()),
    ),
    "algebra: the range of a member": (
        # (F with layers 1…1 := 0)_i = 0 for any i; i = 2, F = 1
        lambda: kernel.algebra(encode(Equal(replaced(F, 1, 1, j, Zero(1, 1))[i], 0))),
        lambda: (True, [1, 0, 1][2] == 0),
    ),
    "algebra: the order of the ends of a sum": (
        # F₁ + ⋯ + F_i = (F₁ + ⋯ + F_{i−1}) + F_i for any i; i = 0, F = 1: 0 = 0 + 1
        lambda: kernel.algebra(
            encode(Equal(Summation(F, i, 1), Summation(F, i - 1, 1) + F[i])),
            (),
            [given(LessEqual(0, 0))],
        ),
        lambda: (True, sum(range(0)) + 1 == 0),
    ),
    "restate: the ranges": (
        # from F[2:i+1]·F[i:1] = 0 not F[2:1] = 0 for any i, say 5, where the product means nothing
        lambda: kernel.restate(
            encode(Equal(F[2:1], 0)),
            given(Equal(F[2 : i + 1] * F[i:1], 0)),
            [given(LessEqual(0, i))],
        ),
        lambda: (0 <= 5, 1 * 1 == 0),
    ),
    "arithmetic: multipliers are not negative": (
        # from 1 ≤ i, taken −1 times, i ≤ 1; i = 2
        lambda: kernel.arithmetic(encode(LessEqual(i, 1)), [(given(LessEqual(1, i)), number(-1))]),
        lambda: (2 >= 1, 2 <= 1),
    ),
    "arithmetic: the rest is more than −1": (
        # from 0 ≤ i not 1 ≤ i; i = 0
        lambda: kernel.arithmetic(encode(LessEqual(1, i)), [(given(LessEqual(0, i)), number(1))]),
        lambda: (0 >= 0, 0 >= 1),
    ),
    "arithmetic: equations from equations only": (
        lambda: kernel.arithmetic(encode(Equal(i, 0)), [(given(LessEqual(0, i)), number(1))]),
        lambda: (1 >= 0, 1 == 0),
    ),
    "arithmetic: multipliers of real inequalities are not negative": (
        lambda: kernel.arithmetic(encode(LessEqual(x, 0)), [(given(LessEqual(0, x)), number(-1))]),
        lambda: (1 >= 0, 1 <= 0),
    ),
    "arithmetic: multipliers of inequalities are constants": (
        # from 0 ≤ x not 0 ≤ xy; x = 1, y = −1
        lambda: kernel.arithmetic(
            encode(LessEqual(0, x * y)), [(given(LessEqual(0, x)), encode_term(y))]
        ),
        lambda: (1 >= 0, 1 * -1 >= 0),
    ),
    "arithmetic: no rest rounded up": (
        # from 0 ≤ 2x − 1 not 1 ≤ x, as it would be for integers; x = ½
        lambda: kernel.arithmetic(
            encode(LessEqual(1, x)), [(given(LessEqual(1, 2 * x)), number(1, 2))]
        ),
        lambda: (2 * Fraction(1, 2) >= 1, Fraction(1, 2) >= 1),
    ),
    "arithmetic: strict from strict": (
        # from x ≥ 0 not x > 0; x = 0
        lambda: kernel.arithmetic(("rpos", encode_term(x)), [(given(LessEqual(0, x)), number(1))]),
        lambda: (0 >= 0, 0 > 0),
    ),
    "differentiate: the outer function": (
        # x ↦ σ(2x) has a slope: not for σ = |·| at 0
        lambda: kernel.differentiate(encode_term(FunctionOf(x, sigma(2 * x))), number(0)),
        lambda: (True, abs(0 + 1) - abs(0) == -(abs(0 - 1) - abs(0))),
    ),
    "differentiate: the point": (
        # from σ′(1)·h for the slope of σ at 1 not that at 0: σ = |·|
        lambda: kernel.differentiate(
            encode_term(FunctionOf(x, sigma(x))), number(0), [given(Slope(sigma, 1, tau))]
        ),
        lambda: (abs(1 + NEAR_0[0]) - 1 == NEAR_0[0], abs(NEAR_0[1]) - abs(0) == NEAR_0[1]),
    ),
    "differentiate: a place that is no product, argument or value": (
        # X ↦ rank(X)·B is no sum of its changes: at 0 it jumps
        lambda: kernel.differentiate(encode_term(FunctionOf(X, rank(X) * B)), encode_term(0 * A)),
        lambda: (True, ExactMatrix.identity(1).rank() * NEAR_0[0] == NEAR_0[0] ** 2),
    ),
    "continuous: the outer function": (
        # x ↦ σ(x) is continuous at 0: not where σ is 0 up to 0 and 1 above
        lambda: kernel.continuous(encode_variable(x), encode_term(sigma(x)), number(0)),
        lambda: (True, all(abs((v > 0) - (0 > 0)) < Fraction(1, 2) for v in NEAR_0)),
    ),
    "continuous: the point": (
        lambda: kernel.continuous(
            encode_variable(x), encode_term(sigma(x)), number(0), [given(Continuous(sigma, 1))]
        ),
        lambda: (
            all((1 + v > 0) - (1 > 0) == 0 for v in NEAR_0),
            all((v > 0) - (0 > 0) == 0 for v in NEAR_0),
        ),
    ),
    "near, consequence: the implication": (
        # x < ½ near 0, so x = 0 near 0
        lambda: kernel.near_all(
            encode(Near((x, 0), Equal(x, 0))), given(ForAll(x, half)), given(Near((x, 0), half))
        ),
        lambda: (below_half(NEAR_0), all(v == 0 for v in NEAR_0)),
    ),
    "near, consequence: one point": (
        # x ≤ ½ near 0 and x ≥ ½ near 1, so both near 0
        lambda: kernel.near_all(
            encode(Near((x, 0), LessEqual(1, 2 * x))),
            given(ForAll(x, Implies(half, LessEqual(1, 2 * x), LessEqual(1, 2 * x)))),
            given(Near((x, 0), half)),
            given(Near((x, 1), LessEqual(1, 2 * x))),
        ),
        lambda: (
            below_half(NEAR_0) and all(2 * (1 + v) >= 1 for v in NEAR_0),
            all(2 * v >= 1 for v in NEAR_0),
        ),
    ),
    "near, along a map: continuity": (
        # tr Y ≤ ½ for Y near 0; X ↦ rank(X)·C takes 0 to 0, but no other X to near 0
        lambda: near_along(
            Near((D, 0 * A), LessEqual(2 * trace(D), 1)),
            0 * A,
            rank(X) * C,
            Equal(rank(0 * A) * C, 0),
        ),
        lambda: (
            below_half([v + v for v in NEAR_0 if abs(v) < Fraction(1, 10)]),
            below_half([Fraction(ExactMatrix.of([[v, 0], [0, v]]).rank()) for v in NEAR_0]),
        ),
    ),
    "near, along a map: the centre goes to the point": (
        # x ≤ ½ near 0; e ↦ e + 1 from 0
        lambda: near_along(Near((x, 0), half), 0, e + 1, variable=e),
        lambda: (below_half(NEAR_0), below_half([v + 1 for v in NEAR_0])),
    ),
    "near, along a map: new variables": (
        # tr X + 1 ≤ tr D for D near 0, where X has trace −2; for D := X the claim's own X is caught
        lambda: near_along(Near((D, 0 * A), LessEqual(trace(X) + 1, trace(D))), 0 * A, X),
        lambda: (all(v >= -2 + 1 for v in NEAR_0), all(v + 1 <= v for v in NEAR_0)),
    ),
    "induction: the base": (
        # i ≤ −20 passes from i ≥ 1 to i + 1, because there is no such i
        lambda: kernel.induction(
            encode(ForAll(i, far)),
            number(1),
            given(LessEqual(0, 0)),
            given(ForAll(i, Implies(LessEqual(1, i), far, LessEqual(i + 1, -20)))),
        ),
        lambda: (
            all(n > -20 or n + 1 <= -20 for n in INTEGERS if n >= 1),
            all(n <= -20 for n in INTEGERS if n >= 1),
        ),
    ),
    "induction: the step": (
        # 0 ≤ 0, so i ≤ 0 for all i ≥ 0
        lambda: kernel.induction(
            encode(ForAll(i, LessEqual(i, 0))),
            number(0),
            given(LessEqual(0, 0)),
            given(ForAll(i, LessEqual(0, 0))),
        ),
        lambda: (0 <= 0, all(n <= 0 for n in INTEGERS if n >= 0)),
    ),
    "choose: for each index": (
        # some i = 0 with some X = A, so a family with i = 0 for all i
        lambda: kernel.choose(given(Exists(i, Exists(X, And(Equal(i, 0), Equal(X, A)))))),
        lambda: (any(n == 0 for n in INTEGERS), all(n == 0 for n in INTEGERS)),
    ),
    "rewrite: the equation": (
        # from x ≤ ½ not y ≤ ½ without x = y; x = 0, y = 1
        lambda: kernel.rewrite(
            encode(ForAll(x, half)),
            encode_term(x),
            encode_term(y),
            given(LessEqual(x, y)),
            given(half),
        ),
        lambda: (0 <= 1 and 2 * 0 <= 1, 2 * 1 <= 1),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_premise_left_out_is_refused_and_leads_astray(name: str) -> None:
    attempt, instance = BROKEN[name]
    premises, conclusion = instance()
    assert premises
    assert not conclusion
    with pytest.raises((KernelError, LanguageError)):
        attempt()


def test_every_rule_that_is_no_fact_and_not_plain_logic_is_here() -> None:
    plain = {"assume", "cases", "conjoin", "contradiction", "discharge", "either"}
    plain |= {"generalise", "instantiate", "modus_ponens", "obtain", "project"}
    plain |= {"reductio", "witness"}
    no_premise = {"near_here", "near_near"}  # only the claim they start from
    words = {
        "near_all": "near, consequence",
        "near_along": "near, along a map",
    }
    others = {"algebra", "arithmetic", "choose", "continuous", "differentiate", "induction"}
    words |= {name: name for name in others | {"restate", "rewrite"}}
    rules = {rule.__name__ for rule in kernel.RULES} - {"textbook"}
    assert rules == plain | no_premise | set(words)
    assert {name.split(":")[0] for name in BROKEN} == set(words.values())
