"""Normal form: two matrix expressions are equal for all matrices iff their tuples are equal.

Random expressions are put in normal form in one way and evaluated in two: as written, by
`proofkit.evaluate`, and from the tuple, by the small evaluator below, which shares no code with
the engine.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.terms import matrix_value, real_value
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder, rejoin
from proofkit.symbols.faults import LanguageError
from proofkit.language.sorts import bound_term
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import (
    MatrixVariable,
    Trace,
    encode_family,
    encode_index,
    encode_matrix,
    encode_real,
    family,
    index,
    natural,
    real,
    widths,
)

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


def grid_of(term: t.Term, values: dict[str, Any]) -> Grid:
    """The value of a matrix term, from nothing but the definition of its tuple."""
    _, rows, cols, parts = term
    total = [[Fraction(0)] * number_of(cols, values) for _ in range(number_of(rows, values))]
    for (monomial, word), coefficient in parts:
        product = [
            [Fraction(int(r == c)) for c in range(number_of(rows, values))]
            for r in range(number_of(rows, values))
        ]
        for letter, transposed in word:
            value = letter_of(letter, values)
            product = times(
                product, list(map(list, zip(*value, strict=True))) if transposed else value
            )
        scale = coefficient * monomial_of(monomial, values)
        for r, row in enumerate(product):
            for c, entry in enumerate(row):
                total[r][c] += scale * entry
    return total


def number_of(term: t.Term, values: dict[str, Any]) -> int:
    return int(term[1] + sum(c * values[atom[1]] for atom, c in term[2]))


def letter_of(letter: t.Term, values: dict[str, Any]) -> Grid:
    if letter[0] == "var":
        return values[letter[1]]  # type: ignore[no-any-return]
    _, members, hi, lo = letter
    first, last = number_of(lo, values), number_of(hi, values)
    assert last >= first - 1
    size = values["n"]
    product = [[Fraction(int(r == c)) for c in range(size)] for r in range(size)]
    for at in range(first, last + 1):
        product = times(values[members[1]][at], product)
    return product


def monomial_of(monomial: t.Term, values: dict[str, Any]) -> Fraction:
    product = Fraction(1)
    for atom, power in monomial:
        if atom[0] == "trace":
            size = values["n"]
            word: Grid = [[Fraction(int(r == c)) for c in range(size)] for r in range(size)]
            for letter, flag in atom[1]:
                value = letter_of(letter, values)
                word = times(word, list(map(list, zip(*value, strict=True))) if flag else value)
            product *= sum((word[r][r] for r in range(size)), Fraction(0)) ** power
        elif atom[0] == "int":
            product *= Fraction(values[atom[1][1]]) ** power
        else:
            product *= values[atom[1]] ** power
    return product


# ── Random square expressions ──────────────────────────────────────────────────────────────────
# The chains that occur reach from layer k down to layer 1 (k = 4), in every overlapping way.
leaves = st.sampled_from(
    [A, B, F[1], F[k], F[k:1], F[k : i + 1], F[i:1], F[i], F[k - 1 : i + 1], F[i + 1], F[i : i + 1]]
)
scalars = st.sampled_from([2, -1, Fraction(1, 3), x, x**2, Trace(A * B), n])


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
    assert grid_of(encode_matrix(term), values) == matrix_value(term, env).entries()


@given(expressions)
def test_putting_in_normal_form_twice_changes_nothing(term: Any) -> None:
    normal = encode_matrix(term)
    assert rejoin(normal, {}) == normal
    trace = encode_real(Trace(term))
    assert rejoin(trace, {}) == trace


@given(expressions, expressions, expressions)
def test_sums_and_products_associate_and_distribute(a: Any, b: Any, c: Any) -> None:
    # (a + b) + c = a + (b + c),  a + b = b + a,  (ab)c = a(bc),  a(b + c) = ab + ac
    assert encode_matrix((a + b) + c) == encode_matrix(a + (c + b))
    assert encode_matrix((a * b) * c) == encode_matrix(a * (b * c))
    assert encode_matrix(a * (b + c)) == encode_matrix(a * b + a * c)


@given(expressions, expressions)
def test_transposes_are_pushed_to_the_letters(a: Any, b: Any) -> None:
    # (ab)ᵀ = bᵀaᵀ,  aᵀᵀ = a
    assert encode_matrix((a * b).T) == encode_matrix(b.T * a.T)
    assert t.transpose(t.transpose(encode_matrix(a))) == encode_matrix(a)


@given(expressions, expressions, st.integers(0, 3))
def test_traces_do_not_see_rotation_and_transposition(a: Any, b: Any, seed: int) -> None:
    # tr(ab) = tr(ba) = tr((ab)ᵀ), and all have the value of the trace
    assert encode_real(Trace(a * b)) == encode_real(Trace(b * a)) == encode_real(Trace((a * b).T))
    env, values = instance(seed)
    real_term = encode_real(Trace(a * b))
    value = sum((c * monomial_of(m, values) for m, c in real_term[1]), Fraction(0))
    assert value == real_value(Trace(a * b), env)


def test_different_expressions_have_different_normal_forms() -> None:
    # AB ≠ BA,  AᵀB ≠ ABᵀ,  2A ≠ A
    assert encode_matrix(A * B) != encode_matrix(B * A)
    assert encode_matrix(A.T * B) != encode_matrix(A * B.T)
    assert encode_matrix(2 * A) != encode_matrix(A)


# ── Chains ─────────────────────────────────────────────────────────────────────────────────────
def test_adjacent_pieces_merge_where_constants_say_they_are_in_order() -> None:
    # M[i+1]·M[i] = M[i+1:i],  M[i:i+1] = I
    assert encode_matrix(M[i + 1] * M[i]) == encode_matrix(M[i + 1 : i])
    assert encode_matrix(M[i : i + 1]) == t.identity(encode_index(d(i)))


def test_adjacent_pieces_stay_apart_where_the_range_is_unknown() -> None:
    # M[k:i+1]·M[i:1] is M[k:1] only for 0 ≤ i ≤ k
    product = encode_matrix(M[k : i + 1] * M[i:1])
    assert product != encode_matrix(M[k:1])
    upper = t.index_difference(encode_index(k), encode_index(i))[2]
    lower = encode_index(i)[2]
    assert rejoin(product, {upper: 0, lower: 0}) == encode_matrix(M[k:1])
    assert rejoin(product, {upper: 0, lower: 1}) == product  # i ≥ −1 is not enough
    assert rejoin(product, {upper: 0}) == product
    assert rejoin(product, {lower: 0}) == product


def test_transposed_pieces_merge_in_the_opposite_order() -> None:
    # M[i]ᵀ·M[i+1]ᵀ = M[i+1:i]ᵀ, whereas M[i+1]ᵀ·M[i]ᵀ has no reason to merge
    assert encode_matrix(M[i].T * M[i + 1].T) == encode_matrix(M[i + 1 : i].T)
    assert len(encode_matrix(F[i + 1].T * F[i].T)[3][0][0][1]) == 2


def test_pieces_of_different_families_or_turned_pieces_do_not_merge() -> None:
    # M[i+1]·N[i] and F[i+1]·F[i]ᵀ keep two letters
    N = family("N", d)
    assert len(encode_matrix(M[i + 1] * N[i])[3][0][0][1]) == 2
    assert len(encode_matrix(F[i + 1] * F[i].T)[3][0][0][1]) == 2


def test_a_chain_that_runs_backwards_is_refused() -> None:
    with pytest.raises(LanguageError, match="runs backwards"):
        t.chain_word(encode_family(M), t.lin(1), t.lin(3))


# ── Binders ────────────────────────────────────────────────────────────────────────────────────
@given(expressions)
def test_opening_undoes_closing(term: Any) -> None:
    a = ("var", "A", ("matrix", encode_index(n), encode_index(n)))
    normal = encode_matrix(term)
    assert open_binder(close_binder(normal, [a]), [bound_term(a)]) == normal


@given(expressions, expressions)
def test_substitution_is_substitution(term: Any, put: Any) -> None:
    # e[A := p] as SymPy puts it in, and as binding puts it in
    a = ("var", "A", ("matrix", encode_index(n), encode_index(n)))
    there = open_binder(close_binder(encode_matrix(term), [a]), [encode_matrix(put)])
    assert there == encode_matrix(term.xreplace({A: put}))
