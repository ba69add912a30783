"""Loss expressions become trees, faults name their column, and trees print back to themselves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks.ast import Apply, Constant, Entry, Node
from proofkit.networks.expressions import (
    FUNCTIONS,
    MAX_TREE_DEPTH,
    format_expression,
    parse_expression,
)
from proofkit.networks.tokens import NotationError

W11, W12, W21 = Entry(1, 1), Entry(1, 2), Entry(2, 1)


def number(value: int | Fraction) -> Constant:
    return Constant(Fraction(value))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("w11", W11),
        ("w[1,2]", W12),
        ("w_2_1", W21),
        ("w[10,3]", Entry(10, 3)),
        ("0.25", number(Fraction(1, 4))),
        ("-3/5", number(Fraction(-3, 5))),
        ("(3)/5", Apply("/", (number(3), number(5)))),
        ("-(3)", Apply("neg", (number(3),))),
        ("-w11**2", Apply("neg", (Apply("**", (W11, number(2))),))),
        ("w11**-2", Apply("**", (W11, number(-2)))),
        ("w11**(3/2)", Apply("**", (W11, number(Fraction(3, 2))))),
        ("w11 - w12 - w21", Apply("-", (Apply("-", (W11, W12)), W21))),
        ("w11 - (w12 - w21)", Apply("-", (W11, Apply("-", (W12, W21))))),
        ("w11 - w12 + w21", Apply("+", (Apply("-", (W11, W12)), W21))),
        ("w11/w12*w21", Apply("*", (Apply("/", (W11, W12)), W21))),
        ("w11 + w12*w21", Apply("+", (W11, Apply("*", (W12, W21))))),
        ("1/2*w11", Apply("*", (number(Fraction(1, 2)), W11))),
        ("w11*1/2", Apply("/", (Apply("*", (W11, number(1))), number(2)))),
        ("w11 + w12 + w21", Apply("+", (Apply("+", (W11, W12)), W21))),
        ("w11+w12+w21+1", Apply("+", (Apply("+", (W11, W12)), Apply("+", (W21, number(1)))))),
        ("Abs(w11)", Apply("abs", (W11,))),
        ("log(1 + exp(-w11))", None),
    ],
)
def test_trees(text: str, tree: Node | None) -> None:
    parsed = parse_expression(text, (10, 10))
    if tree is None:
        sum_ = Apply("+", (number(1), Apply("exp", (Apply("neg", (W11,)),))))
        tree = Apply("log", (sum_,))
    assert parsed == tree
    assert parse_expression(format_expression(tree), (10, 10)) == tree


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_known(name: str) -> None:
    assert parse_expression(f"{name}(w11)", (1, 1)) == Apply(FUNCTIONS[name], (W11,))


@pytest.mark.parametrize(
    ("text", "column", "fragments"),
    [
        ("w31 + 1", 1, ["the entry w31 lies outside", "rows 1 to 2 and columns 1 to 2"]),
        ("1 + w13", 5, ["the entry w13 lies outside"]),
        ("w[10,1]", 1, ["the entry w[10,1] lies outside"]),
        ("w01", 1, ["does not name an entry", "counted from 1", "'w01'"]),
        ("w123", 1, ["does not name an entry", "w[row,column]"]),
        ("w", 1, ["does not name an entry"]),
        ("w[0,1]", 3, ["counted from 1"]),
        ("w[1.5,1]", 3, ["a whole number from 1", "'1.5'"]),
        ("w[1 1]", 5, ["has a row and a column", "expected ','"]),
        ("w[1,1", 6, ["bracket is not closed", "expected ']'"]),
        ("w[1234567,1]", 3, ["1 to 999,999"]),
        ("x11", 1, ["not known", "'x11'"]),
        ("lgo(w11)", 1, ["expected log(…)"]),
        ("exp w11", 5, ["argument in parentheses", "expected '('"]),
        ("exp()", 5, ["something is missing", "found ')'"]),
        ("w11 w12", 5, ["goes on", "an operator"]),
        ("w11**w12", 6, ["exponent must be a rational constant", "'w12'"]),
        ("w11**2**2", 7, ["power of a power"]),
        ("w11^2", 4, ["'**' for a power"]),
        ("w11**(1001/2)", 6, ["exponent is too large"]),
        ("(w11-2)**2+(w22-1", 18, ["opened at column 12 is not closed"]),
        ("w11.__class__", 4, ["no meaning", "'.'"]),
        ("lambda: 0", 7, ["no meaning", "':'"]),
        ("1/0", 2, ["divides by zero"]),
        ("", 1, ["something is missing"]),
        ("(" * 65 + "w11" + ")" * 65, 65, ["nests too deeply"]),
        ("w11" + "-1+1" * 100, None, ["nests too deeply", "parentheses around parts"]),
        ("w11+" * 60_000 + "w11", None, ["too long"]),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_faults_name_the_column(text: str, column: int | None, fragments: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        parse_expression(text, (2, 2))
    if column is not None:
        assert caught.value.column == column
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_a_long_sum_is_a_shallow_tree() -> None:
    text = " + ".join(["w11"] * 1400)
    tree = parse_expression(text, (1, 1))
    assert format_expression(tree) == text
    assert tree == parse_expression(text, (1, 1))


def test_a_tree_too_deep_to_read_back_is_not_printed() -> None:
    tree: Node = W11
    for _ in range(MAX_TREE_DEPTH):
        tree = Apply("sin", (tree,))
    with pytest.raises(NotationError, match="nests too deeply"):
        format_expression(tree)


exponents = st.fractions(min_value=-33, max_value=33, max_denominator=30)
leaves = st.one_of(
    st.fractions(max_denominator=10**6).map(Constant),
    st.builds(Entry, st.integers(1, 12), st.integers(1, 12)),
)


def applied(part: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    binary = st.sampled_from("+-*/")
    unary = st.sampled_from(["neg", *sorted(set(FUNCTIONS.values()))])
    return st.one_of(
        st.builds(lambda op, a, b: Apply(op, (a, b)), binary, part, part),
        st.builds(lambda op, a: Apply(op, (a,)), unary, part),
        st.builds(lambda a, e: Apply("**", (a, Constant(e))), part, exponents),
    )


@given(st.recursive(leaves, applied, max_leaves=25))
def test_every_tree_prints_to_text_that_reads_back(tree: Node) -> None:
    assert parse_expression(format_expression(tree), (12, 12)) == tree


@given(st.text(alphabet="w12345[],_0.e+-*/() explogsqrtabsin^;", max_size=40) | st.text())
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        tree = parse_expression(text, (5, 5))
    except NotationError as refusal:
        assert refusal.problem
    else:
        assert parse_expression(format_expression(tree), (5, 5)) == tree
