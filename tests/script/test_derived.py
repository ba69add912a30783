"""Inferences made of the kernel's: each is what it says, and fails on a wrong premise."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from proofkit.claims import (
    And,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Or,
    encode,
)
from proofkit.kernel import KernelError, LanguageError, Theorem, assume
from proofkit.script.derived import (
    excluded_middle,
    least_index,
    natural,
    near_nonzero,
    squeeze,
)
from proofkit.symbols import (
    MatrixVariable,
    encode_term,
    family,
    index,
    rank,
    real,
    widths,
)
from proofkit.symbols import natural as size

i, j, k, low, n, d = index("i"), index("j"), index("k"), index("low"), size("n"), widths("d")
x, y, e = real("x"), real("y"), real("e")
A, B, X = (MatrixVariable(name, n, n) for name in "ABX")
F = family("F", lambda at: (n, n))
Refused = (KernelError, LanguageError)


def given(claim: Any) -> Theorem:
    return assume(encode(claim))


def concludes(theorem: Theorem, *sequent: Any) -> None:
    """The theorem is hypotheses ⊢ conclusion, the conclusion given last."""
    *hypotheses, conclusion = map(encode, sequent)
    assert set(theorem.hypotheses) == set(hypotheses)
    assert theorem.conclusion == conclusion


# ── ⊢ p ∨ ¬p ───────────────────────────────────────────────────────────────────────────────────
def test_excluded_middle() -> None:
    p, q = LessEqual(i, 1), Equal(A, B)
    concludes(excluded_middle(encode(p)), Or(p, LessEqual(2, i)))
    concludes(excluded_middle(encode(q)), Or(q, NonZero(A - B)))
    concludes(excluded_middle(encode(NonZero(A))), Or(NonZero(A), Equal(A, 0)))
    for quantified in (ForAll(i, p), Exists(X, Equal(X, A)), Near((X, A), q)):
        assert excluded_middle(encode(quantified)).conclusion[0] == "or"
    with pytest.raises(Refused):
        excluded_middle(encode_term(A))


# ── ⊢ 0 ≤ n ────────────────────────────────────────────────────────────────────────────────────
def test_natural_numbers_are_at_least_zero() -> None:
    # ⊢ 0 ≤ d(i) + 2·rank A + n + 1, but not 0 ≤ i, nor 0 ≤ n − 1, nor 0 ≤ n − d(i)
    term = d(i) + 2 * rank(A) + n + 1
    concludes(natural(encode_term(term)), LessEqual(0, term))
    for other in (i, n - 1, n - d(i), -rank(A), n / 2, x):
        with pytest.raises(LanguageError, match="stands where one of sort nat belongs"):
            natural(encode_term(other))
    with pytest.raises(LanguageError):
        natural(encode_term(A))


# ── e ≥ 0, −e ≥ 0 ⊢ e = 0 ──────────────────────────────────────────────────────────────────────
def test_squeeze() -> None:
    up, down = given(LessEqual(i, j)), given(LessEqual(j, i))
    concludes(squeeze(up, down), LessEqual(i, j), LessEqual(j, i), Equal(j, i))
    concludes(squeeze(down, up), LessEqual(i, j), LessEqual(j, i), Equal(j, i))
    for pair in (
        (up, up),
        (up, given(Less(j, i))),
        (up, given(LessEqual(k, i))),
        (up, given(Equal(A, 0))),
        (given(LessEqual(x, y)), given(LessEqual(y, x))),  # of integers only
    ):
        with pytest.raises(Refused):
            squeeze(*pair)


def test_squeeze_on_numbers() -> None:
    """Two sides that may or may not be those of one equation: what is concluded holds."""
    rng, met = random.Random(3), 0
    ways: list[Callable[..., Any]] = [
        lambda a: LessEqual(a, 0),
        lambda a: LessEqual(0, a),
        lambda a: LessEqual(0, a + 1),
    ]
    for _ in range(400):
        term = rng.randint(-3, 3) * i + rng.randint(-3, 3) * j + rng.randint(-1, 1)
        first, second = rng.choice(ways)(term), rng.choice(ways)(term)
        try:
            theorem = squeeze(given(first), given(second))
        except Refused:
            continue
        concludes(theorem, first, second, Equal(term, 0))
        met += 1
    assert met > 40


# ── ∃i. p(i), ∀i. p(i) → l ≤ i ⊢ a least one ───────────────────────────────────────────────────
def test_least_index() -> None:
    # some i with F_i = A, all of them ≥ l: there is a least one
    claim = Equal(F[i], A)
    existence, bound = Exists(i, claim), ForAll(i, Implies(claim, LessEqual(low, i)))
    least = Exists(i, And(claim, ForAll(low, Implies(Equal(F[low], A), LessEqual(i, low)))))
    concludes(least_index(given(existence), given(bound)), existence, bound, least)
    for other in (
        ForAll(i, Implies(Equal(F[i], B), LessEqual(low, i))),  # of another claim
        ForAll(i, Implies(claim, LessEqual(i, low))),  # a bound from above is none
        ForAll(i, Implies(claim, LessEqual(low, 2 * i))),
        ForAll(i, Implies(claim, LessEqual(rank(F[i]), i))),  # the bound moves with i
        ForAll(i, Implies(claim, LessEqual(0, 0))),
        ForAll(i, claim),
    ):
        with pytest.raises(KernelError, match=r"least index.*lo ≤ i"):
            least_index(given(existence), given(other))
    with pytest.raises(KernelError, match=r"least index.*lo ≤ i"):
        least_index(given(Exists(X, Equal(X, A))), given(bound))
    with pytest.raises(Refused):
        least_index(given(claim), given(bound))


def test_least_index_of_several_claims() -> None:
    for claim in (
        Less(rank(F[i]), 2),
        Exists(j, And(LessEqual(i, j), Equal(F[j], F[i]))),
        ForAll(j, Equal(F[i], F[j])),
    ):
        bound = ForAll(i, Implies(claim, LessEqual(low + 3, i)))
        least = least_index(given(Exists(i, claim)), given(bound)).conclusion
        smallest = ForAll(k, Implies(claim.xreplace({i: k}), LessEqual(i, k)))
        assert least == encode(Exists(i, And(claim, smallest)))


# ── p(ε) for ε near 0 ⊢ ∃ε. ε ≠ 0 ∧ p(ε) ───────────────────────────────────────────────────────
def test_small_numbers_other_than_zero() -> None:
    for small in (Equal(e * A, B), LessEqual(rank(e * A), n), Exists(X, Equal(X, e * A))):
        near = Near((e, 0), small)
        concludes(near_nonzero(given(near)), near, Exists(e, And(NonZero(e), small)))
    small = Equal(e * A, B)
    for other in (
        Near((e, 1), small),
        Near((e, x), small),
        Near((X, 0 * A), Equal(X, B)),
        Near((e, 0), (x, 0), small),
        Exists(e, small),
        ForAll(e, small),
    ):
        with pytest.raises(KernelError, match=r"near: a small number: .*near 0"):
            near_nonzero(given(other))
