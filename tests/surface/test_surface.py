"""``import proofkit as pk``: what it offers, when it is loaded, and what its words mean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import proofkit as pk
from proofkit.script import ScriptError
from proofkit.symbols.faults import LanguageError, ShapeError, SortError

n, p, q = pk.sizes("n p q")
c = pk.real("c")
X, Y, W = pk.matrix("X", p, n), pk.matrix("Y", q, n), pk.matrix("W", q, p)
A, B = pk.matrices("A B", n, n)
u, v = pk.vectors("u v", n)
loss = pk.norm2(W @ X - Y) + c * pk.norm2(W)


# ── Loading ────────────────────────────────────────────────────────────────────────────────────
def test_importing_proofkit_loads_nothing_else() -> None:
    code = "import sys, proofkit; print(sorted({'sympy', 'numpy', 'click'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_parts_and_words_are_attributes_without_further_imports() -> None:
    code = "import proofkit as pk; print(pk.notebook.__name__, pk.eye(2), pk.by.algebra().rule)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["proofkit.notebook", "I", "algebra"]


def test_a_star_import_gives_the_words_and_completion_knows_them() -> None:
    names: dict[str, Any] = {}
    exec("from proofkit import *", names)
    assert names["norm2"] is pk.norm2
    assert {"norm2", "theorem", "by"} <= set(dir(pk))


def test_no_word_is_hidden_by_a_part_of_the_same_name() -> None:
    """A part, once imported, is an attribute of the package: it would stand in the word's place."""
    folder = Path(pk.__file__).parent
    parts = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert parts & set(pk.__all__) == {"by"}


def test_a_word_that_is_not_there_names_those_that_may_be_meant() -> None:
    with pytest.raises(AttributeError, match=r"proofkit has no matrx; did you mean matrix"):
        _ = pk.matrx  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"proofkit has no sum: write total\(A\)"):
        _ = pk.sum  # type: ignore[attr-defined]


def test_the_package_is_typed_for_its_users(tmp_path: Path) -> None:
    """A type checker knows every word, and one that is not there."""
    file = tmp_path / "mine.py"
    file.write_text(
        "import proofkit as pk\n"
        "n, p = pk.sizes('n p')\n"
        "claim = pk.eq(pk.grad(pk.norm2(pk.matrix('X', n, p)), pk.matrix('X', n, p)), 0)\n"
        "reveal_type(claim)\n"
        "reveal_type(pk.theorem)\n"
        "pk.matrx\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    told = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    assert told[0] == 'note: Revealed type is "proofkit.claims.propositions.Claim"'
    assert "-> proofkit.script.results.Result" in told[1].replace("def (*", "")
    assert told[2].startswith('error: Module has no attribute "matrx"')
    assert len(told) == 3


# ── Terms ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("term", "said"),
    [
        (A**2, "A·A"),
        (A**0, "I"),
        (A**-2, "inverse(A)·inverse(A)"),
        (A.I, "inverse(A)"),
        (A / n, "1/n·A"),
        (c / n, "c/n"),
        (c @ A, "c·A"),
        (A @ c, "c·A"),
        (sum([A, B]), "A + B"),
        (A - 0, "A"),
        (A / (u.T @ v), "1/tr(uᵀ·v)·A"),
        (A * (u.T @ v), "tr(uᵀ·v)·A"),
        ((u.T @ v) * A, "tr(uᵀ·v)·A"),
        (c + u.T @ v, "c + tr(uᵀ·v)"),
        (u.T @ v - 1, "tr(uᵀ·v) - 1"),
        (1 - u.T @ v, "1 - tr(uᵀ·v)"),
        (c / (u.T @ v), "c/tr(uᵀ·v)"),
        ((u.T @ A @ u) / (u.T @ u), "tr(uᵀ·A·u)/tr(uᵀ·u)"),
        (pk.entrywise(lambda x: x**2, A), "(x ↦ x**2)(A)"),
        (pk.grad(pk.norm2(A), A), "∇_A(tr(Aᵀ·A))"),
        (pk.grad(pk.norm2(A), A, at=B), "(A ↦ tr(Aᵀ·A))'(B)"),
        (pk.grad(u.T @ A @ u, u), "∇_u(tr(uᵀ·A·u))"),
        (pk.grad(c**2, c), "(c ↦ c**2)'(c)"),
    ],
)
def test_terms_mean_what_one_expects(term: Any, said: str) -> None:
    assert str(term) == said
    pk.theorem("it-is-a-term", claim=pk.eq(term, term))(lambda proof: None)


