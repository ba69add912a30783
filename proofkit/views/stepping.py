"""Walking through a proof in a terminal: where the reader stands, and what each command shows.

There is no terminal here: a `Walk` takes a line that the reader typed and gives what to print.
The stops are the opening (number 0), each step in reading order, and the close.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from proofkit.trace import ResultTrace, StepTrace
from proofkit.views import reading, terminal, text
from proofkit.views.telling import told

__all__ = ["COMMANDS", "Walk"]


class Command(NamedTuple):
    """What a reader may type, and what it does."""

    name: str
    short: str
    help: str


COMMANDS: Final = (
    Command("next", "n", "the next step; Enter alone does the same"),
    Command("back", "b", "the step before"),
    Command("over", "o", "past the steps inside this one"),
    Command("why", "w", "the rule, the steps it rests on and those that rest on it"),
    Command("numbers", "#", "what the step says on the example, in numbers"),
    Command("expand", "x", "the claim with names written out, and the steps inside this one"),
    Command("remarks", "r", "where the paper's text needs help: here, or anywhere if not here"),
    Command("jump", "j", "jump 2.1 goes to step 2.1; so does 2.1 alone; also: start, end"),
    Command("help", "?", "this list"),
    Command("quit", "q", "leave"),
)
"""The commands of a walk."""


class Walk:
    """A reader's place in a proof.

    Args:
        trace: the proof, tried on an example or on none.
        width: how many columns there are.
    """

    def __init__(self, trace: ResultTrace, width: int = 80) -> None:
        self.trace, self.width = trace, width
        self.steps = trace.walk()
        self.at = 0
        self.ended = False
        self._used_by = reading.used_by(trace)
        self._label = told(trace).label
        self._number = {step.number: n for n, step in enumerate(self.steps, start=1)}
        self._places = {self._label(step): n for step, n in self._number.items()}

    @property
    def here(self) -> StepTrace | None:
        """The step at which the reader stands; none at the opening and at the close."""
        return self.steps[self.at - 1] if 1 <= self.at <= len(self.steps) else None

    @property
    def prompt(self) -> str:
        """What stands before the line that the reader types."""
        where = "start" if self.at == 0 else "end"
        where = self._label(self.here.number) if self.here else where
        return f"[{where} · {self.at} of {len(self.steps)}] next, or ? for help: "

    def screen(self) -> RenderableType:
        """What the reader sees on arriving at a stop."""
        if self.at == 0:
            parts = [terminal.opening(self.trace, self.width), Text(f"\n{self._ahead()}")]
            return Group(*parts)
        if self.here is None:
            return Group(Rule("end of the proof", align="left"), terminal.closing(self.trace))
        return self._step(self.here)

    def do(self, line: str) -> RenderableType:
        """Carry out a typed line and give what to show; an empty line goes to the next step."""
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if not word:
            return self._next()
        name = self._named(word)
        if name is None:
            if word in self._places or word in ("start", "end"):
                return self._jump(word)
            return self._unknown(word)
        if name == "jump":
            return self._jump(rest)
        if rest:
            return Text(f"{name} takes nothing after it, but there is {rest!r}.")
        actions: dict[str, Callable[[], RenderableType]] = {
            "next": self._next,
            "back": self._back,
            "over": self._over,
            "why": self._why,
            "numbers": self._numbers,
            "expand": self._expand,
            "remarks": self._remarks,
            "help": _help,
            "quit": self._quit,
        }
        return actions[name]()

    # ── Moving ─────────────────────────────────────────────────────────────────────────────────
    def _go(self, at: int) -> RenderableType:
        self.at = at
        return self.screen()

    def _next(self) -> RenderableType:
        if self.at > len(self.steps):
            return Text("This is the end; q leaves, b goes back.")
        return self._go(self.at + 1)

    def _back(self) -> RenderableType:
        if self.at == 0:
            return Text("This is the start; Enter goes to the first step.")
        return self._go(self.at - 1)

    def _over(self) -> RenderableType:
        inside = len(self.here.walk()) - 1 if self.here else 0
        return self._next() if not inside else self._go(self.at + inside + 1)

    def _jump(self, to: str) -> RenderableType:
        places = {"start": 0, "end": len(self.steps) + 1, **self._places}
        if to in places:
            return self._go(places[to])
        if not to:
            return Text("jump needs the number of a step: jump 1, for instance.")
        near = get_close_matches(to, self._places, n=3)
        hint = f"; near it: {', '.join(near)}" if near else ""
        last = self._label(self.steps[-1].number) if self.steps else "none"
        return Text(f"There is no step {to!r}: the last one is {last}{hint}.")

    def _quit(self) -> RenderableType:
        self.ended = True
        where = "the end" if self.at else "the start"
        where = f"step {self._label(self.here.number)}" if self.here else where
        return Text(f"You leave at {where}.")

    # ── Showing ────────────────────────────────────────────────────────────────────────────────
    def _step(self, step: StepTrace) -> RenderableType:
        notation = self.trace.notation
        place = f"{self._label(step.number)} · step {self.at} of {len(self.steps)}"
        parts: list[RenderableType] = [Rule(place, align="left")]
        parts.extend(
            Text("  " * n + f"in {self._label(outer.number)}  ", style="dim").append(
                terminal.claim_line(outer, notation)
            )
            for n, outer in enumerate(self._around(step))
        )
        body: list[RenderableType] = [terminal.claim_line(step, notation)]
        if step.words:
            body.append(terminal.prose_text(step.words, notation))
        if step.verdict is not None:
            on = f" on {self.trace.instance.id}" if self.trace.instance else ""
            label = reading.verdict_label(step.verdict)
            body.append(terminal.finding(step.verdict.status, label + on))
        if more := self._more(step):
            body.append(Text(more, style="dim"))
        parts.append(Padding(Group(*body), (1, 0, 0, 2)))
        return Group(*parts)

    def _around(self, step: StepTrace) -> list[StepTrace]:
        """The steps that this one stands inside of, the outermost first."""
        parts = step.number.split(".")
        outer = (".".join(parts[:n]) for n in range(1, len(parts)))
        return [self.steps[self._number[number] - 1] for number in outer if number in self._number]

    def _more(self, step: StepTrace) -> str:
        """What else there is to see at a step."""
        parts = ["why"]
        parts += ["numbers"] if step.quantities or step.verdict or step.batch else []
        if inside := len(step.walk()) - 1:
            parts.append(f"expand ({_count(inside, 'step')} inside; over skips them)")
        parts += [f"remarks ({len(step.remarks)})"] if step.remarks else []
        return "more: " + ", ".join(parts)

    def _ahead(self) -> str:
        """What is ahead, at the opening."""
        found = len(reading.remarks(self.trace))
        told = f", with {_count(found, 'remark')} on the paper's text" if found else ""
        return f"{_count(len(self.steps), 'step')} ahead{told}. Enter begins, ? lists the commands."

    def _why(self) -> RenderableType:
        step = self.here
        if step is None:
            return terminal.closing(self.trace)
        used = reading.used_result(step.rule)
        lines: list[RenderableType] = [
            _sentence(f"by the result {used}" if used else step.reason),
            Text(f"The rule: {step.rule}. Evidence: {step.tier}."),
        ]
        for heading, numbers in (
            ("It rests on", step.uses),
            ("On it rest", self._used_by[step.number]),
        ):
            if numbers:
                lines.extend([Text(f"{heading}:"), self._listed(numbers)])
        return Group(*lines)

    def _listed(self, numbers: tuple[str, ...]) -> Table:
        """Steps with their claims."""
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column()
        for number in numbers:
            step = self.steps[self._number[number] - 1]
            claim = terminal.claim_line(step, self.trace.notation)
            if inside := len(step.walk()) - 1:
                claim.append(f" ({_count(inside, 'step')} inside)", style="not bold dim")
            grid.add_row(Text(f"  {self._label(number)}", style="bold cyan"), claim)
        return grid

    def _numbers(self) -> RenderableType:
        step, instance, notation = self.here, self.trace.instance, self.trace.notation
        if step is None:
            if instance is None:
                return Text("This proof is shown without an example.")
            return Group(*terminal.numbers(instance.quantities, notation, self.width))
        lines = [*terminal.numbers(step.quantities, notation, self.width)]
        if step.verdict is not None:
            words = terminal.prose_text(reading.verdict_words(step.verdict), notation)
            lines.append(terminal.finding(step.verdict.status, words.plain))
        if step.batch is not None:
            lines.append(terminal.finding(step.batch.status, reading.batch_words(step.batch)))
        return Group(*lines) if lines else Text("There are no numbers at this step.")

    def _expand(self) -> RenderableType:
        step = self.here
        inside = step.children if step else self.trace.steps
        lines: list[RenderableType] = []
        if step is not None:
            short, full = text.show(step.claim, self.trace.notation), text.show(step.claim)
            lines.append(Text(f"Written out: {full}" if full != short else full))
        if inside:
            lines.append(Text("The steps inside:" if step else "The steps:"))
            lines.append(self._listed(tuple(child.number for child in inside)))
        elif step is not None:
            lines.append(Text("There are no steps inside this one."))
        return Group(*lines)

    def _remarks(self) -> RenderableType:
        notation = self.trace.notation
        if self.here is not None and self.here.remarks:
            return Group(*(terminal.remark_renderable(r, notation) for r in self.here.remarks))
        found = reading.remarks(self.trace)
        if not found:
            return Text("There are no remarks on the paper's text in this proof.")
        none = [] if self.here is None else [Text("There is no remark here; in this proof:")]
        rows = (
            Group(
                Text(f"at step {self._label(number)}"), terminal.remark_renderable(remark, notation)
            )
            for number, remark in found
        )
        return Group(*none, *rows)

    # ── Typed lines ────────────────────────────────────────────────────────────────────────────
    @staticmethod
    def _named(word: str) -> str | None:
        """The command that a word, its beginning or its short form names."""
        word = word.lower()
        short = {"h": "help", "p": "back", "s": "next", "exit": "quit"}
        short |= {command.short: command.name for command in COMMANDS}
        if word in short:
            return short[word]
        begun = [command.name for command in COMMANDS if command.name.startswith(word)]
        return begun[0] if len(begun) == 1 else None

    @staticmethod
    def _unknown(word: str) -> Text:
        names = ", ".join(command.name for command in COMMANDS)
        return Text(f"No command is called {word!r}; there are {names}, and numbers of steps.")


def _help() -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for command in COMMANDS:
        grid.add_row(command.name, command.short, command.help)
    return grid


def _sentence(words: str) -> Text:
    return Text(words[:1].upper() + words[1:] + ("" if words.endswith((".", ")")) else "."))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
