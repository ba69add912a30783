"""Tactics about families, centres, certificates and index equations, each on a small proof."""

from __future__ import annotations

import pytest

from proofkit.claims import (
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
    from_,
    rewriting,
)
from proofkit.symbols import (
    Function,
    Identity,
    MatrixVariable,
    Tabulated,
    family,
    index,
    natural,
    replaced,
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
    with pytest.raises(ScriptError, match="no certificate"):
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
