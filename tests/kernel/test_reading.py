"""What the gate lets through: exact tuples in which every shape and sort fits, in normal form."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from proofkit.claims import Equal, ForAll, LessEqual, Near, encode
from proofkit.kernel.nodes import DEEPEST, HUGE, node
from proofkit.kernel.reading import PLAIN, claim, read_by, term, variable
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, number
from proofkit.symbols import (
    MatrixVariable,
    encode_term,
    family,
    index,
    listed,
    natural,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

i, n, m, k, d = index("i"), natural("n"), natural("m"), index("k"), widths("d")
X, Y, M = MatrixVariable("X", n, n), MatrixVariable("Y", n, n), family("M", d)
x_n, x_i = ("var", "n", NAT), ("var", "i", INDEX)
size = as_term(node(*x_n), NAT)
x_X, x_Y = (("var", name, ("matrix", size, size)) for name in "XY")
ZERO, ONE = number(0), number(1)
ONE_BY_ONE = ("matrix", ONE, ONE)


def num(*terms: Any) -> Any:
    """A sum of coefficient · atom."""
    return ("num", tuple((((((atom, 1),) if atom else ()), ()), (p, 1)) for atom, p in terms))


def mat(*word: Any, shape: Any = (size, size)) -> Any:
    return ("mat", *shape, ((((), tuple(word)), (1, 1)),))


def good() -> list[Any]:
    return [
        Equal(X * Y, Y * X),
        ForAll(k, i, Equal(M[k : i + 1] * M[i:1], M[k:1])),
        Near((X, Y), LessEqual(trace(X), trace(Y))),
        LessEqual(d(i), 2 * n + 1),
    ]


@pytest.mark.parametrize("said", good(), ids=str)
def test_claims_made_of_symbols_pass(said: Any) -> None:
    assert claim(encode(said)) == encode(said)


MALFORMED: dict[str, Any] = {
    "a float": ("inonneg", num((None, 0.5))),
    "not a number": ("inonneg", num((None, float("nan")))),
    "a boolean": ("inonneg", num((None, True))),
    "a fraction": ("rnonneg", num((None, Fraction(1, 2)))),
    "nothing for a coefficient": ("rnonneg", num((None, None))),
    "text for a coefficient": ("rnonneg", num((None, "1"))),
    "a coefficient alone": ("rnonneg", ("num", ((((), ()), 1),))),
    "a quotient by zero": ("rnonneg", ("num", ((((), ()), (1, 0)),))),
    "a quotient by −1": ("rnonneg", ("num", ((((), ()), (1, -1)),))),
    "three numbers": ("rnonneg", ("num", ((((), ()), (1, 1, 1)),))),
    "half an integer": ("inonneg", ("num", ((((), ()), (1, 2)),))),
    "half an index": ("inonneg", ("num", (((((x_i, 1),), ()), (1, 2)),))),
    "a power of zero": ("rnonneg", ("num", (((((x_i, 0),), ()), (1, 1)),))),
    "a power of −1": ("rnonneg", ("num", (((((x_i, -1),), ()), (1, 1)),))),
    "a power without end": ("rnonneg", ("num", (((((x_i, 10**9),), ()), (1, 1)),))),
    "a number beyond bounds": ("inonneg", num((None, HUGE))),
    "a word in a number": ("rnonneg", ("num", ((((), ((x_X, 0),)), (1, 1)),))),
    "a list": ("and", [("inonneg", ZERO), ("inonneg", ZERO)]),
    "a set of terms": ("inonneg", ("num", frozenset())),
    "text for terms": ("inonneg", ("num", "ab")),
    "an index among matrices": ("null", mat((x_i, 0))),
    "a matrix among numbers": ("rnonneg", num((x_X, 1))),
    "a real among integers": ("inonneg", num((("var", "r", REAL), 1))),
    "a dangling variable": ("inonneg", num((("b", 0), 1))),
    "a negative bound variable": ("forall", INDEX, ("inonneg", num((("b", -1), 1)))),
    "a bound variable too far out": ("forall", INDEX, ("inonneg", num((("b", 1), 1)))),
    "a bound variable with a sort": ("forall", INDEX, ("inonneg", num((("b", 0, NAT), 1)))),
    "a variable without a sort": ("inonneg", num((("var", "i"), 1))),
    "a variable of no known sort": ("inonneg", num((("var", "i", ("set",)), 1))),
    "a variable with a claim for a sort": ("inonneg", num((("var", "i", ("false",)), 1))),
    "a variable in a sort without one": (
        "forall",
        INDEX,
        ("null", mat((("var", "Z", ("matrix", num((("b", 0), 1)), ONE)), 0), shape=(ONE, ONE))),
    ),
    "one name, two sorts": (
        "and",
        (("inonneg", num((x_i, 1))), ("rnonneg", num((("var", "i", REAL), 1)))),
    ),
    "one name, two sizes": (
        "and",
        (("null", mat((x_X, 0))), ("null", mat((("var", "X", ONE_BY_ONE), 0), shape=(ONE, ONE)))),
    ),
    "no name": ("inonneg", num((("var", "?0", INDEX), 1))),
    "no name in a sort": (
        "convex",
        ("var", "f", ("to", ("matrix", num((("var", "?0", NAT), 1)), ONE), REAL)),
    ),
    "a negative size": ("null", ("mat", number(-1), number(-1), ())),
    "a size that may be negative": ("null", ("mat", num((x_i, 1)), ONE, ())),
    "an identity that is not square": ("null", mat(shape=(ONE, number(2)))),
    "factors that do not fit": ("null", mat((x_X, 0), (("var", "Z", ONE_BY_ONE), 0))),
    "a word of another shape": ("null", mat((x_X, 0), shape=(ONE, ONE))),
    "a transposition flag of 2": ("null", mat((x_X, 2))),
    "text for a transposition flag": ("null", mat((x_X, "1"))),
    "the trace of nothing": ("rnonneg", num((("trace", ()), 1))),
    "the trace of what is not square": (
        "rnonneg",
        num((("trace", ((("var", "Z", ("matrix", ONE, size)), 0),)), 1)),
    ),
    "the rank of a number": ("inonneg", num((("rank", ONE), 1))),
    "no claim at all": ("perhaps", ZERO),
    "a term for a claim": ZERO,
    "a sort for a claim": INDEX,
    "a claim for a term": ("inonneg", ("false",)),
    "a sort for a term": ("inonneg", INDEX),
    "a claim without parts": ("forall",),
    "a claim with parts too many": ("false", 1),
    "another one": ("false", "too"),
    "a conjunction of one": ("and", (("inonneg", ZERO),)),
    "a conjunction of letters": ("and", "ab"),
    "a quantifier over a claim": ("forall", ("false",), ("false",)),
    "near an index": ("near", (INDEX,), (ZERO,), ("inonneg", ZERO)),
    "near a function of matrices": (
        "near",
        (("to", ONE_BY_ONE, REAL),),
        (("lam", ONE_BY_ONE, ZERO),),
        ("false",),
    ),
    "near nothing": ("near", (), (), ("false",)),
    "near two points at once": ("near", (REAL,), (ZERO, ZERO), ("false",)),
    "near a point of another sort": ("near", (REAL,), (mat((x_X, 0)),), ("false",)),
    "a function of negative size": (
        "convex",
        ("lam", ("matrix", number(-1), number(-1)), ZERO),
    ),
    "a convex family": ("convex", ("lam", INDEX, ZERO)),
    "a function with matrices for values": ("convex", ("lam", ONE_BY_ONE, ("mat", ONE, ONE, ()))),
    "a function with claims for values": ("convex", ("lam", ONE_BY_ONE, ("false",))),
    "the value of a number": ("rnonneg", num((("at", ONE, ONE), 1))),
    "the value at what is not in the domain": (
        "rnonneg",
        num((("at", ("var", "f", ("to", ONE_BY_ONE, REAL)), ONE), 1)),
    ),
    "equal functions": ("null", ("lam", INDEX, ZERO)),
    "something that is no tuple": "false",
    "nothing": (),
    "nothing in nothing": ((),),
    "the sort of sorts": ("sort",),
    "the sort of claims": ("forall", ("claim",), ("false",)),
    "a number for a tag": (1, ZERO),
}


@pytest.mark.parametrize("said", MALFORMED.values(), ids=MALFORMED)
def test_malformed_claims_are_refused(said: Any) -> None:
    with pytest.raises(LanguageError):
        claim(said)


X_OF = ((x_X, 0),)
WRITTEN: dict[str, tuple[Any, Any]] = {
    "a zero coefficient": (num((x_i, 0)), ZERO),
    "terms out of order": (num((x_i, 1), (None, 1)), encode_term(i + 1)),
    "a term twice": (num((x_i, 1), (x_i, 1)), encode_term(2 * i)),
    "a quotient not in lowest terms": (("num", ((((), ()), (2, 4)),)), number(1, 2)),
    "a sum as a factor": (num((num((x_i, 1), (None, 1)), 2)), encode_term(2 * i + 2)),
    "a square of a sum": (
        ("num", (((((num((x_i, 1), (None, 1)), 2),), ()), (1, 1)),)),
        encode_term(i * i + 2 * i + 1),
    ),
    "a transposed product": (
        mat((mat((x_X, 0), (x_Y, 0)), 1)),
        encode_term((X * Y).T),
    ),
    "a matrix that is just a letter": (mat((mat((x_X, 0)), 0)), encode_term(X)),
    "a letter where a matrix belongs": (x_X, encode_term(X)),
    "an atom where a number belongs": (x_i, encode_term(i)),
    "a trace not in its least rotation": (
        ("trace", ((x_Y, 0), (x_X, 0))),
        encode_term(trace(X * Y)),
    ),
    "a value that can be looked up": (
        ("at", ("lam", INDEX, num((("b", 0), 2))), ONE),
        number(2),
    ),
    "a chain that is an identity": (
        ("chain", encode_term(M), encode_term(i), encode_term(i + 1)),
        encode_term(M[i : i + 1]),
    ),
}


@pytest.mark.parametrize(("written", "normal"), WRITTEN.values(), ids=WRITTEN)
def test_terms_are_brought_to_normal_form(written: Any, normal: Any) -> None:
    assert read_by(PLAIN, written) == normal
    assert read_by(PLAIN, normal) == normal


def test_claims_are_brought_to_normal_form() -> None:
    minus_i = num((x_i, -1))
    assert claim(("null", minus_i)) == ("null", encode_term(i))
    assert claim(("not", ("inonneg", minus_i))) == ("inonneg", encode_term(i - 1))
    assert claim(("not", ("not", ("false",)))) == ("false",)
    assert claim(("not", ("rpos", minus_i))) == ("rnonneg", encode_term(i))
    same = ("and", (("false",), ("false",)))
    assert claim(("and", (same, ("false",)))) == ("and", (same, ("false",)))


def test_nesting_without_end_is_refused() -> None:
    said: Any = ("false",)
    for _ in range(DEEPEST + 1):
        said = ("implies", ("false",), said)
    with pytest.raises(LanguageError, match="nested"):
        claim(said)
    for _ in range(100_000):
        said = (said,)
    with pytest.raises(LanguageError, match="nested"):
        claim(said)


def test_what_passed_once_does_not_let_its_equals_through() -> None:
    # 1 == True == 1.0, and a claim remembered as well formed must not vouch for its lookalikes
    assert claim(("inonneg", num((None, 1))))
    for lookalike in (True, 1.0, Fraction(1)):
        with pytest.raises(LanguageError):
            claim(("inonneg", num((None, lookalike))))


class Forged(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Twisted(tuple[Any, ...]):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __getitem__(self, n: Any) -> Any:
        return "false"

    def __iter__(self) -> Any:
        return iter(("false",))


@pytest.mark.parametrize(
    "said",
    [
        ("inonneg", num((("var", Forged("i"), INDEX), 1))),
        (Forged("false"),),
        Twisted(("inonneg", ZERO)),
        ("inonneg", Twisted(ZERO)),
        ("and", Twisted((("false",), ("false",)))),
    ],
)
def test_subclasses_of_plain_data_are_refused(said: Any) -> None:
    with pytest.raises(LanguageError, match="tuple"):
        claim(said)


def test_terms_are_checked_against_their_sort() -> None:
    assert term(encode_term(X), ("matrix", size, size)) == encode_term(X)
    with pytest.raises(LanguageError, match="stands where"):
        term(encode_term(X), node("matrix", size, ONE))
    with pytest.raises(LanguageError, match="of sort index stands where one of sort nat"):
        term(number(-1), NAT)
    with pytest.raises(LanguageError):
        term(number(1, 2), INDEX)
    with pytest.raises(LanguageError):
        term(("false",), INDEX)


def test_a_natural_number_is_an_integer_and_an_integer_is_real() -> None:
    for at, sort in enumerate((NAT, INDEX, REAL)):
        for least, e in enumerate((encode_term(n), encode_term(i), encode_term(i / 2))):
            if least <= at:
                assert term(e, sort) == e
            else:
                with pytest.raises(LanguageError):
                    term(e, sort)
    # and functions into the one are functions into the other, on the same domain
    width = encode_term(d)
    assert term(width, ("to", INDEX, REAL)) == width
    with pytest.raises(LanguageError):
        term(width, ("to", NAT, NAT))


@pytest.mark.parametrize(
    "said",
    [
        ("var", "?i", INDEX),
        ("b", 0),
        ("var", "i"),
        ("var", "i", ("matrix", number(-1), ONE)),
        ("var", "i", ("matrix", num((("b", 0), 1)), ONE)),
        ("var", 1, INDEX),
        ["var", "i", INDEX],
        ("var", "i", INDEX, "too"),
        num((x_i, 1)),
        None,
    ],
    ids=str,
)
def test_what_is_no_variable(said: Any) -> None:
    with pytest.raises(LanguageError):
        variable(said)


def test_functions_of_matrices() -> None:
    f = ("var", "f", ("to", ONE_BY_ONE, REAL))
    assert PLAIN.function(f, "matrix") == (f, ONE_BY_ONE, REAL)
    for other in (("var", "F", ("to", INDEX, REAL)), x_X, x_i, ("false",), 1):
        with pytest.raises(LanguageError):
            PLAIN.function(other, "matrix")


def test_a_list_of_matrices_fits_where_its_entries_do() -> None:
    two = listed(MatrixVariable("P", 2, 1), MatrixVariable("Q", 3, 2))
    product = encode_term(two[2:1])
    assert term(product, ("matrix", number(3), ONE)) == product
    with pytest.raises(LanguageError):  # i + 1 is no size for every index i
        sort = ("to", INDEX, ("matrix", num((("b", 0), 1), (None, 1)), num((("b", 0), 1))))
        term(encode_term(two), sort)
    other = listed(MatrixVariable("P", 2, 1), MatrixVariable("Q", 3, 3))
    chain = ("chain", encode_term(other), number(2), ONE)
    with pytest.raises(LanguageError, match="do not fit"):
        claim(("null", ("mat", number(3), ONE, ((((), ((chain, 0),)), (1, 1)),))))


@pytest.mark.parametrize("more", [("twice",), (NAT,)], ids=str)
def test_a_bound_variable_has_one_form(more: Any) -> None:
    assert claim(("forall", REAL, ("rpos", num((("b", 0), -1), (("b", 0), 1)))))[2] == (
        "rpos",
        ZERO,
    )
    with pytest.raises(LanguageError):
        claim(("forall", REAL, ("rpos", num((("b", 0), -1), (("b", 0, *more), 1)))))
