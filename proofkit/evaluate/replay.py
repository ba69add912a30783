"""A proof replayed on concrete networks: every step gets a verdict and its numbers.

Blocks are entered as on paper: a fixed variable takes its values one after the other, a witness
is computed, what is supposed keeps only the cases in which it holds.  A step that no case reaches
is not applicable, and says which supposition stopped it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Integer

from proofkit.claims import (
    Abbreviation,
    And,
    Between,
    Claim,
    Equal,
    ForAll,
    Implies,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.evaluate.claims import Outcome, evaluate, index_values
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.samples import nearby, samples
from proofkit.evaluate.terms import matrix_value
from proofkit.evaluate.witnesses import candidates, find_witness
from proofkit.kernel import LEDGER
from proofkit.networks.scalars import Undecidable
from proofkit.script import Result, Run, Step
from proofkit.symbols import Identity, MatrixTerm, Zero
from proofkit.symbols.encode import is_index
from proofkit.trace import Instance, Quantity, ResultTrace, Status, StepTrace, Verdict

__all__ = ["replay", "replay_batch"]

MAX_CASES = 8
"""Cases followed at once; a proof that branches further is followed in its first cases."""

SHOWN_ENTRIES = 64
"""Matrices with more entries than this are not printed in a report."""


@dataclass(frozen=True)
class _Case:
    """One assignment of the symbols, and the instances of the batch it is about."""

    env: Environment
    mask: Any
    sampled: int = 0
    """How many values were tried for what is supposed here: such a supposition may be false."""


@dataclass
class _Seen:
    """What the replay saw of a step."""

    verdict: Verdict
    quantities: tuple[Quantity, ...] = ()


STOPPED = "does not hold here"


class _Replay:
    """A replay on one environment; ``shown`` also gathers what a reader wants to see."""

    def __init__(self, env: Environment, shown: bool = False) -> None:
        self.seen: dict[int, _Seen] = {}
        self._root = _Case(env, np.full(env.batch, True))
        self._shown = shown

    def run(self, steps: Sequence[Step], variables: Sequence[Any]) -> dict[int, _Seen]:
        self._block(steps, self._starts(steps, variables), None)
        return self.seen

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

    def _block(self, steps: Sequence[Step], cases: list[_Case], stopped: Claim | None) -> None:
        for step in steps:
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

    def _entered(self, step: Step, cases: list[_Case]) -> list[_Case]:
        """The cases inside a block: its variables take their values."""
        if step.kind == "near":
            entered = []
            for case in cases:
                pairs = list(zip(step.variables, step.centres, strict=True))
                try:
                    for points in list(nearby(pairs, case.env))[:2]:
                        values = dict(zip(step.variables, points[-1], strict=True))
                        entered.append(_Case(case.env.having(values), case.mask, case.sampled))
                except OutOfRange:
                    continue
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

    def _look(
        self, claim: Claim, cases: list[_Case], stopped: Claim | None, why: str = ""
    ) -> _Seen:
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
                return _Seen(Verdict("not applicable", exact, STOPPED, about=stopped))
            return _Seen(Verdict("not applicable", exact, why or "no layer here is concerned"))
        verdict = _worst([_verdict(case, outcome, self._shown) for case, outcome in outcomes])
        if not self._shown:
            return _Seen(verdict)
        case = outcomes[-1][0]
        where = self._where(verdict, [c for c, _ in outcomes])
        if where != verdict.detail:
            verdict = replace(verdict, detail=where, about=None)
        return _Seen(verdict, _quantities(claim, case.env) if exact else ())

    def _where(self, verdict: Verdict, cases: list[_Case]) -> str:
        """The verdict's detail, with the indices it was checked for."""
        if verdict.status in ("fails", "not evaluated"):
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
    """At most `MAX_CASES` of the cases, spread evenly over all of them."""
    if len(cases) <= MAX_CASES:
        return cases
    return [cases[n * len(cases) // MAX_CASES] for n in range(MAX_CASES)]


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
    if outcome.unknown:
        return Verdict("not evaluated", case.env.exact, outcome.unknown)
    holds = np.broadcast_to(np.asarray(outcome.holds), case.mask.shape)
    failed = int((case.mask & ~holds).sum())
    tried = outcome.sampled + case.sampled
    status: Status = "fails" if failed else "not refuted" if outcome.sampled else "holds"
    detail = str(outcome.detail) if shown or failed else ""
    about = outcome.about
    if failed and case.sampled:
        detail, about = "so what was supposed, and only tried on samples, is false here", None
    return Verdict(
        status,
        case.env.exact,
        detail,
        outcome.residual,
        outcome.tolerance,
        tried if failed else outcome.sampled,
        int(case.mask.sum()),
        failed,
        about,
    )


_ORDER = ("fails", "not evaluated", "not refuted", "holds")


def _worst(verdicts: list[Verdict]) -> Verdict:
    """One verdict for all cases: the worst status, the largest residual, failures added up."""
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


# ── Numbers to show ────────────────────────────────────────────────────────────────────────────
def _quantities(claim: Claim, env: Environment) -> tuple[Quantity, ...]:
    """The values of the terms that a claim is about, in the order a reader meets them."""
    shown: list[Quantity] = []
    for term, inside in _terms(claim, env):
        try:
            found = _sides(term, inside) if isinstance(term, Equal) else [_quantity(term, inside)]
        except (OutOfRange, TypeError, ValueError, ArithmeticError):
            continue
        for quantity in found:
            if quantity is not None and all(q.term != quantity.term for q in shown):
                shown.append(quantity)
    return tuple(shown)


def _sides(equation: Equal, env: Environment) -> list[Quantity | None]:
    """The two sides of an equation: as one quantity where they agree."""
    sides = [s for s in equation.args if not isinstance(s, (Zero, Identity))]
    values = [_quantity(side, env) for side in sides]
    if len(values) == 2 and values[0] and values[1] and values[0].rows == values[1].rows:
        return [Quantity(equation, values[0].rows)]
    return values


def _terms(claim: Claim, env: Environment) -> list[tuple[Any, Environment]]:
    if isinstance(claim, Equal) and claim.is_about_matrices:
        return [(claim, env)]
    if isinstance(claim, (RankIs, RankBelow)):
        return [(claim.args[0], env)]
    if isinstance(claim, And):
        return [pair for part in claim.args for pair in _terms(part, env)]
    if isinstance(claim, Or):
        return [pair for part in claim.args for pair in _terms(part, env)]
    if isinstance(claim, ForAll) and len(claim.variables) == 1 and is_index(claim.variables[0]):
        return _terms_at_indices(claim, env)
    if isinstance(claim, Abbreviation) and not isinstance(claim, Between):
        meaning = claim.args[0]
        return [(meaning, env)] if isinstance(meaning, MatrixTerm) else []
    return []


def _terms_at_indices(claim: ForAll, env: Environment) -> list[tuple[Any, Environment]]:
    """The terms of a claim about all layers, at each layer it concerns."""
    (variable,) = claim.variables
    found = []
    for value in index_values(env):
        try:
            body: Any = claim.body.xreplace({variable: Integer(value)})
            parts = body.args if isinstance(body, Implies) else (body,)
            if all(evaluate(p, env).everywhere for p in parts[:-1]):
                found.extend(_terms(parts[-1], env))
        except (OutOfRange, ValueError):
            continue
    return found


def _quantity(term: Any, env: Environment) -> Quantity | None:
    if not isinstance(term, MatrixTerm):
        return None
    value: Any = matrix_value(term, env)
    if value.rows * value.cols > SHOWN_ENTRIES:
        return None
    rows = tuple(tuple(str(x) for x in line) for line in value.entries())
    return Quantity(term, rows)


# ── The trace ──────────────────────────────────────────────────────────────────────────────────
def replay(
    result: Result,
    run: Run,
    env: Environment | None = None,
    batches: Sequence[Environment] = (),
    instance: Instance | None = None,
    route: str = "",
) -> ResultTrace:
    """The trace of a proof, replayed on an example and on batches where they are given.

    Of the batches only those count on which no hypothesis fails, if there are any.
    """
    exact = {}
    if env is not None:
        exact = _Replay(env, shown=True).run(run.proof.steps, result.variables)
    floats = _together(
        [_Replay(b, shown=True).run(run.proof.steps, result.variables) for b in batches],
        [id(s) for s in run.proof.steps if s.kind == "given"],
    )
    builder = _Builder(exact, floats)
    steps = builder.steps(run.proof.steps)
    return ResultTrace(
        result.id,
        result.title,
        result.statement,
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


def _together(runs: list[dict[int, _Seen]], given: list[int]) -> dict[int, _Seen]:
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
    return {step: _Seen(_added(verdicts)) for step, verdicts in found.items()}


def _added(verdicts: list[Verdict]) -> Verdict:
    """One verdict for several batches: the worst of those that say something."""
    saying = [v for v in verdicts if v.status != "not applicable"]
    if not saying:
        return verdicts[0]
    total = _worst(saying)
    return replace(
        total,
        instances=sum(v.instances for v in saying),
        failed=sum(v.failed for v in saying),
    )


def replay_batch(result: Result, run: Run, batch: Environment) -> list[tuple[Step, Verdict]]:
    """The verdict of every step on a network or a batch of networks, in reading order."""
    seen = _Replay(batch).run(run.proof.steps, result.variables)
    return [(step, seen[id(step)].verdict) for step in run.steps if id(step) in seen]


_REASONS = {
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
    fact = LEDGER.get(rule.removeprefix("textbook: "))
    if fact is not None:
        return f"{fact.summary} ({fact.source})"
    return _REASONS.get(rule, rule)


class _Builder:
    """Numbers the steps and puts what was seen beside them."""

    def __init__(self, exact: dict[int, _Seen], floats: dict[int, _Seen]) -> None:
        self._exact, self._floats = exact, floats
        self._numbers: dict[int, str] = {}

    def steps(self, steps: Sequence[Step]) -> tuple[StepTrace, ...]:
        self._number(steps, "")
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
            step.claim,
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
        )


def _order(number: str) -> tuple[int, list[int]]:
    given = number.startswith("H")
    return (0 if given else 1, [int(part) for part in number.lstrip("H").split(".")])
