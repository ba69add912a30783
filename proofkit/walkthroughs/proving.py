"""A reader proves a step: chooses the facts that it follows from, or the claim that follows.

Beside the exercises that a pack states others are made from the inferences that were recorded.
What is right is not known beforehand: the kernel is asked for what a reader chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final, Literal, TypeAlias

from proofkit.basics.identity import Same
from proofkit.evaluate import Environment
from proofkit.evaluate.instances import is_decidable
from proofkit.script import Proof, Result, ScriptError
from proofkit.trace import Quantity, ResultTrace, StepTrace
from proofkit.views import text
from proofkit.walkthroughs.data import Facts, Question
from proofkit.walkthroughs.exercises import counterexample, step_of

__all__ = ["Exercise", "Tried", "accepted", "choices", "exercises", "tried"]

Named: TypeAlias = Callable[[str], Result | None]
"""The result of that id, if there is one."""

MOST: Final = 2
"""How many exercises are made from a proof; of one beat there is one at most."""

OFFERED: Final = 4
"""How many facts there are to choose from."""

LONGEST: Final = 70
"""Characters of a claim that is read at one glance."""

_PLAIN: Final = frozenset(
    [
        "arithmetic",
        "conjunction",
        "contradiction",
        "disjunction",
        "equals for equals",
        "instance",
        "restate",
        "witness",
    ]
)
"""Rules by which a step says again what was said: there is nothing to find out."""


@dataclass(frozen=True)
class Exercise:
    """What may be chosen before a step is shown.

    It ``asks`` which of the facts ``offered`` the ``claim`` follows from, or which of the claims
    offered follows from the ``facts``; ``always`` is what a proof may use in any case.  ``read``
    says the claim in a form that can be refuted.
    """

    id: str
    step: StepTrace
    asks: Literal["facts", "claim"]
    offered: tuple[Any, ...]
    claim: Any = None
    facts: tuple[Any, ...] = ()
    always: tuple[Any, ...] = ()
    read: Any = None

    def chosen(self, bits: str) -> tuple[Any, tuple[Any, ...]]:
        """The claim and the facts of a choice, which has one bit for each thing on offer."""
        picked = tuple(one for one, bit in zip(self.offered, bits, strict=True) if bit == "1")
        return (self.claim, picked) if self.asks == "facts" else (picked[0], self.facts)


@dataclass(frozen=True)
class Tried:
    """What the kernel says of a choice.

    ``rule`` is that of the last inference where it accepts; else there may be an instance on which
    the facts hold and the claim does not.
    """

    bits: str
    rule: str
    where: str = ""
    quantities: tuple[Quantity, ...] = ()


def tried(exercise: Exercise, bits: str, env: Environment | None) -> Tried:
    """What comes of a choice: the kernel's word, and an instance against it, if there is one."""
    claim, facts = exercise.chosen(bits)
    rule = accepted(claim, facts, exercise.always)
    read = exercise.read if exercise.read is not None else claim
    # A reader waits for what is told of a choice: instances are not drawn for long.
    against = None if rule else counterexample(read, facts, env, draws=1)
    return Tried(bits, rule, *(against[:2] if against else ()))


def choices(exercise: Exercise) -> Iterator[str]:
    """All choices: of facts any, of claims one.

    >>> from proofkit.trace import StepTrace
    >>> one = Exercise("a", StepTrace("1", "have", None, "", ""), "claim", ("p", "q", "r"))
    >>> list(choices(one))
    ['100', '010', '001']
    """
    count = len(exercise.offered)
    if exercise.asks == "facts":
        yield from map("".join, product("01", repeat=count))
    else:
        yield from ("0" * n + "1" + "0" * (count - n - 1) for n in range(count))


def accepted(claim: Any, facts: tuple[Any, ...], always: tuple[Any, ...] = ()) -> str:
    """By which rule the kernel accepts the claim from the facts; empty where it does not."""
    return _accepted(claim, facts, tuple(Same(x) if isinstance(x, Result) else x for x in always))


@lru_cache(maxsize=1024)
def _accepted(claim: Any, facts: tuple[Any, ...], always: tuple[Any, ...]) -> str:
    proof = Proof()
    using = [x.thing if isinstance(x, Same) else proof.given(x) for x in (*facts, *always)]
    try:
        step = proof.have(claim, using=using).step
    except ScriptError:
        return ""
    return "" if step is None else step.rule


