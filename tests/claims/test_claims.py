"""Claims say in the core language what they say on paper."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import (
    And,
    Between,
    Contradiction,
    Critical,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    RankBelow,
    RankIs,
    SpuriousLocalMinimum,
    encode,
)
from proofkit.symbols.faults import LanguageError, ShapeError, SortError
from proofkit.language.wellformed import check_claim
from proofkit.symbols import Function, MatrixVariable, Zero, index, natural, rank, real

m, n, i, j, x = natural("m"), natural("n"), index("i"), index("j"), real("x")
A, B, X, Y = (MatrixVariable(name, m, n) for name in "ABXY")
f = Function("f", m, n)

SAME: dict[str, tuple[Any, Any]] = {
    "A = B is B = A": (Equal(A, B), Equal(B, A)),
    "0 stands for a zero matrix": (Equal(A, 0), Equal(A, Zero(m, n))),
    "i < j is i + 1 ≤ j": (Less(i, j), LessEqual(i + 1, j)),
    "¬(i ≤ j) is j < i": (Not(LessEqual(i, j)), Less(j, i)),
    "¬(x ≤ 0) is 0 < x": (Not(LessEqual(x, 0)), Less(0, x)),
    "A ≠ 0": (NonZero(A), Not(Equal(A, 0))),
    "rank A = i": (RankIs(A, i), Equal(rank(A), i)),
    "rank A < i": (RankBelow(A, i), Less(rank(A), i)),
    "i ≤ j ≤ n": (Between(i, j, n), And(LessEqual(i, j), LessEqual(j, n))),
    "f'(A) = 0": (Critical(f, A), Equal(f.gradient(A), 0)),
    "p → (q → r) is p ∧ q → r as a chain": (
        Implies(LessEqual(i, j), Implies(Less(j, i), Contradiction())),
        Implies(LessEqual(i, j), Less(j, i), Contradiction()),
    ),
    "nested quantifiers": (ForAll(i, ForAll(j, Less(i, j))), ForAll(i, j, Less(i, j))),
    "a local minimum": (
        LocalMinimum(X, f(X), A),
        Near((Y, A), LessEqual(f(A), f(Y))),
    ),
    "a global minimum": (GlobalMinimum(X, f(X), A), ForAll(Y, LessEqual(f(A), f(Y)))),
    "a spurious local minimum": (
        SpuriousLocalMinimum(X, f(X), A),
        And(LocalMinimum(X, f(X), A), Not(GlobalMinimum(X, f(X), A))),
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_two_ways_to_say_one_thing(one: Any, other: Any) -> None:
    assert encode(one) == encode(other)
    check_claim(encode(one))


DIFFERENT: dict[str, tuple[Any, Any]] = {
    "the order of quantifiers": (
        ForAll(X, Exists(Y, Equal(X, Y))),
        Exists(Y, ForAll(X, Equal(X, Y))),
    ),
    "the direction of ≤": (LessEqual(i, j), LessEqual(j, i)),
    "and, or": (And(Less(i, j), Less(j, i)), Or(Less(i, j), Less(j, i))),
    "near A, near B": (Near((X, A), Equal(X, Y)), Near((X, B), Equal(X, Y))),
    "local, global": (LocalMinimum(X, f(X), A), GlobalMinimum(X, f(X), A)),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_different_claims_stay_different(one: Any, other: Any) -> None:
    assert encode(one) != encode(other)


def test_the_point_of_a_minimum_is_not_captured() -> None:
    # the point may be called what the variable is called: ∀X'. f(X) ≤ f(X'), not ∀X. f(X) ≤ f(X)
    claim = GlobalMinimum(X, f(X), X)
    assert encode(claim) == encode(ForAll(Y, LessEqual(f(X), f(Y))))
    assert encode(claim.meaning()) == encode(claim)
    local = LocalMinimum((X, Y), f(X + Y), (Y, X))
    assert encode(local.meaning()) == encode(local)


def test_claims_of_the_wrong_kind_are_refused() -> None:
    with pytest.raises(ShapeError, match="one shape"):
        Equal(A, A.T)
    with pytest.raises(SortError):
        Equal(A, 1)
    with pytest.raises(SortError):
        LessEqual(A, B)
    with pytest.raises(SortError, match="not a claim"):
        And(Equal(A, B), True)
    with pytest.raises(SortError, match="not a claim"):
        encode(A)
    with pytest.raises(SortError, match="not a variable"):
        ForAll(A * A.T, Equal(A, B))
    with pytest.raises(SortError, match="coordinates"):
        LocalMinimum((X, Y), f(X), A)
    with pytest.raises(LanguageError):
        check_claim(encode(Near((i, 0), Equal(A, B))))


def test_claims_are_data() -> None:
    # substitution, free symbols, and rebuilding from args
    claim = ForAll(X, Implies(NonZero(X), Exists(Y, Equal(X + A, Y))))
    assert claim.xreplace({A: B}) == ForAll(X, Implies(NonZero(X), Exists(Y, Equal(X + B, Y))))
    near = Near((X, A), Equal(X, B))
    assert near.xreplace({B: A}) == Near((X, A), Equal(X, A))
    assert claim.func(*claim.args) == claim
    assert str(near) == "for all X near A: X = B"
