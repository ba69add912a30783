"""Normal form: two matrix expressions are equal for all matrices iff their tuples are equal.

Random expressions are put in normal form in one way and evaluated in two: as written, by
`proofkit.evaluate`, and from the tuple, by the small evaluator below, which shares no code with
the engine.
"""

from __future__ import annotations

import random
from fractions import Fraction
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.terms import matrix_value, real_value
from proofkit.kernel import nodes
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by, term, under
from proofkit.kernel.terms import INDEX, REAL, as_term, chain, identity, minus, number, transpose
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import (
    MatrixTrace,
    MatrixVariable,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    real,
    widths,
)
from proofkit.symbols.faults import LanguageError

n, k, i, d = natural("n"), index("k"), index("i"), widths("d")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)
F = family("F", lambda layer: (n, n))
M = family("M", d)
x = real("x")

Grid = list[list[Fraction]]


# ── An evaluator of tuples ─────────────────────────────────────────────────────────────────────
def times(a: Grid, b: Grid) -> Grid:
    return [
        [
            sum((p * q for p, q in zip(row, col, strict=True)), Fraction(0))
            for col in zip(*b, strict=True)
        ]
        for row in a
    ]


def unit(size: int) -> Grid:
    return [[Fraction(int(r == c)) for c in range(size)] for r in range(size)]


def grid_of(e: Term, values: dict[str, Any]) -> Grid:
    """The value of a matrix term, from nothing but the definition of its tuple."""
    _, rows, cols, parts = e
    total = [
        [Fraction(0)] * int(number_of(cols, values)) for _ in range(int(number_of(rows, values)))
    ]
    for (monomial, word), (p, q) in parts:
        scale = Fraction(p, q) * monomial_of(monomial, values)
        for r, row in enumerate(word_of(word, values)):
            for c, entry in enumerate(row):
                total[r][c] += scale * entry
    return total


def word_of(word: Term, values: dict[str, Any]) -> Grid:
    product = unit(values["n"])
    for letter, transposed in word:
        value = letter_of(letter, values)
        product = times(product, list(map(list, zip(*value, strict=True))) if transposed else value)
    return product


def number_of(e: Term, values: dict[str, Any]) -> Fraction:
    return sum(
        (Fraction(p, q) * monomial_of(monomial, values) for (monomial, _), (p, q) in e[1]),
        Fraction(0),
    )


def letter_of(letter: Term, values: dict[str, Any]) -> Grid:
    if letter[0] == "var":
        return values[letter[1]]  # type: ignore[no-any-return]
    _, members, hi, lo = letter
    first, last = int(number_of(lo, values)), int(number_of(hi, values))
    assert last >= first - 1
    product = unit(values["n"])
    for at in range(first, last + 1):
        product = times(values[members[1]][at], product)
    return product


def monomial_of(monomial: Term, values: dict[str, Any]) -> Fraction:
    product = Fraction(1)
    for atom, power in monomial:
        if atom[0] == "trace":
            word = word_of(atom[1], values)
            product *= sum((word[r][r] for r in range(values["n"])), Fraction(0)) ** power
        else:
            product *= Fraction(values[atom[1]]) ** power
    return product


# ── Random square expressions ──────────────────────────────────────────────────────────────────
# The chains that occur reach from layer k down to layer 1 (k = 4), in every overlapping way.
leaves = st.sampled_from(
    [A, B, F[1], F[k], F[k:1], F[k : i + 1], F[i:1], F[i], F[k - 1 : i + 1], F[i + 1], F[i : i + 1]]
)
scalars = st.sampled_from([2, -1, Fraction(1, 3), x, x**2, MatrixTrace(A * B), n])


def grown(inner: Any) -> Any:
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        inner.map(lambda term: term.T),
        st.tuples(scalars, inner).map(lambda pair: pair[0] * pair[1]),
    )


expressions = st.recursive(leaves, grown, max_leaves=6)