def test_a_number_added_to_a_matrix_is_refused() -> None:
    for wrong in (lambda: A + 1, lambda: 1 - A, lambda: A + c):
        with pytest.raises(SortError, match=r"write (c \* )?ones\(n, n\), or (c \* )?eye\(n\)"):
            wrong()
    for wrong in (lambda: A / B, lambda: 1 / A):
        with pytest.raises(SortError, match=r"multiply by \([AB]\)\.I"):
            wrong()
    with pytest.raises(SortError, match=r"write ones\(q, p\)$"):
        _ = 1 + W
    for wrong in ("A", [[1]], None):
        with pytest.raises(SortError, match="is not a matrix term"):
            _ = A + wrong
    with pytest.raises(SortError, match="c is a number"):
        pk.norm2(c)
    with pytest.raises(ShapeError, match="only a square matrix has powers"):
        _ = W**2
    with pytest.raises(SortError, match=r"write entry\(A, i, j\)"):
        _ = A[1, 1]


def test_a_gradient_is_one_of_a_number_in_a_variable_or_a_layer() -> None:
    with pytest.raises(SortError, match="take its trace"):
        pk.grad(A @ B, A)
    with pytest.raises(SortError, match="with a variable Z in its place"):
        pk.grad(pk.norm2(A @ B), A @ B)
    d, (i, k) = pk.widths("d"), pk.indices("i k")
    M, f = pk.family("M", d), pk.function("f", d(k), d(0))
    assert str(pk.grad(f(M[k:1]), M[i])) == "(X ↦ f(M[k:i + 1]·X·M[i - 1:1]))'(M[i])"


def test_what_is_put_for_a_variable_is_not_put_for_a_bound_one() -> None:
    """Nor captured by one: ∇_A stays what it is, in B the A outside is another."""
    gradient = pk.grad(u.T @ A @ B @ v, A)
    assert str(gradient.xreplace({A: B})) == "(A ↦ tr(uᵀ·A·B·v))'(B)"
    assert str(gradient.xreplace({B: A**2})) == "(A' ↦ tr(uᵀ·A'·A·A·v))'(A)"


# ── Theorems ───────────────────────────────────────────────────────────────────────────────────
@pk.theorem(
    "normal-equations",
    given=[pk.eq(pk.grad(loss, W), 0)],
    claim=pk.eq(W @ (X @ X.T + c * pk.eye(p)), Y @ X.T),
)
def normal_equations(proof: pk.Proof, critical: pk.Fact) -> None:
    step = 2 * (W @ X - Y) @ X.T
    gradient = proof.have(
        pk.eq(pk.grad(loss, W), step + 2 * c * W),
        pk.by.derivative(pk.function_of(W, loss)),
        "The gradient: {step} from the first square.",
    )
    half = pk.eye(q) / 2
    proof.have(
        normal_equations.claim,
        pk.by.cofactors((half, critical, None), (-half, gradient, None)),
        "It is zero, as {critical} says.",
    )


def test_a_theorem_is_the_result_that_its_script_proves() -> None:
    assert normal_equations.id == "normal-equations"
    assert normal_equations.title == "Normal equations"
    assert list(normal_equations.routes) == ["main"]
    first, second = normal_equations.run().proof.steps[1:]
    assert [str(part) for part in first.words.parts] == [
        "The gradient: ",
        "Formula((2·(W·X - Y))·Xᵀ)",
        " from the first square.",
    ]
    assert str(second.words.parts[1]) == f"Formula({normal_equations.given[0].claim})"


