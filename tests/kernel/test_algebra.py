"""The rules that compute: certificates, restating, linear arithmetic, layers of families."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from sympy import Rational

from proofkit import kernel
from proofkit.claims import Contradiction, Equal, Less, LessEqual, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.symbols.faults import LanguageError
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    encode_family,
    encode_index,
    encode_matrix,
    encode_real,
    family,
    index,
    listed,
    natural,
    rank,
    real,
    replaced,
    tabulated,
    trace,
    widths,
)

i, j, k, n, d = index("i"), index("j"), index("k"), natural("n"), widths("d")
A, B, C = (MatrixVariable(name, n, n) for name in "ABC")
M, N = family("M", d), family("N", d)
x, y = real("x"), real("y")
I = t.identity(encode_index(n))  # noqa: E741
BOTH = ("expected: ", "found: ")


def given(claim: Any) -> Theorem:
    return kernel.assume(encode(claim))


def refuses(rule: str, *parts: str) -> Any:
    return pytest.raises(KernelError, match="(?s)^" + rule + ".*" + ".*".join(parts))


# ── Certificates ───────────────────────────────────────────────────────────────────────────────
def test_a_certificate_is_checked_by_multiplying_out() -> None:
    # B A = I, A C = I ⊢ B = C, because (B A − I)·C − B·(A C − I) = B − C
    left, right = given(Equal(B * A, Identity(n))), given(Equal(A * C, Identity(n)))
    b, c_ = encode_matrix(B), encode_matrix(C)
    minus = encode_matrix(-B)
    terms = [(I, left, False, c_), (minus, right, False, I)]
    theorem = kernel.algebra(encode(Equal(B, C)), terms)
    assert theorem.hypotheses == (*left.hypotheses, *right.hypotheses)
    wrong: dict[str, Any] = {
        "one cofactor changed": [(I, left, False, b), (minus, right, False, I)],
        "a sign changed": [(I, left, False, c_), (b, right, False, I)],
        "a term left out": terms[:1],
        "the premises swapped": [(I, right, False, c_), (minus, left, False, I)],
        "the factors swapped": [(c_, left, False, I), (I, right, False, minus)],
        "a transpose too many": [(I, left, True, c_), (minus, right, False, I)],
        "twice": terms * 2,
    }
    for what, certificate in wrong.items():
        with refuses("algebra", *BOTH, "difference"):
            kernel.algebra(encode(Equal(B, C)), certificate)
            pytest.fail(what)


def test_a_hypothesis_may_be_taken_transposed() -> None:
    # A B = C ⊢ BᵀAᵀ = Cᵀ
    product = given(Equal(A * B, C))
    goal = encode(Equal(B.T * A.T, C.T))
    assert kernel.algebra(goal, [(I, product, True, I)])
    with refuses("algebra", *BOTH):
        kernel.algebra(goal, [(I, product, False, I)])


def test_cofactors_must_fit_in_shape() -> None:
    m = natural("m")
    narrow = encode_matrix(MatrixVariable("P", n, m))
    with pytest.raises(LanguageError, match="expected"):
        kernel.algebra(encode(Equal(A, 0)), [(narrow, given(Equal(A, 0)), False, I)])


def test_certificates_prove_and_use_matrix_equations_only() -> None:
    with refuses("algebra", "the goal must be an equation between matrices"):
        kernel.algebra(encode(LessEqual(i, j)))
    with refuses("algebra", "a hypothesis must be an equation between matrices"):
        kernel.algebra(encode(Equal(A, 0)), [(I, given(LessEqual(i, j)), False, I)])
    with refuses("algebra", "index inequality"):
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
        with refuses("algebra", *BOTH):
            kernel.algebra(goal, [], ranges)
    with refuses("algebra", *BOTH):  # a shifted piece
        shifted = family("S", lambda at: (n, n))
        claim = Equal(shifted[k : i + 1] * shifted[i - 1 : 1], shifted[k:1])
        kernel.algebra(encode(claim), [], [low, high])


def test_restate() -> None:
    # M[k:i+1]·M[i:1] = 0 says M[k:1] = 0 for 0 ≤ i ≤ k, and says nothing otherwise
    split, whole = Equal(M[k : i + 1] * M[i:1], 0), Equal(M[k:1], 0)
    ranges = [given(LessEqual(0, i)), given(LessEqual(i, k))]
    theorem = kernel.restate(encode(whole), given(split), ranges)
    assert len(theorem.hypotheses) == 3
    with refuses("restate", *BOTH):
        kernel.restate(encode(whole), given(split), ranges[:1])
    with refuses("restate", *BOTH):
        kernel.restate(encode(Equal(M[k:2], 0)), given(split), ranges)


# ── Integers ───────────────────────────────────────────────────────────────────────────────────
def test_naturals() -> None:
    # ⊢ 0 ≤ d(i) + 2·rank A + n + 1, but not 0 ≤ i, nor 0 ≤ n − 1, nor 0 ≤ n − d(i)
    assert kernel.natural(encode_index(d(i) + 2 * rank(A) + n + 1))
    for term in (i, n - 1, n - d(i), -rank(A)):
        with refuses("natural", "not plainly"):
            kernel.natural(encode_index(term))


def linear(goal: Any, premises: list[Any], multipliers: list[Any]) -> Theorem:
    return kernel.linear(encode(goal), [given(p) for p in premises], multipliers)


def test_linear_arithmetic_over_the_integers() -> None:
    assert linear(LessEqual(i, k), [LessEqual(i, j), LessEqual(j, k)], [1, 1])
    assert linear(LessEqual(i, k + 5), [LessEqual(i, k)], [1])
    # 2i ≥ 1 gives i ≥ 1: i − 1 = ½·(2i − 1) − ½ and −½ > −1; from 2i ≥ 0 only i ≥ 0
    half = Fraction(1, 2)
    assert linear(LessEqual(1, i), [LessEqual(1, 2 * i)], [half])
    with refuses("linear arithmetic", "remainder −1|remainder -1"):
        linear(LessEqual(1, i), [LessEqual(0, 2 * i)], [half])
    assert linear(Contradiction(), [LessEqual(1, i), LessEqual(i, 0)], [1, 1])
    # i = 0 is no contradiction
    with refuses("linear arithmetic", "does not give the goal"):
        linear(Contradiction(), [LessEqual(0, i), LessEqual(i, 0)], [1, 1])


def test_equations_may_be_taken_negative_times_and_inequalities_not() -> None:
    assert linear(LessEqual(i, 0), [Equal(i, 0)], [-1])
    assert linear(Equal(i, k), [Equal(i, j), Equal(j, k)], [1, 1])
    with refuses("linear arithmetic", "cannot be taken -1 times"):
        linear(LessEqual(i, 0), [LessEqual(0, i)], [-1])
    with refuses("linear arithmetic", "another kind"):
        linear(Equal(i, 0), [LessEqual(0, i), LessEqual(i, 0)], [1, -1])
    with refuses("linear arithmetic", "does not give the goal"):
        linear(Equal(i, 1), [Equal(i, 0)], [1])


def test_linear_refuses_wrong_multipliers_and_other_claims() -> None:
    with refuses("linear arithmetic", "does not give the goal", *BOTH):
        linear(LessEqual(i, k), [LessEqual(i, j), LessEqual(j, k)], [1, 2])
    with refuses("linear arithmetic", "remainder that is not a constant"):
        linear(LessEqual(i, k), [LessEqual(i, j)], [1])
    with refuses("linear arithmetic", "relation between integers"):
        linear(Equal(A, 0), [], [])
    with refuses("linear arithmetic", "another kind"):
        linear(LessEqual(i, k), [LessEqual(x, y)], [1])


def test_squeeze() -> None:
    # i ≤ j, j ≤ i ⊢ i = j
    up, down = given(LessEqual(i, j)), given(LessEqual(j, i))
    assert kernel.squeeze(encode(Equal(i, j)), up, down).conclusion == encode(Equal(j, i))
    for pair in ((up, up), (up, given(Less(j, i))), (up, given(Equal(A, 0)))):
        with refuses("squeeze", *BOTH):
            kernel.squeeze(encode(Equal(i, j)), *pair)
    with refuses("squeeze", *BOTH):
        kernel.squeeze(encode(Equal(i, k)), up, down)


# ── Reals ──────────────────────────────────────────────────────────────────────────────────────
def real_linear(goal: Any, premises: list[Any], multipliers: list[Any]) -> Theorem:
    return kernel.real_linear(
        encode(goal), [given(p) for p in premises], [encode_real(m) for m in multipliers]
    )


def test_linear_arithmetic_over_the_reals() -> None:
    assert real_linear(LessEqual(x, 2 * y), [LessEqual(x, y), LessEqual(0, y)], [1, 1])
    # strict from strict, or from a positive constant; not from ≤
    assert real_linear(Less(x, y + 1), [LessEqual(x, y)], [1])
    assert real_linear(Less(0, 2 * x), [Less(0, x)], [2])
    with refuses("real arithmetic", "does not give the goal"):
        real_linear(Less(0, 2 * x), [LessEqual(0, x)], [2])
    with refuses("real arithmetic", "does not give the goal"):
        real_linear(Less(0, x), [Less(0, y), LessEqual(0, x)], [0, 1])
    # no rounding: from 0 ≤ 2x does not follow 1 ≤ x, nor from 1 ≤ 2x
    with refuses("real arithmetic", "remainder"):
        real_linear(LessEqual(1, x), [LessEqual(1, 2 * x)], [Rational(1, 2)])


def test_equations_take_any_multiplier_and_inequalities_constants() -> None:
    # x = 0 ⊢ x·y = 0, but from 0 ≤ x not 0 ≤ x·y
    assert real_linear(Equal(x * y, 0), [Equal(x, 0)], [y])
    with refuses("real arithmetic", "constant multiplier"):
        real_linear(LessEqual(0, x * y), [LessEqual(0, x)], [y])
    with refuses("real arithmetic", "constant multiplier"):
        real_linear(LessEqual(0, -x), [LessEqual(0, x)], [-1])
    with refuses("real arithmetic", "gives no equation"):
        real_linear(Equal(x, 0), [LessEqual(0, x)], [1])


def test_contradictions_between_reals() -> None:
    assert real_linear(Contradiction(), [Less(0, x), LessEqual(x, 0)], [1, 1])
    assert real_linear(Contradiction(), [Equal(x, 0), Equal(x, 1)], [-1, -1])
    with refuses("real arithmetic", "does not give the goal"):
        real_linear(Contradiction(), [LessEqual(0, x), LessEqual(x, 0)], [1, 1])
    with refuses("real arithmetic", "about real numbers"):
        real_linear(Contradiction(), [LessEqual(1, i)], [1])


def test_traces_are_compared_up_to_rotation() -> None:
    # tr(AB) ≤ 1 ⊢ tr(BA) ≤ 1, but not tr(AB) ≤ 1 ⊢ tr(ABᵀ) ≤ 1
    assert real_linear(LessEqual(trace(B * A), 1), [LessEqual(trace(A * B), 1)], [1])
    with refuses("real arithmetic", "remainder"):
        real_linear(LessEqual(trace(A * B.T), 1), [LessEqual(trace(A * B), 1)], [1])


# ── Layers ─────────────────────────────────────────────────────────────────────────────────────
def layer(term: Any, at: Any, *ranges: Any) -> Theorem:
    return kernel.layer(encode_family(term), encode_index(at), [given(r) for r in ranges])


def test_members_of_a_family_given_by_a_rule_or_a_list() -> None:
    rule = tabulated(i, M[i].T)
    assert layer(rule, k + 1).conclusion == encode(Equal(rule[k + 1], M[k + 1].T))
    pair = listed(A, B)
    assert layer(pair, 2).conclusion == encode(Equal(pair[2], B))
    for at in (0, 3, i):
        with pytest.raises(LanguageError, match="no entry"):
            layer(pair, at)
    with refuses("layer", "no definition"):
        layer(M, 1)


def test_members_of_a_family_with_layers_replaced() -> None:
    # N = (M with layers j…k := S_l): N_i is S_i for j ≤ i ≤ k and M_i outside
    S = family("S", d)
    changed = replaced(M, j, k, i, S[i])
    at = index("at")
    inside = (LessEqual(j, at), LessEqual(at, k))
    assert layer(changed, at, *inside).conclusion == encode(Equal(changed[at], S[at]))
    for outside in (Less(at, j), Less(k, at)):
        assert layer(changed, at, outside).conclusion == encode(Equal(changed[at], M[at]))
    for unclear in (
        (),
        inside[:1],
        inside[1:],
        (LessEqual(at, j),),
        (LessEqual(j - 1, at), inside[1]),
    ):
        with refuses("layer", "whether the layer was replaced", *BOTH):
            layer(changed, at, *unclear)


def test_members_of_a_family_with_one_layer_put_in() -> None:
    S = family("S", d)
    changed = M.with_layer(j, S[j])
    assert layer(changed, j).conclusion == encode(Equal(changed[j], S[j]))
    for apart in (Less(i, j), Less(j, i)):
        assert layer(changed, i, apart).conclusion == encode(Equal(changed[i], M[i]))
    for unclear in ((), (LessEqual(i, j),), (Less(i, k),)):
        with refuses("layer", "whether this is the layer", *BOTH):
            layer(changed, i, *unclear)


def test_claims_that_only_differ_in_sign_are_one_claim() -> None:
    # A = B is B = A, and A − B = 0 is B − A = 0; A ≤ B is not B ≤ A
    assert encode(Equal(A, B)) == encode(Equal(B, A)) == encode(Equal(A - B, 0))
    assert encode(Equal(x, y)) == encode(Equal(y, x))
    assert encode(LessEqual(x, y)) != encode(LessEqual(y, x))
    assert c.negation(c.negation(encode(Less(x, y)))) == encode(Less(x, y))
