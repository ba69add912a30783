"""The terminal view: plain text that reads well at 80 columns, without colour and in a pipe."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofkit.trace import (
    Footprint,
    Instance,
    Prose,
    Quantity,
    Remark,
    ResultTrace,
    Status,
    StepTrace,
    Verdict,
)
from proofkit.views import reading, text
from proofkit.views.glossary import glossary
from proofkit.views.layout import Notation
from proofkit.views.numerals import figure, is_matrix
from proofkit.views.quoted import quoted
from proofkit.views.telling import told

__all__ = [
    "claim_line",
    "closing",
    "finding",
    "numbers",
    "opening",
    "prose_text",
    "reason",
    "remark_renderable",
    "render",
    "renderable",
]

_COLOURS: Final = {"holds": "green", "fails": "bold red", "not refuted": "yellow"}
_GAP: Final = 3


def render(trace: ResultTrace, width: int = 80, colour: bool = False) -> str:
    """The trace as text of at most ``width`` columns."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        force_jupyter=False,  # or it would show the same a second time
    )
    console.print(renderable(trace, width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def renderable(trace: ResultTrace, width: int = 80) -> RenderableType:
    """The trace as something a rich console prints; ``width`` decides how matrices are laid out."""
    used_by, label = reading.used_by(trace), told(trace).label
    steps = [
        _step(step, depth, used_by[step.number], trace.notation, width, label)
        for depth, step in reading.nested(trace)
    ]
    return Group(opening(trace, width), _heading("Proof"), *steps, closing(trace))


def opening(trace: ResultTrace, width: int = 80) -> RenderableType:
    """What stands before the proof: the statement, the idea, the notation, the example."""
    parts: list[RenderableType] = [
        Text(trace.title, style="bold"),
        Text(trace.status + ("" if trace.tier == trace.status else f" · evidence: {trace.tier}")),
    ]
    if trace.unexercised:
        parts.append(Padding(prose_text(trace.unexercised, trace.notation), style="yellow"))
    parts.extend([Text(f"the {trace.route} route")] if trace.route not in ("", "main") else [])
    parts.extend(_statement(trace))
    if trace.idea:
        parts.extend([_heading("The idea"), prose_text(trace.idea, trace.notation)])
    symbols = _symbols(trace)
    if symbols:
        parts.extend([_heading("Notation"), _pairs(symbols)])
    if trace.instance is not None:
        parts.extend(_instance(trace.instance, trace.notation, width))
        parts.extend(_not_all_hold(trace))
        parts.extend(_way_down(trace, width))
    return Group(*parts)


def closing(trace: ResultTrace) -> RenderableType:
    """What stands after the proof: what breaks without each hypothesis, what it rests on."""
    return Group(*_broken(trace), *_footprint(trace))


def _heading(words: str) -> Text:
    return Text(f"\n{words.upper()}", style="bold dim")


def prose_text(words: Prose, notation: Notation) -> Text:
    """A sentence of words and formulas."""
    return Text(text.show_box(reading.prose_boxes(words, notation)))


def _pairs(rows: list[tuple[str, str]]) -> Table:
    """Names with what they stand for, in two columns, the second with a hanging indent."""
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, value in rows:
        grid.add_row(Text(name), Text(value))
    return grid


def _statement(trace: ResultTrace) -> Iterator[RenderableType]:
    yield _heading("Statement")
    rows = []
    for clause in reading.clauses(trace.statement, trace.notation):
        for n, box in enumerate(clause.items):
            rows.append((clause.word if n == 0 else "", text.show_box(box)))
    yield _pairs(rows)
    if trace.source is not None:
        place = f", {trace.source.place}" if trace.source.place else ""
        yield Text(f"\nThe paper, page {trace.source.page}{place}", style="dim")
        if trace.source.sentence:
            sentence = text.show_box(quoted(trace.source.sentence))
            yield Padding(Text(f"“{sentence}”", style="dim"), (0, 0, 0, 2))
    if trace.comparison is not None:
        _, word, meaning = reading.RELATIONS[trace.comparison.relation]
        words = trace.comparison.words
        yield Text(f"{word.capitalize()}: ").append(
            prose_text(words, trace.notation) if words else Text(meaning)
        )


def _broken(trace: ResultTrace) -> Iterator[RenderableType]:
    if not trace.broken:
        return
    yield _heading("What breaks without each hypothesis")
    rows = []
    for one in trace.broken:
        words = [prose_text(one.words, trace.notation).plain] if one.words else []
        if one.example:
            title = f" ({one.title})" if one.title else ""
            words.append(f"{one.example}{title}: {reading.broken_words(one)}.")
        rows.append((one.number, " ".join(words)))
    yield _pairs(rows)


def _symbols(trace: ResultTrace) -> list[tuple[str, str]]:
    """Every symbol with its meaning and what it abbreviates, each once."""
    rows = []
    for symbol in glossary(trace):
        meaning = prose_text(symbol.meaning, trace.notation).plain
        stands_for = text.show_box(symbol.definition) if symbol.definition is not None else ""
        about = ": ".join(part for part in (meaning, stands_for) if part)
        rows.append((text.show_box(symbol.name), about))
    return rows


def _instance(instance: Instance, notation: Notation, width: int) -> Iterator[RenderableType]:
    yield _heading("The example")
    yield Text(f"{instance.id}  {instance.title}")
    if instance.facts:
        yield _pairs(list(instance.facts))
    yield from numbers(instance.quantities, notation, width)


def _not_all_hold(trace: ResultTrace) -> Iterator[RenderableType]:
    """A word on an example at which a hypothesis fails."""
    step = reading.parting(trace)
    if step is not None:
        at = told(trace).label(step.number)
        yield Text(
            "\nNot every hypothesis holds here, so the conclusion need not hold. The example "
            f"leaves the proof at step {at}: see there what the hypothesis is for."
        )


def _way_down(trace: ResultTrace, width: int) -> Iterator[RenderableType]:
    """The witness that the example is no local minimum."""
    way = trace.way_down
    if way is None:
        return
    yield _heading("The way down")
    first, then = reading.way_down_words(way)
    if first:
        yield Text(first)
        yield from numbers((*way.near, *way.gradient), trace.notation, width)
    yield Text(then)
    yield from numbers(way.below, trace.notation, width)


def numbers(
    quantities: tuple[Quantity, ...], notation: Notation, width: int
) -> Iterator[RenderableType]:
    """Terms with their values, as many beside each other as fit."""
    line: list[_Block] = []
    for quantity in quantities:
        block = _block(quantity, notation, width)
        if line and sum(b.width + _GAP for b in line) + block.width > width:
            yield _beside(line)
            line = []
        line.append(block)
    if line:
        yield _beside(line)


@dataclass(frozen=True)
class _Block:
    """Lines beside which other blocks are set so that the lines ``middle`` meet."""

    lines: tuple[str, ...]
    middle: int

    @property
    def width(self) -> int:
        return max(map(cell_len, self.lines))


def _block(quantity: Quantity, notation: Notation, width: int) -> _Block:
    """A term with its value, the term beside the middle line, or above where that is too wide."""
    term = text.show(quantity.term, notation) + " = "
    if is_matrix(quantity.term, quantity.rows):
        value = text.matrix(quantity.rows, quantity.changed)
    else:
        value = (figure(quantity.rows[0][0]),)
    middle = (len(value) - 1) // 2
    space = " " * cell_len(term)
    if cell_len(term) + max(map(cell_len, value), default=0) > width:
        space, middle = " " * _GAP, 0
        room = width - _GAP
        value = tuple(line if cell_len(line) <= room else line[: room - 1] + "…" for line in value)
        lines = [term.rstrip(), *(space + line for line in value)]
    else:
        lines = [(term if n == middle else space) + line for n, line in enumerate(value)]
    if quantity.changed and quantity.compared_to:
        lines.append(f"{space}* differs from {text.show(quantity.compared_to, notation)}")
    return _Block(tuple(lines), middle)


def _beside(blocks: list[_Block]) -> Text:
    above = max(block.middle for block in blocks)
    below = max(len(block.lines) - block.middle for block in blocks)
    lines = []
    for n in range(-above, below):
        cells = []
        for block in blocks:
            at = block.middle + n
            cell = block.lines[at] if 0 <= at < len(block.lines) else ""
            cells.append(cell + " " * (block.width - cell_len(cell)))
        lines.append((" " * _GAP).join(cells).rstrip())
    return Text("\n".join(lines), no_wrap=True, overflow="ignore")


def _step(
    step: StepTrace,
    depth: int,
    used_by: tuple[str, ...],
    notation: Notation,
    width: int,
    label: Callable[[str], str],
) -> RenderableType:
    indent = 2 * min(depth, 6)
    number = Text(label(step.number), style="bold cyan")
    inside = width - indent - len(number) - 2
    body: list[RenderableType] = [claim_line(step, notation)]
    if step.words:
        body.append(prose_text(step.words, notation))
    body.append(Text(_why(step, used_by, label), style="dim"))
    body.extend(numbers(step.quantities, notation, inside))
    if step.verdict is not None:
        body.append(finding(step.verdict.status, _verdict(step.verdict, notation)))
    if step.batch is not None:
        body.append(finding(step.batch.status, reading.batch_words(step.batch)))
    body.extend(remark_renderable(remark, notation) for remark in step.remarks)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(number, Group(*body))
    return Padding(grid, (1, 0, 0, indent))


def claim_line(step: StepTrace, notation: Notation) -> Text:
    """The word that opens a step, and its claim."""
    claim = Text(f"{reading.opening(step)}: ", style="italic")
    return claim.append(text.show(step.claim, notation), style="not italic bold")


def reason(step: StepTrace) -> str:
    """Why a step holds, and the name of the rule."""
    if used := reading.used_result(step.rule):
        return f"by the result {used}"
    return step.reason if step.reason == step.rule else f"{step.reason} [{step.rule}]"


def _why(step: StepTrace, used_by: tuple[str, ...], label: Callable[[str], str]) -> str:
    parts = [reason(step)]
    parts.extend([step.tier] if step.tier != "proved" else [])
    parts.extend(["uses " + ", ".join(map(label, step.uses))] if step.uses else [])
    parts.extend(["used by " + ", ".join(map(label, used_by))] if used_by else [])
    return " · ".join(parts)


def _verdict(verdict: Verdict, notation: Notation) -> str:
    return prose_text(reading.verdict_words(verdict), notation).plain


def finding(status: Status, words: str) -> Text:
    """A verdict, told apart by its shape as well as by its colour."""
    return Text(f"{reading.SHAPES[status]} {words}", style=_COLOURS.get(status, ""))


def remark_renderable(remark: Remark, notation: Notation) -> RenderableType:
    """What the paper says, what is true, and the example that shows it."""
    lines: list[Any] = [
        Text(f"Remark. The paper says: “{remark.paper_says}”"),
        Text("In fact: ").append(prose_text(remark.truth, notation)),
    ]
    lines.extend([Text(f"Shown by {remark.example}.")] if remark.example else [])
    return Padding(Group(*lines), (0, 0, 0, 2), style="yellow")


def _footprint(trace: ResultTrace) -> Iterator[RenderableType]:
    footprint = trace.footprint
    yield _heading("What this rests on")
    made = f" The kernel made {footprint.inferences} inferences." if footprint.inferences else ""
    yield Text(reading.status_words(trace) + made)
    yield _pairs(_footprint_rows(footprint))


def _footprint_rows(footprint: Footprint) -> list[tuple[str, str]]:
    rows = [
        ("textbook rules", _times(footprint.rules)),
        ("rules of logic", _times(footprint.structural)),
        ("other results", ", ".join(footprint.results)),
    ]
    return [
        *((name, value) for name, value in rows if value),
        ("cited", "; ".join(footprint.cited) or "nothing"),
        ("admitted", "; ".join(footprint.admitted) or "nothing"),
    ]


def _times(rules: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{rule} ×{times}" for rule, times in rules)
