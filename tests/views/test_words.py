"""Words on the page: each formula in plain text, in LaTeX and as one types it.

No two different terms look alike in one notation, and a word that lacks its last argument is
written with a dot in its place.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest
from sympy import Rational

from proofkit import kernel
from proofkit.claims import (
    AllPositive,
    Claim,
    Continuous,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    NonZero,
    Not,
    PositiveDefinite,
    PositiveSemidefinite,
    Slope,
    Symmetric,
    encode,
)
from proofkit.claims.decode import decode
from proofkit.notebook import bundle
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionTerm,
    FunctionWord,
    Identity,
    Map,
    MatrixTerm,
    MatrixVariable,
    Zero,
    absolute,
    cos,
    determinant,
    diag,
    diagonal,
    encode_term,
    entry,
    exp,
    family,
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
    vector,
    widths,
)
from proofkit.textbook import FACTS
from proofkit.views import fonts, latex, mathml, text
from proofkit.views.layout import Layout
from proofkit.views.names import shown_alike
from proofkit.views.sorts import membership, space
from proofkit.words import TABLE

p, q, n = natural("p"), natural("q"), natural("n")
a, c, h, x, y = (real(name) for name in "achxy")
i, j, k = index("i"), index("j"), index("k")
X, Y, Z, H = (MatrixVariable(name, p, q) for name in "XYZH")
S, T, K = (MatrixVariable(name, n, n) for name in "STK")
v, w = vector("v", n), vector("w", n)
σ, σ1, F, f = Map("σ"), Map("σ'"), Map("F", (p, q), (p, q)), Function("f", p, q)
M = family("M", widths("d"))
half = Rational(1, 2)

TERMS: list[tuple[Any, str, str, str]] = [
    # ── Real functions ─────────────────────────────────────────────────────────────────────────
    (exp(x), "eˣ", "e^{x}", "exp(x)"),
    (exp(-x), "e⁻ˣ", "e^{-x}", "exp(-x)"),
    (exp(x + y), "eˣ⁺ʸ", "e^{x+y}", "exp(x + y)"),
    (exp(x) ** 2, "(eˣ)²", "(e^{x})^{2}", "exp(x)**2"),
    (exp(0), "exp(0)", r"\operatorname{exp}(0)", "exp(0)"),
    (exp(log(x)), "exp(log x)", r"\operatorname{exp}(\operatorname{log}x)", "exp(log(x))"),
    (log(x), "log x", r"\operatorname{log}x", "log(x)"),
    (log(x) ** 2, "(log x)²", r"(\operatorname{log}x)^{2}", "log(x)**2"),
    (log(x**2), "log(x²)", r"\operatorname{log}(x^{2})", "log(x**2)"),
    (log(x * y), "log(xy)", r"\operatorname{log}(xy)", "log(x*y)"),
    (log(x) * y, "y log x", r"y\operatorname{log}x", "y*log(x)"),
    (log(x) * X, "log(x) X", r"\operatorname{log}(x)\,X", "log(x)·X"),
    (sin(x) ** 2 + 1, "sin² x + 1", r"\operatorname{sin}^{2}x+1", "sin(x)**2 + 1"),
    (cos(x**2), "cos(x²)", r"\operatorname{cos}(x^{2})", "cos(x**2)"),
    (tanh(x), "tanh x", r"\operatorname{tanh}x", "tanh(x)"),
    (relu(x) ** 2, "relu(x)²", r"\operatorname{relu}(x)^{2}", "relu(x)**2"),
    (logistic(x), "logistic(x)", r"\operatorname{logistic}(x)", "logistic(x)"),
    # ── Roots, bars, fractions ─────────────────────────────────────────────────────────────────
    (sqrt(x), "√x", r"\sqrt{x}", "sqrt(x)"),
    (x**half, "√x", r"\sqrt{x}", "sqrt(x)"),
    (sqrt(x + y), "√(x + y)", r"\sqrt{x+y}", "sqrt(x + y)"),
    (sqrt(σ(x)), "√(σ(x))", r"\sqrt{\sigma (x)}", "sqrt(σ(x))"),
    (sqrt(x) ** 2, "(√x)²", r"(\sqrt{x})^{2}", "sqrt(x)**2"),
    (sqrt(x**2), "√(x²)", r"\sqrt{x^{2}}", "sqrt(x**2)"),
    (x ** (3 * half), "x^{3/2}", "x^{3/2}", "x**(3/2)"),
    (norm(X), "‖X‖", r"\lVert X\rVert ", "sqrt(tr(Xᵀ·X))"),
    (norm(X) ** 2, "(‖X‖)²", r"(\lVert X\rVert )^{2}", "sqrt(tr(Xᵀ·X))**2"),
    (norm_squared(X), "‖X‖²", r"\lVert X\rVert ^{2}", "tr(Xᵀ·X)"),
    (absolute(x), "|x|", r"\lvert x\rvert ", "abs(x)"),
    (absolute(x) * absolute(y), "|x| |y|", r"\lvert x\rvert \,\lvert y\rvert ", "abs(x)*abs(y)"),
    (
        absolute(x * absolute(y)),
        "|(x |y|)|",
        r"\lvert (x\,\lvert y\rvert )\rvert ",
        "abs(x*abs(y))",
    ),
    (1 / x, "1/x", r"\tfrac{1}{x}", "1/x"),
    (a * reciprocal(x), "a/x", r"\tfrac{a}{x}", "a*reciprocal(x)"),
    (-3 * a / x, "−3a/x", r"-\tfrac{3a}{x}", "-3*a/x"),
    ((a + c) / (x + y), "(a + c)/(x + y)", r"\tfrac{a+c}{x+y}", "(a + c)/(x + y)"),
    (a / x / 2, "1/2 · a/x", r"\tfrac{1}{2}\cdot \tfrac{a}{x}", "a/(2*x)"),
    (a / x / y, "a/x · 1/y", r"\tfrac{a}{x}\cdot \tfrac{1}{y}", "a/(x*y)"),
    (reciprocal(x * y), "1/(xy)", r"\tfrac{1}{xy}", "reciprocal(x*y)"),
    (x**-2, "x⁻²", "x^{-2}", "x**(-2)"),
    (reciprocal(x) ** 2, "x⁻²", "x^{-2}", "reciprocal(x)**2"),
    (reciprocal(x**2), "1/x²", r"\tfrac{1}{x^{2}}", "reciprocal(x**2)"),
    (x**-half, "1/√x", r"\tfrac{1}{\sqrt{x}}", "1/sqrt(x)"),
    (a * log(x) / y, "a log(x)/y", r"\tfrac{a\operatorname{log}(x)}{y}", "a*log(x)/y"),
    (half, "1/2", r"\tfrac{1}{2}", "1/2"),
    (reciprocal(2), "2⁻¹", "2^{-1}", "reciprocal(2)"),
    # ── Functions and their derivatives ────────────────────────────────────────────────────────
    (σ.derivative(x), "σ′(x)", r"\sigma ^{\prime}(x)", "σ'(x)"),
    (σ.derivative(x) ** 2, "σ′(x)²", r"\sigma ^{\prime}(x)^{2}", "σ'(x)**2"),
    (σ.derivative(x**2), "σ′(x²)", r"\sigma ^{\prime}(x^{2})", "σ'(x**2)"),
    (σ.derivative.derivative(x), "σ″(x)", r"\sigma ^{\prime \prime}(x)", "σ''(x)"),
    (relu.derivative(x), "relu′(x)", r"\operatorname{relu}^{\prime}(x)", "relu'(x)"),
    (σ1(x), "(σ′)(x)", r"(\sigma ^{\prime})(x)", "σ'(x)"),
    (σ(X), "σ(X)", r"\sigma (X)", "σ(X)"),
    (relu(X), "relu(X)", r"\operatorname{relu}(X)", "relu(X)"),
    (absolute(X), "|·|(X)", r"\lvert \cdot \rvert (X)", "abs(X)"),
    (F(X).T, "F(X)ᵀ", r"F(X)^{\top}", "F(X)ᵀ"),
    (FunctionOf(x, x * X), "x ↦ xX", r"x\mapsto xX", "(x ↦ x·X)"),
    (hessian(f, X, H), "f″(X)[H]", r"f^{\prime \prime}(X)[H]", "hessian(f, X, H)"),
    # ── Matrices ───────────────────────────────────────────────────────────────────────────────
    (hadamard(X, Y), "X ∘ Y", r"X\circ Y", "hadamard(X, Y)"),
    (
        hadamard(X, hadamard(Y, Z)),
        "X ∘ (Y ∘ Z)",
        r"X\circ (Y\circ Z)",
        "hadamard(X, hadamard(Y, Z))",
    ),
    (hadamard(X, Y).T * Z, "(X ∘ Y)ᵀZ", r"(X\circ Y)^{\top}Z", "hadamard(X, Y)ᵀ·Z"),
    (X + hadamard(2 * X, Y), "X + (2X) ∘ Y", r"X+(2X)\circ Y", "X + hadamard(2·X, Y)"),
    (S.I, "S⁻¹", "S^{-1}", "inverse(S)"),
    ((S * T).I, "(ST)⁻¹", "(ST)^{-1}", "inverse(S·T)"),
    (S.I.T, "S⁻ᵀ", r"S^{-\top}", "inverse(S)ᵀ"),
    (S.T.I, "(Sᵀ)⁻¹", r"(S^{\top})^{-1}", "inverse(Sᵀ)"),
    (M[i].T * M[i], "MᵢᵀMᵢ", r"M_{i}^{\top}M_{i}", "M[i]ᵀ·M[i]"),
    (determinant(S), "det S", r"\operatorname{det}S", "determinant(S)"),
    (determinant(S * T), "det(ST)", r"\operatorname{det}(ST)", "determinant(S·T)"),
    (
        determinant(S) * determinant(T),
        "det S · det T",
        r"\operatorname{det}S\cdot \operatorname{det}T",
        "determinant(S)*determinant(T)",
    ),
    (determinant(S) * X, "det(S) X", r"\operatorname{det}(S)\,X", "determinant(S)·X"),
    ((x + 1) * relu(x), "(x + 1) relu(x)", r"(x+1)\operatorname{relu}(x)", "(x + 1)*relu(x)"),
    (determinant(S) ** 2, "(det S)²", r"(\operatorname{det}S)^{2}", "determinant(S)**2"),
    (
        logdet(S),
        "log|det S|",
        r"\operatorname{log}\lvert \operatorname{det}S\rvert ",
        "log(abs(determinant(S)))",
    ),
    (diag(v) * w, "diag(v) w", r"\operatorname{diag}(v)\,w", "diag(v)·w"),
    (diagonal(S), "dg(S)", r"\operatorname{dg}(S)", "diagonal(S)"),
    (entry(X, i, j), "X[i,j]", "X_{i,j}", "entry(X, i, j)"),
    (entry(X.T, j, i), "(Xᵀ)[j,i]", r"(X^{\top})_{j,i}", "entry(Xᵀ, j, i)"),
    (entry(M[k], 1, 2), "(Mₖ)[1,2]", "(M_{k})_{1,2}", "entry(M[k], 1, 2)"),
    (entry(v, i, 1), "v[i,1]", "v_{i,1}", "entry(v, i, 1)"),
    # ── 𝟏, with its size where nothing else says it ────────────────────────────────────────────
    (ones(p, q), "𝟏[p×q]", r"\mathbf{1}_{p\times q}", "ones(p, q)"),
    (ones(n), "𝟏ₙ", r"\mathbf{1}_{n}", "ones(n, 1)"),
    (hadamard(ones(p, q), X), "𝟏 ∘ X", r"\mathbf{1}\circ X", "hadamard(ones(p, q), X)"),
    (
        hadamard(ones(p, q), ones(p, q)),
        "𝟏[p×q] ∘ 𝟏[p×q]",
        r"\mathbf{1}_{p\times q}\circ \mathbf{1}_{p\times q}",
        "hadamard(ones(p, q), ones(p, q))",
    ),
    (X + ones(p, q), "X + 𝟏", r"X+\mathbf{1}", "X + ones(p, q)"),
    (
        ones(p).T * X * ones(q),
        "𝟏ᵀ X 𝟏",
        r"\mathbf{1}^{\top}\,X\,\mathbf{1}",
        "ones(p, 1)ᵀ·X·ones(q, 1)",
    ),
    (X * ones(q, n), "X 𝟏[q×n]", r"X\,\mathbf{1}_{q\times n}", "X·ones(q, n)"),
    (total(X), "∑[i,j] X[i,j]", r"\sum _{i,j}\,X_{i,j}", "tr(ones(p, q)ᵀ·X)"),
    (total(v), "∑ᵢ v[i,1]", r"\sum _{i}\,v_{i,1}", "tr(ones(n, 1)ᵀ·v)"),
    (
        total(M[i]),
        "∑[r,s] (Mᵢ)[r,s]",
        r"\sum _{r,s}\,(M_{i})_{r,s}",
        "tr(ones(d(i), d(i - 1))ᵀ·M[i])",
    ),
    (determinant(Identity(n)), "det Iₙ", r"\operatorname{det}I_{n}", "determinant(I)"),
    # ── Words that lack an argument ────────────────────────────────────────────────────────────
    (exp, "exp", r"\operatorname{exp}", "exp"),
    (FunctionWord("determinant", n), "det", r"\operatorname{det}", "determinant"),
    (absolute, "|·|", r"\lvert \cdot \rvert ", "abs"),
    (sqrt, "√(·)", r"\sqrt{(\cdot )}", "sqrt"),
    (reciprocal, "1/(·)", r"\tfrac{1}{(\cdot )}", "reciprocal"),
    (FunctionWord("inverse", n), "(·)⁻¹", r"(\cdot )^{-1}", "inverse"),
    (FunctionWord("hadamard", p, q, X), "X ∘ (·)", r"X\circ (\cdot )", "hadamard(X)"),
    (FunctionWord("entrywise", p, q, σ), "σ(·)", r"\sigma (\cdot )", "entrywise(σ)"),
    (FunctionWord("hessian", p, q, f, X), "f″(X)", r"f^{\prime \prime}(X)", "hessian(f, X)"),
    (σ.derivative, "σ′", r"\sigma ^{\prime}", "σ'"),
]

of_inverse = FunctionOf(K, -(S.I * K * S.I))

CLAIMS: list[tuple[Claim, str]] = [
    (
        Slope(FunctionOf(S, S.I), S, of_inverse),
        "the derivative of S ↦ S⁻¹ at S is K ↦ −S⁻¹KS⁻¹",
    ),
    (Slope(FunctionWord("inverse", n), S, of_inverse), "the derivative of (·)⁻¹ at S is "
     "K ↦ −S⁻¹KS⁻¹"),
    (Slope(exp, x, FunctionOf(h, exp(x) * h)), "the derivative of exp at x is h ↦ heˣ"),
    (
        Implies(Less(0, x), Slope(log, x, FunctionOf(h, reciprocal(x) * h))),
        "if 0 < x, then the derivative of log at x is h ↦ h/x",
    ),
    (Continuous(relu, x), "relu is continuous at x"),
    (Continuous(FunctionOf(x, relu(x)), x), "(x ↦ relu(x)) is continuous at x"),
    (Slope(sqrt, x, σ), "the derivative of √(·) at x is σ"),
    (Continuous(σ.derivative, x), "σ′ is continuous at x"),
    (Continuous(σ1, x), "(σ′) is continuous at x"),
    (Not(Continuous(relu, x)), "not (relu is continuous at x)"),
    (ForAll(x, Continuous(relu, x)), "relu is continuous at x for all x ∈ ℝ"),
    (DifferentiableAt(f, X), "f is differentiable at X"),
    (AllPositive(X), "every entry of X is positive"),
    (Symmetric(S), "S is symmetric"),
    (PositiveDefinite(S), "S is positive definite"),
    (PositiveSemidefinite(S + T), "S + T is positive semidefinite"),
    (Equal(σ(X).T, σ(X.T)), "σ(X)ᵀ = σ(Xᵀ)"),
    (Equal(X, ones(p, q)), "X = 𝟏"),
    (Equal(ones(p, q), ones(p) * ones(1, q)), "𝟏 = 𝟏ₚ 𝟏[1×q]"),
    (Implies(NonZero(determinant(S)), Equal(S * S.I, Identity(n))), "det S ≠ 0 ⟹ SS⁻¹ = I"),
    (Exists(σ, Continuous(σ, x)), "there is σ such that σ is continuous at x"),
    (
        ForAll(σ, F, Equal(F(X), σ(X))),
        "F(X) = σ(X) for all σ : ℝ → ℝ and F : ℝ^{p×q} → ℝ^{p×q}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("term", "plain", "tex", "typed"), TERMS, ids=[t[3] for t in TERMS])
def test_terms_in_each_notation(term: Any, plain: str, tex: str, typed: str) -> None:
    assert (text.show(term), latex.show(term), str(term)) == (plain, tex, typed)


@pytest.mark.parametrize(("claim", "plain"), CLAIMS, ids=[c[1] for c in CLAIMS])
def test_claims_in_words(claim: Claim, plain: str) -> None:
    assert text.show(claim) == plain


def test_every_word_and_every_style_is_in_the_table_above() -> None:
    shown = {str(part.args[0]) for term, *_ in TERMS for part in _parts(term)}
    assert shown >= set(TABLE)


def _parts(x: Any) -> list[Any]:
    return [x, *(part for arg in x.args for part in _parts(arg))] if getattr(x, "args", ()) else []


# ── No two terms look alike ────────────────────────────────────────────────────────────────────
def _numbers(these: list[Any], matrices: list[MatrixTerm], squares: list[MatrixTerm]) -> list[Any]:
    """What can be made of these terms in one step, a number."""
    of_one = (exp, log, sqrt, sin, relu, absolute, reciprocal, σ, σ1, σ.derivative)
    made = [function(t) for t in these for function in of_one]
    # SymPy takes the root of a square for its own Abs, which is no term.
    bases = [t for t in these if not t.is_Pow and not t.is_Mul]
    made += [t**power for t in bases for power in (2, -1, -2, half, -half, 3 * half)]
    made += [-t for t in these] + [half * t for t in these]
    for s, t in itertools.combinations_with_replacement(these, 2):
        made += [s + t, s - t, s * t, s / t, s * reciprocal(t)]
    made += [g(t) for t in matrices for g in (total, norm, norm_squared)]
    made += [entry(t, at, to) for t in matrices for at, to in ((i, j), (j, i), (1, 2))]
    return made + [g(t) for t in squares for g in (determinant, trace, rank)]


def _matrices(these: list[MatrixTerm], numbers: list[Any]) -> list[MatrixTerm]:
    """What can be made of these terms in one step, a square matrix."""
    made = [g(t) for t in these for g in (inverse, σ, σ.derivative, absolute, exp)]
    made += [t.T for t in these] + [c * t for t in these for c in (-1, 2, *numbers)]
    for s, t in itertools.product(these, repeat=2):
        made += [s * t, s + t, s - t, hadamard(s, t)]
    return made + [diag(diagonal(t)) for t in these]


def pool() -> list[Any]:
    """Many terms, nearly all of them different."""
    one, eye = ones(n, n), Identity(n)
    squares = _matrices([S, T, eye, one, Zero(n, n)], [x, 1 / x])
    few = [S, S.T, S.I, S * T, hadamard(S, T), one, eye, 2 * S, S + T, σ(S)]
    squares += _matrices(few, [log(x), x + y])
    letters = [x, y, real("e"), Rational(2)]
    small = [log(x), x * y, x + y, exp(x), sqrt(x), 1 / x, x**2, absolute(x), -x, σ.derivative(x)]
    squares += [hadamard(*pair) for pair in itertools.product([hadamard(S, S), S, S * T], repeat=2)]
    small += [sqrt(x) / 2, reciprocal(2 * sqrt(x)), half / x, reciprocal(2 * x)]
    numbers = _numbers([*letters, *small, determinant(S)], squares[:60], squares)
    functions: list[FunctionTerm] = [σ, σ1, σ.derivative, exp, absolute, sqrt, reciprocal, relu]
    functions += [FunctionOf(x, body(x)) for body in (σ, exp, absolute, sqrt, reciprocal, relu)]
    of = (
        Continuous,
        DifferentiableAt,
        lambda g, at: Slope(g, at, σ),
        lambda g, at: Slope(σ, at, g),
    )
    claims = [kind(g, at) for g in functions for at in (x, y) for kind in of]
    of_matrices = (AllPositive, Symmetric, PositiveDefinite, PositiveSemidefinite)
    claims += [kind(t) for t in squares[:40] for kind in of_matrices]
    return [*squares, *numbers, *claims]


def _seen(shown: str) -> str:
    """What a reader sees of MathML: no tags of grouping, no space."""
    return re.sub(r"</?(math|mrow|span|wbr)\b[^>]*>|<mspace[^>]*>|[\u2061\u2062]", "", shown)


@pytest.mark.parametrize("notation", ["text", "latex", "mathml"])
def test_no_two_terms_look_alike(notation: str) -> None:
    show = {"text": text.show, "latex": latex.show, "mathml": lambda x: _seen(mathml.show(x))}
    meant: dict[str, tuple[Any, Any]] = {}
    alike = []
    for term in [*(t[0] for t in TERMS), *pool()]:
        core = encode(term) if isinstance(term, Claim) else encode_term(term)
        other, before = meant.setdefault(show[notation](term), (core, term))
        if other != core:
            alike.append(f"{before!r} and {term!r}: {show[notation](term)}")
    assert len(meant) > 2500 and not alike, "\n".join(alike)


def test_what_is_decoded_looks_as_it_was_written() -> None:
    """A page of what was proved shows the same formula, where normal form is what was written."""
    for term in (hadamard(X, Y), σ.derivative(x) * a, log(x), S.I.T, determinant(S * T), F(X)):
        claim = Equal(term, Zero(*term.shape) if isinstance(term, MatrixTerm) else 0)
        assert text.show(decode(encode(claim))) == text.show(claim)


def test_the_textbook_facts_are_told_apart() -> None:
    """As they are written and as they are decoded, in plain text and in LaTeX."""
    for show in (text.show, latex.sentence):
        for made in (lambda claim: claim, lambda claim: decode(encode(claim))):
            shown = {show(made(fact.claim())) for fact in FACTS.values()}
            assert len(shown) == len({encode(fact.claim()) for fact in FACTS.values()})


def test_a_notebook_shows_a_theorem_with_words() -> None:
    claim = Slope(exp, x, FunctionOf(h, exp(x) * h))
    shown = bundle(kernel.assume(encode(claim)))
    assert "<msup><mi>e</mi><mi>x</mi></msup>" in shown["text/html"]
    assert r"\operatorname{exp}" in shown["text/latex"]
    assert "the derivative of exp at x is y ↦ yeˣ" in shown["text/plain"]


# ── Beside the formulas ────────────────────────────────────────────────────────────────────────
def test_maps_are_said_with_what_they_take_and_give() -> None:
    layout = Layout()
    assert text.show_box(membership(layout, σ)) == "σ : ℝ → ℝ"
    assert text.show_box(membership(layout, F)) == "F : ℝ^{p×q} → ℝ^{p×q}"
    found = space(layout, Map("G", (), (n, 1)))
    assert found is not None and text.show_box(found).strip() == ": ℝ → ℝⁿ"
    one = MatrixVariable("Z", 1, 1)
    assert text.show_box(membership(layout, one)) == "Z ∈ ℝ^{1×1}"
    found = space(layout, hadamard(X, Y))
    assert found is not None and text.show_box(found).strip() == "∈ ℝ^{p×q}"


def test_words_can_be_printed_first_of_all() -> None:
    """Whatever module of the views a program begins with."""
    program = (
        "from proofkit.symbols import exp, real; from proofkit.views.layout import layout_of; "
        "layout_of()(exp(real('x')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_notation_names_words_too() -> None:
    names = [(hadamard(X, Y), "P"), (S.I, "R"), ("σ", "φ"), (ones(n), "u")]
    assert text.show(hadamard(X, Y) + X, names) == "P + X"
    assert text.show(S.I.T * σ(S), names) == "Rᵀ φ(S)"
    assert text.show(S * ones(n), names) == "Su"


@pytest.mark.parametrize("name", ["exp", "log", "det", "relu", "diag", "dg"])
def test_no_variable_is_named_like_a_word(name: str) -> None:
    pair = shown_alike(["x", name])
    assert pair is not None and name in pair


@pytest.mark.parametrize("term", [t[0] for t in TERMS] + [c[0] for c in CLAIMS], ids=str)
def test_mathml_is_well_formed_and_in_the_font(term: Any) -> None:
    for markup in (mathml.sentence(term), mathml.show(term)):
        root = ElementTree.fromstring(f"<p>{markup.replace('<wbr>', '')}</p>")
        for element in root.iter():
            arity = {"msub": 2, "msup": 2, "msubsup": 3, "mfrac": 2}.get(element.tag)
            assert arity is None or len(element) == arity
        missing = fonts.code_points(str(markup)) - fonts._USUAL
        assert not missing, sorted(map(chr, missing))


def test_a_root_has_its_sign_in_the_font() -> None:
    """The sign is drawn by the browser, and stands nowhere in the page."""
    assert "√" not in mathml.show(sqrt(x)) and "<msqrt>" in mathml.show(sqrt(x))
    assert ord("√") in fonts._ALWAYS


def test_latex_needs_no_package_but_those_of_ams() -> None:
    known = {"operatorname", "sqrt", "lvert", "rvert", "lVert", "rVert", "tfrac", "mathbf"}
    known |= {"circ", "top", "times", "sum", "prime", "cdot", "sigma", "mapsto"}
    for term, *_ in TERMS:
        assert set(re.findall(r"\\([A-Za-z]+)", latex.show(term))) <= known
