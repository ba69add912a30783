"""The printers: what a formula looks like in each notation, and that none is left out."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import pytest
from sympy import Tuple
from sympy.core.basic import Basic

import proofkit.claims
import proofkit.symbols
from proofkit.claims import (
    Abbreviation,
    And,
    Between,
    Claim,
    Contradiction,
    Convex,
    Critical,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    RankBelow,
    RankIs,
    SpuriousLocalMinimum,
)
from proofkit.claims.encode import encode
from proofkit.symbols import (
    FamilyTerm,
    Function,
    FunctionOf,
    FunctionTerm,
    Identity,
    MatrixTerm,
    MatrixVariable,
    Member,
    Updated,
    WidthEnds,
    WidthOf,
    Zero,
    family,
    frobenius,
    index,
    listed,
    natural,
    norm_squared,
    rank,
    real,
    replaced,
    summation,
    tabulated,
    trace,
    vector,
    vectors,
    width_table,
    widths,
)
from proofkit.symbols.faults import SortError
from proofkit.views import latex, layout, mathml, text
from proofkit.views.boxes import Name, Row, Words

from . import test_words

d, i, j, k = widths("d"), index("i"), index("j"), index("k")
M, w, v = family("M", d), vectors("w", lambda i: d(i)), vectors("v", lambda i: d(i - 1))
f = Function("f", d(k), d(0))
X, t, n = MatrixVariable("X", d(k), d(0)), real("t"), natural("n")
A, B = M[k : j + 1], M[j:1]
G = f.gradient(A * B)
step = M[i] + w[i] * v[i].T
Mt = replaced(M, 1, j, i, step)
u, Y = vector("u", d(i)), MatrixVariable("Y", d(k), d(0))
towers = family("M", WidthEnds(widths("d", 2), widths("K"), n, n), arity=2)
tower = family("M", lambda at: towers.shape_at(i, at))
NOTATION = ((A, "A"), (B, "B"), (G, "G"), (Mt, "M̃"))

CASES: list[tuple[Any, str, str]] = [
    (A, "Mₖ⋯Mⱼ₊₁", r"M_{k}\cdots M_{j+1}"),
    (M[i], "Mᵢ", "M_{i}"),
    (M[i : i + 1], "I", "I"),
    (M[i + 1 : i], "Mᵢ₊₁Mᵢ", "M_{i+1}M_{i}"),
    (A * B, "Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁", r"M_{k}\cdots M_{j+1}\,M_{j}\cdots M_{1}"),
    (M[i].T, "Mᵢᵀ", r"M_{i}^{\top}"),
    (A.T, "(Mₖ⋯Mⱼ₊₁)ᵀ", r"(M_{k}\cdots M_{j+1})^{\top}"),
    (step, "Mᵢ + wᵢvᵢᵀ", r"M_{i}+w_{i}v_{i}^{\top}"),
    (
        A * tabulated(i, step)[j:1],
        "Mₖ⋯Mⱼ₊₁ (Mⱼ + wⱼvⱼᵀ)⋯(M₁ + w₁v₁ᵀ)",
        r"M_{k}\cdots M_{j+1}\,(M_{j}+w_{j}v_{j}^{\top})\cdots (M_{1}+w_{1}v_{1}^{\top})",
    ),
    (X - 2 * X, "X − 2X", "X-2X"),
    (-X, "−X", "-X"),
    (t * X, "tX", "tX"),
    (X.T * (X + X), "Xᵀ(X + X)", r"X^{\top}(X+X)"),
    (Identity(n), "I", "I"),
    (Zero(n, n), "0", "0"),
    (f(X), "f(X)", "f(X)"),
    (f(X) ** 2 - 3, "f(X)² − 3", "f(X)^{2}-3"),
    (f.gradient(X).T, "f′(X)ᵀ", r"f^{\prime}(X)^{\top}"),
    (FunctionOf(X, f(X)), "X ↦ f(X)", r"X\mapsto f(X)"),
    (FunctionOf(X, f(X)).gradient(X), "∇_X(f(X))", r"\nabla _{X}(f(X))"),
    (FunctionOf(X, f(X)).gradient(-X), "(X ↦ f(X))′(−X)", r"(X\mapsto f(X))^{\prime}(-X)"),
    (norm_squared(X), "‖X‖²", r"\lVert X\rVert ^{2}"),
    (frobenius(G, X), "⟨f′(Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁), X⟩", ""),
    (trace(X * X.T), "tr(XXᵀ)", r"\operatorname{tr}(XX^{\top})"),
    (rank(A), "rank(Mₖ⋯Mⱼ₊₁)", r"\operatorname{rank}(M_{k}\cdots M_{j+1})"),
    (rank(X), "rank X", r"\operatorname{rank}X"),
    (d(i - 1), "dᵢ₋₁", "d_{i-1}"),
    (k - i + 1, "k − i + 1", "k-i+1"),
    (1 - i, "1 − i", "1-i"),
    (2 * i - 1, "2i − 1", "2i-1"),
    (-t / 2, "−1/2 t", r"-\tfrac{1}{2}\,t"),
    (Fraction(-2, 3), "−2/3", r"-\tfrac{2}{3}"),
    (7, "7", "7"),
    (width_table(2, 1, 2), "(2, 1, 2)", "(2,1,2)"),
    (WidthOf(i, d(k - i)), "i ↦ dₖ₋ᵢ", r"i\mapsto d_{k-i}"),
    (Member(towers, i)[k:1], "M[i,k]⋯M[i,1]", r"M_{i,k}\cdots M_{i,1}"),
    (listed(B, A)[2:1], "Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁", r"M_{k}\cdots M_{j+1}\,M_{j}\cdots M_{1}"),
    (Updated(M, i, M[i] + M[i]), "M with layer i replaced by Mᵢ + Mᵢ", ""),
    (Updated(M, i, M[i] + M[i])[i], "Mᵢ + Mᵢ", "M_{i}+M_{i}"),
    (Updated(towers, i, tower), "M with Mᵢ replaced by M", ""),
    (
        summation(i, 1, k, towers[i][widths("K")(i) + 1 : 1]),
        "∑ᵢ₌₁ᵏ M[i,Kᵢ+1]⋯M[i,1]",
        r"\sum _{i=1}^{k}\,M_{i,K_{i}+1}\cdots M_{i,1}",
    ),
    (WidthEnds(widths("d", 2), widths("K"), n, n)(j, i), "d[j,i]", "d_{j,i}"),
    ("M̃", "M̃", r"\widetilde{M}"),
    ("i*", "i*", "i^{*}"),
    ("epsilon", "ε", r"\varepsilon "),
]

CLAIMS: list[tuple[Claim, str]] = [
    (Equal(G * B.T, 0), "f′(Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁) (Mⱼ⋯M₁)ᵀ = 0"),
    (LessEqual(d(j), d(i)), "dⱼ ≤ dᵢ"),
    (Less(t, f(X)), "t < f(X)"),
    (Between(1, i, k), "1 ≤ i ≤ k"),
    (Critical(f, X), "f′(X) = 0"),
    (NonZero(u), "u ≠ 0"),
    (Not(Equal(X, 0)), "X ≠ 0"),
    (RankIs(X, d(j)), "rank X = dⱼ"),
    (RankBelow(X, d(j)), "rank X < dⱼ"),
    (Contradiction(), "a contradiction"),
    (And(Convex(f), Differentiable(f)), "f is convex and f is differentiable"),
    (
        Or(Equal(X, 0), And(RankIs(X, 1), Less(t, 1))),
        "X = 0 or (rank X = 1 and t < 1)",
    ),
    (Implies(Equal(X, 0), RankIs(X, 0)), "X = 0 ⟹ rank X = 0"),
    (Implies(Convex(f), Equal(X, 0)), "if f is convex, then X = 0"),
    (
        ForAll(i, Implies(Between(1, i, k), LessEqual(d(j), d(i)))),
        "dⱼ ≤ dᵢ for all 1 ≤ i ≤ k",
    ),
    (
        ForAll(i, Implies(Between(1, i, j), Exists(u, NonZero(u) & Equal(M[k : i + 1] * u, 0)))),
        "for all 1 ≤ i ≤ j: there is u ≠ 0 with Mₖ⋯Mᵢ₊₁ u = 0",
    ),
    (ForAll(X, Convex(f)), "f is convex for all X ∈ ℝ^{dₖ×d₀}"),
    (ForAll(M, Convex(f) | Less(0, t)), "for all matrices Mᵢ ∈ ℝ^{dᵢ×dᵢ₋₁}: f is convex or 0 < t"),
    (Not(Exists(u, NonZero(u))), "there is no u ≠ 0"),
    (Not(Convex(f)), "not (f is convex)"),
    (
        LocalMinimum(M, f(M[k:1]), Mt),
        "M with layers 1 to j replaced by i ↦ Mᵢ + wᵢvᵢᵀ is a local minimum of M ↦ f(Mₖ⋯M₁)",
    ),
    (GlobalMinimum(X, f(X), X), "X is a global minimum of X ↦ f(X)"),
    (SpuriousLocalMinimum(X, f(X), X), "X is a spurious local minimum of X ↦ f(X)"),
    (Near((X, A * B), LessEqual(f(A * B), f(X))), "f(Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁) ≤ f(X) for all X near "
     "Mₖ⋯Mⱼ₊₁ Mⱼ⋯M₁"),
    (Near((X, Zero(d(k), d(0))), Near((Y, X), Equal(X, Y))), "X = Y for all small X and Y near X"),
    (Exists(X, And(Near((Y, X), Equal(Y, X)), NonZero(X * Y.T))),
     "there is X such that XYᵀ ≠ 0, and Y = X for all Y near X"),
    (NonZero(X * Identity(d(0)).T), "X ≠ 0"),
    (Equal(u.T * u, t * Identity(1)), "uᵀu = t"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "plain", "tex"), CASES, ids=[c[1] for c in CASES])
def test_terms(expression: Any, plain: str, tex: str) -> None:
    assert text.show(expression) == plain
    if tex:
        assert latex.show(expression) == tex


@pytest.mark.parametrize(("claim", "plain"), CLAIMS, ids=[c[1] for c in CLAIMS])
def test_claims(claim: Claim, plain: str) -> None:
    assert text.show(claim) == plain


@pytest.mark.parametrize("expression", [c[0] for c in [*CASES, *CLAIMS]], ids=str)
def test_mathml_is_well_formed_and_says_the_same(expression: Any) -> None:
    for markup in (mathml.sentence(expression), mathml.show(expression)):
        root = ElementTree.fromstring(f"<p>{markup.replace('<wbr>', '')}</p>")
        for element in root.iter():
            arity = {"msub": 2, "msup": 2, "msubsup": 3, "mfrac": 2, "mover": 2}.get(element.tag)
            assert arity is None or len(element) == arity
        words = re.findall(r"[a-z]{3,}", text.show(expression))
        assert all(word in markup.replace("\u00a0", " ") for word in words)


def test_notation_replaces_exact_terms_and_runs_of_factors() -> None:
    def plain(x: Any) -> str:
        return text.show(x, NOTATION)

    assert plain(Equal(G * B.T, 0)) == "GBᵀ = 0"
    assert plain(A * Mt[j:1]) == "A M̃ⱼ⋯M̃₁"
    assert plain(Mt[k:1]) == "M̃ₖ⋯M̃₁"
    assert plain(M[k:1]) == "Mₖ⋯M₁"
    assert text.show(X.T * A * B, [(A * B, "P")]) == "XᵀP"
    assert text.show(M[i], [(M[i], "W")]) == "W"
    assert latex.sentence(RankIs(A, 1), NOTATION) == r"$\operatorname{rank}A=1$"


def test_a_bound_index_is_not_captured() -> None:
    """A tabulated body that binds a variable itself is shown as a map."""
    inner = FunctionOf(X, f(X)).gradient(X)
    assert text.show(tabulated(i, M[i] * M[i].T)[3]) == "M₃M₃ᵀ"
    assert text.show(tabulated(i, inner)[3]) == "(i ↦ ∇_X(f(X)))₃"


def test_a_class_of_ones_own_is_no_claim() -> None:
    class Vanishes(Abbreviation):
        def meaning(self) -> Claim:
            return Equal(self.args[0], 0)

    with pytest.raises(SortError, match="Vanishes is not a claim"):
        encode(Vanishes(X))


def test_an_unknown_node_is_refused_by_name() -> None:
    class Strange(Basic):  # type: ignore[misc]
        pass

    with pytest.raises(TypeError, match="Strange"):
        text.show(Strange())
    with pytest.raises(TypeError, match="Strange"):
        latex.show(Tuple(Strange()))


ABSTRACT = {FamilyTerm, FunctionTerm, MatrixTerm, Abbreviation, Claim}


def exported_classes() -> list[type]:
    """Every class of things that can be printed."""
    found = {
        value
        for module in (proofkit.symbols, proofkit.claims)
        for value in (getattr(module, name) for name in module.__all__)
        if isinstance(value, type) and issubclass(value, Basic)
    }
    return sorted(found - ABSTRACT, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", exported_classes(), ids=lambda cls: cls.__name__)
def test_every_exported_class_prints(cls: type) -> None:
    samples = [c[0] for c in [*CASES, *CLAIMS, *test_words.TERMS, *test_words.CLAIMS]]
    samples += [d, M, Mt, tabulated(i, step)]
    nodes = [x for sample in samples if isinstance(sample, Basic) for x in _nodes(sample)]
    sample = next((x for x in nodes if type(x) is cls), None)
    assert sample is not None, f"add a sample of {cls.__name__} to this test"
    assert layout.printable(cls)
    for show in (text.show, latex.show, latex.sentence, mathml.show, mathml.sentence):
        assert show(sample)


def _nodes(x: Basic) -> list[Basic]:
    return [x, *(y for arg in x.args for y in _nodes(arg))]


def test_matrices() -> None:
    rows = [["1", "-1/2"], ["sqrt(5)", "0"]]
    assert text.matrix(rows, [(0, 1)]) == ("⎡ 1  −1/2*⎤", "⎣√5     0 ⎦")
    assert text.matrix([["3"]]) == ("[3]",)
    assert latex.matrix(rows, [(0, 1)]) == (
        r"\begin{bmatrix*}[r]1 & \pkchanged{-1/2} \\ \surd 5 & 0\end{bmatrix*}"
    )
    table = ElementTree.fromstring(str(mathml.matrix(rows, [(0, 1)])))
    assert [c.get("class") for c in table.iter("mtd")] == [None, "changed", None, None]


def test_hostile_words_are_escaped() -> None:
    nasty = r"<script>\input{/etc/passwd}"
    assert "<script>" not in mathml.show(nasty)
    assert r"\input" not in latex.show(nasty)
    assert "<script>" not in mathml.matrix([[nasty]])
    assert r"\input" not in latex.matrix([[nasty]])


def test_no_line_ends_between_an_opening_bracket_and_its_formula() -> None:
    shown = str(mathml.sentence_of(Row((Words("a pair ("), Name("A"), Words(" of them)")))))
    assert shown == 'a pair <span class="nb">(<math><mi>A</mi></math></span> of them)'
