"""A proof tried on concrete networks: every step gets a verdict and its numbers.

Blocks are entered as on paper: a fixed variable takes its values one after the other, a witness
is computed, what is supposed keeps only the cases in which it holds.  A step that no case reaches
is not applicable, and says which supposition stopped it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proofkit.claims import And, Claim, GlobalMinimum, LocalMinimum
from proofkit.evaluate.claims import Outcome, evaluate, index_values
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.exercised import Exercise, exercise
from proofkit.evaluate.quantities import quantities
from proofkit.evaluate.samples import nearby, samples
from proofkit.evaluate.witnesses import candidates, find_witness
from proofkit.networks.error_bounds import Quiet
from proofkit.networks.scalars import Undecidable
from proofkit.script import Result, Run, Step
from proofkit.symbols.encode import is_index
from proofkit.trace import Quantity, Verdict
from proofkit.words.reals import Undefined

__all__ = ["Seen", "evaluate_steps", "exercises", "seen_on", "tried", "worst"]

MAX_CASES = 8
"""Cases followed at once; a proof that branches further is followed in its first cases."""


@dataclass(frozen=True)
class _Case:
    """One assignment of the symbols, and the instances of the batch it is about."""

    env: Environment
    mask: Any
    sampled: int = 0
    """How many values were tried for what is supposed here: such a supposition may be false."""


@dataclass
class Seen:
    """What was seen of a step."""

    verdict: Verdict
    quantities: tuple[Quantity, ...] = ()


STOPPED = "does not hold here"


class _Trial:
    """All steps tried on one environment; ``shown`` also gathers what a reader wants to see."""

    def __init__(self, env: Environment, shown: bool = False) -> None:
        self.seen: dict[int, Seen] = {}
        self.starts: list[_Case] = []
        self._root = _Case(env, np.full(env.batch, True))
        self._shown = shown

    def run(self, steps: Sequence[Step], variables: Sequence[Any]) -> dict[int, Seen]:
        with Quiet():
            self.starts = self._starts(steps, variables)
            self._block(steps, self.starts, None)
        return self.seen

    def exercise(self, result: Result) -> Exercise:
        """Whether the hypotheses hold and the conclusion is evaluated in the cases started from."""
        given = [hypothesis.claim for hypothesis in result.given]
        with Quiet():
            return exercise(given, result.claim, [(case.env, case.mask) for case in self.starts])

    def _starts(self, steps: Sequence[Step], variables: Sequence[Any]) -> list[_Case]:
        """The cases to start from: values for the result's own variables that have none.

        Those in which all hypotheses hold, if there are any.
        """
        cases = [self._root]
        for variable in variables:
            if variable not in self._root.env.values:
                cases = [
                    _Case(case.env.having({variable: value}), case.mask, case.sampled)
                    for case in cases
                    for value in _values(variable, case.env)
                ]
        if len(cases) <= 1:
            return cases
        kept = cases
        for step in steps:
            if step.kind == "given" and kept:
                kept = self._kept(step.claim, kept)
        return _spread(kept or cases)

    def _block(
        self, steps: Sequence[Step], cases: list[_Case], stopped: Claim | None
    ) -> tuple[list[_Case], Claim | None]:
        """Look at the steps; the cases that are left after them, and what stopped the others."""
        for step in steps:
            if step.kind == "beat":
                cases, stopped = self._block(step.children, cases, stopped)
                self.seen[id(step)] = self._look(step.claim, cases, stopped)
                continue
            if step.kind == "obtain":
                cases = self._obtain(step, cases, stopped)
                continue
            if step.kind == "suppose" and not step.children:
                kept = self._kept(step.claim, cases, undecided=True)
                if cases and not kept and not stopped:
                    stopped = step.claim
                cases = kept
            self.seen[id(step)] = self._look(step.claim, cases, stopped)
            if step.children:
                self._block(step.children, self._entered(step, cases), stopped)
        return cases, stopped

    def _entered(self, step: Step, cases: list[_Case]) -> list[_Case]:
        """The cases inside a block: its variables take their values."""
        if step.kind == "near":
            entered = []
            for case in cases:
                pairs = list(zip(step.variables, step.centres, strict=True))
                own = all(variable in case.env.values for variable in step.variables)
                try:
                    for points in list(nearby(pairs, case.env))[:2]:
                        values = dict(zip(step.variables, points[-1], strict=True))
                        entered.append(_Case(case.env.having(values), case.mask, case.sampled))
                except (OutOfRange, Undefined):
                    continue
                if own and self._shown:
                    # The example's own choice, which the page shows; it may not be near enough.
                    entered.append(_Case(case.env, case.mask, case.sampled + 1))
            return entered[:MAX_CASES]
        for variable in step.variables if step.kind in ("fix", "case") else ():
            cases = [
                _Case(case.env.having({variable: value}), case.mask, case.sampled)
                for case in cases
                for value in _values(variable, case.env)
            ]
        return _spread(cases)

    def _kept(self, claim: Claim, cases: list[_Case], undecided: bool = False) -> list[_Case]:
        """The cases in which the claim holds; also those where it is not known, if wanted.

        What follows from a supposition that may be false accuses no step.
        """
        kept = []
        for case in cases:
            try:
                outcome = evaluate(claim, case.env)
            except (OutOfRange, Undecidable, ValueError):
                continue
            mask = np.logical_and(case.mask, outcome.holds)
            if outcome.unknown and undecided:
                kept.append(_Case(case.env, case.mask, case.sampled + 1))
            elif outcome.agrees and not undecided:
                # Enclosures overlap: so it may be, which accuses no step either.
                kept.append(_Case(case.env, case.mask, case.sampled + 1))
            elif not outcome.unknown and mask.any():
                kept.append(_Case(case.env, mask, case.sampled + outcome.sampled))
        return kept

    def _obtain(self, step: Step, cases: list[_Case], stopped: Claim | None) -> list[_Case]:
        found = []
        for case in cases:
            env: Environment | None = case.env
            for n, variable in enumerate(step.variables):
                value = _witness(variable, step.claim, env, step.variables[n + 1 :])
                if value is None:
                    env = None
                    break
                env = env.having({variable: value}) if env is not None else None
            if env is not None and _some_hold((step.claim,), env, case.mask):
                found.append(_Case(env, case.mask, case.sampled))
            elif guesses := _guesses(step, case):
                found.extend(guesses)
            elif env is not None:
                found.append(_Case(env, case.mask, case.sampled + 1))
        found = _spread(found)
        self.seen[id(step)] = self._look(
            step.claim, found, stopped, "" if found else "no witness was found here"
        )
        return found

    def _look(self, claim: Claim, cases: list[_Case], stopped: Claim | None, why: str = "") -> Seen:
        outcomes: list[tuple[_Case, Outcome]] = []
        for case in cases:
            try:
                outcomes.append((case, evaluate(claim, case.env)))
            except OutOfRange:
                continue
            except Undecidable as fault:
                outcomes.append((case, Outcome(False, unknown=str(fault))))
            except (TypeError, ValueError):
                why = "some of its symbols have no value on this network"
                outcomes.append((case, Outcome(False, unknown=why)))
        exact = self._root.env.exact
        if not outcomes:
            if stopped is not None:
                return Seen(Verdict("not applicable", exact, STOPPED, about=stopped))
            return Seen(Verdict("not applicable", exact, why or "no layer here is concerned"))
        verdict = worst([_verdict(case, outcome, self._shown) for case, outcome in outcomes])
        if not self._shown:
            return Seen(verdict)
        case = outcomes[-1][0]
        where = self._where(verdict, [c for c, _ in outcomes])
        if where != verdict.detail:
            verdict = replace(verdict, detail=where, about=None)
        # The value of what is no minimum says nothing.
        idle = verdict.status == "fails" and isinstance(claim, (LocalMinimum, GlobalMinimum))
        return Seen(verdict, quantities(claim, case.env) if exact and not idle else ())

    def _where(self, verdict: Verdict, cases: list[_Case]) -> str:
        """The verdict's detail, with the indices it was checked for."""
        if verdict.status in ("fails", "not evaluated", "not applicable"):
            return verdict.detail
        root = self._root.env.values
        found: dict[str, set[int]] = {}
        for case in cases:
            for symbol, value in case.env.values.items():
                if isinstance(value, int):
                    found.setdefault(str(symbol), set()).add(value)
        bound = {str(symbol): {value} for symbol, value in root.items() if isinstance(value, int)}
        where = "; ".join(
            f"{name} = {', '.join(map(str, sorted(values)))}"
            for name, values in found.items()
            if bound.get(name) != values
        )
        return f"for {where}" if where else verdict.detail


