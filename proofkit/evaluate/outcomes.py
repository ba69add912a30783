"""Three-valued outcomes: on each instance a claim holds, fails, or is open.

It is open where a word is undefined, where enclosures overlap, or where the claim cannot be
evaluated at all.  Connectives are Kleene's (S. Kleene, Introduction to Metamathematics (1952),
§64): false and open is false, true or open is true, the rest stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from proofkit.evaluate.environment import Environment
from proofkit.trace import Status, Verdict

__all__ = [
    "Outcome",
    "Sentence",
    "conjunction",
    "disjunction",
    "implication",
    "is_throughout",
    "negation",
    "opened",
]


class Sentence:
    """A sentence that is put together when somebody reads it: most are never read."""

    def __init__(self, form: str, *parts: Any, write: Callable[[Any], str] = str) -> None:
        self._form, self._parts, self._write = form, parts, write

    def __str__(self) -> str:
        return self._form.format(*map(self._write, self._parts))


class Outcome(NamedTuple):
    """Where a claim holds: a boolean for each instance, and how it was decided.

    ``sampled`` counts values tried for claims that cannot be settled by trying; ``unknown`` says
    that the claim could not be evaluated on any instance, and why; ``about`` is the part of the
    claim that ``detail`` speaks of, where it is not the whole.  ``undefined`` are the instances
    on which a word is undefined and the claim open, ``why`` says which; what is open does not
    hold.  ``agrees`` says that the claim is open only because enclosures overlap, as they do if
    it is true.
    """

    holds: Any
    residual: float | None = None
    tolerance: float | None = None
    sampled: int = 0
    detail: str | Sentence = ""
    unknown: str = ""
    about: Any = None
    undefined: Any = False
    why: str = ""
    agrees: bool = False

    @property
    def everywhere(self) -> bool:
        """Whether it holds on every instance."""
        return is_throughout(self.holds)

    @property
    def open(self) -> Any:
        """The instances on which it neither holds nor fails."""
        return True if self.unknown else self.undefined

    def verdict(self, env: Environment) -> Verdict:
        """The outcome as a verdict of a trace."""
        return self.seen(env, np.full(env.batch, True))

    def seen(self, env: Environment, mask: Any) -> Verdict:
        """The outcome on the instances of the mask."""
        if self.open is False and mask.size == 1:
            instances = int(mask[0])
            return self._settled(env, instances, int(instances and not self.holds))
        defined = mask if self.open is False else np.logical_and(mask, np.logical_not(self.open))
        instances = int(defined.sum())
        if not instances and self.open is not False:
            if self.agrees:
                return self._agreeing(int(mask.sum()))
            is_undefined = self.undefined is not False
            status: Status = "not applicable" if is_undefined else "not evaluated"
            return Verdict(status, env.exact, self.unknown or self.why)
        failed = int((defined & ~np.broadcast_to(np.asarray(self.holds), mask.shape)).sum())
        return self._settled(env, instances, failed)

    def _settled(self, env: Environment, instances: int, failed: int) -> Verdict:
        status: Status = "fails" if failed else "not refuted" if self.sampled else "holds"
        return Verdict(
            status,
            env.exact,
            str(self.detail),
            self.residual,
            self.tolerance,
            self.sampled,
            instances,
            failed,
            self.about,
        )

    def _agreeing(self, instances: int) -> Verdict:
        """What enclosures that overlap say: never that a claim holds exactly."""
        status: Status = "not refuted" if self.sampled else "holds"
        return Verdict(status, False, "", self.residual, self.tolerance, self.sampled, instances, 0)


def opened(outcome: Outcome, undefined: Any, why: str) -> Outcome:
    """The outcome, open on these instances.

    >>> opened(Outcome(np.array([True, True])), np.array([True, False]), "log of -1").holds
    array([False,  True])
    """
    if undefined is False or not np.any(undefined):
        return outcome
    everywhere = bool(np.all(undefined))
    return outcome._replace(
        holds=np.logical_and(outcome.holds, np.logical_not(undefined)),
        unknown=why if everywhere else "",
        undefined=undefined,
        why=why,
    )


# ── Truth values ───────────────────────────────────────────────────────────────────────────────
_ONE = (bool, np.bool_)
"""The types of a truth value that is the same for all instances: NumPy takes its time over them."""


def is_throughout(holds: Any) -> bool:
    """Whether it is true on all instances."""
    return bool(holds if isinstance(holds, _ONE) else holds.all())


def is_anywhere(holds: Any) -> bool:
    """Whether it is true on some instance."""
    return bool(holds if isinstance(holds, _ONE) else holds.any())


def both(a: Any, b: Any) -> Any:
    """a and b."""
    return bool(a and b) if isinstance(a, _ONE) and isinstance(b, _ONE) else np.logical_and(a, b)


def either(a: Any, b: Any) -> Any:
    """a or b."""
    return bool(a or b) if isinstance(a, _ONE) and isinstance(b, _ONE) else np.logical_or(a, b)


def neither(a: Any, b: Any) -> Any:
    """Not a, and not b."""
    together = either(a, b)
    return not together if isinstance(together, _ONE) else np.logical_not(together)


def conjunction(outcomes: Sequence[Outcome], detail: str | Sentence = "") -> Outcome:
    """All of them.

    >>> conjunction([Outcome(False), Outcome(False, unknown="log of -1", undefined=True)]).unknown
    ''
    """
    holds: Any = True
    for outcome in outcomes:
        holds = both(holds, _true(outcome))
    if all(outcome.open is False for outcome in outcomes):
        return _joined(outcomes, holds, False, detail)
    fails: Any = False
    for outcome in outcomes:
        fails = either(fails, neither(outcome.holds, outcome.open))
    return _joined(outcomes, holds, neither(holds, fails), detail)


def disjunction(outcomes: Sequence[Outcome], detail: str | Sentence = "") -> Outcome:
    """One of them at least."""
    holds: Any = False
    opened: Any = False
    for outcome in outcomes:
        holds = either(holds, _true(outcome))
        opened = either(opened, outcome.open)
    if opened is not False:
        opened = both(opened, neither(holds, False))
    return _joined(outcomes, holds, opened, detail)


def negation(outcome: Outcome) -> Outcome:
    """Its opposite: what is open stays open."""
    return outcome._replace(holds=neither(outcome.holds, outcome.open), agrees=False)


def implication(premises: Sequence[Outcome], conclusion: Outcome) -> Outcome:
    """The conclusion, where no premise fails."""
    met = conjunction(premises)
    if met.holds is True and met.open is False:
        return conclusion
    refuted = neither(met.holds, met.open)
    holds = either(refuted, _true(conclusion))
    if met.open is False and conclusion.open is False:
        return conclusion._replace(holds=holds)
    fails = both(met.holds, neither(conclusion.holds, conclusion.open))
    parts = [conclusion, *premises] if conclusion.open is not False else [*premises, conclusion]
    joined = _joined(parts, holds, neither(holds, fails))
    return joined._replace(
        residual=conclusion.residual,
        tolerance=conclusion.tolerance,
        sampled=conclusion.sampled,
        detail=conclusion.detail,
        about=conclusion.about,
        agrees=conclusion.agrees and bool(joined.unknown),
    )


def _true(outcome: Outcome) -> Any:
    """Where it certainly holds."""
    return False if outcome.unknown else outcome.holds


def _joined(
    outcomes: Sequence[Outcome], holds: Any, opened: Any, detail: str | Sentence = ""
) -> Outcome:
    only = outcomes[0] if len(outcomes) == 1 else None
    joined = Outcome(
        holds,
        _largest([o.residual for o in outcomes]),
        _largest([o.tolerance for o in outcomes]),
        sum(o.sampled for o in outcomes),
        detail or (only.detail if only is not None else ""),
        about=only.about if only is not None and not detail else None,
    )
    if opened is False or not is_anywhere(opened):
        return joined
    first = next(o for o in outcomes if o.open is not False)
    why = first.unknown or first.why
    everywhere = is_throughout(opened)
    is_undefined = any(o.undefined is not False for o in outcomes)
    return joined._replace(
        unknown=why if everywhere else "",
        undefined=opened if is_undefined or not everywhere else False,
        why=why,
        agrees=everywhere and all(o.agrees for o in outcomes if o.open is not False),
    )


def _largest(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return max(known) if known else None
