"""The way into the core language loses nothing: what it cannot say it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.kernel import assume
from proofkit.symbols.faults import LanguageError, SortError
from proofkit.language.terms import show
from proofkit.symbols import (
    MatrixVariable,
    encode_index,
    encode_matrix,
    encode_real,
    encode_variable,
    family,
    index,
    natural,
    real,
    width_table,
    widths,
)

i, n, x, d = index("i"), natural("n"), real("x"), widths("d")

UNREADABLE = {
    "a positive symbol": sympy.Symbol("p", integer=True, positive=True),
    "a dummy": sympy.Dummy("i", integer=True),
    "a complex symbol": sympy.Symbol("z"),
    "a quotient": x / i,
    "a root": sympy.sqrt(x**2 + 1),
    "an exponential": sympy.exp(x),
    "a power with a symbol": x**n,
    "a power beyond bounds": x**17,
    "a negative power": x**-1,
    "infinity": sympy.oo,
    "a float": sympy.Float("0.5"),
    "a boolean": True,
}


@pytest.mark.parametrize("term", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_exactly_is_refused(term: Any) -> None:
    with pytest.raises(SortError):
        encode_real(term)


@pytest.mark.parametrize("term", [i * n, i**2, i / 2, d(i) * i, x, True], ids=str)
def test_integer_terms_are_linear(term: Any) -> None:
    with pytest.raises(SortError):
        encode_index(term)


def test_two_symbols_of_one_name_are_not_confused() -> None:
    # ∀i. i ≤ i' with another make of symbol i' called i must not become ∀i. i ≤ i
    for other in (sympy.Dummy("i", integer=True), sympy.Symbol("i", integer=True, odd=True)):
        with pytest.raises(SortError):
            encode(ForAll(i, LessEqual(i, other)))
    with pytest.raises(LanguageError, match="two variables"):
        assume(encode(LessEqual(i, natural("i"))))


@pytest.mark.parametrize("name", ["?", "?0", "?other0", "?X"])
def test_the_kernel_s_names_are_refused(name: str) -> None:
    for variable in (index(name), widths(name), MatrixVariable(name, n, n), family(name, d)):
        with pytest.raises(SortError, match="kernel's"):
            encode_variable(variable)


def test_integers_and_reals() -> None:
    assert show(encode_index(2 * i - d(i - 1) + 1)) in ("2·i − d(i − 1) + 1", "−d(i − 1) + 2·i + 1")
    assert show(encode_real(x**2 * (x + n))) in ("n·x^2 + x^3", "x^3 + n·x^2")
    assert encode(LessEqual(i, 3))[0] == "inonneg"
    assert encode(LessEqual(i, x))[0] == "rnonneg"


def test_widths_from_a_table() -> None:
    table = width_table(2, n, 3)
    assert encode_index(table(1)) == encode_index(n)
    assert encode_index(table(7)) == encode_index(0)
    M = family("M", table)
    assert encode_matrix(M[2:1])[1:3] == (encode_index(3), encode_index(2))


def test_bound_names_do_not_matter() -> None:
    # ∀i. M_i = 0 is ∀j. M_j = 0
    M, j = family("M", d), index("j")
    assert encode(ForAll(i, Equal(M[i], 0))) == encode(ForAll(j, Equal(M[j], 0)))
