"""The trace: the frozen record of a proof, tried on examples, which every view shows.

A view computes nothing; whatever a reader sees stands here.  Formulas are kept as the very
expressions that were checked and are printed by one printer per notation, so a formula in prose
cannot drift from the one in the proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal, TypeAlias

from proofkit.basics.displays import Shown
from proofkit.basics.drawing import Drawing

__all__ = [
    "Broken",
    "Comparison",
    "Entry",
    "Footprint",
    "Illustration",
    "Instance",
    "Prose",
    "Quantity",
    "Remark",
    "ResultTrace",
    "Source",
    "Status",
    "StepTrace",
    "Tier",
    "Verdict",
    "Walk",
    "Without",
    "prose",
]

Status: TypeAlias = Literal["holds", "fails", "not refuted", "not applicable", "not evaluated"]
"""What a step says on a concrete network."""

Tier: TypeAlias = Literal[
    "proved", "certified on instances", "numerical", "sampled", "cited", "assumed"
]
"""How strong the evidence is; a result is as strong as its weakest step."""

TIERS: tuple[Tier, ...] = (
    "proved",
    "certified on instances",
    "numerical",
    "sampled",
    "cited",
    "assumed",
)


@dataclass(frozen=True)
class Prose:
    """A sentence with formulas in it: strings and expressions in turn.

    >>> prose("the rank of {X} is {r}", X="X", r=2).parts
    ('the rank of ', Formula('X'), ' is ', Formula(2))
    """

    parts: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def plain(self) -> str:
        """The sentence as text.

        >>> prose("the rank of {X} is {r}", X="X", r=2).plain()
        'the rank of X is 2'
        """
        return "".join(str(getattr(part, "expression", part)) for part in self.parts)


@dataclass(frozen=True)
class Formula:
    """A formula inside prose: a claim, a term or a scalar, printed in each view's notation."""

    expression: Any

    def __repr__(self) -> str:
        return f"Formula({self.expression!r})"


def prose(template: str, **formulas: Any) -> Prose:
    """Words with ``{name}`` standing for the formula of that name.

    Raises `ValueError` for a name without a formula and for a formula without a name.
    """
    parts: list[Any] = []
    used = set()
    for words, name, _, _ in Formatter().parse(template):
        if words:
            parts.append(words)
        if name is not None:
            if name not in formulas:
                raise ValueError(
                    f"the words name {{{name}}} but no such formula was given; plain braces are "
                    "written {{ and }}"
                )
            used.add(name)
            parts.append(Formula(formulas[name]))
    if unused := sorted(set(formulas) - used):
        raise ValueError(f"prose does not use the formulas {', '.join(unused)}")
    return Prose(tuple(parts))


@dataclass(frozen=True)
class Source:
    """Where in the paper something stands: page, place and the sentence as printed."""

    page: int
    place: str
    sentence: str = ""


Relation: TypeAlias = Literal["faithful", "stronger", "weaker"]
"""How a statement compares with another one."""

RELATIONS: tuple[Relation, ...] = ("faithful", "stronger", "weaker")


@dataclass(frozen=True)
class Comparison:
    """How the statement that is proved compares with the one that is printed, and in what."""

    relation: Relation
    words: Prose = Prose()


@dataclass(frozen=True)
class Without:
    """What breaks without a hypothesis (numbered from 0): an example that shows it, or words.

    ``where`` gives index symbols other values on the example than they usually have there.  A
    hypothesis that is not needed names the result, ``proof``, that does without it.
    """

    hypothesis: int
    example: str = ""
    words: Prose = Prose()
    where: tuple[tuple[Any, int], ...] = ()
    proof: str = ""


@dataclass(frozen=True)
class Verdict:
    """What a claim says on one network or on a batch.

    ``exact`` tells rational arithmetic from floats; for floats ``residual`` and ``tolerance``
    are the largest over the batch.  ``samples`` counts the values tried for a claim about all
    values of some variable.  ``about`` is the part of the claim that ``detail`` speaks of, where
    it is not the whole.
    """

    status: Status
    exact: bool
    detail: str = ""
    residual: float | None = None
    tolerance: float | None = None
    samples: int = 0
    instances: int = 1
    failed: int = 0
    about: Any = None


@dataclass(frozen=True)
class Quantity:
    """A term of the step with its value on the example: rows of exact or rounded numbers.

    ``changed`` marks entries (row, column) that differ from the value named by ``compared_to``.
    """

    term: Any
    rows: tuple[tuple[str, ...], ...]
    changed: tuple[tuple[int, int], ...] = ()
    compared_to: str = ""


