"""Proof scripts: blocks close with what they proved, and a script proves what it says or fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proofkit.claims import (
    And,
    Between,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Not,
    Or,
    encode,
)
from proofkit.script import (
    Proof,
    ScriptError,
    algebra,
    arithmetic,
    at_the_point,
    both,
    contradiction,
    either,
    excluded_middle,
    from_,
    result,
    the,
    witness,
)
from proofkit.symbols import MatrixVariable, family, index, natural, widths
from proofkit.trace import prose

i, j, k, n, d = index("i"), index("j"), index("k"), natural("n"), widths("d")
A, B, X, Y = (MatrixVariable(name, n, n) for name in "ABXY")
M, N = family("M", d), family("N", d)


def run(
    claim: Any,
    script: Callable[..., None],
    *given: Any,
    variables: Any = (d, n, i, j, k, A, B, M, N),
) -> Any:
    stated = result(
        "a-result",
        "A result",
        variables=variables,
        given=[(g, prose("")) for g in given],
        claim=claim,
    )
    stated.route()(script)
    return stated.run()


# ── Blocks ─────────────────────────────────────────────────────────────────────────────────────
def test_fixing_a_variable_proves_a_claim_about_all_its_values() -> None:
    # A = 0 ⊢ ∀X. XA = 0
    claim = ForAll(X, Equal(X * A, 0))

    def script(p: Proof, zero: Any) -> None:
        with p.for_all(X, show=claim):
            p.have(Equal(X * A, 0), algebra(zero))

    proved = run(claim, script, Equal(A, 0))
    assert not proved.theorem.hypotheses
    assert proved.footprint.inferences > 0


def test_what_is_supposed_in_a_block_becomes_a_premise() -> None:
    # ⊢ ∀X. X = 0 → XA = 0
    claim = ForAll(X, Implies(Equal(X, 0), Equal(X * A, 0)))

    def script(p: Proof) -> None:
        with p.for_all(X, given=[Equal(X, 0)]) as block:
            p.have(Equal(X * A, 0), algebra(block.given[0]))

    assert run(claim, script).theorem.conclusion[0] == "forall"


def test_a_contradiction_proves_the_opposite_of_what_was_supposed() -> None:
    # A ≠ 0, AB = A ⊢ B ≠ 0
    def script(p: Proof, nonzero: Any, fixed: Any) -> None:
        with p.contradicting(NonZero(B), suppose=Equal(B, 0)) as block:
            zero = p.have(Equal(A, 0), algebra(block.given[0], fixed))
            p.have(Contradiction(), contradiction(zero, nonzero))

    assert run(NonZero(B), script, NonZero(A), Equal(A, A * B))


def test_cases_and_excluded_middle() -> None:
    # ⊢ 2i ≤ 0 ∨ 1 ≤ i, by the cases i ≤ 0 and 1 ≤ i
    claim = Or(LessEqual(2 * i, 0), LessEqual(1, i))

    def script(p: Proof) -> None:
        split = p.have(Or(LessEqual(i, 0), Not(LessEqual(i, 0))), excluded_middle())
        with p.cases(split, claim) as cases:
            with cases.case():
                low = p.have(LessEqual(2 * i, 0), arithmetic())
                p.have(claim, either(low))
            with cases.case():
                high = p.have(LessEqual(1, i), arithmetic())
                p.have(claim, either(high))

    assert run(claim, script)


def test_induction_over_layers() -> None:
    # M_i = N_i for i ≥ 1 gives M[k:1] = N[k:1] for k ≥ 0
    same = ForAll(i, Implies(LessEqual(1, i), Equal(M[i], N[i])))

    def script(p: Proof, layers: Any, long: Any) -> None:
        with p.induction(i, 0, Equal(M[i:1], N[i:1])) as induct:
            with induct.base():
                p.have(Equal(M[0:1], N[0:1]), algebra())
            with induct.step() as step:
                here = p.have(Equal(M[i + 1], N[i + 1]), from_(layers, i + 1))
                p.have(Equal(M[i + 1 : 1], N[i + 1 : 1]), algebra(here, step.given[-1]))
        p.have(Equal(M[k:1], N[k:1]), from_(induct.fact, k))

    assert run(Equal(M[k:1], N[k:1]), script, same, LessEqual(0, k))


def test_nearness_is_passed_on() -> None:
    # X² = B near A gives A³ = BA: near A first, then at A
    square = Near((X, A), Equal(X * X, B))

    def script(p: Proof, near: Any) -> None:
        with p.near((X, A), using=[near]) as block:
            p.have(Equal(X * X * A, B * A), algebra(block.given[0]))
        p.have(Equal(A * A * A, B * A), at_the_point(block.fact))

    assert run(Equal(A * A * A, B * A), script, square)


def test_witnesses_are_named_and_given() -> None:
    # ∃X. XA = B gives ∃Y. YA = 2B
    def script(p: Proof, existence: Any) -> None:
        (fact,) = p.obtain(existence, X)
        twice = p.have(Equal(2 * X * A, 2 * B), algebra(fact))
        p.have(Exists(Y, Equal(Y * A, 2 * B)), witness(2 * X, facts=[twice]))

    assert run(Exists(Y, Equal(Y * A, 2 * B)), script, Exists(X, Equal(X * A, B)))


# ── Scripts that fail ──────────────────────────────────────────────────────────────────────────
def zero(p: Proof, fact: Any) -> Any:
    return p.have(Equal(B * A, 0), algebra(fact))


def test_the_conclusion_must_be_the_claim() -> None:
    with pytest.raises(ScriptError, match="was to be proved, but the script ends with"):
        run(Equal(A * B, 0), zero, Equal(A, 0))


def test_a_step_that_is_not_used_is_refused() -> None:
    def script(p: Proof, fact: Any) -> None:
        p.have(Equal(A + A, 0), algebra(fact))
        zero(p, fact)

    with pytest.raises(ScriptError, match="not used"):
        run(Equal(B * A, 0), script, Equal(A, 0))


def test_a_step_that_does_not_follow_names_the_claim_and_the_rule() -> None:
    with pytest.raises(ScriptError) as fault:
        run(Equal(B * A, 0), zero, Equal(A * B, 0))
    message = str(fault.value)
    assert message.startswith("B·A = 0\nby algebra: no cofactors were found")
    assert "this is left: B·A" in message
    assert fault.value.claim == Equal(B * A, 0)
    assert fault.value.given == [Equal(A * B, 0)]


def test_facts_of_a_closed_block_are_out_of_scope() -> None:
    # a block's supposition cannot be carried out of it
    def script(p: Proof) -> None:
        with p.for_all(X, given=[Equal(A, 0)]) as block:
            p.have(Equal(X * A, 0), algebra(block.given[0]))
        p.have(Equal(A, 0), the(block.given[0]))

    with pytest.raises(ScriptError, match=r"generalise: A must not occur(?s:.*)found:    A = 0"):
        run(Equal(A, 0), script)
    with pytest.raises(ScriptError, match="rests on open suppositions"):
        run(Equal(A, 0), script, variables=())


def test_a_witness_that_was_obtained_cannot_escape() -> None:
    def script(p: Proof, existence: Any) -> None:
        (fact,) = p.obtain(existence, X)
        p.have(Equal(X * A, B), the(fact))

    with pytest.raises(ScriptError, match="X was obtained, so it may not speak of X"):
        run(Equal(X * A, B), script, Exists(X, Equal(X * A, B)), variables=(n, A, B, X))


def test_what_a_block_announces_it_must_prove() -> None:
    def script(p: Proof, fact: Any) -> None:
        with p.for_all(X, show=ForAll(X, Equal(A * X, 0))):
            p.have(Equal(X * A, 0), algebra(fact))

    with pytest.raises(ScriptError, match="was announced, but the block proves"):
        run(ForAll(X, Equal(A * X, 0)), script, Equal(A, 0))


def test_a_variable_that_the_hypotheses_fix_is_not_arbitrary() -> None:
    # A = 0 does not give ∀A. A = 0
    def script(p: Proof, fact: Any) -> None:
        with p.for_all(A):
            p.have(Equal(A, 0), the(fact))

    with pytest.raises(ScriptError, match="the block fixes A, and what it shows rests on a fact"):
        run(ForAll(A, Equal(A, 0)), script, Equal(A, 0))


def test_arithmetic_needs_the_relations_in_scope() -> None:
    claim = Less(i, k)

    def script(p: Proof, range_: Any) -> None:
        p.have(claim, arithmetic())

    assert run(claim, script, Between(i + 1, j, k))
    with pytest.raises(ScriptError, match="does not follow from the index relations"):
        run(claim, script, Between(i, j, k))


def test_ranges_inside_a_conjunction_are_used() -> None:
    # A = 0 ∧ (1 ≤ i ∧ i < j), j ≤ k ⊢ i < k, whether found in scope, named or met as a premise
    both_ = And(Equal(A, 0), Between(1, i, j - 1))

    def in_scope(p: Proof, fact: Any, end: Any) -> None:
        p.have(Less(i, k), arithmetic())

    def named(p: Proof, fact: Any, end: Any) -> None:
        p.have(Less(i, k), arithmetic(fact, end))

    for script in (in_scope, named):
        assert run(Less(i, k), script, both_, LessEqual(j, k))
    whole = ForAll(i, Implies(LessEqual(1, i), Equal(M[i], N[i])))

    def met(p: Proof, fact: Any, layers: Any) -> None:
        p.have(Equal(M[i], N[i]), from_(layers, i, premises=[fact]))

    assert run(Equal(M[i], N[i]), met, both_, whole)
    with pytest.raises(ScriptError, match="is no relation between indices"):
        run(Less(i, k), lambda p, fact: p.have(Less(i, k), arithmetic(fact)), Equal(A, 0))


def test_contradictory_index_relations_are_found() -> None:
    def script(p: Proof, low: Any, high: Any) -> None:
        p.have(Contradiction(), arithmetic(low, high))

    assert run(Contradiction(), script, LessEqual(1, i), LessEqual(i, 0))


def test_a_conjunction_is_put_together_in_its_order() -> None:
    goal = And(Equal(A, 0), Equal(B, 0))

    def script(p: Proof, *facts: Any) -> None:
        p.have(goal, both(*facts))

    assert run(goal, script, Equal(B, 0), Equal(A, 0))
    with pytest.raises(ScriptError, match="no fact for this part"):
        run(goal, script, Equal(A, 0))


@pytest.mark.parametrize(
    ("variables", "claim"),
    [
        ((n, A, MatrixVariable("A", 2, 2)), Equal(A, A)),
        ((n, A), ForAll(MatrixVariable("A", 1, 1), Equal(A, A))),
        ((n, A, natural("A")), Equal(A, A)),
        ((natural("A"),), Exists(MatrixVariable("A", 1, 1), Equal(natural("A"), 0))),
    ],
)
def test_two_variables_of_one_name_are_refused(variables: Any, claim: Any) -> None:
    with pytest.raises(ScriptError, match=r"a-result: two variables are called A, one .* and one"):
        result("a-result", "A result", variables=variables, given=[], claim=claim)


def test_variables_bound_in_different_places_may_share_a_name() -> None:
    one, other = MatrixVariable("Z", n, n), MatrixVariable("Z", 1, 1)
    claim = And(ForAll(one, Equal(one, one)), ForAll(other, Equal(other, other)))
    assert result("r", "R", variables=(n,), given=[], claim=claim)


def test_a_result_without_a_proof_or_with_one_twice() -> None:
    stated = result("r", "R", variables=(n, A), given=[], claim=Equal(A, A))
    with pytest.raises(ScriptError, match="has no proof"):
        stated.run()
    stated.route("one")(lambda p: None)
    with pytest.raises(ScriptError, match="already"):
        stated.route("one")(lambda p: None)
    with pytest.raises(ScriptError, match="r: no route is called 'two'"):
        stated.run("two")


def test_the_footprint_counts_what_was_used() -> None:
    proved = run(Equal(B * A, 0), zero, Equal(A, 0))
    assert dict(proved.footprint.structural)["algebra"] == 1
    assert proved.footprint.rules == ()
    assert encode(Equal(B * A, 0)) in [f.theorem.conclusion for f in proved.proof.record]
