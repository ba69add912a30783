"""A Theorem comes from the kernel's rules and from nowhere else, and nothing changes it later."""

from __future__ import annotations

import copy
import copyreg
import dataclasses
import gc
import pickle
import weakref
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Equal, LessEqual, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import free
from proofkit.kernel.nodes import node
from proofkit.kernel.terms import number
from proofkit.script import derived
from proofkit.symbols import MatrixVariable, encode_term, index, natural

n = natural("n")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)
FALSE = ("false",)


def genuine() -> Theorem:
    return derived.natural(number(0))


def use(theorem: Any) -> Theorem:
    """Any rule: it reads what the theorem says."""
    return kernel.conjoin(theorem, genuine())


def test_the_constructor_makes_none() -> None:
    for arguments in ((), ((), FALSE), (genuine(),)):
        with pytest.raises(KernelError, match="rules only"):
            Theorem(*arguments)
        with pytest.raises(KernelError, match="rules only"):
            type(genuine())(*arguments)


def test_it_cannot_be_subclassed() -> None:
    with pytest.raises(KernelError, match="subclassed"):

        class Mine(Theorem):
            pass

    with pytest.raises(KernelError, match="subclassed"):
        type("Mine", (Theorem,), {})


def test_an_object_not_made_by_the_kernel_is_no_theorem() -> None:
    forged = object.__new__(Theorem)
    for look in (use, lambda th: th.conclusion, lambda th: th.hypotheses):
        with pytest.raises(KernelError, match="not made by the kernel"):
            look(forged)
    with pytest.raises(KernelError, match="not made by the kernel"):
        use(("not", "a", "theorem"))


class Lookalike:
    """Offers everything a theorem has."""

    __slots__ = ("__weakref__",)
    hypotheses = ()
    conclusion = FALSE

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


def test_a_lookalike_is_no_theorem() -> None:
    with pytest.raises(KernelError, match="not made by the kernel"):
        use(Lookalike())


def test_changing_the_class_of_an_object_makes_no_theorem() -> None:
    thing = Lookalike()
    try:
        thing.__class__ = Theorem  # type: ignore[assignment]
    except TypeError:
        return
    with pytest.raises(KernelError, match="not made by the kernel"):
        use(thing)


@pytest.mark.parametrize(
    "copied",
    [
        copy.copy,
        copy.deepcopy,
        pickle.dumps,
        lambda th: th.__reduce__(),
        lambda th: th.__reduce_ex__(4),
        lambda th: copyreg.__newobj__(Theorem),  # type: ignore[attr-defined]
    ],
)
def test_it_cannot_be_copied_or_pickled(copied: Any) -> None:
    with pytest.raises(KernelError):
        use(copied(genuine()))


def test_it_is_no_dataclass_to_replace_fields_of() -> None:
    with pytest.raises((TypeError, KernelError)):
        dataclasses.replace(genuine(), conclusion=FALSE)  # type: ignore[type-var]


def test_its_parts_cannot_be_set() -> None:
    theorem = genuine()
    for name in ("conclusion", "hypotheses", "inference", "anything"):
        with pytest.raises(AttributeError):
            setattr(theorem, name, FALSE)
        with pytest.raises(AttributeError):
            object.__setattr__(theorem, name, FALSE)
    with pytest.raises(AttributeError):
        theorem.inference.data = ()  # type: ignore[misc]
    assert theorem.conclusion == ("inonneg", number(0))


def test_a_theorem_that_is_gone_leaves_nothing_behind() -> None:
    theorem = genuine()
    ghost = weakref.ref(theorem)
    del theorem
    gc.collect()
    assert ghost() is None
    for _ in range(100):  # new objects take the place of the old ones in memory
        with pytest.raises(KernelError, match="not made by the kernel"):
            use(object.__new__(Theorem))


def test_changing_a_claim_after_its_use_changes_no_theorem() -> None:
    claim = Equal(A * B, B * A)
    theorem = kernel.assume(encode(claim))
    before = theorem.conclusion
    claim._args = (A, A)
    assert theorem.conclusion == before == encode(Equal(A * B, B * A))
    assert theorem.hypotheses == (before,)


def test_changing_the_lists_of_arguments_after_their_use_changes_no_theorem() -> None:
    i = index("i")
    premise = kernel.assume(encode(LessEqual(1, i)))
    scales = [(premise, number(1))]
    theorem = kernel.arithmetic(encode(LessEqual(0, i)), scales)
    scales.clear()
    assert theorem.hypotheses == premise.hypotheses
    assert theorem.inference.premises == (premise,)
    assert theorem.inference.data[1] == ((number(1), premise.conclusion[1]),)


class Two(list[Any]):
    """Other things each time one goes through it."""

    def __init__(self, *contents: Any) -> None:
        self.contents = list(contents)

    def __iter__(self) -> Any:
        return iter(self.contents.pop(0))


def test_lists_that_are_never_the_same_make_no_wrong_theorem() -> None:
    # −5 ≥ 0 the first time, nothing the second
    absurd, zero = (kernel.assume(p) for p in (("inonneg", number(-5)), encode(Equal(A, 0))))
    key = ((), ((encode_term(A), 0),))
    made = [
        kernel.arithmetic(FALSE, Two([(absurd, number(1))], [])),
        kernel.arithmetic(FALSE, [Two([absurd, number(1)], [genuine(), number(1)])]),  # type: ignore[list-item]
        kernel.algebra(encode(Equal(A, 0)), Two([(zero, key)], [])),
        kernel.algebra(encode(Equal(A, 0)), [Two([zero, key], [genuine(), key])]),  # type: ignore[list-item]
    ]
    for theorem, premise in zip(made, (absurd, absurd, zero, zero), strict=True):
        assert theorem.hypotheses == premise.hypotheses
        assert theorem.inference.premises == (premise,)
    restated = kernel.restate(encode(Equal(A, 0)), zero, Two([absurd], []))
    assert restated.hypotheses == (*zero.hypotheses, *absurd.hypotheses)


def test_what_was_proved_is_made_of_nothing_that_can_change() -> None:
    def exact(x: Any) -> bool:
        return type(x) in (str, int) or (type(x) is tuple and all(map(exact, x)))

    theorem = kernel.algebra(encode(Equal(A * B / 2, A * B / 2)))
    assert exact(theorem.conclusion)
    assert exact(theorem.inference.data)
    assert type(theorem.hypotheses) is tuple
    with pytest.raises(TypeError):
        theorem.conclusion[1][3] += (1,)


def test_what_is_told_of_a_claim_cannot_be_changed() -> None:
    claim = encode(Equal(A, B))
    with pytest.raises((TypeError, AttributeError)):
        free(claim).clear()  # type: ignore[attr-defined]
    with pytest.raises((TypeError, AttributeError)):
        del free(claim)["A"]  # type: ignore[attr-defined]
    assert set(free(claim)) == {"A", "B", "n"}
    assert kernel.LEDGER["fermat"].claim == node(*kernel.textbook("fermat").conclusion)


def test_long_proofs_are_forgotten_without_harm() -> None:
    theorem = genuine()
    for _ in range(3000):
        theorem = kernel.project(kernel.conjoin(theorem, theorem), 0)
    ghost = weakref.ref(theorem)
    del theorem
    gc.collect()
    assert ghost() is None
