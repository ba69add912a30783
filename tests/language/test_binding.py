"""Substitution never captures: what is put in for a variable means there what it meant before."""

from __future__ import annotations

import pytest

from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.symbols.faults import LanguageError
from proofkit.language.occurrences import free_variables
from proofkit.language.sorts import bound_term
from proofkit.symbols import (
    Function,
    FunctionOf,
    Identity,
    MatrixVariable,
    WidthOf,
    encode_function,
    encode_matrix,
    encode_real,
    encode_variable,
    family,
    index,
    natural,
    rank,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.encode import encode_width

i, layer, n = index("i"), index("l"), natural("n")
X, N, f = MatrixVariable("X", 1, 1), family("N", lambda at: (1, 1)), Function("f", 1, 1)


def instance(claim: ForAll, term: t.Term) -> t.Term:
    """The body of ∀x. … with the term put in for x."""
    return open_binder(encode(claim)[2], (term,))


def test_a_name_is_not_captured_by_a_binder_of_that_name() -> None:
    # (∀j. ∀i. i ≤ j)[j := i] is ∀i'. i' ≤ i, not ∀i. i ≤ i
    claim = ForAll(layer, ForAll(i, LessEqual(i, layer)))
    other = index("other")
    wanted = ForAll(other, LessEqual(other, i))
    assert instance(claim, bound_term(encode_variable(i))) == encode(wanted)


def test_an_argument_is_not_captured_inside_the_body_of_a_function() -> None:
    # (∀f. ∀i. f(N_i) = 0)[f := X ↦ tr((l ↦ X)_1)] is ∀i. tr((l ↦ N_i)_1) = 0
    claim = ForAll(f, ForAll(i, Equal(f(N[i]), 0)))
    unfolded = FunctionOf(X, trace(tabulated(layer, X)[1]))
    wanted = ForAll(i, Equal(trace(tabulated(layer, N[i])[1]), 0))
    assert instance(claim, encode_function(unfolded)) == encode(wanted)


def test_an_index_is_not_captured_inside_the_body_of_a_width_function() -> None:
    # (∀d. ∀i. d(i) ≤ 0)[d := x ↦ rank((l ↦ N_x)_1)] is ∀i. rank((l ↦ N_i)_1) ≤ 0
    d, at = widths("d"), index("at")
    claim = ForAll(d, ForAll(i, LessEqual(d(i), 0)))
    unfolded = WidthOf(at, rank(tabulated(layer, N[at])[1]))
    wanted = ForAll(i, LessEqual(rank(tabulated(layer, N[i])[1]), 0))
    assert instance(claim, encode_width(unfolded)) == encode(wanted)


def test_the_trace_of_an_identity_put_in_is_its_size() -> None:
    # tr(XᵀX)[X := I] = n
    S = MatrixVariable("S", n, n)
    body = close_binder(encode_real(trace(S.T * S)), [encode_variable(S)])
    assert open_binder(body, [encode_matrix(Identity(n))]) == encode_real(n)


def test_the_trace_of_a_word_that_vanishes_is_not_zero() -> None:
    # tr(N[i:l]·N[l−1:i+1]) is 1 where l = i + 1, and is refused rather than called 0
    word = encode_real(trace(N[i:layer] * N[layer - 1 : i + 1]))
    body = close_binder(word, [encode_variable(layer)])
    with pytest.raises(LanguageError, match="needs its size"):
        open_binder(body, [t.lin(1, {encode_variable(i): 1})])


def test_free_variables_include_those_of_sorts() -> None:
    S = MatrixVariable("S", n, n)
    assert set(free_variables(encode(Equal(S, 0)))) == {"S", "n"}
    assert set(free_variables(encode(ForAll(S, Equal(S, 0))))) == {"n"}