def exercises(
    trace: ResultTrace,
    stated: Sequence[Facts],
    questions: Sequence[Question] = (),
    named: Named = lambda id: None,
) -> tuple[Exercise, ...]:
    """What can be asked of a proof: what its pack states, then what is made of its inferences.

    Left out is what the kernel does not accept from all that is on offer.  Beats at which none of
    the ``questions`` is asked come first.
    """
    found = []
    for one in stated:
        step = next((s for s in trace.walk() if s.claim == one.claim), None)
        if step is not None and accepted(one.claim, one.offered, one.always):
            found.append(
                Exercise(one.id, step, "facts", one.offered, one.claim, (), one.always, one.read)
            )
    steps = {step.number: step for step in trace.walk()}
    taken = {_beat(one.step, steps) for one in found}
    asked = {_beat(step, steps) for one in questions if (step := step_of(trace, one)) is not None}
    return (*found, *_made(trace, taken, asked, named))


def _made(trace: ResultTrace, beats: set[str], asked: set[str], named: Named) -> Iterator[Exercise]:
    """Exercises at recorded inferences: those that are told first, from one beat one at most."""
    steps = {step.number: step for step in trace.walk()}
    count = 0
    for step in sorted(_inferences(trace), key=lambda s: (_beat(s, steps) in asked, s.level)):
        facts = tuple(steps[number].claim for number in step.uses)
        result = named(step.rule.removeprefix("result: "))
        always = () if result is None else (result,)
        beat = _beat(step, steps)
        if beat in beats or not accepted(step.claim, facts, always):
            continue
        # Claims are chosen where wrong ones can be refuted by an instance.
        asks: Literal["facts", "claim"] = "claim" if is_decidable(step.claim) else "facts"
        offered = _offered(trace, step, facts, always, asks)
        if offered:
            yield Exercise(f"step-{step.number}", step, asks, offered, step.claim, facts, always)
            beats.add(beat)
            count += 1
        if count == MOST:
            return


def _inferences(trace: ResultTrace) -> Iterator[StepTrace]:
    """Steps that rest on a few facts, all of which are short."""
    steps = {step.number: step for step in trace.walk()}
    for step in steps.values():
        if step.kind == "have" and step.rule not in _PLAIN and 2 <= len(step.uses) < OFFERED:
            facts = [steps[number] for number in step.uses]
            if _is_short(step, trace) and all(_goes_with(one, step, trace) for one in facts):
                yield step


def _is_short(step: StepTrace, trace: ResultTrace) -> bool:
    return len(text.show(step.claim, trace.notation)) <= LONGEST


def _goes_with(fact: StepTrace, step: StepTrace, trace: ResultTrace) -> bool:
    """Whether a fact can be offered for a step: an instance on which both are to be tried is drawn
    only for claims that computing settles, and would be sought for long for others."""
    tried = not is_decidable(step.claim) or is_decidable(fact.claim)
    return tried and _is_short(fact, trace)


def _beat(step: StepTrace, steps: dict[str, StepTrace]) -> str:
    """The number of the innermost beat that a step is in; its first number where there is none."""
    parts = step.number.split(".")
    above = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return next((one for one in above if steps[one].kind == "beat"), above[-1])


def _offered(
    trace: ResultTrace,
    step: StepTrace,
    facts: tuple[Any, ...],
    always: tuple[Any, ...],
    asks: Literal["facts", "claim"],
) -> tuple[Any, ...]:
    """What there is to choose from, in the order of the proof; nothing where all of it is right.

    Others are taken from near the step: facts from before it, or claims that can be refuted.
    """
    reading = trace.walk()
    place = next(n for n, one in enumerate(reading) if one.number == step.number)
    right = facts if asks == "facts" else (step.claim,)
    others: list[Any] = []
    near = sorted(range(len(reading)), key=lambda n: (abs(n - place), n))
    for one in (reading[n] for n in near if n < place or asks == "claim"):
        if len(right) + len(others) == OFFERED - (asks == "claim"):
            break
        if one.claim in (*facts, *others, step.claim) or not _goes_with(one, step, trace):
            continue
        if asks == "claim" and counterexample(one.claim, facts, None, draws=1) is None:
            continue
        others.append(one.claim)
    if not others:
        return ()
    order = [one.claim for one in reading]
    return tuple(sorted((*right, *others), key=order.index))
