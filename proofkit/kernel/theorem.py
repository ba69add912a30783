"""Theorem: a sequent hypotheses ⊢ conclusion that the kernel's rules, and nothing else, made.

What was proved is kept in a vault as nested tuples, which nobody can change, and never in the
Theorem object, which is only a ticket to it.  So a constructor, a copy, a pickle or
`object.__new__` yields a ticket to nothing, and changing an expression after it was used changes
no theorem.  Python cannot make this airtight against code that sets out to break it (it may
reach into this module, or feed strings that lie about what they equal to the functions of
`proofkit.language`, which remember what they found out about equal terms); assurance against that
comes from the exported proof and the second checker.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn
from weakref import WeakKeyDictionary

from proofkit.displays import Shown
from proofkit.language.printing import text
from proofkit.language.terms import Term

__all__ = ["Inference", "KernelError", "Theorem"]


class KernelError(ValueError):
    """An inference the kernel refuses: the rule, what it expected and what it found.

    ``hint`` names what to do about it or the rule that nearly applied.
    """

    def __init__(
        self, rule: str, problem: str, expected: Any = None, found: Any = None, hint: str = ""
    ) -> None:
        self.rule, self.problem, self.hint = rule, problem, hint
        self.expected = (
            expected if expected is None or isinstance(expected, str) else text(expected)
        )
        self.found = found if found is None or isinstance(found, str) else text(found)
        lines = [f"{rule}: {problem}"]
        if self.expected is not None:
            lines.append(f"  expected: {self.expected}")
        if self.found is not None:
            lines.append(f"  found:    {self.found}")
        if hint:
            lines.append(f"  hint:     {hint}")
        super().__init__("\n".join(lines))


class Theorem(Shown):
    """A proved sequent; see the rules in `proofkit.kernel` for how to get one."""

    __slots__ = ("__weakref__",)

    def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise KernelError("Theorem", "theorems are made by the kernel's rules only")

    def __init_subclass__(cls, **kwargs: Any) -> NoReturn:
        raise KernelError("Theorem", "Theorem cannot be subclassed")

    def _refuse_to_copy(self, *args: Any, **changes: Any) -> NoReturn:
        raise KernelError("Theorem", "theorems cannot be copied or pickled; export the proof")

    __copy__ = __deepcopy__ = __replace__ = __reduce__ = __reduce_ex__ = _refuse_to_copy

    @property
    def hypotheses(self) -> tuple[Term, ...]:
        """The claims it rests on, in the core language, in the order they were made."""
        return read(self).hypotheses

    @property
    def conclusion(self) -> Term:
        """What was proved, in the core language."""
        return read(self).conclusion

    @property
    def inference(self) -> Inference:
        """The last inference of its proof."""
        return read(self).inference

    def __repr__(self) -> str:
        sequent = read(self)
        return f"{', '.join(map(text, sequent.hypotheses))} ⊢ {text(sequent.conclusion)}".lstrip()


class Inference(NamedTuple):
    """How a theorem was made: the rule, the theorems it was given, and its other arguments."""

    rule: str
    premises: tuple[Theorem, ...]
    data: tuple[Any, ...]


class Sequent(NamedTuple):
    """What a theorem says and how it was made."""

    hypotheses: tuple[Term, ...]
    conclusion: Term
    inference: Inference


_vault: WeakKeyDictionary[Theorem, Sequent] = WeakKeyDictionary()


def read(theorem: Theorem) -> Sequent:
    """What the theorem says; `KernelError` for anything the kernel did not make."""
    if type(theorem) is not Theorem:
        raise KernelError("Theorem", "a theorem was expected", "Theorem", type(theorem).__name__)
    sequent = _vault.get(theorem)
    if sequent is None:
        raise KernelError("Theorem", "this object was not made by the kernel")
    return sequent


def seal(
    rule: str,
    hypotheses: tuple[Term, ...],
    conclusion: Term,
    premises: tuple[Theorem, ...] = (),
    data: tuple[Any, ...] = (),
) -> Theorem:
    """A new theorem.  Only the rules of the kernel may call this, each after its check."""
    theorem: Theorem = object.__new__(Theorem)  # type: ignore[arg-type]
    unique = tuple(dict.fromkeys(hypotheses))
    _vault[theorem] = Sequent(unique, conclusion, Inference(rule, premises, data))
    return theorem


def joint(*theorems: Theorem) -> tuple[Term, ...]:
    """The hypotheses of all the theorems."""
    return tuple(h for theorem in theorems for h in read(theorem).hypotheses)


def without(claim: Term, theorem: Theorem) -> tuple[Term, ...]:
    """The hypotheses of the theorem other than ``claim``."""
    return tuple(h for h in read(theorem).hypotheses if h != claim)
