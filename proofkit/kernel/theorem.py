"""Theorem: a sequent hypotheses ⊢ conclusion that the kernel's rules, and nothing else, made.

What was proved is kept in a vault as nodes, which nobody can change, and never in the Theorem
object, which is only a ticket to it.  So a constructor, a copy, a pickle or `object.__new__`
yields a ticket to nothing.  Python cannot make this airtight against code that sets out to break
it (it may reach into this module); assurance against that comes from the exported proof and the
second checker.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, NoReturn, ParamSpec
from weakref import WeakKeyDictionary

from proofkit.kernel.nodes import LanguageError, Term, allow, node, tidy
from proofkit.kernel.reading import claim


class KernelError(ValueError):
    """An inference that the kernel refuses: the rule, the problem, what it expected and found."""

    def __init__(self, rule: str, problem: str, expected: Any = None, found: Any = None) -> None:
        super().__init__(f"{rule}: {problem}")
        self.rule, self.problem, self.expected, self.found = rule, problem, expected, found


class Theorem:
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
        """The claims it rests on, in the order they were made."""
        return sequent(self).hypotheses

    @property
    def conclusion(self) -> Term:
        """What was proved."""
        return sequent(self).conclusion

    @property
    def inference(self) -> Inference:
        """The last inference of its proof."""
        return sequent(self).inference


class Inference(NamedTuple):
    """How a theorem was made: the rule, the theorems it was given, and its data (FORMAT.md, 8)."""

    rule: str
    premises: tuple[Theorem, ...]
    data: Term


class Sequent(NamedTuple):
    """What a theorem says and how it was made."""

    hypotheses: tuple[Term, ...]
    conclusion: Term
    inference: Inference


_vault: WeakKeyDictionary[Theorem, Sequent] = WeakKeyDictionary()


def sequent(theorem: Theorem) -> Sequent:
    """What the theorem says; `KernelError` for anything the kernel did not make."""
    found = _vault.get(theorem) if type(theorem) is Theorem else None
    if found is None:
        raise KernelError("Theorem", "this object was not made by the kernel")
    return found


FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
P = ParamSpec("P")


def inference_rule(infer: Callable[P, Theorem]) -> Callable[P, Theorem]:
    """A rule, which refuses arguments of a kind that it does not take, too, whatever they are."""

    @wraps(infer)
    def rule(*arguments: P.args, **named: P.kwargs) -> Theorem:
        try:
            return infer(*arguments, **named)
        except (KernelError, LanguageError):
            raise
        except FAULTS as fault:
            name = infer.__name__.replace("_", " ")
            raise KernelError(name, "the arguments are not of the kind that it takes") from fault
        finally:
            allow(float("inf"))

    return rule


def says(theorem: Theorem, *tags: str, rule: str) -> Term:
    """The conclusion of a theorem, which must be of one of these kinds, if any are named."""
    found = sequent(theorem).conclusion
    if tags and found[0] not in tags:
        raise KernelError(rule, f"a premise must be of the kind {' or '.join(tags)}", found=found)
    return found


def require(fine: bool, rule: str, problem: str, expected: Any = None, found: Any = None) -> None:
    """Refuse the inference unless it is fine."""
    if not fine:
        raise KernelError(rule, problem, expected, found)


def seal(
    rule: str, premises: tuple[Theorem, ...], data: Term, conclusion: Term, kept: Any = None
) -> Theorem:
    """A new theorem.  Only the rules may call this, each after its check.

    The conclusion goes through the gate.  The hypotheses are those of the premises, or those kept.
    """
    unique = {id(h): h for h in (node(*h) for h in (joint(*premises) if kept is None else kept))}
    theorem: Theorem = object.__new__(Theorem)  # type: ignore[arg-type]
    inference = Inference(rule, premises, node(*data))
    _vault[theorem] = Sequent(tuple(unique.values()), claim(conclusion), inference)
    tidy()
    return theorem


def joint(*theorems: Theorem) -> tuple[Term, ...]:
    """The hypotheses of all the theorems."""
    return tuple(h for theorem in theorems for h in sequent(theorem).hypotheses)


def without(p: Term, theorem: Theorem) -> tuple[Term, ...]:
    """The hypotheses of the theorem other than p."""
    return tuple(h for h in sequent(theorem).hypotheses if h != p)