def test_variables_are_collected_sizes_first_each_in_the_order_met() -> None:
    assert str(normal_equations.variables) == "(q, p, n, c, X, Y, W)"
    x, f = pk.real("x"), pk.function("f", n, n)
    bound = pk.forall(x, pk.exists(A, pk.eq(f(A), x)))

    def stated(*claims: Any) -> tuple[Any, ...]:
        return pk.theorem("stated", claim=pk.all_of(*claims))(lambda proof: None).variables

    assert stated(bound, pk.local_minimum(f(B), B, at=A)) == (n, f, A)
    assert stated(pk.local_minimum(f(B), B)) == (n, f, B)
    assert stated(pk.near((A, B), pk.eq(A, u @ u.T))) == (n, u, B)
    assert stated(pk.eq(pk.grad(f(B), B, at=A), 0)) == (n, f, A)


def test_two_variables_of_one_name_are_refused() -> None:
    both = pk.eq(A, 0) & pk.eq(pk.matrix("A", p, p), 0)
    with pytest.raises(LanguageError, match="one name stands for two variables"):
        pk.theorem("both", claim=both)(lambda proof: None)


def test_the_title_is_the_first_line_of_the_docstring_and_words_name_formulas() -> None:
    @pk.theorem("mine", given=[(pk.symmetric(A), "{A} is symmetric")], claim=pk.eq(A, A.T))
    def mine(proof: pk.Proof, symmetric: pk.Fact) -> None:
        """A symmetric matrix is its transpose.

        More about it.
        """
        proof.have(mine.claim, pk.by.algebra(symmetric), "Read from right to left.")

    assert mine.title == "A symmetric matrix is its transpose"
    assert str(mine.given[0].words.parts) == "(Formula(A), ' is symmetric')"
    mine.theorem()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Nudge {W_}.", r"\{W_\}, and the script has nothing of that name: did you mean \{W\}"),
        ("Nudge {Ω}.", r"nothing of that name: give it with the words: Ω=…"),
        ("Nudge {pytest}.", r"\{pytest\}, which is <module 'pytest' .* and no formula"),
        ("Nudge {W.T}.", r"\{W\.T\}, and in braces there may be a name"),
        ("Nudge {W[0]}.", r"in braces there may be a name"),
        ("Nudge {W!r}.", r"in braces there may be a name"),
        ("Nudge {__import__('os')}.", r"in braces there may be a name"),
        ("Nudge {}.", r"in braces there may be a name"),
    ],
)
def test_braces_hold_plain_names_of_formulas(words: str, told: str) -> None:
    @pk.theorem("named", claim=pk.eq(A, A))
    def named(proof: pk.Proof) -> None:
        proof.have(named.claim, pk.by.algebra(), words)

    with pytest.raises(ScriptError, match=told):
        named.theorem()


def test_names_are_those_of_the_script_inside_blocks_too() -> None:
    @pk.theorem("inside", claim=pk.forall(B, pk.eq(B, B)))
    def inside(proof: pk.Proof) -> None:
        change = 2 * B
        with proof.for_all(B, words="Take any {B}, and {change}."):
            proof.have(pk.eq(B, B), pk.by.algebra(), "{B} is {B}.")
            assert change is not None

    (block,) = inside.run().proof.steps
    assert str(block.words.parts[3]) == "Formula(2·B)"


def test_another_route_is_entered_on_the_result() -> None:
    @pk.theorem("twice", claim=pk.eq(A + A, 2 * A))
    def twice(proof: pk.Proof) -> None:
        proof.have(twice.claim, pk.by.algebra(), "Add.")

    @twice.route()
    def by_adding_again(proof: pk.Proof) -> None:
        proof.have(twice.claim, pk.by.algebra(), "Add again.")

    assert list(twice.routes) == ["main", "by-adding-again"]
