"""Slopes: which claims mean something, and what the rule `differentiate` concludes and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Continuous, Slope, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import node
from proofkit.kernel.reading import PLAIN, claim
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, number
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Map,
    MatrixVariable,
    Zero,
    diagonal,
    encode_term,
    encode_variable,
    entry,
    exp,
    family,
    frobenius,
    hadamard,
    hessian,
    index,
    inverse,
    natural,
    ones,
    rank,
    real,
    reciprocal,
    replaced,
    summation,
    tabulated,
    trace,
)
from proofkit.symbols.faults import LanguageError

from .given import given, refuses

n, m, i, k, x, y, h = (
    *(natural("n"), natural("m"), index("i"), index("k")),
    *(real("x"), real("y"), real("h")),
)
A, B, C, X, Y, Z, H = (MatrixVariable(name, n, n) for name in "ABCXYZH")
v, w = MatrixVariable("v", n, 1), MatrixVariable("w", n, 1)
f, g = Function("f", n, n), Function("g", n, n)
L, K = Map("L", (n, n)), Map("K", (n, n))
S, T = Map("S", (n, n), (n, n)), Map("T", (n, n), (n, n))
sigma, tau = Map("σ"), Map("τ")
F = family("F", lambda at: (n, n))
size = encode_term(n)
SQUARE = node("matrix", size, size)


# ── What a slope is a claim about ──────────────────────────────────────────────────────────────
def to(domain: Any, codomain: Any) -> Any:
    return node("to", domain, codomain)


def var(name: str, sort: Any) -> Any:
    return as_term(node("var", name, sort), sort)


COLUMN = node("matrix", size, number(1))
SPACES = {
    "numbers to numbers": (REAL, REAL, REAL),
    "numbers to matrices": (REAL, SQUARE, SQUARE),
    "matrices to numbers": (SQUARE, REAL, REAL),
    "matrices to matrices": (SQUARE, COLUMN, COLUMN),
    "numbers to integers": (REAL, INDEX, REAL),
    "matrices to naturals": (COLUMN, NAT, REAL),
    "matrices without entries": (node("matrix", number(0), size), REAL, REAL),
}


@pytest.mark.parametrize(("domain", "codomain", "slope"), SPACES.values(), ids=SPACES)
def test_slopes_and_continuity_are_of_maps_of_reals_and_matrices(
    domain: Any, codomain: Any, slope: Any
) -> None:
    function, at = var("F", to(domain, codomain)), var("X", domain)
    linear = var("L", to(domain, slope))
    said = ("slope", function, at, linear)
    assert claim(said) == said
    assert claim(("continuous", function, at)) == ("continuous", function, at)
    for parts in (
        (function, at),
        (function, at, linear, linear),
        (function, linear, at),
        (at, at, linear),
        (function, at, at),
        (function, at, var("L", to(COLUMN if domain == SQUARE else SQUARE, slope))),
        (function, at, var("L", to(domain, COLUMN if slope == SQUARE else SQUARE))),
        (function, var("X", INDEX if domain != REAL else COLUMN), linear),
    ):
        with pytest.raises(LanguageError):
            claim(("slope", *parts))
    for parts in ((function,), (function, at, linear), (at, function), (at, at)):
        with pytest.raises(LanguageError):
            claim(("continuous", *parts))


b0 = as_term(("b", 0), NAT)
NO_SPACES = {
    "an index": (INDEX, REAL),
    "a natural": (NAT, SQUARE),
    "a function of an index": (to(INDEX, REAL), REAL),
    "to functions": (REAL, to(REAL, REAL)),
    "to families": (SQUARE, to(INDEX, SQUARE)),
    "a codomain that depends on the argument": (
        SQUARE,
        (
            "matrix",
            ("num", (((((("rank", as_term(("b", 0), SQUARE)), 1),), ()), (1, 1)),)),
            number(1),
        ),
    ),
}


@pytest.mark.parametrize(("domain", "codomain"), NO_SPACES.values(), ids=NO_SPACES)
def test_nothing_else_has_a_slope_or_is_continuous(domain: Any, codomain: Any) -> None:
    sort = PLAIN.read(("to", domain, codomain))[0]
    function, at = var("F", sort), var("X", domain)
    for said in (("slope", function, at, function), ("continuous", function, at)):
        with pytest.raises(LanguageError, match="no function from reals or matrices"):
            claim(said)


def test_the_slope_of_integers_is_a_function_to_the_reals() -> None:
    function, at = var("F", to(REAL, NAT)), var("x", REAL)
    assert claim(("slope", function, at, ("lam", REAL, number(1, 2))))
    # as any function to integers is one to the reals, it may be one to integers
    assert claim(("slope", function, at, var("L", to(REAL, INDEX))))
    real_valued = var("G", to(REAL, REAL))
    assert claim(("slope", real_valued, at, function))


def test_slopes_below_binders() -> None:
    # ∀X. ∃L. L is the slope of F at X
    b1 = as_term(("b", 1), SQUARE)
    everywhere = ("forall", SQUARE, ("exists", to(SQUARE, REAL), ("slope", F_, b1, ("b", 0))))
    assert claim(everywhere) == everywhere
    # below a binder of the size: F from b₀×b₀ matrices
    some = ("matrix", b0, b0)
    function = ("lam", some, number(0))
    assert claim(("forall", NAT, ("continuous", function, ("mat", b0, b0, ()))))
    with pytest.raises(LanguageError):
        claim(("forall", NAT, ("continuous", function, ("mat", b0, size, ()))))


F_ = encode_variable(f)


# ── What the rule concludes ────────────────────────────────────────────────────────────────────
def slope_of(body: Any, *premises: Any, at: Any = A, of: Any = X) -> Theorem:
    function = encode_term(FunctionOf(of, body))
    return kernel.differentiate(function, encode_term(at), [given(p) for p in premises])


MATRICES: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    # F(X)                              dF at A in the direction H
    "a constant": (trace(B * C) + x, 0, ()),
    "a constant matrix": (B * f(C), Zero(n, n), ()),
    "zero": (X - X, Zero(n, n), ()),
    "the identity": (X, H, ()),
    "a multiple": (3 * X / 2 - x * X, 3 * H / 2 - x * H, ()),
    "a transpose": (X.T, H.T, ()),
    "a product with constants": (B * X * C + X.T * B, B * H * C + H.T * B, ()),
    "a square": (X * X, H * A + A * H, ()),
    "a square and its transpose": (X.T * X, H.T * A + A.T * H, ()),
    "three factors": (X * B * X.T * X, H * B * A.T * A + A * B * H.T * A + A * B * A.T * H, ()),
    "a trace": (trace(X * B), trace(H * B), ()),
    "a trace of a square": (trace(X * X), 2 * trace(A * H), ()),
    "the norm squared": (trace(X.T * X), 2 * trace(A.T * H), ()),
    "a power": (trace(X) ** 3, 3 * trace(A) ** 2 * trace(H), ()),
    "a product of numbers": (
        trace(X) * trace(X * B),
        trace(H) * trace(A * B) + trace(A) * trace(H * B),
        (),
    ),
    "three numbers": (
        trace(X) ** 2 * trace(B * X) * trace(C * X),
        2 * trace(A) * trace(H) * trace(B * A) * trace(C * A)
        + trace(A) ** 2 * trace(B * H) * trace(C * A)
        + trace(A) ** 2 * trace(B * A) * trace(C * H),
        (),
    ),
    "a number times a matrix": (trace(X) * X, trace(H) * A + trace(A) * H, ()),
    "a trace of a number times a matrix": (
        trace(trace(X) * X * B),
        trace(H) * trace(A * B) + trace(A) * trace(H * B),
        (),
    ),
    "an entry": (entry(X, i, k), entry(H, i, k), ()),
    "a linear word": (diagonal(B * X), diagonal(B * H), ()),
    "one linear argument": (hadamard(B, X), hadamard(B, H), ()),
    "the other linear argument": (hadamard(X, B), hadamard(H, B), ()),
    "both linear arguments": (hadamard(X, B * X), hadamard(H, B * A) + hadamard(A, B * H), ()),
    "linear words in one another": (
        hadamard(X, hadamard(X, X)),
        hadamard(H, hadamard(A, A)) + hadamard(A, hadamard(H, A)) + hadamard(A, hadamard(A, H)),
        (),
    ),
    "a square in a linear word": (diagonal(X * X), diagonal(H * A) + diagonal(A * H), ()),
    "a change of a second derivative": (hessian(f, B, X), hessian(f, B, H), ()),
    "a value": (f(X), L(H), (Slope(f, A, L),)),
    "a value elsewhere": (f(2 * X + B), L(2 * H), (Slope(f, 2 * A + B, L),)),
    # L is linear, but not by its form: dE is put in place by place
    "a value of a sum": (f(X + B * X), L(H) + L(B * H), (Slope(f, A + B * A, L),)),
    "a value of a square": (f(X * X), L(H * A) + L(A * H), (Slope(f, A * A, L),)),
    "a value of a transpose": (f(X.T), L(H.T), (Slope(f, A.T, L),)),
    "a power of a value": (f(X) ** 2, 2 * f(A) * L(H), (Slope(f, A, L),)),
    "two values": (
        f(X) * g(X) - g(B),
        L(H) * g(A) + f(A) * K(H),
        (Slope(f, A, L), Slope(g, A, K)),
    ),
    "a value of a value": (
        f(S(X)),
        L(T(H)),
        (Slope(f, S(A), L), Slope(S, A, T)),
    ),
    "two levels, and a product": (
        f(g(X) * X),
        L(K(H) * A) + L(g(A) * H),
        (Slope(f, g(A) * A, L), Slope(g, A, K)),
    ),
    "one function at two places": (
        f(X) + f(X + B),
        L(H) + K(H),
        (Slope(f, A, L), Slope(f, A + B, K)),
    ),
    "a matrix-valued map": (B * S(X).T, B * T(H).T, (Slope(S, A, T),)),
    "a map in a linear word": (
        hadamard(S(X), X),
        hadamard(T(H), A) + hadamard(S(A), H),
        (Slope(S, A, T),),
    ),
    "a slope that is given": (
        f(X),
        frobenius(f.gradient(A), H),
        (Slope(f, A, FunctionOf(Y, frobenius(f.gradient(A), Y))),),
    ),
    "a gradient": (f.gradient(X), T(H), (Slope(FunctionOf(Y, f.gradient(Y)), A, T),)),
    "a gradient elsewhere": (
        trace(B * f.gradient(X.T * X)),
        trace(B * T(H.T * A)) + trace(B * T(A.T * H)),
        (Slope(FunctionOf(Y, f.gradient(Y)), A.T * A, T),),
    ),
    "an inverse": (inverse(X), T(H), (Slope(FunctionWord("inverse", n), A, T),)),
    "a word that is no linear one": (
        exp(trace(X)),
        sigma(trace(H)),
        (Slope(exp, trace(A), sigma),),
    ),
    "a family that stays": (F[k:1] * X, F[k:1] * H, ()),
    "a changed family that stays": (
        replaced(F, 1, k, i, B)[k:1] * X,
        replaced(F, 1, k, i, B)[k:1] * H,
        (),
    ),
}


@pytest.mark.parametrize(("body", "change", "premises"), MATRICES.values(), ids=MATRICES)
def test_slopes(body: Any, change: Any, premises: Any) -> None:
    theorem = slope_of(body, *premises)
    assert theorem.conclusion == encode(Slope(FunctionOf(X, body), A, FunctionOf(H, change)))
    assert set(theorem.hypotheses) == {encode(p) for p in premises}
    assert theorem.inference.data == (encode_term(FunctionOf(X, body)), encode_term(A))


@pytest.mark.parametrize(
    ("body", "premises"), [(b, p) for b, _, p in MATRICES.values() if p], ids=str
)
def test_each_premise_is_needed_as_it_is(body: Any, premises: Any) -> None:
    for at, slope in enumerate(premises):
        rest = [other for n, other in enumerate(premises) if n != at]
        function, point, linear = slope.args
        with refuses("differentiate", "no slope of it was given"):
            slope_of(body, *rest)
        with refuses("differentiate", "no slope of it was given"):  # at another point
            slope_of(body, *rest, Slope(function, 3 * point, linear))
        other: Any = Map("other", function.domain, function.gives)
        with refuses("differentiate", "no slope of it was given"):  # of another function
            slope_of(body, *rest, Slope(other, point, linear))


NUMBERS: dict[str, tuple[Any, Any, tuple[Any, ...]]] = {
    "a number": (x, h, ()),
    "a polynomial": (3 * x**3 - y * x + y, 9 * y**2 * h - y * h, ()),
    "a word": (exp(x), sigma(h), (Slope(exp, y, sigma),)),
    "a quotient": (x * reciprocal(x), h * reciprocal(y) + y * tau(h), (Slope(reciprocal, y, tau),)),
    "a curve": (x * A + x**2 * B, h * A + 2 * y * h * B, ()),
    "a value along a line": (f(A + x * B), L(h * B), (Slope(f, A + y * B, L),)),
}


@pytest.mark.parametrize(("body", "change", "premises"), NUMBERS.values(), ids=NUMBERS)
def test_slopes_of_functions_of_a_number(body: Any, change: Any, premises: Any) -> None:
    function = FunctionOf(x, body)
    premise_theorems = [given(p) for p in premises]
    theorem = kernel.differentiate(encode_term(function), encode_term(y), premise_theorems)
    assert theorem.conclusion == encode(Slope(function, y, FunctionOf(h, change)))


def test_the_point_may_speak_of_anything() -> None:
    # F at X itself, at f(X)·X, at a member of a family: what is free there stays free
    for at in (X, f(X) * X, F[i], H):
        fresh = MatrixVariable("H2", n, n)
        wanted = Slope(FunctionOf(X, X * X), at, FunctionOf(fresh, fresh * at + at * fresh))
        assert slope_of(X * X, at=at).conclusion == encode(wanted)


def test_the_last_of_several_premises_counts_and_all_are_kept() -> None:
    one, two = Slope(f, A, L), Slope(f, A, K)
    theorem = slope_of(f(X), one, two)
    assert theorem.conclusion == encode(Slope(FunctionOf(X, f(X)), A, FunctionOf(H, K(H))))
    assert theorem.hypotheses == (encode(one), encode(two))


def test_a_slope_that_is_not_used_is_kept() -> None:
    unused = Slope(g, B, K)
    assert slope_of(X, unused).hypotheses == (encode(unused),)


# ── What it refuses ────────────────────────────────────────────────────────────────────────────
REFUSED: dict[str, Any] = {
    "a rank": rank(X),
    "a rank as a factor": rank(X) * B,
    "a rank among sizes": trace(ones(rank(X), n) * B * ones(n, rank(X))),
    "a trace of an identity of that size": trace(ones(rank(X), 1).T * ones(rank(X), 1)),
    "a chain": tabulated(i, F[i] * X)[k:1],
    "a sum": summation(i, 1, k, F[i] * X),
    "a member put in": F.with_layer(i, X)[k:1],
    "the end of a chain": F[rank(X) : 1],
    "the end of a sum": summation(i, 1, rank(X), F[i]),
    "a row": entry(B, rank(X), 1),
    "a row and the matrix": entry(X, rank(X), 1),
    "where a second derivative is taken": hessian(f, X, B),
    "where it is taken and its change": hessian(f, X, X),
    "the function of a second derivative": hessian(FunctionOf(Y, f(X * Y)), B, C),
    "a function of a gradient": FunctionOf(Y, f(Y) * f(X)).gradient(B),
    "a derivative of a function": FunctionOf(y, y * trace(X)).derivative(x),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_what_is_not_differentiated(body: Any) -> None:
    known = [Slope(f, A, L), Slope(FunctionOf(Y, f.gradient(Y)), A, T)]
    with refuses("differentiate", "nothing says how this changes"):
        slope_of(body, *known)


def test_what_it_takes() -> None:
    twice = encode_term(FunctionOf(X, 2 * X))
    assert kernel.differentiate(twice, encode_term(A))
    with refuses("differentiate", "of the kind slope"):
        kernel.differentiate(twice, encode_term(A), [given(Continuous(f, A))])
    with refuses("differentiate", "a function X ↦ body"):
        kernel.differentiate(F_, encode_term(A))
    with refuses("differentiate", "a function X ↦ body"):
        kernel.differentiate(("word", "exp"), number(0))
    body = as_term(("b", 0), SQUARE)
    for function, at in (
        (twice, encode_term(x)),  # a point of another sort
        (twice, encode_term(v)),
        (twice, ("b", 0)),
        (("lam", SQUARE, F_), encode_term(A)),  # no number and no matrix
        (("lam", SQUARE, ("lam", REAL, number(0))), encode_term(A)),
        (("lam", SQUARE, ("at", ("word", "hadamard"), size)), encode_term(A)),
        (("lam", SQUARE, ("null", body)), encode_term(A)),
        (("lam", SQUARE, ("lam", SQUARE, body)), encode_term(A)),
        (("lam", INDEX, number(0)), number(0)),  # no space
        (("lam", to(INDEX, REAL), number(0)), var("u", to(INDEX, REAL))),
        (("lam", SQUARE, ("b", 1)), encode_term(A)),
    ):
        with pytest.raises((KernelError, LanguageError)):
            kernel.differentiate(function, at)
