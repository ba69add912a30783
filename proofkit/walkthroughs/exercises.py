"""Predictions at steps: each wrong answer with an instance on which what it claims fails.

The instance is the reader's own network where the claim fails there, read with what its letters
stand for.  A wrong answer that no instance tried refutes is left out, and a question without wrong
answers is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import preorder_traversal

from proofkit.evaluate import Environment, evaluate, refute
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.refute import Refutation, side_quantities
from proofkit.networks.scalars import Undecidable
from proofkit.trace import Prose, Quantity, ResultTrace, StepTrace
from proofkit.walkthroughs.data import Choice, Question

__all__ = ["Answer", "Asked", "asked", "counterexample", "reasons", "step_of"]

DRAWS = 8
"""How many times instances are drawn anew before a wrong answer counts as not refuted."""

HERE = "On this network it fails"

SHOWN = 64
"""Matrices with more entries than this are left out of a counterexample."""


@dataclass(frozen=True)
class Answer:
    """A choice with what a reader is told who takes it."""

    words: Prose
    right: bool
    claim: Any = None
    where: str = ""
    quantities: tuple[Quantity, ...] = ()
    stands: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question before a step, which the kernel accepted."""

    id: str
    step: StepTrace
    asks: Prose
    answers: tuple[Answer, ...]
    hints: tuple[Prose, ...]
    after: Prose


def asked(
    trace: ResultTrace,
    questions: Sequence[Question],
    env: Environment | None,
    on: Callable[[str], Environment] | None = None,
) -> tuple[Asked, ...]:
    """The questions whose steps are in the proof, each wrong answer with a counterexample.

    ``env`` gives the symbols of the result values on the reader's network, ``on`` on an example.
    """
    found = []
    for question in questions:
        step = step_of(trace, question)
        if step is None:
            continue
        tried = [_answer(choice, env, question.stands, on) for choice in question.choices]
        answers = tuple(answer for answer in tried if answer is not None)
        if not all(answer.right for answer in answers):
            found.append(
                Asked(
                    question.id,
                    step,
                    question.asks,
                    answers,
                    question.hints,
                    question.after,
                )
            )
    return tuple(found)


def step_of(trace: ResultTrace, question: Question) -> StepTrace | None:
    """The step that a question is about, if the proof has it."""
    return next(
        (
            s
            for s in trace.walk()
            if s.claim in question.at and question.by in ("", s.rule) and s.kind != "suppose"
        ),
        None,
    )


def reasons(choices: Sequence[Choice], env: Environment) -> tuple[Answer, ...]:
    """Reasons for something on the reader's network: right are those that hold there."""
    found = []
    for choice in choices:
        shown = _here(choice, env)
        if shown is None:
            found.append(Answer(choice.words, True))
        else:
            found.append(Answer(choice.words, False, choice.claim, HERE, shown))
    return tuple(found)


def _answer(
    choice: Choice,
    env: Environment | None,
    stands: tuple[tuple[Any, Any], ...],
    on: Callable[[str], Environment] | None,
) -> Answer | None:
    """The choice with what is told of it; None for a wrong one that nothing tried refutes."""
    if choice.right:
        return Answer(choice.words, True)
    if choice.example:
        shown = None if on is None else _here(choice, on(choice.example))
        where = f"On {choice.example} it fails"
        return None if shown is None else Answer(choice.words, False, choice.claim, where, shown)
    found = counterexample(choice.claim, choice.given, env, stands)
    if found is None:
        return None
    where, quantities, read = found
    letters = {part for claim in (read, *choice.given) for part in preorder_traversal(claim)}
    named = tuple(pair for pair in stands if pair[0] in letters)
    return Answer(choice.words, False, read, where, quantities, named)


def counterexample(
    claim: Any,
    given: tuple[Any, ...],
    env: Environment | None,
    stands: Sequence[tuple[Any, Any]] = (),
    draws: int = DRAWS,
) -> tuple[str, tuple[Quantity, ...], Any] | None:
    """Where the claim fails although all of ``given`` hold, with the claim as it is read there.

    First the network of ``env``, then small instances; None if it fails on none of them.
    """
    if env is not None:
        meant = dict(stands)
        read = Choice(Prose(), _read(claim, meant), tuple(_read(one, meant) for one in given))
        if (shown := _here(read, env)) is not None:
            return HERE, shown, read.claim
    against = _against(claim, given, draws)
    if against is None:
        return None
    numbers = ", ".join(f"{name} = {value}" for name, value in against.numbers)
    where = "On a small instance it fails" + (f", with {numbers}" if numbers else "")
    return where, _small(against.quantities), claim


def _read(claim: Any, meant: Mapping[Any, Any]) -> Any:
    """The claim with what its letters stand for, sizes included."""
    sizes = {
        size: real
        for letter, term in meant.items()
        for size, real in ((letter.rows, term.rows), (letter.cols, term.cols))
    }
    return claim.xreplace({**sizes, **meant})


@lru_cache(maxsize=256)
def _against(claim: Any, given: tuple[Any, ...], draws: int) -> Refutation | None:
    """An instance on which the claim fails: the same whatever network the reader looks at."""
    found = (refute(claim, given, seed=seed) for seed in range(draws))
    try:
        return next((one for one in found if one is not None), None)
    except (TypeError, ValueError):
        # It speaks of what no instance gives a value, such as widths by their layer, or its
        # numbers grow beyond what can be printed.
        return None


def _here(choice: Choice, env: Environment) -> tuple[Quantity, ...] | None:
    """The values on the network, if what the choice supposes holds there and its claim does not."""
    try:
        for claim in choice.given:
            outcome = evaluate(claim, env)
            if not outcome.everywhere or outcome.unknown or outcome.sampled:
                return None
        outcome = evaluate(choice.claim, env)
        if outcome.everywhere or outcome.unknown or outcome.sampled:
            return None
        given = [q for claim in choice.given for q in side_quantities(claim, env)]
        return _small((*given, *side_quantities(choice.claim, env)))
    except (OutOfRange, Undecidable, TypeError, ValueError, ArithmeticError):
        return None


def _small(quantities: Sequence[Quantity]) -> tuple[Quantity, ...]:
    unlike: dict[Any, Quantity] = {}
    for one in quantities:
        if len(one.rows) * len(one.rows[0] if one.rows else ()) <= SHOWN:
            unlike.setdefault(one.term, one)
    return tuple(unlike.values())