def _values(variable: Any, env: Environment) -> list[Any]:
    return list(samples(variable, env, index_values(env)))


def _spread(cases: list[_Case]) -> list[_Case]:
    """At most `MAX_CASES` of the cases, spread evenly from the first to the last."""
    if len(cases) <= MAX_CASES:
        return cases
    return [cases[n * (len(cases) - 1) // (MAX_CASES - 1)] for n in range(MAX_CASES)]


def _guesses(step: Step, case: _Case) -> list[_Case]:
    """Cases with a witness from a list for which the claim, or a part of it, holds.

    Where a proof by contradiction has gone astray there is no witness for all of the claim; zeros
    or the network's own family show the steps that follow from a part.  Those rest on a guess, so
    they accuse no step.
    """
    first, *rest = step.variables
    found = []
    for value in candidates(first, case.env):
        env: Environment | None = case.env.having({first: value})
        for n, variable in enumerate(rest):
            inner = _witness(variable, step.claim, env, rest[n + 1 :])
            env = env.having({variable: inner}) if env is not None and inner is not None else None
        if env is None:
            continue
        if _some_hold((step.claim,), env, case.mask):
            return [_Case(env, case.mask, case.sampled)]
        if isinstance(step.claim, And) and _some_hold(step.claim.args, env, case.mask):
            found.append(_Case(env, case.mask, case.sampled + 1))
    return found


def _some_hold(claims: Sequence[Claim], env: Environment, mask: Any) -> bool:
    """Whether one of the claims holds for all instances of the mask."""
    for claim in claims:
        try:
            outcome = evaluate(claim, env)
        except (OutOfRange, Undecidable, TypeError, ValueError):
            continue
        if not outcome.unknown and bool(np.all(np.logical_or(outcome.holds, ~mask))):
            return True
    return False


def _witness(variable: Any, claim: Claim, env: Environment | None, later: Sequence[Any]) -> Any:
    if env is None:
        return None
    if is_index(variable):
        for value in index_values(env):
            try:
                outcome = evaluate(claim, env.having({variable: value}))
            except OutOfRange:
                continue
            if outcome.everywhere and not outcome.unknown:
                return value
        return None
    try:
        return find_witness(variable, claim, env)
    except (OutOfRange, ValueError):
        return None


def _verdict(case: _Case, outcome: Outcome, shown: bool) -> Verdict:
    seen = outcome.seen(case.env, case.mask)
    if seen.status == "fails" and case.sampled:
        why = "so what was supposed, and only tried on samples, is false here"
        return replace(seen, detail=why, samples=outcome.sampled + case.sampled, about=None)
    return seen if shown or seen.status not in TERSE else replace(seen, detail="")


TERSE = ("holds", "not refuted")
"""What needs no words where nobody looks at the details."""


_ORDER = ("fails", "not evaluated", "not refuted", "holds")


def worst(verdicts: list[Verdict]) -> Verdict:
    """One verdict for all cases: the worst status, the largest residual, failures added up."""
    # Where a word is undefined in some cases, the others speak.
    verdicts = [v for v in verdicts if v.status != "not applicable"] or verdicts[:1]
    if len(verdicts) == 1:
        return verdicts[0]
    worst = min(verdicts, key=lambda v: _ORDER.index(v.status))
    residuals = [v.residual for v in verdicts if v.residual is not None]
    tolerances = [v.tolerance for v in verdicts if v.tolerance is not None]
    return Verdict(
        worst.status,
        worst.exact,
        worst.detail,
        max(residuals) if residuals else None,
        max(tolerances) if tolerances else None,
        max(v.samples for v in verdicts),
        max(v.instances for v in verdicts),
        max(v.failed for v in verdicts),
        worst.about,
    )


def seen_on(result: Result, run: Run, env: Environment) -> dict[int, Seen]:
    """What is seen of each step, by its identity, with the numbers a reader wants to see."""
    return _Trial(env, shown=True).run(run.proof.steps, result.variables)


def evaluate_steps(result: Result, run: Run, batch: Environment) -> list[tuple[Step, Verdict]]:
    """The verdict of every step on a network or a batch of networks, in reading order."""
    return tried(result, run, batch)[0]


def tried(
    result: Result, run: Run, batch: Environment
) -> tuple[list[tuple[Step, Verdict]], Exercise]:
    """The verdict of every step, and on how many instances the result is exercised."""
    trial = _Trial(batch)
    seen = trial.run(run.proof.steps, result.variables)
    verdicts = [(step, seen[id(step)].verdict) for step in run.steps if id(step) in seen]
    return verdicts, trial.exercise(result)


def exercises(result: Result, run: Run, env: Environment) -> Exercise:
    """On how many instances of the environment the result is exercised."""
    trial = _Trial(env)
    trial.run([step for step in run.proof.steps if step.kind == "given"], result.variables)
    return trial.exercise(result)
