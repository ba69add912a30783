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
    "Facts",
    "Goal",
    "Knob",
    "Obstacle",
    "Question",
    "Role",
    "Rows",
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
    """A matrix to be seen: its name, the term that is computed, and what it is compared with.

    ``plain`` is what it is called before the proof gives it a name.
    """

    name: Any
    term: Any
    role: Role
    before: Any = None
    words: str = ""
    plain: str = ""


@dataclass(frozen=True)
class Rows:
    """A picture of the rows of a term against the kernel of another, which does not move."""

    of: Any
    against: Any
    words: Prose


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
    Vectors with more entries than ``few`` have one slider, which multiplies them.  ``pinned`` are
    terms, by their names, that stay in sight beside the proof.  The steps of the proof have the
    vectors without ``size``; families that stand for others there are in ``means``.
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
    rows: Rows | None = None
    pinned: tuple[tuple[Any, Any], ...] = ()
    means: tuple[tuple[Any, Any], ...] = ()
    few: int = 6


@dataclass(frozen=True)
class Choice:
    """An answer.  A wrong one has the claim that would hold if it were right, under ``given``.

    A claim about one ``example`` is refuted there.
    """

    words: Prose
    claim: Any = None
    given: tuple[Any, ...] = ()
    example: str = ""

    @property
    def right(self) -> bool:
        """Whether this is the answer: it has nothing to be refuted."""
        return self.claim is None


@dataclass(frozen=True)
class Question:
    """What comes next?  Asked before the first step with one of the claims ``at``.

    Where several steps claim the same, ``by`` is the rule of the one that is meant.  ``hints`` are
    given one after the other, ``after`` is said when the answer is right.  What letters of the
    wrong answers' claims stand for in the network is in ``stands``.
    """

    id: str
    at: tuple[Any, ...]
    asks: Prose
    choices: tuple[Choice, ...]
    hints: tuple[Prose, ...]
    after: Prose
    by: str = ""
    stands: tuple[tuple[Any, Any], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Which facts does a claim rest on?  Asked before the step that claims it.

    Of those ``offered`` a reader chooses; ``always`` is what a proof may use in any case.  The
    kernel is asked for every choice.  ``read`` says the same in a form that can be refuted.
    """

    id: str
    claim: Any
    offered: tuple[Any, ...]
    always: tuple[Any, ...] = ()
    read: Any = None


@dataclass(frozen=True)
class Goal:
    """What a reader is to reach with the sliders on an example, before the proof is told.

    The loss is to fall ``below`` a number, by a move of at most so many ``layers``; where there is
    neither, it cannot be lowered.
    """

    example: str
    words: Prose
    below: Fraction | None = None
    layers: int | None = None


@dataclass(frozen=True)
class Walkthrough:
    """What one result offers besides its proof.

    ``experiment(network, seed)`` is a sentence for a network on which there is nothing to try.
    ``why`` are reasons why the loss cannot be lowered there, each with the claim that it makes.
    """

    questions: tuple[Question, ...] = ()
    experiment: Callable[[Network, int], Experiment | str] | None = None
    facts: tuple[Facts, ...] = ()
    goals: tuple[Goal, ...] = ()
    why: tuple[Choice, ...] = ()
