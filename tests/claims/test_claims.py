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
from proofkit.kernel import assume
from proofkit.kernel.reading import claim
from proofkit.symbols import (
    Function,
    Identity,
    MatrixVariable,
    Zero,
    index,
    natural,
    rank,
    real,
    trace,
    vector,
)
from proofkit.symbols.faults import LanguageError, ShapeError, SortError

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
    assert claim(encode(one)) == encode(one)


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
    least = GlobalMinimum(X, f(X), X)
    assert encode(least) == encode(ForAll(Y, LessEqual(f(X), f(Y))))
    assert encode(least.meaning()) == encode(least)
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
        encode(Near((i, 0), Equal(A, B)))


def test_claims_are_data() -> None:
    # substitution, free symbols, and rebuilding from args
    said = ForAll(X, Implies(NonZero(X), Exists(Y, Equal(X + A, Y))))
    assert said.xreplace({A: B}) == ForAll(X, Implies(NonZero(X), Exists(Y, Equal(X + B, Y))))
    near = Near((X, A), Equal(X, B))
    assert near.xreplace({B: A}) == Near((X, A), Equal(X, A))
    assert said.func(*said.args) == said
    assert str(near) == "for all X near A: X = B"


# ── A closed way in ────────────────────────────────────────────────────────────────────────────
class Promising(GlobalMinimum):  # type: ignore[misc]
    """Shown as a global minimum, and encoded as it likes."""

    def encode(self) -> Any:
        return ("rnonneg", ("num", ()))

    def meaning(self) -> Any:
        return LessEqual(0, 0)


class Agreeing(Equal):  # type: ignore[misc]
    """Equal to whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(Equal(A, A))


def test_claims_of_one_s_own_classes_are_no_claims() -> None:
    encode(Equal(A, A))  # what was seen before must not vouch for what says it is equal
    for other in (Promising(X, f(X), A), Agreeing(A, B), ("false",), True, None, Equal):
        with pytest.raises(SortError, match="is not a claim of proofkit"):
            encode(other)
        with pytest.raises((SortError, LanguageError)):
            encode(Not(other))
        with pytest.raises((SortError, LanguageError)):
            encode(ForAll(X, other))


def test_what_a_claim_says_of_itself_counts_for_nothing() -> None:
    least = GlobalMinimum(X, f(X), A)
    before = encode(least)
    try:
        least.encode = lambda: ("false",)
        least.meaning = lambda: Contradiction()
    except AttributeError:
        pass
    assert encode(least) == before == encode(GlobalMinimum(X, f(X), A))


class Liar(tuple[Any, ...]):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(("false",))


def test_a_claim_with_other_parts_is_not_the_one_it_equals() -> None:
    with pytest.raises((SortError, LanguageError)):
        encode(And(Liar(("false",)), Contradiction()))
    with pytest.raises(LanguageError):
        assume(Liar(("false",)))


def test_a_one_by_one_matrix_is_a_number_in_relations() -> None:
    n, c = natural("n"), real("c")
    x, y = vector("x", n), vector("y", n)
    assert encode(LessEqual(0, x.T * x)) == encode(LessEqual(0, trace(x.T * x)))
    assert encode(Equal(x.T * y, c)) == encode(Equal(x.T * y, c * Identity(1)))
    with pytest.raises(SortError):
        Equal(x, c)
