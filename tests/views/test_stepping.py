"""Walking through a proof: where each command leads and what it shows."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from proofkit.trace import ResultTrace
from proofkit.views.stepping import COMMANDS, Walk
from proofkit.views.telling import told

from . import samples


def shown(what: RenderableType, width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(what)
    return out.getvalue()


@pytest.fixture
def trace() -> ResultTrace:
    return samples.perturbation()


@pytest.fixture
def walk(trace: ResultTrace) -> Walk:
    return Walk(trace)


def seen(trace: ResultTrace, number: str) -> str:
    """The number that a reader sees of a step."""
    return told(trace).label(number)


def do(walk: Walk, *lines: str) -> str:
    """What the last of the lines shows."""
    *before, last = lines
    for line in before:
        walk.do(line)
    return shown(walk.do(last))


def test_it_begins_before_the_proof(walk: Walk, trace: ResultTrace) -> None:
    screen = shown(walk.screen())
    assert trace.title in " ".join(screen.split())
    assert "STATEMENT" in screen
    assert f"{len(trace.walk())} steps ahead" in " ".join(screen.split())


@pytest.mark.parametrize("line", ["", "next", "n", "NEXT", " next "])
def test_next_goes_to_every_step_in_reading_order_and_to_the_end(
    walk: Walk, trace: ResultTrace, line: str
) -> None:
    for n, step in enumerate(trace.walk(), start=1):
        screen = shown(walk.do(line))
        assert f"{seen(trace, step.number)} · step {n} of {len(trace.walk())}" in screen
    assert "WHAT THIS RESTS ON" in do(walk, line)
    assert "This is the end" in do(walk, line)


def test_back_undoes_next(walk: Walk) -> None:
    first = do(walk, "next")
    assert do(walk, "next", "back") == first
    assert "This is the start" in do(walk, "back", "back")


def test_jump_goes_to_a_step_by_its_number(walk: Walk, trace: ResultTrace) -> None:
    for step in trace.walk():
        number = seen(trace, step.number)
        assert f"{number} · step" in do(walk, f"jump {number}")
        assert f"{number} · step" in do(walk, number)
    assert "STATEMENT" in do(walk, "jump start")
    assert "WHAT THIS RESTS ON" in do(walk, "end")


def test_a_wrong_jump_says_which_steps_there_are_and_moves_nobody(walk: Walk) -> None:
    before = do(walk, "jump 1")
    assert "no step '1.77'" in do(walk, "jump 1.77")
    assert "needs the number of a step" in do(walk, "jump")
    assert shown(walk.screen()) == before


def test_over_skips_the_steps_inside(walk: Walk, trace: ResultTrace) -> None:
    outer = next(step for step in trace.steps if step.children)
    do(walk, f"jump {seen(trace, outer.number)}", "over")
    assert walk.here is None or not walk.here.number.startswith(f"{outer.number}.")


def test_a_step_inside_another_says_where_it_stands(walk: Walk, trace: ResultTrace) -> None:
    inner = next(step for step in trace.walk() if "." in step.number)
    outer = seen(trace, inner.number.rpartition(".")[0])
    assert f"in {outer} " in do(walk, f"jump {seen(trace, inner.number)}")


def test_why_names_the_rule_and_links_both_ways(walk: Walk, trace: ResultTrace) -> None:
    step = next(step for step in trace.walk() if step.uses)
    number, used = seen(trace, step.number), seen(trace, step.uses[0])
    why = do(walk, f"jump {number}", "why")
    assert step.rule in why
    assert "It rests on" in why
    assert used in why.split("It rests on", 1)[1]
    assert number in do(walk, f"jump {used}", "why").split("On it rest", 1)[1]


def test_numbers_show_matrices_and_verdicts(walk: Walk, trace: ResultTrace) -> None:
    step = next(step for step in trace.walk() if step.quantities and step.batch)
    numbers = do(walk, f"jump {seen(trace, step.number)}", "numbers")
    assert "=" in numbers
    assert "random networks" in numbers
    assert "M₂ =" in do(walk, "jump start", "#")


def test_expand_writes_names_out_and_lists_what_is_inside(walk: Walk, trace: ResultTrace) -> None:
    outer = next(step for step in trace.steps if step.children)
    expanded = do(walk, f"jump {seen(trace, outer.number)}", "expand")
    for child in outer.children:
        assert seen(trace, child.number) in expanded
    named = Walk(samples.lemma_1())
    written = "\n".join(
        do(named, f"jump {seen(named.trace, step.number)}", "x") for step in named.steps
    )
    assert "Written out" in written


def test_remarks_are_shown_at_their_step_and_listed_elsewhere(
    walk: Walk, trace: ResultTrace
) -> None:
    step = next(step for step in trace.walk() if step.remarks)
    said = " ".join(do(walk, f"jump {seen(trace, step.number)}", "remarks").split())
    assert "The paper says" in said
    elsewhere = " ".join(do(walk, "jump start", "remarks").split())
    assert f"at step {seen(trace, step.number)}" in elsewhere


def test_an_unknown_word_lists_the_commands(walk: Walk) -> None:
    said = " ".join(do(walk, "dance").split())
    assert "No command is called 'dance'" in said
    assert all(command.name in said for command in COMMANDS)
    assert "takes nothing after it" in do(walk, "next 3")


def test_an_ambiguous_beginning_is_not_guessed(walk: Walk) -> None:
    assert walk.do("ne") is not None
    assert walk.at == 1
    assert "No command" in do(walk, "nu m")[:10] or "takes nothing" in do(walk, "nu m")


def test_help_lists_every_command_and_quit_ends(walk: Walk) -> None:
    said = do(walk, "?")
    assert all(command.name in said for command in COMMANDS)
    assert not walk.ended
    assert "You leave at step" in do(walk, "next", "quit")
    assert walk.ended


@pytest.mark.parametrize("width", [40, 80])
def test_every_screen_keeps_to_the_width(trace: ResultTrace, width: int) -> None:
    walk = Walk(trace, width)
    lines = ["", "why", "expand", "remarks", "?"] * (len(trace.walk()) + 1)
    for line in lines:
        assert max(map(cell_len, shown(walk.do(line), width).splitlines())) <= width
