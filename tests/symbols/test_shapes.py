"""Shapes and sorts are checked when anything is built, and the error shows both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proofkit.symbols import (
    Chain,
    Function,
    Identity,
    MatrixVariable,
    Member,
    Scaled,
    Zero,
    family,
    frobenius,
    index,
    listed,
    natural,
    real,
    replaced,
    tabulated,
    trace,
    vector,
    vectors,
    widths,
)
from proofkit.symbols.faults import LanguageError, ShapeError, SortError

m, n, d, i, k, x = natural("m"), natural("n"), widths("d"), index("i"), index("k"), real("x")
A, S, M = MatrixVariable("A", m, n), MatrixVariable("S", n, n), family("M", d)
f, towers = Function("f", m, n), family("T", widths("w", 2), 2)
columns = vectors("v", d)

SHAPES: dict[str, Callable[[], Any]] = {
    "a sum": lambda: A + S,
    "a difference": lambda: A - A.T,
    "a product": lambda: A * A,
    "a product of layers the wrong way round": lambda: M[i] * M[i + 1],
    "a gap between layers": lambda: M[i + 2] * M[i],
    "a trace": lambda: trace(A),
    "an inner product": lambda: frobenius(A, A.T),
    "a value": lambda: f(A.T),
    "a gradient": lambda: f.gradient(S),
    "a layer put in": lambda: M.with_layer(i, A),
    "layers replaced": lambda: replaced(M, 1, k, i, A),
    "a chain of vectors": lambda: columns[k:1],
    "a layer times a vector of another": lambda: M[i] * columns[i],
}

SORTS: dict[str, Callable[[], Any]] = {
    "a number added to a matrix": lambda: A + 1,
    "a matrix subtracted from a number": lambda: 1 - S,
    "a matrix as a scalar": lambda: Scaled(S, S),
    "an imaginary scalar": lambda: 1j * S,
    "an index that is not an integer": lambda: M[x],
    "a width at a real number": lambda: d(x),
    "a width with two indices": lambda: d(i, k),
    "a chain of towers": lambda: Chain(towers, k, 1),
    "a tower of a single network": lambda: Member(M, 1),
    "a value at a number": lambda: f(x),
    "an entry of a list that is not there": lambda: listed(S, S)[3].shape,
    "an entry of a list at a symbol": lambda: listed(S, S)[i].shape,
}


@pytest.mark.parametrize("build", SHAPES.values(), ids=SHAPES)
def test_shapes_that_do_not_fit(build: Callable[[], Any]) -> None:
    with pytest.raises(ShapeError):
        build()


@pytest.mark.parametrize("build", SORTS.values(), ids=SORTS)
def test_terms_of_another_sort(build: Callable[[], Any]) -> None:
    with pytest.raises(SortError):
        build()


def test_a_chain_neither_runs_backwards_nor_has_steps() -> None:
    with pytest.raises(LanguageError, match="backwards"):
        M[1:3]
    with pytest.raises(LanguageError, match="step"):
        M[3:1:2]
    with pytest.raises(TypeError, match="cannot be listed"):
        list(M)


def test_the_error_shows_both_shapes() -> None:
    with pytest.raises(ShapeError) as fault:
        A * A
    assert "m×n by m×n" in str(fault.value)


def test_shapes_of_what_fits() -> None:
    v = vector("v", n)
    assert (A * S * v).shape == (m, 1)
    assert M[k : i + 1].shape == (d(k), d(i))
    assert M[i : i + 1].shape == (d(i), d(i))
    assert f.gradient(A).shape == (m, n)
    assert tabulated(i, M[k - i].T)[1].shape == (d(k - 2), d(k - 1))
    assert listed(S, A)[2:1].shape == (m, n)
    assert (Identity(m) * A + Zero(m, n)).shape == (m, n)
    assert M.with_layer(i, 2 * M[i])[k:1].shape == (d(k), d(0))
