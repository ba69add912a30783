"""The trace of a proof: its steps numbered, each with its reason, its verdicts and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from proofkit.claims.proved import as_proved, look_anew
from proofkit.evaluate.environment import Environment
from proofkit.evaluate.steps import Seen, seen_on, worst
from proofkit.script import Result, Run, Step
from proofkit.textbook import FACTS
from proofkit.trace import Instance, ResultTrace, StepTrace, Verdict

__all__ = ["traced"]


def traced(
    result: Result,
    run: Run,
    env: Environment | None = None,
    batches: Sequence[Environment] = (),
    instance: Instance | None = None,
    route: str = "",
    *,
    anew: bool = True,
) -> ResultTrace:
    """The trace of a proof, tried on an example and on batches where they are given.

    Of the batches only those count on which no hypothesis fails, if there are any.  Claims are
    compared with what was proved ``anew``; in a process in which nothing changes them that may be
    done once.
    """
    exact = {}
    if env is not None:
        exact = seen_on(result, run, env)
    floats = _together(
        [seen_on(result, run, b) for b in batches],
        [id(s) for s in run.proof.steps if s.kind == "given"],
    )
    if anew:
        look_anew()
    builder = _Builder(exact, floats)
    steps = builder.steps(run.proof.steps)
    return ResultTrace(
        result.id,
        result.title,
        as_proved(result.statement, run.theorem.conclusion),
        "proved",
        "proved",
        steps,
        run.footprint,
        result.idea,
        result.source,
        route,
        instance,
        result.symbols,
        result.notation,
    )


def _together(runs: list[dict[int, Seen]], given: list[int]) -> dict[int, Seen]:
    """What all batches together say of each step."""
    fitting = [
        seen
        for seen in runs
        if all(seen[step].verdict.status != "fails" for step in given if step in seen)
    ]
    found: dict[int, list[Verdict]] = {}
    for seen in fitting or runs:
        for step, one in seen.items():
            found.setdefault(step, []).append(one.verdict)
    return {step: Seen(_added(verdicts)) for step, verdicts in found.items()}


def _added(verdicts: list[Verdict]) -> Verdict:
    """One verdict for several batches: the worst of those that say something."""
    saying = [v for v in verdicts if v.status != "not applicable"]
    if not saying:
        return verdicts[0]
    total = worst(saying)
    return replace(
        total,
        instances=sum(v.instances for v in saying),
        failed=sum(v.failed for v in saying),
    )


_REASONS = {
    "beat": "the steps inside",
    "given": "a hypothesis of the result",
    "suppose": "supposed",
    "case": "one case",
    "cases": "the cases together",
    "generalise": "the values were arbitrary",
    "induction": "induction over the layer",
    "descent": "induction over the layer, downwards",
    "base": "start of the induction",
    "step": "induction step",
    "algebra": "multiplied out",
    "arithmetic": "arithmetic of indices, widths and ranks",
    "real arithmetic": "arithmetic of real numbers",
    "instance": "applied to this case",
    "conjunction": "put together",
    "part of a conjunction": "one half of it",
    "disjunction": "one of the two is enough",
    "equals for equals": "equals put for equals",
    "differential": "the differential, read off",
    "restate": "the same in other words",
    "reductio": "the opposite leads to a contradiction",
    "obtain": "call it by a name",
    "witness": "here is one",
    "choose": "choose one for each layer",
    "least index": "take the least",
    "excluded middle": "either it holds or it does not",
    "contradiction": "these contradict each other",
    "near: consequence": "what follows near the point",
    "near: along a continuous map": "a continuous map stays near",
    "near: at the point": "the point itself is near",
    "near: around near points": "near points have a neighbourhood of their own",
    "near: a small number": "take a small number that is not 0",
    "member of a family": "what the layer is made of",
}


def _reason(rule: str) -> str:
    """Why a step holds, in words: for a textbook fact, the fact and its source."""
    fact = FACTS.get(rule.removeprefix("textbook: "))
    if fact is not None:
        return f"{fact.summary} ({fact.source})"
    return _REASONS.get(rule, rule)


class _Builder:
    """Numbers the steps and puts what was seen beside them."""

    def __init__(self, exact: dict[int, Seen], floats: dict[int, Seen]) -> None:
        self._exact, self._floats = exact, floats
        self._numbers: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._above: dict[int, Step] = {}
        self._beats: dict[int, Step] = {}

    def steps(self, steps: Sequence[Step]) -> tuple[StepTrace, ...]:
        self._number(steps, "")
        self._levels.update(levels(steps))
        self._above.update(_stated_by(steps, self._levels))
        self._beats = {
            id(s): beat
            for beat in (s for step in steps for s in (step, *_below(step)) if s.kind == "beat")
            for s in _below(beat)
        }
        return tuple(self._step(step) for step in steps)

    def _number(self, steps: Sequence[Step], prefix: str) -> None:
        given = count = 0
        for step in steps:
            if step.kind == "given":
                given += 1
                self._numbers[id(step)] = f"H{given}"
            else:
                count += 1
                self._numbers[id(step)] = f"{prefix}{count}"
            self._number(step.children, f"{self._numbers[id(step)]}.")

    def _step(self, step: Step) -> StepTrace:
        exact, floats = self._exact.get(id(step)), self._floats.get(id(step))
        numbers = {self._numbers[id(f.step)] for f in step.uses if id(f.step) in self._numbers}
        uses = sorted(numbers, key=_order)
        return StepTrace(
            self._numbers[id(step)],
            step.kind,
            as_proved(step.claim, step.proved),
            step.rule,
            _reason(step.rule),
            tuple(uses),
            step.words,
            "proved",
            exact.verdict if exact else None,
            floats.verdict if floats else None,
            exact.quantities if exact else (),
            step.remarks,
            tuple(self._step(child) for child in step.children),
            self._levels[id(step)],
            self._cites(step),
        )

    def _cites(self, step: Step) -> tuple[str, ...]:
        """What a sentence or a beat rests on that is stated at its own level or above.

        What a sentence takes from lower levels is gone through to where it is stated; what is
        stated nowhere but in a block's opening (what it supposes) is cited as that block.  A beat
        cites the beats that its steps rest on.
        """
        if step.children and step.kind != "beat":
            return ()
        level, inside = self._levels[id(step)], _below(step)
        mine = {id(s) for s in (step, *inside)}
        found, seen = set[str](), set[int]()
        stack = [step, *inside]
        while stack:
            for used in stack.pop().uses:
                if used.step is None or id(used.step) in seen or id(used.step) in mine:
                    continue
                seen.add(id(used.step))
                other = self._above.get(id(used.step), used.step)
                if level == 1:
                    other = self._beats.get(id(other), other)
                if self._levels[id(other)] <= level or other.kind == "given":
                    found.add(self._numbers[id(other)])
                else:
                    stack.append(other)
        return tuple(sorted(found, key=_order))


def levels(steps: Sequence[Step], least: int = 1) -> dict[int, int]:
    """The level of each step: 1 a beat, 2 a sentence, 3 an inference.

    A sentence is a step with words of its own; a block that holds beats is told with them.
    """
    found: dict[int, int] = {}
    for step in steps:
        if step.kind == "beat" or any(s.kind == "beat" for s in _below(step)):
            own = 1
        else:
            own = 2 if step.words and not _opens(step) else 3
        found[id(step)] = level = max(own, least)
        found |= levels(step.children, 1 if level == 1 else level)
    return found


def _opens(step: Step) -> bool:
    """Whether it only says what a result or a block begins with."""
    return step.kind == "given" or (step.kind == "suppose" and not step.children)


def _below(step: Step) -> list[Step]:
    return [s for child in step.children for s in (child, *_below(child))]


def _stated_by(steps: Sequence[Step], level: dict[int, int]) -> dict[int, Step]:
    """The block whose opening states it, for each supposition without a sentence of its own."""
    found: dict[int, Step] = {}

    def look(steps: Sequence[Step], block: Step | None) -> None:
        for step in steps:
            if step.kind == "suppose" and _opens(step) and block is not None:
                found[id(step)] = block
            look(step.children, block if step.kind == "beat" else step)

    look(steps, None)
    return found


def _order(number: str) -> tuple[int, list[int]]:
    given = number.startswith("H")
    return (0 if given else 1, [int(part) for part in number.lstrip("H").split(".")])
