"""The way into the core language loses nothing: what it cannot say it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.kernel import assume
from proofkit.kernel.terms import INDEX, NAT, REAL
from proofkit.symbols import (
    MatrixVariable,
    encode_sort,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    real,
    reciprocal,
    sqrt,
    width_table,
    widths,
)
from proofkit.symbols.faults import LanguageError, SortError

i, n, x, d = index("i"), natural("n"), real("x"), widths("d")

UNREADABLE = {
    "a positive symbol": sympy.Symbol("p", integer=True, positive=True),
    "a dummy": sympy.Dummy("i", integer=True),
    "a complex symbol": sympy.Symbol("z"),
    "a third of a power": x ** sympy.Rational(1, 3),
    "a power below bounds": x**-17,
    "SymPy's exponential": sympy.exp(x),
    "a power with a symbol": x**n,
    "a power beyond bounds": x**17,
    "infinity": sympy.oo,
    "a float": sympy.Float("0.5"),
    "a boolean": True,
}


@pytest.mark.parametrize("term", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_exactly_is_refused(term: Any) -> None:
    with pytest.raises(SortError):
        encode_term(term)


@pytest.mark.parametrize(
    ("term", "word"),
    [
        (1 / x, reciprocal(x)),
        (x / i, x * reciprocal(i)),
        (x**-2, reciprocal(x) ** 2),
        (x / (1 + x), x * reciprocal(1 + x)),
        (sympy.sqrt(x**2 + 1), sqrt(x**2 + 1)),
        (1 / sympy.sqrt(x), reciprocal(sqrt(x))),
    ],
    ids=str,
)
def test_quotients_and_roots_are_words(term: Any, word: Any) -> None:
    assert encode_term(term) == encode_term(word)
    with pytest.raises(LanguageError, match="of sort real stands where one of sort index"):
        encode_term(term, INDEX)


@pytest.mark.parametrize("term", [i / 2, x, x * i, n / 3], ids=str)
def test_what_is_no_integer_is_no_index(term: Any) -> None:
    with pytest.raises(LanguageError, match="of sort real stands where one of sort index"):
        encode_term(term, INDEX)


@pytest.mark.parametrize("term", [i * n, i**2, d(i) * i], ids=str)
def test_products_of_integers_are_integers(term: Any) -> None:
    assert encode_term(term, INDEX) == encode_term(term, REAL) == encode_term(term)


def test_two_symbols_of_one_name_are_not_confused() -> None:
    # ∀i. i ≤ i' with another make of symbol i' called i must not become ∀i. i ≤ i
    for other in (sympy.Dummy("i", integer=True), sympy.Symbol("i", integer=True, odd=True)):
        with pytest.raises(SortError):
            encode(ForAll(i, LessEqual(i, other)))
    with pytest.raises(LanguageError, match="two variables"):
        assume(encode(LessEqual(i, natural("i"))))


@pytest.mark.parametrize("name", ["", "?", "?0", "X = 0", "a b", "X\u200b", "X\u3164", "X" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    for variable in (index(name), widths(name), MatrixVariable(name, n, n), family(name, d)):
        with pytest.raises(SortError, match="is no name for a variable"):
            encode_variable(variable)


def test_integers_and_reals() -> None:
    assert encode_term(2 * i - d(i - 1) + 1) == encode_term(1 + i + i - d(i - 1))
    assert encode_term(x**2 * (x + n)) == encode_term(x * x * x + n * x * x)
    assert encode(LessEqual(i, 3))[0] == "inonneg"
    assert encode(LessEqual(i, x))[0] == "rnonneg"


def test_widths_from_a_table() -> None:
    table = width_table(2, n, 3)
    assert encode_term(table(1)) == encode_term(n)
    assert encode_term(table(7)) == encode_term(0)
    M = family("M", table)
    assert encode_term(M[2:1])[1:3] == (encode_term(3), encode_term(2))


def test_bound_names_do_not_matter() -> None:
    # ∀i. M_i = 0 is ∀j. M_j = 0
    M, j = family("M", d), index("j")
    assert encode(ForAll(i, Equal(M[i], 0))) == encode(ForAll(j, Equal(M[j], 0)))


# ── A closed way in ────────────────────────────────────────────────────────────────────────────
class Lying(MatrixVariable):  # type: ignore[misc]
    """Another matrix, whatever it says."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(MatrixVariable("A", n, n))


class Shifted(sympy.Integer):  # type: ignore[misc]
    """A number that says it is another."""

    def __int__(self) -> int:
        return 7

    @property
    def p(self) -> int:
        return 7


class Renamed(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("A")


def test_classes_of_one_s_own_are_no_terms() -> None:
    A = MatrixVariable("A", n, n)
    encode_term(A)  # what was seen before must not vouch for what says it is equal
    for other in (Lying("B", n, n), sympy.Matrix([[1]]), Renamed("A"), ("var", "A"), None, {}):
        for use in (encode_term, encode_variable, encode_sort):
            with pytest.raises(SortError):
                use(other)
        with pytest.raises(LanguageError):
            encode_term(A + other)
    encode_term(sympy.Integer(7))
    shifted = sympy.Basic.__new__(Shifted)
    with pytest.raises(SortError, match="is not a term"):
        encode_term(shifted)


def test_sorts() -> None:
    assert [encode_sort(v) for v in (i, n, x)] == [INDEX, NAT, REAL]
    assert encode_sort(MatrixVariable("A", n, 2)) == ("matrix", encode_term(n), encode_term(2))
    assert encode_sort(widths("w", 2)) == ("to", INDEX, ("to", INDEX, NAT))
