"""Words, slopes and continuity in messages: what the kernel is given and refuses, in plain text."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import Claim, Continuous, Exists, ForAll, Slope
from proofkit.claims.encode import encode
from proofkit.kernel.nodes import Term
from proofkit.kernel.words import WORDS
from proofkit.script.wording import text
from proofkit.symbols import (
    Family,
    Function,
    FunctionOf,
    FunctionWord,
    Map,
    MatrixVariable,
    encode_term,
    encode_variable,
    entry,
    exp,
    hadamard,
    hessian,
    index,
    inverse,
    natural,
    ones,
    real,
    reciprocal,
    relu,
)

p, q, n, i, j, x, y, h = (
    *map(natural, "pqn"),
    *map(index, "ij"),
    *map(real, "xyh"),
)
X, Y, S, K = (MatrixVariable(a, p, q) for a in "XYSK")
S, K = (MatrixVariable(a, n, n) for a in "SK")
σ, f = Map("σ"), Function("f", p, q)

SAID: list[tuple[Any, str]] = [
    (exp(x) * y, "exp(x)·y"),
    (x**-2, "reciprocal(x)^2"),
    (hadamard(X, Y), "hadamard[p, q](X, Y)"),
    (inverse(S), "inverse[n](S)"),
    (ones(p, q), "ones[p, q]"),
    (entry(X, i, j), "entry[p, q](X, i, j)"),
    (hessian(f, X, Y), "hessian[p, q](f, X, Y)"),
    (σ(X), "entrywise[p, q](σ, X)"),
    (σ.derivative(x), "derivative(σ, x)"),
    (exp, "exp"),
    (FunctionWord("inverse", n), "inverse[n]"),
    (FunctionOf(x, relu(x)), "(x ↦ relu(x))"),
    (
        Slope(exp, x, FunctionOf(h, reciprocal(x) * h)),
        "the derivative of exp at x is (y ↦ reciprocal(x)·y)",
    ),
    (Continuous(relu, x), "relu is continuous at x"),
    (ForAll(x, Continuous(relu, x)), "(∀x real. relu is continuous at x)"),
    (Exists(σ, Continuous(σ, x)), "(∃F (real → real). F is continuous at x)"),
]


@pytest.mark.parametrize(("thing", "plain"), SAID, ids=[said for _, said in SAID])
def test_terms_and_claims(thing: Any, plain: str) -> None:
    assert text(encode(thing) if isinstance(thing, Claim) else encode_term(thing)) == plain


@pytest.mark.parametrize(
    ("sort", "plain"),
    [
        (WORDS["exp"].sort, "(real → real)"),
        (WORDS["derivative"].sort, "((real → real) → (real → real))"),
        (WORDS["inverse"].sort, "(n natural ↦ (n×n → n×n))"),
        (encode_variable(Family("M", (i,), n, n))[2], "(integer → n×n)"),
        (("to", ("index",), ("to", ("nat",), ("real",))), "(integer → (natural → real))"),
    ],
)
def test_sorts(sort: Term, plain: str) -> None:
    assert text(sort) == plain


def test_what_is_no_word_is_said_as_it_is() -> None:
    assert text(("at", ("word", "nothing"), ("var", "x", ("real",)))) == "nothing(x)"
