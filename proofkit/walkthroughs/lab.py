"""The experiment of a walkthrough, ready for a page: first values, and how to compute others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Integer

from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.terms import matrix_value
from proofkit.networks.elementwise import LossError
from proofkit.networks.network import Network
from proofkit.trace import Illustration, Prose, Quantity
from proofkit.views import text
from proofkit.walkthroughs.data import Experiment, Obstacle, Walkthrough
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
    data: dict[str, Any] | None = None


def lab(walkthrough: Walkthrough | None, network: Network, seed: int) -> Lab | None:
    """The experiment on a network; only words where there is none; None if none is offered."""
    if walkthrough is None or walkthrough.experiment is None:
        return None
    found = walkthrough.experiment(network, seed)
    if isinstance(found, str):
        return Lab(found)
    loss = loss_data(found.loss)
    if loss is None:
        return Lab("The loss of this network is not one that a page can differentiate.")
    try:
        return _built(found, loss)
    except (LossError, OutOfRange) as fault:
        return Lab(f"There is nothing to try here: {fault}.")


def _built(found: Experiment, loss: dict[str, Any]) -> Lab:
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
            Panel(shown.name, shown.role, _quantity(shown.name, value, before), shown.words)
        )
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
        {
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
