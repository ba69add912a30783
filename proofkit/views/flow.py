"""A proof as one flow of pieces, for notations in which text simply goes on: LaTeX, Markdown.

A piece is a beat's sentence, a sentence, a displayed claim, a remark, what a beat says on the
example, or the beginning or the end of an auxiliary result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from proofkit.trace import Prose, Quantity, Remark, StepTrace
from proofkit.views.needed import Needed
from proofkit.views.reading import opening
from proofkit.views.settings import Depth
from proofkit.views.telling import Mark, Part, Sentence, Telling

__all__ = ["Piece", "flow"]

Kind: TypeAlias = Literal["auxiliary", "end", "beat", "words", "claim", "note", "remark", "numbers"]


@dataclass(frozen=True)
class Piece:
    """A piece of the flow, with what its kind needs.

    ``of`` is the auxiliary result whose proof it belongs to, ``word`` what opens a claim: Show,
    Case, So, or nothing.
    """

    kind: Kind
    step: StepTrace | None = None
    mark: Mark | None = None
    word: str = ""
    remark: Remark | None = None
    numbers: tuple[Quantity, ...] = ()
    note: Prose = Prose()
    of: Needed | None = None


def flow(
    telling: Telling, needed: Mapping[str, tuple[Needed, ...]], depth: Depth
) -> tuple[Piece, ...]:
    """The pieces of a proof in reading order; for the idea without sentences and auxiliaries."""
    pieces = [x for part in telling.parts for x in _part(part, needed, depth, None)]
    out: list[Piece] = []
    for piece, after in zip(pieces, (*pieces[1:], None), strict=False):
        out.append(piece)
        number = piece.step.number if piece.step is not None and piece.of is None else ""
        shown = piece.kind == "words" and after is not None and after.kind == "claim"
        begins = piece.kind == "beat" or (piece.kind == "words" and not shown)
        ends = piece.kind == "claim" and out[-2:-1] and out[-2].kind == "words"
        if number in telling.notes and (begins or ends):
            out.append(Piece("note", piece.step, note=telling.notes[number]))
    return tuple(out)


def _part(
    part: Part, needed: Mapping[str, Any], depth: Depth, of: Needed | None
) -> Iterator[Piece]:
    step, deep = part.step, depth != "idea"
    for one in needed.get(step.number if step else "", ()) if deep and of is None else ():
        yield Piece("auxiliary", of=one)
        for inner in one.telling.parts if not one.like else ():
            yield from _part(inner, needed, depth, one)
        yield Piece("end", of=one)
    if step is not None:
        yield Piece("beat", step, part.mark, of=of)
        yield from _remarks(step, of)
    for sentence in part.sentences if deep else ():
        yield from _sentence(sentence, of)
    for inner in part.parts:
        yield from _part(inner, needed, depth, of)
    if step is not None and not (part.says or part.parts or (deep and part.closes)):
        yield Piece("claim", step, word="So" if deep and part.sentences else "", of=of)
    if step is not None and part.numbers and of is None:
        yield Piece("numbers", step, numbers=part.numbers)


def _sentence(one: Sentence, of: Needed | None) -> Iterator[Piece]:
    if one.step.words:
        yield Piece("words", one.step, one.mark, of=of)
    if not one.says:
        yield Piece("claim", one.step, word=opening(one.step) if one.opens else "", of=of)
    yield from _remarks(one.step, of)
    for inner in one.inside:
        yield from _sentence(inner, of)


def _remarks(step: StepTrace, of: Needed | None) -> Iterator[Piece]:
    for remark in step.remarks if of is None else ():
        yield Piece("remark", step, remark=remark)