@dataclass(frozen=True)
class Remark:
    """A place where the paper needs help: what it says, what is true, which example shows it."""

    id: str
    paper_says: str
    truth: Prose
    example: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class Broken:
    """What breaks without the hypothesis of a step, with what was seen on the example.

    ``others`` is the status of the other hypotheses there, ``conclusion`` that of the claim.
    """

    number: str
    words: Prose = Prose()
    example: str = ""
    title: str = ""
    others: Status = "not evaluated"
    conclusion: Status = "not evaluated"


@dataclass(frozen=True)
class Entry:
    """A symbol in the glossary: its meaning, and its values on the example."""

    term: Any
    meaning: Prose
    values: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class Illustration:
    """A figure: what is drawn, what a reader should see in it, and the same without eyes.

    ``beside`` tells where it belongs: beside the example, or before the proof.
    """

    id: str
    drawing: Drawing
    caption: Prose
    words: str
    beside: Literal["example", "proof"] = "proof"


@dataclass(frozen=True)
class StepTrace:
    """One step: its claim, why it holds, and what it says on the example.

    ``kind`` is one of given, suppose, fix, case, obtain, near, induction, have, beat; steps of the
    kinds suppose, fix, case, near, induction and beat have ``children``.  ``uses`` lists the
    numbers of the steps it rests on.  ``level`` is 1 for a beat, which one says at the blackboard,
    2 for a sentence of a printed proof, 3 for an inference; ``cites`` lists what a reader of its
    level must have read: ``uses``, gone on to where they are stated at that level.
    """

    number: str
    kind: str
    claim: Any
    rule: str
    reason: str
    uses: tuple[str, ...] = ()
    words: Prose = Prose()
    tier: Tier = "proved"
    verdict: Verdict | None = None
    batch: Verdict | None = None
    quantities: tuple[Quantity, ...] = ()
    remarks: tuple[Remark, ...] = ()
    children: tuple[StepTrace, ...] = ()
    level: int = 3
    cites: tuple[str, ...] = ()

    def walk(self) -> tuple[StepTrace, ...]:
        """The step and all steps below it, in reading order."""
        return (self, *(s for child in self.children for s in child.walk()))


@dataclass(frozen=True)
class Footprint:
    """What a result rests on."""

    rules: tuple[tuple[str, int], ...]
    structural: tuple[tuple[str, int], ...]
    results: tuple[str, ...]
    cited: tuple[str, ...] = ()
    admitted: tuple[str, ...] = ()
    inferences: int = 0


@dataclass(frozen=True)
class Instance:
    """The concrete network a trace was tried on."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    quantities: tuple[Quantity, ...] = ()


@dataclass(frozen=True)
class WayDown:
    """Why a critical point is no local minimum: a network near it, and one with a smaller loss.

    ``near`` are the layers of a network with exactly the same product and ``gradient`` its
    gradient in one layer, which is not zero; both are empty where nothing had to be perturbed.
    ``below`` are the layers of a network whose loss ``after`` is less than ``before``.
    """

    near: tuple[Quantity, ...]
    gradient: tuple[Quantity, ...]
    below: tuple[Quantity, ...]
    before: str
    after: str

    @property
    def product_kept(self) -> bool:
        """Whether the way begins with a network that has the same product."""
        return bool(self.near)


@dataclass(frozen=True)
class ResultTrace(Shown):
    """A result with its proof, tried on one example (or on none)."""

    id: str
    title: str
    statement: Any
    status: Literal["proved", "incomplete", "failed"]
    tier: Tier
    steps: tuple[StepTrace, ...]
    footprint: Footprint
    idea: Prose = Prose()
    source: Source | None = None
    route: str = ""
    instance: Instance | None = None
    symbols: tuple[tuple[Any, Prose], ...] = ()
    notation: tuple[tuple[Any, str], ...] = field(default=())
    """Names for terms, such as A for M[k:j+1], that printers write instead of the term.

    A pair of two names says that a reader's name is to be written for ours throughout.
    """
    comparison: Comparison | None = None
    broken: tuple[Broken, ...] = ()
    glossary: tuple[Entry, ...] = ()
    illustrations: tuple[Illustration, ...] = ()
    way_down: WayDown | None = None
    unexercised: Prose = Prose()
    """Why no instance exercises the result, where none does."""

    def walk(self) -> Walk:
        """All steps in reading order; in a notebook they can be walked through."""
        return Walk(self)


class Walk(Shown, Sequence[StepTrace]):
    """The steps of a trace in reading order, which a notebook shows one at a time.

    No tuple: of these notebooks print every field.
    """

    def __init__(self, trace: ResultTrace) -> None:
        self.trace = trace
        self._steps = tuple(s for step in trace.steps for s in step.walk())

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, at: Any) -> Any:
        return self._steps[at]
