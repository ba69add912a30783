"""A textbook fact: a statement one can read, with its source; the kernel knows it by its name.

The pages of this package say the facts; `proofkit.kernel` takes them from its file
``ledger.json``, which these pages write.  What a page says counts for nothing until it stands
there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from types import MappingProxyType
from typing import Any

from proofkit.claims import Claim, ForAll

__all__ = [
    "FACTS",
    "GOODFELLOW",
    "HORN_JOHNSON",
    "MAGNUS_NEUDECKER",
    "RUDIN",
    "Fact",
    "fact",
]

HORN_JOHNSON = "R. Horn, C. Johnson, Matrix Analysis, 2nd ed. 2013"
RUDIN = "W. Rudin, Principles of Mathematical Analysis, 3rd ed. 1976"
MAGNUS_NEUDECKER = "J. Magnus, H. Neudecker, Matrix Differential Calculus, 3rd ed. 2019"
GOODFELLOW = "I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016)"


@dataclass(frozen=True)
class Fact:
    """A textbook fact: its name, source, variables (outermost first) and statement."""

    name: str
    source: str
    variables: tuple[Any, ...]
    statement: Callable[..., Claim]

    @property
    def about(self) -> tuple[Any, ...]:
        """The variables the statement is applied to, the last; the others are their sizes."""
        count = len(signature(self.statement).parameters)
        return self.variables[len(self.variables) - count :]

    def claim(self) -> Claim:
        """The fact, for all values of its variables."""
        claim = self.statement(*self.about)
        return ForAll(*self.variables, claim) if self.variables else claim

    @property
    def summary(self) -> str:
        """The inference in one line."""
        return (self.statement.__doc__ or "").split("\n")[0]


_facts: dict[str, Fact] = {}
FACTS: Mapping[str, Fact] = MappingProxyType(_facts)
"""Every fact by name, in the order of the pages."""


def fact(
    source: str, *variables: Any, name: str = ""
) -> Callable[[Callable[..., Claim]], Callable[..., Claim]]:
    """Say a fact: the function's body is the statement, its docstring the summary.

    Its name is that of the function, unless one is given.
    """

    def enter(statement: Callable[..., Claim], name: str = name) -> Callable[..., Claim]:
        name = name or statement.__name__.replace("_", " ")
        if name in FACTS:
            raise ValueError(f"the fact {name!r} is already there")
        _facts[name] = Fact(name, source, variables, statement)
        return statement

    return enter
