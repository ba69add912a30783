"""Sums of matrices, families of two indices and widths with given ends: rules and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Equal, Exists, ForAll, Implies, Less, LessEqual, Near, encode
from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.claims import evaluate
from proofkit.kernel import KernelError
from proofkit.kernel.logic import equality
from proofkit.language import terms as t
from proofkit.language.binding import open_binder
from proofkit.symbols.faults import LanguageError
from proofkit.language.sorts import bound_term
from proofkit.language.wellformed import check_claim, check_term
from proofkit.networks.random import random_matrix
from proofkit.symbols import (
    Function,
    MatrixVariable,
    Summation,
    Tabulated,
    WidthEnds,
    encode_family,
    encode_index,
    encode_matrix,
    encode_variable,
    family,
    index,
    natural,
    summation,
    widths,
)

lo, hi, i, r, u = (index(name) for name in ("lo", "hi", "i", "r", "u"))
p, q, n, m = (natural(name) for name in "pqnm")
K = widths("K")
d = WidthEnds(widths("d", 2), K, n, m)
F = family("F", lambda at: (p, q))
M, N = family("M", d, arity=2), family("N", d, arity=2)
X = family("X", lambda at: (d(r, at), d(r, at - 1)))
f = Function("f", m, n)


def given(claim: Any) -> kernel.Theorem:
    return kernel.assume(encode(claim))


def summed(F: Any, hi: Any, lo: Any, order: Any) -> kernel.Theorem:
    return kernel.summation(encode_family(F), encode_index(hi), encode_index(lo), given(order))


# ── The rule of sums ───────────────────────────────────────────────────────────────────────────
def test_a_sum_has_a_last_term_or_none() -> None:
    last = summed(F, hi, lo, LessEqual(lo, hi))
    assert last.conclusion == encode(Equal(Summation(F, hi, lo), Summation(F, hi - 1, lo) + F[hi]))
    assert last.hypotheses == (encode(LessEqual(lo, hi)),)
    empty = summed(F, hi, lo, Less(hi, lo))
    assert empty.conclusion == encode(Equal(Summation(F, hi, lo), 0))


@pytest.mark.parametrize("order", [LessEqual(hi, lo), LessEqual(lo, hi + 1), Less(lo, hi)])
def test_a_sum_needs_the_order_of_its_ends(order: Any) -> None:
    with pytest.raises(KernelError, match="last term"):
        summed(F, hi, lo, order)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("first", "last"), [(1, 4), (2, 2), (3, 2), (4, 1), (-1, 1)])
def test_the_rule_holds_for_matrices(seed: int, first: int, last: int) -> None:
    members = {at: random_matrix((seed, at + 2), 2, 3) for at in range(-2, 6)}
    env = Environment({F: Layers(members), p: 2, q: 3, lo: first, hi: last})
    total = Summation(F, hi, lo)
    value = Summation(F, hi - 1, lo) + F[hi] if first <= last else 0
    assert evaluate(Equal(total, value), env).everywhere


def test_the_wrong_case_is_false() -> None:
    # With lo > hi the sum is zero, and not what the other case says.
    env = Environment(
        {F: Layers({at: random_matrix((7, at), 1, 1) for at in range(5)}), p: 1, q: 1, lo: 3, hi: 1}
    )
    claim = Equal(Summation(F, hi, lo), Summation(F, hi - 1, lo) + F[hi])
    assert not evaluate(claim, env).everywhere


def test_summands_of_different_shapes_are_refused() -> None:
    layers = family("L", widths("w"))
    with pytest.raises(LanguageError):
        Summation(layers, hi, lo)
    letter = ("sum", encode_family(layers), encode_index(hi), encode_index(lo))
    size = encode_index(widths("w")(hi)), encode_index(widths("w")(hi - 1))
    term = t.letter_matrix(*size, ((letter, 0),))
    with pytest.raises(LanguageError, match="differ in shape"):
        check_term(term, ("matrix", *size))
    with pytest.raises(LanguageError):
        summed(layers, hi, lo, LessEqual(lo, hi))
    with pytest.raises(LanguageError):
        check_term(
            encode_matrix(Summation(F, hi, lo)), ("matrix", encode_index(q), encode_index(p))
        )


def test_sums_are_continuous_in_their_summands() -> None:
    total = summation(u, 1, r, N[u][K(u) + 1 : 1])
    W = MatrixVariable("W", m, n)
    near = given(Near((W, summation(u, 1, r, M[u][K(u) + 1 : 1])), LessEqual(0, f(W))))
    theorem = kernel.near_along(
        near, [encode_variable(N)], [encode_family(M)], [encode_matrix(total)]
    )
    assert theorem.conclusion == encode(Near((N, M), LessEqual(0, f(total))))
    moving_end = t.letter_matrix(
        encode_index(m), encode_index(n), (encode_matrix(total)[3][0][0][1][0],)
    )
    with pytest.raises(KernelError):
        kernel.near_along(near, [encode_variable(F)], [encode_family(F)], [moving_end])


# ── Families of two indices ────────────────────────────────────────────────────────────────────
def test_members_are_read_off() -> None:
    put = M.with_layer(r, X)
    assert encode_family(put[r]) == encode_family(X)
    assert encode_family(put[r + 1]) == encode_family(M[r + 1])
    assert encode_family(put[u]) == ("member", encode_family(put), encode_index(u))
    table = Tabulated(u, M[u].with_layer(1, M[u][1]))
    assert encode_family(table[r]) == encode_family(M[r].with_layer(1, M[r][1]))


def test_members_that_can_be_read_off_are_not_in_normal_form() -> None:
    at = encode_index(r)
    put = encode_family(M.with_layer(r, X))
    chain = ("chain", ("member", put, at), encode_index(K(r) + 1), encode_index(1))
    term = t.letter_matrix(encode_index(m), encode_index(n), ((chain, 0),))
    with pytest.raises(LanguageError, match="normal form"):
        check_term(term, ("matrix", encode_index(m), encode_index(n)))


def test_another_tower_is_what_it_was() -> None:
    put = encode_family(M.with_layer(r, X)[u])
    for order in (Less(u, r), Less(r, u)):
        theorem = kernel.layer(put, encode_index(i), [given(order)])
        assert theorem.conclusion == encode(Equal(M.with_layer(r, X)[u][i], M[u][i]))
        assert theorem.hypotheses == (encode(order),)


@pytest.mark.parametrize("order", [LessEqual(u, r), LessEqual(r, u), Less(u, i)])
def test_a_tower_that_may_be_the_one_put_in_is_refused(order: Any) -> None:
    put = encode_family(M.with_layer(r, X)[u])
    with pytest.raises(KernelError, match="put in"):
        kernel.layer(put, encode_index(i), [given(order)])
    with pytest.raises(KernelError):
        kernel.layer(encode_family(M[u]), encode_index(i), [given(order)])


def test_a_tower_of_another_shape_cannot_be_put_in() -> None:
    with pytest.raises(LanguageError):
        M.with_layer(u, X)
    put = ("updated", encode_family(M), encode_index(u), encode_family(X))
    sort = encode_variable(M)[2]
    with pytest.raises(LanguageError):
        check_term(put, sort)
    check_term(encode_family(M.with_layer(r, X)), sort)


def test_a_list_is_no_family_of_two_indices() -> None:
    A = MatrixVariable("A", n, n)
    listed = ("listed", (encode_matrix(A),))
    with pytest.raises(LanguageError):
        check_term(listed, ("family", 2, encode_index(n), encode_index(n)))


def test_families_of_two_indices_are_equal_when_all_their_matrices_are() -> None:
    sort = encode_variable(M)[2]
    claim = equality(sort, encode_family(M), encode_family(N))
    assert claim == encode(ForAll(u, i, Equal(M[u][i], N[u][i])))
    check_claim(claim)


def test_a_family_may_be_chosen_for_each_index() -> None:
    one = family("X", lambda at: (d(u, at), d(u, at - 1)))
    exists = Exists(one, Equal(one[K(u) + 1 : 1], MatrixVariable("A", m, n)))
    theorem = kernel.choose(given(ForAll(u, Implies(LessEqual(1, u), exists))))
    chosen = Equal(M[u][K(u) + 1 : 1], MatrixVariable("A", m, n))
    assert theorem.conclusion == encode(Exists(M, ForAll(u, Implies(LessEqual(1, u), chosen))))


def test_functions_and_numbers_are_not_chosen() -> None:
    g = Function("g", n, n)
    A = MatrixVariable("A", n, n)
    for exists in (Exists(g, LessEqual(0, g(A))), Exists(i, LessEqual(u, i))):
        with pytest.raises(KernelError, match="can be chosen"):
            kernel.choose(given(ForAll(u, exists)))


# ── Widths with given ends ─────────────────────────────────────────────────────────────────────
def test_the_ends_are_read_off() -> None:
    assert encode_index(d(u, 0)) == encode_index(n)
    assert encode_index(d(u, K(u) + 1)) == encode_index(m)
    stuck = encode_index(d(u, i))
    assert stuck[2][0][0][0] == "width"
    body = t.lin(0, {("width", stuck[2][0][0][1], (encode_index(u), t.lin(0, {("b", 0): 1}))): 1})
    assert open_binder(body, [encode_index(0)]) == encode_index(n)
    assert open_binder(body, [encode_index(K(u) + 1)]) == encode_index(m)
    assert open_binder(body, [encode_index(K(r) + 1)]) == encode_index(d(u, K(r) + 1))


def test_ends_in_normal_form_only() -> None:
    width = encode_index(d(u, i))[2][0][0][1]
    unread = t.lin(0, {("width", width, (encode_index(u), t.lin(0))): 1})
    with pytest.raises(LanguageError, match="normal form"):
        check_term(unread, ("index",))


def test_ends_need_two_indices_and_naturals() -> None:
    w = bound_term(encode_variable(widths("w")))
    one = ("ends", w, w, encode_index(n), encode_index(m))
    with pytest.raises(LanguageError):
        check_term(t.lin(0, {("width", one, (encode_index(i),)): 1}), ("index",))
    two = encode_variable(widths("d", 2))
    for ends in ((encode_index(i), encode_index(m)), (encode_index(n), encode_index(-1))):
        width = ("ends", two, encode_variable(K), *ends)
        atom = ("width", width, (encode_index(u), encode_index(i)))
        with pytest.raises(LanguageError):
            check_term(t.lin(0, {atom: 1}), ("index",))


def test_ends_and_their_values_agree() -> None:
    env = Environment(
        {
            widths("d", 2): {(1, at): 5 + at for at in range(5)},
            K: {1: 2},
            n: 3,
            m: 4,
            u: 1,
        }
    )
    for at, value in ((0, 3), (1, 6), (2, 7), (3, 4), (4, 9)):
        assert evaluate(Equal(d(u, i), value), env.having({i: at})).everywhere
