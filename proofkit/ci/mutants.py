"""Mutation of proofs: small wrong changes, to see whether the checkers notice each of them.

A mutant of an exported proof changes one step: a sign, a transpose, the order of two factors, an
index or the end of a chain by one, < for ≤, a word, a hypothesis dropped, another rule, premises
swapped, a witness replaced; or it changes the statement.  It is put before the kernel (`rebuild`)
and, where it is there, the second checker.  One that both accept is *equivalent* when it still ends
in the very statement: two checkers then vouch for it as another proof of the same.  Anything else
that is accepted is a survivor.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from proofkit import replay
from proofkit.basics.tables import dumps
from proofkit.ci.rebuild import rebuild
from proofkit.export import ExportedProof, ExportedStep, record, redocument
from proofkit.kernel import Theorem
from proofkit.kernel.reading import claim
from proofkit.kernel.terms import number, plus
from proofkit.kernel.words import WORDS
from proofkit.script import Result

__all__ = [
    "OPERATORS",
    "STEP_OPERATORS",
    "Mutant",
    "Outcome",
    "mutants",
    "mutate",
    "second_checker",
]

Term = Any
Change = Callable[[Term, random.Random], "Term | None"]


Outcome = Literal["kernel", "both checkers", "baseline", "equivalent", "no program", "survivor"]


@dataclass(frozen=True)
class Mutant:
    """What was changed, and who noticed: a checker, or (a drifted statement) the baseline."""

    result: str
    operator: str
    where: str
    outcome: Outcome
    reason: str

    @property
    def caught(self) -> bool:
        """Whether someone noticed."""
        return self.outcome in ("kernel", "both checkers", "baseline")


# ── Changing a term ────────────────────────────────────────────────────────────────────────────
def _places(term: Term, wanted: Callable[[Term], bool]) -> Iterator[tuple[int, ...]]:
    """The paths to the parts that are wanted, sorts of free variables left alone."""
    stack: list[tuple[Term, tuple[int, ...]]] = [(term, ())]
    while stack:
        part, path = stack.pop()
        if not isinstance(part, tuple) or (len(part) == 3 and part[0] == "var"):
            continue
        if wanted(part):
            yield path
        stack.extend((inner, (*path, n)) for n, inner in enumerate(part))


def _at(term: Term, path: tuple[int, ...], change: Callable[[Term], Term]) -> Term:
    if not path:
        return change(term)
    head, *rest = path
    return (*term[:head], _at(term[head], tuple(rest), change), *term[head + 1 :])


def _somewhere(wanted: Callable[[Term], bool], change: Callable[[Term], Term]) -> Change:
    def apply(term: Term, rng: random.Random) -> Term | None:
        paths = sorted(_places(term, wanted))
        return _at(term, rng.choice(paths), change) if paths else None

    return apply


def _is(tag: str) -> Callable[[Term], bool]:
    return lambda part: len(part) > 0 and part[0] == tag


def _is_term_of_sum(part: Term) -> bool:
    """Whether it is a pair of a key and a coefficient (p, q)."""
    if not (len(part) == 2 and all(isinstance(x, tuple) and len(x) == 2 for x in part)):
        return False
    return type(part[1][0]) is type(part[1][1]) is int


def _is_letter(part: Term) -> bool:
    return (
        len(part) == 2
        and isinstance(part[0], tuple)
        and part[0][:1] in (("var",), ("chain",), ("grad",), ("b",), ("at",))
        and part[1] in (0, 1)
    )


def _is_word(part: Term) -> bool:
    return len(part) > 1 and all(isinstance(x, tuple) and _is_letter(x) for x in part)


def _more(e: Term, n: int) -> Term:
    """A number and n more."""
    return plus(e, number(n))


def _others(word: str) -> list[str]:
    """The words of the same sort, that which comes next in the alphabet first."""
    names = sorted(name for name in WORDS if WORDS[name].sort == WORDS[word].sort)
    at = names.index(word)
    return [*names[at + 1 :], *names[:at]]


def _is_exchangeable(part: Term) -> bool:
    return len(part) == 2 and part[0] == "word" and part[1] in WORDS and bool(_others(part[1]))


_SWAPPED = {"rnonneg": "rpos", "rpos": "rnonneg", "and": "or", "or": "and", "forall": "exists"}

OPERATORS: dict[str, Change] = {
    "sign": _somewhere(_is_term_of_sum, lambda x: (x[0], (-x[1][0], x[1][1]))),
    "transpose": _somewhere(_is_letter, lambda x: (x[0], 1 - x[1])),
    "order of factors": _somewhere(_is_word, lambda w: (w[1], w[0], *w[2:])),
    "number + 1": _somewhere(_is("num"), lambda x: _more(x, 1)),
    "number − 1": _somewhere(_is("num"), lambda x: _more(x, -1)),
    "end of a chain": _somewhere(_is("chain"), lambda x: (*x[:2], _more(x[2], 1), x[3])),
    "start of a chain": _somewhere(_is("chain"), lambda x: (*x[:3], _more(x[3], -1))),
    "< for ≤": _somewhere(
        lambda x: len(x) > 0 and x[0] in _SWAPPED, lambda x: (_SWAPPED[x[0]], *x[1:])
    ),
    "another word": _somewhere(_is_exchangeable, lambda x: (x[0], _others(x[1])[0])),
}
"""Changes to a claim or term of a step."""


# ── Changing a step ────────────────────────────────────────────────────────────────────────────
def _changed(
    step: ExportedStep, operator: str, rng: random.Random, rules: list[str]
) -> ExportedStep | None:
    if operator == "dropped hypothesis":
        if not step.hypotheses:
            return None
        gone = rng.choice(step.hypotheses)
        return replace(step, hypotheses=tuple(h for h in step.hypotheses if h != gone))
    if operator == "wrong rule":
        others = [r for r in rules if r != step.rule]
        return replace(step, rule=rng.choice(others)) if others else None
    if operator == "swapped premises":
        if len(set(step.premises)) < 2:
            return None
        one, two = rng.sample(range(len(step.premises)), 2)
        premises = list(step.premises)
        premises[one], premises[two] = premises[two], premises[one]
        return replace(step, premises=tuple(premises))
    if operator == "another premise":
        if not step.premises:
            return None
        at = rng.randrange(len(step.premises))
        other = max(0, step.premises[at] - 1)
        return replace(step, premises=(*step.premises[:at], other, *step.premises[at + 1 :]))
    if operator == "weakened witness":
        if step.rule not in ("witness", "instantiate", "near: along a continuous map"):
            return None
        change = OPERATORS["sign"]
        data = change(step.data, rng)
        return None if data is None else replace(step, data=data)
    change = OPERATORS[operator]
    field = rng.choice(("conclusion", "data", "hypotheses"))
    value = change(getattr(step, field), rng)
    if value is None or value == getattr(step, field):
        return None
    return replace(step, **{field: value})


STEP_OPERATORS = (
    *OPERATORS,
    "dropped hypothesis",
    "wrong rule",
    "swapped premises",
    "another premise",
    "weakened witness",
)


def second_checker() -> Callable[[dict[str, Any]], str | None]:
    """What gives the second checker's reason to refuse a document, or None when it accepts."""
    faults = (replay.Refused, replay.Unreadable, replay.NoProof)

    def reason(proof: dict[str, Any]) -> str | None:
        try:
            replay.replay(dumps(proof).encode("utf-8"))
        except faults as fault:
            return str(fault) or type(fault).__name__
        return None

    return reason


