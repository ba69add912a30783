"""Ways in which a falsehood was once provable, or might have been: see bugs-found.md.

Each test drives the public rules with arguments that are wrong or hostile.  Should a hole open
again, the test proves a falsehood and fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from time import process_time
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import (
    Continuous,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    Slope,
    encode,
)
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, free
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import INDEX, NAT, as_term, number, plus
from proofkit.script import derived
from proofkit.symbols import (
    Function,
    FunctionOf,
    MatrixVariable,
    encode_term,
    encode_variable,
    family,
    index,
    natural,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, refuses

FALSE = ("false",)
i, j, layer, n, d = index("i"), index("j"), index("l"), natural("n"), widths("d")
A, N = MatrixVariable("A", 1, 1), family("N", lambda at: (1, 1))
f, g = Function("f", 1, 1), Function("g", 1, 1)
X = MatrixVariable("X", 1, 1)
P = ("var", "p", ("to", ("index",), ("nat",)))
M = family("M", d)


def named(name: str, sort: Term = INDEX) -> Term:
    """The variable of that name as a number."""
    return as_term(("var", name, sort), sort)


def at_least(least: int, name: str, sort: Term = INDEX) -> Term:
    """least ≤ name, in the core language."""
    return ("inonneg", plus(named(name, sort), number(-least)))


def nothing() -> Theorem:
    """⊢ 0 = 0."""
    return kernel.algebra(("null", number(0)))


# ── Hypotheses that vanish ─────────────────────────────────────────────────────────────────────
def once(*theorems: Any) -> Iterator[Any]:
    """What can be gone through only once."""
    return iter(theorems)


def test_premises_given_as_a_generator_keep_their_hypotheses() -> None:
    # −5 ≥ 0 ⊢ a contradiction, and not ⊢ a contradiction
    for absurd in (("inonneg", number(-5)), ("rpos", number(-1))):
        premise = kernel.assume(absurd)
        theorem = kernel.arithmetic(FALSE, once((premise, number(1))))  # type: ignore[arg-type]
        assert theorem.hypotheses == premise.hypotheses
        assert theorem.inference.premises == (premise,)


def test_certificates_and_ranges_given_as_generators_keep_their_hypotheses() -> None:
    zero = given(Equal(A, 0))
    products = once((zero, ((), ((encode_term(A), 0),))))
    theorem = kernel.algebra(encode(Equal(A, 0)), products)  # type: ignore[arg-type]
    assert theorem.hypotheses == zero.hypotheses
    product = encode(Equal(M[j : i + 1] * M[i:1], M[j:1]))
    ranges = [given(LessEqual(*pair)) for pair in ((0, i), (i, j))]
    theorem = kernel.algebra(product, [], once(*ranges))  # type: ignore[arg-type]
    assert len(theorem.hypotheses) == 2
    theorem = kernel.restate(product, theorem, once(*ranges))  # type: ignore[arg-type]
    assert len(theorem.hypotheses) == 2
    chain = kernel.arithmetic(encode(LessEqual(0, j)), [(th, number(1)) for th in ranges])
    goal, scales = encode(LessEqual(0, j)), [(chain, number(1))]
    theorem = kernel.arithmetic(goal, scales, once(*ranges))  # type: ignore[arg-type]
    assert len(theorem.hypotheses) == 2
    assert len(theorem.inference.premises) == 3


def test_layers_maps_and_differentials_given_generators_keep_their_hypotheses() -> None:
    outside = given(LessEqual(i + 1, j))
    updated = N.with_layer(j, A)
    goal = encode(Equal(updated[i], N[i]))
    theorem = kernel.algebra(goal, (), once(outside))  # type: ignore[arg-type]
    assert theorem.hypotheses == outside.hypotheses
    twice = encode_term(FunctionOf(X, f(2 * X)))
    steep = given(Slope(f, 2 * A, g))
    theorem = kernel.differentiate(twice, encode_term(A), once(steep))  # type: ignore[arg-type]
    assert theorem.hypotheses == steep.hypotheses
    assert theorem.inference.premises == (steep,)
    even = given(Continuous(f, 2 * A))
    x_X, value = encode_variable(X), encode_term(f(2 * X))
    theorem = kernel.continuous(x_X, value, encode_term(A), once(even))  # type: ignore[arg-type]
    assert theorem.hypotheses == even.hypotheses
    assert theorem.inference.premises == (even,)
    near, moved = given(Near((X, A), LessEqual(f(A), f(X)))), given(Equal(N[1] * N[2], A))
    theorem = kernel.near_along(
        near,
        once(encode_variable(MatrixVariable("Y", 1, 1))),  # type: ignore[arg-type]
        once(encode_term(N[1])),  # type: ignore[arg-type]
        once(encode_term(MatrixVariable("Y", 1, 1) * N[2])),  # type: ignore[arg-type]
        once(moved),  # type: ignore[arg-type]
    )
    assert theorem.hypotheses == (*near.hypotheses, *moved.hypotheses)
    assert theorem.inference.premises == (near, moved)
    Y = MatrixVariable("Y", 1, 1)
    near, even = given(Near((X, f(A) * N[1]), LessEqual(f(A), f(X)))), given(Continuous(f, A))
    theorem = kernel.near_along(
        near,
        once(encode_variable(Y)),  # type: ignore[arg-type]
        once(encode_term(A)),  # type: ignore[arg-type]
        once(encode_term(f(Y) * N[1])),  # type: ignore[arg-type]
        (),
        once(even),  # type: ignore[arg-type]
    )
    assert theorem.hypotheses == (*near.hypotheses, *even.hypotheses)
    assert theorem.inference.premises == (near, even)


# ── Capture ────────────────────────────────────────────────────────────────────────────────────
def test_unfolding_a_function_below_a_binder_captures_nothing() -> None:
    # ∀f. ∀i. A = N_i → f(N_i) = f(A) holds; with f := X ↦ tr((l ↦ X)_1) it must not become
    # ∀i. A = N_i → tr(N_1) = tr(A)
    premise, conclusion = Equal(A, N[i]), Equal(f(N[i]), f(A))
    z = MatrixVariable("z", 1, 1)
    template = encode(ForAll(z, Equal(f(z), f(A))))
    theorem = kernel.rewrite(
        template,
        encode_term(A),
        encode_term(N[i]),
        given(premise),
        nothing(),
    )
    assert theorem.conclusion == encode(conclusion)
    theorem = kernel.discharge(encode(premise), theorem)
    for variable in (i, f):
        theorem = kernel.generalise(encode_variable(variable), theorem)
    unfolded = FunctionOf(X, trace(tabulated(layer, X)[1]))
    instance = kernel.instantiate(theorem, encode_term(unfolded))
    here, there = trace(tabulated(layer, N[i])[1]), trace(tabulated(layer, A)[1])
    assert instance.conclusion == encode(ForAll(i, Implies(premise, Equal(here, there))))


NO_NAMES = {
    "nothing": "",
    "NUL": "\0",
    "a number": "1",
    "a space": "a b",
    "an equation": "X = 0",
    "a quantifier": "∀X. X",
    "brackets": "f(x)",
    "a line": "X\nY",
    "from right to left": "\u202eX",
    "a mark for the direction": "X\u200f",
    "a joiner": "X\u200d",
    "a byte order mark": "\ufeffX",
    "an accent first": "\u0301X",
    "a surrogate": "\ud800",
    "a question mark": "?i",
    "a sign": "X+",
    "too long": "X" * 61,
    "a letter one cannot see": "X\u3164",
    "a mark one cannot see": "X\ufe0f",
    "another one": "X\U000e0100",
    "a joiner of marks": "X\u034f",
    "an accent apart": "e\u0301",
}


@pytest.mark.parametrize("name", NO_NAMES.values(), ids=NO_NAMES)
def test_every_way_in_refuses_what_is_no_name(name: str) -> None:
    claim, variable = at_least(5, name), ("var", name, INDEX)
    fine = derived.natural(number(0))
    everything = kernel.generalise(("var", "x", INDEX), fine)
    ways_in: list[Any] = [
        lambda: kernel.assume(claim),
        lambda: kernel.discharge(claim, fine),
        lambda: derived.excluded_middle(claim),
        lambda: kernel.either(fine, ("or", (claim, fine.conclusion))),
        lambda: kernel.generalise(variable, fine),
        lambda: kernel.instantiate(everything, named(name)),
        lambda: derived.natural(named(name, ("nat",))),
        lambda: kernel.arithmetic(("inonneg", named(name)), []),
        lambda: kernel.assume(("forall", ("matrix", named(name, ("nat",)), number(1)), FALSE)),
    ]
    for way_in in ways_in:
        with pytest.raises(LanguageError, match="no name"):
            way_in()
    with pytest.raises(LanguageError, match="name"):
        encode_variable(index(name))


@pytest.mark.parametrize("name", ["x", "_", "_0", "Σ", "X̂", "x1", "x₁₂", "x'", "x′′", "X⁺", "变量"])
def test_names(name: str) -> None:
    assert kernel.assume(at_least(5, name)).conclusion == at_least(5, name)


def test_bound_variables_cannot_be_named_from_outside() -> None:
    # from ∀i. ∃X. b₀ ≥ 5 with a loose b₀ `choose` might bind it
    loose = ("inonneg", plus(as_term(("b", 0), INDEX), number(-5)))
    size = ("matrix", number(1), number(1))
    for claim in (loose, ("forall", INDEX, ("inonneg", as_term(("b", 1), INDEX)))):
        with pytest.raises(LanguageError):
            kernel.assume(claim)
    for value in (("b", 0), as_term(("b", 0), INDEX)):
        everything = kernel.generalise(("var", "x", INDEX), derived.natural(number(0)))
        with pytest.raises(LanguageError):
            kernel.instantiate(everything, value)
    theorem = kernel.choose(kernel.assume(("forall", INDEX, ("exists", size, loose_below()))))
    assert theorem.conclusion[0] == "exists"


def loose_below() -> Term:
    """b₁ ≥ 5: below an index and a matrix, the index."""
    return ("inonneg", plus(as_term(("b", 1), INDEX), number(-5)))


# ── Data that changes, or is not what it seems ─────────────────────────────────────────────────
def test_a_claim_that_can_change_is_refused() -> None:
    parts = [("inonneg", number(0)), ("inonneg", number(0))]
    with pytest.raises(LanguageError):
        kernel.either(derived.natural(number(0)), ("or", parts))


def num(p: Any, q: Any) -> Term:
    """A constant, as somebody else might write it."""
    return ("num", ((((), ()), (p, q)),))


def test_half_an_integer_is_refused() -> None:
    # 0 ≤ −1/2 and its integer negation 0 ≤ −1/2 are both false
    for half in (num(-1, 2), num(Fraction(-1, 2), 1), num(-0.5, 1), num(1, -2), num(1, 0)):
        with pytest.raises(LanguageError):
            derived.excluded_middle(("inonneg", half))
    for no_number in (float("nan"), True, None, "1", Fraction(1)):
        for e in (num(no_number, 1), num(1, no_number)):
            with pytest.raises(LanguageError):
                derived.natural(e)


class Sly(int):
    """A negative multiplier that says it is not."""

    def __lt__(self, other: object) -> bool:
        return False

    def __ge__(self, other: object) -> bool:
        return True


def test_multipliers_must_be_plain_numbers() -> None:
    # −1 ≥ 0 from 1 ≥ 0 taken −1 times
    one = derived.natural(number(1))
    for scale in (num(Sly(-1), 1), num(-1.0, 1), Sly(-1), -1.0, True, 1):
        with pytest.raises(LanguageError):
            kernel.arithmetic(FALSE, [(one, scale)])
    with pytest.raises(KernelError, match="a constant ≥ 0"):
        kernel.arithmetic(FALSE, [(one, number(-1))])


class Alias(str):
    """A name equal to another and hashed apart from it."""

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return 12345


def test_a_name_that_equals_another_in_disguise_is_refused() -> None:
    # from ∃x. x ≥ 5 and x ≥ 5 ⊢ x ≥ 5 conclude x ≥ 5: x is free in what is concluded
    existence = kernel.witness(
        encode(Exists(i, LessEqual(5, i))), number(5), derived.natural(number(0))
    )
    about = kernel.assume(at_least(5, "x"))
    for name in ("x", Alias("x")):
        with pytest.raises((KernelError, LanguageError)):
            kernel.obtain(existence, ("var", name, INDEX), about)


# ── Zero where there is a size ─────────────────────────────────────────────────────────────────
def test_the_trace_of_a_word_that_merges_to_nothing_is_not_zero() -> None:
    # for l = i + 1:  tr(M[i:l]·M[l−1:i+1]) = d(i), not 0
    word = trace(M[i:layer] * M[layer - 1 : i + 1])
    ranges = [given(LessEqual(i + 1, layer)), given(LessEqual(layer, i + 1))]
    with refuses("restate", "do not agree", BOTH):
        kernel.restate(encode(Equal(word, 0)), nothing(), ranges)
    # It is d(l − 1), which is d(i), the word turned round being M[l−1:l].
    assert kernel.restate(encode(Equal(word, d(layer - 1))), nothing(), ranges)
    with refuses("restate", "do not agree", BOTH):
        kernel.restate(encode(Equal(word, d(layer - 1))), nothing())


# ── Sizes and sorts ────────────────────────────────────────────────────────────────────────────
def test_a_size_fixed_by_a_free_matrix_keeps_the_matrix_from_being_generalised() -> None:
    # X : n×n free, so ∀n would bind the n of the sizes and leave that of X behind
    X = MatrixVariable("X", n, n)
    theorem = kernel.algebra(encode(Equal(X - X, 0)))
    assert theorem.conclusion == encode(Equal(X, X))
    assumed = given(Equal(X, 0))
    with pytest.raises(KernelError, match="must not occur"):
        kernel.generalise(encode_variable(n), kernel.discharge(assumed.conclusion, assumed))


def test_one_name_of_two_sorts_is_refused() -> None:
    about_index = kernel.assume(at_least(5, "x"))
    with pytest.raises((KernelError, LanguageError)):
        kernel.generalise(("var", "x", ("real",)), about_index)
    about_real = kernel.assume(("rnonneg", named("x", ("real",))))
    for both in (
        lambda: kernel.conjoin(about_index, about_real),
        lambda: kernel.discharge(about_real.conclusion, about_index),
        lambda: kernel.either(about_index, ("or", (about_index.conclusion, about_real.conclusion))),
        lambda: kernel.assume(("and", (about_index.conclusion, about_real.conclusion))),
        lambda: derived.natural(plus(named("n", ("nat",)), rank_of(("var", "n", ("real",))))),
    ):
        with pytest.raises(LanguageError, match="one name stands for two variables"):
            both()


def rank_of(x: Term) -> Term:
    """The rank of the 1×1 matrix x·I."""
    scaled = ("mat", number(1), number(1), (((((x, 1),), ()), (1, 1)),))
    return as_term(("rank", scaled), ("nat",))


def test_nesting_is_bounded_wherever_claims_are_put_together() -> None:
    deep: Any = kernel.assume(FALSE)
    with pytest.raises(LanguageError, match="nested"):
        for _ in range(300):
            deep = kernel.discharge(FALSE, deep)
    pair = deep
    with pytest.raises(LanguageError, match="nested"):
        for _ in range(300):
            pair = kernel.conjoin(pair, pair)
    with pytest.raises(LanguageError, match="nested"):
        for _ in range(300):
            pair = kernel.generalise(("var", "x", INDEX), kernel.discharge(FALSE, deep))
            deep = pair


def test_large_claims_are_refused_at_once() -> None:
    wide: Any = FALSE
    for _ in range(60):
        wide = ("and", (wide, wide))
    sum_of_four = ("num", tuple(((((("var", v, ("real",)), 1),), ()), (1, 1)) for v in "abcd"))
    power = ("num", (((((sum_of_four, 100),), ()), (1, 1)),))
    word = ((("var", "X", ("matrix", number(1), number(1))), 0),) * 20_000
    start = process_time()
    for p in (
        wide,
        ("rnonneg", power),
        ("rnonneg", ("num", (((((power, 100),), ()), (1, 1)),))),
        ("null", ("mat", number(1), number(1), ((((), word), (1, 1)),))),
        ("null", ("num", (((((("trace", word), 1),), ()), (1, 1)),))),
        ("null", num(1 << 20_000, 1)),
    ):
        with pytest.raises(LanguageError):
            kernel.assume(p)
    assert process_time() - start < 20


def power_of(*names: str) -> Term:
    """The 100th power of a sum of variables."""
    reals = [as_term(("var", name, ("real",)), ("real",)) for name in names]
    sum_ = ("num", tuple(((((x, 1),), ()), (1, 1)) for x in reals))
    return ("num", (((((sum_, 100),), ()), (1, 1)),))


def test_small_claims_that_are_much_work_are_refused_soon() -> None:
    # Each product that a power is made of is within its bound; there are many of them.
    several = ("and", tuple(("rpos", power_of("a", "b", name)) for name in "cde"))
    # Nor do denominators pile up until the whole sum is known.
    quotients = tuple((((), ()), (1, (1 << 16_000) + 2 * n + 1)) for n in range(400))
    letters = [(("var", "X", ("matrix", named("n", NAT), named("n", NAT))), n % 2) for n in (0, 1)]
    word = tuple(letters[n * n // 3 % 2] for n in range(1000))
    start = process_time()
    for p, why in (
        (("rpos", power_of("a", "b", "c")), "more work"),
        (several, "more work"),
        (("rpos", ("num", quotients)), "too large"),
        (("rpos", ("num", (((((("trace", word), 1),), ()), (1, 1)),))), "more work"),
    ):
        with pytest.raises(LanguageError, match=why):
            kernel.assume(p)
    assert process_time() - start < 20
    assert kernel.assume(("rpos", named("a", ("real",))))  # nothing is left over


def test_pieces_of_a_family_that_does_not_fit_make_no_chain() -> None:
    # F_i is p(i)×p(0): F_1·F_0 fits, F_2·F_1 does not; as F[1:0] it meant something only until
    # the kernel had forgotten what it had read, and was exported as what means nothing.
    at = [as_term(("at", P, number(n)), NAT) for n in (0, 1)]
    body = as_term(("at", P, as_term(("b", 0), INDEX)), NAT)
    F = ("var", "F", ("to", INDEX, ("matrix", body, at[0])))
    one, zero = (("at", F, number(n)) for n in (1, 0))
    product = ("mat", at[1], at[0], ((((), ((one, 0), (zero, 0))), (1, 1)),))
    turned = ("trace", ((zero, 0), (("var", "Y", ("matrix", at[0], at[1])), 0), (one, 0)))
    for p in (("null", product), ("rpos", as_term(turned, ("real",)))):
        with pytest.raises(LanguageError, match="do not fit"):
            kernel.assume(p)
    assert kernel.assume(("null", ("mat", at[1], at[0], ((((), ((one, 0),)), (1, 1)),))))


def test_facts_are_known_in_the_sorts_of_bound_variables() -> None:
    # Under 0 ≤ m, c(0) is e(0) for c = (d but e from 0 to m), in the sort of f as in that of X.
    widths_ = [("var", name, ("to", INDEX, NAT)) for name in "de"]
    c = ("changed", widths_[0], number(0), named("m"), widths_[1])

    def size(i: Term) -> Term:
        return as_term(("at", c, i), NAT)

    to_real = ("to", ("matrix", size(as_term(("b", 0), INDEX)), number(1)), ("real",))
    value = ("at", ("at", ("b", 1), number(0)), ("b", 0))
    inner = ("forall", ("matrix", size(number(0)), number(1)), ("rpos", as_term(value, ("real",))))
    claim = ("forall", ("to", INDEX, to_real), inner)
    theorem = kernel.restate(claim, kernel.assume(claim), [kernel.assume(at_least(0, "m"))])
    assert theorem.conclusion[0] == "forall"


def test_naturals_cannot_be_instantiated_by_integers() -> None:
    theorem = kernel.generalise(encode_variable(n), derived.natural(encode_term(n)))
    assert theorem.conclusion[0] == "forall"
    for value in (number(-1), encode_term(i), number(1, 2)):
        with pytest.raises(LanguageError, match="one of sort nat"):
            kernel.instantiate(theorem, value)


def test_pieces_of_a_chain_out_of_order_are_not_merged() -> None:
    # M[j:i+1]·M[i:1] = M[j:1] is false for i > j
    goal = encode(Equal(M[j : i + 1] * M[i:1], M[j:1]))
    ranges = [given(LessEqual(*pair)) for pair in ((0, i), (i - 1, j))]
    for some in ([], ranges[:1], ranges[1:], ranges):
        with pytest.raises(KernelError, match="algebra"):
            kernel.algebra(goal, [], some)


def test_facts_about_a_free_index_say_nothing_about_a_bound_one() -> None:
    # from 0 ≤ i ≤ j (i free) not: ∀i. M[j:i+1]·M[i:1] = M[j:1]
    product, whole = M[j : i + 1] * M[i:1], M[j:1]
    ranges = [given(LessEqual(*pair)) for pair in ((0, i), (i, j))]
    everywhere = kernel.generalise(encode_variable(i), kernel.algebra(encode(Equal(whole, whole))))
    with pytest.raises(KernelError, match="do not agree"):
        kernel.restate(encode(ForAll(i, Equal(product, whole))), everywhere, ranges)


def test_closing_over_a_variable_reaches_its_every_occurrence() -> None:
    x = ("var", "x", INDEX)
    theorem = kernel.discharge(at_least(5, "x"), kernel.assume(at_least(5, "x")))
    everywhere = kernel.generalise(x, theorem)
    assert closed(theorem.conclusion, x) == everywhere.conclusion[2]
    assert "x" not in free(everywhere.conclusion)
