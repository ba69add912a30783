"""The rules that compute: combinations of equations and of inequalities, restating, looking up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from sympy import Rational

from proofkit import kernel
from proofkit.claims import Contradiction, Equal, Less, LessEqual, encode
from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import number
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    encode_term,
    family,
    index,
    listed,
    natural,
    real,
    replaced,
    summation,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, refuses

i, j, k, n, d = index("i"), index("j"), index("k"), natural("n"), widths("d")
A, B, C = (MatrixVariable(name, n, n) for name in "ABC")
M, N = family("M", d), family("N", d)
x, y = real("x"), real("y")


# ── Combinations of equations ──────────────────────────────────────────────────────────────────
def product(*factors: Any, scale: Any = 1) -> tuple[Theorem, Term]:
    """A product of matrices; the theorem X = 0 among them, or (theorem, 1) for Xᵀ, stands for X."""
    theorem: Any = None
    word = []
    for factor in factors:
        flag = 0
        if isinstance(factor, tuple):
            factor, flag = factor
        if isinstance(factor, Theorem):
            theorem, letter = factor, factor.conclusion[1]
        else:
            letter = encode_term(factor)
        word.append((letter, flag))
    return theorem, (((encode_term(scale), 1),), tuple(word))


def test_a_certificate_is_checked_by_multiplying_out() -> None:
    # B A = I, A C = I ⊢ B = C, because (B A − I)·C − B·(A C − I) = B − C
    left, right = given(Equal(B * A, Identity(n))), given(Equal(A * C, Identity(n)))
    terms = [product(left, C), product(B, right, scale=-1)]
    theorem = kernel.algebra(encode(Equal(B, C)), terms)
    assert theorem.hypotheses == (*left.hypotheses, *right.hypotheses)
    wrong: dict[str, Any] = {
        "one cofactor changed": [product(left, B), terms[1]],
        "a sign changed": [terms[0], product(B, right)],
        "a term left out": terms[:1],
        "the premises swapped": [product(right, C), product(B, left, scale=-1)],
        "the factors swapped": [product(C, left), product(right, B, scale=-1)],
        "a transpose too many": [product((left, 1), C), terms[1]],
        "another factor": [product(left, C, scale=2), terms[1]],
        "twice": terms * 2,
    }
    for what, certificate in wrong.items():
        with refuses("algebra", "is not the goal", BOTH):
            kernel.algebra(encode(Equal(B, C)), certificate)
            pytest.fail(what)


def test_a_hypothesis_may_be_taken_transposed() -> None:
    # A B = C ⊢ BᵀAᵀ = Cᵀ
    equation = given(Equal(A * B, C))
    goal = encode(Equal(B.T * A.T, C.T))
    assert kernel.algebra(goal, [product((equation, 1))])
    with refuses("algebra", BOTH):
        kernel.algebra(goal, [product(equation)])


def test_an_equation_is_the_same_with_the_other_sign() -> None:
    # A = B ⊢ CA = CB, with A − B or B − A as the factor that is 0
    equation, goal = given(Equal(A, B)), encode(Equal(C * A, C * B))
    zeros = (encode_term(A - B), encode_term(B - A))
    for zero in zeros:
        key = ((), ((encode_term(C), 0), (zero, 0)))
        assert kernel.algebra(goal, [(equation, key)]).inference.data[1] == ((zero, key),)


def test_a_product_has_the_factor_that_is_zero() -> None:
    equation = given(Equal(A, B))
    for key in (
        ((), ((encode_term(C), 0),)),
        ((), ()),
        ((), ((encode_term(A), 0),)),
        ((), ((encode_term(2 * (A - B)), 0),)),
    ):
        with refuses("algebra", "lacks the factor that is 0", BOTH):
            kernel.algebra(encode(Equal(C, 0)), [(equation, key)])


def test_numbers_and_matrices_are_combined_alike() -> None:
    # x = y ⊢ x·A = y·A;  A = 0 ⊢ tr(AB) = 0 has no product for its reason; x = 0 ⊢ x·y = 0
    equal = given(Equal(x, y))
    key = (((encode_term(x - y), 1),), ((encode_term(A), 0),))
    assert (
        kernel.algebra(encode(Equal(x * A, y * A)), [(equal, key)]).hypotheses == equal.hypotheses
    )
    zero = given(Equal(x, 0))
    key = (((encode_term(x), 1), (encode_term(y), 1)), ())
    assert kernel.algebra(encode(Equal(x * y, 0)), [(zero, key)])
    square = (((encode_term(x), 2), (encode_term(y), 1)), ())
    assert kernel.algebra(encode(Equal(x**2 * y, 0)), [(zero, square)])
    with refuses("algebra", "is not the goal", BOTH):
        kernel.algebra(encode(Equal(y, 0)), [(zero, key)])
    with pytest.raises(LanguageError):  # no power of 0 is 1
        kernel.algebra(encode(Equal(y, 0)), [(zero, (((encode_term(x), 0),), ()))])


def test_cofactors_must_fit_in_shape() -> None:
    narrow = MatrixVariable("P", n, natural("m"))
    with pytest.raises(LanguageError, match="do not fit"):
        kernel.algebra(encode(Equal(A, 0)), [product(narrow, given(Equal(A, 0)))])
    with pytest.raises(LanguageError, match="shapes"):
        kernel.algebra(encode(Equal(A, 0)), [product(given(Equal(A, 0)), narrow)])
    with pytest.raises(LanguageError, match="shapes"):  # matrices in an equation of numbers
        kernel.algebra(encode(Equal(x, 0)), [product(given(Equal(A, 0)), A)])


def test_certificates_prove_and_use_equations_only() -> None:
    with refuses("algebra", "the goal must be an equation"):
        kernel.algebra(encode(LessEqual(i, j)))
    with refuses("algebra", "of the kind null"):
        kernel.algebra(encode(Equal(A, 0)), [(given(LessEqual(i, j)), ((), ()))])
    with refuses("algebra", "of the kind inonneg"):
        kernel.algebra(encode(Equal(A, A)), [], [given(Equal(i, j))])


def test_chains_are_merged_in_range_only() -> None:
    # 0 ≤ i, i ≤ k ⊢ M[k:i+1]·M[i:1] = M[k:1];  i − 1 ≤ k is not enough, nor is −1 ≤ i
    goal = encode(Equal(M[k : i + 1] * M[i:1], M[k:1]))
    low, high = given(LessEqual(0, i)), given(LessEqual(i, k))
    assert kernel.algebra(goal, [], [low, high]).hypotheses == low.hypotheses + high.hypotheses
    assert kernel.algebra(goal, [], [high, given(LessEqual(3, i))])
    for ranges in (
        [low],
        [high],
        [low, given(LessEqual(i - 1, k))],
        [high, given(LessEqual(-1, i))],
    ):
        with refuses("algebra", BOTH):
            kernel.algebra(goal, [], ranges)
    with refuses("algebra", BOTH):  # a shifted piece
        shifted = family("S", lambda at: (n, n))
        claim = Equal(shifted[k : i + 1] * shifted[i - 1 : 1], shifted[k:1])
        kernel.algebra(encode(claim), [], [low, high])


def test_restate() -> None:
    # M[k:i+1]·M[i:1] = 0 says M[k:1] = 0 for 0 ≤ i ≤ k, and says nothing otherwise
    split, whole = Equal(M[k : i + 1] * M[i:1], 0), Equal(M[k:1], 0)
    ranges = [given(LessEqual(0, i)), given(LessEqual(i, k))]
    theorem = kernel.restate(encode(whole), given(split), ranges)
    assert len(theorem.hypotheses) == 3
    with refuses("restate", BOTH):
        kernel.restate(encode(whole), given(split), ranges[:1])
    with refuses("restate", BOTH):
        kernel.restate(encode(Equal(M[k:2], 0)), given(split), ranges)
    with refuses("restate", "of the kind inonneg"):
        kernel.restate(encode(whole), given(split), [given(Equal(A, 0))])


# ── Integers ───────────────────────────────────────────────────────────────────────────────────
def arithmetic(goal: Any, premises: list[Any], multipliers: list[Any]) -> Theorem:
    pairs = zip(map(given, premises), map(encode_term, multipliers), strict=True)
    return kernel.arithmetic(encode(goal), list(pairs))


def test_arithmetic_over_the_integers() -> None:
    assert arithmetic(LessEqual(i, k), [LessEqual(i, j), LessEqual(j, k)], [1, 1])
    assert arithmetic(LessEqual(i, k + 5), [LessEqual(i, k)], [1])
    # 2i ≥ 1 gives i ≥ 1: i − 1 = ½·(2i − 1) − ½ and −½ > −1; from 2i ≥ 0 only i ≥ 0
    half = Rational(1, 2)
    assert arithmetic(LessEqual(1, i), [LessEqual(1, 2 * i)], [half])
    with refuses("arithmetic", "does not give the goal", BOTH):
        arithmetic(LessEqual(1, i), [LessEqual(0, 2 * i)], [half])
    assert arithmetic(Contradiction(), [LessEqual(1, i), LessEqual(i, 0)], [1, 1])
    # i = 0 is no contradiction
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(Contradiction(), [LessEqual(0, i), LessEqual(i, 0)], [1, 1])


def test_strict_premises_give_one_more_for_integers() -> None:
    # x > 0 and i = 2x − 1 (over the reals) give i > −1, so i ≥ 0; from x ≥ 0 only i ≥ −1
    equation = Equal(2 * x - i, 1)
    assert arithmetic(LessEqual(0, i), [Less(0, x), equation], [2, 1])
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(LessEqual(0, i), [LessEqual(0, x), equation], [2, 1])
    with refuses("arithmetic", "does not give the goal"):  # not taken at all
        arithmetic(LessEqual(0, i), [Less(0, y), LessEqual(0, x), equation], [0, 2, 1])


def test_equations_may_be_taken_negative_times_and_inequalities_not() -> None:
    assert arithmetic(LessEqual(i, 0), [Equal(i, 0)], [-1])
    assert arithmetic(LessEqual(i, k), [Equal(i, j), Equal(j, k)], [-1, -1])
    with refuses("arithmetic", "a constant ≥ 0", BOTH):
        arithmetic(LessEqual(i, 0), [LessEqual(0, i)], [-1])
    with refuses("arithmetic", "the goal is no order"):
        arithmetic(Equal(i, 0), [LessEqual(0, i), LessEqual(i, 0)], [1, -1])


def test_arithmetic_refuses_wrong_multipliers_and_other_claims() -> None:
    with refuses("arithmetic", "does not give the goal", BOTH):
        arithmetic(LessEqual(i, k), [LessEqual(i, j), LessEqual(j, k)], [1, 2])
    with refuses("arithmetic", "does not give the goal", BOTH):  # what is left is no constant
        arithmetic(LessEqual(i, k), [LessEqual(i, j)], [1])
    with refuses("arithmetic", "the goal is no order"):
        arithmetic(Equal(A, 0), [], [])
    with refuses("arithmetic", "equates matrices"):
        arithmetic(LessEqual(0, x), [Equal(A, 0)], [1])
    with refuses("arithmetic", "of the kind inonneg or rnonneg or rpos or null"):
        arithmetic(LessEqual(0, x), [Contradiction()], [1])
    with pytest.raises(LanguageError):
        arithmetic(LessEqual(0, x), [LessEqual(0, x)], [A])


# ── Reals ──────────────────────────────────────────────────────────────────────────────────────
def test_arithmetic_over_the_reals() -> None:
    assert arithmetic(LessEqual(x, 2 * y), [LessEqual(x, y), LessEqual(0, y)], [1, 1])
    # strict from strict, or from a positive constant; not from ≤
    assert arithmetic(Less(x, y + 1), [LessEqual(x, y)], [1])
    assert arithmetic(Less(0, 2 * x), [Less(0, x)], [2])
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(Less(0, 2 * x), [LessEqual(0, x)], [2])
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(Less(0, x), [Less(0, y), LessEqual(0, x)], [0, 1])
    # no rounding: from 0 ≤ 2x does not follow 1 ≤ x, nor from 1 ≤ 2x
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(LessEqual(1, x), [LessEqual(1, 2 * x)], [Rational(1, 2)])


def test_integers_are_real_numbers() -> None:
    assert arithmetic(LessEqual(x, i), [LessEqual(1, i), LessEqual(x, 1)], [1, 1])
    with refuses("arithmetic", "does not give the goal"):  # no rounding of what is real
        arithmetic(LessEqual(x, i), [LessEqual(1, 2 * i), LessEqual(x, 1)], [Rational(1, 2), 1])


def test_equations_take_any_multiplier_and_inequalities_constants() -> None:
    # x = 0 ⊢ x·y ≥ 0, but from 0 ≤ x not 0 ≤ x·y
    assert arithmetic(LessEqual(0, x * y), [Equal(x, 0)], [y])
    with refuses("arithmetic", "a constant ≥ 0", BOTH):
        arithmetic(LessEqual(0, x * y), [LessEqual(0, x)], [y])
    with refuses("arithmetic", "a constant ≥ 0", BOTH):
        arithmetic(LessEqual(0, -x), [LessEqual(0, x)], [-1])


def test_contradictions_between_reals() -> None:
    assert arithmetic(Contradiction(), [Less(0, x), LessEqual(x, 0)], [1, 1])
    assert arithmetic(Contradiction(), [Equal(x, 0), Equal(x, 1)], [-1, -1])
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(Contradiction(), [LessEqual(0, x), LessEqual(x, 0)], [1, 1])


def test_traces_are_compared_up_to_rotation() -> None:
    # tr(AB) ≤ 1 ⊢ tr(BA) ≤ 1, but not tr(AB) ≤ 1 ⊢ tr(ABᵀ) ≤ 1
    assert arithmetic(LessEqual(trace(B * A), 1), [LessEqual(trace(A * B), 1)], [1])
    with refuses("arithmetic", "does not give the goal"):
        arithmetic(LessEqual(trace(A * B.T), 1), [LessEqual(trace(A * B), 1)], [1])


# ── Looking up: members of families and ends of sums ───────────────────────────────────────────
def same(a: Any, b: Any, *ranges: Any) -> Theorem:
    """⊢ a = b, by nothing but what the two are."""
    return kernel.algebra(encode(Equal(a, b)), (), [given(r) for r in ranges])


def test_members_of_a_family_given_by_a_rule_or_a_list() -> None:
    rule = tabulated(i, M[i].T)
    assert same(rule[k + 1], M[k + 1].T)
    with refuses("algebra", "is not the goal", BOTH):
        same(rule[k + 1], 2 * M[k + 1].T)
    pair = listed(A, B)
    assert same(pair[1], A)
    assert same(pair[2], B)
    with refuses("algebra", "is not the goal", BOTH):
        same(pair[2], A)
    with refuses("algebra", "is not the goal", BOTH):
        same(M[1], N[1])


def test_members_of_a_family_with_layers_replaced() -> None:
    # N = (M with layers j…k := S_l): N_i is S_i for j ≤ i ≤ k and M_i outside
    S = family("S", d)
    changed = replaced(M, j, k, i, S[i])
    at = index("at")
    inside = (LessEqual(j, at), LessEqual(at, k))
    assert same(changed[at], S[at], *inside)
    for outside in (Less(at, j), Less(k, at)):
        assert same(changed[at], M[at], outside)
    for unclear in (
        (),
        inside[:1],
        inside[1:],
        (LessEqual(at, j),),
        (LessEqual(j - 1, at), inside[1]),
    ):
        for member in (S[at], M[at]):
            with refuses("algebra", "is not the goal", BOTH):
                same(changed[at], member, *unclear)
    for wrong, ranges in ((M[at], inside), (S[at], (Less(at, j),)), (S[at], (Less(k, at),))):
        with refuses("algebra", "is not the goal", BOTH):
            same(changed[at], wrong, *ranges)


def test_members_of_a_family_with_one_layer_put_in() -> None:
    S = family("S", d)
    changed = M.with_layer(j, S[j])
    assert same(changed[j], S[j])
    for apart in (Less(i, j), Less(j, i)):
        assert same(changed[i], M[i], apart)
    for unclear in ((), (LessEqual(i, j),), (Less(i, k),)):
        for member in (S[i], M[i]):
            with refuses("algebra", "is not the goal", BOTH):
                same(changed[i], member, *unclear)


def test_members_inside_products_are_looked_up_with_what_is_combined() -> None:
    # S_j = 0 ⊢ (M with layer j := S_j)[j]·A = 0
    S = family("S", lambda at: (n, n))
    put = family("M", lambda at: (n, n)).with_layer(j, S[j])
    zero = given(Equal(S[j], 0))
    goal = encode(Equal(put[j] * A, 0))
    assert kernel.algebra(goal, [product(zero, A)]).hypotheses == zero.hypotheses
    with refuses("algebra", "is not the goal", BOTH):
        kernel.algebra(encode(Equal(put[i] * A, 0)), [product(zero, A)])


def test_a_sum_of_a_known_number_of_terms_is_written_out() -> None:
    F = family("F", lambda at: (n, n))
    assert same(summation(i, 1, 3, F[i]), F[1] + F[2] + F[3])
    assert same(summation(i, j, j + 1, F[i]), F[j] + F[j + 1])
    assert same(summation(i, 3, 1, F[i]), 0 * A)
    for wrong in (F[1] + F[2], F[1] + F[2] + F[3] + F[4], F[0] + F[1] + F[2]):
        with refuses("algebra", "is not the goal", BOTH):
            same(summation(i, 1, 3, F[i]), wrong)


def test_half_a_rational_is_none() -> None:
    assert number(2, 4) == number(1, 2)
    assert encode_term(Fraction(1, 2) * x + x / 2) == encode_term(x)