def instance(seed: int) -> tuple[Environment, dict[str, Any]]:
    """The same random values for both evaluators: n = 2, k = 4, i = 2."""
    rng = random.Random(seed)

    def matrix() -> Grid:
        return [[Fraction(rng.randint(-2, 2)) for _ in range(2)] for _ in range(2)]

    a, b, layers = matrix(), matrix(), {at: matrix() for at in range(1, 6)}
    values = {"n": 2, "k": 4, "i": 2, "x": Fraction(3, 2), "A": a, "B": b, "F": layers}
    of = ExactMatrix.of
    members = Layers({at: of(m) for at, m in layers.items()})
    env = Environment({n: 2, k: 4, i: 2, x: Fraction(3, 2), A: of(a), B: of(b), F: members})
    return env, values


@given(expressions, st.integers(0, 5))
def test_the_normal_form_has_the_value_of_the_expression(term: Any, seed: int) -> None:
    env, values = instance(seed)
    assert grid_of(encode_term(term), values) == matrix_value(term, env).entries()


@given(expressions)
def test_putting_in_normal_form_twice_changes_nothing(term: Any) -> None:
    facts = [encode_term(i - 1), encode_term(k - i)]
    for reading in (PLAIN, under([]), under(facts), under(facts, unfold=True)):
        for e in (encode_term(term), encode_term(MatrixTrace(term))):
            normal = read_by(reading, e)
            nodes.tidy()  # what was read before is not asked
            assert read_by(reading, fresh(normal)) == normal


def fresh(x: Any) -> Any:
    """A copy that nothing is remembered of."""
    return tuple(map(fresh, x)) if isinstance(x, tuple) else x


@given(expressions, expressions, expressions)
def test_sums_and_products_associate_and_distribute(a: Any, b: Any, c: Any) -> None:
    # (a + b) + c = a + (b + c),  a + b = b + a,  (ab)c = a(bc),  a(b + c) = ab + ac
    assert encode_term((a + b) + c) == encode_term(a + (c + b))
    assert encode_term((a * b) * c) == encode_term(a * (b * c))
    assert encode_term(a * (b + c)) == encode_term(a * b + a * c)


@given(expressions, expressions)
def test_transposes_are_pushed_to_the_letters(a: Any, b: Any) -> None:
    # (ab)ᵀ = bᵀaᵀ,  aᵀᵀ = a
    assert encode_term((a * b).T) == encode_term(b.T * a.T)
    assert transpose(transpose(encode_term(a))) == encode_term(a)


@given(expressions, expressions, st.integers(0, 3))
def test_traces_do_not_see_rotation_and_transposition(a: Any, b: Any, seed: int) -> None:
    # tr(ab) = tr(ba) = tr((ab)ᵀ), and all have the value of the trace
    assert (
        encode_term(MatrixTrace(a * b))
        == encode_term(MatrixTrace(b * a))
        == encode_term(MatrixTrace((a * b).T))
    )
    env, values = instance(seed)
    real_term = encode_term(MatrixTrace(a * b))
    assert number_of(real_term, values) == real_value(MatrixTrace(a * b), env)


def test_different_expressions_have_different_normal_forms() -> None:
    # AB ≠ BA,  AᵀB ≠ ABᵀ,  2A ≠ A
    assert encode_term(A * B) != encode_term(B * A)
    assert encode_term(A.T * B) != encode_term(A * B.T)
    assert encode_term(2 * A) != encode_term(A)


# ── Chains ─────────────────────────────────────────────────────────────────────────────────────
def test_adjacent_pieces_merge_where_constants_say_they_are_in_order() -> None:
    # M[i+1]·M[i] = M[i+1:i],  M[i:i+1] = I
    assert encode_term(M[i + 1] * M[i]) == encode_term(M[i + 1 : i])
    assert encode_term(M[i : i + 1]) == identity(encode_term(d(i)))


