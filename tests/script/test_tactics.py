"""Tactics about families, centres, certificates and index equations, each on a small proof."""

from __future__ import annotations

from itertools import permutations

import pytest

from proofkit.claims import (
    Critical,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    encode,
)
from proofkit.script import (
    Fact,
    Proof,
    ScriptError,
    algebra,
    along,
    arithmetic,
    certificate,
    derivative,
    from_,
    rewriting,
)
from proofkit.symbols import (
    Function,
    FunctionOf,
    Identity,
    MatrixVariable,
    Tabulated,
    family,
    hadamard,
    index,
    natural,
    norm_squared,
    real,
    replaced,
    trace,
    vector,
    width_table,
    widths,
)

d, k, i, j, at = widths("d"), index("k"), index("i"), index("j"), index("l")
M, N = family("M", d), family("N'", d)
f = Function("f", d(k), d(0))
n = natural("n")


@pytest.fixture
def p() -> Proof:
    proof = Proof()
    proof.given(LessEqual(1, j))
    proof.given(Less(j, k))
    return proof


def minimum(p: Proof) -> Fact:
    other = family("N", d)
    return p.given(LocalMinimum(other, f(other[k:1]), M))


# ── Families with layers replaced ──────────────────────────────────────────────────────────────
def test_the_product_inside_the_replaced_layers(p: Proof) -> None:
    glued = replaced(M, 1, j, at, N[at])
    p.have(Equal(glued[j:1], N[j:1]), algebra())
    p.have(Equal(glued[k:1], M[k : j + 1] * N[j:1]), algebra())


def test_the_product_inside_layers_given_by_a_formula(p: Proof) -> None:
    doubled = replaced(M, 1, j, at, 2 * M[at])
    p.have(Equal(doubled[k:1], M[k : j + 1] * Tabulated(at, 2 * M[at])[j:1]), algebra())


def test_a_replaced_layer_is_not_the_old_one(p: Proof) -> None:
    with pytest.raises(ScriptError, match="no cofactors"):
        p.have(Equal(replaced(M, 1, j, at, N[at])[k:1], M[k:1]), algebra())


def test_two_layers_put_in(p: Proof) -> None:
    X, Y = MatrixVariable("X", d(k), d(k - 1)), MatrixVariable("Y", d(1), d(0))
    both = M.with_layer(k, X).with_layer(1, Y)
    p.have(Equal(both[k:1], X * M[k - 1 : 2] * Y), algebra())


def test_two_layers_that_may_be_one_are_not_told_apart() -> None:
    X, Y = MatrixVariable("X", d(k), d(k - 1)), MatrixVariable("Y", d(1), d(0))
    both = M.with_layer(k, X).with_layer(1, Y)
    loose = Proof()
    loose.given(LessEqual(1, k))
    with pytest.raises(ScriptError):
        loose.have(Equal(both[k:1], X * M[k - 1 : 2] * Y), algebra())


# ── Centres ────────────────────────────────────────────────────────────────────────────────────
def test_putting_two_layers_back_gives_the_network(p: Proof) -> None:
    X, Y = MatrixVariable("X", d(k), d(k - 1)), MatrixVariable("Y", d(1), d(0))
    moved = M.with_layer(k, X).with_layer(1, Y)
    claim = Near((X, M[k]), (Y, M[1]), LessEqual(f(M[k:1]), f(moved[k:1])))
    assert p.have(claim, along(minimum(p), moved)).theorem.conclusion == encode(claim)


def test_reversing_twice_gives_the_network(p: Proof) -> None:
    R = family("R", lambda h: (d(k - h), d(k - h + 1)))
    back, there = Tabulated(at, R[k + 1 - at].T), Tabulated(at, M[k + 1 - at].T)
    p.have(Near((R, there), LessEqual(f(M[k:1]), f(back[k:1]))), along(minimum(p), back))


def test_another_layer_put_in_is_not_the_centre(p: Proof) -> None:
    X = MatrixVariable("X", d(1), d(0))
    moved = M.with_layer(1, 2 * X)
    with pytest.raises(ScriptError):
        p.have(Near((X, M[1]), LessEqual(f(M[k:1]), f(moved[k:1]))), along(minimum(p), moved))


def test_only_what_holds_nearby_is_carried_along(p: Proof) -> None:
    X = MatrixVariable("X", d(1), d(0))
    plain = p.given(LessEqual(f(M[k:1]), f(M[k:1])))
    with pytest.raises(ScriptError, match="near a point"):
        p.have(
            Near((X, M[1]), LessEqual(f(M[k:1]), f(M.with_layer(1, X)[k:1]))),
            along(plain, M.with_layer(1, X)),
        )


# ── Certificates ───────────────────────────────────────────────────────────────────────────────
def test_a_certificate_reads_equations_as_they_are_written() -> None:
    proof = Proof()
    u, a = vector("u", n), vector("a", n)
    X = MatrixVariable("X", 1, n)
    for sides in ((a.T * u, Identity(1)), (Identity(1), a.T * u)):
        dual = proof.given(Equal(*sides))
        sign = -1 if sides[0] == a.T * u else 1
        zero = proof.given(Equal(u * X, 0))
        goal = Equal(X, 0)
        proof.have(goal, certificate((a.T, zero, None), (sign * Identity(1), dual, X)))


def test_a_certificate_takes_equations_only() -> None:
    proof = Proof()
    X = MatrixVariable("X", n, n)
    nonzero = proof.given(NonZero(X))
    with pytest.raises(ScriptError, match="no equation"):
        proof.have(Equal(X, 0), certificate((None, nonzero, None)))
    with pytest.raises(ScriptError, match="no equation"):
        proof.have(Equal(X, 0), algebra(nonzero))


