"""What the gate lets through: plain tuples in normal form in which every shape and sort fits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from proofkit.claims import Equal, ForAll, LessEqual, Near, encode
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.symbols.faults import LanguageError, ShapeError, SortError
from proofkit.language.sorts import bound_term
from proofkit.language.wellformed import (
    MAX_NESTING,
    check_claim,
    check_term,
    check_variable,
)
from proofkit.symbols import (
    MatrixVariable,
    encode_family,
    encode_matrix,
    family,
    index,
    listed,
    natural,
    trace,
    widths,
)

INDEX = ("index",)
i, n, m, k, d = index("i"), natural("n"), natural("m"), index("k"), widths("d")
X, Y, M = MatrixVariable("X", n, n), MatrixVariable("Y", n, n), family("M", d)
xi, xk = (("var", name, INDEX) for name in "ik")
x_n = ("var", "n", ("nat",))
word_X = ((("var", "X", ("matrix", t.lin(0, {x_n: 1}), t.lin(0, {x_n: 1}))), 0),)
size = t.lin(0, {x_n: 1})


def good() -> list[Any]:
    return [
        Equal(X * Y, Y * X),
        ForAll(k, i, Equal(M[k : i + 1] * M[i:1], M[k:1])),
        Near((X, Y), LessEqual(trace(X), trace(Y))),
        LessEqual(d(i), 2 * n + 1),
    ]


@pytest.mark.parametrize("claim", good(), ids=str)
def test_claims_made_of_symbols_pass(claim: Any) -> None:
    check_claim(encode(claim))


MALFORMED: dict[str, Any] = {
    "a float": ("inonneg", ("lin", 0.5, ())),
    "not a number": ("inonneg", ("lin", float("nan"), ())),
    "a boolean": ("inonneg", ("lin", True, ())),
    "half an integer": ("inonneg", ("lin", Fraction(1, 2), ())),
    "a fractional coefficient of an integer": (
        "inonneg",
        ("lin", 0, ((xi, Fraction(1, 2)),)),
    ),
    "a whole number as a fraction": ("rnonneg", ("poly", (((), Fraction(2)),))),
    "a list": ("and", [("inonneg", t.lin(0)), ("inonneg", t.lin(0))]),
    "a set of atoms": ("inonneg", ("lin", 0, frozenset({(xi, 1)}))),
    "a coefficient that is text": ("rnonneg", ("poly", (((), "1"),))),
    "a zero coefficient": ("inonneg", ("lin", 0, ((xi, 0),))),
    "atoms out of order": ("inonneg", ("lin", 0, ((xk, 1), (xi, 1)))),
    "an atom twice": ("inonneg", ("lin", 0, ((xi, 1), (xi, 1)))),
    "the wrong sign": ("inull", ("lin", 0, ((xi, -1),))),
    "text for no atoms": ("inonneg", ("lin", 0, "")),
    "a negation inside": ("not", ("inonneg", t.lin(0))),
    "an index among reals": ("rnonneg", t.lin(0)),
    "a dangling variable": ("inonneg", t.lin(0, {("b", 0): 1})),
    "a variable without a sort": ("inonneg", t.lin(0, {("var", "i"): 1})),
    "a variable of no known sort": ("inonneg", t.lin(0, {("var", "i", ("set",)): 1})),
    "one name, two sorts": (
        "and",
        (("inonneg", t.lin(0, {xi: 1})), ("rnonneg", t.real_atom(("var", "i", ("real",))))),
    ),
    "a name of the kernel's": ("inonneg", t.lin(0, {("var", "?0", INDEX): 1})),
    "a name of the kernel's in a sort": (
        "mnull",
        bound_term(("var", "X", ("matrix", t.lin(0, {("var", "?0", ("nat",)): 1}), t.lin(1)))),
    ),
    "a negative size": ("mnull", ("mat", t.lin(-1), t.lin(-1), ())),
    "a size that may be negative": ("mnull", ("mat", t.lin(0, {xi: 1}), t.lin(1), ())),
    "an identity that is not square": ("mnull", ("mat", t.lin(1), t.lin(2), ((((), ()), 1),))),
    "a transposition flag of 2": (
        "mnull",
        ("mat", size, size, ((((), ((word_X[0][0], 2),)), 1),)),
    ),
    "the trace of nothing": ("rnonneg", t.real_atom(("trace", ()))),
    "a trace not in its least rotation": (
        "rnull",
        t.real_atom(("trace", (encode_matrix(Y)[3][0][0][1][0], *word_X))),
    ),
    "no claim at all": ("perhaps", t.lin(0)),
    "a claim without parts": ("forall",),
    "a conjunction of one": ("and", (("inonneg", t.lin(0)),)),
    "near an index": ("near", (INDEX,), (t.lin(0),), ("inonneg", t.lin(0))),
    "a function of negative size": (
        "convex",
        ("fun", t.lin(-1), t.lin(-1), t.constant(0)),
    ),
    "something that is no tuple": "false",
    "nothing": (),
}


@pytest.mark.parametrize("claim", MALFORMED.values(), ids=MALFORMED)
def test_malformed_claims_are_refused(claim: Any) -> None:
    with pytest.raises(LanguageError):
        check_claim(claim)


def test_nesting_without_end_is_refused() -> None:
    claim: Any = ("false",)
    for _ in range(MAX_NESTING + 1):
        claim = ("implies", ("false",), claim)
    with pytest.raises(LanguageError, match="nested"):
        check_claim(claim)


def test_what_passed_once_does_not_let_its_equals_through() -> None:
    # 1 == True == 1.0, and a claim remembered as well formed must not vouch for its lookalikes
    check_claim(("inonneg", ("lin", 1, ())))
    for lookalike in (True, 1.0, Fraction(1)):
        with pytest.raises(LanguageError):
            check_claim(("inonneg", ("lin", lookalike, ())))


class Forged(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Twisted(tuple):  # type: ignore[type-arg]
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    "claim",
    [
        ("inonneg", t.lin(0, {("var", Forged("i"), INDEX): 1})),
        Twisted(("inonneg", t.lin(0))),
        ("inonneg", Twisted(t.lin(0))),
    ],
)
def test_subclasses_of_plain_data_are_refused(claim: Any) -> None:
    with pytest.raises(LanguageError, match="tuples, strings, integers and fractions"):
        check_claim(claim)


def test_the_message_shows_the_normal_form() -> None:
    with pytest.raises(LanguageError) as fault:
        check_claim(("inonneg", ("lin", 0, ((xi, 1), (xi, 1)))))
    assert "expected: 0 ≤ 2·i" in str(fault.value)
    assert "found:    0 ≤ i + i" in str(fault.value)


def test_terms_are_checked_against_their_sort() -> None:
    check_term(encode_matrix(X), ("matrix", size, size))
    with pytest.raises(ShapeError, match="expected"):
        check_term(encode_matrix(X), ("matrix", size, t.lin(1)))
    with pytest.raises(SortError, match="natural"):
        check_term(t.lin(-1), ("nat",))
    with pytest.raises(LanguageError):
        check_term(t.constant(0), INDEX)


@pytest.mark.parametrize(
    "variable",
    [
        ("var", "?i", INDEX),
        ("b", 0),
        ("var", "i"),
        ("var", "i", ("matrix", t.lin(-1), t.lin(1))),
        ("var", 1, INDEX),
        ["var", "i", INDEX],
    ],
    ids=str,
)
def test_what_is_no_variable(variable: Any) -> None:
    with pytest.raises(LanguageError):
        check_variable(variable)


def test_a_list_of_matrices_fits_where_its_entries_do() -> None:
    two = listed(MatrixVariable("P", 2, 1), MatrixVariable("Q", 3, 2))
    sort = ("family", 1, t.lin(1, {("b", 0): 1}), t.lin(0, {("b", 0): 1}))
    with pytest.raises(LanguageError):
        check_term(encode_family(two), sort)  # i + 1 is no size for every index i
    with pytest.raises(SortError, match="explicit"):
        check_claim(
            c.matrix_null(
                t.letter_matrix(
                    t.lin(2),
                    t.lin(1),
                    t.chain_word(encode_family(two), t.lin(0, {xi: 1}), t.lin(0, {xi: 1})),
                )
            )
        )


def bound(*more: Any) -> Any:
    """∀r. −r + r > 0, the second r written as a bound variable with more to it."""
    first, second = ((((("b", 0, *extra), 1),),) for extra in ((), more))
    return ("forall", ("real",), ("rpos", ("poly", tuple(sorted([(*first, -1), (*second, 1)])))))


@pytest.mark.parametrize("more", [("twice",), (("nat",),)], ids=str)
def test_a_bound_variable_has_one_form(more: tuple[Any, ...]) -> None:
    with pytest.raises(LanguageError, match="a bound variable is"):
        check_claim(bound(*more))
    with pytest.raises(LanguageError, match="normal form"):
        check_claim(bound())


@pytest.mark.parametrize("claim", [("false", 1), ("false", "too")], ids=str)
def test_a_contradiction_has_one_form(claim: Any) -> None:
    check_claim(("false",))
    with pytest.raises(LanguageError, match="no claim is called"):
        check_claim(claim)
