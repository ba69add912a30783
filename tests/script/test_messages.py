"""What a reader is told about a wrong edit of a correct derivation: line, fault and cure.

Each edit is one that a careful author makes: a sign, a factor, a transpose, an order, a size, a
name, a forgotten argument, …  The message names the line, says what was expected against what
came, and what is to be done, in lines of 80 columns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

SOURCE = '''\
"""A correct derivation: ridge regression, inverses and ranks."""

from proofkit.claims import And, Critical, Equal, Exists, ForAll, Implies, LessEqual
from proofkit.derivations import derivations
from proofkit.script import (
    algebra, arithmetic, certificate, derivative, known, result, result_,
    both, witness,
)
from proofkit.symbols import (
    FunctionOf, Identity, MatrixVariable, natural, norm_squared, rank, real,
)

n, p, q, c = natural("n"), natural("p"), natural("q"), real("c")
X, Y = MatrixVariable("X", p, n), MatrixVariable("Y", q, n)
W, Z = MatrixVariable("W", q, p), MatrixVariable("Z", q, p)
A, L, R = (MatrixVariable(name, n, n) for name in "ALR")
V = MatrixVariable("V", n, 1)
loss = FunctionOf(Z, norm_squared(Z * X - Y) + c * norm_squared(Z))

normal = result(
    "normal-equations", "A critical point solves the normal equations",
    variables=(n, p, q, X, Y, W, c),
    given=[(Critical(loss, W), "the gradient is zero")],
    claim=Equal(W * (X * X.T + c * Identity(p)), Y * X.T),
)


@normal.route()
def by_the_gradient(proof, critical):
    gradient = proof.have(
        Equal(loss.gradient(W), 2 * (W * X - Y) * X.T + 2 * c * W),
        derivative(loss),
        "The gradient at {w}.",
        w=W,
    )
    half = Identity(q) / 2
    proof.have(
        normal.claim,
        certificate((half, critical, None), (-half, gradient, None)),
        "It is zero.",
    )


inverses = result(
    "inverses", "A left inverse is a right inverse",
    variables=(n, A),
    given=[
        (Exists(L, Equal(L * A, Identity(n))), "a left inverse"),
        (Exists(R, Equal(A * R, Identity(n))), "a right inverse"),
    ],
    claim=Exists(R, And(Equal(A * R, Identity(n)), Equal(R * A, Identity(n)))),
)


@inverses.route()
def by_associativity(proof, left, right):
    (la,) = proof.obtain(left, L, words="Call it {l}.", l=L)
    (ar,) = proof.obtain(right, R, words="Call it {r}.", r=R)
    same = proof.have(Equal(L, R), certificate((L, ar, None), (None, la, -R)), "Both are LAR.")
    ra = proof.have(
        Equal(R * A, Identity(n)),
        certificate((None, la, None), (-Identity(n), same, A)),
        "So one inverts twice.",
    )
    proof.have(inverses.claim, witness(R, facts=[ar, ra]), "Here it is.")


injective = result(
    "injective", "An invertible matrix has no kernel",
    variables=(n, A),
    given=[
        (Exists(L, Equal(L * A, Identity(n))), "a left inverse"),
        (Exists(R, Equal(A * R, Identity(n))), "a right inverse"),
    ],
    claim=ForAll(V, Implies(Equal(A * V, 0), Equal(V, 0))),
)


@injective.route()
def by_the_inverse(proof, left, right):
    inverse = proof.have(
        inverses.claim, result_(inverses, n, A, premises=[left, right]), "It has an inverse."
    )
    ar, ra = proof.obtain(inverse, R, words="Call it {r}.", r=R)
    with proof.for_all(V, given=[Equal(A * V, 0)]) as taken:
        proof.have(
            Equal(V, 0), certificate((R, taken.given[0], None), (None, ra, -V)), "Invert."
        )


least = result(
    "least-rank", "A product has at most the rank of a factor, and a square is no loss",
    variables=(n, p, q, X, W),
    given=[(LessEqual(rank(W), 1), "the rank is small")],
    claim=And(LessEqual(rank(W * X), 1), LessEqual(0, norm_squared(W * X))),
)


@least.route()
def by_two_facts(proof, small):
    product = proof.have(
        LessEqual(rank(W * X), rank(W)), known("rank of product left", W, X), "No more."
    )
    low = proof.have(LessEqual(rank(W * X), 1), arithmetic(product, small), "So at most 1.")
    square = proof.have(
        LessEqual(0, norm_squared(W * X)), known("square norm", W * X), "A sum of squares."
    )
    proof.have(least.claim, both(low, square), "Both.")


RESULTS = [normal, inverses, injective, least]
PACK = derivations("derivation", "A derivation", RESULTS)
'''


@dataclass(frozen=True)
class Edit:
    """One edit, and what its message holds; ``line`` is the text of the line it points at."""

    name: str
    old: str
    new: str
    line: str
    fault: tuple[str, ...]
    cure: str


GRADIENT = "    gradient = proof.have("
NORMAL = "        normal.claim,"
EDITS = [
    Edit(
        "a sign in a gradient",
        "2 * (W * X - Y) * X.T + 2 * c * W)",
        "2 * (W * X + Y) * X.T + 2 * c * W)",
        GRADIENT,
        (
            "the gradient is   2·W·X·Xᵀ − 2·Y·Xᵀ + 2·c·W",
            "yours differs by  4·Y·Xᵀ",
            "expected −2 times Y·Xᵀ, found 2",
            "fails for c = -1, n = 1, p = 1, q = 1",
        ),
        "correct the claim",
    ),
    Edit(
        "a factor in a gradient",
        "2 * (W * X - Y) * X.T + 2 * c * W)",
        "2 * (W * X - Y) * X.T + c * W)",
        GRADIENT,
        ("yours differs by  −c·W", "expected 2 times c·W, found 1"),
        "correct the claim",
    ),
    Edit(
        "a term left out of a gradient",
        "2 * (W * X - Y) * X.T + 2 * c * W)",
        "2 * (W * X - Y) * X.T)",
        GRADIENT,
        ("yours differs by  −2·c·W", "expected 2 times c·W, found 0"),
        "correct the claim",
    ),
    Edit(
        "another function is differentiated",
        "derivative(loss),",
        "derivative(FunctionOf(Z, norm_squared(Z))),",
        GRADIENT,
        ("the claim does not speak of the derivative of this function",),
        "differentiate a function that stands in the claim",
    ),
    Edit(
        "a transpose in the statement",
        "claim=Equal(W * (X * X.T + c * Identity(p)), Y * X.T),",
        "claim=Equal(W * (X * X.T + c * Identity(p)), X * Y.T),",
        "    claim=Equal(W * (X * X.T + c * Identity(p)), X * Y.T),",
        ("W·(X·Xᵀ + c·I) is q×p and X·Yᵀ is p×q: only matrices of one shape can be equal",),
        "transpose one of them",
    ),
    Edit(
        "a size",
        'MatrixVariable("Y", q, n)',
        'MatrixVariable("Y", n, q)',
        "loss = FunctionOf(Z,",
        ("cannot add q×n and n×q",),
        "transpose one of them",
    ),
    Edit(
        "factors the wrong way round",
        "Equal(loss.gradient(W), 2 * (W * X - Y) * X.T",
        "Equal(loss.gradient(W), 2 * X.T * (W * X - Y)",
        "        Equal(loss.gradient(W), 2 * X.T",
        ("cannot multiply n×p by q×n: the p columns of", "meet the q rows of W·X"),
        "perhaps?",
    ),
    Edit(
        "an order that does matter",
        "Equal(R * A, Identity(n)),\n        certificate",
        "Equal(A * R * R, R * A * R),\n        certificate",
        "    ra = proof.have(",
        ("no cofactors were found", "this is left:"),
        "the terms given do not add up to the claim: correct them",
    ),
    Edit(
        "a name",
        "derivative(loss),",
        "derivative(los),",
        "        derivative(los),",
        ("NameError: name 'los' is not defined",),
        "did you mean loss?",
    ),
    Edit(
        "the name of a tactic",
        "certificate((R, taken",
        "certficate((R, taken",
        "            Equal(V, 0), certficate",
        ("NameError: name 'certficate' is not defined",),
        "did you mean certificate?",
    ),
    Edit(
        "the name of a textbook fact",
        'known("square norm", W * X)',
        'known("squared norm", W * X)',
        "    square = proof.have(",
        ("no textbook fact is called 'squared norm'",),
        "did you mean 'square norm'",
    ),
    Edit(
        "another textbook fact",
        'known("rank of product left", W, X)',
        'known("rank of product right", W, X)',
        "    product = proof.have(",
        ("expected: rank(W·X) ≤ rank(W)", "found:    rank(W·X) ≤ rank(X)"),
        "state what is found",
    ),
    Edit(
        "a forgotten fact in a certificate",
        "certificate((half, critical, None), (-half, gradient, None))",
        "certificate((-half, gradient, None))",
        "    proof.have(\n        normal.claim,",
        ("this is left: 1/2·(Z ↦",),
        "it follows from a fact in scope that the step was not given; give it,",
    ),
    Edit(
        "all facts forgotten",
        "certificate((half, critical, None), (-half, gradient, None))",
        "algebra()",
        "    proof.have(\n        normal.claim,",
        ("this is left: W·X·Xᵀ − Y·Xᵀ + c·W",),
        "give it, too:",
    ),
    Edit(
        "a forgotten argument of a textbook fact",
        'known("square norm", W * X)',
        'known("square norm")',
        "    square = proof.have(",
        ("takes a term for each variable", "expected: X", "found:    none"),
        "there is none for X, which is p×q",
    ),
    Edit(
        "arguments the wrong way round",
        'known("rank of product left", W, X)',
        'known("rank of product left", X, W)',
        "    product = proof.have(",
        ("W does not fit here", "expected: n×", "found:    q×p"),
        "the terms stand, in this order, for X, which is p×q; Y, which is q×r",
    ),
    Edit(
        "a forgotten argument of a result",
        "result_(inverses, n, A, premises=[left, right])",
        "result_(inverses, A, premises=[left, right])",
        "    inverse = proof.have(",
        ("A stands for n", "expected: a number", "found:    a matrix"),
        "the terms stand, in this order, for n, which is natural; A, which is n×n",
    ),
    Edit(
        "a result without arguments",
        "result_(inverses, n, A, premises=[left, right])",
        "result_(inverses)",
        "    inverse = proof.have(",
        ("takes a term for each variable", "expected: n, A", "found:    none"),
        "there is none for n, which is natural; A, which is n×n",
    ),
    Edit(
        "a result about another matrix",
        "result_(inverses, n, A, premises=[left, right])",
        "result_(inverses, n, A.T, premises=[left, right])",
        "    inverse = proof.have(",
        ("no given fact meets a premise", "expected: ∃", "found:    ∃L. L·A = I; ∃R. A·R = I"),
        "give it in premises=[…]",
    ),
    Edit(
        "a hypothesis forgotten in the statement",
        '    given=[(LessEqual(rank(W), 1), "the rank is small")],\n    claim=And',
        "    given=[],\n    claim=And",
        "@least.route()",
        (
            "a script takes the proof and a fact for each hypothesis",
            "expected: by_two_facts(proof)",
            "found:    by_two_facts(proof, small)",
        ),
        "give it these arguments, or correct the hypotheses of the result",
    ),
    Edit(
        "another number in a hypothesis",
        "given=[(LessEqual(rank(W), 1)",
        "given=[(LessEqual(rank(W), 2)",
        "    low = proof.have(",
        (
            "it does not follow from the index relations in scope",
            "rank(W·X) ≤ rank(W)",
            "rank(W·X) ≤ 1 fails for",
        ),
        "state what is missing as a fact, or correct the claim",
    ),
    Edit(
        "a claim in place of a fact",
        "arithmetic(product, small)",
        "arithmetic(product, LessEqual(rank(W), 1))",
        "    low = proof.have(",
        ("a claim is not a fact", "found:    rank(W) ≤ 1"),
        "state it with have(…), and give what that returns",
    ),
    Edit(
        "one witness too many",
        "proof.obtain(right, R, words",
        "proof.obtain(right, R, L, words",
        "    (ar,) = proof.obtain(",
        ("obtain names each thing that exists", "expected: 1 (R)", "found:    2 (R, L)"),
        "write obtain(…, R)",
    ),
    Edit(
        "one fact too many",
        "ar, ra = proof.obtain(inverse",
        "ar, ra, more = proof.obtain(inverse",
        "    ar, ra, more = proof.obtain(",
        ("not enough values to unpack (expected 3, got",),
        "a claim gives one fact for each of its parts",
    ),
    Edit(
        "another witness",
        "witness(R, facts=[ar, ra])",
        "witness(L, facts=[ar, ra])",
        "    proof.have(inverses.claim, witness(",
        (
            "the facts do not say it of L",
            "expected: A·L = I ∧ L·A = I",
            "found:    A·R = I; R·A = I",
        ),
        "give terms for which it holds",
    ),
    Edit(
        "a witness that escapes",
        '    proof.have(inverses.claim, witness(R, facts=[ar, ra]), "Here it is.")\n',
        "",
        "    ra = proof.have(",
        ("ends a block in which R was obtained, so it may not speak of R",),
        "end with a claim without R",
    ),
    Edit(
        "a part of a conjunction forgotten",
        "both(low, square)",
        "both(low)",
        "    proof.have(least.claim, both(",
        ("no fact for this part", "expected: 0 ≤ tr("),
        "state it with have(…) and give it, too",
    ),
    Edit(
        "a block that states nothing",
        "        proof.have(\n            Equal(V, 0), certificate",
        "        pass  # and no proof.have(\n        (\n            Equal(V, 0), certificate",
        "    with proof.for_all(V,",
        ("was to be proved, but the script ends with ∀V. A·V = 0 ⟹ A·V = 0",),
        "the last step states the claim",
    ),
    Edit(
        "a block that is not entered",
        "    with proof.for_all(V, given=[Equal(A * V, 0)]) as taken:",
        "    taken = proof.for_all(V, given=[Equal(A * V, 0)])\n    if True:",
        "            Equal(V, 0), certificate",
        ("AttributeError:",),
        "a block is entered: with proof.for_all(…) as block:",
    ),
    Edit(
        "a variable that is captured",
        "proof.for_all(V, given=[Equal(A * V, 0)]",
        "proof.for_all(A, given=[Equal(A * V, 0)]",
        "    with proof.for_all(A,",
        (
            "the block fixes A, and what it shows rests on a fact about this very A",
            "found:    I = A·R ∧ I = R·A",
        ),
        "fix a variable of another name",
    ),
    Edit(
        "a variable of the same name",
        'V = MatrixVariable("V", n, 1)',
        'V = MatrixVariable("A", n, 1)',
        "injective = result(",
        ("two variables are called A, one n×n and one n×1",),
        "give one of them another name",
    ),
    Edit(
        "a step that leads nowhere",
        "    low = proof.have(",
        '    proof.have(LessEqual(rank(X), rank(X)), arithmetic(), "Idle.")\n    low = proof.have(',
        "    proof.have(LessEqual(rank(X)",
        ("rank(X) ≤ rank(X)", "is stated but not used in the proof"),
        "use it in a later step, or leave it out",
    ),
    Edit(
        "the last step forgotten",
        '    proof.have(least.claim, both(low, square), "Both.")\n',
        "",
        "    square = proof.have(",
        ("was to be proved, but the script ends with 0 ≤ tr(",),
        "the last step states the claim",
    ),
    Edit(
        "a formula of the words without a name",
        '"The gradient at {w}."',
        '"The gradient at {ww}."',
        GRADIENT,
        ("{ww}",),
        "give",
    ),
    Edit(
        "the brackets of a route",
        "@least.route()",
        "@least.route",
        "@least.route",
        ("a route to least-rank is entered with brackets",),
        "write @",
    ),
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "derivation", raising=False)
    return tmp_path / "derivation.py"


def test_the_derivation_is_correct(run: Run, place: Path) -> None:
    place.write_text(SOURCE, encoding="utf-8")
    assert run("check", "--pack", "derivation", "--strict").code == 0


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_a_wrong_edit_is_told_with_line_fault_and_cure(run: Run, place: Path, edit: Edit) -> None:
    assert edit.old in SOURCE
    edited = SOURCE.replace(edit.old, edit.new, 1)
    place.write_text(edited, encoding="utf-8")
    stated = re.findall(r'= result\(\n    "(.*?)"', SOURCE[: SOURCE.index(edit.old)])
    ran = run("check", "--pack", "derivation", *stated[-1:], "-q")
    assert ran.code in (1, 2)
    message = ran.out + ran.err
    assert f"derivation.py, line {edited[: edited.index(edit.line)].count(chr(10)) + 1}" in message
    flat = " ".join(message.split())
    for words in (*edit.fault, edit.cure):
        assert " ".join(words.split()) in flat
    if ran.code == 1:
        assert all(len(line) <= 80 for line in message.splitlines())
    assert "found:    0 = 0" not in message
    assert "Traceback" not in message


def test_there_are_enough_of_them() -> None:
    assert len({edit.name for edit in EDITS}) == len(EDITS) >= 24
