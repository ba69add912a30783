"""Attempts to prove a falsehood by words, slopes and continuity, and to keep the kernel busy.

See bugs-found.md for what was found.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial, reduce
from time import process_time
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Continuous, Equal, LessEqual, Near, Slope, encode
from proofkit.kernel import KernelError, LanguageError
from proofkit.kernel.nodes import forget, node
from proofkit.kernel.reading import PLAIN, term
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, number, plus, times, zero
from proofkit.symbols import (
    Function,
    FunctionOf,
    Map,
    MatrixVariable,
    Zero,
    encode_term,
    encode_variable,
    family,
    hadamard,
    index,
    natural,
    rank,
    real,
    trace,
)

from .given import given, refuses
from .test_differentials import X, Y, agrees, derived, functions, instance

n, i, x = natural("n"), index("i"), real("x")
A, B = MatrixVariable("A", 2, 2), MatrixVariable("B", 2, 2)
f, g = Function("f", 2, 2), Function("g", 2, 2)
S, L = Map("S", (2, 2), (2, 2)), Map("L", (2, 2))
TWO = number(2)
SQUARE = node("matrix", TWO, TWO)
b0 = as_term(node("b", 0), SQUARE)
Refused = (KernelError, LanguageError)


def word(name: str, *arguments: Any) -> Any:
    return reduce(partial(node, "at"), arguments, node("word", name))


def mat(*word: Any, by: int = 1) -> Any:
    return ("mat", TWO, TWO, ((((), tuple((a, 0) for a in word)), (by, 1)),))


# ── Terms that are in no normal form ───────────────────────────────────────────────────────────
def test_terms_may_be_written_in_any_way() -> None:
    """(Y + Y)·(Y − Y + I)/2 and the like are Y, for a function, a point and a premise."""
    raw = ("mat", TWO, TWO, tuple((((), ((b0, 0),)), (p, 2)) for p in (3, 3, -4)))
    there = ("mat", TWO, TWO, tuple((((), ((encode_term(A), 0),)), (p, 1)) for p in (2, -1)))
    for function in (("lam", SQUARE, raw), ("lam", SQUARE, b0), ("lam", SQUARE, ("b", 0))):
        for at in (encode_term(A), there, mat(mat(encode_term(A)))):
            found = kernel.differentiate(function, at)
            assert found.conclusion == encode(Slope(FunctionOf(X, X), A, FunctionOf(Y, Y)))
            assert found.inference.data == (("lam", SQUARE, b0), encode_term(A))
    value = ("num", (((((("at", encode_term(f), raw), 1),), ()), (1, 1)),))
    slope = given(Slope(f, A, L))
    found = kernel.differentiate(("lam", SQUARE, value), there, [slope])
    assert found.conclusion == encode(Slope(FunctionOf(X, f(X)), A, FunctionOf(Y, L(Y))))
    # an atom that is a sum: tr(Y)·(x + x)
    sum_ = ("num", (((((encode_term(x), 1), (encode_term(x), 1)), ()), (1, 1)),))
    assert kernel.continuous(encode_variable(x), sum_, number(0))


def test_what_cancels_is_not_there() -> None:
    # rank(Y) − rank(Y) + tr(Y) has a slope; x ↦ σ(x) − σ(x) is continuous
    body = rank(X) - rank(X) + trace(X)
    assert kernel.differentiate(encode_term(FunctionOf(X, body)), encode_term(A))
    value = encode_term(hadamard(S(X), Zero(2, 2)) + X)
    assert kernel.continuous(encode_variable(X), value, encode_term(A))


# ── Functions of functions, and changed ones ───────────────────────────────────────────────────
ARROW = node("to", REAL, REAL)
FAMILY = node("to", INDEX, SQUARE)


def test_functions_of_functions_have_no_slopes() -> None:
    applied = ("num", (((((("at", ("b", 0), number(1)), 1),), ()), (1, 1)),))
    for domain, body in (
        (ARROW, applied),
        (FAMILY, mat(("chain", ("b", 0), number(1), number(1)))),
        (NAT, number(0)),
        (INDEX, as_term(("b", 0), INDEX)),
    ):
        function = ("lam", domain, body)
        assert term(function, PLAIN.read(function)[1])
        point = as_term(node("var", "at", domain), domain)
        with pytest.raises(Refused):
            kernel.differentiate(function, point)
        with pytest.raises(LanguageError):
            kernel.continuous(("var", "at", domain), number(0), point)


def test_where_a_family_is_changed_nothing_has_a_slope() -> None:
    # members from 1 to i changed to multiples of Y: which members these are, nobody knows
    old = encode_variable(family("F", lambda at: (2, 2)))
    changed = ("changed", old, number(1), encode_term(i), ("lam", INDEX, as_term(("b", 1), SQUARE)))
    for letter in (("chain", changed, number(1), number(1)), ("sum", changed, TWO, number(1))):
        with refuses("differentiate", "nothing says how this changes"):
            kernel.differentiate(("lam", SQUARE, mat(letter)), encode_term(A))
    # a bound that changes with Y is neither continuous nor has it a slope
    jump = ("num", (((((("rank", b0), 1),), ()), (1, 1)),))
    changed = ("changed", old, number(1), jump, ("lam", INDEX, encode_term(B)))
    letter = ("chain", changed, number(1), number(1))
    with refuses("differentiate", "nothing says how this changes"):
        kernel.differentiate(("lam", SQUARE, mat(letter)), encode_term(A))


def test_a_word_that_lacks_an_argument_is_a_function_like_others() -> None:
    """X ↦ A ∘ X as a function by name: its slope, whatever is assumed of it, is kept as assumed."""
    times_a = word("hadamard", TWO, TWO, encode_term(A))
    absurd = kernel.assume(("slope", times_a, encode_term(B), encode_variable(S)))
    value = as_term(node("at", times_a, b0), SQUARE)
    found = kernel.differentiate(("lam", SQUARE, value), encode_term(B), [absurd])
    # the word is linear in it, so the premise is not used, though kept
    change = FunctionOf(Y, hadamard(A, Y))
    assert found.conclusion == encode(Slope(FunctionOf(X, hadamard(A, X)), B, change))
    assert found.hypotheses == absurd.hypotheses
    # with A changing as well, the function itself changes: places are found in both
    both = word("hadamard", TWO, TWO, b0, b0)
    found = kernel.differentiate(("lam", SQUARE, as_term(both, SQUARE)), encode_term(B), [absurd])
    change = FunctionOf(Y, hadamard(Y, B) + hadamard(B, Y))
    assert found.conclusion == encode(Slope(FunctionOf(X, hadamard(X, X)), B, change))


def test_a_slope_that_is_not_linear_stays_a_hypothesis() -> None:
    """Of f(X) with the 'slope' H ↦ 1 everything follows, but from that hypothesis."""
    absurd = given(Slope(f, A, FunctionOf(Y, 1 + 0 * trace(Y))))
    found = kernel.differentiate(encode_term(FunctionOf(X, f(X))), encode_term(A), [absurd])
    assert found.hypotheses == absurd.hypotheses


# ── Names, binders and sizes ───────────────────────────────────────────────────────────────────
def test_variables_of_one_name_and_two_sorts() -> None:
    x_real, x_index = (node("var", "x", sort) for sort in (REAL, INDEX))
    body = plus(as_term(x_index, INDEX), number(1))
    # the real x is not in x + 1 for the index x: the value is constant
    found = kernel.continuous(x_real, body, number(0))
    assert found.conclusion == ("continuous", ("lam", REAL, body), number(0))
    with pytest.raises(LanguageError, match="one name stands for two variables"):
        kernel.continuous(x_real, body, as_term(x_real, REAL))
    with pytest.raises(LanguageError, match="one name stands for two variables"):
        kernel.continuous(x_real, plus(body, as_term(x_real, REAL)), number(0))
    with pytest.raises(LanguageError, match="one name stands for two variables"):
        kernel.differentiate(("lam", REAL, body), as_term(x_real, REAL))


def test_the_point_may_be_the_variable_itself() -> None:
    # from f continuous at X: Y ↦ f(Y) is continuous at X, X free
    found = kernel.continuous(
        encode_variable(X), encode_term(f(X)), encode_term(X), [given(Continuous(f, X))]
    )
    assert found.conclusion == encode(Continuous(FunctionOf(Y, f(Y)), X))
    assert found.hypotheses == (encode(Continuous(f, X)),)
    with refuses("generalise", "must not occur"):
        kernel.generalise(encode_variable(X), found)
    # along X ↦ X·X at X·X, from the point (X·X)²
    near = given(Near((Y, X * X * X * X), LessEqual(f(A), f(Y))))
    z = MatrixVariable("Z", 2, 2)
    found = kernel.near_along(
        near, [encode_variable(z)], [encode_term(X * X)], [encode_term(z * z)]
    )
    assert found.conclusion == encode(Near((z, X * X), LessEqual(f(A), f(z * z))))
    with refuses("near: along a continuous map", "new to the claim"):
        kernel.near_along(near, [encode_variable(X)], [encode_term(X * X)], [encode_term(X * X)])


def test_a_variable_whose_size_speaks_of_the_argument() -> None:
    """C : rank(X)×1 for X free is a matrix like others: it does not change with x ↦ …"""
    size = encode_term(rank(X))
    shape = node("matrix", size, number(1))
    c = node("var", "C", shape)
    norm = ("num", (((((("trace", ((c, 1), (c, 0))), 1),), ()), (1, 1)),))
    found = kernel.continuous(encode_variable(X), norm, encode_term(A))
    assert found.conclusion == ("continuous", ("lam", SQUARE, term(norm, REAL)), encode_term(A))
    with refuses("continuous", "not continuous by its form"):  # its size as a number is another
        kernel.continuous(encode_variable(X), size, encode_term(A))
    with pytest.raises(Refused):  # a value whose shape depends on the argument
        kernel.continuous(encode_variable(X), zero(size, number(1)), encode_term(A))
    with pytest.raises(Refused):
        shape_of_y = ("num", (((((("rank", b0), 1),), ()), (1, 1)),))
        kernel.differentiate(("lam", SQUARE, ("mat", shape_of_y, number(1), ())), encode_term(A))


def test_loose_variables_are_refused_everywhere() -> None:
    for loose in (("b", 0), ("b", 1), as_term(("b", 1), SQUARE), mat(("b", 2))):
        with pytest.raises(LanguageError):
            kernel.differentiate(("lam", SQUARE, b0), loose)
        with pytest.raises(LanguageError):
            kernel.continuous(encode_variable(X), loose, encode_term(A))
        with pytest.raises(LanguageError):
            kernel.continuous(encode_variable(X), encode_term(X), loose)
        if loose != ("b", 0):
            with pytest.raises(LanguageError):
                kernel.differentiate(("lam", SQUARE, loose), encode_term(A))
    # below a binder inside the value: a function that is shown continuous elsewhere is of no use
    inner = ("lam", INDEX, mat(("at", encode_variable(S), times(b1(), encode_term(X)))))
    total = mat(("sum", inner, TWO, number(1)))
    for inside in ([], [given(Continuous(S, A))], [given(Continuous(S, A * A))]):
        with refuses("continuous", "not continuous by its form"):
            kernel.continuous(encode_variable(X), total, encode_term(A), inside)


def b1() -> Any:
    """A number times the identity that speaks of the bound index."""
    return ("mat", TWO, TWO, ((((((node("b", 0), 1),), ())), (1, 1)),))


# ── Words at sizes where there is nothing ──────────────────────────────────────────────────────
def test_matrices_without_entries() -> None:
    nothing = zero(number(0), number(0))
    empty = node("matrix", number(0), number(0))
    y = as_term(node("b", 0), empty)
    v = node("var", "V", empty)
    V = as_term(v, empty)
    for body in (
        word("inverse", number(0), V),
        word("diag", number(0), zero(number(0), number(1))),
    ):
        assert term(as_term(body, empty), empty)
    det = ("lam", empty, as_term(word("determinant", number(0), y), REAL))
    with refuses("differentiate", "no slope of it was given"):
        kernel.differentiate(det, nothing)
    with refuses("continuous", "not continuous by its form"):
        value = as_term(word("determinant", number(0), V), REAL)
        kernel.continuous(v, value, nothing)
    # a linear word of nothing is 0 where its argument is
    assert term(word("diagonal", number(0), nothing), node("matrix", number(0), number(1))) == (
        zero(number(0), number(1))
    )


# ── Arguments that are changed at random ───────────────────────────────────────────────────────
def parts(t: Any) -> Iterator[Any]:
    if type(t) is tuple:
        yield t
        for part in t:
            yield from parts(part)


def mutated(t: Any, rng: random.Random, pool: list[Any]) -> Any:
    """The term with one part of it replaced by another, or by a number nearby."""
    if type(t) is not tuple or rng.random() < 0.15:
        return t + rng.choice((-1, 1)) if type(t) is int else rng.choice(pool)
    if not t:
        return t
    at = rng.randrange(len(t))
    return (*t[:at], mutated(t[at], rng, pool), *t[at + 1 :])


def test_whatever_is_accepted_is_true() -> None:
    """Functions and points of real proofs, changed at random: a slope that comes out is one."""
    rng, made = random.Random(7), functions(random.Random(8))
    pool: list[Any] = []
    theorems = [derived(*next(made)) for _ in range(60)]
    for theorem in theorems:
        pool += list(dict.fromkeys(parts(theorem.conclusion)))[:60]
    accepted = 0
    for count in range(3000):
        theorem = theorems[count % len(theorems)]
        function, at = theorem.inference.data
        premises = theorem.inference.premises
        if rng.random() < 0.7:
            function = mutated(function, rng, pool)
        else:
            at = mutated(at, rng, pool)
        try:
            found = kernel.differentiate(function, at, premises)
        except Refused:
            continue
        try:
            true = agrees(found, instance(rng), rng)
        except (ZeroDivisionError, IndexError, ValueError):  # no value at a point, no such entry
            continue
        assert true, found.conclusion
        accepted += found.conclusion != theorem.conclusion
    assert accepted > 50


# ── Small inputs that are much work ────────────────────────────────────────────────────────────
def nested(times_: int, inner: Any = b0) -> Any:
    """Y ∘ Y, (Y ∘ Y) ∘ (Y ∘ Y), …: a small term in which Y stands 2ⁿ times."""
    for _ in range(times_):
        inner = as_term(word("hadamard", TWO, TWO, inner, inner), SQUARE)
    return inner


def many(count: int, name: str = "P") -> Any:
    """P₀ + P₁ + ⋯"""
    return (
        "mat",
        TWO,
        TWO,
        tuple((((), ((("var", f"{name}{k}", SQUARE), 0),)), (1, 1)) for k in range(count)),
    )


def powers(count: int) -> Any:
    """tr(P₀Y)¹⁰⁰ · tr(P₁Y)¹⁰⁰ ⋯"""
    atoms = ((("trace", ((("var", f"P{k}", SQUARE), 0), (("b", 0), 0))), 100) for k in range(count))
    return ("num", (((tuple(atoms), ()), (1, 1)),))


def spread(depth: int) -> Any:
    """(… ∘ (A + B)) ∘ (A + B): 2ⁿ terms."""
    pair = times(number(1), plus(encode_term(A), encode_term(B)))
    found = pair
    for _ in range(depth):
        found = as_term(word("hadamard", TWO, TWO, found, pair), SQUARE)
    return found


def squared(depth: int) -> Any:
    """E ∘ E for the E = A + E' ∘ E' before: a number of terms that is squared each time."""
    found = encode_term(A)
    for _ in range(depth):
        last = as_term(word("hadamard", TWO, TWO, found, found), SQUARE)
        found = ("mat", TWO, TWO, tuple((((), ((e, 0),)), (1, 1)) for e in (last, encode_term(B))))
    return found


x_X = encode_variable(X)
at_A = encode_term(A)
BUSY: dict[str, Any] = {
    "the places of a nested word": lambda: kernel.differentiate(("lam", SQUARE, nested(16)), at_A),
    "powers": lambda: kernel.differentiate(("lam", SQUARE, powers(150)), at_A),
    "a long word": lambda: kernel.differentiate(("lam", SQUARE, mat(*[("b", 0)] * 1000)), at_A),
    "a long word in nested ones": lambda: kernel.differentiate(
        ("lam", SQUARE, nested(3, mat(*[("b", 0)] * 900))), at_A
    ),
    "a nested word, for continuity": lambda: kernel.continuous(
        x_X, nested(16, encode_term(X)), at_A
    ),
    "a product of sums in a word": lambda: term(
        word("hadamard", TWO, TWO, many(400), many(400, "Q")), SQUARE
    ),
    "sums in nested words": lambda: term(spread(40), SQUARE),
    "sums that are squared": lambda: term(squared(12), SQUARE),
    "entries of sums": lambda: term(
        (
            "num",
            (((((word("entry", TWO, TWO, many(30), number(1), number(1)), 50),), ()), (1, 1)),),
        ),
        REAL,
    ),
    "determinants in one another": lambda: kernel.differentiate(
        (
            "lam",
            SQUARE,
            reduce(lambda e, _: as_term(word("inverse", TWO, times(e, e)), SQUARE), range(16), b0),
        ),
        at_A,
    ),
}


@pytest.mark.parametrize("attempt", BUSY.values(), ids=BUSY)
def test_small_inputs_are_no_long_work(attempt: Any) -> None:
    forget()
    start = process_time()
    try:
        attempt()
    except Refused as refusal:
        assert len(str(refusal)) < 500
    assert process_time() - start < 6


def test_a_refusal_for_work_leaves_nothing_behind() -> None:
    """The kernel goes on as before: what is allowed to one inference is none of the next."""
    with pytest.raises(LanguageError, match="more work"):
        kernel.differentiate(("lam", SQUARE, nested(14)), at_A)
    near = given(Near((X, A), Equal(X * Y, B)))
    for _ in range(50):
        assert kernel.near_here(near).conclusion == encode(Equal(A * Y, B))
    assert plus(encode_term(x), number(1)) == encode_term(x + 1)


def test_ends_and_bounds_never_speak_of_the_variable() -> None:
    """Not even where an integer-valued function in them is shown continuous."""
    whole = ("var", "w", ("to", SQUARE, INDEX))
    shown = [kernel.assume(("continuous", whole, at_A))]
    end = ("num", (((((("at", whole, encode_term(X)), 1),), ()), (1, 1)),))
    members = encode_variable(family("F", lambda at: (2, 2)))
    assert kernel.continuous(x_X, end, at_A, shown)
    other = ("lam", INDEX, encode_term(B))
    for letter in (
        ("chain", members, end, number(1)),
        ("sum", members, end, number(1)),
        ("sum", members, number(1), end),
        ("sum", ("changed", members, end, number(5), other), TWO, number(1)),
        ("sum", ("changed", members, number(1), end, other), TWO, number(1)),
    ):
        with refuses("continuous", "not continuous by its form"):
            kernel.continuous(x_X, mat(letter), at_A, shown)
