"""Slopes and gradients that are found from the ledger's facts, and under which conditions."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    Between,
    Claim,
    Continuous,
    Differentiable,
    DifferentiableAt,
    Equal,
    ForAll,
    Implies,
    Less,
    Near,
    NonZero,
    Slope,
    encode,
)
from proofkit.kernel import KernelError, Theorem, assume
from proofkit.kernel.nodes import node
from proofkit.script.routine import Routine
from proofkit.script.slopes import continuity, gradient, sites, slope, with_slope
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Identity,
    Map,
    MatrixVariable,
    absolute,
    cos,
    determinant,
    diag,
    diagonal,
    encode_term,
    entry,
    exp,
    frobenius,
    hadamard,
    hessian,
    index,
    inverse,
    log,
    logdet,
    logistic,
    natural,
    norm,
    norm_squared,
    ones,
    rank,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
    total,
    trace,
)

n, i, j, x, y, c = natural("n"), index("i"), index("j"), real("x"), real("y"), real("c")
A, B, X, Y, H = (MatrixVariable(name, n, n) for name in "ABXYH")
v, w = MatrixVariable("v", n, 1), MatrixVariable("w", n, 1)
f, g = Function("f", n, n), Function("g", n, n)
S, T = Map("S", (n, n), (n, n)), Map("T", (n, n), (n, n))
sigma, tau = Map("σ"), Map("τ")


def routine(*known: Claim, ask: bool = False) -> Routine:
    return Routine([assume(encode(claim)) for claim in known], ask=ask)


def derived(body: Any, *known: Claim, of: Any = X, ask: bool = False) -> Theorem:
    """The gradient of X ↦ body at X, or its derivative."""
    able = routine(*known, ask=ask)
    return gradient(able, slope(able, encode_term(FunctionOf(of, body)), encode_term(of)))


def everywhere(claim: Claim, of: Any = X) -> Claim:
    """The claim for all entries i, j of a matrix."""
    return ForAll(i, j, Implies(Between(1, i, of.rows), Between(1, j, of.cols), claim))


# ── Gradients ──────────────────────────────────────────────────────────────────────────────────
inv = inverse(X)
GRADIENTS: dict[str, tuple[Any, Any, tuple[Claim, ...]]] = {
    # f(X)                           ∇f(X)                          where
    "a constant": (trace(A * B) + c, 0 * X, ()),
    "⟨A, X⟩": (frobenius(A, X), A, ()),
    "tr(AX)": (trace(A * X), A.T, ()),
    "tr(AXB)": (trace(A * X * B), A.T * B.T, ()),
    "tr(XᵀAX)": (trace(X.T * A * X), A * X + A.T * X, ()),
    "‖X‖²": (norm_squared(X), 2 * X, ()),
    "‖AX − B‖²": (norm_squared(A * X - B), 2 * A.T * A * X - 2 * A.T * B, ()),
    "tr(X³)": (trace(X * X * X), 3 * (X * X).T, ()),
    "(tr X)³": (trace(X) ** 3, 3 * trace(X) ** 2 * Identity(n), ()),
    "c·tr X·tr(AX)": (
        c * trace(X) * trace(A * X),
        c * trace(A * X) * Identity(n) + c * trace(X) * A.T,
        (),
    ),
    "⟨A, X ∘ X⟩": (frobenius(A, hadamard(X, X)), 2 * hadamard(A, X), ()),
    "⟨A, diag(dg X)⟩": (frobenius(A, diag(diagonal(X))), diag(diagonal(A.T)).T, ()),
    "det X": (determinant(X), determinant(X) * inv.T, (NonZero(determinant(X)),)),
    "tr(X⁻¹A)": (trace(inv * A), -(inv * A * inv).T, (NonZero(determinant(X)),)),
    "the sum of the entries": (total(X), ones(n, n), ()),
    "the sum of exp": (total(exp(X)), hadamard(ones(n, n), exp(X)), ()),
    "f(X)": (f(X), f.gradient(X), (DifferentiableAt(f, X),)),
    "f(AXB)": (f(A * X * B), A.T * f.gradient(A * X * B) * B.T, (DifferentiableAt(f, A * X * B),)),
    "f, differentiable everywhere": (f(A * X), A.T * f.gradient(A * X), (Differentiable(f),)),
    "f(X)·g(X)": (
        f(X) * g(X),
        g(X) * f.gradient(X) + f(X) * g.gradient(X),
        (DifferentiableAt(f, X), DifferentiableAt(g, X)),
    ),
    "exp(f(X))": (exp(f(X)), exp(f(X)) * f.gradient(X), (DifferentiableAt(f, X),)),
    "⟨B, f′(X)⟩": (
        frobenius(B, f.gradient(X)),
        hessian(f, X, B),
        (
            Near((Y, X), DifferentiableAt(f, Y)),
            DifferentiableAt(FunctionOf(Y, f.gradient(Y)), X),
        ),
    ),
    "a sum of values": (
        total(sigma(X)),
        hadamard(ones(n, n), sigma.derivative(X)),
        (everywhere(DifferentiableAt(sigma, entry(X, i, j))),),
    ),
    "⟨A, σ(BX)⟩": (
        frobenius(A, sigma(B * X)),
        B.T * hadamard(A, sigma.derivative(B * X)),
        (everywhere(DifferentiableAt(sigma, entry(B * X, i, j))),),
    ),
    "the sum of logarithms": (
        total(log(X)),
        hadamard(ones(n, n), reciprocal(X)),
        (everywhere(Less(0, entry(X, i, j))),),
    ),
    "½·tr(XᵀX) along the norm": (
        norm(X),
        2 * reciprocal(2 * norm(X)) * X,
        (Less(0, norm_squared(X)),),
    ),
}


@pytest.mark.parametrize(("body", "wanted", "where"), GRADIENTS.values(), ids=GRADIENTS)
def test_gradients(body: Any, wanted: Any, where: tuple[Claim, ...]) -> None:
    theorem = derived(body, *where)
    function = FunctionOf(X, body)
    assert theorem.conclusion == encode(Equal(function.gradient(X), wanted))
    assert set(theorem.hypotheses) <= {encode(claim) for claim in where}
    if wanted != 0 * X:
        assert theorem.conclusion != encode(Equal(function.gradient(X), 2 * wanted))


@pytest.mark.parametrize(
    ("body", "where"), [(b, w) for b, _, w in GRADIENTS.values() if w], ids=str
)
def test_conditions_are_needed(body: Any, where: tuple[Claim, ...]) -> None:
    for missing in where:
        rest = [claim for claim in where if claim != missing]
        with pytest.raises(KernelError, match="differentiate: "):
            derived(body, *rest)
        # asked for, they are hypotheses
        if not isinstance(missing, Differentiable):
            theorem = derived(body, *rest, ask=True)
            assert encode(missing) in theorem.hypotheses


def test_a_condition_met_elsewhere_is_none() -> None:
    for known, body in (
        (NonZero(determinant(A)), determinant(X)),
        (DifferentiableAt(f, A), f(X)),
        (DifferentiableAt(g, X), f(X)),
        (Differentiable(g), f(X)),
        (Less(0, trace(X)), log(determinant(X))),
    ):
        with pytest.raises(KernelError):
            derived(body, known)


def test_conditions_that_follow_are_met() -> None:
    # x² + 1 > 0, eˣ > 0, so 1 + eˣ > 0; det X > 0 gives det X ≠ 0
    assert derived(sqrt(x**2 + 1), of=x).hypotheses == ()
    assert derived(log(exp(x) + 1), of=x).hypotheses == ()
    positive = Less(0, determinant(X))
    assert derived(determinant(X), positive).hypotheses == (encode(positive),)
    assert derived(logdet(X), positive).hypotheses == (encode(positive),)


# ── Derivatives ────────────────────────────────────────────────────────────────────────────────
DERIVATIVES: dict[str, tuple[Any, Any, tuple[Claim, ...]]] = {
    "x³": (x**3 - c * x, 3 * x**2 - c, ()),
    "eˣ": (exp(2 * x), 2 * exp(2 * x), ()),
    "log x": (log(x), reciprocal(x), (Less(0, x),)),
    "√x": (sqrt(x), reciprocal(2 * sqrt(x)), (Less(0, x),)),
    "1/x": (reciprocal(x), -(reciprocal(x) ** 2), (NonZero(x),)),
    "sin x cos x": (sin(x) * cos(x), cos(x) ** 2 - sin(x) ** 2, ()),
    "tanh x": (tanh(x), 1 - tanh(x) ** 2, ()),
    "logistic x": (logistic(x), logistic(x) * (1 - logistic(x)), ()),
    "|x|": (absolute(x), absolute(x) * reciprocal(x), (NonZero(x),)),
    "relu x, x > 0": (relu(x), 1, (Less(0, x),)),
    "relu x, x < 0": (relu(x), 0, (Less(x, 0),)),
    "exp(sin x²)": (exp(sin(x**2)), 2 * x * cos(x**2) * exp(sin(x**2)), ()),
    "σ(2x + 1)": (
        sigma(2 * x + 1),
        2 * sigma.derivative(2 * x + 1),
        (DifferentiableAt(sigma, 2 * x + 1),),
    ),
    "f(A + xB)": (
        f(A + x * B),
        frobenius(B, f.gradient(A + x * B)),
        (DifferentiableAt(f, A + x * B),),
    ),
    "f(xA), f differentiable": (f(x * A), frobenius(A, f.gradient(x * A)), (Differentiable(f),)),
}


@pytest.mark.parametrize(("body", "wanted", "where"), DERIVATIVES.values(), ids=DERIVATIVES)
def test_derivatives(body: Any, wanted: Any, where: tuple[Claim, ...]) -> None:
    theorem = derived(body, *where, of=x)
    function = FunctionOf(x, body)
    assert theorem.conclusion == encode(Equal(function.derivative(x), wanted))
    assert set(theorem.hypotheses) <= {encode(claim) for claim in where}
    assert theorem.conclusion != encode(Equal(function.derivative(x), wanted + 1))
    if where:
        with pytest.raises(KernelError):
            derived(body, of=x)


# ── Slopes as such, and what has none ──────────────────────────────────────────────────────────
def test_slopes_of_maps() -> None:
    for body, change, where in (
        (X * X, H * X + X * H, ()),
        (inverse(X), -inv * H * inv, (NonZero(determinant(X)),)),
        (
            sigma(X),
            hadamard(sigma.derivative(X), H),
            (everywhere(DifferentiableAt(sigma, entry(X, i, j))),),
        ),
    ):
        theorem = slope(routine(*where), encode_term(FunctionOf(X, body)), encode_term(X))
        wanted = Slope(FunctionOf(X, body), X, FunctionOf(H, change))
        assert theorem.conclusion == encode(wanted)
        assert set(theorem.hypotheses) == {encode(claim) for claim in where}


def test_a_slope_that_is_known_is_used() -> None:
    known = Slope(S, X, T)
    theorem = slope(routine(known), encode_term(FunctionOf(X, A * S(X))), encode_term(X))
    assert theorem.conclusion == encode(Slope(FunctionOf(X, A * S(X)), X, FunctionOf(H, A * T(H))))
    # known for all points, also under a condition
    general = ForAll(Y, Implies(NonZero(Y), Slope(S, Y, T)))
    theorem = slope(routine(general, NonZero(A)), encode_term(S), encode_term(A))
    assert theorem.conclusion == encode(Slope(S, A, T))
    with pytest.raises(KernelError, match="no slope of this function is known"):
        slope(routine(general), encode_term(S), encode_term(A))


def test_where_nothing_says_what_the_slope_is() -> None:
    with pytest.raises(KernelError, match="no slope of this function is known"):
        derived(frobenius(A, S(X)), ask=True)
    for body in (rank(X) + x, f(hessian(f, X, A))):
        with pytest.raises(KernelError, match="differentiate: "):
            derived(body, ask=True)


def test_a_slope_said_in_another_way() -> None:
    # H ↦ HX + XH + 0·H is the same slope; H ↦ 2XH is none
    able = routine()
    found = slope(able, encode_term(FunctionOf(X, X * X)), encode_term(X))
    other = encode_term(FunctionOf(H, (H + X) * (X + H) - X * X - H * H))
    said = with_slope(able, found, other)
    assert said is not None
    assert said.conclusion == node(*found.conclusion[:3], other)
    for wrong in (2 * X * H, X * H, X * H + H * X + H):
        assert with_slope(able, found, encode_term(FunctionOf(H, wrong))) is None


def test_sites_are_where_slopes_are_asked_for() -> None:
    body = f(X * g(X)) + exp(trace(X)) * trace(hadamard(S(X), A)) + f(A)
    function = encode_term(FunctionOf(X, body))
    found = {
        (encode_term(h), encode_term(e))
        for h, e in (
            (f, B * g(B)),
            (g, B),
            (exp, trace(B)),
            (S, B),
        )
    }
    assert set(sites(function[2], encode_term(B))) == found


# ── Continuity ─────────────────────────────────────────────────────────────────────────────────
CONTINUOUS: dict[str, tuple[Any, Any, tuple[Claim, ...]]] = {
    "a product": (X, X * A * X, ()),
    "√(x² + 1)": (x, sqrt(x**2 + 1), ()),
    "√x": (x, sqrt(x), (Less(0, x),)),
    "|x|": (x, absolute(x), ()),
    "relu x": (x, relu(x) * exp(x), ()),
    "log x": (x, log(x), (Less(0, x),)),
    "an inverse": (X, inverse(X) * X, (NonZero(determinant(X)),)),
    "what has a slope": (X, f(X) * A, (DifferentiableAt(f, X),)),
    "what is continuous": (X, S(X) * S(X), (Continuous(S, X),)),
    "relu of entries": (X, relu(X), ()),
}


@pytest.mark.parametrize(("of", "body", "where"), CONTINUOUS.values(), ids=CONTINUOUS)
def test_continuity(of: Any, body: Any, where: tuple[Claim, ...]) -> None:
    function = FunctionOf(of, body)
    goal = encode(Continuous(function, of))
    theorem = routine(*where).prove(goal)
    assert theorem is not None
    assert theorem.conclusion == goal
    assert set(theorem.hypotheses) <= {encode(claim) for claim in where}
    if where:
        assert routine().prove(goal) is None


def test_words_are_continuous_by_name() -> None:
    for word, at in ((exp, x), (absolute, x), (FunctionWord("inverse", n), A)):
        able = routine(NonZero(determinant(A)))
        theorem = continuity(able, encode_term(word), encode_term(at))
        assert theorem is not None
        assert theorem.conclusion == encode(Continuous(word, at))
    assert routine().prove(encode(Continuous(FunctionOf(X, rank(X)), A))) is None
