"""Exercises that come from a proof: predictions at steps, and steps to be put in order.

A prediction's wrong answers each claim something; here an instance is computed on which it fails,
on the reader's own network where it fails there.  A wrong answer that no instance tried refutes is
left out, and a question without wrong answers is none.  Steps may be put in any order in which
each comes after those that it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from proofkit.evaluate import Environment, evaluate, refute
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.refute import Refutation, side_quantities
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.script import Step
from proofkit.trace import Prose, Quantity, ResultTrace, StepTrace
from proofkit.walkthroughs.data import Choice, Question

__all__ = ["Answer", "Asked", "Ordering", "asked", "ordering"]

DRAWS = 8
"""How many times instances are drawn anew before a wrong answer counts as not refuted."""

SHOWN = 64
"""Matrices with more entries than this are left out of a counterexample."""

FEWEST, MOST = 4, 9
"""How many steps there are to put in order."""


@dataclass(frozen=True)
class Answer:
    """A choice with what a reader is told who takes it."""

    words: Prose
    right: bool
    claim: Any = None
    where: str = ""
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A question before the step of a number."""

    id: str
    number: str
    asks: Prose
    answers: tuple[Answer, ...]
    hints: tuple[Prose, ...]
    after: Prose


def asked(
    trace: ResultTrace, questions: Sequence[Question], env: Environment | None
) -> tuple[Asked, ...]:
    """The questions whose steps are in the proof, each wrong answer with a counterexample.

    ``env`` gives the symbols of the result values on the reader's network.
    """
    found = []
    for question in questions:
        step = next(
            (s for s in trace.walk() if s.claim in question.at and question.by in ("", s.rule)),
            None,
        )
        if step is None:
            continue
        tried = [_answer(choice, env) for choice in question.choices]
        answers = tuple(answer for answer in tried if answer is not None)
        if not all(answer.right for answer in answers):
            found.append(
                Asked(
                    question.id,
                    step.number,
                    question.asks,
                    answers,
                    question.hints,
                    question.after,
                )
            )
    return tuple(found)


def _answer(choice: Choice, env: Environment | None) -> Answer | None:
    """The choice with what is told of it; None for a wrong one that nothing tried refutes."""
    if choice.right:
        return Answer(choice.words, True)
    if env is not None and (shown := _here(choice, env)) is not None:
        return Answer(choice.words, False, choice.claim, "On this network it fails", shown)
    against = _against(choice.claim, choice.given)
    if against is None:
        return None
    numbers = ", ".join(f"{name} = {value}" for name, value in against.numbers)
    where = "On a small instance it fails" + (f", with {numbers}" if numbers else "")
    return Answer(choice.words, False, choice.claim, where, _small(against.quantities))


@lru_cache(maxsize=256)
def _against(claim: Any, given: tuple[Any, ...]) -> Refutation | None:
    """An instance on which the claim fails: the same whatever network the reader looks at."""
    found = (refute(claim, given, seed=seed) for seed in range(DRAWS))
    return next((one for one in found if one is not None), None)


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


# ── Steps in order ─────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Ordering:
    """Steps to be put in order: as shuffled, and for each the steps that must come before it."""

    steps: tuple[StepTrace, ...]
    before: tuple[tuple[str, str], ...]

    def accepts(self, order: Sequence[str]) -> bool:
        """Whether the numbers are these steps, each after all that it rests on."""
        place = {number: n for n, number in enumerate(order)}
        return sorted(order) == sorted(s.number for s in self.steps) and all(
            place[first] < place[then] for first, then in self.before
        )


def ordering(trace: ResultTrace, steps: Sequence[Step], seed: int = 0) -> Ordering | None:
    """The block of steps that gives the best exercise, shuffled; None if no block is fit for one.

    ``steps`` are the steps of the script, in the same order as in the trace.
    """
    best: tuple[int, Ordering] | None = None
    for traced, scripted in _blocks(trace.steps, steps):
        pairs = [
            (t, s)
            for t, s in zip(traced, scripted, strict=True)
            if t.kind not in ("given", "suppose") or t.children
        ]
        if not FEWEST <= len(pairs) <= MOST:
            continue
        before = _before(pairs)
        # Many conditions make an exercise of it; a block that leaves one order only is a list.
        if len(before) < len(pairs) - 1:
            continue
        if best is None or len(before) > best[0]:
            best = len(before), Ordering(tuple(t for t, _ in pairs), before)
    return None if best is None else _shuffled(best[1], seed)


def _blocks(
    traced: Sequence[StepTrace], scripted: Sequence[Step]
) -> list[tuple[Sequence[StepTrace], Sequence[Step]]]:
    found = [(traced, scripted)]
    for t, s in zip(traced, scripted, strict=True):
        found += _blocks(t.children, s.children)
    return found


def _before(pairs: Sequence[tuple[StepTrace, Step]]) -> tuple[tuple[str, str], ...]:
    """Which steps rest on which: by what they use, or as they name what was obtained."""
    owner = {inner.number: t.number for t, _ in pairs for inner in t.walk()}
    found = set()
    for n, (t, s) in enumerate(pairs):
        for inner in t.walk():
            for used in inner.uses:
                first = owner.get(used)
                if first is not None and first != t.number:
                    found.add((first, t.number))
        if s.kind == "obtain":
            # The witness is that of the statement before it, and later steps may name it.
            if n:
                found.add((pairs[n - 1][0].number, t.number))
            names = set(s.variables)
            for later, step in pairs[n + 1 :]:
                if names & _symbols(step):
                    found.add((t.number, later.number))
    return tuple(sorted(found))


def _symbols(step: Step) -> set[Any]:
    from sympy import preorder_traversal

    found = set(preorder_traversal(step.claim))
    for child in step.children:
        found |= _symbols(child)
    return found


def _shuffled(one: Ordering, seed: int) -> Ordering:
    rng = generator((seed, 41))
    for _ in range(20):
        order = [one.steps[n] for n in rng.permutation(len(one.steps))]
        if not one.accepts([s.number for s in order]):
            return Ordering(tuple(order), one.before)
    return Ordering(tuple(reversed(one.steps)), one.before)
