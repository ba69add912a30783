"""Ways in which a falsehood was once provable, or might have been: see bugs-found.md.

Each test drives the public rules with arguments that are wrong or hostile.  Should a hole open
again, the test proves a falsehood and fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Differentiable, Equal, Exists, ForAll, Implies, LessEqual, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder
from proofkit.symbols.faults import LanguageError
from proofkit.language.occurrences import free_variables
from proofkit.language.sorts import bound_term
from proofkit.symbols import (
    Function,
    FunctionOf,
    MatrixVariable,
    encode_family,
    encode_function,
    encode_matrix,
    encode_variable,
    family,
    index,
    natural,
    tabulated,
    trace,
    widths,
)

INDEX, FALSE = ("index",), ("false",)
i, j, layer, n, d = index("i"), index("j"), index("l"), natural("n"), widths("d")
A, N, f = MatrixVariable("A", 1, 1), family("N", lambda at: (1, 1)), Function("f", 1, 1)
M = family("M", d)


def at_least(number: int, name: str) -> t.Term:
    """number ≤ name, in the core language."""
    return ("inonneg", t.lin(-number, {("var", name, INDEX): 1}))


# ── Hypotheses that vanish ─────────────────────────────────────────────────────────────────────
def once(*theorems: Theorem) -> Iterator[Theorem]:
    """Theorems that can be gone through only once."""
    return iter(theorems)


def test_premises_given_as_a_generator_keep_their_hypotheses() -> None:
    # −5 ≥ 0 ⊢ a contradiction, and not ⊢ a contradiction
    absurd = kernel.assume(("inonneg", t.lin(-5)))
    theorem = kernel.linear(FALSE, once(absurd), [1])  # type: ignore[arg-type]
    assert theorem.hypotheses == absurd.hypotheses
    negative = kernel.assume(("rpos", t.constant(-1)))
    theorem = kernel.real_linear(FALSE, once(negative), [t.constant(1)])  # type: ignore[arg-type]
    assert theorem.hypotheses == negative.hypotheses


def test_certificates_and_ranges_given_as_generators_keep_their_hypotheses() -> None:
    zero = kernel.assume(encode(Equal(A, 0)))
    one = t.identity(t.lin(1))
    terms = ((left, th, False, one) for left, th in [(one, zero)])
    theorem = kernel.algebra(encode(Equal(A, 0)), terms)  # type: ignore[arg-type]
    assert theorem.hypotheses == zero.hypotheses
    product = encode(Equal(M[j : i + 1] * M[i:1], M[j:1]))
    ranges = [kernel.assume(encode(LessEqual(*pair))) for pair in ((0, i), (i, j))]
    theorem = kernel.algebra(product, [], once(*ranges))  # type: ignore[arg-type]
    assert len(theorem.hypotheses) == 2
    theorem = kernel.restate(product, theorem, once(*ranges))  # type: ignore[arg-type]
    assert len(theorem.hypotheses) == 2


def test_layers_and_differentials_given_generators_keep_their_hypotheses() -> None:
    outside = kernel.assume(encode(LessEqual(i + 1, j)))
    updated = N.with_layer(j, A)
    theorem = kernel.layer(
        encode_family(updated),
        bound_term(encode_variable(i)),
        once(outside),  # type: ignore[arg-type]
    )
    assert theorem.hypotheses == outside.hypotheses
    smooth = kernel.assume(encode(Differentiable(f)))
    X = MatrixVariable("X", 1, 1)
    function = encode_function(FunctionOf(X, f(2 * X)))
    theorem = kernel.differentiate(function, once(smooth))  # type: ignore[arg-type]
    assert theorem.hypotheses == smooth.hypotheses


# ── Capture ────────────────────────────────────────────────────────────────────────────────────
def test_unfolding_a_function_below_a_binder_captures_nothing() -> None:
    # ∀f. ∀i. A = N_i → f(N_i) = f(A) holds; with f := X ↦ tr((l ↦ X)_1) it must not become
    # ∀i. A = N_i → tr(N_1) = tr(A)
    premise, conclusion = Equal(A, N[i]), Equal(f(N[i]), f(A))
    z = MatrixVariable("z", 1, 1)
    template = encode(ForAll(z, Equal(f(z), f(A))))
    trivial = kernel.real_linear(c.real_null(t.constant(0)), [], [])
    theorem = kernel.rewrite(
        template,
        encode_matrix(A),
        encode_matrix(N[i]),
        kernel.assume(encode(premise)),
        trivial,
    )
    assert theorem.conclusion == encode(conclusion)
    theorem = kernel.discharge(encode(premise), theorem)
    for variable in (i, f):
        theorem = kernel.generalise(encode_variable(variable), theorem)
    X = MatrixVariable("X", 1, 1)
    unfolded = FunctionOf(X, trace(tabulated(layer, X)[1]))
    instance = kernel.instantiate(theorem, encode_function(unfolded))
    here, there = trace(tabulated(layer, N[i])[1]), trace(tabulated(layer, A)[1])
    assert instance.conclusion == encode(ForAll(i, Implies(premise, Equal(here, there))))


def test_names_of_the_kernel_cannot_be_forged() -> None:
    # ?i ≥ 5 ⊢ ∀x. ∃X. ?i ≥ 5; were ?i the kernel's own i, `choose` would give ∀i. i ≥ 5
    with pytest.raises(LanguageError, match="kernel's"):
        kernel.assume(at_least(5, "?i"))


@pytest.mark.parametrize("name", ["?i", "?l", "?at", "?X", "?F", "?0", "?1", "?"])
def test_every_way_in_refuses_the_kernel_s_names(name: str) -> None:
    claim, variable = at_least(5, name), ("var", name, INDEX)
    fine = kernel.natural(t.lin(0))
    everything = kernel.generalise(("var", "x", INDEX), fine)
    ways_in: list[Any] = [
        lambda: kernel.assume(claim),
        lambda: kernel.discharge(claim, fine),
        lambda: kernel.excluded_middle(claim),
        lambda: kernel.either(fine, ("or", (claim, fine.conclusion))),
        lambda: kernel.generalise(variable, fine),
        lambda: kernel.instantiate(everything, bound_term(variable)),
        lambda: kernel.natural(t.lin(0, {("var", name, ("nat",)): 1})),
        lambda: kernel.linear(("inonneg", t.lin(0, {variable: 1})), [], []),
    ]
    for way_in in ways_in:
        with pytest.raises(LanguageError, match="kernel's"):
            way_in()


def test_forging_the_names_of_opened_binders_is_refused() -> None:
    # ∀n. ?0 = 0 : inside the binder the check itself calls n ?0
    with pytest.raises(LanguageError, match="kernel's"):
        kernel.assume(("forall", INDEX, at_least(5, "?0")))


# ── Data that changes, or is not what it seems ─────────────────────────────────────────────────
def test_a_claim_that_can_change_is_refused() -> None:
    parts = [("inonneg", t.lin(0)), ("inonneg", t.lin(0))]
    with pytest.raises(LanguageError):
        kernel.either(kernel.natural(t.lin(0)), ("or", parts))


def test_half_an_integer_is_refused() -> None:
    # 0 ≤ −1/2 and its integer negation 0 ≤ −1/2 are both false
    with pytest.raises(LanguageError):
        kernel.excluded_middle(("inonneg", ("lin", Fraction(-1, 2), ())))
    with pytest.raises(LanguageError):
        kernel.natural(("lin", float("nan"), ()))


class Sly(Fraction):
    """A negative multiplier that says it is not."""

    def __lt__(self, other: object) -> bool:
        return False


def test_multipliers_must_be_plain_numbers() -> None:
    # −1 ≥ 0 from 1 ≥ 0 taken −1 times
    for multiplier in (Sly(-1), -1.0, True):
        with pytest.raises(KernelError, match="multiplier"):
            kernel.linear(FALSE, [kernel.natural(t.lin(1))], [multiplier])  # type: ignore[list-item]


class Alias(str):
    """A name equal to another and hashed apart from it."""

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return 12345


def test_a_name_that_equals_another_in_disguise_is_refused() -> None:
    # from ∃x. x ≥ 5 and x ≥ 5 ⊢ x ≥ 5 conclude x ≥ 5: x is free in what is concluded
    existence = kernel.witness(
        encode(Exists(i, LessEqual(5, i))), t.lin(5), kernel.natural(t.lin(0))
    )
    named = kernel.assume(at_least(5, "x"))
    for name in ("x", Alias("x")):
        with pytest.raises((KernelError, LanguageError)):
            kernel.obtain(existence, ("var", name, INDEX), named)


# ── Zero where there is a size ─────────────────────────────────────────────────────────────────
def test_the_trace_of_a_word_that_merges_to_nothing_is_not_zero() -> None:
    # for l = i + 1:  tr(M[i:l]·M[l−1:i+1]) = d(i), not 0
    word = trace(M[i:layer] * M[layer - 1 : i + 1])
    ranges = [
        kernel.assume(encode(LessEqual(i + 1, layer))),
        kernel.assume(encode(LessEqual(layer, i + 1))),
    ]
    nothing = kernel.real_linear(c.real_null(t.constant(0)), [], [])
    with pytest.raises((KernelError, LanguageError)):
        kernel.restate(encode(Equal(word, 0)), nothing, ranges)


# ── Sizes and sorts ────────────────────────────────────────────────────────────────────────────
def test_a_size_fixed_by_a_free_matrix_keeps_the_matrix_from_being_generalised() -> None:
    # X : n×n free, so ∀n would bind the n of the sizes and leave that of X behind
    X = MatrixVariable("X", n, n)
    theorem = kernel.algebra(encode(Equal(X - X, 0)))
    assert theorem.conclusion == encode(Equal(X, X))
    assumed = kernel.assume(encode(Equal(X, 0)))
    with pytest.raises(KernelError, match="must not occur"):
        kernel.generalise(encode_variable(n), kernel.discharge(assumed.conclusion, assumed))


def test_one_name_of_two_sorts_is_refused() -> None:
    about_index = kernel.assume(at_least(5, "x"))
    with pytest.raises((KernelError, LanguageError)):
        kernel.generalise(("var", "x", ("real",)), about_index)
    theorem = kernel.discharge(about_index.conclusion, about_index)
    both = kernel.conjoin(theorem, kernel.real_linear(c.real_null(t.constant(0)), [], []))
    with pytest.raises((KernelError, LanguageError)):
        kernel.generalise(("var", "x", ("nat",)), both)


def test_naturals_cannot_be_instantiated_by_integers() -> None:
    theorem = kernel.generalise(encode_variable(n), kernel.natural(bound_term(encode_variable(n))))
    assert theorem.conclusion[0] == "forall"
    with pytest.raises(LanguageError, match="natural"):
        kernel.instantiate(theorem, t.lin(-1))
    with pytest.raises(LanguageError, match="natural"):
        kernel.instantiate(theorem, bound_term(encode_variable(i)))


def test_pieces_of_a_chain_out_of_order_are_not_merged() -> None:
    # M[j:i+1]·M[i:1] = M[j:1] is false for i > j
    goal = encode(Equal(M[j : i + 1] * M[i:1], M[j:1]))
    ranges = [kernel.assume(encode(LessEqual(*pair))) for pair in ((0, i), (i - 1, j))]
    for given in ([], ranges[:1], ranges[1:], ranges):
        with pytest.raises(KernelError, match="algebra"):
            kernel.algebra(goal, [], given)


def test_facts_about_a_free_index_say_nothing_about_a_bound_one() -> None:
    # from 0 ≤ i ≤ j (i free) not: ∀i. M[j:i+1]·M[i:1] = M[j:1]
    product, whole = M[j : i + 1] * M[i:1], M[j:1]
    ranges = [kernel.assume(encode(LessEqual(*pair))) for pair in ((0, i), (i, j))]
    everywhere = kernel.generalise(encode_variable(i), kernel.algebra(encode(Equal(whole, whole))))
    with pytest.raises(KernelError, match="do not agree"):
        kernel.restate(encode(ForAll(i, Equal(product, whole))), everywhere, ranges)


def test_closing_over_a_variable_reaches_its_every_occurrence() -> None:
    x = ("var", "x", INDEX)
    theorem = kernel.discharge(at_least(5, "x"), kernel.assume(at_least(5, "x")))
    closed = kernel.generalise(x, theorem)
    assert close_binder(theorem.conclusion, [x]) == closed.conclusion[2]
    assert "x" not in free_variables(closed.conclusion)
