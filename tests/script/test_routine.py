"""Routine: what a reader supplies unasked, by known claims, facts and quantifiers."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    And,
    Between,
    Claim,
    Continuous,
    Differentiable,
    DifferentiableAt,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Or,
    Slope,
    encode,
)
from proofkit.kernel import KernelError, Theorem, assume
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import REAL
from proofkit.script.derived import natural as _natural
from proofkit.script.entries import Entries
from proofkit.script.routine import Routine
from proofkit.symbols import (
    Function,
    FunctionOf,
    Identity,
    Map,
    MatrixVariable,
    diag,
    diagonal,
    encode_term,
    entry,
    exp,
    hadamard,
    index,
    inverse,
    natural,
    ones,
    real,
    reciprocal,
    trace,
)

n, i, j, x, y = natural("n"), index("i"), index("j"), real("x"), real("y")
A, B, X, Y, H = (MatrixVariable(name, n, n) for name in "ABXYH")
v, w = MatrixVariable("v", n, 1), MatrixVariable("w", n, 1)
f, g = Function("f", n, n), Function("g", n, n)
sigma = Map("σ")


def routine(*known: Claim, ask: bool = False, order: Any = lambda claim: None) -> Routine:
    return Routine([assume(encode(claim)) for claim in known], order, ask)


def prove(goal: Claim, *known: Claim, **options: Any) -> Theorem | None:
    theorem = routine(*known, **options).prove(encode(goal))
    if theorem is not None:
        assert theorem.conclusion == encode(goal)
        if not options.get("ask"):
            assert set(theorem.hypotheses) <= {encode(claim) for claim in known}
    return theorem


# ── By what is known, and by form ──────────────────────────────────────────────────────────────
def test_what_is_known_is_proved_and_no_more() -> None:
    p = Equal(A * B, B * A)
    assert prove(p, p) is not None
    assert prove(p) is None
    assert prove(p, Equal(A, B)) is None


def test_known_claims_about_all_values() -> None:
    rule = ForAll(X, Implies(NonZero(X), Equal(f(X), 1)))
    assert prove(Equal(f(A), 1), rule, NonZero(A)) is not None
    assert prove(Equal(f(A), 1), rule, NonZero(B)) is None
    assert prove(Equal(g(A), 1), rule, NonZero(A)) is None
    chained = ForAll(X, Implies(Equal(f(X), 1), Less(0, g(X))))
    assert prove(Less(0, g(A)), rule, chained, NonZero(A)) is not None


def test_a_rule_that_leads_to_itself_ends() -> None:
    again = ForAll(X, Implies(Equal(f(2 * X), 1), Equal(f(X), 1)))
    assert prove(Equal(f(A), 1), again) is None


def test_connectives_and_quantifiers() -> None:
    p, q = Equal(A, B), Less(0, x)
    assert prove(And(p, q), p, q) is not None
    assert prove(And(p, q), p) is None
    assert prove(Implies(q, Less(0, x * exp(y)))) is not None
    assert prove(Implies(Less(0, y), Less(0, x * exp(y)))) is None
    assert prove(ForAll(x, Less(0, exp(x) + x**2))) is not None
    assert prove(ForAll(x, Less(0, x))) is None
    assert prove(ForAll(x, Implies(And(Less(0, x), Less(x, y)), Less(0, x * y - x**2)))) is None
    assert prove(Or(p, q), p) is None  # nobody is asked which of them


def test_what_was_supposed_is_not_known_afterwards() -> None:
    able = routine()
    assert able.prove(encode(Implies(Less(0, x), Less(0, reciprocal(x))))) is not None
    assert able.prove(encode(Less(0, reciprocal(x)))) is None
    # and a goal that failed is sought again where more is supposed
    assert able.prove(encode(Less(0, x))) is None
    assert able.prove(encode(Implies(Less(0, x), Less(0, x)))) is not None


def test_equations_by_computing() -> None:
    assert prove(Equal((A + B) * A, A * A + B * A)) is not None
    assert prove(Equal(A * B, B * A)) is None


def test_numbers_other_than_zero() -> None:
    assert prove(NonZero(exp(x))) is not None
    assert prove(NonZero(-exp(x))) is not None
    assert prove(NonZero(x), Less(x, 0)) is not None
    assert prove(NonZero(x)) is None
    assert prove(NonZero(A), Less(0, trace(A))) is None


def test_relations_of_indices_are_left_to_the_order() -> None:
    def order(claim: Term) -> Theorem | None:
        return _natural(encode_term(n)) if claim == encode(LessEqual(0, n)) else None

    assert prove(LessEqual(0, n), order=order) is not None
    assert prove(LessEqual(0, n)) is None
    assert prove(LessEqual(1, n), order=order) is None
    assert prove(LessEqual(i, i + 1)) is not None


# ── Entries ────────────────────────────────────────────────────────────────────────────────────
def inside(claim: Claim) -> Claim:
    return ForAll(i, j, Implies(Between(1, i, n), Between(1, j, n), claim))


def test_signs_of_entries_that_are_given() -> None:
    assert prove(inside(Less(0, entry(ones(n, n), i, j)))) is not None
    assert prove(inside(LessEqual(0, entry(hadamard(A, A), i, j)))) is not None
    assert prove(inside(Less(0, entry(exp(A), i, j)))) is not None
    assert prove(inside(LessEqual(0, entry(A, i, j)))) is None
    assert prove(inside(Less(0, entry(hadamard(A, A), i, j)))) is None


def test_an_entry_is_looked_up_inside_the_matrix_only() -> None:
    """Of entries outside nothing is known."""
    assert prove(Less(0, entry(ones(n, n), i, j))) is None
    assert prove(ForAll(i, Implies(Between(1, i, n), Less(0, entry(ones(n, n), i, j))))) is None
    assert prove(ForAll(i, j, Less(0, entry(exp(A), i, j)))) is None
    able = routine(Between(1, i, n), Between(1, j, n))
    inside = Entries(able.known)
    here, product = encode_term(entry(hadamard(A, B), i, j)), entry(A, i, j) * entry(B, i, j)
    value, theorem = inside.value(here)
    assert value == encode_term(product)
    assert theorem is not None
    assert theorem.conclusion == encode(Equal(entry(hadamard(A, B), i, j), product))
    assert Entries([]).value(here) == (here, None)


# ── Near a point ───────────────────────────────────────────────────────────────────────────────
def test_what_holds_everywhere_holds_near_a_point() -> None:
    assert prove(Near((x, 0), Less(0, exp(x)))) is not None
    assert prove(Near((X, A), DifferentiableAt(f, X)), Differentiable(f)) is not None
    assert prove(Near((x, 1), Less(0, x))) is None
    assert prove(Near((X, A), DifferentiableAt(f, X)), DifferentiableAt(f, A)) is None


# ── Slopes ─────────────────────────────────────────────────────────────────────────────────────
def test_slopes_in_the_form_that_is_asked_for() -> None:
    function = FunctionOf(X, X * X)
    assert prove(Slope(function, A, FunctionOf(H, A * H + H * A))) is not None
    assert prove(Slope(function, A, FunctionOf(H, (A + H) * (A + H) - A * A - H * H))) is not None
    for wrong in (2 * A * H, H * A, A * H + H * A + H * H):
        assert prove(Slope(function, A, FunctionOf(H, wrong))) is None


def test_that_there_is_a_derivative() -> None:
    assert prove(DifferentiableAt(FunctionOf(X, inverse(X)), A)) is None
    assert prove(Differentiable(FunctionOf(X, trace(X * X)))) is not None
    assert prove(Differentiable(FunctionOf(X, exp(f(X)))), Differentiable(f)) is not None
    assert prove(Differentiable(FunctionOf(X, exp(f(X)))), Differentiable(g)) is None
    assert prove(Differentiable(FunctionOf(X, reciprocal(trace(X))))) is None


def exactly(goal: Term, theorem: Theorem) -> Theorem:
    """The theorem, if it is the goal."""
    if theorem.conclusion != goal:
        raise KernelError("algebra", "it says something else", goal, theorem.conclusion)
    return theorem


def test_gradients_everywhere_and_together() -> None:
    square = FunctionOf(X, trace(X.T * X))
    able, function = routine(), encode_term(square)
    for goal in (
        Equal(square.gradient(A), 2 * A),
        ForAll(Y, Equal(square.gradient(Y), 2 * Y)),
        And(Differentiable(square), ForAll(Y, Equal(square.gradient(Y), 2 * Y))),
    ):
        theorem = able.gradient_of(function, encode(goal), exactly)
        assert theorem is not None
        assert (theorem.conclusion, theorem.hypotheses) == (encode(goal), ())
    with pytest.raises(KernelError, match="something else"):
        able.gradient_of(function, encode(Equal(square.gradient(A), 3 * A)), exactly)
    with pytest.raises(KernelError, match="does not speak of the derivative of this"):
        able.gradient_of(function, encode(Equal(f.gradient(A), 2 * A)), exactly)


# ── Asking for what is not known ───────────────────────────────────────────────────────────────
def test_what_is_asked_for_becomes_a_hypothesis() -> None:
    claim = encode(Less(0, x))
    assert routine().meet(claim) is None
    able = routine(ask=True)
    met = able.meet(claim)
    assert met is not None
    assert met.hypotheses == (claim,)
    assert able.meet(claim) is met  # once


def test_nothing_is_asked_of_a_variable_that_was_taken_here() -> None:
    able = routine(ask=True)
    local = able.fresh(REAL)
    assert able.fresh(REAL) != local
    positive = ("rpos", ("num", (((((local, 1),), ()), (1, 1)),)))
    assert able.meet(positive) is None
    # so ∀x. 1/x > 0 is not proved from a hypothesis about that x
    assert prove(ForAll(x, Less(0, reciprocal(x))), ask=True) is None


def test_identities_and_diagonals() -> None:
    able = routine(Between(1, i, n), Less(0, entry(w, i, 1)))
    for claim in (
        Less(0, entry(Identity(n), i, i)),
        Less(0, entry(diag(w), i, i)),
    ):
        found = able.prove(encode(claim))
        assert found is not None
    assert able.prove(encode(Less(0, entry(diag(v), i, i)))) is None
    assert able.prove(encode(Less(0, entry(diagonal(A), i, 1)))) is None
    assert able.prove(encode(Continuous(FunctionOf(X, diagonal(X)), A))) is not None
