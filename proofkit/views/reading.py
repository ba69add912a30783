"""What every document says about a trace, whatever its notation: clauses, links, verdicts in words.

Nothing is computed here that is not already in the trace; this module only puts it in the order
in which people read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from proofkit.claims import And, ForAll, Implies
from proofkit.trace import (
    Broken,
    Formula,
    Prose,
    Remark,
    ResultTrace,
    Status,
    StepTrace,
    Verdict,
    WayDown,
)
from proofkit.views.boxes import Box, Level, Op, Row, Words
from proofkit.views.layout import Layout, Notation, layout_of
from proofkit.views.layout_claims import is_ranged
from proofkit.views.quoted import quoted
from proofkit.views.sorts import membership
from proofkit.views.telling import Telling, told

__all__ = [
    "KINDS",
    "RELATIONS",
    "SHAPES",
    "STATUS",
    "Clause",
    "batch_words",
    "broken_words",
    "clauses",
    "definitions",
    "hypotheses",
    "nested",
    "opening",
    "parting",
    "prose_boxes",
    "remarks",
    "side_by_side",
    "used_by",
    "used_result",
    "used_results",
    "verdict_detail",
    "verdict_label",
    "verdict_words",
    "way_down_words",
]

KINDS: Final = {
    "given": "Given",
    "suppose": "Suppose",
    "fix": "Show",
    "cases": "Show",
    "case": "Case",
    "obtain": "Take",
    "near": "Show",
    "induction": "Show",
    "have": "Then",
    "beat": "Then",
}
"""The word that opens a step of each kind, before its claim."""


def opening(step: StepTrace) -> str:
    """The word before a step's claim.

    What is derived from its opposite is stored as a supposition with steps inside; the claim
    stands at its head, and it is the opposite that is supposed inside.
    """
    return "Show" if step.kind == "suppose" and step.children else KINDS[step.kind]


SHAPES: Final[dict[Status, str]] = {
    "holds": "✓",
    "fails": "✗",
    "not refuted": "○",
    "not applicable": "–",
    "not evaluated": "·",
}
"""A shape for each verdict, so that none is told apart by colour alone."""

STATUS: Final = {
    "proved": "Every step of this proof is accepted by the kernel.",
    "incomplete": "This proof has a gap: a step is admitted without proof.",
    "failed": "This proof is not accepted: a step does not follow.",
}
"""What the status of a result means."""


def status_words(trace: ResultTrace) -> str:
    """What the status of a result means."""
    return UNEXERCISED if trace.unexercised else STATUS[trace.status]


UNEXERCISED: Final = (
    "Every step of this proof is accepted by the kernel, but no instance exercises the result: "
    "if its hypotheses contradict each other, it says nothing."
)
"""What is said of a result on whose hypotheses no instance was found."""


RELATIONS: Final = {
    "faithful": ("=", "faithful", "What is proved is what is printed."),
    "stronger": ("⊃", "stronger", "What is proved says more than what is printed."),
    "weaker": ("⊂", "weaker", "What is proved says less than what is printed."),
}
"""A shape, a word and a sentence for each way in which two statements compare."""


@dataclass(frozen=True)
class Clause:
    """A part of a statement: what is let, supposed or concluded, as boxes to print."""

    word: str
    items: tuple[Box, ...]


def clauses(statement: Any, notation: Notation = ()) -> tuple[Clause, ...]:
    """A statement taken apart as a paper states it: Let … Suppose … Then …

    >>> from proofkit.claims import Convex, Equal
    >>> from proofkit.symbols import Function, MatrixVariable
    >>> f, X = Function('f', 2, 2), MatrixVariable('X', 2, 2)
    >>> [c.word for c in clauses(ForAll(f, X, Implies(Convex(f), Equal(X, X))))]
    ['Let', 'Suppose', 'Then']
    """
    layout = layout_of(notation)
    out: list[Clause] = []
    while True:
        if isinstance(statement, ForAll) and not is_ranged(statement):
            items = _memberships(layout, statement.variables)
            out.append(Clause("Let", items))
            statement = statement.body
        elif isinstance(statement, Implies):
            *premises, statement = statement.args
            out.append(Clause("Suppose", tuple(layout(p) for p in premises)))
        else:
            return (*out, Clause("Then" if out else "Claim", _parts(layout, statement)))


def _parts(layout: Layout, claim: Any) -> tuple[Box, ...]:
    """A conclusion as one item; implications that are claimed together as one each."""
    parts = claim.args if isinstance(claim, And) else (claim,)
    if any(isinstance(part, (Implies, ForAll)) for part in parts):
        return tuple(layout(part) for part in parts)
    return (layout(claim),)


def _memberships(layout: Layout, variables: Sequence[Any]) -> tuple[Box, ...]:
    """What each variable ranges over; neighbours of one range are named together: k, j ∈ ℤ."""
    found: list[tuple[tuple[Box, ...], Box]] = []
    for variable in variables:
        items = membership(layout, variable).items
        name, rest = items[:1], items[1:]
        if found and found[-1][1] == Row(rest) and not isinstance(name[0], Words):
            found[-1] = ((*found[-1][0], Op(",", "comma"), *name), found[-1][1])
        else:
            found.append((name, Row(rest)))
    return tuple(Row((*names, rest), Level.RELATION) for names, rest in found)


def prose_boxes(words: Prose, notation: Notation = ()) -> Box:
    """A sentence of words and formulas as one row of boxes; a letter alone is a variable.

    >>> prose_boxes(Prose(("V is the kernel of ", Formula("G")))).items[0].items[0].text
    'V'
    """
    layout = layout_of(notation)
    return Row(
        tuple(
            layout(part.expression) if isinstance(part, Formula) else quoted(part)
            for part in words.parts
        ),
        Level.SENTENCE,
    )


def definitions(trace: ResultTrace) -> tuple[tuple[str, Box], ...]:
    """The names that the notation gives, with what each stands for."""
    layout = layout_of(trace.notation)
    return tuple((name, layout.without(term)(term)) for term, name in layout.names.items())


def nested(trace: ResultTrace) -> tuple[tuple[int, StepTrace], ...]:
    """The steps in reading order, each with how deep it is nested."""

    def below(steps: Sequence[StepTrace], depth: int) -> list[tuple[int, StepTrace]]:
        return [x for step in steps for x in ((depth, step), *below(step.children, depth + 1))]

    return tuple(below(trace.steps, 0))


def hypotheses(trace: ResultTrace) -> tuple[StepTrace, ...]:
    """The steps that state the hypotheses."""
    return tuple(step for step in trace.steps if step.kind == "given")


def remarks(trace: ResultTrace) -> tuple[tuple[str, Remark], ...]:
    """The remarks on the paper with the numbers of their steps, each remark once."""
    found: dict[str, tuple[str, Remark]] = {}
    for step in trace.walk():
        for remark in step.remarks:
            found.setdefault(remark.id, (step.number, remark))
    return tuple(found.values())


def used_by(trace: ResultTrace) -> dict[str, tuple[str, ...]]:
    """For each step, the steps that rest on it, in reading order."""
    steps = trace.walk()
    return {
        step.number: tuple(other.number for other in steps if step.number in other.uses)
        for step in steps
    }


def used_result(rule: str) -> str:
    """The id of the result that a step applies, if it applies one.

    >>> used_result('result: lemma-2'), used_result('algebra')
    ('lemma-2', '')
    """
    return rule.removeprefix("result: ") if rule.startswith("result: ") else ""


def way_down_words(way: WayDown) -> tuple[str, str]:
    """What stands before the perturbed network, and before the lower one.

    >>> way_down_words(WayDown((), (), (), "2", "1"))[1]
    'No hypothesis, no minimum: near by the loss falls from 2 to 1.'
    """
    first = (
        "The witness: this network near by has exactly the same product, and its gradient is not "
        "zero."
        if way.near
        else ""
    )
    begin = "A step from there lowers" if way.near else "No hypothesis, no minimum: near by"
    rest = "the loss" if way.near else "the loss falls"
    return first, f"{begin} {rest} from {way.before} to {way.after}."


def parting(trace: ResultTrace) -> StepTrace | None:
    """The first step at which an example that breaks a hypothesis leaves the proof, if one does.

    A step with steps inside has left it because one of them has.
    """
    broken = [
        step.claim
        for step in hypotheses(trace)
        if step.verdict is not None and step.verdict.status == "fails"
    ]

    def left(step: StepTrace) -> bool:
        verdict = step.verdict
        return (
            verdict is not None and verdict.status == "not applicable" and verdict.about in broken
        )

    for step in trace.walk():
        if left(step) and not any(map(left, step.walk()[1:])):
            return step
    return None


def verdict_label(verdict: Verdict) -> str:
    """A verdict in two words.

    >>> verdict_label(Verdict('holds', exact=True)), verdict_label(Verdict('fails', exact=True))
    ('holds exactly', 'fails')
    """
    if verdict.status != "holds":
        return verdict.status
    return "holds exactly" if verdict.exact else "holds numerically"


def verdict_words(verdict: Verdict) -> Prose:
    """A verdict in a few words, with the numbers that bear it out.

    >>> verdict_words(Verdict('fails', exact=True, detail='the rank is 1')).parts
    ('fails: ', 'the rank is 1')
    """
    detail = verdict_detail(verdict)
    label = verdict_label(verdict)
    return Prose((f"{label}: ", *detail.parts) if detail else (label,))


def verdict_detail(verdict: Verdict) -> Prose:
    """What bears a verdict out: numbers, samples, the part of the claim that decides.

    >>> verdict_detail(Verdict('holds', exact=False, residual=2e-16, tolerance=1e-14)).parts
    ('residual 2.0e-16 within 1.0e-14',)
    >>> verdict_detail(Verdict('not applicable', exact=True, detail='is wrong', about='X')).parts
    (Formula('X'), ' is wrong')
    """
    told = []
    if verdict.residual is not None and verdict.tolerance is not None:
        within = "within" if verdict.residual <= verdict.tolerance else "beyond"
        told.append(f"residual {verdict.residual:.1e} {within} {verdict.tolerance:.1e}")
    told.extend([verdict.detail] if verdict.detail else [])
    if verdict.samples and "tried" not in verdict.detail:
        told.append(f"{_count(verdict.samples, 'sample')} tried")
    words = "; ".join(told)
    if verdict.about is None:
        return Prose((words,) if words else ())
    # A sentence about the part goes on after it; other details stand behind a colon.
    after = f" {words}" if words.startswith(("does", "is ")) else f": {words}" if words else ""
    return Prose((Formula(verdict.about), *((after,) if after else ())))


def batch_words(verdict: Verdict) -> str:
    """The verdict on a batch of random networks.

    >>> batch_words(Verdict('holds', exact=True, instances=1000))
    'Holds exactly on all 1000 random networks'
    """
    where = _count(verdict.instances, "random network")
    if verdict.failed:
        return f"Fails on {verdict.failed} of {where}"
    if verdict.status == "holds" and verdict.instances > 1:
        where = f"all {where}"
    return f"{verdict_label(verdict).capitalize()} on {where}"


def broken_words(broken: Broken) -> str:
    """What was seen on the example that shows what breaks without a hypothesis.

    >>> broken_words(Broken("H2", example="E25", others="holds", conclusion="fails"))
    'every other hypothesis holds there, and the conclusion fails'
    """
    others = {
        "holds": "every other hypothesis holds there",
        "not refuted": "no other hypothesis was refuted there",
        "fails": "another hypothesis fails there too",
    }.get(broken.others)
    conclusion = {
        "holds": "but the conclusion holds all the same",
        "fails": "and the conclusion fails",
    }.get(broken.conclusion, "and sampling does not decide the conclusion")
    return f"{others}, {conclusion}" if others else conclusion.removeprefix("and ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


@dataclass(frozen=True)
class Used:
    """A result that a proof applies: its statement, and the first step that applies it.

    ``by`` is the id of the result whose proof that step belongs to, and ``step`` the number that
    its readers see; none when it is the proof itself.  ``steps`` are the steps of its own proof,
    where that is a part of the argument.
    """

    trace: ResultTrace
    telling: Telling
    clauses: tuple[Clause, ...]
    step: str
    by: str = ""
    steps: tuple[tuple[int, StepTrace], ...] = ()


def used_results(
    trace: ResultTrace, others: Sequence[ResultTrace], parts: Collection[str] = ()
) -> tuple[Used, ...]:
    """Those of the other results that the proof applies, in the order in which it does.

    With the proofs of those that are ``parts`` of it, and with the parts that parts apply.
    """
    known = {other.id: other for other in others}
    found: dict[str, Used] = {}

    def look(proof: ResultTrace, by: str, telling: Telling) -> None:
        for step in proof.walk():
            other = known.get(used_result(step.rule))
            if other is None or other.id in found or (by and other.id not in parts):
                continue
            part = other.id in parts
            steps = tuple(x for x in nested(other) if x[1].kind != "given") if part else ()
            theirs = told(other)
            at = telling.label(step.number) if by else step.number
            said = clauses(other.statement, other.notation)
            found[other.id] = Used(other, theirs, said, at, by, steps)
            if part:
                look(other, other.id, theirs)

    look(trace, "", told(trace))
    return tuple(found.values())


@dataclass(frozen=True)
class Lane:
    """One of several proofs of a result, told in claims, with what it takes."""

    name: str
    trace: ResultTrace
    telling: Telling
    steps: tuple[tuple[int, StepTrace, str], ...]
    """How deep each step is nested, the step, and the step of the first proof with its claim."""


def side_by_side(traces: Sequence[ResultTrace]) -> tuple[Lane, ...]:
    """Proofs of one result to be read beside each other; hypotheses are left out."""
    first: dict[Any, str] = {}
    for step in traces[0].walk():
        if step.kind != "given":
            first.setdefault(_said(step), step.number)
    return tuple(
        Lane(
            trace.route,
            trace,
            told(trace),
            tuple(
                (depth, step, first.get(_said(step), "") if n else "")
                for depth, step in nested(trace)
                if step.kind != "given"
            ),
        )
        for n, trace in enumerate(traces)
    )


def _said(step: StepTrace) -> tuple[bool, Any]:
    """A claim, and whether it is supposed: to suppose and to show are not the same step."""
    return opening(step) in ("Suppose", "Case"), step.claim
