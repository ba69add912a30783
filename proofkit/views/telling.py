"""A proof as it is told: beats, the sentences in them, and the inferences beneath each sentence.

The record nests inferences in blocks; a reader gets beats (level 1) with sentences (level 2), and
each inference (level 3) under the sentence that it prepares.  Proofs without beats are one piece,
and where no step has words the outermost steps stand for sentences.

A reader sees short numbers: 7 is a beat, 7.4 the fourth sentence in it, 7.4.11 the eleventh
inference beneath that.  The number of a step in the record, with all blocks around it, stays its
address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from proofkit.claims import Contradiction, Equal, ForAll, Implies, Near
from proofkit.trace import Formula, Prose, Quantity, ResultTrace, StepTrace, Verdict
from proofkit.views.layout import Layout, layout_of
from proofkit.views.settings import Depth
from proofkit.views.text import show_box

__all__ = ["Mark", "Part", "Sentence", "Telling", "references", "told"]


@dataclass(frozen=True)
class Mark:
    """The one mark beside a sentence: a shape, a class for its colour, and what it means."""

    shape: str
    kind: str
    meaning: str


_PROVED_HERE: Final = Mark("✓", "holds", "proved, and holds on the example")
_PROVED: Final = Mark("○", "proved", "proved; the example does not decide it")
_GAP: Final = Mark("◐", "not-refuted", "not proved here")
_FAILS: Final = Mark("✗", "fails", "fails on the example")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the proof.

    ``says`` tells whether its words have its claim in them already; ``before`` are inferences that
    prepare it, ``beneath`` those inside it that no sentence of its own prepares for, ``inside`` the
    sentences inside it.
    """

    step: StepTrace
    says: bool
    mark: Mark
    before: tuple[StepTrace, ...] = ()
    beneath: tuple[StepTrace, ...] = ()
    inside: tuple[Sentence, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether a word opens the claim, *Show* say: its words do not tell what it is."""
        return not self.step.words or (bool(self.inside) and self.step.kind != "case")

    @property
    def inferences(self) -> tuple[StepTrace, ...]:
        """The inferences beneath it, in reading order."""
        return (*self.before, *self.beneath)

    def walk(self) -> Iterator[Sentence]:
        """The sentence and those inside it."""
        yield self
        for sentence in self.inside:
            yield from sentence.walk()


@dataclass(frozen=True)
class Part:
    """A beat with its sentences, or a block that holds beats; without a step, a whole proof.

    ``closes`` tells whether its last sentence states its claim.
    """

    step: StepTrace | None
    says: bool = False
    closes: bool = False
    mark: Mark = _PROVED
    before: tuple[StepTrace, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    parts: tuple[Part, ...] = ()
    numbers: tuple[Quantity, ...] = ()

    def walk(self) -> Iterator[Part]:
        """The part and those inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Telling:
    """A proof as it is told; ``beats`` are its parts that are beats, in reading order."""

    parts: tuple[Part, ...]
    notes: Mapping[str, Prose] = field(default_factory=dict)
    """By the numbers of steps, where the example leaves the proof, each reason once."""

    @property
    def beats(self) -> tuple[Part, ...]:
        """The beats, and the blocks that hold them, in reading order."""
        return tuple(p for part in self.parts for p in part.walk() if p.step is not None)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """For the number of each step the one that readers see."""
        return dict(_labelled(self.parts))

    def label(self, number: str) -> str:
        """The number that readers see of a step: 7, 7.4 or 7.4.11; a hypothesis has its own."""
        return self._labels.get(number, number)

    def beat(self, number: str) -> str:
        """The number of the step of the innermost beat that a step belongs to, or its own."""
        parts = number.split(".")
        heads = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        beats = {part.step.number for part in self.beats if part.step is not None}
        return next((head for head in heads if head in beats), number)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in reading order."""
        return tuple(
            s for part in self.parts for p in part.walk() for one in p.sentences for s in one.walk()
        )

    def shown(self, depth: Depth) -> tuple[StepTrace, ...]:
        """The steps that a depth shows, without those folded beneath a sentence."""
        if depth == "idea":
            return tuple(p.step for p in self.beats if p.step is not None)
        out: list[StepTrace] = []
        for part in (p for one in self.parts for p in one.walk()):
            out += [part.step] if part.step is not None else []
            if depth == "all":
                out += [s for step in part.before for s in step.walk()]
            for sentence in (s for one in part.sentences for s in one.walk()):
                out.append(sentence.step)
                if depth == "all":
                    out += [s for step in sentence.inferences for s in step.walk()]
        return tuple(out)


def _labelled(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """Steps by their numbers in the record, each with the number that readers see.

    What stands between beats is counted with the beat before it, and with 0 before the first.
    """
    inside = [p for part in parts for p in part.walk()]
    beat = "0" if any(part.step is not None for part in inside) else ""
    counts: Counter[str] = Counter()

    def following(head: str) -> str:
        counts[head] += 1
        return f"{head}.{counts[head]}" if head else str(counts[head])

    for part in inside:
        if part.step is not None:
            counts["beats"] += 1
            beat = str(counts["beats"])
            yield part.step.number, beat
        for step in (s for one in part.before for s in one.walk()):
            yield step.number, following(beat)
        for sentence in (s for one in part.sentences for s in one.walk()):
            label = following(beat)
            yield sentence.step.number, label
            for step in (s for one in sentence.inferences for s in one.walk()):
                yield step.number, following(label)


def told(trace: ResultTrace) -> Telling:
    """The proof of a trace as it is told; hypotheses are left out."""
    steps = [step for step in trace.steps if step.kind != "given"]
    if any(step.level == 1 for step in steps):
        parts = _parts(steps)
    else:
        if not any(s.level <= 2 for step in steps for s in step.walk()):
            steps = [replace(step, level=2) for step in steps]
        parts = (_part(None, steps),)
    layout = layout_of(trace.notation)
    parts = tuple(_without_tautologies(part, layout) for part in parts)
    return Telling(parts, _notes(Telling(parts), trace))


def _without_tautologies(part: Part, layout: Layout) -> Part:
    """The part, with claims that read X = X said by their words."""

    def plain(step: StepTrace) -> bool:
        sides = step.claim.args if isinstance(step.claim, Equal) else ()
        return bool(step.words) and len({show_box(layout(side)) for side in sides}) == 1

    def look(one: Sentence) -> Sentence:
        says = one.says or plain(one.step)
        return replace(one, says=says, inside=tuple(map(look, one.inside)))

    inner = tuple(_without_tautologies(one, layout) for one in part.parts)
    says = part.says or (part.step is not None and plain(part.step))
    return replace(part, says=says, sentences=tuple(map(look, part.sentences)), parts=inner)


def _notes(telling: Telling, trace: ResultTrace) -> dict[str, Prose]:
    """Where the example leaves the proof: at the first sentence that it has no say in, said once
    for each reason."""
    here = trace.instance.id if trace.instance is not None else "the example"
    idle = [p.step for p in telling.beats if p.step is not None and (p.sentences or p.parts)]
    hypotheses = [step.claim for step in trace.steps if step.kind == "given"]
    known: list[Any] = []
    found: dict[str, Prose] = {}
    for step in telling.shown("proof"):
        verdict = step.verdict
        if step in idle or verdict is None or verdict.about is None:
            continue
        if verdict.status == "not applicable" and verdict.about not in known:
            known.append(verdict.about)
            words = f"Here {here} leaves the proof, as on it this does not hold: "
            if verdict.about not in hypotheses:
                words = f"What is supposed here does not hold on {here}: "
            found[step.number] = Prose((words, Formula(verdict.about), "."))
    return found


def _parts(steps: Sequence[StepTrace]) -> tuple[Part, ...]:
    """The parts of a proof in beats: what stands between beats belongs to the next, or the last."""
    parts: list[Part] = []
    waiting: list[StepTrace] = []
    for step in steps:
        if step.level > 1:
            waiting.append(step)
            continue
        parts += [_part(None, waiting)] if any(_is_told(s) for s in waiting) else []
        loose = () if any(_is_told(s) for s in waiting) else tuple(waiting)
        parts.append(_prepared(_part(step, step.children), loose))
        waiting = []
    if parts and waiting and not any(map(_is_told, waiting)):
        return (*parts[:-1], replace(parts[-1], before=(*parts[-1].before, *waiting)))
    return (*parts, _part(None, waiting)) if waiting else tuple(parts)


def _prepared(part: Part, before: tuple[StepTrace, ...]) -> Part:
    """The part with inferences that prepare it: beneath its first sentence, if it has any."""
    if part.sentences:
        first, *rest = part.sentences
        return replace(part, sentences=(replace(first, before=(*before, *first.before)), *rest))
    return replace(part, before=(*before, *part.before))


def _is_told(step: StepTrace) -> bool:
    return any(s.level <= 2 for s in step.walk())


def _part(step: StepTrace | None, steps: Sequence[StepTrace]) -> Part:
    if step is not None and any(s.level == 1 for s in steps):
        return Part(step, _says(step), False, mark(step), parts=_parts(steps))
    sentences, beneath = _sentences(steps)
    if beneath and sentences:
        last = sentences[-1]
        sentences = (*sentences[:-1], replace(last, beneath=(*last.beneath, *beneath)))
        beneath = ()
    if step is None:
        return Part(None, before=beneath, sentences=sentences)
    closing = sentences[-1] if sentences else None
    closes = closing is not None and closing.step.claim == step.claim
    if closing is not None and closes and closing.inside and not closing.says:
        # What it all comes to stands at its end, not before its last part.
        sentences, closes = (*sentences[:-1], replace(closing, says=True)), False
    return Part(step, _says(step), closes, mark(step), beneath, sentences, numbers=step.quantities)


def _sentences(
    steps: Sequence[StepTrace],
) -> tuple[tuple[Sentence, ...], tuple[StepTrace, ...]]:
    """The sentences of a block, each with the inferences before it, and the inferences after."""
    found: list[Sentence] = []
    waiting: list[StepTrace] = []
    for step in steps:
        if step.level > 2:
            waiting.append(step)
            continue
        inside, beneath = _sentences(step.children)
        found.append(Sentence(step, _says(step), mark(step), tuple(waiting), beneath, inside))
        waiting = []
    return tuple(found), tuple(waiting)


def _says(step: StepTrace) -> bool:
    """Whether a reader is told the claim without it: by the words, or by the last step inside.

    That the cases of a proof show what is to be shown, and how an induction begins and goes on, is
    known from what they stand in.
    """
    if step.words and (step.kind == "cases" or step.rule in ("base", "step")):
        return True
    said = [part.expression for part in step.words.parts if isinstance(part, Formula)]
    claim: Any = step.claim
    if isinstance(claim, Contradiction):
        return bool(step.words)
    inner = next((s.claim for s in reversed(step.children) if s.level <= 2), None)
    while True:
        if any(type(claim) is type(one) and claim == one for one in said):
            return True
        if isinstance(claim, (ForAll, Near)):
            claim = claim.body
        elif isinstance(claim, Implies):
            claim = claim.args[-1]
        else:
            return False
        if claim == inner:
            return True


def mark(step: StepTrace) -> Mark:
    """The mark of a step."""
    if step.tier != "proved":
        return _GAP
    verdict: Verdict | None = step.verdict
    if verdict is not None and verdict.status == "fails":
        return _FAILS
    return _PROVED_HERE if verdict is not None and verdict.status == "holds" else _PROVED


def references(telling: Telling) -> dict[str, tuple[str, ...]]:
    """For each sentence, the displayed claims that it rests on and that do not stand just before.

    What stands just before a sentence, or around it, needs no reference.
    """
    found: dict[str, tuple[str, ...]] = {}
    sentences = telling.sentences
    displayed = {one.step.number for one in sentences if not one.says}
    for before, one in zip((None, *sentences), sentences, strict=False):
        number = one.step.number
        numbers = tuple(
            cited
            for cited in one.step.cites
            if cited in displayed
            and not number.startswith(f"{cited}.")
            and (before is None or cited != before.step.number)
        )
        if numbers:
            found[number] = numbers
    return found
