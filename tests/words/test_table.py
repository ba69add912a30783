"""What a row of the table of words must have: read, valued, written, with a source.

A word that is added without one of these fails here.  Values are asked for at arguments drawn by
the signature: numbers, matrices, functions, and what lies outside the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import flint
import numpy as np
import pytest

from proofkit.kernel.words import WORDS
from proofkit.networks.duals import Dual, fresh, value_of
from proofkit.networks.enclosures import EnclosedMatrix, Enclosure, ball_of, enclosing
from proofkit.networks.error_bounds import FloatScalar, as_floats
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.symbols import Function, Map, MatrixVariable, encode_term, index, natural, real
from proofkit.symbols.words import applied
from proofkit.views.latex import show as in_latex
from proofkit.views.mathml import show as in_mathml
from proofkit.words import TABLE, Row
from proofkit.words.reals import REALS, Undefined
from proofkit.words.reals import real as real_value
from proofkit.words.values import VALUES, worth

every_word = pytest.mark.parametrize("name", TABLE)

NUMBERS = (*map(Fraction, (-2, 0, 1, 2)), Fraction(-1, 3), Fraction(3, 7))
MATRICES = {
    (2, 2): ([[2, 1], [1, 3]], [["1/3", -1], [2, "1/2"]], [[1, 2], [2, 4]], [[0, 1], [-1, 0]]),
    (2, 3): ([[1, -2, "1/2"], [0, 3, -1]], [["1/3", 1, 1], [-2, 1, 0]]),
    (2, 1): ([[1], [-2]], [["1/3"], [0]]),
}
SIZES = {"p": 2, "q": 3, "n": 2}
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "real→real": (partial(real_value, "tanh"), lambda x: x * x * x - x),
    "p×q→real": (lambda x: (x.T @ x).trace() * (x.T @ x).trace(),),
}


def exact_matrix(rows: Any) -> ExactMatrix:
    return ExactMatrix.of([[Fraction(x) for x in row] for row in rows])


def exact_arguments(row: Row) -> Iterator[tuple[Any, ...]]:
    """Arguments of all sorts that the signature names, and one more where a function is given."""
    takes = (*row.takes, "real") if "→" in row.gives else row.takes
    # ``diagonal`` and ``diag`` are of square matrices: their sizes say so.
    choices: list[Any] = []
    for text in takes:
        if text == "real":
            choices.append(NUMBERS)
        elif text == "index":
            choices.append((1, 2, 7))
        elif "→" in text:
            choices.append(FUNCTIONS[text.strip("()")])
        else:
            shape = tuple(SIZES.get(n) or int(n) for n in text.split("×"))
            choices.append(tuple(map(exact_matrix, MATRICES[shape])))
    yield from product(*choices)


def sizes_of(row: Row) -> tuple[int, ...]:
    return tuple(SIZES[n] for n in row.sizes)


def converted(x: Any, number: Callable[[Fraction], Any], matrix: Callable[[Any], Any]) -> Any:
    """An argument in another arithmetic: numbers and matrices, not indices and functions."""
    if isinstance(x, Fraction):
        return number(x)
    return matrix(x) if isinstance(x, ExactMatrix) else x


def around(x: Fraction) -> Any:
    with enclosing():
        return Enclosure(flint.arb(flint.fmpq(x.numerator, x.denominator), 1e-60))


def around_matrix(x: ExactMatrix) -> Any:
    return EnclosedMatrix.of([[around(Fraction(a)) for a in row] for row in x.entries()])


def entries_of(x: Any) -> list[Any]:
    if isinstance(x, FloatMatrix):
        return [x.entry(i, j) for i in range(x.rows) for j in range(x.cols)]
    return [a for row in x.entries() for a in row] if hasattr(x, "entries") else [x]


def is_within(value: Any, other: Any) -> bool:
    """Whether balls around two numbers, or a float with its error, have a number in common."""
    with enclosing():
        if isinstance(other, FloatScalar):
            (middle,), (radius,) = np.atleast_1d(other.value), np.atleast_1d(other.error)
            return bool(abs(ball_of(value) - float(middle)) <= float(radius))
        return bool(ball_of(other).contains(ball_of(value).mid()))


def outcomes(name: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Arguments with the value there, None where the word is undefined."""
    row = TABLE[name]
    for arguments in exact_arguments(row):
        try:
            yield arguments, worth(name, sizes_of(row), arguments)
        except Undefined:
            yield arguments, None


# ── What the kernel and the reader are told ────────────────────────────────────────────────────
def test_the_kernel_knows_the_words_of_the_table_and_no_others() -> None:
    assert set(WORDS) == set(TABLE)


@every_word
def test_the_kernel_reads_the_signature(name: str) -> None:
    row = TABLE[name]
    assert (WORDS[name].sort, WORDS[name].linear) == (row.sort, row.places)
    assert encode_term(term(row))


@every_word
def test_it_says_what_it_is_and_who_says_so(name: str) -> None:
    row = TABLE[name]
    assert row.says.endswith(".")
    assert any(c.isdigit() for c in row.source)


@every_word
def test_the_views_know_its_notation(name: str) -> None:
    written = term(TABLE[name])
    assert str(written)
    assert in_latex(written)
    assert in_mathml(written)


