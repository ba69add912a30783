"""What a pack offers a reader to work with: an experiment with sliders, and questions at steps.

A pack states both in the terms and claims of its paper.  The engine knows none of them: it
computes the terms in the page, and computes for each wrong answer an instance on which it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from proofkit.evaluate import Environment
from proofkit.networks.network import Network
from proofkit.trace import Illustration, Prose, Quantity

__all__ = [
    "Choice",
    "Experiment",
    "Knob",
    "Obstacle",
    "Question",
    "Role",
    "Shown",
    "Walkthrough",
]

Role: TypeAlias = Literal["changed", "still", "gradient", "test"]
"""Why a matrix is shown: changed entries are marked, it must not move, it may become nonzero."""


@dataclass(frozen=True)
class Knob:
    """A vector of the reader's choice: the member of a family at an index, with its first values.

    ``words`` says which layer it changes.
    """

    family: Any
    at: int
    values: tuple[Fraction, ...]
    words: str = ""


@dataclass(frozen=True)
class Shown:
    """A matrix to be seen: its name, the term that is computed, and what it is compared with."""

    name: Any
    term: Any
    role: Role
    before: Any = None
    words: str = ""


@dataclass(frozen=True)
class Obstacle:
    """Why a layer cannot be changed: a matrix with a left inverse kills no vector but zero."""

    words: Prose
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True)
class Experiment:
    """A network whose layers depend on vectors that a reader slides.

    ``env`` gives all other symbols values; ``size`` is the real by which all vectors are scaled.
    ``layers`` are the perturbed layers, first layer first; ``slopes`` the terms of the loss's
    derivative in each of them, along which it descends; ``product`` is what the loss is of.
    Vectors with more entries than ``few`` have one slider, which multiplies them.
    """

    words: Prose
    env: Environment
    knobs: tuple[Knob, ...]
    size: Any
    loss: Any
    layers: tuple[Any, ...]
    slopes: tuple[Any, ...]
    product: Any
    shown: tuple[Shown, ...]
    obstacles: tuple[Obstacle, ...] = ()
    pictures: tuple[Illustration, ...] = ()
    few: int = 6


@dataclass(frozen=True)
class Choice:
    """An answer.  A wrong one has the claim that would hold if it were right, under ``given``."""

    words: Prose
    claim: Any = None
    given: tuple[Any, ...] = ()

    @property
    def right(self) -> bool:
        """Whether this is the answer: it has nothing to be refuted."""
        return self.claim is None


@dataclass(frozen=True)
class Question:
    """What comes next?  Asked before the first step with one of the claims ``at``.

    Where several steps claim the same, ``by`` is the rule of the one that is meant.  ``hints`` are
    given one after the other, ``after`` is said when the answer is right.
    """

    id: str
    at: tuple[Any, ...]
    asks: Prose
    choices: tuple[Choice, ...]
    hints: tuple[Prose, ...]
    after: Prose
    by: str = ""


@dataclass(frozen=True)
class Walkthrough:
    """What one result offers besides its proof.

    ``experiment(network, seed)`` is a sentence for a network on which there is nothing to try.
    """

    questions: tuple[Question, ...] = ()
    experiment: Callable[[Network, int], Experiment | str] | None = None
