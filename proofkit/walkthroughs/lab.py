"""The experiment of a walkthrough, ready for a page: first values, and how to compute others.

The numbers of the proof's steps that follow the sliders are ``live``: where they stand, and the
node that computes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Integer

from proofkit.claims import Equal
from proofkit.evaluate import Environment
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.terms import matrix_value
from proofkit.networks.elementwise import LossError
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.trace import Illustration, Prose, Quantity
from proofkit.views import text
from proofkit.walkthroughs.data import Experiment, Goal, Obstacle, Rows, Walkthrough
from proofkit.walkthroughs.exercises import Answer, reasons
from proofkit.walkthroughs.losses import loss_data
from proofkit.walkthroughs.program import Program, numbers

__all__ = ["Group", "Lab", "Panel", "lab"]


@dataclass(frozen=True)
class Group:
    """The sliders of one vector: one for each entry, or a single one that multiplies it."""

    name: Any
    plain: str
    words: str
    values: tuple[float, ...]
    single: bool


@dataclass(frozen=True)
class Panel:
    """A matrix on the screen, with its first value."""

    name: Any
    role: str
    value: Quantity
    words: str = ""
    plain: str = ""

    @property
    def in_words(self) -> bool:
        """Whether the name is a sentence rather than a formula."""
        return isinstance(self.name, Prose)


@dataclass(frozen=True)
class Lab:
    """All that a page shows of an experiment; ``data`` is what its script computes with."""

    words: Prose | str
    groups: tuple[Group, ...] = ()
    panels: tuple[Panel, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    pictures: tuple[Illustration, ...] = ()
    rows: Rows | None = None
    pinned: tuple[Quantity, ...] = ()
    goal: Goal | None = None
    goals: tuple[Goal, ...] = ()
    why: tuple[Answer, ...] = ()
    data: dict[str, Any] | None = None


Numbers = tuple[str, Sequence[Quantity]]
"""Where quantities stand in the page, as a selector, and what they are."""


def lab(
    walkthrough: Walkthrough | None,
    network: Network,
    seed: int,
    example: str = "",
    env: Environment | None = None,
    shown: Sequence[Numbers] = (),
) -> Lab | None:
    """The experiment on a network; only words where there is none; None if none is offered.

    ``env`` is that of the proof's steps, and ``shown`` are the quantities in them.
    """
    if walkthrough is None or walkthrough.experiment is None:
        return None
    found = walkthrough.experiment(network, seed)
    if isinstance(found, str):
        return Lab(found)
    loss = loss_data(found.loss)
    if loss is None:
        return Lab("The loss of this network is not one that a page can differentiate.")
    try:
        built = _built(found, loss, env, shown)
        goals = walkthrough.goals
        goal = next((one for one in goals if one.example == example), None)
        others = tuple(one for one in goals if one is not goal)
        return replace(
            built,
            goal=goal,
            goals=others,
            why=reasons(walkthrough.why, found.env),
            data={**(built.data or {}), "goal": _target(goal)},
        )
    except (LossError, OutOfRange) as fault:
        return Lab(f"There is nothing to try here: {fault}.")


def _target(goal: Goal | None) -> dict[str, Any]:
    """The goal as data: on a network without one the loss is to fall at all."""
    if goal is None:
        return {"example": "", "below": None, "layers": None}
    below = None if goal.below is None else float(goal.below)
    return {"example": goal.example, "below": below, "layers": goal.layers}


def _built(
    found: Experiment, loss: dict[str, Any], env: Environment | None, steps: Sequence[Numbers]
) -> Lab:
    numbers_of = {(knob.family, knob.at): n for n, knob in enumerate(found.knobs)}
    program = Program(found.env, numbers_of, found.size)
    panels, data = [], []
    for shown in found.shown:
        value = matrix_value(shown.term, found.env)
        before = None if shown.before is None else matrix_value(shown.before, found.env)
        entry = {
            "node": program.term(shown.term),
            "role": shown.role,
            "words": shown.words,
            "first": numbers(value),
            "before": None if shown.before is None else program.term(shown.before),
        }
        data.append(entry)
        panels.append(
            Panel(
                shown.name,
                shown.role,
                _quantity(shown.name, value, before),
                shown.words,
                shown.plain,
            )
        )
    pinned: list[Quantity] = []
    live: list[list[Any]] = []
    for name, term in found.pinned:
        node = program.term(term)
        live += [["#pins", len(pinned), node]] if program.moves(node) else []
        pinned.append(Quantity(name, _rows(matrix_value(term, found.env))))
    if env is not None:
        live += _live(program.beside(env, dict(found.means)), env, steps)
    groups = tuple(
        Group(
            knob.family[Integer(knob.at)],
            text.show(knob.family[Integer(knob.at)]),
            knob.words,
            tuple(map(float, knob.values)),
            len(knob.values) > found.few,
        )
        for knob in found.knobs
    )
    return Lab(
        found.words,
        groups,
        tuple(panels),
        found.obstacles,
        found.pictures,
        found.rows,
        tuple(pinned),
        data={
            "live": live,
            "rows": None if found.rows is None else _picture(found.rows, found.env, program),
            "panels": data,
            "knobs": [{"values": g.values, "single": g.single} for g in groups],
            "size": float(found.env[found.size]),
            "layers": [program.term(x) for x in found.layers],
            "slopes": [program.term(x) for x in found.slopes],
            "product": program.term(found.product),
            "nodes": program.nodes,
            "loss": loss,
        },
    )


def _live(program: Program, env: Environment, shown: Sequence[Numbers]) -> Iterator[list[Any]]:
    """The quantities that a page can compute: where, which of those there, and by which node.

    Left out is what is not the value of its term here, such as a number inside a block that gives
    its symbols other values.
    """
    for place, quantities in shown:
        for number, one in enumerate(quantities):
            term = one.term.args[0] if isinstance(one.term, Equal) else one.term
            try:
                node = program.term(term)
                if program.moves(node) and _rows(matrix_value(term, env)) == one.rows:
                    yield [place, number, node]
            except (TypeError, ValueError, KeyError, OutOfRange, Undecidable, ArithmeticError):
                continue


def _picture(rows: Rows, env: Environment, program: Program) -> dict[str, Any] | None:
    """The rows as seen along the kernel and across it; None where there is nothing across.

    Across is the direction in which the matrix is largest, along is a direction that it kills, if
    there is one: that of the first row, or any.
    """
    matrix = np.array(numbers(matrix_value(rows.against, env)))
    first = np.array(numbers(matrix_value(rows.of, env)))
    _, sizes, directions = np.linalg.svd(matrix)
    if not sizes.size or not sizes[0] or len(directions) < 2:
        return None
    killed = directions[int(np.sum(sizes > sizes[0] * 1e-9)) :]
    if not len(killed):
        return None
    inside = first @ killed.T @ killed
    longest = inside[int(np.argmax(np.linalg.norm(inside, axis=1)))]
    length = float(np.linalg.norm(longest))
    along = longest / length if length > 1e-9 else killed[0]
    across = directions[0] * np.sign(directions[0][int(np.argmax(np.abs(directions[0])))])
    axes = [[float(x) for x in np.round(axis, 12)] for axis in (along, across)]
    return {"node": program.term(rows.of), "along": axes[0], "across": axes[1]}


def _quantity(name: Any, value: Any, before: Any) -> Quantity:
    rows = _rows(value)
    old = rows if before is None else _rows(before)
    changed = tuple(
        (r, c)
        for r, (line, old_line) in enumerate(zip(rows, old, strict=True))
        for c, (x, y) in enumerate(zip(line, old_line, strict=True))
        if x != y
    )
    return Quantity(name, rows, changed)


def _rows(matrix: Any) -> tuple[tuple[str, ...], ...]:
    if hasattr(matrix, "entries"):
        return tuple(tuple(map(str, line)) for line in matrix.entries())
    return tuple(tuple(f"{x:.6g}" for x in line) for line in matrix.value[0])