def term(row: Row) -> Any:
    """The word applied to variables."""
    sizes = {n: natural(n) for n in row.sizes}

    def shape(text: str) -> tuple[Any, ...]:
        return tuple(sizes.get(n) or int(n) for n in text.split("×")) if "×" in text else ()

    arguments: list[Any] = []
    for n, text in enumerate(row.takes):
        sides = [shape(side) for side in text.strip("()").split("→")]
        if text in ("real", "index"):
            arguments.append((real if text == "real" else index)("xij"[n]))
        elif len(sides) == 1:
            arguments.append(MatrixVariable("XYZ"[n], *sides[0]))
        elif sides[0]:
            arguments.append(Function("f", *sides[0]))
        else:
            arguments.append(Map("σ"))
    return applied(row.name, *arguments, sizes=tuple(sizes.values()))


# ── Values ─────────────────────────────────────────────────────────────────────────────────────
def test_every_word_has_values_and_no_others_have() -> None:
    assert set(VALUES) == set(TABLE)


@every_word
def test_it_has_a_domain_and_is_undefined_outside(name: str) -> None:
    domain = TABLE[name].domain
    found = [value is None for _, value in outcomes(name)]
    assert not all(found)
    if domain.startswith(("every", "all")):
        assert not any(found)
    elif TABLE[name].takes[0] in ("real", "n×n", "p×q"):
        assert any(found) or name == "hessian"


@every_word
def test_exact_values_lie_in_the_balls_around_them(name: str) -> None:
    row = TABLE[name]
    for arguments, value in outcomes(name):
        if value is None:
            continue
        thick = [converted(x, around, around_matrix) for x in arguments]
        try:
            found = worth(name, sizes_of(row), thick)
        except Undefined:
            # A ball around the border of the domain is not inside it.
            assert row.takes == ("real",)
            assert arguments == (Fraction(0),)
            continue
        for one, other in zip(entries_of(value), entries_of(found), strict=True):
            assert is_within(one, other)


@every_word
def test_floats_lie_within_their_error_bounds(name: str) -> None:
    row = TABLE[name]
    for arguments, value in outcomes(name):
        floats = [converted(x, as_floats, lambda m: FloatMatrix.of_exact([m])) for x in arguments]
        if value is None and "index" in row.takes:
            continue
        found = worth(name, sizes_of(row), floats, exact=False)
        parts = entries_of(found)
        for part in parts:
            assert np.isfinite(part.value if isinstance(part, FloatScalar) else float(part)).all()
        if value is None:
            assert all(np.isinf(part.error).all() for part in parts)
            continue
        for one, other in zip(entries_of(value), parts, strict=True):
            assert is_within(one, as_floats(other))
            assert np.isfinite(as_floats(other).error).all() or name == "sqrt"


# ── Derivatives, of power series ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", REALS)
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_are_limits_of_difference_quotients(name: str, order: int) -> None:
    step = Fraction(1, 2**40)
    for x in (*NUMBERS, Fraction(5)):
        try:
            slope = real_value(name, x, order)
            right, left = (real_value(name, x + s, order - 1) for s in (step, -step))
        except Undefined:
            continue
        quotient = (right - left) * (1 / (2 * step))
        with enclosing():
            assert abs(ball_of(quotient) - ball_of(slope)) < 1e-20
        float_slope = real_value(name, FloatScalar.of([float(x)]), order)
        near = real_value(name, Fraction(float(x)), order)
        assert is_within(near, float_slope)
        assert float_slope.error < 1e-12 * (1 + abs(float_slope.value))


@pytest.mark.parametrize("name", REALS)
def test_there_is_no_derivative_where_a_function_is_not_smooth(name: str) -> None:
    if 0 in REALS[name].smooth:
        real_value(name, Fraction(0), 1)
    else:
        with pytest.raises(Undefined):
            real_value(name, Fraction(0), 1)
        assert np.isinf(real_value(name, FloatScalar.of([0.0]), 1).error).all()


# ── Determinants and inverses of every size ────────────────────────────────────────────────────
@pytest.mark.parametrize("size", range(5))
def test_determinants_and_inverses_agree_in_all_arithmetics(size: int) -> None:
    """Exact ones are python-flint's; those of floats and of dual matrices come of another way."""
    rng = np.random.default_rng(size)
    entries = rng.integers(-3, 4, (size, size)) + 7 * np.eye(size, dtype=int)
    x = ExactMatrix.of(entries.tolist(), shape=(size, size))
    determinant = worth("determinant", (size,), [x])
    inverse = worth("inverse", (size,), [x])
    still = Dual(x, None, fresh())
    assert value_of(worth("determinant", (size,), [still])) == determinant
    assert value_of(worth("inverse", (size,), [still])) == inverse
    if size:
        floats = FloatMatrix.of(entries.astype(float))
        assert is_within(determinant, worth("determinant", (size,), [floats], exact=False))
        found = worth("inverse", (size,), [floats], exact=False)
        for one, other in zip(entries_of(inverse), entries_of(found), strict=True):
            assert is_within(one, other)
        assert is_within(determinant, worth("determinant", (size,), [around_matrix(x)]))
