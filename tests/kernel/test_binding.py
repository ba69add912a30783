"""Substitution never captures: what is put in for a variable means there what it meant before."""

from __future__ import annotations

import pytest

from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.kernel.binding import closed, free, lifted, moved, opened, reach
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim, term
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, minus, number, plus
from proofkit.symbols import (
    Function,
    FunctionOf,
    Identity,
    MatrixVariable,
    WidthOf,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    rank,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

i, layer, n = index("i"), index("l"), natural("n")
X, N, f = MatrixVariable("X", 1, 1), family("N", lambda at: (1, 1)), Function("f", 1, 1)


def instance(everywhere: ForAll, value: Term) -> Term:
    """The body of ∀x. … with the term put in for x."""
    return claim(opened(encode(everywhere)[2], value))


def test_a_name_is_not_captured_by_a_binder_of_that_name() -> None:
    # (∀j. ∀i. i ≤ j)[j := i] is ∀i'. i' ≤ i, not ∀i. i ≤ i
    claim = ForAll(layer, ForAll(i, LessEqual(i, layer)))
    other = index("other")
    wanted = ForAll(other, LessEqual(other, i))
    assert instance(claim, encode_term(i)) == encode(wanted)


def test_an_argument_is_not_captured_inside_the_body_of_a_function() -> None:
    # (∀f. ∀i. f(N_i) = 0)[f := X ↦ tr((l ↦ X)_1)] is ∀i. tr((l ↦ N_i)_1) = 0
    claim = ForAll(f, ForAll(i, Equal(f(N[i]), 0)))
    unfolded = FunctionOf(X, trace(tabulated(layer, X)[1]))
    wanted = ForAll(i, Equal(trace(tabulated(layer, N[i])[1]), 0))
    assert instance(claim, encode_term(unfolded)) == encode(wanted)


def test_an_index_is_not_captured_inside_the_body_of_a_width_function() -> None:
    # (∀d. ∀i. d(i) ≤ 0)[d := x ↦ rank((l ↦ N_x)_1)] is ∀i. rank((l ↦ N_i)_1) ≤ 0
    d, at = widths("d"), index("at")
    claim = ForAll(d, ForAll(i, LessEqual(d(i), 0)))
    unfolded = WidthOf(at, rank(tabulated(layer, N[at])[1]))
    wanted = ForAll(i, LessEqual(rank(tabulated(layer, N[i])[1]), 0))
    assert instance(claim, encode_term(unfolded)) == encode(wanted)


def test_the_trace_of_an_identity_put_in_is_its_size() -> None:
    # tr(XᵀX)[X := I] = n
    S = MatrixVariable("S", n, n)
    body = closed(encode_term(trace(S.T * S)), encode_variable(S))
    assert term(opened(body, encode_term(Identity(n))), REAL) == encode_term(n)


def test_the_trace_of_a_word_that_vanishes_is_not_zero() -> None:
    # tr(N[i:l]·N[l−1:i+1]) is 1 where l = i + 1
    word = encode_term(trace(N[i:layer] * N[layer - 1 : i + 1]))
    body = closed(word, encode_variable(layer))
    assert term(opened(body, encode_term(i + 1)), REAL) == number(1)


def test_what_is_put_in_is_brought_to_normal_form() -> None:
    # f(X)[f := X ↦ tr X][X := A + B], (i ↦ N_i)[i := 1], x·A with x := 0
    A, B = MatrixVariable("A", 1, 1), MatrixVariable("B", 1, 1)
    body = closed(encode_term(f(A + B)), encode_variable(f))
    found = opened(body, encode_term(FunctionOf(X, trace(X))))
    assert term(found, REAL) == encode_term(trace(A) + trace(B))
    chain = closed(encode_term(N[layer:i]), encode_variable(layer))
    one = ("matrix", number(1), number(1))
    assert term(opened(chain, encode_term(i - 1)), one) == encode_term(Identity(1))
    backwards = opened(chain, encode_term(i - 2))
    with pytest.raises(LanguageError, match="backwards"):
        claim(("null", backwards))


def test_free_variables_include_those_of_sorts() -> None:
    S = MatrixVariable("S", n, n)
    assert set(free(encode(Equal(S, 0)))) == {"S", "n"}
    assert set(free(encode(ForAll(S, Equal(S, 0))))) == {"n"}


def test_one_name_stands_for_one_variable() -> None:
    two = node("and", (("var", "x", INDEX), ("var", "x", REAL)))
    with pytest.raises(LanguageError, match="two variables") as fault:
        free(two)
    assert fault.value.terms == (("var", "x", REAL),)


# ── Loose bound variables ──────────────────────────────────────────────────────────────────────
B2 = node("b", 2)


def test_reach_counts_the_binders_looked_through() -> None:
    assert reach(node()) == reach(node("real")) == reach(number(3)) == 0
    assert reach(B2) == 3
    assert reach(node("lam", INDEX, B2)) == 2
    assert reach(node("lam", B2, ("b", 0))) == 3  # the domain stands outside the binder
    assert reach(node("near", (REAL, REAL), (B2, B2), ("b", 4))) == 3
    assert reach(node("near", (REAL, REAL), (number(0),) * 2, ("b", 1))) == 0


def test_lifting_renumbers_what_is_loose_only() -> None:
    x = node("lam", INDEX, (("b", 0), ("b", 1)))
    assert lifted(x, 3) == ("lam", INDEX, (("b", 0), ("b", 4)))
    assert lifted(x, 0) is x
    assert lifted(number(1), 5) is number(1)


def test_a_group_is_opened_and_closed_from_first_to_last() -> None:
    x, y = (node("var", name, REAL) for name in "xy")
    pair = node((x, y, ("b", 0)))
    body = closed(pair, x, y)
    assert body == ((("b", 1), ("b", 0), ("b", 2)),)
    assert opened(body, x, y) == pair
    assert opened(body, y, x) == ((y, x, ("b", 0)),)


def test_closing_does_not_look_into_sorts() -> None:
    size = node("var", "n", NAT)
    matrix = node("var", "X", ("matrix", as_term(size, NAT), number(1)))
    body = closed(node(matrix, size), size)
    assert body == (matrix, ("b", 0))
    assert "n" in free(body)  # so `generalise` refuses


def test_moving_an_index_along() -> None:
    body = as_term(node("b", 0), INDEX)
    there = term(("lam", INDEX, moved(body, 2)), ("to", INDEX, INDEX))
    assert there == ("lam", INDEX, plus(body, number(2)))
    inner = node("forall", INDEX, ("inonneg", as_term(node("b", 1), INDEX)))
    below = claim(("forall", INDEX, moved(inner, -1)))
    wanted = minus(as_term(node("b", 1), INDEX), number(1))
    assert below == ("forall", INDEX, ("forall", INDEX, ("inonneg", wanted)))
