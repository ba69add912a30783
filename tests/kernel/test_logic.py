"""The rules of logic: each accepts its inference, and refuses what only resembles it.

Every refusal names the rule, and shows what was expected and what was found.
"""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer

from proofkit import kernel
from proofkit.claims import (
    And,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    Not,
    Or,
    encode,
)
from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import number
from proofkit.script.derived import descent, explode
from proofkit.symbols import (
    Function,
    MatrixVariable,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, proves, refuses

i, low, n, m = index("i"), index("low"), natural("n"), natural("m")
A, B, X, Y = (MatrixVariable(name, n, n) for name in "ABXY")
F, f = family("F", lambda at: (n, n)), Function("f", n, n)
p, q, r = LessEqual(i, 1), LessEqual(i, 2), Equal(A, B)


# ── Connectives ────────────────────────────────────────────────────────────────────────────────
def test_assume_and_discharge() -> None:
    # p ⊢ p,  ⊢ p → p,  and what is discharged need not have been assumed
    proves(given(p), p, p)
    proves(kernel.discharge(encode(p), given(p)), Implies(p, p))
    proves(kernel.discharge(encode(q), given(p)), p, Implies(q, p))


def test_modus_ponens() -> None:
    # p → q, p ⊢ q; not from q, nor with the premises the other way round
    rule = given(Implies(p, q))
    proves(kernel.modus_ponens(rule, given(p)), Implies(p, q), p, q)
    with refuses("modus ponens", BOTH):
        kernel.modus_ponens(rule, given(q))
    with refuses("modus ponens", "of the kind implies"):
        kernel.modus_ponens(given(p), rule)


def test_conjunctions() -> None:
    # p, q ⊢ p ∧ q and back
    both = kernel.conjoin(given(p), given(q))
    proves(both, p, q, And(p, q))
    proves(kernel.project(both, 1), p, q, q)
    for n in (2, -1, 1.0, True):
        with refuses("project", "2 parts"):
            kernel.project(both, n)  # type: ignore[arg-type]
    with refuses("project", "of the kind and"):
        kernel.project(given(p), 0)
    with refuses("conjoin", "two"):
        kernel.conjoin(given(p))


def test_disjunctions() -> None:
    # p ⊢ p ∨ q,  and from p ∨ q the cases p ⊢ r and q ⊢ r give r
    proves(kernel.either(given(p), encode(Or(p, q))), p, Or(p, q))
    with refuses("either", BOTH):
        kernel.either(given(r), encode(Or(p, q)))
    with refuses("either", "no part of the disjunction"):
        kernel.either(given(p), encode(p))


def test_cases() -> None:
    split = given(Or(p, q))
    weaker = LessEqual(i, 3)
    goal = encode(weaker)
    low, high = (kernel.arithmetic(goal, [(given(claim), number(1))]) for claim in (p, q))
    proves(kernel.cases(split, low, high), Or(p, q), weaker)
    # the cases in the wrong order leave their suppositions open
    assert encode(p) in kernel.cases(split, high, low).hypotheses
    with refuses("cases", "2 branches"):
        kernel.cases(split, low)
    with refuses("cases", "one conclusion", BOTH):
        kernel.cases(split, low, given(q))
    with refuses("cases", "of the kind or"):
        kernel.cases(given(p), low)


def test_negation() -> None:
    # r, ¬r ⊢ a contradiction;  from r ⊢ a contradiction, ⊢ ¬r;  ¬(i ≤ 1) is 2 ≤ i
    absurd = kernel.contradiction(given(r), given(Not(r)))
    proves(absurd, r, Not(r), Contradiction())
    proves(kernel.reductio(encode(r), absurd), Not(r), Not(r))
    proves(explode(absurd, encode(p)), r, Not(r), p)
    with refuses("contradiction", BOTH):
        kernel.contradiction(given(r), given(Not(p)))
    with refuses("reductio", "of the kind false"):
        kernel.reductio(encode(r), given(r))
    with refuses("reductio", "of the kind false"):
        explode(given(r), encode(p))


# ── Quantifiers ────────────────────────────────────────────────────────────────────────────────
def test_generalise() -> None:
    # ⊢ i ≤ 1 → i ≤ 1 gives ∀i. …; i ≤ 1 ⊢ i ≤ 1 does not give i ≤ 1 ⊢ ∀i. i ≤ 1
    variable = encode_variable(i)
    arbitrary = kernel.discharge(encode(p), given(p))
    proves(kernel.generalise(variable, arbitrary), ForAll(i, Implies(p, p)))
    with refuses("generalise", "i must not occur"):
        kernel.generalise(variable, given(p))


def test_instantiate() -> None:
    everything = given(ForAll(X, Equal(X * A, A * X)))
    proves(
        kernel.instantiate(everything, encode_term(A * B)),
        ForAll(X, Equal(X * A, A * X)),
        Equal(A * B * A, A * A * B),
    )
    with pytest.raises(LanguageError, match="stands where one of sort matrix"):
        kernel.instantiate(everything, encode_term(MatrixVariable("C", n, m)))
    with pytest.raises(LanguageError):
        kernel.instantiate(everything, encode_term(i))
    with refuses("instantiate", "of the kind forall"):
        kernel.instantiate(given(p), encode_term(i))


def test_instantiation_captures_nothing() -> None:
    # (∀X. ∃Y. Y = X)[X := Y] is ∃Y'. Y' = Y, not ∃Y. Y = Y
    theorem = kernel.instantiate(given(ForAll(X, Exists(Y, Equal(Y, X)))), encode_term(Y))
    assert theorem.conclusion == encode(Exists(X, Equal(X, Y)))


def test_witness() -> None:
    # A·A = B ⊢ ∃X. X·X = B, by X := A and by nothing else
    goal, fact = Exists(X, Equal(X * X, B)), given(Equal(A * A, B))
    proves(kernel.witness(encode(goal), encode_term(A), fact), Equal(A * A, B), goal)
    with refuses("witness", BOTH):
        kernel.witness(encode(goal), encode_term(B), fact)
    with refuses("witness", "of nothing that it exists"):
        kernel.witness(encode(p), encode_term(A), fact)


def test_obtain() -> None:
    # from ∃X. X·X = B and X·X = B ⊢ ∃Y. Y·Y = B;  X must not be left in the conclusion
    existence = given(Exists(X, Equal(X * X, B)))
    opened = given(Equal(X * X, B))
    goal = Exists(Y, Equal(Y * Y, B))
    shown = kernel.witness(encode(goal), encode_term(X), opened)
    proves(kernel.obtain(existence, encode_variable(X), shown), Exists(X, Equal(X * X, B)), goal)
    with refuses("obtain", "X must not occur"):
        kernel.obtain(existence, encode_variable(X), opened)
    with refuses("obtain", "X must not occur"):
        other = kernel.conjoin(shown, given(Equal(X, A)))
        kernel.obtain(existence, encode_variable(X), kernel.project(other, 0))
    with refuses("obtain", "another sort", BOTH):
        kernel.obtain(existence, encode_variable(MatrixVariable("X", n, m)), shown)
    with refuses("obtain", "of the kind exists"):
        kernel.obtain(given(p), encode_variable(i), shown)


# ── Layer indices ──────────────────────────────────────────────────────────────────────────────
def stepping(claim: Any, by: int, start: int = 0) -> tuple[Theorem, Theorem, Term]:
    """Base, step and predicate for an induction, taken as hypotheses."""
    bound = LessEqual(start, i) if by > 0 else LessEqual(i, start)
    step = ForAll(i, Implies(bound, claim, claim.xreplace({i: i + by})))
    return given(claim.xreplace({i: Integer(start)})), given(step), encode(ForAll(i, claim))


def test_induction_and_descent() -> None:
    # F_0 = A and (F_i = A → F_{i+1} = A for i ≥ 0) give F_i = A for i ≥ 0; down likewise
    claim = Equal(F[i], A)
    base, step, predicate = stepping(claim, 1)
    theorem = kernel.induction(predicate, number(0), base, step)
    assert theorem.conclusion == encode(ForAll(i, Implies(LessEqual(0, i), claim)))
    assert theorem.hypotheses == (*base.hypotheses, *step.hypotheses)
    base, down, predicate = stepping(claim, -1)
    theorem = descent(predicate, number(0), base, down)
    assert theorem.conclusion == encode(ForAll(i, Implies(LessEqual(i, 0), claim)))
    with refuses("modus ponens", "what the implication asks", BOTH):
        descent(predicate, number(0), base, step)
    with refuses("induction", "the base", BOTH):
        kernel.induction(predicate, number(1), base, step)
    with refuses("induction", "the step", BOTH):  # a step from i ≥ 1 leaves 0 → 1 open
        kernel.induction(predicate, number(0), base, stepping(claim, 1, start=1)[1])
    with refuses("induction", "the step", BOTH):  # a step of two leaves out every other index
        kernel.induction(predicate, number(0), base, stepping(claim, 2)[1])
    with refuses("induction", "∀i"):
        kernel.induction(encode(p), number(0), base, step)


def test_choose() -> None:
    # ∀i. i ≥ 0 → ∃X. X·X = F_i gives ∃G. ∀i. i ≥ 0 → G_i·G_i = F_i
    square = Equal(X * X, F[i])
    theorem = kernel.choose(given(ForAll(i, Implies(LessEqual(0, i), Exists(X, square)))))
    G = family("G", lambda at: (n, n))
    chosen = ForAll(i, Implies(LessEqual(0, i), Equal(G[i] * G[i], F[i])))
    assert theorem.conclusion == encode(Exists(G, chosen))
    with refuses("choose", "must exist for each index"):
        kernel.choose(given(ForAll(i, p)))
    with refuses("choose", "must exist for each index"):
        kernel.choose(given(ForAll(X, Exists(Y, Equal(X, Y)))))
    with refuses("choose", "a matrix or a function"):
        kernel.choose(given(ForAll(i, Exists(low, LessEqual(i, low)))))


# ── Equality ───────────────────────────────────────────────────────────────────────────────────
def test_rewrite() -> None:
    # A = B, A·A = Y ⊢ B·A = Y with the template z·A = Y
    template = encode(ForAll(X, Equal(X * A, Y)))
    a, b = encode_term(A), encode_term(B)
    equation, fact = given(Equal(A, B)), given(Equal(A * A, Y))
    theorem = kernel.rewrite(template, a, b, equation, fact)
    proves(theorem, Equal(A, B), Equal(A * A, Y), Equal(B * A, Y))
    with refuses("rewrite", "old = new", BOTH):
        kernel.rewrite(template, a, b, given(Equal(A, Y)), fact)
    with refuses("rewrite", "p(old)", BOTH):
        kernel.rewrite(template, a, b, equation, given(Equal(A * B, Y)))
    with refuses("rewrite", "template"):
        kernel.rewrite(encode(p), a, b, equation, fact)


def test_families_are_equal_when_all_members_are() -> None:
    G = family("G", lambda at: (n, n))
    template = encode(ForAll(family("H", lambda at: (n, n)), Equal(A, A)))
    fact = given(Equal(A, A))
    everywhere = given(ForAll(i, Equal(F[i], G[i])))
    terms = encode_variable(F), encode_variable(G)
    assert kernel.rewrite(template, *terms, everywhere, fact)
    some = given(ForAll(i, Implies(LessEqual(0, i), Equal(F[i], G[i]))))
    with refuses("rewrite", "old = new", BOTH):
        kernel.rewrite(template, *terms, some, fact)


def test_functions_are_equal_when_all_values_are() -> None:
    g = Function("g", n, n)
    template = encode(ForAll(Function("h", n, n), Equal(A, A)))
    terms = encode_variable(f), encode_variable(g)
    fact = given(Equal(A, A))
    assert kernel.rewrite(template, *terms, given(ForAll(X, Equal(f(X), g(X)))), fact)
    with refuses("rewrite", "old = new", BOTH):
        kernel.rewrite(template, *terms, given(Near((X, A), Equal(f(X), g(X)))), fact)
