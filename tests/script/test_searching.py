"""What a step without a tactic brings along by itself, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import proofkit as pk
from proofkit.algebra.cofactors import Effort, find_cofactors
from proofkit.claims import encode
from proofkit.script import Proof, ScriptError
from proofkit.script.search.earlier import results_here
from proofkit.script.search.state import Search

n, p, q = pk.sizes("n p q")
A, B, S = pk.matrices("A B S", n, n)
X, Y, D = pk.matrix("X", n, p), pk.matrix("Y", n, p), pk.matrix("D", p, n)
u, v = pk.vectors("u v", n)
a, b, x, y = pk.reals("a b x y")
W = pk.matrix("W", q, n)


def follows(claim: pk.Fact, *given: pk.Fact, using: bool = True) -> str:
    """The rule by which the claim is found from what is given."""
    proof = Proof()
    facts = [proof.given(one) for one in given]
    step = proof.have(claim, "So.", using=facts if using else ()).step
    assert step is not None
    return step.rule


def is_refused(claim: pk.Fact, *given: pk.Fact) -> None:
    with pytest.raises(ScriptError, match="no way was found"):
        follows(claim, *given)


# ── Laws of the words that occur ───────────────────────────────────────────────────────────────
def test_an_inverse_cancels_where_there_is_one() -> None:
    assert follows(pk.eq(A.I @ A @ X, X), pk.invertible(A)) == "algebra"
    assert follows(pk.eq(A @ (A.I @ X), X), pk.invertible(A)) == "algebra"
    is_refused(pk.eq(A.I @ A @ X, X))
    is_refused(pk.eq(A.I @ A @ X, X), pk.invertible(B))


def test_what_is_invertible_has_an_inverse_also_where_none_is_spoken_of() -> None:
    assert follows(pk.eq(X, Y), pk.invertible(A), pk.eq(A @ X, A @ Y)) == "algebra"
    is_refused(pk.eq(X, Y), pk.eq(A @ X, A @ Y))


def test_reciprocals_roots_and_logarithms() -> None:
    divided = pk.eq(Y, X / a)
    assert follows(pk.eq(a * Y, X), divided, pk.ne(a, 0)) == "algebra"
    is_refused(pk.eq(a * Y, X), divided)
    assert follows(pk.eq(pk.sqrt(x) ** 2, x), pk.ge(x, 0)) == "algebra"
    quotient = pk.eq(pk.log(x / y), pk.log(x) - pk.log(y))
    assert follows(quotient, pk.gt(x, 0), pk.gt(y, 0)) == "algebra"
    is_refused(quotient, pk.gt(x, 0))


def test_exponentials_and_logarithms_of_sums_and_products() -> None:
    assert follows(pk.eq(pk.exp(x + y) * pk.exp(-x), pk.exp(y))) == "algebra"
    assert follows(pk.eq(pk.exp(x) / pk.exp(y), pk.exp(x - y))) == "algebra"
    assert follows(pk.eq(pk.log(pk.exp(x) * pk.exp(y)), x + y)) == "algebra"
    assert follows(pk.eq(pk.log(pk.exp(a) * x), a + pk.log(x)), pk.gt(x, 0)) == "algebra"
    is_refused(pk.eq(pk.log(pk.exp(a) * x), a + pk.log(x)))
    is_refused(pk.eq(pk.exp(x + y), pk.exp(x) + pk.exp(y)))


def test_exponentials_of_sums_entry_by_entry() -> None:
    ones = pk.ones(n, 1)
    shifted = pk.exp(u + a * ones)
    assert follows(pk.eq(pk.exp(u + v), pk.hadamard(pk.exp(u), pk.exp(v)))) == "algebra"
    assert follows(pk.eq(shifted, pk.exp(a) * pk.exp(u))) == "algebra"
    softmax = pk.eq(shifted / pk.total(shifted), pk.exp(u) / pk.total(pk.exp(u)))
    assert follows(softmax, pk.ge(n, 1)) == "algebra"
    is_refused(pk.eq(shifted, a * pk.exp(u)))


def test_the_logarithm_of_a_magnitude() -> None:
    product = pk.eq(pk.log(pk.absolute(x)) + pk.log(pk.absolute(y)), pk.log(x * y))
    assert follows(product, pk.gt(x, 0), pk.gt(y, 0)) == "algebra"
    is_refused(product, pk.gt(x, 0))


def test_determinants_multiply_whatever_the_number_of_factors() -> None:
    assert follows(pk.eq(pk.det(A.T @ B @ A), pk.det(A) ** 2 * pk.det(B))) == "algebra"
    assert follows(pk.eq(pk.det(A @ B @ S @ B), pk.det(B @ A @ B @ S))) == "algebra"
    is_refused(pk.eq(pk.det(A @ B @ S), pk.det(A) * pk.det(B)))
    is_refused(pk.eq(pk.det(A @ B + S), pk.det(A) * pk.det(B) + pk.det(S)))


def test_ones_are_counted() -> None:
    ones = pk.ones(n, 1)
    assert follows(pk.eq(ones.T @ ones @ u.T, n * u.T)) == "algebra"
    is_refused(pk.eq(ones.T @ ones @ u.T, p * u.T))


@pytest.mark.parametrize("names", ["AUCV", "VCUA", "CAVU", "ZYXB", "QRST"])
def test_letters_may_have_any_names(names: str) -> None:
    k = pk.size("k")
    P, U, C, V = (
        pk.matrix(name, *shape)
        for name, shape in zip(names, ((n, n), (n, k), (k, k), (k, n)), strict=True)
    )
    small = C.I + V @ P.I @ U
    inverse = P.I - P.I @ U @ small.I @ V @ P.I
    invertible = [pk.invertible(matrix) for matrix in (P, C, small, P + U @ C @ V)]
    assert follows(pk.eq((P + U @ C @ V).I, inverse), *invertible) == "algebra"


def test_a_gradient_is_told_with_what_is_named() -> None:
    gradient = pk.grad(pk.inner(u, S @ u), u)
    assert follows(pk.eq(gradient, 2 * S @ u), pk.symmetric(S)) == "differential"
    with pytest.raises(ScriptError, match="the gradient is another one"):
        follows(pk.eq(gradient, 2 * S @ u))


# ── Orders ─────────────────────────────────────────────────────────────────────────────────────
def test_squares_are_seen_as_they_are_written() -> None:
    square = pk.norm2(A @ X - Y)
    assert follows(pk.le(x, x + square)) == "real arithmetic"
    assert follows(pk.le(x, y), pk.eq(y, x + square)) == "real arithmetic"
    assert follows(pk.le(x, x + a * square), pk.ge(a, 0)) == "real arithmetic"
    is_refused(pk.lt(x, x + square))
    is_refused(pk.le(x, x + a * square))


def test_also_for_all_values_of_what_is_squared() -> None:
    assert follows(pk.forall(Y, pk.le(x, x + pk.norm2(A @ X - Y)))) == "real arithmetic"


def test_what_is_semidefinite_is_so_around_a_matrix() -> None:
    around = pk.tr((X - Y).T @ S @ (X - Y))
    assert follows(pk.le(x, x + around), pk.positive_semidefinite(S)) == "real arithmetic"
    is_refused(pk.le(x, x + around), pk.positive_semidefinite(A))


def test_a_sum_is_positive_as_its_terms_are() -> None:
    both = pk.positive_semidefinite(A.T @ S @ A + B)
    assert follows(both, pk.positive_semidefinite(S), pk.positive_semidefinite(B))
    is_refused(both, pk.positive_semidefinite(S))


def test_relations_are_multiplied_and_shortened() -> None:
    assert follows(pk.le(a * x, a * y), pk.le(x, y), pk.ge(a, 0)) == "real arithmetic"
    quotient = pk.le(x / a, y)
    assert follows(pk.le(x, a * y), quotient, pk.gt(a, 0)) == "real arithmetic"
    is_refused(pk.le(a * x, a * y), pk.le(x, y))
    is_refused(pk.le(x, a * y), quotient)


def test_squares_are_completed() -> None:
    assert follows(pk.le(2 * pk.inner(X, Y), pk.norm2(X) + pk.norm2(Y))) == "real arithmetic"
    assert follows(pk.le(pk.inner(X, Y), pk.norm2(X) / 4 + pk.norm2(Y))) == "real arithmetic"
    assert follows(pk.le(2 * a * pk.inner(X, Y), a**2 * pk.norm2(X) + pk.norm2(Y)))
    assert follows(pk.le(a * b + b * x + x * a, a**2 + b**2 + x**2)) == "real arithmetic"
    assert follows(pk.gt(x**2 + x + 1, 0)) == "real arithmetic"
    is_refused(pk.le(3 * pk.inner(X, Y), pk.norm2(X) + pk.norm2(Y)))
    is_refused(pk.gt(x**2 + 2 * x + 1, 0))
    is_refused(pk.le(pk.inner(X, Y), pk.norm2(X) / 5 + pk.norm2(Y)))


def test_orders_are_multiplied_with_one_another() -> None:
    assert follows(pk.le(x**2, y**2), pk.ge(x, 0), pk.le(x, y)) == "real arithmetic"
    assert follows(pk.le(x**2, 1), pk.le(x, 1), pk.ge(x, -1))
    is_refused(pk.le(x**2, y**2), pk.le(x, y))
    is_refused(pk.le(x**2, 1), pk.le(x, 1))


def test_the_opposite_is_multiplied_by_what_is_positive() -> None:
    assert follows(pk.le(x, y), pk.gt(a, 0), pk.le(a * x, a * y)) == "real arithmetic"
    assert follows(pk.lt(1 / y, 1 / x), pk.gt(x, 0), pk.lt(x, y)) == "real arithmetic"
    assert follows(pk.le(x, y), pk.ge(x, 0), pk.ge(y, 0), pk.le(x**2, y**2))
    assert follows(pk.ge(x / y + y / x, 2), pk.gt(x, 0), pk.gt(y, 0)) == "real arithmetic"
    is_refused(pk.le(x, y), pk.ge(a, 0), pk.le(a * x, a * y))
    is_refused(pk.lt(1 / y, 1 / x), pk.lt(x, y))
    assert follows(pk.le(x, y), pk.ge(y, 0), pk.le(x**2, y**2)) == "real arithmetic"
    is_refused(pk.le(x, y), pk.ge(x, 0), pk.le(x**2, y**2))


def test_general_facts_are_used_at_terms_that_were_written() -> None:
    bound = pk.forall(v, pk.ge(pk.inner(v, S @ v), a * pk.norm2(v)))
    w = pk.vector("w", n)
    apart = pk.ge(pk.inner(u - w, S @ (u - w)), a * pk.norm2(u - w))
    assert follows(apart, bound) == "instance"
    quadratic = pk.inner(u, S @ u) / 2 - pk.inner(S @ w, u) + pk.inner(w, S @ w) / 2
    given = pk.symmetric(S), bound
    assert follows(pk.ge(quadratic, a / 2 * pk.norm2(u - w)), *given) == "traces"
    is_refused(pk.ge(quadratic, a / 2 * pk.norm2(u - w)), bound)
    is_refused(pk.ge(quadratic, a * pk.norm2(u - w)), *given)


# ── What is zero ───────────────────────────────────────────────────────────────────────────────
def test_a_number_other_than_zero_is_divided_by() -> None:
    assert follows(pk.eq(X, Y), pk.eq(a * X, a * Y), pk.ne(a, 0)) == "algebra"
    assert follows(pk.eq(X, Y), pk.eq(a * X, a * Y), pk.gt(a, 0)) == "algebra"
    assert follows(pk.eq(x, y), pk.eq((a + 1) * x, (a + 1) * y), pk.ne(a, -1)) == "algebra"
    assert follows(pk.eq(X, -b / (2 * a) * Y), pk.eq(2 * a * X + b * Y, 0), pk.ne(a, 0))
    is_refused(pk.eq(X, Y), pk.eq(a * X, a * Y))
    is_refused(pk.eq(X, Y), pk.eq(a * X, a * Y), pk.ge(a, 0))


def test_what_has_a_square_that_is_zero_is_zero() -> None:
    of_norm = "textbook: square norm is positive"
    assert follows(pk.eq(x, 0), pk.eq(x**2, 0)) == "textbook: product that is zero"
    assert follows(pk.eq(X, 0), pk.eq(X.T @ X, 0)) == of_norm
    assert follows(pk.eq(X, Y), pk.le(pk.norm2(X - Y), 0)) == of_norm
    assert follows(pk.eq(X, 0), pk.eq(pk.norm2(X) + pk.norm2(Y), 0)) == of_norm
    assert follows(pk.eq(A, 0), pk.eq(A @ A, 0), pk.symmetric(A)) == of_norm
    is_refused(pk.eq(A, 0), pk.eq(A @ A, 0))
    is_refused(pk.eq(X, 0), pk.eq(pk.norm2(X) - pk.norm2(Y), 0))


def test_eigenvalues_of_isometries_have_square_one() -> None:
    given = pk.eq(A.T @ A, pk.eye(n)), pk.eq(A @ u, x * u)
    assert follows(pk.eq(x**2, 1), *given, pk.ne(u, 0)) == "contradiction"
    is_refused(pk.eq(x**2, 1), *given)


# ── What is not tried ──────────────────────────────────────────────────────────────────────────
def test_what_is_false_where_the_facts_hold_is_not_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    efforts: list[Effort] = []

    def noted(*args: Any, **named: Any) -> Any:
        efforts.append(args[3] if len(args) > 3 else Effort.READING)
        return find_cofactors(*args, **named)

    monkeypatch.setattr("proofkit.script.equations.find_cofactors", noted)
    H, Q = pk.matrices("H Q", n, n)
    for sign, completed in ((-1, True), (1, False)):
        proof = Proof()
        left = proof.given(pk.eq(B @ A, pk.eye(n)))
        right = proof.given(pk.eq((A + H) @ Q, pk.eye(n)))
        claim = pk.eq(Q - B, sign * B @ H @ Q)
        found = Search(proof, claim, encode(claim), [left, right]).first(encode(claim), 0)
        assert (found is not None) == completed == (Effort.COMPLETING in efforts)
        efforts.clear()


def test_what_was_tried_is_not_tried_again() -> None:
    proof = Proof()
    fact, claim = proof.given(pk.eq(A, B)), encode(pk.eq(A @ A, B))
    search = Search(proof, pk.eq(A @ A, B), claim, [fact])
    assert [search.is_new(claim), search.is_new(claim)] == [True, False]
    with search.supposing(proof.given(pk.eq(A @ B, B)).theorem):
        assert search.is_new(claim)
    assert not search.is_new(claim)


# ── Contradictions ─────────────────────────────────────────────────────────────────────────────
def test_what_is_denied_contradicts_what_is_named() -> None:
    assert follows(pk.ne(u, 0), pk.eq(pk.norm2(u), 1)) == "contradiction"
    is_refused(pk.ne(u, 0), pk.eq(pk.norm2(v), 1))


def test_nothing_is_less_than_itself() -> None:
    less = pk.lt(pk.norm2(A @ u), pk.norm2(u))
    assert follows(pk.contradiction(), less, pk.eq(A @ u, -u)) == "traces"
    is_refused(pk.contradiction(), less)
    is_refused(pk.contradiction(), pk.le(pk.norm2(A @ u), pk.norm2(u)), pk.eq(A @ u, -u))


@pytest.mark.parametrize("tactic", [pk.by.traces, pk.by.arithmetic])
def test_no_tactic_shows_a_contradiction_from_nothing(tactic: Callable[..., pk.by.Tactic]) -> None:
    with pytest.raises(ScriptError):
        Proof().have(pk.contradiction(), tactic())


# ── Earlier results ────────────────────────────────────────────────────────────────────────────
@pk.theorem("slope-of-square", claim=pk.eq(pk.grad(pk.norm2(W @ X), W), 2 * W @ X @ X.T))
def slope_of_square(proof: pk.Proof) -> None:
    proof.have(slope_of_square.claim, "The chain rule.")


def test_a_result_says_something_of_what_the_facts_speak_of() -> None:
    m = pk.size("m")
    V, Z = pk.matrix("V", p, q), pk.matrix("Z", q, m)
    proof, gradient = Proof(), pk.grad(pk.norm2(V @ Z), V)
    critical = proof.given(pk.eq(gradient, 0))
    claim = pk.eq(V @ Z @ Z.T, 0)
    search = Search(proof, claim, encode(claim), [critical], [(slope_of_square, "")])
    ((id, said),) = results_here(search).items()
    assert id == "slope-of-square"
    assert [th.conclusion for th in said] == [encode(pk.eq(gradient, 2 * V @ Z @ Z.T))]


def test_a_result_that_the_claim_is_an_instance_of_is_used() -> None:
    V, proof = pk.matrix("V", p, q), Proof()
    claim = pk.eq(pk.grad(pk.norm2(V @ W), V), 2 * V @ W @ W.T)
    step = proof.have(claim, "As above.", using=[slope_of_square]).step
    assert step is not None
    assert step.rule == "result: slope-of-square"
    assert proof.used_results == ["slope-of-square"]


def test_a_result_that_is_not_needed_is_not_said_to_be_used() -> None:
    proof = Proof()
    zero = proof.given(pk.eq(W @ X, 0))
    proof.have(pk.eq(W @ X @ D, 0), "So.", using=[slope_of_square, zero])
    assert proof.used_results == []


# ── Gradients ──────────────────────────────────────────────────────────────────────────────────
def test_gradients_that_are_spoken_of_are_worked_out() -> None:
    loss = pk.norm2(W @ X)
    critical = pk.eq(pk.grad(loss, W), 0)
    assert follows(pk.eq(W @ X @ X.T, 0), critical) == "algebra"
    assert follows(pk.eq(W @ X, 0), critical) == "textbook: square norm is positive"
    is_refused(pk.eq(W, 0), critical)
