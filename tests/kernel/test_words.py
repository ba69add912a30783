"""Words: named constants, linear in some arguments, written out there (FORMAT.md, 3 and 4)."""

from __future__ import annotations

from functools import partial, reduce
from typing import Any

import pytest

from proofkit import kernel
from proofkit.basics.tables import digest
from proofkit.claims import Equal, ForAll, LessEqual, encode
from proofkit.kernel.nodes import forget, node
from proofkit.kernel.reading import PLAIN, claim, read_by, term
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, number
from proofkit.kernel.words import DOCUMENT, TABLE, WORDS, linear_in, spine
from proofkit.symbols import (
    Identity,
    Map,
    MatrixVariable,
    Zero,
    determinant,
    diag,
    diagonal,
    encode_term,
    encode_variable,
    entry,
    exp,
    family,
    hadamard,
    hessian,
    index,
    inverse,
    natural,
    ones,
    rank,
    real,
    replaced,
    summation,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError
from proofkit.words import TABLE as PAGE

from .given import given, refuses

n, m, i, j, k, x, y, d = (
    *(natural("n"), natural("m"), index("i"), index("j"), index("k")),
    *(real("x"), real("y"), widths("d")),
)
A, B, C, X = (MatrixVariable(name, n, n) for name in "ABCX")
v, w = MatrixVariable("v", n, 1), MatrixVariable("w", n, 1)
M, F = family("M", d), family("F", lambda at: (n, n))
f = Map("f", (n, n))
size = encode_term(n)
SQUARE, COLUMN = node("matrix", size, size), node("matrix", size, number(1))
ZERO, ONE, TWO = number(0), number(1), number(2)


def word(name: str, *arguments: Any) -> Any:
    """The word at these arguments, sizes first, as a function, an atom or a letter."""
    return reduce(partial(node, "at"), arguments, node("word", name))


def sort_of(t: Any) -> Any:
    return PLAIN.read(t)[1]


def arrow(*sorts: Any) -> Any:
    """s₁ → (s₂ → …), no sort speaking of what stands before it."""
    return reduce(lambda later, first: node("to", first, later), reversed(sorts))


# ── What there is ──────────────────────────────────────────────────────────────────────────────
def test_the_kernel_s_words_are_those_of_the_page() -> None:
    assert set(WORDS) == set(PAGE)
    for name, row in PAGE.items():
        assert WORDS[name].linear == tuple(len(row.sizes) + at for at in row.linear)


def test_every_word_has_a_sort_and_is_linear_in_matrices() -> None:
    for name, (sort, linear) in WORDS.items():
        assert sort_of(("word", name)) == term(sort, node("sort")) == sort
        arguments: list[Any] = []
        while sort[0] == "to":
            arguments.append(sort[1])
            sort = sort[2]
        assert all(arguments[at][0] == "matrix" for at in linear)
        assert sort[0] in ("real", "matrix")


def test_the_words_are_fixed() -> None:
    with pytest.raises(TypeError):
        WORDS["truth"] = WORDS["exp"]  # type: ignore[index]
    assert {row["name"] for row in DOCUMENT["words"]} == set(WORDS)
    assert all(type(entry_) is tuple for entry_ in TABLE)


@pytest.mark.parametrize(
    "wrong",
    [
        *(("word", "truth"), ("word", ""), ("word", "Exp"), ("word", "exp\0")),
        *(("word",), ("word", "exp", "exp"), ("word", 1), ("word", ("word", "exp"))),
        *(("exp",), ("word", "word")),
    ],
    ids=str,
)
def test_nothing_else_is_a_word(wrong: Any) -> None:
    for claim_ in (("continuous", wrong, ZERO), ("rpos", as_num(("at", wrong, ZERO)))):
        with pytest.raises(LanguageError):
            claim(claim_)


def as_num(atom: Any) -> Any:
    return ("num", (((((atom, 1),), ()), (1, 1)),))


# ── Sorts ──────────────────────────────────────────────────────────────────────────────────────
def test_words_are_functions_and_so_are_words_that_lack_arguments() -> None:
    assert sort_of(("word", "exp")) == arrow(REAL, REAL)
    assert sort_of(word("inverse", size)) == arrow(SQUARE, SQUARE)
    assert sort_of(word("hadamard", size, size)) == arrow(SQUARE, SQUARE, SQUARE)
    assert sort_of(word("hadamard", size, size, encode_term(A))) == arrow(SQUARE, SQUARE)
    assert sort_of(word("entry", size, size, encode_term(A))) == arrow(INDEX, INDEX, REAL)
    assert sort_of(word("derivative", node("word", "exp"))) == arrow(REAL, REAL)
    assert sort_of(word("ones", size, size)) == SQUARE
    # ∀n. n×n → n×n, the size an argument like others
    b0 = as_term(("b", 0), NAT)
    some = node("matrix", b0, b0)
    b1 = as_term(("b", 1), NAT)
    assert sort_of(("word", "inverse")) == ("to", NAT, ("to", some, ("matrix", b1, b1)))


@pytest.mark.parametrize(
    "wrong",
    {
        "a size that is no natural": word("inverse", encode_term(i)),
        "a negative size": word("inverse", number(-1)),
        "half a size": word("ones", number(1, 2), ONE),
        "a matrix for a size": word("inverse", encode_term(A)),
        "a matrix of another size": word("inverse", encode_term(m), encode_term(A)),
        "two sizes that are not one": word("hadamard", size, encode_term(m), encode_term(A)),
        "a second matrix of another shape": word(
            "hadamard", size, size, encode_term(A), encode_term(v)
        ),
        "a number for a matrix": word("determinant", size, encode_term(x)),
        "a matrix for a number": word("exp", encode_term(A)),
        "a real for an index": word("entry", size, size, encode_term(A), encode_term(x), ONE),
        "a function of matrices for one of reals": word("derivative", encode_term(f)),
        "a number for a function": word("derivative", encode_term(x)),
        "too many arguments": word("exp", encode_term(x), encode_term(x)),
        "an argument of a value": word("determinant", size, encode_term(A), ONE),
    }.items(),
    ids=lambda pair: pair[0],
)
def test_arguments_are_of_the_sorts(wrong: tuple[str, Any]) -> None:
    for sort in (REAL, SQUARE, arrow(REAL, REAL), arrow(SQUARE, SQUARE), SQUARE):
        with pytest.raises(LanguageError):
            term(wrong[1], sort)


def test_a_value_is_an_atom_or_a_letter_of_its_shape() -> None:
    assert term(word("determinant", size, encode_term(A)), REAL) == encode_term(determinant(A))
    value = encode_term(inverse(A))
    assert term(word("inverse", size, encode_term(A)), SQUARE) == value
    letter = word("inverse", size, encode_term(A))
    assert value == as_term(letter, SQUARE)
    # transposed and in products, as other letters
    assert encode_term(inverse(A).T) == ("mat", size, size, ((((), ((letter, 1),)), (1, 1)),))
    assert encode_term((A * inverse(A)).T) == encode_term(inverse(A).T * A.T)
    column = word("diagonal", size, encode_term(A))
    row = ("mat", ONE, size, ((((), ((column, 1),)), (1, 1)),))
    assert term(row, node("matrix", ONE, size)) == encode_term(diagonal(A).T)
    with pytest.raises(LanguageError):  # not n×n
        term(("mat", size, size, ((((), ((column, 1),)), (1, 1)),)), SQUARE)
    with pytest.raises(LanguageError):  # nor is a function that lacks an argument
        term(("mat", size, size, ((((), ((word("inverse", size), 0),)), (1, 1)),)), SQUARE)


def test_variables_for_functions_to_matrices() -> None:
    S = Map("S", (n, n), (n, n))
    letter = node("at", encode_variable(S), encode_term(A))
    assert encode_term(S(A).T * B) == (
        *("mat", size, size),
        ((((), ((letter, 1), (node(*encode_variable(B)), 0))), (1, 1)),),
    )
    # their arguments are looked into: S(AB − AB + A) is S(A), and traces are turned
    assert encode_term(S(A * B + A - A * B)) == encode_term(S(A))
    assert encode_term(trace(S(A).T * B)) == encode_term(trace(B.T * S(A)))
    tall = node("at", encode_variable(Map("T", (n, n), (m, n))), A_)
    with pytest.raises(LanguageError):
        term(("mat", size, size, ((((), ((tall, 0),)), (1, 1)),)), SQUARE)


A_ = encode_term(A)


# ── Linear words are written out ───────────────────────────────────────────────────────────────
WRITTEN_OUT = {
    "a sum": (diag(v + w), diag(v) + diag(w)),
    "a coefficient": (diag(3 * v / 2), 3 * diag(v) / 2),
    "the other sign": (diag(-v), -diag(v)),
    "a number that varies": (diag(x**2 * trace(A) * v), x**2 * trace(A) * diag(v)),
    "zero": (diag(Zero(n, 1)), Zero(n, n)),
    "zero as it turns out": (diag(A * v - A * v), Zero(n, n)),
    "a value that is a number": (entry(A + 2 * B, i, j), entry(A, i, j) + 2 * entry(B, i, j)),
    "zero as a number": (entry(Zero(n, n), i, j), 0),
    "both arguments": (
        hadamard(A + B, A - B),
        hadamard(A, A) - hadamard(A, B) + hadamard(B, A) - hadamard(B, B),
    ),
    "numbers from both arguments": (hadamard(x * A, y * B), x * y * hadamard(A, B)),
    "an identity": (hadamard(Identity(n) + A, B), hadamard(Identity(n), B) + hadamard(A, B)),
    "a product that is written out": (diag((A + B) * v), diag(A * v) + diag(B * v)),
    "in one another": (diag(diagonal(A + B)), diag(diagonal(A)) + diag(diagonal(B))),
    "three deep": (
        hadamard(hadamard(A, x * B), C + hadamard(A, 2 * B)),
        x * hadamard(hadamard(A, B), C) + 2 * x * hadamard(hadamard(A, B), hadamard(A, B)),
    ),
    "transposed": (hadamard(A + B, C).T, hadamard(A, C).T + hadamard(B, C).T),
    "in a product": (A * diag(v + w) * B, A * diag(v) * B + A * diag(w) * B),
    "in a trace": (trace(A * diag(v + w)), trace(A * diag(v)) + trace(A * diag(w))),
    "in an argument where nothing is linear": (exp(entry(2 * A, i, j)), exp(2 * entry(A, i, j))),
    "the change of a second derivative": (
        hessian(f, A + B, 2 * A + B),
        2 * hessian(f, A + B, A) + hessian(f, A + B, B),
    ),
    "a square of an entry": (entry(A + B, 1, 1) ** 2, (entry(A, 1, 1) + entry(B, 1, 1)) ** 2),
}


@pytest.mark.parametrize(("one", "other"), WRITTEN_OUT.values(), ids=WRITTEN_OUT)
def test_linear_words_are_written_out(one: Any, other: Any) -> None:
    found, wanted = encode_term(one), encode_term(other)
    assert found == wanted
    assert PLAIN.read(found)[0] == found  # a normal form is its own
    assert kernel.algebra(encode(Equal(one, other)))


def test_what_was_read_before_changes_nothing() -> None:
    """An entry of 0 is the number 0, which is natural although entries are real."""
    forget()
    assert encode_term(entry(Zero(n, n), i, j)) == ZERO
    assert sort_of(ZERO) == NAT
    forget()
    assert term(ZERO, NAT) == ZERO
    assert sort_of(encode_term(entry(Zero(n, n), i, j))) == NAT


NOT_WRITTEN_OUT = {
    "of a function": (exp(x + y), exp(x) + exp(y)),
    "of an inverse": (inverse(2 * A), 2 * inverse(A)),
    "of a determinant": (determinant(2 * A), 2 * determinant(A)),
    "where a second derivative is taken": (hessian(f, 2 * A, B), 2 * hessian(f, A, B)),
    "of a row": (entry(A, 2 * i, j), 2 * entry(A, i, j)),
    "of a variable": (f(2 * A), 2 * f(A)),
    "of arguments that are exchanged": (hadamard(A, B), hadamard(B, A)),
    "of a product of matrices": (hadamard(A * B, C), A * hadamard(B, C)),
    "of a product of all arguments": (hadamard(2 * A, 2 * B), 2 * hadamard(A, B)),
}


@pytest.mark.parametrize(("one", "other"), NOT_WRITTEN_OUT.values(), ids=NOT_WRITTEN_OUT)
def test_nothing_else_is_written_out(one: Any, other: Any) -> None:
    assert encode_term(one) != encode_term(other)
    with refuses("algebra", "not the goal"):
        kernel.algebra(encode(Equal(one, other)))


def test_a_word_that_lacks_an_argument_stays_as_it_is() -> None:
    function = word("hadamard", size, size, encode_term(A + B))
    assert read_by(PLAIN, function) == function
    # and is written out where it has them
    assert term(node("at", function, encode_term(C)), SQUARE) == encode_term(
        hadamard(A, C) + hadamard(B, C)
    )


def twice(f: Any, g: Any) -> Any:
    """∀X. f(X) = 2·g(X), not in normal form."""
    letters = [node("at", function, as_term(node("b", 0), SQUARE)) for function in (f, g)]
    terms = [(((), ((a, 0),)), (by, 1)) for a, by in zip(letters, (1, -2), strict=True)]
    return ("forall", SQUARE, ("null", ("mat", size, size, tuple(terms))))


def times_entry_by_entry(a: Any) -> Any:
    """X ↦ a ∘ X."""
    return word("hadamard", size, size, encode_term(a))


def test_below_binders() -> None:
    # ∀X. diag(dg(X) + v) = diag(dg X) + diag v, and inside x ↦ …
    one = ForAll(X, Equal(diag(diagonal(X) + v), diag(diagonal(X)) + diag(v)))
    assert encode(one) == encode(ForAll(X, Equal(0 * A, 0)))
    nothing = ("forall", SQUARE, ("null", ("mat", size, size, ())))
    assert claim(twice(times_entry_by_entry(2 * A), times_entry_by_entry(A))) == nothing
    assert claim(twice(times_entry_by_entry(A), times_entry_by_entry(A))) != nothing
    families = [tabulated(i, diag(F[i] * (v + w))), tabulated(i, diag(F[i] * v) + diag(F[i] * w))]
    assert encode_term(families[0][k:1]) == encode_term(families[1][k:1])


# ── Under ranges, and with members looked up ───────────────────────────────────────────────────
def test_chains_in_arguments_merge_where_ranges_say_so() -> None:
    v0 = MatrixVariable("v0", d(0), 1)
    split, whole = (M[j : i + 1] * M[i:1]) * v0, M[j:1] * v0
    ranges = [given(LessEqual(0, i)), given(LessEqual(i, j))]
    for use in (diag, lambda a: trace(diag(a)) * diag(a) + diag(2 * a)):
        goal = encode(Equal(use(split), use(whole)))
        assert kernel.algebra(goal, (), ranges)
        for some in ([], ranges[:1], ranges[1:]):
            with refuses("algebra", "not the goal"):
                kernel.algebra(goal, (), some)
    # two terms that become one, where the word is linear
    goal = encode(Equal(diag(split + whole), 2 * diag(whole)))
    assert kernel.algebra(goal, (), ranges)
    assert kernel.restate(encode(Equal(diag(whole), 0)), given(Equal(diag(split), 0)), ranges)


def test_members_and_sums_in_arguments_are_looked_up() -> None:
    known = tabulated(i, F[i] + A)
    assert kernel.algebra(encode(Equal(hadamard(known[1], B), hadamard(F[1] + A, B))))
    total = summation(i, 1, k, F[i])
    goal = Equal(hadamard(total, B), hadamard(summation(i, 1, k - 1, F[i]) + F[k], B))
    assert kernel.algebra(encode(goal), (), [given(LessEqual(1, k))])
    with refuses("algebra", "not the goal"):
        kernel.algebra(encode(goal))
    none = encode(Equal(hadamard(total, B), 0))
    assert kernel.algebra(none, (), [given(LessEqual(k, 0))])
    changed = replaced(F, 1, k, i, 2 * A)
    goal = Equal(hadamard(changed[j], B), 2 * hadamard(A, B))
    ranges = [given(LessEqual(1, j)), given(LessEqual(j, k))]
    assert kernel.algebra(encode(goal), (), ranges)
    with refuses("algebra", "not the goal"):
        kernel.algebra(encode(goal), (), ranges[:1])


def test_families_of_values_of_words() -> None:
    inverses = tabulated(i, inverse(F[i]))
    assert kernel.algebra(encode(Equal(inverses[1] * inverses[2], inverse(F[1]) * inverse(F[2]))))
    rows = tabulated(i, ones(d(i), 1) * v.T * A)
    assert rows[k].shape == (d(k), n)
    with pytest.raises(LanguageError, match="do not fit"):  # it does not compose
        chain = ("chain", encode_term(rows), encode_term(k), ONE)
        claim(("null", ("mat", encode_term(d(k)), size, ((((), ((chain, 0),)), (1, 1)),))))


# ── Sizes ──────────────────────────────────────────────────────────────────────────────────────
def test_words_of_size_zero_and_sizes_that_are_computed() -> None:
    nothing = MatrixVariable("N", 0, 0)
    assert encode_term(diag(diagonal(nothing))) != encode_term(Zero(0, 0))  # a fact, no form
    grown = MatrixVariable("G", n + rank(A), n + rank(A))
    assert encode_term(inverse(grown)) == as_term(
        word("inverse", encode_term(rank(A) + n), encode_term(grown)),
        node("matrix", encode_term(n + rank(A)), encode_term(n + rank(A))),
    )


def test_a_size_is_bound_with_what_it_is_the_size_of() -> None:
    b0, b1 = as_term(("b", 0), NAT), as_term(("b", 1), NAT)
    some = ("matrix", b0, b0)
    matrix = ("mat", b1, b1, ((((), ((("b", 0), 0),)), (1, 1)),))
    inside = ("at", ("at", ("word", "determinant"), b1), matrix)
    for_all = ("forall", NAT, ("forall", some, ("rpos", as_num(inside))))
    assert claim(for_all)
    wrong = ("at", ("at", ("word", "determinant"), b0), inside[2])
    with pytest.raises(LanguageError):
        claim(("forall", NAT, ("forall", some, ("rpos", as_num(wrong)))))
    with pytest.raises(LanguageError, match="nothing binds"):
        claim(("forall", SQUARE, ("rpos", as_num(("at", ("at", ("word", "determinant"), b1), A_)))))


# ── Which word is meant, and what is kept of it ────────────────────────────────────────────────
def test_spine_and_linear_in() -> None:
    letter = word("hadamard", size, size, A_, encode_term(B))
    assert spine(letter) == (("word", "hadamard"), [size, size, A_, encode_term(B)])
    assert linear_in(node("word", "hadamard")) == (2, 3)
    assert linear_in(node("var", "hadamard", REAL)) == ()
    assert spine(node("word", "exp")) == (("word", "exp"), [])


def test_a_variable_of_a_word_s_name_is_no_word() -> None:
    other = ("var", "diag", sort_of(word("diag", size)))
    value = node("at", other, encode_term(v + w))
    assert term(value, SQUARE) == as_term(value, SQUARE)
    assert claim(("null", encode_term(diag(v)))) != claim(
        ("null", as_term(node("at", other, encode_term(v)), SQUARE))
    )


def test_digests_are_those_of_the_normal_form() -> None:
    """A digest is a name that outlives this program: these must never change."""
    one, two = Equal(diag(v + w), diag(v) + diag(A * w)), Equal(diag(w), diag(A * w))
    assert digest(encode(one)) == digest(encode(two))
    pinned = encode(Equal(exp(x) * entry(A, 1, 1), determinant(inverse(A))))
    assert digest(pinned) == "373585f44d2e8ff7bcc97fbfa114c5456159dca2bc26f81dce61c47472751409"
