"""Sums of matrices, families of two indices and widths with given ends: rules and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Equal, Exists, ForAll, Implies, Less, LessEqual, Near, encode
from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.claims import evaluate
from proofkit.kernel import Theorem
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import equation
from proofkit.kernel.reading import claim, term
from proofkit.kernel.terms import REAL, number
from proofkit.networks.random import random_matrix
from proofkit.symbols import (
    Function,
    MatrixVariable,
    Summation,
    Tabulated,
    WidthEnds,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    summation,
    widths,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, refuses

lo, hi, i, r, u = (index(name) for name in ("lo", "hi", "i", "r", "u"))
p, q, n, m = (natural(name) for name in "pqnm")
K = widths("K")
d = WidthEnds(widths("d", 2), K, n, m)
F = family("F", lambda at: (p, q))
M, N = family("M", d, arity=2), family("N", d, arity=2)
X = family("X", lambda at: (d(r, at), d(r, at - 1)))
f = Function("f", m, n)


def same(a: Any, b: Any, *ranges: Any) -> Theorem:
    """⊢ a = b, by nothing but what the two are."""
    return kernel.algebra(encode(Equal(a, b)), (), [given(order) for order in ranges])


# ── Sums ───────────────────────────────────────────────────────────────────────────────────────
def test_a_sum_has_a_last_term_or_none() -> None:
    total = Summation(F, hi, lo)
    split = Summation(F, hi - 1, lo) + F[hi]
    assert same(total, split, LessEqual(lo, hi)).hypotheses == (encode(LessEqual(lo, hi)),)
    assert same(total, 0, Less(hi, lo)).hypotheses == (encode(Less(hi, lo)),)
    for value, order in ((0, LessEqual(lo, hi)), (split, Less(hi, lo))):
        with refuses("algebra", BOTH):
            same(total, value, order)


@pytest.mark.parametrize(
    "orders", [(), (LessEqual(hi, lo),), (LessEqual(lo, hi + 1),), (LessEqual(lo - 1, hi),)]
)
def test_a_sum_needs_the_order_of_its_ends(orders: Any) -> None:
    for value in (0, Summation(F, hi - 1, lo) + F[hi]):
        with refuses("algebra", "is not the goal", BOTH):
            same(Summation(F, hi, lo), value, *orders)


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
    letter = ("sum", *map(encode_term, (layers, hi, lo)))
    size = encode_term(widths("w")(hi)), encode_term(widths("w")(hi - 1))
    total = ("mat", *size, ((((), ((letter, 0),)), (1, 1)),))
    with pytest.raises(LanguageError, match="of different shapes"):
        claim(("null", total))
    with pytest.raises(LanguageError):
        term(encode_term(Summation(F, hi, lo)), ("matrix", encode_term(q), encode_term(p)))
    with pytest.raises(LanguageError):  # an end that is no integer
        claim(("null", ("mat", *size, ((((), ((("sum", *letter[1:3], REAL), 0),)), (1, 1)),))))


def test_sums_are_continuous_in_their_summands() -> None:
    total = summation(u, 1, r, N[u][K(u) + 1 : 1])
    W = MatrixVariable("W", m, n)
    near = given(Near((W, summation(u, 1, r, M[u][K(u) + 1 : 1])), LessEqual(0, f(W))))
    theorem = kernel.near_along(near, [encode_variable(N)], [encode_term(M)], [encode_term(total)])
    assert theorem.conclusion == encode(Near((N, M), LessEqual(0, f(total))))
    rough = summation(u, 1, r, f(N[u][K(u) + 1 : 1]) * N[u][K(u) + 1 : 1])
    with refuses("near: along a continuous map", "not continuous by its form"):
        kernel.near_along(near, [encode_variable(N)], [encode_term(M)], [encode_term(rough)])


# ── Families of two indices ────────────────────────────────────────────────────────────────────
def test_members_are_read_off() -> None:
    put = M.with_layer(r, X)
    assert same(put[r][i], X[i])
    assert same(put[r + 1][i], M[r + 1][i])
    with refuses("algebra", "is not the goal", BOTH):
        same(put[u][i], M[u][i])
    with refuses("algebra", "is not the goal", BOTH):
        same(put[r][i], M[r][i])
    table = Tabulated(u, M[u].with_layer(1, M[u][1]))
    assert same(table[r][i], M[r].with_layer(1, M[r][1])[i])
    assert same(table[r][1], M[r][1])


def test_another_tower_is_what_it_was() -> None:
    put = M.with_layer(r, X)[u]
    for order in (Less(u, r), Less(r, u)):
        assert same(put[i], M[u][i], order).hypotheses == (encode(order),)


@pytest.mark.parametrize("order", [LessEqual(u, r), LessEqual(r, u), Less(u, i)])
def test_a_tower_that_may_be_the_one_put_in_is_refused(order: Any) -> None:
    put = M.with_layer(r, X)[u]
    with refuses("algebra", "is not the goal", BOTH):
        same(put[i], M[u][i], order)


def test_a_tower_of_another_shape_cannot_be_put_in() -> None:
    with pytest.raises(LanguageError):
        M.with_layer(u, X)
    sort = encode_variable(M)[2]
    tower = ("lam", ("index",), encode_term(X))
    with pytest.raises(LanguageError, match="of another sort"):
        term(("changed", encode_term(M), *[encode_term(u)] * 2, tower), sort)
    # what fits in one place need not fit in two
    with pytest.raises(LanguageError, match="of another sort"):
        term(("changed", encode_term(M), encode_term(r), encode_term(r + 1), tower), sort)
    assert term(("changed", encode_term(M), *[encode_term(r)] * 2, tower), sort)


def test_a_list_is_no_family_of_two_indices() -> None:
    A = MatrixVariable("A", n, n)
    square = ("matrix", encode_term(n), encode_term(n))
    table = ("lam", ("index",), encode_term(A))
    assert term(table, ("to", ("index",), square))
    with pytest.raises(LanguageError):
        term(table, ("to", ("index",), ("to", ("index",), square)))


def test_families_of_two_indices_are_equal_when_all_their_matrices_are() -> None:
    sort = encode_variable(M)[2]
    equal = claim(equation(sort, encode_term(M), encode_term(N)))
    assert equal == encode(ForAll(u, i, Equal(M[u][i], N[u][i])))


def test_a_family_may_be_chosen_for_each_index() -> None:
    one = family("X", lambda at: (d(u, at), d(u, at - 1)))
    exists = Exists(one, Equal(one[K(u) + 1 : 1], MatrixVariable("A", m, n)))
    theorem = kernel.choose(given(ForAll(u, Implies(LessEqual(1, u), exists))))
    chosen = Equal(M[u][K(u) + 1 : 1], MatrixVariable("A", m, n))
    assert theorem.conclusion == encode(Exists(M, ForAll(u, Implies(LessEqual(1, u), chosen))))


def test_functions_are_chosen_and_numbers_are_not() -> None:
    g = Function("g", n, n)
    A = MatrixVariable("A", n, n)
    with refuses("choose", "a matrix or a function"):
        kernel.choose(given(ForAll(u, Exists(i, LessEqual(u, i)))))
    # a function for each index is a function of two arguments
    theorem = kernel.choose(given(ForAll(u, Exists(g, LessEqual(0, g(A))))))
    assert theorem.conclusion[1] == ("to", ("index",), encode_variable(g)[2])


# ── Widths with given ends ─────────────────────────────────────────────────────────────────────
def test_the_ends_are_read_off() -> None:
    assert encode_term(d(u, 0)) == encode_term(n)
    assert encode_term(d(u, K(u) + 1)) == encode_term(m)
    stuck = encode_term(d(u, i))
    body = closed(stuck, encode_variable(i))
    for at, value in ((0, n), (K(u) + 1, m)):
        found = term(opened(body, encode_term(index("z") * 0 + at)), REAL)
        assert found == encode_term(value)
    assert encode_term(d(u, K(r) + 1)) not in (encode_term(m), encode_term(n))


def test_what_ends_are_read_off_stands_in_normal_form() -> None:
    width = encode_term(d(u, i))[1][0][0][0][0][0]
    assert width[0] == "at"
    unread = ("at", width[1], number(0))
    assert term(unread, ("nat",)) == encode_term(n)


def test_widths_are_natural() -> None:
    inner, zero = encode_term(widths("w")), number(0)
    for value in (encode_term(i), number(-1), number(1, 2)):
        other = ("changed", inner, zero, zero, ("lam", ("index",), value))
        with pytest.raises(LanguageError, match="of another sort"):
            term(("at", other, encode_term(i)), REAL)
    fine = ("changed", inner, zero, zero, ("lam", ("index",), encode_term(n)))
    assert term(("at", fine, zero), ("nat",)) == encode_term(n)


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
