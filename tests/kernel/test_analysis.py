"""The rules of analysis: nearness, continuity, differentials."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational

from proofkit import kernel
from proofkit.claims import (
    And,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    encode,
)
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.analysis import is_polynomial
from proofkit.symbols import (
    Function,
    FunctionOf,
    MatrixVariable,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    rank,
    real,
    replaced,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, refuses

i, k, n, d = index("i"), index("k"), natural("n"), widths("d")
A, B, C, X, Y, Z = (MatrixVariable(name, n, n) for name in "ABCXYZ")
f, g = Function("f", n, n), Function("g", n, n)
F, G = family("F", lambda at: (n, n)), family("G", lambda at: (n, n))
M = family("M", d)
e, x = real("e"), real("x")


# ── Nearness ───────────────────────────────────────────────────────────────────────────────────
def test_what_follows_everywhere_follows_near_a_point() -> None:
    # ∀X. p → q → r;  p, q near A  ⊢  r near A
    p, q, r = (LessEqual(trace(X), number) for number in (1, 2, 3))
    rule = given(ForAll(X, Implies(p, q, r)))
    goal = encode(Near((X, A), r))
    near = [given(Near((X, A), claim)) for claim in (p, q)]
    theorem = kernel.near_all(goal, rule, *near)
    assert theorem.hypotheses == (*rule.hypotheses, *(h for th in near for h in th.hypotheses))
    with refuses("near: consequence", "does not lead to the goal", BOTH):
        kernel.near_all(goal, rule, *reversed(near))
    with refuses("near: consequence", "does not lead to the goal", BOTH):
        kernel.near_all(goal, rule, near[0])
    with refuses("near: consequence", "one point", BOTH):
        kernel.near_all(goal, rule, near[0], given(Near((X, B), q)))
    with refuses("near: consequence", "of the kind near"):
        kernel.near_all(goal, rule, near[0], given(ForAll(X, q)))


def test_a_point_is_near_itself() -> None:
    # p(X) near A ⊢ p(A)
    theorem = kernel.near_here(given(Near((X, A), (Y, B), Equal(X * Y, C))))
    assert theorem.conclusion == encode(Equal(A * B, C))
    with refuses("near: at the point"):
        kernel.near_here(given(Exists(X, Equal(X, A))))


def test_near_points_have_their_own_neighbourhoods() -> None:
    # p(Y) near A ⊢ for X near A: p(Y) for Y near X
    theorem = kernel.near_near(given(Near((Y, A), LessEqual(f(A), f(Y)))))
    wanted = Near((X, A), Near((Y, X), LessEqual(f(A), f(Y))))
    assert theorem.conclusion == encode(wanted)
    two = kernel.near_near(given(Near((Y, A), (e, x), Equal(e * Y, B))))
    e2 = real("e2")
    inner = Near((Y, X), (e, e2), Equal(e * Y, B))
    assert two.conclusion == encode(Near((X, A), (e2, x), inner))


def test_small_numbers_other_than_zero() -> None:
    # p(ε) for ε near 0 ⊢ ∃ε. ε ≠ 0 ∧ p(ε);  not near 1, nor for matrices
    small = Equal(e * A, B)
    theorem = kernel.near_nonzero(given(Near((e, 0), small)))
    assert theorem.conclusion == encode(Exists(e, And(NonZero(e), small)))
    for other in (Near((e, 1), small), Near((X, 0 * A), Equal(X, B)), Near((e, x), small)):
        with refuses("near: a small number", "near 0"):
            kernel.near_nonzero(given(other))


# ── Continuity ─────────────────────────────────────────────────────────────────────────────────
def along(claim: Near, variables: Any, centres: Any, terms: Any, *at_centres: Any) -> Theorem:
    return kernel.near_along(
        given(claim),
        [encode_variable(v) for v in variables],
        [encode_term(c) for c in centres],
        [encode_term(g) for g in terms],
        [given(claim) for claim in at_centres],
    )


RULE = "near: along a continuous map"


def test_a_neighbourhood_is_reached_along_a_continuous_map() -> None:
    # p(Y) for Y near A·B  ⊢  p(X·B) for X near A
    claim = Near((Y, A * B), LessEqual(f(A), f(Y)))
    theorem = along(claim, [X], [A], [X * B])
    assert theorem.conclusion == encode(Near((X, A), LessEqual(f(A), f(X * B))))
    # e ↦ A + e·C at 0
    line = along(Near((Y, A), LessEqual(f(A), f(Y))), [e], [0], [A + e * C])
    assert line.conclusion == encode(Near((e, 0), LessEqual(f(A), f(A + e * C))))


def test_the_map_must_take_the_centre_to_the_point() -> None:
    claim = Near((Y, A), LessEqual(f(A), f(Y)))
    with refuses(RULE, "take the centre to the point", BOTH):
        along(claim, [X], [B], [X])
    with refuses(RULE, "take the centre to the point"):
        along(claim, [e], [1], [A + e * C])
    # with a theorem B·C = A it does, and the theorem's hypothesis stays
    theorem = along(claim, [X], [B], [X * C], Equal(B * C, A))
    assert encode(Equal(B * C, A)) in theorem.hypotheses
    with refuses(RULE, BOTH):
        along(claim, [X], [B], [X * C], Equal(C * B, A))


def test_the_map_must_be_continuous() -> None:
    claim = Near((Y, A), LessEqual(f(A), f(Y)))
    for image in (f.gradient(X), f(X) * A, rank(X) * A, f(X * X) * X):
        with refuses(RULE, "polynomial"):
            along(claim, [X], [A], [image], Equal(image.xreplace({X: A}), A))


def test_the_variables_must_be_new() -> None:
    # from p(Y, X) near A with X free not: for X near A, p(X, X)
    with refuses(RULE, "new to the claim"):
        along(Near((Y, A), Equal(Y, X)), [X], [A], [X])
    with pytest.raises(LanguageError):
        kernel.near_along(
            given(Near((Y, A), Equal(Y, B))),
            [("var", "?x", encode_variable(X)[2])],
            [encode_term(A)],
            [encode_term(A)],
        )


POLYNOMIALS = [X, 2 * X.T * A * X, trace(X) * A, F[k:1] * X, F.with_layer(i, X)[k:1]]
OTHERS = [f.gradient(X), f(X) * A, rank(X) * A]


@pytest.mark.parametrize("term", POLYNOMIALS, ids=str)
def test_polynomials(term: Any) -> None:
    assert is_polynomial(encode_term(term), {"X"})


@pytest.mark.parametrize("term", OTHERS, ids=str)
def test_not_polynomials(term: Any) -> None:
    assert not is_polynomial(encode_term(term), {"X"})
    assert is_polynomial(encode_term(term), {"Y"})  # constant in Y


def test_families_are_continuous_member_by_member() -> None:
    for smooth in (tabulated(i, F[i] * X), replaced(F, 1, k, i, F[i] + X), F.with_layer(1, X)):
        assert is_polynomial(encode_term(smooth), {"X", "F"})
    for rough in (
        tabulated(i, f(X) * A),
        F.with_layer(1, f.gradient(X)),
        replaced(F, rank(X), k, i, F[i]),
        F.with_layer(rank(X), A),
    ):
        assert not is_polynomial(encode_term(rough), {"X"})
    assert not is_polynomial(encode_term(F[rank(X) : 1]), {"X"})


def test_variables_centres_and_terms_belong_together() -> None:
    near = given(Near((Y, A), LessEqual(f(A), f(Y))))
    at, centre, image = encode_variable(X), encode_term(A), encode_term(X)
    assert kernel.near_along(near, [at], [centre], [image])
    for arguments in (
        ([at], [], [image]),
        ([], [centre], [image]),
        ([at], [centre], []),
        ([at], [centre], [image, image]),
        ([at, at], [centre, centre], [image]),
        ([at], [encode_term(x)], [image]),
        ([at], [centre], [encode_term(x)]),
        ([encode_variable(i)], [encode_term(i)], [centre]),  # no index is near another
        ([encode_variable(f)], [encode_variable(f)], [centre]),
    ):
        with pytest.raises((KernelError, LanguageError)):
            kernel.near_along(near, *arguments)  # type: ignore[arg-type]
    with pytest.raises((KernelError, LanguageError)):  # an equation too many
        kernel.near_along(near, [at], [centre], [image], [given(Equal(A, A))])
    with refuses(RULE, "of the kind near"):
        kernel.near_along(given(Equal(A, A)), [at], [centre], [image])


# ── Differentials ──────────────────────────────────────────────────────────────────────────────
def gradient_of(body: Any, *smooth: Any, at: Any = X) -> Theorem:
    function = FunctionOf(at, body)
    premises = [given(Differentiable(h)) for h in smooth]
    return kernel.differentiate(encode_term(function), premises)


RULES = {
    # F(X)                      F'(X)
    "a value": (f(X), f.gradient(X)),
    "an affine map": (f(A * X * B + C), A.T * f.gradient(A * X * B + C) * B.T),
    "a transpose": (f(A * X.T * B), B * f.gradient(A * X.T * B).T * A),
    "a square": (f(X * X), f.gradient(X * X) * X.T + X.T * f.gradient(X * X)),
    "a trace": (trace(A * X), A.T),
    "a transposed trace": (trace(A * X.T), A),
    "a squared norm": (trace(X.T * X), 2 * X),
    "a quadratic form": (trace(X.T * A * X), A * X + A.T * X),
    "a sum with constants": (3 * f(X) - trace(A) + x, 3 * f.gradient(X)),
    "a constant factor": (x * trace(B) * trace(A * X), x * trace(B) * A.T),
    "a constant": (trace(A * B), 0 * A),
    "two functions": (f(X) + Rational(1, 2) * g(2 * X), f.gradient(X) + g.gradient(2 * X)),
}


@pytest.mark.parametrize(("body", "slope"), RULES.values(), ids=RULES)
def test_gradients(body: Any, slope: Any) -> None:
    theorem = gradient_of(body, f, g)
    function = FunctionOf(X, body)
    wanted = And(Differentiable(function), ForAll(X, Equal(function.gradient(X), slope)))
    assert theorem.conclusion == encode(wanted)


REFUSED = {
    "a product of values": (f(X) * g(X), "products"),
    "a power of a trace": (trace(X) ** 2, "products"),
    "a gradient of the variable": (trace(f.gradient(X)), "stands inside a letter"),
    "the variable in a family": (trace(F.with_layer(i, X)[k:1]), "stands inside a letter"),
    "a scalar that varies": (f(trace(X) * A), "scalar factor"),
    "a rank": (rank(X) + x, "not the value of a function shown differentiable"),
}


@pytest.mark.parametrize(("body", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_differentiated(body: Any, why: str) -> None:
    with refuses("differentiate", why):
        gradient_of(body, f, g)


def test_the_outer_function_must_be_differentiable() -> None:
    with refuses("differentiate", "shown differentiable", BOTH):
        gradient_of(f(2 * X))
    with refuses("differentiate", "shown differentiable"):
        gradient_of(f(2 * X), g)
    theorem = gradient_of(f(2 * X), f)
    assert theorem.hypotheses == (encode(Differentiable(f)),)
    with refuses("differentiate", "a function X ↦ body"):
        kernel.differentiate(encode_variable(f))
    with refuses("differentiate", "of the kind differentiable"):
        kernel.differentiate(encode_term(FunctionOf(X, f(2 * X))), [given(Equal(A, B))])
    for other in (A, F, x):
        with pytest.raises(LanguageError):
            kernel.differentiate(encode_term(other))
    square = encode_variable(X)[2]
    twice = ("lam", square, ("mat", *square[1:], (((((), ((("b", 0), 0),))), (2, 1)),)))
    with pytest.raises((KernelError, LanguageError)):  # its values are matrices
        kernel.differentiate(twice)