def mutants(result: Result, count: int, seed: int = 0, route: str = "") -> list[Mutant]:
    """``count`` mutants of the result's exported proof, each put before the checkers."""
    original = record(result.theorem(route))
    known = rebuild(original)
    rules = sorted({step.rule for step in original.steps})
    judge = second_checker()
    rng = random.Random(f"{seed} {result.id} {route}")
    found: list[Mutant] = []
    for attempt in range(40 * count):
        if len(found) == count:
            break
        operator = (*STEP_OPERATORS, "statement")[attempt % (len(STEP_OPERATORS) + 1)]
        changed = mutate(original, operator, rng, rules)
        if changed is not None:
            proof, at = changed
            outcome, reason = _judged(original, proof, known, at, judge)
            where = "the statement" if at is None else f"step {at}, {original.steps[at].rule}"
            found.append(Mutant(result.id, operator, where, outcome, reason))
    return found


def mutate(
    original: ExportedProof, operator: str, rng: random.Random, rules: list[str]
) -> tuple[ExportedProof, int | None] | None:
    """The proof changed by the operator at a random place, and the step; None if it fits nowhere.

    ``rules`` are those that may stand in for another; without a step the statement was changed.
    """
    if operator == "statement":
        changed = rng.choice(list(OPERATORS.values()))(original.statement, rng)
        if changed is None or changed == original.statement:
            return None
        return replace(original, statement=changed), None
    at = rng.randrange(len(original.steps))
    step = _changed(original.steps[at], operator, rng, rules)
    if step is None or step == original.steps[at]:
        return None
    steps = (*original.steps[:at], step, *original.steps[at + 1 :])
    return replace(original, steps=steps), at


def _judged(
    original: ExportedProof,
    proof: ExportedProof,
    known: list[Theorem],
    at: int | None,
    judge: Callable[[dict[str, Any]], str | None] | None,
) -> tuple[Outcome, str]:
    """Who refuses the proof.  Steps that do not rest on the changed one need no second look."""
    fresh: set[int] = set() if at is None else {at}
    for n, step in enumerate(proof.steps):
        if fresh.intersection(step.premises):
            fresh.add(n)
    kept = [None if n in fresh else theorem for n, theorem in enumerate(known)]
    refusal: str | None = None
    try:
        rebuild(proof, kept)
    except ValueError as fault:
        refusal = str(fault)
    exported = _exported(proof)
    if exported is None or exported == _exported(original):
        # What was changed is not exported: data that the format does without, or of no shape.
        judge = None
    second = None if judge is None or exported is None else judge(exported)
    if refusal is not None and (judge is None or second is not None):
        return "kernel" if judge is None else "both checkers", refusal
    if judge is not None and (refusal is None) != (second is None):
        which = "the kernel" if refusal is None else "the second checker"
        return "survivor", f"only {which} accepts it: {refusal or second}"
    if claim(proof.statement) == claim(original.statement):
        return "equivalent", "another proof of the same statement"
    return "survivor", "another statement was accepted"


def _exported(proof: ExportedProof) -> dict[str, Any] | None:
    """The document of a proof; None when the data of a step has not the shape its rule wants."""
    try:
        return redocument(proof)
    except (ValueError, TypeError, IndexError):
        return None
