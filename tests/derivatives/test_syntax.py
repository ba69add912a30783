"""Formulas as NumPy writes them: what is read, what is refused and with which hint."""

from __future__ import annotations

import pytest

from proofkit.derivatives import FormulaError, from_formula
from proofkit.derivatives.shapes import inferred, parsed
from proofkit.derivatives.syntax import read

SAME = {
    "np.sum(np.exp(X @ w))": "sum(exp(X @ w))",
    "jnp.linalg.norm(X @ w)**2": "norm(X @ w)**2",
    "torch.trace(X.T @ X)": "trace(X.T @ X)",
    "(X @ w).sum()": "sum(X @ w)",
    "np.square(X).sum()": "sum(X**2)",
    "+sum(X)": "sum(X)",
    "np.matmul(X.T, X).trace()": "trace(X.T @ X)",
}


def kinds(tree: object) -> object:
    return tree.kind, tree.value, [kinds(part) for part in tree.parts]  # type: ignore[attr-defined]


@pytest.mark.parametrize("pasted", SAME)
def test_a_line_of_one_s_own_code_can_be_pasted(pasted: str) -> None:
    assert kinds(read(pasted)) == kinds(read(SAME[pasted]))


REFUSED = {
    "X' * X": "write X.T",
    "X .* Y": "entry by entry",
    "x^2": r"a power is written \*\*",
    "X \\ y": "inv",
    "": "a formula is needed",
    'sum(X) #"""; a() #': "no comments",
    "sum(X, axis=0)": "sum is over all",
    "X[0, 1]": "entries and slices",
    "relu(x) if x > 0 else 0": "comparisons",
    "frobnicate(X)": "known: abs",
    "__import__(os).system(1)": "not known|means nothing",
    "lambda x: x": "means nothing",
    "inv(X, Y)": "takes 1 arguments",
    "1e400 * x": "too many digits",
    "x + ": "this is no formula",
    "(" * 100 + "x" + ")" * 100: "nested",
    "x" * 3000: "at most",
    "x\ny": "one line",
    "'text'": "transpose|means nothing",
    "True": "means nothing",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_formula_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(FormulaError, match=REFUSED[text]):
        read(text)


SHAPES = {
    ("X @ w", "X=n,p"): {"X": ("n", "p"), "w": ("p", "n1")},
    ("trace(A @ B)", ""): {"A": ("n", "m"), "B": ("m", "n")},
    ("det(A) * c", "c=1"): {"A": ("n", "n"), "c": ()},
}


def given(text: str) -> dict[str, tuple[str, ...]]:
    return dict(parsed(part) for part in text.split())


def test_shapes_are_inferred_from_what_is_done() -> None:
    found = inferred(read("trace(A @ B)"), {})
    assert found["A"] == found["B"][::-1]
    assert inferred(read("det(A) * c"), given("c=1"))["A"][0] == "n"
    assert inferred(read("sum((X @ w - y)**2)"), given("X=n,p w=p y=n"))["X"] == ("n", "p")


CLASHES = {
    ("X @ w", "X=n,p w=q"): "X has n×p and w q×1: p columns meet q rows",
    ("X + Y", "X=n,p Y=n,q"): "do not fit",
    ("det(X)", "X=n,p"): "square",
    ("x * y", ""): "what is x",
    ("c @ X", "c=1 X=n,p"): "c is a number",
    ("x**y", "x=n y=n"): "an exponent is a number",
    ("n * x", "x=n n=1"): "name of a size and of a variable",
}


@pytest.mark.parametrize(("formula", "shapes"), CLASHES)
def test_shapes_that_clash_are_named(formula: str, shapes: str) -> None:
    with pytest.raises(FormulaError, match=CLASHES[formula, shapes]):
        inferred(read(formula), given(shapes))


ANSWERS = {
    ("sum(relu(x))", "x=n", "x"): ("(1 + sign(x)) / 2", ["x != 0 in every entry"]),
    ("sum(abs(x))", "x=n", "x"): ("sign(x)", ["x != 0 in every entry"]),
    ("norm(x)", "x=n", "x"): ("x / norm(x)", ["x != 0"]),
    ("mean(X)", "X=n,p", "X"): ("ones((n, p)) / n / p", []),
    ("c**3", "c=1", "c"): ("3 * c**2", []),
    ("sum(x**0.5)", "x=n", "x"): ("", ["x > 0 in every entry"]),
    ("logsumexp(X @ w)", "X=n,p w=p", "w"): ("X.T @ exp(X @ w) / sum(exp(X @ w))", []),
    ("sum(y * X)", "y=n X=n,p", "X"): ("", []),
    ("np.dot(x, y)", "x=n y=n", "x"): ("y", []),
}


@pytest.mark.parametrize(("formula", "shapes", "wrt"), ANSWERS)
def test_answers(formula: str, shapes: str, wrt: str) -> None:
    text, conditions = ANSWERS[formula, shapes, wrt]
    found = from_formula(formula, wrt, given(shapes))
    assert text in found.text
    assert found.conditions_as_text() == conditions
    assert found.check().largest_error < 1e-7


def test_what_has_no_gradient_is_refused() -> None:
    with pytest.raises(FormulaError, match="sum it, or take a trace"):
        from_formula("X @ w", "X", given("X=n,p w=p"))
    with pytest.raises(FormulaError, match="x for n×m being taken: say the shapes"):
        from_formula("x.T @ x", "x")
    with pytest.raises(FormulaError, match="no variable of the formula"):
        from_formula("sum(X)", "w", given("X=n,p"))


# The examples that the documentation of matrixcalculus.org gives, in NumPy's syntax.
DOCUMENTED = {
    ("0.5 * x.T @ A @ x", "x=n A=n,n", "x"): "0.5 * (A + A.T) @ x",
    ("A @ exp(x)", "A=m,n x=n", "x"): "A @ (exp(x) * eye(n))",
    ("(y * v).T @ x", "x=n y=n v=n", "x"): "y * v",
    ("a**b", "a=1 b=1", "a"): "b * exp(b * log(a)) / a",
    ("sum(abs(A @ x - y))", "A=m,n x=n y=m", "x"): "A.T @ sign(A @ x - y)",
    ("norm(A @ x - y)**2", "A=m,n x=n y=m", "x"): "2 * A.T @ (A @ x - y)",
    ("sum(log(exp(-y * (X @ w)) + 1))", "X=n,p y=n w=p", "w"): "sigmoid",
    ("trace(A @ X.T @ B @ X @ C)", "A=m,n X=q,n B=q,q C=n,m", "X"): "B @ X @ C @ A",
    ("log(det(inv(X)))", "X=n,n", "X"): "-inv(X).T",
}


@pytest.mark.parametrize(("formula", "shapes", "wrt"), DOCUMENTED)
def test_the_examples_of_a_web_form(formula: str, shapes: str, wrt: str) -> None:
    found = from_formula(formula, wrt, given(shapes))
    assert DOCUMENTED[formula, shapes, wrt] in found.text, found.text
    tried = found.check()
    assert tried.instances == 20
    assert tried.largest_error < 1e-6