def test_adjacent_pieces_stay_apart_where_the_range_is_unknown() -> None:
    # M[k:i+1]·M[i:1] is M[k:1] only for 0 ≤ i ≤ k
    product = encode_term(M[k : i + 1] * M[i:1])
    assert product != encode_term(M[k:1])
    upper, lower = encode_term(k - i), encode_term(i)
    assert read_by(under([upper, lower]), product) == encode_term(M[k:1])
    assert read_by(under([upper, minus(lower, number(5))]), product) == encode_term(M[k:1])
    too_little = (upper, encode_term(i + 1))  # i ≥ −1 is not enough
    for some in (too_little, (upper,), (lower,), ()):
        assert read_by(under(some), product) == product
    # the stronger of two facts counts
    assert read_by(under([upper, lower, encode_term(i + 1)]), product) == encode_term(M[k:1])


def test_transposed_pieces_merge_in_the_opposite_order() -> None:
    # M[i]ᵀ·M[i+1]ᵀ = M[i+1:i]ᵀ, whereas M[i+1]ᵀ·M[i]ᵀ has no reason to merge
    assert encode_term(M[i].T * M[i + 1].T) == encode_term(M[i + 1 : i].T)
    assert len(encode_term(F[i + 1].T * F[i].T)[3][0][0][1]) == 2


def test_pieces_of_different_families_or_turned_pieces_do_not_merge() -> None:
    # M[i+1]·N[i] and F[i+1]·F[i]ᵀ keep two letters
    N = family("N", d)
    assert len(encode_term(M[i + 1] * N[i])[3][0][0][1]) == 2
    assert len(encode_term(F[i + 1] * F[i].T)[3][0][0][1]) == 2


def test_a_chain_that_runs_backwards_is_refused() -> None:
    with pytest.raises(LanguageError, match="runs backwards"):
        chain(encode_term(M), number(1), number(3))


# ── Binders ────────────────────────────────────────────────────────────────────────────────────
@given(expressions)
def test_opening_undoes_closing(expression: Any) -> None:
    a, normal = encode_variable(A), encode_term(expression)
    assert opened(closed(normal, a), a) == normal
    assert read_by(PLAIN, opened(closed(normal, a), encode_term(A))) == normal


@given(expressions, expressions)
def test_substitution_is_substitution(expression: Any, put: Any) -> None:
    # e[A := p] as SymPy puts it in, and as binding puts it in
    there = opened(closed(encode_term(expression), encode_variable(A)), encode_term(put))
    assert read_by(PLAIN, there) == encode_term(expression.xreplace({A: put}))


# ── One node for equal ones ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("n", [0, 1, -1, -5, -6, -7, -128, -129, 255, 256, 257, 10**30, -(10**30)])
def test_equal_numbers_are_one_object(n: int) -> None:
    # f(n) − f(n) is 0, whatever n is
    f = node("var", "f", ("to", INDEX, REAL))
    assert number(int(str(n))) is number(int(f"0{n}".replace("0-", "-")))
    here, there = (as_term(node("at", f, number(int(str(n)))), REAL) for _ in range(2))
    assert here is there
    assert minus(here, there) == number(0)
    parts = tuple((((at, 1),), ()) for at in (("at", f, number(n)), ("at", f, number(n))))
    e = ("num", tuple((key, (sign, 1)) for key, sign in zip(parts, (1, -1), strict=True)))
    assert claim(("null", e)) == ("null", number(0))


def test_coefficients_that_collide_are_told_apart() -> None:
    # k(2⁶¹ − 1) + 1 have one hash; a sum of many such is read in time
    prime = (1 << 61) - 1
    f = ("var", "f", ("to", INDEX, REAL))
    parts = tuple(
        ((((("at", f, number(n * prime + 1)), 1),), ()), (n * prime + 1, 1)) for n in range(2000)
    )
    start = process_time()
    assert len(term(("num", parts), REAL)[1]) == 2000
    assert process_time() - start < 5
