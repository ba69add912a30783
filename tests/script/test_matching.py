"""Known claims about all values, used for one at hand: values are found, and checked."""

from __future__ import annotations

from typing import Any

from proofkit.claims import Claim, Equal, ForAll, Implies, Less, LessEqual, NonZero, Slope, encode
from proofkit.kernel import LEDGER, Theorem, assume
from proofkit.kernel.nodes import node
from proofkit.kernel.terms import INDEX, REAL, as_term
from proofkit.script.matching import applied, fact, general, ledger_about, match, used
from proofkit.symbols import (
    Map,
    MatrixVariable,
    encode_term,
    encode_variable,
    exp,
    index,
    natural,
    real,
    trace,
)

n, i, j, x, y = natural("n"), index("i"), index("j"), real("x"), real("y")
A, B, X, Y = (MatrixVariable(name, n, n) for name in "ABXY")
sigma, tau = Map("σ"), Map("τ")


def given(claim: Claim) -> Theorem:
    return assume(encode(claim))


def nothing(claim: Any) -> None:
    return None


# ── Taking a claim apart ───────────────────────────────────────────────────────────────────────
def test_general() -> None:
    # ∀x. 0 < x → ∀y. x < y → 0 < y
    p, q, r = Less(0, x), Less(x, y), Less(0, y)
    whole = general(encode(ForAll(x, Implies(p, ForAll(y, Implies(q, r))))))
    assert [v[2] for v in whole.variables] == [REAL, REAL]
    assert len({v[1] for v in whole.variables}) == 2
    first, second = (as_term(v, REAL) for v in whole.variables)
    assert whole.premises[0] == ("rpos", first)
    assert whole.conclusion == ("rpos", second)
    plain = general(encode(p))
    assert (plain.variables, plain.premises, plain.conclusion) == ((), (), encode(p))


# ── Matching by form ───────────────────────────────────────────────────────────────────────────
def values(pattern: Any, at: Any, *variables: Any) -> Any:
    found = match(encode_term(pattern), encode_term(at), [encode_variable(v) for v in variables])
    return None if found is None else {v[1]: value for v, value in found.items()}


def test_values_are_found_by_form() -> None:
    assert values(exp(x), exp(y**2 + 1), x) == {"x": encode_term(y**2 + 1)}
    assert values(sigma(x), exp(y), sigma, x) == {
        "σ": encode_term(exp),
        "x": encode_term(y),
    }
    assert values(trace(X * A), trace(B * A), X) is not None
    assert values(X, A * B + A, X) == {"X": encode_term(A * B + A)}


def test_what_does_not_match() -> None:
    assert values(exp(x), exp(y), y) is None  # x is no variable of the pattern
    assert values(sigma(x), exp(y), x) is None
    assert values(exp(x) * tau(x), exp(y) * tau(y + 1), x) is None  # two values for one variable
    assert values(exp(x) * tau(x), exp(y) * tau(y), x) == {"x": encode_term(y)}
    assert match(encode(Less(0, x)), encode(LessEqual(0, x)), []) is None
    assert match(encode(Less(0, x)), encode(Less(0, x)), []) == {}
    assert match(("a", 1), ("a", 2), []) is None
    assert match(("a", 1), ("a", "1"), []) is None


def test_nothing_bound_is_a_value() -> None:
    # ∀j. j = i does not say what i is in ∀j. j = j
    pattern, at = encode(ForAll(j, Equal(j, i))), encode(ForAll(j, Equal(2 * j, 0)))
    assert match(pattern, at, [encode_variable(i)]) is None
    inner = ("forall", INDEX, ("rpos", as_term(("var", "x", REAL), REAL)))
    there = ("forall", INDEX, ("rpos", as_term(node("b", 0), INDEX)))
    assert match(inner, there, [node("var", "x", REAL)]) is None


# ── Using what is known ────────────────────────────────────────────────────────────────────────
def test_a_known_claim_is_applied() -> None:
    rule = given(ForAll(x, Implies(Less(0, x), Less(0, sigma(x)))))
    positive = given(Less(0, exp(y)))
    goal = encode(Less(0, sigma(exp(y))))

    def meet(claim: Any) -> Theorem | None:
        return positive if claim == positive.conclusion else None

    theorem = applied(rule, goal, meet)
    assert theorem is not None
    assert theorem.conclusion == goal
    assert set(theorem.hypotheses) == {*rule.hypotheses, *positive.hypotheses}
    assert applied(rule, goal, nothing) is None  # its premise is not met
    assert applied(rule, encode(Less(0, tau(x))), meet) is None  # it is about another function
    assert (
        applied(rule, goal, lambda claim: given(Less(0, y))) is None
    )  # another claim is no premise


def test_values_must_all_be_found() -> None:
    # ∀x y. x < y → 0 < σ(x): the conclusion does not say what y is
    rule = given(ForAll(x, y, Implies(Less(x, y), Less(0, sigma(x)))))
    assert applied(rule, encode(Less(0, sigma(x))), lambda claim: assume(claim)) is None


def test_a_part_of_the_conclusion_may_be_what_is_looked_for() -> None:
    rule = given(ForAll(x, Slope(sigma, x, tau)))
    goal = node(encode_term(sigma), encode_term(y))
    theorem = applied(rule, goal, nothing, lambda p: node(p[1], p[2]))
    assert theorem is not None
    assert theorem.conclusion == encode(Slope(sigma, y, tau))


def test_values_that_do_not_fit_are_refused() -> None:
    rule = given(ForAll(X, Implies(NonZero(X), Less(0, trace(X)))))
    assert used(rule, [encode_term(x)], lambda claim: assume(claim)) is None
    found = used(rule, [encode_term(A)], lambda claim: assume(claim))
    assert found is not None
    assert found.conclusion == encode(Less(0, trace(A)))


# ── The ledger ─────────────────────────────────────────────────────────────────────────────────
def test_facts_at_values() -> None:
    assert fact("square is nonnegative", encode_term(y)).conclusion == encode(LessEqual(0, y**2))
    assert fact("exp is positive").conclusion == LEDGER["exp is positive"].claim


def test_the_ledger_is_asked_about_a_word() -> None:
    assert ledger_about("slope", "exp") == ("slope of exp",)
    relu = ("slope of relu", "slope of relu above", "slope of relu below")
    assert ledger_about("slope", "relu") == relu
    assert ledger_about("slope", "trace") == ()
    assert ledger_about("convex", "exp") == ()
    for tag in ("slope", "continuous"):
        for word in ("exp", "inverse", "sqrt", "abs", "log"):
            for name in ledger_about(tag, word):
                assert general(LEDGER[name].claim).conclusion[0] == tag