# ── Algebra that completes ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("names", ["".join(order) for order in permutations("YAHQ")])
def test_the_resolvent_is_found_under_every_naming(names: str) -> None:
    Y, A, H, Q = (MatrixVariable(name, n, n) for name in names)
    proof = Proof()
    left = proof.given(Equal(Y * A, Identity(n)))
    right = proof.given(Equal((A + H) * Q, Identity(n)))
    proof.have(Equal(Q - Y, -Y * H * Q), algebra(left, right))


def test_the_normal_equations_of_ridge_regression_need_no_cofactors() -> None:
    q, m, c = natural("q"), natural("m"), real("c")
    X, Y = MatrixVariable("X", m, n), MatrixVariable("Y", q, n)
    W, Z = MatrixVariable("W", q, m), MatrixVariable("Z", q, m)
    loss = FunctionOf(Z, norm_squared(Z * X - Y) + c * norm_squared(Z))
    proof = Proof()
    critical = proof.given(Critical(loss, W))
    gradient = Equal(loss.gradient(W), 2 * (W * X - Y) * X.T + 2 * c * W)
    slope = proof.have(gradient, derivative(loss))
    claim = Equal(W * (X * X.T + c * Identity(m)), Y * X.T)
    proof.have(claim, algebra(critical, slope))
    with pytest.raises(ScriptError, match="no cofactors"):
        proof.have(claim, algebra(slope))


def test_algebra_takes_numbers_traces_and_1x1_matrices_together() -> None:
    c, t = real("c"), real("t")
    A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)
    u = vector("u", n)
    proof = Proof()
    proof.have(Equal(trace(A * B), trace(B * A)), algebra())
    unit = proof.given(Equal(u.T * u, Identity(1)))
    inverse = proof.given(Equal(c * t, 1))
    eigen = proof.given(Equal(c * A * u, u))
    proof.have(Equal(A * u, t * u), algebra(inverse, eigen))
    proof.have(Equal(trace(u.T * A * u), t), algebra(unit, inverse, eigen))
    proof.have(Equal(u.T * A * u, t * Identity(1)), algebra(unit, inverse, eigen))
    with pytest.raises(ScriptError, match=r"this is left: tr\(A·u·uᵀ\) − t"):
        proof.have(Equal(trace(u.T * A * u), t), algebra(unit, inverse))


def test_algebra_on_numbers_takes_equations_only() -> None:
    c, t = real("c"), real("t")
    proof = Proof()
    less = proof.given(LessEqual(c, t))
    with pytest.raises(ScriptError, match="is no equation"):
        proof.have(Equal(c, t), algebra(less))
    with pytest.raises(ScriptError, match="must be an equation"):
        proof.have(LessEqual(c, t), algebra())


def test_an_injective_piece_of_a_chain_is_taken_off(p: Proof) -> None:
    p.given(LessEqual(1, i))
    p.given(LessEqual(i, k))
    L, w = MatrixVariable("L", d(i), d(k)), vector("w", d(0))
    inverse = p.given(Equal(L * M[k : i + 1], Identity(d(i))))
    killed = p.given(Equal(M[k:1] * w, 0))
    p.have(Equal(M[i:1] * w, 0), algebra(inverse, killed))


def test_entries_multiplied_in_another_order_in_a_fact() -> None:
    A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)
    u = vector("u", n)
    for one, other in ((A, B), (B, A)):
        proof = Proof()
        killed = proof.given(Equal(hadamard(one, other) * u, 0))
        proof.have(Equal(hadamard(other, one) * u, 0), algebra(killed))


# ── Instances, indices, equals for equals ──────────────────────────────────────────────────────
def test_two_inequalities_give_an_equation(p: Proof) -> None:
    p.given(LessEqual(k, j + 1))
    p.have(Equal(k, j + 1), arithmetic())
    with pytest.raises(ScriptError):
        p.have(Equal(k, j + 2), arithmetic())


def test_premises_are_met_between_the_variables(p: Proof) -> None:
    nested = ForAll(i, Implies(LessEqual(1, i), ForAll(at, Implies(LessEqual(i, at), Less(0, at)))))
    fact = p.given(nested)
    p.have(Less(0, k), from_(fact, j, k))


def test_equals_for_equals_in_the_value_at_a_local_minimum(p: Proof) -> None:
    moved = M.with_layer(1, 1 * M[1])
    other = family("N", d)
    nearby = p.given(Near((N, moved), LessEqual(f(M[k:1]), f(N[k:1]))))
    same = p.have(Equal(M[k:1], moved[k:1]), algebra())
    p.have(LocalMinimum(other, f(other[k:1]), moved), rewriting(nearby, same))


def test_a_table_of_widths_is_read_off_when_the_index_is_put_in() -> None:
    e, m = natural("e"), natural("m")
    table = width_table(n, e, m)
    assert table(i).xreplace({i: 2 * j}) == table(2 * j)
    from sympy import Integer

    assert [table(i).xreplace({i: Integer(at)}) for at in (-1, 0, 1, 2, 3)] == [0, n, e, m, 0]
    assert family("N", table)[2:1].shape == (m, n)


def test_arithmetic_is_about_indices_only(p: Proof) -> None:
    with pytest.raises(ScriptError, match="is no relation between indices"):
        p.have(LessEqual(1, j), arithmetic(minimum(p)))
