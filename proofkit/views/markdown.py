"""MyST Markdown: a result with its proof, for people who write in MyST or Jupyter Book.

Directives for the theorem and its proof, labels, formulas between dollars.  A template would not
keep Markdown's indentation and blank lines in order, so the lines are put together here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from proofkit.trace import Prose, Quantity, ResultTrace, StepTrace
from proofkit.views import latex, reading
from proofkit.views.boxes import Box, Row, Words, flatten, has_words
from proofkit.views.flow import Piece, flow
from proofkit.views.latex_document import result_kind
from proofkit.views.layout import Notation, lay_out
from proofkit.views.needed import NOTHING, counted, needed
from proofkit.views.numerals import is_matrix
from proofkit.views.quoted import quoted
from proofkit.views.settings import Settings
from proofkit.views.stating import stated
from proofkit.views.telling import Telling, references, told

__all__ = ["document", "escape"]

_PLAIN: Final = Settings()
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#$|~^@&])")
_AT_START: Final = re.compile(r"^(\s*)([-+=:]|\d+[.)])", re.MULTILINE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


def escape(text: str) -> str:
    r"""Words that Markdown leaves as they are.

    >>> print(escape("a_1 * [b]"))
    a\_1 \* \[b\]
    """
    return _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text))


class _Say:
    """Formulas and sentences in the notation of one trace."""

    def __init__(self, notation: Notation) -> None:
        self.notation = tuple(notation)

    def box(self, box: Box) -> str:
        """Boxes as text with formulas."""
        out, formula = [], list[Box]()
        for item in (*flatten(box), Words("")):
            if not isinstance(item, Words):
                formula.append(item)
                continue
            if formula:
                out.append(f"${latex.portable(latex.show_box(Row(tuple(formula))))}$")
            out.append(escape(item.text))
            formula = []
        return "".join(out)

    def claim(self, x: Any) -> str:
        """An expression as text with formulas."""
        return self.box(lay_out(x, self.notation))

    def prose(self, words: Prose) -> str:
        """A sentence of words and formulas."""
        return _AT_START.sub(r"\1\\\2", self.box(reading.prose_boxes(words, self.notation)))

    def display(self, step: StepTrace, label: str, word: str) -> list[str]:
        """A claim on lines of its own: as a formula, or as a quoted sentence."""
        box = lay_out(step.claim, self.notation)
        if has_words(box) or word:
            before = f"*{word}* " if word else ""
            target = [f"({label})="] if label else []
            return ["", *target, f"> {before}{self.box(box)}", ""]
        named = [f":label: {label}"] if label else []
        return ["", "```{math}", *named, latex.portable(latex.show_box(box)), "```", ""]

    def quantities(self, quantities: Sequence[Quantity]) -> str:
        """Terms with their values, as formulas in a row."""
        return ", ".join(f"${self._quantity(q)}$" for q in quantities)

    def _quantity(self, quantity: Quantity) -> str:
        term = latex.show(quantity.term, self.notation)
        if not is_matrix(quantity.term, quantity.rows):
            return latex.portable(f"{term}={latex.number(quantity.rows[0][0])}")
        return latex.portable(f"{term}={latex.matrix(quantity.rows, quantity.changed)}")


def document(
    trace: ResultTrace,
    *,
    settings: Settings = _PLAIN,
    others: Sequence[ResultTrace] = (),
    auxiliary: Collection[str] = (),
    elsewhere: Mapping[str, str] = NOTHING,
) -> str:
    """The page of one result in MyST Markdown."""
    trace = settings.dressed(trace)
    return "\n".join(_lines(trace, settings, others, auxiliary, elsewhere)).rstrip() + "\n"


def _lines(
    trace: ResultTrace,
    settings: Settings,
    others: Sequence[ResultTrace],
    auxiliary: Collection[str],
    elsewhere: Mapping[str, str],
) -> Iterator[str]:
    say, statement = _Say(trace.notation), stated(trace)
    kind, _, _, note = result_kind(trace)
    directive = "proposition" if kind == "pkproposition" else kind
    yield from ("---", f"title: {json.dumps(trace.title, ensure_ascii=False)}")
    if settings.authors:
        yield f"authors: {json.dumps(list(settings.authors), ensure_ascii=False)}"
    yield from ("---", "", f"({_label(trace.id)})=", f"# {escape(trace.title)}", "")
    yield from (
        f":::{{prf:{directive}}} {escape(note)}".rstrip(),
        f":label: {_label(trace.id, 's')}",
    )
    yield from ("", say.box(statement.sentences).strip(), ":::", "")
    if statement.symbols:
        told_symbols = (f"{say.box(s.name)}, {say.prose(s.meaning)}" for s in statement.symbols)
        yield from (f"Here: {'; '.join(told_symbols)}.", "")
    if trace.source is not None and trace.source.sentence:
        place = f"page {trace.source.page}, {say.box(quoted(trace.source.place))}"
        yield from (f"> The paper, {place}: “{say.box(quoted(trace.source.sentence))}”", "")
    if trace.comparison is not None:
        _, word, meaning = reading.RELATIONS[trace.comparison.relation]
        words = say.prose(trace.comparison.words) if trace.comparison.words else meaning
        yield from (f"**{word.capitalize()}.** {words}", "")
    evidence = f"; evidence: {trace.tier}" if trace.tier != trace.status else ""
    yield from (f"*{trace.status.capitalize()}{evidence}.* {reading.status_words(trace)}", "")
    if trace.unexercised:
        yield from (f"{say.prose(trace.unexercised)}", "")
    if trace.idea:
        yield from ("## The idea", "", say.prose(trace.idea), "")
    if trace.instance is not None:
        instance = trace.instance
        yield from (f"## The example: {escape(instance.id)}", "", f"{escape(instance.title)}.", "")
        yield from (say.quantities(instance.quantities), "")
    telling = told(trace)
    cited = references(telling)
    numbered = {number for numbers in cited.values() for number in numbers}
    printed = needed(trace, others, auxiliary)
    pieces = flow(telling, printed, settings.depth)
    if pieces:  # the idea of a proof without beats has none
        yield from ("## Proof", "")
        if settings.depth != "idea" and (words := counted(printed, elsewhere)):
            yield from (f"*{words}*", "")
        yield from (":::::{prf:proof}", "")
        for piece in pieces:
            yield from _piece(piece, trace, say, telling, cited, numbered)
        yield from (":::::", "")
    if settings.depth == "all":
        yield from ("## Every inference", "")
        for depth, step in reading.nested(trace):
            uses = f" ({', '.join(map(telling.label, step.uses))})" if step.uses else ""
            line = f"{reading.opening(step)} {say.claim(step.claim)} — {escape(step.reason)}{uses}"
            yield f"{'  ' * depth}- **{telling.label(step.number)}** {line}"


def _piece(
    piece: Piece,
    trace: ResultTrace,
    say: _Say,
    telling: Telling,
    cited: dict[str, tuple[str, ...]],
    numbered: Collection[str],
) -> Iterator[str]:
    theirs = say if piece.of is None else _Say(piece.of.trace.notation)
    step, own = piece.step, piece.of is None
    if piece.kind == "auxiliary" and piece.of is not None:
        yield from (f"::::{{prf:lemma}} {escape(piece.of.trace.title)}", "")
        yield from (theirs.box(piece.of.stated.sentences), "::::", "")
        yield f"*Proof.* As in {telling.label(piece.of.like)}." if piece.of.like else "*Proof.*"
    elif piece.kind == "end":
        yield from ("∎", "")
    elif step is None:
        return
    elif piece.kind == "beat":
        words = theirs.prose(step.words) if step.words else theirs.claim(step.claim)
        yield from ("", f"**{telling.label(step.number)}** *{words.strip()}*" if own else words)
    elif piece.kind == "words":
        links = [f"[](#{_label(trace.id, n)})" for n in cited.get(step.number, ()) if own]
        yield theirs.prose(step.words) + (f" ({', '.join(links)})" if links else "")
    elif piece.kind == "claim":
        label = _label(trace.id, step.number) if own and step.number in numbered else ""
        yield from theirs.display(step, label, piece.word)
    elif piece.kind == "note":
        yield from ("", f"*{say.prose(piece.note).strip()}*", "")
    elif piece.kind == "numbers":
        here = escape(trace.instance.id) if trace.instance is not None else "the example"
        yield from ("", f"On {here}: {say.quantities(piece.numbers)}.", "")
    elif piece.remark is not None:
        said = say.box(quoted(piece.remark.paper_says))
        yield from ("", ":::{note} Remark", f"The paper says “{said}”", "")
        yield from (f"In fact: {say.prose(piece.remark.truth)}", ":::", "")


def _label(*parts: str) -> str:
    """A label that MyST takes: letters, digits and hyphens."""
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") or "x" for part in parts)
