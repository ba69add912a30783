"""Words, the values of functions that are matrices, and sums where a word is linear."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import product

import pytest

from proofkit import replay
from tests.replay.common import (
    INDEX,
    NAT,
    REAL,
    UNIT,
    Claim,
    atom,
    letters,
    meaning,
    number,
    proved,
    verdict,
)  # fmt: skip
from tests.replay.test_inferences import Inference

N = atom(("var", "n", NAT))
SQUARE = ("matrix", N, N)
A, X, Y, Z = (("var", name, SQUARE) for name in "AXYZ")
r, s = (("var", name, REAL) for name in "rs")
ONE: Claim = ((((), ()), (1, 1)),)
Sum = tuple[tuple[Claim, tuple[int, int]], ...]


def word(name: str, *arguments: Claim) -> Claim:
    """A word applied to arguments."""
    return of(("word", name), *arguments)


def of(f: Claim, *arguments: Claim) -> Claim:
    """A function applied to arguments."""
    for argument in arguments:
        f = ("at", f, argument)
    return f


def one(*factors: Claim) -> Claim:
    """The n×n matrix that is the product of the letters, plain unless they come with a 1."""
    return letters(N, N, *factors)


def terms(*ts: tuple[int, tuple[Claim, ...], tuple[Claim, ...]]) -> Claim:
    """The n×n matrix Σ coefficient·atoms·letters."""
    key = ((tuple((x, 1) for x in xs), letters(N, N, *w)[3][0][0][1]) for _, xs, w in ts)
    return ("mat", N, N, tuple((k, (c, 1)) for k, (c, _, _) in zip(key, ts, strict=True)))


def same(a: Claim, b: Claim) -> bool:
    """Whether two matrices or numbers have one normal form."""
    return meaning(("null", a)) is meaning(("null", b))


INVERSE = word("inverse", N, one(X))
FORMS = [
    ("rpos", atom(word("exp", atom(r)))),
    ("null", number(0, (word("log", atom(word("exp", atom(r)))), 1), (r, -1))),
    ("null", one(INVERSE)),
    ("null", one(INVERSE, X, (INVERSE, 1))),
    ("null", one(word("inverse", N, one(INVERSE)))),
    ("rpos", atom(word("determinant", N, INVERSE))),
    ("rpos", atom(("trace", ((INVERSE, 1), (X, 0))))),
    ("rpos", atom(("rank", INVERSE))),
    ("rpos", atom(word("derivative", ("word", "exp"), atom(r)))),
    ("rpos", atom(word("derivative", ("lam", REAL, number(1, (("b", 0), 1))), atom(r)))),
    ("null", one(word("hadamard", N, N, X, (one((Y, 1)))))),
    ("null", one(word("entrywise", N, N, ("word", "tanh"), X))),
    ("rpos", atom(word("entry", N, N, X, number(1), number(2)))),
    ("forall", NAT, ("null", letters(atom(("b", 0)), UNIT, word("ones", atom(("b", 0)), UNIT)))),
    ("forall", REAL, ("rpos", atom(word("exp", atom(("b", 0)))))),
]


@pytest.mark.parametrize("number", range(len(FORMS)))
def test_words_are_read(number: int) -> None:
    claim = FORMS[number]
    assert verdict(proved(claim)) == "accepted"
    assert meaning(meaning(claim)) is meaning(claim)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (("rpos", atom(word("expo", atom(r)))), "'expo' is no word of the ledger"),
        (("rpos", atom(word("", atom(r)))), "no word of the ledger"),
        (("rpos", atom(("at", ("word", 1), atom(r)))), "nothing that the format knows"),
        (("rpos", atom(("at", ("word", ("word", "exp")), atom(r)))), "nothing that the format"),
        (("rpos", atom(("at", ("word", "exp", "log"), atom(r)))), "nothing that the format knows"),
        # Too few arguments, too many, and others.
        (("rpos", atom(("word", "exp"))), "of the sort real and is of to"),
        (("rpos", ("word", "exp")), "of the sort real and is of to"),
        (("null", word("inverse", N)), "neither number nor matrix"),
        (("null", one(word("inverse", N))), "no matrix, plain or transposed"),
        (("null", one(word("hadamard", N, N, X))), "no matrix, plain or transposed"),
        (("rpos", atom(word("entry", N, N, X, UNIT))), "of the sort real and is of to"),
        (("rpos", atom(word("exp", atom(r), atom(r)))), "no function"),
        (("rpos", atom(word("exp", one(X)))), "of the sort real and is of matrix"),
        (("rpos", atom(word("derivative", atom(r), atom(r)))), "of the sort to and is of real"),
        (("null", one(word("inverse", UNIT, one(X)))), "of the sort matrix and is of matrix"),
        (("null", one(word("inverse", atom(r), one(X)))), "of the sort nat and is of real"),
        (("null", letters(UNIT, UNIT, INVERSE)), "a term of another shape"),
        (("null", one(word("ones", N, UNIT))), "a term of another shape"),
        (("rpos", atom(INVERSE)), "of the sort real and is of matrix"),
        (("null", one(word("exp", atom(r)))), "no matrix, plain or transposed"),
    ],
)
def test_what_is_no_word_s_value(claim: Claim, why: str) -> None:
    assert re.search(why, verdict(proved(claim)))


def test_no_file_brings_words() -> None:
    """Neither beside its facts nor among them."""
    claim = ("rpos", atom(word("expo", atom(r))))
    proof = json.loads(proved(claim))
    proof["words"] = [{"name": "expo", "sort": 0, "linear": []}]
    assert "the keys must be" in verdict(json.dumps(proof).encode())
    del proof["words"]
    proof["ledger"] = [{"name": "expo", "sort": 0, "linear": []}]
    assert "the keys must be" in verdict(json.dumps(proof).encode())


def test_words_are_those_of_the_ledger() -> None:
    """They can be told from bound variables and from the words of the plain notation."""
    own = json.loads((files("proofkit") / "kernel" / "ledger.json").read_text(encoding="utf-8"))
    assert set(replay.WORDS) == {word["name"] for word in own["words"]}
    said = " ".join(replay.SAID.values())
    notation = set(re.findall("[a-z]+", said.lower()))
    notation |= set(re.findall("[a-z]+", "tr for all some given near enough to of and or function"))
    for name, (sort, linear) in replay.WORDS.items():
        assert re.fullmatch("[a-z]{2,}", name)
        assert name not in notation
        assert sort[0] == "to"
        for n in linear:
            inner = sort
            for _ in range(n):
                inner = inner[2]
            assert inner[1][0] == "matrix"


# ── Values that are matrices ──────────────────────────────────────────────────────────────────
F = ("var", "F", ("to", SQUARE, SQUARE))
G = ("var", "G", ("to", REAL, SQUARE))


def test_a_value_that_is_a_matrix_is_a_letter() -> None:
    value = of(F, one(X))
    for w in ((value,), ((value, 1),), (of(F, value), (of(G, atom(r)), 1))):
        assert verdict(proved(("null", one(*w)))) == "accepted"
    assert not same(one(value), one((value, 1)))
    assert not same(one(value, X), one(X, value))
    assert same(("mat", N, N, ((((), ((one((value, 1)), 1),)), (1, 1)),)), value)
    turned = atom(("trace", ((X, 1), (value, 0)))), atom(("trace", ((value, 1), (X, 0))))
    assert same(*turned)
    assert not same(turned[0], atom(("trace", ((X, 0), (value, 0)))))
    assert "of the sort matrix" in verdict(proved(("null", one(of(F, atom(r))))))


def test_it_is_looked_up_where_the_function_is_known() -> None:
    scaled = ("lam", REAL, terms((1, (("b", 0),), (X,)), (2, (), (A,))))
    assert same(one(of(scaled, atom(r))), terms((1, (r,), (X,)), (2, (), (A,))))
    turned = ("lam", SQUARE, one(A, (("b", 0), 1)))
    assert same(of(turned, one(X, Y)), one(A, (Y, 1), (X, 1)))
    assert same(one((of(turned, X), 1)), one(X, (A, 1)))


def test_a_member_of_a_family_is_still_a_chain() -> None:
    family = ("var", "M", ("to", INDEX, SQUARE))
    assert same(of(family, number(1)), one(("chain", family, number(1), number(1))))
    constant = ("lam", INDEX, one(X))  # nothing is looked up in it
    assert not same(of(constant, number(1)), one(X))


# ── Linear words ──────────────────────────────────────────────────────────────────────────────
def hadamard(a: Claim, b: Claim) -> Claim:
    return word("hadamard", N, N, a, b)


def entry(a: Claim) -> Claim:
    return word("entry", N, N, a, number(1), number(2))


SUM = terms((2, (), (X,)), (-1, (r,), (Y, (Z, 1))), (1, (), ()))
LINEAR = [
    (one(hadamard(SUM, A)), [(2, (), (X,)), (-1, (r,), (Y, (Z, 1))), (1, (), ())], 0),
    (one(hadamard(A, SUM)), [(2, (), (X,)), (-1, (r,), (Y, (Z, 1))), (1, (), ())], 1),
]


@pytest.mark.parametrize(("claim", "expanded", "place"), LINEAR)
def test_a_linear_word_is_a_sum(claim: Claim, expanded: list[Claim], place: int) -> None:
    def total(parts: list[Claim]) -> Claim:
        values = [(one(*w), A) if place == 0 else (A, one(*w)) for _, _, w in parts]
        return terms(
            *((c, xs, (hadamard(*v),)) for (c, xs, _), v in zip(parts, values, strict=True))
        )

    assert same(claim, total(expanded))
    goal = ("null", (*claim[:-1], (*claim[3], *((k, (-p, q)) for k, (p, q) in total(expanded)[3]))))
    assert Inference("algebra", [], (goal, ()), ((), goal)).checked() == ""
    # A factor, a sign, a transpose, a summand or an atom too many or too few.
    for wrong in (
        [(1, (), (X,)), *expanded[1:]],
        [(2, (), ((X, 1),)), *expanded[1:]],
        [*expanded[:1], (1, (r,), (Y, (Z, 1))), *expanded[2:]],
        [*expanded[:1], (-1, (), (Y, (Z, 1))), *expanded[2:]],
        [*expanded[:1], (-1, (r,), (Y, Z)), *expanded[2:]],
        expanded[:2],
        [*expanded, (1, (), (Z,))],
    ):
        assert not same(claim, total(wrong))
        difference = ((k, (-p, q)) for k, (p, q) in total(wrong)[3])
        goal = ("null", (*claim[:-1], (*claim[3], *difference)))
        step = Inference("algebra", [], (goal, ()), ((), goal))
        assert step.checked() == "the products give another goal"


def test_it_is_linear_in_each_argument() -> None:
    a, b = [(2, X), (3, Y)], [(1, Z), (-5, A)]
    left, right = (terms(*((c, (), (x,)) for c, x in pairs)) for pairs in (a, b))
    wanted = terms(*((c * d, (), (hadamard(x, y),)) for (c, x), (d, y) in product(a, b)))
    assert same(hadamard(left, right), wanted)


def test_numbers_are_sums_too() -> None:
    wanted = number(0, (entry(X), 2), (entry(one(Y, (Z, 1))), -1))
    assert same(atom(entry(terms((2, (), (X,)), (-1, (), (Y, (Z, 1)))))), wanted)
    assert same(atom(entry(("mat", N, N, ()))), number(0))
    assert not same(atom(entry(one((X, 1)))), atom(entry(X)))


def test_one_factor_comes_out() -> None:
    """Of a single term, too: a coefficient, or an atom with the coefficient 1."""
    for c, xs in ((2, ()), (-1, ()), (1, (r,))):
        assert same(one(hadamard(terms((c, xs, (X,))), A)), terms((c, xs, (hadamard(X, A),))))


def test_a_sum_has_the_sort_of_its_form() -> None:
    """An entry of the zero matrix is the integer 0; one of another is real."""
    for nothing in (entry(("mat", N, N, ())), atom(entry(("mat", N, N, ())))):
        assert verdict(proved(("inonneg", nothing))) == "accepted"
    assert "of the sort index" in verdict(proved(("inonneg", atom(entry(X)))))
    assert "of the sort index" in verdict(proved(("inonneg", atom(entry(terms((2, (), (X,))))))))


def test_of_nothing_it_is_zero() -> None:
    nothing = ("mat", N, N, ())
    for value in (hadamard(nothing, A), hadamard(A, nothing), hadamard(nothing, nothing)):
        assert same(one(value), nothing)
    assert not same(one(hadamard(A, one())), nothing)


def test_other_words_and_other_arguments_are_left_alone() -> None:
    doubled = terms((2, (), (X,)))
    assert not same(word("inverse", N, doubled), terms((2, (), (word("inverse", N, X),))))
    exp = atom(word("exp", number(0, (r, 1), (s, 1))))
    assert not same(exp, number(0, (word("exp", atom(r)), 1), (word("exp", atom(s)), 1)))
    function = ("var", "F", ("to", SQUARE, REAL))
    plus = ("var", "G", ("to", SQUARE, REAL))
    assert not same(atom(of(function, doubled)), number(0, (of(function, X), 2)))
    assert meaning(("convex", plus)) is not meaning(("convex", function))


def test_a_word_that_lacks_arguments_stays_as_it_is() -> None:
    """hadamard(n, n, 2X) is a function, and no sum of two."""
    lacking = word("hadamard", N, N, terms((2, (), (X,))))
    claim = meaning(("continuous", lacking, one(Y)))
    assert claim[1][2] is replay.Reader().read(replay.the(terms((2, (), (X,)))), ())[0]
    assert same(of(lacking, one(Y)), terms((2, (), (hadamard(X, Y),))))


def test_sums_multiplied_out_are_work() -> None:
    """A word of words, each of sums: 40 matrices in each argument, three deep."""
    many = terms(*((1, (), (("var", f"M{n}", SQUARE),)) for n in range(40)))
    value: Claim = many
    for _ in range(4):
        value = one(hadamard(value, many))
    said = verdict(proved(("null", value)))
    assert "too large" in said or "more work" in said
